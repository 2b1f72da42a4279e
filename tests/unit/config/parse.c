/* What a good perfledger.yaml becomes, key by key; typing of scalars; thresholds files; every
 * allocation failing once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "config/config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char whole[] =
    "project: plate\n"
    "default_branch: trunk\n"
    "machine: { name: lab-1 }\n"
    "reference_machine: lab-2\n"
    "environment: [OMP_NUM_THREADS, LANG]\n"
    "defaults: { rounds: 10, warmup: 1, timeout: 120s, max_time: 30s, seed: 18446744 }\n"
    "tiers: { smoke: { timeout: 20s }, deep: {}, longhaul: { rounds: auto, max_time: 1h } }\n"
    "build: make -j2\n"
    "suites:\n"
    "  - name: pipeline\n"
    "    command: ./build/plate --size {size} --seed {seed}\n"
    "    params: { size: [10, 20, 0.50], mode: [yes, \"no\", ~, 'two words'], one: 010 }\n"
    "    exclude: [ { size: 0.50, tier: smoke }, { size: 10, mode: yes } ]\n"
    "    work: { cells: \"{size}\" }\n"
    "    seed: 42\n"
    "    tier: deep\n"
    "    validate: ./check_output.sh\n"
    "    requires: [ ./build/plate, \"cmd: python3 -c 'import numpy'\", cmd: true ]\n"
    "  - name: kernels\n"
    "    harness: perfledger\n"
    "    command: [ ./k, 'a b', '' , -x ]\n"
    "    setup: |\n"
    "      make data\n"
    "      make more\n"
    "    prepare: p\n"
    "    conclude: c\n"
    "    cleanup: d\n"
    "    rounds: 7\n"
    "    min_rounds: 5\n"
    "    max_rounds: 50\n"
    "    warmup: 0\n"
    "    timeout: 1500ms\n"
    "    max_time: 2m\n"
    "    shell: true\n"
    "    cwd: data\n"
    "    clean_env: on\n"
    "    env: { A: 1, B: '' }\n"
    "    input: in.txt\n"
    "    output: null\n"
    "    ignore_failure: yes\n"
    "    pin: [0, 2-3]\n"
    "    memory: tree\n"
    "gates:\n"
    "  - { match: \"*\", metric: time, max_regression: 10% }\n"
    "  - { match: \"pipeline*\", metric: peak_rss, max: 10MiB, max_regression: 0.05 }\n"
    "  - { match: \"kernels/fast*\", metric: \"time:load\", max: 50ms, max_ratio: 0.5, "
    "relative_to: \"k/plain*\" }\n"
    "  - { metric: pass_rate, min: 95% }\n"
    "  - { metric: own, max: 5e-8 }\n"
    "  - { metric: own, max: 3ms }\n"
    "  - { match: x, metric: artifact_hash, report_only: true }\n"
    "targets:\n"
    "  - { benchmark: \"k/f[batch=32]\", metric: time, max: 50ms, tolerance: 10% }\n"
    "baseline: { update: auto, folder: perf/baselines }\n";

static int parse(const char *text, struct pfl_arena *arena, struct pfl_config *config,
                 struct pfl_err *err)
{
    struct pfl_config_params params = {.file = "/home/u/plate/perfledger.yaml",
                                       .root = "/home/u/plate",
                                       .text = text,
                                       .len = strlen(text)};

    return pfl_config_parse(&params, arena, config, err);
}

static void parsed(const char *text, struct pfl_arena *arena, struct pfl_config *config)
{
    struct pfl_err err = {0};

    if (parse(text, arena, config, &err) != PFL_OK)
        fail_msg("%s\nfor:\n%s", err.message, text);
}

static void the_top_is_read(void **state)
{
    struct pfl_config config;
    struct pfl_arena arena;

    (void)state;
    pfl_arena_init(&arena);
    parsed(whole, &arena, &config);
    assert_string_equal(config.file, "/home/u/plate/perfledger.yaml");
    assert_string_equal(config.root, "/home/u/plate");
    assert_string_equal(config.project, "plate");
    assert_string_equal(config.default_branch, "trunk");
    assert_string_equal(config.build, "make -j2");
    assert_string_equal(config.machine_name, "lab-1");
    assert_string_equal(config.reference_machine, "lab-2");
    assert_int_equal(config.environment_count, 2);
    assert_string_equal(config.environment[1], "LANG");
    assert_true(config.baseline_auto);
    assert_string_equal(config.baseline_folder, "perf/baselines");
    assert_int_equal(config.defaults.set, PFL_HOW_ROUNDS | PFL_HOW_WARMUP | PFL_HOW_TIMEOUT |
                                              PFL_HOW_MAX_TIME | PFL_HOW_SEED);
    assert_int_equal(config.defaults.seed, 18446744);
    assert_int_equal(config.tiers[PFL_TIER_SMOKE].set, PFL_HOW_TIMEOUT);
    assert_int_equal(config.tiers[PFL_TIER_SMOKE].timeout_ns, INT64_C(20000000000));
    assert_int_equal(config.tiers[PFL_TIER_DEEP].set, 0);
    assert_int_equal(config.tiers[PFL_TIER_LONGHAUL].set, PFL_HOW_ROUNDS | PFL_HOW_MAX_TIME);
    assert_int_equal(config.tiers[PFL_TIER_LONGHAUL].rounds, 0);
    assert_int_equal(config.tiers[PFL_TIER_LONGHAUL].max_time_ns, INT64_C(3600000000000));
    pfl_arena_release(&arena);
}

static void a_command_suite_is_read(void **state)
{
    static const char *const modes[] = {"yes", "no", "~", "two words"};
    static const char *const sizes[] = {"10", "20", "0.50"};
    const struct pfl_suite *suite;
    struct pfl_config config;
    struct pfl_arena arena;
    size_t i;

    (void)state;
    pfl_arena_init(&arena);
    parsed(whole, &arena, &config);
    assert_int_equal(config.suite_count, 2);
    suite = &config.suites[0];
    assert_string_equal(suite->name, "pipeline");
    assert_string_equal(suite->harness, "command");
    assert_string_equal(suite->command, "./build/plate --size {size} --seed {seed}");
    assert_null(suite->argv);
    assert_int_equal(suite->line, 10);
    assert_int_equal(suite->tier, PFL_TIER_DEEP);
    assert_int_equal(suite->axis_count, 3);
    assert_string_equal(suite->axes[0].name, "size");
    assert_int_equal(suite->axes[0].value_count, 3);
    for (i = 0; i < 3; i++)
        assert_string_equal(suite->axes[0].values[i], sizes[i]);
    for (i = 0; i < 4; i++)
        assert_string_equal(suite->axes[1].values[i], modes[i]);
    assert_int_equal(suite->axes[2].value_count, 1);
    assert_string_equal(suite->axes[2].values[0], "010");
    assert_int_equal(suite->exclude_count, 2);
    assert_int_equal(suite->excludes[0].param_count, 1);
    assert_string_equal(suite->excludes[0].params[0].value, "0.50");
    assert_true(suite->excludes[0].has_tier);
    assert_int_equal(suite->excludes[0].tier, PFL_TIER_SMOKE);
    assert_int_equal(suite->excludes[1].param_count, 2);
    assert_false(suite->excludes[1].has_tier);
    assert_string_equal(suite->work_unit, "cells");
    assert_string_equal(suite->work_value, "{size}");
    assert_int_equal(suite->require_count, 3);
    assert_string_equal(suite->requires[1], "cmd: python3 -c 'import numpy'");
    assert_string_equal(suite->requires[2], "cmd: true");
    assert_int_equal(suite->how.set, PFL_HOW_SEED);
    assert_int_equal(suite->how.seed, 42);
    assert_string_equal(suite->how.validate, "./check_output.sh");
    pfl_arena_release(&arena);
}

static void every_setting_of_a_suite_is_read(void **state)
{
    const struct pfl_suite *suite;
    struct pfl_config config;
    struct pfl_arena arena;

    (void)state;
    pfl_arena_init(&arena);
    parsed(whole, &arena, &config);
    suite = &config.suites[1];
    assert_string_equal(suite->harness, "perfledger");
    assert_int_equal(suite->argc, 4);
    assert_string_equal(suite->argv[1], "a b");
    assert_string_equal(suite->argv[2], "");
    assert_null(suite->argv[4]);
    assert_string_equal(suite->command, "./k 'a b' '' -x");
    assert_int_equal(suite->how.set, (1 << 14) - 1);
    assert_string_equal(suite->how.setup, "make data\nmake more");
    assert_string_equal(suite->how.prepare, "p");
    assert_string_equal(suite->how.conclude, "c");
    assert_string_equal(suite->how.cleanup, "d");
    assert_int_equal(suite->how.rounds, 7);
    assert_int_equal(suite->how.min_rounds, 5);
    assert_int_equal(suite->how.max_rounds, 50);
    assert_int_equal(suite->how.warmup, 0);
    assert_int_equal(suite->how.timeout_ns, 1500000000);
    assert_int_equal(suite->how.max_time_ns, INT64_C(120000000000));
    assert_string_equal(suite->how.shell, "sh");
    assert_string_equal(suite->how.cwd, "data");
    assert_true(suite->how.clean_env);
    assert_int_equal(suite->how.env_count, 2);
    assert_string_equal(suite->how.env[0].value, "1");
    assert_string_equal(suite->how.env[1].value, "");
    assert_string_equal(suite->how.input, "in.txt");
    assert_string_equal(suite->how.output, "null");
    assert_true(suite->how.ignore_failure);
    assert_string_equal(suite->how.pin, "0,2-3");
    assert_true(suite->how.memory_tree);
    pfl_arena_release(&arena);
}

static void near(double value, double wanted)
{
    assert_true(fabs(value - wanted) <= 1e-12 * fabs(wanted));
}

static void limits_have_their_metrics_unit(void **state)
{
    const struct pfl_gate *gates;
    struct pfl_config config;
    struct pfl_arena arena;

    (void)state;
    pfl_arena_init(&arena);
    parsed(whole, &arena, &config);
    gates = config.gates;
    assert_int_equal(config.gate_count, 7);
    near(gates[0].max_regression, 0.10);
    assert_true(isnan(gates[0].max) && isnan(gates[0].min) && isnan(gates[0].max_ratio));
    assert_null(gates[0].relative_to);
    assert_int_equal(gates[0].line, 44);
    assert_string_equal(gates[0].file, "/home/u/plate/perfledger.yaml");
    near(gates[1].max, 10.0 * 1024 * 1024);
    near(gates[1].max_regression, 0.05);
    near(gates[2].max, 0.05);
    near(gates[2].max_ratio, 0.5);
    assert_string_equal(gates[2].relative_to, "k/plain*");
    assert_string_equal(gates[3].match, "*");
    near(gates[3].min, 0.95);
    near(gates[4].max, 5e-8);
    near(gates[5].max, 0.003);
    assert_true(gates[6].report_only && isnan(gates[6].max));
    assert_int_equal(config.target_count, 1);
    near(config.targets[0].max, 0.05);
    near(config.targets[0].tolerance, 0.1);
    assert_true(isnan(config.targets[0].min));
    assert_int_equal(config.targets[0].line, 52);
    pfl_arena_release(&arena);
}

static void nothing_gives_the_defaults(void **state)
{
    static const char *const texts[] = {
        "",           "\n",           "# only this\n", "---\n",
        "---\n...\n", "\xEF\xBB\xBF", "suites:\n",     "suites: []\ngates:\n",
        "~\n"};
    struct pfl_config config;
    struct pfl_arena arena;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        pfl_arena_init(&arena);
        parsed(texts[i], &arena, &config);
        assert_int_equal(config.suite_count + config.gate_count, 0);
        assert_string_equal(config.project, "plate"); /* the folder's name */
        assert_string_equal(config.default_branch, "main");
        assert_string_equal(config.machine_name, "auto");
        assert_string_equal(config.baseline_folder, ".benchmarks");
        assert_int_equal(config.defaults.rounds, 10);
        assert_int_equal(config.defaults.timeout_ns, INT64_C(120000000000));
        assert_int_equal(config.defaults.set, 0);
        assert_null(config.reference_machine);
        pfl_arena_release(&arena);
    }
}

