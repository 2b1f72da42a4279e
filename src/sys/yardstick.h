/*
 * Yardsticks: short fixed reference kernels that show how fast the machine itself is at this
 * moment. A batch takes a few milliseconds at most. Run them at the ends of a block, never right
 * before a timed launch: they leave caches warm with their own data.
 */
#ifndef PFL_SYS_YARDSTICK_H
#define PFL_SYS_YARDSTICK_H

#include "base/err.h"
#include "model/doctor.h"
#include "sys/clock.h"

struct pfl_yardsticks; /* opaque; holds 32 MiB for the two memory kernels */

/* clock is borrowed. */
int pfl_yardsticks_open(const struct pfl_clock *clock, struct pfl_yardsticks **yardsticks,
                        struct pfl_err *err);
void pfl_yardsticks_close(struct pfl_yardsticks *yardsticks);

/* One batch: seconds per operation (a step, a load, 64 bytes, a call, a process); NaN where it
 * could not be run. */
double pfl_yardsticks_run(struct pfl_yardsticks *yardsticks, enum pfl_yardstick which);

#endif
