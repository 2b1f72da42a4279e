/*
 * What is special to packed points in an SQLite file: an old ledger is brought up to date and
 * packed bit by bit, the views go on telling what people look for, damage is said of what it
 * concerns, and odd numbers find their place.
 */
#include "contract.h"

#include "store/sqlite.h"

static sqlite3 *open_raw(const char *path)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    return db;
}

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db = open_raw(path);

    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

static int64_t ask_sql(const char *path, const char *sql)
{
    sqlite3 *db = open_raw(path);
    sqlite3_stmt *stmt;
    int64_t value;

    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return value;
}

/* A ledger as schema 3 left it: its own tables, with what ours holds of them. */
static void go_back_to_schema_3(const char *path)
{
    static const char *const tables[] = {"run",        "record",  "samples",   "series",
                                         "definition", "summary", "yardstick", "void"};
    char old[128], sql[300];
    size_t i;

    snprintf(old, sizeof old, "%s.old", path);
    for (i = 0; i < 3; i++)
        run_sql(old, pfl_sqlite_migrations[i].sql);
    for (i = 0; i < PFL_COUNT(tables); i++) {
        bool grew = strcmp(tables[i], "yardstick") == 0;

        snprintf(sql, sizeof sql,
                 "ATTACH '%s' AS ours; INSERT INTO main.%s SELECT %s FROM ours.%s;", path,
                 tables[i], grew ? "machine_id, fingerprint, name, seconds" : "*", tables[i]);
        run_sql(old, sql);
    }
    run_sql(old, "PRAGMA application_id = 0x50464C67; PRAGMA user_version = 3");
    assert_int_equal(rename(old, path), 0);
}

static void add_small(struct fixture *f, uint64_t from, uint64_t to)
{
    for (; from <= to; from++)
        add(f, small_run(f, from, (double)from / 7));
}

struct tally {
    size_t n;
    double last;
};

static int tally(void *context, const struct pfl_store_point *point)
{
    struct tally *seen = context;

    seen->n++;
    assert_true(point->summary.median == (double)seen->n / 7);
    assert_int_equal(point->summary.n, seen->n);
    assert_true(isnan(point->summary.ci_low));
    return 0;
}

static void expect_small(struct fixture *f, size_t n)
{
    struct pfl_store_series_key key = {"b", "time", "", "machine-1"};
    struct tally seen = {0, 0};
    char line[80];

    if (pfl_store_series(f->store, &key, tally, &seen, &f->err))
        fail_msg("%s", f->err.message);
    assert_int_equal(seen.n, n);
    snprintf(line, sizeof line, "b|time||machine-1|s|lower|%zu\n", n);
    expect_series(f, NULL, line);
}

static void schema_3_is_brought_up_to_date(void **state)
{
    enum { OLD = 700, ALL = 1000 };
    struct fixture *f = *state;
    struct pfl_store_open_params ordinary = {.url = f->url};
    struct pfl_store_alias *aliases;
    bool has = true;
    size_t n = 9;

    /* no bulk and no sweep: an old ledger has hot rows only */
    pfl_store_close(f->store);
    assert_int_equal(pfl_store_open(&ordinary, &f->store, &f->err), PFL_OK);
    run_sql(f->place.path, "UPDATE sweep SET upto = 1000000");
    assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
    add_small(f, 1, OLD);
    assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
    pfl_store_close(f->store);
    go_back_to_schema_3(f->place.path);
    f->store = open_store(f, false, true); /* first read as it is … */
    expect_small(f, OLD);
    expect_run(f, small_run(f, 5, 5.0 / 7));
    assert_int_equal(pfl_store_has_source(f->store, "x", &has, &f->err), PFL_OK);
    assert_false(has);
    assert_int_equal(pfl_store_alias_list(f->store, &f->arena, &aliases, &n, &f->err), PFL_OK);
    assert_int_equal(n, 0);
    {
        struct pfl_store *reader = f->store;

        f->store = open_store(f, false, false); /* … then by one who writes, under its eyes */
        assert_int_equal(ask_sql(f->place.path, "PRAGMA user_version"),
                         (int64_t)pfl_sqlite_migration_count);
        expect_small(f, OLD);
        assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
        add_small(f, OLD + 1, ALL);
        assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
        expect_small(f, ALL);
        pfl_store_close(f->store);
        f->store = reader;
    }
    assert_in_range(ask_sql(f->place.path, "SELECT count(*) FROM summary"), kind->bulk ? OLD : 128,
                    kind->bulk ? OLD : ALL - OLD + 128);
    assert_int_equal(ask_sql(f->place.path, "SELECT sum(n) FROM packed") +
                         ask_sql(f->place.path, "SELECT count(*) FROM summary"),
                     ALL);
    expect_small(f, ALL);
    reopen(f, false);
    expect_small(f, ALL);
    assert_int_equal(ask_sql(f->place.path, "SELECT count(*) FROM points"), ALL);
}

