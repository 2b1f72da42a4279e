/* Whole comparisons: which benchmarks make which rows, what ends them, what is said beside them. */
#include "build.h"

#include "base/alloc.h"

static struct pfl_arena arena;
static struct pfl_policy policy;
static struct pfl_gate gate;

static int setup(void **state)
{
    (void)state;
    pfl_arena_init(&arena);
    pfl_policy_defaults(&policy);
    gate = build_gate("*", "time");
    gate.max_regression = 0.10;
    policy.gates = &gate;
    policy.gate_count = 1;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pfl_arena_release(&arena);
    return 0;
}

static struct pfl_benchmark *timed(struct pfl_run *run, const char *name, double seconds)
{
    struct pfl_benchmark *bench = build_benchmark(&arena, run, name);

    build_spread(&arena, bench, "time", seconds, 0.01);
    return bench;
}

static const struct pfl_row *only_row(const struct pfl_comparison *out, const char *benchmark)
{
    const struct pfl_row *found = NULL;
    size_t i;

    for (i = 0; i < out->row_count; i++)
        if (strcmp(out->rows[i].benchmark, benchmark) == 0) {
            assert_null(found);
            found = &out->rows[i];
        }
    assert_non_null(found);
    return found;
}

static void test_every_fate_of_a_benchmark(void **state)
{
    struct pfl_run *base = build_run(&arena), *head = build_run(&arena);
    struct pfl_benchmark *bench;
    struct pfl_comparison out;

    (void)state;
    timed(base, "a", 1);
    timed(head, "a", 3);
    timed(base, "gone", 1);
    timed(head, "fresh", 1);
    timed(base, "broken", 1);
    bench = timed(head, "broken", 1);
    bench->status = PFL_STATUS_FAILED;
    bench->reason = "validate: ./check_output.sh exited with 1";
    timed(base, "slow", 1);
    bench = timed(head, "slow", 1);
    bench->status = PFL_STATUS_TIMED_OUT;
    timed(base, "skip", 1);
    bench = timed(head, "skip", 1);
    bench->status = PFL_STATUS_SKIPPED;
    bench->reason = "no GPU";
    bench = timed(base, "was broken", 1);
    bench->status = PFL_STATUS_FAILED;
    timed(head, "was broken", 1);
    bench = timed(base, "never", 1);
    bench->status = PFL_STATUS_SKIPPED;
    build_done(base);
    build_done(head);
    build_compare(&arena, base, head, &policy, true, &out);
    assert_int_equal(only_row(&out, "a")->verdict, PFL_VERDICT_REGRESSED);
    assert_int_equal(only_row(&out, "gone")->verdict, PFL_VERDICT_MISSING);
    assert_true(only_row(&out, "gone")->base.present && !only_row(&out, "gone")->head.present);
    assert_int_equal(only_row(&out, "fresh")->verdict, PFL_VERDICT_NEW);
    assert_int_equal(only_row(&out, "broken")->verdict, PFL_VERDICT_FAILED);
    assert_non_null(strstr(only_row(&out, "broken")->reason, "check_output.sh"));
    assert_int_equal(only_row(&out, "slow")->verdict, PFL_VERDICT_FAILED);
    assert_int_equal(only_row(&out, "skip")->verdict, PFL_VERDICT_SKIPPED);
    assert_string_equal(only_row(&out, "skip")->reason, "no GPU");
    assert_int_equal(only_row(&out, "was broken")->verdict, PFL_VERDICT_NEW);
    assert_int_equal(out.row_count,
                     7); /* "never" was not measured in the base either: nothing to miss */
    assert_int_equal(out.counts[PFL_VERDICT_FAILED], 2);
    assert_true(build_noted(&out, "1 benchmark of the head was skipped"));
    assert_int_equal(out.counts[PFL_VERDICT_MISSING], 1);
    assert_int_equal(out.counts[PFL_VERDICT_NEW], 2);
    assert_int_equal(out.counts[PFL_VERDICT_REGRESSED], 1);
    assert_int_equal(out.exit_code, PFL_EGATE);
}

