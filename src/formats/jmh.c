/*
 * JMH's JSON (-rf json): a list of benchmarks, one per parameter set and mode.
 *
 * rawData holds one list per fork: forks are processes, so they are launches, and their iterations
 * are reduced by launch. A single fork's iterations count one by one, for they are all there is.
 * The unit says what a score is: a duration per operation is `time`, operations per duration are
 * `throughput`; the mode only tells two rows of one benchmark apart ("avgt" has no mark, the others
 * are the metric's variant). Sampling mode has no rawData but a histogram: the score with its
 * interval stands. Secondary metrics (GC profilers) are metrics of their own names; whether more is
 * better the file does not say, except of durations, sizes and rates of operations.
 */
#include "formats/fields.h"
#include "formats/rows.h"

#include <math.h>
#include <string.h>

struct given {
    const char *name; /* as it is kept: NAME, or NAME#2 */
    unsigned modes;   /* that were given, as bits */
};
PFL_VEC(givens, struct given);

struct document {
    struct pfl_rows asked; /* for the directions of secondary metrics only */
    struct pfl_map names;  /* → its last one in given */
    struct givens given;
    size_t without_values;
    bool has_versions;
};

struct score {
    double score, low, high, min, max;
    const char *unit;
    struct pfl_build_values values; /* all forks' one behind the other */
    struct pfl_build_launches fork_of;
    uint32_t forks;
};

struct secondary {
    const char *name;
    struct score score;
};
PFL_VEC(secondaries, struct secondary);

struct entry {
    const char *benchmark, *mode, *jdk, *version, *vm;
    struct pfl_build_pairs params;
    struct score primary;
    struct secondaries secondary;
};

static struct score no_score(void)
{
    return (struct score){
        .score = NAN, .low = NAN, .high = NAN, .min = NAN, .max = NAN, .unit = ""};
}

static void release_score(struct score *score)
{
    pfl_vec_release(&score->values);
    pfl_vec_release(&score->fork_of);
}

/* ---- reading ---- */

static int read_fork(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct score *score = record;
    size_t before = score->values.n;
    int rc = pfl_fields_numbers_at(f, &score->values, err);

    for (; rc >= 0 && before < score->values.n; before++)
        if (!pfl_vec_push(&score->fork_of, &score->forks))
            return pfl_err_no_memory(err);
    score->forks++;
    return rc;
}

static int read_raw(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_each(f, read_fork, record, err);
}

static int read_confidence(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct score *score = record;
    struct pfl_build_values ends = {0};
    int rc = pfl_fields_numbers(f, &ends, err);

    if (rc >= 0 && ends.n == 2) {
        score->low = ends.at[0];
        score->high = ends.at[1];
    }
    pfl_vec_release(&ends);
    return rc;
}

