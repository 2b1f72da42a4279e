/*
 * Problems: each is a block of three lines, gathered into one message.
 *
 *     perfledger.yaml:7:5: a suite has no key 'comand' (did you mean 'command'?)
 *         7 |   - comand: ./plate
 *           |     ^~~~~~
 *
 * The source line is shown as a terminal will show it: tabs become blanks up to the next stop of
 * four, what is not printable is escaped, a long line is cut to a window around the place; the mark
 * is put by display width (wide and combining characters), not by bytes or code points.
 *
 * struct pfl_err holds 2 KiB: problems that no longer fit, and those beyond the twentieth, are
 * counted.
 */
#include "base/text.h"
#include "base/vec.h"
#include "config/reader.h"

#include <string.h>

enum {
    TAB_STOP = 4,
    WINDOW_BEFORE = 60, /* display columns kept before and from the place */
    WINDOW_AFTER = 40,
    SHOWN_BYTES = 60,
    ROOM_FOR_COUNT = 48, /* "… and 12 more problems" */
};

/* The line's cells up to and behind the place. A cell is what one code point became. */
struct picture {
    struct pfl_buf before, mark, after;
    size_t before_width, mark_width, after_width;
};

static size_t add_cell(struct pfl_buf *buf, const char *text, size_t len, size_t column)
{
    struct pfl_buf cell;
    size_t width;

    if (*text == '\t') {
        width = TAB_STOP - column % TAB_STOP;
        pfl_buf_fill(buf, ' ', width);
        return width;
    }
    pfl_buf_init(&cell, 32);
    pfl_text_escape(&cell, text, len);
    width = pfl_text_width(pfl_buf_cstr(&cell));
    pfl_buf_add(buf, pfl_buf_cstr(&cell), cell.len);
    if (cell.error)
        buf->error = cell.error;
    pfl_buf_release(&cell);
    return width;
}

static size_t step_at(const struct pfl_config_source *source, size_t at, size_t end)
{
    uint32_t point;
    size_t step = pfl_text_decode(source->text + at, end - at, &point);

    return step ? step : 1;
}

/* Back from `at` by at most `count` code points, not beyond `start`. */
static size_t step_back(const struct pfl_config_source *source, size_t start, size_t at,
                        size_t count)
{
    for (; count > 0 && at > start; count--)
        do
            at--;
        while (at > start && ((unsigned char)source->text[at] & 0xC0) == 0x80);
    return at;
}

static size_t end_of_line(const struct pfl_config_source *source, size_t at)
{
    while (at < source->len && source->text[at] != '\n' && source->text[at] != '\r')
        at++;
    return at;
}

static void draw(struct picture *picture, const struct pfl_config_source *source, size_t at,
                 size_t len)
{
    size_t end = end_of_line(source, at), start, walk, step, column = 0;
    int line;

    pfl_config_source_place(source, at, &line, NULL);
    start = source->lines[line - 1];
    walk = step_back(source, start, at, WINDOW_BEFORE);
    if (walk > start) {
        pfl_buf_text(&picture->before, "…");
        column = 1;
    }
    for (; walk < at; walk += step)
        column += add_cell(&picture->before, source->text + walk, step = step_at(source, walk, end),
                           column);
    picture->before_width = column;
    for (; walk < end && walk < at + len && column < WINDOW_BEFORE + WINDOW_AFTER; walk += step)
        column += add_cell(&picture->mark, source->text + walk, step = step_at(source, walk, end),
                           column);
    picture->mark_width = column - picture->before_width;
    for (; walk < end && column < WINDOW_BEFORE + WINDOW_AFTER; walk += step)
        column += add_cell(&picture->after, source->text + walk, step = step_at(source, walk, end),
                           column);
    if (walk < end)
        pfl_buf_text(&picture->after, "…");
}

