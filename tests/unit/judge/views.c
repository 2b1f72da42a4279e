/* What a person sees of one run: oddities, fits over a size, the ranking; and the deviation between
 * sessions. */
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

static double gaussian(struct pfl_random *random)
{
    return pfl_stats_normal_quantile(pfl_random_unit(random) + 0x1p-60);
}

static unsigned oddities_of(const double *values, size_t n, struct pfl_pair *environment)
{
    struct pfl_run *run = build_run(&arena);
    struct pfl_assessment *all;
    struct pfl_err err;
    unsigned kinds = 0;
    size_t i;

    build_result(&arena, build_benchmark(&arena, run, "a"), "time", values, n);
    run->environment = environment;
    run->environment_count = environment ? 1 : 0;
    build_done(run);
    assert_int_equal(pfl_judge_assess(run, &arena, &all, &err), PFL_OK);
    assert_ptr_equal(all[0].benchmark, &run->benchmarks[0]);
    for (i = 0; i < all[0].oddity_count; i++) {
        kinds |= 1u << all[0].oddities[i].kind;
        assert_true(all[0].oddities[i].text[0] != 0);
    }
    return kinds;
}

enum shape { QUIET, OUTLIER, CLUSTERS, RISING, COLD, WILD, ZERO };

static void draw(enum shape shape, double *values, size_t n)
{
    struct pfl_random random;
    size_t i;

    pfl_random_seed(&random, 31);
    for (i = 0; i < n; i++) {
        values[i] = 1 + 0.003 * (2 * pfl_random_unit(&random) - 1);
        if (shape == OUTLIER && i == 17)
            values[i] = 2.1;
        if (shape == CLUSTERS && pfl_random_unit(&random) < 0.4)
            values[i] += 0.08;
        if (shape == RISING)
            values[i] += 0.001 * (double)i;
        if (shape == COLD && i == 0)
            values[i] = 1.5;
        if (shape == WILD)
            values[i] = exp(gaussian(&random));
        if (shape == ZERO)
            values[i] = 0;
    }
}

static void test_oddities(void **state)
{
    static const struct {
        enum shape shape;
        unsigned must, must_not;
    } cases[] = {
        {QUIET, 0, ~0u},
        {OUTLIER, 1u << PFL_ODD_OUTLIERS,
         1u << PFL_ODD_BIMODAL | 1u << PFL_ODD_TREND | 1u << PFL_ODD_NOISY},
        {CLUSTERS, 1u << PFL_ODD_BIMODAL, 1u << PFL_ODD_TREND | 1u << PFL_ODD_FIRST_SLOW},
        {RISING, 1u << PFL_ODD_TREND, 1u << PFL_ODD_BIMODAL | 1u << PFL_ODD_FIRST_SLOW},
        {COLD, 1u << PFL_ODD_FIRST_SLOW, 1u << PFL_ODD_TREND},
        {WILD, 1u << PFL_ODD_NOISY, 1u << PFL_ODD_TREND},
        {ZERO, 1u << PFL_ODD_CONSTANT_ZERO, ~(1u << PFL_ODD_CONSTANT_ZERO)},
    };
    double values[30];
    unsigned kinds;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        draw(cases[i].shape, values, 30);
        kinds = oddities_of(values, 30, NULL);
        if ((kinds & cases[i].must) != cases[i].must || (kinds & cases[i].must_not))
            fail_msg("shape %d: oddities %#x", cases[i].shape, kinds);
    }
}

static const char *outlier_text(double last, double spread)
{
    struct pfl_run *run = build_run(&arena);
    struct pfl_assessment *all;
    struct pfl_err err;
    double values[20];
    size_t i;

    for (i = 0; i < 19; i++)
        values[i] = 1 + spread * ((double)(i * 7 % 19) / 9 - 1);
    values[9] = last; /* not the first, which would be a missing warm-up */
    values[19] = 1;
    build_result(&arena, build_benchmark(&arena, run, "a"), "time", values, 20);
    build_done(run);
    assert_int_equal(pfl_judge_assess(run, &arena, &all, &err), PFL_OK);
    for (i = 0; i < all[0].oddity_count; i++)
        if (all[0].oddities[i].kind == PFL_ODD_OUTLIERS)
            return all[0].oddities[i].text;
    return "";
}

