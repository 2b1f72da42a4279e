/* The k-th smallest of all sums a[i] + b[j] without forming them. Private to stats/. */
#ifndef PFL_STATS_PAIRS_H
#define PFL_STATS_PAIRS_H

#include "stats/stats.h"

/* Both arrays ascending and finite, their sums too. `triangle`: only the pairs i ≤ j (then rows =
 * columns). */
struct pfl_pairs {
    const double *a, *b;
    size_t rows, columns;
    bool triangle;
};

uint64_t pfl_pairs_count(const struct pfl_pairs *pairs);

/* rank 0 is the smallest; rank < pfl_pairs_count(). O((rows + columns) log(rows × columns))
 * expected, no allocation. */
double pfl_pairs_select(const struct pfl_pairs *pairs, uint64_t rank);

/* The median: the middle one, or half way between the two middle ones. */
double pfl_pairs_median(const struct pfl_pairs *pairs);

#endif
