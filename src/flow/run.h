/* The story of `run`: plan, look for pitfalls, measure, say where it came from, keep it, assess it.
 */
#ifndef PFL_FLOW_RUN_H
#define PFL_FLOW_RUN_H

#include "flow/flow.h"
#include "measure/measure.h"
#include "report/report.h"

struct pfl_flow_run_params {
    /* Configured: what to select. Ad-hoc: the commands. Exactly one of the two is used. */
    bool adhoc;
    const char *const *select;
    size_t select_count;
    const char *const *commands; /* one string each */
    size_t command_count;
    char *const *argv; /* or one command as words */
    size_t argc;
    const char *const *names;
    size_t name_count;
    const struct pfl_param_axis *axes; /* ad-hoc parameters */
    size_t axis_count;
    const char *reference; /* ad-hoc: the name others are ranked against; NULL = the fastest */

    struct pfl_how how; /* what the command line set (how.set) */
    enum pfl_tier tier;
    uint64_t order_seed; /* with order_seed_given; else one is chosen. It is recorded */
    bool order_seed_given;
    int64_t max_time_ns;
    bool allow_few, record, show_output;
    const char *label;

    void (*progress)(void *context, const struct pfl_progress *progress);
    bool (*stop_asked)(void *context);
    bool (*hurry_asked)(void *context); /* see measure.h */
    void *context;
};

struct pfl_flow_run_result {
    struct pfl_run run;
    struct pfl_assessment *assessments;
    struct pfl_fit *fits;
    size_t fit_count;
    struct pfl_comparison rank; /* row_count 0: nothing to rank */
    const char *recorded;       /* a sentence for the reader */
};

/* The plan alone, for --list: nothing is started. */
int pfl_flow_plan(struct pfl_flow *flow, const struct pfl_flow_run_params *params,
                  struct pfl_plan *plan, struct pfl_err *err);

/*
 * PFL_OK: measured (and recorded when asked). PFL_ECOMMAND: a measured command failed;
 * PFL_EINTERRUPTED: stopped; PFL_ENOTHING: all was skipped; PFL_ENOENT with result->run filled: a
 * selected benchmark is not inside the program that should hold it: in these four result is filled
 * all the same and err says which (PFL_EINTERRUPTED before anything was measured: it is empty).
 * Anything else: nothing was measured (result stays as it was), or the ledger refused the run; then
 * result is filled and err says in which file the run was put instead.
 */
int pfl_flow_run(struct pfl_flow *flow, const struct pfl_flow_run_params *params,
                 struct pfl_flow_run_result *result, struct pfl_err *err);

#endif