/* One suite with one more line. */
static const struct pfl_suite *suite_with(const char *line, struct pfl_arena *arena,
                                          struct pfl_config *config)
{
    char text[256];

    snprintf(text, sizeof text, "suites:\n  - name: a\n    command: x\n    %s\n", line);
    parsed(text, arena, config);
    return config->suites;
}

static void scalars_are_typed_by_their_key(void **state)
{
    static const struct {
        const char *line, *shell;
    } shells[] = {{"shell: yes", "sh"},  {"shell: no", NULL},           {"shell: off", NULL},
                  {"shell: none", NULL}, {"shell: bash -e", "bash -e"}, {"shell: 'no'", "no"},
                  {"shell: TRUE", "sh"}};
    struct pfl_config config;
    struct pfl_arena arena;
    size_t i;

    (void)state;
    pfl_arena_init(&arena);
    for (i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        const struct pfl_how *how = &suite_with(shells[i].line, &arena, &config)->how;

        assert_int_equal(how->set, PFL_HOW_SHELL);
        if (shells[i].shell)
            assert_string_equal(how->shell, shells[i].shell);
        else
            assert_null(how->shell);
    }
    assert_int_equal(suite_with("rounds: '7'", &arena, &config)->how.rounds, 7);
    assert_int_equal(suite_with("timeout: 2", &arena, &config)->how.timeout_ns, 2000000000);
    assert_null(suite_with("input: null", &arena, &config)->how.input);
    assert_null(suite_with("pin: none", &arena, &config)->how.pin);
    assert_string_equal(suite_with("pin: 3", &arena, &config)->how.pin, "3");
    assert_string_equal(suite_with("requires: ./x", &arena, &config)->requires[0], "./x");
    parsed("project: no\nenvironment: A\n", &arena, &config);
    assert_string_equal(config.project, "no");
    assert_int_equal(config.environment_count, 1);
    pfl_arena_release(&arena);
}

