/*
 * jansson as the oracle: whatever it reads, we read to the same tree; what it refuses, we refuse.
 * Documents are generated, then damaged; and there are real ones, where PERFLEDGER_TEST_DATA
 * (default ../shared/data) has them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

int test_base_json_jansson(void);

#if __has_include(<jansson.h>)
#include "base/json.h"

#include <ftw.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static uint64_t random_state;

static uint64_t random_below(uint64_t n) /* xorshift64 (G. Marsaglia, 2003) */
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % n;
}

static json_t *scalar(const struct pfl_json_reader *r)
{
    switch (r->token) {
    case PFL_JSON_STRING: return json_stringn(r->text, r->text_len);
    case PFL_JSON_NUMBER: return r->is_integer ? json_integer(r->integer) : json_real(r->number);
    case PFL_JSON_BOOL: return json_boolean(r->boolean);
    default: return json_null();
    }
}

/* The whole document as jansson's tree, or NULL and err. */
static json_t *read_tree(const char *text, size_t len, struct pfl_err *err)
{
    json_t *stack[PFL_JSON_NESTING_MAX + 1], *top = json_array(), *value;
    struct pfl_json_reader r;
    char *key = NULL;
    int rc, depth = 0;

    stack[0] = top;
    pfl_json_reader_init_text(&r, "t", text, len);
    while ((rc = pfl_json_next(&r, err)) > 0) {
        if (rc == PFL_JSON_KEY) {
            key = strdup(r.text);
            continue;
        }
        if (rc == PFL_JSON_OBJECT_END || rc == PFL_JSON_ARRAY_END) {
            depth--;
            continue;
        }
        value = rc == PFL_JSON_OBJECT  ? json_object()
                : rc == PFL_JSON_ARRAY ? json_array()
                                       : scalar(&r);
        if (json_is_object(stack[depth]))
            json_object_set_new(stack[depth], key, value);
        else
            json_array_append_new(stack[depth], value);
        free(key);
        key = NULL;
        if (rc == PFL_JSON_OBJECT || rc == PFL_JSON_ARRAY)
            stack[++depth] = value;
    }
    pfl_json_reader_release(&r);
    free(key);
    value = rc == PFL_JSON_END ? json_incref(json_array_get(top, 0)) : NULL;
    json_decref(top);
    return value;
}

/* Numbers it cannot hold and zero bytes are jansson's limits, not the document's. */
static bool beyond_jansson(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_numeric_overflow:
    case json_error_null_byte_in_key:
    case json_error_null_character: return true;
    default: return strstr(error->text, "overflow") || strstr(error->text, "too big");
    }
}

/* To jansson "-0" is the integer 0; we keep the sign, and so a double. */
static bool holds_minus_zero(const char *text)
{
    while ((text = strstr(text, "-0"))) {
        text += 2;
        if (!strchr(".eE", *text) || *text == 0)
            return true;
    }
    return false;
}

