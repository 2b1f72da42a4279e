/*
 * Every sealed block: is it as it was written, and is what was written so?
 *
 * The seal tells that something was touched, the text made again tells what. A block is made again
 * even when its seal is right, for whoever changes a figure can seal it, too; what cannot be made
 * up are the runs, whose ids are hashes of what they hold. A block needs runs of some size for a
 * moment only, so each has an arena of its own.
 */
#include "flow/audit/parts.h"
#include "flow/audit/words.h"

#include "base/text.h"
#include "documents/markdown.h"
#include "flow/log/documents.h"
#include "flow/log/evidence.h"
#include "flow/log/facts.h"
#include "flow/log/points.h"
#include "flow/log/record.h"
#include "flow/log/trend.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "vcs/git.h"

#include <string.h>

enum { TEXT_MAX = 64 << 20, LINES_TOLD = 5 };

struct look {
    struct pfl_auditor *auditor;
    const struct pfl_audit_document *document;
    const struct pfl_block *block;
    bool older; /* made by another version: what it claims counts, not its words */
};

static int find(const struct look *look, int line, const char *what)
{
    return pfl_audit_find(look->auditor, look->document->path, line, what);
}

static pfl_flow_remake_fn *remake_of(const char *kind)
{
    static const struct {
        const char *kind;
        pfl_flow_remake_fn *remake;
    } kinds[] = {
        {"row", pfl_flow_row_remake},
        {"snapshot", pfl_flow_snapshot_remake},
        {"trend", pfl_flow_trend_remake},
        {"latest", pfl_flow_latest_remake},
        {"retraction", pfl_flow_retraction_remake},
    };
    size_t i;

    for (i = 0; i < PFL_COUNT(kinds); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].remake;
    return NULL;
}

/* ---- the runs ---- */

static int look_at_revision(const struct look *look, const struct pfl_run *run)
{
    struct pfl_auditor *auditor = look->auditor;
    const char *kind;
    bool there;
    int rc;

    if (!auditor->git || auditor->shallow || !*run->revision.commit)
        return PFL_OK;
    rc = pfl_audit_has_commit(auditor, run->revision.commit, &there);
    if (rc != PFL_OK || there)
        return rc;
    kind = pfl_block_fact(look->block, "kind", auditor->flow->arena);
    if (kind && strcmp(kind, "diagnosis") == 0)
        return pfl_audit_note(
            auditor, pfl_arena_format(auditor->arena,
                                      "%s:%d: the revision %.12s of run %s is gone: a branch that "
                                      "was merged as another commit; the run itself is proven",
                                      look->document->path, look->block->line, run->revision.commit,
                                      run->id));
    return find(
        look, look->block->line,
        pfl_arena_format(auditor->arena,
                         "run %s is of the revision %.12s, which this repository does not "
                         "have; `git fetch --all --tags` if this clone lacks it; if history "
                         "was rewritten, take this block away, retract it, and measure what "
                         "the revision is now",
                         run->id, run->revision.commit));
}

/* What the ledger at hand takes back. A row cannot be taken away, so this is no finding. */
static int look_at_void(const struct look *look, const char *id)
{
    struct pfl_auditor *auditor = look->auditor;
    const char *why;
    int rc = pfl_log_void(auditor->flow, id, &why, auditor->err);

    return rc == PFL_OK && why
               ? pfl_audit_note(
                     auditor,
                     pfl_arena_format(auditor->arena,
                                      "%s:%d: run %s was declared void (%s), and what stands here "
                                      "rests on it; say so below it, or `perfledger void %.8s "
                                      "--undo` if the run was good after all",
                                      look->document->path, look->block->line, id,
                                      pfl_text_shown(auditor->arena, why), id))
               : rc;
}

