/*
 * The error rates that sequential.h promises, simulated with fixed seeds: A/A races looked at again
 * and again are called different no more often than stated, and the naive bound, under the same
 * simulation, far more often (so the simulation can fail). And the edges.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "stats/sequential.h"

#include <math.h>
#include <string.h>

enum { LOOKS = 25, RACES = 20000, SEQUENCES = 600, MOST = 150 };

/* Box & Muller: the quantile function would take a third of the test's time. */
static double gaussian(struct pfl_random *random)
{
    double radius = sqrt(-2 * log(1 - pfl_random_unit(random)));

    return radius * cos(6.28318530717958647693 * pfl_random_unit(random));
}

static void fill_bounds(enum pfl_spending spending, double alpha, double *bounds)
{
    struct pfl_looks *looks = pfl_looks_new(spending, alpha, 2, NULL);
    int i;

    assert_non_null(looks);
    for (i = 0; i < LOOKS; i++)
        assert_int_equal(pfl_looks_next(looks, (i + 1.0) / LOOKS, &bounds[i], NULL), PFL_OK);
    pfl_looks_free(looks);
}

/* The share of RACES without any difference that cross at some look. */
static double crossing(const double *bounds, uint64_t seed)
{
    struct pfl_random random;
    size_t race, crossed = 0;
    double s;
    int i;

    pfl_random_seed(&random, seed);
    for (race = 0; race < RACES; race++)
        for (i = 0, s = 0; i < LOOKS; i++) {
            s += gaussian(&random) / sqrt(LOOKS);
            if (fabs(s) >= bounds[i] * sqrt((i + 1.0) / LOOKS)) {
                crossed++;
                break;
            }
        }
    return (double)crossed / RACES;
}

static void test_looking_often_costs_nothing(void **state)
{
    static const double alphas[] = {0.05, 0.01};
    double bounds[LOOKS], rate, error;
    enum pfl_spending spending;
    size_t i;
    int k;

    (void)state;
    for (i = 0; i < PFL_COUNT(alphas); i++)
        for (spending = PFL_SPENDING_OBRIEN_FLEMING; spending <= PFL_SPENDING_POCOCK; spending++) {
            fill_bounds(spending, alphas[i], bounds);
            rate = crossing(bounds, 20 + i);
            error = sqrt(alphas[i] / RACES);
            /* All of alpha is used, and no more of it. */
            if (fabs(rate - alphas[i]) > 3 * error)
                fail_msg("spending %d at %g crosses in %g of A/A races", (int)spending, alphas[i],
                         rate);
        }
    for (k = 0; k < LOOKS; k++)
        bounds[k] = pfl_stats_normal_quantile(0.975);
    assert_true(crossing(bounds, 20) > 0.25);
}

static void test_bounds_have_their_shape(void **state)
{
    double early[LOOKS], even[LOOKS];
    int i;

    (void)state;
    fill_bounds(PFL_SPENDING_OBRIEN_FLEMING, 0.05, early);
    fill_bounds(PFL_SPENDING_POCOCK, 0.05, even);
    for (i = 1; i < LOOKS; i++)
        assert_true(early[i] < early[i - 1] || isinf(early[i - 1]));
    for (i = 1; i < LOOKS; i++)
        assert_true(fabs(even[i] - even[i - 1]) < 0.15);
    if (!(early[LOOKS - 1] < 2.2 && even[LOOKS - 1] > 2.4))
        fail_msg("last bounds %g, %g", early[LOOKS - 1], even[LOOKS - 1]);
    assert_true(isinf(early[0]) && even[0] < 3);
}

/* One side only: all of alpha there; and a plan that is overrun has nothing left to spend. */
static void test_one_side_and_overrun(void **state)
{
    struct pfl_looks *looks = pfl_looks_new(PFL_SPENDING_POCOCK, 0.025, 1, NULL);
    double bound;

    (void)state;
    assert_non_null(looks);
    assert_int_equal(pfl_looks_next(looks, 1, &bound, NULL), PFL_OK);
    assert_true(fabs(bound - 1.95996398454) < 1e-9);
    assert_int_equal(pfl_looks_next(looks, 1.2, &bound, NULL), PFL_OK);
    assert_true(isinf(bound));
    pfl_looks_free(looks);
    assert_true(isnan(pfl_stats_spending(PFL_SPENDING_POCOCK, 0, 0.5)));
    assert_true(pfl_stats_spending(PFL_SPENDING_POCOCK, 0.05, -1) == 0);
    assert_true(fabs(pfl_stats_spending(PFL_SPENDING_OBRIEN_FLEMING, 0.05, 7) - 0.05) < 1e-15);
}

