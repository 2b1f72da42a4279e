/* What race.c and end.c share: a race while it is on, and how it ends. */
#ifndef PFL_FLOW_RACE_SESSION_H
#define PFL_FLOW_RACE_SESSION_H

#include "flow/race/entrants.h"
#include "judge/race.h"

enum { PFL_RACE_BAR_LAUNCHES = 10 };

struct pfl_race_bout {
    struct pfl_bout *judge;
    const char *benchmark;
    size_t challenger;
    bool ended; /* for another reason than the judge's */
    enum pfl_bout_end end;
    const char *reason;
    bool compared; /* outputs */
};

/* A race while it is on. */
struct pfl_race_session {
    struct pfl_flow *flow;
    const struct pfl_flow_race_params *params;
    struct pfl_entrants entrants;
    struct pfl_race_bout *bouts;
    size_t bout_count;
    struct pfl_race_contender *contenders;
    int64_t started_ns, deadline_ns;
    bool stopped;
    bool judged; /* there is something to report, even when it could not be recorded */
};

static inline int64_t pfl_race_now_ns(const struct pfl_race_session *race)
{
    return race->flow->clock->monotonic_ns(race->flow->clock->context);
}

/* Nobody to race: the base did not build, or no challenger did; then all bouts are skipped. */
bool pfl_race_nobody(const struct pfl_race_session *race);
void pfl_race_skip_bouts(struct pfl_race_session *race);
/* Bouts → verdicts. */
int pfl_race_judge(struct pfl_race_session *race, struct pfl_race *out, struct pfl_err *err);
/* Each contender's run, apart. */
int pfl_race_record(struct pfl_race_session *race, struct pfl_race *out, struct pfl_err *err);
/* PFL_OK, PFL_EINTERRUPTED, PFL_ENOTHING. */
int pfl_race_outcome(const struct pfl_race_session *race, struct pfl_race *out,
                     struct pfl_err *err);

#endif
