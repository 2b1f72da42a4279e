/*
 * Hodges–Lehmann, rank and permutation tests, bootstrap, AR(1), margins: what must hold for any
 * sample (shift, scale, order of the values), every kind of bad input by its named outcome, and
 * large samples against what is known about them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "stats/bootstrap.h"
#include "stats/margin.h"
#include "stats/series.h"
#include "stats/tests.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { MOST = 200, LARGE = 300000 };

static double gaussian(struct pfl_random *random)
{
    return pfl_stats_normal_quantile(pfl_random_unit(random) + 0x1p-60);
}

static void assert_near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-9 * fmax(1, fabs(expected))))
        fail_msg("%.17g is not %.17g", got, expected);
}

static void shuffle(struct pfl_random *random, double *values, size_t n)
{
    size_t i, j;
    double x;

    for (i = n; i > 1; i--) {
        j = (size_t)pfl_random_below(random, i);
        x = values[i - 1];
        values[i - 1] = values[j];
        values[j] = x;
    }
}

static struct pfl_interval hodges_lehmann(const double *values, size_t n)
{
    struct pfl_interval interval;

    assert_int_equal(pfl_stats_hodges_lehmann(values, n, 0.95, &interval, NULL), PFL_OK);
    return interval;
}

static struct pfl_interval shift_of(const double *base, size_t m, const double *head, size_t n)
{
    const struct pfl_two_samples samples = {base, head, m, n};
    struct pfl_interval interval;

    assert_int_equal(pfl_stats_hodges_lehmann_shift(&samples, 0.95, &interval, NULL), PFL_OK);
    return interval;
}

static void assert_moved(const struct pfl_interval *got, const struct pfl_interval *from,
                         double factor, double by)
{
    assert_near(got->estimate, factor * from->estimate + by);
    assert_near(got->low, factor * (factor < 0 ? from->high : from->low) + by);
    assert_near(got->high, factor * (factor < 0 ? from->low : from->high) + by);
    assert_true(got->covers == from->covers);
    assert_true(got->low <= got->estimate && got->estimate <= got->high);
}

static void test_hodges_lehmann_follows_the_sample(void **state)
{
    static const size_t sizes[] = {1, 2, 3, 5, 6, 7, 20, 63, 101, 200};
    static const double factors[] = {1, 3, -0.25};
    double x[MOST], y[MOST], moved[MOST];
    struct pfl_interval before, after;
    struct pfl_random random;
    size_t i, j, k, n;

    (void)state;
    pfl_random_seed(&random, 5);
    for (i = 0; i < PFL_COUNT(sizes); i++)
        for (k = 0; k < PFL_COUNT(factors); k++) {
            n = sizes[i];
            for (j = 0; j < n; j++) {
                x[j] = exp(gaussian(&random));
                y[j] = floor(4 * pfl_random_unit(&random));
                moved[j] = factors[k] * x[j] + 7;
            }
            shuffle(&random, moved, n);
            before = hodges_lehmann(x, n);
            after = hodges_lehmann(moved, n);
            assert_moved(&after, &before, factors[k], 7);
            /* The shift is odd in its arguments and follows a shift of either. */
            before = shift_of(x, n, y, sizes[PFL_COUNT(sizes) - 1 - i] < n ? 2 : n);
            after = shift_of(y, sizes[PFL_COUNT(sizes) - 1 - i] < n ? 2 : n, x, n);
            assert_moved(&after, &before, -1, 0);
        }
}

/* Too large for forming the pairs: 4.5 × 10^10 of them. The truth is known to a few standard
 * errors, and the interval's width is 2 × 1.96 / √n × √(π / 3). */
static void test_hodges_lehmann_of_a_large_sample(void **state)
{
    double *x = pfl_alloc_zeroed(LARGE, sizeof *x), se = sqrt(3.14159265358979 / 3 / LARGE);
    struct pfl_interval interval;
    struct pfl_random random;
    size_t i;

    (void)state;
    assert_non_null(x);
    pfl_random_seed(&random, 6);
    for (i = 0; i < LARGE; i++)
        x[i] = 100 + gaussian(&random);
    interval = hodges_lehmann(x, LARGE);
    assert_true(fabs(interval.estimate - 100) < 4 * se);
    assert_true(fabs((interval.high - interval.low) / (2 * 1.96 * se) - 1) < 0.02);
    assert_true(fabs(interval.covers - 0.95) < 1e-5);
    interval = shift_of(x, LARGE / 2, x + LARGE / 2, LARGE / 2);
    assert_true(fabs(interval.estimate) < 4 * 2 * se);
    assert_true(fabs((interval.high - interval.low) / (4 * 1.96 * se) - 1) < 0.02);
    for (i = 0; i < LARGE; i++) /* two values, nearly half and half */
        x[i] = i % 2 || i < 10 ? 5 : 6;
    interval = hodges_lehmann(x, LARGE);
    assert_true(interval.estimate == 5.5 && interval.low == 5.5 && interval.high == 5.5);
    pfl_free(x);
}

