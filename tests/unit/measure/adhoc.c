/* Commands of the command line → plans. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "measure/plan.h"

struct world {
    struct pfl_arena arena;
    struct pfl_how how;
    struct pfl_plan_adhoc request;
    struct pfl_plan plan;
    struct pfl_err err;
};

static int begin(void **state)
{
    static struct world world;

    memset(&world, 0, sizeof world);
    pfl_arena_init(&world.arena);
    pfl_how_defaults(&world.how);
    world.request.how = &world.how;
    world.request.root = "/p";
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
    if (pfl_plan_for_commands(&w->request, &w->arena, &w->plan, &w->err) != PFL_OK)
        fail_msg("%s", w->err.message);
    return &w->plan;
}

static void refused(struct world *w, const char *says)
{
    assert_int_equal(pfl_plan_for_commands(&w->request, &w->arena, &w->plan, &w->err), PFL_ECONFIG);
    if (!strstr(w->err.message, says))
        fail_msg("expected \"%s\" in: %s", says, w->err.message);
}

static void commands_and_names(void **state)
{
    const char *commands[] = {"sort -u a", "awk '{print $1}' {x}"}, *names[] = {"first"};
    struct world *w = *state;

    w->request.commands = commands;
    w->request.command_count = 2;
    w->request.names = names;
    w->request.name_count = 1;
    assert_int_equal(planned(w)->item_count, 2);
    assert_string_equal(w->plan.items[0].name, "adhoc/first");
    assert_string_equal(w->plan.items[0].command, "sort -u a");
    assert_string_equal(w->plan.items[0].suite, "adhoc");
    assert_string_equal(w->plan.items[1].name, "adhoc/awk '{print $1}' {x}");
    assert_string_equal(w->plan.items[1].argv[1], "{print $1}"); /* braces mean nothing here */
    assert_string_equal(w->plan.items[1].argv[2], "{x}");
    assert_string_equal(w->plan.root, "/p");
}

static void one_command_in_words(void **state)
{
    char *words[] = {(char *)"grep", (char *)"a b", (char *)"|", (char *)"{{f}}", NULL};
    struct world *w = *state;

    w->request.argv = words;
    w->request.argc = 4;
    assert_int_equal(planned(w)->item_count, 1);
    assert_string_equal(w->plan.items[0].name, "adhoc/grep 'a b' '|' '{{f}}'");
    assert_int_equal(w->plan.items[0].argc, 4);
    assert_string_equal(w->plan.items[0].argv[3], "{{f}}");
    assert_int_equal(w->plan.items[0].warning_count, 0);
    w->how.shell = "sh";
    planned(w);
    assert_string_equal(w->plan.items[0].argv[0], "sh");
    assert_string_equal(w->plan.items[0].argv[2], "grep 'a b' '|' '{{f}}'");
}

static void parameters(void **state)
{
    const char *commands[] = {"sleep {n} {other}"}, *values[] = {"1", "2"};
    struct pfl_param_axis axis = {"n", values, 2};
    struct world *w = *state;

    w->request.commands = commands;
    w->request.command_count = 1;
    w->request.axes = &axis;
    w->request.axis_count = 1;
    assert_int_equal(planned(w)->item_count, 2);
    assert_string_equal(w->plan.items[1].name, "adhoc/sleep {n} {other}[n=2]");
    assert_string_equal(w->plan.items[1].command, "sleep 2 {other}");
}

static void refusals(void **state)
{
    const char *commands[] = {"true", "true"};
    struct world *w = *state;

    w->request.commands = commands;
    w->request.command_count = 2;
    refused(w, "give them names (-n)");
    commands[1] = "";
    refused(w, "its command is empty");
    commands[1] = "x 'y";
    refused(w, "splitting its command");
    commands[1] = "y";
    w->how.rounds = 3;
    refused(w, "--allow-few");
    assert_non_null(strstr(w->err.message, "command \"adhoc/true\""));
    w->request.allow_few = true;
    assert_int_equal(planned(w)->item_count, 2);
    assert_true(w->plan.allow_few);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int test_measure_adhoc(void);
int test_measure_adhoc(void)
{
    const struct CMUnitTest tests[] = {
        TEST(commands_and_names),
        TEST(one_command_in_words),
        TEST(parameters),
        TEST(refusals),
    };

    return cmocka_run_group_tests_name("measure/adhoc", tests, NULL, NULL);
}
