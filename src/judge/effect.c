/*
 * Two estimates become one effect: log(head / base) with its standard error.
 *
 *     SE² = se_base² + se_head² + 2 σ_session²
 *
 * The first two come from the launches: half the 95 % interval of each median, on the log scale,
 * over its t quantile (order statistics are carried over by the logarithm, so the stored interval
 * is enough and no sample is touched). The third is what no number of launches can show: time moves
 * between one measuring and the next. Each side has its own session, so the variance enters twice.
 *
 * The quantile is Student's with the degrees of freedom of Welch (Biometrika 34, 1947) and
 * Satterthwaite (Biometrics Bulletin 2, 1946): (Σ v)² / Σ (v² / df). A launch variance counts with
 * 0.7 (n − 1): its interval uses two or four of the n values, and with 0.7 the false alarms of two
 * equal Gaussian samples stay at 1 % for n = 5 … 50 (simulated; tests/unit/judge). An assumed
 * session deviation is a fixed number (infinitely many), one from n sessions has 0.6 n − 0.4
 * (session.c). Degrees of freedom are rounded down, so that quantiles come from a table.
 *
 * Smallest detectable change: (quantile + z_0.8) SE, the effect that such data would show with a
 * power of 80 %.
 */
#include "judge/internal.h"

#include <string.h>

static const double power_quantile = 0.84162123357291441; /* z_0.8 */
static const double launch_df_share = 0.7;
static const double median_over_mean =
    1.2533141373155003; /* √(π/2): standard errors under normality */

void pfl_judge_tables_init(struct pfl_judge_tables *tables, double confidence)
{
    memset(tables, 0, sizeof *tables);
    tables->confidence = confidence;
    tables->normal = pfl_stats_normal_quantile(0.5 + confidence / 2);
}

double pfl_judge_t_quantile(struct pfl_judge_tables *tables, double df)
{
    size_t i;

    if (!(df < PFL_JUDGE_TABLE + 1))
        return tables->normal;
    i = df < 1 ? 1 : (size_t)df;
    if (tables->quantile[i] == 0)
        tables->quantile[i] = pfl_stats_t_quantile(0.5 + tables->confidence / 2, (double)i);
    return tables->quantile[i];
}

double pfl_judge_p(double t, double df)
{
    if (!(df < PFL_JUDGE_TABLE + 1))
        return 2 * pfl_stats_normal_cdf(-fabs(t));
    return 2 * pfl_stats_t_cdf(-fabs(t), df < 1 ? 1 : floor(df));
}

static double se_divisor(struct pfl_judge_tables *tables, size_t n)
{
    if (n > PFL_JUDGE_TABLE)
        return pfl_stats_normal_quantile(0.975);
    if (tables->divisor[n] == 0)
        tables->divisor[n] = pfl_stats_median_se_divisor(n);
    return tables->divisor[n];
}

/* Relative. Of an imported interval whose n its file does not tell, the half is taken for a
 * Gaussian one's; an interval that reaches down to 0 has no logarithm, and its half over the median
 * does. */
static double standard_error(struct pfl_judge_tables *tables, const struct pfl_summary *s)
{
    bool counted = s->n >= 2, wide = s->ci_high > s->ci_low;
    double divisor;

    if (!counted && !wide)
        return NAN;
    divisor = counted ? se_divisor(tables, s->n) : pfl_stats_normal_quantile(0.975);
    if (s->ci_low > 0 && isfinite(s->ci_high))
        return log(s->ci_high / s->ci_low) / 2 / divisor;
    if (counted && isfinite(s->stddev))
        return median_over_mean * s->stddev / s->median / sqrt((double)s->n);
    return wide ? (s->ci_high - s->ci_low) / 2 / divisor / s->median : (double)NAN;
}

struct pfl_judge_side pfl_judge_side_of(struct pfl_judge_tables *tables,
                                        const struct pfl_summary *summary)
{
    struct pfl_judge_side side = {.median = summary->median, .variance = NAN, .df = INFINITY};
    double se;

    side.launches = summary->n;
    side.usable = isfinite(side.median) && side.median > 0;
    if (!side.usable)
        return side;
    se = standard_error(tables, summary);
    if (isfinite(se)) {
        side.variance = se * se;
        if (summary->n >= 2)
            side.df = pfl_judge_launch_df(summary->n);
    }
    return side;
}

/* A side of one launch scatters as the other one's launches do, or as much as sessions do when
 * neither tells. */
static double borrowed_variance(const struct pfl_judge_side *side,
                                const struct pfl_judge_side *other, double session_sd)
{
    double launches = (double)(side->launches ? side->launches : 1);

    if (isnan(other->variance))
        return session_sd * session_sd;
    return other->variance * (double)other->launches / launches;
}

static double satterthwaite(const double variance[3], const double df[3])
{
    double sum = 0, squares = 0;
    size_t i;

    for (i = 0; i < 3; i++) {
        sum += variance[i];
        squares += variance[i] * variance[i] / df[i];
    }
    return squares > 0 ? sum * sum / squares : INFINITY;
}

double pfl_judge_mde(struct pfl_judge_tables *tables, double se, double df)
{
    return expm1((pfl_judge_t_quantile(tables, df) + power_quantile) * se);
}

double pfl_judge_launch_df(size_t launches)
{
    return fmax(1, launch_df_share * ((double)launches - 1));
}

static void infer(struct pfl_judge_tables *tables, struct pfl_judge_effect *effect)
{
    double half;

    effect->quantile = pfl_judge_t_quantile(tables, effect->df);
    half = effect->quantile * effect->se;
    effect->low = exp(effect->log_ratio - half);
    effect->high = exp(effect->log_ratio + half);
    effect->mde = pfl_judge_mde(tables, effect->se, effect->df);
    if (effect->se > 0)
        effect->p = NAN; /* asked for only where it counts: discovery.c */
    else
        effect->p = effect->log_ratio == 0 ? 1 : 0;
}

void pfl_judge_effect_of(struct pfl_judge_tables *tables, const struct pfl_judge_side *base,
                         const struct pfl_judge_side *head, const struct pfl_judge_session *session,
                         struct pfl_judge_effect *effect)
{
    struct pfl_judge_effect e = {.log_ratio = NAN, .base_variance = NAN, .head_variance = NAN};
    double variance[3], df[3] = {base->df, head->df, session->df};

    e.session_variance = e.se = e.df = e.quantile = e.low = e.high = e.p = e.mde = NAN;
    if (base->usable && head->usable) {
        e.has_ratio = true;
        e.scatter_assumed = isnan(base->variance) || isnan(head->variance);
        e.log_ratio = log(head->median / base->median);
        e.base_variance =
            isnan(base->variance) ? borrowed_variance(base, head, session->sd) : base->variance;
        e.head_variance =
            isnan(head->variance) ? borrowed_variance(head, base, session->sd) : head->variance;
        e.session_variance = 2 * session->sd * session->sd;
        variance[0] = e.base_variance;
        variance[1] = e.head_variance;
        variance[2] = e.session_variance;
        e.se = sqrt(variance[0] + variance[1] + variance[2]);
        e.df = satterthwaite(variance, df);
        infer(tables, &e);
    }
    *effect = e;
}

void pfl_judge_effect_shift(struct pfl_judge_tables *tables, struct pfl_judge_effect *effect,
                            double shift, double variance)
{
    if (!effect->has_ratio || shift == 0)
        return;
    effect->machine = shift;
    effect->log_ratio -= shift;
    effect->session_variance += variance; /* no number of launches takes it away */
    effect->se = sqrt(effect->se * effect->se + variance);
    infer(tables, effect);
}
