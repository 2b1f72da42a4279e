/*
 * The BCa interval: Efron, "Better bootstrap confidence intervals", JASA 82 (1987). Quantiles of
 * the resampled statistics, at places corrected for the median bias z0 (how many resamples lie
 * below the estimate, equals counted half) and for the acceleration a (skewness of the jackknife
 * values).
 *
 * The jackknife is n evaluations of n values. Beyond 500 values it leaves out 500 blocks of
 * neighbours in turn instead of single values (the delete-d jackknife; Shao & Tu, "The Jackknife
 * and Bootstrap", 1995): a has the same expectation, because the skewness of block sums falls as
 * their number does, and 10^7 values stay feasible.
 *
 * Quantiles of type 7, as elsewhere in stats/ and in SciPy, against which this is tested on equal
 * resamples.
 */
#include "stats/bootstrap.h"

#include "base/alloc.h"
#include "stats/check.h"

#include <math.h>
#include <string.h>

enum { BLOCKS = 500 };

struct work {
    const double *values;
    size_t n;
    const struct pfl_bootstrap *how;
    double *drawn;   /* n: a resample */
    double *results; /* max(resamples, blocks) */
};

static double evaluate(const struct work *w, size_t n)
{
    return w->how->statistic.of(w->drawn, n, w->how->statistic.context);
}

static double acceleration(const struct work *w)
{
    size_t blocks = w->n < BLOCKS ? w->n : BLOCKS, i, first, end;
    double mean, squares = 0, cubes = 0, d;

    for (i = 0; i < blocks; i++) {
        first = (size_t)((double)w->n * (double)i / (double)blocks);
        end = (size_t)((double)w->n * (double)(i + 1) / (double)blocks);
        memcpy(w->drawn, w->values, first * sizeof *w->drawn);
        memcpy(w->drawn + first, w->values + end, (w->n - end) * sizeof *w->drawn);
        w->results[i] = evaluate(w, w->n - (end - first));
    }
    mean = pfl_stats_mean(w->results, blocks);
    for (i = 0; i < blocks; i++) {
        d = mean - w->results[i];
        squares += d * d;
        cubes += d * d * d;
    }
    return squares > 0 && isfinite(cubes) ? cubes / (6 * pow(squares, 1.5)) : 0;
}

static bool resample(const struct work *w)
{
    size_t i, round;

    for (round = 0; round < w->how->resamples; round++) {
        for (i = 0; i < w->n; i++)
            w->drawn[i] = w->values[pfl_random_below(w->how->random, w->n)];
        w->results[round] = evaluate(w, w->n);
        if (!isfinite(w->results[round]))
            return false;
    }
    return true;
}

/* The share of the resamples at which an end is read. */
static double place(double bias, double a, double z)
{
    double moved = bias + z, divisor = 1 - a * moved;

    if (divisor <= 0)
        return z > 0;
    return pfl_stats_normal_cdf(bias + moved / divisor);
}

/* z0, from the share of resamples below the estimate; at least one resample is taken to be on
 * either side, or z0 would be infinite. */
static double median_bias(const double *sorted, size_t n, double estimate)
{
    double below = 0, least = 0.5 / (double)n;
    size_t i;

    for (i = 0; i < n; i++)
        below += sorted[i] < estimate ? 1 : sorted[i] == estimate ? 0.5 : 0;
    return pfl_stats_normal_quantile(fmin(1 - least, fmax(least, below / (double)n)));
}

static int compute(const struct work *w, struct pfl_interval *interval, struct pfl_err *err)
{
    size_t rounds = w->how->resamples;
    double estimate, a, bias, z = pfl_stats_normal_quantile(0.5 + w->how->confidence / 2);

    memcpy(w->drawn, w->values, w->n * sizeof *w->drawn);
    estimate = evaluate(w, w->n);
    a = w->n > 1 ? acceleration(w) : 0;
    if (!isfinite(estimate) || !resample(w))
        return pfl_err_set(err, PFL_EINVAL,
                           "the bootstrap's statistic is no finite number for the sample or for "
                           "one of its resamples; use one that is defined for any of them");
    pfl_stats_sort(w->results, rounds);
    bias = median_bias(w->results, rounds, estimate);
    interval->estimate = estimate;
    interval->low = pfl_stats_quantile_sorted(w->results, rounds, place(bias, a, -z));
    interval->high = pfl_stats_quantile_sorted(w->results, rounds, place(bias, a, z));
    interval->covers = w->n > 1 ? w->how->confidence : 0;
    return PFL_OK;
}

int pfl_stats_bootstrap_bca(const double *values, size_t n, const struct pfl_bootstrap *how,
                            struct pfl_interval *interval, struct pfl_err *err)
{
    struct work w = {values, n, how, NULL, NULL};
    size_t results = how->resamples < BLOCKS ? BLOCKS : how->resamples;
    int code;

    if ((code = pfl_stats_check_share(how->confidence, "confidence", "the bootstrap", err)) ||
        (code = pfl_stats_check_values(values, n, "the bootstrap", err)))
        return code;
    if (how->resamples == 0)
        return pfl_err_set(err, PFL_EINVAL, "the bootstrap needs at least one resample");
    w.drawn = pfl_alloc_zeroed(n, sizeof *w.drawn);
    w.results = pfl_alloc_zeroed(results, sizeof *w.results);
    code = w.drawn && w.results ? compute(&w, interval, err) : pfl_err_no_memory(err);
    pfl_free(w.drawn);
    pfl_free(w.results);
    return code;
}
