/*
 * Packets are read: all of one, or the point of one run, which costs a walk along the columns but
 * no unpacking of what is not asked for. Nothing is believed before lengths and checksum fit, and
 * no reader goes beyond the bytes whatever they say. What the bytes mean is told in packet_write.c.
 */
#include "store/packet_form.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

const size_t pfl_packet_columns[PFL_PACKET_COLUMNS] = {
    offsetof(struct pfl_summary, ci_low), offsetof(struct pfl_summary, ci_high),
    offsetof(struct pfl_summary, mean),   offsetof(struct pfl_summary, stddev),
    offsetof(struct pfl_summary, min),    offsetof(struct pfl_summary, max),
    offsetof(struct pfl_summary, q1),     offsetof(struct pfl_summary, q3),
};

static const double powers[PFL_PACKET_EXPONENT_MAX + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

uint64_t pfl_packet_bits(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

double pfl_packet_double(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

int64_t pfl_packet_nearest(double value, int exponent)
{
    double scaled = value * powers[exponent];

    return fabs(scaled) < 9007199254740992.0 /* 2^53 */ ? (int64_t)rint(scaled) : 0;
}

double pfl_packet_decimal(int64_t multiple, int exponent)
{
    return (double)multiple / powers[exponent];
}

static size_t length(const struct pfl_store_cursor *bytes)
{
    return (size_t)(bytes->end - bytes->at);
}

uint64_t pfl_packet_checksum(const struct pfl_store_packet *packet)
{
    uint64_t hash = pfl_store_hash("", 0, (uint64_t)packet->first) + (uint64_t)packet->definition;

    hash = pfl_store_hash(packet->runs.at, length(&packet->runs), hash);
    hash = pfl_store_hash(packet->medians.at, length(&packet->medians), hash);
    return pfl_store_hash(packet->body.at, length(&packet->body), hash);
}

static uint64_t unfold(uint64_t folded)
{
    return folded >> 1 ^ (folded & 1 ? UINT64_MAX : 0);
}

static size_t count_bits(const unsigned char *bitmap, size_t n)
{
    static const unsigned char bits[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};
    size_t count = 0, i;

    for (i = 0; i < n / 8; i++)
        count += (size_t)(bits[bitmap[i] & 15] + bits[bitmap[i] >> 4]);
    for (i = n / 8 * 8; i < n; i++)
        count += (size_t)(bitmap[i / 8] >> i % 8 & 1);
    return count;
}

/* The entries to be filled: those from the from-th to the one before the to-th. */
struct window {
    struct pfl_store_entry *entries;
    size_t n, from, to;
};

static const unsigned char *take(struct pfl_store_cursor *in, size_t n)
{
    const unsigned char *bytes = in->at;

    if (n > (size_t)(in->end - in->at))
        return NULL;
    in->at += n;
    return bytes;
}

/* Adds the window [from, to) of one plane to folded[0 …]. */
static bool read_plane(struct pfl_store_cursor *in, size_t n, size_t from, size_t to,
                       unsigned shift, uint64_t *folded)
{
    const unsigned char *form = take(in, 1), *raw, *bitmap;
    size_t i, rank;

    if (!form || *form > PFL_PACKET_PLANE_SPARSE)
        return false;
    if (*form == PFL_PACKET_PLANE_RAW) {
        raw = take(in, n);
        for (i = from; raw && i < to; i++)
            folded[i - from] |= (uint64_t)raw[i] << shift;
        return raw != NULL;
    }
    bitmap = take(in, (n + 7) / 8);
    raw = bitmap ? take(in, count_bits(bitmap, n)) : NULL;
    if (!raw)
        return false;
    rank = count_bits(bitmap, from);
    for (i = from; i < to; i++)
        if (bitmap[i / 8] >> i % 8 & 1)
            folded[i - from] |= (uint64_t)raw[rank++] << shift;
    return true;
}

static bool read_planes(struct pfl_store_cursor *in, size_t n, size_t from, size_t to,
                        uint64_t *folded)
{
    const unsigned char *width = take(in, 1);
    unsigned p;

    if (!width || *width > 8)
        return false;
    memset(folded, 0, (to - from) * sizeof *folded);
    for (p = 0; p < *width; p++)
        if (!read_plane(in, n, from, to, 8 * p, folded))
            return false;
    return true;
}

static double value_of(uint64_t folded, double median, int form)
{
    uint64_t difference = unfold(folded);
    int exponent = form - PFL_PACKET_DECIMAL;

    if (form == PFL_PACKET_BITS)
        return pfl_packet_double(pfl_packet_bits(median) + difference);
    return pfl_packet_decimal(
        (int64_t)((uint64_t)pfl_packet_nearest(median, exponent) + difference), exponent);
}

static bool read_column(struct pfl_store_cursor *in, const struct window *window, size_t offset)
{
    const unsigned char *byte = take(in, 1), *holes = NULL;
    uint64_t folded[PFL_STORE_PACKET_MAX];
    size_t i, at = 0, from = window->from, to = window->to, n = window->n;
    int form = byte ? *byte & ~PFL_PACKET_HOLES : PFL_PACKET_BITS + 1;

    if (form > PFL_PACKET_BITS || (byte && *byte == PFL_PACKET_HOLES))
        return false;
    if (*byte & PFL_PACKET_HOLES) {
        holes = take(in, (n + 7) / 8);
        if (!holes)
            return false;
        from -= count_bits(holes, from);
        to -= count_bits(holes, to);
        n -= count_bits(holes, n);
    }
    if (form != PFL_PACKET_NONE && !read_planes(in, n, from, to, folded))
        return false;
    for (i = window->from; i < window->to; i++) {
        struct pfl_summary *summary = &window->entries[i - window->from].summary;
        bool none = form == PFL_PACKET_NONE || (holes && holes[i / 8] >> i % 8 & 1);
        double value = none ? (double)NAN : value_of(folded[at++], summary->median, form);

        memcpy((char *)summary + offset, &value, sizeof value);
    }
    return true;
}

static bool read_numbers(struct pfl_store_cursor *in, const struct window *window, bool definitions)
{
    int64_t numbers[PFL_STORE_PACKET_MAX];
    size_t i;

    if (!pfl_store_ints_read(in, numbers, window->n))
        return false;
    for (i = window->from; i < window->to; i++) {
        struct pfl_store_entry *entry = &window->entries[i - window->from];

        if (numbers[i] < 0)
            return false;
        if (definitions)
            entry->definition = numbers[i];
        else
            entry->summary.n = (size_t)numbers[i];
    }
    return true;
}

static int64_t run_at(const struct pfl_store_packet *packet, size_t i)
{
    const unsigned char *bytes = packet->runs.at + i * PFL_PACKET_RUN;

    return packet->first + (int64_t)(bytes[0] << 8 | bytes[1]);
}

static double median_at(const struct pfl_store_packet *packet, size_t i)
{
    const unsigned char *bytes = packet->medians.at + i * PFL_PACKET_MEDIAN;
    uint64_t bits = 0;
    int b;

    for (b = 0; b < PFL_PACKET_MEDIAN; b++)
        bits = bits << 8 | bytes[b];
    return pfl_packet_double(bits);
}

static bool read_body(const struct pfl_store_packet *packet, const struct window *window)
{
    struct pfl_store_cursor in = {packet->body.at + 1, packet->body.end - PFL_PACKET_CHECKSUM};
    size_t i;

    if (!packet->definition && !read_numbers(&in, window, true))
        return false;
    if (!read_numbers(&in, window, false))
        return false;
    for (i = 0; i < PFL_PACKET_COLUMNS; i++)
        if (!read_column(&in, window, pfl_packet_columns[i]))
            return false;
    return in.at == in.end;
}

static bool fits(const struct pfl_store_packet *packet)
{
    return packet->n > 0 && packet->n <= PFL_STORE_PACKET_MAX &&
           length(&packet->runs) == packet->n * PFL_PACKET_RUN &&
           length(&packet->medians) == packet->n * PFL_PACKET_MEDIAN &&
           length(&packet->body) > PFL_PACKET_CHECKSUM;
}

static bool is_sound(const struct pfl_store_packet *packet)
{
    struct pfl_store_packet summed = *packet;
    uint64_t sum = 0;
    int i;

    summed.body.end -= PFL_PACKET_CHECKSUM;
    for (i = PFL_PACKET_CHECKSUM; i-- > 0;)
        sum = sum << 8 | summed.body.end[i];
    return pfl_packet_checksum(&summed) == sum;
}

static int damaged(struct pfl_err *err)
{
    return pfl_err_set(err, PFL_ECORRUPT, "the packed points do not fit together");
}

static int read_window(const struct pfl_store_packet *packet, const struct window *window,
                       struct pfl_err *err)
{
    size_t i;

    if (!fits(packet))
        return damaged(err);
    if (packet->body.at[0] > PFL_PACKET_VERSION)
        return pfl_err_set(
            err, PFL_EVERSION,
            "points are packed in form %d, this perfledger knows up to %d: use a newer one",
            packet->body.at[0], PFL_PACKET_VERSION);
    if (!is_sound(packet))
        return damaged(err);
    for (i = window->from; i < window->to; i++) {
        struct pfl_store_entry *entry = &window->entries[i - window->from];

        entry->run = run_at(packet, i);
        entry->definition = packet->definition;
        entry->summary.median = median_at(packet, i);
    }
    return read_body(packet, window) ? PFL_OK : damaged(err);
}

int pfl_store_packet_read(const struct pfl_store_packet *packet, struct pfl_store_entry *entries,
                          struct pfl_err *err)
{
    struct window window = {entries, packet->n, 0, packet->n};

    return read_window(packet, &window, err);
}

/* The place of a run, or n. */
static size_t find(const struct pfl_store_packet *packet, int64_t run)
{
    size_t low = 0, high = packet->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (run_at(packet, middle) == run)
            return middle;
        if (run_at(packet, middle) < run)
            low = middle + 1;
        else
            high = middle;
    }
    return packet->n;
}

int pfl_store_packet_find(const struct pfl_store_packet *packet, int64_t run,
                          struct pfl_store_entry *entry, struct pfl_err *err)
{
    size_t at;
    struct window window = {entry, packet->n, 0, 0};
    int code;

    if (!fits(packet))
        return damaged(err);
    at = find(packet, run);
    if (at == packet->n)
        return 0;
    window.from = at;
    window.to = at + 1;
    code = read_window(packet, &window, err);
    return code ? code : 1;
}

bool pfl_store_packet_has(const struct pfl_store_packet *packet, int64_t run)
{
    return length(&packet->runs) == packet->n * PFL_PACKET_RUN && find(packet, run) < packet->n;
}
