/*
 * What the person waiting for a race is told, between launches only. How the bout stands is the
 * judge's to add; here is which one it is, what is going on, and how long the race can last at
 * most: the sum of what the open bouts may still take, or the race's own limit where that is less.
 */
#include "measure/race_session.h"

#include <math.h>

static double seconds_left(struct pfl_race_session *race)
{
    struct pfl_session *s = &race->sides[0].session;
    double left = 0, until_end;
    size_t i;

    for (i = 0; i < race->bout_count; i++) {
        const struct pfl_race_bout *bout = &race->bouts[i];
        int64_t most = pfl_race_item(race, 0, bout->benchmark)->plan->how.max_time_ns;

        if (bout->over)
            continue;
        if (most <= 0)
            left = NAN;
        else if (bout->took_ns < most)
            left += (double)(most - bout->took_ns) / 1e9;
    }
    if (s->deadline_ns) {
        until_end = (double)(s->deadline_ns - pfl_session_now(s)) / 1e9;
        if (!(left <= until_end))
            left = until_end > 0 ? until_end : 0;
    }
    return left;
}

void pfl_race_tell(struct pfl_race_session *race, const struct pfl_race_bout *bout,
                   const char *phase)
{
    struct pfl_race_standing standing = {
        .benchmark = pfl_race_item(race, 0, bout->benchmark)->plan->name,
        .challenger = race->sides[bout->challenger].label,
        .phase = phase,
        .ratio = NAN,
        .low = NAN,
        .high = NAN,
        .bout = bout->index,
        .bouts = race->bout_count,
    };

    if (!race->params->progress)
        return;
    standing.seconds_left = seconds_left(race);
    race->params->progress(race->params->context, &standing);
}

/* Set-up, warm-up and cleanup of one side. */
void pfl_race_tell_progress(void *context, const struct pfl_progress *progress)
{
    struct pfl_race_side *side = context;
    struct pfl_race_session *race = side->race;
    size_t challengers = race->side_count - 1, place = (size_t)(side - race->sides);
    size_t bout = progress->benchmark_index * challengers + (place ? place - 1 : 0);

    pfl_race_tell(race, &race->bouts[bout], progress->phase);
}
