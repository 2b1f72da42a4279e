/*
 * A bout's life. Blocks come in one by one, are turned into units (log ratios head / base) and
 * looked at; the answer to "what next" follows from what there is.
 *
 * A block is used whole or not at all: only whole blocks cancel what hangs on order and place, and
 * only a whole block is turned about by exchanging the names, on which the test rests. The two
 * pairs of a solo block stay two units, so that one disturbed launch spoils one of them, but count
 * as one witness (stats/symmetric.h, `together`). The two halves of a duet block are averaged: each
 * alone is biased by its CPU and its start, and both together are not.
 *
 * Inside both processes the two pairs of a block are as those of a solo block.
 *
 * The pilot: PILOT_LEAST to PILOT_MOST blocks of each mode in turn, as many as PILOT_SHARE of the
 * planned time buys, judged by the first solo block (a duet block takes about half of it). Where
 * not even PILOT_LEAST fit into PILOT_MOST_SHARE of it, duets are not tried; the pilot is
 * PILOT_ALONE solo blocks then, because the choice of the metric asks twelve pairs whether one side
 * waits longer. The chosen mode's pilot blocks count like all others.
 */
#include "judge/race_bout.h"

#include "base/alloc.h"

#include <stdio.h>
#include <string.h>

static const double pilot_share = 0.05, pilot_most_share = 0.25, duet_cost = 0.5;

enum { PILOT_LEAST = 4, PILOT_ALONE = 6, PILOT_USUAL = 6, PILOT_MOST = 12, SOLO_EVERY = 8 };

int pfl_judge_bout_new(const struct pfl_race_rules *rules, struct pfl_bout **bout,
                       struct pfl_err *err)
{
    struct pfl_bout *made;

    if (!(rules->confidence > 0 && rules->confidence < 1) || !(rules->tolerance >= 0) ||
        !(rules->false_discovery_rate > 0 && rules->false_discovery_rate < 1))
        return pfl_err_set(
            err, PFL_EINVAL,
            "judging a race: confidence %g, false discovery rate %g and tolerance %g "
            "are not usable: the first two lie between 0 and 1, the third is not "
            "negative",
            rules->confidence, rules->false_discovery_rate, rules->tolerance);
    made = pfl_alloc_zeroed(1, sizeof *made);
    if (!made)
        return pfl_err_no_memory(err);
    made->rules = *rules;
    if (!rules->duets && rules->why_no_duets)
        snprintf(made->no_duets, sizeof made->no_duets, "%s", rules->why_no_duets);
    if (rules->why_not_inside)
        snprintf(made->no_inside, sizeof made->no_inside, "%s", rules->why_not_inside);
    made->p = 1;
    *bout = made;
    return PFL_OK;
}

void pfl_judge_bout_metric(struct pfl_bout *bout, const char *unit, enum pfl_better better)
{
    bout->rules.unit = unit;
    bout->rules.better = better;
}

bool pfl_judge_bout_no_duets(struct pfl_bout *bout, const char *why)
{
    if (bout->chosen)
        return false;
    bout->rules.duets = false;
    bout->pilot_duets = false;
    snprintf(bout->no_duets, sizeof bout->no_duets, "%s", why);
    return true;
}

bool pfl_judge_bout_no_inside(struct pfl_bout *bout, const char *why)
{
    if (bout->chosen)
        return false;
    bout->rules.inside = false;
    snprintf(bout->no_inside, sizeof bout->no_inside, "%s", why);
    return true;
}

void pfl_judge_bout_note_inside(struct pfl_bout *bout, const char *note)
{
    snprintf(bout->inside_note, sizeof bout->inside_note, "%s", note);
}

void pfl_judge_bout_note_places(struct pfl_bout *bout, const char *note)
{
    snprintf(bout->place_note, sizeof bout->place_note, "%s", note);
}

void pfl_judge_bout_free(struct pfl_bout *bout)
{
    int metric, mode;

    if (!bout)
        return;
    for (metric = 0; metric < PFL_RACE_METRIC_COUNT; metric++)
        for (mode = 0; mode < PFL_RACE_MODE_COUNT; mode++)
            pfl_vec_release(&bout->units[metric][mode].logs);
    pfl_vec_release(&bout->blocks);
    pfl_vec_release(&bout->scratch);
    pfl_free(bout);
}

