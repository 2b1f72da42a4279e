/*
 * What the yardsticks of a machine are held against, and which run said so. The first one with
 * yardsticks does; a reset makes the next one the first.
 */
#include "store/sqlite.h"

#include <string.h>

static const char reading[] = "reading the yardsticks' references";
static const char recording[] = "recording a run";

int pfl_sqlite_yardsticks(struct pfl_store *store, const char *machine_id, const char *fingerprint,
                          double reference[PFL_YARDSTICK_COUNT], struct pfl_err *err)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    double found[PFL_YARDSTICK_COUNT] = {0};
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_learn_schema(s, err), i;

    if (!got && s->schema >= PFL_SQLITE_YARDSTICKS)
        got = pfl_sqlite_use(s, PFL_SQLITE_GET_YARDSTICKS, &stmt, reading, err);
    if (got)
        return got;
    if (s->schema >= PFL_SQLITE_YARDSTICKS) { /* else it may only be read, and has none */
        pfl_sqlite_bind_text(stmt, 1, machine_id);
        pfl_sqlite_bind_text(stmt, 2, fingerprint);
        while ((got = pfl_sqlite_step(s, stmt, reading, err)) > 0)
            for (i = 0; i < PFL_YARDSTICK_COUNT; i++)
                if (strcmp(pfl_sqlite_text(stmt, 0), pfl_yardstick_key((enum pfl_yardstick)i)) == 0)
                    found[i] = sqlite3_column_double(stmt, 1);
        if (got < 0)
            return got;
    }
    memcpy(reference, found, sizeof found);
    return PFL_OK;
}

/* The first run of a machine sets what later ones are held against; a race (its programs are
 * strangers to the suite) and an imported run (another tool's) do not. */
int pfl_sqlite_add_yardsticks(struct pfl_sqlite *s, int64_t number, const struct pfl_run *run,
                              struct pfl_err *err)
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
        sqlite3_bind_int64(stmt, 5, number);
        code = pfl_sqlite_run(s, stmt, recording, err);
    }
    return code;
}

PFL_VEC(ids, const char *);

int pfl_sqlite_yardstick_runs(struct pfl_store *store, struct pfl_arena *arena, const char ***ids,
                              size_t *n, struct pfl_err *err)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    struct ids found = {0};
    const char **kept = NULL, *id;
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_learn_schema(s, err);

    if (!got && s->schema >= PFL_SQLITE_THINNED)
        got = pfl_sqlite_use(s, PFL_SQLITE_YARDSTICK_RUNS, &stmt, reading, err);
    if (got)
        return got;
    while (s->schema >= PFL_SQLITE_THINNED && (got = pfl_sqlite_step(s, stmt, reading, err)) > 0) {
        id = pfl_arena_text(arena, pfl_sqlite_text(stmt, 0));
        if (id && pfl_vec_push(&found, &id))
            continue;
        sqlite3_reset(stmt);
        got = pfl_err_no_memory(err);
        break;
    }
    if (!got) {
        kept = pfl_arena_grow(arena, found.at, found.n, found.n, sizeof *kept);
        got = kept ? PFL_OK : pfl_err_no_memory(err);
    }
    if (!got) {
        *ids = kept;
        *n = found.n;
    }
    pfl_vec_release(&found);
    return got;
}

int pfl_sqlite_yardsticks_reset(struct pfl_store *store, const char *machine_id,
                                const char *fingerprint, bool *known, struct pfl_err *err)
{
    static const char doing[] = "forgetting the yardsticks' references";
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    sqlite3_stmt *stmt;
    bool had = false;
    int code = pfl_sqlite_begin_one(s, doing, err);

    if (code)
        return code;
    code = pfl_sqlite_use(s, PFL_SQLITE_DROP_YARDSTICKS, &stmt, doing, err);
    if (!code) {
        pfl_sqlite_bind_text(stmt, 1, machine_id);
        pfl_sqlite_bind_text(stmt, 2, fingerprint);
        code = pfl_sqlite_run(s, stmt, doing, err);
        had = !code && sqlite3_changes(s->db) > 0;
    }
    code = pfl_sqlite_end_one(s, code, doing, err);
    if (!code)
        *known = had;
    return code;
}
