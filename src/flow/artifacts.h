/* Where the copies of artefacts are kept: .perfledger/artifacts/SHA-256, whatever ledger is in use.
 */
#ifndef PFL_FLOW_ARTIFACTS_H
#define PFL_FLOW_ARTIFACTS_H

#include "flow/flow.h"
#include "model/plan.h"

/* The folder for measuring into; made when a program of the plan is going to write into it. */
int pfl_flow_artifact_folder(struct pfl_flow *flow, const struct pfl_plan *plan,
                             const char **folder, struct pfl_err *err);

/* The copy, by a path as short as it can be typed here; NULL: there is none (or no memory). A
 * callback for the judge: context is the struct pfl_flow. */
const char *pfl_flow_artifact(void *flow, const char *hash);

#endif
