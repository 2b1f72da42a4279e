/*
 * A run goes in: its bytes (record and samples) are made before the lock is taken (which an import
 * holds anyway), then one
 * transaction puts the run's row, its bytes, and one point per result that is a number. The
 * run's id is unique, so the insert itself finds out whether the run is there already, whoever put
 * it there.
 *
 * No point of a series for: text metrics, results without a median, and
 * every result of a race, whose sides are not the project's history. Should a run give one series
 * twice, the first one is the point.
 *
 * In a bulk ledger, runs of summaries only are kept lean (sqlite_lean.c), and points wait in memory
 * (sqlite_points.c). Else each add packs some older points, too (sqlite_pack.c).
 */
#include "store/sqlite.h"

#include "store/lean.h"
#include "store/record.h"

static const char recording[] = "recording a run";

struct chunk {
    size_t first, at, len; /* first benchmark; place and length in the bytes */
};
PFL_VEC(chunks, struct chunk);

struct adding {
    const struct pfl_run *run;
    const char *source;   /* NULL: not told */
    struct pfl_buf bytes; /* the record, then the chunks; empty: a lean one, or it is there */
    size_t record_len;
    struct chunks chunks; /* not in a bulk ledger: there each is made when it goes in */
    bool fresh;           /* it was not there */
};

static int encode(struct pfl_sqlite *s, struct adding *adding, struct pfl_err *err)
{
    size_t next = 0;
    int code = pfl_store_record_write(&s->zstd, adding->run, &adding->bytes, err);

    adding->record_len = adding->bytes.len;
    while (!code && !s->bulk && !adding->run->thinned_unix_ns &&
           next < adding->run->benchmark_count) {
        struct chunk chunk = {.first = next, .at = adding->bytes.len};

        code = pfl_store_samples_write(&s->zstd, adding->run, &next, &adding->bytes, err);
        chunk.len = adding->bytes.len - chunk.at;
        if (!code && !pfl_vec_push(&adding->chunks, &chunk))
            code = pfl_err_no_memory(err);
    }
    return code;
}

static int add_benchmark(struct pfl_sqlite *s, int64_t run, const struct pfl_benchmark *bench,
                         const char *machine_id, struct pfl_err *err)
{
    struct pfl_store_entry entry = {.run = run};
    size_t place = 0, i;
    bool added;
    int code = pfl_sqlite_definition(s, bench->definition ? bench->definition : "",
                                     &entry.definition, err);

    for (i = 0; i < bench->result_count && !code; i++) {
        const struct pfl_result *result = &bench->results[i];
        struct pfl_store_series_key key = {bench->name, result->metric,
                                           result->variant ? result->variant : "", machine_id};

        if (!pfl_sqlite_is_point(result))
            continue;
        entry.summary = result->summary;
        code = pfl_sqlite_series_place(s, &key, result, &place, err);
        if (!code)
            code = pfl_sqlite_add_point(s, place, &entry, &added, err);
    }
    return code;
}

static int add_run_row(struct pfl_sqlite *s, const struct pfl_run *run, struct pfl_err *err)
{
    int64_t failed = 0, skipped = 0;
    sqlite3_stmt *stmt;
    size_t i;
    int code = pfl_sqlite_use(s, PFL_SQLITE_ADD_RUN, &stmt, recording, err);

    if (code)
        return code;
    for (i = 0; i < run->benchmark_count; i++) {
        enum pfl_status status = run->benchmarks[i].status;

        failed += status == PFL_STATUS_FAILED || status == PFL_STATUS_TIMED_OUT;
        skipped += status == PFL_STATUS_SKIPPED;
    }
    pfl_sqlite_bind_text(stmt, 1, run->id);
    pfl_sqlite_bind_text(stmt, 2, run->label);
    pfl_sqlite_bind_text(stmt, 3, pfl_run_kind_text(run->kind));
    pfl_sqlite_bind_text(stmt, 4, run->revision.commit);
    pfl_sqlite_bind_text(stmt, 5, run->revision.branch);
    pfl_sqlite_bind_text(stmt, 6, run->revision.tag);
    sqlite3_bind_int64(stmt, 7, run->revision.commit_time);
    sqlite3_bind_int(stmt, 8, run->revision.dirty);
    sqlite3_bind_int(stmt, 9, run->partial);
    sqlite3_bind_int(stmt, 10, run->complete);
    pfl_sqlite_bind_text(stmt, 11, run->machine.id);
    pfl_sqlite_bind_text(stmt, 12, run->machine.fingerprint);
    sqlite3_bind_int64(stmt, 13, run->started_unix_ns);
    sqlite3_bind_int64(stmt, 14, (int64_t)run->benchmark_count);
    sqlite3_bind_int64(stmt, 15, failed);
    sqlite3_bind_int64(stmt, 16, skipped);
    return pfl_sqlite_run(s, stmt, recording, err);
}

