/* The story of `log add`: two runs become a row of the log. */
#ifndef PFL_FLOW_LOG_ROW_H
#define PFL_FLOW_LOG_ROW_H

#include "documents/row.h"
#include "flow/flow.h"

struct pfl_flow_log_row_params {
    const char *base, *head; /* words for pfl_flow_resolve; head NULL: the latest complete run */
    const char *title, *note, *pull_request, *area, *cause; /* NULL: not given */
    const char *kind;                                       /* NULL: optimisation */
    const char *benchmark, *metric;                         /* globs; NULL */
    bool external;
};

struct pfl_flow_log_row_added {
    const char *id, *file; /* of the block; relative to the root */
    int line;              /* of its heading */
    struct pfl_row_facts facts;
    const struct pfl_run *base, *head; /* base NULL for a baseline */
    const char *why_snapshot;          /* a snapshot would be worth its while, for this; NULL */
    const char *warning;               /* NULL */
};

/* PFL_EGATE: refused, the message says why and what to do; nothing was written. */
int pfl_flow_log_row_add(struct pfl_flow *flow, const struct pfl_flow_log_row_params *params,
                         struct pfl_flow_log_row_added *added, struct pfl_err *err);

#endif
