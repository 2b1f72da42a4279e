/*
 * What the change-point search does: speed, false alarms of quiet series, power beside it. Fixed
 * seeds.
 *
 *     build/release/bench_changes            1,000 series per cell, some 5 seconds
 *     build/release/bench_changes --full     20,000 series per cell
 *     build/release/bench_changes --untimed  1,000 without the speed: for a machine that is busy
 *
 * Everything goes through pfl_judge_changes(), as `perfledger changes` does; every change counts,
 * pending ones too. Exit status 1 when a bar is missed: 0.15 ms at n = 500, 10,000 × 500 in 2 s, 1
 * % of quiet series (the listed kinds).
 */
#include "judge/changes.h"
#include "stats/stats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LONGEST = 2000, SEED = 3 };

static struct pfl_random source;

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double unit(void)
{
    return pfl_random_unit(&source);
}

static double gaussian(void)
{
    return pfl_stats_normal_quantile(unit() + 0x1p-54);
}

static void make_ar(double phi, double *v, size_t n)
{
    double x = gaussian(), scale = sqrt(1 - phi * phi);
    size_t i;

    for (i = 0; i < n; i++) {
        v[i] = 100 + 2 * x; /* σ is 2 % */
        x = phi * x + scale * gaussian();
    }
}

static void make_lognormal(double sigma, double *v, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        v[i] = 100 * exp(sigma * gaussian());
}

/* parameter: share of values that are 1.5 times as large */
static void make_spikes(double share, double *v, size_t n)
{
    size_t i;

    make_ar(0, v, n);
    for (i = 0; i < n; i++)
        v[i] *= unit() < share ? 1.5 : 1;
}

/* parameter: chance to go to the other of two levels, 8 σ apart; 0.5 is a coin */
static void make_bimodal(double change, double *v, size_t n)
{
    bool high = unit() < 0.5;
    size_t i;

    make_ar(0, v, n);
    for (i = 0; i < n; i++) {
        high = unit() < change ? !high : high;
        v[i] *= high ? 1.16 : 1;
    }
}

static void make_rounded(double digits, double *v, size_t n)
{
    size_t i;

    make_ar(0, v, n);
    for (i = 0; i < n; i++)
        v[i] = floor(v[i] / digits) * digits;
}

static void make_rare(double share, double *v, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        v[i] = unit() < share ? 1 : 0;
}

struct kind {
    const char *name;
    void (*make)(double parameter, double *v, size_t n);
    double parameter;
    bool bar;
};
static const struct kind kinds[] = {
    {"Gaussian", make_ar, 0, true},
    {"lognormal, sigma 0.5", make_lognormal, 0.5, true},
    {"AR(0.3)", make_ar, 0.3, true},
    {"AR(0.6)", make_ar, 0.6, true},
    {"5 % spikes of +50 %", make_spikes, 0.05, true},
    {"bimodal, a coin", make_bimodal, 0.5, true},
    {"bimodal, stays 5 runs", make_bimodal, 0.2, false},
    {"bimodal, stays 10 runs", make_bimodal, 0.1, false},
    {"rounded to 1 sigma", make_rounded, 2, false},
    {"0 or 1, 3 % ones", make_rare, 0.03, false},
    {"AR(0.7)", make_ar, 0.7, false},
    {"AR(0.8)", make_ar, 0.8, false},
};

static struct pfl_changes_finder *finder;
static struct pfl_arena arena;

static struct pfl_series_changes judge(const double *values, size_t n)
{
    struct pfl_series series = {
        .benchmark = "b", .metric = "time", .variant = "", .unit = "s", .values = values, .n = n};
    struct pfl_changes_params params = {.series = &series};
    struct pfl_series_changes out;

    pfl_arena_release(&arena);
    pfl_arena_init(&arena);
    if (pfl_judge_changes(finder, &params, &arena, &out, NULL) < 0)
        exit(EXIT_FAILURE);
    return out;
}

static bool false_alarms(size_t repeats)
{
    static const size_t lengths[] = {20, 50, 200, 500};
    double v[LONGEST], share;
    size_t k, l, i, bad;
    bool good = true;

    printf("\nquiet series with any change, %zu series each, seed %d (bar: 1 %% where marked *, n "
           "= 50, 200, 500)\n%-24s",
           repeats, SEED, "");
    for (l = 0; l < PFL_COUNT(lengths); l++)
        printf("  n = %-4zu", lengths[l]);
    printf("\n");
    for (k = 0; k < PFL_COUNT(kinds); k++) {
        printf("%-22s %s", kinds[k].name, kinds[k].bar ? "*" : " ");
        for (l = 0; l < PFL_COUNT(lengths); l++) {
            for (bad = 0, i = 0; i < repeats; i++) {
                kinds[k].make(kinds[k].parameter, v, lengths[l]);
                bad += judge(v, lengths[l]).change_count > 0;
            }
            share = (double)bad / (double)repeats;
            printf("  %6.2f %%", 100 * share);
            /* with few repeats chance has its say: three standard errors */
            good &= !kinds[k].bar || lengths[l] < 50 ||
                    share <= 0.01 + 3 * sqrt(0.01 * 0.99 / (double)repeats);
        }
        printf("\n");
    }
    return good;
}

