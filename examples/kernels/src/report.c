/*
 * Numbers are read by hand: strtod wants a text that ends, and looks at the locale. Prices have two
 * digits behind the point, so the sums of some thousand of them are exact to far below a cent.
 */
#include "report.h"

#include "csv.h"

#include <stdlib.h>

enum { COLUMNS = 5, CUSTOMERS = 5000, ROW_MAX = 96 };

static uint64_t next(uint64_t *state) /* splitmix64 (S. Vigna, 2015; public domain) */
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

char *orders_make(size_t rows, uint64_t seed, size_t *len)
{
    static const char *const items[] = {"bolt M6", "nut M6", "\"washer, large\"",
                                        "\"board 2\"\" x 4\"\"\""};
    char *text = malloc(rows * ROW_MAX + 1);
    size_t used = 0, row;

    if (!text)
        return NULL;
    for (row = 0; row < rows; row++) {
        uint64_t r = next(&seed);
        int kind = (int)(r >> 60);

        used += (size_t)snprintf(text + used, ROW_MAX, "%07zu,customer-%u,%s,%u,%u.%02u\n", row,
                                 (unsigned)(r % CUSTOMERS), items[kind < 12 ? kind & 1 : kind & 3],
                                 1 + (unsigned)(r >> 16) % 20, (unsigned)(r >> 24) % 400,
                                 (unsigned)(r >> 40) % 100);
    }
    *len = used;
    return text;
}

/* Digits with at most one point. NaN-free: anything else answers −1. */
static double number_of(const struct csv_field *field)
{
    uint64_t digits = 0;
    double scale = 1;
    size_t i;
    int fraction = 0;

    if (field->len == 0 || field->len > 18)
        return -1;
    for (i = 0; i < field->len; i++) {
        char c = field->at[i];

        if (c == '.' && !fraction) {
            fraction = 1;
        } else if (c >= '0' && c <= '9') {
            digits = digits * 10 + (uint64_t)(c - '0');
            if (fraction)
                scale *= 10;
        } else {
            return -1;
        }
    }
    return (double)digits / scale;
}

long orders_group(const char *text, size_t len, struct table *totals, int (*stop)(void))
{
    struct csv_field f[COLUMNS];
    struct csv csv;
    int n;

    csv_init(&csv, text, len);
    while ((n = csv_next(&csv, f, COLUMNS)) > 0) {
        double pieces, price;
        struct table_entry *e;

        if (n != COLUMNS || (pieces = number_of(&f[3])) < 0 || (price = number_of(&f[4])) < 0) {
            fprintf(stderr, "orders: row %zu is no order\n", csv.row);
            return -1;
        }
        e = table_add(totals, f[1].at, f[1].len);
        if (!e)
            return -1;
        e->value += pieces * price;
        if (stop && csv.row % 1024 == 0 && stop())
            return -1;
    }
    if (n < 0)
        fprintf(stderr, "orders: row %zu: %s\n", csv.row, csv.problem);
    return n < 0 ? -1 : (long)csv.row;
}

static int larger_first(const void *a, const void *b)
{
    double x = (*(const struct table_entry *const *)a)->value;
    double y = (*(const struct table_entry *const *)b)->value;

    return (x < y) - (x > y);
}

int orders_write(const struct table *totals, FILE *out)
{
    size_t n = table_size(totals), at = 0, i;
    const struct table_entry **order = malloc((n + 1) * sizeof *order);

    if (!order)
        return -1;
    for (i = 0; i < n; i++)
        order[i] = table_next(totals, &at);
    qsort(order, n, sizeof *order, larger_first);
    for (i = 0; i < n; i++)
        fprintf(out, "%.*s,%.2f\n", (int)order[i]->len, order[i]->key, order[i]->value);
    free(order);
    return ferror(out) ? -1 : 0;
}
