/*
 * Names over time: which names are one series. The list is the caller's; what is found points into
 * it, or is the name that was asked for.
 */
#ifndef PFL_STORE_ALIAS_H
#define PFL_STORE_ALIAS_H

#include "base/vec.h"
#include "store/store.h"

PFL_VEC(pfl_store_aliases, struct pfl_store_alias); /* as they were added */

/* The newest name of a benchmark; of a variant of the benchmark whose newest name that is. */
const char *pfl_store_newest_benchmark(const struct pfl_store_aliases *aliases, const char *name);
const char *pfl_store_newest_variant(const struct pfl_store_aliases *aliases,
                                     const char *newest_benchmark, const char *variant);

/* One name under which points of a series may stand; rank 0 is the newest. */
struct pfl_store_name {
    const char *benchmark, *variant;
    size_t rank;
};
PFL_VEC(pfl_store_name_list, struct pfl_store_name);
/* All names of the series that one of them names, the newest first. false: no memory. */
bool pfl_store_names_of(const struct pfl_store_aliases *aliases, const char *benchmark,
                        const char *variant, struct pfl_store_name_list *names);

/* Does the last of the list make a circle? */
bool pfl_store_aliases_circle(const struct pfl_store_aliases *aliases);

#endif
