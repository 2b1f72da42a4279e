/*
 * An area's run of record: the figures that hold now, in one table.
 *
 * Somebody asks "how fast is it" and has half a minute. So a benchmark's main figures stand here
 * and its details do not: where CPU time is split into user and system, what the stages took and
 * how often the kernel was asked is for snapshots. A metric with a target is always shown.
 */
#include "documents/latest.h"

#include "base/text.h"
#include "base/units.h"
#include "documents/environment.h"
#include "documents/markdown.h"
#include "documents/page.h"
#include "documents/words.h"

#include <math.h>
#include <string.h>

enum column { NAME, METRIC, VALUE, LAUNCHES, TARGET, MARGIN, COLUMNS };
static const struct pfl_table_column columns[COLUMNS] = {
    [NAME] = {"benchmark", PFL_TABLE_LEFT, 0, 0}, [METRIC] = {"metric", PFL_TABLE_LEFT, 0, 0},
    [VALUE] = {"median", PFL_TABLE_RIGHT, 0, 0},  [LAUNCHES] = {"launches", PFL_TABLE_RIGHT, 0, 0},
    [TARGET] = {"target", PFL_TABLE_RIGHT, 0, 0}, [MARGIN] = {"margin", PFL_TABLE_RIGHT, 0, 0},
};

struct page {
    const struct pfl_document_latest *latest;
    struct pfl_document_words words;
    struct pfl_buf *out;
};

static bool is_of_area(const struct pfl_document_latest *latest, const char *benchmark)
{
    size_t i;

    for (i = 0; i < latest->benchmark_count; i++)
        if (pfl_run_selects(latest->benchmarks[i], benchmark))
            return true;
    return latest->benchmark_count == 0;
}

static const struct pfl_target *target_of(const struct pfl_document_latest *latest,
                                          const char *benchmark, const char *metric)
{
    size_t i;

    for (i = latest->target_count; i-- > 0;)
        if (pfl_run_selects(latest->targets[i].benchmark, benchmark) &&
            pfl_text_glob(latest->targets[i].metric, metric))
            return &latest->targets[i];
    return NULL;
}

static bool is_detail(const char *metric)
{
    static const char *const details[] = {
        "user", "sys", "page_faults", "context_switches", "yardstick", "first_call"};
    size_t i;

    for (i = 0; i < PFL_COUNT(details); i++)
        if (strcmp(metric, details[i]) == 0)
            return true;
    return strchr(metric, ':') != NULL;
}

static const char *target_text(struct page *page, const struct pfl_target *target, const char *unit)
{
    struct pfl_buf *buf = &page->words.buf;

    if (!isnan(target->max)) {
        pfl_buf_text(buf, "≤ ");
        pfl_units_write(buf, target->max, unit, 3);
    }
    if (!isnan(target->min)) {
        pfl_buf_text(buf, isnan(target->max) ? "≥ " : ", ≥ ");
        pfl_units_write(buf, target->min, unit, 3);
    }
    if (target->tolerance > 0) {
        pfl_buf_text(buf, " give or take ");
        pfl_units_write(buf, target->tolerance, "%", target->tolerance < 0.1 ? 1 : 2);
    }
    return pfl_document_end(&page->words);
}

/* The room to the target as written, in parts of it, as `perfledger targets` has it. */
static double room_to(const struct pfl_target *target, double value)
{
    double below = isnan(target->max) ? (double)NAN : target->max - value;
    double above = isnan(target->min) ? (double)NAN : value - target->min;

    if (!isnan(below) && target->max != 0)
        below /= fabs(target->max);
    if (!isnan(above) && target->min != 0)
        above /= fabs(target->min);
    return fmin(below, above);
}

/* Is the limit, with its tolerance, broken? */
static bool is_missed(const struct page *page, const char *benchmark,
                      const struct pfl_result *result)
{
    size_t i;

    for (i = 0; i < page->latest->row_count; i++) {
        const struct pfl_row *row = &page->latest->rows[i];

        if (strcmp(row->benchmark, benchmark) == 0 && strcmp(row->metric, result->metric) == 0 &&
            pfl_text_starts(row->variant, result->variant) && strstr(row->variant, "target") &&
            row->margin < 0)
            return true;
    }
    return false;
}

static const char *margin_text(struct page *page, const char *benchmark,
                               const struct pfl_target *target, const struct pfl_result *result)
{
    double room = room_to(target, result->summary.median);
    const char *percent = pfl_document_percent(&page->words, fabs(room));

    if (room >= 0)
        return percent;
    return is_missed(page, benchmark, result)
               ? pfl_document_format(&page->words, "**missed by %s**", percent)
               : pfl_document_format(&page->words, "%s beyond, tolerated", percent);
}

