/*
 * A run for a person: a block per benchmark, or, for many, a table with a line each; then what
 * failed and was skipped, how time grows with size, who is faster, and where it was recorded.
 *
 * The blocks' first lines are aligned on the longest name, as far as a third of the width; every
 * further fact is a piece that moves to the next line whole. Nothing is hidden by the table but the
 * side facts: oddities and failures are told below it.
 */
#include "report/terminal.h"

#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCKS_MAX = 8,
    ODDITIES_MAX = 10,
    SLOWEST_SHOWN = 3,
    LAST_WORDS_MAX = 12,
    DETAIL_INDENT = 6
};

struct run_view {
    struct pfl_terminal t;
    const struct pfl_report_run *report;
    const struct pfl_run *run;
    size_t name_columns;
};

static bool is_fine(const struct pfl_benchmark *bench)
{
    return bench->status == PFL_STATUS_OK;
}

/* "1.39 … 1.62": the extremes in the median's scale. */
static const char *range_of(struct pfl_terminal *t, const struct pfl_result *result)
{
    struct pfl_units_scale scale = pfl_units_scale_for(result->summary.median, result->unit);
    struct pfl_buf *buf = &t->words.buf;

    double min, max;

    pfl_terminal_extremes(result, &min, &max);
    if (isnan(min) || isnan(max))
        return "";
    pfl_units_write_scaled(buf, min, &scale, 3);
    pfl_buf_text(buf, " … ");
    pfl_units_write_scaled(buf, max, &scale, 3);
    return pfl_report_words_end(&t->words);
}

static const char *estimate_of(struct pfl_terminal *t, const struct pfl_result *result)
{
    return pfl_report_median(&t->words, result);
}

static void put_name(struct run_view *view, const char *name)
{
    struct pfl_terminal *t = &view->t;
    size_t width = pfl_text_width(pfl_terminal_show(t, name));

    pfl_terminal_begin(t, 2, DETAIL_INDENT);
    pfl_terminal_put(t, "", PFL_TERMINAL_STRONG, name);
    if (width < view->name_columns && t->column + view->name_columns - width < t->width) {
        pfl_buf_fill(t->out, ' ', view->name_columns - width);
        t->column += view->name_columns - width;
    }
}

static void put_pieces(struct pfl_terminal *t, const char *title, const char **pieces, size_t n)
{
    size_t i;

    if (n == 0)
        return;
    pfl_terminal_begin(t, DETAIL_INDENT, DETAIL_INDENT + 2);
    if (*title)
        pfl_terminal_put(t, "", PFL_TERMINAL_DIM, title);
    for (i = 0; i < n; i++)
        pfl_terminal_put(t, i == 0 ? " " : " · ", PFL_TERMINAL_PLAIN, pieces[i]);
    pfl_terminal_end(t);
}

static size_t oddities_of(const struct run_view *view, size_t index)
{
    return view->report->assessments ? view->report->assessments[index].oddity_count : 0;
}

/* Contention is of the machine: said once, at the top, and marked at each benchmark. */
static bool is_told_here(const struct run_view *view, const struct pfl_oddity *oddity)
{
    return oddity->kind != PFL_ODD_CONTENTION || view->t.style->verbosity > 0;
}

static const char *contention_of(const struct run_view *view, size_t index)
{
    size_t i;

    for (i = 0; i < oddities_of(view, index); i++)
        if (view->report->assessments[index].oddities[i].kind == PFL_ODD_CONTENTION)
            return view->report->assessments[index].oddities[i].text;
    return NULL;
}

/* By readings: an exception that is told of each. With a yardstick inside it is the rule, and told
 * once, below. */
static bool is_normalised(const struct pfl_benchmark *bench)
{
    const struct pfl_result *result = pfl_report_main_result(bench);

    return result && result->normalised.by && !result->normalised.inside;
}

/* Which yardstick stands behind the shown median, and why. */
static const char *normalising(struct pfl_terminal *t, const struct pfl_benchmark *bench)
{
    const struct pfl_result *result = pfl_report_main_result(bench);
    struct pfl_buf *buf = &t->words.buf;

    pfl_buf_text(buf, "as measured ");
    pfl_units_write(buf, result->normalised.raw_median, result->unit, 3);
    pfl_buf_format(buf,
                   "; shown normalised by the yardstick \"%s\", which explains %.0f %% of the "
                   "launches' variance",
                   result->normalised.by, 100 * result->normalised.reduction);
    return pfl_report_words_end(&t->words);
}

