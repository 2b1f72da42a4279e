/*
 * `run`, in the order in which things can go wrong: plan (usage), ledger (opened before anything is
 * measured, so that no hour is lost to a read-only folder), pitfalls, measuring, provenance,
 * record.
 */
#include "flow/run.h"

#include "base/log.h"
#include "flow/artifacts.h"
#include "flow/exchange/harness.h"
#include "flow/inside.h"
#include "flow/keep.h"
#include "flow/provenance.h"
#include "formats/run_json.h"
#include "judge/judge.h"
#include "measure/plan.h"
#include "sys/tty.h"

#include <string.h>

static const char *join_words(struct pfl_arena *arena, const char *const *words, size_t n)
{
    struct pfl_buf buf;
    const char *text;
    size_t i;

    pfl_buf_init(&buf, 1 << 20);
    for (i = 0; i < n; i++) {
        if (i)
            pfl_buf_char(&buf, ' ');
        pfl_buf_text(&buf, words[i]);
    }
    text = buf.error ? NULL : pfl_arena_text(arena, pfl_buf_cstr(&buf));
    pfl_buf_release(&buf);
    return text;
}

static int plan_adhoc(struct pfl_flow *flow, const struct pfl_flow_run_params *params,
                      struct pfl_plan *plan, struct pfl_err *err)
{
    struct pfl_plan_adhoc request = {
        .commands = params->commands,
        .command_count = params->command_count,
        .argv = params->argv,
        .argc = params->argc,
        .names = params->names,
        .name_count = params->name_count,
        .axes = params->axes,
        .axis_count = params->axis_count,
        .root = flow->folder,
        .order_seed = params->order_seed,
        .max_time_ns = params->max_time_ns,
        .allow_few = params->allow_few,
    };
    struct pfl_how how;

    pfl_how_defaults(&how);
    if (!pfl_how_inherit(&how, &params->how, flow->arena))
        return pfl_err_no_memory(err);
    request.how = &how;
    return pfl_plan_for_commands(&request, flow->arena, plan, err);
}

int pfl_flow_plan(struct pfl_flow *flow, const struct pfl_flow_run_params *params,
                  struct pfl_plan *plan, struct pfl_err *err)
{
    struct pfl_plan_request request = {
        .config = &flow->config,
        .select = params->select,
        .select_count = params->select_count,
        .tier = params->tier,
        .over = &params->how,
        .order_seed = params->order_seed,
        .max_time_ns = params->max_time_ns,
        .allow_few = params->allow_few,
    };
    int rc;

    if (params->adhoc)
        return plan_adhoc(flow, params, plan, err);
    if (!flow->config.file)
        return pfl_err_set(
            err, PFL_ECONFIG,
            "no perfledger.yaml in %s or above it, so there is nothing configured to run; "
            "`perfledger init` writes one, `perfledger run -- CMD` measures a command",
            flow->folder);
    rc = pfl_plan_configured(&request, flow->arena, plan, err);
    if (rc == PFL_OK && plan->item_count == 0)
        return pfl_err_set(err, PFL_ENOTHING,
                           "nothing to measure: %s has no benchmark in the tier `%s`",
                           flow->config.file, pfl_tier_text(params->tier));
    return rc;
}

static int describe_run(struct pfl_flow *flow, const struct pfl_flow_run_params *params,
                        struct pfl_run *run, struct pfl_err *err)
{
    memset(run, 0, sizeof *run);
    run->id = "";
    run->label = params->label ? params->label : "";
    run->kind = params->adhoc ? PFL_RUN_ADHOC : PFL_RUN_CONFIGURED;
    run->tier = params->adhoc ? "" : pfl_tier_text(params->tier);
    run->selection =
        join_words(flow->arena, params->select, params->adhoc ? 0 : params->select_count);
    return run->selection ? PFL_OK : pfl_err_no_memory(err);
}

static int record(struct pfl_flow *flow, struct pfl_flow_run_result *result, struct pfl_err *err)
{
    int rc = pfl_flow_keep(flow, &result->run, err);

    if (rc != PFL_OK)
        return rc;
    result->recorded = pfl_arena_format(flow->arena, "recorded as run %.8s in %s", result->run.id,
                                        flow->ledger_url);
    return result->recorded ? PFL_OK : pfl_err_no_memory(err);
}

static size_t count_status(const struct pfl_run *run, enum pfl_status status)
{
    size_t i, n = 0;

    for (i = 0; i < run->benchmark_count; i++)
        n += run->benchmarks[i].status == status;
    return n;
}

/* What `check` and baselines may speak of: all that was selected, in enough rounds. A benchmark
 * that failed or was skipped is a finding, not a gap. */
static bool is_complete(const struct pfl_run *run, bool adhoc)
{
    size_t i;

    for (i = 0; i < run->benchmark_count; i++)
        if (run->benchmarks[i].few)
            return false;
    return !adhoc && !run->partial;
}

/* The measured part is over: what does the exit status say? */
static int outcome(const struct pfl_run *run, struct pfl_err *err)
{
    size_t failed = count_status(run, PFL_STATUS_FAILED) + count_status(run, PFL_STATUS_TIMED_OUT);
    size_t skipped = count_status(run, PFL_STATUS_SKIPPED);

    if (run->partial && pfl_signals_stop_asked())
        return pfl_err_set(err, PFL_EINTERRUPTED, "interrupted; what was measured until then %s",
                           pfl_flow_worth_keeping(run) ? "is recorded, marked partial"
                                                       : "is nothing, so nothing is recorded");
    if (failed)
        return pfl_err_set(err, PFL_ECOMMAND, "%zu of %zu benchmarks failed", failed,
                           run->benchmark_count);
    if (skipped == run->benchmark_count)
        return pfl_err_set(err, PFL_ENOTHING,
                           "nothing was measured: all %zu benchmarks were skipped", skipped);
    return PFL_OK;
}

