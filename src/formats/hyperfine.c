/*
 * hyperfine's result file, for scripts that read it: one entry per benchmark with its field set and
 * its units (seconds, bytes). Its lists are parallel, one element per launch that counted; a launch
 * without a time is in none of them. Its "user" and "system" are means. The standard deviation of a
 * single launch is null, as there.
 */
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
    pfl_json_put_string(w, "command", b->command);
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
