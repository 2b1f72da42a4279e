/*
 * Figures and links of a Markdown file.
 *
 * No Markdown parser: the text is gone through once, line by line, and what is code or comment is
 * stepped over. A figure is a number that stands by itself, with a unit behind it: of time, of
 * memory, a percentage or a factor. A bare number is none; "in 2024", "5 launches" and "section 3"
 * claim nothing that a run could support. A unit of one letter must be what people write for it
 * ("3 s", "4 B"), so words are not taken for units: it must end there.
 */
#include "documents/prose.h"

#include "base/vec.h"

#include <string.h>

PFL_VEC(item_vec, struct pfl_prose_item);

struct scan {
    struct pfl_arena *arena;
    struct pfl_err *err;
    const struct pfl_blocks *blocks;
    const char *text, *end;
    struct item_vec items;
    int line;
    size_t block; /* the first one that does not end before `line` */
    size_t fence; /* length of the fence that is open; 0: none */
    char fence_sign;
    bool comment;
};

/* How a unit is written, and how it is called here. */
static const struct unit {
    const char *text, *name;
    bool attached; /* only without a blank before it: "2x" */
} units[] = {
    {"ns", "ns", false},        {"us", "µs", false},      {"\302\265s", "µs", false},
    {"\316\274s", "µs", false}, {"ms", "ms", false},      {"s", "s", false},
    {"min", "min", false},      {"KiB", "KiB", false},    {"MiB", "MiB", false},
    {"GiB", "GiB", false},      {"TiB", "TiB", false},    {"kB", "kB", false},
    {"MB", "MB", false},        {"GB", "GB", false},      {"B", "B", false},
    {"%", "%", false},          {"\303\227", "×", false}, {"x", "×", true},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool in_block(struct scan *scan)
{
    while (scan->block < scan->blocks->n && scan->blocks->at[scan->block].end_line < scan->line)
        scan->block++;
    return scan->block < scan->blocks->n && scan->blocks->at[scan->block].line <= scan->line;
}

static int add(struct scan *scan, enum pfl_prose_kind kind, const char *text)
{
    const struct pfl_prose_item item = {kind, in_block(scan), scan->line, text};

    return text && pfl_vec_push(&scan->items, &item) ? PFL_OK : pfl_err_no_memory(scan->err);
}

/* Blanks between a number and its unit: an ordinary one, one that does not break, a thin one. */
static const char *behind_blank(const char *at, const char *end)
{
    static const char *const blanks[] = {" ", "\302\240", "\342\200\257", "\342\200\211"};
    size_t i;

    for (i = 0; i < PFL_COUNT(blanks); i++)
        if ((size_t)(end - at) >= strlen(blanks[i]) &&
            memcmp(at, blanks[i], strlen(blanks[i])) == 0)
            return at + strlen(blanks[i]);
    return at;
}

static const struct unit *unit_at(const char *at, const char *end, bool attached)
{
    size_t i, len;

    for (i = 0; i < PFL_COUNT(units); i++) {
        len = strlen(units[i].text);
        if ((size_t)(end - at) >= len && memcmp(at, units[i].text, len) == 0 &&
            (attached || !units[i].attached) &&
            (at + len == end || !is_word(at[len]) || (unsigned char)at[len - 1] >= 0x80))
            return &units[i];
    }
    return NULL;
}

/* Behind "± 0.3" that follows a number: the unit of both stands there. */
static const char *behind_error(const char *at, const char *end)
{
    static const char sign[] = "\302\261";
    const char *from = behind_blank(at, end);

    if ((size_t)(end - from) < sizeof sign - 1 || memcmp(from, sign, sizeof sign - 1) != 0)
        return at;
    from = behind_blank(from + sizeof sign - 1, end);
    while (from < end && (is_digit(*from) || *from == '.'))
        from++;
    return from;
}

/* A number begins at *at. Steps over it, and over its unit. In a block a number that has none may
 * be a ratio: people write an × behind it. */
static int take_number(struct scan *scan, const char **at, const char *end)
{
    const char *begin = *at, *number_end, *unit_begin;
    const struct unit *unit;

    while (*at < end && (is_digit(**at) ||
                         ((**at == '.' || **at == ',') && *at + 1 < end && is_digit((*at)[1]))))
        ++*at;
    number_end = *at;
    unit_begin = behind_blank(behind_error(number_end, end), end);
    unit = unit_at(unit_begin, end, unit_begin == number_end);
    if ((!unit && !in_block(scan)) ||
        (begin > scan->text && (is_word(begin[-1]) || begin[-1] == '.')))
        return PFL_OK;
    return add(scan, PFL_PROSE_FIGURE,
               pfl_arena_format(scan->arena, "%.*s %s", (int)(number_end - begin), begin,
                                unit ? unit->name : "\303\227"));
}

static int hex(char c)
{
    return is_digit(c)            ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Behind "](". */
static int take_link(struct scan *scan, const char **at, const char *end)
{
    const char *close = memchr(*at, ')', (size_t)(end - *at)), *from = *at;
    char *target, *to;

    if (!close)
        return PFL_OK;
    *at = close + 1;
    target = to = pfl_arena_text_n(scan->arena, from, (size_t)(close - from));
    if (!target)
        return pfl_err_no_memory(scan->err);
    for (; from < close && *from != '#' && *from != ' '; from++) {
        if (*from == '%' && close - from > 2 && hex(from[1]) >= 0 && hex(from[2]) >= 0) {
            *to++ = (char)(hex(from[1]) * 16 + hex(from[2]));
            from += 2;
        } else if (*from != '<' && *from != '>') {
            *to++ = *from;
        }
    }
    *to = 0;
    if (!*target || strstr(target, "://") || strncmp(target, "mailto:", 7) == 0)
        return PFL_OK;
    return add(scan, PFL_PROSE_LINK, target);
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

static bool starts(const char *at, const char *end, const char *with)
{
    size_t len = strlen(with);

    return (size_t)(end - at) >= len && memcmp(at, with, len) == 0;
}

static int read_line(struct scan *scan, const char *at, const char *end)
{
    int rc = PFL_OK;

    while (rc == PFL_OK && at < end) {
        if (scan->comment) {
            scan->comment = !starts(at, end, "-->");
            at += scan->comment ? 1 : 3;
        } else if (starts(at, end, "<!--")) {
            scan->comment = true;
            at += 4;
        } else if (*at == '`') {
            at = behind_code(at, end, count_of(at, end, '`'));
        } else if (starts(at, end, "](")) {
            at += 2;
            rc = take_link(scan, &at, end);
        } else if (is_digit(*at)) {
            rc = take_number(scan, &at, end);
        } else {
            at++;
        }
    }
    return rc;
}

/* Is the line a fence, or between two? */
static bool is_fenced(struct scan *scan, const char *at, const char *end)
{
    size_t n;

    while (at < end && *at == ' ')
        at++;
    if (at == end || (*at != '`' && *at != '~'))
        return scan->fence > 0;
    n = count_of(at, end, *at);
    if (scan->fence == 0 && n >= 3) {
        scan->fence = n;
        scan->fence_sign = *at;
        return true;
    }
    if (scan->fence > 0 && n >= scan->fence && *at == scan->fence_sign) {
        scan->fence = 0;
        return true;
    }
    return scan->fence > 0;
}

int pfl_prose_read(const char *text, size_t len, const struct pfl_blocks *blocks,
                   struct pfl_arena *arena, struct pfl_prose_item **items, size_t *n,
                   struct pfl_err *err)
{
    struct scan scan = {
        .arena = arena, .err = err, .blocks = blocks, .text = text, .end = text + len, .line = 1};
    const char *at = text, *newline;
    int rc = PFL_OK;

    for (; rc == PFL_OK && at < scan.end; at = newline + 1, scan.line++) {
        newline = memchr(at, '\n', (size_t)(scan.end - at));
        if (!newline)
            newline = scan.end;
        if (!is_fenced(&scan, at, newline))
            rc = read_line(&scan, at, newline);
    }
    if (rc == PFL_OK) {
        *items = pfl_arena_grow(arena, scan.items.at, scan.items.n, scan.items.n, sizeof **items);
        *n = scan.items.n;
        rc = *items ? PFL_OK : pfl_err_no_memory(err);
    }
    pfl_vec_release(&scan.items);
    return rc;
}
