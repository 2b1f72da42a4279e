/* From two estimates to a verdict: the rules of docs/statistics.md, row by row. */
#include "build.h"

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

/* One benchmark, one metric, one gate: what comes out? session < 0: the metric's default. */
static const struct pfl_row *judge_one(const char *metric, double base, double head, double spread,
                                       double limit, double session)
{
    struct pfl_gate gate = build_gate("*", "*");
    struct pfl_comparison out;
    struct pfl_policy policy;
    const struct pfl_row *row;

    pfl_policy_defaults(&policy);
    gate.max_regression = limit;
    policy.gates = &gate;
    policy.gate_count = 1;
    if (session >= 0) {
        policy.session_sd = build_known_session;
        policy.session_context = &session;
    }
    build_compare(&arena, build_one(&arena, "a", metric, base, spread),
                  build_one(&arena, "a", metric, head, spread), &policy, true, &out);
    row = build_row(&out, "a", metric, "");
    assert_non_null(row);
    return row;
}

static void test_verdicts(void **state)
{
    static const struct {
        const char *metric;
        double base, head, spread, limit, session;
        enum pfl_verdict verdict;
    } cases[] = {
        /* Exact: the ratio itself decides, at the limit too. */
        {"artifact_size", 1000, 1000, 0, 0, -1, PFL_VERDICT_UNCHANGED},
        {"artifact_size", 1000, 1001, 0, 0, -1, PFL_VERDICT_REGRESSED},
        {"artifact_size", 1000, 999, 0, 0, -1, PFL_VERDICT_IMPROVED},
        {"artifact_size", 1000, 1100, 0, 0.10, -1, PFL_VERDICT_REGRESSED},
        {"artifact_size", 1000, 1099, 0, 0.10, -1, PFL_VERDICT_UNCHANGED},
        {"artifact_size", 1000, 900, 0, 0.10, -1, PFL_VERDICT_IMPROVED},
        {"artifact_size", 1000, 901, 0, 0.10, -1, PFL_VERDICT_UNCHANGED},
        {"artifact_size", 3, 3.3, 0, 0.10, -1,
         PFL_VERDICT_REGRESSED}, /* 3.3 / 3 - 1 < 0.1 in doubles */
        /* A quiet machine with a known history. */
        {"time", 1.0, 1.10, 0.002, 0.10, 0.002, PFL_VERDICT_REGRESSED},
        {"time", 1.0, 1.09, 0.002, 0.10, 0.002, PFL_VERDICT_UNCHANGED},
        {"time", 1.0, 1.097, 0.002, 0.10, 0.01, PFL_VERDICT_INCONCLUSIVE},
        {"time", 1.0, 0.85, 0.002, 0.10, 0.002, PFL_VERDICT_IMPROVED},
        {"time", 1.0, 1.001, 0.002, 0.0, 0.002, PFL_VERDICT_INCONCLUSIVE},
        {"time", 1.0, 1.02, 0.002, 0.0, 0.002, PFL_VERDICT_REGRESSED},
        /* Nothing known of the sessions: 5 % of wall, 3 % of CPU time, 1 % of memory are assumed.
         */
        {"time", 1.0, 1.15, 0.002, 0.10, -1, PFL_VERDICT_INCONCLUSIVE},
        {"time", 1.0, 1.30, 0.002, 0.10, -1, PFL_VERDICT_REGRESSED},
        {"cpu", 1.0, 1.15, 0.002, 0.10, -1, PFL_VERDICT_REGRESSED},
        {"time", 1.0, 1.00, 0.002, 0.10, -1, PFL_VERDICT_INCONCLUSIVE},
        {"peak_rss", 1e6, 1.00e6, 0, 0.05, -1, PFL_VERDICT_UNCHANGED},
        {"peak_rss", 1e6, 1.06e6, 0, 0.05, -1, PFL_VERDICT_REGRESSED},
        /* Higher is better: the limit is a loss. */
        {"throughput", 100, 90, 0.002, 0.10, 0.002, PFL_VERDICT_REGRESSED},
        {"throughput", 100, 91, 0.002, 0.10, 0.002, PFL_VERDICT_UNCHANGED},
        {"throughput", 100, 111, 0.002, 0.10, 0.002, PFL_VERDICT_IMPROVED},
        {"pass_rate", 1.0, 0.99, 0, 0, -1, PFL_VERDICT_REGRESSED},
        {"pass_rate", 0.9, 1.0, 0, 0, -1, PFL_VERDICT_IMPROVED},
        /* No ratio. */
        {"parity_error", 0, 0, 0, 0, -1, PFL_VERDICT_UNCHANGED},
        {"parity_error", 0, 1e-9, 0, 0, -1, PFL_VERDICT_REGRESSED},
        {"parity_error", 1e-9, 0, 0, 0, -1, PFL_VERDICT_IMPROVED},
        {"sys", 0, 0.001, 0, 0.10, -1, PFL_VERDICT_INCONCLUSIVE},
        {"parity_error", 1, INFINITY, 0, 0, -1, PFL_VERDICT_REGRESSED},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        const struct pfl_row *row = judge_one(cases[i].metric, cases[i].base, cases[i].head,
                                              cases[i].spread, cases[i].limit, cases[i].session);

        if (row->verdict != cases[i].verdict)
            fail_msg("case %zu (%s %g -> %g): %s, not %s (%s)", i, cases[i].metric, cases[i].base,
                     cases[i].head, pfl_verdict_text(row->verdict),
                     pfl_verdict_text(cases[i].verdict), row->reason);
        assert_true(row->deciding && row->gate == PFL_GATE_HARD &&
                    row->threshold == cases[i].limit);
        assert_true(row->reason[0] != 0);
        /* Not by grace of the false discovery control, which knows no tolerance. */
        assert_true(row->verdict != PFL_VERDICT_INCONCLUSIVE ||
                    strncmp(row->reason, "cannot tell", 11) == 0);
    }
}

