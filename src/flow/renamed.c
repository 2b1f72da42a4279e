/*
 * What was renamed is compared with itself. Runs and baselines keep the names they were recorded
 * under, so a base from before a renaming would be "missing" and the head "new".
 *
 * A name that both sides have is never touched, whatever aliases say: two runs from before the
 * renaming need no help. Of the others a benchmark of the base goes to the head's benchmark whose
 * newest name is the same (the head may be the older one, too), and where the head has none, to the
 * newest name itself: gates and selections speak of that. A name that the base has already is not
 * given a second time. The same then for the variants of each benchmark.
 */
#include "flow/renamed.h"

#include "store/alias.h"

#include <stdio.h>
#include <string.h>

struct renaming {
    struct pfl_flow *flow;
    struct pfl_store_aliases aliases;
    const struct pfl_run *head;
    struct pfl_renamed *out;
    struct pfl_map in_base, in_head; /* names → place */
    struct pfl_map newest;           /* newest name of what only the head has → place */
    size_t room;
};

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static bool index_names(struct pfl_map *map, const struct pfl_run *run)
{
    size_t i;

    for (i = 0; i < run->benchmark_count; i++)
        if (!pfl_map_set(map, run->benchmarks[i].name, i))
            return false;
    return true;
}

static bool index_newest(struct renaming *r)
{
    size_t i;

    for (i = 0; i < r->head->benchmark_count; i++) {
        const char *name = r->head->benchmarks[i].name,
                   *newest = pfl_store_newest_benchmark(&r->aliases, name);

        if (!pfl_map_get(&r->in_base, name) &&
            (same(newest, name) || !pfl_map_get(&r->newest, newest)) &&
            !pfl_map_set(&r->newest, newest, i))
            return false;
    }
    return true;
}

static bool note(struct renaming *r, const char *key, const char *was)
{
    struct pfl_renamed *out = r->out;
    const char **more;

    if (out->n == r->room) {
        r->room = r->room ? r->room * 2 : 16;
        more = pfl_arena_grow(r->flow->arena, out->names, out->n, r->room, sizeof *more);
        if (!more)
            return false;
        out->names = more;
    }
    out->names[out->n++] = was;
    return key && pfl_map_set(&out->was, key, out->n);
}

/* ---- variants ---- */

static const struct pfl_result *only_in(const struct pfl_benchmark *bench,
                                        const struct pfl_benchmark *other, size_t i)
{
    const struct pfl_result *result = &bench->results[i];

    return other && pfl_benchmark_find(other, result->metric, result->variant) ? NULL : result;
}

static const char *variant_for(const struct renaming *r, const struct pfl_benchmark *base,
                               const struct pfl_benchmark *head, const struct pfl_result *result)
{
    const char *name = pfl_store_newest_benchmark(&r->aliases, head ? head->name : base->name);
    const char *newest = pfl_store_newest_variant(&r->aliases, name, result->variant);
    size_t i;

    for (i = 0; head && i < head->result_count; i++) {
        const struct pfl_result *other = only_in(head, base, i);

        if (other && same(other->metric, result->metric) &&
            same(pfl_store_newest_variant(&r->aliases, name, other->variant), newest))
            return other->variant;
    }
    return pfl_benchmark_find(base, result->metric, newest) ? result->variant : newest;
}

static bool has_variant_aliases(const struct renaming *r)
{
    size_t i;

    for (i = 0; i < r->aliases.n; i++)
        if (r->aliases.at[i].variant)
            return true;
    return false;
}

/* The base's own results are not touched: they are copied when the first one changes. */
static bool rename_variants(struct renaming *r, struct pfl_benchmark *base,
                            const struct pfl_benchmark *head)
{
    struct pfl_result *copy = NULL;
    const struct pfl_benchmark before = *base;
    struct pfl_arena *arena = r->flow->arena;
    size_t i;

    for (i = 0; i < before.result_count; i++) {
        const struct pfl_result *result = only_in(&before, head, i);
        const char *to = result ? variant_for(r, &before, head, result) : NULL;

        if (!to || same(to, result->variant))
            continue;
        if (!copy && !(copy = pfl_arena_grow(arena, before.results, before.result_count,
                                             before.result_count, sizeof *copy)))
            return false;
        copy[i].variant = to;
        base->results = copy;
        if (!note(r, pfl_arena_format(arena, "%s\037%s", base->name, to), result->variant))
            return false;
    }
    return true;
}

