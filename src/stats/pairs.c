/*
 * Selection in X + Y: for 10^7 launches there are 5 × 10^13 pairwise means, and the median of them
 * is wanted in seconds and without storing them.
 *
 * With both arrays ascending the sums form a matrix that ascends along rows and columns, so the
 * entries below a value v lie under a staircase that one walk over rows and columns finds (Johnson
 * & Mizoguchi, "Selecting the Kth element in X + Y and X1 + X2 + … + Xm", SIAM J. Computing 7,
 * 1978). The search keeps two values, low and high, with the wanted entry strictly between; their
 * staircases are walked anew wherever needed, which is why nothing has to be stored per row.
 *
 * The pivot comes from a random sample of the entries still possible, as Monahan does with one row
 * at a time ("Algorithm 616: fast computation of the Hodges–Lehmann location estimator", ACM TOMS
 * 10, 1984), but at the wanted rank's own place in the sample plus a margin (Floyd & Rivest,
 * "Expected time bounds for selection", CACM 18, 1975): the larger side is thrown away nearly every
 * time, two walks shrink the candidates about sixteen-fold, and the last thousand are sorted.
 * The seed is fixed: the answer does not depend on it, only the number of walks does.
 */
#include "stats/pairs.h"

#include <math.h>

enum { SAMPLE = 1024 };

struct search {
    const struct pfl_pairs *pairs;
    double low, high;         /* candidates lie strictly between */
    uint64_t at_most_low;     /* how many entries are ≤ low */
    uint64_t below_high;      /* how many are < high */
    struct pfl_random random; /* for the pivots */
    double sample[SAMPLE];
    size_t drawn;
};

/* Row by row the number of columns that hold entries < v (or ≤ v): non-increasing in the row. */
struct stair {
    const struct pfl_pairs *pairs;
    double value;
    size_t column;
    bool equal_too;
};

static struct stair stair_start(const struct pfl_pairs *pairs, double value, bool equal_too)
{
    struct stair stair = {pairs, value, pairs->columns, equal_too};

    return stair;
}

static size_t stair_next(struct stair *stair, size_t row)
{
    const double *b = stair->pairs->b, x = stair->pairs->a[row], v = stair->value;
    size_t least = stair->pairs->triangle ? row : 0, column = stair->column;

    if (stair->equal_too)
        while (column > least && x + b[column - 1] > v)
            column--;
    else
        while (column > least && x + b[column - 1] >= v)
            column--;
    stair->column = column;
    return column > least ? column : least;
}

uint64_t pfl_pairs_count(const struct pfl_pairs *pairs)
{
    uint64_t rows = pairs->rows;

    if (!pairs->triangle)
        return rows * pairs->columns;
    return rows % 2 ? rows * ((rows + 1) / 2) : rows / 2 * (rows + 1);
}

static uint64_t count_under(const struct pfl_pairs *pairs, double value, bool equal_too)
{
    struct stair stair = stair_start(pairs, value, equal_too);
    uint64_t count = 0;
    size_t row;

    for (row = 0; row < pairs->rows; row++)
        count += stair_next(&stair, row) - (pairs->triangle ? row : 0);
    return count;
}

/* Puts the candidates into s->sample, all of them or a random choice, in ascending order. */
static void draw_candidates(struct search *s)
{
    struct stair low = stair_start(s->pairs, s->low, true),
                 high = stair_start(s->pairs, s->high, false);
    uint64_t left = s->below_high - s->at_most_low, wanted, seen = 0, width;
    size_t n = left < SAMPLE ? (size_t)left : SAMPLE, i, row, first;

    /* The places (counted over the candidates row by row) that are drawn. Beyond 2^53 a double may
     * round one past the end: then one less is drawn. */
    for (i = 0; i < n; i++)
        s->sample[i] = left <= SAMPLE ? (double)i : (double)pfl_random_below(&s->random, left);
    if (left > SAMPLE)
        pfl_stats_sort(s->sample, n);
    for (row = 0, i = 0; row < s->pairs->rows && i < n; row++) {
        first = stair_next(&low, row);
        width = stair_next(&high, row) - first;
        for (; i < n && (wanted = (uint64_t)s->sample[i]) < seen + width; i++)
            s->sample[i] = s->pairs->a[row] + s->pairs->b[first + (size_t)(wanted - seen)];
        seen += width;
    }
    s->drawn = i;
    pfl_stats_sort(s->sample, i);
}

/* Where in the sorted sample the pivot is taken: the wanted rank's place, moved 1.5 standard
 * deviations towards the larger side, so that this side can most likely be dropped. */
static size_t pivot_place(const struct search *s, uint64_t rank)
{
    double share = (double)(rank - s->at_most_low) / (double)(s->below_high - s->at_most_low);
    double size = (double)s->drawn, margin = 1.5 * sqrt(share * (1 - share) * size) + 1;
    double place = share * size + (share < 0.5 ? margin : -margin);

    if (place < 0)
        return 0;
    return place >= size ? s->drawn - 1 : (size_t)place;
}

double pfl_pairs_select(const struct pfl_pairs *pairs, uint64_t rank)
{
    struct search s = {.pairs = pairs, .low = -INFINITY, .high = INFINITY};
    uint64_t below, at_most;
    double pivot;

    s.below_high = pfl_pairs_count(pairs);
    pfl_random_seed(&s.random, 1984);
    for (;;) {
        draw_candidates(&s);
        if (s.below_high - s.at_most_low <= SAMPLE)
            return s.sample[rank - s.at_most_low];
        pivot = s.sample[pivot_place(&s, rank)];
        below = count_under(pairs, pivot, false);
        at_most = count_under(pairs, pivot, true);
        if (rank < below) {
            s.high = pivot;
            s.below_high = below;
        } else if (rank >= at_most) {
            s.low = pivot;
            s.at_most_low = at_most;
        } else {
            return pivot;
        }
    }
}

/* The smallest entry > v: the first of each row above the staircase. */
static double next_above(const struct pfl_pairs *pairs, double value)
{
    struct stair stair = stair_start(pairs, value, true);
    double next = INFINITY, entry;
    size_t row, column;

    for (row = 0; row < pairs->rows; row++) {
        column = stair_next(&stair, row);
        if (column < pairs->columns) {
            entry = pairs->a[row] + pairs->b[column];
            next = entry < next ? entry : next;
        }
    }
    return next;
}

double pfl_pairs_median(const struct pfl_pairs *pairs)
{
    uint64_t count = pfl_pairs_count(pairs), middle = (count - 1) / 2;
    double low = pfl_pairs_select(pairs, middle), high;

    if (count % 2 || count_under(pairs, low, true) > middle + 1)
        return low;
    high = next_above(pairs, low);
    return low + (high - low) / 2;
}
