/* SHA-256 as hex text (FIPS 180-4, computed by libmd): run ids and artefacts. */
#ifndef PFL_BASE_HASH_H
#define PFL_BASE_HASH_H

#include "base/macros.h"

#include <stdint.h>

enum { PFL_HASH_HEX = 65 };

/* Room for the library's context without its header being known everywhere. */
struct pfl_hash {
    uint64_t opaque[32];
};

void pfl_hash_init(struct pfl_hash *hash);
void pfl_hash_add(struct pfl_hash *hash, const void *bytes, size_t len);
void pfl_hash_end(struct pfl_hash *hash, char hex[PFL_HASH_HEX]);
void pfl_hash_text(const void *bytes, size_t len, char hex[PFL_HASH_HEX]);

#endif
