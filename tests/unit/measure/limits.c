/* Time and Ctrl-C: budgets by an injected clock, what is kept, what is partial, clocks that
 * misbehave. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "measure/session.h"

#include "../../helpers/session.h"

#define SECOND INT64_C(1000000000)

/* With a clock that gains a second at every look, a step takes a few seconds whatever the machine
 * does. */

static void as_many_as_fit(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *bench;

    s->step_ns = SECOND;
    session_add(s, "a", "exit 0")->how = (struct pfl_how){
        .set = PFL_HOW_ROUNDS | PFL_HOW_MAX_TIME, .rounds = 0, .max_time_ns = 60 * SECOND};
    session_add(s, "least", "exit 0")->how = (struct pfl_how){
        .set = PFL_HOW_ROUNDS | PFL_HOW_MAX_TIME, .rounds = 0, .max_time_ns = SECOND};
    session_add(s, "most", "exit 0")->how =
        (struct pfl_how){.set = PFL_HOW_ROUNDS | PFL_HOW_MAX_TIME | PFL_HOW_MAX_ROUNDS,
                         .rounds = 0,
                         .max_rounds = 7,
                         .max_time_ns = 3600 * SECOND};
    session_run(s);
    bench = session_find(s, "a");
    assert_true(bench->launch_count > 5 && bench->launch_count < 30);
    assert_false(bench->partial);
    assert_int_equal(bench->warning_count, 0);
    assert_int_equal(session_find(s, "least")->launch_count, 5);
    assert_int_equal(session_find(s, "most")->launch_count, 7);
    assert_false(s->run.partial);
}

static void a_budget_cuts_fixed_rounds(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *bench;

    s->step_ns = SECOND;
    session_add(s, "a", "exit 0")->how = (struct pfl_how){
        .set = PFL_HOW_ROUNDS | PFL_HOW_MAX_TIME, .rounds = 100, .max_time_ns = 60 * SECOND};
    session_run(s);
    bench = session_find(s, "a");
    assert_true(bench->launch_count > 5 && bench->launch_count < 30);
    assert_true(session_warned(bench, "of 100 rounds: its time budget was used up"));
    assert_int_equal(bench->status, PFL_STATUS_OK);
    assert_false(s->run.partial);
}

static void the_whole_session_is_limited(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *bench;
    int64_t last_ns, apart_ns;

    s->step_ns = SECOND;
    s->request.max_time_ns = 200 * SECOND;
    session_add(s, "a", "exit 0")->how =
        (struct pfl_how){.set = PFL_HOW_ROUNDS, .rounds = 1000, .cleanup = "printf U >>log"};
    session_run(s);
    bench = session_find(s, "a");
    assert_true(bench->launch_count >= 5 && bench->launch_count < 100);
    assert_true(session_warned(bench, "of 1000 rounds: the session's time was up"));
    assert_false(bench->partial); /* it has its least rounds */
    assert_string_equal(session_file(s, "log"), "U");
    /* By the launches before, another one would have ended too late: it was not begun. A launch
     * reads the clock, which makes a second each, five times from its start on; what is read
     * between rounds is not the launch's. */
    last_ns = bench->launches[bench->launch_count - 1].started_ns;
    apart_ns = last_ns - bench->launches[bench->launch_count - 2].started_ns;
    assert_true(apart_ns > SECOND);
    assert_true(last_ns + 5 * SECOND <= 200 * SECOND);
    assert_true(last_ns + 2 * apart_ns > 200 * SECOND);
}

/* Each look at the clock takes `step_ns`: a launch about ten. Short commands are launched once more
 * after a reading, unrecorded, so that no sample starts cold; others, and those that want no
 * warm-up, are not. */
