/*
 * Figures and links of a Markdown file.
 *
 * No Markdown parser: the text is gone through once, line by line, and what is code or comment is
 * stepped over; a sign behind a backslash is nothing but this sign. A comment that begins within a
 * line ends before the next empty line or is none; one that begins a line may hide all that
 * follows, as it does where the page is shown. In a block a number without a unit is a figure only
 * in a column of ratios.
 */
#include "documents/prose_parts.h"

#include <ctype.h>
#include <string.h>

static bool starts(const char *at, const char *end, const char *with)
{
    size_t len = strlen(with);

    return (size_t)(end - at) >= len && memcmp(at, with, len) == 0;
}

int pfl_prose_add(struct pfl_prose_scan *scan, enum pfl_prose_kind kind, const char *at,
                  const char *text)
{
    const struct pfl_prose_item item = {kind, scan->within && !pfl_prose_is_word(scan, at),
                                        scan->within, scan->line, text};

    return text && pfl_vec_push(&scan->items, &item) ? PFL_OK : pfl_err_no_memory(scan->err);
}

static size_t count_of(const char *at, const char *end, char sign)
{
    size_t n = 0;

    while (at + n < end && at[n] == sign)
        n++;
    return n;
}

/* Behind a piece of code that begins at `at` with n backticks; it may go on in the next line, which
 * nobody does on purpose: then it is none. */
static const char *behind_code(const char *at, const char *end, size_t n)
{
    const char *close = at + n;
    size_t m;

    while ((close = memchr(close, '`', (size_t)(end - close)))) {
        m = count_of(close, end, '`');
        if (m == n)
            return close + m;
        close += m;
    }
    return at + n;
}

static const char *find(const char *at, const char *end, const char *what)
{
    for (; at < end; at++)
        if (starts(at, end, what))
            return at;
    return NULL;
}

/* Nothing but blanks before it in its line, three at most. */
static bool begins_line(const struct pfl_prose_scan *scan, const char *at)
{
    return at - scan->line_begin < 4 &&
           count_of(scan->line_begin, at, ' ') == (size_t)(at - scan->line_begin);
}

/* Where the text of the paragraph ends. */
static const char *end_of_paragraph(const char *at, const char *end)
{
    const char *next;

    for (; (at = memchr(at, '\n', (size_t)(end - at))); at = next) {
        next = at + 1;
        while (next < end && (*next == ' ' || *next == '\t' || *next == '\r'))
            next++;
        if (next >= end || *next == '\n')
            return at;
        next = at + 1;
    }
    return end;
}

/* "<!--" stands here: behind it, or, when it is no comment, behind its first sign. */
static const char *open_comment(struct pfl_prose_scan *scan, const char *at)
{
    bool first = begins_line(scan, at);
    const char *end = first ? scan->end : end_of_paragraph(at, scan->end);
    const char *close = find(at + 4, end, "-->");

    if (!close && !first)
        return at + 1;
    scan->comment_end = close ? close + 3 : scan->end;
    return at + 4;
}

/* "[name]: " at the begin of a line: behind it. */
static const char *behind_reference(const struct pfl_prose_scan *scan, const char *at)
{
    const char *close;

    if (*at != '[' || !begins_line(scan, at))
        return NULL;
    close = find(at, scan->line_end, "]:");
    return close && !memchr(at + 1, '[', (size_t)(close - at - 1)) ? close + 2 : NULL;
}

static int read_line(struct pfl_prose_scan *scan)
{
    const char *at = scan->line_begin, *end = scan->line_end, *behind;
    int rc = PFL_OK;

    while (rc == PFL_OK && at < end) {
        if (scan->comment_end) {
            at = scan->comment_end < end ? scan->comment_end : end;
            if (at == scan->comment_end)
                scan->comment_end = NULL;
        } else if (*at == '\\' && at + 1 < end && ispunct((unsigned char)at[1])) {
            at += 2;
        } else if (starts(at, end, "<!--")) {
            at = open_comment(scan, at);
        } else if (*at == '<') {
            rc = pfl_prose_tag(scan, &at);
        } else if (*at == '`') {
            at = behind_code(at, end, count_of(at, end, '`'));
        } else if ((behind = behind_reference(scan, at))) {
            at = behind;
            rc = pfl_prose_link(scan, &at, false);
        } else if (starts(at, end, "](")) {
            at += 2;
            rc = pfl_prose_link(scan, &at, true);
        } else if (isdigit((unsigned char)*at)) {
            rc = pfl_prose_number(scan, &at);
        } else {
            scan->column += *at == '|';
            at++;
        }
    }
    return rc;
}

