/*
 * What decides a bout, chosen once, from the pilot: CPU time or wall-clock time, solo or duet.
 *
 * CPU time is the sharper witness for what computes, and no witness at all for what waits. It
 * decides where the command does hardly anything but compute: in its less disturbed launches (the
 * lower quartile) what is not CPU time is at most a tenth of the time, beyond the START_UP that
 * every process costs, and it uses one CPU only. While others want the CPUs even those launches
 * wait, so then it is enough that the program never waits of its own accord. And never where one
 * side waits longer or more often than the other: a change that adds a sleep would be hidden.
 *
 * The mode is the one that says more per second: the variance of a unit times what it costs, robust
 * (a median of deviations and a mean of them, clipped: with four values either alone errs by half).
 * It is taken from the differences between a block's two pairs, for these stay what they are when
 * base and head exchange their names: the choice knows nothing of the signs that the test is about,
 * and so takes nothing from its error. What a CPU does to a duet is in these differences, always
 * the same way, and not in the unit: their middle is taken out, turned blocks turned back.
 *
 * Where a size is asked for (a tolerance, a bar) duets that slow the command down are not taken:
 * two that hinder one another show less than their true difference. Commands that use more than one
 * CPU never run at once: pinned to one each, they are other programs than when alone. Nor do
 * commands whose ratio in duets is another one than after each other: those medians are compared by
 * Welch's t, with robust variances and as few degrees of freedom as the smaller pilot has.
 */
#include "judge/race_bout.h"

#include "base/units.h"
#include "stats/tests.h"

#include <stdio.h>
#include <string.h>

static const double start_up = 0.0003, idle_share = 0.10, most_cpus = 1.05;
static const double pressed = 0.10, busy_share = 0.30, most_waits = 3;
/* A share below busy_share is believed to be the others' doing when preemptions explain it. */
static const double least_share = 0.12, longest_slice = 0.030;
static const double contradiction_p = 0.001, median_variance = 1.57, rounding = 1e-9;
static const double gap_share = 0.002, gap_p = 0.002, most_slowing = 0.04;

static double quantile_of(double *values, size_t n, double p)
{
    if (n == 0)
        return NAN;
    pfl_stats_sort(values, n);
    return pfl_stats_quantile_sorted(values, n, p);
}

enum what { IDLE, CPUS, SLICE, WAITS, HEAD_WAITS, BASE_WAITS };

static double figure(const struct pfl_race_launch *launch, enum what what)
{
    double wall = launch->value[PFL_RACE_TIME], cpu = launch->value[PFL_RACE_CPU];

    switch (what) {
    case IDLE: return fmax(0, wall - cpu - start_up) / wall;
    case CPUS: return cpu / wall;
    case SLICE: /* what each preemption cost, had there been nothing else */
        return launch->preemptions >= 2 ? fmax(0, wall - cpu) / (double)launch->preemptions
                                        : INFINITY;
    default: return (double)launch->waits;
    }
}

/* Over the launches of both sides, or of one (HEAD_WAITS, BASE_WAITS). */
static double share(struct pfl_bout *bout, enum what what, double p)
{
    size_t i, n = 0;
    int k;

    for (i = 0; i < bout->blocks.n; i++)
        for (k = 0; k < 4; k++) {
            if ((what == HEAD_WAITS && k < 2) || (what == BASE_WAITS && k >= 2))
                continue;
            bout->scratch.at[n++] = figure(pfl_race_side(&bout->blocks.at[i], k & 1, k >= 2), what);
        }
    return quantile_of(bout->scratch.at, n, p);
}

static bool is_pressed(struct pfl_bout *bout)
{
    size_t i, n = 0;

    for (i = 0; i < bout->blocks.n; i++)
        if (!isnan(bout->blocks.at[i].pressure))
            bout->scratch.at[n++] = bout->blocks.at[i].pressure;
    return n > 0 && pfl_race_median(bout->scratch.at, n) >= pressed;
}

static double log_ratio(const struct pfl_race_pair *pair, enum pfl_race_metric metric)
{
    return log(pair->head.value[metric]) - log(pair->base.value[metric]);
}

/* Does wall-clock time change otherwise than CPU time does, pair by pair? Then one side waits where
 * the other does not. (Waiting for a CPU grows with the CPU time that is asked for.) */
