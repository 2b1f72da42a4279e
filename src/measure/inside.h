/*
 * Suites with `harness: perfledger`: programs linked with libperfledger, or with anything else that
 * speaks the wire as it does. Such an item of a plan has `select` set; its results are those of the
 * benchmarks inside it.
 */
#ifndef PFL_MEASURE_INSIDE_H
#define PFL_MEASURE_INSIDE_H

#include "measure/expand.h"
#include "measure/harness.h"
#include "sys/clock.h"

/* Makes such an item of one that is planned. select: in the plan's arena. PFL_ECONFIG: a key of the
 * suite that only commands can have. */
int pfl_inside_plan(const struct pfl_source *source, struct pfl_plan_item *item, const char *select,
                    struct pfl_err *err);

/* For its launches' environment: seconds to measure each benchmark inside in a launch; and the
 * words of `select` as the program, which knows nothing of the suite's parameters, can match them.
 * NULL: no memory. */
double pfl_inside_seconds(const struct pfl_plan_item *item);
const char *pfl_inside_select(const struct pfl_plan_item *item, struct pfl_arena *arena);
/* Is a benchmark inside one of those selected? */
bool pfl_inside_selects(const struct pfl_plan_item *item, const char *name);

/* Why a program is skipped that has none of the selected benchmarks. */
extern const char pfl_inside_nothing_selected[], pfl_foreign_nothing_selected[];

/* What the program says is inside. */
struct pfl_inside_names {
    const char **at;    /* full names of those that are selected */
    const char **inner; /* as the program itself calls them */
    size_t n;
    const char **all; /* full names, selected or not */
    size_t all_n;
    const char *problem; /* why it could not be asked; NULL: it was */
    bool by_nature;      /* problem: nothing is wrong, its harness has no list */
};
/* How programs are asked. */
struct pfl_inside_asking {
    struct pfl_arena *arena;
    const struct pfl_clock *clock;
    int64_t deadline_ns;               /* of the whole command, on the monotonic clock; 0: none */
    bool (*stop_asked)(void *context); /* Ctrl-C; may be NULL */
    void *context;
    bool other_checkout; /* see measure.h */
    /* Harnesses without a list may be run for their names. NULL: they may not. */
    pfl_harness_read_fn *read_results;
    void *read_context;
};
/* Runs it with --list, for ten seconds at most, and half of the time that is left: nothing is
 * measured. PFL_EINTERRUPTED. */
int pfl_inside_list(const struct pfl_inside_asking *asking, const struct pfl_plan *plan,
                    const struct pfl_plan_item *item, struct pfl_inside_names *names,
                    struct pfl_err *err);
/* The plan's time (max_time_ns) is shared out over all that is inside its programs: each item's
 * inside_seconds. names: by item. */
void pfl_inside_share(struct pfl_plan *plan, const struct pfl_inside_names *names);

#endif
