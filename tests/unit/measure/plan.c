/* Configured suites → plans: matrices, tiers, inheritance, selection, substitution, and every
 * refusal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "measure/plan.h"

/* A configuration under construction, and what became of it. */
struct world {
    struct pfl_arena arena;
    struct pfl_config config;
    struct pfl_suite suites[4];
    struct pfl_plan_request request;
    struct pfl_plan plan;
    struct pfl_err err;
};

static const char *size_values[] = {"10", "20", "40"};
static const char *mode_values[] = {"slow", "fast"};

static int begin(void **state)
{
    static struct world world;

    memset(&world, 0, sizeof world);
    pfl_arena_init(&world.arena);
    pfl_how_defaults(&world.config.defaults);
    world.config.file = "/p/perfledger.yaml";
    world.config.root = "/p";
    world.config.suites = world.suites;
    world.config.suite_count = 1;
    world.suites[0] = (struct pfl_suite){.name = "pipeline", .command = "./plate", .line = 12};
    world.request.config = &world.config;
    world.request.tier = PFL_TIER_LONGHAUL;
    *state = &world;
    return 0;
}

static int end(void **state)
{
    struct world *w = *state;

    pfl_arena_release(&w->arena);
    return 0;
}

static struct pfl_plan *planned(struct world *w)
{
    if (pfl_plan_configured(&w->request, &w->arena, &w->plan, &w->err) != PFL_OK)
        fail_msg("%s", w->err.message);
    return &w->plan;
}

static void refused(struct world *w, int code, const char *says)
{
    w->plan.item_count = 4242;
    assert_int_equal(pfl_plan_configured(&w->request, &w->arena, &w->plan, &w->err), code);
    if (!strstr(w->err.message, says))
        fail_msg("expected \"%s\" in: %s", says, w->err.message);
    assert_int_equal(w->plan.item_count, 4242);
}

static void give_matrix(struct world *w)
{
    static struct pfl_param_axis axes[2];

    axes[0] = (struct pfl_param_axis){"size", size_values, 3};
    axes[1] = (struct pfl_param_axis){"mode", mode_values, 2};
    w->suites[0].command = "./plate --size {size} --mode {mode}";
    w->suites[0].axes = axes;
    w->suites[0].axis_count = 2;
}

static void a_matrix_expands(void **state)
{
    static const char *const names[] = {
        "pipeline[mode=slow,size=10]", "pipeline[mode=fast,size=10]", "pipeline[mode=slow,size=20]",
        "pipeline[mode=fast,size=20]", "pipeline[mode=slow,size=40]", "pipeline[mode=fast,size=40]",
    };
    struct world *w = *state;
    const struct pfl_plan_item *item;
    size_t i;

    give_matrix(w);
    w->suites[0].work_unit = "cells";
    w->suites[0].work_value = "{size}^2";
    assert_int_equal(planned(w)->item_count, 6);
    for (i = 0; i < 6; i++)
        assert_string_equal(w->plan.items[i].name, names[i]);
    item = &w->plan.items[3];
    assert_string_equal(item->command, "./plate --size 20 --mode fast");
    assert_int_equal(item->argc, 5);
    assert_string_equal(item->argv[2], "20");
    assert_null(item->argv[5]);
    assert_string_equal(item->suite, "pipeline");
    assert_string_equal(item->params[0].name, "mode");
    assert_string_equal(item->params[1].value, "20");
    assert_true(item->work == 400);
    assert_string_equal(item->work_unit, "cells");
    assert_int_equal(strlen(item->definition), 16);
    assert_string_not_equal(item->definition, w->plan.items[2].definition);
}

