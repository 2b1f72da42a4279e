/* A stream's beginning is held until it has been read once more. */
#include "formats/peek.h"

#include "base/alloc.h"

#include <string.h>

static long read_again(void *context, char *bytes, size_t size, struct pfl_err *err)
{
    struct pfl_peek *peek = context;
    size_t left = peek->len - peek->at;

    if (left == 0)
        return peek->from->read(peek->from->context, bytes, size, err);
    if (left > size)
        left = size;
    memcpy(bytes, peek->bytes + peek->at, left);
    peek->at += left;
    return (long)left;
}

int pfl_peek_open(struct pfl_peek *peek, const struct pfl_format_input *from, struct pfl_err *err)
{
    long got = 1;

    *peek = (struct pfl_peek){.input = *from, .from = from};
    peek->input.read = read_again;
    peek->input.context = peek;
    peek->bytes = pfl_alloc(PFL_FORMAT_PROBE_BYTES);
    if (!peek->bytes)
        return pfl_err_no_memory(err);
    while (peek->len < PFL_FORMAT_PROBE_BYTES && got > 0) {
        got = from->read(from->context, peek->bytes + peek->len, PFL_FORMAT_PROBE_BYTES - peek->len,
                         err);
        peek->len += got > 0 ? (size_t)got : 0;
    }
    return got < 0 ? (int)got : PFL_OK;
}

void pfl_peek_close(struct pfl_peek *peek)
{
    pfl_free(peek->bytes);
    peek->bytes = NULL;
}
