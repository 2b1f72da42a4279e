/*
 * Runs come out: by id or a prefix of it, whole; or their heads, filtered and newest last. A run is
 * one row of bytes and a few chunks of samples, so its load is two look-ups and an unpacking,
 * whatever the number of its results; but for lean ones, whose numbers are gathered from their
 * series, and for thinned ones, which have no samples.
 */
#include "store/sqlite.h"

#include "store/lean.h"
#include "store/record.h"

#include <stdio.h>
#include <string.h>

static const char reading[] = "reading a run";

static int ambiguous(struct pfl_sqlite *s, sqlite3_stmt *stmt, const char *prefix,
                     const char *first, struct pfl_err *err)
{
    struct pfl_buf names;
    int got, shown = 1;
    const char *second = pfl_sqlite_text(stmt, 1);

    pfl_buf_init(&names, 1024);
    pfl_buf_format(&names, "%s, %s", first, second);
    while ((got = pfl_sqlite_step(s, stmt, reading, err)) > 0)
        if (++shown < 5)
            pfl_buf_format(&names, ", %s", pfl_sqlite_text(stmt, 1));
        else
            pfl_buf_text(&names, ", …");
    if (!got)
        got = pfl_err_set(err, PFL_EINVAL,
                          "'%s' is the beginning of several runs (%s): give more digits", prefix,
                          pfl_buf_cstr(&names));
    pfl_buf_release(&names);
    return got;
}

int pfl_sqlite_find(struct pfl_sqlite *s, const char *id, struct pfl_arena *arena, int64_t *number,
                    const char **whole_id, struct pfl_err *err)
{
    const char *first;
    sqlite3_stmt *stmt;
    int64_t found;
    int got = pfl_sqlite_use(s, PFL_SQLITE_FIND_RUN, &stmt, reading, err);

    if (got)
        return got;
    pfl_sqlite_bind_text(stmt, 1, id);
    got = pfl_sqlite_step(s, stmt, reading, err);
    if (got == 0)
        return pfl_err_set(
            err, PFL_ENOENT,
            "looking for run %s: the ledger %s has none of that id (`perfledger list` shows them)",
            id, s->path);
    if (got < 0)
        return got;
    found = sqlite3_column_int64(stmt, 0);
    first = pfl_arena_text(arena, pfl_sqlite_text(stmt, 1));
    if (!first) {
        got = pfl_err_no_memory(err);
    } else if (strcmp(first, id) != 0) { /* a whole id comes first and is never ambiguous */
        got = pfl_sqlite_step(s, stmt, reading, err);
        if (got > 0)
            got = ambiguous(s, stmt, id, first, err);
    } else {
        got = PFL_OK;
    }
    sqlite3_reset(stmt);
    if (got)
        return got;
    *number = found;
    *whole_id = first;
    return PFL_OK;
}

static struct pfl_store_cursor blob_of(sqlite3_stmt *stmt, int column)
{
    const unsigned char *bytes = sqlite3_column_blob(stmt, column);
    int len = sqlite3_column_bytes(stmt, column);

    return (struct pfl_store_cursor){.at = bytes, .end = bytes ? bytes + len : bytes};
}

static int damaged(struct pfl_sqlite *s, struct pfl_err *err, const char *id, const char *why)
{
    return pfl_err_set(err, PFL_ECORRUPT,
                       "ledger %s: run %s is damaged: %s; the other runs are not concerned",
                       s->path, id, why);
}

/* Bytes that were read but cannot be understood: says of which run. */
static int understood(struct pfl_sqlite *s, const char *id, int code, struct pfl_err *err)
{
    char why[PFL_ERR_MESSAGE_MAX];

    if (code != PFL_ECORRUPT)
        return code;
    snprintf(why, sizeof why, "%s", err ? err->message : "");
    return damaged(s, err, id, why);
}

static int load_samples(struct pfl_sqlite *s, int64_t number, struct pfl_run *run,
                        struct pfl_err *err)
{
    struct pfl_store_cursor blob;
    sqlite3_stmt *stmt;
    size_t next = 0;
    int got = pfl_sqlite_use(s, PFL_SQLITE_GET_SAMPLES, &stmt, reading, err), code = PFL_OK;

    if (got)
        return got;
    sqlite3_bind_int64(stmt, 1, number);
    while (!code && (got = pfl_sqlite_step(s, stmt, reading, err)) > 0) {
        if (sqlite3_column_int64(stmt, 0) != (int64_t)next)
            break;
        blob = blob_of(stmt, 1);
        code =
            understood(s, run->id, pfl_store_samples_read(&s->zstd, &blob, run, &next, err), err);
    }
    sqlite3_reset(stmt);
    if (!code && got < 0)
        code = got;
    if (!code && next != run->benchmark_count)
        code = damaged(s, err, run->id, "some of its samples are missing");
    return code;
}

/* The record, and the samples that an ordinary one has beside it. */
static int load_whole(struct pfl_sqlite *s, int64_t number, const char *id, struct pfl_arena *arena,
                      struct pfl_run *run, struct pfl_err *err)
{
    struct pfl_store_cursor blob;
    sqlite3_stmt *stmt;
    unsigned char version;
    int got = pfl_sqlite_use(s, PFL_SQLITE_GET_RECORD, &stmt, reading, err);

