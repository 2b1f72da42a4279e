/* What measured programs say on the wire, end to end: shell scripts write it, the run holds it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "measure/session.h"

#include "../../helpers/session.h"

/* Scripts are words of a list and substituted, so literal braces that could be taken for a {name}
 * are doubled. */

/* Lines with given times of arrival and memory peaks, without any process. */
static void feed(struct pfl_wire *wire, const char *line, int64_t at_ns, int64_t peak_bytes)
{
    pfl_wire_feed(wire, line, strlen(line), at_ns, 0);
    wire->lines.at[wire->lines.n - 1].peak_bytes = peak_bytes;
}

static double value_of(struct pfl_session_item *item, const char *metric)
{
    return pfl_collect_column(&item->own, metric, "", NULL, NULL)->current;
}

static void stages_last_until_the_next(void **state)
{
    const struct pfl_launch_result result = {
        .started_ns = 1000000000, .wall_ns = 10000000000, .peak_rss_bytes = 40};
    const struct pfl_plan_item plan = {.name = "p"};
    struct session *s = *state;
    struct pfl_session session = {.arena = &s->arena};
    struct pfl_session_item item = {.plan = &plan};
    struct pfl_launch launch = {0};
    int64_t peak = 0;

    pfl_wire_init(&session.wire);
    pfl_collect_init(&item.own, &s->arena, "p", NULL, 0);
    feed(&session.wire, "{\"stage\":\"a\"}\n", 2000000000, 90); /* 90: before any stage */
    feed(&session.wire, "{\"stage\":\"b\"}\n", 3500000000, 70);
    feed(&session.wire, "{\"metric\":\"says \\\"stage\\\"\",\"value\":1}\n", 4000000000, 60);
    feed(&session.wire, "{\"stage\":\"a\"}\n", 5000000000, 50);
    feed(&session.wire, "{\"stage\":null}\n", 5250000000, 80);
    feed(&session.wire, "{\"stage\":\"c\"}\n", 8000000000, 20);
    feed(&session.wire, "{\"stage\":\"d\"}\n", 99000000000, 30); /* drained after the end */
    assert_int_equal(pfl_messages_apply(&session, &item, &result, &launch, &peak, &s->err), PFL_OK);
    assert_int_equal(launch.flags, 0);
    assert_true(fabs(value_of(&item, "time:a") - 1.75) < 1e-9);
    assert_true(fabs(value_of(&item, "time:b") - 1.5) < 1e-9);
    assert_true(fabs(value_of(&item, "time:c") - 3) < 1e-9);
    assert_true(fabs(value_of(&item, "time:d") - 0) < 1e-9);
    assert_true(value_of(&item, "peak_rss:a") == 80); /* the larger of its two */
    assert_true(value_of(&item, "peak_rss:b") == 60);
    assert_true(value_of(&item, "peak_rss:c") == 30);
    assert_true(value_of(&item, "peak_rss:d") == 40); /* until the process's end */
    assert_int_equal(peak, 90);
    pfl_collect_release(&item.own);
    pfl_wire_release(&session.wire);
    pfl_arena_release(&session.scratch);
}

static void stages_end_to_end(void **state)
{
    struct session *s = *state;
    size_t i;

    session_add(s, "p", "echo '{\"stage\":\"a\"}' >&3; echo '{\"stage\":\"b b\"}' >&3");
    session_run(s);
    assert_string_equal(session_find(s, "p")->reason, "");
    for (i = 0; i < 5; i++) {
        double a = session_result(s, "p", "time:a", "")->values[i];
        double b = session_result(s, "p", "time:b b", "")->values[i];

        assert_true(a >= 0 && b >= 0);
        assert_true(a + b <= session_result(s, "p", "time", "")->values[i] * 1.000001);
    }
}

/* The program waits until its own high-water mark was set back, so that no assertion hangs on time.
 */
