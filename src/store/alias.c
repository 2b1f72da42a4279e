/*
 * Names that lead to newer ones. Benchmarks are followed first; then the variant, by the aliases of
 * that benchmark (under whichever of its names they were given), and where it has none, by those of
 * all benchmarks. As a name leads to one other and circles are refused, following ends; it is
 * bounded by the list's length all the same, for the ledger may have been edited by hand.
 *
 * Lists are short (a project renames a few things a year), so they are searched from end to end;
 * where two fit, the later one counts.
 */
#include "store/alias.h"

#include <string.h>

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static const struct pfl_store_alias *step(const struct pfl_store_aliases *aliases,
                                          const char *benchmark)
{
    size_t i;

    for (i = aliases->n; i-- > 0;)
        if (!aliases->at[i].variant && same(aliases->at[i].from, benchmark))
            return &aliases->at[i];
    return NULL;
}

static const char *follow(const struct pfl_store_aliases *aliases, const char *name, size_t *steps)
{
    const struct pfl_store_alias *next;

    for (*steps = 0; *steps < aliases->n && (next = step(aliases, name)); ++*steps)
        name = next->to;
    return name;
}

const char *pfl_store_newest_benchmark(const struct pfl_store_aliases *aliases, const char *name)
{
    size_t steps;

    return follow(aliases, name, &steps);
}

static const struct pfl_store_alias *step_variant(const struct pfl_store_aliases *aliases,
                                                  const char *benchmark, const char *variant)
{
    const struct pfl_store_alias *general = NULL;
    size_t i;

    for (i = aliases->n; i-- > 0;) {
        const struct pfl_store_alias *alias = &aliases->at[i];

        if (!alias->variant || !same(alias->from, variant))
            continue;
        if (alias->benchmark[0] &&
            same(pfl_store_newest_benchmark(aliases, alias->benchmark), benchmark))
            return alias;
        if (!alias->benchmark[0] && !general)
            general = alias;
    }
    return general;
}

static const char *follow_variant(const struct pfl_store_aliases *aliases, const char *benchmark,
                                  const char *variant, size_t *steps)
{
    const struct pfl_store_alias *next;

    for (*steps = 0; *steps < aliases->n && (next = step_variant(aliases, benchmark, variant));
         ++*steps)
        variant = next->to;
    return variant;
}

const char *pfl_store_newest_variant(const struct pfl_store_aliases *aliases,
                                     const char *newest_benchmark, const char *variant)
{
    size_t steps;

    return follow_variant(aliases, newest_benchmark, variant, &steps);
}

static bool add_name(struct pfl_store_name_list *names, const char *benchmark, const char *variant,
                     size_t rank)
{
    struct pfl_store_name name = {benchmark, variant, rank};
    size_t i;

    for (i = 0; i < names->n; i++)
        if (same(names->at[i].benchmark, benchmark) && same(names->at[i].variant, variant))
            return true;
    return pfl_vec_push(names, &name);
}

/* Of one benchmark's name: its variants that lead to the newest one. */
static bool add_variants(const struct pfl_store_aliases *aliases,
                         const struct pfl_store_name *newest, const struct pfl_store_name *name,
                         struct pfl_store_name_list *names)
{
    size_t i, steps;
    bool ok = add_name(names, name->benchmark, newest->variant, name->rank);

    for (i = 0; ok && i < aliases->n; i++) {
        const struct pfl_store_alias *alias = &aliases->at[i];

        if (alias->variant &&
            same(follow_variant(aliases, newest->benchmark, alias->from, &steps), newest->variant))
            ok = add_name(names, name->benchmark, alias->from, name->rank + steps);
    }
    return ok;
}

static void sort_by_rank(struct pfl_store_name_list *names)
{
    size_t i, j;

    for (i = 1; i < names->n; i++)
        for (j = i; j > 0 && names->at[j - 1].rank > names->at[j].rank; j--) {
            struct pfl_store_name name = names->at[j];

            names->at[j] = names->at[j - 1];
            names->at[j - 1] = name;
        }
}

/* The benchmark's names, the newest first: from each back to those that lead to it. Only names of
 * this chain are compared with the list, so that many aliases cost a series little. */
static bool add_benchmarks(const struct pfl_store_aliases *aliases, struct pfl_store_name newest,
                           struct pfl_store_name_list *chain)
{
    size_t i, k;
    bool ok = add_name(chain, newest.benchmark, "", 0);

    for (k = 0; ok && k < chain->n; k++)
        for (i = 0; ok && i < aliases->n; i++) {
            const struct pfl_store_alias *alias = &aliases->at[i];

            if (!alias->variant && same(alias->to, chain->at[k].benchmark) &&
                step(aliases, alias->from) == alias)
                ok = add_name(chain, alias->from, "", chain->at[k].rank + 1);
        }
    return ok;
}

bool pfl_store_names_of(const struct pfl_store_aliases *aliases, const char *benchmark,
                        const char *variant, struct pfl_store_name_list *names)
{
    struct pfl_store_name newest = {pfl_store_newest_benchmark(aliases, benchmark), NULL, 0};
    struct pfl_store_name_list chain = {0};
    size_t i;
    bool ok;

    newest.variant = pfl_store_newest_variant(aliases, newest.benchmark, variant);
    names->n = 0;
    ok = add_benchmarks(aliases, newest, &chain);
    for (i = 0; ok && i < chain.n; i++)
        ok = add_variants(aliases, &newest, &chain.at[i], names);
    pfl_vec_release(&chain);
    sort_by_rank(names);
    return ok;
}

/* Every alias is used once at most where there is no circle. */
static bool benchmark_ends(const struct pfl_store_aliases *aliases, const char *name)
{
    size_t steps;

    name = follow(aliases, name, &steps);
    return steps < aliases->n || !step(aliases, name);
}

static bool variant_ends(const struct pfl_store_aliases *aliases, const char *benchmark,
                         const char *variant)
{
    size_t steps;

    variant = follow_variant(aliases, benchmark, variant, &steps);
    return steps < aliases->n || !step_variant(aliases, benchmark, variant);
}

/* A benchmark's new name brings together what was said of the variants of both. */
static bool renaming_circles(const struct pfl_store_aliases *aliases, const char *to)
{
    size_t i;

    if (!benchmark_ends(aliases, to))
        return true;
    to = pfl_store_newest_benchmark(aliases, to);
    for (i = 0; i < aliases->n; i++)
        if (aliases->at[i].variant && !variant_ends(aliases, to, aliases->at[i].from))
            return true;
    return false;
}

bool pfl_store_aliases_circle(const struct pfl_store_aliases *aliases)
{
    const struct pfl_store_alias *last = &aliases->at[aliases->n - 1];
    size_t i;

    if (!last->variant)
        return renaming_circles(aliases, last->to);
    if (!variant_ends(aliases, pfl_store_newest_benchmark(aliases, last->benchmark), last->to))
        return true;
    for (i = 0; i < aliases->n && !last->benchmark[0];
         i++) { /* of all: of those that differ, too */
        const char *benchmark = aliases->at[i].benchmark;

        if (benchmark[0] &&
            !variant_ends(aliases, pfl_store_newest_benchmark(aliases, benchmark), last->to))
            return true;
    }
    return false;
}
