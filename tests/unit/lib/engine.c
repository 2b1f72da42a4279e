/*
 * Whole runs with clocks that the test moves: what is recorded, what is taken off, and what is said
 * when a benchmark is used wrongly. No real time is looked at.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the clocks: only the body and the yardstick take time ---- */

static int64_t fake_ns;
static double fake_yardstick_ns; /* per step; each run takes 20 µs */

static int64_t fake_now(void)
{
    return fake_ns;
}

static int64_t slept_ns; /* not on a CPU */

static int64_t fake_cpu(void)
{
    return fake_ns - slept_ns;
}

static uint64_t fake_ticks(void)
{
    return (uint64_t)fake_ns * 3; /* 3 ticks a ns */
}

static double fake_yardstick(void)
{
    fake_ns += 20000;
    return fake_yardstick_ns;
}

/* A system call: what the library does between batches is no part of any. */
static long fake_switches(void)
{
    fake_ns += 300;
    return 0;
}

static struct pfl_lib_clock real_clock;

static int restore_clock(void **state)
{
    (void)state;
    pfl_lib_clock = real_clock;
    return 0;
}

static int use_fake_clock(void **state)
{
    (void)state;
    if (!real_clock.now_ns)
        real_clock = pfl_lib_clock;
    fake_ns = 1000000;
    slept_ns = 0;
    fake_yardstick_ns = 1.25;
    pfl_lib_clock =
        (struct pfl_lib_clock){fake_now, fake_cpu, fake_ticks, fake_yardstick, fake_switches};
    return 0;
}

static void run_how(pfl_bench_function *function, struct pfl_lib_case *c,
                    const struct pfl_lib_how *how, struct pfl_lib_outcome *outcome)
{
    c->name = c->bench = "it";
    c->file = "here.c";
    c->line = 7;
    c->function = function;
    pfl_lib_engine_run(c, how, outcome);
}

static void run(pfl_bench_function *function, struct pfl_lib_case *c,
                struct pfl_lib_outcome *outcome)
{
    const struct pfl_lib_how how = {.seconds = 0.06, .batch_s = 0.0005, .seed = 1};

    run_how(function, c, &how, outcome);
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-6 * fabs(b);
}

static double metric(const struct pfl_lib_outcome *outcome, const char *name)
{
    size_t i;

    for (i = 0; i < outcome->metric_count; i++)
        if (strcmp(outcome->metrics[i].name, name) == 0)
            return outcome->metrics[i].value;
    return NAN;
}

/* ---- what is recorded ---- */

static void plain(struct pfl_bench *b)
{
    int first = 1;

    PFL_LOOP(b)
    {
        fake_ns += first ? 5000 : 100;
        first = 0;
    }
    pfl_bytes(b, 50);
    pfl_items(b, 2);
}

static void test_plain(void **state)
{
    struct pfl_lib_case c = {0};
    struct pfl_lib_outcome outcome;
    size_t i;

    (void)state;
    run(plain, &c, &outcome);
    assert_int_equal(outcome.status, PFL_LIB_OK);
    assert_int_equal(outcome.batches, 120);
    assert_int_equal(outcome.iterations, 120 * 5000);
    for (i = 0; i < outcome.batches; i++) {
        assert_true(near(outcome.time_ns[i], 100));
        assert_true(near(outcome.yardstick_ns[i], 1.25));
    }
    assert_true(near(outcome.first_call_s, 5e-6));
    assert_true(near(outcome.cpu_s, 100e-9));
    assert_true(near(pfl_lib_outcome_seconds(&outcome), 100e-9));
    assert_true(near(pfl_lib_outcome_cycles(&outcome), 100 / 1.25 * 5));
    assert_true(near(metric(&outcome, "throughput"), 50 / 100e-9));
    assert_true(near(metric(&outcome, "items"), 2 / 100e-9));
    pfl_lib_outcome_release(&outcome);
}

