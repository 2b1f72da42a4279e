/* Which benchmarks the words of `run SELECT…` mean. */
#ifndef PFL_MEASURE_SELECT_H
#define PFL_MEASURE_SELECT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "model/plan.h"

struct pfl_selection {
    const char *const *words;
    size_t n;
    int *lowest_tier; /* per word: the lowest tier of what it matched; PFL_TIER_COUNT = nothing yet
                       */
    size_t *globs;    /* the words that hold a pattern */
    size_t glob_count;
    struct pfl_map
        exact; /* the others → their place, so that 10,000 names are no quadratic affair */
};

/* PFL_ENOMEM only. words are borrowed. Release also after a failure. */
int pfl_selection_init(struct pfl_selection *selection, const char *const *words, size_t n,
                       struct pfl_arena *arena, struct pfl_err *err);
void pfl_selection_release(struct pfl_selection *selection);

/* Is this benchmark wanted? Notes the tier of every word that matched. No words: everything is
 * wanted. */
bool pfl_selection_takes(struct pfl_selection *selection, const char *name, const char *suite,
                         enum pfl_tier tier);

/* The same for a program whose benchmarks inside only it knows, all called `base`/…: a word may
 * mean all of them, or some. *words: those that mean some, newline-separated; "": all are wanted.
 * NULL: no memory. */
struct pfl_selection_program {
    const char *name, *suite, *base;
    enum pfl_tier tier;
};
bool pfl_selection_takes_inside(struct pfl_selection *selection,
                                const struct pfl_selection_program *program,
                                struct pfl_arena *arena, const char **words);

/* PFL_ENOENT when a word matched nothing, or nothing up to `tier`; known: the names to guess from.
 */
int pfl_selection_check(const struct pfl_selection *selection, enum pfl_tier tier,
                        const char *const *known, size_t known_count, struct pfl_err *err);

/* The error of a word that nothing matches. */
int pfl_selection_nothing(const char *word, const char *const *known, size_t known_count,
                          struct pfl_err *err);

#endif
