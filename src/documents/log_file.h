/*
 * The log (PERFORMANCE.md) as a file: where a row goes, and what surrounds it in a new one.
 *
 * Two parts: "## Log", whose rows are in the order of time, and "## External timings" for figures
 * of other machines than the reference one. Nothing that is there is ever changed: a row is
 * inserted behind the last row of its part and the text that people wrote below that.
 */
#ifndef PFL_DOCUMENTS_LOG_FILE_H
#define PFL_DOCUMENTS_LOG_FILE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "documents/block.h"
#include "documents/row.h"

/* A row that is there, with its facts. */
struct pfl_log_row {
    const struct pfl_block *block;
    struct pfl_row_facts facts;
    bool readable; /* false: its facts cannot be read; external is then false */
};

struct pfl_log_file {
    const char *text; /* "" for one that is not there */
    size_t len;
    struct pfl_blocks blocks;
    struct pfl_log_row *rows; /* in the order of the file */
    size_t row_count;
    bool crlf; /* most lines end in CR LF */
};

/* text is borrowed. */
int pfl_log_file_read(const char *text, size_t len, struct pfl_arena *arena,
                      struct pfl_log_file *log, struct pfl_err *err);

/* The last row of a part; NULL: none yet. */
const struct pfl_log_row *pfl_log_file_last(const struct pfl_log_file *log, bool external);

/* The row with the two runs of these facts that speaks of a benchmark of the head which they speak
 * of, too (and may show the same metric); NULL. */
const struct pfl_log_row *pfl_log_file_find(const struct pfl_log_file *log,
                                            const struct pfl_row_facts *facts,
                                            const struct pfl_run *head);

/* The whole file with the block put where it belongs. *line: of the row's heading, from 1. */
int pfl_log_file_insert(const struct pfl_log_file *log, bool external, const struct pfl_buf *block,
                        struct pfl_buf *out, int *line, struct pfl_err *err);

#endif
