/*
 * What may not be claimed in the log.
 *
 * A row is read years later by people who trust it, so what a reader could not check, or would take
 * for more than it is, is refused here: a work tree nobody can bring back, a commit that may never
 * be part of the project, few launches, another machine, a debug build, a difference that chance
 * makes. Each refusal is PFL_EGATE and says what to do instead.
 *
 * A diagnosis is written on the branch of its fix, so its commits need not be merged; they must be
 * in git, for the row names them.
 */
#include "flow/log/row_parts.h"

#include "base/text.h"
#include "documents/words.h"
#include "flow/log/record.h"
#include "sys/clock.h"
#include "vcs/git.h"

#include <math.h>
#include <string.h>

#define REFUSE(err, ...) pfl_err_set(err, PFL_EGATE, __VA_ARGS__)

/* ---- a run by itself ---- */

static int refuse_thinned(const struct pfl_run *run, const char *side, struct pfl_err *err)
{
    char day[32];

    pfl_clock_text(run->thinned_unix_ns, day);
    return REFUSE(err,
                  "the %s, run %.8s: its samples were thinned by prune on %.10s, so nobody could "
                  "check its interval: measure the revision again (`perfledger run` at %.10s)",
                  side, run->id, day, run->revision.commit);
}

static int refuse_kind(const struct pfl_run *run, const char *side, struct pfl_err *err)
{
    if (run->kind == PFL_RUN_RACE)
        return REFUSE(err,
                      "the %s, run %.8s, is one side of a race: its launches ran beside a rival's, "
                      "so its figures stand for nothing but that race and cannot be cited; "
                      "`perfledger run` at its revision makes a run that can",
                      side, run->id);
    if (run->partial)
        return REFUSE(err,
                      "the %s, run %.8s, is partial (it was interrupted or ran out of time); "
                      "`perfledger run` again, to its end",
                      side, run->id);
    if (run->revision.dirty)
        return REFUSE(err,
                      "the %s, run %.8s, was measured on a dirty work tree, so no revision says "
                      "what was measured; commit (or stash) the changes and `perfledger run` again",
                      side, run->id);
    if (!*run->revision.commit)
        return REFUSE(err,
                      "the %s, run %.8s, has no revision: it was measured outside of git, or its "
                      "file names none; `perfledger run` in the repository makes one that has",
                      side, run->id);
    if (run->thinned_unix_ns)
        return refuse_thinned(run, side, err);
    return PFL_OK;
}

static int refuse_void(struct pfl_flow *flow, const struct pfl_run *run, const char *side,
                       struct pfl_err *err)
{
    const char *why;
    int rc = pfl_log_void(flow, run->id, &why, err);

    return rc == PFL_OK && why
               ? REFUSE(err,
                        "the %s, run %.8s, is void (%s); `perfledger run` at its revision again, "
                        "or `perfledger void %.8s --undo` if it was good after all",
                        side, run->id, why, run->id)
               : rc;
}

/* The warning with these words, which are measure/inspect.c's; NULL. */
static const char *warning_that(const struct pfl_benchmark *bench, const char *words)
{
    size_t i;

    for (i = 0; i < bench->warning_count; i++)
        if (strstr(bench->warnings[i], words))
            return bench->warnings[i];
    return NULL;
}

/* Built before its source was changed; not one that is only older than the commit, for people also
 * commit after building. */
static const char *stale_of(const struct pfl_benchmark *bench)
{
    return warning_that(bench, " is older than its source ");
}

const char *pfl_log_row_warned(const struct pfl_benchmark *bench)
{
    const char *found = warning_that(bench, " was compiled without optimisation");

    if (!found)
        found = warning_that(bench, " is built with ");
    return found ? found : stale_of(bench);
}

static int refuse_benchmark(const struct pfl_run *run, const struct pfl_benchmark *bench,
                            const char *side, struct pfl_err *err)
{
    const char *instrumented = pfl_benchmark_instrumented(bench),
               *warning = pfl_log_row_warned(bench), *stale = stale_of(bench);

    if (bench->status == PFL_STATUS_FAILED || bench->status == PFL_STATUS_TIMED_OUT)
        return REFUSE(err,
                      "%s %s in the %s, run %.8s; mend it and measure again, or leave it out with "
                      "--benchmark",
                      bench->name,
                      bench->status == PFL_STATUS_FAILED ? "failed" : "ran out of its time", side,
                      run->id);
    if (instrumented)
        return REFUSE(err,
                      "%s was %s%s in the %s, run %.8s: its figures are not a release's; build "
                      "with optimisation and without instruments, and measure again",
                      bench->name, pfl_instrumented_how(instrumented), instrumented, side, run->id);
    if (stale)
        return REFUSE(err,
                      "what %s measured in the %s, run %.8s, was not built from its revision: %s",
                      bench->name, side, run->id, stale);
    if (warning)
        return REFUSE(err,
                      "%s is no release's in the %s, run %.8s: %s; build it as a release and "
                      "measure again",
                      bench->name, side, run->id, warning);
    if (bench->partial)
        return REFUSE(err,
                      "%s was stopped before its rounds were done in the %s, run %.8s; measure it "
                      "again with more time (`max_time`), or leave it out with --benchmark",
                      bench->name, side, run->id);
    return PFL_OK;
}

