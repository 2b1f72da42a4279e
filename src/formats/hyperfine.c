/*
 * hyperfine's result file, read and written. One entry per benchmark with its field set and
 * its units (seconds, bytes). Its lists are parallel, one element per launch that counted; a launch
 * without a time is in none of them. Its "user" and "system" are means. The standard deviation of a
 * single launch is null, as there.
 */
#include "formats/fields.h"
#include "formats/run_json.h"

#include <math.h>

static double value_at(const struct pfl_result *result, size_t i)
{
    return result && !result->launch_of && i < result->n ? result->values[i] : (double)NAN;
}

static void put_mean(struct pfl_json_writer *w, const char *key, const struct pfl_result *result,
                     const struct pfl_result *time)
{
    double sum = 0;
    size_t i, n = 0;

    for (i = 0; i < time->n; i++)
        if (isfinite(time->values[i]) && isfinite(value_at(result, i))) {
            sum += value_at(result, i);
            n++;
        }
    pfl_json_put_number(w, key, n > 0 ? sum / (double)n : (double)NAN);
}

static void put_times(struct pfl_json_writer *w, const struct pfl_result *time)
{
    size_t i;

    pfl_json_key(w, "times");
    pfl_json_array(w);
    for (i = 0; i < time->n; i++)
        if (isfinite(time->values[i]))
            pfl_json_number(w, time->values[i]);
    pfl_json_array_end(w);
}

static void put_memory(struct pfl_json_writer *w, const struct pfl_result *rss,
                       const struct pfl_result *time)
{
    size_t i;

    pfl_json_key(w, "memory_usage_byte");
    pfl_json_array(w);
    for (i = 0; i < time->n; i++) {
        double bytes = value_at(rss, i);

        if (!isfinite(time->values[i]))
            continue;
        if (bytes >= 0 && bytes < 9e18)
            pfl_json_integer(w, (int64_t)bytes);
        else
            pfl_json_null(w);
    }
    pfl_json_array_end(w);
}

static void put_exit_codes(struct pfl_json_writer *w, const struct pfl_benchmark *b,
                           const struct pfl_result *time)
{
    size_t i;

    pfl_json_key(w, "exit_codes");
    pfl_json_array(w);
    for (i = 0; i < time->n; i++) {
        size_t launch = time->launch_of ? time->launch_of[i] : i;

        if (!isfinite(time->values[i]))
            continue;
        if (launch < b->launch_count && b->launches[launch].signal == 0)
            pfl_json_integer(w, b->launches[launch].exit_code);
        else
            pfl_json_null(w);
    }
    pfl_json_array_end(w);
}

static void put_benchmark(struct pfl_json_writer *w, const struct pfl_benchmark *b,
                          const struct pfl_result *time)
{
    size_t i;

    pfl_json_object(w);
    pfl_json_put_string(w, "command", *b->command ? b->command : b->name);
    pfl_json_put_number(w, "mean", time->summary.mean);
    pfl_json_put_number(w, "stddev", time->summary.n > 1 ? time->summary.stddev : (double)NAN);
    pfl_json_put_number(w, "median", time->summary.median);
    put_mean(w, "user", pfl_benchmark_find(b, "user", ""), time);
    put_mean(w, "system", pfl_benchmark_find(b, "sys", ""), time);
    pfl_json_put_number(w, "min", time->summary.min);
    pfl_json_put_number(w, "max", time->summary.max);
    put_times(w, time);
    put_memory(w, pfl_benchmark_find(b, "peak_rss", ""), time);
    put_exit_codes(w, b, time);
    pfl_json_key(w, "parameters");
    pfl_json_object(w);
    for (i = 0; i < b->param_count; i++)
        pfl_json_put_string(w, b->params[i].name, b->params[i].value);
    pfl_json_object_end(w);
    pfl_json_object_end(w);
}

void pfl_hyperfine_write(const struct pfl_run *run, struct pfl_buf *buf)
{
    const struct pfl_result *time;
    struct pfl_json_writer w;
    size_t i;

    pfl_json_writer_init(&w, buf, 2);
    pfl_json_object(&w);
    pfl_json_key(&w, "results");
    pfl_json_array(&w);
    for (i = 0; i < run->benchmark_count; i++) {
        time = pfl_benchmark_find(&run->benchmarks[i], "time", "");
        if (time && time->n > 0)
            put_benchmark(&w, &run->benchmarks[i], time);
    }
    pfl_json_array_end(&w);
    pfl_json_object_end(&w);
    pfl_buf_char(buf, '\n');
}

/* ---- reading ---- */

struct document {
    struct pfl_build_pairs params; /* of the entry at hand */
    size_t without_times, with_memory;
};

struct entry {
    const char *command;
    struct pfl_summary summary;
    double user, system;
    struct pfl_build_values times, memory, exit_codes;
};

static int read_parameter(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct pfl_build_pairs *pairs = record;
    struct pfl_pair pair = {pfl_build_keep(f->build, f->json->text), ""};
    int rc = pfl_fields_text(f, &pair.value, err);

    return rc < 0 || pfl_vec_push(pairs, &pair) ? rc : pfl_err_no_memory(err);
}

static int read_parameters(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field any[] = {PFL_FIELD_ANY(read_parameter), {0}};

    (void)record;
    return pfl_fields_read(f, any, &((struct document *)f->context)->params, err);
}

