/*
 * The report for people: a row per case, as wide as the terminal and no wider. What does not fit
 * gives way in this order: metrics of the program's own go to an indented line below their row, the
 * name loses its middle, columns are dropped from the least telling one on. A number is never cut
 * and never wrapped. A first call is shown where it took more than twice the steady time, CPU time
 * where it is not the wall time.
 *
 * Digits: as many as the interval supports, four below 1 %, three otherwise.
 */
#include "program.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum table_fixed {
    TABLE_NAME,
    TABLE_TIME,
    TABLE_TIME_HALF,
    TABLE_CYCLES,
    TABLE_CYCLES_HALF,
    TABLE_THROUGHPUT,
    TABLE_ITEMS,
    TABLE_FIRST,
    TABLE_CPU,
    TABLE_FIXED
};

enum {
    TABLE_EXTRAS = 12, /* more go below their rows */
    TABLE_COLUMNS = TABLE_FIXED + TABLE_EXTRAS,
    TABLE_NAME_GOOD = 24,
    TABLE_NAME_LEAST = 12,
    TABLE_INDENT = 4,
    TABLE_TEXT = 12,
};

static const char *const table_titles[TABLE_FIXED] = {
    "benchmark", "time", "±", "cycles", "±", "throughput", "items", "first call", "CPU"};
/* Which goes first when it is tight. */
static const enum table_fixed table_drops[] = {TABLE_CPU,        TABLE_FIRST,       TABLE_ITEMS,
                                               TABLE_THROUGHPUT, TABLE_CYCLES_HALF, TABLE_CYCLES,
                                               TABLE_TIME_HALF};

static const double table_first_call_factor = 2, table_cpu_off = 0.1;

struct table {
    FILE *out;
    const struct pfl_lib_report *report;
    const struct pfl_lib_table_style *style;
    char *(*cells)[TABLE_COLUMNS]; /* per result; NULL: empty */
    char *titles[TABLE_COLUMNS];
    const struct pfl_lib_series *keys[TABLE_EXTRAS]; /* name and variant of an extra column */
    size_t key_count, widths[TABLE_COLUMNS];
    bool shown[TABLE_COLUMNS], extras_below, utf8;
};

/* ---- paint ---- */

static void table_paint(const struct table *t, const char *code)
{
    if (t->style->colour)
        fprintf(t->out, "\x1b[%sm", code);
}

static void table_spaces(const struct table *t, size_t n)
{
    fprintf(t->out, "%*s", (int)n, "");
}

/* Words, broken at blanks; the first line has `used` columns already, the others are indented. */
static void table_words(const struct table *t, const char *text, size_t used, size_t indent)
{
    size_t at = used;
    bool begins = true;

    while (*text) {
        size_t len = strcspn(text, " "), width;
        char *word = pfl_lib_text("%.*s", (int)len, text);

        width = pfl_lib_cell_width(word);
        if (!begins && at + 1 + width > t->style->width) {
            fputc('\n', t->out);
            table_spaces(t, indent);
            at = indent;
            begins = true;
        }
        fprintf(t->out, "%s%s", begins ? "" : " ", word);
        at += width + !begins;
        begins = false;
        free(word);
        text += len;
        text += strspn(text, " ");
    }
    fputc('\n', t->out);
}

static void table_line(const struct table *t, const char *colour, const char *format, ...)
    PFL_PRINTF(3, 4);
static void table_line(const struct table *t, const char *colour, const char *format, ...)
{
    va_list arguments;
    char *text = NULL, *harmless;
    size_t len = 0;
    FILE *into = open_memstream(&text, &len);

    if (!into)
        pfl_lib_no_memory();
    va_start(arguments, format);
    vfprintf(into, format, arguments);
    va_end(arguments);
    if (fclose(into) != 0)
        pfl_lib_no_memory();
    harmless = pfl_lib_cell_escape(text);
    if (colour)
        table_paint(t, colour);
    table_words(t, harmless, 0, TABLE_INDENT);
    if (colour)
        table_paint(t, "0");
    free(harmless);
    free(text);
}

/* ---- cells ---- */

static bool table_is_fixed(const char *metric)
{
    static const char *const names[] = {"time",  "cycles",     "throughput",
                                        "items", "first_call", "cpu"};
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], metric) == 0)
            return true;
    return false;
}

