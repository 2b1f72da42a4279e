/*
 * Listing: every file of the form NNNN_NAME.json below FOLDER/PLATFORM, sorted by number, and which
 * one is in use.
 *
 * What is not of the form is somebody else's (pytest-benchmark uses the same folder): it is left
 * alone and named. So is a `current` that names nothing that is there. Files that vanish while the
 * folder is read are simply not there.
 */
#include "base/text.h"
#include "base/vec.h"
#include "project/baseline_private.h"
#include "sys/file.h"

#include <stdlib.h>
#include <string.h>

PFL_VEC(baselines, struct pfl_baseline);

/* One listing in the making. */
struct listing {
    struct pfl_arena *arena;
    struct baselines found;
    struct pfl_buf strange;
    struct pfl_err *err;
};

static void name_strange(struct listing *listing, const char *platform, const char *file)
{
    if (listing->strange.len > 0)
        pfl_buf_char(&listing->strange, ' ');
    if (platform)
        pfl_buf_format(&listing->strange, "%s/", platform);
    pfl_text_escape(&listing->strange, file, strlen(file));
}

static int add_file(struct listing *listing, const char *folder, const char *platform,
                    const char *file)
{
    struct pfl_baseline found = {.platform = platform};
    int code;

    if (file[0] == '.' || file[strlen(file) - 1] == '~' || strcmp(file, "current") == 0)
        return PFL_OK; /* `~`: being written just now, or an editor's backup */
    if (!pfl_baseline_read_file_name(file, listing->arena, &found.number, &found.name)) {
        if (!found.name)
            return pfl_err_no_memory(listing->err);
        name_strange(listing, platform, file);
        return PFL_OK;
    }
    found.path = pfl_file_join(folder, file, listing->arena);
    if (!found.path)
        return pfl_err_no_memory(listing->err);
    if (pfl_file_is_folder(found.path)) {
        name_strange(listing, platform, file);
        return PFL_OK;
    }
    code = pfl_baseline_modified(found.path, &found.modified_unix, listing->err);
    if (code == PFL_ENOENT) /* gone since it was listed, or a dangling link */
        return PFL_OK;
    if (code == PFL_OK && !pfl_vec_push(&listing->found, &found))
        return pfl_err_no_memory(listing->err);
    return code;
}

static int by_number(const void *a, const void *b)
{
    const struct pfl_baseline *first = a, *second = b;

    if (first->number != second->number)
        return first->number < second->number ? -1 : 1;
    return strcmp(first->name, second->name);
}

/* The one that `current` names, the newest when it names none; NULL when what it names is not there
 * (or is two). */
static struct pfl_baseline *pick_current(struct pfl_baseline *list, size_t n, const char *current)
{
    const char *rest, *name;
    struct pfl_baseline *found = NULL;
    int number;
    size_t i;

    if (!current[0])
        return n ? &list[n - 1] : NULL;
    number = pfl_baseline_read_number(current, &rest);
    name = *rest == '_' ? rest + 1 : rest;
    if (number < 1 || (*rest && *rest != '_'))
        return NULL;
    for (i = 0; i < n; i++)
        if (list[i].number == number && (!*name || strcmp(list[i].name, name) == 0)) {
            if (found)
                return NULL;
            found = &list[i];
        }
    return found;
}

static int list_platform(struct listing *listing, const char *folder, const char *platform)
{
    const char *inside = pfl_file_join(folder, platform, listing->arena), **names, *current;
    struct pfl_baseline *list, *in_use;
    size_t n, before = listing->found.n, i;
    int code = inside ? pfl_file_list(inside, listing->arena, &names, &n, listing->err)
                      : pfl_err_no_memory(listing->err);

    if (code == PFL_ENOENT)
        return PFL_OK;
    for (i = 0; code == PFL_OK && i < n; i++)
        code = add_file(listing, inside, platform, names[i]);
    if (code == PFL_OK)
        code = pfl_baseline_read_current(inside, listing->arena, &current, listing->err);
    if (code != PFL_OK || listing->found.n == before)
        return code;
    list = listing->found.at + before;
    n = listing->found.n - before;
    qsort(list, n, sizeof *list, by_number);
    in_use = pick_current(list, n, current);
    if (in_use)
        in_use->in_use = true;
    else
        name_strange(listing, platform, "current");
    return PFL_OK;
}

static int list_all(struct listing *listing, const char *folder)
{
    const char **names, *path;
    size_t n, i;
    int code = pfl_file_list(folder, listing->arena, &names, &n, listing->err);

    if (code == PFL_ENOENT)
        return PFL_OK;
    for (i = 0; code == PFL_OK && i < n; i++) {
        if (names[i][0] == '.')
            continue;
        path = pfl_file_join(folder, names[i], listing->arena);
        if (!path)
            return pfl_err_no_memory(listing->err);
        if (pfl_file_is_folder(path))
            code = list_platform(listing, folder, names[i]);
        else
            name_strange(listing, NULL, names[i]);
    }
    return code;
}

static int hand_over(struct listing *listing, struct pfl_baseline **list, size_t *n,
                     const char **strange)
{
    struct pfl_baseline *all = pfl_arena_grow(listing->arena, listing->found.at, listing->found.n,
                                              listing->found.n, sizeof *all);
    const char *names = pfl_arena_text(listing->arena, pfl_buf_cstr(&listing->strange));

    if (!all || !names || listing->strange.error == PFL_ENOMEM)
        return pfl_err_no_memory(listing->err);
    *list = all;
    *n = listing->found.n;
    if (strange)
        *strange = names;
    return PFL_OK;
}

int pfl_baseline_list(const char *folder, const char *platform, struct pfl_arena *arena,
                      struct pfl_baseline **list, size_t *n, const char **strange,
                      struct pfl_err *err)
{
    struct listing listing = {.arena = arena, .err = err};
    const char *root = pfl_file_absolute(NULL, folder, arena);
    bool only = platform != NULL;
    int code;

    if (only) /* the list may outlive the caller's text */
        platform = pfl_arena_text(arena, platform);
    pfl_buf_init(&listing.strange, 64 * 1024);
    if (!root || (only && !platform))
        code = pfl_err_no_memory(err);
    else
        code = only ? list_platform(&listing, root, platform) : list_all(&listing, root);
    if (code == PFL_OK)
        code = hand_over(&listing, list, n, strange);
    pfl_vec_release(&listing.found);
    pfl_buf_release(&listing.strange);
    if (code != PFL_OK)
        pfl_err_prefix(err, "listing the baselines in '%s'", folder);
    return code;
}
