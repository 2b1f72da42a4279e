/*
 * The judge of a race: says after each block what to measure next and when a bout is decided, and
 * in the end what the verdicts are. Pure: the same blocks give the same answers.
 * docs/statistics.md, "Race", has the reasons.
 *
 * Error: half of 1 % is spent on looking (pfl_stats_symmetric_p, valid at every block), half on one
 * look at the planned end (Wilcoxon signed rank, Hodges–Lehmann). Over m bouts the race stops a
 * bout early at q / m, and the verdicts at the end are those that Benjamini–Hochberg leaves at q.
 */
#ifndef PFL_JUDGE_RACE_H
#define PFL_JUDGE_RACE_H

#include "base/arena.h"
#include "base/err.h"
#include "model/race.h"

struct pfl_race_rules {
    double tolerance;            /* ≥ 0; 0: any difference counts */
    double confidence;           /* 0.99 */
    double false_discovery_rate; /* 0.01 */
    size_t bouts;                /* of the whole race */
    const char *metric; /* asked for: "time", "cpu" or another one's name; NULL: the judge chooses
                           between time and cpu by what the commands do (metric_why) */
    const char *unit;   /* of the asked metric; "s" */
    enum pfl_better better;   /* of the asked metric */
    bool duets;               /* they may be tried here */
    const char *why_no_duets; /* when they may not, for mode_why; NULL: not possible here */
    bool inside; /* batches in turns inside both processes: always then, without a pilot; the metric
                    is time */
    const char *why_not_inside; /* for mode_why, where one might have expected it; NULL */
    int64_t planned_ns;         /* of this bout */
    double bar;                 /* --bar: base / head to be shown; NaN none */
    int least_launches;    /* per side, before a bout may be decided; 0: what the statistics need */
    const char *benchmark; /* borrowed */
    size_t challenger;
};

struct pfl_bout; /* opaque */

int pfl_judge_bout_new(const struct pfl_race_rules *rules, struct pfl_bout **bout,
                       struct pfl_err *err);
void pfl_judge_bout_free(struct pfl_bout *bout);

/* The asked metric's unit and direction, where only the measured program can say them: before the
 * first block with a value of it. unit is borrowed. */
void pfl_judge_bout_metric(struct pfl_bout *bout, const char *unit, enum pfl_better better);

/* From now on no duets: they cannot be measured. false: the pilot is over, and what was seen in
 * duets has been looked at; it is too late to change the mode. */
bool pfl_judge_bout_no_duets(struct pfl_bout *bout, const char *why);

/* Likewise: from now on whole launches, for the programs cannot be told when to run a batch. */
bool pfl_judge_bout_no_inside(struct pfl_bout *bout, const char *why);

/* Circumstances of batches in turns, for mode_why: "on one CPU". */
void pfl_judge_bout_note_inside(struct pfl_bout *bout, const char *note);
/* And what was done about where the sides' files lie in memory, in whatever mode. */
void pfl_judge_bout_note_places(struct pfl_bout *bout, const char *note);

/* What shall be measured next; NOTHING: it is decided. The pilot alternates between the modes where
 * duets are possible, then stays with the sharper one; among duets a solo block now and then gives
 * the size. */
enum pfl_race_next pfl_judge_bout_next(const struct pfl_bout *bout);

/* One block; pairs with a clock gap or without values are dropped and counted. PFL_ENOMEM. */
int pfl_judge_bout_add(struct pfl_bout *bout, const struct pfl_race_block *block,
                       struct pfl_err *err);

/* Ratio, interval, decided, pairs, phase; the rest is the caller's. */
void pfl_judge_bout_standing(const struct pfl_bout *bout, struct pfl_race_standing *standing);

/* The last word about one bout; no block may be added after it. end: TIME, INTERRUPTED, FAILED or
 * SKIPPED with a reason; a decided bout stays DECIDED. result borrows from rules and the arena. */
int pfl_judge_bout_finish(struct pfl_bout *bout, enum pfl_bout_end end, const char *reason,
                          struct pfl_arena *arena, struct pfl_bout_result *result,
                          struct pfl_err *err);

/* All bouts → false discoveries, comparison (rows of contenders' other metrics included, never
 * deciding), bar. contenders, bouts, seed and seconds are filled; comparison and bar are made.
 * Policy: fail_on, strict, tolerance count. The exit code is in comparison.exit_code: PFL_OK unless
 * fail_on, strict or the bar ask for another. */
struct pfl_judge_race_params {
    const struct pfl_policy *policy;
    double bar, max_cv;
    int bar_launches; /* least, 10 */
};
int pfl_judge_race(const struct pfl_judge_race_params *params, struct pfl_arena *arena,
                   struct pfl_race *race, struct pfl_err *err);

#endif