/* The yardstick of a batch is the mean of the one before and the one after. */
static void drifting(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        fake_ns += 1000000; /* a batch of its own */
        fake_yardstick_ns += 1;
    }
}

static void test_yardstick_beside(void **state)
{
    struct pfl_lib_case c = {0};
    struct pfl_lib_outcome outcome;
    size_t i;

    (void)state;
    run(drifting, &c, &outcome);
    assert_int_equal(outcome.batches, 60);
    for (i = 0; i < outcome.batches; i++) /* first call: 1.25 → 2.25 */
        assert_true(near(outcome.yardstick_ns[i], 2.75 + (double)i));
    pfl_lib_outcome_release(&outcome);
}

static void paused(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        fake_ns += 60;
        pfl_pause(b);
        fake_ns += 900;
        pfl_resume(b);
        fake_ns += 40;
    }
}

static void test_pauses(void **state)
{
    struct pfl_lib_case c = {0};
    struct pfl_lib_outcome outcome;

    (void)state;
    run(paused, &c, &outcome);
    assert_int_equal(outcome.status, PFL_LIB_OK);
    assert_int_equal(outcome.iterations / outcome.batches, 500); /* sized by the wall */
    assert_true(near(pfl_lib_outcome_seconds(&outcome), 100e-9));
    assert_true(isnan(outcome.cpu_s));
    pfl_lib_outcome_release(&outcome);
}

static void all_paused(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        pfl_pause(b);
        fake_ns += 900;
        pfl_resume(b);
    }
}

static void test_paused_out_is_nothing(void **state)
{
    struct pfl_lib_case c = {0};
    struct pfl_lib_outcome outcome;

    (void)state;
    run(all_paused, &c, &outcome);
    assert_true(pfl_lib_outcome_seconds(&outcome) >= 0 &&
                pfl_lib_outcome_seconds(&outcome) < 1e-12);
    pfl_lib_outcome_release(&outcome);
}

static void manual(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        fake_ns += 500;
        pfl_manual_time(b, 3e-6);
    }
}

static void test_manual_time(void **state)
{
    struct pfl_lib_case c = {.manual_time = true};
    struct pfl_lib_outcome outcome;

    (void)state;
    run(manual, &c, &outcome);
    assert_true(near(pfl_lib_outcome_seconds(&outcome), 3e-6));
    assert_int_equal(outcome.iterations / outcome.batches, 1000);
    pfl_lib_outcome_release(&outcome);
}

static struct {
    uint64_t set_up, torn_down, ran, batches;
} hooks;

static void hook_set_up(void *context, uint64_t n)
{
    assert_ptr_equal(context, &hooks);
    assert_int_equal(hooks.ran, 0);
    hooks.set_up += n;
    fake_ns += 777777;
}

static void hook_tear_down(void *context, uint64_t n)
{
    assert_ptr_equal(context, &hooks);
    assert_int_equal(hooks.ran, n);
    hooks.ran = 0;
    hooks.torn_down += n;
    hooks.batches++;
    fake_ns += 555555;
}

static void hooked(struct pfl_bench *b)
{
    pfl_each_batch(b, hook_set_up, hook_tear_down, &hooks);
    PFL_LOOP(b)
    {
        hooks.ran++;
        fake_ns += 100;
    }
}

static void test_each_batch(void **state)
{
    struct pfl_lib_case c = {0};
    struct pfl_lib_outcome outcome;

    (void)state;
    run(hooked, &c, &outcome);
    assert_int_equal(outcome.status, PFL_LIB_OK);
    assert_int_equal(hooks.set_up, hooks.torn_down);
    assert_true(hooks.batches > outcome.batches);
    assert_true(near(pfl_lib_outcome_seconds(&outcome), 100e-9));
    assert_true(near(outcome.cpu_s, 100e-9));
    pfl_lib_outcome_release(&outcome);
}

