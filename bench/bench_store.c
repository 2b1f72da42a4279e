/*
 * The ledger's figures: how fast results go in and come out, how large they lie, and what the reads
 * cost that the commands wait for. Runs of 1,000 results (125 benchmarks, 8 metrics), on the
 * ledger's own path: each line of the first table is one fresh ledger.
 *
 *     bench_store [--full] [--folder DIR] [RESULTS…]
 *
 * Default: 10,000 and 1,000,000 results; --full adds 10,000,000. Results with samples (ten launches
 * each) are measured up to 1,000,000. The folder (default: here) should lie on the disk that is
 * meant.
 */
#include "base/alloc.h"
#include "base/arena.h"
#include "store/store.h"
#include "sys/clock.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { METRICS = 8, BENCHMARKS = 125, LAUNCHES = 10, RUN_RESULTS = METRICS * BENCHMARKS };

static const char *const metrics[METRICS][2] = {
    {"time", "s"},
    {"cpu", "s"},
    {"user", "s"},
    {"sys", "s"},
    {"peak_rss", "B"},
    {"page_faults", "1"},
    {"context_switches", "1"},
    {"throughput", "1/s"},
};

/* What a result holds: imported archives often have one number, other tools' files a summary, our
 * own runs samples. */
enum shape { MEDIAN, SUMMARY, SAMPLES };
static const char *const shape_names[] = {"median only", "summary", "10 samples"};

static uint64_t random_state = 1;

static uint64_t roll(void) /* xorshift64* (Vigna 2014) */
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * 0x2545F4914F6CDD1Du;
}

static int64_t now_ns(void)
{
    const struct pfl_clock *clock = pfl_clock_system();

    return clock->monotonic_ns(clock->context);
}

static double seconds_since(int64_t start_ns)
{
    return (double)(now_ns() - start_ns) / 1e9;
}

static void fail(const struct pfl_err *err)
{
    fprintf(stderr, "bench_store: %s\n", err->message);
    exit(3);
}

static double sample(size_t metric)
{
    double noise = (double)(roll() % 60000);

    if (metric < 4)
        return (1400000 + noise) / 1e9;
    if (metric == 7)
        return 1e9 / (1400000 + noise); /* the one that is no integer */
    return metric == 4 ? 18874368 + 4096 * (double)(roll() % 16) : (double)(roll() % 1000);
}

static void fill_result(struct pfl_arena *arena, struct pfl_result *result, size_t metric,
                        enum shape shape)
{
    double sum = 0;
    size_t i;

    *result = (struct pfl_result){
        .metric = metrics[metric][0], .unit = metrics[metric][1], .variant = ""};
    if (shape == SAMPLES) {
        result->n = LAUNCHES;
        result->values = pfl_arena_array(arena, LAUNCHES, sizeof *result->values);
        for (i = 0; i < LAUNCHES && result->values; i++)
            sum += result->values[i] = sample(metric);
    } else {
        sum = sample(metric) * LAUNCHES;
    }
    result->summary_only = shape != SAMPLES;
    result->summary = (struct pfl_summary){
        .n = LAUNCHES,
        .median = sample(metric),
        .ci_low = sample(metric),
        .ci_high = sample(metric),
        .mean = sum / LAUNCHES,
        .stddev = sqrt(sum),
        .min = sample(metric),
        .max = sample(metric),
        .q1 = sample(metric),
        .q3 = sample(metric),
    };
    if (shape == MEDIAN) {
        double median = result->summary.median, none = (double)NAN;

        result->summary =
            (struct pfl_summary){1, median, none, none, none, none, none, none, none, none};
    }
}

static void fill_benchmark(struct pfl_arena *arena, struct pfl_benchmark *bench, size_t at,
                           enum shape shape)
{
    size_t i;

    *bench = (struct pfl_benchmark){
        .name = pfl_arena_format(arena, "pipeline/stage[seed=1,size=%zu]", at),
        .suite = "pipeline",
        .command = pfl_arena_format(arena, "./build/plate --size %zu --seed 1", at),
        .tier = "smoke",
        .definition = pfl_arena_format(arena, "%016zx%048zx", at * 977, at),
        .work_unit = "cells",
        .reason = "",
    };
    bench->launch_count = shape == SAMPLES ? LAUNCHES : 0;
    bench->launches = pfl_arena_array(arena, bench->launch_count, sizeof *bench->launches);
    for (i = 0; i < bench->launch_count; i++)
        bench->launches[i] = (struct pfl_launch){.round = (uint32_t)i,
                                                 .position = (uint32_t)(i * BENCHMARKS + at),
                                                 .started_ns = (int64_t)(roll() % 100000000000u)};
    bench->result_count = METRICS;
    bench->results = pfl_arena_array(arena, METRICS, sizeof *bench->results);
    for (i = 0; i < METRICS; i++)
        fill_result(arena, &bench->results[i], i, shape);
}

