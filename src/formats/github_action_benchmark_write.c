/*
 * A run as a list for github-action-benchmark's tool customSmallerIsBetter. The list has one
 * direction for all, so metrics of which more is better are left out; only where a run has no
 * others they are all there is, for customBiggerIsBetter. `time` carries the benchmark's name,
 * other metrics "NAME - METRIC" as this action itself calls them.
 */
#include "formats/github_action_benchmark.h"

#include "base/json.h"
#include "base/units.h"

#include <math.h>
#include <string.h>

static bool has_value(const struct pfl_result *result, enum pfl_better better)
{
    return !result->text && result->better == better && isfinite(result->summary.median);
}

static bool has_any(const struct pfl_run *run, enum pfl_better better)
{
    size_t i, k;

    for (i = 0; i < run->benchmark_count; i++)
        for (k = 0; k < run->benchmarks[i].result_count; k++)
            if (has_value(&run->benchmarks[i].results[k], better))
                return true;
    return false;
}

/* "± half"; nothing where there is no interval. */
static void put_range(struct pfl_json_writer *w, const struct pfl_summary *s)
{
    char number[PFL_UNITS_NUMBER_MAX];
    struct pfl_buf text;
    double half = fmax(s->median - s->ci_low, s->ci_high - s->median);

    if (!isfinite(half) || half < 0)
        return;
    pfl_buf_init(&text, 256);
    pfl_units_number_text(number, half);
    pfl_buf_format(&text, "± %s", number);
    pfl_json_put_string(w, "range", pfl_buf_cstr(&text));
    if (text.error)
        w->out->error = text.error;
    pfl_buf_release(&text);
}

static void put_result(struct pfl_json_writer *w, const struct pfl_benchmark *bench,
                       const struct pfl_result *result)
{
    struct pfl_buf text;

    pfl_buf_init(&text, PFL_JSON_STRING_MAX);
    pfl_buf_text(&text, bench->name);
    if (strcmp(result->metric, "time") != 0 || *result->variant)
        pfl_buf_format(&text, " - %s%s%s", result->metric, *result->variant ? " " : "",
                       result->variant);
    pfl_json_object(w);
    pfl_json_put_string(w, "name", pfl_buf_cstr(&text));
    if (text.error)
        w->out->error = text.error;
    pfl_json_put_string(w, "unit", result->unit);
    pfl_json_put_number(w, "value", result->summary.median);
    put_range(w, &result->summary);
    pfl_buf_clear(&text);
    pfl_buf_format(&text, "%zu samples", result->summary.n);
    pfl_json_put_string(w, "extra", pfl_buf_cstr(&text));
    if (text.error)
        w->out->error = text.error;
    pfl_json_object_end(w);
    pfl_buf_release(&text);
}

int pfl_gab_write(const struct pfl_run *run, struct pfl_buf *out, const char **lost,
                  struct pfl_err *err)
{
    bool lower = has_any(run, PFL_BETTER_LOWER);
    struct pfl_json_writer w;
    size_t i, k;

    *lost = lower ? "medians ± the half of their intervals, of metrics of which less is better "
                    "(tool: customSmallerIsBetter); no other metrics, samples, machine or revision"
                  : "medians ± the half of their intervals, of metrics of which more is better "
                    "(tool: customBiggerIsBetter); no samples, machine or revision";
    pfl_json_writer_init(&w, out, 2);
    pfl_json_array(&w);
    for (i = 0; i < run->benchmark_count; i++)
        for (k = 0; k < run->benchmarks[i].result_count; k++)
            if (has_value(&run->benchmarks[i].results[k],
                          lower ? PFL_BETTER_LOWER : PFL_BETTER_HIGHER))
                put_result(&w, &run->benchmarks[i], &run->benchmarks[i].results[k]);
    pfl_json_array_end(&w);
    pfl_buf_char(out, '\n');
    return pfl_buf_check(out, err, "writing the run for github-action-benchmark");
}
