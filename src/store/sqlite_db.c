/*
 * The one place that talks to SQLite while a ledger is open: statements are prepared once and kept,
 * steps become three-valued answers, and SQLite's codes become ours with the remedy the user has.
 * Before every call that can reach the disk the fault counter is asked; a fault there is SQLite's
 * own "disk I/O error".
 *
 * The results of binding are not looked at one by one: out of memory there leaves a NULL, which
 * every column refuses (NOT NULL) or, in a look-up, finds nothing. What can be NULL by right is
 * bound as a number.
 */
#include "store/sqlite.h"

#include "base/alloc.h"

#define PFL_SQLITE_STATEMENT_TEXT(name, sql) sql,
static const char *const statement_sql[] = {PFL_SQLITE_STATEMENTS(PFL_SQLITE_STATEMENT_TEXT)};

static int code_of(int rc)
{
    switch (rc & 0xFF) {
    case SQLITE_NOMEM: return PFL_ENOMEM;
    case SQLITE_FULL: return PFL_EFULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return PFL_EBUSY;
    case SQLITE_READONLY:
    case SQLITE_AUTH:
    case SQLITE_PERM: return PFL_EPERM;
    case SQLITE_ERROR: /* a table or column is not what the schema's version promises */
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_CORRUPT: return PFL_ECORRUPT;
    case SQLITE_TOOBIG: return PFL_ELIMIT;
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH: return PFL_EBUG;
    default: return PFL_EIO;
    }
}

static const char *remedy(int code)
{
    switch (code) {
    case PFL_EFULL: return "make room and repeat it; what was recorded before is unharmed";
    case PFL_EBUSY:
        return "another process has kept it locked; repeat it when that one has finished";
    case PFL_EPERM: return "this user may not write the ledger or its folder";
    case PFL_ECORRUPT:
        return "the file is damaged: copy it and its -wal aside, then restore a backup, or salvage "
               "what can be read "
               "with `sqlite3 LEDGER .recover | sqlite3 NEW`";
    default: return NULL;
    }
}

static int errno_of_file(struct pfl_sqlite *s, int which)
{
    sqlite3_file *file = NULL;
    int os_errno = 0;

    if (sqlite3_file_control(s->db, "main", which, &file) == SQLITE_OK && file && file->pMethods)
        file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &os_errno);
    return os_errno;
}

/* The system's error behind an I/O error says more: a quota or a file size limit is a full disk.
 * SQLite's own answer may have been lost in the rollback that followed; the -wal (or journal) and
 * the database still remember theirs. */
static int os_errno_of(struct pfl_sqlite *s, int rc)
{
    int kind = rc & 0xFF, os_errno;

    if (!s->db || (kind != SQLITE_IOERR && kind != SQLITE_CANTOPEN))
        return 0;
    os_errno = sqlite3_system_errno(s->db);
    if (!os_errno && rc == SQLITE_IOERR_WRITE)
        os_errno = errno_of_file(s, SQLITE_FCNTL_JOURNAL_POINTER);
    if (!os_errno && rc == SQLITE_IOERR_WRITE)
        os_errno = errno_of_file(s, SQLITE_FCNTL_FILE_POINTER);
    return os_errno;
}

int pfl_sqlite_fail(struct pfl_sqlite *s, int rc, const char *doing, struct pfl_err *err)
{
    int os_errno = os_errno_of(s, rc), code = code_of(rc);
    const char *advice;

    if (code == PFL_ENOMEM)
        return pfl_err_no_memory(err);
    if (os_errno) {
        code = pfl_err_set_os(err, code, os_errno, "%s: ledger %s: %s", doing, s->path,
                              sqlite3_errstr(rc));
    } else {
        /* the connection's own words, when they are about this very failure */
        bool own = s->db && sqlite3_extended_errcode(s->db) == rc;

        pfl_err_set(err, code, "%s: ledger %s: %s", doing, s->path,
                    own ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc));
    }
    advice = remedy(code);
    if (advice && err) {
        struct pfl_err said = *err;

        pfl_err_set(err, code, "%s; %s", said.message, advice);
        err->os_errno = said.os_errno;
    }
    return code;
}

int pfl_sqlite_exec(struct pfl_sqlite *s, const char *sql, const char *doing, struct pfl_err *err)
{
    int rc = pfl_fault_io() ? SQLITE_IOERR : sqlite3_exec(s->db, sql, NULL, NULL, NULL);

    return rc == SQLITE_OK ? PFL_OK : pfl_sqlite_fail(s, rc, doing, err);
}

int pfl_sqlite_use(struct pfl_sqlite *s, enum pfl_sqlite_statement which, sqlite3_stmt **stmt,
                   const char *doing, struct pfl_err *err)
{
    sqlite3_stmt **kept = &s->statements[which];
    int rc;

    if (*kept) {
        sqlite3_reset(*kept);
        sqlite3_clear_bindings(*kept);
    } else {
        rc = pfl_fault_io() ? SQLITE_IOERR
                            : sqlite3_prepare_v3(s->db, statement_sql[which], -1,
                                                 SQLITE_PREPARE_PERSISTENT, kept, NULL);
        if (rc != SQLITE_OK)
            return pfl_sqlite_fail(s, rc, doing, err);
    }
    *stmt = *kept;
    return PFL_OK;
}

int pfl_sqlite_step(struct pfl_sqlite *s, sqlite3_stmt *stmt, const char *doing,
                    struct pfl_err *err)
{
    int rc = pfl_fault_io() ? SQLITE_IOERR : sqlite3_step(stmt);
    int code = PFL_OK;

    if (rc == SQLITE_ROW)
        return 1;
    if (rc != SQLITE_DONE)
        code = pfl_sqlite_fail(s, rc, doing, err);
    sqlite3_reset(stmt);
    return code;
}

int pfl_sqlite_run(struct pfl_sqlite *s, sqlite3_stmt *stmt, const char *doing, struct pfl_err *err)
{
    int got = pfl_sqlite_step(s, stmt, doing, err);

    if (got > 0) {
        sqlite3_reset(stmt);
        PFL_BUG("a statement that changes gave a row: %s", sqlite3_sql(stmt));
    }
    return got;
}

void pfl_sqlite_bind_text(sqlite3_stmt *stmt, int at, const char *text)
{
    sqlite3_bind_text(stmt, at, text ? text : "", -1, SQLITE_STATIC);
}

const char *pfl_sqlite_text(sqlite3_stmt *stmt, int column)
{
    const unsigned char *text = sqlite3_column_text(stmt, column);

    return text ? (const char *)text : "";
}

int pfl_sqlite_number(struct pfl_sqlite *s, const char *sql, int64_t *value, const char *doing,
                      struct pfl_err *err)
{
    sqlite3_stmt *stmt = NULL;
    int rc = pfl_fault_io() ? SQLITE_IOERR : sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL), got;

    if (rc != SQLITE_OK)
        return pfl_sqlite_fail(s, rc, doing, err);
    got = pfl_sqlite_step(s, stmt, doing, err);
    if (got > 0)
        *value = sqlite3_column_int64(stmt, 0);
    else if (got == 0)
        got = pfl_err_set(err, PFL_ECORRUPT, "%s: ledger %s: %s gave nothing", doing, s->path, sql);
    sqlite3_finalize(stmt);
    return got > 0 ? PFL_OK : got;
}
