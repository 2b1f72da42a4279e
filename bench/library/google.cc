// Google Benchmark's side of ./dev bench library.
#include "kernels.h"

#include <benchmark/benchmark.h>

static void empty(benchmark::State &state)
{
    int zero = 0;

    for (auto _ : state)
        benchmark::DoNotOptimize(zero);
}
BENCHMARK(empty);

static void known(benchmark::State &state)
{
    uint64_t x = 1;

    for (auto _ : state) {
        x = library_known(x);
        benchmark::DoNotOptimize(x);
    }
}
BENCHMARK(known);

static void pause(benchmark::State &state)
{
    for (auto _ : state) {
        state.PauseTiming();
        state.ResumeTiming();
    }
}
BENCHMARK(pause);

static void chain(benchmark::State &state)
{
    uint64_t x = 1;

    for (auto _ : state) {
        x = library_chain(x);
        benchmark::DoNotOptimize(x);
    }
}
BENCHMARK(chain);

static void parser(benchmark::State &state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(library_parse(library_text));
}
BENCHMARK(parser);

static void memory(benchmark::State &state)
{
    static const bool made = (library_chase_init(), true);
    uint64_t at = 0;

    benchmark::DoNotOptimize(made);
    for (auto _ : state) {
        at = library_chase(at);
        benchmark::DoNotOptimize(at);
    }
}
BENCHMARK(memory);

BENCHMARK_MAIN();
