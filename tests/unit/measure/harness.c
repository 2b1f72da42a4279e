/* Foreign harnesses: the command lines they become, and what becomes of what they leave. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "measure/foreign.h"
#include "measure/harness_words.h"

#include "../../helpers/session.h"

/* ---- command lines ---- */

static const struct command {
    const char *harness, *command, *select, *inside, *becomes;
    double seconds;
    bool list;
} commands[] = {
    {"google-benchmark", "./b -x", "", NULL,
     "./b -x --benchmark_out=/r/f --benchmark_out_format=json --benchmark_min_time=0.25", 0.25,
     false},
    {"google-benchmark", "./b --benchmark_min_time=2", "s/BM_a*\ns/BM_b/8", NULL,
     "./b --benchmark_min_time=2 '--benchmark_filter=^(BM_a.*|BM_b/8)$' --benchmark_out=/r/f "
     "--benchmark_out_format=json",
     0.1, false},
    {"google-benchmark", "./b --benchmark_filter=x -- y", "s/BM_a", NULL,
     "./b --benchmark_filter=x --benchmark_out=/r/f --benchmark_out_format=json "
     "--benchmark_min_time=0.1 -- y",
     0.1, false},
    {"google-benchmark", "./b", "s/a", NULL, "./b --benchmark_list_tests=true", 0, true},
    {"google-benchmark", "./b", "", "BM_v<int>/1.5*",
     "./b '--benchmark_filter=^(BM_v<int>/1\\.5\\*)$' --benchmark_out=/r/f "
     "--benchmark_out_format=json",
     0, false},
    {"google-benchmark", "./b", "*sort*", NULL,
     "./b --benchmark_out=/r/f --benchmark_out_format=json", 0, false},
    {"pytest-benchmark", "pytest t", "", NULL,
     "pytest t --benchmark-only --benchmark-enable --benchmark-disable-gc --benchmark-json=/r/f "
     "--benchmark-min-rounds=3 --benchmark-max-time=0.1 -rfE --color=no",
     0.1, false},
    {"pytest-benchmark", "pytest --benchmark-min-rounds 9 --benchmark-max-time=1", "s/*sort?big]",
     NULL,
     "pytest --benchmark-min-rounds 9 --benchmark-max-time=1 --benchmark-only --benchmark-enable "
     "--benchmark-disable-gc --benchmark-json=/r/f -k sort -rfE --color=no",
     0.1, false},
    {"pytest-benchmark", "pytest --cov=x -k mine", "s/t.py::test_a\ns/t.py::test_bb[*", NULL,
     "pytest --cov=x -k mine --benchmark-only --benchmark-enable --benchmark-disable-gc "
     "--benchmark-json=/r/f --benchmark-min-rounds=3 --no-cov -rfE --color=no",
     0, false},
    {"pytest-benchmark", "pytest", "s/t.py::test_a\ns/t.py::test_bb[*", NULL,
     "pytest --benchmark-only --benchmark-enable --benchmark-disable-gc --benchmark-json=/r/f "
     "--benchmark-min-rounds=3 -k 'test_a or test_bb' -rfE --color=no",
     0, false},
    {"pytest-benchmark", "pytest", "s/*", NULL,
     "pytest --benchmark-only --benchmark-enable --benchmark-disable-gc --benchmark-json=/r/f "
     "--benchmark-min-rounds=3 -rfE --color=no",
     0, false},
    {"pytest-benchmark", "pytest", "s/*[1-?", NULL, /* "and", "or" … are no words for -k */
     "pytest --benchmark-only --benchmark-enable --benchmark-disable-gc --benchmark-json=/r/f "
     "--benchmark-min-rounds=3 -k 1 -rfE --color=no",
     0, false},
    {"catch2", "./c", "", NULL,
     "./c '[!benchmark]' --reporter xml --out /r/f --benchmark-samples=20 "
     "--benchmark-resamples=100 --benchmark-warmup-time=10",
     0.1, false},
    {"catch2", "./c sums --benchmark-samples 7 --order rand", "s/x", NULL,
     "./c sums --benchmark-samples 7 --order rand --reporter xml --out /r/f "
     "--benchmark-resamples=100 --benchmark-warmup-time=5",
     0.05, false},
    {"catch2", "./c --order rand", "", NULL,
     "./c --order rand '[!benchmark]' --reporter xml --out /r/f --benchmark-samples=5 "
     "--benchmark-resamples=100 --benchmark-warmup-time=1",
     0.01, false},
    {"catch2", "env A=1 ./c", "", NULL,
     "env A=1 ./c '[!benchmark]' --reporter xml --out /r/f --benchmark-samples=20 "
     "--benchmark-resamples=100",
     0, false},
    {"catch2", "taskset -c 1 build/c sums", "", NULL,
     "taskset -c 1 build/c sums --reporter xml --out /r/f --benchmark-samples=20 "
     "--benchmark-resamples=100",
     0, false},
    {"pytest-benchmark", "pytest -kslow --benchmark-json=my.json", "s/t.py::test_a", NULL,
     "pytest -kslow --benchmark-only --benchmark-enable --benchmark-disable-gc "
     "--benchmark-json=/r/f --benchmark-min-rounds=3 -rfE --color=no",
     0, false},
    {"pytest-benchmark", "pytest --benchmark-json my.json x", "",
     "b/t_long_name.py::TestK::test_in",
     "pytest x --benchmark-only --benchmark-enable --benchmark-disable-gc "
     "--benchmark-json=/r/f --benchmark-min-rounds=3 -k 'TestK and test_in' -rfE --color=no",
     0, false},
    {"pytest-benchmark", "pytest", "", "b/t.py::test_sum[a::b longest]",
     "pytest --benchmark-only --benchmark-enable --benchmark-disable-gc "
     "--benchmark-json=/r/f --benchmark-min-rounds=3 -k test_sum -rfE --color=no",
     0, false},
    {"pytest-benchmark", "pytest", "", "b/t.py::TestA::not",
     "pytest --benchmark-only --benchmark-enable --benchmark-disable-gc "
     "--benchmark-json=/r/f --benchmark-min-rounds=3 -k TestA -rfE --color=no",
     0, false},
    {"pytest-benchmark", "pytest", "s/benchmarks/t.py::test_a*", NULL,
     "pytest --benchmark-only --benchmark-enable --benchmark-disable-gc "
     "--benchmark-json=/r/f --benchmark-min-rounds=3 -k test_a -rfE --color=no",
     0, false},
    {"pytest-benchmark", "pytest", "s/*test_long.py::*", NULL,
     "pytest --benchmark-only --benchmark-enable --benchmark-disable-gc "
     "--benchmark-json=/r/f --benchmark-min-rounds=3 -k test_long -rfE --color=no",
     0, false},
    {"nanobench", "./n", "s/x", NULL, "./n", 0.1, false},
};

