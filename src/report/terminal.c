/*
 * The pen every terminal report writes with.
 *
 * Text comes in raw. It is escaped, because a benchmark's name may hold "\x1b]0;…"; where the
 * terminal shows no UTF-8 it becomes ASCII before anything is measured or laid out (so `±` may take
 * three columns), except the `…` that a cut leaves: that one is replaced at the end, column for
 * column. Lines are built of pieces; a piece that is wider than a line is broken at blanks, and
 * within a word only when nothing else helps. This and its sisters terminal_*.c are the only files
 * that know ANSI codes.
 */
#include "report/terminal.h"

#include "base/text.h"

#include <string.h>

enum { DEFAULT_WIDTH = 80, LEAST_WIDTH = 20 };

void pfl_terminal_init(struct pfl_terminal *t, const struct pfl_report_style *style,
                       struct pfl_arena *arena, struct pfl_buf *out)
{
    memset(t, 0, sizeof *t);
    pfl_report_words_init(&t->words, arena);
    t->style = style;
    t->out = out;
    t->start = out->len;
    t->width = style->width ? style->width : DEFAULT_WIDTH;
    if (t->width < LEAST_WIDTH)
        t->width = LEAST_WIDTH;
}

static void replace_dots(struct pfl_buf *out, size_t start)
{
    static const char dots[] = "…";
    size_t from = start, to = start;

    while (from < out->len) {
        if (out->len - from >= sizeof dots - 1 &&
            memcmp(out->data + from, dots, sizeof dots - 1) == 0) {
            out->data[to++] = '~';
            from += sizeof dots - 1;
        } else {
            out->data[to++] = out->data[from++];
        }
    }
    pfl_buf_truncate(out, to);
}

int pfl_terminal_finish(struct pfl_terminal *t, struct pfl_err *err, const char *doing)
{
    int rc;

    if (!t->style->utf8 && !t->out->error)
        replace_dots(t->out, t->start);
    rc = pfl_report_words_release(&t->words, err);
    return rc < 0 ? rc : pfl_buf_check(t->out, err, doing);
}

static const char *ascii_of(uint32_t point)
{
    static const struct {
        uint32_t point;
        const char *ascii;
    } map[] = {
        {0xB1, "+/-"},   {0xD7, "x"},     {0xB5, "u"},    {0x3BC, "u"},   {0x2013, "-"},
        {0x2014, "-"},   {0x2026, "..."}, {0xB7, "|"},    {0x2264, "<="}, {0x2265, ">="},
        {0x221E, "inf"}, {0x2192, "->"},  {0x2581, "_"},  {0x2582, "."},  {0x2583, ":"},
        {0x2584, "-"},   {0x2585, "="},   {0x2586, "+"},  {0x2587, "*"},  {0x2588, "#"},
        {0x2018, "'"},   {0x2019, "'"},   {0x201C, "\""}, {0x201D, "\""},
    };
    size_t i;

    for (i = 0; i < PFL_COUNT(map); i++)
        if (map[i].point == point)
            return map[i].ascii;
    return NULL;
}

static void write_ascii(struct pfl_buf *buf, const char *text)
{
    size_t len = strlen(text), step;
    const char *ascii;
    uint32_t point;

    for (; len > 0; text += step, len -= step) {
        step = pfl_text_decode(text, len, &point);
        if (point < 0x80) {
            pfl_buf_char(buf, *text);
            continue;
        }
        ascii = ascii_of(point);
        if (ascii)
            pfl_buf_text(buf, ascii);
        else
            pfl_buf_format(buf, point > 0xFFFF ? "\\U%08x" : "\\u%04x", (unsigned)point);
    }
}

const char *pfl_terminal_show(struct pfl_terminal *t, const char *raw)
{
    const char *shown = pfl_text_shown(t->words.arena, raw);

    if (!shown) {
        t->words.failed = true;
        return "";
    }
    if (t->style->utf8)
        return shown;
    write_ascii(&t->words.buf, shown);
    return pfl_report_words_end(&t->words);
}

/* Names of one suite begin alike and differ at the end, so the cut goes through the middle. */
const char *pfl_terminal_name(struct pfl_terminal *t, const char *raw)
{
    const char *shown = pfl_terminal_show(t, raw);
    size_t most = t->width * 2 / 5;

    if (most < PFL_TERMINAL_NAME_LEAST)
        most = PFL_TERMINAL_NAME_LEAST;
    if (pfl_text_width(shown) <= most)
        return shown;
    pfl_text_fit_middle(&t->words.buf, shown, most);
    return pfl_report_words_end(&t->words);
}

static void paint(struct pfl_buf *buf, int style, bool begin)
{
    static const char *const codes[] = {
        [PFL_TERMINAL_PLAIN] = "",        [PFL_TERMINAL_BAD] = "\x1b[1;31m",
        [PFL_TERMINAL_GOOD] = "\x1b[32m", [PFL_TERMINAL_WARN] = "\x1b[33m",
        [PFL_TERMINAL_DIM] = "\x1b[2m",   [PFL_TERMINAL_STRONG] = "\x1b[1m",
    };

    if (style == PFL_TERMINAL_PLAIN)
        return;
    if (!begin)
        pfl_buf_text(buf, "\x1b[0m");
    else
        pfl_buf_text(buf, style == PFL_TABLE_STYLE_TITLE ? "\x1b[4m" : codes[style]);
}

