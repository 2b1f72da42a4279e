/*
 * Null distributions of rank sums by dynamic programming over the ranks, one at a time.
 *
 * Signed rank (Wilcoxon, Biometrics Bulletin 1, 1945): after each rank r, P(s) becomes (P(s) + P(s
 * − r)) / 2. Rank sum (Mann & Whitney, Annals of Mathematical Statistics 18, 1947): the number of
 * ways to draw j ranks with sum s becomes N(j, s) + N(j − 1, s − r). Both take any whole ranks and
 * so hold for ties as well: with twice the midranks they are the permutation distribution given the
 * ties (Streitberg & Röhmel, "Exact distributions for permutation and rank tests", Statistical
 * Software Newsletter 12, 1986), where tables and most programs give up.
 *
 * Only sums of positive terms: the smallest tail is as exact, relatively, as the middle.
 */
#include "stats/rank_null.h"

#include "base/alloc.h"

enum { SIGNED_MOST = 100, SUBSET_WORK = 3600 };

bool pfl_rank_null_signed_fits(size_t n)
{
    return n <= SIGNED_MOST;
}

bool pfl_rank_null_subset_fits(size_t chosen, size_t others)
{
    size_t fewer = chosen < others ? chosen : others;

    return chosen <= SUBSET_WORK && others <= SUBSET_WORK &&
           (chosen + others) * fewer <= SUBSET_WORK;
}

static size_t rank_at(const uint32_t *ranks, size_t i)
{
    return ranks ? ranks[i] : i + 1;
}

int pfl_rank_null_signed(struct pfl_rank_null *null, const uint32_t *ranks, size_t n,
                         struct pfl_err *err)
{
    size_t most = 0, reach = 0, i, s, r;
    double *chance;

    for (i = 0; i < n; i++)
        most += rank_at(ranks, i);
    chance = pfl_alloc_zeroed(most + 1, sizeof *chance);
    if (!chance)
        return pfl_err_no_memory(err);
    chance[0] = 1;
    for (i = 0; i < n; i++) {
        r = rank_at(ranks, i);
        reach += r;
        for (s = reach + 1; s-- > 0;)
            chance[s] = (chance[s] + (s >= r ? chance[s - r] : 0)) / 2;
    }
    null->chance = chance;
    null->most = most;
    return PFL_OK;
}

/* ways[j * (most + 1) + s]: in how many ways j of the ranks seen so far have the sum s. */
static void count_ways(double *ways, size_t most, const uint32_t *ranks, size_t n, size_t chosen)
{
    size_t i, j, s, r, width = most + 1;
    double *to;
    const double *from;

    ways[0] = 1;
    for (i = 0; i < n; i++) {
        r = rank_at(ranks, i);
        for (j = i < chosen ? i + 1 : chosen; j > 0; j--) {
            to = ways + j * width;
            from = ways + (j - 1) * width;
            for (s = r; s <= most; s++)
                to[s] += from[s - r];
        }
    }
}

int pfl_rank_null_subset(struct pfl_rank_null *null, const uint32_t *ranks, size_t n, size_t chosen,
                         struct pfl_err *err)
{
    size_t most = 0, i, s;
    double *ways, *chance, total = 0;

    /* The ranks ascend, so the last ones have the largest sum. */
    for (i = n - chosen; i < n; i++)
        most += rank_at(ranks, i);
    ways = pfl_alloc_zeroed((chosen + 1) * (most + 1), sizeof *ways);
    if (!ways)
        return pfl_err_no_memory(err);
    chance = pfl_alloc_zeroed(most + 1, sizeof *chance);
    if (!chance) {
        pfl_free(ways);
        return pfl_err_no_memory(err);
    }
    count_ways(ways, most, ranks, n, chosen);
    for (s = 0; s <= most; s++)
        total += ways[chosen * (most + 1) + s];
    for (s = 0; s <= most; s++)
        chance[s] = ways[chosen * (most + 1) + s] / total;
    pfl_free(ways);
    null->chance = chance;
    null->most = most;
    return PFL_OK;
}

void pfl_rank_null_release(struct pfl_rank_null *null)
{
    if (!null)
        return;
    pfl_free(null->chance);
    null->chance = NULL;
    null->most = 0;
}

double pfl_rank_null_at_most(const struct pfl_rank_null *null, size_t sum)
{
    double p = 0;
    size_t s;

    for (s = 0; s <= sum && s <= null->most; s++)
        p += null->chance[s];
    return p < 1 ? p : 1;
}

double pfl_rank_null_at_least(const struct pfl_rank_null *null, size_t sum)
{
    double p = 0;
    size_t s;

    for (s = null->most + 1; s-- > sum;)
        p += null->chance[s];
    return p < 1 ? p : 1;
}

size_t pfl_rank_null_critical(const struct pfl_rank_null *null, size_t least, double tail,
                              double *covers)
{
    double p = null->chance[least];
    size_t k = 1;

    /* A hair of tolerance: 2 P = 1 − confidence happens exactly (n = 6: 1/32 against 0.03125). */
    while (least + k <= null->most && p + null->chance[least + k] <= tail * (1 + 1e-12)) {
        p += null->chance[least + k];
        k++;
    }
    *covers = p < 0.5 ? 1 - 2 * p : 0;
    return k;
}
