/* How much the sessions of a series differ, by the ledger's history of it on one machine. */
#ifndef PFL_FLOW_SESSIONS_H
#define PFL_FLOW_SESSIONS_H

#include "model/machine.h"
#include "store/store.h"

struct pfl_flow_sessions {
    struct pfl_store *store;
    const char *machine_id, *fingerprint;
    size_t skip, first; /* of these the oldest are passed over, then so many count; 0: all */
};

/* A pfl_session_sd_fn; context: struct pfl_flow_sessions. */
double pfl_flow_session_sd(void *context, const char *benchmark, const char *metric,
                           const char *variant, size_t *sessions);

struct pfl_flow_sessions pfl_flow_sessions_of(struct pfl_store *store,
                                              const struct pfl_machine *machine);

#endif
