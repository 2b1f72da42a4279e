/* Errors against a reference: every measure on tables, what is not finite, and bad use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "told.h"

#include <float.h>
#include <math.h>

int test_lib_accuracy(void);

enum { N = 3 };

static const struct accuracy_case {
    const char *measure;
    double got[N], reference[N];
    double error;
    const char *fails; /* part of the reason; NULL: it does not */
} cases[] = {
    {"max_abs", {1, 2, 3}, {1, 2, 3}, 0, NULL},
    {"max_abs", {1, 2, 3.5}, {1, 2.25, 3}, 0.5, NULL},
    {"max_abs", {-1, 0, 0}, {1, 0, 0}, 2, NULL},
    {"max_rel", {1, 2.5, 3}, {1, 2, 3}, 0.25, NULL},
    {"max_rel", {0.5, 2, 3}, {0, 2, 3}, 0.5, NULL}, /* |g| where r is 0 */
    {"max_rel", {0, -0.0, 3}, {-0.0, 0, 3}, 0, NULL},
    {"max_rel", {-2, 1, 1}, {-4, 1, 1}, 0.5, NULL},
    {"rms", {1, 2, 3}, {1, 2, 3}, 0, NULL},
    {"rms", {3, 0, 4}, {0, 0, 0}, 2.8867513459481287, NULL}, /* 5 / sqrt(3) */
    {"rms", {3e200, 0, 4e200}, {0, 0, 0}, 2.8867513459481287e200, NULL},
    {"rms", {3e-200, 0, 4e-200}, {0, 0, 0}, 2.8867513459481287e-200, NULL},
    {"rel_l2", {3, 4, 1}, {3, 4, 0}, 0.2, NULL},
    {"rel_l2", {3e200, 4e200, 1e200}, {3e200, 4e200, 0}, 0.2, NULL},
    {"rel_l2", {3, 4, 0}, {0, 0, 0}, 5, NULL},
    {"rel_l2", {0, 0, 0}, {0, 0, 0}, 0, NULL},
    {"max_ulp", {1, 1, 1}, {1, 1 + DBL_EPSILON, 1 - DBL_EPSILON / 2}, 1, NULL},
    {"max_ulp", {5e-324, 0, 0}, {-5e-324, 0, -0.0}, 2, NULL}, /* across zero */
    {"max_ulp", {DBL_MIN, 0, 0}, {DBL_MIN - 5e-324, 0, 0}, 1, NULL},
    {"max_ulp", {-1, 0, 0}, {1, 0, 0}, 9214364837600034816.0, NULL}, /* 2 · 0x3ff0… */
    /* NaN on both sides and the same infinity are equal */
    {"max_abs", {NAN, INFINITY, 3}, {NAN, INFINITY, 2}, 1, NULL},
    {"rms", {NAN, -INFINITY, 3}, {-NAN, -INFINITY, 3}, 0, NULL},
    {"rel_l2", {NAN, INFINITY, 3}, {NAN, INFINITY, 4}, 0.25, NULL},
    {"max_ulp", {NAN, INFINITY, 3}, {NAN, INFINITY, 3}, 0, NULL},
    {"max_rel", {NAN, INFINITY, 3}, {NAN, INFINITY, 3}, 0, NULL},
    /* anything else that is not finite is infinitely wrong */
    {"max_abs",
     {1, NAN, 3},
     {1, 2, 3},
     INFINITY,
     "parity: element 1 is nan where the reference has 2"},
    {"rms", {1, 2, 3}, {1, 2, NAN}, INFINITY, "parity: element 2 is 3 where the reference has nan"},
    {"max_ulp", {INFINITY, 2, 3}, {DBL_MAX, 2, 3}, INFINITY, "element 0 is inf"},
    {"max_rel", {INFINITY, 2, 3}, {-INFINITY, 2, 3}, INFINITY, "element 0 is inf where"},
    {"rel_l2", {NAN, 2, 3}, {INFINITY, 2, 3}, INFINITY, "element 0 is nan where"},
    {"max_abs", {DBL_MAX, 0, 0}, {-DBL_MAX, 0, 0}, INFINITY, "beyond the largest double"},
    {"max_rel", {1, 0, 0}, {5e-324, 0, 0}, INFINITY, "beyond the largest double"},
    {"max", {1, 2, 3}, {1, 2, 3}, INFINITY, "no measure is called \"max\"; there are max_abs"},
};

static const struct accuracy_case *at_hand;
static double answered;

static void compare(struct pfl_bench *b)
{
    answered = pfl_parity(b, at_hand->measure, at_hand->got, at_hand->reference, N);
    PFL_LOOP(b)
    {
    }
}

