/* What foreign harnesses leave is read by formats/. */
#ifndef PFL_FLOW_EXCHANGE_HARNESS_H
#define PFL_FLOW_EXCHANGE_HARNESS_H

#include "measure/harness.h"

/* A pfl_harness_read_fn; needs no context. */
int pfl_flow_read_results(void *context, const char *format, const char *path,
                          struct pfl_arena *arena, struct pfl_run *run, struct pfl_err *err);

#endif
