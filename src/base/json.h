/*
 * JSON, streaming: a pull reader and a writer.
 *
 * The reader takes what benchmark tools really write: RFC 8259 plus a UTF-8 byte-order mark and the
 * bare words NaN, Infinity, -Infinity, and nan, -nan, inf, -inf as C++ streams write them. It holds
 * one token and a 64 KiB window, never the document; nesting is limited. Integers that fit are kept
 * as 64-bit (not "-0": the sign would be lost); every number is also a correctly rounded double (as
 * strtod in the C locale; beyond the range ±infinity). Strings are UTF-8 checked, escapes decoded;
 * a key that comes twice is given twice. After an error every call returns the same error. Not
 * thread-safe.
 *
 *     struct pfl_json_reader r;
 *     pfl_json_reader_init_text(&r, "a.json", text, len);
 *     if ((rc = pfl_json_expect(&r, PFL_JSON_OBJECT, err)) < 0) …
 *     while ((rc = pfl_json_next_key(&r, err)) > 0) {          // 0: the object has ended
 *         if (pfl_json_key_is(&r, "values")) … else rc = pfl_json_skip(&r, err);
 *     }
 *     pfl_json_reader_release(&r);
 */
#ifndef PFL_BASE_JSON_H
#define PFL_BASE_JSON_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum pfl_json_token {
    PFL_JSON_END = 0, /* the document is over (only blanks were left) */
    PFL_JSON_OBJECT,  /* { */
    PFL_JSON_OBJECT_END,
    PFL_JSON_ARRAY, /* [ */
    PFL_JSON_ARRAY_END,
    PFL_JSON_KEY,
    PFL_JSON_STRING,
    PFL_JSON_NUMBER,
    PFL_JSON_BOOL,
    PFL_JSON_NULL,
};

enum { PFL_JSON_NESTING_MAX = 256, PFL_JSON_STRING_MAX = 16 << 20 };

/* Gives up to size bytes: the count, 0 at the end, or a negative code with err filled. */
typedef long pfl_json_read_fn(void *context, char *bytes, size_t size, struct pfl_err *err);

struct pfl_json_reader {
    /* The current token; text/number fields are valid until the next call. */
    enum pfl_json_token token;
    const char *text; /* KEY, STRING: decoded, 0-terminated (may hold 0s: see text_len) */
    size_t text_len;
    double number;   /* NUMBER; infinite: beyond a double, or so called */
    bool called;     /* an infinite NUMBER is a word (inf), no digits */
    bool is_integer; /* NUMBER without fraction or exponent that fits: integer holds it exactly */
    int64_t integer;
    bool boolean;             /* BOOL */
    int line, column;         /* where the token began; columns in code points from 1 */
    int depth;                /* open brackets */
    int raw_line, raw_column; /* 0: there was none (pfl_json_reader_allow_controls) */

    /* Private from here. */
    const char *name;
    pfl_json_read_fn *read;
    void *context;
    char *window;         /* owned; NULL while nothing was read, and for text read in place */
    const char *at, *end; /* unread bytes of the window or text */
    const char *base;     /* the byte whose offset in the input is base_offset */
    int64_t base_offset;
    int64_t line_begin; /* offset of the line's begin, moved on by its UTF-8 continuation bytes */
    struct pfl_buf scratch;                        /* the current string, or a number's text */
    unsigned char stack[PFL_JSON_NESTING_MAX / 8]; /* one bit per open bracket: 1 = object */
    int state;
    bool started, eof, many; /* many: documents one after the other */
    bool controls;           /* are allowed */
    struct pfl_err failed;
};

/* name: the file's name in messages, borrowed. */
void pfl_json_reader_init(struct pfl_json_reader *r, const char *name, pfl_json_read_fn *read,
                          void *context);
void pfl_json_reader_init_text(struct pfl_json_reader *r, const char *name, const char *text,
                               size_t len); /* text borrowed, read in place */
/* Several documents one after the other (NDJSON): PFL_JSON_END then comes only at the end of all.
 */
