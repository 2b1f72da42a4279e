/*
 * The JSON reader: one token per call, by a state machine over a sliding window.
 *
 * `at` … `end` are the bytes not yet read; when a token needs more than there are, more() moves the
 * rest to the front of the 64 KiB window and reads behind it, so the document is never in memory.
 * Text that is in memory already is the window itself. What may follow is `state` plus one bit per
 * open bracket: no recursion, and depth costs a bit.
 *
 * Strings are collected in `scratch`, since their text must end in a 0 and the window may be the
 * caller's const text. A number must lie in the window whole: if it touches the end, the window is
 * filled up and the number scanned again.
 *
 * Columns count code points without a second look at every byte: column = offset - line_begin + 1,
 * where line_begin is moved on by each continuation byte. These occur only within strings, and line
 * breaks only between tokens.
 */
#include "base/json.h"

#include "base/alloc.h"
#include "base/decimal.h"
#include "base/text.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WINDOW = 64 << 10, END_OF_FILE = 256 };

enum state {
    DONE,       /* a document is over */
    VALUE,      /* a value must follow */
    KEY,        /* a key must follow */
    AFTER_KEY,  /* a colon */
    AFTER_ITEM, /* a comma or the end of the array or object */
    FIRST_ITEM, /* as VALUE, but the array may end */
    FIRST_KEY,  /* as KEY, but the object may end */
};

static bool in_object(const struct pfl_json_reader *r)
{
    int bit = r->depth - 1;

    return (r->stack[bit / 8] >> (bit % 8) & 1) != 0;
}

static int column_of(const struct pfl_json_reader *r, const char *at)
{
    int64_t column = r->base_offset + (at - r->base) - r->line_begin + 1;

    return column < INT_MAX ? (int)column : INT_MAX;
}

/* 1: there is at least one byte more; 0: the input has ended. */
static int more(struct pfl_json_reader *r)
{
    size_t left = (size_t)(r->end - r->at), room = WINDOW - left;
    long got;

    if (r->eof)
        return 0;
    if (!r->window && !(r->window = pfl_alloc(WINDOW)))
        return pfl_err_no_memory(&r->failed);
    if (left)
        memmove(r->window, r->at, left);
    r->base_offset += r->at - r->base;
    r->base = r->at = r->window;
    r->end = r->window + left;
    got = r->read(r->context, r->window + left, room, &r->failed);
    if (got < 0) {
        if (r->failed.code != (int)got)
            pfl_err_set_at(&r->failed, (int)got, r->name, 0, 0, "%s", pfl_err_sentence((int)got));
        return (int)got;
    }
    if ((size_t)got > room)
        PFL_BUG("a read callback gave %ld bytes where %zu fit", got, room);
    r->eof = got == 0;
    r->end += got;
    return got > 0;
}

/* Tries to have n bytes in the window; there are fewer only at the end of the input or of the
 * window. */
