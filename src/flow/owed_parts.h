/* What owed_gates.c and owed_rules.c share: two configurations, and what was found loosened. */
#ifndef PFL_FLOW_OWED_PARTS_H
#define PFL_FLOW_OWED_PARTS_H

#include "base/vec.h"
#include "flow/owed.h"

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

/* owed_rules.c */
int pfl_loosened_rules(struct pfl_loosening *c);
int pfl_loosened_release(struct pfl_loosening *c);

#endif
