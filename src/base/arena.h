/*
 * An arena: memory that is given back all at once. One per command holds the parsed configuration,
 * the plan and the report. Pointers stay valid until pfl_arena_release(). Not thread-safe.
 */
#ifndef PFL_BASE_ARENA_H
#define PFL_BASE_ARENA_H

#include "base/macros.h"

struct pfl_arena_block;

struct pfl_arena {
    struct pfl_arena_block *blocks; /* newest first */
    size_t used;                    /* bytes handed out, for tests */
};

void pfl_arena_init(struct pfl_arena *arena);
void pfl_arena_release(struct pfl_arena *arena);

/* All of `from`'s memory belongs to `arena` now; `from` is empty. */
void pfl_arena_join(struct pfl_arena *arena, struct pfl_arena *from);

/* All return NULL when memory ran out; memory from _alloc is zeroed and aligned for any type. */
void *pfl_arena_alloc(struct pfl_arena *arena, size_t size);
void *pfl_arena_array(struct pfl_arena *arena, size_t count, size_t size); /* overflow checked */
char *pfl_arena_text(struct pfl_arena *arena, const char *text);
char *pfl_arena_text_n(struct pfl_arena *arena, const char *text, size_t len);
char *pfl_arena_format(struct pfl_arena *arena, const char *format, ...) PFL_PRINTF(2, 3);

/* A bigger copy of an array of `count` elements with room for `capacity`; the old one stays until
 * the end. */
void *pfl_arena_grow(struct pfl_arena *arena, const void *old, size_t count, size_t capacity,
                     size_t size);

#endif
