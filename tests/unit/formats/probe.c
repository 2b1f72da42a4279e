/* Telling what a file is: paths of keys, every known beginning by one format only, and nothing else
 * for anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/format.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int test_formats_probe(void);

static void probe_text(struct pfl_format_probe *probe, const char *text, size_t len,
                       struct pfl_arena *arena)
{
    *probe = (struct pfl_format_probe){.path = "f", .bytes = text, .len = len};
    assert_int_equal(pfl_format_probe_json(probe, arena, NULL), PFL_OK);
}

static void paths_of_keys_are_found(void **state)
{
    static const struct {
        const char *text, *paths; /* the paths, blank-separated; "-": the root's "" */
        bool many;
    } cases[] = {
        {"{\"a\":1,\"b\":{\"c\":[{\"d\":2},{\"e\":3}]}}", "- a b b.c b.c[] b.c[].d b.c[].e", false},
        {"[{\"a\":1},{\"a\":2}]", "- [] [].a", false},
        {"[[1,2]]", "- [] [][]", false},
        {"{\"a\":1}\n{\"b\":2}\n", "- a b", true},
        {"\n \t{}", "-", false},
        {"{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":1}}}}}}", "- a a.b a.b.c a.b.c.d a.b.c.d.e",
         false},
        {"{\"a\":1,\"b\":[1,2,", "- a b b[]", false}, /* as far as it goes */
        {"{\"a\":1,\"b\":oops", "- a b", false},
        {"window.BENCHMARK_DATA = {\"a\":1}", "- a", false},
        {"window.BENCHMARK_DATA={\"a\":1}", "- a", false},
        {"x\t=\r\n [{\"a\":1}]", "- [] [].a", false},
        {"1 2 3", "", false},
        {"\"text\"", "", false},
        {"x = 5", "", false},
        {"x == {}", "", false},
        {"", "", false},
        {"plain text", "", false},
        {"\x1f\x8b\x08", "", false},
    };
    struct pfl_format_probe probe;
    struct pfl_arena arena;
    size_t i, k;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        char got[500] = "";

        pfl_arena_init(&arena);
        probe_text(&probe, cases[i].text, strlen(cases[i].text), &arena);
        for (k = 0; k < probe.path_count; k++) {
            if (k)
                strncat(got, " ", sizeof got - strlen(got) - 1);
            strncat(got, k == 0 ? "-" : probe.paths[k], sizeof got - strlen(got) - 1);
            assert_true(pfl_format_has(&probe, probe.paths[k]));
        }
        assert_string_equal(got, cases[i].paths);
        assert_int_equal(probe.many, cases[i].many);
        assert_false(pfl_format_has(&probe, "nowhere"));
        pfl_arena_release(&arena);
    }
}

static void hostile_ones_are_bounded(void **state)
{
    enum { LONG = 60000 };
    struct pfl_format_probe probe;
    struct pfl_arena arena;
    char *text = malloc(LONG + 100), *at = text;
    int i;

    (void)state;
    pfl_arena_init(&arena);
    memset(text, '[', LONG); /* deeper than anything reads */
    probe_text(&probe, text, LONG, &arena);
    assert_true(probe.path_count > 0 && probe.path_count <= 6);
    at += sprintf(at, "{\"");
    memset(at, 'k', LONG - 100); /* a key longer than a path */
    sprintf(at + LONG - 100, "\":1,\"b\":2}");
    probe_text(&probe, text, strlen(text), &arena);
    assert_true(pfl_format_has(&probe, "b"));
    at = text + sprintf(text, "{");
    for (i = 0; at < text + LONG - 20; i++) /* more keys than there is room for */
        at += sprintf(at, "\"%d\":%d,", i, i);
    probe_text(&probe, text, (size_t)(at - text), &arena);
    assert_int_equal(probe.path_count, PFL_FORMAT_PATHS_MAX);
    memset(text, 0, LONG);
    probe_text(&probe, text, LONG, &arena);
    assert_int_equal(probe.path_count, 0);
    assert_null(pfl_format_recognise(&probe));
    assert_int_equal(pfl_format_behind_assignment("a\0b = {", 7), 0);
    assert_int_equal(pfl_format_behind_assignment("a = ", 4), 0);
    assert_int_equal(pfl_format_behind_assignment("a =  {", 6), 5);
    pfl_arena_release(&arena);
    free(text);
}

