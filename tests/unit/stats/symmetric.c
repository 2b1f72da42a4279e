/*
 * What symmetric.h promises, simulated with fixed seeds: looking at every step, sequences without a
 * centre other than 0 are rejected no more often than stated, whatever the noise; what is there is
 * found; and the interval moves and grows with the values.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "stats/symmetric.h"

#include <math.h>
#include <string.h>

enum { LONGEST = 2000, SEQUENCES = 400 };

static double values[LONGEST], scratch[LONGEST];

static double gaussian(struct pfl_random *random)
{
    double radius = sqrt(-2 * log(1 - pfl_random_unit(random)));

    return radius * cos(6.28318530717958647693 * pfl_random_unit(random));
}

static double coin(struct pfl_random *random)
{
    return pfl_random_next(random) >> 63 ? 1 : -1;
}

enum noise {
    GAUSSIAN,
    CAUCHY,
    LOGNORMAL,
    TWO_VALUES,
    QUANTISED,
    WANDERING,
    DRIFTING,
    ALTERNATING,
    KINDS
};

static void fill(enum noise noise, size_t n, size_t together, struct pfl_random *random)
{
    double level = 0, sign = 1, size = 1;
    size_t i;

    for (i = 0; i < n; i++) {
        double z = gaussian(random);

        if (i % together == 0)
            sign = coin(random);
        level = 0.98 * level + 0.5 * gaussian(random);
        switch (noise) {
        case CAUCHY: size = tan(1.5707 * pfl_random_unit(random)); break;
        case LOGNORMAL: size = exp(2 * z); break;
        case TWO_VALUES: size = 1; break;
        case QUANTISED: size = floor(fabs(z)); break;
        case WANDERING: size = exp(level); break;
        case DRIFTING: size = fabs(z) * (1 + 9 * (double)i / (double)n); break;
        case ALTERNATING: size = i % together ? 1 : 3; break;
        default: size = fabs(z); break;
        }
        values[i] = 0.01 * sign * size;
    }
}

static size_t rejections(enum noise noise, const struct pfl_symmetric_rule *rule, size_t drawn)
{
    struct pfl_random random;
    size_t sequence, n, count = 0;

    pfl_random_seed(&random, 31 + (uint64_t)noise);
    for (sequence = 0; sequence < SEQUENCES; sequence++) {
        fill(noise, LONGEST, drawn, &random);
        for (n = 8; n <= LONGEST; n += 2 + n / 8)
            if (pfl_stats_symmetric_p(values, n, 0, rule, scratch) <= rule->alpha) {
                count++;
                break;
            }
    }
    return count;
}

/* 400 sequences at 1 %: more than 10 have a chance of 0.3 %. */
static void test_nothing_is_found_where_nothing_is(void **state)
{
    static const struct pfl_symmetric_rule single = {0.01, 100, 1}, paired = {0.01, 100, 2};
    enum noise noise;
    size_t count;

    (void)state;
    for (noise = GAUSSIAN; noise < KINDS; noise++) {
        if ((count = rejections(noise, &single, 1)) > 10)
            fail_msg("noise %d: %zu of %d", (int)noise, count, SEQUENCES);
        if ((count = rejections(noise, &paired, 2)) > 10)
            fail_msg("noise %d in pairs: %zu of %d", (int)noise, count, SEQUENCES);
    }
    /* Values that turn about in twos, taken for single ones: the simulation can fail. */
    assert_true(rejections(TWO_VALUES, &single, 2) > 20);
}

static size_t first_rejection(double effect, const struct pfl_symmetric_rule *rule)
{
    struct pfl_random random;
    size_t sequence, n, i, total = 0;

    pfl_random_seed(&random, 5);
    for (sequence = 0; sequence < 100; sequence++) {
        for (i = 0; i < LONGEST; i++)
            values[i] = effect + gaussian(&random);
        for (n = 8; n < LONGEST; n += 1 + n / 50)
            if (pfl_stats_symmetric_p(values, n, 0, rule, scratch) <= rule->alpha)
                break;
        total += n;
    }
    return total / 100;
}

/* Beside it the length at which a plain z test, one look, finds it in half of the cases. */
static void test_what_is_there_is_found(void **state)
{
    static const struct pfl_symmetric_rule rule = {0.005, 50, 1};
    static const struct {
        double effect, most;
    } cases[] = {{0.2, 450}, {0.4, 120}, {0.8, 40}, {1.6, 15}, {10, 12}, {1000, 12}};
    size_t i, n;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        n = first_rejection(cases[i].effect, &rule);
        if ((double)n > cases[i].most)
            fail_msg("%g: found after %zu (z test: %.0f)", cases[i].effect, n,
                     pow(2.807 / cases[i].effect, 2));
    }
}

