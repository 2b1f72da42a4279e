/* Sessions with real tiny commands: what runs when, what is recorded, what a failure is. No time is
 * asserted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "../../helpers/session.h"

static void launches_and_metrics(void **state)
{
    static const char *const metrics[] = {
        "time", "cpu", "user", "sys", "peak_rss", "page_faults", "context_switches"};
    struct session *s = *state;
    const struct pfl_benchmark *bench;
    bool seen[10] = {false};
    size_t i, k, b;

    session_add(s, "a", "exit 0");
    session_add(s, "b", "exit 0")->how =
        (struct pfl_how){.set = PFL_HOW_WARMUP | PFL_HOW_SEED, .warmup = 2, .seed = 77};
    session_run(s);
    assert_int_equal(s->run.benchmark_count, 2);
    assert_false(s->run.partial);
    assert_int_equal(s->run.seed, 5);
    for (b = 0; b < 2; b++) {
        bench = &s->run.benchmarks[b];
        assert_string_equal(bench->name, b ? "b" : "a");
        assert_string_equal(bench->suite, bench->name);
        assert_int_equal(bench->status, PFL_STATUS_OK);
        assert_string_equal(bench->reason, "");
        assert_false(bench->partial);
        assert_false(bench->few);
        assert_int_equal(bench->seed, b ? 77 : 0);
        assert_string_equal(bench->tier, "smoke");
        assert_int_equal(bench->launch_count, 5);
        for (i = 0; i < 5; i++) {
            assert_int_equal(bench->launches[i].round, i);
            assert_int_equal(bench->launches[i].exit_code, 0);
            assert_int_equal(bench->launches[i].flags, 0);
            assert_int_equal(bench->launches[i].position / 2, i); /* interleaved */
            assert_false(seen[bench->launches[i].position]);
            seen[bench->launches[i].position] = true;
        }
        for (k = 0; k < PFL_COUNT(metrics); k++) {
            const struct pfl_result *result = pfl_benchmark_find(bench, metrics[k], "");

            assert_non_null(result);
            assert_int_equal(result->n, 5);
            for (i = 0; i < 5; i++)
                assert_true(isfinite(result->values[i]) && result->values[i] >= 0);
        }
        assert_true(session_result(s, bench->name, "time", "")->values[0] > 0);
        assert_true(session_result(s, bench->name, "peak_rss", "")->values[0] > 10000);
    }
}

static void a_failure_is_a_result(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *bench;

    session_add(s, "bad", "echo one >&2; echo 'no such thing' >&2; echo >&2; exit 3");
    session_add(s, "crash", "kill -SEGV $$");
    session_add(s, "fine", "exit 0");
    session_add(s, "forgiven", "exit 4")->how =
        (struct pfl_how){.set = PFL_HOW_IGNORE, .ignore_failure = true};
    session_run(s);
    bench = session_find(s, "bad");
    assert_int_equal(bench->status, PFL_STATUS_FAILED);
    assert_string_equal(bench->reason, "exit code 3; it said: no such thing");
    assert_int_equal(bench->launch_count, 1);
    assert_int_equal(bench->launches[0].exit_code, 3);
    assert_int_equal(bench->launches[0].flags, PFL_LAUNCH_FAILED);
    assert_true(isnan(session_result(s, "bad", "time", "")->values[0]));
    bench = session_find(s, "crash");
    assert_string_equal(bench->reason, "ended by signal 11, SIGSEGV");
    assert_int_equal(bench->launches[0].signal, 11);
    assert_int_equal(bench->launches[0].exit_code, -1);
    assert_int_equal(session_find(s, "fine")->launch_count, 5);
    bench = session_find(s, "forgiven");
    assert_int_equal(bench->status, PFL_STATUS_OK);
    assert_int_equal(bench->launch_count, 5);
    assert_int_equal(bench->launches[4].flags, PFL_LAUNCH_IGNORED);
    assert_true(isfinite(session_result(s, "forgiven", "time", "")->values[4]));
    assert_false(s->run.partial);
}

