/*
 * The story of `log audit`: is everything that stands in PERFORMANCE.md and perf/ so?
 *
 * Every sealed block is made again from its facts and the runs it cites and compared line by line;
 * the runs are proven by their ids, their revisions asked of git; rows stand below the one they
 * follow, and none that was ever committed is missing or in another place; links lead somewhere;
 * charts are those of their tables; a figure in people's own words must stand in some block, too.
 */
#ifndef PFL_FLOW_AUDIT_AUDIT_H
#define PFL_FLOW_AUDIT_AUDIT_H

#include "flow/flow.h"

struct pfl_audit_finding {
    const char *file; /* relative to the root */
    int line;
    const char *what;
};

struct pfl_audit {
    struct pfl_audit_finding *findings; /* by file and line */
    size_t finding_count;
    const char **notes; /* what could not be looked at, and why */
    size_t note_count;
    size_t documents, blocks, runs; /* looked at */
};

/* since: only what was committed after this revision is asked of git's history; NULL: all. PFL_OK
 * also with findings. PFL_ENOTHING: there are no documents. */
int pfl_flow_audit(struct pfl_flow *flow, const char *since, struct pfl_audit *audit,
                   struct pfl_err *err);

#endif
