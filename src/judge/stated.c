/*
 * The interval that is stated beside a median: where 95 of 100 other runs of the same thing, on the
 * same machine, would put theirs. The interval of the median itself (summary.ci_*) knows nothing of
 * what differs between one session and the next; of runs of 10 launches, two minutes' worth on a
 * shared virtual machine, it held the median of only 30 % of the others.
 *
 *     half-width² = 2 h² + 2 (1.96 σ)²        on the log scale
 *
 * h is half the interval of the median: this run's median and the other's both have it. σ is the
 * deviation between sessions. From the series' history where that is known. Else from this run: the
 * launches' own scatter (by quartiles, so that a spike does not count), because a machine on which
 * launches differ is one on which sessions do; of more than ten launches it counts less and less,
 * by the root of their number, for a longer session averages over more of what comes and goes. At
 * least 0.8 %. On a machine whose CPUs others wanted (PSI) at least 1.2 % for CPU time, from 10 %
 * of the session on, for caches and the clock are shared; for wall-clock time 0.4 of the share of
 * the session in which something waited, at most 20 %: the next session's waiting is another. These
 * are what such sessions showed (docs/statistics.md has the figures). The comparison of runs does
 * not use any of this: it has rules of its own for σ (session.c, effect.c). A file that has only a
 * summary keeps the interval that its tool gave.
 */
#include "judge/internal.h"

#include <string.h>

static const double least_sd = 0.008, contended_sd = 0.012, waiting_share = 0.4,
                    most_waiting = 0.20;
/* Of the launches' deviation: sessions average over it. */
static const double own_share = 0.75;
static const double normal_quantile = 1.959963984540054;

enum { FEW_LAUNCHES = 10 };

static bool is_cpu_time(const char *metric)
{
    static const char *const names[] = {"cpu", "user", "sys"};
    size_t len = strcspn(metric, ":"), i;

    for (i = 0; i < PFL_COUNT(names); i++)
        if (strlen(names[i]) == len && strncmp(metric, names[i], len) == 0)
            return true;
    return false;
}

/* pressure: per cent of the session in which something waited for a CPU. */
static double least_deviation(const struct pfl_result *result, double pressure)
{
    if (is_cpu_time(result->metric))
        return pressure >= PFL_JUDGE_PRESSURE ? contended_sd : least_sd;
    return fmax(least_sd, fmin(waiting_share * pressure / 100, most_waiting));
}

/* By the launches at hand; their quartiles are those of the values as measured. */
static double own_deviation(const struct pfl_result *result, double least)
{
    const struct pfl_summary *s = &result->summary;
    double scatter =
        own_share * (s->q3 - s->q1) / 1.3489795003921634 / pfl_judge_raw(result).median;

    if (result->normalised.by)
        scatter *= sqrt(1 - result->normalised.reduction);
    if (s->n > FEW_LAUNCHES)
        scatter *= sqrt(FEW_LAUNCHES / (double)s->n);
    return scatter > least ? scatter : least; /* without quartiles: the least */
}

static double known_deviation(const struct pfl_stated_history *history,
                              const struct pfl_benchmark *bench, const struct pfl_result *result)
{
    size_t sessions = 0;
    double sd;

    if (!history || !history->session_sd)
        return NAN;
    sd = history->session_sd(history->context, bench->name, result->metric, result->variant,
                             &sessions);
    return sd >= 0 && isfinite(sd) ? sd : (double)NAN;
}

static void state(const struct pfl_stated_history *history, const struct pfl_benchmark *bench,
                  double pressure, struct pfl_result *result)
{
    const struct pfl_summary *s = &result->summary;
    double direction, half, sd;

    memset(&result->stated, 0, sizeof result->stated);
    if (result->summary_only || !pfl_judge_follows_machine(result, &direction) || s->n < 2 ||
        !(s->ci_low > 0) || !isfinite(s->ci_high))
        return;
    sd = known_deviation(history, bench, result);
    if (isnan(sd))
        sd = own_deviation(result, least_deviation(result, pressure));
    half = log(s->ci_high / s->ci_low) / 2;
    half = sqrt(2 * (half * half + normal_quantile * sd * normal_quantile * sd));
    result->stated.known = true;
    result->stated.low = s->median * exp(-half);
    result->stated.high = s->median * exp(half);
}

void pfl_judge_state(struct pfl_run *run, const struct pfl_stated_history *history)
{
    double pressure = pfl_judge_pressure(run);
    size_t i, j;

    for (i = 0; i < run->benchmark_count; i++)
        for (j = 0; j < run->benchmarks[i].result_count; j++)
            state(history, &run->benchmarks[i], pressure, &run->benchmarks[i].results[j]);
}
