/* The release gate by a race of both builds; internal to it (release.h). */
#ifndef PFL_FLOW_RELEASE_RACE_H
#define PFL_FLOW_RELEASE_RACE_H

#include "flow/release/base.h"
#include "flow/release/release.h"

/* *why_not: why there was no race, a sentence; NULL: out is what it says. PFL_ENOTHING: it was
 * begun and came to nothing (a side did not build). */
struct pfl_release_race {
    const struct pfl_flow_release_params *params;
    const struct pfl_flow_compare_params *check;
    const struct pfl_release_base *base;
};
int pfl_release_race(struct pfl_flow *flow, const struct pfl_release_race *asked,
                     struct pfl_comparison *out, const char **why_not, struct pfl_err *err);

#endif
