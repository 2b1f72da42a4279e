/*
 * Inside the SQLite store: the open ledger and the few calls its files share. Every call that may
 * touch the disk goes through sqlite_db.c, which asks pfl_fault_io() first and turns SQLite's codes
 * into ours.
 *
 *   sqlite.c         the table of functions, transactions and batches
 *   sqlite_db.c      statements, steps, errors
 *   sqlite_sql.h     every statement, in one list
 *   sqlite_schema.c  what the file is, migrations
 *   sqlite_open.c    files, folders, journal modes, refusals
 *   sqlite_add.c     a run in
 *   sqlite_lean.c    a lean one in and out
 *   sqlite_names.c   series, definitions and forms by number
 *   sqlite_points.c  points in: hot rows, or waiting in memory to be packed
 *   sqlite_pack.c    packets out and in; old hot rows become packets
 *   sqlite_load.c    runs and their heads out
 *   sqlite_thin.c    samples away, and back
 *   sqlite_compact.c unused room back to the disk
 *   sqlite_yardsticks.c  references of machines
 *   sqlite_remarks.c void and notes
 *   sqlite_series.c  points over time out
 *   sqlite_keys.c    which series there are
 *   sqlite_alias.c   names over time
 */
#ifndef PFL_STORE_SQLITE_H
#define PFL_STORE_SQLITE_H

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "store/alias.h"
#include "store/kind.h"
#include "store/packet.h"
#include "store/sqlite_sql.h"

#include <sqlite3.h>

#define PFL_SQLITE_STATEMENT_ENUM(name, sql) PFL_SQLITE_##name,
enum pfl_sqlite_statement {
    PFL_SQLITE_STATEMENTS(PFL_SQLITE_STATEMENT_ENUM) PFL_SQLITE_STATEMENT_COUNT
};
#undef PFL_SQLITE_STATEMENT_ENUM

/* Names already found or added through this handle, so that adding a result costs no look-up in the
 * ledger. */
struct pfl_sqlite_known_series {
    int64_t number;
    const char *unit, *better;
    int64_t last_run;       /* that gave it a point through this handle */
    uint32_t waiting, tail; /* points that wait: how many, and the place behind the last one */
};
struct pfl_sqlite_known_form {
    uint64_t hash; /* of the bytes, and whose machine's */
    const unsigned char *bytes;
    size_t len;
    const char *machine_id;
    int64_t number;
    size_t series; /* where in series_of its results' begin: place in known + 1, 0 not asked yet */
    uint32_t next; /* the form that came after it last time, + 1 */
};
struct pfl_sqlite_definition_row {
    int64_t number;
    const char *hash;
};
PFL_VEC(pfl_sqlite_known_list, struct pfl_sqlite_known_series);
PFL_VEC(pfl_sqlite_definition_rows, struct pfl_sqlite_definition_row);
PFL_VEC(pfl_sqlite_known_forms, struct pfl_sqlite_known_form);
PFL_VEC(pfl_sqlite_places, uint32_t);
PFL_VEC(pfl_sqlite_texts, const char *);
struct pfl_sqlite_names {
    struct pfl_arena arena;
    struct pfl_buf key;    /* being looked up */
    struct pfl_map series; /* key text → index into known */
    struct pfl_sqlite_known_list known;
    struct pfl_map definitions; /* hash → index into known_definitions */
    struct pfl_sqlite_definition_rows known_definitions;
    size_t definition; /* the one asked for last + 1 */
    struct pfl_sqlite_texts machines;
    const char *machine_id; /* of those, the one asked for last */
    struct pfl_sqlite_known_forms forms;
    struct pfl_sqlite_places slots; /* open addressing over forms: index + 1, at most half full */
    struct pfl_sqlite_places series_of;
    size_t last_form; /* place + 1 */
};

PFL_VEC(pfl_sqlite_entries, struct pfl_store_entry);

/* Points of a bulk ledger that are still in memory (see sqlite_points.c). */
struct pfl_sqlite_waiting {
    unsigned char *bytes;
    size_t len;
    struct pfl_sqlite_entries entries; /* of one series, while it is packed */
    struct pfl_buf packet;
};

/* What series reads need of every run and definition, kept until somebody writes (see
 * sqlite_series.c). Both rows begin with their number. */
