/*
 * Google Benchmark's JSON (--benchmark_out_format=json).
 *
 * Entries of one name are repetitions of one benchmark: their real_time and cpu_time are the values
 * of `time` and `cpu`, in the entry's own unit, in the file's order. Aggregates (mean, median,
 * stddev …) say the same again and are left out, unless the repetitions themselves are not there
 * (--benchmark_ report_aggregates_only): then they are a summary of their run_name. BigO and RMS
 * rows become the metrics complexity_coefficient and complexity_rms of their benchmark. An entry
 * with an error, or skipped, is a failed or skipped benchmark.
 *
 * Every other number of an entry is a user's counter: bytes_per_second is throughput, items_per_
 * second, names that end in "_per_second" are rates; the rest has no unit and no direction, for the
 * file does not say. A time whose unit is missing is in ns, as its authors define.
 *
 * Written: repetitions as entries, so that its compare.py can test them.
 */
#include "formats/fields.h"
#include "sys/clock.h"

#include <math.h>
#include <string.h>

enum kind { ITERATION, AGGREGATE, BIG_O, RMS, OTHER_AGGREGATE };

struct counter {
    const char *name;
    double value;
};
PFL_VEC(counters, struct counter);

struct entry {
    const char *name, *run_name, *run_type, *aggregate, *unit, *big_o, *error, *skip, *label;
    double real, cpu, real_coefficient, cpu_coefficient, rms, repetitions, threads;
    bool error_occurred;
    struct counters counters;
    int line, column;
};
PFL_VEC(entries, struct entry);

struct document {
    struct entries entries;
    const char *date, *host, *executable, *build_type, *version;
    bool scaling, aslr;
    size_t aggregates_only;
};

/* ---- reading: all entries first, for repetitions need not stand together ---- */

static bool is_ignored(const char *key)
{
    static const char *const ignored[] = {
        "iterations",       "repetition_index",          "family_index",
        "threads",          "per_family_instance_index", "repetitions",
        "real_coefficient", "cpu_coefficient",
    };
    size_t i;

    for (i = 0; i < PFL_COUNT(ignored); i++)
        if (strcmp(key, ignored[i]) == 0)
            return true;
    return false;
}

static int read_other(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct entry *e = record;
    struct counter counter = {pfl_build_keep(f->build, f->json->text), NAN};
    int rc = pfl_json_next(f->json, err);

    if (rc < 0)
        return rc;
    if (f->json->token != PFL_JSON_NUMBER || is_ignored(counter.name))
        return pfl_json_skip(f->json, err);
    counter.value = f->json->number;
    return pfl_vec_push(&e->counters, &counter) ? PFL_OK : pfl_err_no_memory(err);
}

/* Newer versions write "skipped": "error" or "skipped", older ones error_occurred. */
static int read_skipped(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct entry *e = record;
    int rc = pfl_json_next(f->json, err);

    if (rc < 0)
        return rc;
    if (f->json->token == PFL_JSON_STRING && strstr(f->json->text, "error"))
        e->error_occurred = true;
    else if (f->json->token == PFL_JSON_STRING || f->json->boolean)
        e->skip = e->skip ? e->skip : "";
    return PFL_OK;
}

