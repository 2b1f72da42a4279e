/*
 * A comparison as JUnit XML: a test suite per suite, a test case per row. A regression or a broken
 * limit is a <failure>, a benchmark that itself failed an <error>, a skipped one <skipped>; what is
 * merely worth reading goes to <system-out>.
 *
 * CI systems take "no failures" for success, so a comparison that is not fine without any failing
 * row (nothing was measured, a strict rule) gets a test case of its own that says so. XML 1.0
 * cannot hold most control characters at all, not even as references: they are shown as text
 * (\x1b), as everywhere.
 */
#include "report/internal.h"

#include "base/map.h"
#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <string.h>

struct suites {
    struct pfl_map index; /* name → number */
    size_t *of_row;       /* per row: number of its suite */
    size_t *order;        /* rows by suite, in the judge's order within */
    size_t *first;        /* per suite: its place in order; one more at the end */
    size_t n;
};

static void put_xml(struct pfl_report_words *words, struct pfl_buf *out, const char *raw)
{
    const char *text = pfl_text_shown(words->arena, raw);
    size_t len, step;
    uint32_t point;

    if (!text) {
        words->failed = true;
        return;
    }
    for (len = strlen(text); len > 0; text += step, len -= step) {
        step = pfl_text_decode(text, len, &point);
        switch (point) {
        case '&': pfl_buf_text(out, "&amp;"); break;
        case '<': pfl_buf_text(out, "&lt;"); break;
        case '>': pfl_buf_text(out, "&gt;"); break;
        case '"': pfl_buf_text(out, "&quot;"); break;
        case 0xFFFE:
        case 0xFFFF: pfl_buf_format(out, "\\u%04x", (unsigned)point); break;
        default: pfl_buf_add(out, text, step); break;
        }
    }
}

static void put_attribute(struct pfl_report_words *words, struct pfl_buf *out, const char *name,
                          const char *raw)
{
    pfl_buf_format(out, " %s=\"", name);
    put_xml(words, out, raw);
    pfl_buf_char(out, '"');
}

/* The suite a benchmark belongs to: as its run says, else what stands before the first / or [. */
static const char *suite_of(struct pfl_report_words *words, const struct pfl_comparison *comparison,
                            const struct pfl_row *row)
{
    const struct pfl_benchmark *bench =
        comparison->head ? pfl_run_find(comparison->head, row->benchmark) : NULL;

    if (!bench && comparison->base)
        bench = pfl_run_find(comparison->base, row->benchmark);
    if (bench && bench->suite && *bench->suite)
        return bench->suite;
    return pfl_report_format(words, "%.*s", (int)strcspn(row->benchmark, "/["), row->benchmark);
}

/* Rows grouped by suite, suites in the order of their first row: a counting sort. */
static bool group(struct pfl_report_words *words, const struct pfl_comparison *comparison,
                  struct suites *suites)
{
    size_t n = comparison->row_count, i, *known;
    const char *name;

    suites->of_row = pfl_arena_array(words->arena, n + 1, sizeof *suites->of_row);
    suites->order = pfl_arena_array(words->arena, n + 1, sizeof *suites->order);
    suites->first = pfl_arena_array(words->arena, n + 2, sizeof *suites->first);
    if (!suites->of_row || !suites->order || !suites->first)
        return false;
    for (i = 0; i < n; i++) {
        name = suite_of(words, comparison, &comparison->rows[i]);
        known = pfl_map_get(&suites->index, name);
        suites->of_row[i] = known ? *known : suites->n;
        if (!known && !pfl_map_set(&suites->index, name, suites->n++))
            return false;
        suites->first[suites->of_row[i] + 1]++;
    }
    for (i = 0; i < suites->n; i++)
        suites->first[i + 1] += suites->first[i];
    for (i = 0; i < n; i++)
        suites->order[suites->first[suites->of_row[i]]++] = i;
    for (i = suites->n; i > 0; i--)
        suites->first[i] = suites->first[i - 1];
    suites->first[0] = 0;
    return true;
}

