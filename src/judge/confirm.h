/*
 * Suspects of a check, raced: what a stored baseline accuses, both builds measured together confirm
 * or refute. The stored baseline's noise (another session, another state of the machine) is not in
 * the race.
 */
#ifndef PFL_JUDGE_CONFIRM_H
#define PFL_JUDGE_CONFIRM_H

#include "base/arena.h"
#include "base/err.h"
#include "model/verdict.h"

/* Is it a row that a race can speak about: it decides, regressed against the base or is doubtful
 * (a release gate's), by a ratio? */
bool pfl_judge_is_suspect(const struct pfl_row *row);

/*
 * Holds every suspect against the race's row of the same benchmark and metric:
 *   worse, and the estimate at or beyond the gate's threshold   confirmed: stays regressed
 *   the whole interval is better than the threshold, and the
 *   row decides in the race                                     refuted: unchanged
 *   the race cannot tell, or has no such row                    stays regressed, and says so
 *   the race's row was skipped                                  stays regressed, and says why
 * A doubtful row becomes regressed, unchanged, or stays inconclusive in the same way. Reasons say
 * which, and a note which rows were raced and why. Counts, ok and exit code are made anew. strict:
 * as in the policy.
 */
int pfl_judge_confirm(struct pfl_comparison *comparison, const struct pfl_comparison *race,
                      bool strict, struct pfl_arena *arena, struct pfl_err *err);

/* Both sides hold the same files: a race would hold a build against itself, so every suspect is
 * acquitted without one. */
int pfl_judge_acquit(struct pfl_comparison *comparison, bool strict, struct pfl_arena *arena,
                     struct pfl_err *err);

#endif
