/*
 * Numbers as bytes. Integers: the least is the base, what is above it is cut to as many bytes as
 * the largest needs, and the bytes are laid out in planes (all lowest bytes, then all second ones
 * …), the "shuffle" of blosc and HDF5, which puts the noisy bytes beside each other and leaves zstd
 * the quiet ones.
 *
 * Measured doubles are mostly integers in disguise: nanoseconds / 1e9, bytes, counts. An array
 * takes the integer form only when every value comes back from it with the same 64 bits; that is
 * tried, not assumed, so -0.0, infinities, a NaN with a payload or one odd fraction simply send the
 * whole array into the plain form. The usual NaN ("this launch gave none") has a bitmap in the
 * integer form.
 *
 * Doubles are taken to be IEEE 754 binary64; bytes are put in order by arithmetic, so files move
 * between machines.
 */
#include "store/codec.h"

#include <math.h>
#include <string.h>
#include <zstd.h>

enum { CODEC_DOUBLES = 0, CODEC_INTEGERS = 1, CODEC_NANO = 2, CODEC_HOLES = 0x80 };
enum { LEVEL = 3, VARINT_MAX = 10 };

static const double scales[] = {[CODEC_INTEGERS] = 1, [CODEC_NANO] = 1e9};

void pfl_store_varint_write(struct pfl_buf *buf, uint64_t value)
{
    unsigned char bytes[VARINT_MAX];
    size_t n = 0;

    for (; value >= 0x80; value >>= 7)
        bytes[n++] = (unsigned char)(value | 0x80);
    bytes[n++] = (unsigned char)value;
    pfl_buf_add(buf, bytes, n);
}

bool pfl_store_varint_read(struct pfl_store_cursor *in, uint64_t *value)
{
    uint64_t got = 0;
    unsigned shift;

    for (shift = 0; shift < 64; shift += 7) {
        unsigned char byte;

        if (in->at == in->end)
            return false;
        byte = *in->at++;
        if (shift == 63 && byte > 1)
            return false;
        got |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            *value = got;
            return true;
        }
    }
    return false;
}

static uint64_t mix(uint64_t hash, uint64_t word) /* the multiplier is splitmix64's */
{
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 32;
}

