/* CSV series: what is read, and what is refused at which line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "formats/series_csv.h"

#include <math.h>
#include <string.h>

static void series_are_read(void **state)
{
    static const struct {
        const char *text, *metric, *first_revision; /* NULL: no revisions */
        size_t n;
        double first, last;
    } cases[] = {
        {"1\n2\n3.5e-3\n", "value", NULL, 3, 1, 3.5e-3},
        {"ms\n1\n2", "ms", NULL, 2, 1, 2},
        {"revision,ms\r\nab,1\r\ncd,-2\r\n", "ms", "ab", 2, 1, -2},
        {"ab,1\ncd,\n", "value", "ab", 2, 1, NAN},
        {"\xEF\xBB\xBF# remark\n\n \"a \"\"b\"\", c\" , 1\nx,inf\n", "value", "a \"b\", c", 2, 1,
         INFINITY},
        {"nan\n-Infinity\n", "value", NULL, 2, NAN, -INFINITY},
        {"", "value", NULL, 0, 0, 0},
    };
    struct pfl_series series;
    struct pfl_arena arena;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_arena_init(&arena);
        assert_int_equal(pfl_series_csv_read("a/b.csv", cases[i].text, strlen(cases[i].text),
                                             &arena, &series, NULL),
                         PFL_OK);
        assert_string_equal(series.benchmark, "b");
        assert_string_equal(series.metric, cases[i].metric);
        assert_int_equal(series.n, cases[i].n);
        assert_int_equal(series.revisions != NULL, cases[i].first_revision != NULL);
        if (cases[i].first_revision)
            assert_string_equal(series.revisions[0], cases[i].first_revision);
        if (cases[i].n) {
            assert_memory_equal(&series.values[0], &cases[i].first,
                                isnan(cases[i].first) ? 0 : sizeof(double));
            assert_true(isnan(cases[i].last) ? isnan(series.values[series.n - 1])
                                             : series.values[series.n - 1] == cases[i].last);
        }
        pfl_arena_release(&arena);
    }
}

static void bad_lines_are_named(void **state)
{
    static const struct {
        const char *text;
        int line;
        const char *says;
    } cases[] = {
        {"1\nx\n", 2, "expected a number, found `x`"},
        {"a\nb\n1\n", 2, "expected a number"},
        {"1\n2,3\n", 2, "2 columns"},
        {"a,b,c\n", 1, "more than two columns"},
        {"1\n\"2\n", 2, "never closed"},
        {"1\n0x10z\n", 2, "0x10z"},
    };
    struct pfl_series series;
    struct pfl_arena arena;
    struct pfl_err err;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_arena_init(&arena);
        assert_int_equal(pfl_series_csv_read("b.csv", cases[i].text, strlen(cases[i].text), &arena,
                                             &series, &err),
                         PFL_EPARSE);
        assert_string_equal(err.file, "b.csv");
        assert_int_equal(err.line, cases[i].line);
        if (!strstr(err.message, cases[i].says))
            fail_msg("'%s' does not say '%s'", err.message, cases[i].says);
        pfl_arena_release(&arena);
    }
    pfl_arena_init(&arena);
    assert_int_equal(pfl_series_csv_read("b.csv", "1\n\0", 3, &arena, &series, &err), PFL_EPARSE);
    pfl_arena_release(&arena);
}

int test_formats_series_csv(void);
int test_formats_series_csv(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(series_are_read),
        cmocka_unit_test(bad_lines_are_named),
    };

    return cmocka_run_group_tests_name("formats series_csv", tests, NULL, NULL);
}
