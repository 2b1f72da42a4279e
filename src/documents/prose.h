/*
 * What a document claims beside its sealed blocks: figures ("12.3 ms", "0.87×", "4 %") and links.
 *
 * Code is none of it: what stands in `backticks` or in a fenced block is an example, a name or a
 * setting. Nor is what stands in a comment. Titles and notes are people's words, also where they
 * are sealed.
 */
#ifndef PFL_DOCUMENTS_PROSE_H
#define PFL_DOCUMENTS_PROSE_H

#include "documents/block.h"

enum pfl_prose_kind { PFL_PROSE_FIGURE, PFL_PROSE_LINK };

struct pfl_prose_item {
    enum pfl_prose_kind kind;
    bool in_block; /* perfledger's own words */
    bool sealed;   /* in a block, in whosever words: it cannot be written otherwise any more */
    int line;
    /* A figure: as one writes it, "12.3 ms": one blank, and one way to write a unit. A link: where
     * it leads, without "#part", "?query" and %-escapes; only those within the repository. */
    const char *text;
};

/* In the order of the text. blocks: those of the same text. */
int pfl_prose_read(const char *text, size_t len, const struct pfl_blocks *blocks,
                   struct pfl_arena *arena, struct pfl_prose_item **items, size_t *n,
                   struct pfl_err *err);

/* The first figure in people's words of the block called `id` (NULL: of any) that no block of the
 * text has; *figure is NULL when there is none. What must not be sealed, because nobody could
 * change it. */
int pfl_prose_unsupported(const struct pfl_buf *text, const char *id, struct pfl_arena *arena,
                          const char **figure, struct pfl_err *err);

#endif
