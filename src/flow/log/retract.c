/*
 * A retraction: a sealed line at the end of the log.
 *
 * Its facts hold what it says and the day it was written, so it is made again without asking git or
 * a clock. It is refused while the block still stands, for then it would excuse a later change of
 * what everybody can still read, and for what was never committed: that can simply be removed.
 */
#include "flow/log/retract.h"

#include "base/json.h"
#include "documents/block.h"
#include "documents/log_file.h"
#include "documents/markdown.h"
#include "documents/prose.h"
#include "documents/words.h"
#include "flow/log/documents.h"
#include "flow/log/history.h"
#include "flow/log/page.h"
#include "sys/clock.h"
#include "sys/file.h"

#include <string.h>

#ifndef PFL_VERSION
#define PFL_VERSION "unknown"
#endif

struct story {
    struct pfl_flow *flow;
    const struct pfl_flow_log_retract_params *params;
    struct pfl_err *err;
    struct pfl_log_page log;
    struct pfl_block block; /* what is retracted */
    const struct pfl_log_committed *committed;
    const char *title;
};

/* The block called `id`; NULL: it is not there. */
static const struct pfl_block *standing(const struct pfl_blocks *blocks, const char *id)
{
    size_t i;

    for (i = 0; i < blocks->n; i++)
        if (strcmp(blocks->at[i].id, id) == 0)
            return &blocks->at[i];
    return NULL;
}

static int check(struct story *s)
{
    const char *id = s->params->id, *retracts;
    size_t i;

    if (strspn(id, "0123456789abcdef") != PFL_BLOCK_ID_LENGTH || id[PFL_BLOCK_ID_LENGTH])
        return pfl_err_set(s->err, PFL_EUSAGE,
                           "'%s' is not the id of a block: 16 hexadecimal digits, as "
                           "`perfledger log audit` tells them",
                           id);
    if (!s->params->why || strspn(s->params->why, " \t\n") == strlen(s->params->why))
        return pfl_err_set(s->err, PFL_EUSAGE, "log retract needs --why TEXT: why it is gone");
    for (i = 0; i < s->log.blocks.n; i++) {
        const struct pfl_block *block = &s->log.blocks.at[i];

        retracts = strcmp(block->kind, "retraction") == 0
                       ? pfl_block_fact(block, "retracts", s->flow->arena)
                       : NULL;
        if (retracts && strcmp(retracts, id) == 0)
            return pfl_err_set(s->err, PFL_EGATE, "%s:%d: it was retracted already", s->log.place,
                               block->line);
    }
    return PFL_OK;
}

static int find_block(struct story *s)
{
    struct pfl_log_history history;
    bool found = false;
    size_t i;
    int rc = pfl_log_history_read(s->flow, NULL, &history, s->err);

    for (i = 0; rc == PFL_OK && !found && i < history.n; i++) {
        s->committed = history.at + i;
        if (strcmp(s->committed->id, s->params->id) == 0)
            rc = pfl_log_history_block(s->flow, s->committed, &s->block, &found, s->err);
    }
    if (rc == PFL_OK && !found)
        rc = pfl_err_set(s->err, PFL_ENOENT,
                         "no commit has a block %s; what was never committed needs no retraction",
                         s->params->id);
    return rc;
}

/* The blocks of the page that it stood on, broken ones left out: none of them is written to. */
static int read_page(struct story *s, struct pfl_blocks *blocks)
{
    const char *path = pfl_file_join(s->flow->root, s->committed->path, s->flow->arena), *text;
    struct pfl_buf content;
    int rc;

    *blocks = (struct pfl_blocks){0};
    if (!path)
        return pfl_err_no_memory(s->err);
    if (!pfl_file_is_regular(path))
        return PFL_OK;
    pfl_buf_init(&content, PFL_LOG_PAGE_MAX);
    rc = pfl_file_read(path, &content, s->err);
    text = pfl_arena_text_n(s->flow->arena, pfl_buf_cstr(&content), content.len);
    if (rc == PFL_OK)
        rc = text ? pfl_blocks_read(text, content.len, s->flow->arena, blocks, s->err)
                  : pfl_err_no_memory(s->err);
    pfl_buf_release(&content);
    return rc;
}

static int check_gone(struct story *s)
{
    const struct pfl_block *there = standing(&s->log.blocks, s->params->id);
    const char *place = there ? s->log.place : s->committed->path;
    struct pfl_blocks blocks;
    int rc = there ? PFL_OK : read_page(s, &blocks);

    if (rc == PFL_OK && !there)
        there = standing(&blocks, s->params->id);
    if (rc == PFL_OK && there)
        rc = pfl_err_set(s->err, PFL_EGATE,
                         "%s:%d: it still stands there, down to line %d. Take it away first (`git "
                         "revert`, or delete it), then retract it",
                         place, there->line, there->end_line);
    return rc;
}

static int name_it(struct story *s)
{
    struct pfl_arena *arena = s->flow->arena;
    const char *kind = s->block.kind, *one, *other;

    if (strcmp(kind, "trend") == 0) {
        one = pfl_block_fact(&s->block, "metric", arena);
        other = pfl_block_fact(&s->block, "benchmark", arena);
        s->title = pfl_arena_format(arena, "%s of %s", one ? one : "", other ? other : "");
    } else {
        one = pfl_block_fact(&s->block, strcmp(kind, "row") == 0 ? "title" : "name", arena);
        s->title = one ? one : s->params->id;
    }
    return s->title ? PFL_OK : pfl_err_no_memory(s->err);
}

