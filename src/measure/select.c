/*
 * SELECT words are globs over identities (`*` and `?` cross `/`), and a bare suite name means all
 * of the suite. Every word must match something: a typo in a gate's command line must not turn into
 * "nothing measured, all fine". Words that match only benchmarks of a higher tier get the tier
 * named instead of a guess.
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

static int matched_nothing(const char *word, const char *const *known, size_t n,
                           struct pfl_err *err)
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
            return matched_nothing(word, known, known_count, err);
        if (lowest > (int)tier)
            return pfl_err_set(err, PFL_ENOENT,
                               "selecting \"%s\": it is in the tier %s, beyond %s; add --tier %s",
                               word, pfl_tier_text((enum pfl_tier)lowest), pfl_tier_text(tier),
                               pfl_tier_text((enum pfl_tier)lowest));
    }
    return PFL_OK;
}
