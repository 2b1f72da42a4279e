/*
 * A race for a person at a terminal, and its live line.
 *
 * Two contenders and one benchmark: a sentence that answers the question, the numbers of both
 * sides, what decided and how it was measured. Several challengers: the sentences, the best first.
 * Several benchmarks: a table as of a comparison, and sentences only for what failed or was not
 * raced. On a narrow terminal the table gives up, in this order: the time spent, the pairs, the
 * base's estimate, the head's, the interval. With -v every metric stands in the table, and below
 * each bout all that was found out about it.
 */
#include "report/race_words.h"
#include "report/terminal.h"

#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <string.h>

enum column {
    NAME,
    CHALLENGER,
    METRIC,
    BASE,
    HEAD,
    CHANGE,
    INTERVAL,
    VERDICT,
    PAIRS,
    TOOK,
    COLUMNS
};

static const struct pfl_table_column columns[COLUMNS] = {
    [NAME] = {"benchmark", PFL_TABLE_NAME, PFL_TERMINAL_NAME_LEAST, 0},
    [CHALLENGER] = {"challenger", PFL_TABLE_NAME, 18, 0},
    [METRIC] = {"metric", PFL_TABLE_LEFT, 8, 0},
    [BASE] = {"base", PFL_TABLE_RIGHT, 0, 3},
    [HEAD] = {"head", PFL_TABLE_RIGHT, 0, 4},
    [CHANGE] = {"change", PFL_TABLE_RIGHT, 0, 0},
    [INTERVAL] = {"99 % interval", PFL_TABLE_LEFT, 0, 5},
    [VERDICT] = {"verdict", PFL_TABLE_LEFT, 0, 0},
    [PAIRS] = {"pairs", PFL_TABLE_RIGHT, 0, 2},
    [TOOK] = {"took", PFL_TABLE_RIGHT, 0, 1},
};

/* What a report of one race needs everywhere. */
struct picture {
    struct pfl_terminal t;
    const struct pfl_race *race;
    const struct pfl_bout_result **bouts; /* in the order of telling */
    bool several_benchmarks, several_challengers, verbose;
};

static int style_of(const struct pfl_row *row)
{
    switch (row->verdict) {
    case PFL_VERDICT_REGRESSED:
    case PFL_VERDICT_FAILED: return row->deciding ? PFL_TERMINAL_BAD : PFL_TERMINAL_WARN;
    case PFL_VERDICT_IMPROVED: return PFL_TERMINAL_GOOD;
    case PFL_VERDICT_INCONCLUSIVE: return row->deciding ? PFL_TERMINAL_WARN : PFL_TERMINAL_DIM;
    default: return PFL_TERMINAL_PLAIN;
    }
}

static int bout_style(const struct pfl_bout_result *bout)
{
    const struct pfl_row *row = pfl_report_race_row(bout);

    if (bout->end == PFL_BOUT_FAILED)
        return PFL_TERMINAL_BAD;
    return bout->end == PFL_BOUT_SKIPPED || !row ? PFL_TERMINAL_WARN : style_of(row);
}

/* ---- who ---- */

/* A reason may quote what a program said last; its lines stay lines. */
static void put_lines(struct picture *p, const char *first, int style, const char *text)
{
    size_t len = strcspn(text, "\n");

    pfl_terminal_wrap(&p->t, first, style, pfl_report_format(&p->t.words, "%.*s", (int)len, text));
    while (text[len]) {
        text += len + 1;
        len = strcspn(text, "\n");
        pfl_terminal_wrap(&p->t, "          ", PFL_TERMINAL_DIM,
                          pfl_report_format(&p->t.words, "%.*s", (int)len, text));
    }
}

static void put_contender(struct picture *p, size_t i)
{
    const struct pfl_contender *contender = &p->race->contenders[i];
    struct pfl_terminal *t = &p->t;
    const char *first = i == 0 ? "base  " : "head  ";

    if (contender->run && p->verbose)
        pfl_terminal_wrap(t, first, PFL_TERMINAL_PLAIN,
                          pfl_report_side(&t->words, contender->run, contender->label));
    else
        pfl_terminal_wrap(t, first, PFL_TERMINAL_PLAIN, pfl_report_race_label(p->race, i));
    if (contender->problem)
        put_lines(p, "      ! ", PFL_TERMINAL_BAD, contender->problem);
}

static void put_contenders(struct picture *p)
{
    size_t i;

    for (i = 0; i < p->race->contender_count; i++)
        put_contender(p, i);
}

/* ---- the table ---- */

static const char *pairs_of(struct picture *p, const struct pfl_bout_result *bout)
{
    return pfl_report_format(&p->t.words, "%zu", pfl_race_pairs(bout));
}

static void add_cells(struct picture *p, struct pfl_table *table, struct pfl_table_cell *cells)
{
    size_t i;

    for (i = 0; i < COLUMNS; i++)
        cells[i].text = !cells[i].text                 ? ""
                        : i == NAME || i == CHALLENGER ? pfl_terminal_name(&p->t, cells[i].text)
                                                       : pfl_terminal_show(&p->t, cells[i].text);
    pfl_table_add(table, cells);
}

