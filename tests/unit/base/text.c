/* UTF-8, widths, safe display, globs, slips and natural order, by tables of cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/text.h"

#include <string.h>

static void decoding_refuses_what_is_not_utf8(void **state)
{
    static const struct {
        const char *bytes;
        size_t len, step;
        uint32_t point;
    } cases[] = {
        {"A", 1, 1, 'A'},
        {"", 0, 0, 0},
        {"\xC3\xA9", 2, 2, 0xE9},
        {"\xE2\x82\xAC", 3, 3, 0x20AC},
        {"\xF0\x9F\x98\x80", 4, 4, 0x1F600},
        {"\xF4\x8F\xBF\xBF", 4, 4, 0x10FFFF},
        {"\xF4\x90\x80\x80", 4, 0, 0},
        {"\xED\xA0\x80", 3, 0, 0}, /* a surrogate */
        {"\xC0\x80", 2, 0, 0},     /* overlong */
        {"\xE0\x80\x80", 3, 0, 0},
        {"\xF0\x80\x80\x80", 4, 0, 0},
        {"\xE2\x82", 2, 0, 0}, /* cut short */
        {"\xE2\x28\xA1", 3, 0, 0},
        {"\x80", 1, 0, 0},
        {"\xFF", 1, 0, 0},
    };
    uint32_t point;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        point = 0;
        assert_int_equal(pfl_text_decode(cases[i].bytes, cases[i].len, &point), cases[i].step);
        assert_int_equal(point, cases[i].point);
        assert_int_equal(pfl_text_is_utf8(cases[i].bytes, cases[i].len),
                         cases[i].step == cases[i].len);
    }
}

static void every_code_point_survives_encoding(void **state)
{
    struct pfl_buf buf;
    uint32_t point, back;

    (void)state;
    pfl_buf_init(&buf, 16);
    for (point = 0; point <= 0x110000; point++) {
        pfl_buf_clear(&buf);
        if (!pfl_text_encode(&buf, point)) {
            assert_true(point == 0x110000 || (point >= 0xD800 && point <= 0xDFFF));
            continue;
        }
        assert_int_equal(pfl_text_decode(buf.data, buf.len, &back), buf.len);
        assert_int_equal(back, point);
    }
    pfl_buf_release(&buf);
}

static void widths_are_terminal_columns(void **state)
{
    static const struct {
        const char *text;
        size_t width;
    } cases[] = {{"", 0},
                 {"abc", 3},
                 {"é", 1},
                 {"e\xCC\x81", 1},
                 {"日本", 4},
                 {"한글", 4},
                 {"😀", 2},
                 {"▁▂▇", 3},
                 {"±×", 2},
                 {"\xFF\xFE", 2},
                 {"\x1b", 0},
                 {"👍🏽", 2},
                 {"ｗｉｄｅ", 8},
                 {"a\xE2\x80\x8B"
                  "b",
                  2},
                 {"µs", 2}};
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++)
        assert_int_equal(pfl_text_width(cases[i].text), cases[i].width);
}

static void fitting_never_exceeds_the_columns(void **state)
{
    static const struct {
        const char *text;
        size_t columns;
        const char *shown;
    } cases[] = {
        {"pipeline", 8, "pipeline"},
        {"pipeline", 7, "pipeli…"},
        {"pipeline", 1, "…"},
        {"pipeline", 0, ""},
        {"日本語", 6, "日本語"},
        {"日本語", 5, "日本…"},
        {"日本語", 4, "日…"},
        {"日本語", 2, "…"},
        {"e\xCC\x81"
         "ab",
         2, "e\xCC\x81…"},
    };
    struct pfl_buf buf;
    size_t i;

    (void)state;
    pfl_buf_init(&buf, 100);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_buf_clear(&buf);
        pfl_text_fit(&buf, cases[i].text, cases[i].columns);
        assert_string_equal(pfl_buf_cstr(&buf), cases[i].shown);
    }
    pfl_buf_release(&buf);
}

static void cuts_go_through_the_middle(void **state)
{
    static const struct {
        const char *text;
        size_t columns;
        const char *shown;
    } cases[] = {
        {"short", 5, "short"},
        {"solve[size=10]", 10, "solv…e=10]"},
        {"solve[size=10]", 9, "sol…e=10]"},
        {"日本語のベンチ", 8, "日…ンチ"},
        {"abc", 2, "a…"},
        {"abc", 0, ""},
    };
    struct pfl_buf buf;
    size_t i;

    (void)state;
    pfl_buf_init(&buf, 100);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_buf_clear(&buf);
        pfl_text_fit_middle(&buf, cases[i].text, cases[i].columns);
        assert_string_equal(pfl_buf_cstr(&buf), cases[i].shown);
    }
    pfl_buf_release(&buf);
}

