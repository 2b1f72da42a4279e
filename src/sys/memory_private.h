/* The two ways of finding children, apart so that a test can hold one against the other. */
#ifndef PFL_SYS_MEMORY_PRIVATE_H
#define PFL_SYS_MEMORY_PRIVATE_H

#include "base/macros.h"

#include <stdbool.h>

/* Adds the pids of the children of `pid` at pids[*n] on, at most to `max`; false when this way does
 * not work here. */
bool pfl_memory_children_listed(int pid, int *pids, size_t *n, size_t max);
bool pfl_memory_children_scanned(int pid, int *pids, size_t *n, size_t max);

#endif
