/*
 * Series over time. A series is its packets and one range of hot rows, and where names were joined
 * those of each name. What a point
 * says of its run (id, commit, start) would be a look-up per point in SQL, four times as dear as
 * the range itself; so all runs' few fields are read once into an index here, and read anew after
 * any write: our own, or another process's, which SQLite's data_version tells. Points come in the
 * order of run numbers, which is the order of arrival; backfilled history arrives late, so they are
 * sorted by start when they are not already.
 */
#include "store/sqlite.h"

#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char reading[] = "reading a series";

struct row {
    struct pfl_store_point point;
    int64_t number;
    size_t rank; /* of the name: 0 is the newest */
};
PFL_VEC(row_list, struct row);

/* Being gathered. */
struct rows {
    struct row_list list;
    struct pfl_store_name_list names;
    const struct pfl_store_name *name; /* the one at hand */
};

static void release_index(struct pfl_sqlite_index *index)
{
    pfl_vec_release(&index->runs);
    pfl_vec_release(&index->definitions);
    pfl_vec_release(&index->aliases);
    pfl_arena_release(&index->arena);
    index->valid = false;
}

void pfl_sqlite_forget_index(struct pfl_sqlite *s)
{
    release_index(&s->index);
    s->index_age++;
}

static int read_runs(struct pfl_sqlite *s, struct pfl_err *err)
{
    const char *fingerprint = "";
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, PFL_SQLITE_ALL_RUNS, &stmt, reading, err);

    if (got)
        return got;
    while ((got = pfl_sqlite_step(s, stmt, reading, err)) > 0) {
        struct pfl_sqlite_run_row row = {
            .number = sqlite3_column_int64(stmt, 0),
            .id = pfl_arena_text(&s->index.arena, pfl_sqlite_text(stmt, 1)),
            .commit = pfl_arena_text(&s->index.arena, pfl_sqlite_text(stmt, 2)),
            .started_unix_ns = sqlite3_column_int64(stmt, 4),
            .left_out = sqlite3_column_int(stmt, 5) != 0,
        };

        if (strcmp(fingerprint, pfl_sqlite_text(stmt, 3)) != 0) /* mostly the same as before */
            fingerprint = pfl_arena_text(&s->index.arena, pfl_sqlite_text(stmt, 3));
        row.fingerprint = fingerprint;
        if (!row.id || !row.commit || !fingerprint || !pfl_vec_push(&s->index.runs, &row)) {
            sqlite3_reset(stmt);
            return pfl_err_no_memory(err);
        }
    }
    return got;
}

static int read_definitions(struct pfl_sqlite *s, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, PFL_SQLITE_ALL_DEFINITIONS, &stmt, reading, err);

    if (got)
        return got;
    while ((got = pfl_sqlite_step(s, stmt, reading, err)) > 0) {
        struct pfl_sqlite_definition_row row = {
            .number = sqlite3_column_int64(stmt, 0),
            .hash = pfl_arena_text(&s->index.arena, pfl_sqlite_text(stmt, 1))};

        if (!row.hash || !pfl_vec_push(&s->index.definitions, &row)) {
            sqlite3_reset(stmt);
            return pfl_err_no_memory(err);
        }
    }
    return got;
}

static int data_version(struct pfl_sqlite *s, int64_t *version, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, PFL_SQLITE_DATA_VERSION, &stmt, reading, err);

    if (!got)
        got = pfl_sqlite_step(s, stmt, reading, err);
    if (got < 0)
        return got;
    *version = sqlite3_column_int64(stmt, 0);
    sqlite3_reset(stmt);
    return PFL_OK;
}

int pfl_sqlite_refresh_index(struct pfl_sqlite *s, struct pfl_err *err)
{
    int64_t version = 0;
    int code = data_version(s, &version, err);

    if (code || (s->index.valid && version == s->index.data_version))
        return code;
    pfl_sqlite_forget_index(s);
    s->index.data_version = version;
    code = read_runs(s, err);
    if (!code)
        code = read_definitions(s, err);
    if (!code)
        code = pfl_sqlite_read_aliases(s, &s->index.arena, &s->index.aliases, err);
    if (code)
        pfl_sqlite_forget_index(s);
    s->index.valid = !code;
    return code;
}

