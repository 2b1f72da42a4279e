/* BenchmarkDotNet's benchmarks: what its reader found (benchmark_dotnet.c), and what becomes of it
 * (benchmark_dotnet_give.c). */
#ifndef PFL_FORMATS_BENCHMARK_DOTNET_H
#define PFL_FORMATS_BENCHMARK_DOTNET_H

#include "formats/build.h"

struct pfl_dotnet_sample {
    double value, launch; /* ns per operation; from 1 */
};
PFL_VEC(pfl_dotnet_samples, struct pfl_dotnet_sample);

struct pfl_dotnet_metric {
    const char *id, *name, *unit;
    double value;
    bool greater; /* is better */
};
PFL_VEC(pfl_dotnet_metrics, struct pfl_dotnet_metric);

struct pfl_dotnet_memory {
    double gen0, gen1, gen2, operations, bytes;
};

struct pfl_dotnet_benchmark {
    const char *display, *space, *type, *method, *params, *full;
    struct pfl_summary summary;
    double n;
    struct pfl_build_values originals;
    struct pfl_dotnet_samples results, actuals;
    struct pfl_dotnet_metrics metrics;
    struct pfl_dotnet_memory memory;
};

/* *by_statistics is counted up when only the statistics were there. false: it has no name. */
bool pfl_dotnet_give(struct pfl_build *b, struct pfl_dotnet_benchmark *e, size_t *by_statistics);

/* "Title-20240131-120000" → when the run began. */
void pfl_dotnet_give_date(struct pfl_build *b, const char *title);

#endif
