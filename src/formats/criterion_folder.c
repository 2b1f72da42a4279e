/*
 * criterion.rs's folder (target/criterion): GROUP/[FUNCTION/][VALUE/]new/{benchmark,sample,
 * estimates}.json, read as one run.
 *
 * `new` is the last measurement and the result. `base` and folders of other names beside it are
 * earlier ones, `change` is a comparison, `report` is for people: all left out, unless such a
 * folder of a baseline is what was named. A folder of groups, a group, a benchmark, and `new` or a
 * baseline itself can be named. It is told by where new/estimates.json (or sample.json) lies; a
 * folder that holds other things too is none of criterion's, and the criterion folders below it are
 * found one by one.
 *
 * Names are full_id; without benchmark.json (old versions) the path within the folder is the name.
 * A damaged file costs its benchmark, not the rest.
 */
#include "formats/criterion.h"
#include "formats/fields.h"
#include "sys/file.h"

#include <math.h>
#include <string.h>

enum { DEPTH_MAX = 8, DEPTH_OF_A_BENCHMARK = 3 };

struct folder {
    struct pfl_build build;
    struct pfl_format_input input; /* path: the file at hand, for warnings */
    const struct pfl_format_input *given;
    size_t by_estimates;
    struct pfl_arena arena; /* of the walk */
};

/* true: memory ran out. What else goes wrong with one file is a warning: the next is read. */
static bool failed(struct folder *folder, int rc, const struct pfl_err *why)
{
    if (rc >= 0 || rc == PFL_ENOMEM)
        return rc == PFL_ENOMEM;
    pfl_build_warn_at(&folder->build, why->line, why->column, "%s", why->message);
    return false;
}

/* The file in path/name, if it is there, whole. *read_it: it was, and is JSON. */
static int read_file(struct folder *folder, const char *path, const char *name,
                     pfl_field_fn *content, struct pfl_criterion_benchmark *bench, bool *read_it)
{
    const char *at = pfl_file_join(path, name, &folder->arena);
    struct pfl_json_reader json;
    struct pfl_fields f = {&json, &folder->build, NULL};
    struct pfl_file file;
    struct pfl_err why;
    int rc;

    *read_it = false;
    if (!at)
        return PFL_ENOMEM;
    if (!pfl_file_exists(at))
        return PFL_OK;
    folder->input.path = at;
    rc = pfl_file_open_regular(at, &file, &why);
    if (rc == PFL_OK) {
        pfl_json_reader_init(&json, at, pfl_file_read_some, &file);
        rc = content(&f, bench, &why);
        if (rc >= 0)
            rc = pfl_json_expect(&json, PFL_JSON_END, &why);
        pfl_json_reader_release(&json);
        pfl_file_close(&file);
    }
    *read_it = rc >= 0;
    return failed(folder, rc, &why) ? PFL_ENOMEM : PFL_OK;
}

/* ---- giving ---- */

static const char *name_of(struct folder *folder, const struct pfl_criterion_benchmark *bench,
                           const char *otherwise)
{
    const char *name = bench->group;

    if (*bench->full)
        return bench->full;
    if (!*name)
        return otherwise;
    if (*bench->function)
        name = pfl_arena_format(&folder->arena, "%s/%s", name, bench->function);
    if (name && *bench->value)
        name = pfl_arena_format(&folder->arena, "%s/%s", name, bench->value);
    return name;
}

static void give(struct folder *folder, struct pfl_criterion_benchmark *bench, const char *name)
{
    struct pfl_build *b = &folder->build;
    const char *unit = folder->given->unit ? folder->given->unit : "ns";
    struct pfl_criterion_samples samples = {&bench->iters, &bench->times, unit, &bench->work};
    bool has_estimates = isfinite(bench->estimates.mean.point) ||
                         isfinite(bench->estimates.median.point) ||
                         isfinite(bench->estimates.typical.point);

    if (bench->iters.n != bench->times.n) {
        pfl_build_warn_at(b, 0, 0,
                          "%s has %zu iteration counts and %zu times: its samples are left out",
                          name, bench->iters.n, bench->times.n);
        bench->times.n = 0;
    }
    if (bench->times.n == 0 && !has_estimates) {
        pfl_build_warn_at(b, 0, 0, "%s has neither samples nor estimates: left out", name);
        return;
    }
    pfl_build_benchmark(b, name);
    pfl_build_group(b, bench->group);
    if (*bench->value)
        pfl_build_param(b, "parameter", bench->value);
    if (bench->times.n) {
        pfl_criterion_give_samples(b, &samples);
        return;
    }
    folder->by_estimates++;
    pfl_criterion_give_estimates(b, &bench->estimates, unit);
}

/* path is `new`, or a baseline that was named. */
static int take(struct folder *folder, const char *path, const char *otherwise)
{
    struct pfl_criterion_benchmark bench = {.group = "",
                                            .function = "",
                                            .value = "",
                                            .full = "",
                                            .work = pfl_criterion_no_work(),
                                            .estimates = pfl_criterion_no_estimates()};
    const char *name;
    bool there;
    int rc =
        read_file(folder, path, "benchmark.json", pfl_criterion_read_benchmark, &bench, &there);

    if (rc == PFL_OK)
        rc =
            read_file(folder, path, "estimates.json", pfl_criterion_read_estimates, &bench, &there);
    if (rc == PFL_OK) {
        rc = read_file(folder, path, "sample.json", pfl_criterion_read_sample, &bench, &there);
        if (!there) /* cut off: what came is not what was measured */
            bench.times.n = bench.iters.n = 0;
    }
    folder->input.path = path;
    name = rc == PFL_OK ? name_of(folder, &bench, otherwise) : NULL;
    if (name)
        give(folder, &bench, name);
    pfl_vec_release(&bench.iters);
    pfl_vec_release(&bench.times);
    return name ? PFL_OK : PFL_ENOMEM;
}