static void benchmark_files_may_be_left_to_us(void **state)
{
    struct pfl_config config;
    struct pfl_arena arena;

    (void)state;
    pfl_arena_init(&arena);
    parsed("project: p\n", &arena, &config);
    assert_false(config.benchmark_files_given);
    parsed("benchmark_files: []\n", &arena, &config);
    assert_true(config.benchmark_files_given);
    assert_int_equal(config.benchmark_file_count, 0);
    parsed("benchmark_files: [bench, 'src/*_bench.c', ..x/y..]\n", &arena, &config);
    assert_true(config.benchmark_files_given);
    assert_int_equal(config.benchmark_file_count, 3);
    assert_string_equal(config.benchmark_files[1], "src/*_bench.c");
    pfl_arena_release(&arena);
}

static void aliases_and_line_ends_work(void **state)
{
    struct pfl_config config;
    struct pfl_arena arena;

    (void)state;
    pfl_arena_init(&arena);
    parsed("\xEF\xBB\xBF%YAML 1.2\r\n---\r\nsuites:\r\n"
           "  - {name: a, command: x, params: &p {n: [1, 2]}}\r\n"
           "  - {name: b, command: y, params: *p}\r\n...\r\n",
           &arena, &config);
    assert_int_equal(config.suite_count, 2);
    assert_string_equal(config.suites[1].axes[0].values[1], "2");
    assert_int_equal(config.suites[1].line, 5);
    pfl_arena_release(&arena);
}

