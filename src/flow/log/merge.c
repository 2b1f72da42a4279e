/*
 * Merging documents of the written ledger.
 *
 * Line by line git would weave two rows into each other, for many of their lines are alike. So each
 * block becomes a single line (its id tells all of it), git merges these files, and the lines
 * become blocks again. Where both sides added something at the same place, all of ours comes first,
 * then what theirs has beyond it: rows may stand in either order. A page whose block both sides
 * wrote anew (a trend, a run of record) keeps ours: the ledger makes the missing rows again. So
 * does a chart, which git would weave. What
 * else conflicts is people's text, and stays for them with git's markers.
 */
#include "flow/log/merge.h"

#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "documents/block.h"
#include "sys/file.h"
#include "sys/folder.h"
#include "vcs/git.h"

#include <string.h>

static const char token[] = "<!-- perfledger:token ";
enum { TEXT_MAX = 64 << 20, SIDES = 3, OURS = 0, BASE = 1, THEIRS = 2 };

PFL_VEC(block_vec, struct pfl_block);

/* The lines between two markers. */
struct part {
    const char *at, *end;
};

struct merge {
    struct pfl_arena *arena;
    struct pfl_err *err;
    struct block_vec sources; /* text of a block: text is where it begins, text_len all of it */
    struct pfl_map places;    /* id → its place in sources */
    struct pfl_map written;
    struct pfl_buf out;
    size_t conflicts;
};

static int read_side(struct merge *m, const char *path, const char *folder, const char *name)
{
    const char *text, *file = pfl_file_join(folder, name, m->arena);
    struct pfl_blocks blocks = {0};
    struct pfl_buf content, lines;
    size_t i, from = 0;
    int rc = file ? PFL_OK : pfl_err_no_memory(m->err);

    pfl_buf_init(&content, TEXT_MAX);
    pfl_buf_init(&lines, TEXT_MAX);
    if (rc == PFL_OK)
        rc = pfl_file_read(path, &content, m->err);
    text = rc == PFL_OK ? pfl_arena_text_n(m->arena, pfl_buf_cstr(&content), content.len) : "";
    if (!text)
        rc = pfl_err_no_memory(m->err);
    if (rc == PFL_OK)
        rc = pfl_blocks_read(text, content.len, m->arena, &blocks, m->err);
    for (i = 0; rc == PFL_OK && i < blocks.n; i++) {
        struct pfl_block block = blocks.at[i];

        block.text = text + block.at;
        block.text_len = block.end - block.at;
        pfl_buf_add(&lines, text + from, block.at - from);
        pfl_buf_format(&lines, "%s%s -->\n", token, block.id);
        from = block.end;
        if (!pfl_map_set(&m->places, block.id, m->sources.n) || !pfl_vec_push(&m->sources, &block))
            rc = pfl_err_no_memory(m->err);
    }
    if (rc == PFL_OK) {
        pfl_buf_add(&lines, text + from, content.len - from);
        rc = pfl_buf_check(&lines, m->err, "merging a document");
    }
    if (rc == PFL_OK)
        rc = pfl_file_write(file, lines.data ? lines.data : "", lines.len, false, m->err);
    pfl_buf_release(&content);
    pfl_buf_release(&lines);
    return rc;
}

static const char *line_end(const char *at, const char *end)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));

    return newline ? newline + 1 : end;
}

static bool starts(const char *at, const char *end, const char *with)
{
    return (size_t)(end - at) >= strlen(with) && memcmp(at, with, strlen(with)) == 0;
}

/* The block that a line stands for; NULL: it is text. */
static const struct pfl_block *block_of(const struct merge *m, const char *at, const char *end)
{
    char id[PFL_BLOCK_ID_LENGTH + 1] = {0};
    size_t *place;

    if (!starts(at, end, token) || (size_t)(end - at) < sizeof token - 1 + PFL_BLOCK_ID_LENGTH)
        return NULL;
    memcpy(id, at + sizeof token - 1, PFL_BLOCK_ID_LENGTH);
    place = pfl_map_get(&m->places, id);
    return place ? &m->sources.at[*place] : NULL;
}

