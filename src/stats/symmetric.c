/*
 * Anytime-valid tests of a centre of symmetry, by a self-normalised mixture.
 *
 * For a sign that is a fair coin, E exp(λ s u) = cosh(λ u) ≤ exp(λ² u² / 2) whatever u ≥ 0 is, so
 * Π exp(λ s_i u_i − λ² u_i² / 2) cannot be expected to grow (de la Peña, "A general class of
 * exponential inequalities for martingales and ratios", Annals of Probability 27, 1999; Efron,
 * "Student's t-test under symmetry conditions", JASA 64, 1969). Mixed over λ ~ N(0, 1/ρ) (Robbins,
 * Annals of Mathematical Statistics 41, 1970) it is √(ρ / (V + ρ)) exp(S² / (2 (V + ρ))), S = Σ s
 * u, V = Σ u², and by Ville's inequality it ever reaches 1/α with probability ≤ α.
 *
 * One ρ is sharp at one length only, and the bound exp(λ² u² / 2) wastes half of what a large
 * effect has to say, so three such games are played and their wealth averaged: the mixture tuned to
 * tune_n, one tuned to FEW values, and, over the first COINS groups, plain bets on the sign at
 * λ = ±2 / typical size, which pay exp(λ s u) / cosh(λ u) (Kelly, Bell System Technical Journal 35,
 * 1956): ten equal signs in a row decide at 1 %, where the mixtures take fifteen and more.
 *
 * Here u is the sum of a group's values (those that turn about together), each clipped at CLIP
 * robust deviations about the hypothesised centre, 1.4826 × the median of |x − centre|. This scale
 * is taken at 8, 16, 32, … values and holds until the next; the values before the first use the
 * first. That keeps the proof: given all |x − centre| the signs are still fair coins, and no factor
 * changes once it was multiplied in. Measuring the scale about the hypothesised centre, not about
 * the sample's own, also keeps a large effect unclipped and ρ of its order, so that one of a
 * thousand deviations is found as soon as one of ten. Where more than half of the values equal the
 * centre (quantised metrics) the mean of |x − centre| takes the median's part, and where all do,
 * the first scale waits.
 */
#include "stats/symmetric.h"

#include "stats/sequential.h"

#include <math.h>
#include <string.h>

static const double clip = 2.5, to_sigma = 1.4826;

static const double few = 20, stake = 2;

enum { BISECTIONS = 60, DOUBLINGS = 80, COINS = 100 };

/* The k-th smallest, counted from 0 (Hoare, "Algorithm 65: Find", CACM 4, 1961); reorders. */
static double kth_smallest(double *values, size_t n, size_t k)
{
    ptrdiff_t low = 0, high = (ptrdiff_t)n - 1, wanted = (ptrdiff_t)k, i, j;
    double pivot, kept;

    while (low < high) {
        pivot = values[low + (high - low) / 2];
        for (i = low, j = high; i <= j;) {
            while (values[i] < pivot)
                i++;
            while (pivot < values[j])
                j--;
            if (i <= j) {
                kept = values[i];
                values[i++] = values[j];
                values[j--] = kept;
            }
        }
        if (j < wanted)
            low = i;
        if (wanted < i)
            high = j;
    }
    return values[wanted];
}

static double scale_of(const double *values, size_t n, double centre, double *scratch)
{
    double sum = 0, middle;
    size_t i;

    for (i = 0; i < n; i++) {
        scratch[i] = fabs(values[i] - centre);
        sum += scratch[i];
    }
    middle = kth_smallest(scratch, n, n / 2);
    return middle > 0 ? to_sigma * middle : sum / (double)n;
}

struct sums {
    double signed_sum, squares;
    double rho[2];                /* of the mixtures */
    double lambda, bet, expected; /* Σ λ s u and Σ ln cosh(λ u) over the first COINS groups */
    size_t coins;
};

static double clipped(double x, double limit)
{
    return x > limit ? limit : x < -limit ? -limit : x;
}

