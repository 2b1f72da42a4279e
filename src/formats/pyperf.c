/*
 * pyperf's JSON: suites of benchmarks, each of runs, each of values.
 *
 * A run is a process, so runs are launches; calibration runs have no values and are none. A single
 * run's values count one by one, for they are all there is (nanobench's pyperf template). Values
 * are per loop iteration already. Warm-ups are left out.
 *
 * Metadata stands at three levels: what all benchmarks have in common at the root, what all runs
 * have in common at the benchmark, the rest at the run; the inner one wins. So a benchmark's name
 * and unit may come behind its values, and all is kept until the end. The root's become the run's
 * environment. mem_max_rss (of `pyperf command`: command_max_rss) is the process's peak memory.
 *
 * Unit "second" (also when none is said) is time; "byte" is what --track-memory and --tracemalloc
 * measured, memory; "integer" is a number whose direction the file does not say. Before format 6
 * (pyperf 0.9.6) values were called samples and the benchmark's metadata common_metadata.
 */
#include "formats/fields.h"

#include <math.h>
#include <string.h>

struct meta {
    const char *name, *unit, *host, *cpu, *date;
    double rss, command_rss, cpus, duration;
    struct pfl_build_pairs *others; /* NULL: not kept */
};

struct bench {
    struct meta meta;
    struct pfl_build_values values, peaks; /* peaks: one per launch */
    struct pfl_build_launches launch_of;
    uint32_t launches;
    int line, column;
};
PFL_VEC(benches, struct bench);

struct run {
    struct meta meta;
    struct pfl_build_values values;
};

struct document {
    struct meta meta;
    struct pfl_build_pairs others;
    struct benches benches;
    const char *first; /* date of the first run */
    int64_t last_ns;   /* when the last one ended */
};

static struct meta no_meta(void)
{
    return (struct meta){.name = "",
                         .unit = "",
                         .host = "",
                         .cpu = "",
                         .date = "",
                         .rss = NAN,
                         .command_rss = NAN,
                         .cpus = NAN,
                         .duration = NAN};
}

/* ---- reading ---- */

static int read_other(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct pfl_build_pairs *others = ((struct meta *)record)->others;
    struct pfl_pair pair = {"", NULL};
    int rc;

    if (!others)
        return pfl_json_skip(f->json, err);
    pair.name = pfl_build_keep(f->build, f->json->text);
    rc = pfl_json_next(f->json, err);
    if (rc < 0)
        return rc;
    if (f->json->token != PFL_JSON_STRING && f->json->token != PFL_JSON_NUMBER &&
        f->json->token != PFL_JSON_BOOL)
        return pfl_json_skip(f->json, err);
    pair.value = pfl_fields_scalar(f);
    return pfl_vec_push(others, &pair) ? PFL_OK : pfl_err_no_memory(err);
}

static const struct pfl_field meta_fields[] = {
    PFL_FIELD_TEXT("name", struct meta, name),
    PFL_FIELD_TEXT("unit", struct meta, unit),
    PFL_FIELD_TEXT("hostname", struct meta, host),
    PFL_FIELD_TEXT("cpu_model_name", struct meta, cpu),
    PFL_FIELD_TEXT("date", struct meta, date),
    PFL_FIELD_NUMBER("mem_max_rss", struct meta, rss),
    PFL_FIELD_NUMBER("command_max_rss", struct meta, command_rss),
    PFL_FIELD_NUMBER("cpu_count", struct meta, cpus),
    PFL_FIELD_NUMBER("duration", struct meta, duration),
    PFL_FIELD_ANY(read_other),
    {0},
};

/* `meta` is the first member of what has it. */
static int read_meta(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_read(f, meta_fields, record, err);
}

static void note_date(struct document *d, const struct meta *meta)
{
    int64_t seconds = pfl_build_seconds(meta->date), end_ns;

    if (!seconds)
        return;
    if (!*d->first || strcmp(meta->date, d->first) < 0)
        d->first = meta->date;
    end_ns = seconds * INT64_C(1000000000);
    if (meta->duration > 0 && meta->duration < 1e8)
        end_ns += (int64_t)(meta->duration * 1e9);
    if (end_ns > d->last_ns)
        d->last_ns = end_ns;
}

static double peak_of(const struct meta *meta, const struct meta *around)
{
    if (!isnan(meta->command_rss))
        return meta->command_rss;
    return !isnan(around->command_rss) ? around->command_rss : meta->rss;
}

static bool keep_run(struct bench *bench, const struct run *run)
{
    double peak = peak_of(&run->meta, &bench->meta);
    size_t i;

    if (run->values.n == 0) /* it calibrated */
        return true;
    for (i = 0; i < run->values.n; i++)
        if (!pfl_vec_push(&bench->values, &run->values.at[i]) ||
            !pfl_vec_push(&bench->launch_of, &bench->launches))
            return false;
    bench->launches++;
    return pfl_vec_push(&bench->peaks, &peak);
}

static int read_run(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_CALL("metadata", read_meta),
        PFL_FIELD_NUMBERS("values", struct run, values),
        PFL_FIELD_NUMBERS("samples", struct run, values),
        {0},
    };
    struct run run = {.meta = no_meta()};
    int rc = pfl_fields_read_at(f, fields, &run, err);

    if (rc >= 0 && !keep_run(record, &run))
        rc = pfl_err_no_memory(err);
    if (rc >= 0)
        note_date(f->context, &run.meta);
    pfl_vec_release(&run.values);
    return rc;
}

static int read_runs(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_each(f, read_run, record, err);
}

static void release(struct bench *bench)
{
    pfl_vec_release(&bench->values);
    pfl_vec_release(&bench->peaks);
    pfl_vec_release(&bench->launch_of);
}

