/*
 * One block: two mirrored pairs of launches, in the order or on the CPUs that the seed draws.
 *
 *   solo   base head | head base, or turned: head base | base head. The pairs' middles coincide, so
 *          whatever drifts evenly through the block falls on both sides alike.
 *   duet   base and head at the same moment on two CPUs; the second pair exchanges the CPUs and who
 *          begins first, so that a faster CPU, or being second, falls on both sides alike.
 *   inside batches in turns (race_turns.c), base set up and measured first, or turned: head; the
 *          second pair exchanges that.
 *
 * turned and late are drawn for every block, used or not, so that the order of a race depends on
 * its seed and on what was decided, and on nothing else. A block in which a side failed, or that
 * Ctrl-C or the end of the time cut off, is not given to the judge; its whole launches stay in the
 * record. The late side of a duet begins 30 µs after the other: which of two is in the kernel first
 * matters for what they share, and must not be left to chance.
 */
#include "measure/race_session.h"

#include "stats/stats.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LATE_NS INT64_C(30000)
#define DEAR_NS INT64_C(50000)

enum { BASE, HEAD, DEAR_EVERY = 8 };

/* One bout's two sides. */
struct pitch {
    struct pfl_session *session[2];
    struct pfl_session_item *item[2];
};

static struct pitch pitch_of(struct pfl_race_session *race, const struct pfl_race_bout *bout)
{
    return (struct pitch){
        {&race->sides[0].session, &race->sides[bout->challenger].session},
        {pfl_race_item(race, 0, bout->benchmark),
         pfl_race_item(race, bout->challenger, bout->benchmark)},
    };
}

/* ---- what the judge sees of a launch ---- */

static double last_value(const struct pfl_collect *collect, const struct pfl_column *column)
{
    return column->values.n && column->values.n == collect->launches
               ? column->values.at[column->values.n - 1]
               : NAN;
}

/* Appends the last launch's values of that metric; *plain: the one without a variant. */
static bool gather(const struct pfl_collect *collect, const char *metric,
                   struct pfl_doubles *values, double *plain)
{
    size_t i;

    for (i = 0; i < collect->columns.n; i++) {
        const struct pfl_column *column = &collect->columns.at[i];
        double value = last_value(collect, column);

        if (column->text || isnan(value) || strcmp(column->metric, metric) != 0)
            continue;
        if (!*column->variant)
            *plain = value;
        if (!pfl_vec_push(values, &value))
            return false;
    }
    return true;
}

/* The program's own value; else the median over what it reports by variant, or of benchmarks inside
 * it. NaN: nothing. false: no memory. */
static bool value_of(const struct pfl_session_item *item, const char *metric, double *value)
{
    struct pfl_doubles values = {0};
    double plain = NAN, inside = NAN;
    bool ok = gather(&item->own, metric, &values, &plain);
    size_t i;

    for (i = 0; ok && isnan(plain) && i < item->insides.n; i++)
        ok = gather(item->insides.at[i], metric, &values, &inside);
    *value = plain;
    if (ok && isnan(plain) && values.n) {
        pfl_stats_sort(values.at, values.n);
        *value = pfl_stats_median_sorted(values.at, values.n);
    }
    pfl_vec_release(&values);
    return ok;
}

static int see(const struct pfl_race_session *race, const struct pfl_step *step,
               struct pfl_race_launch *seen, struct pfl_err *err)
{
    const char *asked = race->params->metric;
    const struct pfl_launch_result *result = &step->result;

    *seen = (struct pfl_race_launch){
        .value = {NAN, NAN, NAN},
        .wall_ns = result->wall_ns,
        .gap_ns = step->books.gap_ns,
        .waits = result->voluntary_switches,
        .preemptions = result->involuntary_switches,
    };
    if (!value_of(step->item, "time", &seen->value[PFL_RACE_TIME]) ||
        !value_of(step->item, "cpu", &seen->value[PFL_RACE_CPU]) ||
        (asked && !value_of(step->item, asked, &seen->value[PFL_RACE_ASKED])))
        return pfl_err_no_memory(err);
    return PFL_OK;
}

static const struct pfl_column *column_of(const struct pfl_collect *collect, const char *metric)
{
    size_t i;

    for (i = 0; i < collect->columns.n; i++)
        if (!collect->columns.at[i].text && strcmp(collect->columns.at[i].metric, metric) == 0)
            return &collect->columns.at[i];
    return NULL;
}