static void test_looks_refuse(void **state)
{
    static const double shares[] = {0.3, 0, -1, NAN, 2.5, 0.3 + 1e-9};
    struct pfl_looks *looks;
    struct pfl_err err = {0};
    double bound = 42;
    size_t i;

    (void)state;
    assert_null(pfl_looks_new(PFL_SPENDING_POCOCK, 0, 2, &err));
    assert_int_equal(err.code, PFL_EINVAL);
    assert_null(pfl_looks_new(PFL_SPENDING_POCOCK, NAN, 2, NULL));
    assert_null(pfl_looks_new(PFL_SPENDING_POCOCK, 0.05, 3, NULL));
    pfl_fault.alloc_seen = 0;
    pfl_fault.alloc_at = 1;
    assert_null(pfl_looks_new(PFL_SPENDING_POCOCK, 0.05, 2, &err));
    pfl_fault.alloc_at = 0;
    assert_int_equal(err.code, PFL_ENOMEM);
    looks = pfl_looks_new(PFL_SPENDING_POCOCK, 0.05, 2, NULL);
    assert_int_equal(pfl_looks_next(looks, 0.3, &bound, NULL), PFL_OK);
    bound = 42;
    for (i = 0; i < PFL_COUNT(shares); i++)
        assert_int_equal(pfl_looks_next(looks, shares[i], &bound, NULL), PFL_EINVAL);
    pfl_fault.alloc_seen = 0;
    pfl_fault.alloc_at = 1;
    assert_int_equal(pfl_looks_next(looks, 0.5, &bound, NULL), PFL_ENOMEM);
    pfl_fault.alloc_at = 0;
    assert_true(bound == 42);
    assert_int_equal(pfl_looks_next(looks, 0.5, &bound, NULL), PFL_OK);
    assert_true(bound > 2 && bound < 3);
    pfl_looks_free(looks);
    pfl_looks_free(NULL);
}

/* ---- Confidence sequences ---- */

static double draw_gaussian(struct pfl_random *random)
{
    return gaussian(random);
}

static double draw_lognormal(struct pfl_random *random)
{
    return exp(0.4 * gaussian(random)) - exp(0.08);
}

static double draw_spiked(struct pfl_random *random)
{
    double x = gaussian(random), u = pfl_random_unit(random);

    return u < 0.05 ? (u < 0.025 ? x + 8 : x - 8) : x;
}

static double draw_clock(struct pfl_random *random) /* a clock of two speeds, either side first */
{
    return (pfl_random_unit(random) < 0.5 ? -0.04 : 0.04) + 0.005 * gaussian(random);
}

static double draw_tied(struct pfl_random *random) /* most differences are exactly 0 */
{
    double u = pfl_random_unit(random);

    return u < 0.3 ? -1 : u < 0.7 ? 0 : 1;
}

static double median_of_lognormal(struct pfl_random *random)
{
    return expm1(0.4 * gaussian(random));
}

struct world {
    const char *name;
    double (*draw)(struct pfl_random *);
};

static struct pfl_interval mean_now(const double *x, double *sorted, size_t n)
{
    (void)sorted;
    return pfl_stats_anytime_mean(x, n, 0.95, 40);
}

static struct pfl_interval median_now(const double *x, double *sorted, size_t n)
{
    size_t i;

    for (i = n - 1; i > 0 && sorted[i - 1] > x[n - 1]; i--)
        sorted[i] = sorted[i - 1];
    sorted[i] = x[n - 1];
    return pfl_stats_anytime_median_sorted(sorted, n, 0.95, 40);
}

/* How many of SEQUENCES sequences have, at any n up to MOST, an interval without 0, the truth. */
static size_t ever_wrong(const struct world *world,
                         struct pfl_interval (*now)(const double *, double *, size_t))
{
    double x[MOST], sorted[MOST];
    struct pfl_interval interval;
    struct pfl_random random;
    size_t run, n, wrong = 0;