static void stage_memory(void **state)
{
    static const char program[] =
        "import os, re, time\n"
        "def peak():\n"
        "    return int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"
        "def stage(name):\n"
        "    before, waited = peak(), 0\n"
        "    os.write(3, b'{\"stage\":\"%s\"}\\n' % name)\n"
        "    while peak() > before - 15000 and waited < 300:\n"
        "        time.sleep(0.01); waited += 1\n"
        "def use(n):\n"
        "    x = bytearray(n << 20)\n"
        "use(40); stage(b'big'); use(80); stage(b'small'); use(20)\n";
    static const char *needs[] = {"cmd: python3 -c pass"};
    struct session *s = *state;
    struct pfl_suite *suite = session_add(s, "p", "python3 program.py; exit $?");
    double big, small;

    scratch_write(&s->scratch, "program.py", program);
    suite->requires = needs;
    suite->require_count = 1;
    session_run(s);
    if (session_find(s, "p")->status == PFL_STATUS_SKIPPED)
        skip();
    assert_string_equal(session_find(s, "p")->reason, "");
    if (!pfl_benchmark_find(session_find(s, "p"), "peak_rss:big", ""))
        skip(); /* no /proc/PID/clear_refs here */
    big = session_result(s, "p", "peak_rss:big", "")->values[0];
    small = session_result(s, "p", "peak_rss:small", "")->values[0];
    assert_true(big > 80 << 20);
    assert_true(small > 20 << 20 && small < 60 << 20);
    /* Resetting did not lower the launch's own. */
    assert_true(session_result(s, "p", "peak_rss", "")->values[0] >= big);
}

static void metrics_and_inner_benchmarks(void **state)
{
    static const char *sizes[] = {"1", "2"};
    static struct pfl_param_axis axis = {"size", sizes, 2};
    struct session *s = *state;
    const struct pfl_benchmark *inner;
    const struct pfl_result *result;
    struct pfl_suite *suite = session_add(
        s, "p",
        "echo '{\"metric\":\"residual\",\"value\":{size},\"unit\":\"ms\"}' >&3;"
        "echo '{\"metric\":\"score\",\"value\":7,\"better\":\"higher\",\"bench\":\"solve\"}' >&3;"
        "echo '{\"bench\":\"fib\",\"params\":{\"n\":20},\"iterations\":4,\"samples_ns\":[5,1]}' "
        ">&3;"
        "echo '{\"bench\":\"fib\",\"params\":{\"n\":20},\"samples_ns\":[9],\"yardstick_ns\":[1]}' "
        ">&3;"
        "echo '{\"environment\":{\"device\":\"cpu\"}}}}' >&3");

    suite->axes = &axis;
    suite->axis_count = 1;
    session_run(s);
    assert_string_equal(session_find(s, "p[size=2]")->reason, "");
    assert_int_equal(s->run.benchmark_count, 6);
    result = session_result(s, "p[size=2]", "residual", "");
    assert_string_equal(result->unit, "s");
    assert_int_equal(result->n, 5);
    assert_true(fabs(result->values[3] - 0.002) < 1e-12);
    result = session_result(s, "p/solve[size=2]", "score", "");
    assert_int_equal(result->better, PFL_BETTER_HIGHER);
    assert_true(result->values[0] == 7);
    inner = session_find(s, "p/fib[n=20,size=1]");
    assert_int_equal(inner->launch_count, 5);
    assert_int_equal(inner->param_count, 2);
    assert_string_equal(inner->suite, "p");
    assert_int_equal(inner->result_count, 1);
    result = session_result(s, "p/fib[n=20,size=1]", "time", "");
    assert_true(fabs(result->values[4] - 5e-9) < 1e-18); /* the median of 5, 1 and 9 ns */
    inner = session_find(s, "p[size=1]");
    assert_string_equal(pfl_pair_find(inner->environment, inner->environment_count, "device"),
                        "cpu");
}

/* A benchmark inside that only turns up in the third launch has values for all five, NaN for the
 * first two. */
static void late_inner_benchmarks(void **state)
{
    struct session *s = *state;
    const struct pfl_result *result;

    session_add(s, "p",
                "echo x >>count; test $(wc -l <count) -lt 3 || echo "
                "'{\"bench\":\"late\",\"samples_ns\":[7]}' >&3");
    session_run(s);
    assert_int_equal(session_find(s, "p/late")->launch_count, 5);
    result = session_result(s, "p/late", "time", "");
    assert_int_equal(result->n, 5);
    assert_true(isnan(result->values[0]) && isnan(result->values[1]));
    assert_true(fabs(result->values[2] - 7e-9) < 1e-18);
    assert_true(fabs(result->values[4] - 7e-9) < 1e-18);
}

