/*
 * Which power of the size the time goes with. Each model is t = c f(n) with one coefficient by
 * least squares, c = Σ t f / Σ f², and the model with the smallest RMS residual over the mean time
 * is the answer: the method of Google Benchmark, so that its users find their figures here. It
 * assumes that nothing constant is added; where something is, or where none of the models is right,
 * the residual says so, and beyond 15 % no model is named. log is the binary one.
 *
 * What cannot tell is refused: fewer than three sizes (two lie on any of several curves), sizes
 * below 1, times that are not positive.
 */
#include "program.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double complexity_worst = 0.15;

enum { COMPLEXITY_LEAST_SIZES = 3 };

static double complexity_one(double n)
{
    (void)n;
    return 1;
}
static double complexity_log(double n)
{
    return log2(n);
}
static double complexity_linear(double n)
{
    return n;
}
static double complexity_n_log_n(double n)
{
    return n * log2(n);
}
static double complexity_square(double n)
{
    return n * n;
}
static double complexity_cube(double n)
{
    return n * n * n;
}

static const struct complexity_model {
    const char *name, *term;
    double (*of)(double n);
} complexity_models[] = {
    {"O(1)", "1", complexity_one},        {"O(log n)", "log n", complexity_log},
    {"O(n)", "n", complexity_linear},     {"O(n log n)", "n log n", complexity_n_log_n},
    {"O(n^2)", "n^2", complexity_square}, {"O(n^3)", "n^3", complexity_cube},
};

/* The residual over the mean; infinite where the model is 0 everywhere. */
static double complexity_try(const struct complexity_model *model, const double *sizes,
                             const double *times, size_t n, double *coefficient)
{
    double tf = 0, ff = 0, squares = 0, sum = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        double f = model->of(sizes[i]);

        tf += times[i] * f;
        ff += f * f;
        sum += times[i];
    }
    if (!(ff > 0) || !isfinite(ff))
        return INFINITY;
    *coefficient = tf / ff;
    for (i = 0; i < n; i++) {
        double off = times[i] - *coefficient * model->of(sizes[i]);

        squares += off * off;
    }
    return sqrt(squares / (double)n) / (sum / (double)n);
}

static size_t complexity_sizes(const double *sizes, size_t n)
{
    size_t different = 0, i, k;

    for (i = 0; i < n; i++) {
        for (k = 0; k < i && sizes[k] != sizes[i]; k++)
            ;
        different += k == i;
    }
    return different;
}

static const char *complexity_refused(const double *sizes, const double *times, size_t n)
{
    size_t i;

    if (complexity_sizes(sizes, n) < COMPLEXITY_LEAST_SIZES)
        return "it takes three sizes to tell";
    for (i = 0; i < n; i++) {
        if (!(sizes[i] >= 1) || !isfinite(sizes[i]))
            return "sizes below 1 fit nothing";
        if (!(times[i] > 0) || !isfinite(times[i]))
            return "a time is not positive";
    }
    return NULL;
}

void pfl_lib_complexity_fit(const double *sizes, const double *times, size_t n,
                            struct pfl_lib_fit *fit)
{
    const struct complexity_model *best = NULL;
    size_t i;

    fit->model = fit->term = NULL;
    fit->coefficient = fit->residual = NAN;
    fit->why = complexity_refused(sizes, times, n);
    if (fit->why)
        return;
    for (i = 0; i < sizeof complexity_models / sizeof complexity_models[0]; i++) {
        double coefficient = 0,
               residual = complexity_try(&complexity_models[i], sizes, times, n, &coefficient);

        if (!best || residual < fit->residual) {
            best = &complexity_models[i];
            fit->residual = residual;
            fit->coefficient = coefficient;
        }
    }
    if (fit->residual > complexity_worst) {
        fit->why = "no model fits";
        return;
    }
    fit->model = best->name;
    fit->term = best->term;
}

/* ---- groups: the same benchmark, the other arguments the same ---- */

/* "sort[kind=random]" for sort[kind=random,n=100] over n. */
static char *complexity_name(const struct pfl_lib_case *c)
{
    char *name = pfl_lib_text("%s", c->bench);
    const char *comma = "[";
    size_t i;

    for (i = 0; i < c->arg_count; i++) {
        char *longer;

        if (strcmp(c->args[i].name, c->complexity_arg) == 0)
            continue;
        longer = pfl_lib_text("%s%s%s=%s", name, comma, c->args[i].name, c->args[i].text);
        free(name);
        name = longer;
        comma = ",";
    }
    if (*comma == ',') {
        char *closed = pfl_lib_text("%s]", name);

        free(name);
        name = closed;
    }
    return name;
}

static double complexity_size(const struct pfl_lib_case *c)
{
    size_t i;

    for (i = 0; i < c->arg_count; i++)
        if (strcmp(c->args[i].name, c->complexity_arg) == 0)
            return c->args[i].number;
    return NAN;
}

static void complexity_group(struct pfl_lib_report *report, struct pfl_lib_fit *fit, char **names)
{
    double *sizes = pfl_lib_alloc(report->n * sizeof *sizes),
           *times = pfl_lib_alloc(report->n * sizeof *times);
    size_t n = 0, lost = 0, i;

    for (i = 0; i < report->n; i++) {
        const struct pfl_lib_result *result = &report->results[i];
        const struct pfl_lib_series *time;

        if (!names[i] || strcmp(names[i], fit->name) != 0)
            continue;
        time = result->status == PFL_LIB_OK ? pfl_lib_result_find(result, "time") : NULL;
        fit->of = result->of;
        lost += time == NULL;
        if (time) {
            sizes[n] = complexity_size(result->of);
            times[n++] = time->estimate.median;
        }
    }
    pfl_lib_complexity_fit(sizes, times, n, fit);
    if (!fit->model && lost > 0 && n < COMPLEXITY_LEAST_SIZES)
        fit->why = "too few sizes were measured";
    free(sizes);
    free(times);
}

void pfl_lib_complexity(struct pfl_lib_report *report)
{
    char **names = pfl_lib_alloc((report->n + 1) * sizeof *names);
    size_t i, k;

    for (i = 0; i < report->n; i++) {
        const struct pfl_lib_case *c = report->results[i].of;
        struct pfl_lib_fit *fit;

        names[i] = c->complexity_arg ? complexity_name(c) : NULL;
        for (k = 0; names[i] && k < i && !(names[k] && strcmp(names[k], names[i]) == 0); k++)
            ;
        if (!names[i] || k < i)
            continue;
        report->fits =
            pfl_lib_realloc(report->fits, (report->fit_count + 1) * sizeof *report->fits);
        fit = &report->fits[report->fit_count++];
        memset(fit, 0, sizeof *fit);
        fit->name = pfl_lib_text("%s", names[i]);
        fit->argument = c->complexity_arg;
    }
    for (i = 0; i < report->fit_count; i++)
        complexity_group(report, &report->fits[i], names);
    for (i = 0; i < report->n; i++)
        free(names[i]);
    free(names);
}
