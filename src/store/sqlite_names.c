/*
 * Names become numbers: definitions, series, and forms (lean.h). Each is looked up in the ledger
 * once per handle and then known, because asking costs more than adding a point. Numbers are only
 * taken back with the transaction that gave them; then all that is known is forgotten.
 *
 * A form is found by its bytes and the machine, so that the series of its results come along with
 * it: for an archive one hash over a benchmark's texts is all that its names cost.
 *
 * A series' unit and direction are those of the run added last.
 */
#include "store/sqlite.h"

#include "store/lean.h"

#include <string.h>

static const char recording[] = "recording a run";

void pfl_sqlite_forget_names(struct pfl_sqlite *s)
{
    pfl_map_release(&s->names.series);
    pfl_map_release(&s->names.definitions);
    pfl_vec_release(&s->names.known);
    pfl_vec_release(&s->names.forms);
    pfl_vec_release(&s->names.slots);
    pfl_vec_release(&s->names.series_of);
    pfl_vec_release(&s->names.known_definitions);
    pfl_vec_release(&s->names.machines);
    pfl_buf_release(&s->names.key);
    pfl_arena_release(&s->names.arena);
    memset(&s->names, 0, sizeof s->names);
}

/* --- definitions --- */

static int find_or_add_definition(struct pfl_sqlite *s, const char *hash, int64_t *number,
                                  struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, PFL_SQLITE_FIND_DEFINITION, &stmt, recording, err);

    if (got)
        return got;
    pfl_sqlite_bind_text(stmt, 1, hash);
    got = pfl_sqlite_step(s, stmt, recording, err);
    if (got > 0)
        *number = sqlite3_column_int64(stmt, 0);
    sqlite3_reset(stmt);
    if (got)
        return got > 0 ? PFL_OK : got;
    got = pfl_sqlite_use(s, PFL_SQLITE_ADD_DEFINITION, &stmt, recording, err);
    if (got)
        return got;
    pfl_sqlite_bind_text(stmt, 1, hash);
    got = pfl_sqlite_run(s, stmt, recording, err);
    *number = sqlite3_last_insert_rowid(s->db);
    return got;
}

/* Neighbours often share one: the last answer is looked at first. */
int pfl_sqlite_definition(struct pfl_sqlite *s, const char *hash, int64_t *number,
                          struct pfl_err *err)
{
    struct pfl_sqlite_names *names = &s->names;
    struct pfl_sqlite_definition_row row = {0, NULL};
    const size_t *known;
    int code;

    if (names->definition &&
        strcmp(names->known_definitions.at[names->definition - 1].hash, hash) == 0) {
        *number = names->known_definitions.at[names->definition - 1].number;
        return PFL_OK;
    }
    known = pfl_map_get(&names->definitions, hash);
    if (known) {
        names->definition = *known + 1;
        *number = names->known_definitions.at[*known].number;
        return PFL_OK;
    }
    code = find_or_add_definition(s, hash, &row.number, err);
    if (code)
        return code;
    row.hash = pfl_arena_text(&names->arena, hash);
    if (!row.hash || !pfl_vec_push(&names->known_definitions, &row) ||
        !pfl_map_set(&names->definitions, row.hash, names->known_definitions.n - 1))
        return pfl_err_no_memory(err);
    names->definition = names->known_definitions.n;
    *number = row.number;
    return PFL_OK;
}

/* --- series --- */

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

    if (!code && s->names.known.n == UINT32_MAX - 1)
        code = pfl_err_set(err, PFL_ELIMIT, "%s: too many series at once", recording);
    if (!code && (!pfl_vec_push(&s->names.known, found) ||
                  !pfl_map_set(&s->names.series, text, s->names.known.n - 1)))
        code = pfl_err_no_memory(err);
    return code;
}