static void put_facts(const struct story *s, const char *day, struct pfl_buf *out)
{
    struct pfl_json_writer w;

    pfl_json_writer_init(&w, out, 0);
    pfl_json_object(&w);
    pfl_json_put_integer(&w, "schema", 1);
    pfl_json_put_string(&w, "tool", "perfledger " PFL_VERSION);
    pfl_json_key(&w, "runs");
    pfl_json_array(&w);
    pfl_json_array_end(&w);
    pfl_json_put_string(&w, "retracts", s->params->id);
    pfl_json_put_string(&w, "what", s->block.kind);
    pfl_json_put_string(&w, "title", s->title);
    pfl_json_put_string(&w, "why", s->params->why);
    pfl_json_put_string(&w, "commit", s->committed->commit);
    pfl_json_put_string(&w, "day", day);
    pfl_json_object_end(&w);
}

int pfl_flow_retraction_remake(struct pfl_flow *flow, const char *facts, size_t len,
                               struct pfl_buf *text, struct pfl_err *err)
{
    static const char *const names[] = {"day", "what", "title", "commit", "why"};
    const struct pfl_block block = {.facts = facts, .facts_len = len};
    const char *found[PFL_COUNT(names)];
    size_t i;

    for (i = 0; i < PFL_COUNT(names); i++)
        if (!(found[i] = pfl_block_fact(&block, names[i], flow->arena)))
            return pfl_err_set(err, PFL_EINVAL, "the facts of a retraction have no \"%s\"",
                               names[i]);
    pfl_markdown_text(text, found[0]);
    pfl_buf_text(text, " \302\267 retracted: the ");
    pfl_markdown_text(text, found[1]);
    pfl_buf_text(text, " \"");
    pfl_markdown_text(text, found[2]);
    pfl_buf_text(text, "\" (as of ");
    pfl_markdown_code(text, pfl_arena_format(flow->arena, "%.10s", found[3]));
    pfl_buf_text(text, "), because ");
    pfl_markdown_text(text, found[4]);
    pfl_buf_char(text, '\n');
    return pfl_buf_check(text, err, "writing a retraction");
}

static int write_block(struct story *s, struct pfl_buf *block, char id[PFL_BLOCK_ID_LENGTH + 1])
{
    struct pfl_block_content content = {.kind = "retraction"};
    struct pfl_buf facts, text, day;
    int rc;

    pfl_buf_init(&facts, PFL_LOG_PAGE_MAX);
    pfl_buf_init(&text, PFL_LOG_PAGE_MAX);
    pfl_buf_init(&day, 64);
    pfl_words_day(&day, s->flow->clock->unix_ns(s->flow->clock->context));
    put_facts(s, pfl_buf_cstr(&day), &facts);
    rc = pfl_buf_check(&facts, s->err, "writing a retraction");
    if (rc == PFL_OK)
        rc = pfl_flow_retraction_remake(s->flow, pfl_buf_cstr(&facts), facts.len, &text, s->err);
    if (rc == PFL_OK) {
        content.facts = pfl_buf_cstr(&facts);
        content.text = pfl_buf_cstr(&text);
        content.text_len = text.len;
        rc = pfl_block_write(&content, block, id, s->err);
    }
    pfl_buf_release(&facts);
    pfl_buf_release(&text);
    pfl_buf_release(&day);
    return rc;
}

/* The whole log with the retraction. *figure: a typed one that must not be sealed; NULL: none. */
static int make(struct story *s, const struct pfl_log_file *log, struct pfl_buf *whole, int *line,
                const char **figure)
{
    char id[PFL_BLOCK_ID_LENGTH + 1];
    struct pfl_buf block;
    int rc;

    pfl_buf_init(&block, PFL_LOG_PAGE_MAX);
    pfl_buf_clear(whole);
    rc = write_block(s, &block, id);
    if (rc == PFL_OK)
        rc = pfl_log_file_insert(log, false, &block, whole, line, s->err);
    if (rc == PFL_OK)
        rc = pfl_prose_unsupported(whole, id, s->flow->arena, figure, s->err);
    pfl_buf_release(&block);
    return rc;
}

static int write_log(struct story *s, int *line)
{
    struct pfl_buf whole;
    struct pfl_log_file log;
    const char *figure = NULL;
    int rc;

    pfl_buf_init(&whole, PFL_LOG_PAGE_MAX);
    rc = pfl_log_file_read(s->log.text, s->log.len, s->flow->arena, &log, s->err);
    if (rc == PFL_OK)
        rc = make(s, &log, &whole, line, &figure);
    if (rc == PFL_OK && figure) { /* of the title that is retracted, or of the reason? */
        s->title = s->params->id;
        rc = make(s, &log, &whole, line, &figure);
    }
    if (rc == PFL_OK && figure)
        rc = pfl_err_set(s->err, PFL_EGATE,
                         "the reason says %s, which is a figure that no row has; nothing was "
                         "written. Leave it out of --why",
                         figure);
    if (rc == PFL_OK)
        rc = pfl_log_page_write(s->flow, s->log.place, &whole, s->err);
    pfl_buf_release(&whole);
    return rc;
}

int pfl_flow_log_retract(struct pfl_flow *flow, const struct pfl_flow_log_retract_params *params,
                         struct pfl_flow_log_retracted *retracted, struct pfl_err *err)
{
    struct story s = {.flow = flow, .params = params, .err = err};
    static int (*const steps[])(struct story *) = {check, find_block, check_gone, name_it};
    size_t i;
    int line = 0, rc = pfl_log_page_read(flow, flow->config.documents.log, &s.log, err);

    for (i = 0; rc == PFL_OK && i < PFL_COUNT(steps); i++)
        rc = steps[i](&s);
    if (rc == PFL_OK)
        rc = write_log(&s, &line);
    if (rc != PFL_OK)
        return rc;
    *retracted = (struct pfl_flow_log_retracted){s.log.place, line, s.block.kind, s.title,
                                                 s.committed->commit};
    return PFL_OK;
}
