/*
 * Open addressing with linear probing over indices into an insertion-ordered array, at most half
 * full. Nothing is ever removed: the program's maps only grow within a command.
 */
#include "base/map.h"

#include "base/alloc.h"

#include <string.h>

void pfl_map_init(struct pfl_map *map)
{
    memset(map, 0, sizeof *map);
}

void pfl_map_release(struct pfl_map *map)
{
    if (!map)
        return;
    pfl_free(map->entries);
    pfl_free(map->slots);
    pfl_map_init(map);
}

uint64_t pfl_map_hash(const void *bytes, size_t len)
{
    const unsigned char *p = bytes;
    uint64_t hash = 14695981039346656037u;
    size_t i;

    for (i = 0; i < len; i++)
        hash = (hash ^ p[i]) * 1099511628211u;
    return hash;
}

static size_t slot_of(const struct pfl_map *map, const char *key, uint64_t hash)
{
    size_t at = (size_t)hash & (map->slot_count - 1);

    while (map->slots[at]) {
        const struct pfl_map_entry *entry = &map->entries[map->slots[at] - 1];

        if (entry->hash == hash && strcmp(entry->key, key) == 0)
            break;
        at = (at + 1) & (map->slot_count - 1);
    }
    return at;
}

size_t *pfl_map_get(const struct pfl_map *map, const char *key)
{
    size_t at;

    if (map->n == 0)
        return NULL;
    at = slot_of(map, key, pfl_map_hash(key, strlen(key)));
    return map->slots[at] ? &map->entries[map->slots[at] - 1].value : NULL;
}

static bool grow(struct pfl_map *map)
{
    size_t capacity = map->capacity ? map->capacity * 2 : 16, i;
    uint32_t *slots = pfl_alloc_zeroed(capacity * 2, sizeof *slots);
    struct pfl_map_entry *entries;

    if (!slots)
        return false;
    entries = pfl_realloc(map->entries, capacity * sizeof *entries);
    if (!entries) {
        pfl_free(slots);
        return false;
    }
    pfl_free(map->slots);
    map->entries = entries;
    map->slots = slots;
    map->capacity = capacity;
    map->slot_count = capacity * 2;
    for (i = 0; i < map->n; i++)
        map->slots[slot_of(map, entries[i].key, entries[i].hash)] = (uint32_t)(i + 1);
    return true;
}

static bool move(struct pfl_map *map)
{
    struct pfl_map_entry *entries = pfl_realloc(map->entries, map->capacity * sizeof *entries);

    map->entries = entries ? entries : map->entries;
    return entries != NULL;
}

bool pfl_map_set(struct pfl_map *map, const char *key, size_t value)
{
    uint64_t hash = pfl_map_hash(key, strlen(key));
    size_t at;

    if (map->n == map->capacity && !grow(map))
        return false;
    at = slot_of(map, key, hash);
    if (map->slots[at]) {
        map->entries[map->slots[at] - 1].value = value;
        return true;
    }
    if (map->n + 1 <= PFL_MOVING && !move(map))
        return false;
    map->entries[map->n] = (struct pfl_map_entry){.key = key, .value = value, .hash = hash};
    map->slots[at] = (uint32_t)++map->n;
    return true;
}
