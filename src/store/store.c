/*
 * The ledger's front: picks the kind of store by the URL and hands the calls on. What every store
 * would refuse is refused here once, so that the kinds only know their databases.
 */
#include "store/store.h"

#include "store/kind.h"

#include <string.h>

const struct pfl_store_kind *const pfl_store_kinds[] = {&pfl_store_sqlite, NULL};

enum { SHORTEST_ID_PREFIX = 4 };

static const char *prefix_of(const struct pfl_store_kind *kind, const char *url)
{
    const char *const *prefix;

    for (prefix = kind->prefixes; *prefix; prefix++)
        if (strncmp(url, *prefix, strlen(*prefix)) == 0)
            return *prefix;
    return NULL;
}

/* "scheme://": a store that is not built in, and surely not a file's name. */
static bool has_scheme(const char *url)
{
    const char *colon = strstr(url, "://");

    return colon && colon > url && strcspn(url, "/") > (size_t)(colon - url);
}

int pfl_store_open(const struct pfl_store_open_params *params, struct pfl_store **store,
                   struct pfl_err *err)
{
    const struct pfl_store_kind *const *kind;
    struct pfl_store_open_params inner = *params;

    if (!params->url || !params->url[0])
        return pfl_err_set(err, PFL_EINVAL,
                           "opening the ledger: its name is empty: give a path, as in "
                           "--ledger .perfledger/ledger.db");
    for (kind = pfl_store_kinds; *kind; kind++) {
        const char *prefix = prefix_of(*kind, params->url);

        if (!prefix || (!prefix[0] && has_scheme(params->url)))
            continue;
        if (prefix[0] && prefix[strlen(prefix) - 1] == ':')
            inner.url += strlen(prefix);
        return (*kind)->open(&inner, store, err);
    }
    return pfl_err_set(err, PFL_EINVAL,
                       "opening the ledger %s: this perfledger has no store of that kind: "
                       "give a path (an SQLite file)",
                       params->url);
}

void pfl_store_close(struct pfl_store *store)
{
    if (store)
        store->kind->close(store);
}

static int check_run(const struct pfl_run *run, struct pfl_err *err)
{
    size_t b, r;

    if (!run->id || !run->id[0])
        return pfl_err_set(err, PFL_EINVAL, "recording a run: it has no id");
    for (b = 0; b < run->benchmark_count; b++)
        for (r = 0; r < run->benchmarks[b].result_count; r++) {
            const struct pfl_result *result = &run->benchmarks[b].results[r];

            if (result->n && !result->values)
                return pfl_err_set(err, PFL_EINVAL,
                                   "recording run %s: %s of %s has %zu samples but no values",
                                   run->id, result->metric, run->benchmarks[b].name, result->n);
        }
    return PFL_OK;
}

int pfl_store_add(struct pfl_store *store, const struct pfl_run *run, bool *added,
                  struct pfl_err *err)
{
    int code = check_run(run, err);

    return code ? code : store->kind->add(store, run, NULL, added, err);
}

static int check_source(const char *source, struct pfl_err *err)
{
    return source && source[0]
               ? PFL_OK
               : pfl_err_set(err, PFL_EINVAL, "looking for what was imported: the source is empty");
}

int pfl_store_add_from(struct pfl_store *store, const struct pfl_run *run, const char *source,
                       bool *added, struct pfl_err *err)
{
    int code = check_source(source, err);

    if (!code)
        code = check_run(run, err);
    return code ? code : store->kind->add(store, run, source, added, err);
}

int pfl_store_has_source(struct pfl_store *store, const char *source, bool *has,
                         struct pfl_err *err)
{
    int code = check_source(source, err);

    return code ? code : store->kind->has_source(store, source, has, err);
}

int pfl_store_replace(struct pfl_store *store, const struct pfl_store_place *place, bool *replaced,
                      struct pfl_err *err)
{
    int code = check_source(place->key, err);

    *replaced = false;
    return code ? code : store->kind->replace(store, place, replaced, err);
}

int pfl_store_begin(struct pfl_store *store, struct pfl_err *err)
{
    return store->kind->begin(store, err);
}

int pfl_store_commit(struct pfl_store *store, struct pfl_err *err)
{
    return store->kind->commit(store, err);
}

int pfl_store_freeze(struct pfl_store *store, struct pfl_err *err)
{
    return store->kind->freeze(store, err);
}

void pfl_store_thaw(struct pfl_store *store)
{
    if (store)
        store->kind->thaw(store);
}

void pfl_store_abandon(struct pfl_store *store)
{
    store->kind->abandon(store);
}

int pfl_store_thin(struct pfl_store *store, const struct pfl_store_thin_params *params,
                   struct pfl_store_thinned *done, struct pfl_err *err)
{
    *done = (struct pfl_store_thinned){0};
    return store->kind->thin(store, params, done, err);
}

int pfl_store_compact(struct pfl_store *store, struct pfl_store_compacted *compacted,
                      struct pfl_err *err)
{
    *compacted = (struct pfl_store_compacted){0};
    return store->kind->compact(store, compacted, err);
}

