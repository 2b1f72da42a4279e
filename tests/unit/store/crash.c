/*
 * Processes that die, processes that meet, disks that fill. A child adds runs and says through a
 * pipe which ones were acknowledged; it is killed wherever it happens to be. Whatever was
 * acknowledged must be there, whole, and the file must pass SQLite's own check. Nothing here looks
 * at a clock: the moments are random, the promises are not.
 */
#include "runs.h"

#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

enum { BENCHMARKS = 12 };

static struct pfl_store *open_ledger(const char *path)
{
    struct pfl_store_open_params params = {.url = path, .create = true};
    struct pfl_store *store;
    struct pfl_err err;

    if (pfl_store_open(&params, &store, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return NULL;
    }
    return store;
}

static int add_run(struct pfl_store *store, uint64_t number, struct pfl_err *err)
{
    struct pfl_arena arena;
    bool added = false;
    int code;

    pfl_arena_init(&arena);
    code = pfl_store_add(store, make_run(&arena, number, BENCHMARKS), &added, err);
    pfl_arena_release(&arena);
    return code;
}

static void check_integrity(const char *path)
{
    sqlite3 *db;
    sqlite3_stmt *stmt;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(stmt, 0), "ok");
    sqlite3_finalize(stmt);
    assert_int_equal(
        sqlite3_prepare_v2(
            db,
            "SELECT (SELECT count(*) FROM run) = (SELECT count(*) FROM record) AND "
            "(SELECT count(DISTINCT run) FROM samples) + (SELECT count(*) FROM record WHERE "
            "substr(body, 1, 1) = x'03') = (SELECT count(*) FROM run) AND "
            "NOT EXISTS (SELECT 1 FROM packed WHERE last NOT IN (SELECT number FROM run) "
            "OR series NOT IN (SELECT number FROM series)) AND "
            "NOT EXISTS (SELECT 1 FROM summary WHERE run NOT IN (SELECT number FROM run) "
            "OR series NOT IN (SELECT number FROM series) "
            "OR definition NOT IN (SELECT number FROM definition))",
            -1, &stmt, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(stmt, 0), 1);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
}

/* Nobody's passing trouble has taken the ledger out of WAL mode. */
static void check_wal(const char *path)
{
    sqlite3 *db;
    sqlite3_stmt *stmt;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA journal_mode", -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(stmt, 0), "wal");
    sqlite3_finalize(stmt);
    sqlite3_close(db);
}

/* The run is there, every bit of it. */
static void expect_run(struct pfl_store *store, uint64_t number)
{
    struct pfl_arena arena;
    struct pfl_run *expected, run;
    struct pfl_err err;

    pfl_arena_init(&arena);
    expected = make_run(&arena, number, BENCHMARKS);
    if (pfl_store_load(store, expected->id, &arena, &run, &err))
        fail_msg("run %llu: %s", (unsigned long long)number, err.message);
    assert_runs_equal(expected, &run);
    pfl_arena_release(&arena);
}

static size_t count_runs(struct pfl_store *store)
{
    struct pfl_store_query all = {0};
    struct pfl_run_head *heads;
    struct pfl_arena arena;
    size_t n = 0;

    pfl_arena_init(&arena);
    assert_int_equal(pfl_store_list(store, &all, &arena, &heads, &n, NULL), PFL_OK);
    pfl_arena_release(&arena);
    return n;
}

/* A run that an archive could have: without launches and samples. */
static struct pfl_run *archive_run(struct pfl_arena *arena, uint64_t number)
{
    struct pfl_run *run = make_run(arena, number, BENCHMARKS);
    size_t i, j;

