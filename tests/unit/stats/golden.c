/*
 * Every function against what NumPy and SciPy say (tests/data/stats/golden.csv, made by generate.py
 * beside it, which names the versions). A line: function,arguments,results; lists are separated by
 * blanks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/stats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 512, LINE = 20000 };

struct line {
    const char *function;
    double in[MOST], out[MOST];
    size_t in_count, out_count;
};

static size_t read_list(const char *text, double *out)
{
    size_t n = 0;
    char *end;

    for (;; text = end) {
        double value = strtod(text, &end);

        if (end == text)
            return n;
        assert_true(n < MOST);
        out[n++] = value;
    }
}

static void compute(const struct line *line, double *got)
{
    const char *f = line->function;
    const double *in = line->in;
    size_t n = line->in_count, i;
    double sorted[MOST], scratch[MOST];
    uint32_t order[MOST];
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

static void test_golden_values(void **state)
{
    FILE *file = fopen(PFL_SOURCE_DIR "/tests/data/stats/golden.csv", "r");
    static char text[LINE];
    static struct line line;
    static double got[MOST];
    int number = 0, checked = 0;

    (void)state;
    assert_non_null(file);
    while (fgets(text, sizeof text, file)) {
        char *arguments = strchr(text, ','),
             *results = arguments ? strchr(arguments + 1, ',') : NULL;
        size_t i;

        number++;
        if (text[0] == '#')
            continue;
        assert_non_null(results);
        *arguments = *results = 0;
        line.function = text;
        line.in_count = read_list(arguments + 1, line.in);
        line.out_count = read_list(results + 1, line.out);
        assert_true(line.out_count > 0);
        compute(&line, got);
        for (i = 0; i < line.out_count; i++) {
            double scale = fabs(line.out[i]) > 1e-300 ? fabs(line.out[i]) : 1;

            /* Slopes that are 0 but for rounding are compared with the size of the data, which is
             * about 1. */
            if (strcmp(text, "line") == 0 || strcmp(text, "trend") == 0)
                scale = fmax(scale, 1);
            if (!(fabs(got[i] - line.out[i]) <= 2e-12 * scale))
                fail_msg("golden.csv:%d: %s gives %.17g, not %.17g", number, text, got[i],
                         line.out[i]);
        }
        checked++;
    }
    fclose(file);
    assert_true(checked > 500);
}

int test_stats_golden(void);
int test_stats_golden(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_golden_values)};

    return cmocka_run_group_tests_name("stats golden", tests, NULL, NULL);
}
