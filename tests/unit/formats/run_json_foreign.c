/* Runs that other hands wrote: keys in another order, fields missing or wrong, and what is said of
 * them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/run_json.h"
#include "formats/run_json_shape.h"

#include <math.h>
#include <string.h>

int test_formats_run_json_foreign(void);

static void write_run(const struct pfl_run *run, int indent, struct pfl_buf *buf)
{
    const struct pfl_run_json_options options = {.indent = indent};

    pfl_buf_init(buf, 1 << 20);
    pfl_run_json_write(run, &options, buf);
    assert_int_equal(buf->error, PFL_OK);
}

static int read_run(const char *text, size_t len, struct pfl_arena *arena, struct pfl_run *run,
                    struct pfl_err *err)
{
    struct pfl_json_reader r;
    int rc;

    pfl_arena_init(arena);
    pfl_json_reader_init_text(&r, "run.json", text, len);
    rc = pfl_run_json_read(&r, arena, run, err);
    pfl_json_reader_release(&r);
    return rc;
}

/* The smallest document; each line is a piece that can be replaced. */
#define HEAD "{\"schema\":1,\n"
#define RUN                                                                                        \
    "\"run\":{\"id\":\"\",\"revision\":null,\"dirty\":false,\"partial\":false,"                    \
    "\"started\":\"2026-01-01T00:00:00Z\",\"machine\":{},\"environment\":{}},\n"
#define ROW                                                                                        \
    "{\"benchmark\":\"b\",\"metric\":\"time\",\"unit\":\"s\",\"samples\":[1,2],\"status\":\"ok\"}"
#define DETAIL(what) "\"benchmarks\":[{\"name\":\"b\",\"status\":\"ok\"," what "}]"
#define COLUMNS(first)                                                                             \
    "\"launches\":{" first                                                                         \
    "\"position\":[0,1],\"started_ns\":[0,1],\"gap_ns\":[0,0],\"exit_code\":[0,0],"                \
    "\"signal\":[0,0],\"flags\":[0,0]}"