/* Rows that begin with their number, sorted by it and nearly always without gaps: a guess, then a
 * binary search. */
static const void *find_number(const void *rows, size_t n, size_t size, int64_t number)
{
    const char *base = rows;
    size_t low = 0, high = n,
           middle = number > 0 && (uint64_t)number <= n ? (size_t)number - 1 : n / 2;

    while (low < high) {
        const void *row = base + middle * size;
        int64_t here;

        memcpy(&here, row, sizeof here);
        if (here == number)
            return row;
        if (here < number)
            low = middle + 1;
        else
            high = middle;
        middle = low + (high - low) / 2;
    }
    return NULL;
}

/* A run that the index does not know was added since it was read, by another process: it is for the
 * next read. */
static int add_row(struct pfl_sqlite *s, const struct pfl_store_entry *entry, struct rows *rows,
                   struct pfl_err *err)
{
    const struct pfl_sqlite_index *index = &s->index;
    const struct pfl_sqlite_run_row *run =
        find_number(index->runs.at, index->runs.n, sizeof *run, entry->run);
    const struct pfl_sqlite_definition_row *hash =
        find_number(index->definitions.at, index->definitions.n, sizeof *hash, entry->definition);
    struct row *row;

    if (!run || !hash || run->left_out)
        return PFL_OK;
    if (!pfl_vec_reserve(&rows->list, rows->list.n + 1))
        return pfl_err_no_memory(err);
    row = &rows->list.at[rows->list.n++];
    row->number = entry->run;
    row->rank = rows->name->rank;
    row->point = (struct pfl_store_point){.run_id = run->id,
                                          .commit = run->commit,
                                          .fingerprint = run->fingerprint,
                                          .definition = hash->hash,
                                          .benchmark = rows->name->benchmark,
                                          .variant = rows->name->variant,
                                          .started_unix_ns = run->started_unix_ns,
                                          .summary = entry->summary};
    return PFL_OK;
}

static int compare_rows(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->point.started_unix_ns != y->point.started_unix_ns)
        return x->point.started_unix_ns < y->point.started_unix_ns ? -1 : 1;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

static void sort_rows(struct row_list *rows)
{
    size_t i;

    for (i = 1; i < rows->n; i++)
        if (compare_rows(&rows->at[i - 1], &rows->at[i]) > 0) {
            qsort(rows->at, rows->n, sizeof *rows->at, compare_rows);
            return;
        }
}

/* Of a run that has points under several names the newest one's is left. */
static void drop_older_names(struct row_list *rows)
{
    size_t i, kept = 0;

    for (i = 0; i < rows->n; i++)
        if (i == 0 || rows->at[i].number != rows->at[i - 1].number)
            rows->at[kept++] = rows->at[i];
    rows->n = kept;
}

static int find_series(struct pfl_sqlite *s, const struct pfl_store_series_key *key,
                       int64_t *number, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, PFL_SQLITE_FIND_SERIES, &stmt, reading, err);

    if (got)
        return got;
    pfl_sqlite_bind_text(stmt, 1, key->benchmark);
    pfl_sqlite_bind_text(stmt, 2, key->metric);
    pfl_sqlite_bind_text(stmt, 3, key->variant);
    pfl_sqlite_bind_text(stmt, 4, key->machine_id);
    got = pfl_sqlite_step(s, stmt, reading, err);
    if (got > 0)
        *number = sqlite3_column_int64(stmt, 0);
    sqlite3_reset(stmt);
    return got;
}

static int read_hot(struct pfl_sqlite *s, int64_t series, struct rows *rows, struct pfl_err *err)
{
    struct pfl_store_entry entry;
    sqlite3_stmt *stmt;
    int got, code = pfl_sqlite_use(s, PFL_SQLITE_GET_POINTS, &stmt, reading, err);

    if (code)
        return code;
    sqlite3_bind_int64(stmt, 1, series);
    while (!code && (got = pfl_sqlite_step(s, stmt, reading, err)) != 0) {
        if (got < 0)
            return got;
        pfl_sqlite_read_entry(stmt, &entry);
        code = add_row(s, &entry, rows, err);
    }
    sqlite3_reset(stmt);
    return code;
}

