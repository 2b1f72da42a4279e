/* Questions about a margin: is the effect surely inside, how small an effect could have been seen,
 * how many more launches would it take? An estimate comes with its standard error and degrees of
 * freedom (infinite: known error). */
#ifndef PFL_STATS_MARGIN_H
#define PFL_STATS_MARGIN_H

#include "stats/stats.h"

struct pfl_effect {
    double estimate, se, df;
};

/* Two one-sided t tests: the p value of "the effect is outside [low, high]", so that p ≤ α means
 * equivalent; the same as the (1 − 2α) interval lying inside. se 0: 0 inside, 1 on the edge or
 * outside. NaN anywhere, df ≤ 0 or a margin that is none (low > high): 1, never equivalent. */
double pfl_stats_equivalence(const struct pfl_effect *effect, double low, double high);

/* The smallest true effect that a two-sided test at alpha finds with this power (0.8, 0.95): on a
 * log scale for log ratios. Infinite for df ≤ 0 or NaN: nothing can be detected. */
double pfl_stats_detectable(const struct pfl_effect *effect, double alpha, double power);

/* How many values in all it would take to detect `wanted`, given that n values detect `detectable`:
 * at least 2. 0: no number does (wanted 0 or negative, or not known). */
double pfl_stats_needed(size_t n, double detectable, double wanted);

#endif
