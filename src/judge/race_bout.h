/*
 * What the files of the race's judge share: one bout, its blocks and the units made of them.
 * Nothing outside the folder includes this.
 *
 *     race.c          a bout's life: blocks come in, the next one is named, a look decides
 *       race_choice.c   the pilot's choices: which metric decides, solo or duet
 *       race_look.c     looks and the final look: p values, intervals, a speed that changed halfway
 *     race_finish.c   the bout's rows and verdict
 *       race_words.c    its sentences
 *     race_rows.c     all bouts: false discoveries, other metrics, the comparison
 *       race_bar.c      --bar
 */
#ifndef PFL_JUDGE_RACE_BOUT_H
#define PFL_JUDGE_RACE_BOUT_H

#include "base/vec.h"
#include "judge/internal.h"
#include "judge/race.h"
#include "stats/symmetric.h"

PFL_VEC(pfl_race_doubles, double);
PFL_VEC(pfl_race_blocks, struct pfl_race_block);

enum { PFL_RACE_WHY = 240, PFL_RACE_ANYTIME_LEAST = 10, PFL_RACE_FINAL_LEAST = 9 };

/* Log ratios head / base of one metric and mode, in the order of time. Solo: one per pair, two per
 * block, which turn about together; so inside. Duet: the mean of a block's two mirrored pairs.
 * Blocks in which the sides' files lie in the same place share its luck, and are one block: their
 * mean. */
struct pfl_race_units {
    struct pfl_race_doubles logs;
    size_t pairs;  /* behind them, and behind the sum */
    double sum[2]; /* of the pairs of the blocks of this place, which is not over: no unit yet */
    size_t of;     /* so many blocks; 0: no sum */
    uint32_t place;
    size_t unusable; /* pairs with a value that is zero, negative or infinite */
    size_t lopsided; /* pairs in which one side alone gave a value */
    size_t missing;  /* pairs without a value */
};

struct pfl_bout {
    struct pfl_race_rules rules;
    struct pfl_race_blocks blocks; /* usable ones: both pairs without a gap */
    struct pfl_race_units units[PFL_RACE_METRIC_COUNT][PFL_RACE_MODE_COUNT];
    size_t dropped;                       /* pairs in blocks with a gap */
    size_t measured[PFL_RACE_MODE_COUNT]; /* blocks, dropped ones included */
    int64_t took_ns, mode_ns[PFL_RACE_MODE_COUNT];
    size_t pilot; /* blocks of each mode tried; 0: the first has not come yet */
    bool pilot_duets;
    char no_duets[PFL_RACE_WHY];  /* why there are none though rules.duets would have it; "" */
    char no_inside[PFL_RACE_WHY]; /* likewise of batches in turns */
    char inside_note[PFL_RACE_WHY], place_note[PFL_RACE_WHY];
    bool chosen;
    enum pfl_race_metric metric;
    enum pfl_race_mode mode;
    char metric_why[PFL_RACE_WHY], mode_why[2 * PFL_RACE_WHY + 64];
    struct pfl_symmetric_rule rule; /* of the looks */
    size_t looked;                  /* units at the last look */
    double p;                       /* the smallest of all looks at "no difference"; 1 */
    bool decided, finished;
    struct pfl_race_doubles scratch;
};

static inline const struct pfl_race_doubles *
pfl_race_logs(const struct pfl_bout *bout, enum pfl_race_metric metric, enum pfl_race_mode mode)
{
    return &bout->units[metric][mode].logs;
}

static inline const struct pfl_race_launch *pfl_race_side(const struct pfl_race_block *block,
                                                          int pair, bool head)
{
    return head ? &block->pairs[pair].head : &block->pairs[pair].base;
}

static inline size_t pfl_race_pair_count(const struct pfl_bout *bout, enum pfl_race_metric metric,
                                         enum pfl_race_mode mode)
{
    return bout->units[metric][mode].pairs;
}

const char *pfl_race_metric_name(const struct pfl_bout *bout, enum pfl_race_metric metric);
enum pfl_better pfl_race_better(const struct pfl_bout *bout, enum pfl_race_metric metric);
const char *pfl_race_unit(const struct pfl_bout *bout, enum pfl_race_metric metric);

/* No further block of any place will come: what is summed up is a unit. false: no memory. */
bool pfl_race_units_end(struct pfl_bout *bout);

/* The error that the looks (and the final look) may spend. */
double pfl_race_half_error(const struct pfl_bout *bout);

/* race_choice.c */
bool pfl_race_asked(const struct pfl_bout *bout, enum pfl_race_metric *metric);
int pfl_race_choose(struct pfl_bout *bout, struct pfl_err *err);
/* Room for n doubles; NULL: no memory. */
double *pfl_race_room(struct pfl_bout *bout, size_t n);
double pfl_race_median(double *values, size_t n); /* sorts; NaN for none */

/* race_look.c */
struct pfl_race_split {
    bool found;
    size_t at;     /* first unit after it */
    double factor; /* how many times as large the values are after it */
};
/* values: logs, in the order of time. scratch: n doubles. */
struct pfl_race_split pfl_race_split_of(const double *values, size_t n, double *scratch);
int pfl_race_look(struct pfl_bout *bout, struct pfl_err *err);

struct pfl_race_found {
    size_t n;
    double ratio, low, high; /* NaN: too few for that */
    double p;                /* of "no difference", this estimate's own look */
    double se;               /* of the log ratio */
};
/* One look that is not repeated. error: 1 − the interval's confidence. */
int pfl_race_final(struct pfl_bout *bout, enum pfl_race_metric metric, enum pfl_race_mode mode,
                   double error, struct pfl_race_found *found, struct pfl_err *err);
/* The anytime-valid one. */
int pfl_race_anytime(struct pfl_bout *bout, double error, struct pfl_race_found *found,
                     struct pfl_err *err);

/* race_words.c */
struct pfl_race_words {
    struct pfl_buf buf;
    struct pfl_arena *arena;
    struct pfl_err *err;
};
void pfl_race_words_init(struct pfl_race_words *words, struct pfl_arena *arena,
                         struct pfl_err *err);
const char *pfl_race_words_end(struct pfl_race_words *words); /* NULL: no memory, err set */
/* "regressed": the sentence of a row that has a ratio. */
void pfl_race_write_effect(struct pfl_race_words *words, const struct pfl_row *row,
                           double confidence);
void pfl_race_write_basis(struct pfl_race_words *words, const struct pfl_bout *bout);
void pfl_race_write_factor(struct pfl_race_words *words, double factor); /* "0.27", "9.8", "120" */
/* "; about 300 more pairs (--max-time 25s) would decide" */
void pfl_race_write_advice(struct pfl_race_words *words, size_t pairs, double seconds);
const char *pfl_race_direction(const char *unit, bool up); /* "slower", "more" … */
/* Why a row that decides nothing says what it says. Static. */
const char *pfl_race_brief(const struct pfl_row *row, enum pfl_race_metric metric);

/* race_bar.c */
int pfl_race_judge_bar(const struct pfl_judge_race_params *params, struct pfl_arena *arena,
                       struct pfl_race *race, struct pfl_err *err);

#endif
