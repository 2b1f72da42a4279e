/*
 * What a ledger file is: an SQLite database with our application id, whose user_version counts the
 * migrations it has seen. Migrations are only ever added at the end; all that a file lacks run in
 * one transaction, so a ledger has the old schema or the new one, never something between, and two
 * processes that open an old ledger at once migrate it once (the second finds it done when it gets
 * the lock).
 *
 * The layout: `run` is what lists and filters need; `record` and `samples` hold each run whole, as
 * bytes (record.c); `series`, `definition` and `summary` are drawn from it so that a series over
 * time is one range of one B-tree, and `packed` has the older part of such ranges, packed; `form`
 * and `source` belong to imported archives, `alias` to names over time; `yardstick` is what the
 * first run of each machine read; `void` and `note` stand beside, and `thinned` says whose samples
 * were taken away. Nothing but these three ever changes. docs/ledger.md explains all of it.
 */
#include "store/sqlite.h"

#include <inttypes.h>

/* "PFLg": tells our files from other SQLite databases; also in docs/ledger.md for file(1). */
#define APPLICATION_ID 0x50464C67

const struct pfl_sqlite_migration pfl_sqlite_migrations[] = {
    {"runs, series and remarks",
     "CREATE TABLE run ("
     " number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, label TEXT NOT NULL, kind TEXT NOT "
     "NULL,"
     " commit_id TEXT NOT NULL, branch TEXT NOT NULL, tag TEXT NOT NULL, commit_time INTEGER NOT "
     "NULL,"
     " dirty INTEGER NOT NULL, partial INTEGER NOT NULL, complete INTEGER NOT NULL,"
     " machine_id TEXT NOT NULL, fingerprint TEXT NOT NULL, started_unix_ns INTEGER NOT NULL,"
     " benchmark_count INTEGER NOT NULL, failed_count INTEGER NOT NULL, skipped_count INTEGER NOT "
     "NULL);"
     "CREATE INDEX run_started ON run (started_unix_ns);"
     "CREATE TABLE record (run INTEGER PRIMARY KEY REFERENCES run, body BLOB NOT NULL);"
     "CREATE TABLE samples (run INTEGER NOT NULL REFERENCES run, first INTEGER NOT NULL,"
     " body BLOB NOT NULL, PRIMARY KEY (run, first)) WITHOUT ROWID;"
     "CREATE TABLE definition (number INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE);"
     "CREATE TABLE series ("
     " number INTEGER PRIMARY KEY, benchmark TEXT NOT NULL, metric TEXT NOT NULL,"
     " variant TEXT NOT NULL, machine_id TEXT NOT NULL, unit TEXT NOT NULL, better TEXT NOT NULL,"
     " UNIQUE (benchmark, metric, variant, machine_id));"
     "CREATE TABLE summary ("
     " series INTEGER NOT NULL REFERENCES series, run INTEGER NOT NULL REFERENCES run,"
     " definition INTEGER NOT NULL REFERENCES definition, n INTEGER NOT NULL, median REAL NOT NULL,"
     " ci_low REAL, ci_high REAL, mean REAL, stddev REAL, min REAL, max REAL, q1 REAL, q3 REAL,"
     " PRIMARY KEY (series, run)) WITHOUT ROWID;"
     "CREATE TABLE void (run INTEGER PRIMARY KEY REFERENCES run, why TEXT NOT NULL, unix_ns "
     "INTEGER NOT NULL);"
     "CREATE TABLE note (number INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run,"
     " text TEXT NOT NULL, unix_ns INTEGER NOT NULL);"
     "CREATE INDEX note_run ON note (run);"},
    {"views for reading by hand",
     "CREATE VIEW runs AS SELECT id, datetime(started_unix_ns / 1000000000, 'unixepoch') AS "
     "started,"
     " kind, commit_id, branch, tag, label, dirty, partial, complete, machine_id, fingerprint,"
     " benchmark_count, failed_count, skipped_count, void.why AS void_why"
     " FROM run LEFT JOIN void ON void.run = run.number ORDER BY started_unix_ns, number;"
     "CREATE VIEW points AS SELECT benchmark, metric, variant, series.machine_id, unit,"
     " datetime(started_unix_ns / 1000000000, 'unixepoch') AS started, id AS run, commit_id,"
     " fingerprint, definition.hash AS definition, n, median, ci_low, ci_high, mean, stddev, min, "
     "max, q1, q3"
     " FROM series JOIN summary ON summary.series = series.number"
     " JOIN run ON run.number = summary.run JOIN definition ON definition.number = "
     "summary.definition"
     " WHERE run.number NOT IN (SELECT run FROM void);"},
    {"references of the yardsticks",
     "CREATE TABLE yardstick ("
     " machine_id TEXT NOT NULL, fingerprint TEXT NOT NULL, name TEXT NOT NULL, seconds REAL NOT "
     "NULL,"
     " PRIMARY KEY (machine_id, fingerprint, name)) WITHOUT ROWID;"},
    {"packed points, forms, sources and names over time",
     "CREATE TABLE packed ("
     " number INTEGER PRIMARY KEY, series INTEGER NOT NULL REFERENCES series,"
     " first INTEGER NOT NULL REFERENCES run, last INTEGER NOT NULL REFERENCES run,"
     " n INTEGER NOT NULL, definition INTEGER REFERENCES definition,"
     " runs BLOB NOT NULL, medians BLOB NOT NULL, body BLOB NOT NULL);"
     "CREATE INDEX packed_series ON packed (series, last, first, n);"
     "CREATE TABLE sweep (upto INTEGER NOT NULL, series INTEGER NOT NULL);"
     "INSERT INTO sweep VALUES (0, 0);"
     "CREATE TABLE form (number INTEGER PRIMARY KEY, hash INTEGER NOT NULL, body BLOB NOT NULL);"
     "CREATE INDEX form_hash ON form (hash);"
     "CREATE TABLE source (key TEXT PRIMARY KEY, run INTEGER NOT NULL REFERENCES run) WITHOUT "
     "ROWID;"
     "CREATE TABLE alias ("
     " number INTEGER PRIMARY KEY, what TEXT NOT NULL, benchmark TEXT NOT NULL,"
     " old_name TEXT NOT NULL, new_name TEXT NOT NULL, unix_ns INTEGER NOT NULL, note TEXT NOT "
     "NULL,"
     " UNIQUE (what, benchmark, old_name));" PFL_SQLITE_POINTS_4},
    /* Which run set a reference was not written down before: the first one with yardsticks (version
     * 2 of its record) is the best guess, wrong where the CPUs were busy then. */
    {"thinned runs, and which run set a reference",
     "CREATE TABLE thinned (run INTEGER PRIMARY KEY REFERENCES run, unix_ns INTEGER NOT NULL);"
     "ALTER TABLE yardstick ADD COLUMN run INTEGER REFERENCES run;"
     "UPDATE yardstick SET run = (SELECT min(number) FROM run JOIN record ON record.run = number"
     " WHERE run.machine_id = yardstick.machine_id AND run.fingerprint = yardstick.fingerprint"
     " AND kind IN ('configured', 'adhoc') AND substr(body, 1, 1) = x'02');"
     "DROP VIEW runs;"
     "CREATE VIEW runs AS SELECT id, datetime(started_unix_ns / 1000000000, 'unixepoch') AS "
     "started,"
     " kind, commit_id, branch, tag, label, dirty, partial, complete, machine_id, fingerprint,"
     " benchmark_count, failed_count, skipped_count, void.why AS void_why,"
     " datetime(thinned.unix_ns / 1000000000, 'unixepoch') AS thinned"
     " FROM run LEFT JOIN void ON void.run = run.number"
     " LEFT JOIN thinned ON thinned.run = run.number ORDER BY started_unix_ns, number;"},
};
const size_t pfl_sqlite_migration_count = PFL_COUNT(pfl_sqlite_migrations);

