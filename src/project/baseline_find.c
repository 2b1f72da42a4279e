/*
 * Finding one baseline by what a person says: a number ("3", "0003"), a name (the newest of it),
 * the whole stem
 * ("0003_name"), a file or path, or nothing at all (the one in use). A number that two files have
 * is refused; a wrong word is answered with what there is.
 */
#include "base/text.h"
#include "project/baseline_private.h"
#include "sys/file.h"

#include <string.h>

enum { MAX_NAMED = 12 /* baselines an error message lists */ };

struct search {
    const char *folder, *platform, *which;
    struct pfl_arena *arena;
    struct pfl_baseline *list;
    size_t n;
    struct pfl_err *err;
};

/* "; there are 0001_first, 0002" (the newest ones), or which other platforms have some. */
static void say_what_there_is(const struct search *search, struct pfl_buf *text)
{
    size_t i = search->n > MAX_NAMED ? search->n - MAX_NAMED : 0;
    struct pfl_baseline *others = NULL;
    size_t n = 0;

    pfl_buf_text(text, search->n ? (i ? "; the newest are" : "; there is") : "");
    for (; i < search->n; i++)
        pfl_buf_format(text, " %04d%s%s%s", search->list[i].number,
                       search->list[i].name[0] ? "_" : "", search->list[i].name,
                       i + 1 < search->n ? "," : "");
    if (search->n ||
        pfl_baseline_list(search->folder, NULL, search->arena, &others, &n, NULL, NULL))
        return;
    pfl_buf_text(text, n ? "; other platforms have some:" : "");
    for (i = 0; i < n && text->len < 1024; i++)
        if (i == 0 || strcmp(others[i].platform, others[i - 1].platform) != 0)
            pfl_buf_format(text, " %s", others[i].platform);
    pfl_buf_text(text, "; 'perfledger baseline save' makes one");
}

static int not_found(const struct search *search, const char *what)
{
    struct pfl_buf text;
    int code;

    pfl_buf_init(&text, PFL_ERR_MESSAGE_MAX);
    say_what_there_is(search, &text);
    code = pfl_err_set(search->err, PFL_ENOENT, "%s for %s in '%s'%s", what, search->platform,
                       search->folder, pfl_buf_cstr(&text));
    pfl_buf_release(&text);
    return code;
}

static int find_current(const struct search *search, struct pfl_baseline *found)
{
    const char *inside = pfl_file_join(search->folder, search->platform, search->arena), *current;
    size_t i;
    int code;

    for (i = 0; i < search->n; i++)
        if (search->list[i].in_use) {
            *found = search->list[i];
            return PFL_OK;
        }
    if (search->n == 0)
        return not_found(search, "there is no baseline");
    code = inside ? pfl_baseline_read_current(inside, search->arena, &current, search->err)
                  : pfl_err_no_memory(search->err);
    if (code != PFL_OK)
        return code;
    current = pfl_text_shown(search->arena, current);
    current = current
                  ? pfl_arena_format(search->arena,
                                     "the file 'current' says '%.80s', which is not one baseline",
                                     current)
                  : NULL;
    if (!current)
        return pfl_err_no_memory(search->err);
    code = not_found(search, current);
    if (code == PFL_ENOENT) { /* not "no baseline yet": a check must not pass, nor a save, for a
                                 slip in `current` */
        code = PFL_EPARSE;
        if (search->err)
            search->err->code = code;
    }
    return code;
}

static int find_path(const struct search *search, struct pfl_baseline *found)
{
    struct pfl_baseline read = {.platform = search->platform};
    const char *folder, *file, *slash;
    int code;

    read.path = pfl_file_absolute(NULL, search->which, search->arena);
    folder = read.path ? pfl_file_folder_of(read.path, search->arena) : NULL;
    if (!folder)
        return pfl_err_no_memory(search->err);
    if (pfl_file_is_folder(read.path))
        return pfl_err_set(search->err, PFL_EINVAL, "'%s' is a folder, not a baseline", read.path);
    code = pfl_baseline_modified(read.path, &read.modified_unix, search->err);
    if (code != PFL_OK)
        return code;
    slash = strrchr(read.path, '/');
    file = slash ? slash + 1 : read.path;
    if (!pfl_baseline_read_file_name(file, search->arena, &read.number, &read.name)) {
        read.number = 0;
        read.name = file; /* any file may be given; it has no number then */
    }
    slash = strrchr(folder, '/');
    read.platform = slash ? slash + 1 : folder;
    if (!read.name)
        return pfl_err_no_memory(search->err);
    *found = read;
    return PFL_OK;
}

static int find_number(const struct search *search, int number, struct pfl_baseline *found)
{
    const struct pfl_baseline *first = NULL;
    size_t i;

    for (i = 0; i < search->n; i++) {
        if (search->list[i].number != number)
            continue;
        if (first)
            return pfl_err_set(
                search->err, PFL_EINVAL,
                "baseline %04d is ambiguous: '%s' and '%s' have that number; say %04d_NAME "
                "or the path",
                number, first->path, search->list[i].path, number);
        first = &search->list[i];
    }
    if (!first)
        return PFL_ENOENT;
    *found = *first;
    return PFL_OK;
}

/* The newest whose name it is, or the one whose whole stem or file name it is. */
static int find_name(const struct search *search, struct pfl_baseline *found)
{
    const char *safe = pfl_baseline_safe_name(search->arena, search->which), *stem, *what;
    size_t i;

    if (!safe)
        return pfl_err_no_memory(search->err);
    for (i = search->n; i-- > 0;) {
        stem = pfl_baseline_stem(&search->list[i], search->arena);
        if (!stem)
            return pfl_err_no_memory(search->err);
        if ((safe[0] && strcmp(search->list[i].name, safe) == 0) ||
            strcmp(stem, search->which) == 0) {
            *found = search->list[i];
            return PFL_OK;
        }
    }
    safe = pfl_text_shown(search->arena, search->which);
    what = safe ? pfl_arena_format(search->arena, "there is no baseline '%.200s'", safe) : NULL;
    return what ? not_found(search, what) : pfl_err_no_memory(search->err);
}

static bool looks_like_path(const char *which)
{
    size_t len = strlen(which), end = sizeof pfl_baseline_suffix - 1;

    return strchr(which, '/') || (len > end && strcmp(which + len - end, pfl_baseline_suffix) == 0);
}

int pfl_baseline_find(const char *folder, const char *platform, const char *which,
                      struct pfl_arena *arena, struct pfl_baseline *found, struct pfl_err *err)
{
    struct search search = {folder, platform, which, arena, NULL, 0, err};
    const char *rest;
    int code, number;

    if (strchr(which, '/'))
        return find_path(&search, found);
    code = pfl_baseline_list(folder, platform, arena, &search.list, &search.n, NULL, err);
    if (code != PFL_OK)
        return code;
    if (!which[0] || strcmp(which, "current") == 0)
        return find_current(&search, found);
    number = pfl_baseline_read_number(which, &rest);
    if (number >= 0 && !*rest) {
        code = find_number(&search, number, found);
        if (code != PFL_ENOENT)
            return code;
    }
    if (looks_like_path(which)) { /* a file name: here, or one of the list */
        if (pfl_file_exists(which))
            return find_path(&search, found);
        search.which =
            pfl_arena_text_n(arena, which, strlen(which) - (sizeof pfl_baseline_suffix - 1));
        if (!search.which)
            return pfl_err_no_memory(err);
    }
    return find_name(&search, found);
}
