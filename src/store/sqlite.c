/*
 * The SQLite store's table, and its transactions. A single add, void or note is a transaction of
 * its own. Between begin and commit each is a savepoint, so that one that fails takes back only
 * itself. When SQLite gives up a whole transaction by itself (full disk, I/O error), the batch is
 * lost: everything until abandon says so, and commit does not claim success.
 *
 * A bulk ledger commits by itself about every BULK_BYTES, so that a huge import becomes neither a
 * huge WAL nor a huge process.
 */
#include "store/sqlite.h"

#include "base/alloc.h"

enum { BULK_BYTES = 64 << 20 };

static const char *const prefixes[] = {"sqlite:", "", NULL};

static void sqlite_close(struct pfl_store *store)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;

    pfl_sqlite_release(s);
}

void pfl_sqlite_release(struct pfl_sqlite *s)
{
    size_t i;

    if (!s)
        return;
    for (i = 0; i < PFL_SQLITE_STATEMENT_COUNT; i++)
        sqlite3_finalize(s->statements[i]);
    sqlite3_close_v2(s->db); /* rolls back what is open */
    pfl_sqlite_drop_waiting(s);
    pfl_sqlite_forget_names(s);
    pfl_sqlite_forget_index(s);
    pfl_store_zstd_release(&s->zstd);
    pfl_free(s->path);
    pfl_free(s);
}

/* No fault is injected here: taking back is what makes the faults elsewhere harmless, and in SQLite
 * it cannot fail in a way that leaves the transaction open. */
static void roll_back(struct pfl_sqlite *s)
{
    if (s->db && !sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    s->in_transaction = false;
    s->batch_bytes = 0;
    pfl_sqlite_drop_waiting(s);
    pfl_sqlite_forget_names(s);
    pfl_sqlite_forget_index(s);
}

static int begin_transaction(struct pfl_sqlite *s, const char *doing, struct pfl_err *err)
{
    int code = pfl_sqlite_exec(s, "BEGIN IMMEDIATE", doing, err);

    if (!code)
        s->in_transaction = true;
    return code;
}

static int commit_transaction(struct pfl_sqlite *s, const char *doing, struct pfl_err *err)
{
    int code = pfl_sqlite_flush(s, err);

    if (!code)
        code = pfl_sqlite_exec(s, "COMMIT", doing, err);
    if (code)
        roll_back(s);
    s->in_transaction = false;
    s->batch_bytes = 0;
    return code;
}

/* What waits and cannot be written is lost, and the batch with it. */
static int settle(struct pfl_sqlite *s, struct pfl_err *err)
{
    int code = pfl_sqlite_flush(s, err);

    if (!code)
        return PFL_OK;
    roll_back(s);
    s->batch_lost = code;
    return code;
}

static int refuse_lost(struct pfl_sqlite *s, const char *doing, struct pfl_err *err)
{
    return pfl_err_set(err, s->batch_lost,
                       "%s: ledger %s: the batch was taken back because of an earlier error (%s)",
                       doing, s->path, pfl_err_sentence(s->batch_lost));
}

int pfl_sqlite_begin_one(struct pfl_sqlite *s, const char *doing, struct pfl_err *err)
{
    int code = PFL_OK;

    if (s->read_only)
        return pfl_err_set(err, PFL_EPERM, "%s: the ledger %s was opened for reading only", doing,
                           s->path);
    if (s->in_batch && s->batch_lost)
        return refuse_lost(s, doing, err);
    if (!s->in_transaction)
        code = begin_transaction(s, doing, err);
    s->changes_before = sqlite3_total_changes(s->db);
    return code;
}

static int end_in_batch(struct pfl_sqlite *s, int code, const char *doing, struct pfl_err *err)
{
    bool taken_back = sqlite3_get_autocommit(s->db) != 0; /* by SQLite itself */

    if (code && (taken_back || sqlite3_total_changes(s->db) != s->changes_before)) {
        roll_back(s);
        s->batch_lost = code;
    } else if (!code && s->bulk && s->batch_bytes + s->waiting.len >= BULK_BYTES) {
        code = commit_transaction(s, doing, err);
        s->batch_lost = code;
    }
    return code;
}

int pfl_sqlite_end_one(struct pfl_sqlite *s, int code, const char *doing, struct pfl_err *err)
{
    if (s->in_batch)
        return end_in_batch(s, code, doing, err);
    if (!code)
        return commit_transaction(s, doing, err);
    roll_back(s);
    return code;
}

/* Points move from hot rows into packets, by any process: what several statements read must be of
 * one moment. */
int pfl_sqlite_begin_read(struct pfl_sqlite *s, bool *began, struct pfl_err *err)
{
    static const char doing[] = "reading the ledger";
    sqlite3_stmt *stmt;
    int code = settle(s, err);

    *began = false;
    if (code || !sqlite3_get_autocommit(s->db)) /* frozen, or a batch: that is one moment */
        return code;
    code = pfl_sqlite_use(s, PFL_SQLITE_BEGIN_READ, &stmt, doing, err);
    if (!code)
        code = pfl_sqlite_run(s, stmt, doing, err);
    *began = !code;
    return code;
}

/* No fault is injected here: nothing was changed, so it cannot fail. */
void pfl_sqlite_end_read(struct pfl_sqlite *s, bool began)
{
    sqlite3_stmt *stmt;

    if (!began)
        return;
    if (pfl_sqlite_use(s, PFL_SQLITE_END_READ, &stmt, "reading the ledger", NULL) ||
        sqlite3_step(stmt) != SQLITE_DONE)
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    else
        sqlite3_reset(stmt);
}

static int sqlite_begin(struct pfl_store *store, struct pfl_err *err)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    int code;

    if (s->in_batch)
        PFL_BUG("a batch was begun within a batch");
    if (s->read_only)
        return pfl_err_set(err, PFL_EPERM,
                           "recording runs: the ledger %s was opened for reading only", s->path);
    code = begin_transaction(s, "recording runs", err);
    if (code)
        return code;
    s->in_batch = true;
    s->batch_lost = 0;
    return PFL_OK;
}

