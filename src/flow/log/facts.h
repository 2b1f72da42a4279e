/*
 * The facts of snapshots, trends and runs of record: all that their texts are made of besides the
 * runs. One struct for the three kinds; each uses its part, and what is empty is not written.
 */
#ifndef PFL_FLOW_LOG_FACTS_H
#define PFL_FLOW_LOG_FACTS_H

#include "base/buf.h"
#include "flow/flow.h"

/* How sessions of a series differ, as the ledger knew it when the verdict was made. */
struct pfl_log_deviation {
    const char *benchmark, *metric, *variant;
    double sd;
    size_t sessions;
};

struct pfl_log_point { /* of a trend */
    const char *run, *note;
    const char *tag; /* of the revision, as git told; "" */
};

struct pfl_log_link {
    const char *id, *title, *target; /* id: the block's, "" for a file; title: Markdown */
};

struct pfl_log_facts {
    const char **runs; /* all whose numbers are in the text */
    size_t run_count;
    const char *name;                         /* snapshot */
    const char *base, *head;                  /* snapshot, latest: ids */
    const char *base_tag, *head_tag;          /* of their revisions, as git told */
    const char *area;                         /* latest; snapshot: "" = none was given */
    const char *metric, *benchmark, *variant; /* trend: its series */
    const char *chart;                        /* trend: the file beside */
    const char **benchmarks;                  /* globs that chose */
    size_t benchmark_count;
    struct pfl_log_point *points;
    size_t point_count;
    struct pfl_gate *tolerances; /* match, metric, max_regression */
    size_t tolerance_count;
    struct pfl_target *targets;
    size_t target_count;
    struct pfl_log_deviation *deviations;
    size_t deviation_count;
    struct pfl_log_link *links;
    size_t link_count;
};

/* One line of JSON, behind what is in buf. */
int pfl_log_facts_write(const struct pfl_log_facts *facts, struct pfl_buf *buf,
                        struct pfl_err *err);
/* Absent texts are "", absent limits NaN. PFL_EINVAL: they cannot be facts of ours. Unknown keys
 * are skipped, a newer schema is refused. */
int pfl_log_facts_read(const char *text, size_t len, struct pfl_arena *arena,
                       struct pfl_log_facts *facts, struct pfl_err *err);

/* The newest tag of a commit, "" when there is none or nobody to ask. */
const char *pfl_log_tag(struct pfl_flow *flow, const char *commit);
/* The run as a page shows it: with the tag that the facts have. */
struct pfl_run pfl_log_tagged(const struct pfl_run *run, const char *tag);

/* A policy that asks nobody but the facts. */
void pfl_log_facts_policy(const struct pfl_log_facts *facts, struct pfl_policy *policy);

/* tool: "perfledger 0.1.0", of a block's facts or a run. Another version of this program made it,
 * so words and rules may be other ones. */
bool pfl_log_is_of_another_version(const char *tool);

#endif
