/*
 * Results of a benchmark that ran the core yardstick in its own thread, right beside each of its
 * samples (libperfledger does, every half millisecond; model/metric.h: the column `yardstick`).
 *
 * Another case than readings between launches (normalise.c), where nearness is all that speaks for
 * a connection and it has to be proved. Here the same core ran both within the same millisecond, so
 * what moved its clock moved both, and in a quiet minute there is nothing to be proved with: all
 * launches of a session see one clock, the next session another one. So it is done unless it hurts:
 *
 *     value of a launch × reference / its yardstick
 *
 * It hurts where the robust variance over launches is at least half as large again as that of the
 * values as measured, and that is no chance: the test of Pitman and Morgan as in normalise.c, the
 * other way round, over launches, with p < 0.001: a run that is left as measured cannot be compared
 * well with the others, so it must not happen by chance. A kernel that waits for memory while the
 * core's clock moves is such a case.
 *
 * Only what the yardstick stood beside, by name: time, cpu, and the rates that the library makes of
 * time. Anything else in seconds (first_call, compile_time, stages, a program's own timeout) is as
 * it was reported. And only by a yardstick that can be believed.
 */
#include "base/alloc.h"
#include "base/text.h"
#include "judge/internal.h"

#include <string.h>

static const double level = 0.001, most_growth = 1.5, launches_share = 0.75;
/* Of a yardstick that is believed: seconds per step; times perfledger's own reading. */
static const double least_step = 0.3e-9, most_step = 20e-9, most_apart = 1.5;

enum { LEAST_LAUNCHES = 5, LEAST_READINGS = 3 };

static bool stood_beside(const char *metric)
{
    static const char *const names[] = {"time", "cpu", "throughput", "items"};
    size_t i;

    for (i = 0; i < PFL_COUNT(names); i++)
        if (strcmp(metric, names[i]) == 0)
            return true;
    return false;
}

const struct pfl_result *pfl_judge_inside_yardstick(const struct pfl_benchmark *bench)
{
    return pfl_benchmark_find(bench, "yardstick", pfl_yardstick_key(PFL_YARDSTICK_CORE));
}

/* Logs of values as measured and as normalised; false when a launch lacks one of the two. */
static bool fill(const struct pfl_benchmark *bench, const double *values,
                 const struct pfl_result *step, double direction, double *raw, double *adjusted,
                 size_t *n)
{
    size_t i;

    for (i = 0, *n = 0; i < bench->launch_count; i++) {
        double beside = i < step->n ? step->values[i] : (double)NAN;

        if (isnan(values[i]))
            continue;
        if (!(values[i] > 0) || isinf(values[i]) || !(beside > 0) || isinf(beside))
            return false;
        raw[*n] = log(values[i]);
        adjusted[(*n)++] = log(values[i]) - direction * log(beside);
    }
    return *n > 0;
}

static double robust_variance(const double *values, size_t n, double *scratch)
{
    double mad;

    memcpy(scratch, values, n * sizeof *values);
    pfl_stats_sort(scratch, n);
    mad = pfl_stats_mad_sorted(scratch, n, scratch + n);
    return mad * mad;
}

/* scratch: room for 2n. */
static bool hurts(const double *raw, const double *adjusted, size_t n, double *scratch,
                  double *reduction)
{
    double before = robust_variance(raw, n, scratch), after = robust_variance(adjusted, n, scratch);
    size_t i;

    *reduction = before > 0 ? 1 - after / before : 0;
    if (n < PFL_JUDGE_READINGS_LEAST || !(after > most_growth * before))
        return false;
    for (i = 0; i < n; i++) {
        scratch[i] = raw[i] + adjusted[i];
        scratch[n + i] = adjusted[i] - raw[i];
    }
    return pfl_judge_rank_correlation_p(scratch, scratch + n, n) < level;
}

static int apply(const struct pfl_run *run, double *adjusted, size_t n, double direction,
                 struct pfl_result *result, struct pfl_err *err)
{
    double reference = run->yardstick_reference[PFL_YARDSTICK_CORE];
    struct pfl_summary found;
    size_t i;
    int rc;