static const struct {
    const char *text;
    int code, line, column;
    const char *message;
} wrong[] = {
    {"", PFL_EPARSE, 1, 1, "expected a value, found the end of the input"},
    {"[]", PFL_EPARSE, 1, 1, "expected an object, found an array"},
    {"{}", PFL_EPARSE, 1, 1, "the document has no \"schema\""},
    {HEAD "\"results\":[]}", PFL_EPARSE, 1, 1, "the document has no \"run\""},
    {HEAD RUN "\"x\":1}", PFL_EPARSE, 1, 1, "the document has no \"results\""},
    {HEAD RUN "\"results\":[]} x", PFL_EPARSE, 3, 15,
     "expected the end of the document, found 'x'"},
    {HEAD RUN "\"results\":[],\"results\":[]}", PFL_EPARSE, 3, 14,
     "\"results\" stands here a second time"},
    {"{\"schema\":2}", PFL_EVERSION, 1, 11,
     "this run has schema 2, this perfledger reads up to 1: a newer perfledger wrote it, and can "
     "read it"},
    {"{\"schema\":\"1\"}", PFL_EPARSE, 1, 11, "expected an integer, found a string"},
    {"{\"schema\":0}", PFL_EPARSE, 1, 11,
     "expected an integer from 1 to 9223372036854775807, found 0"},
    {"{\"schema\":1.5}", PFL_EPARSE, 1, 11,
     "expected an integer from 1 to 9223372036854775807, found 1.5"},
    {"{\"run\":[]}", PFL_EPARSE, 1, 8, "expected an object, found an array"},
    {"{\"run\":{\"id\":1}}", PFL_EPARSE, 1, 14, "expected a string, found a number"},
    {"{\"run\":{\"id\":\"a\\u0000b\"}}", PFL_EPARSE, 1, 14,
     "expected a text without the character U+0000"},
    {"{\"run\":{\"revision\":false}}", PFL_EPARSE, 1, 20,
     "expected a string or null, found true or false"},
    {"{\"run\":{\"dirty\":null}}", PFL_EPARSE, 1, 17, "expected true or false, found null"},
    {"{\"run\":{\"kind\":\"odd\"}}", PFL_EPARSE, 1, 16,
     "expected configured, adhoc, race or imported"},
    {"{\"run\":{\"started\":\"yesterday\"}}", PFL_EPARSE, 1, 19,
     "expected a time such as 2026-01-31T12:00:00.123456789Z"},
    {"{\"run\":{\"started\":1}}", PFL_EPARSE, 1, 19, "expected a string, found a number"},
    {"{\"run\":{\"seed\":-1}}", PFL_EPARSE, 1, 16,
     "expected an integer from 0 to 9223372036854775807, found -1"},
    {"{\"run\":{\"seed\":\"18446744073709551616\"}}", PFL_EPARSE, 1, 16,
     "expected an integer from 0 to 18446744073709551615"},
    {"{\"run\":{\"seed\":\"\"}}", PFL_EPARSE, 1, 16,
     "expected an integer from 0 to 18446744073709551615"},
    {"{\"run\":{\"machine\":{\"cores\":2147483648}}}", PFL_EPARSE, 1, 28,
     "expected an integer from -2147483648 to 2147483647, found 2147483648"},
    {"{\"run\":{\"environment\":{\"a\":1}}}", PFL_EPARSE, 1, 28,
     "expected a string, found a number"},
    {"{\"run\":{\"environment\":[]}}", PFL_EPARSE, 1, 23, "expected an object, found an array"},
    {"{\"run\":{\"warnings\":[1]}}", PFL_EPARSE, 1, 21, "expected a string, found a number"},
    {HEAD "\"run\":{\"id\":\"\"}}", PFL_EPARSE, 2, 7, "the run has no \"revision\""},
    {"{\"results\":{}}", PFL_EPARSE, 1, 12, "expected an array, found an object"},
    {"{\"results\":[1]}", PFL_EPARSE, 1, 13, "expected an object, found a number"},
    {"{\"results\":[\n {}]}", PFL_EPARSE, 2, 2, "the result has no \"benchmark\""},
    {"{\"results\":[{\"samples\":[true]}]}", PFL_EPARSE, 1, 25,
     "expected a number or null, found true or false"},
    {"{\"results\":[{\"median\":\"1\"}]}", PFL_EPARSE, 1, 23,
     "expected a number or null, found a string"},
    {"{\"results\":[{\"ci\":[1]}]}", PFL_EPARSE, 1, 21,
     "expected a number or null, found the end of the array"},
    {"{\"results\":[{\"ci\":[1,2,3]}]}", PFL_EPARSE, 1, 24,
     "expected the end of the array, found a number"},
    {"{\"results\":[{\"better\":\"best\"}]}", PFL_EPARSE, 1, 23,
     "expected lower, higher or neither"},
    {"{\"results\":[{\"status\":\"good\"}]}", PFL_EPARSE, 1, 23,
     "expected ok, failed, timed_out or skipped"},
    {"{\"results\":[{\"launch_of\":[-1]}]}", PFL_EPARSE, 1, 27,
     "expected an integer from 0 to 4294967295, found -1"},
    {"{\"benchmarks\":[{\"launches\":{\"round\":[0,4294967296]}}]}", PFL_EPARSE, 1, 40,
     "expected an integer from 0 to 4294967295, found 4294967296"},
    {"{\"benchmarks\":[{\"launches\":{\"round\":[0]}}]}", PFL_EPARSE, 1, 28,
     "the launch table has no \"position\""},
    {"{\"benchmarks\":[{\"launches\":{\"round\":[0],\"flags\":[]}}]}", PFL_EPARSE, 1, 50,
     "expected 1 values in \"flags\", as in the columns before it, found 0"},
    {"{\"benchmarks\":[{\"launches\":{\"round\":[0],\"flags\":[1,2]}}]}", PFL_EPARSE, 1, 52,
     "expected the end of \"flags\": the columns before it have 1 values"},
    {HEAD RUN "\"results\":[" ROW "],\n" DETAIL(COLUMNS("\"round\":[0,1],")) ",\"benchmarks\":[]}",
     PFL_EPARSE, 4, 168, "\"benchmarks\" stands here a second time"},
    {HEAD RUN "\"results\":[" ROW ",\n" ROW "]}", PFL_EPARSE, 0, 0,
     "the result of \"b\" in time stands here twice"},
    {HEAD RUN "\"results\":[],\"benchmarks\":[{\"name\":\"b\",\"status\":\"ok\"},\n{\"name\":\"b\","
              "\"status\":\"ok\"}]}",
     PFL_EPARSE, 4, 1, "the benchmark \"b\" stands here a second time"},
    {HEAD RUN "\"results\":[" ROW
              ",\n{\"benchmark\":\"b\",\"metric\":\"cpu\",\"unit\":\"s\",\"samples\":[1],"
              "\"status\":\"ok\"}]}",
     PFL_EPARSE, 4, 1,
     "the result of \"b\" in cpu: expected 2 samples, one per launch, or \"launch_of\""},
    {HEAD RUN "\"results\":[\n{\"benchmark\":\"b\",\"metric\":\"cpu\",\"unit\":\"s\",\"samples\":["
              "1],\"launch_of\":[0,1],"
              "\"status\":\"ok\"}]," DETAIL(COLUMNS("\"round\":[0,1],")) "}",
     PFL_EPARSE, 4, 1,
     "the result of \"b\" in cpu: expected 1 values in \"launch_of\", one per sample"},
    {HEAD RUN "\"results\":[\n{\"benchmark\":\"b\",\"metric\":\"cpu\",\"unit\":\"s\",\"samples\":["
              "1],\"launch_of\":[2],"
              "\"status\":\"ok\"}]," DETAIL(COLUMNS("\"round\":[0,1],")) "}",
     PFL_EPARSE, 4, 1,
     "the result of \"b\" in cpu: expected 2 launches, \"launch_of\" names one beyond them"},
};