static void add_picture(struct pfl_buf *block, const struct pfl_config_source *source, size_t at,
                        size_t len, int line)
{
    struct picture picture = {0};

    pfl_buf_init(&picture.before, PFL_ERR_MESSAGE_MAX);
    pfl_buf_init(&picture.mark, PFL_ERR_MESSAGE_MAX);
    pfl_buf_init(&picture.after, PFL_ERR_MESSAGE_MAX);
    draw(&picture, source, at, len);
    pfl_buf_format(block, "\n%5d | %s%s%s\n      | ", line, pfl_buf_cstr(&picture.before),
                   pfl_buf_cstr(&picture.mark), pfl_buf_cstr(&picture.after));
    pfl_buf_fill(block, ' ', picture.before_width);
    pfl_buf_char(block, '^');
    if (picture.mark_width > 1)
        pfl_buf_fill(block, '~', picture.mark_width - 1);
    if (picture.before.error || picture.mark.error || picture.after.error)
        block->error = PFL_ENOMEM;
    pfl_buf_release(&picture.before);
    pfl_buf_release(&picture.mark);
    pfl_buf_release(&picture.after);
}

static void keep(struct pfl_config_reader *reader, const struct pfl_buf *block)
{
    const size_t room = PFL_ERR_MESSAGE_MAX - ROOM_FOR_COUNT;

    if (reader->shown > 0 && (reader->shown + 1 < reader->problems || /* one was left out already */
                              reader->message.len + 1 + block->len >= room))
        return;
    if (reader->shown++ > 0)
        pfl_buf_char(&reader->message, '\n');
    pfl_buf_add(&reader->message, block->data, block->len);
    if (reader->message.error)
        reader->no_memory = true;
}

void pfl_config_problem_at(struct pfl_config_reader *reader, const struct pfl_config_source *source,
                           size_t at, size_t len, const char *message)
{
    struct pfl_buf block;
    int line, column;

    if (++reader->problems > PFL_CONFIG_MAX_PROBLEMS || reader->no_memory)
        return;
    pfl_config_source_place(source, at, &line, &column);
    if (reader->problems == 1) {
        reader->file = source->file;
        reader->line = line;
        reader->column = column;
    }
    pfl_buf_init(&block, 64 * 1024);
    pfl_buf_format(&block, "%s:%d:%d: %s", source->file, line, column, message);
    if (source->len > 0)
        add_picture(&block, source, at, len, line);
    if (block.error)
        reader->no_memory = true;
    else
        keep(reader, &block);
    pfl_buf_release(&block);
}

void pfl_config_problem(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                        const char *format, ...)
{
    struct pfl_buf message;
    va_list args;

    pfl_buf_init(&message, 2 * PFL_ERR_MESSAGE_MAX); /* another's message may be in it */
    va_start(args, format);
    pfl_buf_vformat(&message, format, args);
    va_end(args);
    if (message.error == PFL_ENOMEM)
        reader->no_memory = true;
    pfl_config_problem_at(reader, node->source, node->at, node->len, pfl_buf_cstr(&message));
    pfl_buf_release(&message);
}

const char *pfl_config_shown(struct pfl_config_reader *reader, const char *text)
{
    size_t len = strlen(text);
    const char *shown;

    if (len > SHOWN_BYTES) {
        for (len = SHOWN_BYTES; len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80;)
            len--;
        text = pfl_arena_format(reader->arena, "%.*s…", (int)len, text);
    }
    shown = text ? pfl_text_shown(reader->arena, text) : NULL;
    if (!shown)
        reader->no_memory = true;
    return shown ? shown : "";
}

int pfl_config_verdict(const struct pfl_config_reader *reader, struct pfl_err *err)
{
    size_t more = reader->problems - reader->shown;

    if (reader->no_memory)
        return pfl_err_no_memory(err);
    if (reader->problems == 0)
        return PFL_OK;
    if (more == 0)
        return pfl_err_set_at(err, PFL_ECONFIG, reader->file, reader->line, reader->column, "%s",
                              pfl_buf_cstr(&reader->message));
    return pfl_err_set_at(err, PFL_ECONFIG, reader->file, reader->line, reader->column,
                          "%s\n… and %zu more problem%s", pfl_buf_cstr(&reader->message), more,
                          more == 1 ? "" : "s");
}