    if (got)
        return got;
    sqlite3_bind_int64(stmt, 1, number);
    got = pfl_sqlite_step(s, stmt, reading, err);
    if (got < 0)
        return got;
    if (got == 0)
        return damaged(s, err, id, "its record is missing");
    blob = blob_of(stmt, 0);
    version = blob.at == blob.end ? 0 : blob.at[0];
    got = version == PFL_STORE_LEAN_VERSION
              ? pfl_sqlite_load_lean(s, number, &blob, arena, run, err)
              : pfl_store_record_read(&s->zstd, &blob, arena, run, err);
    sqlite3_reset(stmt);
    if (got)
        return understood(s, id, got, err);
    run->id = id;
    return version == PFL_STORE_LEAN_VERSION || version == PFL_STORE_THINNED_VERSION
               ? PFL_OK
               : load_samples(s, number, run, err);
}

int pfl_sqlite_load(struct pfl_store *store, const char *id, struct pfl_arena *arena,
                    struct pfl_run *run, struct pfl_err *err)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    struct pfl_run read;
    const char *whole;
    int64_t number;
    bool began;
    int code = pfl_sqlite_begin_read(s, &began, err);

    if (!code)
        code = pfl_sqlite_find(s, id, arena, &number, &whole, err);
    if (code) {
        pfl_sqlite_end_read(s, began);
        return code;
    }
    code = load_whole(s, number, whole, arena, &read, err);
    pfl_sqlite_end_read(s, began);
    if (code) {
        pfl_err_prefix(err, "loading run %s", whole);
        return code;
    }
    *run = read;
    return PFL_OK;
}

PFL_VEC(heads, struct pfl_run_head);

/* A column's text in the arena; "" on failure, which *ok tells. */
static const char *keep(struct pfl_arena *arena, sqlite3_stmt *stmt, int column, bool *ok)
{
    const char *text = pfl_arena_text(arena, pfl_sqlite_text(stmt, column));

    *ok = *ok && text;
    return text ? text : "";
}

static int read_head(struct pfl_sqlite *s, sqlite3_stmt *stmt, struct pfl_arena *arena,
                     struct pfl_run_head *head, struct pfl_err *err)
{
    bool ok = true;

    *head = (struct pfl_run_head){
        .id = keep(arena, stmt, 0, &ok),
        .label = keep(arena, stmt, 1, &ok),
        .commit = keep(arena, stmt, 2, &ok),
        .branch = keep(arena, stmt, 3, &ok),
        .tag = keep(arena, stmt, 4, &ok),
        .machine_id = keep(arena, stmt, 5, &ok),
        .fingerprint = keep(arena, stmt, 6, &ok),
        .void_why = keep(arena, stmt, 7, &ok),
        .dirty = sqlite3_column_int(stmt, 9) != 0,
        .partial = sqlite3_column_int(stmt, 10) != 0,
        .complete = sqlite3_column_int(stmt, 11) != 0,
        .started_unix_ns = sqlite3_column_int64(stmt, 12),
        .commit_time = sqlite3_column_int64(stmt, 13),
        .benchmark_count = (size_t)sqlite3_column_int64(stmt, 14),
        .failed_count = (size_t)sqlite3_column_int64(stmt, 15),
        .skipped_count = (size_t)sqlite3_column_int64(stmt, 16),
        .thinned_unix_ns = sqlite3_column_int64(stmt, 17), /* NULL: 0 */
    };
    if (!ok)
        return pfl_err_no_memory(err);
    if (!pfl_run_kind_read(pfl_sqlite_text(stmt, 8), &head->kind))
        return damaged(s, err, head->id, "it is of no known kind");
    return PFL_OK;
}

static void bind_text_or_null(sqlite3_stmt *stmt, int at, const char *text)
{
    if (text)
        pfl_sqlite_bind_text(stmt, at, text);
    else
        sqlite3_bind_null(stmt, at);
}

int pfl_sqlite_list(struct pfl_store *store, const struct pfl_store_query *query,
                    struct pfl_arena *arena, struct pfl_run_head **heads, size_t *n,
                    struct pfl_err *err)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    struct heads found = {0};
    struct pfl_run_head head, *kept;
    sqlite3_stmt *stmt;
    size_t i;
    int got, code = pfl_sqlite_learn_schema(s, err);

    if (!code)
        code = pfl_sqlite_use(
            s, s->schema >= PFL_SQLITE_THINNED ? PFL_SQLITE_LIST_RUNS : PFL_SQLITE_LIST_OLD_RUNS,
            &stmt, "listing runs", err);
    if (code)
        return code;
    bind_text_or_null(stmt, 1, query->machine_id);
    bind_text_or_null(stmt, 2, query->commit);
    sqlite3_bind_int(stmt, 3, query->complete_only);
    sqlite3_bind_int(stmt, 4, query->configured_only);
    sqlite3_bind_int(stmt, 5, query->with_void);
    sqlite3_bind_int64(stmt, 6, query->last ? (int64_t)query->last : -1);
    sqlite3_bind_int(stmt, 7, query->without_races);
    while ((got = pfl_sqlite_step(s, stmt, "listing runs", err)) > 0 && !code) {
        code = read_head(s, stmt, arena, &head, err);
        if (!code && !pfl_vec_push(&found, &head))
            code = pfl_err_no_memory(err);
    }
    sqlite3_reset(stmt);
    if (!code && got < 0)
        code = got;
    kept = code ? NULL : pfl_arena_array(arena, found.n, sizeof *kept);
    if (!code && !kept)
        code = pfl_err_no_memory(err);
    for (i = 0; i < found.n && !code; i++) /* they came newest first */
        kept[i] = found.at[found.n - 1 - i];
    if (!code) {
        *heads = kept;
        *n = found.n;
    }
    pfl_vec_release(&found);
    return code;
}
