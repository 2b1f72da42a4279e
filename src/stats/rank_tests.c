/*
 * Mann–Whitney and Wilcoxon signed rank. Both are one merge of two sorted arrays: head against
 * base, or the positive differences against the sizes of the negative ones. The merge yields the
 * rank sum and the groups of ties; what is left is the distribution.
 *
 * Sources: Mann & Whitney, Annals of Mathematical Statistics 18 (1947); Wilcoxon, Biometrics
 * Bulletin 1 (1945); zeros: Pratt, "Remarks on zeros and ties in the Wilcoxon signed rank
 * procedures", JASA 54 (1959); variances with ties: Lehmann, "Nonparametrics" (1975), §1.4 and
 * §3.2; with zeros: Cureton, "The normal approximation to the signed-rank sampling distribution
 * when zero differences are present", JASA 62 (1967). Exact distributions, also with ties:
 * rank_null.c.
 */
#include "stats/tests.h"

#include "base/alloc.h"
#include "stats/check.h"
#include "stats/rank_null.h"

#include <math.h>

enum { ZEROS_EXACT = 100 }; /* more zeros make Pratt's ranks, and with them the tables, too large */

/* Two ascending arrays ranked together; ranks start at offset + 1. */
struct ranking {
    const double *ours, *theirs;
    size_t our_count, their_count, offset;
    uint32_t *doubled; /* NULL or room for twice every midrank, ascending */
    double our_sum;    /* of the midranks of ours */
    double ties;       /* Σ (t³ − t) over groups of t equal values */
};

static void rank_together(struct ranking *r)
{
    size_t i = 0, j = 0, i0, j0, before, equal, k;
    double value, midrank, t;

    r->our_sum = r->ties = 0;
    while (i < r->our_count || j < r->their_count) {
        if (j == r->their_count || (i < r->our_count && r->ours[i] < r->theirs[j]))
            value = r->ours[i];
        else
            value = r->theirs[j];
        i0 = i;
        j0 = j;
        while (i < r->our_count && r->ours[i] == value)
            i++;
        while (j < r->their_count && r->theirs[j] == value)
            j++;
        before = i0 + j0;
        equal = i - i0 + j - j0;
        t = (double)equal;
        midrank = (double)(r->offset + before) + (t + 1) / 2;
        r->our_sum += (double)(i - i0) * midrank;
        r->ties += t * (t * t - 1);
        for (k = 0; r->doubled && k < equal; k++)
            r->doubled[before + k] = (uint32_t)(2 * midrank);
    }
}

static void finish(struct pfl_test *test, double less, double greater, bool exact)
{
    test->p_less = fmin(1, less);
    test->p_greater = fmin(1, greater);
    test->p = fmin(1, 2 * fmin(less, greater));
    test->exact = exact;
}

static void finish_normal(struct pfl_test *test, double deviation, double variance)
{
    double sigma = sqrt(variance);

    if (variance > 0)
        finish(test, pfl_stats_normal_cdf((deviation + 0.5) / sigma),
               pfl_stats_normal_cdf(-(deviation - 0.5) / sigma), false);
    else
        finish(test, 1, 1, false);
}

static void finish_exact(struct pfl_test *test, struct pfl_rank_null *null, double sum)
{
    size_t doubled = (size_t)(2 * sum);

    finish(test, pfl_rank_null_at_most(null, doubled), pfl_rank_null_at_least(null, doubled), true);
    pfl_rank_null_release(null);
}

/* `count` doubled ranks when the exact distribution is wanted, NULL when not. */
static int take_ranks(bool exact, size_t count, uint32_t **ranks, struct pfl_err *err)
{
    *ranks = NULL;
    if (!exact)
        return PFL_OK;
    *ranks = pfl_alloc_zeroed(count + 1, sizeof **ranks);
    return *ranks ? PFL_OK : pfl_err_no_memory(err);
}

