/*
 * Ratios of several combinations become one: their geometric mean (Fleming & Wallace,
 * Communications of the ACM 29, 1986: of ratios no other mean is the same whichever side is the
 * reference).
 *
 *     y_c = log ratio of combination c (median over its rounds), v_c = its variance over launches
 *     G = exp(ȳ)     SE² = max(s², v̄) / k     interval = exp(ȳ ± t_{k−1} · SE)
 *
 * k combinations, each counting the same, s² the sample variance of the y_c. As in nested designs
 * (Kalibera & Jones, "Rigorous benchmarking in reasonable time", ISMM 2013) the scatter of the
 * upper level holds that of the launches below it: s² / k is right whatever the shares of the two.
 * By luck s² may come out smaller than the launches alone make it; then their v̄ is taken, which is
 * the modification of Hartung, Knapp, Sidik and Jonkman's interval that Röver, Knapp & Friede
 * recommend for few studies (BMC Medical Research Methodology 15, 2015).
 *
 * So the interval speaks of combinations like these, not only of these: with two or three of them
 * it is wide, and honestly so. For these very ones the launches alone count, SE² = Σ v_c / k² with
 * Satterthwaite's degrees of freedom; that interval stands beside it. One combination keeps its
 * own.
 */
#include "judge/by.h"

#include <stdlib.h>
#include <string.h>

static int compare_cells(const void *a, const void *b)
{
    const struct pfl_by_cell *x = a, *y = b;
    int order = pfl_judge_compare_names(x->entry->family, y->entry->family);

    if (order == 0)
        order = pfl_judge_by_compare_values(x->entry->group, y->entry->group);
    if (order == 0)
        order = pfl_judge_by_compare_values(x->out.value, y->out.value);
    if (order == 0)
        order = strcmp(x->out.row.metric, y->out.row.metric);
    return order ? order : strcmp(x->out.row.variant, y->out.row.variant);
}

static bool is_same_group(const struct pfl_by_cell *x, const struct pfl_by_cell *y)
{
    return compare_cells(x, y) == 0 && strcmp(x->out.row.unit, y->out.row.unit) == 0;
}

/* Behind the groups the combinations, so that sums do not depend on how qsort puts equals. */
static int compare_in_groups(const void *a, const void *b)
{
    const struct pfl_by_cell *x = a, *y = b;
    int order = compare_cells(a, b);

    if (order == 0)
        order = strcmp(x->out.row.unit, y->out.row.unit);
    return order ? order : pfl_judge_by_compare_others(x->entry, y->entry);
}

/* What is summed over the combinations that have a ratio. */
struct sums {
    size_t k, base_launches, head_launches;
    double log_ratio, base, head;            /* sums of logs */
    double variance, variance_squares_by_df; /* Σ v, Σ v²/df; NaN when one is unknown */
    double smallest, largest;
};

static struct sums add_up(const struct pfl_by_cell *cells, size_t n)
{
    struct sums sums = {.smallest = INFINITY, .largest = -INFINITY};
    size_t i;

    for (i = 0; i < n; i++) {
        const struct pfl_row *row = &cells[i].out.row;
        double v = cells[i].ratio.log_se * cells[i].ratio.log_se;

        if (isnan(row->ratio))
            continue;
        sums.k++;
        sums.base_launches += row->base.launches;
        sums.head_launches += row->head.launches;
        sums.log_ratio += log(row->ratio);
        sums.base += log(row->base.median);
        sums.head += log(row->head.median);
        sums.variance += v;
        sums.variance_squares_by_df += v * v / cells[i].ratio.df;
        sums.smallest = fmin(sums.smallest, row->ratio);
        sums.largest = fmax(sums.largest, row->ratio);
    }
    return sums;
}

static double sample_variance(const struct pfl_by_cell *cells, size_t n, double mean, size_t k)
{
    double squares = 0, d;
    size_t i;

    for (i = 0; i < n; i++)
        if (!isnan(cells[i].out.row.ratio)) {
            d = log(cells[i].out.row.ratio) - mean;
            squares += d * d;
        }
    return squares / (double)(k - 1);
}

static void set_estimate(struct pfl_estimate *estimate, double log_sum, size_t k, size_t launches)
{
    memset(estimate, 0, sizeof *estimate);
    estimate->present = true;
    estimate->median = exp(log_sum / (double)k);
    estimate->ci_low = estimate->ci_high = NAN;
    estimate->launches = launches;
}

/* Two combinations and more. Equal ratios stay exactly what they are: no logarithm there and back.
 */