static int read_entry(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("name", struct entry, name),
        PFL_FIELD_TEXT("run_name", struct entry, run_name),
        PFL_FIELD_TEXT("run_type", struct entry, run_type),
        PFL_FIELD_TEXT("aggregate_name", struct entry, aggregate),
        PFL_FIELD_TEXT("time_unit", struct entry, unit),
        PFL_FIELD_TEXT("big_o", struct entry, big_o),
        PFL_FIELD_TEXT("label", struct entry, label),
        PFL_FIELD_TEXT("error_message", struct entry, error),
        PFL_FIELD_TEXT("skip_message", struct entry, skip),
        PFL_FIELD_BOOL("error_occurred", struct entry, error_occurred),
        PFL_FIELD_CALL("skipped", read_skipped),
        PFL_FIELD_NUMBER("real_time", struct entry, real),
        PFL_FIELD_NUMBER("cpu_time", struct entry, cpu),
        PFL_FIELD_NUMBER("rms", struct entry, rms),
        PFL_FIELD_NUMBER("real_coefficient", struct entry, real_coefficient),
        PFL_FIELD_NUMBER("cpu_coefficient", struct entry, cpu_coefficient),
        PFL_FIELD_NUMBER("repetitions", struct entry, repetitions),
        PFL_FIELD_NUMBER("threads", struct entry, threads),
        PFL_FIELD_ANY(read_other),
        {0},
    };
    struct document *d = record;
    struct entry e = {.name = "",
                      .run_name = "",
                      .run_type = "",
                      .aggregate = "",
                      .unit = "",
                      .big_o = "",
                      .label = "",
                      .real = NAN,
                      .cpu = NAN,
                      .rms = NAN,
                      .real_coefficient = NAN,
                      .cpu_coefficient = NAN,
                      .repetitions = NAN,
                      .threads = NAN,
                      .line = f->json->line,
                      .column = f->json->column};
    int rc = pfl_fields_read_at(f, fields, &e, err);

    if (rc >= 0 && pfl_vec_push(&d->entries, &e))
        return PFL_OK;
    pfl_vec_release(&e.counters);
    return rc < 0 ? rc : pfl_err_no_memory(err);
}

static int read_benchmarks(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_each(f, read_entry, record, err);
}

static int read_context_text(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    const char *name = pfl_build_keep(f->build, f->json->text);
    int rc = pfl_json_next(f->json, err);

    (void)record;
    if (rc >= 0 && (f->json->token == PFL_JSON_STRING || f->json->token == PFL_JSON_NUMBER ||
                    f->json->token == PFL_JSON_BOOL))
        pfl_build_environment(f->build, name, pfl_fields_scalar(f));
    return rc < 0 ? rc : pfl_json_skip(f->json, err);
}

