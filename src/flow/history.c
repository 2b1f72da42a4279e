/*
 * Series → records. One series is in memory at a time: a ledger may hold millions of points.
 *
 * What a period says of its runs is made of their medians, each run counting once, however many
 * samples it has: the median of the medians (the mean of the two middle ones where they are even in
 * number), the least, the greatest. Of the newest run all that is known is told beside it. A run
 * belongs to the period in which it was measured; an imported archive's runs have their commits'
 * dates.
 *
 * The epoch tells that machine, definition or name are others than in the point before: a record
 * has all that changed at any of its points. The first record of a series changes nothing.
 */
#include "flow/history.h"

#include "base/text.h"
#include "base/vec.h"
#include "stats/stats.h"

#include <string.h>

PFL_VEC(history_medians, double);

PFL_VEC(series_keys, struct pfl_history_series);

struct gathering {
    const struct pfl_flow_history_params *params;
    struct pfl_arena arena; /* the keys' texts */
    struct series_keys keys;
    struct pfl_store_alias *aliases;
    size_t alias_count;
    struct pfl_err *err;
    int rc;
    /* of the series at hand */
    struct history_medians medians; /* of the period at hand */
    struct pfl_history_record record;
    struct pfl_buf texts[6]; /* of the point before: they last longer than its callback */
};

enum { REVISION, RUN, FINGERPRINT, DEFINITION, BENCHMARK, VARIANT };

/* Under this name, or one that it had before. */
static bool selected(const struct gathering *g, const char *benchmark, int depth)
{
    enum { NAMES_MAX = 64 };
    const struct pfl_flow_history_params *params = g->params;
    size_t i;

    for (i = 0; i < params->select_count; i++)
        if (pfl_run_selects(params->select[i], benchmark))
            return true;
    for (i = 0; i < g->alias_count && depth < NAMES_MAX; i++)
        if (!g->aliases[i].variant && strcmp(g->aliases[i].to, benchmark) == 0 &&
            selected(g, g->aliases[i].from, depth + 1))
            return true;
    return false;
}

static bool wanted(const struct gathering *g, const char *benchmark, const char *metric)
{
    if (g->params->metric && !pfl_text_glob(g->params->metric, metric))
        return false;
    return g->params->select_count == 0 || selected(g, benchmark, 0);
}

static int note_series(void *context, const struct pfl_store_series_key *key, const char *unit,
                       enum pfl_better better, size_t points)
{
    struct gathering *g = context;
    struct pfl_history_series made = {.better = better};
    const char *const from[] = {key->benchmark, key->metric, key->variant, key->machine_id, unit};
    const char **const to[] = {&made.benchmark, &made.metric, &made.variant, &made.machine,
                               &made.unit};
    size_t i;

    (void)points;
    if (!wanted(g, key->benchmark, key->metric))
        return 0;
    for (i = 0; i < PFL_COUNT(from) && g->rc == PFL_OK; i++)
        if (!(*to[i] = pfl_arena_text(&g->arena, from[i])))
            g->rc = pfl_err_no_memory(g->err);
    if (g->rc == PFL_OK && !pfl_vec_push(&g->keys, &made))
        g->rc = pfl_err_no_memory(g->err);
    return g->rc != PFL_OK;
}

/* ---- points ---- */

/* Hands the period at hand over. */
static int end_period(struct gathering *g)
{
    struct pfl_history_record *record = &g->record;
    struct history_medians *medians = &g->medians;

    if (medians->n == 0)
        return PFL_OK;
    pfl_stats_sort(medians->at, medians->n);
    record->runs = medians->n;
    record->median = pfl_stats_median_sorted(medians->at, medians->n);
    record->min = medians->at[0];
    record->max = medians->at[medians->n - 1];
    record->revision = pfl_buf_cstr(&g->texts[REVISION]);
    record->run = pfl_buf_cstr(&g->texts[RUN]);
    medians->n = 0;
    return g->params->record(g->params->context, record, g->err);
}

/* Keeps the text; was another there before? */
static bool keep(struct gathering *g, int which, const char *text)
{
    struct pfl_buf *buf = &g->texts[which];
    bool other = strcmp(pfl_buf_cstr(buf), text) != 0;

    if (other) {
        pfl_buf_clear(buf);
        pfl_buf_text(buf, text);
        if (buf->error && g->rc == PFL_OK)
            g->rc = pfl_buf_check(buf, g->err, "reading a series");
    }
    return other;
}

