/*
 * The report for people: a row per case, as wide as the terminal and no wider (columns.c makes it
 * fit). A number is never cut and never wrapped; sentences are, between words. A case that failed
 * or was skipped has its reason in its row. Colours only where a terminal wants them.
 */
#include "table.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* ---- paint ---- */

static void table_paint(const struct pfl_lib_table *t, const char *code)
{
    if (t->style->colour)
        fprintf(t->out, "\x1b[%sm", code);
}

static void table_spaces(const struct pfl_lib_table *t, size_t n)
{
    fprintf(t->out, "%*s", (int)n, "");
}

/* Words, broken at blanks; the first line has `used` columns already, the others are indented. */
static void table_words(const struct pfl_lib_table *t, const char *text, size_t used, size_t indent)
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

static void table_line(const struct pfl_lib_table *t, const char *colour, const char *format, ...)
    PFL_PRINTF(3, 4);
static void table_line(const struct pfl_lib_table *t, const char *colour, const char *format, ...)
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

/* ---- writing ---- */

/* The middle gives way: both ends of a name tell names apart. */
static void table_write_name(const struct pfl_lib_table *t, const char *name)
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
static void table_write_row(const struct pfl_lib_table *t, char *const *cells, bool title)
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
        owed += pfl_lib_columns_gap(k) + t->widths[k] - width;
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

static void table_write_reason(const struct pfl_lib_table *t, const struct pfl_lib_result *r,
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
static void table_write_extras(const struct pfl_lib_table *t, const struct pfl_lib_result *r)
{
    const char *between = t->utf8 ? " · " : ", ";
    size_t at = 0, width, k;

    for (k = 0; k < r->series_count; k++) {
        char *title, *value, *text;

        if (!pfl_lib_columns_is_extra(&r->series[k]))
            continue;
        title = pfl_lib_columns_title(&r->series[k]);
        value = pfl_lib_columns_quantity(&r->series[k]);
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

static void table_write_fit(const struct pfl_lib_table *t, const struct pfl_lib_fit *fit)
{
    const char *times = t->utf8 ? "×" : "x";
    char coefficient[PFL_LIB_CELL_MAX], residual[PFL_LIB_CELL_MAX], cycles[PFL_LIB_CELL_MAX];
    char constant[2 * PFL_LIB_CELL_MAX] = "";

    pfl_lib_cell_percent(residual, fit->residual);
    pfl_lib_cell_quantity(coefficient, fit->coefficient, "s", 3);
    pfl_lib_cell_quantity(cycles, fit->cycles, "cycles", 3);
    if (fit->model && fit->constant > 0) {
        char value[PFL_LIB_CELL_MAX];

        pfl_lib_cell_quantity(value, fit->constant, "s", 3);
        snprintf(constant, sizeof constant, " + %s", value);
    }
    if (fit->model && !isnan(fit->cycles)) {
        table_line(t, NULL, "%s: %s, %s cycles (%s) %s %s%s, residual %s", fit->name, fit->model,
                   cycles, coefficient, times, fit->term, constant, residual);
    } else if (fit->model) {
        table_line(t, NULL, "%s: %s, %s %s %s%s, residual %s", fit->name, fit->model, coefficient,
                   times, fit->term, constant, residual);
    } else if (isnan(fit->residual)) {
        table_line(t, NULL, "%s: complexity over %s: %s", fit->name, fit->argument, fit->why);
    } else {
        table_line(t, NULL, "%s: complexity over %s: %s, the nearest, %s, leaves a residual of %s",
                   fit->name, fit->argument, fit->why, fit->nearest, residual);
    }
}

/* After the last case of a benchmark: its fits. */
static void table_write_fits(const struct pfl_lib_table *t, size_t i)
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

static void table_write_body(const struct pfl_lib_table *t)
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

static void table_write_heading(const struct pfl_lib_table *t)
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

static void table_write_notes(const struct pfl_lib_table *t)
{
    const struct pfl_lib_report *r = t->report;
    const char *note;
    size_t i;

    if (r->once || !t->shown[TABLE_TIME])
        return;
    fputc('\n', t->out);
    for (i = 0; i < r->n; i++)
        if ((note = pfl_lib_result_note(&r->results[i])) != NULL)
            table_line(t, "33", "%s: %s", r->results[i].of->name, note);
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
    struct pfl_lib_table t = {
        .out = out, .report = report, .style = style, .utf8 = pfl_lib_cell_utf8()};

    pfl_lib_columns_fill(&t);
    pfl_lib_columns_fit(&t);
    if (!style->quiet)
        table_write_heading(&t);
    table_write_body(&t);
    if (!style->quiet)
        table_write_notes(&t);
    pfl_lib_columns_release(&t);
}
