/* The story of `targets`: a run against the goals of perfledger.yaml. */
#ifndef PFL_FLOW_TARGETS_H
#define PFL_FLOW_TARGETS_H

#include "flow/flow.h"
#include "model/targets.h"

struct pfl_flow_targets_params {
    const char *run; /* NULL: the latest complete configured one */
    bool strict, allow_unmeasured;
};

/* PFL_ENOTHING: no run, or no target is configured. */
int pfl_flow_targets(struct pfl_flow *flow, const struct pfl_flow_targets_params *params,
                     struct pfl_targets *out, struct pfl_err *err);

#endif
