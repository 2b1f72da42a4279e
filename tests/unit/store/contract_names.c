/*
 * Names over time, asked of every kind of store: what was renamed is one series, under whichever
 * name it is asked for, and each point tells what it was called.
 */
#include "contract.h"

static struct pfl_run *named_run(struct fixture *f, uint64_t number, const char *benchmark,
                                 const char *variant)
{
    struct pfl_run *run = small_run(f, number, (double)number);

    run->benchmarks[0].name = benchmark;
    run->benchmarks[0].definition = benchmark;
    run->benchmarks[0].results[0].variant = variant;
    return run;
}

static int join(struct fixture *f, const char *from, const char *to)
{
    struct pfl_store_alias alias = {.from = from, .to = to, .unix_ns = 7};

    return pfl_store_alias_add(f->store, &alias, &f->err);
}

static int join_variants(struct fixture *f, const char *benchmark, const char *from, const char *to)
{
    struct pfl_store_alias alias = {
        .variant = true, .benchmark = benchmark, .from = from, .to = to, .note = "numpy 2"};

    return pfl_store_alias_add(f->store, &alias, &f->err);
}

static int part(struct fixture *f, const char *from)
{
    struct pfl_store_alias alias = {.from = from};

    return pfl_store_alias_remove(f->store, &alias, &f->err);
}

static int spell(void *context, const struct pfl_store_point *point)
{
    pfl_buf_format(context, "%g=%s/%s/%s ", point->summary.median, point->benchmark, point->variant,
                   point->definition);
    return 0;
}

static void expect_spelt(struct fixture *f, const char *benchmark, const char *variant,
                         const char *points)
{
    struct pfl_store_series_key key = {benchmark, "time", variant, "machine-1"};
    struct pfl_buf buf;

    pfl_buf_init(&buf, 10000);
    if (pfl_store_series(f->store, &key, spell, &buf, &f->err))
        fail_msg("%s", f->err.message);
    assert_string_equal(pfl_buf_cstr(&buf), points);
    pfl_buf_release(&buf);
}

static void renaming_twice_keeps_one_series(void **state)
{
    static const char whole[] = "1=a//a 2=a//a 3=b//b 4=c//c 5=c//c ";
    struct fixture *f = *state;

    add(f, named_run(f, 1, "a", ""));
    add(f, named_run(f, 2, "a", ""));
    add(f, named_run(f, 3, "b", ""));
    add(f, named_run(f, 4, "c", ""));
    add(f, named_run(f, 5, "c", ""));
    expect_spelt(f, "c", "", "4=c//c 5=c//c ");
    assert_int_equal(join(f, "b", "c"), PFL_OK);
    expect_spelt(f, "c", "", "3=b//b 4=c//c 5=c//c ");
    assert_int_equal(join(f, "a", "b"), PFL_OK);
    expect_spelt(f, "c", "", whole);
    expect_spelt(f, "a", "", whole);
    expect_spelt(f, "b", "", whole);
    expect_series(f, NULL, "c|time||machine-1|s|lower|5\n");
    reopen(f, true);
    expect_spelt(f, "c", "", whole);
    expect_series(f, "machine-1", "c|time||machine-1|s|lower|5\n");
    expect_series(f, "machine-2", "");
    reopen(f, false);
    assert_int_equal(part(f, "b"), PFL_OK);
    expect_spelt(f, "c", "", "4=c//c 5=c//c ");
    expect_spelt(f, "b", "", "1=a//a 2=a//a 3=b//b ");
    expect_series(f, NULL, "b|time||machine-1|s|lower|3\nc|time||machine-1|s|lower|2\n");
    assert_int_equal(part(f, "b"), PFL_ENOENT);
}

/* The newest name need not have been recorded yet. */
static void names_can_be_given_ahead(void **state)
{
    struct fixture *f = *state;
    struct pfl_run *run = named_run(f, 1, "a", "");

    run->benchmarks[0].results[0].unit = "ms";
    add(f, run);
    assert_int_equal(join(f, "a", "z"), PFL_OK);
    expect_series(f, NULL, "z|time||machine-1|ms|lower|1\n");
    expect_spelt(f, "z", "", "1=a//a ");
    add(f, named_run(f, 2, "z", ""));
    expect_series(f, NULL, "z|time||machine-1|s|lower|2\n");
    pfl_store_void(f->store, run->id, "x", 1, &f->err);
    expect_series(f, NULL, "z|time||machine-1|s|lower|1\n");
    expect_spelt(f, "a", "", "2=z//z ");
}

