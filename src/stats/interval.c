/*
 * How well a median is known from n launches, without a word about the distribution.
 *
 * [x_(k), x_(n−k+1)] holds the population's median with probability 1 − 2 P(Bin(n, ½) < k),
 * whatever the distribution (Thompson, Annals of Mathematical Statistics 7, 1936). These
 * probabilities come in coarse steps: with n = 10 there are 97.9 % and 89.1 %, nothing between. The
 * interval for exactly 95 % is interpolated between the two neighbours after Hettmansperger &
 * Sheather, "Confidence intervals based on interpolated order statistics", Statistics & Probability
 * Letters 4 (1986). Their weights are made for a Laplace distribution, and Nyblom (JASA 87, 1992)
 * shows that they hold up well for others.
 *
 * With n ≤ 5 even [min, max] covers less than 95 % (n = 5: 93.75 %): it is given all the same, as
 * the widest there is. The standard error is read off this interval, so that it, too, needs no
 * distribution; with so few values the matching t quantile is the one of what [min, max] really
 * covers.
 */
#include "stats/gamma.h"
#include "stats/stats.h"

#include <math.h>

/* P(Bin(n, ½) ≤ k) for k ≤ n/2, by summing from the largest term down: no cancellation, no overflow
 * for any n. */
static double binomial_half_cdf(size_t n, size_t k)
{
    double size = (double)n, term, sum;
    size_t i;

    term = exp(pfl_stats_log_gamma(size + 1) - pfl_stats_log_gamma((double)k + 1) -
               pfl_stats_log_gamma(size - (double)k + 1) - size * 0.69314718055994530942);
    sum = term;
    for (i = k; i > 0 && term > sum * 1e-17; i--) {
        term *= (double)i / (double)(n - i + 1);
        sum += term;
    }
    return sum;
}

/* What [x_(k), x_(n−k+1)] covers. */
static double coverage(size_t n, size_t k)
{
    return k == 0 ? 1 : 1 - 2 * binomial_half_cdf(n, k - 1);
}

/* The largest k whose interval covers at least `confidence`, by bisection (coverage falls with k);
 * 0: none does. */
static size_t widest_rank(size_t n, double confidence)
{
    size_t low = 0, high = (n + 1) / 2, middle;

    while (low < high) {
        middle = low + (high - low + 1) / 2;
        if (coverage(n, middle) >= confidence)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/* From x towards y; equal ones stay exactly as they are, infinite ones too. */
static double between(double x, double y, double weight)
{
    return x == y ? x : x + weight * (y - x);
}

void pfl_stats_median_interval_sorted(const double *sorted, size_t n, double confidence,
                                      double *low, double *high)
{
    double covers, covers_next, share, weight;
    size_t k;

    if (n == 0) {
        *low = *high = NAN;
        return;
    }
    k = widest_rank(n, confidence);
    if (k == 0 || 2 * k >= n) {
        k = k == 0 ? 1 : (n + 1) / 2;
        *low = sorted[k - 1];
        *high = sorted[n - k];
        return;
    }
    covers = coverage(n, k);
    covers_next = coverage(n, k + 1);
    share = (covers - confidence) / (covers - covers_next);
    weight = (double)(n - k) * share / ((double)k + ((double)n - 2 * (double)k) * share);
    *low = between(sorted[k - 1], sorted[k], weight);
    *high = between(sorted[n - k], sorted[n - k - 1], weight);
}

static const double se_confidence = 0.95;

double pfl_stats_median_se_divisor(size_t n)
{
    double covered;

    if (n < 2)
        return NAN;
    covered = coverage(n, 1);
    if (covered > se_confidence)
        covered = se_confidence;
    return pfl_stats_t_quantile(0.5 + covered / 2, (double)(n - 1));
}

double pfl_stats_median_se_sorted(const double *sorted, size_t n)
{
    double low, high;

    if (n < 2)
        return 0;
    pfl_stats_median_interval_sorted(sorted, n, se_confidence, &low, &high);
    return (high - low) / 2 / pfl_stats_median_se_divisor(n);
}
