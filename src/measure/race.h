/*
 * Measures contenders together, block by block (model/race.h), as somebody else decides.
 *
 * Each contender has a plan of the same benchmarks in the same order (one that it lacks has `skip`)
 * and becomes a run of its own. Set-up, warm-up, cleanup, the wire, validate, artefacts, timeouts:
 * all as pfl_measure() does; what a shell costs is not subtracted, for it is the same on both sides
 * and its calibration is not. A benchmark of which one side failed is over for this challenger;
 * when the base failed, for all. rounds and max_rounds of the plans do not count; max_time does.
 *
 * Duets: two launchers, one for each of two CPUs, served by one thread (sys/spawn.h: together);
 * which contender gets which is part of the block. Both sides of every pair of a solo block go
 * through the same launcher, not pinned unless the plan says so.
 *
 * Inside: two launchers, too, whose programs share one CPU and are told whose turn it is
 * (race_inside.h), for an item with `inside`. No warming up: the program does that by itself.
 *
 * Files that only one side has (its program, its data) are laid elsewhere in memory between rounds.
 *
 * Launches carry their place in the whole race as position, PFL_LAUNCH_DUET where they ran in one.
 * Between blocks, at most every half second, the yardsticks run.
 */
#ifndef PFL_MEASURE_RACE_H
#define PFL_MEASURE_RACE_H

#include "measure/measure.h"
#include "model/race.h"

struct pfl_race_contender {
    struct pfl_plan *plan;
    struct pfl_run *run; /* out: benchmarks, warnings, environment, yardsticks, times */
    const char *label;   /* as reports call it, for reasons; NULL: "the base", "challenger 1" … */
    bool must_have;     /* a program that is not there is a failure (commands), not a lack for which
                           the benchmark is skipped (revisions) */
    const char *folder; /* all files below it are this contender's alone (a checkout), but for
                           another's folder in it; absolute. NULL: what its commands name */
};

struct pfl_race_params {
    struct pfl_race_contender *contenders; /* the base first; at least two */
    size_t contender_count;
    const struct pfl_clock *clock;
    uint64_t seed;
    int64_t max_time_ns;    /* the whole race, set-up included; 0: none */
    int64_t setup_spent_ns; /* of max_time_ns already spent (building) */
    const char
        *metric; /* PFL_RACE_ASKED: its name; NULL: none. "time", "cpu" are not asked for here */

    /* Bouts are numbered benchmark by benchmark, challenger by challenger:
     * benchmark * (contender_count - 1) + challenger - 1. All callbacks come from one thread. */
    enum pfl_race_next (*want)(void *context, size_t bout);
    /* What the asked metric is, as this bout's program says: once, before add() gets its first
     * block with a value of it. May be NULL. */
    int (*tell_metric)(void *context, size_t bout, const char *unit, enum pfl_better better,
                       struct pfl_err *err);
    int (*add)(void *context, size_t bout, const struct pfl_race_block *block, struct pfl_err *err);
    /* This bout will not go on. reason: "" for TIME and INTERRUPTED. FAILED may also come for one
     * that wanted nothing more: its last `validate`, or its output afterwards, was wrong. */
    int (*end)(void *context, size_t bout, enum pfl_bout_end end, const char *reason,
               struct pfl_err *err);
    /* A launch failed in a duet though it worked alone: shall the bout go on without duets? The
     * block is dropped then. false, or NULL: the failure ends the bout. why is borrowed. */
    bool (*no_duets)(void *context, size_t bout, const char *why);
    /* A program cannot be told when to run its batches: shall the bout go on with whole launches?
     * The block is dropped then. false, or NULL: it ends. why is borrowed. */
    bool (*no_inside)(void *context, size_t bout, const char *why);
    /* How batches in turns are measured in this bout, after its first block of them: for mode_why.
     * May be NULL. note is borrowed. */
    void (*note_inside)(void *context, size_t bout, const char *note);
    /* How often the sides' own files were laid elsewhere in memory, so far; as above. */
    void (*note_places)(void *context, size_t bout, const char *note);
    void (*progress)(void *context, const struct pfl_race_standing *standing); /* benchmark, phase,
                       bout, bouts, seconds_left are filled; may be NULL */
    bool (*stop_asked)(void *context), (*hurry_asked)(void *context);
    void *context;

    /* Equal output: both sides' standard output, of one launch before the race and one after it, is
     * given to the callback (PFL_OK and *problem NULL: equal). NULL: not compared. */
    int (*same_output)(void *context, size_t bout, const char *base_path, const char *head_path,
                       const char **problem, struct pfl_err *err);
    const char *scratch_folder;        /* for those outputs; exists */
    pfl_harness_read_fn *read_results; /* as of pfl_measure_params */
    void *read_context;
};

/* Can two launches run at the same moment here: two CPUs that this process may use. */
bool pfl_race_duets_possible(void);
/* Why two plans' launches of a benchmark cannot run at the same moment; NULL: they can. Not when
 * one of them is pinned, nor when both work in the same folder and something is prepared, checked,
 * cleaned up or written there: each would find what the other one left. A duet wanted all the same
 * is measured solo, and the block says so. */
const char *pfl_race_no_duets(const struct pfl_plan *base, const struct pfl_plan *head,
                              size_t benchmark);

/* PFL_OK also when benchmarks failed, it was stopped, or it broke off halfway (the launcher died, a
 * file could not be read): the bouts still open have FAILED then, and what was measured is kept.
 * PFL_ENOMEM leaves nothing. */
int pfl_measure_race(const struct pfl_race_params *params, struct pfl_arena *arena,
                     struct pfl_err *err);

#endif
