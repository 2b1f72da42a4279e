/*
 * Series over time. A series is one range of the summary table's B-tree. What a point says of its
 * run (id, commit, start) would be a look-up per point in SQL, four times as dear as the range
 * itself; so all runs' few fields are read once into an index here, and read anew after any write:
 * our own, or another process's, which SQLite's data_version tells. Points come in the order of run
 * numbers, which is the order of arrival; backfilled history arrives late, so they are sorted by
 * start when they are not already.
 */
#include "store/sqlite.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char reading[] = "reading a series";

struct row {
    struct pfl_store_point point;
    int64_t number;
};
PFL_VEC(rows, struct row);

void pfl_sqlite_forget_index(struct pfl_sqlite *s)
{
    pfl_vec_release(&s->index.runs);
    pfl_vec_release(&s->index.definitions);
    pfl_arena_release(&s->index.arena);
    s->index.valid = false;
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

static int refresh(struct pfl_sqlite *s, struct pfl_err *err)
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

/* NULL reads as 0, so only a 0 needs the second question: this is called nine times per point. */
static double number_or_nan(sqlite3_stmt *stmt, int column)
{
    double value = sqlite3_column_double(stmt, column);

    return value == 0 && sqlite3_column_type(stmt, column) == SQLITE_NULL ? (double)NAN : value;
}

static void read_summary(sqlite3_stmt *stmt, struct pfl_summary *summary)
{
    summary->n = (size_t)sqlite3_column_int64(stmt, 2);
    summary->median = number_or_nan(stmt, 3);
    summary->ci_low = number_or_nan(stmt, 4);
    summary->ci_high = number_or_nan(stmt, 5);
    summary->mean = number_or_nan(stmt, 6);
    summary->stddev = number_or_nan(stmt, 7);
    summary->min = number_or_nan(stmt, 8);
    summary->max = number_or_nan(stmt, 9);
    summary->q1 = number_or_nan(stmt, 10);
    summary->q3 = number_or_nan(stmt, 11);
}

/* A run that the index does not know was added since it was read, by another process: it is for the
 * next read. */
static int read_point(struct pfl_sqlite *s, sqlite3_stmt *stmt, struct rows *rows,
                      struct pfl_err *err)
{
    int64_t number = sqlite3_column_int64(stmt, 0), definition = sqlite3_column_int64(stmt, 1);
    const struct pfl_sqlite_index *index = &s->index;
    const struct pfl_sqlite_run_row *run =
        find_number(index->runs.at, index->runs.n, sizeof *run, number);
    const struct pfl_sqlite_definition_row *hash =
        find_number(index->definitions.at, index->definitions.n, sizeof *hash, definition);
    struct row *row;

    if (!run || !hash || run->left_out)
        return PFL_OK;
    if (!pfl_vec_reserve(rows, rows->n + 1))
        return pfl_err_no_memory(err);
    row = &rows->at[rows->n++];
    row->number = number;
    row->point.run_id = run->id;
    row->point.commit = run->commit;
    row->point.fingerprint = run->fingerprint;
    row->point.definition = hash->hash;
    row->point.started_unix_ns = run->started_unix_ns;
    read_summary(stmt, &row->point.summary);
    return PFL_OK;
}

static int compare_rows(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->point.started_unix_ns != y->point.started_unix_ns)
        return x->point.started_unix_ns < y->point.started_unix_ns ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static void sort_rows(struct rows *rows)
{
    size_t i;

    for (i = 1; i < rows->n; i++)
        if (compare_rows(&rows->at[i - 1], &rows->at[i]) > 0) {
            qsort(rows->at, rows->n, sizeof *rows->at, compare_rows);
            return;
        }
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

static int read_rows(struct pfl_sqlite *s, int64_t series, struct rows *rows, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int got, code = pfl_sqlite_use(s, PFL_SQLITE_GET_POINTS, &stmt, reading, err);

    if (code)
        return code;
    sqlite3_bind_int64(stmt, 1, series);
    while ((got = pfl_sqlite_step(s, stmt, reading, err)) > 0 && !code)
        code = read_point(s, stmt, rows, err);
    sqlite3_reset(stmt);
    return code ? code : got;
}

/* The points are gathered first: a callback may use the ledger, even change it. */
int pfl_sqlite_series(struct pfl_store *store, const struct pfl_store_series_key *key,
                      pfl_store_point_fn *each, void *context, struct pfl_err *err)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    struct rows rows = {0};
    int64_t series = 0;
    size_t i;
    int got = find_series(s, key, &series, err), code;

    if (got <= 0)
        return got;
    code = refresh(s, err);
    if (!code)
        code = read_rows(s, series, &rows, err);
    if (!code) {
        sort_rows(&rows);
        for (i = 0; i < rows.n && !each(context, &rows.at[i].point); i++)
            ;
    }
    pfl_vec_release(&rows);
    return code;
}

int pfl_sqlite_each_series(struct pfl_store *store, const char *machine_id,
                           pfl_store_series_fn *each, void *context, struct pfl_err *err)
{
    static const char doing[] = "listing the series";
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    sqlite3_stmt *stmt = NULL;
    int got, rc = pfl_fault_io()
                      ? SQLITE_IOERR
                      : sqlite3_prepare_v2(s->db, PFL_SQLITE_EACH_SERIES, -1, &stmt, NULL);

    if (rc != SQLITE_OK)
        return pfl_sqlite_fail(s, rc, doing, err);
    if (machine_id)
        pfl_sqlite_bind_text(stmt, 1, machine_id);
    while ((got = pfl_sqlite_step(s, stmt, doing, err)) > 0) {
        struct pfl_store_series_key key = {pfl_sqlite_text(stmt, 0), pfl_sqlite_text(stmt, 1),
                                           pfl_sqlite_text(stmt, 2), pfl_sqlite_text(stmt, 3)};
        enum pfl_better better;

        if (!pfl_metric_better_read(pfl_sqlite_text(stmt, 5), &better)) {
            got = pfl_err_set(err, PFL_ECORRUPT, "%s: ledger %s: series %s has no known direction",
                              doing, s->path, key.benchmark);
            break;
        }
        if (each(context, &key, pfl_sqlite_text(stmt, 4), better,
                 (size_t)sqlite3_column_int64(stmt, 6)))
            break;
    }
    sqlite3_finalize(stmt);
    return got < 0 ? got : PFL_OK;
}
