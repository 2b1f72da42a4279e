/* The values of a parameter within one run: which are compared with which, what each row says, how
 * combinations are pooled, and that the pooled interval holds what it promises. */
#include "build.h"

#include "base/alloc.h"

static struct pfl_arena arena;
static struct pfl_policy policy;

static int setup(void **state)
{
    (void)state;
    pfl_arena_init(&arena);
    pfl_policy_defaults(&policy);
    policy.fail_on = 0;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pfl_arena_release(&arena);
    return 0;
}

static double gaussian(struct pfl_random *random)
{
    return pfl_stats_normal_quantile(pfl_random_unit(random) + 0x1p-60);
}

/* A benchmark "FAMILY[mode=MODE,size=SIZE]"; size NULL: mode alone. */
static struct pfl_benchmark *moded(struct pfl_run *run, const char *family, const char *mode,
                                   const char *size)
{
    const char *name = size ? pfl_arena_format(&arena, "%s[mode=%s,size=%s]", family, mode, size)
                            : pfl_arena_format(&arena, "%s[mode=%s]", family, mode);
    struct pfl_benchmark *bench = build_benchmark(&arena, run, name);

    bench->params = pfl_arena_array(&arena, 2, sizeof *bench->params);
    bench->params[0] = (struct pfl_pair){"mode", pfl_arena_text(&arena, mode)};
    bench->param_count = 1;
    if (size)
        bench->params[bench->param_count++] =
            (struct pfl_pair){"size", pfl_arena_text(&arena, size)};
    return bench;
}

static int compare_by(const struct pfl_run *run, const char *reference, const char *group_by,
                      struct pfl_by *out, struct pfl_err *err)
{
    struct pfl_judge_by_params params = {.run = run,
                                         .label = "the run",
                                         .param = "mode",
                                         .reference = reference,
                                         .group_by = group_by,
                                         .policy = &policy};

    memset(err, 0, sizeof *err);
    return pfl_judge_compare_by(&params, &arena, out, err);
}

static const struct pfl_by_row *row_of(const struct pfl_by *by, const char *benchmark)
{
    size_t i;

    for (i = 0; i < by->row_count; i++)
        if (strcmp(by->rows[i].row.benchmark, benchmark) == 0)
            return &by->rows[i];
    fail_msg("there is no row %s", benchmark);
    return NULL;
}

static bool noted(const struct pfl_by *by, const char *part)
{
    size_t i;

    for (i = 0; i < by->note_count; i++)
        if (strstr(by->notes[i], part))
            return true;
    return false;
}

/* Every round has its own weather; a value is `factor` of it with a little noise. */
static void weathered(struct pfl_benchmark *bench, double factor, double noise, uint64_t seed,
                      size_t n)
{
    struct pfl_random weather, own;
    double values[64];
    size_t i;

    pfl_random_seed(&weather, 7);
    pfl_random_seed(&own, seed);
    for (i = 0; i < n; i++)
        values[i] = factor * exp(0.5 * gaussian(&weather)) * exp(noise * gaussian(&own));
    build_result(&arena, bench, "time", values, n);
}

