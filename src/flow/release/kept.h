/* The runs that the repository keeps, as the base of the release gate; internal to it. */
#ifndef PFL_FLOW_RELEASE_KEPT_H
#define PFL_FLOW_RELEASE_KEPT_H

#include "flow/release/base.h"

int pfl_release_kept(struct pfl_flow *flow, struct pfl_release_base *base, struct pfl_err *err);

#endif