    for (i = 0; i < run->benchmark_count; i++) {
        run->benchmarks[i].launch_count = 0;
        for (j = 0; j < run->benchmarks[i].result_count; j++) {
            run->benchmarks[i].results[j].n = 0;
            run->benchmarks[i].results[j].launch_of = NULL;
        }
    }
    return run;
}

/* In the child: imports batches of ten from `first` on until killed; acknowledged by the last
 * number. */
static void import_for_ever(const char *path, uint64_t first, int pipe_fd)
{
    struct pfl_store_open_params params = {.url = path, .create = true, .bulk = true};
    struct pfl_store *store = NULL;
    struct pfl_arena arena;
    struct pfl_err err;
    uint64_t number = first, end;
    bool added;
    int code = pfl_store_open(&params, &store, &err);

    while (!code) {
        code = pfl_store_begin(store, &err);
        pfl_arena_init(&arena);
        for (end = number + 10; number < end && !code; number++)
            code = pfl_store_add(store, archive_run(&arena, number), &added, &err);
        pfl_arena_release(&arena);
        if (!code)
            code = pfl_store_commit(store, &err);
        end--;
        if (!code && write(pipe_fd, &end, sizeof end) != (ssize_t)sizeof end)
            break;
    }
    fprintf(stderr, "%s\n", err.message);
    _exit(1);
}

/* In the child: add from `first` on until killed, a number through the pipe after each
 * acknowledgement. */
static void add_for_ever(const char *path, uint64_t first, int pipe_fd)
{
    struct pfl_store *store = open_ledger(path);
    struct pfl_err err;
    uint64_t number;

    for (number = first; store; number++) {
        if (add_run(store, number, &err)) {
            fprintf(stderr, "%s\n", err.message);
            break;
        }
        if (write(pipe_fd, &number, sizeof number) != (ssize_t)sizeof number)
            break;
    }
    _exit(1);
}

typedef void writer_fn(const char *path, uint64_t first, int pipe_fd);

/* Kills the child after `acks` acknowledgements and a little more; answers the last one it gave. */
static uint64_t kill_somewhere(writer_fn *writer, const char *path, uint64_t first, size_t acks,
                               long more_ns)
{
    struct timespec wait = {0, more_ns};
    uint64_t number, last = first - 1;
    int ends[2], status;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        writer(path, first, ends[1]);
    }
    close(ends[1]);
    while (acks-- > 0 && read(ends[0], &number, sizeof number) == (ssize_t)sizeof number)
        last = number;
    nanosleep(&wait, NULL);
    kill(child, SIGKILL);
    while (read(ends[0], &number, sizeof number) == (ssize_t)sizeof number)
        last = number;
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    return last;
}

static void killed_writers_leave_whole_runs(void **state)
{
    struct dice dice = {21};
    uint64_t first = 1, last, number, known = 0;
    struct pfl_store *store;
    struct place place;
    int i;

    (void)state;
    place_make(&place);
    for (i = 0; i < 25; i++) {
        last = kill_somewhere(add_for_ever, place.path, first, below(&dice, 5),
                              (long)below(&dice, 4000000));
        store = open_ledger(place.path);
        assert_non_null(store);
        for (number = first; number <= last; number++)
            expect_run(store, number);
        /* at most the one that was under way may be there besides */
        known += last - first + 1;
        assert_true(count_runs(store) == known || count_runs(store) == known + 1);
        if (count_runs(store) == known + 1) {
            expect_run(store, ++last);
            known++;
        }
        pfl_store_close(store);
        check_integrity(place.path);
        first = last + 1;
    }
    assert_true(known > 20);
    place_remove(&place);
}

/* The numbers of an archive's runs are in packets that many runs share; a batch is whole or absent
 * all the same, and the next import goes on behind it. */