static void fill_run(struct pfl_arena *arena, struct pfl_run *run, size_t number, size_t benchmarks,
                     enum shape shape)
{
    size_t i;

    *run = (struct pfl_run){
        .id = pfl_arena_format(arena, "%016" PRIx64, (uint64_t)number * 0x9E3779B97F4A7C15u),
        .label = "",
        .project = "bench",
        .kind = PFL_RUN_CONFIGURED,
        .complete = true};
    run->revision.commit = pfl_arena_format(arena, "%040zx", number);
    run->revision.branch = "main";
    run->started_unix_ns = 1700000000000000000 + (int64_t)number * 1000000000;
    run->machine.id = "bench";
    run->machine.fingerprint = "0123456789abcdef";
    run->benchmark_count = benchmarks;
    run->benchmarks = pfl_arena_array(arena, benchmarks, sizeof *run->benchmarks);
    if (!run->benchmarks)
        exit(3);
    for (i = 0; i < benchmarks; i++)
        fill_benchmark(arena, &run->benchmarks[i], i, shape);
}

static struct pfl_store *open_ledger(const char *path, bool bulk)
{
    struct pfl_store_open_params params = {.url = path, .create = true, .bulk = bulk};
    struct pfl_store *store;
    struct pfl_err err;

    if (pfl_store_open(&params, &store, &err))
        fail(&err);
    return store;
}

