/*
 * The order of rows, and what was committed before: rows are added, never changed, moved or taken
 * away.
 *
 * A row names the one it was written behind ("after"), which must stand above it; two branches may
 * both have written behind the same one. That alone sees the removal of any row but the last, also
 * without git. With git every committed version of a document is a witness: each of its rows must
 * still be there, in the same order among themselves; a merge of two branches keeps the order of
 * both. A trend's table may only have grown. What is replaced on purpose (the run of record) has no
 * such history.
 */
#include "flow/audit_parts.h"

#include "vcs/git.h"

#include <string.h>

static bool stays(const struct pfl_block *block)
{
    return strcmp(block->kind, "row") == 0 || strcmp(block->kind, "snapshot") == 0;
}

/* The heading of a row, as one calls it; other blocks are what their file is called. */
static const char *called(struct pfl_auditor *auditor, const struct pfl_block *block)
{
    const char *at = block->text, *end = at + block->text_len, *newline;

    if (strcmp(block->kind, "row") != 0)
        return block->id;
    while (at < end && (*at == '#' || *at == ' ' || *at == '\n'))
        at++;
    newline = memchr(at, '\n', (size_t)(end - at));
    return pfl_arena_format(
        auditor->arena, "\"%.*s\"",
        (int)((newline ? newline : end) - at > 120 ? 120 : (newline ? newline : end) - at), at);
}

static int order_of(struct pfl_auditor *auditor, const struct pfl_audit_document *document)
{
    struct pfl_map above;
    size_t i, *place;
    int rc = PFL_OK;

    pfl_map_init(&above);
    for (i = 0; rc == PFL_OK && i < document->blocks.n; i++)
        if (!pfl_map_set(&above, document->blocks.at[i].id, i))
            rc = pfl_err_no_memory(auditor->err);
    for (i = 0; rc == PFL_OK && i < document->blocks.n; i++) {
        const struct pfl_block *block = &document->blocks.at[i];
        const char *after =
            strcmp(block->kind, "row") == 0 ? pfl_audit_fact(block, "after", auditor->arena) : NULL;

        if (!after || !*after)
            continue;
        place = pfl_map_get(&above, after);
        if (!place)
            rc = pfl_audit_find(auditor, document->path, block->line,
                                pfl_arena_format(auditor->arena,
                                                 "the row %s, behind which this one was written, "
                                                 "is gone",
                                                 after));
        else if (*place >= i)
            rc = pfl_audit_find(auditor, document->path, block->line,
                                pfl_arena_format(auditor->arena,
                                                 "rows were moved: this one was written behind the "
                                                 "row %s, which now stands below it, on line %d",
                                                 after, document->blocks.at[*place].line));
    }
    pfl_map_release(&above);
    return rc;
}

int pfl_audit_order(struct pfl_auditor *auditor)
{
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < auditor->documents.n; i++)
        rc = order_of(auditor, &auditor->documents.at[i]);
    return rc;
}

/* ---- committed versions ---- */

struct witness {
    struct pfl_auditor *auditor;
    const char *path;
    const struct pfl_audit_document *now; /* NULL: the file is gone */
    struct pfl_map places;                /* id → its place among the blocks of now */
    struct pfl_map told;                  /* ids that were spoken of */
    const char *commit;
};

static int tell(struct witness *w, const struct pfl_block *block, int line, const char *what)
{
    const char *id;

    if (pfl_map_get(&w->told, block->id))
        return PFL_OK;
    id = pfl_arena_text(w->auditor->arena, block->id); /* the version goes, what was told stays */
    if (!id || !pfl_map_set(&w->told, id, 1))
        return pfl_err_no_memory(w->auditor->err);
    return pfl_audit_find(w->auditor, w->path, line, what);
}

/* line: where it should be. */
static int tell_gone(struct witness *w, const struct pfl_block *block, int line)
{
    const char *name = called(w->auditor, block);

    return tell(w, block, line,
                name ? pfl_arena_format(w->auditor->arena,
                                        "the %s %s was changed or taken away here: it stands in "
                                        "the commit %.12s on line %d",
                                        block->kind, name, w->commit, block->line)
                     : NULL);
}

static int tell_moved(struct witness *w, const struct pfl_block *block, int line)
{
    const char *name = called(w->auditor, block);

    return tell(w, block, line,
                name ? pfl_arena_format(w->auditor->arena,
                                        "rows were moved: %s stands in another order in the commit "
                                        "%.12s",
                                        name, w->commit)
                     : NULL);
}

/* Rows and snapshots of one version. */
static int compare_rows(struct witness *w, const struct pfl_blocks *then)
{
    const struct pfl_block *now = w->now ? w->now->blocks.at : NULL;
    size_t i, *place, last = 0;
    int rc = PFL_OK, line = 1;

    for (i = 0; rc == PFL_OK && i < then->n; i++) {
        if (!stays(&then->at[i]))
            continue;
        place = pfl_map_get(&w->places, then->at[i].id);
        if (!place) {
            rc = tell_gone(w, &then->at[i], line);
        } else if (*place < last) {
            rc = tell_moved(w, &then->at[i], now[*place].line);
        } else {
            last = *place;
            line = now[*place].end_line;
        }
    }
    return rc;
}

