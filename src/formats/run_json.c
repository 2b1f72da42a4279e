/*
 * Writing a run. The tables of run_json_shape.c say which fields there are; here are the ways to
 * write one. "results" is flat, one row per benchmark and metric, for scripts; "benchmarks" holds
 * what rows share and the launch table, so that nothing is lost. A benchmark without results
 * (skipped, or failed at once) has one row too, with metric null: whoever reads only "results" sees
 * it.
 *
 * The canonical form, over which the id is made, leaves out the id itself and what follows from the
 * samples: another version may summarise differently, and it is the same run all the same.
 */
#include "formats/run_json.h"

#include "formats/run_json_shape.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The value of a type at an offset in a struct. */
#define AT(base, offset, type) (*(type const *)((const char *)(base) + (offset)))

static const char *text_at(const void *base, const struct pfl_shape_field *f)
{
    return AT(base, f->offset, const char *);
}

static bool is_empty(const struct pfl_shape_field *f, const void *base)
{
    switch (f->kind) {
    case PFL_SHAPE_TEXT: return !text_at(base, f) || *text_at(base, f) == 0;
    case PFL_SHAPE_TEXT_OR_NULL: return !text_at(base, f);
    case PFL_SHAPE_BOOL: return !AT(base, f->offset, bool);
    case PFL_SHAPE_AMOUNT:
        return !isfinite(AT(base, f->offset, double)) || AT(base, f->offset, double) == 0;
    case PFL_SHAPE_OBJECT:
    case PFL_SHAPE_LIST:
    case PFL_SHAPE_U32S: return AT(base, f->count, size_t) == 0;
    case PFL_SHAPE_RANGE: return isnan(AT(base, f->offset, double));
    case PFL_SHAPE_TIME: return AT(base, f->offset, int64_t) == 0;
    default: return false;
    }
}

static void write_text(struct pfl_json_writer *w, const struct pfl_shape_field *f, const void *base)
{
    const char *text = text_at(base, f);

    if (!text && f->kind == PFL_SHAPE_TEXT)
        text = "";
    if (text && *text == 0 && f->flags & PFL_SHAPE_EMPTY_NULL)
        text = NULL;
    pfl_json_string(w, text);
}

static void write_u64(struct pfl_json_writer *w, uint64_t value)
{
    char text[24];

    if (value <= INT64_MAX) {
        pfl_json_integer(w, (int64_t)value);
    } else {
        snprintf(text, sizeof text, "%" PRIu64, value);
        pfl_json_string(w, text);
    }
}

static void write_time(struct pfl_json_writer *w, int64_t unix_ns)
{
    int64_t seconds = unix_ns / 1000000000 - (unix_ns % 1000000000 < 0);
    char text[PFL_SHAPE_TIME_MAX];

    pfl_shape_time_write(text, seconds, (int)((unix_ns % 1000000000 + 1000000000) % 1000000000),
                         true);
    pfl_json_string(w, text);
}

static void write_pairs(struct pfl_json_writer *w, const struct pfl_pair *pairs, size_t n)
{
    size_t i;

    pfl_json_object(w);
    for (i = 0; i < n; i++)
        pfl_json_put_string(w, pairs[i].name, pairs[i].value ? pairs[i].value : "");
    pfl_json_object_end(w);
}

static void write_texts(struct pfl_json_writer *w, const char *const *texts, size_t n)
{
    size_t i;

    pfl_json_array(w);
    for (i = 0; i < n; i++)
        pfl_json_string(w, texts[i]);
    pfl_json_array_end(w);
}

static void write_u32s(struct pfl_json_writer *w, const uint32_t *values, size_t n)
{
    size_t i;

    pfl_json_array(w);
    w->flat = true;
    for (i = 0; i < n; i++)
        pfl_json_integer(w, values[i]);
    pfl_json_array_end(w);
    w->flat = false;
}

static int64_t launch_value(const struct pfl_shape_field *column, const struct pfl_launch *launch)
{
    switch (column->kind) {
    case PFL_SHAPE_I64: return AT(launch, column->offset, int64_t);
    case PFL_SHAPE_U32S: return AT(launch, column->offset, uint32_t);
    default: return AT(launch, column->offset, int32_t);
    }
}

