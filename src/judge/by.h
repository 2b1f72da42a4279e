/* What the files by*.c share: the values of one parameter within one run against a reference value.
 */
#ifndef PFL_JUDGE_BY_H
#define PFL_JUDGE_BY_H

#include "judge/internal.h"
#include "model/by.h"

/* A benchmark that has the parameter. */
struct pfl_by_entry {
    const struct pfl_benchmark *bench;
    const char *family; /* the benchmark's name without its parameters */
    const char *value;
    const char *group;       /* the value of the parameter it is grouped by; "" without one */
    struct pfl_pair *others; /* the other parameters, sorted by name */
    size_t other_count;
};
PFL_VEC(pfl_by_entries, struct pfl_by_entry);

/* A row while it is made. */
struct pfl_by_cell {
    struct pfl_by_row out;
    const struct pfl_by_entry *entry;
    struct pfl_judge_ratio ratio;
};
PFL_VEC(pfl_by_cells, struct pfl_by_cell);

struct pfl_judge_by {
    const struct pfl_judge_by_params *params;
    struct pfl_judge judge; /* of which arena, err, policy, tables, words and notes are used */
    struct pfl_by_entries entries;
    struct pfl_by_cells cells;
    size_t without_param, without_group, without_reference, unmatched, left_out_notes;
    const char *first_without_reference;
    size_t failed, skipped, pairs; /* pairs: values that were held against their reference */
};

/* by_entries.c: finds, names and sorts them; names that nothing has are errors. */
int pfl_judge_by_gather(struct pfl_judge_by *by);
/* Numbers by value, before texts in natural order. A total order: 0 only for equal texts. */
int pfl_judge_by_compare_values(const char *a, const char *b);
int pfl_judge_by_compare_others(const struct pfl_by_entry *a, const struct pfl_by_entry *b);
/* PFL_ENOENT: `what` ("value of level") `word` is nowhere; suggests the nearest of the names, or
 * lists them. */
int pfl_judge_by_unknown(struct pfl_judge_by *by, const char *what, const char *word,
                         const char *const *names, size_t n);
/* "family[a=1,b=2]" of pairs sorted by name; with param it stands among them. NULL: no memory. */
const char *pfl_judge_by_name(struct pfl_judge_by *by, const char *family,
                              const struct pfl_pair *others, size_t n,
                              const struct pfl_pair *param);

/* by_words.c: verdict and reason of a row; what was left out. */
int pfl_judge_by_decide(struct pfl_judge_by *by, struct pfl_by_cell *cell);
int pfl_judge_by_left_out(struct pfl_judge_by *by, const struct pfl_benchmark *bench);
int pfl_judge_by_notes(struct pfl_judge_by *by);

/* by_pool.c: the cells become one per group of combinations. */
int pfl_judge_by_pool(struct pfl_judge_by *by);

/* by.c: the texts of a row that follow from its parameters, value and reference. */
int pfl_judge_by_label(struct pfl_judge_by *by, struct pfl_by_row *row, const char *family,
                       const char *own_variant);

#endif
