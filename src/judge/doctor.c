/*
 * Is this machine fit to measure on? Decided by what identical commands look like here (A/A), not
 * by a list of settings: settings explain, the noise floor counts.
 *
 * In: the launches of one identical command in the order A B B A. Each A and its neighbour B make a
 * pair; drift falls on both alike and, the order turning about, with either sign. The trimmed
 * deviation of the log ratios is the scatter of a pair; where blocks of pairs scatter by more than
 * independent pairs would let them, that is the scatter that counts, because only it promises what
 * more pairs will bring.
 *
 * Out: the floor, and the price of a gate. A difference of ln(1 + g) is found with α = 1 %
 * two-sided and power 95 % by
 * ((t₀.₉₉₅ + t₀.₉₅) σ / ln(1 + g))² pairs, at least eight. σ has to be estimated from the same
 * trimmed pairs: a third of n degrees of freedom keep the promise (simulated in
 * tests/unit/judge/doctor.c). A 1 s command scatters less than
 * a 20 ms one, by as much as stretches of the trial's launches show (stats/scatter.h). Stretches
 * longer than an eighth of a side are too few to be believed, and nothing is gained beyond them: so
 * a promise for long commands is rather too high a price than too low a one.
 */
#include "judge/doctor.h"

#include "base/macros.h"
#include "base/units.h"
#include "stats/scatter.h"
#include "stats/stats.h"

#include <math.h>

#define SHORT_S 0.02
#define LONG_S 1.0
#define FLOOR_GOOD 0.01 /* scatter of a pair */
#define FLOOR_FAIR 0.05
#define PAIRS_EXACT_MOST 10000 /* beyond, a few pairs more make no difference */
#define KEPT 0.6               /* share of the pairs that a deviation rests on after trimming */
#define BIAS_LEVEL 0.999 /* a trial of identical commands is called biased at this confidence */
#define TOLERANCE_LAST 0.10

enum { PAIRS_A_BLOCK = 8, BLOCKS_LEAST = 6, THIRDS = 3, STRETCHES_LEAST = 16 };

static const double tolerances[] = {0.01, 0.03, TOLERANCE_LAST};
static const double commands_s[] = {SHORT_S, LONG_S};

/* How many pairs it takes when what n pairs teach of their own scatter is used. */
static double pairs_given(double n, double share)
{
    double quantiles = pfl_stats_t_quantile(1 - PFL_DOCTOR_ALPHA / 2, n / 3) +
                       pfl_stats_t_quantile(PFL_DOCTOR_POWER, n / 3);

    return quantiles * quantiles * share * share;
}

double pfl_judge_pairs_needed(double scatter, double tolerance)
{
    double quantiles = pfl_stats_normal_quantile(1 - PFL_DOCTOR_ALPHA / 2) +
                       pfl_stats_normal_quantile(PFL_DOCTOR_POWER);
    double share = scatter / log1p(tolerance), pairs;

    if (isnan(share))
        return NAN;
    pairs = fmax(PFL_DOCTOR_PAIRS_LEAST, ceil(quantiles * quantiles * share * share));
    while (pairs < PAIRS_EXACT_MOST && pairs < pairs_given(pairs, share))
        pairs++;
    return pairs;
}

/* Launches 0 and 1 are A B, 2 and 3 are B A. */
static double log_ratio(const double *values, size_t pair)
{
    double ratio = log(values[2 * pair + 1] / values[2 * pair]);

    return pair % 2 ? -ratio : ratio;
}

static bool usable(const double *values, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (!(values[i] > 0) || !isfinite(values[i]))
            return false;
    return n / 2 >= PFL_DOCTOR_PAIRS_LEAST;
}

struct scratch {
    double *ratios, *sorted, *blocks; /* as many as there are launches, each */
};

/* What the scatter of a pair would have to be for blocks of pairs to scatter as they do; `pairwise`
 * where that is more only by chance (by less than twice the standard error of such a figure), or
 * there are too few blocks to tell. */
