/*
 * What `doctor` looks at and what it says. `sys` fills the evidence, `judge` makes the diagnosis of
 * it, `report` shows both. Times are seconds, shares are fractions; NaN, "" and PFL_UNKNOWN: could
 * not be found out. Texts are borrowed from one arena.
 */
#ifndef PFL_MODEL_DOCTOR_H
#define PFL_MODEL_DOCTOR_H

#include "model/machine.h"
#include "model/yardstick.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PFL_UNKNOWN = -100 };

/* One clock: what a reading costs, and its smallest step seen. */
struct pfl_timer {
    const char *name; /* "monotonic" */
    double cost_s, step_s;
};

/* What the machine says of itself, without anything being measured. */
struct pfl_conditions {
    struct pfl_machine machine;
    double load1;                                      /* NaN */
    double cpu_pressure, memory_pressure, io_pressure; /* PSI "some" avg10, fraction; NaN */
    double cpu_quota;                                  /* CPUs' worth of time; 0: no limit */
    const char *huge_pages;                            /* "always", "madvise", "never", "" */
    const char *clocksource;                           /* "tsc", "" */
    int smt;                                           /* threads share cores: 0, 1 */
    int aslr;                                          /* kernel.randomize_va_space: 0, 1, 2 */
    int perf_paranoid;                                 /* kernel.perf_event_paranoid: -1 … 4 */
    int counters;                                      /* instructions can be counted here: 0, 1 */
    int pinning;                                       /* a process may choose its CPU: 0, 1 */
    int others;                                        /* perfledgers measuring now, besides us */
};

/* Everything the diagnosis rests on. */
struct pfl_evidence {
    struct pfl_conditions conditions;
    const struct pfl_timer *timers;
    size_t timer_count;
    /* The A/A trial: launches of one identical command in the order A B B A, A B B A, …;
     * launch_count is a multiple of 4. */
    const double *wall_s, *cpu_s;
    size_t launch_count;
    double overhead_s; /* what a launch takes beyond its wall-clock time */
    double stalled;    /* share of the trial in which somebody waited for a CPU (PSI); NaN */
    double stolen;     /* share of the wanted CPU time that the hypervisor kept (steal); NaN */
    /* Seconds per operation, one value per batch, spread over the whole trial. */
    const double *yardsticks[PFL_YARDSTICK_COUNT];
    size_t yardstick_count;
    double took_s;
};

enum pfl_fitness { PFL_FITNESS_GOOD, PFL_FITNESS_FAIR, PFL_FITNESS_POOR };

struct pfl_check {
    const char *name;  /* "governor" */
    const char *state; /* "powersave" */
    enum pfl_fitness verdict;
    const char *cost;   /* what it does to measurements; a sentence */
    const char *advice; /* what to do; "" when there is nothing to do */
};

/* What identical commands look like here, by one metric. */
struct pfl_floor {
    const char *metric; /* "time", "cpu" */
    size_t pairs;
    double command_s;                    /* how long the command took (median, by this metric) */
    double scatter;                      /* of one pair's log ratio: what divides by √pairs */
    double ratio, ratio_low, ratio_high; /* of the whole trial, 99 % */
    double smallest; /* the difference that the trial would have shown (α 1 %, power 95 %) */
    enum pfl_fitness verdict;
};
enum { PFL_FLOOR_TIME, PFL_FLOOR_CPU, PFL_FLOOR_COUNT };

/* What holding a gate costs. */
struct pfl_gate_cost {
    double tolerance, command_s;
    const char *metric;
    double scatter; /* of a pair of commands of that length */
    double pairs, seconds;
    bool deciding; /* the sharper of the two metrics */
};
enum { PFL_GATE_COST_COUNT = 12 }; /* 3 tolerances × 2 commands × 2 metrics, in that nesting */

struct pfl_yardstick_summary {
    const char *name;
    double median_s; /* per operation; NaN when it did not run */
    double spread;   /* robust relative deviation of the batches */
    double drift;    /* last third over first third, minus 1 */
    enum pfl_fitness verdict;
};

struct pfl_diagnosis {
    bool fit;
    enum pfl_fitness verdict;
    const char *reason; /* a sentence */
    struct pfl_floor floors[PFL_FLOOR_COUNT];
    struct pfl_gate_cost gates[PFL_GATE_COST_COUNT];
    struct pfl_yardstick_summary yardsticks[PFL_YARDSTICK_COUNT];
    struct pfl_check *checks;
    size_t check_count;
    int exit_code; /* PFL_OK or PFL_EGATE */
};

const char *pfl_fitness_text(enum pfl_fitness verdict); /* "good", "fair", "poor" */

#endif
