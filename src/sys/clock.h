/* Clocks. Everything that needs the time takes a struct pfl_clock, so that tests can inject one. */
#ifndef PFL_SYS_CLOCK_H
#define PFL_SYS_CLOCK_H

#include <stddef.h>
#include <stdint.h>

struct pfl_clock {
    int64_t (*monotonic_ns)(void *context); /* CLOCK_MONOTONIC: stops in suspend */
    int64_t (*boot_ns)(void *context);      /* CLOCK_BOOTTIME: goes on in suspend */
    int64_t (*unix_ns)(void *context);      /* CLOCK_REALTIME */
    void *context;
};
const struct pfl_clock *pfl_clock_system(void);

/* CPU time of a process with all its threads; -1: there is none of that number. */
int64_t pfl_clock_of_process(int pid);

/* "2026-11-21T01:22:33Z" from unix ns (UTC); out holds 32 bytes. */
void pfl_clock_text(int64_t unix_ns, char out[32]);

#endif
