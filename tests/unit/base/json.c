/* The JSON reader: what it takes, what it refuses and where, in any portion the bytes come in, with
 * any fault. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

int test_base_json(void);

/* A callback that gives at most `step` bytes at a time, and fails at offset `fail_at` when that is
 * >= 0. */
struct source {
    const char *text;
    size_t len, at, step;
    long fail_at;
};

static long source_read(void *context, char *bytes, size_t size, struct pfl_err *err)
{
    struct source *s = context;
    size_t n = s->len - s->at;

    if (s->fail_at >= 0 && s->at >= (size_t)s->fail_at)
        return pfl_err_set(err, PFL_EIO, "reading the source: the wire is cut");
    if (n > s->step)
        n = s->step;
    if (n > size)
        n = size;
    memcpy(bytes, s->text + s->at, n);
    s->at += n;
    return (long)n;
}

/* Writes every token as text, with its place: "1:1 { 1:2 key a 1:6 num 1 …", ending in END or in
 * the error. */
static int trace(struct pfl_json_reader *r, struct pfl_buf *out, struct pfl_err *err)
{
    int rc;

    while ((rc = pfl_json_next(r, err)) > 0) {
        pfl_buf_format(out, "%d:%d ", r->line, r->column);
        switch ((enum pfl_json_token)rc) {
        case PFL_JSON_KEY:
        case PFL_JSON_STRING:
            pfl_buf_text(out, rc == PFL_JSON_KEY ? "key " : "str ");
            pfl_buf_add(out, r->text, r->text_len);
            break;
        case PFL_JSON_NUMBER:
            if (r->is_integer)
                pfl_buf_format(out, "int %" PRId64, r->integer);
            else
                pfl_buf_format(out, "num %.17g", r->number);
            break;
        case PFL_JSON_BOOL: pfl_buf_text(out, r->boolean ? "true" : "false"); break;
        default: pfl_buf_text(out, pfl_json_token_name(r->token));
        }
        pfl_buf_char(out, '\n');
    }
    if (rc < 0)
        pfl_buf_format(out, "%d:%d: %s\n", err->line, err->column, err->message);
    return rc;
}

static void trace_text(const char *text, size_t len, struct pfl_buf *out)
{
    struct pfl_json_reader r;
    struct pfl_err err;

    pfl_buf_init(out, 1 << 20);
    pfl_json_reader_init_text(&r, "t.json", text, len);
    trace(&r, out, &err);
    pfl_json_reader_release(&r);
}

static const struct good {
    const char *text, *tokens;
} good[] = {
    {"{}", "1:1 an object\n1:2 the end of the object\n"},
    {" [ ] \n", "1:2 an array\n1:4 the end of the array\n"},
    {"\xEF\xBB\xBF[1]", "1:1 an array\n1:2 int 1\n1:3 the end of the array\n"},
    {"{\"a\":1,\n \"b\" : [true, false,null]}",
     "1:1 an object\n1:2 key a\n1:6 int 1\n2:2 key b\n2:8 an array\n2:9 true\n2:15 false\n2:21 "
     "null\n"
     "2:25 the end of the array\n2:26 the end of the object\n"},
    {"[NaN,Infinity,-Infinity,-1]", "1:1 an array\n1:2 num nan\n1:6 num inf\n1:15 num -inf\n1:25 "
                                    "int -1\n1:27 the end of the array\n"},
    {"[nan,-nan,inf,-inf,-nan(ind)]",
     "1:1 an array\n1:2 num nan\n1:6 num nan\n1:11 num inf\n1:15 num -inf\n1:20 num nan\n1:29 the "
     "end of the array\n"},
    {"\"\"", "1:1 str \n"},
    {"\"a\\\"\\\\\\/\\b\\f\\n\\r\\tz\"", "1:1 str a\"\\/\b\f\n\r\tz\n"},
    {"\"\\u0041\\u00e9\\u20AC\\uD83D\\ude00\"", "1:1 str A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\n"},
    {"[\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\",1]",
     "1:1 an array\n1:2 str \xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\n1:8 int 1\n1:9 the end of the "
     "array\n"},
    {"{\"\xC3\xA9\":\r\n\"\xC3\xA9\", \"x\":2}",
     "1:1 an object\n1:2 key \xC3\xA9\n2:1 str \xC3\xA9\n2:6 key x\n2:10 int 2\n2:11 the end of "
     "the object\n"},
    {"9223372036854775807", "1:1 int 9223372036854775807\n"},
    {"-9223372036854775808", "1:1 int -9223372036854775808\n"},
    {"9223372036854775808", "1:1 num 9.2233720368547758e+18\n"},
    {"-9223372036854775809", "1:1 num -9.2233720368547758e+18\n"},
    {"18446744073709551616", "1:1 num 1.8446744073709552e+19\n"},
    {"9007199254740993", "1:1 int 9007199254740993\n"},
    {"0", "1:1 int 0\n"},
    {"-0", "1:1 num -0\n"},
    {"1.0", "1:1 num 1\n"},
    {"1e2", "1:1 num 100\n"},
    {"1E+2", "1:1 num 100\n"},
    {"-0.5e-1", "1:1 num -0.050000000000000003\n"},
    {"1e999", "1:1 num inf\n"},
    {"-1e999", "1:1 num -inf\n"},
    {"1e-999", "1:1 num 0\n"},
    {"0e99999999999999999999", "1:1 num 0\n"},
    {"{\"a\":1,\"a\":2}",
     "1:1 an object\n1:2 key a\n1:6 int 1\n1:8 key a\n1:12 int 2\n1:13 the end of the object\n"},
    {"\"\x7F\"", "1:1 str \x7F\n"},
};

