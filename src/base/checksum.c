/*
 * XXH64 with seed 0, written from its specification (Yann Collet, "xxHash fast digest algorithm",
 * version 0.1.1): four lanes of 64 bits take stripes of 32 bytes, some bytes per cycle, so that
 * reading a file costs more than summing it.
 */
#include "base/checksum.h"

#include <string.h>

static const uint64_t prime1 = 0x9E3779B185EBCA87u, prime2 = 0xC2B2AE3D27D4EB4Fu,
                      prime3 = 0x165667B19E3779F9u, prime4 = 0x85EBCA77C2B2AE63u,
                      prime5 = 0x27D4EB2F165667C5u;

static uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

/* Little-endian, whatever the machine is. */
static uint64_t read64(const unsigned char *p)
{
    uint64_t x = 0;
    int i;

    for (i = 7; i >= 0; i--)
        x = x << 8 | p[i];
    return x;
}

static uint32_t read32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint64_t round_of(uint64_t lane, uint64_t input)
{
    return rotate(lane + input * prime2, 31) * prime1;
}

static uint64_t merge(uint64_t hash, uint64_t lane)
{
    return (hash ^ round_of(0, lane)) * prime1 + prime4;
}

void pfl_checksum_init(struct pfl_checksum *sum)
{
    memset(sum, 0, sizeof *sum);
    sum->lanes[0] = prime1 + prime2;
    sum->lanes[1] = prime2;
    sum->lanes[3] = 0 - prime1;
}

static const unsigned char *stripes(struct pfl_checksum *sum, const unsigned char *p, size_t count)
{
    uint64_t a = sum->lanes[0], b = sum->lanes[1], c = sum->lanes[2], d = sum->lanes[3];

    for (; count > 0; count--, p += 32) {
        a = round_of(a, read64(p));
        b = round_of(b, read64(p + 8));
        c = round_of(c, read64(p + 16));
        d = round_of(d, read64(p + 24));
    }
    sum->lanes[0] = a;
    sum->lanes[1] = b;
    sum->lanes[2] = c;
    sum->lanes[3] = d;
    return p;
}

void pfl_checksum_add(struct pfl_checksum *sum, const void *bytes, size_t len)
{
    const unsigned char *p = bytes;
    size_t held = sum->total % 32, take;

    sum->total += len;
    if (held) {
        take = len < 32 - held ? len : 32 - held;
        memcpy(sum->rest + held, p, take);
        if (held + take < 32)
            return;
        stripes(sum, sum->rest, 1);
        p += take;
        len -= take;
    }
    p = stripes(sum, p, len / 32);
    if (len % 32)
        memcpy(sum->rest, p, len % 32);
}

uint64_t pfl_checksum_end(const struct pfl_checksum *sum)
{
    const unsigned char *p = sum->rest, *end = p + sum->total % 32;
    const uint64_t *l = sum->lanes;
    uint64_t hash = prime5; /* lane 2 is the seed: 0 */
    int i;

    if (sum->total >= 32) {
        hash = rotate(l[0], 1) + rotate(l[1], 7) + rotate(l[2], 12) + rotate(l[3], 18);
        for (i = 0; i < 4; i++)
            hash = merge(hash, l[i]);
    }
    hash += sum->total;
    for (; end - p >= 8; p += 8)
        hash = rotate(hash ^ round_of(0, read64(p)), 27) * prime1 + prime4;
    if (end - p >= 4) {
        hash = rotate(hash ^ read32(p) * prime1, 23) * prime2 + prime3;
        p += 4;
    }
    for (; p < end; p++)
        hash = rotate(hash ^ *p * prime5, 11) * prime1;
    hash = (hash ^ hash >> 33) * prime2;
    hash = (hash ^ hash >> 29) * prime3;
    return hash ^ hash >> 32;
}
