/*
 * What store.h promises, asked of every kind of store: one body, a table of stores (contract.h).
 * Long series and imports: contract_points.c; names over time: contract_names.c.
 */
#include "contract.h"

static void runs_come_back_whole(void **state)
{
    struct fixture *f = *state;
    struct pfl_run *runs[12];
    size_t i;

    for (i = 0; i < PFL_COUNT(runs); i++) {
        runs[i] = make_run(&f->arena, i + 1, i);
        runs[i]->kind = (enum pfl_run_kind)(i % 4);
        assert_true(add(f, runs[i]));
    }
    for (i = 0; i < PFL_COUNT(runs); i++)
        expect_run(f, runs[i]);
    reopen(f, true);
    for (i = PFL_COUNT(runs); i-- > 0;)
        expect_run(f, runs[i]);
}

/* The first run of a machine as it is sets the reference; later ones, and other machines, do not
 * change it. */
static void yardsticks_keep_their_first_reference(void **state)
{
    static const double none[PFL_YARDSTICK_COUNT] = {0};
    struct fixture *f = *state;
    struct pfl_run *first = make_run(&f->arena, 1, 0), *later = make_run(&f->arena, 3, 0);
    struct pfl_run *race = make_run(&f->arena, 5, 0), *imported = make_run(&f->arena, 7, 0);
    double got[PFL_YARDSTICK_COUNT], set[PFL_YARDSTICK_COUNT] = {1e-9, 2e-7, NAN, 4e-7, 5e-5};
    size_t i;

    first->machine.fingerprint = later->machine.fingerprint = "same";
    memcpy(first->yardstick_reference, set, sizeof set);
    for (i = 0; i < PFL_YARDSTICK_COUNT; i++)
        later->yardstick_reference[i] = 7;
    assert_int_equal(pfl_store_yardsticks(f->store, "machine-1", "same", got, &f->err), PFL_OK);
    assert_memory_equal(got, none, sizeof none);
    race->machine.fingerprint = imported->machine.fingerprint = "same";
    race->kind = PFL_RUN_RACE;
    imported->kind = PFL_RUN_IMPORTED;
    for (i = 0; i < PFL_YARDSTICK_COUNT; i++)
        race->yardstick_reference[i] = imported->yardstick_reference[i] = 9;
    assert_true(add(f, race)); /* these never set it */
    assert_true(add(f, imported));
    assert_true(add(f, first));
    assert_true(add(f, later));
    reopen(f, true);
    assert_int_equal(pfl_store_yardsticks(f->store, "machine-1", "same", got, &f->err), PFL_OK);
    set[PFL_YARDSTICK_STREAM] = 7; /* the first had none */
    assert_memory_equal(got, set, sizeof set);
    assert_int_equal(pfl_store_yardsticks(f->store, "machine-1", "other", got, &f->err), PFL_OK);
    assert_memory_equal(got, none, sizeof none);
}

static void same_run_twice_is_one(void **state)
{
    struct fixture *f = *state;
    struct pfl_store_query all = {0};
    struct pfl_run *run = make_run(&f->arena, 1, 3), *other = make_run(&f->arena, 2, 3);
    struct pfl_run_head *heads;

    assert_true(add(f, run));
    assert_false(add(f, run));
    other->id = run->id; /* even if it differs: what is there stays */
    assert_false(add(f, other));
    reopen(f, false);
    assert_false(add(f, run));
    assert_int_equal(list(f, &all, &heads), 1);
    expect_run(f, run);
}

static void run_without_id_is_refused(void **state)
{
    struct fixture *f = *state;
    struct pfl_run *run = make_run(&f->arena, 1, 1);
    bool added = true;

    run->id = "";
    assert_int_equal(pfl_store_add(f->store, run, &added, &f->err), PFL_EINVAL);
    assert_true(added); /* untouched */
}

