/* Columns stay aligned with launches, whatever turns up when; names of inner benchmarks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "measure/collect.h"
#include "measure/name.h"

static void columns_are_aligned(void **state)
{
    struct pfl_arena arena;
    struct pfl_collect c;
    struct pfl_benchmark bench = {0};
    const struct pfl_result *late;
    const double samples[] = {9, 1, 5};
    struct pfl_column *column;
    size_t i;

    (void)state;
    pfl_arena_init(&arena);
    pfl_collect_init(&c, &arena, "b", NULL, 0);
    assert_true(pfl_collect_put(&c, "time", NULL, 1));
    assert_true(pfl_collect_end_launch(&c, true));
    assert_true(pfl_collect_put(&c, "late", "cells", 7));
    assert_true(pfl_collect_end_launch(&c, true));
    assert_true(pfl_collect_put(&c, "time", NULL, 3));
    assert_true(pfl_collect_put(&c, "late", "cells", 8));
    assert_true(pfl_collect_end_launch(&c, false)); /* failed */
    assert_true(pfl_collect_put(&c, "time", NULL, 99));
    pfl_collect_drop_launch(&c);
    column = pfl_collect_column(&c, "time", "", NULL, NULL);
    for (i = 0; i < PFL_COUNT(samples); i++)
        assert_true(pfl_vec_push(&column->samples, &samples[i]));
    assert_true(pfl_collect_end_launch(&c, true));
    assert_true(pfl_collect_freeze(&c, &bench));
    assert_int_equal(bench.result_count, 2);
    assert_int_equal(bench.results[0].n, 4);
    assert_true(bench.results[0].values[0] == 1);
    assert_true(isnan(bench.results[0].values[1]));
    assert_true(isnan(bench.results[0].values[2]));
    assert_true(bench.results[0].values[3] == 5); /* the median of the launch's samples */
    assert_string_equal(bench.results[0].unit, "s");
    late = pfl_benchmark_find(&bench, "late", "");
    assert_non_null(late);
    assert_string_equal(late->unit, "cells");
    assert_true(isnan(late->values[0]) && late->values[1] == 7 && isnan(late->values[2]));
    pfl_collect_release(&c);
    pfl_arena_release(&arena);
}

static void known_metrics_know_themselves(void **state)
{
    const enum pfl_better higher = PFL_BETTER_HIGHER;
    struct pfl_arena arena;
    struct pfl_collect c;

    (void)state;
    pfl_arena_init(&arena);
    pfl_collect_init(&c, &arena, "b", NULL, 0);
    assert_int_equal(pfl_collect_column(&c, "pass_rate", "", NULL, NULL)->better,
                     PFL_BETTER_HIGHER);
    assert_string_equal(pfl_collect_column(&c, "peak_rss:x", "", NULL, NULL)->unit, "B");
    assert_int_equal(pfl_collect_column(&c, "mine", "", NULL, NULL)->better, PFL_BETTER_LOWER);
    assert_int_equal(pfl_collect_column(&c, "ours", "", NULL, &higher)->better, PFL_BETTER_HIGHER);
    assert_int_equal(c.columns.n, 4);
    assert_ptr_equal(pfl_collect_column(&c, "mine", "", NULL, NULL), &c.columns.at[2]);
    assert_ptr_not_equal(pfl_collect_column(&c, "mine", "v", NULL, NULL), &c.columns.at[2]);
    pfl_collect_release(&c);
    pfl_arena_release(&arena);
}

static void first_bad_word_stays(void **state)
{
    struct pfl_arena arena;
    struct pfl_collect c;
    struct pfl_benchmark bench = {0};

    (void)state;
    pfl_arena_init(&arena);
    pfl_collect_init(&c, &arena, "b", NULL, 0);
    pfl_collect_fail(&c, PFL_STATUS_TIMED_OUT, "first");
    pfl_collect_fail(&c, PFL_STATUS_FAILED, "second");
    assert_true(pfl_collect_warn(&c, "w"));
    assert_true(pfl_collect_warn(&c, "w"));
    assert_true(pfl_collect_environment(&c, "z", "1"));
    assert_true(pfl_collect_environment(&c, "a", "2"));
    assert_true(pfl_collect_environment(&c, "z", "3"));
    assert_true(pfl_collect_freeze(&c, &bench));
    assert_int_equal(bench.status, PFL_STATUS_TIMED_OUT);
    assert_string_equal(bench.reason, "first");
    assert_int_equal(bench.warning_count, 1);
    assert_int_equal(bench.environment_count, 2);
    assert_string_equal(bench.environment[0].name, "a");
    assert_string_equal(bench.environment[1].value, "3");
    pfl_collect_release(&c);
    pfl_arena_release(&arena);
}

static void names_inside(void **state)
{
    struct pfl_pair outer[] = {{"size", "10"}}, inner[] = {{"n", "2"}, {"size", "11"}};
    struct pfl_pair *params;
    struct pfl_arena arena;
    size_t count;

    (void)state;
    pfl_arena_init(&arena);
    params = inner;
    count = 1;
    assert_string_equal(
        pfl_name_inside(&arena, "pipeline[size=10]", "solve", &params, &count, outer, 1),
        "pipeline/solve[n=2,size=10]");
    assert_int_equal(count, 2);
    params = inner;
    count = 2;
    assert_string_equal(
        pfl_name_inside(&arena, "pipeline[size=10]", "solve", &params, &count, outer, 1),
        "pipeline/solve[n=2,size=11]");
    params = NULL;
    count = 0;
    assert_string_equal(pfl_name_inside(&arena, "adhoc/x", "y", &params, &count, NULL, 0),
                        "adhoc/x/y");
    pfl_arena_release(&arena);
}

int test_measure_collect(void);
int test_measure_collect(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_aligned),
        cmocka_unit_test(known_metrics_know_themselves),
        cmocka_unit_test(first_bad_word_stays),
        cmocka_unit_test(names_inside),
    };

    return cmocka_run_group_tests_name("measure/collect", tests, NULL, NULL);
}
