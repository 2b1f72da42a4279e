/*
 * A thread that handles items one after the other, in the order they are given: the second stage of
 * a pipeline. Few wait at a time, so that a fast giver does not fill the memory. What the items
 * refer to must not be touched by the giver until wait() or end() has returned.
 *
 * A handler that fails ends the work: what was given after that is dropped, and every later call
 * answers with its error.
 */
#ifndef PFL_SYS_WORKER_H
#define PFL_SYS_WORKER_H

#include "base/err.h"

#include <stddef.h>

struct pfl_worker; /* opaque */

struct pfl_worker_params {
    int (*handle)(void *context, void *item, struct pfl_err *err); /* in the thread; item is its */
    void (*drop)(void *context, void *item);                       /* one that is not handled */
    void *context;
    size_t capacity; /* how many may wait; at least 1 */
};

/* PFL_EIO: the system gives no thread; then do without. */
int pfl_worker_start(const struct pfl_worker_params *params, struct pfl_worker **worker,
                     struct pfl_err *err);
/* Waits for room. The item is taken or dropped in any case. */
int pfl_worker_give(struct pfl_worker *worker, void *item, struct pfl_err *err);
/* Until all that was given is handled: then what the handler uses may be used. */
int pfl_worker_wait(struct pfl_worker *worker, struct pfl_err *err);
/* The same, and ends the thread. NULL: fine. */
int pfl_worker_end(struct pfl_worker *worker, struct pfl_err *err);

#endif
