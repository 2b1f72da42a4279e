/* What is used wrongly fails with words that say what, where and what to do; nothing hangs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine.h"

#include <math.h>
#include <string.h>

/* ---- each is used wrongly in one way ---- */

static void no_loop(struct pfl_bench *b)
{
    (void)b;
}

static void left_by_break(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        break;
    }
}

static void left_by_return(struct pfl_bench *b)
{
    int n = 0;

    PFL_LOOP(b)
    {
        if (++n == 100)
            return;
    }
}

static void two_loops(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
    }
    PFL_LOOP(b)
    {
        fail_msg("the second loop ran");
    }
}

static void inner_loop(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        fail_msg("the inner loop ran");
    }
}

static void nested_loops(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        inner_loop(b);
    }
}

static void no_resume(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        pfl_pause(b);
    }
}

static void nested_pauses(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        pfl_pause(b);
        pfl_pause(b);
        pfl_resume(b);
    }
}

static void no_resume_at_the_end(struct pfl_bench *b)
{
    int n = 0;

    PFL_LOOP(b)
    {
        if (n++ == 0)
            pfl_pause(b);
    }
}

static void no_pause(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        pfl_resume(b);
    }
}

static void pause_outside(struct pfl_bench *b)
{
    pfl_pause(b);
    PFL_LOOP(b)
    {
    }
}

static void no_manual_time(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
    }
}

static void negative_manual_time(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        pfl_manual_time(b, -1e-9);
    }
}

static void nan_manual_time(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        pfl_manual_time(b, NAN);
    }
}

static void negative_bytes(struct pfl_bench *b)
{
    pfl_bytes(b, -1);
    PFL_LOOP(b)
    {
        fail_msg("the loop ran");
    }
}

static void nan_items(struct pfl_bench *b)
{
    pfl_items(b, NAN);
}

static void negative_counter(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
    }
    pfl_counter(b, "hits", -1, PFL_COUNTER_RATE);
}

static void infinite_metric(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
    }
    pfl_metric(b, "residual", INFINITY, "1", PFL_LOWER_IS_BETTER);
}

static void nameless_metric(struct pfl_bench *b)
{
    pfl_metric(b, "", 1, "1", PFL_LOWER_IS_BETTER);
}

static void reserved_metric(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
    }
    pfl_metric(b, "time", 1, "s", PFL_LOWER_IS_BETTER);
}

static void reserved_counter(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
    }
    pfl_counter(b, "cpu", 1, PFL_COUNTER_VALUE);
}

static void two_of_a_name(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        pfl_keep(b);
    }
    pfl_metric(b, "throughput", 1, "B/s", PFL_HIGHER_IS_BETTER);
    pfl_bytes(b, 10);
}

static void no_direction_at_all(struct pfl_bench *b)
{
    int seven = 7;

    PFL_LOOP(b)
    {
    }
    pfl_metric(b, "residual", 1, "1", (enum pfl_direction)seven);
}

static void unknown_argument(struct pfl_bench *b)
{
    assert_int_equal(pfl_arg_int(b, "m"), 0);
}

static void text_as_number(struct pfl_bench *b)
{
    assert_true(fabs(pfl_arg_number(b, "kind")) <= 0);
}

static void fraction_as_integer(struct pfl_bench *b)
{
    assert_int_equal(pfl_arg_int(b, "share"), 0);
}

static void late_set_up(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        pfl_each_batch(b, NULL, NULL, NULL);
    }
}

static void not_valid(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
    }
    assert_false(pfl_validate(1 > 2, "numbers are in order"));
    pfl_fail(b, "a second word");
}

static void said_and_left(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        pfl_fail(b, "no %s", "paper");
        break;
    }
}

static void skipping(struct pfl_bench *b)
{
    pfl_skip(b, "no GPU");
    assert_true(pfl_stopped(b));
    PFL_LOOP(b)
    {
        fail_msg("the loop ran");
    }
}

