/*
 * The allocator's single door. It adds nothing to malloc but a counter that tests can arm: a fault
 * test sets pfl_fault.alloc_at to 1, 2, 3, … and runs the same command until no fault fires any
 * more, which visits every allocation site in the order the program reaches it (the "torture"
 * method of curl's tests). Threads may lose a count among them, which only moves the place of the
 * fault, so a plain load and store do.
 */
#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct pfl_fault pfl_fault;

static int fires(unsigned long *seen, unsigned long at)
{
    unsigned long now = PFL_RELAXED_LOAD(seen) + 1;

    PFL_RELAXED_STORE(seen, now);
    return at != 0 && (now == at || (pfl_fault.always && now > at));
}

int pfl_fault_io(void)
{
    return fires(&pfl_fault.io_seen, pfl_fault.io_at);
}

void *pfl_alloc(size_t size)
{
    if (PFL_UNLIKELY(fires(&pfl_fault.alloc_seen, pfl_fault.alloc_at)))
        return NULL;
    return malloc(size ? size : 1);
}

void *pfl_alloc_zeroed(size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    if (PFL_UNLIKELY(fires(&pfl_fault.alloc_seen, pfl_fault.alloc_at)))
        return NULL;
    return calloc(count ? count : 1, size ? size : 1);
}

void *pfl_realloc(void *old, size_t size)
{
    if (PFL_UNLIKELY(fires(&pfl_fault.alloc_seen, pfl_fault.alloc_at)))
        return NULL;
    return realloc(old, size ? size : 1);
}

void pfl_free(void *memory)
{
    free(memory);
}

char *pfl_alloc_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = pfl_alloc(size);

    return copy ? memcpy(copy, text, size) : NULL;
}
