/* Histories: where periods begin, and the lines that are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/history.h"
#include "sys/clock.h"

#include <math.h>
#include <string.h>

int test_formats_history(void);

static const int64_t second = INT64_C(1000000000);

static void periods_begin(void **state)
{
    static const struct {
        enum pfl_history_every every;
        int64_t at; /* seconds */
        const char *begin;
    } cases[] = {
        {PFL_HISTORY_RUN, 86399, "1970-01-01T23:59:59Z"},
        {PFL_HISTORY_DAY, 86399, "1970-01-01T00:00:00Z"},
        {PFL_HISTORY_DAY, 86400, "1970-01-02T00:00:00Z"},
        {PFL_HISTORY_DAY, -1, "1969-12-31T00:00:00Z"},
        {PFL_HISTORY_WEEK, 0, "1969-12-29T00:00:00Z"},             /* a Thursday */
        {PFL_HISTORY_WEEK, 4 * 86400 - 1, "1969-12-29T00:00:00Z"}, /* Sunday's last second */
        {PFL_HISTORY_WEEK, 4 * 86400, "1970-01-05T00:00:00Z"},
        {PFL_HISTORY_WEEK, -3 * 86400 - 1, "1969-12-22T00:00:00Z"},
        {PFL_HISTORY_WEEK, 1767225600, "2025-12-29T00:00:00Z"}, /* 2026-01-01 */
        {PFL_HISTORY_MONTH, 0, "1970-01-01T00:00:00Z"},
        {PFL_HISTORY_MONTH, -1, "1969-12-01T00:00:00Z"},
        {PFL_HISTORY_MONTH, 1709251199, "2024-02-01T00:00:00Z"}, /* 29 February's last second */
        {PFL_HISTORY_MONTH, 1709251200, "2024-03-01T00:00:00Z"},
        {PFL_HISTORY_MONTH, 951868800, "2000-03-01T00:00:00Z"},
        {PFL_HISTORY_MONTH, 951868799, "2000-02-01T00:00:00Z"},
        {PFL_HISTORY_MONTH, 4107542400, "2100-03-01T00:00:00Z"}, /* no leap year */
        {PFL_HISTORY_MONTH, 4107542399, "2100-02-01T00:00:00Z"},
        {PFL_HISTORY_MONTH, 1798761599, "2026-12-01T00:00:00Z"},
    };
    char text[32];
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_clock_text(
            pfl_history_begin_of(cases[i].every,
                                 cases[i].at * second + second / 2 -
                                     (cases[i].every == PFL_HISTORY_RUN ? second / 2 : 0)),
            text);
        assert_string_equal(text, cases[i].begin);
    }
    /* As far as the clock of the ledger goes: no overflow. */
    pfl_history_begin_of(PFL_HISTORY_WEEK, INT64_MIN);
    pfl_history_begin_of(PFL_HISTORY_MONTH, INT64_MIN + 1);
    assert_true(pfl_history_begin_of(PFL_HISTORY_MONTH, INT64_MAX) <= INT64_MAX);
}

/* Days of 430 years: a month begins on day 1, and days of one month begin alike. */
static void months_are_whole(void **state)
{
    const int64_t day_ns = 86400 * second;
    int64_t day, begin, last = INT64_MIN;
    char text[32], first[32];

    (void)state;
    for (day = -60000; day < 100000; day += 13) {
        begin = pfl_history_begin_of(PFL_HISTORY_MONTH, day * day_ns);
        assert_true(begin <= day * day_ns && begin >= last);
        last = begin;
        pfl_clock_text(day * day_ns, text);
        pfl_clock_text(begin, first);
        assert_memory_equal(text, first, 8); /* 2026-02- */
        assert_memory_equal(first + 8, "01T00:00:00Z", 12);
    }
}

static void every_is_read(void **state)
{
    enum pfl_history_every every = PFL_HISTORY_RUN;

    (void)state;
    assert_true(pfl_history_every_read("week", &every));
    assert_int_equal(every, PFL_HISTORY_WEEK);
    assert_string_equal(pfl_history_every_text(every), "week");
    assert_false(pfl_history_every_read("Week", &every));
    assert_false(pfl_history_every_read("", &every));
}

static void write_two(enum pfl_history_every every, bool json, const char *expected)
{
    const struct pfl_history_series series = {"a,\"b\x1b", "time", "",
                                              "box",       "s",    PFL_BETTER_LOWER};
    struct pfl_history_record record = {.begin_unix_ns = 0,
                                        .runs = 2,
                                        .median = 1.5,
                                        .min = 1,
                                        .max = 2,
                                        .revision = "",
                                        .run = "1a2b",
                                        .epochs = PFL_HISTORY_MACHINE | PFL_HISTORY_NAME};
    struct pfl_history_writer writer;
    struct pfl_buf out;

    pfl_buf_init(&out, 1 << 20);
    record.last.ci_low = record.last.ci_high = NAN;
    record.last.median = 2;
    record.last.n = 5;
    pfl_history_writer_begin(&writer, &out, every, json);
    pfl_history_writer_series(&writer, &series);
    pfl_history_writer_record(&writer, &record);
    pfl_history_writer_end(&writer);
    assert_string_equal(pfl_buf_cstr(&out), expected);
    pfl_buf_release(&out);
}

static void records_are_written(void **state)
{
    (void)state;
    write_two(PFL_HISTORY_RUN, false,
              "date,benchmark,metric,variant,machine,unit,better,median,low,high,n,revision,run,"
              "epoch\n,\"a,\"\"b\\x1b\",time,,box,s,lower,2,,,5,,1a2b,"
              "machine+name\n");
    write_two(PFL_HISTORY_DAY, false,
              "date,benchmark,metric,variant,machine,unit,better,runs,median,min,max,last,"
              "last_low,last_high,revision,run,epoch\n1970-01-01,\"a,\"\"b\\x1b\",time,,box,s,"
              "lower,2,1.5,1,2,2,,,,1a2b,machine+name\n");
    write_two(PFL_HISTORY_MONTH, true,
              "{\"schema\":1,\"every\":\"month\",\"series\":[{\"benchmark\":\"a,\\\"b\\u001b\","
              "\"metric\":\"time\",\"variant\":\"\",\"machine\":\"box\",\"unit\":\"s\","
              "\"better\":\"lower\",\"records\":[{\"date\":\"1970-01-01\",\"runs\":2,"
              "\"median\":1.5,\"min\":1,\"max\":2,\"last\":{\"median\":2,\"ci\":null,\"n\":5,"
              "\"revision\":null,\"run\":\"1a2b\"},\"epoch\":[\"machine\",\"name\"]}]}]}\n");
}

int test_formats_history(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(periods_begin),
        cmocka_unit_test(months_are_whole),
        cmocka_unit_test(every_is_read),
        cmocka_unit_test(records_are_written),
    };

    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