static void add_row(struct picture *p, struct pfl_table *table, const struct pfl_bout_result *bout,
                    const struct pfl_row *row)
{
    struct pfl_report_words *words = &p->t.words;
    struct pfl_table_cell cells[COLUMNS];

    memset(cells, 0, sizeof cells);
    cells[NAME].text = p->several_benchmarks ? bout->benchmark : "";
    cells[CHALLENGER].text =
        p->several_challengers ? pfl_report_race_label(p->race, bout->challenger) : "";
    cells[METRIC].text = pfl_report_race_metric(words, p->race, row, bout);
    cells[BASE].text = pfl_report_estimate(words, row, &row->base);
    cells[HEAD].text = pfl_report_estimate(words, row, &row->head);
    cells[CHANGE].text = pfl_report_race_change(words, row);
    cells[INTERVAL].text = pfl_report_race_interval(words, row);
    cells[VERDICT].text = pfl_verdict_text(row->verdict);
    cells[VERDICT].style = cells[CHANGE].style = style_of(row);
    if (row->deciding) {
        cells[PAIRS].text = pairs_of(p, bout);
        pfl_units_write_duration(&words->buf, bout->seconds);
        cells[TOOK].text = pfl_report_words_end(words);
    }
    add_cells(p, table, cells);
}

static void add_outcome(struct picture *p, struct pfl_table *table,
                        const struct pfl_bout_result *bout)
{
    struct pfl_table_cell cells[COLUMNS];

    memset(cells, 0, sizeof cells);
    cells[NAME].text = p->several_benchmarks ? bout->benchmark : "";
    cells[CHALLENGER].text =
        p->several_challengers ? pfl_report_race_label(p->race, bout->challenger) : "";
    cells[VERDICT].text = bout->end == PFL_BOUT_FAILED ? "failed" : "skipped";
    cells[VERDICT].style = bout_style(bout);
    add_cells(p, table, cells);
}

/* User and system time are parts of cpu, faults and switches are for -v. */
static bool is_detail(const struct pfl_row *row)
{
    static const char *const names[] = {"user", "sys", "page_faults", "context_switches"};
    size_t i;

    for (i = 0; i < PFL_COUNT(names); i++)
        if (strcmp(row->metric, names[i]) == 0)
            return true;
    return false;
}

/* The other metrics of a bout: what moved, and of one benchmark all that people ask for. */
static void add_others(struct picture *p, struct pfl_table *table,
                       const struct pfl_bout_result *bout, size_t *hidden)
{
    const struct pfl_comparison *comparison = &p->race->comparison;
    bool brief = p->several_benchmarks || p->several_challengers;
    size_t i;

    for (i = 0; i < comparison->row_count; i++) {
        const struct pfl_row *row = &comparison->rows[i];

        if (row->deciding || !pfl_report_race_is_of(p->race, row, bout))
            continue;
        if (p->verbose || (!is_detail(row) && (!brief || !pfl_report_is_quiet(row))))
            add_row(p, table, bout, row);
        else
            ++*hidden;
    }
}

static int put_table(struct picture *p, struct pfl_err *err)
{
    struct pfl_table table;
    size_t i, hidden = 0;
    int rc;

    pfl_table_init(&table, p->t.words.arena, columns, COLUMNS);
    table.blank = "";
    for (i = 0; i < p->race->bout_count; i++) {
        if (pfl_report_race_is_raced(p->bouts[i]))
            add_row(p, &table, p->bouts[i], pfl_report_race_row(p->bouts[i]));
        else if (p->several_benchmarks || p->several_challengers)
            add_outcome(p, &table, p->bouts[i]);
        add_others(p, &table, p->bouts[i], &hidden);
    }
    if (table.row_count == 0 && !table.failed)
        return PFL_OK;
    pfl_terminal_blank(&p->t);
    rc = pfl_terminal_table(&p->t, &table, err);
    if (hidden)
        pfl_terminal_wrap(&p->t, "", PFL_TERMINAL_DIM,
                          pfl_report_format(&p->t.words, "%zu more metric%s: -v", hidden,
                                            hidden == 1 ? "" : "s"));
    return rc;
}

/* ---- the bouts in words ---- */

