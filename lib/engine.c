/*
 * One case in one launch: the loop's batches, the yardstick between them, what comes out.
 *
 * PFL_LOOP counts down in a register and comes here only when a batch is over:
 *
 *     clock · batch · clock · record, decide · yardstick · clock · batch …
 *
 * The clock of the core changes for minutes at a time, by 4–8 % on shared hosts, and the guest
 * cannot see it. So each batch is divided by the yardstick beside it, the mean of the one before
 * and the one after. Between the yardstick and the clock nothing runs that could evict what the
 * body has in the caches; arrays grow before the yardstick.
 *
 * The median over a launch's batches is its one value. Launches differ by what stays for a process'
 * life (addresses, pages), so that intervals are over launches, never over batches.
 *
 * What was tried: scatter (sd, %) over 20 invocations of the median over 10 launches of 0.06 s, the
 * other core loaded, of a dependent chain of 100 ns and of a small parser of 28 ns (two rounds):
 *
 *                                                       chain   parser
 *     raw time                                          0.70    0.78
 *     / yardstick, 10 µs before and 10 µs after         0.012   0.068
 *     20 µs; 40 µs                                      0.013   0.063;  0.011  0.062
 *     20 µs, before alone                               0.019   0.071
 *     median time / median yardstick                    0.044   0.111
 *     mean of the middle half of the ratios             0.021   0.139
 *     lower quartile of the ratios (biased)             0.013   0.033
 *     median, interrupted batches dropped: this is it   0.012   0.048
 *     batches of 1 ms                                   0.22    0.047
 *     with more load: 0.5 ms                            0.012   0.088
 *                     0.25 ms; 0.125 ms                 0.007   0.112;  0.005  0.058
 *
 * Interrupted batches were dropped in the row that says so and in those below it; in the rows above
 * it they were kept, so that those compare with each other and not with these.
 *
 * So 20 µs of yardstick between batches of 0.5 ms: 4 % of the time; shorter batches would double it
 * for little.
 *
 * CPU time is read at both ends of the timed batches only, for it is a system call; what the
 * library itself does in between (the yardstick, all alike) is taken off by the gaps that nothing
 * interrupted.
 */
#include "engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Whose thread runs for less of the time sleeps or waits, for which the core's clock says nothing.
 */
static const double engine_busy_share = 0.7;

bool pfl_lib_stopped(const struct pfl_lib_run *run)
{
    return __atomic_load_n(&run->stopped, __ATOMIC_ACQUIRE) != 0;
}

/* ---- between two batches ---- */

static void engine_room(struct pfl_lib_run *run)
{
    struct pfl_lib_outcome *outcome = run->outcome;

    if (outcome->batches < run->room)
        return;
    run->room = run->room ? 2 * run->room : 256;
    outcome->time_ns = pfl_lib_realloc(outcome->time_ns, run->room * sizeof *outcome->time_ns);
    outcome->yardstick_ns =
        pfl_lib_realloc(outcome->yardstick_ns, run->room * sizeof *outcome->yardstick_ns);
}

static void engine_record(struct pfl_lib_run *run, const struct pfl_lib_lap *lap, double yardstick)
{
    struct pfl_lib_outcome *outcome = run->outcome;

    outcome->time_ns[outcome->batches] = lap->body_ns / (double)lap->iterations;
    outcome->yardstick_ns[outcome->batches] = yardstick;
    outcome->batches++;
    outcome->iterations += lap->iterations;
}

/* In a race somebody else says what comes; the sizes are known by then. */
static uint64_t engine_steered(struct pfl_lib_run *run, const struct pfl_lib_lap *lap, bool timed,
                               double yardstick)
{
    const struct pfl_lib_steering *steering = run->how->steering;
    uint64_t n;

    if (timed)
        steering->done(steering->context, lap->iterations, lap->body_ns, yardstick);
    else
        steering->ready(steering->context, run->plan.size);
    n = steering->next(steering->context);
    if (n == 0)
        run->plan.phase = PFL_LIB_OVER;
    else
        run->plan.size = n;
    run->yardstick_before = pfl_lib_clock.yardstick_ns();
    return n;
}