static void reads_good_documents(void **state)
{
    struct pfl_buf out;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(good); i++) {
        trace_text(good[i].text, strlen(good[i].text), &out);
        assert_string_equal(pfl_buf_cstr(&out), good[i].tokens);
        pfl_buf_release(&out);
    }
}

static const struct bad {
    const char *text;
    int line, column;
    const char *message;
} bad[] = {
    {"", 1, 1, "expected a value, found the end of the input"},
    {"\xEF\xBB\xBF", 1, 1, "expected a value, found the end of the input"},
    {" \n  ", 2, 3, "expected a value, found the end of the input"},
    {"]", 1, 1, "expected a value, found ']'"},
    {"[", 1, 2, "expected a value or ']', found the end of the input"},
    {"[1", 1, 3, "expected ',' or ']', found the end of the input"},
    {"[1}", 1, 3, "expected ',' or ']', found '}'"},
    {"[1 2]", 1, 4, "expected ',' or ']', found '2'"},
    {"[1,]", 1, 4, "expected a value, found ']'"},
    {"[,1]", 1, 2, "expected a value or ']', found ','"},
    {"{", 1, 2, "expected a key or '}', found the end of the input"},
    {"{]", 1, 2, "expected a key or '}', found ']'"},
    {"{a:1}", 1, 2, "expected a key or '}', found 'a'"},
    {"{\"a\"}", 1, 5, "expected ':', found '}'"},
    {"{\"a\" 1}", 1, 6, "expected ':', found '1'"},
    {"{\"a\":}", 1, 6, "expected a value, found '}'"},
    {"{\"a\":1,}", 1, 8, "expected a key, found '}'"},
    {"{\"a\":1 \"b\"", 1, 8, "expected ',' or '}', found a string"},
    {"{\"a\":1;", 1, 7, "expected ',' or '}', found ';'"},
    {"[1]]", 1, 4, "expected the end of the document, found ']'"},
    {"1\n2", 2, 1, "expected the end of the document, found '2'"},
    {"{}\n{}", 2, 1, "expected the end of the document, found '{'"},
    {"[\n 1,\n  tru]", 3, 3, "expected a value, found 'tru'"},
    {"[nul", 1, 2, "expected a value, found 'nul'"},
    {"nullx", 1, 5, "expected the end of the word, found 'x'"},
    {"True", 1, 1, "expected a value, found 'True'"},
    {"nul", 1, 1, "expected a value, found 'nul'"},
    {"-nanx", 1, 5, "expected the end of the word, found 'x'"},
    {"Inf", 1, 1, "expected a value, found 'Inf'"},
    {"-Inf", 1, 1, "expected a value, found '-'"},
    {"'a'", 1, 1, "expected a value, found '''"},
    {"// no", 1, 1, "expected a value, found '/'"},
    {"+1", 1, 1, "expected a value, found '+'"},
    {".5", 1, 1, "expected a value, found '.'"},
    {"-", 1, 2, "expected a digit, found the end of the input"},
    {"-x", 1, 2, "expected a digit, found 'x'"},
    {"--1", 1, 2, "expected a digit, found '-'"},
    {"1.", 1, 3, "expected a digit, found the end of the input"},
    {"[1.e5]", 1, 4, "expected a digit, found 'e5'"},
    {"1e", 1, 3, "expected a digit, found the end of the input"},
    {"[1e+]", 1, 5, "expected a digit, found ']'"},
    {"01", 1, 2, "expected the end of the number, found '1'"},
    {"-00", 1, 3, "expected the end of the number, found '0'"},
    {"0x10", 1, 2, "expected the end of the number, found 'x10'"},
    {"1.5.2", 1, 4, "expected the end of the number, found '.'"},
    {"12ms", 1, 3, "expected the end of the number, found 'ms'"},
    {"\"abc", 1, 5, "expected a closing '\"', found the end of the input"},
    {"\"a\nb\"", 1, 3, "expected an escape such as \\n or a closing '\"', found a line break"},
    {"\"a\tb\"", 1, 3, "expected an escape such as \\n or a closing '\"', found byte 0x09"},
    {"\"\\x41\"", 1, 3, "expected one of \" \\ / b f n r t u after the \\, found 'x41'"},
    {"\"\\", 1, 3, "expected one of \" \\ / b f n r t u after the \\, found the end of the input"},
    {"\"\\u12", 1, 6, "expected a hexadecimal digit, found the end of the input"},
    {"\"\\u12g4\"", 1, 6, "expected a hexadecimal digit, found 'g4'"},
    {"\"\\uDC00\"", 1, 4,
     "expected a high surrogate (D800 to DBFF) before the low one, found 'DC00'"},
    {"\"\\uD800\"", 1, 8,
     "expected a low surrogate (\\uDC00 to \\uDFFF) after the high one, found a string"},
    {"\"\\uD800x\"", 1, 8,
     "expected a low surrogate (\\uDC00 to \\uDFFF) after the high one, found 'x'"},
    {"\"\\uD800\\n\"", 1, 8,
     "expected a low surrogate (\\uDC00 to \\uDFFF) after the high one, found '\\'"},
    {"\"\\uD800\\u0041\"", 1, 10,
     "expected a low surrogate (DC00 to DFFF) after the high one, found '0041'"},
    {"\"\xC3\xA9\xFF\"", 1, 3, "expected UTF-8 text, found byte 0xFF"},
    {"\"\xC0\x80\"", 1, 2, "expected UTF-8 text, found byte 0xC0"},
    {"\"\xED\xA0\x80\"", 1, 2, "expected UTF-8 text, found byte 0xED"},
    {"\"\xF5\x80\x80\x80\"", 1, 2, "expected UTF-8 text, found byte 0xF5"},
    {"\"\xE2\x82", 1, 2, "expected UTF-8 text, found byte 0xE2"},
    {"[\xC2\xA0]", 1, 2, "expected a value or ']', found U+00A0"},
    {"\x01", 1, 1, "expected a value, found byte 0x01"},
    {"\xFE\xFF", 1, 1, "expected a value, found byte 0xFE"},
    {"{\"\xC3\xA9\xC3\xA9\": x}", 1, 8, "expected a value, found 'x'"},
    {"[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]", 1, 2,
     "expected a value or ']', found 'aaaaaaaaaaaaaaaaaaaa'"},
};

