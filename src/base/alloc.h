/*
 * Memory: the four calls through which everything of ours is allocated, so that the fault tests can
 * make any of them fail. All return NULL on failure; size 0 gives a unique pointer. pfl_free(NULL)
 * is fine.
 */
#ifndef PFL_BASE_ALLOC_H
#define PFL_BASE_ALLOC_H

#include "base/macros.h"

void *pfl_alloc(size_t size);
void *pfl_alloc_zeroed(size_t count, size_t size); /* checks count * size for overflow */
void *pfl_realloc(void *old, size_t size);
void pfl_free(void *memory);
char *pfl_alloc_text(const char *text); /* strdup */

/*
 * Fault injection, for tests only. After pfl_fault_arm_alloc(n) the n-th allocation from now (1 =
 * the next) fails, once; with `always` every one from the n-th on. The same for I/O: sys/ and
 * store/ ask pfl_fault_io() before each call that the system could refuse and fail with EIO when it
 * answers true. n = 0 disarms. The counters tell a test when it has passed the last site.
 */
struct pfl_fault {
    unsigned long alloc_at, io_at;     /* armed: fails at this count; 0 = never */
    unsigned long alloc_seen, io_seen; /* how many calls came by so far */
    int always;
};
extern struct pfl_fault pfl_fault;
int pfl_fault_io(void);

#endif
