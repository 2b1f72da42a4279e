/* What the user wants enforced: gates (thresholds), targets, and how sure to be. Lives in the
 * config's arena. */
#ifndef PFL_MODEL_POLICY_H
#define PFL_MODEL_POLICY_H

#include "model/metric.h"

#include <stddef.h>
#include <stdint.h>

/* One line of `gates:`. Limits that were not given are NaN. The last gate that matches a benchmark
 * and metric with the same kind of limit wins. */
struct pfl_gate {
    const char *match;     /* glob over benchmark names; a bare suite name means all of it */
    const char *metric;    /* glob over metrics ("time", "time:*") */
    double max_regression; /* relative: 0.10 = 10 % worse at most, in the metric's own direction */
    double max, min;       /* absolute, stored unit */
    double max_ratio, min_ratio; /* against `relative_to` in the same run */
    const char
        *relative_to; /* benchmark name or glob with one `*` filled from match; NULL = none */
    bool report_only;
    bool instrumented; /* holds for instrumented builds, too */
    bool implied; /* by a rule of `paths:`: it may only tighten, and matching nothing is no news */
    const char *reason; /* why it is as loose as it is; NULL: not said */
    const char *file;   /* where it stands, for messages: relative to the repository's root (flow/
                          sees to it) */
    int line;
};

struct pfl_target {
    const char *benchmark; /* glob */
    const char *metric;
    double max, min;    /* NaN = not given */
    double tolerance;   /* relative slack, 0 = none */
    const char *reason; /* as of a gate */
    const char *file;
    int line;
};

enum pfl_fail_on { /* bits: which verdicts make `check` fail */
                   PFL_FAIL_ON_REGRESSED = 1,
                   PFL_FAIL_ON_FAILED = 2,
                   PFL_FAIL_ON_MISSING = 4,
                   PFL_FAIL_ON_INCONCLUSIVE = 8,
                   PFL_FAIL_ON_NEW = 16,
                   PFL_FAIL_ON_IMPROVED = 32,
};

/* A between-session relative standard deviation for a series, from its history: answers > 0 and
 * sets *sessions, or NaN when there is not enough history. Handed in by flow/ (the judge knows no
 * store). */
typedef double pfl_session_sd_fn(void *context, const char *benchmark, const char *metric,
                                 const char *variant, size_t *sessions);

struct pfl_policy {
    const struct pfl_gate *gates;
    size_t gate_count;
    const struct pfl_target *targets;
    size_t target_count;
    bool targets_hold_here;      /* this is the reference machine (or none is named) */
    double confidence;           /* of the ratio's interval: 0.99 */
    double false_discovery_rate; /* over a suite: 0.01 */
    double tolerance;            /* NaN: by gate, else by metric */
    bool release; /* a release gate: where no gate speaks, the deciding metric and peak_rss are
                     held to release_max_regression */
    double release_max_regression;
    unsigned fail_on; /* enum pfl_fail_on bits */
    bool strict;      /* inconclusive hard rows fail (exit 5) */
    bool allow_machine_change;
    const char *only_metric; /* glob, NULL = all */
    pfl_session_sd_fn *session_sd;
    void *session_context;
};

#endif
