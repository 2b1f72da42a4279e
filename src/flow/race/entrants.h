/* What race.c and entrants.c share: who races, and with which plan. */
#ifndef PFL_FLOW_RACE_ENTRANTS_H
#define PFL_FLOW_RACE_ENTRANTS_H

#include "flow/build/build.h"
#include "flow/race/race.h"
#include "measure/race.h"

struct pfl_entrant {
    const char *word;    /* without its prefix */
    const char *label;   /* how reports call it; unique within the race */
    bool opened;         /* a revision: build is filled, and must be closed */
    const char *problem; /* it cannot be measured: a sentence; NULL: it can */
    struct pfl_flow_build build;
    struct pfl_plan plan;
    struct pfl_run run;
};

struct pfl_entrants {
    struct pfl_entrant *at;
    size_t n;
    bool revisions; /* else commands */
};

/* Words → entrants with labels: PFL_EUSAGE or PFL_ENOENT says which word is the matter. */
int pfl_entrants_name(struct pfl_flow *flow, const struct pfl_flow_race_params *params,
                      struct pfl_entrants *entrants, struct pfl_err *err);
/* Checks out, builds (revisions), plans. deadline_ns: on the monotonic clock, 0 none. A build that
 * fails is an entrant's problem, no error. */
int pfl_entrants_prepare(struct pfl_flow *flow, const struct pfl_flow_race_params *params,
                         int64_t deadline_ns, struct pfl_entrants *entrants, struct pfl_err *err);
void pfl_entrants_close(struct pfl_entrants *entrants);

#endif