static bool has_remarks(const struct run_view *view, size_t index)
{
    size_t i;

    for (i = 0; i < oddities_of(view, index); i++)
        if (is_told_here(view, &view->report->assessments[index].oddities[i]))
            return true;
    return view->run->benchmarks[index].warning_count > 0 ||
           is_normalised(&view->run->benchmarks[index]);
}

/* "", "!", "contended", "! contended": what stands beside a benchmark's numbers. */
static const char *mark_of(const struct run_view *view, size_t index, bool remarks)
{
    bool contended = contention_of(view, index) != NULL;

    if (view->t.style->verbosity < 0)
        return "";
    remarks = remarks && has_remarks(view, index);
    return contended ? (remarks ? "! contended" : "contended") : remarks ? "!" : "";
}

/* Quiet reports keep the failures, which are data, and drop the remarks. */
static void put_oddities(struct run_view *view, size_t index, const char *first)
{
    const struct pfl_benchmark *bench = &view->run->benchmarks[index];
    const char *failures = is_fine(bench) ? pfl_report_launch_failures(&view->t.words, bench) : "";
    size_t i;

    if (*failures)
        pfl_terminal_wrap(&view->t, first, PFL_TERMINAL_WARN, failures);
    if (view->t.style->verbosity < 0)
        return;
    if (is_normalised(bench))
        pfl_terminal_wrap(&view->t, "      = ", PFL_TERMINAL_PLAIN, normalising(&view->t, bench));
    for (i = 0; i < oddities_of(view, index); i++)
        if (is_told_here(view, &view->report->assessments[index].oddities[i]))
            pfl_terminal_wrap(&view->t, first, PFL_TERMINAL_WARN,
                              view->report->assessments[index].oddities[i].text);
    for (i = 0; i < bench->warning_count; i++)
        pfl_terminal_wrap(&view->t, first, PFL_TERMINAL_WARN, bench->warnings[i]);
}

static void put_block(struct run_view *view, size_t index)
{
    const struct pfl_benchmark *bench = &view->run->benchmarks[index];
    const struct pfl_result *result = pfl_report_main_result(bench);
    const char *pieces[PFL_REPORT_FACTS_MAX];
    struct pfl_terminal *t = &view->t;
    size_t n;

    put_name(view, bench->name);
    if (result) {
        if (strcmp(result->metric, "time") != 0)
            pfl_terminal_put(t, "   ", PFL_TERMINAL_DIM, result->metric);
        pfl_terminal_put(t, "   ", PFL_TERMINAL_STRONG, estimate_of(t, result));
        pfl_terminal_put(t, "   ", PFL_TERMINAL_PLAIN, pfl_report_picture(&t->words, result));
        pfl_terminal_put(t, "  ", PFL_TERMINAL_PLAIN, range_of(t, result));
    } else {
        pfl_terminal_put(t, "   ", PFL_TERMINAL_WARN, "no numbers");
    }
    pfl_terminal_put(t, "   ", PFL_TERMINAL_DIM, pfl_report_launch_count(&t->words, bench));
    pfl_terminal_put(t, "   ", PFL_TERMINAL_WARN, mark_of(view, index, false));
    pfl_terminal_end(t);
    n = pfl_report_facts(&t->words, bench, t->style->verbosity > 0, pieces, PFL_COUNT(pieces));
    put_pieces(t, "", pieces, n);
    n = pfl_report_stages(&t->words, bench, pieces, PFL_COUNT(pieces));
    put_pieces(t, "stages:", pieces, n);
    put_oddities(view, index, "      ! ");
}

static void put_blocks(struct run_view *view)
{
    size_t i, width, most = view->t.width / 3;

    for (i = 0; i < view->run->benchmark_count; i++) {
        width = pfl_text_width(pfl_terminal_show(&view->t, view->run->benchmarks[i].name));
        if (is_fine(&view->run->benchmarks[i]) && width <= most && width > view->name_columns)
            view->name_columns = width;
    }
    for (i = 0; i < view->run->benchmark_count; i++)
        if (is_fine(&view->run->benchmarks[i]))
            put_block(view, i);
}

