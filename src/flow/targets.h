/* The story of `targets`: a run against the goals of perfledger.yaml. */
#ifndef PFL_FLOW_TARGETS_H
#define PFL_FLOW_TARGETS_H

#include "flow/flow.h"
#include "model/targets.h"

/* run NULL: the latest complete configured one. PFL_ENOTHING: no run, or no target is configured.
 */
int pfl_flow_targets(struct pfl_flow *flow, const char *run, struct pfl_targets *out,
                     struct pfl_err *err);

#endif
