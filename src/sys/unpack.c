/*
 * gzip by zlib (RFC 1952), member after member as gzip(1) does. Told by its two magic bytes.
 *
 * The packed side is read in pieces of 64 KiB, the head is kept for whoever has to find out what
 * the file is. The ratio is looked at after every piece: a bomb of ten kilobytes is stopped after
 * 64 MiB, which a reader that holds one token survives.
 */
#include "sys/unpack.h"

#include "base/alloc.h"

#include <stdbool.h>
#include <string.h>
#include <zlib.h>

enum { PIECE = 1 << 16 };
#define FREE_BYTES (UINT64_C(64) << 20)

struct pfl_unpack {
    const char *name;
    pfl_unpack_read_fn *read;
    void *context;
    unsigned char piece[PIECE]; /* packed bytes, or the plain ones of the very beginning */
    size_t at, len;             /* unread ones in it */
    bool eof, packed, inflating, ended;
    z_stream stream;
    uint64_t in, out;
    char *head;
    size_t head_len, head_at;
};

static long refill(struct pfl_unpack *u, struct pfl_err *err)
{
    long n;

    if (u->at < u->len || u->eof)
        return (long)(u->len - u->at);
    n = u->read(u->context, (char *)u->piece, sizeof u->piece, err);
    if (n < 0)
        return n;
    u->at = 0;
    u->len = (size_t)n;
    u->in += (uint64_t)n;
    u->eof = n == 0;
    return n;
}

static long read_plain(struct pfl_unpack *u, char *bytes, size_t size, struct pfl_err *err)
{
    long left = refill(u, err);
    size_t n;

    if (left <= 0)
        return left;
    n = (size_t)left < size ? (size_t)left : size;
    memcpy(bytes, u->piece + u->at, n);
    u->at += n;
    return (long)n;
}

static int damaged(struct pfl_unpack *u, struct pfl_err *err)
{
    return pfl_err_set(err, PFL_EPARSE, "%s: damaged gzip data (%s)", u->name,
                       u->stream.msg ? u->stream.msg : "it ends too early");
}

/* Another member may follow; zeros behind the last one are padding. false: nothing follows. */
static int next_member(struct pfl_unpack *u, bool *more, struct pfl_err *err)
{
    long left = refill(u, err);

    *more = false;
    while (left > 0 && u->piece[u->at] == 0) {
        u->at++;
        left = refill(u, err);
    }
    if (left <= 0)
        return (int)left;
    if (inflateReset(&u->stream) != Z_OK)
        return damaged(u, err);
    *more = true;
    return PFL_OK;
}

static long read_packed(struct pfl_unpack *u, char *bytes, size_t size, struct pfl_err *err)
{
    bool more = true;
    long left;
    int code, rc;

    u->stream.next_out = (unsigned char *)bytes;
    u->stream.avail_out = size > PIECE ? PIECE : (uInt)size;
    size = u->stream.avail_out;
    while (u->stream.avail_out == size && !u->ended) {
        left = refill(u, err);
        if (left < 0)
            return left;
        if (left == 0)
            return damaged(u, err);
        u->stream.next_in = u->piece + u->at;
        u->stream.avail_in = (uInt)(u->len - u->at);
        code = inflate(&u->stream, Z_NO_FLUSH);
        u->at = u->len - u->stream.avail_in;
        if (code == Z_MEM_ERROR)
            return pfl_err_no_memory(err);
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
            return damaged(u, err);
        if (code == Z_STREAM_END) {
            rc = next_member(u, &more, err);
            if (rc < 0)
                return rc;
            u->ended = !more;
        }
    }
    u->out += size - u->stream.avail_out;
    if (u->out > FREE_BYTES && u->out / PFL_UNPACK_RATIO > u->in)
        return pfl_err_set(err, PFL_ELIMIT,
                           "%s: more than %d bytes come out of every packed one; it was not read "
                           "further",
                           u->name, (int)PFL_UNPACK_RATIO);
    return (long)(size - u->stream.avail_out);
}

static long read_on(struct pfl_unpack *u, char *bytes, size_t size, struct pfl_err *err)
{
    return u->packed ? read_packed(u, bytes, size, err) : read_plain(u, bytes, size, err);
}

/* A pipe may give one byte at first. */
static int read_magic(struct pfl_unpack *u, struct pfl_err *err)
{
    long n;

    while (u->len < 2 && !u->eof) {
        n = u->read(u->context, (char *)u->piece + u->len, sizeof u->piece - u->len, err);
        if (n < 0)
            return (int)n;
        u->len += (size_t)n;
        u->in += (uint64_t)n;
        u->eof = n == 0;
    }
    return PFL_OK;
}

static int begin(struct pfl_unpack *u, size_t peek, struct pfl_err *err)
{
    long n = read_magic(u, err);

    if (n < 0)
        return (int)n;
    u->packed = u->len >= 2 && u->piece[0] == 0x1f && u->piece[1] == 0x8b;
    if (u->packed && inflateInit2(&u->stream, 16 + MAX_WBITS) != Z_OK)
        return pfl_err_no_memory(err);
    u->inflating = u->packed;
    u->head = pfl_alloc(peek ? peek : 1);
    if (!u->head)
        return pfl_err_no_memory(err);
    while (u->head_len < peek && (n = read_on(u, u->head + u->head_len, peek - u->head_len, err)))
        if (n < 0)
            return (int)n;
        else
            u->head_len += (size_t)n;
    return PFL_OK;
}

int pfl_unpack_open(const char *name, pfl_unpack_read_fn *read, void *context, size_t peek,
                    struct pfl_unpack **unpack, struct pfl_err *err)
{
    struct pfl_unpack *u = pfl_alloc_zeroed(1, sizeof *u);
    int rc;

    if (!u)
        return pfl_err_no_memory(err);
    u->name = name;
    u->read = read;
    u->context = context;
    rc = begin(u, peek, err);
    if (rc < 0)
        pfl_unpack_close(u);
    else
        *unpack = u;
    return rc;
}

void pfl_unpack_close(struct pfl_unpack *unpack)
{
    if (!unpack)
        return;
    if (unpack->inflating)
        inflateEnd(&unpack->stream);
    pfl_free(unpack->head);
    pfl_free(unpack);
}

const char *pfl_unpack_head(const struct pfl_unpack *unpack, size_t *len)
{
    *len = unpack->head_len;
    return unpack->head;
}

long pfl_unpack_read(void *unpack, char *bytes, size_t size, struct pfl_err *err)
{
    struct pfl_unpack *u = unpack;
    size_t n = u->head_len - u->head_at;

    if (n == 0)
        return read_on(u, bytes, size, err);
    if (n > size)
        n = size;
    memcpy(bytes, u->head + u->head_at, n);
    u->head_at += n;
    return (long)n;
}