    for (i = 0; i < n; i++)
        adjusted[i] = exp(adjusted[i] + direction * log(reference));
    rc = pfl_stats_summarise(adjusted, n, &found, err);
    if (rc != PFL_OK)
        return rc;
    pfl_judge_set_normalised(result, PFL_YARDSTICK_CORE, reference, &found);
    result->normalised.inside = true;
    result->normalised.scatter = (found.q3 - found.q1) / found.median;
    result->normalised.min = found.min;
    result->normalised.max = found.max;
    return PFL_OK;
}

int pfl_judge_normalise_inside(const struct pfl_run *run, const struct pfl_benchmark *bench,
                               const double *values, struct pfl_result *result, struct pfl_err *err)
{
    const struct pfl_result *step = pfl_judge_inside_yardstick(bench);
    size_t room = bench->launch_count, n;
    double direction, reduction, *raw;
    int rc = PFL_OK;

    if (room == 0 || !pfl_judge_inside_trusted(run, bench) || !stood_beside(result->metric) ||
        !pfl_judge_follows_machine(result, &direction) ||
        !(run->yardstick_reference[PFL_YARDSTICK_CORE] > 0))
        return PFL_OK;
    raw = pfl_alloc(4 * room * sizeof *raw);
    if (!raw)
        return pfl_err_no_memory(err);
    if (fill(bench, values, step, direction, raw, raw + room, &n) &&
        !hurts(raw, raw + room, n, raw + 2 * room, &reduction)) {
        rc = apply(run, raw + room, n, direction, result, err);
        result->normalised.reduction = reduction;
    }
    pfl_free(raw);
    return rc;
}

bool pfl_judge_is_inside(const struct pfl_benchmark *bench, const struct pfl_result *result)
{
    return result->normalised.inside ||
           (strcmp(result->metric, "cycles") == 0 && pfl_judge_inside_yardstick(bench));
}

double pfl_judge_inside_scatter(const struct pfl_result *result)
{
    const struct pfl_summary *s = &result->summary;
    double range =
        result->normalised.inside ? result->normalised.scatter : (s->q3 - s->q1) / s->median;

    return range > 0 ? range / 1.3489795003921634 : 0; /* quartiles of a Gaussian */
}

void pfl_judge_inside_adjust(const struct pfl_benchmark *bench, const struct pfl_result *result,
                             double *values)
{
    const struct pfl_result *step = pfl_judge_inside_yardstick(bench);
    double direction;
    size_t i;

    if (!step || !result->normalised.inside || !pfl_judge_follows_machine(result, &direction))
        return;
    for (i = 0; i < bench->launch_count && i < step->n; i++)
        values[i] *= pow(result->normalised.reference / step->values[i], direction);
}

/* Half a per cent, ten times what kernels in registers and private caches showed; more where the
 * launches differ: what differs from process to process (where pages lie, what the branch predictor
 * has learned) differs between sessions, too. */
double pfl_judge_inside_sd(const struct pfl_result *base, const struct pfl_result *head)
{
    double scatter = fmax(pfl_judge_inside_scatter(base), pfl_judge_inside_scatter(head));

    return fmax(PFL_JUDGE_INSIDE_SD, launches_share * scatter);
}

bool pfl_judge_has_inside_yardstick(const struct pfl_run *run)
{
    size_t i;

    for (i = 0; i < run->benchmark_count; i++)
        if (pfl_judge_inside_yardstick(&run->benchmarks[i]))
            return true;
    return false;
}

static int summarise_step(const struct pfl_benchmark *bench, struct pfl_summary *summary,
                          struct pfl_err *err)
{
    const struct pfl_result *step = pfl_judge_inside_yardstick(bench);

    if (step->summary_only) {
        *summary = step->summary;
        return PFL_OK;
    }
    return pfl_stats_summarise(step->values, step->n, summary, err);
}

