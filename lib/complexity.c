/*
 * Which power of the size the time goes with.
 *
 * What is fitted is the normalised value, cycles, where every size has one, else the time: a shared
 * host's clock that steps while the large sizes run would bend the curve (a sort of 64 … 4096
 * numbers looked like O(n^2) beside other work, while its cycles were right). Each model is
 * t = c f(n); errors are relative: log c is the mean of log t − log f, and the RMS of what is left
 * over is the residual. Least squares of the times themselves, as in Google Benchmark, leave the
 * decision to the largest size alone.
 *
 * Something constant on top (a call, a set-up) makes O(n) look like O(log n). So t = a + c f(n),
 * a > 0, is tried as well, by least squares of the relative errors. The second coefficient fits
 * noise: it takes five sizes, a growing part that is a fourth of the constant at least, and half
 * the residual, which is counted twice. A model is the answer when its residual so counted is below
 * 15 % (n log n leaves 26 % where n is right, over four sizes that span a factor of 64) and the
 * next one's is half as much again. log is the binary one.
 *
 * What cannot tell is refused: fewer than three sizes (two lie on any of several curves), sizes
 * below 1, times that are not positive. The logarithm of 1 is 0, and relative to 0 everything is
 * wrong: a size of 1 is left out where there are three others, else models with a logarithm are.
 */
#include "program.h"

#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double complexity_worst = 0.15, complexity_clear = 1.5, complexity_penalty = 2,
                    complexity_growth = 0.25;

enum { COMPLEXITY_LEAST_SIZES = 3, COMPLEXITY_CONSTANT_SIZES = 5 };

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

/* The RMS of the relative errors; infinite where the model is 0 somewhere. */
static double complexity_try(const struct complexity_model *model, const double *sizes,
                             const double *values, size_t n, double *coefficient)
{
    double mean = 0, squares = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        double f = model->of(sizes[i]);

        if (!(f > 0) || !isfinite(f))
            return INFINITY;
        mean += log(values[i] / f) / (double)n;
    }
    for (i = 0; i < n; i++) {
        double off = log(values[i] / model->of(sizes[i])) - mean;

        squares += off * off;
    }
    *coefficient = exp(mean);
    return sqrt(squares / (double)n);
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

static const char *complexity_refused(const double *sizes, const double *values, size_t n)
{
    size_t i;

    if (complexity_sizes(sizes, n) < COMPLEXITY_LEAST_SIZES)
        return "it takes three sizes to tell";
    for (i = 0; i < n; i++) {
        if (!(sizes[i] >= 1) || !isfinite(sizes[i]))
            return "sizes below 1 fit nothing";
        if (!(values[i] > 0) || !isfinite(values[i]))
            return "a time is not positive";
    }
    return NULL;
}

struct complexity_curve {
    const struct complexity_model *model;
    double coefficient, constant, residual, score;
};

/* a + c f(n) by weighted least squares: 1 = a / t + c f / t. false: a or c is not positive. */
static bool complexity_solve(const struct complexity_model *model, const double *sizes,
                             const double *values, size_t n, struct complexity_curve *curve)
{
    double aa = 0, ac = 0, cc = 0, a1 = 0, c1 = 0, det;
    size_t i;

    for (i = 0; i < n; i++) {
        double x = 1 / values[i], y = model->of(sizes[i]) / values[i];

        aa += x * x;
        ac += x * y;
        cc += y * y;
        a1 += x;
        c1 += y;
    }
    det = aa * cc - ac * ac;
    curve->constant = (a1 * cc - c1 * ac) / det;
    curve->coefficient = (c1 * aa - a1 * ac) / det;
    return det > 0 && curve->constant > 0 && curve->coefficient > 0 && isfinite(curve->constant) &&
           isfinite(curve->coefficient);
}

/* The model with a constant on top, where that is worth it. */
static void complexity_try_constant(const double *sizes, const double *values, size_t n,
                                    struct complexity_curve *plain)
{
    struct complexity_curve curve = {.model = plain->model};
    double squares = 0, largest = 0;
    size_t i;

    if (plain->model->of == complexity_one ||
        complexity_sizes(sizes, n) < COMPLEXITY_CONSTANT_SIZES ||
        !complexity_solve(plain->model, sizes, values, n, &curve))
        return;
    for (i = 0; i < n; i++) {
        double grown = curve.coefficient * plain->model->of(sizes[i]),
               off = log(values[i] / (curve.constant + grown));

        largest = fmax(largest, grown);
        squares += off * off;
    }
    curve.residual = sqrt(squares / (double)n);
    curve.score = complexity_penalty * curve.residual;
    if (largest >= complexity_growth * curve.constant && curve.score < plain->score)
        *plain = curve;
}