static void excludes_and_tiers(void **state)
{
    static struct pfl_pair large[] = {{"size", "40"}},
                           slow_small[] = {{"size", "10"}, {"mode", "slow"}};
    static struct pfl_exclude excludes[2];
    struct world *w = *state;

    give_matrix(w);
    excludes[0] = (struct pfl_exclude){large, 1, true, PFL_TIER_SMOKE};
    excludes[1] = (struct pfl_exclude){slow_small, 2, false, PFL_TIER_SMOKE};
    w->suites[0].excludes = excludes;
    w->suites[0].exclude_count = 2;
    w->request.tier = PFL_TIER_SMOKE;
    assert_int_equal(planned(w)->item_count, 3);
    w->request.tier = PFL_TIER_DEEP;
    assert_int_equal(planned(w)->item_count, 5);
    assert_string_equal(w->plan.items[4].name, "pipeline[mode=fast,size=40]");
    assert_int_equal(w->plan.items[4].tier, PFL_TIER_DEEP);
    assert_int_equal(w->plan.items[0].tier, PFL_TIER_SMOKE);
    slow_small[1].value = "slwo";
    refused(w, PFL_ECONFIG, "exclude names mode: slwo, which is no value of mode");
    slow_small[1] = (struct pfl_pair){"moed", "slow"};
    refused(w, PFL_ECONFIG, "exclude names moed, which is no parameter");
    slow_small[1] = (struct pfl_pair){"mode", "slow"};
}

static void settings_are_inherited(void **state)
{
    struct world *w = *state;
    struct pfl_how over = {.set = PFL_HOW_WARMUP, .warmup = 7};
    struct pfl_pair outer[] = {{"A", "1"}}, inner[] = {{"A", "2"}};

    w->config.suite_count = 2;
    w->suites[1] = (struct pfl_suite){.name = "long", .command = "x", .tier = PFL_TIER_DEEP};
    w->config.defaults.set = PFL_HOW_ROUNDS | PFL_HOW_TIMEOUT;
    w->config.defaults.rounds = 6;
    w->config.defaults.timeout_ns = 6;
    w->config.defaults.env = outer;
    w->config.defaults.env_count = 1;
    w->config.tiers[PFL_TIER_SMOKE] = (struct pfl_how){.set = PFL_HOW_TIMEOUT, .timeout_ns = 20};
    w->config.tiers[PFL_TIER_DEEP] = (struct pfl_how){.set = PFL_HOW_TIMEOUT, .timeout_ns = 30};
    w->suites[0].how =
        (struct pfl_how){.set = PFL_HOW_ROUNDS, .rounds = 8, .env = inner, .env_count = 1};
    w->request.over = &over;
    planned(w);
    assert_int_equal(w->plan.items[0].how.rounds, 8);
    assert_int_equal(w->plan.items[0].how.timeout_ns, 20);
    assert_int_equal(w->plan.items[0].how.warmup, 7);
    assert_int_equal(w->plan.items[0].how.env_count, 2);
    assert_string_equal(w->plan.items[0].how.env[1].value, "2");
    assert_int_equal(w->plan.items[1].how.rounds, 6);
    assert_int_equal(w->plan.items[1].how.timeout_ns, 30);
    /* Rounds were asked for, a budget was not: the built-in one does not cut them. */
    assert_int_equal(w->plan.items[0].how.max_time_ns, 0);
}

static void everything_is_substituted(void **state)
{
    struct world *w = *state;
    struct pfl_pair env[] = {{"SIZE", "{size}"}};
    const char *requires[] = {"in/{size}.txt", "cmd: test {seed} = 9"};
    const struct pfl_how *how;

    give_matrix(w);
    w->suites[0].command = "./plate '{size} cells' --seed={seed} {{x}} \"{mode}\"";
    w->suites[0].requires = requires;
    w->suites[0].require_count = 2;
    w->suites[0].how = (struct pfl_how){
        .set = PFL_HOW_SEED | PFL_HOW_CWD | PFL_HOW_INPUT | PFL_HOW_OUTPUT,
        .seed = 9,
        .cwd = "d{size}",
        .input = "in{size}",
        .output = "out{size}",
        .env = env,
        .env_count = 1,
        .setup = "s{size}",
        .prepare = "p{size}",
        .conclude = "c{size}",
        .cleanup = "u{size}",
        .validate = "v{size}{seed}",
    };
    planned(w);
    how = &w->plan.items[2].how;
    assert_string_equal(w->plan.items[2].argv[1], "20 cells");
    assert_string_equal(w->plan.items[2].argv[2], "--seed=9");
    assert_string_equal(w->plan.items[2].argv[3], "{x}");
    assert_string_equal(w->plan.items[2].argv[4], "slow");
    assert_string_equal(how->cwd, "d20");
    assert_string_equal(how->input, "in20");
    assert_string_equal(how->output, "out20");
    assert_string_equal(how->setup, "s20");
    assert_string_equal(how->prepare, "p20");
    assert_string_equal(how->conclude, "c20");
    assert_string_equal(how->cleanup, "u20");
    assert_string_equal(how->validate, "v209");
    assert_string_equal(how->env[0].value, "20");
    assert_string_equal(w->plan.items[2].requires[0], "in/20.txt");
    assert_string_equal(w->plan.items[2].requires[1], "cmd: test 9 = 9");
    assert_string_equal(env[0].value, "{size}");
}