static void artifacts(void **state)
{
    struct session *s = *state;

    session_add(
        s, "p",
        "mkdir -p out; printf hello >out/x; echo '{\"artifact\":\"x\",\"path\":\"out/x\"}' >&3");
    session_add(s, "gone", "echo '{\"artifact\":\"y\",\"path\":\"out/y\"}' >&3");
    session_run(s);
    assert_true(session_result(s, "p", "artifact_size", "x")->values[4] == 5);
    assert_string_equal(session_result(s, "p", "artifact_hash", "x")->text,
                        "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    assert_int_equal(session_result(s, "p", "artifact_hash", "x")->n, 0);
    assert_int_equal(session_find(s, "gone")->status, PFL_STATUS_FAILED);
    assert_non_null(strstr(session_find(s, "gone")->reason, "its artefact y cannot be read"));
}

static void verdicts(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *bench;

    session_add(s, "skips", "echo '{\"skip\":\"no GPU\"}' >&3; exit 77");
    session_add(s, "fails", "echo '{\"fail\":\"answers differ\"}' >&3");
    session_add(s, "slow", "echo '{\"budget_exceeded\":\"assemble\",\"seconds\":0.5}' >&3; exit 1");
    session_add(s, "inner",
                "echo '{\"bench\":\"a\",\"samples_ns\":[1]}' >&3; echo "
                "'{\"bench\":\"b\",\"skip\":\"no\"}' >&3;"
                "echo '{\"bench\":\"c\",\"fail\":\"bad\"}' >&3");
    session_run(s);
    bench = session_find(s, "skips");
    assert_int_equal(bench->status, PFL_STATUS_SKIPPED);
    assert_string_equal(bench->reason, "no GPU");
    assert_int_equal(bench->launch_count, 0);
    bench = session_find(s, "fails");
    assert_int_equal(bench->status, PFL_STATUS_FAILED);
    assert_string_equal(bench->reason, "answers differ");
    assert_int_equal(bench->launches[0].flags, PFL_LAUNCH_INVALID);
    assert_true(isnan(session_result(s, "fails", "time", "")->values[0]));
    assert_string_equal(session_find(s, "slow")->reason,
                        "the budget of assemble was exceeded: 0.5 s");
    assert_int_equal(session_find(s, "inner")->launch_count, 5);
    assert_int_equal(session_find(s, "inner/a")->status, PFL_STATUS_OK);
    assert_int_equal(session_find(s, "inner/b")->status, PFL_STATUS_SKIPPED);
    assert_int_equal(session_find(s, "inner/c")->status, PFL_STATUS_FAILED);
    assert_string_equal(session_find(s, "inner/c")->reason, "bad");
}

/* Each launch says it; it is a warning once, and of no more than a hundred. */
static void warnings_are_said_once(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *bench;

    session_add(
        s, "p",
        "echo '{\"warning\":\"old\\u001b[1m\"}' >&3; echo '{\"warning\":\"old\\u001b[1m\"}' >&3");
    session_add(s, "inner",
                "echo '{\"bench\":\"a\",\"samples_ns\":[1]}' >&3;"
                "echo '{\"bench\":\"a\",\"warning\":\"odd\"}' >&3");
    session_add(s, "many",
                "for i in $(seq 150); do echo \"{\\\"warning\\\":\\\"$i\\\"}\"; done >&3");
    session_run(s);
    bench = session_find(s, "p");
    assert_int_equal(bench->status, PFL_STATUS_OK);
    assert_int_equal(bench->launch_count, 5);
    assert_int_equal(bench->warning_count, 1);
    assert_string_equal(bench->warnings[0], "old\\x1b[1m");
    assert_int_equal(session_find(s, "inner")->warning_count, 0);
    assert_int_equal(session_find(s, "inner/a")->warning_count, 1);
    assert_int_equal(session_find(s, "many")->warning_count, 100);
}

static void nonsense_is_the_benchmarks_error(void **state)
{
    static const struct {
        const char *name, *script, *says;
    } cases[] = {
        {"text", "echo >&3; echo hello >&3",
         "line 1 of what it wrote to PERFLEDGER_FD is not usable: "},
        {"quoted", "printf '{\"metric\":\\033[31m\\n' >&3", "{\"metric\":\\x1b[31m"},
        {"long", "head -c 1500000 /dev/zero | tr '\\0' x >&3", "a line of more than 1 MiB"},
        {"mixed",
         "echo '{\"metric\":\"m\",\"value\":1,\"unit\":\"B\"}' >&3;"
         "echo '{\"metric\":\"m\",\"value\":1,\"unit\":\"s\"}' >&3",
         "the metric m in B and in s"},
        {"ours", "echo '{\"metric\":\"time\",\"value\":1}' >&3", "perfledger measures itself"},
        {"step", "echo '{\"metric\":\"yardstick\",\"value\":1,\"bench\":\"b\"}' >&3",
         "\"yardstick\", which perfledger measures itself; report it under another name"},
        {"many",
         "i=0; while [ $i -lt 2100 ]; do echo \"{\\\"metric\\\":\\\"m$i\\\",\\\"value\\\":1}\";"
         "i=$((i+1)); done >&3",
         "more than 2000 metrics"},
    };
    struct session *s = *state;
    size_t i;

    for (i = 0; i < PFL_COUNT(cases); i++)
        session_add(s, cases[i].name, cases[i].script);
    session_add(s, "unfinished", "printf '{\"metric\":\"m\",\"value\":1}' >&3");
    session_run(s);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        const struct pfl_benchmark *bench = session_find(s, cases[i].name);

        assert_int_equal(bench->status, PFL_STATUS_FAILED);
        if (!strstr(bench->reason, cases[i].says))
            fail_msg("%s: %s", cases[i].name, bench->reason);
        assert_int_equal(bench->launch_count, 1);
        assert_int_equal(bench->launches[0].flags & PFL_LAUNCH_INVALID, PFL_LAUNCH_INVALID);
    }
    /* A last line needs no newline. */
    assert_int_equal(session_find(s, "unfinished")->launch_count, 5);
    assert_true(session_result(s, "unfinished", "m", "")->values[0] == 1);
}

