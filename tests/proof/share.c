/*
 * Shares with their exact binomial limits, and whether they meet a bar.
 *
 * Clopper & Pearson (Biometrika 26, 1934): the limits are the shares at which what was seen, or
 * more of it, has a chance of 2.5 %; found by bisection on the binomial sum, whose terms are taken
 * as logs (lgamma), so that 10,000 races are no problem. A bar is missed only when the whole
 * interval lies beyond it: two false verdicts in a hundred do not refute a rate of 1 %.
 */
#include "replay.h"

#include <math.h>

/* The chance of at most k of n. */
static double at_most(size_t k, size_t n, double p)
{
    double sum = 0, log_p = log(p), log_q = log1p(-p);
    size_t i;

    if (p <= 0)
        return 1;
    if (p >= 1)
        return k >= n;
    for (i = 0; i <= k; i++)
        sum += exp(lgamma((double)n + 1) - lgamma((double)i + 1) - lgamma((double)(n - i) + 1) +
                   (double)i * log_p + (double)(n - i) * log_q);
    return fmin(sum, 1);
}

static double bisect(size_t k, size_t n, double chance)
{
    double low = 0, high = 1;
    int i;

    for (i = 0; i < 50; i++) {
        double middle = (low + high) / 2;

        if (at_most(k, n, middle) > chance)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

void share_limits(size_t hits, size_t n, double *low, double *high)
{
    *low = hits == 0 ? 0 : bisect(hits - 1, n, 0.975);
    *high = hits >= n ? 1 : bisect(hits, n, 0.025);
}

const char *share_judge(size_t hits, size_t n, bool at_most_bar, double bar)
{
    double low, high, share = n ? (double)hits / (double)n : NAN;

    if (isnan(bar))
        return "shown";
    if (n == 0)
        return "not run";
    share_limits(hits, n, &low, &high);
    if (at_most_bar ? share <= bar : share >= bar)
        return "met";
    return (at_most_bar ? low <= bar : high >= bar) ? "within chance" : "MISSED";
}
