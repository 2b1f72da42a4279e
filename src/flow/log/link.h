/* A snapshot that was taken after its row: a line below the row links it. */
#ifndef PFL_FLOW_LOG_LINK_H
#define PFL_FLOW_LOG_LINK_H

#include "documents/block.h"
#include "flow/flow.h"

struct pfl_log_link_to {
    const char *place; /* of the snapshot, from the root */
    const char *base;  /* id of the run before; "": whatever the head was held against */
    const struct pfl_run *head;
    const char **benchmarks; /* globs that chose what the snapshot shows; 0: all */
    size_t benchmark_count;
};

/* Is this a row of that change, about a benchmark that the snapshot shows? */
bool pfl_log_link_fits(const struct pfl_block *row, const struct pfl_log_link_to *to,
                       struct pfl_arena *arena);

/* Below each such row of the log that does not link the page yet. *linked: how many. */
int pfl_log_link_rows(struct pfl_flow *flow, const struct pfl_log_link_to *to, size_t *linked,
                      struct pfl_err *err);

#endif