static unsigned epochs_of(struct gathering *g, const struct pfl_store_point *point)
{
    unsigned epochs = 0;

    if (keep(g, FINGERPRINT, point->fingerprint))
        epochs |= PFL_HISTORY_MACHINE;
    if (keep(g, DEFINITION, point->definition))
        epochs |= PFL_HISTORY_DEFINITION;
    if (keep(g, BENCHMARK, point->benchmark))
        epochs |= PFL_HISTORY_NAME;
    if (keep(g, VARIANT, point->variant))
        epochs |= PFL_HISTORY_NAME;
    return epochs;
}

static int note_point(void *context, const struct pfl_store_point *point)
{
    struct gathering *g = context;
    int64_t begin = pfl_history_begin_of(g->params->every, point->started_unix_ns);
    bool first = g->record.run == NULL;
    unsigned epochs;

    if (point->started_unix_ns == 0 && g->params->every != PFL_HISTORY_RUN) {
        if (g->params->undated)
            ++*g->params->undated;
        return 0;
    }
    if (g->params->every == PFL_HISTORY_RUN || begin != g->record.begin_unix_ns) {
        g->rc = end_period(g);
        if (g->rc != PFL_OK)
            return 1;
        g->record.begin_unix_ns = begin;
        g->record.epochs = 0;
    }
    epochs = epochs_of(g, point);
    g->record.epochs |= first ? 0 : epochs;
    g->record.last = point->summary;
    g->record.run = "";
    keep(g, REVISION, point->commit);
    keep(g, RUN, point->run_id);
    if (g->rc == PFL_OK && !pfl_vec_push(&g->medians, &point->summary.median))
        g->rc = pfl_err_no_memory(g->err);
    return g->rc != PFL_OK;
}

static int write_series(struct gathering *g, struct pfl_store *store,
                        const struct pfl_history_series *series)
{
    struct pfl_store_series_key key = {series->benchmark, series->metric, series->variant,
                                       series->machine};
    int rc = g->params->series(g->params->context, series, g->err);

    g->medians.n = 0;
    g->record = (struct pfl_history_record){.run = NULL};
    if (rc == PFL_OK)
        rc = pfl_store_series(store, &key, note_point, g, g->err);
    if (rc == PFL_OK)
        rc = g->rc;
    return rc == PFL_OK ? end_period(g) : rc;
}

/* ---- all ---- */

static int write_all(struct gathering *g, struct pfl_store *store, const char *ledger)
{
    size_t i;
    int rc = PFL_OK;

    if (g->params->select_count)
        rc = pfl_store_alias_list(store, &g->arena, &g->aliases, &g->alias_count, g->err);
    if (rc == PFL_OK)
        rc = pfl_store_each_series(store, NULL, note_series, g, g->err);
    if (rc == PFL_OK)
        rc = g->rc;
    if (rc == PFL_OK && g->keys.n == 0)
        rc = pfl_err_set(g->err, PFL_ENOTHING, "no series in the ledger %s is selected%s", ledger,
                         g->params->select_count || g->params->metric
                             ? "; without SELECT and --metric all are"
                             : "");
    for (i = 0; rc == PFL_OK && i < g->keys.n; i++)
        rc = write_series(g, store, &g->keys.at[i]);
    return rc;
}

static int with_store(struct pfl_flow *flow, struct gathering *g)
{
    struct pfl_store *store;
    int rc = pfl_flow_store(flow, PFL_FLOW_READ, &store, g->err);

    if (rc == PFL_ENOENT)
        return pfl_err_set(g->err, PFL_ENOTHING,
                           "there is no ledger yet at %s, so there is no history; `perfledger run` "
                           "begins one, `perfledger import` takes one over",
                           flow->ledger_url);
    if (rc == PFL_OK)
        rc = pfl_store_freeze(store, g->err);
    if (rc != PFL_OK)
        return rc;
    rc = write_all(g, store, flow->ledger_url);
    pfl_store_thaw(store);
    return rc;
}

int pfl_flow_history(struct pfl_flow *flow, const struct pfl_flow_history_params *params,
                     struct pfl_err *err)
{
    struct gathering g = {.params = params, .err = err};
    size_t i;
    int rc;

    pfl_arena_init(&g.arena);
    for (i = 0; i < PFL_COUNT(g.texts); i++)
        pfl_buf_init(&g.texts[i], 64 << 20);
    rc = with_store(flow, &g);
    for (i = 0; i < PFL_COUNT(g.texts); i++)
        pfl_buf_release(&g.texts[i]);
    pfl_vec_release(&g.keys);
    pfl_vec_release(&g.medians);
    pfl_arena_release(&g.arena);
    return rc;
}
