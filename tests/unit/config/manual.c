/* docs/config.md cannot lie: each of its YAML examples parses, and it names every key that the
 * parser knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config/reader.h"
#include "sys/file.h"

#include <stdio.h>
#include <string.h>

static int load(void *context, const char *path, struct pfl_arena *arena, const char **text,
                size_t *len, struct pfl_err *err)
{
    (void)context;
    (void)path;
    (void)arena;
    (void)err;
    *text = "";
    *len = 0;
    return PFL_OK;
}

static void read_manual(struct pfl_buf *buf)
{
    struct pfl_err err;

    pfl_buf_init(buf, 1 << 20);
    assert_int_equal(pfl_file_read(PFL_SOURCE_DIR "/docs/config.md", buf, &err), PFL_OK);
}

static void every_example_parses(void **state)
{
    static const char open[] = "\n```yaml\n", close[] = "\n```\n";
    const char *at, *end, *thresholds = "# perf/thresholds.yaml";
    struct pfl_buf manual;
    size_t examples = 0;

    (void)state;
    read_manual(&manual);
    for (at = pfl_buf_cstr(&manual); (at = strstr(at, open)); at = end) {
        struct pfl_config_params params = {.file = "docs/config.md", .root = "/r", .load = load};
        struct pfl_config config;
        struct pfl_arena arena;
        struct pfl_err err = {0};

        pfl_arena_init(&arena);
        at += sizeof open - 1;
        end = strstr(at, close);
        assert_non_null(end);
        params.text = at;
        params.len = (size_t)(end - at) + 1;
        if (strncmp(at, thresholds, strlen(thresholds)) == 0) /* its own file: a list of gates */
            params.text = pfl_arena_format(&arena, "gates:\n%.*s", (int)params.len, at);
        params.len = params.text == at ? params.len : strlen(params.text);
        if (pfl_config_parse(&params, &arena, &config, &err) != PFL_OK)
            fail_msg("%s", err.message);
        examples++;
        pfl_arena_release(&arena);
    }
    assert_true(examples >= 8);
    pfl_buf_release(&manual);
}

static void described(const char *manual, const char *key, size_t len)
{
    char cell[64];

    snprintf(cell, sizeof cell, "`%.*s`", (int)len, key);
    if (!strstr(manual, cell))
        fail_msg("docs/config.md does not name the key %s", cell);
}

/* Small maps tell their keys when they meet an unknown one. */
static void all_of_a_map_are_described(const char *manual, const char *text)
{
    struct pfl_config_params params = {
        .file = "f", .root = "/r", .text = text, .len = strlen(text)};
    struct pfl_config config;
    struct pfl_arena arena;
    struct pfl_err err = {0};
    const char *at;
    size_t len, n = 0;

    pfl_arena_init(&arena);
    assert_int_equal(pfl_config_parse(&params, &arena, &config, &err), PFL_ECONFIG);
    at = strstr(err.message, "; it has ");
    assert_non_null(at);
    for (at += strlen("; it has "); *at && *at != '\n'; at += len + strspn(at + len, ", "), n++) {
        len = strcspn(at, ",\n");
        described(manual, at, len);
    }
    assert_true(n >= 1);
    pfl_arena_release(&arena);
}

static void every_key_is_described(void **state)
{
    static const char *const maps[] = {"zzzzzz: 1\n",
                                       "gates: [{zzzzzz: 1}]\n",
                                       "targets: [{zzzzzz: 1}]\n",
                                       "machine: {zzzzzz: 1}\n",
                                       "baseline: {zzzzzz: 1}\n",
                                       "paths: [{zzzzzz: 1}]\n",
                                       "release: {zzzzzz: 1}\n"};
    struct pfl_buf manual;
    size_t i;

    (void)state;
    read_manual(&manual);
    for (i = 0; i < sizeof maps / sizeof maps[0]; i++)
        all_of_a_map_are_described(pfl_buf_cstr(&manual), maps[i]);
    for (i = 0; i < pfl_config_how_schema.count; i++)
        described(pfl_buf_cstr(&manual), pfl_config_how_schema.keys[i].name, 32);
    for (i = 0; i < pfl_config_suite_schema.count; i++)
        described(pfl_buf_cstr(&manual), pfl_config_suite_schema.keys[i].name, 32);
    pfl_buf_release(&manual);
}

int test_config_manual(void);

int test_config_manual(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_parses),
        cmocka_unit_test(every_key_is_described),
    };

    return cmocka_run_group_tests_name("config/manual", tests, NULL, NULL);
}
