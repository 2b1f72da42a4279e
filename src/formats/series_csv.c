/*
 * CSV, the little that a series needs (RFC 4180 quotes, no line breaks inside them). The first line
 * is a header when its last field is no number and not empty; anywhere else such a field is an
 * error, because a value that is silently left out would shift every place behind it. Numbers are
 * read in no locale: a decimal comma is two columns, and said so.
 */
#include "formats/series_csv.h"

#include "base/decimal.h"
#include "base/text.h"
#include "base/units.h"
#include "base/vec.h"

#include <math.h>
#include <string.h>

enum { COLUMNS_MAX = 2, FIELD_MAX = 4096 };

PFL_VEC(values, double);
PFL_VEC(revisions, const char *);

struct field {
    char text[FIELD_MAX];
    size_t len;
};

struct csv {
    const char *file;
    int line;
    struct pfl_arena *arena;
    struct field fields[COLUMNS_MAX];
    size_t columns; /* of the file; 0: no line was read yet */
    const char *title;
    struct values values;
    struct revisions revisions;
    struct pfl_err *err;
};

static int fail(struct csv *csv, const char *what)
{
    return pfl_err_set_at(csv->err, PFL_EPARSE, csv->file, csv->line, 0, "%s", what);
}

static void trim(struct field *field)
{
    size_t lead = strspn(field->text, " \t");

    while (field->len > lead && strchr(" \t\r", field->text[field->len - 1]))
        field->len--;
    memmove(field->text, field->text + lead, field->len - lead);
    field->len -= lead;
    field->text[field->len] = 0;
}

/* One field from *at; *at is left at the comma or the end. */
static int take_field(struct csv *csv, const char **at, const char *end, struct field *field)
{
    bool quoted = false, was_quoted = false;

    field->len = 0;
    for (; *at < end && (quoted || **at != ','); ++*at) {
        if (**at == '"' && (quoted || field->len == strspn(field->text, " \t") || was_quoted)) {
            if (quoted && *at + 1 < end && (*at)[1] == '"')
                ++*at;
            else {
                quoted = !quoted;
                was_quoted = true;
                continue;
            }
        }
        if (field->len + 1 >= FIELD_MAX)
            return fail(csv, "a field is longer than 4,095 bytes");
        field->text[field->len++] = **at;
        field->text[field->len] = 0;
    }
    field->text[field->len] = 0;
    if (quoted)
        return fail(csv, "a quote \" is never closed");
    trim(field);
    return PFL_OK;
}

/* Splits a line; *count fields. */
static int take_fields(struct csv *csv, const char *at, const char *end, size_t *count)
{
    int rc;

    for (*count = 0;; at++) {
        if (*count == COLUMNS_MAX)
            return fail(csv, "more than two columns; a series is `value` or `revision,value` "
                             "(numbers have a decimal "
                             "point, no comma)");
        csv->fields[*count].text[0] = 0;
        rc = take_field(csv, &at, end, &csv->fields[*count]);
        ++*count;
        if (rc != PFL_OK || at >= end)
            return rc;
    }
}

static bool read_number(const struct field *field, double *value)
{
    static const char *const missing[] = {"",    "nan",  "NaN",      "NAN",       "NA",  "null",
                                          "inf", "-inf", "Infinity", "-Infinity", "+inf"};
    struct pfl_decimal decimal;
    size_t i;

    for (i = 0; i < PFL_COUNT(missing); i++)
        if (strcmp(field->text, missing[i]) == 0) {
            *value = strstr(missing[i], "nf") ? (*field->text == '-' ? -INFINITY : INFINITY) : NAN;
            return true;
        }
    if (pfl_decimal_scan(&decimal, field->text, field->text + field->len) ==
            field->text + field->len &&
        !decimal.lacks_digit) {
        if (!pfl_decimal_read(&decimal, value))
            *value = pfl_decimal_read_text(field->text);
        return true;
    }
    return pfl_units_read_number(field->text, value, NULL) == PFL_OK;
}

static int add_row(struct csv *csv, size_t count)
{
    const struct field *last = &csv->fields[count - 1];
    bool first = csv->columns == 0;
    const char *revision;
    double value;

    if (!first && count != csv->columns)
        return pfl_err_set_at(csv->err, PFL_EPARSE, csv->file, csv->line, 0,
                              "%zu column%s, the lines before have %zu", count,
                              count == 1 ? "" : "s", csv->columns);
    csv->columns = count;
    if (!read_number(last, &value)) {
        if (!first)
            return pfl_err_set_at(
                csv->err, PFL_EPARSE, csv->file, csv->line, 0,
                "expected a number, found `%.80s`; a missing value is empty or NaN", last->text);
        csv->title = pfl_arena_text(csv->arena, last->text);
        return csv->title ? PFL_OK : pfl_err_no_memory(csv->err);
    }
    revision = count == 2 ? pfl_arena_text(csv->arena, csv->fields[0].text) : "";
    if (!revision || !pfl_vec_push(&csv->values, &value) ||
        (count == 2 && !pfl_vec_push(&csv->revisions, &revision)))
        return pfl_err_no_memory(csv->err);
    return PFL_OK;
}

static int read_rows(struct csv *csv, const char *text, size_t len)
{
    const char *end = text + len, *stop;
    size_t count;
    int rc = PFL_OK;

    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3;
    for (; rc == PFL_OK && text < end; text = stop + 1) {
        csv->line++;
        stop = memchr(text, '\n', (size_t)(end - text));
        if (!stop)
            stop = end;
        if (memchr(text, 0, (size_t)(stop - text)))
            return fail(csv, "a zero byte: this is no text");
        if (text == stop || *text == '\r' || *text == '#')
            continue;
        rc = take_fields(csv, text, stop, &count);
        if (rc == PFL_OK)
            rc = add_row(csv, count);
    }
    return rc;
}

static const char *name_of(const char *file, struct pfl_arena *arena)
{
    const char *slash = strrchr(file, '/'), *dot;

    file = slash ? slash + 1 : file;
    dot = strrchr(file, '.');
    if (strcmp(file, "-") == 0)
        return "stdin";
    return pfl_arena_text_n(arena, file, dot && dot > file ? (size_t)(dot - file) : strlen(file));
}

int pfl_series_csv_read(const char *file, const char *text, size_t len, struct pfl_arena *arena,
                        struct pfl_series *series, struct pfl_err *err)
{
    struct csv csv = {.file = file, .arena = arena, .title = "value", .err = err};
    struct pfl_series read = {
        .variant = "", .unit = "", .machine = "", .better = PFL_BETTER_NEITHER};
    int rc = read_rows(&csv, text, len);

    if (rc == PFL_OK) {
        read.benchmark = name_of(file, arena);
        read.metric = csv.title;
        read.n = csv.values.n;
        read.values = pfl_arena_grow(arena, csv.values.at, read.n, read.n + 1, sizeof *read.values);
        if (csv.revisions.n)
            read.revisions =
                pfl_arena_grow(arena, csv.revisions.at, read.n, read.n, sizeof *read.revisions);
        if (!read.benchmark || !read.values || (csv.revisions.n && !read.revisions))
            rc = pfl_err_no_memory(err);
    }
    pfl_vec_release(&csv.values);
    pfl_vec_release(&csv.revisions);
    if (rc == PFL_OK)
        *series = read;
    return rc;
}