static void refuses_bad_documents_at_their_place(void **state)
{
    struct pfl_json_reader r;
    struct pfl_err err, again;
    size_t i;
    int rc;

    (void)state;
    for (i = 0; i < PFL_COUNT(bad); i++) {
        pfl_json_reader_init_text(&r, "t.json", bad[i].text, strlen(bad[i].text));
        while ((rc = pfl_json_next(&r, &err)) > 0)
            ;
        if (rc != PFL_EPARSE || err.line != bad[i].line || err.column != bad[i].column)
            print_error("document %zu: %s\n", i, bad[i].text);
        assert_int_equal(rc, PFL_EPARSE);
        assert_string_equal(err.message, bad[i].message);
        assert_string_equal(err.file, "t.json");
        assert_int_equal(err.line, bad[i].line);
        assert_int_equal(err.column, bad[i].column);
        assert_int_equal(pfl_json_next(&r, &again), PFL_EPARSE);
        assert_memory_equal(&err, &again, offsetof(struct pfl_err, file));
        assert_string_equal(again.message, err.message);
        assert_int_equal(pfl_json_next(&r, NULL), PFL_EPARSE);
        pfl_json_reader_release(&r);
    }
}

/* A read that stops at every byte gives the same tokens, places and errors as the text in one
 * piece. */
