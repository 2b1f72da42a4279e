/*
 * A run as OpenMetrics text 1.0 (what Prometheus and its kin scrape and take from a gateway).
 *
 * Three families of gauges per metric: perfledger_median_METRIC_UNIT, perfledger_low_… and
 * perfledger_high_… for the ends of its interval; perfledger_values tells how many values stand
 * behind each. A family must stand together and its name is letters and digits, so that two metrics
 * may fall into one: results are sorted by family, and each carries its metric as a label. There
 * are no timestamps: the text-file collector and the push gateway refuse them;
 * perfledger_run_timestamp_seconds says when.
 */
#include "formats/format.h"

#include "base/text.h"
#include "base/units.h"
#include "base/vec.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct point {
    const char *family; /* METRIC_UNIT */
    const char *unit;   /* its ending; "" none */
    const struct pfl_benchmark *bench;
    const struct pfl_result *result;
    size_t order;
};
PFL_VEC(points, struct point);

static const char *unit_name(const char *stored)
{
    if (strcmp(stored, "s") == 0)
        return "seconds";
    if (strcmp(stored, "B") == 0)
        return "bytes";
    if (strcmp(stored, "B/s") == 0)
        return "bytes_per_second";
    return strcmp(stored, "1/s") == 0 ? "per_second" : "";
}

/* Letters, digits and _ only. */
static const char *family_of(struct pfl_arena *arena, const char *metric, const char *unit)
{
    char *family = pfl_arena_format(arena, "%s%s%s", metric, *unit ? "_" : "", unit), *at;

    for (at = family; at && *at; at++)
        if ((unsigned char)*at >= 0x80 || !isalnum((unsigned char)*at))
            *at = '_';
    return family;
}