/* ---- benchmarks ---- */

/* Its name in this comparison. */
static const char *name_for(const struct renaming *r, const char *name)
{
    const char *newest = pfl_store_newest_benchmark(&r->aliases, name);
    const size_t *place;

    if (pfl_map_get(&r->in_head, name))
        return name;
    place = pfl_map_get(&r->newest, newest);
    if (place)
        return r->head->benchmarks[*place].name;
    return pfl_map_get(&r->in_base, newest) || pfl_map_get(&r->in_head, newest) ? name : newest;
}

static bool rename_one(struct renaming *r, struct pfl_benchmark *bench, bool variants)
{
    const char *was = bench->name, *name = name_for(r, was);
    const size_t *place;

    /* Two old names of one new name: the first has it. */
    if (!same(name, was) && !pfl_map_get(&r->out->was, name)) {
        bench->name = name;
        r->out->benchmarks++;
        if (!r->out->first &&
            !(r->out->first = pfl_arena_format(r->flow->arena, "%s → %s", was, name)))
            return false;
        if (!note(r, name, was))
            return false;
    }
    place = variants ? pfl_map_get(&r->in_head, bench->name) : NULL;
    return !variants || rename_variants(r, bench, place ? &r->head->benchmarks[*place] : NULL);
}

static bool rename_all(struct renaming *r, const struct pfl_run *base)
{
    bool variants = has_variant_aliases(r);
    struct pfl_run *copy = pfl_arena_grow(r->flow->arena, base, 1, 1, sizeof *copy);
    size_t i;

    if (!copy || !index_names(&r->in_base, base) || !index_names(&r->in_head, r->head) ||
        !index_newest(r))
        return false;
    copy->benchmarks = pfl_arena_grow(r->flow->arena, base->benchmarks, base->benchmark_count,
                                      base->benchmark_count, sizeof *copy->benchmarks);
    if (!copy->benchmarks)
        return false;
    for (i = 0; i < copy->benchmark_count; i++)
        if (!rename_one(r, &copy->benchmarks[i], variants))
            return false;
    if (r->out->n) {
        pfl_run_sort(copy);
        r->out->base = copy;
    }
    return true;
}

int pfl_flow_rename_base(struct pfl_flow *flow, const struct pfl_run *base,
                         const struct pfl_run *head, struct pfl_renamed *renamed,
                         struct pfl_err *err)
{
    struct renaming r = {.flow = flow, .head = head, .out = renamed};
    struct pfl_store *store;
    int rc = PFL_OK;

    *renamed = (struct pfl_renamed){.base = (struct pfl_run *)base};
    pfl_map_init(&renamed->was);
    if (!base || base->benchmark_count == 0 ||
        pfl_flow_store(flow, PFL_FLOW_READ, &store, NULL) != PFL_OK)
        return PFL_OK;
    rc = pfl_store_alias_list(store, flow->arena, &r.aliases.at, &r.aliases.n, err);
    if (rc != PFL_OK || r.aliases.n == 0)
        return rc;
    pfl_map_init(&r.in_base);
    pfl_map_init(&r.in_head);
    pfl_map_init(&r.newest);
    if (!rename_all(&r, base))
        rc = pfl_err_no_memory(err);
    pfl_map_release(&r.in_base);
    pfl_map_release(&r.in_head);
    pfl_map_release(&r.newest);
    return rc;
}

void pfl_renamed_release(struct pfl_renamed *renamed)
{
    pfl_map_release(&renamed->was);
}

const char *pfl_renamed_was(void *context, const char *benchmark, const char *variant)
{
    const struct pfl_renamed *renamed = context;
    const size_t *place;
    char key[1024];

    if (renamed->n == 0)
        return NULL;
    if (!variant) {
        place = pfl_map_get(&renamed->was, benchmark);
    } else {
        snprintf(key, sizeof key, "%s\037%s", benchmark, variant);
        place = pfl_map_get(&renamed->was, key);
    }
    return place ? renamed->names[*place - 1] : NULL;
}
