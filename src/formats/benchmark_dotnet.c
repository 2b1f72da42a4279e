/*
 * BenchmarkDotNet's JSON exporters (brief, full, with and without measurements), from 0.9 on.
 *
 * Samples, in this order of preference: Measurements of the stage Result (the overhead taken off,
 * outliers removed), else of the stage Actual, nanoseconds by operations; Statistics.
 * OriginalValues; else the statistics themselves, with the interval of the median that the
 * quartiles imply (its own is one of the mean, mostly at 99.9 %). LaunchIndex tells processes
 * apart. Before 0.11 there were no stages: the modes were called Result and MainTarget.
 *
 * Memory and the diagnosers' Metrics are figures of the whole run; each metric says its unit and
 * whether more is better. NaN is written as "". No Statistics: the benchmark failed.
 *
 * Jobs (runtimes, GC modes) share a FullName and differ in DisplayInfo: the job is a parameter, and
 * in the name from the second benchmark of one name on. The date is only in the title ("…-20240131-
 * 120000", local time).
 */
#include "formats/fields.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum stage { OTHER, ACTUAL, RESULT };

struct sample {
    double value, launch;
};
PFL_VEC(samples, struct sample);

struct measurement {
    enum stage stage;
    bool overhead;
    double launch, operations, nanoseconds;
};

struct metric {
    const char *id, *name, *unit;
    double value;
    bool greater;
};
PFL_VEC(metrics, struct metric);

struct memory {
    double gen0, gen1, gen2, operations, bytes;
};

struct entry {
    const char *display, *space, *type, *method, *params, *full;
    struct pfl_summary summary;
    double n;
    struct pfl_build_values originals;
    struct samples results, actuals;
    struct metrics metrics;
    struct memory memory;
};

struct document {
    const char *title, *version, *os, *cpu, *arch, *runtime, *sdk, *configuration;
    double cores, cpus;
    size_t by_statistics;
};

/* ---- reading ---- */

/* Stages since 0.11, modes before. The overhead has stages of the same names. */
static int read_stage(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct measurement *m = record;
    int rc = pfl_json_next(f->json, err);

    if (rc < 0)
        return rc;
    if (f->json->token != PFL_JSON_STRING)
        return pfl_json_skip(f->json, err);
    if (strcmp(f->json->text, "Result") == 0)
        m->stage = RESULT;
    else if (strcmp(f->json->text, "Actual") == 0 || strcmp(f->json->text, "MainTarget") == 0)
        m->stage = ACTUAL;
    else if (strcmp(f->json->text, "Overhead") == 0)
        m->overhead = true;
    return PFL_OK;
}

static int read_measurement(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_CALL("IterationMode", read_stage),
        PFL_FIELD_CALL("IterationStage", read_stage),
        PFL_FIELD_NUMBER("LaunchIndex", struct measurement, launch),
        PFL_FIELD_NUMBER("Operations", struct measurement, operations),
        PFL_FIELD_NUMBER("Nanoseconds", struct measurement, nanoseconds),
        {0},
    };
    struct entry *e = record;
    struct measurement m = {OTHER, false, NAN, NAN, NAN};
    struct sample sample;
    int rc = pfl_fields_read_at(f, fields, &m, err);

    if (rc < 0)
        return rc;
    sample = (struct sample){m.nanoseconds / m.operations, m.launch};
    if (m.stage == OTHER || m.overhead)
        return PFL_OK;
    return pfl_vec_push(m.stage == RESULT ? &e->results : &e->actuals, &sample)
               ? PFL_OK
               : pfl_err_no_memory(err);
}

static int read_measurements(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_each(f, read_measurement, record, err);
}

static int read_statistics(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_NUMBER("N", struct entry, n),
        PFL_FIELD_NUMBER("Min", struct entry, summary.min),
        PFL_FIELD_NUMBER("Q1", struct entry, summary.q1),
        PFL_FIELD_NUMBER("Median", struct entry, summary.median),
        PFL_FIELD_NUMBER("Mean", struct entry, summary.mean),
        PFL_FIELD_NUMBER("Q3", struct entry, summary.q3),
        PFL_FIELD_NUMBER("Max", struct entry, summary.max),
        PFL_FIELD_NUMBER("StandardDeviation", struct entry, summary.stddev),
        PFL_FIELD_NUMBERS("OriginalValues", struct entry, originals),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

static int read_memory(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_NUMBER("Gen0Collections", struct memory, gen0),
        PFL_FIELD_NUMBER("Gen1Collections", struct memory, gen1),
        PFL_FIELD_NUMBER("Gen2Collections", struct memory, gen2),
        PFL_FIELD_NUMBER("TotalOperations", struct memory, operations),
        PFL_FIELD_NUMBER("BytesAllocatedPerOperation", struct memory, bytes),
        {0},
    };

    return pfl_fields_read(f, fields, &((struct entry *)record)->memory, err);
}

