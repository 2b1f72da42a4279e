/*
 * fast_exp: e^x = 2^k · e^r with k = round(x / ln 2), |r| ≤ ln 2 / 2. k is found by
 * adding 1.5·2^52, which leaves the rounded integer in the low bits of the sum; ln 2 is taken off
 * in two parts (Cody & Waite, 1980); e^r by its Taylor polynomial of degree 7, whose rest is at
 * most 0.3466^8 / 8! = 5.2e-9 of about 1. No branch and no table, so compilers make vector code of
 * it.
 *
 * fast_dot: an addition takes four cycles and the plain loop waits for each; eight sums do not.
 */
#include "numeric.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

void plain_exp(const double *x, double *out, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        out[i] = exp(x[i]);
}

void fast_exp(const double *restrict x, double *restrict out, size_t n)
{
    const double shift = 6755399441055744.0; /* 1.5 * 2^52 */
    size_t i;

    for (i = 0; i < n; i++) {
        double rounded = x[i] * 1.4426950408889634 + shift, k = rounded - shift;
        double r = x[i] - k * 0.693145751953125 - k * 1.4286068203094173e-06;
        double p = 1.0 / 5040;
        uint64_t bits;

        p = p * r + 1.0 / 720;
        p = p * r + 1.0 / 120;
        p = p * r + 1.0 / 24;
        p = p * r + 1.0 / 6;
        p = p * r + 0.5;
        p = p * r + 1;
        p = p * r + 1;
        memcpy(&bits, &rounded, sizeof bits);
        bits = (bits + 1023) << 52;
        memcpy(&rounded, &bits, sizeof bits);
        out[i] = p * rounded;
    }
}

double plain_dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    size_t i;

    for (i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

double fast_dot(const double *a, const double *b, size_t n)
{
    double sums[8] = {0};
    size_t i, j;

    for (i = 0; i + 8 <= n; i += 8)
        for (j = 0; j < 8; j++)
            sums[j] += a[i + j] * b[i + j];
    for (; i < n; i++)
        sums[0] += a[i] * b[i];
    return ((sums[0] + sums[1]) + (sums[2] + sums[3])) +
           ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}
