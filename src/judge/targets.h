/* A run against absolute goals. Pure; the rows borrow from the run and the targets. */
#ifndef PFL_JUDGE_TARGETS_H
#define PFL_JUDGE_TARGETS_H

#include "base/arena.h"
#include "base/err.h"
#include "model/targets.h"

/* out->run and out->report_only are given; the rest is made. The run is sorted and summarised. */
int pfl_judge_targets(const struct pfl_target *targets, size_t n, struct pfl_arena *arena,
                      struct pfl_targets *out, struct pfl_err *err);

#endif
