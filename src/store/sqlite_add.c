/*
 * A run goes in: its bytes (record and samples) are made before the lock is taken, then one
 * transaction puts the run's row, its bytes, and one summary row per result that is a number. The
 * run's id is unique, so the insert itself finds out whether the run is there already, whoever put
 * it there.
 *
 * No summary row, and so no point of a series, for: text metrics, results without a median, and
 * every result of a race, whose sides are not the project's history. Should a run give one series
 * twice, the first one is the point.
 *
 * Series and definitions are looked up once per handle. A series' unit and direction are those of
 * the run added last.
 */
#include "store/sqlite.h"

#include "store/record.h"

#include <math.h>
#include <string.h>

static const char recording[] = "recording a run";

struct chunk {
    size_t first, at, len; /* first benchmark; place and length in the bytes */
};
PFL_VEC(chunks, struct chunk);

struct encoded {
    struct pfl_buf bytes; /* the record, then the chunks */
    size_t record_len;
    struct chunks chunks;
};

static void encoded_release(struct encoded *encoded)
{
    pfl_buf_release(&encoded->bytes);
    pfl_vec_release(&encoded->chunks);
}

static int encode(struct pfl_sqlite *s, const struct pfl_run *run, struct encoded *encoded,
                  struct pfl_err *err)
{
    size_t next = 0;
    int code = pfl_store_record_write(&s->zstd, run, &encoded->bytes, err);

    encoded->record_len = encoded->bytes.len;
    while (!code && next < run->benchmark_count) {
        struct chunk chunk = {.first = next, .at = encoded->bytes.len};

        code = pfl_store_samples_write(&s->zstd, run, &next, &encoded->bytes, err);
        chunk.len = encoded->bytes.len - chunk.at;
        if (!code && !pfl_vec_push(&encoded->chunks, &chunk))
            code = pfl_err_no_memory(err);
    }
    return code;
}

void pfl_sqlite_forget_names(struct pfl_sqlite *s)
{
    pfl_map_release(&s->names.series);
    pfl_map_release(&s->names.definitions);
    pfl_vec_release(&s->names.known);
    pfl_buf_release(&s->names.key);
    pfl_arena_release(&s->names.arena);
}

/* Finds a definition's number, or gives it one. */
static int definition_number(struct pfl_sqlite *s, const char *hash, int64_t *number,
                             struct pfl_err *err)
{
    const size_t *known = pfl_map_get(&s->names.definitions, hash);
    sqlite3_stmt *stmt;
    const char *kept;
    int got;

    if (known) {
        *number = (int64_t)*known;
        return PFL_OK;
    }
    got = pfl_sqlite_use(s, PFL_SQLITE_FIND_DEFINITION, &stmt, recording, err);
    if (got)
        return got;
    pfl_sqlite_bind_text(stmt, 1, hash);
    got = pfl_sqlite_step(s, stmt, recording, err);
    if (got > 0)
        *number = sqlite3_column_int64(stmt, 0);
    sqlite3_reset(stmt);
    if (got == 0) {
        got = pfl_sqlite_use(s, PFL_SQLITE_ADD_DEFINITION, &stmt, recording, err);
        if (!got) {
            pfl_sqlite_bind_text(stmt, 1, hash);
            got = pfl_sqlite_run(s, stmt, recording, err);
        }
        *number = sqlite3_last_insert_rowid(s->db);
    }
    if (got < 0)
        return got;
    kept = pfl_arena_text(&s->names.arena, hash);
    return kept && pfl_map_set(&s->names.definitions, kept, (size_t)*number)
               ? PFL_OK
               : pfl_err_no_memory(err);
}

static void bind_key(sqlite3_stmt *stmt, const struct pfl_store_series_key *key)
{
    pfl_sqlite_bind_text(stmt, 1, key->benchmark);
    pfl_sqlite_bind_text(stmt, 2, key->metric);
    pfl_sqlite_bind_text(stmt, 3, key->variant);
    pfl_sqlite_bind_text(stmt, 4, key->machine_id);
}

/* Reads the series into *known, or makes it with the unit and direction that *known has. */
static int find_or_add_series(struct pfl_sqlite *s, const struct pfl_store_series_key *key,
                              struct pfl_sqlite_known_series *known, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, PFL_SQLITE_FIND_SERIES, &stmt, recording, err);

    if (got)
        return got;
    bind_key(stmt, key);
    got = pfl_sqlite_step(s, stmt, recording, err);
    if (got > 0) {
        known->number = sqlite3_column_int64(stmt, 0);
        known->unit = pfl_arena_text(&s->names.arena, pfl_sqlite_text(stmt, 1));
        known->better = pfl_arena_text(&s->names.arena, pfl_sqlite_text(stmt, 2));
        sqlite3_reset(stmt);
        return known->unit && known->better ? PFL_OK : pfl_err_no_memory(err);
    }
    if (got == 0)
        got = pfl_sqlite_use(s, PFL_SQLITE_ADD_SERIES, &stmt, recording, err);
    if (got)
        return got;
    bind_key(stmt, key);
    pfl_sqlite_bind_text(stmt, 5, known->unit);
    pfl_sqlite_bind_text(stmt, 6, known->better);
    got = pfl_sqlite_run(s, stmt, recording, err);
    known->number = sqlite3_last_insert_rowid(s->db);
    known->unit = pfl_arena_text(&s->names.arena, known->unit);
    if (!got && !known->unit)
        got = pfl_err_no_memory(err);
    return got;
}