static const char *line_of(struct pfl_arena *arena, char *const *argv)
{
    struct pfl_buf buf;
    const char *text;

    pfl_buf_init(&buf, 4096);
    for (; *argv; argv++) {
        pfl_buf_text(&buf, buf.len ? " " : "");
        pfl_text_quote(&buf, *argv);
    }
    text = pfl_arena_text(arena, pfl_buf_cstr(&buf));
    pfl_buf_release(&buf);
    return text;
}

static void becomes(struct session *s, const struct command *c, const char *shell,
                    const char *expected)
{
    char *envp[] = {(char *)"COVERAGE_PROCESS_START=x", (char *)"PATH=/bin", NULL}, ignored;
    struct pfl_plan_item item = {.name = "s", .suite = "s", .select = c->select};
    struct pfl_foreign foreign = {.harness = pfl_harness_find(c->harness)};
    const struct pfl_harness_launch launch = {.item = &item,
                                              .results = "/r/f",
                                              .folder = s->scratch.path,
                                              .seconds = c->seconds,
                                              .list = c->list};
    const char *line;

    item.harness = c->harness;
    item.inside = c->inside;
    item.command = c->command;
    assert_int_equal(pfl_text_split_command(&s->arena, shell ? shell : c->command, &item.argv,
                                            &item.argc, &ignored, NULL),
                     PFL_OK);
    if (shell)
        item.how.shell = "sh";
    assert_int_equal(pfl_foreign_words(&launch, envp, &s->arena, &foreign, &s->err), PFL_OK);
    line = line_of(&s->arena, foreign.argv);
    if (strcmp(line, expected) != 0)
        fail_msg("%s: %s\nexpected %s", c->harness, line, expected);
    if (strcmp(c->harness, "pytest-benchmark") == 0)
        assert_string_equal(line_of(&s->arena, foreign.envp),
                            "COLUMNS=400 PATH=/bin PERFLEDGER_RESULTS=/r/f");
}

