/*
 * Columns that grow launch by launch. A metric may turn up late (the third launch reports a new
 * one) or stay away for once; its column is padded with NaN so that values[i] is always launch i's.
 * Several samples of one launch (an in-process loop) become one value, their median: the launch is
 * the unit of replication, iterations are not.
 */
#include "measure/collect.h"

#include "base/buf.h"
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void pfl_collect_init(struct pfl_collect *c, struct pfl_arena *arena, const char *name,
                      struct pfl_pair *params, size_t param_count)
{
    *c = (struct pfl_collect){
        .arena = arena, .name = name, .params = params, .param_count = param_count, .reason = ""};
    pfl_map_init(&c->index);
}

void pfl_collect_release(struct pfl_collect *c)
{
    size_t i;

    if (!c)
        return;
    for (i = 0; i < c->columns.n; i++) {
        pfl_vec_release(&c->columns.at[i].samples);
        pfl_vec_release(&c->columns.at[i].values);
    }
    pfl_vec_release(&c->columns);
    pfl_vec_release(&c->environment);
    pfl_vec_release(&c->warnings);
    pfl_map_release(&c->index);
}

static bool pad(struct pfl_doubles *values, size_t n)
{
    const double nothing = NAN;

    while (values->n < n)
        if (!pfl_vec_push(values, &nothing))
            return false;
    return true;
}

static struct pfl_column *add_column(struct pfl_collect *c, const char *key, const char *metric,
                                     const char *variant)
{
    const struct pfl_metric *known = pfl_metric_find(metric);
    struct pfl_column column = {
        .metric = pfl_arena_text(c->arena, metric),
        .variant = *variant ? pfl_arena_text(c->arena, variant) : "",
        .unit = known ? known->unit : "1",
        .better = known ? known->better : PFL_BETTER_LOWER,
        .current = NAN,
    };
    const char *kept = pfl_arena_text(c->arena, key);

    if (!kept || !column.metric || !column.variant || !pad(&column.values, c->launches) ||
        !pfl_vec_reserve(&c->columns, c->columns.n + 1) ||
        !pfl_map_set(&c->index, kept, c->columns.n)) {
        pfl_vec_release(&column.values);
        return NULL;
    }
    c->columns.at[c->columns.n] = column;
    return &c->columns.at[c->columns.n++];
}

struct pfl_column *pfl_collect_column(struct pfl_collect *c, const char *metric,
                                      const char *variant, const char *unit,
                                      const enum pfl_better *better)
{
    struct pfl_column *column = NULL;
    const size_t *known;
    struct pfl_buf key;

    pfl_buf_init(&key, 1 << 16);
    pfl_buf_format(&key, "%s\x1f%s", metric, variant);
    known = key.error ? NULL : pfl_map_get(&c->index, pfl_buf_cstr(&key));
    if (known) {
        column = &c->columns.at[*known];
    } else if (!key.error && (column = add_column(c, pfl_buf_cstr(&key), metric, variant))) {
        if (unit && !(column->unit = pfl_arena_text(c->arena, unit)))
            column = NULL;
        if (column && better)
            column->better = *better;
    }
    pfl_buf_release(&key);
    return column;
}

bool pfl_collect_put(struct pfl_collect *c, const char *metric, const char *unit, double value)
{
    struct pfl_column *column = pfl_collect_column(c, metric, "", unit, NULL);

    if (column)
        column->current = value;
    return column != NULL;
}

bool pfl_collect_environment(struct pfl_collect *c, const char *name, const char *value)
{
    struct pfl_pair pair;
    size_t i;

    for (i = 0; i < c->environment.n; i++)
        if (strcmp(c->environment.at[i].name, name) == 0) {
            if (strcmp(c->environment.at[i].value, value) == 0)
                return true;
            c->environment.at[i].value = pfl_arena_text(c->arena, value);
            return c->environment.at[i].value != NULL;
        }
    pair = (struct pfl_pair){pfl_arena_text(c->arena, name), pfl_arena_text(c->arena, value)};
    return pair.name && pair.value && pfl_vec_push(&c->environment, &pair);
}

