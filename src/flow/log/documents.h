/*
 * The stories of `log add | snapshot | trend | latest`, and for `log audit` the way back: each kind
 * of block is made again from its facts alone and the runs these name, byte for byte.
 *
 * Whoever writes a block (add …) calls its remake with the facts, so the two cannot differ. Nothing
 * that changes between then and the audit (the configuration, the ledger's history, the clock) may
 * enter the text but through the facts.
 */
#ifndef PFL_FLOW_LOG_DOCUMENTS_H
#define PFL_FLOW_LOG_DOCUMENTS_H

#include "documents/block.h"
#include "flow/flow.h"

/* Facts (one line of JSON) → the block's text. PFL_ENOENT: a run it names is nowhere. PFL_EINVAL:
 * facts that cannot be those of such a block. */
typedef int pfl_flow_remake_fn(struct pfl_flow *flow, const char *facts, size_t len,
                               struct pfl_buf *text, struct pfl_err *err);
pfl_flow_remake_fn pfl_flow_row_remake, pfl_flow_snapshot_remake, pfl_flow_trend_remake,
    pfl_flow_latest_remake, pfl_flow_retraction_remake;

/* The chart that belongs to a block of a trend: the bytes of the file *place (relative to the
 * root). Errors as above. */
int pfl_flow_trend_chart(struct pfl_flow *flow, const char *facts, size_t len, struct pfl_buf *svg,
                         const char **place, struct pfl_err *err);

#endif
