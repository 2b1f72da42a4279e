/* Suites with harness: perfledger: how they are planned, what they are told, what becomes of what
 * they say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "measure/inside.h"
#include "measure/session.h"

#include "../../helpers/session.h"

static struct pfl_suite *add(struct session *s, const char *name, const char *script)
{
    struct pfl_suite *suite = session_add(s, name, script);

    suite->harness = "perfledger";
    return suite;
}

/* Braces are doubled: words of a command are substituted. */
#define SAYS(json) "echo '{" json "}}' >&3;"

static void selection(void **state)
{
    static const struct {
        const char *word, *select; /* NULL: not wanted */
    } cases[] = {
        {"k", ""},
        {"k*", ""},
        {"k/parse", "k/parse"},
        {"k/*", "k/*"},
        {"*parse*", "*parse*"},
        {"*", ""},
        {"?/p", "?/p"},
        {"k\\/p", "k\\/p"},
        {"k/", NULL},
        {"l/parse", NULL},
        {"kk/parse", NULL},
        {"k\\*p", NULL},
        {"k2*", NULL},
        {"other", NULL},
    };
    struct session *s = *state;
    size_t i;

    add(s, "k", "true");
    session_add(s, "other", "true");
    for (i = 0; i < PFL_COUNT(cases); i++) {
        const char *words[] = {cases[i].word, "other"};
        const struct pfl_plan_item *item = NULL;
        size_t k;

        s->request.select = words;
        s->request.select_count = 2;
        if (pfl_plan_configured(&s->request, &s->arena, &s->plan, &s->err) != PFL_OK) {
            if (cases[i].select || !strstr(s->err.message, cases[i].word))
                fail_msg("%s: %s", cases[i].word, s->err.message);
            continue;
        }
        for (k = 0; k < s->plan.item_count; k++)
            if (strcmp(s->plan.items[k].name, "k") == 0)
                item = &s->plan.items[k];
        if (!item)
            assert_null(cases[i].select);
        else if (!cases[i].select || strcmp(item->select, cases[i].select) != 0)
            fail_msg("%s: \"%s\"", cases[i].word, item->select);
    }
}

static void selected_inside(void **state)
{
    struct pfl_pair params[] = {{"isa", "avx"}};
    struct pfl_plan_item item = {.name = "k", .suite = "k", .select = "k/parse[n=1]\nk/so*"};
    struct session *s = *state;

    assert_true(pfl_inside_selects(&item, "k/parse[n=1]"));
    assert_false(pfl_inside_selects(&item, "k/parse[n=10]"));
    assert_true(pfl_inside_selects(&item, "k/sort[n=10]"));
    assert_string_equal(pfl_inside_select(&item, &s->arena), "k/parse[n=1]\nk/so*");
    item.params = params; /* of which the program knows nothing */
    item.param_count = 1;
    assert_string_equal(pfl_inside_select(&item, &s->arena), "k/parse\nk/so*");
    item.select = "";
    assert_true(pfl_inside_selects(&item, "k/any"));
}

static void plans(void **state)
{
    struct session *s = *state;
    struct pfl_suite *suite = add(s, "k", "true");

    s->config.defaults.set = 0;
    s->config.defaults.warmup = 1;
    assert_int_equal(pfl_plan_configured(&s->request, &s->arena, &s->plan, &s->err), PFL_OK);
    assert_int_equal(s->plan.items[0].how.warmup, 0);
    assert_int_equal(s->plan.items[0].how.rounds, 10);
    suite->how.set = PFL_HOW_WARMUP;
    suite->how.warmup = 2;
    assert_int_equal(pfl_plan_configured(&s->request, &s->arena, &s->plan, &s->err), PFL_OK);
    assert_int_equal(s->plan.items[0].how.warmup, 2);
    suite->work_unit = "cells";
    suite->work_value = "5";
    assert_int_equal(pfl_plan_configured(&s->request, &s->arena, &s->plan, &s->err), PFL_ECONFIG);
    assert_non_null(strstr(s->err.message, "pfl_items"));
}