static int read_packet(struct pfl_sqlite *s, const struct pfl_store_packet *packet,
                       struct rows *rows, struct pfl_err *err)
{
    struct pfl_store_entry entries[PFL_STORE_PACKET_MAX];
    size_t i;
    char why[PFL_ERR_MESSAGE_MAX];
    int code = pfl_store_packet_read(packet, entries, err);

    if (code == PFL_ECORRUPT) {
        snprintf(why, sizeof why, "%s", err ? err->message : "");
        return pfl_err_set(err, code,
                           "%s: ledger %s: points of %s are damaged: %s; other series are not "
                           "concerned",
                           reading, s->path, rows->name->benchmark, why);
    }
    for (i = 0; i < packet->n && !code; i++)
        code = add_row(s, &entries[i], rows, err);
    return code;
}

static int read_packed(struct pfl_sqlite *s, int64_t series, struct rows *rows, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int got, code = pfl_sqlite_use(s, PFL_SQLITE_GET_PACKETS, &stmt, reading, err);

    if (code)
        return code;
    sqlite3_bind_int64(stmt, 1, series);
    while (!code && (got = pfl_sqlite_step(s, stmt, reading, err)) != 0) {
        struct pfl_store_packet packet;

        if (got < 0)
            return got;
        packet = pfl_sqlite_packet_of(stmt);
        code = read_packet(s, &packet, rows, err);
    }
    sqlite3_reset(stmt);
    return code;
}

static int read_name(struct pfl_sqlite *s, const struct pfl_store_series_key *key,
                     struct rows *rows, struct pfl_err *err)
{
    struct pfl_store_series_key of = {rows->name->benchmark, key->metric, rows->name->variant,
                                      key->machine_id};
    int64_t series = 0;
    int got = find_series(s, &of, &series, err);

    if (got <= 0)
        return got;
    got = s->schema >= PFL_SQLITE_PACKED ? read_packed(s, series, rows, err) : PFL_OK;
    return got ? got : read_hot(s, series, rows, err);
}

static int read_rows(struct pfl_sqlite *s, const struct pfl_store_series_key *key,
                     struct rows *rows, struct pfl_err *err)
{
    size_t i;
    int code = PFL_OK;

    if (!pfl_store_names_of(&s->index.aliases, key->benchmark, key->variant, &rows->names))
        return pfl_err_no_memory(err);
    for (i = 0; i < rows->names.n && !code; i++) {
        rows->name = &rows->names.at[i];
        code = read_name(s, key, rows, err);
    }
    sort_rows(&rows->list);
    if (rows->names.n > 1)
        drop_older_names(&rows->list);
    return code;
}

static void rows_release(struct rows *rows)
{
    pfl_vec_release(&rows->list);
    pfl_vec_release(&rows->names);
}

int pfl_sqlite_count_points(struct pfl_sqlite *s, const struct pfl_store_series_key *key,
                            size_t *points, struct pfl_err *err)
{
    struct rows rows = {0};
    int code = read_rows(s, key, &rows, err);

    if (!code)
        *points = rows.list.n;
    rows_release(&rows);
    return code;
}

/* The points are gathered first, and the index their texts stand in is put aside: a callback may
 * use the ledger, even change it. */
static void hand_out(struct pfl_sqlite *s, const struct rows *rows, pfl_store_point_fn *each,
                     void *context)
{
    struct pfl_sqlite_index held = s->index;
    unsigned long age = s->index_age;
    size_t i;

    memset(&s->index, 0, sizeof s->index);
    for (i = 0; i < rows->list.n && !each(context, &rows->list.at[i].point); i++)
        ;
    if (!s->index.valid && s->index_age == age)
        s->index = held;
    else
        release_index(&held);
}

int pfl_sqlite_series(struct pfl_store *store, const struct pfl_store_series_key *key,
                      pfl_store_point_fn *each, void *context, struct pfl_err *err)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    struct rows rows = {0};
    bool began;
    int code = pfl_sqlite_begin_read(s, &began, err);

    if (!code)
        code = pfl_sqlite_refresh_index(s, err);
    if (!code)
        code = read_rows(s, key, &rows, err);
    pfl_sqlite_end_read(s, began);
    if (!code)
        hand_out(s, &rows, each, context);
    rows_release(&rows);
    return code;
}
