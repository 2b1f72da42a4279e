/*
 * From the values of the launches to a figure and the interval that is stated beside it: where 95
 * of 100 other invocations of this program, on this machine, would put theirs. The rule is
 * perfledger's own (docs/statistics.md, "The interval"):
 *
 *     half-width² = 2 h² + 2 (1.96 σ)²        on the log scale
 *
 * h is half the 95 % interval of the median (order statistics: src/stats/interval.c); this
 * invocation's median has it, and the other's. σ is how much invocations differ beyond that: what
 * is the same for all launches of one and another in the next. For core clock cycles little is left
 * of it, because every batch is divided by the yardstick beside it: 0.15 %, where invocations of
 * 100 ns kernels beside a busy loop scatter by 0.02–0.12 %. For times and rates it is the clock of
 * a shared host, which steps by 4–8 % for minutes and of which a guest sees nothing: 3 %. Where
 * launches differ among themselves (pages lie elsewhere, neighbours in the caches), so do
 * invocations: three quarters of the launches' own deviation, by quartiles, when that is more, less
 * of it with more than ten launches. With half of it a sort of 1000 numbers (σ 2.5 %) had 85 % of
 * the other invocations within, with three quarters 92 %. Other metrics (counts, errors) have the
 * median's own interval.
 *
 * One launch alone knows nothing of the next: no interval.
 */
#include "program.h"

#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double estimate_cycles_sd = 0.0015, estimate_clock_sd = 0.03;
static const double estimate_own_share = 0.75, estimate_normal_quantile = 1.959963984540054;
/* Of a normal distribution, in standard deviations. */
static const double estimate_quartiles_apart = 1.3489795003921634;

enum { ESTIMATE_FEW_LAUNCHES = 10 };

static bool estimate_is_time(const char *unit)
{
    static const char *const times[] = {"s", "ms", "us", "µs", "μs", "ns", "min", "h"};
    const size_t len = strlen(unit);
    size_t i;

    for (i = 0; i < sizeof times / sizeof *times; i++)
        if (strcmp(unit, times[i]) == 0)
            return true;
    return len >= 2 && strcmp(unit + len - 2, "/s") == 0;
}

/* Between invocations; NaN: nothing beyond the median's own interval. */
static double estimate_session_sd(const char *metric, const char *unit)
{
    if (strcmp(metric, "cycles") == 0)
        return estimate_cycles_sd;
    if (estimate_is_time(unit))
        return estimate_clock_sd;
    return NAN;
}

static double estimate_deviation(const double *sorted, size_t n, double median, double least)
{
    double scatter =
        estimate_own_share *
        (pfl_stats_quantile_sorted(sorted, n, 0.75) - pfl_stats_quantile_sorted(sorted, n, 0.25)) /
        estimate_quartiles_apart / median;

    if (n > ESTIMATE_FEW_LAUNCHES)
        scatter *= sqrt(ESTIMATE_FEW_LAUNCHES / (double)n);
    return scatter > least ? scatter : least;
}

static void estimate_state(const double *sorted, double session_sd, struct pfl_lib_estimate *e)
{
    double half, sd;

    e->low = e->high = NAN;
    if (e->n < 2)
        return;
    if (isnan(session_sd) || !(e->own_low > 0)) {
        e->low = e->own_low;
        e->high = e->own_high;
        return;
    }
    sd = estimate_normal_quantile * estimate_deviation(sorted, e->n, e->median, session_sd);
    half = log(e->own_high / e->own_low) / 2;
    half = sqrt(2 * (half * half + sd * sd));
    e->low = fmin(e->median * exp(-half), e->own_low); /* few launches, all to one side */
    e->high = fmax(e->median * exp(half), e->own_high);
}

void pfl_lib_estimate(const char *metric, const char *unit, const double *values, size_t n,
                      struct pfl_lib_estimate *estimate)
{
    double *sorted = pfl_lib_alloc((n + 1) * sizeof *sorted);

    memset(estimate, 0, sizeof *estimate);
    estimate->n = pfl_stats_drop_nan(values, n, sorted);
    pfl_stats_sort(sorted, estimate->n);
    estimate->median = pfl_stats_median_sorted(sorted, estimate->n);
    estimate->mean = estimate->min = estimate->max = NAN;
    estimate->own_low = estimate->own_high = estimate->low = estimate->high = NAN;
    if (estimate->n > 0) {
        estimate->mean = pfl_stats_mean(sorted, estimate->n);
        estimate->stddev = pfl_stats_stddev(sorted, estimate->n);
        estimate->min = sorted[0];
        estimate->max = sorted[estimate->n - 1];
        pfl_stats_median_interval_sorted(sorted, estimate->n, 0.95, &estimate->own_low,
                                         &estimate->own_high);
        estimate_state(sorted, estimate_session_sd(metric, unit), estimate);
    }
    free(sorted);
}

double pfl_lib_estimate_half(const struct pfl_lib_estimate *estimate)
{
    if (isnan(estimate->low) || !(fabs(estimate->median) > 0))
        return estimate->low == estimate->high ? 0 : (double)NAN; /* all zero */
    return (estimate->high - estimate->low) / 2 / fabs(estimate->median);
}