static void test_rounds_are_paired(void **state)
{
    struct pfl_run *run = build_run(&arena);
    const struct pfl_by_row *row;
    struct pfl_err err;
    struct pfl_by by;
    size_t i;

    (void)state;
    weathered(moded(run, "s", "a", "1"), 1, 0.01, 1, 20);
    weathered(moded(run, "s", "b", "1"), 1.5, 0.01, 2, 20);
    weathered(moded(run, "s", "c", "1"), 0.5, 0.01, 3, 20);
    weathered(moded(run, "s", "a", "2"), 1, 0.01, 4, 20);
    weathered(moded(run, "s", "b", "2"), 1.0001, 0.01, 5, 20);
    build_done(run);
    assert_int_equal(compare_by(run, NULL, NULL, &by, &err), PFL_OK);
    assert_int_equal(by.row_count, 3);
    row = row_of(&by, "s[mode=a → b,size=1]");
    assert_true(row->row.ratio_low > 1.47 && row->row.ratio_high < 1.53); /* unpaired: ± 50 % */
    assert_int_equal(row->rounds, 20);
    assert_int_equal(row->row.verdict, PFL_VERDICT_REGRESSED);
    assert_string_equal(row->row.variant, "mode=b vs a");
    assert_string_equal(row->subject, "s[size=1]");
    assert_string_equal(row->head_benchmark, "s[mode=b,size=1]");
    assert_true(row->row.mde > 0.002 && row->row.mde < 0.05);
    assert_int_equal(row_of(&by, "s[mode=a → c,size=1]")->row.verdict, PFL_VERDICT_IMPROVED);
    assert_int_equal(row_of(&by, "s[mode=a → b,size=2]")->row.verdict, PFL_VERDICT_INCONCLUSIVE);
    assert_int_equal(by.counts[PFL_VERDICT_INCONCLUSIVE], 1);
    policy.tolerance = 0.1;
    assert_int_equal(compare_by(run, NULL, NULL, &by, &err), PFL_OK);
    assert_int_equal(row_of(&by, "s[mode=a → b,size=2]")->row.verdict, PFL_VERDICT_UNCHANGED);
    for (i = 0; i < run->benchmarks[1].launch_count; i++) /* s[mode=a,size=2]: no round in common */
        run->benchmarks[1].launches[i].round += 1000;
    assert_string_equal(run->benchmarks[1].name, "s[mode=a,size=2]");
    assert_int_equal(compare_by(run, NULL, NULL, &by, &err), PFL_OK);
    row = row_of(&by, "s[mode=a → b,size=2]");
    assert_int_equal(row->rounds, 0);
    assert_true(row->row.ratio_high / row->row.ratio_low > 1.2);
    assert_non_null(strstr(row->row.reason, "two estimates"));
}

static void test_no_verdict_from_too_few(void **state)
{
    static const struct {
        size_t rounds;
        double noise;
        enum pfl_verdict verdict;
        size_t more;
    } cases[] = {
        {7, 0.01, PFL_VERDICT_INCONCLUSIVE, 1}, /* [min, max] of 7 covers 98.4 % */
        {8, 0.01, PFL_VERDICT_REGRESSED, 0},    {5, 0.01, PFL_VERDICT_INCONCLUSIVE, 3},
        {5, 0, PFL_VERDICT_REGRESSED, 0}, /* rounds that agree exactly are no matter of chance */
        {1, 0.01, PFL_VERDICT_INCONCLUSIVE, 0},
    };
    struct pfl_run *run;
    struct pfl_err err;
    struct pfl_by by;
    size_t i, k;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        double base[64], head[64];
        struct pfl_random random;

        pfl_random_seed(&random, 3);
        for (k = 0; k < cases[i].rounds; k++) {
            base[k] = 1 + (double)k;
            head[k] = 2 * base[k] * exp(cases[i].noise * gaussian(&random));
        }
        run = build_run(&arena);
        build_result(&arena, moded(run, "s", "a", NULL), "time", base, cases[i].rounds);
        build_result(&arena, moded(run, "s", "b", NULL), "time", head, cases[i].rounds);
        build_done(run);
        assert_int_equal(compare_by(run, NULL, NULL, &by, &err), PFL_OK);
        assert_int_equal(by.rows[0].row.verdict, cases[i].verdict);
        assert_int_equal(by.rows[0].row.more_launches, cases[i].more);
        assert_true(isnan(by.rows[0].row.ratio_low) == (cases[i].rounds == 1));
    }
}

