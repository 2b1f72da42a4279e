/* pyperf: runs as launches, metadata at three levels, units, old and other people's files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "taken.h"

int test_formats_pyperf(void);

#define SUITE                                                                                      \
    "{\"benchmarks\":[\n"                                                                          \
    "{\"metadata\":{\"name\":\"a\",\"loops\":8},\"runs\":[\n"                                      \
    "{\"metadata\":{\"date\":\"2024-01-31 12:00:05.25\",\"calibrate_loops\":8,"                    \
    "\"mem_max_rss\":1},\"warmups\":[[8,0.5]]},\n"                                                 \
    "{\"metadata\":{\"date\":\"2024-01-31 12:00:10\",\"duration\":2.5,\"mem_max_rss\":4096},"      \
    "\"values\":[0.25,0.5],\"warmups\":[[8,0.75]]},\n"                                             \
    "{\"metadata\":{\"mem_max_rss\":8192},\"values\":[0.125]}]},\n"                                \
    "{\"metadata\":{\"name\":\"b\",\"unit\":\"byte\"},\"runs\":[{\"values\":[7360512]}]}],\n"      \
    "\"metadata\":{\"hostname\":\"apu\",\"cpu_model_name\":\"i7\",\"cpu_count\":8,"                \
    "\"python_version\":\"3.6.3\",\"loops\":2,\"tags\":[\"x\"]},\"version\":\"1.0\"}\n"

static const struct taken_case cases[] = {
    {SUITE,
     "run pyperf on apu (i7, 8 CPUs) at 1706702405 {loops: 2, python_version: 3.6.3}\n"
     "a\n  time s lower 0.25 0.5 0.125 @0 0 1\n  peak_rss B lower 4096 8192 @0 1\n"
     "b\n  memory B lower 7360512\n",
     NULL, false},
    /* what all runs have in common stands at the root; command_max_rss is the command's */
    {"{\"benchmarks\":[{\"runs\":[{\"values\":[1]},{\"values\":[2]}]}],\"metadata\":{\"name\":"
     "\"sleep\",\"command_max_rss\":2048,\"mem_max_rss\":4096,\"unit\":\"second\"}}",
     "run pyperf\nsleep\n  time s lower 1 2 @0 1\n  peak_rss B lower 2048 2048 @0 1\n", NULL,
     false},
    /* before format 6; dates with a T */
    {"{\"version\":5,\"benchmarks\":[{\"common_metadata\":{\"name\":\"old\",\"hostname\":\"h\","
     "\"date\":\"2016-10-21T03:14:19\"},\"runs\":[{\"samples\":[1.5]}]}]}",
     "run pyperf on h at 1477019659\nold\n  time s lower 1.5\n", NULL, false},
    /* other units; a benchmark of calibrations only; twice the same name */
    {"{\"benchmarks\":[{\"metadata\":{\"name\":\"n\",\"unit\":\"integer\"},\"runs\":[{\"values\":"
     "[3,null,NaN]}]},{\"metadata\":{\"name\":\"c\"},\"runs\":[{\"warmups\":[[1,2]]}]},"
     "{\"metadata\":{\"name\":\"n\"},\"runs\":[{\"values\":[1]}]},{\"runs\":[{\"values\":[1]}]}]}",
     "n comes twice: this one is kept as n#2\n"
     "1:197 a benchmark without a name in its metadata is left out\n"
     "run pyperf\nc skipped: its runs have no values: they only calibrated\n"
     "n\n  value 1 neither 3 - -\nn#2\n  time s lower 1\n",
     NULL, false},
    /* fields of the wrong kind cost themselves */
    {"{\"benchmarks\":[{\"metadata\":{\"name\":\"w\",\"hostname\":[1],\"cpu_count\":\"x\"},"
     "\"runs\":[{\"values\":[1,\"y\",1e308,-1]},7,{\"values\":{}}]}],\"metadata\":3}",
     "1:51 expected a text, found an array: left out\n"
     "1:67 expected a number, found a string: left out\n"
     "1:93 expected a number, found a string: left out\n"
     "1:108 expected an object, found a number: left out\n"
     "1:120 expected a list of numbers, found an object: left out\n"
     "1:138 expected an object, found a number: left out\n"
     "run pyperf\nw\n  time s lower 1 - 1e+308 -1\n",
     NULL, false},
    {"{\"benchmarks\":[{\"runs\":[{\"values\":[1",
     "1:37 error: expected ',' or ']', found the end "
     "of the input\n",
     NULL, false},
    {"", "1:1 error: expected a value, found the end of the input\n", NULL, true},
    {"[]", "1:1 expected an object, found an array: left out\n", NULL, true},
};

static void files_are_read(void **state)
{
    (void)state;
    taken_check("pyperf", cases, PFL_COUNT(cases));
}

static void damage_is_borne(void **state)
{
    (void)state;
    taken_damage("pyperf", SUITE, true);
}

/* Suites put together from several machines are one run of the first. */
static void machines_that_differ_are_said(void **state)
{
    static const struct taken_case two[] = {
        {"{\"benchmarks\":[{\"metadata\":{\"name\":\"a\",\"hostname\":\"h\"},\"runs\":[{\"values\":"
         "[1]}]},\n{\"metadata\":{\"name\":\"b\",\"hostname\":\"i\"},\"runs\":[{\"values\":[2]}]}]"
         "}",
         "2:1 its benchmarks were measured on several machines (h, i): all count as the first's\n"
         "run pyperf on h\na\n  time s lower 1\nb\n  time s lower 2\n",
         NULL, false},
    };

    (void)state;
    taken_check("pyperf", two, 1);
}

int test_formats_pyperf(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(damage_is_borne),
        cmocka_unit_test(machines_that_differ_are_said),
    };

    return cmocka_run_group_tests_name("formats/pyperf", tests, NULL, NULL);
}