static void test_fail_on(void **state)
{
    static const struct {
        unsigned fail_on;
        int exit_code;
    } cases[] = {{PFL_FAIL_ON_MISSING, PFL_EGATE},
                 {PFL_FAIL_ON_NEW, PFL_EGATE},
                 {PFL_FAIL_ON_FAILED, PFL_OK},
                 {PFL_FAIL_ON_REGRESSED, PFL_OK},
                 {PFL_FAIL_ON_IMPROVED, PFL_EGATE},
                 {PFL_FAIL_ON_INCONCLUSIVE, PFL_EGATE},
                 {0, PFL_OK}};
    struct pfl_run *base = build_run(&arena), *head = build_run(&arena);
    struct pfl_comparison out;
    size_t i;

    (void)state;
    timed(base, "better", 3);
    timed(head, "better", 1);
    timed(base, "same", 1);
    timed(head, "same", 1);
    timed(base, "gone", 1);
    timed(head, "fresh", 1);
    build_done(base);
    build_done(head);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        policy.fail_on = cases[i].fail_on;
        build_compare(&arena, base, head, &policy, true, &out);
        assert_int_equal(out.exit_code, cases[i].exit_code);
        build_compare(&arena, base, head, &policy, false, &out);
        assert_int_equal(out.exit_code, cases[i].exit_code);
        assert_int_equal(out.ok, cases[i].exit_code == PFL_OK);
    }
}

static void test_strict(void **state)
{
    struct pfl_run *run = build_one(&arena, "a", "time", 1, 0.01);
    struct pfl_comparison out;

    (void)state;
    build_compare(&arena, run, run, &policy, true, &out);
    assert_int_equal(out.rows[0].verdict,
                     PFL_VERDICT_INCONCLUSIVE); /* sessions may differ by 5 % */
    assert_true(out.ok);
    policy.strict = true;
    build_compare(&arena, run, run, &policy, true, &out);
    assert_int_equal(out.exit_code, PFL_EINCONCLUSIVE);
    assert_false(out.ok);
}

static void test_nothing_to_judge(void **state)
{
    struct pfl_run *empty = build_run(&arena), *run = build_one(&arena, "a", "time", 1, 0.01),
                   *other = build_one(&arena, "b", "time", 1, 0.01),
                   *skipped = build_one(&arena, "a", "time", 1, 0.01),
                   *memory = build_one(&arena, "a", "peak_rss", 1e6, 0);
    const struct {
        struct pfl_run *base, *head;
        const char *says;
    } cases[] = {
        {run, empty, "nothing was measured"},
        {NULL, empty, "nothing was measured"},
        {run, skipped, "skipped"},
        {NULL, run, "no baseline"},
        {empty, run, "in the baseline"},
        {memory, memory, "no gate"},
    };
    struct pfl_comparison out;
    size_t i;

    (void)state;
    skipped->benchmarks[0].status = PFL_STATUS_SKIPPED;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        policy.fail_on =
            i == 0 ? 0 : PFL_FAIL_ON_REGRESSED; /* a missing benchmark would fail before that */
        build_compare(&arena, cases[i].base, cases[i].head, &policy, true, &out);
        if (out.exit_code != PFL_ENOTHING || !out.why_nothing ||
            !strstr(out.why_nothing, cases[i].says))
            fail_msg("case %zu: %d, %s", i, out.exit_code,
                     out.why_nothing ? out.why_nothing : "no reason");
        assert_false(out.ok);
    }
    /* All of it missing is a failure, not nothing. */
    policy.fail_on = PFL_FAIL_ON_MISSING;
    build_compare(&arena, run, other, &policy, true, &out);
    assert_int_equal(out.exit_code, PFL_EGATE);
    assert_null(out.why_nothing);
}

/* Absolute limits hold without a baseline, but a check that skipped its relative gates has not
 * passed. */
static void test_half_a_check_is_no_check(void **state)
{
    struct pfl_run *run = build_one(&arena, "a", "time", 1, 0.01);
    struct pfl_gate gates[2] = {build_gate("*", "time"), build_gate("*", "time")};
    struct pfl_comparison out;

    (void)state;
    gates[0].max_regression = 0.1;
    gates[1].max = 2;
    policy.gates = gates;
    policy.gate_count = 2;
    build_compare(&arena, NULL, run, &policy, true, &out);
    assert_int_equal(out.exit_code, PFL_ENOTHING);
    assert_non_null(strstr(out.why_nothing, "no baseline"));
    gates[1].max = 0.5;
    build_compare(&arena, NULL, run, &policy, true, &out);
    assert_int_equal(out.exit_code, PFL_EGATE);
    gates[1].max = 2;
    policy.gates = gates + 1;
    policy.gate_count = 1;
    build_compare(&arena, NULL, run, &policy, true, &out);
    assert_int_equal(out.exit_code, PFL_OK);
}

