/*
 * The story of `log retract`: why a row, snapshot or trend that was committed is gone.
 *
 * The block itself is taken away by people (git revert, git rm, a page made anew); what stays is a
 * line in the log that says which and why. Without it the audit asks for the block for ever.
 */
#ifndef PFL_FLOW_LOG_RETRACT_H
#define PFL_FLOW_LOG_RETRACT_H

#include "flow/flow.h"

struct pfl_flow_log_retract_params {
    const char *id, *why;
};

struct pfl_flow_log_retracted {
    const char *file; /* relative to the root */
    int line;         /* of the retraction */
    const char *kind, *title;
    const char *commit; /* where the block stands */
};

/* PFL_ENOENT: no commit has such a block. PFL_EGATE: it is still there, or retracted already. */
int pfl_flow_log_retract(struct pfl_flow *flow, const struct pfl_flow_log_retract_params *params,
                         struct pfl_flow_log_retracted *retracted, struct pfl_err *err);

#endif