static void a_seed_parameter_is_the_seed(void **state)
{
    static const char *seeds[] = {"1", "2"};
    struct pfl_param_axis axis = {"seed", seeds, 2};
    struct world *w = *state;

    w->suites[0].axes = &axis;
    w->suites[0].axis_count = 1;
    w->suites[0].command = "./plate {seed}";
    planned(w);
    assert_string_equal(w->plan.items[1].name, "pipeline[seed=2]");
    assert_int_equal(w->plan.items[1].how.seed, 2);
    assert_true(w->plan.items[1].how.set & PFL_HOW_SEED);
}

static void words_and_shells(void **state)
{
    static char *words[] = {(char *)"./a b", (char *)"{size}", (char *)"x|y", NULL};
    struct world *w = *state;

    w->suites[0].command = "sort < {{in}} | uniq";
    planned(w);
    assert_int_equal(w->plan.items[0].warning_count, 1);
    assert_non_null(strstr(w->plan.items[0].warnings[0], "\"<\" is passed to the program"));
    assert_non_null(strstr(w->plan.items[0].warnings[0], "--shell"));
    w->suites[0].how = (struct pfl_how){.set = PFL_HOW_SHELL, .shell = "bash --norc"};
    planned(w);
    assert_int_equal(w->plan.items[0].warning_count, 0);
    assert_int_equal(w->plan.items[0].argc, 4);
    assert_string_equal(w->plan.items[0].argv[1], "--norc");
    assert_string_equal(w->plan.items[0].argv[2], "-c");
    assert_string_equal(w->plan.items[0].argv[3], "sort < {in} | uniq");
    assert_string_equal(w->plan.items[0].command, "sort < {in} | uniq");
    w->suites[0].how.set = 0;
    give_matrix(w);
    w->suites[0].argv = words;
    w->suites[0].argc = 3;
    planned(w);
    assert_int_equal(w->plan.items[0].argc, 3);
    assert_string_equal(w->plan.items[0].argv[0], "./a b");
    assert_string_equal(w->plan.items[0].argv[1], "10");
    assert_string_equal(w->plan.items[0].command, "'./a b' 10 'x|y'");
    assert_int_equal(w->plan.items[0].warning_count, 0);
}

static void selection(void **state)
{
    static const struct {
        const char *select;
        size_t items;
    } cases[] = {
        {"pipeline", 6},  {"pipeline[mode=fast,size=10]", 1},
        {"*size=20*", 2}, {"other", 1},
        {"*", 7},         {"p?peline", 6},
        {"*fast*", 3},
    };
    struct world *w = *state;
    size_t i;

    give_matrix(w);
    w->config.suite_count = 3;
    w->suites[1] = (struct pfl_suite){.name = "other", .command = "y", .line = 20};
    w->suites[2] = (struct pfl_suite){.name = "deep", .command = "y", .tier = PFL_TIER_DEEP};
    w->request.tier = PFL_TIER_SMOKE;
    w->request.select_count = 1;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        w->request.select = &cases[i].select;
        assert_int_equal(planned(w)->item_count, cases[i].items);
    }
    const char *both[] = {"other", "*size=40*", "other"};
    w->request.select = both;
    w->request.select_count = 3;
    assert_int_equal(planned(w)->item_count, 3);
    both[1] = "pipelin";
    refused(w, PFL_ENOENT, "did you mean \"pipeline\"?");
    both[1] = "zzzzzzzzz";
    refused(w, PFL_ENOENT, "--list");
    both[1] = "deep";
    refused(w, PFL_ENOENT, "it is in the tier deep, beyond smoke; add --tier deep");
}