enum column { NAME, TIME, PICTURE, RANGE, CPU, MEMORY, LAUNCHES, ODD, COLUMNS };

static const struct pfl_table_column columns[COLUMNS] = {
    [NAME] = {"benchmark", PFL_TABLE_NAME, PFL_TERMINAL_NAME_LEAST, 0},
    [TIME] = {"median", PFL_TABLE_RIGHT, 0, 0},
    [PICTURE] = {"spread", PFL_TABLE_LEFT, 0, 3},
    [RANGE] = {"min … max", PFL_TABLE_RIGHT, 0, 2},
    [CPU] = {"cpu", PFL_TABLE_RIGHT, 0, 5},
    [MEMORY] = {"peak RSS", PFL_TABLE_RIGHT, 0, 4},
    [LAUNCHES] = {"n", PFL_TABLE_RIGHT, 0, 1},
    [ODD] = {"", PFL_TABLE_LEFT, 0, 0},
};

static const char *median_text(struct pfl_terminal *t, const struct pfl_benchmark *bench,
                               const char *metric)
{
    const struct pfl_result *result = pfl_benchmark_find(bench, metric, "");

    return result && !result->text
               ? pfl_report_value(&t->words, result->summary.median, result->unit)
               : "";
}

static void add_line(struct run_view *view, struct pfl_table *table, size_t index)
{
    const struct pfl_benchmark *bench = &view->run->benchmarks[index];
    const struct pfl_result *result = pfl_report_main_result(bench);
    struct pfl_table_cell cells[COLUMNS];
    struct pfl_terminal *t = &view->t;
    size_t i;

    memset(cells, 0, sizeof cells);
    cells[NAME].text = bench->name;
    cells[TIME].text = result ? estimate_of(t, result) : "no numbers";
    cells[PICTURE].text = result ? pfl_report_picture(&t->words, result) : "";
    cells[RANGE].text = result ? range_of(t, result) : "";
    cells[CPU].text = median_text(t, bench, "cpu");
    cells[MEMORY].text = median_text(t, bench, "peak_rss");
    cells[LAUNCHES].text = pfl_report_format(&t->words, "%zu", bench->launch_count);
    cells[ODD].text = mark_of(view, index, true);
    cells[ODD].style = PFL_TERMINAL_WARN;
    cells[TIME].style = PFL_TERMINAL_STRONG;
    for (i = 0; i < COLUMNS; i++)
        cells[i].text =
            i == NAME ? pfl_terminal_name(t, cells[i].text) : pfl_terminal_show(t, cells[i].text);
    pfl_table_add(table, cells);
}

static void put_odd_ones(struct run_view *view)
{
    size_t i, told = 0, more = 0;
    bool odd;

    for (i = 0; i < view->run->benchmark_count; i++) {
        const struct pfl_benchmark *bench = &view->run->benchmarks[i];

        odd = is_fine(bench) && ((view->t.style->verbosity >= 0 && has_remarks(view, i)) ||
                                 *pfl_report_launch_failures(&view->t.words, bench));
        if (!odd || (told >= ODDITIES_MAX && view->t.style->verbosity <= 0)) {
            more += odd;
            continue;
        }
        if (told++ == 0)
            pfl_terminal_blank(&view->t);
        pfl_terminal_wrap(&view->t, "  ", PFL_TERMINAL_STRONG, bench->name);
        put_oddities(view, i, "      ! ");
    }
    if (more)
        pfl_terminal_wrap(&view->t, "  ", PFL_TERMINAL_DIM,
                          pfl_report_format(&view->t.words,
                                            "%zu more with oddities, marked ! (-v tells them)",
                                            more));
}

static int by_median(const void *a, const void *b)
{
    double x = pfl_report_main_result(*(const struct pfl_benchmark *const *)a)->summary.median;
    double y = pfl_report_main_result(*(const struct pfl_benchmark *const *)b)->summary.median;

    return (x < y) - (x > y);
}

