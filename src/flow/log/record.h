/*
 * Which runs may stand in a trend or as an area's run of record: complete, configured, not void, of
 * the reference machine, at a clean commit that the default branch holds, of a release build, with
 * five launches or more.
 */
#ifndef PFL_FLOW_LOG_RECORD_H
#define PFL_FLOW_LOG_RECORD_H

#include "flow/flow.h"

/* The globs that --benchmark or --area choose; *n 0: all. PFL_EUSAGE: both, or no such area (the
 * areas there are are named). */
int pfl_flow_chosen(struct pfl_flow *flow, const char *benchmark, const char *area,
                    const char ***globs, size_t *n, struct pfl_err *err);

/* What "merged" means: the default branch, or origin's where that is ahead of it or the only one.
 * NULL: there is neither. */
int pfl_log_branch(struct pfl_flow *flow, const char **ref, struct pfl_err *err);

/* Is the machine the one whose figures the log holds? Without a reference machine in the
 * configuration it is the machine at hand. */
bool pfl_log_is_reference(const struct pfl_flow *flow, const struct pfl_machine *machine,
                          const struct pfl_machine *here);

/* Why the ledger at hand declared a run void; NULL: it did not, or there is none that has it. */
int pfl_log_void(struct pfl_flow *flow, const char *id, const char **why, struct pfl_err *err);

enum { PFL_LOG_LAUNCHES_LEAST = 5 }; /* of fewer nothing is known of how much they scatter */

struct pfl_log_record {
    const struct pfl_run_head *head;
    size_t place; /* in the default branch: later commits have greater ones */
};
struct pfl_log_refusal {
    const char *run, *why; /* a sentence without its full stop */
};
struct pfl_log_records {
    struct pfl_log_record *at; /* by place, then by time of measuring */
    size_t n;
    struct pfl_log_refusal *refused; /* complete configured runs that may not, newest last */
    size_t refused_count;
    size_t thinned;             /* of them, those whose samples `prune` took away */
    const char *newest_refused; /* why the newest run is not among them; NULL: it is */
    const char *machine;        /* they are of: its name or id */
    const char *branch;
    const char **commits; /* of the default branch; place counts them */
    size_t commit_count;
};
int pfl_log_records(struct pfl_flow *flow, struct pfl_log_records *records, struct pfl_err *err);

/* The reason for which no figure of this benchmark may stand in the log; NULL: none. "failed",
 * "fewer than 5 launches", "built with AddressSanitizer" */
const char *pfl_log_unfit(const struct pfl_benchmark *bench);

#endif
