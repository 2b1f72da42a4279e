/* Which gate speaks of which row, limits of every kind, targets, and what ends a check. */
#include "build.h"

#include "base/alloc.h"

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

struct check {
    struct pfl_gate gates[6];
    size_t gate_count;
    struct pfl_target targets[3];
    size_t target_count;
    struct pfl_policy policy;
    struct pfl_comparison out;
};

static struct check *new_check(void)
{
    struct check *check = pfl_arena_alloc(&arena, sizeof *check);

    pfl_policy_defaults(&check->policy);
    check->policy.gates = check->gates;
    check->policy.targets = check->targets;
    check->policy.targets_hold_here = true;
    return check;
}

static struct pfl_gate *add_gate(struct check *check, const char *match, const char *metric)
{
    check->gates[check->gate_count] = build_gate(match, metric);
    check->policy.gate_count = check->gate_count + 1;
    return &check->gates[check->gate_count++];
}

static struct pfl_target *add_target(struct check *check, const char *benchmark, const char *metric)
{
    struct pfl_target *target = &check->targets[check->target_count++];

    *target = (struct pfl_target){benchmark, metric, NAN, NAN, 0, NULL, "perfledger.yaml", 9};
    check->policy.target_count = check->target_count;
    return target;
}

static void run_check(struct check *check, const struct pfl_run *base, const struct pfl_run *head)
{
    build_compare(&arena, base, head, &check->policy, true, &check->out);
}

static struct pfl_run *with(struct pfl_run *run, const char *name, const char *metric,
                            double median)
{
    size_t i;

    for (i = 0; i < run->benchmark_count; i++)
        if (strcmp(run->benchmarks[i].name, name) == 0)
            break;
    build_spread(
        &arena, i < run->benchmark_count ? &run->benchmarks[i] : build_benchmark(&arena, run, name),
        metric, median, 0.001);
    return run;
}

static struct pfl_run *done(struct pfl_run *run)
{
    build_done(run);
    return run;
}

