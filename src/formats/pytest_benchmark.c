/*
 * pytest-benchmark's files, from 2.5 to the current version: saved ones (.benchmarks/MACHINE/NNNN_
 * NAME.json) and those of --benchmark-json. Times are in seconds per iteration.
 *
 * The name is the full one ("tests/test_a.py::test_b[1-x]"), the group is the suite, params are as
 * given. `data` has one value per round; where it was left out (the default of saved files) or cut
 * ("... omitted") the file's summary stands, which is that of all rounds, the interval made from
 * its quartiles. Numbers in extra_info become metrics of their own without a direction.
 *
 * Written: what its own `compare` reads, all statistics computed as it does.
 */
#include "formats/fields.h"
#include "stats/stats.h"
#include "sys/clock.h"

#include <math.h>
#include <string.h>

struct entry {
    const char *name, *fullname, *group, *param;
    struct pfl_summary summary;
    double rounds, iterations;
    struct pfl_build_values data;
    struct pfl_build_pairs params, extra;
};

struct document {
    const char *datetime, *commit, *branch, *version, *commit_time, *node, *cpu;
    bool dirty;
    size_t without_data;
};

/* ---- reading ---- */

static int read_pair(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct pfl_build_pairs *pairs = record;
    struct pfl_pair pair = {pfl_build_keep(f->build, f->json->text), NULL};
    int rc = pfl_json_next(f->json, err);

    if (rc < 0)
        return rc;
    if (f->json->token != PFL_JSON_STRING && f->json->token != PFL_JSON_NUMBER &&
        f->json->token != PFL_JSON_BOOL)
        return pfl_json_skip(f->json, err);
    pair.value = pfl_fields_scalar(f);
    return pfl_vec_push(pairs, &pair) ? PFL_OK : pfl_err_no_memory(err);
}

static const struct pfl_field any_pair[] = {PFL_FIELD_ANY(read_pair), {0}};

static int read_params(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_read(f, any_pair, &((struct entry *)record)->params, err);
}

static int read_extra(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_read(f, any_pair, &((struct entry *)record)->extra, err);
}

/* A list of numbers, or a text that says that it was left out. */
static int read_data(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    int rc = pfl_json_next(f->json, err);

    if (rc < 0 || f->json->token == PFL_JSON_STRING || f->json->token == PFL_JSON_NULL)
        return rc < 0 ? rc : PFL_OK;
    return pfl_fields_numbers_at(f, &((struct entry *)record)->data, err);
}

static int read_stats(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_NUMBER("min", struct entry, summary.min),
        PFL_FIELD_NUMBER("max", struct entry, summary.max),
        PFL_FIELD_NUMBER("mean", struct entry, summary.mean),
        PFL_FIELD_NUMBER("stddev", struct entry, summary.stddev),
        PFL_FIELD_NUMBER("median", struct entry, summary.median),
        PFL_FIELD_NUMBER("q1", struct entry, summary.q1),
        PFL_FIELD_NUMBER("q3", struct entry, summary.q3),
        PFL_FIELD_NUMBER("rounds", struct entry, rounds),
        PFL_FIELD_NUMBER("iterations", struct entry, iterations),
        PFL_FIELD_CALL("data", read_data),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

static void give_time(struct pfl_fields *f, struct entry *e)
{
    size_t i;

    pfl_build_result(f->build, "time", "", "s");
    for (i = 0; i < e->data.n; i++)
        pfl_build_value(f->build, e->data.at[i]);
    e->summary.n = e->rounds >= 1 && e->rounds < 1e15 ? (size_t)e->rounds : 0;
    if (e->data.n >= e->summary.n && e->data.n)
        return;
    if (isnan(e->summary.median) && isnan(e->summary.mean)) {
        pfl_build_warn(f->build, f->json, "%s has neither rounds nor a mean: left out",
                       e->fullname);
        pfl_build_value(f->build, NAN);
        return;
    }
    ((struct document *)f->context)->without_data++;
    pfl_build_interval_of_quartiles(&e->summary, &e->summary.ci_low, &e->summary.ci_high);
    if (isnan(e->summary.ci_low))
        pfl_build_interval_of_mean(&e->summary, &e->summary.ci_low, &e->summary.ci_high);
    pfl_build_summary(f->build, &e->summary);
}

static void give(struct pfl_fields *f, struct entry *e)
{
    const char *name = *e->fullname ? e->fullname : e->name;
    size_t i;
    double number;

    if (!*name) {
        pfl_build_warn(f->build, f->json, "a benchmark without a name is left out");
        return;
    }
    pfl_build_benchmark(f->build, name);
    pfl_build_group(f->build, e->group);
    for (i = 0; i < e->params.n; i++)
        pfl_build_param(f->build, e->params.at[i].name, e->params.at[i].value);
    if (e->params.n == 0 && *e->param)
        pfl_build_param(f->build, "param", e->param);
    give_time(f, e);
    for (i = 0; i < e->extra.n; i++)
        if (pfl_fields_is_number(e->extra.at[i].value, &number)) {
            pfl_build_result(f->build, e->extra.at[i].name, "", "");
            pfl_build_value(f->build, number);
        }
}

static int read_entry(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("name", struct entry, name),
        PFL_FIELD_TEXT("fullname", struct entry, fullname),
        PFL_FIELD_TEXT("group", struct entry, group),
        PFL_FIELD_TEXT("param", struct entry, param),
        PFL_FIELD_CALL("params", read_params),
        PFL_FIELD_CALL("extra_info", read_extra),
        PFL_FIELD_CALL("stats", read_stats),
        {0},
    };
    struct entry e = {.name = "",
                      .fullname = "",
                      .group = "",
                      .param = "",
                      .summary = pfl_summary_none(),
                      .rounds = NAN,
                      .iterations = NAN};
    int rc = pfl_fields_read_at(f, fields, &e, err);

    (void)record;
    if (rc >= 0)
        give(f, &e);
    pfl_vec_release(&e.data);
    pfl_vec_release(&e.params);
    pfl_vec_release(&e.extra);
    return rc;
}

