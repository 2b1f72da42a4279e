/*
 * Thinning, asked of every kind of store: samples go, nothing else does; series say what they said;
 * the whole run, added again, brings them back.
 */
#include "contract.h"
#include "thinned.h"

enum { BENCHMARKS = 4 };

static const struct pfl_store_thin_params plainly;

static void add_numbers(struct fixture *f, uint64_t from, uint64_t to)
{
    for (; from <= to; from++)
        assert_true(add(f, make_run(&f->arena, from, BENCHMARKS)));
}

static size_t thin(struct fixture *f, uint64_t first, size_t n)
{
    struct pfl_store_thinned done;

    if (thin_numbers(f->store, first, n, plainly, &done, &f->err))
        fail_msg("%s", f->err.message);
    assert_int_equal(done.damaged, 0);
    assert_true(done.runs == 0 || done.bytes > 0);
    return done.runs;
}

static void expect_thinned(struct fixture *f, uint64_t number)
{
    struct pfl_run *expected = thinned_run(&f->arena, number, BENCHMARKS), back;
    size_t i, j;

    if (pfl_store_load(f->store, expected->id, &f->arena, &back, &f->err))
        fail_msg("%s", f->err.message);
    assert_runs_equal(expected, &back);
    assert_int_equal(back.thinned_unix_ns, THINNED_AT);
    assert_false(pfl_run_has_samples(&back));
    for (i = 0; i < back.benchmark_count; i++)
        for (j = 0; j < back.benchmarks[i].result_count; j++)
            assert_int_equal(back.benchmarks[i].results[j].summary_only,
                             expected->benchmarks[i].results[j].summary_only);
}

/* All points of all series, as bytes. */
struct printed {
    struct pfl_store *store;
    struct pfl_buf buf;
};

static int print_point(void *context, const struct pfl_store_point *point)
{
    struct printed *printed = context;
    const struct pfl_summary *s = &point->summary;
    const double numbers[] = {s->median, s->ci_low, s->ci_high, s->mean, s->stddev,
                              s->min,    s->max,    s->q1,      s->q3};
    size_t i;

    pfl_buf_format(&printed->buf, " %s %s %zu", point->run_id, point->definition, s->n);
    for (i = 0; i < PFL_COUNT(numbers); i++)
        pfl_buf_format(&printed->buf, " %llx",
                       isnan(numbers[i]) ? 0ull : (unsigned long long)bits_from_double(numbers[i]));
    return 0;
}

static int print_series(void *context, const struct pfl_store_series_key *key, const char *unit,
                        enum pfl_better better, size_t points)
{
    struct printed *printed = context;

    pfl_buf_format(&printed->buf, "\n%s %s %s %s %s %d %zu:", key->benchmark, key->metric,
                   key->variant, key->machine_id, unit, (int)better, points);
    assert_int_equal(pfl_store_series(printed->store, key, print_point, printed, NULL), PFL_OK);
    return 0;
}

static const char *all_points(struct fixture *f)
{
    struct printed printed = {.store = f->store};
    const char *text;

    pfl_buf_init(&printed.buf, 64 << 20);
    assert_int_equal(pfl_store_each_series(f->store, NULL, print_series, &printed, &f->err),
                     PFL_OK);
    text = pfl_arena_text(&f->arena, pfl_buf_cstr(&printed.buf));
    pfl_buf_release(&printed.buf);
    assert_non_null(text);
    return text;
}

