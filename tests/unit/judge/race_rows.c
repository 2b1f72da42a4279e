/* Whole races, put together from the results of bouts in made-up worlds: rows, counts, exit codes,
 * false discoveries, the bar. */
#include "race_world.h"

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

static struct pfl_policy policy;
static struct pfl_contender contenders[3];

static void judge_race(struct pfl_bout_result *bouts, size_t n, double bar, double max_cv,
                       struct pfl_race *race)
{
    struct pfl_judge_race_params params = {&policy, bar, max_cv, 10};
    struct pfl_err err = {0};

    *race = (struct pfl_race){.contenders = contenders,
                              .contender_count = PFL_COUNT(contenders),
                              .bouts = bouts,
                              .bout_count = n};
    if (pfl_judge_race(&params, &arena, race, &err) != PFL_OK)
        fail_msg("%s", err.message);
}

static void race_setup(void)
{
    pfl_policy_defaults(&policy);
    policy.fail_on = 0;
    contenders[0] = (struct pfl_contender){.label = "HEAD~1"};
    contenders[1] = (struct pfl_contender){.label = "HEAD"};
    contenders[2] = (struct pfl_contender){.label = "work tree"};
}

static void bout_of(double effect, const char *benchmark, size_t challenger,
                    struct pfl_bout_result *result)
{
    const struct race_world world = {.wall = 0.02, .effect = effect, .noise = 0.005};
    struct pfl_race_rules rules = race_rules(2);

    rules.benchmark = benchmark;
    rules.challenger = challenger;
    rules.bouts = 3;
    race_hold(&world, &rules, 7, &arena, result);
}

static const struct pfl_row *find_row(const struct pfl_race *race, const char *benchmark,
                                      const char *metric, const char *variant)
{
    return build_row(&race->comparison, benchmark, metric, variant);
}

static void test_rows_counts_and_exit_code(void **state)
{
    struct pfl_bout_result bouts[3];
    struct pfl_race race;

    (void)state;
    race_setup();
    bout_of(1.05, "b[n=10]", 1, &bouts[0]);
    bout_of(1, "b[n=10]", 2, &bouts[1]);
    bout_of(0.9, "b[n=9]", 1, &bouts[2]);
    judge_race(bouts, 3, NAN, NAN, &race);
    assert_int_equal(race.comparison.row_count, 6);
    assert_string_equal(race.comparison.rows[0].benchmark, "b[n=9]");
    assert_int_equal(find_row(&race, "b[n=10]", "cpu", "HEAD")->verdict, PFL_VERDICT_REGRESSED);
    assert_int_equal(find_row(&race, "b[n=10]", "cpu", "work tree")->verdict,
                     PFL_VERDICT_INCONCLUSIVE);
    assert_int_equal(find_row(&race, "b[n=9]", "cpu", "")->verdict, PFL_VERDICT_IMPROVED);
    assert_int_equal(race.comparison.counts[PFL_VERDICT_REGRESSED], 1);
    assert_int_equal(race.comparison.counts[PFL_VERDICT_INCONCLUSIVE], 1);
    assert_int_equal(race.comparison.exit_code, PFL_OK);
    policy.strict = true;
    judge_race(bouts, 3, NAN, NAN, &race);
    assert_int_equal(race.comparison.exit_code, PFL_EINCONCLUSIVE);
    policy.fail_on = PFL_FAIL_ON_REGRESSED;
    judge_race(bouts, 3, NAN, NAN, &race);
    assert_int_equal(race.comparison.exit_code, PFL_EGATE);
    assert_false(race.comparison.ok);
    judge_race(bouts, 0, NAN, NAN, &race);
    assert_int_equal(race.comparison.exit_code, PFL_ENOTHING);
}

