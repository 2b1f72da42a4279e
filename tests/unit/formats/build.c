/* The builder: what its header promises to readers, on runs made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/build.h"
#include "formats/fields.h"
#include "taken.h"

int test_formats_build(void);

struct made {
    struct pfl_buf out;
    struct pfl_format_input input;
    struct pfl_format_sink sink;
    struct pfl_build b;
    int refuse;
};

static int take(void *context, struct pfl_run *run, struct pfl_arena *arena, struct pfl_err *err)
{
    struct made *made = context;

    return made->refuse ? pfl_err_set(err, made->refuse, "no more")
                        : taken_run(&made->out, run, arena, err);
}

static int warn(void *context, const struct pfl_format_place *place, const char *what)
{
    return taken_warning(&((struct made *)context)->out, place, what);
}

static void begin(struct made *made)
{
    *made = (struct made){.input = {.path = "f"}};
    pfl_buf_init(&made->out, 1 << 24);
    made->sink = (struct pfl_format_sink){take, warn, made};
    pfl_build_init(&made->b, &made->input, &made->sink);
    pfl_build_begin(&made->b);
}

static void end(struct made *made, const char *expected)
{
    struct pfl_err err;

    assert_int_equal(pfl_build_end(&made->b, &err), PFL_OK);
    assert_string_equal(pfl_buf_cstr(&made->out), expected);
    pfl_build_release(&made->b);
    pfl_buf_release(&made->out);
}

static void values(struct pfl_build *b, const char *metric, const char *unit, size_t n, ...)
{
    va_list list;

    pfl_build_result(b, metric, "", unit);
    for (va_start(list, n); n; n--)
        pfl_build_value(b, va_arg(list, double));
    va_end(list);
}

static void a_run_is_put_together(void **state)
{
    struct made made;

    (void)state;
    begin(&made);
    pfl_build_machine(&made.b, "lab");
    assert_string_equal(made.b.run->machine.id, "lab");
    assert_true(pfl_build_started(&made.b, "2024-01-31T12:00:05Z"));
    pfl_build_environment(&made.b, "z", "1");
    pfl_build_environment(&made.b, "a", "2");
    pfl_build_environment(&made.b, "z", "3"); /* the last of a name stands */
    pfl_build_benchmark(&made.b, "b10");
    values(&made.b, "time", "ns", 2, 1.5, 2.0);
    pfl_build_benchmark(&made.b, "b9");
    pfl_build_group(&made.b, "suite");
    pfl_build_param(&made.b, "size", "2");
    pfl_build_param(&made.b, "how", "x");
    pfl_build_param(&made.b, "size", "3");
    values(&made.b, "count", "", 1, 7.0);
    pfl_build_better(&made.b, PFL_BETTER_HIGHER);
    values(&made.b, "time", "", 1, 3.0);
    pfl_build_result(&made.b, "hash", "v", "");
    pfl_build_text(&made.b, "ab");
    pfl_build_benchmark(&made.b, "bad");
    pfl_build_status(&made.b, PFL_STATUS_FAILED, "why");
    end(&made, "run  at 1706702405 {a: 2, z: 3}\n"
               "b9 <suite> {how: x, size: 3}\n  time s lower 3\n  count 1 higher 7\n"
               "  hash:v 1 neither\n"
               "b10\n  time s lower 1.5000000000000002e-09 2e-09\nbad failed: why\n");
}

