/* What stands beside a median: between invocations, not between launches. */
#include "program.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const double launches[] = {1.001, 0.999, 1.000, 1.002, 0.998,
                                  1.000, 1.001, 0.999, 1.003, 0.997};
enum { LAUNCHES = sizeof launches / sizeof launches[0] };

#define assert_near(got, expected, error) assert_true(fabs((got) - (expected)) <= (error))

static double half_of(const char *metric, const char *unit, const double *values, size_t n)
{
    struct pfl_lib_estimate e;

    pfl_lib_estimate(metric, unit, values, n, &e);
    return pfl_lib_estimate_half(&e);
}

static void test_figures(void **state)
{
    const double values[] = {3, NAN, 1, 2, 10};
    struct pfl_lib_estimate e;

    (void)state;
    pfl_lib_estimate("hits", "1", values, 5, &e);
    assert_int_equal(e.n, 4);
    assert_near(e.median, 2.5, 0);
    assert_near(e.mean, 4, 1e-15);
    assert_near(e.min, 1, 0);
    assert_near(e.max, 10, 0);
    assert_near(e.stddev, 4.08248290463863, 1e-12);
}

/* Ten launches that agree do not know the next hour: the least is what the kind of metric has. */
static void test_stated_is_wider_than_own(void **state)
{
    struct pfl_lib_estimate e;
    double own, clock_half = 1.96 * 0.03 * sqrt(2);

    (void)state;
    pfl_lib_estimate("time", "s", launches, LAUNCHES, &e);
    own = (e.own_high - e.own_low) / 2;
    assert_true(e.low < e.own_low && e.high > e.own_high);
    assert_true(pfl_lib_estimate_half(&e) > 20 * own);
    assert_near(pfl_lib_estimate_half(&e), clock_half, 0.002);
    assert_true(half_of("cycles", "1", launches, LAUNCHES) < 0.01);
    assert_true(half_of("cycles", "1", launches, LAUNCHES) > own * sqrt(2));
    assert_near(half_of("throughput", "B/s", launches, LAUNCHES),
                half_of("time", "s", launches, LAUNCHES), 1e-12);
}

/* Launches that differ: invocations do, too, more than their medians' intervals say. */
static void test_own_scatter_counts(void **state)
{
    double wild[LAUNCHES], many[4 * LAUNCHES];
    struct pfl_lib_estimate e;
    size_t i;

    (void)state;
    for (i = 0; i < LAUNCHES; i++)
        wild[i] = 1 + (launches[i] - 1) * 50;
    for (i = 0; i < 4 * LAUNCHES; i++)
        many[i] = wild[i % LAUNCHES];
    pfl_lib_estimate("cycles", "1", wild, LAUNCHES, &e);
    assert_true(pfl_lib_estimate_half(&e) > 1.8 * (e.own_high - e.own_low) / 2);
    assert_true(half_of("cycles", "1", many, 4 * LAUNCHES) <
                0.75 * half_of("cycles", "1", wild, LAUNCHES));
}

/* Launches that are alike but for one: what is stated holds what was seen. */
static void test_holds_its_own(void **state)
{
    const double skewed[] = {1, 1, 1, 1, 3};
    struct pfl_lib_estimate e;

    (void)state;
    pfl_lib_estimate("cycles", "1", skewed, 5, &e);
    assert_true(e.low <= e.own_low && e.high >= e.own_high);
}

static void test_constant(void **state)
{
    const double same[] = {7, 7, 7, 7, 7, 7}, zero[] = {0, 0, 0, 0, 0, 0};

    (void)state;
    assert_near(half_of("alloc_count", "1", same, 6), 0, 0);
    assert_near(half_of("parity_error", "1", zero, 6), 0, 0);
    assert_near(half_of("cycles", "1", same, 6), 1.96 * 0.0015 * sqrt(2), 1e-4);
}

/* A time is a time in whatever unit. */
static void test_units(void **state)
{
    static const char *const times[] = {"s", "ms", "us", "µs", "ns", "min", "B/s"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof times / sizeof *times; i++)
        assert_near(half_of("latency", times[i], launches, LAUNCHES),
                    half_of("time", "s", launches, LAUNCHES), 0);
    assert_true(half_of("latency", "m", launches, LAUNCHES) <
                half_of("time", "s", launches, LAUNCHES) / 2);
}

static void test_unknown(void **state)
{
    const double none[] = {NAN, NAN}, signs[] = {-1, 0, 1, -2, 2, 0.5};
    struct pfl_lib_estimate e;

    (void)state;
    assert_true(isnan(half_of("time", "s", launches, 1)));
    pfl_lib_estimate("time", "s", none, 2, &e);
    assert_int_equal(e.n, 0);
    assert_true(isnan(e.median) && isnan(pfl_lib_estimate_half(&e)));
    pfl_lib_estimate("delta", "s", signs, 6, &e); /* no logarithm: its own interval */
    assert_near(e.low, e.own_low, 0);
    assert_near(e.high, e.own_high, 0);
    assert_true(e.low < 0 && e.high > 0);
}

int test_lib_estimate(void);
int test_lib_estimate(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_stated_is_wider_than_own),
        cmocka_unit_test(test_own_scatter_counts),
        cmocka_unit_test(test_holds_its_own),
        cmocka_unit_test(test_constant),
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_unknown),
    };

    return cmocka_run_group_tests_name("lib/estimate", tests, NULL, NULL);
}
