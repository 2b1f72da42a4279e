/*
 * Series from the ledger (or a file) and decisions from the repository meet the judge here.
 *
 * A value's epoch is the machine's fingerprint and the benchmark's definition, so a changed one
 * begins a new segment. Runs of no revision are named by their own id, so that a decision can name
 * them. All series of one call are judged together: a change that would be no discovery among so
 * many series (Benjamini & Hochberg at the same level) stays, but is marked weak and is no alarm.
 */
#include "flow/changes.h"

#include "base/alloc.h"
#include "base/text.h"
#include "base/vec.h"
#include "flow/epochs.h"
#include "formats/series_csv.h"
#include "judge/changes.h"
#include "project/acknowledgements.h"
#include "stats/stats.h"
#include "sys/file.h"

#include <math.h>
#include <string.h>

enum { CSV_MAX = 256 << 20 };

PFL_VEC(series_list, struct pfl_series);
PFL_VEC(numbers, double);
PFL_VEC(texts, const char *);

struct gathering {
    struct pfl_flow *flow;
    const struct pfl_flow_changes_params *params;
    struct series_list list;
    struct numbers values; /* of the series at hand */
    struct texts revisions, epochs;
    struct pfl_epochs *boundaries;
    struct pfl_err *err;
    int rc;
};

static bool wanted(const struct pfl_flow_changes_params *params, const char *benchmark,
                   const char *metric, enum pfl_better better)
{
    bool chosen = params->select_count == 0;
    size_t i;

    for (i = 0; i < params->select_count; i++)
        chosen = chosen || pfl_run_selects(params->select[i], benchmark);
    return chosen &&
           (params->metric ? pfl_text_glob(params->metric, metric) : better != PFL_BETTER_NEITHER);
}

/* --- the ledger
 * ----------------------------------------------------------------------------------------------------
 */

static int note_series(void *context, const struct pfl_store_series_key *key, const char *unit,
                       enum pfl_better better, size_t points)
{
    struct gathering *g = context;
    struct pfl_arena *arena = g->flow->arena;
    struct pfl_series series = {.better = better, .n = points};

    if (!wanted(g->params, key->benchmark, key->metric, better))
        return 0;
    series.benchmark = pfl_arena_text(arena, key->benchmark);
    series.metric = pfl_arena_text(arena, key->metric);
    series.variant = pfl_arena_text(arena, key->variant);
    series.machine = pfl_arena_text(arena, key->machine_id);
    series.unit = pfl_arena_text(arena, unit);
    if (!series.benchmark || !series.metric || !series.variant || !series.machine || !series.unit ||
        !pfl_vec_push(&g->list, &series))
        g->rc = pfl_err_no_memory(g->err);
    return g->rc != PFL_OK;
}

/* The last text again when it is the same; else a new one. NULL: no memory. */
static const char *keep_text(struct gathering *g, const struct texts *texts, const char *text)
{
    if (texts->n && strcmp(texts->at[texts->n - 1], text) == 0)
        return texts->at[texts->n - 1];
    return pfl_arena_text(g->flow->arena, text);
}

static int note_point(void *context, const struct pfl_store_point *point)
{
    struct gathering *g = context;
    const char *revision =
                   keep_text(g, &g->revisions, *point->commit ? point->commit : point->run_id),
               *epoch;
    struct pfl_buf buf;

    pfl_buf_init(&buf, 256);
    pfl_buf_format(&buf, "%.64s %.64s", point->fingerprint, point->definition);
    epoch = keep_text(g, &g->epochs, pfl_buf_cstr(&buf));
    if (buf.error || !revision || !epoch || !pfl_vec_push(&g->values, &point->summary.median) ||
        !pfl_vec_push(&g->revisions, &revision) || !pfl_vec_push(&g->epochs, &epoch))
        g->rc = pfl_err_no_memory(g->err);
    pfl_buf_release(&buf);
    if (g->rc == PFL_OK)
        g->rc = pfl_epochs_point(g->boundaries, point, g->err);
    return g->rc != PFL_OK;
}