/* Closing the wire, or writing to it from a child that outlives the program, harms nobody. */
static void odd_endings(void **state)
{
    struct session *s = *state;

    session_add(s, "closed", "exec 0<&- 1>&- 2>&- 3>&-; exit 0");
    session_add(s, "outlived", "(sleep 60; echo '{\"skip\":\"late\"}') >&3 & exit 0");
    session_run(s);
    assert_int_equal(session_find(s, "closed")->launch_count, 5);
    assert_int_equal(session_find(s, "outlived")->launch_count, 5);
    assert_int_equal(session_find(s, "outlived")->status, PFL_STATUS_OK);
}

static void twins_are_refused(void **state)
{
    struct session *s = *state;

    session_add(s, "a", "echo '{\"bench\":\"x/y\",\"samples_ns\":[1]}' >&3");
    session_add(s, "a/x", "echo '{\"bench\":\"y\",\"samples_ns\":[2]}' >&3");
    session_run(s);
    assert_int_equal(s->run.benchmark_count, 3);
    assert_int_equal(session_find(s, "a/x/y")->status, PFL_STATUS_FAILED);
    assert_non_null(strstr(session_find(s, "a/x/y")->reason, "of this name"));
}

static void odd_inner_names(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *bench;

    session_add(s, "p", "printf '%s' '{\"bench\":\"a b/\\u00e9\\n\\\"\",\"samples_ns\":[1]}' >&3");
    session_run(s);
    bench = session_find(s, "p/a b/\xc3\xa9\n\"");
    assert_int_equal(bench->launch_count, 5);
}

int test_measure_messages(void);
int test_measure_messages(void)
{
    const struct CMUnitTest tests[] = {
        SESSION_TEST(stages_last_until_the_next),
        SESSION_TEST(stages_end_to_end),
        SESSION_TEST(stage_memory),
        SESSION_TEST(metrics_and_inner_benchmarks),
        SESSION_TEST(late_inner_benchmarks),
        SESSION_TEST(artifacts),
        SESSION_TEST(verdicts),
        SESSION_TEST(warnings_are_said_once),
        SESSION_TEST(nonsense_is_the_benchmarks_error),
        SESSION_TEST(odd_endings),
        SESSION_TEST(twins_are_refused),
        SESSION_TEST(odd_inner_names),
    };

    return cmocka_run_group_tests_name("measure/messages", tests, NULL, NULL);
}