static void ids_may_be_shortened(void **state)
{
    static const char *const ids[] = {"abcd000000000001", "abcd000000000002", "abce000000000001",
                                      "abcd"};
    const struct {
        const char *asked, *found;
        int code;
    } rows[] = {
        {"abcd000000000001", "abcd000000000001", PFL_OK},
        {"abce", "abce000000000001", PFL_OK},
        {"abcd0", NULL, PFL_EINVAL},
        {"abcd", "abcd", PFL_OK}, /* whole ids win over beginnings */
        {"abcd0000000000", NULL, PFL_EINVAL},
        {"abc", NULL, PFL_EINVAL},
        {"", NULL, PFL_EINVAL},
        {"abcf", NULL, PFL_ENOENT},
        {"abce0000000000011", NULL, PFL_ENOENT},
        {"%bce", NULL, PFL_ENOENT},
    };
    struct fixture *f = *state;
    struct pfl_run *run = make_run(&f->arena, 1, 1), back = {.id = "untouched"};
    size_t i;

    for (i = 0; i < PFL_COUNT(ids); i++) {
        run->id = ids[i];
        assert_true(add(f, run));
    }
    for (i = 0; i < PFL_COUNT(rows); i++) {
        back.id = "untouched";
        assert_int_equal(pfl_store_load(f->store, rows[i].asked, &f->arena, &back, &f->err),
                         rows[i].code);
        assert_string_equal(back.id, rows[i].found ? rows[i].found : "untouched");
    }
    assert_int_equal(pfl_store_load(f->store, "abcd0", &f->arena, &back, &f->err), PFL_EINVAL);
    assert_non_null(strstr(f->err.message, "abcd000000000001, abcd000000000002"));
}

static void lists_filter(void **state)
{
    const struct {
        struct pfl_store_query query;
        const char *found; /* by label, newest last */
    } rows[] = {
        {{0}, "cabef"},
        {{.with_void = true}, "cabdef"},
        {{.last = 2}, "ef"},
        {{.last = 2, .with_void = true}, "ef"},
        {{.last = 100}, "cabef"},
        {{.machine_id = "machine-1"}, "caef"},
        {{.machine_id = "machine-2"}, "b"},
        {{.machine_id = "machine"}, ""},
        {{.commit = "00a"}, "ab"},
        {{.commit = "00%"}, ""},
        {{.commit = ""}, "cabef"},
        {{.complete_only = true}, "a"},
        {{.configured_only = true}, "cab"},
        {{.configured_only = true, .last = 1, .with_void = true}, "d"},
        {{.without_races = true}, "cabe"},
        {{.without_races = true, .last = 1}, "e"},
    };
    struct fixture *f = *state;
    struct pfl_run *runs[6];
    struct pfl_run_head *heads;
    char found[8];
    size_t i, j, n;

    for (i = 0; i < PFL_COUNT(runs); i++) {
        runs[i] = make_run(&f->arena, i + 1, 2);
        runs[i]->label = pfl_arena_format(&f->arena, "%c", "abcdef"[i]);
        runs[i]->benchmarks[0].status = PFL_STATUS_TIMED_OUT;
        runs[i]->benchmarks[1].status = PFL_STATUS_SKIPPED;
    }
    runs[0]->revision.commit = "00aa";
    runs[1]->revision.commit = "00ab";
    runs[1]->machine.id = "machine-2";
    runs[1]->complete = false;
    runs[2]->started_unix_ns = 5; /* added third, yet the oldest */
    runs[2]->partial = true;
    runs[4]->kind = PFL_RUN_ADHOC;
    runs[5]->kind = PFL_RUN_RACE;
    for (i = 0; i < PFL_COUNT(runs); i++)
        add(f, runs[i]);
    assert_int_equal(pfl_store_void(f->store, runs[3]->id, "fan", 7, &f->err), PFL_OK);
    for (i = 0; i < PFL_COUNT(rows); i++) {
        n = list(f, &rows[i].query, &heads);
        for (j = 0; j < n; j++)
            found[j] = heads[j].label[0];
        found[n] = 0;
        assert_string_equal(found, rows[i].found);
    }
}

