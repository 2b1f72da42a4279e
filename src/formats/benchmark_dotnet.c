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
#include "formats/benchmark_dotnet.h"
#include "formats/fields.h"

#include <math.h>
#include <string.h>

enum stage { OTHER, ACTUAL, RESULT };

struct measurement {
    enum stage stage;
    bool overhead;
    double launch, operations, nanoseconds;
};

struct document {
    const char *title, *version, *os, *cpu, *arch, *runtime, *sdk, *configuration;
    double cores, cpus;
    size_t by_statistics;
};

/* ---- a benchmark ---- */

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
    struct pfl_dotnet_benchmark *e = record;
    struct measurement m = {OTHER, false, NAN, NAN, NAN};
    struct pfl_dotnet_sample sample;
    int rc = pfl_fields_read_at(f, fields, &m, err);

    if (rc < 0)
        return rc;
    sample = (struct pfl_dotnet_sample){m.nanoseconds / m.operations, m.launch};
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
        PFL_FIELD_NUMBER("N", struct pfl_dotnet_benchmark, n),
        PFL_FIELD_NUMBER("Min", struct pfl_dotnet_benchmark, summary.min),
        PFL_FIELD_NUMBER("Q1", struct pfl_dotnet_benchmark, summary.q1),
        PFL_FIELD_NUMBER("Median", struct pfl_dotnet_benchmark, summary.median),
        PFL_FIELD_NUMBER("Mean", struct pfl_dotnet_benchmark, summary.mean),
        PFL_FIELD_NUMBER("Q3", struct pfl_dotnet_benchmark, summary.q3),
        PFL_FIELD_NUMBER("Max", struct pfl_dotnet_benchmark, summary.max),
        PFL_FIELD_NUMBER("StandardDeviation", struct pfl_dotnet_benchmark, summary.stddev),
        PFL_FIELD_NUMBERS("OriginalValues", struct pfl_dotnet_benchmark, originals),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

static int read_memory(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_NUMBER("Gen0Collections", struct pfl_dotnet_memory, gen0),
        PFL_FIELD_NUMBER("Gen1Collections", struct pfl_dotnet_memory, gen1),
        PFL_FIELD_NUMBER("Gen2Collections", struct pfl_dotnet_memory, gen2),
        PFL_FIELD_NUMBER("TotalOperations", struct pfl_dotnet_memory, operations),
        PFL_FIELD_NUMBER("BytesAllocatedPerOperation", struct pfl_dotnet_memory, bytes),
        {0},
    };

    return pfl_fields_read(f, fields, &((struct pfl_dotnet_benchmark *)record)->memory, err);
}

static int read_descriptor(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("Id", struct pfl_dotnet_metric, id),
        PFL_FIELD_TEXT("DisplayName", struct pfl_dotnet_metric, name),
        PFL_FIELD_TEXT("Unit", struct pfl_dotnet_metric, unit),
        PFL_FIELD_BOOL("TheGreaterTheBetter", struct pfl_dotnet_metric, greater),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

static int read_metric(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_NUMBER("Value", struct pfl_dotnet_metric, value),
        PFL_FIELD_CALL("Descriptor", read_descriptor),
        {0},
    };
    struct pfl_dotnet_metric metric = {.id = "", .name = "", .unit = "", .value = NAN};
    int rc = pfl_fields_read_at(f, fields, &metric, err);

    return rc < 0 || pfl_vec_push(&((struct pfl_dotnet_benchmark *)record)->metrics, &metric)
               ? rc
               : pfl_err_no_memory(err);
}

static int read_metrics(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_each(f, read_metric, record, err);
}

static int read_entry(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("DisplayInfo", struct pfl_dotnet_benchmark, display),
        PFL_FIELD_TEXT("Namespace", struct pfl_dotnet_benchmark, space),
        PFL_FIELD_TEXT("Type", struct pfl_dotnet_benchmark, type),
        PFL_FIELD_TEXT("Method", struct pfl_dotnet_benchmark, method),
        PFL_FIELD_TEXT("Parameters", struct pfl_dotnet_benchmark, params),
        PFL_FIELD_TEXT("FullName", struct pfl_dotnet_benchmark, full),
        PFL_FIELD_CALL("Statistics", read_statistics),
        PFL_FIELD_CALL("Memory", read_memory),
        PFL_FIELD_CALL("Measurements", read_measurements),
        PFL_FIELD_CALL("Metrics", read_metrics),
        {0},
    };
    struct pfl_dotnet_benchmark e = {.display = "",
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
    if (rc >= 0 && !pfl_dotnet_give(f->build, &e, &((struct document *)f->context)->by_statistics))
        pfl_build_warn(f->build, f->json, "a benchmark without a name is left out");
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

/* ---- the document ---- */

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
    pfl_dotnet_give_date(f->build, d->title);
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
    .sought = "\"HostEnvironmentInfo\" with a \"Benchmarks\" list",
    .recognise = recognise,
    .read = read,
};
