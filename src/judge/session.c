/*
 * How much a series moves from one session to the next while nothing changes: the deviation that a
 * comparison with a stored baseline cannot see in its own samples, and the one that matters most.
 *
 * The history also holds real changes, so the ordinary standard deviation would be far too large.
 * Successive differences forget the level (von Neumann, Kent, Bellinson, Hart, "The mean square
 * successive difference", Annals of Mathematical Statistics 12, 1941; Rice, Annals of Statistics
 * 12, 1984): a step enters one difference only, a drift hardly any. One difference can still be
 * huge, so they are limited to 2.5 times their own robust scale, the median of |d| / 0.6745 (one
 * step of Huber's proposal; Hampel et al., "Robust Statistics", 1986), and then σ² = mean(d²) / 2.
 * Limiting costs 1.6 % of a Gaussian's σ, which is given back. By simulation (n = 6 … 300): σ² is
 * unbiased within 1 %, its degrees of freedom are 0.6 n − 0.4; a step of 10 σ in the middle of 20
 * sessions raises σ by 18 % (the ordinary estimate: five-fold).
 */
#include "base/alloc.h"
#include "judge/judge.h"
#include "stats/stats.h"

#include <math.h>

/* Turns the medians into |differences| of their logarithms; false for values that have none. */
static bool differences(const double *medians, size_t n, double *out)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (!(medians[i] > 0) || isinf(medians[i]))
            return false;
    for (i = 0; i + 1 < n; i++)
        out[i] = fabs(log(medians[i + 1] / medians[i]));
    return true;
}

double pfl_judge_session_sd(const double *medians, size_t n)
{
    const double limit = 2.5, limited_share = 0.984, normal_quartile = 0.674489750196082;
    double *d, most, sum = 0, sd = NAN;
    size_t i;

    if (n < PFL_JUDGE_SESSIONS_LEAST)
        return NAN;
    d = pfl_alloc((n - 1) * sizeof *d);
    if (!d)
        return NAN;
    if (differences(medians, n, d)) {
        pfl_stats_sort(d, n - 1);
        most = limit * pfl_stats_median_sorted(d, n - 1) / normal_quartile;
        for (i = 0; i + 1 < n; i++)
            sum += d[i] > most ? most * most : d[i] * d[i];
        /* Most sessions agree to the digit, some do not: a counter or a size that the program's
         * changes moved. Their steps say nothing of sessions, so nothing is known. */
        if (most > 0 || d[n - 2] == 0)
            sd = sqrt(sum / (double)(n - 1) / 2) / limited_share;
    }
    pfl_free(d);
    return sd;
}
