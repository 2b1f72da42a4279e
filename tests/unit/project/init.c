/* What is found in a project's folder, and that the file written for it parses, for every
 * combination of kinds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/scratch.h"
#include "base/alloc.h"
#include "config/config.h"
#include "project/init.h"

enum { ALL_KINDS = 2 * PFL_INIT_MAVEN - 1 };

struct file {
    const char *name, *text;
};

static void detected(const struct file *files, unsigned kinds, const char *name,
                     const char *evidence)
{
    struct pfl_init_found found = {0};
    struct scratch scratch;
    struct pfl_arena arena;
    struct pfl_err err = {0};

    scratch_make(&scratch);
    pfl_arena_init(&arena);
    for (; files->name; files++)
        scratch_write(&scratch, files->name, files->text);
    assert_int_equal(pfl_init_detect(scratch.path, &arena, &found, &err), PFL_OK);
    if (found.kinds != kinds ||
        strcmp(found.name, name ? name : strrchr(scratch.path, '/') + 1) != 0 ||
        strcmp(found.evidence, evidence) != 0)
        fail_msg("found %u '%s' (%s), wanted %u '%s' (%s)", found.kinds, found.name, found.evidence,
                 kinds, name, evidence);
    pfl_arena_release(&arena);
    scratch_remove(&scratch);
}

static void kinds_and_names_are_found(void **state)
{
    static const struct {
        struct file files[4];
        unsigned kinds;
        const char *name, *evidence;
    } cases[] = {
        {{{0}}, 0, NULL, ""},
        {{{"CMakeLists.txt", "cmake_minimum_required(VERSION 3.20)\n# project(old)\nPROJECT( "
                             "plate\n  LANGUAGES C)\n"}},
         PFL_INIT_CMAKE,
         "plate",
         "CMakeLists.txt"},
        {{{"CMakeLists.txt", "my_project(no)\nproject(${NAME})\nproject(\"two words\" C)\n"
                             "find_package(ZLIB)\nfind_package( benchmark REQUIRED)\n"}},
         PFL_INIT_CMAKE | PFL_INIT_GOOGLE_BENCHMARK,
         "two words",
         "CMakeLists.txt (google benchmark)"},
        {{{"CMakeLists.txt", "project(a)\n#find_package(benchmark)\nadd_subdirectory(bench)\n"},
          {"bench/CMakeLists.txt", "find_package(benchmark)\n"}},
         PFL_INIT_CMAKE | PFL_INIT_GOOGLE_BENCHMARK,
         "a",
         "CMakeLists.txt, bench/CMakeLists.txt (google benchmark)"},
        {{{"CMakeLists.txt", "project(a)\n# find_package(benchmark)\n"}},
         PFL_INIT_CMAKE,
         "a",
         "CMakeLists.txt"},
        {{{"meson.build", "project('grid', 'c',\n  version : '1')\nb = dependency('benchmark')\n"}},
         PFL_INIT_MESON | PFL_INIT_GOOGLE_BENCHMARK,
         "grid",
         "meson.build (google benchmark)"},
        {{{"Makefile", "all:\n"}}, PFL_INIT_MAKE, NULL, "Makefile"},
        {{{"Cargo.toml", "[workspace]\nname = \"no\"\n[package]\nversion = \"1\"\nname = \"crab\"\n"
                         "[dev-dependencies]\ncriterion = \"0.5\"\n"}},
         PFL_INIT_CARGO | PFL_INIT_CRITERION,
         "crab",
         "Cargo.toml (criterion)"},
        {{{"Cargo.toml", "[package]\nname=\"crab\"\n[dependencies]\ncriterion-like = \"1\"\n"}},
         PFL_INIT_CARGO,
         "crab",
         "Cargo.toml"},
        {{{"go.mod", "// hello\nmodule example.org/u/gopher/v2\n\ngo 1.21\n"}},
         PFL_INIT_GO,
         "gopher",
         "go.mod"},
        {{{"go.mod", "module gopher"}}, PFL_INIT_GO, "gopher", "go.mod"},
        {{{"pyproject.toml", "[build-system]\nname = 'no'\n[project]\nname = \"snake\"\n"
                             "[project.optional-dependencies]\ntest = ['pytest-benchmark>=4']\n"}},
         PFL_INIT_PYTHON | PFL_INIT_PYTEST_BENCHMARK,
         "snake",
         "pyproject.toml (pytest-benchmark)"},
        {{{"setup.py", "from setuptools import setup\nname = 'no'\nsetup(\n    author_name='x',\n"
                       "    name = 'snake',\n)\n"},
          {"requirements-dev.txt", "pytest\npytest-benchmark\n"}},
         PFL_INIT_PYTHON | PFL_INIT_PYTEST_BENCHMARK,
         "snake",
         "setup.py, requirements-dev.txt (pytest-benchmark)"},
        {{{"pyproject.toml", "[tool.poetry]\nname = \"verse\"\n# pytest-benchmark\n"}},
         PFL_INIT_PYTHON,
         "verse",
         "pyproject.toml"},
        {{{"asv.conf.json",
           "{\n  // \"project\": \"no\",\n  \"version\": 1,\n  \"project\": \"vel\"\n}\n"}},
         PFL_INIT_ASV | PFL_INIT_PYTHON,
         "vel",
         "asv.conf.json"},
        {{{"package.json",
           "{\"author\": {\"name\": \"no\"}, \"x\": \"name\", \"name\": \"@s/web\"}"}},
         PFL_INIT_NODE,
         "web",
         "package.json"},
        {{{"pom.xml", "<project><parent><artifactId>no</artifactId></parent>\n"
                      "<artifactId> jar </artifactId></project>"}},
         PFL_INIT_MAVEN,
         "jar",
         "pom.xml"},
        {{{"Cargo.toml", "[package]\nname = \"in\\u0001ner\"\n"},
          {"CMakeLists.txt", "no project here"}},
         PFL_INIT_CMAKE | PFL_INIT_CARGO,
         "in\\u0001ner",
         "CMakeLists.txt, Cargo.toml"},
        {{{"CMakeLists.txt", "project(\"a\tb\xFF\")"}, {"package.json", "{\"name\": \"second\"}"}},
         PFL_INIT_CMAKE | PFL_INIT_NODE,
         "a-b-",
         "CMakeLists.txt, package.json"},
        {{{"package.json", "{\"name\": \"never closed"},
          {"pom.xml", "<artifactId>"},
          {"Cargo.toml", "[package\nname"}},
         PFL_INIT_NODE | PFL_INIT_MAVEN | PFL_INIT_CARGO,
         NULL,
         "Cargo.toml, package.json, pom.xml"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
        detected(cases[i].files, cases[i].kinds, cases[i].name, cases[i].evidence);
}

/* Makes the lines that are commented-out YAML real ones, as a user would. */
static void uncomment(char *text)
{
    static const char *const starts[] = {
        "- name:",   "- {",      "harness:",           "command:", "params:",   "work:",
        "validate:", "prepare:", "targets:",           "build:",   "requires:", "ignore_failure:",
        "tier:",     "env:",     "reference_machine:", "areas:",   "paths:"};
    char *line, *mark, *content;
    size_t i;

    for (line = text; line; line = (line = strchr(line, '\n')) ? line + 1 : NULL) {
        mark = line + strspn(line, " ");
        content = mark + 1 + strspn(mark + 1, " ");
        for (i = 0; *mark == '#' && i < sizeof starts / sizeof starts[0]; i++)
            if (strncmp(content, starts[i], strlen(starts[i])) == 0) {
                memmove(mark, mark + 2, strlen(mark + 2) + 1);
                break;
            }
    }
}

