/* What a measured program finds around it: its folder and its environment. For those that start it
 * without a session. */
#ifndef PFL_MEASURE_AROUND_H
#define PFL_MEASURE_AROUND_H

#include "base/arena.h"
#include "model/plan.h"

/* Environment for execve. artifacts: folder for the bytes of artefacts; NULL: none. NULL: no
 * memory. */
char **pfl_around_environment(struct pfl_arena *arena, const struct pfl_plan_item *item,
                              const char *artifacts, bool other_checkout);
/* NULL: no memory. */
const char *pfl_around_folder(const struct pfl_plan *plan, const struct pfl_plan_item *item,
                              struct pfl_arena *arena);

/* How a process ended, for a reason: `exit code 3 ("no such file")`. status: exit code or -signal.
 * NULL: no memory. */
const char *pfl_around_ending(struct pfl_arena *arena, int status, const char *errors, size_t len);

#endif
