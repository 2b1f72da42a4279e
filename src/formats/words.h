/* Lines of text taken apart: words between blanks, and numbers as tools print them. */
#ifndef PFL_FORMATS_WORDS_H
#define PFL_FORMATS_WORDS_H

#include "formats/build.h"

struct pfl_word {
    const char *at; /* into the line */
    size_t len;
};

/* The next word at or behind *at, which is moved behind it; false: only blanks are left. */
bool pfl_word_next(const char **at, const char *end, struct pfl_word *word);
/* The same from the back: *end is moved before it. */
bool pfl_word_last(const char *begin, const char **end, struct pfl_word *word);
bool pfl_word_is(const struct pfl_word *word, const char *text);

enum pfl_word_number {
    PFL_WORD_PLAIN,   /* 1.5e-3, 12, .5, NaN, Inf */
    PFL_WORD_GROUPED, /* also 13,967,756.30 */
};
/* The whole word is a number, in no locale; NaN and infinities are NaN: no value. */
bool pfl_word_number(const struct pfl_word *word, enum pfl_word_number kind, double *value);

/* In the build's arena; bytes that are no UTF-8 become U+FFFD. Never NULL. */
const char *pfl_word_keep(struct pfl_build *b, const char *text, size_t len);

/* The same for a whole line, in place; false: no memory. */
bool pfl_word_repair(struct pfl_buf *line);

/* A part of the text: without the blanks at both ends. */
struct pfl_word pfl_word_trimmed(const char *text, size_t len);

#endif
