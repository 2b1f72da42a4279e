/* The story of `compare --by`: one run, and what one of its parameters does in it. */
#ifndef PFL_FLOW_BY_H
#define PFL_FLOW_BY_H

#include "flow/compare.h"
#include "model/by.h"

struct pfl_flow_by_params {
    const struct pfl_flow_compare_params *compare; /* tolerance, fail_on, strict, metric, sort */
    const char *run;                          /* a word for pfl_flow_resolve; NULL: the latest */
    const char *param, *reference, *group_by; /* as in judge.h */
};

/* PFL_OK when something was compared, whatever it says: see out->exit_code. */
int pfl_flow_compare_by(struct pfl_flow *flow, const struct pfl_flow_by_params *params,
                        struct pfl_by *out, struct pfl_err *err);

#endif