static int load_series(struct gathering *g, struct pfl_store *store, struct pfl_series *series)
{
    struct pfl_store_series_key key = {series->benchmark, series->metric, series->variant,
                                       series->machine};
    struct pfl_arena *arena = g->flow->arena;
    size_t n;
    int rc;

    g->values.n = g->revisions.n = g->epochs.n = 0;
    pfl_epochs_begin(g->boundaries);
    rc = pfl_store_series(store, &key, note_point, g, g->err);
    if (rc == PFL_OK)
        rc = g->rc;
    if (rc == PFL_OK)
        rc = pfl_epochs_end(g->boundaries, &series->boundaries, &series->boundary_count, g->err);
    if (rc != PFL_OK)
        return rc;
    series->n = n = g->values.n;
    series->values = pfl_arena_grow(arena, g->values.at, n, n + 1, sizeof *series->values);
    series->revisions =
        pfl_arena_grow(arena, (const void *)g->revisions.at, n, n + 1, sizeof *series->revisions);
    series->epochs =
        pfl_arena_grow(arena, (const void *)g->epochs.at, n, n + 1, sizeof *series->epochs);
    return series->values && series->revisions && series->epochs ? PFL_OK
                                                                 : pfl_err_no_memory(g->err);
}

static int gather_ledger(struct gathering *g)
{
    struct pfl_store *store;
    size_t i;
    int rc = pfl_flow_store(g->flow, false, &store, g->err);

    if (rc == PFL_ENOENT)
        return pfl_err_set(
            g->err, PFL_ENOTHING,
            "there is no ledger yet at %s, so there are no series; `perfledger run` begins one, "
            "`perfledger changes --csv FILE` reads a file",
            g->flow->ledger_url);
    if (rc == PFL_OK && !(g->boundaries = pfl_epochs_new(g->flow, store)))
        rc = pfl_err_no_memory(g->err);
    if (rc == PFL_OK)
        rc = pfl_store_each_series(store, NULL, note_series, g, g->err);
    if (rc == PFL_OK)
        rc = g->rc;
    for (i = 0; rc == PFL_OK && i < g->list.n; i++)
        rc = load_series(g, store, &g->list.at[i]);
    if (rc == PFL_OK && g->list.n == 0)
        return pfl_err_set(
            g->err, PFL_ENOTHING, "no series in the ledger %s is selected%s", g->flow->ledger_url,
            g->params->select_count ? "; `perfledger changes` without SELECT shows all" : "");
    return rc;
}

/* --- a file
 * --------------------------------------------------------------------------------------------------------
 */

static int gather_csv(struct gathering *g)
{
    struct pfl_series series;
    struct pfl_buf buf;
    int rc;

    pfl_buf_init(&buf, CSV_MAX);
    rc = pfl_file_read(g->params->csv, &buf, g->err);
    if (rc == PFL_OK)
        rc = pfl_series_csv_read(g->params->csv, pfl_buf_cstr(&buf), buf.len, g->flow->arena,
                                 &series, g->err);
    else if (rc == PFL_ENOENT)
        rc = pfl_err_set(g->err, PFL_ENOENT, "there is no file %s", g->params->csv);
    pfl_buf_release(&buf);
    if (rc != PFL_OK)
        return rc;
    series.better = g->params->better;
    return pfl_vec_push(&g->list, &series) ? PFL_OK : pfl_err_no_memory(g->err);
}

/* --- judging
 * -------------------------------------------------------------------------------------------------------
 */

/* The reviews that speak of this series, in the order of the file. */
static size_t pick_reviews(const struct pfl_review *all, size_t n, const struct pfl_series *series,
                           struct pfl_review *picked)
{
    size_t i, count = 0;

    for (i = 0; i < n; i++)
        if (pfl_run_selects(all[i].benchmark, series->benchmark) &&
            pfl_text_glob(all[i].metric, series->metric))
            picked[count++] = all[i];
    return count;
}

