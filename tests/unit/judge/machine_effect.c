/* Yardsticks in the judge: which results are normalised by one, when the whole machine is said to
 * have moved, and where the stated interval comes from. All readings and samples are made up. */
#include "build.h"

static struct pfl_arena arena;
static struct pfl_random dice;
static struct pfl_policy policy;
static struct pfl_gate gate;

#define SECOND INT64_C(1000000000)

static int setup(void **state)
{
    (void)state;
    pfl_arena_init(&arena);
    pfl_random_seed(&dice, 7);
    pfl_policy_defaults(&policy);
    gate = build_gate("*", "*");
    gate.max_regression = 0.05;
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

static double noise(double sd)
{
    return exp(sd * pfl_stats_normal_quantile(pfl_random_unit(&dice) * 0.9998 + 0.0001));
}

/* n readings, one a second from half a second on; each kernel by its own factor. The reference is
 * what a machine at speed 1 reads. */
static void read_yardsticks(struct pfl_run *run, size_t n, const double *slowness)
{
    static const double usual[PFL_YARDSTICK_COUNT] = {1e-9, 1e-7, 2e-9, 1e-7, 5e-5};
    size_t i, k;

    run->yardsticks = pfl_arena_array(&arena, n, sizeof *run->yardsticks);
    run->yardstick_count = n;
    memcpy(run->yardstick_reference, usual, sizeof usual);
    for (i = 0; i < n; i++) {
        run->yardsticks[i].at_ns = (int64_t)i * SECOND + SECOND / 2;
        for (k = 0; k < PFL_YARDSTICK_COUNT; k++)
            run->yardsticks[i].value[k] =
                usual[k] * (k == PFL_YARDSTICK_CORE ? slowness[i] : 1) * noise(0.002);
    }
}

/* One launch beside each reading. */
static struct pfl_result *launches(struct pfl_run *run, const char *name, const double *values,
                                   size_t n)
{
    struct pfl_benchmark *bench = build_benchmark(&arena, run, name);
    struct pfl_result *result = build_result(&arena, bench, "time", values, n);
    size_t i;

    for (i = 0; i < n; i++)
        bench->launches[i].started_ns = (int64_t)i * SECOND + SECOND / 2;
    return result;
}

/* A machine that wanders by ±4 %. */
static void wander(double *slowness, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        slowness[i] = noise(0.04);
}

static void test_a_kernel_that_follows_is_normalised(void **state)
{
    struct pfl_run *run = build_run(&arena);
    double slowness[20], follows[20], stays[20];
    const struct pfl_result *result;
    size_t i;

    (void)state;
    wander(slowness, 20);
    for (i = 0; i < 20; i++) {
        slowness[i] *= 1.10; /* than the reference: all day */
        follows[i] = 2 * slowness[i] * noise(0.004);
        stays[i] = 2 * noise(0.03);
    }
    read_yardsticks(run, 20, slowness);
    launches(run, "follows", follows, 20);
    launches(run, "stays", stays, 20);
    build_done(run);
    result = &run->benchmarks[0].results[0];
    assert_string_equal(result->normalised.by, "core clock");
    assert_true(fabs(result->summary.median - 2) < 0.01);
    assert_true(result->normalised.raw_median > 2.1);
    assert_true(result->normalised.reduction > 0.8);
    assert_true(result->summary.max > 2.1); /* as measured */
    assert_memory_equal(result->values, follows, sizeof follows);
    result = &run->benchmarks[1].results[0];
    assert_null(result->normalised.by);
    assert_true(fabs(result->summary.median - 2) < 0.06);
}

/* Rates go down where times go up. */
static void test_a_rate_follows_the_other_way(void **state)
{
    struct pfl_run *run = build_run(&arena);
    double slowness[20], rates[20];
    struct pfl_result *result;
    size_t i;

    (void)state;
    wander(slowness, 20);
    for (i = 0; i < 20; i++)
        rates[i] = 500 / (1.2 * slowness[i]) * noise(0.004);
    for (i = 0; i < 20; i++)
        slowness[i] *= 1.2;
    read_yardsticks(run, 20, slowness);
    result = launches(run, "rate", rates, 20);
    result->unit = "cells/s";
    build_done(run);
    assert_non_null(result->normalised.by);
    assert_true(fabs(result->summary.median - 500) < 2);
}

static void test_without_proof_nothing_is_normalised(void **state)
{
    static const struct {
        const char *what;
        size_t readings;
        double reference, follows, own;
    } cases[] = {
        {"seven readings", 7, 1e-9, 1, 0.002},
        {"no reference", 20, 0, 1, 0.002},
        {"it follows, but its own scatter is most of it", 20, 1e-9, 1, 0.2},
    };
    double slowness[20], values[20];
    struct pfl_result *result;
    size_t i, k;

    (void)state;
    for (k = 0; k < PFL_COUNT(cases); k++) {
        struct pfl_run *run = build_run(&arena);

        wander(slowness, 20);
        for (i = 0; i < 20; i++)
            values[i] = 2 * pow(slowness[i], cases[k].follows) * noise(cases[k].own);
        read_yardsticks(run, cases[k].readings, slowness);
        for (i = 0; i < PFL_YARDSTICK_COUNT; i++)
            run->yardstick_reference[i] = cases[k].reference;
        result = launches(run, "a", values, 20);
        build_done(run);
        if (result->normalised.by)
            fail_msg("%s: normalised by %s", cases[k].what, result->normalised.by);
    }
}

/* The bar of "provably": of programs that have nothing to do with the yardsticks hardly any. */
static void test_what_does_not_follow_is_hardly_ever_normalised(void **state)
{
    double slowness[12], values[12];
    size_t wrong = 0, i, k;

    (void)state;
    for (k = 0; k < 500; k++) {
        struct pfl_run *run = build_run(&arena);
        struct pfl_result *result;

        wander(slowness, 12);
        for (i = 0; i < 12; i++)
            values[i] = 2 * noise(0.04);
        read_yardsticks(run, 12, slowness);
        result = launches(run, "a", values, 12);
        build_done(run);
        wrong += result->normalised.by != NULL;
        pfl_arena_release(&arena);
        pfl_arena_init(&arena);
    }
    assert_true(wrong <= 5);
}

/* What happens to a machine and to a program on its own, over `n` readings. */
enum drift { STRAIGHT, LEVELS_OFF, LEVELS_OFF_EARLY, WANDERS };

static double drift_at(enum drift drift, size_t i, size_t n)
{
    double at = (double)i / (double)n;

    switch (drift) {
    case STRAIGHT: return at;
    case LEVELS_OFF: return 1 - exp(-3 * at);
    case LEVELS_OFF_EARLY: return 1 - exp(-4 * at);
    default: return 0;
    }
}

/* A cache that warms up beside a clock that rises has nothing to do with it; a value that follows
 * its yardstick through ups and downs has, while both drift, too. */
static void test_a_common_drift_is_no_proof(void **state)
{
    static const struct {
        const char *what;
        enum drift program, machine;
        bool follows;
        size_t runs, least, most;
    } cases[] = {
        {"two straight ones", STRAIGHT, STRAIGHT, false, 1000, 0, 10},
        {"one levels off", LEVELS_OFF, STRAIGHT, false, 1000, 0, 10},
        {"both level off", LEVELS_OFF, LEVELS_OFF, false, 1000, 0, 10},
        {"both level off, one earlier", LEVELS_OFF, LEVELS_OFF_EARLY, false, 1000, 0, 10},
        {"a follower on a machine that drifts", STRAIGHT, STRAIGHT, true, 100, 95, 100},
        {"a follower on one that does not", WANDERS, WANDERS, true, 100, 95, 100},
    };
    double slowness[20], values[20];
    size_t c, i, k;

    (void)state;
    for (c = 0; c < PFL_COUNT(cases); c++) {
        size_t hits = 0, n = cases[c].follows ? 20 : 12;

        for (k = 0; k < cases[c].runs; k++) {
            struct pfl_run *run = build_run(&arena);
            const struct pfl_result *result;

            for (i = 0; i < n; i++) {
                double machine = exp(-0.24 * drift_at(cases[c].machine, i, n));

                slowness[i] = machine * noise(cases[c].follows ? 0.03 : 0.001);
                values[i] = cases[c].follows
                                ? slowness[i] * noise(0.004)
                                : exp(-0.3 * drift_at(cases[c].program, i, n)) * noise(0.001);
            }
            read_yardsticks(run, n, slowness);
            result = launches(run, "a", values, n);
            build_done(run);
            hits += result->normalised.by != NULL;
            pfl_arena_release(&arena);
            pfl_arena_init(&arena);
        }
        if (hits < cases[c].least || hits > cases[c].most)
            fail_msg("%s: %zu of %zu normalised", cases[c].what, hits, cases[c].runs);
    }
}

/* Correlated beyond all doubt, but little is gained: a fifth of the variance is the least. Every
 * launch has the machine's move and a larger one of its own. */
static void test_a_small_reduction_is_not_worth_it(void **state)
{
    static const struct {
        double own;
        size_t least, most;
    } cases[] = {{1.2, 28, 30}, {3, 0, 8}}; /* 1/(1 + own²) of the variance is the machine's */
    static double slowness[500], values[500];
    size_t c, i, k;

    (void)state;
    for (c = 0; c < PFL_COUNT(cases); c++) {
        size_t hits = 0;

        for (k = 0; k < 30; k++) {
            struct pfl_run *run = build_run(&arena);
            const struct pfl_result *result;

            for (i = 0; i < 500; i++) {
                slowness[i] = noise(0.04);
                values[i] = slowness[i] * noise(0.04 * cases[c].own);
            }
            read_yardsticks(run, 500, slowness);
            result = launches(run, "a", values, 500);
            build_done(run);
            hits += result->normalised.by != NULL;
            if (result->normalised.by)
                assert_true(result->normalised.reduction >= 0.2);
            pfl_arena_release(&arena);
            pfl_arena_init(&arena);
        }
        if (hits < cases[c].least || hits > cases[c].most)
            fail_msg("own part %g: %zu of 30 normalised", cases[c].own, hits);
    }
}

/* Ten benchmarks, each at `ratios` of 1 s, on a machine at that speed. */
static struct pfl_run *suite(size_t readings, double machine, double ratio, double odd_one)
{
    struct pfl_run *run = build_run(&arena);
    double slowness[40], values[11];
    char name[8];
    size_t i, k;

    for (i = 0; i < readings; i++)
        slowness[i] = machine;
    if (readings)
        read_yardsticks(run, readings, slowness);
    for (k = 0; k < 10; k++) {
        for (i = 0; i < 11; i++)
            values[i] = (k == 4 ? odd_one : ratio) * noise(0.003);
        snprintf(name, sizeof name, "b%zu", k);
        launches(run, name, values, 11);
    }
    build_done(run);
    return run;
}

static void test_the_whole_machine_is_one_notice(void **state)
{
    static const struct {
        const char *what;
        size_t readings;
        double machine, ratio, odd_one;
        bool present;
        size_t regressed;
    } cases[] = {
        {"nothing moved", 6, 1, 1, 1, false, 0},
        {"the whole machine", 6, 1.10, 1.10, 1.10, true, 0},
        {"the whole machine and one program", 6, 1.10, 1.10, 1.43, true, 1},
        {"all programs, not the machine", 6, 1, 1.10, 1.10, false, 10},
        {"all programs, no yardsticks", 0, 1.10, 1.10, 1.10, false, 10},
        {"two readings are too few", 2, 1.10, 1.10, 1.10, false, 10},
        {"the yardstick alone", 6, 1.10, 1, 1, false, 0},
        {"the other way round", 6, 0.90, 1.10, 1.10, false, 10},
        {"much more than the machine", 6, 1.04, 1.15, 1.15, false, 10},
        {"the machine is faster, one program is not", 6, 0.90, 0.90, 1, true, 0},
    };
    static double session = 0.003;
    struct pfl_comparison out;
    size_t i;

    (void)state;
    policy.session_sd = build_known_session;
    policy.session_context = &session;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        build_compare(&arena, suite(6, 1, 1, 1),
                      suite(cases[i].readings, cases[i].machine, cases[i].ratio, cases[i].odd_one),
                      &policy, true, &out);
        if (out.machine.present != cases[i].present ||
            out.counts[PFL_VERDICT_REGRESSED] != cases[i].regressed)
            fail_msg("%s: machine %d, regressed %zu", cases[i].what, out.machine.present,
                     out.counts[PFL_VERDICT_REGRESSED]);
        if (!out.machine.present)
            continue;
        assert_true(fabs(out.machine.ratio / cases[i].machine - 1) < 0.01);
        assert_true(out.machine.ratio_low < cases[i].machine &&
                    out.machine.ratio_high > cases[i].machine);
        assert_string_equal(out.machine.yardstick, "core clock");
        assert_true(fabs(build_row(&out, "b0", "time", "")->ratio - 1) < 0.02);
        /* What is taken out: as much of the yardstick's shift as the benchmarks show. */
        assert_true(fabs(build_row(&out, "b0", "time", "")->machine / cases[i].machine - 1) < 0.01);
        assert_true(fabs(log(build_row(&out, "b0", "time", "")->machine)) <=
                    fabs(log(out.machine.ratio)) + 1e-12);
    }
    /* A row that only the correction makes worse is nobody's regression. */
    assert_int_equal(build_row(&out, "b4", "time", "")->verdict, PFL_VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(build_row(&out, "b4", "time", "")->reason, "machine"));
}