/* A final look at 1 % among a hundred bouts is no discovery; a clear one is. */
static void test_false_discoveries(void **state)
{
    struct pfl_bout_result bouts[100];
    struct pfl_race race;
    size_t i;

    (void)state;
    race_setup();
    bout_of(1, "b", 1, &bouts[0]);
    for (i = 1; i < 100; i++)
        bouts[i] = bouts[0];
    bouts[40].rows[0].verdict = PFL_VERDICT_REGRESSED;
    bouts[40].p = 0.005;
    bouts[60].rows[0].verdict = PFL_VERDICT_REGRESSED;
    bouts[60].p = 1e-6;
    judge_race(bouts, 100, NAN, NAN, &race);
    assert_int_equal(bouts[40].rows[0].verdict, PFL_VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(bouts[40].rows[0].reason, "among 100 bouts this may be chance"));
    assert_int_equal(bouts[60].rows[0].verdict, PFL_VERDICT_REGRESSED);
    /* Alone it stands. */
    bouts[40].rows[0].verdict = PFL_VERDICT_REGRESSED;
    judge_race(&bouts[40], 1, NAN, NAN, &race);
    assert_int_equal(bouts[40].rows[0].verdict, PFL_VERDICT_REGRESSED);
}

static struct pfl_run *run_of(double time, double memory, size_t stages)
{
    struct pfl_run *run = build_run(&arena);
    struct pfl_benchmark *bench = build_benchmark(&arena, run, "b");

    build_spread(&arena, bench, "cpu", time, 0.01);
    build_spread(&arena, bench, "peak_rss", memory, 0);
    if (stages)
        build_spread(&arena, bench, "time:parse", time / 2, 0.01);
    build_done(run);
    return run;
}

static void test_other_metrics_have_rows_and_decide_nothing(void **state)
{
    struct pfl_bout_result bout;
    struct pfl_race race;

    (void)state;
    race_setup();
    policy.fail_on = PFL_FAIL_ON_REGRESSED;
    bout_of(1, "b", 1, &bout);
    contenders[0].run = run_of(0.02, 1e6, 1);
    contenders[1].run = run_of(0.02, 2e6, 1);
    judge_race(&bout, 1, NAN, NAN, &race);
    assert_int_equal(race.comparison.row_count, 4);
    assert_int_equal(find_row(&race, "b", "peak_rss", "")->verdict, PFL_VERDICT_REGRESSED);
    assert_false(find_row(&race, "b", "peak_rss", "")->deciding);
    assert_non_null(find_row(&race, "b", "time:parse", ""));
    assert_non_null(find_row(&race, "b", "cpu", "")->base.samples);
    assert_true(race.comparison.base == contenders[0].run);
    assert_int_equal(race.comparison.exit_code, PFL_OK);
    contenders[0].run = contenders[1].run = NULL;
}

/* Programs of a sanitizer race, but --fail-on does not speak of them, nor does it pass. */
static void test_instrumented_programs_fail_nothing(void **state)
{
    struct pfl_pair pair = {"instrumented", "AddressSanitizer"};
    struct pfl_bout_result bout;
    const struct pfl_row *row;
    struct pfl_race race;
    int side;

    (void)state;
    for (side = 0; side < 3; side++) {
        race_setup();
        policy.fail_on = side < 2 ? PFL_FAIL_ON_REGRESSED : 0;
        bout_of(1.5, "b", 1, &bout);
        contenders[0].run = run_of(0.02, 1e6, 0);
        contenders[1].run = run_of(0.03, 1e6, 0);
        contenders[side % 2].run->benchmarks[0].environment = &pair;
        contenders[side % 2].run->benchmarks[0].environment_count = 1;
        judge_race(&bout, 1, NAN, NAN, &race);
        row = find_row(&race, "b", "cpu", "");
        assert_int_equal(row->verdict, PFL_VERDICT_REGRESSED);
        assert_string_equal(row->not_gated, side % 2 ? "built with AddressSanitizer"
                                                     : "the base was built with AddressSanitizer");
        assert_int_equal(strncmp(row->reason, "not gated: ", 11), 0);
        assert_int_equal(race.comparison.exit_code, side < 2 ? PFL_ENOTHING : PFL_OK);
        assert_int_equal(!!race.comparison.why_nothing, side < 2);
        assert_int_equal(race.comparison.counts[PFL_VERDICT_REGRESSED], 1);
    }
    contenders[0].run = contenders[1].run = NULL;
}

/* One side followed a yardstick and the other one did not: both are shown as measured. The deciding
 * row keeps the middle of the launches it was judged by. */