static int refuse_summary(const struct pfl_row_facts *facts, const struct pfl_run *run,
                          const struct pfl_benchmark *bench, const char *side, struct pfl_err *err)
{
    size_t i;

    for (i = 0; !facts->external && i < bench->result_count; i++)
        if (bench->results[i].summary_only && pfl_row_shows(facts, bench, &bench->results[i]))
            return REFUSE(err,
                          "%s of the %s, run %.8s, was imported as a summary without samples, so "
                          "nobody can check its interval; such figures can only be external ones "
                          "(--external)",
                          bench->name, side, run->id);
    return PFL_OK;
}

static int refuse_benchmarks(const struct pfl_row_facts *facts, const struct pfl_run *run,
                             const char *side, struct pfl_err *err)
{
    size_t i, selected = 0;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < run->benchmark_count; i++) {
        if (!pfl_row_selects(facts, run->benchmarks[i].name))
            continue;
        selected++;
        rc = refuse_benchmark(run, &run->benchmarks[i], side, err);
        if (rc == PFL_OK)
            rc = refuse_summary(facts, run, &run->benchmarks[i], side, err);
    }
    if (rc == PFL_OK && selected == 0)
        return pfl_err_set(err, PFL_ENOTHING,
                           "no benchmark of the %s, run %.8s, is selected; `perfledger show %.8s` "
                           "lists what is in it",
                           side, run->id, run->id);
    return rc;
}

static int refuse_unknown(struct pfl_flow *flow, const struct pfl_run *run, const char *side,
                          struct pfl_err *err)
{
    bool known = false;
    int rc = pfl_git_names_revision(flow->root, run->revision.commit, &known, err);

    if (rc != PFL_OK || known)
        return rc;
    return REFUSE(err,
                  "the %s, run %.8s, was measured at %.10s, which git does not know here; fetch it "
                  "(`git fetch --all`, `git fetch --unshallow`), or measure a commit of this "
                  "repository",
                  side, run->id, run->revision.commit);
}

int pfl_log_row_refuse_content(const struct pfl_row_facts *facts, const struct pfl_run *run,
                               const char *side, struct pfl_err *err)
{
    int rc = refuse_kind(run, side, err);

    return rc == PFL_OK ? refuse_benchmarks(facts, run, side, err) : rc;
}

int pfl_log_row_refuse_run(struct pfl_flow *flow, const struct pfl_row_facts *facts,
                           const struct pfl_run *run, const char *side, struct pfl_err *err)
{
    int rc = pfl_log_row_refuse_content(facts, run, side, err);

    if (rc == PFL_OK)
        rc = refuse_void(flow, run, side, err);
    return rc == PFL_OK ? refuse_unknown(flow, run, side, err) : rc;
}

/* ---- machines ---- */

/* Where none is named, the reference is the machine at hand. */
static int refuse_machine(struct pfl_flow *flow, const struct pfl_row_facts *facts,
                          const struct pfl_run *head, struct pfl_err *err)
{
    const char *reference = flow->config.reference_machine;
    const struct pfl_machine *here;
    bool is_reference;
    int rc = pfl_flow_machine(flow, &here, err);

    if (rc != PFL_OK)
        return rc;
    is_reference = pfl_log_is_reference(flow, &head->machine, here);
    if (is_reference == !facts->external)
        return PFL_OK;
    if (is_reference)
        return REFUSE(err,
                      "run %.8s was measured on %s, which is the reference machine%s: its figures "
                      "are not external; leave --external out",
                      head->id, facts->machine,
                      reference ? "" : " (none is named in perfledger.yaml, so it is this one)");
    return REFUSE(err,
                  "run %.8s was measured on %s, and the log holds figures of %s%s; measure there, "
                  "or use --external, which puts the row among the external timings",
                  head->id, pfl_words_machine_and_id(&head->machine, flow->arena),
                  reference ? "the reference machine "
                            : "this machine, for no reference_machine "
                              "is named in perfledger.yaml",
                  reference ? reference : "");
}

/* ---- commits ---- */

