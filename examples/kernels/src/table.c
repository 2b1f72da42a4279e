/*
 * Open addressing with linear probing (Knuth, TAOCP 6.4, algorithm L) over a power of two of
 * places, at most three quarters of them taken. Hash: FNV-1a over words of eight bytes, finished by
 * a multiplication that carries the high bits down. Keys lie one behind the other in blocks of 64
 * KiB, so that a table of n keys costs some n/3000 allocations.
 */
#include "table.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST = 16, BLOCK = 65536 };

struct block {
    struct block *next;
    size_t used, room;
    char bytes[];
};

struct table {
    struct table_entry *entries;
    size_t places, taken; /* places: a power of two */
    struct block *keys;
};

static uint32_t hash_of(const char *key, size_t len)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325) ^ len, word;

    for (; len >= 8; key += 8, len -= 8) {
        memcpy(&word, key, sizeof word);
        h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 32;
    }
    for (; len > 0; key++, len--)
        h = (h ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
    h *= UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(h >> 32);
}

struct table *table_new(size_t expected)
{
    struct table *t = calloc(1, sizeof *t);

    if (!t)
        return NULL;
    t->places = LEAST;
    while (t->places / 4 * 3 <= expected)
        t->places *= 2;
    t->entries = calloc(t->places, sizeof *t->entries);
    if (!t->entries) {
        free(t);
        return NULL;
    }
    return t;
}

void table_free(struct table *t)
{
    struct block *next;

    if (!t)
        return;
    for (; t->keys; t->keys = next) {
        next = t->keys->next;
        free(t->keys);
    }
    free(t->entries);
    free(t);
}

size_t table_size(const struct table *t)
{
    return t->taken;
}

int table_is_full(const struct table *t)
{
    return t->taken >= t->places / 4 * 3;
}

/* The place of that key, or the empty one where it belongs. */
static struct table_entry *place_of(const struct table *t, const char *key, size_t len,
                                    uint32_t hash)
{
    size_t at = hash & (t->places - 1);

    for (;; at = (at + 1) & (t->places - 1)) {
        struct table_entry *e = &t->entries[at];

        if (!e->key || (e->hash == hash && e->len == len && memcmp(e->key, key, len) == 0))
            return e;
    }
}

const struct table_entry *table_find(const struct table *t, const char *key, size_t len)
{
    const struct table_entry *e = place_of(t, key, len, hash_of(key, len));

    return e->key ? e : NULL;
}

static int grow(struct table *t)
{
    size_t places = t->places * 2, i;
    struct table_entry *entries = calloc(places, sizeof *entries);

    if (!entries)
        return -1;
    for (i = 0; i < t->places; i++) {
        size_t at = t->entries[i].hash & (places - 1);

        if (!t->entries[i].key)
            continue;
        while (entries[at].key)
            at = (at + 1) & (places - 1);
        entries[at] = t->entries[i];
    }
    free(t->entries);
    t->entries = entries;
    t->places = places;
    return 0;
}

static const char *copy_key(struct table *t, const char *key, size_t len)
{
    struct block *b = t->keys;
    char *to;

    if (!b || b->room - b->used < len) {
        size_t room = len > BLOCK ? len : BLOCK;

        b = malloc(sizeof *b + room);
        if (!b)
            return NULL;
        b->next = t->keys;
        b->used = 0;
        b->room = room;
        t->keys = b;
    }
    to = b->bytes + b->used;
    memcpy(to, key, len);
    b->used += len;
    return to;
}

struct table_entry *table_add(struct table *t, const char *key, size_t len)
{
    uint32_t hash = hash_of(key, len);
    struct table_entry *e = place_of(t, key, len, hash);

    if (e->key)
        return e;
    if (table_is_full(t)) {
        if (grow(t) < 0)
            return NULL;
        e = place_of(t, key, len, hash);
    }
    e->key = copy_key(t, key, len);
    if (!e->key)
        return NULL;
    e->len = (uint32_t)len;
    e->hash = hash;
    e->value = 0;
    t->taken++;
    return e;
}

const struct table_entry *table_next(const struct table *t, size_t *at)
{
    while (*at < t->places) {
        const struct table_entry *e = &t->entries[(*at)++];

        if (e->key)
            return e;
    }
    return NULL;
}