static void test_outliers_are_told_when_they_matter(void **state)
{
    static const struct {
        double last, spread;
        const char *text;
    } cases[] = {
        {1.01, 0.001, ""}, /* severe by Tukey, but 1 % off */
        {1.03, 0.001, "1 of 20 launches is an outlier, a severe one (up to 1.03 times the median)"},
        {0.8, 0.001,
         "1 of 20 launches is an outlier, a severe one (down to 0.80 times the median)"},
        {1.042, 0.02, ""}, /* mild, and 4 % off */
        {1.3, 0.12, "1 of 20 launches is an outlier (up to 1.29 times the median)"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++)
        if (strcmp(outlier_text(cases[i].last, cases[i].spread), cases[i].text) != 0)
            fail_msg("%g: %s", cases[i].last, outlier_text(cases[i].last, cases[i].spread));
}

static void test_quiet_samples_are_rarely_odd(void **state)
{
    unsigned counts[8] = {0}, kinds, kind;
    struct pfl_random random;
    double values[20];
    size_t round, i;

    (void)state;
    pfl_random_seed(&random, 8);
    for (round = 0; round < 1000; round++) {
        for (i = 0; i < 20; i++)
            values[i] = exp(0.04 * gaussian(&random));
        kinds = oddities_of(values, 20, NULL);
        for (kind = 0; kind < 8; kind++)
            counts[kind] += kinds >> kind & 1;
    }
    assert_true(counts[PFL_ODD_BIMODAL] <= 10);
    assert_true(counts[PFL_ODD_TREND] <= 5);
    assert_true(counts[PFL_ODD_FIRST_SLOW] <= 10);
    assert_int_equal(counts[PFL_ODD_NOISY], 0);
}

static void test_contention(void **state)
{
    struct pfl_pair low = {"psi_cpu_during", "2.5"}, high = {"psi_cpu_during", "43 %"},
                    memory = {"psi_memory", "99"};
    double values[12];

    (void)state;
    draw(QUIET, values, 12);
    assert_int_equal(oddities_of(values, 12, &low), 0);
    assert_int_equal(oddities_of(values, 12, &memory), 0);
    assert_int_equal(oddities_of(values, 12, &high), 1u << PFL_ODD_CONTENTION);
    high.name = "psi_cpu_stall";
    assert_int_equal(oddities_of(values, 12, &high), 1u << PFL_ODD_CONTENTION);
}

static void test_few_or_failed_are_not_odd(void **state)
{
    const double few[] = {1, 5}, holes[] = {NAN, NAN, NAN};

    (void)state;
    assert_int_equal(oddities_of(few, 2, NULL) & ~(1u << PFL_ODD_NOISY), 0);
    assert_int_equal(oddities_of(few, 1, NULL), 0);
    assert_int_equal(oddities_of(holes, 3, NULL), 0);
}

static struct pfl_benchmark *sized(struct pfl_run *run, const char *suite, int size, int seed,
                                   double seconds)
{
    struct pfl_benchmark *bench = build_benchmark(
        &arena, run, pfl_arena_format(&arena, "%s[seed=%d,size=%d]", suite, seed, size));

    bench->params = pfl_arena_array(&arena, 2, sizeof *bench->params);
    bench->params[0] = (struct pfl_pair){"seed", pfl_arena_format(&arena, "%d", seed)};
    bench->params[1] = (struct pfl_pair){"size", pfl_arena_format(&arena, "%d", size)};
    bench->param_count = 2;
    bench->work = size;
    build_spread(&arena, bench, "time", seconds, 0);
    return bench;
}

static void test_fits(void **state)
{
    static const int sizes[] = {10, 20, 40, 80};
    struct pfl_run *run = build_run(&arena);
    struct pfl_fit *fits;
    struct pfl_err err;
    size_t i, n;
    int seed;

    (void)state;
    for (seed = 1; seed <= 3; seed++)
        for (i = 0; i < 4; i++)
            sized(run, "square", sizes[i], seed,
                  3e-6 * pow(sizes[i], 2) * (1 + 0.01 * (double)((int)i % 2)));
    for (i = 0; i < 2; i++)
        sized(run, "short", sizes[i], 1, sizes[i]);
    for (i = 0; i < 4; i++)
        sized(run, "idle", sizes[i], 1, 1)->work = 0;
    build_done(run);
    assert_int_equal(pfl_judge_fits(run, &arena, &fits, &n, &err), PFL_OK);
    assert_int_equal(
        n, 3); /* one per seed; none over the seeds, none of two sizes, none without work */
    for (i = 0; i < n; i++) {
        assert_string_equal(fits[i].suite, "square");
        assert_string_equal(fits[i].param, "size");
        assert_true(fits[i].points == 4 && fabs(fits[i].exponent - 2) < 0.01);
        assert_true(fits[i].exponent_low < 2 && 2 < fits[i].exponent_high &&
                    fits[i].exponent_high < 2.05);
        assert_true(fabs(fits[i].constant / 3e-6 - 1) < 0.05);
    }
    assert_string_equal(fits[1].others, "seed=2");
}

static void test_rank(void **state)
{
    double base[20], twice[20], same[20];
    struct pfl_run *run = build_run(&arena);
    struct pfl_comparison out;
    struct pfl_random random;
    struct pfl_err err;
    double weather;
    size_t i;

    (void)state;
    pfl_random_seed(&random, 3);
    for (i = 0; i < 20; i++) { /* every round has its own weather, which pairing takes out */
        weather = exp(0.5 * gaussian(&random));
        base[i] = weather;
        twice[i] = 2 * weather * exp(0.01 * gaussian(&random));
        same[i] = 1.001 * weather * exp(0.01 * gaussian(&random));
    }
    build_result(&arena, build_benchmark(&arena, run, "adhoc/b"), "time", twice, 20);
    build_result(&arena, build_benchmark(&arena, run, "adhoc/c"), "time", base, 20);
    build_result(&arena, build_benchmark(&arena, run, "adhoc/a"), "time", same, 20);
    build_benchmark(&arena, run, "adhoc/d")->status = PFL_STATUS_FAILED;
    build_done(run);
    assert_int_equal(pfl_judge_rank(run, "time", "adhoc/c", &arena, &out, &err), PFL_OK);
    assert_int_equal(out.row_count, 3);
    assert_string_equal(out.rows[2].benchmark, "adhoc/b");
    assert_true(out.rows[2].ratio_low > 1.95 &&
                out.rows[2].ratio_high < 2.05); /* unpaired: ± 30 % */
    assert_int_equal(out.rows[2].verdict, PFL_VERDICT_REGRESSED);
    for (i = 0; i < 2; i++) {
        bool reference = strcmp(out.rows[i].benchmark, "adhoc/c") == 0;

        assert_int_equal(out.rows[i].verdict,
                         reference ? PFL_VERDICT_UNCHANGED : PFL_VERDICT_INCONCLUSIVE);
        assert_true(!reference || out.rows[i].ratio == 1);
    }
    assert_int_equal(pfl_judge_rank(run, "time", NULL, &arena, &out, &err), PFL_OK);
    assert_true(out.rows[0].ratio == 1);
    assert_int_equal(pfl_judge_rank(run, "time", "adhoc/d", &arena, &out, &err), PFL_ENOENT);
    assert_non_null(strstr(err.message, "adhoc/d"));
    assert_int_equal(pfl_judge_rank(run, "nonsense", NULL, &arena, &out, &err), PFL_OK);
    assert_int_equal(out.row_count, 0);
}

static void test_rank_of_throughput_and_without_rounds(void **state)
{
    struct pfl_run *run = build_run(&arena);
    struct pfl_comparison out;
    struct pfl_err err;
    size_t i;

    (void)state;
    build_spread(&arena, build_benchmark(&arena, run, "slow"), "throughput", 50, 0.01);
    build_spread(&arena, build_benchmark(&arena, run, "fast"), "throughput", 100, 0.01);
    build_done(run);
    for (i = 0; i < 11; i++)
        run->benchmarks[0].launches[i].round = (uint32_t)(1000 + i); /* no round in common */
    assert_int_equal(pfl_judge_rank(run, "throughput", NULL, &arena, &out, &err), PFL_OK);
    assert_string_equal(out.rows[0].benchmark, "fast");
    assert_true(fabs(out.rows[1].ratio - 0.5) < 1e-9 && out.rows[1].ratio_low > 0.48 &&
                out.rows[1].ratio_high < 0.52);
    assert_int_equal(out.rows[1].verdict, PFL_VERDICT_REGRESSED);
    assert_non_null(strstr(out.rows[1].reason, "no rounds in common"));
}

static void test_views_without_memory(void **state)
{
    struct pfl_run *run = build_run(&arena);
    double values[30];
    int i, view, rc;

    (void)state;
    draw(OUTLIER, values, 30);
    for (i = 1; i <= 4; i++)
        build_result(&arena, sized(run, "s", 10 * i, 1, i), "cpu", values, 11);
    build_done(run);
    for (view = 0; view < 4; view++) {
        unsigned long nth = 0;

        do {
            struct pfl_comparison rank;
            struct pfl_assessment *assessments;
            struct pfl_fit *fits;
            struct pfl_arena scratch;
            struct pfl_err err;
            size_t n;

            pfl_arena_init(&scratch);
            pfl_fault.alloc_seen = 0;
            pfl_fault.alloc_at = ++nth;
            rc = view == 0   ? pfl_judge_rank(run, "time", NULL, &scratch, &rank, &err)
                 : view == 1 ? pfl_judge_assess(run, &scratch, &assessments, &err)
                 : view == 2 ? pfl_judge_fits(run, &scratch, &fits, &n, &err)
                             : pfl_judge_summarise(run, &err);
            pfl_fault.alloc_at = 0;
            assert_true(rc == PFL_OK || rc == PFL_ENOMEM);
            pfl_arena_release(&scratch);
        } while (rc != PFL_OK);
        assert_true(nth > 2);
    }
}

/* ---- between sessions ---- */

static double simulated_sd(double sd, size_t n, double step, double drift, double *spread)
{
    enum { ROUNDS = 1500 };
    double medians[100], sum = 0, squares = 0, estimate;
    struct pfl_random random;
    size_t round, i;

    pfl_random_seed(&random, 100 + n);
    for (round = 0; round < ROUNDS; round++) {
        for (i = 0; i < n; i++)
            medians[i] =
                3e-3 * exp(sd * gaussian(&random) + (i >= n / 2 ? step : 0) + drift * (double)i);
        estimate = pfl_judge_session_sd(medians, n);
        sum += estimate * estimate;
        squares += estimate * estimate * estimate * estimate;
    }
    sum /= ROUNDS;
    if (spread)
        *spread = sqrt(squares / ROUNDS - sum * sum) / sum;
    return sqrt(sum);
}

static void test_session_deviation_is_unbiased(void **state)
{
    static const size_t sizes[] = {6, 7, 10, 20, 50, 100};
    double spread, df;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(sizes); i++) {
        assert_true(fabs(simulated_sd(0.02, sizes[i], 0, 0, &spread) / 0.02 - 1) < 0.04);
        df = 2 / (spread *
                  spread); /* of a scaled chi square with this spread: what rows.c counts with */
        assert_true(fabs(df / (0.6 * (double)sizes[i] - 0.4) - 1) < 0.35);
    }
}

