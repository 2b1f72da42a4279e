/*
 * The straight line through points, by least squares on centred values (no cancellation for sizes
 * like 10^9). The standard error of the slope is the textbook one: s² = RSS / (n − 2), se² = s² /
 * Σ(x − x̄)².
 */
#include "stats/stats.h"

#include <math.h>

bool pfl_stats_fit_line(const double *x, const double *y, size_t n, struct pfl_line_fit *fit)
{
    double mean_x = pfl_stats_mean(x, n), mean_y = pfl_stats_mean(y, n), sxx = 0, sxy = 0, rss = 0,
           r;
    size_t i;

    if (n < 3)
        return false;
    for (i = 0; i < n; i++) {
        sxx += (x[i] - mean_x) * (x[i] - mean_x);
        sxy += (x[i] - mean_x) * (y[i] - mean_y);
    }
    if (!(sxx > 0))
        return false;
    for (i = 0; i < n; i++) {
        r = y[i] - mean_y - sxy / sxx * (x[i] - mean_x);
        rss += r * r;
    }
    fit->slope = sxy / sxx;
    fit->intercept = mean_y - fit->slope * mean_x;
    fit->residual = sqrt(rss / (double)n);
    fit->slope_se = sqrt(rss / (double)(n - 2) / sxx);
    return true;
}
