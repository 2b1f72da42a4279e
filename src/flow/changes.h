/* `changes`: what happened to the series of the ledger, or of a CSV file; and what people say of
 * it. */
#ifndef PFL_FLOW_CHANGES_H
#define PFL_FLOW_CHANGES_H

#include "flow/flow.h"
#include "model/change.h"

struct pfl_flow_changes_params {
    const char *const *select; /* globs over benchmarks, or bare suite names; none: all */
    size_t select_count;
    const char *metric;     /* glob; NULL: every metric that has a better direction */
    const char *csv;        /* a file instead of the ledger, "-" standard input; NULL: the ledger */
    enum pfl_better better; /* of a CSV's values */
    double false_alarms;    /* per series; 0: the default */
};

struct pfl_flow_changes {
    struct pfl_series_changes *list; /* sorted by benchmark, metric, variant, machine */
    size_t n;
    const char *reviews_file; /* where decisions are kept */
};

/* No ledger yet, or nothing selected, is PFL_ENOTHING. */
int pfl_flow_changes(struct pfl_flow *flow, const struct pfl_flow_changes_params *params,
                     struct pfl_flow_changes *result, struct pfl_err *err);

/*
 * Writes a decision down. acknowledge: there must be a change at `at` (± 2 values) in a series that
 * `benchmark` and params->metric name; the decision gets its exact place, and its end when it is a
 * drift. rebase: the place must exist. expect: may be of the future. *written: the decision as it
 * stands in the file.
 */
struct pfl_flow_review_params {
    enum pfl_review_action action;
    const char *benchmark, *at, *note;
    struct pfl_flow_changes_params where; /* select is not used */
};
int pfl_flow_review(struct pfl_flow *flow, const struct pfl_flow_review_params *params,
                    struct pfl_review *written, const char **file, struct pfl_err *err);

#endif