static void says_what_is_wrong_and_where(void **state)
{
    struct pfl_run run = {.id = "untouched"};
    struct pfl_arena arena;
    struct pfl_err err;
    size_t i;
    int rc;

    (void)state;
    for (i = 0; i < PFL_COUNT(wrong); i++) {
        rc = read_run(wrong[i].text, strlen(wrong[i].text), &arena, &run, &err);
        if (rc != wrong[i].code || err.line != wrong[i].line || err.column != wrong[i].column)
            print_error("document %zu: %s\n", i, wrong[i].text);
        assert_int_equal(rc, wrong[i].code);
        assert_string_equal(err.message, wrong[i].message);
        assert_string_equal(err.file, "run.json");
        assert_int_equal(err.line, wrong[i].line);
        assert_int_equal(err.column, wrong[i].column);
        assert_string_equal(run.id, "untouched");
        pfl_arena_release(&arena);
    }
}

static void takes_any_order_and_unknown_keys(void **state)
{
    static const char text[] =
        "{\"future\":{\"a\":[1]},\"benchmarks\":[{\"launches\":{\"flags\":[0,1],\"signal\":[0,0],"
        "\"x\":[],"
        "\"exit_code\":[0,0],\"gap_ns\":[0,0],\"started_ns\":[5,6],\"position\":[1,0],\"round\":[0,"
        "1]},"
        "\"status\":\"ok\",\"name\":\"z\",\"later\":null}],"
        "\"results\":[{\"status\":\"ok\",\"samples\":[3,4],\"unit\":\"s\",\"metric\":\"time\","
        "\"benchmark\":\"z\"},"
        "{\"status\":\"failed\",\"samples\":[],\"unit\":null,\"metric\":null,\"benchmark\":\"y\","
        "\"params\":{\"n\":\"1\"}}],"
        "\"run\":{\"environment\":{},\"machine\":{\"libc\":\"m\"},\"started\":\"1969-12-31T23:59:"
        "59.5Z\","
        "\"partial\":false,\"dirty\":true,\"revision\":\"r\",\"id\":\"i\"},\"schema\":1}";
    struct pfl_arena arena;
    struct pfl_run run;
    struct pfl_err err;

    (void)state;
    assert_int_equal(read_run(text, sizeof text - 1, &arena, &run, &err), PFL_OK);
    assert_int_equal(run.started_unix_ns, -500000000);
    assert_string_equal(run.machine.libc, "m");
    assert_string_equal(run.machine.os, "");
    assert_int_equal(run.benchmark_count, 2);
    assert_string_equal(run.benchmarks[0].name, "y"); /* sorted */
    assert_int_equal(run.benchmarks[0].status, PFL_STATUS_FAILED);
    assert_string_equal(run.benchmarks[0].params[0].value, "1");
    assert_int_equal(run.benchmarks[1].launches[1].started_ns, 6);
    assert_int_equal(run.benchmarks[1].launches[1].flags, 1);
    assert_true(run.benchmarks[1].results[0].values[1] == 4);
    assert_true(isnan(run.benchmarks[1].results[0].summary.median));
    assert_int_equal(run.benchmarks[1].results[0].summary.n, 0);
    pfl_arena_release(&arena);
}

