// nanobench's side of ./dev bench library: a line "NAME ns err% seconds" for each kernel asked for,
// with the library's own defaults.
#define ANKERL_NANOBENCH_IMPLEMENT
#include <nanobench.h>

#include "kernels.h"

#include <cstdio>
#include <cstring>

template <class Body> static void measure(const char *name, int count, char **words, Body body)
{
    using ankerl::nanobench::Result;
    bool wanted = count < 2;

    for (int i = 1; i < count; i++)
        wanted = wanted || std::strcmp(words[i], name) == 0;
    if (!wanted)
        return;
    auto begin = std::chrono::steady_clock::now();
    ankerl::nanobench::Bench bench;
    bench.output(nullptr).run(name, body);
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    const Result &r = bench.results().front();
    std::printf("%s\t%.6f\t%.6f\t%.3f\n", name, 1e9 * r.median(Result::Measure::elapsed),
                r.medianAbsolutePercentError(Result::Measure::elapsed), took.count());
}

int main(int count, char **words)
{
    uint64_t x = 1, at = 0;

    library_chase_init();
    measure("empty", count, words, [&] { ankerl::nanobench::doNotOptimizeAway(0); });
    measure("known", count, words, [&] {
        x = library_known(x);
        ankerl::nanobench::doNotOptimizeAway(x);
    });
    measure("chain", count, words, [&] {
        x = library_chain(x);
        ankerl::nanobench::doNotOptimizeAway(x);
    });
    measure("parser", count, words,
            [&] { ankerl::nanobench::doNotOptimizeAway(library_parse(library_text)); });
    measure("memory", count, words, [&] {
        at = library_chase(at);
        ankerl::nanobench::doNotOptimizeAway(at);
    });
}