static void put_slowest(struct run_view *view)
{
    const struct pfl_benchmark **timed;
    const struct pfl_result *result;
    struct pfl_terminal *t = &view->t;
    size_t i, n = 0;

    timed = pfl_arena_array(t->words.arena, view->run->benchmark_count, sizeof *timed);
    if (!timed) {
        t->words.failed = true;
        return;
    }
    for (i = 0; i < view->run->benchmark_count; i++) {
        result = is_fine(&view->run->benchmarks[i])
                     ? pfl_report_main_result(&view->run->benchmarks[i])
                     : NULL;
        if (result && strcmp(result->unit, "s") == 0)
            timed[n++] = &view->run->benchmarks[i];
    }
    if (n < 2)
        return;
    qsort(timed, n, sizeof *timed, by_median);
    pfl_terminal_blank(t);
    pfl_terminal_begin(t, 2, DETAIL_INDENT);
    pfl_terminal_put(t, "", PFL_TERMINAL_PLAIN, "slowest:");
    for (i = 0; i < n && i < SLOWEST_SHOWN; i++)
        pfl_terminal_put(
            t, i ? " · " : " ", PFL_TERMINAL_PLAIN,
            pfl_report_format(&t->words, "%s %s", timed[i]->name,
                              pfl_report_value(&t->words,
                                               pfl_report_main_result(timed[i])->summary.median,
                                               "s")));
    pfl_terminal_end(t);
}

static int put_table(struct run_view *view, struct pfl_err *err)
{
    struct pfl_table table;
    size_t i;
    int rc = PFL_OK;

    pfl_table_init(&table, view->t.words.arena, columns, COLUMNS);
    for (i = 0; i < view->run->benchmark_count; i++)
        if (is_fine(&view->run->benchmarks[i]))
            add_line(view, &table, i);
    if (table.row_count || table.failed)
        rc = pfl_terminal_table(&view->t, &table, err);
    put_odd_ones(view);
    if (view->t.style->verbosity >= 0)
        put_slowest(view);
    return rc;
}

/* The reason's first line is why; what follows is what the program said last. */
static void put_reason(struct pfl_terminal *t, const char *reason)
{
    const char *lines[LAST_WORDS_MAX];
    size_t len = strcspn(reason, "\n"), n = 0, i;

    if (len)
        pfl_terminal_wrap(t, "      ", PFL_TERMINAL_PLAIN,
                          pfl_report_format(&t->words, "%.*s", (int)len, reason));
    while (reason[len]) {
        reason += len + 1;
        len = strcspn(reason, "\n");
        if (len)
            lines[n++ % LAST_WORDS_MAX] = pfl_report_format(&t->words, "%.*s", (int)len, reason);
    }
    for (i = n > LAST_WORDS_MAX ? n - LAST_WORDS_MAX : 0; i < n; i++)
        pfl_terminal_wrap(t, "      | ", PFL_TERMINAL_DIM, lines[i % LAST_WORDS_MAX]);
}

static void put_failures(struct run_view *view)
{
    static const char *const words[] = {"", "FAILED", "TIMED OUT", "skipped"};
    const struct pfl_benchmark *bench;
    struct pfl_terminal *t = &view->t;
    size_t i, told = 0;

    for (i = 0; i < view->run->benchmark_count; i++) {
        bench = &view->run->benchmarks[i];
        if (is_fine(bench))
            continue;
        if (told++ == 0)
            pfl_terminal_blank(t);
        pfl_terminal_begin(t, 2, DETAIL_INDENT);
        pfl_terminal_put(t, "", PFL_TERMINAL_STRONG, bench->name);
        pfl_terminal_put(t, "   ",
                         bench->status == PFL_STATUS_SKIPPED ? PFL_TERMINAL_WARN : PFL_TERMINAL_BAD,
                         words[bench->status]);
        pfl_terminal_put(t, "   ", PFL_TERMINAL_PLAIN,
                         pfl_report_launch_failures(&t->words, bench));
        pfl_terminal_end(t);
        put_reason(t, bench->reason);
        put_oddities(view, i, "      ! ");
    }
}

/* That others wanted the CPU, once for the whole run; NULL when they did not, or when a warning of
 * the run has said it. */
