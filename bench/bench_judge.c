/*
 * How long a comparison takes: 1,000 benchmarks × 8 metrics × 10 launches, 20 gates; the best of 20
 * comparisons, and pfl_judge_summarise() beside it. Bar: 15 ms for the comparison.
 *
 *     build/release/bench_judge
 */
#include "judge/judge.h"
#include "stats/stats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BENCHMARKS = 1000, LAUNCHES = 10, GATES = 20, REPEATS = 20 };

static const char *const metrics[] = {
    "time", "cpu", "user", "sys", "peak_rss", "page_faults", "instructions", "context_switches"};

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void fill_result(struct pfl_arena *arena, struct pfl_random *random, const char *name,
                        struct pfl_result *result)
{
    const struct pfl_metric *metric = pfl_metric_find(name);
    size_t i;

    result->metric = name;
    result->unit = metric->unit;
    result->better = metric->better;
    result->variant = "";
    result->n = LAUNCHES;
    result->values = pfl_arena_array(arena, LAUNCHES, sizeof *result->values);
    for (i = 0; i < LAUNCHES; i++)
        result->values[i] = 0.01 * (1 + 0.1 * pfl_random_unit(random));
}

static struct pfl_run *make_run(struct pfl_arena *arena, uint64_t seed)
{
    struct pfl_run *run = pfl_arena_alloc(arena, sizeof *run);
    struct pfl_random random;
    size_t i, j;

    pfl_random_seed(&random, seed);
    run->id = "0123456789abcdef";
    run->label = run->selection = run->tier = "";
    run->machine.fingerprint = "f";
    run->machine.name = "auto";
    run->revision = (struct pfl_revision){"c", "", "", "", "", 0, false};
    run->benchmark_count = BENCHMARKS;
    run->benchmarks = pfl_arena_array(arena, BENCHMARKS, sizeof *run->benchmarks);
    for (i = 0; i < BENCHMARKS; i++) {
        struct pfl_benchmark *bench = &run->benchmarks[i];

        bench->name =
            pfl_arena_format(arena, "suite%zu/case[seed=%zu,size=%zu]", i % 10, i / 100, i);
        bench->suite = bench->command = bench->definition = bench->reason = bench->tier =
            bench->work_unit = "";
        bench->result_count = PFL_COUNT(metrics);
        bench->results = pfl_arena_array(arena, PFL_COUNT(metrics), sizeof *bench->results);
        bench->launch_count = LAUNCHES;
        bench->launches = pfl_arena_array(arena, LAUNCHES, sizeof *bench->launches);
        for (j = 0; j < PFL_COUNT(metrics); j++)
            fill_result(arena, &random, metrics[j], &bench->results[j]);
    }
    pfl_run_sort(run);
    return run;
}

static void make_policy(struct pfl_policy *policy, struct pfl_gate gates[GATES],
                        struct pfl_arena *arena)
{
    size_t i;

    pfl_policy_defaults(policy);
    for (i = 0; i < GATES; i++) {
        gates[i] = (struct pfl_gate){.match = i ? pfl_arena_format(arena, "suite%zu/*", i) : "*",
                                     .metric = "time"};
        gates[i].max_regression = 0.10;
        gates[i].max = gates[i].min = gates[i].max_ratio = gates[i].min_ratio = NAN;
    }
    policy->gates = gates;
    policy->gate_count = GATES;
}

int main(void)
{
    struct pfl_gate gates[GATES];
    struct pfl_policy policy;
    struct pfl_arena arena;
    struct pfl_run *base, *head;
    double best = INFINITY, summarise, started;
    size_t i, rows = 0;

    pfl_arena_init(&arena);
    base = make_run(&arena, 1);
    head = make_run(&arena, 2);
    make_policy(&policy, gates, &arena);
    started = now_ms();
    if (pfl_judge_summarise(base, NULL) < 0 || pfl_judge_summarise(head, NULL) < 0)
        return EXIT_FAILURE;
    summarise = (now_ms() - started) / 2;
    for (i = 0; i < REPEATS; i++) {
        struct pfl_judge_params params = {
            .base = base, .head = head, .policy = &policy, .gated = true};
        struct pfl_comparison out;
        struct pfl_arena scratch;

        pfl_arena_init(&scratch);
        started = now_ms();
        if (pfl_judge_compare(&params, &scratch, &out, NULL) < 0)
            return EXIT_FAILURE;
        best = fmin(best, now_ms() - started);
        rows = out.row_count;
        pfl_arena_release(&scratch);
    }
    printf("summarise a run of %d x %zu: %.1f ms\ncompare two of them, %zu rows, %d gates: %.1f ms "
           "(bar: 15)\n",
           BENCHMARKS, PFL_COUNT(metrics), summarise, rows, GATES, best);
    pfl_arena_release(&arena);
    return EXIT_SUCCESS;
}
