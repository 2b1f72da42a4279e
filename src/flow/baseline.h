/* The stories of `baseline save | list | show | use | reset`. */
#ifndef PFL_FLOW_BASELINE_H
#define PFL_FLOW_BASELINE_H

#include "flow/flow.h"
#include "model/verdict.h"
#include "project/baseline.h"

struct pfl_flow_baseline_params {
    const char *name; /* "" = unnamed */
    const char *run;  /* NULL: the latest complete configured run */
    bool reset;       /* accept it though its check fails; the old numbers stay where they are */
};

struct pfl_flow_baseline_saved {
    struct pfl_baseline baseline;
    const struct pfl_run *run;
    const struct pfl_assessment *assessments; /* what is noisy in it: the report flags it */
};

/* Refuses (PFL_EGATE) a run that is void or partial, with failed benchmarks or too few launches;
 * unless `reset`, one whose check fails against the baseline in use. */
int pfl_flow_baseline_save(struct pfl_flow *flow, const struct pfl_flow_baseline_params *params,
                           struct pfl_flow_baseline_saved *saved, struct pfl_err *err);

/* `baseline: { update: auto }`: after a check of `run` (PFL_OK, or PFL_ENOTHING for want of a
 * baseline) on the default branch with a clean tree, the run becomes the baseline. *saved false:
 * not configured, not due, or it is it already. */
int pfl_flow_baseline_auto(struct pfl_flow *flow, const struct pfl_comparison *check, bool *saved,
                           struct pfl_baseline *baseline, struct pfl_err *err);

struct pfl_flow_baseline_listed {
    struct pfl_baseline baseline;
    const char *run, *commit; /* "" = not known */
    int64_t measured_unix_ns;
    const char *problem; /* why the file cannot be read; NULL: it can */
};
/* Of this platform, or of every one, by platform, then number. A damaged file is listed as such. */
int pfl_flow_baseline_list(struct pfl_flow *flow, bool every_platform,
                           struct pfl_flow_baseline_listed **list, size_t *n, const char **strange,
                           struct pfl_err *err);

struct pfl_flow_baseline_shown {
    struct pfl_baseline baseline;
    struct pfl_run run;
    struct pfl_assessment *assessments;
    int64_t age_ns;               /* since it was measured */
    struct pfl_pair *differences; /* machine and environment: then → now */
    size_t difference_count;
};
int pfl_flow_baseline_show(struct pfl_flow *flow, const char *which,
                           struct pfl_flow_baseline_shown *shown, struct pfl_err *err);

int pfl_flow_baseline_use(struct pfl_flow *flow, const char *which, struct pfl_baseline *used,
                          struct pfl_err *err);

#endif
