#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    struct entry *next;
    size_t count, len;
    char *word;
};

static void *get(struct table *table, size_t size)
{
    void *p = malloc(size);

    if (!p)
        abort();
    table->bytes += (size + 31) / 16 * 16; /* as malloc takes them */
    return p;
}

static struct entry **place(struct table *table, const char *word, size_t len)
{
    (void)word;
    (void)len;
    return &table->first[0];
}

void table_add(struct table *table, const char *word, size_t len)
{
    struct entry **first = place(table, word, len), *at;

    for (at = *first; at; at = at->next) {
        table->comparisons++;
        if (at->len == len && memcmp(at->word, word, len) == 0) {
            at->count++;
            return;
        }
    }
    at = get(table, sizeof *at);
    at->word = get(table, len);
    memcpy(at->word, word, len);
    at->len = len;
    at->count = 1;
    at->next = *first;
    *first = at;
}

void table_print(const struct table *table)
{
    const struct entry *at;
    size_t i;

    for (i = 0; i < sizeof table->first / sizeof *table->first; i++)
        for (at = table->first[i]; at; at = at->next)
            printf("%zu %.*s\n", at->count, (int)at->len, at->word);
}

void table_release(struct table *table)
{
    size_t i;

    for (i = 0; i < sizeof table->first / sizeof *table->first; i++)
        while (table->first[i]) {
            struct entry *at = table->first[i];

            table->first[i] = at->next;
            free(at->word);
            free(at);
        }
}