/* Of each run once. */
static int look_at_form(const struct look *look, const struct pfl_run *run)
{
    struct pfl_auditor *auditor = look->auditor;
    const char *place;
    int line, rc = pfl_flow_evidence_form(auditor->flow, run, &place, &line, auditor->err);

    auditor->taken_words += pfl_log_is_of_another_version(run->tool);
    return rc == PFL_OK && line
               ? pfl_audit_find(auditor, pfl_arena_text(auditor->arena, place), line,
                                "this does not follow from the run's samples, or is no part of a "
                                "run: somebody changed it; `git checkout` brings back what it was")
               : rc;
}

/* *whole: all of them are there. */
static int look_at_runs(const struct look *look, bool *whole)
{
    struct pfl_auditor *auditor = look->auditor;
    struct pfl_err why = {0};
    struct pfl_run run;
    const char *id;
    size_t i;
    bool known;
    int rc = PFL_OK;

    *whole = true;
    for (i = 0; rc == PFL_OK && i < look->block->run_count; i++) {
        id = look->block->runs[i];
        known = pfl_map_get(&auditor->runs, id) != NULL;
        if (!pfl_map_set(&auditor->runs, id, 1))
            return pfl_err_no_memory(auditor->err);
        rc = pfl_flow_evidence_load(auditor->flow, id, &run, &why);
        if (rc == PFL_ENOENT || rc == PFL_ECORRUPT) {
            *whole = false;
            rc = find(look, look->block->line, pfl_arena_text(auditor->arena, why.message));
        } else if (rc == PFL_OK) {
            rc = look_at_revision(look, &run);
            if (rc == PFL_OK && !known)
                rc = look_at_form(look, &run);
            if (rc == PFL_OK)
                rc = look_at_void(look, id);
        } else if (auditor->err) {
            *auditor->err = why;
        }
    }
    return rc;
}

/* ---- the text ---- */

struct lines {
    const char *at, *end;
};

static bool next_line(struct lines *lines, const char **line, size_t *len)
{
    const char *newline;

    if (lines->at >= lines->end)
        return false;
    newline = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
    if (!newline)
        newline = lines->end;
    *line = lines->at;
    *len = (size_t)(newline - lines->at);
    lines->at = newline + 1;
    return true;
}

static const char *shown(struct pfl_auditor *auditor, const char *line, size_t len)
{
    const char *text = pfl_arena_text_n(auditor->arena, line, len);

    return text ? pfl_text_shown(auditor->arena, text) : NULL;
}

static int tell_line(const struct look *look, int line, const char *here, const char *made)
{
    if (!here || !made)
        return pfl_err_no_memory(look->auditor->err);
    return find(look, line,
                pfl_arena_format(look->auditor->arena,
                                 "this is not what the runs say. Here:\n"
                                 "    %s\n  by the runs:\n    %s",
                                 here, made));
}

/* Where the two first part, and the lines behind as far as they can be held side by side. *told:
 * how many lines were told. */
static int compare(const struct look *look, const struct pfl_buf *made, size_t *told)
{
    struct lines here = {look->block->text, look->block->text + look->block->text_len};
    struct lines there = {pfl_buf_cstr(made), pfl_buf_cstr(made) + made->len};
    const char *one = NULL, *other = NULL;
    size_t one_len = 0, other_len = 0;
    bool more, more_there;
    int line = look->block->text_line, rc = PFL_OK;

    for (*told = 0; rc == PFL_OK && *told < LINES_TOLD; line++) {
        more = next_line(&here, &one, &one_len);
        more_there = next_line(&there, &other, &other_len);
        if (!more && !more_there)
            break;
        if (more && more_there &&
            (look->older ? pfl_audit_claims_same(one, one_len, other, other_len)
                         : one_len == other_len && memcmp(one, other, one_len) == 0))
            continue;
        ++*told;
        rc = tell_line(look, more ? line : look->block->end_line,
                       more ? shown(look->auditor, one, one_len) : "(nothing)",
                       more_there ? shown(look->auditor, other, other_len) : "(nothing)");
    }
    return rc;
}

