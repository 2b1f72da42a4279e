/* Thinning in the store's tests: what a thinned run must be, and ledgers of many runs. */
#ifndef TEST_STORE_THINNED_H
#define TEST_STORE_THINNED_H

#include "runs.h"

#include "store/store.h"

enum { THINNED_AT = 1234567890 };

/* What loading a run gives when it was thinned: no samples, no launches, all else to the last bit.
 */
PFL_UNUSED static struct pfl_run *thinned_run(struct pfl_arena *arena, uint64_t number,
                                              size_t benchmarks)
{
    struct pfl_run *run = make_run(arena, number, benchmarks);

    pfl_run_thin(run, THINNED_AT);
    return run;
}

/* The numbers first … first + n - 1 as ids. */
PFL_UNUSED static const char **ids_of(struct pfl_arena *arena, uint64_t first, size_t n)
{
    const char **ids = pfl_arena_array(arena, n, sizeof *ids);
    size_t i;

    for (i = 0; i < n; i++)
        ids[i] = make_run(arena, first + i, 1)->id;
    return ids;
}

PFL_UNUSED static int thin_numbers(struct pfl_store *store, uint64_t first, size_t n,
                                   struct pfl_store_thin_params params,
                                   struct pfl_store_thinned *done, struct pfl_err *err)
{
    struct pfl_arena arena;
    int code;

    pfl_arena_init(&arena);
    params.ids = ids_of(&arena, first, n);
    params.n = n;
    params.unix_ns = THINNED_AT;
    code = pfl_store_thin(store, &params, done, err);
    pfl_arena_release(&arena);
    return code;
}

#endif
