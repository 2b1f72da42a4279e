/* The base of a comparison under the names that aliases give its benchmarks. */
#ifndef PFL_FLOW_RENAMED_H
#define PFL_FLOW_RENAMED_H

#include "base/map.h"
#include "flow/flow.h"

struct pfl_renamed {
    struct pfl_run *base; /* the given one, or a copy with other names, sorted */
    struct pfl_map was;   /* "NAME" or "NAME\037VARIANT" → place + 1 in `names` */
    const char **names;   /* as they are in the base's run */
    size_t n, benchmarks; /* of these so many benchmarks, the rest variants */
    const char *first;    /* "parse → decode": the first benchmark; NULL: only variants */
};

/* Without a ledger, or without an alias that speaks of the two runs, renamed->base is base. Memory
 * is the flow's but for the map: pfl_renamed_release(), whatever was returned. */
int pfl_flow_rename_base(struct pfl_flow *flow, const struct pfl_run *base,
                         const struct pfl_run *head, struct pfl_renamed *renamed,
                         struct pfl_err *err);
void pfl_renamed_release(struct pfl_renamed *renamed);

/* For the judge: what the base calls it; variant NULL asks for the benchmark. NULL: the same. */
const char *pfl_renamed_was(void *context, const char *benchmark, const char *variant);

#endif
