/*
 * Registered benchmarks become cases; what is wrong with one names its place; patterns. The
 * registrations of all tests of this program are on one list: each test looks for its own, and one
 * that is wrong is put right again before the next.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine.h"

#include <math.h>
#include <string.h>

#define SMALL 100

PFL_BENCH_ARGS(registry_sort, PFL_ARGS(n, SMALL, 1 << 10, 9), PFL_ARGS(kind, "random", "sorted"),
               PFL_GROUP("algorithms"), PFL_TAGS("deep slow"), PFL_COMPLEXITY(n))
{
    (void)b;
}

PFL_BENCH_ARGS(registry_crowd, PFL_THREADS(1, 2), PFL_TIMEOUT(1.5 * 2), PFL_MANUAL_TIME,
               PFL_ALLOCATIONS)
{
    (void)b;
}

static void nothing(struct pfl_bench *b)
{
    (void)b;
}

static const struct pfl_lib_case *find(const struct pfl_lib_cases *cases, const char *name)
{
    size_t i;

    for (i = 0; i < cases->n; i++)
        if (strcmp(cases->at[i].name, name) == 0)
            return &cases->at[i];
    return NULL;
}

static struct pfl_lib_cases collect(void)
{
    struct pfl_lib_cases cases;
    char problem[500] = "";

    if (!pfl_lib_cases_collect(&cases, problem, sizeof problem))
        fail_msg("%s", problem);
    return cases;
}

static void test_expanded(void **state)
{
    static const char *const order[] = {
        "algorithms/registry_sort[kind=random,n=9]",
        "algorithms/registry_sort[kind=random,n=100]",
        "algorithms/registry_sort[kind=random,n=1024]",
        "algorithms/registry_sort[kind=sorted,n=9]",
        "algorithms/registry_sort[kind=sorted,n=100]",
        "algorithms/registry_sort[kind=sorted,n=1024]",
        "registry_crowd[threads=1]",
        "registry_crowd[threads=2]",
    };
    struct pfl_lib_cases cases = collect();
    const struct pfl_lib_case *c, *before = NULL;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof order / sizeof order[0]; i++) {
        c = find(&cases, order[i]);
        assert_non_null(c);
        assert_true(!before || c > before);
        before = c;
    }
    c = find(&cases, order[4]);
    assert_string_equal(c->bench, "algorithms/registry_sort");
    assert_string_equal(c->tags, "deep slow");
    assert_string_equal(c->complexity_arg, "n");
    assert_string_equal(c->args[0].text, "sorted");
    assert_true(isnan(c->args[0].number));
    assert_int_equal(c->args[1].integer, 100);
    assert_int_equal(c->threads, 1);
    assert_true(c->timeout_s > 59 && !c->manual_time && !c->allocations);
    c = find(&cases, order[7]);
    assert_int_equal(c->threads, 2);
    assert_true(c->timeout_s > 2.9 && c->timeout_s < 3.1 && c->manual_time && c->allocations);
    pfl_lib_cases_release(&cases);
}

/* The registration `wrong` stays on the list; its options and name are what the row says. */
static void test_problems(void **state)
{
    static const struct pfl_option end = {PFL_OPTION_END, "", ""};
    static const struct {
        const char *library, *name;
        struct pfl_option option;
        const char *said;
    } rows[] = {
        {"0.0.9", "wrong", {PFL_OPTION_END, "", ""}, "compiled against libperfledger 0.0.9"},
        {PFL_LIBRARY_VERSION, "", {PFL_OPTION_END, "", ""}, "needs a function, and a name"},
        {PFL_LIBRARY_VERSION, "wrong", PFL_ARGS(n, count), "argument n: `count` is no constant"},
        {PFL_LIBRARY_VERSION, "wrong", PFL_ARGS(n, 1, 2, 1), "the value 1 is given twice"},
        {PFL_LIBRARY_VERSION, "wrong", PFL_THREADS(0), "1 to 1024"},
        {PFL_LIBRARY_VERSION, "wrong", PFL_THREADS("x"), "1 to 1024"},
        {PFL_LIBRARY_VERSION, "wrong", PFL_TIMEOUT(-1), "PFL_TIMEOUT(-1)"},
        {PFL_LIBRARY_VERSION, "wrong", PFL_TIMEOUT(soon), "`soon` is no constant"},
        {PFL_LIBRARY_VERSION, "wrong", PFL_COMPLEXITY(n), "no argument of that name"},
        {PFL_LIBRARY_VERSION, "wrong", PFL_GROUP("a b"), "PFL_GROUP(\"a b\")"},
        {PFL_LIBRARY_VERSION, "wrong", {99, "", ""}, "an option that this version does not know"},
        {PFL_LIBRARY_VERSION, "registry_crowd", PFL_THREADS(2), "is registered twice: "},
    };
    static struct pfl_option options[2];
    static struct pfl_registration wrong = {.library = PFL_LIBRARY_VERSION,
                                            .name = "wrong",
                                            .file = "here.c",
                                            .line = 7,
                                            .function = nothing,
                                            .options = options};
    struct pfl_lib_cases cases;
    char problem[500];
    size_t i;

    (void)state;
    options[0] = options[1] = end;
    pfl_bench_register(&wrong);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        wrong.library = rows[i].library;
        wrong.name = rows[i].name;
        options[0] = rows[i].option;
        assert_false(pfl_lib_cases_collect(&cases, problem, sizeof problem));
        if (!strstr(problem, rows[i].said) || !strstr(problem, "here.c:7"))
            fail_msg("row %zu: %s", i, problem);
    }
    assert_non_null(strstr(problem, "registry.c:")); /* both places */
    wrong.library = PFL_LIBRARY_VERSION;
    wrong.name = "right";
    options[0] = end;
    cases = collect();
    assert_non_null(find(&cases, "right"));
    pfl_lib_cases_release(&cases);
}

