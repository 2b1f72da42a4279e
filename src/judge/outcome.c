/*
 * The end of a comparison: what a reader must know besides the rows, and the exit code.
 *
 * A check passes only when something was really judged. In this order:
 *   a deciding row with a verdict that fail_on names                      → PFL_EGATE
 *   nothing measured, all skipped, no baseline, no gate that says anything → PFL_ENOTHING, and
 * which of these it was
 *   --strict and a deciding row is inconclusive                           → PFL_EINCONCLUSIVE
 * A missing baseline counts as soon as one hard relative gate could not be judged for it, although
 * absolute limits held: half a check is not a check.
 */
#include "judge/internal.h"

#include <stdio.h>
#include <string.h>

enum { MOST_GATE_NOTES = 20 };

struct tally {
    bool failing, unsure;
    size_t judged, held; /* rows; those that a gate holds hard */
};

static void count(struct pfl_judge *judge, struct pfl_comparison *out, struct tally *tally)
{
    const struct pfl_row *row;
    size_t i;

    memset(tally, 0, sizeof *tally);
    for (i = 0; i < judge->rows.n; i++) {
        row = &judge->rows.at[i];
        if (!row->deciding && row->gate == PFL_GATE_NONE)
            continue;
        out->counts[row->verdict]++;
        if (row->verdict != PFL_VERDICT_NEW && row->verdict != PFL_VERDICT_SKIPPED)
            tally->judged++;
        if (!row->deciding)
            continue;
        if (row->verdict != PFL_VERDICT_NEW && row->verdict != PFL_VERDICT_SKIPPED)
            tally->held++;
        if (pfl_verdict_fail_bit(row->verdict) & judge->policy->fail_on)
            tally->failing = true;
        if (row->verdict == PFL_VERDICT_INCONCLUSIVE)
            tally->unsure = true;
    }
}

static const char *why_nothing(const struct pfl_judge *judge, const struct tally *tally)
{
    const struct pfl_judge_params *params = judge->params;

    if (params->head->benchmark_count == 0)
        return "nothing was measured: the run holds no benchmarks";
    if (judge->skipped == params->head->benchmark_count)
        return "every benchmark was skipped (the rows say why), so nothing was measured";
    if (params->gated && !params->base && judge->unjudged_relative)
        return "there is no baseline to compare with: save one with `perfledger baseline save`, or "
               "name what to compare with "
               "(--against)";
    if (judge->softened && !tally->held && (params->gated || judge->policy->fail_on))
        return "no gate held anything: what gates speak of was built with instruments or without "
               "optimisation; rebuild it with optimisation, or write `instrumented: true` in the "
               "gate";
    if (tally->judged)
        return NULL;
    if (!params->base)
        return "there is no baseline, and no absolute limit or target speaks of anything that was "
               "measured";
    if (judge->measured && judge->unjudged_relative && judge->policy->release)
        return "nothing that was measured now was measured then, so there is nothing to compare";
    if (judge->measured && judge->unjudged_relative)
        return "nothing that was measured is in the baseline, so there is nothing to compare: save "
               "a new one with `perfledger "
               "baseline save`";
    if (params->gated)
        return "no gate or target matches anything that was measured: look at `gates:` in "
               "perfledger.yaml";
    return "the two have no measured benchmark in common";
}

void pfl_judge_outcome(struct pfl_judge *judge, struct pfl_comparison *out)
{
    struct tally tally;

    count(judge, out, &tally);
    out->why_nothing = why_nothing(judge, &tally);
    out->fail_on = judge->policy->fail_on;
    out->exit_code = PFL_OK;
    if (tally.failing)
        out->exit_code = PFL_EGATE;
    else if (out->why_nothing && (judge->params->gated || judge->policy->fail_on))
        out->exit_code = PFL_ENOTHING;
    else if (tally.unsure && judge->policy->strict)
        out->exit_code = PFL_EINCONCLUSIVE;
    out->ok = out->exit_code == PFL_OK;
    if (tally.failing)
        out->why_nothing = NULL;
}

static int run_notes(struct pfl_judge *judge, const struct pfl_run *run, const char *which)
{
    size_t i, few = 0, partial = 0;
    int rc = PFL_OK;

    for (i = 0; i < run->benchmark_count; i++) {
        few += run->benchmarks[i].few;
        partial += run->benchmarks[i].partial;
    }
    if (run->revision.dirty)
        rc = pfl_judge_note(judge,
                            "the %s was measured on a dirty work tree: its revision does not tell "
                            "what was measured",
                            which);
    if (rc == PFL_OK && run->partial)
        rc = pfl_judge_note(judge, "the %s is partial: it was interrupted or ran out of time",
                            which);
    if (rc == PFL_OK && few)
        rc = pfl_judge_note(judge, "%zu benchmark%s of the %s had fewer than 5 rounds", few,
                            few == 1 ? "" : "s", which);
    if (rc == PFL_OK && partial)
        rc = pfl_judge_note(judge, "%zu benchmark%s of the %s stopped before all rounds were done",
                            partial, partial == 1 ? "" : "s", which);
    return rc;
}

static int unmet_note(struct pfl_judge *judge, const char *what, const char *file, int line,
                      const char *match, const char *metric)
{
    if (file && file[0])
        return pfl_judge_note(
            judge, "%s:%d: the %s for \"%s\", metric %s, matches nothing that was measured", file,
            line, what, match, metric);
    return pfl_judge_note(judge, "the %s for \"%s\", metric %s, matches nothing that was measured",
                          what, match, metric);
}

