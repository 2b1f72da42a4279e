/*
 * What a benchmark's function may say about its run: what an iteration is worth, counters, that
 * something is wrong; and what may stop the clock inside the loop.
 *
 * Pauses take off the processor's ticks between pfl_pause and pfl_resume, plus what the empty pair
 * costs beyond that (the calls, the reading's own latency), which is measured once per thread, at
 * the end of the first batch with a pause, around a short body: the readings wait for what came
 * before them, and with nothing there they would look cheaper. Ticks become ns by the batch at
 * hand, which is read in both; its ticks are read innermost, so that nothing the library does (a
 * system call, the clock) counts as body. A body is never negative.
 *
 * Counters are said over all that the loop ran (first call and sizing too: the body cannot tell
 * them apart), so "per iteration" divides by all iterations, and a rate is that over the median
 * time of one. Threads: rates, bytes and items add up, the others are averaged.
 */
#include "engine.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local struct pfl_bench *run_here;

enum { RUN_PAIRS = 200, RUN_PAIR_ROUNDS = 5, RUN_PAIR_STEPS = 4 };

PFL_PRINTF(1, 0) static char *run_format(const char *format, va_list values)
{
    va_list again;
    char *text;
    int length;

    va_copy(again, values);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0)
        return pfl_lib_text("%s", format);
    text = pfl_lib_alloc((size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, values);
    return text;
}

/* ---- a run's life ---- */

void pfl_lib_bench_init(struct pfl_bench *b, struct pfl_lib_run *run, int index)
{
    *b = (struct pfl_bench){.run = run,
                            .index = index,
                            .cpu_begin_ns = -1,
                            .gap_ns = NAN,
                            .pair_ticks = -1,
                            .bytes = NAN,
                            .items = NAN};
    b->seed = pfl_lib_bench_seed(b);
    pfl_random_seed(&b->random, b->seed);
}

void pfl_lib_bench_release(struct pfl_bench *b)
{
    struct pfl_lib_counter *next;

    for (; b->counters; b->counters = next) {
        next = b->counters->next;
        free(b->counters->name);
        free(b->counters);
    }
}

void pfl_lib_misuse(struct pfl_bench *b, const char *format, ...)
{
    const struct pfl_lib_case *c = b->run->of;
    va_list values;
    char *said;

    va_start(values, format);
    said = run_format(format, values);
    va_end(values);
    pfl_lib_stop(b->run, PFL_LIB_FAILED,
                 c->file ? pfl_lib_text("%s (%s:%d)", said, c->file, c->line)
                         : pfl_lib_text("%s", said));
    free(said);
}

void pfl_lib_bench_call(struct pfl_bench *b)
{
    run_here = b;
    b->run->of->function(b);
    run_here = NULL;
    pfl_lib_crew_leave(b);
    if (pfl_lib_stopped(b->run))
        return;
    if (b->state == PFL_LIB_INSIDE)
        pfl_lib_misuse(b,
                       "its PFL_LOOP was left early, by break, return or goto: let each iteration "
                       "run to its end (`continue` is fine); pfl_fail() ends the loop cleanly");
    else if (b->state == PFL_LIB_BEFORE)
        pfl_lib_misuse(b, "no PFL_LOOP was run: put what is to be measured into PFL_LOOP(b) { … }");
}

/* ---- words ---- */

void pfl_fail(struct pfl_bench *b, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    pfl_lib_stop(b->run, PFL_LIB_FAILED, run_format(format, values));
    va_end(values);
}

void pfl_skip(struct pfl_bench *b, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    pfl_lib_stop(b->run, PFL_LIB_SKIPPED, run_format(format, values));
    va_end(values);
}

int pfl_stopped(struct pfl_bench *b)
{
    return pfl_lib_stopped(b->run);
}

int pfl_validate_at(struct pfl_bench *b, int good, const char *message, const char *condition,
                    const char *file, int line)
{
    if (!good)
        pfl_fail(b, "%s: not true: %s (%s:%d)", message, condition, file, line);
    return good;
}

void *pfl_context(struct pfl_bench *b)
{
    return b->run->of->context;
}

int pfl_thread_index(struct pfl_bench *b)
{
    return b->index;
}

int pfl_thread_count(struct pfl_bench *b)
{
    return b->run->of->threads > 1 ? b->run->of->threads : 1;
}

struct pfl_bench *pfl_lib_bench_here(void)
{
    return run_here;
}

bool pfl_lib_in_loop(void)
{
    return run_here && run_here->state == PFL_LIB_INSIDE;
}

