/*
 * Which series there are, and how many points each has. Hot rows are counted along the table's key,
 * packed ones from an index that has no more than the counts; points of void runs are taken off,
 * for which packets need only show their run numbers.
 *
 * The list is gathered before any of it is handed out: a callback may use the ledger. Where names
 * were joined, the series of one chain are brought together under the newest name and their points
 * counted by reading them, for a run may have some under two names.
 */
#include "store/sqlite.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

static const char doing[] = "listing the series";

struct listed {
    struct pfl_store_series_key key;
    const char *unit, *better;
    int64_t number, points;
    bool joined; /* recorded under another name, or brought together with one that was */
    bool newest; /* recorded under the newest name */
};
PFL_VEC(listed_list, struct listed);
PFL_VEC(numbers, int64_t);

struct listing {
    struct pfl_sqlite *s;
    struct pfl_arena arena;
    struct listed_list list;
    struct numbers voids;
    struct pfl_err *err;
};

/* --- reading --- */

static bool read_listed(struct listing *listing, sqlite3_stmt *stmt)
{
    const char *texts[6];
    struct listed listed = {.number = sqlite3_column_int64(stmt, 0),
                            .points = sqlite3_column_int64(stmt, 7)};
    int i;

    for (i = 0; i < 6; i++) {
        texts[i] = pfl_arena_text(&listing->arena, pfl_sqlite_text(stmt, 1 + i));
        if (!texts[i])
            return false;
    }
    listed.key = (struct pfl_store_series_key){texts[0], texts[1], texts[2], texts[3]};
    listed.unit = texts[4];
    listed.better = texts[5];
    return pfl_vec_push(&listing->list, &listed);
}

static int read_list(struct listing *listing, const char *machine_id)
{
    struct pfl_sqlite *s = listing->s;
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, PFL_SQLITE_ALL_SERIES, &stmt, doing, listing->err);

    if (got)
        return got;
    if (machine_id)
        pfl_sqlite_bind_text(stmt, 1, machine_id);
    while ((got = pfl_sqlite_step(s, stmt, doing, listing->err)) > 0)
        if (!read_listed(listing, stmt)) {
            sqlite3_reset(stmt);
            return pfl_err_no_memory(listing->err);
        }
    return got;
}

static int compare_numbers(const void *a, const void *b)
{
    const struct listed *const *x = a, *const *y = b;

    return ((*x)->number > (*y)->number) - ((*x)->number < (*y)->number);
}

static struct listed *find_listed(struct listed *const *by_number, size_t n, int64_t number)
{
    struct listed wanted = {.number = number}, *key = &wanted,
                  *const *found =
                      n ? bsearch(&key, by_number, n, sizeof *by_number, compare_numbers) : NULL;

    return found ? *found : NULL;
}

static int read_voids(struct listing *listing)
{
    struct pfl_sqlite *s = listing->s;
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, PFL_SQLITE_ALL_VOID, &stmt, doing, listing->err);

    if (got)
        return got;
    while ((got = pfl_sqlite_step(s, stmt, doing, listing->err)) > 0) {
        int64_t run = sqlite3_column_int64(stmt, 0);

        if (!pfl_vec_push(&listing->voids, &run)) {
            sqlite3_reset(stmt);
            return pfl_err_no_memory(listing->err);
        }
    }
    return got;
}

static int64_t count_void(const struct listing *listing, const struct pfl_store_packet *packet)
{
    int64_t count = 0;
    size_t i;

    for (i = 0; i < listing->voids.n; i++)
        count += pfl_store_packet_has(packet, listing->voids.at[i]);
    return count;
}

/* Adds what is packed; takes off what of it is void. */
static int count_packed(struct listing *listing, struct listed *const *by_number, bool is_void)
{
    struct pfl_sqlite *s = listing->s;
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, is_void ? PFL_SQLITE_VOID_PACKETS : PFL_SQLITE_PACKED_COUNTS, &stmt,
                             doing, listing->err);

    if (got)
        return got;
    while ((got = pfl_sqlite_step(s, stmt, doing, listing->err)) > 0) {
        struct listed *listed =
            find_listed(by_number, listing->list.n, sqlite3_column_int64(stmt, is_void ? 6 : 0));

        if (listed && is_void) {
            struct pfl_store_packet packet = pfl_sqlite_packet_of(stmt);

            listed->points -= count_void(listing, &packet);
        } else if (listed) {
            listed->points += sqlite3_column_int64(stmt, 1);
        }
    }
    return got;
}

static int add_packed(struct listing *listing)
{
    size_t n = listing->list.n, i;
    struct listed **by_number = pfl_arena_array(&listing->arena, n, sizeof(struct listed *));
    int code;

    if (!by_number)
        return pfl_err_no_memory(listing->err);
    for (i = 0; i < n; i++)
        by_number[i] = &listing->list.at[i];
    if (n)
        qsort(by_number, n, sizeof *by_number, compare_numbers);
    code = count_packed(listing, by_number, false);
    if (!code)
        code = read_voids(listing);
    if (!code && listing->voids.n)
        code = count_packed(listing, by_number, true);
    return code;
}

