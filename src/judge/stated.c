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
 * least 0.8 %, and more by what the command does (the two add up as variances): a share s of its
 * CPU time in the kernel makes it 5.5 % × s, more resident memory than private caches hold 3 %.
 * Where pages lie, what the neighbours keep in the caches and what the kernel is busy with change
 * from one minute to the next and are the same for all launches of a session. On a machine whose
 * CPUs others wanted (PSI) at least 1.2 % for CPU time, from 10 % of the session on, for caches and
 * the clock are shared; for wall-clock time 0.4 of the share of the session in which something
 * waited, at most 20 %: the next session's waiting is another.
 * Values that a yardstick beside each sample normalised know nothing of all that: at least 0.2 %,
 * and by the launches' scatter only where that is above 5 %, since what moves between sessions was
 * taken out, and what is left differs from launch to launch as well. Where the reference is the
 * run's own, another run would have another one: the clock's 3 % are added. These are what sessions
 * showed (docs/statistics.md has the figures). The comparison of runs does not use any of this: it
 * has rules of its own for σ (session.c, effect.c). A file that has only a summary keeps the
 * interval that its tool gave; of a thinned run it is as it was, for it needs no samples.
 */
#include "judge/internal.h"

#include <string.h>

/* Of values normalised by a yardstick beside each sample; launches that differ by more than a
 * twentieth say that sessions do. */
static const double inside_sd = 0.002, inside_steady = 0.05;
/* Of the core's clock, from one session to the next. */
static const double clock_sd = 0.03;
static const double least_sd = 0.008, contended_sd = 0.012, waiting_share = 0.4,
                    most_waiting = 0.20;
/* Of a command that only calls the kernel; of one that does not fit into a core's own caches. */
static const double kernel_sd = 0.055, memory_sd = 0.03, cached_bytes = 16.0 * 1024 * 1024;
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

static double median_of(const struct pfl_benchmark *bench, const char *metric)
{
    const struct pfl_result *result = pfl_benchmark_find(bench, metric, "");

    return result && result->summary.n ? result->summary.median : 0;
}

/* By what the launches do: in the kernel, with much memory. Nothing known: 0. */
static double deviation_by_kind(const struct pfl_benchmark *bench)
{
    double cpu = median_of(bench, "cpu"), share = cpu > 0 ? median_of(bench, "sys") / cpu : 0;

    return hypot(kernel_sd * fmin(share, 1),
                 median_of(bench, "peak_rss") >= cached_bytes ? memory_sd : 0);
}

/* Of one benchmark. */
struct conditions {
    const struct pfl_benchmark *bench;
    double pressure; /* per cent of the session in which something waited for a CPU */
    bool own_reference, thinned;
    double by_kind;
};

static double least_deviation(const struct conditions *conditions, const struct pfl_result *result)
{
    double pressure = conditions->pressure;
    double least = least_sd;

    if (pfl_judge_is_inside(conditions->bench, result))
        return inside_sd;
    if (!is_cpu_time(result->metric))
        least = fmax(least_sd, fmin(waiting_share * pressure / 100, most_waiting));
    else if (pressure >= PFL_JUDGE_PRESSURE)
        least = contended_sd;
    return hypot(least, conditions->by_kind);
}

/* By the launches at hand; their quartiles are those of the values as measured. */
static double own_deviation(const struct conditions *conditions, const struct pfl_result *result)
{
    double least = least_deviation(conditions, result);
    const struct pfl_summary *s = &result->summary;
    double scatter =
        own_share * (s->q3 - s->q1) / 1.3489795003921634 / pfl_judge_raw(result).median;

    if (pfl_judge_is_inside(conditions->bench, result)) {
        scatter = pfl_judge_inside_scatter(result);
        scatter = scatter > inside_steady ? own_share * scatter : 0;
    } else if (result->normalised.by)
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

static void state(const struct pfl_stated_history *history, const struct conditions *conditions,
                  struct pfl_result *result)
{
    const struct pfl_summary *s = &result->summary;
    double direction, half, sd;

    memset(&result->stated, 0, sizeof result->stated);
    if ((result->summary_only && !conditions->thinned) || s->n < 2 ||
        !(pfl_judge_follows_machine(result, &direction) ||
          pfl_judge_is_inside(conditions->bench, result)) ||
        !(s->ci_low > 0) || !isfinite(s->ci_high))
        return;
    sd = known_deviation(history, conditions->bench, result);
    if (isnan(sd))
        sd = own_deviation(conditions, result);
    if (conditions->own_reference && result->normalised.by)
        sd = hypot(sd, clock_sd);
    half = log(s->ci_high / s->ci_low) / 2;
    half = sqrt(2 * (half * half + normal_quantile * sd * normal_quantile * sd));
    result->stated.known = true;
    result->stated.low = s->median * exp(-half);
    result->stated.high = s->median * exp(half);
}

void pfl_judge_state(struct pfl_run *run, const struct pfl_stated_history *history)
{
    struct conditions conditions = {.pressure = pfl_judge_pressure(run),
                                    .own_reference = run->own_reference,
                                    .thinned = run->thinned_unix_ns != 0};
    size_t i, j;

    for (i = 0; i < run->benchmark_count; i++) {
        conditions.bench = &run->benchmarks[i];
        conditions.by_kind = deviation_by_kind(&run->benchmarks[i]);
        for (j = 0; j < run->benchmarks[i].result_count; j++)
            state(history, &conditions, &run->benchmarks[i].results[j]);
    }
}
