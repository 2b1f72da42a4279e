/* `run --list`. */
#ifndef PFL_CLI_RUN_LIST_H
#define PFL_CLI_RUN_LIST_H

#include "cli/session.h"
#include "flow/run.h"

int pfl_run_list(struct pfl_context *context, struct pfl_flow *flow,
                 const struct pfl_flow_run_params *params, struct pfl_err *err);

#endif
