/*
 * Figures and links in people's own words.
 *
 * A figure that stands in no block of any document is one that nobody can check: it was typed. It
 * must be written as a block says it (rounded otherwise, it is another figure), or marked as what
 * it is (a setting, an example) by backticks. The same holds for all documents together: a summary
 * may cite a row's figure. Titles and notes are people's words, too, although they are sealed.
 */
#include "flow/audit/parts.h"

#include "base/text.h"
#include "sys/file.h"

#include <string.h>

static int gather(struct pfl_auditor *auditor, struct pfl_map *known)
{
    size_t i, j;

    for (i = 0; i < auditor->documents.n; i++) {
        const struct pfl_audit_document *document = &auditor->documents.at[i];

        for (j = 0; j < document->prose_count; j++)
            if (document->prose[j].kind == PFL_PROSE_FIGURE && document->prose[j].in_block &&
                !pfl_map_set(known, document->prose[j].text, 1))
                return pfl_err_no_memory(auditor->err);
    }
    return PFL_OK;
}

/* Does "a/../../b" leave the folder that it begins in? Such a link is the service's that shows the
 * page ("../../issues/12"), and no file. */
static bool leaves(const char *path)
{
    long depth = 0;

    for (; *path; path += strspn(path, "/")) {
        size_t len = strcspn(path, "/");

        if (len == 2 && memcmp(path, "..", 2) == 0)
            depth--;
        else if (len > 1 || *path != '.')
            depth++;
        if (depth < 0)
            return true;
        path += len;
    }
    return false;
}

/* The documents' folder was called otherwise when the block was sealed: "old/runs/ID.json" is
 * "new/runs/ID.json". */
static const char *in_todays_folder(struct pfl_auditor *auditor, const char *target)
{
    const char *at = target + strlen(target);
    int slashes = 0;

    while (at > target && (at[-1] != '/' || ++slashes < 2))
        at--;
    return pfl_file_join(auditor->flow->config.documents.folder, at, auditor->arena);
}

/* A sealed link that leaves the repository: the document was moved nearer to the root since, or
 * somebody put another place there. Behind its ".." a file of ours must stand, or FOLDER/runs/… as
 * the folder was called then. */
static int look_at_moved(struct pfl_auditor *auditor, const struct pfl_audit_document *document,
                         const struct pfl_prose_item *item)
{
    const char *at = item->text, *path, *slash;
    size_t folders = 0;

    while (strncmp(at, "../", 3) == 0)
        at += 3;
    for (slash = at; (slash = strchr(slash, '/')); slash++)
        folders++;
    path = folders > 2 || strstr(at, "../")
               ? at
               : in_todays_folder(auditor, at); /* "old/runs/ID.json" */
    at = pfl_file_join(auditor->flow->root, at, auditor->arena);
    path = path ? pfl_file_join(auditor->flow->root, path, auditor->arena) : NULL;
    if (!at || !path)
        return pfl_err_no_memory(auditor->err);
    if (!strstr(item->text + strspn(item->text, "./"), "../") &&
        (pfl_file_exists(at) || pfl_file_exists(path)))
        return PFL_OK;
    return pfl_audit_find(auditor, document->path, item->line,
                          pfl_arena_format(auditor->arena,
                                           "this link leads out of the repository: %s",
                                           pfl_text_shown(auditor->arena, item->text)));
}

static int look_at_link(struct pfl_auditor *auditor, const struct pfl_audit_document *document,
                        const struct pfl_prose_item *item)
{
    const char *folder = pfl_file_folder_of(document->path, auditor->arena), *path, *other;

    path = !folder                ? NULL
           : item->text[0] == '/' ? item->text + 1
                                  : pfl_file_join(folder, item->text, auditor->arena);
    if (path && leaves(path))
        return item->sealed ? look_at_moved(auditor, document, item) : PFL_OK;
    path = path ? pfl_file_join(auditor->flow->root, path, auditor->arena) : NULL;
    other = item->sealed ? in_todays_folder(auditor, item->text) : "";
    other = other && *other ? pfl_file_join(auditor->flow->root, other, auditor->arena) : other;
    if (!path || !other)
        return pfl_err_no_memory(auditor->err);
    if (pfl_file_exists(path) || (*other && pfl_file_exists(other)))
        return PFL_OK;
    return pfl_audit_find(auditor, document->path, item->line,
                          pfl_arena_format(auditor->arena,
                                           "this link leads nowhere: there is no %s",
                                           pfl_text_shown(auditor->arena, item->text)));
}

static int look_at_figure(struct pfl_auditor *auditor, const struct pfl_map *known,
                          const struct pfl_audit_document *document,
                          const struct pfl_prose_item *item)
{
    if (item->in_block || pfl_map_get(known, item->text))
        return PFL_OK;
    if (item->sealed)
        return pfl_audit_find(
            auditor, document->path, item->line,
            pfl_arena_format(auditor->arena,
                             "no run supports the figure %s, which somebody typed into a title or "
                             "note: it stands in no block of these documents; take the block away, "
                             "retract it and write it anew",
                             item->text));
    return pfl_audit_find(
        auditor, document->path, item->line,
        pfl_arena_format(auditor->arena,
                         "no run supports the figure %s: it stands in no block of these documents; "
                         "write it as a row or snapshot has it, or, if it is no measurement, as "
                         "`%s`",
                         item->text, item->text));
}

int pfl_audit_prose(struct pfl_auditor *auditor)
{
    struct pfl_map known;
    size_t i, j;
    int rc;

    pfl_map_init(&known);
    rc = gather(auditor, &known);
    for (i = 0; rc == PFL_OK && i < auditor->documents.n; i++) {
        const struct pfl_audit_document *document = &auditor->documents.at[i];

        for (j = 0; rc == PFL_OK && j < document->prose_count; j++)
            rc = document->prose[j].kind == PFL_PROSE_LINK
                     ? look_at_link(auditor, document, &document->prose[j])
                     : look_at_figure(auditor, &known, document, &document->prose[j]);
    }
    pfl_map_release(&known);
    return rc;
}
