/*
 * A run as bytes, the same in every store: one record (everything but the samples) and a row of
 * chunks with the samples. Both together give back every field of the run but its id, to the last
 * bit.
 */
#ifndef PFL_STORE_RECORD_H
#define PFL_STORE_RECORD_H

#include "model/run.h"
#include "store/codec.h"

enum {
    PFL_STORE_THINNED_VERSION = 4
}; /* of the record's frame; such a run has no samples beside it */

/* Appends the run's record to blob (a buffer of the caller's). */
int pfl_store_record_write(struct pfl_store_zstd *zstd, const struct pfl_run *run,
                           struct pfl_buf *blob, struct pfl_err *err);
/* Fills *run (id "") from a record; result values are there, still without their numbers. */
int pfl_store_record_read(struct pfl_store_zstd *zstd, const struct pfl_store_cursor *blob,
                          struct pfl_arena *arena, struct pfl_run *run, struct pfl_err *err);

/* Appends one chunk: the samples of benchmark *next and the following ones, until the chunk is
 * large enough; moves *next behind them. Chunks are written until *next is run->benchmark_count. */
int pfl_store_samples_write(struct pfl_store_zstd *zstd, const struct pfl_run *run, size_t *next,
                            struct pfl_buf *blob, struct pfl_err *err);
/* Fills in the numbers of a chunk that must begin at benchmark *next, and moves *next likewise. */
int pfl_store_samples_read(struct pfl_store_zstd *zstd, const struct pfl_store_cursor *blob,
                           struct pfl_run *run, size_t *next, struct pfl_err *err);

#endif