static void power(size_t repeats)
{
    static const size_t lengths[] = {20, 30, 50, 200};
    static const double steps[] = {1, 1.5, 2, 3};
    double v[LONGEST];
    size_t l, s, i, j, found, near, alone;

    printf("\na step in the middle of Gaussian values, %zu series each, seed %d\n"
           "%8s %8s %12s %14s %12s\n",
           repeats, SEED, "n", "step", "found", "place +-2", "only one");
    for (l = 0; l < PFL_COUNT(lengths); l++)
        for (s = 0; s < PFL_COUNT(steps); s++) {
            found = near = alone = 0;
            for (i = 0; i < repeats; i++) {
                struct pfl_series_changes out;
                size_t middle = lengths[l] / 2, hits = 0;

                make_ar(0, v, lengths[l]);
                for (j = middle; j < lengths[l]; j++)
                    v[j] += 2 * steps[s];
                out = judge(v, lengths[l]);
                found += out.change_count > 0;
                alone += out.change_count == 1;
                for (j = 0; j < out.change_count; j++)
                    hits +=
                        out.changes[j].index + 2 >= middle && out.changes[j].index <= middle + 2;
                near += hits > 0;
            }
            printf("%8zu %6.1f s %10.1f %% %12.1f %% %10.1f %%\n", lengths[l], steps[s],
                   100 * (double)found / (double)repeats, 100 * (double)near / (double)repeats,
                   100 * (double)alone / (double)repeats);
        }
}

/* 20 values, each 0.5 % up, between two quiet stretches of 20; σ in per cent. */
static void drift(size_t repeats)
{
    static const double sigmas[] = {0.2, 0.5, 1, 2};
    double v[60];
    size_t s, i, j, found, alone, named;

    printf("\n20 x 0.5 %% between 20 quiet values on either side, %zu series each\n%10s %12s %14s "
           "%16s\n",
           repeats, "sigma", "alarm", "one change", "called drift");
    for (s = 0; s < PFL_COUNT(sigmas); s++) {
        found = alone = named = 0;
        for (i = 0; i < repeats; i++) {
            struct pfl_series_changes out;

            for (j = 0; j < 60; j++)
                v[j] = 100 * pow(1.005, fmin(fmax((double)j - 19, 0), 20)) *
                       (1 + sigmas[s] / 100 * gaussian());
            out = judge(v, 60);
            found += pfl_changes_alarms(&out, false) > 0;
            alone += out.change_count == 1;
            named += out.change_count > 0 && out.changes[0].kind == PFL_CHANGE_DRIFT;
        }
        printf("%8.1f %% %10.1f %% %12.1f %% %14.1f %%\n", sigmas[s],
               100 * (double)found / (double)repeats, 100 * (double)alone / (double)repeats,
               100 * (double)named / (double)repeats);
    }
}

static bool speed(void)
{
    enum { SERIES = 10000, N = 500 };
    double v[N], begin, quiet = 0, stepped = 0;
    size_t i, j;

    for (i = 0; i < SERIES; i++) {
        make_ar(0.3, v, N);
        begin = now_s();
        judge(v, N);
        quiet += now_s() - begin;
        for (j = N / 2; j < N; j++)
            v[j] *= 1.1;
        begin = now_s();
        judge(v, N);
        stepped += now_s() - begin;
    }
    printf("%d series of %d values, one core: quiet %.2f s (%.3f ms each), with a step %.2f s "
           "(%.3f ms each); bars: 2 s, 0.15 ms\n",
           SERIES, N, quiet, quiet * 1e3 / SERIES, stepped, stepped * 1e3 / SERIES);
    return stepped < 2 && quiet < 2 && stepped * 1e3 / SERIES <= 0.15;
}

int main(int count, char **words)
{
    size_t repeats = count > 1 && strcmp(words[1], "--full") == 0 ? 20000 : 1000;
    bool timed = count < 2 || strcmp(words[1], "--untimed") != 0, good;

    finder = pfl_changes_finder_new();
    if (!finder)
        return EXIT_FAILURE;
    pfl_arena_init(&arena);
    pfl_random_seed(&source, SEED);
    good = !timed || speed();
    good &= false_alarms(repeats);
    power(repeats);
    drift(repeats);
    printf("\n%s\n", good ? "all bars hold" : "a bar is MISSED");
    pfl_arena_release(&arena);
    pfl_changes_finder_free(finder);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