static void test_check_without_gates_still_checks(void **state)
{
    struct pfl_run *base = build_one(&arena, "a", "time", 1, 0.01),
                   *head = build_one(&arena, "a", "time", 2, 0.01);
    struct pfl_comparison out;

    (void)state;
    policy.gate_count = 0;
    build_compare(&arena, base, head, &policy, true, &out);
    assert_int_equal(out.exit_code, PFL_EGATE);
    assert_true(out.rows[0].gate == PFL_GATE_HARD && out.rows[0].threshold == 0.10);
    assert_true(build_noted(&out, "no gates are configured"));
}

static void test_who_decides_without_gates(void **state)
{
    struct pfl_run *base = build_run(&arena), *head = build_run(&arena);
    struct pfl_comparison out;
    struct pfl_pair pressure = {"psi_cpu_during", "31.5"};
    int pass;

    (void)state;
    for (pass = 0; pass < 2; pass++) {
        struct pfl_run *run = pass ? head : base;

        build_spread(&arena, timed(run, "busy", 1.0), "cpu", 0.97, 0.01);
        build_spread(&arena, timed(run, "waits", 1.0), "cpu", 0.30, 0.01);
        build_spread(&arena, build_benchmark(&arena, run, "foreign"), "latency", 5, 0.01);
        build_done(run);
    }
    build_compare(&arena, base, head, &policy, false, &out);
    assert_true(build_row(&out, "busy", "time", "")->deciding &&
                !build_row(&out, "busy", "cpu", "")->deciding);
    assert_true(build_row(&out, "foreign", "latency", "")->deciding);
    assert_true(build_row(&out, "busy", "time", "")->gate == PFL_GATE_NONE);
    head->environment = &pressure;
    head->environment_count = 1;
    build_compare(&arena, base, head, &policy, false, &out);
    assert_true(build_row(&out, "busy", "cpu", "")->deciding &&
                !build_row(&out, "busy", "time", "")->deciding);
    assert_true(build_row(&out, "waits", "time", "")->deciding &&
                !build_row(&out, "waits", "cpu", "")->deciding);
    policy.only_metric = "cpu";
    build_compare(&arena, base, head, &policy, false, &out);
    assert_true(build_row(&out, "waits", "cpu", "")->deciding);
}

static void test_order_of_rows(void **state)
{
    static const char *const names[] = {"b[n=10]", "b[n=9]", "a", "c/x"};
    static const double ratios[] = {1.5, 0.5, 1.2, 3};
    static const char *const by_name[] = {"a", "a", "b[n=9]", "b[n=10]", "c/x"};
    static const char *const by_ratio[] = {"c/x", "b[n=10]", "a", "a", "b[n=9]"};
    struct pfl_run *base = build_run(&arena), *head = build_run(&arena);
    struct pfl_judge_params params = {.base = base, .head = head, .policy = &policy};
    struct pfl_comparison out;
    struct pfl_err err = {0};
    size_t i;

    (void)state;
    for (i = 0; i < 4; i++) {
        timed(base, names[i], 1);
        timed(head, names[i], ratios[i]);
    }
    build_spread(&arena, &base->benchmarks[2], "cpu", 1, 0.01);
    build_spread(&arena, &head->benchmarks[2], "cpu", 1, 0.01);
    build_done(base);
    build_done(head);
    assert_int_equal(pfl_judge_compare(&params, &arena, &out, &err), PFL_OK);
    assert_int_equal(out.row_count, 5);
    for (i = 0; i < 5; i++)
        assert_string_equal(out.rows[i].benchmark, by_name[i]);
    assert_string_equal(out.rows[0].metric, "cpu");
    params.sort = "ratio";
    assert_int_equal(pfl_judge_compare(&params, &arena, &out, &err), PFL_OK);
    for (i = 0; i < 5; i++)
        assert_string_equal(out.rows[i].benchmark, by_ratio[i]);
    params.sort = "colour";
    out.row_count = 77;
    assert_int_equal(pfl_judge_compare(&params, &arena, &out, &err), PFL_EINVAL);
    assert_non_null(strstr(err.message, "colour"));
    assert_int_equal(out.row_count, 77);
}

