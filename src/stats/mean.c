/*
 * Mean and standard deviation. Apart from the summary, which allocates: libperfledger compiles this
 * file in.
 *
 * The sum is compensated after Neumaier (ZAMM 54, 1974), the variance is the two-pass one: byte
 * counts near 2^53 and a spread of a few bytes must not vanish.
 */
#include "stats/stats.h"

#include <math.h>

double pfl_stats_mean(const double *values, size_t n)
{
    double sum = 0, lost = 0, next;
    size_t i;

    if (n == 0)
        return NAN;
    for (i = 0; i < n; i++) {
        next = sum + values[i];
        lost += fabs(sum) >= fabs(values[i]) ? (sum - next) + values[i] : (values[i] - next) + sum;
        sum = next;
    }
    return (sum + lost) / (double)n;
}

double pfl_stats_stddev(const double *values, size_t n)
{
    double mean = pfl_stats_mean(values, n), squares = 0, rest = 0, d;
    size_t i;

    if (n < 2)
        return 0;
    for (i = 0; i < n; i++) {
        d = values[i] - mean;
        squares += d * d;
        rest += d; /* 0 but for rounding of the mean: corrected below (Chan, Golub, LeVeque 1983) */
    }
    squares -= rest * rest / (double)n;
    return squares > 0 ? sqrt(squares / (double)(n - 1)) : 0;
}
