/*
 * What commits hold and what differs between two of them.
 *
 * Files are asked for as "COMMIT:./path", which git takes relative to the folder it runs in, so a
 * perfledger.yaml below the repository's top needs no arithmetic on names. Lists of changed files
 * come relative to the top, because a change outside of that folder counts, too (`paths:` may match
 * files of "../src"); they are made relative here. Renames are two changes: the rule that covered
 * the old name and the one that covers the new name both want to know.
 */
#include "base/text.h"
#include "vcs/ask.h"
#include "vcs/git.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_MAX_BYTES = 256 << 20 };

static bool is_usable(const char *rev)
{
    return rev[0] && rev[0] != '-';
}

static int refuse(const char *rev, struct pfl_err *err)
{
    return pfl_err_set(err, PFL_ENOENT, "'%s' is no revision: it is empty or begins with '-'", rev);
}

/* git said no: because there is no such commit, or because that is not in it? */
static int not_there(const struct pfl_git_place *place, struct pfl_arena *arena,
                     struct pfl_err *err)
{
    const char *commit;
    int rc = pfl_git_resolve(place->folder, place->rev, arena, &commit, err);

    return rc != PFL_OK
               ? rc
               : pfl_err_set(err, PFL_ENOENT, "'%s' is not in %s", place->path, place->rev);
}

int pfl_git_show(const struct pfl_git_place *place, struct pfl_arena *arena,
                 struct pfl_git_text *text, struct pfl_err *err)
{
    const char *object = pfl_arena_format(arena, "%s:./%s", place->rev, place->path), *kept;
    struct pfl_git_answer answer;
    int rc;

    if (!object)
        return pfl_err_no_memory(err);
    if (!is_usable(place->rev))
        return refuse(place->rev, err);
    pfl_git_answer_init(&answer);
    pfl_buf_release(&answer.output);
    pfl_buf_init(&answer.output, FILE_MAX_BYTES);
    rc = PFL_GIT_ASK(place->folder, &answer, err, "cat-file", "blob", object);
    rc = pfl_git_missing(rc, place->folder, err);
    if (rc == PFL_OK && answer.status != 0) {
        rc = not_there(place, arena, err);
    } else if (rc == PFL_OK) {
        kept = pfl_arena_text_n(arena, pfl_buf_cstr(&answer.output), answer.output.len);
        if (kept)
            *text = (struct pfl_git_text){kept, answer.output.len};
        else
            rc = pfl_err_no_memory(err);
    }
    pfl_git_answer_release(&answer);
    return rc;
}

/* ---- lists ---- */

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void tidy(struct pfl_git_files *files)
{
    size_t kept = 0, i;

    if (files->n > 1)
        qsort(files->at, files->n, sizeof *files->at, compare_texts);
    for (i = 0; i < files->n; i++)
        if (kept == 0 || strcmp(files->at[kept - 1], files->at[i]) != 0)
            files->at[kept++] = files->at[i];
    files->n = kept;
}

/* Asks for a list behind what is there already. */
static int append(const char *folder, const char *const *words, struct pfl_arena *arena,
                  struct pfl_git_files *files, struct pfl_err *err)
{
    struct pfl_git_answer answer;
    struct pfl_git_files more;
    const char **joined;
    int rc;

    pfl_git_answer_init(&answer);
    rc = pfl_git_missing(pfl_git_ask(folder, words, &answer, err), folder, err);
    if (rc == PFL_OK && answer.status != 0)
        rc = pfl_err_set(err, PFL_ESYSTEM, "listing the files in '%s': git says: %s", folder,
                         pfl_git_complaint(&answer));
    if (rc == PFL_OK)
        rc = pfl_git_split(&answer, arena, &more.at, &more.n, err);
    pfl_git_answer_release(&answer);
    if (rc != PFL_OK)
        return rc;
    joined = pfl_arena_grow(arena, files->at, files->n, files->n + more.n + 1, sizeof *joined);
    if (!joined)
        return pfl_err_no_memory(err);
    if (more.n > 0)
        memcpy(joined + files->n, more.at, more.n * sizeof *joined);
    *files = (struct pfl_git_files){joined, files->n + more.n};
    return PFL_OK;
}

