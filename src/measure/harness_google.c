/*
 * Google Benchmark (1.5 and later): the program itself is the harness.
 *
 * Repetitions are left to the program: launches repeat. The minimal time is written as a bare
 * number, which 1.7 and older want and newer ones take too. A list has the names that the results
 * have ("BM_sort/8/real_time"), one a line.
 */
#include "measure/harness_table.h"
#include "measure/harness_words.h"

static int command(const struct pfl_harness_launch *launch, struct pfl_arena *arena,
                   struct pfl_harness_command *command, struct pfl_err *err)
{
    const char *regex = pfl_words_regex(launch->item, arena);
    struct pfl_words w;

    pfl_words_begin(&w, launch, arena, command);
    if (!regex)
        return pfl_err_no_memory(err);
    if (launch->list) { /* all, so that a mistyped word finds its neighbours */
        pfl_words_add(&w, "--benchmark_list_tests=true");
        return pfl_words_end(&w, err);
    }
    if (*regex && !pfl_words_given(launch, "--benchmark_filter"))
        pfl_words_format(&w, "--benchmark_filter=%s", regex);
    pfl_words_format(&w, "--benchmark_out=%s", launch->results);
    pfl_words_add(&w, "--benchmark_out_format=json");
    if (launch->seconds > 0 && !pfl_words_given(launch, "--benchmark_min_time"))
        pfl_words_format(&w, "--benchmark_min_time=%.6g", launch->seconds);
    command->results = PFL_HARNESS_FILE;
    return pfl_words_end(&w, err);
}

static const struct pfl_harness_sign signs[] = {
    {"unrecognized command-line flag", false,
     "the program does not take Google Benchmark's flags: let its main() call "
     "benchmark::Initialize(&argc, argv) first, or use BENCHMARK_MAIN()"},
    {0},
};

const struct pfl_harness pfl_harness_google_benchmark = {
    .name = "google-benchmark",
    .format = "google-benchmark",
    .program = "the benchmark program",
    .lists = true,
    .signs = signs,
    .nothing = "Failed to match any benchmarks",
    .remedy = "is the program built with Google Benchmark, and does its main() call "
              "benchmark::Initialize(&argc, argv) and benchmark::RunSpecifiedBenchmarks() "
              "(BENCHMARK_MAIN() does)?",
    .command = command,
};
