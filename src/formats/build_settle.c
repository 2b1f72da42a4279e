/*
 * What is decided once all of a benchmark is known: parameters by name, results that cannot be told
 * apart, and launches. Everything here takes time in proportion to what there is.
 */
#include "formats/build_settle.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct pfl_pair *)a)->name, ((const struct pfl_pair *)b)->name);
}

/* By name; of several of one name the last stands, as JSON's readers have it. */
void pfl_build_settle_pairs(struct pfl_build *b, struct pfl_build_pairs *pairs)
{
    struct pfl_map places;
    size_t i, n = 0, *place;

    pfl_map_init(&places);
    for (i = 0; i < pairs->n; i++) {
        place = pfl_map_get(&places, pairs->at[i].name);
        if (place) {
            pairs->at[*place] = pairs->at[i];
            continue;
        }
        if (pairs->n > 1 && !pfl_map_set(&places, pairs->at[i].name, n))
            b->no_memory = true;
        pairs->at[n++] = pairs->at[i];
    }
    pairs->n = n;
    pfl_map_release(&places);
    if (n > 1)
        qsort(pairs->at, n, sizeof *pairs->at, by_name);
}

/* Two results of one metric and variant cannot be told apart: the later one is METRIC#2. */
void pfl_build_settle_results(struct pfl_build *b)
{
    struct pfl_map seen;
    size_t i, *times;
    const char *key;

    pfl_map_init(&seen);
    for (i = 0; i < b->results.n && b->results.n > 1 && !b->no_memory; i++) {
        struct pfl_result *result = &b->results.at[i];

        key = *result->variant
                  ? pfl_arena_format(&b->arena, "%s\xff%s", result->metric, result->variant)
                  : result->metric;
        times = key ? pfl_map_get(&seen, key) : NULL;
        if (times) {
            pfl_build_warn_at(b, 0, 0,
                              "%.200s has %.200s several times: this one is kept as %.200s#%zu",
                              b->benchmarks.at[b->benchmarks.n - 1].name, result->metric,
                              result->metric, *times + 1);
            result->metric = pfl_arena_format(&b->arena, "%s#%zu", result->metric, ++*times);
            i -= result->metric != NULL; /* that may be taken, too */
        } else if (!key || !pfl_map_set(&seen, key, 1)) {
            b->no_memory = true;
        }
        b->no_memory = b->no_memory || !result->metric;
    }
    pfl_map_release(&seen);
}

/* The processes that the file knows of: nothing is known of them but their numbers. */
static void make_launches(struct pfl_build *b, struct pfl_benchmark *bench, size_t launches)
{
    size_t i;

    bench->launches = pfl_arena_array(&b->arena, launches, sizeof *bench->launches);
    if (!bench->launches) {
        b->no_memory = true;
        return;
    }
    bench->launch_count = launches;
    for (i = 0; i < launches; i++)
        bench->launches[i] = (struct pfl_launch){.round = (uint32_t)i, .position = (uint32_t)i};
}

/* How many launches there are: 0 where no result knows of any. Where one does, the values of those
 * that do not are of one launch each, from the first on. */
static size_t count_launches(struct pfl_build *b, struct pfl_benchmark *bench)
{
    size_t i, k, launches = 0;

    for (i = 0; i < bench->result_count; i++) {
        const struct pfl_result *result = &bench->results[i];

        for (k = 0; result->launch_of && k < result->n; k++)
            if (result->launch_of[k] >= launches)
                launches = (size_t)result->launch_of[k] + 1;
    }
    for (i = 0; launches && i < bench->result_count; i++) {
        struct pfl_result *result = &bench->results[i];

        if (result->launch_of || result->n == 0)
            continue;
        result->launch_of = pfl_arena_array(&b->arena, result->n, sizeof *result->launch_of);
        b->no_memory = b->no_memory || !result->launch_of;
        for (k = 0; result->launch_of && k < result->n; k++)
            result->launch_of[k] = (uint32_t)k;
        if (result->n > launches)
            launches = result->n;
    }
    return launches;
}

void pfl_build_settle_launches(struct pfl_build *b, struct pfl_benchmark *bench)
{
    size_t launches = count_launches(b, bench);

    if (launches)
        make_launches(b, bench, launches);
}
