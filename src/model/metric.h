/*
 * A metric: what a number measures, in which unit it is stored, and which way is good. The built-in
 * ones are listed here; programs may report any other.
 */
#ifndef PFL_MODEL_METRIC_H
#define PFL_MODEL_METRIC_H

#include "base/macros.h"

#include <stdbool.h>

enum pfl_better { PFL_BETTER_LOWER, PFL_BETTER_HIGHER, PFL_BETTER_NEITHER };

struct pfl_metric {
    const char *name; /* "time"; stages are "time:STAGE" */
    const char *unit; /* stored unit: "s", "B", "1/s", "1", or a program's own ("cells/s") */
    enum pfl_better better;
    double default_tolerance;  /* relative, when no gate speaks of it: 0.10 time, 0.05 memory */
    double default_session_sd; /* between-session standard deviation without history, relative */
    const char *summary;       /* one line for help and docs */
};

/* The built-in metric of that name; a name with ":STAGE" gives the metric before the colon. NULL:
 * not built in. */
const struct pfl_metric *pfl_metric_find(const char *name);
/* Place in the order in which reports show metrics, that of the table; foreign metrics come after
 * all built-in ones. */
int pfl_metric_rank(const char *name);

const char *pfl_metric_better_text(enum pfl_better better); /* "lower", "higher", "neither" */
bool pfl_metric_better_read(const char *text, enum pfl_better *better);

#endif
