/* A busy machine: waiting is not blamed on the program, and a real slow-down is still seen through
 * CPU time. */
#include "build.h"

#include "judge/internal.h"

int test_judge_contention(void);

struct busy_case {
    const char *what;
    const char *stall; /* of the head */
    double base_time, base_cpu, head_time, head_cpu,
        head_least; /* seconds; head_least: its shortest launch */
    enum pfl_verdict verdict;
    bool by_cpu;
};

/* Times with a shortest launch well below the median, as waiting makes them. */
static void add_times(struct pfl_arena *arena, struct pfl_benchmark *bench, double median,
                      double least)
{
    double values[11];
    size_t i;

    for (i = 0; i < PFL_COUNT(values); i++)
        values[i] = i == 0 ? least : median * (1 + 0.01 * ((double)i - 5.5));
    build_result(arena, bench, "time", values, PFL_COUNT(values));
}

/* before: how many metrics of the program's own come before CPU time. */
static struct pfl_run *busy_run_after(struct pfl_arena *arena, const char *stall,
                                      const double *times, size_t before)
{
    static const char *const names[] = {"m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7",
                                        "m8", "m9", "ma", "mb", "mc", "md", "me", "mf",
                                        "mg", "mh", "mi", "mj", "mk", "ml", "mm", "mn"};
    struct pfl_run *run = build_run(arena);
    struct pfl_benchmark *bench = build_benchmark(arena, run, "work");
    struct pfl_pair *pair = pfl_arena_alloc(arena, sizeof *pair);
    size_t i;

    for (i = 0; i < before; i++)
        build_spread(arena, bench, names[i], 1, 0.01);
    *pair = (struct pfl_pair){"psi_cpu_stall", stall};
    run->environment = pair;
    run->environment_count = 1;
    add_times(arena, bench, times[0], times[1]);
    build_spread(arena, bench, "cpu", times[2], 0.01);
    assert_int_equal(pfl_judge_summarise(run, NULL), PFL_OK);
    return run;
}

static struct pfl_run *busy_run(struct pfl_arena *arena, const char *stall, const double *times)
{
    return busy_run_after(arena, stall, times, 0);
}

static const struct busy_case cases[] = {
    {"waiting only", "60 %", 0.025, 0.0248, 0.036, 0.0250, 0.0255, PFL_VERDICT_INCONCLUSIVE, true},
    {"slower too", "60 %", 0.025, 0.0248, 0.060, 0.0496, 0.0500, PFL_VERDICT_REGRESSED, true},
    {"fully loaded", "90 %", 0.025, 0.0248, 0.120, 0.0496, 0.0800, PFL_VERDICT_REGRESSED, true},
    {"may not acquit", "90 %", 0.025, 0.0248, 0.050, 0.0124, 0.0200, PFL_VERDICT_INCONCLUSIVE,
     true},
    {"quiet, slower", "1 %", 0.025, 0.0248, 0.036, 0.0355, 0.0358, PFL_VERDICT_REGRESSED, false},
    {"waits by nature", "60 %", 0.025, 0.0040, 0.036, 0.0040, 0.0340, PFL_VERDICT_INCONCLUSIVE,
     false},
    {"threads", "60 %", 0.025, 0.0480, 0.048, 0.0480, 0.0470, PFL_VERDICT_INCONCLUSIVE, false},
    {"far slower", "60 %", 0.025, 0.0040, 0.100, 0.0040, 0.0990, PFL_VERDICT_REGRESSED, false},
};

static const struct pfl_row *find_row(const struct pfl_comparison *out, const char *metric)
{
    const struct pfl_row *row;

    for (row = out->rows; strcmp(row->metric, metric) != 0; row++)
        assert_true(row + 1 < out->rows + out->row_count);
    return row;
}

