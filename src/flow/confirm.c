/*
 * Which two revisions a confirming race compares, and when there is none.
 *
 * The base must be a clean commit of this repository, for that is what can be built again. The head
 * may be a clean commit, too; a dirty one can only be the work tree as it stands, which is taken
 * when it is dirty, too, and its HEAD is still the head's commit. Its edits may have become others
 * meanwhile, which nothing recorded could tell; so the reasons say what was raced. Suspects of one
 * metric go into one race, which that metric decides, for a row that decides nothing acquits
 * nobody; several metrics share the time. A race's tolerance is the smallest of its suspects'
 * thresholds: an interval that decides at the smallest can be held against any (judge/confirm.h
 * does).
 *
 * Two commits whose files are the same (an empty commit, a merge, documents alone) are not raced:
 * what differs between their runs is the machine's, and a race could only say so after minutes.
 */
#include "flow/confirm.h"

#include "flow/release/path_rules.h"
#include "judge/confirm.h"
#include "vcs/git.h"

#include <math.h>
#include <string.h>

#define TIME_NS INT64_C(120000000000)

struct suspects {
    const char **benchmarks; /* each once */
    size_t n;
    double threshold;   /* the smallest */
    const char *metric; /* of all of them */
};

/* What came of all races: a row for every suspect. */
struct witnesses {
    struct pfl_row *rows;
    size_t n, room;
};

static bool known(const struct suspects *suspects, const char *benchmark)
{
    size_t i;

    for (i = 0; i < suspects->n; i++)
        if (strcmp(suspects->benchmarks[i], benchmark) == 0)
            return true;
    return false;
}

/* The next metric that suspects have, in the order of the rows from *at on; NULL: no more. */
static const char *next_metric(const struct pfl_comparison *comparison, size_t *at)
{
    for (; *at < comparison->row_count; (*at)++) {
        const struct pfl_row *row = &comparison->rows[*at];
        bool seen = !pfl_judge_is_suspect(row);
        size_t i;

        for (i = 0; i < *at && !seen; i++)
            seen = pfl_judge_is_suspect(&comparison->rows[i]) &&
                   strcmp(comparison->rows[i].metric, row->metric) == 0;
        if (!seen)
            return comparison->rows[(*at)++].metric;
    }
    return NULL;
}

static int64_t count_metrics(const struct pfl_comparison *comparison)
{
    size_t at = 0;
    int64_t n = 0;

    while (next_metric(comparison, &at))
        n++;
    return n;
}

static int collect(const struct pfl_comparison *comparison, const char *metric,
                   struct pfl_arena *arena, struct suspects *suspects, struct pfl_err *err)
{
    size_t i;

    *suspects = (struct suspects){.threshold = INFINITY, .metric = metric};
    suspects->benchmarks =
        pfl_arena_array(arena, comparison->row_count + 1, sizeof *suspects->benchmarks);
    if (!suspects->benchmarks)
        return pfl_err_no_memory(err);
    for (i = 0; i < comparison->row_count; i++) {
        const struct pfl_row *row = &comparison->rows[i];

        if (!pfl_judge_is_suspect(row) || strcmp(row->metric, metric) != 0)
            continue;
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
        .max_time_ns = params->max_time_ns,
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

static void bear_witness(struct witnesses *all, const struct pfl_row *row)
{
    if (all->n < all->room)
        all->rows[all->n++] = *row;
}

/* Of a race its own metric's rows; of none, why. */
static void hear_race(struct witnesses *all, const struct suspects *suspects,
                      const struct pfl_race *race, const char *why_not)
{
    size_t i;

    for (i = 0; !why_not && i < race->comparison.row_count; i++)
        if (strcmp(race->comparison.rows[i].metric, suspects->metric) == 0 &&
            !*race->comparison.rows[i].variant)
            bear_witness(all, &race->comparison.rows[i]);
    for (i = 0; why_not && i < suspects->n; i++)
        bear_witness(all, &(struct pfl_row){.benchmark = suspects->benchmarks[i],
                                            .metric = suspects->metric,
                                            .variant = "",
                                            .ratio = NAN,
                                            .ratio_low = NAN,
                                            .ratio_high = NAN,
                                            .verdict = PFL_VERDICT_SKIPPED,
                                            .reason = why_not});
}

/* Commits apart whose files are the same: a race would hold a build against itself. */
static bool same_files(struct pfl_flow *flow, const struct pfl_comparison *comparison)
{
    const struct pfl_revision *base = &comparison->base->revision;
    const struct pfl_revision *head = &comparison->head->revision;

    return !head->dirty && pfl_path_same_files(flow, base->commit, head->commit);
}

struct confirming {
    struct pfl_flow *flow;
    struct pfl_flow_confirm_params params; /* max_time_ns: one metric's share */
    const char *words[2];
    struct witnesses all;
    const char *why_not;
};

/* One metric's race. What keeps it from being held keeps the next one from it, too. */
static int confirm_metric(struct confirming *c, const struct suspects *suspects,
                          struct pfl_err *err)
{
    struct pfl_race race = {0};
    struct pfl_err why = {0};
    int rc = PFL_OK;

    if (!c->why_not)
        rc = race_suspects(c->flow, &c->params, suspects, c->words, &race, &why);
    if (rc == PFL_ENOMEM || rc == PFL_EINTERRUPTED) {
        if (err)
            *err = why;
        return rc;
    }
    if (rc != PFL_OK) { /* the gate's own word stands */
        c->why_not =
            pfl_arena_text(c->flow->arena,
                           race.comparison.why_nothing ? race.comparison.why_nothing : why.message);
        if (!c->why_not)
            return pfl_err_no_memory(err);
    }
    hear_race(&c->all, suspects, &race, c->why_not);
    return PFL_OK;
}

static int confirm_all(struct confirming *c, struct pfl_comparison *comparison, struct pfl_err *err)
{
    struct pfl_comparison heard = {0};
    struct suspects suspects;
    const char *metric;
    size_t at = 0;
    int rc = PFL_OK;

    while (rc == PFL_OK && (metric = next_metric(comparison, &at))) {
        rc = collect(comparison, metric, c->flow->arena, &suspects, err);
        if (rc == PFL_OK)
            rc = confirm_metric(c, &suspects, err);
    }
    heard.rows = c->all.rows;
    heard.row_count = c->all.n;
    if (rc != PFL_OK)
        return rc;
    return hear(&c->params, comparison, &heard, c->flow->arena, err);
}

int pfl_flow_confirm(struct pfl_flow *flow, const struct pfl_flow_confirm_params *params,
                     struct pfl_comparison *comparison, const char **why_not, struct pfl_err *err)
{
    struct confirming c = {.flow = flow, .params = *params, .all = {.room = comparison->row_count}};
    int64_t metrics = count_metrics(comparison);
    int rc;

    *why_not = NULL;
    if (metrics == 0)
        return PFL_OK;
    rc = choose_words(flow, comparison, c.words, why_not, err);
    if (rc != PFL_OK || *why_not)
        return rc;
    if (same_files(flow, comparison))
        return pfl_judge_acquit(comparison, params->strict, flow->arena, err);
    c.params.max_time_ns = (params->max_time_ns ? params->max_time_ns : TIME_NS) / metrics;
    c.all.rows = pfl_arena_array(flow->arena, c.all.room, sizeof *c.all.rows);
    if (!c.all.rows)
        return pfl_err_no_memory(err);
    rc = confirm_all(&c, comparison, err);
    *why_not = c.why_not;
    return rc;
}
