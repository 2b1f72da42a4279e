/*
 * Tests and intervals for differences that are symmetric about their centre, which randomised,
 * mirrored pairs are by construction: exchanging the two names turns the sign about and nothing
 * else. No other property of the noise is needed for the test of "no difference", neither a
 * distribution nor a finite variance nor independence of the sizes.
 *
 * Anytime-valid: for symmetric x and any λ, Π exp(λ ψ(x_i) − λ² ψ(x_i)² / 2) with odd ψ is a
 * supermartingale of mean ≤ 1 (de la Peña 1999); a normal mixture over λ (Robbins 1970) bounds
 * |Σψ| at all times at once by √((V + ρ) ln((V + ρ) / (ρ α²))), V = Σψ². ψ clips at a multiple of
 * the scale of the values that came before, so that spikes count like large values, not like many.
 */
#ifndef PFL_STATS_SYMMETRIC_H
#define PFL_STATS_SYMMETRIC_H

#include "stats/location.h"

enum {
    PFL_SYMMETRIC_FIRST = 8
}; /* as many values set the first scale; with fewer nothing is said */

/* alpha: two-sided, of all looks together. tune_n: the number of values at which it shall be
 * sharpest; chosen beforehand. together: so many values in a row turn about together (the two pairs
 * of a mirrored block), so that they are one witness; 0 and 1: each by itself. An unfinished group
 * at the end does not count. */
struct pfl_symmetric_rule {
    double alpha, tune_n;
    size_t together;
};

/* The smallest alpha at which "the centre is `centre`" is rejected at this look; 1 for fewer than
 * FIRST values, for bad input and for values that all equal the centre. A race takes the running
 * minimum over its looks if it wants one p value. O(n). scratch: room for n doubles. */
double pfl_stats_symmetric_p(const double *values, size_t n, double centre,
                             const struct pfl_symmetric_rule *rule, double *scratch);

/* All centres that are not rejected; (−∞, ∞) while n is too small to reject any. In the order in
 * which the values came. The estimate is the centre at which nothing pulls to either side. scratch:
 * room for n doubles. About a hundred times the cost of one p value. */
struct pfl_interval pfl_stats_symmetric_interval(const double *values, size_t n,
                                                 const struct pfl_symmetric_rule *rule,
                                                 double *scratch);

/* How much less than n values tell where `together` in a row hang together: the variance of the sum
 * of their signed ranks about the centre, groups turned about as a whole, over what it would be if
 * every value turned about by itself (Rosner, Glynn & Lee, Biometrics 62, 2006). 1 … together;
 * never less than 1: what cancels within a group is no merit. scratch: room for n doubles. */
double pfl_stats_symmetric_inflation(const double *values, size_t n, double centre, size_t together,
                                     double *scratch);

/* For one look that is not repeated, pfl_stats_hodges_lehmann() is sharper: stats/location.h. */

#endif
