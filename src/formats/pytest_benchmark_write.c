/*
 * pytest-benchmark's JSON, written: what its own `compare` reads, its statistics as it computes
 * them. Everything is in seconds, so that no bit is lost.
 */
#include "formats/pytest_benchmark.h"

#include "sys/clock.h"

#include <math.h>
#include <string.h>

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

int pfl_pytest_write(const struct pfl_run *run, struct pfl_buf *out, const char **lost,
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