static int read_context(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("date", struct document, date),
        PFL_FIELD_TEXT("host_name", struct document, host),
        PFL_FIELD_TEXT("executable", struct document, executable),
        PFL_FIELD_TEXT("library_build_type", struct document, build_type),
        PFL_FIELD_TEXT("library_version", struct document, version),
        PFL_FIELD_BOOL("cpu_scaling_enabled", struct document, scaling),
        PFL_FIELD_ANY(read_context_text),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

/* ---- giving ---- */

static enum kind kind_of(const struct entry *e)
{
    if (strcmp(e->aggregate, "BigO") == 0 || *e->big_o)
        return BIG_O;
    if (strcmp(e->aggregate, "RMS") == 0 || !isnan(e->rms))
        return RMS;
    if (strcmp(e->run_type, "aggregate") != 0)
        return ITERATION;
    return strcmp(e->aggregate, "mean") == 0 || strcmp(e->aggregate, "median") == 0 ||
                   strcmp(e->aggregate, "stddev") == 0
               ? AGGREGATE
               : OTHER_AGGREGATE;
}

/* The benchmark that an entry is about. */
static const char *subject(const struct entry *e)
{
    return *e->run_name ? e->run_name : e->name;
}

static const char *unit_of(const struct entry *e)
{
    return *e->unit ? e->unit : "ns";
}

/* Is this the first entry of its benchmark that has that kind? */
static bool is_first(const struct document *d, size_t at, enum kind kind)
{
    size_t i;

    for (i = at; i > 0; i--) {
        const struct entry *other = &d->entries.at[i - 1];

        if (kind_of(other) == kind && strcmp(subject(other), subject(&d->entries.at[at])) == 0)
            return false;
    }
    return true;
}

static void give_metric(struct pfl_fields *f, const struct document *d, size_t first,
                        const char *metric, bool cpu)
{
    const struct entry *e = &d->entries.at[first];
    size_t i;

    pfl_build_result(f->build, metric, "", unit_of(e));
    for (i = first; i < d->entries.n; i++) {
        const struct entry *other = &d->entries.at[i];

        if (kind_of(other) != ITERATION || strcmp(subject(other), subject(e)) != 0)
            continue;
        if (strcmp(unit_of(other), unit_of(e)) != 0) {
            pfl_build_warn_at(f->build, other->line, other->column,
                              "%s: a repetition in %s among others in %s: left out", subject(e),
                              unit_of(other), unit_of(e));
            continue;
        }
        pfl_build_value(f->build, other->error_occurred || other->skip ? (double)NAN
                                  : cpu                                ? other->cpu
                                                                       : other->real);
    }
}

static double counter_of(const struct entry *e, const char *name)
{
    size_t i;

    for (i = 0; i < e->counters.n; i++)
        if (strcmp(e->counters.at[i].name, name) == 0)
            return e->counters.at[i].value;
    return NAN;
}

static void give_counter(struct pfl_fields *f, const struct document *d, size_t first,
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
    };
    const struct entry *e = &d->entries.at[first];
    size_t i, len = strlen(name);
    const char *metric = name, *unit = "";

    for (i = 0; i < PFL_COUNT(known); i++)
        if (strcmp(known[i].name, name) == 0) {
            metric = known[i].metric;
            unit = known[i].unit;
        }
    if (!*unit && len > 11 && strcmp(name + len - 11, "_per_second") == 0)
        unit = "1/s";
    pfl_build_result(f->build, metric, "", unit);
    for (i = first; i < d->entries.n; i++)
        if (kind_of(&d->entries.at[i]) == ITERATION &&
            strcmp(subject(&d->entries.at[i]), subject(e)) == 0)
            pfl_build_value(f->build, counter_of(&d->entries.at[i], name));
}

static void give_iterations(struct pfl_fields *f, const struct document *d, size_t first)
{
    const struct entry *e = &d->entries.at[first];
    size_t i;

    pfl_build_benchmark(f->build, subject(e));
    if (e->error_occurred)
        pfl_build_status(f->build, PFL_STATUS_FAILED, e->error ? e->error : "it says an error");
    else if (e->skip)
        pfl_build_status(f->build, PFL_STATUS_SKIPPED, *e->skip ? e->skip : "it skipped itself");
    else if (isnan(e->real) && isnan(e->cpu))
        pfl_build_warn_at(f->build, e->line, e->column, "%s has no times", subject(e));
    if (e->error_occurred || e->skip)
        return;
    if (!isnan(e->real))
        give_metric(f, d, first, "time", false);
    if (!isnan(e->cpu))
        give_metric(f, d, first, "cpu", true);
    for (i = 0; i < e->counters.n; i++)
        give_counter(f, d, first, e->counters.at[i].name);
}

/* Only aggregates are there: mean, median, stddev of n repetitions. */
static void give_aggregates(struct pfl_fields *f, struct document *d, size_t first)
{
    const struct entry *e = &d->entries.at[first];
    struct pfl_summary time = pfl_summary_none(), cpu = pfl_summary_none();
    size_t i;

    for (i = first; i < d->entries.n; i++) {
        const struct entry *other = &d->entries.at[i];

        if (kind_of(other) != AGGREGATE || strcmp(subject(other), subject(e)) != 0)
            continue;
        if (strcmp(other->aggregate, "mean") == 0) {
            time.mean = other->real;
            cpu.mean = other->cpu;
        } else if (strcmp(other->aggregate, "median") == 0) {
            time.median = other->real;
            cpu.median = other->cpu;
        } else {
            time.stddev = other->real;
            cpu.stddev = other->cpu;
        }
    }
    time.n = cpu.n = e->repetitions >= 1 && e->repetitions < 1e9 ? (size_t)e->repetitions : 1;
    pfl_build_interval_of_mean(&time, &time.ci_low, &time.ci_high);
    pfl_build_interval_of_mean(&cpu, &cpu.ci_low, &cpu.ci_high);
    pfl_build_benchmark(f->build, subject(e));
    pfl_build_result(f->build, "time", "", unit_of(e));
    pfl_build_summary(f->build, &time);
    pfl_build_result(f->build, "cpu", "", unit_of(e));
    pfl_build_summary(f->build, &cpu);
    d->aggregates_only++;
}