static void test_intervals_of_few(void **state)
{
    const double constant[] = {4, 4, 4, 4, 4, 4, 4, 4}, some[] = {9, 1, 4};
    struct pfl_interval interval = hodges_lehmann(some + 2, 1);

    (void)state;
    assert_true(interval.estimate == 4 && interval.low == 4 && interval.high == 4);
    assert_true(interval.covers == 0);
    interval = hodges_lehmann(some, 3);
    assert_true(interval.estimate == 4.5 && interval.low == 1 && interval.high == 9);
    assert_near(interval.covers, 0.75);
    interval = hodges_lehmann(constant, 8);
    assert_true(interval.low == 4 && interval.high == 4 && interval.covers >= 0.95);
    interval = shift_of(some, 1, some + 2, 1);
    assert_true(interval.estimate == -5 && interval.low == -5 && interval.covers == 0);
}

/* Each of the functions that refuse, as one call on a base and a head sample. */
static int call(int which, const struct pfl_two_samples *s, struct pfl_err *err)
{
    struct pfl_random random;
    const struct pfl_permutation shuffled = {{pfl_statistic_mean, NULL}, 50, &random};
    const struct pfl_bootstrap boot = {{pfl_statistic_median, NULL}, 50, 0.9, &random};
    struct pfl_interval interval;
    struct pfl_test test;

    pfl_random_seed(&random, 2);
    switch (which) {
    case 0: return pfl_stats_hodges_lehmann(s->head, s->head_count, 0.95, &interval, err);
    case 1: return pfl_stats_hodges_lehmann_shift(s, 0.95, &interval, err);
    case 2: return pfl_stats_mann_whitney(s, &test, err);
    case 3: return pfl_stats_signed_rank(s->head, s->head_count, PFL_ZEROS_PRATT, &test, err);
    case 4: return pfl_stats_permutation_paired(s->head, s->head_count, &shuffled, &test, err);
    case 5: return pfl_stats_permutation_two(s, &shuffled, &test, err);
    default: return pfl_stats_bootstrap_bca(s->head, s->head_count, &boot, &interval, err);
    }
}

enum { CALLS = 7 };

static void test_bad_values_are_refused(void **state)
{
    const double good[] = {1, 2, 3}, nan[] = {1, NAN, 3}, infinite[] = {1, 2, -INFINITY},
                 huge[] = {DBL_MAX, 1, 2};
    const struct pfl_two_samples cases[] = {
        {good, nan, 3, 3}, {good, infinite, 3, 3}, {good, huge, 3, 3}, {good, good, 3, 0}};
    const struct pfl_two_samples fine = {good, good, 3, 3}, base_bad = {nan, good, 3, 3};
    struct pfl_err err = {0};
    size_t i;
    int which;

    (void)state;
    for (which = 0; which < CALLS; which++) {
        for (i = 0; i < PFL_COUNT(cases); i++) {
            pfl_err_clear(&err);
            assert_int_equal(call(which, &cases[i], &err), PFL_EINVAL);
            assert_true(err.message[0] != 0);
        }
        assert_int_equal(call(which, &fine, NULL), PFL_OK);
        if (which == 1 || which == 2 || which == 5)
            assert_int_equal(call(which, &base_bad, NULL), PFL_EINVAL);
    }
    assert_int_equal(call(0, &cases[0], &err), PFL_EINVAL);
    assert_string_equal(err.message,
                        "the Hodges-Lehmann estimate cannot use value 2 of 3: it is nan, which is "
                        "no finite measurement; leave it out first");
}

static double not_a_number(double *values, size_t n, void *context)
{
    (void)context;
    return log(values[0] - 2) * (double)n;
}

