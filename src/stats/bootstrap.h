/* Intervals for any statistic, by drawing from the sample itself. */
#ifndef PFL_STATS_BOOTSTRAP_H
#define PFL_STATS_BOOTSTRAP_H

#include "stats/tests.h"

struct pfl_bootstrap {
    struct pfl_statistic statistic;
    size_t resamples; /* 2,000 or more; memory for as many doubles */
    double confidence;
    struct pfl_random *random;
};

/* Efron's bias-corrected and accelerated interval. Assumes independent values and a smooth
 * statistic; with fewer than about 15 values it covers less than it says, whatever the literature
 * of its day hoped (prefer Hodges–Lehmann there). One value or a constant sample: both ends are the
 * value, covers 0 for the former. PFL_EINVAL as in location.h, and when the statistic of a resample
 * is not finite. Takes (resamples + 500) × n steps at most. */
int pfl_stats_bootstrap_bca(const double *values, size_t n, const struct pfl_bootstrap *how,
                            struct pfl_interval *interval, struct pfl_err *err);

#endif
