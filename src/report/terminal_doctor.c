/*
 * The diagnosis for a person: the verdict first, then what it rests on (the noise floor and what
 * gates cost), then the conditions, worst first. What is good needs no explanation and gets one
 * line together; what is not says what it costs and what to do, in lines that fit the terminal.
 */
#include "report/doctor.h"
#include "report/terminal.h"

#include "base/units.h"

#include <math.h>
#include <string.h>

enum { INDENT = 2, DEEPER = 8 };

static int style_of(enum pfl_fitness verdict)
{
    static const int styles[] = {PFL_TERMINAL_GOOD, PFL_TERMINAL_WARN, PFL_TERMINAL_BAD};

    return styles[verdict];
}

static void heading(struct pfl_terminal *t, const char *title, const char *rest)
{
    pfl_terminal_blank(t);
    pfl_terminal_begin(t, 0, INDENT);
    pfl_terminal_put(t, "", PFL_TERMINAL_STRONG, title);
    pfl_terminal_put(t, " ", PFL_TERMINAL_DIM, rest);
    pfl_terminal_end(t);
}

static void put_machine(struct pfl_terminal *t, const struct pfl_machine *machine)
{
    bool virtual = *machine->virtualisation && strcmp(machine->virtualisation, "none") != 0;

    pfl_terminal_begin(t, 0, INDENT);
    pfl_terminal_put(t, "", PFL_TERMINAL_DIM, machine->hostname);
    pfl_terminal_put(t, " · ", PFL_TERMINAL_DIM, machine->cpu_model);
    pfl_terminal_put(
        t, " · ", PFL_TERMINAL_DIM,
        pfl_report_format(&t->words, "%d CPU%s", machine->cpus, machine->cpus == 1 ? "" : "s"));
    pfl_terminal_put(t, " · ", PFL_TERMINAL_DIM,
                     virtual ? pfl_report_format(&t->words, "virtual (%s)", machine->virtualisation)
                             : "");
    pfl_terminal_put(t, " · ", PFL_TERMINAL_DIM,
                     *machine->kernel ? pfl_report_format(&t->words, "Linux %s", machine->kernel)
                                      : "");
    /* the machine's name, where it has one: what `reference_machine:` may hold */
    pfl_terminal_put(t, " · ", PFL_TERMINAL_DIM,
                     *machine->id ? pfl_report_format(&t->words, "id %s", machine->id) : "");
    pfl_terminal_end(t);
}

static void put_verdict(struct pfl_terminal *t, const struct pfl_diagnosis *diagnosis)
{
    static const char *const how[] = {
        "fit to measure on:", "fit to measure on, with care:", "not fit to measure on:"};

    pfl_terminal_begin(t, 0, INDENT);
    pfl_terminal_put(t, "", style_of(diagnosis->verdict), how[diagnosis->verdict]);
    pfl_terminal_put(t, " ", PFL_TERMINAL_PLAIN, diagnosis->reason);
    pfl_terminal_end(t);
}

/* ---- tables ---- */

enum floor_column { METRIC, SCATTER, RATIO, INTERVAL, SMALLEST, FLOOR_COLUMNS };
static const struct pfl_table_column floor_columns[FLOOR_COLUMNS] = {
    [METRIC] = {"  metric", PFL_TABLE_LEFT, 0, 0},
    [SCATTER] = {"a pair scatters", PFL_TABLE_RIGHT, 0, 0},
    [RATIO] = {"A/A", PFL_TABLE_RIGHT, 0, 2},
    [INTERVAL] = {"99 % interval", PFL_TABLE_RIGHT, 0, 1},
    [SMALLEST] = {"would have shown", PFL_TABLE_RIGHT, 0, 3},
};