static int read_descriptor(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("Id", struct metric, id),
        PFL_FIELD_TEXT("DisplayName", struct metric, name),
        PFL_FIELD_TEXT("Unit", struct metric, unit),
        PFL_FIELD_BOOL("TheGreaterTheBetter", struct metric, greater),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

static int read_metric(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_NUMBER("Value", struct metric, value),
        PFL_FIELD_CALL("Descriptor", read_descriptor),
        {0},
    };
    struct metric metric = {.id = "", .name = "", .unit = "", .value = NAN};
    int rc = pfl_fields_read_at(f, fields, &metric, err);

    return rc < 0 || pfl_vec_push(&((struct entry *)record)->metrics, &metric)
               ? rc
               : pfl_err_no_memory(err);
}

static int read_metrics(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_each(f, read_metric, record, err);
}

/* ---- giving ---- */

/* The launches are numbered from 1. Grouped when there are several and the numbers are sane. */
static bool several_launches(const struct samples *samples)
{
    bool several = false;
    size_t i;

    for (i = 0; i < samples->n; i++) {
        double launch = samples->at[i].launch;

        if (!(launch >= 1 && launch <= (double)samples->n) || launch != floor(launch))
            return false;
        several = several || launch != samples->at[0].launch;
    }
    return several;
}

static void give_samples(struct pfl_build *b, const struct samples *samples)
{
    bool several = several_launches(samples);
    size_t i;

    for (i = 0; i < samples->n; i++) {
        if (several)
            pfl_build_launch(b, (uint32_t)samples->at[i].launch - 1);
        pfl_build_value(b, samples->at[i].value);
    }
}

static void give_time(struct pfl_fields *f, struct entry *e)
{
    struct pfl_summary *s = &e->summary;
    struct pfl_build *b = f->build;
    size_t i;

    if (e->results.n == 0 && e->actuals.n == 0 && e->originals.n == 0 && isnan(s->median) &&
        isnan(s->mean)) {
        pfl_build_status(b, PFL_STATUS_FAILED, "BenchmarkDotNet has no result of it");
        return;
    }
    pfl_build_result(b, "time", "", "ns");
    if (e->results.n || e->actuals.n) {
        give_samples(b, e->results.n ? &e->results : &e->actuals);
        return;
    }
    for (i = 0; i < e->originals.n; i++)
        pfl_build_value(b, e->originals.at[i]);
    if (e->originals.n)
        return;
    s->n = e->n >= 1 && e->n < 1e9 ? (size_t)e->n : 0;
    pfl_build_interval_of_quartiles(s, &s->ci_low, &s->ci_high);
    if (isnan(s->ci_low))
        pfl_build_interval_of_mean(s, &s->ci_low, &s->ci_high);
    pfl_build_summary(b, s);
    ((struct document *)f->context)->by_statistics++;
}

static void give_figure(struct pfl_build *b, const char *metric, const char *unit, double value)
{
    struct pfl_summary summary = pfl_summary_none();

    if (!isfinite(value))
        return;
    summary.median = value;
    pfl_build_result(b, metric, "", unit);
    pfl_build_summary(b, &summary);
    pfl_build_better(b, PFL_BETTER_LOWER);
}

/* As MemoryDiagnoser's own metrics, which the brief exporter leaves out: per 1,000 operations. */
static void give_memory(struct pfl_build *b, const struct memory *memory)
{
    if (memory->operations > 0) {
        give_figure(b, "Gen0Collects", "1", memory->gen0 / memory->operations * 1000);
        give_figure(b, "Gen1Collects", "1", memory->gen1 / memory->operations * 1000);
        give_figure(b, "Gen2Collects", "1", memory->gen2 / memory->operations * 1000);
    }
    if (memory->bytes >= 0)
        give_figure(b, "allocated", "B", memory->bytes);
}

static bool is_allocated(const struct metric *metric)
{
    return strcmp(metric->id, "Allocated Memory") == 0;
}

static bool is_of_memory(const struct metric *metric)
{
    return is_allocated(metric) || (strncmp(metric->id, "Gen", 3) == 0 && metric->id[3] &&
                                    strcmp(metric->id + 4, "Collects") == 0);
}

