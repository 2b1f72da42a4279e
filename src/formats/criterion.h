/* What criterion.rs's three forms share: the folder, cargo-criterion's JSON lines, the terminal's
 * text. */
#ifndef PFL_FORMATS_CRITERION_H
#define PFL_FORMATS_CRITERION_H

#include "formats/fields.h"

/* Work of one iteration; NaN: none. Criterion may count bytes and elements of the same benchmark.
 */
struct pfl_criterion_work {
    double bytes, elements, bits;
};
struct pfl_criterion_work pfl_criterion_no_work(void);

struct pfl_criterion_estimate {
    double point, low, high, confidence;
};
struct pfl_criterion_estimates {
    struct pfl_criterion_estimate mean, median, typical;
    double stddev;
};
struct pfl_criterion_estimates pfl_criterion_no_estimates(void);

/* What the three files of a benchmark in criterion's folder say; each call reads one of them, the
 * next value being the document. */
struct pfl_criterion_benchmark {
    const char *group, *function, *value, *full;
    struct pfl_criterion_work work;
    struct pfl_criterion_estimates estimates;
    struct pfl_build_values iters, times;
    int lists; /* of the old sample.json */
};
int pfl_criterion_read_benchmark(struct pfl_fields *f, void *record, struct pfl_err *err);
int pfl_criterion_read_estimates(struct pfl_fields *f, void *record, struct pfl_err *err);
int pfl_criterion_read_sample(struct pfl_fields *f, void *record, struct pfl_err *err);

/* The benchmark's samples: `times` are totals of `iters` iterations each, in `unit`. A unit that is
 * no duration (a custom measurement) makes a metric of its own; less of it is better, as criterion
 * judges. With a duration, the throughput of each sample follows from the work. */
struct pfl_criterion_samples {
    const struct pfl_build_values *iters, *times;
    const char *unit;
    const struct pfl_criterion_work *work;
};
void pfl_criterion_give_samples(struct pfl_build *b, const struct pfl_criterion_samples *samples);

/* Without samples. false: the estimates have nothing. */
bool pfl_criterion_give_estimates(struct pfl_build *b, const struct pfl_criterion_estimates *e,
                                  const char *unit);

#endif
