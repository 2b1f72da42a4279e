/*
 * Laying out a table in a given width: natural widths first; when the sum is too wide the widest
 * shrinkable column gives one column at a time down to its least; when that is not enough the least
 * important column goes (the rightmost of equals) and everything starts over; when nothing may go,
 * the widest columns are cut until the row fits. Widths are terminal columns, not bytes. Padding is
 * written only before the next text, so no line ends in a blank.
 */
#include "base/table.h"

#include "base/text.h"

#include <string.h>

enum { GAP = 2, FIRST_ROWS = 16 }; /* blanks between columns; room at first */

struct layout {
    size_t *natural, *width; /* per column */
    bool *dropped;
    size_t room; /* of the whole row; 0 = any */
};

void pfl_table_init(struct pfl_table *table, struct pfl_arena *arena,
                    const struct pfl_table_column *columns, size_t column_count)
{
    memset(table, 0, sizeof *table);
    table->arena = arena;
    table->columns = columns;
    table->column_count = column_count;
}

void pfl_table_add(struct pfl_table *table, const struct pfl_table_cell *row)
{
    size_t capacity, n = table->column_count;
    struct pfl_table_cell *cells;

    if (table->failed)
        return;
    if (table->row_count == table->row_capacity) {
        capacity = table->row_capacity ? table->row_capacity * 2 : FIRST_ROWS;
        cells = pfl_arena_grow(table->arena, table->cells, table->row_count * n, capacity * n,
                               sizeof *cells);
        if (!cells) {
            table->failed = true;
            return;
        }
        table->cells = cells;
        table->row_capacity = capacity;
    }
    memcpy(table->cells + table->row_count++ * n, row, n * sizeof *row);
}

static const struct pfl_table_cell *cell_at(const struct pfl_table *table, size_t row,
                                            size_t column)
{
    return &table->cells[row * table->column_count + column];
}

static const char *text_of(const struct pfl_table_cell *cell)
{
    return cell->text ? cell->text : "";
}

static bool is_blank(const struct pfl_table *table, size_t column)
{
    const char *text;
    size_t row;

    if (!table->blank || table->row_count == 0)
        return false;
    for (row = 0; row < table->row_count; row++) {
        text = text_of(cell_at(table, row, column));
        if (*text && strcmp(text, table->blank) != 0)
            return false;
    }
    return true;
}

static void measure(const struct pfl_table *table, struct layout *layout)
{
    size_t row, column, width;

    for (column = 0; column < table->column_count; column++) {
        layout->dropped[column] = is_blank(table, column);
        layout->natural[column] = pfl_text_width(table->columns[column].title);
        for (row = 0; row < table->row_count; row++) {
            width = pfl_text_width(text_of(cell_at(table, row, column)));
            if (width > layout->natural[column])
                layout->natural[column] = width;
        }
    }
}

static size_t total_width(const struct pfl_table *table, const struct layout *layout)
{
    size_t column, total = 0;

    for (column = 0; column < table->column_count; column++)
        if (!layout->dropped[column])
            total += (total ? GAP : 0) + layout->width[column];
    return total;
}

/* The widest column that may still give, above its own least or, when desperate, above `floor`. */
static size_t widest_above(const struct pfl_table *table, const struct layout *layout, size_t floor)
{
    size_t column, least, found = table->column_count;

    for (column = 0; column < table->column_count; column++) {
        least = floor ? floor : table->columns[column].least;
        if (layout->dropped[column] || least == 0 || layout->width[column] <= least)
            continue;
        if (found == table->column_count || layout->width[column] > layout->width[found])
            found = column;
    }
    return found;
}

static bool shrink(const struct pfl_table *table, struct layout *layout, size_t floor)
{
    size_t total = total_width(table, layout), column;

    for (; total > layout->room; total--) {
        column = widest_above(table, layout, floor);
        if (column == table->column_count)
            return false;
        layout->width[column]--;
    }
    return true;
}

static bool drop_one(const struct pfl_table *table, struct layout *layout)
{
    size_t column, found = table->column_count;

    for (column = 0; column < table->column_count; column++)
        if (!layout->dropped[column] && table->columns[column].importance > 0 &&
            (found == table->column_count ||
             table->columns[column].importance <= table->columns[found].importance))
            found = column;
    if (found < table->column_count)
        layout->dropped[found] = true;
    return found < table->column_count;
}