static void give_metrics(struct pfl_build *b, const struct entry *e)
{
    bool has_memory = e->memory.operations > 0 || e->memory.bytes >= 0;
    size_t i;

    give_memory(b, &e->memory);
    for (i = 0; i < e->metrics.n; i++) {
        const struct metric *metric = &e->metrics.at[i];
        const char *name = is_allocated(metric) ? "allocated"
                           : *metric->id        ? metric->id
                                                : metric->name;
        bool plain = !*metric->unit || strcmp(metric->unit, "Count") == 0;

        if (!*name || (has_memory && is_of_memory(metric)))
            continue;
        give_figure(b, name, plain ? "1" : metric->unit, metric->value);
        if (metric->greater && isfinite(metric->value))
            pfl_build_better(b, PFL_BETTER_HIGHER);
    }
}

/* The "&" behind which the next NAME= begins, or the end: values may hold "&" too. */
static const char *end_of_param(const char *text)
{
    const char *end = strchr(text, '&');
    size_t len;

    while (end) {
        len = strcspn(end + 1, "&=");
        if (end[1 + len] == '=')
            return end;
        end = end[1 + len] ? end + 1 + len : NULL;
    }
    return text + strlen(text);
}

/* "N=10&Text=a&b" → N: 10, Text: a&b. */
static void give_params(struct pfl_build *b, const char *text)
{
    const char *equals, *end;
    char *name, *value;

    while ((equals = strchr(text, '=')) != NULL) {
        end = end_of_param(equals);
        name = pfl_arena_text_n(&b->arena, text, (size_t)(equals - text));
        value = pfl_arena_text_n(&b->arena, equals + 1, (size_t)(end - equals - 1));
        pfl_build_param(b, name ? name : "", value ? value : "");
        text = *end ? end + 1 : end;
    }
}

/* "Type.Method: JOB [N=10]" → JOB; "" for the default one. */
static const char *job_of(struct pfl_build *b, const char *display)
{
    const char *at = strstr(display, ": "), *end;

    if (!at)
        return "";
    at += 2;
    end = strstr(at, " [");
    if (strncmp(at, "DefaultJob", 10) == 0)
        return "";
    return pfl_build_keep(b,
                          pfl_arena_text_n(&b->arena, at, end ? (size_t)(end - at) : strlen(at)));
}

static const char *name_of(struct pfl_build *b, const struct entry *e, const char *job)
{
    const char *name = e->full;

    if (!*name && *e->method)
        name = pfl_arena_format(&b->arena, "%s%s%s%s%s%s%s%s", e->space, *e->space ? "." : "",
                                e->type, *e->type ? "." : "", e->method, *e->params ? "(" : "",
                                e->params, *e->params ? ")" : "");
    if (name && !*name)
        name = e->display;
    if (name && *job && pfl_map_get(&b->names, name))
        name = pfl_arena_format(&b->arena, "%s [%s]", name, job);
    return pfl_build_keep(b, name);
}

static void give(struct pfl_fields *f, struct entry *e)
{
    const char *job = job_of(f->build, e->display), *name = name_of(f->build, e, job);

    if (!*name) {
        pfl_build_warn(f->build, f->json, "a benchmark without a name is left out");
        return;
    }
    pfl_build_benchmark(f->build, name);
    give_params(f->build, e->params);
    if (*job)
        pfl_build_param(f->build, "job", job);
    give_time(f, e);
    give_metrics(f->build, e);
}

static int read_entry(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("DisplayInfo", struct entry, display),
        PFL_FIELD_TEXT("Namespace", struct entry, space),
        PFL_FIELD_TEXT("Type", struct entry, type),
        PFL_FIELD_TEXT("Method", struct entry, method),
        PFL_FIELD_TEXT("Parameters", struct entry, params),
        PFL_FIELD_TEXT("FullName", struct entry, full),
        PFL_FIELD_CALL("Statistics", read_statistics),
        PFL_FIELD_CALL("Memory", read_memory),
        PFL_FIELD_CALL("Measurements", read_measurements),
        PFL_FIELD_CALL("Metrics", read_metrics),
        {0},
    };
    struct entry e = {.display = "",
                      .space = "",
                      .type = "",
                      .method = "",
                      .params = "",
                      .full = "",
                      .summary = pfl_summary_none(),
                      .n = NAN,
                      .memory = {NAN, NAN, NAN, NAN, NAN}};
    int rc = pfl_fields_read_at(f, fields, &e, err);

    (void)record;
    if (rc >= 0)
        give(f, &e);
    pfl_vec_release(&e.originals);
    pfl_vec_release(&e.results);
    pfl_vec_release(&e.actuals);
    pfl_vec_release(&e.metrics);
    return rc;
}

static int read_benchmarks(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_each(f, read_entry, record, err);
}