static char *table_quantity(const struct pfl_lib_series *series)
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

static char *table_half(const struct table *t, const struct pfl_lib_series *series)
{
    double half = pfl_lib_estimate_half(&series->estimate);
    char text[PFL_LIB_CELL_MAX];

    if (isnan(half))
        return NULL;
    pfl_lib_cell_percent(text, half);
    return pfl_lib_text("%s%s", t->utf8 ? "±" : "+-", text);
}

static double table_median(const struct pfl_lib_series *series)
{
    return series ? series->estimate.median : (double)NAN;
}

static void table_fill_result(struct table *t, const struct pfl_lib_result *r, char **cells)
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
        cells[TABLE_TIME] = table_quantity(time);
        cells[TABLE_TIME_HALF] = table_half(t, time);
    }
    if (cycles) {
        cells[TABLE_CYCLES] = table_quantity(cycles);
        cells[TABLE_CYCLES_HALF] = table_half(t, cycles);
    }
    if (throughput)
        cells[TABLE_THROUGHPUT] = table_quantity(throughput);
    if (items)
        cells[TABLE_ITEMS] = table_quantity(items);
    if (table_median(first) > table_first_call_factor * table_median(time))
        cells[TABLE_FIRST] = table_quantity(first);
    if (fabs(table_median(cpu) / table_median(time) - 1) > table_cpu_off)
        cells[TABLE_CPU] = table_quantity(cpu);
}

static bool table_same_key(const struct pfl_lib_series *a, const struct pfl_lib_series *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->variant, b->variant) == 0;
}

static char *table_title(const struct pfl_lib_series *s)
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
static size_t table_key(struct table *t, const struct pfl_lib_series *series)
{
    size_t k;

    for (k = 0; k < t->key_count && !table_same_key(t->keys[k], series); k++)
        ;
    if (k < t->key_count || k == TABLE_EXTRAS)
        return k;
    t->keys[k] = series;
    t->titles[TABLE_FIXED + k] = table_title(series);
    return t->key_count++;
}

static void table_fill(struct table *t)
{
    size_t i, k, key;

    t->cells = pfl_lib_alloc((t->report->n + 1) * sizeof *t->cells);
    memset(t->cells, 0, (t->report->n + 1) * sizeof *t->cells);
    for (i = 0; i < TABLE_FIXED; i++)
        t->titles[i] = pfl_lib_text(
            "%s", strcmp(table_titles[i], "±") == 0 && !t->utf8 ? "+-" : table_titles[i]);
    for (i = 0; i < t->report->n; i++) {
        const struct pfl_lib_result *r = &t->report->results[i];

        table_fill_result(t, r, t->cells[i]);
        for (k = 0; r->status == PFL_LIB_OK && k < r->series_count; k++) {
            if (table_is_fixed(r->series[k].name))
                continue;
            key = table_key(t, &r->series[k]);
            if (key == TABLE_EXTRAS)
                t->extras_below = true;
            else
                t->cells[i][TABLE_FIXED + key] = table_quantity(&r->series[k]);
        }
    }
}

/* ---- fitting ---- */

static size_t table_gap(size_t column)
{
    return column == TABLE_NAME                                       ? 0
           : column == TABLE_TIME_HALF || column == TABLE_CYCLES_HALF ? 1
                                                                      : 2;
}

static size_t table_total(const struct table *t)
{
    size_t total = 0, k;

    for (k = 0; k < TABLE_COLUMNS; k++)
        if (t->shown[k])
            total += t->widths[k] + table_gap(k);
    return total;
}

static void table_measure(struct table *t)
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

static void table_shrink_name(struct table *t, size_t least)
{
    size_t total = table_total(t), over = total > t->style->width ? total - t->style->width : 0;

    if (t->widths[TABLE_NAME] <= least)
        return;
    t->widths[TABLE_NAME] -=
        over < t->widths[TABLE_NAME] - least ? over : t->widths[TABLE_NAME] - least;
}

