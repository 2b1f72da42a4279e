/*
 * What the program does: orders in, the total of each customer out, the largest first.
 */
#ifndef ORDERS_REPORT_H
#define ORDERS_REPORT_H

#include "table.h"

#include <stdio.h>

/* A text of `rows` orders, "number,customer,item,pieces,price", the same for the same seed; one in
 * four items is quoted, and some of these hold quotes. Allocated; NULL: no memory. */
char *orders_make(size_t rows, uint64_t seed, size_t *len);

/* Adds up pieces times price by customer. Answers the number of rows; −1 and a message otherwise.
 * stop, when not NULL, is asked every 1,024 rows: not 0 ends the work with −1. */
long orders_group(const char *text, size_t len, struct table *totals, int (*stop)(void));

/* Customers with their totals, the largest first. 0; −1: no memory or the file. */
int orders_write(const struct table *totals, FILE *out);

#endif