const struct pfl_lib_case *pfl_lib_bench_case(const struct pfl_bench *b)
{
    return b->run->of;
}

/* ---- inside the loop ---- */

void pfl_pause(struct pfl_bench *b)
{
    if (PFL_UNLIKELY(b->paused || b->state != PFL_LIB_INSIDE)) {
        pfl_lib_misuse(b, b->paused
                              ? "pfl_pause() while it is paused: pairs must not nest"
                              : "pfl_pause() outside the loop, where nothing is timed anyway");
        return;
    }
    b->paused = b->ever_paused = true;
    b->pause_began = pfl_lib_clock.ticks();
    if (PFL_UNLIKELY(b->run->of->allocations))
        b->allocations_paused = pfl_lib_allocations_now();
}

/* What was allocated since the pause began is as if it had been before the batch. */
static void run_forget_allocations(struct pfl_bench *b)
{
    const struct pfl_allocations now = pfl_lib_allocations_now();

    b->allocations_begin.count += now.count - b->allocations_paused.count;
    b->allocations_begin.bytes += now.bytes - b->allocations_paused.bytes;
}

void pfl_resume(struct pfl_bench *b)
{
    if (PFL_UNLIKELY(!b->paused)) {
        pfl_lib_misuse(b, "pfl_resume() without pfl_pause()");
        return;
    }
    b->paused = false;
    b->pairs++;
    if (PFL_UNLIKELY(b->run->of->allocations))
        run_forget_allocations(b);
    b->paused_ticks += pfl_lib_clock.ticks() - b->pause_began;
}

/* Some dependent steps, for a body. */
static uint64_t run_pair_body(uint64_t x)
{
    int i;

    for (i = 0; i < RUN_PAIR_STEPS; i++)
        x = (x ^ x >> 29) * UINT64_C(6364136223846793005);
    return x;
}

/* Bodies with a pair in the middle of each, or without; in ticks, less what the pairs took off. */
static double run_pair_round(struct pfl_bench *b, bool with)
{
    uint64_t x = b->batch | 1, began, ended;
    int i;

    b->paused_ticks = 0;
    began = pfl_lib_clock.ticks();
    for (i = 0; i < RUN_PAIRS; i++) {
        x = run_pair_body(x);
        if (with) {
            pfl_pause(b);
            pfl_resume(b);
        }
        x = run_pair_body(x);
    }
    pfl_keep(x);
    ended = pfl_lib_clock.ticks();
    return (double)(ended - began - b->paused_ticks);
}

/* What a pair costs beyond what it takes off, in ticks; the least of some rounds, for an interrupt
 * only adds. */
static double run_pair_ticks(struct pfl_bench *b)
{
    const uint64_t paused = b->paused_ticks, pairs = b->pairs;
    double with = INFINITY, without = INFINITY;
    int round;

    for (round = 0; round < RUN_PAIR_ROUNDS; round++) {
        with = fmin(with, run_pair_round(b, true));
        without = fmin(without, run_pair_round(b, false));
    }
    b->paused_ticks = paused;
    b->pairs = pairs;
    return fmax(0, with - without) / RUN_PAIRS;
}

double pfl_lib_pauses_end(struct pfl_bench *b, double wall_ns)
{
    double ticks, body;

    if (b->paused)
        return wall_ns; /* fails anyway */
    ticks = (double)(b->end_ticks - b->begin_ticks);
    if (b->pair_ticks < 0)
        b->pair_ticks = run_pair_ticks(b);
    body = ticks - (double)b->paused_ticks - (double)b->pairs * b->pair_ticks;
    return ticks > 0 && body > 0 ? wall_ns * body / ticks : 0;
}

void pfl_manual_time(struct pfl_bench *b, double seconds)
{
    if (!b->run->of->manual_time)
        pfl_lib_misuse(b, "pfl_manual_time() without the option PFL_MANUAL_TIME");
    else if (!(seconds >= 0 && seconds < INFINITY))
        pfl_lib_misuse(b, "pfl_manual_time(%g): a time is a finite number, not negative", seconds);
    b->manual_s += seconds;
    b->manual_calls++;
}

void pfl_each_batch(struct pfl_bench *b, pfl_batch_function *setup, pfl_batch_function *teardown,
                    void *context)
{
    if (b->state != PFL_LIB_BEFORE) {
        pfl_lib_misuse(b, "pfl_each_batch() after the loop began: call it before PFL_LOOP");
        return;
    }
    b->setup = setup;
    b->teardown = teardown;
    b->hook_context = context;
}

uint64_t pfl_batch_size(struct pfl_bench *b)
{
    return b->batch;
}

