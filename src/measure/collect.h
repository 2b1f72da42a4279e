/*
 * What one benchmark's launches gave, while it is still growing: columns of values, one per metric,
 * aligned with launches. Frozen into a struct pfl_benchmark at the end.
 */
#ifndef PFL_MEASURE_COLLECT_H
#define PFL_MEASURE_COLLECT_H

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "model/run.h"

PFL_VEC(pfl_doubles, double);

struct pfl_column {
    const char *metric, *unit, *variant, *text; /* text: a text metric has no values */
    enum pfl_better better;
    double current; /* of the launch at hand; NaN: none yet */
    struct pfl_doubles
        samples; /* iterations inside the launch at hand: their median becomes current */
    struct pfl_doubles values; /* one per launch that ended */
};

PFL_VEC(pfl_columns, struct pfl_column);
PFL_VEC(pfl_pairs, struct pfl_pair);
PFL_VEC(pfl_texts, const char *);

struct pfl_collect {
    struct pfl_arena *arena; /* texts are copied there */
    const char *name;
    struct pfl_pair *params;
    size_t param_count;
    struct pfl_columns columns;
    struct pfl_map index; /* "metric\x1fvariant" → column */
    struct pfl_pairs environment;
    struct pfl_texts warnings;
    size_t launches; /* that ended */
    /* Of the launch at hand: samples of `time` over the yardstick beside each, and its name. */
    struct pfl_doubles ratios;
    const char *yardstick;
    enum pfl_status status;
    const char *reason;
};

void pfl_collect_init(struct pfl_collect *collect, struct pfl_arena *arena, const char *name,
                      struct pfl_pair *params, size_t param_count);
void pfl_collect_release(struct pfl_collect *collect);

/* The column of that metric and variant, made when it is new (texts copied). NULL: no memory. unit
 * NULL: the metric's own, else "1". */
struct pfl_column *pfl_collect_column(struct pfl_collect *collect, const char *metric,
                                      const char *variant, const char *unit,
                                      const enum pfl_better *better);

/* Both false: no memory. `put` sets the launch's value; `environment` replaces an earlier value. */
bool pfl_collect_put(struct pfl_collect *collect, const char *metric, const char *unit,
                     double value);
bool pfl_collect_environment(struct pfl_collect *collect, const char *name, const char *value);
/* Samples of `time` inside the launch at hand; yardsticks NULL: there is none beside them. name
 * borrowed. false: no memory. */
bool pfl_collect_samples(struct pfl_collect *collect, const double *samples,
                         const double *yardsticks, size_t n, const char *name);
/* Once per text; borrowed. */
bool pfl_collect_warn(struct pfl_collect *collect, const char *text);

/* The launch is over. counts: its values are samples; else NaN goes into every column. false: no
 * memory. */
bool pfl_collect_end_launch(struct pfl_collect *collect, bool counts);
/* The launch that ended last turned out to be no sample: its values become NaN. */
void pfl_collect_void_last(struct pfl_collect *collect);
/* The launch never was: its values are forgotten. */
void pfl_collect_drop_launch(struct pfl_collect *collect);

/* Skipped, failed …: the first bad word stays. reason borrowed. */
void pfl_collect_fail(struct pfl_collect *collect, enum pfl_status status, const char *reason);

/* That failure does not count after all. */
void pfl_collect_forgive(struct pfl_collect *collect);

/* Results, environment, warnings, name, params, status and reason of bench are set; false: no
 * memory. */
bool pfl_collect_freeze(const struct pfl_collect *collect, struct pfl_benchmark *bench);

#endif
