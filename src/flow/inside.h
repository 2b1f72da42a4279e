/* Benchmarks inside programs (harness: perfledger), as far as commands need to know them without
 * measuring. */
#ifndef PFL_FLOW_INSIDE_H
#define PFL_FLOW_INSIDE_H

#include "flow/run.h"
#include "measure/inside.h"

struct pfl_flow_inside {
    const struct pfl_flow_run_params *params;
    struct pfl_plan *plan;
    bool always;                    /* all programs are asked, needed or not */
    struct pfl_inside_names *names; /* out: aligned with the plan's items; of a command, and where
                                       nobody was asked, empty */
};

/* Before measuring, each program is asked once at most: those without a selected benchmark leave
 * the plan, whose max_time_ns becomes what is left and is shared out. PFL_ENOENT: a word that
 * nothing matches, as far as that can be known now. PFL_EINTERRUPTED. */
int pfl_flow_inside_choose(struct pfl_flow *flow, struct pfl_flow_inside *inside,
                           struct pfl_err *err);

/* After measuring, for programs that could not be asked before. */
int pfl_flow_inside_check(const struct pfl_flow_inside *inside, const struct pfl_run *run,
                          struct pfl_err *err);

#endif
