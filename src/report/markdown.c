/*
 * A comparison for a pull request: a heading with the outcome, a table of what matters, everything
 * else folded away; and a run's table for a step summary.
 *
 * Names come from whoever wrote the benchmark, and the text lands in a page with links, mentions
 * and HTML: so every character with a meaning in GitHub's Markdown is written as an entity or
 * behind a backslash, also `@` (it would notify people) and `#` (it would link issues). Line breaks
 * cannot occur: the escaping of control characters comes first.
 */
#include "report/internal.h"

#include "base/table.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

/* A comment on GitHub holds 65,536 characters. */
enum { MATTERS_MAX = 50, ALL_MAX = 300, BYTES_MAX = 60000 };

static const char *entity_of(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '|': return "&#124;";
    case '@': return "&#64;";
    case '#': return "&#35;";
    default: return NULL;
    }
}

static const char *safe(struct pfl_report_words *words, const char *raw)
{
    const char *text = pfl_text_shown(words->arena, raw), *entity;

    if (!text) {
        words->failed = true;
        return "";
    }
    for (; *text; text++) {
        entity = entity_of(*text);
        if (entity) {
            pfl_buf_text(&words->buf, entity);
            continue;
        }
        if (strchr("\\`*_[]~$", *text))
            pfl_buf_char(&words->buf, '\\');
        pfl_buf_char(&words->buf, *text);
    }
    return pfl_report_words_end(words);
}

const char *pfl_report_markdown_text(struct pfl_report_words *words, const char *raw)
{
    return safe(words, raw);
}

enum column { NAME, METRIC, BASE, HEAD, CHANGE, VERDICT, LIMIT, MDE, COLUMNS };

static const struct pfl_table_column columns[COLUMNS] = {
    [NAME] = {"benchmark", PFL_TABLE_LEFT, 0, 0}, [METRIC] = {"metric", PFL_TABLE_LEFT, 0, 0},
    [BASE] = {"base", PFL_TABLE_RIGHT, 0, 0},     [HEAD] = {"head", PFL_TABLE_RIGHT, 0, 0},
    [CHANGE] = {"change", PFL_TABLE_LEFT, 0, 0},  [VERDICT] = {"verdict", PFL_TABLE_LEFT, 0, 0},
    [LIMIT] = {"limit", PFL_TABLE_RIGHT, 0, 0},   [MDE] = {"detectable", PFL_TABLE_RIGHT, 0, 0},
};

static const char *change_of(struct pfl_report_words *words, const struct pfl_row *row)
{
    if (isnan(row->ratio))
        return "";
    if (pfl_report_is_limit(row))
        return pfl_report_format(words, "%s×", pfl_report_value(words, row->ratio, "1"));
    return pfl_report_format(words, "%s %s", pfl_report_change(words, row->ratio),
                             pfl_report_interval(words, row->ratio_low, row->ratio_high));
}

static void add_row(struct pfl_report_words *words, struct pfl_table *table,
                    const struct pfl_row *row, bool trouble)
{
    struct pfl_table_cell cells[COLUMNS];
    size_t i;

    memset(cells, 0, sizeof cells);
    cells[NAME].text = row->benchmark;
    cells[METRIC].text = pfl_report_metric(words, row);
    cells[BASE].text = pfl_report_estimate(words, row, &row->base);
    cells[HEAD].text = pfl_report_estimate(words, row, &row->head);
    cells[CHANGE].text = change_of(words, row);
    cells[LIMIT].text = pfl_report_limit(words, row);
    cells[MDE].text = pfl_report_percent(words, row->mde);
    for (i = 0; i < COLUMNS; i++)
        cells[i].text = safe(words, cells[i].text ? cells[i].text : "");
    cells[VERDICT].text =
        pfl_report_format(words, trouble ? "**%s**" : "%s", pfl_report_verdict(row));
    if (row->gate == PFL_GATE_REPORT_ONLY)
        cells[VERDICT].text = pfl_report_format(words, "%s (report only)", cells[VERDICT].text);
    pfl_table_add(table, cells);
}

