/*
 * The simulated rows of the proof (docs/testing.md, "The proof"). Everything is drawn from fixed
 * seeds, so that the figures are the same on every machine.
 *
 *     proof_replay --list                              name and expected repetitions of each row
 *     proof_replay [--noise DIR] [--scale X] ROW…      one line per row, fields separated by tabs:
 *         name, title, bar, hits, n, low, high, seconds to a decision (median), state, remark
 *
 * --broken replaces the judge of races by a test that is wrong (it looks at 5 % after every block),
 * to show that the rows can fail. Exit status 1 when a bar is missed.
 */
#include "replay.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FALSE_RACE "A/A race, false verdicts; noise: "
#define FALSE_SUITE "200 A/A benchmarks, any false regression; "

static const struct row rows[] = {
    {"sim-suite-race", FALSE_SUITE "raced, 2 s each, idle", true, 0.02, 100, "idle", 0, 2,
     replay_race_suites},
    {"sim-aa-idle", FALSE_RACE "recorded, idle, 6 s", true, 0.01, 3000, "idle", 0, 6, replay_races},
    {"sim-aa-one", FALSE_RACE "recorded, one core loaded, 15 s", true, 0.01, 3000, "one-loaded", 0,
     15, replay_races},
    {"sim-aa-two", FALSE_RACE "recorded, both cores loaded, 15 s", true, 0.01, 3000, "two-loaded",
     0, 15, replay_races},
    {"sim-aa-gaussian", FALSE_RACE "Gaussian and wandering, 6 s", true, 0.01, 2000, "gaussian", 0,
     6, replay_races},
    {"sim-aa-heavy", FALSE_RACE "Student's t with 1.5 degrees of freedom, 6 s", true, 0.01, 2000,
     "heavy", 0, 6, replay_races},
    {"sim-aa-skewed", FALSE_RACE "skewed, with spikes, 6 s", true, 0.01, 1000, "skewed", 0, 6,
     replay_races},
    {"sim-idle-0.5", "0.5 % slower found within 6 s, idle", false, 0.95, 1000, "idle", 0.005, 6,
     replay_races},
    {"sim-idle-2", "2 % slower found within 2 s, idle", false, 0.95, 1000, "idle", 0.02, 2,
     replay_races},
    {"sim-one-1", "1 % slower found within 15 s, one core loaded", false, 0.95, 1000, "one-loaded",
     0.01, 15, replay_races},
    {"sim-one-0.5", "0.5 % slower found within 30 s, one core loaded", false, 0.95, 1000,
     "one-loaded", 0.005, 30, replay_races},
    {"sim-one-3", "3 % slower found within 4 s, one core loaded", false, 0.95, 1000, "one-loaded",
     0.03, 4, replay_races},
    {"sim-two-3", "3 % slower found within 15 s, both cores loaded", false, NAN, 500, "two-loaded",
     0.03, 15, replay_races},
    {"sim-aa-rough", FALSE_RACE "one core loaded, four times as rough, 15 s", true, 0.01, 1000,
     "one-loaded*4", 0, 15, replay_races},
    {"sim-rough-idle-0.5", "0.5 % slower found within 6 s, idle, four times as rough", false, NAN,
     300, "idle*4", 0.005, 6, replay_races},
    {"sim-rough-idle-2", "2 % slower found within 2 s, idle, four times as rough", false, NAN, 300,
     "idle*4", 0.02, 2, replay_races},
    {"sim-rough-one-1", "1 % slower found within 15 s, one core loaded, four times as rough", false,
     NAN, 300, "one-loaded*4", 0.01, 15, replay_races},
    {"sim-rough-one-0.5", "0.5 % slower found within 30 s, one core loaded, four times as rough",
     false, NAN, 300, "one-loaded*4", 0.005, 30, replay_races},
    {"sim-rough-one-3", "3 % slower found within 4 s, one core loaded, four times as rough", false,
     NAN, 300, "one-loaded*4", 0.03, 4, replay_races},
    {"sim-suite-idle", FALSE_SUITE "compared, no history, sessions deviate as assumed, idle", true,
     0.02, 500, "idle", 0, 0, replay_suites},
    {"sim-suite-one",
     FALSE_SUITE "compared, no history, sessions deviate as assumed, one core loaded", true, 0.02,
     500, "one-loaded", 0, 0, replay_suites},
    {"sim-suite-history", FALSE_SUITE "compared, 12 sessions of history, idle", true, 0.02, 500,
     "idle", 0, 1, replay_suites},
    {"sim-suite-history-one", FALSE_SUITE "compared, 12 sessions of history, one core loaded", true,
     0.02, 500, "one-loaded", 0, 1, replay_suites},
    {"sim-machine", "whole machine 10 % slower: no regression and one machine notice", false, 0.99,
     300, "idle", 0.1, 0, replay_machine},
    {"sim-machine-history", "the same with 12 sessions of history", false, 0.99, 300, "idle", 0.1,
     1, replay_machine},
    {"sim-machine-partly",
     "machine 10 % slower, benchmarks follow by half to all, one is 20 % slower: that one alone, "
     "calm, 40 sessions of history",
     false, 0.95, 300, "idle", 0.1, 40, replay_partly},
};