/* With fewer than three benchmarks the core clock is believed, for what is bound to the CPU. */
static void test_one_benchmark(void **state)
{
    static const struct {
        double cpu;
        bool present;
    } cases[] = {{0.98, true}, {0.1, false}, {0, true}};
    static double session = 0.003;
    struct pfl_comparison out;
    size_t i, k;

    (void)state;
    policy.session_sd = build_known_session;
    policy.session_context = &session;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_run *runs[2];

        for (k = 0; k < 2; k++) {
            double factor = k ? 1.1 : 1,
                   slowness[6] = {factor, factor, factor, factor, factor, factor};
            struct pfl_benchmark *bench;

            runs[k] = build_run(&arena);
            bench = build_benchmark(&arena, runs[k], "a");
            build_spread(&arena, bench, "time", factor, 0.005);
            if (cases[i].cpu > 0)
                build_spread(&arena, bench, "cpu", factor * cases[i].cpu, 0.005);
            build_spread(&arena, bench, "peak_rss", 1e6 * factor, 0);
            read_yardsticks(runs[k], 6, slowness);
            build_done(runs[k]);
        }
        build_compare(&arena, runs[0], runs[1], &policy, true, &out);
        assert_int_equal(out.machine.present, cases[i].present);
        assert_int_equal(build_row(&out, "a", "time", "")->verdict,
                         cases[i].present ? PFL_VERDICT_UNCHANGED : PFL_VERDICT_REGRESSED);
        /* Memory has nothing to do with it. */
        assert_int_equal(build_row(&out, "a", "peak_rss", "")->verdict, PFL_VERDICT_REGRESSED);
    }
}

