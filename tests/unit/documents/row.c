/* A row's facts: what is written is what is read, number for number; and what can be none is
 * refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "documents/row.h"

#include <math.h>
#include <string.h>

static void facts_come_back(void **state)
{
    static const char *globs[] = {"parse*", "a \"b\"\\"}, *area[] = {"x"};
    static struct pfl_row_series series[] = {{"parse[n=1]", "time", "", 0.01234, 8},
                                             {"b", "peak_rss", "v", 0, 6}};
    static struct pfl_row_tolerance tolerances[] = {{"*", "time", 0.1}, {"p", "peak_rss", 1.0 / 3}};
    const struct pfl_row_facts written = {.kind = PFL_ROW_DIAGNOSIS,
                                          .tool = "perfledger 0.1.0",
                                          .after = "00112233445566aa",
                                          .base = "b",
                                          .head = "h",
                                          .external = true,
                                          .title = "-- “t” --",
                                          .note = "",
                                          .tag = "v1",
                                          .commit_url = "https://x/",
                                          .pull_request = "#4",
                                          .pull_request_url = "",
                                          .cause = "c",
                                          .cause_subject = "s",
                                          .area = "a",
                                          .machine = "m",
                                          .reference_machine = "",
                                          .runs_folder = "perf/runs",
                                          .snapshot = "",
                                          .benchmarks = globs,
                                          .benchmark_count = 2,
                                          .area_benchmarks = area,
                                          .area_benchmark_count = 1,
                                          .metric = "t*",
                                          .confidence = 0.99,
                                          .false_discovery_rate = 0.01,
                                          .series = series,
                                          .series_count = 2,
                                          .tolerances = tolerances,
                                          .tolerance_count = 2};
    struct pfl_row_facts read;
    struct pfl_arena arena;
    struct pfl_buf once, twice;
    struct pfl_err err;

    (void)state;
    pfl_arena_init(&arena);
    pfl_buf_init(&once, 1 << 16);
    pfl_buf_init(&twice, 1 << 16);
    assert_int_equal(pfl_row_facts_write(&written, &once, &err), PFL_OK);
    assert_null(strchr(once.data, '\n'));
    assert_int_equal(pfl_row_facts_read(once.data, once.len, &arena, &read, &err), PFL_OK);
    assert_int_equal(read.kind, PFL_ROW_DIAGNOSIS);
    assert_string_equal(read.title, written.title);
    assert_string_equal(read.note, "");
    assert_true(read.external);
    assert_int_equal(read.benchmark_count, 2);
    assert_string_equal(read.benchmarks[1], globs[1]);
    assert_true(read.series[0].session_sd == 0.01234 && read.series[0].sessions == 8);
    assert_true(read.tolerances[1].max_regression == 1.0 / 3);
    assert_int_equal(pfl_row_facts_write(&read, &twice, &err), PFL_OK);
    assert_string_equal(pfl_buf_cstr(&twice), pfl_buf_cstr(&once));
    pfl_buf_release(&once);
    pfl_buf_release(&twice);
    pfl_arena_release(&arena);
}

static void what_can_be_none_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "{}",
        "[]",
        "{\"schema\":1,\"kind\":\"baseline\",\"title\":\"t\"}",
        "{\"schema\":2,\"kind\":\"baseline\",\"title\":\"t\",\"head\":\"h\"}",
        "{\"schema\":1,\"kind\":\"best\",\"title\":\"t\",\"head\":\"h\"}",
        "{\"schema\":1,\"kind\":\"baseline\",\"title\":\"t\",\"head\":\"h\",\"base\":\"b\"}",
        "{\"schema\":1,\"kind\":\"optimisation\",\"title\":\"t\",\"head\":\"h\"}",
        "{\"schema\":1,\"kind\":\"optimisation\",\"title\":\"t\",\"head\":\"h\",\"base\":\"b\"}",
        "{\"schema\":1,\"kind\":\"optimisation\",\"title\":\"t\",\"head\":\"h\",\"base\":\"b\","
        "\"confidence\":1,\"false_discovery_rate\":0.01}",
        "{\"schema\":1,\"kind\":\"baseline\",\"title\":4,\"head\":\"h\"}",
        "{\"schema\":1,\"kind\":\"baseline\",\"title\":\"a\\u0000b\",\"head\":\"h\"}",
        "{\"schema\":1,\"kind\":\"baseline\",\"title\":\"t\",\"head\":\"h\",\"sessions\":[[\"b\"]]"
        "}",
        "{\"schema\":1,\"kind\":\"baseline\",\"title\":\"t\",\"head\":\"h\",\"sessions\":[[\"b\","
        "\"time\",\"\",-1,6]]}",
        "{\"schema\":1,\"kind\":\"baseline\",\"title\":\"t\",\"head\":\"h\"",
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(texts); i++) {
        struct pfl_row_facts facts;
        struct pfl_arena arena;

        pfl_arena_init(&arena);
        assert_int_equal(pfl_row_facts_read(texts[i], strlen(texts[i]), &arena, &facts, NULL),
                         PFL_EINVAL);
        pfl_arena_release(&arena);
    }
}

static struct pfl_row row_of(const char *benchmark, const char *metric, enum pfl_verdict verdict,
                             bool deciding)
{
    return (struct pfl_row){.benchmark = benchmark,
                            .metric = metric,
                            .variant = "",
                            .unit = "s",
                            .verdict = verdict,
                            .deciding = deciding,
                            .base = {.present = true, .median = 1, .ci_low = NAN, .ci_high = NAN},
                            .head = {.present = true, .median = 1, .ci_low = NAN, .ci_high = NAN},
                            .ratio = 1,
                            .ratio_low = 0.9881,
                            .ratio_high = 1.01};
}

static void what_matters_is_in_the_table(void **state)
{
    static const char *globs[] = {"p"};
    const struct pfl_row_facts all = {.metric = ""},
                               some = {.metric = "", .benchmarks = globs, .benchmark_count = 1},
                               users = {.metric = "us*"};
    const struct {
        struct pfl_row row;
        bool all, some, users;
    } cases[] = {
        {row_of("p", "time", PFL_VERDICT_UNCHANGED, true), true, true, false},
        {row_of("q", "cpu", PFL_VERDICT_UNCHANGED, true), true, false, false},
        {row_of("p", "peak_rss", PFL_VERDICT_INCONCLUSIVE, false), true, true, false},
        {row_of("p", "user", PFL_VERDICT_IMPROVED, false), false, false, true},
        {row_of("p", "residual", PFL_VERDICT_UNCHANGED, false), false, false, false},
        {row_of("p", "residual", PFL_VERDICT_REGRESSED, false), true, true, false},
        {row_of("p", "time", PFL_VERDICT_NEW, true), false, false, false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        assert_int_equal(pfl_row_is_about(&all, &cases[i].row), cases[i].all);
        assert_int_equal(pfl_row_is_about(&some, &cases[i].row), cases[i].some);
        assert_int_equal(pfl_row_is_about(&users, &cases[i].row), cases[i].users);
    }
}

/* On a busy machine CPU time decides, and the clock's word counts for nothing. */
static void the_clock_is_no_witness_where_cpu_time_decides(void **state)
{
    struct pfl_row rows[] = {row_of("a", "cpu", PFL_VERDICT_INCONCLUSIVE, true),
                             row_of("a", "peak_rss", PFL_VERDICT_IMPROVED, false),
                             row_of("a", "time", PFL_VERDICT_IMPROVED, false),
                             row_of("b", "throughput", PFL_VERDICT_IMPROVED, false),
                             row_of("b", "time", PFL_VERDICT_IMPROVED, true)};
    const struct pfl_comparison comparison = {.rows = rows, .row_count = PFL_COUNT(rows)};
    static const bool believed[] = {true, true, false, true, true};
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(rows); i++)
        assert_int_equal(pfl_row_is_witness(&comparison, &rows[i]), believed[i]);
}

