/* Rows are made again from their facts and the runs kept beside them, whatever the configuration
 * says meanwhile; and a run that somebody changed is not believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/scratch.h"
#include "config/config.h"
#include "documents/row.h"
#include "flow/log/documents.h"
#include "flow/log/evidence.h"
#include "formats/run_json.h"
#include "judge/judge.h"
#include "sys/file.h"

#include <math.h>

enum { LAUNCHES = 10 };

struct place {
    struct scratch scratch;
    struct pfl_arena arena;
    struct pfl_flow flow;
    struct pfl_run base, head;
};

static void fill_run(struct place *p, struct pfl_run *run, const char *commit, double seconds)
{
    static struct pfl_pair compiler = {"compiler", "gcc 12"};
    struct pfl_benchmark *bench = pfl_arena_alloc(&p->arena, sizeof *bench);
    struct pfl_result *result = pfl_arena_alloc(&p->arena, sizeof *result);
    size_t i;

    *run = (struct pfl_run){.id = "",
                            .label = "",
                            .project = "p",
                            .selection = "",
                            .tier = "",
                            .tool = "perfledger 0",
                            .complete = true};
    run->revision = (struct pfl_revision){
        .commit = commit, .branch = "main", .tag = "", .pull_request = "", .subject = ""};
    run->machine = (struct pfl_machine){.name = "lab-1",
                                        .id = "m",
                                        .fingerprint = "f",
                                        .platform = "",
                                        .hostname = "",
                                        .os = "",
                                        .kernel = "",
                                        .arch = "",
                                        .cpu_model = "",
                                        .governor = "",
                                        .turbo = "",
                                        .virtualisation = "",
                                        .container = "",
                                        .libc = ""};
    run->started_unix_ns = INT64_C(1795305599) * 1000000000;
    run->environment = &compiler;
    run->environment_count = 1;
    run->benchmarks = bench;
    run->benchmark_count = 1;
    *bench = (struct pfl_benchmark){.name = "parse",
                                    .suite = "parse",
                                    .command = "./parse",
                                    .definition = "d",
                                    .tier = "smoke",
                                    .reason = "",
                                    .results = result,
                                    .result_count = 1};
    bench->launches = pfl_arena_array(&p->arena, LAUNCHES, sizeof *bench->launches);
    bench->launch_count = LAUNCHES;
    *result = (struct pfl_result){.metric = "time", .unit = "s", .variant = ""};
    result->values = pfl_arena_array(&p->arena, LAUNCHES, sizeof *result->values);
    result->n = LAUNCHES;
    for (i = 0; i < LAUNCHES; i++) {
        bench->launches[i] = (struct pfl_launch){.round = (uint32_t)i, .position = (uint32_t)i};
        result->values[i] = seconds * (1 + 0.001 * (double)(i % 7));
    }
    assert_int_equal(pfl_judge_summarise(run, NULL), PFL_OK);
    assert_int_equal(pfl_run_json_id(run, &p->arena, &run->id, NULL), PFL_OK);
}

static int set_up(void **state)
{
    struct place *p = calloc(1, sizeof *p);
    const char *path;

    assert_non_null(p);
    scratch_make(&p->scratch);
    pfl_arena_init(&p->arena);
    p->flow =
        (struct pfl_flow){.arena = &p->arena, .folder = p->scratch.path, .root = p->scratch.path};
    pfl_config_defaults(&p->flow.config);
    p->flow.ledger_url = pfl_arena_format(&p->arena, "%s/none.db", p->scratch.path);
    fill_run(p, &p->base, "1111111111111111", 0.1);
    fill_run(p, &p->head, "2222222222222222", 0.06);
    assert_int_equal(pfl_flow_evidence_keep(&p->flow, &p->base, &path, NULL), PFL_OK);
    assert_int_equal(pfl_flow_evidence_keep(&p->flow, &p->head, &path, NULL), PFL_OK);
    assert_true(strncmp(path, "perf/runs/", 10) == 0);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;

    pfl_arena_release(&p->arena);
    scratch_remove(&p->scratch);
    free(p);
    return 0;
}

static struct pfl_row_facts facts_of(const struct place *p, enum pfl_row_kind kind)
{
    struct pfl_row_facts f = {.kind = kind, .confidence = 0.99, .false_discovery_rate = 0.01};

    f.tool = f.after = f.note = f.tag = f.commit_url = f.pull_request = f.pull_request_url =
        f.cause = f.cause_subject = f.area = f.reference_machine = f.snapshot = f.metric = "";
    f.base = kind == PFL_ROW_BASELINE ? "" : p->base.id;
    f.head = p->head.id;
    f.title = "T";
    f.machine = "lab-1";
    f.runs_folder = "perf/runs";
    return f;
}

static void remake(struct place *p, const struct pfl_row_facts *facts, struct pfl_buf *text)
{
    struct pfl_buf json;

    pfl_buf_init(&json, 1 << 16);
    pfl_buf_clear(text);
    assert_int_equal(pfl_row_facts_write(facts, &json, NULL), PFL_OK);
    assert_int_equal(pfl_flow_row_remake(&p->flow, json.data, json.len, text, NULL), PFL_OK);
    pfl_buf_release(&json);
}

static void each_kind_is_made_again(void **state)
{
    static struct pfl_gate gate = {.match = "*",
                                   .metric = "*",
                                   .max_regression = 0.9,
                                   .max = NAN,
                                   .min = NAN,
                                   .max_ratio = NAN,
                                   .min_ratio = NAN};
    struct place *p = *state;
    struct pfl_buf first, again;
    int kind;

    pfl_buf_init(&first, 1 << 16);
    pfl_buf_init(&again, 1 << 16);
    for (kind = 0; kind < PFL_ROW_KIND_COUNT; kind++) {
        struct pfl_row_facts facts = facts_of(p, (enum pfl_row_kind)kind);

        p->flow.config.gate_count = 0;
        remake(p, &facts, &first);
        assert_non_null(strstr(first.data, "### 2026-11-21 · T\n"));
        assert_non_null(strstr(first.data, kind == PFL_ROW_BASELINE ? "| 60." : "improved"));
        p->flow.config.gates = &gate;
        p->flow.config.gate_count = 1;
        p->flow.config.reference_machine = "elsewhere";
        remake(p, &facts, &again);
        assert_string_equal(pfl_buf_cstr(&again), pfl_buf_cstr(&first));
    }
    pfl_buf_release(&first);
    pfl_buf_release(&again);
}

/* A tolerance or a deviation that stood in the facts changes what is said. */
static void facts_decide(void **state)
{
    static struct pfl_row_tolerance wide = {"*", "time", 0.5};
    static struct pfl_row_series noisy = {"parse", "time", "", 0.4, 8};
    struct place *p = *state;
    struct pfl_row_facts facts = facts_of(p, PFL_ROW_OPTIMISATION);
    struct pfl_buf text;

    pfl_buf_init(&text, 1 << 16);
    facts.tolerances = &wide;
    facts.tolerance_count = 1;
    remake(p, &facts, &text);
    assert_null(strstr(text.data, "improved"));
    facts.tolerance_count = 0;
    facts.series = &noisy;
    facts.series_count = 1;
    remake(p, &facts, &text);
    assert_non_null(strstr(text.data, "cannot tell"));
    pfl_buf_release(&text);
}

