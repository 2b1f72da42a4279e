/*
 * What an archive's benchmarks measure: benchmarks.json gives type, unit and the parameters' names,
 * of the benchmarks that there were when asv last looked. Results of older ones ("orphans") stay in
 * the archive without an entry, and a single result file has no benchmarks.json at all; then asv's
 * own naming says what its documentation says of it: time_ and timeraw_ are seconds, mem_ and
 * peakmem_ are bytes. What a track_ function returns has the unit of its entry; without one nobody
 * knows it, and --unit may say.
 *
 * asv has no directions: it takes everything for better when lower, throughputs too. Times and
 * bytes are lower, rates higher, as anywhere here; of the rest nothing is assumed (--better).
 *
 * Metrics: a duration is `time`, peakmemory `peak_rss`, the size of an object `memory`, operations
 * per second `throughput`, everything else `value`.
 */
#include "formats/asv.h"

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "sys/file.h"

#include <stdlib.h>
#include <string.h>

static const char *const no_unit = "unit"; /* asv's own word for a track_ function without one */

/* ---- benchmarks.json ---- */

static int read_param_name(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct pfl_asv_texts *names = record;
    const char *name;

    if (f->json->token != PFL_JSON_STRING)
        return pfl_fields_leave_out(f, "a parameter's name", err);
    name = pfl_build_keep(f->build, f->json->text);
    return pfl_vec_push(names, &name) ? PFL_OK : pfl_err_no_memory(err);
}

static int read_param_names(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct pfl_asv_listed *listed = record;
    struct pfl_asv_texts names = {0};
    int rc = pfl_fields_each(f, read_param_name, &names, err);

    listed->param_names =
        pfl_arena_grow(&f->build->arena, names.at, names.n, names.n, sizeof *names.at);
    listed->param_count = names.n;
    pfl_vec_release(&names);
    return rc < 0 || listed->param_names ? rc : pfl_err_no_memory(err);
}

static int read_benchmark(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("type", struct pfl_asv_listed, type),
        PFL_FIELD_TEXT("unit", struct pfl_asv_listed, unit),
        PFL_FIELD_CALL("param_names", read_param_names),
        {0},
    };
    struct pfl_asv *asv = record;
    struct pfl_asv_listed listed = {.type = "", .unit = ""};
    const char *name = pfl_build_keep(f->build, f->json->text);
    int rc = pfl_json_next(f->json, err);

    if (rc < 0)
        return rc;
    if (f->json->token != PFL_JSON_OBJECT) /* "version": 2 */
        return pfl_json_skip(f->json, err);
    rc = pfl_fields_read_at(f, fields, &listed, err);
    if (rc < 0)
        return rc;
    return pfl_vec_push(&asv->listed, &listed) &&
                   pfl_map_set(&asv->listed_at, name, asv->listed.n - 1)
               ? PFL_OK
               : pfl_err_no_memory(err);
}

/* Warnings of the fields name benchmarks.json: the build has an input of its own. */
static int read_list(struct pfl_asv *asv, struct pfl_file *file, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {PFL_FIELD_ANY(read_benchmark), {0}};
    const struct pfl_format_input input = {.path = file->path};
    struct pfl_json_reader json;
    struct pfl_build build;
    struct pfl_fields f = {&json, &build, NULL};
    int rc;

    pfl_build_init(&build, &input, asv->sink);
    pfl_json_reader_init(&json, file->path, pfl_file_read_some, file);
    rc = pfl_json_next(&json, err);
    if (rc >= 0 && json.token != PFL_JSON_OBJECT)
        rc = pfl_json_fail(&json, err, "expected an object with a benchmark per key, found %s",
                           pfl_json_token_name(json.token));
    if (rc >= 0)
        rc = pfl_fields_read_at(&f, fields, asv, err);
    pfl_arena_join(&asv->arena, &build.arena); /* what was read lives on */
    pfl_json_reader_release(&json);
    pfl_build_release(&build);
    return rc < 0 ? rc : PFL_OK;
}

int pfl_asv_read_list(struct pfl_asv *asv, const char *path, struct pfl_err *err)
{
    struct pfl_file file;
    struct pfl_err why;
    int rc = pfl_file_open_regular(path, &file, &why);

    if (rc == PFL_OK) {
        rc = read_list(asv, &file, &why);
        pfl_file_close(&file);
        asv->has_list = rc == PFL_OK || asv->listed.n;
    }
    if (rc == PFL_ENOMEM) {
        *err = why;
        return rc;
    }
    if (rc == PFL_OK || rc == PFL_ENOENT)
        return PFL_OK;
    return pfl_asv_warn(asv, path, why.line, why.column,
                        "%s; what comes behind in it is not known: units by asv's naming alone",
                        why.message) == PFL_OK
               ? PFL_OK
               : pfl_err_no_memory(err);
}

/* ---- kinds ---- */