static int refuse_unmerged(struct pfl_flow *flow, const struct pfl_run *head, struct pfl_err *err)
{
    const char *branch = flow->config.default_branch ? flow->config.default_branch : "main";
    const char *ref;
    bool merged = false;
    int rc = pfl_log_branch(flow, &ref, err);

    if (rc == PFL_OK && ref)
        rc = pfl_git_is_ancestor(flow->root, head->revision.commit, ref, &merged, err);
    if (rc != PFL_OK || merged)
        return rc;
    if (!ref)
        return REFUSE(err,
                      "whether %.10s is merged cannot be told: there is no branch %s here, nor "
                      "origin/%s; `default_branch:` in perfledger.yaml names the one that counts",
                      head->revision.commit, branch, branch);
    return REFUSE(
        err,
        "%.10s, where run %.8s was measured, is not merged into %s: it may never be part "
        "of the project; merge it first, `perfledger run` the merged revision, then write "
        "the row (only a diagnosis may be written on the branch of its fix)",
        head->revision.commit, head->id, branch);
}

static int refuse_order(struct pfl_flow *flow, const struct pfl_row_facts *facts,
                        const struct pfl_run *base, const struct pfl_run *head, struct pfl_err *err)
{
    bool before = false;
    int rc;

    if (strcmp(base->id, head->id) == 0)
        return REFUSE(err, "base and head are the same run %.8s: there is no before and after",
                      base->id);
    if (strcmp(base->revision.commit, head->revision.commit) == 0)
        return REFUSE(err,
                      "base and head were measured at the same revision %.10s: no change of the "
                      "code is between them; name the revision before the change with --base",
                      base->revision.commit);
    rc =
        pfl_git_is_ancestor(flow->root, base->revision.commit, head->revision.commit, &before, err);
    if (rc != PFL_OK || before)
        return rc;
    return REFUSE(err,
                  "the base, %.10s, does not come before the head, %.10s, in git's history: %s; "
                  "name a revision that the change was made on (`git merge-base`)",
                  base->revision.commit, head->revision.commit,
                  facts->kind == PFL_ROW_DIAGNOSIS
                      ? "a fix is made on top of what had regressed"
                      : "the row would compare two branches, or the change backwards");
}

static int refuse_cause(struct pfl_flow *flow, const struct pfl_row_facts *facts,
                        const struct pfl_run *base, struct pfl_err *err)
{
    bool within = false;
    int rc;

    if (!*facts->cause)
        return PFL_OK;
    rc = pfl_git_is_ancestor(flow->root, facts->cause, base->revision.commit, &within, err);
    if (rc != PFL_OK || within)
        return rc;
    return REFUSE(err,
                  "%.10s cannot be the cause: it is not part of the base, %.10s, which is to show "
                  "the regression; `git bisect` finds the one that is",
                  facts->cause, base->revision.commit);
}

int pfl_log_row_refuse_sides(struct pfl_flow *flow, const struct pfl_row_facts *facts,
                             const struct pfl_run *base, const struct pfl_run *head,
                             struct pfl_err *err)
{
    int rc;

    if (!base)
        return PFL_OK;
    if (strcmp(base->machine.id, head->machine.id) != 0)
        return REFUSE(err,
                      "run %.8s was measured on %s and run %.8s on %s: their ratio would compare "
                      "machines; measure both on one",
                      base->id, pfl_words_machine(&base->machine), head->id,
                      pfl_words_machine(&head->machine));
    rc = refuse_order(flow, facts, base, head, err);
    return rc == PFL_OK ? refuse_cause(flow, facts, base, err) : rc;
}

int pfl_log_row_refuse_pair(struct pfl_flow *flow, const struct pfl_row_facts *facts,
                            const struct pfl_run *base, const struct pfl_run *head,
                            struct pfl_err *err)
{
    int rc = refuse_machine(flow, facts, head, err);

    if (rc == PFL_OK)
        rc = pfl_log_row_refuse_sides(flow, facts, base, head, err);
    return rc == PFL_OK && facts->kind != PFL_ROW_DIAGNOSIS ? refuse_unmerged(flow, head, err) : rc;
}

/* ---- what they show ---- */

static int refuse_few(const struct pfl_row_facts *facts, const char *benchmark, size_t launches,
                      const char *side, struct pfl_err *err)
{
    if (launches >= PFL_LOG_LAUNCHES_LEAST || (launches == 0 && facts->external))
        return PFL_OK;
    return REFUSE(err,
                  "%s has only %zu launch%s in the %s: from fewer than %d nothing can be told of "
                  "how much it scatters; `perfledger run --rounds 10` at that revision",
                  benchmark, launches, launches == 1 ? "" : "es", side, PFL_LOG_LAUNCHES_LEAST);
}

static int refuse_few_alone(const struct pfl_row_facts *facts, const struct pfl_run *head,
                            struct pfl_err *err)
{
    size_t i, j, shown = 0;
    int rc = PFL_OK;

