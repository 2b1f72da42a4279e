/*
 * The two-way packer (after XDR's filters): integers are varints (signed ones folded, so that small
 * negatives stay small), doubles eight bytes, texts either a number of an earlier text or a new one
 * with its length and a closing 0, which lets a reader hand out pointers into the unpacked bytes
 * instead of copies. That, and a run's few distinct texts, is why a run of thousands of results
 * loads in a few milliseconds where JSON would take the whole budget.
 */
#include "store/pack.h"

#include "base/alloc.h"

#include <string.h>

enum { TEXT_NULL, TEXT_NEW, TEXT_SEEN }; /* TEXT_SEEN + number */

void pfl_store_pack_init_write(struct pfl_store_pack *pack, struct pfl_buf *out)
{
    memset(pack, 0, sizeof *pack);
    pack->out = out;
    pfl_map_init(&pack->seen);
}

void pfl_store_pack_init_read(struct pfl_store_pack *pack, const struct pfl_store_cursor *in,
                              struct pfl_arena *arena)
{
    memset(pack, 0, sizeof *pack);
    pack->reading = true;
    pack->in = *in;
    pack->arena = arena;
}

void pfl_store_pack_release(struct pfl_store_pack *pack)
{
    if (!pack)
        return;
    pfl_map_release(&pack->seen);
    pfl_vec_release(&pack->texts);
    pfl_free(pack->scratch);
}

void pfl_store_pack_fail(struct pfl_store_pack *pack, int code)
{
    if (!pack->error)
        pack->error = code;
    pack->in.at = pack->in.end; /* nothing more will be read */
}

int pfl_store_pack_check(const struct pfl_store_pack *pack, struct pfl_err *err)
{
    if (pack->error == PFL_ENOMEM)
        return pfl_err_no_memory(err);
    if (pack->error == PFL_ELIMIT)
        return pfl_err_set(err, PFL_ELIMIT, "a benchmark has more than %d launches or samples",
                           PFL_STORE_COLUMN_MAX);
    if (pack->error || pack->in.at != pack->in.end)
        return pfl_err_set(err, PFL_ECORRUPT, "the stored fields do not fit together");
    return pack->out ? pfl_buf_check(pack->out, err, "packing a run") : PFL_OK;
}

void pfl_store_pack_u64(struct pfl_store_pack *pack, uint64_t *value)
{
    if (!pack->reading)
        pfl_store_varint_write(pack->out, *value);
    else if (!pfl_store_varint_read(&pack->in, value))
        pfl_store_pack_fail(pack, PFL_ECORRUPT);
}

void pfl_store_pack_i64(struct pfl_store_pack *pack, int64_t *value)
{
    uint64_t folded = 0;

    if (!pack->reading)
        folded = ((uint64_t)*value << 1) ^ (*value < 0 ? UINT64_MAX : 0);
    pfl_store_pack_u64(pack, &folded);
    if (pack->reading)
        *value = (int64_t)((folded >> 1) ^ (folded & 1 ? UINT64_MAX : 0));
}

void pfl_store_pack_int(struct pfl_store_pack *pack, int *value)
{
    int64_t wide = pack->reading ? 0 : *value;

    pfl_store_pack_i64(pack, &wide);
    if (!pack->reading)
        return;
    if (wide < INT32_MIN || wide > INT32_MAX)
        pfl_store_pack_fail(pack, PFL_ECORRUPT);
    *value = (int)wide;
}

void pfl_store_pack_bool(struct pfl_store_pack *pack, bool *value)
{
    uint64_t wide = pack->reading ? 0 : *value;

    pfl_store_pack_u64(pack, &wide);
    if (wide > 1)
        pfl_store_pack_fail(pack, PFL_ECORRUPT);
    if (pack->reading)
        *value = wide == 1;
}

void pfl_store_pack_double(struct pfl_store_pack *pack, double *value)
{
    uint64_t bits = 0;
    unsigned char bytes[8];
    int i;

    if (pack->reading) {
        if (pack->in.end - pack->in.at < 8) {
            pfl_store_pack_fail(pack, PFL_ECORRUPT);
            return;
        }
        for (i = 7; i >= 0; i--)
            bits = bits << 8 | pack->in.at[i];
        memcpy(value, &bits, sizeof bits);
        pack->in.at += 8;
        return;
    }
    memcpy(&bits, value, sizeof bits);
    for (i = 0; i < 8; i++, bits >>= 8)
        bytes[i] = (unsigned char)bits;
    pfl_buf_add(pack->out, bytes, sizeof bytes);
}

/* An archive's texts all come this way: one look for room is all it costs beside the copy. */
static void write_plain_text(struct pfl_store_pack *pack, const char *text)
{
    size_t len = strlen(text), rest = len;
    char *room = pfl_buf_room(pack->out, len + 12), *at = room; /* 10 of a varint, the code, 0 */

    if (!room)
        return;
    *at++ = TEXT_NEW;
    for (; rest >= 0x80; rest >>= 7)
        *at++ = (char)(unsigned char)(rest | 0x80);
    *at++ = (char)rest;
    memcpy(at, text, len + 1);
    pfl_buf_grew(pack->out, (size_t)(at - room) + len + 1);
}

