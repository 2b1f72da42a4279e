/*
 * A run: everything one measuring session found out, and where it came from. This is what the
 * ledger keeps, what a baseline file holds, what reports show and what the judge compares.
 *
 * Shape: run → benchmarks (one per command and parameter set) → launches (one per process, in the
 * order measured) and results (one per metric; values aligned with launches). A sample never
 * changes after it is stored.
 *
 * Ownership: a run and all it points to live in one arena. Times: *_ns are nanoseconds;
 * `started_unix_ns` is since the epoch (UTC), launch times are since the run's start on the
 * monotonic clock.
 */
#ifndef PFL_MODEL_RUN_H
#define PFL_MODEL_RUN_H

#include "model/machine.h"
#include "model/metric.h"
#include "model/yardstick.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pfl_pair { /* name → text: parameters, environment */
    const char *name;
    const char *value;
};

enum pfl_launch_flag {
    PFL_LAUNCH_FAILED = 1 << 0,    /* exit code or signal, not ignored */
    PFL_LAUNCH_TIMED_OUT = 1 << 1, /* the process group was ended */
    PFL_LAUNCH_LEFT = 1 << 2,      /* left processes behind; they were ended */
    PFL_LAUNCH_GAP = 1 << 3,       /* the clock shows a suspend or a stop of the whole machine */
    PFL_LAUNCH_INVALID = 1 << 4,   /* `validate` or a {"fail":…} said the result is wrong */
    PFL_LAUNCH_IGNORED = 1 << 5,   /* failed, but ignore_failure was asked for: the sample counts */
    PFL_LAUNCH_DUET = 1 << 6,      /* ran beside its rival on another CPU */
};

/* One process. Launches with FAILED, TIMED_OUT or INVALID set are kept, but are no samples: their
 * values are NaN. */
struct pfl_launch {
    uint32_t round;    /* from 0 */
    uint32_t position; /* place in the whole run's order of launches, from 0 */
    int64_t started_ns;
    int64_t gap_ns;    /* wall clock minus monotonic advance beyond 1 ms, 0 = none seen */
    int32_t exit_code; /* -1 when ended by a signal */
    int32_t signal;    /* 0 = none */
    uint32_t flags;    /* enum pfl_launch_flag */
};

/* What was estimated from the samples. Filled by stats; NaN where there is nothing. */
struct pfl_summary {
    size_t n;
    double median, ci_low, ci_high; /* 95 % interval of the median over this session's launches */
    double mean, stddev, min, max, q1, q3;
};

/* A yardstick that explains how a metric moves from launch to launch (judge/normalise.c). Computed
 * like the summary, never stored. */
struct pfl_normalised {
    const char *by; /* pfl_yardstick_name(); NULL: the summary is of the values as measured */
    enum pfl_yardstick yardstick;
    double reference;                     /* the run's, seconds per operation */
    double raw_median, raw_low, raw_high; /* of the values as measured */
    double reduction;                     /* the share of their variance that is gone */
    bool inside;     /* the yardstick ran inside the process, beside each sample */
    double scatter;  /* inside: interquartile range of the launches over their median, normalised */
    double min, max; /* inside: extremes of the launches, normalised */
};

/* Where the medians of other runs of the same thing fall, 95 of 100 (judge/stated.c). Computed like
 * the summary, never stored. */
struct pfl_stated {
    bool known; /* false: the summary's own interval is all there is */
    double low, high;
};

struct pfl_result {
    const char *metric;
    const char *unit;
    enum pfl_better better;
    const char *text;    /* a text metric (artifact_hash); then n is 0 */
    const char *variant; /* which artefact, which thread count…; "" mostly */
    double *values;      /* n samples; NaN where a launch gave none */
    size_t n;            /* = launch_count unless launch_of is set, or the benchmark is imported
                            and has no launches: then values[i] counts as one */
    uint32_t *launch_of; /* NULL: values[i] belongs to launch i; else to launch launch_of[i] */
    struct pfl_summary summary;
    struct pfl_normalised normalised;
    struct pfl_stated stated;
    bool summary_only; /* imported: the file had no samples; or the run was thinned */
};

enum pfl_status { PFL_STATUS_OK, PFL_STATUS_FAILED, PFL_STATUS_TIMED_OUT, PFL_STATUS_SKIPPED };

struct pfl_benchmark {
    const char *name; /* identity: "pipeline[seed=1,size=10]"; UTF-8, may hold anything */
    const char *suite;
    const char *command;    /* as the user would type it */
    const char *definition; /* hex hash of what is measured (command, stdin, environment…): another
                               one is an epoch */
    const char *tier;       /* "smoke", "deep", "longhaul" */
    struct pfl_pair *params;
    size_t param_count;
    double work; /* units of work per launch, 0 = not given; work_unit names them */
    const char *work_unit;
    uint64_t seed;
    enum pfl_status status;
    const char *reason; /* why skipped or failed; "" when OK */
    bool partial;       /* stopped before its rounds were done */
    bool few;           /* fewer than 5 rounds, allowed by --allow-few */
    struct pfl_launch *launches;
    size_t launch_count;
    struct pfl_result *results;
    size_t result_count;
    struct pfl_pair *environment; /* what the program said of itself on the wire */
    size_t environment_count;
    const char **warnings; /* pitfalls found before or while measuring (unoptimised build, …) */
    size_t warning_count;
};

