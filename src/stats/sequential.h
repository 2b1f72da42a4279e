/*
 * Looking while measuring, without being wrong more often for it. Two ways:
 *
 * - group sequential: the length of the race is planned, looks come at any share of it, and each
 * look has a bound for the z statistic. Sharper at its planned end (O'Brien–Fleming costs next to
 * nothing there).
 * - anytime-valid: no plan; an interval that is right at all sample sizes at once with the stated
 * confidence, so that one may stop for any reason whatever. Wider by 30–60 % where it is tuned to
 * be tightest.
 */
#ifndef PFL_STATS_SEQUENTIAL_H
#define PFL_STATS_SEQUENTIAL_H

#include "stats/location.h"

/* ---- Group sequential (Lan & DeMets) ----
 * Assumes: z statistics of growing information with independent increments, approximately normal (a
 * mean or a Hodges–Lehmann estimate over its standard error, from a dozen values on; with fewer
 * turn t into z by its p value), and looks that are not placed where the effect so far suggests. */
enum pfl_spending {
    PFL_SPENDING_OBRIEN_FLEMING, /* hardly anything early, nearly all of alpha left at the end */
    PFL_SPENDING_POCOCK          /* about the same bound at every look */
};

/* How much of alpha may be spent by this share of the planned information (0 … 1; more counts as
 * 1). NaN for an alpha not between 0 and 1. One-sided; for two sides half of alpha is spent on
 * either. */
double pfl_stats_spending(enum pfl_spending spending, double alpha, double share);

struct pfl_looks;

/* sides 1: only large z count; 2: both. 0 < alpha ≤ 0.5. NULL and err on bad input or no memory. */
struct pfl_looks *pfl_looks_new(enum pfl_spending spending, double alpha, int sides,
                                struct pfl_err *err);
void pfl_looks_free(struct pfl_looks *looks);

/* The next look, at this share of the planned information (of the planned launches, usually): the
 * bound that z (or |z|) has to reach. Infinite where nothing may be spent yet (O'Brien–Fleming's
 * first looks) or any more (after a look at share ≥ 1). Shares ascend by at least 10⁻⁶, up to 2.
 * PFL_EINVAL, PFL_ENOMEM. Accurate to about 10⁻⁷; 1,000 looks take a fraction of a second. */
int pfl_looks_next(struct pfl_looks *looks, double share, double *bound, struct pfl_err *err);

/* ---- Anytime-valid (confidence sequences) ----
 * P(the truth is inside at every n) ≥ confidence. tune_n: the number of values at which it shall be
 * tightest; it must be chosen beforehand; off by a factor of ten costs 10–20 % of width. Bad input
 * (none, NaN, infinite, confidence not between 0 and 1) excludes nothing: (−∞, ∞), the estimate
 * NaN. */

/* Normal mixture: the bound on |Σ (x − μ)| for sums with known variance `variance` in all (or a
 * sub-Gaussian bound of it). rho > 0: pfl_stats_mixture_rho(variance at which it is tightest,
 * alpha). */
double pfl_stats_mixture_bound(double variance, double rho, double alpha);
double pfl_stats_mixture_rho(double variance, double alpha);

/* The mean, variance unknown: exact for independent Gaussian values; symmetric spikes and a clock
 * of two speeds make it err less often, skewness more (lognormal, σ = 0.4: 5 to 6 % instead of 5
 * %). Unbounded while n is too small; one point for a constant sample. */
struct pfl_interval pfl_stats_anytime_mean(const double *values, size_t n, double confidence,
                                           double tune_n);

/* The median, by signs: exact for independent values of any distribution, atoms included; no
 * moments needed. */
struct pfl_interval pfl_stats_anytime_median_sorted(const double *sorted, size_t n,
                                                    double confidence, double tune_n);

/* The mean of values known to lie in [low, high] (clip log ratios first: then it is the mean of the
 * clipped), by empirical Bernstein: exact for any distribution and even for dependent values with
 * one conditional mean. Wide while n × variance is small against the range; a value outside the
 * range is bad input. */
struct pfl_bounds {
    double low, high;
};
struct pfl_interval pfl_stats_anytime_bounded_mean(const double *values, size_t n,
                                                   const struct pfl_bounds *range,
                                                   double confidence);

#endif
