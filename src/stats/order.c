/*
 * What follows from the order of the values: sorting, quantiles, the median, the median absolute
 * deviation.
 *
 * The sort is Musser's introspective sort (Software: Practice and Experience 27, 1997): Hoare's
 * quicksort around the median of three, an insertion sort where a part is short, and a heap sort
 * (Williams, CACM 7, 1964) where the parts turn out uneven too often. In place, no allocation that
 * could fail, no quadratic case, and the same result everywhere. A judgement sorts a thousand short
 * arrays, so the insertion sort is the one that runs most; qsort's call per comparison costs three
 * times as much there. Quantiles: type 7 of Hyndman & Fan, "Sample
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

static void heap_sort(double *v, size_t n)
{
    size_t i;
    double last;

    for (i = n / 2; i > 0; i--)
        sift_down(v, i - 1, n);
    for (i = n - 1; i > 0; i--) {
        last = v[i];
        v[i] = v[0];
        v[0] = last;
        sift_down(v, 0, i);
    }
}

static void put_in_order(double *a, double *b)
{
    double x = *a, y = *b;

    *a = x < y ? x : y;
    *b = x < y ? y : x;
}

/* Hoare's partition: what ends up in front of the place returned is not above what is behind it,
 * and neither part is empty. The median of three as pivot leaves a stop at either end. */
static size_t partition(double *v, size_t n)
{
    size_t i = 0, j = n - 1;
    double pivot, x;

    put_in_order(&v[0], &v[n / 2]);
    put_in_order(&v[n / 2], &v[n - 1]);
    put_in_order(&v[0], &v[n / 2]);
    pivot = v[n / 2];
    for (;;) {
        while (v[++i] < pivot)
            ;
        while (v[--j] > pivot)
            ;
        if (i >= j)
            return i;
        x = v[i];
        v[i] = v[j];
        v[j] = x;
    }
}

/* depth: how often the array may still be parted. */
static void quick_sort(double *v, size_t n, int depth)
{
    size_t middle;

    while (n > INSERTION_MAX) {
        if (depth-- == 0) {
            heap_sort(v, n);
            return;
        }
        middle = partition(v, n);
        if (middle < n - middle) { /* the shorter part by a call: at most log n of them are open */
            quick_sort(v, middle, depth);
            v += middle;
            n -= middle;
        } else {
            quick_sort(v + middle, n - middle, depth);
            n = middle;
        }
    }
    insertion_sort(v, n);
}

void pfl_stats_sort(double *values, size_t n)
{
    size_t rest;
    int depth = 0;

    for (rest = n; rest > 1; rest /= 2)
        depth += 2;
    quick_sort(values, n, depth);
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
