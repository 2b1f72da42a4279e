/*
 * The audit as a whole: which documents there are, one look after the other, findings in order.
 *
 * Documents are the log and every Markdown file below the documents' folder. What is looked at is
 * in blocks.c, facts.c, history.c and prose.c. Only what keeps the audit
 * itself from going on (no memory, a file that cannot be read) is an error; all else is a finding.
 */
#include "flow/audit/parts.h"

#include "base/text.h"
#include "documents/fence.h"
#include "sys/file.h"
#include "vcs/git.h"

#include <stdlib.h>
#include <string.h>

enum { DOCUMENT_MAX = 64 << 20, DEPTH_MAX = 32 };

int pfl_audit_find(struct pfl_auditor *auditor, const char *file, int line, const char *what)
{
    const struct pfl_audit_finding finding = {file, line < 1 ? 1 : line, what};

    return file && what && pfl_vec_push(&auditor->findings, &finding)
               ? PFL_OK
               : pfl_err_no_memory(auditor->err);
}

int pfl_audit_note(struct pfl_auditor *auditor, const char *what)
{
    return what && pfl_vec_push(&auditor->notes, &what) ? PFL_OK : pfl_err_no_memory(auditor->err);
}

/* A link that leads nowhere, a pipe: reading it would fail, or hang. */
static int tell_irregular(struct pfl_auditor *auditor, const char *path, const char *whole)
{
    return pfl_audit_find(auditor, path, 1,
                          pfl_file_is_link(whole) && !pfl_file_exists(whole)
                              ? "this is a link that leads nowhere"
                              : "this is no regular file, so it was not read");
}

static size_t count_sealed(const struct pfl_blocks *blocks)
{
    size_t i, n = 0;

    for (i = 0; i < blocks->n; i++)
        n += blocks->at[i].sealed;
    return n;
}

/* Line ends that were changed as a whole break every seal: that is one thing, and said once. What
 * else is wrong shows in the text as it was written. */
static int mend_line_ends(struct pfl_auditor *auditor, struct pfl_audit_document *document)
{
    struct pfl_blocks blocks;
    struct pfl_buf text;
    const char *kept;
    size_t i;
    int rc;

    if (count_sealed(&document->blocks) == document->blocks.n || !strstr(document->text, "\r\n"))
        return PFL_OK;
    pfl_buf_init(&text, DOCUMENT_MAX);
    for (i = 0; i < document->len; i++)
        if (document->text[i] != '\r' || document->text[i + 1] != '\n')
            pfl_buf_char(&text, document->text[i]);
    kept = pfl_arena_text_n(auditor->arena, pfl_buf_cstr(&text), text.len);
    rc = kept ? pfl_blocks_read(kept, text.len, auditor->arena, &blocks, auditor->err)
              : pfl_err_no_memory(auditor->err);
    if (rc == PFL_OK && count_sealed(&blocks) > count_sealed(&document->blocks)) {
        document->text = kept;
        document->len = text.len;
        document->blocks = blocks;
        rc = pfl_audit_find(
            auditor, document->path, 1,
            pfl_arena_format(
                auditor->arena,
                "line ends were changed to CR LF; blocks are sealed with LF. Write `%s "
                "text eol=lf` into .gitattributes, then `rm %s` and `git checkout %s` "
                "bring them back",
                document->path, document->path, document->path));
    }
    pfl_buf_release(&text);
    return rc;
}

/* What a merge left. */
static int look_for_conflicts(struct pfl_auditor *auditor,
                              const struct pfl_audit_document *document)
{
    const char *at = document->text, *newline;
    struct pfl_fence fence = {0};
    int line = 1, rc = PFL_OK;
    bool broken = document->blocks.problem_count > 0;

    for (; rc == PFL_OK && *at; at = *newline ? newline + 1 : newline, line++) {
        newline = at + strcspn(at, "\n");
        if (pfl_fence_line(&fence, at, (size_t)(newline - at)) ||
            (strncmp(at, "<<<<<<< ", 8) != 0 && strncmp(at, ">>>>>>> ", 8) != 0))
            continue;
        broken = true;
        rc = pfl_audit_find(auditor, document->path, line, "a merge left its conflict here");
    }
    if (rc == PFL_OK && broken && !auditor->merge_told) {
        auditor->merge_told = true;
        rc = pfl_audit_note(auditor,
                            "when two branches wrote into a document, `perfledger log merge BASE "
                            "OURS THEIRS` keeps the blocks of both whole; `git config "
                            "merge.perfledger.driver 'perfledger log merge %O %A %B'` and "
                            "`PERFORMANCE.md merge=perfledger` in .gitattributes have git do it");
    }
    return rc;
}