/* --- thresholds
 * ----------------------------------------------------------------------------------------------------
 */

struct file {
    const char *path, *text;
    int code;
};

static int load(void *context, const char *path, struct pfl_arena *arena, const char **text,
                size_t *len, struct pfl_err *err)
{
    const struct file *file = context;

    assert_string_equal(path, file->path);
    if (file->code != PFL_OK)
        return pfl_err_set(err, file->code, "cannot open 'perf/t.yaml': No such file or directory");
    *text = pfl_arena_text(arena, file->text);
    *len = strlen(file->text);
    return *text ? PFL_OK : pfl_err_no_memory(err);
}

static int parse_with(struct file *file, struct pfl_arena *arena, struct pfl_config *config,
                      struct pfl_err *err)
{
    static const char text[] = "thresholds: perf/t.yaml\n"
                               "gates:\n  - { match: own, metric: time, max_regression: 1% }\n"
                               "targets:\n  - { benchmark: own, metric: time, max: 1s }\n";
    struct pfl_config_params params = {.file = "perfledger.yaml",
                                       .root = "/r",
                                       .text = text,
                                       .len = sizeof text - 1,
                                       .load = load,
                                       .context = file};

    return pfl_config_parse(&params, arena, config, err);
}

static void thresholds_stand_behind_the_gates(void **state)
{
    struct file list = {"perf/t.yaml", "# comment\n- { match: b, metric: time, max: 1s }\n",
                        PFL_OK};
    struct file map = {"perf/t.yaml",
                       "gates:\n  - { metric: cpu, max: 1s }\n"
                       "targets:\n  - { benchmark: c, metric: cpu, max: 2s }\n",
                       PFL_OK};
    struct file empty = {"perf/t.yaml", "", PFL_OK};
    struct pfl_config config;
    struct pfl_arena arena;

    (void)state;
    pfl_arena_init(&arena);
    assert_int_equal(parse_with(&list, &arena, &config, NULL), PFL_OK);
    assert_int_equal(config.gate_count, 2);
    assert_string_equal(config.gates[0].match, "own");
    assert_string_equal(config.gates[1].match, "b");
    assert_string_equal(config.gates[1].file, "perf/t.yaml");
    assert_int_equal(config.gates[1].line, 2);
    assert_int_equal(parse_with(&map, &arena, &config, NULL), PFL_OK);
    assert_int_equal(config.gate_count, 2);
    assert_int_equal(config.target_count, 2);
    assert_string_equal(config.targets[1].benchmark, "c");
    assert_int_equal(parse_with(&empty, &arena, &config, NULL), PFL_OK);
    assert_int_equal(config.gate_count, 1);
    pfl_arena_release(&arena);
}