static void test_measures(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pfl_lib_outcome outcome;
        struct pfl_lib_case c;

        at_hand = &cases[i];
        told_bench(compare, &c, &outcome);
        if (isinf(at_hand->error) ? answered != at_hand->error
                                  : !(fabs(answered - at_hand->error) <= 1e-15 * at_hand->error))
            fail_msg("case %zu, %s: %.17g, expected %.17g", i, at_hand->measure, answered,
                     at_hand->error);
        if (at_hand->fails) {
            assert_int_equal(outcome.status, PFL_LIB_FAILED);
            if (!strstr(outcome.reason, at_hand->fails))
                fail_msg("case %zu: %s", i, outcome.reason);
        } else {
            assert_int_equal(outcome.status, PFL_LIB_OK);
            assert_int_equal(outcome.metric_count, 1);
            assert_string_equal(outcome.metrics[0].name, "parity_error");
            assert_string_equal(outcome.metrics[0].variant, at_hand->measure);
            assert_string_equal(outcome.metrics[0].unit, "1");
            assert_true(outcome.metrics[0].value == answered);
        }
        pfl_lib_outcome_release(&outcome);
    }
}

/* ---- floats ---- */

static double float_errors[5];

static void compare_floats(struct pfl_bench *b)
{
    static const float got[] = {1, 2, 3.5F}, reference[] = {1, 2.25F, 3};
    static const float near[] = {1, -1e-45F, 0}, next[] = {1 + FLT_EPSILON, 1e-45F, -0.0F};

    float_errors[0] = pfl_parity_float(b, "max_abs", got, reference, 3);
    float_errors[1] = pfl_parity_float(b, "max_rel", got, reference, 3);
    float_errors[2] = pfl_parity_float(b, "max_ulp", near, next, 1);
    float_errors[3] = pfl_parity_float(b, "max_ulp", near, next, 3);
    float_errors[4] = pfl_parity_float(b, "rms", got, got, 3);
    PFL_LOOP(b)
    {
    }
}

static void test_floats(void **state)
{
    struct pfl_lib_outcome outcome;
    struct pfl_lib_case c;

    (void)state;
    told_bench(compare_floats, &c, &outcome);
    assert_int_equal(outcome.status, PFL_LIB_OK);
    assert_true(float_errors[0] == 0.5 && float_errors[1] == 0.5 / 3);
    assert_true(float_errors[2] == 1 && float_errors[3] == 2);
    assert_true(float_errors[4] == 0);
    pfl_lib_outcome_release(&outcome);
}

/* ---- said again ---- */

static void compare_twice(struct pfl_bench *b)
{
    static const double ones[] = {1}, twos[] = {2}, threes[] = {3};

    pfl_parity(b, "max_abs", ones, threes, 1);
    pfl_parity(b, "max_abs", twos, threes, 1);
    pfl_parity(b, "max_ulp", ones, ones, 1);
    PFL_LOOP(b)
    {
    }
}

static void test_the_larger_counts(void **state)
{
    struct pfl_lib_outcome outcome;
    struct pfl_lib_case c;

    (void)state;
    told_bench(compare_twice, &c, &outcome);
    assert_int_equal(outcome.metric_count, 2);
    assert_true(outcome.metrics[0].value == 2);
    pfl_lib_outcome_release(&outcome);
}

/* ---- bad use ---- */

static const double some[] = {1, 2};

static void of_nothing(struct pfl_bench *b)
{
    answered = pfl_parity(b, "rms", some, some, 0);
}

static void of_null(struct pfl_bench *b)
{
    answered = pfl_parity(b, "rms", some, NULL, 2);
}

static void of_null_measure(struct pfl_bench *b)
{
    answered = pfl_parity(b, NULL, some, some, 2);
}

static void in_the_loop(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        answered = pfl_parity(b, "rms", some, some, 2);
    }
}

static void test_bad_use(void **state)
{
    static const struct {
        pfl_bench_function *function;
        const char *reason;
    } uses[] = {
        {of_nothing, "of 0 elements"},
        {of_null, "are NULL"},
        {of_null_measure, "no measure is called \"(null)\""},
        {in_the_loop, "inside PFL_LOOP"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        struct pfl_lib_outcome outcome;
        struct pfl_lib_case c;

        answered = 0;
        told_bench(uses[i].function, &c, &outcome);
        assert_int_equal(outcome.status, PFL_LIB_FAILED);
        if (!strstr(outcome.reason, uses[i].reason))
            fail_msg("%s", outcome.reason);
        assert_true(isinf(answered));
        pfl_lib_outcome_release(&outcome);
    }
}

int test_lib_accuracy(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_measures),
        cmocka_unit_test(test_floats),
        cmocka_unit_test(test_the_larger_counts),
        cmocka_unit_test(test_bad_use),
    };

    return cmocka_run_group_tests_name("lib/accuracy", tests, NULL, NULL);
}
