/* libtest: medians with ranges, units, throughput, failures, and what stands around them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "taken.h"

int test_formats_libtest(void);

#define RANGES                                                                                      \
    "only medians and ranges are in the file: intervals are the medians ± the whole range of the " \
    "samples\n"

static const struct taken_case cases[] = {
    {"running 4 tests\ntest a::ignored ... ignored\n"
     "test a::b   ... bench:  13,967,756.30 ns/iter (+/- 266,769.64)\r\n"
     "test a - c (line 3) ... bench: 22 ms/iter (+/- 1) = 123 MB/s\n"
     "test a::d ... FAILED\ntest a::e ... ok\n\ntest result: ok. 0 passed\n",
     RANGES "run libtest\na - c (line 3)\n  time s lower ~1 0.022 [0.021 0.023]\n"
            "  throughput B/s higher ~1 1.23e+08\n"
            "a::b\n  time s lower ~1 0.013968 [0.013701 0.014235]\n"
            "a::d failed: the benchmark failed\n",
     NULL, false},
    {"\x1b[32mtest x ... bench:\x1b[0m 1 \u03bcs/iter (+/- 1)\n"
     "test x ... bench:   2 s/iter\n"
     "test cmov ... bench:        2835 cycles/iter (+/- 14)\n"
     "test up ... bench: 1911 MS/s (+/- 420)\ntest odd ... bench: 1 furlong (+/- x)\n",
     "x comes twice: this one is kept as x#2\n" RANGES
     "run libtest\ncmov\n  cycles 1 lower ~1 2835 [2821 2849]\n"
     "odd\n  value furlong neither ~1 1\n"
     "up\n  throughput MS/s higher ~1 1911 [1491 2331]\n"
     "x\n  time s lower ~1 1e-06 [0 2e-06]\nx#2\n  time s lower ~1 2\n",
     NULL, true},
    {"test a ... bench: none ns/iter (+/- 1)\ntest b ... bench: 1,5 ns/iter (+/- 1)\n"
     "test c ... bench: 1e308 s/iter (+/- 1e308)\n",
     "1:19 expected a number and its unit behind `bench:`: the benchmark is left out\n"
     "2:19 expected a number and its unit behind `bench:`: the benchmark is left out\n" RANGES
     "run libtest\nc\n  time s lower ~1 1e+308\n",
     NULL, false},
    {"running 0 tests\n", "", NULL, true},
    /* JSON, with text between: a line each; a damaged one costs itself */
    {"{ \"type\": \"suite\", \"event\": \"started\", \"test_count\": 4 }\n"
     "{ \"type\": \"bench\", \"name\": \"a::b\", \"median\": 3161, \"deviation\": 975, "
     "\"mib_per_second\": 819 }\nwarning: something\n"
     "{\"type\":\"bench\",\"name\":\"half\",\"median\":1.5,\"deviation\":0.5}\n"
     "{ \"type\": \"bench\", \"name\": \"none\", \"median\": null, \"deviation\": 1 }\n"
     "{ \"type\": \"bench\", \"name\": \"cut\n"
     "{ \"type\": \"test\", \"name\": \"late\", \"event\": \"failed\", \"reason\": \"time limit "
     "exceeded\" }\n"
     "{ \"type\": \"test\", \"name\": \"loud\", \"event\": \"failed\", \"stdout\": \"x\" }\n"
     "{ \"type\": \"test\", \"name\": \"fine\", \"event\": \"ok\" }\n",
     "5:1 the benchmark none has no median: it is left out\n"
     "6:32 expected a closing '\"', found the end of the input: the line is left out\n" RANGES
     "run libtest\na::b\n  time s lower ~1 3.161e-06 [2.186e-06 4.136e-06]\n"
     "  throughput B/s higher ~1 8.19e+08\n"
     "half\n  time s lower ~1 1.5e-09 [1e-09 2e-09]\n"
     "late failed: time limit exceeded\nloud failed: the benchmark failed\n",
     NULL, false},
    {"{\"type\":\"bench\",\"median\":1\n",
     "1:27 expected ',' or '}', found the end of the input: the line is left out\n"
     "1:27 error: expected ',' or '}', found the end of the input\n",
     NULL, false},
};

static void files_are_read(void **state)
{
    (void)state;
    taken_check("libtest", cases, PFL_COUNT(cases));
}

static void damage_is_borne(void **state)
{
    (void)state;
    taken_damage("libtest", cases[0].text, false);
    taken_damage("libtest", cases[4].text, false);
}

int test_formats_libtest(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(damage_is_borne),
    };

    return cmocka_run_group_tests_name("formats/libtest", tests, NULL, NULL);
}
