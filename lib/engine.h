/*
 * What engine.c, batches.c, threads.c, run.c, argument.c and random.c share: a case's run in one
 * launch, and each thread's view of it, which is the user's `struct pfl_bench`.
 */
#ifndef PFL_LIB_ENGINE_H
#define PFL_LIB_ENGINE_H

#include "internal.h"

#include "stats/stats.h"

#include <pthread.h>

/* ---- clock.c: what is read; tests put their own in ---- */

struct pfl_lib_clock {
    int64_t (*now_ns)(void);
    int64_t (*thread_cpu_ns)(void);
    uint64_t (*ticks)(void);      /* all earlier work done before, no later work begun after */
    double (*yardstick_ns)(void); /* per step */
    long (*switches)(void);       /* how often this thread was taken off its processor */
};
extern struct pfl_lib_clock pfl_lib_clock;

/* ---- batches.c: how many iterations come next; pure ---- */

enum pfl_lib_phase { PFL_LIB_FIRST, PFL_LIB_SIZING, PFL_LIB_TIMED, PFL_LIB_OVER };

struct pfl_lib_plan {
    enum pfl_lib_phase phase; /* of the batch at hand */
    uint64_t size;            /* its iterations */
    double batch_ns, seconds_ns;
    double spent_ns;  /* of the timed batches */
    int64_t since_ns; /* when the first timed batch was due; 0: not yet */
    size_t timed, dropped, least, again;
    bool count_only, keep_all;
};

void pfl_lib_plan_init(struct pfl_lib_plan *plan, const struct pfl_lib_how *how);
/* The batch at hand took so long, and was interrupted or not; decides on the next one. true: the
 * one that ended is recorded. */
bool pfl_lib_plan_advance(struct pfl_lib_plan *plan, double wall_ns, bool interrupted);
/* After that: ends it when what lies between the batches takes too long. */
void pfl_lib_plan_watch(struct pfl_lib_plan *plan, int64_t now_ns);

/* ---- engine.c ---- */

/* What one batch gave. */
struct pfl_lib_lap {
    uint64_t iterations;
    double body_ns; /* without pauses; or what the body said (manual time) */
    double wall_ns;
    bool interrupted;
};

struct pfl_lib_crew;

/* One case in one launch; all its threads'. */
struct pfl_lib_run {
    const struct pfl_lib_case *of;
    const struct pfl_lib_how *how;
    struct pfl_lib_outcome *outcome;
    struct pfl_lib_plan plan;
    struct pfl_lib_crew *crew; /* NULL: one thread */
    double yardstick_before;
    size_t room;          /* of the outcome's arrays */
    pthread_mutex_t lock; /* status, reason, metrics */
    int stopped;          /* atomic: failed or skipped */
};

enum pfl_lib_loop_state { PFL_LIB_BEFORE, PFL_LIB_INSIDE, PFL_LIB_AFTER };

struct pfl_lib_counter {
    struct pfl_lib_counter *next;
    char *name;
    double value;
    enum pfl_counter_kind kind;
};

struct pfl_bench {
    struct pfl_lib_run *run;
    int index; /* of the thread */
    enum pfl_lib_loop_state state;
    bool refuse;                /* the loop that has just been entered ends at once */
    bool crewed;                /* counted by the barrier */
    uint64_t batch, iterations; /* of the batch at hand; in all, timed or not */
    int64_t begin_ns;
    uint64_t begin_ticks, end_ticks; /* of the batch at hand; the end's with pauses only */
    /* pauses of the batch at hand */
    bool paused, ever_paused;
    uint64_t pause_began, paused_ticks, pairs;
    double pair_ticks; /* what an empty pair costs beyond what it takes off; < 0: not known yet */
    /* manual time of the batch at hand */
    double manual_s;
    uint64_t manual_calls;
    pfl_batch_function *setup, *teardown;
    void *hook_context;
    int64_t end_ns; /* of the last batch */
    long switches;  /* by then */
    /* CPU time of the timed batches */
    int64_t cpu_begin_ns;    /* -1: not yet */
    double cpu_ns, gap_ns;   /* gap: the shortest between two batches; NaN: none yet */
    double gap_sum_ns, gaps; /* of those that were not much longer */
    uint64_t cpu_iterations, cpu_batches;
    struct pfl_allocations allocations_begin, allocations; /* of the timed batches */
    struct pfl_allocations allocations_paused;             /* by when the pause at hand began */
    double bytes, items;                                   /* NaN: not said */
    struct pfl_lib_counter *counters;
    uint64_t seed;
    struct pfl_random random;
};

/* After a batch: records it, runs the yardstick, answers the size of the next; 0: the end. */
uint64_t pfl_lib_engine_turn(struct pfl_lib_run *run, const struct pfl_lib_lap *lap);
/* Fails the run with the place of the benchmark behind the message. */
void pfl_lib_misuse(struct pfl_bench *b, const char *format, ...) PFL_PRINTF(2, 3);
bool pfl_lib_stopped(const struct pfl_lib_run *run);
void pfl_lib_stop(struct pfl_lib_run *run, enum pfl_lib_status status, char *reason); /* takes it */

/* ---- threads.c ---- */

/* Runs the function in all threads; the calling one is number 0. */
void pfl_lib_crew_run(struct pfl_lib_run *run, struct pfl_bench *benches);
/* The barrier after a batch: the slowest lap counts. Answers as pfl_lib_engine_turn. */
uint64_t pfl_lib_crew_meet(struct pfl_bench *b, const struct pfl_lib_lap *lap);
void pfl_lib_crew_ready(struct pfl_bench *b); /* the barrier after set-up, where anybody has one */
void pfl_lib_crew_leave(struct pfl_bench *b); /* not coming any more; idempotent */

/* ---- run.c ---- */

void pfl_lib_bench_init(struct pfl_bench *b, struct pfl_lib_run *run, int index);
void pfl_lib_bench_release(struct pfl_bench *b);
/* Calls the function in this thread and sees whether it kept to the rules. */
void pfl_lib_bench_call(struct pfl_bench *b);
double pfl_lib_pauses_end(struct pfl_bench *b, double wall_ns); /* the body's ns of this batch */
/* Bytes, items and counters of all threads become metrics. */
void pfl_lib_bench_settle(struct pfl_lib_run *run, struct pfl_bench *benches, int n);

/* ---- alloc.c ---- */

bool pfl_lib_allocations_counted(void);
struct pfl_allocations pfl_lib_allocations_now(void); /* of this thread */

/* ---- build.c ---- */

void pfl_lib_build_add(int build); /* PFL_BUILD_… of a registered file */

/* ---- options.c: texts of the source → values ---- */

/* Splits and evaluates the values of an argument; at most PFL_LIB_VALUES_MAX. texts: allocated.
 * −1: problem says what is wrong. */
int pfl_lib_values_parse(const char *text, struct pfl_lib_arg *values, char *problem, size_t room);
/* One constant expression. */
bool pfl_lib_constant(const char *text, struct pfl_lib_arg *value, char *problem, size_t room);

#endif