enum gate_column { GATE, SHORT, SHORT_WALL, LONG, LONG_WALL, GATE_COLUMNS };
static const struct pfl_table_column gate_columns[GATE_COLUMNS] = {
    [GATE] = {"  gate", PFL_TABLE_LEFT, 0, 0},
    [SHORT] = {"20 ms command", PFL_TABLE_RIGHT, 0, 0},
    [SHORT_WALL] = {"by wall clock", PFL_TABLE_RIGHT, 0, 1},
    [LONG] = {"1 s command", PFL_TABLE_RIGHT, 0, 0},
    [LONG_WALL] = {"by wall clock", PFL_TABLE_RIGHT, 0, 1},
};

static const char *percent(struct pfl_terminal *t, double fraction)
{
    pfl_units_write(&t->words.buf, fraction, "%", 2);
    return pfl_report_words_end(&t->words);
}

static void show_cells(struct pfl_terminal *t, struct pfl_table *table,
                       struct pfl_table_cell *cells)
{
    size_t i;

    for (i = 0; i < table->column_count; i++)
        cells[i].text = pfl_terminal_show(t, cells[i].text ? cells[i].text : "");
    pfl_table_add(table, cells);
}

static int put_floors(struct pfl_terminal *t, const struct pfl_diagnosis *diagnosis,
                      struct pfl_err *err)
{
    const struct pfl_floor *floors = diagnosis->floors;
    struct pfl_table table;
    size_t i;

    heading(t, "noise floor",
            pfl_report_format(&t->words, "(%zu pairs of one %s command)", floors[0].pairs,
                              pfl_report_value(&t->words, floors[0].command_s, "s")));
    pfl_table_init(&table, t->words.arena, floor_columns, FLOOR_COLUMNS);
    for (i = 0; i < PFL_FLOOR_COUNT; i++) {
        struct pfl_table_cell cells[FLOOR_COLUMNS] = {
            [METRIC] = {pfl_report_format(&t->words, "  %s", floors[i].metric), 0},
            [SCATTER] = {percent(t, floors[i].scatter), style_of(floors[i].verdict)},
            [RATIO] = {pfl_report_change(&t->words, floors[i].ratio), 0},
            [INTERVAL] = {pfl_report_interval(&t->words, floors[i].ratio_low, floors[i].ratio_high),
                          0},
            [SMALLEST] = {percent(t, floors[i].smallest), 0},
        };

        show_cells(t, &table, cells);
    }
    return pfl_terminal_table(t, &table, err);
}

/* "310 pairs, 14 s" */
static const char *price(struct pfl_terminal *t, const struct pfl_gate_cost *cost)
{
    if (isnan(cost->pairs))
        return "not known";
    pfl_units_write(&t->words.buf, cost->pairs, "1", 3);
    pfl_buf_text(&t->words.buf, " pairs, ");
    pfl_units_write_duration(&t->words.buf, cost->seconds);
    return pfl_report_words_end(&t->words);
}

static int put_gates(struct pfl_terminal *t, const struct pfl_diagnosis *diagnosis,
                     struct pfl_err *err)
{
    struct pfl_table table;
    size_t i;

    heading(t, "what a gate costs here",
            "(both sides interleaved; wrong in 1 % of cases, finds a true change in 95 %)");
    pfl_table_init(&table, t->words.arena, gate_columns, GATE_COLUMNS);
    for (i = 0; i < PFL_GATE_COST_COUNT; i += 4) { /* 20 ms: time, cpu; 1 s: time, cpu */
        const struct pfl_gate_cost *cost = &diagnosis->gates[i];
        struct pfl_table_cell cells[GATE_COLUMNS] = {
            [GATE] = {pfl_report_format(&t->words, "  %.0f %%", cost->tolerance * 100), 0},
            [SHORT] = {price(t, &cost[cost[1].deciding]), PFL_TERMINAL_STRONG},
            [SHORT_WALL] = {price(t, &cost[0]), 0},
            [LONG] = {price(t, &cost[2 + cost[3].deciding]), PFL_TERMINAL_STRONG},
            [LONG_WALL] = {price(t, &cost[2]), 0},
        };

        show_cells(t, &table, cells);
    }
    return pfl_terminal_table(t, &table, err);
}

/* ---- conditions ---- */