/* Twenty unchanged rows and an improved one: a table of one, and a sentence whose bound holds. */
static void a_long_list_is_one_sentence(void **state)
{
    static const struct pfl_run run = {.revision = {.commit = "0123456789abcdef"}};
    struct pfl_row rows[22];
    const struct pfl_comparison comparison = {
        .base = &run, .head = &run, .rows = rows, .row_count = PFL_COUNT(rows)};
    struct pfl_row_facts facts = {.kind = PFL_ROW_OPTIMISATION, .confidence = 0.99};
    struct pfl_arena arena;
    struct pfl_buf out;
    size_t i;

    (void)state;
    facts.base = facts.head = facts.title = "x";
    facts.note = facts.tag = facts.commit_url = facts.pull_request = facts.cause = facts.area =
        facts.reference_machine = facts.snapshot = facts.metric = "";
    facts.machine = facts.runs_folder = "m";
    for (i = 0; i < PFL_COUNT(rows); i++)
        rows[i] = row_of("p", "time", PFL_VERDICT_UNCHANGED, true);
    rows[4].verdict = PFL_VERDICT_IMPROVED;
    rows[4].benchmark = "fast";
    rows[7].verdict = PFL_VERDICT_INCONCLUSIVE;
    rows[7].ratio_high = 1.141;
    pfl_arena_init(&arena);
    pfl_buf_init(&out, 1 << 16);
    assert_int_equal(pfl_row_write(&facts, &comparison, &arena, &out, NULL), PFL_OK);
    assert_non_null(strstr(out.data, "| `fast`"));
    assert_null(strstr(out.data, "| `p`"));
    assert_non_null(strstr(out.data, "\n20 other figures did not change beyond ±1.2 %.\n"));
    assert_non_null(
        strstr(out.data, "\nOf 1 other the data cannot tell: they may have changed by up to 15 %"));
    pfl_buf_release(&out);
    pfl_arena_release(&arena);
}

int test_documents_row(void);
int test_documents_row(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_come_back),
        cmocka_unit_test(what_can_be_none_is_refused),
        cmocka_unit_test(what_matters_is_in_the_table),
        cmocka_unit_test(the_clock_is_no_witness_where_cpu_time_decides),
        cmocka_unit_test(a_long_list_is_one_sentence),
    };

    return cmocka_run_group_tests_name("documents/row", tests, NULL, NULL);
}
