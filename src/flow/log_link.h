/* A snapshot that was taken after its row: a line below the row links it. */
#ifndef PFL_FLOW_LOG_LINK_H
#define PFL_FLOW_LOG_LINK_H

#include "documents/block.h"
#include "flow/flow.h"

/* Is this the row of that change? base "": of that run, whatever it was held against. */
bool pfl_log_link_fits(const struct pfl_block *row, const char *base, const char *head);

/* Below each such row of the log that does not link the page yet. *linked: how many. */
struct pfl_log_link_to {
    const char *place; /* of the snapshot, from the root */
    const char *base, *head;
};
int pfl_log_link_rows(struct pfl_flow *flow, const struct pfl_log_link_to *to, size_t *linked,
                      struct pfl_err *err);

#endif