static void table_fit(struct table *t)
{
    size_t k;

    table_measure(t);
    if (t->extras_below || table_total(t) > t->style->width) {
        t->extras_below = true;
        for (k = TABLE_FIXED; k < TABLE_COLUMNS; k++)
            t->shown[k] = false;
    }
    for (k = 0; k < sizeof table_drops / sizeof table_drops[0]; k++) {
        if (k == 2) /* what is left tells much: the name may lose a little */
            table_shrink_name(t, TABLE_NAME_GOOD);
        if (table_total(t) <= t->style->width)
            break;
        if (k == 4)
            table_shrink_name(t, TABLE_NAME_LEAST);
        if (table_total(t) > t->style->width)
            t->shown[table_drops[k]] = false;
    }
    table_shrink_name(t, 1);
}

/* ---- writing ---- */

/* The middle gives way: both ends of a name tell names apart. */
static void table_write_name(const struct table *t, const char *name)
{
    size_t width = pfl_lib_cell_width(name), room = t->widths[TABLE_NAME], head, tail;
    const char *dots = t->utf8 ? "…" : "~";

    if (width <= room) {
        fputs(name, t->out);
        table_spaces(t, room - width);
        return;
    }
    head = (room - 1) / 2;
    tail = room - 1 - head;
    fprintf(t->out, "%.*s%s%s", (int)pfl_lib_cell_cut(name, head), name, dots,
            name + pfl_lib_cell_cut(name, width - tail));
}

/* No blanks at the end of a line: they are owed until something follows. */
static void table_write_row(const struct table *t, char *const *cells, bool title)
{
    size_t k, owed = 0, width;

    if (title)
        table_paint(t, "1");
    table_write_name(t, cells[TABLE_NAME]);
    for (k = 1; k < TABLE_COLUMNS; k++) {
        const char *cell = cells[k] ? cells[k] : "";

        if (!t->shown[k])
            continue;
        width = pfl_lib_cell_width(cell);
        owed += table_gap(k) + t->widths[k] - width;
        if (!*cell)
            continue;
        table_spaces(t, owed);
        fputs(cell, t->out);
        owed = 0;
    }
    if (title)
        table_paint(t, "0");
    fputc('\n', t->out);
}

static void table_write_reason(const struct table *t, const struct pfl_lib_result *r,
                               const char *name)
{
    const char *what = t->report->once && r->status == PFL_LIB_OK ? "ok"
                       : r->status == PFL_LIB_FAILED              ? "failed"
                                                                  : "skipped";
    char *escaped = pfl_lib_cell_escape(r->reason ? r->reason : ""),
         *text = pfl_lib_text("%s%s%s", what, *escaped ? ": " : "", escaped);
    size_t used = t->widths[TABLE_NAME] + 2;

    table_write_name(t, name);
    if (used + pfl_lib_cell_width(text) > t->style->width && used > t->style->width / 2) {
        fputc('\n', t->out);
        table_spaces(t, TABLE_INDENT);
        used = TABLE_INDENT;
    } else {
        table_spaces(t, 2);
    }
    if (r->status == PFL_LIB_FAILED)
        table_paint(t, "31");
    table_words(t, text, used, TABLE_INDENT);
    if (r->status == PFL_LIB_FAILED)
        table_paint(t, "0");
    free(text);
    free(escaped);
}

/* "    hits 12.3 · misses 4", broken between two of them only. */
static void table_write_extras(const struct table *t, const struct pfl_lib_result *r)
{
    const char *between = t->utf8 ? " · " : ", ";
    size_t at = 0, width, k;

    for (k = 0; k < r->series_count; k++) {
        char *title, *value, *text;

        if (table_is_fixed(r->series[k].name))
            continue;
        title = table_title(&r->series[k]);
        value = table_quantity(&r->series[k]);
        text = pfl_lib_text("%s %s", title, value);
        width = pfl_lib_cell_width(text);
        if (at == 0 || at + 3 + width > t->style->width) {
            fprintf(t->out, "%s%*s", at ? "\n" : "", TABLE_INDENT, "");
            at = TABLE_INDENT;
        } else {
            fputs(between, t->out);
            at += pfl_lib_cell_width(between);
        }
        fputs(text, t->out);
        at += width;
        free(title);
        free(value);
        free(text);
    }
    if (at)
        fputc('\n', t->out);
}