static void pool_ratios(struct pfl_judge_tables *tables, const struct pfl_by_cell *cells, size_t n,
                        const struct sums *sums, struct pfl_by_row *out)
{
    double k = (double)sums->k, mean = sums->log_ratio / k, se, launch_se, half, df;
    struct pfl_row *row = &out->row;
    bool equal = sums->smallest == sums->largest;

    se = sqrt(fmax(equal ? 0 : sample_variance(cells, n, mean, sums->k), sums->variance / k) / k);
    half = pfl_judge_t_quantile(tables, k - 1) * se;
    row->ratio = equal ? sums->smallest : exp(mean);
    row->ratio_low = se > 0 ? exp(mean - half) : row->ratio;
    row->ratio_high = se > 0 ? exp(mean + half) : row->ratio;
    row->mde = pfl_judge_mde(tables, se, k - 1);
    launch_se = sqrt(sums->variance) / k;
    df = sums->variance_squares_by_df > 0
             ? sums->variance * sums->variance / sums->variance_squares_by_df
             : INFINITY;
    half = pfl_judge_t_quantile(tables, df) * launch_se;
    out->launch_low = launch_se > 0 || isnan(launch_se) ? exp(mean - half) : row->ratio;
    out->launch_high = launch_se > 0 || isnan(launch_se) ? exp(mean + half) : row->ratio;
    out->smallest = sums->smallest;
    out->largest = sums->largest;
    set_estimate(&row->base, sums->base, sums->k, sums->base_launches);
    set_estimate(&row->head, sums->head, sums->k, sums->head_launches);
}

/* "level=9 vs 1" ends the variant of a cell; what stands before it is the result's own. */
static const char *own_variant(struct pfl_judge_by *by, const struct pfl_by_row *row)
{
    const char *made =
        pfl_judge_format(&by->judge, "%s=%s vs %s", by->params->param, row->value, row->reference);
    size_t len = strlen(row->row.variant);

    if (!made)
        return NULL;
    len -= strlen(made);
    return pfl_arena_text_n(by->judge.arena, row->row.variant, len ? len - 1 : 0);
}

static const struct pfl_by_cell *first_with_ratio(const struct pfl_by_cell *cells, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (!isnan(cells[i].out.row.ratio))
            return &cells[i];
    return &cells[0];
}

static int pool(struct pfl_judge_by *by, const struct pfl_by_cell *cells, size_t n,
                struct pfl_by_cell *pooled)
{
    struct sums sums = add_up(cells, n);
    struct pfl_by_row *out = &pooled->out;
    struct pfl_pair *group = pfl_arena_alloc(by->judge.arena, sizeof *group);
    const char *variant;

    *pooled = *first_with_ratio(cells, n);
    variant = own_variant(by, out);
    if (!group || !variant)
        return pfl_err_no_memory(by->judge.err);
    group->name = by->params->group_by;
    group->value = pooled->entry->group;
    out->params = group;
    out->param_count = 1;
    out->base_benchmark = out->head_benchmark = NULL;
    if (pfl_judge_by_label(by, out, pooled->entry->family, variant) != PFL_OK)
        return pfl_err_no_memory(by->judge.err);
    if (sums.k < 2)
        return PFL_OK;
    out->rounds = 0;
    out->combinations = sums.k;
    pool_ratios(&by->judge.tables, cells, n, &sums, out);
    return pfl_judge_by_decide(by, pooled);
}

int pfl_judge_by_pool(struct pfl_judge_by *by)
{
    struct pfl_by_cell *cells = by->cells.at, pooled;
    size_t from, to, kept = 0, without = 0, i;
    int rc = PFL_OK;

    qsort(cells, by->cells.n, sizeof *cells, compare_in_groups);
    for (from = 0; from < by->cells.n && rc == PFL_OK; from = to) {
        for (to = from + 1; to < by->cells.n && is_same_group(&cells[from], &cells[to]); to++)
            ;
        for (i = from; i < to; i++)
            without += to - from > 1 && isnan(cells[i].out.row.ratio);
        rc = pool(by, cells + from, to - from, &pooled);
        if (rc == PFL_OK)
            cells[kept++] = pooled; /* never beyond `from`: what stood there is pooled already */
    }
    by->cells.n = kept;
    if (rc == PFL_OK && without)
        rc = pfl_judge_note(&by->judge,
                            "%zu ratio%s could not be formed (a value is not positive) and %s not "
                            "part of a mean",
                            without, without == 1 ? "" : "s", without == 1 ? "is" : "are");
    return rc;
}