static void its_comments_parse(const struct pfl_init_found *found)
{
    struct pfl_config config;
    struct pfl_config_params params = {.file = "perfledger.yaml", .root = "/r"};
    struct pfl_arena arena;
    struct pfl_err err = {0};
    struct pfl_buf text;

    pfl_arena_init(&arena);
    pfl_buf_init(&text, 1 << 20);
    pfl_init_write_config(found, &text);
    uncomment(text.data);
    params.text = text.data;
    params.len = strlen(text.data);
    if (pfl_config_parse(&params, &arena, &config, &err) != PFL_OK)
        fail_msg("kinds %u, uncommented: %s\n%s", found->kinds, err.message, params.text);
    assert_string_equal(config.suites[config.suite_count - 1].harness, "perfledger");
    assert_true(config.target_count == 1 && config.gate_count == 5 && config.build);
    assert_true(config.documents.path_count == 1 && config.documents.area_count == 1);
    assert_string_equal(config.reference_machine, "5f53970e79de");
    pfl_buf_release(&text);
    pfl_arena_release(&arena);
}

static void a_file_parses(const struct pfl_init_found *found)
{
    struct pfl_config config;
    struct pfl_config_params params = {.file = "perfledger.yaml", .root = "/r"};
    struct pfl_arena arena;
    struct pfl_err err = {0};
    struct pfl_buf text;
    size_t i;

    pfl_arena_init(&arena);
    pfl_buf_init(&text, 1 << 20);
    pfl_init_write_config(found, &text);
    assert_int_equal(text.error, 0);
    params.text = pfl_buf_cstr(&text);
    params.len = text.len;
    if (pfl_config_parse(&params, &arena, &config, &err) != PFL_OK)
        fail_msg("kinds %u: %s\n%s", found->kinds, err.message, params.text);
    assert_string_equal(config.project, found->name);
    assert_true(config.suite_count >= 1);
    assert_true(config.gate_count >= 2);
    for (i = 0; i < config.suite_count; i++)
        assert_string_equal(config.suites[i].harness, "command"); /* nothing else was found */
    pfl_buf_release(&text);
    pfl_arena_release(&arena);
}