static void test_values_and_references(void **state)
{
    static const char *const values[] = {"10", "9", "0.25", "0.5", "on", "off"};
    struct pfl_run *run = build_run(&arena);
    struct pfl_err err;
    struct pfl_by by;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(values); i++)
        build_spread(&arena, moded(run, "s", values[i], NULL), "time", 1, 0.01);
    build_spread(&arena, moded(run, "other", "on", NULL), "time", 1, 0.01);
    build_spread(&arena, moded(run, "other", "slow", NULL), "time", 1, 0.01);
    build_spread(&arena, build_benchmark(&arena, run, "bare"), "time", 1, 0.01);
    build_done(run);
    assert_int_equal(compare_by(run, NULL, NULL, &by, &err), PFL_OK);
    assert_string_equal(by.rows[0].row.benchmark, "other[mode=on → slow]"); /* its own first */
    assert_string_equal(by.rows[1].row.benchmark, "s[mode=0.25 → 0.5]");
    assert_string_equal(by.rows[2].row.benchmark, "s[mode=0.25 → 9]");
    assert_string_equal(by.rows[3].row.benchmark, "s[mode=0.25 → 10]");
    assert_string_equal(by.rows[4].row.benchmark, "s[mode=0.25 → off]");
    assert_true(noted(&by, "1 benchmark has no such parameter"));
    assert_int_equal(compare_by(run, "off", NULL, &by, &err), PFL_OK);
    assert_int_equal(by.row_count, 5);
    assert_true(noted(&by, "reference value and left out (other[mode=on])"));
    assert_int_equal(compare_by(run, "offf", NULL, &by, &err), PFL_ENOENT);
    assert_non_null(strstr(err.message, "did you mean `off`"));
}

static void test_failed_and_skipped_are_said(void **state)
{
    struct pfl_run *run = build_run(&arena);
    struct pfl_benchmark *bench;
    struct pfl_err err;
    struct pfl_by by;

    (void)state;
    build_spread(&arena, moded(run, "s", "a", "1"), "time", 1, 0.01);
    bench = moded(run, "s", "b", "1");
    bench->status = PFL_STATUS_FAILED;
    bench->reason = "exit code 3\nlast words";
    build_spread(&arena, bench, "time", 9, 0.01);
    build_spread(&arena, moded(run, "s", "c", "1"), "time", 2, 0.01);
    bench = moded(run, "s", "a", "2"); /* the reference is missing: nothing to stand against */
    bench->status = PFL_STATUS_SKIPPED;
    bench->reason = "no GPU";
    build_spread(&arena, moded(run, "s", "b", "2"), "time", 1, 0.01);
    build_done(run);
    policy.fail_on = PFL_FAIL_ON_FAILED;
    assert_int_equal(compare_by(run, NULL, NULL, &by, &err), PFL_OK);
    assert_int_equal(by.row_count, 1);
    assert_string_equal(by.rows[0].value, "c");
    assert_true(noted(&by, "s[mode=b,size=1] failed: exit code 3"));
    assert_false(noted(&by, "last words"));
    assert_true(noted(&by, "s[mode=a,size=2] was skipped: no GPU"));
    assert_int_equal(by.counts[PFL_VERDICT_FAILED], 1);
    assert_int_equal(by.counts[PFL_VERDICT_SKIPPED], 1);
    assert_int_equal(by.exit_code, PFL_EGATE);
    run->benchmarks[2].status = PFL_STATUS_TIMED_OUT; /* s[mode=b,size=1] comes before */
    run->benchmarks[4].status = PFL_STATUS_TIMED_OUT;
    assert_int_equal(compare_by(run, NULL, NULL, &by, &err), PFL_ENOTHING);
}

