/*
 * The summary of a result: what is shown, stored beside the samples and compared. The median is the
 * estimate (means are useless under contention); mean and standard deviation are there for those
 * look for them. One value has no scatter that anybody could know, so neither an interval nor a
 * standard deviation: an interval of no width would say that the value is certain.
 */
#include "base/alloc.h"
#include "stats/stats.h"

#include <math.h>

static const double summary_confidence = 0.95;

int pfl_stats_summarise(const double *values, size_t n, struct pfl_summary *summary,
                        struct pfl_err *err)
{
    struct pfl_summary s = {0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    double *sorted = pfl_alloc(n * sizeof *sorted);

    if (!sorted)
        return pfl_err_no_memory(err);
    s.n = pfl_stats_drop_nan(values, n, sorted);
    if (s.n > 0) {
        s.mean = pfl_stats_mean(sorted, s.n);
        s.stddev = s.n > 1 ? pfl_stats_stddev(sorted, s.n) : (double)NAN;
        pfl_stats_sort(sorted, s.n);
        s.median = pfl_stats_median_sorted(sorted, s.n);
        if (s.n > 1)
            pfl_stats_median_interval_sorted(sorted, s.n, summary_confidence, &s.ci_low,
                                             &s.ci_high);
        s.min = sorted[0];
        s.max = sorted[s.n - 1];
        s.q1 = pfl_stats_quantile_sorted(sorted, s.n, 0.25);
        s.q3 = pfl_stats_quantile_sorted(sorted, s.n, 0.75);
    }
    pfl_free(sorted);
    *summary = s;
    return PFL_OK;
}
