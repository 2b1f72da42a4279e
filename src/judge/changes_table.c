/*
 * How sure is the strongest place of a series, given that it was chosen as the strongest? The
 * answer is a table of limits under "nothing changed" (changes_limits.c), by length and by
 * estimated autocorrelation, because no formula is right at once for short series, a maximum over
 * dependent candidates, and a coefficient that is itself an estimate.
 *
 * Between the entries ln p is linear in the strength (the tail of a likelihood ratio is
 * exponential), the limits are linear in the logarithm of the length. Beyond 0.1 % the tail goes on
 * with the slope of the last decade, but not steeper than exp(-strength / 2), that of independent
 * Gaussian values. Longer than the table: the limits of its last length grow on with ln n, as those
 * of a maximum over n places do.
 */
#include "judge/changes_table.h"
#include "judge/changes_find.h"

#include <math.h>

static const double levels[PFL_CHANGES_LEVELS] = {0.5, 0.1, 0.01, 0.001};

static double limit_of(size_t length, size_t level, double autocorrelation)
{
    const double *line = pfl_changes_limits[length][level];

    return line[0] + line[1] * fmin(autocorrelation, PFL_CHANGES_BEND);
}

static void quantiles(size_t n, double autocorrelation, double out[PFL_CHANGES_LEVELS])
{
    double share, low, high;
    size_t i = 0, level;

    while (i + 2 < PFL_CHANGES_LENGTHS && n > pfl_changes_lengths[i + 1])
        i++;
    share = log((double)n / (double)pfl_changes_lengths[i]) /
            log((double)pfl_changes_lengths[i + 1] / (double)pfl_changes_lengths[i]);
    if (share < 0)
        share = 0;
    for (level = 0; level < PFL_CHANGES_LEVELS; level++) {
        low = limit_of(i, level, autocorrelation);
        high = limit_of(i + 1, level, autocorrelation);
        out[level] = low + (high - low) * share;
    }
}

/* The slope of ln p over the strength behind quantile `level`. */
static double slope(const double q[PFL_CHANGES_LEVELS], size_t level)
{
    double run = q[level + 1] - q[level];

    return run > 0 ? log(levels[level + 1] / levels[level]) / run : -INFINITY;
}

double pfl_changes_p(double strength, size_t n, double autocorrelation)
{
    double q[PFL_CHANGES_LEVELS], tail;
    size_t i;

    quantiles(n, autocorrelation, q);
    if (!(strength > 0))
        return 1;
    if (strength < q[0])
        return exp(log(levels[0]) * strength / q[0]);
    for (i = 0; i + 1 < PFL_CHANGES_LEVELS; i++)
        if (strength < q[i + 1])
            return levels[i] * exp(slope(q, i) * (strength - q[i]));
    tail = fmax(slope(q, PFL_CHANGES_LEVELS - 2), -0.5);
    return levels[PFL_CHANGES_LEVELS - 1] * exp(tail * (strength - q[PFL_CHANGES_LEVELS - 1]));
}

double pfl_changes_limit(double p, size_t n, double autocorrelation)
{
    double q[PFL_CHANGES_LEVELS], tail;
    size_t i;

    if (!(p > 0))
        return INFINITY;
    quantiles(n, autocorrelation, q);
    if (p >= levels[0])
        return q[0] * log(p) / log(levels[0]);
    for (i = 0; i + 1 < PFL_CHANGES_LEVELS; i++)
        if (p >= levels[i + 1])
            return q[i] + (q[i + 1] - q[i]) * log(p / levels[i]) / log(levels[i + 1] / levels[i]);
    tail = fmax(slope(q, PFL_CHANGES_LEVELS - 2), -0.5);
    return q[PFL_CHANGES_LEVELS - 1] + log(p / levels[PFL_CHANGES_LEVELS - 1]) / tail;
}