static const char *contention_notice(struct run_view *view)
{
    const char *text, *first = NULL;
    bool same = true;
    size_t i, n = 0;

    for (i = 0; i < view->run->warning_count; i++)
        if (pfl_text_starts(view->run->warnings[i], PFL_WARNING_BUSY))
            return NULL;
    for (i = 0; i < view->run->benchmark_count; i++) {
        text = contention_of(view, i);
        if (!text)
            continue;
        first = n++ ? first : text;
        same = same && strcmp(first, text) == 0;
    }
    if (n == 0 || same)
        return first;
    return pfl_report_format(&view->t.words,
                             "%zu of %zu benchmarks shared their CPU with something else (marked "
                             "contended): CPU time is the better witness",
                             n, view->run->benchmark_count);
}

static void put_header(struct run_view *view)
{
    const char *contention = contention_notice(view);
    const struct pfl_run *run = view->run;
    size_t i;

    if (view->report->heading)
        pfl_terminal_heading(&view->t, view->report);
    else if (view->t.style->verbosity > 0)
        pfl_terminal_wrap(&view->t, "", PFL_TERMINAL_DIM,
                          pfl_report_side(&view->t.words, run, run->label));
    if (view->t.style->verbosity < 0)
        return;
    if (contention)
        pfl_terminal_wrap(&view->t, "! ", PFL_TERMINAL_WARN, contention);
    for (i = 0; i < run->warning_count; i++)
        pfl_terminal_wrap(&view->t, "! ", PFL_TERMINAL_WARN, run->warnings[i]);
    if (run->warning_count || contention)
        pfl_terminal_blank(&view->t);
}

static void put_fits(struct run_view *view)
{
    const struct pfl_report_run *report = view->report;
    bool every = view->t.style->verbosity > 0;
    size_t i, told = 0;

    for (i = 0; i < report->fit_count; i++) {
        if (!every && !pfl_report_fit_holds(&report->fits[i]))
            continue;
        if (told++ == 0)
            pfl_terminal_blank(&view->t);
        pfl_terminal_wrap(&view->t, "  ", PFL_TERMINAL_PLAIN,
                          pfl_report_fit(&view->t.words, &report->fits[i]));
    }
}

/* What stands behind a ± sign, once. */
static void put_stated(struct run_view *view)
{
    const struct pfl_result *result;
    bool known = false;
    size_t i;

    for (i = 0; i < view->run->benchmark_count && !known; i++) {
        result = pfl_report_main_result(&view->run->benchmarks[i]);
        known = is_fine(&view->run->benchmarks[i]) && result && result->stated.known;
    }
    if (!known || view->t.style->verbosity < 0)
        return;
    pfl_terminal_blank(&view->t);
    pfl_terminal_wrap(&view->t, "", PFL_TERMINAL_DIM,
                      "± of a median, or [low … high]: 95 % of other runs' medians fall here");
}

static void put_footer(struct run_view *view)
{
    struct pfl_terminal *t = &view->t;

    put_stated(view);
    pfl_terminal_inside(t, view->run);
    put_fits(view);
    pfl_terminal_rank(t, view->report->rank);
    if (view->run->partial) {
        pfl_terminal_blank(t);
        pfl_terminal_wrap(t, "! ", PFL_TERMINAL_WARN,
                          "stopped early: this is what was measured until then");
    }
    if (view->report->recorded && *view->report->recorded && t->style->verbosity >= 0) {
        pfl_terminal_blank(t);
        pfl_terminal_wrap(t, "", PFL_TERMINAL_DIM, view->report->recorded);
    }
}

int pfl_report_run_terminal(const struct pfl_report_run *report,
                            const struct pfl_report_style *style, struct pfl_arena *arena,
                            struct pfl_buf *out, struct pfl_err *err)
{
    struct run_view view = {.report = report, .run = report->run};
    size_t i, fine = 0;
    int rc = PFL_OK;

    pfl_terminal_init(&view.t, style, arena, out);
    for (i = 0; i < view.run->benchmark_count; i++)
        fine += is_fine(&view.run->benchmarks[i]);
    put_header(&view);
    if (view.run->benchmark_count == 0)
        pfl_terminal_wrap(&view.t, "", PFL_TERMINAL_WARN, "nothing was measured");
    if (fine > BLOCKS_MAX)
        rc = put_table(&view, err);
    else
        put_blocks(&view);
    put_failures(&view);
    put_footer(&view);
    if (rc < 0) {
        pfl_report_words_release(&view.t.words, NULL);
        return rc;
    }
    return pfl_terminal_finish(&view.t, err, "writing the run");
}