static int read_bench(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_CALL("metadata", read_meta),
        PFL_FIELD_CALL("common_metadata", read_meta),
        PFL_FIELD_CALL("runs", read_runs),
        {0},
    };
    struct document *d = record;
    struct bench bench = {.meta = no_meta(), .line = f->json->line, .column = f->json->column};
    int rc = pfl_fields_read_at(f, fields, &bench, err);

    if (rc >= 0 && pfl_vec_push(&d->benches, &bench))
        return PFL_OK;
    release(&bench);
    return rc < 0 ? rc : pfl_err_no_memory(err);
}

static int read_benches(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_each(f, read_bench, record, err);
}

/* ---- giving ---- */

static void begin_result(struct pfl_build *b, const char *unit)
{
    if (!*unit || strcmp(unit, "second") == 0) {
        pfl_build_result(b, "time", "", "s");
    } else if (strcmp(unit, "byte") == 0) {
        pfl_build_result(b, "memory", "", "B");
    } else {
        pfl_build_result(b, "value", "", strcmp(unit, "integer") == 0 ? "1" : unit);
        if (b->input->better)
            pfl_build_better(b, *b->input->better);
    }
}

static void give_peaks(struct pfl_build *b, const struct bench *bench, double common)
{
    bool any = !isnan(common);
    double peak;
    uint32_t k;

    for (k = 0; k < bench->launches; k++)
        any = any || !isnan(bench->peaks.at[k]);
    if (!any)
        return;
    pfl_build_result(b, "peak_rss", "", "B");
    for (k = 0; k < bench->launches; k++) {
        peak = isnan(bench->peaks.at[k]) ? common : bench->peaks.at[k];
        if (bench->launches > 1)
            pfl_build_launch(b, k);
        pfl_build_value(b, peak);
    }
}

static void give(struct pfl_build *b, const struct document *d, const struct bench *bench)
{
    const char *name = *bench->meta.name ? bench->meta.name : d->meta.name;
    const char *unit = *bench->meta.unit ? bench->meta.unit : d->meta.unit;
    double common = peak_of(&d->meta, &bench->meta);
    size_t i;

    if (!*name) {
        pfl_build_warn_at(b, bench->line, bench->column,
                          "a benchmark without a name in its metadata is left out");
        return;
    }
    pfl_build_benchmark(b, name);
    if (bench->launches == 0) {
        pfl_build_status(b, PFL_STATUS_SKIPPED, "its runs have no values: they only calibrated");
        return;
    }
    begin_result(b, unit);
    for (i = 0; i < bench->values.n; i++) {
        if (bench->launches > 1)
            pfl_build_launch(b, bench->launch_of.at[i]);
        pfl_build_value(b, bench->values.at[i]);
    }
    give_peaks(b, bench, isnan(common) ? bench->meta.rss : common);
}

/* The machine's own are at the root, or, in a suite put together, at each benchmark. */
static void give_machine(struct pfl_build *b, struct document *d)
{
    size_t i;

    for (i = 0; i < d->benches.n; i++) {
        const struct meta *meta = &d->benches.at[i].meta;

        if (!*d->meta.host)
            d->meta.host = meta->host;
        if (*meta->host && strcmp(meta->host, d->meta.host) != 0) {
            pfl_build_warn_at(
                b, d->benches.at[i].line, d->benches.at[i].column,
                "its benchmarks were measured on several machines (%s, %s): all count "
                "as the first's",
                d->meta.host, meta->host);
            break;
        }
        if (!*d->meta.cpu)
            d->meta.cpu = meta->cpu;
        if (isnan(d->meta.cpus))
            d->meta.cpus = meta->cpus;
        note_date(d, meta);
    }
    note_date(d, &d->meta);
    b->run->machine.hostname = d->meta.host;
    b->run->machine.cpu_model = d->meta.cpu;
    if (d->meta.cpus >= 1 && d->meta.cpus < 1e6)
        b->run->machine.cpus = (int)d->meta.cpus;
    pfl_build_machine(b, d->meta.host);
}

static int finish(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct document *d = record;
    size_t i;

    (void)err;
    for (i = 0; i < d->benches.n; i++)
        give(f->build, d, &d->benches.at[i]);
    give_machine(f->build, d);
    for (i = 0; i < d->others.n; i++)
        pfl_build_environment(f->build, d->others.at[i].name, d->others.at[i].value);
    pfl_build_started(f->build, d->first);
    f->build->run->finished_unix_ns = d->last_ns;
    return PFL_OK;
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_CALL("benchmarks", read_benches),
        PFL_FIELD_CALL("metadata", read_meta),
        {0},
    };
    struct document document = {.meta = no_meta(), .first = ""};
    const struct pfl_fields_file file = {.fields = fields,
                                         .record = &document,
                                         .context = &document,
                                         .tool = "pyperf",
                                         .finish = finish};
    size_t i;
    int rc;

    document.meta.others = &document.others;
    rc = pfl_fields_read_file(input, sink, &file, err);
    for (i = 0; i < document.benches.n; i++)
        release(&document.benches.at[i]);
    pfl_vec_release(&document.benches);
    pfl_vec_release(&document.others);
    return rc;
}

static int recognise(const struct pfl_format_probe *probe)
{
    return pfl_format_has(probe, "benchmarks[].runs[].values") ||
                   pfl_format_has(probe, "benchmarks[].runs[].warmups") ||
                   pfl_format_has(probe, "benchmarks[].runs[].samples")
               ? 2
               : 0;
}

const struct pfl_format pfl_format_pyperf = {
    .name = "pyperf",
    .title = "pyperf JSON",
    .sought = "\"benchmarks\" list whose entries have \"runs\" with \"values\"",
    .recognise = recognise,
    .read = read,
};
