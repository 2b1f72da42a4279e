/*
 * What an entry of Google Benchmark is, and which benchmark it belongs to.
 *
 * Nothing forbids two benchmarks of one name (the same function registered twice, two templates
 * under one Name()), and their entries look like repetitions of one. Since 1.5.3 family_index and
 * per_family_instance_index tell them apart; where these are missing or the same (files that were
 * joined), a repetition_index, or an aggregate, that comes again begins another benchmark. The
 * second of a name is NAME#2. Older files tell neither: all entries of a name are repetitions.
 *
 * Before 1.4.1 entries had neither run_type nor run_name: an aggregate then is told by the end of
 * its name, if the name before it has repetitions or other aggregates.
 */
#include "formats/google_benchmark.h"

#include <math.h>
#include <string.h>

static enum pfl_gbench_kind kind_of_aggregate(const char *aggregate)
{
    static const struct {
        const char *name;
        enum pfl_gbench_kind kind;
    } kinds[] = {{"mean", PFL_GBENCH_MEAN},     {"median", PFL_GBENCH_MEDIAN},
                 {"stddev", PFL_GBENCH_STDDEV}, {"BigO", PFL_GBENCH_BIG_O},
                 {"RMS", PFL_GBENCH_RMS},       {"cv", PFL_GBENCH_CV}};
    size_t i;

    for (i = 0; i < PFL_COUNT(kinds); i++)
        if (strcmp(aggregate, kinds[i].name) == 0)
            return kinds[i].kind;
    return PFL_GBENCH_OTHER;
}

enum pfl_gbench_kind pfl_gbench_kind(const struct pfl_gbench_entry *e)
{
    if (*e->big_o || strcmp(e->aggregate, "BigO") == 0)
        return PFL_GBENCH_BIG_O;
    if (!isnan(e->rms) || strcmp(e->aggregate, "RMS") == 0)
        return PFL_GBENCH_RMS;
    if (strcmp(e->run_type, "aggregate") == 0 || *e->aggregate)
        return kind_of_aggregate(e->aggregate);
    return PFL_GBENCH_ITERATION;
}

enum pfl_gbench_kind pfl_gbench_kind_by_name(const struct pfl_gbench_entry *e, size_t *stem)
{
    const char *end = strrchr(e->name, '_');

    *stem = end ? (size_t)(end - e->name) : 0;
    if (!end || end == e->name || *e->run_type || *e->run_name)
        return PFL_GBENCH_ITERATION;
    switch (kind_of_aggregate(end + 1)) {
    case PFL_GBENCH_OTHER: return PFL_GBENCH_ITERATION;
    default: return kind_of_aggregate(end + 1);
    }
}

const char *pfl_gbench_subject(struct pfl_build *b, const struct pfl_gbench_entry *e)
{
    size_t stem;
    char *text;

    if (*e->run_name)
        return e->run_name;
    if (pfl_gbench_kind(e) == PFL_GBENCH_ITERATION ||
        pfl_gbench_kind_by_name(e, &stem) == PFL_GBENCH_ITERATION)
        return e->name;
    text = pfl_arena_text_n(&b->arena, e->name, stem);
    return text ? text : pfl_build_keep(b, NULL);
}

/* ---- which of those that are called so ---- */

/* The same for entries of which a benchmark has one each; NULL: this one does not say. */
static const char *slot_of(struct pfl_build *b, const struct pfl_gbench_entry *e,
                           const char *identity)
{
    if (pfl_gbench_kind(e) != PFL_GBENCH_ITERATION)
        return *e->run_type && *e->aggregate
                   ? pfl_arena_format(&b->arena, "%s\xff%s", identity, e->aggregate)
                   : NULL;
    return isnan(e->repetition)
               ? NULL
               : pfl_arena_format(&b->arena, "%s\xff%.17g", identity, e->repetition);
}

/* How many entries of this slot there were before. */
static size_t count_slot(struct pfl_build *b, struct pfl_gbench *d, const char *slot)
{
    size_t *times = slot ? pfl_map_get(&d->slots, slot) : NULL;

    if (times)
        return (*times)++;
    if (slot && !pfl_map_set(&d->slots, slot, 1))
        b->no_memory = true;
    return 0;
}

struct pfl_row_benchmark *pfl_gbench_benchmark(struct pfl_build *b, struct pfl_gbench *d,
                                               const struct pfl_gbench_entry *e)
{
    const char *name = pfl_gbench_subject(b, e), *identity, *key;
    const size_t *place;
    size_t copy;

    identity = pfl_arena_format(&b->arena, "%s\xff%.17g\xff%.17g", name, e->family, e->instance);
    copy = identity ? count_slot(b, d, slot_of(b, e, identity)) : 0;
    key = identity ? pfl_arena_format(&b->arena, "%s\xff%zu", identity, copy) : NULL;
    if (!key) {
        b->no_memory = true;
        return NULL;
    }
    place = pfl_map_get(&d->places, key);
    if (place)
        return b->no_memory ? NULL : &d->rows.benchmarks.at[*place];
    name = pfl_rows_unused(&d->rows, name, e->line);
    if (!pfl_map_set(&d->places, key, d->rows.benchmarks.n)) {
        b->no_memory = true;
        return NULL;
    }
    return pfl_rows_benchmark(&d->rows, name);
}

const struct pfl_row_benchmark *pfl_gbench_known(const struct pfl_gbench *d, const char *name)
{
    const size_t *at = pfl_map_get(&d->rows.names, name);

    return at ? &d->rows.benchmarks.at[*at] : NULL;
}
