/* What the estimators and tests ask of their input before they touch it. Private to stats/. */
#ifndef PFL_STATS_CHECK_H
#define PFL_STATS_CHECK_H

#include "stats/stats.h"

/* PFL_EINVAL unless there is at least one value, all are finite and none is beyond
 * ±pfl_stats_largest. `doing`: "the Mann-Whitney test". */
int pfl_stats_check_values(const double *values, size_t n, const char *doing, struct pfl_err *err);

/* PFL_EINVAL unless 0 < share < 1. `name`: "confidence". */
int pfl_stats_check_share(double share, const char *name, const char *doing, struct pfl_err *err);

/* A sorted copy of checked values, to be released with pfl_free. */
int pfl_stats_take_sorted(const double *values, size_t n, double **sorted, struct pfl_err *err);

#endif
