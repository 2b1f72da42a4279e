/* The stories around the record: `list`, `show`, `void`, `note`. */
#ifndef PFL_FLOW_LEDGER_H
#define PFL_FLOW_LEDGER_H

#include "flow/flow.h"
#include "model/verdict.h"

int pfl_flow_list(struct pfl_flow *flow, size_t last, struct pfl_run_head **heads, size_t *n,
                  struct pfl_err *err);

struct pfl_flow_shown {
    struct pfl_run run;
    const char *label;
    struct pfl_assessment *assessments;
    struct pfl_fit *fits;
    size_t fit_count;
    struct pfl_store_remark *remarks;
    size_t remark_count;
};
int pfl_flow_show(struct pfl_flow *flow, const char *word, struct pfl_flow_shown *shown,
                  struct pfl_err *err);

/* The id of the run that `word` names is given back in *id. */
int pfl_flow_void(struct pfl_flow *flow, const char *word, const char *why, bool undo,
                  const char **id, struct pfl_err *err);
int pfl_flow_note(struct pfl_flow *flow, const char *word, const char *text, const char **id,
                  struct pfl_err *err);

/* The yardsticks' references of this machine are forgotten: the next run that records sets them.
 * *machine: its id. *known: there were some. */
int pfl_flow_yardsticks_reset(struct pfl_flow *flow, const char **machine, bool *known,
                              struct pfl_err *err);

#endif
