/* What must hold for any sample: shift, scale and order of the values, and the edges: none, one,
 * two, constant, tied. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 200 };

static void summarise(const double *values, size_t n, struct pfl_summary *summary)
{
    assert_int_equal(pfl_stats_summarise(values, n, summary, NULL), PFL_OK);
}

static void assert_near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-9 * fmax(1, fabs(expected))))
        fail_msg("%.17g is not %.17g", got, expected);
}

static void random_sample(struct pfl_random *random, double *values, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        values[i] = exp(pfl_stats_normal_quantile(pfl_random_unit(random) * 0.999 + 0.0005));
}

static void test_summary_follows_shift_and_scale(void **state)
{
    static const size_t sizes[] = {1, 2, 3, 5, 6, 10, 49, 200};
    double values[MOST], moved[MOST];
    struct pfl_summary a, b;
    struct pfl_random random;
    size_t i, j;

    (void)state;
    pfl_random_seed(&random, 11);
    for (i = 0; i < PFL_COUNT(sizes); i++) {
        random_sample(&random, values, sizes[i]);
        for (j = 0; j < sizes[i]; j++)
            moved[j] = 3 * values[j] + 7;
        summarise(values, sizes[i], &a);
        summarise(moved, sizes[i], &b);
        assert_near(b.median, 3 * a.median + 7);
        if (sizes[i] == 1) { /* nobody knows how it scatters */
            assert_true(isnan(a.ci_low) && isnan(a.ci_high) && isnan(a.stddev));
            continue;
        }
        assert_near(b.ci_low, 3 * a.ci_low + 7);
        assert_near(b.ci_high, 3 * a.ci_high + 7);
        assert_near(b.mean, 3 * a.mean + 7);
        assert_near(b.stddev, 3 * a.stddev);
        assert_near(b.q1, 3 * a.q1 + 7);
        assert_near(b.q3, 3 * a.q3 + 7);
        assert_true(a.min <= a.ci_low && a.ci_low <= a.median && a.median <= a.ci_high &&
                    a.ci_high <= a.max);
        assert_true(a.q1 <= a.median && a.median <= a.q3);
    }
}

static void test_summary_knows_no_order(void **state)
{
    double values[MOST], mixed[MOST];
    struct pfl_summary a, b;
    struct pfl_random random;
    uint32_t order[MOST];
    uint32_t i;

    (void)state;
    pfl_random_seed(&random, 12);
    random_sample(&random, values, MOST);
    for (i = 0; i < MOST; i++)
        order[i] = i;
    pfl_random_shuffle(&random, order, MOST);
    for (i = 0; i < MOST; i++)
        mixed[i] = values[order[i]];
    summarise(values, MOST, &a);
    summarise(mixed, MOST, &b);
    assert_near(b.mean, a.mean);
    assert_near(b.stddev, a.stddev);
    assert_true(a.median == b.median && a.ci_low == b.ci_low && a.ci_high == b.ci_high &&
                a.min == b.min && a.max == b.max && a.q1 == b.q1 && a.q3 == b.q3);
}

static void test_summary_of_little(void **state)
{
    const double some[] = {NAN, 4, NAN, 2, NAN}, constant[] = {3, 3, 3, 3, 3, 3, 3},
                 none[] = {NAN, NAN};
    struct pfl_summary s;

    (void)state;
    summarise(some, 0, &s);
    assert_true(s.n == 0 && isnan(s.median) && isnan(s.ci_low) && isnan(s.mean) && isnan(s.min) &&
                isnan(s.stddev));
    summarise(none, 2, &s);
    assert_true(s.n == 0 && isnan(s.median));
    summarise(some + 1, 1, &s);
    assert_true(s.n == 1 && s.median == 4 && isnan(s.ci_low) && isnan(s.ci_high) &&
                isnan(s.stddev) && s.q1 == 4);
    summarise(some, 5, &s);
    assert_true(s.n == 2 && s.median == 3 && s.ci_low == 2 && s.ci_high == 4 && s.min == 2 &&
                s.max == 4);
    summarise(constant, 7, &s);
    assert_true(s.n == 7 && s.median == 3 && s.ci_low == 3 && s.ci_high == 3 && s.stddev == 0 &&
                s.mean == 3);
}

