/* Files that the tools themselves wrote: what comes out of them is counted, and told by content.
 * That the numbers are right is the differential test's business. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flow/exchange/exchange.h"
#include "taken.h"

int test_formats_real_files(void);

struct counts {
    size_t runs, benchmarks, values, summaries, warnings;
};

static const struct {
    const char *name, *format;
    struct counts counts;
} files[] = {
    {"criterion/Fibonacci", "criterion", {1, 1, 100, 0, 0}},
    {"criterion/Fibonacci/Iterative/base", "criterion", {1, 1, 100, 0, 0}},
    {"criterion/many.txt", "criterion-text", {1, 5, 0, 5, 1}},
    {"benchmarkdotnet/two.json", "benchmarkdotnet", {1, 2, 0, 2, 1}},
    {"nanobench/render.json", "nanobench", {1, 2, 154, 0, 0}},
    {"pyperf/telco.json", "pyperf", {1, 1, 160, 0, 0}},
    {"pyperf/track_memory.json", "pyperf", {1, 1, 6, 0, 0}},
    {"pyperf/py3.json.gz", "pyperf", {1, 1, 80, 0, 0}},
    {"go/five.txt", "go", {1, 5, 5, 0, 0}},
    {"go/duplicate_names.txt", "go", {1, 4, 16, 0, 0}},
    {"libtest/many.txt", "libtest", {1, 6, 0, 6, 1}},
    {"libtest/issue_390.txt", "libtest", {1, 4, 0, 4, 1}},
    {"catch2/two.txt", "catch2", {1, 2, 0, 2, 1}},
    {"gungraun/callgrind-all.txt", "gungraun", {1, 2, 67, 0, 1}},
    {"gungraun/json_pretty_two_callgrind.txt", "gungraun", {1, 2, 4, 0, 0}},
    {"iai/two.txt", "iai", {1, 2, 10, 0, 0}},
    {"bmf/report_latency.json", "bmf", {1, 3, 3, 0, 1}},
    {"github-action-benchmark/customSmallerIsBetter.json",
     "github-action-benchmark",
     {1, 2, 1, 1, 3}},
    {"github-action-benchmark/customBiggerIsBetter.json",
     "github-action-benchmark",
     {1, 2, 1, 1, 2}},
    {"github-action-benchmark/data.js", "github-action-benchmark", {1, 1, 0, 1, 1}},
    {"github-action-benchmark/gh-pages-data.js",
     "github-action-benchmark",
     {1832, 4181, 1371, 2810, 3}},
};

static int count_run(void *context, struct pfl_run *run, struct pfl_arena *arena,
                     struct pfl_err *err)
{
    struct counts *counts = context;
    size_t i, j, k;

    (void)arena;
    (void)err;
    counts->runs++;
    counts->benchmarks += run->benchmark_count;
    for (i = 0; i < run->benchmark_count; i++)
        for (j = 0; j < run->benchmarks[i].result_count; j++) {
            const struct pfl_result *result = &run->benchmarks[i].results[j];

            counts->summaries += result->summary_only;
            for (k = 0; k < result->n; k++)
                counts->values += isnan(result->values[k]) ? 0 : 1;
        }
    return PFL_OK;
}

static int count_warning(void *context, const struct pfl_format_place *place, const char *what)
{
    (void)place;
    (void)what;
    ((struct counts *)context)->warnings++;
    return PFL_OK;
}

static void real_files_are_read(void **state)
{
    static const struct pfl_exchange exchange = {.format = NULL};
    const struct pfl_format *format;
    char path[4096];
    size_t i, done = 0;

    (void)state;
    for (i = 0; i < PFL_COUNT(files); i++) {
        struct counts counts = {0};
        const struct pfl_format_sink sink = {
            .run = count_run, .warn = count_warning, .context = &counts};

        if (!taken_real(path, files[i].name))
            continue;
        assert_int_equal(pfl_exchange_read(&exchange, path, &sink, &format, NULL), PFL_OK);
        assert_string_equal(format->name, files[i].format);
        assert_memory_equal(&counts, &files[i].counts, sizeof counts);
        done++;
    }
    if (done == 0)
        skip();
}

int test_formats_real_files(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_files_are_read),
    };

    return cmocka_run_group_tests_name("formats/real_files", tests, NULL, NULL);
}