/* ---- figures ---- */

void pfl_bytes(struct pfl_bench *b, double bytes)
{
    if (!(bytes >= 0 && bytes < INFINITY))
        pfl_lib_misuse(b, "pfl_bytes(%g): bytes per iteration are a finite number, not negative",
                       bytes);
    b->bytes = bytes;
}

void pfl_items(struct pfl_bench *b, double items)
{
    if (!(items >= 0 && items < INFINITY))
        pfl_lib_misuse(b, "pfl_items(%g): items per iteration are a finite number, not negative",
                       items);
    b->items = items;
}

static struct pfl_lib_metric *run_metric_at(struct pfl_lib_outcome *outcome, const char *name,
                                            const char *variant)
{
    struct pfl_lib_metric *at;
    size_t i;

    for (i = 0; i < outcome->metric_count; i++)
        if (strcmp(outcome->metrics[i].name, name) == 0 &&
            strcmp(outcome->metrics[i].variant, variant) == 0)
            return &outcome->metrics[i];
    outcome->metrics = pfl_lib_realloc(outcome->metrics, (i + 1) * sizeof *outcome->metrics);
    at = &outcome->metrics[outcome->metric_count++];
    *at = (struct pfl_lib_metric){
        .name = pfl_lib_text("%s", name), .variant = pfl_lib_text("%s", variant), .value = NAN};
    return at;
}

/* Said again: the last one counts, or the largest. */
void pfl_lib_bench_metric(struct pfl_bench *b, const struct pfl_lib_metric *metric)
{
    struct pfl_lib_metric *at;

    pthread_mutex_lock(&b->run->lock);
    at = run_metric_at(b->run->outcome, metric->name, metric->variant ? metric->variant : "");
    free((char *)at->unit);
    free((char *)at->text);
    at->unit = pfl_lib_text("%s", metric->unit ? metric->unit : "1");
    at->text = metric->text ? pfl_lib_text("%s", metric->text) : NULL;
    if (!metric->keep_largest || !(at->value >= metric->value))
        at->value = metric->value;
    at->keep_largest = metric->keep_largest;
    at->better = metric->better;
    pthread_mutex_unlock(&b->run->lock);
}

static void run_metric(struct pfl_bench *b, const char *name, double value, const char *unit,
                       enum pfl_direction better)
{
    const struct pfl_lib_metric metric = {
        .name = name, .variant = "", .value = value, .unit = unit, .better = better};

    pfl_lib_bench_metric(b, &metric);
}

static bool run_name_is_bad(struct pfl_bench *b, const char *call, const char *name)
{
    if (name && name[0] && strlen(name) < PFL_LIB_NAME_MAX)
        return false;
    pfl_lib_misuse(b, "%s: a metric needs a name of 1 to %d bytes", call, PFL_LIB_NAME_MAX - 1);
    return true;
}

/* What the library tells by itself; else there were two of a name, and which counts would be
 * chance. */
static bool run_name_is_taken(struct pfl_bench *b, const char *call, const char *name)
{
    static const char *const own[] = {"time", "cycles", "cpu", "first_call", "yardstick"};
    const bool counts = b->run->of->allocations && strncmp(name, "alloc_", 6) == 0 &&
                        (strcmp(name + 6, "count") == 0 || strcmp(name + 6, "bytes") == 0);
    size_t i;

    for (i = 0; i < sizeof own / sizeof *own && strcmp(name, own[i]) != 0; i++)
        ;
    if (i == sizeof own / sizeof *own && !counts)
        return false;
    pfl_lib_misuse(b, "%s(\"%s\"): the library measures that itself; give it another name", call,
                   name);
    return true;
}

void pfl_metric(struct pfl_bench *b, const char *name, double value, const char *unit,
                enum pfl_direction better)
{
    if (run_name_is_bad(b, "pfl_metric", name) || run_name_is_taken(b, "pfl_metric", name))
        return;
    if ((int)better < PFL_LOWER_IS_BETTER || (int)better > PFL_NO_DIRECTION) {
        pfl_lib_misuse(b,
                       "pfl_metric(\"%s\"): %d is no direction: PFL_LOWER_IS_BETTER, "
                       "PFL_HIGHER_IS_BETTER, PFL_NO_DIRECTION",
                       name, (int)better);
        return;
    }
    if (isinf(value))
        pfl_lib_misuse(b, "pfl_metric(\"%s\"): infinite; NaN says that there is no value", name);
    else
        run_metric(b, name, value, unit, better);
}

