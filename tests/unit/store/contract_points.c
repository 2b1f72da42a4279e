/*
 * Long series and imported archives, asked of every kind of store: whatever a store does to keep
 * them small, each run comes back whole and each series in order, to the last bit.
 */
#include "contract.h"

/* Few of the numbers that make_run() throws are as archives have them: rounded, near each other. */
static void round_summary(struct dice *dice, struct pfl_summary *summary)
{
    double median = (double)(1000 + below(dice, 100000)) * 1.0000001e-7;

    summary->n = 1 + below(dice, 20);
    summary->median = median;
    summary->q1 = rint(median * 0.99 * 1e9) / 1e9;
    summary->q3 = rint(median * 1.01 * 1e9) / 1e9;
    summary->ci_low = below(dice, 9) ? median * 0.98 : (double)NAN;
    summary->ci_high = below(dice, 9) ? median * 1.02 : 1e300;
}

/* A run of summaries only, with the odd ones that make_run() has, and some that a careless store
 * would lose: another zero, another NaN, a series given twice. */
static struct pfl_run *archive_run(struct fixture *f, uint64_t number)
{
    struct pfl_run *run = make_run(&f->arena, number, 6);
    struct dice dice = {number + 1000};
    size_t i, j;

    run->kind = number % 7 ? PFL_RUN_IMPORTED : PFL_RUN_RACE;
    for (i = 0; i < run->benchmark_count; i++) {
        struct pfl_benchmark *bench = &run->benchmarks[i];

        bench->launch_count = 0;
        bench->launches = NULL;
        if (below(&dice, 8) == 0)
            bench->definition = NULL;
        for (j = 0; j < bench->result_count; j++) {
            struct pfl_result *result = &bench->results[j];

            result->n = 0;
            result->values = NULL;
            result->launch_of = NULL;
            result->summary_only = below(&dice, 5) != 0;
            if (!result->text && below(&dice, 2))
                round_summary(&dice, &result->summary);
            if (below(&dice, 12) == 0)
                result->summary.q1 = -0.0;
            if (below(&dice, 12) == 0)
                result->summary.median = double_from_bits(0x7FF8000000000123u);
            if (below(&dice, 12) == 0)
                result->metric = "metric-0";
        }
    }
    return run;
}

static void archives_come_back_whole(void **state)
{
    struct fixture *f = *state;
    struct pfl_run *runs[60];
    size_t i;

    assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
    for (i = 0; i < PFL_COUNT(runs); i++) {
        runs[i] = archive_run(f, i + 1);
        assert_true(add(f, runs[i]));
        if (i == 20)
            expect_run(f, runs[3]); /* in the middle of it */
    }
    assert_false(add(f, runs[5]));
    for (i = 0; i < PFL_COUNT(runs); i++)
        expect_run(f, runs[i]);
    assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
    reopen(f, true);
    for (i = PFL_COUNT(runs); i-- > 0;)
        expect_run(f, runs[i]);
}

/* What is abandoned leaves nothing that a later import would believe. */
static void abandoned_archives_leave_nothing(void **state)
{
    struct fixture *f = *state;
    struct pfl_store_query all = {0};
    struct pfl_run_head *heads;
    struct points points;
    struct pfl_run *run;
    size_t i;
    int round;

    for (round = 0; round < 2; round++) {
        assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
        for (i = 0; i < 12; i++)
            add(f, small_run(f, 100 * (size_t)round + i + 1, (double)i));
        if (round == 0)
            pfl_store_abandon(f->store);
        else
            assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
    }
    assert_int_equal(list(f, &all, &heads), 12);
    series(f, "", &points);
    assert_int_equal(points.n, 12);
    for (i = 0; i < 12; i++) {
        run = small_run(f, 100 + i + 1, (double)i);
        expect_run(f, run);
        assert_true(points.at[i].summary.median == (double)i);
    }
}

struct expected {
    struct pfl_run **runs;
    size_t n, at;
};

