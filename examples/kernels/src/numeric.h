/*
 * Two numeric kernels, each as a plain reference and as a fast version. What the fast ones may be
 * off is part of their contract, and measured beside their speed.
 */
#ifndef ORDERS_NUMERIC_H
#define ORDERS_NUMERIC_H

#include <stddef.h>

/* out[i] = e^x[i]. fast: relative error below 5e-8 for |x| ≤ 700; outside, and for NaN, undefined.
 */
void plain_exp(const double *x, double *out, size_t n);
void fast_exp(const double *x, double *out, size_t n);

/* Σ a[i]·b[i]. fast: eight partial sums. */
double plain_dot(const double *a, const double *b, size_t n);
double fast_dot(const double *a, const double *b, size_t n);

#endif
