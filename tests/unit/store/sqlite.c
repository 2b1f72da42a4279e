/*
 * What is special to a ledger that is an SQLite file: what it is not (refused, untouched), old
 * schemas, folders, permissions, journals. schema1.sql is a ledger as the first schema left it, as
 * `.dump` shows it: it also pins the byte form of records and samples, version 1. It is never to be
 * changed.
 */
#include "runs.h"

#include "base/buf.h"
#include "store/sqlite.h"
#include "store/store.h"
#include "sys/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

static int64_t ask_sql(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *stmt;
    int64_t value;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return value;
}

enum how { WRITE, READ, CREATE, READING };

static int try_open(const char *url, enum how how, struct pfl_store **store, struct pfl_err *err)
{
    struct pfl_store_open_params params = {
        .url = url, .create = how == CREATE, .read_only = how == READ, .reading = how == READING};

    err->message[0] = 0;
    return pfl_store_open(&params, store, err);
}

static void make_ledger(const char *path, uint64_t runs)
{
    struct pfl_store *store;
    struct pfl_arena arena;
    struct pfl_err err;
    bool added;
    uint64_t i;

    if (try_open(path, CREATE, &store, &err))
        fail_msg("%s", err.message);
    pfl_arena_init(&arena);
    for (i = 1; i <= runs; i++)
        assert_int_equal(pfl_store_add(store, make_run(&arena, i, 8), &added, &err), PFL_OK);
    pfl_arena_release(&arena);
    pfl_store_close(store);
}

static void write_file(const char *path, const void *bytes, size_t len)
{
    assert_int_equal(pfl_file_write(path, bytes, len, false, NULL), PFL_OK);
}

static void read_bytes(const char *path, struct pfl_buf *buf)
{
    pfl_buf_init(buf, 1 << 28);
    assert_int_equal(pfl_file_read(path, buf, NULL), PFL_OK);
}

static void expect_refusal(const char *path, enum how how, int code, const char *word)
{
    struct pfl_store *store = NULL;
    struct pfl_err err;
    struct pfl_buf before = {0}, after = {0};
    bool file = pfl_file_exists(path) && !pfl_file_is_folder(path);

    if (file)
        read_bytes(path, &before);
    assert_int_equal(try_open(path, how, &store, &err), code);
    assert_null(store);
    if (!strstr(err.message, word) || !strstr(err.message, path))
        fail_msg("no '%s' or path in: %s", word, err.message);
    if (file) {
        read_bytes(path, &after);
        assert_int_equal(before.len, after.len);
        if (before.len)
            assert_memory_equal(before.data, after.data, before.len);
    }
    pfl_buf_release(&before);
    pfl_buf_release(&after);
}

static void what_is_no_ledger_is_refused(void **state)
{
    static const char text[] =
        "this is not a database, but it is long enough to hold a header of one hundred bytes; "
        "so it is the words that tell.";
    struct place place;

    (void)state;
    place_make(&place);
    expect_refusal(place.path, WRITE, PFL_ENOENT, "none yet");
    expect_refusal(place.path, READ, PFL_ENOENT, "none yet");
    assert_false(pfl_file_exists(place.path));
    expect_refusal(place.folder, CREATE, PFL_EINVAL, "folder");
    write_file(place.path, text, sizeof text);
    expect_refusal(place.path, CREATE, PFL_ECORRUPT, "not a database");
    expect_refusal(place.path, READ, PFL_ECORRUPT, "not a database");
    write_file(place.path, "", 0);
    expect_refusal(place.path, WRITE, PFL_ENOENT, "empty");
    expect_refusal(place.path, READ, PFL_ENOENT, "empty");
    unlink(place.path);
    run_sql(place.path, "CREATE TABLE t (x)");
    expect_refusal(place.path, CREATE, PFL_EINVAL, "another program");
    run_sql(place.path, "PRAGMA application_id = 5; PRAGMA user_version = 1");
    expect_refusal(place.path, WRITE, PFL_EINVAL, "another program");
    place_remove(&place);
}

static void urls_that_nobody_serves(void **state)
{
    static const char *const urls[] = {"", "postgresql://host/ledger", "http://x/y"};
    struct pfl_store *store = NULL;
    struct pfl_err err;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(urls); i++) {
        assert_int_equal(try_open(urls[i], CREATE, &store, &err), PFL_EINVAL);
        assert_non_null(strstr(err.message, urls[i]));
        assert_non_null(strstr(err.message, "give a path"));
    }
    assert_null(store);
}

