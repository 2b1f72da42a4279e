/* Benchmarks that ran the yardstick beside their samples: normalised unless it hurts, compared
 * against one reference; instrumented builds; programs that were skipped as a whole. */
#include "build.h"

#include "base/alloc.h"
#include "judge/internal.h"

static struct pfl_arena arena;

static int begin(void **state)
{
    (void)state;
    pfl_arena_init(&arena);
    return 0;
}

static int end(void **state)
{
    (void)state;
    pfl_arena_release(&arena);
    return 0;
}

/* Made up, but the same each time: a value in (-1, 1). */
static double wobble(unsigned i)
{
    return (double)((i * 7919u + 31u) % 101u) / 50.5 - 1;
}

/* Ten launches; each at a clock of its own (spread), the session at `clock` times the reference's
 * period, ±0.1 % beside it. coupled: how much of the clock is in the time. */
static struct pfl_benchmark *add(struct pfl_run *run, const char *name, double seconds,
                                 double clock, double spread, double coupled)
{
    struct pfl_benchmark *bench = build_benchmark(&arena, run, name);
    struct pfl_result *step;
    double time[10], steps[10];
    unsigned i;

    for (i = 0; i < 10; i++) {
        double period = clock * (1 + spread * wobble(i));

        time[i] = seconds * pow(period, coupled) * (1 + 0.001 * wobble(i + 40));
        steps[i] = 2e-9 * period;
    }
    build_result(&arena, bench, "time", time, 10);
    build_result(&arena, bench, "cpu", time, 10);
    step = build_result(&arena, bench, "yardstick", steps, 10);
    step->variant = "core";
    return bench;
}

static struct pfl_run *one(double seconds, double clock, double spread, double coupled)
{
    struct pfl_run *run = build_run(&arena);

    add(run, "k/a", seconds, clock, spread, coupled);
    run->yardstick_reference[PFL_YARDSTICK_CORE] = 2e-9;
    build_done(run);
    return run;
}

static const struct pfl_result *time_of(const struct pfl_run *run)
{
    return pfl_benchmark_find(&run->benchmarks[0], "time", "");
}

/* In a quiet session nothing proves anything, and yet the next one has another clock. */
static void normalised_without_proof(void **state)
{
    const struct pfl_result *time = time_of(one(100e-9, 1.07, 0, 1));

    (void)state;
    assert_true(time->normalised.inside);
    assert_string_equal(time->normalised.by, "core clock");
    assert_true(fabs(time->summary.median / 100e-9 - 1) < 0.001);
    assert_true(fabs(time->normalised.raw_median / 107e-9 - 1) < 0.001);
    assert_true(time->summary.max > 106e-9); /* as measured */
    assert_true(time->normalised.min <= time->summary.median);
    assert_true(time->normalised.max >= time->summary.median && time->normalised.max < 101e-9);
    assert_true(time->stated.known);
    assert_true(time->stated.high / time->stated.low < 1 + 2 * 0.01);
    assert_true(time->stated.high / time->stated.low > 1 + 2 * 0.005);
}

static void not_where_it_hurts(void **state)
{
    const struct pfl_result *time = time_of(one(100e-9, 1.07, 0.05, 0));

    (void)state;
    assert_null(time->normalised.by); /* memory does not care for the clock */
    assert_true(fabs(time->summary.median / 100e-9 - 1) < 0.001);
    assert_non_null(time_of(one(100e-9, 1.07, 0.05, 1))->normalised.by);
    assert_non_null(time_of(one(100e-9, 1.07, 0.05, 0.6))->normalised.by);
    /* A little noise of the yardstick's own is no harm. */
    assert_non_null(time_of(one(100e-9, 1.07, 0.0005, 0))->normalised.by);
}

