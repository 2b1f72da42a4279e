/*
 * `prune`: old runs lose their raw samples, and keep all that was estimated from them.
 *
 * Which runs is decided here, what thinning is in store/store.h. Whatever may still be asked for
 * its samples stays whole, and where that cannot be found out (a document that cannot be read)
 * nothing is thinned at all.
 */
#ifndef PFL_FLOW_PRUNE_H
#define PFL_FLOW_PRUNE_H

#include "flow/flow.h"

/* Why a run was left as it is; the first that holds. */
enum pfl_prune_reason {
    PFL_PRUNE_THIN,      /* it was not */
    PFL_PRUNE_ELSEWHERE, /* of another machine than was asked for */
    PFL_PRUNE_BEFORE,    /* thinned already */
    PFL_PRUNE_RECENT,
    PFL_PRUNE_NEWEST,    /* among the newest complete ones of its machine */
    PFL_PRUNE_CITED,     /* by a document, or it is a baseline */
    PFL_PRUNE_REFERENCE, /* the machine's yardsticks are held against it */
    PFL_PRUNE_NOTED,
    PFL_PRUNE_EMPTY,   /* has no samples: imported summaries */
    PFL_PRUNE_DAMAGED, /* could not be read */
    PFL_PRUNE_REASONS
};
const char *pfl_prune_reason_key(enum pfl_prune_reason reason); /* "recent": in JSON */

struct pfl_prune_params {
    int64_t older_than_ns; /* -1: as the configuration says */
    int keep_last;         /* -1: as the configuration says, else 20 */
    const char *machine;   /* id or name; NULL: all */
    bool dry_run;
    bool (*stop_asked)(void *context, size_t done);
    void *context;
};

struct pfl_prune {
    int64_t older_than_ns;
    int keep_last;
    size_t runs;                       /* in the ledger */
    size_t reasons[PFL_PRUNE_REASONS]; /* how many of them; [THIN]: thinned */
    int64_t bytes;                     /* that the samples took */
    struct pfl_store_compacted file;   /* not in a dry run */
    const char *not_compacted;         /* why the file could not be made smaller; NULL */
    bool interrupted;
};

/* PFL_EINTERRUPTED: stopped; *prune says how far it came. PFL_EUSAGE: nobody said how old. */
int pfl_flow_prune(struct pfl_flow *flow, const struct pfl_prune_params *params,
                   struct pfl_prune *prune, struct pfl_err *err);

#endif
