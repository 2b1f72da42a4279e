/*
 * A comparison for a person at a terminal: first what is wrong, then the rows as they come (the
 * judge has sorted them), what differs around the program, and at the end one line that states the
 * outcome and why.
 *
 * On a narrow terminal the table gives up, in this order: margin, limit, base, the interval, head,
 * the smallest detectable effect. Benchmark, metric, change and verdict always stay. Rows of
 * metrics that decide nothing and in which nothing happened are counted, not listed, unless more
 * was asked for.
 */
#include "report/terminal.h"

#include "base/units.h"

#include <math.h>
#include <string.h>

enum { TROUBLE_MAX = 20, UNDECIDED_GROUPS = 4, UNDECIDED_NAMED = 3 };

static int style_of(const struct pfl_row *row)
{
    bool counts = pfl_report_counts(row) && row->gate != PFL_GATE_REPORT_ONLY;

    switch (row->verdict) {
    case PFL_VERDICT_REGRESSED:
    case PFL_VERDICT_FAILED:
    case PFL_VERDICT_MISSING: return counts ? PFL_TERMINAL_BAD : PFL_TERMINAL_WARN;
    case PFL_VERDICT_IMPROVED: return PFL_TERMINAL_GOOD;
    case PFL_VERDICT_INCONCLUSIVE:
    case PFL_VERDICT_SKIPPED: return counts ? PFL_TERMINAL_WARN : PFL_TERMINAL_DIM;
    default: return PFL_TERMINAL_PLAIN;
    }
}

static void put_sides(struct pfl_terminal *t, const struct pfl_comparison *comparison)
{
    const char *none = "none: only limits that need no base were checked";

    pfl_terminal_wrap(t, "base  ", PFL_TERMINAL_PLAIN,
                      comparison->base
                          ? pfl_report_side(&t->words, comparison->base, comparison->base_label)
                          : none);
    pfl_terminal_wrap(t, "head  ", PFL_TERMINAL_PLAIN,
                      pfl_report_side(&t->words, comparison->head, comparison->head_label));
}

static void put_trouble_row(struct pfl_terminal *t, const struct pfl_row *row)
{
    pfl_terminal_begin(t, 2, 6);
    pfl_terminal_put(t, "  ", PFL_TERMINAL_STRONG, row->benchmark);
    pfl_terminal_put(t, "  ", style_of(row), pfl_report_verdict(row));
    pfl_terminal_put(t, "  ", PFL_TERMINAL_PLAIN, pfl_report_finding(&t->words, row));
    pfl_terminal_end(t);
    if (row->reason && *row->reason)
        pfl_terminal_wrap(t, "      ", PFL_TERMINAL_DIM, row->reason);
    if (row->gate_file && *row->gate_file && t->style->verbosity >= 0)
        pfl_terminal_wrap(
            t, "      ", PFL_TERMINAL_DIM,
            row->gate_line > 0
                ? pfl_report_format(&t->words, "gate at %s:%d", row->gate_file, row->gate_line)
                : pfl_report_format(&t->words, "gate in %s", row->gate_file));
    if (row->snapshot && t->style->verbosity >= 0)
        pfl_terminal_wrap(t, "      ", PFL_TERMINAL_DIM,
                          pfl_report_format(&t->words, "snapshot: %s", row->snapshot));
    if (row->bisect && t->style->verbosity >= 0)
        pfl_terminal_wrap(t, "      ", PFL_TERMINAL_DIM,
                          pfl_report_format(&t->words, "find the commit: %s", row->bisect));
}

static void put_trouble(struct pfl_terminal *t, const struct pfl_comparison *comparison)
{
    size_t i, j, n = 0;
    const struct pfl_row *row;

    for (j = 0; j < PFL_VERDICT_COUNT; j++)
        for (i = 0; i < comparison->row_count; i++) {
            row = &comparison->rows[i];
            if (row->verdict != pfl_report_verdict_order[j] || !pfl_report_trouble(comparison, row))
                continue;
            if (n == 0)
                pfl_terminal_blank(t);
            if (n++ < TROUBLE_MAX)
                put_trouble_row(t, row);
        }
    if (n > TROUBLE_MAX)
        pfl_terminal_wrap(
            t, "  ", PFL_TERMINAL_PLAIN,
            pfl_report_format(&t->words, "… and %zu more, in the table", n - TROUBLE_MAX));
}

