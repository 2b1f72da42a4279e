/*
 * A foreign file's values → a run. Everything of the run lies in one arena that is emptied when the
 * run was handed over, so an archive's memory is that of its largest run.
 *
 * Launches: where the file knows of processes (forks, runs), launch_of says which value belongs to
 * which, and the judge reduces them to one value per launch first. Where it does not, the values
 * (rounds, repetitions) are all it has and count one by one; the benchmark then has no launches,
 * for a launch's books would be five times as large as its value.
 */
#include "formats/build.h"

#include "base/hash.h"
#include "base/text.h"
#include "base/units.h"
#include "formats/build_settle.h"
#include "formats/words.h"
#include "stats/stats.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void pfl_build_init(struct pfl_build *b, const struct pfl_format_input *input,
                    const struct pfl_format_sink *sink)
{
    *b = (struct pfl_build){.input = input, .sink = sink};
    pfl_arena_init(&b->arena);
    pfl_map_init(&b->names);
    pfl_map_init(&b->repeated);
}

static void empty(struct pfl_build *b)
{
    b->benchmarks.n = b->results.n = b->params.n = b->environment.n = 0;
    b->values.n = b->launch_of.n = 0;
    b->in_benchmark = b->in_result = false;
    b->run = NULL;
    pfl_map_release(&b->names);
    pfl_map_init(&b->names);
    pfl_map_release(&b->repeated);
    pfl_map_init(&b->repeated);
    pfl_arena_release(&b->arena);
    pfl_arena_init(&b->arena);
}

void pfl_build_release(struct pfl_build *b)
{
    pfl_vec_release(&b->benchmarks);
    pfl_vec_release(&b->results);
    pfl_vec_release(&b->params);
    pfl_vec_release(&b->environment);
    pfl_vec_release(&b->values);
    pfl_vec_release(&b->launch_of);
    pfl_map_release(&b->names);
    pfl_map_release(&b->repeated);
    pfl_arena_release(&b->arena);
}

/* Bytes that are no UTF-8 become U+FFFD here, so that names that are told apart stay so. */
static const char *keep(struct pfl_build *b, const char *text)
{
    const char *kept;

    if (text && !pfl_text_is_utf8(text, strlen(text)))
        return pfl_word_keep(b, text, strlen(text));
    kept = pfl_arena_text(&b->arena, text ? text : "");
    if (!kept)
        b->no_memory = true;
    return kept ? kept : "";
}

static void *keep_array(struct pfl_build *b, const void *from, size_t n, size_t size)
{
    void *kept = n ? pfl_arena_grow(&b->arena, from, n, n, size) : NULL;

    if (n && !kept)
        b->no_memory = true;
    return kept;
}

/* ---- the run ---- */

void pfl_build_begin(struct pfl_build *b)
{
    static const char *const none = "";

    empty(b);
    b->run = pfl_arena_alloc(&b->arena, sizeof *b->run);
    if (!b->run) {
        static struct pfl_run nowhere; /* so that callers need not look: nothing of it is read */

        b->no_memory = true;
        b->run = &nowhere;
        return;
    }
    *b->run = (struct pfl_run){
        .id = none,
        .label = none,
        .project = none,
        .kind = PFL_RUN_IMPORTED,
        .revision =
            {.commit = none, .branch = none, .tag = none, .pull_request = none, .subject = none},
        .selection = none,
        .tier = none,
        .tool = none,
    };
    b->run->machine = (struct pfl_machine){
        .name = none,
        .id = "unknown",
        .fingerprint = none,
        .platform = none,
        .hostname = none,
        .os = none,
        .kernel = none,
        .arch = none,
        .cpu_model = none,
        .governor = none,
        .turbo = none,
        .virtualisation = none,
        .container = none,
        .libc = none,
    };
}

void pfl_build_machine(struct pfl_build *b, const char *name)
{
    if (!name || !*name)
        return;
    b->run->machine.name = b->run->machine.id = keep(b, name);
}

const char *pfl_build_keep(struct pfl_build *b, const char *text)
{
    return keep(b, text);
}

void pfl_build_environment(struct pfl_build *b, const char *name, const char *value)
{
    struct pfl_pair pair = {keep(b, name), keep(b, value)};

    if (!pfl_vec_push(&b->environment, &pair))
        b->no_memory = true;
}

/* ---- results ---- */

static void end_result(struct pfl_build *b)
{
    struct pfl_result *result;

    if (!b->in_result)
        return;
    b->in_result = false;
    result = &b->results.at[b->results.n - 1];
    result->n = b->values.n;
    result->values = keep_array(b, b->values.at, b->values.n, sizeof(double));
    if (b->grouped)
        result->launch_of = keep_array(b, b->launch_of.at, b->launch_of.n, sizeof(uint32_t));
    b->values.n = b->launch_of.n = 0;
}

