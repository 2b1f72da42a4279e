/*
 * Text from outside in a page of Markdown that has links, mentions and HTML.
 *
 * Names come from whoever wrote the benchmark. As text, every character with a meaning is written
 * as an entity or behind a backslash. As code nothing within has one, so the raw page stays
 * readable; but a table's cell ends at `|` also within code (GitHub unescapes `\|` there, and not
 * behind another backslash), and a backquote would end the span, so names with these are written as
 * text. Line breaks cannot occur: the escaping of control characters comes first.
 */
#include "base/text.h"

#include <string.h>

enum { NAME_MAX_BYTES = 64 << 20 };

static const char *entity_of(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '|': return "&#124;";
    case '@': return "&#64;";
    case '#': return "&#35;";
    default: return NULL;
    }
}

static void put_text(struct pfl_buf *buf, const char *text)
{
    const char *entity;

    for (; *text; text++) {
        entity = entity_of(*text);
        if (entity) {
            pfl_buf_text(buf, entity);
            continue;
        }
        if (strchr("\\`*_[]~$", *text))
            pfl_buf_char(buf, '\\');
        pfl_buf_char(buf, *text);
    }
}

/* A span strips one blank at both ends, and there is none of nothing. */
static bool fits_code(const char *text)
{
    size_t len = strlen(text);

    return len > 0 && text[0] != ' ' && text[len - 1] != ' ' && !strpbrk(text, "`|");
}

static void put(struct pfl_buf *buf, const char *raw, bool code)
{
    struct pfl_buf shown;

    pfl_buf_init(&shown, NAME_MAX_BYTES);
    pfl_text_escape(&shown, raw, strlen(raw));
    if (shown.error)
        buf->error = buf->error ? buf->error : shown.error;
    else if (code && fits_code(pfl_buf_cstr(&shown)))
        pfl_buf_format(buf, "`%s`", pfl_buf_cstr(&shown));
    else
        put_text(buf, pfl_buf_cstr(&shown));
    pfl_buf_release(&shown);
}

void pfl_text_markdown(struct pfl_buf *buf, const char *raw)
{
    put(buf, raw, false);
}

void pfl_text_markdown_code(struct pfl_buf *buf, const char *raw)
{
    put(buf, raw, true);
}