static void test_matching(void **state)
{
    static const struct {
        const char *match, *benchmark;
        bool matches;
    } cases[] = {
        {"*", "a[n=1]", true},
        {"pipeline", "pipeline", true},
        {"pipeline", "pipeline[size=3]", true},
        {"pipeline", "pipeline/x", true},
        {"pipeline", "pipeline2", false},
        {"pipeline*", "pipeline2", true},
        {"k/fast*", "k/fast_a[n=3]", true},
        {"k/f?st[n=3]", "k/fast[n=3]", true},
        {"k/fast", "k/slow", false},
        {"k/fast", "k/fast[n=3]", true},
        {"", "a", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct check *check = new_check();
        struct pfl_run *run = done(with(build_run(&arena), cases[i].benchmark, "artifact_size", 5));
        const struct pfl_row *row;

        add_gate(check, cases[i].match, "artifact_size")->max_regression = 0.5;
        run_check(check, run, run);
        row = build_row(&check->out, cases[i].benchmark, "artifact_size", "");
        if ((row->gate == PFL_GATE_HARD) != cases[i].matches)
            fail_msg("\"%s\" on \"%s\": %d", cases[i].match, cases[i].benchmark, row->gate);
        assert_int_equal(row->deciding, cases[i].matches);
        assert_int_equal(build_noted(&check->out, "matches nothing"), !cases[i].matches);
    }
}

static void test_last_gate_wins_by_kind(void **state)
{
    struct check *check = new_check();
    struct pfl_run *run = done(with(build_run(&arena), "a", "time", 5));
    const struct pfl_row *row;

    (void)state;
    add_gate(check, "*", "time")->max_regression = 0.10;
    add_gate(check, "a", "t*")->max_regression = 0.30;
    add_gate(check, "*", "time")->max = 4;
    add_gate(check, "b", "time")->max_regression = 0.50;
    run_check(check, run, run);
    row = build_row(&check->out, "a", "time", "");
    assert_true(row->threshold == 0.30 && row->gate_line == 7);
    row = build_row(&check->out, "a", "time", "max");
    assert_true(row->threshold == 4);
    assert_int_equal(row->verdict, PFL_VERDICT_FAILED);
    assert_true(fabs(row->margin + 0.25) < 1e-9);
    assert_int_equal(check->out.exit_code, PFL_EGATE);
    assert_false(check->out.ok);
}

static void test_report_only_never_fails(void **state)
{
    struct check *check = new_check();
    struct pfl_run *base = done(with(build_run(&arena), "a", "artifact_size", 5));
    struct pfl_run *head = done(with(build_run(&arena), "a", "artifact_size", 50));
    const struct pfl_row *row;

    (void)state;
    add_gate(check, "*", "artifact_size")->max_regression = 0.10;
    add_gate(check, "*", "artifact_size")->max = 10;
    add_gate(check, "*", "*")->report_only = true; /* softens what stands before it */
    run_check(check, base, head);
    row = build_row(&check->out, "a", "artifact_size", "");
    assert_true(row->gate == PFL_GATE_REPORT_ONLY && !row->deciding && row->threshold == 0.10);
    assert_int_equal(row->verdict, PFL_VERDICT_REGRESSED);
    row = build_row(&check->out, "a", "artifact_size", "max");
    assert_true(row->gate == PFL_GATE_REPORT_ONLY && row->verdict == PFL_VERDICT_FAILED);
    assert_int_equal(check->out.exit_code, PFL_OK);
    assert_true(check->out.ok);
    /* A hard one behind it makes it count again. */
    add_gate(check, "a", "artifact_size")->max_regression = 0.20;
    run_check(check, base, head);
    assert_int_equal(check->out.exit_code, PFL_EGATE);
}

static void test_text_metrics(void **state)
{
    struct check *check = new_check();
    struct pfl_run *base = build_run(&arena), *head = build_run(&arena);
    struct pfl_result *result;

    (void)state;
    result = build_result(&arena, build_benchmark(&arena, base, "a"), "artifact_hash", NULL, 0);
    result->text = "abc";
    result = build_result(&arena, build_benchmark(&arena, head, "a"), "artifact_hash", NULL, 0);
    result->text = "abd";
    build_done(base);
    build_done(head);
    add_gate(check, "*", "artifact_hash")->report_only = true;
    run_check(check, base, head);
    assert_int_equal(check->out.rows[0].verdict, PFL_VERDICT_REGRESSED);
    assert_true(check->out.ok && check->out.rows[0].gate == PFL_GATE_REPORT_ONLY);
    assert_true(strcmp(check->out.rows[0].base.text, "abc") == 0 &&
                isnan(check->out.rows[0].ratio));
    check->gates[0].report_only = false;
    run_check(check, base, head);
    assert_int_equal(check->out.exit_code, PFL_EGATE);
    run_check(check, base, base);
    assert_int_equal(check->out.rows[0].verdict, PFL_VERDICT_UNCHANGED);
}

static void test_absolute_limits(void **state)
{
    static const struct {
        double max, min, value, margin;
        bool holds;
    } cases[] = {
        {5e-8, NAN, 4e-8, 0.2, true},
        {5e-8, NAN, 5e-8, 0, true},
        {5e-8, NAN, 6e-8, -0.2, false},
        {NAN, 0.95, 0.96, 0.01 / 0.95, true},
        {NAN, 0.95, 0.95, 0, true},
        {NAN, 0.95, 0.90, -0.05 / 0.95, false},
        {0, NAN, 0, 0, true},
        {0, NAN, 1, -1, false},
        {5, NAN, INFINITY, -INFINITY, false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct check *check = new_check();
        struct pfl_gate *gate = add_gate(check, "*", "parity_error");
        struct pfl_run *run = build_run(&arena);
        const struct pfl_row *row;

        build_spread(&arena, build_benchmark(&arena, run, "a"), "parity_error", cases[i].value, 0);
        build_done(run);
        gate->max = cases[i].max;
        gate->min = cases[i].min;
        run_check(check, NULL, run); /* needs no base */
        row = build_row(&check->out, "a", "parity_error", isnan(cases[i].max) ? "min" : "max");
        assert_non_null(row);
        assert_int_equal(row->verdict, cases[i].holds ? PFL_VERDICT_UNCHANGED : PFL_VERDICT_FAILED);
        if (isfinite(cases[i].margin))
            assert_true(fabs(row->margin - cases[i].margin) < 1e-9);
        assert_int_equal(check->out.exit_code, cases[i].holds ? PFL_OK : PFL_EGATE);
    }
}

static void test_limit_without_a_value(void **state)
{
    const double nothing[] = {NAN, NAN, NAN, NAN, NAN};
    struct check *check = new_check();
    struct pfl_run *run = build_run(&arena);

    (void)state;
    build_result(&arena, build_benchmark(&arena, run, "a"), "parity_error", nothing, 5);
    build_done(run);
    add_gate(check, "*", "parity_error")->max = 1;
    run_check(check, NULL, run);
    assert_int_equal(check->out.rows[0].verdict, PFL_VERDICT_FAILED);
    assert_non_null(strstr(check->out.rows[0].reason, "no value"));
}

static void test_interval_over_the_limit_is_said(void **state)
{
    struct check *check = new_check();
    struct pfl_run *run = build_run(&arena);

    (void)state;
    build_spread(&arena, build_benchmark(&arena, run, "a"), "time", 1.0, 0.2);
    build_done(run);
    add_gate(check, "*", "time")->max = 1.05;
    run_check(check, NULL, run);
    assert_int_equal(check->out.rows[0].verdict, PFL_VERDICT_UNCHANGED);
    assert_non_null(strstr(check->out.rows[0].reason, "reaches over"));
    check->gates[0].max = 2;
    run_check(check, NULL, run);
    assert_null(strstr(check->out.rows[0].reason, "reaches over"));
}

static void test_relative_to(void **state)
{
    static const struct {
        const char *match, *partner, *row_of, *variant;
    } cases[] = {
        {"k/fast*", "k/plain*", "k/fast_sum[n=3]", "relative to k/plain_sum[n=3]"},
        {"k/fast_sum", "k/plain_sum", "k/fast_sum[n=3]",
         "relative to k/plain_sum[n=3]"}, /* parameters go along */
        {"k/fast*", "k/plain_sum[n=3]", "k/fast_sum[n=3]", "relative to k/plain_sum[n=3]"},
        {"k/fast*", "k/base", "k/fast_sum[n=3]",
         "relative to k/base"}, /* no base[n=3]: the plain one */
        {"*/fast_*", "*/base", "k/fast_sum[n=3]", "relative to k/base"},
    };
    struct pfl_run *run = build_run(&arena);
    size_t i;

    (void)state;
    with(run, "k/fast_sum[n=3]", "time", 1.0);
    with(run, "k/plain_sum[n=3]", "time", 2.5);
    with(run, "k/base", "time", 2.5);
    done(run);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct check *check = new_check();
        struct pfl_gate *gate = add_gate(check, cases[i].match, "time");
        const struct pfl_row *row;

        gate->relative_to = cases[i].partner;
        gate->max_ratio = 0.5;
        run_check(check, NULL, run);
        row = build_row(&check->out, cases[i].row_of, "time", cases[i].variant);
        if (!row)
            fail_msg("case %zu: %zu rows, first \"%s\"", i, check->out.row_count,
                     check->out.row_count ? check->out.rows[0].variant : "");
        assert_true(fabs(row->ratio - 0.4) < 1e-9 && row->ratio_low <= row->ratio &&
                    row->ratio <= row->ratio_high);
        assert_int_equal(row->verdict, PFL_VERDICT_UNCHANGED);
        assert_true(fabs(row->margin - 0.2) < 1e-9 && row->base.median == 2.5);
        gate->max_ratio = 0.39;
        run_check(check, NULL, run);
        assert_int_equal(check->out.exit_code, PFL_EGATE);
        gate->max_ratio = NAN;
        gate->min_ratio = 0.41;
        run_check(check, NULL, run);
        assert_int_equal(check->out.exit_code, PFL_EGATE);
    }
}

static void test_relative_to_nobody(void **state)
{
    struct check *check = new_check();
    struct pfl_run *run =
        done(with(with(build_run(&arena), "k/fast", "time", 1), "k/plain", "cpu", 1));
    struct pfl_gate *gate = add_gate(check, "k/*", "time");

    (void)state;
    gate->relative_to = "k/nobody";
    gate->max_ratio = 1;
    run_check(check, NULL, run);
    assert_int_equal(check->out.row_count, 1);
    assert_int_equal(check->out.rows[0].verdict, PFL_VERDICT_FAILED);
    assert_non_null(strstr(check->out.rows[0].reason, "k/nobody"));
    gate->relative_to = "k/plain"; /* is there, but has no time; and k/plain itself needs no row */
    run_check(check, NULL, run);
    assert_int_equal(check->out.row_count, 1);
    assert_non_null(strstr(check->out.rows[0].reason, "no time"));
    gate->relative_to = "k/fast";
    run_check(check, NULL, run);
    assert_int_equal(check->out.row_count, 0);
    assert_int_equal(check->out.exit_code, PFL_ENOTHING);
}

static void test_targets(void **state)
{
    struct check *check = new_check();
    struct pfl_run *run = done(with(build_run(&arena), "k/forward[batch=32]", "time", 0.0525));
    struct pfl_target *target = add_target(check, "k/forward[batch=32]", "time");
    const struct pfl_row *row;

    (void)state;
    target->max = 0.050;
    target->tolerance = 0.10;
    run_check(check, NULL, run);
    row = &check->out.rows[0];
    assert_string_equal(row->variant, "target");
    assert_true(row->verdict == PFL_VERDICT_UNCHANGED && row->gate == PFL_GATE_HARD &&
                row->threshold == 0.050);
    target->tolerance = 0.05; /* the limit is the estimate itself: nobody can tell */
    run_check(check, NULL, run);
    assert_true(check->out.rows[0].verdict == PFL_VERDICT_INCONCLUSIVE);
    assert_int_equal(check->out.exit_code, PFL_OK);
    target->tolerance = 0;
    run_check(check, NULL, run);
    assert_int_equal(check->out.exit_code, PFL_EGATE);
    check->policy.targets_hold_here = false;
    run_check(check, NULL, run);
    assert_int_equal(check->out.exit_code, PFL_OK);
    assert_true(check->out.rows[0].gate == PFL_GATE_REPORT_ONLY &&
                check->out.rows[0].verdict == PFL_VERDICT_FAILED);
    target->min = 0.060;
    check->policy.targets_hold_here = true;
    run_check(check, NULL, run);
    assert_int_equal(check->out.row_count, 2);
    assert_non_null(build_row(&check->out, "k/forward[batch=32]", "time", "target min"));
}

static void test_metric_that_vanished(void **state)
{
    struct check *check = new_check();
    struct pfl_run *base =
        done(with(with(build_run(&arena), "a", "time", 1), "a", "parity_error", 1));
    struct pfl_run *head = done(with(build_run(&arena), "a", "time", 1));

    (void)state;
    add_gate(check, "*", "parity_error")->max = 5;
    run_check(check, base, head);
    assert_int_equal(build_row(&check->out, "a", "parity_error", "")->verdict, PFL_VERDICT_MISSING);
    assert_int_equal(check->out.exit_code, PFL_EGATE);
}

static void test_policy_tolerance_and_only_metric(void **state)
{
    struct check *check = new_check();
    struct pfl_run *base =
        done(with(with(build_run(&arena), "a", "artifact_size", 100), "a", "time", 1));
    struct pfl_run *head =
        done(with(with(build_run(&arena), "a", "artifact_size", 103), "a", "time", 1));

    (void)state;
    add_gate(check, "*", "*")->max_regression = 0.10;
    check->policy.only_metric = "artifact_*";
    run_check(check, base, head);
    assert_int_equal(check->out.row_count, 1);
    assert_true(check->out.ok);
    check->policy.tolerance = 0.02;
    run_check(check, base, head);
    assert_true(check->out.rows[0].threshold == 0.02 && check->out.exit_code == PFL_EGATE);
}

/* Each allocation fails once: the answer is PFL_ENOMEM or the right one, never a wrong verdict. */
static void test_no_memory_is_no_verdict(void **state)
{
    struct pfl_run *run = done(
        with(with(build_run(&arena), "k/fast[n=3]", "time", 1.0), "k/plain[n=3]", "time", 2.5));
    struct check *check = new_check();
    struct pfl_judge_params params = {.head = run, .policy = &check->policy, .gated = true};
    struct pfl_gate *gate = add_gate(check, "k/fast*", "time");
    unsigned long nth = 0;
    int rc;

    (void)state;
    gate->relative_to = "k/plain*";
    gate->max_ratio = 0.5;
    gate->max = 2;
    add_target(check, "k/fast[n=3]", "time")->max = 2;
    check->targets[0].tolerance = 0.1;
    do {
        struct pfl_comparison out;
        struct pfl_arena scratch;
        struct pfl_err err;

        pfl_arena_init(&scratch);
        pfl_fault.alloc_seen = 0;
        pfl_fault.alloc_at = ++nth;
        rc = pfl_judge_compare(&params, &scratch, &out, &err);
        pfl_fault.alloc_at = 0;
        if (rc == PFL_OK)
            assert_true(out.ok && out.row_count == 3);
        else
            assert_int_equal(rc, PFL_ENOMEM);
        pfl_arena_release(&scratch);
    } while (rc != PFL_OK);
    assert_true(nth > 8);
}

int test_judge_gates(void);
int test_judge_gates(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_matching, setup, teardown),
        cmocka_unit_test_setup_teardown(test_last_gate_wins_by_kind, setup, teardown),
        cmocka_unit_test_setup_teardown(test_report_only_never_fails, setup, teardown),
        cmocka_unit_test_setup_teardown(test_text_metrics, setup, teardown),
        cmocka_unit_test_setup_teardown(test_absolute_limits, setup, teardown),
        cmocka_unit_test_setup_teardown(test_limit_without_a_value, setup, teardown),
        cmocka_unit_test_setup_teardown(test_interval_over_the_limit_is_said, setup, teardown),
        cmocka_unit_test_setup_teardown(test_relative_to, setup, teardown),
        cmocka_unit_test_setup_teardown(test_relative_to_nobody, setup, teardown),
        cmocka_unit_test_setup_teardown(test_targets, setup, teardown),
        cmocka_unit_test_setup_teardown(test_metric_that_vanished, setup, teardown),
        cmocka_unit_test_setup_teardown(test_policy_tolerance_and_only_metric, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_memory_is_no_verdict, setup, teardown),
    };

    return cmocka_run_group_tests_name("judge gates", tests, NULL, NULL);
}