static void compare_chunked(const char *text, size_t len, size_t step, const char *want)
{
    struct source s = {text, len, 0, step, -1};
    struct pfl_json_reader r;
    struct pfl_buf out;
    struct pfl_err err;

    pfl_buf_init(&out, 1 << 20);
    pfl_json_reader_init(&r, "t.json", source_read, &s);
    trace(&r, &out, &err);
    assert_string_equal(pfl_buf_cstr(&out), want);
    pfl_json_reader_release(&r);
    pfl_buf_release(&out);
}

static void does_not_see_chunk_boundaries(void **state)
{
    struct pfl_buf whole;
    size_t i, step;

    (void)state;
    for (i = 0; i < PFL_COUNT(good) + PFL_COUNT(bad); i++) {
        const char *text = i < PFL_COUNT(good) ? good[i].text : bad[i - PFL_COUNT(good)].text;

        trace_text(text, strlen(text), &whole);
        for (step = 1; step <= strlen(text) + 1; step++)
            compare_chunked(text, strlen(text), step, pfl_buf_cstr(&whole));
        pfl_buf_release(&whole);
    }
}

/* The same at the window's own end: blanks push each token across the 64 KiB boundary, byte by
 * byte. */
static void does_not_see_the_windows_end(void **state)
{
    static const char token[] =
        "{\"k\xC3\xA9y\":[-Infinity,\"\\uD83D\\uDE00\",-123.456e-7,12345678901]}";
    enum { WINDOW = 65536 };
    static char text[2 * WINDOW];
    struct pfl_buf whole;
    size_t before, len = sizeof token - 1;

    (void)state;
    for (before = WINDOW - len - 1; before <= WINDOW + 1; before++) {
        memset(text, ' ', before);
        memcpy(text + before, token, len);
        trace_text(text, before + len, &whole);
        assert_non_null(strstr(pfl_buf_cstr(&whole), "int 12345678901"));
        compare_chunked(text, before + len, SIZE_MAX, pfl_buf_cstr(&whole));
        pfl_buf_release(&whole);
    }
}

static void embedded_zeros_stay(void **state)
{
    static const char text[] = "{\"a\\u0000b\":\"\\u0000\"}", raw[] = "[1\0]";
    struct pfl_json_reader r;
    struct pfl_err err;

    (void)state;
    pfl_json_reader_init_text(&r, "t", text, sizeof text - 1);
    assert_int_equal(pfl_json_expect(&r, PFL_JSON_OBJECT, &err), PFL_OK);
    assert_int_equal(pfl_json_next_key(&r, &err), 1);
    assert_int_equal(r.text_len, 3);
    assert_memory_equal(r.text, "a\0b", 4);
    assert_false(pfl_json_key_is(&r, "a"));
    assert_int_equal(pfl_json_expect(&r, PFL_JSON_STRING, &err), PFL_OK);
    assert_int_equal(r.text_len, 1);
    pfl_json_reader_release(&r);

    pfl_json_reader_init_text(&r, "t", raw, sizeof raw - 1);
    while (pfl_json_next(&r, &err) > 0)
        ;
    assert_string_equal(err.message, "expected ',' or ']', found byte 0x00");
    pfl_json_reader_release(&r);
    pfl_json_reader_init_text(&r, "t", NULL, 0);
    assert_int_equal(pfl_json_next(&r, &err), PFL_EPARSE);
    pfl_json_reader_release(&r);
}

