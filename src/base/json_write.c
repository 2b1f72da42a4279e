/*
 * The JSON writer: places commas, colons and line breaks so that its callers write only what they
 * mean. Two bits per open bracket are all it knows: is it an object, and does it hold something
 * already. The sequence of calls is the program's, never the input's, so a wrong one is a bug and
 * stops at once; the texts may be anything.
 */
#include "base/json.h"

#include "base/text.h"
#include "base/units.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static bool bit_of(const unsigned char *bits, int i)
{
    return (bits[i / 8] >> (i % 8) & 1) != 0;
}

static void set_bit(unsigned char *bits, int i, bool value)
{
    bits[i / 8] = (unsigned char)((bits[i / 8] & ~(1 << i % 8)) | value << i % 8);
}

static bool in_object(const struct pfl_json_writer *w)
{
    return w->depth > 0 && bit_of(w->stack, w->depth - 1);
}

static void break_line(struct pfl_json_writer *w)
{
    if (w->indent > 0 && !w->flat) {
        pfl_buf_char(w->out, '\n');
        pfl_buf_fill(w->out, ' ', (size_t)w->indent * (size_t)w->depth);
    }
}

/* A comma where something stands before, and the line break. */
static void begin_item(struct pfl_json_writer *w)
{
    if (w->depth == 0)
        return;
    if (bit_of(w->filled, w->depth - 1))
        pfl_buf_text(w->out, w->indent > 0 && w->flat ? ", " : ",");
    set_bit(w->filled, w->depth - 1, true);
    break_line(w);
}

static void begin_value(struct pfl_json_writer *w)
{
    if (in_object(w) != w->after_key)
        PFL_BUG("JSON: a value where a key belongs");
    if (!w->after_key)
        begin_item(w);
    w->after_key = false;
}

static void open_bracket(struct pfl_json_writer *w, char bracket)
{
    if (w->depth == PFL_JSON_NESTING_MAX)
        PFL_BUG("JSON: more than %d brackets deep", w->depth);
    begin_value(w);
    pfl_buf_char(w->out, bracket);
    set_bit(w->stack, w->depth, bracket == '{');
    set_bit(w->filled, w->depth, false);
    w->depth++;
}

static void close_bracket(struct pfl_json_writer *w, char bracket)
{
    if (w->depth == 0 || w->after_key || in_object(w) != (bracket == '}'))
        PFL_BUG("JSON: '%c' closes nothing", bracket);
    w->depth--;
    if (bit_of(w->filled, w->depth))
        break_line(w);
    pfl_buf_char(w->out, bracket);
}

static void write_escape(struct pfl_buf *out, unsigned char c)
{
    static const char values[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
    const char *at = memchr(values, c, sizeof values - 1);

    if (at) {
        pfl_buf_char(out, '\\');
        pfl_buf_char(out, names[at - values]);
    } else {
        pfl_buf_format(out, "\\u%04x", c);
    }
}

static void write_quoted(struct pfl_buf *out, const char *text, size_t len)
{
    size_t i = 0, from = 0, step;
    uint32_t point;

    pfl_buf_char(out, '"');
    while (i < len) {
        unsigned char c = (unsigned char)text[i];

        step = c < 0x80 ? 1 : pfl_text_decode(text + i, len - i, &point);
        if (step > 0 && c >= 0x20 && c != '"' && c != '\\') {
            i += step;
            continue;
        }
        pfl_buf_add(out, text + from, i - from);
        if (step == 0)
            pfl_buf_text(out, "\xEF\xBF\xBD");
        else
            write_escape(out, c);
        from = ++i;
    }
    pfl_buf_add(out, text + from, len - from);
    pfl_buf_char(out, '"');
}

void pfl_json_writer_init(struct pfl_json_writer *w, struct pfl_buf *out, int indent)
{
    memset(w, 0, sizeof *w);
    w->out = out;
    w->indent = indent;
}

void pfl_json_object(struct pfl_json_writer *w)
{
    open_bracket(w, '{');
}

void pfl_json_object_end(struct pfl_json_writer *w)
{
    close_bracket(w, '}');
}

void pfl_json_array(struct pfl_json_writer *w)
{
    open_bracket(w, '[');
}

void pfl_json_array_end(struct pfl_json_writer *w)
{
    close_bracket(w, ']');
}

void pfl_json_key_n(struct pfl_json_writer *w, const char *key, size_t len)
{
    if (!in_object(w) || w->after_key)
        PFL_BUG("JSON: the key \"%s\" where a value belongs", key);
    begin_item(w);
    write_quoted(w->out, key, len);
    pfl_buf_text(w->out, w->indent > 0 ? ": " : ":");
    w->after_key = true;
}

void pfl_json_key(struct pfl_json_writer *w, const char *key)
{
    pfl_json_key_n(w, key, strlen(key));
}

void pfl_json_string_n(struct pfl_json_writer *w, const char *text, size_t len)
{
    begin_value(w);
    write_quoted(w->out, text, len);
}

void pfl_json_string(struct pfl_json_writer *w, const char *text)
{
    if (text)
        pfl_json_string_n(w, text, strlen(text));
    else
        pfl_json_null(w);
}

void pfl_json_number(struct pfl_json_writer *w, double value)
{
    char text[PFL_UNITS_NUMBER_MAX];

    begin_value(w);
    if (!isfinite(value) && !w->bare_nan)
        pfl_buf_text(w->out, "null");
    else
        pfl_buf_add(w->out, text, pfl_units_number_text(text, value));
}

void pfl_json_integer(struct pfl_json_writer *w, int64_t value)
{
    begin_value(w);
    pfl_buf_format(w->out, "%" PRId64, value);
}

void pfl_json_bool(struct pfl_json_writer *w, bool value)
{
    begin_value(w);
    pfl_buf_text(w->out, value ? "true" : "false");
}

void pfl_json_null(struct pfl_json_writer *w)
{
    begin_value(w);
    pfl_buf_text(w->out, "null");
}

void pfl_json_numbers(struct pfl_json_writer *w, const double *values, size_t n)
{
    bool was_flat = w->flat;
    size_t i;

    pfl_json_array(w);
    w->flat = true;
    for (i = 0; i < n; i++)
        pfl_json_number(w, values[i]);
    pfl_json_array_end(w);
    w->flat = was_flat;
}

void pfl_json_put_string(struct pfl_json_writer *w, const char *key, const char *text)
{
    pfl_json_key(w, key);
    pfl_json_string(w, text);
}

void pfl_json_put_number(struct pfl_json_writer *w, const char *key, double value)
{
    pfl_json_key(w, key);
    pfl_json_number(w, value);
}

void pfl_json_put_integer(struct pfl_json_writer *w, const char *key, int64_t value)
{
    pfl_json_key(w, key);
    pfl_json_integer(w, value);
}

void pfl_json_put_bool(struct pfl_json_writer *w, const char *key, bool value)
{
    pfl_json_key(w, key);
    pfl_json_bool(w, value);
}
