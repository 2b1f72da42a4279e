/*
 * The release gate: `check` against a revision. What it compares with is found in this order: the
 * newest complete run of that commit in the ledger; a run that the repository keeps (perf/runs/),
 * the one its run of record names at that commit first; a race of both builds.
 */
#ifndef PFL_FLOW_RELEASE_RELEASE_H
#define PFL_FLOW_RELEASE_RELEASE_H

#include "flow/compare.h"
#include "model/race.h"

struct pfl_flow_release_params {
    const struct pfl_flow_compare_params *check;
    const char *revision; /* of pfl_flow_release_word() */
    bool no_race;
    int64_t max_time_ns; /* building and racing together; 0: per benchmark what `max_time` says */
    void (*progress)(void *context, const struct pfl_race_standing *standing);
    bool (*stop_asked)(void *context), (*hurry_asked)(void *context);
    void *context;
};

/* Does --against name a revision, in the order in which words are resolved? *revision: without its
 * prefix; NULL: it names something else. */
int pfl_flow_release_word(struct pfl_flow *flow, const char *word, const char **revision,
                          struct pfl_err *err);

/* PFL_OK when there is a comparison; *raced: its numbers are a race's. PFL_ENOTHING: nothing to
 * compare with, in a sentence with the remedy. */
int pfl_flow_release(struct pfl_flow *flow, const struct pfl_flow_release_params *params,
                     struct pfl_comparison *out, bool *raced, struct pfl_err *err);

/* What could not be decided, in one sentence with what would (comparison->why_undecided); behind
 * the confirming race. why_not: why there was none, NULL: there was. */
struct pfl_flow_release_end_params {
    bool no_race, fail_on_given;
    int64_t max_time_ns;
    const char *why_not;
};
int pfl_flow_release_end(struct pfl_flow *flow, const struct pfl_flow_release_end_params *params,
                         struct pfl_comparison *comparison, struct pfl_err *err);

/* Gives each regressed row that counts its newest snapshot and its bisect command. */
struct pfl_flow_release_links_params {
    const char *revision;
    bool has_bisect; /* the program has a command of that name */
};
int pfl_flow_release_links(struct pfl_flow *flow,
                           const struct pfl_flow_release_links_params *params,
                           struct pfl_comparison *comparison, struct pfl_err *err);

#endif
