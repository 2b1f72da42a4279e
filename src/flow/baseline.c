/*
 * Baselines are what people agreed on, so becoming one is guarded: a run with failures never does,
 * a run whose check fails only by `reset`. Saving keeps all samples (the judge needs them) in
 * reviewed text with one value list per line.
 */
#include "flow/baseline.h"

#include "base/log.h"
#include "flow/compare.h"
#include "flow/provenance.h"
#include "formats/run_json.h"
#include "judge/judge.h"

#include <math.h>
#include <string.h>

enum { BASELINE_MAX = 1 << 30 };

static int pick_run(struct pfl_flow *flow, const char *word, struct pfl_run **run,
                    struct pfl_err *err)
{
    struct pfl_run *picked = pfl_arena_alloc(flow->arena, sizeof *picked);
    const char *label;
    int rc;

    if (!picked)
        return pfl_err_no_memory(err);
    rc = word ? pfl_flow_resolve(flow, word, picked, &label, err)
              : pfl_flow_latest(flow, picked, err);
    if (rc == PFL_OK)
        *run = picked;
    return rc;
}

static int refuse_unfit(const struct pfl_run *run, struct pfl_err *err)
{
    size_t i, measured = 0;

    if (run->kind == PFL_RUN_RACE)
        return pfl_err_set(err, PFL_EGATE,
                           "run %.8s is one side of a race, which is kept apart (its launches ran "
                           "beside a rival's), so it can't be a baseline; `perfledger run` makes "
                           "one that can",
                           run->id);
    if (run->partial)
        return pfl_err_set(err, PFL_EGATE,
                           "run %.8s is partial (it was interrupted), so it can't be a "
                           "baseline; `perfledger run` again",
                           run->id);
    if (run->thinned_unix_ns)
        return pfl_err_set(err, PFL_EGATE,
                           "the samples of run %.8s were thinned out, so it can't be a baseline, "
                           "which keeps them all; `perfledger run` makes one that can",
                           run->id);
    for (i = 0; i < run->benchmark_count; i++) {
        const struct pfl_benchmark *bench = &run->benchmarks[i];

        if (bench->status == PFL_STATUS_FAILED || bench->status == PFL_STATUS_TIMED_OUT)
            return pfl_err_set(err, PFL_EGATE,
                               "%s failed in run %.8s (%s), so the run can't be a baseline; "
                               "mend it and `perfledger run` again",
                               bench->name, run->id, bench->reason);
        if (bench->few)
            return pfl_err_set(err, PFL_EGATE,
                               "%s has fewer than 5 launches in run %.8s (--allow-few), too "
                               "few for a baseline; `perfledger run` with more rounds",
                               bench->name, run->id);
        measured += bench->launch_count > 0;
    }
    if (measured == 0)
        return pfl_err_set(err, PFL_ENOTHING,
                           "nothing was measured in run %.8s, so it can't be a baseline", run->id);
    return PFL_OK;
}

/* What people said of the run stands in the ledger; a run from a file is not in it. */
static int refuse_void(struct pfl_flow *flow, const struct pfl_run *run, struct pfl_err *err)
{
    struct pfl_store_remark *remarks;
    size_t i, n;
    int rc;

    if (!flow->store)
        return PFL_OK;
    rc = pfl_store_remarks(flow->store, run->id, flow->arena, &remarks, &n, err);
    if (rc != PFL_OK)
        return rc == PFL_ENOENT ? PFL_OK : rc;
    for (i = 0; i < n; i++)
        if (remarks[i].is_void)
            return pfl_err_set(err, PFL_EGATE,
                               "run %.8s is void (%s), so it can't be a baseline; `perfledger void "
                               "%.8s --undo` lets it count again",
                               run->id, remarks[i].text, run->id);
    return PFL_OK;
}