uint64_t pfl_store_hash(const void *bytes, size_t len, uint64_t seed)
{
    const unsigned char *p = bytes;
    uint64_t hash = mix(seed, len), word = 0;
    size_t i;

    for (; len >= 8; len -= 8, p += 8)
        hash = mix(hash, (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
                             (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 |
                             (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56);
    for (i = 0; i < len; i++)
        word |= (uint64_t)p[i] << 8 * i;
    return mix(mix(hash, word), 0);
}

/* A block of n integers of `width` bytes above a base, being written plane by plane. */
struct planes {
    unsigned char *at;
    size_t n;
    unsigned width;
    uint64_t base;
};

static unsigned width_of(uint64_t range)
{
    unsigned width = 0;

    for (; range; range >>= 8)
        width++;
    return width;
}

static bool planes_begin(struct planes *planes, struct pfl_buf *buf, int64_t least, int64_t most,
                         size_t n)
{
    planes->base = (uint64_t)least;
    planes->n = n;
    planes->width = n ? width_of((uint64_t)most - (uint64_t)least) : 0;
    pfl_store_varint_write(buf, ((uint64_t)least << 1) ^ (least < 0 ? UINT64_MAX : 0));
    pfl_buf_char(buf, (char)planes->width);
    if (n > SIZE_MAX / 8)
        return false;
    planes->at = (unsigned char *)pfl_buf_room(buf, n * planes->width);
    return planes->at != NULL;
}

static void planes_put(const struct planes *planes, size_t i, int64_t value)
{
    uint64_t above = (uint64_t)value - planes->base;
    unsigned p;

    for (p = 0; p < planes->width; p++, above >>= 8)
        planes->at[p * planes->n + i] = (unsigned char)above;
}

static uint64_t planes_get(const struct planes *planes, size_t i)
{
    uint64_t above = 0;
    unsigned p;

    for (p = planes->width; p-- > 0;)
        above = above << 8 | planes->at[p * planes->n + i];
    return planes->base + above;
}

static bool planes_open(struct pfl_store_cursor *in, struct planes *planes, size_t n)
{
    uint64_t folded;

    if (!pfl_store_varint_read(in, &folded) || in->at == in->end)
        return false;
    planes->base = (folded >> 1) ^ (folded & 1 ? UINT64_MAX : 0);
    planes->width = *in->at++;
    planes->n = n;
    if (planes->width > 8 || (planes->width && n > (size_t)(in->end - in->at) / planes->width))
        return false;
    planes->at = (unsigned char *)(uintptr_t)in->at; /* only read through this */
    in->at += n * planes->width;
    return true;
}

void pfl_store_ints_write(struct pfl_buf *buf, const int64_t *values, size_t n)
{
    int64_t least = n ? values[0] : 0, most = least;
    struct planes planes;
    size_t i;

    for (i = 0; i < n; i++) {
        least = values[i] < least ? values[i] : least;
        most = values[i] > most ? values[i] : most;
    }
    if (!planes_begin(&planes, buf, least, most, n))
        return;
    for (i = 0; i < n; i++)
        planes_put(&planes, i, values[i]);
    pfl_buf_grew(buf, n * planes.width);
}

bool pfl_store_ints_read(struct pfl_store_cursor *in, int64_t *values, size_t n)
{
    struct planes planes;
    size_t i;

    if (!planes_open(in, &planes, n))
        return false;
    for (i = 0; i < n; i++)
        values[i] = (int64_t)planes_get(&planes, i);
    return true;
}

static uint64_t bits_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static bool is_hole(double value)
{
    return bits_of(value) == bits_of((double)NAN);
}

static int64_t scaled(double value, double scale)
{
    return (int64_t)rint(value * scale);
}

/* Does every value (but holes) survive the way through integers? Also finds their range and counts
 * the holes. */
static bool fits(const double *values, size_t n, double scale, int64_t range[2], size_t *holes)
{
    const double exact = 9007199254740992.0; /* 2^53 */
    bool first = true;
    size_t i;

    *holes = 0;
    range[0] = range[1] = 0;
    for (i = 0; i < n; i++) {
        int64_t whole;

        if (is_hole(values[i])) {
            ++*holes;
            continue;
        }
        if (!(fabs(values[i] * scale) < exact))
            return false;
        whole = scaled(values[i], scale);
        if (bits_of((double)whole / scale) != bits_of(values[i]))
            return false;
        range[0] = first || whole < range[0] ? whole : range[0];
        range[1] = first || whole > range[1] ? whole : range[1];
        first = false;
    }
    return true;
}

static void write_holes(struct pfl_buf *buf, const double *values, size_t n)
{
    size_t size = (n + 7) / 8, i;
    char *bitmap = pfl_buf_room(buf, size);

    if (!bitmap)
        return;
    memset(bitmap, 0, size);
    for (i = 0; i < n; i++)
        if (is_hole(values[i]))
            bitmap[i / 8] = (char)(bitmap[i / 8] | 1 << i % 8);
    pfl_buf_grew(buf, size);
}

static void write_doubles(struct pfl_buf *buf, const double *values, size_t n)
{
    struct planes planes = {.n = n, .width = 8};
    size_t i;

    pfl_buf_char(buf, CODEC_DOUBLES);
    planes.at = n <= SIZE_MAX / 8 ? (unsigned char *)pfl_buf_room(buf, n * 8) : NULL;
    if (!planes.at)
        return;
    for (i = 0; i < n; i++)
        planes_put(&planes, i, (int64_t)bits_of(values[i]));
    pfl_buf_grew(buf, n * 8);
}

void pfl_store_values_write(struct pfl_buf *buf, const double *values, size_t n)
{
    int64_t range[2];
    struct planes planes;
    size_t holes, i, at = 0;
    int codec = CODEC_INTEGERS;

    while (codec <= CODEC_NANO && !fits(values, n, scales[codec], range, &holes))
        codec++;
    if (codec > CODEC_NANO) {
        write_doubles(buf, values, n);
        return;
    }
    pfl_buf_char(buf, (char)(codec | (holes ? CODEC_HOLES : 0)));
    if (holes)
        write_holes(buf, values, n);
    if (!planes_begin(&planes, buf, range[0], range[1], n - holes))
        return;
    for (i = 0; i < n; i++)
        if (!is_hole(values[i]))
            planes_put(&planes, at++, scaled(values[i], scales[codec]));
    pfl_buf_grew(buf, planes.n * planes.width);
}

static bool read_doubles(struct pfl_store_cursor *in, double *values, size_t n)
{
    struct planes planes = {.n = n, .width = 8, .at = (unsigned char *)(uintptr_t)in->at};
    size_t i;

    if (n > (size_t)(in->end - in->at) / 8)
        return false;
    in->at += n * 8;
    for (i = 0; i < n; i++)
        values[i] = double_of(planes_get(&planes, i));
    return true;
}

static size_t count_bits(const unsigned char *bitmap, size_t n)
{
    size_t count = 0, i;

    for (i = 0; i < n; i++)
        count += (size_t)(bitmap[i / 8] >> i % 8 & 1);
    return count;
}

bool pfl_store_values_read(struct pfl_store_cursor *in, double *values, size_t n)
{
    const unsigned char *bitmap = NULL;
    struct planes planes;
    size_t holes = 0, i, at = 0;
    int codec;

    if (in->at == in->end)
        return false;
    codec = *in->at++;
    if (codec == CODEC_DOUBLES)
        return read_doubles(in, values, n);
    if (codec & CODEC_HOLES) {
        if ((n + 7) / 8 > (size_t)(in->end - in->at))
            return false;
        bitmap = in->at;
        in->at += (n + 7) / 8;
        holes = count_bits(bitmap, n);
    }
    codec &= ~CODEC_HOLES;
    if ((codec != CODEC_INTEGERS && codec != CODEC_NANO) || !planes_open(in, &planes, n - holes))
        return false;
    for (i = 0; i < n; i++) {
        if (bitmap && bitmap[i / 8] >> i % 8 & 1)
            values[i] = (double)NAN;
        else
            values[i] = (double)(int64_t)planes_get(&planes, at++) / scales[codec];
    }
    return true;
}

void pfl_store_zstd_release(struct pfl_store_zstd *zstd)
{
    if (!zstd)
        return;
    ZSTD_freeCCtx(zstd->compressor);
    ZSTD_freeDCtx(zstd->expander);
    memset(zstd, 0, sizeof *zstd);
}

int pfl_store_frame_write(struct pfl_store_zstd *zstd, unsigned char version,
                          const struct pfl_buf *raw, struct pfl_buf *blob, struct pfl_err *err)
{
    size_t bound = ZSTD_compressBound(raw->len), size;
    char *room;

    if (!zstd->compressor) {
        zstd->compressor = ZSTD_createCCtx();
        if (!zstd->compressor)
            return pfl_err_no_memory(err);
        ZSTD_CCtx_setParameter(zstd->compressor, ZSTD_c_compressionLevel, LEVEL);
        ZSTD_CCtx_setParameter(zstd->compressor, ZSTD_c_checksumFlag, 1);
    }
    pfl_buf_char(blob, (char)version);
    room = pfl_buf_room(blob, bound);
    if (!room)
        return pfl_buf_check(blob, err, "compressing a run");
    size = ZSTD_compress2(zstd->compressor, room, bound, raw->len ? raw->data : "", raw->len);
    if (ZSTD_isError(size))
        return pfl_err_set(err, PFL_ENOMEM, "compressing a run: %s", ZSTD_getErrorName(size));
    pfl_buf_grew(blob, size);
    return PFL_OK;
}

int pfl_store_frame_read(struct pfl_store_zstd *zstd, unsigned char newest,
                         const struct pfl_store_cursor *blob, struct pfl_arena *arena,
                         struct pfl_store_cursor *raw, struct pfl_err *err)
{
    size_t len = (size_t)(blob->end - blob->at), size;
    unsigned long long raw_size;
    unsigned char *bytes;

    if (len < 2)
        return pfl_err_set(err, PFL_ECORRUPT, "the stored bytes are cut short");
    if (blob->at[0] > newest)
        return pfl_err_set(
            err, PFL_EVERSION,
            "it is stored in form %d, this perfledger knows forms up to %d: use a newer one",
            blob->at[0], newest);
    raw_size = ZSTD_getFrameContentSize(blob->at + 1, len - 1);
    if (raw_size > PFL_STORE_FRAME_MAX) /* the two error values are the largest ones */
        return pfl_err_set(err, PFL_ECORRUPT, "the stored bytes are not a frame of ours");
    if (!zstd->expander)
        zstd->expander = ZSTD_createDCtx();
    bytes = zstd->expander ? pfl_arena_alloc(arena, (size_t)raw_size) : NULL;
    if (!bytes)
        return pfl_err_no_memory(err);
    size = ZSTD_decompressDCtx(zstd->expander, bytes, (size_t)raw_size, blob->at + 1, len - 1);
    if (ZSTD_isError(size) || size != raw_size)
        return pfl_err_set(err, PFL_ECORRUPT, "the stored bytes do not unpack: %s",
                           ZSTD_isError(size) ? ZSTD_getErrorName(size) : "cut short");
    raw->at = bytes;
    raw->end = bytes + size;
    return PFL_OK;
}