static int gaps_differ(struct pfl_bout *bout, bool *differ, struct pfl_err *err)
{
    size_t i, n = 0;
    int k, rc;
    struct pfl_test test;
    const struct pfl_race_pair *pair;

    for (i = 0; i < bout->blocks.n; i++)
        for (k = 0; k < 2; k++) {
            pair = &bout->blocks.at[i].pairs[k];
            bout->scratch.at[n++] = log_ratio(pair, PFL_RACE_TIME) - log_ratio(pair, PFL_RACE_CPU);
        }
    *differ = false;
    if (n == 0)
        return PFL_OK;
    rc = pfl_stats_signed_rank(bout->scratch.at, n, PFL_ZEROS_PRATT, &test, err);
    if (rc == PFL_OK)
        *differ = test.p <= gap_p && fabs(pfl_race_median(bout->scratch.at, n)) > gap_share;
    return rc;
}

/* In their quieter launches and in the middle ones: others' doing does not show in both. */
static bool waits_differ(struct pfl_bout *bout)
{
    double low = share(bout, HEAD_WAITS, 0.25) - share(bout, BASE_WAITS, 0.25);
    double middle = share(bout, HEAD_WAITS, 0.5) - share(bout, BASE_WAITS, 0.5);

    return fmin(low, middle) >= 1 || fmax(low, middle) <= -1;
}

bool pfl_race_asked(const struct pfl_bout *bout, enum pfl_race_metric *metric)
{
    const char *name = bout->rules.metric;

    if (!name)
        return false;
    *metric = strcmp(name, "time") == 0  ? PFL_RACE_TIME
              : strcmp(name, "cpu") == 0 ? PFL_RACE_CPU
                                         : PFL_RACE_ASKED;
    return true;
}

static bool has_cpu(const struct pfl_bout *bout)
{
    size_t bad = 0;
    int metric, mode;

    for (metric = PFL_RACE_TIME; metric <= PFL_RACE_CPU; metric++)
        for (mode = 0; mode < PFL_RACE_MODE_COUNT; mode++)
            bad += bout->units[metric][mode].unusable + bout->units[metric][mode].lopsided +
                   bout->units[metric][mode].missing;
    return bad == 0 && bout->blocks.n > 0;
}

/* While others want the CPUs: does the command want nothing but a CPU, too? */
static bool only_computes(struct pfl_bout *bout)
{
    double cpus = share(bout, CPUS, 0.25);

    if (!is_pressed(bout) || share(bout, WAITS, 0.5) > most_waits)
        return false;
    return cpus >= busy_share || (cpus >= least_share && share(bout, SLICE, 0.5) <= longest_slice);
}

static int choose_metric(struct pfl_bout *bout, struct pfl_err *err)
{
    char *why = bout->metric_why;
    double idle, cpus;
    bool differ;
    int rc;

    bout->metric = PFL_RACE_TIME;
    if (pfl_race_asked(bout, &bout->metric)) {
        snprintf(why, PFL_RACE_WHY, "%s decides: it was asked for", bout->rules.metric);
        return PFL_OK;
    }
    if (!has_cpu(bout)) {
        snprintf(why, PFL_RACE_WHY,
                 "wall-clock time decides: there is no CPU time of every launch");
        return PFL_OK;
    }
    if ((rc = gaps_differ(bout, &differ, err)) < 0)
        return rc;
    idle = share(bout, IDLE, 0.25);
    cpus = share(bout, CPUS, 0.75);
    if (cpus > most_cpus)
        snprintf(why, PFL_RACE_WHY, "wall-clock time decides: the commands use more than one CPU");
    else if (differ || waits_differ(bout))
        snprintf(why, PFL_RACE_WHY,
                 "wall-clock time decides: one side waits longer or more often than the other");
    else if (idle <= idle_share) {
        bout->metric = PFL_RACE_CPU;
        snprintf(why, PFL_RACE_WHY, "CPU time decides: the commands do nothing but compute");
    } else if (only_computes(bout)) {
        bout->metric = PFL_RACE_CPU;
        snprintf(why, PFL_RACE_WHY,
                 "CPU time decides: others want the CPUs, and the commands do not wait for "
                 "anything else");
    } else
        snprintf(why, PFL_RACE_WHY,
                 "wall-clock time decides: the commands wait during at least %.0f %% of it",
                 idle * 100);
    return PFL_OK;
}

/* Each block's difference between its two pairs, with the variance that a unit of that mode has
 * when the pairs' noise is independent; → how many. */
static size_t differences(const struct pfl_bout *bout, enum pfl_race_mode mode, double *out)
{
    const struct pfl_race_block *block;
    size_t i, n = 0;
    double half;

    for (i = 0; i < bout->blocks.n; i++) {
        block = &bout->blocks.at[i];
        half = (log_ratio(&block->pairs[0], bout->metric) -
                log_ratio(&block->pairs[1], bout->metric)) /
               2;
        if (block->mode != mode || !isfinite(half))
            continue;
        if (mode == PFL_RACE_SOLO)
            out[n++] = half * sqrt(2);
        else
            out[n++] = block->turned ? -half : half;
    }
    return n;
}

