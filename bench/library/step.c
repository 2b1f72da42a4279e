/* ns per step of the dependent chain now, and ticks of the time-stamp counter per ns (0 where there
 * is none): what turns ns into cycles. */
#include "kernels.h"

#include <stdio.h>
#include <time.h>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static double ticks_per_ns(void)
{
#if defined(__x86_64__)
    double begin = now_ns();
    uint64_t ticks = __rdtsc();

    while (now_ns() - begin < 2e7)
        ;
    return (double)(__rdtsc() - ticks) / (now_ns() - begin);
#else
    return 0;
#endif
}

int main(void)
{
    printf("%.6f %.6f\n", library_step_ns(), ticks_per_ns());
    return 0;
}
