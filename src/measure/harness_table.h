/* Every harness there is; harness_table.c has them in a row. */
#ifndef PFL_MEASURE_HARNESS_TABLE_H
#define PFL_MEASURE_HARNESS_TABLE_H

#include "measure/harness.h"

extern const struct pfl_harness pfl_harness_pytest_benchmark;
extern const struct pfl_harness pfl_harness_google_benchmark;
extern const struct pfl_harness pfl_harness_catch2;
extern const struct pfl_harness pfl_harness_nanobench;
extern const struct pfl_harness pfl_harness_go;
extern const struct pfl_harness pfl_harness_hyperfine;
extern const struct pfl_harness pfl_harness_criterion;
extern const struct pfl_harness pfl_harness_asv;
extern const struct pfl_harness pfl_harness_jmh;

#endif
