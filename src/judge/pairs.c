/*
 * Two benchmarks of one run against each other. Launches are interleaved round by round, so what
 * disturbed a round disturbed both: the ratio is taken within each round, and the median of these
 * ratios has the interval of order statistics (on the log scale, where a ratio and its inverse
 * weigh the same). Without rounds in common (imported files) the two estimates are independent and
 * the usual effect is used; both are of one session, so no session deviation enters.
 */
#include "base/alloc.h"
#include "judge/internal.h"

enum { LEAST_PAIRS = 5 };

static size_t launch_of_round(const struct pfl_benchmark *bench, uint32_t round, size_t guess)
{
    size_t i;

    if (guess < bench->launch_count && bench->launches[guess].round == round)
        return guess;
    for (i = 0; i < bench->launch_count; i++)
        if (bench->launches[i].round == round)
            return i;
    return bench->launch_count;
}

static size_t log_ratios(const struct pfl_benchmark *benchmarks[2], const double *values[2],
                         double *out)
{
    size_t i, other, n = 0;
    double a, b;

    for (i = 0; i < benchmarks[0]->launch_count; i++) {
        other = launch_of_round(benchmarks[1], benchmarks[0]->launches[i].round, i);
        if (other == benchmarks[1]->launch_count)
            continue;
        a = values[0][i];
        b = values[1][other];
        if (a > 0 && b > 0 && isfinite(a) && isfinite(b))
            out[n++] = log(b / a);
    }
    return n;
}

/* Of one run, so against one reference. */
static bool both_inside(const struct pfl_result *results[2], const struct pfl_judge_ratio *ratio)
{
    return ratio->inside && results[0]->normalised.inside && results[1]->normalised.inside;
}

static void independent(struct pfl_judge_tables *tables, const struct pfl_result *results[2],
                        struct pfl_judge_ratio *ratio)
{
    const struct pfl_judge_session same = {.sd = 0, .df = INFINITY};
    bool inside = both_inside(results, ratio);
    struct pfl_summary summaries[2] = {inside ? results[0]->summary : pfl_judge_raw(results[0]),
                                       inside ? results[1]->summary : pfl_judge_raw(results[1])};
    struct pfl_judge_side base = pfl_judge_side_of(tables, &summaries[0]);
    struct pfl_judge_side head = pfl_judge_side_of(tables, &summaries[1]);
    struct pfl_judge_effect effect;

    pfl_judge_effect_of(tables, &base, &head, &same, &effect);
    ratio->pairs = 0;
    ratio->ratio = effect.has_ratio ? head.median / base.median : NAN;
    ratio->low = effect.low;
    ratio->high = effect.high;
    ratio->log_se = isnan(base.variance) && isnan(head.variance) ? NAN : effect.se;
    ratio->df = effect.df;
}

static void paired(struct pfl_judge_tables *tables, double *logs, size_t n,
                   struct pfl_judge_ratio *ratio)
{
    double low, high;

    pfl_stats_sort(logs, n);
    pfl_stats_median_interval_sorted(logs, n, tables->confidence, &low, &high);
    ratio->ratio = exp(pfl_stats_median_sorted(logs, n));
    ratio->low = exp(low);
    ratio->high = exp(high);
    ratio->pairs = n;
    ratio->log_se = pfl_stats_median_se_sorted(logs, n);
    ratio->df = pfl_judge_launch_df(n);
}

int pfl_judge_ratio_of(struct pfl_judge_tables *tables, const struct pfl_benchmark *benchmarks[2],
                       const struct pfl_result *results[2], struct pfl_judge_ratio *ratio,
                       struct pfl_err *err)
{
    size_t first = benchmarks[0]->launch_count, second = benchmarks[1]->launch_count, n;
    const double *values[2];
    double *room;
    int rc;

    if (!results[0]->values || !results[1]->values) {
        independent(tables, results, ratio);
        return PFL_OK;
    }
    room = pfl_alloc((2 * first + second) * sizeof *room);
    if (!room)
        return pfl_err_no_memory(err);
    values[0] = room + first;
    values[1] = room + 2 * first;
    rc = pfl_judge_by_launch(results[0], first, room + first, err);
    if (rc == PFL_OK)
        rc = pfl_judge_by_launch(results[1], second, room + 2 * first, err);
    if (rc == PFL_OK && both_inside(results, ratio)) {
        pfl_judge_inside_adjust(benchmarks[0], results[0], room + first);
        pfl_judge_inside_adjust(benchmarks[1], results[1], room + 2 * first);
    }
    if (rc == PFL_OK) {
        n = log_ratios(benchmarks, values, room);
        if (n >= LEAST_PAIRS)
            paired(tables, room, n, ratio);
        else
            independent(tables, results, ratio);
    }
    pfl_free(room);
    return rc;
}

/* A round with a zero (or an infinity) in it has no ratio, and leaving such rounds out would favour
 * the others. */
static bool lacks_ratio(const struct pfl_summary *summary)
{
    return summary->min <= 0 || summary->median <= 0 || isinf(summary->max);
}

/* As measured: two sides of one session met the same machine, and the ratio is of these values. */
void pfl_judge_estimate_raw(struct pfl_estimate *estimate, const struct pfl_result *result)
{
    struct pfl_summary raw = pfl_judge_raw(result);

    pfl_judge_estimate(estimate, result);
    if (!result->normalised.by)
        return;
    estimate->median = raw.median;
    estimate->ci_low = raw.ci_low;
    estimate->ci_high = raw.ci_high;
}

int pfl_judge_versus(struct pfl_judge_tables *tables, const struct pfl_benchmark *benchmarks[2],
                     const struct pfl_result *results[2], struct pfl_row *row,
                     struct pfl_judge_ratio *ratio, struct pfl_err *err)
{
    struct pfl_judge_ratio found = {NAN, NAN, NAN, 0, NAN, NAN, false};
    int rc = PFL_OK;

    pfl_judge_row_init(row, benchmarks[1]->name, results[1]->metric);
    row->unit = results[1]->unit;
    row->better = results[1]->better;
    pfl_judge_estimate_raw(&row->base, results[0]);
    pfl_judge_estimate_raw(&row->head, results[1]);
    if (!lacks_ratio(&results[0]->summary) && !lacks_ratio(&results[1]->summary))
        rc = pfl_judge_ratio_of(tables, benchmarks, results, &found, err);
    if (rc < 0)
        return rc;
    if (isnan(found.log_se))
        found.low = found.high = NAN;
    row->ratio = found.ratio;
    row->ratio_low = found.low;
    row->ratio_high = found.high;
    row->mde = pfl_judge_mde(tables, found.log_se, found.df);
    *ratio = found;
    return PFL_OK;
}
