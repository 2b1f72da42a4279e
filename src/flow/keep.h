/* Keeping a finished run: in the ledger, or where the ledger refuses it, in a file. */
#ifndef PFL_FLOW_KEEP_H
#define PFL_FLOW_KEEP_H

#include "flow/flow.h"

/* Is there a finding in it? A benchmark that was only skipped, or not reached, is none. */
bool pfl_flow_worth_keeping(const struct pfl_run *run);

/* Records the run (its id is known). When the ledger refuses it, it is put into a file and the
 * error says which: samples cannot be had again. */
int pfl_flow_keep(struct pfl_flow *flow, const struct pfl_run *run, struct pfl_err *err);

/* Before anything is measured: a ledger that takes it, so that no hour is lost to a read-only
 * folder. The error says how to measure all the same. */
int pfl_flow_ready_to_record(struct pfl_flow *flow, struct pfl_err *err);

#endif