static void command_lines(void **state)
{
    struct session *s = *state;
    size_t i;

    for (i = 0; i < PFL_COUNT(commands); i++)
        becomes(s, &commands[i], NULL, commands[i].becomes);
}

static void behind_a_shell_line(void **state)
{
    static const struct command c = {
        .harness = "google-benchmark", .command = "cd x && ./b", .select = "s/a*"};

    becomes(*state, &c, "sh -c 'cd x && ./b'",
            "sh -c 'cd x && ./b '\\''--benchmark_filter=^(a.*)$'\\'' --benchmark_out=/r/f "
            "--benchmark_out_format=json'");
}

static void coverage_in_settings(void **state)
{
    static const struct command c = {
        .harness = "pytest-benchmark", .command = "pytest", .select = ""};
    struct session *s = *state;

    scratch_write(&s->scratch, "setup.cfg", "[tool:pytest]\naddopts = --cov=x\n");
    becomes(s, &c, NULL,
            "pytest --benchmark-only --benchmark-enable --benchmark-disable-gc "
            "--benchmark-json=/r/f --benchmark-min-rounds=3 --no-cov -rfE --color=no");
}

/* ---- plans ---- */

static void plans(void **state)
{
    struct session *s = *state;
    struct pfl_suite *suite = session_add(s, "g", "true");
    const struct pfl_plan_item *item;

    suite->harness = "google-benchmark";
    s->config.defaults.set = 0;
    s->config.defaults.memory_tree = true;
    assert_int_equal(pfl_plan_configured(&s->request, &s->arena, &s->plan, &s->err), PFL_OK);
    item = &s->plan.items[0];
    assert_string_equal(item->harness, "google-benchmark");
    assert_string_equal(item->select, "");
    assert_int_equal(item->how.rounds, 6);
    assert_int_equal(item->how.warmup, 0);
    assert_true(item->how.timeout_ns == INT64_C(600) * 1000000000);
    assert_true(fabs(pfl_inside_seconds(item) - 0.1) < 1e-12);
    suite->how.set = PFL_HOW_ROUNDS | PFL_HOW_WARMUP | PFL_HOW_TIMEOUT;
    suite->how.rounds = 9;
    suite->how.warmup = 1;
    suite->how.timeout_ns = 5;
    assert_int_equal(pfl_plan_configured(&s->request, &s->arena, &s->plan, &s->err), PFL_OK);
    item = &s->plan.items[0];
    assert_int_equal(item->how.rounds, 9);
    assert_int_equal(item->how.warmup, 1);
    assert_true(item->how.timeout_ns == 5);
    suite->how.set = PFL_HOW_MEMORY_TREE;
    suite->how.memory_tree = true;
    assert_int_equal(pfl_plan_configured(&s->request, &s->arena, &s->plan, &s->err), PFL_ECONFIG);
    assert_non_null(strstr(s->err.message, "memory: tree is for commands"));
    suite->how.set = 0;
    suite->work_unit = "cells";
    suite->work_value = "5";
    assert_int_equal(pfl_plan_configured(&s->request, &s->arena, &s->plan, &s->err), PFL_ECONFIG);
    assert_non_null(strstr(s->err.message, "work: is for commands"));
}

/* ---- results ---- */

/* What each launch is said to have left: one value more each time; a mean only; a failure. */
static int reads(void *context, const char *format, const char *path, struct pfl_arena *arena,
                 struct pfl_run *run, struct pfl_err *err)
{
    static struct pfl_benchmark benchmarks[3];
    static struct pfl_result results[2];
    static double values[4];
    struct session *s = context;

    (void)arena;
    assert_string_equal(format, "nanobench");
    assert_non_null(strstr(path, "/results/"));
    if (s->asked++ == 99)
        return pfl_err_set(err, PFL_EPARSE, "%s:3:4: no number", path);
    values[0] = 1 + s->asked;
    values[1] = 100;
    values[2] = 2 + s->asked;
    values[3] = NAN;
    results[0] =
        (struct pfl_result){.metric = "time", .unit = "s", .variant = "", .values = values, .n = 4};
    results[1] =
        (struct pfl_result){.metric = "time", .unit = "s", .variant = "", .summary_only = true};
    results[1].summary.mean = results[1].summary.median = 7;
    benchmarks[0] = (struct pfl_benchmark){
        .name = "a", .results = &results[0], .result_count = 1, .reason = ""};
    benchmarks[1] = (struct pfl_benchmark){
        .name = "b", .results = &results[1], .result_count = 1, .reason = ""};
    benchmarks[2] =
        (struct pfl_benchmark){.name = "c", .status = PFL_STATUS_FAILED, .reason = "no input"};
    *run = (struct pfl_run){.benchmarks = benchmarks, .benchmark_count = 3, .tool = "nanobench"};
    return PFL_OK;
}

