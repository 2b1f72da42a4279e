/* Which stored run stands for a revision (release.h); internal to the release gate. */
#ifndef PFL_FLOW_RELEASE_BASE_H
#define PFL_FLOW_RELEASE_BASE_H

#include "flow/flow.h"

struct pfl_release_base {
    /* asked */
    const char *name; /* how the user calls it: "v1.2" */
    const char *commit;
    const struct pfl_run *head; /* what is to be compared with it; NULL: nothing measured yet */
    bool any_machine;
    /* found */
    struct pfl_run *run; /* NULL: none */
    const char *label;
    bool elsewhere;      /* only this was found, and it is of another machine */
    const char *kept_by; /* "perf/latest_core.md"; NULL */
};

int pfl_release_base_find(struct pfl_flow *flow, struct pfl_release_base *base,
                          struct pfl_err *err);

#endif
