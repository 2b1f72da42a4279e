/*
 * nanobench has no command line: the program writes its results where the environment says,
 *
 *     if (const char *path = std::getenv("PERFLEDGER_RESULTS")) {
 *         std::ofstream out(path);
 *         ankerl::nanobench::render(ankerl::nanobench::templates::json(), bench, out);
 *     }
 *
 * and may take its time per benchmark from PERFLEDGER_BENCH_SECONDS. All its benchmarks run in
 * every launch; a selection is applied to what they wrote.
 */
#include "measure/harness_table.h"
#include "measure/harness_words.h"

static int command(const struct pfl_harness_launch *launch, struct pfl_arena *arena,
                   struct pfl_harness_command *command, struct pfl_err *err)
{
    struct pfl_words w;

    pfl_words_begin(&w, launch, arena, command);
    pfl_words_environment(&w, "NANOBENCH_SUPPRESS_WARNINGS", "1");
    command->results = PFL_HARNESS_FILE;
    return pfl_words_end(&w, err);
}

const struct pfl_harness pfl_harness_nanobench = {
    .name = "nanobench",
    .format = "nanobench",
    .program = "the nanobench program",
    .remedy = "nanobench has no option for it, so the program has to render "
              "ankerl::nanobench::templates::json() to the file that PERFLEDGER_RESULTS names",
    .command = command,
};