static int read_percentiles(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_NUMBER("0.0", struct score, min),
        PFL_FIELD_NUMBER("100.0", struct score, max),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

static const struct pfl_field score_fields[] = {
    PFL_FIELD_NUMBER("score", struct score, score),
    PFL_FIELD_TEXT("scoreUnit", struct score, unit),
    PFL_FIELD_CALL("scoreConfidence", read_confidence),
    PFL_FIELD_CALL("scorePercentiles", read_percentiles),
    PFL_FIELD_CALL("rawData", read_raw),
    {0},
};

static int read_primary(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_read(f, score_fields, &((struct entry *)record)->primary, err);
}

static int read_one_secondary(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct secondaries *all = record;
    struct secondary one = {pfl_build_keep(f->build, f->json->text), no_score()};
    int rc = pfl_fields_read(f, score_fields, &one.score, err);

    if (rc >= 0 && pfl_vec_push(all, &one))
        return PFL_OK;
    release_score(&one.score);
    return rc < 0 ? rc : pfl_err_no_memory(err);
}

static int read_secondary(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field any[] = {PFL_FIELD_ANY(read_one_secondary), {0}};

    return pfl_fields_read(f, any, &((struct entry *)record)->secondary, err);
}

static int read_param(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct pfl_build_pairs *pairs = record;
    struct pfl_pair pair = {pfl_build_keep(f->build, f->json->text), ""};
    int rc = pfl_fields_text(f, &pair.value, err);

    return rc < 0 || pfl_vec_push(pairs, &pair) ? rc : pfl_err_no_memory(err);
}

static int read_params(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field any[] = {PFL_FIELD_ANY(read_param), {0}};

    return pfl_fields_read(f, any, &((struct entry *)record)->params, err);
}

/* ---- giving ---- */

static const char *metric_of(const char *unit, const char *otherwise)
{
    const char *stored;
    double factor;

    if (!pfl_build_unit(unit, &stored, &factor))
        return otherwise;
    if (strcmp(stored, "s") == 0)
        return "time";
    return strcmp(stored, "1/s") == 0 ? "throughput" : otherwise;
}

static void give_score(struct pfl_fields *f, const struct score *score, const char *metric,
                       const char *variant)
{
    struct pfl_summary summary = pfl_summary_none();
    size_t i;

    pfl_build_result(f->build, metric, variant, score->unit);
    for (i = 0; i < score->values.n; i++) {
        if (score->forks > 1)
            pfl_build_launch(f->build, score->fork_of.at[i]);
        pfl_build_value(f->build, score->values.at[i]);
    }
    if (score->values.n || isnan(score->score))
        return;
    summary.n = 1;
    summary.mean = score->score;
    summary.ci_low = score->low;
    summary.ci_high = score->high;
    summary.min = score->min;
    summary.max = score->max;
    pfl_build_summary(f->build, &summary);
    ((struct document *)f->context)->without_values++;
}

/* Profilers' metrics. Of a rate of bytes (gc.alloc.rate) more is not better; newer versions dropped
 * the dot in front. */
static void give_secondary(struct pfl_fields *f, const struct secondary *secondary,
                           const char *variant)
{
    static const char dot[] = "\xc2\xb7";
    const char *name = secondary->name, *stored = "";
    double factor;

    if (strncmp(name, dot, strlen(dot)) == 0)
        name += strlen(dot);
    if (pfl_metric_find(name))
        name = pfl_arena_format(&f->build->arena, "secondary:%s", name);
    give_score(f, &secondary->score, name, variant);
    if (pfl_build_unit(secondary->score.unit, &stored, &factor) && strcmp(stored, "B/s") == 0)
        pfl_build_better(f->build, PFL_BETTER_NEITHER);
    else
        pfl_rows_ask_better(&((struct document *)f->context)->asked, name ? name : "", stored);
}

/* The modes of one benchmark stand together; one that comes again is another benchmark. */
static void begin_benchmark(struct pfl_fields *f, const struct entry *e, const char *name)
{
    static const char *const modes[] = {"thrpt", "avgt", "sample", "ss"};
    struct document *d = f->context;
    struct given made = {.modes = ~0u};
    size_t *at = pfl_map_get(&d->names, name), i;

    for (i = 0; i < PFL_COUNT(modes); i++)
        if (strcmp(e->mode, modes[i]) == 0)
            made.modes = 1u << i;
    if (at && !(d->given.at[*at].modes & made.modes)) {
        d->given.at[*at].modes |= made.modes;
        pfl_build_again(f->build, d->given.at[*at].name);
        return;
    }
    pfl_build_benchmark(f->build, name);
    for (i = 0; i < e->params.n; i++)
        pfl_build_param(f->build, e->params.at[i].name, e->params.at[i].value);
    if (f->build->no_memory)
        return;
    made.name = f->build->benchmarks.at[f->build->benchmarks.n - 1].name;
    if (!pfl_vec_push(&d->given, &made) || !pfl_map_set(&d->names, name, d->given.n - 1))
        f->build->no_memory = true;
}

static void give(struct pfl_fields *f, const struct entry *e)
{
    const char *metric = metric_of(e->primary.unit, "score"), *name, *variant = e->mode;
    size_t i;

    if (!*e->benchmark) {
        pfl_build_warn(f->build, f->json, "a benchmark without a name is left out");
        return;
    }
    if (strcmp(e->mode, "avgt") == 0 ||
        (strcmp(e->mode, "thrpt") == 0 && strcmp(metric, "throughput") == 0))
        variant = "";
    name = pfl_build_name_with(f->build, e->benchmark, &e->params);
    begin_benchmark(f, e, name);
    if (e->primary.values.n || !isnan(e->primary.score))
        give_score(f, &e->primary, metric, variant);
    else
        pfl_build_warn(f->build, f->json, "%.200s has no score", name);
    for (i = 0; i < e->secondary.n; i++)
        give_secondary(f, &e->secondary.at[i], variant);
}

static int finish(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    const struct document *d = f->context;

    (void)record;
    (void)err;
    if (d->without_values)
        pfl_build_warn(f->build, NULL,
                       "%zu scores have no raw data (sampling mode has none): they stand with "
                       "JMH's own intervals, which are of 99.9 %%",
                       d->without_values);
    return PFL_OK;
}

static int read_entry(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("benchmark", struct entry, benchmark),
        PFL_FIELD_TEXT("mode", struct entry, mode),
        PFL_FIELD_TEXT("jdkVersion", struct entry, jdk),
        PFL_FIELD_TEXT("jmhVersion", struct entry, version),
        PFL_FIELD_TEXT("vmName", struct entry, vm),
        PFL_FIELD_CALL("params", read_params),
        PFL_FIELD_CALL("primaryMetric", read_primary),
        PFL_FIELD_CALL("secondaryMetrics", read_secondary),
        {0},
    };
    struct entry e = {
        .benchmark = "", .mode = "", .jdk = "", .version = "", .vm = "", .primary = no_score()};
    struct document *d = f->context;
    size_t i;
    bool object = f->json->token == PFL_JSON_OBJECT;
    int rc = pfl_fields_read_at(f, fields, &e, err);

    (void)record;
    if (!d->asked.build)
        pfl_rows_init(&d->asked, f->build);
    if (rc >= 0 && object)
        give(f, &e);
    if (rc >= 0 && !d->has_versions && *e.jdk) {
        d->has_versions = true;
        pfl_build_environment(f->build, "jdk", e.jdk);
        pfl_build_environment(f->build, "jmh", e.version);
        pfl_build_environment(f->build, "vm", e.vm);
    }
    release_score(&e.primary);
    for (i = 0; i < e.secondary.n; i++)
        release_score(&e.secondary.at[i].score);
    pfl_vec_release(&e.secondary);
    pfl_vec_release(&e.params);
    return rc;
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    struct document d = {0};
    const struct pfl_fields_file file = {
        .each = read_entry, .context = &d, .tool = "JMH", .finish = finish};
    int rc;

    rc = pfl_fields_read_file(input, sink, &file, err);
    pfl_rows_release(&d.asked);
    pfl_map_release(&d.names);
    pfl_vec_release(&d.given);
    return rc;
}

static int recognise(const struct pfl_format_probe *probe)
{
    return pfl_format_has(probe, "[].primaryMetric") && pfl_format_has(probe, "[].benchmark") ? 2
                                                                                              : 0;
}

const struct pfl_format pfl_format_jmh = {
    .name = "jmh",
    .title = "JMH JSON",
    .sought = "list whose entries have \"benchmark\" and \"primaryMetric\"",
    .recognise = recognise,
    .read = read,
};
