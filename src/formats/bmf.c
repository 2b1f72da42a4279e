/*
 * Bencher Metric Format: {"benchmark": {"measure": {"value", "lower_value", "upper_value"}}}; newer
 * files hold a list per benchmark, one item per set of parameters: [{"parameters": {…}, "measures":
 * {…}}].
 *
 * A measure's unit is not in the file. Bencher defines those of its own: latency is in ns,
 * throughput in operations per second, build-time in s, file-size in bytes, counts of Valgrind's
 * tools are counts. Any other is a plain number until --unit says more; the end of a measure's name
 * ("peak_rss-bytes", "cpu-seconds") says its unit as well. lower and upper are taken as the
 * interval, if they hold the value.
 */
#include "formats/counts.h"
#include "formats/fields.h"
#include "formats/words.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bmf {
    struct pfl_rows rows;
    struct pfl_map unknown; /* measures that were warned about */
    bool odd_interval;
};

struct measure {
    double value, lower, upper;
};

/* At hand: one item of a benchmark. */
struct item {
    const char *name;
    struct pfl_build_pairs params;
    struct pfl_build_pairs measures; /* names; numbers stand beside */
    struct pfl_build_values numbers; /* NUMBERS of each */
};

enum { VALUE, LOWER, UPPER, LINE, COLUMN, NUMBERS };

/* ---- measures ---- */

static const struct known {
    const char *measure, *metric, *unit;
} known_measures[] = {
    {"latency", "time", "ns"},           {"throughput", "throughput", "1/s"},
    {"build-time", "compile_time", "s"}, {"file-size", "artifact_size", "B"},
    {"allocated", "allocated", "B"},
};

/* Of Valgrind's tools and .NET, as Bencher calls them; counts.h knows each one's unit. */
static const char *const counts[] = {
    "instructions",
    "l1-accesses",
    "l2-accesses",
    "ram-accesses",
    "estimated-cycles",
    "l1-hits",
    "l2-hits",
    "ll-hits",
    "ram-hits",
    "total-read-write",
    "global-bus-events",
    "dr",
    "dw",
    "i1mr",
    "d1mr",
    "d1mw",
    "ilmr",
    "dlmr",
    "dlmw",
    "i1-miss-rate",
    "lli-miss-rate",
    "d1-miss-rate",
    "lld-miss-rate",
    "ll-miss-rate",
    "l1-hit-rate",
    "ll-hit-rate",
    "ram-hit-rate",
    "total-bytes",
    "total-blocks",
    "at-t-gmax-bytes",
    "at-t-gmax-blocks",
    "at-t-end-bytes",
    "reads-bytes",
    "at-t-end-blocks",
    "writes-bytes",
    "maximum-bytes",
    "gen0-collects",
    "gen1-collects",
    "gen2-collects",
    "maximum-blocks",
    "memcheck-errors",
    "memcheck-contexts",
};

struct meaning {
    const char *metric, *unit;
    enum pfl_better better;
    bool has_better;
};

static bool is_count(const char *measure)
{
    size_t i;

    for (i = 0; i < PFL_COUNT(counts); i++)
        if (strcmp(measure, counts[i]) == 0)
            return true;
    return false;
}

/* "peak_rss-bytes" → peak_rss, where that is a metric. */
static const char *without_end(struct pfl_build *b, const char *measure, const char *end)
{
    char *name = pfl_arena_text_n(&b->arena, measure, strlen(measure) - strlen(end));

    if (!name)
        b->no_memory = true;
    return name && pfl_metric_find(name) ? name : measure;
}

/* Both are asked for at once. */
static void ask(struct pfl_fields *f, struct bmf *bmf, const char *measure, const double *number)
{
    bool better = f->build->input->better != NULL;
    const char *key;

    if (pfl_map_get(&bmf->unknown, measure))
        return;
    key = pfl_build_keep(f->build, measure);
    if (!pfl_map_set(&bmf->unknown, key, 1))
        f->build->no_memory = true;
    pfl_build_warn_at(f->build, (int)number[LINE], (int)number[COLUMN],
                      "the unit of %s%s not in the file: taken as a plain number%s; say it with "
                      "--unit%s",
                      measure, better ? " is" : " and which way is better are",
                      better ? "" : " of which neither is", better ? "" : " and --better");
}