    for (i = 0; i < head->benchmark_count; i++)
        for (j = 0; rc == PFL_OK && j < head->benchmarks[i].result_count; j++) {
            const struct pfl_benchmark *bench = &head->benchmarks[i];

            if (!pfl_row_shows(facts, bench, &bench->results[j]))
                continue;
            shown++;
            rc = refuse_few(facts, bench->name, bench->results[j].summary.n, "run", err);
        }
    if (rc == PFL_OK && shown == 0)
        return pfl_err_set(err, PFL_ENOTHING, "run %.8s holds no figure that is selected",
                           head->id);
    return rc;
}

static bool leaves_out_no_change(const struct pfl_comparison *comparison, const struct pfl_row *row)
{
    if (!pfl_row_is_witness(comparison, row))
        return false;
    return row->verdict == PFL_VERDICT_IMPROVED || row->verdict == PFL_VERDICT_REGRESSED ||
           row->ratio_low > 1 || row->ratio_high < 1;
}

/* Does any row of this benchmark leave out "no change"? */
static bool moved_somewhere(const struct pfl_row_facts *facts,
                            const struct pfl_comparison *comparison, const char *benchmark)
{
    size_t i;

    for (i = 0; i < comparison->row_count; i++) {
        const struct pfl_row *row = &comparison->rows[i];

        if (strcmp(row->benchmark, benchmark) == 0 && pfl_row_is_about(facts, row) &&
            leaves_out_no_change(comparison, row))
            return true;
    }
    return false;
}

/* What was named is claimed: a figure where the metric was, else a benchmark. */
static int refuse_named(const struct pfl_row_facts *facts, const struct pfl_comparison *comparison,
                        const struct pfl_row *row, struct pfl_arena *arena, struct pfl_err *err)
{
    bool by_metric = *facts->metric != 0;
    const char *reason;

    if ((!by_metric && facts->benchmark_count == 0) ||
        (by_metric ? leaves_out_no_change(comparison, row)
                   : moved_somewhere(facts, comparison, row->benchmark)))
        return PFL_OK;
    reason = pfl_text_shown(arena, row->reason);
    if (!reason)
        return pfl_err_no_memory(err);
    return REFUSE(err,
                  "%s of %s is claimed to have changed, but its interval includes no change (%s); "
                  "more launches or a race may show it, or name fewer with --benchmark or --metric",
                  row->metric, row->benchmark, reason);
}

static int refuse_nothing(const struct pfl_row_facts *facts, const struct pfl_row *nearest,
                          struct pfl_arena *arena, struct pfl_err *err)
{
    const char *claim = facts->kind == PFL_ROW_DIAGNOSIS ? "this shows no fix of a regression"
                                                         : "this is no optimisation";
    const char *reason = nearest ? pfl_text_shown(arena, nearest->reason) : NULL;

    if (!nearest)
        return REFUSE(err,
                      "%s: the two runs have no figure in common that is selected; `perfledger "
                      "compare` shows what they have",
                      claim);
    if (!reason)
        return pfl_err_no_memory(err);
    return REFUSE(err,
                  "%s: nothing that is selected improved; the nearest is %s of %s: %s. `perfledger "
                  "race` of the two revisions tells whether there is a difference",
                  claim, nearest->metric, nearest->benchmark, reason);
}

static double goodness(const struct pfl_row *row)
{
    double log_ratio = row->ratio > 0 ? log(row->ratio) : NAN;

    return row->better == PFL_BETTER_HIGHER ? log_ratio : -log_ratio;
}

int pfl_log_row_refuse_claim(const struct pfl_row_facts *facts,
                             const struct pfl_comparison *comparison, struct pfl_arena *arena,
                             struct pfl_err *err)
{
    const struct pfl_row *nearest = NULL;
    size_t i, improved = 0;
    int rc = PFL_OK;

    if (!comparison->base)
        return refuse_few_alone(facts, comparison->head, err);
    for (i = 0; rc == PFL_OK && i < comparison->row_count; i++) {
        const struct pfl_row *row = &comparison->rows[i];

        if (!pfl_row_is_about(facts, row))
            continue;
        improved += row->verdict == PFL_VERDICT_IMPROVED && pfl_row_is_witness(comparison, row);
        if (pfl_row_is_witness(comparison, row) && (!nearest || goodness(row) > goodness(nearest)))
            nearest = row;
        rc = refuse_few(facts, row->benchmark, row->base.launches, "base", err);
        if (rc == PFL_OK)
            rc = refuse_few(facts, row->benchmark, row->head.launches, "head", err);
    }
    if (rc == PFL_OK && improved == 0)
        return refuse_nothing(facts, nearest, arena, err);
    for (i = 0; rc == PFL_OK && i < comparison->row_count; i++)
        if (pfl_row_is_about(facts, &comparison->rows[i]))
            rc = refuse_named(facts, comparison, &comparison->rows[i], arena, err);
    return rc == PFL_OK ? pfl_log_row_refuse_pools(facts, comparison, err) : rc;
}
