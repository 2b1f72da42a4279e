/* Hardware counters of a process and everything it starts: user-space instructions and cycles. */
#ifndef PFL_SYS_COUNTERS_H
#define PFL_SYS_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

struct pfl_counters {
    int instructions_fd, cycles_fd; /* -1: the machine cannot, or may not, count this */
};
#define PFL_COUNTERS_NONE                                                                          \
    {                                                                                              \
        -1, -1                                                                                     \
    }

struct pfl_counts {
    int64_t instructions, cycles; /* -1: unknown */
};

/* Counts, from now on, in the programs that children of `pid` execute. No error where that is
 * impossible: the counts are -1. */
void pfl_counters_open(struct pfl_counters *counters, int pid);
void pfl_counters_close(struct pfl_counters *counters);

/* Totals so far of the children that have ended; what one child took is the difference of two
 * readings. */
void pfl_counters_read(const struct pfl_counters *counters, struct pfl_counts *counts);
int64_t pfl_counters_difference(int64_t before, int64_t after);

#endif