static void seconds_of_a_launch(void **state)
{
    struct pfl_plan_item item = {0};

    (void)state;
    pfl_how_defaults(&item.how);
    assert_true(fabs(pfl_inside_seconds(&item) - 0.06) < 1e-12);
    item.how.max_time_ns = 300000000;
    assert_true(fabs(pfl_inside_seconds(&item) - 0.03) < 1e-12);
    item.how.rounds = 0; /* as many as fit, at least min_rounds */
    assert_true(fabs(pfl_inside_seconds(&item) - 0.06) < 1e-12);
    item.how.max_time_ns = 0;
    assert_true(fabs(pfl_inside_seconds(&item) - 0.06) < 1e-12);
    item.inside_seconds = 0.01;
    assert_true(fabs(pfl_inside_seconds(&item) - 0.01) < 1e-12);
    item.inside_seconds = 1;
    assert_true(fabs(pfl_inside_seconds(&item) - 0.06) < 1e-12);
}

static void time_is_shared(void **state)
{
    struct pfl_plan_item items[] = {{.name = "k", .select = ""}, {.name = "command"}};
    struct pfl_inside_names names[] = {{.n = 64}, {0}};
    struct pfl_plan plan = {.items = items, .item_count = 2};
    double launch;

    (void)state;
    pfl_how_defaults(&items[0].how);
    pfl_inside_share(&plan, names);
    assert_true(items[0].inside_seconds == 0); /* no limit */
    plan.max_time_ns = INT64_C(3000000000);
    pfl_inside_share(&plan, names);
    launch = 64 * items[0].inside_seconds;
    assert_true(launch * items[0].how.rounds < 3 && launch * items[0].how.rounds > 1);
    assert_true(items[1].inside_seconds == 0);
    names[0].n = 200; /* rather fewer rounds than nothing worth having */
    pfl_inside_share(&plan, names);
    assert_true(fabs(items[0].inside_seconds - 0.002) < 1e-12);
    names[0].n = 100000; /* rather that than no round */
    pfl_inside_share(&plan, names);
    assert_true(100000 * items[0].inside_seconds < 2);
    assert_true(items[0].inside_seconds > 0);
    names[0].n = 2;
    pfl_inside_share(&plan, names);
    assert_true(fabs(pfl_inside_seconds(&items[0]) - 0.06) < 1e-12);
}

/* 300/3: the clock fell in the middle, the ratio stayed. */
static void effective_yardstick(void **state)
{
    struct session *s = *state;
    const struct pfl_result *time, *step;
    size_t i;

    add(s, "k",
        SAYS("{\"bench\":\"a\",\"samples_ns\":[100,300,110],\"yardstick_ns\":[1,3,1.2],"
             "\"yardstick\":\"core\"") SAYS("{\"bench\":\"plain\",\"samples_ns\":[7]")
            SAYS("{\"bench\":\"part\",\"samples_ns\":[7]")
                SAYS("{\"bench\":\"part\",\"samples_ns\":[8],\"yardstick_ns\":[1],"
                     "\"yardstick\":\"core\""));
    session_run(s);
    time = session_result(s, "k/a", "time", "");
    step = session_result(s, "k/a", "yardstick", "core");
    assert_int_equal(step->n, 5);
    for (i = 0; i < 5; i++) {
        assert_true(fabs(time->values[i] - 110e-9) < 1e-18);
        assert_true(fabs(step->values[i] - 1.1e-9) < 1e-18);
    }
    assert_int_equal(step->better, PFL_BETTER_NEITHER);
    assert_null(pfl_benchmark_find(session_find(s, "k/plain"), "yardstick", "core"));
    assert_null(pfl_benchmark_find(session_find(s, "k/part"), "yardstick", "core"));
    assert_null(pfl_run_find(&s->run, "k")); /* the process itself is no result */
    assert_true(s->run.yardstick_count > 0); /* a reference can be kept */
}

