/* What a finished build was made of: when any of it changes, it is made again. */
#ifndef PFL_FLOW_BUILD_STAMP_H
#define PFL_FLOW_BUILD_STAMP_H

#include "flow/flow.h"

/* The text of a stamp; benchmark_files: the overlay's hash. NULL: no memory. */
const char *pfl_build_stamp(struct pfl_flow *flow, const char *commit, const char *benchmark_files);

#endif