static int judge_two(struct ranking *r, struct pfl_test *test, struct pfl_err *err)
{
    size_t total = r->our_count + r->their_count;
    double m = (double)r->our_count, n = (double)r->their_count, all = (double)total, u;
    bool exact = pfl_rank_null_subset_fits(r->our_count, r->their_count);
    bool ours_fewer = r->our_count <= r->their_count;
    struct pfl_rank_null null = {NULL, 0};
    int code = take_ranks(exact, total, &r->doubled, err);

    if (code)
        return code;
    rank_together(r);
    u = r->our_sum - m * (m + 1) / 2;
    if (!exact) {
        finish_normal(test, u - m * n / 2, m * n / 12 * (all + 1 - r->ties / (all * (all - 1))));
    } else {
        /* The smaller of the two samples is the cheaper to draw; its sum is small when ours is
         * large. */
        code = pfl_rank_null_subset(&null, r->doubled, total,
                                    ours_fewer ? r->our_count : r->their_count, err);
        if (!code && ours_fewer) {
            finish_exact(test, &null, r->our_sum);
        } else if (!code) {
            finish_exact(test, &null, all * (all + 1) / 2 - r->our_sum);
            finish(test, test->p_greater, test->p_less, true);
        }
    }
    pfl_free(r->doubled);
    if (!code)
        test->statistic = u;
    return code;
}

int pfl_stats_mann_whitney(const struct pfl_two_samples *samples, struct pfl_test *test,
                           struct pfl_err *err)
{
    static const char doing[] = "the Mann-Whitney test";
    double *base = NULL, *head = NULL;
    struct ranking ranking = {0};
    int code;

    if ((code = pfl_stats_check_values(samples->base, samples->base_count, doing, err)) ||
        (code = pfl_stats_check_values(samples->head, samples->head_count, doing, err)) ||
        (code = pfl_stats_take_sorted(samples->base, samples->base_count, &base, err)))
        return code;
    code = pfl_stats_take_sorted(samples->head, samples->head_count, &head, err);
    if (!code) {
        ranking.ours = head;
        ranking.our_count = samples->head_count;
        ranking.theirs = base;
        ranking.their_count = samples->base_count;
        code = judge_two(&ranking, test, err);
    }
    pfl_free(base);
    pfl_free(head);
    return code;
}

/* The signed rank test on ranked sizes; zeros are those whose ranks were left out (Pratt). */
static int judge_signed(struct ranking *r, struct pfl_test *test, struct pfl_err *err)
{
    size_t used = r->our_count + r->their_count;
    double zeros = (double)r->offset, all = (double)used + zeros, mean, variance;
    bool exact = pfl_rank_null_signed_fits(used) && r->offset <= ZEROS_EXACT;
    struct pfl_rank_null null = {NULL, 0};
    int code = take_ranks(exact, used, &r->doubled, err);

    if (code)
        return code;
    rank_together(r);
    if (exact) {
        code = pfl_rank_null_signed(&null, r->doubled, used, err);
        if (!code)
            finish_exact(test, &null, r->our_sum);
    } else {
        mean = (all * (all + 1) - zeros * (zeros + 1)) / 4;
        variance = (all * (all + 1) * (2 * all + 1) - zeros * (zeros + 1) * (2 * zeros + 1)) / 24;
        finish_normal(test, r->our_sum - mean, variance - r->ties / 48);
    }
    pfl_free(r->doubled);
    if (!code)
        test->statistic = r->our_sum;
    return code;
}

int pfl_stats_signed_rank(const double *differences, size_t n, enum pfl_zeros zeros,
                          struct pfl_test *test, struct pfl_err *err)
{
    struct ranking ranking = {0};
    size_t i, above = 0, below = 0;
    double *sizes;
    int code = pfl_stats_check_values(differences, n, "the signed rank test", err);

    if (code)
        return code;
    sizes = n > SIZE_MAX / sizeof *sizes ? NULL : pfl_alloc(n * sizeof *sizes);
    if (!sizes)
        return pfl_err_no_memory(err);
    /* The positive ones from the front, the sizes of the negative ones from the back. */
    for (i = 0; i < n; i++)
        if (differences[i] > 0)
            sizes[above++] = differences[i];
        else if (differences[i] < 0)
            sizes[n - ++below] = -differences[i];
    pfl_stats_sort(sizes, above);
    pfl_stats_sort(sizes + (n - below), below);
    ranking.ours = sizes;
    ranking.our_count = above;
    ranking.theirs = sizes + (n - below);
    ranking.their_count = below;
    ranking.offset = zeros == PFL_ZEROS_PRATT ? n - above - below : 0;
    code = judge_signed(&ranking, test, err);
    pfl_free(sizes);
    return code;
}
