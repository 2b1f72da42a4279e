/* A session in which each allocation, and each call to the system, fails once: an error or a
 * smaller run, never a crash or a leak. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"

#include "../../helpers/session.h"

static void no_progress(void *context, const struct pfl_progress *progress)
{
    (void)context;
    (void)progress;
}

static void plan(struct session *s)
{
    s->request.allow_few = true;
    s->params.progress = no_progress;
    if (pfl_plan_configured(&s->request, &s->arena, &s->plan, &s->err) != PFL_OK)
        fail_msg("%s", s->err.message);
    s->params.plan = &s->plan;
}

/* Apart from the others, because calibrating a shell is 28 launches. */
static void add_shell(struct session *s)
{
    struct pfl_suite *suite;

    suite = session_add(s, "c", "x");
    suite->argv = NULL;
    suite->argc = 0;
    suite->command = "exit 3";
    suite->how =
        (struct pfl_how){.set = PFL_HOW_SHELL | PFL_HOW_ROUNDS, .shell = "sh", .rounds = 1};
    plan(s);
}

static void add_everything(struct session *s)
{
    static const char *needs[] = {"here", "cmd: exit 0"}, *lacks[] = {"gone"};
    struct pfl_suite *suite;

    scratch_write(&s->scratch, "here", "");
    suite = session_add(
        s, "a",
        "echo '{\"stage\":\"x\"}' >&3; echo '{\"bench\":\"b\",\"samples_ns\":[1,2]}' >&3;"
        "echo '{\"environment\":{\"k\":1}}}}' >&3; echo oh >&2;"
        "echo '{\"artifact\":\"f\",\"path\":\"here\"}' >&3");
    suite->requires = needs;
    suite->require_count = 2;
    suite->work_unit = "x";
    suite->work_value = "3";
    suite->how = (struct pfl_how){.set = PFL_HOW_ROUNDS | PFL_HOW_WARMUP,
                                  .rounds = 2,
                                  .warmup = 1,
                                  .setup = "exit 0",
                                  .prepare = "exit 0",
                                  .validate = "exit 0"};
    suite = session_add(s, "d", "exit 0");
    suite->requires = lacks;
    suite->require_count = 1;
    plan(s);
}

/* One measuring with that fault; how many allocations and system calls came by is left in
 * pfl_fault's counters. */
static int measure_once(struct session *s, const struct pfl_fault *fault)
{
    struct pfl_fault seen;
    struct pfl_arena arena;
    int rc;

    pfl_arena_init(&arena);
    memset(&s->run, 0, sizeof s->run);
    s->run.machine.cpus = 1;
    s->err.message[0] = 0;
    pfl_fault = *fault;
    rc = pfl_measure(&s->params, &arena, &s->run, &s->err);
    seen = pfl_fault;
    pfl_fault = (struct pfl_fault){0};
    if (rc == PFL_OK) /* a's inner benchmark is missing when a could not be launched */
        assert_true(s->run.benchmark_count >= s->plan.item_count);
    else
        assert_int_equal(s->run.benchmark_count, 0); /* untouched */
    if (rc != PFL_OK)
        assert_true(*s->err.message != 0);
    pfl_arena_release(&arena);
    pfl_fault.alloc_seen = seen.alloc_seen;
    pfl_fault.io_seen = seen.io_seen;
    return rc;
}

static void fail_allocations(struct session *s, unsigned long stride)
{
    const struct pfl_fault none = {.alloc_at = 1000000000, .io_at = 1000000000};
    unsigned long n, total, failed = 0;

    assert_int_equal(measure_once(s, &none), PFL_OK);
    total = pfl_fault.alloc_seen;
    assert_true(total > 30);
    for (n = 1; n <= total; n += stride) {
        const struct pfl_fault fault = {.alloc_at = n};
        int rc = measure_once(s, &fault);

        if (rc != PFL_OK)
            assert_int_equal(rc, PFL_ENOMEM);
        failed += rc != PFL_OK;
    }
    assert_true(failed > total / stride / 2);
}

static void fail_system_calls(struct session *s, unsigned long stride)
{
    const struct pfl_fault none = {.alloc_at = 1000000000, .io_at = 1000000000};
    unsigned long n, total, failed = 0;

    assert_int_equal(measure_once(s, &none), PFL_OK);
    total = pfl_fault.io_seen;
    assert_true(total > 20);
    for (n = 1; n <= total; n += stride) {
        const struct pfl_fault fault = {.io_at = n};

        failed += measure_once(s, &fault) != PFL_OK;
    }
    assert_true(failed > 0);
}

static void allocations(void **state)
{
    add_everything(*state);
    fail_allocations(*state, 1);
}

static void system_calls(void **state)
{
    add_everything(*state);
    fail_system_calls(*state, 1);
}

static void with_a_shell(void **state)
{
    add_shell(*state);
    fail_allocations(*state, 3);
    fail_system_calls(*state, 13);
}

int test_measure_faults(void);
int test_measure_faults(void)
{
    const struct CMUnitTest tests[] = {
        SESSION_TEST(allocations),
        SESSION_TEST(system_calls),
        SESSION_TEST(with_a_shell),
    };

    return cmocka_run_group_tests_name("measure/faults", tests, NULL, NULL);
}
