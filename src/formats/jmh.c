/*
 * JMH's JSON (-rf json): a list of benchmarks, one per parameter set and mode.
 *
 * rawData holds one list per fork: forks are processes, so they are launches, and their iterations
 * are reduced by launch. A single fork's iterations count one by one, for they are all there is.
 * The unit says what a score is: a duration per operation is `time`, operations per duration are
 * `throughput`; the mode only tells two rows of one benchmark apart ("avgt" has no mark, the others
 * are the metric's variant). Sampling mode has no rawData but a histogram: the score with its
 * interval stands. Secondary metrics (GC profilers) are metrics of their own names; whether more is
 * better the file does not say, except of rates and durations.
 */
#include "formats/fields.h"

#include <math.h>
#include <string.h>

struct score {
    double score, low, high;
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
    double threads;
    struct pfl_build_pairs params;
    struct score primary;
    struct secondaries secondary;
};

static struct score no_score(void)
{
    return (struct score){.score = NAN, .low = NAN, .high = NAN, .unit = ""};
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

static const struct pfl_field score_fields[] = {
    PFL_FIELD_NUMBER("score", struct score, score),
    PFL_FIELD_TEXT("scoreUnit", struct score, unit),
    PFL_FIELD_CALL("scoreConfidence", read_confidence),
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
    pfl_build_summary(f->build, &summary);
}

/* "a.b.C.m[n=1,x=2]": JMH's own name with the parameters, as they make the benchmark. */
static const char *name_of(struct pfl_fields *f, const struct entry *e)
{
    const char *name = e->benchmark;
    size_t i;

    for (i = 0; i < e->params.n && name; i++)
        name = pfl_arena_format(&f->build->arena, "%s%s%s=%s%s", name, i ? "," : "[",
                                e->params.at[i].name, e->params.at[i].value,
                                i + 1 == e->params.n ? "]" : "");
    return pfl_build_keep(f->build, name);
}

static void give(struct pfl_fields *f, const struct entry *e)
{
    const char *variant = strcmp(e->mode, "avgt") == 0 ? "" : e->mode;
    const char *name = name_of(f, e);
    size_t i;

    if (!*e->benchmark) {
        pfl_build_warn(f->build, f->json, "a benchmark without a name is left out");
        return;
    }
    if (!pfl_build_again(f->build, name)) {
        pfl_build_benchmark(f->build, name);
        for (i = 0; i < e->params.n; i++)
            pfl_build_param(f->build, e->params.at[i].name, e->params.at[i].value);
    }
    give_score(f, &e->primary, metric_of(e->primary.unit, "score"),
               strcmp(variant, "thrpt") == 0 &&
                       strcmp(metric_of(e->primary.unit, ""), "throughput") == 0
                   ? ""
                   : variant);
    for (i = 0; i < e->secondary.n; i++)
        give_score(f, &e->secondary.at[i].score, e->secondary.at[i].name, variant);
}

static int read_entry(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("benchmark", struct entry, benchmark),
        PFL_FIELD_TEXT("mode", struct entry, mode),
        PFL_FIELD_TEXT("jdkVersion", struct entry, jdk),
        PFL_FIELD_TEXT("jmhVersion", struct entry, version),
        PFL_FIELD_TEXT("vmName", struct entry, vm),
        PFL_FIELD_NUMBER("threads", struct entry, threads),
        PFL_FIELD_CALL("params", read_params),
        PFL_FIELD_CALL("primaryMetric", read_primary),
        PFL_FIELD_CALL("secondaryMetrics", read_secondary),
        {0},
    };
    struct entry e = {.benchmark = "",
                      .mode = "",
                      .jdk = "",
                      .version = "",
                      .vm = "",
                      .threads = NAN,
                      .primary = no_score()};
    size_t i;
    int rc = pfl_fields_read_at(f, fields, &e, err);

    (void)record;
    if (rc >= 0)
        give(f, &e);
    if (rc >= 0 && f->build->run->environment_count == 0 && *e.jdk && !f->context) {
        f->context = f;
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
    const struct pfl_fields_file file = {.each = read_entry, .tool = "JMH"};

    return pfl_fields_read_file(input, sink, &file, err);
}

static int recognise(const struct pfl_format_probe *probe)
{
    return pfl_format_has(probe, "[].primaryMetric") && pfl_format_has(probe, "[].benchmark") ? 2
                                                                                              : 0;
}

const struct pfl_format pfl_format_jmh = {
    .name = "jmh",
    .title = "JMH JSON",
    .recognise = recognise,
    .read = read,
};