/* The asked metric as either side reports it, its own words first. */
static int tell_metric(struct pfl_race_session *race, struct pfl_race_bout *bout,
                       const struct pitch *pitch, struct pfl_err *err)
{
    const struct pfl_race_params *params = race->params;
    const struct pfl_column *column = NULL;
    size_t i;
    int which;

    if (!params->metric || !params->tell_metric || bout->metric_told)
        return PFL_OK;
    for (which = HEAD; which >= BASE && !column; which--) {
        column = column_of(&pitch->item[which]->own, params->metric);
        for (i = 0; !column && i < pitch->item[which]->insides.n; i++)
            column = column_of(pitch->item[which]->insides.at[i], params->metric);
    }
    if (!column)
        return PFL_OK;
    bout->metric_told = true;
    return params->tell_metric(params->context, bout->index, column->unit, column->better, err);
}

/* ---- pairs ---- */

/* Is the block still worth going on with: both sides have what they were launched for. */
static bool goes_on(struct pfl_race_session *race, const struct pitch *pitch)
{
    return !pitch->item[BASE]->over && !pitch->item[HEAD]->over && !pfl_race_over(race);
}

static struct pfl_race_launch *side_of(struct pfl_race_pair *pair, int which)
{
    return which == BASE ? &pair->base : &pair->head;
}

static int play_solo(struct pfl_race_session *race, const struct pitch *pitch, bool head_first,
                     struct pfl_race_pair *pair, bool *whole, struct pfl_err *err)
{
    int turn, rc = PFL_OK;

    *whole = false;
    for (turn = 0; turn < 2; turn++) {
        int which = (turn == 0) == head_first ? HEAD : BASE;
        struct pfl_step step = {
            .session = pitch->session[which], .item = pitch->item[which], .recorded = true};

        rc = pfl_step_run(&step, 1, err);
        if (rc != PFL_OK || !goes_on(race, pitch) || !step.launched)
            return rc;
        pitch->item[which]->solo_rounds++;
        rc = see(race, &step, side_of(pair, which), err);
        if (rc != PFL_OK)
            return rc;
    }
    *whole = true;
    return rc;
}

static int play_duet(struct pfl_race_session *race, const struct pitch *pitch, bool turned,
                     bool late, struct pfl_race_pair *pair, bool *whole, struct pfl_err *err)
{
    struct pfl_step steps[2];
    int i, rc;

    for (i = 0; i < 2; i++) { /* in the order of CPUs: what is first in anything is exchanged too */
        int which = (i == 0) == turned ? HEAD : BASE;

        steps[i] = (struct pfl_step){
            .session = pitch->session[which],
            .item = pitch->item[which],
            .recorded = true,
            .launcher = race->duet[i],
            .cpus = race->cpus[i],
            .delay_ns = (which == BASE) == late ? LATE_NS : 0,
            .flags = PFL_LAUNCH_DUET,
        };
    }
    *whole = false;
    rc = pfl_step_run(steps, 2, err);
    if (rc != PFL_OK || !goes_on(race, pitch) || !steps[0].launched || !steps[1].launched)
        return rc;
    for (i = 0; i < 2 && rc == PFL_OK; i++)
        rc = see(race, &steps[i], side_of(pair, steps[i].item == pitch->item[BASE] ? BASE : HEAD),
                 err);
    *whole = rc == PFL_OK;
    return rc;
}

/* ---- the block ---- */

static int open_duets(struct pfl_race_session *race, struct pfl_err *err)
{
    int i, rc = PFL_OK;

    for (i = 0; i < 2 && rc == PFL_OK; i++)
        if (!race->duet[i])
            rc = pfl_launcher_open(&race->duet[i], err);
    return rc;
}

static bool can_duet(const struct pfl_race_session *race, const struct pfl_race_bout *bout)
{
    return race->two_cpus && !bout->solo_only &&
           !pfl_race_no_duets(race->params->contenders[0].plan,
                              race->params->contenders[bout->challenger].plan, bout->benchmark);
}

/* A side that failed beside its rival though it worked alone (a lock, a port): without duets the
 * bout can go on, if the judge still can. Its launch stays in the record as a failed one. */
