/* Progress, errors and the list of runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "fixture.h"

static const struct pfl_report_progress progress = {.benchmark = "kernels/forward[batch=32]",
                                                    .phase = "measuring",
                                                    .round = 3,
                                                    .rounds = 10,
                                                    .benchmark_index = 4,
                                                    .benchmark_count = 12,
                                                    .estimate = 1.43e-3,
                                                    .ci_low = 1.41e-3,
                                                    .ci_high = 1.45e-3,
                                                    .seconds_left = 83};

static void progress_keeps_its_numbers(void **state)
{
    static const struct {
        size_t width;
        bool utf8;
        const char *line;
    } cases[] = {
        {100, true,
         "███░░░░░░░ kernels/forward[batch=32]  measuring 3/10  1.43 ± 0.02 ms  1 min 23 s left"},
        {80, true,
         "███░░░░░░░ kernels/forward[bat…  measuring 3/10  1.43 ± 0.02 ms  1 min 23 s left"},
        {60, true, "kernels/fo…  measuring 3/10  1.43 ± 0.02 ms  1 min 23 s left"},
        {80, false,
         "###....... kernels/forward[b~  measuring 3/10  1.43 +/- 0.02 ms  1 min 23 s left"},
    };
    struct pfl_report_style style = {0};
    struct pfl_buf out;
    bool trailing;
    size_t i;

    (void)state;
    pfl_buf_init(&out, 10000);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        style.width = cases[i].width;
        style.utf8 = cases[i].utf8;
        pfl_buf_clear(&out);
        pfl_report_progress_line(&progress, &style, &out);
        assert_string_equal(pfl_buf_cstr(&out), cases[i].line);
    }
    for (style.width = 20; style.width < 130; style.width++) {
        pfl_buf_clear(&out);
        pfl_report_progress_line(&progress, &style, &out);
        assert_true(widest_line(pfl_buf_cstr(&out), &trailing) <= style.width);
    }
    pfl_buf_release(&out);
}

static void progress_without_knowledge(void **state)
{
    const struct pfl_report_progress early = {
        .benchmark = "a\nb", .phase = "warming up", .estimate = NAN, .seconds_left = NAN};
    const struct pfl_report_style style = {.width = 60, .utf8 = true};
    struct pfl_buf out;

    (void)state;
    pfl_buf_init(&out, 10000);
    pfl_report_progress_line(&early, &style, &out);
    assert_string_equal(pfl_buf_cstr(&out), "a\\nb  warming up");
    pfl_buf_release(&out);
}

static void errors_say_where(void **state)
{
    static const struct {
        const char *file;
        int line, column;
        const char *message, *severity, *text;
    } cases[] = {
        {"a.yaml", 3, 7, "unknown key 'x'", "error",
         "perfledger: a.yaml:3:7: error: unknown key 'x'\n"},
        {"a.yaml", 3, 0, "bad", "", "perfledger: a.yaml:3: bad\n"},
        {"a.yaml", 0, 0, "bad", NULL, "perfledger: a.yaml: bad\n"},
        {"", 0, 4, "bad", "warning", "perfledger: warning: bad\n"},
        {"", 0, 0, "", NULL, "perfledger: the disk is full\n"},
        {"x\ny", 1, 1, "line\n  ^\x1b[0m", NULL, "perfledger: x\\ny:1:1: line\n  ^\\x1b[0m\n"},
    };
    struct pfl_report_style style = {.width = 20, .utf8 = true};
    struct pfl_err err;
    struct pfl_buf out;
    size_t i;

    (void)state;
    pfl_buf_init(&out, 10000);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_err_set_at(&err, PFL_EFULL, cases[i].file, cases[i].line, cases[i].column, "%s",
                       cases[i].message);
        pfl_buf_clear(&out);
        pfl_report_error(&err, cases[i].severity, &style, &out);
        assert_string_equal(pfl_buf_cstr(&out), cases[i].text);
    }
    style.colour = true;
    pfl_err_set(&err, PFL_EIO, "bad");
    pfl_buf_clear(&out);
    pfl_report_error(&err, "error", &style, &out);
    assert_string_equal(pfl_buf_cstr(&out), "perfledger: \x1b[1;31merror\x1b[0m: bad\n");
    pfl_buf_release(&out);
}

static const struct pfl_run_head heads[] = {
    {.id = "00000000000000aa",
     .label = "before",
     .commit = "1111111111222222222233333333334444444444",
     .branch = "main",
     .tag = "",
     .machine_id = "m1",
     .fingerprint = "f",
     .void_why = "",
     .complete = true,
     .started_unix_ns = INT64_C(1763640180000000000),
     .benchmark_count = 12},
    {.id = "00000000000000bb",
     .label = "",
     .commit = "",
     .branch = "",
     .tag = "",
     .machine_id = "m1",
     .fingerprint = "f",
     .void_why = "the fan was off",
     .kind = PFL_RUN_ADHOC,
     .partial = true,
     .dirty = true,
     .started_unix_ns = INT64_C(1763726580000000000),
     .benchmark_count = 2,
     .failed_count = 1},
};

static void lists_show_each_run(void **state)
{
    const struct pfl_report_style style = {.width = 120, .utf8 = true};
    struct pfl_arena arena;
    struct pfl_buf out;

    (void)state;
    pfl_arena_init(&arena);
    pfl_buf_init(&out, 10000);
    assert_int_equal(pfl_report_list_terminal(heads, 2, &style, &arena, &out, NULL), PFL_OK);
    assert_string_equal(
        pfl_buf_cstr(&out),
        "run       started (UTC)     revision    branch   n  label   remarks\n"
        "00000000  2025-11-20 12:03  1111111111  main    12  before\n"
        "00000000  2025-11-21 12:03                       2          void: the fan was off, 1 "
        "failed, partial, adhoc\n");
    pfl_buf_clear(&out);
    assert_int_equal(pfl_report_list_terminal(heads, 0, &style, &arena, &out, NULL), PFL_OK);
    assert_string_equal(pfl_buf_cstr(&out),
                        "the ledger holds no runs yet: 'perfledger run' makes one\n");
    pfl_buf_release(&out);
    pfl_arena_release(&arena);
}

/* What gives way first: the branch, how many benchmarks; the remarks keep what is left. */
static void narrow_lists_keep_what_matters(void **state)
{
    struct pfl_report_style style = {.width = 80, .utf8 = true};
    struct pfl_run_head many[2] = {heads[0], heads[1]};
    struct pfl_arena arena;
    struct pfl_buf out;

    (void)state;
    many[0].dirty = true;
    many[0].branch = "feature/a-long-name-of-a-branch";
    many[1].void_why = "the backup job was running and somebody compiled a kernel";
    pfl_arena_init(&arena);
    pfl_buf_init(&out, 10000);
    assert_int_equal(pfl_report_list_terminal(many, 2, &style, &arena, &out, NULL), PFL_OK);
    assert_string_equal(pfl_buf_cstr(&out),
                        "run       started (UTC)     revision     label   remarks\n"
                        "00000000  2025-11-20 12:03  1111111111+  before\n"
                        "00000000  2025-11-21 12:03                       "
                        "void: the backup job was runni…\n");
    style.verbosity = 1;
    pfl_buf_clear(&out);
    assert_int_equal(pfl_report_list_terminal(many, 2, &style, &arena, &out, NULL), PFL_OK);
    assert_non_null(strstr(pfl_buf_cstr(&out), "00000000000000aa  2025"));
    assert_non_null(strstr(pfl_buf_cstr(&out), "1111111111+  feature/a-long-name-of-a-branch  "));
    assert_non_null(strstr(pfl_buf_cstr(&out), "compiled a kernel, 1 failed, partial, adhoc\n"));
    pfl_buf_release(&out);
    pfl_arena_release(&arena);
}

