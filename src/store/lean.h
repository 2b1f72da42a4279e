/*
 * The lean record, of a run that is summaries only (an imported archive has thousands). What such
 * runs say alike is a *form*, which the ledger keeps once: a benchmark's name, command and
 * parameters, its results' metrics and units. What a series holds, the numbers, is not held again.
 * The record is the rest, and says where both are. All three together give back every field of the
 * run but its id, to the last bit.
 */
#ifndef PFL_STORE_LEAN_H
#define PFL_STORE_LEAN_H

#include "model/run.h"
#include "store/codec.h"

enum { PFL_STORE_LEAN_VERSION = 3 }; /* of the record's frame */

/* No launches and no samples anywhere, and none were taken away. */
bool pfl_store_lean_suits(const struct pfl_run *run);

/* Appends the form of a benchmark. Two benchmarks have the same form when the bytes are the same.
 */
int pfl_store_form_write(const struct pfl_benchmark *bench, struct pfl_buf *buf,
                         struct pfl_err *err);

/* By number, as the ledger gave them. */
struct pfl_store_lean_places {
    const int64_t *forms, *definitions; /* of each benchmark; definition 0: it has none */
    const int64_t *series; /* of each result of all benchmarks; 0: its numbers stay in the record */
};
int pfl_store_lean_write(struct pfl_store_zstd *zstd, const struct pfl_run *run,
                         const struct pfl_store_lean_places *places, struct pfl_buf *blob,
                         struct pfl_err *err);

/* Where reading finds the rest. What they hand out lives as long as the arena, the run's. */
struct pfl_store_lean_source {
    struct pfl_arena *arena;
    int (*form)(void *context, int64_t number, struct pfl_store_cursor *bytes, struct pfl_err *err);
    int (*definition)(void *context, int64_t number, const char **hash, struct pfl_err *err);
    int (*point)(void *context, int64_t series, struct pfl_summary *summary, struct pfl_err *err);
    void *context;
};
int pfl_store_lean_read(struct pfl_store_zstd *zstd, const struct pfl_store_cursor *blob,
                        const struct pfl_store_lean_source *source, struct pfl_run *run,
                        struct pfl_err *err);

#endif