static bool lay_out(struct pfl_table *table, size_t width, struct layout *layout)
{
    size_t n = table->column_count;

    layout->room = width;
    layout->natural = pfl_arena_array(table->arena, n, sizeof *layout->natural);
    layout->width = pfl_arena_array(table->arena, n, sizeof *layout->width);
    layout->dropped = pfl_arena_array(table->arena, n, sizeof *layout->dropped);
    if (!layout->natural || !layout->width || !layout->dropped)
        return false;
    measure(table, layout);
    do
        memcpy(layout->width, layout->natural, n * sizeof *layout->width);
    while (width && !shrink(table, layout, 0) && drop_one(table, layout));
    if (width)
        shrink(table, layout, 1);
    return true;
}

struct line {
    struct pfl_buf *buf;
    pfl_table_paint_fn *paint;
    size_t pending; /* blanks not yet written */
};

static void put_cell(struct line *line, const struct pfl_table_column *column, size_t width,
                     const char *text, int style)
{
    bool right = column->align == PFL_TABLE_RIGHT;
    size_t used = pfl_text_width(text);
    size_t blanks = used < width ? width - used : 0;

    if (right)
        line->pending += blanks;
    if (*text) {
        pfl_buf_fill(line->buf, ' ', line->pending);
        line->pending = 0;
        if (line->paint && style)
            line->paint(line->buf, style, true);
        if (column->align == PFL_TABLE_NAME)
            pfl_text_fit_middle(line->buf, text, width);
        else
            pfl_text_fit(line->buf, text, width);
        if (line->paint && style)
            line->paint(line->buf, style, false);
    }
    if (!right)
        line->pending += blanks;
}

/* Row -1 is the header. */
static void put_row(const struct pfl_table *table, const struct layout *layout, long row,
                    struct line *line)
{
    const struct pfl_table_cell *cell, title = {.style = PFL_TABLE_STYLE_TITLE};
    size_t column;
    bool first = true;

    line->pending = 0;
    for (column = 0; column < table->column_count; column++) {
        if (layout->dropped[column])
            continue;
        if (!first)
            line->pending += GAP;
        first = false;
        cell = row < 0 ? &title : cell_at(table, (size_t)row, column);
        put_cell(line, &table->columns[column], layout->width[column],
                 row < 0 ? table->columns[column].title : text_of(cell), cell->style);
    }
    pfl_buf_char(line->buf, '\n');
}

static bool has_titles(const struct pfl_table *table)
{
    size_t column;

    for (column = 0; column < table->column_count; column++)
        if (*table->columns[column].title)
            return true;
    return false;
}

int pfl_table_render(struct pfl_table *table, size_t width, pfl_table_paint_fn *paint,
                     struct pfl_buf *buf, struct pfl_err *err)
{
    struct line line = {.buf = buf, .paint = paint};
    struct layout layout;
    long row;

    if (table->failed || !lay_out(table, width, &layout))
        return pfl_err_no_memory(err);
    for (row = has_titles(table) ? -1 : 0; row < (long)table->row_count; row++)
        put_row(table, &layout, row, &line);
    return pfl_buf_check(buf, err, "writing a table");
}

static void put_markdown_cell(struct pfl_buf *buf, const char *text)
{
    pfl_buf_char(buf, ' ');
    for (; *text; text++) {
        if (*text == '|')
            pfl_buf_char(buf, '\\');
        pfl_buf_char(buf, *text);
    }
    pfl_buf_text(buf, " |");
}

int pfl_table_render_markdown(struct pfl_table *table, struct pfl_buf *buf, struct pfl_err *err)
{
    bool *hidden = pfl_arena_array(table->arena, table->column_count, sizeof *hidden);
    size_t row, column;

    if (table->failed || !hidden)
        return pfl_err_no_memory(err);
    for (column = 0; column < table->column_count; column++)
        hidden[column] = is_blank(table, column);
    pfl_buf_char(buf, '|');
    for (column = 0; column < table->column_count; column++)
        if (!hidden[column])
            put_markdown_cell(buf, table->columns[column].title);
    pfl_buf_text(buf, "\n|");
    for (column = 0; column < table->column_count; column++)
        if (!hidden[column])
            pfl_buf_text(buf,
                         table->columns[column].align == PFL_TABLE_RIGHT ? " ---: |" : " --- |");
    for (row = 0; row < table->row_count; row++) {
        pfl_buf_text(buf, "\n|");
        for (column = 0; column < table->column_count; column++)
            if (!hidden[column])
                put_markdown_cell(buf, text_of(cell_at(table, row, column)));
    }
    pfl_buf_char(buf, '\n');
    return pfl_buf_check(buf, err, "writing a table");
}
