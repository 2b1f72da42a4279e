/*
 * Samples + policy → verdicts. Pure: same data, same policy → the same bytes. Nothing here reads a
 * clock, a file or a ledger. The rules are those of docs/statistics.md.
 */
#ifndef PFL_JUDGE_JUDGE_H
#define PFL_JUDGE_JUDGE_H

#include "base/arena.h"
#include "base/err.h"
#include "model/by.h"
#include "model/verdict.h"

/* Defaults: 99 % intervals, q = 1 %, fail on regressed, failed, missing; no gates. */
void pfl_policy_defaults(struct pfl_policy *policy);

/* Fills every result's summary from its values (summary_only ones stay): over launches, each
 * launch's iterations reduced to their median first where a result has several per launch; where a
 * yardstick explains the spread, normalised by it. Call after measuring, when the run has its
 * yardsticks and their reference, and after reading. */
int pfl_judge_summarise(struct pfl_run *run, struct pfl_err *err);

/* Fills every result's stated interval from its summary, which is there: needs no samples. history
 * NULL: none is known. Summarising does it without a history. */
struct pfl_stated_history {
    double (*session_sd)(void *context, const char *benchmark, const char *metric,
                         const char *variant, size_t *sessions); /* as in struct pfl_policy */
    void *context;
};
void pfl_judge_state(struct pfl_run *run, const struct pfl_stated_history *history);

/* What a run sets as reference for a machine that has none: each yardstick's median. All NaN where
 * the CPUs were wanted by others, for then the yardsticks waited, too. The core's is that of the
 * benchmarks that ran it beside their samples, where there are any: the same chain, so the same
 * unit, and too short to wait. */
int pfl_judge_yardstick_reference(const struct pfl_run *run, double reference[PFL_YARDSTICK_COUNT],
                                  struct pfl_err *err);

bool pfl_judge_has_inside_yardstick(const struct pfl_run *run);
/* Is there one, and can it be the core's? Those that cannot are not used. */
bool pfl_judge_inside_trusted(const struct pfl_run *run, const struct pfl_benchmark *bench);

/*
 * Compares head with base. base NULL: only the absolute checks (max, min, relative_to, targets) are
 * made. Different machine fingerprints without allow_machine_change: PFL_EINVAL, the message names
 * what differs. gated: `check` (gates give force and exit code); otherwise `compare`: rows get
 * verdicts by tolerance, and the exit code follows policy->fail_on (0 = always fine). Base values
 * of a failed or skipped benchmark are no values; out lives in the arena and borrows from both runs
 * (and gate files and targets from the policy). Both runs must be sorted (pfl_run_sort) and
 * summarised. Rows: benchmark in natural order, then metric and variant in byte order. A run whose
 * environment holds psi_cpu_stall (or without it any psi_cpu*) of ≥ 10 per cent counts as
 * contended.
 */
struct pfl_judge_params {
    const struct pfl_run *base, *head;
    const char *base_label, *head_label;
    const struct pfl_policy *policy;
    bool gated;
    const char *sort; /* "name" (default), "ratio", "time" */
    /* Where the artefact of that hash lies; NULL: nowhere. May be NULL. */
    const char *(*artifact)(void *context, const char *hash);
    void *context;
    /* What the base's run calls a benchmark, or a variant of it (NULL: asks for the benchmark),
     * that was renamed for this comparison; NULL: the same. May be NULL. */
    const char *(*was)(void *context, const char *benchmark, const char *variant);
    void *was_context;
};
int pfl_judge_compare(const struct pfl_judge_params *params, struct pfl_arena *arena,
                      struct pfl_comparison *out, struct pfl_err *err);

/* What is odd about each benchmark of a run (array aligned with run->benchmarks). */
int pfl_judge_assess(const struct pfl_run *run, struct pfl_arena *arena,
                     struct pfl_assessment **out, struct pfl_err *err);

/* Fits of time over a size parameter, for suites with `work`: one per suite, and combination of
 * other parameters, with ≥ 3 sizes. */
int pfl_judge_fits(const struct pfl_run *run, struct pfl_arena *arena, struct pfl_fit **fits,
                   size_t *n, struct pfl_err *err);

/* Ad-hoc commands of one run ranked: ratio of each to the fastest (or the named reference;
 * PFL_ENOENT) with its 95 % interval, from paired rounds where both have ≥ 5 in common. Rows as in
 * a comparison, base = the reference, the best first; the reference's own row has ratio 1.
 * regressed: surely worse than the reference; inconclusive: may be the same. */
int pfl_judge_rank(const struct pfl_run *run, const char *metric, const char *reference,
                   struct pfl_arena *arena, struct pfl_comparison *out, struct pfl_err *err);

/*
 * What a parameter does within one run: every value of it against the reference value (NULL: the
 * first one each benchmark has; numbers before texts), the other parameters held fixed, or with
 * group_by pooled over all others but that one. From paired rounds where both have >= 5 in common.
 * Of the policy confidence, tolerance (NaN: 0), only_metric, fail_on and strict count. Errors:
 * PFL_ENOENT (a parameter or reference nobody has, the nearest is suggested), PFL_ENOTHING (only
 * one value, or nothing was measured that could be compared). out borrows from the run and from
 * params.
 */
struct pfl_judge_by_params {
    const struct pfl_run *run; /* sorted and summarised */
    const char *label;         /* how messages call it */
    const char *param, *reference, *group_by;
    const struct pfl_policy *policy;
    const char *sort; /* "name" (default), "ratio", "time" */
};
int pfl_judge_compare_by(const struct pfl_judge_by_params *params, struct pfl_arena *arena,
                         struct pfl_by *out, struct pfl_err *err);

enum { PFL_JUDGE_SESSIONS_LEAST = 6 }; /* fewer tell nothing of how sessions differ */

/* Between-session relative deviation from a series' medians, oldest first, same fingerprint and
 * definition: a robust estimate from successive differences. NaN for fewer than that, for values
 * that are not positive, and without memory; 0 when they are all equal. */
double pfl_judge_session_sd(const double *medians, size_t n);

#endif