static void samples_go_and_all_else_stays(void **state)
{
    struct fixture *f = *state;
    struct pfl_store_remark *remarks;
    const char *points;
    size_t n = 0, i;

    add_numbers(f, 1, 150);
    points = all_points(f);
    assert_true(strlen(points) > 10000);
    assert_int_equal(pfl_store_note(f->store, make_run(&f->arena, 5, 1)->id, "x", 1, &f->err),
                     PFL_OK);
    assert_int_equal(thin(f, 1, 100), 100);
    assert_string_equal(all_points(f), points);
    reopen(f, true);
    for (i = 1; i <= 100; i++)
        expect_thinned(f, i);
    for (; i <= 150; i++)
        expect_run(f, make_run(&f->arena, i, BENCHMARKS));
    assert_string_equal(all_points(f), points);
    assert_int_equal(pfl_store_remarks(f->store, make_run(&f->arena, 5, 1)->id, &f->arena, &remarks,
                                       &n, &f->err),
                     PFL_OK);
    assert_int_equal(n, 1);
    reopen(f, false);
    assert_int_equal(thin(f, 1, 100), 0); /* nothing is there any more */
    assert_string_equal(all_points(f), points);
}

static void lists_say_so(void **state)
{
    struct fixture *f = *state;
    struct pfl_store_query all = {0};
    struct pfl_run_head *heads;

    add_numbers(f, 1, 3);
    thin(f, 2, 1);
    assert_int_equal(list(f, &all, &heads), 3);
    assert_int_equal(heads[0].thinned_unix_ns, 0);
    assert_int_equal(heads[1].thinned_unix_ns, THINNED_AT);
    assert_int_equal(heads[2].thinned_unix_ns, 0);
    assert_int_equal(heads[1].benchmark_count, BENCHMARKS);
}

static void the_whole_run_brings_its_samples_back(void **state)
{
    struct fixture *f = *state;
    struct pfl_store_query all = {0};
    struct pfl_run_head *heads;
    const char *points;

    add_numbers(f, 1, 3);
    points = all_points(f);
    thin(f, 1, 3);
    assert_false(add(f, thinned_run(&f->arena, 2, BENCHMARKS))); /* that changes nothing … */
    expect_thinned(f, 2);
    assert_false(add(f, make_run(&f->arena, 2, BENCHMARKS))); /* … this does */
    expect_thinned(f, 1);
    expect_run(f, make_run(&f->arena, 2, BENCHMARKS));
    expect_thinned(f, 3);
    assert_int_equal(list(f, &all, &heads), 3);
    assert_int_equal(heads[1].thinned_unix_ns, 0);
    assert_string_equal(all_points(f), points);
    assert_false(add(f, make_run(&f->arena, 2, BENCHMARKS)));
    assert_int_equal(thin(f, 1, 3), 1);
    expect_thinned(f, 2);
}

static void a_thinned_run_from_elsewhere_stays_thinned(void **state)
{
    struct fixture *f = *state;

    assert_true(add(f, thinned_run(&f->arena, 7, BENCHMARKS)));
    expect_thinned(f, 7);
    assert_false(add(f, make_run(&f->arena, 7, BENCHMARKS)));
    expect_run(f, make_run(&f->arena, 7, BENCHMARKS));
}

/* Of what is computed from samples and not stored, the caller fills in what is to stay. */
static int normalise(void *context, struct pfl_run *run, struct pfl_err *err)
{
    struct pfl_result *result = &run->benchmarks[0].results[0];

    (void)err;
    ++*(int *)context;
    assert_true(pfl_run_has_samples(run));
    result->normalised = (struct pfl_normalised){.by = pfl_yardstick_name(PFL_YARDSTICK_CHASE),
                                                 .yardstick = PFL_YARDSTICK_CHASE,
                                                 .reference = 1.5e-9,
                                                 .raw_median = 0.1 + 0.2,
                                                 .raw_low = -0.0,
                                                 .raw_high = (double)INFINITY,
                                                 .reduction = 0.3,
                                                 .inside = true,
                                                 .scatter = 0.01,
                                                 .min = 1,
                                                 .max = 2};
    return PFL_OK;
}