static void lists_are_json(void **state)
{
    struct pfl_json_reader reader;
    struct pfl_buf out;
    struct pfl_err err;
    size_t runs = 0;
    int rc;

    (void)state;
    pfl_buf_init(&out, 100000);
    pfl_report_list_json(heads, 2, &out);
    pfl_json_reader_init_text(&reader, "list", out.data, out.len);
    while ((rc = pfl_json_next(&reader, &err)) > 0)
        runs += reader.token == PFL_JSON_KEY && pfl_json_key_is(&reader, "id");
    pfl_json_reader_release(&reader);
    assert_int_equal(rc, PFL_OK);
    assert_int_equal(runs, 2);
    assert_non_null(strstr(
        out.data,
        "{\n \"schema\": 1,\n \"runs\": [\n  {\n   \"id\": \"00000000000000aa\",\n   \"revision\": "
        "\"1111111111222222222233333333334444444444\",\n   \"started\": "
        "\"2025-11-20T12:03:00Z\",\n   \"label\": \"before\",\n   \"partial\": false,\n   "
        "\"benchmarks\": 12,"));
    assert_non_null(strstr(out.data, "\"revision\": null"));
    pfl_buf_clear(&out);
    pfl_report_list_json(NULL, 0, &out);
    assert_string_equal(out.data, "{\n \"schema\": 1,\n \"runs\": []\n}\n");
    pfl_fault.alloc_seen = 0;
    pfl_fault.alloc_at = 1;
    pfl_buf_clear(&out);
    pfl_report_list_json(heads, 2, &out);
    memset(&pfl_fault, 0, sizeof pfl_fault);
    assert_int_equal(pfl_buf_check(&out, &err, "writing"), PFL_ENOMEM);
    pfl_buf_release(&out);
}

int test_report_lines(void);

int test_report_lines(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(progress_keeps_its_numbers),
        cmocka_unit_test(progress_without_knowledge),
        cmocka_unit_test(errors_say_where),
        cmocka_unit_test(lists_show_each_run),
        cmocka_unit_test(narrow_lists_keep_what_matters),
        cmocka_unit_test(lists_are_json),
    };

    return cmocka_run_group_tests_name("report/lines", tests, NULL, NULL);
}
