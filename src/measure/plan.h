/*
 * Configured suites or ad-hoc commands → a plan: parameters expanded, names made, settings
 * inherited, words split.
 *
 * Settings: built-in ← defaults ← the settings of the benchmark's own tier (the lowest one that
 * includes it) ← suite ← `over`. Rounds that were given without a max_time are not cut by the
 * built-in one. Commands are substituted first and split then; lists are substituted word by word.
 * In ad-hoc commands braces mean something only when there are parameters.
 */
#ifndef PFL_MEASURE_PLAN_H
#define PFL_MEASURE_PLAN_H

#include "base/arena.h"
#include "base/err.h"
#include "model/plan.h"

struct pfl_plan_request {
    const struct pfl_config *config;
    const char *const *select; /* globs or bare suite names; none = all */
    size_t select_count;
    enum pfl_tier tier;         /* this tier and the ones it includes */
    const struct pfl_how *over; /* from the command line; wins over everything; may be NULL */
    uint64_t order_seed;
    int64_t max_time_ns;
    bool allow_few;
};
/* PFL_ENOENT: a SELECT matches nothing (names the nearest); PFL_ECONFIG: two combinations have one
 * name, a {name} is unknown, fewer than 5 rounds without allow_few, … A suite whose harness is
 * neither "command" nor "perfledger" is one item under the suite's name, with the reason why it is
 * skipped. */
int pfl_plan_configured(const struct pfl_plan_request *request, struct pfl_arena *arena,
                        struct pfl_plan *plan, struct pfl_err *err);

struct pfl_plan_adhoc {
    const char *const *commands; /* one string each; or one command given as words: argv */
    size_t command_count;
    char *const *argv; /* not NULL: a single command, already split */
    size_t argc;
    const char *const *names; /* by place; fewer than commands is fine */
    size_t name_count;
    const struct pfl_param_axis *axes; /* -L, -P */
    size_t axis_count;
    const struct pfl_how *how; /* complete */
    const char *root;
    uint64_t order_seed;
    int64_t max_time_ns;
    bool allow_few;
};
int pfl_plan_for_commands(const struct pfl_plan_adhoc *request, struct pfl_arena *arena,
                          struct pfl_plan *plan, struct pfl_err *err);

#endif
