/*
 * From outcomes to a report: each metric of each case becomes a series with one value per launch.
 * A metric is known by name and variant; the first launch that tells it decides unit and direction.
 * Of a metric that is a text (the hash of an artefact) the last launch's counts.
 * A case that failed or was skipped in one launch is so in all: what it gave before stays in the
 * report for whoever looks, but status comes first.
 */
#include "program.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double report_empty_cycles = 1.2;

void pfl_lib_report_init(struct pfl_lib_report *report, const struct pfl_lib_cases *cases,
                         int launches)
{
    struct timespec now;
    size_t i;

    memset(report, 0, sizeof *report);
    clock_gettime(CLOCK_REALTIME, &now);
    report->started_unix_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
    report->n = cases->n;
    report->launches = launches;
    report->results = pfl_lib_alloc((cases->n + 1) * sizeof *report->results);
    memset(report->results, 0, (cases->n + 1) * sizeof *report->results);
    for (i = 0; i < cases->n; i++)
        report->results[i].of = &cases->at[i];
}

static void report_release_result(struct pfl_lib_result *result)
{
    size_t i;

    for (i = 0; i < result->series_count; i++) {
        free(result->series[i].name);
        free(result->series[i].variant);
        free(result->series[i].unit);
        free(result->series[i].text);
        free(result->series[i].values);
    }
    free(result->series);
    free(result->reason);
}

void pfl_lib_report_release(struct pfl_lib_report *report)
{
    size_t i;

    for (i = 0; i < report->n; i++)
        report_release_result(&report->results[i]);
    for (i = 0; i < report->fit_count; i++)
        free(report->fits[i].name);
    free(report->results);
    free(report->fits);
    free(report->trouble);
    memset(report, 0, sizeof *report);
}

static struct pfl_lib_series *report_series(struct pfl_lib_report *report,
                                            struct pfl_lib_result *result,
                                            const struct pfl_lib_metric *metric)
{
    const char *variant = metric->variant ? metric->variant : "";
    struct pfl_lib_series *series;
    size_t i;
    int k;

    for (i = 0; i < result->series_count; i++)
        if (strcmp(result->series[i].name, metric->name) == 0 &&
            strcmp(result->series[i].variant, variant) == 0)
            return &result->series[i];
    result->series =
        pfl_lib_realloc(result->series, (result->series_count + 1) * sizeof *result->series);
    series = &result->series[result->series_count++];
    memset(series, 0, sizeof *series);
    series->name = pfl_lib_text("%s", metric->name);
    series->variant = pfl_lib_text("%s", variant);
    series->unit = pfl_lib_text("%s", metric->unit && *metric->unit ? metric->unit : "1");
    series->better = metric->better;
    series->values = pfl_lib_alloc((size_t)report->launches * sizeof *series->values);
    for (k = 0; k < report->launches; k++)
        series->values[k] = NAN;
    return series;
}

void pfl_lib_report_metric(struct pfl_lib_report *report, size_t index, int launch,
                           const struct pfl_lib_metric *metric)
{
    struct pfl_lib_series *series;

    if (index >= report->n || launch >= report->launches ||
        !(metric->text || isfinite(metric->value)))
        return;
    series = report_series(report, &report->results[index], metric);
    if (!metric->text) {
        series->values[launch] = metric->value;
        return;
    }
    free(series->text);
    series->text = pfl_lib_text("%s", metric->text);
}

void pfl_lib_report_status(struct pfl_lib_report *report, size_t index, enum pfl_lib_status status,
                           const char *reason)
{
    struct pfl_lib_result *result = &report->results[index];

    if (index >= report->n || result->status != PFL_LIB_OK)
        return;
    result->status = status;
    if (status != PFL_LIB_OK)
        result->reason = pfl_lib_text("%s", reason ? reason : "");
}

void pfl_lib_report_finish(struct pfl_lib_report *report)
{
    size_t i, k;

    for (i = 0; i < report->n; i++)
        for (k = 0; k < report->results[i].series_count; k++) {
            struct pfl_lib_series *s = &report->results[i].series[k];

            pfl_lib_estimate(s->name, s->unit, s->values, (size_t)report->launches, &s->estimate);
        }
    pfl_lib_complexity(report);
}

/* The empty loop costs one cycle; tagged `empty` it is meant to be. Where the body says itself how
 * long it took, little is no sign. */
const char *pfl_lib_takes_no_time(const struct pfl_lib_case *c, double cycles)
{
    if (!(cycles <= report_empty_cycles) || c->manual_time ||
        (c->tags && pfl_lib_case_selected(c, "tag:empty", NULL)))
        return NULL;
    return "its body takes no time: was it optimised away? see pfl_unknown";
}

const char *pfl_lib_result_note(const struct pfl_lib_result *result)
{
    const struct pfl_lib_series *cycles =
        result->status == PFL_LIB_OK ? pfl_lib_result_find(result, "cycles") : NULL;

    return cycles ? pfl_lib_takes_no_time(result->of, cycles->estimate.median) : NULL;
}

const struct pfl_lib_series *pfl_lib_result_find(const struct pfl_lib_result *result,
                                                 const char *metric)
{
    size_t i;

    for (i = 0; i < result->series_count; i++)
        if (strcmp(result->series[i].name, metric) == 0 && !*result->series[i].variant)
            return &result->series[i];
    return NULL;
}

static bool report_tells(const struct pfl_lib_outcome *outcome, const char *name)
{
    size_t i;

    for (i = 0; i < outcome->metric_count; i++)
        if (strcmp(outcome->metrics[i].name, name) == 0)
            return true;
    return false;
}

void pfl_lib_outcome_metrics(const struct pfl_lib_outcome *outcome,
                             void (*tell)(void *context, const struct pfl_lib_metric *metric),
                             void *context)
{
    const struct {
        const char *name;
        double value;
        const char *unit;
    } own[] = {
        {"time", outcome->batches ? pfl_lib_outcome_seconds(outcome) : (double)NAN, "s"},
        {"cycles", outcome->batches ? pfl_lib_outcome_cycles(outcome) : (double)NAN, "1"},
        {"first_call", outcome->first_call_s, "s"},
        {"cpu", outcome->cpu_s, "s"},
    };
    size_t i;

    if (outcome->status != PFL_LIB_OK)
        return;
    for (i = 0; i < sizeof own / sizeof own[0]; i++) {
        const struct pfl_lib_metric metric = {.name = own[i].name,
                                              .variant = "",
                                              .value = own[i].value,
                                              .unit = own[i].unit,
                                              .better = PFL_LOWER_IS_BETTER};

        if (isfinite(own[i].value) && !report_tells(outcome, own[i].name))
            tell(context, &metric);
    }
    for (i = 0; i < outcome->metric_count; i++)
        tell(context, &outcome->metrics[i]);
}