static int check_id(const char *id, struct pfl_err *err)
{
    if (!id || strlen(id) < SHORTEST_ID_PREFIX)
        return pfl_err_set(err, PFL_EINVAL,
                           "looking for run '%s': give at least %d digits of its id "
                           "(`perfledger list` shows them)",
                           id ? id : "", SHORTEST_ID_PREFIX);
    return PFL_OK;
}

int pfl_store_load(struct pfl_store *store, const char *id, struct pfl_arena *arena,
                   struct pfl_run *run, struct pfl_err *err)
{
    int code = check_id(id, err);

    return code ? code : store->kind->load(store, id, arena, run, err);
}

int pfl_store_list(struct pfl_store *store, const struct pfl_store_query *query,
                   struct pfl_arena *arena, struct pfl_run_head **heads, size_t *n,
                   struct pfl_err *err)
{
    return store->kind->list(store, query, arena, heads, n, err);
}

int pfl_store_series(struct pfl_store *store, const struct pfl_store_series_key *key,
                     pfl_store_point_fn *each, void *context, struct pfl_err *err)
{
    return store->kind->series(store, key, each, context, err);
}

int pfl_store_each_series(struct pfl_store *store, const char *machine_id,
                          pfl_store_series_fn *each, void *context, struct pfl_err *err)
{
    return store->kind->each_series(store, machine_id, each, context, err);
}

int pfl_store_yardsticks(struct pfl_store *store, const char *machine_id, const char *fingerprint,
                         double reference[PFL_YARDSTICK_COUNT], struct pfl_err *err)
{
    return store->kind->yardsticks(store, machine_id, fingerprint, reference, err);
}

int pfl_store_yardstick_runs(struct pfl_store *store, struct pfl_arena *arena, const char ***ids,
                             size_t *n, struct pfl_err *err)
{
    return store->kind->yardstick_runs(store, arena, ids, n, err);
}

int pfl_store_yardsticks_reset(struct pfl_store *store, const char *machine_id,
                               const char *fingerprint, bool *known, struct pfl_err *err)
{
    return store->kind->yardsticks_reset(store, machine_id, fingerprint, known, err);
}

int pfl_store_void(struct pfl_store *store, const char *run_id, const char *why, int64_t unix_ns,
                   struct pfl_err *err)
{
    int code = check_id(run_id, err);

    if (!code && (!why || !why[0]))
        code = pfl_err_set(err, PFL_EINVAL,
                           "voiding run %s: say why, as in --why \"the fan was off\"", run_id);
    return code ? code : store->kind->void_run(store, run_id, why, unix_ns, err);
}

int pfl_store_unvoid(struct pfl_store *store, const char *run_id, struct pfl_err *err)
{
    int code = check_id(run_id, err);

    return code ? code : store->kind->unvoid(store, run_id, err);
}

int pfl_store_note(struct pfl_store *store, const char *run_id, const char *text, int64_t unix_ns,
                   struct pfl_err *err)
{
    int code = check_id(run_id, err);

    if (!code && (!text || !text[0]))
        code =
            pfl_err_set(err, PFL_EINVAL, "noting something on run %s: the text is empty", run_id);
    return code ? code : store->kind->note(store, run_id, text, unix_ns, err);
}

int pfl_store_remarks(struct pfl_store *store, const char *run_id, struct pfl_arena *arena,
                      struct pfl_store_remark **remarks, size_t *n, struct pfl_err *err)
{
    int code = check_id(run_id, err);

    return code ? code : store->kind->remarks(store, run_id, arena, remarks, n, err);
}

/* Texts are never NULL behind this. */
static int check_alias(const struct pfl_store_alias *given, struct pfl_store_alias *alias,
                       const char *doing, struct pfl_err *err)
{
    *alias = *given;
    alias->benchmark = given->variant && given->benchmark ? given->benchmark : "";
    alias->from = given->from ? given->from : "";
    alias->to = given->to ? given->to : "";
    alias->note = given->note ? given->note : "";
    if (!given->variant && !alias->from[0])
        return pfl_err_set(err, PFL_EINVAL, "%s: a benchmark's name is empty", doing);
    return PFL_OK;
}

int pfl_store_alias_add(struct pfl_store *store, const struct pfl_store_alias *alias,
                        struct pfl_err *err)
{
    struct pfl_store_alias checked;
    int code = check_alias(alias, &checked, "joining two names", err);

    if (code)
        return code;
    if (!checked.variant && !checked.to[0])
        return pfl_err_set(err, PFL_EINVAL, "joining two names: a benchmark's name is empty");
    if (strcmp(checked.from, checked.to) == 0)
        return pfl_err_set(err, PFL_EINVAL, "joining two names: '%s' is one name, not two",
                           checked.from);
    return store->kind->alias_add(store, &checked, err);
}

int pfl_store_alias_remove(struct pfl_store *store, const struct pfl_store_alias *alias,
                           struct pfl_err *err)
{
    struct pfl_store_alias checked;
    int code = check_alias(alias, &checked, "parting two names", err);

    return code ? code : store->kind->alias_remove(store, &checked, err);
}

int pfl_store_alias_list(struct pfl_store *store, struct pfl_arena *arena,
                         struct pfl_store_alias **aliases, size_t *n, struct pfl_err *err)
{
    return store->kind->alias_list(store, arena, aliases, n, err);
}
