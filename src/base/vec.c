/*
 * What the vector macros call: growth by half, overflow checked. The element type stays in the
 * macro; here are only bytes.
 */
#include "base/vec.h"

#include "base/alloc.h"

#include <stdint.h>

#ifdef PFL_VEC_MOVES
enum { SMALL = 256 };
/* Under the address sanitizer nearly every push moves the elements: a pointer kept too long is
 * found by any test that passes there, not only by one that happens to cross a capacity. */
static size_t grown(size_t capacity, size_t need)
{
    return capacity < SMALL ? need : capacity + capacity / 2;
}
#else
static size_t grown(size_t capacity, size_t need)
{
    (void)need;
    return capacity + capacity / 2 + 8;
}
#endif

bool pfl_vec_grow(void **at, size_t *capacity, size_t need, size_t size)
{
    size_t bigger = grown(*capacity, need);
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
