/* How a run stands to the absolute goals of `targets:`. In the caller's arena. */
#ifndef PFL_MODEL_TARGETS_H
#define PFL_MODEL_TARGETS_H

#include "model/verdict.h"

enum pfl_target_state {
    PFL_TARGET_MET,
    PFL_TARGET_WITHIN, /* beyond the target, within its tolerance */
    PFL_TARGET_OPEN,   /* the interval holds the limit: the data cannot tell */
    PFL_TARGET_MISSED,
    PFL_TARGET_NOT_MEASURED,
};
enum { PFL_TARGET_STATE_COUNT = 5 };
const char *pfl_target_state_text(enum pfl_target_state state); /* "met", "within tolerance", … */

struct pfl_target_row {
    const char *benchmark; /* of the run; NOT_MEASURED: the target's glob, when nothing matched */
    const char *metric, *unit, *variant;
    double target;    /* stored unit */
    bool upper;       /* a maximum */
    double tolerance; /* relative */
    struct pfl_estimate now;
    double margin; /* room to the target itself, relative to it; negative: beyond it; NaN */
    enum pfl_target_state state;
    const char *why; /* why it was not measured, or why it only reports; "" */
    bool holds;      /* missing it counts */
    const char *reason, *file;
    int line;
};

struct pfl_targets {
    const struct pfl_run *run;
    const char *label;
    const char *report_only;     /* why none holds here, a sentence; NULL: they hold */
    struct pfl_target_row *rows; /* by benchmark, metric, variant */
    size_t row_count;
    size_t counts[PFL_TARGET_STATE_COUNT];
    bool strict, allow_unmeasured; /* asked */
    int exit_code; /* PFL_OK, PFL_EGATE: missed, PFL_ENOTHING: not measured, PFL_EINCONCLUSIVE:
                      open, and strict */
};

#endif
