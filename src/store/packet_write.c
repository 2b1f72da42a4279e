/*
 * Points of one series as columns. What a summary says beside its median lies near the median, so
 * only the difference is kept, and only where it gives back the same 64 bits, which writing tries:
 *
 * - decimal: the column's numbers are whole multiples of 10^-e (tools round: asv writes quartiles
 *   with five digits, nanoseconds are whole, bytes are). Kept is the multiple, less the median's
 *   own nearest multiple. After ALP (Afroozeh, Kuffó, Boncz: Adaptive Lossless floating-Point
 *   compression, 2023), with the division that strtod rounds the same way.
 * - bits: anything else. The bits of a double, taken as an integer, are in the order of the
 *   numbers; kept is the difference of the two integers, which can always be undone.
 *
 * Differences are folded (sign in the lowest bit) and laid out in byte planes; a plane that is
 * mostly zero, as an outlier makes it, is a bitmap and the bytes that are not. A general compressor
 * behind that gains under 3 % and would make each look at one point unpack all of them.
 */
#include "store/packet_form.h"

#include <math.h>
#include <string.h>

static uint64_t fold(uint64_t difference)
{
    return difference << 1 ^ (difference >> 63 ? UINT64_MAX : 0);
}

static bool is_hole(double value)
{
    return pfl_packet_bits(value) == pfl_packet_bits((double)NAN);
}

/* One column being written: what is no hole, and the medians beside it. */
struct column {
    double value[PFL_STORE_PACKET_MAX], median[PFL_STORE_PACKET_MAX];
    unsigned char holes[PFL_PACKET_BITMAP]; /* a bit per entry */
    size_t n, entries;                      /* without and with the holes */
};

static double field_of(const struct pfl_store_entry *entry, size_t offset)
{
    double value;

    memcpy(&value, (const char *)&entry->summary + offset, sizeof value);
    return value;
}

static void gather(struct column *column, const struct pfl_store_entry *entries, size_t n,
                   size_t offset)
{
    size_t i;

    memset(column->holes, 0, sizeof column->holes);
    column->entries = n;
    column->n = 0;
    for (i = 0; i < n; i++) {
        double value = field_of(&entries[i], offset);

        if (is_hole(value)) {
            column->holes[i / 8] = (unsigned char)(column->holes[i / 8] | 1 << i % 8);
        } else {
            column->median[column->n] = entries[i].summary.median;
            column->value[column->n++] = value;
        }
    }
}

static bool is_decimal(double value, int exponent)
{
    /* through the integer, which has no -0.0; one that is too large comes back as 0 */
    double back = pfl_packet_decimal(pfl_packet_nearest(value, exponent), exponent);

    return pfl_packet_bits(back) == pfl_packet_bits(value);
}

/* The exponent that fits all values; PFL_PACKET_EXPONENT_MAX + 1: there is none. Values of one
 * column are rounded alike, so that the first one mostly finds it. */
static int find_exponent(const struct column *column)
{
    int exponent = 0;
    size_t i;

    for (i = 0; i < column->n && exponent <= PFL_PACKET_EXPONENT_MAX; i++)
        while (exponent <= PFL_PACKET_EXPONENT_MAX && !is_decimal(column->value[i], exponent))
            exponent++;
    /* a larger exponent fits what a smaller one did, unless the multiple gets near 2^53 */
    for (i = 0; i < column->n && exponent <= PFL_PACKET_EXPONENT_MAX; i++)
        if (!is_decimal(column->value[i], exponent))
            return PFL_PACKET_EXPONENT_MAX + 1;
    return exponent;
}

static void write_plane(struct pfl_buf *buf, const uint64_t *folded, size_t n, unsigned shift)
{
    unsigned char raw[PFL_STORE_PACKET_MAX], rest[PFL_STORE_PACKET_MAX],
        bitmap[PFL_PACKET_BITMAP] = {0};
    size_t i, set = 0;

    for (i = 0; i < n; i++) {
        raw[i] = (unsigned char)(folded[i] >> shift);
        rest[set] = raw[i];
        if (raw[i])
            bitmap[i / 8] = (unsigned char)(bitmap[i / 8] | 1 << i % 8);
        set += raw[i] != 0;
    }
    if ((n + 7) / 8 + set < n) {
        pfl_buf_char(buf, PFL_PACKET_PLANE_SPARSE);
        pfl_buf_add(buf, bitmap, (n + 7) / 8);
        pfl_buf_add(buf, rest, set);
    } else {
        pfl_buf_char(buf, PFL_PACKET_PLANE_RAW);
        pfl_buf_add(buf, raw, n);
    }
}

