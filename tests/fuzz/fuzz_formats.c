/*
 * Any bytes as a result file: told by their content, then read by every format as if --format had
 * said so. What comes out is walked from end to end, must be well-formed (names, launches, values),
 * and must survive what an import does with it: summaries, every writer, and perfledger's own form
 * read back.
 */
#include "formats/format.h"
#include "formats/run_json.h"
#include "judge/judge.h"
#include "sys/unpack.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
    const char *at;
    size_t left;
};

struct seen {
    const char *format;
    bool own; /* perfledger's: it says itself what it holds */
    size_t runs, warnings, characters;
    double sum;
};

static void demand(bool holds, const char *format, const char *what, const char *detail)
{
    if (!holds) {
        fprintf(stderr, "fuzz_formats: %s: %s (%s)\n", format, what, detail);
        abort();
    }
}

static long give_bytes(void *context, char *bytes, size_t size, struct pfl_err *err)
{
    struct bytes *from = context;
    size_t n = from->left < size ? from->left : size;

    (void)err;
    memcpy(bytes, from->at, n);
    from->at += n;
    from->left -= n;
    return (long)n;
}

/* ---- what comes out ---- */

static void walk_text(struct seen *seen, const char *text, const char *what)
{
    demand(text != NULL, seen->format, "a text is NULL", what);
    seen->characters += strlen(text);
}

static void walk_number(struct seen *seen, double value, const char *what)
{
    demand(!isinf(value), seen->format, "a number is infinite", what);
    seen->sum += isnan(value) ? 0 : value;
}

static void walk_summary(struct seen *seen, const struct pfl_summary *s)
{
    const double each[] = {s->median, s->ci_low, s->ci_high, s->mean, s->stddev,
                           s->min,    s->max,    s->q1,      s->q3};
    size_t i;

    for (i = 0; i < PFL_COUNT(each); i++)
        walk_number(seen, each[i], "summary");
    demand(s->n > 0 || seen->own, seen->format, "a summary of nothing", "n");
    demand(!(s->ci_low > s->ci_high) || seen->own, seen->format, "an interval is upside down",
           "ci");
}

static void walk_result(struct seen *seen, const struct pfl_benchmark *bench,
                        const struct pfl_result *result)
{
    size_t i;

    walk_text(seen, result->metric, "metric");
    walk_text(seen, result->variant, "variant");
    walk_text(seen, result->unit, "unit");
    demand(*result->metric != 0 || seen->own, seen->format, "a metric without a name", bench->name);
    for (i = 0; i < result->n; i++) {
        walk_number(seen, result->values[i], result->metric);
        demand(!result->launch_of || result->launch_of[i] < bench->launch_count, seen->format,
               "a value of a launch that is none", result->metric);
    }
    demand(result->launch_of || bench->launch_count == 0 || result->n == bench->launch_count ||
               result->n == 0,
           seen->format, "values without launches among such with", result->metric);
    if (result->summary_only)
        walk_summary(seen, &result->summary);
    for (i = 0; &bench->results[i] != result; i++)
        demand(strcmp(bench->results[i].metric, result->metric) != 0 ||
                   strcmp(bench->results[i].variant, result->variant) != 0 || i > 100,
               seen->format, "a metric twice", result->metric);
}

static void walk_pairs(struct seen *seen, const struct pfl_pair *pairs, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        walk_text(seen, pairs[i].name, "name of a pair");
        walk_text(seen, pairs[i].value, "value of a pair");
        demand(i == 0 || strcmp(pairs[i - 1].name, pairs[i].name) < 0 || seen->own, seen->format,
               "pairs out of order", pairs[i].name);
    }
}

static void walk_run(struct seen *seen, const struct pfl_run *run)
{
    const struct pfl_machine *m = &run->machine;
    const char *const texts[] = {run->id,
                                 run->label,
                                 run->project,
                                 run->revision.commit,
                                 run->revision.branch,
                                 run->revision.tag,
                                 run->revision.pull_request,
                                 run->revision.subject,
                                 run->selection,
                                 run->tier,
                                 run->tool,
                                 m->name,
                                 m->id,
                                 m->fingerprint,
                                 m->hostname,
                                 m->os,
                                 m->kernel,
                                 m->arch,
                                 m->cpu_model};
    size_t i, k;

    for (i = 0; i < PFL_COUNT(texts); i++)
        walk_text(seen, texts[i], "of the run");
    walk_pairs(seen, run->environment, run->environment_count);
    demand(run->benchmark_count > 0 || seen->own, seen->format, "a run without benchmarks", "");
    for (i = 0; i < run->benchmark_count; i++) {
        const struct pfl_benchmark *bench = &run->benchmarks[i];

        walk_text(seen, bench->name, "name");
        walk_text(seen, bench->suite, "suite");
        walk_text(seen, bench->reason, "reason");
        demand(*bench->name != 0 || seen->own, seen->format, "a benchmark without a name", "");
        demand(i == 0 || strcmp(run->benchmarks[i - 1].name, bench->name) != 0, seen->format,
               "a name twice", bench->name);
        walk_pairs(seen, bench->params, bench->param_count);
        for (k = 0; k < bench->result_count; k++)
            walk_result(seen, bench, &bench->results[k]);
    }
}

