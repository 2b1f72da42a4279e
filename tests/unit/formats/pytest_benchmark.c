/* pytest-benchmark: with and without rounds, old files, extra_info, damage, and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "taken.h"
#include "written.h"

int test_formats_pytest_benchmark(void);

#define WHOLE                                                                                      \
    "{\"machine_info\":{\"node\":\"lab\",\"system\":\"Linux\",\"cpu\":{\"brand_raw\":\"A CPU\","   \
    "\"count\":8}},\"commit_info\":{\"id\":\"1f0c\",\"time\":\"2024-01-02T03:04:05+01:00\","       \
    "\"dirty\":true,\"branch\":\"main\"},\n\"benchmarks\":[\n"                                     \
    "{\"group\":\"g\",\"name\":\"test_p[1-x]\",\"fullname\":\"a.py::test_p[1-x]\",\"params\":"     \
    "{\"n\":1,\"how\":\"x\",\"odd\":[1]},\"param\":\"1-x\",\"extra_info\":{},\"stats\":{\"min\":"  \
    "1,"                                                                                           \
    "\"rounds\":2,\"mean\":1.5,\"data\":[0.001,2e-3],\"iterations\":7,\"outliers\":\"1;2\"}}],\n"  \
    "\"datetime\":\"2024-01-02T03:04:06.789012\",\"version\":\"4.0.0\"}\n"

static const struct taken_case cases[] = {
    {WHOLE,
     "run pytest-benchmark on lab (A CPU, 0 CPUs) at 1704164646 {pytest-benchmark: 4.0.0}\n"
     "a.py::test_p[1-x] <g> {how: x, n: 1}\n  time s lower 0.001 0.002\n",
     NULL, false},
    /* 2.5: no data, no date's zone, group null; the quartiles say the interval */
    {"{\"benchmarks\":[{\"fullname\":\"a.py::b\",\"name\":\"b\",\"group\":null,\"stats\":{\"q3\":4,"
     "\"q1\":2,\"median\":3,\"rounds\":100,\"stddev\":1,\"min\":1,\"max\":9,\"mean\":3.5}}],"
     "\"commit_info\":{},\"machine_info\":{}}",
     "when it was measured is not understood: \"\"\n"
     "1 benchmarks do not have all their rounds (saved without --benchmark-save-data?): their "
     "intervals are made from the quartiles\n"
     "run pytest-benchmark\na.py::b\n  time s lower ~100 3 [2.686 3.314] mean 3.5 sd 1 min 1 max "
     "9\n",
     NULL, false},
    /* rounds that were cut: those that are there stay beside the summary; none and a text */
    {"{\"benchmarks\":[{\"fullname\":\"cut\",\"stats\":{\"median\":2,\"rounds\":9,\"mean\":2,"
     "\"stddev\":0.5,\"data\":[1,null,\"... omitted\"]}},{\"name\":\"text\",\"param\":\"7\","
     "\"stats\":{\"mean\":2,\"rounds\":1,\"data\":\"omitted\"}},{\"name\":\"few\",\"stats\":{"
     "\"data\":[4,NaN]}}],\"datetime\":\"2024-01-02\"}",
     "2 benchmarks do not have all their rounds (saved without --benchmark-save-data?): their "
     "intervals are made from the quartiles\n"
     "run pytest-benchmark at 1704153600\n"
     "cut\n  time s lower 1 - ~9 2 [1.6157 2.3843] mean 2 sd 0.5\n"
     "few\n  time s lower 4 -\ntext {param: 7}\n  time s lower ~1 2 mean 2\n",
     NULL, false},
    /* extra_info: numbers only, no text of one; what is called as a metric is none */
    {"{\"benchmarks\":[{\"fullname\":\"x\",\"extra_info\":{\"rows\":12.5,\"time\":3,\"id\":\"7\","
     "\"b\":true,\"rows\":13,\"page_faults\":1},\"stats\":{\"data\":[1]}}],\"datetime\":"
     "\"2024-01-02\"}",
     "which way of rows (1) is better is not in the file: say it with --better lower|higher; until "
     "then its changes are neither good nor bad\n"
     "which way of extra:time (1) is better is not in the file: say it with --better lower|higher; "
     "until then its changes are neither good nor bad\n"
     "x has rows several times: this one is kept as rows#2\n"
     "run pytest-benchmark at 1704153600\n"
     "x\n  time s lower 1\n  page_faults 1 lower 1\n  extra:time 1 neither 3\n"
     "  rows 1 neither 12.5\n  rows#2 1 neither 13\n",
     NULL, false},
    /* one name three times; control characters; the same name as a numbered one */
    {"{\"benchmarks\":[{\"fullname\":\"a#2\",\"stats\":{\"data\":[1]}},{\"fullname\":\"a\","
     "\"stats\":{\"data\":[2]}},{\"fullname\":\"a\",\"stats\":{\"data\":[3]}},{\"fullname\":"
     "\"e\\u001b[31m\",\"stats\":{\"data\":[4]}}],\"datetime\":\"2024-01-02 03:04:05Z\"}",
     "a comes several times: this one is kept as a#3\n"
     "run pytest-benchmark at 1704164645\na\n  time s lower 2\na#2\n  time s lower 1\n"
     "a#3\n  time s lower 3\ne\x1b[31m\n  time s lower 4\n",
     NULL, false},
    /* oddities cost themselves */
    {"{\"benchmarks\":[7,{\"stats\":{\"data\":[1]}},{\"name\":\"none\",\"stats\":null},"
     "{\"name\":\"w\",\"group\":[1],\"params\":3,\"stats\":{\"rounds\":\"many\",\"data\":[1e308,"
     "-1,{},true]}},{\"name\":\"o\",\"stats\":[]}],\"datetime\":5,\"commit_info\":7}",
     "1:16 expected an object, found a number: left out\n"
     "1:39 a benchmark without a name is left out\n"
     "1:68 none has neither rounds nor a mean\n"
     "1:90 expected a text, found an array: left out\n"
     "1:103 expected an object, found a number: left out\n"
     "1:123 expected a number, found a string: left out\n"
     "1:147 expected a number, found an object: left out\n"
     "1:150 expected a number, found true or false: left out\n"
     "1:178 expected an object, found an array: left out\n"
     "1:180 o has neither rounds nor a mean\n"
     "1:210 expected an object, found a number: left out\n"
     "when it was measured is not understood: \"5\"\n"
     "run pytest-benchmark\nnone\no\nw\n  time s lower 1e+308 -1\n",
     NULL, true},
    {"{\"machine_info\":{},\"commit_info\":{},\"benchmarks\":[{\"stats\":",
     "1:60 error: expected a value, found the end of the input\n", NULL, false},
    {"", "1:1 error: expected a value, found the end of the input\n", NULL, true},
};

static void files_are_read(void **state)
{
    (void)state;
    taken_check("pytest-benchmark", cases, PFL_COUNT(cases));
}

static void damage_is_borne(void **state)
{
    (void)state;
    taken_damage("pytest-benchmark", WHOLE, true);
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    written_again(
        "pytest-benchmark",
        "{\"benchmarks\":[{\"group\":\"g\",\"fullname\":\"a.py::t[1]\",\"params\":{\"n\":"
        "\"1\"},\"stats\":{\"rounds\":3,\"data\":[1.7e-9,0.1,0.30000000000000004]}}],"
        "\"machine_info\":{\"node\":\"n\",\"cpu\":{\"brand_raw\":\"c\"},\"machine\":\"m\","
        "\"system\":\"s\",\"release\":\"r\"},\"commit_info\":{\"id\":\"ab\"},\"version\":"
        "\"4.0.0\",\"datetime\":\"2024-01-02T03:04:05.000000Z\"}");
}

int test_formats_pytest_benchmark(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(damage_is_borne),
        cmocka_unit_test(what_is_written_is_read_again),
    };

    return cmocka_run_group_tests_name("formats_pytest_benchmark", tests, NULL, NULL);
}
