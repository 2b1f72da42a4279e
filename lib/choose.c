/*
 * Which cases run: what the options' patterns select, less what they exclude, and of that what
 * perfledger asks for (PERFLEDGER_SELECT less PERFLEDGER_EXCLUDE, one glob a line, under the
 * suite's name). A pattern of a
 * person that matches nothing is an error, with the names that come near: a typing error must not
 * look like a benchmark that runs in no time. perfledger's patterns are for all suites at once, so
 * there nothing is fine.
 */
#include "program.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { CHOOSE_NEAR = 5, CHOOSE_PATTERN = 256 };

static bool choose_any(const struct pfl_lib_case *c, const char *const *patterns, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (pfl_lib_case_selected(c, patterns[i], NULL))
            return true;
    return false;
}

/* The glob's letters, in lower case: what the person remembers of the name. */
static void choose_letters(const char *pattern, char *out, size_t room)
{
    size_t n = 0;

    for (; *pattern && n + 1 < room; pattern++)
        if (*pattern != '*' && *pattern != '?')
            out[n++] = (char)tolower((unsigned char)*pattern);
    out[n] = 0;
}

/* How far the name of a benchmark is from it: 0 holds it; 99 has nothing to do with it. */
static size_t choose_distance(const char *bench, const char *letters)
{
    char name[CHOOSE_PATTERN];
    const char *plain, *last;
    size_t whole, part, limit = strlen(letters) / 3 + 1;

    choose_letters(bench, name, sizeof name);
    plain = strchr(name, '/');
    plain = plain ? plain + 1 : name;
    if (*letters && strstr(name, letters))
        return 0;
    if (*plain && strstr(letters, plain))
        return 1;
    last = strrchr(letters, '/');
    whole = pfl_lib_distance(name, letters);
    part = pfl_lib_distance(plain, last ? last + 1 : letters);
    if (part < whole)
        whole = part;
    return whole <= limit ? whole : 99;
}

/* Up to five names that come near, the nearest first; all, when there are no more than that. */
static void choose_say_near(const struct pfl_lib_cases *all, const char *pattern)
{
    const char *near[CHOOSE_NEAR];
    size_t distance[CHOOSE_NEAR], n = 0, i, k;
    char letters[CHOOSE_PATTERN], text[1024];
    int len = 0;

    choose_letters(pattern, letters, sizeof letters);
    letters[strcspn(letters, "[")] = 0;
    for (i = 0; i < all->n; i++) {
        const char *bench = all->at[i].bench;
        size_t d = choose_distance(bench, letters);

        if (d == 99 || (i > 0 && strcmp(bench, all->at[i - 1].bench) == 0))
            continue;
        for (k = n < CHOOSE_NEAR ? n++ : CHOOSE_NEAR; k > 0 && distance[k - 1] > d; k--)
            if (k < CHOOSE_NEAR) {
                near[k] = near[k - 1];
                distance[k] = distance[k - 1];
            }
        if (k < CHOOSE_NEAR) {
            near[k] = bench;
            distance[k] = d;
        }
    }
    for (i = 0; i < n; i++)
        if (len < (int)sizeof text - 1)
            len += snprintf(text + len, sizeof text - (size_t)len, "%s%s", i ? ", " : "", near[i]);
    pfl_lib_say("no benchmark matches \"%s\"%s%s; --list shows all %zu", pattern,
                n ? "; near it: " : "", n ? text : "", all->n);
}

static bool choose_check(const struct pfl_lib_cases *all, const char *const *patterns, size_t n)
{
    bool good = true;
    size_t i, k;

    for (i = 0; i < n; i++) {
        for (k = 0; k < all->n && !pfl_lib_case_selected(&all->at[k], patterns[i], NULL); k++)
            ;
        if (k < all->n)
            continue;
        choose_say_near(all, patterns[i]);
        good = false;
    }
    return good;
}

/* By perfledger: one of its lines. */
static bool choose_named(const struct pfl_lib_case *c, const char *select, const char *suite)
{
    char pattern[PFL_LIB_NAME_MAX * 2];

    while (select && *select) {
        size_t len = strcspn(select, "\n");

        if (len > 0 && len < sizeof pattern) {
            memcpy(pattern, select, len);
            pattern[len] = 0;
            if (pfl_lib_case_selected(c, pattern, suite))
                return true;
        }
        select += len + (select[len] == '\n');
    }
    return false;
}

/* By perfledger: no pattern, or one; and none of those that it leaves out. */
static bool choose_wanted(const struct pfl_lib_case *c, const char *select, const char *suite)
{
    return (!select || !*select || choose_named(c, select, suite)) &&
           !choose_named(c, getenv("PERFLEDGER_EXCLUDE"), suite);
}

bool pfl_lib_choose(const struct pfl_lib_cases *all, const struct pfl_lib_options *options,
                    struct pfl_lib_cases *chosen)
{
    const char *select = getenv("PERFLEDGER_SELECT"), *suite = getenv("PERFLEDGER_SUITE");
    size_t i;

    if (!choose_check(all, options->patterns, options->pattern_count) ||
        !choose_check(all, options->excluded, options->excluded_count))
        return false;
    chosen->at = pfl_lib_alloc((all->n + 1) * sizeof *chosen->at);
    chosen->n = 0;
    for (i = 0; i < all->n; i++) {
        const struct pfl_lib_case *c = &all->at[i];

        if ((options->pattern_count == 0 ||
             choose_any(c, options->patterns, options->pattern_count)) &&
            !choose_any(c, options->excluded, options->excluded_count) &&
            choose_wanted(c, select, suite && *suite ? suite : NULL))
            chosen->at[chosen->n++] = *c;
    }
    return true;
}
