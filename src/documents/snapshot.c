/*
 * A snapshot: the full table of one run, or of a run before and one after a change.
 *
 * Per benchmark a section: what was run, then a line per metric, stages among them, in the order in
 * which a run keeps its results (time first, foreign metrics last). Nothing is left out: whoever
 * opens a snapshot a year later looks for what nobody thought of today. The environment is the
 * second table, because numbers are read first and doubted after.
 *
 * Files of runs lie in ../runs/, snapshots in a folder beside.
 */
#include "documents/snapshot.h"

#include "base/text.h"
#include "base/units.h"
#include "documents/environment.h"
#include "documents/markdown.h"
#include "documents/page.h"
#include "documents/row.h"
#include "documents/words.h"

#include <math.h>
#include <string.h>

struct page {
    const struct pfl_document_snapshot *snapshot;
    struct pfl_document_words words;
    struct pfl_buf *out;
    struct pfl_err *err;
};

static bool is_wanted(const struct pfl_document_snapshot *snapshot, const char *benchmark)
{
    size_t i;

    for (i = 0; i < snapshot->benchmark_count; i++)
        if (pfl_run_selects(snapshot->benchmarks[i], benchmark))
            return true;
    return snapshot->benchmark_count == 0;
}

/* ---- what was measured ---- */

static const char *run_link(struct page *page, const struct pfl_run *run)
{
    return pfl_document_format(&page->words, "[%s](../runs/%s.json)", run->id, run->id);
}

static void put_one(struct page *page)
{
    const struct pfl_run *run = page->snapshot->head;

    pfl_buf_format(page->out, "Measured %s on %s at %s.\nRun %s.\n",
                   pfl_document_minute(&page->words, run->started_unix_ns),
                   pfl_document_text(&page->words, pfl_words_machine(&run->machine)),
                   pfl_document_revision(&page->words, &run->revision, true), run_link(page, run));
}

static int put_two(struct page *page)
{
    static const struct pfl_table_column columns[] = {{"", PFL_TABLE_LEFT, 0, 0},
                                                      {"measured", PFL_TABLE_LEFT, 0, 0},
                                                      {"run", PFL_TABLE_LEFT, 0, 0},
                                                      {"revision", PFL_TABLE_LEFT, 0, 0}};
    const struct pfl_run *runs[] = {page->snapshot->base, page->snapshot->head};
    struct pfl_table_cell cells[PFL_COUNT(columns)] = {{0}};
    struct pfl_table table;
    size_t i;

    pfl_table_init(&table, page->words.arena, columns, PFL_COUNT(columns));
    for (i = 0; i < PFL_COUNT(runs); i++) {
        cells[0].text = i == 0 ? "before" : "after";
        cells[1].text = pfl_document_minute(&page->words, runs[i]->started_unix_ns);
        cells[2].text = run_link(page, runs[i]);
        cells[3].text = pfl_document_revision(&page->words, &runs[i]->revision, true);
        pfl_table_add(&table, cells);
    }
    return pfl_markdown_table(&table, page->out, page->err);
}

static void put_rows(struct page *page)
{
    const struct pfl_document_snapshot *snapshot = page->snapshot;
    size_t i;

    for (i = 0; i < snapshot->row_count; i++)
        pfl_buf_format(page->out, "%s[%s](%s)%s", i == 0 ? "\nIn the log: " : ", ",
                       snapshot->rows[i].title, snapshot->rows[i].target,
                       i + 1 == snapshot->row_count ? ".\n" : "");
}

/* ---- one benchmark ---- */

static void put_command(struct page *page, const struct pfl_benchmark *bench)
{
    size_t i;

    pfl_buf_format(page->out, "\n### %s\n\n", pfl_document_code(&page->words, bench->name));
    if (*bench->command)
        pfl_buf_format(page->out, "Command: %s\n", pfl_document_code(&page->words, bench->command));
    for (i = 0; i < bench->environment_count; i++)
        pfl_buf_format(
            page->out, "%s%s: %s%s",
            i == 0 ? (*bench->command ? "\nReported by the program: " : "Reported by the program: ")
                   : ", ",
            pfl_document_text(&page->words, bench->environment[i].name),
            pfl_document_text(&page->words, bench->environment[i].value),
            i + 1 == bench->environment_count ? ".\n" : "");
}

/* Failed, skipped, stopped early, built with a sanitizer: what makes numbers odd. */
static void put_oddities(struct page *page, const struct pfl_benchmark *bench)
{
    const char *instrumented = pfl_benchmark_instrumented(bench);
    size_t first = strcspn(bench->reason, "\n");

    if (bench->status != PFL_STATUS_OK)
        pfl_buf_format(
            page->out, "\nThis benchmark %s%s%s.\n",
            bench->status == PFL_STATUS_SKIPPED     ? "was skipped"
            : bench->status == PFL_STATUS_TIMED_OUT ? "ran into its time limit"
                                                    : "failed",
            first ? ": " : "",
            pfl_document_text(&page->words, pfl_document_format(&page->words, "%.*s", (int)first,
                                                                bench->reason)));
    if (instrumented)
        pfl_buf_format(page->out, "\nNo release build: %s%s.\n", pfl_instrumented_how(instrumented),
                       pfl_document_text(&page->words, instrumented));
    if (bench->partial)
        pfl_buf_text(page->out, "\nMeasuring was stopped before all rounds were done.\n");
}