static const struct pfl_benchmark *first_instrumented(const struct pfl_run *run, size_t *n)
{
    const struct pfl_benchmark *first = NULL;
    size_t i;

    for (i = 0, *n = 0; i < run->benchmark_count; i++)
        if (pfl_benchmark_instrumented(&run->benchmarks[i]) && ++*n == 1)
            first = &run->benchmarks[i];
    return first;
}

/* No harm, but perhaps not what was meant: a new run was to become one. */
static void warn_of_twice(struct pfl_flow *flow, const struct pfl_run *run)
{
    struct pfl_baseline in_use;
    struct pfl_arena whole;
    struct pfl_run kept;

    if (pfl_baseline_find(flow->baseline_folder, run->machine.platform, "", flow->arena, &in_use,
                          NULL) != PFL_OK)
        return;
    pfl_arena_init(&whole);
    if (pfl_flow_read_run(in_use.path, &whole, &kept, NULL) == PFL_OK &&
        strcmp(kept.id, run->id) == 0)
        pfl_log(PFL_LOG_WARNING,
                "run %.8s is baseline %04d already; measure again (`perfledger run`) for new "
                "numbers",
                run->id, in_use.number);
    pfl_arena_release(&whole);
}

/* Allowed, since somebody may want just that, but said. */
static void warn_of_instruments(const struct pfl_run *run)
{
    size_t n;
    const struct pfl_benchmark *first = first_instrumented(run, &n);
    const char *with = first ? pfl_benchmark_instrumented(first) : NULL;

    if (with)
        pfl_log(PFL_LOG_WARNING,
                "the baseline is no release's: %s%s%s (%zu of %zu benchmarks); no gate holds what "
                "is compared with it but one with `instrumented: true`",
                first->name, *pfl_instrumented_how(with) ? " was built with " : " was ", with, n,
                run->benchmark_count);
}

/* The check of the run against the baseline in use; a first baseline has none to be checked
 * against. */
static int refuse_failing(struct pfl_flow *flow, const struct pfl_run *run, struct pfl_err *err)
{
    struct pfl_flow_compare_params params = {.tolerance = NAN, .allow_machine_change = true};
    struct pfl_run *base = pfl_arena_alloc(flow->arena, sizeof *base);
    struct pfl_comparison check;
    const char *label;
    int rc;

    if (!base)
        return pfl_err_no_memory(err);
    rc = pfl_flow_resolve(flow, "baseline", base, &label, err);
    if (rc == PFL_ENOENT) {
        base = NULL;
        label = NULL;
    } else if (rc != PFL_OK) {
        return rc;
    }
    rc = pfl_flow_check_run(flow, &params, base, label, run, &check, err);
    if (rc == PFL_OK && check.exit_code == PFL_EGATE)
        return pfl_err_set(
            err, PFL_EGATE,
            "the check of run %.8s fails against %s, so it does not become a baseline; "
            "`perfledger check` shows why, and `perfledger baseline reset` takes it all the same "
            "(the old numbers stay)",
            run->id, label ? label : "the absolute gates");
    return rc;
}

static int write_baseline(struct pfl_flow *flow, const struct pfl_flow_baseline_params *params,
                          struct pfl_flow_baseline_saved *saved, struct pfl_err *err)
{
    struct pfl_run_json_options options = {.indent = 1, .baseline_name = params->name};
    struct pfl_buf content;
    int rc;

    options.saved_unix = flow->clock->unix_ns(flow->clock->context) / 1000000000;
    pfl_buf_init(&content, BASELINE_MAX);
    pfl_run_json_write(saved->run, &options, &content);
    rc = pfl_buf_check(&content, err, "writing the baseline");
    if (rc == PFL_OK)
        rc = pfl_baseline_save(flow->baseline_folder, saved->run->machine.platform, params->name,
                               &content, flow->arena, &saved->baseline, err);
    pfl_buf_release(&content);
    return rc == PFL_OK ? pfl_baseline_use(flow->baseline_folder, &saved->baseline, err) : rc;
}

