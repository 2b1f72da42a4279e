/* OpenMetrics text: families, labels with hostile names, the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "written.h"

int test_formats_openmetrics(void);

static void runs_are_written(void **state)
{
    (void)state;
    written_check(
        "openmetrics",
        "# TYPE perfledger_median_peak_rss_bytes gauge\n"
        "# UNIT perfledger_median_peak_rss_bytes bytes\n"
        "# HELP perfledger_median_peak_rss_bytes median: peak resident memory of the largest "
        "process\n"
        "perfledger_median_peak_rss_bytes{benchmark=\"pipeline[seed=1,size=2]\",suite=\"pipeline\","
        "metric=\"peak_rss\",variant=\"x\",machine=\"box\"} 7\n"
        "# TYPE perfledger_low_peak_rss_bytes gauge\n"
        "# UNIT perfledger_low_peak_rss_bytes bytes\n"
        "# HELP perfledger_low_peak_rss_bytes lower end of the median's 95 % interval: peak "
        "resident memory of the largest process\n"
        "perfledger_low_peak_rss_bytes{benchmark=\"pipeline[seed=1,size=2]\",suite=\"pipeline\","
        "metric=\"peak_rss\",variant=\"x\",machine=\"box\"} 6\n"
        "# TYPE perfledger_high_peak_rss_bytes gauge\n"
        "# UNIT perfledger_high_peak_rss_bytes bytes\n"
        "# HELP perfledger_high_peak_rss_bytes upper end of the median's 95 % interval: peak "
        "resident memory of the largest process\n"
        "perfledger_high_peak_rss_bytes{benchmark=\"pipeline[seed=1,size=2]\",suite=\"pipeline\","
        "metric=\"peak_rss\",variant=\"x\",machine=\"box\"} 9\n"
        "# TYPE perfledger_median_throughput_bytes_per_second gauge\n"
        "# UNIT perfledger_median_throughput_bytes_per_second bytes_per_second\n"
        "# HELP perfledger_median_throughput_bytes_per_second median: work done per second of "
        "wall-clock time\n"
        "perfledger_median_throughput_bytes_per_second{benchmark=\"pipeline[seed=1,size=2]\",suite="
        "\"pipeline\",metric=\"throughput\",machine=\"box\"} 1500000\n"
        "# TYPE perfledger_low_throughput_bytes_per_second gauge\n"
        "# UNIT perfledger_low_throughput_bytes_per_second bytes_per_second\n"
        "# HELP perfledger_low_throughput_bytes_per_second lower end of the median's 95 % "
        "interval: work done per second of wall-clock time\n"
        "# TYPE perfledger_high_throughput_bytes_per_second gauge\n"
        "# UNIT perfledger_high_throughput_bytes_per_second bytes_per_second\n"
        "# HELP perfledger_high_throughput_bytes_per_second upper end of the median's 95 % "
        "interval: work done per second of wall-clock time\n"
        "# TYPE perfledger_median_time_seconds gauge\n"
        "# UNIT perfledger_median_time_seconds seconds\n"
        "# HELP perfledger_median_time_seconds median: wall-clock time of a launch\n"
        "perfledger_median_time_seconds{benchmark=\"a "
        "b\\\\x1b[3m\\\"\",metric=\"time\",machine=\"box\"} 2.0000000000000005e-09\n"
        "perfledger_median_time_seconds{benchmark=\"pipeline[seed=1,size=2]\",suite=\"pipeline\","
        "metric=\"time\",machine=\"box\"} 2\n"
        "# TYPE perfledger_low_time_seconds gauge\n"
        "# UNIT perfledger_low_time_seconds seconds\n"
        "# HELP perfledger_low_time_seconds lower end of the median's 95 % interval: wall-clock "
        "time of a launch\n"
        "perfledger_low_time_seconds{benchmark=\"a "
        "b\\\\x1b[3m\\\"\",metric=\"time\",machine=\"box\"} 1e-09\n"
        "# TYPE perfledger_high_time_seconds gauge\n"
        "# UNIT perfledger_high_time_seconds seconds\n"
        "# HELP perfledger_high_time_seconds upper end of the median's 95 % interval: wall-clock "
        "time of a launch\n"
        "perfledger_high_time_seconds{benchmark=\"a "
        "b\\\\x1b[3m\\\"\",metric=\"time\",machine=\"box\"} 3.000000000000001e-09\n"
        "# TYPE perfledger_values gauge\n"
        "# HELP perfledger_values values behind a median\n"
        "perfledger_values{benchmark=\"pipeline[seed=1,size=2]\",suite=\"pipeline\",metric=\"peak_"
        "rss\",variant=\"x\",machine=\"box\"} 5\n"
        "perfledger_values{benchmark=\"pipeline[seed=1,size=2]\",suite=\"pipeline\",metric="
        "\"throughput\",machine=\"box\"} 1\n"
        "perfledger_values{benchmark=\"a b\\\\x1b[3m\\\"\",metric=\"time\",machine=\"box\"} 2\n"
        "perfledger_values{benchmark=\"pipeline[seed=1,size=2]\",suite=\"pipeline\",metric="
        "\"time\",machine=\"box\"} 1\n"
        "# TYPE perfledger_run info\n"
        "# HELP perfledger_run where this comes from\n"
        "perfledger_run_info{run=\"0011223344556677\",commit=\"0123456789\",machine=\"box\",tool="
        "\"perfledger\"} 1\n"
        "# TYPE perfledger_run_timestamp_seconds gauge\n"
        "# UNIT perfledger_run_timestamp_seconds seconds\n"
        "# HELP perfledger_run_timestamp_seconds when the run began\n"
        "perfledger_run_timestamp_seconds 1700000000.5\n"
        "# EOF\n");
}

/* Metrics whose names differ only in what no family's name can hold; nothing to tell. */
static void families_stand_together(void **state)
{
    struct pfl_result results[] = {
        {.metric = "a.b", .unit = "1", .variant = "", .summary = {1, 1, 1, 1, 1, NAN, 1, 1, 1, 1}},
        {.metric = "z",
         .unit = "1",
         .variant = "",
         .summary = {1, 2, NAN, NAN, 2, NAN, 2, 2, 2, 2}},
        {.metric = "a_b",
         .unit = "apples",
         .variant = "",
         .summary = {1, 3, 3, 3, 3, NAN, 3, 3, 3, 3}},
        {.metric = "none",
         .unit = "1",
         .variant = "",
         .summary = {0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN}},
    };
    struct pfl_benchmark bench = {
        .name = "x", .suite = "", .results = results, .result_count = PFL_COUNT(results)};
    struct pfl_run run = {.id = "", .tool = "", .benchmarks = &bench, .benchmark_count = 1};
    const struct pfl_format *format = pfl_format_find("openmetrics");
    struct pfl_buf out;
    const char *lost, *first, *second, *other;

    (void)state;
    run.revision = (struct pfl_revision){.commit = "", .branch = ""};
    run.machine.id = "m";
    pfl_buf_init(&out, 1 << 20);
    assert_int_equal(format->write(&run, &out, &lost, NULL), PFL_OK);
    first =
        strstr(out.data, "perfledger_median_a_b{benchmark=\"x\",metric=\"a.b\",machine=\"m\"} 1");
    second =
        strstr(out.data, "perfledger_median_a_b{benchmark=\"x\",metric=\"a_b\",unit=\"apples\"");
    other = strstr(out.data, "# TYPE perfledger_median_z gauge");
    assert_true(first && second && other);
    assert_true((first < other) == (second < other));
    assert_null(strstr(out.data, "perfledger_low_z{"));
    assert_null(strstr(out.data, "none"));
    assert_string_equal(out.data + out.len - 6, "# EOF\n");
    pfl_buf_release(&out);
}

int test_formats_openmetrics(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_are_written),
        cmocka_unit_test(families_stand_together),
    };

    return cmocka_run_group_tests_name("formats/openmetrics", tests, NULL, NULL);
}