uint64_t pfl_lib_engine_turn(struct pfl_lib_run *run, const struct pfl_lib_lap *lap)
{
    struct pfl_lib_plan *plan = &run->plan;
    enum pfl_lib_phase was = plan->phase;
    double before = run->yardstick_before, yardstick;
    bool record;

    if (was == PFL_LIB_FIRST && !plan->count_only)
        run->outcome->first_call_s = lap->body_ns / 1e9;
    record = pfl_lib_plan_advance(plan, lap->wall_ns, lap->interrupted);
    if (plan->count_only)
        return 0;
    pfl_lib_plan_watch(plan, pfl_lib_clock.now_ns());
    engine_room(run);
    run->yardstick_before = pfl_lib_clock.yardstick_ns();
    yardstick = (before + run->yardstick_before) / 2;
    if (run->how->steering && was == PFL_LIB_TIMED)
        plan->phase = PFL_LIB_TIMED; /* until told */
    if (record)
        engine_record(run, lap, yardstick);
    if (run->how->steering && plan->phase >= PFL_LIB_TIMED)
        return engine_steered(run, lap, was == PFL_LIB_TIMED, yardstick);
    return plan->phase == PFL_LIB_OVER ? 0 : plan->size;
}

/* ---- CPU time ---- */

/* Gaps are not all alike with threads or set-up, and in a race they are waits for one's turn: then
 * the clock is read at each batch. */
static bool engine_cpu_each(const struct pfl_bench *b)
{
    return b->run->crew || b->setup || b->teardown || b->run->how->steering;
}

static void engine_cpu_begin(struct pfl_bench *b)
{
    if (b->cpu_begin_ns < 0 || engine_cpu_each(b))
        b->cpu_begin_ns = pfl_lib_clock.thread_cpu_ns();
}

/* What the library did between two batches; a gap that was interrupted says nothing. */
static void engine_cpu_gap(struct pfl_bench *b)
{
    const double gap = (double)(b->begin_ns - b->end_ns);

    if (b->end_ns == 0 || gap > 1.3 * b->gap_ns)
        return;
    if (!(b->gap_ns <= gap))
        b->gap_ns = gap;
    b->gap_sum_ns += gap;
    b->gaps++;
}

/* A timed batch is over, at b->end_ns. */
static void engine_cpu_lap(struct pfl_bench *b)
{
    b->cpu_iterations += b->batch;
    b->cpu_batches++;
    if (engine_cpu_each(b))
        b->cpu_ns += (double)(pfl_lib_clock.thread_cpu_ns() - b->cpu_begin_ns);
}

/* The loop is over. */
static void engine_cpu_end(struct pfl_bench *b)
{
    if (b->cpu_batches == 0 || engine_cpu_each(b))
        return;
    b->cpu_ns = (double)(pfl_lib_clock.thread_cpu_ns() - b->cpu_begin_ns) -
                (double)(pfl_lib_clock.now_ns() - b->end_ns);
    if (b->cpu_batches > 1)
        b->cpu_ns -= b->gap_sum_ns / b->gaps * (double)(b->cpu_batches - 1);
}

/* ---- the loop ---- */

static uint64_t engine_refuse(struct pfl_bench *b)
{
    b->refuse = true;
    return 0;
}

/* The batch begins: the last thing is to read the clock, or with pauses the ticks, for it is they
 * that are divided then. */
static uint64_t engine_start(struct pfl_bench *b, uint64_t n)
{
    b->batch = n;
    b->paused_ticks = b->pairs = b->manual_calls = 0;
    b->manual_s = 0;
    if (b->setup)
        b->setup(b->hook_context, n);
    if (b->run->crew)
        pfl_lib_crew_ready(b);
    else if (b->setup)
        b->run->yardstick_before = pfl_lib_clock.yardstick_ns();
    if (b->run->of->allocations)
        b->allocations_begin = pfl_lib_allocations_now();
    if (b->run->plan.phase == PFL_LIB_TIMED)
        engine_cpu_begin(b);
    b->begin_ticks = pfl_lib_clock.ticks();
    b->begin_ns = pfl_lib_clock.now_ns();
    engine_cpu_gap(b);
    if (b->ever_paused)
        b->begin_ticks = pfl_lib_clock.ticks();
    return n;
}

