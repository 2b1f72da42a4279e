/* When yardsticks are read, by a clock that tells what it is told, and what becomes of the
 * readings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/alloc.h"
#include "measure/yardsticks.h"

#define SECOND INT64_C(1000000000)

struct times {
    int64_t now_ns, step_ns;
};

static int64_t tell(void *context)
{
    struct times *times = context;

    return times->now_ns += times->step_ns;
}

static void take(struct pfl_readings *readings, size_t expected)
{
    struct pfl_err err;

    assert_int_equal(pfl_readings_take_if_due(readings, &err), PFL_OK);
    assert_int_equal(readings->all.n, expected);
}

static void once_in_an_interval(void **state)
{
    struct times times = {.now_ns = 100 * SECOND};
    const struct pfl_clock clock = {tell, tell, tell, &times};
    struct pfl_yardstick_reading *array = NULL;
    struct pfl_readings readings;
    struct pfl_arena arena;
    size_t n = 9, i, k;

    (void)state;
    pfl_arena_init(&arena);
    pfl_readings_init(&readings, &clock, times.now_ns, 0);
    assert_true(pfl_readings_freeze(&readings, &arena, &array, &n));
    assert_null(array);
    assert_int_equal(n, 0);
    take(&readings, 0);
    assert_null(readings.sticks); /* nothing was made yet */
    times.now_ns += SECOND / 2 - 1;
    take(&readings, 0);
    times.now_ns += 1;
    take(&readings, 1);
    take(&readings, 1);
    times.now_ns += SECOND / 2 - 1;
    take(&readings, 1);
    times.now_ns += 1;
    take(&readings, 2);
    assert_true(pfl_readings_freeze(&readings, &arena, &array, &n));
    assert_int_equal(n, 2);
    for (i = 0; i < n; i++) {
        assert_int_equal(array[i].at_ns, (int64_t)(i + 1) * SECOND / 2);
        for (k = 0; k < PFL_YARDSTICK_COUNT; k++)
            assert_true(array[i].value[k] == 0); /* by this clock they take no time */
    }
    pfl_readings_release(&readings);
    pfl_arena_release(&arena);
}

/* A reading that takes long is followed by a longer rest. */
static void two_per_cent_at_most(void **state)
{
    struct times times = {.now_ns = 0, .step_ns = SECOND};
    const struct pfl_clock clock = {tell, tell, tell, &times};
    struct pfl_readings readings;
    int64_t spent_ns, began_ns;

    (void)state;
    pfl_readings_init(&readings, &clock, 0, SECOND);
    began_ns = times.now_ns;
    take(&readings, 1);
    spent_ns = times.now_ns - began_ns;
    times.step_ns = 0;
    times.now_ns = began_ns + 40 * spent_ns;
    take(&readings, 1);
    times.now_ns = began_ns + 51 * spent_ns;
    take(&readings, 2);
    pfl_readings_release(&readings);
}

static void no_memory(void **state)
{
    struct times times = {.now_ns = SECOND};
    const struct pfl_clock clock = {tell, tell, tell, &times};
    struct pfl_readings readings;
    struct pfl_err err;
    unsigned long n;

    (void)state;
    pfl_readings_init(&readings, &clock, 0, 0);
    for (n = 1; n <= 2; n++) {
        pfl_fault = (struct pfl_fault){.alloc_at = n};
        assert_int_equal(pfl_readings_take(&readings, &err), PFL_ENOMEM);
        assert_int_equal(readings.all.n, 0);
    }
    pfl_fault = (struct pfl_fault){0};
    take(&readings, 1);
    pfl_readings_release(&readings);
    pfl_readings_release(&readings);
}

int test_measure_yardsticks(void);
int test_measure_yardsticks(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(once_in_an_interval),
        cmocka_unit_test(two_per_cent_at_most),
        cmocka_unit_test(no_memory),
    };

    return cmocka_run_group_tests_name("measure/yardsticks", tests, NULL, NULL);
}
