/* Benchmarks of Go that crashed, as what the program said tells (harness.h: failures). */
#ifndef PFL_MEASURE_HARNESS_GO_H
#define PFL_MEASURE_HARNESS_GO_H

#include "measure/harness.h"

int pfl_harness_go_failures(const struct pfl_harness_said *said, pfl_harness_fail_fn *fail,
                            void *context);

#endif
