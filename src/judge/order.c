/*
 * The order of rows. By name (benchmark in natural order, then metric, variant) they are made in
 * that order; here a benchmark's few rows are put in place, and the whole list when another order
 * was asked for: `ratio`, the worst change first in each metric's own direction; `time`, the
 * largest estimate first. Rows without such a figure come last; ties keep the order of names.
 */
#include "base/alloc.h"
#include "judge/internal.h"

#include <stdlib.h>
#include <string.h>

static int compare_rows(const struct pfl_row *a, const struct pfl_row *b)
{
    int order = strcmp(a->metric, b->metric);

    return order ? order : strcmp(a->variant, b->variant);
}

void pfl_judge_order_from(struct pfl_judge *judge, size_t first)
{
    struct pfl_row *rows = judge->rows.at, row;
    struct pfl_judge_effect *effects = judge->effects.at, effect;
    size_t i, j;

    for (i = first + 1; i < judge->rows.n; i++) {
        for (j = i; j > first && compare_rows(&rows[j - 1], &rows[i]) > 0; j--)
            ;
        if (j == i)
            continue;
        row = rows[i];
        effect = effects[i];
        memmove(rows + j + 1, rows + j, (i - j) * sizeof row);
        memmove(effects + j + 1, effects + j, (i - j) * sizeof effect);
        rows[j] = row;
        effects[j] = effect;
    }
}

struct key {
    double value; /* descending; NaN last */
    size_t index;
};

static int compare_keys(const void *a, const void *b)
{
    const struct key *x = a, *y = b;

    if (isnan(x->value) != isnan(y->value))
        return isnan(x->value) ? 1 : -1;
    if (x->value != y->value && !isnan(x->value))
        return x->value > y->value ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static double key_of(const struct pfl_row *row, const char *sort)
{
    if (strcmp(sort, "time") == 0)
        return row->head.present ? row->head.median : row->base.present ? row->base.median : NAN;
    return row->better == PFL_BETTER_HIGHER ? 1 / row->ratio : row->ratio;
}

static const struct pfl_row *row_at(const char *items, size_t size, size_t i)
{
    return (const struct pfl_row *)(const void *)(items + i * size);
}

int pfl_judge_sort(void *items, size_t n, size_t size, const char *sort, struct pfl_err *err)
{
    struct key *keys;
    char *copy;
    size_t i;

    if (!sort || strcmp(sort, "name") == 0)
        return PFL_OK;
    if (strcmp(sort, "ratio") != 0 && strcmp(sort, "time") != 0)
        return pfl_err_set(err, PFL_EINVAL,
                           "sorting the rows: there is no order \"%s\"; name, ratio and time exist",
                           sort);
    if (n == 0)
        return PFL_OK;
    keys = pfl_alloc(n * sizeof *keys);
    copy = pfl_alloc(n * size);
    if (!keys || !copy) {
        pfl_free(keys);
        pfl_free(copy);
        return pfl_err_no_memory(err);
    }
    memcpy(copy, items, n * size);
    for (i = 0; i < n; i++) {
        keys[i].value = key_of(row_at(copy, size, i), sort);
        keys[i].index = i;
    }
    qsort(keys, n, sizeof *keys, compare_keys);
    for (i = 0; i < n; i++)
        memcpy((char *)items + i * size, copy + keys[i].index * size, size);
    pfl_free(keys);
    pfl_free(copy);
    return PFL_OK;
}
