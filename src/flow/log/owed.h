/* The story of `log owed`: what changed since a revision, and what is owed for it. */
#ifndef PFL_FLOW_LOG_OWED_H
#define PFL_FLOW_LOG_OWED_H

#include "flow/flow.h"
#include "model/owed.h"

/* since NULL: where this branch left the default branch; on the default branch the last tag.
 * PFL_ENOENT: no such revision (or no tag yet). */
int pfl_flow_owed(struct pfl_flow *flow, const char *since, struct pfl_owed *owed,
                  struct pfl_err *err);

/* Gates, targets, rules of `paths:` and `release:` of two configurations: those that ask for less
 * now (owed_gates.c, owed_rules.c). */
int pfl_flow_loosened(struct pfl_arena *arena, const struct pfl_config *before,
                      const struct pfl_config *now, struct pfl_owed *owed, struct pfl_err *err);

#endif
