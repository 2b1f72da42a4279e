/*
 * A race: contenders measured together. The first is the base; every other one is a challenger. One
 * benchmark of one challenger against the base's is a bout, and bouts are decided one by one.
 *
 * A bout is measured in blocks of two mirrored pairs, so that what hangs on order, place or start
 * cancels within a block, and exchanging the names of base and head turns every difference of the
 * block about, and nothing else:
 *
 *   solo  one launch after the other: base head head base, or head base base head
 *   duet  base and head at the same moment on two CPUs, twice: with CPUs and start order exchanged
 *   inside  both processes live at the same time and run the batches of a benchmark inside them in
 *           turns, on one CPU, twice: with the order exchanged
 *
 * Which of the two orders (solo, inside), and which CPU and start order comes first (duet), is
 * drawn from the race's seed, block by block.
 */
#ifndef PFL_MODEL_RACE_H
#define PFL_MODEL_RACE_H

#include "model/verdict.h"

enum pfl_race_mode { PFL_RACE_SOLO, PFL_RACE_DUET, PFL_RACE_INSIDE };
enum { PFL_RACE_MODE_COUNT = 3 };
const char *pfl_race_mode_text(enum pfl_race_mode mode); /* "solo", "duet", "inside" */

/* What the judge may decide on: wall-clock time, CPU time, and the metric asked for by name. */
enum pfl_race_metric { PFL_RACE_TIME, PFL_RACE_CPU, PFL_RACE_ASKED };
enum { PFL_RACE_METRIC_COUNT = 3 };

/* One launch as the judge sees it. Inside: a pair's two times are those whose ratio is the median
 * of the ratios of neighbouring batches; the other values are not there. */
struct pfl_race_launch {
    double value[PFL_RACE_METRIC_COUNT]; /* stored units (seconds …); NaN: it gave none */
    int64_t wall_ns;                     /* what it took of the race's time */
    int64_t gap_ns;                      /* the clock shows a suspend or a stop; 0: none */
    int64_t waits, preemptions;          /* voluntary and involuntary context switches */
};

struct pfl_race_pair {
    struct pfl_race_launch base, head;
};

struct pfl_race_block {
    enum pfl_race_mode mode;
    bool turned; /* solo, inside: head first; duet: base on the second CPU in the first pair */
    bool late;   /* duet: base starts second in the first pair */
    struct pfl_race_pair pairs[2];
    uint32_t place;  /* the sides' files lie where they do in the other blocks of this number, which
                        is not chance; 0: nothing that it has in common with others */
    int64_t took_ns; /* of the race's time, preparations included */
    double pressure; /* share of the block's time in which somebody waited for a CPU; NaN unknown */
};

/* What a bout shall measure next; NOTHING: it is decided. */
enum pfl_race_next {
    PFL_RACE_NEXT_SOLO,
    PFL_RACE_NEXT_DUET,
    PFL_RACE_NEXT_INSIDE,
    PFL_RACE_NEXT_NOTHING
};

/* How a bout stands, for the live line. Ratios are head / base; NaN while there is none. */
struct pfl_race_standing {
    const char *benchmark, *challenger; /* as reports call them */
    const char *phase;       /* "building …", "warm-up", "pilot", "solo", "duet", "inside" */
    double ratio, low, high; /* 99 % interval of this moment, not for deciding */
    bool decided;
    size_t pairs;
    size_t bout, bouts;  /* which one, from 0, of how many */
    double seconds_left; /* of the whole race at most; NaN unknown */
};

/* How a bout ended, beside its verdict. */
enum pfl_bout_end {
    PFL_BOUT_DECIDED,     /* before its time was up */
    PFL_BOUT_TIME,        /* its time was up: judged on what there is */
    PFL_BOUT_INTERRUPTED, /* Ctrl-C */
    PFL_BOUT_FAILED,      /* one side failed, both did, or outputs differ: see reason */
    PFL_BOUT_SKIPPED,     /* a side lacks the benchmark, does not build, or skips itself */
};

/* What was found out about one bout. */
struct pfl_bout_result {
    size_t challenger; /* index of the contender, ≥ 1 */
    const char *benchmark;
    enum pfl_bout_end end;
    const char *reason; /* FAILED, SKIPPED: a sentence; else "" */
    enum pfl_race_metric metric;
    const char *metric_name;
    const char *metric_why; /* why this one decides: a sentence */
    enum pfl_race_mode mode;
    const char *mode_why;                       /* why solo, duet or inside: a sentence */
    size_t pairs[PFL_RACE_MODE_COUNT];          /* usable pairs by mode */
    size_t dropped;                             /* pairs in which the clock showed a gap */
    struct pfl_row rows[PFL_RACE_METRIC_COUNT]; /* deciding one first */
    size_t row_count;
    double p; /* sequential p value of "no difference beyond the tolerance's zero" */
    double solo_ratio, solo_low, solo_high; /* of the deciding metric from solo pairs alone */
    double cv_base, cv_head;                /* deciding metric, launches of `mode` */
    double seconds;
    bool same_output_checked;
};

/* Of all modes. */
static inline size_t pfl_race_pairs(const struct pfl_bout_result *bout)
{
    size_t sum = 0;
    int i;

    for (i = 0; i < PFL_RACE_MODE_COUNT; i++)
        sum += bout->pairs[i];
    return sum;
}

/* --bar 3x --max-cv 10%: is the challenger worth its complexity? */
struct pfl_race_bar {
    double
        factor; /* base / head at least (or head / base where higher is better); NaN: none asked */
    double max_cv; /* NaN: none asked */
    int least_launches;
    bool met;
    const char *reason; /* a sentence, met or not */
};

struct pfl_contender {
    const char *label;         /* "HEAD~1", "work tree", the command */
    const struct pfl_run *run; /* what was measured of it; NULL: it was not (did not build) */
    const char *problem;       /* did not build, …: a sentence; NULL: none */
};

struct pfl_race {
    struct pfl_contender *contenders; /* the base first */
    size_t contender_count;
    struct pfl_bout_result *bouts; /* by benchmark, then challenger */
    size_t bout_count;
    struct pfl_comparison comparison; /* all rows, for the reports; base and head are the first two
                                         contenders' runs (NULL where there is none) */
    struct pfl_race_bar bar;
    uint64_t seed;
    double seconds;
    const char *recorded; /* a sentence; NULL */
};

#endif
