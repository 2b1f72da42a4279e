/* What becomes of a check when its two sides were raced, or cannot be held against each other. */
#ifndef PFL_JUDGE_RELEASE_H
#define PFL_JUDGE_RELEASE_H

#include "base/arena.h"
#include "base/err.h"
#include "model/race.h"

/*
 * The check is of the two runs that a race made; the race's own answers, from pairs, take the place
 * of those from its runs: in every row that compares with the base and that the race has, too. The
 * threshold stays the gate's. Where the race decided by CPU time, CPU time takes the gate of `time`
 * over, unless it has one. Counts, ok and exit code are made anew.
 */
int pfl_judge_take_race(struct pfl_comparison *check, const struct pfl_race *race, bool strict,
                        struct pfl_arena *arena, struct pfl_err *err);

/* Rows that decide and whose data leave open whether they are beyond their limit: inconclusive,
 * and the bad end of the interval reaches it. Marked (doubtful) and counted (undecided). */
void pfl_judge_doubt(struct pfl_comparison *check);

/*
 * The last word of a release gate on what is still in doubt: why_undecided, with `remedy`, a
 * sentence's end. Where a race was to decide it and did not, the gate is not passed (exit status 5)
 * unless `lenient` (the user said himself which verdicts fail).
 */
int pfl_judge_undecided(struct pfl_comparison *check, const char *remedy, bool lenient,
                        struct pfl_arena *arena, struct pfl_err *err);

/*
 * Rows that compare with the base hold nothing, for `why`, a sentence's end ("measured on another
 * machine"). What is left to say no still does; otherwise nothing was judged (PFL_ENOTHING with
 * why_nothing).
 */
int pfl_judge_hold_nothing(struct pfl_comparison *check, const char *why, const char *why_nothing,
                           struct pfl_arena *arena, struct pfl_err *err);

#endif