static void test_rows_are_as_measured(void **state)
{
    struct pfl_bout_result bout;
    struct pfl_run *base = run_of(0.03, 1e6, 1);
    struct pfl_result *parse =
        (struct pfl_result *)(uintptr_t)pfl_benchmark_find(&base->benchmarks[0], "time:parse", "");
    const struct pfl_row *row;
    struct pfl_race race;

    (void)state;
    race_setup();
    parse->normalised.by = "core";
    parse->normalised.raw_median = parse->summary.median;
    parse->normalised.raw_low = parse->summary.ci_low;
    parse->normalised.raw_high = parse->summary.ci_high;
    parse->summary.median *= 2;
    bout_of(1, "b", 1, &bout);
    contenders[0].run = base;
    contenders[1].run = run_of(0.03, 1e6, 1);
    judge_race(&bout, 1, NAN, NAN, &race);
    row = find_row(&race, "b", "time:parse", "");
    assert_true(fabs(row->base.median - row->head.median) < 1e-12);
    assert_true(row->base.ci_low <= row->base.median && row->base.median <= row->base.ci_high);
    row = find_row(&race, "b", "cpu", "");
    assert_true(row->base.median < 0.025 && row->base.samples);
    assert_int_equal(row->base.launches, bout.pairs[bout.mode]);
    contenders[0].run = contenders[1].run = NULL;
}

/* A program's own variant does not say whose it is. */
static void test_variants_of_several_challengers(void **state)
{
    struct pfl_bout_result bouts[2];
    struct pfl_race race;
    size_t i;

    (void)state;
    race_setup();
    for (i = 0; i < 3; i++) {
        struct pfl_run *run = run_of(0.02, 1e6, 0);
        struct pfl_result *own =
            build_spread(&arena, &run->benchmarks[0], "depth", 7 + (double)i, 0.01);

        own->variant = "left";
        build_done(run);
        contenders[i].run = run;
    }
    bout_of(1, "b", 1, &bouts[0]);
    bout_of(1, "b", 2, &bouts[1]);
    judge_race(bouts, 2, NAN, NAN, &race);
    assert_non_null(find_row(&race, "b", "depth", "left, HEAD"));
    assert_non_null(find_row(&race, "b", "depth", "left, work tree"));
    for (i = 0; i < 3; i++)
        contenders[i].run = NULL;
}

static void test_bar(void **state)
{
    static const struct race_world world = {.wall = 0.02, .effect = 1 / 3.2, .noise = 0.01};
    struct pfl_race_rules rules = race_rules(20);
    struct pfl_bout_result bout;
    struct pfl_race race;

    (void)state;
    race_setup();
    rules.bar = 3;
    rules.least_launches = 10;
    race_hold(&world, &rules, 5, &arena, &bout);
    assert_int_equal(bout.end, PFL_BOUT_DECIDED);
    judge_race(&bout, 1, 3, 0.1, &race);
    assert_true(race.bar.met);
    assert_non_null(strstr(race.bar.reason, "times as fast as the base ("));
    assert_int_equal(race.comparison.exit_code, PFL_OK);
    judge_race(&bout, 1, 3, 0.001, &race);
    assert_false(race.bar.met);
    if (!strstr(race.bar.reason, "% is allowed: too much"))
        fail_msg("%s", race.bar.reason);
    judge_race(&bout, 1, 4, NAN, &race);
    assert_false(race.bar.met);
    assert_non_null(strstr(race.bar.reason, "too little"));
    assert_int_equal(race.comparison.exit_code, PFL_EGATE);
    judge_race(&bout, 1, bout.rows[0].ratio > 0 ? 1 / bout.rows[0].ratio : 0, NAN, &race);
    assert_non_null(strstr(race.bar.reason, "it may be either"));
}

int test_judge_race_rows(void);
int test_judge_race_rows(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows_counts_and_exit_code, setup, teardown),
        cmocka_unit_test_setup_teardown(test_false_discoveries, setup, teardown),
        cmocka_unit_test_setup_teardown(test_other_metrics_have_rows_and_decide_nothing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_instrumented_programs_fail_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_rows_are_as_measured, setup, teardown),
        cmocka_unit_test_setup_teardown(test_variants_of_several_challengers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bar, setup, teardown),
    };

    return cmocka_run_group_tests_name("judge/race rows", tests, NULL, NULL);
}