static int nest(int depth, struct pfl_err *err)
{
    char text[2 * PFL_JSON_NESTING_MAX + 8];
    struct pfl_json_reader r;
    int rc;

    memset(text, '[', (size_t)depth);
    memset(text + depth, ']', (size_t)depth);
    pfl_json_reader_init_text(&r, "t", text, 2 * (size_t)depth);
    while ((rc = pfl_json_next(&r, err)) > 0)
        ;
    pfl_json_reader_release(&r);
    return rc;
}

static void nesting_is_limited(void **state)
{
    struct pfl_err err;

    (void)state;
    assert_int_equal(nest(PFL_JSON_NESTING_MAX, &err), PFL_JSON_END);
    assert_int_equal(nest(PFL_JSON_NESTING_MAX + 1, &err), PFL_ELIMIT);
    assert_string_equal(err.message, "nesting is read up to 256, this is beyond");
    assert_int_equal(err.column, 257);
}

/* Gives open, then n times `fill`, then close. */
struct flood {
    char open, fill, close;
    size_t n, at;
};

static long flood_read(void *context, char *bytes, size_t size, struct pfl_err *err)
{
    struct flood *f = context;
    size_t i;

    (void)err;
    for (i = 0; i < size && f->at < f->n + 2; i++, f->at++)
        bytes[i] = f->at == 0 ? f->open : f->at <= f->n ? f->fill : f->close;
    return (long)i;
}

static void lengths_are_limited(void **state)
{
    static const struct {
        struct flood flood;
        int rc;
    } rows[] = {
        {{'"', 'x', '"', PFL_JSON_STRING_MAX, 0}, PFL_JSON_STRING},
        {{'"', 'x', '"', PFL_JSON_STRING_MAX + 1, 0}, PFL_ELIMIT},
        {{'1', '0', ' ', 60000, 0}, PFL_JSON_NUMBER},
        {{'1', '0', ' ', 70000, 0}, PFL_ELIMIT},
        {{' ', '\n', '1', 200000, 0}, PFL_JSON_NUMBER},
    };
    struct pfl_json_reader r;
    struct pfl_err err;
    struct flood f;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(rows); i++) {
        f = rows[i].flood;
        pfl_json_reader_init(&r, "t", flood_read, &f);
        assert_int_equal(pfl_json_next(&r, &err), rows[i].rc);
        pfl_json_reader_release(&r);
    }
    assert_int_equal(r.line, 200001);
}

static void walks(void **state)
{
    static const char text[] = "{\"skip\":{\"x\":[1,{\"y\":2}]},\"n\":[1,2,3],\"s\":\"t\",\"z\":0}";
    struct pfl_json_reader r;
    struct pfl_err err;
    double sum = 0;
    int rc;

    (void)state;
    pfl_json_reader_init_text(&r, "t", text, sizeof text - 1);
    assert_int_equal(pfl_json_expect(&r, PFL_JSON_OBJECT, &err), PFL_OK);
    while ((rc = pfl_json_next_key(&r, &err)) > 0) {
        assert_int_equal(r.depth, 1);
        if (pfl_json_key_is(&r, "n")) {
            assert_int_equal(pfl_json_expect(&r, PFL_JSON_ARRAY, &err), PFL_OK);
            while ((rc = pfl_json_next_item(&r, &err)) > 0)
                sum += r.number;
            assert_int_equal(rc, 0);
        } else {
            assert_int_equal(pfl_json_skip(&r, &err), PFL_OK);
        }
    }
    assert_int_equal(rc, 0);
    assert_true(sum == 6);
    assert_int_equal(pfl_json_skip(&r, &err), PFL_OK);
    assert_int_equal(pfl_json_next(&r, &err), PFL_JSON_END);
    assert_int_equal(pfl_json_next(&r, &err), PFL_JSON_END);
    pfl_json_reader_release(&r);
}

