/*
 * What a parameter does within one run, for a person at a terminal: one line per value, benchmark
 * and metric. On a narrow terminal the table gives up, in this order: the smallest detectable
 * effect, the reference's estimate, the value's, the interval. Rows of metrics that decide nothing
 * and in which nothing happened are counted, not listed, unless more was asked for. With -v the
 * reason stands below each row.
 */
#include "report/by.h"
#include "report/terminal.h"

#include <math.h>
#include <string.h>

enum column { SUBJECT, METRIC, PARAM, BASE, HEAD, CHANGE, INTERVAL, VERDICT, MDE, COLUMNS };

static const struct pfl_table_column columns[COLUMNS] = {
    [SUBJECT] = {"benchmark", PFL_TABLE_LEFT, PFL_TERMINAL_NAME_LEAST, 0},
    [METRIC] = {"metric", PFL_TABLE_LEFT, 10, 0},
    [PARAM] = {"values", PFL_TABLE_LEFT, 12, 0},
    [BASE] = {"reference", PFL_TABLE_RIGHT, 0, 2},
    [HEAD] = {"value", PFL_TABLE_RIGHT, 0, 3},
    [CHANGE] = {"change", PFL_TABLE_RIGHT, 0, 0},
    [INTERVAL] = {"[interval]", PFL_TABLE_LEFT, 0, 4},
    [VERDICT] = {"verdict", PFL_TABLE_LEFT, 0, 0},
    [MDE] = {"mde", PFL_TABLE_RIGHT, 0, 1},
};

static int style_of(const struct pfl_row *row)
{
    switch (row->verdict) {
    case PFL_VERDICT_REGRESSED: return PFL_TERMINAL_WARN;
    case PFL_VERDICT_IMPROVED: return PFL_TERMINAL_GOOD;
    case PFL_VERDICT_INCONCLUSIVE: return PFL_TERMINAL_DIM;
    default: return PFL_TERMINAL_PLAIN;
    }
}

static void add_row(struct pfl_terminal *t, struct pfl_table *table,
                    const struct pfl_by_row *by_row)
{
    const struct pfl_row *row = &by_row->row;
    struct pfl_report_words *words = &t->words;
    struct pfl_table_cell cells[COLUMNS];
    size_t i;

    memset(cells, 0, sizeof cells);
    cells[SUBJECT].text = by_row->subject;
    cells[METRIC].text = row->metric;
    cells[PARAM].text = pfl_report_format(words, "%s → %s", by_row->reference, by_row->value);
    cells[BASE].text = pfl_report_estimate(words, row, &row->base);
    cells[HEAD].text = pfl_report_estimate(words, row, &row->head);
    cells[CHANGE].text = isnan(row->ratio) ? "" : pfl_report_change(words, row->ratio);
    cells[INTERVAL].text = pfl_report_interval(words, row->ratio_low, row->ratio_high);
    cells[VERDICT].text = pfl_verdict_text(row->verdict);
    cells[VERDICT].style = cells[CHANGE].style = style_of(row);
    cells[MDE].text = pfl_report_percent(words, row->mde);
    for (i = 0; i < COLUMNS; i++)
        cells[i].text = i == SUBJECT ? pfl_terminal_name(t, cells[i].text)
                                     : pfl_terminal_show(t, cells[i].text);
    pfl_table_add(table, cells);
}

static int put_rows(struct pfl_terminal *t, const struct pfl_by *by, struct pfl_err *err)
{
    bool verbose = t->style->verbosity > 0;
    struct pfl_table table;
    size_t i, hidden = 0;
    int rc;

    pfl_table_init(&table, t->words.arena, columns, COLUMNS);
    table.blank = "";
    for (i = 0; i < by->row_count; i++) {
        if (!verbose && pfl_report_is_quiet(&by->rows[i].row))
            hidden++;
        else
            add_row(t, &table, &by->rows[i]);
    }
    pfl_terminal_blank(t);
    rc = pfl_terminal_table(t, &table, err);
    if (hidden)
        pfl_terminal_wrap(t, "", PFL_TERMINAL_DIM,
                          pfl_report_format(&t->words,
                                            "%zu row%s in which nothing happened %s hidden (-v "
                                            "shows %s)",
                                            hidden, hidden == 1 ? "" : "s",
                                            hidden == 1 ? "is" : "are",
                                            hidden == 1 ? "it" : "them"));
    return rc;
}

/* Why: of every row with -v, else of the deciding ones that could not be told. */
static void put_reasons(struct pfl_terminal *t, const struct pfl_by *by)
{
    bool verbose = t->style->verbosity > 0, first = true;
    const struct pfl_row *row;
    size_t i;

    for (i = 0; i < by->row_count; i++) {
        row = &by->rows[i].row;
        if (!verbose && (!row->deciding || row->verdict != PFL_VERDICT_INCONCLUSIVE))
            continue;
        if (first)
            pfl_terminal_blank(t);
        first = false;
        pfl_terminal_begin(t, 0, 2);
        pfl_terminal_put(t, "", PFL_TERMINAL_PLAIN, row->benchmark);
        pfl_terminal_put(t, " ", PFL_TERMINAL_PLAIN, row->metric);
        pfl_terminal_end(t);
        pfl_terminal_wrap(t, "    ", PFL_TERMINAL_DIM, row->reason);
    }
}

int pfl_report_by_terminal(const struct pfl_by *by, const struct pfl_report_style *style,
                           struct pfl_arena *arena, struct pfl_buf *out, struct pfl_err *err)
{
    struct pfl_terminal t;
    size_t i;
    int rc = PFL_OK;

    pfl_terminal_init(&t, style, arena, out);
    pfl_terminal_wrap(&t, "run  ", PFL_TERMINAL_PLAIN,
                      pfl_report_side(&t.words, by->run, by->label));
    pfl_terminal_wrap(&t, "by   ", PFL_TERMINAL_PLAIN, pfl_report_by_question(&t.words, by));
    if (style->verbosity >= 0) {
        rc = put_rows(&t, by, err);
        put_reasons(&t, by);
        if (by->note_count)
            pfl_terminal_blank(&t);
        for (i = 0; i < by->note_count; i++)
            pfl_terminal_wrap(&t, "note: ", PFL_TERMINAL_PLAIN, by->notes[i]);
    }
    pfl_terminal_blank(&t);
    pfl_terminal_wrap(&t, "", by->ok ? PFL_TERMINAL_PLAIN : PFL_TERMINAL_BAD,
                      pfl_report_by_outcome(&t.words, by));
    if (rc < 0) {
        pfl_report_words_release(&t.words, NULL);
        return rc;
    }
    return pfl_terminal_finish(&t, err, "writing the comparison");
}
