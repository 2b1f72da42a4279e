/*
 * Every function of stats.h against what NumPy and SciPy say (tests/data/stats/golden.csv, made by
 * generate.py beside it, which names the versions). A line: function,arguments,results; lists are
 * separated by blanks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/golden.h"
#include "stats/stats.h"

#include <math.h>
#include <string.h>

static void compute(const struct golden_line *line, double *got)
{
    const char *f = line->function;
    const double *in = line->in;
    size_t n = line->in_count, i;
    double sorted[GOLDEN_MOST], scratch[GOLDEN_MOST];
    uint32_t order[GOLDEN_MOST];
    struct pfl_line_fit fit = {0, 0, 0, 0};

    memcpy(sorted, in, n * sizeof *sorted);
    if (strcmp(f, "normal_quantile") == 0) {
        got[0] = pfl_stats_normal_quantile(in[0]);
    } else if (strcmp(f, "t_quantile") == 0) {
        got[0] = pfl_stats_t_quantile(in[0], in[1]);
    } else if (strcmp(f, "normal_cdf") == 0) {
        got[0] = pfl_stats_normal_cdf(in[0]);
    } else if (strcmp(f, "t_cdf") == 0) {
        got[0] = pfl_stats_t_cdf(in[0], in[1]);
    } else if (strcmp(f, "mean") == 0) {
        got[0] = pfl_stats_mean(in, n);
    } else if (strcmp(f, "stddev") == 0) {
        got[0] = pfl_stats_stddev(in, n);
    } else if (strcmp(f, "trend") == 0) {
        got[0] = pfl_stats_trend(in, n, &got[1]);
    } else if (strcmp(f, "line") == 0) {
        for (i = 0; i < n; i++)
            scratch[i] = (double)(i * i);
        assert_true(pfl_stats_fit_line(scratch, in, n, &fit));
        got[0] = fit.slope;
        got[1] = fit.intercept;
        got[2] = fit.slope_se;
    } else if (strcmp(f, "benjamini_hochberg") == 0) {
        memcpy(got, in, n * sizeof *got);
        pfl_stats_benjamini_hochberg(got, order, n);
    } else if (strcmp(f, "median") == 0) {
        pfl_stats_sort(sorted, n);
        got[0] = pfl_stats_median_sorted(sorted, n);
    } else if (strcmp(f, "mad") == 0) {
        pfl_stats_sort(sorted, n);
        got[0] = pfl_stats_mad_sorted(sorted, n, scratch);
    } else { /* the first number is a parameter, the sample follows */
        pfl_stats_sort(sorted + 1, n - 1);
        if (strcmp(f, "quantile") == 0)
            got[0] = pfl_stats_quantile_sorted(sorted + 1, n - 1, in[0]);
        else if (strcmp(f, "interval") == 0)
            pfl_stats_median_interval_sorted(sorted + 1, n - 1, in[0], &got[0], &got[1]);
        else
            fail_msg("golden.csv names the unknown function %s", f);
    }
}

static void check(const struct golden_line *line)
{
    static double got[GOLDEN_MOST];
    const char *f = line->function;
    size_t i;

    compute(line, got);
    for (i = 0; i < line->out_count; i++) {
        double scale = fabs(line->out[i]) > 1e-300 ? fabs(line->out[i]) : 1;

        /* Slopes that are 0 but for rounding are compared with the size of the data, which is about
         * 1. */
        if (strcmp(f, "line") == 0 || strcmp(f, "trend") == 0)
            scale = fmax(scale, 1);
        if (!(fabs(got[i] - line->out[i]) <= 2e-12 * scale))
            fail_msg("golden.csv:%d: %s gives %.17g, not %.17g", line->number, f, got[i],
                     line->out[i]);
    }
}

static void test_golden_values(void **state)
{
    (void)state;
    assert_true(golden_each("golden.csv", check) > 500);
}

int test_stats_golden(void);
int test_stats_golden(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_golden_values)};

    return cmocka_run_group_tests_name("stats golden", tests, NULL, NULL);
}
