/*
 * The bounded buffer. It grows by doubling up to its ceiling; the ceiling is what keeps a hostile
 * or broken input from taking the machine's memory, so every user of input must choose one. Errors
 * stick, which lets the writers of reports and JSON stay free of checks.
 */
#include "base/buf.h"

#include "base/alloc.h"

#include <stdio.h>
#include <string.h>

void pfl_buf_init(struct pfl_buf *buf, size_t max)
{
    memset(buf, 0, sizeof *buf);
    buf->max = max;
}

void pfl_buf_release(struct pfl_buf *buf)
{
    if (!buf)
        return;
    pfl_free(buf->data);
    pfl_buf_init(buf, buf->max);
}

void pfl_buf_clear(struct pfl_buf *buf)
{
    buf->len = 0;
    buf->error = PFL_OK;
    if (buf->data)
        buf->data[0] = 0;
}

void pfl_buf_truncate(struct pfl_buf *buf, size_t len)
{
    if (len < buf->len) {
        buf->len = len;
        buf->data[len] = 0;
    }
}

char *pfl_buf_room(struct pfl_buf *buf, size_t more)
{
    size_t need, capacity;
    char *data;

    if (buf->error)
        return NULL;
    if (more > buf->max || buf->len > buf->max - more) {
        buf->error = PFL_ELIMIT;
        return NULL;
    }
    need = buf->len + more + 1;
    if (need > buf->capacity) {
        capacity = buf->capacity ? buf->capacity : 64;
        while (capacity < need)
            capacity *= 2;
        data = pfl_realloc(buf->data, capacity);
        if (!data) {
            buf->error = PFL_ENOMEM;
            return NULL;
        }
        buf->data = data;
        buf->capacity = capacity;
    }
    return buf->data + buf->len;
}

void pfl_buf_grew(struct pfl_buf *buf, size_t by)
{
    buf->len += by;
    buf->data[buf->len] = 0;
}

void pfl_buf_add(struct pfl_buf *buf, const void *bytes, size_t len)
{
    char *room = pfl_buf_room(buf, len);

    if (room) {
        if (len)
            memcpy(room, bytes, len);
        pfl_buf_grew(buf, len);
    }
}

void pfl_buf_text(struct pfl_buf *buf, const char *text)
{
    pfl_buf_add(buf, text, strlen(text));
}

void pfl_buf_char(struct pfl_buf *buf, char c)
{
    pfl_buf_add(buf, &c, 1);
}

void pfl_buf_fill(struct pfl_buf *buf, char c, size_t count)
{
    char *room = pfl_buf_room(buf, count);

    if (room) {
        memset(room, c, count);
        pfl_buf_grew(buf, count);
    }
}

void pfl_buf_vformat(struct pfl_buf *buf, const char *format, va_list args)
{
    va_list again;
    char *room;
    int len;

    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (len < 0) {
        buf->error = PFL_EINVAL;
        return;
    }
    room = pfl_buf_room(buf, (size_t)len);
    if (room) {
        vsnprintf(room, (size_t)len + 1, format, args);
        pfl_buf_grew(buf, (size_t)len);
    }
}

void pfl_buf_format(struct pfl_buf *buf, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    pfl_buf_vformat(buf, format, args);
    va_end(args);
}

const char *pfl_buf_cstr(const struct pfl_buf *buf)
{
    return buf->data ? buf->data : "";
}

char *pfl_buf_take(struct pfl_buf *buf)
{
    char *data;

    if (buf->error || !pfl_buf_room(buf, 0)) {
        pfl_buf_release(buf);
        return NULL;
    }
    buf->data[buf->len] = 0;
    data = buf->data;
    pfl_buf_init(buf, buf->max);
    return data;
}

int pfl_buf_check(const struct pfl_buf *buf, struct pfl_err *err, const char *doing)
{
    if (buf->error == PFL_ENOMEM)
        return pfl_err_no_memory(err);
    if (buf->error == PFL_ELIMIT)
        return pfl_err_set(err, PFL_ELIMIT, "%s: more than %zu bytes", doing, buf->max);
    if (buf->error)
        return pfl_err_set(err, buf->error, "%s: a value could not be formatted", doing);
    return PFL_OK;
}
