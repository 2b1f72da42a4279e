/*
 * Columns that grow launch by launch. A metric may turn up late (the third launch reports a new
 * one) or stay away for once; its column is padded with NaN so that values[i] is always launch i's.
 * Several samples of one launch (an in-process loop) become one value, their median: the launch is
 * the unit of replication, iterations are not.
 *
 * A program that ran a yardstick beside each of its samples gives a second column: the yardstick's
 * effective step, the launch's median over the median of its ratios. So a median divided by it is
 * the launch's median ratio, which a clock that changed within the launch does not move; the plain
 * median of the steps would not do that.
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
    pfl_vec_release(&c->ratios);
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

bool pfl_collect_samples(struct pfl_collect *c, const double *samples, const double *yardsticks,
                         size_t n, const char *name)
{
    struct pfl_column *time = pfl_collect_column(c, "time", "", NULL, NULL);
    double ratio;
    size_t i;

    for (i = 0; time && i < n; i++) {
        if (!pfl_vec_push(&time->samples, &samples[i]))
            return false;
        ratio = yardsticks ? samples[i] / yardsticks[i] : 0;
        if (yardsticks && !pfl_vec_push(&c->ratios, &ratio))
            return false;
    }
    if (yardsticks)
        c->yardstick = name;
    return time != NULL;
}

/* The effective step of the launch at hand; nothing where a part of its samples had no yardstick.
 */
static bool put_yardstick(struct pfl_collect *c)
{
    struct pfl_column *time, *step;
    double median, ratio;

    if (c->ratios.n == 0)
        return true;
    time = pfl_collect_column(c, "time", "", NULL, NULL);
    if (!time || time->samples.n != c->ratios.n)
        return time != NULL;
    pfl_stats_sort(time->samples.at, time->samples.n);
    pfl_stats_sort(c->ratios.at, c->ratios.n);
    median = pfl_stats_median_sorted(time->samples.at, time->samples.n);
    ratio = pfl_stats_median_sorted(c->ratios.at, c->ratios.n);
    step = pfl_collect_column(c, "yardstick", c->yardstick, NULL, NULL);
    if (step && ratio > 0)
        step->current = median / ratio;
    return step != NULL;
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
    bool ok = put_yardstick(c);
    size_t i;

    c->ratios.n = 0;
    for (i = 0; ok && i < c->columns.n; i++) {
        double value = take_current(&c->columns.at[i]);

        if (!counts)
            value = NAN;
        if (!pfl_vec_push(&c->columns.at[i].values, &value))
            return false;
    }
    c->launches++;
    return ok;
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

    c->ratios.n = 0;
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
