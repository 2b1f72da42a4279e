/* hyperfine: with and without times, memory, exit codes, parameters, damage, and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "taken.h"
#include "written.h"

int test_formats_hyperfine(void);

#define WHOLE                                                                                      \
    "{\"results\":[\n{\"command\":\"sleep 1\",\"mean\":1.5,\"stddev\":0.25,\"median\":1.5,"        \
    "\"user\":0.001,\"system\":0.002,\"min\":1.25,\"max\":1.75,\"times\":[1.25,1.5,1.75],"         \
    "\"exit_codes\":[0,0,0],\"parameters\":{\"n\":\"1\",\"k\":2}}]}\n"

static const struct taken_case cases[] = {
    {WHOLE,
     "run hyperfine\nsleep 1 {k: 2, n: 1}\n  time s lower 1.25 1.5 1.75\n"
     "  user s lower ~3 0.001 mean 0.001\n  sys s lower ~3 0.002 mean 0.002\n",
     NULL, false},
    /* one run: no deviation; only a summary; neither */
    {"{\"results\":[{\"command\":\"a\",\"mean\":2,\"stddev\":null,\"times\":[2]},{\"command\":"
     "\"b\",\"mean\":3,\"stddev\":0.5,\"median\":2.75,\"min\":2.5,\"max\":4},{\"command\":\"c\","
     "\"user\":1}]}",
     "1 benchmarks have no times of their launches: their intervals are made from mean and "
     "standard "
     "deviation\nrun hyperfine\na\n  time s lower 2\nb\n  time s lower ~1 2.75 mean 3 sd 0.5 min "
     "2.5 max 4\nc\n  user s lower ~1 1 mean 1\n",
     NULL, true},
    /* memory is said once; failures and signals of each */
    {"{\"results\":[{\"command\":\"a\",\"mean\":1,\"times\":[1,1],\"memory_usage_byte\":[1024,"
     "2048],\"exit_codes\":[1,null]},{\"command\":\"b\",\"times\":[1],\"memory_usage_byte\":[4096]}"
     "]}",
     "1:104 a: 2 of its launches did not exit with 0\n"
     "memory_usage_byte is the maximum over all launches so far, not each launch's own\n"
     "run hyperfine\na\n  time s lower 1 1\n  peak_rss B lower 1024 2048\n"
     "b\n  time s lower 1\n  peak_rss B lower 4096\n",
     NULL, false},
    /* one name of two parameter values, and of none */
    {"{\"results\":[{\"command\":\"t\",\"mean\":1,\"times\":[1],\"parameters\":{\"n\":\"1\"}},"
     "{\"command\":\"t\",\"mean\":1,\"times\":[2],\"parameters\":{\"n\":\"2\"}},{\"command\":\"t\","
     "\"times\":[3],\"parameters\":null}]}",
     "t comes twice: this one is kept as t#2\n"
     "run hyperfine\nt {n: 1}\n  time s lower 1\nt#2\n  time s lower 3\n"
     "t[n=2] {n: 2}\n  time s lower 2\n",
     NULL, false},
    /* oddities cost themselves */
    {"{\"results\":[[],{\"mean\":1},{\"command\":7,\"mean\":{},\"times\":[1e308,-1,\"x\",null],"
     "\"parameters\":[1]},{\"command\":\"e\",\"times\":5}]}",
     "1:13 expected an object, found an array: left out\n"
     "1:25 a benchmark without a command is left out\n"
     "1:47 expected a number, found an object: left out\n"
     "1:68 expected a number, found a string: left out\n"
     "1:91 expected an object, found an array: left out\n"
     "1:119 expected a list of numbers, found a number: left out\n"
     "run hyperfine\n7\n  time s lower 1e+308 -1 - -\ne\n",
     NULL, false},
    {"{\"results\":[{\"command\":\"a\",\"mean\":",
     "1:35 error: expected a value, found the end of "
     "the input\n",
     NULL, true},
    {"", "1:1 error: expected a value, found the end of the input\n", NULL, true},
};

static void files_are_read(void **state)
{
    (void)state;
    taken_check("hyperfine", cases, PFL_COUNT(cases));
}

static void damage_is_borne(void **state)
{
    (void)state;
    taken_damage("hyperfine", WHOLE, true);
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    written_again("hyperfine",
                  "{\"results\":[{\"command\":\"a b\",\"times\":[1.7e-9,0.1,0.30000000000000004],"
                  "\"memory_usage_byte\":[1,2,3],\"parameters\":{\"n\":\"1\"}}]}");
}

int test_formats_hyperfine(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(damage_is_borne),
        cmocka_unit_test(what_is_written_is_read_again),
    };

    return cmocka_run_group_tests_name("formats_hyperfine", tests, NULL, NULL);
}