int pfl_flow_baseline_save(struct pfl_flow *flow, const struct pfl_flow_baseline_params *params,
                           struct pfl_flow_baseline_saved *saved, struct pfl_err *err)
{
    struct pfl_flow_baseline_saved made = {0};
    struct pfl_assessment *assessments;
    struct pfl_run *run = NULL;
    int rc = pick_run(flow, params->run, &run, err);

    if (rc == PFL_OK)
        rc = refuse_unfit(run, err);
    if (rc == PFL_OK)
        rc = refuse_void(flow, run, err);
    if (rc == PFL_OK && !params->reset)
        rc = refuse_failing(flow, run, err);
    if (rc == PFL_OK)
        rc = pfl_judge_assess(run, flow->arena, &assessments, err);
    if (rc != PFL_OK)
        return rc;
    made.run = run;
    made.assessments = assessments;
    warn_of_twice(flow, run);
    rc = write_baseline(flow, params, &made, err);
    if (rc == PFL_OK)
        warn_of_instruments(run);
    if (rc == PFL_OK)
        *saved = made;
    return rc;
}

/* Due on the default branch only, from a clean commit, and when the check did not fail. */
static bool auto_is_due(const struct pfl_flow *flow, const struct pfl_comparison *check)
{
    const struct pfl_run *run = check->head;
    const char *branch = flow->config.default_branch ? flow->config.default_branch : "main";

    if (!flow->config.baseline_auto || !run || run->kind != PFL_RUN_CONFIGURED || !run->complete)
        return false;
    if (check->exit_code != PFL_OK && (check->exit_code != PFL_ENOTHING || check->base))
        return false;
    return strcmp(run->revision.branch, branch) == 0 && !run->revision.dirty &&
           (!check->base || strcmp(check->base->id, run->id) != 0);
}

int pfl_flow_baseline_auto(struct pfl_flow *flow, const struct pfl_comparison *check, bool *saved,
                           struct pfl_baseline *baseline, struct pfl_err *err)
{
    struct pfl_flow_baseline_params params = {.name = "auto"};
    struct pfl_flow_baseline_saved made = {.run = check->head};
    size_t instrumented;
    int rc;

    if (!auto_is_due(flow, check) || first_instrumented(check->head, &instrumented) ||
        refuse_unfit(check->head, NULL) != PFL_OK ||
        refuse_void(flow, check->head, NULL) != PFL_OK) {
        *saved = false;
        return PFL_OK;
    }
    rc = write_baseline(flow, &params, &made, err);
    if (rc == PFL_OK) {
        *baseline = made.baseline;
        *saved = true;
    }
    return rc;
}

/* Whose numbers these are stands in the file; the file's own time says only when it was checked
 * out.
 */
static int describe(struct pfl_flow *flow, struct pfl_flow_baseline_listed *listed,
                    struct pfl_err *err)
{
    struct pfl_arena whole;
    struct pfl_run run;
    struct pfl_err why;
    int rc;

    listed->run = listed->commit = "";
    pfl_arena_init(&whole); /* all its samples, for three words of it */
    rc = pfl_flow_read_run(listed->baseline.path, &whole, &run, &why);
    if (rc == PFL_OK) {
        listed->run = pfl_arena_text(flow->arena, run.id);
        listed->commit = pfl_arena_text(flow->arena, run.revision.commit);
        listed->measured_unix_ns = run.started_unix_ns;
    } else if (rc != PFL_ENOMEM) {
        listed->problem =
            why.line ? pfl_arena_format(flow->arena, "%d:%d: %s", why.line, why.column, why.message)
                     : pfl_arena_text(flow->arena, why.message);
    }
    pfl_arena_release(&whole);
    if (rc == PFL_ENOMEM || !listed->run || !listed->commit || (rc != PFL_OK && !listed->problem))
        return pfl_err_no_memory(err);
    return PFL_OK;
}

