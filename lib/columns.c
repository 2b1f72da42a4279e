/*
 * The columns of a report: what stands in them, and which of them there is room for. What does not
 * fit gives way in this order: metrics of the program's own go to an indented line below their row,
 * the name loses its middle, columns are dropped from the least telling one on. A first call is
 * shown where it took more than twice the steady time, CPU time where it is not the wall time.
 *
 * Digits: as many as the interval supports, four below 1 %, three otherwise.
 */
#include "table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const columns_titles[TABLE_FIXED] = {
    "benchmark", "time", "±", "cycles", "±", "throughput", "items", "first call", "CPU"};
/* Which goes first when it is tight. */
static const enum table_fixed columns_drops[] = {TABLE_CPU,        TABLE_FIRST,       TABLE_ITEMS,
                                                 TABLE_THROUGHPUT, TABLE_CYCLES_HALF, TABLE_CYCLES,
                                                 TABLE_TIME_HALF};

static const double columns_first_call_factor = 2, columns_cpu_off = 0.1;

/* ---- cells ---- */

bool pfl_lib_columns_is_extra(const struct pfl_lib_series *series)
{
    static const char *const names[] = {"time",  "cycles",     "throughput",
                                        "items", "first_call", "cpu"};
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], series->name) == 0)
            return false;
    return true;
}

char *pfl_lib_columns_quantity(const struct pfl_lib_series *series)
{
    char text[PFL_LIB_CELL_MAX];
    double half = pfl_lib_estimate_half(&series->estimate);

    if (series->text) { /* the beginning of a hash tells it from others */
        char *harmless = pfl_lib_cell_escape(series->text),
             *cut = pfl_lib_text("%.*s", (int)pfl_lib_cell_cut(harmless, TABLE_TEXT), harmless);

        free(harmless);
        return cut;
    }
    pfl_lib_cell_quantity(text, series->estimate.median, series->unit, half < 0.01 ? 4 : 3);
    return pfl_lib_text("%s", text);
}

static char *columns_half(const struct pfl_lib_table *t, const struct pfl_lib_series *series)
{
    double half = pfl_lib_estimate_half(&series->estimate);
    char text[PFL_LIB_CELL_MAX];

    if (isnan(half))
        return NULL;
    pfl_lib_cell_percent(text, half);
    return pfl_lib_text("%s%s", t->utf8 ? "±" : "+-", text);
}

static double columns_median(const struct pfl_lib_series *series)
{
    return series ? series->estimate.median : (double)NAN;
}

static void columns_fill_result(struct pfl_lib_table *t, const struct pfl_lib_result *r,
                                char **cells)
{
    const struct pfl_lib_series *time = pfl_lib_result_find(r, "time"),
                                *cycles = pfl_lib_result_find(r, "cycles"),
                                *throughput = pfl_lib_result_find(r, "throughput"),
                                *items = pfl_lib_result_find(r, "items"),
                                *first = pfl_lib_result_find(r, "first_call"),
                                *cpu = pfl_lib_result_find(r, "cpu");

    cells[TABLE_NAME] = pfl_lib_cell_escape(r->of->name);
    if (r->status != PFL_LIB_OK)
        return;
    if (time) {
        cells[TABLE_TIME] = pfl_lib_columns_quantity(time);
        cells[TABLE_TIME_HALF] = columns_half(t, time);
    }
    if (cycles) {
        cells[TABLE_CYCLES] = pfl_lib_columns_quantity(cycles);
        cells[TABLE_CYCLES_HALF] = columns_half(t, cycles);
    }
    if (throughput)
        cells[TABLE_THROUGHPUT] = pfl_lib_columns_quantity(throughput);
    if (items)
        cells[TABLE_ITEMS] = pfl_lib_columns_quantity(items);
    if (columns_median(first) > columns_first_call_factor * columns_median(time))
        cells[TABLE_FIRST] = pfl_lib_columns_quantity(first);
    if (fabs(columns_median(cpu) / columns_median(time) - 1) > columns_cpu_off)
        cells[TABLE_CPU] = pfl_lib_columns_quantity(cpu);
}

static bool columns_same_key(const struct pfl_lib_series *a, const struct pfl_lib_series *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->variant, b->variant) == 0;
}

char *pfl_lib_columns_title(const struct pfl_lib_series *s)
{
    static const char *const known[][2] = {
        {"alloc_count", "allocs"}, {"alloc_bytes", "alloc bytes"}, {"parity_error", "error"}};
    const char *name = s->name;
    char *text, *escaped;
    size_t i;

    for (i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i][0], name) == 0)
            name = known[i][1];
    text = pfl_lib_text("%s%s%s", name, *s->variant ? " " : "", s->variant);
    escaped = pfl_lib_cell_escape(text);
    free(text);
    return escaped;
}

