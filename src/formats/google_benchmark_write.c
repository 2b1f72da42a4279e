/*
 * Google Benchmark's JSON, written: each value of `time` becomes a repetition, so that its
 * compare.py can test them; of a summary its median is the one entry. Times are in s, which its
 * readers take as well as ns and which costs no bit; `iterations` is 1, for a launch is one.
 */
#include "formats/google_benchmark.h"

#include "sys/clock.h"

#include <math.h>
#include <string.h>

static double value_of(const struct pfl_result *result, size_t i)
{
    return result && i < result->n ? result->values[i] : (double)NAN;
}

static void put_entry(struct pfl_json_writer *w, const struct pfl_benchmark *bench, size_t i,
                      size_t of)
{
    const struct pfl_result *time = pfl_benchmark_find(bench, "time", "");
    const struct pfl_result *cpu = pfl_benchmark_find(bench, "cpu", "");
    const struct pfl_result *bytes = pfl_benchmark_find(bench, "throughput", "");
    bool whole = time->n == 0; /* a summary: one entry */

    pfl_json_object(w);
    pfl_json_put_string(w, "name", bench->name);
    pfl_json_put_string(w, "run_name", bench->name);
    pfl_json_put_string(w, "run_type", "iteration");
    pfl_json_put_integer(w, "repetitions", (int64_t)of);
    pfl_json_put_integer(w, "repetition_index", (int64_t)i);
    pfl_json_put_integer(w, "threads", 1);
    pfl_json_put_integer(w, "iterations", 1);
    pfl_json_put_number(w, "real_time", whole ? time->summary.median : value_of(time, i));
    pfl_json_put_number(w, "cpu_time",
                        cpu ? (whole ? cpu->summary.median : value_of(cpu, i))
                            : (whole ? time->summary.median : value_of(time, i)));
    pfl_json_put_string(w, "time_unit", "s");
    if (bytes && i < bytes->n && strcmp(bytes->unit, "B/s") == 0)
        pfl_json_put_number(w, "bytes_per_second", bytes->values[i]);
    pfl_json_object_end(w);
}

int pfl_gbench_write(const struct pfl_run *run, struct pfl_buf *out, const char **lost,
                     struct pfl_err *err)
{
    struct pfl_json_writer w;
    char date[32];
    size_t i, k;

    *lost =
        "time, cpu (the time itself where none was measured) and throughput of each launch as a "
        "repetition; no revision, other metrics or variants";
    pfl_clock_text(run->started_unix_ns, date);
    pfl_json_writer_init(&w, out, 2);
    pfl_json_object(&w);
    pfl_json_key(&w, "context");
    pfl_json_object(&w);
    pfl_json_put_string(&w, "date", date);
    pfl_json_put_string(&w, "host_name", run->machine.hostname);
    pfl_json_put_integer(&w, "num_cpus", run->machine.cpus);
    pfl_json_put_integer(&w, "json_schema_version", 1);
    pfl_json_object_end(&w);
    pfl_json_key(&w, "benchmarks");
    pfl_json_array(&w);
    for (i = 0; i < run->benchmark_count; i++) {
        const struct pfl_result *time = pfl_benchmark_find(&run->benchmarks[i], "time", "");
        size_t n = time && time->n ? time->n : 1;

        for (k = 0; time && k < n; k++)
            if (time->n == 0 || !isnan(time->values[k]))
                put_entry(&w, &run->benchmarks[i], k, n);
    }
    pfl_json_array_end(&w);
    pfl_json_object_end(&w);
    pfl_buf_char(out, '\n');
    return pfl_buf_check(out, err, "writing the run for Google Benchmark's readers");
}
