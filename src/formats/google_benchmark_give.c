/*
 * Google Benchmark's entries → benchmarks.
 *
 * Entries of one benchmark (google_benchmark_names.c) are its repetitions: their real_time and
 * cpu_time are the values of `time` and `cpu`, in the file's order, each in its entry's own unit
 * (ns where none is said, as its authors define). Aggregates (mean, median, stddev …) say the same
 * again and are left out, unless the repetitions are not there
 * (--benchmark_report_aggregates_only): then they are a summary of their run_name. BigO and
 * PFL_GBENCH_RMS rows become the metrics complexity_coefficient and complexity_rms of theirs. An
 * entry with an error, or skipped, is a failed or skipped benchmark, unless other repetitions of it
 * are none.
 *
 * Every other number of an entry is a user's counter: bytes_per_second is throughput, names that
 * end in "_per_second" are rates; the rest has no unit, and its direction is asked for, for the
 * file does not say. One that is called as a metric of another meaning ("time") is counter:time.
 */
#include "formats/google_benchmark.h"

#include <math.h>
#include <string.h>

/* ---- giving ---- */

void pfl_gbench_ready(struct pfl_fields *f)
{
    struct pfl_gbench *d = f->context;

    if (!d->rows.build)
        pfl_rows_init(&d->rows, f->build);
}

static void put(struct pfl_gbench *d, const char *subject, const char *metric, const char *unit,
                double value)
{
    struct pfl_row_series *series =
        pfl_rows_series(&d->rows, pfl_rows_benchmark(&d->rows, subject), metric, "", unit);

    if (series)
        pfl_rows_value(&d->rows, series, value);
}

static double times(double value, double factor)
{
    return isfinite(value * factor) ? value * factor : (double)NAN;
}

/* The series of a user's counter; NULL: no memory. */
static struct pfl_row_series *counter_series(struct pfl_fields *f, const char *subject,
                                             const char *name)
{
    static const struct {
        const char *name, *metric, *unit;
    } known[] = {
        {"bytes_per_second", "throughput", "B/s"},
        {"items_per_second", "items", "1/s"},
        {"allocs_per_iter", "alloc_count", "1"},
        {"max_bytes_used", "max_bytes_used", "B"},
        {"total_allocated_bytes", "total_allocated_bytes", "B"},
        {"net_heap_growth", "net_heap_growth", "B"},
    };
    struct pfl_gbench *d = f->context;
    struct pfl_row_series *series;
    size_t i, len = strlen(name);
    const char *metric = name, *unit = "1";
    const struct pfl_metric *built_in = pfl_metric_find(metric);

    if (built_in && strcmp(built_in->unit, "1") != 0)
        metric = pfl_arena_format(&f->build->arena, "counter:%s", name);
    if (len > 11 && strcmp(name + len - 11, "_per_second") == 0)
        unit = "1/s";
    for (i = 0; i < PFL_COUNT(known); i++)
        if (strcmp(known[i].name, name) == 0) {
            metric = known[i].metric;
            unit = known[i].unit;
        }
    series = pfl_rows_series(&d->rows, pfl_rows_benchmark(&d->rows, subject), metric ? metric : "",
                             "", unit);
    if (series && strcmp(series->metric, "alloc_count") == 0) {
        series->has_better = true;
        series->better = PFL_BETTER_LOWER;
    }
    return series;
}

static void put_failure(struct pfl_fields *f, const struct pfl_gbench_entry *e,
                        struct pfl_row_benchmark *bench)
{
    const char *reason = e->error_occurred ? (*e->error ? e->error : "it says an error")
                         : *e->skip        ? e->skip
                                           : "it skipped itself";

    if (bench->first) {
        pfl_build_warn_at(f->build, e->line, e->column, "a repetition of %s has no times: %s",
                          bench->name, reason);
        return;
    }
    bench->status = e->error_occurred ? PFL_STATUS_FAILED : PFL_STATUS_SKIPPED;
    bench->reason = reason;
}

