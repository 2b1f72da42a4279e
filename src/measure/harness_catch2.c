/*
 * Catch2 (2.9 and later, 3): test cases with BENCHMARK in them.
 *
 * The XML reporter to a file: `-r xml -o FILE` is understood by both versions. Which test cases are
 * run is the user's business (a test specification such as "[!benchmark]" in `command`): benchmarks
 * have names of their own inside test cases, which no option selects and no list shows. Without a
 * specification test cases tagged [!benchmark] are hidden and would not run, so the tag is asked
 * for then.
 *
 * Samples: Catch2's default of 100 is for one launch; launches repeat here, so 20 are enough. The
 * mean is all that is used of them, so its interval need not be drawn from 100,000 resamples.
 */
#include "measure/harness_table.h"
#include "measure/harness_words.h"

#include <string.h>

enum { SAMPLES = 20, LEAST_SAMPLES = 5 };
static const double usual_seconds = 0.1;

/* Where Catch2's own words begin: behind the program, which may stand behind one that starts it
 * ("env A=1 ./tests", "taskset -c 1 ./tests"). That is
 * the first word with a slash in it behind a known starter; any other first word is the program. */
static size_t own_begin(const struct pfl_harness_launch *launch)
{
    static const char *const starters[] = {"env",     "nice",    "ionice",  "chrt",
                                           "taskset", "numactl", "setarch", "stdbuf",
                                           "timeout", "time",    "nohup",   "xvfb-run"};
    const char *slash = launch->argc ? strrchr(launch->argv[0], '/') : NULL;
    const char *name = slash ? slash + 1 : launch->argc ? launch->argv[0] : "";
    size_t i, k;

    for (k = 0; k < PFL_COUNT(starters) && strcmp(starters[k], name) != 0; k++)
        ;
    for (i = 1; k < PFL_COUNT(starters) && i < launch->argc; i++)
        if (strchr(launch->argv[i], '/') && !strchr(launch->argv[i], '='))
            return i + 1;
    return 1;
}

/* Is a word neither the program, nor an option, nor what an option takes? */
static bool has_specification(const struct pfl_harness_launch *launch)
{
    size_t i;

    for (i = own_begin(launch); i < launch->argc; i++)
        if (launch->argv[i][0] != '-' &&
            (launch->argv[i - 1][0] != '-' || strchr(launch->argv[i], '[')))
            return true;
    return false;
}

/* Catch2 knows no time per benchmark; where there is little of it, fewer samples must do. */
static int samples_in(double seconds)
{
    double share = seconds / usual_seconds;

    if (!(share > 0) || share > 1)
        return SAMPLES;
    return SAMPLES * share > LEAST_SAMPLES ? (int)(SAMPLES * share) : LEAST_SAMPLES;
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
        pfl_words_format(&w, "--benchmark-samples=%d", samples_in(launch->seconds));
    if (!pfl_words_given(launch, "--benchmark-resamples"))
        pfl_words_add(&w, "--benchmark-resamples=100");
    if (!pfl_words_given(launch, "--benchmark-warmup-time") && launch->seconds > 0)
        pfl_words_format(&w, "--benchmark-warmup-time=%.0f", 100 * launch->seconds);
    command->results = PFL_HARNESS_FILE;
    return pfl_words_end(&w, err);
}

static const struct pfl_harness_sign signs[] = {
    {"Unrecognised token: --reporter", false,
     "the command names a reporter itself, and Catch2 2 takes one only: leave -r and -o out, "
     "perfledger sets them"},
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
