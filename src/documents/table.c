/*
 * Markdown tables with aligned columns.
 *
 * A reader of the raw file wants columns, so cells are filled up with blanks to the width that a
 * terminal shows them in. Numbers stand right in both forms. The last column's text is as long as
 * it is: filling it up would make every line as long as the longest remark.
 */
#include "documents/table.h"

#include "base/text.h"

#include <string.h>

enum { RULE_LEAST = 3 };

struct layout {
    const struct pfl_table *table;
    size_t *widths;
    bool *hidden;
    size_t last; /* the last column that is shown */
};

static const char *text_of(const struct pfl_table *table, size_t row, size_t column)
{
    const char *text = table->cells[row * table->column_count + column].text;

    return text ? text : "";
}

static bool is_blank(const struct pfl_table *table, size_t column)
{
    const char *text;
    size_t row;

    if (!table->blank)
        return false;
    for (row = 0; row < table->row_count; row++) {
        text = text_of(table, row, column);
        if (*text && strcmp(text, table->blank) != 0)
            return false;
    }
    return true;
}

static size_t widest(const struct pfl_table *table, size_t column)
{
    size_t most = pfl_text_width(table->columns[column].title), row, width;

    for (row = 0; row < table->row_count; row++) {
        width = pfl_text_width(text_of(table, row, column));
        most = width > most ? width : most;
    }
    return most;
}

static bool lay_out(const struct pfl_table *table, const size_t *widths, struct layout *layout)
{
    size_t column, n = table->column_count, width;

    layout->table = table;
    layout->widths = pfl_arena_array(table->arena, n, sizeof *layout->widths);
    layout->hidden = pfl_arena_array(table->arena, n, sizeof *layout->hidden);
    if (!layout->widths || !layout->hidden)
        return false;
    for (column = 0; column < n; column++) {
        width = widths ? widths[column] : widest(table, column);
        layout->widths[column] = width < RULE_LEAST ? RULE_LEAST : width;
        layout->hidden[column] = is_blank(table, column);
        if (!layout->hidden[column])
            layout->last = column;
    }
    return true;
}

static void put_cell(const struct layout *layout, size_t column, const char *text,
                     struct pfl_buf *out)
{
    size_t width = pfl_text_width(text), wanted = layout->widths[column];
    size_t blanks = width < wanted ? wanted - width : 0;
    bool right = layout->table->columns[column].align == PFL_TABLE_RIGHT;

    pfl_buf_char(out, ' ');
    if (right)
        pfl_buf_fill(out, ' ', blanks);
    pfl_buf_text(out, text);
    if (!right && column != layout->last)
        pfl_buf_fill(out, ' ', blanks);
    pfl_buf_text(out, *text || right || column != layout->last ? " |" : "|");
}

static void put_rule(const struct layout *layout, size_t column, struct pfl_buf *out)
{
    bool right = layout->table->columns[column].align == PFL_TABLE_RIGHT;
    size_t wanted = column == layout->last && !right
                        ? pfl_text_width(layout->table->columns[column].title)
                        : layout->widths[column];

    wanted = wanted < RULE_LEAST ? RULE_LEAST : wanted;
    pfl_buf_char(out, ' ');
    pfl_buf_fill(out, '-', right ? wanted - 1 : wanted);
    pfl_buf_text(out, right ? ": |" : " |");
}

int pfl_document_table(const struct pfl_table *table, const size_t *widths, struct pfl_buf *out,
                       struct pfl_err *err)
{
    struct layout layout = {0};
    size_t row, column, n = table->column_count;

    if (table->failed || !lay_out(table, widths, &layout))
        return pfl_err_no_memory(err);
    pfl_buf_char(out, '|');
    for (column = 0; column < n; column++)
        if (!layout.hidden[column])
            put_cell(&layout, column, table->columns[column].title, out);
    pfl_buf_text(out, "\n|");
    for (column = 0; column < n; column++)
        if (!layout.hidden[column])
            put_rule(&layout, column, out);
    pfl_buf_char(out, '\n');
    for (row = 0; row < table->row_count; row++) {
        pfl_buf_char(out, '|');
        for (column = 0; column < n; column++)
            if (!layout.hidden[column])
                put_cell(&layout, column, text_of(table, row, column), out);
        pfl_buf_char(out, '\n');
    }
    return pfl_buf_check(out, err, "writing a table");
}
