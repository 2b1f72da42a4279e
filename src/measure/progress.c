/*
 * What the person waiting is told, between launches only: which benchmark, which round, what it
 * looks like so far and how long it will take. The time left is estimated once per round (a sum
 * over all benchmarks) and counted down from there, so that telling costs nothing that grows with
 * the plan.
 */
#include "measure/session.h"

#include "stats/stats.h"

#include <math.h>
#include <string.h>

enum { INTERVAL_LEAST = 5 };

static double left_of(const struct pfl_session_item *item)
{
    const struct pfl_how *how = &item->plan->how;
    double step = item->steps ? (double)item->steps_ns / item->steps / 1e9 : NAN;
    double rounds = pfl_step_goal(how) - item->rounds, by_rounds = step * rounds;
    double inside = item->plan->select && item->insides.n ? (double)item->insides.n : 1;
    double by_budget = ((double)how->max_time_ns * inside - (double)item->spent_ns) / 1e9;
    double least = step * (pfl_step_least(how) - item->rounds);

    if (!pfl_step_wanted(item))
        return 0;
    if (how->max_time_ns <= 0 || by_rounds < by_budget || isnan(step))
        return by_rounds;
    return by_budget > least ? by_budget : least;
}

void pfl_progress_round(struct pfl_session *s)
{
    size_t i;

    s->left_at_ns = pfl_session_now(s);
    s->left_s = 0;
    for (i = 0; s->params->progress && i < s->item_count; i++)
        s->left_s += left_of(&s->items[i]);
}

static double time_left(struct pfl_session *s)
{
    int64_t now = pfl_session_now(s);
    double left = s->left_s - (double)(now - s->left_at_ns) / 1e9;

    if (s->round == 0)
        left = NAN;
    if (s->deadline_ns && (isnan(left) || left > (double)(s->deadline_ns - now) / 1e9))
        left = (double)(s->deadline_ns - now) / 1e9;
    return left < 0 ? 0 : left;
}

static void estimate(struct pfl_session *s, const struct pfl_session_item *item,
                     struct pfl_progress *progress)
{
    const struct pfl_column *time = NULL;
    size_t i, n;

    for (i = 0; i < item->own.columns.n && !time; i++)
        if (strcmp(item->own.columns.at[i].metric, "time") == 0)
            time = &item->own.columns.at[i];
    if (!time || time->values.n == 0 || !pfl_vec_reserve(&s->sorted, time->values.n))
        return;
    n = pfl_stats_drop_nan(time->values.at, time->values.n, s->sorted.at);
    if (n == 0)
        return;
    pfl_stats_sort(s->sorted.at, n);
    progress->estimate = pfl_stats_median_sorted(s->sorted.at, n);
    if (n >= INTERVAL_LEAST)
        pfl_stats_median_interval_sorted(s->sorted.at, n, 0.95, &progress->ci_low,
                                         &progress->ci_high);
}

void pfl_progress_tell(struct pfl_session *s, const char *phase,
                       const struct pfl_session_item *item)
{
    struct pfl_progress progress = {
        .benchmark = item->plan->name,
        .phase = phase,
        .round = (size_t)item->rounds,
        .rounds = (size_t)pfl_step_goal(&item->plan->how),
        .benchmark_index = (size_t)(item - s->items),
        .benchmark_count = s->item_count,
        .estimate = NAN,
        .ci_low = NAN,
        .ci_high = NAN,
    };

    if (!s->params->progress)
        return;
    progress.seconds_left = time_left(s);
    estimate(s, item, &progress);
    s->params->progress(s->params->context, &progress);
}
