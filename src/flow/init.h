/* The story of `init`. */
#ifndef PFL_FLOW_INIT_H
#define PFL_FLOW_INIT_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>

struct pfl_flow_inited {
    const char *path;     /* of the perfledger.yaml written */
    const char *evidence; /* what it fits to */
    bool ignored;         /* .perfledger/ was added to .gitignore */
};
/* Writes perfledger.yaml in the current folder; an existing one, there or above, is kept
 * (PFL_EUSAGE) unless force. */
int pfl_flow_init(struct pfl_arena *arena, bool force, struct pfl_flow_inited *inited,
                  struct pfl_err *err);

#endif
