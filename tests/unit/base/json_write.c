/* The JSON writer: its layout, its texts, and that a fault or a ceiling is reported, never half a
 * document passed off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/json.h"

#include <math.h>
#include <string.h>

int test_base_json_write(void);

static void sample(struct pfl_json_writer *w)
{
    static const double numbers[] = {0.1, 1e-9, 5, -0.0, 1e300};

    pfl_json_object(w);
    pfl_json_put_string(w, "text", "a\"\\\b\f\n\r\t\x01\x7F\xC3\xA9");
    pfl_json_put_string(w, "none", NULL);
    pfl_json_put_number(w, "third", 1.0 / 3.0);
    pfl_json_put_integer(w, "least", INT64_MIN);
    pfl_json_put_bool(w, "yes", true);
    pfl_json_key(w, "empty");
    pfl_json_array(w);
    pfl_json_array_end(w);
    pfl_json_key(w, "nested");
    pfl_json_array(w);
    pfl_json_numbers(w, numbers, PFL_COUNT(numbers));
    pfl_json_object(w);
    pfl_json_object_end(w);
    pfl_json_number(w, (double)NAN);
    pfl_json_number(w, -INFINITY);
    pfl_json_bool(w, false);
    pfl_json_null(w);
    pfl_json_array_end(w);
    pfl_json_object_end(w);
}

static void check_sample(int indent, bool bare_nan, const char *want)
{
    struct pfl_json_writer w;
    struct pfl_buf buf;

    pfl_buf_init(&buf, 4096);
    pfl_json_writer_init(&w, &buf, indent);
    w.bare_nan = bare_nan;
    sample(&w);
    assert_int_equal(buf.error, PFL_OK);
    assert_string_equal(pfl_buf_cstr(&buf), want);
    pfl_buf_release(&buf);
}

#define TEXT "\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\x7F\xC3\xA9\""

static void lays_out(void **state)
{
    (void)state;
    check_sample(0, false,
                 "{\"text\":" TEXT ",\"none\":null,\"third\":0.3333333333333333,"
                 "\"least\":-9223372036854775808,\"yes\":true,\"empty\":[],"
                 "\"nested\":[[0.1,1e-09,5,-0,1e+300],{},null,null,false,null]}");
    check_sample(2, true,
                 "{\n  \"text\": " TEXT ",\n  \"none\": null,\n  \"third\": 0.3333333333333333,\n"
                 "  \"least\": -9223372036854775808,\n  \"yes\": true,\n  \"empty\": [],\n"
                 "  \"nested\": [\n    [0.1, 1e-09, 5, -0, 1e+300],\n    {},\n    NaN,\n"
                 "    -Infinity,\n    false,\n    null\n  ]\n}");
}

static void replaces_what_is_not_utf8(void **state)
{
    static const struct {
        const char *text;
        size_t len;
        const char *want;
    } rows[] = {
        {"", 0, "\"\""},
        {"a\0b", 3, "\"a\\u0000b\""},
        {"\xFF", 1, "\"\xEF\xBF\xBD\""},
        {"\xC3", 1, "\"\xEF\xBF\xBD\""},
        {"x\xED\xA0\x80y", 5, "\"x\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDy\""},
        {"\xC0\"", 2, "\"\xEF\xBF\xBD\\\"\""},
        {"\xF0\x9F\x98\x80", 4, "\"\xF0\x9F\x98\x80\""},
    };
    struct pfl_json_writer w;
    struct pfl_buf buf;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(rows); i++) {
        pfl_buf_init(&buf, 4096);
        pfl_json_writer_init(&w, &buf, 0);
        pfl_json_string_n(&w, rows[i].text, rows[i].len);
        assert_string_equal(pfl_buf_cstr(&buf), rows[i].want);
        pfl_buf_release(&buf);
    }
}

static void nests_as_deep_as_the_reader(void **state)
{
    struct pfl_json_reader r;
    struct pfl_json_writer w;
    struct pfl_buf buf;
    struct pfl_err err;
    int i, rc;

    (void)state;
    pfl_buf_init(&buf, 1 << 20);
    pfl_json_writer_init(&w, &buf, 1);
    for (i = 0; i < PFL_JSON_NESTING_MAX / 2; i++) {
        pfl_json_object(&w);
        pfl_json_key(&w, "k");
        pfl_json_array(&w);
    }
    for (i = 0; i < PFL_JSON_NESTING_MAX / 2; i++) {
        pfl_json_array_end(&w);
        pfl_json_object_end(&w);
    }
    pfl_json_reader_init_text(&r, "t", buf.data, buf.len);
    while ((rc = pfl_json_next(&r, &err)) > 0)
        ;
    assert_int_equal(rc, PFL_JSON_END);
    pfl_json_reader_release(&r);
    pfl_buf_release(&buf);
}

static jmp_buf after_bug;

static void on_bug(const char *file, int line, const char *message)
{
    (void)file, (void)line;
    assert_memory_equal(message, "JSON: ", 6);
    longjmp(after_bug, 1);
}

/* One wrong call each; every one must be caught. */
static void misuse(struct pfl_json_writer *w, int which)
{
    if (which != 4)
        pfl_json_object(w);
    switch (which) {
    case 0: pfl_json_number(w, 1); break;
    case 1: pfl_json_array_end(w); break;
    case 2:
        pfl_json_key(w, "a");
        pfl_json_key(w, "b");
        break;
    case 3:
        pfl_json_key(w, "a");
        pfl_json_object_end(w);
        break;
    case 4: pfl_json_object_end(w); break;
    case 5:
        pfl_json_key(w, "a");
        pfl_json_array(w);
        pfl_json_key(w, "b");
        break;
    default:
        pfl_json_object_end(w);
        for (;;)
            pfl_json_array(w);
    }
}

static void misuse_is_a_bug(void **state)
{
    struct pfl_json_writer w;
    struct pfl_buf buf;
    volatile int which, caught = 0;

    (void)state;
    pfl_err_set_bug_hook(on_bug);
    for (which = 0; which < 7; which++) {
        pfl_buf_init(&buf, 1 << 20);
        pfl_json_writer_init(&w, &buf, 0);
        if (setjmp(after_bug) == 0)
            misuse(&w, which);
        else
            caught++;
        pfl_buf_release(&buf);
    }
    pfl_err_set_bug_hook(NULL);
    assert_int_equal(caught, 7);
}

static void reports_faults_and_the_ceiling(void **state)
{
    struct pfl_json_writer w;
    struct pfl_buf buf;
    unsigned long n;
    int error = PFL_ENOMEM;

    (void)state;
    for (n = 1; error == PFL_ENOMEM; n++) {
        pfl_fault = (struct pfl_fault){.alloc_at = n};
        pfl_buf_init(&buf, 4096);
        pfl_json_writer_init(&w, &buf, 2);
        sample(&w);
        error = buf.error;
        pfl_buf_release(&buf);
    }
    pfl_fault = (struct pfl_fault){0};
    assert_int_equal(error, PFL_OK);
    assert_true(n > 3);

    pfl_buf_init(&buf, 100);
    pfl_json_writer_init(&w, &buf, 2);
    sample(&w);
    assert_int_equal(buf.error, PFL_ELIMIT);
    pfl_buf_release(&buf);
}

int test_base_json_write(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lays_out),
        cmocka_unit_test(replaces_what_is_not_utf8),
        cmocka_unit_test(nests_as_deep_as_the_reader),
        cmocka_unit_test(misuse_is_a_bug),
        cmocka_unit_test(reports_faults_and_the_ceiling),
    };

    return cmocka_run_group_tests_name("base/json_write", tests, NULL, NULL);
}