static void heads_say_what_runs_are(void **state)
{
    struct fixture *f = *state;
    struct pfl_store_query all = {.with_void = true};
    struct pfl_run *run = make_run(&f->arena, 4, 6);
    struct pfl_run_head *heads;
    size_t i;

    run->kind = PFL_RUN_IMPORTED;
    run->partial = true;
    run->revision.dirty = true;
    for (i = 0; i < 6; i++)
        run->benchmarks[i].status =
            (enum pfl_status)(i % 4); /* ok failed timed_out skipped ok failed */
    add(f, run);
    pfl_store_void(f->store, run->id, "the fan", 7, &f->err);
    assert_int_equal(list(f, &all, &heads), 1);
    assert_string_equal(heads->id, run->id);
    assert_string_equal(heads->label, run->label);
    assert_string_equal(heads->commit, run->revision.commit);
    assert_string_equal(heads->branch, run->revision.branch);
    assert_string_equal(heads->tag, run->revision.tag);
    assert_string_equal(heads->machine_id, run->machine.id);
    assert_string_equal(heads->fingerprint, run->machine.fingerprint);
    assert_string_equal(heads->void_why, "the fan");
    assert_int_equal(heads->kind, PFL_RUN_IMPORTED);
    assert_true(heads->dirty && heads->partial && heads->complete);
    assert_true(heads->started_unix_ns == run->started_unix_ns);
    assert_true(heads->commit_time == run->revision.commit_time);
    assert_int_equal(heads->benchmark_count, 6);
    assert_int_equal(heads->failed_count, 3);
    assert_int_equal(heads->skipped_count, 1);
}

static void series_are_oldest_first(void **state)
{
    struct fixture *f = *state;
    struct points points;
    struct pfl_run *run;
    size_t i;

    for (i = 1; i <= 5; i++) {
        run = small_run(f, i, (double)i / 8);
        if (i == 4) {
            run->started_unix_ns = 12; /* backfilled: the oldest */
            run->benchmarks[0].definition = "d2";
        }
        if (i == 5)
            run->kind = PFL_RUN_RACE; /* no history */
        add(f, run);
    }
    series(f, "", &points);
    assert_int_equal(points.n, 4);
    assert_true(points.at[0].started_unix_ns == 12);
    assert_true(points.at[0].summary.median == 0.5);
    assert_non_null(strstr(points.names[0], " d2"));
    for (i = 1; i < 4; i++) {
        assert_true(points.at[i].summary.median == (double)i / 8);
        assert_int_equal(points.at[i].summary.n, i);
        assert_true(isnan(points.at[i].summary.ci_low));
        assert_true(points.at[i].summary.max == (double)INFINITY);
        assert_true(points.at[i].summary.mean == 0);
        assert_non_null(strstr(points.names[i], " d1"));
    }
    series(f, "none", &points);
    assert_int_equal(points.n, 0);
    points.stop_after = 2;
    {
        struct pfl_store_series_key key = {"b", "time", "", "machine-1"};

        assert_int_equal(pfl_store_series(f->store, &key, gather, &points, &f->err), PFL_OK);
    }
    assert_int_equal(points.n, 2);
}

/* What is read once and kept must not grow old: our own writes and another handle's are both seen.
 */
static void series_are_never_stale(void **state)
{
    struct fixture *f = *state;
    struct pfl_store *other, *mine = f->store;
    struct points points;
    struct pfl_run *runs[3];
    size_t i;

    for (i = 0; i < 3; i++)
        runs[i] = small_run(f, i + 1, 1);
    add(f, runs[0]);
    series(f, "", &points);
    assert_int_equal(points.n, 1);
    add(f, runs[1]);
    series(f, "", &points);
    assert_int_equal(points.n, 2);
    other = open_store(f, false, false);
    f->store = other;
    add(f, runs[2]);
    f->store = mine;
    series(f, "", &points);
    assert_int_equal(points.n, 3);
    assert_int_equal(pfl_store_void(other, runs[0]->id, "x", 1, &f->err), PFL_OK);
    series(f, "", &points);
    assert_int_equal(points.n, 2);
    assert_int_equal(pfl_store_unvoid(mine, runs[0]->id, &f->err), PFL_OK);
    series(f, "", &points);
    assert_int_equal(points.n, 3);
    pfl_store_close(other);
}

/* One state while frozen; what another handle wrote meanwhile is there after thawing. */
static void a_frozen_ledger_stands_still(void **state)
{
    struct fixture *f = *state;
    struct pfl_store *other = NULL, *mine = f->store;
    struct pfl_run *runs[2] = {small_run(f, 1, 1), small_run(f, 2, 1)};
    struct points points;

    add(f, runs[0]);
    assert_int_equal(pfl_store_freeze(mine, &f->err), PFL_OK);
    series(f, "", &points);
    assert_int_equal(points.n, 1);
    if (kind->readers_do_not_block) {
        other = open_store(f, false, false);
        f->store = other;
        add(f, runs[1]);
        f->store = mine;
        series(f, "", &points);
        assert_int_equal(points.n, 1);
    }
    pfl_store_thaw(mine);
    if (!other)
        add(f, runs[1]);
    series(f, "", &points);
    assert_int_equal(points.n, 2);
    pfl_store_close(other);
}

