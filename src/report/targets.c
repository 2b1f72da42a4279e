/*
 * The table of goals: what its two tables share, as Markdown, and as JSON.
 */
#include "report/targets.h"

#include "base/table.h"
#include "report/json.h"

#include <math.h>
#include <string.h>

pfl_report_targets_fn *pfl_report_targets_find(const char *format)
{
    if (strcmp(format, "terminal") == 0)
        return pfl_report_targets_terminal;
    if (strcmp(format, "markdown") == 0)
        return pfl_report_targets_markdown;
    return strcmp(format, "json") == 0 ? pfl_report_targets_json : NULL;
}

static const char *signed_percent(struct pfl_report_words *words, double fraction)
{
    const char *text = pfl_report_percent(words, fraction);

    return fraction > 0 ? pfl_report_format(words, "+%s", text) : text;
}

void pfl_report_targets_cells(struct pfl_report_words *words, const struct pfl_target_row *row,
                              const char *cells[PFL_TARGETS_COLUMNS])
{
    cells[PFL_TARGETS_BENCHMARK] = row->benchmark;
    cells[PFL_TARGETS_METRIC] =
        *row->variant ? pfl_report_format(words, "%s, %s", row->metric, row->variant) : row->metric;
    cells[PFL_TARGETS_TARGET] = pfl_report_format(words, "%s %s", row->upper ? "≤" : "≥",
                                                  pfl_report_value(words, row->target, row->unit));
    cells[PFL_TARGETS_TOLERANCE] =
        row->tolerance > 0 ? pfl_report_percent(words, row->tolerance) : "";
    cells[PFL_TARGETS_NOW] = row->state == PFL_TARGET_NOT_MEASURED
                                 ? ""
                                 : pfl_report_plus_minus(words, row->now.median, row->now.ci_low,
                                                         row->now.ci_high, row->unit);
    cells[PFL_TARGETS_MARGIN] = isnan(row->margin) ? "" : signed_percent(words, row->margin);
    cells[PFL_TARGETS_STATE] = pfl_target_state_text(row->state);
}

const char *pfl_report_targets_note(struct pfl_report_words *words,
                                    const struct pfl_target_row *row)
{
    if (*row->why)
        return pfl_report_format(words, "%s %s: %s%.*s", row->benchmark, row->metric,
                                 row->state == PFL_TARGET_NOT_MEASURED ? "" : "not held: ",
                                 (int)strcspn(row->why, "\n"), row->why);
    if (row->state == PFL_TARGET_OPEN)
        return pfl_report_format(words,
                                 "%s %s: the interval, %s to %s, holds the limit; more launches "
                                 "make it narrower",
                                 row->benchmark, row->metric,
                                 pfl_report_value(words, row->now.ci_low, row->unit),
                                 pfl_report_value(words, row->now.ci_high, row->unit));
    if (row->reason && row->state != PFL_TARGET_MET)
        return pfl_report_format(words, "%s %s: %s (%s:%d)", row->benchmark, row->metric,
                                 row->reason, row->file, row->line);
    return NULL;
}

const char *pfl_report_targets_outcome(struct pfl_report_words *words,
                                       const struct pfl_targets *targets)
{
    size_t n = targets->row_count, told = 0;
    int state;

    pfl_buf_format(&words->buf, "%zu target%s: ", n, n == 1 ? "" : "s");
    for (state = 0; state < PFL_TARGET_STATE_COUNT; state++)
        if (targets->counts[state])
            pfl_buf_format(&words->buf, "%s%zu %s", told++ ? ", " : "", targets->counts[state],
                           pfl_target_state_text((enum pfl_target_state)state));
    if (targets->report_only)
        pfl_buf_format(&words->buf, "; report only: %s", targets->report_only);
    return pfl_report_words_end(words);
}

/* ---- Markdown ---- */

static const struct pfl_table_column columns[PFL_TARGETS_COLUMNS] = {
    {"benchmark", PFL_TABLE_LEFT, 0, 0}, {"metric", PFL_TABLE_LEFT, 0, 0},
    {"target", PFL_TABLE_RIGHT, 0, 0},   {"tolerance", PFL_TABLE_RIGHT, 0, 0},
    {"now", PFL_TABLE_RIGHT, 0, 0},      {"margin", PFL_TABLE_RIGHT, 0, 0},
    {"state", PFL_TABLE_LEFT, 0, 0},
};

int pfl_report_targets_markdown(const struct pfl_targets *targets,
                                const struct pfl_report_style *style, struct pfl_arena *arena,
                                struct pfl_buf *out, struct pfl_err *err)
{
    struct pfl_report_words words;
    struct pfl_table table;
    size_t i, j, noted = 0;
    int rc;