/* perfledger's own shortest reading of the core, where there are enough; else NaN. */
static double own_reading(const struct pfl_run *run)
{
    double least = INFINITY, value;
    size_t i, n = 0;

    for (i = 0; i < run->yardstick_count; i++) {
        value = run->yardsticks[i].value[PFL_YARDSTICK_CORE];
        if (!(value > 0))
            continue;
        least = fmin(least, value);
        n++;
    }
    return n >= LEAST_READINGS ? least : (double)NAN;
}

/* A program says what it likes: a step that no core takes, or that the same core did not take a
 * moment later, would bend every time of its, and be this machine's reference for ever. */
bool pfl_judge_inside_trusted(const struct pfl_run *run, const struct pfl_benchmark *bench)
{
    const struct pfl_result *step = pfl_judge_inside_yardstick(bench);
    double own = own_reading(run);
    struct pfl_summary summary;

    if (!step || step->text || !(step->values || step->summary_only) || step->launch_of ||
        summarise_step(bench, &summary, NULL) != PFL_OK)
        return false;
    if (!(summary.q1 >= least_step && summary.q1 <= most_step))
        return false;
    return isnan(own) || (summary.q1 <= own * most_apart && summary.q1 >= own / most_apart);
}

/* Each benchmark counts once, by the lower quartile of its launches: what interrupts makes a step
 * longer, never shorter. */
int pfl_judge_inside_reference(const struct pfl_run *run, double *reference, struct pfl_err *err)
{
    double *quartiles = pfl_alloc(run->benchmark_count * sizeof *quartiles);
    struct pfl_summary summary;
    size_t i, n = 0;
    int rc = PFL_OK;

    if (!quartiles)
        return pfl_err_no_memory(err);
    for (i = 0; i < run->benchmark_count && rc == PFL_OK; i++) {
        if (!pfl_judge_inside_trusted(run, &run->benchmarks[i]))
            continue;
        rc = summarise_step(&run->benchmarks[i], &summary, err);
        if (rc == PFL_OK && summary.n >= LEAST_LAUNCHES && summary.q1 > 0)
            quartiles[n++] = summary.q1;
    }
    pfl_stats_sort(quartiles, n);
    if (rc == PFL_OK && n)
        *reference = pfl_stats_median_sorted(quartiles, n);
    pfl_free(quartiles);
    return rc;
}

static enum pfl_verdict verdict_of(const struct pfl_row *given,
                                   const struct pfl_judge_effect *effect)
{
    struct pfl_row row = *given;

    row.ratio = exp(effect->log_ratio);
    row.ratio_low = effect->se > 0 ? effect->low : row.ratio;
    row.ratio_high = effect->se > 0 ? effect->high : row.ratio;
    return pfl_judge_decide(&row);
}

bool pfl_judge_inside_doubt(struct pfl_judge *judge, const struct pfl_benchmark *const bench[2],
                            const struct pfl_result *const result[2],
                            const struct pfl_judge_verdict_given *given,
                            struct pfl_judge_clock *clock)
{
    struct pfl_judge_effect measured;
    enum pfl_verdict normalised;
    struct pfl_summary raw, step[2];
    struct pfl_judge_side sides[2];
    int i;

    if (!given->effect->has_ratio || !result[0]->normalised.inside || !result[1]->normalised.inside)
        return false;
    for (i = 0; i < 2; i++) {
        raw = pfl_judge_raw(result[i]);
        sides[i] = pfl_judge_side_of(&judge->tables, &raw);
        if (!pfl_judge_inside_yardstick(bench[i]) ||
            summarise_step(bench[i], &step[i], NULL) != PFL_OK)
            return false;
    }
    clock->shift = fabs(log(step[1].median / step[0].median));
    if (!(clock->shift > given->session->sd))
        return false;
    pfl_judge_effect_of(&judge->tables, &sides[0], &sides[1], given->session, &measured);
    clock->measured = verdict_of(given->row, &measured);
    normalised = verdict_of(given->row, given->effect);
    clock->claims = normalised == PFL_VERDICT_REGRESSED || normalised == PFL_VERDICT_IMPROVED;
    return clock->measured != normalised;
}
