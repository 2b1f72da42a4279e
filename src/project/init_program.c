/*
 * Which program a project's build makes, so that `init` writes a suite that starts it.
 *
 * A wrong guess is worse than none: its suite would be skipped for ever ("./plate is not there"),
 * and the first run would measure nothing. So a name is taken only where the build file says it
 * outright (add_executable, a linker's -o, [[bin]], a main package), with make's plain variables
 * followed and everything else that is computed left alone; programs that are called a test are no
 * subject. What is left NULL is not sure, and `init` writes a working example instead.
 */
#include "project/init_program.h"

#include "project/init_scan.h"
#include "sys/file.h"

#include <string.h>

struct search {
    const char *root;
    struct pfl_arena *arena;
    struct pfl_init_found *found;
    struct pfl_err *err;
};

/* *path = FOLDER + the name, when there is one. */
static int keep(const struct search *s, const char *folder, const char *name, size_t len,
                const char **path)
{
    if (len == 0 || *path || !pfl_init_is_program(name, len))
        return PFL_OK;
    *path = pfl_arena_format(s->arena, "%s%.*s", folder, (int)len, name);
    return *path ? PFL_OK : pfl_err_no_memory(s->err);
}

typedef size_t find_fn(const char *text, const char **start);

/* In the root's build file, then in src/'s, whose programs land in build/src/. */
static int find_in_build(const struct search *s, const char *file, find_fn *find)
{
    static const char *const folders[][2] = {{"", "build/"}, {"src/", "build/src/"}};
    const char *text, *name, *start = NULL;
    size_t i, len;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < PFL_COUNT(folders) && !s->found->program; i++) {
        name = pfl_arena_format(s->arena, "%s%s", folders[i][0], file);
        rc = name ? pfl_init_read_text(s->root, name, s->arena, &text, s->err)
                  : pfl_err_no_memory(s->err);
        if (rc != PFL_OK || !text)
            continue;
        if (strstr(text, "RUNTIME_OUTPUT_DIRECTORY")) /* then it is somewhere else */
            break;
        len = find(text, &start);
        rc = keep(s, folders[i][1], start, len, &s->found->program);
    }
    return rc;
}

static int find_made(const struct search *s)
{
    static const char *const files[] = {"GNUmakefile", "makefile", "Makefile"};
    char name[PFL_INIT_PROGRAM_MAX + 1];
    const char *text;
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < PFL_COUNT(files); i++) {
        rc = pfl_init_read_text(s->root, files[i], s->arena, &text, s->err);
        if (rc == PFL_OK && text && pfl_init_make_program(text, name))
            return keep(s, "", name, strlen(name), &s->found->program);
    }
    return rc;
}

static bool is_there(const struct search *s, const char *name)
{
    const char *path = pfl_file_join(s->root, name, s->arena);

    return path && pfl_file_exists(path);
}

static int find_cargo(const struct search *s)
{
    static const char folder[] = "target/release/";
    const char *text, *start = NULL;
    size_t len;
    int rc = pfl_init_read_text(s->root, "Cargo.toml", s->arena, &text, s->err);

    if (rc != PFL_OK || !text)
        return rc;
    len = pfl_init_cargo_bin(text, &start);
    if (len == 0 && is_there(s, "src/main.rs"))
        len = pfl_init_cargo_name(text, &start);
    return keep(s, folder, start, len, &s->found->cargo_program);
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);

    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static int has_main_package(const struct search *s, bool *has)
{
    const char **names, *text;
    size_t n = 0, i;
    int rc = pfl_file_list(s->root, s->arena, &names, &n, s->err);

    *has = false;
    for (i = 0; rc == PFL_OK && i < n && !*has; i++) {
        if (!ends_with(names[i], ".go") || ends_with(names[i], "_test.go"))
            continue;
        rc = pfl_init_read_text(s->root, names[i], s->arena, &text, s->err);
        *has = rc == PFL_OK && text &&
               (strncmp(text, "package main", 12) == 0 || strstr(text, "\npackage main"));
    }
    return rc;
}

