/* Google Benchmark: repetitions, aggregates alone, counters, errors, BigO, old files, damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "taken.h"
#include "written.h"

int test_formats_google_benchmark(void);

#define FILE_OF(entries)                                                                           \
    "{\"context\":{\"library_build_type\":\"release\"},\"benchmarks\":[" entries "]}"
#define RUN "run Google Benchmark {library_build_type: release}\n"

/* Two repetitions that do not stand together, in two units; what aggregates say is known. */
#define WHOLE                                                                                      \
    "{\"context\":{\"date\":\"2024-03-01T10:00:00+01:00\",\"host_name\":\"lab\",\"num_cpus\":4,"   \
    "\"caches\":[{\"type\":\"Data\"}],\"cpu_scaling_enabled\":false},\n\"benchmarks\":[\n"         \
    "{\"name\":\"BM_a/8\",\"run_name\":\"BM_a/8\",\"run_type\":\"iteration\",\"repetitions\":2,"   \
    "\"repetition_index\":0,\"threads\":1,\"iterations\":9,\"real_time\":12.5,\"cpu_time\":12,"    \
    "\"time_unit\":\"ns\",\"label\":\"x\"},\n"                                                     \
    "{\"name\":\"BM_b\",\"run_name\":\"BM_b\",\"run_type\":\"iteration\",\"iterations\":1,"        \
    "\"real_time\":1.5,\"cpu_time\":1.25,\"time_unit\":\"s\"},\n"                                  \
    "{\"name\":\"BM_a/8\",\"run_name\":\"BM_a/8\",\"run_type\":\"iteration\",\"real_time\":0.5,"   \
    "\"cpu_time\":0.25,\"time_unit\":\"us\"},\n"                                                   \
    "{\"name\":\"BM_a/8_mean\",\"run_name\":\"BM_a/8\",\"run_type\":\"aggregate\","                \
    "\"aggregate_name\":\"mean\",\"real_time\":99,\"cpu_time\":99,\"time_unit\":\"ns\"}]}\n"

#define FAMILY(name, family, instance, index, time)                                                \
    "{\"name\":\"" name "\",\"family_index\":" family ",\"per_family_instance_index\":" instance   \
    ",\"run_type\":\"iteration\",\"repetition_index\":" index ",\"real_time\":" time               \
    ",\"time_unit\":\"s\"}"
#define AGGREGATE(family, aggregate, time)                                                         \
    "{\"name\":\"a_" aggregate "\",\"run_name\":\"a\",\"family_index\":" family                    \
    ",\"run_type\":\"aggregate\",\"aggregate_name\":\"" aggregate "\",\"real_time\":" time         \
    ",\"time_unit\":\"s\"}"