static void yardsticks_between_rounds(void **state)
{
    static const struct {
        int64_t step_ns;
        int warmup;
        bool again;
    } cases[] = {{2000000, 1, true}, {2000000, 0, false}, {20000000, 1, false}};
    struct session *s = *state;
    const struct pfl_benchmark *bench;
    size_t i, k, launched;

    session_add(s, "a", "printf x >>log");
    session_run(s);
    assert_int_equal(s->run.yardstick_count, 0);
    assert_null(s->run.yardsticks);
    for (k = 0; k < PFL_COUNT(cases); k++) {
        launched = strlen(session_file(s, "log"));
        s->step_ns = cases[k].step_ns;
        s->suites[0].how = (struct pfl_how){
            .set = PFL_HOW_ROUNDS | PFL_HOW_WARMUP, .rounds = 60, .warmup = cases[k].warmup};
        session_run(s);
        bench = session_find(s, "a");
        assert_int_equal(bench->launch_count, 60);
        launched = strlen(session_file(s, "log")) - launched;
        assert_in_range(s->run.yardstick_count, 1, 30);
        for (i = 1; i < s->run.yardstick_count; i++)
            assert_true(s->run.yardsticks[i].at_ns >=
                        s->run.yardsticks[i - 1].at_ns + INT64_C(500000000));
        for (i = 0; i < PFL_YARDSTICK_COUNT; i++)
            assert_true(s->run.yardsticks[0].value[i] > 0);
        assert_true((launched > 60 + (size_t)cases[k].warmup) == cases[k].again);
    }
}

static void too_little_time_is_partial(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *bench;

    s->step_ns = SECOND;
    s->request.max_time_ns = 40 * SECOND;
    session_add(s, "a", "exit 0");
    session_add(s, "b", "exit 0");
    session_run(s);
    assert_true(s->run.partial);
    bench = session_find(s, "a");
    assert_true(bench->partial);
    assert_true(bench->launch_count < 5);
    s->request.max_time_ns = 1;
    session_run(s);
    assert_true(s->run.partial);
    bench = session_find(s, "a");
    assert_int_equal(bench->launch_count, 0);
    assert_int_equal(bench->status, PFL_STATUS_SKIPPED);
    assert_string_equal(bench->reason, "not measured: the session's time was up");
    assert_true(bench->partial);
}

/* The launch that runs into the session's end is dropped, not called a timeout of its own. */
static void the_limit_ends_a_launch(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *bench;

    s->step_ns = 0;
    s->request.max_time_ns = SECOND / 20;
    session_add(s, "a", "sleep 60");
    session_run(s);
    bench = session_find(s, "a");
    assert_int_equal(bench->launch_count, 0);
    assert_int_equal(bench->status, PFL_STATUS_SKIPPED);
    assert_true(s->run.partial);
}

static void control_c_keeps_what_is_there(void **state)
{
    struct session *s = *state;
    size_t total, i;
    int stop;

    session_add(s, "a", "exit 0")->how = (struct pfl_how){.cleanup = "printf A >>log"};
    session_add(s, "b", "exit 0")->how =
        (struct pfl_how){.setup = "exit 0", .prepare = "exit 0", .cleanup = "printf B >>log"};
    for (stop = 1; stop < 200; stop += 3) {
        s->stop_after = stop;
        session_run(s);
        assert_int_equal(s->run.benchmark_count, 2);
        for (i = 0, total = 0; i < 2; i++) {
            const struct pfl_benchmark *bench = &s->run.benchmarks[i];

            total += bench->launch_count;
            if (bench->launch_count) {
                assert_int_equal(bench->status, PFL_STATUS_OK);
                assert_int_equal(bench->results[0].n, bench->launch_count);
            } else {
                assert_string_equal(bench->reason, "not measured: interrupted");
            }
            assert_int_equal(bench->partial, bench->launch_count < 5);
        }
        if (s->asked < stop) /* it got through to the end */
            break;
        assert_true(s->run.partial);
    }
    assert_int_equal(total, 10);
    assert_false(s->run.partial);
    assert_non_null(strstr(session_file(s, "log"), "ABAB"));
}

static bool stop_once_started(void *context)
{
    struct session *s = context;

    return access(scratch_path(&s->scratch, "third"), F_OK) == 0;
}

/* The wire's line wakes the session up, as a signal would; it finds that it should stop. */
static void control_c_during_a_launch(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *bench;

    session_add(s, "a",
                "echo x >>count; test $(wc -l <count) -lt 3 && exit; touch third;"
                "echo '{\"stage\":\"x\"}' >&3; sleep 60");
    s->params.stop_asked = stop_once_started;
    session_run(s);
    bench = session_find(s, "a");
    assert_true(s->run.partial && bench->partial);
    assert_int_equal(bench->launch_count, 2); /* the third was dropped */
    assert_int_equal(bench->status, PFL_STATUS_OK);
    assert_null(pfl_benchmark_find(bench, "time:x", ""));
    assert_true(session_warned(bench, "2 of 5 rounds: interrupted"));
}

