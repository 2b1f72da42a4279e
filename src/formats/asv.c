/*
 * asv's archives, all three generations of result files (asv.h says which file does what). What is
 * named may be
 *
 *   a project's folder with asv.conf.json     its results_dir is read
 *   a folder of results                       benchmarks.json and a folder per machine
 *   one machine's folder                      benchmarks.json is looked for above it
 *   one result file                           benchmarks.json is looked for two folders above it,
 *                                             machine.json beside it
 *
 * so that the same file gives the same run whichever way it is read; only which of several
 * environments is the machine's main line is not known from one file.
 */
#include "formats/asv.h"

#include "base/text.h"
#include "sys/file.h"

#include <stdio.h>
#include <string.h>

static const char list_name[] = "benchmarks.json", machine_name[] = "machine.json",
                  config_name[] = "asv.conf.json";

static void init(struct pfl_asv *asv, const struct pfl_format_input *input,
                 const struct pfl_format_sink *sink)
{
    *asv = (struct pfl_asv){.input = input, .sink = sink, .place = *input};
    pfl_build_init(&asv->build, &asv->place, sink);
    pfl_arena_init(&asv->arena);
    pfl_arena_init(&asv->seen_arena);
}

static void release(struct pfl_asv *asv)
{
    pfl_build_release(&asv->build);
    pfl_map_release(&asv->listed_at);
    pfl_vec_release(&asv->listed);
    pfl_map_release(&asv->seen);
    pfl_vec_release(&asv->benches);
    pfl_map_release(&asv->told);
    pfl_arena_release(&asv->seen_arena);
    pfl_arena_release(&asv->arena);
}

/* ---- what there is to tell of the archive as a whole ---- */

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static int tell_units(struct pfl_asv *asv)
{
    const struct pfl_asv_counts *c = &asv->counts;
    const char *path = asv->input->path;
    int rc = PFL_OK;

    if (c->no_unit)
        rc = pfl_asv_warn(asv, path, 0, 0,
                          "%zu benchmark%s, such as %s, %s a number whose unit asv does not have; "
                          "--unit says it, else it counts as a plain number",
                          c->no_unit, plural(c->no_unit), c->no_unit_name,
                          c->no_unit == 1 ? "tracks" : "track");
    if (rc == PFL_OK && c->no_direction)
        rc = pfl_asv_warn(asv, path, 0, 0,
                          "whether more or less is better of %zu benchmark%s, such as %s, asv does "
                          "not say; --better says it, else their changes are neither",
                          c->no_direction, plural(c->no_direction), c->no_direction_name);
    if (rc == PFL_OK && !asv->has_list && c->files)
        rc = pfl_asv_warn(asv, path, 0, 0,
                          "there is no benchmarks.json: units are those of asv's naming (time_ and "
                          "timeraw_ seconds, mem_ and peakmem_ bytes), parameters are param1, "
                          "param2 …");
    if (rc == PFL_OK && c->orphans)
        rc = pfl_asv_warn(asv, path, 0, 0,
                          "%zu benchmark%s, such as %s, %s not (or no more) in benchmarks.json; "
                          "kept, with units by asv's naming",
                          c->orphans, plural(c->orphans), c->orphan_name,
                          c->orphans == 1 ? "is" : "are");
    return rc;
}

static int tell_values(struct pfl_asv *asv)
{
    const struct pfl_asv_counts *c = &asv->counts;
    const char *path = asv->input->path;
    int rc = PFL_OK;

    if (c->without_samples)
        rc = pfl_asv_warn(
            asv, path, 0, 0,
            "%zu result%s without samples (asv run --record-samples keeps them): the "
            "median stands, with asv's 99 %% interval narrowed to 95 %% or one made of "
            "the quartiles, where it has these",
            c->without_samples, plural(c->without_samples));
    if (rc == PFL_OK && c->infinite)
        rc = pfl_asv_warn(asv, path, 0, 0, "%zu infinite value%s left out", c->infinite,
                          c->infinite == 1 ? " is" : "s are");
    if (rc == PFL_OK && c->odd)
        rc = pfl_asv_warn(asv, c->odd_path, c->odd_line, c->odd_column,
                          "expected a number, or a parameter's text: left out, here%s",
                          c->odd == 1 ? "" : " and wherever else there is none");
    if (rc == PFL_OK && c->mismatched)
        rc = pfl_asv_warn(asv, path, 0, 0,
                          "%zu list%s of results (the first: %s) %s not as long as the parameters "
                          "have combinations: what has both is taken",
                          c->mismatched, plural(c->mismatched), c->mismatched_name,
                          c->mismatched == 1 ? "is" : "are");
    if (rc == PFL_OK && c->too_many)
        rc = pfl_asv_warn(asv, path, 0, 0,
                          "%zu time%s a benchmark has more combinations of parameters than can be "
                          "read: left out",
                          c->too_many, plural(c->too_many));
    return rc;
}

static int finish(struct pfl_asv *asv, int rc, struct pfl_err *err)
{
    if (rc == PFL_OK && (tell_units(asv) != PFL_OK || tell_values(asv) != PFL_OK))
        rc = pfl_err_no_memory(err);
    return rc;
}

/* ---- folders ---- */

static bool holds(const char *folder, const char *name, struct pfl_arena *arena)
{
    const char *path = pfl_file_join(folder, name, arena);

    return path && pfl_file_exists(path);
}

static int read_list_of(struct pfl_asv *asv, const char *folder, struct pfl_err *err)
{
    const char *path = pfl_file_join(folder, list_name, &asv->arena);

    return path ? pfl_asv_read_list(asv, path, err) : pfl_err_no_memory(err);
}