static void names_are_shown_safely(void **state)
{
    static const struct {
        const char *text, *shown;
    } cases[] = {
        {"plain [size=10] é 日本", "plain [size=10] é 日本"},
        {"a\nb\tc\rd", "a\\nb\\tc\\rd"},
        {"\x1b[31mred\x07", "\\x1b[31mred\\x07"},
        {"\x7f", "\\x7f"},
        {"\xC2\x85", "\\u0085"},
        {"\xE2\x80\xAEgpj.exe", "\\u202egpj.exe"},
        {"\xE2\x81\xA6x\xE2\x81\xA9", "\\u2066x\\u2069"},
        {"bad\xFF\xC3", "bad\\xff\\xc3"},
    };
    struct pfl_arena arena;
    size_t i;

    (void)state;
    pfl_arena_init(&arena);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        const char *shown = pfl_text_shown(&arena, cases[i].text);

        assert_string_equal(shown, cases[i].shown);
        if (strcmp(cases[i].text, cases[i].shown) == 0)
            assert_ptr_equal(shown, cases[i].text);
    }
    pfl_fault.alloc_seen = 0;
    pfl_fault.alloc_at = 1;
    assert_null(pfl_text_shown(&arena, "\n"));
    memset(&pfl_fault, 0, sizeof pfl_fault);
    pfl_arena_release(&arena);
}

static void globs(void **state)
{
    static const struct {
        const char *pattern, *text;
        bool matches;
    } cases[] = {
        {"*", "", true},
        {"*", "a/b[c]", true},
        {"pipeline*", "pipeline[size=10]", true},
        {"pipeline*", "pipelin", false},
        {"kernels/*", "kernels/forward[batch=32]", true},
        {"*e*r*d", "kernels/forward", true},
        {"a*b*c", "aXbXbXc", true},
        {"a*b*c", "aXcXb", false},
        {"?", "é", true},
        {"??", "é", false},
        {"?", "", false},
        {"b?r", "b\xFFr", true},
        {"\\*", "*", true},
        {"\\*", "x", false},
        {"a\\", "a\\", true},
        {"", "", true},
        {"", "a", false},
        {"a", "ab", false},
        {"*[n=1]", "b[n=1]", true}, /* brackets are plain */
        {"*[n=1]", "bn", false},
        {"**", "x", true},
        {"*?", "", false},
        {"*a", "aaaaaaaaab", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++)
        if (pfl_text_glob(cases[i].pattern, cases[i].text) != cases[i].matches)
            fail_msg("glob '%s' on '%s'", cases[i].pattern, cases[i].text);
}

static void distances(void **state)
{
    static const struct {
        const char *a, *b;
        size_t limit, distance;
    } cases[] = {
        {"", "", 3, 0},
        {"abc", "abc", 3, 0},
        {"abc", "ab", 3, 1},
        {"rounds", "ruonds", 3, 1},
        {"ca", "abc", 5, 3},
        {"kitten", "sitting", 9, 3},
        {"kitten", "sitting", 2, 3},
        {"abc", "xyz", 1, 2},
        {"", "abcd", 9, 4},
        {"0123456789012345678901234567890123456789012345678901234567890123456789", "0", 100, 101},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        assert_int_equal(pfl_text_distance(cases[i].a, cases[i].b, cases[i].limit),
                         cases[i].distance);
        assert_int_equal(pfl_text_distance(cases[i].b, cases[i].a, cases[i].limit),
                         cases[i].distance);
    }
}

static void slips_find_their_word(void **state)
{
    static const char *const words[] = {"rounds",   "warmup", "timeout",
                                        "max_time", "run",    "compare"};
    static const struct {
        const char *word, *nearest;
    } cases[] = {{"round", "rounds"},
                 {"wramup", "warmup"},
                 {"time_out", "timeout"},
                 {"max-time", "max_time"},
                 {"comp", "compare"},
                 {"rnu", "run"},
                 {"x", NULL},
                 {"seed", NULL},
                 {"", NULL}};
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        const char *nearest = pfl_text_nearest(cases[i].word, words, PFL_COUNT(words));

        if (cases[i].nearest)
            assert_string_equal(nearest, cases[i].nearest);
        else
            assert_null(nearest);
    }
}

static void natural_order_is_total(void **state)
{
    static const char *const sorted[] = {"",
                                         "007",
                                         "07",
                                         "7",
                                         "b",
                                         "b[n=9]",
                                         "b[n=09]x",
                                         "b[n=9]x",
                                         "b[n=10]",
                                         "b[n=10]/1",
                                         "b[n=18446744073709551616]",
                                         "b[n=18446744073709551617]",
                                         "c",
                                         "é"};
    size_t i, j;

    (void)state;
    for (i = 0; i < PFL_COUNT(sorted); i++)
        for (j = 0; j < PFL_COUNT(sorted); j++) {
            int order = pfl_text_compare_natural(sorted[i], sorted[j]);

            if ((order < 0) != (i < j) || (order > 0) != (i > j))
                fail_msg("'%s' and '%s': %d", sorted[i], sorted[j], order);
        }
    assert_true(pfl_text_starts("abc", "") && pfl_text_starts("abc", "ab") &&
                !pfl_text_starts("a", "ab"));
    assert_true(pfl_text_ends("abc", "") && pfl_text_ends("abc", "bc") &&
                !pfl_text_ends("c", "bc"));
}

int test_base_text(void);

int test_base_text(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decoding_refuses_what_is_not_utf8),
        cmocka_unit_test(every_code_point_survives_encoding),
        cmocka_unit_test(widths_are_terminal_columns),
        cmocka_unit_test(fitting_never_exceeds_the_columns),
        cmocka_unit_test(cuts_go_through_the_middle),
        cmocka_unit_test(names_are_shown_safely),
        cmocka_unit_test(globs),
        cmocka_unit_test(distances),
        cmocka_unit_test(slips_find_their_word),
        cmocka_unit_test(natural_order_is_total),
    };

    return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}
