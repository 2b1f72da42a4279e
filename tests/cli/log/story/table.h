#ifndef TABLE_H
#define TABLE_H

#include <stddef.h>

struct entry;
struct table {
    struct entry *first[1024], *all;
    size_t comparisons, bytes; /* what it did, what it holds */
    void *blocks;
};

void table_add(struct table *table, const char *word, size_t len);
void table_print(const struct table *table);
void table_release(struct table *table);

#endif