static int want(struct pfl_json_reader *r, size_t n)
{
    int rc = 1;

    if (n > WINDOW)
        n = WINDOW;
    while (rc > 0 && (size_t)(r->end - r->at) < n)
        rc = more(r);
    return rc < 0 ? rc : PFL_OK;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* What stands at `at`, for the second half of "expected …, found …". */
static void describe(const struct pfl_json_reader *r, const char *at, char *text, size_t size)
{
    size_t left = (size_t)(r->end - at), n = 0;
    uint32_t point = 0;

    while (n < left && n < 20 && is_word(at[n]))
        n++;
    if (left == 0)
        snprintf(text, size, "the end of the input");
    else if (n > 0)
        snprintf(text, size, "'%.*s'", (int)n, at);
    else if (*at == '"')
        snprintf(text, size, "a string");
    else if (*at == '\n' || *at == '\r')
        snprintf(text, size, "a line break");
    else if (*at >= 0x20 && *at < 0x7f)
        snprintf(text, size, "'%c'", *at);
    else if (pfl_text_decode(at, left, &point) > 1)
        snprintf(text, size, "U+%04X", (unsigned)point);
    else
        snprintf(text, size, "byte 0x%02X", (unsigned char)*at);
}

static int unexpected(struct pfl_json_reader *r, size_t offset, const char *expected)
{
    int rc = want(r, offset + 24); /* enough to describe */
    char found[64];

    if (rc < 0)
        return rc;
    describe(r, r->at + offset, found, sizeof found);
    return pfl_err_set_at(&r->failed, PFL_EPARSE, r->name, r->line, column_of(r, r->at + offset),
                          "expected %s, found %s", expected, found);
}

static int too_much(struct pfl_json_reader *r, const char *what, int most)
{
    return pfl_err_set_at(&r->failed, PFL_ELIMIT, r->name, r->line, r->column,
                          "%s is read up to %d, this is beyond", what, most);
}

/* The next byte that is no blank, left unread; END_OF_FILE, or a negative code. */
static int peek(struct pfl_json_reader *r)
{
    int rc;

    for (;;) {
        for (; r->at < r->end; r->at++) {
            unsigned char c = (unsigned char)*r->at;

            if (c == '\n') {
                r->line_begin = r->base_offset + (r->at - r->base) + 1;
                r->line++;
            } else if (c != ' ' && c != '\t' && c != '\r') {
                return c;
            }
        }
        rc = more(r);
        if (rc <= 0)
            return rc < 0 ? rc : END_OF_FILE;
    }
}

/* Numbers and words end where no further letter or digit follows: "01", "12px" and "nullx" are
 * slips, not two values. */
static int check_word_end(struct pfl_json_reader *r, const char *expected)
{
    if (r->at < r->end && (is_word(*r->at) || *r->at == '.' || *r->at == '-' || *r->at == '+'))
        return unexpected(r, 0, expected);
    return PFL_OK;
}

static int read_word(struct pfl_json_reader *r, const char *word)
{
    size_t len = strlen(word);
    int rc = want(r, len + 1);

    if (rc < 0)
        return rc;
    if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len) != 0)
        return unexpected(r, 0, "a value");
    r->at += len;
    return check_word_end(r, "the end of the word");
}

static void keep_integer(struct pfl_json_reader *r, const struct pfl_decimal *d)
{
    uint64_t most = (uint64_t)INT64_MAX + d->negative;

    r->is_integer = d->whole && d->digits <= PFL_DECIMAL_DIGITS_MAX && d->mantissa <= most &&
                    !(d->negative && d->mantissa == 0);
    if (r->is_integer)
        r->integer = d->negative ? -(int64_t)(d->mantissa - 1) - 1 : (int64_t)d->mantissa;
}

static int read_number(struct pfl_json_reader *r)
{
    struct pfl_decimal d;
    const char *stop;
    int rc;

    while ((stop = pfl_decimal_scan(&d, r->at, r->end)) == r->end && !r->eof) {
        if (r->end - r->at >= WINDOW)
            return too_much(r, "the length of a number", WINDOW);
        rc = more(r);
        if (rc < 0)
            return rc;
    }
    if (d.lacks_digit)
        return unexpected(r, (size_t)(stop - r->at), "a digit");
    keep_integer(r, &d);
    r->called = false;
    if (!pfl_decimal_read(&d, &r->number)) {
        pfl_buf_clear(&r->scratch);
        pfl_buf_add(&r->scratch, r->at, (size_t)(stop - r->at));
        rc = pfl_buf_check(&r->scratch, &r->failed, "reading a number");
        if (rc < 0)
            return rc;
        r->number = pfl_decimal_read_text(r->scratch.data);
    }
    r->at = stop;
    return check_word_end(r, "the end of the number");
}

static int read_special(struct pfl_json_reader *r, const char *word, double value)
{
    r->is_integer = false;
    r->number = value;
    r->called = true;
    return read_word(r, word);
}

