/*
 * BenchmarkDotNet's benchmarks → the run: names, parameters, times by launch, memory and metrics.
 * What is preferred and why stands in benchmark_dotnet.c.
 */
#include "formats/benchmark_dotnet.h"
#include "formats/fields.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The launches are numbered from 1. Grouped when there are several and the numbers are sane. */
static bool several_launches(const struct pfl_dotnet_samples *samples)
{
    bool several = false;
    size_t i;

    for (i = 0; i < samples->n; i++) {
        double launch = samples->at[i].launch;

        if (!(launch >= 1 && launch <= (double)samples->n) || launch != floor(launch))
            return false;
        several = several || launch != samples->at[0].launch;
    }
    return several;
}

static void give_samples(struct pfl_build *b, const struct pfl_dotnet_samples *samples)
{
    bool several = several_launches(samples);
    size_t i;

    for (i = 0; i < samples->n; i++) {
        if (several)
            pfl_build_launch(b, (uint32_t)samples->at[i].launch - 1);
        pfl_build_value(b, samples->at[i].value);
    }
}

static void give_time(struct pfl_build *b, struct pfl_dotnet_benchmark *e, size_t *by_statistics)
{
    struct pfl_summary *s = &e->summary;
    size_t i;

    if (e->results.n == 0 && e->actuals.n == 0 && e->originals.n == 0 && isnan(s->median) &&
        isnan(s->mean)) {
        pfl_build_status(b, PFL_STATUS_FAILED, "BenchmarkDotNet has no result of it");
        return;
    }
    pfl_build_result(b, "time", "", "ns");
    if (e->results.n || e->actuals.n) {
        give_samples(b, e->results.n ? &e->results : &e->actuals);
        return;
    }
    for (i = 0; i < e->originals.n; i++)
        pfl_build_value(b, e->originals.at[i]);
    if (e->originals.n)
        return;
    s->n = e->n >= 1 && e->n < 1e9 ? (size_t)e->n : 0;
    pfl_build_interval_of_quartiles(s, &s->ci_low, &s->ci_high);
    if (isnan(s->ci_low))
        pfl_build_interval_of_mean(s, &s->ci_low, &s->ci_high);
    pfl_build_summary(b, s);
    ++*by_statistics;
}

static void give_figure(struct pfl_build *b, const char *metric, const char *unit, double value)
{
    struct pfl_summary summary = pfl_summary_none();

    if (!isfinite(value))
        return;
    summary.median = value;
    pfl_build_result(b, metric, "", unit);
    pfl_build_summary(b, &summary);
    pfl_build_better(b, PFL_BETTER_LOWER);
}

/* As MemoryDiagnoser's own metrics, which the brief exporter leaves out: per 1,000 operations. */
static void give_memory(struct pfl_build *b, const struct pfl_dotnet_memory *memory)
{
    if (memory->operations > 0) {
        give_figure(b, "Gen0Collects", "1", memory->gen0 / memory->operations * 1000);
        give_figure(b, "Gen1Collects", "1", memory->gen1 / memory->operations * 1000);
        give_figure(b, "Gen2Collects", "1", memory->gen2 / memory->operations * 1000);
    }
    if (memory->bytes >= 0)
        give_figure(b, "allocated", "B", memory->bytes);
}

static bool is_allocated(const struct pfl_dotnet_metric *metric)
{
    return strcmp(metric->id, "Allocated Memory") == 0;
}

static bool is_of_memory(const struct pfl_dotnet_metric *metric)
{
    return is_allocated(metric) || (strncmp(metric->id, "Gen", 3) == 0 && metric->id[3] &&
                                    strcmp(metric->id + 4, "Collects") == 0);
}

static void give_metrics(struct pfl_build *b, const struct pfl_dotnet_benchmark *e)
{
    bool has_memory = e->memory.operations > 0 || e->memory.bytes >= 0;
    size_t i;

    give_memory(b, &e->memory);
    for (i = 0; i < e->metrics.n; i++) {
        const struct pfl_dotnet_metric *metric = &e->metrics.at[i];
        const char *name = is_allocated(metric) ? "allocated"
                           : *metric->id        ? metric->id
                                                : metric->name;
        bool plain = !*metric->unit || strcmp(metric->unit, "Count") == 0;

        if (!*name || (has_memory && is_of_memory(metric)))
            continue;
        give_figure(b, name, plain ? "1" : metric->unit, metric->value);
        if (metric->greater && isfinite(metric->value))
            pfl_build_better(b, PFL_BETTER_HIGHER);
    }
}

/* The "&" behind which the next NAME= begins, or the end: values may hold "&" too. */
static const char *end_of_param(const char *text)
{
    const char *end = strchr(text, '&');
    size_t len;

    while (end) {
        len = strcspn(end + 1, "&=");
        if (end[1 + len] == '=')
            return end;
        end = end[1 + len] ? end + 1 + len : NULL;
    }
    return text + strlen(text);
}

/* "N=10&Text=a&b" → N: 10, Text: a&b. */
static void give_params(struct pfl_build *b, const char *text)
{
    const char *equals, *end;
    char *name, *value;

    while ((equals = strchr(text, '=')) != NULL) {
        end = end_of_param(equals);
        name = pfl_arena_text_n(&b->arena, text, (size_t)(equals - text));
        value = pfl_arena_text_n(&b->arena, equals + 1, (size_t)(end - equals - 1));
        pfl_build_param(b, name ? name : "", value ? value : "");
        text = *end ? end + 1 : end;
    }
}

/* "Type.Method: JOB [N=10]" → JOB; "" for the default one. */
static const char *job_of(struct pfl_build *b, const char *display)
{
    const char *at = strstr(display, ": "), *end;

    if (!at)
        return "";
    at += 2;
    end = strstr(at, " [");
    if (strncmp(at, "DefaultJob", 10) == 0)
        return "";
    return pfl_build_keep(b,
                          pfl_arena_text_n(&b->arena, at, end ? (size_t)(end - at) : strlen(at)));
}

static const char *name_of(struct pfl_build *b, const struct pfl_dotnet_benchmark *e,
                           const char *job)
{
    const char *name = e->full;

    if (!*name && *e->method)
        name = pfl_arena_format(&b->arena, "%s%s%s%s%s%s%s%s", e->space, *e->space ? "." : "",
                                e->type, *e->type ? "." : "", e->method, *e->params ? "(" : "",
                                e->params, *e->params ? ")" : "");
    if (name && !*name)
        name = e->display;
    if (name && *job && pfl_map_get(&b->names, name))
        name = pfl_arena_format(&b->arena, "%s [%s]", name, job);
    return pfl_build_keep(b, name);
}

bool pfl_dotnet_give(struct pfl_build *b, struct pfl_dotnet_benchmark *e, size_t *by_statistics)
{
    const char *job = job_of(b, e->display), *name = name_of(b, e, job);

    if (!*name)
        return false;
    pfl_build_benchmark(b, name);
    give_params(b, e->params);
    if (*job)
        pfl_build_param(b, "job", job);
    give_time(b, e, by_statistics);
    give_metrics(b, e);
    return true;
}

void pfl_dotnet_give_date(struct pfl_build *b, const char *title)
{
    size_t len = strlen(title);
    const char *t = title + (len >= 16 ? len - 16 : len);
    char date[32];

    if (*t != '-' || t[9] != '-' || strspn(t + 1, "0123456789") != 8 ||
        strspn(t + 10, "0123456789") != 6)
        return;
    snprintf(date, sizeof date, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s", t + 1, t + 5, t + 7, t + 10,
             t + 12, t + 14);
    pfl_build_started(b, date);
}