struct pfl_sqlite_run_row {
    int64_t number, started_unix_ns;
    const char *id, *commit, *fingerprint;
    bool left_out; /* void */
};
PFL_VEC(pfl_sqlite_run_rows, struct pfl_sqlite_run_row);
struct pfl_sqlite_index {
    struct pfl_arena arena;
    struct pfl_sqlite_run_rows runs;
    struct pfl_sqlite_definition_rows definitions;
    struct pfl_store_aliases aliases;
    int64_t data_version;
    bool valid;
};

struct pfl_sqlite {
    struct pfl_store store; /* first: a struct pfl_store * is this */
    sqlite3 *db;
    char *path;
    bool read_only, bulk;
    int64_t schema; /* an old ledger that may only be read keeps its own */
    bool in_batch;  /* between begin and commit */
    bool in_transaction;
    int batch_lost;     /* the error for which SQLite took the batch back; 0 = none */
    size_t batch_bytes; /* about, since the last commit */
    int changes_before; /* SQLite's count of changes when the current operation began */
    sqlite3_stmt *statements[PFL_SQLITE_STATEMENT_COUNT];
    struct pfl_store_zstd zstd;
    struct pfl_sqlite_names names;
    struct pfl_sqlite_waiting waiting;
    struct pfl_sqlite_index index;
    unsigned long index_age; /* how often it was forgotten */
};

enum { PFL_SQLITE_BUSY_MS = 30000 }; /* how long a writer waits for another */

/* sqlite_db.c. `doing` is what the user will read: "recording a run". */
int pfl_sqlite_fail(struct pfl_sqlite *s, int rc, const char *doing, struct pfl_err *err);
int pfl_sqlite_exec(struct pfl_sqlite *s, const char *sql, const char *doing, struct pfl_err *err);
/* The kept statement of that name, ready to be bound. */
int pfl_sqlite_use(struct pfl_sqlite *s, enum pfl_sqlite_statement which, sqlite3_stmt **stmt,
                   const char *doing, struct pfl_err *err);
/* 1 a row, 0 the end (the statement is reset), else an error (likewise). */
int pfl_sqlite_step(struct pfl_sqlite *s, sqlite3_stmt *stmt, const char *doing,
                    struct pfl_err *err);
/* For a statement that gives no rows. */
int pfl_sqlite_run(struct pfl_sqlite *s, sqlite3_stmt *stmt, const char *doing,
                   struct pfl_err *err);
/* A text that stays as it is until the statement is used again; NULL binds "". */
void pfl_sqlite_bind_text(sqlite3_stmt *stmt, int at, const char *text);
const char *pfl_sqlite_text(sqlite3_stmt *stmt, int column); /* never NULL; until the next step */
/* A pragma's or query's first value. */
int pfl_sqlite_number(struct pfl_sqlite *s, const char *sql, int64_t *value, const char *doing,
                      struct pfl_err *err);

/* sqlite.c: a transaction of one operation, or the batch's when there is one. */
int pfl_sqlite_begin_one(struct pfl_sqlite *s, const char *doing, struct pfl_err *err);
/* Ends it: commits when code is PFL_OK (not within a batch), else takes it back. Answers the final
 * code. */
int pfl_sqlite_end_one(struct pfl_sqlite *s, int code, const char *doing, struct pfl_err *err);
/* Around what several statements read. What waits to be packed is written first. */
int pfl_sqlite_begin_read(struct pfl_sqlite *s, bool *began, struct pfl_err *err);
void pfl_sqlite_end_read(struct pfl_sqlite *s, bool began);
void pfl_sqlite_release(struct pfl_sqlite *s);

/* sqlite_schema.c */
struct pfl_sqlite_migration {
    const char *what; /* for messages */
    const char *sql;
};
extern const struct pfl_sqlite_migration pfl_sqlite_migrations[];
extern const size_t pfl_sqlite_migration_count; /* = the schema's version */
enum {
    PFL_SQLITE_OLDEST_READABLE = 1, /* our statements work from this schema on … */
    PFL_SQLITE_YARDSTICKS = 3,      /* … but for these tables */
    PFL_SQLITE_PACKED = 4,
    PFL_SQLITE_THINNED = 5
};

struct pfl_sqlite_identity {
    int64_t application_id, schema;
    bool empty; /* no table at all */
};
int pfl_sqlite_identify(struct pfl_sqlite *s, struct pfl_sqlite_identity *identity,
                        struct pfl_err *err);