static void a_changed_run_is_not_believed(void **state)
{
    struct place *p = *state;
    const char *place = pfl_arena_format(&p->arena, "perf/runs/%s.json", p->head.id), *path;
    struct pfl_buf content;
    struct pfl_run run;
    struct pfl_err err;
    char *at;

    path = pfl_file_join(p->flow.root, place, &p->arena);
    assert_int_equal(pfl_flow_evidence_load(&p->flow, p->head.id, &run, &err), PFL_OK);
    pfl_buf_init(&content, 1 << 16);
    assert_int_equal(pfl_file_read(path, &content, NULL), PFL_OK);
    at = strstr(strstr(content.data, "\"samples\""), "0.06");
    at[3] = '5';
    assert_int_equal(pfl_file_write(path, content.data, content.len, false, NULL), PFL_OK);
    assert_int_equal(pfl_flow_evidence_load(&p->flow, p->head.id, &run, &err), PFL_ECORRUPT);
    assert_non_null(strstr(err.message, place));
    assert_int_equal(pfl_flow_evidence_keep(&p->flow, &p->head, &path, &err), PFL_ECORRUPT);
    assert_int_equal(pfl_flow_evidence_load(&p->flow, "0123456789abcdef", &run, &err), PFL_ENOENT);
    assert_int_equal(pfl_flow_evidence_load(&p->flow, "../../etc/passwd", &run, &err), PFL_ENOENT);
    pfl_buf_release(&content);
}

static void what_is_cited_is_found(void **state)
{
    static const char facts[] = "{\"runs\":[\"00000000000000aa\",\"no id\"]}";
    const struct pfl_block_content content = {"snapshot", facts, "x\n", 2};
    struct place *p = *state;
    char id[PFL_BLOCK_ID_LENGTH + 1];
    const char *path, *folder, **ids;
    struct pfl_buf text;
    size_t n;

    p->flow.baseline_folder = pfl_arena_format(&p->arena, "%s/.benchmarks", p->scratch.path);
    pfl_buf_init(&text, 1 << 16);
    assert_int_equal(pfl_block_write(&content, &text, id, NULL), PFL_OK);
    folder = pfl_arena_format(&p->arena, "%s/perf/snapshots/old", p->scratch.path);
    path = pfl_arena_format(&p->arena, "%s/a.md", folder);
    assert_int_equal(pfl_file_make_folders(folder, NULL), PFL_OK);
    assert_int_equal(pfl_file_write(path, text.data, text.len, false, NULL), PFL_OK);
    assert_int_equal(pfl_flow_evidence_cited(&p->flow, &ids, &n, NULL), PFL_OK);
    assert_int_equal(n, 3);
    assert_string_equal(ids[0], "00000000000000aa");
    assert_true(strcmp(ids[1], ids[2]) < 0);
    pfl_buf_release(&text);
}

int test_flow_row_remake(void);
int test_flow_row_remake(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_kind_is_made_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(facts_decide, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_changed_run_is_not_believed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_cited_is_found, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("flow/row_remake", tests, NULL, NULL);
}