enum outcome { PASSED, FAILURE, ERROR, SKIPPED, OUTCOMES };

static enum outcome outcome_of(const struct pfl_comparison *comparison, const struct pfl_row *row)
{
    if (row->verdict == PFL_VERDICT_SKIPPED)
        return SKIPPED;
    if (!pfl_report_fails(comparison, row))
        return PASSED;
    return row->verdict == PFL_VERDICT_FAILED && !pfl_report_is_limit(row) ? ERROR : FAILURE;
}

static void put_problem(struct pfl_report_words *words, struct pfl_buf *out, enum outcome outcome,
                        const struct pfl_row *row)
{
    static const char *const elements[OUTCOMES] = {"", "failure", "error", "skipped"};
    const char *reason = row->reason ? row->reason : "";

    pfl_buf_format(out, ">\n      <%s", elements[outcome]);
    if (outcome == SKIPPED) {
        put_attribute(words, out, "message", *reason ? reason : "skipped");
        pfl_buf_text(out, "/>\n    </testcase>\n");
        return;
    }
    put_attribute(words, out, "type", pfl_verdict_text(row->verdict));
    put_attribute(words, out, "message", pfl_report_message(words, row));
    pfl_buf_char(out, '>');
    put_xml(words, out, reason);
    if (row->gate_file && *row->gate_file) {
        pfl_buf_text(out, "\ngate: ");
        put_xml(words, out, row->gate_file);
        pfl_buf_format(out, ":%d", row->gate_line);
    }
    if (row->snapshot) {
        pfl_buf_text(out, "\nsnapshot: ");
        put_xml(words, out, row->snapshot);
    }
    if (row->bisect) {
        pfl_buf_text(out, "\nfind the commit: ");
        put_xml(words, out, row->bisect);
    }
    pfl_buf_format(out, "</%s>\n    </testcase>\n", elements[outcome]);
}

static void put_case(struct pfl_report_words *words, struct pfl_buf *out,
                     const struct pfl_comparison *comparison, const struct pfl_row *row,
                     const char *suite)
{
    enum outcome outcome = outcome_of(comparison, row);
    const char *metric = pfl_report_metric(words, row);
    char seconds[PFL_UNITS_NUMBER_MAX];

    pfl_buf_text(out, "    <testcase");
    put_attribute(words, out, "classname", suite);
    put_attribute(words, out, "name",
                  *metric ? pfl_report_format(words, "%s: %s", row->benchmark, metric)
                          : row->benchmark);
    if (row->head.present && !row->head.text && row->unit && strcmp(row->unit, "s") == 0 &&
        isfinite(row->head.median)) {
        pfl_units_number_text(seconds, row->head.median);
        put_attribute(words, out, "time", seconds);
    }
    if (outcome != PASSED) {
        put_problem(words, out, outcome, row);
        return;
    }
    pfl_buf_text(out, ">\n      <system-out>");
    put_xml(words, out,
            pfl_report_format(
                words, "%s: %s%s%s", pfl_report_verdict(row), pfl_report_finding(words, row),
                row->reason && *row->reason ? "; " : "", row->reason ? row->reason : ""));
    pfl_buf_text(out, "</system-out>\n    </testcase>\n");
}

static void count(const struct pfl_comparison *comparison, const struct suites *suites,
                  size_t suite, size_t counts[OUTCOMES])
{
    size_t i;

    for (i = suites->first[suite]; i < suites->first[suite + 1]; i++)
        counts[outcome_of(comparison, &comparison->rows[suites->order[i]])]++;
}

static void put_counts(struct pfl_buf *out, size_t tests, const size_t counts[OUTCOMES])
{
    pfl_buf_format(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n", tests,
                   counts[FAILURE], counts[ERROR], counts[SKIPPED]);
}

