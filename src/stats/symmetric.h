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
 * sharpest; chosen beforehand. */
struct pfl_symmetric_rule {
    double alpha, tune_n;
};

/* The smallest alpha at which "the centre is `centre`" is rejected at this look; 1 for fewer than
 * FIRST values, for bad input and for values that all equal the centre. A race takes the running
 * minimum over its looks if it wants one p value. */
double pfl_stats_symmetric_p(const double *values, size_t n, double centre,
                             const struct pfl_symmetric_rule *rule);

/* All centres that are not rejected; (−∞, ∞) while n is too small to reject any. In the order in
 * which the values came. `scratch`: room for 4 n doubles. */
struct pfl_interval pfl_stats_symmetric_interval(const double *values, size_t n,
                                                 const struct pfl_symmetric_rule *rule,
                                                 double *scratch);

/* For one look that is not repeated, pfl_stats_hodges_lehmann() is sharper: stats/location.h. */

#endif
