/*
 * hyperfine: commands timed by a command.
 *
 * Its own reports are shut up (--style none) and the numbers go to a file. It runs each command at
 * least ten times and for three seconds by default, which is meant for somebody who runs it once.
 * Launches repeat here: two to ten runs each, whatever the user did not say himself, and one
 * warm-up run. Which of its commands are measured hyperfine cannot be told; a selection is applied
 * to what it wrote.
 *
 * An --export-json of the user's would be a second one, which hyperfine refuses: it is taken out of
 * the command, for a file that every launch writes anew is of no use.
 */
#include "measure/harness_table.h"
#include "measure/harness_words.h"

#include "base/text.h"

#include <string.h>

/* "-r", "-r5", "--runs", "--runs=5" */
static bool given(const struct pfl_harness_launch *launch, const char *brief, const char *full)
{
    size_t i;

    if (pfl_words_given(launch, full))
        return true;
    for (i = 1; i < launch->argc && strcmp(launch->argv[i], "--") != 0; i++)
        if (strncmp(launch->argv[i], brief, 2) == 0)
            return true;
    return false;
}

static void take_out(struct pfl_harness_command *command, const char *option)
{
    size_t len = strlen(option), i, gone;

    for (i = 1; i < command->argc && strcmp(command->argv[i], "--") != 0; i++) {
        if (strncmp(command->argv[i], option, len) != 0)
            continue;
        gone = command->argv[i][len] == '=' || i + 1 == command->argc ? 1 : 2;
        if (command->argv[i][len] && command->argv[i][len] != '=')
            continue;
        memmove(command->argv + i, command->argv + i + gone,
                (command->argc - i - gone + 1) * sizeof *command->argv);
        command->argc -= gone;
        return;
    }
}

static int command(const struct pfl_harness_launch *launch, struct pfl_arena *arena,
                   struct pfl_harness_command *command, struct pfl_err *err)
{
    struct pfl_words w;

    pfl_words_begin(&w, launch, arena, command);
    if (!w.no_memory)
        take_out(command, "--export-json");
    pfl_words_add(&w, "--export-json");
    pfl_words_add(&w, launch->results);
    if (!pfl_words_given(launch, "--style")) {
        pfl_words_add(&w, "--style");
        pfl_words_add(&w, "none");
    }
    if (!given(launch, "-w", "--warmup"))
        pfl_words_add(&w, "--warmup=1");
    if (!given(launch, "-r", "--runs") && !given(launch, "-m", "--min-runs") &&
        !given(launch, "-M", "--max-runs")) {
        pfl_words_add(&w, "--min-runs=2");
        pfl_words_add(&w, "--max-runs=10");
    }
    command->results = PFL_HARNESS_FILE;
    return pfl_words_end(&w, err);
}

static const struct pfl_harness_sign signs[] = {
    {"Command terminated with non-zero exit code", false,
     "a command that hyperfine measures failed: run it by hand, or add -i if that is as it should "
     "be"},
    {0},
};

const struct pfl_harness pfl_harness_hyperfine = {
    .name = "hyperfine",
    .format = "hyperfine",
    .program = "hyperfine",
    .signs = signs,
    .command = command,
};