/* Inconclusive rows that have one advice. Wanted launches are one advice, whatever their number. */
struct undecided {
    const char *advice;
    const struct pfl_row *rows[UNDECIDED_NAMED];
    size_t n, least, most;
};

static void add_undecided(struct undecided *groups, const struct pfl_row *row)
{
    const char *advice = row->advice ? row->advice : row->reason;
    struct undecided *group = groups;

    if (row->more_launches)
        advice = "";
    else if (!advice || !*advice)
        advice = "the data cannot tell";
    while (group->n && strcmp(group->advice, advice) != 0 && group < groups + UNDECIDED_GROUPS - 1)
        group++;
    if (group->n == 0) {
        group->advice = advice;
        group->least = group->most = row->more_launches;
    } else if (strcmp(group->advice, advice) != 0) {
        group->advice = "-v tells what would decide";
    }
    if (group->n < UNDECIDED_NAMED)
        group->rows[group->n] = row;
    group->least = row->more_launches < group->least ? row->more_launches : group->least;
    group->most = row->more_launches > group->most ? row->more_launches : group->most;
    group->n++;
}

static void put_undecided_group(struct pfl_terminal *t, const struct undecided *group)
{
    size_t i, named = group->n < UNDECIDED_NAMED ? group->n : UNDECIDED_NAMED;
    const char *advice = group->advice, *comma;

    if (!*advice && group->least == group->most)
        advice = pfl_report_format(&t->words, "about %zu more launches would decide", group->most);
    else if (!*advice)
        advice = pfl_report_format(&t->words, "about %zu to %zu more launches would decide",
                                   group->least, group->most);
    pfl_terminal_begin(t, 2, 6);
    pfl_terminal_put(t, "", PFL_TERMINAL_WARN,
                     pfl_report_format(&t->words, "%zu inconclusive", group->n));
    pfl_terminal_put(t, "  ", PFL_TERMINAL_PLAIN, pfl_report_format(&t->words, "%s:", advice));
    for (i = 0; i < named; i++) {
        comma = i + 1 < group->n ? "," : "";
        pfl_terminal_put(t, " ", PFL_TERMINAL_PLAIN,
                         pfl_report_format(&t->words, "%s %s%s", group->rows[i]->benchmark,
                                           pfl_report_metric(&t->words, group->rows[i]), comma));
    }
    if (group->n > named)
        pfl_terminal_put(t, " ", PFL_TERMINAL_PLAIN,
                         pfl_report_format(&t->words, "%zu more", group->n - named));
    pfl_terminal_end(t);
}

/* Rows that count, were not decided, and are no trouble: with -v each with its whole reason. */
static void put_undecided(struct pfl_terminal *t, const struct pfl_comparison *comparison)
{
    struct undecided groups[UNDECIDED_GROUPS] = {0};
    size_t i, n = 0;
    const struct pfl_row *row;

    for (i = 0; i < comparison->row_count; i++) {
        row = &comparison->rows[i];
        if (row->verdict != PFL_VERDICT_INCONCLUSIVE || !pfl_report_counts(row) ||
            pfl_report_trouble(comparison, row))
            continue;
        if (n++ == 0)
            pfl_terminal_blank(t);
        if (t->style->verbosity > 0)
            put_trouble_row(t, row);
        else
            add_undecided(groups, row);
    }
    for (i = 0; i < UNDECIDED_GROUPS && groups[i].n; i++)
        put_undecided_group(t, &groups[i]);
}

enum column { NAME, METRIC, BASE, HEAD, CHANGE, INTERVAL, LIMIT, MARGIN, VERDICT, MDE, COLUMNS };

