/* pytest-benchmark's JSON: the writer's place beside the reader. */
#ifndef PFL_FORMATS_PYTEST_BENCHMARK_H
#define PFL_FORMATS_PYTEST_BENCHMARK_H

#include "formats/format.h"

int pfl_pytest_write(const struct pfl_run *run, struct pfl_buf *out, const char **lost,
                     struct pfl_err *err);

#endif