static void what_samples_said_is_kept(void **state)
{
    struct fixture *f = *state;
    int asked = 0;
    struct pfl_store_thin_params params = {.settle = normalise, .context = &asked};
    struct pfl_store_thinned done;
    struct pfl_normalised n;
    struct pfl_run back;
    uint64_t number = 1;

    while (make_run(&f->arena, number, 1)->benchmarks[0].result_count == 0 ||
           !pfl_run_has_samples(make_run(&f->arena, number, 1)))
        number++;
    assert_true(add(f, make_run(&f->arena, number, 1)));
    assert_int_equal(thin_numbers(f->store, number, 1, params, &done, &f->err), PFL_OK);
    assert_int_equal(asked, 1);
    assert_int_equal(done.runs, 1);
    assert_int_equal(
        pfl_store_load(f->store, make_run(&f->arena, number, 1)->id, &f->arena, &back, &f->err),
        PFL_OK);
    n = back.benchmarks[0].results[0].normalised;
    assert_string_equal(n.by, pfl_yardstick_name(PFL_YARDSTICK_CHASE));
    assert_int_equal(n.yardstick, PFL_YARDSTICK_CHASE);
    assert_true(n.reference == 1.5e-9 && n.raw_median == 0.1 + 0.2 && signbit(n.raw_low));
    assert_true(isinf(n.raw_high) && n.reduction == 0.3 && n.inside && n.scatter == 0.01);
    assert_true(n.min == 1 && n.max == 2);
}

static void a_dry_run_changes_nothing(void **state)
{
    struct fixture *f = *state;
    struct pfl_store_thin_params dry = {.dry_run = true};
    struct pfl_store_thinned would, did;
    uint64_t i;

    add_numbers(f, 1, 70);
    reopen(f, true);
    assert_int_equal(thin_numbers(f->store, 1, 70, dry, &would, &f->err), PFL_OK);
    assert_int_equal(would.runs, 70);
    for (i = 1; i <= 70; i++)
        expect_run(f, make_run(&f->arena, i, BENCHMARKS));
    assert_int_equal(thin_numbers(f->store, 1, 70, plainly, &did, &f->err), PFL_EPERM);
    assert_int_equal(did.runs, 0);
    reopen(f, false);
    assert_int_equal(thin_numbers(f->store, 1, 70, plainly, &did, &f->err), PFL_OK);
    assert_int_equal(did.runs, would.runs);
    assert_int_equal(did.bytes, would.bytes);
}

static bool stop_at_90(void *context, size_t done)
{
    (void)context;
    return done == 90;
}

static void stopping_keeps_what_was_done(void **state)
{
    struct fixture *f = *state;
    struct pfl_store_thin_params params = {.stop_asked = stop_at_90};
    struct pfl_store_thinned done;

    add_numbers(f, 1, 100);
    assert_int_equal(thin_numbers(f->store, 1, 100, params, &done, &f->err), PFL_EINTERRUPTED);
    assert_int_equal(done.runs, 90);
    reopen(f, true);
    expect_thinned(f, 90);
    expect_run(f, make_run(&f->arena, 91, BENCHMARKS));
}

static void summaries_only_are_passed_over(void **state)
{
    struct fixture *f = *state;
    struct pfl_run *run = small_run(f, 3, 1.5);

    run->benchmarks[0].launch_count = 0;
    run->benchmarks[0].launches = NULL;
    add(f, run);
    assert_int_equal(thin(f, 3, 1), 0);
    expect_run(f, run);
}

static void a_run_that_is_not_there_is_said(void **state)
{
    struct fixture *f = *state;
    struct pfl_store_thinned done;

    add_numbers(f, 1, 2);
    assert_int_equal(thin_numbers(f->store, 1, 3, plainly, &done, &f->err), PFL_ENOENT);
    assert_int_equal(done.runs, 0); /* the piece was taken back */
    expect_run(f, make_run(&f->arena, 1, BENCHMARKS));
}