static void test_bad_policies_are_refused(void **state)
{
    const double x[] = {1, 2, 3};
    const struct pfl_two_samples two = {x, x, 3, 3};
    struct pfl_random random;
    struct pfl_permutation how = {{not_a_number, NULL}, 5, &random};
    struct pfl_bootstrap boot = {{not_a_number, NULL}, 5, 0.9, &random};
    struct pfl_interval interval = {.estimate = 42};
    struct pfl_test test = {.p = 42};

    (void)state;
    pfl_random_seed(&random, 1);
    assert_int_equal(pfl_stats_permutation_paired(x, 3, &how, &test, NULL), PFL_EINVAL);
    assert_int_equal(pfl_stats_permutation_two(&two, &how, &test, NULL), PFL_EINVAL);
    assert_int_equal(pfl_stats_bootstrap_bca(x, 3, &boot, &interval, NULL), PFL_EINVAL);
    how.rounds = boot.resamples = 0;
    assert_int_equal(pfl_stats_permutation_two(&two, &how, &test, NULL), PFL_EINVAL);
    assert_int_equal(pfl_stats_bootstrap_bca(x, 3, &boot, &interval, NULL), PFL_EINVAL);
    assert_int_equal(pfl_stats_hodges_lehmann(x, 3, 1, &interval, NULL), PFL_EINVAL);
    assert_int_equal(pfl_stats_hodges_lehmann(x, 3, NAN, &interval, NULL), PFL_EINVAL);
    assert_true(interval.estimate == 42 && test.p == 42);
}

static void test_no_memory(void **state)
{
    const double base[] = {1, 2, 3, 5}, head[] = {2, 3, 4, 4, 7};
    const struct pfl_two_samples samples = {base, head, 4, 5};
    unsigned long at;
    int which, code;

    (void)state;
    for (which = 0; which < CALLS; which++)
        for (at = 1, code = PFL_ENOMEM; code == PFL_ENOMEM; at++) {
            pfl_fault.alloc_seen = 0;
            pfl_fault.alloc_at = at;
            code = call(which, &samples, NULL);
            pfl_fault.alloc_at = 0;
            assert_true(code == PFL_OK ? at > 1 : code == PFL_ENOMEM);
        }
}

static void assert_same_test(const struct pfl_test *a, const struct pfl_test *b)
{
    assert_near(a->p, b->p);
    assert_near(a->p_less, b->p_less);
    assert_near(a->p_greater, b->p_greater);
    assert_true(a->exact == b->exact);
}

/* Ranks know no scale: any increasing map of the values leaves Mann–Whitney alone; swapping the
 * samples swaps the one-sided p; both where it is exact and where not. */
static void test_mann_whitney_properties(void **state)
{
    static const size_t sizes[] = {1, 4, 9, 43, 80};
    double x[MOST], y[MOST], ex[MOST], ey[MOST];
    struct pfl_test a, b;
    struct pfl_random random;
    size_t i, j, n, m;

    (void)state;
    pfl_random_seed(&random, 8);
    for (i = 0; i < 2 * PFL_COUNT(sizes); i++) {
        m = sizes[i / 2];
        n = sizes[i % PFL_COUNT(sizes)];
        for (j = 0; j < MOST; j++) {
            x[j] = i % 2 ? floor(5 * pfl_random_unit(&random)) : gaussian(&random);
            y[j] = i % 2 ? floor(6 * pfl_random_unit(&random)) : gaussian(&random) + 0.3;
        }
        for (j = 0; j < MOST; j++) {
            ex[j] = exp(x[j]);
            ey[j] = exp(y[j]);
        }
        shuffle(&random, ex, m);
        pfl_stats_mann_whitney(&(struct pfl_two_samples){x, y, m, n}, &a, NULL);
        pfl_stats_mann_whitney(&(struct pfl_two_samples){ex, ey, m, n}, &b, NULL);
        assert_same_test(&a, &b);
        assert_true(a.statistic == b.statistic);
        pfl_stats_mann_whitney(&(struct pfl_two_samples){y, x, n, m}, &b, NULL);
        assert_near(a.statistic + b.statistic, (double)m * (double)n);
        assert_near(a.p_less, b.p_greater);
        assert_near(a.p, b.p);
        if (a.exact)
            assert_true(a.p_less + a.p_greater > 1 - 1e-12);
    }
}