static int renew_series(struct pfl_sqlite *s, struct pfl_sqlite_known_series *known,
                        const char *unit, const char *better, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int code = pfl_sqlite_use(s, PFL_SQLITE_RENEW_SERIES, &stmt, recording, err);

    if (code)
        return code;
    pfl_sqlite_bind_text(stmt, 1, unit);
    pfl_sqlite_bind_text(stmt, 2, better);
    sqlite3_bind_int64(stmt, 3, known->number);
    code = pfl_sqlite_run(s, stmt, recording, err);
    if (code)
        return code;
    known->unit = pfl_arena_text(&s->names.arena, unit);
    known->better = better; /* static text */
    return known->unit ? PFL_OK : pfl_err_no_memory(err);
}

/* The lengths in front keep names apart that hold whatever a separator might be. */
static int write_key(struct pfl_buf *buf, const struct pfl_store_series_key *key,
                     struct pfl_err *err)
{
    const char *const parts[] = {key->benchmark, key->metric, key->variant, key->machine_id};
    size_t i;

    pfl_buf_clear(buf);
    buf->max = PFL_STORE_FRAME_MAX;
    for (i = 0; i < PFL_COUNT(parts); i++) {
        size_t len = strlen(parts[i]);

        pfl_store_varint_write(buf, len + 1); /* no 0 byte: the key is a C string */
        pfl_buf_add(buf, parts[i], len);
    }
    return pfl_buf_check(buf, err, recording);
}

static int learn_series(struct pfl_sqlite *s, const struct pfl_store_series_key *key,
                        struct pfl_sqlite_known_series *found, struct pfl_err *err)
{
    const char *text = pfl_arena_text(&s->names.arena, pfl_buf_cstr(&s->names.key));
    int code = text ? find_or_add_series(s, key, found, err) : pfl_err_no_memory(err);

    if (!code && (!pfl_vec_push(&s->names.known, found) ||
                  !pfl_map_set(&s->names.series, text, s->names.known.n - 1)))
        code = pfl_err_no_memory(err);
    return code;
}

static int series_number(struct pfl_sqlite *s, const struct pfl_store_series_key *key,
                         const struct pfl_result *result, int64_t *number, struct pfl_err *err)
{
    const char *unit = result->unit ? result->unit : "",
               *better = pfl_metric_better_text(result->better);
    struct pfl_sqlite_known_series *known, found = {.unit = unit, .better = better};
    const size_t *place;
    int code = write_key(&s->names.key, key, err);

    if (code)
        return code;
    place = pfl_map_get(&s->names.series, pfl_buf_cstr(&s->names.key));
    if (!place)
        code = learn_series(s, key, &found, err);
    if (code)
        return code;
    known = &s->names.known.at[place ? *place : s->names.known.n - 1];
    if (strcmp(known->unit, unit) != 0 || strcmp(known->better, better) != 0)
        code = renew_series(s, known, unit, better, err);
    *number = known->number;
    return code;
}

static int add_summary(struct pfl_sqlite *s, int64_t run, int64_t series, int64_t definition,
                       const struct pfl_summary *summary, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int code = pfl_sqlite_use(s, PFL_SQLITE_ADD_SUMMARY, &stmt, recording, err);

    if (code)
        return code;
    sqlite3_bind_int64(stmt, 1, series);
    sqlite3_bind_int64(stmt, 2, run);
    sqlite3_bind_int64(stmt, 3, definition);
    sqlite3_bind_int64(stmt, 4, (int64_t)summary->n);
    sqlite3_bind_double(stmt, 5, summary->median); /* a NaN is bound as NULL, here and below */
    sqlite3_bind_double(stmt, 6, summary->ci_low);
    sqlite3_bind_double(stmt, 7, summary->ci_high);
    sqlite3_bind_double(stmt, 8, summary->mean);
    sqlite3_bind_double(stmt, 9, summary->stddev);
    sqlite3_bind_double(stmt, 10, summary->min);
    sqlite3_bind_double(stmt, 11, summary->max);
    sqlite3_bind_double(stmt, 12, summary->q1);
    sqlite3_bind_double(stmt, 13, summary->q3);
    s->batch_rows++;
    return pfl_sqlite_run(s, stmt, recording, err);
}