static int read_machines(struct pfl_asv *asv, const char *folder, struct pfl_err *err)
{
    const char **names, *path;
    size_t n = 0, i;
    int rc = read_list_of(asv, folder, err);

    if (rc == PFL_OK)
        rc = pfl_file_list(folder, &asv->arena, &names, &n, err);
    for (i = 0; i < n && rc == PFL_OK; i++) {
        path = pfl_file_join(folder, names[i], &asv->arena);
        if (!path)
            rc = pfl_err_no_memory(err);
        else if (names[i][0] != '.' && pfl_file_is_folder(path))
            rc = pfl_asv_read_machine(asv, path, err);
    }
    return rc;
}

/* JSON, but with comments; the one key that matters is looked for by eye. */
static const char *results_dir(const char *folder, struct pfl_arena *arena)
{
    enum { CONFIG_MAX = 1 << 20 };
    const char *path = pfl_file_join(folder, config_name, arena), *at, *end, *name = "results";
    struct pfl_buf buf;

    if (!path)
        return NULL;
    pfl_buf_init(&buf, CONFIG_MAX);
    if (pfl_file_read(path, &buf, NULL) == PFL_OK) {
        at = pfl_buf_cstr(&buf);
        while ((at = strstr(at, "\"results_dir\""))) {
            const char *line = at;

            while (line > buf.data && line[-1] != '\n')
                line--;
            at += strlen("\"results_dir\"");
            if (strncmp(line + strspn(line, " \t"), "//", 2) == 0)
                continue;
            at += strspn(at, " \t\r\n:");
            end = *at == '"' ? strchr(at + 1, '"') : NULL;
            if (end)
                name = pfl_arena_text_n(arena, at + 1, (size_t)(end - at - 1));
            break;
        }
    }
    pfl_buf_release(&buf);
    return name ? pfl_file_join(folder, name, arena) : NULL;
}

/* A folder below it is a machine's. */
static bool has_machines(const char *folder, const char *const *names, size_t n,
                         struct pfl_arena *arena)
{
    const char *path;
    size_t i;

    for (i = 0; i < n; i++) {
        path = names[i][0] == '.' ? NULL : pfl_file_join(folder, names[i], arena);
        if (path && holds(path, machine_name, arena))
            return true;
    }
    return false;
}

static bool lists(const char *const *names, size_t n, const char *name)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

enum folder_kind { NOT_ASV, PROJECT, RESULTS, MACHINE };

static enum folder_kind kind_of(const char *folder, const char *const *names, size_t n,
                                struct pfl_arena *arena)
{
    const char **below, *dir;
    size_t count = 0;

    if (lists(names, n, machine_name))
        return MACHINE;
    if (has_machines(folder, names, n, arena))
        return RESULTS;
    if (!lists(names, n, config_name))
        return NOT_ASV;
    dir = results_dir(folder, arena);
    if (!dir || pfl_file_list(dir, arena, &below, &count, NULL) != PFL_OK)
        return NOT_ASV;
    return has_machines(dir, (const char *const *)below, count, arena) ? PROJECT : NOT_ASV;
}

static int read_folder(struct pfl_asv *asv, struct pfl_err *err)
{
    const char *folder = asv->input->path, **names, *above;
    size_t n;
    int rc = pfl_file_list(folder, &asv->arena, &names, &n, err);

    if (rc < 0)
        return rc;
    switch (kind_of(folder, (const char *const *)names, n, &asv->arena)) {
    case PROJECT:
        folder = results_dir(folder, &asv->arena);
        return folder ? read_machines(asv, folder, err) : pfl_err_no_memory(err);
    case MACHINE:
        above = pfl_file_join(folder, "..", &asv->arena);
        rc = above ? read_list_of(asv, above, err) : pfl_err_no_memory(err);
        return rc == PFL_OK ? pfl_asv_read_machine(asv, folder, err) : rc;
    default: return read_machines(asv, folder, err);
    }
}

/* ---- one file ---- */

static int read_stream(struct pfl_asv *asv, struct pfl_err *err)
{
    const char *folder = NULL, *above;
    int rc = PFL_OK;

    if (strcmp(asv->input->path, "-") != 0) {
        folder = pfl_file_folder_of(asv->input->path, &asv->arena);
        above = folder ? pfl_file_join(folder, "..", &asv->arena) : NULL;
        rc = above ? read_list_of(asv, above, err) : pfl_err_no_memory(err);
    }
    return rc == PFL_OK ? pfl_asv_read_stream(asv, folder, err) : rc;
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    struct pfl_asv asv;
    int rc;

    init(&asv, input, sink);
    rc = input->folder ? read_folder(&asv, err) : read_stream(&asv, err);
    rc = finish(&asv, rc, err);
    release(&asv);
    return rc;
}

static int recognise_folder(const struct pfl_format_probe *probe)
{
    struct pfl_arena arena;
    enum folder_kind kind;

    pfl_arena_init(&arena);
    kind = kind_of(probe->path, probe->names, probe->name_count, &arena);
    pfl_arena_release(&arena);
    return kind == NOT_ASV ? 0 : 2;
}

static int recognise(const struct pfl_format_probe *probe)
{
    if (probe->folder)
        return recognise_folder(probe);
    if (pfl_format_has(probe, "result_columns") && pfl_format_has(probe, "commit_hash"))
        return 2;
    if (pfl_format_has(probe, "commit_hash") && pfl_format_has(probe, "date") &&
        pfl_format_has(probe, "params"))
        return 2;
    return pfl_format_has(probe, "benchmark_version") ? 1 : 0;
}

const struct pfl_format pfl_format_asv = {
    .name = "asv",
    .title = "asv results",
    .sought = "\"commit_hash\" with \"params\" or \"result_columns\"",
    .recognise = recognise,
    .read = read,
};