static void gaps_are_flagged(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *bench;

    session_add(s, "a", "exit 0");
    s->boot_lead_ns = 5 * SECOND; /* suspended for five seconds during every launch */
    session_run(s);
    bench = session_find(s, "a");
    assert_int_equal(bench->launches[0].flags, PFL_LAUNCH_GAP);
    assert_int_equal(bench->launches[0].gap_ns, 5 * SECOND);
    assert_true(isfinite(session_result(s, "a", "time", "")->values[0])); /* still a sample */
    s->boot_lead_ns = 0;
    s->real_lead_ns = -3 * SECOND; /* somebody sets the clock back */
    session_run(s);
    assert_int_equal(session_find(s, "a")->launches[4].flags, PFL_LAUNCH_GAP);
    s->real_lead_ns = 500000; /* slewing is none */
    session_run(s);
    assert_int_equal(session_find(s, "a")->launches[4].flags, 0);
    assert_int_equal(session_find(s, "a")->launches[4].gap_ns, 0);
}

static void a_clock_that_goes_back(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *bench;
    int64_t last = 0;
    size_t i;

    session_add(s, "a", "exit 0")->how =
        (struct pfl_how){.set = PFL_HOW_MAX_TIME, .max_time_ns = SECOND};
    s->now_ns = 1000 * SECOND;
    s->step_ns = -SECOND;
    session_run(s);
    bench = session_find(s, "a");
    assert_int_equal(bench->launch_count, 5);
    for (i = 0; i < 5; i++) {
        assert_true(bench->launches[i].started_ns >= last);
        last = bench->launches[i].started_ns;
        assert_true(bench->launches[i].flags & PFL_LAUNCH_GAP);
        assert_true(session_result(s, "a", "time", "")->values[i] >= 0);
    }
    assert_true(s->run.finished_unix_ns >= s->run.started_unix_ns);
}

/* What progress was told. */
struct told {
    struct session *s;
    int setup, warm_up, measuring, cleanup, calls;
    bool wrong;
};

static void tell(void *context, const struct pfl_progress *p)
{
    struct told *told = context;

    told->calls++;
    told->setup += strcmp(p->phase, "setup") == 0;
    told->warm_up += strcmp(p->phase, "warm-up") == 0;
    told->cleanup += strcmp(p->phase, "cleanup") == 0;
    if (strcmp(p->phase, "measuring") == 0) {
        told->measuring++;
        told->wrong |= p->rounds != 8 || p->round > 7 || p->benchmark_count != 1;
        told->wrong |= isnan(p->estimate) != (p->round == 0);
        told->wrong |= isnan(p->ci_low) != (p->round < 5);
        told->wrong |= p->round > 0 && !(p->seconds_left >= 0);
    }
}

static bool never(void *context)
{
    (void)context;
    return false;
}

static void progress_is_told(void **state)
{
    struct session *s = *state;
    struct told told = {.s = s};

    session_add(s, "a", "exit 0")->how = (struct pfl_how){.set = PFL_HOW_WARMUP | PFL_HOW_ROUNDS,
                                                          .warmup = 2,
                                                          .rounds = 8,
                                                          .setup = "exit 0",
                                                          .cleanup = "exit 0"};
    s->params.progress = tell;
    s->params.stop_asked = never;
    s->params.context = &told;
    session_run(s);
    assert_int_equal(told.setup, 1);
    assert_int_equal(told.warm_up, 2);
    assert_int_equal(told.measuring, 8);
    assert_int_equal(told.cleanup, 1);
    assert_false(told.wrong);
}

/* A cleanup takes for ever, by the clock. */
static void tire(void *context, const struct pfl_progress *p)
{
    struct session *s = context;

    if (strcmp(p->phase, "cleanup") == 0)
        s->now_ns += 100 * SECOND;
}

