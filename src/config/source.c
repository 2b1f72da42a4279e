/*
 * Where an offset stands: lines end at LF, CR LF or a lone CR; columns count code points from 1.
 * The starts of all lines are found once, an offset's line by bisection, so that ten thousand gates
 * may each know their line.
 */
#include "base/text.h"
#include "config/node.h"

#include <string.h>

static bool ends_line(const struct pfl_config_source *source, size_t at)
{
    return source->text[at] == '\n' ||
           (source->text[at] == '\r' && (at + 1 == source->len || source->text[at + 1] != '\n'));
}

bool pfl_config_source_index(struct pfl_config_source *source, struct pfl_arena *arena)
{
    size_t count = 1, at, *lines;

    for (at = 0; at < source->len; at++)
        count += ends_line(source, at);
    lines = pfl_arena_array(arena, count, sizeof *lines);
    if (!lines)
        return false;
    lines[0] = source->len >= 3 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    for (count = 1, at = 0; at < source->len; at++)
        if (ends_line(source, at))
            lines[count++] = at + 1;
    source->lines = lines;
    source->line_count = count;
    return true;
}

/* Bytes of the code point at `at`; an invalid byte counts as one. */
static size_t step_at(const struct pfl_config_source *source, size_t at)
{
    uint32_t point;
    size_t step = pfl_text_decode(source->text + at, source->len - at, &point);

    return step ? step : 1;
}

void pfl_config_source_place(const struct pfl_config_source *source, size_t at, int *line,
                             int *column)
{
    size_t low = 0, high = source->line_count, middle, walk;

    if (at > source->len)
        at = source->len;
    while (high - low > 1) {
        middle = low + (high - low) / 2;
        if (source->lines[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    *line = (int)low + 1;
    if (!column) /* counting it takes as long as the line is */
        return;
    *column = 1;
    for (walk = source->lines[low]; walk < at; walk += step_at(source, walk))
        ++*column;
}

size_t pfl_config_source_offset(const struct pfl_config_source *source, int line, int column)
{
    size_t at;

    if (line < 1)
        return source->lines[0];
    if ((size_t)line > source->line_count)
        return source->len;
    at = source->lines[line - 1];
    for (; column > 1 && at < source->len && !strchr("\r\n", source->text[at]); column--)
        at += step_at(source, at);
    return at;
}