/* Brings the file to version `count` in one transaction; nothing to do is fine. */
int pfl_sqlite_migrate(struct pfl_sqlite *s, const struct pfl_sqlite_migration *migrations,
                       size_t count, struct pfl_err *err);
/* An old ledger that may only be read can have been brought up to date by somebody else meanwhile:
 * s->schema is right after this. */
int pfl_sqlite_learn_schema(struct pfl_sqlite *s, struct pfl_err *err);
/* Refuses what is not a ledger, too new, or (read-only) too old. */
int pfl_sqlite_check_identity(struct pfl_sqlite *s, const struct pfl_sqlite_identity *identity,
                              struct pfl_err *err);

/* sqlite_open.c */
int pfl_sqlite_open(const struct pfl_store_open_params *params, struct pfl_store **store,
                    struct pfl_err *err);

/* sqlite_add.c */
int pfl_sqlite_add(struct pfl_store *store, const struct pfl_run *run, const char *source,
                   bool *added, struct pfl_err *err);
int pfl_sqlite_add_record(struct pfl_sqlite *s, int64_t number, const void *bytes, size_t len,
                          struct pfl_err *err);
int pfl_sqlite_replace(struct pfl_store *store, const struct pfl_store_place *place, bool *replaced,
                       struct pfl_err *err); /* sqlite_remarks.c */
int pfl_sqlite_has_source(struct pfl_store *store, const char *source, bool *has,
                          struct pfl_err *err);

/* sqlite_lean.c */
int pfl_sqlite_add_lean(struct pfl_sqlite *s, int64_t number, const struct pfl_run *run,
                        struct pfl_err *err);
int pfl_sqlite_load_lean(struct pfl_sqlite *s, int64_t number, const struct pfl_store_cursor *blob,
                         struct pfl_arena *arena, struct pfl_run *run, struct pfl_err *err);

/* sqlite_names.c. Each finds the number, or gives one. */
int pfl_sqlite_definition(struct pfl_sqlite *s, const char *hash, int64_t *number,
                          struct pfl_err *err);
/* The place in names.known. The series takes the result's unit and direction; renew_unit does only
 * that. */
int pfl_sqlite_series_place(struct pfl_sqlite *s, const struct pfl_store_series_key *key,
                            const struct pfl_result *result, size_t *place, struct pfl_err *err);
int pfl_sqlite_renew_unit(struct pfl_sqlite *s, size_t place, const struct pfl_result *result,
                          struct pfl_err *err);
/* The place in names.forms. */
int pfl_sqlite_form(struct pfl_sqlite *s, const struct pfl_benchmark *bench, const char *machine_id,
                    size_t *place, struct pfl_err *err);
void pfl_sqlite_forget_names(struct pfl_sqlite *s); /* after a rollback */

/* sqlite_points.c */
enum { PFL_SQLITE_PACK_LEAST = 8 }; /* fewer points of a series stay hot rows */
bool pfl_sqlite_is_point(const struct pfl_result *result);
/* Gives the series at that place of names.known its point, unless this run gave it one already. */
int pfl_sqlite_add_point(struct pfl_sqlite *s, size_t place, const struct pfl_store_entry *entry,
                         bool *added, struct pfl_err *err);
/* Nothing waits any more: it is packed, or in hot rows. Within a transaction. */
int pfl_sqlite_flush(struct pfl_sqlite *s, struct pfl_err *err);
void pfl_sqlite_drop_waiting(struct pfl_sqlite *s); /* after a rollback */

/* sqlite_pack.c */
/* Adds entries (rising runs) to the packets of a series; reorders them. */
int pfl_sqlite_pack(struct pfl_sqlite *s, int64_t series, struct pfl_sqlite_entries *entries,
                    struct pfl_err *err);
/* The row that a statement with first, definition, n, runs, medians, body stands on; until the next
 * step. */
struct pfl_store_packet pfl_sqlite_packet_of(sqlite3_stmt *stmt);
/* The row of a statement with run, definition, n, median … q3. */
void pfl_sqlite_read_entry(sqlite3_stmt *stmt, struct pfl_store_entry *entry);
/* Packs some old hot rows, about as many as were just added. Within a transaction. */
int pfl_sqlite_sweep(struct pfl_sqlite *s, size_t added, struct pfl_err *err);

