/*
 * Catch2 (2.9 and later, 3): test cases with BENCHMARK in them.
 *
 * The XML reporter to a file: `-r xml -o FILE` is understood by both versions. Which test cases are
 * run is the user's business (a test specification such as "[!benchmark]" in `command`): benchmarks
 * have names of their own inside test cases, which no option selects and no list shows. Without a
 * specification test cases tagged [!benchmark] are hidden and would not run, so the tag is asked
 * for then.
 *
 * Samples: Catch2's default of 100 is for one launch; launches repeat here, so 20 are enough. Its
 * bootstrap analysis stays on, because without it the file has no mean in old versions.
 */
#include "measure/harness_table.h"
#include "measure/harness_words.h"

#include <string.h>

/* Is a word neither the program, nor an option, nor what an option takes? */
static bool has_specification(const struct pfl_harness_launch *launch)
{
    size_t i;

    for (i = 1; i < launch->argc; i++)
        if (launch->argv[i][0] != '-' &&
            (launch->argv[i - 1][0] != '-' || strchr(launch->argv[i], '[')))
            return true;
    return false;
}

static int command(const struct pfl_harness_launch *launch, struct pfl_arena *arena,
                   struct pfl_harness_command *command, struct pfl_err *err)
{
    struct pfl_words w;

    pfl_words_begin(&w, launch, arena, command);
    if (!has_specification(launch))
        pfl_words_add(&w, "[!benchmark]");
    pfl_words_add(&w, "--reporter");
    pfl_words_add(&w, "xml");
    pfl_words_add(&w, "--out");
    pfl_words_add(&w, launch->results);
    if (!pfl_words_given(launch, "--benchmark-samples"))
        pfl_words_add(&w, "--benchmark-samples=20");
    if (!pfl_words_given(launch, "--benchmark-warmup-time") && launch->seconds > 0)
        pfl_words_format(&w, "--benchmark-warmup-time=%.0f", 1000 * launch->seconds);
    command->results = PFL_HARNESS_FILE;
    return pfl_words_end(&w, err);
}

static const struct pfl_harness_sign signs[] = {
    {"Unrecognised token", false,
     "this Catch2 does not take the options for benchmarks: 2.9 is the oldest with BENCHMARK, and "
     "version 2 wants CATCH_CONFIG_ENABLE_BENCHMARKING defined"},
    {0},
};

const struct pfl_harness pfl_harness_catch2 = {
    .name = "catch2",
    .format = "catch2",
    .program = "the Catch2 program",
    .signs = signs,
    .remedy = "are there BENCHMARKs in the test cases that the command selects? Version 2 wants "
              "CATCH_CONFIG_ENABLE_BENCHMARKING defined",
    .command = command,
};