static int read_benchmarks(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_each(f, read_entry, record, err);
}

static int read_commit(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("id", struct document, commit),
        PFL_FIELD_TEXT("branch", struct document, branch),
        PFL_FIELD_TEXT("time", struct document, commit_time),
        PFL_FIELD_BOOL("dirty", struct document, dirty),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

static int read_cpu(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("brand", struct document, cpu),
        PFL_FIELD_TEXT("brand_raw", struct document, cpu),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

static int read_machine_text(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    const char *name = pfl_build_keep(f->build, f->json->text), *value = NULL;
    int rc = pfl_json_next(f->json, err);

    (void)record;
    if (rc < 0)
        return rc;
    if (f->json->token == PFL_JSON_STRING)
        value = pfl_build_keep(f->build, f->json->text);
    if (value)
        pfl_build_environment(f->build, name, value);
    return pfl_json_skip(f->json, err);
}

static int read_machine(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("node", struct document, node),
        PFL_FIELD_CALL("cpu", read_cpu),
        PFL_FIELD_ANY(read_machine_text),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

static int finish(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    const struct document *d = record;
    struct pfl_run *run = f->build->run;

    (void)err;
    run->revision.commit = d->commit;
    run->revision.branch = d->branch;
    run->revision.dirty = d->dirty;
    run->revision.commit_time = pfl_build_seconds(d->commit_time);
    run->tool = pfl_build_keep(f->build, "pytest-benchmark");
    run->machine.hostname = d->node;
    run->machine.cpu_model = d->cpu;
    pfl_build_machine(f->build, d->node);
    if (*d->version)
        pfl_build_environment(f->build, "pytest-benchmark", d->version);
    if (!pfl_build_started(f->build, d->datetime))
        pfl_build_warn(f->build, NULL, "when it was measured is not understood: \"%s\"",
                       d->datetime);
    if (d->without_data)
        pfl_build_warn(f->build, NULL,
                       "%zu benchmarks do not have all their rounds (saved without "
                       "--benchmark-save-data?): their intervals are made from the quartiles",
                       d->without_data);
    return PFL_OK;
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_CALL("benchmarks", read_benchmarks),
        PFL_FIELD_CALL("commit_info", read_commit),
        PFL_FIELD_CALL("machine_info", read_machine),
        PFL_FIELD_TEXT("datetime", struct document, datetime),
        PFL_FIELD_TEXT("version", struct document, version),
        {0},
    };
    struct document document = {.datetime = "",
                                .commit = "",
                                .branch = "",
                                .version = "",
                                .commit_time = "",
                                .node = "",
                                .cpu = ""};
    const struct pfl_fields_file file = {
        .fields = fields, .record = &document, .context = &document, .finish = finish};

    return pfl_fields_read_file(input, sink, &file, err);
}

static int recognise(const struct pfl_format_probe *probe)
{
    bool entries = pfl_format_has(probe, "benchmarks[].stats.min") ||
                   pfl_format_has(probe, "benchmarks[].stats.mean") ||
                   pfl_format_has(probe, "benchmarks[].stats.median");

    if (entries || (pfl_format_has(probe, "benchmarks[].stats") &&
                    pfl_format_has(probe, "benchmarks[].fullname")))
        return 2;
    return pfl_format_has(probe, "machine_info") && pfl_format_has(probe, "commit_info") ? 2 : 0;
}

/* ---- writing ---- */

static void put_entry_stats(struct pfl_json_writer *w, const struct pfl_result *time)
{
    const struct pfl_summary *s = &time->summary;
    double total = 0;
    size_t i;

    pfl_json_key(w, "stats");
    pfl_json_object(w);
    pfl_json_put_number(w, "min", s->min);
    pfl_json_put_number(w, "max", s->max);
    pfl_json_put_number(w, "mean", s->mean);
    pfl_json_put_number(w, "stddev", s->stddev);
    pfl_json_put_integer(w, "rounds", (int64_t)s->n);
    pfl_json_put_number(w, "median", s->median);
    pfl_json_put_number(w, "iqr", s->q3 - s->q1);
    pfl_json_put_number(w, "q1", s->q1);
    pfl_json_put_number(w, "q3", s->q3);
    pfl_json_put_integer(w, "iterations", 1);
    pfl_json_put_number(w, "ops", s->mean > 0 ? 1 / s->mean : (double)NAN);
    for (i = 0; i < time->n; i++)
        total += isnan(time->values[i]) ? 0 : time->values[i];
    pfl_json_put_number(w, "total", time->n ? total : s->mean * (double)s->n);
    if (time->n) {
        pfl_json_key(w, "data");
        pfl_json_array(w);
        w->flat = true;
        for (i = 0; i < time->n; i++)
            if (!isnan(time->values[i]))
                pfl_json_number(w, time->values[i]);
        pfl_json_array_end(w);
        w->flat = false;
    }
    pfl_json_object_end(w);
}

static void put_entry(struct pfl_json_writer *w, const struct pfl_benchmark *bench,
                      const struct pfl_result *time)
{
    const char *slash = strrchr(bench->name, '/'), *colon = strstr(bench->name, "::");
    size_t i;

    pfl_json_object(w);
    pfl_json_put_string(w, "group", *bench->suite ? bench->suite : NULL);
    pfl_json_put_string(w, "name", colon ? colon + 2 : slash ? slash + 1 : bench->name);
    pfl_json_put_string(w, "fullname", bench->name);
    pfl_json_key(w, "params");
    if (bench->param_count) {
        pfl_json_object(w);
        for (i = 0; i < bench->param_count; i++)
            pfl_json_put_string(w, bench->params[i].name, bench->params[i].value);
        pfl_json_object_end(w);
    } else {
        pfl_json_null(w);
    }
    pfl_json_put_string(w, "param", NULL);
    pfl_json_key(w, "extra_info");
    pfl_json_object(w);
    for (i = 0; i < bench->result_count; i++)
        if (&bench->results[i] != time && !bench->results[i].text && !*bench->results[i].variant)
            pfl_json_put_number(w, bench->results[i].metric, bench->results[i].summary.median);
    pfl_json_object_end(w);
    pfl_json_key(w, "options");
    pfl_json_object(w);
    pfl_json_object_end(w);
    put_entry_stats(w, time);
    pfl_json_object_end(w);
}

static void put_head(struct pfl_json_writer *w, const struct pfl_run *run)
{
    char date[32];

    pfl_json_key(w, "machine_info");
    pfl_json_object(w);
    pfl_json_put_string(w, "node", run->machine.hostname);
    pfl_json_put_string(w, "machine", run->machine.arch);
    pfl_json_put_string(w, "system", run->machine.os);
    pfl_json_put_string(w, "release", run->machine.kernel);
    pfl_json_key(w, "cpu");
    pfl_json_object(w);
    pfl_json_put_string(w, "brand_raw", run->machine.cpu_model);
    pfl_json_object_end(w);
    pfl_json_object_end(w);
    pfl_json_key(w, "commit_info");
    pfl_json_object(w);
    pfl_json_put_string(w, "id", *run->revision.commit ? run->revision.commit : "unversioned");
    pfl_json_put_string(w, "time", NULL);
    pfl_json_put_bool(w, "dirty", run->revision.dirty);
    pfl_json_put_string(w, "project", run->project);
    pfl_json_put_string(w, "branch", run->revision.branch);
    pfl_json_object_end(w);
    pfl_clock_text(run->started_unix_ns, date);
    pfl_json_put_string(w, "datetime", date);
    pfl_json_put_string(w, "version", "4.0.0");
}

static int write(const struct pfl_run *run, struct pfl_buf *out, const char **lost,
                 struct pfl_err *err)
{
    const struct pfl_result *time;
    struct pfl_json_writer w;
    size_t i;

    *lost = "time with its rounds, and medians of other metrics as extra_info; no launches, "
            "variants or text metrics";
    pfl_json_writer_init(&w, out, 4);
    pfl_json_object(&w);
    put_head(&w, run);
    pfl_json_key(&w, "benchmarks");
    pfl_json_array(&w);
    for (i = 0; i < run->benchmark_count; i++) {
        time = pfl_benchmark_find(&run->benchmarks[i], "time", "");
        if (time && !isnan(time->summary.median))
            put_entry(&w, &run->benchmarks[i], time);
    }
    pfl_json_array_end(&w);
    pfl_json_object_end(&w);
    pfl_buf_char(out, '\n');
    return pfl_buf_check(out, err, "writing the run for pytest-benchmark's readers");
}

const struct pfl_format pfl_format_pytest_benchmark = {
    .name = "pytest-benchmark",
    .title = "pytest-benchmark JSON",
    .recognise = recognise,
    .read = read,
    .write = write,
};