/* The variance of a unit, from few values, whatever their signs. */
static double robust_variance(const struct pfl_bout *bout, enum pfl_race_mode mode, double *scratch)
{
    size_t n = differences(bout, mode, scratch), i;
    double centre = 0, median, sum = 0, spent = 1;

    if (n < 2)
        return NAN;
    if (mode == PFL_RACE_DUET) {
        centre = pfl_race_median(scratch, n);
        spent = (double)n / (double)(n - 1);
    }
    for (i = 0; i < n; i++)
        scratch[i] = fabs(scratch[i] - centre);
    median = pfl_race_median(scratch, n);
    for (i = 0; i < n; i++)
        sum += fmin(scratch[i], 4 * median);
    return spent * 1.4826 * median * 1.2533 * sum / (double)n;
}

static double seconds_per_unit(const struct pfl_bout *bout, enum pfl_race_mode mode)
{
    size_t units = pfl_race_logs(bout, bout->metric, mode)->n;

    return units ? (double)bout->mode_ns[mode] * 1e-9 / (double)units : NAN;
}

static double median_of_mode(struct pfl_bout *bout, enum pfl_race_mode mode)
{
    size_t i, n = 0;
    int k;

    for (i = 0; i < bout->blocks.n; i++)
        for (k = 0; k < 4 && bout->blocks.at[i].mode == mode; k++)
            bout->scratch.at[n++] =
                pfl_race_side(&bout->blocks.at[i], k & 1, k >= 2)->value[bout->metric];
    return pfl_race_median(bout->scratch.at, n);
}

/* The launches after one another only: in duets each is pinned to one CPU. */
static bool uses_more_cpus(struct pfl_bout *bout)
{
    size_t i, n = 0;
    int k;

    for (i = 0; i < bout->blocks.n; i++)
        for (k = 0; k < 4 && bout->blocks.at[i].mode == PFL_RACE_SOLO; k++) {
            double cpus = figure(pfl_race_side(&bout->blocks.at[i], k & 1, k >= 2), CPUS);

            if (isfinite(cpus))
                bout->scratch.at[n++] = cpus;
        }
    return n > 0 && quantile_of(bout->scratch.at, n, 0.75) > most_cpus;
}

/* The variance of values about their middle, from few. */
static double variance_of(const struct pfl_race_doubles *values, double *scratch)
{
    double centre, median, sum = 0;
    size_t i;

    if (values->n < 2)
        return NAN;
    memcpy(scratch, values->at, values->n * sizeof *values->at);
    centre = pfl_race_median(scratch, values->n);
    for (i = 0; i < values->n; i++)
        scratch[i] = fabs(values->at[i] - centre);
    median = pfl_race_median(scratch, values->n);
    for (i = 0; i < values->n; i++)
        sum += fmin(scratch[i], 4 * median);
    return 1.4826 * median * 1.2533 * sum / (double)values->n;
}

/* Where a mode's units lie, and the variance of that. A block is one witness in both modes. */
static double centre_of(struct pfl_bout *bout, enum pfl_race_mode mode, size_t *n, double *variance)
{
    const struct pfl_race_doubles *logs = pfl_race_logs(bout, bout->metric, mode);
    size_t each = mode == PFL_RACE_SOLO ? 2 : 1, i;
    struct pfl_race_doubles means = {.at = bout->scratch.at, .n = logs->n / each};

    for (i = 0; i < means.n; i++)
        means.at[i] = (logs->at[each * i] + logs->at[each * i + each - 1]) / 2;
    *n = means.n;
    *variance = variance_of(&means, bout->scratch.at + means.n) * median_variance / (double)means.n;
    return pfl_race_median(means.at, means.n);
}

/* Do both modes see another ratio, beyond what chance explains? */
static bool modes_contradict(struct pfl_bout *bout)
{
    double variance[PFL_RACE_MODE_COUNT], solo, duet, reach;
    size_t n[PFL_RACE_MODE_COUNT], least;

    solo = centre_of(bout, PFL_RACE_SOLO, &n[PFL_RACE_SOLO], &variance[PFL_RACE_SOLO]);
    duet = centre_of(bout, PFL_RACE_DUET, &n[PFL_RACE_DUET], &variance[PFL_RACE_DUET]);
    least = n[PFL_RACE_SOLO] < n[PFL_RACE_DUET] ? n[PFL_RACE_SOLO] : n[PFL_RACE_DUET];
    if (least < 2)
        return false;
    reach = pfl_stats_t_quantile(1 - contradiction_p / 2, (double)least - 1) *
            sqrt(variance[PFL_RACE_SOLO] + variance[PFL_RACE_DUET]);
    return fabs(solo - duet) > reach + rounding;
}