static const struct pfl_table_column columns[COLUMNS] = {
    [NAME] = {"benchmark", PFL_TABLE_NAME, PFL_TERMINAL_NAME_LEAST, 0},
    [METRIC] = {"metric", PFL_TABLE_LEFT, 10, 0},
    [BASE] = {"base", PFL_TABLE_RIGHT, 0, 3},
    [HEAD] = {"head", PFL_TABLE_RIGHT, 0, 5},
    [CHANGE] = {"change", PFL_TABLE_RIGHT, 0, 0},
    [INTERVAL] = {"[interval]", PFL_TABLE_LEFT, 0, 4},
    [LIMIT] = {"limit", PFL_TABLE_RIGHT, 0, 2},
    [MARGIN] = {"margin", PFL_TABLE_RIGHT, 0, 1},
    [VERDICT] = {"verdict", PFL_TABLE_LEFT, 0, 0},
    [MDE] = {"mde", PFL_TABLE_RIGHT, 0, 6},
};

static const char *change_of(struct pfl_terminal *t, const struct pfl_row *row)
{
    if (isnan(row->ratio))
        return "";
    if (pfl_report_is_limit(row))
        return pfl_report_format(&t->words, "%s×", pfl_report_value(&t->words, row->ratio, "1"));
    return pfl_report_change(&t->words, row->ratio);
}

/* "[-0.5, +1.9] %": shorter than the sentence's form, as long as no end is a factor. */
static const char *interval_of(struct pfl_terminal *t, const struct pfl_row *row)
{
    const char *low, *high;
    int low_len, high_len;

    if (pfl_report_is_limit(row) || isnan(row->ratio_low) || isnan(row->ratio_high))
        return "";
    low = pfl_report_change(&t->words, row->ratio_low);
    high = pfl_report_change(&t->words, row->ratio_high);
    low_len = (int)strlen(low) - 2;
    high_len = (int)strlen(high) - 2;
    if (low_len > 0 && high_len > 0 && strcmp(low + low_len, " %") == 0 &&
        strcmp(high + high_len, " %") == 0)
        return pfl_report_format(&t->words, "[%.*s, %.*s] %%", low_len, low, high_len, high);
    return pfl_report_format(&t->words, "[%s, %s]", low, high);
}

static const char *limit_of(struct pfl_terminal *t, const struct pfl_row *row)
{
    const char *limit = pfl_report_limit(&t->words, row);

    return *limit && row->gate == PFL_GATE_REPORT_ONLY ? pfl_report_format(&t->words, "(%s)", limit)
                                                       : limit;
}

static void add_row(struct pfl_terminal *t, struct pfl_table *table, const struct pfl_row *row)
{
    struct pfl_table_cell cells[COLUMNS];
    struct pfl_report_words *words = &t->words;
    size_t i;

    memset(cells, 0, sizeof cells);
    cells[NAME].text = row->benchmark;
    cells[METRIC].text = pfl_report_metric(words, row);
    cells[BASE].text = pfl_report_estimate(words, row, &row->base);
    cells[HEAD].text = pfl_report_estimate(words, row, &row->head);
    cells[CHANGE].text = change_of(t, row);
    cells[INTERVAL].text = interval_of(t, row);
    cells[LIMIT].text = limit_of(t, row);
    cells[MARGIN].text = row->gate == PFL_GATE_NONE ? "" : pfl_report_percent(words, row->margin);
    cells[VERDICT].text = pfl_report_verdict(row);
    cells[VERDICT].style = cells[CHANGE].style = style_of(row);
    cells[MDE].text = pfl_report_percent(words, row->mde);
    for (i = 0; i < COLUMNS; i++)
        cells[i].text =
            i == NAME ? pfl_terminal_name(t, cells[i].text) : pfl_terminal_show(t, cells[i].text);
    pfl_table_add(table, cells);
}

static int put_rows(struct pfl_terminal *t, const struct pfl_comparison *comparison,
                    struct pfl_err *err)
{
    bool verbose = t->style->verbosity > 0;
    struct pfl_table table;
    size_t i, hidden = 0;
    int rc = PFL_OK;