/* A run between two names has both: the newer one's point counts. */
static void one_run_gives_one_point(void **state)
{
    struct fixture *f = *state;
    struct pfl_run *run = named_run(f, 2, "a", ""), *twin = named_run(f, 2, "b", "");
    struct pfl_benchmark both[2] = {run->benchmarks[0], twin->benchmarks[0]};

    add(f, named_run(f, 1, "a", ""));
    run->benchmarks = both;
    run->benchmark_count = 2;
    add(f, run);
    assert_int_equal(join(f, "a", "b"), PFL_OK);
    expect_spelt(f, "b", "", "1=a//a 2=b//b ");
    expect_series(f, NULL, "b|time||machine-1|s|lower|2\n");
    expect_run(f, run); /* nothing recorded changes */
}

static void circles_are_refused(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(join(f, "a", "a"), PFL_EINVAL);
    assert_int_equal(join(f, "", "a"), PFL_EINVAL);
    assert_int_equal(join(f, "a", ""), PFL_EINVAL);
    assert_int_equal(join(f, "a", "b"), PFL_OK);
    assert_int_equal(join(f, "b", "c"), PFL_OK);
    assert_int_equal(join(f, "c", "a"), PFL_EINVAL);
    assert_non_null(strstr(f->err.message, "circle"));
    assert_int_equal(join(f, "b", "a"), PFL_EINVAL);
    assert_int_equal(join(f, "a", "c"), PFL_EINVAL); /* a second way */
    assert_non_null(strstr(f->err.message, "already"));
    assert_int_equal(join(f, "a", "b"), PFL_OK); /* again is fine */
    assert_int_equal(join(f, "c", "d"), PFL_OK);
    assert_int_equal(join_variants(f, NULL, "v1", "v2"), PFL_OK);
    assert_int_equal(join_variants(f, NULL, "v2", "v1"), PFL_EINVAL);
    assert_int_equal(join_variants(f, "x", "v2", "v3"), PFL_OK);
    assert_int_equal(join_variants(f, "x", "v3", "v1"), PFL_EINVAL);  /* by way of all's */
    assert_int_equal(join_variants(f, NULL, "v3", "v1"), PFL_EINVAL); /* one for x alone */
    assert_int_equal(join_variants(f, "y", "v3", "v1"), PFL_OK);
}

static void circles_by_merging_are_refused(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(join_variants(f, "x", "v1", "v2"), PFL_OK);
    assert_int_equal(join_variants(f, "y", "v2", "v1"), PFL_OK);
    assert_int_equal(join(f, "x", "y"), PFL_EINVAL);
    assert_int_equal(join(f, "x", "z"), PFL_OK);
    assert_int_equal(join(f, "z", "y"), PFL_EINVAL);
}

static void variants_are_renamed(void **state)
{
    struct fixture *f = *state;

    add(f, named_run(f, 1, "a", "py3.6"));
    add(f, named_run(f, 2, "a", "py3.7"));
    add(f, named_run(f, 3, "b", "py3.6"));
    add(f, named_run(f, 4, "b", "py3.7"));
    add(f, named_run(f, 5, "b", "py3.8"));
    assert_int_equal(join_variants(f, NULL, "py3.6", "py3.7"), PFL_OK);
    expect_spelt(f, "a", "py3.7", "1=a/py3.6/a 2=a/py3.7/a ");
    expect_spelt(f, "b", "py3.7", "3=b/py3.6/b 4=b/py3.7/b ");
    assert_int_equal(join_variants(f, "b", "py3.6", "py3.8"), PFL_OK); /* b goes its own way */
    expect_spelt(f, "b", "py3.7", "4=b/py3.7/b ");
    expect_spelt(f, "b", "py3.8", "3=b/py3.6/b 5=b/py3.8/b ");
    expect_spelt(f, "a", "py3.6", "1=a/py3.6/a 2=a/py3.7/a ");
    assert_int_equal(join(f, "a", "b"), PFL_OK); /* and with the name its variants' ways */
    expect_spelt(f, "a", "py3.8", "1=a/py3.6/a 3=b/py3.6/b 5=b/py3.8/b ");
    expect_series(f, NULL, "b|time|py3.7|machine-1|s|lower|2\nb|time|py3.8|machine-1|s|lower|3\n");
}