static void directions_are_the_metrics_or_the_units(void **state)
{
    static const struct {
        const char *metric, *unit;
        enum pfl_better better;
        const char *stored;
    } cases[] = {
        {"time", "", PFL_BETTER_LOWER, "s"},
        {"throughput", "MB/s", PFL_BETTER_HIGHER, "B/s"},
        {"pass_rate", "1", PFL_BETTER_HIGHER, "1"},
        {"latency", "ms", PFL_BETTER_LOWER, "s"},
        {"heap", "KiB", PFL_BETTER_LOWER, "B"},
        {"speed", "ops/s", PFL_BETTER_HIGHER, "1/s"},
        {"score", "points", PFL_BETTER_NEITHER, "points"},
        {"score", "", PFL_BETTER_NEITHER, "1"},
    };
    struct made made;
    size_t i;

    (void)state;
    begin(&made);
    pfl_build_benchmark(&made.b, "a");
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_build_result(&made.b, cases[i].metric, "", cases[i].unit);
        assert_int_equal(made.b.results.at[made.b.results.n - 1].better, cases[i].better);
        assert_string_equal(made.b.results.at[made.b.results.n - 1].unit, cases[i].stored);
    }
    pfl_build_release(&made.b); /* a run that was begun is dropped */
    assert_int_equal(made.out.len, 0);
    pfl_buf_release(&made.out);
}

static void what_is_no_number_is_no_value(void **state)
{
    struct made made;

    (void)state;
    begin(&made);
    pfl_build_benchmark(&made.b, "a");
    values(&made.b, "time", "h", 5, 1e308, (double)INFINITY, (double)-INFINITY, (double)NAN, -1.0);
    end(&made, "run \na\n  time s lower - - - - -3600\n");
}

static void launches_group_values(void **state)
{
    struct made made;

    (void)state;
    begin(&made);
    pfl_build_benchmark(&made.b, "a");
    pfl_build_result(&made.b, "time", "", "s");
    pfl_build_launch(&made.b, 0);
    pfl_build_value(&made.b, 1);
    pfl_build_value(&made.b, 2);
    pfl_build_launch(&made.b, 1);
    pfl_build_value(&made.b, 3);
    /* what does not say whose values they are has one of each, from the first launch on */
    values(&made.b, "peak_rss", "B", 3, 7.0, 8.0, 9.0);
    pfl_build_benchmark(&made.b, "b");
    values(&made.b, "time", "s", 1, 1.0);
    end(&made, "run \na\n  time s lower 1 2 3 @0 0 1\n  peak_rss B lower 7 8 9 @0 1 2\n"
               "b\n  time s lower 1\n");
}

static void names_are_told_apart(void **state)
{
    struct made made;

    (void)state;
    begin(&made);
    pfl_build_benchmark(&made.b, "a");
    pfl_build_benchmark(&made.b, "a");
    pfl_build_benchmark(&made.b, "a#3");
    pfl_build_benchmark(&made.b, "a");
    pfl_build_benchmark(&made.b, "");
    pfl_build_benchmark(&made.b, "x\xff");
    pfl_build_benchmark(&made.b, "x\xfe"); /* the same once both are UTF-8 */
    values(&made.b, "m", "", 1, 1.0);
    values(&made.b, "m", "", 1, 2.0);
    values(&made.b, "", "", 1, 3.0);
    pfl_build_result(&made.b, "m", "v", "");
    end(&made, "a comes twice: this one is kept as a#2\n"
               "a comes several times: this one is kept as a#4\n"
               "a benchmark has no name: it is kept as (no name)\n"
               "x\xEF\xBF\xBD comes twice: this one is kept as x\xEF\xBF\xBD#2\n"
               "x\xEF\xBF\xBD#2 has m several times: this one is kept as m#2\n"
               "run \n(no name)\na\na#2\na#3\na#4\nx\xEF\xBF\xBD\n"
               "x\xEF\xBF\xBD#2\n  m 1 neither 1\n  m:v 1 neither\n  m#2 1 neither 2\n"
               "  value 1 neither 3\n");
}

