/* `alias`: names over time. What was renamed goes on as one series; nothing recorded changes. */
#ifndef PFL_FLOW_ALIAS_H
#define PFL_FLOW_ALIAS_H

#include "flow/flow.h"

/*
 * Of benchmarks `from` names one, or a suite: NAME is also NAME[…] and NAME/…, whose rest is kept
 * (`a` → `b` renames a[n=1] to b[n=1]); with one `*` in each, all that match, and what the `*` took
 * is put for the other. Only benchmarks that are recorded when it is said are meant. Of variants it
 * is one, as it stands.
 */
struct pfl_flow_alias_params {
    bool variant;
    const char *benchmark; /* of variants: of this benchmark only; NULL: of all */
    const char *from, *to;
    const char *note; /* NULL: none */
    bool force;       /* also names that the ledger does not know (yet) */
};

struct pfl_flow_aliases {
    struct pfl_store_alias *list; /* added, removed, or all there are */
    size_t n;
    /* adding: renamings that were left out, since nothing is recorded under the newer name */
    struct pfl_store_alias *left_out;
    size_t left_out_count;
    /* adding: points that count no more, since their runs have the newer name, too */
    size_t hidden;
};

/* All or nothing. PFL_ENOENT: a name that the ledger does not know (the nearest one is told);
 * PFL_EINVAL: a circle, a second way from the same name. */
int pfl_flow_alias_add(struct pfl_flow *flow, const struct pfl_flow_alias_params *params,
                       struct pfl_flow_aliases *result, struct pfl_err *err);
/* By `from` (in the same way: one, a suite, with a `*`), variant and benchmark. PFL_ENOENT. */
int pfl_flow_alias_remove(struct pfl_flow *flow, const struct pfl_flow_alias_params *params,
                          struct pfl_flow_aliases *result, struct pfl_err *err);
int pfl_flow_alias_list(struct pfl_flow *flow, struct pfl_flow_aliases *result,
                        struct pfl_err *err);

#endif
