/* `paths:`: which rules the files touch that changed between two revisions. */
#ifndef PFL_FLOW_RELEASE_PATH_RULES_H
#define PFL_FLOW_RELEASE_PATH_RULES_H

#include "flow/flow.h"
#include "vcs/git.h"

/* Does the rule speak of this file (relative to the root)? "src" and "src/" mean all below it. */
bool pfl_path_rule_matches(const struct pfl_path_rule *rule, const char *file);

/* Is it one of the written ledger's files: the log, or a page, chart or kept run below its folder?
 * They are what is owed; their own change asks for nothing. */
bool pfl_path_is_document(const struct pfl_documents *documents, const char *file);

/* Do two commits hold the same files, documents apart? false where git cannot tell. */
bool pfl_path_same_files(struct pfl_flow *flow, const char *base, const char *head);

/* Where rules stand, as gates say it: relative to the repository's root. */
const char *pfl_path_rules_place(struct pfl_flow *flow);

/* The gates that rules with max_regression ask for, for the changes from `base` to `head`
 * (NULL: the work tree). A head or base that git does not know here (an imported run): all of them,
 * for a gate must not be passed by a shallow clone. */
struct pfl_path_gates {
    const struct pfl_gate *at;
    size_t n;
};
int pfl_flow_path_gates(struct pfl_flow *flow, const char *base, const char *head,
                        struct pfl_path_gates *gates, struct pfl_err *err);

#endif