/* The root's package is called after the module, those in cmd/ after their folders. */
static int find_go(const struct search *s)
{
    const char *text, *start = NULL, *folder = pfl_file_join(s->root, "cmd", s->arena), **names;
    size_t n = 0, i, len;
    bool has;
    int rc = has_main_package(s, &has);

    if (!folder)
        return pfl_err_no_memory(s->err);
    if (rc == PFL_OK && has) {
        rc = pfl_init_read_text(s->root, "go.mod", s->arena, &text, s->err);
        len = rc == PFL_OK && text ? pfl_init_go_name(text, &start) : 0;
        return rc == PFL_OK ? keep(s, "build/", start, len, &s->found->go_program) : rc;
    }
    if (rc != PFL_OK || !pfl_file_is_folder(folder))
        return rc;
    rc = pfl_file_list(folder, s->arena, &names, &n, s->err);
    for (i = 0; rc == PFL_OK && i < n; i++) {
        const char *path = pfl_file_join(folder, names[i], s->arena);

        if (!path)
            return pfl_err_no_memory(s->err);
        if (pfl_file_is_folder(path))
            rc = keep(s, "build/", names[i], strlen(names[i]), &s->found->go_program);
    }
    return rc;
}

static int find_python(const struct search *s)
{
    static const char *const folders[] = {"", "src/"};
    const char **modules[] = {&s->found->module, &s->found->src_module};
    char *name = pfl_arena_text(s->arena, s->found->name), *at;
    const char *file, *package;
    size_t i;

    if (!name)
        return pfl_err_no_memory(s->err);
    for (at = name; *at; at++)
        *at = *at == '-' || *at == '.' ? '_' : *at;
    for (i = 0; i < PFL_COUNT(folders); i++) {
        file = pfl_arena_format(s->arena, "%s%s.py", folders[i], name);
        package = pfl_arena_format(s->arena, "%s%s/__init__.py", folders[i], name);
        if (!file || !package)
            return pfl_err_no_memory(s->err);
        if (!strpbrk(name, "/+") && pfl_init_is_program(name, strlen(name)) &&
            (is_there(s, file) || is_there(s, package))) {
            *modules[i] = name;
            return PFL_OK;
        }
    }
    return PFL_OK;
}

/* The program of Google Benchmark; not to be started for its --version as well. */
static int find_google(const struct search *s)
{
    static const char *const folders[] = {"", "bench/", "benchmark/", "benchmarks/"};
    struct pfl_init_found *found = s->found;
    const char *text, *name, *below, *start = NULL;
    size_t i, len;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < PFL_COUNT(folders) && !found->google_program; i++) {
        name = pfl_arena_format(s->arena, "%sCMakeLists.txt", folders[i]);
        below = pfl_arena_format(s->arena, "build/%s", folders[i]);
        rc = name && below ? pfl_init_read_text(s->root, name, s->arena, &text, s->err)
                           : pfl_err_no_memory(s->err);
        if (rc != PFL_OK || !text)
            continue;
        if (strstr(text, "RUNTIME_OUTPUT_DIRECTORY")) /* then it is somewhere else */
            break;
        len = pfl_init_cmake_google_program(text, &start);
        rc = keep(s, below, start, len, &found->google_program);
    }
    if (found->program && found->google_program &&
        strcmp(found->program, found->google_program) == 0)
        found->program = NULL;
    return rc;
}

int pfl_init_find_programs(const char *root, struct pfl_arena *arena, struct pfl_init_found *found,
                           struct pfl_err *err)
{
    struct search s = {.root = root, .arena = arena, .found = found, .err = err};
    int rc = PFL_OK;

    if (found->kinds & PFL_INIT_CMAKE)
        rc = find_in_build(&s, "CMakeLists.txt", pfl_init_cmake_program);
    else if (found->kinds & PFL_INIT_MESON)
        rc = find_in_build(&s, "meson.build", pfl_init_meson_program);
    else if (found->kinds & PFL_INIT_MAKE)
        rc = find_made(&s);
    if (rc == PFL_OK && (found->kinds & PFL_INIT_CARGO))
        rc = find_cargo(&s);
    if (rc == PFL_OK && (found->kinds & PFL_INIT_GO))
        rc = find_go(&s);
    if (rc == PFL_OK && (found->kinds & PFL_INIT_PYTHON))
        rc = find_python(&s);
    if (rc == PFL_OK && (found->kinds & PFL_INIT_CMAKE) &&
        (found->kinds & PFL_INIT_GOOGLE_BENCHMARK))
        rc = find_google(&s);
    if (found->kinds & PFL_INIT_PYTEST_BENCHMARK)
        found->pytest = "python3 -m pytest";
    if (found->kinds & PFL_INIT_NODE)
        found->entry = is_there(&s, "index.js") ? "." : NULL;
    return rc;
}