static void the_program_itself(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *own;

    add(s, "silent", "true");
    add(s, "whole",
        SAYS("{\"metric\":\"compile_time\",\"value\":2,\"unit\":\"s\"")
            SAYS("{\"bench\":\"a\",\"samples_ns\":[1]"));
    add(s, "crash", SAYS("{\"bench\":\"a\",\"samples_ns\":[1]") "kill -9 $$");
    add(s, "told",
        SAYS("{\"bench\":\"a\",\"samples_ns\":[1]")
            SAYS("{\"bench\":\"b\",\"fail\":\"wrong\"") "exit 1");
    session_run(s);
    own = session_find(s, "silent");
    assert_int_equal(own->status, PFL_STATUS_FAILED);
    assert_non_null(strstr(own->reason, "PFL_MAIN"));
    assert_int_equal(own->launch_count, 1);
    own = session_find(s, "whole");
    assert_int_equal(own->result_count, 1);
    assert_true(own->results[0].values[0] == 2);
    assert_int_equal(session_find(s, "crash")->status, PFL_STATUS_FAILED);
    assert_int_equal(session_find(s, "crash/a")->status, PFL_STATUS_FAILED);
    assert_null(pfl_run_find(&s->run, "told"));
    assert_int_equal(session_find(s, "told/a")->status, PFL_STATUS_OK);
    assert_int_equal(session_result(s, "told/a", "time", "")->n, 5);
    assert_int_equal(session_find(s, "told/b")->status, PFL_STATUS_FAILED);
}

static void what_it_says_of_itself(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *inside;

    add(s, "k",
        SAYS("{\"environment\":{{\"instrumented\":\"AddressSanitizer\"}}")
            SAYS("{\"bench\":\"a\",\"samples_ns\":[1]"));
    session_run(s);
    inside = session_find(s, "k/a");
    assert_string_equal(pfl_benchmark_instrumented(inside), "AddressSanitizer");
    assert_true(session_warned(inside, "built with AddressSanitizer"));
    assert_null(pfl_run_find(&s->run, "k"));
}

/* max_time is a benchmark's: two inside have twice of it. */
static void time_budget(void **state)
{
    static const char two[] =
        SAYS("{\"bench\":\"a\",\"samples_ns\":[1]") SAYS("{\"bench\":\"b\",\"samples_ns\":[1]");
    struct session *s = *state;
    struct pfl_suite *suite = add(s, "k", two);
    int alone;

    s->step_ns = 100000000; /* each look at the clock */
    suite->how.set = PFL_HOW_ROUNDS | PFL_HOW_MAX_TIME | PFL_HOW_MIN_ROUNDS;
    suite->how.rounds = 100;
    suite->how.min_rounds = 5;
    suite->how.max_time_ns = INT64_C(10000000000);
    session_run(s);
    alone = (int)session_find(s, "k/a")->launch_count;
    assert_true(alone >= 10 && alone < 100);
    s->words[0][2] = (char *)SAYS("{\"bench\":\"a\",\"samples_ns\":[1]");
    session_run(s);
    assert_true(2 * (int)session_find(s, "k/a")->launch_count <= alone + 2);
}

static int list(struct session *s, size_t item, struct pfl_inside_names *names)
{
    struct pfl_inside_asking asking = {.arena = &s->arena, .clock = s->params.clock};

    return pfl_inside_list(&asking, &s->plan, &s->plan.items[item], names, &s->err);
}

static void names_inside(void **state)
{
    struct session *s = *state;
    struct pfl_inside_names names;

    add(s, "k",
        "[ \"$0\" = --list ] && printf 'a\\nk/b[n=2]\\n\\nc[kind=\"x\",n=1]\\nd[kind=p,b=q]'");
    add(s, "bad", "echo trouble >&2; exit 4");
    s->request.select = (const char *const[]){"k/?", "k/b", "bad/x"};
    s->request.select_count = 3;
    assert_int_equal(pfl_plan_configured(&s->request, &s->arena, &s->plan, &s->err), PFL_OK);
    assert_int_equal(list(s, 0, &names), PFL_OK);
    assert_null(names.problem);
    assert_int_equal(names.all_n, 4);
    assert_string_equal(names.all[2], "k/c[kind=\"x\",n=1]");
    assert_string_equal(names.all[3], "k/d[kind=p,b=q]"); /* as the program writes it */
    assert_int_equal(names.n, 2);
    assert_string_equal(names.at[0], "k/a");
    assert_string_equal(names.at[1], "k/b[n=2]");
    assert_string_equal(names.inner[1], "b[n=2]");
    assert_int_equal(list(s, 1, &names), PFL_OK);
    assert_non_null(strstr(names.problem, "trouble"));
    assert_int_equal(names.n, 0);
}

