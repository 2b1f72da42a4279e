/*
 * Tables for the terminal and Markdown: cells are text, columns know how to give way. The caller
 * says the width; the table shrinks columns marked so, and drops the least important ones when that
 * is not enough.
 */
#ifndef PFL_BASE_TABLE_H
#define PFL_BASE_TABLE_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>

enum pfl_table_align {
    PFL_TABLE_LEFT,
    PFL_TABLE_RIGHT,
    PFL_TABLE_NAME, /* left; where it is too long, the middle is cut out instead of the end */
};

struct pfl_table_column {
    const char *title; /* borrowed */
    enum pfl_table_align align;
    size_t least;   /* may shrink to this many columns (text then ends in …); 0: never shrinks */
    int importance; /* columns with the lowest number are dropped first; 0: never dropped */
};

/* A style id per cell, opaque here: the terminal report maps it to colours, everybody else ignores
 * it. 0 is plain (never painted); the header's cells have PFL_TABLE_STYLE_TITLE. */
enum { PFL_TABLE_STYLE_TITLE = -1 };
struct pfl_table_cell {
    const char *text;
    int style;
};

struct pfl_table {
    struct pfl_arena *arena;
    const struct pfl_table_column *columns;
    size_t column_count;
    struct pfl_table_cell *cells; /* row-major */
    size_t row_count, row_capacity;
    const char *blank; /* not NULL: a column whose cells are all "" or this is left out */
    bool failed;       /* no memory: rendering says so */
};

void pfl_table_init(struct pfl_table *table, struct pfl_arena *arena,
                    const struct pfl_table_column *columns, size_t column_count);
/* `row` has column_count cells; texts are borrowed until rendered and must already be escaped. NULL
 * = "". */
void pfl_table_add(struct pfl_table *table, const struct pfl_table_cell *row);

/* Called around each cell's text with its style (may be NULL). */
typedef void pfl_table_paint_fn(struct pfl_buf *buf, int style, bool begin);

/* width 0: as wide as needed. A header line unless all titles are empty. No trailing blanks. Fails
 * with PFL_ENOMEM, or PFL_ELIMIT when buf is full. */
int pfl_table_render(struct pfl_table *table, size_t width, pfl_table_paint_fn *paint,
                     struct pfl_buf *buf, struct pfl_err *err);
/* GitHub Markdown: `|` escaped, alignment row. Drops columns only as `blank` says. */
int pfl_table_render_markdown(struct pfl_table *table, struct pfl_buf *buf, struct pfl_err *err);

#endif
