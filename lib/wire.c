/*
 * What perfledger is told, one JSON line each (docs: the wire).
 *
 * A message is put together in memory and handed over whole (channel.c). The limits are those of
 * the reader: 1 MiB a line, so at most 2000 batches of a launch are told, every k-th of them where
 * there are more; 4 KiB a text; a text is never empty. Numbers of a benchmark carry its name and
 * its arguments, arguments that are no integers as they stand in its name.
 *
 * The size and hash of an artefact are not told as numbers: perfledger reads the file itself.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

enum { WIRE_BATCHES_MAX = 2000 };

struct wire_message {
    FILE *out;
    char *text;
    size_t len;
};

static FILE *wire_begin(struct wire_message *message)
{
    *message = (struct wire_message){0};
    message->out = open_memstream(&message->text, &message->len);
    if (!message->out)
        pfl_lib_no_memory();
    return message->out;
}

static void wire_finish(struct wire_message *message)
{
    fputs("}\n", message->out);
    if (ferror(message->out) || fclose(message->out) != 0)
        pfl_lib_no_memory();
}

static void wire_end(struct wire_message *message)
{
    wire_finish(message);
    pfl_lib_wire_line(message->text, message->len);
    free(message->text);
}

/* {"key":"text" */
static void wire_key_text(FILE *out, const char *lead, const char *text)
{
    fputs(lead, out);
    pfl_lib_json_text_cut(out, *text ? text : "?");
}

static void wire_params(FILE *out, const struct pfl_lib_case *c)
{
    size_t i;

    if (c->arg_count == 0)
        return;
    fputs(",\"params\":", out);
    for (i = 0; i < c->arg_count; i++) {
        fputc(i ? ',' : '{', out);
        pfl_lib_json_text_cut(out, c->args[i].name);
        fputc(':', out);
        if (c->args[i].is_integer)
            fprintf(out, "%lld", (long long)c->args[i].integer);
        else
            pfl_lib_json_text_cut(out, c->args[i].text);
    }
    fputc('}', out);
}

static void wire_subject(FILE *out, const struct pfl_lib_case *c)
{
    if (!c)
        return;
    wire_key_text(out, ",\"bench\":", c->bench);
    wire_params(out, c);
}

static void wire_array(FILE *out, const char *lead, const double *values, size_t n)
{
    const size_t told = n < WIRE_BATCHES_MAX ? n : WIRE_BATCHES_MAX;
    size_t i;

    fputs(lead, out);
    for (i = 0; i < told; i++) {
        fputc(i ? ',' : '[', out);
        pfl_lib_json_number(out, values[i * n / told]);
    }
    fputs(told ? "]" : "[]", out);
}

static void wire_metric(const struct pfl_lib_metric *metric, const struct pfl_lib_case *c)
{
    static const char *const directions[] = {"lower", "higher", "neither"};
    struct wire_message message;
    FILE *out = wire_begin(&message);

    wire_key_text(out, "{\"metric\":", metric->name);
    if (metric->variant && *metric->variant)
        wire_key_text(out, ",\"variant\":", metric->variant);
    fputs(",\"value\":", out);
    pfl_lib_json_number(out, metric->value);
    wire_key_text(out, ",\"unit\":", metric->unit && *metric->unit ? metric->unit : "1");
    fprintf(out, ",\"better\":\"%s\"", directions[metric->better]);
    wire_subject(out, c);
    wire_end(&message);
}

static void wire_number(const struct pfl_lib_case *c, const char *name, double value,
                        const char *unit)
{
    const struct pfl_lib_metric metric = {
        .name = name, .variant = "", .value = value, .unit = unit, .better = PFL_LOWER_IS_BETTER};

    if (!pfl_lib_is_nan(value))
        wire_metric(&metric, c);
}

static void wire_samples(const struct pfl_lib_outcome *outcome)
{
    struct wire_message message;
    FILE *out = wire_begin(&message);

    fprintf(out, "{\"iterations\":%llu", (unsigned long long)outcome->iterations);
    wire_subject(out, outcome->of);
    wire_array(out, ",\"samples_ns\":", outcome->time_ns, outcome->batches);
    if (outcome->yardstick_ns && !pfl_lib_is_nan(pfl_lib_outcome_cycles(outcome))) {
        wire_array(out, ",\"yardstick_ns\":", outcome->yardstick_ns, outcome->batches);
        fputs(",\"yardstick\":\"core\"", out);
    }
    wire_end(&message);
}

static void wire_verdict(const struct pfl_lib_outcome *outcome)
{
    const bool failed = outcome->status == PFL_LIB_FAILED;
    const char *reason = outcome->reason && *outcome->reason ? outcome->reason : "no reason given";
    struct wire_message message;
    FILE *out = wire_begin(&message);

    wire_key_text(out, failed ? "{\"fail\":" : "{\"skip\":", reason);
    wire_subject(out, outcome->of);
    wire_end(&message);
}