/* A warning of a run that begins so says that the CPUs were wanted by others; reports say that only
 * once. */
#define PFL_WARNING_BUSY "the machine was busy"

enum pfl_run_kind { PFL_RUN_CONFIGURED, PFL_RUN_ADHOC, PFL_RUN_RACE, PFL_RUN_IMPORTED };

struct pfl_revision {
    const char *commit; /* full hex; "" = no git revision */
    const char *branch, *tag, *pull_request;
    const char *subject;
    int64_t commit_time; /* unix seconds, 0 = unknown */
    bool dirty;
};

struct pfl_run {
    const char *id; /* 16 hex digits of the SHA-256 over the run's canonical JSON without it; "" =
                       not yet known */
    const char *label; /* --label or "" */
    const char *project;
    enum pfl_run_kind kind;
    struct pfl_revision revision;
    bool partial;  /* interrupted or out of time: what was measured is here */
    bool complete; /* every selected benchmark of a configured run was measured or skipped for a
                      said reason */
    const char *selection; /* the SELECT globs, blank-separated; "" = all */
    const char *tier;
    int64_t started_unix_ns, finished_unix_ns;
    uint64_t seed;    /* of the order of launches */
    const char *tool; /* "perfledger 0.1.0" */
    struct pfl_machine machine;
    struct pfl_pair
        *environment; /* load and PSI before/during, compiler, listed variables…, sorted by name */
    size_t environment_count;
    const char **warnings;
    size_t warning_count;
    struct pfl_yardstick_reading *yardsticks; /* in the order of time; NULL: none were taken */
    size_t yardstick_count;
    /* What a reading is held against where a metric is normalised: seconds per operation, kept per
     * machine, so that values of different runs compare. 0 or NaN: none. */
    double yardstick_reference[PFL_YARDSTICK_COUNT];
    /* The ledger knew no reference of the core, so it is this run's own. Not kept with the run: one
     * in the ledger has become the machine's. */
    bool own_reference;
    struct pfl_benchmark *benchmarks; /* sorted by name (natural order) */
    size_t benchmark_count;
    /* When its samples and launches were taken away (`prune`), 0: it is whole. What they gave is
     * still here, summaries and what normalised them; the id cannot be computed any more. */
    int64_t thinned_unix_ns;
};

/* Are there samples or launches? */
bool pfl_run_has_samples(const struct pfl_run *run);
/* Takes them away. What follows from them must have been filled in. */
void pfl_run_thin(struct pfl_run *run, int64_t unix_ns);

const char *pfl_status_text(enum pfl_status status); /* "ok", "failed", "timed_out", "skipped" */
bool pfl_status_read(const char *text, enum pfl_status *status);
const char *
pfl_run_kind_text(enum pfl_run_kind kind); /* "configured", "adhoc", "race", "imported" */
bool pfl_run_kind_read(const char *text, enum pfl_run_kind *kind);

/* What a program that is no release says it was built with ("AddressSanitizer"), or how ("compiled
 * without optimisation"); NULL: it said nothing of the kind. */
const char *pfl_benchmark_instrumented(const struct pfl_benchmark *bench);
/* "built with " before a thing, "" before a "compiled …". */
const char *pfl_instrumented_how(const char *instrumented);

/* The benchmark or result of that name; NULL when absent. The run's benchmarks must be sorted by
 * name (binary search). */
const struct pfl_benchmark *pfl_run_find(const struct pfl_run *run, const char *name);
const struct pfl_result *pfl_benchmark_find(const struct pfl_benchmark *bench, const char *metric,
                                            const char *variant);
/* The value of a name in a list of pairs; "" when absent. */
const char *pfl_pair_find(const struct pfl_pair *pairs, size_t n, const char *name);
void pfl_run_sort(
    struct pfl_run *run); /* benchmarks by natural name; results by metric rank, name, variant */

/* SELECT and `match:` are globs over names (`*`, `?`, both cross `/`); a bare suite name means all
 * of the suite: `pipeline` selects pipeline, pipeline[…] and pipeline/…. */
bool pfl_run_selects(const char *pattern, const char *benchmark);

/* What `list` shows of a run without loading it. */
struct pfl_run_head {
    const char *id, *label, *commit, *branch, *tag, *machine_id, *fingerprint, *void_why;
    enum pfl_run_kind kind;
    bool dirty, partial, complete;
    int64_t started_unix_ns, commit_time;
    size_t benchmark_count, failed_count, skipped_count;
    int64_t thinned_unix_ns; /* 0: it is whole */
};

#endif