void pfl_build_result(struct pfl_build *b, const char *metric, const char *variant,
                      const char *unit)
{
    const struct pfl_metric *known = pfl_metric_find(metric ? metric : "");
    struct pfl_result result = {.metric = keep(b, metric && *metric ? metric : "value"),
                                .variant = keep(b, variant)};
    const char *stored;

    end_result(b);
    b->factor = 1;
    if (!pfl_build_unit(unit ? unit : "", &stored, &b->factor))
        stored = known ? known->unit : "1";
    result.unit = keep(b, stored);
    if (known)
        result.better = known->better;
    else
        switch (pfl_units_kind_of(stored)) {
        case PFL_UNITS_TIME:
        case PFL_UNITS_BYTES: result.better = PFL_BETTER_LOWER; break;
        case PFL_UNITS_RATE: result.better = PFL_BETTER_HIGHER; break;
        default: result.better = PFL_BETTER_NEITHER; break;
        }
    result.summary = (struct pfl_summary){0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    b->launch = 0;
    b->grouped = false;
    if (!b->in_benchmark || !pfl_vec_push(&b->results, &result))
        b->no_memory = true;
    else
        b->in_result = true;
}

void pfl_build_better(struct pfl_build *b, enum pfl_better better)
{
    if (b->in_result)
        b->results.at[b->results.n - 1].better = better;
}

void pfl_build_text(struct pfl_build *b, const char *text)
{
    if (b->in_result)
        b->results.at[b->results.n - 1].text = keep(b, text);
}

void pfl_build_value(struct pfl_build *b, double value)
{
    double stored = isfinite(value) ? value * b->factor : (double)NAN;

    if (!isfinite(stored))
        stored = NAN;
    if (!b->in_result || !pfl_vec_push(&b->values, &stored) ||
        !pfl_vec_push(&b->launch_of, &b->launch))
        b->no_memory = true;
}

void pfl_build_launch(struct pfl_build *b, uint32_t k)
{
    b->launch = k;
    b->grouped = true;
}

/* ---- benchmarks ---- */

static void end_benchmark(struct pfl_build *b)
{
    struct pfl_benchmark *bench;

    end_result(b);
    if (!b->in_benchmark)
        return;
    b->in_benchmark = false;
    pfl_build_settle_results(b);
    pfl_build_settle_pairs(b, &b->params);
    bench = &b->benchmarks.at[b->benchmarks.n - 1];
    bench->results = keep_array(b, b->results.at, b->results.n, sizeof *bench->results);
    bench->result_count = bench->results ? b->results.n : 0;
    bench->params = keep_array(b, b->params.at, b->params.n, sizeof *bench->params);
    bench->param_count = bench->params ? b->params.n : 0;
    pfl_build_settle_launches(b, bench);
    b->results.n = b->params.n = 0;
}

/* repeated: how often a name came, so that the hundred thousandth is found at once. */
static const char *unused_name(struct pfl_build *b, const char *name)
{
    const char *first = keep(b, name), *tried = first;
    size_t *times = pfl_map_get(&b->repeated, first), k = times ? *times : 1;

    while (tried && pfl_map_get(&b->names, tried))
        tried = pfl_arena_format(&b->arena, "%s#%zu", first, ++k);
    if (!tried || (k > 1 && !pfl_map_set(&b->repeated, first, k))) {
        b->no_memory = true;
        return "";
    }
    if (k > 1)
        pfl_build_warn_at(b, 0, 0, "%.200s comes %s: this one is kept as %.200s", first,
                          k == 2 ? "twice" : "several times", tried);
    return tried;
}

void pfl_build_benchmark(struct pfl_build *b, const char *name)
{
    struct pfl_benchmark bench = {
        .suite = "", .command = "", .definition = "", .tier = "", .work_unit = "", .reason = ""};

    end_benchmark(b);
    if (!*name) {
        name = "(no name)";
        pfl_build_warn_at(b, 0, 0, "a benchmark has no name: it is kept as %s", name);
    }
    bench.name = unused_name(b, name);
    if (!pfl_vec_push(&b->benchmarks, &bench) ||
        !pfl_map_set(&b->names, bench.name, b->benchmarks.n - 1)) {
        b->no_memory = true;
        return;
    }
    b->in_benchmark = true;
}

/* What it has is taken back into the lists, and it changes places with the last one. */
bool pfl_build_again(struct pfl_build *b, const char *name)
{
    const size_t *place = pfl_map_get(&b->names, name ? name : "");
    struct pfl_benchmark bench;
    size_t at, i, last = b->benchmarks.n - 1;

    if (!place)
        return false;
    at = *place;
    end_benchmark(b);
    bench = b->benchmarks.at[at];
    for (i = 0; i < bench.result_count; i++)
        if (!pfl_vec_push(&b->results, &bench.results[i]))
            b->no_memory = true;
    for (i = 0; i < bench.param_count; i++)
        if (!pfl_vec_push(&b->params, &bench.params[i]))
            b->no_memory = true;
    b->benchmarks.at[at] = b->benchmarks.at[last];
    *pfl_map_get(&b->names, b->benchmarks.at[at].name) = at;
    b->benchmarks.at[last] = bench;
    *pfl_map_get(&b->names, bench.name) = last;
    b->in_benchmark = true;
    return true;
}

const char *pfl_build_name_with(struct pfl_build *b, const char *name,
                                const struct pfl_build_pairs *params)
{
    struct pfl_buf text;
    const char *kept;
    size_t i;

    if (params->n == 0)
        return keep(b, name);
    pfl_buf_init(&text, 64 << 20);
    pfl_buf_text(&text, name);
    for (i = 0; i < params->n; i++) {
        pfl_buf_char(&text, i ? ',' : '[');
        pfl_buf_text(&text, params->at[i].name);
        pfl_buf_char(&text, '=');
        pfl_buf_text(&text, params->at[i].value);
    }
    pfl_buf_char(&text, ']');
    kept = keep(b, pfl_buf_cstr(&text));
    pfl_buf_release(&text);
    return kept;
}

static struct pfl_benchmark *at_hand(struct pfl_build *b)
{
    return b->in_benchmark ? &b->benchmarks.at[b->benchmarks.n - 1] : NULL;
}

void pfl_build_group(struct pfl_build *b, const char *suite)
{
    if (at_hand(b))
        at_hand(b)->suite = keep(b, suite);
}

void pfl_build_param(struct pfl_build *b, const char *name, const char *value)
{
    struct pfl_pair pair = {keep(b, name), keep(b, value)};

    if (!pfl_vec_push(&b->params, &pair))
        b->no_memory = true;
}

void pfl_build_status(struct pfl_build *b, enum pfl_status status, const char *reason)
{
    if (!at_hand(b))
        return;
    at_hand(b)->status = status;
    at_hand(b)->reason = keep(b, reason);
}

const char *pfl_build_name(const struct pfl_build *b)
{
    return b->in_benchmark && b->benchmarks.n ? b->benchmarks.at[b->benchmarks.n - 1].name : "";
}

void pfl_build_definition(struct pfl_build *b, const char *text)
{
    char hex[65];

    if (!at_hand(b))
        return;
    pfl_hash_text(text, strlen(text), hex);
    at_hand(b)->definition = keep(b, hex);
}

void pfl_build_take(struct pfl_build *b, struct pfl_benchmark *benchmarks, size_t n)
{
    if (b->no_memory)
        return;
    b->run->benchmarks = benchmarks;
    b->run->benchmark_count = n;
}

/* ---- warnings and the end ---- */

static void warn(struct pfl_build *b, int line, int column, const char *what)
{
    struct pfl_format_place place = {b->input->path, line, column};

    if (!what || b->sink->warn(b->sink->context, &place, what) != PFL_OK)
        b->no_memory = true;
}

void pfl_build_warn(struct pfl_build *b, const struct pfl_json_reader *at, const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    warn(b, at ? at->line : 0, at ? at->column : 0, text);
}

void pfl_build_warn_at(struct pfl_build *b, int line, int column, const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    warn(b, line, column, text);
}

static bool has_name_twice(const struct pfl_run *sorted)
{
    size_t i;

    for (i = 1; i < sorted->benchmark_count; i++)
        if (strcmp(sorted->benchmarks[i - 1].name, sorted->benchmarks[i].name) == 0)
            return true;
    return false;
}

/* Of taken benchmarks, sorted: the second and later ones of a name get a number. */
static void tell_taken_apart(struct pfl_build *b)
{
    struct pfl_run *run = b->run;
    size_t i;

    if (!has_name_twice(run))
        return;
    for (i = 0; i < run->benchmark_count && !b->no_memory; i++) {
        run->benchmarks[i].name = unused_name(b, run->benchmarks[i].name);
        if (!pfl_map_set(&b->names, run->benchmarks[i].name, i))
            b->no_memory = true;
    }
    pfl_run_sort(run);
}

int pfl_build_end(struct pfl_build *b, struct pfl_err *err)
{
    bool taken = !b->no_memory && b->run->benchmark_count;
    int rc = PFL_OK;

    end_benchmark(b);
    pfl_build_settle_pairs(b, &b->environment);
    if (!b->no_memory && (b->benchmarks.n || taken)) {
        if (!taken) {
            b->run->benchmarks =
                keep_array(b, b->benchmarks.at, b->benchmarks.n, sizeof *b->run->benchmarks);
            b->run->benchmark_count = b->benchmarks.n;
        }
        b->run->environment =
            keep_array(b, b->environment.at, b->environment.n, sizeof *b->run->environment);
        b->run->environment_count = b->environment.n;
    }
    if (!b->no_memory)
        pfl_run_sort(b->run);
    if (taken && !b->no_memory)
        tell_taken_apart(b);
    if (b->no_memory)
        return pfl_err_no_memory(err);
    if (b->run->benchmark_count) {
        if (b->run->finished_unix_ns < b->run->started_unix_ns)
            b->run->finished_unix_ns = b->run->started_unix_ns;
        rc = b->sink->run(b->sink->context, b->run, &b->arena, err);
    }
    empty(b);
    return rc;
}