static void says_what_it_expected(void **state)
{
    struct pfl_json_reader r;
    struct pfl_err err;

    (void)state;
    pfl_json_reader_init_text(&r, "t", "{\n  \"a\": \"b\"}", 13);
    assert_int_equal(pfl_json_expect(&r, PFL_JSON_OBJECT, &err), PFL_OK);
    assert_int_equal(pfl_json_next_key(&r, &err), 1);
    assert_int_equal(pfl_json_expect(&r, PFL_JSON_NUMBER, &err), PFL_EPARSE);
    assert_string_equal(err.message, "expected a number, found a string");
    assert_int_equal(err.line, 2);
    assert_int_equal(err.column, 8);
    assert_int_equal(pfl_json_next(&r, &err), PFL_EPARSE);
    assert_int_equal(pfl_json_skip(&r, &err), PFL_EPARSE);
    pfl_json_reader_release(&r);

    pfl_json_reader_init_text(&r, "t", "[7]", 3);
    pfl_json_next(&r, &err);
    pfl_json_next(&r, &err);
    assert_int_equal(pfl_json_fail(&r, &err, "no such %s", "month"), PFL_EPARSE);
    assert_string_equal(err.message, "no such month");
    assert_int_equal(err.column, 2);
    pfl_json_reader_release(&r);
}

static void reads_many_documents(void **state)
{
    struct pfl_json_reader r;
    struct pfl_err err;
    int rc, n = 0;

    (void)state;
    pfl_json_reader_init_text(&r, "t", "{\"a\":1}\n[2]\n\n3 {}", 17);
    pfl_json_reader_allow_many(&r);
    while ((rc = pfl_json_next_item(&r, &err)) > 0) {
        assert_int_equal(pfl_json_skip(&r, &err), PFL_OK);
        n++;
    }
    assert_int_equal(rc, 0);
    assert_int_equal(n, 4);
    assert_int_equal(r.line, 4);
    pfl_json_reader_release(&r);

    pfl_json_reader_init_text(&r, "t", " \n", 2);
    pfl_json_reader_allow_many(&r);
    assert_int_equal(pfl_json_next(&r, &err), PFL_JSON_END);
    pfl_json_reader_release(&r);
}

static void read_errors_come_through(void **state)
{
    static const char text[] = "[1, \"abc\", true]";
    struct pfl_json_reader r;
    struct pfl_err err;
    long at;
    int rc;

    (void)state;
    for (at = 0; at <= (long)sizeof text - 1; at++) {
        struct source s = {text, sizeof text - 1, 0, 1, at};

        pfl_json_reader_init(&r, "t", source_read, &s);
        while ((rc = pfl_json_next(&r, &err)) > 0)
            ;
        assert_int_equal(rc, PFL_EIO);
        assert_string_equal(err.message, "reading the source: the wire is cut");
        pfl_json_reader_release(&r);
    }
}

static void survives_every_allocation_fault(void **state)
{
    static const char text[] =
        "{\"key\":[\"a long enough text to make the buffer grow, twice if it must, "
        "that is beyond 64 bytes\", 1.00000000000000000000000001]}";
    unsigned long n;
    int rc = PFL_ENOMEM;

    (void)state;
    for (n = 1; rc == PFL_ENOMEM; n++) {
        struct source s = {text, sizeof text - 1, 0, 5, -1};
        struct pfl_json_reader r;
        struct pfl_err err;

        pfl_fault = (struct pfl_fault){.alloc_at = n};
        pfl_json_reader_init(&r, "t", source_read, &s);
        while ((rc = pfl_json_next(&r, &err)) > 0)
            ;
        pfl_json_reader_release(&r);
        if (rc < 0)
            assert_int_equal(err.code, PFL_ENOMEM);
    }
    pfl_fault = (struct pfl_fault){0};
    assert_int_equal(rc, PFL_JSON_END);
    assert_true(n > 3);
    pfl_json_reader_release(NULL);
}

int test_base_json(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_good_documents),
        cmocka_unit_test(refuses_bad_documents_at_their_place),
        cmocka_unit_test(does_not_see_chunk_boundaries),
        cmocka_unit_test(does_not_see_the_windows_end),
        cmocka_unit_test(embedded_zeros_stay),
        cmocka_unit_test(nesting_is_limited),
        cmocka_unit_test(lengths_are_limited),
        cmocka_unit_test(walks),
        cmocka_unit_test(says_what_it_expected),
        cmocka_unit_test(reads_many_documents),
        cmocka_unit_test(read_errors_come_through),
        cmocka_unit_test(survives_every_allocation_fault),
    };

    return cmocka_run_group_tests_name("base/json", tests, NULL, NULL);
}