/* Four hex digits at at + offset. */
static int read_hex4(struct pfl_json_reader *r, size_t offset, uint32_t *unit)
{
    size_t i;

    *unit = 0;
    for (i = offset; i < offset + 4; i++) {
        int c = r->at + i < r->end ? (unsigned char)r->at[i] : 0;

        if (c >= '0' && c <= '9')
            *unit = *unit << 4 | (uint32_t)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            *unit = *unit << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
        else
            return unexpected(r, i, "a hexadecimal digit");
    }
    return PFL_OK;
}

static int read_unicode_escape(struct pfl_json_reader *r)
{
    uint32_t point, low;
    int rc = read_hex4(r, 2, &point);

    if (rc < 0)
        return rc;
    if (point >= 0xDC00 && point <= 0xDFFF)
        return unexpected(r, 2, "a high surrogate (D800 to DBFF) before the low one");
    r->at += 6;
    if (point >= 0xD800 && point <= 0xDBFF) {
        if (r->end - r->at < 2 || r->at[0] != '\\' || r->at[1] != 'u')
            return unexpected(r, 0, "a low surrogate (\\uDC00 to \\uDFFF) after the high one");
        rc = read_hex4(r, 2, &low);
        if (rc < 0)
            return rc;
        if (low < 0xDC00 || low > 0xDFFF)
            return unexpected(r, 2, "a low surrogate (DC00 to DFFF) after the high one");
        point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
        r->at += 6;
    }
    pfl_text_encode(&r->scratch, point);
    return PFL_OK;
}

static int read_escape(struct pfl_json_reader *r)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    int rc = want(r, 12); /* \uD83D\uDE00 */
    const char *name;

    if (rc < 0)
        return rc;
    if (r->end - r->at >= 2 && r->at[1] == 'u')
        return read_unicode_escape(r);
    name = r->end - r->at >= 2 ? memchr(names, r->at[1], sizeof names - 1) : NULL;
    if (!name)
        return unexpected(r, 1, "one of \" \\ / b f n r t u after the \\");
    pfl_buf_char(&r->scratch, values[name - names]);
    r->at += 2;
    return PFL_OK;
}

static int read_utf8(struct pfl_json_reader *r)
{
    int rc = want(r, 4);
    uint32_t point;
    size_t len;

    if (rc < 0)
        return rc;
    len = pfl_text_decode(r->at, (size_t)(r->end - r->at), &point);
    if (len == 0)
        return unexpected(r, 0, "UTF-8 text");
    pfl_buf_add(&r->scratch, r->at, len);
    r->at += len;
    r->line_begin += (int64_t)len - 1;
    return PFL_OK;
}

/* Whatever needs a look within a string: its end, an escape, a longer sequence, or a mistake. 0:
 * the string has ended. */
static int take_control(struct pfl_json_reader *r)
{
    if (!r->raw_line) {
        r->raw_line = r->line;
        r->raw_column = r->column;
    }
    if (*r->at == '\n') {
        r->line_begin = r->base_offset + (r->at - r->base) + 1;
        r->line++;
    }
    pfl_buf_char(&r->scratch, *r->at++);
    return 1;
}

static int read_string_special(struct pfl_json_reader *r)
{
    int rc = r->at < r->end ? 1 : more(r);

    if (rc < 0)
        return rc;
    if (rc == 0)
        return unexpected(r, 0, "a closing '\"'");
    if (*r->at == '"')
        return 0;
    if (*r->at == '\\')
        rc = read_escape(r);
    else if (*r->at & 0x80)
        rc = read_utf8(r);
    else if (r->controls && *r->at > 0 && *r->at < 0x20)
        rc = take_control(r);
    else if ((unsigned char)*r->at < 0x20)
        rc = unexpected(r, 0, "an escape such as \\n or a closing '\"'");
    return rc < 0 ? rc : 1;
}

