/*
 * Change points of a series of 500 values, quiet and with a step of 10 %: what `perfledger changes`
 * does 10,000 times for a project of that many series. bench_changes.c has its false alarms and
 * power.
 */
#include "judge/changes.h"
#include "stats/stats.h"

#include <perfledger/perfledger.h>

#include <string.h>

enum { N = 500 };

/* AR(0.3), σ = 2 %. */
static void make(double *values, struct pfl_bench *b, bool step)
{
    double x = 0;
    size_t i;

    for (i = 0; i < N; i++) {
        x = 0.3 * x + pfl_stats_normal_quantile(pfl_rand_unit(b) + 0x1p-54);
        values[i] = (100 + 2 * x) * (step && i >= N / 2 ? 1.1 : 1);
    }
}

PFL_BENCH_ARGS(find, PFL_GROUP("changes"), PFL_ARGS(series, "quiet", "step"))
{
    bool step = strcmp(pfl_arg_text(b, "series"), "step") == 0;
    struct pfl_changes_finder *finder = pfl_changes_finder_new();
    double values[N];
    struct pfl_series series = {
        .benchmark = "b", .metric = "time", .variant = "", .unit = "s", .values = values, .n = N};
    struct pfl_changes_params params = {.series = &series};
    struct pfl_series_changes out = {0};

    make(values, b, step);
    PFL_LOOP(b)
    {
        struct pfl_arena arena;

        pfl_arena_init(&arena);
        pfl_judge_changes(finder, &params, &arena, &out, NULL);
        pfl_keep(out.change_count);
        pfl_arena_release(&arena);
    }
    pfl_validate(out.change_count == step, "the change was not found, or one that is none");
    pfl_items(b, N);
    pfl_changes_finder_free(finder);
}
