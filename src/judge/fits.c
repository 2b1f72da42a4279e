/*
 * How the time grows with the size: value ≈ c · size^e, a straight line through log(value) over
 * log(size) by least squares; the exponent is its slope (1: linear, 2: quadratic), its interval
 * Student's with n − 2 degrees of freedom.
 *
 * Only suites with `work` are fitted, and only over a parameter on which the work depends while all
 * others stay the same, so that a seed is not taken for a size. One fit per suite, parameter and
 * combination of the other parameters, from at least three sizes.
 */
#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "base/vec.h"
#include "judge/internal.h"

#include <stdlib.h>
#include <string.h>

struct point {
    const char *suite, *param, *others; /* the group */
    double size, value, work;
};
PFL_VEC(points, struct point);
PFL_VEC(fits, struct pfl_fit);

static int compare_points(const void *a, const void *b)
{
    const struct point *x = a, *y = b;
    int order = pfl_judge_compare_names(x->suite, y->suite);

    if (order == 0)
        order = strcmp(x->param, y->param);
    if (order == 0)
        order = pfl_judge_compare_names(x->others, y->others);
    if (order == 0)
        order = x->size < y->size ? -1 : x->size > y->size;
    return order ? order : x->value < y->value ? -1 : x->value > y->value;
}

static bool same_group(const struct point *x, const struct point *y)
{
    return strcmp(x->suite, y->suite) == 0 && strcmp(x->param, y->param) == 0 &&
           strcmp(x->others, y->others) == 0;
}

/* "seed=1,threads=2": the benchmark's parameters but one. */
static const char *other_params(const struct pfl_benchmark *bench, size_t without,
                                struct pfl_arena *arena)
{
    const char *text = "";
    size_t i;

    for (i = 0; i < bench->param_count && text; i++)
        if (i != without)
            text = pfl_arena_format(arena, "%s%s%s=%s", text, text[0] ? "," : "",
                                    bench->params[i].name, bench->params[i].value);
    return text;
}

static int add_points(const struct pfl_benchmark *bench, struct pfl_arena *arena,
                      struct points *points)
{
    const struct pfl_result *time = pfl_benchmark_find(bench, "time", "");
    struct point point = {.suite = bench->suite, .work = bench->work};
    size_t i;

    if (bench->status != PFL_STATUS_OK || !(bench->work > 0) || !time ||
        !(time->summary.median > 0) || isinf(time->summary.median))
        return PFL_OK;
    point.value = time->summary.median;
    for (i = 0; i < bench->param_count; i++) {
        if (pfl_units_read_number(bench->params[i].value, &point.size, NULL) < 0 ||
            !(point.size > 0) || isinf(point.size))
            continue;
        point.param = bench->params[i].name;
        point.others = other_params(bench, i, arena);
        if (!point.others || !pfl_vec_push(points, &point))
            return PFL_ENOMEM;
    }
    return PFL_OK;
}

/* The fit of one group; false: not enough sizes, or the work does not depend on them. */
static bool fit_group(const struct point *points, size_t n, double *scratch, struct pfl_fit *fit)
{
    double *x = scratch, *y = scratch + n, half;
    struct pfl_line_fit line;
    size_t i, sizes = 1;

    for (i = 0; i < n; i++) {
        x[i] = log(points[i].size);
        y[i] = log(points[i].value);
        if (i > 0 && points[i].size != points[i - 1].size)
            sizes++;
    }
    if (sizes < 3 || points[0].work == points[n - 1].work || !pfl_stats_fit_line(x, y, n, &line))
        return false;
    half = pfl_stats_t_quantile(0.975, (double)(n - 2)) * line.slope_se;
    fit->suite = points[0].suite;
    fit->param = points[0].param;
    fit->metric = "time";
    fit->others = points[0].others;
    fit->exponent = line.slope;
    fit->exponent_low = line.slope - half;
    fit->exponent_high = line.slope + half;
    fit->constant = exp(line.intercept);
    fit->residual = line.residual;
    fit->points = n;
    return true;
}

static int fit_all(struct points *points, struct fits *fits)
{
    double *scratch = pfl_alloc(2 * points->n * sizeof *scratch);
    struct pfl_fit fit;
    size_t i, end;
    int rc = scratch ? PFL_OK : PFL_ENOMEM;

    if (points->n)
        qsort(points->at, points->n, sizeof *points->at, compare_points);
    for (i = 0; rc == PFL_OK && i < points->n; i = end) {
        for (end = i + 1; end < points->n && same_group(&points->at[i], &points->at[end]); end++)
            ;
        if (fit_group(points->at + i, end - i, scratch, &fit) && !pfl_vec_push(fits, &fit))
            rc = PFL_ENOMEM;
    }
    pfl_free(scratch);
    return rc;
}

int pfl_judge_fits(const struct pfl_run *run, struct pfl_arena *arena, struct pfl_fit **fits,
                   size_t *n, struct pfl_err *err)
{
    struct points points = {0};
    struct fits found = {0};
    struct pfl_fit *kept = NULL;
    size_t i;
    int rc = PFL_OK;

    for (i = 0; i < run->benchmark_count && rc == PFL_OK; i++)
        rc = add_points(&run->benchmarks[i], arena, &points);
    if (rc == PFL_OK)
        rc = fit_all(&points, &found);
    if (rc == PFL_OK) {
        kept = pfl_arena_array(arena, found.n, sizeof *kept);
        rc = kept ? PFL_OK : PFL_ENOMEM;
    }
    if (rc == PFL_OK) {
        if (found.n)
            memcpy(kept, found.at, found.n * sizeof *kept);
        *fits = kept;
        *n = found.n;
    }
    pfl_vec_release(&points);
    pfl_vec_release(&found);
    return rc == PFL_OK ? PFL_OK : pfl_err_no_memory(err);
}