static bool has_iterations(const struct document *d, const struct entry *e)
{
    size_t i;

    for (i = 0; i < d->entries.n; i++)
        if (kind_of(&d->entries.at[i]) == ITERATION &&
            strcmp(subject(&d->entries.at[i]), subject(e)) == 0)
            return true;
    return false;
}

static void give_complexity(struct pfl_fields *f, const struct entry *e)
{
    pfl_build_benchmark(f->build, e->name);
    if (kind_of(e) == RMS) {
        pfl_build_result(f->build, "complexity_rms", "", "1");
        pfl_build_better(f->build, PFL_BETTER_NEITHER);
        pfl_build_value(f->build, e->rms);
        return;
    }
    pfl_build_result(f->build, "complexity_coefficient", "real", unit_of(e));
    pfl_build_value(f->build, e->real_coefficient);
    pfl_build_result(f->build, "complexity_coefficient", "cpu", unit_of(e));
    pfl_build_value(f->build, e->cpu_coefficient);
}

static int finish(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct document *d = record;
    struct pfl_run *run = f->build->run;
    size_t i, strange = 0;

    (void)err;
    for (i = 0; i < d->entries.n; i++) {
        enum kind kind = kind_of(&d->entries.at[i]);

        if (kind == ITERATION && is_first(d, i, ITERATION))
            give_iterations(f, d, i);
        else if (kind == AGGREGATE && !has_iterations(d, &d->entries.at[i]) &&
                 is_first(d, i, AGGREGATE))
            give_aggregates(f, d, i);
        else if (kind == BIG_O || kind == RMS)
            give_complexity(f, &d->entries.at[i]);
        else if (kind == OTHER_AGGREGATE && strcmp(d->entries.at[i].aggregate, "cv") != 0)
            strange++;
    }
    if (strange)
        pfl_build_warn(f->build, NULL,
                       "%zu aggregates other than mean, median and standard deviation are left out",
                       strange);
    if (d->aggregates_only)
        pfl_build_warn(f->build, NULL,
                       "%zu benchmarks have aggregates only: their intervals are made from mean "
                       "and standard deviation",
                       d->aggregates_only);
    if (strcmp(d->build_type, "debug") == 0 || strcmp(d->build_type, "DEBUG") == 0)
        pfl_build_environment(f->build, "library_build_type", d->build_type);
    run->tool = pfl_build_keep(f->build, "Google Benchmark");
    run->machine.hostname = d->host;
    pfl_build_machine(f->build, d->host);
    if (*d->date && !pfl_build_started(f->build, d->date))
        pfl_build_warn(f->build, NULL, "when it was measured is not understood: \"%s\"", d->date);
    return PFL_OK;
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_CALL("context", read_context),
        PFL_FIELD_CALL("benchmarks", read_benchmarks),
        {0},
    };
    struct document d = {.date = "", .host = "", .executable = "", .build_type = "", .version = ""};
    const struct pfl_fields_file file = {
        .fields = fields, .record = &d, .context = &d, .finish = finish};
    int rc = pfl_fields_read_file(input, sink, &file, err);
    size_t i;

    for (i = 0; i < d.entries.n; i++)
        pfl_vec_release(&d.entries.at[i].counters);
    pfl_vec_release(&d.entries);
    return rc;
}

