/*
 * Permutation tests: the p value is the share of relabellings whose statistic is as extreme as the
 * one observed, whatever the statistic and the distribution (Fisher, "The Design of Experiments",
 * 1935; Pitman, JRSS Supplement 4, 1937).
 *
 * Few enough relabellings are all visited (signs counted in binary, subsets in lexicographic order)
 * and the answer is exact. Else random ones are drawn and the observed one counts as one of them,
 * (hits + 1) / (rounds + 1): never 0, and an honest p value at any number of rounds (Phipson &
 * Smyth, "Permutation p-values should never be zero", SAGMB 9, 2010).
 *
 * Equal statistics differ by rounding when summed in another order; "as extreme" therefore allows a
 * few units in the last place of the largest number involved.
 */
#include "stats/tests.h"

#include "base/alloc.h"
#include "stats/check.h"

#include <float.h>
#include <math.h>
#include <string.h>

double pfl_statistic_mean(double *values, size_t n, void *context)
{
    (void)context;
    return pfl_stats_mean(values, n);
}

double pfl_statistic_median(double *values, size_t n, void *context)
{
    (void)context;
    pfl_stats_sort(values, n);
    return pfl_stats_median_sorted(values, n);
}

/* What is counted while relabelling. */
struct tally {
    const struct pfl_permutation *how;
    double observed, slack;
    size_t rounds, at_most, at_least;
};

static double evaluate(const struct tally *tally, double *values, size_t n)
{
    return tally->how->statistic.of(values, n, tally->how->statistic.context);
}

static void count_in(struct tally *tally, double statistic)
{
    tally->rounds++;
    tally->at_most += statistic <= tally->observed + tally->slack;
    tally->at_least += statistic >= tally->observed - tally->slack;
}

static double largest_of(const double *values, size_t n)
{
    double largest = 0;
    size_t i;

    for (i = 0; i < n; i++)
        largest = fmax(largest, fabs(values[i]));
    return largest;
}

static int give(const struct tally *tally, bool exact, struct pfl_test *test, struct pfl_err *err)
{
    double extra = exact ? 0 : 1, rounds = (double)tally->rounds + extra;

    if (!isfinite(tally->observed))
        return pfl_err_set(err, PFL_EINVAL,
                           "the permutation test's statistic of the sample is no number: %g",
                           tally->observed);
    test->statistic = tally->observed;
    test->p_less = ((double)tally->at_most + extra) / rounds;
    test->p_greater = ((double)tally->at_least + extra) / rounds;
    test->p = fmin(1, 2 * fmin(test->p_less, test->p_greater));
    test->exact = exact;
    return PFL_OK;
}

/* Each value with a random sign. */
static void flip_randomly(struct pfl_random *random, const double *values, size_t n, double *out)
{
    uint64_t bits = 0;
    size_t i;

    for (i = 0; i < n; i++, bits >>= 1) {
        if (i % 64 == 0)
            bits = pfl_random_next(random);
        out[i] = bits & 1 ? -values[i] : values[i];
    }
}

static int check_policy(const struct pfl_permutation *how, struct pfl_err *err)
{
    if (how->rounds > 0)
        return PFL_OK;
    return pfl_err_set(err, PFL_EINVAL, "the permutation test needs at least one round");
}

int pfl_stats_permutation_paired(const double *differences, size_t n,
                                 const struct pfl_permutation *how, struct pfl_test *test,
                                 struct pfl_err *err)
{
    struct tally tally = {.how = how};
    bool exact = n < 63 && (uint64_t)1 << n <= how->rounds;
    uint64_t signs, all = exact ? (uint64_t)1 << n : how->rounds;
    double *flipped = NULL;
    size_t i;
    int code;

    if ((code = check_policy(how, err)) ||
        (code = pfl_stats_check_values(differences, n, "the permutation test", err)))
        return code;
    flipped = pfl_alloc(n * sizeof *flipped);
    if (!flipped)
        return pfl_err_no_memory(err);
    memcpy(flipped, differences, n * sizeof *flipped);
    tally.observed = evaluate(&tally, flipped, n);
    tally.slack = 16 * DBL_EPSILON * fmax(fabs(tally.observed), largest_of(differences, n));
    for (signs = 0; signs < all && isfinite(tally.observed); signs++) {
        if (exact)
            for (i = 0; i < n; i++)
                flipped[i] = signs >> i & 1 ? -differences[i] : differences[i];
        else
            flip_randomly(how->random, differences, n, flipped);
        count_in(&tally, evaluate(&tally, flipped, n));
    }
    pfl_free(flipped);
    return give(&tally, exact, test, err);
}

