/*
 * Recorded noise: blocks of one and the same program raced against itself, as record.c measured
 * them, for replay.c to play again. The format is described in noise/README.md.
 */
#ifndef PFL_PROOF_NOISE_H
#define PFL_PROOF_NOISE_H

#include "base/err.h"
#include "model/race.h"
#include "model/yardstick.h"

struct noise {
    struct pfl_race_block *blocks[PFL_RACE_MODE_COUNT]; /* in the order of time */
    size_t count[PFL_RACE_MODE_COUNT];
    double (*yardsticks)[PFL_YARDSTICK_COUNT]; /* seconds per operation */
    size_t yardstick_count;
};

/* A .zst file or a plain one. */
int noise_read(const char *path, struct noise *noise, struct pfl_err *err);
void noise_release(struct noise *noise);

#endif