static void what_cannot_start(void **state)
{
    struct session *s = *state;
    static char *gone[] = {(char *)"./no-such-program", NULL}, *text[] = {(char *)"./text", NULL};
    struct pfl_suite *suite;

    scratch_write(&s->scratch, "text", "not a program\n");
    suite = session_add(s, "gone", "");
    suite->argv = gone;
    suite->argc = 1;
    suite = session_add(s, "text", "");
    suite->argv = text;
    suite->argc = 1;
    session_add(s, "no-input", "exit 0")->how =
        (struct pfl_how){.set = PFL_HOW_INPUT, .input = "missing"};
    session_add(s, "no-folder", "exit 0")->how =
        (struct pfl_how){.set = PFL_HOW_CWD, .cwd = "missing"};
    session_add(s, "no-cpu", "exit 0")->how = (struct pfl_how){.set = PFL_HOW_PIN, .pin = "x"};
    session_add(s, "fine", "exit 0");
    session_run(s);
    assert_int_equal(session_find(s, "gone")->status, PFL_STATUS_FAILED);
    assert_non_null(strstr(session_find(s, "gone")->reason, "./no-such-program cannot be started"));
    assert_non_null(strstr(session_find(s, "text")->reason, "./text cannot be started"));
    assert_non_null(strstr(session_find(s, "no-input")->reason, "missing"));
    assert_int_equal(session_find(s, "no-folder")->status, PFL_STATUS_FAILED);
    assert_non_null(strstr(session_find(s, "no-cpu")->reason, "CPUs"));
    assert_int_equal(session_find(s, "no-cpu")->launch_count, 0);
    assert_int_equal(session_find(s, "fine")->launch_count, 5);
}

static void a_timeout_ends_the_group(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *bench;

    session_add(s, "hangs", "sleep 60 & sleep 60; echo never >marker")->how =
        (struct pfl_how){.set = PFL_HOW_TIMEOUT, .timeout_ns = 30000000};
    session_run(s);
    bench = session_find(s, "hangs");
    assert_int_equal(bench->status, PFL_STATUS_TIMED_OUT);
    assert_int_equal(bench->launches[0].flags & PFL_LAUNCH_TIMED_OUT, PFL_LAUNCH_TIMED_OUT);
    assert_non_null(strstr(bench->reason, "within its timeout of 30"));
    assert_true(isnan(session_result(s, "hangs", "cpu", "")->values[0]));
    assert_string_equal(session_file(s, "marker"), "");
}

static void everything_around_a_launch(void **state)
{
    struct session *s = *state;

    session_add(s, "a", "printf M >>log")->how = (struct pfl_how){
        .set = PFL_HOW_WARMUP,
        .warmup = 1,
        .setup = "printf S >>log",
        .prepare = "printf P >>log",
        .conclude = "printf C >>log",
        .cleanup = "printf U >>log",
        .validate = "printf V >>log",
    };
    session_run(s);
    assert_int_equal(session_find(s, "a")->status, PFL_STATUS_OK);
    /* validated after the first recorded launch and after the last; not in warm-up */
    assert_string_equal(session_file(s, "log"), "SPMCPMVCPMCPMCPMCPMVCU");
}

static void setup_of_all_before_cleanup_of_all(void **state)
{
    struct session *s = *state;

    session_add(s, "a", "exit 0")->how =
        (struct pfl_how){.setup = "printf a >>log", .cleanup = "printf A >>log"};
    session_add(s, "b", "exit 1")->how =
        (struct pfl_how){.setup = "printf b >>log", .cleanup = "printf B >>log; exit 9"};
    session_add(s, "c", "exit 0")->how = (struct pfl_how){
        .setup = "printf c >>log; echo oh >&2; exit 2", .cleanup = "printf C >>log"};
    session_run(s);
    assert_string_equal(session_file(s, "log"), "abcABC");
    assert_int_equal(session_find(s, "c")->status, PFL_STATUS_FAILED);
    assert_non_null(strstr(session_find(s, "c")->reason, "setup `printf c"));
    assert_non_null(strstr(session_find(s, "c")->reason, "failed: exit code 2; it said: oh"));
    assert_int_equal(session_find(s, "c")->launch_count, 0);
    assert_true(session_warned(session_find(s, "b"), "cleanup `printf B"));
}

