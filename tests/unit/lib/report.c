/* What a report adds to its figures: the note on a body that takes no time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "program.h"
#include "told.h"

#include <math.h>

static const char note[] = "its body takes no time: was it optimised away? see pfl_unknown";

static void test_takes_no_time(void **state)
{
    static const struct {
        const char *tags;
        bool manual;
        double cycles;
        bool noted;
    } rows[] = {
        {"", false, 1, true},
        {"", false, 1.19, true},
        {"", false, 1.25, false},
        {"", false, 0, true},
        {"", false, NAN, false},
        {"emptyish", false, 1, true},
        {"kernel empty", false, 1, false}, /* it is meant to be */
        {NULL, false, 1, true},
        {"", true, 1, false}, /* it says itself how long it took */
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct pfl_lib_case c = {.tags = rows[i].tags, .manual_time = rows[i].manual};

        if ((pfl_lib_takes_no_time(&c, rows[i].cycles) != NULL) != rows[i].noted)
            fail_msg("row %zu", i);
    }
}

/* The case `gone` of one cycle, `fine` of ten, `bad` that failed. */
static void make(struct pfl_lib_report *report, struct pfl_lib_case at[3])
{
    static const char *const names[] = {"gone", "fine", "bad"};
    const struct pfl_lib_cases cases = {at, 3};
    size_t i;

    memset(at, 0, 3 * sizeof *at);
    for (i = 0; i < 3; i++)
        at[i].name = at[i].bench = names[i];
    pfl_lib_report_init(report, &cases, 1);
    for (i = 0; i < 3; i++) {
        const struct pfl_lib_metric cycles = {.name = "cycles",
                                              .value = i == 1 ? 10 : 1,
                                              .unit = "1"},
                                    time = {.name = "time", .value = 1e-9, .unit = "s"};

        pfl_lib_report_metric(report, i, 0, &time);
        pfl_lib_report_metric(report, i, 0, &cycles);
    }
    pfl_lib_report_status(report, 2, PFL_LIB_FAILED, "wrong");
    pfl_lib_report_finish(report);
}

/* How often the note stands in it, and after which name. */
static void assert_noted_once(char *text)
{
    char *at = strstr(text, note);

    if (!at || strstr(at + 1, note) || at < text + 6 || strncmp(at - 6, "gone: ", 6) != 0)
        fail_msg("%s", text);
    free(text);
}

static void test_said_in_table_and_json(void **state)
{
    const struct pfl_lib_table_style wide = {.width = 100}, quiet = {.width = 100, .quiet = true};
    struct pfl_lib_report report;
    struct pfl_lib_case at[3];
    char *text = NULL;
    size_t len;
    FILE *out;

    (void)state;
    make(&report, at);
    out = open_memstream(&text, &len);
    pfl_lib_table_write(out, &report, &wide);
    fclose(out);
    assert_noted_once(text);
    out = open_memstream(&text, &len);
    pfl_lib_json_report(out, &report);
    fclose(out);
    assert_non_null(strstr(text, "\"warnings\":[\"gone: its body"));
    assert_noted_once(text);
    out = open_memstream(&text, &len);
    pfl_lib_table_write(out, &report, &quiet);
    fclose(out);
    assert_null(strstr(text, note));
    free(text);
    pfl_lib_report_release(&report);
}

static void tell(void)
{
    double times[] = {0.25, 0.25}, yardsticks[2], slow[] = {9, 9};
    const struct pfl_lib_case gone = {.name = "gone", .bench = "gone", .tags = ""},
                              fine = {.name = "fine", .bench = "fine", .tags = ""};
    struct pfl_lib_outcome outcome = {.of = &gone,
                                      .batches = 2,
                                      .time_ns = times,
                                      .yardstick_ns = yardsticks,
                                      .iterations = 2,
                                      .first_call_s = NAN,
                                      .cpu_s = NAN};

    yardsticks[0] = yardsticks[1] = 0.25 * pfl_lib_step_cycles;
    pfl_lib_wire_outcome(&outcome);
    outcome.of = &fine;
    outcome.time_ns = slow;
    pfl_lib_wire_outcome(&outcome);
}

static void test_told_on_the_wire(void **state)
{
    struct told told = told_by(tell, true);

    (void)state;
    assert_non_null(strstr(told.wire, "\"cycles\",\"value\":1,"));
    assert_memory_equal(told.warnings, "warning: its body takes no time", 31);
    assert_string_equal(strchr(told.warnings, '\n'), "\n");
    told_release(&told);
}

/* What a terminal might obey is spelt out: overlong forms, surrogates, controls, in units too. */
static void test_harmless(void **state)
{
    static const struct {
        const char *text, *shown;
    } rows[] = {
        {"µs", "µs"},
        {"\x1b[31m", "\\x1b[31m"},
        {"\xc2\x9b", "\\xc2\\x9b"},
        {"\xe0\x80\x9b", "\\xe0\\x80\\x9b"},
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
        {"\xf0\x80\x80\x9b", "\\xf0\\x80\\x80\\x9b"},
        {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
    };
    char cell[PFL_LIB_CELL_MAX];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *shown = pfl_lib_cell_escape(rows[i].text);

        assert_string_equal(shown, rows[i].shown);
        free(shown);
    }
    pfl_lib_cell_quantity(cell, 3, "r\x1b[31m", 3);
    assert_string_equal(cell, "3 r\\x1b[31m");
    pfl_lib_cell_quantity(cell, 3, "µµµµµµµµµµµ", 3); /* 22 bytes */
    assert_string_equal(cell, "3 µµµµµµµµµµ");
}

int test_lib_report(void);
int test_lib_report(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_takes_no_time),
        cmocka_unit_test(test_said_in_table_and_json),
        cmocka_unit_test(test_told_on_the_wire),
        cmocka_unit_test(test_harmless),
    };

    return cmocka_run_group_tests_name("lib/report", tests, NULL, NULL);
}
