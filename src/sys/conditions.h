/* The conditions under which a machine would be measured: settings, limits, permissions, clocks. */
#ifndef PFL_SYS_CONDITIONS_H
#define PFL_SYS_CONDITIONS_H

#include "base/arena.h"
#include "base/err.h"
#include "model/doctor.h"

/* root as in pfl_machine_probe(): "" the real system. What needs a system call and not a file
 * (counters, pinning, other perfledgers) is asked of the real system only, and unknown elsewhere.
 * machine is borrowed. PFL_ENOMEM is the only error. */
int pfl_conditions_probe(const char *root, const struct pfl_machine *machine,
                         struct pfl_arena *arena, struct pfl_conditions *conditions,
                         struct pfl_err *err);

/* The kernel's count of CPU time, all CPUs: wanted = what somebody was running, or wanted to;
 * stolen = the part of it that the hypervisor gave to others. Ticks; -1 where unknown. The share
 * over a time is the difference of two readings. */
struct pfl_cpu_ticks {
    int64_t wanted, stolen;
};
void pfl_conditions_ticks(const char *root, struct pfl_cpu_ticks *ticks);

/* Every clock that programs time themselves with: cost and step. timers holds PFL_TIMER_COUNT.
 * Takes about 10 ms. */
enum { PFL_TIMER_COUNT = 6 };
void pfl_conditions_timers(struct pfl_timer timers[PFL_TIMER_COUNT]);

#endif
