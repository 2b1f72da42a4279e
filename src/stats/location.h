/*
 * Where a sample lies, or by how much one is shifted against another, with an interval. No
 * distribution is assumed beyond what is said. The values need no order; they are copied, never
 * changed.
 *
 * Bad input is an error, PFL_EINVAL with a sentence: no values at all, a NaN, an infinite value or
 * one beyond ±pfl_stats_largest. One value, constant values, two different ones, 10^7 of them: all
 * fine.
 */
#ifndef PFL_STATS_LOCATION_H
#define PFL_STATS_LOCATION_H

#include "stats/stats.h"

/* `covers` is what the interval really promises: at least the confidence asked for, except where
 * the sample is too small for any interval to promise that (then the widest one is given, and
 * covers says less; one value: 0). */
struct pfl_interval {
    double estimate, low, high, covers;
};

/* Sums and differences of values up to this stay finite. */
extern const double pfl_stats_largest;

/* Hodges–Lehmann: the median of the n (n + 1) / 2 pairwise means, with the interval that the
 * Wilcoxon signed rank test inverts to. Assumes a symmetric distribution (log ratios of interleaved
 * pairs are, when nothing changed); without it the estimate is that of the pseudomedian. O(n log n)
 * time; memory for one copy. */
int pfl_stats_hodges_lehmann(const double *values, size_t n, double confidence,
                             struct pfl_interval *interval, struct pfl_err *err);

/* One sample and another; the test of ranks and the shift go from base to head. */
struct pfl_two_samples {
    const double *base, *head;
    size_t base_count, head_count;
};

/* Hodges–Lehmann shift: the median of all differences head − base, with the interval that the
 * Mann–Whitney test inverts to. Assumes two distributions of one shape. O(n log n) time; memory for
 * one copy. */
int pfl_stats_hodges_lehmann_shift(const struct pfl_two_samples *samples, double confidence,
                                   struct pfl_interval *interval, struct pfl_err *err);

#endif