static void unknown_ones_are_nobodys(void **state)
{
    static const char *const texts[] = {
        "",
        "\n",
        "hello\n",
        "# a heading\n\nsome text: with a colon\n",
        "{}",
        "[]",
        "{\"name\":\"package\",\"version\":\"1.0.0\",\"dependencies\":{\"a\":\"1\"}}",
        "{\"results\":[]}",
        "{\"results\":[{\"name\":\"x\"}]}",
        "{\"benchmarks\":[]}",
        "{\"benchmarks\":[{\"name\":\"x\"}]}",
        "[{\"name\":\"x\"}]",
        "[1,2,3]",
        "{\"a\":{\"b\":{\"c\":1}}}",
        "<?xml version=\"1.0\"?><testsuites><testsuite/></testsuites>",
        "<html><body>Catch2</body></html>",
        "var x = {\"a\": 1};",
        "a,b,c\n1,2,3\n",
        "test a ... ok\n",
        "PASS\nok  \texample.org/a\t2.649s\n",
        "Benchmarking is fun\n",
        "#!/bin/sh\necho BenchmarkX\n",
        "\x7f"
        "ELF\x02\x01\x01",
        "\x89PNG\r\n\x1a\n",
        "SQLite format 3",
        "{\"reason\":\"compiler-artifact\",\"package_id\":\"a\"}\n{\"reason\":\"build-finished\"}"
        "\n",
    };
    const struct pfl_format *format;
    struct pfl_format_probe probe;
    struct pfl_arena arena;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(texts); i++) {
        pfl_arena_init(&arena);
        probe_text(&probe, texts[i], strlen(texts[i]), &arena);
        format = pfl_format_recognise(&probe);
        if (format)
            fail_msg("%s is taken for %s", texts[i], format->name);
        pfl_arena_release(&arena);
    }
}

/* The seeds of the fuzzer: each in the folder of its format. */
static void each_is_one_formats_alone(const char *folder, const char *name)
{
    char path[2048], text[PFL_FORMAT_PROBE_BYTES];
    struct pfl_format_probe probe;
    struct pfl_arena arena;
    size_t len, i;
    FILE *file;
    int sure = 0;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rb");
    assert_non_null(file);
    len = fread(text, 1, sizeof text, file);
    fclose(file);
    if (len >= 2 && memcmp(text, "\x1f\x8b", 2) == 0) /* unpacked before anybody looks */
        return;
    pfl_arena_init(&arena);
    probe_text(&probe, text, len, &arena);
    for (i = 0; pfl_formats[i]; i++)
        sure += pfl_formats[i]->recognise && pfl_formats[i]->recognise(&probe) == 2;
    if (!pfl_format_recognise(&probe))
        fail_msg("%s is nobody's", path);
    if (sure > 1)
        fail_msg("%s is of several formats for sure", path);
    if (strncmp(pfl_format_recognise(&probe)->name, strrchr(folder, '/') + 1, 5) != 0 &&
        !strstr(folder, "/criterion") && !strstr(folder, "/catch2"))
        fail_msg("%s is taken for %s", path, pfl_format_recognise(&probe)->name);
    pfl_arena_release(&arena);
}

static void known_ones_are_told(void **state)
{
    static const char root[] = PFL_SOURCE_DIR "/tests/fuzz/corpus/formats";
    struct dirent *format, *seed;
    char path[1024];
    DIR *formats = opendir(root), *seeds;
    int told = 0;

    (void)state;
    assert_non_null(formats);
    while ((format = readdir(formats))) {
        if (format->d_name[0] == '.' || strcmp(format->d_name, "found") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", root, format->d_name);
        seeds = opendir(path);
        assert_non_null(seeds);
        while ((seed = readdir(seeds))) {
            if (seed->d_name[0] == '.' || seed->d_type == DT_DIR)
                continue;
            each_is_one_formats_alone(path, seed->d_name);
            told++;
        }
        closedir(seeds);
    }
    closedir(formats);
    assert_true(told >= 20);
}

static void formats_are_found_by_name(void **state)
{
    size_t i, k;

    (void)state;
    for (i = 0; pfl_formats[i]; i++) {
        assert_ptr_equal(pfl_format_find(pfl_formats[i]->name), pfl_formats[i]);
        assert_non_null(pfl_formats[i]->title);
        assert_true(pfl_formats[i]->read || pfl_formats[i]->write);
        assert_true(!pfl_formats[i]->read || pfl_formats[i]->recognise);
        assert_true(!pfl_formats[i]->read || pfl_formats[i]->sought);
        for (k = 0; pfl_formats[i]->name[k]; k++)
            assert_true(strchr("abcdefghijklmnopqrstuvwxyz-0123456789", pfl_formats[i]->name[k]) !=
                        NULL);
    }
    assert_null(pfl_format_find("nothing"));
    assert_null(pfl_format_find(""));
}

int test_formats_probe(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_of_keys_are_found),   cmocka_unit_test(hostile_ones_are_bounded),
        cmocka_unit_test(unknown_ones_are_nobodys),  cmocka_unit_test(known_ones_are_told),
        cmocka_unit_test(formats_are_found_by_name),
    };

    return cmocka_run_group_tests_name("formats_probe", tests, NULL, NULL);
}
