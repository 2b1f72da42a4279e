/* Launches at the same moment: both run, neither's failure is taken for the other's, launchers stay
 * usable. No time is asserted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "sys/spawn.h"

#include "../../helpers/scratch.h"

#include <signal.h>
#include <string.h>

static struct pfl_launcher *launchers[2];
static struct scratch scratch;

static int begin(void **state)
{
    int i;

    (void)state;
    scratch_make(&scratch);
    for (i = 0; i < 2; i++)
        if (pfl_launcher_open(&launchers[i], NULL) != PFL_OK)
            return -1;
    return 0;
}

static int end(void **state)
{
    int i;

    (void)state;
    for (i = 0; i < 2; i++)
        pfl_launcher_close(launchers[i]);
    scratch_remove(&scratch);
    return 0;
}

struct two {
    char *words[2][4];
    struct pfl_launch_request requests[2];
    struct pfl_launch_together parts[2];
    size_t failed;
    struct pfl_err err;
};

static void make(struct two *two, const char *first, const char *second)
{
    const char *const scripts[] = {first, second};
    int i;

    memset(two, 0, sizeof *two);
    two->failed = 9;
    for (i = 0; i < 2; i++) {
        two->words[i][0] = (char *)"sh";
        two->words[i][1] = (char *)"-c";
        two->words[i][2] = (char *)(uintptr_t)scripts[i];
        two->requests[i] = (struct pfl_launch_request){.argv = two->words[i],
                                                       .program = "/bin/sh",
                                                       .cwd = scratch.path,
                                                       .output_mode = PFL_OUTPUT_CAPTURE,
                                                       .capture_max = 4096,
                                                       .wire = true};
        two->parts[i] =
            (struct pfl_launch_together){.launcher = launchers[i], .request = &two->requests[i]};
    }
}

static int run(struct two *two)
{
    return pfl_launcher_run_together(two->parts, 2, &two->failed, &two->err);
}

static void release(struct two *two)
{
    pfl_launch_result_release(&two->parts[0].result);
    pfl_launch_result_release(&two->parts[1].result);
}

/* Each waits for the other: one after the other would never end. */
static void both_run_at_once(void **state)
{
    struct two two;

    (void)state;
    make(&two, "echo one; touch a; until test -e b; do sleep 0.01; done",
         "echo two; echo oh >&2; touch b; until test -e a; do sleep 0.01; done; exit 3");
    two.parts[1].delay_ns = 30000;
    assert_int_equal(run(&two), PFL_OK);
    assert_string_equal(pfl_buf_cstr(&two.parts[0].result.output), "one\n");
    assert_string_equal(pfl_buf_cstr(&two.parts[1].result.output), "two\n");
    assert_string_equal(pfl_buf_cstr(&two.parts[0].result.stderr_tail), "");
    assert_string_equal(pfl_buf_cstr(&two.parts[1].result.stderr_tail), "oh\n");
    assert_int_equal(two.parts[0].result.exit_code, 0);
    assert_int_equal(two.parts[1].result.exit_code, 3);
    assert_true(two.parts[0].result.wall_ns > 0 && two.parts[1].result.wall_ns > 0);
    release(&two);
}

/* The one that has ended has filled its pipe meanwhile; all of it is there. */
static void one_ends_long_before_the_other(void **state)
{
    struct two two;
    int turn;

    (void)state;
    for (turn = 0; turn < 2; turn++) {
        make(&two, turn ? "sleep 0.2" : "yes | head -c 3000",
             turn ? "yes | head -c 3000" : "sleep 0.2");
        assert_int_equal(run(&two), PFL_OK);
        assert_int_equal(two.parts[turn].result.output.len, 3000);
        release(&two);
    }
}