static void newer_schemas_are_left_alone(void **state)
{
    char sql[64];
    struct place place;

    (void)state;
    place_make(&place);
    make_ledger(place.path, 1);
    sqlite3_snprintf(sizeof sql, sql, "PRAGMA user_version = %d",
                     (int)pfl_sqlite_migration_count + 1);
    run_sql(place.path, sql);
    expect_refusal(place.path, WRITE, PFL_EVERSION, "newer");
    expect_refusal(place.path, READ, PFL_EVERSION, "newer");
    expect_refusal(place.path, CREATE, PFL_EVERSION, "newer");
    place_remove(&place);
}

/* Bytes are overwritten or cut off here and there: each look either works or says "damaged",
 * nothing else. */
static void damage_is_said(void **state)
{
    struct dice dice = {11};
    struct pfl_buf good;
    struct place place;
    int i, damaged = 0;

    (void)state;
    place_make(&place);
    make_ledger(place.path, 20);
    read_bytes(place.path, &good);
    for (i = 0; i < 40; i++) {
        size_t at = 100 + below(&dice, good.len - 4096), j;
        struct pfl_store *store = NULL;
        struct pfl_arena arena;
        struct pfl_run run;
        struct pfl_err err;
        char *wrong = malloc(good.len), id[20];
        int code;

        assert_non_null(wrong);
        memcpy(wrong, good.data, good.len);
        for (j = 0; j < 2000; j++)
            wrong[at + j] = (char)roll(&dice);
        write_file(place.path, wrong, i % 4 ? good.len : at);
        pfl_arena_init(&arena);
        code = try_open(place.path, WRITE, &store, &err);
        for (j = 1; j <= 20 && !code; j++) {
            snprintf(id, sizeof id, "%016llx", (unsigned long long)(j * 0x9E3779B97F4A7C15u));
            code = pfl_store_load(store, id, &arena, &run, &err);
        }
        if (code && code != PFL_ECORRUPT && code != PFL_ENOENT)
            fail_msg("%d: %s", code, err.message);
        damaged += code == PFL_ECORRUPT;
        assert_true(code != PFL_ECORRUPT || strstr(err.message, "damaged"));
        pfl_store_close(store);
        pfl_arena_release(&arena);
        free(wrong);
    }
    assert_true(damaged >= 10);
    pfl_buf_release(&good);
    place_remove(&place);
}

