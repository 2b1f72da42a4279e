/* Commands as text: splitting, quoting, substituting; errors with their column; every allocation
 * failing once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/text.h"

#include <string.h>

static int start(void **state)
{
    static struct pfl_arena arena;

    pfl_arena_init(&arena);
    *state = &arena;
    return 0;
}

static int stop(void **state)
{
    memset(&pfl_fault, 0, sizeof pfl_fault);
    pfl_arena_release(*state);
    return 0;
}

static void commands_split_as_a_shell_would(void **state)
{
    static const struct {
        const char *command, *words; /* words joined by | */
        char shell;
    } cases[] = {
        {"", "", 0},
        {"  \t ", "", 0},
        {"true", "true", 0},
        {"  gzip   -9 f ", "gzip|-9|f", 0},
        {"a 'b c' \"d e\"", "a|b c|d e", 0},
        {"a''b\"\"", "ab", 0},
        {"x '' \"\"", "x||", 0},
        {"a\\ b \\\\", "a b|\\", 0},
        {"\"a\\\"b\\$c\\`d\\\\e\\x\"", "a\"b$c`d\\e\\x", 0},
        {"'a\\n$x'", "a\\n$x", 0},
        {"line \\\n two\nthree", "line|two|three", 0},
        {"\"a\\\nb\"", "ab", 0},
        {"sort < in > out", "sort|<|in|>|out", '<'},
        {"a | b && c", "a|||b|&&|c", '|'},
        {"echo $HOME", "echo|$HOME", '$'},
        {"echo \"$HOME\"", "echo|$HOME", '$'},
        {"ls *.c", "ls|*.c", '*'},
        {"a#b a~b", "a#b|a~b", 0},
        {"#b", "#b", '#'},
        {"~/x", "~/x", '~'},
        {"''#b", "#b", 0},
        {"echo '*' \\* \"*\"", "echo|*|*|*", 0},
        {"é '日 本'", "é|日 本", 0},
    };
    struct pfl_arena *arena = *state;
    struct pfl_buf joined;
    struct pfl_err err;
    char **argv, shell;
    size_t argc, i, j;

    pfl_buf_init(&joined, 1000);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        assert_int_equal(
            pfl_text_split_command(arena, cases[i].command, &argv, &argc, &shell, &err), PFL_OK);
        pfl_buf_clear(&joined);
        for (j = 0; j < argc; j++)
            pfl_buf_format(&joined, "%s%s", j ? "|" : "", argv[j]);
        assert_null(argv[argc]);
        assert_string_equal(pfl_buf_cstr(&joined), cases[i].words);
        assert_int_equal(shell, cases[i].shell);
    }
    pfl_buf_release(&joined);
}

static void unclosed_quotes_are_shown_where_they_begin(void **state)
{
    static const struct {
        const char *command;
        int column;
    } cases[] = {{"a 'b", 3}, {"é日 \"x", 4}, {"a \"b' ", 3}, {"abc\\", 4}, {"'", 1}, {"\"\\", 1}};
    char **argv = NULL, shell = 'u';
    size_t argc = 77, i;
    struct pfl_err err;

    for (i = 0; i < PFL_COUNT(cases); i++) {
        assert_int_equal(
            pfl_text_split_command(*state, cases[i].command, &argv, &argc, &shell, &err),
            PFL_EPARSE);
        assert_int_equal(err.column, cases[i].column);
    }
    assert_string_equal(
        err.message,
        "splitting a command into words: the quote \" is never closed: it begins at column 1");
    assert_null(argv); /* out-parameters stay untouched */
    assert_int_equal(argc, 77);
    assert_int_equal(shell, 'u');
}

static void quoting_is_done_where_needed(void **state)
{
    static const struct {
        const char *word, *quoted;
    } cases[] = {{"plain-1.0/x=y:z,@%+_", "plain-1.0/x=y:z,@%+_"},
                 {"", "''"},
                 {"a b", "'a b'"},
                 {"it's", "'it'\\''s'"},
                 {"$x", "'$x'"},
                 {"~", "'~'"},
                 {"é", "é"},
                 {"a\nb", "'a\nb'"}};
    struct pfl_buf buf;
    size_t i;

    (void)state;
    pfl_buf_init(&buf, 100);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_buf_clear(&buf);
        pfl_text_quote(&buf, cases[i].word);
        assert_string_equal(pfl_buf_cstr(&buf), cases[i].quoted);
    }
    pfl_buf_release(&buf);
}

static const char *const names[] = {"size", "seed", "odd name"};
static const char *const values[] = {"10", "{size}", "v"};

static void parameters_are_put_in_once(void **state)
{
    static const struct {
        const char *text, *done, *unknown;
    } cases[] = {
        {"./p --size {size}", "./p --size 10", NULL},
        {"{seed}", "{size}", NULL}, /* values are not substituted again */
        {"{{size}} {{{size}}}", "{size} {10}", NULL},
        {"{odd name}", "v", NULL},
        {"{szie} {other}", "{szie} {other}", "szie"},
        {"awk '{print $1}' {", "awk '{print $1}' {", NULL},
        {"{} }{size}{", "{} }10{", NULL},
        {"", "", NULL},
    };
    const char *unknown;
    size_t i;

    for (i = 0; i < PFL_COUNT(cases); i++) {
        unknown = "untouched";
        assert_string_equal(pfl_text_substitute(*state, cases[i].text, names, values, 3, &unknown),
                            cases[i].done);
        if (cases[i].unknown)
            assert_string_equal(unknown, cases[i].unknown);
        else
            assert_null(unknown);
    }
    assert_string_equal(pfl_text_substitute(*state, "{x}", names, values, 3, NULL), "{x}");
}

static void every_allocation_may_fail(void **state)
{
    struct pfl_arena arena;
    struct pfl_err err;
    char **argv, shell;
    const char *text;
    unsigned long at;
    size_t argc;
    int rc;

    (void)state;
    for (at = 1;; at++) {
        pfl_arena_init(&arena);
        pfl_fault.alloc_seen = 0;
        pfl_fault.alloc_at = at;
        rc = pfl_text_split_command(&arena, "a 'b c' d", &argv, &argc, &shell, &err);
        text = rc == PFL_OK
                   ? pfl_text_substitute(&arena, "{size} {unknown}", names, values, 3, NULL)
                   : NULL;
        pfl_fault.alloc_at = 0;
        if (rc != PFL_OK)
            assert_int_equal(rc, PFL_ENOMEM);
        if (pfl_fault.alloc_seen < at)
            break;
        assert_null(text);
        pfl_arena_release(&arena);
    }
    assert_string_equal(text, "10 {unknown}");
    assert_true(at > 2);
    pfl_arena_release(&arena);
}

int test_base_command(void);

int test_base_command(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(commands_split_as_a_shell_would, start, stop),
        cmocka_unit_test_setup_teardown(unclosed_quotes_are_shown_where_they_begin, start, stop),
        cmocka_unit_test(quoting_is_done_where_needed),
        cmocka_unit_test_setup_teardown(parameters_are_put_in_once, start, stop),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("base/command", tests, NULL, NULL);
}