const char *pfl_race_metric_name(const struct pfl_bout *bout, enum pfl_race_metric metric)
{
    if (metric == PFL_RACE_ASKED)
        return bout->rules.metric ? bout->rules.metric : "";
    return metric == PFL_RACE_CPU ? "cpu" : "time";
}

enum pfl_better pfl_race_better(const struct pfl_bout *bout, enum pfl_race_metric metric)
{
    return metric == PFL_RACE_ASKED ? bout->rules.better : PFL_BETTER_LOWER;
}

const char *pfl_race_unit(const struct pfl_bout *bout, enum pfl_race_metric metric)
{
    return metric == PFL_RACE_ASKED && bout->rules.unit ? bout->rules.unit : "s";
}

double pfl_race_half_error(const struct pfl_bout *bout)
{
    return (1 - bout->rules.confidence) / 2;
}

double *pfl_race_room(struct pfl_bout *bout, size_t n)
{
    return pfl_vec_reserve(&bout->scratch, n + 1) ? bout->scratch.at : NULL;
}

double pfl_race_median(double *values, size_t n)
{
    if (n == 0)
        return NAN;
    pfl_stats_sort(values, n);
    return pfl_stats_median_sorted(values, n);
}

static void plan_pilot(struct pfl_bout *bout, int64_t took_ns)
{
    double block = fmax(1, (double)took_ns), planned = (double)bout->rules.planned_ns;
    double fits = planned / (block * (1 + duet_cost));
    size_t blocks = PILOT_USUAL;

    if (fits * pilot_most_share < PILOT_USUAL)
        blocks = PILOT_LEAST;
    if (fits * pilot_share > PILOT_USUAL)
        blocks = fits * pilot_share < PILOT_MOST ? (size_t)(fits * pilot_share) : PILOT_MOST;
    bout->pilot_duets = bout->rules.duets && fits * pilot_most_share >= PILOT_LEAST;
    bout->pilot = bout->pilot_duets ? blocks : PILOT_ALONE;
}

enum pfl_race_next pfl_judge_bout_next(const struct pfl_bout *bout)
{
    size_t solo = bout->measured[PFL_RACE_SOLO], duet = bout->measured[PFL_RACE_DUET];

    if (bout->decided || bout->finished)
        return PFL_RACE_NEXT_NOTHING;
    if (bout->rules.inside)
        return PFL_RACE_NEXT_INSIDE;
    if (!bout->chosen)
        return bout->pilot_duets && duet < solo ? PFL_RACE_NEXT_DUET : PFL_RACE_NEXT_SOLO;
    if (bout->mode == PFL_RACE_SOLO)
        return PFL_RACE_NEXT_SOLO;
    return (solo + duet) % SOLO_EVERY == 0 ? PFL_RACE_NEXT_SOLO : PFL_RACE_NEXT_DUET;
}

enum state { FINE, MISSING, LOPSIDED, UNUSABLE };

static enum state log_ratio(const struct pfl_race_pair *pair, enum pfl_race_metric metric,
                            double *out)
{
    double base = pair->base.value[metric], head = pair->head.value[metric];

    if (isnan(base) || isnan(head))
        return isnan(base) && isnan(head) ? MISSING : LOPSIDED;
    if (!(base > 0) || !(head > 0) || isinf(base) || isinf(head))
        return UNUSABLE;
    *out = log(head) - log(base);
    return isfinite(*out) ? FINE : UNUSABLE;
}

/* The mean of the blocks of one place. */
static bool end_place(struct pfl_race_units *units, enum pfl_race_mode mode)
{
    double logs[2], mean;

    if (units->of == 0)
        return true;
    logs[0] = units->sum[0] / (double)units->of;
    logs[1] = units->sum[1] / (double)units->of;
    units->of = 0;
    units->sum[0] = units->sum[1] = 0;
    mean = (logs[0] + logs[1]) / 2;
    if (mode == PFL_RACE_DUET)
        return pfl_vec_push(&units->logs, &mean);
    return pfl_vec_reserve(&units->logs, units->logs.n + 2) &&
           pfl_vec_push(&units->logs, &logs[0]) && pfl_vec_push(&units->logs, &logs[1]);
}

static bool add_units(struct pfl_race_units *units, const struct pfl_race_block *block,
                      enum pfl_race_metric metric)
{
    double logs[2] = {0, 0};
    enum state first = log_ratio(&block->pairs[0], metric, &logs[0]),
               second = log_ratio(&block->pairs[1], metric, &logs[1]);