/* Values may hold commas. */
static void names_beside_parameters(void **state)
{
    struct pfl_pair params[] = {{"isa", "avx"}};
    struct session *s = *state;
    struct pfl_inside_names names;

    add(s, "k", "[ \"$0\" = --list ] && printf 'd[kind=p,q,n=1]\\ne[t=,,,z=3,]\\nf'");
    assert_int_equal(pfl_plan_configured(&s->request, &s->arena, &s->plan, &s->err), PFL_OK);
    s->plan.items[0].params = params;
    s->plan.items[0].param_count = 1;
    assert_int_equal(list(s, 0, &names), PFL_OK);
    assert_int_equal(names.all_n, 3);
    assert_string_equal(names.all[0], "k/d[isa=avx,kind=p,q,n=1]");
    assert_string_equal(names.all[1], "k/e[isa=avx,t=,,,z=3,]");
    assert_string_equal(names.all[2], "k/f[isa=avx]");
}

static void artefacts_are_kept(void **state)
{
    static const char hash[] = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
    struct session *s = *state;
    char kept[sizeof hash + 8];

    s->params.artifacts = pfl_arena_text(&s->arena, scratch_path(&s->scratch, "kept"));
    add(s, "k",
        "printf x >art; printf %s \"$PERFLEDGER_ARTIFACT_DIR\" >told;" SAYS(
            "{\"bench\":\"a\",\"artifact\":\"art\",\"path\":\"art\"")
            SAYS("{\"bench\":\"a\",\"samples_ns\":[1]"));
    session_run(s);
    assert_string_equal(session_result(s, "k/a", "artifact_hash", "art")->text, hash);
    snprintf(kept, sizeof kept, "kept/%s", hash);
    assert_string_equal(session_file(s, kept), "x");
    assert_non_null(strstr(session_file(s, "told"), "kept/written"));
}

/* One benchmark's mistake leaves its neighbours alone. */
static void one_is_at_fault(void **state)
{
    struct session *s = *state;

    add(s, "k",
        SAYS("{\"bench\":\"a\",\"artifact\":\"x\",\"path\":\"not-there\"")
            SAYS("{\"bench\":\"u\",\"metric\":\"m\",\"value\":1,\"unit\":\"s\"")
                SAYS("{\"bench\":\"u\",\"metric\":\"m\",\"value\":1,\"unit\":\"B\"")
                    SAYS("{\"bench\":\"b\",\"samples_ns\":[1]"));
    session_run(s);
    assert_int_equal(session_find(s, "k/a")->status, PFL_STATUS_FAILED);
    assert_non_null(strstr(session_find(s, "k/a")->reason, "artefact x cannot be read"));
    assert_int_equal(session_find(s, "k/u")->status, PFL_STATUS_FAILED);
    assert_int_equal(session_find(s, "k/b")->status, PFL_STATUS_OK);
    assert_int_equal(session_result(s, "k/b", "time", "")->n, 5);
    assert_null(pfl_run_find(&s->run, "k"));
}

int test_measure_inside(void);
int test_measure_inside(void)
{
    const struct CMUnitTest tests[] = {
        SESSION_TEST(selection),
        SESSION_TEST(selected_inside),
        SESSION_TEST(plans),
        SESSION_TEST(seconds_of_a_launch),
        SESSION_TEST(time_is_shared),
        SESSION_TEST(effective_yardstick),
        SESSION_TEST(the_program_itself),
        SESSION_TEST(what_it_says_of_itself),
        SESSION_TEST(time_budget),
        SESSION_TEST(names_inside),
        SESSION_TEST(names_beside_parameters),
        SESSION_TEST(artefacts_are_kept),
        SESSION_TEST(one_is_at_fault),
    };

    return cmocka_run_group_tests_name("measure/inside", tests, NULL, NULL);
}
