/*
 * SHA-256 through libmd, so that no hand-written cryptography lives here. The library's context is
 * kept in an opaque block of words: its header defines short macros and types that should not reach
 * every file.
 */
#include "base/hash.h"

#include <sha2.h>
#include <stdalign.h>

_Static_assert(sizeof(SHA2_CTX) <= sizeof(struct pfl_hash), "libmd's context must fit pfl_hash");
_Static_assert(alignof(SHA2_CTX) <= alignof(struct pfl_hash), "and be aligned like it");
_Static_assert(SHA256_DIGEST_STRING_LENGTH == PFL_HASH_HEX, "64 hex digits and the final 0");

static SHA2_CTX *context_of(struct pfl_hash *hash)
{
    return (SHA2_CTX *)(void *)hash->opaque;
}

void pfl_hash_init(struct pfl_hash *hash)
{
    SHA256Init(context_of(hash));
}

void pfl_hash_add(struct pfl_hash *hash, const void *bytes, size_t len)
{
    if (len)
        SHA256Update(context_of(hash), bytes, len);
}

void pfl_hash_end(struct pfl_hash *hash, char hex[PFL_HASH_HEX])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[SHA256_DIGEST_LENGTH];
    size_t i;

    SHA256Final(digest, context_of(hash));
    for (i = 0; i < sizeof digest; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * sizeof digest] = 0;
}

void pfl_hash_text(const void *bytes, size_t len, char hex[PFL_HASH_HEX])
{
    struct pfl_hash hash;

    pfl_hash_init(&hash);
    pfl_hash_add(&hash, bytes, len);
    pfl_hash_end(&hash, hex);
}