static void test_nothing_to_compare(void **state)
{
    struct pfl_run *run = build_run(&arena);
    struct pfl_judge_by_params params = {.run = run, .label = "the run", .policy = &policy};
    struct pfl_err err;
    struct pfl_by by = {.row_count = 77};

    (void)state;
    build_spread(&arena, moded(run, "s", "a", "1"), "time", 1, 0.01);
    build_spread(&arena, moded(run, "s", "a", "2"), "time", 1, 0.01);
    build_done(run);
    assert_int_equal(compare_by(run, NULL, NULL, &by, &err), PFL_ENOTHING);
    assert_non_null(strstr(err.message, "only one value, `a`"));
    params.param = "mdoe";
    assert_int_equal(pfl_judge_compare_by(&params, &arena, &by, &err), PFL_ENOENT);
    assert_non_null(strstr(err.message, "did you mean `mode`"));
    params.param = "quite-different";
    assert_int_equal(pfl_judge_compare_by(&params, &arena, &by, &err), PFL_ENOENT);
    assert_non_null(strstr(err.message, "mode, size"));
    params.param = "size";
    params.group_by = "mod";
    assert_int_equal(pfl_judge_compare_by(&params, &arena, &by, &err), PFL_ENOENT);
    params.group_by = NULL;
    policy.only_metric = "cpu*";
    assert_int_equal(pfl_judge_compare_by(&params, &arena, &by, &err), PFL_ENOTHING);
    assert_non_null(strstr(err.message, "`cpu*`"));
    assert_int_equal(by.row_count, 77); /* untouched by failures */
}

/* Values and names may hold the separators of names; two parameter sets that read alike are two. */
static void test_hostile_names(void **state)
{
    struct pfl_run *run = build_run(&arena);
    struct pfl_err err;
    struct pfl_by by;
    int i;

    (void)state;
    for (i = 0; i < 2; i++) {
        struct pfl_benchmark *bench = moded(run, "s", i ? "b" : "a", "1,x=2");

        build_spread(&arena, bench, "time", 1 + i, 0.01);
        bench = build_benchmark(&arena, run, i ? "t[mode=b]" : "t[mode=a]");
        bench->name = pfl_arena_format(&arena, "s[mode=%s,size=1,x=2]", i ? "b" : "a");
        bench->suite = "s";
        bench->params = pfl_arena_array(&arena, 3, sizeof *bench->params);
        bench->params[0] = (struct pfl_pair){"x", "2"}; /* a foreign file need not sort them */
        bench->params[1] = (struct pfl_pair){"size", "1"};
        bench->params[2] = (struct pfl_pair){"mode", i ? "b" : "a"};
        bench->param_count = 3;
        build_spread(&arena, bench, "time", 1 + 2 * i, 0.01);
    }
    build_done(run);
    assert_int_equal(compare_by(run, NULL, NULL, &by, &err), PFL_OK);
    assert_int_equal(by.row_count, 2);
    assert_true(fabs(by.rows[0].row.ratio * by.rows[1].row.ratio - 6) < 1e-9); /* 2 and 3 */
}