/* The rows that count, worst first, or all of them in the judge's order. Answers how many were
 * left out. */
static size_t fill_table(struct pfl_report_words *words, const struct pfl_comparison *comparison,
                         struct pfl_table *table, bool all)
{
    size_t i, j, left_out = 0, passes = all ? 1 : PFL_VERDICT_COUNT,
                 most = all ? ALL_MAX : MATTERS_MAX;
    const struct pfl_row *row;

    pfl_table_init(table, words->arena, columns, COLUMNS);
    table->blank = "–";
    for (j = 0; j < passes; j++)
        for (i = 0; i < comparison->row_count; i++) {
            row = &comparison->rows[i];
            if (!all && (row->verdict != pfl_report_verdict_order[j] || !pfl_report_counts(row)))
                continue;
            if (table->row_count >= most)
                left_out++;
            else
                add_row(words, table, row, pfl_report_trouble(comparison, row));
        }
    return left_out;
}

static void put_left_out(struct pfl_buf *out, size_t left_out)
{
    if (left_out)
        pfl_buf_format(out, "\n… and %zu more rows.\n", left_out);
}

static int put_tables(struct pfl_report_words *words, const struct pfl_comparison *comparison,
                      struct pfl_buf *out, struct pfl_err *err)
{
    struct pfl_table table;
    size_t left_out, before;
    int rc = PFL_OK;

    left_out = fill_table(words, comparison, &table, false);
    if (table.row_count || table.failed) {
        pfl_buf_char(out, '\n');
        rc = pfl_table_render_markdown(&table, out, err);
        put_left_out(out, left_out);
    }
    if (rc < 0 || comparison->row_count == table.row_count)
        return rc;
    before = out->len;
    left_out = fill_table(words, comparison, &table, true);
    pfl_buf_format(out, "\n<details><summary>All %zu rows</summary>\n\n", comparison->row_count);
    rc = pfl_table_render_markdown(&table, out, err);
    put_left_out(out, left_out);
    pfl_buf_text(out, "\n</details>\n");
    if (out->len > BYTES_MAX && out->len > before) {
        pfl_buf_truncate(out, before);
        pfl_buf_format(out, "\nThe table of all %zu rows is too large to stand here.\n",
                       comparison->row_count);
    }
    return rc;
}

/* A command in a code span whose fence is longer than any in it. */
static void put_code(struct pfl_report_words *words, struct pfl_buf *out, const char *raw)
{
    const char *text = pfl_text_shown(words->arena, raw), *at;
    size_t ticks = 1, run = 0;

    if (!text) {
        words->failed = true;
        return;
    }
    for (at = text; *at; at++) {
        run = *at == '`' ? run + 1 : 0;
        ticks = run >= ticks ? run + 1 : ticks;
    }
    for (run = 0; run < ticks; run++)
        pfl_buf_char(out, '`');
    pfl_buf_format(out, ticks > 1 ? " %s " : "%s", text);
    for (run = 0; run < ticks; run++)
        pfl_buf_char(out, '`');
}

/* A path within <>: it may hold blanks. */
static void put_link(struct pfl_report_words *words, struct pfl_buf *out, const char *raw)
{
    const char *text = pfl_text_shown(words->arena, raw);

    if (!text) {
        words->failed = true;
        return;
    }
    pfl_buf_format(out, "[%s](<", safe(words, raw));
    for (; *text; text++) {
        if (strchr("<>\\", *text))
            pfl_buf_char(out, '\\');
        pfl_buf_char(out, *text);
    }
    pfl_buf_text(out, ">)");
}

/* Where a release gate's reader looks on. */
static void put_links(struct pfl_report_words *words, const struct pfl_comparison *comparison,
                      struct pfl_buf *out)
{
    size_t i, n = 0;

