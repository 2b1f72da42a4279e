/* Snapshots, trends, charts and runs of record are made again from their facts and the kept runs,
 * byte for byte; every fact decides, and a run that somebody changed is not believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/scratch.h"
#include "config/config.h"
#include "flow/log/documents.h"
#include "flow/log/evidence.h"
#include "flow/log/facts.h"
#include "flow/log/page.h"
#include "flow/log/points.h"
#include "formats/run_json.h"
#include "judge/judge.h"

#include <math.h>

enum { LAUNCHES = 10, TEXT_MAX = 1 << 20 };

struct place {
    struct scratch scratch;
    struct pfl_arena arena;
    struct pfl_flow flow;
    struct pfl_run base, head;
};

struct sample {
    const char *commit, *fingerprint, *kernel, *definition;
    double seconds;
};

static void fill_run(struct place *p, struct pfl_run *run, const struct sample *sample)
{
    struct pfl_benchmark *bench = pfl_arena_alloc(&p->arena, sizeof *bench);
    struct pfl_result *result = pfl_arena_alloc(&p->arena, sizeof *result);
    const char *path;
    size_t i;

    *run = (struct pfl_run){.id = "", .label = "", .project = "p", .selection = "", .tier = ""};
    run->tool = "perfledger 0";
    run->complete = true;
    run->revision = (struct pfl_revision){sample->commit, "main", "", "", "", 0, false};
    run->machine = (struct pfl_machine){.name = "lab-1", .id = "m"};
    run->machine.fingerprint = sample->fingerprint;
    run->machine.kernel = sample->kernel;
    run->machine.platform = run->machine.hostname = run->machine.os = run->machine.arch =
        run->machine.cpu_model = run->machine.governor = run->machine.turbo =
            run->machine.virtualisation = run->machine.container = run->machine.libc = "";
    run->started_unix_ns = INT64_C(1795305599) * 1000000000;
    run->benchmarks = bench;
    run->benchmark_count = 1;
    *bench = (struct pfl_benchmark){.name = "parse", .suite = "parse", .command = "./parse"};
    bench->definition = sample->definition;
    bench->tier = "smoke";
    bench->reason = "";
    bench->results = result;
    bench->result_count = 1;
    bench->launches = pfl_arena_array(&p->arena, LAUNCHES, sizeof *bench->launches);
    bench->launch_count = LAUNCHES;
    *result = (struct pfl_result){.metric = "time", .unit = "s", .variant = ""};
    result->values = pfl_arena_array(&p->arena, LAUNCHES, sizeof *result->values);
    result->n = LAUNCHES;
    for (i = 0; i < LAUNCHES; i++) {
        bench->launches[i] = (struct pfl_launch){.round = (uint32_t)i, .position = (uint32_t)i};
        result->values[i] = sample->seconds * (1 + 0.001 * (double)(i % 7));
    }
    assert_int_equal(pfl_judge_summarise(run, NULL), PFL_OK);
    assert_int_equal(pfl_run_json_id(run, &p->arena, &run->id, NULL), PFL_OK);
    assert_int_equal(pfl_flow_evidence_keep(&p->flow, run, &path, NULL), PFL_OK);
}

static int set_up(void **state)
{
    const struct sample before = {"1111111111111111", "f", "6.1", "d", 0.1},
                        after = {"2222222222222222", "g", "6.6", "d", 0.06};
    struct place *p = calloc(1, sizeof *p);

    assert_non_null(p);
    scratch_make(&p->scratch);
    pfl_arena_init(&p->arena);
    p->flow.arena = &p->arena;
    p->flow.folder = p->flow.root = p->scratch.path;
    pfl_config_defaults(&p->flow.config);
    p->flow.ledger_url = pfl_arena_format(&p->arena, "%s/none.db", p->scratch.path);
    fill_run(p, &p->base, &before);
    fill_run(p, &p->head, &after);
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

static struct pfl_log_facts facts_of(struct place *p)
{
    struct pfl_log_facts f = {0};

    f.runs = pfl_arena_array(&p->arena, 2, sizeof *f.runs);
    f.points = pfl_arena_array(&p->arena, 2, sizeof *f.points);
    f.points[0] = (struct pfl_log_point){p->base.id, "", "v1"};
    f.points[1] = (struct pfl_log_point){p->head.id, "a | note", ""};
    f.point_count = f.run_count = 2;
    f.runs[0] = f.base = p->base.id;
    f.runs[1] = f.head = p->head.id;
    f.area = "parser";
    f.metric = "time";
    f.benchmark = "parse";
    f.chart = "time_parse.svg";
    return f;
}

static void remake(struct place *p, pfl_flow_remake_fn *make, const struct pfl_log_facts *facts,
                   struct pfl_buf *text)
{
    struct pfl_buf json;

    pfl_buf_init(&json, TEXT_MAX);
    pfl_buf_init(text, TEXT_MAX);
    assert_int_equal(pfl_log_facts_write(facts, &json, NULL), PFL_OK);
    assert_int_equal(make(&p->flow, json.data, json.len, text, NULL), PFL_OK);
    pfl_buf_release(&json);
}

/* A run of another version, kept with intervals `wider` times as wide as today's rules make them
 * (on the log scale); loaded, and its form looked at. The width that it has then, in the same
 * measure. */