static void give_mean(struct pfl_build *b, const struct entry *e, const char *metric, double mean)
{
    struct pfl_summary summary = pfl_summary_none();

    if (isnan(mean))
        return;
    summary.n = e->times.n;
    summary.mean = mean;
    pfl_build_result(b, metric, "", "s");
    pfl_build_summary(b, &summary);
}

static void give_values(struct pfl_build *b, const char *metric, const char *unit,
                        const struct pfl_build_values *values)
{
    size_t i;

    pfl_build_result(b, metric, "", unit);
    for (i = 0; i < values->n; i++)
        pfl_build_value(b, values->at[i]);
}

static void give_time(struct pfl_build *b, struct entry *e, struct document *d)
{
    if (e->times.n) {
        give_values(b, "time", "s", &e->times);
        return;
    }
    if (isnan(e->summary.mean) && isnan(e->summary.median))
        return;
    pfl_build_result(b, "time", "", "s");
    pfl_build_interval_of_mean(&e->summary, &e->summary.ci_low, &e->summary.ci_high);
    pfl_build_summary(b, &e->summary);
    d->without_times++;
}

/* One name (-n) of several parameter values: then they are in the name, too. */
static void give(struct pfl_fields *f, struct entry *e)
{
    struct document *d = f->context;
    const char *name = e->command;
    size_t i, failures = 0;

    if (!*name) {
        pfl_build_warn(f->build, f->json, "a benchmark without a command is left out");
        return;
    }
    if (pfl_map_get(&f->build->names, name))
        name = pfl_build_name_with(f->build, name, &d->params);
    pfl_build_benchmark(f->build, name);
    for (i = 0; i < d->params.n; i++)
        pfl_build_param(f->build, d->params.at[i].name, d->params.at[i].value);
    give_time(f->build, e, d);
    give_mean(f->build, e, "user", e->user);
    give_mean(f->build, e, "sys", e->system);
    if (e->memory.n) {
        give_values(f->build, "peak_rss", "B", &e->memory);
        d->with_memory++;
    }
    for (i = 0; i < e->exit_codes.n; i++)
        failures += !(e->exit_codes.at[i] == 0);
    if (failures)
        pfl_build_warn(f->build, f->json, "%.200s: %zu of its launches did not exit with 0", name,
                       failures);
}

static int finish(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    const struct document *d = f->context;

    (void)record;
    (void)err;
    if (d->without_times)
        pfl_build_warn(f->build, NULL,
                       "%zu benchmarks have no times of their launches: their intervals are made "
                       "from mean and standard deviation",
                       d->without_times);
    if (d->with_memory)
        pfl_build_warn(f->build, NULL,
                       "memory_usage_byte is the maximum over all launches so far, not each "
                       "launch's own");
    return PFL_OK;
}

static int read_entry(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("command", struct entry, command),
        PFL_FIELD_NUMBER("mean", struct entry, summary.mean),
        PFL_FIELD_NUMBER("stddev", struct entry, summary.stddev),
        PFL_FIELD_NUMBER("median", struct entry, summary.median),
        PFL_FIELD_NUMBER("min", struct entry, summary.min),
        PFL_FIELD_NUMBER("max", struct entry, summary.max),
        PFL_FIELD_NUMBER("user", struct entry, user),
        PFL_FIELD_NUMBER("system", struct entry, system),
        PFL_FIELD_NUMBERS("times", struct entry, times),
        PFL_FIELD_NUMBERS("memory_usage_byte", struct entry, memory),
        PFL_FIELD_NUMBERS("exit_codes", struct entry, exit_codes),
        PFL_FIELD_CALL("parameters", read_parameters),
        {0},
    };
    struct entry e = {.command = "", .summary = pfl_summary_none(), .user = NAN, .system = NAN};
    bool object = f->json->token == PFL_JSON_OBJECT;
    int rc;

    (void)record;
    ((struct document *)f->context)->params.n = 0;
    rc = pfl_fields_read_at(f, fields, &e, err);
    if (rc >= 0 && object)
        give(f, &e);
    pfl_vec_release(&e.times);
    pfl_vec_release(&e.memory);
    pfl_vec_release(&e.exit_codes);
    return rc;
}

static int read_results(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_each(f, read_entry, record, err);
}

static int hyperfine_read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                          struct pfl_err *err)
{
    static const struct pfl_field fields[] = {PFL_FIELD_CALL("results", read_results), {0}};
    struct document d = {0};
    const struct pfl_fields_file file = {
        .fields = fields, .context = &d, .tool = "hyperfine", .finish = finish};
    int rc = pfl_fields_read_file(input, sink, &file, err);

    pfl_vec_release(&d.params);
    return rc;
}

static int hyperfine_recognise(const struct pfl_format_probe *probe)
{
    return pfl_format_has(probe, "results[].command") && pfl_format_has(probe, "results[].mean")
               ? 2
               : 0;
}

static int hyperfine_write(const struct pfl_run *run, struct pfl_buf *out, const char **lost,
                           struct pfl_err *err)
{
    *lost = "only time, user, sys and peak memory; no machine, revision or other metrics";
    pfl_hyperfine_write(run, out);
    return pfl_buf_check(out, err, "writing the run for hyperfine's readers");
}

const struct pfl_format pfl_format_hyperfine = {
    .name = "hyperfine",
    .title = "hyperfine JSON",
    .sought = "\"results\" list whose entries have \"command\" and \"mean\" or \"times\"",
    .recognise = hyperfine_recognise,
    .read = hyperfine_read,
    .write = hyperfine_write,
};
