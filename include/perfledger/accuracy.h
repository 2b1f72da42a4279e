/*
 * Accuracy beside speed: the error against a reference implementation is a metric, parity_error,
 * that a gate can hold hard (`max: 5e-8`).
 *
 *     pfl_parity(b, "max_abs", got, reference, n);
 *
 * Measures (n elements, got g, reference r):
 *     "max_abs"   max |g − r|
 *     "max_rel"   max |g − r| / |r|, |g| where r is 0
 *     "rms"       sqrt(mean (g − r)²)
 *     "rel_l2"    ‖g − r‖ / ‖r‖
 *     "max_ulp"   units in the last place between them (doubles ordered by their bits)
 * "rel_l2" of a reference that is all 0 is ‖g‖. The same measure again: the larger error counts.
 * NaN on one side only, or infinities that differ, give an infinite error, which fails the
 * benchmark; NaN on both sides counts as equal. The measure is the metric's variant. n = 0, NULL or
 * an unknown measure fail the benchmark with a message.
 */
#ifndef PERFLEDGER_ACCURACY_H
#define PERFLEDGER_ACCURACY_H

#include <perfledger/bench.h>

PFL_EXTERN_C_BEGIN

/* Both answer the error; outside the loop, after the results are there. */
PFL_API double pfl_parity(struct pfl_bench *b, const char *measure, const double *got,
                          const double *reference, size_t n);
PFL_API double pfl_parity_float(struct pfl_bench *b, const char *measure, const float *got,
                                const float *reference, size_t n);

PFL_EXTERN_C_END

#endif