/* The reference as the plan names it: a person types the command's name, the identity is
 * adhoc/NAME. */
static int find_reference(struct pfl_flow *flow, const struct pfl_plan *plan, const char *word,
                          const char **name, struct pfl_err *err)
{
    const char *identity = pfl_arena_format(flow->arena, "adhoc/%s", word);
    size_t i;

    if (!identity)
        return pfl_err_no_memory(err);
    for (i = 0; i < plan->item_count; i++)
        if (strcmp(plan->items[i].name, word) == 0 || strcmp(plan->items[i].name, identity) == 0) {
            *name = plan->items[i].name;
            return PFL_OK;
        }
    return pfl_err_set(err, PFL_EUSAGE,
                       "--reference: none of the %zu commands is called `%s`; --name gives names",
                       plan->item_count, word);
}

static int assess(struct pfl_flow *flow, const char *reference, struct pfl_flow_run_result *result,
                  struct pfl_err *err)
{
    int rc = pfl_judge_assess(&result->run, flow->arena, &result->assessments, err);

    if (rc == PFL_OK)
        rc = pfl_judge_fits(&result->run, flow->arena, &result->fits, &result->fit_count, err);
    if (rc == PFL_OK && result->run.kind == PFL_RUN_ADHOC && result->run.benchmark_count > 1)
        rc = pfl_judge_rank(&result->run, "time", reference, flow->arena, &result->rank, err);
    if (rc == PFL_ENOENT) /* the reference failed, as the report says: no ranking */
        rc = PFL_OK;
    return rc;
}

static int measure(struct pfl_flow *flow, const struct pfl_flow_run_params *params,
                   struct pfl_plan *plan, struct pfl_run *run, struct pfl_err *err)
{
    struct pfl_measure_params measuring = {
        .plan = plan,
        .clock = flow->clock,
        .progress = params->progress,
        .stop_asked = params->stop_asked,
        .hurry_asked = params->hurry_asked,
        .context = params->context,
        .read_results = pfl_flow_read_results,
    };
    const char *compiler = "";
    int rc = pfl_measure_inspect(plan, flow->arena, &compiler, err);
    size_t i, j;

    if (rc == PFL_OK && params->record)
        rc = pfl_flow_artifact_folder(flow, plan, &measuring.artifacts, err);

    if (rc == PFL_OK)
        rc = pfl_flow_pitfalls(flow, plan, run, err);
    for (i = 0; rc == PFL_OK && i < plan->item_count; i++)
        for (j = 0; j < plan->items[i].warning_count; j++)
            pfl_log(PFL_LOG_WARNING, "%s: %s", plan->items[i].name, plan->items[i].warnings[j]);
    for (i = 0; rc == PFL_OK && i < run->warning_count; i++)
        pfl_log(PFL_LOG_WARNING, "%s", run->warnings[i]);
    if (rc == PFL_OK)
        rc = pfl_measure(&measuring, flow->arena, run, err);
    if (rc == PFL_OK)
        rc = pfl_flow_provenance(flow, compiler, run, err);
    if (rc == PFL_OK) {
        run->complete = is_complete(run, params->adhoc);
        pfl_run_sort(run);
        rc = pfl_judge_summarise(run, err);
    }
    return rc == PFL_OK ? pfl_run_json_id(run, flow->arena, &run->id, err) : rc;
}

int pfl_flow_run(struct pfl_flow *flow, const struct pfl_flow_run_params *params,
                 struct pfl_flow_run_result *result, struct pfl_err *err)
{
    struct pfl_flow_run_result made = {0};
    struct pfl_plan plan = {0};
    struct pfl_flow_inside inside = {.params = params, .plan = &plan};
    const char *reference = NULL;
    int refused = PFL_OK, rc = pfl_flow_plan(flow, params, &plan, err);

    if (rc == PFL_OK)
        rc = pfl_flow_inside_choose(flow, &inside, err);
    if (rc == PFL_OK && params->reference)
        rc = find_reference(flow, &plan, params->reference, &reference, err);
    if (rc == PFL_OK && params->record)
        rc = pfl_flow_ready_to_record(flow, err);
    if (rc == PFL_OK)
        rc = describe_run(flow, params, &made.run, err);
    if (rc != PFL_OK)
        return rc;
    plan.show_output = params->show_output;
    if (!params->order_seed_given) /* any will do, once it is recorded */
        plan.order_seed = (uint64_t)flow->clock->unix_ns(flow->clock->context) | 1;
    rc = measure(flow, params, &plan, &made.run, err);
    if (rc == PFL_OK && params->record && pfl_flow_worth_keeping(&made.run))
        refused = record(flow, &made, err);
    else if (rc == PFL_OK && params->record)
        made.recorded = "not recorded: nothing was measured";
    if (rc == PFL_OK && refused == PFL_OK)
        rc = pfl_flow_state(flow, &made.run, err);
    if (rc == PFL_OK)
        rc = assess(flow, reference, &made, refused == PFL_OK ? err : NULL);
    if (rc != PFL_OK)
        return rc;
    *result = made; /* also what the ledger refused: it was measured, and is shown */
    if (refused != PFL_OK)
        return refused;
    rc = pfl_flow_inside_check(&inside, &made.run, err);
    return rc == PFL_OK ? outcome(&made.run, err) : rc;
}