static void put_iteration(struct pfl_fields *f, const struct pfl_gbench_entry *e)
{
    struct pfl_gbench *d = f->context;
    struct pfl_row_benchmark *bench = pfl_gbench_benchmark(f->build, d, e);
    const char *name = bench ? bench->name : "";
    struct pfl_row_series *series;
    size_t i;

    if (!bench)
        return;
    if (e->error_occurred || e->skipped) {
        put_failure(f, e, bench);
        return;
    }
    if (bench->status != PFL_STATUS_OK) {
        pfl_build_warn_at(f->build, e->line, e->column,
                          "a repetition of %s before this one has no times: %s", name,
                          bench->reason);
        bench->status = PFL_STATUS_OK;
    }
    if (isnan(e->real) && isnan(e->cpu))
        pfl_build_warn_at(f->build, e->line, e->column, "%s has no times", name);
    if (!isnan(e->real))
        put(d, name, "time", "s", times(e->real, e->factor));
    if (!isnan(e->cpu))
        put(d, name, "cpu", "s", times(e->cpu, e->factor));
    for (i = 0; i < e->counters.n; i++) {
        series = counter_series(f, name, e->counters.at[i].name);
        if (series)
            pfl_rows_value(&d->rows, series, e->counters.at[i].value);
    }
}

static void put_complexity(struct pfl_fields *f, const struct pfl_gbench_entry *e)
{
    struct pfl_gbench *d = f->context;
    struct pfl_row_benchmark *bench = pfl_gbench_benchmark(f->build, d, e);
    struct pfl_row_series *series;

    if (pfl_gbench_kind(e) == PFL_GBENCH_RMS) {
        series = pfl_rows_series(&d->rows, bench, "complexity_rms", "", "1");
        if (series) {
            series->has_better = true;
            series->better = PFL_BETTER_NEITHER;
            pfl_rows_value(&d->rows, series, e->rms);
        }
        return;
    }
    series = pfl_rows_series(&d->rows, bench, "complexity_coefficient", "real", "s");
    if (series)
        pfl_rows_value(&d->rows, series, times(e->real_coefficient, e->factor));
    series = pfl_rows_series(&d->rows, bench, "complexity_coefficient", "cpu", "s");
    if (series)
        pfl_rows_value(&d->rows, series, times(e->cpu_coefficient, e->factor));
}

static void put_aggregate(struct pfl_row_series *series, const struct pfl_gbench_entry *e,
                          double value)
{
    double n = e->repetitions;

    if (!series || isnan(value))
        return;
    series->summary.n = n >= 1 && n < 1e9 ? (size_t)n : 1;
    switch (pfl_gbench_kind(e)) {
    case PFL_GBENCH_MEAN: series->summary.mean = value; break;
    case PFL_GBENCH_MEDIAN: series->summary.median = value; break;
    default: series->summary.stddev = value; break;
    }
    pfl_build_interval_of_mean(&series->summary, &series->summary.ci_low, &series->summary.ci_high);
}

static void put_aggregates(struct pfl_fields *f, struct pfl_row_benchmark *bench,
                           const struct pfl_gbench_entry *e)
{
    struct pfl_gbench *d = f->context;
    const char *name = bench->name;
    size_t i;

    d->aggregates_only += bench->first == 0;
    put_aggregate(pfl_rows_series(&d->rows, bench, "time", "", "s"), e, times(e->real, e->factor));
    put_aggregate(pfl_rows_series(&d->rows, bench, "cpu", "", "s"), e, times(e->cpu, e->factor));
    for (i = 0; i < e->counters.n; i++)
        put_aggregate(counter_series(f, name, e->counters.at[i].name), e, e->counters.at[i].value);
}

/* ---- the end: aggregates, where there is nothing else ---- */

static bool has_values(const struct pfl_gbench *d, const struct pfl_row_benchmark *bench)
{
    size_t k = bench ? bench->first : 0;

    for (; k; k = d->rows.series.at[k - 1].next)
        if (strcmp(d->rows.series.at[k - 1].metric, "time") == 0 ||
            strcmp(d->rows.series.at[k - 1].metric, "cpu") == 0)
            return d->rows.series.at[k - 1].values.n > 0;
    return false;
}

/* Old files: names that only look like aggregates are benchmarks. kinds: of each stem, as bits. */
static bool give_those_that_are_none(struct pfl_fields *f, struct pfl_gbench *d)
{
    struct pfl_map kinds;
    size_t i, stem, *bits;
    bool good = true;

    pfl_map_init(&kinds);
    for (i = 0; i < d->aggregates.n && good; i++) {
        struct pfl_gbench_entry *e = &d->aggregates.at[i];

        if (pfl_gbench_kind(e) != PFL_GBENCH_ITERATION)
            continue;
        e->run_name =
            pfl_arena_text_n(&f->build->arena, e->name, (pfl_gbench_kind_by_name(e, &stem), stem));
        bits = e->run_name ? pfl_map_get(&kinds, e->run_name) : NULL;
        e->aggregate = e->name + stem + 1;
        good = e->run_name && pfl_map_set(&kinds, e->run_name,
                                          (bits ? *bits : 0) | (size_t)1 << pfl_gbench_kind(e));
        e->run_type = "?";
    }
    for (i = 0; i < d->aggregates.n && good; i++) {
        struct pfl_gbench_entry *e = &d->aggregates.at[i];

        if (strcmp(e->run_type, "?") != 0 || has_values(d, pfl_gbench_known(d, e->run_name)))
            continue;
        bits = pfl_map_get(&kinds, e->run_name);
        if (bits && (*bits & 1 << PFL_GBENCH_MEAN) && (*bits & 1 << PFL_GBENCH_STDDEV))
            continue;
        e->run_name = e->aggregate = "";
        put_iteration(f, e);
    }
    pfl_map_release(&kinds);
    return good;
}

