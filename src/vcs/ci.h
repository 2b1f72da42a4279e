/* What the usual continuous-integration services say in the environment of which change is being
 * built. */
#ifndef PFL_VCS_CI_H
#define PFL_VCS_CI_H

#include "base/arena.h"

/* Number of the pull (merge) request, digits only; "" when none is being built. NULL: no memory. */
const char *pfl_vcs_ci_pull_request(struct pfl_arena *arena);

/* The branch that a detached checkout belongs to; "" when unknown (also for a tag's build). NULL:
 * no memory. */
const char *pfl_vcs_ci_branch(struct pfl_arena *arena);

#endif
