/*
 * The arena: a list of malloc'd blocks, each twice the last up to 1 MiB; a request larger than a
 * block gets a block of its own. Freed whole, so nothing that lives in it needs a release function.
 */
#include "base/arena.h"

#include "base/alloc.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK_FIRST = 4096, BLOCK_LARGEST = 1 << 20 };

struct pfl_arena_block {
    struct pfl_arena_block *next;
    size_t size, used;
    alignas(max_align_t) unsigned char bytes[];
};

void pfl_arena_init(struct pfl_arena *arena)
{
    memset(arena, 0, sizeof *arena);
}

void pfl_arena_release(struct pfl_arena *arena)
{
    struct pfl_arena_block *block, *next;

    if (!arena)
        return;
    for (block = arena->blocks; block; block = next) {
        next = block->next;
        pfl_free(block);
    }
    pfl_arena_init(arena);
}

/* Behind the block that is being filled, so that its room is not lost. */
void pfl_arena_join(struct pfl_arena *arena, struct pfl_arena *from)
{
    struct pfl_arena_block *last = from->blocks;

    if (!last)
        return;
    while (last->next)
        last = last->next;
    if (arena->blocks) {
        last->next = arena->blocks->next;
        arena->blocks->next = from->blocks;
    } else {
        arena->blocks = from->blocks;
    }
    arena->used += from->used;
    pfl_arena_init(from);
}

static struct pfl_arena_block *block_new(struct pfl_arena *arena, size_t need)
{
    struct pfl_arena_block *block;
    size_t size = arena->blocks ? arena->blocks->size * 2 : BLOCK_FIRST;

    if (size > BLOCK_LARGEST)
        size = BLOCK_LARGEST;
    if (size < need)
        size = need;
    if (size > SIZE_MAX - sizeof *block)
        return NULL;
    block = pfl_alloc(sizeof *block + size);
    if (!block)
        return NULL;
    block->size = size;
    block->used = 0;
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

void *pfl_arena_alloc(struct pfl_arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    struct pfl_arena_block *block = arena->blocks;
    unsigned char *place;

    if (size > SIZE_MAX - align)
        return NULL;
    size = (size + align - 1) / align * align;
    if (size == 0)
        size = align;
    if (!block || block->size - block->used < size)
        block = block_new(arena, size);
    if (!block)
        return NULL;
    place = block->bytes + block->used;
    block->used += size;
    arena->used += size;
    return memset(place, 0, size);
}

void *pfl_arena_array(struct pfl_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    return pfl_arena_alloc(arena, count * size);
}

char *pfl_arena_text_n(struct pfl_arena *arena, const char *text, size_t len)
{
    char *copy = len < SIZE_MAX ? pfl_arena_alloc(arena, len + 1) : NULL;

    if (copy && len)
        memcpy(copy, text, len);
    return copy;
}

char *pfl_arena_text(struct pfl_arena *arena, const char *text)
{
    return pfl_arena_text_n(arena, text, strlen(text));
}

char *pfl_arena_format(struct pfl_arena *arena, const char *format, ...)
{
    va_list args, again;
    char *text = NULL;
    int len;

    va_start(args, format);
    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (len >= 0)
        text = pfl_arena_alloc(arena, (size_t)len + 1);
    if (text)
        vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return text;
}

void *pfl_arena_grow(struct pfl_arena *arena, const void *old, size_t count, size_t capacity,
                     size_t size)
{
    void *bigger = pfl_arena_array(arena, capacity, size);

    if (bigger && count)
        memcpy(bigger, old, count * size);
    return bigger;
}
