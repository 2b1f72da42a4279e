/*
 * The kernel of the proof's rows: a dependent chain of about 100 ns whose length can be set, so
 * that one build of it is slower than another by what the row says.
 *
 * A step is a shift and an exclusive or, two cycles that wait for one another and that no compiler
 * can shorten: 200 steps are some 400 cycles, and 201 take 0.5 % longer. The count comes from
 * PROOF_STEPS at run time, not from the build: both sides are the same machine code, so what is
 * found is the effect and nothing else.
 */
#include <perfledger/bench.h>

#include <stdlib.h>

static uint64_t chain(uint64_t x, uint64_t steps)
{
    for (; steps; steps--) {
        x ^= x >> 7;
        __asm__ volatile("" : "+r"(x)); /* one step after the other, as they stand */
    }
    return x;
}

PFL_BENCH(chain)
{
    const char *text = getenv("PROOF_STEPS");
    uint64_t steps = text ? strtoull(text, NULL, 10) : 200, x = 88172645463325252U;

    PFL_LOOP(b)
    {
        x = chain(x, steps) | 1;
        pfl_keep(x);
    }
}

PFL_MAIN()