/* Each series enters with its surest new change; what does not survive among them all is weak. */
static int mark_weak(struct pfl_series_changes *list, size_t n, double level, struct pfl_err *err)
{
    double *p = pfl_alloc((n + 1) * sizeof *p);
    uint32_t *order = pfl_alloc((n + 1) * sizeof *order);
    size_t i, j;

    for (i = 0; p && order && i < n; i++) {
        p[i] = 1;
        for (j = 0; j < list[i].change_count; j++)
            if (list[i].changes[j].state == PFL_CHANGE_NEW && list[i].changes[j].p < p[i])
                p[i] = list[i].changes[j].p;
    }
    if (p && order)
        pfl_stats_benjamini_hochberg(p, order, n);
    for (i = 0; p && order && i < n; i++)
        for (j = 0; j < list[i].change_count; j++) {
            struct pfl_change *change = &list[i].changes[j];

            change->weak = change->state == PFL_CHANGE_NEW && change->kind != PFL_CHANGE_SEGMENT &&
                           p[i] > level;
        }
    i = p && order;
    pfl_free(p);
    pfl_free(order);
    return i ? PFL_OK : pfl_err_no_memory(err);
}

static int judge_all(struct pfl_flow *flow, const struct pfl_flow_changes_params *params,
                     const struct series_list *series, struct pfl_flow_changes *result,
                     struct pfl_err *err)
{
    struct pfl_changes_finder *finder = pfl_changes_finder_new();
    struct pfl_changes_params judging = {.alpha = params->false_alarms};
    struct pfl_series *kept =
        pfl_arena_grow(flow->arena, series->at, series->n, series->n + 1, sizeof *kept);
    struct pfl_review *reviews = NULL, *picked;
    size_t review_count = 0, i;
    int rc = finder && kept
                 ? pfl_reviews_read(result->reviews_file, flow->arena, &reviews, &review_count, err)
                 : pfl_err_no_memory(err);

    result->n = series->n;
    result->list = pfl_arena_array(flow->arena, series->n + 1, sizeof *result->list);
    picked = pfl_arena_array(flow->arena, review_count + 1, sizeof *picked);
    if (rc == PFL_OK && (!result->list || !picked))
        rc = pfl_err_no_memory(err);
    judging.reviews = picked;
    for (i = 0; rc == PFL_OK && i < series->n; i++) {
        judging.series = &kept[i];
        judging.review_count = pick_reviews(reviews, review_count, &kept[i], picked);
        rc = pfl_judge_changes(finder, &judging, flow->arena, &result->list[i], err);
    }
    pfl_changes_finder_free(finder);
    if (rc == PFL_OK)
        rc = mark_weak(result->list, result->n,
                       params->false_alarms > 0 ? params->false_alarms : PFL_CHANGES_ALPHA, err);
    return rc;
}

int pfl_flow_changes(struct pfl_flow *flow, const struct pfl_flow_changes_params *params,
                     struct pfl_flow_changes *result, struct pfl_err *err)
{
    struct gathering g = {.flow = flow, .params = params, .err = err};
    struct pfl_flow_changes made = {0};
    int rc;

    made.reviews_file = pfl_file_join(flow->root, PFL_REVIEWS_FILE, flow->arena);
    rc = !made.reviews_file ? pfl_err_no_memory(err)
         : params->csv      ? gather_csv(&g)
                            : gather_ledger(&g);
    if (rc == PFL_OK)
        rc = judge_all(flow, params, &g.list, &made, err);
    pfl_vec_release(&g.list);
    pfl_vec_release(&g.values);
    pfl_vec_release(&g.revisions);
    pfl_vec_release(&g.epochs);
    pfl_epochs_free(g.boundaries);
    if (rc == PFL_OK)
        *result = made;
    return rc;
}

/* --- decisions
 * -----------------------------------------------------------------------------------------------------
 */

enum { NEAR = 2, COMMIT_SHOWN = 12, COMMIT_LENGTH = 40 };

/* How a place is written down: its revision where it is the first value of that revision, else its
 * index. */
static const char *name_place(const struct pfl_series *series, size_t index,
                              struct pfl_arena *arena)
{
    const char *revision = series->revisions ? series->revisions[index] : "";