static struct meaning meaning_of(struct pfl_fields *f, struct bmf *bmf, const char *measure,
                                 const double *number)
{
    const struct pfl_metric *metric = pfl_metric_find(measure);
    struct pfl_count count;
    size_t i;

    for (i = 0; i < PFL_COUNT(known_measures); i++)
        if (strcmp(measure, known_measures[i].measure) == 0)
            return (struct meaning){.metric = known_measures[i].metric,
                                    .unit = known_measures[i].unit};
    if (is_count(measure)) {
        count = pfl_count_of(measure);
        return (struct meaning){count.metric, count.unit, count.better, true};
    }
    if (metric && strcmp(metric->unit, "1") == 0)
        return (struct meaning){.metric = measure, .unit = "1"};
    if (pfl_text_ends(measure, "-seconds"))
        return (struct meaning){.metric = without_end(f->build, measure, "-seconds"), .unit = "s"};
    if (pfl_text_ends(measure, "-bytes"))
        return (struct meaning){.metric = without_end(f->build, measure, "-bytes"), .unit = "B"};
    if (f->build->input->unit)
        return (struct meaning){.metric = measure, .unit = f->build->input->unit};
    ask(f, bmf, measure, number);
    return (struct meaning){measure, "1",
                            f->build->input->better ? *f->build->input->better : PFL_BETTER_NEITHER,
                            true};
}

static void give_measure(struct pfl_fields *f, struct pfl_row_benchmark *bench, const char *name,
                         const double *number)
{
    struct bmf *bmf = f->context;
    struct meaning meaning = meaning_of(f, bmf, name, number);
    struct pfl_row_series *series;
    const char *stored = "1";
    double factor = 1;

    pfl_build_unit(meaning.unit, &stored, &factor);
    series = pfl_rows_series(&bmf->rows, bench, meaning.metric, "", stored);
    if (!series)
        return;
    series->better = meaning.better;
    series->has_better = meaning.has_better;
    if (number[LOWER] <= number[VALUE] && number[VALUE] <= number[UPPER]) {
        series->summary = pfl_summary_none();
        series->summary.n = 1;
        series->summary.median = number[VALUE] * factor;
        series->summary.ci_low = number[LOWER] * factor;
        series->summary.ci_high = number[UPPER] * factor;
    } else if (!isnan(number[LOWER]) && !isnan(number[UPPER]) && !bmf->odd_interval) {
        bmf->odd_interval = true;
        pfl_build_warn_at(
            f->build, (int)number[LINE], (int)number[COLUMN],
            "%s: lower_value and upper_value do not hold the value between them: left "
            "out, here and wherever it is so",
            name);
    }
    pfl_rows_value(&bmf->rows, series, number[VALUE] * factor);
}

/* ---- items ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct pfl_pair *)a)->name, ((const struct pfl_pair *)b)->name);
}

/* "name[a=1,b=2]", sorted: the order in the file says nothing. */
static const char *name_with(struct pfl_fields *f, struct item *item)
{
    const char *name = item->name;
    size_t i;

    if (item->params.n > 1)
        qsort(item->params.at, item->params.n, sizeof *item->params.at, by_name);
    for (i = 0; i < item->params.n && name; i++)
        name = pfl_arena_format(&f->build->arena, "%s%s%s=%s%s", name, i ? "," : "[",
                                item->params.at[i].name, item->params.at[i].value,
                                i + 1 == item->params.n ? "]" : "");
    if (!name)
        f->build->no_memory = true;
    return name ? name : "";
}

static void give(struct pfl_fields *f, struct item *item)
{
    struct bmf *bmf = f->context;
    struct pfl_row_benchmark *bench;
    size_t before = bmf->rows.benchmarks.n, i;

    bench = pfl_rows_benchmark(&bmf->rows, name_with(f, item));
    for (i = 0; bench && i < item->params.n && bmf->rows.benchmarks.n > before; i++)
        pfl_rows_param(&bmf->rows, bench, item->params.at[i].name, item->params.at[i].value);
    for (i = 0; bench && i < item->measures.n; i++)
        if (!isnan(item->numbers.at[NUMBERS * i]))
            give_measure(f, bench, item->measures.at[i].name, item->numbers.at + NUMBERS * i);
}

