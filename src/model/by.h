/*
 * What one parameter does within one run: every value of it against a reference value, for each
 * combination of the other parameters, or pooled over them.
 */
#ifndef PFL_MODEL_BY_H
#define PFL_MODEL_BY_H

#include "model/verdict.h"

struct pfl_by_row {
    /* As in a comparison; first, so that an array of these can be sorted as rows. benchmark:
     * "pack[level=1 → 9,size=10]"; variant: "level=9 vs 1". Pooled: the estimates are geometric
     * means of the medians, without interval or samples. */
    struct pfl_row row;
    const char *subject;           /* "pack[size=10]": all but the parameter that is looked at */
    const char *value, *reference; /* of that parameter */
    const struct pfl_pair
        *params; /* the others, sorted by name; pooled: the one it is grouped by */
    size_t param_count;
    const char *base_benchmark, *head_benchmark; /* identities; NULL when pooled */
    size_t rounds; /* in which both were measured; 0: two estimates were compared, or pooled */
    size_t combinations;            /* that were pooled; 1 otherwise */
    double launch_low, launch_high; /* pooled: the interval for these very combinations, over
                                       launches alone; NaN */
    double smallest, largest;       /* pooled: of the combinations' ratios */
};

struct pfl_by {
    const struct pfl_run *run;
    const char *label;
    const char *param;
    const char *reference; /* as asked for; NULL: the first value each benchmark has */
    const char *group_by;  /* NULL: each combination stands for itself */
    double confidence;
    struct pfl_by_row *rows;
    size_t row_count;
    size_t counts[PFL_VERDICT_COUNT]; /* deciding rows; failed and skipped: benchmarks left out for
                                         it */
    const char **notes;
    size_t note_count;
    bool ok;
    int exit_code; /* PFL_OK, PFL_EGATE, PFL_EINCONCLUSIVE */
};

#endif
