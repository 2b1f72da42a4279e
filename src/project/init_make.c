/*
 * The program that a Makefile links: what stands behind a linker's -o, or else the target of a rule
 * without a recipe whose prerequisites are objects or sources (make's built-in rule links those).
 *
 * Lines are looked at one by one, as make does; of variables only plain assignments and $@ are
 * followed, a few levels deep. A word that needs more of make than that is no answer.
 */
#include "project/init_scan.h"

#include <string.h>

enum { DEPTH_MAX = 4 };

struct word {
    char text[PFL_INIT_PROGRAM_MAX + 1];
    size_t len;
};

static const char *next_line(const char *text)
{
    text += strcspn(text, "\n");
    return *text ? text + 1 : text;
}

/* The value of `NAME = value` (also := and ?=), without its comment; 0: none. */
static size_t value_of(const char *text, const char *name, size_t name_len, const char **start)
{
    const char *line, *at;
    size_t len;

    for (line = text; *line; line = next_line(line)) {
        if (strncmp(line, name, name_len) != 0)
            continue;
        at = line + name_len + strspn(line + name_len, " \t");
        at += strspn(at, ":?");
        if (*at != '=')
            continue;
        *start = at + 1 + strspn(at + 1, " \t");
        len = strcspn(*start, "#\r\n");
        while (len > 0 && strchr(" \t", (*start)[len - 1]))
            len--;
        return len;
    }
    return 0;
}

static bool add(struct word *word, const char *bytes, size_t len)
{
    if (len > PFL_INIT_PROGRAM_MAX - word->len)
        return false;
    memcpy(word->text + word->len, bytes, len);
    word->len += len;
    word->text[word->len] = 0;
    return true;
}

/* Appends `from` with its variables replaced; false when it cannot be known. */
static bool expand(const char *makefile, const char *from, size_t len, const struct word *target,
                   int depth, struct word *to)
{
    const char *end = from + len, *close, *value = NULL;
    size_t n;

    while (from < end) {
        n = 0;
        while (from + n < end && from[n] != '$')
            n++;
        if (!add(to, from, n))
            return false;
        from += n;
        if (from == end)
            return true;
        if (end - from >= 2 && from[1] == '@' && target) {
            if (!add(to, target->text, target->len))
                return false;
            from += 2;
            continue;
        }
        close = end - from >= 2 && strchr("({", from[1])
                    ? memchr(from, from[1] == '(' ? ')' : '}', (size_t)(end - from))
                    : NULL;
        if (!close || depth == DEPTH_MAX)
            return false;
        n = value_of(makefile, from + 2, (size_t)(close - from - 2), &value);
        if (n == 0 || !expand(makefile, value, n, NULL, depth + 1, to))
            return false;
        from = close + 1;
    }
    return true;
}

/* The first word of a rule's line before its colon; false when the line is no rule. */
static bool read_target(const char *makefile, const char *line, struct word *target,
                        const char **behind)
{
    size_t line_len = strcspn(line, "\n"), len = strcspn(line, ":=\n"), first;

    if (strchr("#.\t \n", *line) || line[len] != ':' || strchr("=:", line[len + 1]) ||
        memchr(line, '=', line_len) || memchr(line, '%', line_len))
        return false;
    *behind = line + len + 1;
    first = strcspn(line, " \t:");
    if (first < len && line[first] != ':' && strspn(line + first, " \t") != len - first)
        return false; /* several targets */
    *target = (struct word){.len = 0};
    return expand(makefile, line, first, NULL, 0, target);
}

/* The word behind -o in a line that links (does not only compile). */
static bool linked(const char *makefile, const char *line, const struct word *target,
                   struct word *word)
{
    size_t line_len = strcspn(line, "\n");
    const char *end = line + line_len, *at, *compiles = strstr(line, " -c ");

    if (compiles && compiles < end)
        return false;
    at = strstr(line, " -o ");
    if (!at || at >= end)
        return false;
    at += 4 + strspn(at + 4, " ");
    *word = (struct word){.len = 0};
    return expand(makefile, at, strcspn(at, " \t\r\n;&|"), target, 0, word);
}

static bool holds(const char *text, size_t len, const char *what)
{
    const char *found = strstr(text, what);

    return found && found < text + len;
}

static bool is_linked_by_make(const char *prerequisites)
{
    size_t len = strcspn(prerequisites, "\n");
    const char *next = next_line(prerequisites);

    return *next != '\t' && (holds(prerequisites, len, ".o") || holds(prerequisites, len, ".c"));
}

static bool answer(const struct word *word, char name[PFL_INIT_PROGRAM_MAX + 1])
{
    const char *text = strncmp(word->text, "./", 2) == 0 ? word->text + 2 : word->text;
    const char *slash = strrchr(text, '/');

    if (!pfl_init_is_program(text, strlen(text)) || strchr(slash ? slash : text, '.'))
        return false; /* lib.so, main.o: no program */
    memcpy(name, text, strlen(text) + 1);
    return true;
}

bool pfl_init_make_program(const char *text, char name[PFL_INIT_PROGRAM_MAX + 1])
{
    struct word target = {.len = 0}, word;
    const char *line, *behind;
    bool known = false;

    for (line = text; *line; line = next_line(line)) {
        if (*line == '\t') {
            if (linked(text, line, known ? &target : NULL, &word) && answer(&word, name))
                return true;
        } else if (*line != '\n' && *line != '#') {
            known = read_target(text, line, &target, &behind);
        }
    }
    for (line = text; *line; line = next_line(line))
        if (read_target(text, line, &target, &behind) && is_linked_by_make(behind) &&
            answer(&target, name))
            return true;
    return false;
}