static int compare(const void *a, const void *b)
{
    const struct point *x = a, *y = b;
    int order = strcmp(x->family, y->family);

    return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* \ " and line breaks are escaped, other control characters are shown as \x1b. */
static void put_text(struct pfl_buf *out, const char *text)
{
    struct pfl_buf shown;
    const char *at;

    pfl_buf_init(&shown, PFL_JSON_STRING_MAX * (size_t)4);
    pfl_text_escape(&shown, text, strlen(text));
    for (at = pfl_buf_cstr(&shown); *at; at++) {
        if (*at == '"' || *at == '\\')
            pfl_buf_char(out, '\\');
        pfl_buf_char(out, *at);
    }
    if (shown.error)
        out->error = shown.error;
    pfl_buf_release(&shown);
}

static void put_label(struct pfl_buf *out, bool *any, const char *name, const char *value)
{
    if (!*value)
        return;
    pfl_buf_format(out, "%s%s=\"", *any ? "," : "{", name);
    put_text(out, value);
    pfl_buf_char(out, '"');
    *any = true;
}

static void put_labels(struct pfl_buf *out, const struct pfl_run *run, const struct point *point)
{
    bool any = false;

    put_label(out, &any, "benchmark", point->bench->name);
    put_label(out, &any, "suite", point->bench->suite);
    put_label(out, &any, "metric", point->result->metric);
    put_label(out, &any, "variant", point->result->variant);
    if (!*point->unit && strcmp(point->result->unit, "1") != 0)
        put_label(out, &any, "unit", point->result->unit);
    put_label(out, &any, "machine", run->machine.id);
    pfl_buf_text(out, "} ");
}

static void put_head(struct pfl_buf *out, const struct point *point, const char *kind,
                     const char *what)
{
    const struct pfl_metric *known = pfl_metric_find(point->result->metric);

    pfl_buf_format(out, "# TYPE perfledger_%s_%s gauge\n", kind, point->family);
    if (*point->unit)
        pfl_buf_format(out, "# UNIT perfledger_%s_%s %s\n", kind, point->family, point->unit);
    pfl_buf_format(out, "# HELP perfledger_%s_%s %s", kind, point->family, what);
    put_text(out, known ? known->summary : point->result->metric);
    pfl_buf_char(out, '\n');
}

/* Points at [from, to) are one family. */
static void put_family(struct pfl_buf *out, const struct pfl_run *run, const struct points *points,
                       size_t from, size_t to)
{
    static const struct {
        const char *kind, *what;
        size_t offset;
    } kinds[] = {
        {"median", "median: ", offsetof(struct pfl_summary, median)},
        {"low", "lower end of the median's 95 % interval: ", offsetof(struct pfl_summary, ci_low)},
        {"high",
         "upper end of the median's 95 % interval: ", offsetof(struct pfl_summary, ci_high)},
    };
    char number[PFL_UNITS_NUMBER_MAX];
    double value;
    size_t i, k;

    for (k = 0; k < PFL_COUNT(kinds); k++) {
        put_head(out, &points->at[from], kinds[k].kind, kinds[k].what);
        for (i = from; i < to; i++) {
            memcpy(&value, (const char *)&points->at[i].result->summary + kinds[k].offset,
                   sizeof value);
            if (!isfinite(value))
                continue;
            pfl_buf_format(out, "perfledger_%s_%s", kinds[k].kind, points->at[i].family);
            put_labels(out, run, &points->at[i]);
            pfl_units_number_text(number, value);
            pfl_buf_format(out, "%s\n", number);
        }
    }
}

static void put_counts(struct pfl_buf *out, const struct pfl_run *run, const struct points *points)
{
    size_t i;

    pfl_buf_text(out, "# TYPE perfledger_values gauge\n"
                      "# HELP perfledger_values values behind a median\n");
    for (i = 0; i < points->n; i++) {
        pfl_buf_text(out, "perfledger_values");
        put_labels(out, run, &points->at[i]);
        pfl_buf_format(out, "%zu\n", points->at[i].result->summary.n);
    }
}

static void put_run(struct pfl_buf *out, const struct pfl_run *run)
{
    char number[PFL_UNITS_NUMBER_MAX];
    bool any = false;

    pfl_buf_text(out, "# TYPE perfledger_run info\n# HELP perfledger_run where this comes from\n"
                      "perfledger_run_info");
    put_label(out, &any, "run", *run->id ? run->id : "-");
    put_label(out, &any, "commit", run->revision.commit);
    put_label(out, &any, "branch", run->revision.branch);
    put_label(out, &any, "machine", run->machine.id);
    put_label(out, &any, "tool", run->tool);
    pfl_buf_text(out, "} 1\n");
    if (run->started_unix_ns == 0)
        return;
    pfl_units_number_text(number, (double)run->started_unix_ns / 1e9);
    pfl_buf_format(out,
                   "# TYPE perfledger_run_timestamp_seconds gauge\n"
                   "# UNIT perfledger_run_timestamp_seconds seconds\n"
                   "# HELP perfledger_run_timestamp_seconds when the run began\n"
                   "perfledger_run_timestamp_seconds %s\n",
                   number);
}

static bool collect(const struct pfl_run *run, struct pfl_arena *arena, struct points *points)
{
    size_t i, k;

    for (i = 0; i < run->benchmark_count; i++)
        for (k = 0; k < run->benchmarks[i].result_count; k++) {
            const struct pfl_result *result = &run->benchmarks[i].results[k];
            const char *unit = unit_name(result->unit);
            struct point point = {family_of(arena, result->metric, unit), unit, &run->benchmarks[i],
                                  result, points->n};

            if (result->text || !isfinite(result->summary.median))
                continue;
            if (!point.family || !pfl_vec_push(points, &point))
                return false;
        }
    if (points->n)
        qsort(points->at, points->n, sizeof *points->at, compare);
    return true;
}

static int write(const struct pfl_run *run, struct pfl_buf *out, const char **lost,
                 struct pfl_err *err)
{
    struct points points = {0};
    struct pfl_arena arena;
    size_t from, to;
    bool whole;

    *lost = "medians, intervals and counts as gauges; no samples, directions, parameters or texts";
    pfl_arena_init(&arena);
    whole = collect(run, &arena, &points);
    for (from = 0; whole && from < points.n; from = to) {
        for (to = from + 1;
             to < points.n && strcmp(points.at[to].family, points.at[from].family) == 0 &&
             strcmp(points.at[to].unit, points.at[from].unit) == 0;
             to++)
            ;
        put_family(out, run, &points, from, to);
    }
    if (points.n)
        put_counts(out, run, &points);
    put_run(out, run);
    pfl_buf_text(out, "# EOF\n");
    pfl_vec_release(&points);
    pfl_arena_release(&arena);
    return whole ? pfl_buf_check(out, err, "writing the run as OpenMetrics text")
                 : pfl_err_no_memory(err);
}

const struct pfl_format pfl_format_openmetrics = {
    .name = "openmetrics",
    .title = "OpenMetrics text",
    .write = write,
};
