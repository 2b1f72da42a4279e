/*
 * The order of rows, and what was committed before: rows are added, never changed, moved or taken
 * away.
 *
 * A row names the one it was written behind ("after"), which must stand above it; two branches may
 * both have written behind the same one, and in which order a merge puts these says nothing. That
 * alone sees the removal of any row but the last, also without git. With git every commit is a
 * witness: each row, snapshot and retraction that was ever committed must still be in some
 * document, whatever its file was called then, and a trend may only have grown. A retraction
 * excuses what it names. What is replaced on purpose (the run of record) has no such history.
 */
#include "flow/audit/parts.h"

#include "flow/log/history.h"
#include "vcs/git.h"

#include <string.h>

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
            strcmp(block->kind, "row") == 0 ? pfl_block_fact(block, "after", auditor->arena) : NULL;

        if (!after || !*after)
            continue;
        place = pfl_map_get(&above, after);
        if (!place && pfl_map_get(&auditor->retracted, after))
            continue;
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

/* Ids that retractions of the log speak of; one whose seal is broken says nothing. */
static int gather_retracted(struct pfl_auditor *auditor)
{
    size_t i, j;
    int rc = PFL_OK;

    for (i = 0; i < auditor->documents.n; i++)
        for (j = 0; rc == PFL_OK && j < auditor->documents.at[i].blocks.n; j++) {
            const struct pfl_audit_document *document = &auditor->documents.at[i];
            const struct pfl_block *block = &document->blocks.at[j];
            const char *id = strcmp(block->kind, "retraction") == 0 && block->sealed
                                 ? pfl_block_fact(block, "retracts", auditor->arena)
                                 : NULL;

            if (id && strcmp(document->path, auditor->flow->config.documents.log) != 0)
                rc = pfl_audit_find(auditor, document->path, block->line,
                                    "a retraction stands in the log, where everybody sees it; "
                                    "here it excuses nothing");
            else if (id && !pfl_map_set(&auditor->retracted, id, 1))
                rc = pfl_err_no_memory(auditor->err);
        }
    return rc;
}

int pfl_audit_order(struct pfl_auditor *auditor)
{
    size_t i;
    int rc = gather_retracted(auditor);

    for (i = 0; rc == PFL_OK && i < auditor->documents.n; i++)
        rc = order_of(auditor, &auditor->documents.at[i]);
    return rc;
}

/* ---- what was committed ---- */

static int learn_commits(struct pfl_auditor *auditor)
{
    struct pfl_git_files commits;
    size_t i;
    int rc = pfl_git_commits(auditor->flow->root, false, auditor->arena, &commits, auditor->err);

    if (rc == PFL_ENOENT)
        return PFL_OK; /* nothing was committed yet */
    for (i = 0; rc == PFL_OK && i < commits.n; i++)
        if (!pfl_map_set(&auditor->commits, commits.at[i], i))
            rc = pfl_err_no_memory(auditor->err);
    return rc;
}

int pfl_audit_has_commit(struct pfl_auditor *auditor, const char *commit, bool *answer)
{
    const char *word, *found;
    int rc = auditor->commits.n ? PFL_OK : learn_commits(auditor);

    *answer = rc == PFL_OK && pfl_map_get(&auditor->commits, commit);
    if (rc != PFL_OK || *answer)
        return rc;
    word = pfl_arena_format(auditor->arena, "%s^{commit}", commit);
    rc = pfl_git_resolve(auditor->flow->root, word, auditor->arena, &found, auditor->err);
    *answer = rc == PFL_OK;
    return rc == PFL_ENOENT ? PFL_OK : rc;
}

struct past {
    struct pfl_auditor *auditor;
    struct pfl_log_history history;
    struct pfl_map here; /* ids of all blocks of all documents */
    struct pfl_map told; /* ids that were spoken of; of trends their series */
    struct pfl_map line; /* the commits of the first parents, once asked for */
    bool line_known;
};

static const struct pfl_audit_document *document_at(const struct pfl_auditor *auditor,
                                                    const char *path)
{
    size_t i;

    for (i = 0; i < auditor->documents.n; i++)
        if (strcmp(auditor->documents.at[i].path, path) == 0)
            return &auditor->documents.at[i];
    return NULL;
}

