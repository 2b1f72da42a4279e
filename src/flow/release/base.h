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
    /* What only runs hold that may not stand for it: nobody made their pages anew. */
    struct pfl_run *refused;
    const char *gap; /* a benchmark of the head that therefore has no base; NULL: none */
};

/* For whoever finds runs: */
struct pfl_run *pfl_release_base_new_run(struct pfl_flow *flow, struct pfl_err *err);
bool pfl_release_base_is_here(const struct pfl_flow *flow, const struct pfl_release_base *base,
                              const struct pfl_run *run);
/* Where one of this machine was found before, one of another is not taken. */
int pfl_release_base_take(struct pfl_flow *flow, struct pfl_release_base *base, struct pfl_run *run,
                          const char *kept_by, struct pfl_err *err);

int pfl_release_base_find(struct pfl_flow *flow, struct pfl_release_base *base,
                          struct pfl_err *err);

#endif
