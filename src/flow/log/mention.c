/*
 * Names in pages. A benchmark's name may be escaped in Markdown (`\[`) and in JSON (`\"`), so
 * backslashes are taken out on both sides before they are looked for. A name counts only where it
 * ends: `parse` is not in `parse_all`, nor in `fast/parse`; a suite may be followed by what is
 * inside of it.
 */
#include "flow/log/mention.h"

#include <string.h>

static const char inner[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

const char *pfl_mention_text(const struct pfl_block *block, struct pfl_arena *arena)
{
    size_t i, n = 0;
    char *text = pfl_arena_alloc(arena, block->facts_len + block->text_len + 2);

    if (!text)
        return NULL;
    for (i = 0; i < block->facts_len; i++)
        if (block->facts[i] != '\\')
            text[n++] = block->facts[i];
    text[n++] = '\n';
    for (i = 0; i < block->text_len; i++)
        if (block->text[i] != '\\')
            text[n++] = block->text[i];
    return text;
}

/* Compares past the name's own backslashes; the length of it in the text, 0: it is not there. */
static size_t begins(const char *text, const char *name, size_t len)
{
    size_t i, n = 0;

    for (i = 0; i < len; i++) {
        if (name[i] == '\\')
            continue;
        if (text[n] != name[i])
            return 0;
        n++;
    }
    return n;
}

static bool mentions(const char *text, const char *name, size_t len, const char *more)
{
    const char *at;
    size_t n;

    for (at = text; *at; at++) {
        n = begins(at, name, len);
        if (n && (at == text || (!strchr(inner, at[-1]) && at[-1] != '/')) &&
            (!at[n] || (!strchr(inner, at[n]) && !strchr(more, at[n]))))
            return true;
    }
    return false;
}

bool pfl_mentions_benchmark(const char *text, const char *benchmark)
{
    return mentions(text, benchmark, strlen(benchmark), "/[");
}

bool pfl_mentions_suite(const char *text, const char *const *suites, size_t n)
{
    size_t i, len;

    for (i = 0; i < n; i++) {
        len = strcspn(suites[i], "/[*?");
        if (len == 0 || suites[i][len] == '*' || suites[i][len] == '?')
            return true; /* any number of suites */
        if (mentions(text, suites[i], len, ""))
            return true;
    }
    return n == 0;
}