static void results_without_a_number_are_no_points(void **state)
{
    struct fixture *f = *state;
    struct pfl_run *failed = small_run(f, 1, (double)NAN), *text = small_run(f, 2, 3),
                   *good = small_run(f, 3, 4);
    struct points points;

    text->benchmarks[0].results[0].text = "0123abcd";
    add(f, failed);
    add(f, text);
    add(f, good);
    series(f, "", &points);
    assert_int_equal(points.n, 1);
    assert_true(points.at[0].summary.median == 4);
    expect_run(f, failed);
    expect_run(f, text);
}

static void colliding_names_keep_the_run(void **state)
{
    struct fixture *f = *state;
    struct pfl_run *run = small_run(f, 1, 1), *twin = small_run(f, 1, 2);
    struct pfl_benchmark both[2] = {run->benchmarks[0], twin->benchmarks[0]};
    struct points points;

    run->benchmarks = both;
    run->benchmark_count = 2;
    add(f, run);
    expect_run(f, run);
    series(f, "", &points);
    assert_int_equal(points.n, 1);
    assert_true(points.at[0].summary.median == 1);
}

static void series_are_listed(void **state)
{
    struct fixture *f = *state;
    struct pfl_run *runs[4];
    size_t i;

    for (i = 0; i < 4; i++)
        runs[i] = small_run(f, i + 1, 1);
    runs[1]->benchmarks[0].results[0].variant = "threads=2";
    runs[2]->benchmarks[0].name = "a b";
    runs[2]->machine.id = "machine-2";
    expect_series(f, NULL, "");
    for (i = 0; i < 4; i++)
        add(f, runs[i]);
    expect_series(f, NULL,
                  "a b|time||machine-2|s|lower|1\nb|time||machine-1|s|lower|2\n"
                  "b|time|threads=2|machine-1|s|lower|1\n");
    expect_series(f, "machine-2", "a b|time||machine-2|s|lower|1\n");
    pfl_store_void(f->store, runs[1]->id, "x", 1, &f->err);
    pfl_store_void(f->store, runs[0]->id, "x", 1, &f->err);
    expect_series(f, "machine-1", "b|time||machine-1|s|lower|1\n");
}

/* A unit that changes is the run's own matter; the series shows the last one. */
static void series_take_the_last_unit(void **state)
{
    struct fixture *f = *state;
    struct pfl_run *a = small_run(f, 1, 1), *b = small_run(f, 2, 1), *c = small_run(f, 3, 1);

    b->benchmarks[0].results[0].unit = "ms";
    b->benchmarks[0].results[0].better = PFL_BETTER_HIGHER;
    add(f, a);
    add(f, b);
    expect_series(f, NULL, "b|time||machine-1|ms|higher|2\n");
    reopen(f, false);
    add(f, c);
    expect_series(f, NULL, "b|time||machine-1|s|lower|3\n");
}