bool pfl_collect_warn(struct pfl_collect *c, const char *text)
{
    size_t i;

    if (!text)
        return false;
    for (i = 0; i < c->warnings.n; i++)
        if (strcmp(c->warnings.at[i], text) == 0)
            return true;
    return pfl_vec_push(&c->warnings, &text);
}

static double take_current(struct pfl_column *column)
{
    double value = column->current;

    if (column->samples.n) {
        pfl_stats_sort(column->samples.at, column->samples.n);
        value = pfl_stats_median_sorted(column->samples.at, column->samples.n);
    }
    column->samples.n = 0;
    column->current = NAN;
    return value;
}

bool pfl_collect_end_launch(struct pfl_collect *c, bool counts)
{
    size_t i;

    for (i = 0; i < c->columns.n; i++) {
        double value = take_current(&c->columns.at[i]);

        if (!counts)
            value = NAN;
        if (!pfl_vec_push(&c->columns.at[i].values, &value))
            return false;
    }
    c->launches++;
    return true;
}

void pfl_collect_void_last(struct pfl_collect *c)
{
    size_t i;

    for (i = 0; i < c->columns.n; i++)
        if (c->columns.at[i].values.n)
            c->columns.at[i].values.at[c->columns.at[i].values.n - 1] = NAN;
}

void pfl_collect_drop_launch(struct pfl_collect *c)
{
    size_t i;

    for (i = 0; i < c->columns.n; i++)
        take_current(&c->columns.at[i]);
}

void pfl_collect_fail(struct pfl_collect *c, enum pfl_status status, const char *reason)
{
    if (c->status != PFL_STATUS_OK)
        return;
    c->status = status;
    c->reason = reason;
}

void pfl_collect_forgive(struct pfl_collect *c)
{
    c->status = PFL_STATUS_OK;
    c->reason = "";
}

static bool freeze_column(struct pfl_arena *arena, const struct pfl_column *column,
                          struct pfl_result *result)
{
    *result = (struct pfl_result){
        .metric = column->metric,
        .unit = column->unit,
        .better = column->better,
        .variant = column->variant,
        .text = column->text,
        .summary = {0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN},
    };
    if (column->text)
        return true;
    result->n = column->values.n;
    result->values =
        pfl_arena_grow(arena, column->values.at, result->n, result->n, sizeof *result->values);
    return result->values != NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct pfl_pair *)a)->name, ((const struct pfl_pair *)b)->name);
}

bool pfl_collect_freeze(const struct pfl_collect *c, struct pfl_benchmark *bench)
{
    size_t i;

    bench->name = c->name;
    bench->params = c->params;
    bench->param_count = c->param_count;
    bench->status = c->status;
    bench->reason = c->reason;
    bench->results = pfl_arena_array(c->arena, c->columns.n, sizeof *bench->results);
    bench->environment = pfl_arena_grow(c->arena, c->environment.at, c->environment.n,
                                        c->environment.n, sizeof *bench->environment);
    bench->warnings = pfl_arena_grow(c->arena, c->warnings.at, c->warnings.n, c->warnings.n,
                                     sizeof *bench->warnings);
    if (!bench->results || !bench->environment || !bench->warnings)
        return false;
    bench->result_count = c->launches ? c->columns.n : 0; /* warm-up may have made columns */
    for (i = 0; i < bench->result_count; i++)
        if (!freeze_column(c->arena, &c->columns.at[i], &bench->results[i]))
            return false;
    bench->environment_count = c->environment.n;
    bench->warning_count = c->warnings.n;
    if (c->environment.n > 1)
        qsort(bench->environment, bench->environment_count, sizeof *bench->environment, by_name);
    return true;
}
