/* Work formulas: values, precedence, and mistakes with their columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "measure/work.h"

static void values(void **state)
{
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"40", 40},      {" 7 ", 7},      {"1e3", 1000},      {"2.5E-1", 0.25}, {"2*3+4", 10},
        {"2+3*4", 14},   {"(2+3)*4", 20}, {"10-3-2", 5},      {"64/4/2", 8},    {"2^3^2", 512},
        {"-2^2 + 5", 1}, {"2*-3 + 7", 1}, {"20^3 / 2", 4000}, {"((1))", 1},     {"--4", 4},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_err err = {0};
        double value = 0;

        if (pfl_work_evaluate(cases[i].text, &value, &err) != PFL_OK)
            fail_msg("%s: %s", cases[i].text, err.message);
        assert_true(fabs(value - cases[i].value) < 1e-12);
    }
}

static void mistakes(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"", "column 1"},
        {"x", "a number at column 1"},
        {"2*", "a number at column 3"},
        {"(2+3", "\")\" at column 5"},
        {"2 3", "the end at column 3"},
        {"4)", "column 2"},
        {"1..2", "a number at column 1"},
        {"{n}", "column 1"},
        {"0", "above 0"},
        {"3-5", "above 0"},
        {"1/0", "finite"},
        {"9^9^9^9", "finite"},
        {"0/0", "finite"},
        {"1e", "the end at column 2"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_err err = {0};
        double value = 42;

        assert_int_equal(pfl_work_evaluate(cases[i].text, &value, &err), PFL_ECONFIG);
        if (!strstr(err.message, cases[i].says))
            fail_msg("\"%s\": %s", cases[i].text, err.message);
        assert_true(value == 42);
    }
}

static void nesting_is_limited(void **state)
{
    char text[4096];
    struct pfl_err err;
    double value;

    (void)state;
    memset(text, '(', sizeof text - 1);
    text[sizeof text - 1] = 0;
    assert_int_equal(pfl_work_evaluate(text, &value, &err), PFL_ECONFIG);
    assert_non_null(strstr(err.message, "less nesting"));
    memset(text, '-', sizeof text - 1);
    assert_int_equal(pfl_work_evaluate(text, &value, &err), PFL_ECONFIG);
}

int test_measure_work(void);
int test_measure_work(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(mistakes),
        cmocka_unit_test(nesting_is_limited),
    };

    return cmocka_run_group_tests_name("measure/work", tests, NULL, NULL);
}
