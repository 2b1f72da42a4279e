/*
 * Sealed blocks, found in a file and written into one.
 *
 * The file is gone through line by line. A line that begins with "<!-- perfledger:" is one of ours:
 * either it opens a block, or it closes the one that is open. Markdown that shows such a line in a
 * fenced code block (this project's own documentation does) is not meant: fences are followed, and
 * within them nothing is ours.
 *
 * The seal is over kind, facts and text with a newline between each: what is not under it is only
 * the place in the file, which the row's own facts ("after") speak of.
 *
 * In a comment of HTML no "--" may stand. Facts are JSON, where one of two such signs can always be
 * written as \u002d: it only ever occurs within strings, or as a sign before a number, and no
 * number begins with two. The facts are sealed as they are written.
 */
#include "documents/block.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/vec.h"
#include "documents/fence.h"

#include <string.h>

static const char opening[] = "<!-- perfledger:";
static const char closing[] = "<!-- perfledger:end ";
static const char comment_end[] = " -->";
enum { KIND_MAX = 32, FACTS_MAX = 16 << 20 };

PFL_VEC(block_vec, struct pfl_block);
PFL_VEC(problem_vec, struct pfl_block_problem);
PFL_VEC(name_vec, const char *);

struct line {
    const char *at;
    size_t len; /* without its newline */
    int number;
};

struct reading {
    struct pfl_arena *arena;
    struct pfl_err *err;
    const char *text, *end;
    struct block_vec blocks;
    struct problem_vec problems;
    struct pfl_block open; /* text is set while one is open */
    struct line line;
    struct pfl_fence fence;
};

static void seal(const char *kind, const char *facts, size_t facts_len, const char *text,
                 size_t text_len, char id[PFL_BLOCK_ID_LENGTH + 1])
{
    struct pfl_hash hash;
    char hex[PFL_HASH_HEX];

    pfl_hash_init(&hash);
    pfl_hash_add(&hash, kind, strlen(kind));
    pfl_hash_add(&hash, "\n", 1);
    pfl_hash_add(&hash, facts, facts_len);
    pfl_hash_add(&hash, "\n", 1);
    pfl_hash_add(&hash, text, text_len);
    pfl_hash_end(&hash, hex);
    memcpy(id, hex, PFL_BLOCK_ID_LENGTH);
    id[PFL_BLOCK_ID_LENGTH] = 0;
}

static bool begins(const struct line *line, const char *with)
{
    size_t len = strlen(with);

    return line->len >= len && memcmp(line->at, with, len) == 0;
}

static int problem(struct reading *r, int line, const char *what)
{
    const struct pfl_block_problem found = {line, what};

    if (!what || !pfl_vec_push(&r->problems, &found))
        return pfl_err_no_memory(r->err);
    return PFL_OK;
}

static size_t hex_digits(const char *at, size_t len)
{
    size_t n = 0;

    while (n < len && strchr("0123456789abcdef", at[n]) && at[n])
        n++;
    return n;
}

/* "row ID {…} -->" behind the opening. false: it is not of that form. */
static bool read_opening(struct reading *r, struct pfl_block *block)
{
    const char *at = r->line.at + strlen(opening), *end = r->line.at + r->line.len, *blank;
    size_t tail = strlen(comment_end);

    while (end > at && (end[-1] == '\r' || end[-1] == ' '))
        end--;
    blank = memchr(at, ' ', (size_t)(end - at));
    if (!blank || blank == at || blank - at > KIND_MAX || (size_t)(end - blank) < tail ||
        memcmp(end - tail, comment_end, tail) != 0)
        return false;
    end -= tail;
    block->kind = pfl_arena_text_n(r->arena, at, (size_t)(blank - at));
    at = blank + 1;
    if (at > end || hex_digits(at, (size_t)(end - at)) != PFL_BLOCK_ID_LENGTH)
        return false;
    block->id = pfl_arena_text_n(r->arena, at, PFL_BLOCK_ID_LENGTH);
    at += PFL_BLOCK_ID_LENGTH;
    if (at >= end || *at != ' ')
        return false;
    block->facts = at + 1;
    block->facts_len = (size_t)(end - at - 1);
    return true;
}

/* facts' "runs"; a code of PFL_EPARSE or PFL_ESCHEMA: they are no facts. */
static int read_runs(struct pfl_json_reader *json, struct pfl_arena *arena, struct name_vec *runs,
                     struct pfl_err *err)
{
    const char *id;
    int rc = pfl_json_expect(json, PFL_JSON_OBJECT, err);