static const struct {
    pfl_bench_function *function;
    const char *said; /* a part of the reason */
    bool manual;
    bool placed; /* names file and line */
} rows[] = {
    {no_loop, "no PFL_LOOP was run: put what", false, true},
    {left_by_break, "PFL_LOOP was left early", false, true},
    {left_by_return, "PFL_LOOP was left early", false, true},
    {two_loops, "a second PFL_LOOP", false, true},
    {nested_loops, "a PFL_LOOP inside another one", false, true},
    {no_resume, "pfl_pause() without pfl_resume()", false, true},
    {nested_pauses, "pairs must not nest", false, true},
    {no_resume_at_the_end, "pfl_pause() without pfl_resume()", false, true},
    {no_pause, "pfl_resume() without pfl_pause()", false, true},
    {pause_outside, "pfl_pause() outside the loop", false, true},
    {no_manual_time, "called 0 times in 1 iterations", true, true},
    {negative_manual_time, "pfl_manual_time(-1e-09)", true, true},
    {nan_manual_time, "pfl_manual_time(nan)", true, true},
    {negative_manual_time, "without the option PFL_MANUAL_TIME", false, true},
    {negative_bytes, "pfl_bytes(-1)", false, true},
    {nan_items, "pfl_items(nan)", false, true},
    {negative_counter, "pfl_counter(\"hits\", -1)", false, true},
    {infinite_metric, "pfl_metric(\"residual\"): infinite", false, true},
    {nameless_metric, "needs a name", false, true},
    {reserved_metric, "pfl_metric(\"time\"): the library measures that itself", false, true},
    {reserved_counter, "pfl_counter(\"cpu\"): the library measures that itself", false, true},
    {two_of_a_name, "a metric \"throughput\" beside pfl_bytes()", false, true},
    {no_direction_at_all, "pfl_metric(\"residual\"): 7 is no direction", false, true},
    {unknown_argument, "the argument m; there are: kind, share", false, true},
    {text_as_number, "kind is \"sorted\", which is no number: ask with pfl_arg_text()", false,
     true},
    {fraction_as_integer, "share is 0.5, which is no integer: ask with pfl_arg_number()", false,
     true},
    {late_set_up, "pfl_each_batch() after the loop began", false, true},
    {not_valid, "numbers are in order: not true: 1 > 2 (", false, false},
    {said_and_left, "no paper", false, false},
    {skipping, "no GPU", false, false},
};

static void check(size_t row, int threads)
{
    const struct pfl_lib_how how = {.seconds = 0.001, .batch_s = 0.0001};
    struct pfl_lib_case c = {
        .name = "it",
        .bench = "it",
        .file = "here.c",
        .line = 7,
        .threads = threads,
        .args = {{.name = "kind", .text = "sorted", .number = NAN},
                 {.name = "share", .text = "0.5", .number = 0.5}},
        .arg_count = 2,
    };
    struct pfl_lib_outcome outcome;

    c.function = rows[row].function;
    c.manual_time = rows[row].manual;
    pfl_lib_engine_run(&c, &how, &outcome);
    assert_int_equal(outcome.status,
                     rows[row].function == skipping ? PFL_LIB_SKIPPED : PFL_LIB_FAILED);
    if (!strstr(outcome.reason, rows[row].said))
        fail_msg("row %zu: `%s' is not in `%s'", row, rows[row].said, outcome.reason);
    assert_int_equal(strstr(outcome.reason, "(here.c:7)") != NULL, rows[row].placed);
    assert_int_equal(outcome.batches, 0);
    assert_int_equal(outcome.metric_count, 0);
    assert_false(pfl_lib_in_loop());
    assert_null(pfl_lib_bench_here());
    pfl_lib_outcome_release(&outcome);
}

static void test_misuse(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(i, 1);
}

/* The same with others around: they do not hang, and the first word stays. */
static void test_misuse_in_threads(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(i, 3);
}

int test_lib_misuse(void);
int test_lib_misuse(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_misuse_in_threads),
    };

    return cmocka_run_group_tests_name("lib/misuse", tests, NULL, NULL);
}
