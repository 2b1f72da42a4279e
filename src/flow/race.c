/*
 * `race`, in the order in which things can go wrong: who races (usage), the ledger (opened before
 * anything is built), check-outs and builds, pitfalls, measuring as the judge says, verdicts, the
 * record.
 *
 * Each bout has a judge of its own; measuring asks it what comes next and tells it what came. A
 * bout that ends for another reason than the judge's (a failure, the time, Ctrl-C) is remembered
 * and finished together with the others at the end, for the false discoveries are those of the
 * whole race.
 *
 * What is measured here is recorded apart (PFL_RUN_RACE): it never becomes a baseline or history,
 * because half of its launches ran beside a rival.
 */
#include "flow/race.h"

#include "base/log.h"
#include "flow/keep.h"
#include "flow/provenance.h"
#include "flow/race_entrants.h"
#include "flow/same_output.h"
#include "formats/run_json.h"
#include "judge/judge.h"
#include "judge/race.h"
#include "sys/folder.h"

#include <math.h>
#include <string.h>

enum { BAR_LAUNCHES = 10 };

struct bout {
    struct pfl_bout *judge;
    const char *benchmark;
    size_t challenger;
    bool ended; /* for another reason than the judge's */
    enum pfl_bout_end end;
    const char *reason;
    bool compared; /* outputs */
};

struct race {
    struct pfl_flow *flow;
    const struct pfl_flow_race_params *params;
    struct pfl_entrants entrants;
    struct bout *bouts;
    size_t bout_count;
    struct pfl_race_contender *contenders;
    int64_t started_ns, deadline_ns;
    bool stopped;
};

static int64_t now_ns(const struct race *race)
{
    return race->flow->clock->monotonic_ns(race->flow->clock->context);
}

/* ---- what measuring asks and tells ---- */

static enum pfl_race_next want(void *context, size_t bout)
{
    const struct race *race = context;

    return pfl_judge_bout_next(race->bouts[bout].judge);
}

static int add(void *context, size_t bout, const struct pfl_race_block *block, struct pfl_err *err)
{
    struct race *race = context;

    return pfl_judge_bout_add(race->bouts[bout].judge, block, err);
}

static int end(void *context, size_t number, enum pfl_bout_end how, const char *reason,
               struct pfl_err *err)
{
    struct race *race = context;
    struct bout *bout = &race->bouts[number];

    bout->reason = pfl_arena_text(race->flow->arena, reason ? reason : "");
    if (!bout->reason)
        return pfl_err_no_memory(err);
    bout->ended = true;
    bout->end = how;
    race->stopped = race->stopped || how == PFL_BOUT_INTERRUPTED;
    return PFL_OK;
}

/* Measuring knows where it is, the judge how it stands. */
static void progress(void *context, const struct pfl_race_standing *at)
{
    struct race *race = context;
    struct pfl_race_standing standing = *at;
    const struct bout *bout = at->bout < race->bout_count ? &race->bouts[at->bout] : NULL;

    if (!race->params->progress)
        return;
    if (bout) {
        pfl_judge_bout_standing(bout->judge, &standing);
        standing.challenger = race->entrants.at[bout->challenger].label;
        standing.benchmark = at->benchmark && *at->benchmark ? at->benchmark : bout->benchmark;
        standing.bout = at->bout;
        standing.bouts = race->bout_count;
        standing.seconds_left = at->seconds_left;
        if (at->phase && *at->phase)
            standing.phase = at->phase;
    }
    race->params->progress(race->params->context, &standing);
}

static bool stop_asked(void *context)
{
    const struct race *race = context;

    return race->params->stop_asked && race->params->stop_asked(race->params->context);
}

static bool hurry_asked(void *context)
{
    const struct race *race = context;

    return race->params->hurry_asked && race->params->hurry_asked(race->params->context);
}

