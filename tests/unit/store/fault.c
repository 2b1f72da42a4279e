/*
 * Every allocation of ours and every call into SQLite or the filesystem fails once, in turn, under
 * one story that uses all of the contract. Each step may refuse, with a code and words; what it
 * acknowledged must be true afterwards, and what it refused must have left nothing behind. Leaks
 * show in the sanitizer build.
 */
#include "runs.h"

#include "store/store.h"

enum { RUNS = 3, BENCHMARKS = 3 };

struct told { /* what the story was promised */
    bool added[RUNS], batch, voided, noted;
};

static int stop_at_once(void *context, const struct pfl_store_point *point)
{
    (void)context;
    (void)point;
    return 0;
}

static int each_key(void *context, const struct pfl_store_series_key *key, const char *unit,
                    enum pfl_better better, size_t points)
{
    (void)unit;
    (void)better;
    (void)points;
    return pfl_store_series(context, key, stop_at_once, NULL, NULL) != PFL_OK;
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

static void read_all(struct pfl_store *store, const char *id, struct pfl_arena *arena)
{
    struct pfl_store_query all = {.with_void = true};
    struct pfl_store_remark *remarks;
    struct pfl_run_head *heads;
    struct pfl_err err = {0};
    struct pfl_run run;
    size_t n;

    fine(pfl_store_load(store, id, arena, &run, &err), &err);
    fine(pfl_store_list(store, &all, arena, &heads, &n, &err), &err);
    fine(pfl_store_each_series(store, NULL, each_key, store, &err), &err);
    fine(pfl_store_remarks(store, id, arena, &remarks, &n, &err), &err);
}

static void tell(const char *path, struct pfl_run *const runs[RUNS], struct told *told)
{
    struct pfl_store_open_params params = {.url = path, .create = true};
    struct pfl_store *store = NULL;
    struct pfl_arena arena;
    struct pfl_err err = {0};
    bool added;

    if (!fine(pfl_store_open(&params, &store, &err), &err)) {
        assert_null(store);
        return;
    }
    pfl_arena_init(&arena);
    told->added[0] = fine(pfl_store_add(store, runs[0], &added, &err), &err);
    if (fine(pfl_store_begin(store, &err), &err)) {
        bool both = fine(pfl_store_add(store, runs[1], &added, &err), &err);

        both = fine(pfl_store_add(store, runs[2], &added, &err), &err) && both;
        if (both) {
            told->batch = fine(pfl_store_commit(store, &err), &err);
            told->added[1] = told->added[2] = told->batch;
        } else {
            pfl_store_abandon(store);
        }
    }
    told->voided = fine(pfl_store_void(store, runs[0]->id, "x", 1, &err), &err);
    told->noted = fine(pfl_store_note(store, runs[0]->id, "y", 2, &err), &err);
    read_all(store, runs[0]->id, &arena);
    pfl_store_close(store);
    params.create = false;
    params.read_only = true;
    store = NULL;
    if (fine(pfl_store_open(&params, &store, &err), &err))
        read_all(store, runs[0]->id, &arena);
    pfl_store_close(store);
    pfl_arena_release(&arena);
}

static void check(const char *path, struct pfl_run *const runs[RUNS], const struct told *told)
{
    struct pfl_store_open_params params = {.url = path, .create = true};
    struct pfl_store *store;
    struct pfl_store_remark *remarks;
    struct pfl_arena arena;
    struct pfl_err err;
    struct pfl_run run;
    size_t i, n = 0;

    pfl_arena_init(&arena);
    if (pfl_store_open(&params, &store, &err))
        fail_msg("%s", err.message);
    for (i = 0; i < RUNS; i++) {
        int code = pfl_store_load(store, runs[i]->id, &arena, &run, &err);

        assert_int_equal(code, told->added[i] ? PFL_OK : PFL_ENOENT);
        if (!code)
            assert_runs_equal(runs[i], &run);
    }
    if (told->added[0]) {
        assert_int_equal(pfl_store_remarks(store, runs[0]->id, &arena, &remarks, &n, &err), PFL_OK);
        assert_int_equal(n, (size_t)told->voided + told->noted);
    }
    pfl_store_close(store);
    pfl_arena_release(&arena);
}

/* The story with the n-th call of one sort failing; false when there was no n-th call any more. */
static bool story(unsigned long n, unsigned long *at, const unsigned long *seen, bool always)
{
    struct pfl_run *runs[RUNS];
    struct told told = {0};
    struct pfl_arena arena;
    struct place place;
    bool reached;
    size_t i;

    pfl_arena_init(&arena);
    for (i = 0; i < RUNS; i++)
        runs[i] = make_run(&arena, i + 1, BENCHMARKS);
    place_make(&place);
    memset(&pfl_fault, 0, sizeof pfl_fault);
    *at = n;
    pfl_fault.always = always;
    tell(place.path, runs, &told);
    reached = *seen >= n;
    memset(&pfl_fault, 0, sizeof pfl_fault);
    check(place.path, runs, &told);
    if (!reached)
        assert_true(told.added[0] && told.batch && told.voided && told.noted);
    place_remove(&place);
    pfl_arena_release(&arena);
    return reached;
}

static void every_allocation_may_fail(void **state)
{
    unsigned long n = 1;

    (void)state;
    while (story(n, &pfl_fault.alloc_at, &pfl_fault.alloc_seen, false))
        n++;
    assert_true(n > 100);
}

static void every_call_may_fail(void **state)
{
    unsigned long n = 1;

    (void)state;
    while (story(n, &pfl_fault.io_at, &pfl_fault.io_seen, false))
        n++;
    assert_true(n > 100);
}

static void everything_may_go_on_failing(void **state)
{
    unsigned long n;

    (void)state;
    for (n = 1; story(n, &pfl_fault.io_at, &pfl_fault.io_seen, true); n += 7)
        ;
    for (n = 1; story(n, &pfl_fault.alloc_at, &pfl_fault.alloc_seen, true); n += 7)
        ;
}

int test_store_fault(void);
int test_store_fault(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(every_call_may_fail),
        cmocka_unit_test(everything_may_go_on_failing),
    };

    return cmocka_run_group_tests_name("store fault", tests, NULL, NULL);
}
