/*
 * The commits that a branch is made of, in the order in which they follow each other.
 *
 * One question instead of one per commit: a trend asks about hundreds. Parents come before their
 * children whatever the clocks of those who committed said.
 */
#include "vcs/ask.h"
#include "vcs/git.h"

#include <string.h>

enum { COMMITS_BYTES_MAX = 256 << 20, HEX_LEAST = 40 };

static int split(char *text, struct pfl_arena *arena, const char ***commits, size_t *n,
                 struct pfl_err *err)
{
    size_t count = 0, i = 0;
    const char **list;
    char *at, *end;

    for (at = text; *at; at++)
        count += *at == '\n';
    list = pfl_arena_array(arena, count ? count : 1, sizeof *list);
    at = pfl_arena_text(arena, text);
    if (!list || !at)
        return pfl_err_no_memory(err);
    for (; i < count; at = end + 1) {
        end = strchr(at, '\n');
        *end = 0;
        if (end - at >= HEX_LEAST)
            list[i++] = at;
        else
            count--;
    }
    *commits = list;
    *n = count;
    return PFL_OK;
}

int pfl_git_ancestry(const char *folder, const char *rev, struct pfl_arena *arena,
                     const char ***commits, size_t *count, struct pfl_err *err)
{
    struct pfl_git_answer answer;
    const char *commit;
    int rc = pfl_git_resolve(folder, rev, arena, &commit, err);

    if (rc != PFL_OK)
        return rc;
    pfl_git_answer_init(&answer);
    answer.output.max = COMMITS_BYTES_MAX;
    rc = pfl_git_missing(
        PFL_GIT_ASK(folder, &answer, err, "rev-list", "--topo-order", "--reverse", commit, "--"),
        folder, err);
    if (rc == PFL_OK && answer.status != 0)
        rc = pfl_err_set(err, PFL_ENOENT, "git cannot list the commits of '%s': %s", rev,
                         pfl_git_complaint(&answer));
    if (rc == PFL_OK)
        rc = answer.output.len ? split(answer.output.data, arena, commits, count, err)
                               : (*count = 0, PFL_OK);
    pfl_git_answer_release(&answer);
    return rc;
}