static void refusals(void **state)
{
    static const char *same[] = {"1", "1"};
    static struct pfl_param_axis twice = {"n", same, 2}, empty = {"n", same, 0};
    struct world *w = *state;

    w->suites[0].command = "./plate {sizee}";
    refused(w, PFL_ECONFIG, "suite \"pipeline\"");
    refused(w, PFL_ECONFIG, "its command uses {sizee}, which is no parameter");
    assert_string_equal(w->err.file, "/p/perfledger.yaml");
    assert_int_equal(w->err.line, 12);
    give_matrix(w);
    w->suites[0].command = "./plate {sizee}";
    refused(w, PFL_ECONFIG, "did you mean {size}?");
    w->suites[0].command = "./plate {seed}";
    refused(w, PFL_ECONFIG, "but no seed: is given");
    w->suites[0].command = "./plate 'x";
    refused(w, PFL_ECONFIG, "splitting its command");
    w->suites[0].command = "  ";
    refused(w, PFL_ECONFIG, "its command is empty");
    w->suites[0].command = "x";
    w->suites[0].work_value = "{size} cells";
    refused(w, PFL_ECONFIG, "column 4");
    w->suites[0].work_value = NULL;
    w->suites[0].how = (struct pfl_how){.set = PFL_HOW_CWD, .cwd = "{nowhere}"};
    refused(w, PFL_ECONFIG, "its cwd uses {nowhere}");
    w->suites[0].how.set = 0;
    w->suites[0].how.cwd = NULL;
    w->suites[0].axes = &twice;
    w->suites[0].axis_count = 1;
    refused(w, PFL_ECONFIG, "both called \"pipeline[n=1]\"");
    w->suites[0].axes = &empty;
    refused(w, PFL_ECONFIG, "the parameter n has no values");
    w->suites[0].axis_count = 0;
    w->config.suite_count = 2;
    w->suites[1] = (struct pfl_suite){.name = "pipeline", .command = "y", .line = 31};
    refused(w, PFL_ECONFIG, "already made by the suite \"pipeline\" of line 12");
    assert_int_equal(w->err.line, 31);
    w->config.suite_count = 0;
    refused(w, PFL_ENOENT, "has no suites");
    w->config.suite_count = 1;
    w->suites[0].tier = PFL_TIER_DEEP;
    w->request.tier = PFL_TIER_SMOKE;
    refused(w, PFL_ENOENT, "--tier deep");
}

/* The command of a harness is its harness's business: here even one that could not be split. */
static void other_harnesses_are_skipped(void **state)
{
    const char *only = "pipeline";
    const struct pfl_plan_item *item;
    struct world *w = *state;

    give_matrix(w);
    w->suites[0].axis_count = 0;
    w->suites[0].command = "x";
    w->config.suite_count = 2;
    w->suites[1] = (struct pfl_suite){.name = "k", .command = "y '", .harness = "abacus"};
    assert_int_equal(planned(w)->item_count, 2);
    item = strcmp(w->plan.items[0].name, "k") == 0 ? &w->plan.items[0] : &w->plan.items[1];
    assert_string_equal(item->name, "k");
    assert_string_equal(item->skip, "harness abacus is not in this version");
    assert_int_equal(item->argc, 0);
    assert_null(item->argv[0]);
    assert_null(w->plan.items[item == &w->plan.items[0]].skip);
    w->request.select = &only;
    w->request.select_count = 1;
    assert_int_equal(planned(w)->item_count, 1);
    only = "k";
    assert_int_equal(planned(w)->item_count, 1);
    w->suites[1].tier = PFL_TIER_DEEP;
    w->request.tier = PFL_TIER_SMOKE;
    refused(w, PFL_ENOENT, "tier");
    w->suites[1].name = "pipeline";
    w->request.select_count = 0;
    refused(w, PFL_ECONFIG, "already made by the suite");
}