static void cleanup_is_limited_too(void **state)
{
    struct session *s = *state;

    s->request.max_time_ns = SECOND;
    session_add(s, "a", "exit 0")->how = (struct pfl_how){.cleanup = "sleep 997"};
    session_add(s, "b", "exit 0")->how = (struct pfl_how){.cleanup = "printf B >>log"};
    session_run(s);
    assert_int_equal(session_find(s, "a")->launch_count, 5);
    assert_true(session_warned(session_find(s, "a"), "cleanup `sleep 997`"));
    assert_true(session_warned(session_find(s, "a"), "was killed"));
    assert_string_equal(session_file(s, "log"), "B");
    s->params.progress = tire;
    s->params.context = s;
    session_run(s);
    assert_true(session_warned(session_find(s, "a"), "was killed"));
    assert_true(session_warned(session_find(s, "b"), "cleanup was not run: the session's time"));
    assert_string_equal(session_file(s, "log"), "B");
}

/* context: how many questions are answered with no. */
static bool hurry(void *context)
{
    int *patience = context;

    return (*patience)-- <= 0;
}

static void a_second_control_c_gives_cleanup_up(void **state)
{
    static const char *const said[] = {"cleanup was not run: interrupted twice", "was interrupted"};
    struct session *s = *state;
    int patience, tried;

    session_add(s, "a", "exit 0")->how = (struct pfl_how){.cleanup = "sleep 997"};
    s->params.stop_asked = never;
    s->params.hurry_asked = hurry;
    s->params.context = &patience;
    for (tried = 0; tried < 2; tried++) {
        patience = tried;
        session_run(s);
        assert_true(session_warned(session_find(s, "a"), said[tried]));
        assert_int_equal(session_find(s, "a")->launch_count, 5);
        assert_false(s->run.partial);
    }
    s->params.context = NULL;
}

static void the_machine_is_described(void **state)
{
    struct session *s = *state;
    size_t i;
    bool load = false;

    session_add(s, "a", "exit 0");
    session_run(s);
    for (i = 0; i < s->run.environment_count; i++)
        load |= strcmp(s->run.environment[i].name, "load_before") == 0;
    assert_true(load);
    assert_true(s->run.started_unix_ns >= INT64_C(1700000000000000000));
}

static void a_busy_machine_is_said(void **state)
{
    static const struct {
        struct pfl_machine_load load;
        size_t warnings;
    } cases[] = {
        {{.load1 = 0.9, .cpu_pressure = 3, .memory_pressure = 0}, 0},
        {{.load1 = 2.0, .cpu_pressure = 3, .memory_pressure = 0}, 1},
        {{.load1 = 0.1, .cpu_pressure = 12, .memory_pressure = 0}, 1},
        {{.load1 = 5, .cpu_pressure = 12, .memory_pressure = 30}, 2},
        {{.load1 = NAN, .cpu_pressure = NAN, .memory_pressure = NAN}, 0},
    };
    struct session *s = *state;
    size_t i;

    s->run.machine.cpus = 4;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_session session = {.arena = &s->arena, .run = &s->run};

        assert_true(pfl_busy_judge(&session, &cases[i].load));
        assert_int_equal(session.warnings.n, cases[i].warnings);
        pfl_vec_release(&session.warnings);
    }
}

int test_measure_limits(void);
int test_measure_limits(void)
{
    const struct CMUnitTest tests[] = {
        SESSION_TEST(as_many_as_fit),
        SESSION_TEST(a_budget_cuts_fixed_rounds),
        SESSION_TEST(the_whole_session_is_limited),
        SESSION_TEST(yardsticks_between_rounds),
        SESSION_TEST(too_little_time_is_partial),
        SESSION_TEST(the_limit_ends_a_launch),
        SESSION_TEST(control_c_keeps_what_is_there),
        SESSION_TEST(control_c_during_a_launch),
        SESSION_TEST(gaps_are_flagged),
        SESSION_TEST(a_clock_that_goes_back),
        SESSION_TEST(progress_is_told),
        SESSION_TEST(cleanup_is_limited_too),
        SESSION_TEST(a_second_control_c_gives_cleanup_up),
        SESSION_TEST(the_machine_is_described),
        SESSION_TEST(a_busy_machine_is_said),
    };

    return cmocka_run_group_tests_name("measure/limits", tests, NULL, NULL);
}
