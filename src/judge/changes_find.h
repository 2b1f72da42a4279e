/*
 * The search for change points in one stretch of values: where the level moved, how sure that is.
 * Private to judge/; the calibration in bench/bench_changes.c looks at the statistic itself.
 */
#ifndef PFL_JUDGE_CHANGES_FIND_H
#define PFL_JUDGE_CHANGES_FIND_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    PFL_CHANGES_SIDE = 5,   /* fewest values on either side of a change */
    PFL_CHANGES_LEAST = 16, /* shorter stretches can show nothing: 1 / C(15, 7) is 2 in 10,000,
                               before any choosing */
};

struct pfl_changes_place {
    size_t at;       /* first value of the new level */
    double strength; /* likelihood ratio over the long-run variance, see changes_find.c */
    bool pinned;     /* given, not found */
};

/* Everything about one stretch. Zeroed, it is empty; one may serve many stretches, its memory grows
 * to the longest. */
struct pfl_changes_scan {
    size_t n, capacity;
    double autocorrelation;           /* the estimated AR(1) coefficient, 0 … 0.95 */
    bool bimodal;                     /* goes to and fro between two clusters */
    double split;                     /* likelihood ratio of the best split of the whole */
    struct pfl_changes_place *places; /* sorted */
    size_t place_count, place_capacity;
    double *rank; /* n mid-ranks, -1 … 1 */
    /* private */
    double *sum, *square, *inverse, *sorted;
    struct pfl_changes_item *items;
    struct pfl_changes_interval *intervals;
    size_t interval_count, interval_capacity;
};
void pfl_changes_scan_release(struct pfl_changes_scan *scan);

/* values are finite; pins ascending, inside 1 … n − 1. alpha: the chance that a quiet stretch shows
 * any change. */
int pfl_changes_find(struct pfl_changes_scan *scan, const double *values, size_t n,
                     const size_t *pins, size_t pin_count, double alpha, struct pfl_err *err);

/* For the calibration: the largest limit (as a strength) that leaves a place in the stretch that
 * was just searched without pins. The places are gone afterwards. */
int pfl_changes_strongest(struct pfl_changes_scan *scan, double *strength, struct pfl_err *err);

/* changes_table.c: the chance that a quiet stretch of n values with that estimated autocorrelation
 * shows a place so strong anywhere; and the strength that has a given chance. */
double pfl_changes_p(double strength, size_t n, double autocorrelation);
double pfl_changes_limit(double p, size_t n, double autocorrelation);

#endif