/* 1: both read it, 0: both refuse it, -1: nothing to compare. Fails the test where they differ. */
static int compare(const char *what, const char *text, size_t len)
{
    json_error_t error;
    struct pfl_err err;
    json_t *theirs = json_loadb(text, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    json_t *ours = read_tree(text, len, &err);
    int both = theirs != NULL;

    if (!theirs && ours && beyond_jansson(&error))
        both = -1;
    else if (!theirs != !ours)
        fail_msg("%s: jansson %s, we %s\n%.*s", what, theirs ? "reads it" : error.text,
                 ours ? "read it" : err.message, (int)len, text);
    else if (theirs && !json_equal(theirs, ours) && !holds_minus_zero(text))
        fail_msg("%s: read differently\n%.*s", what, (int)len, text);
    json_decref(theirs);
    json_decref(ours);
    return both;
}

static void add_blanks(struct pfl_buf *buf)
{
    while (random_below(4) == 0)
        pfl_buf_char(buf, " \t\n\r"[random_below(4)]);
}

static void add_string(struct pfl_buf *buf)
{
    static const char *const parts[] = {"a",
                                        "Z9",
                                        " ",
                                        "\\\"",
                                        "\\\\",
                                        "\\/",
                                        "\\b\\f\\n\\r\\t",
                                        "\\u0041",
                                        "\\u00E9",
                                        "\\uD83D\\uDE00",
                                        "\\ud800\\udc00",
                                        "\xC3\xA9",
                                        "\xE2\x82\xAC",
                                        "\xF0\x9F\x98\x80",
                                        "\x7F",
                                        "'",
                                        "{[,:]}",
                                        "\\u2028",
                                        "\xEF\xBF\xBF"};
    uint64_t n = random_below(8);

    pfl_buf_char(buf, '"');
    while (n-- > 0)
        pfl_buf_text(buf, parts[random_below(PFL_COUNT(parts))]);
    pfl_buf_char(buf, '"');
}

static void add_number(struct pfl_buf *buf)
{
    static const char *const forms[] = {"0",
                                        "-1",
                                        "12",
                                        "1.5",
                                        "-0.0",
                                        "1e5",
                                        "2E-3",
                                        "1e+10",
                                        "9007199254740993",
                                        "-9223372036854775808",
                                        "9223372036854775807",
                                        "4.9e-324",
                                        "0.30000000000000004",
                                        "123456789012345678.5"};
    double value;

    if (random_below(2)) {
        pfl_buf_text(buf, forms[random_below(PFL_COUNT(forms))]);
        return;
    }
    value = (double)(int64_t)(random_below(UINT64_MAX) >> 1) /
            (double)(1 + random_below(UINT64_C(1) << 60));
    pfl_buf_format(buf, "%.*e", 1 + (int)random_below(20), value);
}

static void add_value(struct pfl_buf *buf, int depth)
{
    uint64_t kind = random_below(depth > 0 ? 9 : 6), n = random_below(6), i;

    add_blanks(buf);
    if (kind < 2) {
        add_number(buf);
    } else if (kind < 4) {
        add_string(buf);
    } else if (kind < 6) {
        static const char *const words[] = {"true", "false", "null"};

        pfl_buf_text(buf, words[random_below(3)]);
    } else {
        pfl_buf_char(buf, kind == 6 ? '[' : '{');
        add_blanks(buf);
        for (i = 0; i < n; i++) {
            if (i > 0)
                pfl_buf_char(buf, ',');
            add_blanks(buf);
            if (kind != 6) {
                add_string(buf);
                add_blanks(buf);
                pfl_buf_char(buf, ':');
            }
            add_value(buf, depth - 1);
        }
        pfl_buf_char(buf, kind == 6 ? ']' : '}');
    }
    add_blanks(buf);
}

static void agree_on_generated_documents(void **state)
{
    struct pfl_buf buf;
    int i;

    (void)state;
    random_state = 88172645463325252u;
    pfl_buf_init(&buf, 1 << 20);
    for (i = 0; i < 5000; i++) {
        pfl_buf_clear(&buf);
        add_value(&buf, 6);
        assert_int_equal(compare("generated", buf.data, buf.len), 1);
    }
    pfl_buf_release(&buf);
}

static void agree_on_damaged_documents(void **state)
{
    static const char bytes[] = "{}[],:\"\\ \n01-+.eEtnu\x01\xC3\xA9\xFF";
    int i, verdicts[2] = {0, 0}, verdict;
    struct pfl_buf buf;

    (void)state;
    random_state = 362436069362436069u;
    pfl_buf_init(&buf, 1 << 20);
    for (i = 0; i < 20000; i++) {
        pfl_buf_clear(&buf);
        add_value(&buf, 4);
        switch (random_below(3)) {
        case 0: buf.data[random_below(buf.len)] = bytes[random_below(sizeof bytes - 1)]; break;
        case 1: pfl_buf_truncate(&buf, random_below(buf.len)); break;
        default: pfl_buf_char(&buf, bytes[random_below(sizeof bytes - 1)]);
        }
        verdict = compare("damaged", pfl_buf_cstr(&buf), buf.len);
        if (verdict >= 0)
            verdicts[verdict]++;
    }
    pfl_buf_release(&buf);
    assert_true(verdicts[0] > 5000); /* the damage is damage, and not always */
    assert_true(verdicts[1] > 1000);
}

static int files_compared;

static int compare_file(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    size_t len, dot = strlen(path);
    FILE *file;
    char *text;

    (void)place;
    if (kind != FTW_F || dot < 5 || strcmp(path + dot - 5, ".json") != 0)
        return 0;
    file = fopen(path, "rb");
    text = malloc((size_t)info->st_size + 1);
    assert_true(file && text);
    len = fread(text, 1, (size_t)info->st_size, file);
    fclose(file);
    text[len] = 0;
    if (memcmp(text, "\xEF\xBB\xBF", 3) != 0 && !strstr(text, "NaN") && !strstr(text, "Infinity")) {
        compare(path, text, len);
        files_compared++;
    }
    free(text);
    return 0;
}

static void agree_on_real_files(void **state)
{
    const char *folder = getenv("PERFLEDGER_TEST_DATA");

    (void)state;
    if (!folder)
        folder = PFL_SOURCE_DIR "/../shared/data";
    files_compared = 0;
    if (nftw(folder, compare_file, 16, FTW_PHYS) != 0 || files_compared == 0) {
        print_message("# skip: no *.json below %s (set PERFLEDGER_TEST_DATA)\n", folder);
        skip();
    }
    print_message("# %d files read alike\n", files_compared);
}

int test_base_json_jansson(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agree_on_generated_documents),
        cmocka_unit_test(agree_on_damaged_documents),
        cmocka_unit_test(agree_on_real_files),
    };

    return cmocka_run_group_tests_name("base/json_jansson", tests, NULL, NULL);
}

#else

static void needs_jansson(void **state)
{
    (void)state;
    print_message("# skip: jansson is not installed (libjansson-dev)\n");
    skip();
}

int test_base_json_jansson(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(needs_jansson)};

    return cmocka_run_group_tests_name("base/json_jansson", tests, NULL, NULL);
}
#endif