static void a_benchmark_is_gone_on_with(void **state)
{
    struct pfl_build_pairs params = {0};
    struct pfl_pair pair = {"n", "1"};
    struct made made;

    (void)state;
    begin(&made);
    assert_false(pfl_build_again(&made.b, "a"));
    pfl_build_benchmark(&made.b, "a");
    pfl_build_param(&made.b, "k", "1");
    values(&made.b, "time", "s", 1, 1.0);
    pfl_build_benchmark(&made.b, "b");
    values(&made.b, "time", "s", 1, 2.0);
    assert_true(pfl_build_again(&made.b, "a"));
    values(&made.b, "cpu", "s", 1, 3.0);
    assert_true(pfl_build_again(&made.b, "a"));
    assert_true(pfl_build_again(&made.b, "b"));
    values(&made.b, "cpu", "s", 1, 4.0);
    assert_string_equal(pfl_build_name_with(&made.b, "a", &params), "a");
    assert_true(pfl_vec_push(&params, &pair) && pfl_vec_push(&params, &pair));
    assert_string_equal(pfl_build_name_with(&made.b, "a", &params), "a[n=1,n=1]");
    pfl_vec_release(&params);
    end(&made, "run \na {k: 1}\n  time s lower 1\n  cpu s lower 3\n"
               "b\n  time s lower 2\n  cpu s lower 4\n");
}

static void summaries_stand_as_the_file_has_them(void **state)
{
    static const struct {
        double median, mean, low, high;
        size_t n;
        const char *expected;
    } cases[] = {
        {2, 3, 1, 4, 9, "run \na\n  time s lower ~9 0.002 [0.001 0.004] mean 0.003\n"},
        {NAN, 3, NAN, NAN, 0, "run \na\n  time s lower ~1 0.003 mean 0.003\n"},
        {2, NAN, 1, NAN, 1, "run \na\n  time s lower ~1 0.002\n"}, /* half an interval is none */
        {2, INFINITY, 1, 1e308, 1, "run \na\n  time s lower ~1 0.002 [0.001 1e+305]\n"},
        {2, 2, 4, 1, 1,
         "a: an interval from 0.004 to 0.001 is left out\n"
         "run \na\n  time s lower ~1 0.002 mean 0.002\n"},
    };
    struct pfl_summary summary;
    struct made made;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        begin(&made);
        pfl_build_benchmark(&made.b, "a");
        pfl_build_result(&made.b, "time", "", "ms");
        summary = pfl_summary_none();
        summary.n = cases[i].n;
        summary.median = cases[i].median;
        summary.mean = cases[i].mean;
        summary.ci_low = cases[i].low;
        summary.ci_high = cases[i].high;
        pfl_build_summary(&made.b, &summary);
        end(&made, cases[i].expected);
    }
}

static void intervals_follow_from_what_there_is(void **state)
{
    struct pfl_summary s = pfl_summary_none();
    double low, high;

    (void)state;
    s.n = 16;
    s.median = 10;
    s.q1 = 8;
    s.q3 = 12;
    pfl_build_interval_of_quartiles(&s, &low, &high); /* 1.57 · 4 / 4 */
    assert_true(fabs(low - 8.43) < 1e-12 && fabs(high - 11.57) < 1e-12);
    s.mean = 20;
    s.stddev = 8;
    pfl_build_interval_of_mean(&s, &low, &high); /* t(0.975; 15) = 2.1314 */
    assert_true(fabs(low - (20 - 2.131449545559323 * 2)) < 1e-9);
    assert_true(fabs(high - (20 + 2.131449545559323 * 2)) < 1e-9);
    s.n = 1;
    pfl_build_interval_of_mean(&s, &low, &high);
    assert_true(isnan(low) && isnan(high));
    pfl_build_interval_of_quartiles(&s, &low, &high);
    assert_true(isnan(low) && isnan(high));
}