    if (block->place != units->place && !end_place(units, block->mode))
        return false;
    units->place = block->place;
    if (first != FINE || second != FINE) {
        units->unusable += (size_t)(first == UNUSABLE) + (size_t)(second == UNUSABLE);
        units->lopsided += (size_t)(first == LOPSIDED) + (size_t)(second == LOPSIDED);
        units->missing += (size_t)(first == MISSING) + (size_t)(second == MISSING);
        return true;
    }
    units->pairs += 2;
    units->sum[0] += logs[0];
    units->sum[1] += logs[1];
    units->of++;
    return block->place != 0 || end_place(units, block->mode);
}

bool pfl_race_units_end(struct pfl_bout *bout)
{
    bool ok = true;
    int metric, mode;

    for (metric = 0; metric < PFL_RACE_METRIC_COUNT; metric++)
        for (mode = 0; mode < PFL_RACE_MODE_COUNT; mode++)
            ok = end_place(&bout->units[metric][mode], (enum pfl_race_mode)mode) && ok;
    return ok;
}

static bool has_gap(const struct pfl_race_block *block)
{
    int i;

    for (i = 0; i < 2; i++)
        if (block->pairs[i].base.gap_ns || block->pairs[i].head.gap_ns)
            return true;
    return false;
}

/* Inside there is nothing to choose; the first block says how many will fit. */
static bool pilot_done(const struct pfl_bout *bout)
{
    if (bout->rules.inside)
        return bout->measured[PFL_RACE_INSIDE] > 0;
    return bout->pilot > 0 && bout->measured[PFL_RACE_SOLO] >= bout->pilot &&
           (!bout->pilot_duets || bout->measured[PFL_RACE_DUET] >= bout->pilot);
}

int pfl_judge_bout_add(struct pfl_bout *bout, const struct pfl_race_block *block,
                       struct pfl_err *err)
{
    int metric, rc = PFL_OK;

    bout->measured[block->mode]++;
    bout->took_ns += block->took_ns;
    if (has_gap(block)) {
        bout->dropped += 2;
        return PFL_OK;
    }
    if (bout->pilot == 0 && block->mode == PFL_RACE_SOLO)
        plan_pilot(bout, block->took_ns);
    if (!pfl_vec_push(&bout->blocks, block))
        return pfl_err_no_memory(err);
    bout->mode_ns[block->mode] += block->took_ns;
    for (metric = 0; metric < PFL_RACE_METRIC_COUNT; metric++)
        if (!add_units(&bout->units[metric][block->mode], block, (enum pfl_race_metric)metric))
            return pfl_err_no_memory(err);
    if (!bout->chosen && pilot_done(bout))
        rc = pfl_race_choose(bout, err);
    if (rc == PFL_OK && bout->chosen && !bout->decided)
        rc = pfl_race_look(bout, err);
    return rc;
}

/* The metric and mode that have most to say before the pilot has chosen. */
static enum pfl_race_metric standing_metric(const struct pfl_bout *bout)
{
    enum pfl_race_metric asked;

    if (bout->chosen)
        return bout->metric;
    return pfl_race_asked(bout, &asked) ? asked : PFL_RACE_TIME;
}

void pfl_judge_bout_standing(const struct pfl_bout *bout, struct pfl_race_standing *standing)
{
    enum pfl_race_metric metric = standing_metric(bout);
    enum pfl_race_mode mode = bout->chosen         ? bout->mode
                              : bout->rules.inside ? PFL_RACE_INSIDE
                                                   : PFL_RACE_SOLO;
    const struct pfl_race_doubles *logs = pfl_race_logs(bout, metric, mode);
    struct pfl_interval interval;

    standing->decided = bout->decided;
    standing->phase = !bout->chosen ? "pilot" : pfl_race_mode_text(mode);
    standing->pairs = pfl_race_pair_count(bout, metric, mode);
    standing->ratio = standing->low = standing->high = NAN;
    if (logs->n == 0 || pfl_stats_hodges_lehmann(logs->at, logs->n, bout->rules.confidence,
                                                 &interval, NULL) != PFL_OK)
        return;
    standing->ratio = exp(interval.estimate);
    if (interval.covers >= bout->rules.confidence) {
        standing->low = exp(interval.low);
        standing->high = exp(interval.high);
    }
}
