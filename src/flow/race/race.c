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
#include "flow/race/race.h"

#include "base/log.h"
#include "flow/exchange/harness.h"
#include "flow/keep.h"
#include "flow/provenance.h"
#include "flow/race/inside.h"
#include "flow/race/same_output.h"
#include "flow/race/session.h"
#include "formats/run_json.h"
#include "judge/judge.h"
#include "sys/folder.h"
#include "sys/lock.h"

#include <math.h>
#include <string.h>

/* ---- what measuring asks and tells ---- */

static enum pfl_race_next want(void *context, size_t bout)
{
    const struct pfl_race_session *race = context;

    return pfl_judge_bout_next(race->bouts[bout].judge);
}

static int add(void *context, size_t bout, const struct pfl_race_block *block, struct pfl_err *err)
{
    struct pfl_race_session *race = context;

    return pfl_judge_bout_add(race->bouts[bout].judge, block, err);
}

static bool no_duets(void *context, size_t bout, const char *why)
{
    struct pfl_race_session *race = context;

    return pfl_judge_bout_no_duets(race->bouts[bout].judge, why);
}

static bool no_inside(void *context, size_t bout, const char *why)
{
    struct pfl_race_session *race = context;

    return pfl_judge_bout_no_inside(race->bouts[bout].judge, why);
}

static void note_inside(void *context, size_t bout, const char *note)
{
    struct pfl_race_session *race = context;

    pfl_judge_bout_note_inside(race->bouts[bout].judge, note);
}

static void note_places(void *context, size_t bout, const char *note)
{
    struct pfl_race_session *race = context;

    pfl_judge_bout_note_places(race->bouts[bout].judge, note);
}

/* A metric of the program's own: which way is better is known before the first look. */
static int tell_metric(void *context, size_t bout, const char *unit, enum pfl_better better,
                       struct pfl_err *err)
{
    struct pfl_race_session *race = context;
    const char *kept;

    if (pfl_metric_find(race->params->metric))
        return PFL_OK;
    kept = pfl_arena_text(race->flow->arena, unit);
    if (!kept)
        return pfl_err_no_memory(err);
    pfl_judge_bout_metric(race->bouts[bout].judge, kept, better);
    return PFL_OK;
}

static int end(void *context, size_t number, enum pfl_bout_end how, const char *reason,
               struct pfl_err *err)
{
    struct pfl_race_session *race = context;
    struct pfl_race_bout *bout = &race->bouts[number];

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
    struct pfl_race_session *race = context;
    struct pfl_race_standing standing = *at;
    const struct pfl_race_bout *bout = at->bout < race->bout_count ? &race->bouts[at->bout] : NULL;

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
    const struct pfl_race_session *race = context;

    return race->params->stop_asked && race->params->stop_asked(race->params->context);
}

static bool hurry_asked(void *context)
{
    const struct pfl_race_session *race = context;

    return race->params->hurry_asked && race->params->hurry_asked(race->params->context);
}

