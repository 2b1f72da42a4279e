/* The exact distribution of rank sums when nothing differs. Private to stats/. */
#ifndef PFL_STATS_RANK_NULL_H
#define PFL_STATS_RANK_NULL_H

#include "stats/stats.h"

/* Signed rank: each rank enters the sum with probability ½. Subset: `chosen` of the n ranks are
 * drawn. Ranks are whole numbers (twice the midranks where there are ties). */
struct pfl_rank_null {
    double *chance; /* chance[s] = P(sum = s), s = 0 … most */
    size_t most;
};

/* Small enough for the exact distribution to be computed in a few milliseconds? */
bool pfl_rank_null_signed_fits(size_t n);
bool pfl_rank_null_subset_fits(size_t chosen, size_t others);

/* ranks NULL: 1 … n. PFL_ENOMEM. */
int pfl_rank_null_signed(struct pfl_rank_null *null, const uint32_t *ranks, size_t n,
                         struct pfl_err *err);
int pfl_rank_null_subset(struct pfl_rank_null *null, const uint32_t *ranks, size_t n, size_t chosen,
                         struct pfl_err *err);
void pfl_rank_null_release(struct pfl_rank_null *null);

double pfl_rank_null_at_most(const struct pfl_rank_null *null, size_t sum);
double pfl_rank_null_at_least(const struct pfl_rank_null *null, size_t sum);

/* The largest k ≥ 1 with P(sum ≤ least + k − 1) ≤ tail, where `least` is the smallest sum possible;
 * 1 where even that is more than tail. *covers gets 1 − 2 P(sum ≤ least + k − 1). */
size_t pfl_rank_null_critical(const struct pfl_rank_null *null, size_t least, double tail,
                              double *covers);

#endif
