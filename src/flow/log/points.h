/* What trends read of runs: each cited run is read once per command, however many sections name it.
 */
#ifndef PFL_FLOW_LOG_POINTS_H
#define PFL_FLOW_LOG_POINTS_H

#include "flow/flow.h"

struct pfl_log_measured {
    struct pfl_run run;
    struct pfl_log_measured *next; /* flow->measured is the list */
};

/* A run by its whole id, as pfl_flow_evidence_load() gives it. */
int pfl_log_measured(struct pfl_flow *flow, const char *id, const struct pfl_run **run,
                     struct pfl_err *err);
/* From here on runs are read anew (from the files that were written meanwhile). */
void pfl_log_measured_forget(struct pfl_flow *flow);

/* A number of a run; NULL: it has none, or none that is fit (pfl_log_unfit). */
const struct pfl_result *pfl_log_number(const struct pfl_run *run, const char *benchmark,
                                        const char *metric, const char *variant);

/* What is another than before. */
struct pfl_log_epoch {
    const struct pfl_run *before, *now;
    const char *benchmark;
    const char *what; /* filled: "machine changed", "benchmark changed"; "" when nothing is */
    const char *more; /* filled: in what the machine is another; "" where it cannot be told */
};
int pfl_log_epoch(struct pfl_flow *flow, struct pfl_log_epoch *epoch, struct pfl_err *err);

#endif