static int same_output(void *context, size_t bout, const char *base_path, const char *head_path,
                       const char **problem, struct pfl_err *err)
{
    struct race *race = context;
    struct pfl_arena scratch;
    const char *found = NULL;
    int rc;

    pfl_arena_init(&scratch);
    rc = pfl_same_output(base_path, head_path, race->params->same_output, &scratch, &found, err);
    if (rc == PFL_OK && found) {
        found = pfl_arena_text(race->flow->arena, found);
        if (!found)
            rc = pfl_err_no_memory(err);
    }
    pfl_arena_release(&scratch);
    if (rc == PFL_OK)
        *problem = found;
    race->bouts[bout].compared = race->bouts[bout].compared || rc == PFL_OK;
    return rc;
}

/* ---- the bouts ---- */

static void name_metric(const struct race *race, struct pfl_race_rules *rules)
{
    const struct pfl_metric *known;

    rules->metric = race->params->metric;
    rules->unit = "s";
    rules->better = PFL_BETTER_LOWER;
    if (!rules->metric)
        return;
    known = pfl_metric_find(rules->metric);
    rules->unit = known ? known->unit : "1";
    if (known && known->better != PFL_BETTER_NEITHER)
        rules->better = known->better;
}

static int new_bout(struct race *race, size_t benchmark, size_t challenger, struct pfl_err *err)
{
    const struct pfl_plan_item *base = &race->entrants.at[0].plan.items[benchmark];
    const struct pfl_plan_item *head = &race->entrants.at[challenger].plan.items[benchmark];
    struct bout *bout = &race->bouts[benchmark * (race->entrants.n - 1) + challenger - 1];
    struct pfl_race_rules rules = {
        .tolerance = isnan(race->params->tolerance) ? 0 : race->params->tolerance,
        .confidence = 0.99,
        .false_discovery_rate = 0.01,
        .bouts = race->bout_count,
        .duets = pfl_race_duets_possible_for(base) && pfl_race_duets_possible_for(head),
        .planned_ns = head->how.max_time_ns,
        .bar = race->params->bar,
        .least_launches =
            isnan(race->params->bar) && isnan(race->params->max_cv) ? 0 : BAR_LAUNCHES,
        .benchmark = head->name,
        .challenger = challenger,
    };

    if (race->deadline_ns)
        rules.planned_ns = (race->deadline_ns - now_ns(race)) / (int64_t)race->bout_count;
    if (rules.planned_ns < 1)
        rules.planned_ns = 1;
    name_metric(race, &rules);
    bout->benchmark = head->name;
    bout->challenger = challenger;
    bout->reason = "";
    return pfl_judge_bout_new(&rules, &bout->judge, err);
}

static int new_bouts(struct race *race, struct pfl_err *err)
{
    size_t benchmarks = race->entrants.at[0].plan.item_count, i, j;
    int rc = PFL_OK;

    race->bout_count = benchmarks * (race->entrants.n - 1);
    race->bouts = pfl_arena_array(race->flow->arena, race->bout_count, sizeof *race->bouts);
    race->contenders =
        pfl_arena_array(race->flow->arena, race->entrants.n, sizeof *race->contenders);
    if (!race->bouts || !race->contenders)
        return pfl_err_no_memory(err);
    for (i = 0; rc == PFL_OK && i < benchmarks; i++)
        for (j = 1; rc == PFL_OK && j < race->entrants.n; j++)
            rc = new_bout(race, i, j, err);
    for (i = 0; i < race->entrants.n; i++)
        race->contenders[i] = (struct pfl_race_contender){
            .plan = &race->entrants.at[i].plan,
            .run = &race->entrants.at[i].run,
            .label = race->entrants.at[i].label,
            .must_have = !race->entrants.revisions,
        };
    return rc;
}

static void free_bouts(struct race *race)
{
    size_t i;

    for (i = 0; race->bouts && i < race->bout_count; i++)
        pfl_judge_bout_free(race->bouts[i].judge);
}

/* ---- measuring ---- */