static int same_output(void *context, size_t bout, const char *base_path, const char *head_path,
                       const char **problem, struct pfl_err *err)
{
    struct pfl_race_session *race = context;
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

static void name_metric(const struct pfl_race_session *race, struct pfl_race_rules *rules)
{
    const struct pfl_metric *known;

    rules->metric = race->params->metric;
    rules->unit = "s";
    rules->better = PFL_BETTER_LOWER;
    if (!rules->metric)
        return;
    known = pfl_metric_find(rules->metric);
    rules->unit = known ? known->unit : "1";
    if (known)
        rules->better = known->better;
}

/* Inside processes hundredths of a per cent are seen, which are worth nothing: where code and data
 * happen to lie is worth as much. Unless asked for otherwise they count as equal. */
static const double least_inside = 0.0005;

/* Batch by batch, for one benchmark inside; not where both work in one folder in which something is
 * made ready or checked, for both live at the same time. */
static void settle_inside(const struct pfl_race_session *race, size_t benchmark, size_t challenger,
                          struct pfl_race_rules *rules)
{
    const struct pfl_plan_item *base = &race->entrants.at[0].plan.items[benchmark];
    const struct pfl_plan_item *head = &race->entrants.at[challenger].plan.items[benchmark];

    if (!base->inside || !head->inside || base->harness)
        return;
    if (rules->metric && strcmp(rules->metric, "time") != 0)
        rules->why_not_inside = "only time is measured so";
    else if (!base->how.pin && !head->how.pin)
        rules->why_not_inside = rules->why_no_duets;
    rules->inside = !rules->why_not_inside;
    if (rules->inside && isnan(race->params->tolerance))
        rules->tolerance = least_inside;
}

static int new_bout(struct pfl_race_session *race, size_t benchmark, size_t challenger,
                    struct pfl_err *err)
{
    const struct pfl_plan_item *head = &race->entrants.at[challenger].plan.items[benchmark];
    const char *why_no_duets = pfl_race_no_duets(&race->entrants.at[0].plan,
                                                 &race->entrants.at[challenger].plan, benchmark);
    struct pfl_race_bout *bout = &race->bouts[benchmark * (race->entrants.n - 1) + challenger - 1];
    struct pfl_race_rules rules = {
        .tolerance = isnan(race->params->tolerance) ? 0 : race->params->tolerance,
        .confidence = 0.99,
        .false_discovery_rate = 0.01,
        .bouts = race->bout_count,
        .why_no_duets = why_no_duets,
        .duets = !why_no_duets && pfl_race_duets_possible(),
        .planned_ns = head->how.max_time_ns,
        .bar = race->params->bar,
        .least_launches =
            isnan(race->params->bar) && isnan(race->params->max_cv) ? 0 : PFL_RACE_BAR_LAUNCHES,
        .benchmark = head->name,
        .challenger = challenger,
    };

    if (race->deadline_ns)
        rules.planned_ns = (race->deadline_ns - pfl_race_now_ns(race)) / (int64_t)race->bout_count;
    if (rules.planned_ns < 1)
        rules.planned_ns = 1;
    name_metric(race, &rules);
    settle_inside(race, benchmark, challenger, &rules);
    bout->benchmark = head->name;
    bout->challenger = challenger;
    bout->reason = "";
    return pfl_judge_bout_new(&rules, &bout->judge, err);
}

/* A checkout, or the work tree. */
static const char *own_folder(const struct pfl_race_session *race,
                              const struct pfl_entrant *entrant)
{
    if (!entrant->opened || entrant->problem)
        return NULL;
    return entrant->build.worktree.path ? entrant->build.worktree.path : race->flow->git_root;
}

static int new_bouts(struct pfl_race_session *race, struct pfl_err *err)
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
            .folder = own_folder(race, &race->entrants.at[i]),
        };
    return rc;
}

static void free_bouts(struct pfl_race_session *race)
{
    size_t i;

    for (i = 0; race->bouts && i < race->bout_count; i++)
        pfl_judge_bout_free(race->bouts[i].judge);
}

/* ---- measuring ---- */

/* Whom a run was raced against, for whoever meets it in the ledger. */
static int name_rivals(struct pfl_race_session *race, size_t self, struct pfl_err *err)
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

static int describe(struct pfl_race_session *race, size_t self, struct pfl_err *err)
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

/* Benchmarks inside one program share what is wrong with it. */
static bool said_before(const struct pfl_plan *plan, size_t item, const char *warning)
{
    size_t i, j;

    for (i = 0; plan->items[item].inside && i < item; i++)
        for (j = 0; j < plan->items[i].warning_count; j++)
            if (strcmp(plan->items[i].warnings[j], warning) == 0)
                return true;
    return false;
}

/* Pitfalls of what is measured; those of the place are the same for all commands and said once. */
static int inspect(struct pfl_race_session *race, size_t self, const char **compiler,
                   struct pfl_err *err)
{
    struct pfl_entrant *entrant = &race->entrants.at[self];
    size_t i, j;
    int rc = pfl_measure_inspect(&entrant->plan, race->flow->arena, compiler, err);

    if (rc == PFL_OK && !race->entrants.revisions)
        rc = pfl_flow_pitfalls(race->flow, &entrant->plan, &entrant->run, err);
    for (i = 0; rc == PFL_OK && i < entrant->plan.item_count; i++)
        for (j = 0; j < entrant->plan.items[i].warning_count; j++)
            if (!said_before(&entrant->plan, i, entrant->plan.items[i].warnings[j]))
                pfl_log(PFL_LOG_WARNING, "%s: %s",
                        race->entrants.revisions ? entrant->label : entrant->plan.items[i].name,
                        entrant->plan.items[i].warnings[j]);
    for (i = 0; rc == PFL_OK && self == 0 && i < entrant->run.warning_count; i++)
        pfl_log(PFL_LOG_WARNING, "%s", entrant->run.warnings[i]);
    return rc;
}

/* Where the numbers come from, summaries, the id. */
static int complete(struct pfl_race_session *race, size_t self, const char *compiler,
                    struct pfl_err *err)
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