/* What other words of another version cannot change: how the row is called, and the machine. */
static int look_at_names(const struct look *look, size_t *told)
{
    static const char *const names[] = {"title", "machine"};
    struct pfl_arena *arena = look->auditor->flow->arena;
    const char *fact;
    struct pfl_buf shown;
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < PFL_COUNT(names); i++) {
        fact = pfl_block_fact(look->block, names[i], arena);
        if (!fact || !*fact || strcmp(look->block->kind, "row") != 0)
            continue;
        pfl_buf_init(&shown, TEXT_MAX);
        pfl_markdown_text(&shown, fact);
        rc = pfl_buf_check(&shown, look->auditor->err, "auditing a row");
        if (rc == PFL_OK &&
            !memmem(look->block->text, look->block->text_len, pfl_buf_cstr(&shown), shown.len)) {
            ++*told;
            rc = find(look, look->block->text_line,
                      pfl_arena_format(look->auditor->arena,
                                       "the %s of this row is not here: by its facts it is \"%s\"",
                                       names[i], pfl_text_shown(look->auditor->arena, fact)));
        }
        pfl_buf_release(&shown);
    }
    return rc;
}

static int look_at_text(const struct look *look, size_t *told)
{
    struct pfl_auditor *auditor = look->auditor;
    pfl_flow_remake_fn *remake = remake_of(look->block->kind);
    struct pfl_err why = {0};
    struct pfl_buf made;
    int rc;

    if (!remake)
        return find(look, look->block->line,
                    pfl_arena_format(auditor->arena,
                                     "this version of perfledger does not know blocks of the kind "
                                     "\"%s\"",
                                     pfl_text_shown(auditor->arena, look->block->kind)));
    pfl_buf_init(&made, TEXT_MAX);
    rc = remake(auditor->flow, look->block->facts, look->block->facts_len, &made, &why);
    if (rc == PFL_OK) {
        if (!look->older || !pfl_audit_claims_same(look->block->text, look->block->text_len,
                                                   pfl_buf_cstr(&made), made.len))
            rc = compare(look, &made, told);
        if (rc == PFL_OK && look->older)
            rc = look_at_names(look, told);
    } else if (rc == PFL_EINVAL || rc == PFL_EPARSE || rc == PFL_ENOENT || rc == PFL_ECORRUPT) {
        *told = 1;
        rc = find(
            look, look->block->line,
            pfl_arena_format(auditor->arena, "this block cannot be made again: %s", why.message));
    } else if (auditor->err) {
        *auditor->err = why;
    }
    pfl_buf_release(&made);
    return rc;
}

/* ---- the chart of a trend ---- */

/* The first line in which the two differ, from 1. */
static int first_difference(const struct pfl_buf *one, const struct pfl_buf *other)
{
    const char *a = pfl_buf_cstr(one), *b = pfl_buf_cstr(other);
    size_t i;
    int line = 1;

    for (i = 0; i < one->len && i < other->len && a[i] == b[i]; i++)
        line += a[i] == '\n';
    return line;
}

/* What git did to line ends is no other chart. */
static bool is_same_chart(const struct pfl_buf *here, const struct pfl_buf *made)
{
    const char *at = pfl_buf_cstr(here), *other = pfl_buf_cstr(made);
    const char *end = at + here->len, *other_end = other + made->len;

    for (; at < end; at++) {
        if (at[0] == '\r' && at[1] == '\n')
            continue;
        if (other == other_end || *at != *other++)
            return false;
    }
    return other == other_end;
}

static int compare_chart(const struct look *look, const char *place, const struct pfl_buf *made)
{
    struct pfl_auditor *auditor = look->auditor;
    const char *kept = pfl_arena_text(auditor->arena, place);
    const char *path = pfl_file_join(auditor->flow->root, place, auditor->arena);
    struct pfl_buf here;
    int rc;

    if (!kept || !path)
        return pfl_err_no_memory(auditor->err);
    if (!pfl_file_is_regular(path))
        return find(look, look->block->line,
                    pfl_file_exists(path)
                        ? pfl_arena_format(auditor->arena,
                                           "the chart of this trend, %s, is no regular file", place)
                        : pfl_arena_format(auditor->arena,
                                           "the chart of this trend is gone: there is no %s",
                                           place));
    pfl_buf_init(&here, TEXT_MAX);
    rc = pfl_file_read(path, &here, auditor->err);
    if (rc == PFL_OK && !is_same_chart(&here, made))
        rc = pfl_audit_find(
            auditor, kept, first_difference(&here, made),
            pfl_arena_format(auditor->arena,
                             "this chart is stale: it is not that of the table at %s:%d; "
                             "`perfledger log trend` draws it anew",
                             look->document->path, look->block->line));
    pfl_buf_release(&here);
    return rc;
}