static void complexity_choose(const double *sizes, const double *values, size_t n,
                              struct pfl_lib_fit *fit)
{
    struct complexity_curve best = {.score = INFINITY}, next = best;
    size_t i;

    for (i = 0; i < sizeof complexity_models / sizeof complexity_models[0]; i++) {
        struct complexity_curve curve = {.model = &complexity_models[i]};

        curve.score = curve.residual =
            complexity_try(curve.model, sizes, values, n, &curve.coefficient);
        complexity_try_constant(sizes, values, n, &curve);
        if (!best.model || curve.score < best.score) {
            next = best;
            best = curve;
        } else if (!next.model || curve.score < next.score) {
            next = curve;
        }
    }
    fit->nearest = best.model->name;
    fit->residual = best.residual;
    fit->coefficient = best.coefficient;
    if (!(best.score <= complexity_worst)) {
        fit->why = "no model fits";
    } else if (next.score < complexity_clear * best.score) {
        snprintf(fit->between, sizeof fit->between, "it may be %s or %s", best.model->name,
                 next.model->name);
        fit->why = fit->between;
    } else {
        fit->constant = best.constant;
        fit->model = best.model->name;
        fit->term = best.model->term;
    }
}

void pfl_lib_complexity_fit(const double *sizes, const double *values, size_t n,
                            struct pfl_lib_fit *fit)
{
    double *kept = pfl_lib_alloc(2 * (n + 1) * sizeof *kept), *kept_values = kept + n + 1;
    size_t kept_n = 0, i;

    fit->model = fit->term = fit->nearest = NULL;
    fit->coefficient = fit->residual = NAN;
    fit->constant = fit->constant_cycles = 0;
    fit->why = complexity_refused(sizes, values, n);
    for (i = 0; i < n; i++)
        if (sizes[i] != 1) {
            kept[kept_n] = sizes[i];
            kept_values[kept_n++] = values[i];
        }
    if (!fit->why && complexity_sizes(kept, kept_n) >= COMPLEXITY_LEAST_SIZES)
        complexity_choose(kept, kept_values, kept_n, fit);
    else if (!fit->why)
        complexity_choose(sizes, values, n, fit);
    free(kept);
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

struct complexity_points {
    double *sizes, *times, *cycles, *clocks; /* clocks: time / cycles */
    size_t n, lost;
    bool normalised; /* all have cycles */
};

static void complexity_add(struct complexity_points *p, const struct pfl_lib_result *result)
{
    const struct pfl_lib_series *time = NULL, *cycles = NULL;

    if (result->status == PFL_LIB_OK) {
        time = pfl_lib_result_find(result, "time");
        cycles = pfl_lib_result_find(result, "cycles");
    }
    if (!time) {
        p->lost++;
        return;
    }
    p->sizes[p->n] = complexity_size(result->of);
    p->times[p->n] = time->estimate.median;
    p->cycles[p->n] = cycles ? cycles->estimate.median : (double)NAN;
    p->clocks[p->n] = p->times[p->n] / p->cycles[p->n];
    p->normalised = p->normalised && p->cycles[p->n] > 0;
    p->n++;
}

/* The coefficient in both units: by the median of the clocks that the sizes saw. */
static void complexity_settle(struct complexity_points *p, struct pfl_lib_fit *fit)
{
    pfl_lib_complexity_fit(p->sizes, p->normalised ? p->cycles : p->times, p->n, fit);
    fit->cycles = NAN;
    if (fit->model && p->normalised) {
        pfl_stats_sort(p->clocks, p->n);
        fit->cycles = fit->coefficient;
        fit->coefficient *= pfl_stats_median_sorted(p->clocks, p->n);
        fit->constant_cycles = fit->constant;
        fit->constant *= pfl_stats_median_sorted(p->clocks, p->n);
    }
    if (!fit->model && p->lost > 0 && p->n < COMPLEXITY_LEAST_SIZES)
        fit->why = "too few sizes were measured";
}

static void complexity_group(struct pfl_lib_report *report, struct pfl_lib_fit *fit, char **names)
{
    double *room = pfl_lib_alloc(4 * report->n * sizeof *room);
    struct complexity_points points = {.sizes = room,
                                       .times = room + report->n,
                                       .cycles = room + 2 * report->n,
                                       .clocks = room + 3 * report->n,
                                       .normalised = true};
    size_t i;

    for (i = 0; i < report->n; i++) {
        if (!names[i] || strcmp(names[i], fit->name) != 0)
            continue;
        fit->of = report->results[i].of;
        complexity_add(&points, &report->results[i]);
    }
    complexity_settle(&points, fit);
    free(room);
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