/* Only where it holds something that no gate does. */
static int release_note(struct pfl_judge *judge)
{
    char percent[32];
    struct pfl_buf words;
    size_t i;

    for (i = 0; i < judge->rows.n; i++)
        if (judge->rows.at[i].gate == PFL_GATE_HARD && !judge->rows.at[i].gate_file &&
            isfinite(judge->rows.at[i].threshold))
            break;
    if (i == judge->rows.n)
        return PFL_OK;
    pfl_buf_init(&words, sizeof percent);
    pfl_judge_write_percent(&words, judge->policy->release_max_regression);
    snprintf(percent, sizeof percent, "%s", pfl_buf_cstr(&words));
    pfl_buf_release(&words);
    return pfl_judge_note(judge,
                          "where no gate speaks, the release gate holds time (CPU time on a busy "
                          "machine) and peak RSS to %s",
                          percent);
}

static int gate_notes(struct pfl_judge *judge)
{
    const struct pfl_policy *policy = judge->policy;
    size_t i, unmet = 0;
    int rc = PFL_OK;

    for (i = 0; i < policy->gate_count + policy->target_count && rc == PFL_OK; i++) {
        if (judge->met[i] || (i < policy->gate_count && policy->gates[i].implied) ||
            ++unmet > MOST_GATE_NOTES)
            continue;
        if (i < policy->gate_count)
            rc = unmet_note(judge, "gate", policy->gates[i].file, policy->gates[i].line,
                            policy->gates[i].match, policy->gates[i].metric);
        else
            rc = unmet_note(judge, "target", policy->targets[i - policy->gate_count].file,
                            policy->targets[i - policy->gate_count].line,
                            policy->targets[i - policy->gate_count].benchmark,
                            policy->targets[i - policy->gate_count].metric);
    }
    if (rc == PFL_OK && unmet > MOST_GATE_NOTES)
        rc = pfl_judge_note(judge, "%zu more gates and targets match nothing that was measured",
                            unmet - MOST_GATE_NOTES);
    if (rc == PFL_OK && policy->release)
        rc = release_note(judge);
    if (rc == PFL_OK && judge->default_gate)
        rc = pfl_judge_note(judge, "no gates are configured: the first of time or what else was "
                                   "measured is held to its default "
                                   "tolerance (10 %% for time)");
    return rc;
}

/* Their time is judged on a busy machine, too. */
static bool all_inside(const struct pfl_run *run)
{
    size_t i;

    for (i = 0; i < run->benchmark_count; i++)
        if (!pfl_judge_inside_trusted(run, &run->benchmarks[i]))
            return false;
    return run->benchmark_count > 0;
}

static int pair_notes(struct pfl_judge *judge)
{
    int rc = PFL_OK;

    if (judge->assumed_sessions)
        rc =
            pfl_judge_note(judge,
                           "%zu row%s ha%s no history yet: how much sessions differ is assumed (%s "
                           "for wall, %s for CPU time, 1 %% for memory), which hides small changes",
                           judge->assumed_sessions, judge->assumed_sessions == 1 ? "" : "s",
                           judge->assumed_sessions == 1 ? "s" : "ve",
                           judge->contended ? "20 %" : "5 %", judge->contended ? "7.5 %" : "3 %");
    if (rc == PFL_OK && judge->assumed_inside)
        rc = pfl_judge_note(
            judge,
            "%zu row%s of benchmarks with a yardstick beside their samples ha%s no "
            "history yet: sessions are assumed to differ by %g %%, more where launches do",
            judge->assumed_inside, judge->assumed_inside == 1 ? "" : "s",
            judge->assumed_inside == 1 ? "s" : "ve", 100 * PFL_JUDGE_INSIDE_SD);
    if (rc == PFL_OK && judge->instrumented)
        rc = pfl_judge_note(
            judge,
            "%zu benchmark%s built with instruments or without optimisation: no gate "
            "holds %s but one with `instrumented: true`",
            judge->instrumented, judge->instrumented == 1 ? " is" : "s are",
            judge->instrumented == 1 ? "it" : "them");
    if (rc == PFL_OK && judge->skipped)
        rc = pfl_judge_note(judge, "%zu benchmark%s of the head %s skipped and not judged",
                            judge->skipped, judge->skipped == 1 ? "" : "s",
                            judge->skipped == 1 ? "was" : "were");
    if (rc == PFL_OK && judge->redefined)
        rc = pfl_judge_note(judge,
                            "%zu benchmark%s changed in definition (command, input or environment) "
                            "between base and head",
                            judge->redefined, judge->redefined == 1 ? "" : "s");
    if (rc == PFL_OK && judge->unselected)
        rc = pfl_judge_note(judge,
                            "%zu benchmark%s of the base %s outside the head's selection or tier "
                            "and not counted as missing",
                            judge->unselected, judge->unselected == 1 ? "" : "s",
                            judge->unselected == 1 ? "is" : "are");
    if (rc == PFL_OK && judge->contended)
        rc = pfl_judge_note(judge, "something else wanted the CPU while measuring%s",
                            all_inside(judge->params->head)
                                ? ""
                                : ": for commands bound to one CPU, CPU time is judged in place "
                                  "of wall-clock time");
    return rc;
}

static bool same_run(const struct pfl_run *base, const struct pfl_run *head)
{
    return base && base->id && head->id && base->id[0] && strcmp(base->id, head->id) == 0;
}

int pfl_judge_notes(struct pfl_judge *judge)
{
    int rc = PFL_OK;

    if (same_run(judge->params->base, judge->params->head))
        rc = pfl_judge_note(judge, "both sides are the same run");
    if (rc == PFL_OK && judge->params->base)
        rc = run_notes(judge, judge->params->base, "base");
    if (rc == PFL_OK)
        rc = run_notes(judge, judge->params->head, "head");
    if (rc == PFL_OK)
        rc = pair_notes(judge);
    if (rc == PFL_OK && judge->params->gated)
        rc = gate_notes(judge);
    return rc;
}
