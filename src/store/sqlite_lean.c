/*
 * Lean records in and out (lean.h): the numbers of a run's results are in the points of their
 * series and nowhere else. A result that gives no point keeps its numbers in the record; so does
 * one whose numbers a hot row would not give back to the last bit, for its point may become one:
 * SQLite knows one zero and no NaN (it reads NULL).
 */
#include "store/sqlite.h"

#include "store/fields.h"
#include "store/lean.h"

#include <math.h>
#include <string.h>

static const char reading[] = "reading a run";

/* --- in --- */

static bool survives_a_row(const struct pfl_summary *summary)
{
    struct pfl_summary same = *summary;
    double none = (double)NAN, zero = 0;
    size_t i;

    for (i = 0; i < PFL_STORE_SUMMARY_FIELDS; i++) {
        const double *value = pfl_store_summary_field(&same, i);

        if (isnan(*value) ? memcmp(value, &none, sizeof none) != 0
                          : *value == 0 && memcmp(value, &zero, sizeof zero) != 0)
            return false;
    }
    return true;
}

/* What is being written, result by result. */
struct adding {
    int64_t *forms, *definitions, *series; /* pfl_store_lean_places, being filled */
    size_t at;                             /* the result, over all benchmarks */
    size_t form;                           /* of the benchmark at hand: place in names.forms */
    bool race;
    struct pfl_store_entry entry;
};

/* The place in names.known of the j-th result's series: it came with the form, or is asked for now.
 */
static int find_series(struct pfl_sqlite *s, const struct pfl_sqlite_known_form *form,
                       const struct pfl_benchmark *bench, size_t j, struct pfl_err *err)
{
    const struct pfl_result *result = &bench->results[j];
    struct pfl_store_series_key key = {bench->name, result->metric,
                                       result->variant ? result->variant : "", form->machine_id};
    size_t place = 0;
    int code;

    if (s->names.series_of.at[form->series + j])
        return pfl_sqlite_renew_unit(s, s->names.series_of.at[form->series + j] - 1, result, err);
    code = pfl_sqlite_series_place(s, &key, result, &place, err);
    if (!code)
        s->names.series_of.at[form->series + j] = (uint32_t)place + 1;
    return code;
}

static int add_result(struct pfl_sqlite *s, struct adding *adding,
                      const struct pfl_benchmark *bench, size_t j, struct pfl_err *err)
{
    const struct pfl_result *result = &bench->results[j];
    const struct pfl_sqlite_known_form *form = &s->names.forms.at[adding->form];
    size_t place;
    bool added = false;
    int code;

    if (adding->race || !pfl_sqlite_is_point(result))
        return PFL_OK;
    code = find_series(s, form, bench, j, err);
    if (code)
        return code;
    place = s->names.series_of.at[form->series + j] - 1;
    adding->entry.summary = result->summary;
    code = pfl_sqlite_add_point(s, place, &adding->entry, &added, err);
    if (added && survives_a_row(&result->summary))
        adding->series[adding->at] = s->names.known.at[place].number;
    return code;
}

static int add_benchmark(struct pfl_sqlite *s, struct adding *adding, const struct pfl_run *run,
                         size_t i, struct pfl_err *err)
{
    const struct pfl_benchmark *bench = &run->benchmarks[i];
    const char *machine_id = run->machine.id ? run->machine.id : "";
    size_t j;
    int code = pfl_sqlite_form(s, bench, machine_id, &adding->form, err);

    if (!code)
        code = pfl_sqlite_definition(s, bench->definition ? bench->definition : "",
                                     &adding->entry.definition, err);
    if (code)
        return code;
    adding->forms[i] = s->names.forms.at[adding->form].number;
    adding->definitions[i] = bench->definition ? adding->entry.definition : 0;
    for (j = 0; j < bench->result_count && !code; j++, adding->at++)
        code = add_result(s, adding, bench, j, err);
    return code;
}

static int add_record(struct pfl_sqlite *s, const struct pfl_run *run, const struct adding *adding,
                      struct pfl_err *err)
{
    struct pfl_store_lean_places places = {adding->forms, adding->definitions, adding->series};
    struct pfl_buf blob;
    int code;

    pfl_buf_init(&blob, PFL_STORE_FRAME_MAX);
    code = pfl_store_lean_write(&s->zstd, run, &places, &blob, err);
    if (!code)
        code = pfl_sqlite_add_record(s, adding->entry.run, blob.data, blob.len, err);
    pfl_buf_release(&blob);
    return code;
}

int pfl_sqlite_add_lean(struct pfl_sqlite *s, int64_t number, const struct pfl_run *run,
                        struct pfl_err *err)
{
    struct adding adding = {.race = run->kind == PFL_RUN_RACE, .entry.run = number};
    struct pfl_arena arena;
    size_t results = 0, i;
    int code = PFL_OK;