pfl_table_paint_fn *pfl_terminal_painter(const struct pfl_terminal *t)
{
    return t->style->colour ? paint : NULL;
}

static void new_line(struct pfl_terminal *t)
{
    pfl_buf_char(t->out, '\n');
    pfl_buf_fill(t->out, ' ', t->indent);
    t->column = t->indent;
    t->fresh = true;
}

static void put_code(struct pfl_terminal *t, int style, bool begin)
{
    pfl_table_paint_fn *painter = pfl_terminal_painter(t);

    if (painter)
        painter(t->out, style, begin);
}

/* A stretch of shown text that fits; the caller has seen to that. */
static void put_stretch(struct pfl_terminal *t, const char *text, size_t len, size_t columns)
{
    pfl_buf_add(t->out, text, len);
    t->column += columns;
    t->fresh = false;
}

/* How many bytes of text fit into the columns (at least one character), and how many columns they
 * take. */
static size_t fitting(const char *text, size_t len, size_t columns, size_t *taken)
{
    size_t at = 0, step, width;
    uint32_t point;

    for (*taken = 0; at < len; at += step, *taken += width) {
        step = pfl_text_decode(text + at, len - at, &point);
        width = step ? (size_t)pfl_text_point_width(point) : 1;
        step = step ? step : 1;
        if (*taken + width > columns && at > 0)
            break;
    }
    return at;
}

/* Blanks and the word behind them; a percent sign belongs to its number. */
static size_t word_length(const char *text)
{
    size_t len = strspn(text, " ");

    len += strcspn(text + len, " ");
    while (text[len] == ' ' && text[len + 1] == '%')
        len += 1 + strcspn(text + len + 1, " ");
    return len;
}

/* A word, or as much of it as the line holds; answers its bytes, 0 when it wants a new line. */
static size_t put_word(struct pfl_terminal *t, const char *text, size_t len, int style,
                       bool *painted)
{
    size_t columns, part = fitting(text, len, (size_t)-1, &columns);

    if (t->column + columns > t->width && !t->fresh)
        return 0;
    if (t->column + columns > t->width)
        part = fitting(text, len, t->width - t->column, &columns);
    if (!*painted)
        put_code(t, style, true);
    *painted = true;
    put_stretch(t, text, part, columns);
    return part;
}

/* Shown text that is wider than what is left of the line: broken at blanks, long words anywhere.
 * The colour goes around all that stands on one line. */
static void put_broken(struct pfl_terminal *t, int style, const char *text)
{
    bool painted = false;
    size_t len, part;

    for (;;) {
        while (*text == ' ' && t->fresh)
            text++;
        len = word_length(text);
        if (len == 0)
            break;
        part = put_word(t, text, len, style, &painted);
        text += part;
        if (part == len)
            continue;
        if (painted)
            put_code(t, style, false);
        painted = false;
        new_line(t);
    }
    if (painted)
        put_code(t, style, false);
}

void pfl_terminal_begin(struct pfl_terminal *t, size_t indent, size_t next_indent)
{
    pfl_buf_fill(t->out, ' ', indent);
    t->column = indent;
    t->indent = next_indent < t->width / 2 ? next_indent : 2;
    t->fresh = true;
}

void pfl_terminal_put(struct pfl_terminal *t, const char *separator, int style, const char *raw)
{
    const char *text = pfl_terminal_show(t, raw), *gap = pfl_terminal_show(t, separator);
    size_t columns = pfl_text_width(text), between = t->fresh ? 0 : pfl_text_width(gap);

    if (!*text)
        return;
    if (t->column + between + columns > t->width && !t->fresh) {
        new_line(t);
        between = 0;
    }
    if (between) {
        pfl_buf_text(t->out, gap);
        t->column += between;
    }
    if (t->column + columns > t->width) {
        put_broken(t, style, text);
        return;
    }
    put_code(t, style, true);
    put_stretch(t, text, strlen(text), columns);
    put_code(t, style, false);
}

void pfl_terminal_end(struct pfl_terminal *t)
{
    pfl_buf_char(t->out, '\n');
}

void pfl_terminal_blank(struct pfl_terminal *t)
{
    pfl_buf_char(t->out, '\n');
}

void pfl_terminal_wrap(struct pfl_terminal *t, const char *first, int style, const char *raw)
{
    const char *text = pfl_terminal_show(t, raw), *begin = pfl_terminal_show(t, first);
    size_t width = pfl_text_width(begin);

    pfl_terminal_begin(t, 0, width);
    pfl_buf_text(t->out, begin);
    t->column = width;
    put_broken(t, style, text);
    pfl_terminal_end(t);
}

int pfl_terminal_table(struct pfl_terminal *t, struct pfl_table *table, struct pfl_err *err)
{
    return pfl_table_render(table, t->width, pfl_terminal_painter(t), t->out, err);
}
