/*
 * How often must a program of work.c do its work to take so many milliseconds of CPU time here?
 *
 *     proof_calibrate MS WORK KIND [FILE]      prints: COUNT FIXED
 *
 * FIXED is the share of the whole that does not grow with the count (starting, mapping, first
 * touches): a program that is to be x slower in all needs a count that is x / (1 − FIXED) larger.
 * From medians of launches of the count and of half of it, in turns, so that the machine's speed is
 * the same for both; over again with the count found.
 */
#include "stats/stats.h"
#include "sys/spawn.h"

#include <stdio.h>
#include <stdlib.h>

enum { LAUNCHES = 21 };

static double launch(struct pfl_launcher *launcher, char **argv)
{
    struct pfl_launch_request request = {
        .argv = argv, .program = argv[0], .timeout_ns = 60 * INT64_C(1000000000)};
    struct pfl_launch_result result;
    struct pfl_err err = {0};
    double seconds;

    if (pfl_launcher_run(launcher, &request, &result, &err) != PFL_OK || result.exit_code != 0) {
        fprintf(stderr, "proof_calibrate: %s\n", err.code ? err.message : "the work failed");
        exit(3);
    }
    seconds = (double)(result.user_ns + result.sys_ns) / 1e9;
    pfl_launch_result_release(&result);
    return seconds;
}

/* Median seconds of the count and of its half. */
static void measure(struct pfl_launcher *launcher, char **words, double n, double medians[2])
{
    char some[2][32];
    double seconds[2][LAUNCHES];
    int i, k;

    for (i = 0; i < LAUNCHES; i++)
        for (k = 0; k < 2; k++) {
            char *argv[] = {words[2], words[3], some[k], words[4], NULL};

            snprintf(some[k], sizeof some[k], "%.0f", k ? n / 2 : n);
            seconds[k][i] = launch(launcher, argv);
        }
    for (k = 0; k < 2; k++) {
        pfl_stats_sort(seconds[k], LAUNCHES);
        medians[k] = pfl_stats_median_sorted(seconds[k], LAUNCHES);
    }
}

int main(int count, char **words)
{
    double want, n = 10000, medians[2], slope, fixed = 1;
    struct pfl_launcher *launcher;
    struct pfl_err err = {0};
    int step, good = 0;

    if (count < 4) {
        fprintf(stderr, "usage: proof_calibrate MS WORK KIND [FILE]\n");
        return 2;
    }
    want = strtod(words[1], NULL) / 1e3;
    if (pfl_launcher_open(&launcher, &err) != PFL_OK) {
        fprintf(stderr, "proof_calibrate: %s\n", err.message);
        return 3;
    }
    for (step = 0; step < 20 && good < 3; step++) {
        measure(launcher, words, n, medians);
        if (medians[0] < want / 2) { /* too small to go by */
            n *= medians[0] < want / 20 ? 8 : 2;
            continue;
        }
        slope = (medians[0] - medians[1]) / (n / 2);
        if (!(slope > 0))
            continue;
        fixed = 1 - slope * n / medians[0];
        n += (want - medians[0]) / slope;
        if (n < 100)
            break;
        good++;
    }
    pfl_launcher_close(launcher);
    if (good < 3) {
        fprintf(stderr, "proof_calibrate: no count makes it %s ms\n", words[1]);
        return 1;
    }
    printf("%.0f %.4f\n", n, fixed > 0 ? fixed : 0);
    return 0;
}
