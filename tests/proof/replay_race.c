/*
 * Simulated races: the judge of `race` (judge/race.h) is asked what to measure, gets a block of
 * recorded noise with the effect put on the head, and so on until it is decided or the blocks' own
 * durations have used up the time. Nothing of the judge is known here.
 *
 * The time: 0.2 s of --max-time are for starting and warming up, as in a real race. The effect: all
 * of it in solo blocks; in duets 87 %, because where two cores share resources the slower side
 * finishes its tail alone, and trials with real programs lost 10–15 % so.
 *
 * A race counts as found when the verdict is `regressed`; `improved` is wrong for any effect, and
 * both are wrong without one.
 */
#include "base/alloc.h"
#include "judge/judge.h"
#include "judge/race.h"
#include "replay.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double overhead_s = 0.2, duet_share = 0.87;
enum { BLOCKS_MAX = 100000 };

static void slow_down(struct pfl_race_launch *launch, double factor)
{
    launch->value[PFL_RACE_TIME] *= factor;
    launch->value[PFL_RACE_CPU] *= factor;
    launch->wall_ns = (int64_t)((double)launch->wall_ns * factor);
}

static void next_block(struct source *source, enum pfl_race_mode mode, double effect,
                       struct pfl_race_block *block)
{
    int i;

    source_block(source, mode, block);
    if (effect > 0 || effect < 0) {
        double factor = 1 + effect * (mode == PFL_RACE_DUET ? duet_share : 1);

        for (i = 0; i < 2; i++)
            slow_down(&block->pairs[i].head, factor);
        block->took_ns += (int64_t)(effect * (double)block->took_ns / 2);
    }
}

/* ---- A judge that is wrong on purpose ---- */

/* A plain z test of the pairs' log ratios at every block, stopped at 5 %. */
static enum pfl_verdict broken_race(struct source *source, const struct row *row, double *seconds)
{
    double sum = 0, square = 0, n = 0, z, left = (row->seconds - overhead_s) * 1e9;
    struct pfl_race_block block;
    int i;

    while (left > 0) {
        next_block(source, PFL_RACE_SOLO, row->effect, &block);
        left -= (double)block.took_ns;
        for (i = 0; i < 2; i++, n++) {
            double x = log(block.pairs[i].head.value[PFL_RACE_CPU] /
                           block.pairs[i].base.value[PFL_RACE_CPU]);

            sum += x;
            square += x * x;
        }
        z = n < 8 ? 0 : sum / sqrt(n * (square - sum * sum / n) / (n - 1));
        *seconds = row->seconds - left / 1e9;
        if (fabs(z) > 1.96)
            return z > 0 ? PFL_VERDICT_REGRESSED : PFL_VERDICT_IMPROVED;
    }
    return PFL_VERDICT_INCONCLUSIVE;
}

/* ---- The judge that is proved ---- */

static int bout(struct source *source, const struct row *row, size_t bouts, const char *name,
                struct pfl_arena *arena, struct pfl_bout_result *result, struct pfl_err *err)
{
    struct pfl_race_rules *rules = pfl_arena_alloc(arena, sizeof *rules);
    struct pfl_bout *judge = NULL;
    struct pfl_race_block block;
    int64_t planned = (int64_t)((row->seconds - overhead_s) * 1e9), used = 0;
    enum pfl_race_next next = PFL_RACE_NEXT_NOTHING;
    int rc, i;

    if (!rules)
        return pfl_err_no_memory(err);
    *rules = (struct pfl_race_rules){.tolerance = 0,
                                     .confidence = 0.99,
                                     .false_discovery_rate = 0.01,
                                     .bouts = bouts,
                                     .unit = "s",
                                     .better = PFL_BETTER_LOWER,
                                     .duets = true,
                                     .planned_ns = planned,
                                     .bar = NAN,
                                     .benchmark = name,
                                     .challenger = 1};
    rc = pfl_judge_bout_new(rules, &judge, err);
    for (i = 0; rc == PFL_OK && i < BLOCKS_MAX && used < planned; i++) {
        next = pfl_judge_bout_next(judge);
        if (next == PFL_RACE_NEXT_NOTHING)
            break;
        next_block(source, next == PFL_RACE_NEXT_DUET ? PFL_RACE_DUET : PFL_RACE_SOLO, row->effect,
                   &block);
        used += block.took_ns;
        rc = pfl_judge_bout_add(judge, &block, err);
    }
    if (rc == PFL_OK)
        rc = pfl_judge_bout_finish(judge, PFL_BOUT_TIME, "", arena, result, err);
    result->seconds = overhead_s + (double)used / 1e9;
    pfl_judge_bout_free(judge);
    return rc;
}

