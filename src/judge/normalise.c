/*
 * Does a yardstick explain how a metric moves from launch to launch? Then the metric is given as it
 * would have been had the machine run as its reference did: value × reference / reading. Only where
 * that provably reduces the spread of the launches at hand; everywhere else the values stay as
 * measured, for dividing by something unrelated adds noise.
 *
 * With y the log of a launch's value and z the log of the reading nearest in time, two things must
 * hold. The robust variance (median absolute deviation) of y − z is at least a fifth below that of
 * y. And it is no chance: Pitman (Biometrika 31, 1939) and Morgan (same volume) compare two
 * correlated variances by the correlation of their sum and difference, here 2y − z and z; by ranks
 * (Spearman), so that no outlier decides. Launches beside one reading share its z and are reduced
 * to their median first: so many readings, not launches, are what the test has. p < 0.01, shared
 * among the yardsticks that are tried.
 *
 * Two things that only drift (a cache that warms up, a clock that falls) are correlated without
 * having to do with each other (Yule, J. R. Stat. Soc. 89, 1926). So the test is of the differences
 * from one reading to the next, in which a straight drift is a constant; and of their partial
 * correlation given time, because a drift that levels off leaves differences that drift themselves.
 * A value that follows its yardstick follows its ups and downs.
 *
 * The summary's median and interval are then those of the normalised values. Everything else in it
 * (extremes, quartiles, mean), and the samples, stay as they were measured.
 */
#include "base/alloc.h"
#include "base/units.h"
#include "judge/internal.h"

#include <string.h>

static const double level = 0.01, least_reduction = 0.2;

/* All arrays have room for one value per launch. */
struct table {
    const struct pfl_run *run;
    size_t n;         /* launches with a value */
    double *y;        /* log values, in the order of time as far as launches are */
    double *z;        /* logs of the readings beside them */
    size_t *beside;   /* which reading that is */
    double *residual; /* y − z */
    double *scratch[3];
};

bool pfl_judge_follows_machine(const struct pfl_result *result, double *direction)
{
    enum pfl_units_kind kind = pfl_units_kind_of(result->unit);

    *direction = kind == PFL_UNITS_RATE ? -1 : 1;
    return !result->text && (kind == PFL_UNITS_TIME || kind == PFL_UNITS_RATE);
}

/* The reading nearest to a moment; they are in the order of time. */
static size_t nearest(const struct pfl_run *run, int64_t at_ns)
{
    size_t low = 0, high = run->yardstick_count, middle;

    while (low < high) { /* the first reading at or behind the moment */
        middle = low + (high - low) / 2;
        if (run->yardsticks[middle].at_ns < at_ns)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == run->yardstick_count)
        return low - 1;
    if (low > 0 && at_ns - run->yardsticks[low - 1].at_ns < run->yardsticks[low].at_ns - at_ns)
        return low - 1;
    return low;
}

/* Fills y and the readings' places; false when a value has no logarithm. */
static bool fill(struct table *t, const struct pfl_benchmark *bench, const double *values)
{
    size_t i;

    t->n = 0;
    for (i = 0; i < bench->launch_count; i++) {
        if (isnan(values[i]))
            continue;
        if (!(values[i] > 0) || isinf(values[i]))
            return false;
        t->y[t->n] = log(values[i]);
        t->beside[t->n++] = nearest(t->run, bench->launches[i].started_ns);
    }
    return t->n >= PFL_JUDGE_READINGS_LEAST;
}

/* z and the residual for one yardstick; false when a reading is missing. */
static bool try_yardstick(struct table *t, size_t which, double direction)
{
    double reading;
    size_t i;

    for (i = 0; i < t->n; i++) {
        reading = t->run->yardsticks[t->beside[i]].value[which];
        if (!(reading > 0) || isinf(reading))
            return false;
        t->z[i] = direction * log(reading);
        t->residual[i] = t->y[i] - t->z[i];
    }
    return true;
}