void pfl_json_reader_allow_many(struct pfl_json_reader *r);
/* Control characters that a writer forgot to escape are taken as they stand in strings (0 is not).
 * raw_line, raw_column tell the first string with one. */
void pfl_json_reader_allow_controls(struct pfl_json_reader *r);
void pfl_json_reader_release(struct pfl_json_reader *r);

/* The next token, or a negative code with err at file:line:column "expected …, found …". */
int pfl_json_next(struct pfl_json_reader *r, struct pfl_err *err);

/* Reads the next token and checks its kind: PFL_OK or PFL_EPARSE "expected a number, found …". */
int pfl_json_expect(struct pfl_json_reader *r, enum pfl_json_token token, struct pfl_err *err);

/* Inside an object: 1 with the key current, 0 at its end. Inside an array: 1 with the value's first
 * token current, 0 at its end; between many documents: 1 with the next one's first token, 0 after
 * the last. Negative on error. */
int pfl_json_next_key(struct pfl_json_reader *r, struct pfl_err *err);
int pfl_json_next_item(struct pfl_json_reader *r, struct pfl_err *err);
bool pfl_json_key_is(const struct pfl_json_reader *r, const char *key);

/* After KEY: skips its value. After OBJECT or ARRAY: skips to its end. After a scalar: nothing. */
int pfl_json_skip(struct pfl_json_reader *r, struct pfl_err *err);

/* An error of the caller's at the current token's place. */
int pfl_json_fail(struct pfl_json_reader *r, struct pfl_err *err, const char *format, ...)
    PFL_PRINTF(3, 4);

const char *pfl_json_token_name(enum pfl_json_token token); /* "an object", "a number" … */

/*
 * Writer into a buffer. Commas, colons and (indent > 0) line breaks are its business. Doubles are
 * written as the shortest text that reads back equal; NaN and infinities as null, or bare when
 * `bare_nan`. Strings that are not UTF-8 get U+FFFD for the bad bytes. Misuse (a value where a key
 * belongs) is PFL_BUG. Check the buffer at the end.
 */
struct pfl_json_writer {
    struct pfl_buf *out;
    int indent;    /* 0: compact, one line */
    bool bare_nan; /* NaN, Infinity, -Infinity instead of null */
    bool flat; /* while set, no line breaks; set behind the call that opens a bracket: its content
                  is one line */
    /* private */
    int depth;
    unsigned char stack[PFL_JSON_NESTING_MAX / 8], filled[PFL_JSON_NESTING_MAX / 8];
    bool after_key;
};

void pfl_json_writer_init(struct pfl_json_writer *w, struct pfl_buf *out, int indent);
void pfl_json_object(struct pfl_json_writer *w);
void pfl_json_object_end(struct pfl_json_writer *w);
void pfl_json_array(struct pfl_json_writer *w);
void pfl_json_array_end(struct pfl_json_writer *w);
void pfl_json_key(struct pfl_json_writer *w, const char *key);
void pfl_json_key_n(struct pfl_json_writer *w, const char *key, size_t len);
void pfl_json_string(struct pfl_json_writer *w, const char *text); /* NULL → null */
void pfl_json_string_n(struct pfl_json_writer *w, const char *text, size_t len);
void pfl_json_number(struct pfl_json_writer *w, double value);
void pfl_json_integer(struct pfl_json_writer *w, int64_t value);
void pfl_json_bool(struct pfl_json_writer *w, bool value);
void pfl_json_null(struct pfl_json_writer *w);
void pfl_json_numbers(struct pfl_json_writer *w, const double *values,
                      size_t n); /* an array, on one line */

/* key and value in one call */
void pfl_json_put_string(struct pfl_json_writer *w, const char *key, const char *text);
void pfl_json_put_number(struct pfl_json_writer *w, const char *key, double value);
void pfl_json_put_integer(struct pfl_json_writer *w, const char *key, int64_t value);
void pfl_json_put_bool(struct pfl_json_writer *w, const char *key, bool value);

#endif
