/*
 * Benchmarks and their series found by hash, so that a file of a million rows in any order is read
 * in one pass; given to the build in the order of their first row, whatever the hash. A series is
 * found by benchmark, metric and variant as one key, divided by a byte that no UTF-8 text holds.
 */
#include "formats/rows.h"

#include "base/units.h"
#include "formats/fields.h"

#include <math.h>
#include <string.h>

void pfl_rows_init(struct pfl_rows *rows, struct pfl_build *build)
{
    *rows = (struct pfl_rows){.build = build};
    pfl_map_init(&rows->names);
    pfl_map_init(&rows->keys);
    pfl_map_init(&rows->copies);
    pfl_map_init(&rows->asked);
    pfl_arena_init(&rows->arena);
}

void pfl_rows_clear(struct pfl_rows *rows)
{
    size_t i;

    for (i = 0; i < rows->series.n; i++) {
        pfl_vec_release(&rows->series.at[i].values);
        pfl_vec_release(&rows->series.at[i].launch_of);
    }
    for (i = 0; i < rows->benchmarks.n; i++)
        pfl_vec_release(&rows->benchmarks.at[i].params);
    rows->series.n = rows->benchmarks.n = 0;
    pfl_map_release(&rows->names);
    pfl_map_release(&rows->keys);
    pfl_map_release(&rows->copies);
    pfl_map_init(&rows->names);
    pfl_map_init(&rows->keys);
    pfl_map_init(&rows->copies);
}

void pfl_rows_release(struct pfl_rows *rows)
{
    pfl_rows_clear(rows);
    pfl_vec_release(&rows->series);
    pfl_vec_release(&rows->benchmarks);
    pfl_map_release(&rows->names);
    pfl_map_release(&rows->keys);
    pfl_map_release(&rows->copies);
    pfl_map_release(&rows->asked);
    pfl_arena_release(&rows->arena);
}

struct pfl_row_benchmark *pfl_rows_benchmark(struct pfl_rows *rows, const char *name)
{
    const size_t *place = pfl_map_get(&rows->names, name);
    struct pfl_row_benchmark bench = {.suite = "", .reason = ""};

    if (rows->build->no_memory) /* what the maps say may not be there */
        return NULL;
    if (place)
        return &rows->benchmarks.at[*place];
    bench.name = pfl_build_keep(rows->build, name);
    if (!pfl_map_set(&rows->names, bench.name, rows->benchmarks.n) ||
        !pfl_vec_push(&rows->benchmarks, &bench)) {
        rows->build->no_memory = true;
        return NULL;
    }
    return &rows->benchmarks.at[rows->benchmarks.n - 1];
}

const char *pfl_rows_unused(struct pfl_rows *rows, const char *name, int line)
{
    const size_t *next = pfl_map_get(&rows->copies, name);
    const char *tried = name;
    size_t k = next ? *next : 2;

    for (; pfl_map_get(&rows->names, tried); k++) {
        tried = pfl_arena_format(&rows->build->arena, "%s#%zu", name, k);
        if (!tried) {
            rows->build->no_memory = true;
            return "";
        }
    }
    if (tried == name)
        return name;
    if (!pfl_map_set(&rows->copies, pfl_build_keep(rows->build, name), k))
        rows->build->no_memory = true;
    pfl_build_warn_at(rows->build, line, line ? 1 : 0, "%s comes %s: this one is kept as %s", name,
                      k == 3 ? "twice" : "several times", tried);
    return tried;
}

void pfl_rows_param(struct pfl_rows *rows, struct pfl_row_benchmark *bench, const char *name,
                    const char *value)
{
    struct pfl_pair pair = {pfl_build_keep(rows->build, name), pfl_build_keep(rows->build, value)};

    if (!pfl_vec_push(&bench->params, &pair))
        rows->build->no_memory = true;
}

static struct pfl_row_series *make_series(struct pfl_rows *rows, struct pfl_row_benchmark *bench,
                                          const struct pfl_row_series *from, const char *key)
{
    struct pfl_row_series series = *from;

    series.metric = pfl_build_keep(rows->build, from->metric);
    series.variant = pfl_build_keep(rows->build, from->variant);
    series.unit = pfl_build_keep(rows->build, from->unit);
    series.summary = pfl_summary_none();
    if (!pfl_map_set(&rows->keys, key, rows->series.n) || !pfl_vec_push(&rows->series, &series)) {
        rows->build->no_memory = true;
        return NULL;
    }
    if (bench->last)
        rows->series.at[bench->last - 1].next = rows->series.n;
    else
        bench->first = rows->series.n;
    bench->last = rows->series.n;
    return &rows->series.at[rows->series.n - 1];
}

