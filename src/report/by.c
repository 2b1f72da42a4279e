/*
 * What a parameter does within one run: as Markdown and as JSON, and the sentences the terminal
 * shares (terminal_by.c).
 *
 * The JSON is a comparison's, so that what reads one reads the other: base and head are the same
 * run, a row's benchmark names both values. What a row has besides: the parameter, the two values,
 * the other parameters, the two identities, and for pooled rows what was pooled.
 */
#include "report/by.h"

#include "base/table.h"
#include "report/json.h"

#include <math.h>
#include <string.h>

enum { ROWS_MAX = 300 };

pfl_report_by_fn *pfl_report_by_find(const char *format)
{
    if (strcmp(format, "terminal") == 0)
        return pfl_report_by_terminal;
    if (strcmp(format, "markdown") == 0)
        return pfl_report_by_markdown;
    return strcmp(format, "json") == 0 ? pfl_report_by_json : NULL;
}

const char *pfl_report_by_question(struct pfl_report_words *words, const struct pfl_by *by)
{
    struct pfl_buf *buf = &words->buf;

    pfl_buf_format(buf, "each value of %s against ", by->param);
    if (by->reference)
        pfl_buf_text(buf, by->reference);
    else
        pfl_buf_text(buf, "the first one");
    if (by->group_by)
        pfl_buf_format(buf, ", for each %s: geometric means over the other parameters",
                       by->group_by);
    else
        pfl_buf_text(buf, ", the other parameters being equal");
    pfl_buf_text(buf, "; intervals of ");
    pfl_report_write_percent(buf, by->confidence);
    return pfl_report_words_end(words);
}

const char *pfl_report_by_outcome(struct pfl_report_words *words, const struct pfl_by *by)
{
    const char *counted = pfl_report_counted(words, by->counts);

    if (by->exit_code == PFL_EGATE)
        return pfl_report_format(words, "failed: %s", counted);
    if (by->exit_code == PFL_EINCONCLUSIVE)
        return pfl_report_format(words, "undecided: %s", counted);
    return pfl_report_format(words, "compared: %s", counted);
}

/* ---- Markdown ---- */

enum column { SUBJECT, METRIC, PARAM, BASE, HEAD, CHANGE, INTERVAL, VERDICT, COLUMNS };

static const struct pfl_table_column columns[COLUMNS] = {
    [SUBJECT] = {"benchmark", PFL_TABLE_LEFT, 0, 0}, [METRIC] = {"metric", PFL_TABLE_LEFT, 0, 0},
    [PARAM] = {"values", PFL_TABLE_LEFT, 0, 0},      [BASE] = {"reference", PFL_TABLE_RIGHT, 0, 0},
    [HEAD] = {"value", PFL_TABLE_RIGHT, 0, 0},       [CHANGE] = {"change", PFL_TABLE_RIGHT, 0, 0},
    [INTERVAL] = {"interval", PFL_TABLE_LEFT, 0, 0}, [VERDICT] = {"verdict", PFL_TABLE_LEFT, 0, 0},
};

static void add_row(struct pfl_report_words *words, struct pfl_table *table,
                    const struct pfl_by_row *by_row)
{
    const struct pfl_row *row = &by_row->row;
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
    for (i = 0; i < COLUMNS; i++)
        cells[i].text = pfl_report_markdown_text(words, cells[i].text);
    pfl_table_add(table, cells);
}

int pfl_report_by_markdown(const struct pfl_by *by, const struct pfl_report_style *style,
                           struct pfl_arena *arena, struct pfl_buf *out, struct pfl_err *err)
{
    struct pfl_report_words words;
    struct pfl_table table;
    size_t i;
    int rc;

