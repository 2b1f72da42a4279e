/*
 * The yardsticks (sys/yardstick.h) read now and then while a session measures: when the next
 * reading is due, and the readings so far.
 *
 * Call pfl_readings_take_if_due() between launches, best at the end of a round or block, where the
 * launch that comes next is as likely to be of one side as of the other: a reading leaves its own
 * data in the caches. Nothing is allocated before the first reading.
 */
#ifndef PFL_MEASURE_YARDSTICKS_H
#define PFL_MEASURE_YARDSTICKS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"
#include "model/yardstick.h"
#include "sys/clock.h"
#include "sys/yardstick.h"

PFL_VEC(pfl_yardstick_readings, struct pfl_yardstick_reading);

struct pfl_readings {
    const struct pfl_clock *clock;
    int64_t begun_ns;              /* readings are counted from here */
    int64_t interval_ns;           /* from the end of one to the next at least */
    int64_t due_ns;                /* of the next one */
    struct pfl_yardsticks *sticks; /* NULL before the first reading */
    struct pfl_yardstick_readings all;
};

/* begun_ns: the run's start by the clock's monotonic_ns. interval_ns 0: half a second. clock is
 * borrowed. The first reading is due one interval after the beginning: a session that is shorter
 * takes none and pays nothing. */
void pfl_readings_init(struct pfl_readings *readings, const struct pfl_clock *clock,
                       int64_t begun_ns, int64_t interval_ns);
/* Safe on a zeroed struct. */
void pfl_readings_release(struct pfl_readings *readings);

/* Takes one if it is time: the interval is over, and all readings together stay below about 2 % of
 * the session's time. PFL_ENOMEM. */
int pfl_readings_take_if_due(struct pfl_readings *readings, struct pfl_err *err);
/* Takes one now, whatever the time. PFL_ENOMEM. */
int pfl_readings_take(struct pfl_readings *readings, struct pfl_err *err);

/* A copy of all, in the order of time; NULL and 0 when there are none. false: no memory. */
bool pfl_readings_freeze(const struct pfl_readings *readings, struct pfl_arena *arena,
                         struct pfl_yardstick_reading **array, size_t *n);

#endif