static const struct row *find(const char *name)
{
    size_t i;

    for (i = 0; i < PFL_COUNT(rows); i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

/* false: the bar is missed. */
static bool print(const struct row *row, const struct tally *tally)
{
    const char *state = share_judge(tally->hits, tally->n, row->at_most, row->bar);
    double low, high;

    share_limits(tally->hits, tally->n, &low, &high);
    printf("%s\t%s\t", row->name, row->title);
    if (isnan(row->bar))
        printf("-");
    else
        printf("%s %g %%", row->at_most ? "≤" : "≥", 100 * row->bar);
    printf("\t%zu\t%zu\t%.4f\t%.4f\t", tally->hits, tally->n, low, high);
    if (isnan(tally->seconds))
        printf("-");
    else
        printf("%.2f", tally->seconds);
    printf("\t%s\t%s", state, tally->remark);
    if (tally->wrong)
        printf("; %zu improved", tally->wrong);
    printf("\n");
    return strcmp(state, "MISSED") != 0;
}

static int run(const struct replay *replay, const char *name, bool *good)
{
    const struct row *row = find(name);
    struct tally tally = {0};
    struct pfl_err err = {0};
    double repeats;

    if (!row) {
        fprintf(stderr, "proof_replay: there is no row %s (--list)\n", name);
        return 2;
    }
    repeats = fmax(1, replay->scale * (double)row->repeats);
    if (row->run(replay, row, (size_t)repeats, &tally, &err) < 0) {
        fprintf(stderr, "proof_replay: %s: %s\n", name, err.message);
        return 3;
    }
    *good &= print(row, &tally);
    return 0;
}

int main(int count, char **words)
{
    struct replay replay = {.noise_folder = "tests/proof/noise", .scale = 1, .seed = 20261121};
    bool good = true;
    size_t r;
    int i, status = 0;

    for (i = 1; i < count && words[i][0] == '-'; i++) {
        if (strcmp(words[i], "--list") == 0) {
            for (r = 0; r < PFL_COUNT(rows); r++)
                printf("%s\t%zu\t%s\n", rows[r].name, rows[r].repeats, rows[r].title);
            return 0;
        }
        if (strcmp(words[i], "--broken") == 0)
            replay.broken = true;
        else if (strcmp(words[i], "--noise") == 0 && i + 1 < count)
            replay.noise_folder = words[++i];
        else if (strcmp(words[i], "--scale") == 0 && i + 1 < count)
            replay.scale = strtod(words[++i], NULL);
        else if (strcmp(words[i], "--seed") == 0 && i + 1 < count)
            replay.seed = strtoull(words[++i], NULL, 10);
        else {
            fprintf(stderr, "proof_replay: what is %s?\n", words[i]);
            return 2;
        }
    }
    for (; i < count && status == 0; i++)
        status = run(&replay, words[i], &good);
    return status ? status : !good;
}