    (void)style;
    pfl_report_words_init(&words, arena);
    pfl_table_init(&table, arena, columns, COLUMNS);
    pfl_buf_format(out, "### perfledger: %s\n\n",
                   pfl_report_markdown_text(&words, pfl_report_by_outcome(&words, by)));
    pfl_buf_format(out, "%s, in %s\n\n",
                   pfl_report_markdown_text(&words, pfl_report_by_question(&words, by)),
                   pfl_report_markdown_text(&words, pfl_report_side(&words, by->run, by->label)));
    for (i = 0; i < by->row_count && i < ROWS_MAX; i++)
        add_row(&words, &table, &by->rows[i]);
    rc = pfl_table_render_markdown(&table, out, err);
    if (rc < 0) {
        pfl_report_words_release(&words, NULL);
        return rc;
    }
    if (by->row_count > ROWS_MAX)
        pfl_buf_format(out, "\n… and %zu more rows.\n", by->row_count - ROWS_MAX);
    for (i = 0; i < by->note_count; i++)
        pfl_buf_format(out, "%s- %s\n", i ? "" : "\n",
                       pfl_report_markdown_text(&words, by->notes[i]));
    rc = pfl_report_words_release(&words, err);
    return rc < 0 ? rc : pfl_buf_check(out, err, "writing the comparison as Markdown");
}

/* ---- JSON ---- */

static void put_row(struct pfl_json_writer *w, const struct pfl_by *by,
                    const struct pfl_by_row *row)
{
    size_t i;

    pfl_json_object(w);
    pfl_report_json_row(w, &row->row);
    pfl_json_put_string(w, "by", by->param);
    pfl_json_put_string(w, "param", by->param);
    pfl_json_put_string(w, "value", row->value);
    pfl_json_put_string(w, "reference", row->reference);
    pfl_json_key(w, "params");
    pfl_json_object(w);
    for (i = 0; i < row->param_count; i++)
        pfl_json_put_string(w, row->params[i].name, row->params[i].value);
    pfl_json_object_end(w);
    pfl_json_put_string(w, "base_benchmark", row->base_benchmark);
    pfl_json_put_string(w, "head_benchmark", row->head_benchmark);
    pfl_json_put_integer(w, "rounds", (int64_t)row->rounds);
    pfl_json_put_integer(w, "combinations", (int64_t)row->combinations);
    pfl_report_json_range(w, "launch_ci", row->launch_low, row->launch_high);
    pfl_report_json_range(w, "range", row->smallest, row->largest);
    pfl_json_object_end(w);
}

int pfl_report_by_json(const struct pfl_by *by, const struct pfl_report_style *style,
                       struct pfl_arena *arena, struct pfl_buf *out, struct pfl_err *err)
{
    struct pfl_report_words words;
    struct pfl_json_writer w;
    size_t i;
    int rc;

    (void)style;
    pfl_report_words_init(&words, arena);
    pfl_json_writer_init(&w, out, 1);
    pfl_json_object(&w);
    pfl_json_put_integer(&w, "schema", 1);
    pfl_report_json_side(&w, "base", by->run, by->label, &words);
    pfl_report_json_side(&w, "head", by->run, by->label, &words);
    pfl_json_put_string(&w, "machine_effect", NULL);
    pfl_json_put_string(&w, "by", by->param);
    pfl_json_put_string(&w, "reference", by->reference);
    pfl_json_put_string(&w, "group_by", by->group_by);
    pfl_json_put_number(&w, "confidence", by->confidence);
    pfl_json_key(&w, "results");
    pfl_json_array(&w);
    for (i = 0; i < by->row_count; i++)
        put_row(&w, by, &by->rows[i]);
    pfl_json_array_end(&w);
    pfl_report_json_summary(&w, by->counts);
    pfl_json_put_bool(&w, "ok", by->ok);
    pfl_json_key(&w, "notes");
    pfl_json_array(&w);
    for (i = 0; i < by->note_count; i++)
        pfl_json_string(&w, by->notes[i]);
    pfl_json_array_end(&w);
    pfl_json_object_end(&w);
    pfl_buf_char(out, '\n');
    rc = pfl_report_words_release(&words, err);
    return rc < 0 ? rc : pfl_buf_check(out, err, "writing the comparison as JSON");
}
