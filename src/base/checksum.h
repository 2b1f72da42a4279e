/*
 * A fast 64-bit checksum of bytes that come piece by piece: tells whether a file is still the same,
 * where nobody has a reason to forge one. For everything else there is base/hash.h.
 */
#ifndef PFL_BASE_CHECKSUM_H
#define PFL_BASE_CHECKSUM_H

#include "base/macros.h"

#include <stdint.h>

struct pfl_checksum {
    uint64_t lanes[4], total;
    unsigned char rest[32]; /* total % 32 bytes that fill no stripe yet */
};

void pfl_checksum_init(struct pfl_checksum *sum);
void pfl_checksum_add(struct pfl_checksum *sum, const void *bytes, size_t len);
uint64_t pfl_checksum_end(const struct pfl_checksum *sum);

#endif
