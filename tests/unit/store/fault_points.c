/*
 * As fault.c, for what packs points: an import of summaries with names and sources, and an add that
 * sweeps. Every allocation and every call fails once, in turn; what was acknowledged is there
 * whole, what was refused has left nothing behind.
 */
#include "runs.h"

#include "base/buf.h"
#include "store/store.h"
#include "sys/file.h"

#include <sqlite3.h>

enum { IMPORTED = 10, HISTORY = 255 }; /* the next add sweeps */

static struct pfl_run *point_run(struct pfl_arena *arena, uint64_t number, size_t benchmarks)
{
    struct pfl_run *run = make_run(arena, number, benchmarks);
    size_t i;

    for (i = 0; i < benchmarks; i++) {
        struct pfl_result *result = pfl_arena_alloc(arena, sizeof *result);

        *result = (struct pfl_result){.metric = "time", .unit = "s", .summary_only = true};
        result->summary = (struct pfl_summary){number, (double)number, 1, 2, 3, 4, 5, 6, 7, 8};
        run->benchmarks[i].launch_count = 0;
        run->benchmarks[i].results = result;
        run->benchmarks[i].result_count = 1;
    }
    return run;
}

/* A failure must speak. */
static bool fine(int code, struct pfl_err *err)
{
    if (code) {
        assert_int_equal(err->code, code);
        assert_true(err->message[0]);
        assert_true(code == PFL_ENOMEM || code == PFL_EIO || code == PFL_ENOENT ||
                    code == PFL_EFULL || code == PFL_EPERM);
    }
    pfl_err_clear(err);
    return code == PFL_OK;
}

struct told { /* what the story was promised */
    bool imported, joined, added;
};

static int count_point(void *context, const struct pfl_store_point *point)
{
    size_t *n = context;

    (void)point;
    ++*n;
    return 0;
}

static int each_key(void *context, const struct pfl_store_series_key *key, const char *unit,
                    enum pfl_better better, size_t points)
{
    size_t n = 0;

    (void)unit;
    (void)better;
    if (pfl_store_series(context, key, count_point, &n, NULL) == PFL_OK)
        assert_int_equal(n, points);
    return 0;
}

static bool import(struct pfl_store *store, struct pfl_run *const runs[IMPORTED],
                   struct pfl_err *err)
{
    struct pfl_arena arena;
    struct pfl_run back;
    bool added, good = fine(pfl_store_begin(store, err), err);
    size_t i;

    if (!good)
        return false;
    pfl_arena_init(&arena);
    for (i = 0; i < IMPORTED; i++)
        good = fine(pfl_store_add_from(store, runs[i], runs[i]->id, &added, err), err) && good;
    if (good && fine(pfl_store_load(store, runs[3]->id, &arena, &back, err), err))
        assert_runs_equal(runs[3], &back); /* what waits is written before it is read */
    pfl_arena_release(&arena);
    if (good)
        return fine(pfl_store_commit(store, err), err);
    pfl_store_abandon(store);
    return false;
}

static void read_all(struct pfl_store *store, const char *id, struct pfl_err *err)
{
    struct pfl_store_alias *aliases;
    struct pfl_arena arena;
    struct pfl_run run;
    size_t n;
    bool has;

    pfl_arena_init(&arena);
    fine(pfl_store_load(store, id, &arena, &run, err), err);
    fine(pfl_store_each_series(store, NULL, each_key, store, err), err);
    fine(pfl_store_has_source(store, id, &has, err), err);
    fine(pfl_store_alias_list(store, &arena, &aliases, &n, err), err);
    pfl_arena_release(&arena);
}

static void tell_import(const char *path, struct pfl_run *const runs[IMPORTED], struct told *told)
{
    struct pfl_store_open_params params = {.url = path, .create = true, .bulk = true};
    struct pfl_store_alias alias = {.from = "old", .to = runs[0]->benchmarks[0].name},
                           gone = {.from = "none"};
    struct pfl_store *store = NULL;
    struct pfl_err err = {0};

    if (!fine(pfl_store_open(&params, &store, &err), &err))
        return;
    told->imported = import(store, runs, &err);
    told->joined = fine(pfl_store_alias_add(store, &alias, &err), &err);
    fine(pfl_store_alias_remove(store, &gone, &err), &err);
    read_all(store, runs[0]->id, &err);
    pfl_store_close(store);
}

static void check_import(const char *path, struct pfl_run *const runs[IMPORTED],
                         const struct told *told)
{
    struct pfl_store_open_params params = {.url = path, .create = true, .bulk = true};
    struct pfl_store *store;
    struct pfl_store_alias *aliases;
    struct pfl_arena arena;
    struct pfl_err err;
    struct pfl_run run;
    size_t i, n = 9;
    bool has;

    pfl_arena_init(&arena);
    if (pfl_store_open(&params, &store, &err))
        fail_msg("%s", err.message);
    for (i = 0; i < IMPORTED; i++) {
        int code = pfl_store_load(store, runs[i]->id, &arena, &run, &err);

        assert_int_equal(code, told->imported ? PFL_OK : PFL_ENOENT);
        if (!code)
            assert_runs_equal(runs[i], &run);
        assert_int_equal(pfl_store_has_source(store, runs[i]->id, &has, &err), PFL_OK);
        assert_int_equal(has, told->imported);
    }
    assert_int_equal(pfl_store_each_series(store, NULL, each_key, store, &err), PFL_OK);
    assert_int_equal(pfl_store_alias_list(store, &arena, &aliases, &n, &err), PFL_OK);
    assert_int_equal(n, told->joined);
    pfl_store_close(store);
    pfl_arena_release(&arena);
}