/* sqlite_load.c */
int pfl_sqlite_find(struct pfl_sqlite *s, const char *id, struct pfl_arena *arena, int64_t *number,
                    const char **whole_id, struct pfl_err *err);
int pfl_sqlite_load(struct pfl_store *store, const char *id, struct pfl_arena *arena,
                    struct pfl_run *run, struct pfl_err *err);
int pfl_sqlite_list(struct pfl_store *store, const struct pfl_store_query *query,
                    struct pfl_arena *arena, struct pfl_run_head **heads, size_t *n,
                    struct pfl_err *err);

/* sqlite_thin.c */
int pfl_sqlite_thin(struct pfl_store *store, const struct pfl_store_thin_params *params,
                    struct pfl_store_thinned *done, struct pfl_err *err);
/* The number of a thinned run; 0: no run of that id is one. */
int pfl_sqlite_find_thinned(struct pfl_sqlite *s, const char *id, int64_t *number,
                            struct pfl_err *err);
int pfl_sqlite_mark_thinned(struct pfl_sqlite *s, int64_t number, int64_t unix_ns,
                            struct pfl_err *err);
/* Away with a run's record and the mark, so that it can be put in whole. */
int pfl_sqlite_make_room(struct pfl_sqlite *s, int64_t number, struct pfl_err *err);

/* sqlite_compact.c */
int pfl_sqlite_compact(struct pfl_store *store, struct pfl_store_compacted *compacted,
                       struct pfl_err *err);

/* sqlite_yardsticks.c */
int pfl_sqlite_yardsticks(struct pfl_store *store, const char *machine_id, const char *fingerprint,
                          double reference[PFL_YARDSTICK_COUNT], struct pfl_err *err);
/* The run becomes the reference of its machine where there is none. */
int pfl_sqlite_add_yardsticks(struct pfl_sqlite *s, int64_t number, const struct pfl_run *run,
                              struct pfl_err *err);
int pfl_sqlite_yardstick_runs(struct pfl_store *store, struct pfl_arena *arena, const char ***ids,
                              size_t *n, struct pfl_err *err);
int pfl_sqlite_yardsticks_reset(struct pfl_store *store, const char *machine_id,
                                const char *fingerprint, bool *known, struct pfl_err *err);

/* sqlite_remarks.c */
int pfl_sqlite_void(struct pfl_store *store, const char *run_id, const char *why, int64_t unix_ns,
                    struct pfl_err *err);
int pfl_sqlite_unvoid(struct pfl_store *store, const char *run_id, struct pfl_err *err);
int pfl_sqlite_note(struct pfl_store *store, const char *run_id, const char *text, int64_t unix_ns,
                    struct pfl_err *err);
int pfl_sqlite_remarks(struct pfl_store *store, const char *run_id, struct pfl_arena *arena,
                       struct pfl_store_remark **remarks, size_t *n, struct pfl_err *err);

/* sqlite_series.c */
/* How many points pfl_sqlite_series() would give. The index is up to date. */
int pfl_sqlite_count_points(struct pfl_sqlite *s, const struct pfl_store_series_key *key,
                            size_t *points, struct pfl_err *err);
int pfl_sqlite_refresh_index(struct pfl_sqlite *s, struct pfl_err *err);
int pfl_sqlite_series(struct pfl_store *store, const struct pfl_store_series_key *key,
                      pfl_store_point_fn *each, void *context, struct pfl_err *err);
/* sqlite_keys.c */
int pfl_sqlite_each_series(struct pfl_store *store, const char *machine_id,
                           pfl_store_series_fn *each, void *context, struct pfl_err *err);
void pfl_sqlite_forget_index(struct pfl_sqlite *s); /* after any write of ours */

/* sqlite_alias.c */
int pfl_sqlite_alias_add(struct pfl_store *store, const struct pfl_store_alias *alias,
                         struct pfl_err *err);
int pfl_sqlite_alias_remove(struct pfl_store *store, const struct pfl_store_alias *alias,
                            struct pfl_err *err);
int pfl_sqlite_read_aliases(struct pfl_sqlite *s, struct pfl_arena *arena,
                            struct pfl_store_aliases *aliases, struct pfl_err *err);
int pfl_sqlite_alias_list(struct pfl_store *store, struct pfl_arena *arena,
                          struct pfl_store_alias **aliases, size_t *n, struct pfl_err *err);

#endif