static void test_machines(void **state)
{
    struct pfl_run *base = build_one(&arena, "a", "time", 1, 0.01),
                   *head = build_one(&arena, "a", "time", 1, 0.01);
    struct pfl_judge_params params = {.base = base, .head = head, .policy = &policy};
    struct pfl_comparison same, out;
    struct pfl_err err = {0};

    (void)state;
    assert_int_equal(pfl_judge_compare(&params, &arena, &same, &err), PFL_OK);
    head->machine.fingerprint = "f2";
    head->machine.cpu_model = "CPU Y";
    head->machine.cores = 64;
    assert_int_equal(pfl_judge_compare(&params, &arena, &out, &err), PFL_EINVAL);
    assert_non_null(strstr(err.message, "CPU X before, CPU Y now"));
    assert_non_null(strstr(err.message, "cores: 2 before, 64 now"));
    assert_null(strstr(err.message, "kernel"));
    assert_non_null(strstr(err.message, "--allow-machine-change"));
    policy.allow_machine_change = true;
    assert_int_equal(pfl_judge_compare(&params, &arena, &out, &err), PFL_OK);
    assert_true(build_noted(&out, "different machines"));
    assert_true(out.rows[0].ratio_high == same.rows[0].ratio_high);
    assert_string_equal(pfl_pair_find(out.differences, out.difference_count, "CPU"),
                        "CPU X \u2192 CPU Y");
    policy.allow_machine_change = false;
    base->machine.name = head->machine.name = "runners";
    assert_int_equal(pfl_judge_compare(&params, &arena, &out, &err), PFL_OK);
    assert_true(build_noted(&out, "runners"));
    assert_true(fabs(log(out.rows[0].ratio_high) / log(same.rows[0].ratio_high) - sqrt(2)) < 0.01);
    base->machine.fingerprint = "";
    base->machine.name = "auto";
    assert_int_equal(pfl_judge_compare(&params, &arena, &out, &err), PFL_OK);
    assert_true(build_noted(&out, "on trust"));
}

static void test_differences_and_notes(void **state)
{
    struct pfl_pair before[] = {
        {"LANG", "C"}, {"OMP_NUM_THREADS", "2"}, {"load_before", "0.1"}, {"x", "1"}};
    struct pfl_pair after[] = {
        {"LANG", "C"}, {"OMP_NUM_THREADS", "4"}, {"load_before", "7"}, {"y", "1"}};
    struct pfl_run *base = build_one(&arena, "a", "time", 1, 0.01),
                   *head = build_one(&arena, "a", "time", 1, 0.01);
    struct pfl_comparison out;

    (void)state;
    base->environment = before;
    head->environment = after;
    base->environment_count = head->environment_count = 4;
    head->revision.commit = "beef";
    head->revision.dirty = true;
    head->partial = true;
    base->benchmarks[0].few = true;
    base->benchmarks[0].definition = "d1";
    head->benchmarks[0].definition = "d2";
    build_compare(&arena, base, head, &policy, true, &out);
    assert_int_equal(out.difference_count, 5);
    assert_string_equal(pfl_pair_find(out.differences, 5, "OMP_NUM_THREADS"), "2 \u2192 4");
    assert_string_equal(pfl_pair_find(out.differences, 5, "x"), "1 \u2192 none");
    assert_string_equal(pfl_pair_find(out.differences, 5, "y"), "none \u2192 1");
    assert_string_equal(pfl_pair_find(out.differences, 5, "commit"), "c0ffee \u2192 beef");
    assert_string_equal(pfl_pair_find(out.differences, 5, "work tree"), "clean \u2192 dirty");
    assert_true(build_noted(&out, "dirty") && build_noted(&out, "partial") &&
                build_noted(&out, "fewer than 5"));
    assert_true(build_noted(&out, "changed in definition") && build_noted(&out, "no history"));
}

static void test_what_was_not_asked_for_is_not_missing(void **state)
{
    struct pfl_run *base = build_run(&arena), *head = build_run(&arena);
    struct pfl_comparison out;

    (void)state;
    timed(base, "a[n=1]", 1);
    timed(base, "b", 1);
    timed(base, "c", 1)->tier = "deep";
    timed(base, "d", 1);
    timed(head, "a[n=1]", 1);
    build_done(base);
    build_done(head);
    head->selection = "a d";
    build_compare(&arena, base, head, &policy, true, &out);
    assert_int_equal(out.counts[PFL_VERDICT_MISSING], 1);
    assert_int_equal(only_row(&out, "d")->verdict, PFL_VERDICT_MISSING);
    assert_true(build_noted(&out, "2 benchmarks of the base"));
    head->selection = "";
    head->tier = "deep";
    build_compare(&arena, base, head, &policy, true, &out);
    assert_int_equal(out.counts[PFL_VERDICT_MISSING], 3);
}

