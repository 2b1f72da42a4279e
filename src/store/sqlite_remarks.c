/*
 * What people say about runs: void and notes, in tables beside the record. Voiding twice keeps the
 * later reason; taking a void back that is not there changes nothing.
 */
#include "store/sqlite.h"

#include <string.h>

static const char replacing[] = "replacing what was imported before";

PFL_VEC(remark_list, struct pfl_store_remark);

struct remark {
    enum pfl_sqlite_statement statement;
    const char *doing, *text; /* text NULL: the statement takes only the run */
    int64_t unix_ns;
};

static int change(struct pfl_sqlite *s, int64_t number, const struct remark *remark,
                  struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int code = pfl_sqlite_use(s, remark->statement, &stmt, remark->doing, err);

    if (code)
        return code;
    sqlite3_bind_int64(stmt, 1, number);
    if (remark->text) {
        pfl_sqlite_bind_text(stmt, 2, remark->text);
        sqlite3_bind_int64(stmt, 3, remark->unix_ns);
    }
    return pfl_sqlite_run(s, stmt, remark->doing, err);
}

static int say(struct pfl_store *store, const char *run_id, const struct remark *remark,
               struct pfl_err *err)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    struct pfl_arena arena;
    const char *whole;
    int64_t number;
    int code = pfl_sqlite_begin_one(s, remark->doing, err);

    if (code)
        return code;
    pfl_arena_init(&arena);
    code = pfl_sqlite_find(s, run_id, &arena, &number, &whole, err);
    if (!code)
        code = change(s, number, remark, err);
    code = pfl_sqlite_end_one(s, code, remark->doing, err);
    pfl_sqlite_forget_index(s);
    pfl_arena_release(&arena);
    return code;
}

int pfl_sqlite_void(struct pfl_store *store, const char *run_id, const char *why, int64_t unix_ns,
                    struct pfl_err *err)
{
    struct remark remark = {PFL_SQLITE_SET_VOID, "voiding a run", why, unix_ns};

    return say(store, run_id, &remark, err);
}

/* The run that the place became before; 0: none, or this one. */
static int find_replaced(struct pfl_sqlite *s, const struct pfl_store_place *place, int64_t *number,
                         struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, PFL_SQLITE_GET_SOURCE, &stmt, replacing, err);

    *number = 0;
    if (got)
        return got;
    pfl_sqlite_bind_text(stmt, 1, place->key);
    got = pfl_sqlite_step(s, stmt, replacing, err);
    if (got > 0 && strcmp(pfl_sqlite_text(stmt, 1), place->run_id) != 0)
        *number = sqlite3_column_int64(stmt, 0);
    sqlite3_reset(stmt);
    return got < 0 ? got : PFL_OK;
}

static int replace_locked(struct pfl_sqlite *s, const struct pfl_store_place *place, bool *replaced,
                          struct pfl_err *err)
{
    struct remark remark = {PFL_SQLITE_SET_VOID, replacing, place->why, place->unix_ns};
    sqlite3_stmt *stmt;
    int64_t number = 0;
    int code = place->why ? find_replaced(s, place, &number, err) : PFL_OK;

    *replaced = !code && number;
    if (*replaced)
        code = change(s, number, &remark, err);
    if (!code)
        code = pfl_sqlite_use(s, place->why ? PFL_SQLITE_MOVE_SOURCE : PFL_SQLITE_ADD_SOURCE, &stmt,
                              replacing, err);
    if (code)
        return code;
    pfl_sqlite_bind_text(stmt, 1, place->key);
    pfl_sqlite_bind_text(stmt, 2, place->run_id);
    return pfl_sqlite_run(s, stmt, replacing, err);
}

int pfl_sqlite_replace(struct pfl_store *store, const struct pfl_store_place *place, bool *replaced,
                       struct pfl_err *err)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    int code = pfl_sqlite_begin_one(s, replacing, err);

    if (code)
        return code;
    code = pfl_sqlite_end_one(s, replace_locked(s, place, replaced, err), replacing, err);
    if (*replaced)
        pfl_sqlite_forget_index(s);
    return code;
}

int pfl_sqlite_unvoid(struct pfl_store *store, const char *run_id, struct pfl_err *err)
{
    struct remark remark = {PFL_SQLITE_UNSET_VOID, "taking a void back", NULL, 0};

    return say(store, run_id, &remark, err);
}

int pfl_sqlite_note(struct pfl_store *store, const char *run_id, const char *text, int64_t unix_ns,
                    struct pfl_err *err)
{
    struct remark remark = {PFL_SQLITE_ADD_NOTE, "noting something on a run", text, unix_ns};

    return say(store, run_id, &remark, err);
}

static int read_remarks(struct pfl_sqlite *s, int64_t number, struct pfl_arena *arena,
                        struct remark_list *found, struct pfl_err *err)
{
    static const char doing[] = "reading the remarks on a run";
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, PFL_SQLITE_GET_REMARKS, &stmt, doing, err);

    if (got)
        return got;
    sqlite3_bind_int64(stmt, 1, number);
    while ((got = pfl_sqlite_step(s, stmt, doing, err)) > 0) {
        struct pfl_store_remark remark = {.text = pfl_arena_text(arena, pfl_sqlite_text(stmt, 0)),
                                          .unix_ns = sqlite3_column_int64(stmt, 1),
                                          .is_void = sqlite3_column_int(stmt, 2) != 0};

        if (!remark.text || !pfl_vec_push(found, &remark)) {
            sqlite3_reset(stmt);
            return pfl_err_no_memory(err);
        }
    }
    return got;
}

int pfl_sqlite_remarks(struct pfl_store *store, const char *run_id, struct pfl_arena *arena,
                       struct pfl_store_remark **remarks, size_t *n, struct pfl_err *err)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    struct remark_list found = {0};
    struct pfl_store_remark *kept = NULL;
    const char *whole;
    int64_t number;
    int code = pfl_sqlite_find(s, run_id, arena, &number, &whole, err);

    if (!code)
        code = read_remarks(s, number, arena, &found, err);
    if (!code) {
        kept = pfl_arena_grow(arena, found.at, found.n, found.n, sizeof *kept);
        code = kept ? PFL_OK : pfl_err_no_memory(err);
    }
    if (!code) {
        *remarks = kept;
        *n = found.n;
    }
    pfl_vec_release(&found);
    return code;
}