static void few_rounds(void **state)
{
    static const struct {
        unsigned set;
        int rounds, min_rounds, max_rounds;
        bool few;
    } cases[] = {
        {PFL_HOW_ROUNDS, 5, 0, 0, false},
        {PFL_HOW_ROUNDS, 4, 0, 0, true},
        {PFL_HOW_ROUNDS | PFL_HOW_MAX_ROUNDS, 0, 0, 3, true},
        {PFL_HOW_ROUNDS | PFL_HOW_MIN_ROUNDS, 0, 2, 0, true},
        {PFL_HOW_ROUNDS | PFL_HOW_MIN_ROUNDS, 0, 5, 0, false},
        {PFL_HOW_ROUNDS | PFL_HOW_MIN_ROUNDS | PFL_HOW_MAX_TIME, 10, 2, 0, true},
    };
    struct world *w = *state;
    size_t i;

    for (i = 0; i < PFL_COUNT(cases); i++) {
        w->suites[0].how = (struct pfl_how){.set = cases[i].set,
                                            .rounds = cases[i].rounds,
                                            .min_rounds = cases[i].min_rounds,
                                            .max_rounds = cases[i].max_rounds,
                                            .max_time_ns = 1000000000};
        w->request.allow_few = false;
        if (cases[i].few)
            refused(w, PFL_ECONFIG, "--allow-few");
        else
            planned(w);
        w->request.allow_few = true;
        planned(w);
    }
    w->suites[0].how = (struct pfl_how){
        .set = PFL_HOW_MIN_ROUNDS | PFL_HOW_MAX_ROUNDS, .min_rounds = 20, .max_rounds = 10};
    refused(w, PFL_ECONFIG, "at least 20 rounds and at most 10");
}

static const char *definition_with(struct world *w, const struct pfl_how *how)
{
    w->suites[0].how = *how;
    return planned(w)->items[0].definition;
}

/* What is measured is in the hash; how often and for how long is not. */
static void definitions(void **state)
{
    struct world *w = *state;
    struct pfl_pair env[] = {{"A", "1"}, {"B", "2"}},
                    env_again[] = {{"B", "2"}, {"A", "0"}, {"A", "1"}};
    const struct pfl_how plain = {0};
    const char *base = definition_with(w, &plain);
    const struct pfl_how same[] = {
        {.set = PFL_HOW_ROUNDS, .rounds = 50},
        {.set = PFL_HOW_TIMEOUT, .timeout_ns = 1},
        {.set = PFL_HOW_MAX_TIME, .max_time_ns = 1},
        {.set = PFL_HOW_WARMUP, .warmup = 9},
        {.validate = "x"},
        {.cleanup = "x"},
    };
    const struct pfl_how other[] = {
        {.set = PFL_HOW_SHELL, .shell = "sh"},
        {.set = PFL_HOW_CWD, .cwd = "d"},
        {.set = PFL_HOW_INPUT, .input = "i"},
        {.set = PFL_HOW_OUTPUT, .output = "o"},
        {.set = PFL_HOW_PIN, .pin = "0"},
        {.set = PFL_HOW_CLEAN_ENV, .clean_env = true},
        {.set = PFL_HOW_SEED, .seed = 0},
        {.prepare = "x"},
        {.setup = "x"},
        {.conclude = "x"},
        {.env = env, .env_count = 1},
    };
    const struct pfl_how ordered = {.env = env, .env_count = 2},
                         shuffled = {.env = env_again, .env_count = 3};
    size_t i, k;
    const char *seen[PFL_COUNT(other)];

    for (i = 0; i < PFL_COUNT(same); i++)
        assert_string_equal(definition_with(w, &same[i]), base);
    for (i = 0; i < PFL_COUNT(other); i++) {
        seen[i] = definition_with(w, &other[i]);
        assert_string_not_equal(seen[i], base);
        for (k = 0; k < i; k++)
            assert_string_not_equal(seen[i], seen[k]);
    }
    assert_string_equal(definition_with(w, &ordered), definition_with(w, &shuffled));
    w->config.root = "/elsewhere";
    assert_string_equal(definition_with(w, &plain), base);
}

