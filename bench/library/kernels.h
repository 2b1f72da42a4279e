/*
 * The kernels that all tools measure, compiled once, so that the machine code is the same for each.
 * C and C++.
 */
#ifndef BENCH_LIBRARY_KERNELS_H
#define BENCH_LIBRARY_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LIBRARY_MULTIPLIER UINT64_C(6364136223846793005)

/* One dependent step: shift 1, xor 1, multiplication 3 cycles on all x86-64 and ARM cores of the
 * last ten years; nothing can shorten it. */
static inline uint64_t library_step(uint64_t x)
{
    return (x ^ (x >> 29)) * LIBRARY_MULTIPLIER;
}

enum { LIBRARY_STEP_CYCLES = 5, LIBRARY_KNOWN_STEPS = 4, LIBRARY_CHAIN_STEPS = 80 };

/* 20 cycles: to be written into a loop's body, where it carries x from one iteration to the next.
 */
static inline uint64_t library_known(uint64_t x)
{
    return library_step(library_step(library_step(library_step(x))));
}

uint64_t library_chain(uint64_t x);     /* some 100 ns */
double library_parse(const char *text); /* some 100 ns for library_text: the sum of its numbers */
extern const char library_text[];

/* Loads that depend on each other, along one cycle through 32 MiB; answers where it stopped. */
void library_chase_init(void);
uint64_t library_chase(uint64_t at);

/* ns per step now: the least of 20 runs of 10,000 steps. */
double library_step_ns(void);

#ifdef __cplusplus
}
#endif

#endif
