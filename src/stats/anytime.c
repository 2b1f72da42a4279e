/*
 * Intervals that are right at all sample sizes at once. Each inverts a betting game against the
 * hypothesis: a wealth that starts at 1 and cannot be expected to grow if the hypothesis is true,
 * so that it ever reaches 1/α with probability at most α (Ville, "Étude critique de la notion de
 * collectif", 1939). A hypothesis whose game reached it is outside.
 *
 * - Normal mixture: Robbins, "Statistical methods related to the law of the iterated logarithm",
 *   Annals of Mathematical Statistics 41 (1970); Howard, Ramdas, McAuliffe & Sekhon, "Time-uniform,
 *   nonparametric, nonasymptotic confidence sequences", Annals of Statistics 49 (2021), §3.2; its ρ
 *   is optimal for one variance by their Lambert W equation.
 * - Mean with unknown variance: the t statistic under a normal prior N(0, g) on μ/σ against μ = 0
 *   (Lai, "On confidence sequences", Annals of Statistics 4, 1976; Gönen, Johnson, Lu & Westfall,
 * The American Statistician 59, 2005). That Bayes factor is a martingale in n for every σ
 * (Hendriksen, de Heide & Grünwald, Bayesian Analysis 16, 2021; Wang & Ramdas, "Anytime-valid
 * t-tests and confidence sequences for Gaussian means with unknown variance", 2023).
 * - Median: how many values lie below is binomial(½) for the true median; mixed over Beta(a, a)
 *   (Robbins 1970; Howard & Ramdas, "Sequential estimation of quantiles", Bernoulli 28, 2022). With
 *   atoms the counts ≤ and < bracket a binomial one, so it still holds.
 * - Bounded mean: the predictable plug-in empirical Bernstein sequence of Waudby-Smith & Ramdas,
 *   "Estimating means of bounded random variables by betting", JRSS B 86 (2024), theorem 2.
 */
#include "stats/gamma.h"
#include "stats/sequential.h"

#include <math.h>

static const struct pfl_interval nothing_known = {NAN, -INFINITY, INFINITY, 1};

static bool is_share(double x)
{
    return x > 0 && x < 1;
}

static bool all_within(const double *values, size_t n, double low, double high)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (!(values[i] >= low && values[i] <= high))
            return false;
    return n > 0;
}

double pfl_stats_mixture_bound(double variance, double rho, double alpha)
{
    if (!is_share(alpha) || !(rho > 0) || !(variance >= 0))
        return INFINITY;
    return sqrt((variance + rho) * (log1p(variance / rho) - 2 * log(alpha)));
}

/* With w = (variance + ρ) / ρ the width is least where w − ln w = 1 + 2 ln(1/α): a contraction for
 * w > 1. */
double pfl_stats_mixture_rho(double variance, double alpha)
{
    double right = 1 - 2 * log(alpha), w = right, next;
    int i;

    if (!is_share(alpha) || !(variance > 0))
        return NAN;
    for (i = 0; i < 200; i++) {
        next = right + log(w);
        if (fabs(next - w) <= 1e-15 * w)
            break;
        w = next;
    }
    return variance / (w - 1);
}

struct pfl_interval pfl_stats_anytime_mean(const double *values, size_t n, double confidence,
                                           double tune_n)
{
    struct pfl_interval interval = nothing_known;
    double size = (double)n, alpha = 1 - confidence, spread, grown, limit, squared, half;

    if (!is_share(confidence) || !(tune_n > 0) ||
        !all_within(values, n, -pfl_stats_largest, pfl_stats_largest))
        return nothing_known;
    interval.estimate = pfl_stats_mean(values, n);
    interval.covers = confidence;
    spread = pfl_stats_stddev(values, n);
    grown = 1 + size / pfl_stats_mixture_rho(tune_n, alpha); /* 1 + n g */
    /* Outside once [(1 + u) / (1 + u / grown)]^(n/2) ≥ √grown / α, u = t² / (n − 1). */
    limit = exp((log(grown) - 2 * log(alpha)) / size);
    if (n < 2 || limit >= grown || !isfinite(spread))
        return interval;
    squared = (size - 1) * (limit - 1) / (1 - limit / grown);
    half = spread * sqrt(squared / size);
    interval.low = interval.estimate - half;
    interval.high = interval.estimate + half;
    return interval;
}

/* The logarithm of the wealth against "½" when `count` of n fell on one side. */
static double log_wealth(size_t count, size_t n, double a)
{
    double below = (double)count, size = (double)n;

    return size * 0.69314718055994530942 + pfl_stats_log_gamma(below + a) +
           pfl_stats_log_gamma(size - below + a) - pfl_stats_log_gamma(size + 2 * a) -
           2 * pfl_stats_log_gamma(a) + pfl_stats_log_gamma(2 * a);
}

struct pfl_interval pfl_stats_anytime_median_sorted(const double *sorted, size_t n,
                                                    double confidence, double tune_n)
{
    struct pfl_interval interval = nothing_known;
    double alpha = 1 - confidence, a;
    size_t low = 0, high = (n + 1) / 2, middle;

    if (!is_share(confidence) || !(tune_n > 0) ||
        !all_within(sorted, n, -pfl_stats_largest, pfl_stats_largest))
        return nothing_known;
    /* Beta(a, a) has the variance 1 / (4 (2a + 1)): the ρ of a normal mixture is 2a + 1 values. */
    a = fmax(0.5, (pfl_stats_mixture_rho(tune_n, alpha) - 1) / 2);
    /* The largest rank k whose count of k − 1 below is refuted; wealth falls towards the middle. */
    while (low < high) {
        middle = low + (high - low + 1) / 2;
        if (log_wealth(middle - 1, n, a) >= -log(alpha))
            low = middle;
        else
            high = middle - 1;
    }
    interval.estimate = pfl_stats_median_sorted(sorted, n);
    interval.covers = confidence;
    if (low > 0) {
        interval.low = sorted[low - 1];
        interval.high = sorted[n - low];
    }
    return interval;
}

struct pfl_interval pfl_stats_anytime_bounded_mean(const double *values, size_t n,
                                                   const struct pfl_bounds *range,
                                                   double confidence)
{
    struct pfl_interval interval = nothing_known;
    double width = range->high - range->low, cost = log(2 / (1 - confidence));
    double sum = 0.5, squares = 0.25, stakes = 0, staked = 0, x, d, seen, stake, centre;
    size_t i;

    if (!is_share(confidence) || !(width > 0) || isinf(width) ||
        !all_within(values, n, range->low, range->high))
        return nothing_known;
    for (i = 0; i < n; i++) {
        x = (values[i] - range->low) / width;
        seen = (double)(i + 1);
        stake = sqrt(2 * log(2 / (1 - confidence)) / (squares * log1p(seen)));
        stake = fmin(stake, 0.5);
        d = x - sum / seen;
        cost += d * d * (-log1p(-stake) - stake);
        stakes += stake;
        staked += stake * x;
        sum += x;
        d = x - sum / (seen + 1);
        squares += d * d;
    }
    centre = staked / stakes;
    interval.estimate = range->low + width * centre;
    interval.low = fmax(range->low, range->low + width * (centre - cost / stakes));
    interval.high = fmin(range->high, range->low + width * (centre + cost / stakes));
    interval.covers = confidence;
    return interval;
}