static int read_measure(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_NUMBER("value", struct measure, value),
        PFL_FIELD_NUMBER("lower_value", struct measure, lower),
        PFL_FIELD_NUMBER("upper_value", struct measure, upper),
        {0},
    };
    struct item *item = record;
    struct measure m = {NAN, NAN, NAN};
    struct pfl_pair name = {pfl_build_keep(f->build, f->json->text), ""};
    double place[2] = {f->json->line, f->json->column};
    int rc = pfl_fields_read(f, fields, &m, err);

    if (rc < 0 || f->json->token != PFL_JSON_OBJECT_END)
        return rc;
    if (isnan(m.value))
        pfl_build_warn_at(f->build, (int)place[0], (int)place[1], "%s has no value: left out",
                          name.name);
    return pfl_vec_push(&item->measures, &name) && pfl_vec_push(&item->numbers, &m.value) &&
                   pfl_vec_push(&item->numbers, &m.lower) &&
                   pfl_vec_push(&item->numbers, &m.upper) &&
                   pfl_vec_push(&item->numbers, &place[0]) &&
                   pfl_vec_push(&item->numbers, &place[1])
               ? PFL_OK
               : pfl_err_no_memory(err);
}

static const struct pfl_field measure_fields[] = {PFL_FIELD_ANY(read_measure), {0}};

static int read_measures(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_read(f, measure_fields, record, err);
}

static int read_parameter(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct item *item = record;
    struct pfl_pair pair = {pfl_build_keep(f->build, f->json->text), ""};
    int rc = pfl_fields_text(f, &pair.value, err);

    return rc < 0 || pfl_vec_push(&item->params, &pair) ? rc : pfl_err_no_memory(err);
}

static int read_parameters(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {PFL_FIELD_ANY(read_parameter), {0}};

    return pfl_fields_read(f, fields, record, err);
}

static void release(struct item *item)
{
    pfl_vec_release(&item->params);
    pfl_vec_release(&item->measures);
    pfl_vec_release(&item->numbers);
}

/* One of a list; record: the benchmark's name. */
static int read_item(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_CALL("parameters", read_parameters),
        PFL_FIELD_CALL("measures", read_measures),
        {0},
    };
    struct item item = {.name = *(const char **)record};
    int rc = pfl_fields_read_at(f, fields, &item, err);

    if (rc >= 0)
        give(f, &item);
    release(&item);
    return rc;
}

static int read_benchmark(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    const char *name = pfl_build_keep(f->build, f->json->text);
    struct item item = {.name = name};
    int rc = pfl_json_next(f->json, err);

    (void)record;
    if (rc < 0)
        return rc;
    if (f->json->token == PFL_JSON_ARRAY) {
        while ((rc = pfl_json_next_item(f->json, err)) > 0)
            if ((rc = read_item(f, &name, err)) < 0)
                return rc;
        return rc;
    }
    rc = pfl_fields_read_at(f, measure_fields, &item, err);
    if (rc >= 0 && item.measures.n)
        give(f, &item);
    release(&item);
    return rc;
}

static int finish(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct bmf *bmf = f->context;

    (void)record;
    (void)err;
    pfl_rows_give(&bmf->rows);
    return PFL_OK;
}

/* The rows need the build, which the file's reader makes. */
static int read_root(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct bmf *bmf = f->context;

    if (!bmf->rows.build)
        pfl_rows_init(&bmf->rows, f->build);
    return read_benchmark(f, record, err);
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    static const struct pfl_field fields[] = {PFL_FIELD_ANY(read_root), {0}};
    struct bmf bmf = {.odd_interval = false};
    struct pfl_fields_file file = {
        .fields = fields, .context = &bmf, .tool = "Bencher", .finish = finish};
    int rc;

    pfl_map_init(&bmf.unknown);
    rc = pfl_fields_read_file(input, sink, &file, err);
    if (bmf.rows.build)
        pfl_rows_release(&bmf.rows);
    pfl_map_release(&bmf.unknown);
    return rc;
}

