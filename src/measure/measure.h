/*
 * Plan → samples. Launches are interleaved round by round over the benchmarks in a seeded random
 * order; each launch is a fresh process under the launcher. Failures of measured programs are
 * results, not errors.
 *
 * Decided here: a benchmark is measured no more after its first failed launch (ignore_failure
 * forgives exit codes and signals, nothing else). `validate` runs after the first recorded launch
 * and after the last. Setup of all benchmarks comes before the first launch, cleanup of all after
 * the last, also after failures and Ctrl-C. Commands around launches run under `sh -c` in the
 * benchmark's folder and environment; relative paths (input, output, artefacts) are relative to
 * that folder, those of `requires` to the plan's root. A launch cut off by Ctrl-C or by the plan's
 * max_time is dropped. partial: interrupted, or the plan's time was up before the least rounds
 * (min_rounds); a benchmark without any launch then is `skipped` with "not measured: …". What a
 * shell costs is subtracted from time, user, sys and cpu, with a warning that says the figure.
 */
#ifndef PFL_MEASURE_MEASURE_H
#define PFL_MEASURE_MEASURE_H

#include "base/arena.h"
#include "base/err.h"
#include "measure/harness.h"
#include "model/plan.h"
#include "model/run.h"
#include "sys/clock.h"

/* What progress is told, between launches only. */
struct pfl_progress {
    const char *benchmark;
    const char *phase; /* "setup", "warm-up", "measuring", "cleanup", "calibrating the shell" */
    size_t round, rounds, benchmark_index, benchmark_count;
    double estimate, ci_low, ci_high; /* seconds, of this benchmark so far; NaN before 1 (estimate)
                                         and 5 (interval) launches */
    double seconds_left;              /* of the whole session; NaN = not known yet */
};

struct pfl_measure_params {
    const struct pfl_plan *plan;
    const struct pfl_clock *clock;
    void (*progress)(void *context, const struct pfl_progress *progress); /* may be NULL */
    bool (*stop_asked)(void *context);                                    /* Ctrl-C; may be NULL */
    bool (*hurry_asked)(void *context); /* Ctrl-C again: cleanup is given up, too; may be NULL */
    /* Absolute: of each artefact a copy is kept there, called by its SHA-256; programs with
     * benchmarks inside may write theirs into `written` in it, which exists. NULL: neither. */
    const char *artifacts;
    bool other_checkout; /* of a revision: commands do not inherit what binds git to a repository */
    void *context;
    /* For suites with a foreign harness: reads what a launch left. NULL: there are none. */
    pfl_harness_read_fn *read_results;
    void *read_context;
};

/* Fills run->benchmarks (sorted, without summaries), warnings, seed, partial, started/finished and
 * the environment's load and pressure entries. Machine, revision and the rest of the environment
 * are flow's. PFL_OK also when benchmarks failed or it was stopped (run->partial). */
int pfl_measure(const struct pfl_measure_params *params, struct pfl_arena *arena,
                struct pfl_run *run, struct pfl_err *err);

/* Pitfalls seen before measuring: unoptimised or instrumented binaries, no compiler known, binary
 * older than its sources. Appends to each item's warnings; *compiler: text for the run's
 * environment ("GNU C17 12.2.0 -O2", "" unknown). */
int pfl_measure_inspect(struct pfl_plan *plan, struct pfl_arena *arena, const char **compiler,
                        struct pfl_err *err);

#endif