static void a_wrong_result_is_no_sample(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *bench;

    session_add(s, "wrong", "echo 41 >out")->how = (struct pfl_how){.validate = "grep -q 42 out"};
    session_add(s, "late", "echo x >>count")->how =
        (struct pfl_how){.validate = "test $(wc -l <count) -lt 5"};
    session_run(s);
    bench = session_find(s, "wrong");
    assert_int_equal(bench->status, PFL_STATUS_FAILED);
    assert_non_null(strstr(bench->reason, "validate `grep -q 42 out` failed: exit code 1"));
    assert_int_equal(bench->launch_count, 1);
    assert_int_equal(bench->launches[0].flags, PFL_LAUNCH_INVALID);
    assert_true(isnan(session_result(s, "wrong", "time", "")->values[0]));
    bench = session_find(s, "late");
    assert_int_equal(bench->status, PFL_STATUS_FAILED);
    assert_int_equal(bench->launch_count, 5);
    assert_true(isfinite(session_result(s, "late", "time", "")->values[3]));
    assert_true(isnan(session_result(s, "late", "time", "")->values[4]));
}

static void failing_prepare_and_conclude(void **state)
{
    struct session *s = *state;

    session_add(s, "p", "printf x >>ran")->how = (struct pfl_how){.prepare = "exit 7"};
    session_add(s, "c", "exit 0")->how = (struct pfl_how){.conclude = "exit 8"};
    session_run(s);
    assert_non_null(strstr(session_find(s, "p")->reason, "prepare `exit 7` failed: exit code 7"));
    assert_string_equal(session_file(s, "ran"), "");
    assert_non_null(strstr(session_find(s, "c")->reason, "conclude `exit 8` failed"));
    assert_int_equal(session_find(s, "c")->launch_count, 1);
}

static void requirements(void **state)
{
    static const char *file[] = {"data/in.txt"}, *probe[] = {"cmd: printf x >>probed; exit 1"},
                      *met[] = {"here", "cmd: test -f here"};
    struct session *s = *state;
    struct pfl_suite *suite;

    scratch_write(&s->scratch, "here", "");
    scratch_write(&s->scratch, "sub/x", "");
    suite = session_add(s, "file", "exit 0");
    suite->requires = file;
    suite->require_count = 1;
    suite->how.setup = "printf x >>set-up";
    suite->how.cleanup = "printf x >>cleaned";
    suite = session_add(s, "probe", "exit 0");
    suite->requires = probe;
    suite->require_count = 1;
    suite = session_add(s, "probe-too", "exit 0");
    suite->requires = probe;
    suite->require_count = 1;
    suite = session_add(s, "met", "exit 0");
    suite->requires = met; /* looked for beside perfledger.yaml, whatever the working folder */
    suite->require_count = 2;
    suite->how = (struct pfl_how){.set = PFL_HOW_CWD, .cwd = "sub"};
    session_run(s);
    assert_int_equal(session_find(s, "file")->status, PFL_STATUS_SKIPPED);
    assert_string_equal(session_find(s, "file")->reason,
                        "requires data/in.txt, which is not there");
    assert_int_equal(session_find(s, "file")->launch_count, 0);
    assert_int_equal(session_find(s, "probe-too")->status, PFL_STATUS_SKIPPED);
    assert_non_null(strstr(session_find(s, "probe")->reason, "exit code 1"));
    assert_string_equal(session_file(s, "probed"), "x"); /* asked once */
    assert_string_equal(session_file(s, "set-up"), "");
    assert_string_equal(session_file(s, "cleaned"), "");
    assert_int_equal(session_find(s, "met")->launch_count, 5);
    assert_false(s->run.partial);
}

static void only_skipped_needs_no_launcher(void **state)
{
    static const char *file[] = {"missing"};
    struct session *s = *state;
    struct pfl_suite *suite = session_add(s, "a", "exit 0");

    suite->requires = file;
    suite->require_count = 1;
    session_run(s);
    assert_int_equal(s->run.benchmark_count, 1);
    assert_int_equal(s->run.benchmarks[0].status, PFL_STATUS_SKIPPED);
}