static double block_deviation(const double *ratios, size_t pairs, double pairwise,
                              const struct scratch *scratch)
{
    double *one = scratch->sorted, *blocks = scratch->blocks;
    double centre, deviation, limit;
    size_t n = pairs / PAIRS_A_BLOCK, i, j;

    if (n < BLOCKS_LEAST)
        return pairwise;
    for (i = 0; i < n; i++) {
        for (j = 0; j < PAIRS_A_BLOCK; j++)
            one[j] = ratios[i * PAIRS_A_BLOCK + j];
        pfl_stats_sort(one, PAIRS_A_BLOCK);
        pfl_stats_trimmed_sorted(one, PAIRS_A_BLOCK, &blocks[i], &deviation);
    }
    pfl_stats_sort(blocks, n);
    pfl_stats_trimmed_sorted(blocks, n, &centre, &deviation);
    deviation *= sqrt(PAIRS_A_BLOCK);
    limit = pairwise * (1 + 2 / sqrt((double)n));
    return deviation > limit ? deviation : pairwise;
}

static enum pfl_fitness grade(double value, double good, double fair)
{
    return value <= good ? PFL_FITNESS_GOOD : value <= fair ? PFL_FITNESS_FAIR : PFL_FITNESS_POOR;
}

static void judge_floor(const double *values, size_t launches, struct scratch *scratch,
                        struct pfl_floor *floor)
{
    size_t pairs = launches / 2, i;
    double centre, deviation, half;

    floor->pairs = pairs;
    floor->command_s = floor->scatter = floor->ratio = NAN;
    floor->ratio_low = floor->ratio_high = floor->smallest = NAN;
    floor->verdict = PFL_FITNESS_POOR;
    if (!usable(values, launches))
        return;
    for (i = 0; i < launches; i++)
        scratch->sorted[i] = values[i];
    pfl_stats_sort(scratch->sorted, launches);
    floor->command_s = pfl_stats_median_sorted(scratch->sorted, launches);
    for (i = 0; i < pairs; i++)
        scratch->ratios[i] = scratch->sorted[i] = log_ratio(values, i);
    pfl_stats_sort(scratch->sorted, pairs);
    pfl_stats_trimmed_sorted(scratch->sorted, pairs, &centre, &deviation);
    floor->scatter = block_deviation(scratch->ratios, pairs, deviation, scratch);
    half = pfl_stats_t_quantile(1 - PFL_DOCTOR_ALPHA / 2, KEPT * (double)pairs - 1) *
           floor->scatter / sqrt((double)pairs);
    floor->ratio = exp(centre);
    floor->ratio_low = exp(centre - half);
    floor->ratio_high = exp(centre + half);
    floor->smallest = expm1((pfl_stats_normal_quantile(1 - PFL_DOCTOR_ALPHA / 2) +
                             pfl_stats_normal_quantile(PFL_DOCTOR_POWER)) *
                            floor->scatter / sqrt((double)pairs));
    half *= pfl_stats_normal_quantile((1 + BIAS_LEVEL) / 2) /
            pfl_stats_normal_quantile(1 - PFL_DOCTOR_ALPHA / 2);
    floor->verdict =
        fabs(centre) > half ? PFL_FITNESS_POOR : grade(floor->scatter, FLOOR_GOOD, FLOOR_FAIR);
}

/* The scatter of a pair of longer commands: the floor's, times what longer stretches gain. */
static double scatter_at(const struct pfl_floor *floor, const double *values, size_t launches,
                         double command_s, double *scratch)
{
    double one, longer, gain = 1;
    size_t length;

    if (isnan(floor->scatter))
        return NAN;
    one = pfl_stats_stretch_deviation(values, launches, 1, scratch);
    for (length = 2; launches / length >= STRETCHES_LEAST &&
                     (double)length * floor->command_s <= command_s * 1.01;
         length *= 2) {
        longer = pfl_stats_stretch_deviation(values, launches, length, scratch);
        if (one > 0)
            gain = longer / one;
    }
    return floor->scatter * gain;
}