int pfl_sqlite_add_record(struct pfl_sqlite *s, int64_t number, const void *bytes, size_t len,
                          struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int code = pfl_sqlite_use(s, PFL_SQLITE_ADD_RECORD, &stmt, recording, err);

    if (code)
        return code;
    sqlite3_bind_int64(stmt, 1, number);
    sqlite3_bind_blob64(stmt, 2, bytes, len, SQLITE_STATIC);
    s->batch_bytes += len;
    return pfl_sqlite_run(s, stmt, recording, err);
}

static int add_chunk(struct pfl_sqlite *s, int64_t number, size_t first, const char *bytes,
                     size_t len, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int code = pfl_sqlite_use(s, PFL_SQLITE_ADD_SAMPLES, &stmt, recording, err);

    if (code)
        return code;
    sqlite3_bind_int64(stmt, 1, number);
    sqlite3_bind_int64(stmt, 2, (int64_t)first);
    sqlite3_bind_blob64(stmt, 3, bytes, len, SQLITE_STATIC);
    s->batch_bytes += len;
    return pfl_sqlite_run(s, stmt, recording, err);
}

/* The ledger is locked anyway, and the samples of a large file need not be in memory twice. */
static int add_chunks_bulk(struct pfl_sqlite *s, int64_t number, const struct pfl_run *run,
                           struct pfl_err *err)
{
    struct pfl_buf bytes;
    size_t next = 0, first;
    int code = PFL_OK;

    pfl_buf_init(&bytes, PFL_STORE_FRAME_MAX);
    while (!code && next < run->benchmark_count) {
        first = next;
        pfl_buf_clear(&bytes);
        code = pfl_store_samples_write(&s->zstd, run, &next, &bytes, err);
        if (!code)
            code = add_chunk(s, number, first, bytes.data, bytes.len, err);
    }
    pfl_buf_release(&bytes);
    return code;
}

static int add_bytes(struct pfl_sqlite *s, int64_t number, const struct adding *adding,
                     struct pfl_err *err)
{
    size_t i;
    int code = pfl_sqlite_add_record(s, number, adding->bytes.data, adding->record_len, err);

    if (!code && adding->run->thinned_unix_ns)
        return pfl_sqlite_mark_thinned(s, number, adding->run->thinned_unix_ns, err);
    if (!code && s->bulk)
        return add_chunks_bulk(s, number, adding->run, err);
    for (i = 0; i < adding->chunks.n && !code; i++) {
        const struct chunk *chunk = &adding->chunks.at[i];

        code = add_chunk(s, number, chunk->first, adding->bytes.data + chunk->at, chunk->len, err);
    }
    return code;
}

static int add_source(struct pfl_sqlite *s, const struct adding *adding, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int code = pfl_sqlite_use(s, PFL_SQLITE_ADD_SOURCE, &stmt, recording, err);

    if (code)
        return code;
    pfl_sqlite_bind_text(stmt, 1, adding->source);
    pfl_sqlite_bind_text(stmt, 2, adding->run->id);
    return pfl_sqlite_run(s, stmt, recording, err);
}

static int add_ordinary(struct pfl_sqlite *s, int64_t number, const struct adding *adding,
                        struct pfl_err *err)
{
    const struct pfl_run *run = adding->run;
    const char *machine_id = run->machine.id ? run->machine.id : "";
    size_t i;
    int code = add_bytes(s, number, adding, err);

