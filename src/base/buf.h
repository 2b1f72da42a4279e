/*
 * A growing byte buffer with a ceiling (after curl's dynbuf).
 *
 * Errors stick: once an append failed (no memory, over the maximum) every later append does nothing
 * and pfl_buf_error() says why, so a writer may append a hundred things and check once at the end.
 * The bytes are always followed by a 0, so `data` of a buffer without embedded zeros is a C string;
 * an empty buffer's pfl_buf_cstr() is "".
 */
#ifndef PFL_BASE_BUF_H
#define PFL_BASE_BUF_H

#include "base/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

struct pfl_buf {
    char *data; /* NULL while empty; owned */
    size_t len;
    size_t capacity;
    size_t max; /* bytes it may grow to */
    int error;  /* 0, PFL_ENOMEM or PFL_ELIMIT */
};

void pfl_buf_init(struct pfl_buf *buf, size_t max);
void pfl_buf_release(struct pfl_buf *buf);
void pfl_buf_clear(struct pfl_buf *buf); /* len 0, error forgotten, memory kept */
void pfl_buf_truncate(struct pfl_buf *buf, size_t len);

void pfl_buf_add(struct pfl_buf *buf, const void *bytes, size_t len);
void pfl_buf_text(struct pfl_buf *buf, const char *text);
void pfl_buf_char(struct pfl_buf *buf, char c);
void pfl_buf_fill(struct pfl_buf *buf, char c, size_t count);
void pfl_buf_format(struct pfl_buf *buf, const char *format, ...) PFL_PRINTF(2, 3);
void pfl_buf_vformat(struct pfl_buf *buf, const char *format, va_list args) PFL_PRINTF(2, 0);

/* Makes room for `more` bytes behind len and returns the place, or NULL (error set). The caller
 * writes there and then adds to len through pfl_buf_grew(). */
char *pfl_buf_room(struct pfl_buf *buf, size_t more);
void pfl_buf_grew(struct pfl_buf *buf, size_t by);

const char *pfl_buf_cstr(const struct pfl_buf *buf); /* never NULL; until the next change */
char *pfl_buf_take(struct pfl_buf *buf);             /* ownership moves (pfl_free); NULL on error */

/* PFL_OK, or fills err with what went wrong while `doing` ("writing the report"). */
int pfl_buf_check(const struct pfl_buf *buf, struct pfl_err *err, const char *doing);

#endif
