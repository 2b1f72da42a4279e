/* Many threads in one benchmark: the same batches for all, figures together, nobody waits for ever.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine.h"

#include <math.h>
#include <string.h>

enum { THREADS = 4 };

static uint64_t iterations[THREADS], set_up[THREADS], first_random[THREADS];

static double metric(const struct pfl_lib_outcome *outcome, const char *name)
{
    size_t i;

    for (i = 0; i < outcome->metric_count; i++)
        if (strcmp(outcome->metrics[i].name, name) == 0)
            return outcome->metrics[i].value;
    return NAN;
}

static void run(pfl_bench_function *function, struct pfl_lib_outcome *outcome)
{
    const struct pfl_lib_how how = {.seconds = 0.002, .batch_s = 0.0001, .seed = 1};
    static struct pfl_lib_case c = {
        .name = "it", .bench = "it", .file = "here.c", .line = 7, .threads = THREADS};

    memset(iterations, 0, sizeof iterations);
    memset(set_up, 0, sizeof set_up);
    c.function = function;
    pfl_lib_engine_run(&c, &how, outcome);
}

static void count_set_up(void *context, uint64_t n)
{
    *(uint64_t *)context += n;
}

static void plain(struct pfl_bench *b)
{
    int me = pfl_thread_index(b);

    assert_int_equal(pfl_thread_count(b), THREADS);
    assert_ptr_equal(pfl_lib_bench_here(), b);
    first_random[me] = pfl_rand(b);
    pfl_each_batch(b, count_set_up, NULL, &set_up[me]);
    PFL_LOOP(b)
    {
        iterations[me]++;
    }
    pfl_items(b, 10);
    pfl_counter(b, "value", me, PFL_COUNTER_VALUE);
    pfl_counter(b, "per", (double)iterations[me] * (me + 1), PFL_COUNTER_PER_ITERATION);
    pfl_counter(b, "rate", (double)iterations[me], PFL_COUNTER_RATE);
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fabs(b);
}

static void test_plain(void **state)
{
    struct pfl_lib_outcome outcome;
    double seconds;
    int i;

    (void)state;
    run(plain, &outcome);
    assert_int_equal(outcome.status, PFL_LIB_OK);
    seconds = pfl_lib_outcome_seconds(&outcome);
    assert_true(outcome.batches > 0 && seconds > 0);
    for (i = 0; i < THREADS; i++) {
        assert_int_equal(iterations[i], iterations[0]);
        assert_int_equal(iterations[i], set_up[i]);
        assert_true(i == 0 || first_random[i] != first_random[i - 1]);
    }
    assert_true(iterations[0] > outcome.iterations);
    assert_true(near(metric(&outcome, "items"), 10 * THREADS / seconds));
    assert_true(near(metric(&outcome, "value"), 1.5));
    assert_true(near(metric(&outcome, "per"), 2.5));
    assert_true(near(metric(&outcome, "rate"), THREADS / seconds));
    pfl_lib_outcome_release(&outcome);
}

/* One of them goes, in each of the ways there are. */
static int way;

static void one_goes(struct pfl_bench *b)
{
    const bool goes = pfl_thread_index(b) == 2;
    int n = 0;

    if (goes && way == 0)
        return;
    if (goes && way == 1) {
        pfl_skip(b, "not here");
        return;
    }
    PFL_LOOP(b)
    {
        if (goes && way == 2 && n++ == 1000)
            break;
        if (goes && way == 3 && n++ == 1000)
            pfl_fail(b, "wrong answer");
    }
}

static void test_one_goes(void **state)
{
    static const char *const said[] = {"no PFL_LOOP", "not here", "left early", "wrong answer"};
    struct pfl_lib_outcome outcome;

    (void)state;
    for (way = 0; way < 4; way++) {
        run(one_goes, &outcome);
        assert_int_equal(outcome.status, way == 1 ? PFL_LIB_SKIPPED : PFL_LIB_FAILED);
        assert_non_null(strstr(outcome.reason, said[way]));
        pfl_lib_outcome_release(&outcome);
    }
}

int test_lib_threads(void);
int test_lib_threads(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_one_goes),
    };

    return cmocka_run_group_tests_name("lib/threads", tests, NULL, NULL);
}