static void what_a_change_owes(void **state)
{
    static const char text[] =
        "paths:\n"
        "  - { match: ['src/*.c', include], suites: [a, 'a/x*'], demand: [snapshot, row], "
        "max_regression: 1% }\n"
        "  - { match: Makefile, demand: row }\n"
        "  - { match: x, max_regression: 2%, metric: cpu }\n"
        "suites: [ { name: a, command: x } ]\n"
        "release: { max_regression: 5% }\n"
        "gates: [ { metric: time, max: 1s, reason: because } ]\n"
        "targets: [ { benchmark: a, metric: time, max: 1s, reason: it is } ]\n";
    struct pfl_config_params params = {
        .file = "perfledger.yaml", .root = "/r", .text = text, .len = sizeof text - 1};
    const struct pfl_path_rule *rules;
    struct pfl_config config;
    struct pfl_err err = {0};
    struct pfl_arena arena;

    (void)state;
    pfl_arena_init(&arena);
    if (pfl_config_parse(&params, &arena, &config, &err) != PFL_OK)
        fail_msg("%s", err.message);
    rules = config.documents.paths;
    assert_int_equal(config.documents.path_count, 3);
    assert_int_equal(rules[0].match_count, 2);
    assert_string_equal(rules[0].matches[1], "include");
    assert_int_equal(rules[0].suite_count, 2);
    assert_int_equal(rules[0].demand, PFL_DEMAND_SNAPSHOT | PFL_DEMAND_ROW);
    near(rules[0].max_regression, 0.01);
    assert_string_equal(rules[0].metric, "time");
    assert_int_equal(rules[0].line, 2);
    assert_string_equal(rules[1].matches[0], "Makefile");
    assert_int_equal(rules[1].suite_count, 0);
    assert_true(isnan(rules[1].max_regression));
    assert_int_equal(rules[2].demand, 0);
    assert_string_equal(rules[2].metric, "cpu");
    near(config.documents.release_max_regression, 0.05);
    assert_string_equal(config.gates[0].reason, "because");
    assert_string_equal(config.targets[0].reason, "it is");
    pfl_arena_release(&arena);
}