    while (rc >= 0 && (rc = pfl_json_next_key(json, err)) > 0) {
        if (!pfl_json_key_is(json, "runs")) {
            rc = pfl_json_skip(json, err);
            continue;
        }
        rc = pfl_json_expect(json, PFL_JSON_ARRAY, err);
        while (rc >= 0 && (rc = pfl_json_next_item(json, err)) > 0) {
            if (json->token != PFL_JSON_STRING)
                return pfl_json_fail(json, err, "expected the id of a run");
            id = pfl_arena_text_n(arena, json->text, json->text_len);
            if (!id || !pfl_vec_push(runs, &id))
                return pfl_err_no_memory(err);
        }
    }
    return rc < 0 ? rc : pfl_json_expect(json, PFL_JSON_END, err);
}

static int take_runs(struct reading *r, struct pfl_block *block)
{
    struct pfl_json_reader json;
    struct name_vec runs = {0};
    struct pfl_err why = {0};
    int rc;

    pfl_json_reader_init_text(&json, "facts", block->facts, block->facts_len);
    rc = read_runs(&json, r->arena, &runs, &why);
    pfl_json_reader_release(&json);
    block->run_count = runs.n;
    block->runs = pfl_arena_grow(r->arena, runs.at, runs.n, runs.n, sizeof *runs.at);
    if (rc == PFL_ENOMEM || !block->runs)
        rc = pfl_err_no_memory(r->err);
    else if (rc != PFL_OK)
        rc = problem(
            r, block->line,
            pfl_arena_format(r->arena, "the facts of this block cannot be read: %s", why.message));
    pfl_vec_release(&runs);
    return rc;
}

static int open_block(struct reading *r)
{
    struct pfl_block block = {.line = r->line.number, .at = (size_t)(r->line.at - r->text)};

    if (r->open.text) {
        r->open.text = NULL;
        if (problem(r, r->open.line,
                    "the last line of this block is missing: another one begins before it") !=
            PFL_OK)
            return PFL_ENOMEM;
    }
    if (!read_opening(r, &block))
        return problem(r, block.line, "this line begins no block: its form is broken");
    if (!block.kind || !block.id)
        return pfl_err_no_memory(r->err);
    block.text = r->line.at + r->line.len + (r->line.at + r->line.len < r->end);
    block.text_line = block.line + 1;
    r->open = block;
    return PFL_OK;
}

static int close_block(struct reading *r)
{
    const char *id = r->line.at + strlen(closing);
    size_t left = r->line.len - strlen(closing);
    struct pfl_block block = r->open;
    char found[PFL_BLOCK_ID_LENGTH + 1];

    if (!block.text)
        return problem(r, r->line.number, "a block ends here, but none began");
    r->open.text = NULL;
    if (hex_digits(id, left) != PFL_BLOCK_ID_LENGTH ||
        memcmp(id, block.id, PFL_BLOCK_ID_LENGTH) != 0)
        return problem(r, r->line.number,
                       pfl_arena_format(r->arena,
                                        "this is the last line of another block than %s, which "
                                        "began on line %d",
                                        block.id, block.line));
    block.text_len = (size_t)(r->line.at - block.text);
    block.end_line = r->line.number;
    block.end = (size_t)(r->line.at + r->line.len - r->text);
    block.end += r->text + block.end < r->end;
    seal(block.kind, block.facts, block.facts_len, block.text, block.text_len, found);
    block.sealed = strcmp(found, block.id) == 0;
    if (take_runs(r, &block) != PFL_OK)
        return PFL_ENOMEM;
    return pfl_vec_push(&r->blocks, &block) ? PFL_OK : pfl_err_no_memory(r->err);
}

static int read_line(struct reading *r)
{
    if (pfl_fence_line(&r->fence, r->line.at, r->line.len) || !begins(&r->line, opening))
        return PFL_OK;
    return begins(&r->line, closing) ? close_block(r) : open_block(r);
}

static int hand_over(struct reading *r, struct pfl_blocks *blocks)
{
    blocks->at =
        pfl_arena_grow(r->arena, r->blocks.at, r->blocks.n, r->blocks.n, sizeof *blocks->at);
    blocks->n = r->blocks.n;
    blocks->problems = pfl_arena_grow(r->arena, r->problems.at, r->problems.n, r->problems.n,
                                      sizeof *blocks->problems);
    blocks->problem_count = r->problems.n;
    return blocks->at && blocks->problems ? PFL_OK : pfl_err_no_memory(r->err);
}

