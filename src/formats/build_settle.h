/* Private to the builder: what is decided when a benchmark, or the run, is whole. */
#ifndef PFL_FORMATS_BUILD_SETTLE_H
#define PFL_FORMATS_BUILD_SETTLE_H

#include "formats/build.h"

/* By name; of several of one name the last stands, as JSON's readers have it. */
void pfl_build_settle_pairs(struct pfl_build *b, struct pfl_build_pairs *pairs);
/* Of the benchmark at hand: the second result of one metric and variant becomes METRIC#2. */
void pfl_build_settle_results(struct pfl_build *b);
/* The processes that its results know of; none where none does. */
void pfl_build_settle_launches(struct pfl_build *b, struct pfl_benchmark *bench);

#endif
