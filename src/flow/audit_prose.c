/*
 * Figures and links in people's own words.
 *
 * A figure that stands in no block of any document is one that nobody can check: it was typed. It
 * must be written as a block says it (rounded otherwise, it is another figure), or marked as what
 * it is (a setting, an example) by backticks. The same holds for all documents together: a summary
 * may cite a row's figure.
 */
#include "flow/audit_parts.h"

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

static int look_at_link(struct pfl_auditor *auditor, const struct pfl_audit_document *document,
                        const struct pfl_prose_item *item)
{
    const char *folder = pfl_file_folder_of(document->path, auditor->arena), *path;

    path = !folder                ? NULL
           : item->text[0] == '/' ? item->text + 1
                                  : pfl_file_join(folder, item->text, auditor->arena);
    path = path ? pfl_file_join(auditor->flow->root, path, auditor->arena) : NULL;
    if (!path)
        return pfl_err_no_memory(auditor->err);
    if (pfl_file_exists(path))
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
