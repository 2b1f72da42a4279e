/* The story of `log merge`: two versions of a document become one, with the blocks of both whole.
 */
#ifndef PFL_FLOW_LOG_MERGE_H
#define PFL_FLOW_LOG_MERGE_H

#include "base/arena.h"
#include "base/err.h"

#include <stddef.h>

struct pfl_flow_log_merge_params {
    const char *base, *ours, *theirs; /* files; what comes out is written to ours */
};

/* *conflicts: places where people's text is left with conflict markers. */
int pfl_flow_log_merge(const struct pfl_flow_log_merge_params *params, struct pfl_arena *arena,
                       size_t *conflicts, struct pfl_err *err);

#endif