static void give_aggregates(struct pfl_fields *f, struct pfl_gbench *d)
{
    size_t i;

    for (i = 0; i < d->aggregates.n; i++) {
        const struct pfl_gbench_entry *e = &d->aggregates.at[i];
        struct pfl_row_benchmark *bench;

        if (pfl_gbench_kind(e) == PFL_GBENCH_ITERATION ||
            (isnan(e->family) &&
             has_values(d, pfl_gbench_known(d, pfl_gbench_subject(f->build, e)))))
            continue;
        bench = pfl_gbench_benchmark(f->build, d, e);
        if (!bench || bench->status != PFL_STATUS_OK || has_values(d, bench))
            continue;
        put_aggregates(f, bench, e);
    }
}

/* It is an aggregate, or (old files) may be one. */
static void put_aside(struct pfl_build *b, struct pfl_gbench *d, struct pfl_gbench_entry *e)
{
    if (!pfl_vec_push(&d->aggregates, e))
        b->no_memory = true;
    else
        e->counters = (struct pfl_gbench_counters){0}; /* its new owner releases them */
}

void pfl_gbench_take(struct pfl_fields *f, struct pfl_gbench_entry *e)
{
    struct pfl_gbench *d = f->context;
    const char *stored;
    size_t stem;

    if (!*e->name && !*e->run_name) {
        pfl_build_warn_at(f->build, e->line, e->column, "a benchmark without a name is left out");
        return;
    }
    if (!pfl_build_unit(*e->unit ? e->unit : "ns", &stored, &e->factor) ||
        strcmp(stored, "s") != 0) {
        pfl_build_warn_at(f->build, e->line, e->column,
                          "%s: expected a unit of time, found `%.40s`: its times are left out",
                          e->name, e->unit);
        e->real = e->cpu = e->real_coefficient = e->cpu_coefficient = NAN;
    }
    if (!*e->error && e->error_occurred)
        e->error = e->skip;
    switch (pfl_gbench_kind(e)) {
    case PFL_GBENCH_BIG_O:
    case PFL_GBENCH_RMS: put_complexity(f, e); break;
    case PFL_GBENCH_CV: break;
    case PFL_GBENCH_OTHER:
        if (d->others++ == 0)
            d->other_aggregate = e->name;
        break;
    case PFL_GBENCH_ITERATION:
        if (pfl_gbench_kind_by_name(e, &stem) == PFL_GBENCH_ITERATION)
            put_iteration(f, e);
        else
            put_aside(f->build, d, e);
        break;
    default: put_aside(f->build, d, e); break;
    }
}

int pfl_gbench_finish(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct pfl_gbench *d = record;
    struct pfl_run *run = f->build->run;

    pfl_gbench_ready(f);
    if (!give_those_that_are_none(f, d))
        return pfl_err_no_memory(err);
    give_aggregates(f, d);
    pfl_rows_give(&d->rows);
    if (d->others)
        pfl_build_warn(f->build, NULL,
                       "%zu aggregates other than mean, median and standard deviation (the first: "
                       "%s) are left out",
                       d->others, d->other_aggregate);
    if (d->aggregates_only)
        pfl_build_warn(f->build, NULL,
                       "%zu benchmarks have aggregates only: their intervals are made from mean "
                       "and standard deviation",
                       d->aggregates_only);
    run->tool = pfl_build_keep(f->build, "Google Benchmark");
    run->machine.hostname = d->host;
    run->machine.cpus = d->cpus >= 1 && d->cpus < 1e6 ? (int)d->cpus : 0;
    pfl_build_machine(f->build, d->host);
    if (*d->date && !pfl_build_started(f->build, d->date))
        pfl_build_warn(f->build, NULL, "when it was measured is not understood: \"%s\"", d->date);
    return PFL_OK;
}