static int measure_in(struct pfl_race_session *race, const char *scratch, struct pfl_err *err)
{
    struct pfl_race_params measuring = {
        .contenders = race->contenders,
        .contender_count = race->entrants.n,
        .clock = race->flow->clock,
        .seed = race->params->seed,
        .max_time_ns = race->params->max_time_ns,
        .setup_spent_ns = pfl_race_now_ns(race) - race->started_ns,
        .metric = race->params->metric,
        .want = want,
        .tell_metric = tell_metric,
        .add = add,
        .end = end,
        .no_duets = no_duets,
        .no_inside = no_inside,
        .note_inside = note_inside,
        .note_places = note_places,
        .progress = progress,
        .stop_asked = stop_asked,
        .hurry_asked = hurry_asked,
        .context = race,
        .same_output = scratch ? same_output : NULL,
        .scratch_folder = scratch,
        .read_results = pfl_flow_read_results,
    };

    if (measuring.metric &&
        (strcmp(measuring.metric, "time") == 0 || strcmp(measuring.metric, "cpu") == 0))
        measuring.metric = NULL;
    return pfl_measure_race(&measuring, race->flow->arena, err);
}

static int measure(struct pfl_race_session *race, struct pfl_err *err)
{
    const char **compilers =
        pfl_arena_array(race->flow->arena, race->entrants.n, sizeof *compilers);
    const char *scratch = NULL;
    size_t i;
    int rc = compilers ? PFL_OK : pfl_err_no_memory(err), held = -1;

    for (i = 0; rc == PFL_OK && i < race->entrants.n; i++) {
        compilers[i] = "";
        if (!race->entrants.at[i].problem)
            rc = inspect(race, i, &compilers[i], err);
    }
    if (rc == PFL_OK && !isnan(race->params->same_output))
        rc = pfl_folder_temporary_held("perfledger-race", race->flow->arena, &scratch, &held, err);
    if (rc != PFL_OK)
        return rc;
    rc = measure_in(race, scratch, err);
    if (scratch)
        pfl_folder_remove_temporary(scratch);
    pfl_lock_close(held);
    for (i = 0; rc == PFL_OK && i < race->entrants.n; i++)
        if (!race->entrants.at[i].problem)
            rc = complete(race, i, compilers[i], err);
    return rc;
}

/* ---- all of it ---- */

static int expand_inside(struct pfl_race_session *race, struct pfl_err *err)
{
    const struct pfl_inside_asking asking = {
        .arena = race->flow->arena,
        .clock = race->flow->clock,
        .deadline_ns = race->deadline_ns,
        .stop_asked = stop_asked,
        .context = race,
        .other_checkout = race->entrants.revisions,
        .read_results = pfl_flow_read_results,
    };

    return pfl_race_expand_inside(&asking, &race->entrants, err);
}

static int run_race(struct pfl_race_session *race, struct pfl_race *out, struct pfl_err *err)
{
    size_t i;
    int rc = PFL_OK;

    if (race->params->record)
        rc = pfl_flow_ready_to_record(race->flow, err);
    if (rc == PFL_OK)
        rc =
            pfl_entrants_prepare(race->flow, race->params, race->deadline_ns, &race->entrants, err);
    if (rc == PFL_OK && !isnan(race->params->same_output))
        rc = pfl_race_check_output(&race->entrants, err);
    if (rc == PFL_OK)
        rc = expand_inside(race, err);
    for (i = 0; rc == PFL_OK && i < race->entrants.n; i++)
        rc = describe(race, i, err);
    if (rc == PFL_OK)
        rc = new_bouts(race, err);
    if (rc == PFL_OK && pfl_race_nobody(race))
        pfl_race_skip_bouts(race);
    else if (rc == PFL_OK)
        rc = measure(race, err);
    if (rc == PFL_OK)
        rc = pfl_race_judge(race, out, err);
    race->judged = rc == PFL_OK;
    if (rc == PFL_OK && race->params->record)
        rc = pfl_race_record(race, out, err);
    return rc;
}

int pfl_flow_race(struct pfl_flow *flow, const struct pfl_flow_race_params *params,
                  struct pfl_race *race, struct pfl_err *err)
{
    struct pfl_flow_race_params settled = *params;
    struct pfl_race_session session = {.flow = flow, .params = &settled};
    struct pfl_race made = {0};
    int rc;

    if (!params->seed_given) /* any will do, once it is recorded */
        settled.seed = (uint64_t)flow->clock->unix_ns(flow->clock->context) | 1;
    session.started_ns = pfl_race_now_ns(&session);
    if (params->max_time_ns > 0)
        session.deadline_ns = session.started_ns + params->max_time_ns;
    rc = pfl_entrants_name(flow, params, &session.entrants, err);
    if (rc == PFL_OK)
        rc = run_race(&session, &made, err);
    free_bouts(&session);
    pfl_entrants_close(&session.entrants);
    if (rc == PFL_OK)
        rc = pfl_race_outcome(&session, &made, err);
    if (session.judged)
        *race = made;
    return rc;
}