/* The trend of the same benchmark and metric in this document; NULL: none. */
static const struct pfl_block *same_trend(struct witness *w, const struct pfl_block *then)
{
    const char *benchmark = pfl_audit_fact(then, "benchmark", w->auditor->arena);
    const char *metric = pfl_audit_fact(then, "metric", w->auditor->arena), *other;
    size_t i;

    for (i = 0; benchmark && metric && w->now && i < w->now->blocks.n; i++) {
        const struct pfl_block *block = &w->now->blocks.at[i];

        if (strcmp(block->kind, "trend") != 0)
            continue;
        other = pfl_audit_fact(block, "benchmark", w->auditor->arena);
        if (!other || strcmp(other, benchmark) != 0)
            continue;
        other = pfl_audit_fact(block, "metric", w->auditor->arena);
        if (other && strcmp(other, metric) == 0)
            return block;
    }
    return NULL;
}

static int compare_trends(struct witness *w, const struct pfl_blocks *then)
{
    size_t i, j;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < then->n; i++) {
        const struct pfl_block *old = &then->at[i], *now;

        if (strcmp(old->kind, "trend") != 0)
            continue;
        now = same_trend(w, old);
        if (!now) {
            rc = tell_gone(w, old, 1);
            continue;
        }
        for (j = 0; j < old->run_count && j < now->run_count; j++)
            if (strcmp(old->runs[j], now->runs[j]) != 0)
                break;
        if (j < old->run_count)
            rc = tell(w, old, now->line,
                      pfl_arena_format(w->auditor->arena,
                                       "a trend only grows: its entry %zu is not the one that the "
                                       "commit %.12s has there (run %s)",
                                       j + 1, w->commit, old->runs[j]));
    }
    return rc;
}

static int compare_version(struct witness *w)
{
    const struct pfl_git_place place = {w->auditor->flow->root, w->commit, w->path};
    struct pfl_arena scratch;
    struct pfl_git_text text;
    struct pfl_blocks then;
    int rc;

    pfl_arena_init(&scratch);
    rc = pfl_git_show(&place, &scratch, &text, w->auditor->err);
    if (rc == PFL_OK)
        rc = pfl_blocks_read(text.text, text.len, &scratch, &then, w->auditor->err);
    if (rc == PFL_OK)
        rc = compare_rows(w, &then);
    if (rc == PFL_OK)
        rc = compare_trends(w, &then);
    pfl_arena_release(&scratch);
    return rc == PFL_ENOENT ? PFL_OK : rc; /* the commit that removed the file */
}

static int history_of(struct pfl_auditor *auditor, const char *path,
                      const struct pfl_audit_document *now)
{
    const struct pfl_git_place place = {auditor->flow->root, auditor->since, path};
    struct witness w = {.auditor = auditor, .path = path, .now = now};
    struct pfl_git_files commits;
    size_t i;
    int rc = pfl_git_versions(&place, auditor->arena, &commits, auditor->err);

    if (rc == PFL_ENOENT && !auditor->since)
        return PFL_OK; /* nothing was committed yet */
    pfl_map_init(&w.places);
    pfl_map_init(&w.told);
    for (i = 0; rc == PFL_OK && now && i < now->blocks.n; i++)
        if (!pfl_map_set(&w.places, now->blocks.at[i].id, i))
            rc = pfl_err_no_memory(auditor->err);
    for (i = 0; rc == PFL_OK && i < commits.n; i++) {
        w.commit = commits.at[i];
        rc = compare_version(&w);
    }
    pfl_map_release(&w.places);
    pfl_map_release(&w.told);
    return rc;
}

/* Documents that HEAD has and the work tree has not. */
static int look_for_gone(struct pfl_auditor *auditor)
{
    const struct pfl_documents *documents = &auditor->flow->config.documents;
    const char *const paths[] = {documents->log, documents->folder};
    struct pfl_git_files files;
    struct pfl_map here;
    size_t i, len;
    int rc = pfl_git_list_tracked(auditor->flow->root, paths, 2, auditor->arena, &files.at,
                                  &files.n, auditor->err);

    pfl_map_init(&here);
    for (i = 0; rc == PFL_OK && i < auditor->documents.n; i++)
        if (!pfl_map_set(&here, auditor->documents.at[i].path, i))
            rc = pfl_err_no_memory(auditor->err);
    for (i = 0; rc == PFL_OK && i < files.n; i++) {
        len = strlen(files.at[i]);
        if (len > 3 && strcmp(files.at[i] + len - 3, ".md") == 0 &&
            strcmp(files.at[i], documents->log) != 0 && !pfl_map_get(&here, files.at[i]))
            rc = history_of(auditor, files.at[i], NULL);
    }
    if (rc == PFL_OK && !pfl_map_get(&here, documents->log))
        rc = history_of(auditor, documents->log, NULL);
    pfl_map_release(&here);
    return rc;
}

int pfl_audit_history(struct pfl_auditor *auditor)
{
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < auditor->documents.n; i++)
        rc = history_of(auditor, auditor->documents.at[i].path, &auditor->documents.at[i]);
    return rc == PFL_OK ? look_for_gone(auditor) : rc;
}