static const char looking[] = "opening the ledger";

static int identify_within(struct pfl_sqlite *s, struct pfl_sqlite_identity *identity,
                           struct pfl_err *err)
{
    int64_t tables = 0;
    int code =
        pfl_sqlite_number(s, "PRAGMA application_id", &identity->application_id, looking, err);

    if (!code)
        code = pfl_sqlite_number(s, "PRAGMA user_version", &identity->schema, looking, err);
    if (!code)
        code = pfl_sqlite_number(s, "SELECT count(*) FROM sqlite_schema", &tables, looking, err);
    identity->empty = tables == 0;
    return code;
}

/* In one transaction: another process may be making the ledger just now. */
int pfl_sqlite_identify(struct pfl_sqlite *s, struct pfl_sqlite_identity *identity,
                        struct pfl_err *err)
{
    int code;

    if (!sqlite3_get_autocommit(s->db))
        return identify_within(s, identity, err);
    code = pfl_sqlite_exec(s, "BEGIN", looking, err);
    if (code)
        return code;
    code = identify_within(s, identity, err);
    sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL); /* nothing was changed; cannot fail */
    return code;
}

int pfl_sqlite_check_identity(struct pfl_sqlite *s, const struct pfl_sqlite_identity *identity,
                              struct pfl_err *err)
{
    if (identity->empty && identity->application_id == 0 && identity->schema == 0)
        return PFL_OK;
    if (identity->application_id != APPLICATION_ID)
        return pfl_err_set(err, PFL_EINVAL,
                           "opening the ledger %s: it is an SQLite database of another program, "
                           "not a perfledger ledger; name another file with --ledger",
                           s->path);
    if (identity->schema > (int64_t)pfl_sqlite_migration_count)
        return pfl_err_set(
            err, PFL_EVERSION,
            "opening the ledger %s: a newer perfledger wrote it (schema %" PRId64
            ", this one knows up to %zu); it was left untouched: use the newer perfledger",
            s->path, identity->schema, pfl_sqlite_migration_count);
    if (s->read_only && identity->schema < PFL_SQLITE_OLDEST_READABLE)
        return pfl_err_set(err, PFL_EVERSION,
                           "opening the ledger %s: it has the old schema %" PRId64
                           ": record a run into it once, which brings it up to date",
                           s->path, identity->schema);
    return PFL_OK;
}