static void test_metrics(void **state)
{
    static const double zeros[8], some[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    struct pfl_run *run = build_run(&arena);
    struct pfl_benchmark *bench;
    struct pfl_err err;
    struct pfl_by by;
    int i;

    (void)state;
    for (i = 0; i < 2; i++) {
        bench = moded(run, "s", i ? "b" : "a", NULL);
        build_spread(&arena, bench, "cpu", 1 + i, 0.01);
        build_spread(&arena, bench, "throughput", 100 / (1.0 + i), 0.01);
        build_result(&arena, bench, "errors", i ? some : zeros, 8);
        build_result(&arena, bench, "artifact_hash", zeros, 0)->text = "abc";
        if (i)
            build_spread(&arena, bench, "only_here", 1, 0.01);
    }
    build_done(run);
    assert_int_equal(compare_by(run, NULL, NULL, &by, &err), PFL_OK);
    assert_int_equal(by.row_count, 3); /* by name: cpu, errors, throughput */
    assert_true(by.rows[0].row.deciding && !by.rows[1].row.deciding && !by.rows[2].row.deciding);
    assert_string_equal(by.rows[1].row.metric, "errors");
    assert_true(isnan(by.rows[1].row.ratio));
    assert_int_equal(by.rows[1].row.verdict, PFL_VERDICT_REGRESSED); /* 0 in all rounds, then 1 */
    assert_int_equal(by.rows[2].row.verdict, PFL_VERDICT_REGRESSED);
    assert_true(by.rows[2].row.ratio < 0.51);
    assert_true(noted(&by, "not for its reference"));
    policy.only_metric = "through*";
    assert_int_equal(compare_by(run, NULL, NULL, &by, &err), PFL_OK);
    assert_true(by.row_count == 1 && by.rows[0].row.deciding);
}

/* ---- pooling ---- */

static void test_pooled_by_hand(void **state)
{
    static const double ratios[] = {1.1, 1.2, 1.4};
    double constant[2][8], mean = 0, squares = 0, half;
    struct pfl_run *run = build_run(&arena);
    const struct pfl_by_row *row;
    struct pfl_benchmark *bench;
    struct pfl_err err;
    struct pfl_by by;
    size_t i, k;
    int m;

    (void)state;
    for (i = 0; i < 3; i++) {
        for (m = 0; m < 2; m++) {
            for (k = 0; k < 8; k++)
                constant[m][k] = m ? ratios[i] : 1;
            bench = moded(run, "s", m ? "b" : "a", "1");
            bench->params = pfl_arena_grow(&arena, bench->params, 2, 3, sizeof *bench->params);
            bench->params[bench->param_count++] =
                (struct pfl_pair){"seed", pfl_arena_format(&arena, "%zu", i)};
            bench->name = pfl_arena_format(&arena, "s[mode=%s,seed=%zu,size=1]", m ? "b" : "a", i);
            build_result(&arena, bench, "time", constant[m], 8);
        }
        mean += log(ratios[i]) / 3;
    }
    build_spread(&arena, moded(run, "s", "a", "2"), "time", 1, 0);
    build_spread(&arena, moded(run, "s", "b", "2"), "time", 3, 0);
    build_spread(&arena, moded(run, "lone", "a", NULL), "time", 3, 0);
    build_done(run);
    for (i = 0; i < 3; i++)
        squares += (log(ratios[i]) - mean) * (log(ratios[i]) - mean);
    half = 9.924843 * sqrt(squares / 2 / 3); /* t, two-sided 99 %, 2 degrees of freedom */
    assert_int_equal(compare_by(run, NULL, "size", &by, &err), PFL_OK);
    assert_int_equal(by.row_count, 2);
    row = row_of(&by, "s[mode=a → b,size=1]");
    assert_int_equal(row->combinations, 3);
    assert_true(fabs(row->row.ratio / exp(mean) - 1) < 1e-12);
    assert_true(fabs(row->row.ratio_low / exp(mean - half) - 1) < 1e-6);
    assert_true(fabs(row->row.ratio_high / exp(mean + half) - 1) < 1e-6);
    assert_true(row->smallest == 1.1 && row->largest == 1.4);
    assert_true(fabs(row->launch_low - row->launch_high) < 1e-12); /* the launches do not vary */
    assert_null(row->head_benchmark);
    row = row_of(&by, "s[mode=a → b,size=2]"); /* one combination keeps its own interval */
    assert_true(row->combinations == 1 && fabs(row->row.ratio - 3) < 1e-12);
    assert_true(row->row.ratio_low == row->row.ratio);
    assert_true(noted(&by, "no parameter to group by"));
}

/* How often a 99 % interval misses, when combinations differ by tau and launches by noise. */
static double misses(size_t k, double tau, double noise)
{
    enum { TRIALS = 1000, ROUNDS = 10 };
    const double truth = log(1.05);
    size_t trial, c, i, missed = 0;
    struct pfl_random random;

    pfl_random_seed(&random, 11 * k + (tau > 0));
    for (trial = 0; trial < TRIALS; trial++) {
        struct pfl_run *run = build_run(&arena);
        double a[ROUNDS], b[ROUNDS], effect;
        struct pfl_err err;
        struct pfl_by by;

        for (c = 0; c < k; c++) {
            const char *seed = pfl_arena_format(&arena, "%zu", c);
            struct pfl_benchmark *bench[2] = {moded(run, "s", "a", seed),
                                              moded(run, "s", "b", seed)};

            effect = truth + tau * gaussian(&random);
            for (i = 0; i < ROUNDS; i++) {
                a[i] = exp(noise * gaussian(&random));
                b[i] = exp(effect + noise * gaussian(&random));
            }
            bench[0]->params[1].name = bench[1]->params[1].name = "seed";
            build_result(&arena, bench[0], "time", a, ROUNDS);
            build_result(&arena, bench[1], "time", b, ROUNDS);
            bench[0]->params =
                pfl_arena_grow(&arena, bench[0]->params, 2, 3, sizeof(struct pfl_pair));
            bench[1]->params =
                pfl_arena_grow(&arena, bench[1]->params, 2, 3, sizeof(struct pfl_pair));
            bench[0]->params[2] = bench[1]->params[2] = (struct pfl_pair){"size", "1"};
            bench[0]->param_count = bench[1]->param_count = 3;
        }
        build_done(run);
        assert_int_equal(compare_by(run, NULL, "size", &by, &err), PFL_OK);
        assert_int_equal(by.row_count, 1);
        missed += log(by.rows[0].row.ratio_low) > truth || log(by.rows[0].row.ratio_high) < truth;
        pfl_arena_release(&arena);
        pfl_arena_init(&arena);
    }
    return (double)missed / TRIALS;
}

static void test_pooled_interval_covers(void **state)
{
    static const size_t sizes[] = {2, 4, 8};
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(sizes); i++) {
        assert_true(misses(sizes[i], 0, 0.02) < 0.02); /* 1 % promised; ± 0.6 % from 1,000 trials */
        assert_true(misses(sizes[i], 0.05, 0.02) < 0.02);
        assert_true(misses(sizes[i], 0.01, 0.02) < 0.02);
    }
}

