/*
 * The ledger's figures: how fast results go in and come out, how large they lie, and what the reads
 * cost that the commands wait for. Runs of 1,000 results (125 benchmarks, 8 metrics), on the
 * ledger's own path: each line of the first table is one fresh ledger.
 *
 *     bench_store [--full] [--folder DIR] [RESULTS…]
 *     bench_store --archive PERCENT [--folder DIR]
 *
 * Default: 10,000 and 1,000,000 results; --full adds 10,000,000. Results with samples (ten launches
 * each) are measured up to 1,000,000. The folder (default: here) should lie on the disk that is
 * meant.
 *
 * --archive: an asv archive of 28,000 series and 6 million results goes in, or that many percent of
 * its runs: a run per commit and environment, 43 % of the results NaN, medians with all digits and
 * quartiles and intervals with five, as asv writes them. Then what importing it again costs.
 */
#include "base/alloc.h"
#include "base/arena.h"
#include "formats/run_json.h"
#include "store/store.h"
#include "sys/clock.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
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

static int read_nothing(void *context, const struct pfl_store_series_key *key, const char *unit,
                        enum pfl_better better, size_t points)
{
    (void)context;
    (void)key;
    (void)unit;
    (void)better;
    (void)points;
    return 0;
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

/* --- an archive --- */

enum { ENVIRONMENTS = 7, PER_RUN = 4000, COMMITS = 214, COMBINATIONS = 8, NAN_PERCENT = 43 };

struct archive {
    struct pfl_arena arena;
    struct pfl_benchmark *benchmarks; /* of one environment, without numbers */
    const char *variants[ENVIRONMENTS];
    double *bases;
    size_t runs, points;
    double spent, cpu; /* seconds in the store */
    struct pfl_store *store;
    char path[1024];
};

struct stopwatch {
    int64_t start_ns;
    clock_t start_cpu;
};

static struct stopwatch begin_watch(void)
{
    return (struct stopwatch){now_ns(), clock()};
}

static void end_watch(struct archive *archive, const struct stopwatch *watch)
{
    archive->cpu += (double)(clock() - watch->start_cpu) / CLOCKS_PER_SEC;
    archive->spent += seconds_since(watch->start_ns);
}

/* Five digits, as `%.5g` would print and strtod() read them. */
static double five_digits(double value)
{
    double scale = pow(10, 4 - floor(log10(value)));

    return rint(value * scale) / scale;
}

static void name_benchmark(struct archive *archive, size_t i)
{
    static const char *const kinds[] = {"Factorize", "GroupByMethods", "Indexing", "Rolling"};
    struct pfl_arena *arena = &archive->arena;
    struct pfl_benchmark *bench = &archive->benchmarks[i];
    size_t family = i / COMBINATIONS, at = i % COMBINATIONS;
    struct pfl_pair *params = pfl_arena_array(arena, 3, sizeof *params);

    params[0] = (struct pfl_pair){"unique", at & 1 ? "True" : "False"};
    params[1] = (struct pfl_pair){"sort", at & 2 ? "True" : "False"};
    params[2] = (struct pfl_pair){"dtype", at & 4 ? "'datetime64[ns, tz]'" : "'uint64'"};
    *bench = (struct pfl_benchmark){
        .name = pfl_arena_format(arena, "module%zu.%s.time_method_%zu[unique=%s,sort=%s,dtype=%s]",
                                 family / 40, kinds[family % 4], family, params[0].value,
                                 params[1].value, params[2].value),
        .suite = pfl_arena_format(arena, "module%zu", family / 40),
        .command = "",
        .tier = "",
        .definition = pfl_arena_format(arena, "%016zx%048zx", family * 977, family),
        .work_unit = "",
        .reason = "",
        .params = params,
        .param_count = 3};
    archive->bases[i] = pow(10, -7 + (double)(roll() % 6000) / 1000);
}

static void fill_numbers(struct archive *archive, struct pfl_benchmark *bench, size_t i)
{
    struct pfl_summary *summary = &bench->results->summary;
    double none = (double)NAN, median;

    *summary = (struct pfl_summary){0, none, none, none, none, none, none, none, none, none};
    if (roll() % 100 < NAN_PERCENT) {
        bench->status = PFL_STATUS_SKIPPED;
        bench->reason = "not run";
        return;
    }
    median = archive->bases[i] * (1 + (double)(roll() >> 11) / 9007199254740992.0 / 20);
    summary->n = 10;
    summary->median = median;
    summary->q1 = five_digits(median * (1 - (double)(roll() % 1000) / 1e5));
    summary->q3 = five_digits(median * (1 + (double)(roll() % 1000) / 1e5));
    summary->ci_low = five_digits(median * (1 - (double)(roll() % 1000) / 5e4));
    summary->ci_high = five_digits(median * (1 + (double)(roll() % 1000) / 5e4));
    archive->points++;
}

static void fill_archive_run(struct archive *archive, struct pfl_arena *arena, struct pfl_run *run,
                             size_t number)
{
    struct pfl_result *results = pfl_arena_array(arena, PER_RUN, sizeof *results);
    size_t commit = number / ENVIRONMENTS, i;

    fill_run(arena, run, number + 1, 0, MEDIAN);
    run->kind = PFL_RUN_IMPORTED;
    run->revision.commit = pfl_arena_format(arena, "%040zx", commit * 7919);
    run->started_unix_ns = 1500000000000000000 + (int64_t)commit * 86400000000000;
    run->benchmark_count = PER_RUN;
    run->benchmarks = pfl_arena_array(arena, PER_RUN, sizeof *run->benchmarks);
    if (!results || !run->benchmarks)
        exit(3);
    memcpy(run->benchmarks, archive->benchmarks, PER_RUN * sizeof *run->benchmarks);
    for (i = 0; i < PER_RUN; i++) {
        run->benchmarks[i].results = &results[i];
        run->benchmarks[i].result_count = 1;
        results[i] = (struct pfl_result){.metric = "time",
                                         .unit = "s",
                                         .variant = archive->variants[number % ENVIRONMENTS],
                                         .summary_only = true};
        fill_numbers(archive, &run->benchmarks[i], i);
    }
}

static void make_archive(struct archive *archive, size_t percent)
{
    size_t i;

    pfl_arena_init(&archive->arena);
    archive->runs = (size_t)COMMITS * ENVIRONMENTS * percent / 100;
    archive->benchmarks = pfl_arena_array(&archive->arena, PER_RUN, sizeof *archive->benchmarks);
    archive->bases = pfl_arena_array(&archive->arena, PER_RUN, sizeof *archive->bases);
    if (!archive->benchmarks || !archive->bases)
        exit(3);
    for (i = 0; i < PER_RUN; i++)
        name_benchmark(archive, i);
    for (i = 0; i < ENVIRONMENTS; i++)
        archive->variants[i] = pfl_arena_format(
            &archive->arena, "conda-py3.%zu-Cython0.29-matplotlib-numpy-pytables", 6 + i);
}

/* What a file's own key would be: a hash of its bytes. */
static const char *source_of(struct pfl_arena *arena, size_t number)
{
    return pfl_arena_format(arena, "%032zx:0", number * 104729);
}

static void add_archive(struct archive *archive, bool again)
{
    struct stopwatch watch;
    struct pfl_arena arena;
    struct pfl_run run;
    struct pfl_err err;
    bool added;
    size_t i;

    archive->spent = archive->cpu = 0;
    if (pfl_store_begin(archive->store, &err))
        fail(&err);
    for (i = 0; i < archive->runs; i++) {
        pfl_arena_init(&arena);
        fill_archive_run(archive, &arena, &run, i);
        watch = begin_watch();
        if (pfl_store_add_from(archive->store, &run, source_of(&arena, i), &added, &err) ||
            added == again)
            fail(&err);
        end_watch(archive, &watch);
        pfl_arena_release(&arena);
    }
    watch = begin_watch();
    if (pfl_store_commit(archive->store, &err))
        fail(&err);
    end_watch(archive, &watch);
}

static double ask_sources(struct archive *archive)
{
    struct pfl_arena arena;
    int64_t start = now_ns();
    size_t i;
    bool has;

    pfl_arena_init(&arena);
    for (i = 0; i < archive->runs; i++)
        if (pfl_store_has_source(archive->store, source_of(&arena, i), &has, NULL) || !has)
            exit(3);
    pfl_arena_release(&arena);
    return seconds_since(start);
}

static void bench_ids(struct archive *archive)
{
    struct pfl_arena arena;
    double seconds[REPEATS];
    struct pfl_run run;
    const char *id;
    int64_t start;
    size_t i;

    for (i = 0; i < REPEATS; i++) {
        pfl_arena_init(&arena);
        fill_archive_run(archive, &arena, &run, i);
        start = now_ns();
        if (pfl_run_json_id(&run, &arena, &id, NULL))
            exit(3);
        seconds[i] = seconds_since(start);
        pfl_arena_release(&arena);
    }
    show("the id of a run of 4,000 results", seconds);
}

static void bench_archive_reads(struct archive *archive)
{
    struct reading reading = {.store = archive->store};
    double loads[REPEATS], series[REPEATS], lists[REPEATS];
    struct pfl_arena arena;
    struct pfl_run run;
    int64_t start;
    size_t i;

    for (i = 0; i < REPEATS; i++) {
        struct pfl_store_series_key key = {archive->benchmarks[i * 200].name, "time",
                                           archive->variants[i % ENVIRONMENTS], "bench"};
        char id[20];

        pfl_arena_init(&arena);
        snprintf(id, sizeof id, "%016" PRIx64,
                 (uint64_t)(i * 17 % archive->runs + 1) * 0x9E3779B97F4A7C15u);
        start = now_ns();
        if (pfl_store_load(archive->store, id, &arena, &run, NULL))
            exit(3);
        loads[i] = seconds_since(start);
        start = now_ns();
        if (pfl_store_series(archive->store, &key, count_point, &reading, NULL))
            exit(3);
        series[i] = seconds_since(start);
        start = now_ns();
        if (pfl_store_each_series(archive->store, NULL, read_nothing, NULL, NULL))
            exit(3);
        lists[i] = seconds_since(start);
        pfl_arena_release(&arena);
    }
    show("loading a run of 4,000 results", loads);
    show("a series of some 120 points, never read before", series);
    show("the list of the series", lists);
}

static void bench_archive(const char *folder, size_t percent)
{
    struct archive archive = {0};
    struct reading reading = {0};
    struct rusage usage;
    struct stat file;
    double asked;
    int64_t start;
    size_t results;

    snprintf(archive.path, sizeof archive.path, "%s/bench_store.db", folder);
    remove_ledger(archive.path);
    make_archive(&archive, percent);
    results = archive.runs * PER_RUN;
    archive.store = open_ledger(archive.path, true);
    add_archive(&archive, false);
    pfl_store_close(archive.store);
    if (stat(archive.path, &file) || getrusage(RUSAGE_SELF, &usage))
        exit(3);
    printf("%zu runs, %zu results, %zu of them points\n", archive.runs, results, archive.points);
    printf("in: %.2f s (%.2f s of CPU), %.0f results/s, %.0f points/s\n", archive.spent,
           archive.cpu, (double)results / archive.spent, (double)archive.points / archive.spent);
    printf("ledger %.1f MB, %.1f B/result, %.1f B/point; peak RSS %.0f MB\n",
           (double)file.st_size / 1e6, (double)file.st_size / (double)results,
           (double)file.st_size / (double)archive.points, (double)usage.ru_maxrss / 1024);
    results = archive.points;
    reading.store = archive.store = open_ledger(archive.path, true);
    asked = ask_sources(&archive);
    add_archive(&archive, true);
    printf("again: asked by source %.4f s, added again %.3f s\n", asked, archive.spent);
    start = now_ns();
    if (pfl_store_each_series(archive.store, NULL, read_series, &reading, NULL) ||
        reading.points != results)
        exit(3);
    printf("all read in %.2f s\n", seconds_since(start));
    printf("\nmilliseconds %59s %9s\n", "median", "least");
    bench_ids(&archive);
    bench_archive_reads(&archive);
    pfl_store_close(archive.store);
    remove_ledger(archive.path);
    pfl_arena_release(&archive.arena);
}

int main(int count, char **words)
{
    size_t sizes[16] = {10000, 1000000}, n = 2, percent = 0, i;
    const char *folder = ".";
    bool chosen = false;
    char path[1024];
    int w;

    for (w = 1; w < count; w++) {
        if (strcmp(words[w], "--full") == 0 && n < PFL_COUNT(sizes)) {
            sizes[n++] = 10000000;
        } else if (strcmp(words[w], "--folder") == 0 && w + 1 < count) {
            folder = words[++w];
        } else if (strcmp(words[w], "--archive") == 0 && w + 1 < count) {
            percent = strtoul(words[++w], NULL, 10);
        } else if (strtoul(words[w], NULL, 10) > 0 && n < PFL_COUNT(sizes)) {
            n = chosen ? n : 0;
            chosen = true;
            sizes[n++] = strtoul(words[w], NULL, 10);
        } else {
            fprintf(stderr, "usage: bench_store [--full] [--folder DIR] [RESULTS...]\n"
                            "       bench_store --archive PERCENT [--folder DIR]\n");
            return 2;
        }
    }
    if (percent) {
        bench_archive(folder, percent);
        return 0;
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