static int add_document(struct pfl_auditor *auditor, const char *path)
{
    struct pfl_flow *flow = auditor->flow;
    struct pfl_audit_document document = {.path = path};
    const char *whole = pfl_file_join(flow->root, path, auditor->arena);
    struct pfl_buf content;
    int rc;

    if (!whole)
        return pfl_err_no_memory(auditor->err);
    if (!pfl_file_is_regular(whole))
        return tell_irregular(auditor, path, whole);
    pfl_buf_init(&content, DOCUMENT_MAX);
    rc = pfl_file_read(whole, &content, auditor->err);
    if (rc == PFL_OK) {
        document.text = pfl_arena_text_n(auditor->arena, pfl_buf_cstr(&content), content.len);
        document.len = content.len;
        rc = document.text ? PFL_OK : pfl_err_no_memory(auditor->err);
    }
    pfl_buf_release(&content);
    if (rc == PFL_OK)
        rc = pfl_blocks_read(document.text, document.len, auditor->arena, &document.blocks,
                             auditor->err);
    if (rc == PFL_OK)
        rc = mend_line_ends(auditor, &document);
    if (rc == PFL_OK)
        rc = look_for_conflicts(auditor, &document);
    if (rc == PFL_OK)
        rc = pfl_prose_read(document.text, document.len, &document.blocks, auditor->arena,
                            &document.prose, &document.prose_count, auditor->err);
    if (rc == PFL_OK && !pfl_vec_push(&auditor->documents, &document))
        rc = pfl_err_no_memory(auditor->err);
    return rc;
}

/* path: relative to the root. Links to folders are not followed: they may lead in circles. */
static int add_folder(struct pfl_auditor *auditor, const char *path, int depth)
{
    const char **names, *below, *whole = pfl_file_join(auditor->flow->root, path, auditor->arena);
    size_t i, n;
    int rc = whole ? pfl_file_list(whole, auditor->arena, &names, &n, auditor->err)
                   : pfl_err_no_memory(auditor->err);

    if (rc == PFL_ENOENT)
        return PFL_OK;
    for (i = 0; rc == PFL_OK && i < n; i++) {
        below = pfl_file_join(path, names[i], auditor->arena);
        whole = below ? pfl_file_join(auditor->flow->root, below, auditor->arena) : NULL;
        if (!whole)
            return pfl_err_no_memory(auditor->err);
        if (pfl_file_is_folder(whole)) {
            if (depth < DEPTH_MAX && !pfl_file_is_link(whole))
                rc = add_folder(auditor, below, depth + 1);
        } else if (pfl_text_ends(names[i], ".md")) {
            rc = add_document(auditor, below);
        }
    }
    return rc;
}

static int gather(struct pfl_auditor *auditor)
{
    const struct pfl_documents *documents = &auditor->flow->config.documents;
    const char *log = pfl_file_join(auditor->flow->root, documents->log, auditor->arena);
    int rc = log ? PFL_OK : pfl_err_no_memory(auditor->err);

    if (rc == PFL_OK && (pfl_file_exists(log) || pfl_file_is_link(log)))
        rc = add_document(auditor, documents->log);
    if (rc == PFL_OK)
        rc = add_folder(auditor, documents->folder, 0);
    if (rc == PFL_OK && auditor->documents.n == 0 && auditor->findings.n == 0)
        rc = pfl_err_set(auditor->err, PFL_ENOTHING,
                         "there is nothing to audit: neither %s nor a document below %s/ is there; "
                         "`perfledger log add` writes the first row",
                         documents->log, documents->folder);
    return rc;
}

/* No repository is one thing; one that git does not answer for would pass unseen. */
static int ask_git(struct pfl_auditor *auditor)
{
    struct pfl_flow *flow = auditor->flow;
    const char *above, *commit;
    int rc;

    auditor->git = flow->git_root != NULL;
    if (auditor->git) {
        auditor->shallow = pfl_git_is_shallow(flow->root);
        return PFL_OK;
    }
    above = pfl_file_find_up(flow->root, ".git", auditor->arena);
    if (!above)
        return PFL_OK;
    rc = pfl_git_resolve(flow->root, "HEAD", auditor->arena, &commit, auditor->err);
    return pfl_err_set(auditor->err, PFL_ESYSTEM,
                       "%s is a git repository, but git does not answer for it (%s): removed rows "
                       "and revisions could not be looked for, so nothing is said",
                       above,
                       rc != PFL_OK && auditor->err
                           ? pfl_arena_text(auditor->arena, auditor->err->message)
                           : "it names no work tree");
}

