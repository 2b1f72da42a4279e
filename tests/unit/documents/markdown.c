/* Texts from outside stay texts, tables are aligned, and figures say no more than is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "documents/markdown.h"
#include "documents/words.h"

#include <math.h>
#include <string.h>

static void text_is_no_markup(void **state)
{
    static const struct {
        const char *raw, *text, *code;
    } cases[] = {
        {"plain words, 3 < 4", "plain words, 3 \\< 4", "`plain words, 3 < 4`"},
        {"*a* _b_ c_d `e` [f](g)", "\\*a\\* \\_b\\_ c_d \\`e\\` \\[f\\](g)",
         "`` *a* _b_ c_d `e` [f](g) ``"},
        {"two\nlines\r\n\tof", "two lines of", "`two lines of`"},
        {"bell \a", "bell \\\\x07", "`bell \\x07`"},
        {"- item", "\\- item", "`- item`"},
        {"12. item", "12\\. item", "`12. item`"},
        {"-5 % of", "-5 % of", "`-5 % of`"},
        {"# heading #", "\\# heading \\#", "`# heading #`"},
        {"issue #4", "issue #4", "`issue #4`"},
        {"a&lt;b & c", "a&amp;lt;b & c", "`a&lt;b & c`"},
        {"<!-- perfledger:end", "\\<!-- perfledger:end", "`<!-- perfledger:end`"},
        {"$x$ ~y~", "\\$x\\$ \\~y\\~", "`$x$ ~y~`"},
        {"a``b", "a\\`\\`b", "`````` a``b ``````"},
        {"", "", ""},
    };
    struct pfl_buf buf;
    size_t i;

    (void)state;
    pfl_buf_init(&buf, 1 << 12);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_buf_clear(&buf);
        pfl_markdown_text(&buf, cases[i].raw);
        assert_string_equal(pfl_buf_cstr(&buf), cases[i].text);
        pfl_buf_clear(&buf);
        pfl_markdown_code(&buf, cases[i].raw);
        assert_string_equal(pfl_buf_cstr(&buf), cases[i].code);
    }
    pfl_buf_clear(&buf);
    pfl_markdown_link(&buf, "x", "a b/(c).md");
    assert_string_equal(pfl_buf_cstr(&buf), "[x](a%20b/%28c%29.md)");
    pfl_buf_release(&buf);
}

static void tables_are_aligned(void **state)
{
    static const struct pfl_table_column columns[] = {{"name", PFL_TABLE_LEFT, 0, 0},
                                                      {"none", PFL_TABLE_LEFT, 0, 0},
                                                      {"x", PFL_TABLE_RIGHT, 0, 0}};
    struct pfl_table_cell rows[][3] = {{{"a|b", 0}, {"", 0}, {"1 µs", 0}},
                                       {{"längstes", 0}, {"–", 0}, {"22", 0}}};
    struct pfl_arena arena;
    struct pfl_table table;
    struct pfl_buf buf;

    (void)state;
    pfl_arena_init(&arena);
    pfl_buf_init(&buf, 1 << 12);
    pfl_table_init(&table, &arena, columns, PFL_COUNT(columns));
    table.blank = "–";
    pfl_table_add(&table, rows[0]);
    pfl_table_add(&table, rows[1]);
    assert_int_equal(pfl_markdown_table(&table, &buf, NULL), PFL_OK);
    assert_string_equal(pfl_buf_cstr(&buf), "| name     |    x |\n"
                                            "| -------- | ---: |\n"
                                            "| a\\|b     | 1 µs |\n"
                                            "| längstes |   22 |\n");
    pfl_buf_release(&buf);
    pfl_arena_release(&arena);
}

static void figures_have_the_digits_that_are_known(void **state)
{
    static const struct {
        double ratio, low, high;
        const char *text, *interval, *verdict;
    } cases[] = {
        {0.6, 0.5, 0.72, "0.60", "0.50 … 0.72", "improved (40 % less)"},
        {0.6123, 0.6101, 0.6144, "0.612", "0.610 … 0.614", "improved (39 % less)"},
        {0.9, 0.81, 0.9996, "0.9000", "0.8100 … 0.9996", "improved (10 % less)"},
        {0.95, 0.949, 0.951, "0.950", "0.949 … 0.951", "improved (5.0 % less)"},
        {0.5, 0.5, 0.5, "0.500", "exact", "improved (50 % less)"},
        {12.4, 11, 13, "12", "11 … 13", "improved (12 times as much)"},
        {NAN, NAN, NAN, "–", "–", "improved"},
    };
    struct pfl_buf buf;
    size_t i;

    (void)state;
    pfl_buf_init(&buf, 1 << 12);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_row row = {.ratio = cases[i].ratio,
                              .ratio_low = cases[i].low,
                              .ratio_high = cases[i].high,
                              .verdict = PFL_VERDICT_IMPROVED};

        pfl_buf_clear(&buf);
        pfl_words_ratio(&buf, &row);
        assert_string_equal(pfl_buf_cstr(&buf), cases[i].text);
        pfl_buf_clear(&buf);
        pfl_words_ratio_interval(&buf, &row);
        assert_string_equal(pfl_buf_cstr(&buf), cases[i].interval);
        pfl_buf_clear(&buf);
        pfl_words_verdict(&buf, &row);
        assert_string_equal(pfl_buf_cstr(&buf), cases[i].verdict);
    }
    pfl_buf_release(&buf);
}

static void little_that_is_left_is_seen(void **state)
{
    static const struct {
        double ratio;
        const char *text;
    } cases[] = {{0.62, "improved (38 % less)"},      {0.02, "improved (98 % less)"},
                 {0.0099, "improved (99.0 % less)"},  {0.0021, "improved (99.8 % less)"},
                 {0.0002, "improved (99.98 % less)"}, {0, "improved (100 % less)"}};
    struct pfl_buf buf;
    size_t i;

    (void)state;
    pfl_buf_init(&buf, 1 << 12);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        const struct pfl_row row = {.ratio = cases[i].ratio, .verdict = PFL_VERDICT_IMPROVED};

        pfl_buf_clear(&buf);
        pfl_words_verdict(&buf, &row);
        assert_string_equal(pfl_buf_cstr(&buf), cases[i].text);
    }
    pfl_buf_release(&buf);
}

static void compilers_are_named_as_people_do(void **state)
{
    static const char *const cases[][2] = {
        {"GCC: (Debian 12.2.0-14+deb12u1) 12.2.0", "GCC 12.2.0 (Debian 12.2.0-14+deb12u1)"},
        {"gcc 12.2.0 -O2", "gcc 12.2.0 -O2"},
        {"GCC: (GNU) 13.1.0; rustc version 1.70 (x)", "GCC: (GNU) 13.1.0; rustc version 1.70 (x)"},
        {"clang version 14.0.6 (Debian)", "clang version 14.0.6 (Debian)"},
        {"GCC: () ", "GCC: () "},
        {"", ""}};
    struct pfl_buf buf;
    size_t i;

    (void)state;
    pfl_buf_init(&buf, 1 << 12);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_buf_clear(&buf);
        pfl_words_compiler(&buf, cases[i][0]);
        assert_string_equal(pfl_buf_cstr(&buf), cases[i][1]);
    }
    pfl_buf_release(&buf);
}

static void values_and_names_are_a_persons(void **state)
{
    static const struct {
        double median, low, high;
        const char *unit, *text;
    } values[] = {
        {0.1, 0.098, 0.102, "s", "100 ± 2 ms"},
        {0.000878, 0.000838, 0.0021, "s", "878 µs (838 µs … 2.10 ms)"},
        {1024, 1024, 1024, "B", "1.00 KiB"},
        {5, NAN, NAN, "s", "5.00 s"},
        {NAN, NAN, NAN, "s", "–"},
    };
    static const char *const metrics[][3] = {{"time", "", "time"},
                                             {"peak_rss:parse", "", "peak RSS, `parse`"},
                                             {"residual", "", "`residual`"},
                                             {"artifact_size", "a.out", "artefact size, `a.out`"}};
    static const struct {
        double fraction;
        const char *text;
    } bounds[] = {{0.0121, "1.3 %"}, {0.012, "1.2 %"}, {0.141, "15 %"}, {0.99, "99 %"}};
    struct pfl_buf buf;
    size_t i;

    (void)state;
    pfl_buf_init(&buf, 1 << 12);
    for (i = 0; i < PFL_COUNT(values); i++) {
        pfl_buf_clear(&buf);
        pfl_words_value(&buf, values[i].median, values[i].low, values[i].high, values[i].unit);
        assert_string_equal(pfl_buf_cstr(&buf), values[i].text);
    }
    for (i = 0; i < PFL_COUNT(metrics); i++) {
        pfl_buf_clear(&buf);
        pfl_words_metric(&buf, metrics[i][0], metrics[i][1]);
        assert_string_equal(pfl_buf_cstr(&buf), metrics[i][2]);
    }
    for (i = 0; i < PFL_COUNT(bounds); i++) {
        pfl_buf_clear(&buf);
        pfl_words_bound(&buf, bounds[i].fraction);
        assert_string_equal(pfl_buf_cstr(&buf), bounds[i].text);
    }
    pfl_buf_clear(&buf);
    pfl_words_day(&buf, INT64_C(1795305599) * 1000000000);
    assert_string_equal(pfl_buf_cstr(&buf), "2026-11-21");
    pfl_buf_release(&buf);
}

int test_documents_markdown(void);
int test_documents_markdown(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_no_markup),
        cmocka_unit_test(tables_are_aligned),
        cmocka_unit_test(figures_have_the_digits_that_are_known),
        cmocka_unit_test(little_that_is_left_is_seen),
        cmocka_unit_test(compilers_are_named_as_people_do),
        cmocka_unit_test(values_and_names_are_a_persons),
    };

    return cmocka_run_group_tests_name("documents/markdown", tests, NULL, NULL);
}