static void add_result(struct page *page, struct pfl_table *table,
                       const struct pfl_benchmark *bench, const struct pfl_result *result)
{
    const struct pfl_target *target = target_of(page->latest, bench->name, result->metric);
    struct pfl_document_value value = pfl_document_value_of(result);
    struct pfl_document_words *words = &page->words;
    struct pfl_table_cell cells[COLUMNS];

    if (is_detail(result->metric) && !target)
        return;
    memset(cells, 0, sizeof cells);
    cells[NAME].text = pfl_document_code(words, bench->name);
    cells[METRIC].text = pfl_document_metric(words, result->metric, result->variant);
    if (result->text) {
        cells[VALUE].text = pfl_document_shown(words, result);
    } else {
        cells[VALUE].text = pfl_document_text(words, pfl_document_estimate(words, &value));
        cells[LAUNCHES].text = pfl_document_format(words, "%zu", result->summary.n);
    }
    if (target && !result->text) {
        cells[TARGET].text = pfl_document_text(words, target_text(page, target, result->unit));
        cells[MARGIN].text = margin_text(page, bench->name, target, result);
    }
    pfl_table_add(table, cells);
}

static int put_results(struct page *page, struct pfl_err *err)
{
    const struct pfl_run *run = page->latest->run;
    struct pfl_table table;
    size_t i, j;

    pfl_table_init(&table, page->words.arena, columns, COLUMNS);
    table.blank = "";
    for (i = 0; i < run->benchmark_count; i++)
        if (run->benchmarks[i].status == PFL_STATUS_OK &&
            is_of_area(page->latest, run->benchmarks[i].name))
            for (j = 0; j < run->benchmarks[i].result_count; j++)
                add_result(page, &table, &run->benchmarks[i], &run->benchmarks[i].results[j]);
    return pfl_markdown_table(&table, page->out, err);
}

static void put_skipped(struct page *page)
{
    const struct pfl_run *run = page->latest->run;
    size_t i, n = 0;

    for (i = 0; i < run->benchmark_count; i++) {
        const struct pfl_benchmark *bench = &run->benchmarks[i];
        const char *why;

        if (bench->status == PFL_STATUS_OK || !is_of_area(page->latest, bench->name))
            continue;
        why = pfl_document_format(&page->words, "%.*s", (int)strcspn(bench->reason, "\n"),
                                  bench->reason);
        pfl_buf_format(page->out, "%s- %s%s%s\n", n++ ? "" : "\nNot measured:\n\n",
                       pfl_document_code(&page->words, bench->name), *why ? ": " : "",
                       pfl_document_text(&page->words, why));
    }
}

static void put_links(struct page *page)
{
    size_t i;

    for (i = 0; i < page->latest->link_count; i++) {
        pfl_buf_text(page->out, i == 0 ? "\n## More\n\n- " : "- ");
        pfl_markdown_link(page->out, page->latest->links[i].title, page->latest->links[i].target);
        pfl_buf_char(page->out, '\n');
    }
}

int pfl_document_latest(const struct pfl_document_latest *latest, struct pfl_arena *arena,
                        struct pfl_buf *out, struct pfl_err *err)
{
    const struct pfl_run *run = latest->run;
    struct page page = {.latest = latest, .out = out};
    int rc, words;

    pfl_document_words_init(&page.words, arena);
    pfl_buf_format(out, "# Run of record: %s\n\n", pfl_document_text(&page.words, latest->area));
    pfl_buf_format(out, "Measured %s on %s at %s.\nRun [%s](runs/%s.json).\n\n",
                   pfl_document_minute(&page.words, run->started_unix_ns),
                   pfl_document_text(&page.words, pfl_words_machine(&run->machine)),
                   pfl_document_revision(&page.words, &run->revision, true), run->id, run->id);
    rc = put_results(&page, err);
    put_skipped(&page);
    pfl_buf_text(out,
                 "\nMedian over launches, ± half of the interval in which the medians of 95 of "
                 "100 other runs fall.\n");
    pfl_buf_text(out, "\n## Environment\n\n");
    if (rc == PFL_OK)
        rc = pfl_document_environment(&page.words, NULL, run, out, err);
    put_links(&page);
    words = pfl_document_words_release(&page.words, rc == PFL_OK ? err : NULL);
    if (rc == PFL_OK)
        rc = words;
    return rc == PFL_OK ? pfl_buf_check(out, err, "writing a run of record") : rc;
}