/* A text, or once upon a time a Lazy with its Value. */
static int read_lazy(struct pfl_fields *f, const char **text, struct pfl_err *err)
{
    int rc = pfl_json_next(f->json, err);

    if (rc < 0)
        return rc;
    if (f->json->token == PFL_JSON_STRING) {
        *text = pfl_fields_scalar(f);
        return PFL_OK;
    }
    if (f->json->token != PFL_JSON_OBJECT)
        return pfl_json_skip(f->json, err);
    while ((rc = pfl_json_next_key(f->json, err)) > 0) {
        rc = pfl_json_key_is(f->json, "Value") ? pfl_fields_text(f, text, err)
                                               : pfl_json_skip(f->json, err);
        if (rc < 0)
            return rc;
    }
    return rc;
}

static int read_cpu(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return read_lazy(f, &((struct document *)record)->cpu, err);
}

static int read_sdk(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return read_lazy(f, &((struct document *)record)->sdk, err);
}

static int read_host(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("BenchmarkDotNetVersion", struct document, version),
        PFL_FIELD_TEXT("OsVersion", struct document, os),
        PFL_FIELD_CALL("ProcessorName", read_cpu),
        PFL_FIELD_NUMBER("PhysicalCoreCount", struct document, cores),
        PFL_FIELD_NUMBER("LogicalCoreCount", struct document, cpus),
        PFL_FIELD_NUMBER("ProcessorCount", struct document, cpus),
        PFL_FIELD_TEXT("Architecture", struct document, arch),
        PFL_FIELD_TEXT("RuntimeVersion", struct document, runtime),
        PFL_FIELD_TEXT("ClrVersion", struct document, runtime),
        PFL_FIELD_TEXT("Configuration", struct document, configuration),
        PFL_FIELD_CALL("DotNetCliVersion", read_sdk),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

/* "Title-20240131-120000". */
static void give_date(struct pfl_build *b, const char *title)
{
    size_t len = strlen(title);
    const char *t = title + (len >= 16 ? len - 16 : len);
    char date[32];

    if (*t != '-' || t[9] != '-' || strspn(t + 1, "0123456789") != 8 ||
        strspn(t + 10, "0123456789") != 6)
        return;
    snprintf(date, sizeof date, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s", t + 1, t + 5, t + 7, t + 10,
             t + 12, t + 14);
    pfl_build_started(b, date);
}

static void give_text(struct pfl_build *b, const char *name, const char *value)
{
    if (*value)
        pfl_build_environment(b, name, value);
}

static int finish(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    const struct document *d = record;
    struct pfl_machine *machine = &f->build->run->machine;

    (void)err;
    machine->os = d->os;
    machine->cpu_model = d->cpu;
    machine->arch = d->arch;
    machine->cores = d->cores >= 1 && d->cores < 1e6 ? (int)d->cores : 0;
    machine->cpus = d->cpus >= 1 && d->cpus < 1e6 ? (int)d->cpus : 0;
    give_date(f->build, d->title);
    give_text(f->build, "BenchmarkDotNet", d->version);
    give_text(f->build, "runtime", d->runtime);
    give_text(f->build, "sdk", d->sdk);
    give_text(f->build, "configuration", d->configuration);
    if (d->by_statistics)
        pfl_build_warn(f->build, NULL,
                       "%zu benchmarks have statistics but no measurements: their intervals are "
                       "made from the quartiles",
                       d->by_statistics);
    return PFL_OK;
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("Title", struct document, title),
        PFL_FIELD_CALL("HostEnvironmentInfo", read_host),
        PFL_FIELD_CALL("Benchmarks", read_benchmarks),
        {0},
    };
    struct document document = {.title = "",
                                .version = "",
                                .os = "",
                                .cpu = "",
                                .arch = "",
                                .runtime = "",
                                .sdk = "",
                                .configuration = "",
                                .cores = NAN,
                                .cpus = NAN};
    const struct pfl_fields_file file = {.fields = fields,
                                         .record = &document,
                                         .context = &document,
                                         .tool = "BenchmarkDotNet",
                                         .finish = finish};

    return pfl_fields_read_file(input, sink, &file, err);
}

static int recognise(const struct pfl_format_probe *probe)
{
    return pfl_format_has(probe, "HostEnvironmentInfo.BenchmarkDotNetVersion") ||
                   (pfl_format_has(probe, "HostEnvironmentInfo") &&
                    pfl_format_has(probe, "Benchmarks"))
               ? 2
               : 0;
}

const struct pfl_format pfl_format_benchmark_dotnet = {
    .name = "benchmarkdotnet",
    .title = "BenchmarkDotNet JSON",
    .recognise = recognise,
    .read = read,
};
