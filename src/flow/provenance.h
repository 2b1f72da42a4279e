/* Where a run's numbers come from: machine, revision, environment, and the warnings that go with
 * them. */
#ifndef PFL_FLOW_PROVENANCE_H
#define PFL_FLOW_PROVENANCE_H

#include "flow/flow.h"
#include "model/plan.h"

/* Fills run's machine, revision, project, tool and environment (behind what measuring put there;
 * sorted by name). */
int pfl_flow_provenance(struct pfl_flow *flow, const char *compiler, struct pfl_run *run,
                        struct pfl_err *err);

/* Before measuring: "no git revision", a dirty tree, binaries older than the checked-out commit.
 * Appends to the items' and the run's warnings. */
int pfl_flow_pitfalls(struct pfl_flow *flow, struct pfl_plan *plan, struct pfl_run *run,
                      struct pfl_err *err);

/* Appends a text to a run's warnings. */
int pfl_flow_warn(struct pfl_flow *flow, struct pfl_run *run, const char *text,
                  struct pfl_err *err);

#endif
