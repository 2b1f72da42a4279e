/* Runs for the judge's tests, put together by hand: everything lives in one arena. */
#ifndef PFL_TESTS_JUDGE_BUILD_H
#define PFL_TESTS_JUDGE_BUILD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/judge.h"
#include "stats/stats.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BUILD_BENCHMARKS = 1200, BUILD_RESULTS = 32 };

static inline struct pfl_run *build_run(struct pfl_arena *arena)
{
    struct pfl_run *run = pfl_arena_alloc(arena, sizeof *run);

    run->id = "0123456789abcdef";
    run->label = run->project = run->selection = "";
    run->tier = "smoke";
    run->kind = PFL_RUN_CONFIGURED;
    run->revision = (struct pfl_revision){"c0ffee", "main", "", "", "", 0, false};
    run->machine = (struct pfl_machine){"auto",  "m1",     "f1",  "Linux-x86_64-cpu",
                                        "host",  "Debian", "6.1", "x86_64",
                                        "CPU X", "perf",   "on",  "none",
                                        "none",  "glibc",  2,     2,
                                        1 << 30};
    run->benchmarks = pfl_arena_array(arena, BUILD_BENCHMARKS, sizeof *run->benchmarks);
    return run;
}

static inline struct pfl_benchmark *build_benchmark(struct pfl_arena *arena, struct pfl_run *run,
                                                    const char *name)
{
    struct pfl_benchmark *bench = &run->benchmarks[run->benchmark_count++];

    bench->name = pfl_arena_text(arena, name);
    bench->suite = pfl_arena_text_n(arena, name, strcspn(name, "[/"));
    bench->command = bench->definition = bench->reason = bench->work_unit = "";
    bench->tier = "smoke";
    bench->results = pfl_arena_array(arena, BUILD_RESULTS, sizeof *bench->results);
    return bench;
}

static inline struct pfl_result *build_result(struct pfl_arena *arena, struct pfl_benchmark *bench,
                                              const char *metric, const double *values, size_t n)
{
    struct pfl_result *result = &bench->results[bench->result_count++];
    const struct pfl_metric *known = pfl_metric_find(metric);
    size_t i;

    assert_true(bench->result_count <= BUILD_RESULTS);
    result->metric = pfl_arena_text(arena, metric);
    result->unit = known ? known->unit : "1";
    result->better = known ? known->better : PFL_BETTER_LOWER;
    result->variant = "";
    result->values = pfl_arena_array(arena, n, sizeof *values);
    if (n)
        memcpy(result->values, values, n * sizeof *values);
    result->n = n;
    if (bench->launch_count == 0) {
        bench->launches = pfl_arena_array(arena, n, sizeof *bench->launches);
        bench->launch_count = n;
        for (i = 0; i < n; i++)
            bench->launches[i].round = (uint32_t)i;
    }
    return result;
}

/* n values spread evenly ±spread (relative) around the median; spread 0 = constant. */
static inline struct pfl_result *build_spread(struct pfl_arena *arena, struct pfl_benchmark *bench,
                                              const char *metric, double median, double spread)
{
    double values[11];
    int i;

    for (i = 0; i < 11; i++)
        values[i] = median * (1 + spread * ((i * 7) % 11 - 5) / 5.0);
    return build_result(arena, bench, metric, values, 11);
}

static inline void build_done(struct pfl_run *run)
{
    pfl_run_sort(run);
    assert_int_equal(pfl_judge_summarise(run, NULL), PFL_OK);
}

/* A run of one benchmark with one metric. */
static inline struct pfl_run *build_one(struct pfl_arena *arena, const char *name,
                                        const char *metric, double median, double spread)
{
    struct pfl_run *run = build_run(arena);

    build_spread(arena, build_benchmark(arena, run, name), metric, median, spread);
    build_done(run);
    return run;
}

static inline struct pfl_gate build_gate(const char *match, const char *metric)
{
    struct pfl_gate gate = {.match = match, .metric = metric, .file = "perfledger.yaml", .line = 7};

    gate.max_regression = gate.max = gate.min = gate.max_ratio = gate.min_ratio = NAN;
    return gate;
}

static inline double build_known_session(void *context, const char *benchmark, const char *metric,
                                         const char *variant, size_t *sessions)
{
    (void)benchmark, (void)metric, (void)variant;
    *sessions = 40;
    return *(double *)context;
}

static inline void build_compare(struct pfl_arena *arena, const struct pfl_run *base,
                                 const struct pfl_run *head, const struct pfl_policy *policy,
                                 bool gated, struct pfl_comparison *out)
{
    struct pfl_judge_params params = {.base = base, .head = head, .policy = policy, .gated = gated};
    struct pfl_err err = {0};
    int rc = pfl_judge_compare(&params, arena, out, &err);

    if (rc != PFL_OK)
        fail_msg("pfl_judge_compare: %s", err.message);
}

static inline const struct pfl_row *build_row(const struct pfl_comparison *comparison,
                                              const char *benchmark, const char *metric,
                                              const char *variant)
{
    size_t i;

    for (i = 0; i < comparison->row_count; i++)
        if (strcmp(comparison->rows[i].benchmark, benchmark) == 0 &&
            strcmp(comparison->rows[i].metric, metric) == 0 &&
            strcmp(comparison->rows[i].variant, variant) == 0)
            return &comparison->rows[i];
    return NULL;
}

static inline bool build_noted(const struct pfl_comparison *comparison, const char *part)
{
    size_t i;

    for (i = 0; i < comparison->note_count; i++)
        if (strstr(comparison->notes[i], part))
            return true;
    return false;
}

#endif