struct pfl_row_series *pfl_rows_series(struct pfl_rows *rows, struct pfl_row_benchmark *bench,
                                       const char *metric, const char *variant, const char *unit)
{
    struct pfl_row_series from = {.metric = metric, .variant = variant, .unit = unit};
    const char *key;
    size_t *place, i, probes = 0;

    if (!bench || rows->build->no_memory)
        return NULL;
    for (i = bench->first; i && probes < 16; i = rows->series.at[i - 1].next, probes++)
        if (strcmp(rows->series.at[i - 1].metric, metric) == 0 &&
            strcmp(rows->series.at[i - 1].variant, variant) == 0)
            break;
    if (i && probes < 16)
        return strcmp(rows->series.at[i - 1].unit, unit) == 0 ? &rows->series.at[i - 1] : NULL;
    key = pfl_arena_format(&rows->build->arena, "%s\xff%s\xff%s", bench->name, metric, variant);
    if (!key) {
        rows->build->no_memory = true;
        return NULL;
    }
    place = pfl_map_get(&rows->keys, key);
    if (!place)
        return make_series(rows, bench, &from, key);
    return strcmp(rows->series.at[*place].unit, unit) == 0 ? &rows->series.at[*place] : NULL;
}

void pfl_rows_value(struct pfl_rows *rows, struct pfl_row_series *series, double stored)
{
    if (!pfl_vec_push(&series->values, &stored))
        rows->build->no_memory = true;
}

static bool is_decided(const char *metric, const char *unit)
{
    enum pfl_units_kind kind = pfl_units_kind_of(unit);

    return pfl_metric_find(metric) || kind == PFL_UNITS_TIME || kind == PFL_UNITS_BYTES ||
           kind == PFL_UNITS_RATE;
}

void pfl_rows_ask_better(struct pfl_rows *rows, const char *metric, const char *unit)
{
    const char *key;

    if (is_decided(metric, unit))
        return;
    if (rows->build->input->better) {
        pfl_build_better(rows->build, *rows->build->input->better);
        return;
    }
    key = pfl_arena_format(&rows->arena, "%s\xff%s", metric, unit);
    if (key && pfl_map_get(&rows->asked, key))
        return;
    if (!key || !pfl_map_set(&rows->asked, key, 1))
        rows->build->no_memory = true;
    pfl_build_warn_at(rows->build, 0, 0,
                      "which way of %s%s%s%s is better is not in the file: say it with --better "
                      "lower|higher; until then its changes are neither good nor bad",
                      metric, strcmp(metric, unit) == 0 ? "" : " (",
                      strcmp(metric, unit) == 0 ? "" : unit, strcmp(metric, unit) == 0 ? "" : ")");
}

static void give_series(struct pfl_rows *rows, const struct pfl_row_series *series)
{
    size_t i;

    if (series->values.n == 0 && series->summary.n == 0)
        return;
    pfl_build_result(rows->build, series->metric, series->variant, series->unit);
    if (series->has_better)
        pfl_build_better(rows->build, series->better);
    else
        pfl_rows_ask_better(rows, series->metric, series->unit);
    if (series->summary.n && series->values.n <= 1) {
        pfl_build_summary(rows->build, &series->summary);
        return;
    }
    for (i = 0; i < series->values.n; i++) {
        if (series->launch_of.n == series->values.n)
            pfl_build_launch(rows->build, series->launch_of.at[i]);
        pfl_build_value(rows->build, series->values.at[i]);
    }
}

void pfl_rows_give(struct pfl_rows *rows)
{
    const struct pfl_row_benchmark *bench;
    size_t i, k;

    for (i = 0; i < rows->benchmarks.n; i++) {
        bench = &rows->benchmarks.at[i];
        pfl_build_benchmark(rows->build, bench->name);
        pfl_build_group(rows->build, bench->suite);
        for (k = 0; k < bench->params.n; k++)
            pfl_build_param(rows->build, bench->params.at[k].name, bench->params.at[k].value);
        if (bench->status != PFL_STATUS_OK)
            pfl_build_status(rows->build, bench->status, bench->reason);
        for (k = bench->first; k; k = rows->series.at[k - 1].next)
            give_series(rows, &rows->series.at[k - 1]);
    }
}

const char *pfl_rows_metric_of(const char *stored_unit, const char *otherwise)
{
    if (strcmp(stored_unit, "s") == 0)
        return "time";
    return pfl_units_kind_of(stored_unit) == PFL_UNITS_RATE ? "throughput" : otherwise;
}

bool pfl_rows_unscale(double stored, double factor, double *value)
{
    double nearest = stored / factor;

    *value = nearest;
    if (*value * factor != stored)
        *value = nextafter(nearest, INFINITY);
    if (*value * factor != stored)
        *value = nextafter(nearest, -INFINITY);
    if (*value * factor == stored)
        return true;
    *value = nearest;
    return false;
}
