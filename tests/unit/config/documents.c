/* `documents:` and `areas:`: what they become, and what is refused where it stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config/config.h"

#include <stdio.h>
#include <string.h>

static int parse(const char *text, struct pfl_arena *arena, struct pfl_config *config,
                 struct pfl_err *err)
{
    struct pfl_config_params params = {
        .file = "/p/perfledger.yaml", .root = "/p", .text = text, .len = strlen(text)};

    return pfl_config_parse(&params, arena, config, err);
}

static void nothing_gives_the_usual_places(void **state)
{
    struct pfl_config config;
    struct pfl_arena arena;

    (void)state;
    pfl_arena_init(&arena);
    assert_int_equal(parse("project: p\n", &arena, &config, NULL), PFL_OK);
    assert_string_equal(config.documents.log, "PERFORMANCE.md");
    assert_string_equal(config.documents.folder, "perf");
    assert_int_equal(config.documents.area_count, 0);
    pfl_arena_release(&arena);
}

static void places_and_areas_are_read(void **state)
{
    static const char text[] = "documents: { log: docs/PERFORMANCE.md, folder: docs/perf }\n"
                               "areas:\n"
                               "  parser: [\"kernels/parse*\", pipeline]\n"
                               "  io-2.x: disk\n";
    struct pfl_config config;
    struct pfl_arena arena;

    (void)state;
    pfl_arena_init(&arena);
    assert_int_equal(parse(text, &arena, &config, NULL), PFL_OK);
    assert_string_equal(config.documents.log, "docs/PERFORMANCE.md");
    assert_string_equal(config.documents.folder, "docs/perf");
    assert_int_equal(config.documents.area_count, 2);
    assert_string_equal(config.documents.areas[0].name, "parser");
    assert_int_equal(config.documents.areas[0].line, 3);
    assert_int_equal(config.documents.areas[0].benchmark_count, 2);
    assert_string_equal(config.documents.areas[0].benchmarks[1], "pipeline");
    assert_string_equal(config.documents.areas[1].name, "io-2.x");
    assert_string_equal(config.documents.areas[1].benchmarks[0], "disk");
    pfl_arena_release(&arena);
}

static void mistakes_are_named_with_their_place(void **state)
{
    static const struct {
        const char *text;
        int line, column;
        const char *says;
    } cases[] = {
        {"documents: { logs: x }\n", 1, 14, "did you mean 'log'?"},
        {"documents: { log: ../x.md }\n", 1, 19, "cannot be log of documents"},
        {"documents: { folder: /tmp }\n", 1, 22, "cannot be folder of documents"},
        {"documents: { folder: a/../../b }\n", 1, 22, "cannot be folder of documents"},
        {"documents: [x]\n", 1, 12, "must be a map"},
        {"areas: [x]\n", 1, 8, "must be a map"},
        {"areas:\n  ../x: [a]\n", 2, 3, "an area becomes a file's name"},
        {"areas:\n  a/b: [a]\n", 2, 3, "an area becomes a file's name"},
        {"areas:\n  .x: [a]\n", 2, 3, "an area becomes a file's name"},
        {"areas:\n  a: {b: c}\n", 2, 6, "must be a single value"},
    };
    size_t i;
    int wrong = 0;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_config config;
        struct pfl_arena arena;
        struct pfl_err err = {0};

        pfl_arena_init(&arena);
        if (parse(cases[i].text, &arena, &config, &err) != PFL_ECONFIG ||
            err.line != cases[i].line || err.column != cases[i].column ||
            !strstr(err.message, cases[i].says)) {
            print_error("for %s: %d:%d %s\n", cases[i].text, err.line, err.column, err.message);
            wrong++;
        }
        pfl_arena_release(&arena);
    }
    assert_int_equal(wrong, 0);
}

int test_config_documents(void);
int test_config_documents(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_gives_the_usual_places),
        cmocka_unit_test(places_and_areas_are_read),
        cmocka_unit_test(mistakes_are_named_with_their_place),
    };

    return cmocka_run_group_tests_name("config/documents", tests, NULL, NULL);
}
