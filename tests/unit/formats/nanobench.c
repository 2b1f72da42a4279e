/* nanobench: epochs, counters that were not read, batches, complexity, edited templates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "taken.h"

int test_formats_nanobench(void);

#define ENTRY                                                                                      \
    "{\"results\":[\n"                                                                             \
    "{\"title\":\"T\",\"name\":\"n\",\"unit\":\"op\",\"batch\":1,\"complexityN\":-1,\"epochs\":2," \
    "\"median(elapsed)\":3,\"median(instructions)\":5,\"measurements\":[\n"                        \
    "{\"iterations\":8,\"elapsed\":2,\"pagefaults\":0,\"cpucycles\":9,\"contextswitches\":0,"      \
    "\"instructions\":5,\"branchinstructions\":4,\"branchmisses\":0.5},\n"                         \
    "{\"iterations\":9,\"elapsed\":4,\"pagefaults\":1,\"cpucycles\":8,\"contextswitches\":0,"      \
    "\"instructions\":5,\"branchinstructions\":4,\"branchmisses\":0}]}]}\n"

static const struct taken_case cases[] = {
    {ENTRY,
     "run nanobench\nn <T>\n  time s lower 2 4\n  cycles 1 lower 9 8\n  instructions 1 lower 5 5\n"
     "  page_faults 1 lower 0 1\n  context_switches 1 lower 0 0\n  branch_misses 1 lower 0.5 0\n"
     "  branches 1 lower 4 4\n",
     NULL, false},
    /* all counters 0: there were none; a batch and a unit of its own */
    {"{\"results\":[{\"name\":\"b\",\"unit\":\"byte\",\"batch\":64,\"measurements\":[{\"elapsed\":"
     "2,\"instructions\":0,\"cpucycles\":0,\"branchinstructions\":0,\"pagefaults\":0}]}]}",
     "run nanobench\nb\n  time s lower 2\n  throughput B/s higher 32\n", NULL, false},
    /* one name per N, and under two titles */
    {"{\"results\":[{\"title\":\"A\",\"name\":\"f\",\"complexityN\":10,\"measurements\":["
     "{\"elapsed\":1}]},{\"title\":\"A\",\"name\":\"f\",\"complexityN\":100,\"measurements\":["
     "{\"elapsed\":2}]},{\"title\":\"B\",\"name\":\"f\",\"complexityN\":10,\"measurements\":["
     "{\"elapsed\":3}]}]}",
     "run nanobench\nB/f[complexityN=10] <B> {complexityN: 10}\n  time s lower 3\n"
     "f[complexityN=10] <A> {complexityN: 10}\n  time s lower 1\n"
     "f[complexityN=100] <A> {complexityN: 100}\n  time s lower 2\n",
     NULL, false},
    /* a template of one's own: a bare list, ns, medians only, what C++ streams write */
    {"[{\"name\":\"m\",\"median(elapsedns)\":100,\"medianAbsolutePercentError(elapsed)\":0.1,"
     "\"epochs\":4,\"minimum(elapsedns)\":90,\"maximum(elapsedns)\":-nan,"
     "\"median(instructions)\":7,\"median(branchmisses)\":nan,\"average(elapsedns)\":inf}]",
     "1 benchmarks have no measurements: their medians stand, with intervals made from the median "
     "absolute error\n"
     "run nanobench\nm\n  time s lower ~4 1e-07 [8.43e-08 1.157e-07] min 9e-08\n"
     "  instructions 1 lower ~1 7\n",
     NULL, false},
    {"{\"results\":[{\"measurements\":[{\"elapsedms\":1}]},{\"name\":\"x\",\"epochs\":1,"
     "\"measurements\":[{\"elapsed\":\"1\"},{\"elapsed\":-1},{}]},\n{\"name\":\"y\"}]}",
     "1:13 a benchmark without a name is left out\n"
     "1:98 expected a number, found a string: left out\n"
     "2:1 y has no elapsed time, neither measured nor as a median\n"
     "run nanobench\nx\n  time s lower - -1 -\ny\n",
     NULL, false},
};

static void files_are_read(void **state)
{
    (void)state;
    taken_check("nanobench", cases, PFL_COUNT(cases));
}

static void damage_is_borne(void **state)
{
    (void)state;
    taken_damage("nanobench", ENTRY, true);
}

int test_formats_nanobench(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(damage_is_borne),
    };

    return cmocka_run_group_tests_name("formats/nanobench", tests, NULL, NULL);
}