static void choose_mode(struct pfl_bout *bout)
{
    bool sized = bout->rules.tolerance > 0 || !isnan(bout->rules.bar);
    double cost[PFL_RACE_MODE_COUNT], slowing;
    char *why = bout->mode_why;
    long long tenths;
    int mode;

    bout->mode = PFL_RACE_SOLO;
    if (!bout->pilot_duets && *bout->no_duets) {
        snprintf(why, sizeof bout->mode_why, "one after the other: %s", bout->no_duets);
        return;
    }
    if (!bout->pilot_duets) {
        snprintf(why, PFL_RACE_WHY,
                 bout->rules.duets ? "one after the other: there was no time to try both at once"
                                   : "one after the other: both at once is not possible here");
        return;
    }
    if (uses_more_cpus(bout)) {
        snprintf(why, PFL_RACE_WHY, "one after the other: the commands use more than one CPU");
        return;
    }
    if (modes_contradict(bout)) {
        snprintf(why, PFL_RACE_WHY,
                 "one after the other: both at once shows another difference, because the two "
                 "hinder one another");
        return;
    }
    for (mode = 0; mode < PFL_RACE_MODE_COUNT; mode++)
        cost[mode] = robust_variance(bout, (enum pfl_race_mode)mode, bout->scratch.at) *
                     seconds_per_unit(bout, (enum pfl_race_mode)mode);
    slowing = median_of_mode(bout, PFL_RACE_DUET) / median_of_mode(bout, PFL_RACE_SOLO) - 1;
    if (!(cost[PFL_RACE_DUET] < cost[PFL_RACE_SOLO]))
        snprintf(why, PFL_RACE_WHY, "one after the other: sharper here than both at once");
    else if (sized && fabs(slowing) > most_slowing)
        snprintf(why, PFL_RACE_WHY,
                 "one after the other: both at once is sharper, but changes the time by %.0f %%, "
                 "which would falsify the size of a difference",
                 fabs(slowing) * 100);
    else {
        tenths = llround(10 * fmin(999, sqrt(cost[PFL_RACE_SOLO] / cost[PFL_RACE_DUET])));
        bout->mode = PFL_RACE_DUET;
        snprintf(why, PFL_RACE_WHY,
                 "both at once on two CPUs: %lld.%lld times as sharp as one after the other in the "
                 "same time",
                 tenths / 10, tenths % 10);
    }
}

/* Batches of both sides alternate within milliseconds: nothing else that is measured here could be
 * sharper, and there is no other metric. */
static void choose_inside(struct pfl_bout *bout)
{
    bout->metric = PFL_RACE_TIME;
    bout->mode = PFL_RACE_INSIDE;
    snprintf(bout->metric_why, sizeof bout->metric_why,
             bout->rules.metric ? "time decides: it was asked for"
                                : "wall-clock time decides: of batches inside both processes");
    snprintf(bout->mode_why, sizeof bout->mode_why,
             "both processes at once, batch by batch in turns");
}

/* Why it was not that, where it could have been. */
static void add_no_inside(struct pfl_bout *bout)
{
    size_t len = strlen(bout->mode_why);

    if (*bout->no_inside)
        snprintf(bout->mode_why + len, sizeof bout->mode_why - len,
                 "; not batch by batch inside the processes: %s", bout->no_inside);
}

int pfl_race_choose(struct pfl_bout *bout, struct pfl_err *err)
{
    double error = pfl_race_half_error(bout), unit, planned;
    size_t bouts = bout->rules.bouts > 0 ? bout->rules.bouts : 1;
    int rc;

    if (!pfl_race_room(bout, 4 * bout->blocks.n + 4))
        return pfl_err_no_memory(err);
    if (bout->rules.inside)
        choose_inside(bout);
    else if ((rc = choose_metric(bout, err)) < 0)
        return rc;
    else
        choose_mode(bout);
    add_no_inside(bout);
    unit = seconds_per_unit(bout, bout->mode);
    planned = unit > 0 ? (double)bout->rules.planned_ns * 1e-9 / unit : 0;
    bout->rule.alpha = fmin(error, bout->rules.false_discovery_rate / 2) / (double)bouts;
    bout->rule.tune_n = planned > 80 ? planned / 4 : 20;
    bout->rule.together = bout->mode == PFL_RACE_DUET ? 1 : 2;
    bout->chosen = true;
    return PFL_OK;
}
