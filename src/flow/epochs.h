/* Where a series goes on under another name, definition or machine, and why, in words. */
#ifndef PFL_FLOW_EPOCHS_H
#define PFL_FLOW_EPOCHS_H

#include "flow/flow.h"
#include "model/change.h"

struct pfl_epochs; /* of one command: remembers what it read of runs */
struct pfl_epochs *pfl_epochs_new(struct pfl_flow *flow,
                                  struct pfl_store *store); /* NULL: no memory */
void pfl_epochs_free(struct pfl_epochs *epochs);

/* A series begins; then its points, oldest first. Not PFL_OK: no memory. */
void pfl_epochs_begin(struct pfl_epochs *epochs);
int pfl_epochs_point(struct pfl_epochs *epochs, const struct pfl_store_point *point,
                     struct pfl_err *err);
/* Its boundaries, in the flow's arena; reads the runs on both sides of each. The store must not be
 * in a callback. */
int pfl_epochs_end(struct pfl_epochs *epochs, const struct pfl_boundary **boundaries, size_t *n,
                   struct pfl_err *err);

#endif