static void test_summary_without_memory(void **state)
{
    const double values[] = {1, 2, 3};
    struct pfl_summary summary = {.n = 99};
    struct pfl_err err = {0};

    (void)state;
    pfl_fault.alloc_seen = 0;
    pfl_fault.alloc_at = 1;
    assert_int_equal(pfl_stats_summarise(values, 3, &summary, &err), PFL_ENOMEM);
    pfl_fault.alloc_at = 0;
    assert_int_equal(summary.n, 99);
    assert_int_equal(err.code, PFL_ENOMEM);
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Musser's permutation (1997): the median of three parts off two values only, again and again. */
static double killer(size_t i, size_t n)
{
    size_t half = n / 2;

    if (i >= 2 * half)
        return (double)n;
    if (i >= half)
        return 2.0 * (double)(i - half + 1);
    return i % 2 == 0 ? (double)(i + 1) : (double)(half + i + half % 2);
}

static void test_sort_like_qsort(void **state)
{
    double values[MOST], expected[MOST];
    struct pfl_random random;
    size_t n, i, kind;

    (void)state;
    pfl_random_seed(&random, 13);
    for (n = 0; n <= MOST; n += n < 60 ? 1 : 35)
        for (kind = 0; kind < 6;
             kind++) { /* continuous, tied, ascending, descending, both, killing */
            for (i = 0; i < n; i++)
                values[i] = kind == 0   ? pfl_random_unit(&random)
                            : kind == 1 ? (double)pfl_random_below(&random, 4)
                            : kind == 2 ? (double)i
                            : kind == 3 ? -(double)i
                            : kind == 4 ? (double)(i < n / 2 ? i : n - i)
                                        : killer(i, n);
            memcpy(expected, values, n * sizeof *values);
            if (n)
                qsort(expected, n, sizeof *expected, compare_doubles);
            pfl_stats_sort(values, n);
            assert_memory_equal(values, expected, n * sizeof *values);
        }
}

static void test_drop_nan_in_place(void **state)
{
    double values[] = {NAN, 1, NAN, 2, 3, NAN};
    const double kept[] = {1, 2, 3};

    (void)state;
    assert_int_equal(pfl_stats_drop_nan(values, 6, values), 3);
    assert_memory_equal(values, kept, sizeof kept);
}

/* Sums that lose everything when added naively. */
static void test_sums_keep_small_differences(void **state)
{
    const double huge[] = {1e16, 1, -1e16, 1},
                 near[] = {9007199254740990, 9007199254740992, 9007199254740988};

    (void)state;
    assert_true(pfl_stats_mean(huge, 4) == 0.5);
    assert_near(pfl_stats_stddev(near, 3), 2);
}

static void test_standard_error_of_median(void **state)
{
    double values[MOST];
    struct pfl_random random;
    double sum = 0, theory;
    size_t i, round;

    (void)state;
    values[0] = 5;
    assert_true(pfl_stats_median_se_sorted(values, 0) == 0 &&
                pfl_stats_median_se_sorted(values, 1) == 0);
    assert_true(isnan(pfl_stats_median_se_divisor(1)));
    for (i = 0; i < 9; i++)
        values[i] = 5;
    assert_true(pfl_stats_median_se_sorted(values, 9) == 0);
    /* The median of 101 Gaussians scatters by sqrt(pi / 2 / n). */
    pfl_random_seed(&random, 14);
    for (round = 0; round < 400; round++) {
        for (i = 0; i < 101; i++)
            values[i] = pfl_stats_normal_quantile(pfl_random_unit(&random) + 0x1p-60);
        pfl_stats_sort(values, 101);
        sum += pfl_stats_median_se_sorted(values, 101);
    }
    theory = sqrt(3.14159265358979 / 2 / 101);
    assert_true(fabs(sum / 400 / theory - 1) < 0.05);
}

static void test_distributions_at_their_edges(void **state)
{
    (void)state;
    assert_true(isnan(pfl_stats_normal_quantile(-0.1)) && isnan(pfl_stats_normal_quantile(NAN)));
    assert_true(pfl_stats_normal_quantile(0) == -INFINITY &&
                pfl_stats_normal_quantile(1) == INFINITY);
    assert_true(isnan(pfl_stats_t_quantile(0.5, 0)) && isnan(pfl_stats_t_quantile(2, 5)));
    assert_true(pfl_stats_t_quantile(0.5, 3) == 0 && pfl_stats_t_quantile(1, 3) == INFINITY);
    assert_true(pfl_stats_t_cdf(-INFINITY, 4) == 0 && pfl_stats_t_cdf(INFINITY, 4) == 1);
    assert_true(isnan(pfl_stats_t_cdf(NAN, 4)) && isnan(pfl_stats_t_cdf(1, -1)));
    assert_near(pfl_stats_t_quantile(0.975, INFINITY), 1.959963984540054);
    assert_near(pfl_stats_t_cdf(1.959963984540054, 1e9), 0.975);
}

/* Adjusted p values: no smaller than the p, in the same order, at most 1; none and one are fine. */
static void test_benjamini_hochberg_properties(void **state)
{
    double p[MOST], raw[MOST];
    uint32_t order[MOST];
    struct pfl_random random;
    size_t i, j;

    (void)state;
    pfl_random_seed(&random, 15);
    pfl_stats_benjamini_hochberg(p, order, 0);
    for (i = 0; i < MOST; i++)
        p[i] = raw[i] = i % 5 ? pfl_random_unit(&random) : 0.25;
    pfl_stats_benjamini_hochberg(p, order, MOST);
    for (i = 0; i < MOST; i++) {
        assert_true(p[i] >= raw[i] && p[i] <= 1);
        for (j = 0; j < MOST; j++)
            assert_true(raw[i] < raw[j] ? p[i] <= p[j] : raw[i] > raw[j] || p[i] == p[j]);
    }
}

static void test_line_needs_three_different_points(void **state)
{
    const double x[] = {1, 1, 1, 2}, y[] = {1, 2, 3, 4}, exact_x[] = {0, 1, 2},
                 exact_y[] = {5, 7, 9};
    struct pfl_line_fit fit = {-1, -1, -1, -1};

    (void)state;
    assert_false(pfl_stats_fit_line(x, y, 2, &fit));
    assert_false(pfl_stats_fit_line(x, y, 3, &fit));
    assert_true(fit.slope == -1);
    assert_true(pfl_stats_fit_line(exact_x, exact_y, 3, &fit));
    assert_near(fit.slope, 2);
    assert_near(fit.intercept, 5);
    assert_true(fit.residual < 1e-12 && fit.slope_se < 1e-12);
}

static void test_outliers(void **state)
{
    const double values[] = {1, 2, 3, 4, 5, 6, 7, 8, 16, 40}, constant[] = {2, 2, 2, 2, 2, 9};
    size_t mild, severe;

    (void)state;
    pfl_stats_outliers_sorted(values, 10, &mild,
                              &severe); /* quartiles 3.25 and 7.75: fences at 14.5 and 21.25 */
    assert_int_equal(mild, 2);
    assert_int_equal(severe, 1);
    pfl_stats_outliers_sorted(constant, 6, &mild, &severe);
    assert_int_equal(severe, 1);
    pfl_stats_outliers_sorted(constant, 0, &mild, &severe);
    assert_true(mild == 0 && severe == 0);
}

static void test_trend_edges(void **state)
{
    double values[3000], p;
    size_t i;

    (void)state;
    for (i = 0; i < 3000; i++)
        values[i] = (double)i;
    assert_near(pfl_stats_trend(values, 3000, &p), 1); /* thinned, still perfect */
    assert_true(p < 1e-100);
    assert_near(pfl_stats_trend(values, 2, &p), 0);
    assert_true(p == 1);
    for (i = 0; i < 9; i++)
        values[i] = 4;
    assert_true(pfl_stats_trend(values, 9, &p) == 0 && p == 1);
}

static size_t called_bimodal(double apart, size_t n, uint64_t seed)
{
    double values[MOST], split;
    struct pfl_random random;
    size_t round, i, count = 0;

    pfl_random_seed(&random, seed);
    for (round = 0; round < 2000; round++) {
        for (i = 0; i < n; i++)
            values[i] = pfl_stats_normal_quantile(pfl_random_unit(&random) + 0x1p-60) +
                        (pfl_random_unit(&random) < 0.4 ? apart : 0);
        pfl_stats_sort(values, n);
        count += pfl_stats_bimodality_sorted(values, n, &split) > pfl_stats_bimodality_limit(n);
    }
    return count;
}

static void test_bimodality(void **state)
{
    const double two[] = {1, 1, 1, 1, 2, 2, 2, 2}, constant[] = {1, 1, 1, 1, 1},
                 lonely[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 9};
    double split;

    (void)state;
    assert_true(isinf(pfl_stats_bimodality_sorted(two, 8, &split)) && split == 1.5);
    assert_true(pfl_stats_bimodality_sorted(constant, 5, &split) == 0 && isnan(split));
    assert_true(pfl_stats_bimodality_sorted(lonely, 10, &split) == 0);
    assert_true(pfl_stats_bimodality_sorted(two, 3, &split) == 0);
    assert_true(isinf(pfl_stats_bimodality_limit(7)));
    assert_true(called_bimodal(0, 10, 21) <= 20);
    assert_true(called_bimodal(0, 50, 22) <= 20);
    assert_true(called_bimodal(8, 30, 23) >= 1900);
}

int test_stats_properties(void);
int test_stats_properties(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_summary_follows_shift_and_scale),
        cmocka_unit_test(test_summary_knows_no_order),
        cmocka_unit_test(test_summary_of_little),
        cmocka_unit_test(test_summary_without_memory),
        cmocka_unit_test(test_sort_like_qsort),
        cmocka_unit_test(test_drop_nan_in_place),
        cmocka_unit_test(test_sums_keep_small_differences),
        cmocka_unit_test(test_standard_error_of_median),
        cmocka_unit_test(test_distributions_at_their_edges),
        cmocka_unit_test(test_benjamini_hochberg_properties),
        cmocka_unit_test(test_line_needs_three_different_points),
        cmocka_unit_test(test_outliers),
        cmocka_unit_test(test_trend_edges),
        cmocka_unit_test(test_bimodality),
    };

    return cmocka_run_group_tests_name("stats properties", tests, NULL, NULL);
}