static void test_signed_rank_properties(void **state)
{
    static const size_t sizes[] = {1, 5, 30, 100, 101, 200};
    double x[MOST], y[MOST];
    struct pfl_test a, b;
    struct pfl_random random;
    enum pfl_zeros zeros;
    size_t i, j;

    (void)state;
    pfl_random_seed(&random, 9);
    for (i = 0; i < 2 * PFL_COUNT(sizes); i++) {
        zeros = i % 2 ? PFL_ZEROS_PRATT : PFL_ZEROS_DROPPED;
        for (j = 0; j < sizes[i / 2]; j++) {
            x[j] = floor(7 * pfl_random_unit(&random)) - 2;
            y[j] = -5 * x[j];
        }
        shuffle(&random, y, sizes[i / 2]);
        pfl_stats_signed_rank(x, sizes[i / 2], zeros, &a, NULL);
        pfl_stats_signed_rank(y, sizes[i / 2], zeros, &b, NULL);
        assert_near(a.p, b.p);
        assert_near(a.p_less, b.p_greater);
    }
}

/* At the largest samples that are exact the normal approximation, done here by hand, says nearly
 * the same. */
static void test_exact_meets_normal(void **state)
{
    double x[102], y[102], z;
    struct pfl_test test;
    size_t i;

    (void)state;
    for (i = 0; i < 100; i++)
        x[i] = (i % 5 < 2 ? -1.0 : 1.0) * (double)(i + 1);
    pfl_stats_signed_rank(x, 100, PFL_ZEROS_DROPPED, &test, NULL);
    z = (fabs(test.statistic - 2525) - 0.5) / sqrt(100 * 101 * 201 / 24.0);
    assert_true(test.exact && test.p < 0.1);
    assert_true(fabs(test.p / 2 / pfl_stats_normal_cdf(-z) - 1) < 0.01);
    for (i = 0; i < 42; i++) {
        x[i] = (double)i;
        y[i] = (double)i * 1.2 + 2.05;
    }
    pfl_stats_mann_whitney(&(struct pfl_two_samples){x, y, 42, 42}, &test, NULL);
    z = (fabs(test.statistic - 882) - 0.5) / sqrt(42 * 42 * 85 / 12.0);
    assert_true(test.exact && test.p < 0.2);
    assert_true(fabs(test.p / 2 / pfl_stats_normal_cdf(-z) - 1) < 0.05);
}

static void test_nothing_differs(void **state)
{
    const double zeros[] = {0, 0, 0, 0}, same[] = {7, 7, 7, 7};
    double many[MOST] = {0};
    struct pfl_random random;
    const struct pfl_permutation how = {{pfl_statistic_mean, NULL}, 9, &random};
    struct pfl_test test;

    (void)state;
    pfl_random_seed(&random, 3);
    pfl_stats_mann_whitney(&(struct pfl_two_samples){same, same, 4, 3}, &test, NULL);
    assert_true(test.p == 1 && test.exact && test.statistic == 6);
    pfl_stats_mann_whitney(&(struct pfl_two_samples){many, many, MOST, MOST}, &test, NULL);
    assert_true(test.p == 1 && !test.exact);
    pfl_stats_signed_rank(zeros, 4, PFL_ZEROS_DROPPED, &test, NULL);
    assert_true(test.p == 1 && test.statistic == 0);
    pfl_stats_signed_rank(many, MOST, PFL_ZEROS_PRATT, &test, NULL);
    assert_true(test.p == 1);
    pfl_stats_permutation_paired(zeros, 4, &how, &test, NULL);
    assert_true(test.p == 1 && !test.exact);
    pfl_stats_permutation_two(&(struct pfl_two_samples){same, same, 4, 4}, &how, &test, NULL);
    assert_true(test.p == 1 && !test.exact);
}

