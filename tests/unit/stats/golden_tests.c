/*
 * Estimators, tests and sequential bounds against SciPy, brute force and other ways of computing
 * them (tests/data/stats/golden_tests.csv, made by generate_tests.py beside it, which names the
 * versions).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/golden.h"
#include "stats/bootstrap.h"
#include "stats/margin.h"
#include "stats/sequential.h"
#include "stats/series.h"
#include "stats/tests.h"

#include <math.h>
#include <string.h>

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void put_interval(const struct pfl_interval *interval, double *got)
{
    got[0] = interval->estimate;
    got[1] = interval->low;
    got[2] = interval->high;
    got[3] = interval->covers;
}

static void put_test(const struct pfl_test *test, double *got)
{
    got[0] = test->statistic;
    got[1] = test->p;
    got[2] = test->p_less;
    got[3] = test->p_greater;
    got[4] = test->exact;
}

/* "size of the first, all values" */
static struct pfl_two_samples two(const double *in, size_t n)
{
    size_t first = (size_t)in[0];

    return (struct pfl_two_samples){in + 1, in + 1 + first, first, n - 1 - first};
}

static struct pfl_statistic statistic_of(const char *function)
{
    if (strstr(function, "median"))
        return (struct pfl_statistic){pfl_statistic_median, NULL};
    return (struct pfl_statistic){pfl_statistic_mean, NULL};
}

static bool compute_location(const char *f, const double *in, size_t n, double *got)
{
    struct pfl_interval interval = {0};
    struct pfl_two_samples samples;

    if (strcmp(f, "hodges_lehmann") == 0) {
        assert_int_equal(pfl_stats_hodges_lehmann(in + 1, n - 1, in[0], &interval, NULL), PFL_OK);
    } else if (strcmp(f, "shift") == 0) {
        samples = two(in + 1, n - 1);
        assert_int_equal(pfl_stats_hodges_lehmann_shift(&samples, in[0], &interval, NULL), PFL_OK);
    } else {
        return false;
    }
    put_interval(&interval, got);
    return true;
}

static bool compute_test(const char *f, const double *in, size_t n, double *got)
{
    const struct pfl_permutation all = {statistic_of(f), 1 << 20, NULL};
    struct pfl_two_samples samples;
    struct pfl_test test = {0};
    int code;

    if (strcmp(f, "mann_whitney") == 0) {
        samples = two(in, n);
        code = pfl_stats_mann_whitney(&samples, &test, NULL);
    } else if (begins(f, "permutation_two")) {
        samples = two(in, n);
        code = pfl_stats_permutation_two(&samples, &all, &test, NULL);
    } else if (begins(f, "permutation_paired")) {
        code = pfl_stats_permutation_paired(in, n, &all, &test, NULL);
    } else if (strcmp(f, "signed_rank_dropped") == 0) {
        code = pfl_stats_signed_rank(in, n, PFL_ZEROS_DROPPED, &test, NULL);
    } else if (strcmp(f, "signed_rank_pratt") == 0) {
        code = pfl_stats_signed_rank(in, n, PFL_ZEROS_PRATT, &test, NULL);
    } else {
        return false;
    }
    assert_int_equal(code, PFL_OK);
    put_test(&test, got);
    return true;
}

static void compute_bca(const char *f, const double *in, size_t n, double *got)
{
    struct pfl_interval interval;
    struct pfl_random random;
    const struct pfl_bootstrap how = {statistic_of(f), (size_t)in[0], in[1], &random};

    pfl_random_seed(&random, (uint64_t)in[2]);
    assert_int_equal(pfl_stats_bootstrap_bca(in + 3, n - 3, &how, &interval, NULL), PFL_OK);
    put_interval(&interval, got);
}

/* Where no z can reach a bound, brute force has a large one and we have infinity: neither is here.
 */
static void compute_looks(const double *in, size_t n, double *got)
{
    struct pfl_looks *looks = pfl_looks_new((enum pfl_spending)in[0], in[1], (int)in[2], NULL);
    size_t i;

    assert_non_null(looks);
    for (i = 3; i < n; i++)
        assert_int_equal(pfl_looks_next(looks, in[i], &got[i - 3], NULL), PFL_OK);
    pfl_looks_free(looks);
}

