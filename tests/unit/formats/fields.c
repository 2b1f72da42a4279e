/* Objects by tables: every kind of field, every kind of value that is not what was expected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/fields.h"
#include "taken.h"

int test_formats_fields(void);

struct record {
    double number;
    const char *text;
    bool flag;
    struct pfl_build_values numbers;
    struct pfl_build_pairs others;
    int calls;
};

static int read_call(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    ((struct record *)record)->calls++;
    return pfl_json_skip(f->json, err);
}

static int read_any(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct pfl_pair pair = {pfl_build_keep(f->build, f->json->text), ""};
    int rc = pfl_fields_text(f, &pair.value, err);

    return rc < 0 || pfl_vec_push(&((struct record *)record)->others, &pair)
               ? rc
               : pfl_err_no_memory(err);
}

static const struct pfl_field fields[] = {
    PFL_FIELD_NUMBER("number", struct record, number),
    PFL_FIELD_TEXT("text", struct record, text),
    PFL_FIELD_BOOL("flag", struct record, flag),
    PFL_FIELD_NUMBERS("numbers", struct record, numbers),
    PFL_FIELD_CALL("call", read_call),
    {0},
};

static int nothing(void *context, struct pfl_run *run, struct pfl_arena *arena, struct pfl_err *err)
{
    (void)context;
    (void)run;
    (void)arena;
    (void)err;
    return PFL_OK;
}

/* Reads `text` into *record; warnings into `out`. */
static int read_into(const char *text, const struct pfl_field *with, struct record *record,
                     struct pfl_build *build, struct pfl_buf *out)
{
    static struct pfl_format_input input = {.path = "f"};
    static struct pfl_format_sink sink;
    struct pfl_json_reader json;
    struct pfl_fields f = {&json, build, NULL};
    struct pfl_err err;
    int rc;

    sink = (struct pfl_format_sink){nothing, taken_warning, out};
    pfl_build_init(build, &input, &sink);
    pfl_build_begin(build);
    pfl_json_reader_init_text(&json, "f", text, strlen(text));
    rc = pfl_fields_read(&f, with, record, &err);
    if (rc >= 0)
        rc = pfl_json_expect(&json, PFL_JSON_END, &err);
    if (rc < 0)
        pfl_buf_format(out, "%d:%d error: %s\n", err.line, err.column, err.message);
    pfl_json_reader_release(&json);
    return rc;
}

static void values_are_read_or_left_out(void **state)
{
    static const struct {
        const char *json;
        double number;
        const char *text;
        bool flag;
        int calls;
        double numbers[4];
        size_t n;
        const char *warnings;
    } cases[] = {
        {"{\"number\":1.5,\"text\":\"x\",\"flag\":true,\"numbers\":[1,null,NaN,-2],\"call\":[1,{}],"
         "\"else\":{\"number\":9}}",
         1.5,
         "x",
         true,
         1,
         {1, NAN, NAN, -2},
         4,
         ""},
        {"{}", 7, "unset", false, 0, {0}, 0, ""},
        {"null", 7, "unset", false, 0, {0}, 0, ""},
        {"{\"number\":null,\"text\":null,\"flag\":null,\"numbers\":null,\"call\":null}",
         7,
         "unset",
         false,
         1,
         {0},
         0,
         ""},
        {"{\"number\":\"NaN\"}", NAN, "unset", false, 0, {0}, 0, ""},
        {"{\"number\":\"\"}", NAN, "unset", false, 0, {0}, 0, ""},
        {"{\"text\":12}", 7, "12", false, 0, {0}, 0, ""},
        {"{\"text\":1.50}", 7, "1.5", false, 0, {0}, 0, ""},
        {"{\"text\":false}", 7, "false", false, 0, {0}, 0, ""},
        {"{\"number\":1,\"number\":2}", 2, "unset", false, 0, {0}, 0, ""}, /* the last stands */
        {"{\"number\":\"1\"}",
         7,
         "unset",
         false,
         0,
         {0},
         0,
         "1:11 expected a number, found a string: left out\n"},
        {"{\"number\":[[1],{\"a\":2}],\"text\":\"x\"}",
         7,
         "x",
         false,
         0,
         {0},
         0,
         "1:11 expected a number, found an array: left out\n"},
        {"{\"text\":{\"text\":\"no\"},\"flag\":true}",
         7,
         "unset",
         true,
         0,
         {0},
         0,
         "1:9 expected a text, found an object: left out\n"},
        {"{\"flag\":1,\n\"numbers\":[1,[2,3],\"x\",4]}",
         7,
         "unset",
         false,
         0,
         {1, NAN, NAN, 4},
         4,
         "1:9 expected true or false, found a number: left out\n"
         "2:14 expected a number, found an array: left out\n"
         "2:20 expected a number, found a string: left out\n"},
        {"{\"numbers\":{\"a\":1}}",
         7,
         "unset",
         false,
         0,
         {0},
         0,
         "1:12 expected a list of numbers, found an object: left out\n"},
        {"[1,2]",
         7,
         "unset",
         false,
         0,
         {0},
         0,
         "1:1 expected an object, found an array: left out\n"},
    };
    size_t i, k;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct record r = {.number = 7, .text = "unset"};
        struct pfl_build build;
        struct pfl_buf out;

        pfl_buf_init(&out, 1 << 16);
        assert_int_equal(read_into(cases[i].json, fields, &r, &build, &out), PFL_OK);
        assert_string_equal(pfl_buf_cstr(&out), cases[i].warnings);
        assert_true(r.number == cases[i].number || (isnan(r.number) && isnan(cases[i].number)));
        assert_string_equal(r.text, cases[i].text);
        assert_int_equal(r.flag, cases[i].flag);
        assert_int_equal(r.calls, cases[i].calls);
        assert_int_equal(r.numbers.n, cases[i].n);
        for (k = 0; k < r.numbers.n; k++)
            assert_true(r.numbers.at[k] == cases[i].numbers[k] ||
                        (isnan(r.numbers.at[k]) && isnan(cases[i].numbers[k])));
        pfl_vec_release(&r.numbers);
        pfl_build_release(&build);
        pfl_buf_release(&out);
    }
}

