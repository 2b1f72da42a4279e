/* How far measurements scatter, by figures that a few wild ones do not spoil. Pure, as stats.h. */
#ifndef PFL_STATS_SCATTER_H
#define PFL_STATS_SCATTER_H

#include <stddef.h>

/* The 20 % trimmed mean of sorted values and its deviation: the standard error of *centre is
 * *deviation / √n. n < 5: nothing is trimmed; n < 2: deviation NaN. */
void pfl_stats_trimmed_sorted(const double *sorted, size_t n, double *centre, double *deviation);

/*
 * The deviation of the log ratio of two neighbouring stretches of `length` values each, over all
 * places where such a pair fits (overlapping): what a pair of commands `length` times as long would
 * scatter by. values > 0, in the order they were measured. scratch: n doubles. NaN when fewer than
 * 4 × length values are there.
 */
double pfl_stats_stretch_deviation(const double *values, size_t n, size_t length, double *scratch);

#endif