/* A clock that steps makes no two clusters of what has no clock in it. */
static void nothing_odd(void **state)
{
    struct pfl_run *run = build_run(&arena);
    struct pfl_assessment *all;
    double time[20], steps[20];
    unsigned i, k;

    (void)state;
    for (k = 0; k < 2; k++) {
        for (i = 0; i < 20; i++) {
            double period = i % 2 ? 1.2 : 1;

            time[i] = 100e-9 * (k ? period : 1) * (1 + 0.001 * wobble(i));
            steps[i] = 2e-9 * (k ? period : 1);
            if (k == 0 && i % 2)
                time[i] *= 1.2; /* its own */
        }
        build_benchmark(&arena, run, k ? "k/b" : "k/a");
        build_result(&arena, &run->benchmarks[k], "time", time, 20);
        build_result(&arena, &run->benchmarks[k], "yardstick", steps, 20)->variant = "core";
    }
    run->yardstick_reference[PFL_YARDSTICK_CORE] = 2e-9;
    build_done(run);
    assert_int_equal(pfl_judge_assess(run, &arena, &all, NULL), PFL_OK);
    assert_int_equal(all[0].oddity_count, 1);
    assert_int_equal(all[0].oddities[0].kind, PFL_ODD_BIMODAL);
    assert_int_equal(all[1].oddity_count, 0);
}

static void only_what_it_stood_beside(void **state)
{
    struct pfl_run *run = build_run(&arena), *without, *other;
    struct pfl_benchmark *bench = add(run, "k/a", 100e-9, 1.07, 0, 1);
    struct pfl_result *throughput, *first;

    (void)state;
    throughput = build_spread(&arena, bench, "throughput", 1e9 / 1.07, 0);
    first = build_spread(&arena, bench, "first_call", 1e-6, 0);
    throughput->n = first->n = 10;
    run->yardstick_reference[PFL_YARDSTICK_CORE] = 2e-9;
    build_done(run);
    assert_true(
        fabs(pfl_benchmark_find(&run->benchmarks[0], "throughput", "")->summary.median / 1e9 - 1) <
        1e-9);
    assert_null(pfl_benchmark_find(&run->benchmarks[0], "first_call", "")->normalised.by);
    assert_null(pfl_benchmark_find(&run->benchmarks[0], "yardstick", "core")->normalised.by);

    without = build_run(&arena);
    add(without, "k/a", 100e-9, 1, 0, 1);
    build_done(without); /* no reference */
    assert_null(time_of(without)->normalised.by);

    other = build_run(&arena);
    ((struct pfl_result *)pfl_benchmark_find(add(other, "k/a", 100e-9, 1, 0, 1), "yardstick",
                                             "core"))
        ->variant = "other";
    other->yardstick_reference[PFL_YARDSTICK_CORE] = 2e-9;
    build_done(other); /* another chain has another unit */
    assert_null(time_of(other)->normalised.by);
}

static void references(void **state)
{
    struct pfl_yardstick_reading readings[8];
    struct pfl_pair busy = {"psi_cpu_stall", "50"};
    struct pfl_run *run = one(100e-9, 1.5, 0, 1);
    double reference[PFL_YARDSTICK_COUNT];
    size_t i;

    (void)state;
    assert_true(pfl_judge_has_inside_yardstick(run));
    assert_int_equal(pfl_judge_yardstick_reference(run, reference, NULL), PFL_OK);
    assert_true(fabs(reference[PFL_YARDSTICK_CORE] - 3e-9) < 1e-15); /* 2 ns × 1.5 */
    assert_true(isnan(reference[PFL_YARDSTICK_CHASE]));
    run->benchmarks[0].results[2].n = 4; /* too few to be for ever */
    assert_int_equal(pfl_judge_yardstick_reference(run, reference, NULL), PFL_OK);
    assert_true(isnan(reference[PFL_YARDSTICK_CORE]));
    run->benchmarks[0].results[2].n = 10;
    run->yardsticks = readings;
    for (i = 0; i < 8; i++)
        readings[i] = (struct pfl_yardstick_reading){.value = {60e-9, 1, 1, 1, 1}};
    readings[3].value[PFL_YARDSTICK_CORE] = readings[5].value[PFL_YARDSTICK_CORE] = 2.9e-9;
    readings[6].value[PFL_YARDSTICK_CORE] = 2.9e-9; /* the others were interrupted */
    run->yardstick_count = 7;
    assert_int_equal(pfl_judge_yardstick_reference(run, reference, NULL), PFL_OK);
    assert_true(fabs(reference[PFL_YARDSTICK_CORE] - 3e-9) < 1e-15);
    assert_true(isnan(reference[PFL_YARDSTICK_CHASE])); /* seven are too few */
    run->yardstick_count = 8;
    assert_int_equal(pfl_judge_yardstick_reference(run, reference, NULL), PFL_OK);
    assert_true(reference[PFL_YARDSTICK_CHASE] == 1);
    run->benchmarks[0].result_count = 2; /* its column is gone: only the reading tells */
    assert_int_equal(pfl_judge_yardstick_reference(run, reference, NULL), PFL_OK);
    assert_true(reference[PFL_YARDSTICK_CORE] == 2.9e-9); /* the lower quartile */
    run->benchmarks[0].result_count = 3;
    run->environment = &busy;
    run->environment_count = 1;
    assert_int_equal(pfl_judge_yardstick_reference(run, reference, NULL), PFL_OK);
    assert_true(fabs(reference[PFL_YARDSTICK_CORE] - 3e-9) < 1e-15);
    assert_true(isnan(reference[PFL_YARDSTICK_CHASE]));
}