static int recognise(const struct pfl_format_probe *probe)
{
    if (!pfl_format_has(probe, "benchmarks[].name"))
        return 0;
    return pfl_format_has(probe, "benchmarks[].time_unit") ||
                   pfl_format_has(probe, "benchmarks[].run_type") ||
                   pfl_format_has(probe, "benchmarks[].real_time") ||
                   pfl_format_has(probe, "context.library_build_type")
               ? 2
               : 0;
}

/* ---- writing ---- */

static double nanoseconds(const struct pfl_result *result, size_t i)
{
    return result && i < result->n ? result->values[i] * 1e9 : (double)NAN;
}

static void put_entry(struct pfl_json_writer *w, const struct pfl_benchmark *bench, size_t i,
                      size_t of)
{
    const struct pfl_result *time = pfl_benchmark_find(bench, "time", "");
    const struct pfl_result *cpu = pfl_benchmark_find(bench, "cpu", "");
    const struct pfl_result *bytes = pfl_benchmark_find(bench, "throughput", "");
    bool whole = time->n == 0; /* a summary: one entry */

    pfl_json_object(w);
    pfl_json_put_string(w, "name", bench->name);
    pfl_json_put_string(w, "run_name", bench->name);
    pfl_json_put_string(w, "run_type", "iteration");
    pfl_json_put_integer(w, "repetitions", (int64_t)of);
    pfl_json_put_integer(w, "repetition_index", (int64_t)i);
    pfl_json_put_integer(w, "threads", 1);
    pfl_json_put_integer(w, "iterations", 1);
    pfl_json_put_number(w, "real_time", whole ? time->summary.median * 1e9 : nanoseconds(time, i));
    pfl_json_put_number(w, "cpu_time",
                        cpu ? (whole ? cpu->summary.median * 1e9 : nanoseconds(cpu, i))
                            : (whole ? time->summary.median * 1e9 : nanoseconds(time, i)));
    pfl_json_put_string(w, "time_unit", "ns");
    if (bytes && i < bytes->n && strcmp(bytes->unit, "B/s") == 0)
        pfl_json_put_number(w, "bytes_per_second", bytes->values[i]);
    pfl_json_object_end(w);
}

static int write(const struct pfl_run *run, struct pfl_buf *out, const char **lost,
                 struct pfl_err *err)
{
    struct pfl_json_writer w;
    char date[32];
    size_t i, k;

    *lost =
        "time, cpu and throughput of each launch as a repetition; no revision, other metrics or "
        "variants";
    pfl_clock_text(run->started_unix_ns, date);
    pfl_json_writer_init(&w, out, 2);
    pfl_json_object(&w);
    pfl_json_key(&w, "context");
    pfl_json_object(&w);
    pfl_json_put_string(&w, "date", date);
    pfl_json_put_string(&w, "host_name", run->machine.hostname);
    pfl_json_put_string(&w, "executable", run->tool);
    pfl_json_put_integer(&w, "num_cpus", run->machine.cpus);
    pfl_json_put_string(&w, "library_build_type", "release");
    pfl_json_put_integer(&w, "json_schema_version", 1);
    pfl_json_object_end(&w);
    pfl_json_key(&w, "benchmarks");
    pfl_json_array(&w);
    for (i = 0; i < run->benchmark_count; i++) {
        const struct pfl_result *time = pfl_benchmark_find(&run->benchmarks[i], "time", "");
        size_t n = time && time->n ? time->n : 1;

        for (k = 0; time && k < n; k++)
            if (time->n == 0 || !isnan(time->values[k]))
                put_entry(&w, &run->benchmarks[i], k, n);
    }
    pfl_json_array_end(&w);
    pfl_json_object_end(&w);
    pfl_buf_char(out, '\n');
    return pfl_buf_check(out, err, "writing the run for Google Benchmark's readers");
}

const struct pfl_format pfl_format_google_benchmark = {
    .name = "google-benchmark",
    .title = "Google Benchmark JSON",
    .recognise = recognise,
    .read = read,
    .write = write,
};