static void put_details(struct picture *p, const struct pfl_bout_result *bout)
{
    struct pfl_report_words *words = &p->t.words;
    const struct pfl_row *row = pfl_report_race_row(bout);
    struct pfl_row solo;

    if (row && row->reason && *row->reason)
        pfl_terminal_wrap(&p->t, "    why      ", PFL_TERMINAL_DIM, row->reason);
    if (bout->mode_why && *bout->mode_why)
        pfl_terminal_wrap(
            &p->t, "    mode     ", PFL_TERMINAL_DIM,
            pfl_report_format(words, "%s: %s", pfl_race_mode_text(bout->mode), bout->mode_why));
    if (row && !isnan(bout->solo_ratio)) {
        solo = *row;
        solo.ratio = bout->solo_ratio;
        solo.ratio_low = bout->solo_low;
        solo.ratio_high = bout->solo_high;
        pfl_terminal_wrap(&p->t, "    alone    ", PFL_TERMINAL_DIM,
                          pfl_report_format(words, "%s (%s) from the pairs one after the other",
                                            pfl_report_race_change(words, &solo),
                                            pfl_report_race_interval(words, &solo)));
    }
    if (!isnan(bout->p))
        pfl_terminal_wrap(&p->t, "    p        ", PFL_TERMINAL_DIM,
                          pfl_report_format(words, "%.3g", bout->p));
    if (!isnan(bout->cv_base) && !isnan(bout->cv_head))
        pfl_terminal_wrap(&p->t, "    spread   ", PFL_TERMINAL_DIM,
                          pfl_report_format(words, "%s of the base, %s of the head (CV)",
                                            pfl_report_percent(words, bout->cv_base),
                                            pfl_report_percent(words, bout->cv_head)));
}

static void put_how(struct picture *p, const struct pfl_bout_result *bout)
{
    const char *decider = pfl_report_race_decider(&p->t.words, bout);

    if (*decider)
        pfl_terminal_wrap(&p->t, "    decided  ", PFL_TERMINAL_PLAIN, decider);
    if (pfl_race_pairs(bout) > 0)
        pfl_terminal_wrap(&p->t, "    measured ", PFL_TERMINAL_PLAIN,
                          pfl_report_race_measured(&p->t.words, bout));
}

static void put_bouts(struct picture *p)
{
    bool first = true;
    size_t i;

    for (i = 0; i < p->race->bout_count; i++) {
        const struct pfl_bout_result *bout = p->bouts[i];

        if (p->several_benchmarks && pfl_report_race_is_raced(bout) && !p->verbose)
            continue;
        if (first)
            pfl_terminal_blank(&p->t);
        first = false;
        put_lines(p, "  ",
                  pfl_report_race_is_raced(bout) && bout_style(bout) != PFL_TERMINAL_GOOD
                      ? PFL_TERMINAL_STRONG
                      : bout_style(bout),
                  pfl_report_race_verdict(&p->t.words, p->race, bout));
        if (p->t.style->verbosity < 0)
            continue;
        if (pfl_report_race_is_raced(bout) && (!p->several_challengers || p->verbose))
            put_how(p, bout);
        if (pfl_report_race_is_raced(bout) && p->verbose)
            put_details(p, bout);
    }
}

/* ---- the end ---- */

static void put_end(struct picture *p)
{
    const struct pfl_race *race = p->race;
    const struct pfl_comparison *comparison = &race->comparison;
    const char *bar = pfl_report_race_bar(&p->t.words, race);
    bool single = race->bout_count == 1 && comparison->exit_code == PFL_OK;
    size_t i;

    if (comparison->note_count && p->t.style->verbosity >= 0)
        pfl_terminal_blank(&p->t);
    for (i = 0; i < comparison->note_count && p->t.style->verbosity >= 0; i++)
        pfl_terminal_wrap(&p->t, "note: ", PFL_TERMINAL_PLAIN, comparison->notes[i]);
    if (bar || !single)
        pfl_terminal_blank(&p->t);
    if (bar)
        pfl_terminal_wrap(&p->t, "", race->bar.met ? PFL_TERMINAL_GOOD : PFL_TERMINAL_BAD, bar);
    if (!single)
        pfl_terminal_wrap(&p->t, "",
                          comparison->exit_code == PFL_OK              ? PFL_TERMINAL_STRONG
                          : comparison->exit_code == PFL_EINCONCLUSIVE ? PFL_TERMINAL_WARN
                                                                       : PFL_TERMINAL_BAD,
                          pfl_report_race_outcome(&p->t.words, race));
    if (race->recorded && *race->recorded && p->t.style->verbosity >= 0) {
        pfl_terminal_blank(&p->t);
        pfl_terminal_wrap(&p->t, "", PFL_TERMINAL_DIM, race->recorded);
    }
}

int pfl_report_race_terminal(const struct pfl_race *race, const struct pfl_report_style *style,
                             struct pfl_arena *arena, struct pfl_buf *out, struct pfl_err *err)
{
    struct picture p = {
        .race = race,
        .bouts = pfl_report_race_order(race, arena),
        .several_benchmarks = pfl_report_race_benchmarks(race) > 1,
        .several_challengers = race->contender_count > 2,
        .verbose = style->verbosity > 0,
    };
    int rc = PFL_OK;

    if (!p.bouts)
        return pfl_err_no_memory(err);
    pfl_terminal_init(&p.t, style, arena, out);
    put_contenders(&p);
    put_bouts(&p);
    if (style->verbosity >= 0)
        rc = put_table(&p, err);
    put_end(&p);
    if (rc < 0) {
        pfl_report_words_release(&p.t.words, NULL);
        return rc;
    }
    return pfl_terminal_finish(&p.t, err, "writing the race");
}
