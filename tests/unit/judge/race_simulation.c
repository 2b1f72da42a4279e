/*
 * The error that a race promises, simulated through the whole judge of a bout with fixed seeds:
 * equal commands are called different in no more than 1 % of races, whatever the noise, although
 * every block is looked at; and a difference is found, mostly early.
 */
#include "race_world.h"

enum { RACES = 300 };

struct counts {
    size_t different, early, found;
    double seconds;
};

static struct counts hold_many(const struct race_world *world, double seconds, size_t races,
                               bool duets)
{
    struct pfl_race_rules rules = race_rules(seconds);
    struct counts counts = {0};
    struct pfl_bout_result result;
    struct pfl_arena arena;
    size_t i;

    rules.duets = duets;
    for (i = 0; i < races; i++) {
        pfl_arena_init(&arena);
        race_hold(world, &rules, 1000 + i, &arena, &result);
        counts.different += result.rows[0].verdict == PFL_VERDICT_REGRESSED ||
                            result.rows[0].verdict == PFL_VERDICT_IMPROVED;
        counts.found += result.rows[0].verdict == PFL_VERDICT_REGRESSED;
        counts.early += result.end == PFL_BOUT_DECIDED;
        counts.seconds += result.seconds / (double)races;
        pfl_arena_release(&arena);
    }
    return counts;
}

static const struct {
    const char *name;
    struct race_world world;
} worlds[] = {
    {"quiet", {.wall = 0.02, .effect = 1, .noise = 0.01}},
    {"spikes", {.wall = 0.02, .effect = 1, .noise = 0.01, .spikes = 0.2}},
    {"wandering", {.wall = 0.02, .effect = 1, .noise = 0.01, .wander = 0.5}},
    {"wandering far", {.wall = 0.02, .effect = 1, .noise = 0.01, .wander = 0.98}},
    {"drifting", {.wall = 0.02, .effect = 1, .noise = 0.01, .drift = 1}},
    /* Two launches long, they hit the inner two of a block alike: its pairs are no two witnesses.
     */
    {"bursts", {.wall = 0.02, .effect = 1, .noise = 0.001, .bursts = 0.3}},
    {"by order", {.wall = 0.02, .effect = 1, .noise = 0.005, .order = 0.05}},
    {"duets", {.wall = 0.02, .effect = 1, .noise = 0.03, .duet_noise = 0.002, .spikes = 0.05}},
    /* Files that stay where they lie for more than a block: so many witnesses as places. */
    {"files", {.wall = 0.005, .effect = 1, .noise = 0.005, .lies = 0.02, .stays = 4}},
    {"files, duets",
     {.wall = 0.005, .effect = 1, .noise = 0.02, .duet_noise = 0.002, .lies = 0.02, .stays = 3}},
};

/* 300 races at 1 %: more than 8 have a chance of 0.4 %. */
static void test_equal_commands(void **state)
{
    struct counts counts;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(worlds); i++) {
        counts = hold_many(&worlds[i].world, 2, RACES, worlds[i].world.duet_noise > 0);
        if (counts.different > 8)
            fail_msg("%s: %zu of %d called different", worlds[i].name, counts.different, RACES);
    }
}

static void test_a_difference_is_found(void **state)
{
    static const struct race_world one_percent = {.wall = 0.02, .effect = 1.01, .noise = 0.006};
    static const struct race_world in_noise = {
        .wall = 0.02, .effect = 1.01, .noise = 0.03, .duet_noise = 0.005, .spikes = 0.03};
    struct counts counts = hold_many(&one_percent, 6, 100, false);

    (void)state;
    if (counts.found < 98 || counts.early < 80 || counts.seconds > 5)
        fail_msg("found %zu, early %zu, %g s", counts.found, counts.early, counts.seconds);
    counts = hold_many(&in_noise, 15, 100, true);
    if (counts.found < 98 || counts.early < 80 || counts.seconds > 12)
        fail_msg("in noise: found %zu, early %zu, %g s", counts.found, counts.early,
                 counts.seconds);
}

int test_judge_race_simulation(void);
int test_judge_race_simulation(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_commands),
        cmocka_unit_test(test_a_difference_is_found),
    };

    return cmocka_run_group_tests_name("judge/race_simulation", tests, NULL, NULL);
}
