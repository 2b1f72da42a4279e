/*
 * The files that an import reads.
 *
 * A folder that is one result (criterion's, asv's) is read as such; any other is gone through,
 * depth first, names sorted, hidden ones left out, symbolic links to folders not followed below the
 * one that was named (loops). What is certainly no result (another file, a link that leads nowhere)
 * is passed over and counted; pipes and devices are named, for they may have been meant; what is
 * damaged is a problem of its own and does not lose the rest.
 */
#include "flow/exchange/import_parts.h"

#include "sys/file.h"

#include <errno.h>
#include <string.h>

enum { DEPTH_MAX = 32 };

static int take_warning(void *context, const struct pfl_format_place *place, const char *what)
{
    struct pfl_importer *im = context;
    struct pfl_import_file *file = pfl_import_at_hand(im);
    struct pfl_arena *arena = im->flow->arena;
    const char **more;

    if (file->warning_count++ >= PFL_IMPORT_WARNINGS_MAX)
        return PFL_OK;
    if (file->warnings_kept == im->warnings_room) {
        im->warnings_room = im->warnings_room ? im->warnings_room * 2 : 4;
        more = pfl_arena_grow(arena, file->warnings, file->warnings_kept, im->warnings_room,
                              sizeof *more);
        if (!more)
            return PFL_ENOMEM;
        file->warnings = more;
    }
    file->warnings[file->warnings_kept] =
        place->line
            ? pfl_arena_format(arena, "%s:%d:%d: %s", place->path, place->line, place->column, what)
            : pfl_arena_format(arena, "%s: %s", place->path, what);
    return file->warnings[file->warnings_kept++] ? PFL_OK : PFL_ENOMEM;
}

/* Failures that are about this file, not about the ledger or memory. */
static bool is_the_files(int rc)
{
    switch (rc) {
    case PFL_EPARSE:
    case PFL_ELIMIT:
    case PFL_EINVAL:
    case PFL_ENOENT:
    case PFL_EIO:
    case PFL_EPERM:
    case PFL_EVERSION:
    case PFL_ENOTHING: return true;
    default: return false;
    }
}

static const char *describe(struct pfl_arena *arena, const char *path, const struct pfl_err *why)
{
    if (why->line)
        return pfl_arena_format(arena, "%s:%d:%d: %s", why->file, why->line, why->column,
                                why->message);
    return strstr(why->message, path) ? pfl_arena_text(arena, why->message)
                                      : pfl_arena_format(arena, "%s: %s", path, why->message);
}

/* *known: it was a result of a known kind. */
static int import_one(struct pfl_importer *im, const char *path, bool named, bool *known,
                      struct pfl_err *err)
{
    const struct pfl_format_sink sink = {
        .run = pfl_import_take_run, .warn = take_warning, .context = im};
    const struct pfl_format_memory memory = {
        .known = pfl_import_is_known, .from = pfl_import_take_source, .context = im};
    struct pfl_exchange exchange = im->params->exchange;
    struct pfl_import_file file = {.path = path, .run_id = ""};
    const struct pfl_format *format = NULL;
    struct pfl_err why;
    int rc;

    if (!pfl_vec_push(&im->files, &file))
        return pfl_err_no_memory(err);
    im->warnings_room = 0;
    pfl_buf_clear(&im->source);
    pfl_buf_clear(&im->place);
    if (im->params->progress)
        im->params->progress(im->params->context, im->files.n, path);
    exchange.in_folder = !named;
    exchange.memory = im->params->dry_run ? NULL : &memory;
    rc = pfl_exchange_read(&exchange, path, &sink, &format, &why);
    *known = format != NULL;
    im->found = im->found || *known;
    pfl_import_at_hand(im)->format = format ? format->name : NULL;
    if (rc == PFL_OK && pfl_import_at_hand(im)->runs == 0 && pfl_import_at_hand(im)->known == 0 &&
        pfl_import_at_hand(im)->warning_count == 0)
        return take_warning(im, &(struct pfl_format_place){.path = path},
                            "there is no benchmark in it") == PFL_OK
                   ? PFL_OK
                   : pfl_err_no_memory(err);
    if (rc == PFL_OK)
        return PFL_OK;
    if (!is_the_files(rc)) {
        if (err)
            *err = why;
        return rc;
    }
    if (rc == PFL_ENOTHING && !format && !named) { /* something else that lies there */
        im->files.n--;
        im->passed_over += !pfl_file_is_folder(path);
        return PFL_OK;
    }
    im->found = true;
    pfl_import_at_hand(im)->problem = describe(im->flow->arena, path, &why);
    return pfl_import_at_hand(im)->problem ? PFL_OK : pfl_err_no_memory(err);
}

static int import_within(struct pfl_importer *im, const char *folder, int depth,
                         struct pfl_err *err)
{
    const char **names, *path;
    struct pfl_err why;
    size_t n, i;
    int rc = pfl_file_list(folder, im->flow->arena, &names, &n, &why);

    if (rc != PFL_OK) {
        struct pfl_import_file file = {.path = folder, .run_id = ""};

        im->found = true;
        file.problem = describe(im->flow->arena, folder, &why);
        return file.problem && pfl_vec_push(&im->files, &file) ? PFL_OK : pfl_err_no_memory(err);
    }
    for (i = 0; i < n && rc == PFL_OK; i++) {
        if (names[i][0] == '.')
            continue;
        path = pfl_file_join(folder, names[i], im->flow->arena);
        rc = path ? pfl_import_path(im, path, depth + 1, err) : pfl_err_no_memory(err);
    }
    return rc;
}

/* A link whose target is gone, or itself: there is nothing that could be a result. */
static bool leads_nowhere(const char *path)
{
    int64_t size, modified;
    struct pfl_err why;
    int rc = pfl_file_stat(path, &size, &modified, &why);

    return rc != PFL_OK && (why.os_errno == ENOENT || why.os_errno == ELOOP);
}

/* Reading a pipe would wait for somebody to write. */
static int pass_over(struct pfl_importer *im, const char *path, const char *what,
                     struct pfl_err *err)
{
    struct pfl_import_file file = {.path = path, .run_id = ""};
    const struct pfl_format_place place = {.path = path};
    struct pfl_buf said;
    int rc;

    if (!pfl_vec_push(&im->files, &file))
        return pfl_err_no_memory(err);
    im->warnings_room = 0;
    pfl_buf_init(&said, 256);
    pfl_buf_format(&said, "it is %s, not a file: passed over; name it to have it read", what);
    rc = take_warning(im, &place, pfl_buf_cstr(&said));
    pfl_buf_release(&said);
    return rc == PFL_OK ? PFL_OK : pfl_err_no_memory(err);
}

int pfl_import_path(struct pfl_importer *im, const char *path, int depth, struct pfl_err *err)
{
    bool folder = strcmp(path, "-") != 0 && pfl_file_is_folder(path), known;
    const char *special;
    int rc;

    if (depth > 0 && pfl_file_is_link(path) && (folder || leads_nowhere(path))) {
        im->passed_over += !folder;
        return PFL_OK;
    }
    if (folder && depth > DEPTH_MAX)
        return PFL_OK;
    special = depth > 0 ? pfl_file_special(path) : NULL;
    if (special)
        return pass_over(im, path, special, err);
    rc = import_one(im, path, depth == 0 && !folder, &known, err);
    if (rc == PFL_OK && folder && !known)
        rc = import_within(im, path, depth, err);
    return rc;
}
