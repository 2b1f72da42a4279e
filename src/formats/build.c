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
}

static void empty(struct pfl_build *b)
{
    b->benchmarks.n = b->results.n = b->params.n = b->environment.n = 0;
    b->values.n = b->launch_of.n = 0;
    b->in_benchmark = b->in_result = false;
    b->run = NULL;
    pfl_map_release(&b->names);
    pfl_map_init(&b->names);
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
    pfl_arena_release(&b->arena);
}

static const char *keep(struct pfl_build *b, const char *text)
{
    const char *kept = pfl_arena_text(&b->arena, text ? text : "");

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

/* Days from 1970-01-01 of a date of the proleptic Gregorian calendar (Howard Hinnant's
 * days_from_civil). */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400, of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 1 - 719468;
}

/* "", "Z", "+02:00", "-0700" → seconds east of UTC; false: something else. */
static bool zone_of(const char *text, int64_t *seconds)
{
    int hours = 0, minutes = 0, used = 0;
    char sign;

    while (*text == ' ')
        text++;
    *seconds = 0;
    if (!*text || strcmp(text, "Z") == 0 || strcmp(text, "UTC") == 0)
        return true;
    if (sscanf(text, "%c%2d:%2d%n", &sign, &hours, &minutes, &used) < 3 || text[used]) {
        used = 0;
        if (sscanf(text, "%c%2d%2d%n", &sign, &hours, &minutes, &used) < 3 || text[used])
            return false;
    }
    *seconds = (hours * 60 + minutes) * 60 * (sign == '-' ? -1 : 1);
    return sign == '+' || sign == '-';
}

static bool read_date(const char *text, int64_t *unix_ns)
{
    int year, month, day, hour = 0, minute = 0, second = 0, used = 0;
    int64_t fraction_ns = 0, scale = 100000000, zone, seconds;

    if (!text || sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used) < 3 || month < 1 ||
        month > 12 || day < 1 || day > 31 || year < 1970 || year > 2200)
        return false;
    text += used;
    if (*text == 'T' || *text == ' ') {
        used = 0;
        if (sscanf(text + 1, "%2d:%2d:%2d%n", &hour, &minute, &second, &used) < 3 || hour > 24 ||
            minute > 59 || second > 60 || hour < 0 || minute < 0 || second < 0)
            return false;
        text += 1 + used;
    }
    if (*text == '.' || *text == ',')
        for (text++; *text >= '0' && *text <= '9'; text++, scale /= 10)
            fraction_ns += (*text - '0') * scale;
    if (!zone_of(text, &zone))
        return false;
    seconds = ((days_of(year, month, day) * 24 + hour) * 60 + minute) * 60 + second - zone;
    *unix_ns = seconds * INT64_C(1000000000) + fraction_ns;
    return true;
}

bool pfl_build_started(struct pfl_build *b, const char *text)
{
    return read_date(text, &b->run->started_unix_ns);
}