static void dates_are_understood(void **state)
{
    static const struct {
        const char *text;
        int64_t unix_ns; /* -1: not understood */
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2024-02-29T23:59:60Z", INT64_C(1709251200000000000)},
        {"2024-01-02T03:04:06.789012", INT64_C(1704164646789012000)},
        {"2024-01-02 03:04:06,5+01:00", INT64_C(1704161046500000000)},
        {"2024-01-02T03:04:06-0730", INT64_C(1704191646000000000)},
        {"2024-01-02 03:04:06 UTC", INT64_C(1704164646000000000)},
        {"2024-01-02", INT64_C(1704153600000000000)},
        {"2016-08-02 17:44:46", INT64_C(1470159886000000000)},
        {"2024-01-02T03:04:06.1234567891Z", INT64_C(1704164646123456789)},
        {"", -1},
        {NULL, -1},
        {"yesterday", -1},
        {"2024-13-01", -1},
        {"2024-01-02T25:00:00", -1},
        {"2024-01-02T03:04", -1},
        {"2024-01-02T03:04:06 CEST", -1},
        {"1600-01-02", -1},
        {"99999-01-02", -1},
        {"2024-01-02T03:04:06Zjunk", -1},
    };
    struct made made;
    size_t i;

    (void)state;
    begin(&made);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        made.b.run->started_unix_ns = 5;
        if (pfl_build_started(&made.b, cases[i].text) != (cases[i].unix_ns >= 0))
            fail_msg("%s", cases[i].text ? cases[i].text : "NULL");
        assert_true(made.b.run->started_unix_ns == (cases[i].unix_ns < 0 ? 5 : cases[i].unix_ns));
        assert_true(pfl_build_seconds(cases[i].text) ==
                    (cases[i].unix_ns < 0 ? 0 : cases[i].unix_ns / 1000000000));
    }
    pfl_build_release(&made.b);
    pfl_buf_release(&made.out);
}

static void the_end_says_what_went_wrong(void **state)
{
    struct pfl_err err;
    struct made made;

    (void)state;
    begin(&made);
    assert_int_equal(pfl_build_end(&made.b, &err),
                     PFL_OK); /* no benchmarks: nothing is handed on */
    assert_int_equal(made.out.len, 0);
    pfl_build_begin(&made.b);
    pfl_build_benchmark(&made.b, "a");
    made.refuse = PFL_EINTERRUPTED;
    assert_int_equal(pfl_build_end(&made.b, &err), PFL_EINTERRUPTED);
    assert_string_equal(err.message, "no more");
    made.refuse = 0;
    pfl_build_begin(&made.b); /* and the next run may come */
    pfl_build_benchmark(&made.b, "b");
    end(&made, "run \nb\n");
}

/* Names, parameters and results by the hundred thousand: time grows with them, not faster. */
static void many_are_no_slower_each(void **state)
{
    enum { N = 100000 };
    struct made made;
    char name[32];
    int i;

    (void)state;
    begin(&made);
    for (i = 0; i < N; i++)
        pfl_build_benchmark(&made.b, "same");
    pfl_build_benchmark(&made.b, "params");
    for (i = N; i > 0; i--) {
        snprintf(name, sizeof name, "p%06d", i);
        pfl_build_param(&made.b, name, "x");
    }
    for (i = 0; i < N; i++) {
        snprintf(name, sizeof name, "m%d", i);
        pfl_build_result(&made.b, name, "", "");
        pfl_build_value(&made.b, i);
    }
    for (i = 0; i < N; i++)
        assert_true(pfl_build_again(&made.b, "same"));
    assert_int_equal(pfl_build_end(&made.b, NULL), PFL_OK);
    assert_non_null(strstr(pfl_buf_cstr(&made.out), "kept as same#100000\n"));
    assert_non_null(strstr(pfl_buf_cstr(&made.out), "{p000001: x, p000002: x"));
    pfl_build_release(&made.b);
    pfl_buf_release(&made.out);
}

int test_formats_build(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_put_together),
        cmocka_unit_test(directions_are_the_metrics_or_the_units),
        cmocka_unit_test(what_is_no_number_is_no_value),
        cmocka_unit_test(launches_group_values),
        cmocka_unit_test(names_are_told_apart),
        cmocka_unit_test(a_benchmark_is_gone_on_with),
        cmocka_unit_test(summaries_stand_as_the_file_has_them),
        cmocka_unit_test(intervals_follow_from_what_there_is),
        cmocka_unit_test(dates_are_understood),
        cmocka_unit_test(the_end_says_what_went_wrong),
        cmocka_unit_test(many_are_no_slower_each),
    };

    return cmocka_run_group_tests_name("formats_build", tests, NULL, NULL);
}