/* Whom a run was raced against, for whoever meets it in the ledger. */
static int name_rivals(struct race *race, size_t self, struct pfl_err *err)
{
    struct pfl_run *run = &race->entrants.at[self].run;
    struct pfl_pair *environment =
        pfl_arena_grow(race->flow->arena, run->environment, run->environment_count,
                       run->environment_count + 1, sizeof *environment);
    struct pfl_buf buf;
    const char *text;
    size_t i;

    pfl_buf_init(&buf, 1 << 20);
    for (i = 0; i < race->entrants.n; i++)
        if (i != self)
            pfl_buf_format(&buf, "%s%s", buf.len ? ", " : "", race->entrants.at[i].label);
    text = buf.error ? NULL : pfl_arena_text(race->flow->arena, pfl_buf_cstr(&buf));
    pfl_buf_release(&buf);
    if (!environment || !text)
        return pfl_err_no_memory(err);
    environment[run->environment_count++] = (struct pfl_pair){"raced_against", text};
    run->environment = environment;
    return PFL_OK;
}

static int describe(struct race *race, size_t self, struct pfl_err *err)
{
    const struct pfl_flow_race_params *params = race->params;
    struct pfl_entrant *entrant = &race->entrants.at[self];
    struct pfl_run *run = &entrant->run;

    memset(run, 0, sizeof *run);
    run->id = run->selection = "";
    run->label = params->label
                     ? pfl_arena_format(race->flow->arena, "%s: %s", params->label, entrant->label)
                     : entrant->label;
    run->kind = PFL_RUN_RACE;
    run->tier = race->entrants.revisions ? pfl_tier_text(params->tier) : "";
    run->seed = params->seed;
    return run->label ? PFL_OK : pfl_err_no_memory(err);
}

/* Pitfalls of what is measured; those of the place are the same for all commands and said once. */
static int inspect(struct race *race, size_t self, const char **compiler, struct pfl_err *err)
{
    struct pfl_entrant *entrant = &race->entrants.at[self];
    size_t i, j;
    int rc = pfl_measure_inspect(&entrant->plan, race->flow->arena, compiler, err);

    if (rc == PFL_OK && !race->entrants.revisions)
        rc = pfl_flow_pitfalls(race->flow, &entrant->plan, &entrant->run, err);
    for (i = 0; rc == PFL_OK && i < entrant->plan.item_count; i++)
        for (j = 0; j < entrant->plan.items[i].warning_count; j++)
            pfl_log(PFL_LOG_WARNING, "%s: %s",
                    race->entrants.revisions ? entrant->label : entrant->plan.items[i].name,
                    entrant->plan.items[i].warnings[j]);
    for (i = 0; rc == PFL_OK && self == 0 && i < entrant->run.warning_count; i++)
        pfl_log(PFL_LOG_WARNING, "%s", entrant->run.warnings[i]);
    return rc;
}

/* Where the numbers come from, summaries, the id. */
static int complete(struct race *race, size_t self, const char *compiler, struct pfl_err *err)
{
    struct pfl_entrant *entrant = &race->entrants.at[self];
    struct pfl_run *run = &entrant->run;
    int rc = name_rivals(race, self, err);

    if (rc == PFL_OK)
        rc = pfl_flow_provenance(race->flow, compiler, run, err);
    if (rc != PFL_OK)
        return rc;
    if (entrant->opened)
        run->revision = entrant->build.revision;
    run->seed = race->params->seed;
    run->complete = false; /* nothing that `check` or a baseline may speak of */
    pfl_run_sort(run);
    rc = pfl_judge_summarise(run, err);
    return rc == PFL_OK ? pfl_run_json_id(run, race->flow->arena, &run->id, err) : rc;
}

