/*
 * What the vector macros call: growth by half, overflow checked. The element type stays in the
 * macro; here are only bytes.
 */
#include "base/vec.h"

#include "base/alloc.h"

#include <stdint.h>

bool pfl_vec_grow(void **at, size_t *capacity, size_t need, size_t size)
{
    size_t bigger = *capacity + 1 <= PFL_MOVING ? need : *capacity + *capacity / 2 + 8;
    void *moved;

    if (bigger < need)
        bigger = need;
    if (bigger > SIZE_MAX / size)
        return false;
    moved = pfl_realloc(*at, bigger * size);
    if (!moved)
        return false;
    *at = moved;
    *capacity = bigger;
    return true;
}

void pfl_vec_drop(void **at)
{
    pfl_free(*at);
    *at = NULL;
}