/* The program of each build file, or that it is not sure: then NULL. */
static void programs_are_found(void **state)
{
    static const struct {
        struct file files[4];
        const char *program;
    } cases[] = {
        {{{"Makefile", "all: plate\n\nplate: plate.o\n\tcc -o plate plate.o\n"}}, "plate"},
        {{{"Makefile",
           "CC = cc\n%.o: %.c\n\t$(CC) -c -o $@ $<\nbin/tool: a.o\n\t$(CC) $^ -o $@\n"}},
         "bin/tool"},
        {{{"Makefile", "NAME := grid # the program\nBIN = ./out/$(NAME)\n$(BIN): x.o\n\tcc $^ -o "
                       "${BIN} -lm\n"}},
         "out/grid"},
        {{{"Makefile", "libx.so: x.o\n\tcc -shared -o $@ x.o\nrun_tests: t.o\n\tcc -o $@ t.o\n"
                       "x: x.o libx.so\n\tcc -o $@ x.o\n"}},
         "x"},
        {{{"makefile", ".PHONY: all\nCFLAGS = -O2\nall: sorted\nsorted: sorted.o "
                       "util.o\nclean:\n\trm -f sorted\n"}},
         "sorted"},
        {{{"Makefile", "all:\n\t$(MAKE) -C src\nclean:\n\trm -f *.o\n"}}, NULL},
        {{{"Makefile", "P = $(shell pwd)\nA = $(A)\nx: x.o\n\tcc -o $(P) x.o\n\tcc -o $(A)\n\tcc "
                       "-o $(B\n\tcc -o "}},
         NULL},
        {{{"Makefile", "# x: x.o\n#\tcc -o x\nlint: ; true"}}, NULL},
        {{{"CMakeLists.txt",
           "project(p)\nadd_executable(unit_test t.c)\nadd_executable(a::b ALIAS c)\n"
           "add_executable(grid2d\n  main.c)\n"}},
         "build/grid2d"},
        {{{"CMakeLists.txt", "project(plate C)\nadd_executable(${PROJECT_NAME} main.c)\n"}},
         "build/plate"},
        {{{"CMakeLists.txt", "project(p)\nadd_subdirectory(src)\n"},
          {"src/CMakeLists.txt", "add_executable(deep main.c)\n"}},
         "build/src/deep"},
        {{{"CMakeLists.txt",
           "project(p)\nset(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${X}/bin)\nadd_executable(a a.c)\n"}},
         NULL},
        {{{"CMakeLists.txt", "project(p)\nadd_library(p p.c)\n"},
          {"Makefile", "x: x.o\n\tcc -o x x.o\n"}},
         NULL},
        {{{"meson.build", "project('m', 'c')\nexecutable('mill', 'main.c')\n"}}, "build/mill"},
        {{{"Cargo.toml", "[package]\nname = \"lib\"\n[[bin]]\nname = \"claw\"\n"}},
         "target/release/claw"},
        {{{"Cargo.toml", "[package]\nname = \"crab\"\n"}, {"src/main.rs", "fn main() {}"}},
         "target/release/crab"},
        {{{"Cargo.toml", "[package]\nname = \"crab\"\n"}, {"src/lib.rs", ""}}, NULL},
        {{{"go.mod", "module x.org/gopher\n"}, {"main.go", "// main\npackage main\n"}},
         "build/gopher"},
        {{{"go.mod", "module x.org/gopher\n"},
          {"a.go", "package gopher\n"},
          {"cmd/dig/main.go", "package main"}},
         "build/dig"},
        {{{"go.mod", "module x.org/gopher\n"}, {"a.go", "package gopher\n"}}, NULL},
        {{{"pyproject.toml", "[project]\nname = \"my-snake\"\n"}, {"my_snake/__init__.py", ""}},
         "my_snake"},
        {{{"pyproject.toml", "[project]\nname = \"snake\"\n"}, {"src/snake/__init__.py", ""}},
         "snake"},
        {{{"pyproject.toml", "[project]\nname = \"snake\"\n"}}, NULL},
        {{{"package.json", "{\"name\": \"n\"}"}, {"index.js", ""}}, "."},
        {{{"pom.xml", "<artifactId>jar</artifactId>"}}, NULL},
    };
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pfl_init_found found = {0};
        struct scratch scratch;
        struct pfl_arena arena;
        struct pfl_err err = {0};
        struct pfl_buf text;
        const char *got;

        scratch_make(&scratch);
        pfl_arena_init(&arena);
        for (k = 0; k < 4 && cases[i].files[k].name; k++)
            scratch_write(&scratch, cases[i].files[k].name, cases[i].files[k].text);
        assert_int_equal(pfl_init_detect(scratch.path, &arena, &found, &err), PFL_OK);
        got = found.program         ? found.program
              : found.cargo_program ? found.cargo_program
              : found.go_program    ? found.go_program
              : found.module        ? found.module
              : found.src_module    ? found.src_module
                                    : found.entry;
        if (!got != !cases[i].program || (got && strcmp(got, cases[i].program) != 0))
            fail_msg("case %zu: %s, wanted %s", i, got ? got : "nothing",
                     cases[i].program ? cases[i].program : "nothing");
        pfl_buf_init(&text, 1 << 20);
        pfl_init_write_config(&found, &text);
        assert_true(!strstr(text.data, "  - name: example") == !!got);
        pfl_buf_release(&text);
        a_file_parses(&found);
        its_comments_parse(&found);
        pfl_arena_release(&arena);
        scratch_remove(&scratch);
    }
}