static void thresholds_problems_name_their_file(void **state)
{
    struct file missing = {"perf/t.yaml", NULL, PFL_ENOENT};
    struct file wrong = {"perf/t.yaml", "gates:\n  - { metric: time }\nlimits: 3\n", PFL_OK};
    struct pfl_config config;
    struct pfl_err err = {0};
    struct pfl_arena arena;

    (void)state;
    pfl_arena_init(&arena);
    assert_int_equal(parse_with(&missing, &arena, &config, &err), PFL_ECONFIG);
    assert_string_equal(err.file, "perfledger.yaml");
    assert_int_equal(err.line, 1);
    assert_int_equal(err.column, 13);
    assert_non_null(strstr(err.message, "No such file or directory"));
    assert_int_equal(parse_with(&wrong, &arena, &config, &err), PFL_ECONFIG);
    assert_string_equal(err.file, "perf/t.yaml");
    assert_int_equal(err.line, 2);
    assert_non_null(
        strstr(err.message, "perf/t.yaml:3:1: a file of thresholds has no key 'limits'"));
    pfl_arena_release(&arena);
}

/* --- memory
 * --------------------------------------------------------------------------------------------------------
 */

static void each_allocation_may_fail(const char *text, int wanted)
{
    unsigned long site;
    int code = PFL_ENOMEM;

    for (site = 1; code == PFL_ENOMEM && site < 100000; site++) {
        struct pfl_config config, before;
        struct pfl_err err = {0};
        struct pfl_arena arena;

        memset(&config, 0x5A, sizeof config);
        before = config;
        pfl_arena_init(&arena);
        pfl_fault = (struct pfl_fault){.alloc_at = site};
        code = parse(text, &arena, &config, &err);
        pfl_fault = (struct pfl_fault){0};
        if (code != PFL_OK)
            assert_memory_equal(&config, &before, sizeof config);
        assert_int_equal(err.code, code);
        pfl_arena_release(&arena);
    }
    assert_int_equal(code, wanted);
    assert_true(site > 10);
}

static void no_memory_is_an_error_and_changes_nothing(void **state)
{
    (void)state;
    each_allocation_may_fail(whole, PFL_OK);
    each_allocation_may_fail("suits: 1\nsuites:\n  - {name: a, command: x, work: {a: '{x}'}}\n"
                             "  - {name: a, rounds: 3 x, shel: {}}\ngates: [{metric: x, max: y}]\n",
                             PFL_ECONFIG);
}

int test_config_parse(void);
int test_config_parse(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_top_is_read),
        cmocka_unit_test(a_command_suite_is_read),
        cmocka_unit_test(every_setting_of_a_suite_is_read),
        cmocka_unit_test(limits_have_their_metrics_unit),
        cmocka_unit_test(nothing_gives_the_defaults),
        cmocka_unit_test(scalars_are_typed_by_their_key),
        cmocka_unit_test(benchmark_files_may_be_left_to_us),
        cmocka_unit_test(aliases_and_line_ends_work),
        cmocka_unit_test(thresholds_stand_behind_the_gates),
        cmocka_unit_test(thresholds_problems_name_their_file),
        cmocka_unit_test(what_a_change_owes),
        cmocka_unit_test(no_memory_is_an_error_and_changes_nothing),
    };

    return cmocka_run_group_tests_name("config/parse", tests, NULL, NULL);
}
