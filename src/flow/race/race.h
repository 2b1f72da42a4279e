/* The story of `race`: who the contenders are, made ready, measured together, judged, recorded
 * apart. */
#ifndef PFL_FLOW_RACE_RACE_H
#define PFL_FLOW_RACE_RACE_H

#include "flow/flow.h"
#include "model/race.h"

struct pfl_flow_race_params {
    const char *const *words; /* commands, revisions, "." */
    size_t word_count;
    const char *const *names; /* of commands, by place */
    size_t name_count;
    const char *const *select; /* revisions: which benchmarks; none = all of the tier */
    size_t select_count;
    enum pfl_tier tier;
    struct pfl_how how; /* what the command line set */
    double tolerance;   /* NaN: 0 */
    const char *metric; /* NULL: time or cpu, as fits */
    uint64_t seed;
    bool seed_given;
    int64_t max_time_ns; /* 0: per bout what `max_time` says */
    double bar, max_cv;  /* NaN: not asked */
    double same_output;  /* NaN: not asked; 0: byte by byte; else numbers within this relative
                            difference */
    bool inside; /* commands: they are linked with libperfledger; race the benchmarks inside them */
    unsigned fail_on;
    bool fail_on_given, strict, record, rebuild;
    const char *label;

    void (*progress)(void *context, const struct pfl_race_standing *standing);
    bool (*stop_asked)(void *context), (*hurry_asked)(void *context);
    void *context;
};

/* PFL_OK: raced, whatever came of it (race->comparison.exit_code says). PFL_EINTERRUPTED,
 * PFL_ENOTHING: race is filled as far as it goes; also when what was raced could not be recorded.
 */
int pfl_flow_race(struct pfl_flow *flow, const struct pfl_flow_race_params *params,
                  struct pfl_race *race, struct pfl_err *err);

#endif
