/* The logarithm of Γ(x), x > 0, without lgamma's global `signgam`: stats/ is called from several
 * threads. Private to stats/. */
#ifndef PFL_STATS_GAMMA_H
#define PFL_STATS_GAMMA_H

#include <math.h>

static inline double pfl_stats_log_gamma(double x)
{
    int sign;

    return lgamma_r(x, &sign);
}

#endif
