/*
 * Many questions at once: a suite of 200 unchanged benchmarks, each judged at 1 %, would cry wolf
 * twice in every run.
 *
 * Benjamini & Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical
 * Society B 57 (1995): with the p values in ascending order, the adjusted one is min over j ≥ i of
 * p_(j) n / j, at most 1. A row is a discovery when its adjusted p is at most q. Valid for
 * independent and for positively dependent tests (Benjamini & Yekutieli, Annals of Statistics 29,
 * 2001), which is what benchmarks measured in one session are.
 */
#include "stats/stats.h"

/* Heap order over indices, the largest p on top; equal p by index, so that the order is one and the
 * same everywhere. */
static bool comes_before(const double *p, uint32_t a, uint32_t b)
{
    return p[a] != p[b] ? p[a] < p[b] : a < b;
}

static void sift_down(const double *p, uint32_t *order, size_t root, size_t n)
{
    uint32_t moving = order[root];
    size_t child;

    while ((child = 2 * root + 1) < n) {
        if (child + 1 < n && comes_before(p, order[child], order[child + 1]))
            child++;
        if (!comes_before(p, moving, order[child]))
            break;
        order[root] = order[child];
        root = child;
    }
    order[root] = moving;
}

static void sort_indices(const double *p, uint32_t *order, size_t n)
{
    uint32_t last;
    size_t i;

    for (i = n / 2; i > 0; i--)
        sift_down(p, order, i - 1, n);
    for (i = n; i > 1; i--) {
        last = order[i - 1];
        order[i - 1] = order[0];
        order[0] = last;
        sift_down(p, order, 0, i - 1);
    }
}

void pfl_stats_benjamini_hochberg(double *p, uint32_t *order, size_t n)
{
    double least = 1, adjusted;
    size_t i;

    for (i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    sort_indices(p, order, n);
    for (i = n; i > 0; i--) {
        adjusted = p[order[i - 1]] * (double)n / (double)i;
        if (adjusted < least)
            least = adjusted;
        p[order[i - 1]] = least;
    }
}