/* The run in schema1.sql. */
static void fixture_run(struct pfl_run *run)
{
    static struct pfl_pair pairs[] = {{"seed", "1"}, {"size", "10"}};
    static const char *warnings[] = {"unoptimised build"};
    static struct pfl_launch launches[] = {
        {0, 1, 1000, 0, 0, 0, 0},
        {1, 0, 2000, 7, -1, 9, PFL_LAUNCH_FAILED | PFL_LAUNCH_GAP},
        {2, 2, 3000, 0, 0, 0, 0}};
    static double times[3], sizes[] = {18874368, 18878464, 18874368},
                            odd[] = {0.1234567890123, -1e300};
    static uint32_t places[] = {2, 0};
    static struct pfl_result results[4];
    static struct pfl_benchmark benchmark;
    double nan_ = (double)NAN;

    times[0] = 0.001432;
    times[1] = nan_;
    times[2] = 0.001433;
    results[0] =
        (struct pfl_result){.metric = "time", .unit = "s", .variant = "", .values = times, .n = 3};
    results[0].summary = (struct pfl_summary){2,       0.0014325, 0.001432, 0.001433, 0.0014325,
                                              7.07e-7, 0.001432,  0.001433, nan_,     nan_};
    results[1] = (struct pfl_result){
        .metric = "peak_rss", .unit = "B", .variant = "", .values = sizes, .n = 3};
    results[1].summary =
        (struct pfl_summary){3,      18874368, nan_,     nan_,     18875733.333333332,
                             2364.8, 18874368, 18878464, 18874368, 18876416};
    results[2] = (struct pfl_result){.metric = "parity_error",
                                     .unit = "1",
                                     .variant = "f32",
                                     .values = odd,
                                     .n = 2,
                                     .better = PFL_BETTER_NEITHER,
                                     .launch_of = places};
    results[2].summary = (struct pfl_summary){2, 1, nan_, nan_, nan_, nan_, nan_, nan_, nan_, nan_};
    results[3] = (struct pfl_result){.metric = "artifact_hash",
                                     .unit = "1",
                                     .variant = "fib.s",
                                     .text = "00ff",
                                     .better = PFL_BETTER_NEITHER};
    results[3].summary =
        (struct pfl_summary){0, nan_, nan_, nan_, nan_, nan_, nan_, nan_, nan_, nan_};
    benchmark = (struct pfl_benchmark){.name = "pipeline[seed=1,size=10]",
                                       .suite = "pipeline",
                                       .command = "./plate --size 10 --seed 1",
                                       .definition = "0011223344556677",
                                       .tier = "smoke",
                                       .params = pairs,
                                       .param_count = 2,
                                       .work = 10,
                                       .work_unit = "cells",
                                       .seed = 42,
                                       .status = PFL_STATUS_FAILED,
                                       .reason = "exit code 1",
                                       .partial = true,
                                       .few = true,
                                       .launches = launches,
                                       .launch_count = 3,
                                       .results = results,
                                       .result_count = 4,
                                       .environment = pairs,
                                       .environment_count = 1,
                                       .warnings = warnings,
                                       .warning_count = 1};
    *run = (struct pfl_run){.id = "00112233aabbccdd",
                            .label = "before",
                            .project = "plate",
                            .kind = PFL_RUN_CONFIGURED,
                            .revision = {"0123456789abcdef0123456789abcdef01234567", "main", "v1.0",
                                         "17", "Make it faster", 1700000000, true},
                            .complete = true,
                            .selection = "pipeline*",
                            .tier = "smoke",
                            .started_unix_ns = 1700000001000000000,
                            .finished_unix_ns = 1700000002000000000,
                            .seed = 7,
                            .tool = "perfledger 0.1.0",
                            .machine = {"lab-1", "lab-1", "fedcba9876543210", "Linux-x86_64-Test",
                                        "host", "Debian GNU/Linux 12", "6.1.0-18-amd64", "x86_64",
                                        "Test CPU", "performance", "off", "none", "none",
                                        "glibc 2.36", 4, 8, 16777216000},
                            .environment = pairs,
                            .environment_count = 2,
                            .warnings = warnings,
                            .warning_count = 1,
                            .benchmarks = &benchmark,
                            .benchmark_count = 1};
}

static void old_schemas_are_migrated(void **state)
{
    struct pfl_store *store;
    struct pfl_arena arena;
    double reference[PFL_YARDSTICK_COUNT];
    struct pfl_run expected, run;
    struct pfl_buf sql;
    struct pfl_err err;
    struct place place;
    int how;

    (void)state;
    fixture_run(&expected);
    read_bytes(PFL_SOURCE_DIR "/tests/unit/store/schema1.sql", &sql);
    place_make(&place);
    run_sql(place.path, pfl_buf_cstr(&sql));
    run_sql(place.path, "PRAGMA application_id = 0x50464C67; PRAGMA user_version = 1");
    for (how = 0; how < 2; how++) { /* first read as it is, then brought up to date */
        assert_int_equal(try_open(place.path, how ? WRITE : READ, &store, &err), PFL_OK);
        pfl_arena_init(&arena);
        assert_int_equal(pfl_store_load(store, "0011", &arena, &run, &err), PFL_OK);
        assert_runs_equal(&expected, &run);
        assert_int_equal(pfl_store_yardsticks(store, "machine-1", "f1", reference, &err), PFL_OK);
        assert_true(reference[PFL_YARDSTICK_CORE] == 0);
        pfl_store_close(store);
        pfl_arena_release(&arena);
        assert_int_equal(ask_sql(place.path, "PRAGMA user_version"),
                         how ? (int64_t)pfl_sqlite_migration_count : 1);
    }
    assert_int_equal(ask_sql(place.path, "SELECT count(*) FROM points WHERE median > 0"), 3);
    assert_int_equal(ask_sql(place.path, "SELECT started = '2023-11-14 22:13:21' FROM runs"), 1);
    place_remove(&place);
    pfl_buf_release(&sql);
}

/* A fresh ledger must be the same as a migrated one. */
static void fixture_is_of_schema_1(void **state)
{
    struct pfl_buf sql;
    struct place old, fresh;
    static const char shape[] =
        "SELECT sum(length(sql)) FROM sqlite_schema WHERE tbl_name IN ('run', 'record', 'samples',"
        " 'definition', 'series', 'summary', 'void', 'note')"; /* the others came later */

    (void)state;
    read_bytes(PFL_SOURCE_DIR "/tests/unit/store/schema1.sql", &sql);
    place_make(&old);
    place_make(&fresh);
    run_sql(old.path, pfl_buf_cstr(&sql));
    make_ledger(fresh.path, 0);
    assert_int_equal(ask_sql(old.path, shape), ask_sql(fresh.path, shape));
    place_remove(&old);
    place_remove(&fresh);
    pfl_buf_release(&sql);
}

