/*
 * Simulated comparisons with a stored baseline: two runs of 200 benchmarks with 10 launches each go
 * through pfl_judge_compare(), as `compare` and `check` do, at tolerance 0, which is the hardest.
 *
 * A session is a stretch of a trace from a random moment on: launches in rounds over all
 * benchmarks, as `run` measures, with the yardsticks' readings of the same time. So what a
 * session's samples cannot see (the host's clock, a neighbour) differs between the two as it did
 * when recorded. Five minutes hold too little of that, so each session gets a deviation besides:
 * Gaussian, 1.5 % shared by all benchmarks and the yardsticks (the host), 1.5 % its own (memory
 * layout). With history, the judge is told the deviation of twelve earlier such sessions. Without,
 * it assumes 5 % for time and 3 % for CPU time, and so that the test is a fair one the sessions
 * deviate by just that.
 *
 * The whole machine 10 % slower: all of the head's times and its yardsticks' readings are 1.1 times
 * as large. Or only partly: each benchmark follows by a share of its own, from half to all, and one
 * is really 20 % slower besides; that one must be found and no other. It has 40 sessions of history
 * and 0.7 % of its own between them, a tolerance of 10 %, and rows are judged alone: among 200 one
 * such row is often taken back as a likely chance (discovery.c), which says nothing of the machine.
 */
#include "base/alloc.h"
#include "judge/judge.h"
#include "replay.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SUITE = 200, LAUNCHES = 10, HISTORY = 12, MOST_HISTORY = 40, READINGS = 12, METRICS = 2 };
enum { ODD_ONE = 17 };
static const double host_sd = 0.015, own_sd = 0.015, calm_sd = 0.007, odd_slowness = 1.2;
static const double assumed_sd[METRICS] = {0.05, 0.03};
static const char *const metrics[METRICS] = {"time", "cpu"};

struct world {
    struct source source;
    const struct row *row;
    bool history, assumed, partly;     /* assumed: sessions deviate as the judge believes */
    size_t sessions;                   /* of the history */
    double machine;                    /* the head's slowness */
    double levels[SUITE][METRICS];     /* a benchmark's size */
    double deviations[SUITE][METRICS]; /* of sessions, by the history */
    char names[SUITE][16];
};

/* One launch of the trace, by its number. */
static double launch_of(const struct world *w, size_t number, size_t metric)
{
    const struct noise *noise = &w->source.noise;
    const struct pfl_race_block *block =
        &noise->blocks[PFL_RACE_SOLO][number / 4 % noise->count[PFL_RACE_SOLO]];
    const struct pfl_race_pair *pair = &block->pairs[number % 4 / 2];

    return number % 2 ? pair->head.value[metric] : pair->base.value[metric];
}

/* One benchmark's share of the session that begins at launch `from`: values[metric][launch]. */
static void session(struct world *w, size_t which, size_t from, double factor,
                    double values[METRICS][LAUNCHES])
{
    double z = source_gaussian(&w->source), own[METRICS];
    size_t i, m;

    for (m = 0; m < METRICS; m++) {
        double usual = w->partly ? calm_sd : own_sd;
        double sd = w->assumed ? sqrt(assumed_sd[m] * assumed_sd[m] - host_sd * host_sd) : usual;

        own[m] = factor * exp(sd * z);
    }
    for (i = 0; i < LAUNCHES; i++)
        for (m = 0; m < METRICS; m++)
            values[m][i] = own[m] * w->levels[which][m] * launch_of(w, from + i * SUITE + which, m);
}

/* A random moment of the trace, as the number of a launch. */
static size_t moment(struct world *w)
{
    return (size_t)pfl_random_below(&w->source.random, 4 * w->source.noise.count[PFL_RACE_SOLO]);
}

static double host(struct world *w)
{
    return exp(host_sd * source_gaussian(&w->source));
}

/* Twelve earlier sessions: what the ledger would say of each series. */
static void make_history(struct world *w)
{
    double values[METRICS][LAUNCHES], medians[METRICS][MOST_HISTORY], hosts[MOST_HISTORY];
    size_t i, k, m, moments[MOST_HISTORY];

    for (k = 0; k < w->sessions; k++) {
        hosts[k] = host(w);
        moments[k] = moment(w);
    }
    for (i = 0; i < SUITE; i++) {
        for (k = 0; k < w->sessions; k++) {
            session(w, i, moments[k], hosts[k], values);
            for (m = 0; m < METRICS; m++) {
                pfl_stats_sort(values[m], LAUNCHES);
                medians[m][k] = pfl_stats_median_sorted(values[m], LAUNCHES);
            }
        }
        for (m = 0; m < METRICS; m++)
            w->deviations[i][m] = pfl_judge_session_sd(medians[m], w->sessions);
    }
}

