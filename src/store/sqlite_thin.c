/*
 * Samples go away, and may come back. A thinned run keeps its number, its rows in every other table
 * and its points; its record is written anew, without launches and with what had been computed from
 * samples only (record.c, version 4), its samples are deleted, and the table `thinned` says when.
 *
 * A transaction takes PIECE runs: few enough that others need not wait for the lock, and enough
 * that the syncs do not count. Each run is looked at again within it, because another process may
 * have thinned it meanwhile. A run that cannot be read is left alone: what is damaged is not made
 * less.
 */
#include "store/sqlite.h"

#include "store/record.h"

static const char thinning[] = "thinning runs";

enum { PIECE = 64 };

struct work {
    struct pfl_sqlite *s;
    const struct pfl_store_thin_params *params;
    struct pfl_store_thinned found; /* in the piece at hand */
    bool stopped;
};

/* A statement that takes a run's number, and perhaps a time. */
static int change(struct pfl_sqlite *s, enum pfl_sqlite_statement which, int64_t number,
                  const int64_t *unix_ns, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int code = pfl_sqlite_use(s, which, &stmt, thinning, err);

    if (code)
        return code;
    sqlite3_bind_int64(stmt, 1, number);
    if (unix_ns)
        sqlite3_bind_int64(stmt, 2, *unix_ns);
    return pfl_sqlite_run(s, stmt, thinning, err);
}

int pfl_sqlite_mark_thinned(struct pfl_sqlite *s, int64_t number, int64_t unix_ns,
                            struct pfl_err *err)
{
    return change(s, PFL_SQLITE_MARK_THINNED, number, &unix_ns, err);
}

int pfl_sqlite_make_room(struct pfl_sqlite *s, int64_t number, struct pfl_err *err)
{
    int code = change(s, PFL_SQLITE_DROP_RECORD, number, NULL, err);

    return code ? code : change(s, PFL_SQLITE_UNMARK_THINNED, number, NULL, err);
}

int pfl_sqlite_find_thinned(struct pfl_sqlite *s, const char *id, int64_t *number,
                            struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, PFL_SQLITE_FIND_THINNED, &stmt, thinning, err);

    if (got)
        return got;
    pfl_sqlite_bind_text(stmt, 1, id);
    got = pfl_sqlite_step(s, stmt, thinning, err);
    if (got < 0)
        return got;
    *number = got ? sqlite3_column_int64(stmt, 0) : 0;
    sqlite3_reset(stmt);
    return PFL_OK;
}

static int size_of(struct pfl_sqlite *s, int64_t number, int64_t *bytes, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, PFL_SQLITE_GET_SIZE, &stmt, thinning, err);

    if (got)
        return got;
    sqlite3_bind_int64(stmt, 1, number);
    got = pfl_sqlite_step(s, stmt, thinning, err);
    if (got < 0)
        return got;
    *bytes = got ? sqlite3_column_int64(stmt, 0) : 0;
    sqlite3_reset(stmt);
    return PFL_OK;
}

/* The record in its new form takes the place of all that was there. */
static int replace(struct pfl_sqlite *s, int64_t number, const struct pfl_run *run,
                   const struct pfl_buf *record, struct pfl_err *err)
{
    int code = change(s, PFL_SQLITE_DROP_RECORD, number, NULL, err);

    if (!code)
        code = change(s, PFL_SQLITE_DROP_SAMPLES, number, NULL, err);
    if (!code)
        code = pfl_sqlite_add_record(s, number, record->data, record->len, err);
    return code ? code : pfl_sqlite_mark_thinned(s, number, run->thinned_unix_ns, err);
}

static int thin_loaded(struct work *work, int64_t number, struct pfl_run *run, struct pfl_err *err)
{
    const struct pfl_store_thin_params *params = work->params;
    struct pfl_sqlite *s = work->s;
    struct pfl_buf record;
    int64_t before = 0;
    int code = params->settle ? params->settle(params->context, run, err) : PFL_OK;

    if (!code)
        code = size_of(s, number, &before, err);
    if (code)
        return code;
    pfl_run_thin(run, params->unix_ns);
    pfl_buf_init(&record, PFL_STORE_FRAME_MAX);
    code = pfl_store_record_write(&s->zstd, run, &record, err);
    if (!code && !params->dry_run)
        code = replace(s, number, run, &record, err);
    if (!code) {
        work->found.runs++;
        work->found.bytes += before - (int64_t)record.len;
    }
    pfl_buf_release(&record);
    return code;
}

static int thin_one(struct work *work, const char *id, struct pfl_arena *arena, struct pfl_err *err)
{
    struct pfl_run run;
    const char *whole;
    int64_t number = 0;
    int code = pfl_sqlite_find(work->s, id, arena, &number, &whole, err);

    if (code)
        return code;
    code = pfl_sqlite_load(&work->s->store, whole, arena, &run, err);
    if (code == PFL_ECORRUPT) {
        work->found.damaged++;
        return PFL_OK;
    }
    if (code || run.thinned_unix_ns || !pfl_run_has_samples(&run))
        return code;
    return thin_loaded(work, number, &run, err);
}

static int thin_piece(struct work *work, size_t from, size_t to, struct pfl_err *err)
{
    const struct pfl_store_thin_params *params = work->params;
    struct pfl_arena arena;
    size_t i;
    int code = PFL_OK;

    for (i = from; i < to && !code && !work->stopped; i++) {
        work->stopped = params->stop_asked && params->stop_asked(params->context, i);
        if (work->stopped)
            break;
        pfl_arena_init(&arena);
        code = thin_one(work, params->ids[i], &arena, err);
        pfl_arena_release(&arena);
    }
    return code;
}

int pfl_sqlite_thin(struct pfl_store *store, const struct pfl_store_thin_params *params,
                    struct pfl_store_thinned *done, struct pfl_err *err)
{
    struct work work = {.s = (struct pfl_sqlite *)store, .params = params};
    size_t from, to;
    int code = PFL_OK;

    if (work.s->in_batch)
        PFL_BUG("runs were thinned within a batch");
    for (from = 0; from < params->n && !code && !work.stopped; from = to) {
        to = params->n - from < PIECE ? params->n : from + PIECE;
        work.found = (struct pfl_store_thinned){0};
        if (!params->dry_run)
            code = pfl_sqlite_begin_one(work.s, thinning, err);
        if (code)
            break;
        code = thin_piece(&work, from, to, err);
        if (!params->dry_run)
            code = pfl_sqlite_end_one(work.s, code, thinning, err);
        if (code)
            break;
        done->runs += work.found.runs;
        done->damaged += work.found.damaged;
        done->bytes += work.found.bytes;
    }
    if (!code && work.stopped)
        code = pfl_err_set(
            err, PFL_EINTERRUPTED,
            "interrupted; what was thinned until then stays thinned, the rest is whole");
    return code;
}
