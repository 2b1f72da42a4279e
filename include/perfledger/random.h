/*
 * A seeded generator for inputs, so that every launch and both sides of a race see the same ones:
 * xoshiro256** 1.0 (Blackman, Vigna 2018; public domain). The seed is the suite's (`seed:` in
 * perfledger.yaml, --seed of the program; 1 by default) mixed with the benchmark's name and thread,
 * never with the launch.
 */
#ifndef PERFLEDGER_RANDOM_H
#define PERFLEDGER_RANDOM_H

#include <perfledger/bench.h>

PFL_EXTERN_C_BEGIN

PFL_API uint64_t pfl_rand(struct pfl_bench *b);                       /* all 64 bits */
PFL_API uint64_t pfl_rand_below(struct pfl_bench *b, uint64_t bound); /* unbiased; bound 0: 0 */
PFL_API double pfl_rand_unit(struct pfl_bench *b);                    /* [0, 1) */
PFL_API void pfl_rand_fill(struct pfl_bench *b, void *bytes, size_t size);
/* A random order of n elements of that size (Fisher–Yates). */
PFL_API void pfl_rand_shuffle(struct pfl_bench *b, void *items, size_t n, size_t size);

PFL_EXTERN_C_END

#endif
