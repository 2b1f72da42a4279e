/*
 * The table of goals for a person at a terminal. On a narrow one it gives up, in this order: the
 * tolerance, the margin, the value; benchmark, metric, target and state always stay.
 */
#include "report/targets.h"
#include "report/terminal.h"

#include <string.h>

static const struct pfl_table_column columns[PFL_TARGETS_COLUMNS] = {
    [PFL_TARGETS_BENCHMARK] = {"benchmark", PFL_TABLE_NAME, PFL_TERMINAL_NAME_LEAST, 0},
    [PFL_TARGETS_METRIC] = {"metric", PFL_TABLE_LEFT, 10, 0},
    [PFL_TARGETS_TARGET] = {"target", PFL_TABLE_RIGHT, 0, 0},
    [PFL_TARGETS_TOLERANCE] = {"tolerance", PFL_TABLE_RIGHT, 0, 1},
    [PFL_TARGETS_NOW] = {"now", PFL_TABLE_RIGHT, 0, 3},
    [PFL_TARGETS_MARGIN] = {"margin", PFL_TABLE_RIGHT, 0, 2},
    [PFL_TARGETS_STATE] = {"state", PFL_TABLE_LEFT, 12, 0},
};

static int style_of(const struct pfl_target_row *row)
{
    switch (row->state) {
    case PFL_TARGET_MET: return PFL_TERMINAL_GOOD;
    case PFL_TARGET_OPEN:
    case PFL_TARGET_WITHIN: return PFL_TERMINAL_WARN;
    case PFL_TARGET_MISSED: return row->holds ? PFL_TERMINAL_BAD : PFL_TERMINAL_WARN;
    case PFL_TARGET_NOT_MEASURED: break;
    }
    return PFL_TERMINAL_DIM;
}

static int put_rows(struct pfl_terminal *t, const struct pfl_targets *targets, struct pfl_err *err)
{
    struct pfl_table table;
    size_t i, j;

    pfl_table_init(&table, t->words.arena, columns, PFL_TARGETS_COLUMNS);
    table.blank = pfl_terminal_show(t, "–");
    for (i = 0; i < targets->row_count; i++) {
        const struct pfl_target_row *row = &targets->rows[i];
        struct pfl_table_cell cells[PFL_TARGETS_COLUMNS];
        const char *texts[PFL_TARGETS_COLUMNS];

        memset(cells, 0, sizeof cells);
        pfl_report_targets_cells(&t->words, row, texts);
        for (j = 0; j < PFL_TARGETS_COLUMNS; j++)
            cells[j].text = j == PFL_TARGETS_BENCHMARK ? pfl_terminal_name(t, texts[j])
                                                       : pfl_terminal_show(t, texts[j]);
        cells[PFL_TARGETS_STATE].style = style_of(row);
        pfl_table_add(&table, cells);
    }
    pfl_terminal_blank(t);
    return pfl_terminal_table(t, &table, err);
}

static void put_notes(struct pfl_terminal *t, const struct pfl_targets *targets)
{
    size_t i, n = 0;

    for (i = 0; i < targets->row_count; i++) {
        const char *note = pfl_report_targets_note(&t->words, &targets->rows[i]);

        if (!note)
            continue;
        if (n++ == 0)
            pfl_terminal_blank(t);
        pfl_terminal_wrap(t, "note: ", PFL_TERMINAL_PLAIN, note);
    }
}

int pfl_report_targets_terminal(const struct pfl_targets *targets,
                                const struct pfl_report_style *style, struct pfl_arena *arena,
                                struct pfl_buf *out, struct pfl_err *err)
{
    struct pfl_terminal t;
    int rc = PFL_OK;

    pfl_terminal_init(&t, style, arena, out);
    pfl_terminal_wrap(&t, "", PFL_TERMINAL_PLAIN,
                      pfl_report_side(&t.words, targets->run, targets->label));
    if (style->verbosity >= 0) {
        rc = put_rows(&t, targets, err);
        put_notes(&t, targets);
    }
    pfl_terminal_blank(&t);
    pfl_terminal_wrap(&t, "", targets->exit_code == PFL_OK ? PFL_TERMINAL_GOOD : PFL_TERMINAL_BAD,
                      pfl_report_targets_outcome(&t.words, targets));
    if (rc < 0) {
        pfl_report_words_release(&t.words, NULL);
        return rc;
    }
    return pfl_terminal_finish(&t, err, "writing the targets");
}
