/* Benchmarks inside programs (harness: perfledger), as far as commands need to know them without
 * measuring. */
#ifndef PFL_FLOW_INSIDE_H
#define PFL_FLOW_INSIDE_H

#include "flow/run.h"
#include "measure/inside.h"

/* Each program of the plan is asked once. *names: aligned with the plan's items; of a command it is
 * empty. */
int pfl_flow_inside(struct pfl_flow *flow, const struct pfl_plan *plan,
                    struct pfl_inside_names **names, struct pfl_err *err);

/* Before measuring: programs without a selected benchmark leave the plan. PFL_ENOENT: a word that
 * nothing matches, as far as that can be known now. */
int pfl_flow_inside_choose(struct pfl_flow *flow, const struct pfl_flow_run_params *params,
                           struct pfl_plan *plan, struct pfl_err *err);

/* After measuring, for programs that could not be asked before. */
int pfl_flow_inside_check(struct pfl_flow *flow, const struct pfl_flow_run_params *params,
                          const struct pfl_plan *plan, const struct pfl_run *run,
                          struct pfl_err *err);

#endif