/* A migration that fails half-way leaves the old schema, whole. */
static void migrations_are_all_or_nothing(void **state)
{
    static const struct pfl_sqlite_migration steps[] = {
        {"one", "CREATE TABLE never (x)"},
        {"two", "CREATE TABLE other (x)"},
        {"three", "CREATE TABLE another (x)"},
        {"four", "CREATE TABLE yet_another (x)"},
        {"five", "CREATE TABLE one_more (x)"},
        {"six", "CREATE TABLE third (x); INSERT INTO third VALUES (1)"},
        {"seven", "CREATE TABLE fourth (x); CREATE TABLE third (x)"}};
    struct pfl_store *store;
    struct pfl_err err;
    struct place place;

    (void)state;
    place_make(&place);
    make_ledger(place.path, 1);
    assert_int_equal(try_open(place.path, WRITE, &store, &err), PFL_OK);
    assert_true(pfl_sqlite_migrate((struct pfl_sqlite *)store, steps, 7, &err) != PFL_OK);
    assert_non_null(strstr(err.message, "schema 7 (seven)"));
    assert_int_equal(ask_sql(place.path, "SELECT count(*) FROM sqlite_schema WHERE name = 'third'"),
                     0);
    assert_int_equal(ask_sql(place.path, "PRAGMA user_version"), 5);
    assert_int_equal(pfl_sqlite_migrate((struct pfl_sqlite *)store, steps, 6, &err), PFL_OK);
    assert_int_equal(ask_sql(place.path, "SELECT count(*) FROM third"), 1);
    assert_int_equal(ask_sql(place.path, "PRAGMA user_version"), 6);
    assert_int_equal(
        ask_sql(place.path,
                "SELECT count(*) FROM sqlite_schema WHERE name IN ('never', 'other', 'another', "
                "'yet_another', 'one_more')"),
        0);
    pfl_store_close(store);
    place_remove(&place);
}

static void folders_ignore_themselves(void **state)
{
    const struct {
        const char *make, *ledger, *ignore;
        bool ignored;
    } rows[] = {
        {NULL, "a/b/ledger.db", "a/b/.gitignore", true}, /* made by us */
        {"c", "c/ledger.db", "c/.gitignore", false},     /* somebody's own */
        {".perfledger", ".perfledger/ledger.db", ".perfledger/.gitignore", true},
    };
    struct place place;
    struct pfl_buf text;
    size_t i;

    (void)state;
    place_make(&place);
    for (i = 0; i < PFL_COUNT(rows); i++) {
        char path[160];

        snprintf(path, sizeof path, "%s/%s", place.folder, rows[i].make ? rows[i].make : "");
        if (rows[i].make)
            assert_int_equal(mkdir(path, 0777), 0);
        snprintf(path, sizeof path, "%s/%s", place.folder, rows[i].ledger);
        make_ledger(path, 1);
        unlink(path);
        snprintf(path, sizeof path, "%s/%s", place.folder, rows[i].ignore);
        assert_int_equal(pfl_file_exists(path), rows[i].ignored);
        if (rows[i].ignored) {
            read_bytes(path, &text);
            assert_string_equal(pfl_buf_cstr(&text), "*\n");
            pfl_buf_release(&text);
        }
        unlink(path);
        *strrchr(path, '/') = 0;
        rmdir(path);
    }
    snprintf(place.path, sizeof place.path, "%s/a", place.folder);
    rmdir(place.path);
    place_remove(&place);
}

