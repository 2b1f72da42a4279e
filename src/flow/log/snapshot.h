/* The story of `log snapshot`: a full table of one run, or of two, as a page of its own. */
#ifndef PFL_FLOW_LOG_SNAPSHOT_H
#define PFL_FLOW_LOG_SNAPSHOT_H

#include "flow/flow.h"

struct pfl_flow_snapshot_params {
    const char *name;
    const char *base, *head; /* words; NULL: no base; the latest complete run of this machine */
    const char *benchmark, *area; /* NULL: all */
};

struct pfl_flow_snapshot_made {
    const char *place; /* perf/snapshots/NAME_YYYY-MM-DD.md */
    bool there;        /* the very same was there already: nothing was written */
    const char *base, *head;
    const char *runs[2]; /* the files that it cites, head first; [1] NULL: only one */
    size_t row_count;    /* of the log that rest on the same runs */
    size_t linked;       /* of these: so many got a line that links it */
};

/* PFL_EGATE: another snapshot of that name and day is there. */
int pfl_flow_snapshot(struct pfl_flow *flow, const struct pfl_flow_snapshot_params *params,
                      struct pfl_flow_snapshot_made *made, struct pfl_err *err);

#endif