int pfl_git_list_tree(const struct pfl_git_place *place, struct pfl_arena *arena,
                      struct pfl_git_files *files, struct pfl_err *err)
{
    const char *path = pfl_arena_format(arena, "./%s", place->path), *commit;
    struct pfl_git_files found = {0};
    int rc;

    if (!path)
        return pfl_err_no_memory(err);
    rc = pfl_git_resolve(place->folder, place->rev, arena, &commit, err);
    if (rc == PFL_OK)
        rc = append(
            place->folder,
            (const char *const[]){"ls-tree", "-r", "-z", "--name-only", commit, "--", path, NULL},
            arena, &found, err);
    if (rc != PFL_OK)
        return rc;
    tidy(&found);
    *files = found;
    return PFL_OK;
}

/* From the repository's top to `prefix` ("" or "sub/folder/"): "src/a" is "../../src/a" there. */
static const char *from_prefix(const char *path, const char *prefix, struct pfl_arena *arena)
{
    size_t common = 0, i;
    const char *up = "";

    for (i = 0; prefix[i] && prefix[i] == path[i]; i++)
        if (prefix[i] == '/')
            common = i + 1;
    for (i = common; up && prefix[i]; i++)
        if (prefix[i] == '/')
            up = pfl_arena_format(arena, "../%s", up);
    return up ? pfl_arena_format(arena, "%s%s", up, path + common) : NULL;
}

static int make_relative(struct pfl_git_files *files, const char *prefix, struct pfl_arena *arena,
                         struct pfl_err *err)
{
    size_t i;

    for (i = 0; *prefix && i < files->n; i++)
        if (!(files->at[i] = from_prefix(files->at[i], prefix, arena)))
            return pfl_err_no_memory(err);
    return PFL_OK;
}

int pfl_git_changed_files(const struct pfl_git_range *range, struct pfl_arena *arena,
                          struct pfl_git_files *files, struct pfl_err *err)
{
    const char *base, *head = NULL, *prefix;
    struct pfl_git_files found = {0};
    int rc = pfl_git_resolve(range->folder, range->base, arena, &base, err);

    if (rc == PFL_OK && range->head)
        rc = pfl_git_resolve(range->folder, range->head, arena, &head, err);
    if (rc == PFL_OK)
        rc = pfl_git_prefix(range->folder, arena, &prefix, err);
    if (rc == PFL_OK)
        rc = append(range->folder,
                    (const char *const[]){"diff", "--name-only", "--no-renames", "--no-ext-diff",
                                          "--no-relative", "--ignore-submodules=untracked", "-z",
                                          base, head ? head : "--", head ? "--" : NULL, NULL},
                    arena, &found, err);
    if (rc == PFL_OK && !head)
        rc = append(range->folder,
                    (const char *const[]){"ls-files", "-o", "--exclude-standard", "--full-name",
                                          "-z", "--", ":/", NULL},
                    arena, &found, err);
    if (rc == PFL_OK)
        rc = make_relative(&found, prefix, arena, err);
    if (rc != PFL_OK)
        return rc;
    tidy(&found);
    *files = found;
    return PFL_OK;
}

int pfl_git_merge_base(const struct pfl_git_range *range, struct pfl_arena *arena,
                       const char **commit, struct pfl_err *err)
{
    const char *base, *head, *found;
    struct pfl_git_answer answer;
    int rc = pfl_git_resolve(range->folder, range->base, arena, &base, err);

    if (rc == PFL_OK)
        rc = pfl_git_resolve(range->folder, range->head ? range->head : "HEAD", arena, &head, err);
    if (rc != PFL_OK)
        return rc;
    pfl_git_answer_init(&answer);
    rc = PFL_GIT_ASK(range->folder, &answer, err, "merge-base", base, head);
    if (rc == PFL_OK && answer.status != 0)
        rc =
            pfl_err_set(err, PFL_ENOENT,
                        "%s and %s have no commit in common that is here (in a shallow clone: `git "
                        "fetch --unshallow`; in a CI job: check out with fetch-depth: 0)",
                        range->base, range->head ? range->head : "HEAD");
    else if (rc == PFL_OK && !(found = pfl_arena_text(arena, pfl_git_line(&answer))))
        rc = pfl_err_no_memory(err);
    else if (rc == PFL_OK)
        *commit = found;
    pfl_git_answer_release(&answer);
    return rc;
}
