/*
 * Names over time in the ledger: the table `alias`, one row per step from an old name to a newer
 * one. What follows from them is decided in alias.c, over all of them at once, which is how they
 * are read; the series' index (sqlite_series.c) keeps them until somebody writes.
 */
#include "store/sqlite.h"

#include <string.h>

static const char reading[] = "reading the names over time";

static const char *what_of(const struct pfl_store_alias *alias)
{
    return alias->variant ? "variant" : "benchmark";
}

static bool read_row(sqlite3_stmt *stmt, struct pfl_arena *arena, struct pfl_store_alias *alias)
{
    alias->variant = strcmp(pfl_sqlite_text(stmt, 0), "variant") == 0;
    alias->benchmark = pfl_arena_text(arena, pfl_sqlite_text(stmt, 1));
    alias->from = pfl_arena_text(arena, pfl_sqlite_text(stmt, 2));
    alias->to = pfl_arena_text(arena, pfl_sqlite_text(stmt, 3));
    alias->unix_ns = sqlite3_column_int64(stmt, 4);
    alias->note = pfl_arena_text(arena, pfl_sqlite_text(stmt, 5));
    return alias->benchmark && alias->from && alias->to && alias->note;
}

int pfl_sqlite_read_aliases(struct pfl_sqlite *s, struct pfl_arena *arena,
                            struct pfl_store_aliases *aliases, struct pfl_err *err)
{
    struct pfl_store_alias alias;
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_learn_schema(s, err);

    if (got || s->schema < PFL_SQLITE_PACKED)
        return got;
    got = pfl_sqlite_use(s, PFL_SQLITE_ALL_ALIASES, &stmt, reading, err);
    if (got)
        return got;
    while ((got = pfl_sqlite_step(s, stmt, reading, err)) > 0)
        if (!read_row(stmt, arena, &alias) || !pfl_vec_push(aliases, &alias)) {
            sqlite3_reset(stmt);
            return pfl_err_no_memory(err);
        }
    return got;
}

static int refuse_second(const struct pfl_store_aliases *aliases,
                         const struct pfl_store_alias *alias, struct pfl_err *err)
{
    size_t i;

    for (i = 0; i < aliases->n; i++) {
        const struct pfl_store_alias *other = &aliases->at[i];

        if (other->variant == alias->variant && strcmp(other->benchmark, alias->benchmark) == 0 &&
            strcmp(other->from, alias->from) == 0 && strcmp(other->to, alias->to) != 0)
            return pfl_err_set(err, PFL_EINVAL,
                               "joining two names: '%s' goes on as '%s' already: take that back "
                               "first",
                               alias->from, other->to);
    }
    return PFL_OK;
}

static int put_alias(struct pfl_sqlite *s, const struct pfl_store_alias *alias, struct pfl_err *err)
{
    static const char doing[] = "joining two names";
    sqlite3_stmt *stmt;
    int code = pfl_sqlite_use(s, PFL_SQLITE_ADD_ALIAS, &stmt, doing, err);

    if (code)
        return code;
    pfl_sqlite_bind_text(stmt, 1, what_of(alias));
    pfl_sqlite_bind_text(stmt, 2, alias->benchmark);
    pfl_sqlite_bind_text(stmt, 3, alias->from);
    pfl_sqlite_bind_text(stmt, 4, alias->to);
    sqlite3_bind_int64(stmt, 5, alias->unix_ns);
    pfl_sqlite_bind_text(stmt, 6, alias->note);
    return pfl_sqlite_run(s, stmt, doing, err);
}

static int add_locked(struct pfl_sqlite *s, const struct pfl_store_alias *alias,
                      struct pfl_err *err)
{
    struct pfl_store_aliases aliases = {0};
    struct pfl_arena arena;
    int code;

    pfl_arena_init(&arena);
    code = pfl_sqlite_read_aliases(s, &arena, &aliases, err);
    if (!code)
        code = refuse_second(&aliases, alias, err);
    if (!code && !pfl_vec_push(&aliases, alias))
        code = pfl_err_no_memory(err);
    if (!code && pfl_store_aliases_circle(&aliases))
        code = pfl_err_set(err, PFL_EINVAL,
                           "joining two names: '%s' goes on as '%s' already, so it cannot be the "
                           "older name: they would lead in a circle",
                           alias->to, alias->from);
    if (!code)
        code = put_alias(s, alias, err);
    pfl_vec_release(&aliases);
    pfl_arena_release(&arena);
    return code;
}

int pfl_sqlite_alias_add(struct pfl_store *store, const struct pfl_store_alias *alias,
                         struct pfl_err *err)
{
    static const char doing[] = "joining two names";
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    int code = pfl_sqlite_begin_one(s, doing, err);

    if (code)
        return code;
    code = pfl_sqlite_end_one(s, add_locked(s, alias, err), doing, err);
    pfl_sqlite_forget_index(s);
    return code;
}

static int remove_locked(struct pfl_sqlite *s, const struct pfl_store_alias *alias,
                         struct pfl_err *err)
{
    static const char doing[] = "parting two names";
    sqlite3_stmt *stmt;
    int code = pfl_sqlite_use(s, PFL_SQLITE_REMOVE_ALIAS, &stmt, doing, err);

    if (code)
        return code;
    pfl_sqlite_bind_text(stmt, 1, what_of(alias));
    pfl_sqlite_bind_text(stmt, 2, alias->benchmark);
    pfl_sqlite_bind_text(stmt, 3, alias->from);
    code = pfl_sqlite_run(s, stmt, doing, err);
    if (!code && sqlite3_changes(s->db) == 0)
        code = pfl_err_set(err, PFL_ENOENT, "%s: the ledger %s has no newer name for the %s '%s'",
                           doing, s->path, what_of(alias), alias->from);
    return code;
}

int pfl_sqlite_alias_remove(struct pfl_store *store, const struct pfl_store_alias *alias,
                            struct pfl_err *err)
{
    static const char doing[] = "parting two names";
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    int code = pfl_sqlite_begin_one(s, doing, err);

    if (code)
        return code;
    code = pfl_sqlite_end_one(s, remove_locked(s, alias, err), doing, err);
    pfl_sqlite_forget_index(s);
    return code;
}

int pfl_sqlite_alias_list(struct pfl_store *store, struct pfl_arena *arena,
                          struct pfl_store_alias **aliases, size_t *n, struct pfl_err *err)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    struct pfl_store_aliases found = {0};
    struct pfl_store_alias *kept = NULL;
    int code = pfl_sqlite_read_aliases(s, arena, &found, err);

    if (!code) {
        kept = pfl_arena_grow(arena, found.at, found.n, found.n, sizeof *kept);
        code = kept ? PFL_OK : pfl_err_no_memory(err);
    }
    if (!code) {
        *aliases = kept;
        *n = found.n;
    }
    pfl_vec_release(&found);
    return code;
}