/* Random permutations come near the exact answer, never to 0, and follow from the seed. */
static void test_random_permutations(void **state)
{
    const double head[] = {3.1, 2.2, 4.5, 3.9, 2.8, 3.3, 4.1},
                 base[] = {2.1, 2.5, 3, 1.9, 2.4, 2.2};
    const struct pfl_two_samples two = {base, head, 6, 7};
    double d[12] = {0.5, 1.1, -0.2, 0.9, 0.3, -0.4, 0.8, 0.6, 0.1, 0.7, -0.1, 0.2};
    struct pfl_random random;
    struct pfl_permutation all = {{pfl_statistic_mean, NULL}, 5000, NULL},
                           some = {{pfl_statistic_mean, NULL}, 1500, &random};
    struct pfl_test exact, drawn, again;

    (void)state;
    pfl_random_seed(&random, 4);
    pfl_stats_permutation_two(&two, &all, &exact, NULL);
    pfl_stats_permutation_two(&two, &some, &drawn, NULL);
    assert_true(exact.exact && !drawn.exact && exact.statistic == drawn.statistic);
    assert_true(fabs(exact.p_greater - drawn.p_greater) < 0.006);
    assert_true(fabs(exact.p_less - drawn.p_less) < 0.006);
    pfl_random_seed(&random, 4);
    pfl_stats_permutation_two(&two, &some, &again, NULL);
    assert_true(again.p == drawn.p);
    pfl_stats_permutation_paired(d, 12, &all, &exact, NULL);
    pfl_stats_permutation_paired(d, 12, &some, &drawn, NULL);
    assert_true(exact.exact && !drawn.exact);
    assert_true(fabs(exact.p_greater - drawn.p_greater) < 0.008);
    some.rounds = 9;
    d[2] = d[5] = d[10] = 1;
    pfl_stats_permutation_paired(d, 12, &some, &drawn, NULL);
    assert_true(drawn.p_greater >= 0.1 - 1e-12);
}

static double bca_coverage(struct pfl_random *random, size_t n)
{
    struct pfl_bootstrap how = {{pfl_statistic_mean, NULL}, 300, 0.9, random};
    struct pfl_interval interval;
    double x[40];
    size_t i, round, hits = 0;

    for (round = 0; round < 400; round++) {
        for (i = 0; i < n; i++)
            x[i] = -log1p(-pfl_random_unit(random)); /* exponential: skewed, mean 1 */
        pfl_stats_bootstrap_bca(x, n, &how, &interval, NULL);
        hits += interval.low <= 1 && 1 <= interval.high;
    }
    return (double)hits / 400;
}

static void test_bootstrap(void **state)
{
    const double constant[] = {2, 2, 2, 2, 2};
    double x[MOST * 10], moved[MOST * 10];
    struct pfl_random random;
    struct pfl_bootstrap how = {{pfl_statistic_mean, NULL}, 200, 0.95, &random};
    struct pfl_interval a, b;
    size_t i;

    (void)state;
    pfl_random_seed(&random, 10);
    assert_true(bca_coverage(&random, 40) > 0.85); /* nominal 0.9, simulated to ± 0.03 */
    pfl_stats_bootstrap_bca(constant, 5, &how, &a, NULL);
    assert_true(a.low == 2 && a.high == 2 && a.estimate == 2);
    pfl_stats_bootstrap_bca(constant, 1, &how, &a, NULL);
    assert_true(a.low == 2 && a.high == 2 && a.covers == 0);
    for (i = 0; i < MOST * 10; i++) { /* more than the jackknife has blocks */
        x[i] = exp(gaussian(&random));
        moved[i] = 3 * x[i] + 5;
    }
    pfl_random_seed(&random, 11);
    pfl_stats_bootstrap_bca(x, MOST * 10, &how, &a, NULL);
    pfl_random_seed(&random, 11);
    pfl_stats_bootstrap_bca(moved, MOST * 10, &how, &b, NULL);
    assert_moved(&b, &a, 3, 5);
    assert_true(a.low > 1.5 && a.high < 1.8); /* the mean of a lognormal is 1.649 */
}

/* Mean of the estimates over simulated series of 50: without the correction 0.6 would come out as
 * 0.53. */
