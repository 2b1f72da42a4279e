/*
 * A hash table from texts to numbers. Keys are copied. Not thread-safe, except that many threads
 * may call table_find while nobody changes the table.
 */
#ifndef ORDERS_TABLE_H
#define ORDERS_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct table;

struct table_entry {
    const char *key; /* NULL: an empty place. Lives as long as the table */
    uint32_t len, hash;
    double value;
};

struct table *table_new(size_t expected); /* NULL: no memory */
void table_free(struct table *t);
size_t table_size(const struct table *t);

/* The entry of that key, made with the value 0 when there is none. NULL: no memory. The pointer
 * holds until the next table_add. */
struct table_entry *table_add(struct table *t, const char *key, size_t len);
const struct table_entry *table_find(const struct table *t, const char *key, size_t len);

/* Does the next table_add of a new key move all entries? */
int table_is_full(const struct table *t);

/* All entries: begin with *at = 0; NULL at the end. */
const struct table_entry *table_next(const struct table *t, size_t *at);

#endif