static void what_is_no_json_is_an_error(void **state)
{
    static const struct {
        const char *json, *error;
    } cases[] = {
        {"{\"number\":", "1:11 error: expected a value, found the end of the input\n"},
        {"{\"number\":1", "1:12 error: expected ',' or '}', found the end of the input\n"},
        {"{\"numbers\":[1,", "1:15 error: expected a value, found the end of the input\n"},
        {"{\"else\":[1,}", "1:12 error: expected a value, found '}'\n"},
        {"{\"number\":1}x", "1:13 error: expected the end of the document, found 'x'\n"},
        {"", "1:1 error: expected a value, found the end of the input\n"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct record r = {.text = ""};
        struct pfl_build build;
        struct pfl_buf out;

        pfl_buf_init(&out, 1 << 16);
        assert_int_equal(read_into(cases[i].json, fields, &r, &build, &out), PFL_EPARSE);
        assert_string_equal(pfl_buf_cstr(&out), cases[i].error);
        pfl_vec_release(&r.numbers);
        pfl_build_release(&build);
        pfl_buf_release(&out);
    }
}

static void any_takes_what_no_line_before_did(void **state)
{
    static const struct pfl_field with[] = {
        PFL_FIELD_NUMBER("number", struct record, number),
        PFL_FIELD_ANY(read_any),
        {0},
    };
    struct record r = {.text = ""};
    struct pfl_build build;
    struct pfl_buf out;

    (void)state;
    pfl_buf_init(&out, 1 << 16);
    assert_int_equal(
        read_into("{\"a\":1,\"number\":2,\"\":\"b\",\"c\":[]}", with, &r, &build, &out), PFL_OK);
    assert_string_equal(pfl_buf_cstr(&out), "1:30 expected a text, found an array: left out\n");
    assert_true(r.number == 2);
    assert_int_equal(r.others.n, 3);
    assert_string_equal(r.others.at[0].name, "a");
    assert_string_equal(r.others.at[0].value, "1");
    assert_string_equal(r.others.at[1].name, "");
    assert_string_equal(r.others.at[1].value, "b");
    pfl_vec_release(&r.others);
    pfl_build_release(&build);
    pfl_buf_release(&out);
}

static void texts_that_are_numbers(void **state)
{
    static const struct {
        const char *text;
        bool is;
        double number;
    } cases[] = {
        {"1.5", true, 1.5}, {"-2e3", true, -2000}, {"", false, 0},      {"1x", false, 0},
        {"nan", false, 0},  {"inf", false, 0},     {"1e999", false, 0}, {"0x10", false, 0},
    };
    double number;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        assert_int_equal(pfl_fields_is_number(cases[i].text, &number), cases[i].is);
        if (cases[i].is)
            assert_true(number == cases[i].number);
    }
}

int test_formats_fields(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_read_or_left_out),
        cmocka_unit_test(what_is_no_json_is_an_error),
        cmocka_unit_test(any_takes_what_no_line_before_did),
        cmocka_unit_test(texts_that_are_numbers),
    };

    return cmocka_run_group_tests_name("formats_fields", tests, NULL, NULL);
}