    for (i = 0; i < comparison->row_count && n < MATTERS_MAX; i++) {
        const struct pfl_row *row = &comparison->rows[i];

        if (!row->snapshot && !row->bisect)
            continue;
        pfl_buf_format(out, "%s- **%s**, %s:", n++ ? "" : "\n", safe(words, row->benchmark),
                       safe(words, pfl_report_metric(words, row)));
        if (row->snapshot) {
            pfl_buf_text(out, " newest snapshot ");
            put_link(words, out, row->snapshot);
        }
        if (row->bisect) {
            pfl_buf_text(out, row->snapshot ? "; find the commit: " : " find the commit: ");
            put_code(words, out, row->bisect);
        }
        pfl_buf_char(out, '\n');
    }
}

static void put_context(struct pfl_report_words *words, const struct pfl_comparison *comparison,
                        struct pfl_buf *out)
{
    size_t i;

    pfl_buf_text(out, "\n<details><summary>What was compared</summary>\n\n");
    if (comparison->base)
        pfl_buf_format(
            out, "- base: %s\n",
            safe(words, pfl_report_side(words, comparison->base, comparison->base_label)));
    else
        pfl_buf_text(out, "- base: none, only limits that need no base were checked\n");
    pfl_buf_format(out, "- head: %s\n",
                   safe(words, pfl_report_side(words, comparison->head, comparison->head_label)));
    for (i = 0; i < comparison->difference_count; i++)
        pfl_buf_format(out, "- differs: %s: %s\n", safe(words, comparison->differences[i].name),
                       safe(words, comparison->differences[i].value));
    for (i = 0; i < comparison->note_count; i++)
        pfl_buf_format(out, "- note: %s\n", safe(words, comparison->notes[i]));
    pfl_buf_text(out, "\n</details>\n");
}

static void put_heading(struct pfl_report_words *words, const struct pfl_comparison *comparison,
                        struct pfl_buf *out)
{
    const char *word = pfl_report_is_neutral(comparison)            ? "compared"
                       : comparison->ok                             ? "✅ passed"
                       : comparison->exit_code == PFL_ENOTHING      ? "⚠️ nothing to judge"
                       : comparison->exit_code == PFL_EINCONCLUSIVE ? "⚠️ undecided"
                                                                    : "❌ failed";
    const char *next = pfl_report_next(words, comparison);

    pfl_buf_format(out, "### perfledger: %s\n\n%s\n", word,
                   safe(words, pfl_report_outcome(words, comparison)));
    if (comparison->why_undecided)
        pfl_buf_format(out, "\n⚠️ %s\n", safe(words, comparison->why_undecided));
    if (comparison->machine.present)
        pfl_buf_format(
            out,
            "\n⚠️ The whole machine moved by %s (yardstick: %s): one machine effect, "
            "taken out of "
            "the changes.\n",
            safe(words, pfl_report_change(words, comparison->machine.ratio)),
            comparison->machine.yardstick);
    if (*next)
        pfl_buf_format(out, "\n%s\n", safe(words, next));
}

static int write_markdown(const struct pfl_comparison *comparison,
                          const struct pfl_report_style *style, struct pfl_arena *arena,
                          struct pfl_buf *out, struct pfl_err *err)
{
    struct pfl_report_words words;
    int rc;

    (void)style;
    pfl_report_words_init(&words, arena);
    put_heading(&words, comparison, out);
    rc = put_tables(&words, comparison, out, err);
    if (rc < 0) {
        pfl_report_words_release(&words, NULL);
        return rc;
    }
    put_links(&words, comparison, out);
    put_context(&words, comparison, out);
    rc = pfl_report_words_release(&words, err);
    return rc < 0 ? rc : pfl_buf_check(out, err, "writing the comparison as Markdown");
}

const struct pfl_report_format pfl_report_markdown = {.name = "markdown",
                                                      .summary =
                                                          "for a pull request or a step summary",
                                                      .comparison = write_markdown};

static const struct pfl_table_column run_columns[] = {
    {"benchmark", PFL_TABLE_LEFT, 0, 0},  {"median", PFL_TABLE_RIGHT, 0, 0},
    {"min … max", PFL_TABLE_RIGHT, 0, 0}, {"launches", PFL_TABLE_RIGHT, 0, 0},
    {"besides", PFL_TABLE_LEFT, 0, 0},
};