static void environment_and_redirection(void **state)
{
    static struct pfl_pair env[] = {{"MINE", "1"}, {"MINE", "2"}};
    struct session *s = *state;
    const char *text;

    setenv("PERFLEDGER_CONTROL_FD", "9", 1);
    setenv("PFL_TEST_OUTER", "yes", 1);
    scratch_write(&s->scratch, "sub/in", "hello\n");
    session_add(s, "clean", "env; cat")->how = (struct pfl_how){
        .set = PFL_HOW_CLEAN_ENV | PFL_HOW_CWD | PFL_HOW_INPUT | PFL_HOW_OUTPUT | PFL_HOW_SEED,
        .clean_env = true,
        .cwd = "sub",
        .input = "in",
        .output = "out",
        .seed = 9,
        .env = env,
        .env_count = 2};
    session_add(s, "usual", "env")->how =
        (struct pfl_how){.set = PFL_HOW_OUTPUT, .output = "usual"};
    session_add(s, "piped", "yes | head -c 300000")->how =
        (struct pfl_how){.set = PFL_HOW_OUTPUT, .output = "pipe"};
    session_run(s);
    text = session_file(s, "sub/out");
    assert_non_null(strstr(text, "hello\n"));
    assert_non_null(strstr(text, "MINE=2\n"));
    assert_null(strstr(text, "MINE=1"));
    assert_non_null(strstr(text, "PERFLEDGER_SEED=9\n"));
    assert_non_null(strstr(text, "LANG=C.UTF-8\n"));
    assert_non_null(strstr(text, "PERFLEDGER_FD=3\n"));
    assert_null(strstr(text, "PFL_TEST_OUTER"));
    text = session_file(s, "usual");
    assert_non_null(strstr(text, "PFL_TEST_OUTER=yes"));
    assert_null(strstr(text, "PERFLEDGER_CONTROL_FD"));
    assert_null(strstr(text, "PERFLEDGER_SEED"));
    assert_int_equal(session_find(s, "piped")->status, PFL_STATUS_OK);
    unsetenv("PERFLEDGER_CONTROL_FD");
    unsetenv("PFL_TEST_OUTER");
}

/* The PATH that the benchmark's own environment gives is the one its program is looked up along. */
static void program_along_its_own_path(void **state)
{
    struct session *s = *state;
    static char path[PATH_MAX + 32];
    static struct pfl_pair env[] = {{"PATH", path}};
    static char *words[] = {(char *)"pfl-test-tool", NULL};
    struct pfl_suite *suite = session_add(s, "tool", "");

    snprintf(path, sizeof path, ":/nonexistent:%s/bin:/usr/bin:/bin", s->scratch.path);
    scratch_write(&s->scratch, "bin/pfl-test-tool", "#!/bin/sh\necho ran >ran\n");
    chmod(scratch_path(&s->scratch, "bin/pfl-test-tool"), 0755);
    suite->argv = words;
    suite->argc = 1;
    suite->how = (struct pfl_how){.env = env, .env_count = 1};
    session_run(s);
    assert_string_equal(session_find(s, "tool")->reason, "");
    assert_string_equal(session_file(s, "ran"), "ran\n");
}

static void shells_are_calibrated(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *bench;
    struct pfl_suite *suite = session_add(s, "piped", "");
    size_t i;

    suite->argv = NULL;
    suite->argc = 0;
    suite->command = "echo a | cat >out";
    suite->how = (struct pfl_how){.set = PFL_HOW_SHELL, .shell = "sh"};
    suite = session_add(s, "strange", "");
    suite->argv = NULL;
    suite->argc = 0;
    suite->command = "x";
    suite->how = (struct pfl_how){.set = PFL_HOW_SHELL, .shell = "false"};
    suite = session_add(s, "none", "");
    suite->argv = NULL;
    suite->argc = 0;
    suite->command = "x";
    suite->how = (struct pfl_how){.set = PFL_HOW_SHELL, .shell = "no-such-shell"};
    session_run(s);
    bench = session_find(s, "piped");
    assert_int_equal(bench->status, PFL_STATUS_OK);
    assert_true(session_warned(bench, "of sh start-up was subtracted from each launch"));
    assert_string_equal(pfl_pair_find(bench->environment, bench->environment_count, "shell"), "sh");
    assert_in_range(*pfl_pair_find(bench->environment, bench->environment_count, "shell_startup"),
                    '1', '9'); /* "612 µs" */
    for (i = 0; i < 5; i++)
        assert_true(session_result(s, "piped", "time", "")->values[i] >= 0);
    assert_string_equal(session_file(s, "out"), "a\n");
    assert_true(session_warned(session_find(s, "strange"), "could not be calibrated"));
    assert_int_equal(session_find(s, "strange")->status, PFL_STATUS_FAILED);
    assert_non_null(strstr(session_find(s, "none")->reason, "no-such-shell cannot be started"));
}