static struct pfl_run *wandering(double level, bool follows)
{
    struct pfl_run *run = build_run(&arena);
    double slowness[20], values[20];
    size_t i;

    wander(slowness, 20);
    for (i = 0; i < 20; i++) {
        slowness[i] *= level;
        values[i] = (follows ? slowness[i] : level) * noise(0.004);
    }
    read_yardsticks(run, 20, slowness);
    launches(run, "a", values, 20);
    return run;
}

/* Both sides by the same measure: normalised against one reference, or both as measured. */
static void test_sides_are_never_mixed(void **state)
{
    static double session = 0.003;
    struct pfl_run *base = wandering(1, true), *head = wandering(1.1, true);
    struct pfl_comparison out;
    const struct pfl_row *row;
    size_t i;

    (void)state;
    policy.session_sd = build_known_session;
    policy.session_context = &session;
    for (i = 0; i < PFL_YARDSTICK_COUNT; i++)
        base->yardstick_reference[i] *= 2; /* another ledger's */
    build_done(base);
    build_done(head);
    assert_true(base->benchmarks[0].results[0].summary.median > 1.9);
    build_compare(&arena, base, head, &policy, true, &out);
    row = build_row(&out, "a", "time", "");
    assert_string_equal(row->normalised_by, "core clock");
    assert_true(fabs(row->ratio - 1) < 0.01);
    assert_true(fabs(row->ratio - row->head.median / row->base.median) < 1e-12);
    assert_true(row->machine == 1); /* it is taken out already */

    head = wandering(1.1, false);
    build_done(head);
    assert_null(head->benchmarks[0].results[0].normalised.by);
    build_compare(&arena, base, head, &policy, true, &out);
    row = build_row(&out, "a", "time", "");
    assert_null(row->normalised_by);
    assert_true(fabs(row->base.median - base->benchmarks[0].results[0].normalised.raw_median) <
                1e-12);
    assert_true(row->base.ci_low < row->base.median && row->base.median < row->base.ci_high);
}