    pfl_random_seed(&random, 31);
    for (run = 0; run < SEQUENCES; run++)
        for (n = 1; n <= MOST; n++) {
            x[n - 1] = world->draw(&random);
            sorted[n - 1] = 0;
            interval = now(x, sorted, n);
            if (!(interval.low <= 0 && 0 <= interval.high)) {
                wrong++;
                break;
            }
        }
    return wrong;
}

static void test_intervals_at_any_time(void **state)
{
    static const struct world means[] = {{"Gaussian", draw_gaussian},
                                         {"lognormal", draw_lognormal},
                                         {"spiked", draw_spiked},
                                         {"two speeds", draw_clock}};
    static const struct world medians[] = {{"Gaussian", draw_gaussian},
                                           {"lognormal", median_of_lognormal},
                                           {"spiked", draw_spiked},
                                           {"tied", draw_tied}};
    size_t i, wrong, most = (size_t)(0.05 * SEQUENCES);

    (void)state;
    /* Exact for Gaussian values only; the header says how far it is off for skewed ones. */
    for (i = 0; i < PFL_COUNT(means); i++)
        if ((wrong = ever_wrong(&means[i], mean_now)) > (i == 1 ? most * 13 / 10 : most))
            fail_msg("mean, %s: %zu of %d sequences were ever wrong", means[i].name, wrong,
                     SEQUENCES);
    for (i = 0; i < PFL_COUNT(medians); i++)
        if ((wrong = ever_wrong(&medians[i], median_now)) > most)
            fail_msg("median, %s: %zu of %d sequences were ever wrong", medians[i].name, wrong,
                     SEQUENCES);
}

/* The same simulation sees through an interval that is meant for one look only. */
static struct pfl_interval naive_now(const double *x, double *sorted, size_t n)
{
    double half = INFINITY;
    struct pfl_interval interval = {0, 0, 0, 0};

    (void)sorted;
    if (n > 1)
        half =
            pfl_stats_t_quantile(0.975, (double)n - 1) * pfl_stats_stddev(x, n) / sqrt((double)n);
    interval.low = pfl_stats_mean(x, n) - half;
    interval.high = pfl_stats_mean(x, n) + half;
    return interval;
}

static void test_the_simulation_sees_naive_looking(void **state)
{
    static const struct world world = {"Gaussian", draw_gaussian};

    (void)state;
    assert_true(ever_wrong(&world, naive_now) > SEQUENCES / 5);
}

/* Normal mixture and bounded mean, which need no more than running sums. */
static void test_sums_at_any_time(void **state)
{
    double rho = pfl_stats_mixture_rho(50, 0.05), s, x[MOST];
    const struct pfl_bounds range = {-1, 1};
    struct pfl_interval interval;
    struct pfl_random random;
    size_t run, n, wrong = 0, wrong_bounded = 0;
    bool out;

    (void)state;
    pfl_random_seed(&random, 32);
    for (run = 0; run < 4000; run++)
        for (n = 1, s = 0; n <= 300; n++) {
            s += gaussian(&random);
            if (fabs(s) > pfl_stats_mixture_bound((double)n, rho, 0.05)) {
                wrong++;
                break;
            }
        }
    assert_true(wrong > 40 && wrong <= 200); /* 0.05, of which a good part is used by n = 300 */
    for (run = 0; run < 300; run++) {
        for (n = 0; n < MOST; n++)
            x[n] = pfl_random_unit(&random) < 0.1 ? 0.9 : -0.1;
        for (n = 1, out = false; n <= MOST; n += 3) {
            interval = pfl_stats_anytime_bounded_mean(x, n, &range, 0.95);
            out = out || !(interval.low <= 0 && 0 <= interval.high);
        }
        wrong_bounded += out;
    }
    assert_true(wrong_bounded <= 15);
}