/* Held against itself, another run would say another thing: the clock's deviation is in it. */
static void its_own_reference(void **state)
{
    struct pfl_run *run = one(100e-9, 1.07, 0, 1);

    (void)state;
    run->own_reference = true;
    pfl_judge_state(run, NULL);
    assert_true(time_of(run)->stated.high / time_of(run)->stated.low > 1.15);
    run->own_reference = false;
    pfl_judge_state(run, NULL);
    assert_true(time_of(run)->stated.high / time_of(run)->stated.low < 1.02);
}

static void not_believed(void **state)
{
    static const struct {
        double clock; /* of 2 ns */
        size_t readings;
        bool trusted;
    } cases[] = {
        {1, 0, true},   {1, 3, true},    {1.4, 3, true}, {1.6, 3, false}, {0.6, 3, false},
        {1.6, 2, true}, {0.1, 0, false}, {11, 0, false}, {0.2, 0, true},  {9, 0, true},
    };
    struct pfl_yardstick_reading readings[3] = {
        {.value = {2e-9}}, {.value = {50e-9}}, {.value = {2.1e-9}}};
    struct pfl_run *run;
    double reference[PFL_YARDSTICK_COUNT];
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        run = one(100e-9, cases[i].clock, 0, 1);
        run->yardsticks = readings;
        run->yardstick_count = cases[i].readings;
        build_done(run);
        assert_int_equal(pfl_judge_inside_trusted(run, &run->benchmarks[0]), cases[i].trusted);
        assert_int_equal(time_of(run)->normalised.inside, cases[i].trusted);
        assert_int_equal(pfl_judge_yardstick_reference(run, reference, NULL), PFL_OK);
        assert_int_equal(isnan(reference[PFL_YARDSTICK_CORE]), !cases[i].trusted);
    }
}

/* What a program says of itself in seconds is no time beside the yardstick; cycles are the
 * library's only beside one. */
static void only_known_names(void **state)
{
    struct pfl_run *run = build_run(&arena);
    struct pfl_benchmark *bench = add(run, "k/a", 100e-9, 1.07, 0, 1);
    struct pfl_result *timeout = build_spread(&arena, bench, "timeout", 1, 0), *cycles;

    (void)state;
    timeout->n = 10;
    timeout->unit = "s";
    run->yardstick_reference[PFL_YARDSTICK_CORE] = 2e-9;
    build_done(run);
    assert_null(pfl_benchmark_find(&run->benchmarks[0], "timeout", "")->normalised.by);

    run = build_run(&arena);
    bench = build_benchmark(&arena, run, "c");
    cycles = build_spread(&arena, bench, "cycles", 1000, 0.01);
    assert_false(pfl_judge_is_inside(bench, cycles));
    bench = add(run, "k/a", 100e-9, 1, 0, 1);
    cycles = build_spread(&arena, bench, "cycles", 1000, 0.01);
    assert_true(pfl_judge_is_inside(bench, cycles));
}

