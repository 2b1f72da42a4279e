/* A git repository "r" in a scratch folder, and git itself, for tests. */
#ifndef PFL_TESTS_REPOSITORY_H
#define PFL_TESTS_REPOSITORY_H

#include "scratch.h"

#include "base/buf.h"
#include "sys/file.h"
#include "sys/spawn.h"

/* Where git finds its configuration and who commits, for this process. */
static inline void repository_environment(const struct scratch *scratch)
{
    scratch_write(scratch, "gitconfig",
                  "[protocol \"file\"]\nallow = always\n[init]\ndefaultBranch = main\n");
    setenv("GIT_CONFIG_GLOBAL", scratch_path(scratch, "gitconfig"), 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    setenv("GIT_CEILING_DIRECTORIES", scratch->path, 1);
    setenv("GIT_AUTHOR_NAME", "A", 1), setenv("GIT_AUTHOR_EMAIL", "a@example.org", 1);
    setenv("GIT_COMMITTER_NAME", "C", 1), setenv("GIT_COMMITTER_EMAIL", "c@example.org", 1);
    setenv("GIT_AUTHOR_DATE", "1700000000 +0000", 1);
    setenv("GIT_COMMITTER_DATE", "1700000000 +0000", 1);
}

/* Runs a shell script in a folder of the scratch folder; it must succeed. What it printed stays
 * until the next call. Skips the test when there is no git. */
static inline const char *shell(const struct scratch *scratch, const char *folder,
                                const char *script)
{
    static char said[8192];
    char *argv[] = {(char *)"sh", (char *)"-ec", (char *)script, NULL};
    struct pfl_buf output, errors;
    struct pfl_process_params params = {
        .argv = argv, .cwd = scratch_path(scratch, folder), .output = &output, .errors = &errors};
    struct pfl_err err;
    int status = -1;

    if (access("/usr/bin/git", X_OK) != 0 && system("git --version >/dev/null 2>&1") != 0)
        skip();
    pfl_buf_init(&output, sizeof said - 1);
    pfl_buf_init(&errors, 1 << 16);
    if (pfl_process_run(&params, &status, &err) != PFL_OK || status != 0)
        fail_msg("%s: %d %s %s", script, status, err.message, pfl_buf_cstr(&errors));
    snprintf(said, sizeof said, "%s", pfl_buf_cstr(&output));
    said[strcspn(said, "\n")] = 0; /* the first line */
    pfl_buf_release(&output);
    pfl_buf_release(&errors);
    return said;
}

/* What a file holds; "(none)" when it is not there. Stays until the next call. */
static inline const char *content(const char *path)
{
    static char text[8192];
    size_t n = 0;
    FILE *file = fopen(path, "r");

    if (!file)
        return "(none)";
    n = fread(text, 1, sizeof text - 1, file);
    text[n] = 0;
    fclose(file);
    return text;
}

#endif
