/*
 * Pure mathematics on arrays of doubles: no I/O, no clock, no global, no allocation unless said.
 * Inputs are finite unless said; the callers drop NaN first (pfl_stats_drop_nan).
 */
#ifndef PFL_STATS_STATS_H
#define PFL_STATS_STATS_H

#include "base/err.h"
#include "model/run.h"

#include <stddef.h>
#include <stdint.h>

/* xoshiro256** 1.0 (Blackman, Vigna 2018; public domain), seeded by splitmix64. */
struct pfl_random {
    uint64_t state[4];
};
void pfl_random_seed(struct pfl_random *random, uint64_t seed);
uint64_t pfl_random_next(struct pfl_random *random);
double pfl_random_unit(struct pfl_random *random);                    /* [0, 1) */
uint64_t pfl_random_below(struct pfl_random *random, uint64_t bound); /* unbiased (Lemire) */
void pfl_random_shuffle(struct pfl_random *random, uint32_t *items, size_t n);

/* Copies the values that are not NaN; returns how many. out may be values. */
size_t pfl_stats_drop_nan(const double *values, size_t n, double *out);
void pfl_stats_sort(double *values, size_t n);

/* On sorted values. quantile: Hyndman & Fan type 7 (R's and NumPy's default). n = 0 → NaN. */
double pfl_stats_median_sorted(const double *sorted, size_t n);
double pfl_stats_quantile_sorted(const double *sorted, size_t n, double p);
double pfl_stats_mad_sorted(const double *sorted, size_t n,
                            double *scratch); /* raw, × 1.4826 for σ */

double pfl_stats_mean(const double *values, size_t n);   /* compensated (Neumaier) */
double pfl_stats_stddev(const double *values, size_t n); /* n − 1; n < 2 → 0 */

/* Interval of the median by order statistics (binomial), interpolated after Hettmansperger &
 * Sheather (1986) so that coverage is close to `confidence`. n < 5 … the widest there is, [min,
 * max]; n = 1 → both the value. */
void pfl_stats_median_interval_sorted(const double *sorted, size_t n, double confidence,
                                      double *low, double *high);

/* Standard error of the median of log values: half the width of its 95 % interval over the matching
 * t quantile, which is pfl_stats_median_se_divisor(n) (a function of n alone: callers with many
 * samples keep it). 0 for a constant sample or n < 2. */
double pfl_stats_median_se_sorted(const double *sorted, size_t n);
double pfl_stats_median_se_divisor(size_t n); /* NaN for n < 2 */

double pfl_stats_normal_cdf(double z);
double pfl_stats_normal_quantile(double p);       /* Wichura AS 241 */
double pfl_stats_t_quantile(double p, double df); /* Hill 1970 (CACM 396) refined by Newton */
double pfl_stats_t_cdf(double t, double df);

/* Everything of struct pfl_summary from values that may hold NaN. Allocates scratch (PFL_ENOMEM).
 */
int pfl_stats_summarise(const double *values, size_t n, struct pfl_summary *summary,
                        struct pfl_err *err);

/* Benjamini & Hochberg 1995: adjusted p values in place. order: scratch of n. */
void pfl_stats_benjamini_hochberg(double *p, uint32_t *order, size_t n);

/* Least squares y = a + b x: slope with its standard error and the residual RMS; n ≥ 3. */
struct pfl_line_fit {
    double intercept, slope, slope_se, residual;
};
bool pfl_stats_fit_line(const double *x, const double *y, size_t n, struct pfl_line_fit *fit);

/* Tukey fences: how many lie beyond 1.5 and beyond 3 interquartile ranges. */
void pfl_stats_outliers_sorted(const double *sorted, size_t n, size_t *mild, size_t *severe);

/* Kendall's tau-b of values against their index with its two-sided p (normal approximation, ties
 * corrected). More than 1,024 values are thinned evenly. */
double pfl_stats_trend(const double *values, size_t n, double *p);

/* Two clusters? Ashman's D of the best split of the sorted values with ≥ 15 % of them on either
 * side (*split: the place); 0: there is no such split; infinite: two-valued. Likely bimodal when
 * above the limit, which fewer than 1 % of one-humped samples of that size exceed (infinite for n <
 * 8: nobody can tell). */
double pfl_stats_bimodality_sorted(const double *sorted, size_t n, double *split);
double pfl_stats_bimodality_limit(size_t n);

#endif