/* The launches beside each reading become one: median y in *y, z in *z. Launches stand in the order
 * of time, so equal readings are neighbours. Answers how many readings had launches. */
static size_t by_reading(struct table *t, double *y, double *z)
{
    size_t i, k, from = 0, groups = 0;
    double *group = t->scratch[2];

    for (i = 1; i <= t->n; i++) {
        if (i < t->n && t->beside[i] == t->beside[from])
            continue;
        for (k = from; k < i; k++)
            group[k - from] = t->y[k];
        pfl_stats_sort(group, i - from);
        y[groups] = pfl_stats_median_sorted(group, i - from);
        z[groups++] = t->z[from];
        from = i;
    }
    return groups;
}

/* Mid-rank of values[i], less the mean rank. */
static double centred_rank(const double *values, size_t n, size_t i)
{
    double less = 0, equal = 0;
    size_t k;

    for (k = 0; k < n; k++) {
        less += values[k] < values[i];
        equal += values[k] == values[i];
    }
    return less + (equal - (double)n) / 2;
}

/* Spearman's correlation; b NULL: with the place in the array. */
static double rank_correlation(const double *a, const double *b, size_t n)
{
    double ab = 0, aa = 0, bb = 0, x, y;
    size_t i;

    for (i = 0; i < n; i++) {
        x = centred_rank(a, n, i);
        y = b ? centred_rank(b, n, i) : (double)i - ((double)n - 1) / 2;
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

/* One-sided p of Spearman's partial correlation, given the place in the array, being positive; by
 * Student's t (Kendall & Gibbons, Rank Correlation Methods, 1990). */
double pfl_judge_rank_correlation_p(const double *a, const double *b, size_t n)
{
    double with_a = rank_correlation(a, NULL, n), with_b = rank_correlation(b, NULL, n);
    double left = (1 - with_a * with_a) * (1 - with_b * with_b), df = (double)n - 3, rho;

    if (!(left > 1e-9)) /* one of the two is nothing but a drift */
        return 1;
    rho = (rank_correlation(a, b, n) - with_a * with_b) / sqrt(left);
    if (rho >= 1)
        return 0;
    return pfl_stats_t_cdf(-rho * sqrt(df / (1 - rho * rho)), df);
}

static double robust_variance(struct table *t, const double *values)
{
    double mad;

    memcpy(t->scratch[0], values, t->n * sizeof *values);
    pfl_stats_sort(t->scratch[0], t->n);
    mad = pfl_stats_mad_sorted(t->scratch[0], t->n, t->scratch[1]);
    return mad * mad;
}

static bool is_proved(struct table *t)
{
    enum { MOST = 512 }; /* ranks are found by counting */
    double *y = t->scratch[0], *z = t->scratch[1];
    size_t n = by_reading(t, y, z), i, step = n / MOST + 1, kept = 0;

    if (n < PFL_JUDGE_READINGS_LEAST)
        return false;
    for (i = 0; i + 1 < n; i += step, kept++) {
        double dy = y[i + 1] - y[i], dz = z[i + 1] - z[i];

        z[kept] = dz;
        y[kept] = 2 * dy - dz;
    }
    return pfl_judge_rank_correlation_p(y, z, kept) < level / PFL_YARDSTICK_COUNT;
}

/* The yardstick that takes away most; PFL_YARDSTICK_COUNT: none does enough. */
static size_t choose(struct table *t, double direction, double *reduction)
{
    double before = robust_variance(t, t->y), share;
    size_t which, best = PFL_YARDSTICK_COUNT;

    *reduction = least_reduction;
    for (which = 0; which < PFL_YARDSTICK_COUNT && before > 0; which++) {
        if (!(t->run->yardstick_reference[which] > 0) || !try_yardstick(t, which, direction))
            continue;
        share = 1 - robust_variance(t, t->residual) / before;
        if (share < *reduction || !is_proved(t))
            continue;
        *reduction = share;
        best = which;
    }
    return best;
}

void pfl_judge_set_normalised(struct pfl_result *result, enum pfl_yardstick yardstick,
                              double reference, const struct pfl_summary *adjusted)
{
    struct pfl_summary *summary = &result->summary;

    result->normalised.by = pfl_yardstick_name(yardstick);
    result->normalised.yardstick = yardstick;
    result->normalised.reference = reference;
    result->normalised.raw_median = summary->median;
    result->normalised.raw_low = summary->ci_low;
    result->normalised.raw_high = summary->ci_high;
    summary->median = adjusted->median;
    summary->ci_low = adjusted->ci_low;
    summary->ci_high = adjusted->ci_high;
}

static int apply(struct table *t, size_t which, double direction, struct pfl_result *result,
                 struct pfl_err *err)
{
    double reference = t->run->yardstick_reference[which];
    struct pfl_summary adjusted;
    size_t i;
    int rc;

    try_yardstick(t, which, direction);
    for (i = 0; i < t->n; i++)
        t->scratch[0][i] = exp(t->residual[i] + direction * log(reference));
    rc = pfl_stats_summarise(t->scratch[0], t->n, &adjusted, err);
    if (rc != PFL_OK)
        return rc;
    pfl_judge_set_normalised(result, (enum pfl_yardstick)which, reference, &adjusted);
    return PFL_OK;
}

int pfl_judge_normalise(const struct pfl_run *run, const struct pfl_benchmark *bench,
                        const double *values, struct pfl_result *result, struct pfl_err *err)
{
    size_t n = bench->launch_count, which = PFL_YARDSTICK_COUNT, i;
    struct table t = {.run = run};
    double direction, reduction, *room;
    int rc = PFL_OK;

    if (run->yardstick_count < PFL_JUDGE_READINGS_LEAST || n < PFL_JUDGE_READINGS_LEAST ||
        !pfl_judge_follows_machine(result, &direction))
        return PFL_OK;
    room = pfl_alloc(n * (6 * sizeof *room + sizeof *t.beside));
    if (!room)
        return pfl_err_no_memory(err);
    t.y = room;
    t.z = room + n;
    t.residual = room + 2 * n;
    for (i = 0; i < 3; i++)
        t.scratch[i] = room + (3 + i) * n;
    t.beside = (size_t *)(void *)(room + 6 * n);
    if (fill(&t, bench, values))
        which = choose(&t, direction, &reduction);
    if (which < PFL_YARDSTICK_COUNT) {
        rc = apply(&t, which, direction, result, err);
        result->normalised.reduction = reduction;
    }
    pfl_free(room);
    return rc;
}

struct pfl_summary pfl_judge_raw(const struct pfl_result *result)
{
    struct pfl_summary summary = result->summary;

    if (result->normalised.by) {
        summary.median = result->normalised.raw_median;
        summary.ci_low = result->normalised.raw_low;
        summary.ci_high = result->normalised.raw_high;
    }
    return summary;
}

/* What later runs are held against for ever. An interruption only makes a reading longer, up to
 * twenty-five times, so a few readings tell nothing, and of many the lower quartile does. */
int pfl_judge_yardstick_reference(const struct pfl_run *run, double reference[PFL_YARDSTICK_COUNT],
                                  struct pfl_err *err)
{
    bool busy = pfl_judge_pressure(run) >= PFL_JUDGE_BUSY;
    double *values = pfl_alloc(run->yardstick_count * sizeof *values);
    size_t which, i, n;

    if (!values)
        return pfl_err_no_memory(err);
    for (which = 0; which < PFL_YARDSTICK_COUNT; which++) {
        for (i = 0, n = 0; i < run->yardstick_count && !busy; i++)
            if (run->yardsticks[i].value[which] > 0)
                values[n++] = run->yardsticks[i].value[which];
        pfl_stats_sort(values, n);
        reference[which] =
            n < PFL_JUDGE_READINGS_LEAST ? (double)NAN : pfl_stats_quantile_sorted(values, n, 0.25);
    }
    pfl_free(values);
    return pfl_judge_inside_reference(run, &reference[PFL_YARDSTICK_CORE], err);
}
