/*
 * Sealed blocks: what perfledger writes into Markdown files that people write in, too.
 *
 *     <!-- perfledger:row 5f0c9a1be2d37f60 {"schema":1,"after":"…","runs":["…"],…} -->
 *     ## 2026-11-21 · Table look-up instead of branches
 *     …
 *     <!-- perfledger:end 5f0c9a1be2d37f60 -->
 *
 * The number is the beginning of the SHA-256 over the kind, the facts and the text, so a block that
 * was touched no longer fits its own. The facts are one JSON object: everything the text was made
 * of that is not in the runs it names, so that the text can be made again and compared. What stands
 * outside of blocks is people's.
 *
 * In every kind's facts: "schema" (1), "tool" ("perfledger 0.1.0"), "runs": the ids of all runs
 * whose numbers are in the text.
 */
#ifndef PFL_DOCUMENTS_BLOCK_H
#define PFL_DOCUMENTS_BLOCK_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { PFL_BLOCK_ID_LENGTH = 16 };

struct pfl_block {
    const char *kind; /* "row", "snapshot", "trend", "latest" */
    const char *id;   /* as it stands in the first line */
    bool sealed;      /* it is that of the content */
    const char *facts;
    size_t facts_len;
    const char *text; /* between the two lines, with its last newline */
    size_t text_len;
    int line, text_line, end_line; /* from 1: of the first line, of the text, of the last line */
    size_t at, end;                /* bytes of the file, both lines included */
    const char **runs;             /* facts' "runs" */
    size_t run_count;
};

/* What keeps a block from being one: its last line is missing, a second begins within, facts are no
 * JSON object … */
struct pfl_block_problem {
    int line;
    const char *what;
};

struct pfl_blocks {
    struct pfl_block *at;
    size_t n;
    struct pfl_block_problem *problems; /* in the order of lines */
    size_t problem_count;
};

/* All blocks of a file. Texts are borrowed from `text` or live in the arena. A broken block is a
 * problem, no error. */
int pfl_blocks_read(const char *text, size_t len, struct pfl_arena *arena,
                    struct pfl_blocks *blocks, struct pfl_err *err);

/* A text of a block's facts; NULL: there is none of that name, or no memory. */
const char *pfl_block_fact(const struct pfl_block *block, const char *name,
                           struct pfl_arena *arena);

/* Appends a block. facts: a JSON object of one line ("--" may be in it: it is written so that the
 * comment does not end there). text ends with a newline (one is added) and may hold no line that
 * begins or ends a block (PFL_EINVAL). id: filled. */
struct pfl_block_content {
    const char *kind, *facts;
    const char *text;
    size_t text_len;
};
int pfl_block_write(const struct pfl_block_content *content, struct pfl_buf *out,
                    char id[PFL_BLOCK_ID_LENGTH + 1], struct pfl_err *err);

#endif
