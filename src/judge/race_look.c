/*
 * Looking at a bout: after a block (anytime-valid, it may end the bout), and once at its end.
 *
 * A look asks for a p value (stats/symmetric.c) of "no difference" and, with a tolerance or a bar,
 * of the ratios at their edges; the bout is decided when the whole interval lies on one side of
 * what was asked. That interval is never worked out: an edge is outside when its own p value is
 * small enough. Looks come with every block at first and with every fiftieth part more units later,
 * so that judging never costs more than measuring.
 *
 * The final look is Hodges and Lehmann's estimate with the interval of the signed rank test, and
 * the p value of that test. The two pairs of a solo block do not turn about independently (a
 * disturbance as long as two launches hits the inner two), so the variance of the rank sum is taken
 * over blocks where that is larger (pfl_stats_symmetric_inflation), and the quantile grows by its
 * root.
 */
#include "judge/race_bout.h"

#include "stats/margin.h"
#include "stats/tests.h"

#include <string.h>

enum { SPLIT_LEAST = 5 };

static const double look_growth = 1.02, split_factor = 1.5, split_strays = 0.05;

static size_t together(enum pfl_race_mode mode)
{
    return mode == PFL_RACE_DUET ? 1 : 2;
}

/* Where the two sides of `at` are two speeds: far apart for their scatter and hardly mixed. */
static bool is_split(const double *values, size_t n, size_t at, double *scratch, double *factor)
{
    double before, after, middle;
    size_t i, strays[2] = {0, 0};

    memcpy(scratch, values, at * sizeof *values);
    before = pfl_race_median(scratch, at);
    memcpy(scratch, values + at, (n - at) * sizeof *values);
    after = pfl_race_median(scratch, n - at);
    *factor = exp(after - before);
    if (!(fabs(after - before) > log(split_factor)))
        return false;
    middle = before + (after - before) / 2;
    for (i = 0; i < n; i++)
        strays[i >= at] += (values[i] > middle) != ((i >= at) == (after > before));
    return (double)strays[0] <= split_strays * (double)at &&
           (double)strays[1] <= split_strays * (double)(n - at);
}

/* Least squares says where; values beyond the middle nine tenths count as the ends of that range,
 * or one wild launch would draw the place to itself. */
struct pfl_race_split pfl_race_split_of(const double *values, size_t n, double *scratch)
{
    struct pfl_race_split split = {false, 0, NAN};
    double total = 0, sum = 0, best = -1, d, gain, low, high;
    size_t i, at = 0;

    if (n < 2 * SPLIT_LEAST)
        return split;
    memcpy(scratch, values, n * sizeof *values);
    pfl_stats_sort(scratch, n);
    low = scratch[(SPLIT_LEAST - 1) / 2]; /* fewer than these at an end may be strays */
    high = scratch[n - 1 - (SPLIT_LEAST - 1) / 2];
    if (!(high - low > log(split_factor)))
        return split;
    for (i = 0; i < n; i++)
        total += fmin(high, fmax(low, values[i]));
    for (i = 0; i + SPLIT_LEAST < n; i++) {
        sum += fmin(high, fmax(low, values[i]));
        if (i + 1 < SPLIT_LEAST)
            continue;
        d = sum - total * (double)(i + 1) / (double)n;
        gain = d * d / ((double)(i + 1) * (double)(n - i - 1));
        if (gain > best) {
            best = gain;
            at = i + 1;
        }
    }
    if (at > 0)
        split.found = is_split(values, n, at, scratch, &split.factor);
    split.at = at;
    return split;
}

/* Smaller than every value outside [1 / (1 + t), 1 + t] in the metric's own way of counting: 10 %
 * of a throughput is a ratio of 0.9, as elsewhere in the judge. */
static double lower_edge(double tolerance)
{
    return tolerance < 1 ? log1p(-tolerance) : -INFINITY;
}

struct look {
    const struct pfl_race_doubles *logs;
    const struct pfl_symmetric_rule *rule;
    double *scratch;
    double p;      /* of "no difference", now */
    double centre; /* of the values, roughly: on which side of an edge they are */
};

static bool excludes(const struct look *look, double edge)
{
    return isinf(edge) || pfl_stats_symmetric_p(look->logs->at, look->logs->n, edge, look->rule,
                                                look->scratch) <= look->rule->alpha;
}

static bool decided_by_tolerance(const struct look *look, double tolerance)
{
    double up = log1p(tolerance), down = lower_edge(tolerance);

    if (look->centre > up)
        return excludes(look, up);
    if (look->centre < down)
        return excludes(look, down);
    return excludes(look, up) && excludes(look, down);
}

static bool enough_launches(const struct pfl_bout *bout)
{
    return pfl_race_pair_count(bout, bout->metric, bout->mode) >=
           (size_t)(bout->rules.least_launches > 0 ? bout->rules.least_launches : 0);
}

static bool decided_now(struct pfl_bout *bout, const struct look *look)
{
    double bar = bout->rules.bar;

    if (!enough_launches(bout))
        return false;
    if (!isnan(bar) && bar > 0)
        return excludes(look, pfl_race_better(bout, bout->metric) == PFL_BETTER_HIGHER ? log(bar)
                                                                                       : -log(bar));
    if (bout->rules.tolerance > 0)
        return decided_by_tolerance(look, bout->rules.tolerance);
    return look->p <= bout->rule.alpha;
}