static const char *besides(struct pfl_report_words *words, const struct pfl_benchmark *bench)
{
    const char *facts[PFL_REPORT_FACTS_MAX];
    size_t i, n = pfl_report_facts(words, bench, false, facts, PFL_COUNT(facts));

    for (i = 0; i < n; i++)
        pfl_buf_format(&words->buf, "%s%s", i ? " · " : "", facts[i]);
    return pfl_report_words_end(words);
}

static void add_benchmark(struct pfl_report_words *words, struct pfl_table *table,
                          const struct pfl_benchmark *bench)
{
    const struct pfl_result *result = pfl_report_main_result(bench);
    const struct pfl_summary *s = result ? &result->summary : NULL;
    struct pfl_table_cell cells[PFL_COUNT(run_columns)];

    memset(cells, 0, sizeof cells);
    cells[0].text = safe(words, bench->name);
    cells[1].text = result ? pfl_report_median(words, result) : "–";
    if (s)
        cells[2].text =
            pfl_report_format(words, "%s … %s", pfl_report_value(words, s->min, result->unit),
                              pfl_report_value(words, s->max, result->unit));
    cells[1].text = safe(words, cells[1].text);
    cells[2].text = safe(words, cells[2].text ? cells[2].text : "");
    cells[3].text = safe(words, pfl_report_launch_count(words, bench));
    cells[4].text = safe(words, besides(words, bench));
    pfl_table_add(table, cells);
}

static void put_not_measured(struct pfl_report_words *words, const struct pfl_run *run,
                             struct pfl_buf *out)
{
    const struct pfl_benchmark *bench;
    const char *why; /* the first line; what the program said last is for the terminal */
    size_t i, told = 0;

    for (i = 0; i < run->benchmark_count; i++) {
        bench = &run->benchmarks[i];
        if (bench->status == PFL_STATUS_OK)
            continue;
        why = pfl_report_format(words, "%.*s", (int)strcspn(bench->reason, "\n"), bench->reason);
        pfl_buf_format(out, "%s- **%s** %s: %s\n", told++ ? "" : "\n",
                       safe(words, pfl_status_text(bench->status)), safe(words, bench->name),
                       safe(words, why));
    }
}

int pfl_report_run_markdown(const struct pfl_report_run *report, struct pfl_arena *arena,
                            struct pfl_buf *out, struct pfl_err *err)
{
    const struct pfl_run *run = report->run;
    struct pfl_report_words words;
    struct pfl_table table;
    size_t i, fits = 0;
    int rc;

    pfl_report_words_init(&words, arena);
    pfl_table_init(&table, arena, run_columns, PFL_COUNT(run_columns));
    pfl_buf_format(out, "### perfledger run\n\n%s\n\n",
                   safe(&words, pfl_report_side(&words, run, run->label)));
    for (i = 0; i < run->benchmark_count; i++)
        if (run->benchmarks[i].status == PFL_STATUS_OK)
            add_benchmark(&words, &table, &run->benchmarks[i]);
    rc = pfl_table_render_markdown(&table, out, err);
    if (rc < 0) {
        pfl_report_words_release(&words, NULL);
        return rc;
    }
    pfl_buf_text(out, "\n± of a median, or [low … high]: 95 % of other runs' medians fall here.\n");
    put_not_measured(&words, run, out);
    for (i = 0; i < report->fit_count; i++) {
        if (!pfl_report_fit_holds(&report->fits[i]))
            continue;
        pfl_buf_format(out, "%s- %s\n", fits++ ? "" : "\n",
                       safe(&words, pfl_report_fit(&words, &report->fits[i])));
    }
    if (report->recorded && *report->recorded)
        pfl_buf_format(out, "\n%s\n", safe(&words, report->recorded));
    rc = pfl_report_words_release(&words, err);
    return rc < 0 ? rc : pfl_buf_check(out, err, "writing the run as Markdown");
}
