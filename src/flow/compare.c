/*
 * Two sides and a policy. `compare` takes what it is given; `check` finds the latest complete run
 * and the baseline in use. The session deviation of a series comes from the ledger's history of
 * that series on that machine, when there is enough of it.
 */
#include "flow/compare.h"

#include "base/log.h"
#include "flow/artifacts.h"
#include "flow/renamed.h"
#include "flow/sessions.h"
#include "judge/judge.h"

#include <math.h>
#include <string.h>

static double session_sd(void *context, const char *benchmark, const char *metric,
                         const char *variant, size_t *sessions)
{
    struct pfl_flow *flow = context;
    struct pfl_flow_sessions of = pfl_flow_sessions_of(flow->store, &flow->machine);

    return pfl_flow_session_sd(&of, benchmark, metric, variant, sessions);
}

/* Can any series have a history here? Asked once, so that a young ledger is not asked per row. */
static bool has_history(struct pfl_flow *flow)
{
    struct pfl_store_query query = {.machine_id = flow->machine.id};
    struct pfl_run_head *heads;
    size_t i, n, sessions = 0;

    if (pfl_store_list(flow->store, &query, flow->arena, &heads, &n, NULL) != PFL_OK)
        return false;
    for (i = 0; i < n; i++)
        sessions += strcmp(heads[i].fingerprint, flow->machine.fingerprint) == 0 ? 1 : 0;
    return sessions >= PFL_JUDGE_SESSIONS_LEAST;
}

int pfl_flow_policy(struct pfl_flow *flow, struct pfl_policy *policy, struct pfl_err *err)
{
    const struct pfl_config *config = &flow->config;
    const struct pfl_machine *machine;
    struct pfl_store *store;
    int rc = pfl_flow_machine(flow, &machine, err);

    if (rc != PFL_OK)
        return rc;
    pfl_policy_defaults(policy);
    policy->gates = config->gates;
    policy->gate_count = config->gate_count;
    policy->targets = config->targets;
    policy->target_count = config->target_count;
    policy->targets_hold_here =
        !config->reference_machine || pfl_machine_is(machine, config->reference_machine);
    if (pfl_flow_store(flow, PFL_FLOW_READ, &store, NULL) == PFL_OK && has_history(flow)) {
        policy->session_sd = session_sd;
        policy->session_context = flow;
    }
    return PFL_OK;
}

int pfl_flow_state(struct pfl_flow *flow, struct pfl_run *run, struct pfl_err *err)
{
    struct pfl_stated_history history = {session_sd, flow};
    const struct pfl_machine *machine;
    struct pfl_store *store;
    int rc = pfl_flow_machine(flow, &machine, err);

    if (rc != PFL_OK || strcmp(run->machine.id, machine->id) != 0 ||
        pfl_flow_store(flow, PFL_FLOW_READ, &store, NULL) != PFL_OK || !has_history(flow))
        return rc;
    rc = pfl_store_freeze(store, err);
    if (rc == PFL_OK) {
        pfl_judge_state(run, &history);
        pfl_store_thaw(store);
    }
    return rc;
}

/* Between the two sides of a race no session lies. */
static double no_session(void *context, const char *benchmark, const char *metric,
                         const char *variant, size_t *sessions)
{
    (void)context;
    (void)benchmark;
    (void)metric;
    (void)variant;
    *sessions = 1000;
    return 0;
}

static int set_release(struct pfl_flow *flow, const struct pfl_flow_compare_params *params,
                       struct pfl_policy *policy, struct pfl_err *err)
{
    struct pfl_gate *gates;

    policy->release = params->release;
    policy->release_max_regression = flow->config.documents.release_max_regression;
    if (params->implied_count == 0)
        return PFL_OK;
    gates = pfl_arena_grow(flow->arena, policy->gates, policy->gate_count,
                           policy->gate_count + params->implied_count, sizeof *gates);
    if (!gates)
        return pfl_err_no_memory(err);
    memcpy(gates + policy->gate_count, params->implied, params->implied_count * sizeof *gates);
    policy->gates = gates;
    policy->gate_count += params->implied_count;
    return PFL_OK;
}

/* Once for all rows: the table shows the names of the head. */
static int say_renamed(struct pfl_flow *flow, const struct pfl_renamed *renamed,
                       struct pfl_comparison *out, struct pfl_err *err)
{
    const char **notes, *text;
    size_t more = renamed->benchmarks ? renamed->benchmarks - 1 : 0;

    if (renamed->n == 0)
        return PFL_OK;
    if (renamed->first)
        text = pfl_arena_format(flow->arena,
                                "names that aliases join are compared as one: %s%s (`perfledger "
                                "alias list`)",
                                renamed->first,
                                more ? pfl_arena_format(flow->arena, " and %zu more", more) : "");
    else
        text = "variants that aliases join are compared as one (`perfledger alias list`)";
    notes = pfl_arena_grow(flow->arena, out->notes, out->note_count, out->note_count + 1,
                           sizeof *notes);
    if (!text || !notes)
        return pfl_err_no_memory(err);
    notes[out->note_count++] = text;
    out->notes = notes;
    return PFL_OK;
}

/* Rows ask the ledger for their history: of one state, and at half the cost. */
static int judge_frozen(struct pfl_flow *flow, const struct pfl_judge_params *judging,
                        struct pfl_comparison *out, struct pfl_err *err)
{
    bool asks = judging->policy->session_sd == session_sd;
    int rc = asks ? pfl_store_freeze(flow->store, err) : PFL_OK;

