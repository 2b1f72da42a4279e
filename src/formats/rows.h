/*
 * Values that come one by one, in any order, each naming its benchmark and metric: what text files
 * and CSV are. Rows of one benchmark and metric are its samples, in the file's order. Errors stick
 * to the build (no memory).
 */
#ifndef PFL_FORMATS_ROWS_H
#define PFL_FORMATS_ROWS_H

#include "formats/build.h"

#include "base/map.h"

struct pfl_row_series {
    const char *metric, *variant;
    const char *unit; /* stored */
    struct pfl_build_values values;
    struct pfl_build_launches launch_of; /* as many as values, where the file tells processes */
    struct pfl_summary summary; /* in stored units; n 0: none. It goes before one value, not before
                                   several: those are samples */
    enum pfl_better better;
    bool has_better;
    const char *tag; /* the reader's own */
    size_t next;     /* of the same benchmark, + 1; 0: the last */
};
PFL_VEC(pfl_row_all_series, struct pfl_row_series);

struct pfl_row_benchmark {
    const char *name, *suite;
    struct pfl_build_pairs params;
    enum pfl_status status;
    const char *reason;
    size_t first, last; /* series, + 1; 0: none */
};
PFL_VEC(pfl_row_benchmarks, struct pfl_row_benchmark);

struct pfl_rows {
    struct pfl_build *build;
    struct pfl_row_benchmarks benchmarks;
    struct pfl_row_all_series series;
    struct pfl_map names, keys, copies;
    struct pfl_map asked;   /* metrics; holds for all runs of a file */
    struct pfl_arena arena; /* its keys */
};

void pfl_rows_init(struct pfl_rows *rows, struct pfl_build *build);
void pfl_rows_release(struct pfl_rows *rows);

/* The benchmark of that name, made when there is none; NULL: no memory. Until the next is made. */
struct pfl_row_benchmark *pfl_rows_benchmark(struct pfl_rows *rows, const char *name);
/* `name`, or, where a benchmark is called so, "name#2" and a warning: another one of that name. */
const char *pfl_rows_unused(struct pfl_rows *rows, const char *name, int line);
void pfl_rows_param(struct pfl_rows *rows, struct pfl_row_benchmark *bench, const char *name,
                    const char *value);

/* What a benchmark has of that metric; made with this stored unit when there is nothing. NULL: no
 * memory, or it is there in another unit (*other then). */
struct pfl_row_series *pfl_rows_series(struct pfl_rows *rows, struct pfl_row_benchmark *bench,
                                       const char *metric, const char *variant, const char *unit);
void pfl_rows_value(struct pfl_rows *rows, struct pfl_row_series *series, double stored);

/* All benchmarks to the build, in the order in which they came. */
void pfl_rows_give(struct pfl_rows *rows);
/* Forgets them: for the next run. Call it before pfl_build_end(), whose memory they are in. */
void pfl_rows_clear(struct pfl_rows *rows);

/* The direction of a result that was just begun and that neither metric nor unit decides: --better,
 * else asked for in a warning, once per metric and unit. */
void pfl_rows_ask_better(struct pfl_rows *rows, const char *metric, const char *unit);

/* "time" of durations, "throughput" of rates (1/s, B/s, cells/s); else `otherwise`. */
const char *pfl_rows_metric_of(const char *stored_unit, const char *otherwise);

/* A value that times factor is what is stored, to the last bit; false: there is none, *value is the
 * nearest. For writers. */
bool pfl_rows_unscale(double stored, double factor, double *value);

#endif