static int forgive(struct pfl_race_session *race, struct pfl_race_bout *bout,
                   const struct pitch *pitch, struct pfl_err *err)
{
    struct pfl_session_item *failed[2];
    const char *who = NULL, *why;
    size_t n = 0, i;

    for (i = 0; i < 2; i++) {
        if (pitch->item[i]->own.status != PFL_STATUS_FAILED)
            continue;
        if (pitch->item[i]->solo_rounds == 0)
            return PFL_OK;
        failed[n++] = pitch->item[i];
        who = who ? "both" : race->sides[i == BASE ? 0 : bout->challenger].label;
    }
    if (n == 0 || !race->params->no_duets || pfl_race_over(race))
        return PFL_OK;
    why = pfl_arena_format(race->arena, "%s failed when both ran at once (%s)", who,
                           failed[0]->own.reason);
    if (!why)
        return pfl_err_no_memory(err);
    if (!race->params->no_duets(race->params->context, bout->index, why))
        return PFL_OK;
    bout->solo_only = true;
    for (i = 0; i < n; i++) {
        failed[i]->over = false;
        pfl_collect_forgive(&failed[i]->own);
    }
    return PFL_OK;
}

/* -1: not read this time, or unknown. */
static int64_t read_stall(struct pfl_race_session *race)
{
    struct pfl_session *s = &race->sides[0].session;
    int64_t begin_ns, stall_us;

    if (race->pressure_is_dear && race->blocks % DEAR_EVERY != 0)
        return -1;
    begin_ns = pfl_session_now(s);
    stall_us = pfl_machine_cpu_stall_us("");
    race->pressure_is_dear = pfl_session_now(s) - begin_ns > DEAR_NS;
    return stall_us;
}

static double pressure(int64_t before_us, int64_t after_us, int64_t took_ns)
{
    if (before_us < 0 || after_us < before_us || took_ns <= 0)
        return NAN;
    return (double)(after_us - before_us) * 1000 / (double)took_ns;
}

static int play_pairs(struct pfl_race_session *race, struct pfl_race_bout *bout,
                      const struct pitch *pitch, struct pfl_race_block *block, bool *whole,
                      struct pfl_err *err)
{
    int i, rc = PFL_OK;

    *whole = true;
    if (block->mode != PFL_RACE_SOLO)
        rc = open_duets(race, err);
    if (rc == PFL_OK && block->mode == PFL_RACE_INSIDE)
        return pfl_race_play_turns(race, bout, block, whole, err);
    for (i = 0; i < 2 && rc == PFL_OK && *whole; i++)
        rc = block->mode == PFL_RACE_DUET
                 ? play_duet(race, pitch, block->turned != (i == 1), block->late != (i == 1),
                             &block->pairs[i], whole, err)
                 : play_solo(race, pitch, block->turned != (i == 1), &block->pairs[i], whole, err);
    return rc;
}

int pfl_race_play(struct pfl_race_session *race, struct pfl_race_bout *bout, struct pfl_err *err)
{
    struct pfl_session *s = &race->sides[0].session;
    struct pitch pitch = pitch_of(race, bout);
    uint64_t drawn = pfl_random_next(&race->order.random);
    struct pfl_race_block block = {.turned = drawn >> 63, .late = drawn >> 62 & 1};
    int64_t stall_us, begin_ns;
    bool whole;
    int rc;

    block.mode = bout->next == PFL_RACE_NEXT_INSIDE && pfl_race_can_turn(race, bout)
                     ? PFL_RACE_INSIDE
                 : bout->next == PFL_RACE_NEXT_DUET && can_duet(race, bout) ? PFL_RACE_DUET
                                                                            : PFL_RACE_SOLO;
    block.place = pfl_race_place(race, block.mode);
    pfl_race_tell(race, bout, pfl_race_mode_text(block.mode));
    stall_us = read_stall(race);
    begin_ns = pfl_session_now(s);
    rc = play_pairs(race, bout, &pitch, &block, &whole, err);
    block.took_ns = pfl_session_now(s) - begin_ns;
    block.pressure =
        pressure(stall_us, stall_us < 0 ? -1 : pfl_machine_cpu_stall_us(""), block.took_ns);
    bout->took_ns += block.took_ns;
    if (rc == PFL_OK && !whole && block.mode == PFL_RACE_DUET)
        rc = forgive(race, bout, &pitch, err);
    if (rc != PFL_OK || !whole)
        return rc;
    bout->blocks++;
    race->blocks++;
    rc = tell_metric(race, bout, &pitch, err);
    if (rc != PFL_OK)
        return rc;
    return race->params->add(race->params->context, bout->index, &block, err);
}
