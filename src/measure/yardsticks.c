/*
 * When to read the yardsticks. Readings are there to explain samples, not to compete with them: the
 * next one is due when the interval is over, and not before 49 times what the last one took has
 * passed since it, so that reading is one part in fifty of the session however slow the machine is.
 *
 * The first reading comes one interval after the beginning: making the memory to chase through
 * takes as long as several readings, which a session of a few launches should not pay for.
 */
#include "measure/yardsticks.h"

#define INTERVAL_NS INT64_C(500000000)

enum { REST_SHARE = 49 }; /* of one part reading: 2 % */

static int64_t now_ns(const struct pfl_readings *r)
{
    return r->clock->monotonic_ns(r->clock->context);
}

void pfl_readings_init(struct pfl_readings *r, const struct pfl_clock *clock, int64_t begun_ns,
                       int64_t interval_ns)
{
    *r = (struct pfl_readings){
        .clock = clock,
        .begun_ns = begun_ns,
        .interval_ns = interval_ns > 0 ? interval_ns : INTERVAL_NS,
    };
    r->due_ns = begun_ns + r->interval_ns;
}

void pfl_readings_release(struct pfl_readings *r)
{
    pfl_yardsticks_close(r->sticks);
    r->sticks = NULL;
    pfl_vec_release(&r->all);
}

int pfl_readings_take(struct pfl_readings *r, struct pfl_err *err)
{
    int64_t begin_ns = now_ns(r), end_ns, rest_ns;
    struct pfl_yardstick_reading reading;
    int rc = r->sticks ? PFL_OK : pfl_yardsticks_open(r->clock, &r->sticks, err);
    size_t i;

    if (rc != PFL_OK)
        return rc;
    reading.at_ns = now_ns(r) - r->begun_ns;
    for (i = 0; i < PFL_YARDSTICK_COUNT; i++)
        reading.value[i] = pfl_yardsticks_run(r->sticks, (enum pfl_yardstick)i);
    if (!pfl_vec_push(&r->all, &reading))
        return pfl_err_no_memory(err);
    end_ns = now_ns(r);
    rest_ns = (end_ns - begin_ns) * REST_SHARE;
    r->due_ns = end_ns + (rest_ns > r->interval_ns ? rest_ns : r->interval_ns);
    return PFL_OK;
}

int pfl_readings_take_if_due(struct pfl_readings *r, struct pfl_err *err)
{
    return now_ns(r) < r->due_ns ? PFL_OK : pfl_readings_take(r, err);
}

bool pfl_readings_freeze(const struct pfl_readings *r, struct pfl_arena *arena,
                         struct pfl_yardstick_reading **array, size_t *n)
{
    struct pfl_yardstick_reading *copy = NULL;

    if (r->all.n > 0 &&
        !(copy = pfl_arena_grow(arena, r->all.at, r->all.n, r->all.n, sizeof *copy)))
        return false;
    *array = copy;
    *n = r->all.n;
    return true;
}
