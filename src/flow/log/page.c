/*
 * Pages of the written ledger as files.
 *
 * A page with a broken block is not written to: whatever is put into it could end up within the
 * broken one, and whoever broke it may want to look first. The remedy is git's, which has the page
 * as it was.
 */
#include "flow/log/page.h"

#include "flow/log/documents.h"
#include "flow/log/facts.h"
#include "sys/file.h"
#include "sys/lock.h"

#include <string.h>

enum { LOCK_TRIES = 300 };
static const int64_t lock_pause_ns = 100 * INT64_C(1000000);

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

const char *pfl_log_page_from_log(struct pfl_flow *flow, const char *below)
{
    const char *folder = flow->config.documents.folder, *log = flow->config.documents.log;
    const char *at, *text;
    struct pfl_buf up;
    size_t same = 0, i;

    for (i = 0; log[i] && log[i] == folder[i]; i++)
        if (log[i] == '/')
            same = i + 1;
    pfl_buf_init(&up, 4096);
    for (at = log + same; (at = strchr(at, '/')) != NULL; at++)
        pfl_buf_text(&up, "../");
    text = pfl_arena_format(flow->arena, "%s%s/%s", pfl_buf_cstr(&up), folder + same, below);
    pfl_buf_release(&up);
    return text;
}

int pfl_log_page_lock(struct pfl_flow *flow, const char *lock, int *fd, struct pfl_err *err)
{
    int tries, rc;

    for (tries = 0; tries < LOCK_TRIES; tries++) {
        rc = pfl_lock_try(lock, PFL_LOCK_EXCLUSIVE, fd, err);
        if (rc != PFL_OK || *fd >= 0)
            return rc;
        pfl_lock_pause(lock_pause_ns);
    }
    return pfl_err_set(err, PFL_EBUSY,
                       "another `perfledger log` has been writing %s for half a minute; try "
                       "again when it is done",
                       flow->config.documents.log);
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
