/*
 * Planning a suite with a foreign harness.
 *
 * A launch of a harness runs everything inside it, and starting it alone may take a second. So
 * fewer launches than of a command: six, the fewest whose extremes hold the median with 95 % (two
 * times one half to the sixth is 3 %). No launch is for warming up: harnesses warm up by
 * themselves. And a launch may take ten minutes.
 */
#include "measure/foreign.h"

#include <string.h>

enum { ROUNDS = 6 };

#define TIMEOUT_NS (INT64_C(600) * 1000000000)

static int refuse(const struct pfl_source *source, const struct pfl_plan_item *item,
                  const struct pfl_harness *harness, struct pfl_err *err)
{
    if (source->suite->work_value)
        return pfl_source_fail(source, err, PFL_ECONFIG,
                               "work: is for commands; what its benchmarks do per second %s "
                               "reports itself",
                               harness->name);
    if ((source->suite->how.set & PFL_HOW_MEMORY_TREE) && item->how.memory_tree)
        return pfl_source_fail(
            source, err, PFL_ECONFIG,
            "memory: tree is for commands; the memory of %s as a whole says nothing "
            "of the benchmarks inside it",
            harness->name);
    return PFL_OK;
}

int pfl_foreign_plan(const struct pfl_source *source, struct pfl_plan_item *item,
                     const char *select, struct pfl_err *err)
{
    const struct pfl_harness *harness = pfl_harness_find(source->suite->harness);
    struct pfl_how *how = &item->how;
    int rc = refuse(source, item, harness, err);

    if (rc != PFL_OK)
        return rc;
    item->select = select;
    item->harness = harness->name;
    how->memory_tree = false;
    if (!(how->set & PFL_HOW_WARMUP))
        how->warmup = 0;
    if (!(how->set & PFL_HOW_ROUNDS) && how->rounds > 0) {
        how->rounds = ROUNDS;
        if ((how->set & PFL_HOW_MIN_ROUNDS) && how->min_rounds > how->rounds)
            how->rounds = how->min_rounds;
    }
    if (!(how->set & PFL_HOW_TIMEOUT))
        how->timeout_ns = TIMEOUT_NS;
    return PFL_OK;
}

bool pfl_foreign_skips(const struct pfl_plan_item *item)
{
    return item->harness && !item->how.shell && !strchr(item->argv[0], '/');
}

const char *pfl_foreign_inner(struct pfl_arena *arena, const struct pfl_foreign *foreign,
                              const struct pfl_benchmark *bench)
{
    size_t len = bench->suite ? strlen(bench->suite) : 0;

    if (!foreign->command.qualify || len == 0 ||
        (strncmp(bench->name, bench->suite, len) == 0 && bench->name[len] == '/'))
        return bench->name;
    return pfl_arena_format(arena, "%s/%s", bench->suite, bench->name);
}

const char *pfl_foreign_name(struct pfl_arena *arena, const struct pfl_plan_item *item,
                             const char *inner, size_t len)
{
    const char *bracket = item->name + strlen(item->suite);

    if (!item->param_count)
        bracket = "";
    return pfl_arena_format(arena, "%s/%.*s%s", item->suite, (int)len, inner, bracket);
}