static void put_suite(struct pfl_report_words *words, struct pfl_buf *out,
                      const struct pfl_comparison *comparison, const struct suites *suites,
                      size_t suite)
{
    const char *name = suites->index.entries[suite].key;
    size_t counts[OUTCOMES] = {0}, i;

    count(comparison, suites, suite, counts);
    pfl_buf_text(out, "  <testsuite");
    put_attribute(words, out, "name", name);
    put_counts(out, suites->first[suite + 1] - suites->first[suite], counts);
    for (i = suites->first[suite]; i < suites->first[suite + 1]; i++)
        put_case(words, out, comparison, &comparison->rows[suites->order[i]], name);
    pfl_buf_text(out, "  </testsuite>\n");
}

/* Not fine, and no row says so: the outcome itself is the failing test. */
static void put_outcome(struct pfl_report_words *words, struct pfl_buf *out,
                        const struct pfl_comparison *comparison)
{
    const size_t counts[OUTCOMES] = {[ERROR] = 1};

    pfl_buf_text(out, "  <testsuite name=\"perfledger\"");
    put_counts(out, 1, counts);
    pfl_buf_text(
        out,
        "    <testcase classname=\"perfledger\" name=\"outcome\">\n      <error type=\"outcome\"");
    put_attribute(words, out, "message", pfl_report_outcome(words, comparison));
    pfl_buf_text(out, "/>\n    </testcase>\n  </testsuite>\n");
}

/* A suite without cases: CI systems show its output, and count nothing. */
static void put_machine(struct pfl_report_words *words, struct pfl_buf *out,
                        const struct pfl_machine_effect *machine)
{
    const size_t counts[OUTCOMES] = {0};

    pfl_buf_text(out, "  <testsuite name=\"machine\"");
    put_counts(out, 0, counts);
    pfl_buf_text(out, "    <system-out>");
    put_xml(words, out,
            pfl_report_format(words,
                              "the whole machine moved by %s (yardstick: %s): one machine effect, "
                              "taken out of the changes",
                              pfl_report_change(words, machine->ratio), machine->yardstick));
    pfl_buf_text(out, "</system-out>\n  </testsuite>\n");
}

static void put_document(struct pfl_report_words *words, struct pfl_buf *out,
                         const struct pfl_comparison *comparison, const struct suites *suites)
{
    size_t counts[OUTCOMES] = {0}, i;
    bool silent;

    for (i = 0; i < suites->n; i++)
        count(comparison, suites, i, counts);
    silent = !comparison->ok && counts[FAILURE] + counts[ERROR] == 0;
    counts[ERROR] += silent;
    pfl_buf_text(out,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"perfledger\"");
    put_counts(out, comparison->row_count + silent, counts);
    for (i = 0; i < suites->n; i++)
        put_suite(words, out, comparison, suites, i);
    if (comparison->machine.present)
        put_machine(words, out, &comparison->machine);
    if (silent)
        put_outcome(words, out, comparison);
    pfl_buf_text(out, "</testsuites>\n");
}

static int write_junit(const struct pfl_comparison *comparison,
                       const struct pfl_report_style *style, struct pfl_arena *arena,
                       struct pfl_buf *out, struct pfl_err *err)
{
    struct pfl_report_words words;
    struct suites suites = {0};
    int rc;

    (void)style;
    pfl_report_words_init(&words, arena);
    pfl_map_init(&suites.index);
    if (group(&words, comparison, &suites))
        put_document(&words, out, comparison, &suites);
    else
        words.failed = true;
    pfl_map_release(&suites.index);
    rc = pfl_report_words_release(&words, err);
    return rc < 0 ? rc : pfl_buf_check(out, err, "writing the comparison as JUnit XML");
}

const struct pfl_report_format pfl_report_junit = {
    .name = "junit", .summary = "JUnit XML, for CI systems", .comparison = write_junit};
