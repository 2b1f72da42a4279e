/*
 * What a row is made of besides its runs: the user's words, checked; git's; and which files there
 * are. None of it is looked up again when the row is made anew.
 */
#include "flow/log/row_parts.h"

#include "base/text.h"
#include "documents/block.h"
#include "documents/words.h"
#include "flow/log/page.h"
#include "sys/file.h"
#include "vcs/git.h"
#include "vcs/remote.h"

#include <string.h>

#ifndef PFL_VERSION
#define PFL_VERSION "unknown"
#endif

enum { DOCUMENT_MAX = 64 << 20 };

static int no_memory(struct pfl_log_row_story *s)
{
    return pfl_err_no_memory(s->err);
}

/* ---- what was asked for ---- */

static int read_kind(struct pfl_log_row_story *s)
{
    const char *kind = s->params->kind ? s->params->kind : "optimisation";
    bool alone;

    if (!pfl_row_kind_read(kind, &s->facts.kind))
        return pfl_err_set(
            s->err, PFL_EUSAGE,
            "there is no kind `%s` of row; it is optimisation, baseline or diagnosis", kind);
    alone = s->facts.kind == PFL_ROW_BASELINE;
    if (alone && s->params->base)
        return pfl_err_set(s->err, PFL_EUSAGE,
                           "a baseline has nothing before it: leave --base out (--head names its "
                           "run)");
    if (!alone && !s->params->base)
        return pfl_err_set(s->err, PFL_EUSAGE,
                           "`perfledger log add` needs --base: the revision (or run) before the "
                           "change; only --kind baseline has none");
    if (s->params->cause && s->facts.kind != PFL_ROW_DIAGNOSIS)
        return pfl_err_set(s->err, PFL_EUSAGE,
                           "--cause names the commit that made it slow: it belongs to --kind "
                           "diagnosis");
    return PFL_OK;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == 0;
}

static int read_texts(struct pfl_log_row_story *s)
{
    struct pfl_row_facts *f = &s->facts;
    const struct pfl_flow_log_row_params *p = s->params;

    if (!p->title || is_blank(p->title))
        return pfl_err_set(s->err, PFL_EUSAGE,
                           "`perfledger log add` needs --title: what changed, in a few words");
    if (!pfl_text_is_utf8(p->title, strlen(p->title)) ||
        (p->note && !pfl_text_is_utf8(p->note, strlen(p->note))))
        return pfl_err_set(s->err, PFL_EUSAGE, "title and note must be UTF-8");
    f->tool = "perfledger " PFL_VERSION;
    f->title = p->title;
    f->note = p->note && !is_blank(p->note) ? p->note : "";
    f->metric = p->metric ? p->metric : "";
    f->external = p->external;
    f->after = f->base = f->tag = f->cause = f->cause_subject = f->area = f->snapshot = "";
    f->pull_request = f->pull_request_url = "";
    f->reference_machine =
        s->flow->config.reference_machine ? s->flow->config.reference_machine : "";
    if (!p->benchmark)
        return PFL_OK;
    f->benchmarks = pfl_arena_array(s->flow->arena, 1, sizeof *f->benchmarks);
    if (!f->benchmarks)
        return no_memory(s);
    f->benchmarks[0] = p->benchmark;
    f->benchmark_count = 1;
    return PFL_OK;
}

static int unknown_area(struct pfl_log_row_story *s)
{
    const struct pfl_documents *documents = &s->flow->config.documents;
    const char **names = pfl_arena_array(s->flow->arena, documents->area_count, sizeof *names);
    const char *near;
    size_t i;

    if (!names)
        return no_memory(s);
    for (i = 0; i < documents->area_count; i++)
        names[i] = documents->areas[i].name;
    near = pfl_text_nearest(s->params->area, names, documents->area_count);
    return pfl_err_set(s->err, PFL_EUSAGE, "perfledger.yaml names no area `%s`%s%s%s",
                       s->params->area,
                       near                        ? "; did you mean `"
                       : documents->area_count > 0 ? "; see its `areas:`"
                                                   : "; `areas:` would list some",
                       near ? near : "", near ? "`?" : "");
}

static int read_area(struct pfl_log_row_story *s)
{
    const struct pfl_documents *documents = &s->flow->config.documents;
    size_t i;

    if (!s->params->area)
        return PFL_OK;
    for (i = 0; i < documents->area_count; i++)
        if (strcmp(documents->areas[i].name, s->params->area) == 0) {
            s->facts.area = documents->areas[i].name;
            s->facts.area_benchmarks = documents->areas[i].benchmarks;
            s->facts.area_benchmark_count = documents->areas[i].benchmark_count;
            return PFL_OK;
        }
    return unknown_area(s);
}

int pfl_log_row_ask(struct pfl_log_row_story *s)
{
    int rc = read_kind(s);

    if (rc == PFL_OK)
        rc = read_texts(s);
    return rc == PFL_OK ? read_area(s) : rc;
}