static int expect_point(void *context, const struct pfl_store_point *point)
{
    struct expected *expected = context;
    const struct pfl_run *run;
    const struct pfl_summary *a, *b = &point->summary;

    assert_true(expected->at < expected->n);
    run = expected->runs[expected->at++];
    a = &run->benchmarks[0].results[0].summary;
    assert_string_equal(point->run_id, run->id);
    assert_string_equal(point->commit, run->revision.commit);
    assert_string_equal(point->definition, run->benchmarks[0].definition);
    assert_string_equal(point->benchmark, "b");
    assert_string_equal(point->variant, "");
    assert_true(point->started_unix_ns == run->started_unix_ns);
    SAME_NUMBER(a, b, n);
    SAME_BITS(a, b, median);
    SAME_BITS(a, b, ci_low);
    SAME_BITS(a, b, ci_high);
    SAME_BITS(a, b, mean);
    SAME_BITS(a, b, stddev);
    SAME_BITS(a, b, min);
    SAME_BITS(a, b, max);
    SAME_BITS(a, b, q1);
    SAME_BITS(a, b, q3);
    return 0;
}

static void expect_points(struct fixture *f, struct pfl_run **runs, size_t n)
{
    struct pfl_store_series_key key = {"b", "time", "", "machine-1"};
    struct expected expected = {runs, n, 0};
    char line[80];

    if (pfl_store_series(f->store, &key, expect_point, &expected, &f->err))
        fail_msg("%s", f->err.message);
    assert_int_equal(expected.at, n);
    snprintf(line, sizeof line, "b|time||machine-1|s|lower|%zu\n", n);
    expect_series(f, NULL, line);
}

/* Long enough that every store has begun to pack it, looked at again and again. */
static void long_series_stay_in_order(void **state)
{
    enum { RUNS = 900 };
    static const char *const definitions[] = {"d1", "d2", "d3"};
    struct fixture *f = *state;
    struct pfl_run *runs[RUNS];
    struct dice dice = {5};
    size_t i;

    assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
    for (i = 0; i < RUNS; i++) {
        struct pfl_result *result;

        runs[i] = small_run(f, i + 1, 0);
        result = &runs[i]->benchmarks[0].results[0];
        result->summary = (struct pfl_summary){i % 30,
                                               0,
                                               any_value(&dice),
                                               any_value(&dice),
                                               (double)NAN,
                                               1e-9 * (double)(i % 100),
                                               2,
                                               3,
                                               4,
                                               5};
        round_summary(&dice, &result->summary);
        runs[i]->benchmarks[0].definition = definitions[i / 100 % 3];
        add(f, runs[i]);
        if (i % 211 == 210)
            expect_points(f, runs, i + 1);
        if (i == 400) { /* a commit in between */
            assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
            assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
        }
    }
    assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
    expect_points(f, runs, RUNS);
    reopen(f, true);
    expect_points(f, runs, RUNS);
    for (i = 0; i < RUNS; i += 113)
        expect_run(f, runs[i]);
}

/* History that arrives late goes where its time is; void runs are left out wherever their points
 * lie, and come back. */
static void packed_points_can_be_void(void **state)
{
    enum { RUNS = 600, VOID = 20 };
    struct fixture *f = *state;
    struct pfl_run *runs[RUNS], *left[RUNS], *late;
    size_t i, n = 0;

    assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
    for (i = 1; i < RUNS; i++)
        add(f, runs[i] = small_run(f, i + 1, (double)(1 + i)));
    late = runs[0] = small_run(f, RUNS + 1, 1);
    late->started_unix_ns = 5;
    add(f, late);
    for (i = 0; i < RUNS; i += RUNS / VOID)
        assert_int_equal(pfl_store_void(f->store, runs[i]->id, "x", 1, &f->err), PFL_OK);
    assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
    for (i = 0; i < RUNS; i++)
        if (i % (RUNS / VOID))
            left[n++] = runs[i];
    expect_points(f, left, n);
    assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
    for (i = 0; i < RUNS; i += RUNS / VOID)
        assert_int_equal(pfl_store_unvoid(f->store, runs[i]->id, &f->err), PFL_OK);
    assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
    expect_points(f, runs, RUNS);
}

static bool has_source(struct fixture *f, const char *source)
{
    bool has = false;

    if (pfl_store_has_source(f->store, source, &has, &f->err))
        fail_msg("%s", f->err.message);
    return has;
}

static bool add_from(struct fixture *f, const struct pfl_run *run, const char *source)
{
    bool added = false;

    if (pfl_store_add_from(f->store, run, source, &added, &f->err))
        fail_msg("%s", f->err.message);
    return added;
}