static int read_string(struct pfl_json_reader *r)
{
    int rc = 1;

    pfl_buf_clear(&r->scratch);
    for (r->at++; rc > 0;) {
        const char *p = r->at;

        while (p < r->end && (signed char)*p >= 0x20 && *p != '"' && *p != '\\')
            p++;
        pfl_buf_add(&r->scratch, r->at, (size_t)(p - r->at));
        r->at = p;
        if (r->scratch.error == PFL_ELIMIT)
            return too_much(r, "the length of a string", PFL_JSON_STRING_MAX);
        if (r->scratch.error)
            return pfl_err_no_memory(&r->failed);
        rc = read_string_special(r);
    }
    if (rc < 0)
        return rc;
    r->at++;
    r->text = pfl_buf_cstr(&r->scratch);
    r->text_len = r->scratch.len;
    return PFL_OK;
}

static int open_bracket(struct pfl_json_reader *r, int token, int state)
{
    int bit = r->depth;

    if (bit == PFL_JSON_NESTING_MAX)
        return too_much(r, "nesting", PFL_JSON_NESTING_MAX);
    r->stack[bit / 8] = (unsigned char)((r->stack[bit / 8] & ~(1 << bit % 8)) |
                                        (token == PFL_JSON_OBJECT) << bit % 8);
    r->depth++;
    r->at++;
    r->state = state;
    return token;
}

static int close_bracket(struct pfl_json_reader *r)
{
    int token = in_object(r) ? PFL_JSON_OBJECT_END : PFL_JSON_ARRAY_END;

    r->at++;
    r->depth--;
    r->state = r->depth ? AFTER_ITEM : DONE;
    return token;
}

/* Signed, "-Infinity" as most write it, and as a C++ stream does. */
static int read_minus(struct pfl_json_reader *r)
{
    int rc = want(r, 5);
    size_t left = (size_t)(r->end - r->at);

    if (rc < 0)
        return rc;
    if (left >= 2 && r->at[1] == 'I')
        return read_special(r, "-Infinity", -INFINITY);
    if (left >= 2 && r->at[1] == 'i')
        return read_special(r, "-inf", -INFINITY);
    if (left >= 5 && memcmp(r->at, "-nan(", 5) == 0)
        return read_special(r, "-nan(ind)", (double)NAN);
    if (left >= 2 && r->at[1] == 'n')
        return read_special(r, "-nan", (double)NAN);
    return read_number(r);
}

/* "null", and "nan" as a C++ stream writes it. */
static int read_n(struct pfl_json_reader *r, int *token)
{
    int rc = want(r, 2);

    if (rc < 0)
        return rc;
    if (r->end - r->at >= 2 && r->at[1] == 'a')
        return read_special(r, "nan", (double)NAN);
    *token = PFL_JSON_NULL;
    return read_word(r, "null");
}

static int read_value(struct pfl_json_reader *r, int c)
{
    int rc, token = PFL_JSON_NUMBER;

    switch (c) {
    case '{': return open_bracket(r, PFL_JSON_OBJECT, FIRST_KEY);
    case '[': return open_bracket(r, PFL_JSON_ARRAY, FIRST_ITEM);
    case '"': rc = read_string(r), token = PFL_JSON_STRING; break;
    case 't': rc = read_word(r, "true"), token = PFL_JSON_BOOL, r->boolean = true; break;
    case 'f': rc = read_word(r, "false"), token = PFL_JSON_BOOL, r->boolean = false; break;
    case 'n': rc = read_n(r, &token); break;
    case 'N': rc = read_special(r, "NaN", (double)NAN); break;
    case 'I': rc = read_special(r, "Infinity", INFINITY); break;
    case 'i': rc = read_special(r, "inf", INFINITY); break;
    case '-': rc = read_minus(r); break;
    default:
        if (c < '0' || c > '9')
            return unexpected(r, 0, r->state == FIRST_ITEM ? "a value or ']'" : "a value");
        rc = read_number(r);
    }
    if (rc < 0)
        return rc;
    r->state = r->depth ? AFTER_ITEM : DONE;
    return token;
}