static int look_at_chart(const struct look *look)
{
    const struct pfl_block *block = look->block;
    struct pfl_err why = {0};
    struct pfl_buf made;
    const char *place;
    int rc;

    if (strcmp(block->kind, "trend") != 0)
        return PFL_OK;
    pfl_buf_init(&made, TEXT_MAX);
    rc = pfl_flow_trend_chart(look->auditor->flow, block->facts, block->facts_len, &made, &place,
                              &why);
    if (rc == PFL_OK)
        rc = compare_chart(look, place, &made);
    else if (rc == PFL_EINVAL || rc == PFL_EPARSE)
        rc = PFL_OK; /* said of the text already */
    else if (look->auditor->err)
        *look->auditor->err = why;
    pfl_buf_release(&made);
    return rc;
}

/* snapshots/NAME_2026-11-21.md: the day of its head, the last of its runs. */
static int look_at_day(const struct look *look)
{
    const struct pfl_block *block = look->block;
    const char *path = look->document->path;
    char day[32];
    struct pfl_run run;
    size_t len = strlen(path);

    if (strcmp(block->kind, "snapshot") != 0 || block->run_count == 0 ||
        pfl_flow_evidence_load(look->auditor->flow, block->runs[block->run_count - 1], &run,
                               NULL) != PFL_OK)
        return PFL_OK;
    pfl_clock_text(run.started_unix_ns, day);
    if (len > 14 && path[len - 14] == '_' && strncmp(path + len - 13, day, 10) == 0)
        return PFL_OK;
    return find(
        look, 1,
        pfl_arena_format(look->auditor->arena,
                         "the name of this file should end in _%.10s.md: that is the day on "
                         "which its run was measured",
                         day));
}

static int look_at_block(const struct look *look)
{
    size_t told = 0;
    bool whole;
    int rc = look_at_runs(look, &whole);

    if (rc == PFL_OK && whole)
        rc = look_at_text(look, &told);
    if (rc == PFL_OK && whole)
        rc = look_at_chart(look);
    if (rc == PFL_OK && whole)
        rc = look_at_day(look);
    if (rc == PFL_OK && whole)
        rc = pfl_audit_facts(look->auditor, look->document, look->block);
    if (rc == PFL_OK && !look->block->sealed && told == 0)
        rc =
            find(look, look->block->line,
                 "this block was changed since it was written: its seal does not fit; `git log -p` "
                 "shows what it was");
    return rc;
}

static int look_at_document(struct pfl_auditor *auditor, const struct pfl_audit_document *document)
{
    struct look look = {auditor, document, NULL, false};
    struct pfl_flow *flow = auditor->flow;
    struct pfl_arena scratch, *kept = flow->arena;
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < document->blocks.problem_count; i++)
        rc = find(&look, document->blocks.problems[i].line, document->blocks.problems[i].what);
    for (i = 0; rc == PFL_OK && i < document->blocks.n; i++) {
        look.block = &document->blocks.at[i];
        pfl_arena_init(&scratch);
        flow->arena = &scratch;
        look.older = pfl_log_is_of_another_version(pfl_block_fact(look.block, "tool", flow->arena));
        rc = look_at_block(&look);
        flow->arena = kept;
        pfl_log_measured_forget(flow);
        pfl_arena_release(&scratch);
        auditor->blocks++;
    }
    return rc;
}

int pfl_audit_blocks(struct pfl_auditor *auditor)
{
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < auditor->documents.n; i++)
        rc = look_at_document(auditor, &auditor->documents.at[i]);
    return rc;
}
