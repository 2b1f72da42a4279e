/* Suspects of a check, confirmed by a race of the base's revision and the head's. */
#ifndef PFL_FLOW_CONFIRM_H
#define PFL_FLOW_CONFIRM_H

#include "flow/race/race.h"
#include "model/verdict.h"

struct pfl_flow_confirm_params {
    int64_t max_time_ns; /* building and racing together; 0: two minutes */
    bool strict;
    void (*progress)(void *context, const struct pfl_race_standing *standing);
    bool (*stop_asked)(void *context), (*hurry_asked)(void *context);
    void *context;
};

/*
 * Races the suspects of a comparison and puts the outcome into it. Nothing happens, with a notice
 * in *why_not (NULL: it was raced, or there is no suspect), when no `build` is configured, a side
 * has no clean revision of this repository, both are the same commit, or a build fails (then the
 * suspects' reasons say so, too). Commits that hold the same files acquit without a race. Each
 * metric's suspects have a race of their own and a share of the time. The head is the work tree
 * when that stands where the head's run was measured.
 */
int pfl_flow_confirm(struct pfl_flow *flow, const struct pfl_flow_confirm_params *params,
                     struct pfl_comparison *comparison, const char **why_not, struct pfl_err *err);

#endif
