/*
 * Markdown for files that people open in an editor as often as in a browser.
 *
 * So as little as possible is escaped, by one backslash, and names of benchmarks are code, where
 * nothing needs to be: only what could really be markup at its place. An underscore within a word
 * is none (CommonMark 6.2); the signs that begin a list, a quote or a heading are markup only where
 * the text begins. Entities stay literal by "&amp;". `$` is escaped, because GitHub and GitLab take
 * two of them for mathematics.
 */
#include "documents/markdown.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1 << 20 };

/* Control characters made visible, line breaks and tabs as blanks. */
static void plain(struct pfl_buf *out, const char *raw)
{
    const char *at = raw, *end;

    for (; *at; at = end) {
        end = at + strcspn(at, "\r\n\t");
        pfl_text_escape(out, at, (size_t)(end - at));
        if (*end)
            pfl_buf_char(out, ' ');
        while (*end == '\r' || *end == '\n' || *end == '\t')
            end++;
    }
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* The sign that makes a list, heading, quote or rule of a line that begins so; its place. NULL. */
static const char *opens_a_line(const char *text)
{
    const char *at = text + strspn(text, " "), *digits = at;

    if (*at && strchr("#>", *at))
        return at;
    if (*at && strchr("-+=", *at) && (at[1] == ' ' || at[1] == *at || !at[1]))
        return at;
    while (isdigit((unsigned char)*at))
        at++;
    return at > digits && (*at == '.' || *at == ')') && (at[1] == ' ' || !at[1]) ? at : NULL;
}

static bool is_markup(const char *text, const char *at)
{
    if (*at == '_')
        return at == text || !is_word(at[-1]) || !is_word(at[1]);
    if (*at == '#') /* closes a heading */
        return at > text && at[-1] == ' ' && strspn(at, "# ") == strlen(at);
    return strchr("\\`*[]<>~$", *at) != NULL;
}

void pfl_markdown_text(struct pfl_buf *buf, const char *raw)
{
    struct pfl_buf line;
    const char *text, *opening, *at;

    pfl_buf_init(&line, LINE_MAX_BYTES);
    plain(&line, raw);
    text = pfl_buf_cstr(&line);
    opening = opens_a_line(text);
    for (at = text; *at; at++) {
        if (*at == '&' && (isalpha((unsigned char)at[1]) || at[1] == '#')) {
            pfl_buf_text(buf, "&amp;");
            continue;
        }
        if (at == opening || is_markup(text, at))
            pfl_buf_char(buf, '\\');
        pfl_buf_char(buf, *at);
    }
    if (line.error)
        buf->error = line.error;
    pfl_buf_release(&line);
}

void pfl_markdown_code(struct pfl_buf *buf, const char *raw)
{
    struct pfl_buf line;
    const char *text, *fence, *pad;

    if (!*raw)
        return;
    pfl_buf_init(&line, LINE_MAX_BYTES);
    plain(&line, raw);
    text = pfl_buf_cstr(&line);
    fence = !strchr(text, '`') ? "`" : !strstr(text, "``") ? "``" : "``````";
    pad = fence[1] || *text == ' ' ? " " : "";
    pfl_buf_format(buf, "%s%s%s%s%s", fence, pad, text, pad, fence);
    if (line.error)
        buf->error = line.error;
    pfl_buf_release(&line);
}

void pfl_markdown_link(struct pfl_buf *buf, const char *text, const char *where)
{
    pfl_buf_format(buf, "[%s](", text);
    for (; *where; where++) {
        unsigned char c = (unsigned char)*where;

        if (c <= ' ' || c == 0x7f || strchr("()<>\\", c))
            pfl_buf_format(buf, "%%%02X", c);
        else
            pfl_buf_char(buf, *where);
    }
    pfl_buf_char(buf, ')');
}

/*
 * In a row of a table a bar splits unless a backslash stands before it, whatever stands before that
 * one, and in code spans, too; and that one backslash goes before anything else is read (GFM 4.10,
 * cmark-gfm's row scanner). So one before each bar is right everywhere: the name a\|b is written
 * `a\\|b` and shown as it is.
 */
/* Columns of a cell, with the backslashes that its bars get. */
static size_t width_of(const char *text)
{
    size_t width = pfl_text_width(text);

    for (; *text; text++)
        width += *text == '|';
    return width;
}

static const char *cell(const struct pfl_table *table, size_t row, size_t column)
{
    const char *text = table->cells[row * table->column_count + column].text;

    return text ? text : "";
}

static bool is_blank(const struct pfl_table *table, size_t column)
{
    size_t row;

    if (!table->blank)
        return false;
    for (row = 0; row < table->row_count; row++) {
        const char *text = cell(table, row, column);

        if (*text && strcmp(text, table->blank) != 0)
            return false;
    }
    return true;
}

static void put_cell(struct pfl_buf *buf, const char *text, size_t width,
                     enum pfl_table_align align)
{
    size_t blanks = width - width_of(text);

    pfl_buf_char(buf, ' ');
    if (align == PFL_TABLE_RIGHT)
        pfl_buf_fill(buf, ' ', blanks);
    for (; *text; text++) {
        if (*text == '|')
            pfl_buf_char(buf, '\\');
        pfl_buf_char(buf, *text);
    }
    if (align != PFL_TABLE_RIGHT)
        pfl_buf_fill(buf, ' ', blanks);
    pfl_buf_text(buf, " |");
}

static size_t widest(const struct pfl_table *table, size_t column)
{
    size_t row, width, most = width_of(table->columns[column].title);

    for (row = 0; row < table->row_count; row++) {
        width = width_of(cell(table, row, column));
        most = width > most ? width : most;
    }
    return most < 3 ? 3 : most;
}

static void put_rule(struct pfl_buf *buf, size_t width, enum pfl_table_align align)
{
    pfl_buf_char(buf, ' ');
    pfl_buf_fill(buf, '-', width - (align == PFL_TABLE_RIGHT));
    pfl_buf_text(buf, align == PFL_TABLE_RIGHT ? ": |" : " |");
}

int pfl_markdown_table(struct pfl_table *table, struct pfl_buf *buf, struct pfl_err *err)
{
    size_t *width = pfl_arena_array(table->arena, table->column_count, sizeof *width);
    size_t line, column;

    if (table->failed || !width)
        return pfl_err_no_memory(err);
    for (column = 0; column < table->column_count; column++)
        width[column] = is_blank(table, column) ? 0 : widest(table, column);
    for (line = 0; line < table->row_count + 2; line++) {
        pfl_buf_char(buf, '|');
        for (column = 0; column < table->column_count; column++) {
            enum pfl_table_align align = table->columns[column].align;

            if (width[column] == 0)
                continue;
            if (line == 1)
                put_rule(buf, width[column], align);
            else
                put_cell(buf, line ? cell(table, line - 2, column) : table->columns[column].title,
                         width[column], align);
        }
        pfl_buf_char(buf, '\n');
    }
    return pfl_buf_check(buf, err, "writing a table");
}