static void table_write_fit(const struct table *t, const struct pfl_lib_fit *fit)
{
    char coefficient[PFL_LIB_CELL_MAX], residual[PFL_LIB_CELL_MAX];

    pfl_lib_cell_percent(residual, fit->residual);
    if (fit->model) {
        pfl_lib_cell_quantity(coefficient, fit->coefficient, "s", 3);
        table_line(t, NULL, "%s: %s, %s %s %s, residual %s", fit->name, fit->model, coefficient,
                   t->utf8 ? "×" : "x", fit->term, residual);
    } else if (isnan(fit->residual)) {
        table_line(t, NULL, "%s: complexity over %s: %s", fit->name, fit->argument, fit->why);
    } else {
        table_line(t, NULL, "%s: complexity over %s: %s, the best leaves a residual of %s",
                   fit->name, fit->argument, fit->why, residual);
    }
}

/* After the last case of a benchmark: its fits. */
static void table_write_fits(const struct table *t, size_t i)
{
    const struct pfl_lib_report *r = t->report;
    const char *bench = r->results[i].of->bench;
    size_t k;

    if (i + 1 < r->n && strcmp(r->results[i + 1].of->bench, bench) == 0)
        return;
    for (k = 0; k < r->fit_count; k++)
        if (strcmp(r->fits[k].of->bench, bench) == 0)
            table_write_fit(t, &r->fits[k]);
}

static void table_write_body(const struct table *t)
{
    const struct pfl_lib_report *r = t->report;
    size_t i, measured = 0;

    for (i = 0; i < r->n; i++)
        measured += r->results[i].status == PFL_LIB_OK;
    if (measured > 0 && !r->once)
        table_write_row(t, t->titles, true);
    for (i = 0; i < r->n; i++) {
        const struct pfl_lib_result *result = &r->results[i];

        if (result->status != PFL_LIB_OK || (r->once && !t->style->quiet))
            table_write_reason(t, result, t->cells[i][TABLE_NAME]);
        else if (!r->once)
            table_write_row(t, t->cells[i], false);
        if (result->status == PFL_LIB_OK && t->extras_below && !r->once)
            table_write_extras(t, result);
        if (!r->once)
            table_write_fits(t, i);
    }
}

static void table_write_heading(const struct table *t)
{
    const struct pfl_lib_report *r = t->report;
    if (r->once)
        table_line(t, NULL, "%s: %zu benchmark%s, each body once, nothing timed",
                   pfl_lib_program_name(), r->n, r->n == 1 ? "" : "s");
    else
        table_line(t, NULL, "%s: %zu benchmark%s, %d launch%s, %g s for each benchmark",
                   pfl_lib_program_name(), r->n, r->n == 1 ? "" : "s", r->launches,
                   r->launches == 1 ? "" : "es", r->seconds);
    if (*pfl_lib_instrumented() && !r->once)
        table_line(t, "33", "warning: %s: times say little", pfl_lib_instrumented());
    if (r->interrupted)
        table_line(t, "33", "interrupted: %d of %d launches are complete", r->launched,
                   r->launches);
    fputc('\n', t->out);
}

static void table_write_notes(const struct table *t)
{
    const struct pfl_lib_report *r = t->report;

    if (r->once || !t->shown[TABLE_TIME])
        return;
    fputc('\n', t->out);
    if (r->launches == 1)
        table_line(t, NULL, "one launch: how much others differ is not known");
    else if (t->shown[TABLE_TIME_HALF])
        table_line(t, NULL,
                   "%s: where 95 of 100 other invocations on this machine are; cycles: of the "
                   "core's clock, by a yardstick beside each batch, steady where the clock is not",
                   t->utf8 ? "±" : "+-");
}

void pfl_lib_table_write(FILE *out, const struct pfl_lib_report *report,
                         const struct pfl_lib_table_style *style)
{
    struct table t = {.out = out, .report = report, .style = style, .utf8 = pfl_lib_cell_utf8()};
    size_t i, k;

    table_fill(&t);
    table_fit(&t);
    if (!style->quiet)
        table_write_heading(&t);
    table_write_body(&t);
    if (!style->quiet)
        table_write_notes(&t);
    for (k = 0; k < TABLE_COLUMNS; k++) {
        for (i = 0; i < report->n; i++)
            free(t.cells[i][k]);
        free(t.titles[k]);
    }
    free(t.cells);
}