static void the_room_is_given_back(void **state)
{
    struct fixture *f = *state;
    struct pfl_store_compacted compacted;
    const char *points;

    assert_int_equal(pfl_store_begin(f->store, &f->err), PFL_OK);
    add_numbers(f, 1, 300);
    assert_int_equal(pfl_store_commit(f->store, &f->err), PFL_OK);
    points = all_points(f);
    assert_int_equal(pfl_store_compact(f->store, &compacted, &f->err), PFL_OK);
    assert_false(compacted.done); /* nothing is unused */
    assert_int_equal(thin(f, 1, 300), 300);
    if (pfl_store_compact(f->store, &compacted, &f->err))
        fail_msg("%s", f->err.message);
    assert_true(compacted.done);
    assert_true(compacted.after < compacted.before);
    assert_string_equal(all_points(f), points);
    reopen(f, true);
    expect_thinned(f, 300);
    assert_int_equal(pfl_store_compact(f->store, &compacted, &f->err), PFL_EPERM);
}

static struct pfl_run *with_yardsticks(struct fixture *f, uint64_t number, double reference)
{
    struct pfl_run *run = small_run(f, number, 1);

    run->yardstick_count = 1;
    run->yardsticks = pfl_arena_array(&f->arena, 1, sizeof *run->yardsticks);
    run->yardstick_reference[PFL_YARDSTICK_CORE] = reference;
    return run;
}

static void references_can_be_reset(void **state)
{
    struct fixture *f = *state;
    struct pfl_run *first = with_yardsticks(f, 1, 2e-9), *second = with_yardsticks(f, 2, 3e-9);
    const char *machine = first->machine.id, *fingerprint = first->machine.fingerprint, **ids;
    double reference[PFL_YARDSTICK_COUNT];
    bool known = true;
    size_t n = 9;

    second->machine = first->machine;
    assert_int_equal(pfl_store_yardstick_runs(f->store, &f->arena, &ids, &n, &f->err), PFL_OK);
    assert_int_equal(n, 0);
    add(f, first);
    add(f, second);
    assert_int_equal(pfl_store_yardstick_runs(f->store, &f->arena, &ids, &n, &f->err), PFL_OK);
    assert_int_equal(n, 1);
    assert_string_equal(ids[0], first->id);
    assert_int_equal(pfl_store_yardsticks_reset(f->store, machine, "other", &known, &f->err),
                     PFL_OK);
    assert_false(known);
    assert_int_equal(pfl_store_yardsticks_reset(f->store, machine, fingerprint, &known, &f->err),
                     PFL_OK);
    assert_true(known);
    assert_int_equal(pfl_store_yardsticks(f->store, machine, fingerprint, reference, &f->err),
                     PFL_OK);
    assert_true(reference[PFL_YARDSTICK_CORE] == 0);
    first = with_yardsticks(f, 3, 4e-9);
    first->machine = second->machine;
    add(f, first);
    assert_int_equal(pfl_store_yardsticks(f->store, machine, fingerprint, reference, &f->err),
                     PFL_OK);
    assert_true(reference[PFL_YARDSTICK_CORE] == 4e-9);
    assert_int_equal(pfl_store_yardstick_runs(f->store, &f->arena, &ids, &n, &f->err), PFL_OK);
    assert_int_equal(n, 1);
    assert_string_equal(ids[0], first->id);
}

int test_store_contract_thin(void);
int test_store_contract_thin(void)
{
    const struct CMUnitTest tests[] = {
        TEST(samples_go_and_all_else_stays),
        TEST(lists_say_so),
        TEST(the_whole_run_brings_its_samples_back),
        TEST(a_thinned_run_from_elsewhere_stays_thinned),
        TEST(what_samples_said_is_kept),
        TEST(a_dry_run_changes_nothing),
        TEST(stopping_keeps_what_was_done),
        TEST(summaries_only_are_passed_over),
        TEST(a_run_that_is_not_there_is_said),
        TEST(the_room_is_given_back),
        TEST(references_can_be_reset),
    };

    return on_every_store(tests, PFL_COUNT(tests));
}