static void hooked_and_failing(struct pfl_bench *b)
{
    pfl_each_batch(b, hook_set_up, hook_tear_down, &hooks);
    PFL_LOOP(b)
    {
        hooks.ran++;
        fake_ns += 100;
        if (hooks.ran == 3)
            pfl_fail(b, "no more");
    }
}

static void test_failing_batch_is_torn_down(void **state)
{
    struct pfl_lib_case c = {0};
    struct pfl_lib_outcome outcome;

    (void)state;
    memset(&hooks, 0, sizeof hooks);
    run(hooked_and_failing, &c, &outcome);
    assert_int_equal(outcome.status, PFL_LIB_FAILED);
    assert_int_equal(hooks.set_up, hooks.torn_down);
    pfl_lib_outcome_release(&outcome);
}

static int64_t fake_idle_cpu(void)
{
    return fake_ns / 2;
}

/* Where the core is not what takes the time, its cycles are none. */
static void test_no_cycles(void **state)
{
    struct pfl_lib_case c = {0}, by_hand = {.manual_time = true};
    struct pfl_lib_outcome outcome;

    (void)state;
    run(manual, &by_hand, &outcome);
    assert_true(isnan(pfl_lib_outcome_cycles(&outcome)));
    pfl_lib_outcome_release(&outcome);
    pfl_lib_clock.thread_cpu_ns = fake_idle_cpu;
    run(hooked, &c, &outcome);
    assert_true(outcome.cpu_s < 0.6 * pfl_lib_outcome_seconds(&outcome));
    assert_true(isnan(pfl_lib_outcome_cycles(&outcome)));
    pfl_lib_outcome_release(&outcome);
}

static void slow_set_up(void *context, uint64_t iterations)
{
    (void)context;
    (void)iterations;
    fake_ns += 20000000;
}

static void hooked_slowly(struct pfl_bench *b)
{
    pfl_each_batch(b, slow_set_up, NULL, NULL);
    PFL_LOOP(b)
    {
        fake_ns += 100;
    }
}

/* Set-up spends nothing of the time to measure, but has an end: ten times that. */
static void test_slow_set_up_ends(void **state)
{
    struct pfl_lib_case c = {0};
    struct pfl_lib_outcome outcome;

    (void)state;
    run(hooked_slowly, &c, &outcome);
    assert_int_equal(outcome.batches, 30);
    assert_true(near(pfl_lib_outcome_seconds(&outcome), 100e-9));
    pfl_lib_outcome_release(&outcome);
}

static void counting(struct pfl_bench *b)
{
    double hits = 0;

    PFL_LOOP(b)
    {
        fake_ns += 100;
        hits += 3;
    }
    pfl_counter(b, "share", -4, PFL_COUNTER_VALUE);
    pfl_counter(b, "hits", hits, PFL_COUNTER_PER_ITERATION);
    pfl_counter(b, "hit_rate", hits, PFL_COUNTER_RATE);
    pfl_metric(b, "residual", 1, "1", PFL_LOWER_IS_BETTER);
    pfl_metric(b, "residual", 2, "1", PFL_LOWER_IS_BETTER);
}

static void test_counters(void **state)
{
    struct pfl_lib_case c = {0};
    struct pfl_lib_outcome outcome;

    (void)state;
    run(counting, &c, &outcome);
    assert_true(near(metric(&outcome, "share"), -4));
    assert_true(near(metric(&outcome, "hits"), 3));
    assert_true(near(metric(&outcome, "hit_rate"), 3 / 100e-9));
    assert_true(near(metric(&outcome, "residual"), 2));
    pfl_lib_outcome_release(&outcome);
}

PFL_COUNT_ALLOCATIONS()

static void allocating(struct pfl_bench *b)
{
    void *block;

    PFL_LOOP(b)
    {
        fake_ns += 100;
        block = malloc(100);
        pfl_keep_memory(block);
        free(block);
        pfl_pause(b); /* not counted */
        block = malloc(1000);
        pfl_keep(block);
        free(block);
        pfl_resume(b);
        block = calloc(3, 20);
        pfl_keep_memory(block);
        free(block);
    }
}