/* A block is written once, whatever a side has twice. */
static int put_line(struct merge *m, const char *at, const char *end)
{
    const struct pfl_block *block = block_of(m, at, end);

    if (!block) {
        pfl_buf_add(&m->out, at, (size_t)(end - at));
        return PFL_OK;
    }
    if (pfl_map_get(&m->written, block->id))
        return PFL_OK;
    pfl_buf_add(&m->out, block->text, block->text_len);
    if (block->text_len && block->text[block->text_len - 1] != '\n')
        pfl_buf_char(&m->out, '\n');
    return pfl_map_set(&m->written, block->id, 1) ? PFL_OK : pfl_err_no_memory(m->err);
}

static int put_part(struct merge *m, struct part part)
{
    const char *next;
    int rc = PFL_OK;

    for (; rc == PFL_OK && part.at < part.end; part.at = next) {
        next = line_end(part.at, part.end);
        rc = put_line(m, part.at, next);
    }
    return rc;
}

static size_t count_blocks(const struct merge *m, struct part part, bool renewed_only)
{
    const struct pfl_block *block;
    const char *next;
    size_t n = 0;

    for (; part.at < part.end; part.at = next) {
        next = line_end(part.at, part.end);
        block = block_of(m, part.at, next);
        n += block && (!renewed_only || strcmp(block->kind, "trend") == 0 ||
                       strcmp(block->kind, "latest") == 0);
    }
    return n;
}

static bool is_blank(struct part part)
{
    while (part.at < part.end && strchr(" \t\r\n", *part.at) && *part.at)
        part.at++;
    return part.at == part.end;
}

/* What theirs has beyond the lines that both begin with. */
static struct part beyond(struct part ours, struct part theirs)
{
    const char *one, *other;

    while (ours.at < ours.end && theirs.at < theirs.end) {
        one = line_end(ours.at, ours.end);
        other = line_end(theirs.at, theirs.end);
        if (one - ours.at != other - theirs.at ||
            memcmp(ours.at, theirs.at, (size_t)(one - ours.at)) != 0)
            break;
        ours.at = one;
        theirs.at = other;
    }
    return theirs;
}

static bool same_fact(struct merge *m, const struct pfl_block *a, const struct pfl_block *b,
                      const char *name)
{
    const char *one = pfl_block_fact(a, name, m->arena), *other = pfl_block_fact(b, name, m->arena);

    return one && other ? strcmp(one, other) == 0 : one == other;
}

/* Are the two the same table, made twice? */
static bool renews(struct merge *m, const struct pfl_block *a, const struct pfl_block *b)
{
    if (strcmp(a->kind, b->kind) != 0)
        return false;
    return strcmp(a->kind, "trend") == 0
               ? same_fact(m, a, b, "benchmark") && same_fact(m, a, b, "metric") &&
                     same_fact(m, a, b, "variant")
               : strcmp(a->kind, "latest") == 0;
}

static bool has_newer(struct merge *m, struct part part, const struct pfl_block *block)
{
    const struct pfl_block *one;
    const char *next;

    for (; part.at < part.end; part.at = next) {
        next = line_end(part.at, part.end);
        one = block_of(m, part.at, next);
        if (one && renews(m, one, block))
            return true;
    }
    return false;
}

/* Without the blocks that ours has its own of, and the empty line behind each. */
static int put_theirs(struct merge *m, struct part ours, struct part theirs)
{
    const struct pfl_block *block;
    const char *next;
    int rc = PFL_OK;

    for (; rc == PFL_OK && theirs.at < theirs.end; theirs.at = next) {
        next = line_end(theirs.at, theirs.end);
        block = block_of(m, theirs.at, next);
        if (!block || !has_newer(m, ours, block))
            rc = put_line(m, theirs.at, next);
        else if (next < theirs.end && *next == '\n')
            next++;
    }
    return rc;
}

static int put_both(struct merge *m, const struct part parts[SIDES])
{
    struct part theirs = beyond(parts[OURS], parts[THEIRS]);
    int rc = put_part(m, parts[OURS]);

    if (m->out.len && theirs.at < theirs.end && *theirs.at != '\n' &&
        !starts(m->out.data + m->out.len - (m->out.len > 1 ? 2 : 1), m->out.data + m->out.len,
                "\n\n"))
        pfl_buf_char(&m->out, '\n');
    return rc == PFL_OK ? put_theirs(m, parts[OURS], theirs) : rc;
}