static double width_of_another_version(struct place *p, const char *tool, double wider, bool uneven,
                                       int *line)
{
    const struct sample sample = {"3333333333333333", "f", "6.1", "d", 0.2};
    const char *path, *place;
    struct pfl_result *result;
    struct pfl_run run, loaded;
    double half;

    fill_run(p, &run, &sample);
    run.label = tool; /* so that it is another run than the one that was kept */
    result = &run.benchmarks[0].results[0];
    half = log(result->stated.high / result->stated.low) / 2;
    result->stated.low = result->summary.median * exp(-half * wider);
    result->stated.high = result->summary.median * exp(half * wider * (uneven ? 1.01 : 1));
    run.tool = tool;
    assert_int_equal(pfl_run_json_id(&run, &p->arena, &run.id, NULL), PFL_OK);
    assert_int_equal(pfl_flow_evidence_keep(&p->flow, &run, &path, NULL), PFL_OK);
    assert_int_equal(pfl_flow_evidence_load(&p->flow, run.id, &loaded, NULL), PFL_OK);
    assert_int_equal(pfl_flow_evidence_form(&p->flow, &loaded, &place, line, NULL), PFL_OK);
    result = &loaded.benchmarks[0].results[0];
    return log(result->stated.high / result->stated.low) / 2 / half;
}

static void what_another_version_stated_stays(void **state)
{
    static const struct {
        const char *tool;
        double written, read;
        bool found, uneven;
    } cases[] = {
        {"perfledger 0.0.1", 1, 1, false, false},
        {"perfledger 0.0.2", 0.5, 0.5, false, false},
        {"perfledger 0.0.3", 1.5, 1.5, false, false},
        {"perfledger 0.0.4", 40, 1, true, false},
        {"perfledger 0.0.5", 0.02, 1, true, false},
        {"perfledger 0.0.6", 1.5, 1, true, true},
        {"perfledger " PFL_VERSION, 1.5, 1, true, false},
        {"another program 7", 1.5, 1, true, false},
    };
    double width;
    size_t i;
    int line;

    for (i = 0; i < PFL_COUNT(cases); i++) {
        width = width_of_another_version(*state, cases[i].tool, cases[i].written, cases[i].uneven,
                                         &line);
        if (fabs(width - cases[i].read) > 1e-6 || (line != 0) != cases[i].found)
            fail_msg("case %zu: %g times as wide, line %d", i, width, line);
    }
}

/* As the audit goes: the block out of the page, its facts to the remake of its kind. */
static void each_kind_is_made_again(void **state)
{
    static const struct {
        const char *kind;
        pfl_flow_remake_fn *make;
        const char *holds;
    } kinds[] = {
        {"snapshot", pfl_flow_snapshot_remake, "improved"},
        {"trend", pfl_flow_trend_remake, "**machine changed (kernel 6.1 → 6.6)**; a \\| note"},
        {"latest", pfl_flow_latest_remake, "# Run of record: parser"},
    };
    static struct pfl_gate gate = {.match = "*", .metric = "*", .max_regression = 0.9};
    struct place *p = *state;
    size_t i;

    for (i = 0; i < PFL_COUNT(kinds); i++) {
        struct pfl_log_facts facts = facts_of(p);
        struct pfl_blocks blocks;
        struct pfl_buf page, text;

        pfl_buf_init(&page, TEXT_MAX);
        pfl_buf_init(&text, TEXT_MAX);
        p->flow.config.gate_count = 0;
        assert_int_equal(pfl_log_block(&p->flow, kinds[i].kind, &facts, &page, NULL), PFL_OK);
        assert_int_equal(pfl_blocks_read(page.data, page.len, &p->arena, &blocks, NULL), PFL_OK);
        assert_int_equal(blocks.n, 1);
        assert_true(blocks.at[0].sealed);
        assert_int_equal(blocks.at[0].run_count, 2);
        p->flow.config.gates = &gate;
        p->flow.config.gate_count = 1;
        p->flow.config.reference_machine = "elsewhere";
        pfl_log_measured_forget(&p->flow);
        assert_int_equal(
            kinds[i].make(&p->flow, blocks.at[0].facts, blocks.at[0].facts_len, &text, NULL),
            PFL_OK);
        assert_int_equal(text.len, blocks.at[0].text_len);
        assert_memory_equal(text.data, blocks.at[0].text, text.len);
        if (!strstr(text.data, kinds[i].holds))
            fail_msg("no \"%s\" in:\n%s", kinds[i].holds, text.data);
        pfl_buf_release(&page);
        pfl_buf_release(&text);
    }
}