/* What stays in the flow is asked for before blocks are made again in an arena of their own. */
static int get_ready(struct pfl_auditor *auditor)
{
    struct pfl_flow *flow = auditor->flow;
    const struct pfl_revision *revision;
    const struct pfl_machine *machine;
    struct pfl_store *store;
    int rc = pfl_flow_revision(flow, &revision, auditor->err);

    if (rc == PFL_OK)
        rc = pfl_flow_machine(flow, &machine, auditor->err);
    if (rc == PFL_OK)
        rc = pfl_flow_store(flow, PFL_FLOW_READ, &store, auditor->err);
    if (rc == PFL_ENOENT)
        rc = PFL_OK; /* a fresh clone: runs are files then */
    if (rc == PFL_OK)
        rc = ask_git(auditor);
    if (rc == PFL_OK && !auditor->git)
        rc = pfl_audit_note(auditor, "there is no git repository here: revisions and removed rows "
                                     "could not be looked for");
    if (rc == PFL_OK && auditor->shallow)
        rc = pfl_audit_note(auditor,
                            "this clone's history is cut off: older revisions and rows could not "
                            "be looked for; `git fetch --unshallow` brings them");
    return rc;
}

static int compare_findings(const void *a, const void *b)
{
    const struct pfl_audit_finding *one = a, *two = b;
    int order = strcmp(one->file, two->file);

    if (order == 0)
        order = (one->line > two->line) - (one->line < two->line);
    return order ? order : strcmp(one->what, two->what);
}

static int hand_over(struct pfl_auditor *auditor, struct pfl_audit *audit)
{
    struct pfl_audit_findings *findings = &auditor->findings;

    if (findings->n > 1)
        qsort(findings->at, findings->n, sizeof *findings->at, compare_findings);
    audit->findings = pfl_arena_grow(auditor->arena, findings->at, findings->n, findings->n,
                                     sizeof *findings->at);
    audit->finding_count = findings->n;
    audit->notes = pfl_arena_grow(auditor->arena, auditor->notes.at, auditor->notes.n,
                                  auditor->notes.n, sizeof *audit->notes);
    audit->note_count = auditor->notes.n;
    audit->documents = auditor->documents.n;
    audit->blocks = auditor->blocks;
    audit->runs = auditor->runs.n;
    return audit->findings && audit->notes ? PFL_OK : pfl_err_no_memory(auditor->err);
}

int pfl_flow_audit(struct pfl_flow *flow, const char *since, struct pfl_audit *audit,
                   struct pfl_err *err)
{
    struct pfl_auditor auditor = {
        .flow = flow, .arena = flow->arena, .err = err, .since = since, .origin = {"", "", '#'}};
    int rc;

    pfl_map_init(&auditor.runs);
    pfl_map_init(&auditor.retracted);
    pfl_map_init(&auditor.commits);
    rc = gather(&auditor);
    if (rc == PFL_OK)
        rc = get_ready(&auditor);
    if (rc == PFL_OK)
        rc = pfl_audit_blocks(&auditor);
    if (rc == PFL_OK && auditor.unproven)
        rc = pfl_audit_note(&auditor, "how much sessions differ was held against the runs alone: "
                                      "no ledger here knows the history that the rows speak of");
    if (rc == PFL_OK && auditor.pools_unproven)
        rc = pfl_audit_note(&auditor, "of the revisions' other runs only the cited ones were "
                                      "looked at: no ledger here holds them all");
    if (rc == PFL_OK && auditor.taken_words)
        rc = pfl_audit_note(
            &auditor, pfl_arena_format(
                          auditor.arena,
                          "the intervals stated beside the medians of %zu %s are the word of the "
                          "version of perfledger that measured: its rules are not known here",
                          auditor.taken_words, auditor.taken_words == 1 ? "run" : "runs"));
    if (rc == PFL_OK)
        rc = pfl_audit_order(&auditor);
    if (rc == PFL_OK && auditor.git)
        rc = pfl_audit_history(&auditor);
    if (rc == PFL_OK)
        rc = pfl_audit_prose(&auditor);
    if (rc == PFL_OK)
        rc = hand_over(&auditor, audit);
    pfl_vec_release(&auditor.findings);
    pfl_vec_release(&auditor.notes);
    pfl_vec_release(&auditor.documents);
    pfl_map_release(&auditor.runs);
    pfl_map_release(&auditor.retracted);
    pfl_map_release(&auditor.commits);
    return rc;
}
