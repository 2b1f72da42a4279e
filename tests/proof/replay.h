/* The simulated part of the proof: what its files share. One row is one line of the table. */
#ifndef PFL_PROOF_REPLAY_H
#define PFL_PROOF_REPLAY_H

#include "noise.h"
#include "stats/stats.h"

struct replay {
    const char *noise_folder;
    double scale;  /* of the number of repetitions: --quick 1 */
    bool broken;   /* judge by a plain z test at every look: the proof must fail */
    uint64_t seed; /* of all rows */
};

struct tally {
    size_t hits, wrong, n; /* wrong: of another kind than what is counted */
    double seconds;        /* median to a decision; NaN where nothing is decided */
    char remark[200];
};

struct row {
    const char *name, *title;
    bool at_most;
    double bar;     /* share; NaN: shown only */
    size_t repeats; /* of --quick */
    const char *noise;
    double effect, seconds; /* of races: head − 1; --max-time */
    int (*run)(const struct replay *replay, const struct row *row, size_t repeats,
               struct tally *tally, struct pfl_err *err);
};

/* replay_race.c */
int replay_races(const struct replay *replay, const struct row *row, size_t repeats,
                 struct tally *tally, struct pfl_err *err);
int replay_race_suites(const struct replay *replay, const struct row *row, size_t repeats,
                       struct tally *tally, struct pfl_err *err);

/* replay_suite.c. seconds: 0 no history, 1 twelve sessions of history, 40 forty; effect: the
 * machine's slowness.
 */
int replay_suites(const struct replay *replay, const struct row *row, size_t repeats,
                  struct tally *tally, struct pfl_err *err);
int replay_machine(const struct replay *replay, const struct row *row, size_t repeats,
                   struct tally *tally, struct pfl_err *err);
int replay_partly(const struct replay *replay, const struct row *row, size_t repeats,
                  struct tally *tally, struct pfl_err *err);

/* replay_source.c: a stream of A/A blocks from a random place of a trace, or drawn. */
struct source {
    struct noise noise;
    const char *kind;
    struct pfl_random random;
    size_t at[PFL_RACE_MODE_COUNT];
    double drift; /* of drawn noise: log speed of the machine */
};
int source_open(struct source *source, const struct replay *replay, const char *kind,
                struct pfl_err *err);
void source_close(struct source *source);
void source_begin(struct source *source, uint64_t seed);
void source_block(struct source *source, enum pfl_race_mode mode, struct pfl_race_block *block);
double source_gaussian(struct source *source);

/* share.c: exact 95 % binomial limits (Clopper & Pearson 1934). */
void share_limits(size_t hits, size_t n, double *low, double *high);
/* "met", "within chance" (the bar lies inside the limits), "MISSED", or "shown" without a bar. */
const char *share_judge(size_t hits, size_t n, bool at_most, double bar);

#endif
