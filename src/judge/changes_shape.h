/* What a change looks like: a step or a ramp, its levels with an interval, the last few values.
 * Private to judge/. */
#ifndef PFL_JUDGE_CHANGES_SHAPE_H
#define PFL_JUDGE_CHANGES_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

/* Running sums over a smoothed series, for fitting in constant time; arrays of n + 1. */
struct pfl_changes_sums {
    size_t n;
    double *level, *moment, *square; /* Σ y, Σ t·y, Σ y² before t */
};
/* values: logarithms or as they are. scratch: n. */
void pfl_changes_sums_fill(struct pfl_changes_sums *sums, const double *values, size_t n,
                           double *scratch);

struct pfl_changes_ramp {
    size_t from, to; /* first value that has moved; first value of the new level */
    double rest;     /* sum of squares it leaves */
};
/* The best level–ramp–level in [from, to); false when there is no room for one. */
bool pfl_changes_ramp_fit(const struct pfl_changes_sums *sums, size_t from, size_t to,
                          struct pfl_changes_ramp *ramp);

/* Does one ramp tell the story of [bounds[0], bounds[steps + 1]) better than steps at bounds[1 …
 * steps]? */
bool pfl_changes_is_drift(const struct pfl_changes_sums *sums, const size_t *bounds, size_t steps,
                          double wander, struct pfl_changes_ramp *ramp);

/* The likelihood ratio of that ramp to one level, over the long-run variance of what it leaves; for
 * the whole of values. */
double pfl_changes_ramp_strength(const double *values, size_t n,
                                 const struct pfl_changes_ramp *ramp);

struct pfl_changes_level {
    size_t n;
    double median;
    double log_se; /* of the median of the logarithms; NaN when a value is not positive */
};
/* scratch: n. */
struct pfl_changes_level pfl_changes_level_of(const double *values, size_t n, double *scratch);

/* Median and raw median absolute deviation, in linear time; n > 0. scratch: n. */
void pfl_changes_spread(const double *values, size_t n, double *scratch, double *median,
                        double *mad);

/* after / before with its 95 % interval; wander: long-run variance over variance. All NaN without a
 * ratio. */
void pfl_changes_ratio(const struct pfl_changes_level *before,
                       const struct pfl_changes_level *after, double wander, double ratio[3]);

/* How many of the last values stand apart from all the others, so far that they may be a change: 0
 * or 3 … 8. scratch: n. */
size_t pfl_changes_tail(const double *values, size_t n, double *scratch);

#endif