static void rows_alone_make_a_run(void **state)
{
    static const char text[] = HEAD RUN "\"results\":[" ROW "]}";
    struct pfl_arena arena;
    struct pfl_run run;
    struct pfl_err err;

    (void)state;
    assert_int_equal(read_run(text, sizeof text - 1, &arena, &run, &err), PFL_OK);
    assert_int_equal(run.benchmark_count, 1);
    assert_int_equal(run.benchmarks[0].launch_count, 2);
    assert_int_equal(run.benchmarks[0].launches[1].round, 1);
    assert_int_equal(run.benchmarks[0].results[0].n, 2);
    assert_string_equal(run.benchmarks[0].reason, "");
    pfl_arena_release(&arena);
}

static void knows_the_calendar(void **state)
{
    static const struct {
        const char *text;
        int64_t unix_ns;
    } rows[] = {
        {"1970-01-01T00:00:00.000000000Z", 0},
        {"1970-01-01T00:00:00.000000001Z", 1},
        {"1969-12-31T23:59:59.999999999Z", -1},
        {"2000-02-29T12:34:56.789000000Z", 951827696789000000},
        {"1900-02-28T23:59:59.000000000Z", -2203891201000000000},
        {"1900-03-01T00:00:00.000000000Z", -2203891200000000000},
        {"2024-02-29T00:00:00.000000000Z", 1709164800000000000},
        {"2024-12-31T23:59:59.999999999Z", 1735689599999999999},
        {"2100-03-01T00:00:00.000000000Z", 4107542400000000000},
        {"1677-09-21T00:12:44.000000000Z", -9223372036000000000},
        {"2262-04-11T23:47:15.999999999Z", 9223372035999999999},
    };
    static const char *const bad[] = {"",
                                      "2026",
                                      "2026-01-01",
                                      "2026-01-01T00:00:00",
                                      "2026-01-01 00:00:00Z",
                                      "2026-13-01T00:00:00Z",
                                      "2026-00-01T00:00:00Z",
                                      "2026-02-29T00:00:00Z",
                                      "2026-01-32T00:00:00Z",
                                      "2026-01-00T00:00:00Z",
                                      "2026-01-01T24:00:00Z",
                                      "2026-01-01T00:60:00Z",
                                      "2026-01-01T00:00:61Z",
                                      "2026-01-01T00:00:00.Z",
                                      "2026-01-01T00:00:00.1234567890Z",
                                      "2026-01-01T00:00:00Zz",
                                      "2026-01-01T00:00:00+01:00",
                                      "9999-01-01T00:00:00Z",
                                      "0001-01-01T00:00:00Z",
                                      "0000-01-01T00:00:00Z",
                                      "2026-1-01T00:00:00Z",
                                      "2026-01-01T00:00",
                                      "2026-01-01T00:00:"};
    struct pfl_run run;
    struct pfl_buf buf;
    int64_t ns;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(rows); i++) {
        memset(&run, 0, sizeof run);
        run.started_unix_ns = rows[i].unix_ns;
        write_run(&run, 0, &buf);
        assert_non_null(strstr(buf.data, rows[i].text));
        assert_true(pfl_shape_time_read(rows[i].text, &ns));
        assert_int_equal(ns, rows[i].unix_ns);
        pfl_buf_release(&buf);
    }
    for (i = 0; i < PFL_COUNT(bad); i++)
        if (pfl_shape_time_read(bad[i], &ns))
            fail_msg("%s was taken for a time", bad[i]);
}

int test_formats_run_json_foreign(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_is_wrong_and_where),
        cmocka_unit_test(takes_any_order_and_unknown_keys),
        cmocka_unit_test(rows_alone_make_a_run),
        cmocka_unit_test(knows_the_calendar),
    };

    return cmocka_run_group_tests_name("formats/run_json_foreign", tests, NULL, NULL);
}