static void write_launches(struct pfl_json_writer *w, const struct pfl_launch *launches, size_t n)
{
    size_t i, k;

    pfl_json_object(w);
    for (k = 0; k < PFL_SHAPE_LAUNCH_COLUMNS; k++) {
        pfl_json_key(w, pfl_shape_launch_columns[k].key);
        pfl_json_array(w);
        w->flat = true;
        for (i = 0; i < n; i++)
            pfl_json_integer(w, launch_value(&pfl_shape_launch_columns[k], &launches[i]));
        pfl_json_array_end(w);
        w->flat = false;
    }
    pfl_json_object_end(w);
}

static void write_object(struct pfl_json_writer *w, const struct pfl_shape *shape, const void *base,
                         unsigned without);

static void write_list(struct pfl_json_writer *w, const struct pfl_shape_field *f, const void *base)
{
    const char *items = AT(base, f->offset, char *);
    size_t n = AT(base, f->count, size_t), i;

    pfl_json_array(w);
    for (i = 0; i < n; i++)
        write_object(w, f->shape, items + i * f->shape->size, 0);
    pfl_json_array_end(w);
}

static void write_array(struct pfl_json_writer *w, const struct pfl_shape_field *f,
                        const void *base)
{
    size_t n = AT(base, f->count, size_t);

    switch (f->kind) {
    case PFL_SHAPE_NUMBERS: pfl_json_numbers(w, AT(base, f->offset, double *), n); break;
    case PFL_SHAPE_U32S: write_u32s(w, AT(base, f->offset, uint32_t *), n); break;
    case PFL_SHAPE_PAIRS: write_pairs(w, AT(base, f->offset, struct pfl_pair *), n); break;
    case PFL_SHAPE_TEXTS: write_texts(w, AT(base, f->offset, const char **), n); break;
    case PFL_SHAPE_LIST: write_list(w, f, base); break;
    case PFL_SHAPE_LAUNCHES: write_launches(w, AT(base, f->offset, struct pfl_launch *), n); break;
    default: PFL_BUG("a field of the run format that cannot be written: \"%s\"", f->key);
    }
}

static void write_field(struct pfl_json_writer *w, const struct pfl_shape_field *f,
                        const void *base, unsigned without)
{
    double range[2];

    switch (f->kind) {
    case PFL_SHAPE_TEXT:
    case PFL_SHAPE_TEXT_OR_NULL: write_text(w, f, base); break;
    case PFL_SHAPE_BOOL: pfl_json_bool(w, AT(base, f->offset, bool)); break;
    case PFL_SHAPE_INT: pfl_json_integer(w, AT(base, f->offset, int)); break;
    case PFL_SHAPE_SCHEMA:
    case PFL_SHAPE_I64: pfl_json_integer(w, AT(base, f->offset, int64_t)); break;
    case PFL_SHAPE_U64: write_u64(w, AT(base, f->offset, uint64_t)); break;
    case PFL_SHAPE_SIZE: pfl_json_integer(w, (int64_t)AT(base, f->offset, size_t)); break;
    case PFL_SHAPE_TIME: write_time(w, AT(base, f->offset, int64_t)); break;
    case PFL_SHAPE_AMOUNT:
    case PFL_SHAPE_NUMBER: pfl_json_number(w, AT(base, f->offset, double)); break;
    case PFL_SHAPE_SECONDS: pfl_json_number(w, (double)AT(base, f->offset, int64_t) / 1e9); break;
    case PFL_SHAPE_RANGE:
        range[0] = AT(base, f->offset, double);
        range[1] = AT(base, f->count, double);
        pfl_json_numbers(w, range, 2);
        break;
    case PFL_SHAPE_STATUS:
        pfl_json_string(w, pfl_status_text(AT(base, f->offset, enum pfl_status)));
        break;
    case PFL_SHAPE_RUN_KIND:
        pfl_json_string(w, pfl_run_kind_text(AT(base, f->offset, enum pfl_run_kind)));
        break;
    case PFL_SHAPE_BETTER:
        pfl_json_string(w, pfl_metric_better_text(AT(base, f->offset, enum pfl_better)));
        break;
    case PFL_SHAPE_OBJECT:
        write_object(w, f->shape, (const char *)base + f->offset, without);
        break;
    default: write_array(w, f, base);
    }
}

