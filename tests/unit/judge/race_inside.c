/*
 * Bouts of batches in turns: no pilot, time decides, the error is kept, and what cannot be told
 * when to run goes on as whole launches, with the reason.
 */
#include "race_world.h"

#include <stdlib.h>

enum { RACES = 1200 };

static struct pfl_arena arena;

static int setup(void **state)
{
    (void)state;
    pfl_arena_init(&arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pfl_arena_release(&arena);
    return 0;
}

static struct pfl_race_rules inside_rules(double seconds)
{
    struct pfl_race_rules rules = race_rules(seconds);

    rules.inside = true;
    return rules;
}

static void decided_after_ten_blocks(void **state)
{
    const struct race_world world = {.wall = 0.03, .effect = 1.005, .noise = 0.0005};
    struct pfl_race_rules rules = inside_rules(3);
    struct pfl_bout_result result;

    (void)state;
    race_hold(&world, &rules, 7, &arena, &result);
    assert_int_equal(result.rows[0].verdict, PFL_VERDICT_REGRESSED);
    assert_int_equal(result.end, PFL_BOUT_DECIDED);
    assert_int_equal(result.mode, PFL_RACE_INSIDE);
    assert_true(result.pairs[PFL_RACE_INSIDE] >= 20 && result.pairs[PFL_RACE_INSIDE] <= 26);
    assert_int_equal(result.pairs[PFL_RACE_SOLO] + result.pairs[PFL_RACE_DUET], 0);
    assert_string_equal(result.metric_name, "time");
    assert_non_null(strstr(result.rows[0].reason, "batch by batch inside both processes"));
    assert_non_null(strstr(result.mode_why, "in turns"));
    assert_true(isnan(result.solo_ratio));
}

static void circumstances_are_told(void **state)
{
    struct race_state s = {.world = &(struct race_world){.wall = 0.03, .effect = 1}};
    struct pfl_race_rules rules = inside_rules(3);
    struct pfl_race_block block;
    struct pfl_bout_result result;
    struct pfl_bout *bout;
    int blocks;

    (void)state;
    for (blocks = 0; blocks < 2; blocks++) {
        assert_int_equal(pfl_judge_bout_new(&rules, &bout, NULL), PFL_OK);
        pfl_judge_bout_note_inside(bout, "on the moon");
        block = race_block(&s, PFL_RACE_INSIDE);
        if (blocks)
            assert_int_equal(pfl_judge_bout_add(bout, &block, NULL), PFL_OK);
        assert_int_equal(pfl_judge_bout_finish(bout, PFL_BOUT_TIME, "", &arena, &result, NULL),
                         PFL_OK);
        assert_string_equal(result.mode_why,
                            blocks ? "both processes at once, batch by batch in turns; on the moon"
                                   : "no pair was measured");
        pfl_judge_bout_free(bout);
    }
}

/* --max-time is for all bouts together: advice of less than was given helps nobody. */
static void advice_is_for_the_whole_race(void **state)
{
    struct race_world world = {.wall = 0.03, .effect = 1};
    struct race_state s = {.world = &world};
    struct pfl_race_rules rules = inside_rules(2);
    struct pfl_race_block block;
    struct pfl_bout_result result;
    struct pfl_bout *bout;
    const char *advice;

    (void)state;
    rules.bouts = 4;
    assert_int_equal(pfl_judge_bout_new(&rules, &bout, NULL), PFL_OK);
    block = race_block(&s, PFL_RACE_INSIDE);
    assert_int_equal(pfl_judge_bout_add(bout, &block, NULL), PFL_OK);
    assert_int_equal(pfl_judge_bout_finish(bout, PFL_BOUT_TIME, "", &arena, &result, NULL), PFL_OK);
    advice = strstr(result.rows[0].reason, "--max-time ");
    assert_non_null(advice);
    assert_true(atof(advice + strlen("--max-time ")) > 8);
    pfl_judge_bout_free(bout);
}

static void whole_launches_when_it_has_to_be(void **state)
{
    const struct race_world world = {.wall = 0.03, .effect = 1.5, .noise = 0.001};
    struct race_state s = {.world = &world};
    struct pfl_race_rules rules = inside_rules(3);
    struct pfl_bout_result result;
    struct pfl_race_block block;
    struct pfl_bout *bout;

    (void)state;
    pfl_random_seed(&s.random, 3);
    assert_int_equal(pfl_judge_bout_new(&rules, &bout, NULL), PFL_OK);
    assert_int_equal(pfl_judge_bout_next(bout), PFL_RACE_NEXT_INSIDE);
    assert_true(pfl_judge_bout_no_inside(bout, "it is deaf"));
    assert_int_equal(pfl_judge_bout_next(bout), PFL_RACE_NEXT_SOLO);
    while (pfl_judge_bout_next(bout) != PFL_RACE_NEXT_NOTHING) {
        block = race_block(&s, pfl_judge_bout_next(bout) == PFL_RACE_NEXT_DUET ? PFL_RACE_DUET
                                                                               : PFL_RACE_SOLO);
        assert_int_equal(pfl_judge_bout_add(bout, &block, NULL), PFL_OK);
    }
    assert_int_equal(pfl_judge_bout_finish(bout, PFL_BOUT_TIME, "", &arena, &result, NULL), PFL_OK);
    assert_int_equal(result.rows[0].verdict, PFL_VERDICT_REGRESSED);
    assert_non_null(
        strstr(result.mode_why, "; not batch by batch inside the processes: it is deaf"));
    pfl_judge_bout_free(bout);
}

static void too_late_to_go_without(void **state)
{
    const struct race_world world = {.wall = 0.03, .effect = 1, .noise = 0.001};
    struct race_state s = {.world = &world};
    struct pfl_race_rules rules = inside_rules(3);
    struct pfl_race_block block;
    struct pfl_bout *bout;

    (void)state;
    pfl_random_seed(&s.random, 3);
    assert_int_equal(pfl_judge_bout_new(&rules, &bout, NULL), PFL_OK);
    block = race_block(&s, PFL_RACE_INSIDE);
    assert_int_equal(pfl_judge_bout_add(bout, &block, NULL), PFL_OK);
    assert_false(pfl_judge_bout_no_inside(bout, "too late"));
    assert_int_equal(pfl_judge_bout_next(bout), PFL_RACE_NEXT_INSIDE);
    pfl_judge_bout_free(bout);
}

/* At most one in a hundred, as docs/race.md says; the seeds are fixed. */
static void equal_programs_are_called_equal(void **state)
{
    static const struct race_world worlds[] = {
        {.wall = 0.03, .effect = 1, .noise = 0.0015},
        {.wall = 0.03, .effect = 1, .noise = 0.001, .spikes = 0.1},
        {.wall = 0.03, .effect = 1, .noise = 0.001, .bursts = 0.3},
        {.wall = 0.03, .effect = 1, .noise = 0.001, .order = 0.02},
        {.wall = 0.03, .effect = 1, .noise = 0.001, .wander = 0.9},
        {.wall = 0.03, .effect = 1, .noise = 0.0004, .placement = 0.006},
    };
    struct pfl_race_rules rules = inside_rules(3);
    struct pfl_bout_result result;
    size_t i, k, different;

    (void)state;
    for (i = 0; i < PFL_COUNT(worlds); i++) {
        for (k = different = 0; k < RACES; k++) {
            pfl_arena_release(&arena);
            race_hold(&worlds[i], &rules, 1000 + k, &arena, &result);
            different += result.rows[0].verdict == PFL_VERDICT_REGRESSED ||
                         result.rows[0].verdict == PFL_VERDICT_IMPROVED;
        }
        print_message("world %zu: %zu of %d\n", i, different, RACES);
        assert_true(different <= RACES / 100);
    }
}

int test_judge_race_inside(void);
int test_judge_race_inside(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(decided_after_ten_blocks, setup, teardown),
        cmocka_unit_test_setup_teardown(circumstances_are_told, setup, teardown),
        cmocka_unit_test_setup_teardown(advice_is_for_the_whole_race, setup, teardown),
        cmocka_unit_test_setup_teardown(whole_launches_when_it_has_to_be, setup, teardown),
        cmocka_unit_test(too_late_to_go_without),
        cmocka_unit_test_setup_teardown(equal_programs_are_called_equal, setup, teardown),
    };

    return cmocka_run_group_tests_name("judge/race_inside", tests, NULL, NULL);
}