static struct pfl_policy policy_of(const struct pfl_gate *gates, size_t n)
{
    struct pfl_policy policy;

    pfl_policy_defaults(&policy);
    policy.gates = gates;
    policy.gate_count = n;
    return policy;
}

static void busy_words(void **state)
{
    struct pfl_policy policy = policy_of(NULL, 0);
    struct pfl_pair busy = {"psi_cpu_stall", "50"};
    struct pfl_run *run = one(100e-9, 1, 0, 1), *other = one(100e-9, 1, 0, 1);
    struct pfl_assessment *all;
    struct pfl_comparison out;
    int i;

    (void)state;
    run->environment = &busy;
    run->environment_count = 1;
    for (i = 0; i < 2; i++) {
        if (i) { /* a plain command */
            run->benchmarks[0].result_count = 1;
            build_done(run);
        }
        assert_int_equal(pfl_judge_assess(run, &arena, &all, NULL), PFL_OK);
        assert_int_equal(all[0].oddities[0].kind, PFL_ODD_CONTENTION);
        assert_int_equal(!!strstr(all[0].oddities[0].text, "better witness"), i);
        build_compare(&arena, other, run, &policy, true, &out);
        assert_true(build_noted(&out, "something else wanted the CPU"));
        assert_int_equal(build_noted(&out, "CPU time is judged in place"), i);
    }
}

/* Another clock, and 4 % more work: the clock is gone, the work is found without any history. */
static void compared(void **state)
{
    struct pfl_gate gate = build_gate("*", "time");
    struct pfl_policy policy = policy_of(&gate, 1);
    struct pfl_run *base = one(100e-9, 1, 0, 1), *head = one(104e-9, 1.08, 0, 1);
    struct pfl_pair busy = {"psi_cpu_stall", "50"};
    struct pfl_comparison out;
    const struct pfl_row *row;

    (void)state;
    gate.max_regression = 0.03;
    build_compare(&arena, base, head, &policy, true, &out);
    row = build_row(&out, "k/a", "time", "");
    assert_true(fabs(row->ratio - 1.04) < 0.001);
    assert_int_equal(row->verdict, PFL_VERDICT_REGRESSED);
    assert_string_equal(row->normalised_by, "core clock");
    assert_true(row->mde < 0.03);
    assert_true(build_noted(&out, "no history yet"));

    head->environment = base->environment = &busy; /* nothing else decides on a busy machine */
    head->environment_count = base->environment_count = 1;
    build_compare(&arena, base, head, &policy, true, &out);
    assert_int_equal(build_row(&out, "k/a", "time", "")->verdict, PFL_VERDICT_REGRESSED);
    assert_int_equal(build_row(&out, "k/a", "time", "")->gate, PFL_GATE_HARD);

    base->yardstick_reference[PFL_YARDSTICK_CORE] = 1e-9; /* another reference: one for both */
    build_done(base);
    build_compare(&arena, base, head, &policy, true, &out);
    assert_true(fabs(build_row(&out, "k/a", "time", "")->ratio - 1.04) < 0.001);
}

/* A time that has no clock in it, between two sessions of different clocks: normalised it differs
 * by just the clock, and nothing tells whether it follows it. */