/* Where a row that is gone stood: behind the one it was written behind. */
static int line_behind(const struct pfl_audit_document *document, const char *after)
{
    size_t i;

    for (i = 0; document && after && i < document->blocks.n; i++)
        if (strcmp(document->blocks.at[i].id, after) == 0)
            return document->blocks.at[i].end_line;
    return 1;
}

/* "…, the commit 1234 has it on line 5". */
static int tell_gone(struct past *past, const struct pfl_log_committed *then,
                     const struct pfl_block *block)
{
    struct pfl_auditor *auditor = past->auditor;
    const struct pfl_audit_document *document = document_at(auditor, then->path);
    bool is_row = strcmp(then->kind, "row") == 0;
    const char *name = called(auditor, block);
    const char *log = auditor->flow->config.documents.log;
    bool moved = is_row && !document && strcmp(then->path, log) != 0;
    const char *file = moved ? log : then->path;

    if (moved)
        document = document_at(auditor, file);
    return pfl_audit_find(
        auditor, file, line_behind(document, pfl_block_fact(block, "after", auditor->arena)),
        name ? pfl_arena_format(
                   auditor->arena,
                   "the %s %s was changed or taken away here: it stands in the commit %.12s on "
                   "line %d%s%s; bring it back, or say why it is gone: `perfledger log retract %s "
                   "--why TEXT`",
                   then->kind, name, then->commit, then->line, moved ? " of " : "",
                   moved ? then->path : "", then->id)
             : NULL);
}

/* ---- trends ---- */