/* The same with a gate on time: its force goes where the decision goes. */
static void check_gate(struct pfl_judge_params *params, struct pfl_arena *arena,
                       const struct busy_case *one)
{
    struct pfl_gate gate = {.match = "*",
                            .metric = "time",
                            .max_regression = 0.10,
                            .max = NAN,
                            .min = NAN,
                            .max_ratio = NAN,
                            .min_ratio = NAN,
                            .file = "f",
                            .line = 1};
    struct pfl_policy policy = *params->policy;
    struct pfl_judge_params gated = *params;
    struct pfl_comparison out;

    policy.gates = &gate;
    policy.gate_count = 1;
    gated.policy = &policy;
    gated.gated = true;
    assert_int_equal(pfl_judge_compare(&gated, arena, &out, NULL), PFL_OK);
    assert_true((find_row(&out, one->by_cpu ? "cpu" : "time")->gate == PFL_GATE_HARD));
    assert_true((find_row(&out, one->by_cpu ? "time" : "cpu")->gate == PFL_GATE_NONE));
    assert_int_equal(out.exit_code, one->verdict == PFL_VERDICT_REGRESSED ? PFL_EGATE : PFL_OK);
}

static void waiting_is_not_the_programs_doing(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        const struct busy_case *one = &cases[i];
        double base[] = {one->base_time, one->base_time * 0.99, one->base_cpu};
        double head[] = {one->head_time, one->head_least, one->head_cpu};
        struct pfl_arena arena;
        struct pfl_policy policy;
        struct pfl_comparison out;
        struct pfl_judge_params params = {
            .policy = &policy, .base_label = "base", .head_label = "head"};
        const struct pfl_row *row;

        pfl_arena_init(&arena);
        pfl_policy_defaults(&policy);
        params.base = busy_run(&arena, "1 %", base);
        params.head = busy_run(&arena, one->stall, head);
        assert_int_equal(pfl_judge_compare(&params, &arena, &out, NULL), PFL_OK);
        row = find_row(&out, one->by_cpu ? "cpu" : "time");
        if (row->verdict != one->verdict || !row->deciding)
            fail_msg("%s: %s (%s)", one->what, pfl_verdict_text(row->verdict), row->reason);
        assert_false(find_row(&out, one->by_cpu ? "time" : "cpu")->deciding);
        check_gate(&params, &arena, one);
        pfl_arena_release(&arena);
    }
}

static void assumed_deviations_grow(void **state)
{
    (void)state;
    assert_true(pfl_judge_contended_sd("time", 0.05) == 0.20);
    assert_true(pfl_judge_contended_sd("time:read", 0.05) == 0.20);
    assert_true(pfl_judge_contended_sd("throughput", 0.05) == 0.20);
    assert_true(pfl_judge_contended_sd("cpu", 0.03) == 0.075);
    assert_true(pfl_judge_contended_sd("timeline", 0.05) == 0.05);
    assert_true(pfl_judge_contended_sd("peak_rss", 0.01) == 0.01);
    assert_true(pfl_judge_contended_sd("time", 0.30) == 0.30);
}

/* Whatever the number of metrics met before it: a benchmark's CPU time takes the gate of its time.
 */
static void any_number_of_metrics_may_come_first(void **state)
{
    static const double times[] = {0.025, 0.0248, 0.0248}, worse[] = {0.060, 0.0496, 0.0496};
    size_t before;

    (void)state;
    for (before = 0; before < 24; before++) {
        struct pfl_arena arena;
        struct pfl_policy policy;
        struct pfl_comparison out;
        struct pfl_judge_params params = {
            .policy = &policy, .base_label = "base", .head_label = "head"};

        pfl_arena_init(&arena);
        pfl_policy_defaults(&policy);
        params.base = busy_run_after(&arena, "1 %", times, before);
        params.head = busy_run_after(&arena, "60 %", worse, before);
        assert_int_equal(pfl_judge_compare(&params, &arena, &out, NULL), PFL_OK);
        assert_int_equal(find_row(&out, "cpu")->verdict, PFL_VERDICT_REGRESSED);
        assert_true(find_row(&out, "cpu")->deciding);
        pfl_arena_release(&arena);
    }
}

int test_judge_contention(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_metrics_may_come_first),
        cmocka_unit_test(waiting_is_not_the_programs_doing),
        cmocka_unit_test(assumed_deviations_grow),
    };

    return cmocka_run_group_tests_name("judge contention", tests, NULL, NULL);
}
