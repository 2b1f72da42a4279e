/*
 * Which two revisions a confirming race compares, and when there is none.
 *
 * The base must be a clean commit of this repository, for that is what can be built again. The head
 * may be a clean commit, too; a dirty one can only be the work tree as it stands, which is taken
 * when it is dirty, too, and its HEAD is still the head's commit. Its edits may have become others
 * meanwhile, which nothing recorded could tell; so the reasons say what was raced. All suspects go
 * into one race, with the smallest of their thresholds as its tolerance: an interval that decides
 * at the smallest can be held against any (judge/confirm.h does).
 */
#include "flow/confirm.h"

#include "judge/confirm.h"
#include "vcs/git.h"

#include <math.h>
#include <string.h>

#define TIME_NS INT64_C(120000000000)

struct suspects {
    const char **benchmarks; /* each once */
    size_t n;
    double threshold;   /* the smallest */
    const char *metric; /* of all of them; NULL: they differ */
};

static bool known(const struct suspects *suspects, const char *benchmark)
{
    size_t i;

    for (i = 0; i < suspects->n; i++)
        if (strcmp(suspects->benchmarks[i], benchmark) == 0)
            return true;
    return false;
}

static int collect(const struct pfl_comparison *comparison, struct pfl_arena *arena,
                   struct suspects *suspects, struct pfl_err *err)
{
    size_t i;

    *suspects = (struct suspects){.threshold = INFINITY};
    suspects->benchmarks =
        pfl_arena_array(arena, comparison->row_count + 1, sizeof *suspects->benchmarks);
    if (!suspects->benchmarks)
        return pfl_err_no_memory(err);
    for (i = 0; i < comparison->row_count; i++) {
        const struct pfl_row *row = &comparison->rows[i];

        if (!pfl_judge_is_suspect(row))
            continue;
        if (suspects->n == 0)
            suspects->metric = row->metric;
        else if (suspects->metric && strcmp(suspects->metric, row->metric) != 0)
            suspects->metric = NULL;
        if (row->threshold < suspects->threshold)
            suspects->threshold = row->threshold;
        if (!known(suspects, row->benchmark))
            suspects->benchmarks[suspects->n++] = row->benchmark;
    }
    if (!isfinite(suspects->threshold))
        suspects->threshold = 0;
    return PFL_OK;
}

/* The two words of the race; NULL and *why_not when there can be none. */
static int choose_words(struct pfl_flow *flow, const struct pfl_comparison *comparison,
                        const char *words[2], const char **why_not, struct pfl_err *err)
{
    const struct pfl_revision *base = comparison->base ? &comparison->base->revision : NULL;
    const struct pfl_revision *head = &comparison->head->revision, *now;
    int rc = pfl_flow_revision(flow, &now, err);

    if (rc != PFL_OK)
        return rc;
    if (!flow->config.build)
        *why_not = "no `build` is configured, so the base cannot be measured beside the head";
    else if (!flow->git_root)
        *why_not = "there is no git repository here to build the base from";
    else if (!base || !base->commit || !*base->commit)
        *why_not = "the base has no git revision to build";
    else if (base->dirty)
        *why_not = "the base was measured on a dirty work tree, which cannot be built again";
    else if (!head->commit || !*head->commit)
        *why_not = "the run has no git revision to build";
    else if (head->dirty && (!now->dirty || strcmp(head->commit, now->commit) != 0))
        *why_not = "the run was measured on a dirty work tree that is gone";
    else if (!head->dirty && strcmp(head->commit, base->commit) == 0)
        *why_not = "both sides are the same commit, so there is nothing to build apart";
    if (*why_not)
        return PFL_OK;
    words[0] = pfl_arena_format(flow->arena, "rev:%s", base->commit);
    words[1] = strcmp(head->commit, now->commit) == 0 && head->dirty == now->dirty
                   ? "."
                   : pfl_arena_format(flow->arena, "rev:%s", head->commit);
    return words[0] && words[1] ? PFL_OK : pfl_err_no_memory(err);
}

/* The suspects' reasons, when the head raced was a dirty work tree. */
static int tell_of_work_tree(const struct pfl_comparison *comparison, const bool *raced,
                             struct pfl_arena *arena, struct pfl_err *err)
{
    size_t i;

    for (i = 0; i < comparison->row_count; i++) {
        struct pfl_row *row = &comparison->rows[i];
        const char *reason;

        if (!raced[i])
            continue;
        reason = pfl_arena_format(arena,
                                  "%s; the work tree was raced as it stands now, which may have "
                                  "other edits than the run had",
                                  row->reason);
        if (!reason)
            return pfl_err_no_memory(err);
        row->reason = reason;
    }
    return PFL_OK;
}

static int hear(const struct pfl_flow_confirm_params *params, struct pfl_comparison *comparison,
                const struct pfl_comparison *race, struct pfl_arena *arena, struct pfl_err *err)
{
    bool *raced = pfl_arena_array(arena, comparison->row_count + 1, sizeof *raced);
    size_t i;
    int rc;

    if (!raced)
        return pfl_err_no_memory(err);
    for (i = 0; i < comparison->row_count; i++)
        raced[i] = pfl_judge_is_suspect(&comparison->rows[i]);
    rc = pfl_judge_confirm(comparison, race, params->strict, arena, err);
    return rc == PFL_OK && comparison->head->revision.dirty
               ? tell_of_work_tree(comparison, raced, arena, err)
               : rc;
}

static int race_suspects(struct pfl_flow *flow, const struct pfl_flow_confirm_params *params,
                         const struct suspects *suspects, const char *const words[2],
                         struct pfl_race *race, struct pfl_err *err)
{
    struct pfl_flow_race_params racing = {
        .words = words,
        .word_count = 2,
        .select = suspects->benchmarks,
        .select_count = suspects->n,
        .tier = PFL_TIER_LONGHAUL,
        .tolerance = suspects->threshold,
        .metric = suspects->metric,
        .max_time_ns = params->max_time_ns ? params->max_time_ns : TIME_NS,
        .bar = NAN,
        .max_cv = NAN,
        .same_output = NAN,
        .record = true,
        .label = "confirmation",
        .progress = params->progress,
        .stop_asked = params->stop_asked,
        .hurry_asked = params->hurry_asked,
        .context = params->context,
    };

    return pfl_flow_race(flow, &racing, race, err);
}

int pfl_flow_confirm(struct pfl_flow *flow, const struct pfl_flow_confirm_params *params,
                     struct pfl_comparison *comparison, const char **why_not, struct pfl_err *err)
{
    const char *words[2] = {NULL, NULL};
    struct suspects suspects;
    struct pfl_race race = {0};
    struct pfl_err why = {0};
    int rc = collect(comparison, flow->arena, &suspects, err);

    *why_not = NULL;
    if (rc != PFL_OK || suspects.n == 0)
        return rc;
    rc = choose_words(flow, comparison, words, why_not, err);
    if (rc != PFL_OK || *why_not)
        return rc;
    rc = race_suspects(flow, params, &suspects, words, &race, &why);
    if (rc == PFL_ENOMEM || rc == PFL_EINTERRUPTED) {
        if (err)
            *err = why;
        return rc;
    }
    if (rc != PFL_OK) { /* the gate's own word stands */
        *why_not = pfl_arena_text(flow->arena, why.message);
        return *why_not ? PFL_OK : pfl_err_no_memory(err);
    }
    return hear(params, comparison, &race.comparison, flow->arena, err);
}