static void judge_gates(const struct pfl_evidence *evidence, struct scratch *scratch,
                        struct pfl_diagnosis *out)
{
    const double *const values[PFL_FLOOR_COUNT] = {evidence->wall_s, evidence->cpu_s};
    double scatters[PFL_COUNT(commands_s)][PFL_FLOOR_COUNT];
    struct pfl_gate_cost *cost = out->gates;
    size_t t, c, m, sharper;

    for (c = 0; c < PFL_COUNT(commands_s); c++)
        for (m = 0; m < PFL_FLOOR_COUNT; m++)
            scatters[c][m] = scatter_at(&out->floors[m], values[m], evidence->launch_count,
                                        commands_s[c], scratch->sorted);
    for (t = 0; t < PFL_COUNT(tolerances); t++) {
        for (c = 0; c < PFL_COUNT(commands_s); c++) {
            sharper = scatters[c][PFL_FLOOR_CPU] < scatters[c][PFL_FLOOR_TIME] ? PFL_FLOOR_CPU
                                                                               : PFL_FLOOR_TIME;
            for (m = 0; m < PFL_FLOOR_COUNT; m++, cost++) {
                cost->tolerance = tolerances[t];
                cost->command_s = commands_s[c];
                cost->metric = out->floors[m].metric;
                cost->scatter = scatters[c][m];
                cost->pairs = pfl_judge_pairs_needed(scatters[c][m], tolerances[t]);
                cost->seconds = 2 * cost->pairs * (commands_s[c] + evidence->overhead_s);
                cost->deciding = m == sharper;
            }
        }
    }
}

/* Yardsticks */

static const struct {
    double good, fair; /* of spread and of drift */
} yardstick_limits[PFL_YARDSTICK_COUNT] = {
    [PFL_YARDSTICK_CORE] = {0.01, 0.04},   [PFL_YARDSTICK_CHASE] = {0.05, 0.15},
    [PFL_YARDSTICK_STREAM] = {0.05, 0.15}, [PFL_YARDSTICK_SYSCALL] = {0.03, 0.10},
    [PFL_YARDSTICK_SPAWN] = {0.05, 0.15},
};

static double median_of(const double *values, size_t n, double *scratch)
{
    n = pfl_stats_drop_nan(values, n, scratch);
    pfl_stats_sort(scratch, n);
    return pfl_stats_median_sorted(scratch, n);
}

static void judge_yardstick(const double *values, size_t n, double *scratch,
                            struct pfl_yardstick_summary *out)
{
    double centre, deviation, first, last;
    size_t third = n / THIRDS, kept;

    out->median_s = out->spread = out->drift = NAN;
    out->verdict = PFL_FITNESS_FAIR; /* not known to be bad */
    if (!values || n == 0)
        return;
    first = median_of(values, third, scratch);
    last = median_of(values + n - third, third, scratch);
    out->drift = last / first - 1;
    kept = pfl_stats_drop_nan(values, n, scratch);
    pfl_stats_sort(scratch, kept);
    out->median_s = pfl_stats_median_sorted(scratch, kept);
    pfl_stats_trimmed_sorted(scratch, kept, &centre, &deviation);
    out->spread = deviation / out->median_s;
}

static int judge_yardsticks(const struct pfl_evidence *evidence, struct pfl_arena *arena,
                            struct pfl_diagnosis *out, struct pfl_err *err)
{
    double *scratch = pfl_arena_array(arena, evidence->yardstick_count + 1, sizeof *scratch);
    double worst;
    size_t i;

    if (!scratch)
        return pfl_err_no_memory(err);
    for (i = 0; i < PFL_YARDSTICK_COUNT; i++) {
        struct pfl_yardstick_summary *summary = &out->yardsticks[i];

        summary->name = pfl_yardstick_name((enum pfl_yardstick)i);
        judge_yardstick(evidence->yardsticks[i], evidence->yardstick_count, scratch, summary);
        worst = fmax(summary->spread, fabs(summary->drift)); /* fmax passes a NaN over */
        if (!isnan(worst))
            summary->verdict = grade(worst, yardstick_limits[i].good, yardstick_limits[i].fair);
    }
    return PFL_OK;
}