static void facts_decide(void **state)
{
    static struct pfl_gate wide = {.match = "*", .metric = "time", .max_regression = 0.5};
    static struct pfl_log_deviation noisy = {"parse", "time", "", 0.4, 8};
    static struct pfl_target target = {
        .benchmark = "parse", .metric = "time", .max = 0.05, .min = NAN};
    struct place *p = *state;
    struct pfl_log_facts facts = facts_of(p);
    struct pfl_buf text;

    facts.tolerances = &wide;
    facts.tolerance_count = 1;
    remake(p, pfl_flow_snapshot_remake, &facts, &text);
    assert_null(strstr(text.data, "improved"));
    pfl_buf_release(&text);
    facts.tolerance_count = 0;
    facts.deviations = &noisy;
    facts.deviation_count = 1;
    remake(p, pfl_flow_snapshot_remake, &facts, &text);
    assert_non_null(strstr(text.data, "cannot tell"));
    pfl_buf_release(&text);
    facts.targets = &target;
    facts.target_count = 1;
    remake(p, pfl_flow_latest_remake, &facts, &text);
    assert_non_null(strstr(text.data, "missed by"));
    pfl_buf_release(&text);
}

/* Appending leaves the rows above as they are. */
static void earlier_rows_stay(void **state)
{
    struct place *p = *state;
    struct pfl_log_facts facts = facts_of(p);
    struct pfl_buf one, two;

    facts.point_count = 1;
    remake(p, pfl_flow_trend_remake, &facts, &one);
    facts.point_count = 2;
    remake(p, pfl_flow_trend_remake, &facts, &two);
    assert_true(two.len > one.len);
    assert_memory_equal(one.data, two.data, one.len);
    pfl_buf_release(&one);
    pfl_buf_release(&two);
}

static void the_chart_is_the_same_each_time(void **state)
{
    struct place *p = *state;
    struct pfl_log_facts facts = facts_of(p);
    struct pfl_buf json, one, two;
    const char *place;

    pfl_buf_init(&json, TEXT_MAX);
    pfl_buf_init(&one, TEXT_MAX);
    pfl_buf_init(&two, TEXT_MAX);
    assert_int_equal(pfl_log_facts_write(&facts, &json, NULL), PFL_OK);
    assert_int_equal(pfl_flow_trend_chart(&p->flow, json.data, json.len, &one, &place, NULL),
                     PFL_OK);
    assert_string_equal(place, "perf/trend/time_parse.svg");
    pfl_log_measured_forget(&p->flow);
    assert_int_equal(pfl_flow_trend_chart(&p->flow, json.data, json.len, &two, &place, NULL),
                     PFL_OK);
    assert_string_equal(one.data, two.data);
    assert_non_null(strstr(one.data, ">machine changed<"));
    pfl_buf_release(&json);
    pfl_buf_release(&one);
    pfl_buf_release(&two);
}

static void facts_that_are_none(void **state)
{
    static const char *const wrong[] = {
        "[]",
        "{\"schema\":2}",
        "{\"runs\":[1]}",
        "{\"points\":[{\"run\":7}]}",
        "{\"head\":\"a\\u0000b\"}",
        "{\"targets\":[{\"max\":\"1\"}]}",
        "{\"deviations\":[{\"sessions\":-1}]}",
        "{\"schema\":1}x",
    };
    struct place *p = *state;
    struct pfl_log_facts facts;
    struct pfl_buf text;
    size_t i;

    pfl_buf_init(&text, TEXT_MAX);
    for (i = 0; i < PFL_COUNT(wrong); i++)
        if (pfl_log_facts_read(wrong[i], strlen(wrong[i]), &p->arena, &facts, NULL) != PFL_EINVAL)
            fail_msg("%s", wrong[i]);
    assert_int_equal(pfl_flow_trend_remake(&p->flow, "{\"schema\":1}", 12, &text, NULL),
                     PFL_EINVAL);
    assert_int_equal(pfl_flow_snapshot_remake(&p->flow, "{\"schema\":1}", 12, &text, NULL),
                     PFL_ENOENT);
    pfl_buf_release(&text);
}

int test_flow_page_remake(void);
int test_flow_page_remake(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_kind_is_made_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_another_version_stated_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(facts_decide, set_up, tear_down),
        cmocka_unit_test_setup_teardown(earlier_rows_stay, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_chart_is_the_same_each_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(facts_that_are_none, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("flow/page_remake", tests, NULL, NULL);
}
