/* How many iterations come next: sizing, its repair, the end, bodies longer than a batch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine.h"

static const struct pfl_lib_how usual = {.seconds = 0.06, .batch_s = 0.0005};

/* Drives the plan with a body of that many ns; answers the batches recorded. */
static size_t drive(struct pfl_lib_plan *plan, double body_ns)
{
    size_t recorded = 0, turns = 0;

    while (plan->phase != PFL_LIB_OVER) {
        recorded += pfl_lib_plan_advance(plan, (double)plan->size * body_ns, false);
        assert_true(++turns < 100000);
    }
    return recorded;
}

static void test_sizes(void **state)
{
    static const struct {
        double body_ns;
        uint64_t size;
        size_t recorded;
    } rows[] = {
        {1, 500000, 120}, {100, 5000, 120}, {333, 1502, 120},
        {100000, 5, 120}, {400000, 1, 150}, /* one is nearer than two */
        {1e6, 1, 60},     {40e6, 1, 3},     /* at least three */
        {1.5e9, 1, 1},                      /* one when it takes more than a second */
    };
    struct pfl_lib_plan plan;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        pfl_lib_plan_init(&plan, &usual);
        assert_int_equal(drive(&plan, rows[i].body_ns), rows[i].recorded);
        assert_int_equal(plan.size, rows[i].size);
    }
}

static void test_first_is_apart(void **state)
{
    struct pfl_lib_plan plan;

    (void)state;
    pfl_lib_plan_init(&plan, &usual);
    assert_int_equal(plan.phase, PFL_LIB_FIRST);
    assert_int_equal(plan.size, 1);
    assert_false(pfl_lib_plan_advance(&plan, 1e6, false)); /* lazy set-up */
    assert_int_equal(plan.phase, PFL_LIB_SIZING);
    assert_int_equal(plan.size, 1);
    drive(&plan, 100);
    assert_int_equal(plan.size, 5000);
}

/* Nothing takes no time; nothing hangs. */
static void test_no_time(void **state)
{
    struct pfl_lib_plan plan;

    (void)state;
    pfl_lib_plan_init(&plan, &usual);
    while (plan.phase <= PFL_LIB_SIZING)
        pfl_lib_plan_advance(&plan, 0, false);
    assert_true(plan.size >= UINT64_C(1) << 40);
}

static void test_once(void **state)
{
    struct pfl_lib_plan plan;
    struct pfl_lib_how how = usual;

    (void)state;
    how.count_only = true;
    pfl_lib_plan_init(&plan, &how);
    assert_false(pfl_lib_plan_advance(&plan, 5, false));
    assert_int_equal(plan.phase, PFL_LIB_OVER);
}

/* A disturbed sizing batch must not make all batches tiny. */
static void test_disturbed_sizing(void **state)
{
    struct pfl_lib_plan plan;
    int interrupted;

    (void)state;
    for (interrupted = 0; interrupted < 2; interrupted++) {
        pfl_lib_plan_init(&plan, &usual);
        while (plan.size < 64)
            pfl_lib_plan_advance(&plan, (double)plan.size * 100, false);
        assert_false(pfl_lib_plan_advance(&plan, 6400 + 4e6, interrupted != 0));
        assert_int_equal(drive(&plan, 100), 120);
        assert_int_equal(plan.size, 5000);
    }
}

static void test_interrupted_are_dropped(void **state)
{
    struct pfl_lib_plan plan;
    size_t recorded = 0, dropped = 0;
    int turn;

    (void)state;
    pfl_lib_plan_init(&plan, &usual);
    while (plan.phase != PFL_LIB_TIMED)
        pfl_lib_plan_advance(&plan, (double)plan.size * 100, false);
    for (turn = 0; plan.phase == PFL_LIB_TIMED; turn++) { /* every third one */
        bool recording = pfl_lib_plan_advance(&plan, 5e5, turn % 3 == 0);

        assert_int_equal(recording, turn % 3 != 0);
        recorded += recording;
        dropped += !recording;
    }
    assert_int_equal(recorded + dropped, 120);
    assert_int_equal(dropped, plan.dropped);
    pfl_lib_plan_init(&plan, &usual); /* all of them: half stays, and it ends */
    while (plan.phase != PFL_LIB_OVER)
        pfl_lib_plan_advance(&plan, (double)plan.size * 100, plan.phase == PFL_LIB_TIMED);
    assert_true(plan.timed >= 59);
    pfl_lib_plan_init(&plan, &usual); /* long bodies are always interrupted */
    while (plan.phase != PFL_LIB_OVER)
        pfl_lib_plan_advance(&plan, 4e7, true);
    assert_int_equal(plan.timed, 3);
}

/* Between the batches lies much more than their time: set-up, waiting for other threads. */
static void test_wall_clock(void **state)
{
    static const struct {
        double body_ns, between_ns;
        size_t timed;
    } rows[] = {
        {100, 0, 120},   {100, 4e6, 120}, /* nine times as much is borne */
        {100, 20e6, 30},                  /* 0.6 s of 20.5 ms each */
        {100, 500e6, 3},                  /* the least */
        {2e9, 500e6, 1},
    };
    struct pfl_lib_plan plan;
    int64_t now_ns;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        pfl_lib_plan_init(&plan, &usual);
        for (now_ns = 1000; plan.phase != PFL_LIB_OVER;) {
            double batch_ns = (double)plan.size * rows[i].body_ns;

            now_ns += (int64_t)(batch_ns + rows[i].between_ns);
            pfl_lib_plan_advance(&plan, batch_ns, false);
            pfl_lib_plan_watch(&plan, now_ns);
        }
        assert_int_equal(plan.timed, rows[i].timed);
    }
}

/* In a race somebody else says when it is over. */
static void test_wall_clock_of_a_race(void **state)
{
    static const struct pfl_lib_steering steering;
    struct pfl_lib_how how = usual;
    struct pfl_lib_plan plan;

    (void)state;
    how.steering = &steering;
    pfl_lib_plan_init(&plan, &how);
    plan.phase = PFL_LIB_TIMED;
    plan.timed = 10;
    pfl_lib_plan_watch(&plan, 1000);
    pfl_lib_plan_watch(&plan, INT64_C(1) << 60);
    assert_int_equal(plan.phase, PFL_LIB_TIMED);
}

int test_lib_batches(void);
int test_lib_batches(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_first_is_apart),
        cmocka_unit_test(test_no_time),
        cmocka_unit_test(test_once),
        cmocka_unit_test(test_disturbed_sizing),
        cmocka_unit_test(test_interrupted_are_dropped),
        cmocka_unit_test(test_wall_clock),
        cmocka_unit_test(test_wall_clock_of_a_race),
    };

    return cmocka_run_group_tests_name("lib/batches", tests, NULL, NULL);
}
