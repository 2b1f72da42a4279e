/*
 * A hash map from text to a size_t (an index, a count): what names need here. Keys are borrowed:
 * the caller keeps them alive as long as the map. Iteration order is insertion order.
 */
#ifndef PFL_BASE_MAP_H
#define PFL_BASE_MAP_H

#include "base/macros.h"

#include <stdbool.h>
#include <stdint.h>

struct pfl_map_entry {
    const char *key; /* borrowed */
    size_t value;
    uint64_t hash;
};

struct pfl_map {
    struct pfl_map_entry *entries; /* in insertion order */
    size_t n, capacity;
    uint32_t *slots; /* index + 1 into entries; 0 = empty */
    size_t slot_count;
};

void pfl_map_init(struct pfl_map *map);
void pfl_map_release(struct pfl_map *map);

/* false: no memory. An existing key's value is replaced. */
bool pfl_map_set(struct pfl_map *map, const char *key, size_t value);

/* NULL when absent; else the place of the value, until the next pfl_map_set. */
size_t *pfl_map_get(const struct pfl_map *map, const char *key);

/* FNV-1a, 64 bit (Fowler, Noll, Vo; public domain): stable across machines. */
uint64_t pfl_map_hash(const void *bytes, size_t len);

#endif
