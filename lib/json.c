/*
 * The report as JSON: perfledger's own run format (schema 1), so that `perfledger compare a.json
 * b.json` and `perfledger import` read what a program says alone. What only a ledger knows (id,
 * revision) is empty. One row per case and metric, samples one per launch, null where a launch gave
 * none; a case without figures has one row with metric null and the reason. A fit of complexity is
 * two rows of the benchmark without the argument: the text `complexity` (with its coefficient in
 * seconds and, where cycles were fitted, in those) and the number `residual`.
 */
#include "program.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static void json_key(FILE *out, const char *name)
{
    pfl_lib_json_text(out, name);
    fputc(':', out);
}

static void json_text_field(FILE *out, const char *name, const char *value)
{
    json_key(out, name);
    if (value)
        pfl_lib_json_text(out, value);
    else
        fputs("null", out);
    fputc(',', out);
}

static void json_number_field(FILE *out, const char *name, double value)
{
    json_key(out, name);
    pfl_lib_json_number(out, value);
    fputc(',', out);
}

static void json_range_field(FILE *out, const char *name, double low, double high)
{
    json_key(out, name);
    fputc('[', out);
    pfl_lib_json_number(out, low);
    fputc(',', out);
    pfl_lib_json_number(out, high);
    fputs("],", out);
}

static void json_params(FILE *out, const struct pfl_lib_case *c, const char *without)
{
    const char *comma = "";
    size_t i;

    fputs("\"params\":{", out);
    for (i = 0; i < c->arg_count; i++) {
        if (without && strcmp(c->args[i].name, without) == 0)
            continue;
        fputs(comma, out);
        json_key(out, c->args[i].name);
        pfl_lib_json_text(out, c->args[i].text);
        comma = ",";
    }
    fputs("},", out);
}

static const char *json_status(enum pfl_lib_status status)
{
    return status == PFL_LIB_OK ? "ok" : status == PFL_LIB_FAILED ? "failed" : "skipped";
}

static void json_samples(FILE *out, const struct pfl_lib_series *s, int launches)
{
    int i;

    fputs("\"samples\":[", out);
    for (i = 0; i < launches; i++) {
        if (i > 0)
            fputc(',', out);
        pfl_lib_json_number(out, s->values[i]);
    }
    fputs("],", out);
}

static void json_series(FILE *out, const struct pfl_lib_series *s, int launches)
{
    static const char *const better[] = {"lower", "higher", "neither"};
    const struct pfl_lib_estimate *e = &s->estimate;

    json_text_field(out, "metric", s->name);
    json_text_field(out, "unit", s->unit);
    json_text_field(out, "better", better[s->better]);
    if (*s->variant)
        json_text_field(out, "variant", s->variant);
    if (s->text) {
        json_text_field(out, "text", s->text);
        fputs("\"launches\":0,\"samples\":[],", out);
        return;
    }
    fprintf(out, "\"launches\":%zu,", e->n);
    json_number_field(out, "median", e->median);
    json_range_field(out, "ci", e->low, e->high); /* of one launch nothing is known */
    json_range_field(out, "median_ci", e->own_low, e->own_high);
    json_number_field(out, "mean", e->mean);
    json_number_field(out, "stddev", e->stddev);
    json_number_field(out, "min", e->min);
    json_number_field(out, "max", e->max);
    json_samples(out, s, launches);
}

static void json_result(FILE *out, const struct pfl_lib_report *report,
                        const struct pfl_lib_result *r, const char **comma)
{
    size_t i, rows = r->status == PFL_LIB_OK && r->series_count > 0 ? r->series_count : 1;

    for (i = 0; i < rows; i++) {
        fprintf(out, "%s\n{", *comma);
        *comma = ",";
        json_text_field(out, "benchmark", r->of->name);
        json_params(out, r->of, NULL);
        if (r->status == PFL_LIB_OK && r->series_count > 0)
            json_series(out, &r->series[i], report->launched > 0 ? report->launches : 1);
        else
            fputs("\"metric\":null,\"unit\":null,\"launches\":0,\"samples\":[],", out);
        if (r->reason)
            json_text_field(out, "reason", r->reason);
        json_key(out, "status");
        pfl_lib_json_text(out, json_status(r->status));
        fputc('}', out);
    }
}

static void json_fit_row(FILE *out, const struct pfl_lib_fit *fit, const char *metric)
{
    fputs(",\n{", out);
    json_text_field(out, "benchmark", fit->name);
    json_params(out, fit->of, fit->argument);
    json_text_field(out, "metric", metric);
    json_text_field(out, "unit", "1");
    json_text_field(out, "better", "neither");
}