int pfl_sqlite_renew_unit(struct pfl_sqlite *s, size_t place, const struct pfl_result *result,
                          struct pfl_err *err)
{
    const char *unit = result->unit ? result->unit : "",
               *better = pfl_metric_better_text(result->better);
    struct pfl_sqlite_known_series *known = &s->names.known.at[place];

    if (strcmp(known->unit, unit) == 0 && strcmp(known->better, better) == 0)
        return PFL_OK;
    return renew_series(s, known, unit, better, err);
}

int pfl_sqlite_series_place(struct pfl_sqlite *s, const struct pfl_store_series_key *key,
                            const struct pfl_result *result, size_t *place, struct pfl_err *err)
{
    struct pfl_sqlite_known_series found = {.unit = result->unit ? result->unit : "",
                                            .better = pfl_metric_better_text(result->better)};
    const size_t *known;
    int code = write_key(&s->names.key, key, err);

    if (code)
        return code;
    known = pfl_map_get(&s->names.series, pfl_buf_cstr(&s->names.key));
    if (!known)
        code = learn_series(s, key, &found, err);
    if (code)
        return code;
    *place = known ? *known : s->names.known.n - 1;
    return pfl_sqlite_renew_unit(s, *place, result, err);
}

/* --- forms --- */

static const char *keep_machine(struct pfl_sqlite *s, const char *machine_id)
{
    struct pfl_sqlite_names *names = &s->names;
    size_t i;

    if (names->machine_id && strcmp(names->machine_id, machine_id) == 0)
        return names->machine_id;
    for (i = 0; i < names->machines.n; i++)
        if (strcmp(names->machines.at[i], machine_id) == 0)
            return names->machine_id = names->machines.at[i];
    names->machine_id = pfl_arena_text(&names->arena, machine_id);
    if (names->machine_id && !pfl_vec_push(&names->machines, &names->machine_id))
        names->machine_id = NULL;
    return names->machine_id;
}

/* Is it what names->key holds? */
static bool is_form(const struct pfl_sqlite_names *names, const struct pfl_sqlite_known_form *form)
{
    return form->machine_id == names->machine_id && form->len == names->key.len &&
           memcmp(form->bytes, names->key.data, form->len) == 0;
}

/* The slot of the form that names->key holds: its index + 1, or 0 where it would go. */
static uint32_t *slot_of(struct pfl_sqlite_names *names, uint64_t hash)
{
    size_t mask = names->slots.n - 1, at = (size_t)hash & mask;

    for (; names->slots.at[at]; at = (at + 1) & mask) {
        const struct pfl_sqlite_known_form *form = &names->forms.at[names->slots.at[at] - 1];

        if (form->hash == hash && is_form(names, form))
            break;
    }
    return &names->slots.at[at];
}

/* At most half full, so that a search ends. */
static bool make_slots(struct pfl_sqlite_names *names)
{
    size_t want = names->slots.n ? names->slots.n : 1024, i;

    while (want < 2 * (names->forms.n + 1))
        want *= 2;
    if (want == names->slots.n)
        return true;
    if (!pfl_vec_reserve(&names->slots, want))
        return false;
    names->slots.n = want;
    memset(names->slots.at, 0, want * sizeof *names->slots.at);
    for (i = 0; i < names->forms.n; i++) {
        size_t at = (size_t)names->forms.at[i].hash & (want - 1);

        while (names->slots.at[at])
            at = (at + 1) & (want - 1);
        names->slots.at[at] = (uint32_t)i + 1;
    }
    return true;
}

/* By hash, then by the bytes themselves. 1 found, 0 not. */
static int find_form(struct pfl_sqlite *s, int64_t hash, int64_t *number, struct pfl_err *err)
{
    const struct pfl_buf *bytes = &s->names.key;
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, PFL_SQLITE_FIND_FORM, &stmt, recording, err);

    if (got)
        return got;
    sqlite3_bind_int64(stmt, 1, hash);
    while ((got = pfl_sqlite_step(s, stmt, recording, err)) > 0) {
        const void *body = sqlite3_column_blob(stmt, 1);

        if ((size_t)sqlite3_column_bytes(stmt, 1) == bytes->len && body &&
            memcmp(body, bytes->data, bytes->len) == 0)
            break;
    }
    if (got > 0)
        *number = sqlite3_column_int64(stmt, 0);
    sqlite3_reset(stmt);
    return got;
}