/* The whole */

static const struct pfl_gate_cost *slowest_last_gate(const struct pfl_diagnosis *diagnosis)
{
    const struct pfl_gate_cost *slowest = NULL;
    size_t i;

    for (i = 0; i < PFL_GATE_COST_COUNT; i++) {
        const struct pfl_gate_cost *cost = &diagnosis->gates[i];

        if (cost->tolerance == TOLERANCE_LAST && cost->deciding &&
            (!slowest || isnan(cost->seconds) || cost->seconds > slowest->seconds))
            slowest = cost;
    }
    return slowest;
}

static const char *say_why(struct pfl_arena *arena, const struct pfl_gate_cost *gate, bool fit)
{
    const char *text = NULL;
    struct pfl_buf buf;

    if (!gate || isnan(gate->seconds))
        return "the trial is too short to judge by, or its clock does not tell the launches apart; "
               "give it more time (--max-time)";
    pfl_buf_init(&buf, 1024);
    pfl_buf_format(&buf, "a 10 %% gate on a %s command takes ",
                   gate->command_s < LONG_S ? "20 ms" : "1 s");
    pfl_units_write_duration(&buf, gate->seconds);
    pfl_buf_text(&buf, fit ? " here" : " here, more than the minute that a gate may take");
    if (!buf.error)
        text = pfl_arena_text_n(arena, pfl_buf_cstr(&buf), buf.len);
    pfl_buf_release(&buf);
    return text;
}

static int conclude(struct pfl_arena *arena, struct pfl_diagnosis *out, struct pfl_err *err)
{
    const struct pfl_gate_cost *gate = slowest_last_gate(out);
    bool sharp = false;
    size_t i, poor = 0;

    for (i = 0; i < out->check_count; i++)
        poor += out->checks[i].verdict == PFL_FITNESS_POOR;
    for (i = 0; i < PFL_FLOOR_COUNT; i++)
        sharp |= out->floors[i].verdict == PFL_FITNESS_GOOD;
    out->fit = gate && gate->seconds <= PFL_DOCTOR_PATIENCE_S;
    out->verdict = sharp && !poor ? PFL_FITNESS_GOOD : PFL_FITNESS_FAIR;
    if (!out->fit)
        out->verdict = PFL_FITNESS_POOR;
    out->exit_code = out->fit ? PFL_OK : PFL_EGATE;
    out->reason = say_why(arena, gate, out->fit);
    return out->reason ? PFL_OK : pfl_err_no_memory(err);
}

int pfl_judge_doctor(const struct pfl_evidence *evidence, struct pfl_arena *arena,
                     struct pfl_diagnosis *diagnosis, struct pfl_err *err)
{
    size_t n = evidence->launch_count + 1;
    struct scratch scratch = {pfl_arena_array(arena, n, sizeof(double)),
                              pfl_arena_array(arena, n, sizeof(double)),
                              pfl_arena_array(arena, n, sizeof(double))};
    struct pfl_diagnosis made = {.floors = {{.metric = "time"}, {.metric = "cpu"}}};
    int rc;

    if (!scratch.ratios || !scratch.sorted || !scratch.blocks)
        return pfl_err_no_memory(err);
    judge_floor(evidence->wall_s, evidence->launch_count, &scratch, &made.floors[PFL_FLOOR_TIME]);
    judge_floor(evidence->cpu_s, evidence->launch_count, &scratch, &made.floors[PFL_FLOOR_CPU]);
    judge_gates(evidence, &scratch, &made);
    rc = judge_yardsticks(evidence, arena, &made, err);
    if (rc == PFL_OK)
        rc = pfl_judge_doctor_checks(evidence, arena, &made, err);
    if (rc == PFL_OK)
        rc = conclude(arena, &made, err);
    if (rc == PFL_OK)
        *diagnosis = made;
    return rc;
}