static void test_allocations(void **state)
{
    struct pfl_lib_case c = {.allocations = true};
    struct pfl_lib_outcome outcome;

    (void)state;
    if (!pfl_lib_allocations_counted())
        skip();
    run(allocating, &c, &outcome);
    assert_true(near(metric(&outcome, "alloc_count"), 2));
    assert_true(near(metric(&outcome, "alloc_bytes"), 160));
    pfl_lib_outcome_release(&outcome);
}

/* ---- once, and in a race ---- */

static uint64_t ran;

static void counted(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        ran++;
        fake_ns += 100;
    }
}

static void test_once(void **state)
{
    const struct pfl_lib_how how = {.count_only = true};
    struct pfl_lib_case c = {0};
    struct pfl_lib_outcome outcome;

    (void)state;
    ran = 0;
    run_how(counted, &c, &how, &outcome);
    assert_int_equal(outcome.status, PFL_LIB_OK);
    assert_int_equal(ran, 1);
    assert_int_equal(outcome.batches, 0);
    assert_true(isnan(outcome.first_call_s));
    pfl_lib_outcome_release(&outcome);
}

static struct {
    uint64_t size, told;
    int turns;
} race;

static void race_ready(void *context, uint64_t iterations)
{
    (void)context;
    race.size = iterations;
}

/* Waits are of any length, and take no CPU time. */
static uint64_t race_next(void *context)
{
    (void)context;
    slept_ns += 100000 + 3000 * (race.turns % 7);
    fake_ns += 100000 + 3000 * (race.turns % 7);
    return race.turns-- > 0 ? 1234 : 0;
}

static void race_done(void *context, uint64_t iterations, double batch_ns, double yardstick_ns)
{
    (void)context;
    assert_int_equal(iterations, 1234);
    assert_true(near(batch_ns, 123400));
    assert_true(near(yardstick_ns, 1.25));
    race.told++;
}

static void test_steered(void **state)
{
    const struct pfl_lib_steering steering = {race_ready, race_next, race_done, NULL};
    const struct pfl_lib_how how = {.batch_s = 0.0005, .steering = &steering};
    struct pfl_lib_case c = {0};
    struct pfl_lib_outcome outcome;

    (void)state;
    race.turns = 500;
    race.told = 0;
    run_how(counted, &c, &how, &outcome);
    assert_int_equal(outcome.status, PFL_LIB_OK);
    assert_int_equal(race.size, 5000);
    assert_int_equal(race.told, 500);
    assert_true(near(outcome.cpu_s, 100e-9));
    pfl_lib_outcome_release(&outcome);
}

int test_lib_engine(void);
int test_lib_engine(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_plain, use_fake_clock),
        cmocka_unit_test_setup(test_yardstick_beside, use_fake_clock),
        cmocka_unit_test_setup(test_pauses, use_fake_clock),
        cmocka_unit_test_setup(test_paused_out_is_nothing, use_fake_clock),
        cmocka_unit_test_setup(test_manual_time, use_fake_clock),
        cmocka_unit_test_setup(test_each_batch, use_fake_clock),
        cmocka_unit_test_setup(test_slow_set_up_ends, use_fake_clock),
        cmocka_unit_test_setup(test_counters, use_fake_clock),
        cmocka_unit_test_setup(test_failing_batch_is_torn_down, use_fake_clock),
        cmocka_unit_test_setup(test_no_cycles, use_fake_clock),
        cmocka_unit_test_setup(test_allocations, use_fake_clock),
        cmocka_unit_test_setup(test_once, use_fake_clock),
        cmocka_unit_test_setup(test_steered, use_fake_clock),
    };

    return cmocka_run_group_tests_name("lib/engine", tests, NULL, restore_clock);
}
