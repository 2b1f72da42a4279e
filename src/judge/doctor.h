/* Evidence about a machine → a diagnosis. Pure: nothing here looks at the machine. The rules are
 * those of docs/doctor.md. */
#ifndef PFL_JUDGE_DOCTOR_H
#define PFL_JUDGE_DOCTOR_H

#include "base/arena.h"
#include "base/err.h"
#include "model/doctor.h"

enum {
    PFL_DOCTOR_PAIRS_LEAST = 8
}; /* fewer show nothing at α = 1 %: 2 / 2⁸ is below it, 2 / 2⁷ is not */
#define PFL_DOCTOR_ALPHA 0.01      /* two-sided: wrongly called different */
#define PFL_DOCTOR_POWER 0.95      /* a true difference is found */
#define PFL_DOCTOR_PATIENCE_S 60.0 /* a 10 % gate must be held within this time */

/* The diagnosis lives in the arena and borrows from the evidence. Too few launches, or times that
 * are not positive, make an unfit machine, not an error. PFL_ENOMEM is the only one. */
int pfl_judge_doctor(const struct pfl_evidence *evidence, struct pfl_arena *arena,
                     struct pfl_diagnosis *diagnosis, struct pfl_err *err);

/* How many interleaved pairs find a relative difference of `tolerance` when one pair's log ratio
 * scatters by `scatter`; NaN in, NaN out. */
double pfl_judge_pairs_needed(double scatter, double tolerance);

/* doctor_checks.c: the conditions, one by one. Appends to diagnosis->checks, whose floors, gates
 * and yardsticks are filled. */
int pfl_judge_doctor_checks(const struct pfl_evidence *evidence, struct pfl_arena *arena,
                            struct pfl_diagnosis *diagnosis, struct pfl_err *err);

#endif