/* The import with the n-th call of one sort failing; false when there was no n-th call any more. */
static bool import_story(unsigned long n, unsigned long *at, const unsigned long *seen)
{
    struct pfl_run *runs[IMPORTED];
    struct told told = {0};
    struct pfl_arena arena;
    struct place place;
    bool reached;
    size_t i;

    pfl_arena_init(&arena);
    for (i = 0; i < IMPORTED; i++) /* the second benchmark is too rare to be packed */
        runs[i] = point_run(&arena, i + 1, i % 4 ? 1 : 2);
    place_make(&place);
    memset(&pfl_fault, 0, sizeof pfl_fault);
    *at = n;
    tell_import(place.path, runs, &told);
    reached = *seen >= n;
    memset(&pfl_fault, 0, sizeof pfl_fault);
    check_import(place.path, runs, &told);
    if (!reached)
        assert_true(told.imported && told.joined);
    place_remove(&place);
    pfl_arena_release(&arena);
    return reached;
}

static void imports_may_fail_anywhere(void **state)
{
    unsigned long n;

    (void)state;
    for (n = 1; import_story(n, &pfl_fault.alloc_at, &pfl_fault.alloc_seen); n++)
        ;
    assert_true(n > 100);
    for (n = 1; import_story(n, &pfl_fault.io_at, &pfl_fault.io_seen); n++)
        ;
    assert_true(n > 100);
}

static struct pfl_store *open_ledger(const char *path)
{
    struct pfl_store_open_params params = {.url = path, .create = true};
    struct pfl_store *store = NULL;
    struct pfl_err err;

    if (pfl_store_open(&params, &store, &err))
        fail_msg("%s", err.message);
    return store;
}

static size_t count_series(struct pfl_store *store, const char *benchmark)
{
    struct pfl_store_series_key key = {benchmark, "time", "", "machine-1"};
    size_t n = 0;

    assert_int_equal(pfl_store_series(store, &key, count_point, &n, NULL), PFL_OK);
    return n;
}

/* One add that sweeps, with the n-th call failing. */
static bool sweep_story(const char *path, const struct pfl_buf *before, unsigned long n,
                        unsigned long *at, const unsigned long *seen)
{
    struct pfl_store *store;
    struct pfl_err err = {0};
    struct pfl_arena arena;
    struct pfl_run *run;
    bool added = false, reached, good;

    pfl_arena_init(&arena);
    run = point_run(&arena, HISTORY + 1, 1);
    assert_int_equal(pfl_file_write(path, before->data, before->len, false, NULL), PFL_OK);
    store = open_ledger(path);
    memset(&pfl_fault, 0, sizeof pfl_fault);
    *at = n;
    good = fine(pfl_store_add(store, run, &added, &err), &err);
    reached = *seen >= n;
    memset(&pfl_fault, 0, sizeof pfl_fault);
    assert_int_equal(count_series(store, run->benchmarks[0].name), HISTORY + good);
    pfl_store_close(store);
    store = open_ledger(path);
    assert_int_equal(count_series(store, run->benchmarks[0].name), HISTORY + good);
    assert_true(good || reached);
    pfl_store_close(store);
    pfl_arena_release(&arena);
    return reached;
}

static bool has_packets(const char *path)
{
    sqlite3_stmt *stmt;
    sqlite3 *db;
    bool has;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT 1 FROM packed", -1, &stmt, NULL), SQLITE_OK);
    has = sqlite3_step(stmt) == SQLITE_ROW;
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return has;
}

static void sweeps_may_fail_anywhere(void **state)
{
    struct pfl_store *store;
    struct pfl_arena arena;
    struct pfl_buf before;
    struct place place;
    unsigned long n;
    bool added;

    (void)state;
    place_make(&place);
    pfl_arena_init(&arena);
    store = open_ledger(place.path);
    assert_int_equal(pfl_store_begin(store, NULL), PFL_OK);
    for (n = 1; n <= HISTORY; n++)
        assert_int_equal(pfl_store_add(store, point_run(&arena, n, 1), &added, NULL), PFL_OK);
    assert_int_equal(pfl_store_commit(store, NULL), PFL_OK);
    pfl_store_close(store);
    pfl_buf_init(&before, 1 << 28);
    assert_int_equal(pfl_file_read(place.path, &before, NULL), PFL_OK);
    for (n = 1; sweep_story(place.path, &before, n, &pfl_fault.alloc_at, &pfl_fault.alloc_seen);
         n++)
        ;
    for (n = 1; sweep_story(place.path, &before, n, &pfl_fault.io_at, &pfl_fault.io_seen); n++)
        ;
    assert_true(n > 20);
    assert_true(has_packets(place.path)); /* it did sweep */
    pfl_buf_release(&before);
    pfl_arena_release(&arena);
    place_remove(&place);
}

int test_store_fault_points(void);
int test_store_fault_points(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(imports_may_fail_anywhere),
        cmocka_unit_test(sweeps_may_fail_anywhere),
    };

    return cmocka_run_group_tests_name("store fault points", tests, NULL, NULL);
}