static const struct taken_case cases[] = {
    {WHOLE,
     "run Google Benchmark on lab at 1709283600 {cpu_scaling_enabled: false}\n"
     "BM_a/8\n  time s lower 1.2500000000000001e-08 5e-07\n  cpu s lower 1.2000000000000002e-08 "
     "2.5e-07\n"
     "BM_b\n  time s lower 1.5\n  cpu s lower 1.25\n",
     NULL, false},
    /* aggregates alone: a summary, its interval by Student's t; cv is none, others are said */
    {FILE_OF(
         "{\"name\":\"a_mean\",\"run_name\":\"a\",\"run_type\":\"aggregate\",\"repetitions\":4,"
         "\"aggregate_name\":\"mean\",\"real_time\":20,\"cpu_time\":10,\"bytes_per_second\":3e9},"
         "{\"name\":\"a_median\",\"run_name\":\"a\",\"run_type\":\"aggregate\",\"repetitions\":"
         "4,\"aggregate_name\":\"median\",\"real_time\":19,\"cpu_time\":9},"
         "{\"name\":\"a_stddev\",\"run_name\":\"a\",\"run_type\":\"aggregate\",\"repetitions\":"
         "4,\"aggregate_name\":\"stddev\",\"real_time\":2,\"cpu_time\":1},"
         "{\"name\":\"a_cv\",\"run_name\":\"a\",\"run_type\":\"aggregate\",\"aggregate_name\":"
         "\"cv\",\"real_time\":0.1,\"cpu_time\":0.1},"
         "{\"name\":\"a_p99\",\"run_name\":\"a\",\"run_type\":\"aggregate\",\"aggregate_name\":"
         "\"p99\",\"real_time\":30,\"cpu_time\":10}"),
     "1 aggregates other than mean, median and standard deviation (the first: a_p99) are left out\n"
     "1 benchmarks have aggregates only: their intervals are made from mean and standard "
     "deviation\n" RUN "a\n"
     "  time s lower ~4 1.9e-08 [1.6818e-08 2.3182e-08] mean 2e-08 sd 2e-09\n"
     "  cpu s lower ~4 9e-09 [8.4088e-09 1.1591e-08] mean 1e-08 sd 1e-09\n"
     "  throughput B/s higher ~4 3e+09 mean 3e+09\n",
     NULL, false},
    /* counters: known ones, rates, one that is called as a metric, one that comes later */
    {FILE_OF("{\"name\":\"c\",\"real_time\":1,\"time_unit\":\"ms\",\"bytes_per_second\":2e6,"
             "\"items_per_second\":3,\"hits_per_second\":4,\"allocs_per_iter\":5,\"time\":6,"
             "\"throughput\":7,\"instructions\":8,\"text\":\"no\",\"nested\":[1]},"
             "{\"name\":\"c\",\"real_time\":2,\"time_unit\":\"ms\",\"late\":NaN}"),
     "which way of counter:time (1) is better is not in the file: say it with --better "
     "lower|higher; until then its changes are neither good nor bad\n"
     "which way of counter:throughput (1) is better is not in the file: say it with --better "
     "lower|higher; until then its changes are neither good nor bad\n"
     "which way of late (1) is better is not in the file: say it with --better "
     "lower|higher; until then its changes are neither good nor bad\n" RUN "c\n"
     "  time s lower 0.001 0.002\n  throughput B/s higher 2000000\n  instructions 1 lower 8\n"
     "  alloc_count 1 lower 5\n  counter:throughput 1 neither 7\n  counter:time 1 neither 6\n"
     "  hits_per_second 1/s higher 4\n  items 1/s higher 3\n  late 1 neither -\n",
     NULL, false},
    /* failures: old and new words; only some of the repetitions */
    {FILE_OF(
         "{\"name\":\"e\",\"error_occurred\":true,\"error_message\":\"no file\",\"real_time\":0,"
         "\"cpu_time\":0,\"time_unit\":\"ns\"},"
         "{\"name\":\"s\",\"skipped\":\"skipped\",\"skip_message\":\"not here\"},"
         "{\"name\":\"n\",\"skipped\":\"error\",\"skip_message\":\"why\"},"
         "{\"name\":\"h\",\"real_time\":4,\"time_unit\":\"s\"},"
         "{\"name\":\"h\",\"error_occurred\":true,\"error_message\":\"second\"}"),
     "1:318 a repetition of h has no times: second\n" RUN "e failed: no file\n"
     "h\n  time s lower 4\nn failed: why\ns skipped: not here\n",
     NULL, false},
    /* complexity is of its family */
    {FILE_OF(
         "{\"name\":\"f_BigO\",\"run_name\":\"f\",\"run_type\":\"aggregate\",\"aggregate_name\":"
         "\"BigO\",\"cpu_coefficient\":2,\"real_coefficient\":3,\"big_o\":\"N\",\"time_unit\":"
         "\"ns\"},{\"name\":\"f_RMS\",\"run_name\":\"f\",\"run_type\":\"aggregate\",\"rms\":0.5}"),
     RUN "f\n  complexity_coefficient:cpu s lower 2e-09\n"
         "  complexity_coefficient:real s lower 3.0000000000000004e-09\n"
         "  complexity_rms 1 neither 0.5\n",
     NULL, false},
    /* before 1.4.1: told by names, unless the name is all there is */
    {FILE_OF("{\"name\":\"o\",\"real_time\":1,\"cpu_time\":1,\"time_unit\":\"s\"},"
             "{\"name\":\"o_mean\",\"real_time\":9,\"cpu_time\":9,\"time_unit\":\"s\"},"
             "{\"name\":\"only_mean\",\"real_time\":2,\"cpu_time\":2,\"time_unit\":\"s\"},"
             "{\"name\":\"p_mean\",\"real_time\":3,\"cpu_time\":3,\"time_unit\":\"s\"},"
             "{\"name\":\"p_stddev\",\"real_time\":1,\"cpu_time\":1,\"time_unit\":\"s\"}"),
     "1 benchmarks have aggregates only: their intervals are made from mean and standard "
     "deviation\n" RUN "o\n  time s lower 1\n  cpu s lower 1\n"
     "only_mean\n  time s lower 2\n  cpu s lower 2\n"
     "p\n  time s lower ~1 3 mean 3 sd 1\n  cpu s lower ~1 3 mean 3 sd 1\n",
     NULL, false},
    /* oddities cost themselves */
    {FILE_OF("7,{\"name\":\"x\",\"real_time\":\"soon\",\"cpu_time\":-1,\"time_unit\":\"h\"},"
             "{\"name\":\"y\",\"real_time\":1,\"time_unit\":\"MB\"},{\"real_time\":1},"
             "{\"name\":\"z\",\"real_time\":1e308,\"cpu_time\":null,\"time_unit\":\"h\"}"),
     "1:59 expected an object, found a number: left out\n"
     "1:85 expected a number, found a string: left out\n"
     "1:123 y: expected a unit of time, found `MB`: its times are left out\n"
     "1:123 y has no times\n"
     "1:167 a benchmark without a name is left out\n" RUN "x\n  cpu s lower -3600\ny\n"
     "z\n  time s lower -\n",
     NULL, false},
    /* two benchmarks of one name: by their family, by their place in it, by an index that comes
     * again; whose aggregates are whose */
    {FILE_OF(FAMILY("a", "0", "0", "0", "1") "," FAMILY("a", "1", "0", "0", "1000") ",\n" FAMILY(
         "a", "0", "0", "1", "2") "," FAMILY("a", "0", "1", "0", "70")),
     "1:1 a comes twice: this one is kept as a#2\n"
     "2:1 a comes several times: this one is kept as a#3\n" RUN
     "a\n  time s lower 1 2\na#2\n  time s lower 1000\na#3\n  time s lower 70\n",
     NULL, false},
    {FILE_OF("{\"name\":\"a\",\"repetition_index\":0,\"real_time\":1,\"time_unit\":\"s\"},"
             "{\"name\":\"a\",\"repetition_index\":1,\"real_time\":2,\"time_unit\":\"s\"},"
             "{\"name\":\"a\",\"repetition_index\":0,\"real_time\":10,\"time_unit\":\"s\"},"
             "{\"name\":\"a\",\"repetition_index\":1,\"real_time\":20,\"time_unit\":\"s\"}"),
     "1:1 a comes twice: this one is kept as a#2\n" RUN
     "a\n  time s lower 1 2\na#2\n  time s lower 10 20\n",
     NULL, false},
    {FILE_OF(AGGREGATE("0", "mean", "1") "," AGGREGATE("0", "stddev", "0.1") "," AGGREGATE(
         "1", "mean", "5") "," AGGREGATE("1", "stddev", "0.2")),
     "1:1 a comes twice: this one is kept as a#2\n"
     "2 benchmarks have aggregates only: their intervals are made from mean and standard "
     "deviation\n" RUN "a\n  time s lower ~1 1 mean 1 sd 0.1\na#2\n  time s lower ~1 5 mean 5 sd "
     "0.2\n",
     NULL, false},
    /* up to 1.8 names and errors are not escaped */
    {FILE_OF("{\"name\":\"a\tb\x1b[1m\nc\",\"real_time\":1,\"time_unit\":\"s\"},\n{\"name\":2,"
             "\"real_time\":[]}"),
     "3:23 expected a number, found an array: left out\n3:1 2 has no times\n"
     "1:67 control characters stand in strings as they are (this is the first): they are taken, "
     "though the file is no JSON for others\n" RUN "2\na\tb\x1b[1m\nc\n  time s lower 1\n",
     NULL, false},
    {"{\"benchmarks\":[]}", "", NULL, true},
    {"{\"benchmarks\":3}", "1:15 expected a list, found a number: left out\n", NULL, true},
    {"{\"benchmarks\":[{\"name\":\"a\",\"real_time\":1,",
     "1:42 error: expected a key, found the end of the input\n", NULL, false},
    {"", "1:1 error: expected a value, found the end of the input\n", NULL, true},
};