static void write_object(struct pfl_json_writer *w, const struct pfl_shape *shape, const void *base,
                         unsigned without)
{
    const struct pfl_shape_field *f;

    pfl_json_object(w);
    for (f = shape->fields; f < shape->fields + shape->n; f++) {
        if (f->flags & without || (f->flags & PFL_SHAPE_OMIT && is_empty(f, base)))
            continue;
        pfl_json_key(w, f->key);
        write_field(w, f, base, without);
    }
    pfl_json_object_end(w);
}

/* How many launches the estimate rests on, where nobody has summarised yet: those with a sample. */
static size_t count_launches(const struct pfl_result *r)
{
    size_t i, n = 0, last = SIZE_MAX;

    for (i = 0; i < r->n; i++) {
        size_t launch = r->launch_of ? r->launch_of[i] : i;

        n += isfinite(r->values[i]) && launch != last;
        if (isfinite(r->values[i]))
            last = launch;
    }
    return n;
}

/* result NULL: the row of a benchmark that has none. */
static void write_entry(struct pfl_json_writer *w, const struct pfl_benchmark *b,
                        const struct pfl_result *result, unsigned without)
{
    const double none = (double)NAN;
    struct pfl_run_json_entry e = {.benchmark = b->name,
                                   .params = b->params,
                                   .param_count = b->param_count,
                                   .median_low = none,
                                   .median_high = none,
                                   .status = b->status};

    if (result) {
        e.result = *result;
        if (result->stated.known) {
            e.median_low = result->summary.ci_low;
            e.median_high = result->summary.ci_high;
            e.result.summary.ci_low = result->stated.low;
            e.result.summary.ci_high = result->stated.high;
        }
        e.launches = result->summary.n ? result->summary.n : count_launches(result);
        e.launch_of_count = result->launch_of ? result->n : 0;
        if (result->summary_only) /* nothing to derive it from */
            without &= ~(unsigned)PFL_SHAPE_DERIVED;
    } else {
        e.result.summary =
            (struct pfl_summary){0, none, none, none, none, none, none, none, none, none};
        e.result.better = PFL_BETTER_NEITHER;
    }
    write_object(w, &pfl_shape_entry, &e, without);
}

static void write_results(struct pfl_json_writer *w, const struct pfl_run *run, unsigned without)
{
    size_t i, k;

    pfl_json_key(w, "results");
    pfl_json_array(w);
    for (i = 0; i < run->benchmark_count; i++) {
        const struct pfl_benchmark *b = &run->benchmarks[i];

        for (k = 0; k < b->result_count; k++)
            write_entry(w, b, &b->results[k], without);
        if (b->result_count == 0)
            write_entry(w, b, NULL, without);
    }
    pfl_json_array_end(w);
}

static void write_baseline(struct pfl_json_writer *w, const struct pfl_run_json_options *options)
{
    char saved[PFL_SHAPE_TIME_MAX];

    pfl_shape_time_write(saved, options->saved_unix, 0, false);
    pfl_json_key(w, "baseline");
    pfl_json_object(w);
    pfl_json_put_string(w, "name", options->baseline_name);
    pfl_json_put_string(w, "saved", saved);
    pfl_json_object_end(w);
}

void pfl_run_json_write(const struct pfl_run *run, const struct pfl_run_json_options *options,
                        struct pfl_buf *buf)
{
    unsigned without = options->without_id ? PFL_SHAPE_IDENTITY | PFL_SHAPE_DERIVED : 0;
    struct pfl_json_writer w;
    size_t i;

    pfl_json_writer_init(&w, buf, options->indent);
    pfl_json_object(&w);
    pfl_json_put_integer(&w, "schema", PFL_RUN_JSON_SCHEMA);
    if (options->baseline_name)
        write_baseline(&w, options);
    pfl_json_key(&w, "run");
    write_object(&w, &pfl_shape_run, run, without);
    write_results(&w, run, without);
    pfl_json_key(&w, "benchmarks");
    pfl_json_array(&w);
    for (i = 0; i < run->benchmark_count; i++)
        write_object(&w, &pfl_shape_benchmark, &run->benchmarks[i], without);
    pfl_json_array_end(&w);
    pfl_json_object_end(&w);
    pfl_buf_char(buf, '\n');
}
