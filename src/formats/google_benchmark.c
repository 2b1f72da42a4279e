/*
 * Google Benchmark's JSON (--benchmark_out_format=json), read; what becomes of its entries is in
 * google_benchmark_give.c. Every number of an entry that is not known is a user's counter, so that
 * what is only bookkeeping has to be known by name.
 */
#include "formats/google_benchmark.h"

#include <math.h>
#include <string.h>

static bool is_bookkeeping(const char *key)
{
    static const char *const keys[] = {"iterations", "threads", "label"};
    size_t i;

    for (i = 0; i < PFL_COUNT(keys); i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

static int read_counter(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct pfl_gbench_entry *e = record;
    struct pfl_gbench_counter counter = {"", NAN};
    int rc;

    if (is_bookkeeping(f->json->text))
        return pfl_json_skip(f->json, err);
    counter.name = pfl_build_keep(f->build, f->json->text);
    rc = pfl_json_next(f->json, err);
    if (rc < 0)
        return rc;
    if (f->json->token != PFL_JSON_NUMBER)
        return pfl_json_skip(f->json, err);
    counter.value = isfinite(f->json->number) ? f->json->number : (double)NAN;
    return pfl_vec_push(&e->counters, &counter) ? PFL_OK : pfl_err_no_memory(err);
}

/* Newer versions write "skipped": "error" or "skipped", older ones error_occurred. */
static int read_skipped(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct pfl_gbench_entry *e = record;
    int rc = pfl_json_next(f->json, err);

    if (rc < 0)
        return rc;
    if (f->json->token == PFL_JSON_STRING && strstr(f->json->text, "error"))
        e->error_occurred = true;
    else if (f->json->token == PFL_JSON_STRING)
        e->skipped = *f->json->text != 0;
    else if (f->json->token == PFL_JSON_BOOL)
        e->skipped = f->json->boolean;
    return pfl_json_skip(f->json, err);
}

static int read_entry(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("name", struct pfl_gbench_entry, name),
        PFL_FIELD_TEXT("run_name", struct pfl_gbench_entry, run_name),
        PFL_FIELD_TEXT("run_type", struct pfl_gbench_entry, run_type),
        PFL_FIELD_TEXT("aggregate_name", struct pfl_gbench_entry, aggregate),
        PFL_FIELD_TEXT("time_unit", struct pfl_gbench_entry, unit),
        PFL_FIELD_TEXT("big_o", struct pfl_gbench_entry, big_o),
        PFL_FIELD_TEXT("error_message", struct pfl_gbench_entry, error),
        PFL_FIELD_TEXT("skip_message", struct pfl_gbench_entry, skip),
        PFL_FIELD_BOOL("error_occurred", struct pfl_gbench_entry, error_occurred),
        PFL_FIELD_CALL("skipped", read_skipped),
        PFL_FIELD_NUMBER("real_time", struct pfl_gbench_entry, real),
        PFL_FIELD_NUMBER("cpu_time", struct pfl_gbench_entry, cpu),
        PFL_FIELD_NUMBER("rms", struct pfl_gbench_entry, rms),
        PFL_FIELD_NUMBER("real_coefficient", struct pfl_gbench_entry, real_coefficient),
        PFL_FIELD_NUMBER("cpu_coefficient", struct pfl_gbench_entry, cpu_coefficient),
        PFL_FIELD_NUMBER("repetitions", struct pfl_gbench_entry, repetitions),
        PFL_FIELD_NUMBER("repetition_index", struct pfl_gbench_entry, repetition),
        PFL_FIELD_NUMBER("family_index", struct pfl_gbench_entry, family),
        PFL_FIELD_NUMBER("per_family_instance_index", struct pfl_gbench_entry, instance),
        PFL_FIELD_ANY(read_counter),
        {0},
    };
    struct pfl_gbench_entry e = {.name = "",
                                 .run_name = "",
                                 .run_type = "",
                                 .aggregate = "",
                                 .unit = "",
                                 .big_o = "",
                                 .error = "",
                                 .skip = "",
                                 .real = NAN,
                                 .cpu = NAN,
                                 .rms = NAN,
                                 .real_coefficient = NAN,
                                 .cpu_coefficient = NAN,
                                 .repetitions = NAN,
                                 .repetition = NAN,
                                 .family = NAN,
                                 .instance = NAN,
                                 .line = f->json->line,
                                 .column = f->json->column};
    bool object = f->json->token == PFL_JSON_OBJECT;
    int rc = pfl_fields_read_at(f, fields, &e, err);

    (void)record;
    if (rc >= 0 && object)
        pfl_gbench_take(f, &e);
    pfl_vec_release(&e.counters);
    return rc;
}

static int read_benchmarks(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    pfl_gbench_ready(f);
    return pfl_fields_each(f, read_entry, record, err);
}

static int read_environment(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    const char *name = pfl_build_keep(f->build, f->json->text);
    int rc = pfl_json_next(f->json, err);

    (void)record;
    if (rc >= 0 && strcmp(name, "json_schema_version") != 0 &&
        (f->json->token == PFL_JSON_STRING || f->json->token == PFL_JSON_NUMBER ||
         f->json->token == PFL_JSON_BOOL))
        pfl_build_environment(f->build, name, pfl_fields_scalar(f));
    return rc < 0 ? rc : pfl_json_skip(f->json, err);
}

static int read_context(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("date", struct pfl_gbench, date),
        PFL_FIELD_TEXT("host_name", struct pfl_gbench, host),
        PFL_FIELD_NUMBER("num_cpus", struct pfl_gbench, cpus),
        PFL_FIELD_ANY(read_environment),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_CALL("context", read_context),
        PFL_FIELD_CALL("benchmarks", read_benchmarks),
        {0},
    };
    struct pfl_gbench d = {.date = "", .host = "", .other_aggregate = "", .cpus = NAN};
    const struct pfl_fields_file file = {
        .fields = fields,
        .record = &d,
        .context = &d,
        .controls = true, /* up to 1.8 it escapes quotes and backslashes only */
        .finish = pfl_gbench_finish};
    int rc = pfl_fields_read_file(input, sink, &file, err);
    size_t i;

    for (i = 0; i < d.aggregates.n; i++)
        pfl_vec_release(&d.aggregates.at[i].counters);
    pfl_vec_release(&d.aggregates);
    pfl_map_release(&d.slots);
    pfl_map_release(&d.places);
    pfl_rows_release(&d.rows);
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

const struct pfl_format pfl_format_google_benchmark = {
    .name = "google-benchmark",
    .title = "Google Benchmark JSON",
    .sought = "\"benchmarks\" list whose entries have \"name\" and \"real_time\"",
    .recognise = recognise,
    .read = read,
    .write = pfl_gbench_write,
};