static struct pfl_suite *add_read(struct session *s, const char *script)
{
    struct pfl_suite *suite = session_add(s, "n", script);

    suite->harness = "nanobench";
    s->params.read_results = reads;
    s->params.read_context = s;
    s->params.stop_asked = NULL;
    return suite;
}

static void results_become_columns(void **state)
{
    struct session *s = *state;
    const struct pfl_result *result;
    size_t i;

    add_read(s, "test -d \"${{PERFLEDGER_RESULTS%/*}}\" && echo x >>seen");
    session_run(s);
    assert_string_equal(session_file(s, "seen"), "x\nx\nx\nx\nx\n");
    assert_int_equal(s->run.benchmark_count, 3);
    result = session_result(s, "n/a", "time", "");
    assert_int_equal(result->n, 5);
    for (i = 0; i < 5; i++) /* the median of the launch's samples, without what is no number */
        assert_true(result->values[i] == 3.0 + (double)i);
    assert_int_equal(session_find(s, "n/a")->result_count, 1); /* nothing of the process */
    assert_true(session_result(s, "n/b", "time", "")->values[0] == 7);
    assert_int_equal(session_find(s, "n/c")->status, PFL_STATUS_FAILED);
    assert_string_equal(session_find(s, "n/c")->reason, "no input");
    assert_non_null(strstr(s->run.warnings[s->run.warning_count - 1],
                           "nanobench writes of the metric time only means"));
}

static void unreadable_results(void **state)
{
    struct session *s = *state;

    add_read(s, "echo garbage >\"$PERFLEDGER_RESULTS\"");
    assert_int_equal(pfl_plan_configured(&s->request, &s->arena, &s->plan, &s->err), PFL_OK);
    s->params.plan = &s->plan;
    s->asked = 99;
    memset(&s->run, 0, sizeof s->run);
    assert_int_equal(pfl_measure(&s->params, &s->arena, &s->run, &s->err), PFL_OK);
    assert_int_equal(session_find(s, "n")->status, PFL_STATUS_FAILED);
    assert_non_null(strstr(session_find(s, "n")->reason, "cannot be read (exit code 0): "));
    assert_non_null(strstr(session_find(s, "n")->reason, ":3:4: no number"));
    assert_int_equal(session_find(s, "n")->launch_count, 1);
}

static void an_exit_code_without_a_failure(void **state)
{
    struct session *s = *state;

    add_read(s, "echo 'x: Error: disk full' >&2; echo bye >&2; exit 3");
    session_run(s); /* c failed, which is what the code says */
    assert_int_equal(session_find(s, "n/a")->status, PFL_STATUS_OK);
    s->config.suites[0].argv[2] = (char *)"kill -9 $$";
    session_run(s);
    assert_non_null(strstr(session_find(s, "n/a")->reason, "SIGKILL"));
}

static void endings(void **state)
{
    static const struct {
        const char *errors, *output, *says;
    } cases[] = {
        {"", "", "exit code 2"},
        {"one\ntwo\n", "three\n", "exit code 2; it said: two"},
        {"", "three\n", "exit code 2; it said: three"},
        {"an error: x\nhint\n", "three\n", "exit code 2; it said: an error: x"},
        {"", "panic: boom\n\ngoroutine\nFAIL\n", "exit code 2; it said: panic: boom"},
        {"wrote it\n", "E: AssertionError\nthe end\n", "exit code 2; it said: E: AssertionError"},
    };
    struct session *s = *state;
    size_t i;

    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_buf errors, output;

        pfl_buf_init(&errors, 100);
        pfl_buf_init(&output, 100);
        pfl_buf_text(&errors, cases[i].errors);
        pfl_buf_text(&output, cases[i].output);
        assert_string_equal(pfl_foreign_ending(&s->arena, 2, &errors, &output), cases[i].says);
        pfl_buf_release(&errors);
        pfl_buf_release(&output);
    }
}

