/*
 * What is odd about a sample: values far out, a trend over the rounds, two clusters.
 *
 * Outliers: the fences of Tukey, "Exploratory Data Analysis" (1977), quartiles of type 7. Trend:
 * Kendall's rank correlation τ-b with the order of measuring, its variance corrected for ties
 * (Kendall, "Rank Correlation Methods", 1970); ranks, because one disturbed launch must not look
 * like a trend. Clusters: the split of the sorted values with the least sum of squares within
 * (Fisher, JASA 53, 1958), and for it Ashman's D = √2 |μ₁ − μ₂| / √(σ₁² + σ₂²) (Ashman, Bird, Zepf,
 * Astronomical Journal 108, 1994).
 *
 * D > 2 is the usual reading of D for the components of a fitted mixture. Here the halves come from
 * cutting, which makes them narrower than components: the halves of a Gaussian have D = 2.65, of a
 * uniform 3.46, and in small samples chance gives far more. So the limit was calibrated: 3.6 + 70 /
 * n is exceeded by fewer than 1 % of Gaussian, uniform, lognormal (σ = 0.5) and exponential samples
 * of n = 8 … 500, and reached by most samples of two Gaussians 6 σ apart from n = 20 on.
 */
#include "stats/stats.h"

#include <math.h>

enum {
    TREND_MAX = 1024
}; /* comparisons grow with n²: longer series are thinned evenly to about this many */

static const double least_share = 0.15; /* of the values on either side of a split */

void pfl_stats_outliers_sorted(const double *sorted, size_t n, size_t *mild, size_t *severe)
{
    double q1 = pfl_stats_quantile_sorted(sorted, n, 0.25);
    double q3 = pfl_stats_quantile_sorted(sorted, n, 0.75);
    double iqr = q3 - q1;
    size_t i;

    *mild = *severe = 0;
    for (i = 0; i < n; i++) {
        if (sorted[i] < q1 - 1.5 * iqr || sorted[i] > q3 + 1.5 * iqr)
            ++*mild;
        if (sorted[i] < q1 - 3 * iqr || sorted[i] > q3 + 3 * iqr)
            ++*severe;
    }
}

double pfl_stats_trend(const double *values, size_t n, double *p)
{
    size_t step = (n + TREND_MAX - 1) / TREND_MAX, count, i, j, equal;
    double score = 0, tie_pairs = 0, tie_variance = 0, pairs, size, variance, x;

    *p = 1;
    if (n < 3)
        return 0;
    count = (n + step - 1) / step;
    size = (double)count;
    for (i = 0; i < count; i++) {
        equal = 0;
        x = values[i * step];
        for (j = 0; j < count; j++) {
            if (values[j * step] == x)
                equal++;
            else if (j > i)
                score += values[j * step] > x ? 1 : -1;
        }
        /* Summed over the members of a group of t equals: t(t−1)/2 pairs, t(t−1)(2t+5). */
        tie_pairs += (double)(equal - 1) / 2;
        tie_variance += (double)(equal - 1) * (2 * (double)equal + 5);
    }
    pairs = size * (size - 1) / 2;
    variance = (size * (size - 1) * (2 * size + 5) - tie_variance) / 18;
    if (pairs - tie_pairs <= 0 || variance <= 0)
        return 0;
    *p = erfc(fabs(score) / sqrt(variance) / 1.41421356237309504880);
    return score / sqrt(pairs * (pairs - tie_pairs));
}

/* Running mean and sum of squared deviations (Welford 1962), so that no prefix sums are needed. */
struct moments {
    double n, mean, squares;
};

static void moments_add(struct moments *m, double x)
{
    double d = x - m->mean;

    m->n++;
    m->mean += d / m->n;
    m->squares += d * (x - m->mean);
}

static void moments_remove(struct moments *m, double x)
{
    double d = x - m->mean;

    m->n--;
    m->mean -= d / m->n;
    m->squares -= d * (x - m->mean);
    if (m->squares < 0)
        m->squares = 0;
}

double pfl_stats_bimodality_limit(size_t n)
{
    return n < 8 ? INFINITY : 3.6 + 70 / (double)n;
}

double pfl_stats_bimodality_sorted(const double *sorted, size_t n, double *split)
{
    struct moments low = {0, 0, 0}, high = {0, 0, 0};
    size_t least = (size_t)ceil(least_share * (double)n), i, j, best = 0;
    double within, least_within = INFINITY, variance, total;

    *split = NAN;
    if (n < 4 || sorted[0] == sorted[n - 1])
        return 0;
    for (i = 0; i < n; i++)
        moments_add(&high, sorted[i]);
    total = high.squares;
    for (i = 0; i + least < n; i++) {
        moments_add(&low, sorted[i]);
        moments_remove(&high, sorted[i]);
        within = low.squares + high.squares;
        if (i + 1 >= least && sorted[i] < sorted[i + 1] && within < least_within) {
            least_within = within;
            best = i + 1;
        }
    }
    if (best == 0)
        return 0;
    /* The winner again from scratch: removing left rounding behind, and D divides by what may be
     * nothing. */
    low = high = (struct moments){0, 0, 0};
    for (i = 0; i < best; i++)
        moments_add(&low, sorted[i]);
    for (j = best; j < n; j++)
        moments_add(&high, sorted[j]);
    *split = sorted[best - 1] + (sorted[best] - sorted[best - 1]) / 2;
    variance = low.squares / low.n + high.squares / high.n;
    if (variance <= total / (double)n * 1e-24)
        return INFINITY;
    return 1.41421356237309504880 * (high.mean - low.mean) / sqrt(variance);
}
