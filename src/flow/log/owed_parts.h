/* What owed_gates.c, owed_crossing.c and owed_rules.c share: two configurations, and what was found
 * loosened. */
#ifndef PFL_FLOW_LOG_OWED_PARTS_H
#define PFL_FLOW_LOG_OWED_PARTS_H

#include "base/vec.h"
#include "flow/log/owed.h"

PFL_VEC(pfl_loosened_list, struct pfl_loosened);

struct pfl_loosening {
    struct pfl_arena *arena;
    const struct pfl_config *before, *now;
    const char *place; /* where rules stand */
    struct pfl_loosened_list found;
    struct pfl_err *err;
};

/* "max_regression 10 % → 20 %"; now NaN: "max_regression 10 % removed". NULL: no memory. */
const char *pfl_loosened_share(struct pfl_loosening *c, const char *what, double before,
                               double now);

/* The reason when it was none of the earlier configuration's; else NULL. */
const char *pfl_loosened_reason(const struct pfl_loosening *c, const char *reason);
/* The reason that `removed:` gives, a new one; NULL: none. metric NULL: of a rule. */
const char *pfl_loosened_removal(const struct pfl_loosening *c, enum pfl_removed_kind kind,
                                 const char *match, const char *metric);

/* Each once. A text in it that is NULL means that memory ran out. */
int pfl_loosened_add(struct pfl_loosening *c, const struct pfl_loosened *one);

enum pfl_limit_kind {
    PFL_LIMIT_REGRESSION,
    PFL_LIMIT_MOST,
    PFL_LIMIT_LEAST,
    PFL_LIMIT_MOST_RATIO,
    PFL_LIMIT_LEAST_RATIO,
    PFL_LIMIT_KINDS
};
/* NaN: the gate has none of the kind. */
double pfl_limit_of(const struct pfl_gate *gate, enum pfl_limit_kind kind);
bool pfl_limit_is_wider(enum pfl_limit_kind kind, double before, double now);
/* Does it hold for all that the other one names? */
bool pfl_gate_covers(const struct pfl_gate *gate, const struct pfl_gate *subject);
/* "max_regression 5 % → 90 %", "max only reports". NULL: no memory. */
const char *pfl_loosened_limit(struct pfl_loosening *c, enum pfl_limit_kind kind,
                               const struct pfl_gate *before, const struct pfl_gate *now);

/* owed_crossing.c */
int pfl_loosened_crossings(struct pfl_loosening *c);
/* owed_rules.c */
int pfl_loosened_rules(struct pfl_loosening *c);
int pfl_loosened_release(struct pfl_loosening *c);

#endif
