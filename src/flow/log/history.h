/*
 * Blocks that were ever committed to the written ledger, wherever it lay: under the names that the
 * configuration ever gave it, and where a link in its place leads.
 */
#ifndef PFL_FLOW_LOG_HISTORY_H
#define PFL_FLOW_LOG_HISTORY_H

#include "documents/block.h"
#include "flow/flow.h"

/* The first line of a block, as a commit added it. A block that was written anew (a trend that
 * grew) comes once per version. */
struct pfl_log_committed {
    const char *kind, *id;
    const char *commit, *path; /* path: relative to the root */
    int line;
};

struct pfl_log_history {
    struct pfl_log_committed *at; /* the newest commit first */
    size_t n;
};

/* since: only what was committed after it; NULL: all. PFL_ENOENT: there is no such revision, or
 * nothing was committed yet. */
int pfl_log_history_read(struct pfl_flow *flow, const char *since, struct pfl_log_history *history,
                         struct pfl_err *err);

/* The block itself, in the arena. *found is false when it was none: broken, or an example. */
int pfl_log_history_block(struct pfl_flow *flow, const struct pfl_log_committed *committed,
                          struct pfl_block *block, bool *found, struct pfl_err *err);

#endif