/* ---- walking ---- */

static bool holds_results(const char *path, struct pfl_arena *arena)
{
    const char *estimates = pfl_file_join(path, "estimates.json", arena);
    const char *sample = pfl_file_join(path, "sample.json", arena);

    return estimates && sample && (pfl_file_exists(estimates) || pfl_file_exists(sample));
}

static int walk(struct folder *folder, const char *path, const char *name, int depth)
{
    const char **names, *below, *within;
    struct pfl_err why;
    size_t n, i;
    int rc;

    below = pfl_file_join(path, "new", &folder->arena);
    if (!below)
        return PFL_ENOMEM;
    rc = holds_results(below, &folder->arena) ? take(folder, below, name) : PFL_OK;
    if (rc != PFL_OK)
        return rc;
    folder->input.path = path;
    rc = pfl_file_list(path, &folder->arena, &names, &n, &why);
    if (rc != PFL_OK)
        return failed(folder, rc, &why) ? PFL_ENOMEM : PFL_OK;
    for (i = 0; i < n && rc == PFL_OK && depth < DEPTH_MAX; i++) {
        below = pfl_file_join(path, names[i], &folder->arena);
        within = depth ? pfl_file_join(name, names[i], &folder->arena) : names[i];
        if (!below || !within)
            return PFL_ENOMEM;
        if (names[i][0] != '.' && pfl_file_is_folder(below) && !pfl_file_is_link(below) &&
            !holds_results(below, &folder->arena)) /* a baseline */
            rc = walk(folder, below, within, depth + 1);
    }
    return rc;
}

/* The last part of the path, or of what is above for `new` itself. */
static const char *own_name(const char *path, bool above, struct pfl_arena *arena)
{
    const char *whole = pfl_file_absolute(NULL, path, arena), *slash;

    if (whole && above)
        whole = pfl_file_folder_of(whole, arena);
    slash = whole ? strrchr(whole, '/') : NULL;
    return slash && slash[1] ? slash + 1 : whole;
}

static int read_all(struct folder *folder)
{
    const char *path = folder->given->path;
    bool itself = holds_results(path, &folder->arena);
    const char *name = own_name(path, itself, &folder->arena);

    if (!name)
        return PFL_ENOMEM;
    return itself ? take(folder, path, name) : walk(folder, path, name, 0);
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    struct folder folder = {.input = *input, .given = input};
    int rc;

    if (!input->folder)
        return pfl_err_set(err, PFL_EINVAL,
                           "%s: criterion's results are a folder: name target/criterion, or one in "
                           "it",
                           input->path);
    pfl_arena_init(&folder.arena);
    pfl_build_init(&folder.build, &folder.input, sink);
    pfl_build_begin(&folder.build);
    folder.build.run->tool = pfl_build_keep(&folder.build, "criterion.rs");
    rc = read_all(&folder);
    folder.input.path = input->path;
    if (rc == PFL_OK && folder.by_estimates)
        pfl_build_warn(&folder.build, NULL,
                       "%zu benchmarks have no samples: criterion's own estimates and intervals "
                       "stand for them",
                       folder.by_estimates);
    rc = rc == PFL_OK ? pfl_build_end(&folder.build, err) : pfl_err_no_memory(err);
    pfl_build_release(&folder.build);
    pfl_arena_release(&folder.arena);
    return rc;
}

/* ---- recognising ---- */

/* What criterion and cargo-criterion put beside benchmarks. */
static bool is_beside(const char *name)
{
    static const char *const beside[] = {"report",  "change",  "new", "base",
                                         "profile", "reports", "data"};
    size_t i;

    for (i = 0; i < PFL_COUNT(beside); i++)
        if (strcmp(name, beside[i]) == 0)
            return true;
    return name[0] == '.';
}

/* 1: benchmarks below, and nothing else; 0: nothing; -1: other things. */
static int looks(const char *path, int depth, struct pfl_arena *arena)
{
    const char **names, *below = pfl_file_join(path, "new", arena);
    bool any = false, marked = false;
    struct pfl_err unused;
    size_t n, i;
    int found;

    if (below && holds_results(below, arena))
        return 1;
    if (depth == 0 || pfl_file_list(path, arena, &names, &n, &unused) != PFL_OK)
        return 0;
    for (i = 0; i < n; i++)
        marked = marked || strcmp(names[i], "report") == 0;
    for (i = 0; i < n; i++) {
        below = pfl_file_join(path, names[i], arena);
        if (is_beside(names[i]) || (below && holds_results(below, arena)))
            continue;
        if (!below || !pfl_file_is_folder(below))
            return -1;
        found = looks(below, depth - 1, arena);
        if (found < 0 || (found == 0 && !marked))
            return -1;
        any = any || found;
    }
    return any;
}

static int recognise(const struct pfl_format_probe *probe)
{
    struct pfl_arena arena;
    bool is;

    if (!probe->folder)
        return 0;
    pfl_arena_init(&arena);
    is = holds_results(probe->path, &arena) || looks(probe->path, DEPTH_OF_A_BENCHMARK, &arena) > 0;
    pfl_arena_release(&arena);
    return is ? 2 : 0;
}

const struct pfl_format pfl_format_criterion = {
    .name = "criterion",
    .title = "criterion.rs folder",
    .sought = "folder with new/estimates.json or new/sample.json",
    .recognise = recognise,
    .read = read,
};
