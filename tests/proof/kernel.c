/*
 * The kernel of the proof's rows: a dependent chain of about 100 ns whose length can be set, so
 * that one build of it is slower than another by what the row says.
 *
 * A step is a shift and an exclusive or, two cycles that wait for one another and that no compiler
 * can shorten: 200 steps are some 400 cycles, and 201 take 0.5 % longer. The count comes from
 * the file PROGRAM.steps (else PROOF_STEPS) at run time, not from the build: both sides are the
 * same machine code, in two files, so what is found is the effect and what two builds differ by
 * anyway: where they lie.
 */
#define _GNU_SOURCE /* program_invocation_name */
#include <perfledger/bench.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t chain(uint64_t x, uint64_t steps)
{
    for (; steps; steps--) {
        x ^= x >> 7;
        __asm__ volatile("" : "+r"(x)); /* one step after the other, as they stand */
    }
    return x;
}

static uint64_t steps_beside(void)
{
    const char *text = getenv("PROOF_STEPS");
    unsigned long long steps = text ? strtoull(text, NULL, 10) : 200;
    char path[4096];
    FILE *in;

    snprintf(path, sizeof path, "%s.steps", program_invocation_name);
    in = fopen(path, "r");
    if (in && fscanf(in, "%llu", &steps) != 1)
        abort();
    if (in)
        fclose(in);
    return steps;
}

PFL_BENCH(chain)
{
    uint64_t steps = steps_beside(), x = 88172645463325252U;

    PFL_LOOP(b)
    {
        x = chain(x, steps) | 1;
        pfl_keep(x);
    }
}

PFL_MAIN()
