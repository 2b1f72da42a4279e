/*
 * The shape of a change that was found.
 *
 * Step or drift: both are fitted to the series with isolated spikes taken out (running median of
 * three, which leaves steps where they are), and the Bayesian information criterion chooses
 * (Schwarz, Annals of Statistics 6, 1978), its likelihood divided by the long-run variance. So a
 * drift that the search sees as a staircase becomes one change from its first to its last value,
 * and an honest staircase stays one. The ramp is continuous: level, straight line, level; its two
 * ends are sought on a grid that is refined, each trial in constant time from running sums.
 *
 * Levels are medians. Their interval is that of the medians of the logarithms, widened by the
 * autocorrelation.
 *
 * The tail: three to eight last values all beyond every value of the present regime, and their
 * median five of its standard deviations away, may be the begin of a change that the search cannot
 * know yet. That is said, and is no verdict.
 */
#include "judge/changes_shape.h"

#include "stats/stats.h"

#include <math.h>
#include <string.h>

enum { RAMP_LEAST = 6, GRID = 32, TAIL_LEAST = 3, TAIL_MOST = 8, REGIME_LEAST = 10 };

static double median_of_three(double a, double b, double c)
{
    return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

/* The k-th smallest, partitioning in place (Hoare's FIND, CACM 4, 1961); a series made to defeat it
 * is sorted instead. */
static double select_kth(double *v, size_t n, size_t k)
{
    size_t low = 0, high = n - 1, i, j, budget = 64;
    double pivot, swap;

    while (low < high) {
        if (budget-- == 0) {
            pfl_stats_sort(v, n);
            return v[k];
        }
        pivot = median_of_three(v[low], v[low + (high - low) / 2], v[high]);
        for (i = low, j = high; i <= j;) {
            while (v[i] < pivot)
                i++;
            while (v[j] > pivot)
                j--;
            if (i <= j) {
                swap = v[i];
                v[i++] = v[j];
                v[j] = swap;
                if (j-- == 0)
                    break;
            }
        }
        if (k <= j && j < high)
            high = j;
        else if (k >= i)
            low = i;
        else
            return v[k];
    }
    return v[k];
}

static double median_of(double *v, size_t n)
{
    double low = select_kth(v, n, (n - 1) / 2), high = low;
    size_t i;

    if (n % 2 == 0) /* the next one is the least of those behind it */
        for (high = INFINITY, i = n / 2; i < n; i++)
            high = v[i] < high ? v[i] : high;
    return low + (high - low) / 2;
}

void pfl_changes_sums_fill(struct pfl_changes_sums *sums, const double *values, size_t n,
                           double *scratch)
{
    double middle;
    size_t i;

    memcpy(scratch, values, n * sizeof *values);
    middle = median_of(scratch, n); /* so that the squares do not drown the differences */
    sums->n = n;
    sums->level[0] = sums->moment[0] = sums->square[0] = 0;
    for (i = 0; i < n; i++) {
        double y = values[i];

        if (i > 0 && i + 1 < n)
            y = median_of_three(values[i - 1], y, values[i + 1]);
        y -= middle;
        sums->level[i + 1] = sums->level[i] + y;
        sums->moment[i + 1] = sums->moment[i] + (double)i * y;
        sums->square[i + 1] = sums->square[i] + y * y;
    }
}

static double around_mean(const struct pfl_changes_sums *sums, size_t from, size_t to)
{
    double level = sums->level[to] - sums->level[from];

    return fmax(sums->square[to] - sums->square[from] - level * level / (double)(to - from), 0);
}

/* Sum of squares left by the regression on u: 0 before p, rising to 1 at q. */
static double rest_of_ramp(const struct pfl_changes_sums *sums, const size_t range[2], size_t p,
                           size_t q)
{
    size_t from = range[0], to = range[1];
    double m = (double)(to - from), length = (double)(q - p), u, uu, uy, y, spread, along;

    y = sums->level[to] - sums->level[from];
    u = length / 2 + (double)(to - q);
    uu = length * (2 * length + 1) / (6 * (length + 1)) + (double)(to - q);
    uy = ((sums->moment[q] - sums->moment[p]) -
          ((double)p - 1) * (sums->level[q] - sums->level[p])) /
             (length + 1) +
         sums->level[to] - sums->level[q];
    spread = uu - u * u / m;
    along = uy - u * y / m;
    if (!(spread > 0))
        return INFINITY;
    return fmax(around_mean(sums, from, to) - along * along / spread, 0);
}

/* Tries p and q around the best so far, `step` apart, `reach` steps to each side. */
static void try_around(const struct pfl_changes_sums *sums, const size_t range[2], size_t step,
                       size_t reach, struct pfl_changes_ramp *best)
{
    size_t low_p = best->from > range[0] + reach * step ? best->from - reach * step : range[0];
    size_t high_p = best->from + reach * step;
    size_t low_q = best->to > range[0] + reach * step ? best->to - reach * step : range[0];
    size_t high_q = best->to + reach * step < range[1] ? best->to + reach * step : range[1];
    size_t p, q;
    double rest;

    for (p = low_p; p <= high_p && p + RAMP_LEAST <= range[1]; p += step)
        for (q = low_q > p + RAMP_LEAST ? low_q : p + RAMP_LEAST; q <= high_q; q += step) {
            rest = rest_of_ramp(sums, range, p, q);
            if (rest < best->rest)
                *best = (struct pfl_changes_ramp){p, q, rest};
        }
}

bool pfl_changes_ramp_fit(const struct pfl_changes_sums *sums, size_t from, size_t to,
                          struct pfl_changes_ramp *ramp)
{
    const size_t range[2] = {from, to};
    struct pfl_changes_ramp best = {from, to, INFINITY};
    size_t step = (to - from) / GRID + 1;

    if (to - from < 2 * RAMP_LEAST)
        return false;
    try_around(sums, range, step, GRID, &best);
    while (step > 1) {
        step = (step + 1) / 2;
        try_around(sums, range, step, 3, &best);
    }
    if (!isfinite(best.rest))
        return false;
    *ramp = best;
    return true;
}

static double ramp_at(const struct pfl_changes_ramp *ramp, size_t i)
{
    if (i < ramp->from)
        return 0;
    return i >= ramp->to ? 1 : (double)(i - ramp->from + 1) / (double)(ramp->to - ramp->from + 1);
}

double pfl_changes_ramp_strength(const double *values, size_t n,
                                 const struct pfl_changes_ramp *ramp)
{
    double u = 0, y = 0, uu = 0, uy = 0, yy = 0, slope, rest = 0, product = 0, left = 0, here, phi;
    size_t i;

    for (i = 0; i < n; i++) {
        here = ramp_at(ramp, i);
        u += here;
        y += values[i];
        uu += here * here;
        uy += here * values[i];
        yy += values[i] * values[i];
    }
    slope = (uy - u * y / (double)n) / (uu - u * u / (double)n);
    for (i = 0; i < n; i++) {
        here = values[i] - y / (double)n - slope * (ramp_at(ramp, i) - u / (double)n);
        rest += here * here;
        product += here * left;
        left = here;
    }
    yy -= y * y / (double)n;
    if (!(rest > 0) || !(yy > 0))
        return rest > 0 ? 0 : yy > 0 ? INFINITY : 0;
    phi = product / rest;
    phi = fmin(fmax(phi + (1 + 3 * phi) * 3 / (double)n, 0), 0.95);
    return (double)n * log(yy / rest) * (1 - phi) / (1 + phi);
}

bool pfl_changes_is_drift(const struct pfl_changes_sums *sums, const size_t *bounds, size_t steps,
                          double wander, struct pfl_changes_ramp *ramp)
{
    size_t from = bounds[0], to = bounds[steps + 1], i;
    double m = (double)(to - from), rest = 0, tiny, gain, price;
    struct pfl_changes_ramp best;

    if (!pfl_changes_ramp_fit(sums, from, to, &best))
        return false;
    for (i = 0; i <= steps; i++)
        rest += around_mean(sums, bounds[i], bounds[i + 1]);
    tiny = 1e-9 * around_mean(sums, from, to);
    /* Smoothing makes neighbours alike, too: about half of the values count. */
    gain = m * log((rest + tiny) / (best.rest + tiny)) / (2 * wander);
    price = (4.0 - (2.0 * (double)steps + 1)) * log(m) + 4;
    if (!(gain > price))
        return false;
    *ramp = best;
    return true;
}

struct pfl_changes_level pfl_changes_level_of(const double *values, size_t n, double *scratch)
{
    struct pfl_changes_level level = {.n = n, .log_se = NAN};
    size_t i;

    memcpy(scratch, values, n * sizeof *values);
    pfl_stats_sort(scratch, n);
    level.median = pfl_stats_median_sorted(scratch, n);
    if (n == 0 || !(scratch[0] > 0))
        return level;
    for (i = 0; i < n; i++)
        scratch[i] = log(scratch[i]);
    level.log_se = pfl_stats_median_se_sorted(scratch, n);
    return level;
}

void pfl_changes_spread(const double *values, size_t n, double *scratch, double *median,
                        double *mad)
{
    size_t i;

    memcpy(scratch, values, n * sizeof *values);
    *median = median_of(scratch, n);
    for (i = 0; i < n; i++)
        scratch[i] = fabs(values[i] - *median);
    *mad = median_of(scratch, n);
}

void pfl_changes_ratio(const struct pfl_changes_level *before,
                       const struct pfl_changes_level *after, double wander, double ratio[3])
{
    size_t least = before->n < after->n ? before->n : after->n;
    double se, reach;

    ratio[0] = ratio[1] = ratio[2] = NAN;
    if (isnan(before->log_se) || isnan(after->log_se))
        return;
    ratio[0] = after->median / before->median;
    if (least < 2)
        return;
    se = sqrt(wander * (before->log_se * before->log_se + after->log_se * after->log_se));
    reach = se > 0 ? se * pfl_stats_t_quantile(0.975, (double)(least - 1)) : 0;
    ratio[1] = ratio[0] * exp(-reach);
    ratio[2] = ratio[0] * exp(reach);
}

/* Are the values of the tail all above, or all below, those before it? Mostly the first few already
 * say no. */
static bool stands_apart(const double *values, size_t n, size_t tail)
{
    double low = values[n - 1], high = values[n - 1];
    bool above = true, below = true;
    size_t i;

    for (i = n - tail; i < n; i++) {
        low = values[i] < low ? values[i] : low;
        high = values[i] > high ? values[i] : high;
    }
    for (i = n - tail; i > 0 && (above || below); i--) {
        above = above && values[i - 1] < low;
        below = below && values[i - 1] > high;
    }
    return above || below;
}

size_t pfl_changes_tail(const double *values, size_t n, double *scratch)
{
    const double far = 5;
    double regime, mad, tail, tail_mad;
    size_t k;

    for (k = TAIL_MOST; k >= TAIL_LEAST; k--) {
        if (n < k + REGIME_LEAST || !stands_apart(values, n, k))
            continue;
        pfl_changes_spread(values, n - k, scratch, &regime, &mad);
        pfl_changes_spread(values + (n - k), k, scratch, &tail, &tail_mad);
        if (fabs(tail - regime) > far * 1.4826 * mad)
            return k;
    }
    return 0;
}
