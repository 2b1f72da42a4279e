/* The bounded buffer: growth, the ceiling, sticky errors, ownership. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/buf.h"

#include <string.h>

static void appends_make_one_text(void **state)
{
    struct pfl_buf buf;
    int i;

    (void)state;
    pfl_buf_init(&buf, 100000);
    assert_string_equal(pfl_buf_cstr(&buf), "");
    pfl_buf_text(&buf, "a");
    pfl_buf_char(&buf, 'b');
    pfl_buf_add(&buf, "cde", 2);
    pfl_buf_add(&buf, NULL, 0);
    pfl_buf_fill(&buf, '.', 3);
    pfl_buf_format(&buf, "%d|%s", 7, "x");
    assert_string_equal(pfl_buf_cstr(&buf), "abcd...7|x");
    pfl_buf_truncate(&buf, 4);
    pfl_buf_truncate(&buf, 40);
    assert_string_equal(pfl_buf_cstr(&buf), "abcd");
    for (i = 0; i < 20000; i++)
        pfl_buf_char(&buf, 'z');
    assert_int_equal(buf.len, 20004);
    assert_int_equal(buf.data[20004], 0);
    memcpy(pfl_buf_room(&buf, 3), "xyz", 3);
    pfl_buf_grew(&buf, 2);
    assert_string_equal(buf.data + 20004, "xy");
    pfl_buf_clear(&buf);
    assert_string_equal(pfl_buf_cstr(&buf), "");
    pfl_buf_release(&buf);
    pfl_buf_release(NULL);
}

static void the_ceiling_holds_and_the_error_sticks(void **state)
{
    struct pfl_buf buf;
    struct pfl_err err;

    (void)state;
    pfl_buf_init(&buf, 10);
    pfl_buf_text(&buf, "0123456789");
    assert_int_equal(pfl_buf_check(&buf, &err, "writing"), PFL_OK);
    pfl_buf_char(&buf, 'x');
    assert_int_equal(buf.error, PFL_ELIMIT);
    pfl_buf_truncate(&buf, 0);
    pfl_buf_char(&buf, 'x');
    assert_int_equal(buf.len, 0);
    assert_int_equal(pfl_buf_check(&buf, &err, "writing the report"), PFL_ELIMIT);
    assert_string_equal(err.message, "writing the report: more than 10 bytes");
    assert_null(pfl_buf_room(&buf, SIZE_MAX));
    assert_null(pfl_buf_take(&buf));
    pfl_buf_text(&buf, "fresh");
    assert_string_equal(pfl_buf_cstr(&buf), "fresh");
    pfl_buf_fill(&buf, 'x', SIZE_MAX);
    assert_int_equal(buf.error, PFL_ELIMIT);
    pfl_buf_release(&buf);
}

static void ownership_moves_with_take(void **state)
{
    struct pfl_buf buf;
    char *text;

    (void)state;
    pfl_buf_init(&buf, 100);
    text = pfl_buf_take(&buf);
    assert_string_equal(text, "");
    pfl_free(text);
    pfl_buf_text(&buf, "mine");
    text = pfl_buf_take(&buf);
    assert_string_equal(text, "mine");
    assert_int_equal(buf.len, 0);
    pfl_free(text);
}

static void no_memory_is_said_once_at_the_end(void **state)
{
    struct pfl_buf buf;
    struct pfl_err err;

    (void)state;
    pfl_buf_init(&buf, 1000);
    pfl_buf_text(&buf, "kept");
    memset(&pfl_fault, 0, sizeof pfl_fault);
    pfl_fault.alloc_at = 1;
    pfl_buf_fill(&buf, 'x', 200);
    memset(&pfl_fault, 0, sizeof pfl_fault);
    pfl_buf_text(&buf, "dropped");
    assert_string_equal(pfl_buf_cstr(&buf), "kept");
    assert_int_equal(pfl_buf_check(&buf, &err, "writing"), PFL_ENOMEM);
    pfl_buf_release(&buf);
}

int test_base_buf(void);

int test_base_buf(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_make_one_text),
        cmocka_unit_test(the_ceiling_holds_and_the_error_sticks),
        cmocka_unit_test(ownership_moves_with_take),
        cmocka_unit_test(no_memory_is_said_once_at_the_end),
    };

    return cmocka_run_group_tests_name("base/buf", tests, NULL, NULL);
}
