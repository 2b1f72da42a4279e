/*
 * Scatter of benchmark times has two troubles: a few launches that were interrupted are ten times
 * as far off as the rest, and neighbours resemble each other.
 *
 * For the first: the trimmed mean, with the standard error of Tukey & McLaughlin (Sankhya A 25,
 * 1963): the deviation of the winsorised values over (1 − 2γ). With γ = 20 % a fifth of the values
 * on either side may be anything, and a Gaussian sample loses 6 % of its precision.
 *
 * For the second: the deviation between neighbouring stretches as a function of their length, as
 * clocks are characterised (Allan, Proc. IEEE 54, 1966; overlapping, Snyder 1981), here of log
 * ratios and with the robust deviation. White noise falls with √length; a wandering clock does not.
 */
#include "stats/scatter.h"

#include "stats/stats.h"

#include <math.h>

#define TRIM 0.2

static double winsorised(const double *sorted, size_t n, size_t cut, size_t i)
{
    return i < cut ? sorted[cut] : i >= n - cut ? sorted[n - 1 - cut] : sorted[i];
}

void pfl_stats_trimmed_sorted(const double *sorted, size_t n, double *centre, double *deviation)
{
    size_t cut = (size_t)(TRIM * (double)n), i;
    double mean = 0, squares = 0, off;

    *centre = n ? pfl_stats_mean(sorted + cut, n - 2 * cut) : NAN;
    *deviation = NAN;
    if (n < 2)
        return;
    for (i = 0; i < n; i++)
        mean += winsorised(sorted, n, cut, i) / (double)n;
    for (i = 0; i < n; i++) {
        off = winsorised(sorted, n, cut, i) - mean;
        squares += off * off;
    }
    *deviation = sqrt(squares / (double)(n - 1)) / (1 - 2 * (double)cut / (double)n);
}

double pfl_stats_stretch_deviation(const double *values, size_t n, size_t length, double *scratch)
{
    double first = 0, second = 0, centre, deviation;
    size_t i, pairs;

    if (length == 0 || n / length < 4)
        return NAN;
    for (i = 0; i < length; i++) {
        first += values[i];
        second += values[length + i];
    }
    pairs = n - 2 * length + 1;
    for (i = 0; i < pairs; i++) {
        scratch[i] = log(second / first);
        if (i + 1 < pairs) {
            first += values[i + length] - values[i];
            second += values[i + 2 * length] - values[i + length];
        }
    }
    pfl_stats_sort(scratch, pairs);
    pfl_stats_trimmed_sorted(scratch, pairs, &centre, &deviation);
    return deviation;
}
