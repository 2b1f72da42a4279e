/* A CPU-bound command of steady work, started through a launcher of its own: what `doctor` compares
 * with itself. */
#ifndef PFL_SYS_SPINNER_H
#define PFL_SYS_SPINNER_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct pfl_spinner; /* opaque */

struct pfl_spin {
    double wall_s, cpu_s;
    double took_s; /* the whole launch, as perfledger sees it */
};

/* The work is chosen so that one launch takes about `command_ns` now, and stays. */
int pfl_spinner_open(int64_t command_ns, struct pfl_spinner **spinner, struct pfl_err *err);
void pfl_spinner_close(struct pfl_spinner *spinner);

/* stop_asked (may be NULL) is asked when a signal comes: PFL_EINTERRUPTED then. */
int pfl_spinner_run(struct pfl_spinner *spinner, bool (*stop_asked)(void *context), void *context,
                    struct pfl_spin *spin, struct pfl_err *err);

#endif
