/*
 * Lines of a stream: a window of 64 KiB, searched for line breaks; a line is collected in a buffer
 * of its own, since it may be longer than the window (a benchmark's samples in one JSON line).
 *
 * Harnesses write for terminals even when they write into a file: colours, and lines that are begun
 * anew with a carriage return. pfl_line_reader_plain() leaves what a reader would see. Escape
 * sequences are ECMA-48's: CSI (ESC [ … a byte from @ to ~), OSC (ESC ] … BEL or ESC \), and ESC
 * with one byte.
 */
#include "formats/line_reader.h"

#include "base/alloc.h"

#include <string.h>

enum { WINDOW = 64 << 10, ESCAPE = 0x1b, BELL = 7 };

void pfl_line_reader_init(struct pfl_line_reader *r, const struct pfl_format_input *input)
{
    *r = (struct pfl_line_reader){.input = input};
    pfl_buf_init(&r->line, PFL_LINE_READER_MAX);
}

void pfl_line_reader_release(struct pfl_line_reader *r)
{
    pfl_buf_release(&r->line);
    pfl_free(r->window);
    r->window = NULL;
}

/* 1: the window has bytes; 0: the input is over. */
static int fill(struct pfl_line_reader *r, struct pfl_err *err)
{
    long got;

    if (r->at < r->end)
        return 1;
    if (r->over)
        return 0;
    if (!r->window && !(r->window = pfl_alloc(WINDOW)))
        return pfl_err_no_memory(err);
    got = r->input->read(r->input->context, r->window, WINDOW, err);
    if (got < 0)
        return (int)got;
    r->at = 0;
    r->end = (size_t)got;
    r->over = got == 0;
    return got > 0;
}

static int check(struct pfl_line_reader *r, struct pfl_err *err)
{
    if (r->line.error == PFL_ELIMIT)
        return pfl_err_set_at(err, PFL_ELIMIT, r->input->path, r->number, 1,
                              "a line is read up to %d MiB, this one is longer",
                              PFL_LINE_READER_MAX >> 20);
    return r->line.error ? pfl_err_no_memory(err) : 1;
}

int pfl_line_reader_next(struct pfl_line_reader *r, struct pfl_err *err)
{
    const char *from, *found;
    size_t len;
    int rc = fill(r, err);

    if (rc <= 0)
        return rc;
    pfl_buf_clear(&r->line);
    if (r->number++ == 0 && r->end >= 3 && memcmp(r->window, "\xef\xbb\xbf", 3) == 0)
        r->at = 3;
    while (r->at < r->end) {
        from = r->window + r->at;
        found = memchr(from, '\n', r->end - r->at);
        len = found ? (size_t)(found - from) : r->end - r->at;
        pfl_buf_add(&r->line, from, len);
        r->at += len + (found != NULL);
        if (r->line.error || found)
            break;
        rc = fill(r, err);
        if (rc < 0)
            return rc;
    }
    if (r->line.len && r->line.data[r->line.len - 1] == '\r')
        pfl_buf_truncate(&r->line, r->line.len - 1);
    return check(r, err);
}

/* The length of the escape sequence at text, which begins with ESC. */
static size_t escape_length(const char *text, size_t len)
{
    size_t i = 2;

    if (len < 2)
        return len;
    if (text[1] == '[') {
        while (i < len && (unsigned char)text[i] < 0x40)
            i++;
        return i < len ? i + 1 : len;
    }
    if (text[1] == ']') {
        while (i < len && text[i] != BELL && text[i] != ESCAPE)
            i++;
        if (i < len && text[i] == ESCAPE)
            i++;
        return i < len ? i + 1 : len;
    }
    return 2;
}

void pfl_line_reader_plain(struct pfl_line_reader *r)
{
    char *text = r->line.data;
    size_t i = 0, out = 0, len = r->line.len;

    while (i < len) {
        if (text[i] == ESCAPE) {
            i += escape_length(text + i, len - i);
        } else if (text[i] == '\r') {
            out = 0;
            i++;
        } else {
            text[out++] = text[i++];
        }
    }
    if (text)
        pfl_buf_truncate(&r->line, out);
}
