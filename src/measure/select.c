/*
 * SELECT words are globs over identities (`*` and `?` cross `/`), and a bare suite name means all
 * of the suite. Every word must match something: a typo in a gate's command line must not turn into
 * "nothing measured, all fine". Words that match only benchmarks of a higher tier get the tier
 * named instead of a guess. Of a program with benchmarks inside nothing but the beginning of their
 * names is known; a word that may go on from there is passed on to the program, and what became of
 * it is seen later (flow/inside.c).
 */
#include "measure/select.h"

#include "base/text.h"

#include <string.h>

int pfl_selection_init(struct pfl_selection *s, const char *const *words, size_t n,
                       struct pfl_arena *arena, struct pfl_err *err)
{
    size_t i;

    *s = (struct pfl_selection){.words = words, .n = n};
    pfl_map_init(&s->exact);
    s->lowest_tier = pfl_arena_array(arena, n, sizeof *s->lowest_tier);
    s->globs = pfl_arena_array(arena, n, sizeof *s->globs);
    if (!s->lowest_tier || !s->globs)
        return pfl_err_no_memory(err);
    for (i = 0; i < n; i++) {
        s->lowest_tier[i] = PFL_TIER_COUNT;
        if (strpbrk(words[i], "*?\\"))
            s->globs[s->glob_count++] = i;
        else if (!pfl_map_set(&s->exact, words[i], i))
            return pfl_err_no_memory(err);
    }
    return PFL_OK;
}

void pfl_selection_release(struct pfl_selection *s)
{
    if (s)
        pfl_map_release(&s->exact);
}

static void note(struct pfl_selection *s, size_t word, enum pfl_tier tier)
{
    if ((int)tier < s->lowest_tier[word])
        s->lowest_tier[word] = (int)tier;
}

bool pfl_selection_takes(struct pfl_selection *s, const char *name, const char *suite,
                         enum pfl_tier tier)
{
    const size_t *by_name = pfl_map_get(&s->exact, name), *by_suite = pfl_map_get(&s->exact, suite);
    bool takes = s->n == 0 || by_name || by_suite;
    size_t i;

    if (by_name)
        note(s, *by_name, tier);
    if (by_suite)
        note(s, *by_suite, tier);
    for (i = 0; i < s->glob_count; i++) {
        const char *glob = s->words[s->globs[i]];

        if (!pfl_text_glob(glob, name) && !pfl_text_glob(glob, suite))
            continue;
        note(s, s->globs[i], tier);
        takes = true;
    }
    return takes;
}

/* Could something that begins with `prefix` match the pattern? Some beginning of the pattern has to
 * match the prefix as a whole; what follows is then up to the rest of the name. Places in the
 * prefix that the pattern may have come to are bits of a row (Thompson, CACM 11, 1968). */
static bool can_begin(const char *pattern, const char *prefix, bool *places, bool *next)
{
    size_t len = strlen(prefix), i;

    memset(places, 0, (len + 1) * sizeof *places);
    places[0] = true;
    for (; *pattern; pattern++) {
        bool *swap = places, any = false;

        if (places[len])
            return true;
        if (*pattern == '*') {
            for (i = 1; i <= len; i++)
                places[i] = places[i] || places[i - 1];
            continue;
        }
        if (*pattern == '\\' && pattern[1])
            pattern++;
        for (i = 0, next[0] = false; i < len; i++) {
            next[i + 1] = places[i] && (*pattern == prefix[i] || *pattern == '?');
            any = any || next[i + 1];
        }
        if (!any)
            return false;
        places = next;
        next = swap;
    }
    return false; /* it ends with the prefix at most: no name inside does */
}

bool pfl_selection_takes_inside(struct pfl_selection *s,
                                const struct pfl_selection_program *program,
                                struct pfl_arena *arena, const char **words)
{
    const char *prefix = pfl_arena_format(arena, "%s/", program->base), *all = "";
    size_t room = prefix ? strlen(prefix) + 1 : 0, i;
    bool *places = pfl_arena_array(arena, 2 * room, sizeof *places);

    *words = NULL;
    if (!prefix || !places)
        return false;
    *words = "";
    if (pfl_selection_takes(s, program->name, program->suite, program->tier))
        return true;
    for (i = 0; i < s->n && all; i++) {
        if (!can_begin(s->words[i], prefix, places, places + room))
            continue;
        note(s, i, program->tier);
        all = pfl_arena_format(arena, "%s%s%s", all, *all ? "\n" : "", s->words[i]);
    }
    *words = all;
    return all && *all;
}

int pfl_selection_nothing(const char *word, const char *const *known, size_t n, struct pfl_err *err)
{
    const char *nearest = pfl_text_nearest(word, known, n);

    if (nearest)
        return pfl_err_set(err, PFL_ENOENT,
                           "selecting \"%s\": no benchmark or suite is called that; did you mean "
                           "\"%s\"?",
                           word, nearest);
    return pfl_err_set(err, PFL_ENOENT,
                       "selecting \"%s\": no benchmark or suite matches it; `perfledger run "
                       "--list` shows them all",
                       word);
}

int pfl_selection_check(const struct pfl_selection *s, enum pfl_tier tier, const char *const *known,
                        size_t known_count, struct pfl_err *err)
{
    size_t i;

    for (i = 0; i < s->n; i++) {
        const char *word = s->words[i];
        const size_t *same = pfl_map_get(&s->exact, word);
        int lowest = s->lowest_tier[same ? *same : i]; /* a word given twice counts once */

        if (lowest == PFL_TIER_COUNT)
            return pfl_selection_nothing(word, known, known_count, err);
        if (lowest > (int)tier)
            return pfl_err_set(err, PFL_ENOENT,
                               "selecting \"%s\": it is in the tier %s, beyond %s; add --tier %s",
                               word, pfl_tier_text((enum pfl_tier)lowest), pfl_tier_text(tier),
                               pfl_tier_text((enum pfl_tier)lowest));
    }
    return PFL_OK;
}