static void test_added(void **state)
{
    char name[] = "added", values[] = "1,2";
    struct pfl_option options[] = {{PFL_OPTION_ARGS, "n", values}, {PFL_OPTION_END, "", ""}};
    struct pfl_lib_cases cases;
    const struct pfl_lib_case *c;
    int context;

    (void)state;
    pfl_bench_add(name, nothing, &context, options);
    memset(name, 'x', 2); /* all was copied */
    memset(values, 'x', 2);
    memset(options, 0, sizeof options);
    cases = collect();
    c = find(&cases, "added[n=2]");
    assert_non_null(c);
    assert_ptr_equal(c->context, &context);
    assert_null(c->file);
    pfl_lib_cases_release(&cases);
}

static void test_patterns(void **state)
{
    static const struct {
        const char *pattern, *suite;
        bool selected;
    } rows[] = {
        {"group/sort[kind=random,n=100]", NULL, true},
        {"group/sort", NULL, true}, /* all its arguments */
        {"sort", NULL, false},
        {"group", NULL, true}, /* all in it */
        {"gr*p", NULL, true},
        {"grou", NULL, false},
        {"group/", NULL, false},
        {"group", "suite", false}, /* a suite's name would stand there */
        {"suite/group", "suite", false},
        {"group/*", NULL, true},
        {"*sort*", NULL, true},
        {"*", NULL, true},
        {"*n=100]", NULL, true},
        {"*n=1?0]", NULL, true},
        {"*n=10]", NULL, false},
        {"group/sort[*", NULL, true},
        {"Group/*", NULL, false},
        {"", NULL, false},
        {"tag:deep", NULL, true},
        {"tag:slow", NULL, true},
        {"tag:dee", NULL, false},
        {"tag:d*", NULL, true},
        {"tag:", NULL, false},
        {"suite/group/sort", NULL, false},
        {"suite/group/sort", "suite", true},
        {"suite/group/sort[kind=random,n=100]", "suite", true},
        {"suite/*", "suite", true},
        {"suite", "suite", true},
        {"suit", "suite", false},
        {"suite", NULL, false},
    };
    const struct pfl_lib_case c = {
        .name = "group/sort[kind=random,n=100]", .bench = "group/sort", .tags = "deep  slow"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (pfl_lib_case_selected(&c, rows[i].pattern, rows[i].suite) != rows[i].selected)
            fail_msg("%s, suite %s", rows[i].pattern, rows[i].suite ? rows[i].suite : "none");
}

static void test_nested_groups(void **state)
{
    const struct pfl_lib_case c = {.name = "a/b/c[n=1/2]", .bench = "a/b/c", .tags = ""};

    (void)state;
    assert_true(pfl_lib_case_selected(&c, "a", NULL));
    assert_true(pfl_lib_case_selected(&c, "a/b", NULL));
    assert_false(pfl_lib_case_selected(&c, "b", NULL));
    assert_false(pfl_lib_case_selected(&c, "a/b/", NULL));
}

int test_lib_registry(void);
int test_lib_registry(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expanded),      cmocka_unit_test(test_problems),
        cmocka_unit_test(test_added),         cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_nested_groups),
    };

    return cmocka_run_group_tests_name("lib/registry", tests, NULL, NULL);
}
