/*
 * Equivalence: Schuirmann, "A comparison of the two one-sided tests procedure and the power
 * approach for assessing the equivalence of average bioavailability", J. Pharmacokinetics and
 * Biopharmaceutics 15 (1987). "Not significantly different" is no proof of being equal; this is.
 *
 * Minimal detectable effect: (t_{1−α/2} + t_{power}) × se, Bloom, "Minimum detectable effects",
 * Evaluation Review 19 (1995). The t quantile for the power is an approximation to the non-central
 * t distribution, within 2 % from 5 degrees of freedom on. The needed number follows from se ∝ 1/√n
 * and so is a little too large where it lowers the t quantiles as well.
 */
#include "stats/margin.h"

#include <math.h>

double pfl_stats_equivalence(const struct pfl_effect *effect, double low, double high)
{
    double from_low = effect->estimate - low, to_high = high - effect->estimate, t;

    if (!(low <= high) || !(effect->se >= 0) || !(effect->df > 0) || isnan(effect->estimate))
        return 1;
    if (effect->se == 0)
        return !(from_low > 0 && to_high > 0);
    t = fmin(from_low, to_high) / effect->se;
    return isnan(t) ? 1 : pfl_stats_t_cdf(-t, effect->df);
}

double pfl_stats_detectable(const struct pfl_effect *effect, double alpha, double power)
{
    double both;

    if (!(effect->df > 0) || !(effect->se >= 0))
        return INFINITY;
    both =
        pfl_stats_t_quantile(1 - alpha / 2, effect->df) + pfl_stats_t_quantile(power, effect->df);
    return both >= 0 ? both * effect->se : INFINITY;
}

double pfl_stats_needed(size_t n, double detectable, double wanted)
{
    double ratio = detectable / wanted;

    if (!(wanted > 0) || !(ratio >= 0) || isinf(ratio))
        return 0;
    return fmax(2, ceil((double)n * ratio * ratio * (1 - 1e-12)));
}