int pfl_sqlite_learn_schema(struct pfl_sqlite *s, struct pfl_err *err)
{
    return s->schema < (int64_t)pfl_sqlite_migration_count
               ? pfl_sqlite_number(s, "PRAGMA user_version", &s->schema, looking, err)
               : PFL_OK;
}

static int migrate_locked(struct pfl_sqlite *s, const struct pfl_sqlite_migration *migrations,
                          size_t count, struct pfl_err *err)
{
    struct pfl_sqlite_identity now;
    char *stamp;
    size_t i;
    int code = pfl_sqlite_identify(s, &now, err); /* again: somebody may have been faster */

    if (!code)
        code = pfl_sqlite_check_identity(s, &now, err);
    if (code || now.schema >= (int64_t)count)
        return code;
    for (i = (size_t)now.schema; i < count; i++) {
        code = pfl_sqlite_exec(s, migrations[i].sql, "migrating the ledger", err);
        if (code) {
            pfl_err_prefix(err, "schema %zu (%s)", i + 1, migrations[i].what);
            return code;
        }
    }
    stamp = sqlite3_mprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION_ID,
                            (int)count);
    if (!stamp)
        return pfl_err_no_memory(err);
    code = pfl_sqlite_exec(s, stamp, "migrating the ledger", err);
    sqlite3_free(stamp);
    return code;
}

int pfl_sqlite_migrate(struct pfl_sqlite *s, const struct pfl_sqlite_migration *migrations,
                       size_t count, struct pfl_err *err)
{
    int code = pfl_sqlite_begin_one(s, "migrating the ledger", err);

    if (code)
        return code;
    code = migrate_locked(s, migrations, count, err);
    return pfl_sqlite_end_one(s, code, "migrating the ledger", err);
}