/* The values up to `end`, by the scale that holds for them. */
static void add_up(const double *values, size_t from, size_t end, double centre, double scale,
                   size_t together, struct sums *sums)
{
    size_t i, j;
    double group;

    for (i = from; i + together <= end; i += together) {
        for (j = 0, group = 0; j < together; j++)
            group += clipped(values[i + j] - centre, clip * scale);
        sums->signed_sum += group;
        sums->squares += group * group;
        if (sums->coins++ < COINS) {
            group = fabs(sums->lambda * group);
            sums->expected += group + log1p(exp(-2 * group)) - log(2);
            sums->bet = sums->lambda * sums->signed_sum;
        }
    }
}

/* From the first scale, and so from sizes alone. */
static void tune(struct sums *sums, const struct pfl_symmetric_rule *rule, double scale,
                 size_t together)
{
    double variance = scale * scale;

    sums->rho[0] = pfl_stats_mixture_rho(rule->tune_n * variance, rule->alpha);
    sums->rho[1] = pfl_stats_mixture_rho(few * variance, rule->alpha);
    sums->lambda = stake * to_sigma / (scale * (double)together);
}

/* Stages end at 8, 16, 32, … values, rounded up to whole groups. false: nothing can be said. */
static bool walk(const double *values, size_t n, double centre,
                 const struct pfl_symmetric_rule *rule, double *scratch, struct sums *sums)
{
    size_t together = rule->together > 1 ? rule->together : 1, done = 0, stage, end;
    double scale = 0, next;

    memset(sums, 0, sizeof *sums);
    n -= n % together;
    for (stage = PFL_SYMMETRIC_FIRST; stage <= n; stage *= 2) {
        end = stage + (together - stage % together) % together;
        if (end > n)
            break;
        next = scale_of(values, end, centre, scratch);
        if (!(next > 0))
            continue;
        if (scale == 0)
            tune(sums, rule, next, together);
        add_up(values, done, end, centre, scale > 0 ? scale : next, together, sums);
        scale = next;
        done = end;
    }
    if (!(scale > 0) || !(sums->rho[0] > 0) || !(sums->rho[1] > 0) || !isfinite(sums->rho[0]) ||
        !isfinite(sums->lambda))
        return false;
    add_up(values, done, n, centre, scale, together, sums);
    return true;
}

static double log_mixture(const struct sums *sums, double rho)
{
    double total = sums->squares + rho;

    return (sums->signed_sum * sums->signed_sum / total - log(total / rho)) / 2;
}

/* One over the mean of the three wealths. */
static double p_of(const struct sums *sums)
{
    double logs[3] = {log_mixture(sums, sums->rho[0]), log_mixture(sums, sums->rho[1]),
                      fabs(sums->bet) - sums->expected + log1p(exp(-2 * fabs(sums->bet))) - log(2)};
    double most = fmax(logs[0], fmax(logs[1], logs[2]));
    double sum = exp(logs[0] - most) + exp(logs[1] - most) + exp(logs[2] - most);
    double log_p = log(3) - log(sum) - most;

    return log_p < 0 ? exp(log_p) : 1;
}

static bool usable(const double *values, size_t n, const struct pfl_symmetric_rule *rule)
{
    size_t i;

    if (n < PFL_SYMMETRIC_FIRST || !(rule->alpha > 0 && rule->alpha < 1) || !(rule->tune_n > 0))
        return false;
    for (i = 0; i < n; i++)
        if (!(fabs(values[i]) <= pfl_stats_largest))
            return false;
    return true;
}

double pfl_stats_symmetric_p(const double *values, size_t n, double centre,
                             const struct pfl_symmetric_rule *rule, double *scratch)
{
    struct sums sums;

    if (!usable(values, n, rule) || !isfinite(centre) ||
        !walk(values, n, centre, rule, scratch, &sums))
        return 1;
    return p_of(&sums);
}

struct question {
    const double *values;
    size_t n;
    const struct pfl_symmetric_rule *rule;
    double *scratch;
};

