/* The stories of `compare` and `check`: two sides, one policy, one comparison. */
#ifndef PFL_FLOW_COMPARE_H
#define PFL_FLOW_COMPARE_H

#include "flow/flow.h"
#include "model/verdict.h"

struct pfl_flow_compare_params {
    const char *base, *head; /* compare: words for pfl_flow_resolve */
    const char *run,
        *against; /* check: NULL = the latest complete configured run; the baseline in use */
    const char *sort;
    double tolerance; /* NaN: by gate or metric */
    unsigned fail_on; /* enum pfl_fail_on bits; check's default is regressed, failed, missing */
    bool fail_on_given;
    bool strict, allow_machine_change;
    const char *metric; /* glob; NULL = all */
    /* A release gate (flow/release/release.h): the default gate of `release:` holds, and these do
     * beside the configuration's. */
    bool release;
    const struct pfl_gate *implied;
    size_t implied_count;
    bool raced; /* both runs are a race's: no session lies between them */
};

/* PFL_OK when a comparison was made, whatever it says: see out->exit_code. */
int pfl_flow_compare(struct pfl_flow *flow, const struct pfl_flow_compare_params *params,
                     struct pfl_comparison *out, struct pfl_err *err);
int pfl_flow_check(struct pfl_flow *flow, const struct pfl_flow_compare_params *params,
                   struct pfl_comparison *out, struct pfl_err *err);

/* `check` of one run that is in memory (baseline save asks it first). base may be NULL. */
int pfl_flow_check_run(struct pfl_flow *flow, const struct pfl_flow_compare_params *params,
                       const struct pfl_run *base, const char *base_label,
                       const struct pfl_run *head, struct pfl_comparison *out, struct pfl_err *err);

/* The run that `check` judges: the given one, else the latest. PFL_EUSAGE: it is a race's. */
int pfl_flow_check_head(struct pfl_flow *flow, const char *word, struct pfl_run *run,
                        struct pfl_err *err);

#endif
