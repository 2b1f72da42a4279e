/*
 * What is odd about each benchmark's samples, so that a person does not trust a number that does
 * not deserve it. Looked at is one metric per benchmark: `time`, else the first that has numbers.
 *
 *   outliers    beyond Tukey's fences (1.5 interquartile ranges; severe beyond 3), the farthest at
 *               least 5 % off the median (a severe one 2 %)
 *   bimodal     two clusters (stats/shape.c) at least 3 % apart: below that nobody would act on it
 *   trend       Kendall's tau, p < 0.1 %, and the fitted change over all rounds at least 2 %
 *               (warming up, throttling, a leak)
 *   first slow  the first launch lies beyond the outer fence of the others and 10 % above their
 *               median: a warm-up is missing
 *   contention  CPU pressure of the run
 *   noisy       the interval of the median is wider than the tolerance the metric is usually gated
 * at zero        the values are all 0
 *
 * The levels are chosen so that a quiet sample of 10–50 launches is called odd in about 1 % of the
 * cases by each of them (outliers apart: Gaussian samples have some, and they are only counted).
 */
#include "base/alloc.h"
#include "judge/internal.h"

#include <string.h>

static const double trend_p = 0.001, trend_least = 0.02, clusters_apart = 0.03, first_above = 1.1;
static const double outliers_told = 0.05, severe_told = 0.02;

PFL_VEC(oddities, struct pfl_oddity);

struct sample {
    const struct pfl_benchmark *bench;
    const struct pfl_result *result;
    struct pfl_arena *arena;
    double *values, *sorted; /* by launch without NaN; the same sorted */
    size_t n;
    struct oddities found;
    bool failed; /* no memory */
};

static void add(struct sample *sample, enum pfl_oddity_kind kind, const char *text)
{
    struct pfl_oddity oddity = {.kind = kind, .text = text};

    if (!text || !pfl_vec_push(&sample->found, &oddity))
        sample->failed = true;
}

/* An outlier that changes nothing is no news: told from a twentieth off the median on, severe ones
 * (which a very quiet sample has at one per cent, too) from a fiftieth on. */
static void look_for_outliers(struct sample *s)
{
    double median = pfl_stats_median_sorted(s->sorted, s->n), up, down, off;
    const char *severely;
    size_t mild, severe;

    pfl_stats_outliers_sorted(s->sorted, s->n, &mild, &severe);
    if (mild == 0 || s->n < 5 || !(median > 0))
        return;
    up = s->sorted[s->n - 1] / median;
    down = s->sorted[0] / median;
    off = fmax(up - 1, 1 - down);
    if (off < (severe ? severe_told : outliers_told))
        return;
    severely = severe == 0      ? ""
               : severe == mild ? (mild == 1 ? ", a severe one" : ", severe ones")
                                : pfl_arena_format(s->arena, ", %zu of them severe", severe);
    if (!severely)
        severely = "";
    add(s, PFL_ODD_OUTLIERS,
        pfl_arena_format(s->arena, "%zu of %zu launches %s%s (%s %.2f times the median)", mild,
                         s->n, mild == 1 ? "is an outlier" : "are outliers", severely,
                         up - 1 >= 1 - down ? "up to" : "down to", up - 1 >= 1 - down ? up : down));
}

static void look_for_clusters(struct sample *s)
{
    double split, d = pfl_stats_bimodality_sorted(s->sorted, s->n, &split), low, high;
    size_t below = 0;

    if (!(d > pfl_stats_bimodality_limit(s->n)))
        return;
    while (below < s->n && s->sorted[below] < split)
        below++;
    low = pfl_stats_median_sorted(s->sorted, below);
    high = pfl_stats_median_sorted(s->sorted + below, s->n - below);
    if (low > 0 && high / low - 1 >= clusters_apart)
        add(s, PFL_ODD_BIMODAL,
            pfl_arena_format(s->arena,
                             "two clusters: %zu launches, and %zu that are %.0f %% higher", below,
                             s->n - below, (high / low - 1) * 100));
}

static void look_for_trend(struct sample *s, double *scratch)
{
    double p, tau = pfl_stats_trend(s->values, s->n, &p),
              median = pfl_stats_median_sorted(s->sorted, s->n);
    double first, last, change;
    size_t third = s->n / 3;

    if (s->n < 8 || !(p < trend_p) || !(median > 0))
        return;
    /* From the first third's median to the last third's, stretched to the whole length. */
    memcpy(scratch, s->values, s->n * sizeof *scratch);
    pfl_stats_sort(scratch, third);
    pfl_stats_sort(scratch + s->n - third, third);
    first = pfl_stats_median_sorted(scratch, third);
    last = pfl_stats_median_sorted(scratch + s->n - third, third);
    change = (last - first) / median * (double)(s->n - 1) / (double)(s->n - third);
    if (fabs(change) >= trend_least)
        add(s, PFL_ODD_TREND,
            pfl_arena_format(s->arena, "the rounds get %s: %.0f %% from first to last",
                             tau > 0 ? "higher" : "lower", fabs(change) * 100));
}