static void write_text(struct pfl_store_pack *pack, const char *text)
{
    size_t *number, len;

    if (pack->plain && text) {
        write_plain_text(pack, text);
        return;
    }
    number = text ? pfl_map_get(&pack->seen, text) : NULL;

    if (!text) {
        pfl_store_varint_write(pack->out, TEXT_NULL);
    } else if (number) {
        pfl_store_varint_write(pack->out, TEXT_SEEN + (uint64_t)*number);
    } else {
        len = strlen(text);
        pfl_store_varint_write(pack->out, TEXT_NEW);
        pfl_store_varint_write(pack->out, len);
        pfl_buf_add(pack->out, text, len + 1);
        if (!pfl_map_set(&pack->seen, text, pack->seen.n))
            pfl_store_pack_fail(pack, PFL_ENOMEM);
    }
}

static const char *read_new_text(struct pfl_store_pack *pack)
{
    const char *text;
    uint64_t len;

    if (!pfl_store_varint_read(&pack->in, &len) || len >= (size_t)(pack->in.end - pack->in.at) ||
        memchr(pack->in.at, 0, (size_t)len + 1) != pack->in.at + len) {
        pfl_store_pack_fail(pack, PFL_ECORRUPT);
        return "";
    }
    text = (const char *)pack->in.at;
    pack->in.at += len + 1;
    if (!pack->plain && !pfl_vec_push(&pack->texts, &text))
        pfl_store_pack_fail(pack, PFL_ENOMEM);
    return text;
}

void pfl_store_pack_text(struct pfl_store_pack *pack, const char **value)
{
    uint64_t code = TEXT_NULL;

    if (!pack->reading) {
        write_text(pack, *value);
        return;
    }
    pfl_store_pack_u64(pack, &code);
    if (pack->error || code == TEXT_NULL) {
        *value = pack->error ? "" : NULL;
    } else if (code == TEXT_NEW) {
        *value = read_new_text(pack);
    } else if (code - TEXT_SEEN < pack->texts.n) {
        *value = pack->texts.at[code - TEXT_SEEN];
    } else {
        pfl_store_pack_fail(pack, PFL_ECORRUPT);
        *value = "";
    }
}

void pfl_store_pack_ints(struct pfl_store_pack *pack, int64_t *values, size_t n)
{
    if (!pack->reading)
        pfl_store_ints_write(pack->out, values, n);
    else if (!pfl_store_ints_read(&pack->in, values, n))
        pfl_store_pack_fail(pack, PFL_ECORRUPT);
}

void pfl_store_pack_values(struct pfl_store_pack *pack, double *values, size_t n)
{
    if (!pack->reading)
        pfl_store_values_write(pack->out, values, n);
    else if (!pfl_store_values_read(&pack->in, values, n))
        pfl_store_pack_fail(pack, PFL_ECORRUPT);
}

static size_t array_of(struct pfl_store_pack *pack, void **array, size_t *n, size_t size,
                       uint64_t most)
{
    uint64_t count = 0;

    pfl_store_pack_u64(pack, &count);
    if (count > most)
        pfl_store_pack_fail(pack, PFL_ECORRUPT);
    if (pack->error || count == 0)
        return 0;
    *array = pfl_arena_array(pack->arena, (size_t)count, size);
    if (!*array) {
        pfl_store_pack_fail(pack, PFL_ENOMEM);
        return 0;
    }
    *n = (size_t)count;
    return *n;
}

size_t pfl_store_pack_array(struct pfl_store_pack *pack, void **array, size_t *n, size_t size)
{
    if (pack->reading)
        return array_of(pack, array, n, size, (uint64_t)(pack->in.end - pack->in.at));
    pfl_store_varint_write(pack->out, *n);
    return *n;
}

size_t pfl_store_pack_column(struct pfl_store_pack *pack, void **array, size_t *n, size_t size)
{
    if (pack->reading)
        return array_of(pack, array, n, size, PFL_STORE_COLUMN_MAX);
    if (*n > PFL_STORE_COLUMN_MAX)
        pfl_store_pack_fail(pack, PFL_ELIMIT);
    pfl_store_varint_write(pack->out, *n);
    return *n;
}

void *pfl_store_pack_scratch(struct pfl_store_pack *pack, size_t count)
{
    if (count > pack->scratch_size || !pack->scratch) {
        if (!pfl_vec_grow(&pack->scratch, &pack->scratch_size, count, 8)) {
            pfl_store_pack_fail(pack, PFL_ENOMEM);
            return NULL;
        }
    }
    return pack->scratch;
}
