/*
 * What follows from the order of the values: sorting, quantiles, the median, the median absolute
 * deviation.
 *
 * The sort is a heap sort (Williams, CACM 7, 1964) behind an insertion sort for short arrays: in
 * place, no allocation that could fail, no quadratic case, and the same result everywhere. A
 * judgement sorts a thousand short arrays, so the insertion sort is the one that runs; qsort's call
 * per comparison costs three times as much there. Quantiles: type 7 of Hyndman & Fan, "Sample
 * quantiles in statistical packages", The American Statistician 50 (1996).
 */
#include "stats/stats.h"

#include <math.h>
#include <string.h>

enum { INSERTION_MAX = 48 };

size_t pfl_stats_drop_nan(const double *values, size_t n, double *out)
{
    size_t i, kept = 0;

    for (i = 0; i < n; i++)
        if (!isnan(values[i]))
            out[kept++] = values[i];
    return kept;
}

static void insertion_sort(double *v, size_t n)
{
    size_t i, j;
    double x;

    for (i = 1; i < n; i++) {
        x = v[i];
        for (j = i; j > 0 && v[j - 1] > x; j--)
            v[j] = v[j - 1];
        v[j] = x;
    }
}

static void sift_down(double *v, size_t root, size_t n)
{
    double x = v[root];
    size_t child;

    while ((child = 2 * root + 1) < n) {
        if (child + 1 < n && v[child + 1] > v[child])
            child++;
        if (v[child] <= x)
            break;
        v[root] = v[child];
        root = child;
    }
    v[root] = x;
}

void pfl_stats_sort(double *values, size_t n)
{
    size_t i;
    double last;

    if (n <= INSERTION_MAX) {
        insertion_sort(values, n);
        return;
    }
    for (i = n / 2; i > 0; i--)
        sift_down(values, i - 1, n);
    for (i = n - 1; i > 0; i--) {
        last = values[i];
        values[i] = values[0];
        values[0] = last;
        sift_down(values, 0, i);
    }
}

double pfl_stats_median_sorted(const double *sorted, size_t n)
{
    double low, high;

    if (n == 0)
        return NAN;
    low = sorted[(n - 1) / 2];
    high = sorted[n / 2];
    return low == high ? low : low + (high - low) / 2; /* two infinities have no difference */
}

double pfl_stats_quantile_sorted(const double *sorted, size_t n, double p)
{
    double place, below;
    size_t i;

    if (n == 0)
        return NAN;
    if (p <= 0)
        return sorted[0];
    place = (double)(n - 1) * p;
    below = floor(place);
    i = (size_t)below;
    if (i + 1 >= n)
        return sorted[n - 1];
    if (sorted[i] == sorted[i + 1])
        return sorted[i];
    return sorted[i] + (place - below) * (sorted[i + 1] - sorted[i]);
}

double pfl_stats_mad_sorted(const double *sorted, size_t n, double *scratch)
{
    double median = pfl_stats_median_sorted(sorted, n);
    size_t i;

    for (i = 0; i < n; i++)
        scratch[i] = fabs(sorted[i] - median);
    pfl_stats_sort(scratch, n);
    return pfl_stats_median_sorted(scratch, n);
}
