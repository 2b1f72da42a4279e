/*
 * Room that nothing uses any more goes back to the disk: SQLite's VACUUM, a transaction like any
 * other, so whatever ends it half-way leaves the file as it was. It writes the file anew: once into
 * a temporary file, once into the -wal (or the journal), from which it is copied back. So it needs
 * twice the room that the ledger will take, which is looked for first (beside the ledger: that is
 * where the larger part goes); and it is only done where an eighth of the file is unused.
 *
 * While somebody reads the ledger its file can't be cut short: then the room is given back when the
 * last one closes it.
 */
#include "store/sqlite.h"

#include "sys/file.h"

static const char compacting[] = "compacting the ledger";

enum { WORTH_IT = 8, SPARE_BYTES = 1 << 20, WAIT_FOR_READERS_MS = 1000 };

static int64_t size_of(const char *path, const char *suffix)
{
    int64_t size = 0, modified;
    char *name = sqlite3_mprintf("%s%s", path, suffix);

    if (!name || pfl_file_stat(name, &size, &modified, NULL) != PFL_OK)
        size = 0;
    sqlite3_free(name);
    return size;
}

static int64_t total(const struct pfl_sqlite *s)
{
    return size_of(s->path, "") + size_of(s->path, "-wal");
}

static int measure(struct pfl_sqlite *s, int64_t *used, int64_t *unused, struct pfl_err *err)
{
    int64_t page = 0, pages = 0, idle = 0;
    int code = pfl_sqlite_number(s, "PRAGMA page_size", &page, compacting, err);

    if (!code)
        code = pfl_sqlite_number(s, "PRAGMA page_count", &pages, compacting, err);
    if (!code)
        code = pfl_sqlite_number(s, "PRAGMA freelist_count", &idle, compacting, err);
    *used = (pages - idle) * page;
    *unused = idle * page;
    return code;
}

/* The temporary file is to be a file: the ledger need not fit into memory. */
static int vacuum(struct pfl_sqlite *s, struct pfl_err *err)
{
    int code = pfl_sqlite_exec(s, "PRAGMA temp_store = FILE", compacting, err), again;

    if (!code)
        code = pfl_sqlite_exec(s, "VACUUM", compacting, err);
    again = pfl_sqlite_exec(s, "PRAGMA temp_store = MEMORY", compacting, code ? NULL : err);
    pfl_sqlite_forget_index(s);
    return code ? code : again;
}

int pfl_sqlite_compact(struct pfl_store *store, struct pfl_store_compacted *compacted,
                       struct pfl_err *err)
{
    struct pfl_sqlite *s = (struct pfl_sqlite *)store;
    int64_t used = 0, unused = 0, needed, room = 0;
    int code;

    if (s->in_batch)
        PFL_BUG("the ledger was compacted within a batch");
    if (s->read_only)
        return pfl_err_set(err, PFL_EPERM, "%s: %s was opened for reading only", compacting,
                           s->path);
    compacted->before = compacted->after = total(s);
    code = measure(s, &used, &unused, err);
    if (code || unused == 0 || unused < (used + unused) / WORTH_IT)
        return code;
    needed = 2 * used + SPARE_BYTES;
    code = pfl_file_room(s->path, &room, err);
    if (!code && room < needed) {
        compacted->short_of = needed - room;
        return PFL_OK;
    }
    if (!code)
        code = vacuum(s, err);
    if (!code) {
        sqlite3_busy_timeout(s->db, WAIT_FOR_READERS_MS);
        code = pfl_sqlite_exec(s, "PRAGMA wal_checkpoint(TRUNCATE)", compacting, err);
        sqlite3_busy_timeout(s->db, PFL_SQLITE_BUSY_MS);
    }
    compacted->after = total(s);
    compacted->done = !code;
    return code;
}
