/* Bencher Metric Format: both forms, measures of known and unknown unit, intervals; writing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "written.h"

int test_formats_bmf(void);

static const struct taken_case cases[] = {
    {"{\"a.b\":{\"latency\":{\"value\":3247.5,\"lower_value\":1044.0,\"upper_value\":5450.0},\n"
     "\"throughput\":{\"value\":10,\"lower_value\":null}},\n"
     "\"c\":{\"build-time\":{\"value\":2},\"file-size\":{\"value\":9},\"i1-miss-rate\":{\"value\":"
     "50},\n"
     "\"cpu-seconds\":{\"value\":1},\"x-bytes\":{\"value\":4},\"page_faults\":{\"value\":3}}}",
     "run Bencher\n"
     "a.b\n"
     "  time s lower ~1 3.2475e-06 [1.044e-06 5.45e-06]\n"
     "  throughput 1/s higher 10\n"
     "c\n"
     "  cpu s lower 1\n"
     "  compile_time s lower 2\n"
     "  page_faults 1 lower 3\n"
     "  artifact_size B lower 9\n"
     "  i1-miss-rate 1 lower 0.5\n"
     "  x-bytes B lower 4\n",
     NULL, false},
    /* an interval beside its value, a measure of unknown unit, no value, wrong kinds */
    {"{\"a\":{\"latency\":{\"value\":3247,\"lower_value\":1044,\"upper_value\":1044},\n"
     "\"Final Blocks\":{\"value\":7},\"none\":{\"lower_value\":1},\"odd\":5},\n"
     "\"b\":7,\n"
     "\"c\":{\"Final Blocks\":{\"value\":\"8\"}}}",
     "2:28 none has no value: left out\n"
     "2:59 expected an object, found a number: left out\n"
     "1:7 latency: lower_value and upper_value do not hold the value between them: left out, here "
     "and wherever it is so\n"
     "2:1 the unit of Final Blocks and which way is better are not in the file: taken as a plain "
     "number of which neither is; say it with --unit and --better\n"
     "3:5 expected an object, found a number: left out\n"
     "4:30 expected a number, found a string: left out\n"
     "4:6 Final Blocks has no value: left out\n"
     "run Bencher\n"
     "a\n"
     "  time s lower 3.247e-06\n"
     "  Final Blocks 1 neither 7\n"
     "c\n",
     NULL, false},
    /* --unit */
    {"{\"a\":{\"Final Blocks\":{\"value\":7}}}",
     "run Bencher\n"
     "a\n"
     "  Final Blocks B lower 7000\n",
     "kB", false},
    /* the newer form: parameters in any order, repeated measures */
    {"{\"t\":[{\"parameters\":{\"size_mb\":16,\"op\":\"read\"},\"measures\":{\"latency\":{"
     "\"value\":1,\"p50\":10}}},\n"
     "{\"parameters\":{\"op\":\"read\",\"size_mb\":16.0},\"measures\":{\"latency\":{\"value\":2},"
     "\"throughput\":{\"value\":9}}},\n"
     "{\"measures\":{\"latency\":{\"value\":7}}},5]}",
     "3:38 expected an object, found a number: left out\n"
     "run Bencher\n"
     "t\n"
     "  time s lower 7.000000000000001e-09\n"
     "t[op=read,size_mb=16] {op: read, size_mb: 16}\n"
     "  time s lower 1e-09 2e-09\n"
     "  throughput 1/s higher 9\n",
     NULL, false},
    {"{\"a\":{\"latency\":{\"value\":1e308}},\"a\":{\"latency\":{\"value\":-1}},\"\":{\"latency\":{"
     "\"value\":1}}}",
     "a benchmark has no name: it is kept as (no name)\n"
     "run Bencher\n"
     "(no name)\n"
     "  time s lower 1e-09\n"
     "a\n"
     "  time s lower 1e+299 -1e-09\n",
     NULL, false},
    {"{}", "", NULL, true},
    {"[]", "1:1 expected an object, found an array: left out\n", NULL, true},
};

static void files_are_read(void **state)
{
    (void)state;
    taken_check("bmf", cases, PFL_COUNT(cases));
}

static void damage_is_borne(void **state)
{
    (void)state;
    taken_damage("bmf", cases[0].text, true);
    taken_damage("bmf", cases[3].text, true);
}

static void runs_are_written(void **state)
{
    (void)state;
    written_again("bmf", "{\"a\":{\"latency\":{\"value\":3.3},\"throughput\":{\"value\":0.1}},"
                         "\"b[x=1]\":{\"cpu-seconds\":{\"value\":0.3},\"x-bytes\":{\"value\":5}}}");
    written_again("bmf", cases[0].text);
    written_check(
        "bmf",
        "{\n  \"a b\\u001b[3m\\\"\": {\n    \"latency\": {\n      \"value\": 2.0000000000000004,\n"
        "      \"lower_value\": 1,\n      \"upper_value\": 3.0000000000000004\n    }\n  },\n"
        "  \"pipeline[seed=1,size=2]\": {\n    \"latency\": {\n      \"value\": 2000000000\n"
        "    },\n    \"throughput\": {\n      \"value\": 1500000\n    },\n"
        "    \"peak_rss:x-bytes\": {\n      \"value\": 7,\n      \"lower_value\": 6,\n"
        "      \"upper_value\": 9\n    }\n  }\n}\n");
}

int test_formats_bmf(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(damage_is_borne),
        cmocka_unit_test(runs_are_written),
    };

    return cmocka_run_group_tests_name("formats/bmf", tests, NULL, NULL);
}
