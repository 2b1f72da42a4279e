/* Robust scatter: against values worked out by hand, and on samples whose deviation is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "stats/scatter.h"
#include "stats/stats.h"

#include <math.h>

enum { N = 4000 };

static double values[N], scratch[N];

static double gaussian(struct pfl_random *random)
{
    return pfl_stats_normal_quantile(pfl_random_unit(random) * 0.999998 + 0.000001);
}

static double deviation_of(size_t n)
{
    double centre, deviation;

    pfl_stats_sort(values, n);
    pfl_stats_trimmed_sorted(values, n, &centre, &deviation);
    return deviation;
}

/* 1 … 10 trimmed by two on either side: mean of 3 … 8; winsorised 3 3 3 4 5 6 7 8 8 8, whose sum of
 * squares about 5.5 is 42.5. */
static void by_hand(void **state)
{
    const double ten[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
                 wild[] = {-1e9, 2, 3, 4, 5, 6, 7, 8, 9, 1e9};
    const double *const samples[] = {ten, wild};
    double centre, deviation;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(samples); i++) {
        pfl_stats_trimmed_sorted(samples[i], 10, &centre, &deviation);
        assert_true(fabs(centre - 5.5) < 1e-12);
        assert_true(fabs(deviation - sqrt(42.5 / 9) / 0.6) < 1e-12);
    }
}

static void small_samples(void **state)
{
    const double four[] = {1, 2, 3, 6};
    double centre, deviation;

    (void)state;
    pfl_stats_trimmed_sorted(four, 4, &centre, &deviation);
    assert_true(fabs(centre - 3) < 1e-12 && fabs(deviation - sqrt(14.0 / 3)) < 1e-12);
    pfl_stats_trimmed_sorted(four, 1, &centre, &deviation);
    assert_true(centre == 1 && isnan(deviation));
    pfl_stats_trimmed_sorted(four, 0, &centre, &deviation);
    assert_true(isnan(centre) && isnan(deviation));
}

/* 1.03: what trimming a fifth costs on a Gaussian (its efficiency is 0.94). */
static void outliers_do_not_spoil_it(void **state)
{
    struct pfl_random random;
    double clean;
    size_t i;

    (void)state;
    pfl_random_seed(&random, 7);
    for (i = 0; i < N; i++)
        values[i] = 3 * gaussian(&random);
    clean = deviation_of(N);
    assert_true(fabs(clean / 3 - 1.03) < 0.05);
    for (i = 0; i < N; i++)
        values[i] = i % 20 ? 3 * gaussian(&random) : 1000;
    assert_true(fabs(deviation_of(N) / clean - 1.05) < 0.12);
}

/* White noise falls with the root of the length, a random walk grows; a constant has none. */
static void stretches_tell_noise_from_wandering(void **state)
{
    struct pfl_random random;
    double one, sixteen, walk = 0;
    size_t i;

    (void)state;
    pfl_random_seed(&random, 11);
    for (i = 0; i < N; i++)
        values[i] = exp(0.02 * gaussian(&random));
    one = pfl_stats_stretch_deviation(values, N, 1, scratch);
    sixteen = pfl_stats_stretch_deviation(values, N, 16, scratch);
    assert_true(fabs(one / (0.02 * sqrt(2)) - 1.03) < 0.06);
    assert_true(fabs(sixteen / one * 4 - 1) < 0.2);
    for (i = 0; i < N; i++) {
        walk += 0.002 * gaussian(&random);
        values[i] = exp(walk);
    }
    one = pfl_stats_stretch_deviation(values, N, 1, scratch);
    assert_true(pfl_stats_stretch_deviation(values, N, 16, scratch) > 2 * one);
    for (i = 0; i < N; i++)
        values[i] = 0.02;
    assert_true(pfl_stats_stretch_deviation(values, N, 8, scratch) < 1e-12);
}

static void too_few_for_a_stretch(void **state)
{
    (void)state;
    values[0] = values[1] = values[2] = values[3] = 1;
    assert_true(isnan(pfl_stats_stretch_deviation(values, 3, 1, scratch)));
    assert_true(pfl_stats_stretch_deviation(values, 4, 1, scratch) == 0);
    assert_true(isnan(pfl_stats_stretch_deviation(values, 4, 2, scratch)));
    assert_true(isnan(pfl_stats_stretch_deviation(values, 4, 0, scratch)));
}

int test_stats_scatter(void);
int test_stats_scatter(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(small_samples),
        cmocka_unit_test(outliers_do_not_spoil_it),
        cmocka_unit_test(stretches_tell_noise_from_wandering),
        cmocka_unit_test(too_few_for_a_stretch),
    };

    return cmocka_run_group_tests_name("stats/scatter", tests, NULL, NULL);
}