static void test_false_discoveries_are_held_back(void **state)
{
    struct pfl_run *base = build_run(&arena), *head = build_run(&arena);
    struct pfl_comparison out;
    double session = 0.01;
    char name[32];
    int i;

    (void)state;
    policy.session_sd = build_known_session;
    policy.session_context = &session;
    for (i = 0; i < 200; i++) {
        snprintf(name, sizeof name, "n%03d", i);
        timed(base, name, 1);
        timed(head, name, i == 7 ? 1.3 : i == 8 ? 1.055 : 1);
    }
    build_done(base);
    build_done(head);
    policy.tolerance = 0.01;
    build_compare(&arena, base, head, &policy, true, &out);
    assert_int_equal(only_row(&out, "n007")->verdict, PFL_VERDICT_REGRESSED);
    assert_int_equal(only_row(&out, "n008")->verdict, PFL_VERDICT_INCONCLUSIVE);
    assert_true(only_row(&out, "n008")->ratio_low > 1);
    assert_non_null(strstr(only_row(&out, "n008")->reason, "among 200 judged rows"));
    policy.false_discovery_rate = 0.5;
    build_compare(&arena, base, head, &policy, true, &out);
    assert_int_equal(only_row(&out, "n008")->verdict, PFL_VERDICT_REGRESSED);
}

/* The same data and policy give the same bytes; failing any allocation gives PFL_ENOMEM and leaves
 * out alone. */
static void test_determinism_and_memory(void **state)
{
    struct pfl_run *base = build_run(&arena), *head = build_run(&arena);
    struct pfl_judge_params params = {
        .base = base, .head = head, .policy = &policy, .gated = true, .sort = "ratio"};
    struct pfl_comparison first, second;
    unsigned long failed = 0;
    struct pfl_err err;
    size_t i;
    int rc;

    (void)state;
    for (i = 0; i < 40; i++) {
        char name[32];

        snprintf(name, sizeof name, "b[n=%zu]", (i * 17) % 40);
        build_spread(&arena, timed(base, name, 1 + (double)i / 10), "cpu", 1, 0.02);
        build_spread(&arena, timed(head, name, 1 + (double)i / 8), "cpu", 1, 0.01);
    }
    build_done(base);
    build_done(head);
    build_compare(&arena, base, head, &policy, true, &first);
    build_compare(&arena, base, head, &policy, true, &second);
    assert_int_equal(first.row_count, second.row_count);
    for (i = 0; i < first.row_count; i++) {
        assert_string_equal(first.rows[i].benchmark, second.rows[i].benchmark);
        assert_string_equal(first.rows[i].reason, second.rows[i].reason);
        assert_memory_equal(&first.rows[i].ratio, &second.rows[i].ratio, 3 * sizeof(double));
    }
    do {
        struct pfl_arena scratch;

        pfl_arena_init(&scratch);
        second.row_count = 12345;
        pfl_fault.alloc_seen = 0;
        pfl_fault.alloc_at = ++failed;
        rc = pfl_judge_compare(&params, &scratch, &second, &err);
        pfl_fault.alloc_at = 0;
        if (rc != PFL_OK) {
            assert_int_equal(rc, PFL_ENOMEM);
            assert_int_equal(second.row_count, 12345);
        }
        pfl_arena_release(&scratch);
    } while (rc != PFL_OK);
    assert_true(failed > 10);
}

int test_judge_compare(void);
int test_judge_compare(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_fate_of_a_benchmark, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fail_on, setup, teardown),
        cmocka_unit_test_setup_teardown(test_strict, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_to_judge, setup, teardown),
        cmocka_unit_test_setup_teardown(test_half_a_check_is_no_check, setup, teardown),
        cmocka_unit_test_setup_teardown(test_check_without_gates_still_checks, setup, teardown),
        cmocka_unit_test_setup_teardown(test_who_decides_without_gates, setup, teardown),
        cmocka_unit_test_setup_teardown(test_order_of_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(test_machines, setup, teardown),
        cmocka_unit_test_setup_teardown(test_differences_and_notes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_was_not_asked_for_is_not_missing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_false_discoveries_are_held_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_determinism_and_memory, setup, teardown),
    };

    return cmocka_run_group_tests_name("judge compare", tests, NULL, NULL);
}
