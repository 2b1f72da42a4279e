/*
 * What the engine reads: nanoseconds, ticks, the yardstick.
 *
 * The yardstick is a chain of dependent steps, x = (x ^ (x >> 29)) * M: a shift, an exclusive or
 * and a multiplication, 1 + 1 + 3 core cycles on every x86-64 of the last fifteen years and on the
 * AArch64 cores we know. It takes no memory and no branch predictor, so it disturbs nothing and
 * only the core's clock changes it. It is the chain of perfledger's own core yardstick. Written in
 * assembler where we can: it must not become slower when the library is built without optimisation
 * or with a sanitizer. The number of steps is fixed: values of one machine compare.
 *
 * Ticks are for pauses alone, where two clock readings per iteration must be cheap: the processor's
 * counter, fenced so that work does not leak across (Intel SDM 2B, RDTSC: lfence on both sides).
 * The engine turns ticks into ns by what a whole batch took in both.
 */
#include "engine.h"

#include <sys/resource.h>
#include <time.h>

#define CLOCK_MULTIPLIER UINT64_C(6364136223846793005)

enum { CLOCK_STEPS = 16000 }; /* 80,000 cycles, 20 µs at 4 GHz; a multiple of 4 */

const double pfl_lib_step_cycles = 5;

static volatile uint64_t clock_sink;

static int64_t clock_read(clockid_t which)
{
    struct timespec t;

    clock_gettime(which, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t clock_now(void)
{
    return clock_read(CLOCK_MONOTONIC);
}

static int64_t clock_thread_cpu(void)
{
    return clock_read(CLOCK_THREAD_CPUTIME_ID);
}

static uint64_t clock_ticks(void)
{
#if defined(__x86_64__)
    uint64_t low, high;

    __asm__ volatile("lfence\n\trdtsc\n\tlfence" : "=a"(low), "=d"(high) : : "memory");
    return high << 32 | low;
#elif defined(__aarch64__)
    uint64_t ticks;

    __asm__ volatile("isb\n\tmrs %0, cntvct_el0\n\tisb" : "=r"(ticks) : : "memory");
    return ticks;
#else
    return (uint64_t)clock_now();
#endif
}

/* steps: a multiple of 4. */
static uint64_t clock_chain(uint64_t x, uint64_t steps)
{
#if defined(__x86_64__)
#define CLOCK_STEP "mov %0, %2\n\tshr $29, %2\n\txor %2, %0\n\timul %3, %0\n\t"
    uint64_t rounds = steps / 4, scratch;

    __asm__ volatile(".p2align 5\n1:\n\t" CLOCK_STEP CLOCK_STEP CLOCK_STEP CLOCK_STEP
                     "dec %1\n\tjnz 1b"
                     : "+r"(x), "+r"(rounds), "=&r"(scratch)
                     : "r"(CLOCK_MULTIPLIER)
                     : "cc");
#elif defined(__aarch64__)
#define CLOCK_STEP "eor %0, %0, %0, lsr #29\n\tmul %0, %0, %2\n\t"
    uint64_t rounds = steps / 4;

    __asm__ volatile("1:\n\t" CLOCK_STEP CLOCK_STEP CLOCK_STEP CLOCK_STEP
                     "subs %1, %1, #1\n\tb.ne 1b"
                     : "+r"(x), "+r"(rounds)
                     : "r"(CLOCK_MULTIPLIER)
                     : "cc");
#else
    for (; steps > 0; steps--)
        x = (x ^ (x >> 29)) * CLOCK_MULTIPLIER;
#endif
    return x;
}

static double clock_yardstick(void)
{
    int64_t begin = clock_now();

    clock_sink = clock_chain(1, CLOCK_STEPS);
    return (double)(clock_now() - begin) / CLOCK_STEPS;
}

static long clock_switches(void)
{
    struct rusage usage;

    return getrusage(RUSAGE_THREAD, &usage) == 0 ? usage.ru_nivcsw : 0;
}

struct pfl_lib_clock pfl_lib_clock = {clock_now, clock_thread_cpu, clock_ticks, clock_yardstick,
                                      clock_switches};

int64_t pfl_lib_now_ns(void)
{
    return pfl_lib_clock.now_ns();
}

int64_t pfl_lib_thread_cpu_ns(void)
{
    return pfl_lib_clock.thread_cpu_ns();
}

double pfl_lib_yardstick_ns(void)
{
    return pfl_lib_clock.yardstick_ns();
}