static void every_combination_parses(void **state)
{
    struct pfl_init_found found = {.name = "plate", .evidence = ""};

    (void)state;
    for (found.kinds = 0; found.kinds <= ALL_KINDS; found.kinds++) {
        a_file_parses(&found);
        its_comments_parse(&found);
    }
    found.program = "build/src/plate";
    found.cargo_program = "target/release/plate";
    found.go_program = "build/plate";
    found.module = "plate";
    found.entry = ".";
    for (found.kinds = 0; found.kinds <= ALL_KINDS; found.kinds++) {
        a_file_parses(&found);
        its_comments_parse(&found);
    }
}

static void every_name_parses(void **state)
{
    static const char *const names[] = {
        "two words",  "null",        "yes",    "-",           "#x", "a: b", "it's",
        "\"quoted\"", "back\\slash", "{name}", "é日",         "*",  "&a",   "%d",
        "@x",         "1.0",         "a/b",    "$(rm -rf x)", "~",  "?",
    };
    struct pfl_init_found found = {.kinds = ALL_KINDS, .evidence = ""};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        found.name = names[i];
        a_file_parses(&found);
    }
}

static void harnesses_that_were_found_stand_as_comments(void **state)
{
    const struct pfl_init_found found = {.kinds = PFL_INIT_CARGO | PFL_INIT_CRITERION,
                                         .name = "crab",
                                         .cargo_program = "target/release/claw",
                                         .evidence = ""};
    struct pfl_buf text;

    (void)state;
    pfl_buf_init(&text, 1 << 20);
    pfl_init_write_config(&found, &text);
    assert_non_null(strstr(text.data, "\n  #   harness: criterion\n"));
    assert_non_null(strstr(text.data, "\nbuild: cargo build --release\n"));
    assert_non_null(strstr(text.data, "command: ./target/release/claw --version"));
    assert_null(strstr(text.data, "pytest"));
    assert_null(strstr(text.data, "cmake"));
    pfl_buf_release(&text);
}