/* What times are held against: of the machine, not of the program. */
static bool is_yardstick(const char *metric)
{
    return strcmp(metric, "yardstick") == 0;
}

/* Robust: the interquartile range as a standard deviation, in parts of the median. */
static const char *scatter_of(struct page *page, const struct pfl_result *result)
{
    const struct pfl_summary *s = &result->summary;
    double scatter = (s->q3 - s->q1) / 1.349 / fabs(s->median);

    return s->n > 1 && isfinite(scatter) ? pfl_document_percent(&page->words, scatter) : "";
}

static int put_results(struct page *page, const struct pfl_benchmark *bench)
{
    static const struct pfl_table_column columns[] = {
        {"metric", PFL_TABLE_LEFT, 0, 0},         {"median", PFL_TABLE_RIGHT, 0, 0},
        {"95 % interval", PFL_TABLE_RIGHT, 0, 0}, {"launches", PFL_TABLE_RIGHT, 0, 0},
        {"min … max", PFL_TABLE_RIGHT, 0, 0},     {"scatter", PFL_TABLE_RIGHT, 0, 0}};
    struct pfl_document_words *words = &page->words;
    struct pfl_table table;
    size_t i;

    pfl_table_init(&table, words->arena, columns, PFL_COUNT(columns));
    table.blank = "";
    for (i = 0; i < bench->result_count; i++) {
        const struct pfl_result *result = &bench->results[i];
        struct pfl_document_value value = pfl_document_value_of(result);
        struct pfl_table_cell cells[PFL_COUNT(columns)] = {{0}};

        cells[0].text = pfl_document_metric(words, result->metric, result->variant);
        cells[1].text = pfl_document_text(words, pfl_document_shown(words, result));
        if (result->text)
            cells[1].text = pfl_document_shown(words, result);
        else if (result->summary.n > 0 || result->summary_only) {
            cells[2].text = pfl_document_text(words, pfl_document_interval(words, &value));
            cells[3].text = pfl_document_format(words, "%zu", result->summary.n);
            cells[4].text =
                pfl_document_text(words, pfl_document_range(words, result->summary.min,
                                                            result->summary.max, result->unit));
            cells[5].text = scatter_of(page, result);
        }
        if (!is_yardstick(result->metric))
            pfl_table_add(&table, cells);
    }
    if (bench->result_count == 0)
        return PFL_OK;
    pfl_buf_char(page->out, '\n');
    return pfl_markdown_table(&table, page->out, page->err);
}

/* ---- before and after ---- */

static const char *side(struct page *page, const struct pfl_row *row,
                        const struct pfl_estimate *estimate)
{
    struct pfl_document_words *words = &page->words;
    struct pfl_document_value value = {estimate->median, estimate->ci_low, estimate->ci_high,
                                       row->unit};

    if (!estimate->present)
        return "–";
    if (estimate->text) {
        pfl_text_fit(&words->buf, estimate->text, 13);
        return pfl_document_code(words, pfl_document_end(words));
    }
    if (estimate->launches <= 1 && !(estimate->ci_low < estimate->ci_high))
        value.low = value.high = NAN;
    return pfl_document_text(words, pfl_document_estimate(words, &value));
}

static void add_row(struct page *page, struct pfl_table *table, const struct pfl_row *row)
{
    struct pfl_document_words *words = &page->words;
    struct pfl_table_cell cells[7] = {{0}};

    cells[0].text = pfl_document_metric(words, row->metric, row->variant);
    cells[1].text = side(page, row, &row->base);
    cells[2].text = side(page, row, &row->head);
    if (!isnan(row->ratio)) {
        pfl_words_ratio(&words->buf, row);
        cells[3].text = pfl_document_end(words);
        pfl_words_ratio_interval(&words->buf, row);
        cells[4].text = pfl_document_end(words);
    }
    if (!isnan(row->threshold) && !isnan(row->ratio))
        cells[5].text = pfl_document_percent(words, row->threshold);
    pfl_row_write_verdict(&words->buf, page->snapshot->comparison, row);
    cells[6].text = pfl_document_end(words);
    pfl_table_add(table, cells);
}

