/* Errors and the log: what a user gets to read, cut and prefixed properly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void setting_replaces_and_returns_the_code(void **state)
{
    struct pfl_err err;

    (void)state;
    assert_int_equal(pfl_err_set_at(&err, PFL_ECONFIG, "a.yaml", 3, 7, "unknown key %s", "x"),
                     PFL_ECONFIG);
    assert_string_equal(err.file, "a.yaml");
    assert_int_equal(err.line * 100 + err.column, 307);
    assert_int_equal(pfl_err_set(&err, PFL_EINVAL, "bad"), PFL_EINVAL);
    assert_string_equal(err.file, "");
    assert_int_equal(err.line, 0);
    pfl_err_prefix(&err, "reading '%s'", "f");
    assert_string_equal(err.message, "reading 'f': bad");
    assert_int_equal(err.code, PFL_EINVAL);
    pfl_err_clear(&err);
    assert_int_equal(err.code, PFL_OK);
    assert_int_equal(pfl_err_set(NULL, PFL_EIO, "nobody listens"), PFL_EIO);
    pfl_err_prefix(NULL, "x");
    pfl_err_clear(NULL);
}

static void the_systems_refusals_are_told_apart(void **state)
{
    static const struct {
        int os, code;
    } cases[] = {{ENOSPC, PFL_EFULL}, {EDQUOT, PFL_EFULL},  {EACCES, PFL_EPERM},
                 {EROFS, PFL_EPERM},  {ENOMEM, PFL_ENOMEM}, {EISDIR, PFL_EIO}};
    struct pfl_err err;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        assert_int_equal(pfl_err_set_os(&err, PFL_EIO, cases[i].os, "writing 'x'"), cases[i].code);
        assert_int_equal(err.os_errno, cases[i].os);
        assert_true(pfl_text_ends(err.message, strerror(cases[i].os)));
    }
    assert_string_equal(err.message, "writing 'x': Is a directory");
}

static void long_messages_are_cut_between_characters(void **state)
{
    static char text[3 * PFL_ERR_MESSAGE_MAX];
    struct pfl_err err;
    size_t i, shift;

    (void)state;
    for (shift = 0; shift < 3; shift++) {
        memset(text, 'a', shift);
        for (i = shift; i + 3 < sizeof text; i += 2)
            memcpy(text + i, "é", 2);
        text[i] = 0;
        pfl_err_set(&err, PFL_EIO, "%s", text);
        assert_true(pfl_text_is_utf8(err.message, strlen(err.message)));
        assert_true(pfl_text_ends(err.message, "é…"));
        assert_true(strlen(err.message) > PFL_ERR_MESSAGE_MAX - 8);
        pfl_err_prefix(&err, "%s", "doing");
        assert_true(pfl_text_is_utf8(err.message, strlen(err.message)));
        assert_true(pfl_text_starts(err.message, "doing: ") && pfl_text_ends(err.message, "…"));
        pfl_err_set_os(&err, PFL_EIO, EISDIR, "%s", text);
        assert_true(pfl_text_is_utf8(err.message, strlen(err.message)));
    }
}

static void every_code_has_its_words_and_exit_status(void **state)
{
    (void)state;
    assert_int_equal(pfl_err_exit_status(PFL_OK), 0);
    assert_int_equal(pfl_err_exit_status(PFL_EGATE), 1);
    assert_int_equal(pfl_err_exit_status(PFL_ECONFIG), 2);
    assert_int_equal(pfl_err_exit_status(PFL_EFULL), 3);
    assert_int_equal(pfl_err_exit_status(PFL_ECOMMAND), 4);
    assert_int_equal(pfl_err_exit_status(PFL_EINCONCLUSIVE), 5);
    assert_int_equal(pfl_err_exit_status(PFL_ENOTHING), 6);
    assert_int_equal(pfl_err_exit_status(-999), 70);
    assert_string_equal(pfl_err_sentence(PFL_EFULL), "the disk is full");
    assert_string_equal(pfl_err_symbol(PFL_EPARSE), "PFL_EPARSE");
    assert_string_equal(pfl_err_symbol(12345), "PFL_EBUG");
}

static jmp_buf after_bug;
static char bug_message[256];

static void remember_bug(const char *file, int line, const char *message)
{
    (void)file;
    (void)line;
    snprintf(bug_message, sizeof bug_message, "%s", message);
    longjmp(after_bug, 1);
}

static void a_bug_reaches_the_hook(void **state)
{
    (void)state;
    pfl_err_set_bug_hook(remember_bug);
    if (setjmp(after_bug) == 0)
        PFL_BUG("invariant %d", 5);
    pfl_err_set_bug_hook(NULL);
    assert_string_equal(bug_message, "invariant 5");
}

struct heard {
    char text[8192];
    int lines;
};

static void hear(void *context, enum pfl_log_level level, const char *line)
{
    struct heard *heard = context;
    size_t len = strlen(heard->text);

    snprintf(heard->text + len, sizeof heard->text - len, "%d:%s\n", (int)level, line);
    heard->lines++;
}

static void the_log_hands_lines_to_the_sink(void **state)
{
    static char text[6000];
    struct heard heard = {0};
    size_t i;

    (void)state;
    pfl_log(PFL_LOG_WARNING, "nobody listens");
    pfl_log_set_sink(hear, &heard, PFL_LOG_NOTICE);
    pfl_log(PFL_LOG_WARNING, "load is %d", 3);
    pfl_log(PFL_LOG_DETAIL, "not wanted");
    pfl_log(PFL_LOG_NOTICE, "two\nlines\n");
    assert_string_equal(heard.text, "0:load is 3\n1:two\n1:lines\n");
    for (i = 0; i + 3 < sizeof text; i += 2)
        memcpy(text + i, "é", 2);
    memset(&heard, 0, sizeof heard);
    pfl_log(PFL_LOG_NOTICE, "%s", text);
    pfl_log_set_sink(NULL, NULL, PFL_LOG_WARNING);
    assert_int_equal(heard.lines, 1);
    assert_true(pfl_text_ends(heard.text, "é…\n"));
    assert_true(strlen(heard.text) <= 4096 + 3);
    assert_true(pfl_text_is_utf8(heard.text, strlen(heard.text)));
}

int test_base_err(void);

int test_base_err(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(setting_replaces_and_returns_the_code),
        cmocka_unit_test(the_systems_refusals_are_told_apart),
        cmocka_unit_test(long_messages_are_cut_between_characters),
        cmocka_unit_test(every_code_has_its_words_and_exit_status),
        cmocka_unit_test(a_bug_reaches_the_hook),
        cmocka_unit_test(the_log_hands_lines_to_the_sink),
    };

    return cmocka_run_group_tests_name("base/err", tests, NULL, NULL);
}
