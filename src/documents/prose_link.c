/*
 * Links of a Markdown file: [text](where), [name]: where, and those of HTML tags.
 *
 * Only where they lead within the repository: what has a scheme is not looked at. A tag is one only
 * when its attributes have the form of attributes: "a <b 3 ms>" is text.
 */
#include "documents/prose_parts.h"

#include <ctype.h>
#include <string.h>

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* "mailto:", "https:", "//host". */
static bool leads_out(const char *target)
{
    const char *at = target;

    if (strncmp(target, "//", 2) == 0)
        return true;
    while (isalnum((unsigned char)*at) || *at == '+' || *at == '-' || *at == '.')
        at++;
    return *at == ':' && at - target > 1;
}

/* from … to: as it is written. */
static int add_target(struct pfl_prose_scan *scan, const char *from, const char *to)
{
    const char *begin = from;
    char *target = pfl_arena_text_n(scan->arena, from, (size_t)(to - from)), *out = target;

    if (!target)
        return pfl_err_no_memory(scan->err);
    for (; from < to && *from != '#' && *from != '?'; from++) {
        if (*from == '%' && to - from > 2 && hex(from[1]) >= 0 && hex(from[2]) >= 0) {
            *out++ = (char)(hex(from[1]) * 16 + hex(from[2]));
            from += 2;
        } else if (*from != '\\' || to - from < 2 || !ispunct((unsigned char)from[1])) {
            *out++ = *from;
        }
    }
    *out = 0;
    if (!*target || leads_out(target))
        return PFL_OK;
    return pfl_prose_add(scan, PFL_PROSE_LINK, begin, target);
}

/* Where a target ends that has no <> around it: at a blank, or the bracket that is not its own. */
static const char *end_of_target(const char *at, const char *end)
{
    int depth = 0;

    for (; at < end && !isspace((unsigned char)*at); at++) {
        if (*at == '\\' && at + 1 < end)
            at++;
        else if (*at == '(')
            depth++;
        else if (*at == ')' && depth-- == 0)
            break;
    }
    return at < end ? at : end;
}

int pfl_prose_link(struct pfl_prose_scan *scan, const char **at, bool in_text)
{
    const char *end = scan->line_end, *from = *at, *to, *close;

    while (from < end && (*from == ' ' || *from == '\t'))
        from++;
    if (from < end && *from == '<') {
        from++;
        to = memchr(from, '>', (size_t)(end - from));
    } else {
        to = end_of_target(from, end);
    }
    close = !to ? NULL : in_text ? memchr(to, ')', (size_t)(end - to)) : end;
    if (!close)
        return PFL_OK;
    *at = in_text ? close + 1 : end;
    return add_target(scan, from, to);
}

static const char *behind_name(const char *at, const char *end)
{
    if (at == end || !(isalpha((unsigned char)*at) || *at == '_' || *at == ':'))
        return NULL;
    while (at < end && (isalnum((unsigned char)*at) || (*at && strchr("_:.-", *at))))
        at++;
    return at;
}

static const char *behind_space(const char *at, const char *end)
{
    while (at < end && isspace((unsigned char)*at))
        at++;
    return at;
}

struct attribute {
    const char *name, *name_end, *value, *value_end;
};

/* Behind "= value", with the value; behind the name when there is none; NULL: broken. */
static const char *behind_value(const char *at, const char *end, struct attribute *attribute)
{
    const char *from = behind_space(at, end), *close;

    if (from == end || *from != '=')
        return at;
    from = behind_space(from + 1, end);
    if (from == end)
        return NULL;
    if (*from == '"' || *from == '\'') {
        close = memchr(from + 1, *from, (size_t)(end - from - 1));
        attribute->value = from + 1;
        attribute->value_end = close;
        return close ? close + 1 : NULL;
    }
    for (close = from; close < end && !isspace((unsigned char)*close) && *close != '>';)
        close++;
    attribute->value = from;
    attribute->value_end = close;
    return close == from ? NULL : close;
}

static bool is_called(const struct attribute *attribute, const char *name)
{
    size_t len = (size_t)(attribute->name_end - attribute->name);

    return attribute->value && len == strlen(name) && memcmp(attribute->name, name, len) == 0;
}

/* scan may be NULL. */
static const char *read_tag(struct pfl_prose_scan *scan, const char *at, const char *end, int *rc)
{
    struct attribute attribute;
    const char *next;

    if (at == end || *at != '<')
        return NULL;
    at += 1 + (at + 1 < end && at[1] == '/');
    at = behind_name(at, end);
    while (at) {
        next = behind_space(at, end);
        if (next < end && *next == '>')
            return next + 1;
        if (end - next > 1 && next[0] == '/' && next[1] == '>')
            return next + 2;
        if (next == at) /* attributes stand behind blanks */
            return NULL;
        attribute = (struct attribute){.name = next};
        at = attribute.name_end = behind_name(next, end);
        at = at ? behind_value(at, end, &attribute) : NULL;
        if (at && scan && *rc == PFL_OK &&
            (is_called(&attribute, "href") || is_called(&attribute, "src")))
            *rc = add_target(scan, attribute.value, attribute.value_end);
    }
    return NULL;
}

const char *pfl_prose_behind_tag(const char *at, const char *end)
{
    return read_tag(NULL, at, end, NULL);
}

int pfl_prose_tag(struct pfl_prose_scan *scan, const char **at)
{
    int rc = PFL_OK;

    /* twice: what is no tag has no links */
    if (!pfl_prose_behind_tag(*at, scan->line_end)) {
        ++*at;
        return PFL_OK;
    }
    *at = read_tag(scan, *at, scan->line_end, &rc);
    return rc;
}