static void write_planes(struct pfl_buf *buf, const uint64_t *folded, size_t n)
{
    uint64_t all = 0;
    unsigned width = 0, p;
    size_t i;

    for (i = 0; i < n; i++)
        all |= folded[i];
    for (; all; all >>= 8)
        width++;
    pfl_buf_char(buf, (char)width);
    for (p = 0; p < width; p++)
        write_plane(buf, folded, n, 8 * p);
}

static void write_column(struct pfl_buf *buf, const struct column *column)
{
    uint64_t folded[PFL_STORE_PACKET_MAX];
    bool holes = column->n < column->entries;
    int exponent, form;
    size_t i;

    if (column->n == 0) {
        pfl_buf_char(buf, PFL_PACKET_NONE);
        return;
    }
    exponent = find_exponent(column);
    form = exponent <= PFL_PACKET_EXPONENT_MAX ? PFL_PACKET_DECIMAL + exponent : PFL_PACKET_BITS;
    for (i = 0; i < column->n; i++) {
        double value = column->value[i], median = column->median[i];

        folded[i] = form == PFL_PACKET_BITS ? fold(pfl_packet_bits(value) - pfl_packet_bits(median))
                                            : fold((uint64_t)pfl_packet_nearest(value, exponent) -
                                                   (uint64_t)pfl_packet_nearest(median, exponent));
    }
    pfl_buf_char(buf, (char)(form | (holes ? PFL_PACKET_HOLES : 0)));
    if (holes)
        pfl_buf_add(buf, column->holes, (column->entries + 7) / 8);
    write_planes(buf, folded, column->n);
}

static void write_body(struct pfl_buf *buf, const struct pfl_store_entry *entries, size_t n,
                       bool one_definition)
{
    int64_t numbers[PFL_STORE_PACKET_MAX];
    struct column column;
    size_t i;

    pfl_buf_char(buf, PFL_PACKET_VERSION);
    for (i = 0; i < n; i++)
        numbers[i] = entries[i].definition;
    if (!one_definition)
        pfl_store_ints_write(buf, numbers, n);
    for (i = 0; i < n; i++)
        numbers[i] = (int64_t)entries[i].summary.n;
    pfl_store_ints_write(buf, numbers, n);
    for (i = 0; i < PFL_PACKET_COLUMNS; i++) {
        gather(&column, entries, n, pfl_packet_columns[i]);
        write_column(buf, &column);
    }
}

static void write_open(struct pfl_buf *buf, const struct pfl_store_entry *entries, size_t n)
{
    unsigned char *room =
        (unsigned char *)pfl_buf_room(buf, n * (PFL_PACKET_RUN + PFL_PACKET_MEDIAN));
    size_t i;
    int b;

    if (!room)
        return;
    for (i = 0; i < n; i++) {
        uint64_t offset = (uint64_t)(entries[i].run - entries[0].run);

        *room++ = (unsigned char)(offset >> 8);
        *room++ = (unsigned char)offset;
    }
    for (i = 0; i < n; i++)
        for (b = PFL_PACKET_MEDIAN; b-- > 0;)
            *room++ = (unsigned char)(pfl_packet_bits(entries[i].summary.median) >> 8 * b);
    pfl_buf_grew(buf, n * (PFL_PACKET_RUN + PFL_PACKET_MEDIAN));
}

static void place(struct pfl_store_packet *packet, const unsigned char *bytes, size_t len)
{
    packet->runs.at = bytes;
    packet->medians.at = packet->runs.end = bytes + packet->n * PFL_PACKET_RUN;
    packet->body.at = packet->medians.end = packet->medians.at + packet->n * PFL_PACKET_MEDIAN;
    packet->body.end = bytes + len;
}

int pfl_store_packet_write(const struct pfl_store_entry *entries, size_t n, struct pfl_buf *buf,
                           struct pfl_store_packet *packet, struct pfl_err *err)
{
    size_t from = buf->len, i;
    uint64_t sum;
    int code;

    *packet = (struct pfl_store_packet){
        .first = entries[0].run, .definition = entries[0].definition, .n = n};
    for (i = 1; i < n; i++)
        if (entries[i].definition != entries[0].definition)
            packet->definition = 0;
    write_open(buf, entries, n);
    write_body(buf, entries, n, packet->definition != 0);
    code = pfl_buf_check(buf, err, "packing points");
    if (code)
        return code;
    place(packet, (const unsigned char *)buf->data + from, buf->len - from);
    sum = pfl_packet_checksum(packet);
    for (i = 0; i < PFL_PACKET_CHECKSUM; i++)
        pfl_buf_char(buf, (char)(unsigned char)(sum >> 8 * i));
    code = pfl_buf_check(buf, err, "packing points");
    place(packet, (const unsigned char *)buf->data + from, buf->len - from);
    return code;
}