static void a_timeout_is_ones_own(void **state)
{
    struct two two;

    (void)state;
    make(&two, "sleep 60", "exit 0");
    two.requests[0].timeout_ns = 30000000;
    assert_int_equal(run(&two), PFL_OK);
    assert_true(two.parts[0].result.timed_out);
    assert_false(two.parts[1].result.timed_out);
    assert_int_equal(two.parts[1].result.exit_code, 0);
    release(&two);
}

static bool at_once(void *context)
{
    return *(bool *)context;
}

static void an_interrupt_ends_both(void **state)
{
    struct two two;
    bool yes = true;
    int i;

    (void)state;
    make(&two, "sleep 60", "sleep 60");
    for (i = 0; i < 2; i++) {
        two.requests[i].interrupted = at_once;
        two.requests[i].context = &yes;
    }
    assert_int_equal(run(&two), PFL_OK);
    assert_true(two.parts[0].result.interrupted && two.parts[1].result.interrupted);
    release(&two);
}

static void a_bad_request_keeps_the_other_from_running(void **state)
{
    struct two two;
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        make(&two, "touch ran", "touch ran");
        two.requests[i].input = "no such file";
        assert_int_equal(run(&two), PFL_ENOENT);
        assert_int_equal(two.failed, i);
        assert_int_not_equal(access(scratch_path(&scratch, "ran"), F_OK), 0);
        assert_true(pfl_launcher_pid(launchers[0]) > 0 && pfl_launcher_pid(launchers[1]) > 0);
    }
    make(&two, "exit 0", "exit 0");
    two.requests[1].cpus = "8191"; /* only the launcher finds out */
    assert_int_equal(run(&two), PFL_ESYSTEM);
    assert_int_equal(two.failed, 1);
    make(&two, "exit 0", "exit 1");
    assert_int_equal(run(&two), PFL_OK);
    assert_int_equal(two.parts[1].result.exit_code, 1);
    release(&two);
}

static void a_launcher_that_dies_is_an_error(void **state)
{
    struct two two;
    char script[64];

    (void)state;
    snprintf(script, sizeof script, "kill -KILL %d; sleep 60", pfl_launcher_pid(launchers[1]));
    make(&two, "exit 0", script);
    assert_int_equal(run(&two), PFL_ESYSTEM);
    assert_int_equal(two.failed, 1);
    assert_int_equal(pfl_launcher_pid(launchers[1]), 0);
}

static void every_fault_is_an_error_without_leaks(void **state)
{
    struct two two;
    unsigned long n, sites[2];
    int kind;

    make(&two, "echo a; exit 0", "echo b; exit 0");
    pfl_fault = (struct pfl_fault){0};
    assert_int_equal(run(&two), PFL_OK);
    sites[0] = pfl_fault.alloc_seen;
    sites[1] = pfl_fault.io_seen;
    release(&two);
    for (kind = 0; kind < 2; kind++)
        for (n = 1; n <= sites[kind]; n++) {
            struct pfl_fault fault = {0};

            make(&two, "echo a; exit 0", "echo b; exit 0");
            *(kind ? &fault.io_at : &fault.alloc_at) = n;
            pfl_fault = fault;
            if (run(&two) == PFL_OK)
                release(&two);
            pfl_fault = (struct pfl_fault){0};
            if (pfl_launcher_pid(launchers[0]) == 0 || pfl_launcher_pid(launchers[1]) == 0) {
                end(state);
                assert_int_equal(begin(state), 0);
            }
        }
}

#define TWO_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int test_sys_together(void);
int test_sys_together(void)
{
    const struct CMUnitTest tests[] = {
        TWO_TEST(both_run_at_once),
        TWO_TEST(one_ends_long_before_the_other),
        TWO_TEST(a_timeout_is_ones_own),
        TWO_TEST(an_interrupt_ends_both),
        TWO_TEST(a_bad_request_keeps_the_other_from_running),
        TWO_TEST(a_launcher_that_dies_is_an_error),
        TWO_TEST(every_fault_is_an_error_without_leaks),
    };

    return cmocka_run_group_tests_name("sys/together", tests, NULL, NULL);
}