    if (rc != PFL_OK)
        return rc;
    rc = pfl_judge_compare(judging, flow->arena, out, err);
    if (asks)
        pfl_store_thaw(flow->store);
    return rc;
}

static int judge(struct pfl_flow *flow, const struct pfl_flow_compare_params *params,
                 const struct pfl_judge_params *sides, struct pfl_comparison *out,
                 struct pfl_err *err)
{
    struct pfl_judge_params judging = *sides;
    struct pfl_policy policy;
    struct pfl_renamed renamed;
    int rc = pfl_flow_policy(flow, &policy, err);

    if (rc != PFL_OK)
        return rc;
    policy.tolerance = params->tolerance;
    policy.strict = params->strict;
    policy.allow_machine_change = params->allow_machine_change;
    policy.only_metric = params->metric;
    if (params->fail_on_given)
        policy.fail_on = params->fail_on;
    else if (!judging.gated)
        policy.fail_on = 0;
    judging.policy = &policy;
    judging.artifact = pfl_flow_artifact;
    judging.context = flow;
    judging.sort = params->sort ? params->sort : "name";
    rc = set_release(flow, params, &policy, err);
    if (params->raced)
        policy.session_sd = no_session;
    if (rc != PFL_OK)
        return rc;
    rc = pfl_flow_rename_base(flow, params->raced ? NULL : judging.base, judging.head, &renamed,
                              err);
    if (!params->raced)
        judging.base = renamed.base;
    judging.was = pfl_renamed_was;
    judging.was_context = &renamed;
    if (rc == PFL_OK)
        rc = judge_frozen(flow, &judging, out, err);
    if (rc == PFL_OK)
        rc = say_renamed(flow, &renamed, out, err);
    pfl_renamed_release(&renamed);
    return rc;
}

static struct pfl_run *new_run(struct pfl_flow *flow, struct pfl_err *err)
{
    struct pfl_run *run = pfl_arena_alloc(flow->arena, sizeof *run);

    if (!run)
        pfl_err_no_memory(err);
    return run;
}

int pfl_flow_compare(struct pfl_flow *flow, const struct pfl_flow_compare_params *params,
                     struct pfl_comparison *out, struct pfl_err *err)
{
    struct pfl_judge_params judging = {0};
    struct pfl_run *base = new_run(flow, err), *head = new_run(flow, err);
    int rc;

    if (!base || !head)
        return PFL_ENOMEM;
    rc = pfl_flow_resolve(flow, params->base, base, &judging.base_label, err);
    if (rc == PFL_OK)
        rc = pfl_flow_resolve(flow, params->head, head, &judging.head_label, err);
    if (rc != PFL_OK)
        return rc;
    judging.base = base;
    judging.head = head;
    return judge(flow, params, &judging, out, err);
}

int pfl_flow_check_run(struct pfl_flow *flow, const struct pfl_flow_compare_params *params,
                       const struct pfl_run *base, const char *base_label,
                       const struct pfl_run *head, struct pfl_comparison *out, struct pfl_err *err)
{
    struct pfl_judge_params judging = {.head = head, .base_label = base_label, .gated = true};

    judging.head_label =
        *head->id ? pfl_arena_format(flow->arena, "run %.8s", head->id) : "this run";
    if (!judging.head_label)
        return pfl_err_no_memory(err);
    judging.base = base;
    return judge(flow, params, &judging, out, err);
}

/* One side of a race was measured beside a rival: what it says holds against that rival alone. */
static int refuse_race(const struct pfl_run *run, const char *label, struct pfl_err *err)
{
    if (run->kind != PFL_RUN_RACE)
        return PFL_OK;
    return pfl_err_set(
        err, PFL_EUSAGE,
        "%s is one side of a race, which is kept apart and judged by the race alone; "
        "`perfledger run` makes a run that can be checked",
        label);
}

int pfl_flow_check_head(struct pfl_flow *flow, const char *word, struct pfl_run *run,
                        struct pfl_err *err)
{
    const char *label;
    int rc;

    if (!word)
        return pfl_flow_latest(flow, run, err);
    rc = pfl_flow_resolve(flow, word, run, &label, err);
    return rc == PFL_OK ? refuse_race(run, label, err) : rc;
}

int pfl_flow_check(struct pfl_flow *flow, const struct pfl_flow_compare_params *params,
                   struct pfl_comparison *out, struct pfl_err *err)
{
    struct pfl_run *base = new_run(flow, err), *head = new_run(flow, err);
    const char *base_label = NULL;
    struct pfl_err why;
    int rc;

    if (!base || !head)
        return PFL_ENOMEM;
    rc = pfl_flow_check_head(flow, params->run, head, err);
    if (rc != PFL_OK)
        return rc;
    rc = pfl_flow_resolve(flow, params->against ? params->against : "baseline", base, &base_label,
                          &why);
    if (rc == PFL_ENOENT && !params->against) {
        pfl_log(PFL_LOG_NOTICE, "%s", why.message);
        base = NULL; /* what needs none is judged all the same */
    } else if (rc != PFL_OK) {
        if (err)
            *err = why;
        return rc;
    } else if (refuse_race(base, base_label, err) != PFL_OK) {
        return PFL_EUSAGE;
    }
    return pfl_flow_check_run(flow, params, base, base_label, head, out, err);
}