/* Which columns of a table hold ratios: those called so, and intervals. */
static uint64_t ratio_columns(const char *at, const char *end)
{
    uint64_t columns = 0;
    size_t column = 0;
    const char *bar;

    for (; at < end && column < 64; at = bar + 1, column++) {
        bar = memchr(at, '|', (size_t)(end - at));
        if (!bar)
            bar = end;
        if (find(at, bar, "ratio") || find(at, bar, "interval"))
            columns |= UINT64_C(1) << column;
    }
    return columns;
}

/* Which block the line is in, and which table. */
static int place_line(struct pfl_prose_scan *scan)
{
    const struct pfl_blocks *blocks = scan->blocks;
    bool table = scan->line_begin < scan->line_end && *scan->line_begin == '|';

    while (scan->block < blocks->n && blocks->at[scan->block].end_line < scan->line)
        scan->block++;
    scan->within = scan->block < blocks->n && blocks->at[scan->block].line <= scan->line;
    scan->column = 0;
    scan->header = table && !scan->table;
    if (scan->header)
        scan->ratios = ratio_columns(scan->line_begin, scan->line_end);
    scan->table = table;
    if (scan->within)
        return pfl_prose_take_words(scan);
    scan->words.n = 0;
    scan->words_block = SIZE_MAX;
    return PFL_OK;
}

int pfl_prose_read(const char *text, size_t len, const struct pfl_blocks *blocks,
                   struct pfl_arena *arena, struct pfl_prose_item **items, size_t *n,
                   struct pfl_err *err)
{
    struct pfl_prose_scan scan = {.arena = arena,
                                  .err = err,
                                  .blocks = blocks,
                                  .text = text,
                                  .end = text + len,
                                  .words_block = SIZE_MAX,
                                  .line = 1};
    const char *at = text;
    int rc = PFL_OK;

    for (; rc == PFL_OK && at < scan.end; at = scan.line_end + 1, scan.line++) {
        scan.line_begin = at;
        scan.line_end = memchr(at, '\n', (size_t)(scan.end - at));
        if (!scan.line_end)
            scan.line_end = scan.end;
        rc = place_line(&scan);
        if (rc == PFL_OK &&
            (scan.comment_end || !pfl_fence_line(&scan.fence, at, (size_t)(scan.line_end - at))))
            rc = read_line(&scan);
    }
    if (rc == PFL_OK) {
        *items = pfl_arena_grow(arena, scan.items.at, scan.items.n, scan.items.n, sizeof **items);
        *n = scan.items.n;
        rc = *items ? PFL_OK : pfl_err_no_memory(err);
    }
    pfl_vec_release(&scan.items);
    pfl_vec_release(&scan.words);
    return rc;
}

static bool has_figure(const struct pfl_prose_item *items, size_t n, const char *text)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (items[i].kind == PFL_PROSE_FIGURE && items[i].in_block &&
            strcmp(items[i].text, text) == 0)
            return true;
    return false;
}

int pfl_prose_unsupported(const struct pfl_buf *text, const char *id, struct pfl_arena *arena,
                          const char **figure, struct pfl_err *err)
{
    const struct pfl_block *block = NULL;
    struct pfl_prose_item *items;
    struct pfl_blocks blocks;
    size_t i, n = 0;
    int rc = pfl_blocks_read(pfl_buf_cstr(text), text->len, arena, &blocks, err);

    *figure = NULL;
    if (rc == PFL_OK)
        rc = pfl_prose_read(pfl_buf_cstr(text), text->len, &blocks, arena, &items, &n, err);
    if (rc != PFL_OK)
        return rc;
    for (i = 0; id && i < blocks.n; i++)
        if (strcmp(blocks.at[i].id, id) == 0)
            block = &blocks.at[i];
    for (i = 0; !*figure && i < n; i++)
        if (items[i].kind == PFL_PROSE_FIGURE && items[i].sealed && !items[i].in_block &&
            (!block || (items[i].line >= block->line && items[i].line <= block->end_line)) &&
            !has_figure(items, n, items[i].text))
            *figure = items[i].text;
    return PFL_OK;
}