static int sqlite_freeze(struct pfl_store *store, struct pfl_err *err)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;

    if (s->in_batch)
        PFL_BUG("the ledger was frozen within a batch");
    return pfl_sqlite_exec(s, "BEGIN", "reading the ledger", err);
}

static void sqlite_thaw(struct pfl_store *store)
{
    roll_back((struct pfl_sqlite *)store); /* nothing was changed */
}

static int sqlite_commit(struct pfl_store *store, struct pfl_err *err)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    int code = PFL_OK;

    if (!s->in_batch)
        PFL_BUG("a batch was committed that was not begun");
    if (s->batch_lost)
        code = refuse_lost(s, "recording runs", err);
    else if (s->in_transaction)
        code = commit_transaction(s, "recording runs", err);
    s->in_batch = false;
    s->batch_lost = 0;
    return code;
}

static void sqlite_abandon(struct pfl_store *store)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;

    if (!s->in_batch)
        return;
    roll_back(s);
    s->in_batch = false;
    s->batch_lost = 0;
}

const struct pfl_store_kind pfl_store_sqlite = {
    .name = "sqlite",
    .prefixes = prefixes,
    .open = pfl_sqlite_open,
    .close = sqlite_close,
    .add = pfl_sqlite_add,
    .has_source = pfl_sqlite_has_source,
    .replace = pfl_sqlite_replace,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .abandon = sqlite_abandon,
    .freeze = sqlite_freeze,
    .thaw = sqlite_thaw,
    .thin = pfl_sqlite_thin,
    .compact = pfl_sqlite_compact,
    .load = pfl_sqlite_load,
    .list = pfl_sqlite_list,
    .series = pfl_sqlite_series,
    .each_series = pfl_sqlite_each_series,
    .yardsticks = pfl_sqlite_yardsticks,
    .yardstick_runs = pfl_sqlite_yardstick_runs,
    .yardsticks_reset = pfl_sqlite_yardsticks_reset,
    .void_run = pfl_sqlite_void,
    .unvoid = pfl_sqlite_unvoid,
    .note = pfl_sqlite_note,
    .remarks = pfl_sqlite_remarks,
    .alias_add = pfl_sqlite_alias_add,
    .alias_remove = pfl_sqlite_alias_remove,
    .alias_list = pfl_sqlite_alias_list,
};