static int measure_in(struct race *race, const char *scratch, struct pfl_err *err)
{
    struct pfl_race_params measuring = {
        .contenders = race->contenders,
        .contender_count = race->entrants.n,
        .clock = race->flow->clock,
        .seed = race->params->seed,
        .max_time_ns = race->params->max_time_ns,
        .setup_spent_ns = now_ns(race) - race->started_ns,
        .metric = race->params->metric,
        .want = want,
        .add = add,
        .end = end,
        .progress = progress,
        .stop_asked = stop_asked,
        .hurry_asked = hurry_asked,
        .context = race,
        .same_output = scratch ? same_output : NULL,
        .scratch_folder = scratch,
    };

    if (measuring.metric &&
        (strcmp(measuring.metric, "time") == 0 || strcmp(measuring.metric, "cpu") == 0))
        measuring.metric = NULL;
    return pfl_measure_race(&measuring, race->flow->arena, err);
}

static int measure(struct race *race, struct pfl_err *err)
{
    const char **compilers =
        pfl_arena_array(race->flow->arena, race->entrants.n, sizeof *compilers);
    const char *scratch = NULL;
    size_t i;
    int rc = compilers ? PFL_OK : pfl_err_no_memory(err);

    for (i = 0; rc == PFL_OK && i < race->entrants.n; i++) {
        compilers[i] = "";
        if (!race->entrants.at[i].problem)
            rc = inspect(race, i, &compilers[i], err);
    }
    if (rc == PFL_OK && !isnan(race->params->same_output))
        rc = pfl_folder_temporary("perfledger-race", race->flow->arena, &scratch, err);
    if (rc != PFL_OK)
        return rc;
    rc = measure_in(race, scratch, err);
    if (scratch)
        pfl_folder_remove_temporary(scratch);
    for (i = 0; rc == PFL_OK && i < race->entrants.n; i++)
        if (!race->entrants.at[i].problem)
            rc = complete(race, i, compilers[i], err);
    return rc;
}

/* ---- the end ---- */

/* Nobody to race: the base did not build, or no challenger did. */
static bool nobody(const struct race *race)
{
    size_t i;

    if (race->entrants.at[0].problem)
        return true;
    for (i = 1; i < race->entrants.n; i++)
        if (!race->entrants.at[i].problem)
            return false;
    return true;
}

static void skip_bouts(struct race *race)
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

/* What the program said of a metric of its own, on either side. */
static void learn_metric(const struct race *race, const struct bout *bout)
{
    size_t sides[2] = {bout->challenger, 0}, i, j;
    const struct pfl_result *result;

    if (!race->params->metric || pfl_metric_find(race->params->metric))
        return;
    for (i = 0; i < 2; i++) {
        const struct pfl_run *run = &race->entrants.at[sides[i]].run;

        for (j = 0; j < run->benchmark_count; j++) {
            result = pfl_benchmark_find(&run->benchmarks[j], race->params->metric, "");
            if (result && !result->text) {
                pfl_judge_bout_metric(bout->judge, result->unit,
                                      result->better == PFL_BETTER_HIGHER ? PFL_BETTER_HIGHER
                                                                          : PFL_BETTER_LOWER);
                return;
            }
        }
    }
}

static int finish_bouts(struct race *race, struct pfl_race *out, struct pfl_err *err)
{
    struct bout *bout;
    size_t i;
    int rc = PFL_OK;

    out->bouts = pfl_arena_array(race->flow->arena, race->bout_count, sizeof *out->bouts);
    if (!out->bouts)
        return pfl_err_no_memory(err);
    out->bout_count = race->bout_count;
    for (i = 0; rc == PFL_OK && i < race->bout_count; i++) {
        bout = &race->bouts[i];
        learn_metric(race, bout);
        rc = pfl_judge_bout_finish(bout->judge, bout->ended ? bout->end : PFL_BOUT_TIME,
                                   bout->reason, race->flow->arena, &out->bouts[i], err);
        if (rc == PFL_OK)
            out->bouts[i].same_output_checked = bout->compared;
    }
    return rc;
}

