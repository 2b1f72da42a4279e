/*
 * Which commits changed a file, as far as this clone knows.
 *
 * With --full-history, because git otherwise follows only one side of a merge when both left the
 * file the same in the end, and a row that was added and removed on the other side would not be
 * seen.
 */
#include "vcs/ask.h"
#include "vcs/git.h"

#include <string.h>

static int split_lines(struct pfl_git_answer *answer, struct pfl_arena *arena,
                       struct pfl_git_files *commits, struct pfl_err *err)
{
    const char *text = pfl_buf_cstr(&answer->output), *at, *newline;
    size_t n = 0;

    for (at = text; (newline = strchr(at, '\n')); at = newline + 1)
        n++;
    commits->at = pfl_arena_array(arena, n + 1, sizeof *commits->at);
    commits->n = 0;
    if (!commits->at)
        return pfl_err_no_memory(err);
    for (at = text; (newline = strchr(at, '\n')); at = newline + 1) {
        if (!(commits->at[commits->n] = pfl_arena_text_n(arena, at, (size_t)(newline - at))))
            return pfl_err_no_memory(err);
        commits->n++;
    }
    return PFL_OK;
}

int pfl_git_versions(const struct pfl_git_place *place, struct pfl_arena *arena,
                     struct pfl_git_files *commits, struct pfl_err *err)
{
    const char *range = place->rev ? pfl_arena_format(arena, "%s..HEAD", place->rev) : "HEAD";
    const char *path = pfl_arena_format(arena, "./%s", place->path);
    struct pfl_git_answer answer;
    int rc;

    if (!range || !path)
        return pfl_err_no_memory(err);
    if (range[0] == '-')
        return pfl_err_set(err, PFL_ENOENT, "'%s' is no revision: it begins with '-'", place->rev);
    pfl_git_answer_init(&answer);
    rc = PFL_GIT_ASK(place->folder, &answer, err, "log", "--full-history", "--format=%H", range,
                     "--", path);
    rc = pfl_git_missing(rc, place->folder, err);
    if (rc == PFL_OK && answer.status != 0)
        rc = pfl_err_set(err, PFL_ENOENT, "the history of '%s': git says: %s", place->path,
                         pfl_git_complaint(&answer));
    if (rc == PFL_OK)
        rc = split_lines(&answer, arena, commits, err);
    pfl_git_answer_release(&answer);
    return rc;
}
