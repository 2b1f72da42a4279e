/* The build command itself: run where a contender lies, its end judged. */
#ifndef PFL_FLOW_BUILD_RUN_H
#define PFL_FLOW_BUILD_RUN_H

#include "flow/build/build.h"

/* Runs the configured `build` in build->root, its output in the file build->log. Fills seconds and,
 * when it failed, problem (which speaks of label and overlaid). */
int pfl_flow_build_run(struct pfl_flow *flow, const struct pfl_flow_build_params *params,
                       struct pfl_flow_build *build, struct pfl_err *err);

#endif