static void ledgers_are_wal_and_durable(void **state)
{
    struct pfl_store *store;
    struct pfl_sqlite *s;
    int64_t synchronous = 0;
    struct pfl_err err;
    struct place place;
    sqlite3_stmt *stmt;

    (void)state;
    place_make(&place);
    make_ledger(place.path, 1);
    assert_int_equal(
        ask_sql(place.path, "SELECT 1 FROM pragma_journal_mode WHERE journal_mode = 'wal'"), 1);
    assert_int_equal(try_open(place.path, WRITE, &store, &err), PFL_OK);
    s = (struct pfl_sqlite *)store;
    assert_int_equal(pfl_sqlite_number(s, "PRAGMA synchronous", &synchronous, "asking", &err),
                     PFL_OK);
    assert_int_equal(synchronous, 2);
    pfl_store_close(store);
    /* where there is no shared memory the same ledger is used with a rollback journal, even more
     * carefully synced */
    assert_int_equal(sqlite3_vfs_register(sqlite3_vfs_find("unix-dotfile"), 1), SQLITE_OK);
    assert_int_equal(try_open(place.path, WRITE, &store, &err), PFL_OK);
    s = (struct pfl_sqlite *)store;
    assert_int_equal(pfl_sqlite_number(s, "PRAGMA synchronous", &synchronous, "asking", &err),
                     PFL_OK);
    assert_int_equal(synchronous, 3);
    assert_int_equal(sqlite3_prepare_v2(s->db, "PRAGMA journal_mode", -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(stmt, 0), "delete");
    sqlite3_finalize(stmt);
    pfl_store_close(store);
    sqlite3_vfs_register(sqlite3_vfs_find("unix"), 1);
    place_remove(&place);
}

/* As a user without rights: root may write anything, so a child gives its rights up. The child says
 * with its exit code what it saw: 0 as expected. */
static int as_nobody(int (*look)(const struct place *place), const struct place *place)
{
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 && (setgid(65534) || setuid(65534)))
            _exit(99);
        _exit(look(place));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int write_is_refused_reading_works(const struct place *place)
{
    static const enum how ways[] = {READ, READING};
    struct pfl_store_query all = {0};
    struct pfl_run_head *heads;
    struct pfl_store *store;
    struct pfl_arena arena;
    struct pfl_err err;
    size_t n = 0, i;
    int code = try_open(place->path, WRITE, &store, &err);

    if (code != PFL_EPERM || !strstr(err.message, "may not write")) {
        fprintf(stderr, "%d: %s\n", code, err.message);
        return 1;
    }
    for (i = 0; i < PFL_COUNT(ways); i++) {
        if (try_open(place->path, ways[i], &store, &err)) {
            fprintf(stderr, "%s\n", err.message);
            return 2;
        }
        pfl_arena_init(&arena);
        code = pfl_store_list(store, &all, &arena, &heads, &n, &err);
        pfl_store_close(store);
        pfl_arena_release(&arena);
        if (code || n != 3)
            return 3;
    }
    return 0;
}

/* A file of ours beside it would keep the owner from opening it. */
static int nothing_is_left_beside(const struct place *place)
{
    int code = write_is_refused_reading_works(place);
    char path[160];

    snprintf(path, sizeof path, "%s-shm", place->path);
    return code ? code : access(path, F_OK) == 0 ? 4 : 0;
}

/* The last commits are in a -wal that nobody may bring in: said, never left out. */
static int left_over_is_said(const struct place *place)
{
    struct pfl_store *store;
    struct pfl_err err;
    int code = try_open(place->path, READING, &store, &err);

    if (code != PFL_EPERM || !strstr(err.message, "-wal") || !strstr(err.message, "owner")) {
        fprintf(stderr, "%d: %s\n", code, code ? err.message : "");
        return 1;
    }
    return 0;
}

static int making_is_refused(const struct place *place)
{
    struct pfl_store *store;
    struct pfl_err err;
    char path[160];
    int code;

    snprintf(path, sizeof path, "%s/new/ledger.db", place->folder);
    code = try_open(path, CREATE, &store, &err);
    if (code != PFL_EPERM)
        return 1;
    snprintf(path, sizeof path, "%s/other.db", place->folder);
    code = try_open(path, CREATE, &store, &err);
    if (code != PFL_EPERM)
        fprintf(stderr, "%d: %s\n", code, err.message);
    return code == PFL_EPERM ? 0 : 2;
}

static int reading_is_refused(const struct place *place)
{
    struct pfl_store *store;
    struct pfl_err err;

    return try_open(place->path, READ, &store, &err) == PFL_EPERM ? 0 : 1;
}

static void rights_are_respected(void **state)
{
    const struct {
        mode_t file, folder;
        int (*look)(const struct place *place);
    } rows[] = {
        {0444, 0755, write_is_refused_reading_works},
        {0444, 0555, write_is_refused_reading_works},
        {0666, 0555, write_is_refused_reading_works},
        {0444, 0777, nothing_is_left_beside},
        {0444, 0555, making_is_refused},
        {0000, 0755, reading_is_refused},
    };
    struct place place;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(rows); i++) {
        place_make(&place);
        make_ledger(place.path, 3);
        assert_int_equal(chmod(place.path, rows[i].file), 0);
        assert_int_equal(chmod(place.folder, rows[i].folder), 0);
        if (as_nobody(rows[i].look, &place))
            fail_msg("row %zu", i);
        chmod(place.folder, 0777);
        place_remove(&place);
    }
}

