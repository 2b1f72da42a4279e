/* Identities of benchmarks: `suite[param=value,…]`, parameters sorted by name. */
#ifndef PFL_MEASURE_NAME_H
#define PFL_MEASURE_NAME_H

#include "base/arena.h"
#include "model/run.h"

void pfl_name_sort_params(struct pfl_pair *params, size_t n);

/* base, then the parameters as they stand in brackets (nothing for none). NULL: no memory. */
const char *pfl_name_make(struct pfl_arena *arena, const char *base, const struct pfl_pair *params,
                          size_t n);

/* The identity of a benchmark inside a program: "pipeline[size=10]" and "solve" with {n: 2} make
 * "pipeline/solve[n=2,size=10]". params and count are replaced by the merged, sorted ones. NULL: no
 * memory. */
const char *pfl_name_inside(struct pfl_arena *arena, const char *outer, const char *inner,
                            struct pfl_pair **params, size_t *count,
                            const struct pfl_pair *outer_params, size_t outer_count);

#endif