static int put_changes(struct page *page, const char *benchmark)
{
    const struct pfl_comparison *comparison = page->snapshot->comparison;
    const char *interval = pfl_document_format(&page->words, "%ld %% interval",
                                               lround(page->snapshot->confidence * 100));
    const struct pfl_table_column columns[] = {
        {"metric", PFL_TABLE_LEFT, 0, 0},  {"before", PFL_TABLE_RIGHT, 0, 0},
        {"after", PFL_TABLE_RIGHT, 0, 0},  {"ratio", PFL_TABLE_RIGHT, 0, 0},
        {interval, PFL_TABLE_RIGHT, 0, 0}, {"tolerance", PFL_TABLE_RIGHT, 0, 0},
        {"verdict", PFL_TABLE_LEFT, 0, 0}};
    struct pfl_table table;
    int rank, next;
    size_t i;

    pfl_table_init(&table, page->words.arena, columns, PFL_COUNT(columns));
    table.blank = "";
    for (rank = 0; rank >= 0; rank = next) {
        next = -1;
        for (i = 0; i < comparison->row_count; i++) {
            const struct pfl_row *row = &comparison->rows[i];
            int own = pfl_metric_rank(row->metric);

            if (strcmp(row->benchmark, benchmark) != 0 || is_yardstick(row->metric))
                continue;
            if (own == rank)
                add_row(page, &table, row);
            else if (own > rank && (next < 0 || own < next))
                next = own;
        }
    }
    if (table.row_count == 0)
        return PFL_OK;
    pfl_buf_char(page->out, '\n');
    return pfl_markdown_table(&table, page->out, page->err);
}

/* Benchmarks that are only before come behind. What is in one of the two runs alone has its figures
 * from there; what failed has none to compare. */
static int put_section(struct page *page, const struct pfl_benchmark *bench, bool gone)
{
    const struct pfl_run *base = page->snapshot->base;
    bool fresh = base && !pfl_run_find(base, bench->name);

    if (!is_wanted(page->snapshot, bench->name))
        return PFL_OK;
    put_command(page, bench);
    if (gone)
        pfl_buf_text(page->out, "\nOnly before: the later run does not have this benchmark.\n");
    else if (fresh)
        pfl_buf_text(page->out, "\nNew: the earlier run does not have this benchmark.\n");
    put_oddities(page, bench);
    if (!base || gone || fresh)
        return put_results(page, bench);
    return bench->status == PFL_STATUS_OK ? put_changes(page, bench->name) : PFL_OK;
}

static int put_sections(struct page *page)
{
    const struct pfl_run *base = page->snapshot->base, *head = page->snapshot->head;
    int rc = PFL_OK;
    size_t i;

    pfl_buf_text(page->out, "\n## Results\n\n");
    if (base)
        pfl_buf_format(page->out,
                       "Before and after: median ± the 95 %% interval of other runs. A verdict "
                       "needs both: an\ninterval that excludes no change, and a change beyond the "
                       "tolerance.\n");
    else
        pfl_buf_text(page->out,
                     "The interval is where the medians of 95 of 100 other runs on this machine "
                     "fall; scatter is\nthat of single launches, as a part of the median.\n");
    for (i = 0; rc == PFL_OK && i < head->benchmark_count; i++)
        rc = put_section(page, &head->benchmarks[i], false);
    for (i = 0; rc == PFL_OK && base && i < base->benchmark_count; i++)
        if (!pfl_run_find(head, base->benchmarks[i].name))
            rc = put_section(page, &base->benchmarks[i], true);
    return rc;
}

/* Of times that a yardstick beside them normalises: without a consequence. */
static const char in_vain[] = "something else wanted the CPU while measuring";

static void put_notes(struct page *page)
{
    const struct pfl_comparison *comparison = page->snapshot->comparison;
    const struct pfl_run *head = page->snapshot->head;
    size_t i, told = 0, n = comparison ? comparison->note_count : head->warning_count;

    if (comparison && comparison->machine.present) {
        pfl_units_write_change(&page->words.buf, comparison->machine.ratio);
        pfl_buf_format(page->out,
                       "\nThe whole machine moved by %s between the two runs (yardstick: %s); that "
                       "is taken out of the\nchanges above.\n",
                       pfl_document_end(&page->words), comparison->machine.yardstick);
    }
    for (i = 0; i < n; i++) {
        const char *note = comparison ? comparison->notes[i] : head->warnings[i];

        if (strcmp(note, in_vain) != 0)
            pfl_buf_format(page->out, "%s- %s\n", told++ ? "" : "\nNotes:\n\n",
                           pfl_document_text(&page->words, note));
    }
}

int pfl_document_snapshot(const struct pfl_document_snapshot *snapshot, struct pfl_arena *arena,
                          struct pfl_buf *out, struct pfl_err *err)
{
    struct page page = {.snapshot = snapshot, .out = out, .err = err};
    int rc = PFL_OK, words;

    pfl_document_words_init(&page.words, arena);
    if (snapshot->base)
        rc = put_two(&page);
    else
        put_one(&page);
    put_rows(&page);
    if (rc == PFL_OK)
        rc = put_sections(&page);
    put_notes(&page);
    pfl_buf_text(out, "\n## Environment\n\n");
    if (rc == PFL_OK)
        rc = pfl_document_environment(&page.words, snapshot->base, snapshot->head, out, err);
    words = pfl_document_words_release(&page.words, rc == PFL_OK ? err : NULL);
    if (rc == PFL_OK)
        rc = words;
    return rc == PFL_OK ? pfl_buf_check(out, err, "writing a snapshot") : rc;
}