/* ---- what an import does with it ---- */

static void write_all(const struct seen *seen, const struct pfl_run *run)
{
    const char *lost;
    struct pfl_buf out;
    struct pfl_err err;
    size_t i;

    for (i = 0; pfl_formats[i]; i++) {
        if (!pfl_formats[i]->write)
            continue;
        pfl_buf_init(&out, 64 << 20);
        lost = NULL;
        demand(pfl_formats[i]->write(run, &out, &lost, &err) == PFL_OK, seen->format,
               "it cannot be written", pfl_formats[i]->name);
        pfl_buf_release(&out);
    }
}

static void read_back(const struct seen *seen, const struct pfl_run *run)
{
    const struct pfl_run_json_options options = {.indent = 0};
    static struct pfl_json_reader r;
    const char *first = NULL, *second = NULL;
    struct pfl_arena arena;
    struct pfl_run back;
    struct pfl_buf out;
    struct pfl_err err;

    pfl_arena_init(&arena);
    pfl_buf_init(&out, 256 << 20);
    pfl_run_json_write(run, &options, &out);
    pfl_json_reader_init_text(&r, "back", out.data, out.len);
    demand(pfl_run_json_read(&r, &arena, &back, &err) == PFL_OK, seen->format,
           "perfledger's own form of it cannot be read", err.message);
    pfl_json_reader_release(&r);
    demand(pfl_run_json_id(run, &arena, &first, &err) == PFL_OK &&
               pfl_run_json_id(&back, &arena, &second, &err) == PFL_OK &&
               strcmp(first, second) == 0,
           seen->format, "the ids differ", "read back");
    pfl_buf_release(&out);
    pfl_arena_release(&arena);
}

static int take_run(void *context, struct pfl_run *run, struct pfl_arena *arena,
                    struct pfl_err *err)
{
    struct seen *seen = context;

    (void)arena;
    walk_run(seen, run);
    demand(pfl_judge_summarise(run, err) == PFL_OK, seen->format, "no summary", "");
    if (seen->runs++ < 3) {
        write_all(seen, run);
        read_back(seen, run);
    }
    return PFL_OK;
}

static int take_warning(void *context, const struct pfl_format_place *place, const char *what)
{
    struct seen *seen = context;

    seen->warnings++;
    walk_text(seen, place->path, "path");
    walk_text(seen, what, "warning");
    return PFL_OK;
}

/* ---- one input ---- */

static void read_as(const struct pfl_format *format, const char *data, size_t size)
{
    struct seen seen = {.format = format->name, .own = strcmp(format->name, "perfledger") == 0};
    const struct pfl_format_sink sink = {take_run, take_warning, &seen};
    struct bytes bytes = {data, size};
    struct pfl_format_input input = {.path = "fuzz", .context = NULL};
    struct pfl_unpack *unpack;
    struct pfl_err err = {0};
    int rc;

    rc = pfl_unpack_open("fuzz", give_bytes, &bytes, PFL_FORMAT_PROBE_BYTES, &unpack, &err);
    if (rc != PFL_OK)
        return;
    input.read = pfl_unpack_read;
    input.context = unpack;
    err.message[0] = 0;
    rc = format->read(&input, &sink, &err);
    demand(rc <= 0, format->name, "a code that is none", "");
    demand(rc == PFL_OK || err.message[0], format->name, "an error without a message", "");
    pfl_unpack_close(unpack);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pfl_format_probe probe = {.path = "fuzz", .bytes = (const char *)data, .len = size};
    struct pfl_arena arena;
    struct pfl_err err;
    size_t i;
    int sure = 0;

    if (probe.len > PFL_FORMAT_PROBE_BYTES)
        probe.len = PFL_FORMAT_PROBE_BYTES;
    pfl_arena_init(&arena);
    demand(pfl_format_probe_json(&probe, &arena, &err) == PFL_OK, "probe", "no memory", "");
    pfl_format_recognise(&probe);
    for (i = 0; pfl_formats[i]; i++)
        sure += pfl_formats[i]->recognise && pfl_formats[i]->recognise(&probe) == 2;
    (void)sure;
    pfl_arena_release(&arena);
    for (i = 0; pfl_formats[i]; i++)
        if (pfl_formats[i]->read && strcmp(pfl_formats[i]->name, "criterion") != 0) /* a folder */
            read_as(pfl_formats[i], (const char *)data, size);
    return 0;
}
