/*
 * How a race ends: every bout gets its last word, then all of them together theirs, because the
 * false discoveries are those of the whole race; each contender's run goes to the ledger; and what
 * came of it becomes the status. Skipped bouts alone are nothing raced; a failure is a finding, and
 * a challenger that does not build where the base does has failed.
 */
#include "flow/race/session.h"

#include "base/buf.h"
#include "base/log.h"
#include "flow/keep.h"
#include "judge/judge.h"

#include <math.h>

/* Nobody to race: the base did not build, or no challenger did. */
bool pfl_race_nobody(const struct pfl_race_session *race)
{
    size_t i;

    if (race->entrants.at[0].problem)
        return true;
    for (i = 1; i < race->entrants.n; i++)
        if (!race->entrants.at[i].problem)
            return false;
    return true;
}

void pfl_race_skip_bouts(struct pfl_race_session *race)
{
    size_t i;

    for (i = 0; i < race->bout_count; i++) {
        const struct pfl_entrant *head = &race->entrants.at[race->bouts[i].challenger];
        const struct pfl_entrant *who = race->entrants.at[0].problem ? &race->entrants.at[0] : head;

        race->bouts[i].ended = true;
        race->bouts[i].end = PFL_BOUT_SKIPPED;
        race->bouts[i].reason = pfl_arena_format(race->flow->arena, "%s did not build", who->label);
        if (!race->bouts[i].reason)
            race->bouts[i].reason = "it did not build";
    }
}

static bool does_not_build(const struct pfl_race_session *race, const struct pfl_race_bout *bout)
{
    return race->entrants.at[bout->challenger].build.failed && !race->entrants.at[0].problem;
}

static int finish_bouts(struct pfl_race_session *race, struct pfl_race *out, struct pfl_err *err)
{
    struct pfl_race_bout *bout;
    size_t i;
    int rc = PFL_OK;

    out->bouts = pfl_arena_array(race->flow->arena, race->bout_count, sizeof *out->bouts);
    if (!out->bouts)
        return pfl_err_no_memory(err);
    out->bout_count = race->bout_count;
    for (i = 0; rc == PFL_OK && i < race->bout_count; i++) {
        bout = &race->bouts[i];
        if (does_not_build(race, bout))
            bout->end = PFL_BOUT_FAILED;
        rc = pfl_judge_bout_finish(bout->judge, bout->ended ? bout->end : PFL_BOUT_TIME,
                                   bout->reason, race->flow->arena, &out->bouts[i], err);
        if (rc == PFL_OK)
            out->bouts[i].same_output_checked = bout->compared;
    }
    return rc;
}

int pfl_race_judge(struct pfl_race_session *race, struct pfl_race *out, struct pfl_err *err)
{
    const struct pfl_flow_race_params *params = race->params;
    struct pfl_policy policy;
    struct pfl_judge_race_params judging = {.policy = &policy,
                                            .bar = params->bar,
                                            .max_cv = params->max_cv,
                                            .bar_launches = PFL_RACE_BAR_LAUNCHES};
    size_t i;
    int rc;

    pfl_policy_defaults(&policy);
    policy.tolerance = isnan(params->tolerance) ? 0 : params->tolerance;
    policy.strict = params->strict;
    policy.fail_on = params->fail_on_given ? params->fail_on : 0;
    out->contenders = pfl_arena_array(race->flow->arena, race->entrants.n, sizeof *out->contenders);
    if (!out->contenders)
        return pfl_err_no_memory(err);
    out->contender_count = race->entrants.n;
    for (i = 0; i < race->entrants.n; i++) {
        const struct pfl_entrant *entrant = &race->entrants.at[i];

        out->contenders[i] = (struct pfl_contender){
            .label = entrant->label,
            .run = *entrant->run.id ? &entrant->run : NULL,
            .problem = entrant->problem,
        };
    }
    out->seed = params->seed;
    out->seconds = (double)(pfl_race_now_ns(race) - race->started_ns) / 1e9;
    rc = finish_bouts(race, out, err);
    return rc == PFL_OK ? pfl_judge_race(&judging, race->flow->arena, out, err) : rc;
}

/* Each contender's run, apart. One that cannot be recorded (pfl_flow_keep() puts it aside) keeps no
 * other from it; the first error counts. */
int pfl_race_record(struct pfl_race_session *race, struct pfl_race *out, struct pfl_err *err)
{
    struct pfl_buf buf;
    struct pfl_err why;
    size_t i, n = 0;
    int rc = PFL_OK, kept;

    pfl_buf_init(&buf, 1 << 20);
    for (i = 0; i < race->entrants.n; i++) {
        const struct pfl_run *run = &race->entrants.at[i].run;

        if (!*run->id || !pfl_flow_worth_keeping(run))
            continue;
        kept = pfl_flow_keep(race->flow, run, rc == PFL_OK ? err : &why);
        if (kept != PFL_OK && rc != PFL_OK)
            pfl_log(PFL_LOG_WARNING, "%s", why.message);
        if (kept != PFL_OK) {
            rc = rc == PFL_OK ? kept : rc;
            continue;
        }
        pfl_buf_format(&buf, "%s%.8s", n++ ? ", " : "", run->id);
    }
    if (rc == PFL_OK) {
        out->recorded =
            n ? pfl_arena_format(race->flow->arena,
                                 "recorded apart (no baseline, no history) as run%s %s in %s",
                                 n == 1 ? "" : "s", pfl_buf_cstr(&buf), race->flow->ledger_url)
              : "not recorded: nothing was measured";
        if (buf.error || !out->recorded)
            rc = pfl_err_no_memory(err);
    }
    pfl_buf_release(&buf);
    return rc;
}

int pfl_race_outcome(const struct pfl_race_session *race, struct pfl_race *out, struct pfl_err *err)
{
    const char *why;
    bool failed = false;
    int code;
    size_t i;

    if (race->stopped)
        return pfl_err_set(err, PFL_EINTERRUPTED,
                           "interrupted; what was measured until then is judged as far as it goes");
    for (i = 0; i < out->bout_count; i++) {
        if (out->bouts[i].end == PFL_BOUT_SKIPPED || does_not_build(race, &race->bouts[i]))
            continue;
        if (out->bouts[i].end != PFL_BOUT_FAILED)
            return PFL_OK;
        failed = true;
    }
    if (out->comparison.exit_code == PFL_EGATE)
        return PFL_OK; /* nothing was raced, but --fail-on names that */
    code = failed ? PFL_ECOMMAND : PFL_ENOTHING;
    why = out->bout_count == 1 && out->bouts[0].reason && *out->bouts[0].reason
              ? out->bouts[0].reason
              : pfl_arena_format(race->flow->arena,
                                 failed ? "no bout could be held (%zu; the first: %s)"
                                        : "all %zu bouts were skipped (%s)",
                                 out->bout_count,
                                 out->bout_count ? out->bouts[0].reason : "there were none");
    if (!why)
        return pfl_err_no_memory(err);
    out->comparison.why_nothing = why;
    out->comparison.exit_code = code;
    out->comparison.ok = false;
    return pfl_err_set(err, code, "nothing was raced: %s", why);
}
