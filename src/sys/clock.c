/* The system's clocks behind the injectable struct, and the one way in which dates are written. */
#include "sys/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t read_clock(clockid_t which)
{
    struct timespec now;

    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t monotonic_ns(void *context)
{
    (void)context;
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t boot_ns(void *context)
{
    (void)context;
    return read_clock(CLOCK_BOOTTIME);
}

static int64_t unix_ns(void *context)
{
    (void)context;
    return read_clock(CLOCK_REALTIME);
}

const struct pfl_clock *pfl_clock_system(void)
{
    static const struct pfl_clock system_clock = {monotonic_ns, boot_ns, unix_ns, NULL};

    return &system_clock;
}

void pfl_clock_text(int64_t unix_time_ns, char out[32])
{
    time_t seconds = (time_t)(unix_time_ns / 1000000000 - (unix_time_ns % 1000000000 < 0));
    struct tm tm;

    if (!gmtime_r(&seconds, &tm) || strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        snprintf(out, 32, "?");
}

int64_t pfl_clock_of_process(int pid)
{
    struct timespec t;
    clockid_t clock;

    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &t) != 0)
        return -1;
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}
