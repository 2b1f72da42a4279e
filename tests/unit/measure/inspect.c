/* Pitfalls seen before measuring, on the fixtures of tests/helpers/fixture.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <utime.h>

#include "base/alloc.h"
#include "sys/file.h"

#include "../../helpers/session.h"

/* A suite that runs the fixture (skipping when this compiler could not build it) with a copy's age
 * set. */
static void add_fixture(struct session *s, const char *name, const char *fixture, time_t modified)
{
    static char *words[SESSION_SUITES][2];
    size_t i = s->config.suite_count;
    char path[PATH_MAX];
    struct utimbuf times = {modified, modified};
    struct pfl_suite *suite;
    struct pfl_buf bytes;

    snprintf(path, sizeof path, "%s/pfl_fixture_%s", PFL_BINARY_DIR, fixture);
    pfl_buf_init(&bytes, 64 << 20);
    if (pfl_file_read(path, &bytes, &s->err) != PFL_OK) {
        pfl_buf_release(&bytes);
        skip();
    }
    snprintf(path, sizeof path, "./%s", name);
    words[i][0] = pfl_arena_text(&s->arena, path);
    assert_int_equal(
        pfl_file_write(scratch_path(&s->scratch, name), bytes.data, bytes.len, true, &s->err),
        PFL_OK);
    pfl_buf_release(&bytes);
    chmod(scratch_path(&s->scratch, name), 0755);
    if (modified)
        utime(scratch_path(&s->scratch, name), &times);
    suite = session_add(s, name, "");
    suite->argv = words[i];
    suite->argc = 1;
}

static const char *inspected(struct session *s)
{
    const char *compiler = NULL;

    if (pfl_plan_configured(&s->request, &s->arena, &s->plan, &s->err) != PFL_OK ||
        pfl_measure_inspect(&s->plan, &s->arena, &compiler, &s->err) != PFL_OK)
        fail_msg("%s", s->err.message);
    return compiler;
}

static bool item_warned(const struct session *s, size_t item, const char *says)
{
    size_t i;

    for (i = 0; i < s->plan.items[item].warning_count; i++)
        if (strstr(s->plan.items[item].warnings[i], says))
            return true;
    return false;
}

static void unoptimised(void **state)
{
    struct session *s = *state;
    const char *compiler;

    add_fixture(s, "debug", "o0", 0);
    add_fixture(s, "release", "o2", 0);
    compiler = inspected(s);
    assert_true(item_warned(s, 0, "./debug was compiled without optimisation"));
    assert_true(item_warned(s, 0, "compile with -O2"));
    assert_int_equal(s->plan.items[1].warning_count, 0);
    assert_non_null(strstr(compiler, "-O0; "));
    assert_non_null(strstr(compiler, "-O2"));
}

static void instrumented(void **state)
{
    struct session *s = *state;

    add_fixture(s, "checked", "asan", 0);
    inspected(s);
    assert_true(item_warned(s, 0, "built with AddressSanitizer"));
    assert_true(item_warned(s, 0, "without -fsanitize=address"));
    assert_int_equal(s->plan.items[0].warning_count, 1);
}

static void older_than_its_sources(void **state)
{
    struct session *s = *state;

    add_fixture(s, "old", "o2", 946684800);
    inspected(s);
    assert_true(item_warned(s, 0, "./old is older than its source"));
    assert_true(item_warned(s, 0, "fixture.c"));
}

/* Once per program, for each of its benchmarks, and behind what the plan itself had to say. */
static void shared_by_benchmarks(void **state)
{
    static const char *sizes[] = {"1", "2"};
    static struct pfl_param_axis axis = {"size", sizes, 2};
    struct session *s = *state;
    struct pfl_suite *suite;

    add_fixture(s, "debug", "o0", 0);
    suite = session_add(s, "again", "");
    suite->argv = NULL;
    suite->command = "./debug {size} | cat";
    suite->axes = &axis;
    suite->axis_count = 1;
    suite = session_add(s, "shell", "");
    suite->argv = NULL;
    suite->command = "A=1 ./debug | cat";
    suite->how = (struct pfl_how){.set = PFL_HOW_SHELL, .shell = "sh"};
    inspected(s);
    assert_int_equal(s->plan.item_count, 4);
    assert_true(item_warned(s, 0, "without optimisation"));
    assert_true(item_warned(s, 1, "without optimisation"));
    assert_true(item_warned(s, 2, "without optimisation"));
    assert_int_equal(s->plan.items[2].warning_count, 2);
    assert_true(item_warned(s, 2, "no shell runs"));
    assert_true(item_warned(s, 3, "without optimisation"));
    assert_int_equal(s->plan.items[3].warning_count, 1);
}

static void nothing_to_say(void **state)
{
    static char *script[] = {(char *)"./script", NULL}, *gone[] = {(char *)"./gone", NULL};
    struct session *s = *state;
    struct pfl_suite *suite;

    scratch_write(&s->scratch, "script", "#!/bin/sh\n");
    chmod(scratch_path(&s->scratch, "script"), 0755);
    suite = session_add(s, "script", "");
    suite->argv = script;
    suite->argc = 1;
    suite = session_add(s, "gone", "");
    suite->argv = gone;
    suite->argc = 1;
    session_add(s, "sh", "exit 0");
    assert_non_null(inspected(s));
    assert_int_equal(s->plan.items[0].warning_count, 0);
    assert_int_equal(s->plan.items[1].warning_count, 0);
}

static int inspect_once(struct session *s, unsigned long fail_at, unsigned long *seen)
{
    struct pfl_plan_item item = s->plan.items[0];
    struct pfl_plan plan = s->plan;
    const char *compiler = NULL;
    struct pfl_arena arena;
    int rc;

    plan.items = &item;
    pfl_arena_init(&arena);
    pfl_fault = (struct pfl_fault){.alloc_at = fail_at};
    rc = pfl_measure_inspect(&plan, &arena, &compiler, &s->err);
    *seen = pfl_fault.alloc_seen;
    pfl_fault = (struct pfl_fault){0};
    assert_true((rc == PFL_OK) == (compiler != NULL));
    pfl_arena_release(&arena);
    return rc;
}

static void allocations_may_fail(void **state)
{
    struct session *s = *state;
    unsigned long n, total, seen, failed = 0;

    add_fixture(s, "old", "o0", 946684800);
    assert_int_equal(pfl_plan_configured(&s->request, &s->arena, &s->plan, &s->err), PFL_OK);
    assert_int_equal(inspect_once(s, 1000000000, &total), PFL_OK);
    for (n = 1; n <= total; n++)
        failed += inspect_once(s, n, &seen) == PFL_ENOMEM;
    assert_true(total > 5 && failed > total / 2);
}

int test_measure_inspect(void);
int test_measure_inspect(void)
{
    const struct CMUnitTest tests[] = {
        SESSION_TEST(unoptimised),
        SESSION_TEST(instrumented),
        SESSION_TEST(older_than_its_sources),
        SESSION_TEST(shared_by_benchmarks),
        SESSION_TEST(nothing_to_say),
        SESSION_TEST(allocations_may_fail),
    };

    return cmocka_run_group_tests_name("measure/inspect", tests, NULL, NULL);
}