/* 100 × 100 combinations, each selected by its exact name: fine; a quadratic planner would take
 * minutes. */
static void ten_thousand(void **state)
{
    static const char *numbers[100], *select[10000];
    static char texts[100][4], names[10000][32];
    struct pfl_param_axis axes[] = {{"b", numbers, 100}, {"a", numbers, 100}};
    struct world *w = *state;
    size_t i;

    for (i = 0; i < 100; i++) {
        snprintf(texts[i], sizeof texts[i], "%zu", i);
        numbers[i] = texts[i];
    }
    for (i = 0; i < 10000; i++) {
        snprintf(names[i], sizeof names[i], "pipeline[a=%zu,b=%zu]", i % 100, i / 100);
        select[i] = names[i];
    }
    w->suites[0].axes = axes;
    w->suites[0].axis_count = 2;
    w->request.select = select;
    w->request.select_count = 10000;
    assert_int_equal(planned(w)->item_count, 10000);
    assert_string_equal(w->plan.items[9999].name, "pipeline[a=99,b=99]");
}

static void odd_names(void **state)
{
    static const char *odd[] = {"a b", "x/y", "\"q\"", "new\nline", "\xc3\xa9\xe6\x97\xa5",
                                "",    "]=,"};
    struct pfl_param_axis axis = {"v", odd, PFL_COUNT(odd)};
    struct world *w = *state;

    w->suites[0].axes = &axis;
    w->suites[0].axis_count = 1;
    w->suites[0].name = "my suite/\"x\"";
    assert_int_equal(planned(w)->item_count, PFL_COUNT(odd));
    assert_string_equal(w->plan.items[3].name, "my suite/\"x\"[v=new\nline]");
}

static int plan_once(struct world *w)
{
    struct pfl_arena arena;
    int rc;

    pfl_arena_init(&arena);
    rc = pfl_plan_configured(&w->request, &arena, &w->plan, &w->err);
    pfl_arena_release(&arena);
    return rc;
}

static void every_allocation_may_fail(void **state)
{
    struct pfl_pair env[] = {{"SIZE", "{size}"}};
    const char *select[] = {"pipe*", "pipeline"};
    struct world *w = *state;
    unsigned long n;
    int rc = PFL_ENOMEM;

    give_matrix(w);
    w->suites[0].how = (struct pfl_how){
        .set = PFL_HOW_SHELL | PFL_HOW_SEED, .shell = "sh", .env = env, .env_count = 1};
    w->suites[0].work_value = "{size}";
    w->request.select = select;
    w->request.select_count = 2;
    for (n = 1; rc != PFL_OK; n++) {
        pfl_fault = (struct pfl_fault){.alloc_at = n};
        rc = plan_once(w);
        pfl_fault = (struct pfl_fault){0};
        if (rc != PFL_OK)
            assert_int_equal(rc, PFL_ENOMEM);
        assert_true(n < 10000);
    }
    assert_true(n > 10);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int test_measure_plan(void);
int test_measure_plan(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_matrix_expands),
        TEST(excludes_and_tiers),
        TEST(settings_are_inherited),
        TEST(everything_is_substituted),
        TEST(a_seed_parameter_is_the_seed),
        TEST(words_and_shells),
        TEST(selection),
        TEST(refusals),
        TEST(other_harnesses_are_skipped),
        TEST(few_rounds),
        TEST(definitions),
        TEST(ten_thousand),
        TEST(odd_names),
        TEST(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("measure/plan", tests, NULL, NULL);
}
