/* Google Benchmark's JSON: what the reader finds, what gives it to the run, and the writer. */
#ifndef PFL_FORMATS_GOOGLE_BENCHMARK_H
#define PFL_FORMATS_GOOGLE_BENCHMARK_H

#include "formats/fields.h"
#include "formats/rows.h"

struct pfl_gbench_counter {
    const char *name;
    double value;
};
PFL_VEC(pfl_gbench_counters, struct pfl_gbench_counter);

struct pfl_gbench_entry {
    const char *name, *run_name, *run_type, *aggregate, *unit, *big_o, *error, *skip;
    double real, cpu, real_coefficient, cpu_coefficient, rms, repetitions;
    double repetition, family, instance; /* indices; NaN: not said */
    bool error_occurred, skipped;
    struct pfl_gbench_counters counters;
    double factor; /* of the times */
    int line, column;
};
PFL_VEC(pfl_gbench_entries, struct pfl_gbench_entry);

struct pfl_gbench {
    struct pfl_rows rows;
    struct pfl_map slots, places; /* which benchmark an entry belongs to */
    struct pfl_gbench_entries
        aggregates; /* and those that may be: they are looked at when all is known */
    const char *date, *host, *other_aggregate;
    double cpus;
    size_t aggregates_only, others;
};

enum pfl_gbench_kind {
    PFL_GBENCH_ITERATION,
    PFL_GBENCH_MEAN,
    PFL_GBENCH_MEDIAN,
    PFL_GBENCH_STDDEV,
    PFL_GBENCH_BIG_O,
    PFL_GBENCH_RMS,
    PFL_GBENCH_CV,
    PFL_GBENCH_OTHER,
};

enum pfl_gbench_kind pfl_gbench_kind(const struct pfl_gbench_entry *e);
/* Old files: "BM_x_mean" → the kind, and where "_mean" begins. */
enum pfl_gbench_kind pfl_gbench_kind_by_name(const struct pfl_gbench_entry *e, size_t *stem);
/* What the benchmark that an entry is about is called; another one may be called so, too. */
const char *pfl_gbench_subject(struct pfl_build *b, const struct pfl_gbench_entry *e);
/* The benchmark that an entry is about, made when it is the first; ask once for each entry. NULL:
 * no memory. */
struct pfl_row_benchmark *pfl_gbench_benchmark(struct pfl_build *b, struct pfl_gbench *d,
                                               const struct pfl_gbench_entry *e);
/* The first of that name; NULL: there is none. */
const struct pfl_row_benchmark *pfl_gbench_known(const struct pfl_gbench *d, const char *name);

/* An entry that was read, to the rows (or put aside: then its counters are no longer its own). */
void pfl_gbench_take(struct pfl_fields *f, struct pfl_gbench_entry *e);
/* What is known at the end, and all of it to the build. The fields' context is the document. */
int pfl_gbench_finish(struct pfl_fields *f, void *record, struct pfl_err *err);
void pfl_gbench_ready(struct pfl_fields *f); /* before the first of them */

int pfl_gbench_write(const struct pfl_run *run, struct pfl_buf *out, const char **lost,
                     struct pfl_err *err);

#endif
