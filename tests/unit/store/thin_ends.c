/*
 * Thinning that ends too early: killed within a run or between two, while the file is written anew,
 * or because a call fails. Each run is then thinned or whole, all series say what they said, and
 * the next thinning goes on.
 */
#include "thinned.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <time.h>

enum { RUNS = 150, BENCHMARKS = 4, PIECE = 64 };

static struct pfl_store *open_ledger(const char *path)
{
    struct pfl_store_open_params params = {.url = path, .create = true};
    struct pfl_store *store = NULL;
    struct pfl_err err;

    if (pfl_store_open(&params, &store, &err))
        fail_msg("%s", err.message);
    return store;
}

static void fill(const char *path)
{
    struct pfl_store *store = open_ledger(path);
    struct pfl_arena arena;
    uint64_t i;
    bool added;

    pfl_arena_init(&arena);
    assert_int_equal(pfl_store_begin(store, NULL), PFL_OK);
    for (i = 1; i <= RUNS; i++)
        assert_int_equal(pfl_store_add(store, make_run(&arena, i, BENCHMARKS), &added, NULL),
                         PFL_OK);
    assert_int_equal(pfl_store_commit(store, NULL), PFL_OK);
    pfl_store_close(store);
    pfl_arena_release(&arena);
}

static int64_t ask(const char *path, const char *sql)
{
    sqlite3_stmt *stmt;
    int64_t value;
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return value;
}

/* How many are thinned; all are whole or thinned, to the last bit. */
static size_t check(const char *path)
{
    struct pfl_store *store = open_ledger(path);
    size_t thinned = 0;
    uint64_t i;

    for (i = 1; i <= RUNS; i++) {
        struct pfl_run *expected, run;
        struct pfl_arena arena;

        pfl_arena_init(&arena);
        expected = make_run(&arena, i, BENCHMARKS);
        assert_int_equal(pfl_store_load(store, expected->id, &arena, &run, NULL), PFL_OK);
        thinned += run.thinned_unix_ns != 0;
        if (run.thinned_unix_ns)
            expected = thinned_run(&arena, i, BENCHMARKS);
        assert_runs_equal(expected, &run);
        pfl_arena_release(&arena);
    }
    pfl_store_close(store);
    assert_int_equal(ask(path, "SELECT count(*) FROM pragma_integrity_check "
                               "WHERE integrity_check <> 'ok'"),
                     0);
    assert_int_equal(
        ask(path, "SELECT count(*) FROM samples WHERE run IN (SELECT run FROM thinned)"), 0);
    return thinned;
}

struct death {
    int left; /* so many calls are survived */
};

static void die_in_time(struct death *death)
{
    if (death->left-- == 0)
        raise(SIGKILL);
}

static int die_within(void *context, struct pfl_run *run, struct pfl_err *err)
{
    (void)run;
    (void)err;
    die_in_time(context);
    return PFL_OK;
}

static bool die_between(void *context, size_t done)
{
    (void)done;
    die_in_time(context);
    return false;
}