static void test_without_memory(void **state)
{
    struct pfl_run *run = build_run(&arena);
    unsigned long nth = 0;
    int i, rc;

    (void)state;
    for (i = 0; i < 6; i++)
        build_spread(&arena,
                     moded(run, "s", i % 2 ? "b" : "a",
                           i < 2   ? "1"
                           : i < 4 ? "2"
                                   : "3"),
                     "time", 1 + i, 0.01);
    run->benchmarks[5].status = PFL_STATUS_FAILED;
    run->benchmarks[5].reason = "";
    build_done(run);
    do {
        struct pfl_judge_by_params params = {.run = run,
                                             .label = "the run",
                                             .param = "mode",
                                             .group_by = "size",
                                             .policy = &policy,
                                             .sort = "ratio"};
        struct pfl_arena scratch;
        struct pfl_err err = {0};
        struct pfl_by by;

        pfl_arena_init(&scratch);
        pfl_fault.alloc_seen = 0;
        pfl_fault.alloc_at = ++nth;
        rc = pfl_judge_compare_by(&params, &scratch, &by, &err);
        pfl_fault.alloc_at = 0;
        assert_true(rc == PFL_OK || rc == PFL_ENOMEM);
        assert_true(rc == PFL_OK || err.code == PFL_ENOMEM);
        pfl_arena_release(&scratch);
    } while (rc != PFL_OK);
    assert_true(nth > 5);
}

int test_judge_by(void);
int test_judge_by(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rounds_are_paired, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_verdict_from_too_few, setup, teardown),
        cmocka_unit_test_setup_teardown(test_values_and_references, setup, teardown),
        cmocka_unit_test_setup_teardown(test_failed_and_skipped_are_said, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_to_compare, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hostile_names, setup, teardown),
        cmocka_unit_test_setup_teardown(test_metrics, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pooled_by_hand, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pooled_interval_covers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_without_memory, setup, teardown),
    };

    return cmocka_run_group_tests_name("judge by", tests, NULL, NULL);
}