/* All bouts → the race's verdicts. */
static int judge_race(struct pfl_bout_result *bouts, size_t n, struct pfl_arena *arena,
                      struct pfl_race *race, struct pfl_err *err)
{
    struct pfl_policy policy;
    struct pfl_judge_race_params params = {
        .policy = &policy, .bar = NAN, .max_cv = NAN, .bar_launches = 10};
    struct pfl_contender contenders[2] = {{.label = "base"}, {.label = "head"}};

    pfl_policy_defaults(&policy);
    policy.tolerance = 0;
    *race = (struct pfl_race){.contenders = contenders,
                              .contender_count = 2,
                              .bouts = bouts,
                              .bout_count = n,
                              .bar = {.factor = NAN, .max_cv = NAN}};
    return pfl_judge_race(&params, arena, race, err);
}

static void count(enum pfl_verdict verdict, double effect, struct tally *tally)
{
    bool worse = verdict == PFL_VERDICT_REGRESSED, better = verdict == PFL_VERDICT_IMPROVED;

    if (effect > 0) {
        tally->hits += worse;
        tally->wrong += better;
    } else
        tally->hits += worse || better;
    tally->n++;
}

int replay_races(const struct replay *replay, const struct row *row, size_t repeats,
                 struct tally *tally, struct pfl_err *err)
{
    double *seconds = pfl_alloc_zeroed(repeats, sizeof *seconds);
    struct source source;
    size_t i, cpu = 0, duets = 0;
    int rc = seconds ? source_open(&source, replay, row->noise, err) : pfl_err_no_memory(err);

    if (rc < 0)
        goto done;
    for (i = 0; i < repeats && rc == PFL_OK; i++) {
        struct pfl_arena arena;
        struct pfl_bout_result result = {0};
        struct pfl_race race;

        pfl_arena_init(&arena);
        source_begin(&source, replay->seed + i * 7919);
        if (replay->broken)
            count(broken_race(&source, row, &seconds[i]), row->effect, tally);
        else if ((rc = bout(&source, row, 1, "b", &arena, &result, err)) == PFL_OK &&
                 (rc = judge_race(&result, 1, &arena, &race, err)) == PFL_OK) {
            seconds[i] = result.seconds;
            cpu += result.metric == PFL_RACE_CPU;
            duets += result.mode == PFL_RACE_DUET;
            count(result.rows[0].verdict, row->effect, tally);
        }
        pfl_arena_release(&arena);
    }
    pfl_stats_sort(seconds, repeats);
    tally->seconds = pfl_stats_median_sorted(seconds, repeats);
    snprintf(tally->remark, sizeof tally->remark, "%.0f %% by CPU time, %.0f %% by duets",
             100 * (double)cpu / (double)repeats, 100 * (double)duets / (double)repeats);
    source_close(&source);
done:
    pfl_free(seconds);
    return rc;
}

/* ---- Races of many benchmarks ---- */

enum { SUITE = 200 };

static int race_suite(struct source *source, const struct row *row, uint64_t seed, bool *wrong,
                      struct pfl_err *err)
{
    struct pfl_bout_result results[SUITE] = {0};
    struct pfl_arena arena;
    struct pfl_race race;
    int rc = PFL_OK;
    size_t i;

    pfl_arena_init(&arena);
    for (i = 0; i < SUITE && rc == PFL_OK; i++) {
        const char *name = pfl_arena_format(&arena, "b%zu", i);

        source_begin(source, seed + i * 104729);
        rc = name ? bout(source, row, SUITE, name, &arena, &results[i], err)
                  : pfl_err_no_memory(err);
    }
    if (rc == PFL_OK)
        rc = judge_race(results, SUITE, &arena, &race, err);
    for (i = 0, *wrong = false; i < SUITE && rc == PFL_OK; i++)
        *wrong = *wrong || results[i].rows[0].verdict == PFL_VERDICT_REGRESSED;
    pfl_arena_release(&arena);
    return rc;
}

int replay_race_suites(const struct replay *replay, const struct row *row, size_t repeats,
                       struct tally *tally, struct pfl_err *err)
{
    struct source source;
    bool wrong;
    size_t i;
    int rc = source_open(&source, replay, row->noise, err);

    if (rc < 0)
        return rc;
    for (i = 0; i < repeats && rc == PFL_OK; i++) {
        rc = race_suite(&source, row, replay->seed + i * UINT64_C(1000003), &wrong, err);
        tally->hits += wrong;
        tally->n++;
    }
    tally->seconds = NAN;
    snprintf(tally->remark, sizeof tally->remark, "%d bouts of %g s each", SUITE, row->seconds);
    source_close(&source);
    return rc;
}
