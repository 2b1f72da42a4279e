/*
 * Which cases a pattern selects. Globs know * and ? only, for names are full of brackets, and both
 * cross slashes. Matched with one place to come back to, the last star (linear in practice, at
 * worst the product of the lengths).
 *
 * A group's bare name selects all in it, as a suite's does in perfledger; but not in what
 * perfledger asks for (a suite is given then), where a name without a slash is a suite's.
 */
#include "internal.h"

#include <string.h>

static bool patterns_glob(const char *pattern, const char *text)
{
    const char *star = NULL, *retry = NULL;

    while (*text) {
        if (*pattern == '*') {
            star = ++pattern;
            retry = text;
        } else if (*pattern == *text || *pattern == '?') {
            pattern++;
            text++;
        } else if (star) {
            pattern = star;
            text = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

static bool patterns_has_tag(const char *tags, const char *pattern)
{
    char word[PFL_LIB_NAME_MAX];
    size_t n;

    for (; *tags; tags += n) {
        tags += strspn(tags, " \t\n");
        n = strcspn(tags, " \t\n");
        if (n == 0 || n >= sizeof word)
            continue;
        memcpy(word, tags, n);
        word[n] = '\0';
        if (patterns_glob(pattern, word))
            return true;
    }
    return false;
}

/* "a/b" of a/b/c, and "a". */
static bool patterns_is_group(const char *pattern, const char *bench)
{
    const char *slash = bench;
    char group[PFL_LIB_NAME_MAX];

    while ((slash = strchr(slash, '/')) != NULL && (size_t)(slash - bench) < sizeof group) {
        memcpy(group, bench, (size_t)(slash - bench));
        group[slash++ - bench] = '\0';
        if (patterns_glob(pattern, group))
            return true;
    }
    return false;
}

bool pfl_lib_case_selected(const struct pfl_lib_case *c, const char *pattern, const char *suite)
{
    size_t n;

    if (strncmp(pattern, "tag:", 4) == 0)
        return patterns_has_tag(c->tags, pattern + 4);
    if (patterns_glob(pattern, c->name) || patterns_glob(pattern, c->bench))
        return true;
    if (!suite || !suite[0])
        return patterns_is_group(pattern, c->bench);
    n = strlen(suite);
    if (strncmp(pattern, suite, n) == 0 && pattern[n] == '/' &&
        (patterns_glob(pattern + n + 1, c->name) || patterns_glob(pattern + n + 1, c->bench)))
        return true;
    return patterns_glob(pattern, suite);
}
