/*
 * hyperfine: commands timed by a command.
 *
 * The numbers go to a file; its own reports (--style basic, which nobody sees) say which command it
 * has come to, and so which one failed: it stops there, and the file has those before. It runs each
 * command at least ten times and for three seconds by default, which is meant for somebody who runs
 * it once. Launches repeat here: two to ten runs each, whatever the user did not say himself, and
 * one warm-up run. Which of its commands are measured hyperfine cannot be told; a selection is
 * applied to what it wrote.
 *
 * An --export-json of the user's would be a second one, which hyperfine refuses: it is taken out of
 * the command, for a file that every launch writes anew is of no use.
 */
#include "measure/harness_table.h"
#include "measure/harness_words.h"

#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
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

static int command(const struct pfl_harness_launch *launch, struct pfl_arena *arena,
                   struct pfl_harness_command *command, struct pfl_err *err)
{
    struct pfl_words w;

    pfl_words_begin(&w, launch, arena, command);
    pfl_words_take_out(&w, "--export-json");
    pfl_words_add(&w, "--export-json");
    pfl_words_add(&w, launch->results);
    if (!pfl_words_given(launch, "--style")) {
        pfl_words_add(&w, "--style");
        pfl_words_add(&w, "basic");
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

/* ---- what failed ---- */

static const char failed[] = "Command terminated with non-zero exit code";

/* Behind the last "Benchmark 2: " ("Benchmark #2: " before 1.13); NULL: none was begun. */
static const char *last_begun(const char *output, size_t len, size_t *name_len)
{
    const char *at = output, *end = output + len, *line, *name = NULL;

    for (; at < end; at = line + 1) {
        line = memchr(at, '\n', (size_t)(end - at));
        line = line ? line : end;
        if (line - at < 13 || strncmp(at, "Benchmark ", 10) != 0)
            continue;
        at += 10 + (at[10] == '#');
        while (at < line && isdigit((unsigned char)*at))
            at++;
        if (line - at < 3 || strncmp(at, ": ", 2) != 0)
            continue;
        name = at + 2;
        *name_len = (size_t)(line - name);
    }
    return name;
}

/* "Error: Command terminated with non-zero exit code: 1. Use the …" */
static int failures(const struct pfl_harness_said *said, pfl_harness_fail_fn *fail, void *context)
{
    const char *found =
        said->errors_len ? memmem(said->errors, said->errors_len, failed, strlen(failed)) : NULL;
    size_t name_len = 0, len;
    const char *name = last_begun(said->output, said->output_len, &name_len);
    char reason[200];

    if (!found || !name)
        return PFL_OK;
    len = (size_t)(said->errors + said->errors_len - found);
    for (size_t i = 0; i < len; i++)
        if (found[i] == '.' || found[i] == '\n')
            len = i;
    snprintf(reason, sizeof reason,
             "%.*s: run it by hand, or add -i to hyperfine if that is as it should be",
             (int)(len < 80 ? len : 80), found);
    return fail(context, name, name_len, reason, strlen(reason));
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
    .failures = failures,
};
