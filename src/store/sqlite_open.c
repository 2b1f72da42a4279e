/*
 * Opening a ledger. A file is looked at before anything is changed about it: what is absent, a
 * folder, another program's, too new or damaged is refused as it stands. Then the journal: WAL,
 * where a commit is one fsync and readers never wait. WAL needs memory shared between processes
 * through a -shm file; where the filesystem has none (some network mounts), or no room for it, the
 * ledger is opened alone for a moment (then SQLite needs no -shm), taken out of WAL mode and used
 * with a rollback journal, with synchronous=EXTRA because only that makes a rollback-mode commit
 * outlive a power cut.
 *
 * For readers of what they cannot write there is no -shm either, or there must not be: one made by
 * another user would lock the owner out. When no -wal file (or hot journal) is left the database
 * file alone is the whole truth, and is read as immutable; else only the owner can bring it in.
 */
#include "store/sqlite.h"

#include "base/alloc.h"
#include "sys/file.h"

#include <string.h>

enum { RETRY_MS = 20, OPEN_TRIES = 10, CACHE_KIB = 16 << 10, BULK_CACHE_KIB = 32 << 10 };

static const char opening[] = "opening the ledger";

/* The folder, ignoring itself in git when it is ours: made here, or called .perfledger and still
 * without the file (a process may have died between the two). Any other folder is the user's. */
static int make_folder(const char *path, struct pfl_arena *arena, struct pfl_err *err)
{
    const char *folder = pfl_file_folder_of(path, arena), *name, *ignore;
    bool ours;
    int code = PFL_OK;

    if (!folder)
        return pfl_err_no_memory(err);
    name = strrchr(folder, '/') ? strrchr(folder, '/') + 1 : folder;
    ours = strcmp(name, ".perfledger") == 0;
    if (!pfl_file_is_folder(folder)) {
        ours = true;
        code = pfl_file_make_folders(folder, err);
    }
    if (code || !ours)
        return code;
    ignore = pfl_file_join(folder, ".gitignore", arena);
    if (!ignore)
        return pfl_err_no_memory(err);
    if (pfl_file_exists(ignore))
        return PFL_OK;
    code = pfl_file_write(ignore, "*\n", 2, true, err);
    return code == PFL_EBUSY ? PFL_OK : code; /* another process wrote it just now */
}

static int prepare_place(const struct pfl_store_open_params *params, const char *path,
                         struct pfl_err *err)
{
    struct pfl_arena arena;
    int code = PFL_OK;

    if (pfl_file_is_folder(path))
        return pfl_err_set(
            err, PFL_EINVAL,
            "opening the ledger %s: it is a folder: name the file in it, as in %s/ledger.db", path,
            path);
    if (pfl_file_exists(path))
        return PFL_OK;
    if (!params->create || params->read_only)
        return pfl_err_set(err, PFL_ENOENT,
                           "opening the ledger %s: there is none yet: `perfledger run` records "
                           "into it and makes it",
                           path);
    pfl_arena_init(&arena);
    code = make_folder(path, &arena, err);
    pfl_arena_release(&arena);
    if (!code) { /* empty, by our own hand: SQLite would not tell why it cannot make a file */
        code = pfl_file_write(path, "", 0, true, err);
        code = code == PFL_EBUSY ? PFL_OK : code;
    }
    if (code)
        pfl_err_prefix(err, "making the ledger %s", path);
    return code;
}

static int connect_as(struct pfl_sqlite *s, const char *name, int flags, struct pfl_err *err)
{
    int rc = SQLITE_IOERR;

    if (!pfl_fault_io())
        rc = sqlite3_open_v2(name, &s->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                             NULL);
    if (rc != SQLITE_OK)
        return pfl_sqlite_fail(s, rc, opening, err);
    sqlite3_busy_timeout(s->db, PFL_SQLITE_BUSY_MS);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return PFL_OK;
}

static void disconnect(struct pfl_sqlite *s)
{
    sqlite3_close(s->db);
    s->db = NULL;
}

enum beside { NOT_THERE, EMPTY, HOLDS_SOMETHING };

/* The file PATH + suffix beside the ledger. One that cannot be looked at counts as full. */
static enum beside beside(const char *path, const char *suffix)
{
    int64_t size = 0, modified;
    char *name = sqlite3_mprintf("%s%s", path, suffix);
    enum beside found = HOLDS_SOMETHING;

    if (name && !pfl_file_exists(name))
        found = NOT_THERE;
    else if (name && !pfl_file_stat(name, &size, &modified, NULL) && size == 0)
        found = EMPTY;
    sqlite3_free(name);
    return found;
}