    for (i = 0; i < run->benchmark_count; i++)
        results += run->benchmarks[i].result_count;
    pfl_arena_init(&arena);
    adding.forms = pfl_arena_array(&arena, run->benchmark_count, sizeof *adding.forms);
    adding.definitions = pfl_arena_array(&arena, run->benchmark_count, sizeof *adding.forms);
    adding.series = pfl_arena_array(&arena, results, sizeof *adding.series);
    if (!adding.forms || !adding.definitions || !adding.series)
        code = pfl_err_no_memory(err);
    for (i = 0; i < run->benchmark_count && !code; i++)
        code = add_benchmark(s, &adding, run, i, err);
    if (!code)
        code = add_record(s, run, &adding, err);
    pfl_arena_release(&arena);
    return code;
}

/* --- out --- */

struct loading {
    struct pfl_sqlite *s;
    struct pfl_arena *arena;
    int64_t run;
    int64_t definition; /* the one asked for last … */
    const char *hash;   /* … and its hash */
};

static int missing(const char *what, int64_t number, struct pfl_err *err)
{
    return pfl_err_set(err, PFL_ECORRUPT, "%s %lld is missing", what, (long long)number);
}

static int load_form(void *context, int64_t number, struct pfl_store_cursor *bytes,
                     struct pfl_err *err)
{
    struct loading *loading = context;
    unsigned char *kept = NULL;
    size_t len = 0;
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(loading->s, PFL_SQLITE_GET_FORM, &stmt, reading, err);

    if (got)
        return got;
    sqlite3_bind_int64(stmt, 1, number);
    got = pfl_sqlite_step(loading->s, stmt, reading, err);
    if (got > 0) {
        const void *body = sqlite3_column_blob(stmt, 0);

        len = body ? (size_t)sqlite3_column_bytes(stmt, 0) : 0;
        kept = pfl_arena_alloc(loading->arena, len);
        if (kept && len)
            memcpy(kept, body, len);
    }
    sqlite3_reset(stmt);
    if (got < 0)
        return got;
    if (got == 0)
        return missing("form", number, err);
    if (!kept)
        return pfl_err_no_memory(err);
    *bytes = (struct pfl_store_cursor){kept, kept + len};
    return PFL_OK;
}

static int load_definition(void *context, int64_t number, const char **hash, struct pfl_err *err)
{
    struct loading *loading = context;
    sqlite3_stmt *stmt;
    int got;

    if (loading->definition == number) {
        *hash = loading->hash;
        return PFL_OK;
    }
    got = pfl_sqlite_use(loading->s, PFL_SQLITE_GET_DEFINITION, &stmt, reading, err);
    if (got)
        return got;
    sqlite3_bind_int64(stmt, 1, number);
    got = pfl_sqlite_step(loading->s, stmt, reading, err);
    if (got > 0)
        loading->hash = pfl_arena_text(loading->arena, pfl_sqlite_text(stmt, 0));
    sqlite3_reset(stmt);
    if (got < 0)
        return got;
    if (got == 0)
        return missing("definition", number, err);
    if (!loading->hash)
        return pfl_err_no_memory(err);
    loading->definition = number;
    *hash = loading->hash;
    return PFL_OK;
}

/* 1 found, 0 not. Ranges of runs may overlap, so more than one packet can be asked. */
static int find_packed(struct loading *loading, int64_t series, struct pfl_store_entry *entry,
                       struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(loading->s, PFL_SQLITE_FIND_PACKET, &stmt, reading, err), found = 0;

    if (got)
        return got;
    sqlite3_bind_int64(stmt, 1, series);
    sqlite3_bind_int64(stmt, 2, loading->run);
    while (!found && (got = pfl_sqlite_step(loading->s, stmt, reading, err)) > 0) {
        struct pfl_store_packet packet = pfl_sqlite_packet_of(stmt);

        found = pfl_store_packet_find(&packet, loading->run, entry, err);
    }
    sqlite3_reset(stmt);
    return got < 0 ? got : found;
}

static int find_hot(struct loading *loading, int64_t series, struct pfl_store_entry *entry,
                    struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(loading->s, PFL_SQLITE_GET_POINT, &stmt, reading, err);

    if (got)
        return got;
    sqlite3_bind_int64(stmt, 1, series);
    sqlite3_bind_int64(stmt, 2, loading->run);
    got = pfl_sqlite_step(loading->s, stmt, reading, err);
    if (got > 0)
        pfl_sqlite_read_entry(stmt, entry);
    sqlite3_reset(stmt);
    return got;
}

static int load_point(void *context, int64_t series, struct pfl_summary *summary,
                      struct pfl_err *err)
{
    struct loading *loading = context;
    struct pfl_store_entry entry = {0};
    int got = find_packed(loading, series, &entry, err);

    if (got == 0)
        got = find_hot(loading, series, &entry, err);
    if (got == 0)
        return missing("its point in series", series, err);
    if (got < 0)
        return got;
    *summary = entry.summary;
    return PFL_OK;
}

int pfl_sqlite_load_lean(struct pfl_sqlite *s, int64_t number, const struct pfl_store_cursor *blob,
                         struct pfl_arena *arena, struct pfl_run *run, struct pfl_err *err)
{
    struct loading loading = {.s = s, .arena = arena, .run = number};
    struct pfl_store_lean_source source = {arena, load_form, load_definition, load_point, &loading};

    return pfl_store_lean_read(&s->zstd, blob, &source, run, err);
}
