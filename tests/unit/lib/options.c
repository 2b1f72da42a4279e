/* Texts of the source become values: constant expressions, texts, and what is no constant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void test_integers(void **state)
{
    static const struct {
        const char *text;
        int64_t value;
    } rows[] = {
        {"100", 100},
        {" 1 << 20 ", 1048576},
        {"1 + 2 * 3", 7},
        {"(1 + 2) * 3", 9},
        {"10 - 2 - 3", 5},
        {"100 / 7", 14},
        {"100 % 7", 2},
        {"-5", -5},
        {"- -5", 5},
        {"0x10", 16},
        {"010", 8},
        {"0b101", 5},
        {"1'000'000", 1000000},
        {"4096UL", 4096},
        {"1 << 2 + 1", 8},
        {"256 >> 4", 16},
        {"((size_t)1024 * 4)", 4096},
        {"(unsigned long)7", 7},
        {"'a'", 97},
        {"9223372036854775807", INT64_MAX},
    };
    struct pfl_lib_arg value;
    char problem[200];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(pfl_lib_constant(rows[i].text, &value, problem, sizeof problem));
        assert_true(value.is_integer);
        assert_int_equal(value.integer, rows[i].value);
        assert_true(fabs(value.number - (double)rows[i].value) <= 0);
    }
}

static void test_numbers(void **state)
{
    static const struct {
        const char *text;
        double value;
    } rows[] = {{"0.5", 0.5},   {"1e3", 1000}, {"1.0 / 4", 0.25}, {"3 * 0.5f", 1.5},
                {"-2.5", -2.5}, {".5", 0.5},   {"0x1p4", 16},     {"1e-3", 0.001}};
    struct pfl_lib_arg value;
    char problem[200];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(pfl_lib_constant(rows[i].text, &value, problem, sizeof problem));
        assert_false(value.is_integer);
        assert_true(fabs(value.number - rows[i].value) < 1e-12);
    }
}

static void test_no_constants(void **state)
{
    static const char *const rows[] = {
        "",
        "N",
        "sizeof(int)",
        "1 +",
        "(1",
        "1)",
        "1 / 0",
        "5 % 0",
        "1 << 64",
        "1 << -1",
        "0.5 << 2",
        "9223372036854775808",
        "9223372036854775807 + 1",
        "1 2",
        "0x",
        "12abc",
        "1e999",
        "\"a\" 1",
        "\"a",
        "\"\\q\"",
        "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((1",
    };
    struct pfl_lib_arg values[PFL_LIB_VALUES_MAX];
    char problem[200];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        problem[0] = '\0';
        if (pfl_lib_values_parse(rows[i], values, problem, sizeof problem) != -1)
            fail_msg("`%s` was taken", rows[i]);
        assert_non_null(strstr(problem, "is no constant: "));
    }
}

static void test_lists(void **state)
{
    static const struct {
        const char *text, *joined; /* values with | between */
    } rows[] = {
        {"1, 2,3", "1|2|3"},
        {"\"random\", \"sorted\"", "random|sorted"},
        {"\"a,b\", \"c\\\"d\"", "a,b|c\"d"},
        {"\"a\" \"b\"", "ab"},
        {"(1, 2)", NULL},
        {"1 << 10, 0.1, -3", "1024|0.1|-3"},
        {"','", "44"},
        {"\"\"", ""},
        {"1,,2", NULL},
    };
    struct pfl_lib_arg values[PFL_LIB_VALUES_MAX];
    char problem[200], joined[200];
    size_t i;
    int n, j;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        n = pfl_lib_values_parse(rows[i].text, values, problem, sizeof problem);
        assert_int_equal(n < 0, rows[i].joined == NULL);
        for (joined[0] = '\0', j = 0; j < n; j++) {
            if (j > 0)
                strcat(joined, "|");
            strcat(joined, values[j].text);
            free((char *)values[j].text);
        }
        if (rows[i].joined)
            assert_string_equal(joined, rows[i].joined);
    }
}

static void test_too_many(void **state)
{
    struct pfl_lib_arg values[PFL_LIB_VALUES_MAX];
    char text[400] = "0", problem[200];
    int i, n;

    (void)state;
    for (i = 1; i < PFL_LIB_VALUES_MAX; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), ",%d", i);
    n = pfl_lib_values_parse(text, values, problem, sizeof problem);
    assert_int_equal(n, PFL_LIB_VALUES_MAX);
    for (i = 0; i < n; i++)
        free((char *)values[i].text);
    strcat(text, ",64");
    assert_int_equal(pfl_lib_values_parse(text, values, problem, sizeof problem), -1);
    assert_non_null(strstr(problem, "more than 64 values"));
}

int test_lib_options(void);
int test_lib_options(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_integers),     cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_no_constants), cmocka_unit_test(test_lists),
        cmocka_unit_test(test_too_many),
    };

    return cmocka_run_group_tests_name("lib/options", tests, NULL, NULL);
}