int64_t pfl_build_seconds(const char *text)
{
    int64_t unix_ns = 0;

    return read_date(text, &unix_ns) ? unix_ns / INT64_C(1000000000) : 0;
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
    const struct pfl_metric *known = pfl_metric_find(metric);
    struct pfl_result result = {.metric = keep(b, metric), .variant = keep(b, variant)};
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

void pfl_build_interval_of_quartiles(const struct pfl_summary *summary, double *low, double *high)
{
    double half = 1.57 * (summary->q3 - summary->q1) / sqrt((double)summary->n);

    if (summary->n < 2)
        half = NAN;
    *low = summary->median - half;
    *high = summary->median + half;
}

void pfl_build_interval_of_mean(const struct pfl_summary *summary, double *low, double *high)
{
    double half = NAN;

    if (summary->n >= 2 && summary->stddev >= 0)
        half = pfl_stats_t_quantile(0.975, (double)(summary->n - 1)) * summary->stddev /
               sqrt((double)summary->n);
    *low = summary->mean - half;
    *high = summary->mean + half;
}

void pfl_build_summary(struct pfl_build *b, const struct pfl_summary *summary)
{
    struct pfl_result *result;
    double *each[9];
    size_t i;

    if (!b->in_result)
        return;
    result = &b->results.at[b->results.n - 1];
    result->summary_only = true;
    result->summary = *summary;
    if (isnan(result->summary.median))
        result->summary.median = result->summary.mean;
    each[0] = &result->summary.median;
    each[1] = &result->summary.ci_low;
    each[2] = &result->summary.ci_high;
    each[3] = &result->summary.mean;
    each[4] = &result->summary.stddev;
    each[5] = &result->summary.min;
    each[6] = &result->summary.max;
    each[7] = &result->summary.q1;
    each[8] = &result->summary.q3;
    for (i = 0; i < PFL_COUNT(each); i++)
        *each[i] = isfinite(*each[i] * b->factor) ? *each[i] * b->factor : (double)NAN;
    if (result->summary.n == 0)
        result->summary.n = 1;
}

/* ---- benchmarks ---- */

/* The processes that the file knows of: nothing is known of them but their numbers. */
static void make_launches(struct pfl_build *b, struct pfl_benchmark *bench, size_t launches)
{
    size_t i;

    bench->launches = pfl_arena_array(&b->arena, launches, sizeof *bench->launches);
    if (!bench->launches) {
        b->no_memory = true;
        return;
    }
    bench->launch_count = launches;
    for (i = 0; i < launches; i++)
        bench->launches[i] = (struct pfl_launch){.round = (uint32_t)i, .position = (uint32_t)i};
}

static void end_benchmark(struct pfl_build *b)
{
    struct pfl_benchmark *bench;
    size_t i, k, launches = 0;

    end_result(b);
    if (!b->in_benchmark)
        return;
    b->in_benchmark = false;
    bench = &b->benchmarks.at[b->benchmarks.n - 1];
    bench->results = keep_array(b, b->results.at, b->results.n, sizeof *bench->results);
    bench->result_count = bench->results ? b->results.n : 0;
    bench->params = keep_array(b, b->params.at, b->params.n, sizeof *bench->params);
    bench->param_count = bench->params ? b->params.n : 0;
    for (i = 0; i < bench->result_count; i++) {
        const struct pfl_result *result = &bench->results[i];

        for (k = 0; result->launch_of && k < result->n; k++)
            if (result->launch_of[k] >= launches)
                launches = (size_t)result->launch_of[k] + 1;
    }
    if (launches)
        make_launches(b, bench, launches);
    b->results.n = b->params.n = 0;
}

static const char *unused_name(struct pfl_build *b, const char *name)
{
    const char *tried = keep(b, name);
    int k;

    for (k = 2; pfl_map_get(&b->names, tried) && k < 100000; k++) {
        tried = pfl_arena_format(&b->arena, "%s#%d", name, k);
        if (!tried) {
            b->no_memory = true;
            return "";
        }
    }
    if (k > 2)
        pfl_build_warn_at(b, 0, 0, "%s comes %s: this one is kept as %s", name,
                          k == 3 ? "twice" : "several times", tried);
    return tried;
}

void pfl_build_benchmark(struct pfl_build *b, const char *name)
{
    struct pfl_benchmark bench = {
        .suite = "", .command = "", .definition = "", .tier = "", .work_unit = "", .reason = ""};

    end_benchmark(b);
    bench.name = unused_name(b, name);
    if (!pfl_map_set(&b->names, bench.name, b->benchmarks.n) ||
        !pfl_vec_push(&b->benchmarks, &bench)) {
        b->no_memory = true;
        return;
    }
    b->in_benchmark = true;
}

/* What it has is taken back into the lists and the benchmark moved to their end. */
bool pfl_build_again(struct pfl_build *b, const char *name)
{
    const size_t *place = pfl_map_get(&b->names, name);
    struct pfl_benchmark bench;
    size_t at, i;

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
    for (i = at; i + 1 < b->benchmarks.n; i++) {
        b->benchmarks.at[i] = b->benchmarks.at[i + 1];
        *pfl_map_get(&b->names, b->benchmarks.at[i].name) = i;
    }
    b->benchmarks.at[b->benchmarks.n - 1] = bench;
    *pfl_map_get(&b->names, bench.name) = b->benchmarks.n - 1;
    b->in_benchmark = true;
    return true;
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
    size_t i;

    for (i = b->params.n; i > 0 && strcmp(b->params.at[i - 1].name, pair.name) > 0; i--)
        ;
    if (!pfl_vec_push(&b->params, &pair)) {
        b->no_memory = true;
        return;
    }
    memmove(b->params.at + i + 1, b->params.at + i, (b->params.n - 1 - i) * sizeof pair);
    b->params.at[i] = pair;
}

void pfl_build_status(struct pfl_build *b, enum pfl_status status, const char *reason)
{
    if (!at_hand(b))
        return;
    at_hand(b)->status = status;
    at_hand(b)->reason = keep(b, reason);
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

/* Of taken benchmarks, sorted: the second and later ones of a name get a number. false: there are
 * none. */
static bool tell_apart(struct pfl_build *b)
{
    struct pfl_run *run = b->run;
    const char *name = NULL;
    size_t again = 1, i;
    bool any = false;

    for (i = 0; i < run->benchmark_count; i++) {
        if (!name || strcmp(run->benchmarks[i].name, name) != 0) {
            name = run->benchmarks[i].name;
            again = 1;
            continue;
        }
        run->benchmarks[i].name = pfl_arena_format(&b->arena, "%s#%zu", name, ++again);
        if (!run->benchmarks[i].name) {
            run->benchmarks[i].name = name;
            b->no_memory = true;
            return any;
        }
        any = true;
        pfl_build_warn(b, NULL, "%s is there %s; this one is %s", name,
                       again == 2 ? "twice" : "several times", run->benchmarks[i].name);
    }
    return any;
}

int pfl_build_end(struct pfl_build *b, struct pfl_err *err)
{
    bool taken = !b->no_memory && b->run->benchmark_count;
    int rc = PFL_OK;

    end_benchmark(b);
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
    if (taken && !b->no_memory && tell_apart(b))
        pfl_run_sort(b->run);
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