static int note(void *context, const char *name, size_t len, const char *reason, size_t reason_len)
{
    struct pfl_buf *buf = context;

    pfl_buf_add(buf, name, len);
    pfl_buf_char(buf, '|');
    pfl_buf_add(buf, reason, reason_len);
    pfl_buf_char(buf, '\n');
    return PFL_OK;
}

static void failures_of_pytest(void **state)
{
    static const char output[] =
        "collected 3 items\nERROR root:t.py:6 std::bad_alloc caught - retry\nFAILED a::b\n"
        "=== short test summary info ===\n"
        "ERROR  root:x.py:6 std::bad_alloc caught\nERROR x - std::y\n"
        "FAILED t.py::test_a[x - y] - assert 1 - 2\n"
        "ERROR t.py::test_b\nERROR t.py - ImportError\n"
        "FAILED t.py::test_c - cut";
    const struct pfl_harness_said said = {.output = output, .output_len = strlen(output)};
    struct pfl_buf buf;

    (void)state;
    pfl_buf_init(&buf, 1000);
    assert_int_equal(pfl_harness_find("pytest-benchmark")->failures(&said, note, &buf), PFL_OK);
    assert_string_equal(pfl_buf_cstr(&buf), "t.py::test_a[x - y]|assert 1 - 2\n"
                                            "t.py::test_b|its test failed\nt.py::test_c|cut\n");
    pfl_buf_release(&buf);
}

/* The benchmark that had begun when it all ended. */
static void failures_of_the_last_begun(void **state)
{
    static const struct {
        const char *harness, *output, *errors, *fails;
    } cases[] = {
        {"hyperfine", "Benchmark 1: true\n  Time: x\n \nBenchmark 2: ./a b: c\n",
         "Warning: x\nError: Command terminated with non-zero exit code: 3. Use the '-i'\n",
         "./a b: c|Command terminated with non-zero exit code: 3: run it by hand, or add -i to "
         "hyperfine if that is as it should be\n"},
        {"hyperfine", "Benchmark #1: false\n",
         "Error: Command terminated with non-zero exit code. Use",
         "false|Command terminated with non-zero exit code: run it by hand, or add -i to "
         "hyperfine if that is as it should be\n"},
        {"hyperfine", "", "Error: Command terminated with non-zero exit code: 1.", ""},
        {"hyperfine", "Benchmark 1: true\n", "Error: no room", ""},
        {"go", "BenchmarkA-2 \t 5 \t 7 ns/op\nBenchmarkB/x-2 \t", "panic: boom\n\ngoroutine 8\n",
         "BenchmarkB/x-2|panic: boom\n"},
        {"go", "BenchmarkB-2 \t", "x\nfatal error: all asleep",
         "BenchmarkB-2|fatal error: all asleep\n"},
        {"go", "BenchmarkA-2 \t 5 \t 7 ns/op\nPASS\n", "panic: boom\n", ""},
        {"go", "BenchmarkA-2 \t 5", "", ""},
        {"go", "a\n", "panic: b\n\nm.BenchmarkB.func1(0x1)", "BenchmarkB|panic: b\n"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        const struct pfl_harness_said said = {cases[i].output, cases[i].errors,
                                              strlen(cases[i].output), strlen(cases[i].errors)};
        struct pfl_buf buf;

        pfl_buf_init(&buf, 1000);
        assert_int_equal(pfl_harness_find(cases[i].harness)->failures(&said, note, &buf), PFL_OK);
        assert_string_equal(pfl_buf_cstr(&buf), cases[i].fails);
        pfl_buf_release(&buf);
    }
}

int test_measure_harness(void);
int test_measure_harness(void)
{
    const struct CMUnitTest tests[] = {
        SESSION_TEST(command_lines),
        SESSION_TEST(behind_a_shell_line),
        SESSION_TEST(coverage_in_settings),
        SESSION_TEST(plans),
        SESSION_TEST(results_become_columns),
        SESSION_TEST(unreadable_results),
        SESSION_TEST(an_exit_code_without_a_failure),
        SESSION_TEST(endings),
        cmocka_unit_test(failures_of_pytest),
        cmocka_unit_test(failures_of_the_last_begun),
    };

    return cmocka_run_group_tests_name("measure/harness", tests, NULL, NULL);
}
