/* What will be measured: every combination of every selected suite, ready to launch. Lives in the
 * command's arena. */
#ifndef PFL_MODEL_PLAN_H
#define PFL_MODEL_PLAN_H

#include "model/suite.h"

struct pfl_plan_item {
    const char *name; /* identity, unique within the plan */
    const char *suite;
    const char
        *skip; /* why it is not measured, whatever is there; NULL: it is. Then argv is empty */
    const char *command; /* shown */
    char **argv;         /* NULL-terminated; with a shell: shell -c command */
    size_t argc;
    struct pfl_pair *params; /* sorted by name */
    size_t param_count;
    const char **requires;
    size_t require_count;
    double work;
    const char *work_unit;
    const char *definition;
    enum pfl_tier tier;
    struct pfl_how how; /* complete: inherited and substituted */
    /* A program linked with libperfledger: what is measured are the benchmarks inside it, of which
     * `select` names some by newline-separated globs ("": all). NULL otherwise. */
    const char *select;
    /* A foreign harness (measure/harness.h), which has `select` set likewise. NULL: none. */
    const char *harness;
    /* Of these only one, as the program calls it: a race measures them one by one. `name` is its
     * full name then, and what is said of it is the item's own. NULL: all that select names. */
    const char *inside;
    /* At most so long is each benchmark inside measured per launch; 0: as long as usual. */
    double inside_seconds;
    const char **warnings; /* about the item itself: "no shell runs: | is taken literally" */
    size_t warning_count;
};

struct pfl_plan {
    struct pfl_plan_item *items;
    size_t item_count;
    const char *root;    /* working folder of relative paths */
    uint64_t order_seed; /* of the interleaving */
    int64_t max_time_ns; /* the whole command, 0 = none */
    bool allow_few;
    bool show_output;
};

#endif
