/*
 * A series over time, summed up: one record per run, or per day, week or month. What `export
 * --history` writes. Everything is borrowed from whoever made it.
 */
#ifndef PFL_MODEL_HISTORY_H
#define PFL_MODEL_HISTORY_H

#include "model/run.h"

enum pfl_history_every {
    PFL_HISTORY_RUN,
    PFL_HISTORY_DAY,
    PFL_HISTORY_WEEK, /* ISO: from Monday */
    PFL_HISTORY_MONTH,
};
const char *pfl_history_every_text(enum pfl_history_every every); /* "run", "day" … */
bool pfl_history_every_read(const char *text, enum pfl_history_every *every);

/* When the period began that holds this moment, UTC; of a run the moment itself. */
int64_t pfl_history_begin_of(enum pfl_history_every every, int64_t unix_ns);

/* What is another than in the record before, or became another within this one. */
enum pfl_history_epoch {
    PFL_HISTORY_MACHINE = 1 << 0, /* the machine's fingerprint */
    PFL_HISTORY_DEFINITION =
        1 << 1,                /* what the benchmark measures, its version, its dependencies */
    PFL_HISTORY_NAME = 1 << 2, /* it was recorded under another name until then (alias) */
};
enum { PFL_HISTORY_EPOCHS = 3 };
const char *pfl_history_epoch_text(enum pfl_history_epoch epoch); /* "machine" … */

struct pfl_history_series {
    const char *benchmark, *metric, *variant, *machine, *unit;
    enum pfl_better better;
};

struct pfl_history_record {
    int64_t begin_unix_ns;      /* of the period; of the run, 0: not known */
    size_t runs;                /* that have a value; 1 where a record is a run */
    double median, min, max;    /* of the runs' medians */
    struct pfl_summary last;    /* of the newest run among them */
    const char *revision, *run; /* of that run; "" where there is none */
    unsigned epochs;            /* enum pfl_history_epoch */
};

#endif