uint64_t pfl_loop_first(struct pfl_bench *b)
{
    if (b->state != PFL_LIB_BEFORE) {
        pfl_lib_misuse(b,
                       b->state == PFL_LIB_INSIDE
                           ? "a PFL_LOOP inside another one, or after one that was left early: a "
                             "benchmark has one loop; make two benchmarks of it"
                           : "a second PFL_LOOP: a benchmark has one; make two benchmarks of it");
        return engine_refuse(b);
    }
    if (pfl_lib_stopped(b->run)) {
        b->state = PFL_LIB_AFTER;
        return engine_refuse(b);
    }
    b->state = PFL_LIB_INSIDE;
    return engine_start(b, 1);
}

static uint64_t engine_end(struct pfl_bench *b)
{
    engine_cpu_end(b);
    pfl_lib_crew_leave(b);
    b->state = PFL_LIB_AFTER;
    return 0;
}

/* It was stopped in this batch: what set-up made for it is still torn down. */
static uint64_t engine_leave(struct pfl_bench *b)
{
    engine_end(b);
    if (b->teardown)
        b->teardown(b->hook_context, b->batch);
    return 0;
}

/* What this thread's batch gave. false: it was used wrongly. */
static bool engine_lap(struct pfl_bench *b, struct pfl_lib_lap *lap)
{
    lap->iterations = b->batch;
    lap->wall_ns = (double)(b->end_ns - b->begin_ns);
    lap->body_ns = b->ever_paused ? pfl_lib_pauses_end(b, lap->wall_ns) : lap->wall_ns;
    if (b->paused)
        pfl_lib_misuse(b, "pfl_pause() without pfl_resume(): each iteration must end timed");
    if (b->run->of->manual_time) {
        lap->body_ns = b->manual_s * 1e9;
        if (b->manual_calls != b->batch)
            pfl_lib_misuse(b,
                           "PFL_MANUAL_TIME, but pfl_manual_time() was called %llu times in %llu "
                           "iterations: call it once in each",
                           (unsigned long long)b->manual_calls, (unsigned long long)b->batch);
    }
    if (b->run->of->allocations && b->run->plan.phase == PFL_LIB_TIMED) {
        struct pfl_allocations now = pfl_lib_allocations_now();

        b->allocations.count += now.count - b->allocations_begin.count;
        b->allocations.bytes += now.bytes - b->allocations_begin.bytes;
    }
    if (b->run->plan.phase == PFL_LIB_TIMED)
        engine_cpu_lap(b);
    b->iterations += b->batch;
    return !pfl_lib_stopped(b->run);
}

uint64_t pfl_loop_next(struct pfl_bench *b)
{
    const uint64_t end_ticks = b->ever_paused ? pfl_lib_clock.ticks() : 0;
    const int64_t end_ns = pfl_lib_clock.now_ns();
    struct pfl_lib_lap lap;
    long switches;
    uint64_t n;
    bool good;

    if (b->refuse || b->state != PFL_LIB_INSIDE) {
        b->refuse = false;
        return 0;
    }
    b->end_ns = end_ns;
    b->end_ticks = end_ticks;
    good = engine_lap(b, &lap); /* reads the CPU time, so before any system call */
    switches = pfl_lib_clock.switches();
    lap.interrupted = switches != b->switches;
    b->switches = switches;
    if (!good)
        return engine_leave(b);
    n = b->run->crew ? pfl_lib_crew_meet(b, &lap) : pfl_lib_engine_turn(b->run, &lap);
    if (b->teardown)
        b->teardown(b->hook_context, b->batch);
    return n == 0 ? engine_end(b) : engine_start(b, n);
}

/* ---- the case ---- */

void pfl_lib_stop(struct pfl_lib_run *run, enum pfl_lib_status status, char *reason)
{
    pthread_mutex_lock(&run->lock);
    if (run->outcome->status == PFL_LIB_OK) {
        run->outcome->status = status;
        run->outcome->reason = reason;
        reason = NULL;
    }
    pthread_mutex_unlock(&run->lock);
    free(reason);
    __atomic_store_n(&run->stopped, 1, __ATOMIC_RELEASE);
}

