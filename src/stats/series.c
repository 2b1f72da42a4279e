/*
 * Autocorrelation of first order. The estimate is the lag-1 autocorrelation with the mean taken
 * out, r = Σ (x_t − x̄)(x_{t+1} − x̄) / Σ (x_t − x̄)². Its expectation is φ − (1 + 4 φ) / n + O(n⁻²)
 * (Marriott & Pope, "Bias in the estimation of autocorrelations"; Kendall, "Note on bias in the
 * estimation of autocorrelation"; both Biometrika 41, 1954): a series of 50 that is truly 0.6 shows
 * 0.53, and whoever uses that as it is finds change points in quiet series. Solved for φ:
 * (n r + 1) / (n − 4). Standard error: Bartlett, JRSS Supplement 8 (1946).
 *
 * Effective size: n / (1 + 2 Σ (1 − k/n) φ^k), the variance of a mean of AR(1) values (Anderson,
 * "The Statistical Analysis of Time Series", 1971, §8.3), in closed form.
 */
#include "stats/series.h"

#include <math.h>

enum { SERIES_LEAST = 6 };

const double pfl_stats_ar1_most = 0.99;

double pfl_stats_ar1(const double *values, size_t n)
{
    double mean, squares = 0, products = 0, size = (double)n, d, last = 0, coefficient;
    size_t i;

    if (n < SERIES_LEAST)
        return 0;
    mean = pfl_stats_mean(values, n);
    for (i = 0; i < n; i++) {
        d = values[i] - mean;
        squares += d * d;
        products += last * d;
        last = d;
    }
    /* Constant but for the rounding of the mean; NaN and infinities end here, too. */
    if (!(squares > size * mean * mean * 1e-30) || isinf(squares))
        return 0;
    coefficient = (size * products / squares + 1) / (size - 4);
    return fmax(-pfl_stats_ar1_most, fmin(pfl_stats_ar1_most, coefficient));
}

double pfl_stats_ar1_se(double coefficient, size_t n)
{
    return n == 0 ? 1 : sqrt(fmax(0, 1 - coefficient * coefficient) / (double)n);
}

double pfl_stats_effective_n(size_t n, double coefficient)
{
    double size = (double)n, rest = 1 - coefficient, sum;

    if (n < 2 || !(coefficient > 0))
        return size;
    if (rest * size < 1e-6)
        return 1;
    sum = coefficient / rest + coefficient * expm1(size * log(coefficient)) / (size * rest * rest);
    return fmax(1, size / (1 + 2 * sum));
}