void pfl_counter(struct pfl_bench *b, const char *name, double value, enum pfl_counter_kind kind)
{
    struct pfl_lib_counter *at;

    if (run_name_is_bad(b, "pfl_counter", name) || run_name_is_taken(b, "pfl_counter", name))
        return;
    if (isinf(value))
        pfl_lib_misuse(b, "pfl_counter(\"%s\"): infinite; NaN says that there is no value", name);
    if (kind != PFL_COUNTER_VALUE && value < 0)
        pfl_lib_misuse(
            b,
            "pfl_counter(\"%s\", %g): what is counted per iteration or per second cannot "
            "be negative; PFL_COUNTER_VALUE can",
            name, value);
    for (at = b->counters; at && strcmp(at->name, name) != 0;)
        at = at->next;
    if (!at) {
        at = pfl_lib_alloc(sizeof *at);
        *at = (struct pfl_lib_counter){.next = b->counters, .name = pfl_lib_text("%s", name)};
        b->counters = at;
    }
    at->value = value;
    at->kind = kind;
}

/* ---- the threads' figures together ---- */

static double run_counter_of(const struct pfl_bench *b, const char *name, double seconds)
{
    const struct pfl_lib_counter *at;

    for (at = b->counters; at; at = at->next) {
        if (strcmp(at->name, name) != 0)
            continue;
        if (at->kind == PFL_COUNTER_VALUE)
            return at->value;
        return at->value / (double)b->iterations / (at->kind == PFL_COUNTER_RATE ? seconds : 1);
    }
    return NAN;
}

/* Of the threads that said it. */
static void run_settle_counter(struct pfl_bench *benches, int n,
                               const struct pfl_lib_counter *which, double seconds)
{
    const bool rate = which->kind == PFL_COUNTER_RATE;
    double value, sum = 0;
    int i, said = 0;

    for (i = 0; i < n; i++) {
        value = run_counter_of(&benches[i], which->name, seconds);
        if (isnan(value))
            continue;
        sum += value;
        said++;
    }
    value = said == 0 ? NAN : rate ? sum : sum / said;
    run_metric(benches, which->name, value, rate ? "1/s" : "1",
               rate ? PFL_HIGHER_IS_BETTER : PFL_NO_DIRECTION);
}

static void run_settle_rate(struct pfl_bench *benches, const char *name, const char *unit,
                            double per_iteration, double seconds)
{
    const struct pfl_lib_outcome *outcome = benches->run->outcome;
    size_t i;

    if (isnan(per_iteration) || !(seconds > 0))
        return;
    for (i = 0; i < outcome->metric_count && strcmp(outcome->metrics[i].name, name) != 0; i++)
        ;
    if (i < outcome->metric_count)
        pfl_lib_misuse(benches,
                       "a metric \"%s\" beside pfl_bytes() or pfl_items(), which tell it: "
                       "give it another name",
                       name);
    else
        run_metric(benches, name, per_iteration / seconds, unit, PFL_HIGHER_IS_BETTER);
}

/* Per iteration, the mean of the threads. */
static void run_settle_allocations(struct pfl_bench *benches, int n)
{
    double count = 0, bytes = 0;
    int i;

    for (i = 0; i < n; i++) {
        count += (double)benches[i].allocations.count / (double)benches[i].cpu_iterations / n;
        bytes += (double)benches[i].allocations.bytes / (double)benches[i].cpu_iterations / n;
    }
    run_metric(benches, "alloc_count", count, "1", PFL_LOWER_IS_BETTER);
    run_metric(benches, "alloc_bytes", bytes, "B", PFL_LOWER_IS_BETTER);
}

void pfl_lib_bench_settle(struct pfl_lib_run *run, struct pfl_bench *benches, int n)
{
    double seconds = pfl_lib_outcome_seconds(run->outcome), bytes = NAN, items = NAN;
    const struct pfl_lib_counter *at;
    int i;

    for (i = 0; i < n; i++) {
        if (!isnan(benches[i].bytes))
            bytes = (isnan(bytes) ? 0 : bytes) + benches[i].bytes;
        if (!isnan(benches[i].items))
            items = (isnan(items) ? 0 : items) + benches[i].items;
        for (at = benches[i].counters; at; at = at->next)
            run_settle_counter(benches, n, at, seconds);
    }
    if (run->of->allocations && pfl_lib_allocations_counted() && run->outcome->batches > 0)
        run_settle_allocations(benches, n);
    run_settle_rate(benches, "throughput", "B/s", bytes, seconds);
    run_settle_rate(benches, "items", "1/s", items, seconds);
}
