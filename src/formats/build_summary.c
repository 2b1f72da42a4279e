/*
 * What a file says of samples that it does not hold: taken as it stands, in stored units. Intervals
 * that the file has none of follow from quartiles (McGill, Tukey, Larsen 1978) or from mean and
 * standard deviation (Student's t); the reader says which, in a warning.
 */
#include "formats/build.h"

#include "stats/stats.h"

#include <math.h>

void pfl_build_interval_of_quartiles(const struct pfl_summary *summary, double *low, double *high)
{
    double half = 1.57 * (summary->q3 - summary->q1) / sqrt((double)summary->n);

    if (summary->n < 2)
        half = NAN;
    *low = summary->median - half;
    *high = summary->median + half;
}

void pfl_build_interval_of_mean(const struct pfl_summary *summary, double *low, double *high)
{
    double half = NAN;

    if (summary->n >= 2 && summary->stddev >= 0)
        half = pfl_stats_t_quantile(0.975, (double)(summary->n - 1)) * summary->stddev /
               sqrt((double)summary->n);
    *low = summary->mean - half;
    *high = summary->mean + half;
}

void pfl_build_summary(struct pfl_build *b, const struct pfl_summary *summary)
{
    struct pfl_result *result;
    double *each[9];
    size_t i;

    if (!b->in_result)
        return;
    result = &b->results.at[b->results.n - 1];
    result->summary_only = true;
    result->summary = *summary;
    if (isnan(result->summary.median))
        result->summary.median = result->summary.mean;
    each[0] = &result->summary.median;
    each[1] = &result->summary.ci_low;
    each[2] = &result->summary.ci_high;
    each[3] = &result->summary.mean;
    each[4] = &result->summary.stddev;
    each[5] = &result->summary.min;
    each[6] = &result->summary.max;
    each[7] = &result->summary.q1;
    each[8] = &result->summary.q3;
    for (i = 0; i < PFL_COUNT(each); i++)
        *each[i] = isfinite(*each[i] * b->factor) ? *each[i] * b->factor : (double)NAN;
    if (result->summary.n == 0)
        result->summary.n = 1;
    if (isnan(result->summary.ci_low) || isnan(result->summary.ci_high)) /* half of one is none */
        result->summary.ci_low = result->summary.ci_high = NAN;
    if (result->summary.ci_low > result->summary.ci_high) {
        pfl_build_warn_at(b, 0, 0, "%.200s: an interval from %g to %g is left out",
                          b->benchmarks.at[b->benchmarks.n - 1].name, result->summary.ci_low,
                          result->summary.ci_high);
        result->summary.ci_low = result->summary.ci_high = NAN;
    }
}
