/* Splits lines into fields; a quote that is open at a line's end goes on in the next. What is
 * behind a closing quote up to the comma is taken as it stands, as most readers do. */
#include "formats/csv_records.h"

#include "base/decimal.h"
#include "base/units.h"
#include "formats/words.h"

#include <math.h>
#include <string.h>

enum { RECORD_MAX = 64 << 20 };

void pfl_csv_init(struct pfl_csv *csv, const struct pfl_format_input *input)
{
    *csv = (struct pfl_csv){.delimiter = ','};
    pfl_line_reader_init(&csv->lines, input);
    pfl_buf_init(&csv->text, RECORD_MAX);
}

void pfl_csv_release(struct pfl_csv *csv)
{
    pfl_line_reader_release(&csv->lines);
    pfl_buf_release(&csv->text);
}

static int fail(const struct pfl_csv *csv, struct pfl_err *err, const char *what)
{
    return pfl_err_set_at(err, PFL_EPARSE, csv->lines.input->path, csv->line, 0, "%s", what);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* A line with something in it. */
static int next_line(struct pfl_csv *csv, struct pfl_err *err)
{
    const struct pfl_buf *line = &csv->lines.line;
    int rc;

    while ((rc = pfl_line_reader_next(&csv->lines, err)) > 0)
        if (line->len && *line->data != '#' && *line->data != '\r')
            break;
    csv->line = csv->lines.number;
    if (rc > 0 && !memchr(csv->lines.line.data, 0, csv->lines.line.len) &&
        !pfl_word_repair(&csv->lines.line))
        return pfl_err_no_memory(err);
    return rc;
}

/* The line within quotes goes on. */
static int next_part(struct pfl_csv *csv, struct pfl_err *err)
{
    int rc = pfl_line_reader_next(&csv->lines, err);

    pfl_buf_char(&csv->text, '\n');
    return rc == 0 ? fail(csv, err, "a quote \" is never closed") : rc;
}

/* One field from *at of the line; *at is left at the comma, or at the line's end. */
static int take_field(struct pfl_csv *csv, const char **at, struct pfl_err *err)
{
    const struct pfl_buf *line = &csv->lines.line;
    size_t from = csv->text.len, solid = from; /* behind the last byte that is kept */
    const char *end = line->data + line->len;
    bool quoted = false, was_quoted = false;
    int rc;

    while (*at < end && is_blank(**at) && **at != csv->delimiter)
        ++*at;
    for (;; ++*at) {
        if (*at >= end) {
            if (!quoted)
                break;
            rc = next_part(csv, err);
            if (rc <= 0)
                return rc;
            *at = pfl_buf_cstr(line) - 1;
            end = *at + 1 + line->len;
            continue;
        }
        if (!quoted && **at == csv->delimiter)
            break;
        if (**at == '"' && quoted && *at + 1 < end && (*at)[1] == '"') {
            ++*at;
        } else if (**at == '"' && (quoted || was_quoted || csv->text.len == from)) {
            quoted = !quoted;
            was_quoted = true;
            solid = csv->text.len;
            continue;
        }
        pfl_buf_char(&csv->text, **at);
        if (quoted || !is_blank(**at))
            solid = csv->text.len;
    }
    pfl_buf_truncate(&csv->text, solid);
    pfl_buf_char(&csv->text, 0);
    return csv->text.error ? pfl_buf_check(&csv->text, err, "reading a record") : 1;
}

int pfl_csv_next(struct pfl_csv *csv, struct pfl_err *err)
{
    const char *at;
    size_t i;
    int rc = next_line(csv, err);

    if (rc <= 0)
        return rc;
    pfl_buf_clear(&csv->text);
    csv->count = 0;
    for (at = pfl_buf_cstr(&csv->lines.line);; at++) {
        if (csv->count == PFL_CSV_FIELDS_MAX)
            return fail(csv, err, "more than 256 columns");
        csv->columns[csv->count] = (int)(at - pfl_buf_cstr(&csv->lines.line)) + 1;
        csv->places[csv->count++] = csv->text.len;
        rc = take_field(csv, &at, err);
        if (rc <= 0)
            return rc;
        if (at >= csv->lines.line.data + csv->lines.line.len)
            break;
    }
    for (i = 0; i < csv->count; i++) {
        csv->fields[i] = csv->text.data + csv->places[i];
        if (strlen(csv->fields[i]) + 1 !=
            (i + 1 < csv->count ? csv->places[i + 1] : csv->text.len) - csv->places[i])
            return fail(csv, err, "a zero byte: this is no text, or UTF-16 (save it as UTF-8)");
    }
    return 1;
}

bool pfl_csv_number(const char *field, double *value)
{
    static const char *const missing[] = {"",    "nan",  "NaN",      "NAN",       "NA",  "null",
                                          "inf", "-inf", "Infinity", "-Infinity", "+inf"};
    struct pfl_decimal decimal;
    const char *end = field + strlen(field);
    size_t i;

    for (i = 0; i < PFL_COUNT(missing); i++)
        if (strcmp(field, missing[i]) == 0) {
            *value = strstr(missing[i], "nf") ? (*field == '-' ? -INFINITY : INFINITY) : NAN;
            return true;
        }
    if (pfl_decimal_scan(&decimal, field, end) == end && !decimal.lacks_digit) {
        if (!pfl_decimal_read(&decimal, value))
            *value = pfl_decimal_read_text(field);
        return true;
    }
    return pfl_units_read_number(field, value, NULL) == PFL_OK;
}
