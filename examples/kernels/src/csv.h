/*
 * A reader of CSV (RFC 4180) over text in memory. Nothing is copied: fields point into the text.
 */
#ifndef ORDERS_CSV_H
#define ORDERS_CSV_H

#include <stddef.h>

struct csv_field {
    const char *at; /* of a quoted field: inside its quotes */
    size_t len;
    int escaped; /* holds "" for a quote: csv_unescape before use */
};

struct csv {
    const char *at, *end;
    size_t row;          /* 1-based, of the row read last */
    const char *problem; /* NULL while all is well */
};

void csv_init(struct csv *csv, const char *text, size_t len);

/* The next row: how many fields it has (those beyond `room` are read and not kept); 0 at the end;
 * −1 and `problem` for broken quoting. Empty lines are passed over. */
int csv_next(struct csv *csv, struct csv_field *fields, int room);

/* Copies the field with "" as one quote; answers the length. to: at least field->len bytes. */
size_t csv_unescape(const struct csv_field *field, char *to);

#endif
