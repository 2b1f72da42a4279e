/* Sorting of numbers, ascending. No NaN among them. */
#ifndef ORDERS_SORT_H
#define ORDERS_SORT_H

#include <stddef.h>

void sort_intro(double *values, size_t n);

#endif