static void a_wal_left_over_is_respected(void **state)
{
    struct place place;
    char wal[160];
    FILE *file;

    (void)state;
    place_make(&place);
    make_ledger(place.path, 3);
    snprintf(wal, sizeof wal, "%s-wal", place.path);
    file = fopen(wal, "w");
    assert_non_null(file);
    fclose(file);
    assert_int_equal(chmod(place.path, 0444), 0);
    assert_int_equal(chmod(place.folder, 0555), 0);
    assert_int_equal(as_nobody(write_is_refused_reading_works, &place),
                     0); /* empty: nothing in it */
    file = fopen(wal, "w");
    assert_non_null(file);
    fputs("what a writer that was killed left", file);
    fclose(file);
    assert_int_equal(as_nobody(left_over_is_said, &place), 0);
    chmod(place.folder, 0777);
    place_remove(&place);
}

/* The 30 seconds are taken away here; what is left is that the one who waited in vain is told so.
 */
static void waiting_in_vain_is_said(void **state)
{
    struct pfl_store *store;
    struct pfl_arena arena;
    struct pfl_run run;
    struct pfl_err err;
    struct place place;
    sqlite3 *other;
    bool added;

    (void)state;
    place_make(&place);
    make_ledger(place.path, 1);
    pfl_arena_init(&arena);
    assert_int_equal(try_open(place.path, WRITE, &store, &err), PFL_OK);
    sqlite3_busy_timeout(((struct pfl_sqlite *)store)->db, 0);
    assert_int_equal(sqlite3_open(place.path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(pfl_store_add(store, make_run(&arena, 2, 1), &added, &err), PFL_EBUSY);
    assert_non_null(strstr(err.message, "another process"));
    assert_int_equal(pfl_store_begin(store, &err), PFL_EBUSY);
    assert_int_equal(pfl_store_load(store, make_run(&arena, 1, 1)->id, &arena, &run, &err),
                     PFL_OK); /* reading */
    sqlite3_close(other);
    assert_int_equal(pfl_store_add(store, make_run(&arena, 2, 1), &added, &err), PFL_OK);
    pfl_store_close(store);
    pfl_arena_release(&arena);
    place_remove(&place);
}

/* Odd file names are names, not URIs or in-memory databases. */
static void names_are_taken_literally(void **state)
{
    static const char *const names[] = {"a b?mode=memory#x%20.db", "file:x.db", "zwölf'.db"};
    struct place place;
    char path[160];
    size_t i;

    (void)state;
    place_make(&place);
    for (i = 0; i < PFL_COUNT(names); i++) {
        snprintf(path, sizeof path, "%s/%s", place.folder, names[i]);
        make_ledger(path, 1);
        assert_true(pfl_file_exists(path));
        unlink(path);
    }
    assert_int_equal(chdir(place.folder), 0);
    make_ledger(":memory:", 1);
    assert_true(pfl_file_exists("./:memory:"));
    unlink("./:memory:");
    assert_int_equal(chdir("/"), 0);
    place_remove(&place);
}

int test_store_sqlite(void);
int test_store_sqlite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_ledger_is_refused),
        cmocka_unit_test(urls_that_nobody_serves),
        cmocka_unit_test(newer_schemas_are_left_alone),
        cmocka_unit_test(damage_is_said),
        cmocka_unit_test(old_schemas_are_migrated),
        cmocka_unit_test(fixture_is_of_schema_1),
        cmocka_unit_test(migrations_are_all_or_nothing),
        cmocka_unit_test(folders_ignore_themselves),
        cmocka_unit_test(ledgers_are_wal_and_durable),
        cmocka_unit_test(rights_are_respected),
        cmocka_unit_test(a_wal_left_over_is_respected),
        cmocka_unit_test(names_are_taken_literally),
        cmocka_unit_test(waiting_in_vain_is_said),
    };

    return cmocka_run_group_tests_name("store sqlite", tests, NULL, NULL);
}
