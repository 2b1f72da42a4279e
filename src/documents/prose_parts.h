/* What the files of prose share. */
#ifndef PFL_DOCUMENTS_PROSE_PARTS_H
#define PFL_DOCUMENTS_PROSE_PARTS_H

#include "base/vec.h"
#include "documents/fence.h"
#include "documents/prose.h"

#include <stdint.h>

PFL_VEC(pfl_prose_items, struct pfl_prose_item);

/* Words of people that a block shows, as they stand in it. */
struct pfl_prose_word {
    const char *text;
    bool in_table; /* a trend's note is a cell, a title or note of a row stands outside of tables */
};
PFL_VEC(pfl_prose_words, struct pfl_prose_word);

struct pfl_prose_scan {
    struct pfl_arena *arena;
    struct pfl_err *err;
    const struct pfl_blocks *blocks;
    const char *text, *end;
    struct pfl_prose_items items;
    int line;
    const char *line_begin, *line_end;
    size_t block;       /* the first one that does not end before `line` */
    bool within;        /* the line is of this block */
    size_t words_block; /* whose words these are; SIZE_MAX: none's */
    struct pfl_prose_words words;
    bool table;      /* the line before was one of a table's */
    bool header;     /* the line is its first: "99 % interval" says what stands below */
    uint64_t ratios; /* columns of it that hold ratios, as bits */
    size_t column;   /* that we are in */
    struct pfl_fence fence;
    const char *comment_end; /* within a comment: where it ends */
};

/* at: where it stands in the text. */
int pfl_prose_add(struct pfl_prose_scan *scan, enum pfl_prose_kind kind, const char *at,
                  const char *text);

/* A number begins at *at. Steps over it; it is added when it is a figure. */
int pfl_prose_number(struct pfl_prose_scan *scan, const char **at);

/* A link's target begins at *at ("](" or "]: " is behind us). Steps over it. in_text: it ends with
 * a bracket. */
int pfl_prose_link(struct pfl_prose_scan *scan, const char **at, bool in_text);
/* Behind the HTML tag that begins here; NULL: none does. Links in it are added. */
int pfl_prose_tag(struct pfl_prose_scan *scan, const char **at);
const char *pfl_prose_behind_tag(const char *at, const char *end);

/* The words of the block that the line is in; is this place of the line one of them? */
int pfl_prose_take_words(struct pfl_prose_scan *scan);
bool pfl_prose_is_word(const struct pfl_prose_scan *scan, const char *at);

#endif