static bool compute_sequential(const char *f, const double *in, size_t n, double *got)
{
    struct pfl_interval interval;
    struct pfl_bounds range;
    double sorted[GOLDEN_MOST];

    if (strcmp(f, "mixture_rho") == 0) {
        got[0] = pfl_stats_mixture_rho(in[0], in[1]);
        return true;
    }
    if (strcmp(f, "mixture_bound") == 0) {
        got[0] = pfl_stats_mixture_bound(in[0], in[1], in[2]);
        return true;
    }
    if (strcmp(f, "anytime_mean") == 0) {
        interval = pfl_stats_anytime_mean(in + 2, n - 2, in[0], in[1]);
    } else if (strcmp(f, "anytime_median") == 0) {
        memcpy(sorted, in + 2, (n - 2) * sizeof *sorted);
        pfl_stats_sort(sorted, n - 2);
        interval = pfl_stats_anytime_median_sorted(sorted, n - 2, in[0], in[1]);
    } else if (strcmp(f, "bounded_mean") == 0) {
        range = (struct pfl_bounds){in[1], in[2]};
        interval = pfl_stats_anytime_bounded_mean(in + 3, n - 3, &range, in[0]);
    } else {
        return false;
    }
    put_interval(&interval, got);
    return true;
}

static bool compute_margin(const char *f, const double *in, size_t n, double *got)
{
    struct pfl_effect effect;

    if (strcmp(f, "equivalence") == 0) {
        effect.estimate = pfl_stats_mean(in + 2, n - 2);
        effect.se = pfl_stats_stddev(in + 2, n - 2) / sqrt((double)(n - 2));
        effect.df = (double)(n - 3);
        got[0] = pfl_stats_equivalence(&effect, in[0], in[1]);
    } else if (strcmp(f, "detectable") == 0) {
        effect = (struct pfl_effect){NAN, in[0], in[1]};
        got[0] = pfl_stats_detectable(&effect, in[2], in[3]);
    } else if (strcmp(f, "ar1") == 0) {
        got[0] = pfl_stats_ar1(in, n);
    } else if (strcmp(f, "effective_n") == 0) {
        got[0] = pfl_stats_effective_n((size_t)in[0], in[1]);
    } else {
        return false;
    }
    return true;
}

static void compute(const struct golden_line *line, double *got)
{
    const char *f = line->function;
    const double *in = line->in;
    size_t n = line->in_count;

    if (begins(f, "bca_"))
        compute_bca(f, in, n, got);
    else if (strcmp(f, "looks") == 0)
        compute_looks(in, n, got);
    else if (!compute_location(f, in, n, got) && !compute_test(f, in, n, got) &&
             !compute_sequential(f, in, n, got) && !compute_margin(f, in, n, got))
        fail_msg("golden_tests.csv:%d names the unknown function %s", line->number, f);
}

/* How far the other way of computing can be trusted; SciPy's t quantile is good to 1e-9. */
static double tolerance(const char *function)
{
    if (strcmp(function, "looks") == 0)
        return 1e-7;
    if (strcmp(function, "anytime_mean") == 0)
        return 1e-6;
    return strcmp(function, "detectable") == 0 ? 1e-9 : 2e-11;
}

static void check(const struct golden_line *line)
{
    static double got[GOLDEN_MOST];
    double expected, scale;
    size_t i;

    compute(line, got);
    for (i = 0; i < line->out_count; i++) {
        expected = line->out[i];
        scale = fmax(fabs(expected), 1e-12);
        if (got[i] != expected && !(fabs(got[i] - expected) <= tolerance(line->function) * scale))
            fail_msg("golden_tests.csv:%d: %s gives %.17g as result %zu, not %.17g", line->number,
                     line->function, got[i], i + 1, expected);
    }
}

static void test_golden_values(void **state)
{
    (void)state;
    assert_true(golden_each("golden_tests.csv", check) > 300);
}

/* The five-look bounds at 0.05 as Reboussin, DeMets, Kim & Lan print them ("Computations for group
 * sequential boundaries using the Lan-DeMets spending function method", Controlled Clinical Trials
 * 21, 2000), and as every program since. */
static void test_published_bounds(void **state)
{
    static const double published[2][5] = {{4.877, 3.357, 2.680, 2.290, 2.031},
                                           {2.438, 2.427, 2.410, 2.397, 2.386}};
    double in[8] = {0, 0.05, 2, 0.2, 0.4, 0.6, 0.8, 1}, got[5];
    int kind, i;

    (void)state;
    for (kind = 0; kind < 2; kind++) {
        in[0] = kind;
        compute_looks(in, 8, got);
        for (i = 0; i < 5; i++)
            assert_true(fabs(got[i] - published[kind][i]) < 6e-4);
    }
}

int test_stats_golden_tests(void);
int test_stats_golden_tests(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_golden_values),
                                       cmocka_unit_test(test_published_bounds)};

    return cmocka_run_group_tests_name("stats golden tests", tests, NULL, NULL);
}