static int read_key(struct pfl_json_reader *r, int c)
{
    int rc;

    if (c != '"')
        return unexpected(r, 0, r->state == FIRST_KEY ? "a key or '}'" : "a key");
    rc = read_string(r);
    if (rc < 0)
        return rc;
    r->state = AFTER_KEY;
    return PFL_JSON_KEY;
}

/* Before the first byte: a byte-order mark is passed over; it takes no column. */
static int begin(struct pfl_json_reader *r)
{
    int rc = want(r, 3);

    if (rc < 0)
        return rc;
    r->started = true;
    if (r->end - r->at >= 3 && memcmp(r->at, "\xEF\xBB\xBF", 3) == 0) {
        r->at += 3;
        r->line_begin = 3;
    }
    return PFL_OK;
}

/* Passes over the comma or colon before the next token; answers the token's first byte. */
static int pass_separator(struct pfl_json_reader *r)
{
    int c = peek(r);

    if (c < 0)
        return c;
    if (r->state == AFTER_KEY && c != ':')
        return unexpected(r, 0, "':'");
    if (r->state == AFTER_KEY)
        r->state = VALUE;
    else if (r->state == AFTER_ITEM && c == ',')
        r->state = in_object(r) ? KEY : VALUE;
    else
        return c;
    r->at++;
    return peek(r);
}

static int advance(struct pfl_json_reader *r)
{
    int c = r->started ? PFL_OK : begin(r);

    if (c == PFL_OK)
        c = pass_separator(r);
    if (c < 0)
        return c;
    r->column = column_of(r, r->at);
    if (r->state >= AFTER_ITEM && c == (in_object(r) ? '}' : ']'))
        return close_bracket(r);
    switch ((enum state)r->state) {
    case AFTER_ITEM: return unexpected(r, 0, in_object(r) ? "',' or '}'" : "',' or ']'");
    case FIRST_KEY:
    case KEY: return read_key(r, c);
    case DONE:
        if (c == END_OF_FILE)
            return PFL_JSON_END;
        if (!r->many)
            return unexpected(r, 0, "the end of the document");
        return read_value(r, c);
    default: return read_value(r, c);
    }
}

int pfl_json_next(struct pfl_json_reader *r, struct pfl_err *err)
{
    int rc = r->failed.code;

    if (PFL_LIKELY(rc == PFL_OK))
        rc = advance(r);
    if (PFL_LIKELY(rc >= 0))
        r->token = (enum pfl_json_token)rc;
    else if (err)
        *err = r->failed;
    return rc;
}

void pfl_json_reader_init(struct pfl_json_reader *r, const char *name, pfl_json_read_fn *read,
                          void *context)
{
    memset(r, 0, sizeof *r);
    r->name = name;
    r->read = read;
    r->context = context;
    r->at = r->end = r->base = "";
    r->line = r->column = 1;
    r->state = VALUE;
    pfl_buf_init(&r->scratch, PFL_JSON_STRING_MAX);
}

void pfl_json_reader_init_text(struct pfl_json_reader *r, const char *name, const char *text,
                               size_t len)
{
    pfl_json_reader_init(r, name, NULL, NULL);
    if (len > 0) {
        r->at = r->base = text;
        r->end = text + len;
    }
    r->eof = true;
}

void pfl_json_reader_allow_many(struct pfl_json_reader *r)
{
    r->many = true;
    r->state = DONE;
}

void pfl_json_reader_allow_controls(struct pfl_json_reader *r)
{
    r->controls = true;
}

void pfl_json_reader_release(struct pfl_json_reader *r)
{
    if (!r)
        return;
    pfl_free(r->window);
    r->window = NULL;
    pfl_buf_release(&r->scratch);
}