int pfl_flow_baseline_list(struct pfl_flow *flow, bool every_platform,
                           struct pfl_flow_baseline_listed **list, size_t *n, const char **strange,
                           struct pfl_err *err)
{
    const struct pfl_machine *machine;
    struct pfl_flow_baseline_listed *made;
    struct pfl_baseline *found;
    const char *others;
    size_t i, count;
    int rc = pfl_flow_machine(flow, &machine, err);

    if (rc == PFL_OK)
        rc = pfl_baseline_list(flow->baseline_folder, every_platform ? NULL : machine->platform,
                               flow->arena, &found, &count, &others, err);
    if (rc != PFL_OK)
        return rc;
    made = pfl_arena_array(flow->arena, count, sizeof *made);
    if (!made)
        return pfl_err_no_memory(err);
    for (i = 0; rc == PFL_OK && i < count; i++) {
        made[i].baseline = found[i];
        rc = describe(flow, &made[i], err);
    }
    if (rc != PFL_OK)
        return rc;
    *list = made;
    *n = count;
    *strange = others;
    return PFL_OK;
}

static int find(struct pfl_flow *flow, const char *which, struct pfl_baseline *found,
                struct pfl_err *err)
{
    const struct pfl_machine *machine;
    int rc = pfl_flow_machine(flow, &machine, err);

    return rc == PFL_OK ? pfl_baseline_find(flow->baseline_folder, machine->platform, which,
                                            flow->arena, found, err)
                        : rc;
}

/* What would differ if we measured now: the comparison of the baseline with an empty run of here
 * and now. */
static int differences_now(struct pfl_flow *flow, struct pfl_flow_baseline_shown *shown,
                           struct pfl_err *err)
{
    struct pfl_policy policy;
    struct pfl_run *now = pfl_arena_alloc(flow->arena, sizeof *now);
    struct pfl_judge_params judging = {
        .base = &shown->run, .head = now, .policy = &policy, .sort = "name"};
    struct pfl_comparison comparison;
    int rc;

    if (!now)
        return pfl_err_no_memory(err);
    now->id = now->label = now->selection = now->tier = "";
    rc = pfl_flow_provenance(
        flow, pfl_pair_find(shown->run.environment, shown->run.environment_count, "compiler"), now,
        err);
    if (rc != PFL_OK)
        return rc;
    pfl_policy_defaults(&policy);
    policy.allow_machine_change = true;
    policy.fail_on = 0;
    judging.base_label = "then";
    judging.head_label = "now";
    rc = pfl_judge_compare(&judging, flow->arena, &comparison, err);
    if (rc == PFL_OK) {
        shown->differences = comparison.differences;
        shown->difference_count = comparison.difference_count;
    }
    return rc;
}

int pfl_flow_baseline_show(struct pfl_flow *flow, const char *which,
                           struct pfl_flow_baseline_shown *shown, struct pfl_err *err)
{
    struct pfl_flow_baseline_shown made = {0};
    int rc = find(flow, which, &made.baseline, err);

    if (rc == PFL_OK)
        rc = pfl_flow_read_run(made.baseline.path, flow->arena, &made.run, err);
    if (rc == PFL_OK)
        rc = pfl_judge_assess(&made.run, flow->arena, &made.assessments, err);
    if (rc == PFL_OK)
        rc = differences_now(flow, &made, err);
    if (rc != PFL_OK)
        return rc;
    made.age_ns = flow->clock->unix_ns(flow->clock->context) - made.run.started_unix_ns;
    warn_of_instruments(&made.run);
    *shown = made;
    return PFL_OK;
}

int pfl_flow_baseline_use(struct pfl_flow *flow, const char *which, struct pfl_baseline *used,
                          struct pfl_err *err)
{
    struct pfl_baseline found;
    int rc = find(flow, which, &found, err);

    if (rc == PFL_OK)
        rc = pfl_baseline_use(flow->baseline_folder, &found, err);
    if (rc == PFL_OK) {
        found.in_use = true;
        *used = found;
    }
    return rc;
}
