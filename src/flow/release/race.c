/*
 * A release gate without a stored run: the revision is built beside the work tree, every configured
 * suite is raced, and the race's numbers go through the same gates as any check.
 *
 * The head is the work tree when that is what the head's run measured, or when there is no run; an
 * older clean commit is built, too. Bouts run until they are decided at the tightest limit of time
 * or CPU time that any gate sets, so most end early. The runs of both sides are then checked like
 * two stored ones, but without any deviation between sessions, and the race's own answers from
 * pairs take the place of those from medians (judge/release.h).
 */
#include "flow/release/race.h"

#include "base/text.h"
#include "base/units.h"
#include "flow/race/race.h"
#include "judge/release.h"

#include <math.h>
#include <string.h>

static int choose_head(struct pfl_flow *flow, const struct pfl_release_base *base,
                       const char **word, const char **why_not, struct pfl_err *err)
{
    const struct pfl_revision *now = &flow->revision;
    const struct pfl_revision *head = base->head ? &base->head->revision : now;

    *word = ".";
    if (head == now || (strcmp(head->commit, now->commit) == 0 && head->dirty == now->dirty))
        return PFL_OK;
    if (!*head->commit)
        *why_not = "the run to judge has no git revision to build";
    else if (head->dirty)
        *why_not = "the run to judge was measured on a dirty work tree that is gone";
    else if (!(*word = pfl_arena_format(flow->arena, "rev:%s", head->commit)))
        return pfl_err_no_memory(err);
    return PFL_OK;
}

static bool is_clock(const char *glob)
{
    return pfl_text_glob(glob, "time") || pfl_text_glob(glob, "cpu");
}

/* The tightest limit that decides. */
static double tolerance_of(const struct pfl_flow *flow, const struct pfl_flow_compare_params *check)
{
    double least = flow->config.documents.release_max_regression;
    size_t i;

    if (!isnan(check->tolerance))
        return check->tolerance;
    for (i = 0; i < flow->config.gate_count; i++) {
        const struct pfl_gate *gate = &flow->config.gates[i];

        if (!gate->report_only && is_clock(gate->metric) && gate->max_regression < least)
            least = gate->max_regression;
    }
    for (i = 0; i < check->implied_count; i++)
        if (is_clock(check->implied[i].metric) && check->implied[i].max_regression < least)
            least = check->implied[i].max_regression;
    return least;
}

static enum pfl_tier tier_of(const struct pfl_release_base *base)
{
    enum pfl_tier tier;

    return base->head && pfl_tier_read(base->head->tier, &tier) ? tier : PFL_TIER_SMOKE;
}

static int hold(struct pfl_flow *flow, const struct pfl_release_race *asked,
                const char *const words[2], struct pfl_race *race, struct pfl_err *err)
{
    const struct pfl_flow_release_params *params = asked->params;
    struct pfl_flow_race_params racing = {
        .words = words,
        .word_count = 2,
        .tier = tier_of(asked->base),
        .tolerance = tolerance_of(flow, asked->check),
        .max_time_ns = params->max_time_ns,
        .bar = NAN,
        .max_cv = NAN,
        .same_output = NAN,
        .record = true,
        .label = "release gate",
        .progress = params->progress,
        .stop_asked = params->stop_asked,
        .hurry_asked = params->hurry_asked,
        .context = params->context,
    };
    int rc = pfl_flow_race(flow, &racing, race, err);

    if (rc == PFL_ENOTHING)
        pfl_err_prefix(err, "nothing to judge: %s was built to be raced, but", asked->base->name);
    return rc;
}

static int judge(struct pfl_flow *flow, const struct pfl_release_race *asked,
                 const struct pfl_race *race, struct pfl_comparison *out, struct pfl_err *err)
{
    struct pfl_flow_compare_params check = *asked->check;
    const struct pfl_run *base = race->contenders[0].run, *head = race->contenders[1].run;
    const char *label = pfl_arena_format(flow->arena, "%s (built and raced)", asked->base->name);
    int rc;

    if (!label)
        return pfl_err_no_memory(err);
    if (!base || !head)
        return pfl_err_set(err, PFL_ENOTHING, "nothing to judge: %s",
                           race->contenders[base ? 1 : 0].problem
                               ? race->contenders[base ? 1 : 0].problem
                               : "a side of the race was not measured");
    check.raced = true;
    rc = pfl_flow_check_run(flow, &check, base, label, head, out, err);
    if (rc != PFL_OK)
        return rc;
    out->head_label = race->contenders[1].label;
    return pfl_judge_take_race(out, race, check.strict, flow->arena, err);
}

int pfl_release_race(struct pfl_flow *flow, const struct pfl_release_race *asked,
                     struct pfl_comparison *out, const char **why_not, struct pfl_err *err)
{
    const char *words[2];
    struct pfl_race race = {0};
    int rc;

    *why_not = NULL;
    if (asked->params->no_race)
        *why_not = "--no-confirm asks for no race";
    else if (!flow->config.build)
        *why_not = "no `build` is configured";
    else if (!flow->git_root)
        *why_not = "there is no git repository here";
    if (*why_not)
        return PFL_OK;
    rc = choose_head(flow, asked->base, &words[1], why_not, err);
    if (rc != PFL_OK || *why_not)
        return rc;
    words[0] = pfl_arena_format(flow->arena, "rev:%s", asked->base->commit);
    if (!words[0])
        return pfl_err_no_memory(err);
    rc = hold(flow, asked, words, &race, err);
    return rc == PFL_OK ? judge(flow, asked, &race, out, err) : rc;
}

/* ---- what it left open ---- */

static const char *remedy_of(struct pfl_flow *flow,
                             const struct pfl_flow_release_end_params *params)
{
    struct pfl_buf words;
    const char *text;

    if (params->no_race)
        return "--no-confirm kept it from being raced";
    if (!flow->config.build)
        return "configure `build`, and both builds are raced until it is decided (six runs of "
               "history make the intervals narrower, too)";
    if (params->why_not)
        return pfl_arena_format(flow->arena, "it was not raced: %s", params->why_not);
    pfl_buf_init(&words, 4096);
    pfl_buf_text(&words, "a race needs more time to exclude that: --max-time D");
    if (params->max_time_ns > 0) {
        pfl_buf_text(&words, " (it had ");
        pfl_units_write_duration(&words, (double)params->max_time_ns * 1e-9);
        pfl_buf_char(&words, ')');
    }
    text = words.error ? NULL : pfl_arena_text(flow->arena, pfl_buf_cstr(&words));
    pfl_buf_release(&words);
    return text;
}

int pfl_flow_release_end(struct pfl_flow *flow, const struct pfl_flow_release_end_params *params,
                         struct pfl_comparison *comparison, struct pfl_err *err)
{
    const char *remedy;

    if (comparison->exit_code == PFL_ENOTHING)
        return PFL_OK;
    remedy = remedy_of(flow, params);
    return remedy ? pfl_judge_undecided(comparison, remedy, params->fail_on_given, flow->arena, err)
                  : pfl_err_no_memory(err);
}
