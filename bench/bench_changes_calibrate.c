/*
 * Where the limits of the change-point search come from: prints src/judge/changes_limits.c.
 *
 *     build/release/bench_changes_calibrate > src/judge/changes_limits.c      (about 3 minutes, one
 * core)
 *
 * For each length, quiet AR(1) series of the coefficients 0, 0.1 … 0.7 are made (Gaussian
 * innovations suffice, because the search sees ranks), and the strength of the strongest place is
 * noted beside the coefficient φ̂ that the search estimated. A limit is a + b · min(φ̂, 0.3): for
 * each b, a is the smallest with which none of the coefficients gives more false changes than the
 * level; b is the one whose limit is lowest at φ̂ = 0.12, where independent series with a step
 * mostly are. So what an estimate from few values does not know about the true coefficient is paid
 * for. Fixed seed, the same table everywhere.
 */
#include "judge/changes_find.h"
#include "judge/changes_table.h"
#include "stats/stats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const size_t lengths[PFL_CHANGES_LENGTHS] = {16,  20,  25,  32,   40,   50,   80,   125,
                                                    200, 320, 500, 1000, 2000, 5000, 20000};
static const double levels[PFL_CHANGES_LEVELS] = {0.5, 0.1, 0.01, 0.001};

enum { PHIS = 8, SLOPES = 31, SEED = 20261121, WORK = 8000000, MOST = 60000 };

/* What the quiet series of one coefficient gave. */
struct sample {
    double *strength, *estimate;
    size_t n;
};

static double gaussian(struct pfl_random *random)
{
    return pfl_stats_normal_quantile((pfl_random_unit(random) + 0x1p-54));
}

static void make_series(struct pfl_random *random, double phi, double *values, size_t n)
{
    double x = gaussian(random), scale = sqrt(1 - phi * phi);
    size_t i;

    for (i = 0; i < n; i++) {
        values[i] = x;
        x = phi * x + scale * gaussian(random);
    }
}

static void simulate(struct pfl_changes_scan *scan, struct pfl_random *random, size_t n, double phi,
                     struct sample *sample)
{
    double *values = malloc(n * sizeof *values);
    size_t i;

    sample->n = WORK / n < MOST ? WORK / n : MOST;
    for (i = 0; i < sample->n; i++) {
        if (!values)
            exit(EXIT_FAILURE);
        make_series(random, phi, values, n);
        if (pfl_changes_find(scan, values, n, NULL, 0, 0, NULL) < 0 ||
            pfl_changes_strongest(scan, &sample->strength[i], NULL) < 0)
            exit(EXIT_FAILURE);
        sample->estimate[i] = scan->autocorrelation;
    }
    free(values);
}

/* a for each level, given b: the largest quantile over the coefficients. */
static void constants(const struct sample samples[PHIS], double b, double *scratch,
                      double a[PFL_CHANGES_LEVELS])
{
    size_t i, k, level;

    for (level = 0; level < PFL_CHANGES_LEVELS; level++)
        a[level] = -INFINITY;
    for (k = 0; k < PHIS; k++) {
        for (i = 0; i < samples[k].n; i++)
            scratch[i] =
                samples[k].strength[i] - b * fmin(samples[k].estimate[i], PFL_CHANGES_BEND);
        pfl_stats_sort(scratch, samples[k].n);
        for (level = 0; level < PFL_CHANGES_LEVELS; level++)
            a[level] =
                fmax(a[level], pfl_stats_quantile_sorted(scratch, samples[k].n, 1 - levels[level]));
    }
}

static void calibrate(const struct sample samples[PHIS], double *scratch)
{
    double best[PFL_CHANGES_LEVELS][2], a[PFL_CHANGES_LEVELS], b;
    size_t i, level;

    for (i = 0; i < SLOPES; i++) {
        b = 2 * (double)i;
        constants(samples, b, scratch, a);
        for (level = 0; level < PFL_CHANGES_LEVELS; level++)
            if (i == 0 || a[level] + 0.12 * b < best[level][0] + 0.12 * best[level][1]) {
                best[level][0] = a[level];
                best[level][1] = b;
            }
    }
    printf("    {");
    for (level = 0; level < PFL_CHANGES_LEVELS; level++)
        printf("%s{%.2f, %.0f}", level ? ", " : "", best[level][0], best[level][1]);
    printf("},");
}

int main(void)
{
    double *scratch = malloc(MOST * sizeof *scratch);
    struct pfl_changes_scan scan = {0};
    struct sample samples[PHIS] = {0};
    struct pfl_random random;
    size_t i, k;

    for (k = 0; k < PHIS; k++) {
        samples[k].strength = malloc(MOST * sizeof *scratch);
        samples[k].estimate = malloc(MOST * sizeof *scratch);
        if (!scratch || !samples[k].strength || !samples[k].estimate)
            return EXIT_FAILURE;
    }
    printf("/*\n * Made by bench_changes_calibrate (seed %d): do not edit. {a, b} of the limits a "
           "+ b · min(φ̂,\n"
           " * 0.3) that the strongest place of a quiet series exceeds with chance 50 %%, 10 %%, 1 "
           "%%, 0.1 %% at\n"
           " * most; one line per length.\n */\n"
           "#include \"judge/changes_table.h\"\n\n/* clang-format off */\n"
           "const size_t pfl_changes_lengths[PFL_CHANGES_LENGTHS] = {",
           SEED);
    for (i = 0; i < PFL_CHANGES_LENGTHS; i++)
        printf("%s%zu", i ? ", " : "", lengths[i]);
    printf(
        "};\n\nconst double pfl_changes_limits[PFL_CHANGES_LENGTHS][PFL_CHANGES_LEVELS][2] = {\n");
    for (i = 0; i < PFL_CHANGES_LENGTHS; i++) {
        pfl_random_seed(&random, SEED + lengths[i]);
        for (k = 0; k < PHIS; k++)
            simulate(&scan, &random, lengths[i], (double)k / 10, &samples[k]);
        calibrate(samples, scratch);
        printf(" /* n = %zu, %zu series of each coefficient */\n", lengths[i], samples[0].n);
        fflush(stdout);
    }
    printf("};\n/* clang-format on */\n");
    pfl_changes_scan_release(&scan);
    for (k = 0; k < PHIS; k++) {
        free(samples[k].strength);
        free(samples[k].estimate);
    }
    free(scratch);
    return EXIT_SUCCESS;
}