static bool same_fact(struct pfl_auditor *auditor, const struct pfl_block *one,
                      const struct pfl_block *other, const char *name)
{
    const char *a = pfl_block_fact(one, name, auditor->arena);
    const char *b = pfl_block_fact(other, name, auditor->arena);

    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_series(struct pfl_auditor *auditor, const struct pfl_block *one,
                        const struct pfl_block *other)
{
    return strcmp(other->kind, "trend") == 0 && same_fact(auditor, one, other, "benchmark") &&
           same_fact(auditor, one, other, "metric") && same_fact(auditor, one, other, "variant");
}

/* How many entries the two begin with in common. */
static size_t common(const struct pfl_block *one, const struct pfl_block *other)
{
    size_t n = 0;

    while (n < one->run_count && n < other->run_count && strcmp(one->runs[n], other->runs[n]) == 0)
        n++;
    return n;
}

/* *now: the trend of the same series that has most of it; NULL: none. */
static bool has_grown(struct past *past, const struct pfl_block *old, const struct pfl_block **now)
{
    const struct pfl_audit_documents *documents = &past->auditor->documents;
    size_t i, j;

    for (i = 0, *now = NULL; i < documents->n; i++)
        for (j = 0; j < documents->at[i].blocks.n; j++) {
            const struct pfl_block *block = &documents->at[i].blocks.at[j];

            if (!same_series(past->auditor, old, block))
                continue;
            if (!*now || common(old, block) > common(old, *now))
                *now = block;
            if (common(old, block) == old->run_count)
                return true;
        }
    return false;
}

/* A version that was retracted takes with it the shorter ones that it grew from. */
static int was_retracted(struct past *past, const struct pfl_block *old, bool *answer)
{
    struct pfl_auditor *auditor = past->auditor;
    struct pfl_block block;
    bool found;
    size_t i;
    int rc = PFL_OK;

    for (i = 0, *answer = false; rc == PFL_OK && !*answer && i < past->history.n; i++) {
        const struct pfl_log_committed *then = &past->history.at[i];

        if (strcmp(then->kind, "trend") != 0 || !pfl_map_get(&auditor->retracted, then->id))
            continue;
        rc = pfl_log_history_block(auditor->flow, then, &block, &found, auditor->err);
        *answer = rc == PFL_OK && found && same_series(auditor, old, &block) &&
                  common(old, &block) == old->run_count;
    }
    return rc;
}

/* Did the commit come by first parents? A branch's trend may have grown otherwise than the one it
 * was merged with, and only one of them could stay. */
static int is_on_line(struct past *past, const char *commit, bool *answer)
{
    struct pfl_auditor *auditor = past->auditor;
    struct pfl_git_files commits;
    size_t i;
    int rc = PFL_OK;

    if (!past->line_known)
        rc = pfl_git_commits(auditor->flow->root, true, auditor->arena, &commits, auditor->err);
    for (i = 0; rc == PFL_OK && !past->line_known && i < commits.n; i++)
        if (!pfl_map_set(&past->line, commits.at[i], 1))
            rc = pfl_err_no_memory(auditor->err);
    past->line_known = rc == PFL_OK;
    *answer = pfl_map_get(&past->line, commit) != NULL;
    return rc;
}

static int tell_trend(struct past *past, const struct pfl_log_committed *then,
                      const struct pfl_block *old, const struct pfl_block *now)
{
    struct pfl_auditor *auditor = past->auditor;
    const char *benchmark = pfl_block_fact(old, "benchmark", auditor->arena);
    const char *metric = pfl_block_fact(old, "metric", auditor->arena), *series;
    size_t same;

    series = pfl_arena_format(auditor->arena, "%s %s %s", then->path, benchmark ? benchmark : "",
                              metric ? metric : "");
    if (!series)
        return pfl_err_no_memory(auditor->err);
    if (pfl_map_get(&past->told, series))
        return PFL_OK;
    if (!pfl_map_set(&past->told, series, 1))
        return pfl_err_no_memory(auditor->err);
    if (!now)
        return tell_gone(past, then, old);
    same = common(old, now);
    return pfl_audit_find(
        auditor, then->path, document_at(auditor, then->path) ? now->line : 1,
        pfl_arena_format(auditor->arena,
                         "a trend only grows: its entry %zu is not the one that the commit %.12s "
                         "has there (run %s); bring it back, or say why it was made anew: "
                         "`perfledger log retract %s --why TEXT`",
                         same + 1, then->commit, old->runs[same], then->id));
}

static int look_at_trend(struct past *past, const struct pfl_log_committed *then,
                         const struct pfl_block *old)
{
    const struct pfl_block *now;
    bool answer = false;
    int rc = PFL_OK;

    if (has_grown(past, old, &now))
        return PFL_OK;
    rc = is_on_line(past, then->commit, &answer);
    if (rc != PFL_OK || !answer)
        return rc;
    rc = was_retracted(past, old, &answer);
    return rc == PFL_OK && !answer ? tell_trend(past, then, old, now) : rc;
}

/* ---- all of it ---- */

static int look_at_missing(struct past *past, const struct pfl_log_committed *then)
{
    struct pfl_auditor *auditor = past->auditor;
    struct pfl_block block;
    bool found;
    int rc = pfl_log_history_block(auditor->flow, then, &block, &found, auditor->err);

    if (rc != PFL_OK || !found)
        return rc;
    if (strcmp(then->kind, "trend") == 0)
        return look_at_trend(past, then, &block);
    if (!pfl_map_set(&past->told, then->id, 1))
        return pfl_err_no_memory(auditor->err);
    return tell_gone(past, then, &block);
}

static bool stays(const char *kind)
{
    return strcmp(kind, "row") == 0 || strcmp(kind, "snapshot") == 0 ||
           strcmp(kind, "trend") == 0 || strcmp(kind, "retraction") == 0;
}

static int look_back(struct past *past)
{
    struct pfl_auditor *auditor = past->auditor;
    size_t i, j;
    int rc = PFL_OK;

    for (i = 0; i < auditor->documents.n; i++)
        for (j = 0; j < auditor->documents.at[i].blocks.n; j++)
            if (!pfl_map_set(&past->here, auditor->documents.at[i].blocks.at[j].id, 1))
                return pfl_err_no_memory(auditor->err);
    for (i = 0; rc == PFL_OK && i < past->history.n; i++) {
        const struct pfl_log_committed *then = &past->history.at[i];

        if (stays(then->kind) && !pfl_map_get(&past->here, then->id) &&
            !pfl_map_get(&past->told, then->id) && !pfl_map_get(&auditor->retracted, then->id))
            rc = look_at_missing(past, then);
    }
    return rc;
}

int pfl_audit_history(struct pfl_auditor *auditor)
{
    struct past past = {.auditor = auditor};
    int rc = pfl_log_history_read(auditor->flow, auditor->since, &past.history, auditor->err);

    if (rc == PFL_ENOENT && !auditor->since)
        return PFL_OK; /* nothing was committed yet */
    pfl_map_init(&past.here);
    pfl_map_init(&past.told);
    pfl_map_init(&past.line);
    if (rc == PFL_OK)
        rc = look_back(&past);
    pfl_map_release(&past.here);
    pfl_map_release(&past.told);
    pfl_map_release(&past.line);
    return rc;
}