static void put_check(struct pfl_terminal *t, const struct pfl_check *check)
{
    const char *first = pfl_report_format(&t->words, "%*s", DEEPER, "");

    pfl_terminal_begin(t, INDENT, DEEPER);
    pfl_terminal_put(t, "", style_of(check->verdict), pfl_fitness_text(check->verdict));
    pfl_terminal_put(t, "  ", PFL_TERMINAL_STRONG,
                     pfl_report_format(&t->words, "%s:", check->name));
    pfl_terminal_put(t, " ", PFL_TERMINAL_PLAIN, check->state);
    pfl_terminal_end(t);
    if (*check->cost)
        pfl_terminal_wrap(t, first, PFL_TERMINAL_PLAIN, check->cost);
    if (*check->advice)
        pfl_terminal_wrap(t, pfl_report_format(&t->words, "%*s→ ", DEEPER, ""), PFL_TERMINAL_PLAIN,
                          check->advice);
}

static void put_checks(struct pfl_terminal *t, const struct pfl_diagnosis *diagnosis)
{
    bool all = t->style->verbosity > 0;
    int verdict;
    size_t i, told = 0;

    heading(t, "conditions", "");
    for (verdict = PFL_FITNESS_POOR; verdict >= (all ? PFL_FITNESS_GOOD : PFL_FITNESS_FAIR);
         verdict--)
        for (i = 0; i < diagnosis->check_count; i++)
            if ((int)diagnosis->checks[i].verdict == verdict)
                put_check(t, &diagnosis->checks[i]);
    if (all)
        return;
    pfl_terminal_begin(t, INDENT, DEEPER);
    for (i = 0; i < diagnosis->check_count; i++) {
        const struct pfl_check *check = &diagnosis->checks[i];

        if (check->verdict != PFL_FITNESS_GOOD)
            continue;
        if (told++ == 0)
            pfl_terminal_put(t, "", PFL_TERMINAL_GOOD, "good");
        pfl_terminal_put(t, told == 1 ? "  " : " · ", PFL_TERMINAL_PLAIN,
                         pfl_report_format(&t->words, "%s: %s", check->name, check->state));
    }
    pfl_terminal_end(t);
}

static void put_clocks(struct pfl_terminal *t, const struct pfl_evidence *evidence)
{
    size_t i;

    heading(t, "clocks", "(cost of a reading, smallest step)");
    for (i = 0; i < evidence->timer_count; i++) {
        const struct pfl_timer *timer = &evidence->timers[i];

        pfl_terminal_begin(t, INDENT, DEEPER);
        pfl_terminal_put(t, "", PFL_TERMINAL_PLAIN, timer->name);
        pfl_terminal_put(t, "  ", PFL_TERMINAL_PLAIN,
                         pfl_report_value(&t->words, timer->cost_s, "s"));
        pfl_terminal_put(t, ", ", PFL_TERMINAL_PLAIN,
                         pfl_report_value(&t->words, timer->step_s, "s"));
        pfl_terminal_end(t);
    }
}

int pfl_report_doctor_terminal(const struct pfl_evidence *evidence,
                               const struct pfl_diagnosis *diagnosis,
                               const struct pfl_report_style *style, struct pfl_arena *arena,
                               struct pfl_buf *out, struct pfl_err *err)
{
    struct pfl_terminal t;
    int rc = PFL_OK;

    pfl_terminal_init(&t, style, arena, out);
    if (style->verbosity >= 0)
        put_machine(&t, &evidence->conditions.machine);
    put_verdict(&t, diagnosis);
    if (style->verbosity >= 0) {
        rc = put_floors(&t, diagnosis, err);
        if (rc == PFL_OK)
            rc = put_gates(&t, diagnosis, err);
        put_checks(&t, diagnosis);
    }
    if (style->verbosity > 0)
        put_clocks(&t, evidence);
    if (rc != PFL_OK) {
        pfl_report_words_release(&t.words, NULL);
        return rc;
    }
    return pfl_terminal_finish(&t, err, "writing the diagnosis");
}