static void test_session_deviation_forgives_real_changes(void **state)
{
    (void)state;
    assert_true(simulated_sd(0.02, 20, log(1.3), 0, NULL) <
                0.02 * 1.25); /* a 30 % step, 15 sigma */
    assert_true(simulated_sd(0.02, 20, 0, 0.005, NULL) <
                0.02 * 1.06); /* half a per cent per session */
}

static void test_session_deviation_edges(void **state)
{
    const double five[] = {1, 2, 1, 2, 1}, constant[] = {4, 4, 4, 4, 4, 4},
                 zero[] = {1, 1, 0, 1, 1, 1, 1};
    const double mostly[] = {4, 4, 4, 4, 4, 4.4, 4.4, 4.4},
                 scaled[] = {1, 1.1, 1.05, 0.97, 1.02, 1.08, 1.0};
    double milli[7];
    size_t i;

    (void)state;
    assert_true(isnan(pfl_judge_session_sd(NULL, 0)) && isnan(pfl_judge_session_sd(five, 5)));
    assert_true(isnan(pfl_judge_session_sd(zero, 7)));
    assert_true(pfl_judge_session_sd(constant, 6) == 0);
    assert_true(isnan(pfl_judge_session_sd(mostly, 8))); /* the program moved, not the session */
    for (i = 0; i < 7; i++)
        milli[i] = scaled[i] / 1000;
    assert_true(fabs(pfl_judge_session_sd(scaled, 7) - pfl_judge_session_sd(milli, 7)) < 1e-12);
}

int test_judge_views(void);
int test_judge_views(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_oddities, setup, teardown),
        cmocka_unit_test_setup_teardown(test_outliers_are_told_when_they_matter, setup, teardown),
        cmocka_unit_test_setup_teardown(test_quiet_samples_are_rarely_odd, setup, teardown),
        cmocka_unit_test_setup_teardown(test_contention, setup, teardown),
        cmocka_unit_test_setup_teardown(test_few_or_failed_are_not_odd, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fits, setup, teardown),
        cmocka_unit_test_setup_teardown(test_rank, setup, teardown),
        cmocka_unit_test_setup_teardown(test_rank_of_throughput_and_without_rounds, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_views_without_memory, setup, teardown),
        cmocka_unit_test(test_session_deviation_is_unbiased),
        cmocka_unit_test(test_session_deviation_forgives_real_changes),
        cmocka_unit_test(test_session_deviation_edges),
    };

    return cmocka_run_group_tests_name("judge views", tests, NULL, NULL);
}