/* Where in the trace a run begins, and how slow its machine is. */
struct start {
    size_t launch;
    double factor;
    bool head;
};

static double told(void *context, const char *benchmark, const char *metric, const char *variant,
                   size_t *sessions)
{
    const struct world *w = context;
    size_t i, m;

    (void)variant;
    if (sscanf(benchmark, "b%zu", &i) != 1 || i >= SUITE)
        return NAN;
    for (m = 0; m < METRICS; m++)
        if (strcmp(metric, metrics[m]) == 0) {
            *sessions = w->sessions;
            return w->deviations[i][m];
        }
    return NAN;
}

/* A benchmark of the head that follows the machine only partly, and the one that is slower. */
static double own_factor(const struct world *w, size_t which, bool head)
{
    double left_out = (double)(which * 89 % SUITE) / SUITE / 2;

    if (!w->partly || !head)
        return 1;
    return pow(w->machine, -left_out) * (which == ODD_ONE ? odd_slowness : 1);
}

static bool make_benchmark(struct world *w, size_t which, const struct start *start,
                           struct pfl_arena *arena, struct pfl_benchmark *bench)
{
    double values[METRICS][LAUNCHES];
    size_t i, m;

    *bench = (struct pfl_benchmark){.name = w->names[which],
                                    .suite = "b",
                                    .command = "work",
                                    .definition = "d",
                                    .tier = "smoke",
                                    .work_unit = "",
                                    .reason = "",
                                    .launch_count = LAUNCHES,
                                    .result_count = METRICS};
    bench->launches = pfl_arena_array(arena, LAUNCHES, sizeof *bench->launches);
    bench->results = pfl_arena_array(arena, METRICS, sizeof *bench->results);
    if (!bench->launches || !bench->results)
        return false;
    session(w, which, start->launch, start->factor * own_factor(w, which, start->head), values);
    for (m = 0; m < METRICS; m++) {
        struct pfl_result *result = &bench->results[m];

        *result = (struct pfl_result){.metric = metrics[m],
                                      .unit = "s",
                                      .better = PFL_BETTER_LOWER,
                                      .variant = "",
                                      .n = LAUNCHES,
                                      .values = pfl_arena_array(arena, LAUNCHES, sizeof(double))};
        if (!result->values)
            return false;
        memcpy(result->values, values[m], sizeof values[m]);
    }
    for (i = 0; i < LAUNCHES; i++) {
        bench->launches[i].round = (uint32_t)i;
        bench->launches[i].position = (uint32_t)(i * SUITE + which);
        bench->launches[i].started_ns = (int64_t)(i * SUITE + which) * 20000000;
    }
    return true;
}

/* The readings of the same stretch of the trace. */
static bool make_yardsticks(struct world *w, const struct start *start, struct pfl_arena *arena,
                            struct pfl_run *run)
{
    const struct noise *noise = &w->source.noise;
    size_t launches = 4 * noise->count[PFL_RACE_SOLO], i, k;

    run->yardsticks = pfl_arena_array(arena, READINGS, sizeof *run->yardsticks);
    if (!run->yardsticks)
        return false;
    run->yardstick_count = noise->yardstick_count ? READINGS : 0;
    for (i = 0; i < run->yardstick_count; i++) {
        size_t launch = start->launch + i * SUITE * LAUNCHES / READINGS;
        const double *reading =
            noise->yardsticks[launch * noise->yardstick_count / launches % noise->yardstick_count];

        run->yardsticks[i].at_ns = (int64_t)(i * SUITE * LAUNCHES / READINGS) * 20000000;
        for (k = 0; k < PFL_YARDSTICK_COUNT; k++)
            run->yardsticks[i].value[k] = start->factor * reading[k];
    }
    return true;
}

/* How busy the trace's machine was, as `run` would have seen it. */
static const char *stall(const struct world *w)
{
    if (strcmp(w->row->noise, "idle") == 0)
        return "1.00 %";
    return strcmp(w->row->noise, "one-loaded") == 0 ? "40.00 %" : "90.00 %";
}

static struct pfl_run *make_run(struct world *w, double machine, struct pfl_arena *arena,
                                struct pfl_err *err)
{
    struct pfl_run *run = pfl_arena_alloc(arena, sizeof *run);
    struct pfl_pair *pair = pfl_arena_alloc(arena, sizeof *pair);
    struct start start = {moment(w), machine * host(w), machine != 1};
    size_t i;