static void remarks_stand_beside(void **state)
{
    struct fixture *f = *state;
    struct pfl_store_remark *remarks = NULL;
    struct pfl_store_query all = {0};
    struct pfl_run *run = make_run(&f->arena, 1, 2);
    struct pfl_run_head *heads;
    size_t n = 9;

    add(f, run);
    assert_int_equal(pfl_store_remarks(f->store, run->id, &f->arena, &remarks, &n, &f->err),
                     PFL_OK);
    assert_int_equal(n, 0);
    assert_int_equal(pfl_store_note(f->store, run->id, "second", 20, &f->err), PFL_OK);
    assert_int_equal(pfl_store_note(f->store, run->id, "first", 10, &f->err), PFL_OK);
    assert_int_equal(pfl_store_void(f->store, run->id, "fan", 15, &f->err), PFL_OK);
    assert_int_equal(pfl_store_void(f->store, run->id, "the fan", 30, &f->err), PFL_OK);
    assert_int_equal(pfl_store_remarks(f->store, run->id, &f->arena, &remarks, &n, &f->err),
                     PFL_OK);
    assert_int_equal(n, 3);
    assert_string_equal(remarks[0].text, "first");
    assert_string_equal(remarks[1].text, "second");
    assert_string_equal(remarks[2].text, "the fan");
    assert_true(remarks[2].is_void && !remarks[0].is_void && remarks[2].unix_ns == 30);
    expect_run(f, run); /* never in the record */
    assert_int_equal(list(f, &all, &heads), 0);
    assert_int_equal(pfl_store_unvoid(f->store, run->id, &f->err), PFL_OK);
    assert_int_equal(pfl_store_unvoid(f->store, run->id, &f->err), PFL_OK);
    assert_int_equal(list(f, &all, &heads), 1);
    assert_string_equal(heads->void_why, "");
    assert_int_equal(pfl_store_void(f->store, "ffffffff", "x", 1, &f->err), PFL_ENOENT);
    assert_int_equal(pfl_store_void(f->store, run->id, "", 1, &f->err), PFL_EINVAL);
    assert_int_equal(pfl_store_note(f->store, run->id, NULL, 1, &f->err), PFL_EINVAL);
    assert_int_equal(pfl_store_note(f->store, "ffffffff", "x", 1, &f->err), PFL_ENOENT);
    assert_int_equal(pfl_store_unvoid(f->store, "ffffffff", &f->err), PFL_ENOENT);
    assert_int_equal(pfl_store_remarks(f->store, "ffffffff", &f->arena, &remarks, &n, &f->err),
                     PFL_ENOENT);
}

static void batches_are_kept_or_taken_back(void **state)
{
    struct fixture *f = *state;
    struct pfl_store_query all = {0};
    struct pfl_run *runs[6];
    struct pfl_run_head *heads;
    struct points points;
    size_t i;

    for (i = 0; i < 6; i++)
        runs[i] = i == 2 ? small_run(f, i + 1, 5) : make_run(&f->arena, i + 1, 3);
    assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
    assert_true(add(f, runs[0]));
    assert_false(add(f, runs[0]));
    assert_int_equal(pfl_store_note(f->store, "ffffffff", "x", 1, &f->err),
                     PFL_ENOENT); /* costs nothing */
    assert_true(add(f, runs[1]));
    assert_int_equal(list(f, &all, &heads), 2);
    assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
    assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
    assert_true(add(f, runs[2]));
    pfl_store_abandon(f->store);
    pfl_store_abandon(f->store);
    assert_int_equal(list(f, &all, &heads), 2);
    assert_true(
        add(f, runs[2])); /* numbers given in the abandoned batch are not believed any more */
    expect_run(f, runs[2]);
    series(f, "", &points);
    assert_int_equal(points.n, 1);
    assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
    assert_true(add(f, runs[3]));
    reopen(f, false); /* closed without commit */
    assert_int_equal(list(f, &all, &heads), 3);
    assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
    assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
    assert_int_equal(list(f, &all, &heads), 3);
}

static void reading_only_changes_nothing(void **state)
{
    struct fixture *f = *state;
    struct pfl_run *run = make_run(&f->arena, 1, 2), *other = make_run(&f->arena, 2, 2);
    bool added = false;

    add(f, run);
    reopen(f, true);
    expect_run(f, run);
    assert_int_equal(pfl_store_add(f->store, other, &added, &f->err), PFL_EPERM);
    assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_EPERM);
    assert_int_equal(pfl_store_void(f->store, run->id, "x", 1, &f->err), PFL_EPERM);
    assert_false(added);
}

int test_store_contract(void);
int test_store_contract(void)
{
    const struct CMUnitTest tests[] = {
        TEST(runs_come_back_whole),
        TEST(same_run_twice_is_one),
        TEST(run_without_id_is_refused),
        TEST(yardsticks_keep_their_first_reference),
        TEST(ids_may_be_shortened),
        TEST(lists_filter),
        TEST(heads_say_what_runs_are),
        TEST(series_are_oldest_first),
        TEST(series_are_never_stale),
        TEST(a_frozen_ledger_stands_still),
        TEST(results_without_a_number_are_no_points),
        TEST(colliding_names_keep_the_run),
        TEST(series_are_listed),
        TEST(series_take_the_last_unit),
        TEST(remarks_stand_beside),
        TEST(batches_are_kept_or_taken_back),
        TEST(reading_only_changes_nothing),
    };
    return on_every_store(tests, PFL_COUNT(tests));
}