static void files_are_read(void **state)
{
    (void)state;
    taken_check("google-benchmark", cases, PFL_COUNT(cases));
}

static void damage_is_borne(void **state)
{
    (void)state;
    taken_damage("google-benchmark", WHOLE, true);
}

/* A hundred thousand entries of one name, and of as many: time grows with them, not faster. */
static void many_entries_are_read_in_one_pass(void **state)
{
    enum { N = 100000 };
    const struct pfl_format *format = pfl_format_find("google-benchmark");
    struct pfl_buf text, out;
    int i;

    (void)state;
    pfl_buf_init(&text, 64 << 20);
    pfl_buf_init(&out, 64 << 20);
    pfl_buf_text(&text, "{\"benchmarks\":[");
    for (i = 0; i < N; i++)
        pfl_buf_format(&text,
                       "%s{\"name\":\"a\",\"real_time\":%d},{\"name\":\"b%d\",\"real_time\":1},"
                       "{\"name\":\"c_mean\",\"real_time\":%d,\"c%d\":1}",
                       i ? "," : "", i, i, i, i);
    pfl_buf_text(&text, "]}");
    assert_int_equal(taken_text(format, text.data, text.len, NULL, &out), PFL_OK);
    assert_non_null(strstr(pfl_buf_cstr(&out), "\nb99999\n"));
    pfl_buf_release(&text);
    pfl_buf_release(&out);
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    written_again(
        "google-benchmark",
        "{\"context\":{\"date\":\"2024-03-01T10:00:00Z\",\"host_name\":\"lab\"},"
        "\"benchmarks\":[{\"name\":\"a\",\"real_time\":12.3,\"cpu_time\":0.1,\"time_unit\":"
        "\"us\"},{\"name\":\"a\",\"real_time\":1.7,\"cpu_time\":0.3,\"time_unit\":\"ns\","
        "\"bytes_per_second\":3}]}");
}

int test_formats_google_benchmark(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(damage_is_borne),
        cmocka_unit_test(many_entries_are_read_in_one_pass),
        cmocka_unit_test(what_is_written_is_read_again),
    };

    return cmocka_run_group_tests_name("formats_google_benchmark", tests, NULL, NULL);
}