/* The optimal ρ is optimal, and 95 % intervals shrink to what they are for. */
static void test_widths(void **state)
{
    double best = pfl_stats_mixture_rho(50, 0.05), width = pfl_stats_mixture_bound(50, best, 0.05);
    const struct pfl_bounds range = {-0.5, 0.5};
    double *x = pfl_alloc_zeroed(20000, sizeof *x);
    struct pfl_interval interval;
    struct pfl_random random;
    size_t i;

    (void)state;
    assert_non_null(x);
    assert_true(width < pfl_stats_mixture_bound(50, best * 1.1, 0.05));
    assert_true(width < pfl_stats_mixture_bound(50, best / 1.1, 0.05));
    assert_true(width / sqrt(50) < 1.6 * 1.96);
    pfl_random_seed(&random, 33);
    for (i = 0; i < 20000; i++)
        x[i] = 0.1 + 0.05 * (pfl_random_unit(&random) - 0.5);
    interval = pfl_stats_anytime_mean(x, 200, 0.95, 200);
    assert_true(interval.low > 0.095 && interval.high < 0.105);
    interval = pfl_stats_anytime_bounded_mean(x, 20000, &range, 0.95);
    assert_true(interval.low > 0.095 && interval.high < 0.105);
    pfl_stats_sort(x, 20000);
    interval = pfl_stats_anytime_median_sorted(x, 20000, 0.95, 1000);
    assert_true(interval.low > 0.098 && interval.high < 0.102 && interval.estimate > interval.low);
    pfl_free(x);
}

static void assert_nothing_known(struct pfl_interval interval)
{
    assert_true(interval.low == -INFINITY && interval.high == INFINITY);
}

static void test_bad_input_excludes_nothing(void **state)
{
    const double good[] = {0.1, 0.2, 0.3}, odd[] = {0.1, NAN, 0.2}, endless[] = {0, 1, INFINITY},
                 constant[] = {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2};
    const struct pfl_bounds range = {-1, 1}, none = {1, 1}, narrow = {0, 0.15};
    struct pfl_interval interval;

    (void)state;
    assert_nothing_known(pfl_stats_anytime_mean(odd, 3, 0.95, 10));
    assert_nothing_known(pfl_stats_anytime_mean(endless, 3, 0.95, 10));
    assert_nothing_known(pfl_stats_anytime_mean(good, 0, 0.95, 10));
    assert_nothing_known(pfl_stats_anytime_mean(good, 1, 0.95, 10));
    assert_nothing_known(pfl_stats_anytime_mean(good, 3, 1, 10));
    assert_nothing_known(pfl_stats_anytime_mean(good, 3, 0.95, NAN));
    assert_nothing_known(pfl_stats_anytime_median_sorted(odd, 3, 0.95, 10));
    assert_nothing_known(pfl_stats_anytime_median_sorted(endless, 3, 0.95, 10));
    assert_nothing_known(pfl_stats_anytime_median_sorted(good, 3, 0.95, 10));
    assert_nothing_known(pfl_stats_anytime_median_sorted(good, 0, 0.95, 10));
    assert_nothing_known(pfl_stats_anytime_bounded_mean(odd, 3, &range, 0.95));
    assert_nothing_known(pfl_stats_anytime_bounded_mean(good, 3, &none, 0.95));
    assert_nothing_known(pfl_stats_anytime_bounded_mean(good, 3, &narrow, 0.95));
    interval = pfl_stats_anytime_mean(constant, 12, 0.95, 10);
    assert_true(interval.low == 2 && interval.high == 2 && interval.estimate == 2);
    interval = pfl_stats_anytime_median_sorted(constant, 12, 0.95, 10);
    assert_true(interval.low == 2 && interval.high == 2);
    assert_true(isinf(pfl_stats_mixture_bound(NAN, 1, 0.05)));
    assert_true(isinf(pfl_stats_mixture_bound(1, 0, 0.05)));
    assert_true(isnan(pfl_stats_mixture_rho(-1, 0.05)) && isnan(pfl_stats_mixture_rho(1, 0)));
}

int test_stats_sequential(void);
int test_stats_sequential(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_looking_often_costs_nothing),
        cmocka_unit_test(test_bounds_have_their_shape),
        cmocka_unit_test(test_one_side_and_overrun),
        cmocka_unit_test(test_looks_refuse),
        cmocka_unit_test(test_intervals_at_any_time),
        cmocka_unit_test(test_the_simulation_sees_naive_looking),
        cmocka_unit_test(test_sums_at_any_time),
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_bad_input_excludes_nothing),
    };

    return cmocka_run_group_tests_name("stats sequential", tests, NULL, NULL);
}