/* Two samples thrown together: the first `first` of `dealt` are one hand, the rest the other. */
struct deal {
    double *pool, *dealt;
    uint32_t *chosen; /* ascending indices into pool; only when all hands are visited */
    size_t first, total;
};

static double evaluate_hands(const struct tally *tally, const struct deal *d)
{
    double ours = evaluate(tally, d->dealt, d->first);

    return ours - evaluate(tally, d->dealt + d->first, d->total - d->first);
}

/* Any statistic may have reordered its hand; which values are in which does not depend on that, so
 * dealing goes on from where the last deal ended. */
static void deal_randomly(struct pfl_random *random, struct deal *d)
{
    size_t i, j;
    double x;

    for (i = 0; i < d->first; i++) {
        j = i + (size_t)pfl_random_below(random, d->total - i);
        x = d->dealt[i];
        d->dealt[i] = d->dealt[j];
        d->dealt[j] = x;
    }
}

static void deal_chosen(struct deal *d)
{
    size_t i, in = 0, out = d->first;

    for (i = 0; i < d->total; i++)
        if (in < d->first && d->chosen[in] == i)
            d->dealt[in++] = d->pool[i];
        else
            d->dealt[out++] = d->pool[i];
}

/* The next subset in lexicographic order; false: that was the last. */
static bool choose_next(struct deal *d)
{
    size_t i = d->first, j;

    while (i > 0 && d->chosen[i - 1] == d->total - d->first + i - 1)
        i--;
    if (i == 0)
        return false;
    d->chosen[i - 1]++;
    for (j = i; j < d->first; j++)
        d->chosen[j] = d->chosen[j - 1] + 1;
    return true;
}

static bool few_subsets(size_t total, size_t chosen, size_t limit)
{
    double count = 1;
    size_t i;

    for (i = 1; i <= chosen && count <= 1e9; i++)
        count = count * (double)(total - chosen + i) / (double)i;
    return i > chosen && count <= (double)limit * (1 + 1e-12) && total < UINT32_MAX;
}

static int deal_all(struct tally *tally, struct deal *d, struct pfl_err *err)
{
    size_t i;

    d->chosen = pfl_alloc_zeroed(d->first, sizeof *d->chosen);
    if (!d->chosen)
        return pfl_err_no_memory(err);
    for (i = 0; i < d->first; i++)
        d->chosen[i] = (uint32_t)i;
    do {
        deal_chosen(d);
        count_in(tally, evaluate_hands(tally, d));
    } while (choose_next(d));
    pfl_free(d->chosen);
    return PFL_OK;
}

int pfl_stats_permutation_two(const struct pfl_two_samples *samples,
                              const struct pfl_permutation *how, struct pfl_test *test,
                              struct pfl_err *err)
{
    size_t m = samples->head_count, n = samples->base_count, i;
    struct deal d = {NULL, NULL, NULL, m, m + n};
    struct tally tally = {.how = how};
    bool exact = few_subsets(m + n, m, how->rounds);
    int code;

    if ((code = check_policy(how, err)) ||
        (code = pfl_stats_check_values(samples->head, m, "the permutation test", err)) ||
        (code = pfl_stats_check_values(samples->base, n, "the permutation test", err)))
        return code;
    d.pool = pfl_alloc_zeroed(2 * (m + n), sizeof *d.pool);
    if (!d.pool)
        return pfl_err_no_memory(err);
    d.dealt = d.pool + m + n;
    memcpy(d.pool, samples->head, m * sizeof *d.pool);
    memcpy(d.pool + m, samples->base, n * sizeof *d.pool);
    memcpy(d.dealt, d.pool, (m + n) * sizeof *d.pool);
    tally.observed = evaluate_hands(&tally, &d);
    tally.slack = 16 * DBL_EPSILON * fmax(fabs(tally.observed), largest_of(d.pool, m + n));
    if (isfinite(tally.observed) && exact)
        code = deal_all(&tally, &d, err);
    for (i = 0; i < how->rounds && isfinite(tally.observed) && !exact; i++) {
        deal_randomly(how->random, &d);
        count_in(&tally, evaluate_hands(&tally, &d));
    }
    pfl_free(d.pool);
    return code ? code : give(&tally, exact, test, err);
}