/* The mean of the threads; with pauses nobody knows. */
static double engine_cpu_s(const struct pfl_bench *benches, int n)
{
    double cpu = 0;
    int i;

    for (i = 0; i < n; i++)
        cpu += benches[i].ever_paused || benches[i].cpu_batches == 0
                   ? NAN
                   : benches[i].cpu_ns / (double)benches[i].cpu_iterations / n;
    return cpu < 0 ? 0 : cpu / 1e9;
}

/* A benchmark that failed has no times: they would be those of something else. */
static void engine_forget_times(struct pfl_lib_outcome *outcome)
{
    size_t i;

    for (i = 0; i < outcome->metric_count; i++) {
        free((char *)outcome->metrics[i].name);
        free((char *)outcome->metrics[i].variant);
        free((char *)outcome->metrics[i].unit);
        free((char *)outcome->metrics[i].text);
    }
    outcome->metric_count = outcome->batches = 0;
    outcome->iterations = 0;
    outcome->first_call_s = outcome->cpu_s = NAN;
}

void pfl_lib_engine_run(const struct pfl_lib_case *c, const struct pfl_lib_how *how,
                        struct pfl_lib_outcome *outcome)
{
    struct pfl_lib_run run = {.of = c, .how = how, .outcome = outcome};
    int64_t begin_ns = pfl_lib_clock.now_ns();
    int n = c->threads > 1 ? c->threads : 1, i;
    struct pfl_bench *benches = pfl_lib_alloc((size_t)n * sizeof *benches);

    *outcome = (struct pfl_lib_outcome){.of = c, .first_call_s = NAN, .cpu_s = NAN};
    pthread_mutex_init(&run.lock, NULL);
    pfl_lib_plan_init(&run.plan, how);
    for (i = 0; i < n; i++)
        pfl_lib_bench_init(&benches[i], &run, i);
    run.yardstick_before = pfl_lib_clock.yardstick_ns();
    if (n > 1)
        pfl_lib_crew_run(&run, benches);
    else
        pfl_lib_bench_call(benches);
    if (outcome->status == PFL_LIB_OK && !how->count_only) {
        outcome->cpu_s = engine_cpu_s(benches, n);
        pfl_lib_bench_settle(&run, benches, n);
    }
    if (outcome->status != PFL_LIB_OK)
        engine_forget_times(outcome);
    for (i = 0; i < n; i++)
        pfl_lib_bench_release(&benches[i]);
    free(benches);
    pthread_mutex_destroy(&run.lock);
    outcome->seconds = (double)(pfl_lib_clock.now_ns() - begin_ns) / 1e9;
}

/* ---- the outcome ---- */

void pfl_lib_outcome_release(struct pfl_lib_outcome *outcome)
{
    if (!outcome)
        return;
    engine_forget_times(outcome);
    free((char *)outcome->reason);
    free(outcome->time_ns);
    free(outcome->yardstick_ns);
    free(outcome->metrics);
    *outcome = (struct pfl_lib_outcome){0};
}

static double engine_median(const struct pfl_lib_outcome *outcome, const double *divisors)
{
    double *values, median;
    size_t i;

    if (outcome->batches == 0)
        return NAN;
    values = pfl_lib_alloc(outcome->batches * sizeof *values);
    for (i = 0; i < outcome->batches; i++)
        values[i] = outcome->time_ns[i] / (divisors ? divisors[i] : 1);
    pfl_stats_sort(values, outcome->batches);
    median = pfl_stats_median_sorted(values, outcome->batches);
    free(values);
    return median;
}

double pfl_lib_outcome_seconds(const struct pfl_lib_outcome *outcome)
{
    return engine_median(outcome, NULL) / 1e9;
}

double pfl_lib_outcome_cycles(const struct pfl_lib_outcome *outcome)
{
    const bool manual = outcome->of && outcome->of->manual_time;

    if (manual || outcome->cpu_s < engine_busy_share * pfl_lib_outcome_seconds(outcome))
        return NAN;
    return engine_median(outcome, outcome->yardstick_ns) * pfl_lib_step_cycles;
}
