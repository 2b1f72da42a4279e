/*
 * What kind of project a folder holds, told by the files that only such projects have in their
 * root: a build file, a manifest, a benchmark tool's own configuration.
 *
 * The files are looked into by plain searching, not parsed: a name and one dependency are wanted, a
 * wrong guess costs the user one edit of a file that is written for editing, and manifests come in
 * dialects (asv.conf.json holds comments). What cannot be read is still evidence of its kind.
 */
#include "project/init.h"

#include "base/text.h"
#include "project/init_program.h"
#include "project/init_scan.h"
#include "sys/file.h"

#include <string.h>

enum { MAX_FILE = 1 << 20, MAX_NAME = 80 };

/* One detection in the making. */
struct detection {
    const char *root;
    struct pfl_arena *arena;
    struct pfl_init_found *found;
    struct pfl_buf evidence;
    struct pfl_err *err;
};

int pfl_init_read_text(const char *root, const char *name, struct pfl_arena *arena,
                       const char **text, struct pfl_err *err)
{
    const char *path = pfl_file_join(root, name, arena);
    struct pfl_buf buf;
    int code;

    *text = NULL;
    if (!path)
        return pfl_err_no_memory(err);
    if (!pfl_file_exists(path) || pfl_file_is_folder(path))
        return PFL_OK;
    pfl_buf_init(&buf, MAX_FILE);
    code = pfl_file_read(path, &buf, err);
    if (code == PFL_ELIMIT || code == PFL_EPERM) {
        code = PFL_OK;
        pfl_buf_clear(&buf);
    }
    if (code == PFL_OK) {
        *text = pfl_arena_text(arena, pfl_buf_cstr(&buf));
        if (!*text)
            code = pfl_err_no_memory(err);
    }
    pfl_buf_release(&buf);
    return code;
}

static int read_text(const struct detection *detection, const char *name, const char **text)
{
    return pfl_init_read_text(detection->root, name, detection->arena, text, detection->err);
}

/* The first name found wins: the kinds are asked in the order of the table below. */
static int keep_name(struct detection *detection, const char *start, size_t len)
{
    char name[MAX_NAME + 1];
    size_t n = 0, step;
    uint32_t point;

    if (detection->found->name || !start || len == 0)
        return PFL_OK;
    for (; len > 0; start += step, len -= step) {
        step = pfl_text_decode(start, len, &point);
        if (n + (step ? step : 1) > MAX_NAME)
            break;
        if (step == 0 || point < 0x20 || (point >= 0x7F && point < 0xA0)) {
            name[n++] = '-';
            step = step ? step : 1;
        } else {
            memcpy(name + n, start, step);
            n += step;
        }
    }
    detection->found->name = pfl_arena_text_n(detection->arena, name, n);
    return detection->found->name ? PFL_OK : pfl_err_no_memory(detection->err);
}

static void add_evidence(struct detection *detection, const char *file, const char *detail)
{
    if (detection->evidence.len > 0)
        pfl_buf_text(&detection->evidence, ", ");
    pfl_buf_text(&detection->evidence, file);
    if (detail)
        pfl_buf_format(&detection->evidence, " (%s)", detail);
}

/* A row of the table: the file, what it makes of the project, where its name stands, and what it
 * may depend on. */
struct clue {
    const char *file;
    unsigned kind;
    size_t (*name)(const char *text, const char **start);
    unsigned extra_kind;
    bool (*extra)(const char *text);
    const char *extra_name;
};

static const struct clue clues[] = {
    {"CMakeLists.txt", PFL_INIT_CMAKE, pfl_init_cmake_name, PFL_INIT_GOOGLE_BENCHMARK,
     pfl_init_cmake_uses_google_benchmark, "google benchmark"},
    {"meson.build", PFL_INIT_MESON, pfl_init_meson_name, PFL_INIT_GOOGLE_BENCHMARK,
     pfl_init_meson_uses_google_benchmark, "google benchmark"},
    {"Cargo.toml", PFL_INIT_CARGO, pfl_init_cargo_name, PFL_INIT_CRITERION,
     pfl_init_cargo_uses_criterion, "criterion"},
    {"go.mod", PFL_INIT_GO, pfl_init_go_name, 0, NULL, NULL},
    {"pyproject.toml", PFL_INIT_PYTHON, pfl_init_pyproject_name, PFL_INIT_PYTEST_BENCHMARK,
     pfl_init_python_uses_pytest_benchmark, "pytest-benchmark"},
    {"setup.py", PFL_INIT_PYTHON, pfl_init_setup_name, PFL_INIT_PYTEST_BENCHMARK,
     pfl_init_python_uses_pytest_benchmark, "pytest-benchmark"},
    {"asv.conf.json", PFL_INIT_ASV | PFL_INIT_PYTHON, pfl_init_asv_name, 0, NULL, NULL},
    {"package.json", PFL_INIT_NODE, pfl_init_node_name, 0, NULL, NULL},
    {"pom.xml", PFL_INIT_MAVEN, pfl_init_maven_name, 0, NULL, NULL},
    {"GNUmakefile", PFL_INIT_MAKE, NULL, 0, NULL, NULL},
    {"makefile", PFL_INIT_MAKE, NULL, 0, NULL, NULL},
    {"Makefile", PFL_INIT_MAKE, NULL, 0, NULL, NULL},
};