static void thin_and_die(const char *path, int after, bool within)
{
    struct death death = {after};
    struct pfl_store_thin_params params = {.settle = within ? die_within : NULL,
                                           .stop_asked = within ? NULL : die_between,
                                           .context = &death};
    struct pfl_store_thinned done;
    pid_t pid = fork();
    int status;

    assert_true(pid >= 0);
    if (pid == 0) {
        thin_numbers(open_ledger(path), 1, RUNS, params, &done, NULL);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void killed_thinning_loses_nothing(void **state)
{
    static const int moments[] = {0, 1, PIECE - 1, PIECE, 2 * PIECE + 5, RUNS - 1};
    struct pfl_store_thin_params plainly = {.settle = NULL};
    struct pfl_store_thinned done;
    struct pfl_store *store;
    struct place place;
    size_t i;

    (void)state;
    for (i = 0; i < 2 * PFL_COUNT(moments); i++) {
        int after = moments[i / 2];

        place_make(&place);
        fill(place.path);
        thin_and_die(place.path, after, i % 2);
        assert_int_equal(check(place.path), (size_t)(after / PIECE) * PIECE);
        store = open_ledger(place.path);
        assert_int_equal(thin_numbers(store, 1, RUNS, plainly, &done, NULL), PFL_OK);
        assert_int_equal(done.runs, RUNS - (size_t)(after / PIECE) * PIECE);
        pfl_store_close(store);
        assert_int_equal(check(place.path), RUNS);
        place_remove(&place);
    }
}

/* The moment is random; that it is never wrong is not. */
static void killed_compacting_loses_nothing(void **state)
{
    struct pfl_store_thin_params plainly = {.settle = NULL};
    struct pfl_store_compacted compacted;
    struct pfl_store_thinned done;
    struct pfl_store *store;
    struct place place;
    int i, status;

    (void)state;
    for (i = 0; i < 8; i++) {
        struct timespec pause = {0, 1000000L * i};
        pid_t pid;

        place_make(&place);
        fill(place.path);
        store = open_ledger(place.path);
        assert_int_equal(thin_numbers(store, 1, RUNS, plainly, &done, NULL), PFL_OK);
        pfl_store_close(store);
        pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            pfl_store_compact(open_ledger(place.path), &compacted, NULL);
            _exit(0);
        }
        nanosleep(&pause, NULL);
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(check(place.path), RUNS);
        store = open_ledger(place.path);
        assert_int_equal(pfl_store_compact(store, &compacted, NULL), PFL_OK);
        pfl_store_close(store);
        assert_int_equal(check(place.path), RUNS);
        place_remove(&place);
    }
}

/* What cannot be read is not made less. */
static void damaged_runs_are_left_alone(void **state)
{
    struct pfl_store_thin_params plainly = {.settle = NULL};
    struct pfl_store_thinned done;
    struct pfl_store *store;
    struct place place;
    sqlite3 *db;

    (void)state;
    place_make(&place);
    fill(place.path);
    assert_int_equal(sqlite3_open(place.path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "UPDATE samples SET body = x'0100' WHERE run IN (7, 100)", 0, 0, 0),
        SQLITE_OK);
    sqlite3_close(db);
    store = open_ledger(place.path);
    assert_int_equal(thin_numbers(store, 1, RUNS, plainly, &done, NULL), PFL_OK);
    assert_int_equal(done.damaged, 2);
    assert_int_equal(done.runs, RUNS - 2);
    pfl_store_close(store);
    assert_int_equal(ask(place.path, "SELECT count(*) FROM samples"), 2);
    place_remove(&place);
}

enum { FEW = 3 };

/* Nothing of the test's own may fail, so it is made before. */
static void tell(const char *path, const char *const *ids, const struct pfl_run *run, bool *thinned,
                 bool *restored)
{
    struct pfl_store_open_params params = {.url = path};
    struct pfl_store_thin_params thin = {.ids = ids, .n = FEW, .unix_ns = THINNED_AT};
    struct pfl_store_compacted compacted;
    struct pfl_store_thinned done;
    struct pfl_store *store = NULL;
    struct pfl_err err = {0};
    bool added;
    int code;

    if (pfl_store_open(&params, &store, &err) == PFL_OK) {
        code = pfl_store_thin(store, &thin, &done, &err);
        assert_true(code == PFL_OK ? done.runs == FEW : done.runs == 0);
        assert_true(code == PFL_OK || err.message[0]);
        *thinned = code == PFL_OK;
        *restored = pfl_store_add(store, run, &added, &err) == PFL_OK;
        code = pfl_store_compact(store, &compacted, &err);
        assert_true(code == PFL_OK || err.message[0]);
    }
    pfl_store_close(store);
}

static bool is_thinned(struct pfl_store *store, uint64_t number)
{
    struct pfl_arena arena;
    struct pfl_run *expected, run;
    bool thinned;

    pfl_arena_init(&arena);
    expected = make_run(&arena, number, BENCHMARKS);
    assert_int_equal(pfl_store_load(store, expected->id, &arena, &run, NULL), PFL_OK);
    thinned = run.thinned_unix_ns != 0;
    if (thinned)
        pfl_run_thin(expected, THINNED_AT);
    assert_runs_equal(expected, &run);
    pfl_arena_release(&arena);
    return thinned;
}

static bool story(unsigned long n, unsigned long *at, const unsigned long *seen)
{
    bool thinned = false, restored = false, reached, added;
    struct pfl_store *store;
    struct pfl_arena arena;
    struct place place;
    const char **ids;
    struct pfl_run *run;
    uint64_t i;

    place_make(&place);
    pfl_arena_init(&arena);
    ids = ids_of(&arena, 1, FEW);
    run = make_run(&arena, 2, BENCHMARKS);
    store = open_ledger(place.path);
    for (i = 1; i <= FEW; i++)
        assert_int_equal(pfl_store_add(store, make_run(&arena, i, BENCHMARKS), &added, NULL),
                         PFL_OK);
    pfl_store_close(store);
    memset(&pfl_fault, 0, sizeof pfl_fault);
    *at = n;
    tell(place.path, ids, run, &thinned, &restored);
    reached = *seen >= n;
    memset(&pfl_fault, 0, sizeof pfl_fault);
    store = open_ledger(place.path);
    assert_int_equal(is_thinned(store, 1), thinned);
    assert_int_equal(is_thinned(store, 2), thinned && !restored);
    assert_int_equal(is_thinned(store, 3), thinned);
    pfl_store_close(store);
    assert_true(reached || (thinned && restored));
    pfl_arena_release(&arena);
    place_remove(&place);
    return reached;
}

static void every_call_may_fail(void **state)
{
    unsigned long n = 1;

    (void)state;
    while (story(n, &pfl_fault.io_at, &pfl_fault.io_seen))
        n++;
    assert_true(n > 40);
}

static void every_allocation_may_fail(void **state)
{
    unsigned long n = 1;

    (void)state;
    while (story(n, &pfl_fault.alloc_at, &pfl_fault.alloc_seen))
        n++;
    assert_true(n > 40);
}

int test_store_thin_ends(void);
int test_store_thin_ends(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_thinning_loses_nothing),
        cmocka_unit_test(killed_compacting_loses_nothing),
        cmocka_unit_test(damaged_runs_are_left_alone),
        cmocka_unit_test(every_call_may_fail),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("store thin ends", tests, NULL, NULL);
}