/* The numbers of one row, computed by hand: 11 values evenly spread by 2 %, order statistics and
 * quantiles from tables. */
static void test_interval_by_hand(void **state)
{
    const struct pfl_row *row = judge_one("time", 2.0, 2.5, 0.02, 0.10, -1);
    /* The stated interval is √2 times that of the median's own and 1.96 deviations, which here are
     * three quarters of the launches' own, √(10/11) of them: their quartiles are 2 % apart. */
    double stated = log(row->base.ci_high / row->base.ci_low) / 2;
    double own = sqrt(stated * stated / 2 -
                      pow(1.959963984540054 * 0.75 * 0.02 / 1.3489795003921634, 2) * 10 / 11);
    double se_side = own / 2.2281388519649385; /* t(0.975, 10) */
    double variance = 2 * se_side * se_side + 2 * 0.05 * 0.05, side = se_side * se_side;
    double df = variance * variance / (2 * side * side / 7), z; /* 0.7 (n - 1) = 7 */

    (void)state;
    assert_true(df > 513);
    z = 2.5758293035489004;
    assert_true(fabs(row->ratio - 1.25) < 1e-12);
    assert_true(fabs(log(row->ratio_high / row->ratio) - z * sqrt(variance)) < 1e-12);
    assert_true(fabs(log(row->ratio / row->ratio_low) - z * sqrt(variance)) < 1e-12);
    assert_true(fabs(row->mde - expm1((z + 0.8416212335729143) * sqrt(variance))) < 1e-12);
    assert_true(fabs(row->margin - (0.10 - 0.25)) < 1e-12);
    assert_int_equal(row->base.launches, 11);
    assert_true(row->base.samples != NULL && row->base.sample_count == 11);
}

static void test_base_and_head_exchanged(void **state)
{
    const struct pfl_row *there = judge_one("time", 1.0, 1.4, 0.03, 0.10, 0.01);
    const struct pfl_row *back = judge_one("time", 1.4, 1.0, 0.03, 0.10, 0.01);

    (void)state;
    assert_true(fabs(there->ratio * back->ratio - 1) < 1e-12);
    assert_true(fabs(there->ratio_low * back->ratio_high - 1) < 1e-12);
    assert_int_equal(there->verdict, PFL_VERDICT_REGRESSED);
    assert_int_equal(back->verdict, PFL_VERDICT_IMPROVED);
}

