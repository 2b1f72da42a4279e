/*
 * Tests of "nothing differs", by ranks and by permutation. All give the p values of all three
 * questions; a p value is a statement about one look at the data (sequential.h is for more). Bad
 * input is an error as in location.h; constant samples, all differences 0 and samples of one value
 * are fine and give p = 1.
 */
#ifndef PFL_STATS_TESTS_H
#define PFL_STATS_TESTS_H

#include "stats/location.h"

struct pfl_test {
    double statistic; /* which one, each function says */
    double p;         /* two-sided: twice the smaller of the next two, at most 1 */
    double p_less;    /* small when head is smaller (differences are negative) */
    double p_greater; /* small when head is larger (differences are positive) */
    bool exact; /* the distribution given the ties; else an approximation or random permutations */
};

/* Mann & Whitney's U, in pairs (head > base counts 1, equal ½). Exact, ties included, up to about
 * 40 + 40 values (or few against many); beyond, normal with the variance corrected for ties and a
 * continuity correction. Assumes independent launches. U over base_count × head_count is the
 * probability that a launch of head takes longer. */
int pfl_stats_mann_whitney(const struct pfl_two_samples *samples, struct pfl_test *test,
                           struct pfl_err *err);

/* What to do with differences of exactly 0: Wilcoxon leaves them out, Pratt gives them the lowest
 * ranks and leaves out these ranks (quantised clocks: "no difference" is evidence too). */
enum pfl_zeros { PFL_ZEROS_DROPPED, PFL_ZEROS_PRATT };

/* Wilcoxon's signed rank test of paired differences; statistic: the sum of the positive ranks.
 * Exact, ties included, up to 100 differences that are not 0; beyond, normal with the corrections.
 * Assumes differences symmetric about their centre. */
int pfl_stats_signed_rank(const double *differences, size_t n, enum pfl_zeros zeros,
                          struct pfl_test *test, struct pfl_err *err);

/* A statistic of a sample, for permutations and bootstrap. It may reorder the values. */
struct pfl_statistic {
    double (*of)(double *values, size_t n, void *context);
    void *context;
};
double pfl_statistic_mean(double *values, size_t n, void *context);
double pfl_statistic_median(double *values, size_t n, void *context);

struct pfl_permutation {
    struct pfl_statistic statistic;
    size_t rounds; /* all permutations where they are no more than this, else so many random ones */
    struct pfl_random *random;
};

/* Signs of paired differences flipped; statistic: that of the differences. Assumes symmetry about 0
 * under the null, which interleaving in random order gives by itself. Needs rounds × n steps.
 * PFL_EINVAL as well when the statistic is NaN. */
int pfl_stats_permutation_paired(const double *differences, size_t n,
                                 const struct pfl_permutation *how, struct pfl_test *test,
                                 struct pfl_err *err);

/* Launches dealt anew to head and base; statistic: that of head less that of base. Assumes
 * exchangeable launches. */
int pfl_stats_permutation_two(const struct pfl_two_samples *samples,
                              const struct pfl_permutation *how, struct pfl_test *test,
                              struct pfl_err *err);

#endif