/* The interval that will be shown says so too. (Centres far away are refuted later than near ones
 * while the values are few, and an interval has two ends.) */
static int confirm(struct pfl_bout *bout, struct pfl_err *err)
{
    double tolerance = isnan(bout->rules.bar) ? bout->rules.tolerance : 0;
    double up = 1 + tolerance, down = 1 - tolerance;
    struct pfl_race_found found;
    int rc = pfl_race_anytime(bout, pfl_race_half_error(bout), &found, err);

    if (rc < 0 || isnan(found.low))
        return rc;
    bout->decided = !isnan(bout->rules.bar) || found.low > up || found.high < down ||
                    (tolerance > 0 && found.low >= down && found.high <= up);
    return PFL_OK;
}

int pfl_race_look(struct pfl_bout *bout, struct pfl_err *err)
{
    const struct pfl_race_units *units = &bout->units[bout->metric][bout->mode];
    const struct pfl_race_doubles *logs = &units->logs;
    struct look look = {logs, &bout->rule, pfl_race_room(bout, logs->n), 1, 0};

    if (!look.scratch)
        return pfl_err_no_memory(err);
    if (logs->n < PFL_RACE_ANYTIME_LEAST || units->unusable > 0 || units->lopsided > 0 ||
        (double)logs->n < look_growth * (double)bout->looked)
        return PFL_OK;
    bout->looked = logs->n;
    look.p = pfl_stats_symmetric_p(logs->at, logs->n, 0, &bout->rule, look.scratch);
    bout->p = fmin(bout->p, look.p);
    if (bout->rules.tolerance > 0) {
        memcpy(look.scratch, logs->at, logs->n * sizeof *logs->at);
        look.centre = pfl_race_median(look.scratch, logs->n);
    }
    if (!decided_now(bout, &look) || pfl_race_split_of(logs->at, logs->n, look.scratch).found)
        return PFL_OK;
    return confirm(bout, err);
}

static double widened(double error, double inflation)
{
    double z = pfl_stats_normal_quantile(1 - error / 2) * sqrt(inflation);

    return 2 * pfl_stats_normal_cdf(-z);
}

static double wider_p(double p, double inflation)
{
    if (!(p > 0) || p >= 1 || inflation <= 1)
        return p;
    return 2 * pfl_stats_normal_cdf(pfl_stats_normal_quantile(p / 2) / sqrt(inflation));
}

int pfl_race_final(struct pfl_bout *bout, enum pfl_race_metric metric, enum pfl_race_mode mode,
                   double error, struct pfl_race_found *found, struct pfl_err *err)
{
    const struct pfl_race_doubles *logs = pfl_race_logs(bout, metric, mode);
    struct pfl_interval interval;
    struct pfl_test test;
    double *scratch, inflation, asked;
    int rc;

    *found = (struct pfl_race_found){logs->n, NAN, NAN, NAN, 1, NAN};
    if (logs->n == 0)
        return PFL_OK;
    scratch = pfl_race_room(bout, logs->n);
    if (!scratch)
        return pfl_err_no_memory(err);
    rc = pfl_stats_hodges_lehmann(logs->at, logs->n, 1 - error, &interval, err);
    if (rc < 0)
        return rc;
    found->ratio = exp(interval.estimate);
    inflation = pfl_stats_symmetric_inflation(logs->at, logs->n, interval.estimate, together(mode),
                                              scratch);
    asked = widened(error, inflation);
    if (inflation > 1 &&
        (rc = pfl_stats_hodges_lehmann(logs->at, logs->n, 1 - asked, &interval, err)) < 0)
        return rc;
    if (logs->n < PFL_RACE_FINAL_LEAST || interval.covers < 1 - asked)
        return PFL_OK;
    found->low = exp(interval.low);
    found->high = exp(interval.high);
    found->se = (interval.high - interval.low) / 2 / pfl_stats_normal_quantile(1 - error / 2);
    rc = pfl_stats_signed_rank(logs->at, logs->n, PFL_ZEROS_PRATT, &test, err);
    if (rc == PFL_OK)
        found->p = wider_p(test.p, inflation);
    return rc;
}

int pfl_race_anytime(struct pfl_bout *bout, double error, struct pfl_race_found *found,
                     struct pfl_err *err)
{
    const struct pfl_race_doubles *logs = pfl_race_logs(bout, bout->metric, bout->mode);
    struct pfl_symmetric_rule rule = bout->rule;
    struct pfl_interval interval;
    double *scratch = pfl_race_room(bout, logs->n);

    *found = (struct pfl_race_found){logs->n, NAN, NAN, NAN, bout->p, NAN};
    if (!scratch)
        return pfl_err_no_memory(err);
    if (!bout->chosen)
        return PFL_OK;
    rule.alpha = error;
    interval = pfl_stats_symmetric_interval(logs->at, logs->n, &rule, scratch);
    if (isnan(interval.estimate) || isinf(interval.low) || isinf(interval.high))
        return PFL_OK;
    found->ratio = exp(interval.estimate);
    found->low = exp(interval.low);
    found->high = exp(interval.high);
    found->se = (interval.high - interval.low) / 2 / pfl_stats_normal_quantile(1 - error / 2);
    return PFL_OK;
}
