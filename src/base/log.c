/*
 * The log's one switch: cli/ installs a sink, everybody else calls pfl_log(). A line is formatted
 * on the stack, so that logging never allocates and can be used where memory has run out. A text of
 * several lines reaches the sink line by line; one that is too long is cut at a character's border
 * and ends in "…".
 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 4096 };

static struct {
    pfl_log_sink_fn *write;
    void *context;
    enum pfl_log_level most;
} sink;

void pfl_log_set_sink(pfl_log_sink_fn *write, void *context, enum pfl_log_level most)
{
    sink.write = write;
    sink.context = context;
    sink.most = most;
}

static void cut(char *text, size_t size)
{
    static const char dots[] = "…";
    size_t at = size - sizeof dots;

    while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80)
        at--;
    memcpy(text + at, dots, sizeof dots);
}

void pfl_log(enum pfl_log_level level, const char *format, ...)
{
    char text[LINE_MAX_BYTES], *line, *end;
    va_list args;
    int len;

    if (!sink.write || level > sink.most)
        return;
    va_start(args, format);
    len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (len < 0)
        return;
    if ((size_t)len >= sizeof text)
        cut(text, sizeof text);
    for (line = text; line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = 0;
        if (*line || line == text)
            sink.write(sink.context, level, line);
    }
}
