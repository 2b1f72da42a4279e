/* The order of launches: whole rounds, every benchmark once, the same seed the same order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "measure/order.h"

enum { COUNT = 50 };

static bool wants_odd(void *context, size_t item)
{
    (void)context;
    return item % 2 == 1;
}

static bool wants_all(void *context, size_t item)
{
    (void)context;
    (void)item;
    return true;
}

static bool wants_none(void *context, size_t item)
{
    (void)context;
    (void)item;
    return false;
}

static void each_once_a_round(void **state)
{
    uint32_t places[COUNT], seen[COUNT] = {0};
    struct pfl_order order;
    size_t round, i;

    (void)state;
    pfl_order_init(&order, 7, places);
    for (round = 0; round < 20; round++) {
        assert_true(pfl_order_next_round(&order, COUNT, wants_odd, NULL));
        assert_int_equal(order.n, COUNT / 2);
        for (i = 0; i < order.n; i++)
            seen[order.items[i]]++;
    }
    for (i = 0; i < COUNT; i++)
        assert_int_equal(seen[i], i % 2 ? 20 : 0);
    assert_false(pfl_order_next_round(&order, COUNT, wants_none, NULL));
}

static void rounds_differ_seeds_repeat(void **state)
{
    uint32_t a_places[COUNT], b_places[COUNT], first[COUNT];
    struct pfl_order a, b;

    (void)state;
    pfl_order_init(&a, 42, a_places);
    pfl_order_init(&b, 42, b_places);
    assert_true(pfl_order_next_round(&a, COUNT, wants_all, NULL));
    assert_true(pfl_order_next_round(&b, COUNT, wants_all, NULL));
    assert_memory_equal(a_places, b_places, sizeof a_places);
    memcpy(first, a_places, sizeof first);
    assert_true(pfl_order_next_round(&a, COUNT, wants_all, NULL));
    assert_memory_not_equal(a_places, first, sizeof first);
    pfl_order_init(&b, 43, b_places);
    assert_true(pfl_order_next_round(&b, COUNT, wants_all, NULL));
    assert_memory_not_equal(b_places, first, sizeof first);
}

/* No benchmark has a favourite place: over many rounds each stands first about equally often. */
static void places_are_fair(void **state)
{
    enum { FEW = 4, ROUNDS = 4000 };
    uint32_t places[FEW], first[FEW] = {0};
    struct pfl_order order;
    int i;

    (void)state;
    pfl_order_init(&order, 1, places);
    for (i = 0; i < ROUNDS; i++) {
        pfl_order_next_round(&order, FEW, wants_all, NULL);
        first[order.items[0]]++;
    }
    for (i = 0; i < FEW; i++) {
        assert_true(first[i] > ROUNDS / FEW - 150);
        assert_true(first[i] < ROUNDS / FEW + 150);
    }
}

int test_measure_order(void);
int test_measure_order(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_once_a_round),
        cmocka_unit_test(rounds_differ_seeds_repeat),
        cmocka_unit_test(places_are_fair),
    };

    return cmocka_run_group_tests_name("measure/order", tests, NULL, NULL);
}
