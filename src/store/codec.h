/*
 * How arrays of numbers become few bytes and come back to the last bit, and the compressed frame
 * they travel in. Byte formats are written down in docs/ledger.md; they never change: a new form
 * gets a new codec byte.
 */
#ifndef PFL_STORE_CODEC_H
#define PFL_STORE_CODEC_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* Reading never goes beyond `end`; a reader that finds nonsense answers false and the bytes are
 * damaged. */
struct pfl_store_cursor {
    const unsigned char *at, *end;
};

void pfl_store_varint_write(struct pfl_buf *buf, uint64_t value); /* LEB128 */
bool pfl_store_varint_read(struct pfl_store_cursor *in, uint64_t *value);

/* The array's length is not part of its bytes: the caller keeps it. */
void pfl_store_ints_write(struct pfl_buf *buf, const int64_t *values, size_t n);
bool pfl_store_ints_read(struct pfl_store_cursor *in, int64_t *values, size_t n);
void pfl_store_values_write(struct pfl_buf *buf, const double *values, size_t n);
bool pfl_store_values_read(struct pfl_store_cursor *in, double *values, size_t n);

/* 64 bits over the bytes, the same on every machine; seed chains several pieces. It finds damage
 * and tells texts apart; it withstands nobody who means harm. */
uint64_t pfl_store_hash(const void *bytes, size_t len, uint64_t seed);

/* Compression contexts, kept because making one costs more than a small frame. A zeroed one is
 * ready. */
struct pfl_store_zstd {
    void *compressor, *expander;
};
void pfl_store_zstd_release(struct pfl_store_zstd *zstd);

enum { PFL_STORE_FRAME_MAX = 1 << 30 }; /* uncompressed bytes of one frame */

/* Frame: version byte, then a zstd frame with its size and checksum. Appends to blob. */
int pfl_store_frame_write(struct pfl_store_zstd *zstd, unsigned char version,
                          const struct pfl_buf *raw, struct pfl_buf *blob, struct pfl_err *err);
/* The bytes live in the arena. PFL_ECORRUPT, or PFL_EVERSION when the version is above `newest`. */
int pfl_store_frame_read(struct pfl_store_zstd *zstd, unsigned char newest,
                         const struct pfl_store_cursor *blob, struct pfl_arena *arena,
                         struct pfl_store_cursor *raw, struct pfl_err *err);

#endif
