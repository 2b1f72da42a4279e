/*
 * Did the whole machine move between base and head? A host that clocks 10 % lower makes every
 * benchmark 10 % slower, and that is one fact about the machine, not a hundred regressions.
 *
 * Claimed only when two witnesses agree. The yardsticks: the medians of one kernel's readings
 * differ by at least 2 %, and their 99 % interval (from the readings, and half a per cent that no
 * reading shows) excludes "no difference". The benchmarks: the median of their ratios has the same
 * sign and between half and twice the size, on the log scale. Fewer than three benchmarks have no
 * common shift; then the core clock alone is believed, for those bound to the CPU. Without
 * readings, or when the benchmarks moved and no yardstick did, nothing is claimed: a regression of
 * all programs (a compiler's flag, a library) stays one.
 *
 * Taken out is the smaller of the two shifts, for the rest of the yardstick's is what no benchmark
 * has shown. The true shift may be anywhere between the two: a rectangular distribution of the
 * length d has the mean square d²/3 about its end (JCGM 100:2008, 4.3.7), and that much is added to
 * the variance.
 *
 * The core clock speaks for benchmarks that use the CPU for half of their time at least (or do not
 * say how much). The other yardsticks, tried after it, speak for those that wait. Of a benchmark
 * bound to the CPU they know only when the core clock is not known or moved the same way, and the
 * benchmarks' median is within a quarter of theirs: a core that kept its pace beside programs that
 * became slower means that the programs did. Normalised rows have the machine taken out already and
 * are left alone. The correction may take a verdict back but never makes one: a row that is
 * `regressed` or `improved` only after it is `inconclusive` (verdict.c), for not every program
 * follows the yardstick.
 */
#include "base/alloc.h"
#include "judge/internal.h"

#include <string.h>

static const double least_shift = 0.02, hidden_se = 0.005, cpu_share = 0.5;
static const double least_share = 0.5, most_share = 2; /* of the yardstick's shift, by benchmarks */
static const double close_share = 0.25;                /* as far from 1 at most */

enum { LEAST_READINGS = 3, LEAST_ROWS = 3 };

/* Which benchmarks a yardstick speaks for. */
enum kin { ALL, CPU_BOUND, WAITING };

/* Median and its squared standard error of the logs of one yardstick's readings. */
static bool level_of(const struct pfl_run *run, size_t which, double *scratch, double *median,
                     double *variance, size_t *n)
{
    double value, se;
    size_t i;

    for (i = 0, *n = 0; i < run->yardstick_count; i++) {
        value = run->yardsticks[i].value[which];
        if (value > 0 && isfinite(value))
            scratch[(*n)++] = log(value);
    }
    if (*n < LEAST_READINGS)
        return false;
    pfl_stats_sort(scratch, *n);
    *median = pfl_stats_median_sorted(scratch, *n);
    se = pfl_stats_median_se_sorted(scratch, *n);
    *variance = se * se;
    return true;
}

/* The shift of one yardstick, and whether it can be told from none; false without enough readings.
 */
static bool read_shift(struct pfl_judge *judge, size_t which, double *scratch,
                       struct pfl_judge_moved *moved, bool *is_shift)
{
    double median[2], variance[2], sum, df, half;
    size_t n[2];

    if (!level_of(judge->params->base, which, scratch, &median[0], &variance[0], &n[0]) ||
        !level_of(judge->params->head, which, scratch, &median[1], &variance[1], &n[1]))
        return false;
    sum = variance[0] + variance[1] + hidden_se * hidden_se;
    df = sum * sum /
         (variance[0] * variance[0] / pfl_judge_launch_df(n[0]) +
          variance[1] * variance[1] / pfl_judge_launch_df(n[1]));
    half = pfl_judge_t_quantile(&judge->tables, df) * sqrt(sum);
    moved->yardstick = (enum pfl_yardstick)which;
    moved->log_ratio = median[1] - median[0];
    moved->variance = sum;
    moved->low = exp(moved->log_ratio - half);
    moved->high = exp(moved->log_ratio + half);
    *is_shift = fabs(moved->log_ratio) >= least_shift && fabs(moved->log_ratio) > half;
    return true;
}

static bool uses_cpu(const struct pfl_benchmark *bench)
{
    const struct pfl_result *time = pfl_benchmark_find(bench, "time", "");
    const struct pfl_result *cpu = pfl_benchmark_find(bench, "cpu", "");

    return !time || !cpu || pfl_judge_raw(cpu).median >= cpu_share * pfl_judge_raw(time).median;
}

/* What stands for a benchmark: its time, CPU time on a busy machine, else the first that follows a
 * machine. */
static const struct pfl_result *main_result(const struct pfl_judge *judge,
                                            const struct pfl_benchmark *bench)
{
    const struct pfl_result *found = NULL;
    double direction;
    size_t i;

    if (judge->contended && uses_cpu(bench))
        found = pfl_benchmark_find(bench, "cpu", "");
    if (!found)
        found = pfl_benchmark_find(bench, "time", "");
    for (i = 0; !found && i < bench->result_count; i++)
        if (pfl_judge_follows_machine(&bench->results[i], &direction))
            found = &bench->results[i];
    return found;
}

