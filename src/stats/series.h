/* Values in the order in which they came: how much does one tell about the next? */
#ifndef PFL_STATS_SERIES_H
#define PFL_STATS_SERIES_H

#include "stats/stats.h"

/* The AR(1) coefficient φ, corrected for the bias of short series, within ±pfl_stats_ar1_most. A
 * series with a level shift or a trend looks autocorrelated: take these out first. 0 for fewer than
 * 6 values, a constant series or one that holds anything not finite: nothing can be said. */
extern const double pfl_stats_ar1_most;
double pfl_stats_ar1(const double *values, size_t n);

/* The standard error of that estimate, √((1 − φ²) / n); with it the caller may take the cautious
 * end. */
double pfl_stats_ar1_se(double coefficient, size_t n);

/* How many independent values would tell as much about the mean: n for φ ≤ 0 (never more than there
 * are), down to 1. */
double pfl_stats_effective_n(size_t n, double coefficient);

#endif