static int add_benchmark(struct pfl_sqlite *s, int64_t run, const struct pfl_benchmark *bench,
                         const char *machine_id, struct pfl_err *err)
{
    int64_t definition = 0, series = 0;
    size_t i;
    int code = definition_number(s, bench->definition ? bench->definition : "", &definition, err);

    for (i = 0; i < bench->result_count && !code; i++) {
        const struct pfl_result *result = &bench->results[i];
        struct pfl_store_series_key key = {bench->name, result->metric,
                                           result->variant ? result->variant : "", machine_id};

        if (result->text || isnan(result->summary.median))
            continue;
        code = series_number(s, &key, result, &series, err);
        if (!code)
            code = add_summary(s, run, series, definition, &result->summary, err);
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

static int add_bytes(struct pfl_sqlite *s, int64_t run, const struct encoded *encoded,
                     struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    size_t i;
    int code = pfl_sqlite_use(s, PFL_SQLITE_ADD_RECORD, &stmt, recording, err);

    if (code)
        return code;
    sqlite3_bind_int64(stmt, 1, run);
    sqlite3_bind_blob64(stmt, 2, encoded->bytes.data, encoded->record_len, SQLITE_STATIC);
    code = pfl_sqlite_run(s, stmt, recording, err);
    for (i = 0; i < encoded->chunks.n && !code; i++) {
        const struct chunk *chunk = &encoded->chunks.at[i];

        code = pfl_sqlite_use(s, PFL_SQLITE_ADD_SAMPLES, &stmt, recording, err);
        if (code)
            break;
        sqlite3_bind_int64(stmt, 1, run);
        sqlite3_bind_int64(stmt, 2, (int64_t)chunk->first);
        sqlite3_bind_blob64(stmt, 3, encoded->bytes.data + chunk->at, chunk->len, SQLITE_STATIC);
        code = pfl_sqlite_run(s, stmt, recording, err);
    }
    return code;
}

/* The first run of a machine sets what later ones are held against; a race (its programs are
 * strangers to the suite) and an imported run (another tool's) do not. */
static int add_references(struct pfl_sqlite *s, const struct pfl_run *run, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    bool sets = run->kind == PFL_RUN_CONFIGURED || run->kind == PFL_RUN_ADHOC;
    int code = PFL_OK, i;

    for (i = 0; i < PFL_YARDSTICK_COUNT && sets && run->yardstick_count && !code; i++) {
        if (!(run->yardstick_reference[i] > 0))
            continue;
        code = pfl_sqlite_use(s, PFL_SQLITE_ADD_YARDSTICK, &stmt, recording, err);
        if (code)
            break;
        pfl_sqlite_bind_text(stmt, 1, run->machine.id);
        pfl_sqlite_bind_text(stmt, 2, run->machine.fingerprint);
        pfl_sqlite_bind_text(stmt, 3, pfl_yardstick_key((enum pfl_yardstick)i));
        sqlite3_bind_double(stmt, 4, run->yardstick_reference[i]);
        code = pfl_sqlite_run(s, stmt, recording, err);
    }
    return code;
}

static int add_all(struct pfl_sqlite *s, const struct pfl_run *run, const struct encoded *encoded,
                   bool *added, struct pfl_err *err)
{
    const char *machine_id = run->machine.id ? run->machine.id : "";
    int64_t number;
    size_t i;
    int code = add_run_row(s, run, err);

    *added = !code && sqlite3_changes(s->db) > 0;
    if (!*added)
        return code;
    number = sqlite3_last_insert_rowid(s->db);
    code = add_bytes(s, number, encoded, err);
    if (!code)
        code = add_references(s, run, err);
    for (i = 0; i < run->benchmark_count && !code && run->kind != PFL_RUN_RACE; i++)
        code = add_benchmark(s, number, &run->benchmarks[i], machine_id, err);
    return code;
}

int pfl_sqlite_add(struct pfl_store *store, const struct pfl_run *run, bool *added,
                   struct pfl_err *err)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    struct encoded encoded = {0};
    bool fresh = false;
    int code;

    pfl_buf_init(&encoded.bytes, PFL_STORE_FRAME_MAX);
    code = encode(s, run, &encoded, err);
    if (!code)
        code = pfl_sqlite_begin_one(s, recording, err);
    if (!code) {
        code = add_all(s, run, &encoded, &fresh, err);
        code = pfl_sqlite_end_one(s, code, recording, err);
        pfl_sqlite_forget_index(s);
    }
    encoded_release(&encoded);
    if (code)
        pfl_err_prefix(err, "run %s", run->id);
    else
        *added = fresh;
    return code;
}