/* Files that only say that a known kind uses a benchmark library. */
static const struct clue extras[] = {
    {"bench/CMakeLists.txt", PFL_INIT_CMAKE, NULL, PFL_INIT_GOOGLE_BENCHMARK,
     pfl_init_cmake_uses_google_benchmark, "google benchmark"},
    {"benchmark/CMakeLists.txt", PFL_INIT_CMAKE, NULL, PFL_INIT_GOOGLE_BENCHMARK,
     pfl_init_cmake_uses_google_benchmark, "google benchmark"},
    {"benchmarks/CMakeLists.txt", PFL_INIT_CMAKE, NULL, PFL_INIT_GOOGLE_BENCHMARK,
     pfl_init_cmake_uses_google_benchmark, "google benchmark"},
    {"setup.cfg", PFL_INIT_PYTHON, NULL, PFL_INIT_PYTEST_BENCHMARK,
     pfl_init_python_uses_pytest_benchmark, "pytest-benchmark"},
    {"tox.ini", PFL_INIT_PYTHON, NULL, PFL_INIT_PYTEST_BENCHMARK,
     pfl_init_python_uses_pytest_benchmark, "pytest-benchmark"},
    {"requirements.txt", PFL_INIT_PYTHON, NULL, PFL_INIT_PYTEST_BENCHMARK,
     pfl_init_python_uses_pytest_benchmark, "pytest-benchmark"},
    {"requirements-dev.txt", PFL_INIT_PYTHON, NULL, PFL_INIT_PYTEST_BENCHMARK,
     pfl_init_python_uses_pytest_benchmark, "pytest-benchmark"},
};

static int look_for(struct detection *detection, const struct clue *clue)
{
    const char *text, *start = NULL;
    bool extra;
    size_t len;
    int code = read_text(detection, clue->file, &text);

    if (code != PFL_OK || !text)
        return code;
    extra = clue->extra && clue->extra(text);
    detection->found->kinds |= clue->kind | (extra ? clue->extra_kind : 0);
    add_evidence(detection, clue->file, extra ? clue->extra_name : NULL);
    len = clue->name ? clue->name(text, &start) : 0;
    return keep_name(detection, start, len);
}

static int look_for_extra(struct detection *detection, const struct clue *clue)
{
    const char *text = NULL;
    int code = PFL_OK;

    if ((detection->found->kinds & clue->kind) && !(detection->found->kinds & clue->extra_kind))
        code = read_text(detection, clue->file, &text);
    if (code == PFL_OK && text && clue->extra(text)) {
        detection->found->kinds |= clue->extra_kind;
        add_evidence(detection, clue->file, clue->extra_name);
    }
    return code;
}

static int name_by_folder(struct detection *detection)
{
    const char *path = pfl_file_absolute(NULL, detection->root, detection->arena), *slash;

    if (!path)
        return pfl_err_no_memory(detection->err);
    slash = strrchr(path, '/');
    path = slash ? slash + 1 : path;
    return *path ? keep_name(detection, path, strlen(path)) : keep_name(detection, "project", 7);
}

int pfl_init_detect(const char *root, struct pfl_arena *arena, struct pfl_init_found *found,
                    struct pfl_err *err)
{
    struct pfl_init_found read = {0};
    struct detection detection = {.root = root, .arena = arena, .found = &read, .err = err};
    int code = PFL_OK;
    size_t i;

    pfl_buf_init(&detection.evidence, 4096);
    for (i = 0; code == PFL_OK && i < PFL_COUNT(clues); i++)
        code = look_for(&detection, &clues[i]);
    for (i = 0; code == PFL_OK && i < PFL_COUNT(extras); i++)
        code = look_for_extra(&detection, &extras[i]);
    if (code == PFL_OK)
        code = name_by_folder(&detection);
    if (code == PFL_OK)
        code = pfl_init_find_programs(root, arena, &read, err);
    if (code == PFL_OK)
        code = pfl_buf_check(&detection.evidence, err, "looking at the project");
    if (code == PFL_OK) {
        read.evidence = pfl_arena_text(arena, pfl_buf_cstr(&detection.evidence));
        code = read.evidence ? PFL_OK : pfl_err_no_memory(err);
    }
    pfl_buf_release(&detection.evidence);
    if (code == PFL_OK)
        *found = read;
    return code;
}