/* ---- facts from git, the machine and the folders ---- */

static int read_pull_request(struct pfl_log_row_story *s, const struct pfl_git_web *web)
{
    const char *word = s->params->pull_request;
    size_t digits;

    if (!word && *s->head->revision.pull_request)
        word = s->head->revision.pull_request;
    if (!word)
        return PFL_OK;
    word += *word == '#' || *word == '!';
    digits = strspn(word, "0123456789");
    if (digits == 0 || word[digits])
        return s->params->pull_request
                   ? pfl_err_set(s->err, PFL_EUSAGE, "--pr takes a number: 42 or #42")
                   : PFL_OK;
    s->facts.pull_request = pfl_arena_format(s->flow->arena, "%c%s", web->sign, word);
    if (*web->pull_requests)
        s->facts.pull_request_url =
            pfl_arena_format(s->flow->arena, "%s%s", web->pull_requests, word);
    return s->facts.pull_request && s->facts.pull_request_url ? PFL_OK : no_memory(s);
}

int pfl_log_row_cause(struct pfl_log_row_story *s)
{
    struct pfl_revision revision;
    int rc;

    if (!s->params->cause)
        return PFL_OK;
    rc = pfl_git_resolve(s->flow->root, s->params->cause, s->flow->arena, &s->facts.cause, s->err);
    if (rc == PFL_OK)
        rc = pfl_git_describe_commit(s->flow->root, s->facts.cause, s->flow->arena, &revision,
                                     s->err);
    if (rc == PFL_OK)
        s->facts.cause_subject = revision.subject;
    return rc;
}

static int read_git(struct pfl_log_row_story *s)
{
    struct pfl_revision revision;
    struct pfl_git_web web;
    int rc = pfl_git_web(s->flow->root, s->flow->arena, &web, s->err);

    if (rc == PFL_OK)
        rc = read_pull_request(s, &web);
    if (rc != PFL_OK)
        return rc;
    s->facts.commit_url = web.commits;
    rc = pfl_git_describe_commit(s->flow->root, s->head->revision.commit, s->flow->arena, &revision,
                                 s->err);
    if (rc == PFL_OK)
        s->facts.tag = revision.tag;
    return rc;
}

/* Is there a snapshot in this file that shows the head's run (and not as the one before)? */
static bool is_snapshot_of(struct pfl_log_row_story *s, const char *path, const char *id)
{
    struct pfl_blocks blocks;
    struct pfl_buf content;
    bool found = false;
    size_t i;

    pfl_buf_init(&content, DOCUMENT_MAX);
    if (pfl_file_read(path, &content, NULL) == PFL_OK &&
        pfl_blocks_read(pfl_buf_cstr(&content), content.len, s->flow->arena, &blocks, NULL) ==
            PFL_OK)
        for (i = 0; i < blocks.n; i++) {
            const struct pfl_block *block = &blocks.at[i];

            found = found || (strcmp(block->kind, "snapshot") == 0 && block->run_count &&
                              strcmp(block->runs[block->run_count - 1], id) == 0);
        }
    pfl_buf_release(&content);
    return found;
}

static int find_snapshot(struct pfl_log_row_story *s)
{
    const char **names, *folder, *path, *below;
    size_t i, n;
    int rc;

    below = pfl_arena_format(s->flow->arena, "%s/snapshots", s->flow->config.documents.folder);
    folder = below ? pfl_file_join(s->flow->root, below, s->flow->arena) : NULL;
    if (!folder)
        return no_memory(s);
    rc = pfl_file_list(folder, s->flow->arena, &names, &n, s->err);
    if (rc != PFL_OK)
        return rc == PFL_ENOENT ? PFL_OK : rc;
    for (i = 0; i < n; i++) {
        path =
            pfl_text_ends(names[i], ".md") ? pfl_file_join(folder, names[i], s->flow->arena) : NULL;
        if (!path || !is_snapshot_of(s, path, s->head->id))
            continue;
        below = pfl_arena_format(s->flow->arena, "snapshots/%s", names[i]);
        s->facts.snapshot = below ? pfl_log_page_from_log(s->flow, below) : NULL;
        if (!s->facts.snapshot)
            return no_memory(s);
    }
    return PFL_OK;
}

int pfl_log_row_gather(struct pfl_log_row_story *s)
{
    int rc;

    s->facts.base = s->base ? s->base->id : "";
    s->facts.head = s->head->id;
    s->facts.machine = pfl_words_machine(&s->head->machine);
    s->facts.runs_folder = pfl_log_page_from_log(s->flow, "runs");
    if (!s->facts.runs_folder)
        return no_memory(s);
    rc = read_git(s);
    return rc == PFL_OK ? find_snapshot(s) : rc;
}
