/* Runs for the store's tests: made from a number, the same ones each time, with something in every
 * field; and a comparison of two runs down to the bits of every double. */
#ifndef TEST_STORE_RUNS_H
#define TEST_STORE_RUNS_H

#include "base/alloc.h"
#include "base/arena.h"
#include "model/run.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct dice { /* splitmix64 (Steele, Lea, Flood 2014) */
    uint64_t state;
};

PFL_UNUSED static uint64_t roll(struct dice *dice)
{
    uint64_t z = dice->state += 0x9E3779B97F4A7C15u;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

PFL_UNUSED static size_t below(struct dice *dice, size_t limit)
{
    return (size_t)(roll(dice) % limit);
}

PFL_UNUSED static double double_from_bits(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

PFL_UNUSED static uint64_t bits_from_double(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* One sample of the kinds that measuring gives, and now and then an odd one. */
PFL_UNUSED static double any_value(struct dice *dice)
{
    switch (below(dice, 12)) {
    case 0: return (double)NAN;
    case 1: return double_from_bits(roll(dice));
    case 2: return -(double)below(dice, 1000) / 7;
    case 3: return 1e300;
    case 4: return (double)INFINITY;
    default: return (double)below(dice, 1000000000) / 1e9;
    }
}

PFL_UNUSED static const char *any_text(struct dice *dice, struct pfl_arena *arena, const char *what)
{
    static const char *const odd[] = {
        "", " ", "a/b 'c' \"d\"", "zwölf\n\t", "\xF0\x9F\x98\x80", "\xFF\xFE", "%s%n", "0"};

    if (below(dice, 4) == 0)
        return odd[below(dice, PFL_COUNT(odd))];
    return pfl_arena_format(arena, "%s-%zu", what, below(dice, 50));
}

PFL_UNUSED static struct pfl_pair *any_pairs(struct dice *dice, struct pfl_arena *arena, size_t *n)
{
    struct pfl_pair *pairs;
    size_t i;

    *n = below(dice, 4);
    pairs = pfl_arena_array(arena, *n, sizeof *pairs);
    for (i = 0; i < *n; i++)
        pairs[i] = (struct pfl_pair){any_text(dice, arena, "name"), any_text(dice, arena, "value")};
    return pairs;
}

PFL_UNUSED static const char **any_texts(struct dice *dice, struct pfl_arena *arena, size_t *n)
{
    const char **texts;
    size_t i;

    *n = below(dice, 3);
    texts = pfl_arena_array(arena, *n, sizeof *texts);
    for (i = 0; i < *n; i++)
        texts[i] = any_text(dice, arena, "warning");
    return texts;
}

PFL_UNUSED static void fill_result(struct dice *dice, struct pfl_arena *arena,
                                   struct pfl_result *result, const struct pfl_benchmark *bench,
                                   size_t at)
{
    static const char *const units[] = {"s", "B", "1/s", "cells/s"};
    bool odd_values = below(dice, 2) == 0;
    size_t i;

    result->metric = pfl_arena_format(arena, "metric-%zu", at);
    result->unit = units[below(dice, PFL_COUNT(units))];
    result->better = (enum pfl_better)below(dice, 3);
    result->variant = below(dice, 3) ? "" : any_text(dice, arena, "variant");
    if (below(dice, 8) == 0) {
        result->text = any_text(dice, arena, "hash");
        result->summary.median = (double)NAN;
        return;
    }
    result->n = bench->launch_count;
    result->summary_only = below(dice, 6) == 0;
    if (result->summary_only) {
        result->n = 0;
    } else if (below(dice, 4) == 0) {
        result->n = 1 + below(dice, 20);
        result->launch_of = pfl_arena_array(arena, result->n, sizeof *result->launch_of);
        for (i = 0; i < result->n; i++)
            result->launch_of[i] = (uint32_t)below(dice, 1000);
    }
    result->values = result->n ? pfl_arena_array(arena, result->n, sizeof *result->values) : NULL;
    for (i = 0; i < result->n; i++)
        result->values[i] = odd_values ? any_value(dice) : (double)below(dice, 1u << 30) / 1e9;
    result->summary = (struct pfl_summary){
        .n = result->n,
        .median = (double)below(dice, 1u << 30) / 1e9,
        .ci_low = any_value(dice),
        .ci_high = any_value(dice),
        .mean = any_value(dice),
        .stddev = any_value(dice),
        .min = any_value(dice),
        .max = any_value(dice),
        .q1 = any_value(dice),
        .q3 = any_value(dice),
    };
}

PFL_UNUSED static void fill_benchmark(struct dice *dice, struct pfl_arena *arena,
                                      struct pfl_benchmark *bench, size_t at)
{
    size_t i;

    bench->name = pfl_arena_format(arena, "suite/bench %zu[n=%zu,\"q\"]", at, at);
    bench->suite = "suite";
    bench->command = any_text(dice, arena, "./command");
    bench->definition = pfl_arena_format(arena, "%016zx", below(dice, 3));
    bench->tier = "smoke";
    bench->params = any_pairs(dice, arena, &bench->param_count);
    bench->work = any_value(dice);
    bench->work_unit = any_text(dice, arena, "cells");
    bench->seed = roll(dice);
    bench->status = (enum pfl_status)below(dice, 4);
    bench->reason = any_text(dice, arena, "reason");
    bench->partial = below(dice, 2);
    bench->few = below(dice, 2);
    bench->launch_count = below(dice, 12);
    bench->launches = pfl_arena_array(arena, bench->launch_count, sizeof *bench->launches);
    for (i = 0; i < bench->launch_count; i++)
        bench->launches[i] = (struct pfl_launch){
            .round = (uint32_t)i,
            .position = (uint32_t)roll(dice),
            .started_ns = (int64_t)roll(dice),
            .gap_ns = below(dice, 5) ? 0 : (int64_t)below(dice, 1000000),
            .exit_code = (int32_t)below(dice, 3) - 1,
            .signal = (int32_t)below(dice, 2) * 9,
            .flags = (uint32_t)below(dice, 64),
        };
    bench->result_count = below(dice, 6);
    bench->results = pfl_arena_array(arena, bench->result_count, sizeof *bench->results);
    for (i = 0; i < bench->result_count; i++)
        fill_result(dice, arena, &bench->results[i], bench, i);
    bench->environment = any_pairs(dice, arena, &bench->environment_count);
    bench->warnings = any_texts(dice, arena, &bench->warning_count);
}

PFL_UNUSED static void fill_machine(struct dice *dice, struct pfl_arena *arena,
                                    struct pfl_machine *machine)
{
    *machine = (struct pfl_machine){
        .name = "auto",
        .id = "machine-1",
        .fingerprint = pfl_arena_format(arena, "f%zu", below(dice, 2)),
        .platform = any_text(dice, arena, "Linux"),
        .hostname = any_text(dice, arena, "host"),
        .os = any_text(dice, arena, "os"),
        .kernel = any_text(dice, arena, "6.1"),
        .arch = any_text(dice, arena, "x"),
        .cpu_model = any_text(dice, arena, "cpu"),
        .governor = any_text(dice, arena, "g"),
        .turbo = any_text(dice, arena, "t"),
        .virtualisation = any_text(dice, arena, "v"),
        .container = any_text(dice, arena, "c"),
        .libc = any_text(dice, arena, "glibc"),
        .cores = (int)below(dice, 100),
        .cpus = (int)below(dice, 100),
        .memory_bytes = (int64_t)roll(dice),
    };
}

/* The run of that number; benchmarks times results stays small. Started times rise with the number.
 */
/* Its own dice: what the others throw is in the fixtures of older schemas. */
PFL_UNUSED static void fill_yardsticks(const struct dice *given, struct pfl_arena *arena,
                                       struct pfl_run *run)
{
    struct dice dice = *given;
    size_t i, k;

    run->yardstick_count = 1 + below(&dice, 5);
    run->yardsticks = pfl_arena_array(arena, run->yardstick_count, sizeof *run->yardsticks);
    for (i = 0; i < run->yardstick_count; i++) {
        run->yardsticks[i].at_ns = (int64_t)below(&dice, 1u << 30) * 1000;
        for (k = 0; k < PFL_YARDSTICK_COUNT; k++)
            run->yardsticks[i].value[k] = any_value(&dice);
    }
    for (k = 0; k < PFL_YARDSTICK_COUNT; k++)
        run->yardstick_reference[k] = any_value(&dice);
}

PFL_UNUSED static struct pfl_run *make_run(struct pfl_arena *arena, uint64_t number,
                                           size_t benchmarks)
{
    struct pfl_run *run = pfl_arena_alloc(arena, sizeof *run);
    struct dice dice = {number};
    size_t i;

    run->id =
        pfl_arena_format(arena, "%016llx", (unsigned long long)(number * 0x9E3779B97F4A7C15u));
    run->label = any_text(&dice, arena, "label");
    run->project = any_text(&dice, arena, "project");
    run->kind = PFL_RUN_CONFIGURED;
    run->revision = (struct pfl_revision){
        .commit = pfl_arena_format(arena, "%040llx", (unsigned long long)number),
        .branch = any_text(&dice, arena, "branch"),
        .tag = any_text(&dice, arena, "v"),
        .pull_request = any_text(&dice, arena, "pr"),
        .subject = any_text(&dice, arena, "subject"),
        .commit_time = (int64_t)below(&dice, 1u << 31),
        .dirty = below(&dice, 2),
    };
    run->complete = true;
    run->selection = any_text(&dice, arena, "select*");
    run->tier = any_text(&dice, arena, "deep");
    run->started_unix_ns = 1700000000000000000 + (int64_t)number * 1000000007;
    run->finished_unix_ns = run->started_unix_ns + 5000000000;
    run->seed = roll(&dice);
    run->tool = "perfledger 0.1.0";
    fill_machine(&dice, arena, &run->machine);
    run->environment = any_pairs(&dice, arena, &run->environment_count);
    run->warnings = any_texts(&dice, arena, &run->warning_count);
    if (number % 2) /* a run without yardsticks is written in the older form */
        fill_yardsticks(&dice, arena, run);
    run->benchmark_count = benchmarks;
    run->benchmarks = pfl_arena_array(arena, benchmarks, sizeof *run->benchmarks);
    for (i = 0; i < benchmarks; i++)
        fill_benchmark(&dice, arena, &run->benchmarks[i], i);
    return run;
}

#define SAME_TEXT(a, b, field)                                                                     \
    do {                                                                                           \
        if (!(a)->field || !(b)->field)                                                            \
            assert_ptr_equal((a)->field, (b)->field);                                              \
        else                                                                                       \
            assert_string_equal((a)->field, (b)->field);                                           \
    } while (0)
#define SAME_NUMBER(a, b, field) assert_true((a)->field == (b)->field)
#define SAME_BITS(a, b, field)                                                                     \
    assert_int_equal(bits_from_double((a)->field), bits_from_double((b)->field))

PFL_UNUSED static void same_pairs(const struct pfl_pair *a, const struct pfl_pair *b, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        SAME_TEXT(&a[i], &b[i], name);
        SAME_TEXT(&a[i], &b[i], value);
    }
}

PFL_UNUSED static void same_results(const struct pfl_result *a, const struct pfl_result *b)
{
    size_t i;

    SAME_TEXT(a, b, metric);
    SAME_TEXT(a, b, unit);
    SAME_NUMBER(a, b, better);
    SAME_TEXT(a, b, text);
    SAME_TEXT(a, b, variant);
    SAME_NUMBER(a, b, n);
    for (i = 0; i < a->n; i++)
        SAME_BITS(a, b, values[i]);
    assert_int_equal(a->launch_of != NULL, b->launch_of != NULL);
    for (i = 0; a->launch_of && i < a->n; i++)
        SAME_NUMBER(a, b, launch_of[i]);
    SAME_NUMBER(a, b, summary.n);
    SAME_BITS(a, b, summary.median);
    SAME_BITS(a, b, summary.ci_low);
    SAME_BITS(a, b, summary.ci_high);
    SAME_BITS(a, b, summary.mean);
    SAME_BITS(a, b, summary.stddev);
    SAME_BITS(a, b, summary.min);
    SAME_BITS(a, b, summary.max);
    SAME_BITS(a, b, summary.q1);
    SAME_BITS(a, b, summary.q3);
    SAME_NUMBER(a, b, summary_only);
}

PFL_UNUSED static void same_launches(const struct pfl_launch *a, const struct pfl_launch *b)
{
    SAME_NUMBER(a, b, round);
    SAME_NUMBER(a, b, position);
    SAME_NUMBER(a, b, started_ns);
    SAME_NUMBER(a, b, gap_ns);
    SAME_NUMBER(a, b, exit_code);
    SAME_NUMBER(a, b, signal);
    SAME_NUMBER(a, b, flags);
}

PFL_UNUSED static void same_benchmarks(const struct pfl_benchmark *a, const struct pfl_benchmark *b)
{
    size_t i;

    SAME_TEXT(a, b, name);
    SAME_TEXT(a, b, suite);
    SAME_TEXT(a, b, command);
    SAME_TEXT(a, b, definition);
    SAME_TEXT(a, b, tier);
    SAME_NUMBER(a, b, param_count);
    same_pairs(a->params, b->params, a->param_count);
    SAME_BITS(a, b, work);
    SAME_TEXT(a, b, work_unit);
    SAME_NUMBER(a, b, seed);
    SAME_NUMBER(a, b, status);
    SAME_TEXT(a, b, reason);
    SAME_NUMBER(a, b, partial);
    SAME_NUMBER(a, b, few);
    SAME_NUMBER(a, b, launch_count);
    for (i = 0; i < a->launch_count; i++)
        same_launches(&a->launches[i], &b->launches[i]);
    SAME_NUMBER(a, b, result_count);
    for (i = 0; i < a->result_count; i++)
        same_results(&a->results[i], &b->results[i]);
    SAME_NUMBER(a, b, environment_count);
    same_pairs(a->environment, b->environment, a->environment_count);
    SAME_NUMBER(a, b, warning_count);
    for (i = 0; i < a->warning_count; i++)
        SAME_TEXT(a, b, warnings[i]);
}

PFL_UNUSED static void same_machines(const struct pfl_machine *a, const struct pfl_machine *b)
{
    SAME_TEXT(a, b, name);
    SAME_TEXT(a, b, id);
    SAME_TEXT(a, b, fingerprint);
    SAME_TEXT(a, b, platform);
    SAME_TEXT(a, b, hostname);
    SAME_TEXT(a, b, os);
    SAME_TEXT(a, b, kernel);
    SAME_TEXT(a, b, arch);
    SAME_TEXT(a, b, cpu_model);
    SAME_TEXT(a, b, governor);
    SAME_TEXT(a, b, turbo);
    SAME_TEXT(a, b, virtualisation);
    SAME_TEXT(a, b, container);
    SAME_TEXT(a, b, libc);
    SAME_NUMBER(a, b, cores);
    SAME_NUMBER(a, b, cpus);
    SAME_NUMBER(a, b, memory_bytes);
}

PFL_UNUSED static void assert_runs_equal(const struct pfl_run *a, const struct pfl_run *b)
{
    size_t i, k;

    SAME_TEXT(a, b, id);
    SAME_TEXT(a, b, label);
    SAME_TEXT(a, b, project);
    SAME_NUMBER(a, b, kind);
    SAME_TEXT(a, b, revision.commit);
    SAME_TEXT(a, b, revision.branch);
    SAME_TEXT(a, b, revision.tag);
    SAME_TEXT(a, b, revision.pull_request);
    SAME_TEXT(a, b, revision.subject);
    SAME_NUMBER(a, b, revision.commit_time);
    SAME_NUMBER(a, b, revision.dirty);
    SAME_NUMBER(a, b, partial);
    SAME_NUMBER(a, b, complete);
    SAME_TEXT(a, b, selection);
    SAME_TEXT(a, b, tier);
    SAME_NUMBER(a, b, started_unix_ns);
    SAME_NUMBER(a, b, finished_unix_ns);
    SAME_NUMBER(a, b, seed);
    SAME_TEXT(a, b, tool);
    same_machines(&a->machine, &b->machine);
    SAME_NUMBER(a, b, environment_count);
    same_pairs(a->environment, b->environment, a->environment_count);
    SAME_NUMBER(a, b, warning_count);
    for (i = 0; i < a->warning_count; i++)
        SAME_TEXT(a, b, warnings[i]);
    SAME_NUMBER(a, b, yardstick_count);
    for (i = 0; i < a->yardstick_count; i++) {
        SAME_NUMBER(a, b, yardsticks[i].at_ns);
        for (k = 0; k < PFL_YARDSTICK_COUNT; k++)
            SAME_BITS(a, b, yardsticks[i].value[k]);
    }
    for (k = 0; k < PFL_YARDSTICK_COUNT; k++)
        SAME_BITS(a, b, yardstick_reference[k]);
    SAME_NUMBER(a, b, benchmark_count);
    for (i = 0; i < a->benchmark_count; i++)
        same_benchmarks(&a->benchmarks[i], &b->benchmarks[i]);
}

/* A fresh folder for one test; emptied of what a ledger leaves and removed again. */
struct place {
    char folder[64], path[96];
};

PFL_UNUSED static void place_make(struct place *place)
{
    snprintf(place->folder, sizeof place->folder, "/tmp/pfl-store-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->path, sizeof place->path, "%s/ledger.db", place->folder);
}

PFL_UNUSED static void place_remove(struct place *place)
{
    static const char *const names[] = {"/ledger.db", "/ledger.db-wal", "/ledger.db-shm",
                                        "/ledger.db-journal", "/.gitignore"};
    char path[128];
    size_t i;

    for (i = 0; i < PFL_COUNT(names); i++) {
        snprintf(path, sizeof path, "%s%s", place->folder, names[i]);
        unlink(path);
    }
    rmdir(place->folder);
}

#endif
