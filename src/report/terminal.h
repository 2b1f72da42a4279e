/*
 * The terminal's pen: safe text, ASCII where UTF-8 is not shown, lines that never exceed the width,
 * colours. Only the files terminal*.c use it.
 */
#ifndef PFL_REPORT_TERMINAL_H
#define PFL_REPORT_TERMINAL_H

#include "base/table.h"
#include "report/internal.h"

enum pfl_terminal_style {
    PFL_TERMINAL_PLAIN,
    PFL_TERMINAL_BAD,
    PFL_TERMINAL_GOOD,
    PFL_TERMINAL_WARN,
    PFL_TERMINAL_DIM,
    PFL_TERMINAL_STRONG,
};

struct pfl_terminal {
    struct pfl_report_words words;
    const struct pfl_report_style *style;
    struct pfl_buf *out;
    size_t start; /* out's length at the beginning */
    size_t width;
    /* the line under construction */
    size_t indent, column;
    bool fresh; /* nothing stands on the line but its indent */
};

void pfl_terminal_init(struct pfl_terminal *t, const struct pfl_report_style *style,
                       struct pfl_arena *arena, struct pfl_buf *out);
int pfl_terminal_finish(struct pfl_terminal *t, struct pfl_err *err, const char *doing);

/* Raw text as it may stand in a terminal: control characters as escapes, ASCII only where need be.
 * In the arena. */
const char *pfl_terminal_show(struct pfl_terminal *t, const char *raw);

/* The same for a name in a table: at most two fifths of the width, cut in the middle. */
enum { PFL_TERMINAL_NAME_LEAST = 24 };
const char *pfl_terminal_name(struct pfl_terminal *t, const char *raw);

/* Codes around a text; a pfl_table_paint_fn. NULL where there is no colour: use
 * pfl_terminal_paint(t). */
pfl_table_paint_fn *pfl_terminal_painter(const struct pfl_terminal *t);

/* Raw text as lines of its own: `first` begins the first line, the others are indented to behind
 * it. */
void pfl_terminal_wrap(struct pfl_terminal *t, const char *first, int style, const char *raw);

/* A line of pieces that are kept whole and moved to a next, indented line when they do not fit. */
void pfl_terminal_begin(struct pfl_terminal *t, size_t indent, size_t next_indent);
void pfl_terminal_put(struct pfl_terminal *t, const char *separator, int style, const char *raw);
void pfl_terminal_end(struct pfl_terminal *t);
void pfl_terminal_blank(struct pfl_terminal *t); /* an empty line */

/* Two lines that say which run this is; before them, whether it is void. */
void pfl_terminal_heading(struct pfl_terminal *t, const struct pfl_report_run *report);
/* What the times of benchmarks inside programs are; nothing when there are none. */
void pfl_terminal_inside(struct pfl_terminal *t, const struct pfl_run *run);
/* The range to show beside a median: of values as the median is, normalised inside or as measured.
 */
void pfl_terminal_extremes(const struct pfl_result *result, double *min, double *max);
/* Who is faster than whom; may be NULL. */
void pfl_terminal_rank(struct pfl_terminal *t, const struct pfl_comparison *rank);

/* A table in the terminal's width, its cells shown already. */
int pfl_terminal_table(struct pfl_terminal *t, struct pfl_table *table, struct pfl_err *err);

#endif