static void killed_imports_leave_whole_batches(void **state)
{
    struct dice dice = {22};
    uint64_t first = 1, last, number;
    struct pfl_store *store;
    struct pfl_arena arena;
    struct pfl_run *expected, run;
    struct pfl_err err;
    struct place place;
    int i;

    (void)state;
    place_make(&place);
    for (i = 0; i < 12; i++) {
        last = kill_somewhere(import_for_ever, place.path, first, below(&dice, 4),
                              (long)below(&dice, 8000000));
        store = open_ledger(place.path);
        assert_non_null(store);
        assert_true(count_runs(store) == last || count_runs(store) == last + 10);
        last = count_runs(store);
        for (number = 1; number <= last; number++) {
            pfl_arena_init(&arena);
            expected = archive_run(&arena, number);
            if (pfl_store_load(store, expected->id, &arena, &run, &err))
                fail_msg("run %llu: %s", (unsigned long long)number, err.message);
            assert_runs_equal(expected, &run);
            pfl_arena_release(&arena);
        }
        pfl_store_close(store);
        check_integrity(place.path);
        first = last + 1;
    }
    assert_true(first > 50);
    place_remove(&place);
}

/* Children that all open one ledger and add `each` runs; they start together, when the pipe closes.
 */
static void write_together(const char *path, int writers, int each)
{
    pid_t children[8];
    int i, j, status, ends[2];
    char byte;

    assert_int_equal(pipe(ends), 0);
    for (i = 0; i < writers; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            struct pfl_store *store;
            struct pfl_err err;

            close(ends[1]);
            if (read(ends[0], &byte, 1) != 0)
                _exit(2);
            store = open_ledger(path);
            for (j = 0; store && j < each; j++)
                if (add_run(store, (uint64_t)(1 + i * each + j), &err)) {
                    fprintf(stderr, "%s\n", err.message);
                    _exit(1);
                }
            pfl_store_close(store);
            _exit(store ? 0 : 1);
        }
    }
    close(ends[0]);
    close(ends[1]);
    for (i = 0; i < writers; i++) {
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
}

static void check_together(int writers, int each)
{
    struct pfl_store *store;
    struct place place;
    int i;

    place_make(&place);
    write_together(place.path, writers, each); /* all of them make the ledger, too */
    store = open_ledger(place.path);
    assert_non_null(store);
    assert_int_equal(count_runs(store), (size_t)(writers * each));
    check_wal(place.path);
    for (i = 1; i <= writers * each; i++)
        expect_run(store, (uint64_t)i);
    pfl_store_close(store);
    check_integrity(place.path);
    place_remove(&place);
}

static void writers_wait_for_each_other(void **state)
{
    (void)state;
    check_together(3, 15);
}

/* Making the ledger, switching its journal and the last one's tidying up all meet here. */
static void many_make_one_ledger(void **state)
{
    int i;

    (void)state;
    for (i = 0; i < 12; i++)
        check_together(4, 1);
}

/* Adds until the disk is full: 0 when that was said as it should be and the ledger goes on working,
 * else a number. */
static int fill_up(const char *path, uint64_t *last)
{
    struct pfl_store *store = open_ledger(path);
    struct pfl_err err;
    uint64_t number;
    int code = PFL_OK;

    if (!store)
        return 10;
    for (number = 1; number < 100000 && !code; number++)
        code = add_run(store, number, &err);
    *last = number - 2;
    if (code != PFL_EFULL || !strstr(err.message, "make room")) {
        fprintf(stderr, "%d: %s\n", code, err.message);
        return 11;
    }
    if (*last < 1 || count_runs(store) != *last)
        return 12;
    pfl_store_close(store);
    store = open_ledger(path); /* still on the full disk */
    if (!store)
        return 13;
    if (count_runs(store) != *last)
        return 14;
    expect_run(store, *last);
    pfl_store_close(store);
    return 0;
}

static int fill_limited_file(const char *path, uint64_t *last)
{
    struct rlimit limit = {300000, 300000};

    signal(SIGXFSZ, SIG_IGN);
    return setrlimit(RLIMIT_FSIZE, &limit) ? 20 : fill_up(path, last);
}

enum { NO_TMPFS = 77 };