static void a_clock_it_does_not_follow(void **state)
{
    static const struct {
        double head, clock, coupled;
        enum pfl_verdict verdict;
        const char *says;
    } cases[] = {
        {100e-9, 0.93, 0, PFL_VERDICT_INCONCLUSIVE,
         "the core's clock differs by 7.5 % between the two runs, and as measured they do not "
         "differ"},
        {100e-9, 1.07, 0, PFL_VERDICT_INCONCLUSIVE, "and as measured they do not differ"},
        {100e-9, 1.07, 1, PFL_VERDICT_UNCHANGED, "and as measured the head is worse"},
        {100e-9, 1.02, 1, PFL_VERDICT_UNCHANGED, NULL},
        {110e-9, 1.02, 1, PFL_VERDICT_REGRESSED, NULL},
    };
    struct pfl_gate gate = build_gate("*", "time");
    struct pfl_policy policy = policy_of(&gate, 1);
    double session = 0.005;
    struct pfl_comparison out;
    const struct pfl_row *row;
    size_t i;

    (void)state;
    gate.max_regression = 0.05;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_run *base = one(100e-9, 1, 0, 1);
        struct pfl_run *head = one(cases[i].head, cases[i].clock, 0, cases[i].coupled);

        build_compare(&arena, base, head, &policy, true, &out);
        row = build_row(&out, "k/a", "time", "");
        assert_int_equal(row->verdict, cases[i].verdict);
        if (cases[i].says && !strstr(row->reason, cases[i].says))
            fail_msg("%s", row->reason);
        if (!cases[i].says)
            assert_null(strstr(row->reason, "clock differs"));
    }
    policy.session_sd = build_known_session; /* a history knows */
    policy.session_context = &session;
    build_compare(&arena, one(100e-9, 1, 0, 1), one(100e-9, 0.93, 0, 0), &policy, true, &out);
    assert_int_equal(build_row(&out, "k/a", "time", "")->verdict, PFL_VERDICT_REGRESSED);
}

/* Ratio and estimates of one kind: normalised where both are, as measured where one is not. */
static void relative_to_another(void **state)
{
    struct pfl_gate gate = build_gate("k/b", "time");
    struct pfl_policy policy = policy_of(&gate, 1);
    struct pfl_comparison out;
    const struct pfl_row *row;
    int hurt;

    (void)state;
    gate.relative_to = "k/a";
    gate.max_ratio = 1.1;
    for (hurt = 0; hurt < 2; hurt++) {
        struct pfl_run *run = build_run(&arena);

        add(run, "k/a", 100e-9, 1, hurt ? 0.05 : 0, hurt ? 0 : 1);
        add(run, "k/b", 100e-9, 1.2, 0, 1);
        run->yardstick_reference[PFL_YARDSTICK_CORE] = 2e-9;
        build_done(run);
        build_compare(&arena, NULL, run, &policy, true, &out);
        row = build_row(&out, "k/b", "time", "relative to k/a");
        assert_true(fabs(row->ratio - (hurt ? 1.2 : 1)) < 0.01);
        assert_true(fabs(row->head.median / row->base.median - row->ratio) < 0.01);
        assert_int_equal(row->verdict, hurt ? PFL_VERDICT_FAILED : PFL_VERDICT_UNCHANGED);
    }
}

/* Launches that differ by tens of per cent do not promise half a per cent between sessions. */
static void unsteady_launches(void **state)
{
    struct pfl_policy policy = policy_of(NULL, 0);
    double values[2][10], steps[10];
    struct pfl_run *runs[2];
    struct pfl_comparison out;
    unsigned i, k;

    (void)state;
    for (k = 0; k < 2; k++) {
        runs[k] = build_run(&arena);
        for (i = 0; i < 10; i++) {
            values[k][i] = (k ? 118e-9 : 100e-9) * (1 + 0.1 * wobble(i));
            steps[i] = 2e-9;
        }
        build_result(&arena, build_benchmark(&arena, runs[k], "k/a"), "time", values[k], 10);
        build_result(&arena, &runs[k]->benchmarks[0], "yardstick", steps, 10)->variant = "core";
        runs[k]->yardstick_reference[PFL_YARDSTICK_CORE] = 2e-9;
        build_done(runs[k]);
    }
    build_compare(&arena, runs[0], runs[1], &policy, true, &out);
    assert_int_equal(build_row(&out, "k/a", "time", "")->verdict, PFL_VERDICT_INCONCLUSIVE);
    assert_true(time_of(runs[0])->stated.high / time_of(runs[0])->stated.low > 1.2);
}

static void instrument(struct pfl_run *run, struct pfl_pair *pair, const char *with)
{
    *pair = (struct pfl_pair){"instrumented", with};
    run->benchmarks[0].environment = pair;
    run->benchmarks[0].environment_count = 1;
}