static void remove_ledger(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    char name[1100];
    size_t i;

    for (i = 0; i < PFL_COUNT(ends); i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

/* Adds the runs and answers the seconds spent in the store, making them aside. */
static double insert(struct pfl_store *store, size_t runs, enum shape shape)
{
    struct pfl_arena arena;
    struct pfl_run run;
    struct pfl_err err;
    double spent = 0;
    int64_t start;
    bool added;
    size_t i;

    if (pfl_store_begin(store, &err))
        fail(&err);
    for (i = 1; i <= runs; i++) {
        pfl_arena_init(&arena);
        fill_run(&arena, &run, i, BENCHMARKS, shape);
        start = now_ns();
        if (pfl_store_add(store, &run, &added, &err) || !added)
            fail(&err);
        spent += seconds_since(start);
        pfl_arena_release(&arena);
    }
    start = now_ns();
    if (pfl_store_commit(store, &err))
        fail(&err);
    return spent + seconds_since(start);
}

struct reading {
    struct pfl_store *store;
    size_t points;
};

static int count_point(void *context, const struct pfl_store_point *point)
{
    struct reading *reading = context;

    reading->points += isnan(point->summary.median) ? 0 : 1;
    return 0;
}

static int read_series(void *context, const struct pfl_store_series_key *key, const char *unit,
                       enum pfl_better better, size_t points)
{
    struct reading *reading = context;

    (void)unit;
    (void)better;
    (void)points;
    return pfl_store_series(reading->store, key, count_point, context, NULL) != PFL_OK;
}

static void bench_rows(const char *path, size_t results, enum shape shape)
{
    size_t runs = results / RUN_RESULTS ? results / RUN_RESULTS : 1;
    struct pfl_store *store;
    struct reading reading = {0};
    double in, out;
    struct stat file;
    int64_t start;

    remove_ledger(path);
    store = open_ledger(path, true);
    in = insert(store, runs, shape);
    pfl_store_close(store);
    reading.store = store = open_ledger(path, false);
    start = now_ns();
    if (pfl_store_each_series(store, NULL, read_series, &reading, NULL) ||
        reading.points != runs * RUN_RESULTS)
        exit(3);
    out = seconds_since(start);
    pfl_store_close(store);
    if (stat(path, &file))
        exit(3);
    printf("%10zu  %-12s %10.0f %12.0f %10.1f\n", reading.points, shape_names[shape],
           (double)reading.points / in, (double)reading.points / out,
           (double)file.st_size / (double)reading.points);
    fflush(stdout);
    remove_ledger(path);
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

enum { REPEATS = 15 };

static void show(const char *what, double seconds[REPEATS])
{
    qsort(seconds, REPEATS, sizeof *seconds, compare_doubles);
    printf("%-58s %9.3f %9.3f\n", what, seconds[REPEATS / 2] * 1e3, seconds[0] * 1e3);
}

static void bench_series(const char *path, bool cold)
{
    struct pfl_store_series_key key = {"pipeline/stage[seed=1,size=7]", "time", "", "bench"};
    struct pfl_store *store = open_ledger(path, false);
    struct reading reading = {0};
    double seconds[REPEATS];
    int64_t start;
    size_t i;

    for (i = 0; i < REPEATS; i++) {
        if (cold) {
            pfl_store_close(store);
            store = open_ledger(path, false);
        }
        if (!cold && pfl_store_series(store, &key, count_point, &reading, NULL))
            exit(3);
        reading.points = 0;
        start = now_ns();
        if (pfl_store_series(store, &key, count_point, &reading, NULL) || reading.points != 1000)
            exit(3);
        seconds[i] = seconds_since(start);
    }
    show(cold ? "a series of 1,000 points, the handle's first"
              : "a series of 1,000 points, later ones",
         seconds);
    pfl_store_close(store);
}

static void bench_list(const char *path)
{
    struct pfl_store *store = open_ledger(path, false);
    struct pfl_store_query query = {0};
    struct pfl_run_head *heads;
    struct pfl_arena arena;
    double seconds[REPEATS];
    int64_t start;
    size_t i, n;

    for (i = 0; i < REPEATS; i++) {
        pfl_arena_init(&arena);
        start = now_ns();
        if (pfl_store_list(store, &query, &arena, &heads, &n, NULL) || n != 1000)
            exit(3);
        seconds[i] = seconds_since(start);
        pfl_arena_release(&arena);
    }
    show("the list of 1,000 runs", seconds);
    pfl_store_close(store);
}

static void bench_large_run(const char *path)
{
    struct pfl_store *store;
    struct pfl_arena arena, loaded;
    struct pfl_run run, back;
    double added_s[REPEATS], loaded_s[REPEATS], opened_s[REPEATS];
    struct pfl_err err;
    bool added;
    int64_t start;
    size_t i;

    remove_ledger(path);
    for (i = 0; i < REPEATS; i++) {
        start = now_ns();
        store = open_ledger(path, false);
        opened_s[i] = seconds_since(start);
        pfl_arena_init(&arena);
        pfl_arena_init(&loaded);
        fill_run(&arena, &run, i + 1, 1000, SAMPLES);
        start = now_ns();
        if (pfl_store_add(store, &run, &added, &err))
            fail(&err);
        added_s[i] = seconds_since(start);
        start = now_ns();
        if (pfl_store_load(store, run.id, &loaded, &back, &err) || back.benchmark_count != 1000)
            fail(&err);
        loaded_s[i] = seconds_since(start);
        pfl_arena_release(&arena);
        pfl_arena_release(&loaded);
        pfl_store_close(store);
    }
    show("opening the ledger", opened_s);
    show("adding a run of 1,000 benchmarks, 8 metrics, 10 samples", added_s);
    show("loading it", loaded_s);
    remove_ledger(path);
}

int main(int count, char **words)
{
    size_t sizes[16] = {10000, 1000000}, n = 2, i;
    const char *folder = ".";
    bool chosen = false;
    char path[1024];
    int w;

    for (w = 1; w < count; w++) {
        if (strcmp(words[w], "--full") == 0 && n < PFL_COUNT(sizes)) {
            sizes[n++] = 10000000;
        } else if (strcmp(words[w], "--folder") == 0 && w + 1 < count) {
            folder = words[++w];
        } else if (strtoul(words[w], NULL, 10) > 0 && n < PFL_COUNT(sizes)) {
            n = chosen ? n : 0;
            chosen = true;
            sizes[n++] = strtoul(words[w], NULL, 10);
        } else {
            fprintf(stderr, "usage: bench_store [--full] [--folder DIR] [RESULTS...]\n");
            return 2;
        }
    }
    snprintf(path, sizeof path, "%s/bench_store.db", folder);
    printf("   results  kind          insert /s       read /s   B/result\n");
    for (i = 0; i < n; i++) {
        bench_rows(path, sizes[i], MEDIAN);
        bench_rows(path, sizes[i], SUMMARY);
        if (sizes[i] <= 1000000)
            bench_rows(path, sizes[i], SAMPLES);
    }
    printf("\nmilliseconds %59s %9s\n", "median", "least");
    remove_ledger(path);
    {
        struct pfl_store *store = open_ledger(path, true);

        insert(store, 1000, SUMMARY);
        pfl_store_close(store);
    }
    bench_series(path, true);
    bench_series(path, false);
    bench_list(path);
    bench_large_run(path);
    return 0;
}