    if (!*revision || strstr(revision, "..") || *revision == '#' ||
        pfl_changes_place_of(series, revision) != index)
        return pfl_arena_format(arena, "#%zu", index);
    return strlen(revision) == COMMIT_LENGTH ? pfl_arena_text_n(arena, revision, COMMIT_SHOWN)
                                             : revision;
}

static const struct pfl_change *change_near(const struct pfl_series_changes *changes, size_t index)
{
    const struct pfl_change *best = NULL;
    size_t i, away, least = NEAR + 1;

    for (i = 0; i < changes->change_count; i++) {
        const struct pfl_change *change = &changes->changes[i];

        away = change->index > index ? change->index - index : index - change->index;
        if (change->kind != PFL_CHANGE_SEGMENT && away < least) {
            least = away;
            best = change;
        }
    }
    return best;
}

/* Fills the exact place of an acknowledged change; false when this series has none there. */
static bool place_change(const struct pfl_series_changes *changes, size_t index,
                         struct pfl_arena *arena, struct pfl_review *review)
{
    const struct pfl_change *change =
        index < changes->series->n ? change_near(changes, index) : NULL;
    size_t end;

    if (!change)
        return false;
    end = change->end < changes->series->n ? change->end : changes->series->n - 1;
    review->at = name_place(changes->series, change->index, arena);
    review->until = end > change->index ? name_place(changes->series, end, arena) : "";
    return true;
}

static int place_review(struct pfl_flow *flow, const struct pfl_flow_review_params *params,
                        const struct pfl_flow_changes *found, struct pfl_review *review,
                        struct pfl_err *err)
{
    const char *numbered = pfl_arena_format(flow->arena, "#%s", params->at);
    bool exists = false;
    size_t i, index;

    for (i = 0; numbered && i < found->n; i++) {
        const struct pfl_series *series = found->list[i].series;

        index = pfl_changes_place_of(series, params->at);
        if (index >= series->n && strspn(params->at, "0123456789") == strlen(params->at)) {
            index = pfl_changes_place_of(series, numbered);
            if (index < series->n)
                review->at = numbered;
        }
        exists = exists || index < series->n;
        if (params->action == PFL_REVIEW_ACKNOWLEDGE &&
            place_change(&found->list[i], index, flow->arena, review))
            return review->at && review->until ? PFL_OK : pfl_err_no_memory(err);
    }
    if (!numbered)
        return pfl_err_no_memory(err);
    if (params->action == PFL_REVIEW_EXPECT || (params->action == PFL_REVIEW_REBASE && exists))
        return PFL_OK;
    return pfl_err_set(err, PFL_ENOENT,
                       exists ? "%s shows no change at %s, so there is none to acknowledge; "
                                "`perfledger changes` lists them"
                              : "no value of %s is named `%s`; give a commit (7 digits or more) "
                                "that was measured, or an "
                                "index from 0",
                       params->benchmark, params->at);
}

int pfl_flow_review(struct pfl_flow *flow, const struct pfl_flow_review_params *params,
                    struct pfl_review *written, const char **file, struct pfl_err *err)
{
    struct pfl_flow_changes_params where = params->where;
    struct pfl_review review = {.action = params->action,
                                .benchmark = params->benchmark,
                                .metric = params->where.metric ? params->where.metric : "*",
                                .at = params->at,
                                .until = "",
                                .note = params->note};
    struct pfl_flow_changes found;
    int rc;

    where.select = &params->benchmark;
    where.select_count = where.csv ? 0 : 1;
    if (where.csv && where.metric)
        where.metric = NULL;
    rc = pfl_flow_changes(flow, &where, &found, err);
    if (rc == PFL_OK)
        rc = place_review(flow, params, &found, &review, err);
    if (rc == PFL_OK)
        rc = pfl_reviews_add(found.reviews_file, &review, err);
    if (rc == PFL_OK) {
        *written = review;
        *file = found.reviews_file;
    }
    return rc;
}