static void sources_are_known_again(void **state)
{
    struct fixture *f = *state;
    struct pfl_run *a = small_run(f, 1, 1), *b = small_run(f, 2, 2);
    bool added = false;

    assert_false(has_source(f, "one:0"));
    assert_true(add_from(f, a, "one:0"));
    assert_true(has_source(f, "one:0"));
    assert_false(has_source(f, "one:"));
    assert_false(add_from(f, a, "copy:0")); /* there already, from somewhere else */
    assert_true(has_source(f, "copy:0"));
    assert_false(add_from(f, a, "copy:0"));
    assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
    assert_true(add_from(f, b, "two:0"));
    assert_true(has_source(f, "two:0"));
    pfl_store_abandon(f->store);
    assert_false(has_source(f, "two:0"));
    assert_int_equal(pfl_store_add_from(f->store, b, "", &added, &f->err), PFL_EINVAL);
    assert_int_equal(pfl_store_has_source(f->store, NULL, &added, &f->err), PFL_EINVAL);
    assert_false(added);
    reopen(f, true);
    assert_true(has_source(f, "one:0") && has_source(f, "copy:0") && !has_source(f, "two:0"));
}

static bool is_void(struct fixture *f, const struct pfl_run *run)
{
    struct pfl_store_remark *remarks;
    size_t n;

    if (pfl_store_remarks(f->store, run->id, &f->arena, &remarks, &n, &f->err))
        fail_msg("%s", f->err.message);
    return n == 1 && remarks[0].is_void && strcmp(remarks[0].text, "anew") == 0;
}

static bool replace(struct fixture *f, const struct pfl_run *run, const char *why)
{
    const struct pfl_store_place place = {
        .key = "at a", .run_id = run->id, .why = why, .unix_ns = 5};
    bool replaced = true;

    if (pfl_store_replace(f->store, &place, &replaced, &f->err))
        fail_msg("%s", f->err.message);
    return replaced;
}

/* What a place held before is void; a run that was known takes nobody's place. */
static void a_place_is_replaced(void **state)
{
    struct fixture *f = *state;
    struct pfl_run *a = small_run(f, 1, 1), *b = small_run(f, 2, 2);

    assert_true(add_from(f, a, "a:1"));
    assert_false(replace(f, a, "anew"));
    assert_false(replace(f, a, "anew"));
    assert_true(add_from(f, b, "a:2"));
    assert_true(replace(f, b, "anew"));
    assert_true(is_void(f, a) && !is_void(f, b));
    assert_false(replace(f, a, NULL));
    assert_false(is_void(f, b));
    reopen(f, true);
    assert_true(is_void(f, a) && !is_void(f, b));
}

struct meddling {
    struct fixture *f;
    size_t seen;
    char names[40][160];
};

/* The texts of later points must outlast what the callback does. */
static int meddle(void *context, const struct pfl_store_point *point)
{
    struct meddling *meddling = context;
    struct fixture *f = meddling->f;
    struct points points;

    snprintf(meddling->names[meddling->seen++], sizeof meddling->names[0], "%s %s %s %s",
             point->run_id, point->commit, point->fingerprint, point->definition);
    assert_int_equal(pfl_store_note(f->store, point->run_id, "seen", 1, &f->err), PFL_OK);
    add(f, small_run(f, 100 + meddling->seen, 1));
    if (meddling->seen < 3)
        series(f, "", &points);
    return 0;
}

static void callbacks_may_change_the_ledger(void **state)
{
    struct fixture *f = *state;
    struct pfl_store_series_key key = {"b", "time", "", "machine-1"};
    struct meddling meddling = {.f = f};
    struct pfl_run *runs[12];
    char name[160];
    size_t i;

    for (i = 0; i < PFL_COUNT(runs); i++)
        add(f, runs[i] = small_run(f, i + 1, 1));
    assert_int_equal(pfl_store_series(f->store, &key, meddle, &meddling, &f->err), PFL_OK);
    assert_int_equal(meddling.seen, PFL_COUNT(runs));
    for (i = 0; i < PFL_COUNT(runs); i++) {
        snprintf(name, sizeof name, "%s %s %s d1", runs[i]->id, runs[i]->revision.commit,
                 runs[i]->machine.fingerprint);
        assert_string_equal(meddling.names[i], name);
    }
}

int test_store_contract_points(void);
int test_store_contract_points(void)
{
    const struct CMUnitTest tests[] = {
        TEST(archives_come_back_whole),  TEST(abandoned_archives_leave_nothing),
        TEST(long_series_stay_in_order), TEST(packed_points_can_be_void),
        TEST(sources_are_known_again),   TEST(callbacks_may_change_the_ledger),
        TEST(a_place_is_replaced),
    };

    return on_every_store(tests, PFL_COUNT(tests));
}