/* log(head / base) of slowness; NaN when there is none. */
static double shift_between(const struct pfl_judge *judge, const struct pfl_benchmark *base,
                            const struct pfl_benchmark *head)
{
    const struct pfl_result *after = main_result(judge, head), *before;
    double direction, ratio;

    before = after ? pfl_benchmark_find(base, after->metric, after->variant) : NULL;
    if (!before || !pfl_judge_follows_machine(after, &direction))
        return NAN;
    ratio = pfl_judge_raw(after).median / pfl_judge_raw(before).median;
    return ratio > 0 && isfinite(ratio) ? direction * log(ratio) : (double)NAN;
}

static bool is_of(enum kin kin, const struct pfl_benchmark *base, const struct pfl_benchmark *head)
{
    if (kin == CPU_BOUND)
        return uses_cpu(base) && uses_cpu(head);
    return kin == ALL || !(uses_cpu(base) || uses_cpu(head));
}

/* The benchmarks' shifts, sorted; how many. */
static size_t gather(struct pfl_judge *judge, enum kin kin, double *shifts)
{
    const struct pfl_run *base = judge->params->base, *head = judge->params->head;
    const struct pfl_benchmark *before;
    double shift;
    size_t i, n = 0;

    for (i = 0; i < head->benchmark_count; i++) {
        before = pfl_run_find(base, head->benchmarks[i].name);
        if (!before || before->status != PFL_STATUS_OK ||
            head->benchmarks[i].status != PFL_STATUS_OK ||
            !is_of(kin, before, &head->benchmarks[i]))
            continue;
        shift = shift_between(judge, before, &head->benchmarks[i]);
        if (!isnan(shift))
            shifts[n++] = shift;
    }
    pfl_stats_sort(shifts, n);
    return n;
}

/* The median shift of these benchmarks confirms the yardstick's: what of it is taken out. */
static bool agree(struct pfl_judge *judge, enum kin kin, double *shifts,
                  struct pfl_judge_moved *moved)
{
    size_t n = gather(judge, kin, shifts);
    double median, share, apart;

    moved->taken = moved->log_ratio;
    moved->taken_variance = moved->variance;
    if (n < LEAST_ROWS)
        return kin == CPU_BOUND && n > 0;
    median = pfl_stats_median_sorted(shifts, n);
    share = median / moved->log_ratio;
    if (!(share >= least_share && share <= most_share) ||
        (kin == ALL && fabs(share - 1) > close_share))
        return false;
    apart = median - moved->log_ratio;
    if (share < 1)
        moved->taken = median;
    moved->taken_variance += apart * apart / 3;
    return true;
}

/* Do the benchmarks confirm it, and for which of them does it speak? `core`: the core clock's
 * readings are known, and its shift; 0: it has none. */
static bool is_shared(struct pfl_judge *judge, const double *core, double *shifts,
                      struct pfl_judge_moved *moved)
{
    moved->cpu_bound = true;
    moved->waiting = moved->yardstick != PFL_YARDSTICK_CORE;
    if (!moved->waiting)
        return agree(judge, CPU_BOUND, shifts, moved);
    if ((!core || *core * moved->log_ratio > 0) && agree(judge, ALL, shifts, moved))
        return true;
    moved->cpu_bound = false;
    return agree(judge, WAITING, shifts, moved);
}

int pfl_judge_moved(struct pfl_judge *judge)
{
    const struct pfl_run *base = judge->params->base, *head = judge->params->head;
    struct pfl_judge_moved moved = {0};
    double *scratch, shift = 0, *core = NULL;
    bool is_shift;
    size_t most, which;

    if (!base || base->yardstick_count < LEAST_READINGS || head->yardstick_count < LEAST_READINGS)
        return PFL_OK;
    most = base->yardstick_count > head->yardstick_count ? base->yardstick_count
                                                         : head->yardstick_count;
    scratch = pfl_alloc((most + head->benchmark_count) * sizeof *scratch);
    if (!scratch)
        return pfl_err_no_memory(judge->err);
    for (which = 0; which < PFL_YARDSTICK_COUNT && !judge->moved.present; which++) {
        if (!read_shift(judge, which, scratch, &moved, &is_shift))
            continue;
        if (which == PFL_YARDSTICK_CORE) {
            core = &shift;
            shift = is_shift ? moved.log_ratio : 0;
        }
        if (is_shift && is_shared(judge, core, scratch, &moved)) {
            moved.present = true;
            judge->moved = moved;
        }
    }
    pfl_free(scratch);
    return PFL_OK;
}

double pfl_judge_moved_share(const struct pfl_judge *judge, const struct pfl_benchmark *base,
                             const struct pfl_benchmark *head, const struct pfl_result *result)
{
    const struct pfl_judge_moved *moved = &judge->moved;
    bool cpu_time = strcmp(result->metric, "cpu") == 0 || strcmp(result->metric, "user") == 0 ||
                    strcmp(result->metric, "sys") == 0;
    double direction;

    if (!moved->present || !pfl_judge_follows_machine(result, &direction))
        return 0;
    if (moved->cpu_bound)
        return moved->waiting || is_of(CPU_BOUND, base, head) ? direction : 0;
    return !cpu_time && is_of(WAITING, base, head) ? direction : 0;
}