int pfl_blocks_read(const char *text, size_t len, struct pfl_arena *arena,
                    struct pfl_blocks *blocks, struct pfl_err *err)
{
    struct reading r = {.arena = arena, .err = err, .text = text, .end = text + len};
    const char *at = text, *newline;
    int rc = PFL_OK;

    for (; rc == PFL_OK && at < r.end; at = newline + 1) {
        newline = memchr(at, '\n', (size_t)(r.end - at));
        if (!newline)
            newline = r.end;
        r.line = (struct line){at, (size_t)(newline - at), r.line.number + 1};
        rc = read_line(&r);
    }
    if (rc == PFL_OK && r.open.text)
        rc = problem(&r, r.open.line, "the last line of this block is missing");
    if (rc == PFL_OK)
        rc = hand_over(&r, blocks);
    pfl_vec_release(&r.blocks);
    pfl_vec_release(&r.problems);
    return rc;
}

/* Facts as they may stand in a comment. */
static int write_facts(const char *facts, struct pfl_buf *out, struct pfl_err *err)
{
    if (strchr(facts, '\n') || facts[0] != '{')
        return pfl_err_set(err, PFL_EINVAL, "writing a block: its facts are not one line of JSON");
    for (; *facts; facts++)
        if (facts[0] == '-' && facts[1] == '-')
            pfl_buf_text(out, "\\u002d");
        else
            pfl_buf_char(out, *facts);
    return pfl_buf_check(out, err, "writing a block");
}

static int check_text(const struct pfl_block_content *content, struct pfl_err *err)
{
    const char *at = content->text, *end = at + content->text_len, *newline;

    for (; at < end; at = newline + 1) {
        const struct line line = {at, (size_t)(end - at), 0};

        if (begins(&line, opening))
            return pfl_err_set(err, PFL_EINVAL,
                               "writing a block: a line of its text begins with \"%s\", which only "
                               "perfledger's own lines may",
                               opening);
        newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline)
            break;
    }
    return PFL_OK;
}

static void write_parts(const struct pfl_block_content *content, const struct pfl_buf *facts,
                        struct pfl_buf *text, struct pfl_buf *out, char id[PFL_BLOCK_ID_LENGTH + 1])
{
    pfl_buf_add(text, content->text, content->text_len);
    if (content->text_len && content->text[content->text_len - 1] != '\n')
        pfl_buf_char(text, '\n');
    seal(content->kind, pfl_buf_cstr(facts), facts->len, pfl_buf_cstr(text), text->len, id);
    pfl_buf_format(out, "%s%s %s ", opening, content->kind, id);
    pfl_buf_add(out, pfl_buf_cstr(facts), facts->len);
    pfl_buf_format(out, "%s\n", comment_end);
    pfl_buf_add(out, pfl_buf_cstr(text), text->len);
    pfl_buf_format(out, "%s%s%s\n", closing, id, comment_end);
}

int pfl_block_write(const struct pfl_block_content *content, struct pfl_buf *out,
                    char id[PFL_BLOCK_ID_LENGTH + 1], struct pfl_err *err)
{
    struct pfl_buf facts, text;
    int rc = check_text(content, err);

    pfl_buf_init(&facts, FACTS_MAX);
    pfl_buf_init(&text, content->text_len + 1);
    if (rc == PFL_OK)
        rc = write_facts(content->facts, &facts, err);
    if (rc == PFL_OK) {
        write_parts(content, &facts, &text, out, id);
        rc = pfl_buf_check(&text, err, "writing a block");
    }
    if (rc == PFL_OK)
        rc = pfl_buf_check(out, err, "writing a block");
    pfl_buf_release(&facts);
    pfl_buf_release(&text);
    return rc;
}

const char *pfl_block_fact(const struct pfl_block *block, const char *name, struct pfl_arena *arena)
{
    struct pfl_json_reader json;
    const char *found = NULL;

    pfl_json_reader_init_text(&json, "facts", block->facts, block->facts_len);
    if (pfl_json_expect(&json, PFL_JSON_OBJECT, NULL) == PFL_OK)
        while (!found && pfl_json_next_key(&json, NULL) > 0) { /* an error stays one */
            if (pfl_json_key_is(&json, name) && pfl_json_next(&json, NULL) == PFL_JSON_STRING)
                found = pfl_arena_text_n(arena, json.text, json.text_len);
            else
                pfl_json_skip(&json, NULL);
        }
    pfl_json_reader_release(&json);
    return found;
}