static void test_more_launches(void **state)
{
    /* Launches scatter, sessions do not: more launches help, and as many as said are enough. */
    const struct pfl_row *row = judge_one("time", 1.0, 1.0, 0.5, 0.10, 0.001);
    double needed;

    (void)state;
    assert_int_equal(row->verdict, PFL_VERDICT_INCONCLUSIVE);
    assert_true(row->more_launches > 11);
    assert_non_null(strstr(row->reason, "more launches would decide"));
    assert_non_null(strstr(row->reason, row->advice));
    needed = log(row->ratio_high) * sqrt(11.0 / (11.0 + (double)row->more_launches));
    assert_true(needed <= -log1p(-0.10) && needed > 0.9 * -log1p(-0.10));
    /* Sessions differ by more than the tolerance: nothing helps but another method, and the
     * sentence says so. */
    row = judge_one("time", 1.0, 1.0, 0.01, 0.10, -1);
    assert_int_equal(row->more_launches, 0);
    assert_non_null(strstr(row->reason, "history"));
    assert_string_equal(row->advice,
                        "more launches cannot help; a race or a history of 6 sessions would");
    assert_null(judge_one("time", 1.0, 2.0, 0.01, 0.10, -1)->advice); /* it is decided */
    assert_non_null(strstr(row->reason, "assumed"));
    assert_non_null(strstr(row->reason, "5 %"));
}

static void test_gate_tighter_than_the_data(void **state)
{
    const struct pfl_row *row = judge_one("time", 1.0, 1.0, 0.01, 0.10, -1);

    (void)state;
    assert_true(row->mde > 0.2 && row->mde < 0.4);
    assert_non_null(strstr(row->reason, "tighter"));
    row = judge_one("time", 1.0, 1.0, 0.001, 0.10, 0.002);
    assert_true(row->mde < 0.02);
    assert_null(strstr(row->reason, "tighter"));
    assert_non_null(strstr(row->reason, "40 sessions"));
}

static void test_single_launches(void **state)
{
    const double one = 1.0, two = 1.5;
    struct pfl_run *base = build_run(&arena), *head = build_run(&arena);
    struct pfl_comparison out;
    struct pfl_policy policy;
    const struct pfl_row *row;
    double session = 0.01;

    (void)state;
    build_result(&arena, build_benchmark(&arena, base, "a"), "time", &one, 1);
    build_result(&arena, build_benchmark(&arena, head, "a"), "time", &two, 1);
    build_done(base);
    build_done(head);
    pfl_policy_defaults(&policy);
    policy.session_sd = build_known_session;
    policy.session_context = &session;
    build_compare(&arena, base, head, &policy, false, &out);
    row = build_row(&out, "a", "time", "");
    assert_true(row->ratio_low < 1.47 &&
                row->ratio_high > 1.53); /* not collapsed: one launch is not a constant */
    assert_non_null(strstr(row->reason, "one launch"));
}

static void test_iterations_are_no_launches(void **state)
{
    double values[300];
    uint32_t launch_of[300];
    struct pfl_run *run = build_run(&arena);
    struct pfl_benchmark *bench = build_benchmark(&arena, run, "k/fib");
    struct pfl_result *result;
    size_t i;

    (void)state;
    for (i = 0; i < 300;
         i++) { /* three processes, a hundred iterations each, agreeing within but not between */
        launch_of[i] = (uint32_t)(i % 3);
        values[i] = 1.0 + 0.1 * (double)(i % 3) + 1e-6 * (double)(i / 3);
    }
    values[0] = values[4] = NAN; /* lost iterations */
    launch_of[299] = 7;          /* of no launch that is known */
    bench->launches = pfl_arena_array(&arena, 3, sizeof *bench->launches);
    bench->launch_count = 3;
    result = build_result(&arena, bench, "time", values, 300);
    result->launch_of = launch_of;
    build_done(run);
    assert_int_equal(result->summary.n, 3);
    assert_true(fabs(result->summary.median - 1.10005) < 1e-9); /* of 0 … 99 without 1 */
    assert_true(result->summary.ci_low < 1.001 && result->summary.ci_high > 1.199);
}

static double known_from_six(void *context, const char *benchmark, const char *metric,
                             const char *variant, size_t *sessions)
{
    (void)benchmark, (void)metric, (void)variant;
    *sessions = 6;
    return *(double *)context;
}

