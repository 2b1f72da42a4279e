/*
 * Text: UTF-8, widths, escaping, matching, guessing. Everything here takes bytes and gives bytes;
 * nothing knows a terminal or a locale.
 */
#ifndef PFL_BASE_TEXT_H
#define PFL_BASE_TEXT_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

/* Decodes one code point at text (len > 0 bytes left): returns its length in bytes 1–4, or 0 when
 * the bytes are not valid UTF-8 (overlong, surrogate, cut short, beyond U+10FFFF). *point is set
 * when it returns > 0. */
size_t pfl_text_decode(const char *text, size_t len, uint32_t *point);

/* Appends a code point; false (nothing appended) for a surrogate or one beyond U+10FFFF. */
bool pfl_text_encode(struct pfl_buf *buf, uint32_t point);

bool pfl_text_is_utf8(const char *text, size_t len);

/* Terminal columns of a code point (0 combining, 1, 2 wide East Asian and emoji) and of a text
 * (invalid bytes count 1 each). */
int pfl_text_point_width(uint32_t point);
size_t pfl_text_width(const char *text);

/* Appends text cut to `columns` terminal columns, with "…" as the last column when it was cut. */
void pfl_text_fit(struct pfl_buf *buf, const char *text, size_t columns);
/* The same with the cut, and its "…", in the middle: for names that begin alike and differ at the
 * end. */
void pfl_text_fit_middle(struct pfl_buf *buf, const char *text, size_t columns);

/* Appends text safe to show anywhere: control characters (C0, DEL, C1, bidirectional overrides) and
 * invalid bytes become \n, \t, \x1b, \u202e …; printable UTF-8 stays. Names from outside always go
 * through here. */
void pfl_text_escape(struct pfl_buf *buf, const char *text, size_t len);

/* The same into the arena; the text itself when nothing needed escaping. NULL: no memory. */
const char *pfl_text_shown(struct pfl_arena *arena, const char *text);

/* Glob: `*` any run (also of `/`), `?` one code point, `\` takes the next byte literally. Linear
 * time in practice (no recursion: backtracks only to the last `*`). */
bool pfl_text_glob(const char *pattern, const char *text);

/* Levenshtein distance with transpositions (Damerau, optimal string alignment), capped at `limit` +
 * 1; texts of more than 64 bytes are "far". */
size_t pfl_text_distance(const char *a, const char *b, size_t limit);

/* The candidate nearest to `word`, or NULL when none is near enough to be a likely slip. */
const char *pfl_text_nearest(const char *word, const char *const *candidates, size_t n);

/* Order for names with numbers in them: digit runs compare by value, the rest by bytes: "b[n=9]" <
 * "b[n=10]". A total order: 0 only for equal texts. */
int pfl_text_compare_natural(const char *a, const char *b);

bool pfl_text_starts(const char *text, const char *prefix);
bool pfl_text_ends(const char *text, const char *suffix);

/*
 * Splits a command into words as a POSIX shell would quote them: blanks separate; '…' literal; "…"
 * with
 * \" \\ \$ \` escapes; \x outside quotes; a \ before a newline joins lines, an unquoted newline is
 * a blank. Nothing is expanded; unquoted | & ; < > ( ) $ ` * ? [, ~ and # at a word's start, and $
 * ` within "…" have meaning for a shell: the first one met is reported in *shell_char (0: none) so
 * that the caller can say that no shell runs. Errors: PFL_EPARSE with the column (in code points
 * from the command's start) of an unclosed quote or a final \. *argv: NULL-terminated in the arena;
 * *argc 0 for an empty command.
 */
int pfl_text_split_command(struct pfl_arena *arena, const char *command, char ***argv, size_t *argc,
                           char *shell_char, struct pfl_err *err);

/* Appends `word` quoted for a POSIX shell when it needs quoting. */
void pfl_text_quote(struct pfl_buf *buf, const char *word);

/* Replaces each {name} by its value; "{{" and "}}" are literal braces; an unknown name is left as
 * it stands and reported through *unknown (first one, in the arena, NULL when there is none; may be
 * NULL). Braces around what is neither given nor shaped like a name (`awk '{print $1}'`) are plain
 * text. NULL: no memory. */
const char *pfl_text_substitute(struct pfl_arena *arena, const char *text, const char *const *names,
                                const char *const *values, size_t n, const char **unknown);

#endif