static void whatever_fails_is_an_error(void **state)
{
    struct scratch scratch;
    unsigned long site;
    int code = PFL_ENOMEM, kind;

    (void)state;
    scratch_make(&scratch);
    scratch_write(&scratch, "CMakeLists.txt", "project(a)\nadd_executable(b b.c)");
    scratch_write(&scratch, "go.mod", "module m");
    scratch_write(&scratch, "main.go", "package main");
    scratch_write(&scratch, "pyproject.toml", "[project]\nname='x'");
    for (kind = 0; kind < 2; kind++)
        for (code = PFL_ENOMEM, site = 1; code != PFL_OK && site < 1000; site++) {
            struct pfl_init_found found = {.kinds = 12345};
            struct pfl_arena arena;
            struct pfl_err err = {0};

            pfl_arena_init(&arena);
            pfl_fault = (struct pfl_fault){.alloc_at = kind ? 0 : site, .io_at = kind ? site : 0};
            code = pfl_init_detect(scratch.path, &arena, &found, &err);
            pfl_fault = (struct pfl_fault){0};
            assert_int_equal(code, err.code);
            if (code != PFL_OK)
                assert_int_equal(found.kinds, 12345);
            pfl_arena_release(&arena);
        }
    assert_int_equal(code, PFL_OK);
    scratch_remove(&scratch);
}

int test_project_init(void);

/* A suite that runs as it stands, and no second one that starts the same program. */
static void harnesses_that_are_sure_are_suites(void **state)
{
    static const struct file files[4] = {
        {"CMakeLists.txt", "project(grid)\nfind_package(benchmark REQUIRED)\n"
                           "add_executable(kernels k.cpp) # before\nadd_executable(grid g.cpp)\n"
                           "target_link_libraries(other PRIVATE benchmark::benchmark)\n"
                           "target_link_libraries(grid PRIVATE m)\n"
                           "target_link_libraries(kernels PRIVATE m\n  benchmark::benchmark)\n"},
        {"pyproject.toml", "[project]\nname = 'grid'\ndependencies = ['pytest-benchmark']\n"},
    };
    struct pfl_init_found found = {0};
    struct scratch scratch;
    struct pfl_arena arena;
    struct pfl_err err;
    struct pfl_buf text;
    size_t i;

    (void)state;
    scratch_make(&scratch);
    pfl_arena_init(&arena);
    pfl_buf_init(&text, 1 << 20);
    for (i = 0; i < 2; i++)
        scratch_write(&scratch, files[i].name, files[i].text);
    assert_int_equal(pfl_init_detect(scratch.path, &arena, &found, &err), PFL_OK);
    assert_string_equal(found.google_program, "build/kernels");
    assert_null(found.program); /* the first one made is that one */
    pfl_init_write_config(&found, &text);
    assert_non_null(strstr(text.data, "\n    harness: google-benchmark "));
    assert_non_null(strstr(text.data, "\n    command: ./build/kernels\n"));
    assert_non_null(strstr(text.data, "\n    harness: pytest-benchmark "));
    assert_non_null(strstr(text.data, "\n    command: python3 -m pytest\n"));
    assert_null(strstr(text.data, "#   harness: google-benchmark"));
    assert_null(strstr(text.data, "#   harness: pytest-benchmark"));
    pfl_buf_release(&text);
    pfl_arena_release(&arena);
    scratch_remove(&scratch);
}

int test_project_init(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_and_names_are_found),
        cmocka_unit_test(programs_are_found),
        cmocka_unit_test(every_combination_parses),
        cmocka_unit_test(every_name_parses),
        cmocka_unit_test(harnesses_that_were_found_stand_as_comments),
        cmocka_unit_test(harnesses_that_are_sure_are_suites),
        cmocka_unit_test(whatever_fails_is_an_error),
    };

    return cmocka_run_group_tests_name("project/init", tests, NULL, NULL);
}