/* Where an extra metric stands; TABLE_EXTRAS: there are too many. */
static size_t columns_key(struct pfl_lib_table *t, const struct pfl_lib_series *series)
{
    size_t k;

    for (k = 0; k < t->key_count && !columns_same_key(t->keys[k], series); k++)
        ;
    if (k < t->key_count || k == TABLE_EXTRAS)
        return k;
    t->keys[k] = series;
    t->titles[TABLE_FIXED + k] = pfl_lib_columns_title(series);
    return t->key_count++;
}

void pfl_lib_columns_fill(struct pfl_lib_table *t)
{
    size_t i, k, key;

    t->cells = pfl_lib_alloc((t->report->n + 1) * sizeof *t->cells);
    memset(t->cells, 0, (t->report->n + 1) * sizeof *t->cells);
    for (i = 0; i < TABLE_FIXED; i++)
        t->titles[i] = pfl_lib_text(
            "%s", strcmp(columns_titles[i], "±") == 0 && !t->utf8 ? "+-" : columns_titles[i]);
    for (i = 0; i < t->report->n; i++) {
        const struct pfl_lib_result *r = &t->report->results[i];

        columns_fill_result(t, r, t->cells[i]);
        for (k = 0; r->status == PFL_LIB_OK && k < r->series_count; k++) {
            if (!pfl_lib_columns_is_extra(&r->series[k]))
                continue;
            key = columns_key(t, &r->series[k]);
            if (key == TABLE_EXTRAS)
                t->extras_below = true;
            else
                t->cells[i][TABLE_FIXED + key] = pfl_lib_columns_quantity(&r->series[k]);
        }
    }
}

/* ---- fitting ---- */

size_t pfl_lib_columns_gap(size_t column)
{
    return column == TABLE_NAME                                       ? 0
           : column == TABLE_TIME_HALF || column == TABLE_CYCLES_HALF ? 1
                                                                      : 2;
}

static size_t columns_total(const struct pfl_lib_table *t)
{
    size_t total = 0, k;

    for (k = 0; k < TABLE_COLUMNS; k++)
        if (t->shown[k])
            total += t->widths[k] + pfl_lib_columns_gap(k);
    return total;
}

static void columns_measure(struct pfl_lib_table *t)
{
    size_t i, k, width;

    for (k = 0; k < TABLE_COLUMNS; k++)
        for (i = 0; i < t->report->n; i++) {
            if (!t->cells[i][k])
                continue;
            t->shown[k] = true;
            width = pfl_lib_cell_width(t->cells[i][k]);
            if (width > t->widths[k])
                t->widths[k] = width;
        }
    for (k = 0; k < TABLE_COLUMNS; k++) {
        width = t->titles[k] ? pfl_lib_cell_width(t->titles[k]) : 0;
        if (width > t->widths[k])
            t->widths[k] = width;
    }
}

static void columns_shrink_name(struct pfl_lib_table *t, size_t least)
{
    size_t total = columns_total(t), over = total > t->style->width ? total - t->style->width : 0;

    if (t->widths[TABLE_NAME] <= least)
        return;
    t->widths[TABLE_NAME] -=
        over < t->widths[TABLE_NAME] - least ? over : t->widths[TABLE_NAME] - least;
}

void pfl_lib_columns_fit(struct pfl_lib_table *t)
{
    size_t k;

    columns_measure(t);
    if (t->extras_below || columns_total(t) > t->style->width) {
        t->extras_below = true;
        for (k = TABLE_FIXED; k < TABLE_COLUMNS; k++)
            t->shown[k] = false;
    }
    for (k = 0; k < sizeof columns_drops / sizeof columns_drops[0]; k++) {
        if (k == 2) /* what is left tells much: the name may lose a little */
            columns_shrink_name(t, TABLE_NAME_GOOD);
        if (columns_total(t) <= t->style->width)
            break;
        if (k == 4)
            columns_shrink_name(t, TABLE_NAME_LEAST);
        if (columns_total(t) > t->style->width)
            t->shown[columns_drops[k]] = false;
    }
    columns_shrink_name(t, 1);
}

void pfl_lib_columns_release(struct pfl_lib_table *t)
{
    size_t i, k;

    for (k = 0; k < TABLE_COLUMNS; k++) {
        for (i = 0; i < t->report->n; i++)
            free(t->cells[i][k]);
        free(t->titles[k]);
    }
    free(t->cells);
}