static int put_conflict(struct merge *m, const struct part parts[SIDES])
{
    static const char *const markers[] = {"<<<<<<< ours\n", "||||||| base\n", "=======\n",
                                          ">>>>>>> theirs\n"};
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < SIDES; i++) {
        pfl_buf_text(&m->out, markers[i]);
        rc = put_part(m, parts[i]);
    }
    pfl_buf_text(&m->out, markers[SIDES]);
    m->conflicts++;
    return rc;
}

static int put_hunk(struct merge *m, const struct part parts[SIDES])
{
    size_t ours = count_blocks(m, parts[OURS], false),
           theirs = count_blocks(m, parts[THEIRS], false);

    if (is_blank(parts[BASE]) && ours + theirs > 0)
        return put_both(m, parts);
    if (ours > 0 && ours == count_blocks(m, parts[OURS], true) &&
        theirs == count_blocks(m, parts[THEIRS], true) &&
        count_blocks(m, parts[BASE], false) == count_blocks(m, parts[BASE], true))
        return put_part(m, parts[OURS]);
    return put_conflict(m, parts);
}

/* The lines up to the one that begins with this marker; *at: behind that. */
static struct part until(const char **at, const char *end, const char *marker)
{
    struct part part = {*at, end};

    for (; *at < end; *at = line_end(*at, end))
        if (starts(*at, end, marker)) {
            part.end = *at;
            *at = line_end(*at, end);
            return part;
        }
    return part;
}

static int put_merged(struct merge *m, const char *at, const char *end)
{
    struct part parts[SIDES];
    const char *next;
    int rc = PFL_OK;

    while (rc == PFL_OK && at < end) {
        next = line_end(at, end);
        if (!starts(at, end, "<<<<<<< ours.perfledger")) {
            rc = put_line(m, at, next);
            at = next;
            continue;
        }
        at = next;
        parts[OURS] = until(&at, end, "||||||| base.perfledger");
        parts[BASE] = until(&at, end, "=======");
        parts[THEIRS] = until(&at, end, ">>>>>>> theirs.perfledger");
        rc = put_hunk(m, parts);
    }
    return rc;
}

/* A chart follows its table, of which ours is kept, too. */
static int is_chart(struct merge *m, const char *path, bool *answer)
{
    struct pfl_buf content;
    int rc;

    pfl_buf_init(&content, TEXT_MAX);
    rc = pfl_file_read(path, &content, m->err);
    *answer = rc == PFL_OK && content.len > 4 && memcmp(content.data, "<svg", 4) == 0;
    pfl_buf_release(&content);
    return rc;
}

static int merge_in(struct merge *m, const struct pfl_flow_log_merge_params *params,
                    const char *folder)
{
    struct pfl_git_text merged;
    int rc = read_side(m, params->ours, folder, "ours.perfledger");

    if (rc == PFL_OK)
        rc = read_side(m, params->base, folder, "base.perfledger");
    if (rc == PFL_OK)
        rc = read_side(m, params->theirs, folder, "theirs.perfledger");
    if (rc == PFL_OK)
        rc = pfl_git_merge_files(folder, ".perfledger", m->arena, &merged, m->err);
    if (rc == PFL_OK)
        rc = put_merged(m, merged.text, merged.text + merged.len);
    if (rc == PFL_OK)
        rc = pfl_buf_check(&m->out, m->err, "merging a document");
    if (rc == PFL_OK)
        rc =
            pfl_file_write(params->ours, m->out.data ? m->out.data : "", m->out.len, false, m->err);
    return rc;
}

int pfl_flow_log_merge(const struct pfl_flow_log_merge_params *params, struct pfl_arena *arena,
                       size_t *conflicts, struct pfl_err *err)
{
    struct merge m = {.arena = arena, .err = err};
    const char *folder;
    bool chart;
    int rc = is_chart(&m, params->ours, &chart);

    *conflicts = 0;
    if (rc == PFL_OK && !chart)
        rc = pfl_folder_temporary("perfledger-merge", arena, &folder, err);
    if (rc != PFL_OK || chart)
        return rc;
    pfl_map_init(&m.places);
    pfl_map_init(&m.written);
    pfl_buf_init(&m.out, TEXT_MAX);
    rc = merge_in(&m, params, folder);
    *conflicts = m.conflicts;
    pfl_folder_remove_temporary(folder);
    pfl_map_release(&m.places);
    pfl_map_release(&m.written);
    pfl_buf_release(&m.out);
    pfl_vec_release(&m.sources);
    return rc;
}