/* A key under a key under a key that is "value"; names hold dots, so prefixes are compared. */
static int recognise(const struct pfl_format_probe *probe)
{
    size_t i, k, len;

    for (i = 0; i < probe->path_count; i++) {
        const char *path = probe->paths[i];

        len = strlen(path);
        if (path[0] == '[')
            return 0;
        if (!pfl_text_ends(path, ".value"))
            continue;
        if (strstr(path, "[].measures."))
            return 2;
        len -= strlen(".value");
        for (k = 0; k < probe->path_count; k++) {
            size_t n = strlen(probe->paths[k]);

            if (n > 0 && n < len && strncmp(path, probe->paths[k], n) == 0 && path[n] == '.' &&
                !strstr(path, "[]."))
                return 1;
        }
    }
    return 0;
}

/* ---- writing ---- */

/* The end that says the unit, unless the name has it or Bencher knows. */
static const char *ending_of(const struct pfl_result *result)
{
    const char *end = strcmp(result->unit, "s") == 0   ? "-seconds"
                      : strcmp(result->unit, "B") == 0 ? "-bytes"
                                                       : "";

    return pfl_text_ends(result->metric, end) || is_count(result->metric) ? "" : end;
}

static void put_measure(struct pfl_json_writer *w, const struct pfl_result *result)
{
    const struct pfl_summary *s = &result->summary;
    double factor = 1, value;
    const char *stored;
    char name[512];
    size_t i;

    if (is_count(result->metric)) /* percentages */
        pfl_build_unit(pfl_count_of(result->metric).unit, &stored, &factor);
    snprintf(name, sizeof name, "%s%s%s%s", result->metric, *result->variant ? ":" : "",
             result->variant, ending_of(result));
    for (i = 0; i < 4; i++)
        if (strcmp(result->metric, known_measures[i].metric) == 0 && !*result->variant &&
            (i != 1 || strcmp(result->unit, "1/s") == 0)) {
            snprintf(name, sizeof name, "%s", known_measures[i].measure);
            factor = i == 0 ? 1e-9 : 1;
        }
    pfl_json_key(w, name);
    pfl_json_object(w);
    pfl_rows_unscale(s->median, factor, &value);
    pfl_json_put_number(w, "value", value);
    if (isfinite(s->ci_low) && isfinite(s->ci_high) && (result->summary_only || s->n > 1)) {
        pfl_rows_unscale(s->ci_low, factor, &value);
        pfl_json_put_number(w, "lower_value", value);
        pfl_rows_unscale(s->ci_high, factor, &value);
        pfl_json_put_number(w, "upper_value", value);
    }
    pfl_json_object_end(w);
}

static bool has_value(const struct pfl_result *result)
{
    return !result->text && isfinite(result->summary.median);
}

static int write(const struct pfl_run *run, struct pfl_buf *out, const char **lost,
                 struct pfl_err *err)
{
    const struct pfl_benchmark *bench;
    struct pfl_json_writer w;
    size_t i, k;
    bool any;

    *lost = "medians and their intervals; no samples, units, directions, machine or revision";
    pfl_json_writer_init(&w, out, 2);
    pfl_json_object(&w);
    for (i = 0; i < run->benchmark_count; i++) {
        bench = &run->benchmarks[i];
        any = false;
        for (k = 0; k < bench->result_count; k++)
            any = any || has_value(&bench->results[k]);
        if (!any)
            continue;
        pfl_json_key(&w, bench->name);
        pfl_json_object(&w);
        for (k = 0; k < bench->result_count; k++)
            if (has_value(&bench->results[k]))
                put_measure(&w, &bench->results[k]);
        pfl_json_object_end(&w);
    }
    pfl_json_object_end(&w);
    pfl_buf_char(out, '\n');
    return pfl_buf_check(out, err, "writing the run in Bencher Metric Format");
}

const struct pfl_format pfl_format_bmf = {
    .name = "bmf",
    .title = "Bencher Metric Format",
    .sought = "\"value\" two levels below a benchmark's name",
    .recognise = recognise,
    .read = read,
    .write = write,
};