static bool wire_is_artifact(const char *metric)
{
    return strcmp(metric, "artifact_size") == 0 || strcmp(metric, "artifact_hash") == 0;
}

static bool wire_has_metric(const struct pfl_lib_outcome *outcome, const char *name)
{
    size_t i;

    for (i = 0; i < outcome->metric_count; i++)
        if (strcmp(outcome->metrics[i].name, name) == 0)
            return true;
    return false;
}

static void wire_cycles(const struct pfl_lib_outcome *outcome)
{
    const double cycles = pfl_lib_outcome_cycles(outcome);
    const char *note = pfl_lib_takes_no_time(outcome->of, cycles);

    if (!wire_has_metric(outcome, "cycles"))
        wire_number(outcome->of, "cycles", cycles, "1");
    if (note)
        pfl_lib_wire_warning(outcome->of, note);
}

void pfl_lib_wire_outcome(const struct pfl_lib_outcome *outcome)
{
    size_t i;

    if (!pfl_lib_wire_open())
        return;
    if (outcome->status != PFL_LIB_OK) {
        wire_verdict(outcome);
        return;
    }
    if (outcome->batches) {
        wire_samples(outcome);
        if (outcome->yardstick_ns)
            wire_cycles(outcome);
    }
    wire_number(outcome->of, "first_call", outcome->first_call_s, "s");
    wire_number(outcome->of, "cpu", outcome->cpu_s, "s");
    for (i = 0; i < outcome->metric_count; i++)
        if (!outcome->metrics[i].text && !wire_is_artifact(outcome->metrics[i].name))
            wire_metric(&outcome->metrics[i], outcome->of);
}

void pfl_lib_wire_begin(const struct pfl_lib_case *c)
{
    struct wire_message message;
    FILE *out;

    if (!pfl_lib_wire_open())
        return;
    out = wire_begin(&message);
    if (c) {
        wire_key_text(out, "{\"begin\":", c->bench);
        wire_params(out, c);
    } else {
        fputs("{\"begin\":null", out);
    }
    wire_end(&message);
}

char *pfl_lib_wire_fail(const struct pfl_lib_case *c, const char *reason)
{
    struct wire_message message;
    FILE *out;

    if (!pfl_lib_wire_open())
        return NULL;
    out = wire_begin(&message);
    wire_key_text(out, "{\"fail\":", reason);
    wire_subject(out, c);
    wire_finish(&message);
    return message.text;
}

void pfl_lib_wire_stage(const char *name)
{
    struct wire_message message;
    FILE *out;

    if (!pfl_lib_wire_open())
        return;
    out = wire_begin(&message);
    fputs("{\"stage\":", out);
    if (name)
        pfl_lib_json_text_cut(out, name);
    else
        fputs("null", out);
    wire_end(&message);
}

void pfl_lib_wire_stage_cpu(const char *name, double seconds)
{
    char *metric;

    if (!pfl_lib_wire_open())
        return;
    metric = pfl_lib_text("cpu:%s", name);
    wire_number(NULL, metric, seconds, "s");
    free(metric);
}

char *pfl_lib_wire_budget(const char *name, double seconds, const struct pfl_lib_case *c)
{
    struct wire_message message;
    FILE *out;

    if (!pfl_lib_wire_open())
        return NULL;
    out = wire_begin(&message);
    wire_key_text(out, "{\"budget_exceeded\":", name);
    fputs(",\"seconds\":", out);
    pfl_lib_json_number(out, seconds);
    wire_subject(out, c);
    wire_finish(&message);
    return message.text;
}

void pfl_lib_wire_artifact(const struct pfl_lib_case *c, const char *name, const char *path)
{
    struct wire_message message;
    FILE *out;

    if (!pfl_lib_wire_open())
        return;
    out = wire_begin(&message);
    wire_key_text(out, "{\"artifact\":", name);
    wire_key_text(out, ",\"path\":", path);
    wire_subject(out, c);
    wire_end(&message);
}

void pfl_lib_wire_warning(const struct pfl_lib_case *c, const char *text)
{
    struct wire_message message;
    FILE *out;

    if (!pfl_lib_wire_open())
        return;
    out = wire_begin(&message);
    wire_key_text(out, "{\"warning\":", text);
    wire_subject(out, c);
    wire_end(&message);
}

void pfl_lib_wire_environment(const char *name, const char *value)
{
    struct wire_message message;
    FILE *out;

    if (!pfl_lib_wire_open())
        return;
    out = wire_begin(&message);
    fputs("{\"environment\":{", out);
    pfl_lib_json_text_cut(out, name);
    fputc(':', out);
    pfl_lib_json_text_cut(out, value);
    fputc('}', out);
    wire_end(&message);
}