static void test_degenerate(void **state)
{
    struct pfl_symmetric_rule rule = {0.005, 50, 1};
    struct pfl_interval interval;
    size_t i, n;

    (void)state;
    memset(values, 0, sizeof values);
    assert_true(pfl_stats_symmetric_p(values, 100, 0, &rule, scratch) == 1);
    for (i = 0; i < 100; i++)
        values[i] = 0.25;
    for (n = 0; pfl_stats_symmetric_p(values, n, 0, &rule, scratch) > rule.alpha; n++)
        assert_true(n < 16);
    assert_true(n >= PFL_SYMMETRIC_FIRST);
    interval = pfl_stats_symmetric_interval(values, 100, &rule, scratch);
    assert_true(interval.estimate == 0.25 && interval.low == 0.25 && interval.high == 0.25);
    interval = pfl_stats_symmetric_interval(values, 8, &rule, scratch);
    assert_true(isinf(interval.low) && isinf(interval.high));
    /* Mostly zeros: the first scale waits for something else. */
    memset(values, 0, sizeof values);
    for (i = 12; i < 400; i += 4)
        values[i] = 0.5;
    assert_true(pfl_stats_symmetric_p(values, 12, 0, &rule, scratch) == 1);
    assert_true(pfl_stats_symmetric_p(values, 400, 0, &rule, scratch) <= rule.alpha);
    values[3] = NAN;
    assert_true(pfl_stats_symmetric_p(values, 400, 0, &rule, scratch) == 1);
    interval = pfl_stats_symmetric_interval(values, 400, &rule, scratch);
    assert_true(isinf(interval.low) && isnan(interval.estimate));
    values[3] = 0;
    rule.alpha = 0;
    assert_true(pfl_stats_symmetric_p(values, 400, 0, &rule, scratch) == 1);
}

static void test_the_interval_moves_and_grows_with_the_values(void **state)
{
    static const struct pfl_symmetric_rule rule = {0.01, 50, 2};
    struct pfl_interval plain, moved, negated;
    struct pfl_random random;
    size_t i, n = 300;

    (void)state;
    pfl_random_seed(&random, 8);
    fill(LOGNORMAL, n, 1, &random);
    plain = pfl_stats_symmetric_interval(values, n, &rule, scratch);
    assert_true(plain.low < plain.estimate && plain.estimate < plain.high);
    assert_true(pfl_stats_symmetric_p(values, n, plain.low - 1e-9, &rule, scratch) <= 0.01);
    assert_true(pfl_stats_symmetric_p(values, n, plain.low + 1e-9, &rule, scratch) > 0.01);
    for (i = 0; i < n; i++)
        values[i] = 8 * values[i] + 4;
    moved = pfl_stats_symmetric_interval(values, n, &rule, scratch);
    assert_true(fabs(moved.low - (8 * plain.low + 4)) < 1e-9);
    assert_true(fabs(moved.high - (8 * plain.high + 4)) < 1e-9);
    for (i = 0; i < n; i++)
        values[i] = -values[i];
    negated = pfl_stats_symmetric_interval(values, n, &rule, scratch);
    assert_true(fabs(negated.low + moved.high) < 1e-9);
    moved = pfl_stats_symmetric_interval(values, n, &rule, scratch);
    assert_memory_equal(&negated, &moved, sizeof moved);
}

static void test_inflation(void **state)
{
    struct pfl_random random;
    double both;
    size_t i;

    (void)state;
    pfl_random_seed(&random, 9);
    fill(GAUSSIAN, 1000, 1, &random);
    assert_true(pfl_stats_symmetric_inflation(values, 1000, 0, 1, scratch) == 1);
    both = pfl_stats_symmetric_inflation(values, 1000, 0, 2, scratch);
    assert_true(both >= 1 && both < 1.15);
    for (i = 0; i < 1000; i += 2)
        values[i + 1] = values[i];
    assert_true(fabs(pfl_stats_symmetric_inflation(values, 1000, 0, 2, scratch) - 2) < 1e-9);
    for (i = 0; i < 1000; i += 2)
        values[i + 1] = -values[i];
    assert_true(pfl_stats_symmetric_inflation(values, 1000, 0, 2, scratch) == 1);
}

int test_stats_symmetric(void);
int test_stats_symmetric(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_found_where_nothing_is),
        cmocka_unit_test(test_what_is_there_is_found),
        cmocka_unit_test(test_degenerate),
        cmocka_unit_test(test_the_interval_moves_and_grows_with_the_values),
        cmocka_unit_test(test_inflation),
    };

    return cmocka_run_group_tests_name("stats/symmetric", tests, NULL, NULL);
}
