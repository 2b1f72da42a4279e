/* How fast the machine itself was: readings of the yardsticks (sys/yardstick.h) beside the samples.
 */
#ifndef PFL_MODEL_YARDSTICK_H
#define PFL_MODEL_YARDSTICK_H

#include <stdint.h>

/* Short fixed reference kernels. */
enum pfl_yardstick {
    PFL_YARDSTICK_CORE,    /* a dependent chain in registers: the core's clock */
    PFL_YARDSTICK_CHASE,   /* a pointer chase beyond the private caches: memory latency */
    PFL_YARDSTICK_STREAM,  /* one pass over the same memory: bandwidth */
    PFL_YARDSTICK_SYSCALL, /* the way into the kernel and back */
    PFL_YARDSTICK_SPAWN,   /* vfork, exit, wait */
};
enum { PFL_YARDSTICK_COUNT = 5 };

/* One batch of each, taken between launches. */
struct pfl_yardstick_reading {
    int64_t at_ns; /* since the run's start, monotonic, as started_ns of launches */
    double value[PFL_YARDSTICK_COUNT]; /* seconds per operation; NaN where it could not be run */
};

const char *pfl_yardstick_name(enum pfl_yardstick yardstick); /* "core clock", … */
const char *pfl_yardstick_key(enum pfl_yardstick yardstick);  /* "core", "chase", …: in files */

#endif
