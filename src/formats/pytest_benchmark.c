/*
 * pytest-benchmark's files, from 2.5 to the current version: saved ones (.benchmarks/MACHINE/NNNN_
 * NAME.json) and those of --benchmark-json. Times are in seconds per iteration.
 *
 * The name is the full one ("tests/test_a.py::test_b[1-x]"), the group is the suite, params are as
 * given. `data` has one value per round; where it was left out (the default of saved files) or cut
 * ("... omitted" at its end) the file's summary stands, which is that of all rounds, the interval
 * made from its quartiles; values that are there are kept beside it. Numbers in extra_info become
 * metrics of their own, whose direction is asked for; one that is called as a metric of another
 * unit ("time") is extra:time.
 */
#include "formats/pytest_benchmark.h"

#include "formats/fields.h"
#include "formats/rows.h"

#include <math.h>
#include <string.h>

struct extra {
    const char *name;
    double value;
};
PFL_VEC(extras, struct extra);

struct entry {
    const char *name, *fullname, *group, *param;
    struct pfl_summary summary;
    double rounds;
    struct pfl_build_values data;
    struct pfl_build_pairs params;
    struct extras extra;
};

struct document {
    struct pfl_rows asked; /* for the directions of extra_info only */
    const char *datetime, *commit, *branch, *version, *commit_time, *node, *cpu, *arch, *os,
        *kernel;
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

static int read_one_extra(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct extra extra = {pfl_build_keep(f->build, f->json->text), NAN};
    int rc = pfl_json_next(f->json, err);

    if (rc < 0)
        return rc;
    if (f->json->token != PFL_JSON_NUMBER || !isfinite(f->json->number))
        return pfl_json_skip(f->json, err);
    extra.value = f->json->number;
    return pfl_vec_push((struct extras *)record, &extra) ? PFL_OK : pfl_err_no_memory(err);
}

static int read_extra(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field any[] = {PFL_FIELD_ANY(read_one_extra), {0}};

    return pfl_fields_read(f, any, &((struct entry *)record)->extra, err);
}

static int read_value(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    double value = f->json->token == PFL_JSON_NUMBER ? f->json->number : (double)NAN;

    if (f->json->token == PFL_JSON_STRING) /* "... omitted" */
        return PFL_OK;
    if (f->json->token != PFL_JSON_NUMBER && f->json->token != PFL_JSON_NULL)
        return pfl_fields_leave_out(f, "a number", err);
    return pfl_vec_push((struct pfl_build_values *)record, &value) ? PFL_OK
                                                                   : pfl_err_no_memory(err);
}

/* A list of numbers, or a text that says that it was left out. */
static int read_data(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    int rc = pfl_json_next(f->json, err);

    if (rc < 0 || f->json->token == PFL_JSON_STRING)
        return rc < 0 ? rc : PFL_OK;
    return pfl_fields_each_at(f, read_value, &((struct entry *)record)->data, err);
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
        PFL_FIELD_CALL("data", read_data),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

static void give_time(struct pfl_fields *f, struct entry *e, const char *name)
{
    bool known = !isnan(e->summary.median) || !isnan(e->summary.mean);
    size_t i;

    if (!known && e->data.n == 0) {
        pfl_build_warn(f->build, f->json, "%s has neither rounds nor a mean", name);
        return;
    }
    pfl_build_result(f->build, "time", "", "s");
    for (i = 0; i < e->data.n; i++)
        pfl_build_value(f->build, e->data.at[i]);
    e->summary.n = e->rounds >= 1 && e->rounds < 1e15 ? (size_t)e->rounds : 0;
    if (e->data.n && (e->data.n >= e->summary.n || !known))
        return;
    ((struct document *)f->context)->without_data++;
    pfl_build_interval_of_quartiles(&e->summary, &e->summary.ci_low, &e->summary.ci_high);
    if (isnan(e->summary.ci_low))
        pfl_build_interval_of_mean(&e->summary, &e->summary.ci_low, &e->summary.ci_high);
    pfl_build_summary(f->build, &e->summary);
}

static void give_extra(struct pfl_fields *f, const struct extra *extra)
{
    struct document *d = f->context;
    const struct pfl_metric *built_in = pfl_metric_find(extra->name);
    const char *metric = extra->name;

    if (!d->asked.build)
        pfl_rows_init(&d->asked, f->build);
    if (built_in && strcmp(built_in->unit, "1") != 0)
        metric = pfl_arena_format(&f->build->arena, "extra:%s", extra->name);
    pfl_build_result(f->build, metric, "", "1");
    pfl_rows_ask_better(&d->asked, metric ? metric : "", "1");
    pfl_build_value(f->build, extra->value);
}

static void give(struct pfl_fields *f, struct entry *e)
{
    const char *name = *e->fullname ? e->fullname : e->name;
    size_t i;

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
    give_time(f, e, name);
    for (i = 0; i < e->extra.n; i++)
        give_extra(f, &e->extra.at[i]);
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
                      .rounds = NAN};
    bool object = f->json->token == PFL_JSON_OBJECT;
    int rc = pfl_fields_read_at(f, fields, &e, err);

    (void)record;
    if (rc >= 0 && object)
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
        PFL_FIELD_TEXT("machine", struct document, arch),
        PFL_FIELD_TEXT("system", struct document, os),
        PFL_FIELD_TEXT("release", struct document, kernel),
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
    run->machine.arch = d->arch;
    run->machine.os = d->os;
    run->machine.kernel = d->kernel;
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
                                .cpu = "",
                                .arch = "",
                                .os = "",
                                .kernel = ""};
    const struct pfl_fields_file file = {
        .fields = fields, .record = &document, .context = &document, .finish = finish};

    int rc = pfl_fields_read_file(input, sink, &file, err);

    pfl_rows_release(&document.asked);
    return rc;
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

const struct pfl_format pfl_format_pytest_benchmark = {
    .name = "pytest-benchmark",
    .title = "pytest-benchmark JSON",
    .sought = "\"benchmarks\" list whose entries have \"stats\"",
    .recognise = recognise,
    .read = read,
    .write = pfl_pytest_write,
};
