/*
 * Files of a work tree, as git sees them: which of them belong to it, and where a folder is in it.
 *
 * `ls-files` decides what belongs: tracked files, and those that are neither tracked nor ignored
 * (written today, not yet added). Its answer repeats a file that is in conflict and names files
 * that were deleted without git's knowledge; the first is put right here, the second is for the
 * caller, who looks at the files anyway. A folder with a repository of its own comes as "name/" and
 * is left out.
 */
#include "vcs/ask.h"
#include "vcs/git.h"

#include <stdlib.h>
#include <string.h>

int pfl_git_prefix(const char *folder, struct pfl_arena *arena, const char **prefix,
                   struct pfl_err *err)
{
    struct pfl_git_answer answer;
    const char *found;
    int rc;

    pfl_git_answer_init(&answer);
    rc = PFL_GIT_ASK(folder, &answer, err, "rev-parse", "--show-prefix");
    rc = pfl_git_missing(rc, folder, err);
    if (rc == PFL_OK && answer.status != 0) {
        rc = pfl_err_set(err, PFL_ENOENT, "'%s' is in no git work tree: %s", folder,
                         pfl_git_complaint(&answer));
    } else if (rc == PFL_OK) {
        found = pfl_arena_text(arena, pfl_git_line(&answer));
        if (found)
            *prefix = found;
        else
            rc = pfl_err_no_memory(err);
    }
    pfl_git_answer_release(&answer);
    return rc;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, each once, without folders; how many are left. */
static size_t tidy(const char **files, size_t n)
{
    size_t kept = 0, i;

    if (n > 1)
        qsort(files, n, sizeof *files, compare_texts);
    for (i = 0; i < n; i++) {
        size_t len = strlen(files[i]);

        if (len > 0 && files[i][len - 1] != '/' &&
            (kept == 0 || strcmp(files[kept - 1], files[i]) != 0))
            files[kept++] = files[i];
    }
    return kept;
}

/* "git ls-files … -- ./PATH …"; "./" because a leading ':' would be magic. NULL: no memory. */
static const char **question(const char *which, const char *const *paths, size_t n,
                             struct pfl_arena *arena)
{
    const char *const start[] = {"ls-files", which, "--exclude-standard", "-z", "--"};
    const char **words = pfl_arena_array(arena, PFL_COUNT(start) + n + 1, sizeof *words);
    size_t i;

    if (!words)
        return NULL;
    memcpy(words, start, sizeof start);
    for (i = 0; i < n; i++)
        if (!(words[PFL_COUNT(start) + i] = pfl_arena_format(arena, "./%s", paths[i])))
            return NULL;
    return words;
}

struct listing {
    const char *folder, *which; /* of ls-files: -c, -co */
    const char *const *paths;
    size_t path_count;
};

static int list(const struct listing *asked, struct pfl_arena *arena, const char ***files,
                size_t *count, struct pfl_err *err)
{
    const char **words = question(asked->which, asked->paths, asked->path_count, arena);
    const char **found = NULL, *folder = asked->folder;
    struct pfl_git_answer answer;
    size_t n = 0;
    int rc = PFL_OK;

    if (!words)
        return pfl_err_no_memory(err);
    pfl_git_answer_init(&answer);
    if (asked->path_count > 0) {
        rc = pfl_git_missing(pfl_git_ask(folder, words, &answer, err), folder, err);
        if (rc == PFL_OK && answer.status != 0)
            rc = pfl_err_set(err, PFL_ESYSTEM, "listing the files in '%s': git says: %s", folder,
                             pfl_git_complaint(&answer));
        if (rc == PFL_OK)
            rc = pfl_git_split(&answer, arena, &found, &n, err);
    }
    pfl_git_answer_release(&answer);
    if (rc == PFL_OK) {
        *files = found;
        *count = tidy(found, n);
    }
    return rc;
}

int pfl_git_list_files(const char *folder, const char *const *paths, size_t path_count,
                       struct pfl_arena *arena, const char ***files, size_t *count,
                       struct pfl_err *err)
{
    struct listing asked = {folder, "-co", paths, path_count};

    return list(&asked, arena, files, count, err);
}

int pfl_git_list_tracked(const char *folder, const char *const *paths, size_t path_count,
                         struct pfl_arena *arena, const char ***files, size_t *count,
                         struct pfl_err *err)
{
    struct listing asked = {folder, "-c", paths, path_count};

    return list(&asked, arena, files, count, err);
}