/* Commits, or a transaction half done, that the database file alone does not show. */
static bool is_left_over(const char *path)
{
    return beside(path, "-wal") == HOLDS_SOMETHING || beside(path, "-journal") == HOLDS_SOMETHING;
}

/* SQLite writes the file, and makes others beside it. */
static bool may_write(const char *path)
{
    struct pfl_arena arena;
    const char *folder;
    bool may;

    pfl_arena_init(&arena);
    folder = pfl_file_folder_of(path, &arena);
    may = pfl_file_writable(path) && (!folder || pfl_file_writable(folder));
    pfl_arena_release(&arena);
    return may;
}

/* "file:PATH?immutable=1" with what a URI would misread escaped. */
static int connect_immutable(struct pfl_sqlite *s, struct pfl_err *err)
{
    static const char hex[] = "0123456789abcdef";
    struct pfl_buf uri;
    const char *p;
    int code;

    pfl_buf_init(&uri, 1 << 16);
    pfl_buf_text(&uri, "file:");
    for (p = s->path; *p; p++) {
        if (strchr("?#%", *p)) {
            pfl_buf_char(&uri, '%');
            pfl_buf_char(&uri, hex[*p >> 4 & 15]);
            pfl_buf_char(&uri, hex[*p & 15]);
        } else {
            pfl_buf_char(&uri, *p);
        }
    }
    pfl_buf_text(&uri, "?immutable=1");
    code = pfl_buf_check(&uri, err, opening);
    if (!code)
        code = connect_as(s, pfl_buf_cstr(&uri), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
    pfl_buf_release(&uri);
    return code;
}

/* Alone on the file SQLite keeps the WAL's index in its own memory, which gets us out of WAL mode.
 */
static int leave_wal(struct pfl_sqlite *s, struct pfl_err *err)
{
    int code = pfl_sqlite_exec(s, "PRAGMA locking_mode = EXCLUSIVE", opening, err);

    if (!code)
        code = pfl_sqlite_exec(s, "PRAGMA journal_mode = DELETE", opening, err);
    if (!code)
        code = pfl_sqlite_exec(s, "PRAGMA locking_mode = NORMAL", opening, err);
    return code;
}

/* Another process that just made the ledger or closed it last moves its -wal and -shm under our
 * feet: what cannot be opened now can be a moment later. */
static bool worth_another_try(int code, int *tries)
{
    if (code != PFL_EIO || ++*tries >= OPEN_TRIES)
        return false;
    sqlite3_sleep(RETRY_MS);
    return true;
}

static int refuse_left_over(const struct pfl_sqlite *s, int code, struct pfl_err *err)
{
    if (may_write(s->path)) /* then it is not for want of rights */
        return code;
    return pfl_err_set(err, PFL_EPERM,
                       "%s %s: what was recorded last still stands in a file beside it (%s-wal or "
                       "-journal), which can only be read with the right to write there; let the "
                       "ledger's owner run `perfledger list` on it once, or copy both files to a "
                       "folder of yours and read the copy with --ledger",
                       opening, s->path, s->path);
}

/* The first look. When it fails for want of shared memory it is tried once more without. */
static int look(struct pfl_sqlite *s, struct pfl_sqlite_identity *identity, bool *no_wal,
                struct pfl_err *err)
{
    struct pfl_err second;
    int code, tries = 0;

    do
        code = pfl_sqlite_identify(s, identity, err);
    while (worth_another_try(code, &tries));
    if (code != PFL_EIO && code != PFL_EPERM && code != PFL_EFULL)
        return code;
    if (!s->read_only) {
        if (leave_wal(s, &second))
            return code;
        *no_wal = true;
        return pfl_sqlite_identify(s, identity, err);
    }
    if (is_left_over(s->path))
        return refuse_left_over(s, code, err);
    disconnect(s);
    code = connect_immutable(s, err);
    return code ? code : pfl_sqlite_identify(s, identity, err);
}

static int ask_for_wal(struct pfl_sqlite *s, bool *entered, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int got, rc = SQLITE_IOERR;

    if (!pfl_fault_io())
        rc = sqlite3_prepare_v2(s->db, "PRAGMA journal_mode = WAL", -1, &stmt, NULL);
    if (rc != SQLITE_OK)
        return pfl_sqlite_fail(s, rc, opening, err);
    got = pfl_sqlite_step(s, stmt, opening, err);
    if (got > 0)
        *entered = strcmp(pfl_sqlite_text(stmt, 0), "wal") == 0;
    sqlite3_finalize(stmt);
    return got > 0 ? PFL_OK : got;
}

/* Switching to WAL needs the file for itself for an instant and does not ask the busy handler. */
static int enter_wal(struct pfl_sqlite *s, bool *entered, struct pfl_err *err)
{
    int waited, tries = 0, code = ask_for_wal(s, entered, err);

    for (waited = 0; code == PFL_EBUSY && waited < PFL_SQLITE_BUSY_MS; waited += RETRY_MS) {
        sqlite3_sleep(RETRY_MS);
        code = ask_for_wal(s, entered, err);
    }
    while (worth_another_try(code, &tries))
        code = ask_for_wal(s, entered, err);
    return code;
}

static int set_journal(struct pfl_sqlite *s, bool no_wal, struct pfl_err *err)
{
    bool wal = false;
    int code = no_wal ? PFL_OK : enter_wal(s, &wal, err);

    if (code && code != PFL_EBUSY) {
        struct pfl_err second;

        if (leave_wal(s, &second))
            return code;
        code = PFL_OK;
    }
    if (!code)
        code = pfl_sqlite_exec(s, wal ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = EXTRA",
                               opening, err);
    if (!code && s->bulk)
        code = pfl_sqlite_exec(s, "PRAGMA wal_autocheckpoint = 16384", opening, err);
    return code;
}

static int set_memory(struct pfl_sqlite *s, struct pfl_err *err)
{
    char sql[80];

    sqlite3_snprintf(sizeof sql, sql, "PRAGMA cache_size = -%d; PRAGMA temp_store = MEMORY",
                     s->bulk ? BULK_CACHE_KIB : CACHE_KIB);
    return pfl_sqlite_exec(s, sql, opening, err);
}

static int open_file(struct pfl_sqlite *s, const struct pfl_store_open_params *params,
                     struct pfl_err *err)
{
    struct pfl_sqlite_identity identity = {0};
    bool no_wal = false;
    int flags = s->read_only ? SQLITE_OPEN_READONLY
                             : SQLITE_OPEN_READWRITE | (params->create ? SQLITE_OPEN_CREATE : 0);
    bool alone = s->read_only && !may_write(s->path) && beside(s->path, "-wal") == NOT_THERE &&
                 beside(s->path, "-journal") == NOT_THERE;
    int code = alone ? connect_immutable(s, err) : connect_as(s, s->path, flags, err);

    if (!code && !s->read_only && sqlite3_db_readonly(s->db, "main") == 1)
        code = pfl_sqlite_fail(s, SQLITE_READONLY, opening, err);
    if (!code)
        code = look(s, &identity, &no_wal, err);
    if (!code)
        code = pfl_sqlite_check_identity(s, &identity, err);
    if (!code && identity.empty && (!params->create || s->read_only))
        code = pfl_err_set(
            err, PFL_ENOENT,
            "opening the ledger %s: the file is still empty: `perfledger run` records into it",
            s->path);
    if (code) {
        if (s->db) /* refused: do not even tidy up its -wal */
            sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        return code;
    }
    s->schema = identity.schema;
    code = set_memory(s, err);
    if (code || s->read_only)
        return code;
    code = set_journal(s, no_wal, err);
    if (!code && identity.schema < (int64_t)pfl_sqlite_migration_count)
        code = pfl_sqlite_migrate(s, pfl_sqlite_migrations, pfl_sqlite_migration_count, err);
    s->schema = (int64_t)pfl_sqlite_migration_count;
    return code;
}

int pfl_sqlite_open(const struct pfl_store_open_params *params, struct pfl_store **store,
                    struct pfl_err *err)
{
    struct pfl_sqlite *s;
    size_t len = strlen(params->url);
    int code = prepare_place(params, params->url, err);

    if (code)
        return code;
    s = pfl_alloc_zeroed(1, sizeof *s);
    if (!s)
        return pfl_err_no_memory(err);
    s->store.kind = &pfl_store_sqlite;
    s->read_only = params->read_only || (params->reading && !may_write(params->url));
    s->bulk = params->bulk;
    s->path = pfl_alloc(len + 3);
    if (s->path) /* ":memory:" and the like are files here */
        sqlite3_snprintf((int)len + 3, s->path, "%s%s", params->url[0] == ':' ? "./" : "",
                         params->url);
    code = s->path ? open_file(s, params, err) : pfl_err_no_memory(err);
    if (code) {
        pfl_sqlite_release(s);
        return code;
    }
    *store = &s->store;
    return PFL_OK;
}