/* The same figure from six sessions is worth less than from forty. */
static void test_short_histories_widen(void **state)
{
    const struct pfl_row *forty = judge_one("time", 1.0, 1.15, 0.001, 0.10, 0.01);
    struct pfl_comparison out;
    struct pfl_policy policy;
    double session = 0.01;

    (void)state;
    pfl_policy_defaults(&policy);
    policy.session_sd = known_from_six;
    policy.session_context = &session;
    build_compare(&arena, build_one(&arena, "a", "time", 1.0, 0.001),
                  build_one(&arena, "a", "time", 1.15, 0.001), &policy, false, &out);
    assert_true(log(out.rows[0].ratio_high / 1.15) >
                1.8 * log(forty->ratio_high / 1.15)); /* t(3): 5.84, t(23): 2.81 */
    assert_non_null(strstr(out.rows[0].reason, "from 6 sessions"));
}

static void test_summary_only_is_kept_and_used(void **state)
{
    struct pfl_run *base = build_one(&arena, "a", "time", 1, 0.01),
                   *head = build_one(&arena, "a", "time", 1, 0.01);
    struct pfl_result *result = &head->benchmarks[0].results[0];
    struct pfl_comparison out;
    struct pfl_policy policy;
    const struct pfl_row *row;

    (void)state;
    result->summary_only = true;
    result->values = NULL;
    result->n = 0;
    result->summary = (struct pfl_summary){20,  2.0, NAN, NAN, 2.0,
                                           0.2, NAN, NAN, NAN, NAN}; /* a mean and a deviation */
    assert_int_equal(pfl_judge_summarise(head, NULL), PFL_OK);
    assert_true(result->summary.median == 2.0);
    pfl_policy_defaults(&policy);
    build_compare(&arena, base, head, &policy, false, &out);
    row = build_row(&out, "a", "time", "");
    assert_int_equal(row->verdict, PFL_VERDICT_REGRESSED);
    assert_true(row->ratio == 2.0 && row->head.samples == NULL);
}

/* A file's own interval of one value, and one that reaches below 0, widen the effect. */
static void test_stated_intervals_without_samples(void **state)
{
    static const struct {
        double low, high;
        enum pfl_verdict verdict;
    } cases[] = {
        {1.49, 1.51, PFL_VERDICT_REGRESSED},
        {0.6, 2.4, PFL_VERDICT_INCONCLUSIVE},
        {-0.5, 3.5, PFL_VERDICT_INCONCLUSIVE},
        {0, 3, PFL_VERDICT_INCONCLUSIVE},
    };
    struct pfl_comparison out;
    struct pfl_policy policy;
    size_t i;

    (void)state;
    pfl_policy_defaults(&policy);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_run *base = build_one(&arena, "a", "time", 1, 0.001),
                       *head = build_one(&arena, "a", "time", 1, 0.001);
        struct pfl_result *result = &head->benchmarks[0].results[0];

        result->summary_only = true;
        result->values = NULL;
        result->n = 0;
        result->summary =
            (struct pfl_summary){1, 1.5, cases[i].low, cases[i].high, NAN, NAN, NAN, NAN, NAN, NAN};
        build_compare(&arena, base, head, &policy, false, &out);
        assert_int_equal(build_row(&out, "a", "time", "")->verdict, cases[i].verdict);
    }
}

int test_judge_verdict(void);
int test_judge_verdict(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_verdicts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_interval_by_hand, setup, teardown),
        cmocka_unit_test_setup_teardown(test_base_and_head_exchanged, setup, teardown),
        cmocka_unit_test_setup_teardown(test_more_launches, setup, teardown),
        cmocka_unit_test_setup_teardown(test_gate_tighter_than_the_data, setup, teardown),
        cmocka_unit_test_setup_teardown(test_single_launches, setup, teardown),
        cmocka_unit_test_setup_teardown(test_iterations_are_no_launches, setup, teardown),
        cmocka_unit_test_setup_teardown(test_short_histories_widen, setup, teardown),
        cmocka_unit_test_setup_teardown(test_summary_only_is_kept_and_used, setup, teardown),
        cmocka_unit_test_setup_teardown(test_stated_intervals_without_samples, setup, teardown),
    };

    return cmocka_run_group_tests_name("judge verdict", tests, NULL, NULL);
}