static double half_width(const struct pfl_result *result)
{
    return log(result->stated.high / result->stated.low) / 2;
}

static void test_a_quiet_run_sets_the_reference(void **state)
{
    static const char *const pressures[] = {"2.9 %", "3.0 %"};
    double slowness[8] = {1, 5, 1, 1, 5, 1, 5, 5}, reference[PFL_YARDSTICK_COUNT];
    struct pfl_run *run = build_run(&arena);
    struct pfl_pair pressure = {"psi_cpu_stall", NULL};
    size_t i;

    (void)state;
    read_yardsticks(run, 8, slowness);
    run->environment = &pressure;
    run->environment_count = 1;
    for (i = 0; i < 2; i++) {
        pressure.value = pressures[i];
        assert_int_equal(pfl_judge_yardstick_reference(run, reference, NULL), PFL_OK);
        assert_true(i ? isnan(reference[PFL_YARDSTICK_CORE])
                      : fabs(reference[PFL_YARDSTICK_CORE] / 1e-9 - 1) < 0.01);
    }
}

static void test_the_stated_interval(void **state)
{
    struct pfl_run *run = build_one(&arena, "a", "time", 1, 0.0001);
    struct pfl_result *result = &run->benchmarks[0].results[0];
    struct pfl_pair pressure = {"psi_cpu_stall", "5.0 %"};
    static double session = 0.04;
    struct pfl_stated_history history = {build_known_session, &session};
    double quiet = half_width(result);

    (void)state;
    assert_true(result->stated.known);
    assert_true(fabs(quiet - 1.959963984540054 * sqrt(2) * 0.008) < 1e-4);
    assert_true(result->summary.ci_high < 1.0002); /* the comparison's own */
    run->environment = &pressure;
    run->environment_count = 1;
    pfl_judge_state(run, NULL);
    assert_true(fabs(half_width(result) - 2.5 * quiet) < 1e-4); /* 0.4 of 5 % */
    result->metric = "cpu";                                     /* which does not wait */
    pfl_judge_state(run, NULL);
    assert_true(fabs(half_width(result) - quiet) < 1e-4);
    result->metric = "time";
    pressure.value = "90 %";
    result->metric = "cpu";
    pfl_judge_state(run, NULL);
    assert_true(fabs(half_width(result) - 1.5 * quiet) < 1e-4);
    result->metric = "time";
    pfl_judge_state(run, NULL);
    assert_true(fabs(half_width(result) - 25 * quiet) < 1e-2);
    pfl_judge_state(run, &history);
    assert_true(fabs(half_width(result) - 5 * quiet) < 1e-3);
    result->summary_only = true;
    pfl_judge_state(run, NULL);
    assert_false(result->stated.known);
    /* Launches that scatter tell of sessions that do. */
    run = build_one(&arena, "a", "time", 1, 0.20);
    assert_true(half_width(&run->benchmarks[0].results[0]) > 0.2);
    run = build_one(&arena, "a", "peak_rss", 1e6, 0.20);
    assert_false(run->benchmarks[0].results[0].stated.known);
}

int test_judge_machine_effect(void);
int test_judge_machine_effect(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_a_kernel_that_follows_is_normalised),
        TEST(test_a_rate_follows_the_other_way),
        TEST(test_without_proof_nothing_is_normalised),
        TEST(test_what_does_not_follow_is_hardly_ever_normalised),
        TEST(test_a_common_drift_is_no_proof),
        TEST(test_a_small_reduction_is_not_worth_it),
        TEST(test_the_whole_machine_is_one_notice),
        TEST(test_one_benchmark),
        TEST(test_sides_are_never_mixed),
        TEST(test_a_quiet_run_sets_the_reference),
        TEST(test_the_stated_interval),
    };

    return cmocka_run_group_tests_name("judge machine effect", tests, NULL, NULL);
}