static void instrumented(void **state)
{
    static const struct {
        const char *with;
        bool base, asked;
        const char *says; /* NULL: gated */
    } cases[] = {
        {"AddressSanitizer", false, false, "not gated: built with AddressSanitizer; "},
        {"compiled without optimisation", false, false,
         "not gated: compiled without optimisation; "},
        {"AddressSanitizer", true, false, "not gated: the base was built with AddressSanitizer; "},
        {"AddressSanitizer", false, true, NULL},
    };
    struct pfl_target target = {.benchmark = "*", .metric = "time", .max = 1e-9, .min = NAN};
    struct pfl_comparison out;
    const struct pfl_row *row;
    size_t i, k;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_run *base = one(100e-9, 1, 0, 1), *head = one(150e-9, 1, 0, 1);
        struct pfl_gate gates[2] = {build_gate("*", "time"), build_gate("*", "time")};
        struct pfl_policy policy = policy_of(gates, 2);
        struct pfl_pair pair;

        gates[0].max_regression = 0.1;
        gates[1].max = 1e-9;
        gates[0].instrumented = gates[1].instrumented = cases[i].asked;
        if (!cases[i].asked) {
            policy.targets = &target;
            policy.target_count = 1;
            policy.targets_hold_here = true;
        }
        instrument(cases[i].base ? base : head, &pair, cases[i].with);
        build_compare(&arena, base, head, &policy, true, &out);
        assert_int_equal(out.exit_code, cases[i].says ? PFL_ENOTHING : PFL_EGATE);
        if (cases[i].says)
            assert_non_null(strstr(out.why_nothing, "no gate held anything"));
        for (k = 0; k < out.row_count; k++) {
            row = &out.rows[k];
            if (strcmp(row->metric, "time") != 0)
                continue;
            assert_int_equal(row->gate, cases[i].says ? PFL_GATE_REPORT_ONLY : PFL_GATE_HARD);
            if (cases[i].says && strncmp(row->reason, cases[i].says, strlen(cases[i].says)) != 0)
                fail_msg("%s", row->reason);
            if (!cases[i].says)
                assert_null(row->not_gated);
        }
        assert_int_equal(build_row(&out, "k/a", "time", "")->verdict, PFL_VERDICT_REGRESSED);
        assert_true(build_noted(&out, "instrumented: true"));
    }
}

/* Without any gate the check holds the time to its default; `compare --fail-on` what decides. */
static void instrumented_by_default(void **state)
{
    struct pfl_policy policy = policy_of(NULL, 0);
    struct pfl_run *base = one(100e-9, 1, 0, 1), *head = one(150e-9, 1, 0, 1);
    struct pfl_comparison out;
    struct pfl_pair pair;
    int gated;

    (void)state;
    instrument(head, &pair, "coverage");
    for (gated = 0; gated < 2; gated++) {
        build_compare(&arena, base, head, &policy, gated, &out);
        assert_int_equal(out.exit_code, PFL_ENOTHING);
        assert_false(build_row(&out, "k/a", "time", "")->deciding);
        assert_int_equal(out.counts[PFL_VERDICT_REGRESSED], 1);
    }
    head->benchmarks[0].status = PFL_STATUS_FAILED; /* has nothing to do with speed */
    build_compare(&arena, base, head, &policy, true, &out);
    assert_int_equal(out.exit_code, PFL_EGATE);
}

static const char *kept(void *context, const char *hash)
{
    (void)context;
    return strcmp(hash, "gone") == 0 ? NULL : hash;
}