/* "a.B.time_x" → "time_x" */
static const char *function_of(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot ? dot + 1 : name;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void by_naming(const char *name, const char **type, const char **unit)
{
    const char *function = function_of(name);

    if (begins(function, "time_") || begins(function, "timeraw_"))
        *type = "time", *unit = "seconds";
    else if (begins(function, "peakmem_"))
        *type = "peakmemory", *unit = "bytes";
    else if (begins(function, "mem_"))
        *type = "memory", *unit = "bytes";
    else
        *type = "track", *unit = no_unit;
}

static const char *metric_of(const char *type, const char *stored)
{
    if (strcmp(stored, "s") == 0)
        return "time";
    if (strcmp(stored, "1/s") == 0)
        return "throughput";
    if (strcmp(stored, "B") == 0 && strcmp(type, "peakmemory") == 0)
        return "peak_rss";
    return strcmp(stored, "B") == 0 && strcmp(type, "memory") == 0 ? "memory" : "value";
}

static enum pfl_better better_of(const struct pfl_asv *asv, const char *metric, const char *unit)
{
    const struct pfl_metric *known = pfl_metric_find(metric);

    if (known)
        return known->better;
    switch (pfl_units_kind_of(unit)) {
    case PFL_UNITS_TIME:
    case PFL_UNITS_BYTES: return PFL_BETTER_LOWER;
    case PFL_UNITS_RATE: return PFL_BETTER_HIGHER;
    default: return asv->input->better ? *asv->input->better : PFL_BETTER_NEITHER;
    }
}

/* Counts what a warning will tell, once per benchmark of the archive. */
static bool tell(struct pfl_asv *asv, const struct pfl_asv_bench *bench, bool unit_known)
{
    struct pfl_asv_counts *counts = &asv->counts;
    const char *name;

    if (pfl_map_get(&asv->told, bench->name))
        return true;
    name = pfl_arena_text(&asv->arena, bench->name);
    if (!name || !pfl_map_set(&asv->told, name, 0))
        return false;
    if (asv->has_list && !bench->listed && counts->orphans++ == 0)
        counts->orphan_name = name;
    if (!unit_known && counts->no_unit++ == 0)
        counts->no_unit_name = name;
    if (bench->kind.better == PFL_BETTER_NEITHER && !asv->input->better &&
        counts->no_direction++ == 0)
        counts->no_direction_name = name;
    return true;
}

static bool find_kind(struct pfl_asv *asv, struct pfl_asv_bench *bench)
{
    const size_t *place = pfl_map_get(&asv->listed_at, bench->name);
    const struct pfl_asv_listed *listed = place ? &asv->listed.at[*place] : NULL;
    const char *type, *unit, *stored;
    bool known = true;

    by_naming(bench->name, &type, &unit);
    if (listed) {
        bench->listed = true;
        bench->param_names = listed->param_names;
        bench->param_count = listed->param_count;
        type = *listed->type ? listed->type : type;
        unit = *listed->unit ? listed->unit : unit;
    }
    if (strcmp(unit, no_unit) == 0) {
        known = asv->input->unit != NULL;
        unit = known ? asv->input->unit : "1";
    }
    if (!pfl_build_unit(unit, &stored, &bench->kind.factor))
        stored = "1";
    bench->kind.unit = stored;
    bench->kind.metric = metric_of(type, stored);
    bench->kind.better = better_of(asv, bench->kind.metric, stored);
    return tell(asv, bench, known);
}

struct pfl_asv_bench *pfl_asv_bench(struct pfl_asv *asv, const char *name)
{
    const size_t *place = pfl_map_get(&asv->seen, name);
    struct pfl_asv_bench *bench;

    if (place)
        return asv->benches.at[*place];
    bench = pfl_arena_alloc(&asv->seen_arena, sizeof *bench);
    if (!bench)
        return NULL;
    bench->name = pfl_arena_text(&asv->seen_arena, name);
    if (!bench->name || !find_kind(asv, bench) || !pfl_vec_push(&asv->benches, &bench) ||
        !pfl_map_set(&asv->seen, bench->name, asv->benches.n - 1))
        return NULL;
    return bench;
}

static int by_name(const void *a, const void *b)
{
    return pfl_text_compare_natural((*(struct pfl_asv_bench *const *)a)->name,
                                    (*(struct pfl_asv_bench *const *)b)->name);
}

bool pfl_asv_rank(struct pfl_asv *asv)
{
    struct pfl_asv_bench **sorted;
    size_t n = asv->benches.n, i;

    if (asv->ranked == n)
        return true;
    sorted = pfl_alloc(n * sizeof(struct pfl_asv_bench *));
    if (!sorted)
        return false;
    memcpy(sorted, asv->benches.at, n * sizeof(struct pfl_asv_bench *));
    qsort(sorted, n, sizeof(struct pfl_asv_bench *), by_name);
    for (i = 0; i < n; i++)
        sorted[i]->rank = i;
    pfl_free(sorted);
    asv->ranked = n;
    return true;
}

void pfl_asv_forget(struct pfl_asv *asv)
{
    enum { LARGE = 64 << 20 };

    if (asv->seen_arena.used < LARGE)
        return;
    pfl_map_release(&asv->seen);
    pfl_map_init(&asv->seen);
    pfl_arena_release(&asv->seen_arena);
    pfl_arena_init(&asv->seen_arena);
    asv->benches.n = asv->ranked = 0;
}