static int judge(struct race *race, struct pfl_race *out, struct pfl_err *err)
{
    const struct pfl_flow_race_params *params = race->params;
    struct pfl_policy policy;
    struct pfl_judge_race_params judging = {.policy = &policy,
                                            .bar = params->bar,
                                            .max_cv = params->max_cv,
                                            .bar_launches = BAR_LAUNCHES};
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
    out->seconds = (double)(now_ns(race) - race->started_ns) / 1e9;
    rc = finish_bouts(race, out, err);
    return rc == PFL_OK ? pfl_judge_race(&judging, race->flow->arena, out, err) : rc;
}

/* Each contender's run, apart. */
static int record(struct race *race, struct pfl_race *out, struct pfl_err *err)
{
    struct pfl_buf buf;
    size_t i, n = 0;
    int rc = PFL_OK;

    pfl_buf_init(&buf, 1 << 20);
    for (i = 0; rc == PFL_OK && i < race->entrants.n; i++) {
        const struct pfl_run *run = &race->entrants.at[i].run;

        if (!*run->id || !pfl_flow_worth_keeping(run))
            continue;
        rc = pfl_flow_keep(race->flow, run, err);
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

static int outcome(const struct race *race, struct pfl_race *out, struct pfl_err *err)
{
    const char *why;
    size_t i;

    if (race->stopped)
        return pfl_err_set(err, PFL_EINTERRUPTED,
                           "interrupted; what was measured until then is judged as far as it goes");
    for (i = 0; i < out->bout_count; i++)
        if (out->bouts[i].end != PFL_BOUT_SKIPPED)
            return PFL_OK;
    why = out->bout_count == 1 && out->bouts[0].reason && *out->bouts[0].reason
              ? out->bouts[0].reason
              : pfl_arena_format(race->flow->arena, "all %zu bouts were skipped (%s)",
                                 out->bout_count,
                                 out->bout_count ? out->bouts[0].reason : "there were none");
    if (!why)
        return pfl_err_no_memory(err);
    out->comparison.why_nothing = why;
    out->comparison.exit_code = PFL_ENOTHING;
    out->comparison.ok = false;
    return pfl_err_set(err, PFL_ENOTHING, "nothing was raced: %s", why);
}

static int run_race(struct race *race, struct pfl_race *out, struct pfl_err *err)
{
    struct pfl_store *store;
    size_t i;
    int rc = PFL_OK;

    if (race->params->record)
        rc = pfl_flow_store(race->flow, PFL_FLOW_RECORD, &store, err);
    if (rc == PFL_OK)
        rc =
            pfl_entrants_prepare(race->flow, race->params, race->deadline_ns, &race->entrants, err);
    for (i = 0; rc == PFL_OK && i < race->entrants.n; i++)
        rc = describe(race, i, err);
    if (rc == PFL_OK)
        rc = new_bouts(race, err);
    if (rc == PFL_OK && nobody(race))
        skip_bouts(race);
    else if (rc == PFL_OK)
        rc = measure(race, err);
    if (rc == PFL_OK)
        rc = judge(race, out, err);
    if (rc == PFL_OK && race->params->record)
        rc = record(race, out, err);
    return rc;
}

int pfl_flow_race(struct pfl_flow *flow, const struct pfl_flow_race_params *params,
                  struct pfl_race *race, struct pfl_err *err)
{
    struct pfl_flow_race_params settled = *params;
    struct race session = {.flow = flow, .params = &settled};
    struct pfl_race made = {0};
    int rc;

    if (!params->seed_given) /* any will do, once it is recorded */
        settled.seed = (uint64_t)flow->clock->unix_ns(flow->clock->context) | 1;
    session.started_ns = now_ns(&session);
    if (params->max_time_ns > 0)
        session.deadline_ns = session.started_ns + params->max_time_ns;
    rc = pfl_entrants_name(flow, params, &session.entrants, err);
    if (rc == PFL_OK)
        rc = run_race(&session, &made, err);
    free_bouts(&session);
    pfl_entrants_close(&session.entrants);
    if (rc != PFL_OK)
        return rc;
    rc = outcome(&session, &made, err);
    *race = made;
    return rc;
}