/* --- names over time --- */

/* false: no memory. The names are copied: a callback may make the index forget them. */
static bool rename_one(struct listing *listing, struct listed *listed)
{
    const struct pfl_store_aliases *aliases = &listing->s->index.aliases;
    const char *benchmark = pfl_store_newest_benchmark(aliases, listed->key.benchmark),
               *variant = pfl_store_newest_variant(aliases, benchmark, listed->key.variant);

    listed->newest =
        strcmp(benchmark, listed->key.benchmark) == 0 && strcmp(variant, listed->key.variant) == 0;
    listed->joined = !listed->newest;
    if (listed->newest)
        return true;
    listed->key.benchmark = pfl_arena_text(&listing->arena, benchmark);
    listed->key.variant = pfl_arena_text(&listing->arena, variant);
    return listed->key.benchmark && listed->key.variant;
}

static int compare_keys(const struct listed *x, const struct listed *y)
{
    int order = strcmp(x->key.benchmark, y->key.benchmark);

    if (!order)
        order = strcmp(x->key.metric, y->key.metric);
    if (!order)
        order = strcmp(x->key.variant, y->key.variant);
    return order ? order : strcmp(x->key.machine_id, y->key.machine_id);
}

/* Of one chain the newest name comes first, then what was last begun. */
static int compare_listed(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    int order = compare_keys(x, y);

    if (order)
        return order;
    if (x->newest != y->newest)
        return x->newest ? -1 : 1;
    return (x->number < y->number) - (x->number > y->number);
}

static int join(struct listing *listing)
{
    struct listed_list *list = &listing->list;
    size_t i, kept = 0;

    for (i = 0; i < list->n; i++)
        if (!rename_one(listing, &list->at[i]))
            return pfl_err_no_memory(listing->err);
    if (list->n)
        qsort(list->at, list->n, sizeof *list->at, compare_listed);
    for (i = 0; i < list->n; i++) {
        struct listed *last = kept ? &list->at[kept - 1] : NULL;

        if (!list->at[i].points)
            continue;
        if (last && compare_keys(last, &list->at[i]) == 0)
            last->joined = true;
        else
            list->at[kept++] = list->at[i];
    }
    list->n = kept;
    return PFL_OK;
}

static int count_joined(struct listing *listing)
{
    size_t i, points = 0;
    int code = PFL_OK;

    for (i = 0; i < listing->list.n && !code; i++) {
        struct listed *listed = &listing->list.at[i];

        if (!listed->joined)
            continue;
        code = pfl_sqlite_count_points(listing->s, &listed->key, &points, listing->err);
        listed->points = (int64_t)points;
    }
    return code;
}

/* --- handing out --- */

static int gather(struct listing *listing, const char *machine_id)
{
    struct pfl_sqlite *s = listing->s;
    bool began;
    int code = pfl_sqlite_begin_read(s, &began, listing->err);

    if (!code)
        code = pfl_sqlite_refresh_index(s, listing->err);
    if (!code)
        code = pfl_sqlite_learn_schema(s, listing->err);
    if (!code)
        code = read_list(listing, machine_id);
    if (!code && s->schema >= PFL_SQLITE_PACKED)
        code = add_packed(listing);
    if (!code && s->index.aliases.n) {
        code = join(listing);
        if (!code)
            code = count_joined(listing);
    }
    pfl_sqlite_end_read(s, began);
    return code;
}

static int hand_out(const struct listing *listing, pfl_store_series_fn *each, void *context)
{
    enum pfl_better better;
    size_t i;

    for (i = 0; i < listing->list.n; i++) {
        const struct listed *listed = &listing->list.at[i];

        if (listed->points <= 0)
            continue;
        if (!pfl_metric_better_read(listed->better, &better))
            return pfl_err_set(listing->err, PFL_ECORRUPT,
                               "%s: ledger %s: series %s has no known direction", doing,
                               listing->s->path, listed->key.benchmark);
        if (each(context, &listed->key, listed->unit, better, (size_t)listed->points))
            break;
    }
    return PFL_OK;
}

int pfl_sqlite_each_series(struct pfl_store *store, const char *machine_id,
                           pfl_store_series_fn *each, void *context, struct pfl_err *err)
{
    struct listing listing = {.s = (struct pfl_sqlite *)store, .err = err};
    int code;

    pfl_arena_init(&listing.arena);
    code = gather(&listing, machine_id);
    if (!code)
        code = hand_out(&listing, each, context);
    pfl_vec_release(&listing.list);
    pfl_vec_release(&listing.voids);
    pfl_arena_release(&listing.arena);
    return code;
}