/* The median of a run's point, as SQL reads it. */
static double ask_median(sqlite3 *db, const char *run, bool *null)
{
    sqlite3_stmt *stmt;
    double value;

    assert_int_equal(
        sqlite3_prepare_v2(db,
                           "SELECT median, started, commit_id FROM points WHERE benchmark = 'b' "
                           "AND metric = 'time' AND run = ?",
                           -1, &stmt, NULL),
        SQLITE_OK);
    sqlite3_bind_text(stmt, 1, run, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    value = sqlite3_column_double(stmt, 0);
    *null = sqlite3_column_type(stmt, 0) == SQLITE_NULL;
    assert_int_equal(sqlite3_column_bytes(stmt, 1), 19);
    assert_int_equal(sqlite3_column_bytes(stmt, 2), 40);
    assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
    sqlite3_finalize(stmt);
    return value;
}

static void views_show_packed_medians(void **state)
{
    static const double odd[] = {
        0,        1,        -1,      -2.5e-7, 1e300,   1.7976931348623157e308,
        5e-324,   2.5e-310, -1e-320, 0.1,     1.0 / 3, 9007199254740993.0,
        123456789};
    struct fixture *f = *state;
    struct dice dice = {12};
    struct pfl_run *runs[300];
    sqlite3 *db;
    size_t i;
    bool null;

    assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
    for (i = 0; i < PFL_COUNT(runs); i++) {
        double median = i < PFL_COUNT(odd) ? odd[i] : double_from_bits(roll(&dice));

        if (isnan(median) || i == 20)
            median = (double)INFINITY;
        add(f, runs[i] = small_run(f, i + 1, median));
    }
    assert_int_equal(pfl_store_void(f->store, runs[250]->id, "x", 1, &f->err), PFL_OK);
    assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
    assert_true(ask_sql(f->place.path, "SELECT sum(n) FROM packed") > 20);
    assert_int_equal(ask_sql(f->place.path, "SELECT count(*) FROM points"), 299);
    db = open_raw(f->place.path);
    for (i = 0; i < 40; i++) {
        double expected = runs[i]->benchmarks[0].results[0].summary.median,
               got = ask_median(db, runs[i]->id, &null);

        if (isinf(expected) && null)
            continue; /* SQL's arithmetic knows no infinity */
        assert_true(!null && got == expected);
    }
    sqlite3_close(db);
}

/* In an ordinary ledger the newest stay hot; what is imported is packed at once, but for what is
 * too little. */
static void old_rows_are_packed(void **state)
{
    struct fixture *f = *state;
    struct pfl_run *alone = small_run(f, 901, 1);

    alone->benchmarks[0].name = "alone";
    assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
    add(f, alone);
    add_small(f, 1, 900);
    assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
    if (kind->bulk) {
        assert_int_equal(ask_sql(f->place.path, "SELECT count(*) FROM summary"), 1);
        assert_int_equal(ask_sql(f->place.path, "SELECT count(*) FROM packed"), 4);
    } else {
        assert_in_range(ask_sql(f->place.path, "SELECT count(*) FROM summary"), 128, 300);
        assert_in_range(ask_sql(f->place.path, "SELECT count(*) FROM packed"), 3, 6);
    }
    assert_true(ask_sql(f->place.path, "SELECT max(n) FROM packed") <= PFL_STORE_PACKET_MAX);
}

/* Their hot rows are many pages; and one add moves no more than it brought. */
static void large_runs_are_packed_sooner(void **state)
{
    enum { RUNS = 70, LARGE = 1000 };
    struct fixture *f = *state;
    int64_t before = 0, after;
    uint64_t i;
    size_t j;

    assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
    for (i = 1; i <= RUNS; i++) {
        struct pfl_run *run = small_run(f, i, (double)i / 7);
        struct pfl_benchmark *many = pfl_arena_array(&f->arena, LARGE, sizeof *many);

        for (j = 0; j < LARGE; j++) {
            many[j] = run->benchmarks[0];
            many[j].name = j ? pfl_arena_format(&f->arena, "b%zu", j) : "b";
        }
        run->benchmarks = many;
        run->benchmark_count = LARGE;
        add(f, run);
        if (kind->bulk || i < 46)
            continue;
        assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
        after = ask_sql(f->place.path, "SELECT coalesce(sum(n), 0) FROM packed");
        assert_in_range(after - before, 0, 2 * LARGE);
        before = after;
        assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
    }
    assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
    assert_true(ask_sql(f->place.path, "SELECT sum(n) FROM packed") > 20 * LARGE);
    assert_int_equal(ask_sql(f->place.path, "SELECT sum(n) FROM packed") +
                         ask_sql(f->place.path, "SELECT count(*) FROM summary"),
                     RUNS * LARGE);
}

/* Small batches, one after the other, must not leave a trail of small packets. */
static void small_batches_share_packets(void **state)
{
    struct fixture *f = *state;
    uint64_t i;

    for (i = 0; i < 30; i++) {
        assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
        add_small(f, 10 * i + 1, 10 * i + 10);
        assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
    }
    expect_small(f, 300);
    assert_true(ask_sql(f->place.path, "SELECT count(*) FROM packed") <= 3);
}

/* A packet tells 65,536 run numbers apart; what memory keeps is 32 bits wide. */
static void far_run_numbers_are_kept(void **state)
{
    static const char *const far[] = {"70000", "200000", "5000000000"};
    struct fixture *f = *state;
    char sql[400];
    uint64_t i;

    for (i = 0; i < 4; i++) {
        assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
        add_small(f, 10 * i + 1, 10 * i + 10);
        assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
        if (i == 3)
            break;
        snprintf(sql, sizeof sql,
                 "INSERT INTO run SELECT %s, 'far%s', label, kind, commit_id, branch, tag, "
                 "commit_time, dirty, partial, complete, machine_id, fingerprint, 1, 0, 0, 0 "
                 "FROM run LIMIT 1",
                 far[i], far[i]);
        run_sql(f->place.path, sql);
    }
    expect_small(f, 40);
    for (i = 1; i <= 40; i += 13)
        expect_run(f, small_run(f, i, (double)i / 7));
}

static int load_code(struct fixture *f, const struct pfl_run *run)
{
    struct pfl_run back;

    f->err.message[0] = 0;
    return pfl_store_load(f->store, run->id, &f->arena, &back, &f->err);
}

/* Between two statements of a reader another process records a run, and with it moves old points
 * from hot rows into packets. */
struct other {
    struct fixture *f;
    struct pfl_store *store;
    const char *before; /* a statement that begins so … */
    uint64_t number;    /* … finds this run added; 0: done */
};

static int record_now(unsigned event, void *context, void *stmt, void *sql)
{
    struct other *other = context;
    struct fixture *f = other->f;
    struct pfl_store *reader = f->store;
    uint64_t number = other->number;

    (void)event;
    (void)sql;
    if (!number || !strstr(sqlite3_sql(stmt), other->before))
        return 0;
    other->number = 0;
    f->store = other->store;
    add(f, small_run(f, number, (double)number / 7));
    f->store = reader;
    return 0;
}

static void readers_see_one_moment(void **state)
{
    enum { HISTORY = 255 }; /* the next add sweeps */
    struct fixture *f = *state;
    struct pfl_store_open_params ordinary = {.url = f->url};
    struct other other = {f, NULL, "FROM summary WHERE series", HISTORY + 1};
    sqlite3 *db = ((struct pfl_sqlite *)f->store)->db;
    uint64_t i;

    assert_int_equal(pfl_store_open(&ordinary, &other.store, &f->err), PFL_OK);
    for (i = 1; i <= HISTORY; i++) /* one by one: also a bulk ledger leaves them hot */
        add(f, small_run(f, i, (double)i / 7));
    assert_int_equal(ask_sql(f->place.path, "SELECT count(*) FROM summary"), HISTORY);
    sqlite3_trace_v2(db, SQLITE_TRACE_STMT, record_now, &other);
    {
        struct pfl_store_series_key key = {"b", "time", "", "machine-1"};
        struct tally seen = {0, 0};

        assert_int_equal(pfl_store_series(f->store, &key, tally, &seen, &f->err), PFL_OK);
        assert_int_equal(seen.n, HISTORY);
    }
    assert_int_equal(other.number, 0);
    assert_true(ask_sql(f->place.path, "SELECT sum(n) FROM packed") > 100);
    expect_small(f, HISTORY + 1);
    if (kind->bulk) { /* a lean run's point moves while the run is loaded */
        struct pfl_run *run;

        for (i = HISTORY + 2; i < 384; i++)
            add(f, small_run(f, i, (double)i / 7));
        for (i = 200; (run = small_run(f, i, (double)i / 7))->benchmarks[0].launch_count; i++)
            ;
        other.before = "FROM summary WHERE series = ? AND run = ?";
        other.number = 384;
        expect_run(f, run);
        assert_int_equal(other.number, 0);
    }
    sqlite3_trace_v2(db, 0, NULL, NULL);
    expect_small(f, kind->bulk ? 384 : HISTORY + 1);
    pfl_store_close(other.store);
}

/* The first run from there on that an archive could have: without launches. */
static struct pfl_run *lean_run(struct fixture *f, uint64_t number)
{
    struct pfl_run *run;

    do
        run = small_run(f, number, (double)number / 7);
    while (run->benchmarks[0].launch_count && number++ < 1000);
    return run;
}

static void damage_concerns_what_it_hits(void **state)
{
    struct pfl_store_series_key key = {"b", "time", "", "machine-1"};
    struct fixture *f = *state;
    struct pfl_run *other = small_run(f, 901, 1);
    struct tally seen = {0, 0};

    other->benchmarks[0].name = "other";
    assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
    add_small(f, 1, 900);
    add(f, other);
    assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
    run_sql(f->place.path, "UPDATE packed SET medians = zeroblob(length(medians)) WHERE first = 1");
    assert_int_equal(pfl_store_series(f->store, &key, tally, &seen, &f->err), PFL_ECORRUPT);
    assert_non_null(strstr(f->err.message, f->place.path));
    assert_non_null(strstr(f->err.message, "damaged"));
    if (load_code(f, other))
        fail_msg("%s", f->err.message);
    assert_int_equal(load_code(f, lean_run(f, 1)), kind->bulk ? PFL_ECORRUPT : PFL_OK);
    if (!kind->bulk)
        return; /* its records hold everything */
    assert_non_null(strstr(f->err.message, "is damaged"));
    assert_int_equal(load_code(f, lean_run(f, 800)), PFL_OK); /* another packet */
    run_sql(f->place.path, "DELETE FROM packed WHERE first = 1");
    assert_int_equal(load_code(f, lean_run(f, 1)), PFL_ECORRUPT);
    assert_non_null(strstr(f->err.message, "missing"));
    run_sql(f->place.path, "DELETE FROM definition");
    assert_int_equal(load_code(f, lean_run(f, 800)), PFL_ECORRUPT);
    run_sql(f->place.path, "DELETE FROM form");
    assert_int_equal(load_code(f, lean_run(f, 800)), PFL_ECORRUPT);
    assert_non_null(strstr(f->err.message, "form"));
}

int test_store_sqlite_packed(void);
int test_store_sqlite_packed(void)
{
    const struct CMUnitTest tests[] = {
        TEST(schema_3_is_brought_up_to_date), TEST(views_show_packed_medians),
        TEST(readers_see_one_moment),         TEST(old_rows_are_packed),
        TEST(large_runs_are_packed_sooner),   TEST(small_batches_share_packets),
        TEST(far_run_numbers_are_kept),       TEST(damage_concerns_what_it_hits),
    };
    int failed = 0;

    for (kind = kinds; kind < kinds + 2; kind++) /* the two that are WAL, ordinary and bulk */
        failed += _cmocka_run_group_tests(kind->name, tests, PFL_COUNT(tests), NULL, NULL);
    return failed;
}
