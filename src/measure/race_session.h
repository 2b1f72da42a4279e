/* A race from inside: what the files race*.c share. Nobody else includes this. */
#ifndef PFL_MEASURE_RACE_SESSION_H
#define PFL_MEASURE_RACE_SESSION_H

#include "measure/order.h"
#include "measure/race.h"
#include "measure/race_places.h"
#include "measure/session.h"
#include "measure/yardsticks.h"

struct pfl_race_session;

/* A contender while it is measured. */
struct pfl_race_side {
    struct pfl_race_session *race;
    const char *label;
    struct pfl_measure_params params;
    struct pfl_session session;
    struct pfl_run run; /* given to the caller at the end */
    struct pfl_machine_load load;
};

struct pfl_race_bout {
    size_t index, benchmark, challenger;
    bool over;        /* nothing more is measured of it */
    bool solo_only;   /* a duet failed though both worked alone */
    size_t inside;    /* blocks of batches in turns */
    bool own_threads; /* inside: a side needs more than one CPU */
    bool noted;       /* it has been told how it is measured inside */
    double unrest[2]; /* of each CPU, of its last such block: scatter × time; 0: not tried */
    bool metric_told;
    enum pfl_race_next next;
    int blocks; /* measured whole */
    int64_t took_ns;
};

struct pfl_race_session {
    const struct pfl_race_params *params;
    struct pfl_arena *arena;
    struct pfl_race_side *sides;
    size_t side_count, opened; /* sessions that must be closed */
    struct pfl_race_bout *bouts;
    size_t bout_count;
    struct pfl_order order;   /* its generator also draws the blocks' turns */
    struct pfl_random chance; /* for what is drawn when the clock says so: it shifts no turns */
    struct pfl_launcher *solo, *duet[2];
    char cpus[2][12]; /* the duet launchers' */
    bool two_cpus;
    uint32_t position; /* of the next launch, over all sides */
    struct pfl_readings readings;
    bool cold; /* a reading came after the last launch */
    size_t blocks;
    bool pressure_is_dear;
    struct pfl_race_places places;
    bool *base_shown; /* by benchmark: the base's output before the race is there */
};

static inline struct pfl_session_item *pfl_race_item(const struct pfl_race_session *race,
                                                     size_t side, size_t benchmark)
{
    return &race->sides[side].session.items[benchmark];
}

/* Ctrl-C, or the race's time is up: nothing more is launched. Known to all sides from then on. */
bool pfl_race_over(struct pfl_race_session *race);

/* race_open.c. Close also what could not be opened. */
int pfl_race_open(struct pfl_race_session *race, const struct pfl_race_params *params,
                  struct pfl_arena *arena, struct pfl_machine_presence *presence,
                  struct pfl_err *err);
void pfl_race_close(struct pfl_race_session *race);
/* Do both work in the same folder? */
bool pfl_race_same_folder(const struct pfl_plan *base, const struct pfl_plan *head,
                          size_t benchmark);

/* race_block.c: measures one block and gives it to the judge, if nothing came in between. */
int pfl_race_play(struct pfl_race_session *race, struct pfl_race_bout *bout, struct pfl_err *err);

/* race_turns.c: both pairs of a block whose batches alternate. *whole: worth giving to the judge.
 */
bool pfl_race_can_turn(const struct pfl_race_session *race, const struct pfl_race_bout *bout);
int pfl_race_play_turns(struct pfl_race_session *race, struct pfl_race_bout *bout,
                        struct pfl_race_block *block, bool *whole, struct pfl_err *err);

/* race_places.c. Before the first launch: which files only one side has; they are dropped from
 * memory. */
int pfl_race_find_places(struct pfl_race_session *race, struct pfl_err *err);
/* Between rounds, once something was launched: those that launches read are laid elsewhere. */
void pfl_race_lay(struct pfl_race_session *race);
/* What the block has in common with others (model/race.h). */
uint32_t pfl_race_place(const struct pfl_race_session *race, enum pfl_race_mode mode);
void pfl_race_places_release(struct pfl_race_places *places);

/* race_end.c: ends the bouts of which a side failed or is skipped. */
int pfl_race_settle(struct pfl_race_session *race, struct pfl_err *err);
/* The bout's last block was measured (or none ever will be): last checks, then it is over. end
 * DECIDED: it wants nothing more. */
int pfl_race_conclude(struct pfl_race_session *race, struct pfl_race_bout *bout,
                      enum pfl_bout_end end, struct pfl_err *err);
/* Ends all that are still open, Ctrl-C or time up. */
int pfl_race_end_all(struct pfl_race_session *race, struct pfl_err *err);
/* Nothing more can be measured: all that are still open failed for this reason (NULL: no memory).
 */
int pfl_race_break_off(struct pfl_race_session *race, const char *why, struct pfl_err *err);

/* race_output.c: launches both sides once with their output kept, and has it compared. `before`: of
 * the whole race. A difference ends the bout. */
int pfl_race_same_output(struct pfl_race_session *race, struct pfl_race_bout *bout, bool before,
                         struct pfl_err *err);

/* race_tell.c */
void pfl_race_tell(struct pfl_race_session *race, const struct pfl_race_bout *bout,
                   const char *phase);
void pfl_race_tell_progress(void *side, const struct pfl_progress *progress);

#endif
