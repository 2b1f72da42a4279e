/*
 * Pages of the written ledger as files.
 *
 * A page with a broken block is not written to: whatever is put into it could end up within the
 * broken one, and whoever broke it may want to look first. The remedy is git's, which has the page
 * as it was.
 */
#include "flow/log_page.h"

#include "flow/documents.h"
#include "flow/log_facts.h"
#include "sys/file.h"

#include <string.h>

static int refuse_broken(const struct pfl_log_page *page, struct pfl_err *err)
{
    size_t i;

    if (page->blocks.problem_count)
        return pfl_err_set(
            err, PFL_ECORRUPT,
            "%s:%d: %s, so nothing is written to this file; `git diff %s` shows what "
            "was changed",
            page->place, page->blocks.problems[0].line, page->blocks.problems[0].what, page->place);
    for (i = 0; i < page->blocks.n; i++)
        if (!page->blocks.at[i].sealed)
            return pfl_err_set(err, PFL_ECORRUPT,
                               "%s:%d: the block that begins here was changed by hand, so nothing "
                               "is written to this file; `git diff %s` shows what was changed",
                               page->place, page->blocks.at[i].line, page->place);
    return PFL_OK;
}

int pfl_log_page_read(struct pfl_flow *flow, const char *place, struct pfl_log_page *page,
                      struct pfl_err *err)
{
    struct pfl_log_page found = {.place = place, .text = ""};
    const char *path = pfl_file_join(flow->root, place, flow->arena);
    struct pfl_buf content;
    int rc;

    if (!path)
        return pfl_err_no_memory(err);
    pfl_buf_init(&content, PFL_LOG_PAGE_MAX);
    found.there = pfl_file_exists(path);
    rc = found.there ? pfl_file_read(path, &content, err) : PFL_OK;
    if (rc == PFL_OK && content.len) {
        found.len = content.len;
        found.text = pfl_arena_text_n(flow->arena, content.data, content.len);
        rc = found.text ? PFL_OK : pfl_err_no_memory(err);
    }
    pfl_buf_release(&content);
    if (rc == PFL_OK)
        rc = pfl_blocks_read(found.text, found.len, flow->arena, &found.blocks, err);
    if (rc == PFL_OK)
        rc = refuse_broken(&found, err);
    if (rc == PFL_OK)
        *page = found;
    return rc;
}

static int write_at(struct pfl_flow *flow, const char *place, const char *text, size_t len,
                    struct pfl_err *err)
{
    const char *path = pfl_file_join(flow->root, place, flow->arena);
    const char *folder = path ? pfl_file_folder_of(path, flow->arena) : NULL;
    int rc;

    if (!folder)
        return pfl_err_no_memory(err);
    rc = pfl_file_make_folders(folder, err);
    return rc == PFL_OK ? pfl_file_write(path, text, len, false, err) : rc;
}

int pfl_log_page_write(struct pfl_flow *flow, const char *place, const struct pfl_buf *text,
                       struct pfl_err *err)
{
    return write_at(flow, place, pfl_buf_cstr(text), text->len, err);
}

int pfl_log_page_once(struct pfl_flow *flow, const char *place, const char *text,
                      struct pfl_err *err)
{
    const char *path = pfl_file_join(flow->root, place, flow->arena);

    if (!path)
        return pfl_err_no_memory(err);
    return pfl_file_exists(path) ? PFL_OK : write_at(flow, place, text, strlen(text), err);
}

const char *pfl_log_page_place(struct pfl_flow *flow, const char *below)
{
    return pfl_arena_format(flow->arena, "%s/%s", flow->config.documents.folder, below);
}

const char *pfl_log_page_way(struct pfl_flow *flow, bool deep, const char *place)
{
    const char *at = flow->config.documents.folder, *up = deep ? "../" : "";

    for (; up && *at; at += strspn(at, "/")) {
        at += strcspn(at, "/");
        up = pfl_arena_format(flow->arena, "../%s", up);
    }
    return up ? pfl_arena_format(flow->arena, "%s%s", up, place) : NULL;
}

static pfl_flow_remake_fn *remake_of(const char *kind)
{
    return strcmp(kind, "snapshot") == 0 ? pfl_flow_snapshot_remake
           : strcmp(kind, "trend") == 0  ? pfl_flow_trend_remake
                                         : pfl_flow_latest_remake;
}

int pfl_log_block(struct pfl_flow *flow, const char *kind, const struct pfl_log_facts *facts,
                  struct pfl_buf *out, struct pfl_err *err)
{
    struct pfl_block_content content = {.kind = kind};
    char id[PFL_BLOCK_ID_LENGTH + 1];
    struct pfl_buf line, text;
    int rc;

    pfl_buf_init(&line, PFL_LOG_PAGE_MAX);
    pfl_buf_init(&text, PFL_LOG_PAGE_MAX);
    rc = pfl_log_facts_write(facts, &line, err);
    if (rc == PFL_OK)
        rc = remake_of(kind)(flow, pfl_buf_cstr(&line), line.len, &text, err);
    if (rc == PFL_OK) {
        content.facts = pfl_buf_cstr(&line);
        content.text = pfl_buf_cstr(&text);
        content.text_len = text.len;
        rc = pfl_block_write(&content, out, id, err);
    }
    pfl_buf_release(&line);
    pfl_buf_release(&text);
    return rc;
}
