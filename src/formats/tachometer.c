/*
 * tachometer's JSON (--json-file, and what --save wrote before it): browser benchmarks, in ms.
 *
 * A sample is a page load, in the order measured. One name comes once per version of a dependency
 * and per browser: the version is part of the name, for versions are what tachometer compares, and
 * a parameter, as the browser is; the browser is in the name from the second of one name on.
 * `differences` compare benchmarks of the file with each other and are left out. Without samples
 * the interval of the mean stands, whose middle the mean is.
 */
#include "formats/fields.h"

#include <math.h>
#include <string.h>

struct entry {
    const char *name, *version, *browser, *remote;
    bool headless;
    double bytes, low, high;
    struct pfl_build_values samples;
};

struct document {
    const char *date, *maker, *model;
    double cores;
    size_t by_mean;
};

static int read_mean(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_NUMBER("low", struct entry, low),
        PFL_FIELD_NUMBER("high", struct entry, high),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

static int read_browser(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("name", struct entry, browser),
        PFL_FIELD_TEXT("remoteUrl", struct entry, remote),
        PFL_FIELD_BOOL("headless", struct entry, headless),
        {0},
    };
    int rc = pfl_json_next(f->json, err);

    if (rc < 0)
        return rc;
    if (f->json->token == PFL_JSON_STRING) { /* the first versions had its name only */
        ((struct entry *)record)->browser = pfl_fields_scalar(f);
        return PFL_OK;
    }
    return pfl_fields_read_at(f, fields, record, err);
}

static const char *name_of(struct pfl_build *b, const struct entry *e, const char *browser)
{
    const char *name = e->name;

    if (*e->version)
        name = pfl_arena_format(&b->arena, "%s[version=%s]", name, e->version);
    if (name && *browser && pfl_map_get(&b->names, name))
        name = *e->version ? pfl_arena_format(&b->arena, "%s[browser=%s,version=%s]", e->name,
                                              browser, e->version)
                           : pfl_arena_format(&b->arena, "%s[browser=%s]", e->name, browser);
    return pfl_build_keep(b, name);
}

static void give_time(struct pfl_fields *f, const struct entry *e)
{
    struct pfl_summary summary = pfl_summary_none();
    size_t i;

    pfl_build_result(f->build, "time", "", "ms");
    for (i = 0; i < e->samples.n; i++)
        pfl_build_value(f->build, e->samples.at[i]);
    if (e->samples.n)
        return;
    if (isnan(e->low) || isnan(e->high)) {
        pfl_build_warn(f->build, f->json, "%s has neither samples nor a mean", e->name);
        pfl_build_value(f->build, NAN);
        return;
    }
    summary.mean = (e->low + e->high) / 2;
    summary.ci_low = e->low;
    summary.ci_high = e->high;
    pfl_build_summary(f->build, &summary);
    ((struct document *)f->context)->by_mean++;
}

static void give(struct pfl_fields *f, const struct entry *e)
{
    struct pfl_summary bytes = pfl_summary_none();
    const char *browser =
        pfl_arena_format(&f->build->arena, "%s%s%s%s", e->browser, e->headless ? "-headless" : "",
                         *e->remote ? "@" : "", e->remote);

    if (!*e->name) {
        pfl_build_warn(f->build, f->json, "a benchmark without a name is left out");
        return;
    }
    browser = pfl_build_keep(f->build, *e->browser ? browser : "");
    pfl_build_benchmark(f->build, name_of(f->build, e, browser));
    if (*browser)
        pfl_build_param(f->build, "browser", browser);
    if (*e->version)
        pfl_build_param(f->build, "version", e->version);
    give_time(f, e);
    if (e->bytes > 0) { /* 0: a page of another server's, whose bytes it does not see */
        bytes.median = e->bytes;
        pfl_build_result(f->build, "bytes_sent", "", "B");
        pfl_build_summary(f->build, &bytes);
    }
}

static int read_entry(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("name", struct entry, name),
        PFL_FIELD_TEXT("version", struct entry, version),
        PFL_FIELD_CALL("browser", read_browser),
        PFL_FIELD_CALL("mean", read_mean),
        PFL_FIELD_NUMBER("bytesSent", struct entry, bytes),
        PFL_FIELD_NUMBERS("samples", struct entry, samples),
        PFL_FIELD_NUMBERS("millis", struct entry, samples),
        {0},
    };
    struct entry e = {.name = "",
                      .version = "",
                      .browser = "",
                      .remote = "",
                      .bytes = NAN,
                      .low = NAN,
                      .high = NAN};
    int rc = pfl_fields_read_at(f, fields, &e, err);

    (void)record;
    if (rc >= 0)
        give(f, &e);
    pfl_vec_release(&e.samples);
    return rc;
}

static int read_benchmarks(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_each(f, read_entry, record, err);
}

static int read_cpu(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("manufacturer", struct document, maker),
        PFL_FIELD_TEXT("model", struct document, model),
        PFL_FIELD_TEXT("brand", struct document, model),
        PFL_FIELD_NUMBER("cores", struct document, cores),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

static int read_system(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {PFL_FIELD_CALL("cpu", read_cpu), {0}};

    return pfl_fields_read(f, fields, record, err);
}

static int finish(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    const struct document *d = record;
    struct pfl_machine *machine = &f->build->run->machine;
    const char *cpu = pfl_arena_format(&f->build->arena, "%s%s%s", d->maker,
                                       *d->maker && *d->model ? " " : "", d->model);

    (void)err;
    machine->cpu_model = pfl_build_keep(f->build, cpu);
    machine->cpus = d->cores >= 1 && d->cores < 1e6 ? (int)d->cores : 0;
    if (*d->date && !pfl_build_started(f->build, d->date))
        pfl_build_warn(f->build, NULL, "when it was measured is not understood: \"%s\"", d->date);
    if (d->by_mean)
        pfl_build_warn(f->build, NULL,
                       "%zu benchmarks have no samples: the interval of the mean stands, and its "
                       "middle for the mean",
                       d->by_mean);
    return PFL_OK;
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_CALL("benchmarks", read_benchmarks),
        PFL_FIELD_CALL("system", read_system),
        PFL_FIELD_TEXT("datetime", struct document, date),
        {0},
    };
    struct document document = {.date = "", .maker = "", .model = "", .cores = NAN};
    const struct pfl_fields_file file = {.fields = fields,
                                         .record = &document,
                                         .context = &document,
                                         .tool = "tachometer",
                                         .finish = finish};

    return pfl_fields_read_file(input, sink, &file, err);
}

static int recognise(const struct pfl_format_probe *probe)
{
    bool measured = pfl_format_has(probe, "benchmarks[].measurement") ||
                    pfl_format_has(probe, "benchmarks[].browser") ||
                    pfl_format_has(probe, "benchmarks[].differences") ||
                    pfl_format_has(probe, "benchmarks[].mean.low");
    bool values = pfl_format_has(probe, "benchmarks[].samples") ||
                  pfl_format_has(probe, "benchmarks[].millis") ||
                  pfl_format_has(probe, "benchmarks[].mean.low");

    return measured && values ? 2 : 0;
}

const struct pfl_format pfl_format_tachometer = {
    .name = "tachometer",
    .title = "tachometer JSON",
    .sought = "\"benchmarks\" list whose entries have \"measurement\" and \"samples\" or \"mean\"",
    .recognise = recognise,
    .read = read,
};
