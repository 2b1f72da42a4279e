/* The stores that the contract is asked of, one row each, and what its tests share: a fresh ledger,
 * small runs, series gathered. Stores that need something absent here (a server) are to skip their
 * row from `begin`. */
#ifndef TEST_STORE_CONTRACT_H
#define TEST_STORE_CONTRACT_H

#include "runs.h"

#include "base/buf.h"
#include "store/store.h"

#include <sqlite3.h>

struct kind {
    const char *name;
    const char *prefix; /* before the path of a fresh ledger */
    void (*begin)(void);
    void (*end)(void);
    bool bulk, readers_do_not_block;
};

static sqlite3_vfs *usual_vfs;

/* unix-dotfile has no shared memory, as some network filesystems: no WAL there. */
PFL_UNUSED static void without_shared_memory(void)
{
    sqlite3_initialize();
    usual_vfs = sqlite3_vfs_find(NULL);
    assert_int_equal(sqlite3_vfs_register(sqlite3_vfs_find("unix-dotfile"), 1), SQLITE_OK);
}

PFL_UNUSED static void with_shared_memory(void)
{
    sqlite3_vfs_register(usual_vfs, 1);
}

static const struct kind kinds[] = {
    {"sqlite", "", NULL, NULL, false, true},
    {"sqlite, bulk", "sqlite:", NULL, NULL, true, true},
    {"sqlite, no shared memory", "", without_shared_memory, with_shared_memory, false, false},
};
static const struct kind *kind;

struct fixture {
    struct place place;
    char url[128];
    struct pfl_store *store;
    struct pfl_arena arena;
    struct pfl_err err;
};

PFL_UNUSED static struct pfl_store *open_store(struct fixture *f, bool create, bool read_only)
{
    struct pfl_store_open_params params = {
        .url = f->url, .create = create, .read_only = read_only, .bulk = kind->bulk};
    struct pfl_store *store = NULL;

    if (pfl_store_open(&params, &store, &f->err))
        fail_msg("%s", f->err.message);
    return store;
}

PFL_UNUSED static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    if (kind->begin)
        kind->begin();
    place_make(&f->place);
    snprintf(f->url, sizeof f->url, "%s%s", kind->prefix, f->place.path);
    pfl_arena_init(&f->arena);
    f->store = open_store(f, true, false);
    *state = f;
    return 0;
}

PFL_UNUSED static int teardown(void **state)
{
    struct fixture *f = *state;

    pfl_store_close(f->store);
    pfl_arena_release(&f->arena);
    place_remove(&f->place);
    if (kind->end)
        kind->end();
    free(f);
    return 0;
}

PFL_UNUSED static bool add(struct fixture *f, const struct pfl_run *run)
{
    bool added = false;

    if (pfl_store_add(f->store, run, &added, &f->err))
        fail_msg("%s", f->err.message);
    return added;
}

PFL_UNUSED static void reopen(struct fixture *f, bool read_only)
{
    pfl_store_close(f->store);
    f->store = open_store(f, false, read_only);
}

PFL_UNUSED static void expect_run(struct fixture *f, const struct pfl_run *run)
{
    struct pfl_run back;

    if (pfl_store_load(f->store, run->id, &f->arena, &back, &f->err))
        fail_msg("%s", f->err.message);
    assert_runs_equal(run, &back);
}

PFL_UNUSED static size_t list(struct fixture *f, const struct pfl_store_query *query,
                              struct pfl_run_head **heads)
{
    size_t n = 999;

    assert_int_equal(pfl_store_list(f->store, query, &f->arena, heads, &n, &f->err), PFL_OK);
    return n;
}

/* A run of one benchmark "b" with one result "time", for tests that look at a few fields. */
PFL_UNUSED static struct pfl_run *small_run(struct fixture *f, uint64_t number, double median)
{
    struct pfl_run *run = make_run(&f->arena, number, 1);
    struct pfl_result *result = pfl_arena_alloc(&f->arena, sizeof *result);

    *result =
        (struct pfl_result){.metric = "time", .unit = "s", .variant = "", .summary_only = true};
    result->summary.n = number;
    result->summary.median = median;
    result->summary.ci_low = (double)NAN;
    result->summary.max = (double)INFINITY;
    run->benchmarks[0].name = "b";
    run->benchmarks[0].definition = "d1";
    run->benchmarks[0].status = PFL_STATUS_OK;
    run->benchmarks[0].results = result;
    run->benchmarks[0].result_count = 1;
    return run;
}

struct points {
    struct pfl_store_point at[20];
    char names[20][32];
    size_t n, stop_after;
};

PFL_UNUSED static int gather(void *context, const struct pfl_store_point *point)
{
    struct points *points = context;

    assert_true(points->n < PFL_COUNT(points->at));
    snprintf(points->names[points->n], sizeof points->names[0], "%s %s %s", point->run_id + 12,
             point->fingerprint, point->definition);
    points->at[points->n++] = *point;
    return points->n == points->stop_after;
}

PFL_UNUSED static void series(struct fixture *f, const char *variant, struct points *points)
{
    struct pfl_store_series_key key = {"b", "time", variant, "machine-1"};

    memset(points, 0, sizeof *points);
    assert_int_equal(pfl_store_series(f->store, &key, gather, points, &f->err), PFL_OK);
}

struct seen {
    struct pfl_buf lines;
    size_t n, stop_after;
};

PFL_UNUSED static int note_series(void *context, const struct pfl_store_series_key *key,
                                  const char *unit, enum pfl_better better, size_t points)
{
    struct seen *seen = context;

    pfl_buf_format(&seen->lines, "%s|%s|%s|%s|%s|%s|%zu\n", key->benchmark, key->metric,
                   key->variant, key->machine_id, unit, pfl_metric_better_text(better), points);
    return ++seen->n == seen->stop_after;
}

PFL_UNUSED static void expect_series(struct fixture *f, const char *machine_id, const char *lines)
{
    struct seen seen = {0};

    pfl_buf_init(&seen.lines, 10000);
    assert_int_equal(pfl_store_each_series(f->store, machine_id, note_series, &seen, &f->err),
                     PFL_OK);
    assert_string_equal(pfl_buf_cstr(&seen.lines), lines);
    pfl_buf_release(&seen.lines);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

/* A group is run by its address: cmocka's macro counts an array. */
PFL_UNUSED static int on_every_store(const struct CMUnitTest *tests, size_t n)
{
    int failed = 0;

    for (kind = kinds; kind < kinds + PFL_COUNT(kinds); kind++)
        failed += _cmocka_run_group_tests(kind->name, tests, n, NULL, NULL);
    return failed;
}

#endif