    if (!run || !pair)
        goto none;
    *pair = (struct pfl_pair){"psi_cpu_stall", stall(w)};
    *run = (struct pfl_run){.id = "0123456789abcdef",
                            .label = "",
                            .project = "",
                            .selection = "",
                            .tier = "",
                            .tool = "",
                            .revision = {"c", "", "", "", "", 0, false},
                            .complete = true,
                            .environment = pair,
                            .environment_count = 1,
                            .benchmark_count = SUITE};
    run->machine.fingerprint = run->machine.id = "f";
    run->machine.name = "auto";
    run->benchmarks = pfl_arena_array(arena, SUITE, sizeof *run->benchmarks);
    if (!run->benchmarks || !make_yardsticks(w, &start, arena, run))
        goto none;
    for (i = 0; i < SUITE; i++)
        if (!make_benchmark(w, i, &start, arena, &run->benchmarks[i]))
            goto none;
    pfl_run_sort(run);
    return pfl_judge_summarise(run, err) == PFL_OK ? run : NULL;
none:
    pfl_err_no_memory(err);
    return NULL;
}

static int compare(struct world *w, struct pfl_arena *arena, size_t *regressed, bool *machine,
                   struct pfl_err *err)
{
    struct pfl_policy policy;
    struct pfl_judge_params params = {
        .base_label = "base", .head_label = "head", .policy = &policy};
    struct pfl_comparison out;
    size_t i;
    int rc;

    pfl_policy_defaults(&policy);
    policy.tolerance = w->partly ? 0.10 : 0;
    if (w->partly)
        policy.false_discovery_rate = 1;
    if (w->history) {
        make_history(w);
        policy.session_sd = told;
        policy.session_context = w;
    }
    params.base = make_run(w, 1, arena, err);
    params.head = params.base ? make_run(w, w->machine, arena, err) : NULL;
    if (!params.head)
        return err->code;
    rc = pfl_judge_compare(&params, arena, &out, err);
    if (rc == PFL_OK) {
        *regressed = out.counts[PFL_VERDICT_REGRESSED];
        *machine = out.machine.present;
        if (w->partly && *regressed == 1)
            for (i = 0; i < out.row_count; i++)
                if (out.rows[i].deciding && out.rows[i].verdict == PFL_VERDICT_REGRESSED &&
                    strcmp(out.rows[i].benchmark, w->names[ODD_ONE]) != 0)
                    *regressed = 0; /* another one */
    }
    return rc;
}

static int repeat(struct world *w, const struct replay *replay, size_t i, size_t *regressed,
                  bool *machine, struct pfl_err *err)
{
    struct pfl_arena arena;
    size_t k, m;
    int rc;

    source_begin(&w->source, replay->seed + i * UINT64_C(1000003));
    for (k = 0; k < SUITE; k++)
        for (m = 0; m < METRICS; m++)
            w->levels[k][m] = m ? w->levels[k][0] : exp(2 * source_gaussian(&w->source));
    pfl_arena_init(&arena);
    rc = compare(w, &arena, regressed, machine, err);
    pfl_arena_release(&arena);
    return rc;
}

static int all(const struct replay *replay, const struct row *row, size_t repeats,
               struct tally *tally, struct pfl_err *err)
{
    struct world *w = pfl_alloc_zeroed(1, sizeof *w);
    size_t i, regressed, notices = 0, reported = 0;
    bool machine, slower = row->effect > 0;
    int rc = w ? source_open(&w->source, replay, row->noise, err) : pfl_err_no_memory(err);

    if (rc < 0)
        goto done;
    w->row = row;
    w->history = row->seconds > 0;
    w->sessions = row->seconds > 1 ? MOST_HISTORY : HISTORY;
    w->machine = 1 + row->effect;
    w->partly = row->run == replay_partly;
    w->assumed = !w->history && !slower;
    for (i = 0; i < SUITE; i++)
        snprintf(w->names[i], sizeof w->names[i], "b%zu", i);
    for (i = 0; i < repeats && rc == PFL_OK; i++) {
        rc = repeat(w, replay, i, &regressed, &machine, err);
        if (rc < 0)
            break;
        if (w->partly)
            tally->hits += regressed == 1;
        else
            tally->hits += slower ? regressed == 0 && machine : regressed > 0;
        tally->n++;
        notices += machine;
        reported += regressed;
    }
    tally->seconds = NAN;
    snprintf(tally->remark, sizeof tally->remark,
             "%zu rows of %zu reported slower; %zu of %zu comparisons with a machine notice",
             reported, tally->n * SUITE, notices, tally->n);
    source_close(&w->source);
done:
    pfl_free(w);
    return rc;
}

int replay_suites(const struct replay *replay, const struct row *row, size_t repeats,
                  struct tally *tally, struct pfl_err *err)
{
    return all(replay, row, repeats, tally, err);
}

int replay_machine(const struct replay *replay, const struct row *row, size_t repeats,
                   struct tally *tally, struct pfl_err *err)
{
    return all(replay, row, repeats, tally, err);
}

int replay_partly(const struct replay *replay, const struct row *row, size_t repeats,
                  struct tally *tally, struct pfl_err *err)
{
    return all(replay, row, repeats, tally, err);
}