static double pull(const struct question *q, double centre)
{
    struct sums sums;

    return walk(q->values, q->n, centre, q->rule, q->scratch, &sums) ? sums.signed_sum : 0;
}

static bool rejected(const struct question *q, double centre)
{
    struct sums sums;

    return walk(q->values, q->n, centre, q->rule, q->scratch, &sums) &&
           p_of(&sums) <= q->rule->alpha;
}

static double balanced(const struct question *q, double low, double high)
{
    double middle, force;
    int i;

    for (i = 0; i < BISECTIONS; i++) {
        middle = low + (high - low) / 2;
        force = pull(q, middle);
        if (force > 0)
            low = middle;
        else if (force < 0)
            high = middle;
        else
            return middle;
    }
    return low + (high - low) / 2;
}

/* From inside outwards, one way: the first centre that is rejected, to within 2⁻⁶⁰ of the step. */
static double edge(const struct question *q, double inside, double step)
{
    double outside = inside;
    int i;

    for (i = 0; i < DOUBLINGS; i++) {
        outside = inside + step;
        if (rejected(q, outside))
            break;
        inside = outside;
        step *= 2;
    }
    if (i == DOUBLINGS)
        return INFINITY;
    for (i = 0; i < BISECTIONS; i++) {
        double middle = inside + (outside - inside) / 2;

        if (rejected(q, middle))
            outside = middle;
        else
            inside = middle;
    }
    return outside;
}

struct pfl_interval pfl_stats_symmetric_interval(const double *values, size_t n,
                                                 const struct pfl_symmetric_rule *rule,
                                                 double *scratch)
{
    struct pfl_interval interval = {NAN, -INFINITY, INFINITY, 1 - rule->alpha};
    struct question q = {values, n, rule, scratch};
    double low, high, scale, step;
    size_t i;

    if (!usable(values, n, rule))
        return interval;
    low = high = values[0];
    for (i = 1; i < n; i++) {
        low = fmin(low, values[i]);
        high = fmax(high, values[i]);
    }
    interval.estimate = low < high ? balanced(&q, low, high) : low;
    scale = scale_of(values, n, interval.estimate, scratch);
    step = scale > 0 ? scale / 4 : fmax(fabs(low), 1) * 0x1p-40;
    if (isinf(low = edge(&q, interval.estimate, -step)) ||
        isinf(high = edge(&q, interval.estimate, step)))
        return interval;
    if (scale > 0) {
        interval.low = low;
        interval.high = high;
    } else { /* constant: every other centre is rejected, however near, once any is */
        interval.low = interval.high = interval.estimate;
    }
    return interval;
}

/* |x − centre| of both must be ranked together: sorted copies, ranks by binary search (midranks).
 */
static double midrank(const double *sorted, size_t n, double size)
{
    size_t low = 0, high = n, first;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (sorted[middle] < size)
            low = middle + 1;
        else
            high = middle;
    }
    first = low;
    for (high = n; low < high;) {
        size_t middle = low + (high - low) / 2;

        if (sorted[middle] <= size)
            low = middle + 1;
        else
            high = middle;
    }
    return ((double)first + 1 + (double)low) / 2;
}

double pfl_stats_symmetric_inflation(const double *values, size_t n, double centre, size_t together,
                                     double *scratch)
{
    double of_groups = 0, of_values = 0, group, rank, d;
    size_t i, j;

    if (together < 2 || n < together)
        return 1;
    for (i = 0; i < n; i++)
        scratch[i] = fabs(values[i] - centre);
    pfl_stats_sort(scratch, n);
    for (i = 0; i + together <= n; i += together) {
        for (j = 0, group = 0; j < together; j++) {
            d = values[i + j] - centre;
            rank = d == 0 ? 0 : midrank(scratch, n, fabs(d));
            group += d > 0 ? rank : -rank;
            of_values += rank * rank;
        }
        of_groups += group * group;
    }
    return of_values > 0 && of_groups > of_values ? of_groups / of_values : 1;
}