static void artefacts(void **state)
{
    static const struct {
        const char *metric, *base;
        int exit_code;
        const char *reason;
    } cases[] = {
        {"*", "a1", PFL_OK, "it changed: diff a1 b2"},
        {"artifact_*", "a1", PFL_OK, "it changed: diff a1 b2"},
        {"artifact_hash", "a1", PFL_EGATE, "it changed: diff a1 b2"},
        {"artifact_hash", "gone", PFL_EGATE,
         "it changed: b2 is the head's; the base's was not kept"},
        {"artifact_hash", "b2", PFL_OK, "the same in both"},
    };
    struct pfl_comparison out;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_run *runs[2] = {one(100e-9, 1, 0, 1), one(100e-9, 1, 0, 1)};
        struct pfl_gate gate = build_gate("*", cases[i].metric);
        struct pfl_policy policy = policy_of(&gate, 1);
        struct pfl_judge_params params = {
            .base = runs[0], .head = runs[1], .policy = &policy, .gated = true, .artifact = kept};
        int k;

        gate.max_regression = 0.1;
        for (k = 0; k < 2; k++)
            build_result(&arena, &runs[k]->benchmarks[0], "artifact_hash", NULL, 0)->text =
                k ? "b2" : cases[i].base;
        assert_int_equal(pfl_judge_compare(&params, &arena, &out, NULL), PFL_OK);
        assert_int_equal(out.exit_code, cases[i].exit_code);
        assert_string_equal(build_row(&out, "k/a", "artifact_hash", "")->reason, cases[i].reason);
    }
}

static void whole_programs(void **state)
{
    struct pfl_policy policy = policy_of(NULL, 0);
    struct pfl_run *base = build_run(&arena), *head = build_run(&arena);
    struct pfl_pair avx = {"isa", "avx"}, sse = {"isa", "sse"};
    struct pfl_benchmark *bench;
    struct pfl_comparison out;

    (void)state;
    build_spread(&arena, build_benchmark(&arena, base, "c"), "time", 1, 0.01);
    build_spread(&arena, build_benchmark(&arena, head, "c"), "time", 1, 0.01);
    bench = build_benchmark(&arena, base, "k/a[isa=avx]");
    bench->params = &avx;
    bench->param_count = 1;
    build_spread(&arena, bench, "time", 1, 0.01);
    bench = build_benchmark(&arena, base, "k/a[isa=sse]");
    bench->params = &sse;
    bench->param_count = 1;
    build_spread(&arena, bench, "time", 1, 0.01);
    bench = build_benchmark(&arena, head, "k[isa=avx]");
    bench->params = &avx;
    bench->param_count = 1;
    bench->status = PFL_STATUS_SKIPPED;
    bench->reason = "no such CPU";
    build_done(base);
    build_done(head);
    build_compare(&arena, base, head, &policy, true, &out);
    assert_int_equal(build_row(&out, "k/a[isa=avx]", "", "")->verdict, PFL_VERDICT_SKIPPED);
    assert_string_equal(build_row(&out, "k/a[isa=avx]", "", "")->reason,
                        "its program was skipped: no such CPU");
    assert_int_equal(build_row(&out, "k/a[isa=sse]", "time", "")->verdict, PFL_VERDICT_MISSING);
    assert_int_equal(out.exit_code, PFL_EGATE);
}

int test_judge_inside(void);
int test_judge_inside(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(normalised_without_proof, begin, end),
        cmocka_unit_test_setup_teardown(not_where_it_hurts, begin, end),
        cmocka_unit_test_setup_teardown(nothing_odd, begin, end),
        cmocka_unit_test_setup_teardown(only_what_it_stood_beside, begin, end),
        cmocka_unit_test_setup_teardown(references, begin, end),
        cmocka_unit_test_setup_teardown(its_own_reference, begin, end),
        cmocka_unit_test_setup_teardown(not_believed, begin, end),
        cmocka_unit_test_setup_teardown(only_known_names, begin, end),
        cmocka_unit_test_setup_teardown(busy_words, begin, end),
        cmocka_unit_test_setup_teardown(compared, begin, end),
        cmocka_unit_test_setup_teardown(a_clock_it_does_not_follow, begin, end),
        cmocka_unit_test_setup_teardown(relative_to_another, begin, end),
        cmocka_unit_test_setup_teardown(unsteady_launches, begin, end),
        cmocka_unit_test_setup_teardown(instrumented, begin, end),
        cmocka_unit_test_setup_teardown(instrumented_by_default, begin, end),
        cmocka_unit_test_setup_teardown(artefacts, begin, end),
        cmocka_unit_test_setup_teardown(whole_programs, begin, end),
    };

    return cmocka_run_group_tests_name("judge/inside", tests, NULL, NULL);
}
