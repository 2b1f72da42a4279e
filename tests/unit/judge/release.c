/* The release gate: what it holds where no gate speaks, what a race and another machine make of it,
 * and the table of goals. */
#include "build.h"

#include "judge/release.h"
#include "judge/targets.h"

static struct pfl_arena arena;

static int setup(void **state)
{
    (void)state;
    pfl_arena_init(&arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pfl_arena_release(&arena);
    return 0;
}

/* A run with a time, a memory and a metric of the program's own. */
static struct pfl_run *run_of(double time, double memory, double cost)
{
    struct pfl_run *run = build_run(&arena);
    struct pfl_benchmark *bench = build_benchmark(&arena, run, "parse");

    build_spread(&arena, bench, "time", time, 0.001);
    build_spread(&arena, bench, "peak_rss", memory, 0.0001);
    build_spread(&arena, bench, "cost", cost, 0.0001);
    build_done(run);
    return run;
}

static const struct pfl_row *row_of(const struct pfl_comparison *out, const char *metric)
{
    size_t i;

    for (i = 0; i < out->row_count; i++)
        if (strcmp(out->rows[i].metric, metric) == 0)
            return &out->rows[i];
    fail_msg("no row of %s", metric);
    return NULL;
}

static void check(const struct pfl_run *base, const struct pfl_run *head,
                  const struct pfl_gate *gates, size_t n, struct pfl_comparison *out)
{
    struct pfl_policy *policy = pfl_arena_alloc(&arena, sizeof *policy);

    pfl_policy_defaults(policy);
    policy->gates = gates;
    policy->gate_count = n;
    policy->release = true;
    policy->release_max_regression = 0.20;
    build_compare(&arena, base, head, policy, true, out);
}

static void what_no_gate_speaks_of_is_held(void **state)
{
    struct pfl_run *base = run_of(1, 1000, 10);
    struct pfl_gate gates[2] = {build_gate("*", "cost"), build_gate("*", "time")};
    struct pfl_comparison out;

    (void)state;
    check(base, run_of(1.5, 1000, 20), NULL, 0, &out);
    assert_int_equal(out.exit_code, PFL_EGATE);
    assert_int_equal(row_of(&out, "time")->gate, PFL_GATE_HARD);
    assert_true(row_of(&out, "time")->threshold == 0.20);
    assert_int_equal(row_of(&out, "cost")->gate, PFL_GATE_NONE);
    check(base, run_of(1, 1300, 20), NULL, 0, &out);
    assert_int_equal(out.exit_code, PFL_EGATE);
    assert_int_equal(row_of(&out, "peak_rss")->verdict, PFL_VERDICT_REGRESSED);
    check(base, run_of(1.02, 1100, 20), NULL, 0, &out); /* 10 % more memory is within 20 % */
    assert_int_equal(out.exit_code, PFL_OK);
    gates[0].max_regression = 0.01; /* a gate of something else does not switch it off */
    check(base, run_of(1.5, 1000, 10), gates, 1, &out);
    assert_int_equal(out.exit_code, PFL_EGATE);
    gates[1].max_regression = 5; /* one that speaks of it does */
    check(base, run_of(1.5, 1000, 10), gates, 2, &out);
    assert_int_equal(out.exit_code, PFL_OK);
    gates[1].report_only = true;
    gates[1].max_regression = 0.01;
    check(base, run_of(1.5, 1000, 10), gates, 2, &out);
    assert_int_equal(out.exit_code, PFL_OK);
}

static void an_implied_gate_only_tightens(void **state)
{
    static const struct {
        double own; /* of the gate before it; NaN: none */
        bool report_only;
        double threshold;
    } cases[] = {
        {NAN, false, 0.02},  {0.10, false, 0.02}, {0.01, false, 0.01},
        {0.02, false, 0.02}, {0.01, true, 0.02},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_gate gates[2] = {build_gate("*", "cost"), build_gate("parse", "cost")};
        size_t first = cases[i].own > 0 ? 0U : 1U;
        struct pfl_comparison out;

        gates[0].max_regression = cases[i].own;
        gates[0].report_only = cases[i].report_only;
        gates[1].max_regression = 0.02;
        gates[1].implied = true;
        check(run_of(1, 1, 10), run_of(1, 1, 10), gates + first, 2 - first, &out);
        assert_int_equal(row_of(&out, "cost")->gate, PFL_GATE_HARD);
        if (row_of(&out, "cost")->threshold != cases[i].threshold)
            fail_msg("case %zu: %g", i, row_of(&out, "cost")->threshold);
    }
}

static struct pfl_race race_of(const struct pfl_row *rows, size_t n, const char *metric)
{
    struct pfl_bout_result *bout = pfl_arena_alloc(&arena, sizeof *bout);

    bout->benchmark = "parse";
    bout->metric_name = metric;
    bout->pairs[PFL_RACE_SOLO] = 12;
    return (struct pfl_race){
        .bouts = bout,
        .bout_count = 1,
        .comparison = {.rows = (struct pfl_row *)(uintptr_t)rows, .row_count = n}};
}

static struct pfl_row witness(const char *metric, double ratio, double low, double high)
{
    struct pfl_estimate some = {.present = true, .median = 1, .ci_low = 1, .ci_high = 1};

    return (struct pfl_row){.benchmark = "parse",
                            .metric = metric,
                            .unit = "s",
                            .variant = "",
                            .base = some,
                            .head = some,
                            .ratio = ratio,
                            .ratio_low = low,
                            .ratio_high = high,
                            .mde = NAN,
                            .reason = ""};
}

static void a_race_has_the_last_word(void **state)
{
    static const struct {
        const char *what;
        double head, ratio, low, high;
        enum pfl_verdict verdict;
        int exit_code;
    } cases[] = {
        {"medians accuse, pairs acquit", 1.5, 1.001, 0.99, 1.01, PFL_VERDICT_UNCHANGED, PFL_OK},
        {"medians acquit, pairs accuse", 1.0, 1.3, 1.29, 1.31, PFL_VERDICT_REGRESSED, PFL_EGATE},
        {"pairs cannot tell", 1.5, 1.15, 0.9, 1.4, PFL_VERDICT_INCONCLUSIVE, PFL_OK},
        {"no interval", 1.5, 1.5, NAN, NAN, PFL_VERDICT_INCONCLUSIVE, PFL_OK},
        {"slower within the limit", 1.5, 1.15, 1.14, 1.16, PFL_VERDICT_UNCHANGED, PFL_OK},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_row told = witness("time", cases[i].ratio, cases[i].low, cases[i].high);
        struct pfl_race race = race_of(&told, 1, "time");
        struct pfl_comparison out;

        check(run_of(1, 1, 10), run_of(cases[i].head, 1, 10), NULL, 0, &out);
        assert_int_equal(pfl_judge_take_race(&out, &race, false, &arena, NULL), PFL_OK);
        if (row_of(&out, "time")->verdict != cases[i].verdict ||
            out.exit_code != cases[i].exit_code)
            fail_msg("%s: %s", cases[i].what, row_of(&out, "time")->reason);
        assert_non_null(strstr(row_of(&out, "time")->reason, "raced, 12 pairs: "));
    }
}

static void a_race_by_cpu_time_takes_the_gate(void **state)
{
    struct pfl_row told[2] = {witness("cpu", 1.0, 0.99, 1.01), witness("time", 1.5, 1.4, 1.6)};
    struct pfl_race race = race_of(told, 2, "cpu");
    struct pfl_run *runs[2];
    struct pfl_comparison out;
    int i;

    (void)state;
    for (i = 0; i < 2; i++) {
        runs[i] = build_run(&arena);
        build_benchmark(&arena, runs[i], "parse");
        build_spread(&arena, &runs[i]->benchmarks[0], "time", i ? 1.5 : 1, 0.001);
        build_spread(&arena, &runs[i]->benchmarks[0], "cpu", i ? 1.5 : 1, 0.001);
        build_done(runs[i]);
    }
    check(runs[0], runs[1], NULL, 0, &out);
    assert_int_equal(out.exit_code, PFL_EGATE);
    assert_int_equal(pfl_judge_take_race(&out, &race, false, &arena, NULL), PFL_OK);
    assert_int_equal(row_of(&out, "time")->gate, PFL_GATE_NONE);
    assert_int_equal(row_of(&out, "cpu")->gate, PFL_GATE_HARD);
    assert_true(row_of(&out, "cpu")->threshold == 0.20);
    assert_int_equal(out.exit_code, PFL_OK);
}

static void another_machine_holds_nothing_and_passes_nothing(void **state)
{
    struct pfl_gate limit = build_gate("*", "cost");
    struct pfl_comparison out;

    (void)state;
    check(run_of(1, 1, 10), run_of(2, 1, 10), NULL, 0, &out);
    assert_int_equal(out.exit_code, PFL_EGATE);
    assert_int_equal(pfl_judge_hold_nothing(&out, "elsewhere", "nothing held", &arena, NULL),
                     PFL_OK);
    assert_int_equal(out.exit_code, PFL_ENOTHING);
    assert_false(out.ok);
    assert_string_equal(out.why_nothing, "nothing held");
    assert_int_equal(row_of(&out, "time")->gate, PFL_GATE_REPORT_ONLY);
    assert_non_null(strstr(row_of(&out, "time")->reason, "not gated: elsewhere; "));
    limit.max = 5; /* needs no base: it still says no */
    check(run_of(1, 1, 10), run_of(2, 1, 10), &limit, 1, &out);
    assert_int_equal(pfl_judge_hold_nothing(&out, "elsewhere", "nothing held", &arena, NULL),
                     PFL_OK);
    assert_int_equal(out.exit_code, PFL_EGATE);
}

static void goals(void **state)
{
    static const struct {
        double max, min, tolerance;
        enum pfl_target_state state;
        double margin;
    } cases[] = {
        {20, NAN, 0, PFL_TARGET_MET, 0.5},
        {10, NAN, 0, PFL_TARGET_OPEN, 0}, /* its interval reaches over it */
        {9.5, NAN, 0.1, PFL_TARGET_WITHIN, -0.5 / 9.5},
        {8, NAN, 0.1, PFL_TARGET_MISSED, -0.25},
        {NAN, 5, 0, PFL_TARGET_MET, 1},
        {NAN, 10.5, 0.1, PFL_TARGET_WITHIN, -0.5 / 10.5},
        {NAN, 20, 0.1, PFL_TARGET_MISSED, -0.5},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_target target = {
            "*", "cost", cases[i].max, cases[i].min, cases[i].tolerance, NULL, "perfledger.yaml",
            9};
        struct pfl_targets out = {.run = run_of(1, 1, 10)};
        bool missed = cases[i].state == PFL_TARGET_MISSED;

        assert_int_equal(pfl_judge_targets(&target, 1, &arena, &out, NULL), PFL_OK);
        assert_int_equal(out.row_count, 1);
        if (out.rows[0].state != cases[i].state ||
            fabs(out.rows[0].margin - cases[i].margin) > 1e-9)
            fail_msg("case %zu: %s, margin %g", i, pfl_target_state_text(out.rows[0].state),
                     out.rows[0].margin);
        assert_int_equal(out.exit_code, missed ? PFL_EGATE : PFL_OK);
        out.report_only = "elsewhere";
        assert_int_equal(pfl_judge_targets(&target, 1, &arena, &out, NULL), PFL_OK);
        assert_int_equal(out.exit_code, PFL_OK);
    }
}

static void goals_override_one_another_and_may_match_nothing(void **state)
{
    struct pfl_target targets[3] = {
        {"*", "cost", 5, NAN, 0, NULL, "f", 1},
        {"parse", "cost", 50, 1, 0, NULL, "f", 2},
        {"nowhere", "time", 1, NAN, 0, NULL, "f", 3},
    };
    struct pfl_targets out = {.run = run_of(1, 1, 10)};

    (void)state;
    assert_int_equal(pfl_judge_targets(targets, 3, &arena, &out, NULL), PFL_OK);
    assert_int_equal(out.exit_code, PFL_ENOTHING); /* one of three */
    out.allow_unmeasured = true;
    assert_int_equal(pfl_judge_targets(targets, 3, &arena, &out, NULL), PFL_OK);
    assert_int_equal(out.exit_code, PFL_OK);
    assert_int_equal(out.row_count, 3); /* nowhere; parse: max and min of the second */
    assert_string_equal(out.rows[0].benchmark, "nowhere");
    assert_int_equal(out.rows[0].state, PFL_TARGET_NOT_MEASURED);
    assert_true(out.rows[1].upper && !out.rows[2].upper);
    assert_int_equal(out.rows[1].line, 2);
    assert_int_equal(out.counts[PFL_TARGET_MET], 2);
    assert_int_equal(pfl_judge_targets(targets + 2, 1, &arena, &out, NULL), PFL_OK);
    assert_int_equal(out.exit_code, PFL_ENOTHING);
}

int test_judge_release(void);
int test_judge_release(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(what_no_gate_speaks_of_is_held),
        CASE(an_implied_gate_only_tightens),
        CASE(a_race_has_the_last_word),
        CASE(a_race_by_cpu_time_takes_the_gate),
        CASE(another_machine_holds_nothing_and_passes_nothing),
        CASE(goals),
        CASE(goals_override_one_another_and_may_match_nothing),
    };

    return cmocka_run_group_tests_name("judge/release", tests, NULL, NULL);
}
