/*
 * perfledger's own kernels, measured with its own library: reading.c statistics.c history.c. Suite
 * `kernels` of perfledger.yaml; gates and floors in perf/thresholds.yaml.
 */
#include <perfledger/perfledger.h>

PFL_COUNT_ALLOCATIONS()

PFL_MAIN()