static void json_fit(FILE *out, const struct pfl_lib_fit *fit)
{
    json_fit_row(out, fit, "complexity");
    json_text_field(out, "text", fit->model ? fit->model : "none");
    json_text_field(out, "argument", fit->argument);
    json_number_field(out, "coefficient", fit->model ? fit->coefficient : (double)NAN);
    if (!isnan(fit->cycles))
        json_number_field(out, "coefficient_cycles", fit->cycles);
    if (fit->why)
        json_text_field(out, "reason", fit->why);
    if (!fit->model && fit->nearest)
        json_text_field(out, "nearest", fit->nearest);
    fputs("\"launches\":0,\"samples\":[],\"status\":\"ok\"}", out);
    if (isnan(fit->residual))
        return;
    json_fit_row(out, fit, "residual");
    fputs("\"launches\":1,", out);
    json_number_field(out, "median", fit->residual);
    json_range_field(out, "ci", fit->residual, fit->residual);
    json_number_field(out, "mean", fit->residual);
    fputs("\"stddev\":0,", out);
    json_number_field(out, "min", fit->residual);
    json_number_field(out, "max", fit->residual);
    fputs("\"samples\":[", out);
    pfl_lib_json_number(out, fit->residual);
    fputs("],\"status\":\"ok\"}", out);
}

static void json_machine(FILE *out)
{
    char line[512], model[256] = "";
    FILE *cpu = fopen("/proc/cpuinfo", "re");
    struct utsname u;

    while (cpu && !*model && fgets(line, sizeof line, cpu)) {
        char *colon = strchr(line, ':');

        if (strncmp(line, "model name", 10) == 0 && colon)
            snprintf(model, sizeof model, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
    }
    if (cpu)
        fclose(cpu);
    memset(&u, 0, sizeof u);
    uname(&u);
    fputs("\"machine\":{", out);
    json_text_field(out, "name", u.nodename);
    json_text_field(out, "hostname", u.nodename);
    json_text_field(out, "os", u.sysname);
    json_text_field(out, "kernel", u.release);
    json_text_field(out, "arch", u.machine);
    json_text_field(out, "cpu_model", model);
    fprintf(out, "\"cpus\":%ld},", sysconf(_SC_NPROCESSORS_ONLN));
}

static void json_warnings(FILE *out, const struct pfl_lib_report *report)
{
    const char *comma = "", *note;
    char *text;
    size_t i;

    fputs("\"warnings\":[", out);
    if (report->trouble) {
        pfl_lib_json_text(out, report->trouble);
        comma = ",";
    }
    for (i = 0; (note = pfl_lib_warning(i)) != NULL; i++, comma = ",") {
        fputs(comma, out);
        pfl_lib_json_text(out, note);
    }
    for (i = 0; i < report->n; i++) {
        note = report->once ? NULL : pfl_lib_result_note(&report->results[i]);
        if (!note)
            continue;
        text = pfl_lib_text("%s: %s", report->results[i].of->name, note);
        fputs(comma, out);
        pfl_lib_json_text(out, text);
        free(text);
        comma = ",";
    }
    fputc(']', out);
}

static void json_run(FILE *out, const struct pfl_lib_report *report)
{
    time_t seconds = (time_t)(report->started_unix_ns / 1000000000);
    char started[40];
    struct tm utc;
    size_t len;

    gmtime_r(&seconds, &utc);
    len = strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(started + len, sizeof started - len, ".%09dZ",
             (int)(report->started_unix_ns % 1000000000));
    fputs("\"run\":{\"id\":\"\",\"kind\":\"imported\",\"revision\":null,\"dirty\":false,", out);
    fprintf(out, "\"partial\":%s,", report->interrupted ? "true" : "false");
    json_text_field(out, "started", started);
    fprintf(out, "\"seed\":%s%" PRIu64 "%s,", report->seed > INT64_MAX ? "\"" : "", report->seed,
            report->seed > INT64_MAX ? "\"" : "");
    json_text_field(out, "tool", "libperfledger " PFL_LIBRARY_VERSION);
    json_machine(out);
    fputs("\"environment\":{", out);
    if (*pfl_lib_instrumented())
        json_text_field(out, "instrumented", pfl_lib_instrumented());
    json_key(out, "program");
    pfl_lib_json_text(out, pfl_lib_program_name());
    fputs("},", out);
    json_warnings(out, report);
    fputc('}', out);
}

void pfl_lib_json_report(FILE *out, const struct pfl_lib_report *report)
{
    const char *comma = "";
    size_t i;

    fputs("{\"schema\":1,", out);
    json_run(out, report);
    fputs(",\"results\":[", out);
    for (i = 0; i < report->n; i++)
        json_result(out, report, &report->results[i], &comma);
    for (i = 0; i < report->fit_count; i++)
        json_fit(out, &report->fits[i]);
    fputs("]}\n", out);
}

void pfl_lib_json_list(FILE *out, const struct pfl_lib_cases *cases)
{
    size_t i;

    fputs("{\"schema\":1,\"benchmarks\":[", out);
    for (i = 0; i < cases->n; i++) {
        const struct pfl_lib_case *c = &cases->at[i];

        fprintf(out, "%s\n{", i ? "," : "");
        json_text_field(out, "benchmark", c->name);
        json_params(out, c, NULL);
        json_text_field(out, "tags", c->tags ? c->tags : "");
        json_text_field(out, "file", c->file ? c->file : "");
        fprintf(out, "\"line\":%d,\"threads\":%d}", c->line, c->threads);
    }
    fputs("]}\n", out);
}