    pfl_table_init(&table, t->words.arena, columns, COLUMNS);
    table.blank = pfl_terminal_show(t, "–");
    for (i = 0; i < comparison->row_count; i++) {
        if (!verbose && pfl_report_is_quiet(&comparison->rows[i]))
            hidden++;
        else
            add_row(t, &table, &comparison->rows[i]);
    }
    if (table.row_count || table.failed) {
        pfl_terminal_blank(t);
        rc = pfl_terminal_table(t, &table, err);
    }
    if (hidden)
        pfl_terminal_wrap(
            t, "", PFL_TERMINAL_DIM,
            pfl_report_format(&t->words,
                              "%zu row%s of metrics that decide nothing %s hidden (-v shows %s)",
                              hidden, hidden == 1 ? "" : "s", hidden == 1 ? "is" : "are",
                              hidden == 1 ? "it" : "them"));
    return rc;
}

static void put_context(struct pfl_terminal *t, const struct pfl_comparison *comparison)
{
    size_t i;

    if (comparison->machine.present) {
        pfl_terminal_blank(t);
        pfl_terminal_wrap(
            t, "! ", PFL_TERMINAL_WARN,
            pfl_report_format(&t->words,
                              "the whole machine: everything moved by %s %s, as the yardstick "
                              "\"%s\" shows; that is one machine effect and was taken out of the "
                              "changes",
                              pfl_report_change(&t->words, comparison->machine.ratio),
                              pfl_report_interval(&t->words, comparison->machine.ratio_low,
                                                  comparison->machine.ratio_high),
                              comparison->machine.yardstick));
    }
    if (comparison->difference_count) {
        pfl_terminal_blank(t);
        pfl_terminal_wrap(t, "", PFL_TERMINAL_PLAIN, "the environment differs:");
        for (i = 0; i < comparison->difference_count; i++)
            pfl_terminal_wrap(t, "  ", PFL_TERMINAL_PLAIN,
                              pfl_report_format(&t->words, "%s: %s",
                                                comparison->differences[i].name,
                                                comparison->differences[i].value));
    }
    if (comparison->note_count)
        pfl_terminal_blank(t);
    for (i = 0; i < comparison->note_count; i++)
        pfl_terminal_wrap(t, "note: ", PFL_TERMINAL_PLAIN, comparison->notes[i]);
}

static void put_outcome(struct pfl_terminal *t, const struct pfl_comparison *comparison)
{
    const char *next = pfl_report_next(&t->words, comparison);
    int style = pfl_report_is_neutral(comparison)            ? PFL_TERMINAL_STRONG
                : comparison->ok                             ? PFL_TERMINAL_GOOD
                : comparison->exit_code == PFL_EINCONCLUSIVE ? PFL_TERMINAL_WARN
                                                             : PFL_TERMINAL_BAD;

    pfl_terminal_blank(t);
    pfl_terminal_wrap(t, "", style, pfl_report_outcome(&t->words, comparison));
    if (*next && t->style->verbosity >= 0)
        pfl_terminal_wrap(t, "", PFL_TERMINAL_DIM, next);
}

static int write_terminal(const struct pfl_comparison *comparison,
                          const struct pfl_report_style *style, struct pfl_arena *arena,
                          struct pfl_buf *out, struct pfl_err *err)
{
    struct pfl_terminal t;
    int rc = PFL_OK;

    pfl_terminal_init(&t, style, arena, out);
    put_sides(&t, comparison);
    if (comparison->why_undecided) {
        pfl_terminal_blank(&t);
        pfl_terminal_wrap(&t, "", PFL_TERMINAL_WARN, comparison->why_undecided);
    }
    put_trouble(&t, comparison);
    if (style->verbosity >= 0) {
        put_undecided(&t, comparison);
        rc = put_rows(&t, comparison, err);
        put_context(&t, comparison);
    }
    put_outcome(&t, comparison);
    if (rc < 0) {
        pfl_report_words_release(&t.words, NULL);
        return rc;
    }
    return pfl_terminal_finish(&t, err, "writing the comparison");
}

const struct pfl_report_format pfl_report_terminal = {.name = "terminal",
                                                      .summary =
                                                          "for a person, as wide as the terminal",
                                                      .comparison = write_terminal};