    for (i = 0; i < run->benchmark_count && !code && run->kind != PFL_RUN_RACE; i++)
        code = add_benchmark(s, number, &run->benchmarks[i], machine_id, err);
    return code;
}

/* A run that is there already changes nothing, unless it was thinned and comes whole now: then its
 * samples are back. Its points are those of the same samples, and stay. */
static int restore(struct pfl_sqlite *s, const struct adding *adding, struct pfl_err *err)
{
    int64_t number = 0;
    int code;

    if (adding->run->thinned_unix_ns || !adding->record_len)
        return PFL_OK;
    code = pfl_sqlite_find_thinned(s, adding->run->id, &number, err);
    if (!code && number)
        code = pfl_sqlite_make_room(s, number, err);
    return code || !number ? code : add_bytes(s, number, adding, err);
}

static size_t count_results(const struct pfl_run *run)
{
    size_t n = 0, i;

    for (i = 0; i < run->benchmark_count; i++)
        n += run->benchmarks[i].result_count;
    return n;
}

static int add_all(struct pfl_sqlite *s, struct adding *adding, struct pfl_err *err)
{
    int64_t number;
    int code = add_run_row(s, adding->run, err);

    adding->fresh = !code && sqlite3_changes(s->db) > 0;
    if (!adding->fresh)
        return code ? code : restore(s, adding, err);
    number = sqlite3_last_insert_rowid(s->db);
    code = pfl_sqlite_add_yardsticks(s, number, adding->run, err);
    if (!code)
        code = adding->record_len ? add_ordinary(s, number, adding, err)
                                  : pfl_sqlite_add_lean(s, number, adding->run, err);
    if (!code && !s->bulk)
        code = pfl_sqlite_sweep(s, count_results(adding->run), err);
    return code;
}

static int has_row(struct pfl_sqlite *s, enum pfl_sqlite_statement which, const char *name,
                   bool *has, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, which, &stmt, recording, err);

    if (got)
        return got;
    pfl_sqlite_bind_text(stmt, 1, name);
    got = pfl_sqlite_step(s, stmt, recording, err);
    sqlite3_reset(stmt);
    if (got < 0)
        return got;
    *has = got > 0;
    return PFL_OK;
}

int pfl_sqlite_has_source(struct pfl_store *store, const char *source, bool *has,
                          struct pfl_err *err)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    int code = pfl_sqlite_learn_schema(s, err);

    if (code)
        return code;
    if (s->schema >= PFL_SQLITE_PACKED)
        return has_row(s, PFL_SQLITE_HAS_SOURCE, source, has, err);
    *has = false;
    return PFL_OK;
}

static int add_locked(struct pfl_sqlite *s, struct adding *adding, struct pfl_err *err)
{
    int code = pfl_sqlite_begin_one(s, recording, err);

    if (code)
        return code;
    code = add_all(s, adding, err);
    if (!code && adding->source)
        code = add_source(s, adding, err);
    code = pfl_sqlite_end_one(s, code, recording, err);
    pfl_sqlite_forget_index(s);
    return code;
}

/* Importing, runs of summaries only are kept lean; and as what is imported is often there already,
 * that is asked before its bytes are made. */
int pfl_sqlite_add(struct pfl_store *store, const struct pfl_run *run, const char *source,
                   bool *added, struct pfl_err *err)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    struct adding adding = {.run = run, .source = source};
    bool known = false;
    int code = s->bulk ? has_row(s, PFL_SQLITE_HAS_WHOLE_RUN, run->id, &known, err) : PFL_OK;

    pfl_buf_init(&adding.bytes, PFL_STORE_FRAME_MAX);
    if (!code && !known && !(s->bulk && pfl_store_lean_suits(run)))
        code = encode(s, &adding, err);
    if (!code)
        code = add_locked(s, &adding, err);
    pfl_buf_release(&adding.bytes);
    pfl_vec_release(&adding.chunks);
    if (code)
        pfl_err_prefix(err, "run %s", run->id);
    else
        *added = adding.fresh;
    return code;
}
