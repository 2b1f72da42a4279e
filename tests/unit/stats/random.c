/* The generator: its sequence is part of the record (a run stores its seed), so it is pinned to
 * values computed independently. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/stats.h"

#include <math.h>

static void test_known_sequence(void **state)
{
    static const struct {
        uint64_t seed, first[3], thousandth;
    } cases[] = {
        {0,
         {UINT64_C(0x99ec5f36cb75f2b4), UINT64_C(0xbf6e1f784956452a), UINT64_C(0x1a5f849d4933e6e0)},
         UINT64_C(0x7aac8c483a2edd2f)},
        {42,
         {UINT64_C(0x15780b2e0c2ec716), UINT64_C(0x6104d9866d113a7e), UINT64_C(0xae17533239e499a1)},
         UINT64_C(0x8de5848c61ab8968)},
    };
    struct pfl_random random;
    size_t i, j;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_random_seed(&random, cases[i].seed);
        for (j = 0; j < 3; j++)
            assert_true(pfl_random_next(&random) == cases[i].first[j]);
        for (; j < 999; j++)
            pfl_random_next(&random);
        assert_true(pfl_random_next(&random) == cases[i].thousandth);
    }
}

static void test_unit_is_uniform(void **state)
{
    struct pfl_random random;
    double sum = 0, squares = 0, x;
    int i, n = 100000;

    (void)state;
    pfl_random_seed(&random, 1);
    for (i = 0; i < n; i++) {
        x = pfl_random_unit(&random);
        assert_true(x >= 0 && x < 1);
        sum += x;
        squares += x * x;
    }
    assert_true(fabs(sum / n - 0.5) < 0.004);
    assert_true(fabs(squares / n - 1.0 / 3) < 0.004);
}

static void test_below_is_even(void **state)
{
    static const uint64_t bounds[] = {
        0, 1, 2, 3, 7, 1000, UINT64_C(1) << 63, (UINT64_C(1) << 63) + 1, UINT64_MAX};
    unsigned counts[7] = {0};
    struct pfl_random random;
    uint64_t x;
    size_t i;
    int j;

    (void)state;
    pfl_random_seed(&random, 3);
    for (i = 0; i < PFL_COUNT(bounds); i++)
        for (j = 0; j < 200; j++) {
            x = pfl_random_below(&random, bounds[i]);
            assert_true(bounds[i] < 2 ? x == 0 : x < bounds[i]);
        }
    for (j = 0; j < 70000; j++)
        counts[pfl_random_below(&random, 7)]++;
    for (i = 0; i < 7; i++)
        assert_in_range(counts[i], 9700, 10300);
}

/* Upper halves of the range must be reached: a product of 32-bit halves gone wrong would not. */
static void test_below_reaches_all_of_a_large_range(void **state)
{
    uint64_t bound = (UINT64_C(1) << 63) + 12345, highest = 0, lowest = UINT64_MAX, x;
    struct pfl_random random;
    int i;

    (void)state;
    pfl_random_seed(&random, 9);
    for (i = 0; i < 2000; i++) {
        x = pfl_random_below(&random, bound);
        highest = x > highest ? x : highest;
        lowest = x < lowest ? x : lowest;
    }
    assert_true(highest > bound / 100 * 99);
    assert_true(lowest < bound / 100);
}

/* The 128-bit product to the last bit, against exact integers. */
static void test_below_is_exact(void **state)
{
    struct pfl_random random;
    uint64_t digest = 0;
    int i;

    (void)state;
    pfl_random_seed(&random, 42);
    for (i = 0; i < 1000; i++)
        digest = digest * 31 + pfl_random_below(&random, UINT64_C(0xfedcba9876543211));
    assert_true(digest == UINT64_C(0x3e92bab05bf00063));
}

static void test_shuffle_is_a_fair_permutation(void **state)
{
    unsigned seen[4][4] = {{0}};
    struct pfl_random random;
    uint32_t items[4], i;
    int round;

    (void)state;
    pfl_random_seed(&random, 5);
    for (round = 0; round < 24000; round++) {
        unsigned all = 0;

        for (i = 0; i < 4; i++)
            items[i] = i;
        pfl_random_shuffle(&random, items, 4);
        for (i = 0; i < 4; i++) {
            seen[i][items[i]]++;
            all |= 1u << items[i];
        }
        assert_int_equal(all, 15);
    }
    for (i = 0; i < 16; i++)
        assert_in_range(seen[i / 4][i % 4], 5750, 6250);
    pfl_random_shuffle(&random, items, 0);
    pfl_random_shuffle(&random, items, 1);
}

int test_stats_random(void);
int test_stats_random(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_sequence),
        cmocka_unit_test(test_unit_is_uniform),
        cmocka_unit_test(test_below_is_even),
        cmocka_unit_test(test_below_reaches_all_of_a_large_range),
        cmocka_unit_test(test_below_is_exact),
        cmocka_unit_test(test_shuffle_is_a_fair_permutation),
    };

    return cmocka_run_group_tests_name("stats random", tests, NULL, NULL);
}