static void aliases_are_listed(void **state)
{
    struct fixture *f = *state;
    struct pfl_store_alias *aliases = NULL, gone = {.variant = true, .benchmark = "x", .from = ""};
    size_t n = 9;

    assert_int_equal(pfl_store_alias_list(f->store, &f->arena, &aliases, &n, &f->err), PFL_OK);
    assert_int_equal(n, 0);
    assert_int_equal(join(f, "z", "a"), PFL_OK);
    assert_int_equal(join_variants(f, "x", "", "py3.7"), PFL_OK);
    assert_int_equal(join_variants(f, NULL, "v1", "v2"), PFL_OK);
    reopen(f, true);
    assert_int_equal(join(f, "a", "b"), PFL_EPERM);
    assert_int_equal(part(f, "z"), PFL_EPERM);
    assert_int_equal(pfl_store_alias_list(f->store, &f->arena, &aliases, &n, &f->err), PFL_OK);
    assert_int_equal(n, 3);
    assert_false(aliases[0].variant);
    assert_string_equal(aliases[0].from, "z");
    assert_string_equal(aliases[0].to, "a");
    assert_string_equal(aliases[0].note, "");
    assert_true(aliases[0].unix_ns == 7);
    assert_true(aliases[1].variant);
    assert_string_equal(aliases[1].benchmark, "x");
    assert_string_equal(aliases[1].from, "");
    assert_string_equal(aliases[1].note, "numpy 2");
    assert_string_equal(aliases[2].benchmark, "");
    reopen(f, false);
    assert_int_equal(pfl_store_alias_remove(f->store, &gone, &f->err), PFL_OK);
    assert_int_equal(pfl_store_alias_remove(f->store, &gone, &f->err), PFL_ENOENT);
    assert_int_equal(pfl_store_alias_list(f->store, &f->arena, &aliases, &n, &f->err), PFL_OK);
    assert_int_equal(n, 2);
}

/* Packed or not, whatever the store has done with each name's points. */
static void long_chains_are_in_order(void **state)
{
    enum { RUNS = 450 };
    static const char *const names[] = {"a", "b", "c"};
    struct fixture *f = *state;
    struct pfl_buf expected;
    size_t i;

    pfl_buf_init(&expected, 100000);
    assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
    for (i = 0; i < RUNS; i++) {
        add(f, named_run(f, i + 1, names[i * 3 / RUNS], ""));
        pfl_buf_format(&expected, "%g=%s//%s ", (double)(i + 1), names[i * 3 / RUNS],
                       names[i * 3 / RUNS]);
    }
    assert_int_equal(join(f, "a", "b"), PFL_OK);
    assert_int_equal(join(f, "b", "c"), PFL_OK);
    assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
    {
        struct pfl_store_series_key key = {"c", "time", "", "machine-1"};
        struct pfl_buf buf;

        pfl_buf_init(&buf, 100000);
        assert_int_equal(pfl_store_series(f->store, &key, spell, &buf, &f->err), PFL_OK);
        assert_string_equal(pfl_buf_cstr(&buf), pfl_buf_cstr(&expected));
        pfl_buf_release(&buf);
    }
    expect_series(f, NULL, "c|time||machine-1|s|lower|450\n");
    pfl_buf_release(&expected);
}

int test_store_contract_names(void);
int test_store_contract_names(void)
{
    const struct CMUnitTest tests[] = {
        TEST(renaming_twice_keeps_one_series),
        TEST(names_can_be_given_ahead),
        TEST(one_run_gives_one_point),
        TEST(circles_are_refused),
        TEST(circles_by_merging_are_refused),
        TEST(variants_are_renamed),
        TEST(aliases_are_listed),
        TEST(long_chains_are_in_order),
    };

    return on_every_store(tests, PFL_COUNT(tests));
}