static void look_at_first(struct sample *s, double *scratch)
{
    double q1, q3, median;
    size_t rest = s->n - 1;

    if (s->n < 5)
        return;
    memcpy(scratch, s->values + 1, rest * sizeof *scratch);
    pfl_stats_sort(scratch, rest);
    q1 = pfl_stats_quantile_sorted(scratch, rest, 0.25);
    q3 = pfl_stats_quantile_sorted(scratch, rest, 0.75);
    median = pfl_stats_median_sorted(scratch, rest);
    if (s->values[0] > q3 + 3 * (q3 - q1) && s->values[0] > scratch[rest - 1] &&
        s->values[0] >= first_above * median)
        add(s, PFL_ODD_FIRST_SLOW,
            pfl_arena_format(s->arena,
                             "the first launch is %.2f times the others' median: caches were cold, "
                             "more warm-up helps",
                             s->values[0] / median));
}

/* By the pressure alone: many context switches may as well be threads that hand work to each other.
 */
static void look_for_contention(struct sample *s, double pressure)
{
    const char *witness = s->result->normalised.inside ? "" : ": CPU time is the better witness";

    if (pressure >= PFL_JUDGE_PRESSURE)
        add(s, PFL_ODD_CONTENTION,
            pfl_arena_format(s->arena, "something else wanted the CPU (pressure %.0f %%)%s",
                             pressure, witness));
}

static void look_at_width(struct sample *s)
{
    const struct pfl_metric *metric = pfl_metric_find(s->result->metric);
    const struct pfl_summary *summary = &s->result->summary;
    double tolerance = metric ? metric->default_tolerance : 0.10;
    double half = (summary->ci_high - summary->ci_low) / 2 / summary->median;

    if (summary->median > 0 && tolerance > 0 && half > tolerance)
        add(s, PFL_ODD_NOISY,
            pfl_arena_format(s->arena,
                             "noisy: the median is known to \u00b1%.0f %% only, a tolerance of "
                             "%.0f %% cannot be held",
                             half * 100, tolerance * 100));
}

static const struct pfl_result *watched(const struct pfl_benchmark *bench)
{
    const struct pfl_result *time = pfl_benchmark_find(bench, "time", "");
    size_t i;

    if (time)
        return time;
    for (i = 0; i < bench->result_count; i++)
        if (!bench->results[i].text)
            return &bench->results[i];
    return NULL;
}

static void look(struct sample *s, double *scratch, double pressure)
{
    if (s->sorted[0] == 0 && s->sorted[s->n - 1] == 0) {
        add(s, PFL_ODD_CONSTANT_ZERO, "all values are 0");
        return;
    }
    look_for_outliers(s);
    look_for_clusters(s);
    look_for_trend(s, scratch);
    look_at_first(s, scratch);
    look_for_contention(s, pressure);
    look_at_width(s);
}

/* Not finite values say nothing about the shape. */
static size_t keep_finite(double *values, size_t n)
{
    size_t i, kept = 0;

    for (i = 0; i < n; i++)
        if (isfinite(values[i]))
            values[kept++] = values[i];
    return kept;
}

static int assess_one(const struct pfl_benchmark *bench, double pressure, struct pfl_arena *arena,
                      struct pfl_assessment *out, struct pfl_err *err)
{
    struct sample s = {.bench = bench, .result = watched(bench), .arena = arena};
    double *room;
    int rc;

    out->benchmark = bench;
    if (bench->status != PFL_STATUS_OK || !s.result || !s.result->values ||
        bench->launch_count == 0)
        return PFL_OK;
    room = pfl_alloc(3 * bench->launch_count * sizeof *room);
    if (!room)
        return pfl_err_no_memory(err);
    s.values = room;
    s.sorted = room + bench->launch_count;
    rc = pfl_judge_by_launch(s.result, bench->launch_count, s.values, err);
    if (rc == PFL_OK)
        pfl_judge_inside_adjust(bench, s.result, s.values);
    s.n = rc == PFL_OK ? keep_finite(s.values, bench->launch_count) : 0;
    if (s.n > 0) {
        memcpy(s.sorted, s.values, s.n * sizeof *s.sorted);
        pfl_stats_sort(s.sorted, s.n);
        look(&s, room + 2 * bench->launch_count, pressure);
    }
    if (rc == PFL_OK && !s.failed && s.found.n) {
        out->oddities = pfl_arena_array(arena, s.found.n, sizeof *out->oddities);
        if (out->oddities)
            memcpy(out->oddities, s.found.at, s.found.n * sizeof *out->oddities);
        s.failed = !out->oddities;
        out->oddity_count = s.found.n;
    }
    pfl_vec_release(&s.found);
    pfl_free(room);
    return s.failed ? pfl_err_no_memory(err) : rc;
}

int pfl_judge_assess(const struct pfl_run *run, struct pfl_arena *arena,
                     struct pfl_assessment **out, struct pfl_err *err)
{
    struct pfl_assessment *all = pfl_arena_array(arena, run->benchmark_count, sizeof *all);
    double pressure = pfl_judge_pressure(run);
    size_t i;
    int rc = all ? PFL_OK : pfl_err_no_memory(err);

    for (i = 0; i < run->benchmark_count && rc == PFL_OK; i++)
        rc = assess_one(&run->benchmarks[i], pressure, arena, &all[i], err);
    if (rc == PFL_OK)
        *out = all;
    return rc;
}