/* A tmpfs of its own, in a mount namespace of its own. */
static int fill_tmpfs(const char *path, uint64_t *last)
{
    char folder[128];
    int code;

    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    if (unshare(CLONE_NEWNS | (geteuid() ? CLONE_NEWUSER : 0)) ||
        mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
        mount("none", folder, "tmpfs", 0, "size=700k"))
        return NO_TMPFS;
    code = fill_up(path, last);
    if (!code) { /* to the very last byte: not even the -shm file has room any more */
        char filler[160];
        char zeros[4096] = {0};
        int fd;
        struct pfl_store *store;

        snprintf(filler, sizeof filler, "%s/filler", folder);
        fd = open(filler, O_CREAT | O_WRONLY, 0600);
        while (write(fd, zeros, sizeof zeros) > 0)
            ;
        close(fd);
        store = open_ledger(path);
        code = store && count_runs(store) == *last ? 0 : 30;
        pfl_store_close(store);
    }
    if (!code)
        check_integrity(path);
    *last = 0; /* gone with the namespace */
    return code;
}

static void full_disk(int (*fill)(const char *path, uint64_t *last))
{
    struct pfl_store *store;
    struct place place;
    uint64_t last = 0, number;
    int ends[2], status;
    pid_t child;

    place_make(&place);
    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int code = fill(place.path, &last);

        _exit(write(ends[1], &last, sizeof last) == (ssize_t)sizeof last ? code : 40);
    }
    assert_int_equal(read(ends[0], &last, sizeof last), sizeof last);
    close(ends[0]);
    close(ends[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == NO_TMPFS) {
        place_remove(&place);
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), 0);
    if (last) { /* with room again everything goes on */
        check_integrity(place.path);
        store = open_ledger(place.path);
        assert_non_null(store);
        assert_int_equal(add_run(store, last + 1, NULL), PFL_OK);
        for (number = 1; number <= last + 1; number++)
            expect_run(store, number);
        pfl_store_close(store);
    }
    place_remove(&place);
}

static void file_size_limit_is_a_full_disk(void **state)
{
    (void)state;
    full_disk(fill_limited_file);
}

static void full_tmpfs(void **state)
{
    (void)state;
    full_disk(fill_tmpfs);
}

/* A batch that meets the full disk is taken back, and its commit does not say otherwise. */
static void full_disk_loses_the_batch_only(void **state)
{
    struct pfl_store *store;
    struct pfl_err err;
    struct place place;
    struct rlimit limit, small;
    int code = PFL_OK;
    uint64_t number;

    (void)state;
    place_make(&place);
    store = open_ledger(place.path);
    assert_int_equal(add_run(store, 1, NULL), PFL_OK);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    small = limit;
    small.rlim_cur = 200000;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_equal(pfl_store_begin(store, NULL), PFL_OK);
    for (number = 2; number < 4000 && !code; number++)
        code = add_run(store, number, &err);
    if (!code)
        code = pfl_store_commit(store, &err);
    else
        assert_int_equal(pfl_store_commit(store, &err), PFL_EFULL);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_int_equal(code, PFL_EFULL);
    assert_int_equal(count_runs(store), 1);
    assert_int_equal(add_run(store, 2, NULL), PFL_OK);
    expect_run(store, 1);
    expect_run(store, 2);
    pfl_store_close(store);
    check_integrity(place.path);
    place_remove(&place);
}

int test_store_crash(void);
int test_store_crash(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_writers_leave_whole_runs),
        cmocka_unit_test(killed_imports_leave_whole_batches),
        cmocka_unit_test(writers_wait_for_each_other),
        cmocka_unit_test(many_make_one_ledger),
        cmocka_unit_test(file_size_limit_is_a_full_disk),
        cmocka_unit_test(full_tmpfs),
        cmocka_unit_test(full_disk_loses_the_batch_only),
    };

    return cmocka_run_group_tests_name("store crash", tests, NULL, NULL);
}