    (void)style;
    pfl_report_words_init(&words, arena);
    pfl_table_init(&table, arena, columns, PFL_TARGETS_COLUMNS);
    table.blank = "–";
    for (i = 0; i < targets->row_count; i++) {
        const struct pfl_target_row *row = &targets->rows[i];
        struct pfl_table_cell cells[PFL_TARGETS_COLUMNS];
        const char *texts[PFL_TARGETS_COLUMNS];

        memset(cells, 0, sizeof cells);
        pfl_report_targets_cells(&words, row, texts);
        for (j = 0; j < PFL_TARGETS_COLUMNS; j++)
            cells[j].text = pfl_report_markdown_text(&words, texts[j]);
        if (row->state == PFL_TARGET_MISSED)
            cells[PFL_TARGETS_STATE].text =
                pfl_report_format(&words, "**%s**", cells[PFL_TARGETS_STATE].text);
        pfl_table_add(&table, cells);
    }
    pfl_buf_format(out, "### Targets\n\n%s\n\n",
                   pfl_report_markdown_text(&words, pfl_report_targets_outcome(&words, targets)));
    rc = pfl_table_render_markdown(&table, out, err);
    for (i = 0; i < targets->row_count; i++) {
        const char *note = pfl_report_targets_note(&words, &targets->rows[i]);

        if (note)
            pfl_buf_format(out, "%s- %s\n", noted++ ? "" : "\n",
                           pfl_report_markdown_text(&words, note));
    }
    pfl_buf_format(
        out, "\n%s\n",
        pfl_report_markdown_text(&words, pfl_report_side(&words, targets->run, targets->label)));
    if (rc < 0) {
        pfl_report_words_release(&words, NULL);
        return rc;
    }
    rc = pfl_report_words_release(&words, err);
    return rc < 0 ? rc : pfl_buf_check(out, err, "writing the targets as Markdown");
}

/* ---- JSON ---- */

static void put_row(struct pfl_json_writer *w, const struct pfl_target_row *row)
{
    bool measured = row->state != PFL_TARGET_NOT_MEASURED;

    pfl_json_object(w);
    pfl_json_put_string(w, "benchmark", row->benchmark);
    pfl_json_put_string(w, "metric", row->metric);
    pfl_json_put_string(w, "variant", row->variant);
    pfl_json_put_string(w, "unit", row->unit);
    pfl_json_put_string(w, "kind", row->upper ? "max" : "min");
    pfl_json_put_number(w, "target", row->target);
    pfl_json_put_number(w, "tolerance", row->tolerance);
    pfl_json_put_number(w, "now", measured ? row->now.median : NAN);
    pfl_report_json_range(w, "ci", measured ? row->now.ci_low : NAN,
                          measured ? row->now.ci_high : NAN);
    pfl_json_put_number(w, "margin", row->margin);
    pfl_json_put_string(w, "state", pfl_target_state_text(row->state));
    pfl_json_put_string(w, "why", *row->why ? row->why : NULL);
    pfl_json_put_bool(w, "holds", row->holds);
    pfl_json_put_string(w, "reason", row->reason);
    pfl_json_put_string(w, "file", row->file);
    pfl_json_put_integer(w, "line", row->line);
    pfl_json_object_end(w);
}

int pfl_report_targets_json(const struct pfl_targets *targets, const struct pfl_report_style *style,
                            struct pfl_arena *arena, struct pfl_buf *out, struct pfl_err *err)
{
    struct pfl_report_words words;
    struct pfl_json_writer w;
    size_t i;
    int rc, state;

    (void)style;
    pfl_report_words_init(&words, arena);
    pfl_json_writer_init(&w, out, 1);
    pfl_json_object(&w);
    pfl_json_put_integer(&w, "schema", 1);
    pfl_report_json_side(&w, "run", targets->run, targets->label, &words);
    pfl_json_put_string(&w, "report_only", targets->report_only);
    pfl_json_key(&w, "targets");
    pfl_json_array(&w);
    for (i = 0; i < targets->row_count; i++)
        put_row(&w, &targets->rows[i]);
    pfl_json_array_end(&w);
    pfl_json_key(&w, "summary");
    pfl_json_object(&w);
    for (state = 0; state < PFL_TARGET_STATE_COUNT; state++)
        pfl_json_put_integer(&w, pfl_target_state_text((enum pfl_target_state)state),
                             (int64_t)targets->counts[state]);
    pfl_json_object_end(&w);
    pfl_json_put_bool(&w, "ok", targets->exit_code == PFL_OK);
    pfl_json_object_end(&w);
    pfl_buf_char(out, '\n');
    rc = pfl_report_words_release(&words, err);
    return rc < 0 ? rc : pfl_buf_check(out, err, "writing the targets as JSON");
}
