/* A page of the written ledger: a Markdown file with sealed blocks, read and written whole. */
#ifndef PFL_FLOW_LOG_PAGE_H
#define PFL_FLOW_LOG_PAGE_H

#include "documents/block.h"
#include "flow/flow.h"

enum { PFL_LOG_PAGE_MAX = 64 << 20 };

struct pfl_log_page {
    const char *place; /* relative to the root */
    const char *text;  /* "" when it is not there */
    size_t len;
    bool there;
    struct pfl_blocks blocks;
};
/* PFL_ECORRUPT: a block of it is broken; the message says where and what to do. */
int pfl_log_page_read(struct pfl_flow *flow, const char *place, struct pfl_log_page *page,
                      struct pfl_err *err);
int pfl_log_page_write(struct pfl_flow *flow, const char *place, const struct pfl_buf *text,
                       struct pfl_err *err);
/* Written when it is not there yet: pages that people may change. */
int pfl_log_page_once(struct pfl_flow *flow, const char *place, const char *text,
                      struct pfl_err *err);
const char *pfl_log_page_place(struct pfl_flow *flow, const char *below); /* "perf/" + below */

/* "perf/" + below as seen from the log: "../perf/…" where that is docs/PERFORMANCE.md. */
const char *pfl_log_page_from_log(struct pfl_flow *flow, const char *below);

/* Waits for the log's lock, half a minute at most (PFL_EBUSY). pfl_lock_remove gives it back. */
int pfl_log_page_lock(struct pfl_flow *flow, const char *lock, int *fd, struct pfl_err *err);

/* From perf/FOLDER/ (deep) or perf/ to a file named from the root. NULL: no memory. */
const char *pfl_log_page_way(struct pfl_flow *flow, bool deep, const char *place);

/* A block of facts: its text is made by the kind's remake. */
struct pfl_log_facts;
int pfl_log_block(struct pfl_flow *flow, const char *kind, const struct pfl_log_facts *facts,
                  struct pfl_buf *out, struct pfl_err *err);

#endif