static int find_or_add_form(struct pfl_sqlite *s, int64_t *number, struct pfl_err *err)
{
    const struct pfl_buf *bytes = &s->names.key;
    int64_t hash = (int64_t)pfl_store_hash(bytes->data, bytes->len, 0);
    sqlite3_stmt *stmt;
    int got = find_form(s, hash, number, err);

    if (got)
        return got > 0 ? PFL_OK : got;
    got = pfl_sqlite_use(s, PFL_SQLITE_ADD_FORM, &stmt, recording, err);
    if (got)
        return got;
    sqlite3_bind_int64(stmt, 1, hash);
    sqlite3_bind_blob64(stmt, 2, bytes->data, bytes->len, SQLITE_STATIC);
    got = pfl_sqlite_run(s, stmt, recording, err);
    *number = sqlite3_last_insert_rowid(s->db);
    s->batch_bytes += bytes->len;
    return got;
}

static int learn_form(struct pfl_sqlite *s, uint64_t hash, size_t results, uint32_t *slot,
                      struct pfl_err *err)
{
    struct pfl_sqlite_names *names = &s->names;
    struct pfl_sqlite_known_form form = {.hash = hash,
                                         .machine_id = names->machine_id,
                                         .len = names->key.len,
                                         .series = names->series_of.n};
    unsigned char *bytes = pfl_arena_alloc(&names->arena, form.len);
    uint32_t none = 0;
    int code = bytes ? find_or_add_form(s, &form.number, err) : pfl_err_no_memory(err);

    if (code)
        return code;
    memcpy(bytes, names->key.data, form.len);
    form.bytes = bytes;
    for (; results; results--)
        if (!pfl_vec_push(&names->series_of, &none))
            return pfl_err_no_memory(err);
    if (names->forms.n == UINT32_MAX - 1 || !pfl_vec_push(&names->forms, &form))
        return pfl_err_no_memory(err);
    *slot = (uint32_t)names->forms.n;
    return PFL_OK;
}

static int search_form(struct pfl_sqlite *s, size_t results, size_t *place, struct pfl_err *err)
{
    struct pfl_sqlite_names *names = &s->names;
    uint64_t hash;
    uint32_t *slot;
    int code = PFL_OK;

    if (!make_slots(names))
        return pfl_err_no_memory(err);
    hash = pfl_store_hash(names->key.data, names->key.len, (uint64_t)(uintptr_t)names->machine_id);
    slot = slot_of(names, hash);
    if (!*slot)
        code = learn_form(s, hash, results, slot, err);
    if (!code)
        *place = *slot - 1;
    return code;
}

/* An archive's runs list the same benchmarks in the same order: the one that followed last time is
 * looked at first. */
int pfl_sqlite_form(struct pfl_sqlite *s, const struct pfl_benchmark *bench, const char *machine_id,
                    size_t *place, struct pfl_err *err)
{
    struct pfl_sqlite_names *names = &s->names;
    size_t last = names->last_form, next = last ? names->forms.at[last - 1].next : 0;
    int code;

    pfl_buf_clear(&names->key);
    names->key.max = PFL_STORE_FRAME_MAX;
    code = pfl_store_form_write(bench, &names->key, err);
    if (code)
        return code;
    if (!keep_machine(s, machine_id))
        return pfl_err_no_memory(err);
    if (next && is_form(names, &names->forms.at[next - 1]))
        *place = next - 1;
    else
        code = search_form(s, bench->result_count, place, err);
    if (code)
        return code;
    if (last)
        names->forms.at[last - 1].next = (uint32_t)*place + 1;
    names->last_form = *place + 1;
    return PFL_OK;
}