static void work_gives_throughput(void **state)
{
    struct session *s = *state;
    struct pfl_suite *suite = session_add(s, "a", "exit 0");
    const struct pfl_result *throughput;

    suite->work_unit = "cells";
    suite->work_value = "2*50";
    session_run(s);
    throughput = session_result(s, "a", "throughput", "");
    assert_string_equal(throughput->unit, "cells/s");
    assert_int_equal(throughput->better, PFL_BETTER_HIGHER);
    assert_true(fabs(throughput->values[2] * session_result(s, "a", "time", "")->values[2] - 100) <
                1e-6);
    assert_true(session_find(s, "a")->work == 100);
}

static void the_process_tree_is_seen(void **state)
{
    struct session *s = *state;

    session_add(s, "tree", "sleep 0.05 & sleep 0.05; wait")->how =
        (struct pfl_how){.set = PFL_HOW_MEMORY_TREE, .memory_tree = true};
    session_run(s);
    assert_true(session_result(s, "tree", "peak_rss_tree", "")->values[0] > 0);
}

static void left_behind_is_said(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *bench;

    session_add(s, "orphan", "sleep 60 & exit 0");
    session_run(s);
    bench = session_find(s, "orphan");
    assert_int_equal(bench->status, PFL_STATUS_OK);
    assert_int_equal(bench->launches[0].flags, PFL_LAUNCH_LEFT);
    assert_true(session_warned(bench, "left processes behind"));
    assert_int_equal(bench->warning_count, 1);
}

static void few_rounds_are_marked(void **state)
{
    struct session *s = *state;

    session_add(s, "a", "exit 0")->how = (struct pfl_how){.set = PFL_HOW_ROUNDS, .rounds = 2};
    s->request.allow_few = true;
    session_run(s);
    assert_int_equal(session_find(s, "a")->launch_count, 2);
    assert_true(session_find(s, "a")->few);
    assert_false(session_find(s, "a")->partial);
}

static void the_same_seed_the_same_order(void **state)
{
    struct session *s = *state;
    uint32_t positions[3][5];
    size_t b, i;

    session_add(s, "a", "exit 0");
    session_add(s, "b", "exit 0");
    session_add(s, "c", "exit 0");
    session_run(s);
    for (b = 0; b < 3; b++)
        for (i = 0; i < 5; i++)
            positions[b][i] = s->run.benchmarks[b].launches[i].position;
    session_run(s);
    for (b = 0; b < 3; b++)
        for (i = 0; i < 5; i++)
            assert_int_equal(s->run.benchmarks[b].launches[i].position, positions[b][i]);
}

int test_measure_session(void);
int test_measure_session(void)
{
    const struct CMUnitTest tests[] = {
        SESSION_TEST(launches_and_metrics),
        SESSION_TEST(a_failure_is_a_result),
        SESSION_TEST(what_cannot_start),
        SESSION_TEST(a_timeout_ends_the_group),
        SESSION_TEST(everything_around_a_launch),
        SESSION_TEST(setup_of_all_before_cleanup_of_all),
        SESSION_TEST(a_wrong_result_is_no_sample),
        SESSION_TEST(failing_prepare_and_conclude),
        SESSION_TEST(requirements),
        SESSION_TEST(only_skipped_needs_no_launcher),
        SESSION_TEST(environment_and_redirection),
        SESSION_TEST(program_along_its_own_path),
        SESSION_TEST(shells_are_calibrated),
        SESSION_TEST(work_gives_throughput),
        SESSION_TEST(the_process_tree_is_seen),
        SESSION_TEST(left_behind_is_said),
        SESSION_TEST(few_rounds_are_marked),
        SESSION_TEST(the_same_seed_the_same_order),
    };

    return cmocka_run_group_tests_name("measure/session", tests, NULL, NULL);
}
