/* A foreign file line by line: for formats that are text, or one JSON document per line among other
 * output. */
#ifndef PFL_FORMATS_LINE_READER_H
#define PFL_FORMATS_LINE_READER_H

#include "formats/format.h"

enum { PFL_LINE_READER_MAX = 64 << 20 }; /* bytes of one line */

struct pfl_line_reader {
    const struct pfl_format_input *input;
    struct pfl_buf line; /* the current one, without its end; 0-terminated, may hold 0s */
    int number;          /* from 1 */
    /* private */
    char *window;
    size_t at, end;
    bool over;
};

void pfl_line_reader_init(struct pfl_line_reader *r, const struct pfl_format_input *input);
void pfl_line_reader_release(struct pfl_line_reader *r);

/* 1: there is one; 0: the end; negative: reading failed, or the line is too long (PFL_ELIMIT). */
int pfl_line_reader_next(struct pfl_line_reader *r, struct pfl_err *err);

/* The line as a terminal would have left it: behind its last carriage return, without escape
 * sequences (colours), in place. */
void pfl_line_reader_plain(struct pfl_line_reader *r);

#endif