static void test_ar1(void **state)
{
    static const double truth[] = {-0.4, 0, 0.3, 0.6};
    double x[50], odd[] = {1, 2, NAN, 3, 4, 5, 6}, level[] = {3, 3, 3, 3, 3, 3, 3, 3}, sum, e;
    struct pfl_random random;
    size_t i, t, round;

    (void)state;
    pfl_random_seed(&random, 12);
    for (i = 0; i < PFL_COUNT(truth); i++) {
        for (round = 0, sum = 0; round < 1500; round++) {
            e = gaussian(&random) / sqrt(1 - truth[i] * truth[i]);
            for (t = 0; t < 50; t++, e = truth[i] * e + gaussian(&random))
                x[t] = 100 + e;
            sum += pfl_stats_ar1(x, 50);
        }
        if (fabs(sum / 1500 - truth[i]) > 0.02)
            fail_msg("AR(1) %g is estimated as %g", truth[i], sum / 1500);
    }
    for (t = 0; t < 50; t++)
        x[t] = (double)t;
    assert_true(pfl_stats_ar1(x, 50) == pfl_stats_ar1_most);
    assert_true(pfl_stats_ar1(odd, 7) == 0 && pfl_stats_ar1(level, 8) == 0);
    assert_true(pfl_stats_ar1(x, 5) == 0 && pfl_stats_ar1(x, 0) == 0);
    level[3] = INFINITY;
    assert_true(pfl_stats_ar1(level, 8) == 0);
    assert_near(pfl_stats_ar1_se(0.6, 64), 0.1);
    assert_true(pfl_stats_effective_n(100, 1 - 1e-12) == 1 && pfl_stats_effective_n(0, 0.5) == 0);
    assert_true(pfl_stats_effective_n(100, NAN) == 100);
}

/* The power that is promised at the minimal detectable effect, simulated. */
static void test_detectable_is_detected(void **state)
{
    struct pfl_random random;
    const struct pfl_effect planned = {0, 1 / sqrt(10.0), 9};
    double x[10], effect = pfl_stats_detectable(&planned, 0.05, 0.8), critical;
    size_t i, round, found = 0;

    (void)state;
    pfl_random_seed(&random, 13);
    critical = pfl_stats_t_quantile(0.975, 9);
    for (round = 0; round < 6000; round++) {
        for (i = 0; i < 10; i++)
            x[i] = effect + gaussian(&random);
        found += pfl_stats_mean(x, 10) > critical * pfl_stats_stddev(x, 10) * sqrt(0.1);
    }
    assert_true(fabs((double)found / 6000 - 0.8) < 0.025);
}

static void test_margins(void **state)
{
    struct pfl_effect effect = {0.01, 0, 5};

    (void)state;
    assert_true(pfl_stats_equivalence(&effect, -0.02, 0.02) == 0);
    assert_true(pfl_stats_equivalence(&effect, -0.01, 0.01) == 1);
    assert_true(pfl_stats_equivalence(&effect, 0.02, -0.02) == 1);
    effect.se = NAN;
    assert_true(pfl_stats_equivalence(&effect, -1, 1) == 1);
    effect.se = INFINITY;
    assert_true(pfl_stats_equivalence(&effect, -1, 1) >= 0.5);
    effect = (struct pfl_effect){0, 1, INFINITY};
    assert_near(pfl_stats_equivalence(&effect, -2, 3), pfl_stats_normal_cdf(-2));
    assert_near(pfl_stats_detectable(&effect, 0.05, 0.8), 1.9599639845400545 + 0.8416212335729143);
    effect.df = 0;
    assert_true(isinf(pfl_stats_detectable(&effect, 0.05, 0.8)));
    assert_true(pfl_stats_equivalence(&effect, -2, 3) == 1);
    assert_true(pfl_stats_needed(10, 0.03, 0.01) == 90 && pfl_stats_needed(10, 0.001, 1) == 2);
    assert_true(pfl_stats_needed(10, 0.03, 0) == 0 && pfl_stats_needed(10, NAN, 1) == 0);
    assert_true(pfl_stats_needed(10, INFINITY, 1) == 0);
}

int test_stats_estimators(void);
int test_stats_estimators(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hodges_lehmann_follows_the_sample),
        cmocka_unit_test(test_hodges_lehmann_of_a_large_sample),
        cmocka_unit_test(test_intervals_of_few),
        cmocka_unit_test(test_bad_values_are_refused),
        cmocka_unit_test(test_bad_policies_are_refused),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_mann_whitney_properties),
        cmocka_unit_test(test_signed_rank_properties),
        cmocka_unit_test(test_exact_meets_normal),
        cmocka_unit_test(test_nothing_differs),
        cmocka_unit_test(test_random_permutations),
        cmocka_unit_test(test_bootstrap),
        cmocka_unit_test(test_ar1),
        cmocka_unit_test(test_detectable_is_detected),
        cmocka_unit_test(test_margins),
    };

    return cmocka_run_group_tests_name("stats estimators", tests, NULL, NULL);
}
