/*
 * Bouts in made-up worlds: what is decided, on which metric, in which mode, and what is said.
 */
#include "race_world.h"

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

struct situation {
    const char *name;
    struct race_world world;
    double seconds, tolerance;
    const char *asked;
    enum pfl_verdict verdict;
    enum pfl_bout_end end;
    const char *metric;
    const char *says, *metric_says, *mode_says;
};

static const struct situation situations[] = {
    {"slower",
     {.wall = 0.02, .effect = 1.02, .noise = 0.005},
     4,
     0,
     NULL,
     PFL_VERDICT_REGRESSED,
     PFL_BOUT_DECIDED,
     "cpu",
     "% slower (99 % interval +",
     "nothing but compute",
     ""},
    {"faster",
     {.wall = 0.02, .effect = 0.9, .noise = 0.01},
     4,
     0,
     NULL,
     PFL_VERDICT_IMPROVED,
     PFL_BOUT_DECIDED,
     "cpu",
     "% faster",
     "",
     ""},
    {"same",
     {.wall = 0.02, .effect = 1, .noise = 0.01},
     4,
     0,
     NULL,
     PFL_VERDICT_INCONCLUSIVE,
     PFL_BOUT_TIME,
     "cpu",
     "or more would have shown (80 %)",
     "",
     ""},
    {"same, 5 % allowed",
     {.wall = 0.02, .effect = 1, .noise = 0.01},
     4,
     0.05,
     NULL,
     PFL_VERDICT_UNCHANGED,
     PFL_BOUT_DECIDED,
     "cpu",
     "the tolerance is 5 %",
     "",
     ""},
    {"beyond the tolerance",
     {.wall = 0.02, .effect = 1.09, .noise = 0.01},
     4,
     0.05,
     NULL,
     PFL_VERDICT_REGRESSED,
     PFL_BOUT_DECIDED,
     "cpu",
     "the tolerance is 5 %",
     "",
     ""},
    {"on the tolerance",
     {.wall = 0.02, .effect = 1.0505, .noise = 0.001},
     2,
     0.05,
     NULL,
     PFL_VERDICT_REGRESSED,
     PFL_BOUT_TIME,
     "cpu",
     "the tolerance is 5 %",
     "",
     ""},
    {"sleeps",
     {.wall = 0.0205, .cpu = 0.0006, .effect = 1.01, .noise = 0.001, .waits = 2},
     4,
     0,
     NULL,
     PFL_VERDICT_REGRESSED,
     PFL_BOUT_DECIDED,
     "time",
     "wall-clock time",
     "wall-clock time",
     ""},
    {"adds a wait",
     {.wall = 0.02, .effect = 1, .head_waits = 0.001, .noise = 0.005},
     4,
     0,
     NULL,
     PFL_VERDICT_REGRESSED,
     PFL_BOUT_DECIDED,
     "time",
     "slower",
     "one side waits",
     ""},
    {"true",
     {.wall = 0.0005, .cpu = 0.0004, .effect = 1, .noise = 0.03},
     1,
     0,
     NULL,
     PFL_VERDICT_INCONCLUSIVE,
     PFL_BOUT_TIME,
     "cpu",
     "no difference seen",
     "CPU time decides",
     ""},
    {"others want the CPUs",
     {.wall = 0.03, .cpu = 0.02, .effect = 1.02, .noise = 0.005, .pressure = 0.5, .waits = 1},
     4,
     0,
     NULL,
     PFL_VERDICT_REGRESSED,
     PFL_BOUT_DECIDED,
     "cpu",
     "slower",
     "others want the CPUs",
     ""},
    {"waits, and nobody else is there",
     {.wall = 0.03, .cpu = 0.02, .effect = 1, .noise = 0.005, .waits = 1},
     2,
     0,
     NULL,
     PFL_VERDICT_INCONCLUSIVE,
     PFL_BOUT_TIME,
     "time",
     "",
     "wait during at least 32 %",
     ""},
    {"two threads",
     {.wall = 0.02, .cpu = 0.03, .effect = 1, .noise = 0.01},
     2,
     0,
     NULL,
     PFL_VERDICT_INCONCLUSIVE,
     PFL_BOUT_TIME,
     "time",
     "",
     "more than one CPU",
     ""},
    {"two threads, duets are sharp",
     {.wall = 0.02, .cpu = 0.03, .effect = 1, .noise = 0.02, .duet_noise = 0.001},
     2,
     0,
     NULL,
     PFL_VERDICT_INCONCLUSIVE,
     PFL_BOUT_TIME,
     "time",
     "",
     "more than one CPU",
     "one after the other: the commands use more than one CPU"},
    {"hinder one another",
     {.wall = 0.02, .effect = 1, .noise = 0.004, .duet_noise = 0.001, .duet_effect = 1.1},
     4,
     0,
     NULL,
     PFL_VERDICT_INCONCLUSIVE,
     PFL_BOUT_TIME,
     "cpu",
     "",
     "",
     "both at once shows another difference"},
    {"two seconds each",
     {.wall = 2, .effect = 1.1, .noise = 0.01},
     30,
     0,
     NULL,
     PFL_VERDICT_INCONCLUSIVE,
     PFL_BOUT_TIME,
     "cpu",
     "6 pairs, and at least 9 are needed; about 3 more pairs (--max-time 42s)",
     "",
     "no time"},
    {"two seconds each, and enough of them",
     {.wall = 2, .effect = 1.1, .noise = 0.01},
     55,
     0,
     NULL,
     PFL_VERDICT_REGRESSED,
     PFL_BOUT_TIME,
     "cpu",
     "12 pairs",
     "",
     "no time"},
    {"changes its speed",
     {.wall = 0.02, .effect = 1, .noise = 0.01, .jump_after = 0.5, .jump = 9.8},
     8,
     0,
     NULL,
     PFL_VERDICT_INCONCLUSIVE,
     PFL_BOUT_TIME,
     "cpu",
     "the head became 9.8 times slower halfway (from pair ",
     "",
     ""},
    {"changes its speed, at last",
     {.wall = 0.02, .effect = 1, .noise = 0.01, .jump_after = 0.6, .jump = 9.8},
     8,
     0,
     NULL,
     PFL_VERDICT_INCONCLUSIVE,
     PFL_BOUT_TIME,
     "cpu",
     "that is not one speed",
     "",
     ""},
    {"both change theirs",
     {.wall = 0.02, .effect = 1, .noise = 0.01, .jump_after = 0.5, .jump = 3, .both_jump = true},
     8,
     0,
     NULL,
     PFL_VERDICT_INCONCLUSIVE,
     PFL_BOUT_TIME,
     "cpu",
     "both became about 3.0 times slower halfway, and their ratio held",
     "",
     ""},
    {"suspended",
     {.wall = 0.02, .effect = 1, .noise = 0.01, .gap_once = true},
     4,
     0,
     NULL,
     PFL_VERDICT_INCONCLUSIVE,
     PFL_BOUT_TIME,
     "cpu",
     "2 pairs were dropped: the machine was suspended",
     "",
     ""},
    {"the second is slower",
     {.wall = 0.02, .effect = 1, .noise = 0.001, .order = 0.05},
     4,
     0,
     NULL,
     PFL_VERDICT_INCONCLUSIVE,
     PFL_BOUT_TIME,
     "cpu",
     "",
     "",
     "times as sharp"},
    {"memory, the same to the byte",
     {.wall = 0.02, .effect = 1, .noise = 0.01, .asked = 1e6, .asked_effect = 1},
     4,
     0,
     "peak_rss",
     PFL_VERDICT_UNCHANGED,
     PFL_BOUT_TIME,
     "peak_rss",
     "every pair says the same",
     "it was asked for",
     ""},
    {"memory, more to the byte",
     {.wall = 0.02, .effect = 1, .noise = 0.01, .asked = 1e6, .asked_effect = 1.1},
     4,
     0,
     "peak_rss",
     PFL_VERDICT_REGRESSED,
     PFL_BOUT_DECIDED,
     "peak_rss",
     "10 % more",
     "",
     ""},
    {"no such metric",
     {.wall = 0.02, .effect = 1, .noise = 0.01},
     4,
     0,
     "peak_rss",
     PFL_VERDICT_INCONCLUSIVE,
     PFL_BOUT_TIME,
     "peak_rss",
     "no pair of launches gave a value of peak_rss",
     "",
     ""},
    {"duets hinder one another, and a size is asked for",
     {.wall = 0.02, .effect = 1.05, .noise = 0.01, .duet_noise = 0.002, .slowing = 0.1},
     4,
     0.01,
     NULL,
     PFL_VERDICT_REGRESSED,
     PFL_BOUT_DECIDED,
     "cpu",
     "one after the other",
     "",
     "changes the time by 10 %"},
    {"duets are sharper",
     {.wall = 0.02, .effect = 1.02, .noise = 0.01, .duet_noise = 0.002, .slowing = 0.1},
     4,
     0,
     NULL,
     PFL_VERDICT_REGRESSED,
     PFL_BOUT_DECIDED,
     "cpu",
     "side by side on two CPUs",
     "",
     "both at once on two CPUs: "},
};

static void check(const struct situation *s, const struct pfl_bout_result *result)
{
    const struct pfl_row *row = &result->rows[0];

    if (row->verdict != s->verdict || result->end != s->end ||
        strcmp(result->metric_name, s->metric) != 0 || !strstr(row->reason, s->says) ||
        !strstr(result->metric_why, s->metric_says) || !strstr(result->mode_why, s->mode_says))
        fail_msg("%s: %s, end %d, by %s: %s / %s / %s", s->name, pfl_verdict_text(row->verdict),
                 (int)result->end, result->metric_name, row->reason, result->metric_why,
                 result->mode_why);
    assert_true(row->deciding);
    assert_string_equal(row->metric, s->metric);
    if (strstr(row->reason, "not one speed")) {
        size_t i;

        for (i = 0; i < result->row_count; i++) { /* no evidence, for nobody */
            row = &result->rows[i];
            assert_int_equal(row->verdict, PFL_VERDICT_INCONCLUSIVE);
            assert_true(isnan(row->ratio_low) && isnan(row->ratio_high) && isnan(row->mde) &&
                        isnan(row->margin));
        }
        assert_true(result->row_count == 2 && result->p == 1);
        return;
    }
    if (isnan(row->ratio_low))
        return;
    assert_true(row->ratio_low <= row->ratio && row->ratio <= row->ratio_high);
    if (row->verdict == PFL_VERDICT_REGRESSED)
        assert_true(row->ratio_low > 1);
    if (row->verdict == PFL_VERDICT_IMPROVED)
        assert_true(row->ratio_high < 1);
}

static void test_situations(void **state)
{
    struct pfl_bout_result result;
    struct pfl_race_rules rules;
    size_t i, k;

    (void)state;
    for (i = 0; i < PFL_COUNT(situations); i++) {
        rules = race_rules(situations[i].seconds);
        rules.tolerance = situations[i].tolerance;
        rules.metric = situations[i].asked;
        if (rules.metric)
            rules.unit = "B";
        race_hold(&situations[i].world, &rules, 3, &arena, &result);
        check(&situations[i], &result);
        for (k = 1; k < result.row_count; k++)
            assert_false(result.rows[k].deciding);
    }
}

static void test_the_same_blocks_give_the_same_words(void **state)
{
    static const struct race_world world = {.wall = 0.02, .effect = 1.003, .noise = 0.01};
    struct pfl_race_rules rules = race_rules(4);
    struct pfl_bout_result first, second;

    (void)state;
    race_hold(&world, &rules, 11, &arena, &first);
    race_hold(&world, &rules, 11, &arena, &second);
    assert_string_equal(first.rows[0].reason, second.rows[0].reason);
    assert_true(first.p == second.p && first.rows[0].ratio == second.rows[0].ratio);
}

static void add_blocks(struct pfl_bout *bout, const struct race_world *world, size_t n)
{
    struct race_state s = {.world = world};
    struct pfl_race_block block;
    size_t i;

    pfl_random_seed(&s.random, 4);
    for (i = 0; i < n; i++) {
        block = race_block(&s, pfl_judge_bout_next(bout) == PFL_RACE_NEXT_DUET ? PFL_RACE_DUET
                                                                               : PFL_RACE_SOLO);
        assert_int_equal(pfl_judge_bout_add(bout, &block, NULL), PFL_OK);
    }
}

/* Measuring found out that both cannot run at once: the bout is held one after the other. */
static void test_no_duets_from_now_on(void **state)
{
    static const struct race_world world = {
        .wall = 0.02, .effect = 1.1, .noise = 0.02, .duet_noise = 0.001};
    struct pfl_race_rules rules = race_rules(4);
    struct pfl_bout_result result;
    struct pfl_bout *bout;
    int i;

    (void)state;
    assert_int_equal(pfl_judge_bout_new(&rules, &bout, NULL), PFL_OK);
    for (i = 0; i < 4; i++)
        add_blocks(bout, &world, 1);
    while (pfl_judge_bout_next(bout) != PFL_RACE_NEXT_DUET)
        add_blocks(bout, &world, 1);
    assert_true(pfl_judge_bout_no_duets(bout, "b failed when both ran at once"));
    for (i = 0; i < 60 && pfl_judge_bout_next(bout) != PFL_RACE_NEXT_NOTHING; i++) {
        assert_int_equal(pfl_judge_bout_next(bout), PFL_RACE_NEXT_SOLO);
        add_blocks(bout, &world, 1);
    }
    assert_int_equal(pfl_judge_bout_finish(bout, PFL_BOUT_TIME, "", &arena, &result, NULL), PFL_OK);
    assert_string_equal(result.mode_why, "one after the other: b failed when both ran at once");
    assert_int_equal(result.mode, PFL_RACE_SOLO);
    assert_false(pfl_judge_bout_no_duets(bout, "too late"));
    pfl_judge_bout_free(bout);
}

/* Who interrupts has looked: the final look's error is not to be had. */
static void test_interrupted_failed_skipped(void **state)
{
    static const struct race_world world = {.wall = 0.02, .effect = 1.012, .noise = 0.01};
    struct pfl_race_rules rules = race_rules(60);
    struct pfl_bout_result result;
    struct pfl_race_standing standing = {0};
    struct pfl_bout *bout;

    (void)state;
    rules.duets = false;
    assert_int_equal(pfl_judge_bout_new(&rules, &bout, NULL), PFL_OK);
    pfl_judge_bout_standing(bout, &standing);
    assert_true(isnan(standing.ratio) && standing.pairs == 0);
    add_blocks(bout, &world, 12);
    pfl_judge_bout_standing(bout, &standing);
    assert_true(standing.pairs == 24 && !standing.decided && standing.low > 0.9);
    assert_int_equal(pfl_judge_bout_finish(bout, PFL_BOUT_INTERRUPTED, "", &arena, &result, NULL),
                     PFL_OK);
    assert_int_equal(result.rows[0].verdict, PFL_VERDICT_INCONCLUSIVE);
    assert_int_equal(pfl_judge_bout_next(bout), PFL_RACE_NEXT_NOTHING);
    pfl_judge_bout_free(bout);

    assert_int_equal(pfl_judge_bout_new(&rules, &bout, NULL), PFL_OK);
    add_blocks(bout, &world, 3);
    assert_int_equal(pfl_judge_bout_finish(bout, PFL_BOUT_FAILED, "the head exited with 1", &arena,
                                           &result, NULL),
                     PFL_OK);
    assert_int_equal(result.rows[0].verdict, PFL_VERDICT_FAILED);
    assert_string_equal(result.reason, "the head exited with 1");
    pfl_judge_bout_free(bout);

    assert_int_equal(pfl_judge_bout_new(&rules, &bout, NULL), PFL_OK);
    assert_int_equal(
        pfl_judge_bout_finish(bout, PFL_BOUT_SKIPPED, "it did not build", &arena, &result, NULL),
        PFL_OK);
    assert_int_equal(result.rows[0].verdict, PFL_VERDICT_SKIPPED);
    pfl_judge_bout_free(bout);
}

static void test_values_without_a_ratio(void **state)
{
    static const struct race_world world = {
        .wall = 0.02, .effect = 1.5, .noise = 0.01, .asked = 5, .asked_effect = 2};
    static const double bad[] = {0, -1, INFINITY};
    struct pfl_race_rules rules = race_rules(60);
    struct race_state s = {.world = &world};
    struct pfl_bout_result result;
    struct pfl_race_block block;
    struct pfl_bout *bout;
    size_t i, k;

    (void)state;
    rules.metric = "errors";
    rules.unit = "1";
    for (k = 0; k < PFL_COUNT(bad); k++) {
        pfl_random_seed(&s.random, 4);
        assert_int_equal(pfl_judge_bout_new(&rules, &bout, NULL), PFL_OK);
        for (i = 0; i < 30; i++) {
            block = race_block(&s, PFL_RACE_SOLO);
            if (i == 3)
                block.pairs[1].head.value[PFL_RACE_ASKED] = bad[k];
            assert_int_equal(pfl_judge_bout_add(bout, &block, NULL), PFL_OK);
        }
        assert_int_equal(pfl_judge_bout_finish(bout, PFL_BOUT_TIME, "", &arena, &result, NULL),
                         PFL_OK);
        assert_int_equal(result.rows[0].verdict, PFL_VERDICT_INCONCLUSIVE);
        assert_non_null(strstr(result.rows[0].reason, "in 1 pair a value is zero, negative or"));
        pfl_judge_bout_free(bout);
    }
}

/* The two pairs of a block turn about together: five blocks that agree have a chance of 1 in 16,
 * however often each says it. */
static void test_the_pairs_of_a_block_are_one_witness(void **state)
{
    static const struct race_world world = {.wall = 0.02, .effect = 1.03, .noise = 0.005};
    struct pfl_race_rules rules = race_rules(60);
    struct race_state s = {.world = &world};
    struct pfl_bout_result result;
    struct pfl_race_block block;
    struct pfl_bout *bout;
    size_t i, n;

    (void)state;
    rules.duets = false;
    for (n = 5; n <= 9; n++) {
        pfl_random_seed(&s.random, 4);
        assert_int_equal(pfl_judge_bout_new(&rules, &bout, NULL), PFL_OK);
        for (i = 0; i < n; i++) {
            block = race_block(&s, PFL_RACE_SOLO);
            block.pairs[1] = block.pairs[0];
            assert_int_equal(pfl_judge_bout_add(bout, &block, NULL), PFL_OK);
        }
        assert_int_equal(pfl_judge_bout_next(bout), PFL_RACE_NEXT_SOLO);
        assert_int_equal(pfl_judge_bout_finish(bout, PFL_BOUT_TIME, "", &arena, &result, NULL),
                         PFL_OK);
        if (n == 5)
            assert_int_equal(result.rows[0].verdict, PFL_VERDICT_INCONCLUSIVE);
        pfl_judge_bout_free(bout);
    }
}

/* One side sleeps fifty times as long as the other, and both compute most of the time: what a
 * pilot without duets must find out. */
static void test_a_sleep_is_seen_without_duets(void **state)
{
    static const struct race_world world = {
        .wall = 1.001, .cpu = 1, .effect = 1, .head_waits = 0.059, .noise = 0.001, .waits = 1};
    struct pfl_race_rules rules = race_rules(120);
    struct pfl_bout_result result;

    (void)state;
    rules.duets = false;
    race_hold(&world, &rules, 3, &arena, &result);
    assert_string_equal(result.metric_name, "time");
    assert_non_null(strstr(result.metric_why, "one side waits"));
    assert_int_equal(result.rows[0].verdict, PFL_VERDICT_REGRESSED);
}

/* The mode that was not chosen tells nothing of how much the launches vary, nor how long they take.
 */
static void test_scatter_is_of_the_chosen_mode(void **state)
{
    static const struct race_world world = {
        .wall = 0.02, .effect = 1, .noise = 0.01, .duet_noise = 0.1, .slowing = 1};
    struct pfl_race_rules rules = race_rules(2);
    struct pfl_bout_result result;

    (void)state;
    race_hold(&world, &rules, 3, &arena, &result);
    assert_int_equal(result.mode, PFL_RACE_SOLO);
    assert_true(result.cv_base < 0.02 && result.cv_head < 0.02);
    assert_int_equal(result.rows[0].base.launches, result.pairs[PFL_RACE_SOLO]);
    assert_int_equal(result.rows[1].head.launches, result.pairs[PFL_RACE_SOLO]);
}

static struct pfl_race_block exchanged(struct pfl_race_block block)
{
    struct pfl_race_launch other;
    int i;

    for (i = 0; i < 2; i++) {
        other = block.pairs[i].base;
        block.pairs[i].base = block.pairs[i].head;
        block.pairs[i].head = other;
    }
    block.turned = !block.turned;
    block.late = !block.late;
    return block;
}

/* Exchanging base and head in any blocks of the pilot changes the signs, on which the test rests,
 * and so must not change what is chosen. */
static void test_the_mode_knows_nothing_of_the_signs(void **state)
{
    static const struct race_world world = {
        .wall = 0.02, .effect = 1.02, .noise = 0.01, .duet_noise = 0.008, .order = 0.003};
    struct pfl_race_rules rules = race_rules(4);
    struct race_state s = {.world = &world};
    struct pfl_bout_result results[2];
    struct pfl_race_block block;
    struct pfl_bout *bout;
    unsigned seed, i, k;

    (void)state;
    rules.metric = "time";
    for (seed = 1; seed <= 40; seed++) {
        for (k = 0; k < 2; k++) {
            pfl_random_seed(&s.random, seed);
            assert_int_equal(pfl_judge_bout_new(&rules, &bout, NULL), PFL_OK);
            for (i = 0; i < 12; i++) {
                enum pfl_race_next next = pfl_judge_bout_next(bout);

                block = race_block(&s, next == PFL_RACE_NEXT_DUET ? PFL_RACE_DUET : PFL_RACE_SOLO);
                if (k == 1 && (seed * 2654435761U >> i) % 2 == 1)
                    block = exchanged(block);
                assert_int_equal(pfl_judge_bout_add(bout, &block, NULL), PFL_OK);
            }
            assert_int_equal(
                pfl_judge_bout_finish(bout, PFL_BOUT_TIME, "", &arena, &results[k], NULL), PFL_OK);
            pfl_judge_bout_free(bout);
        }
        assert_string_equal(results[0].mode_why, results[1].mode_why);
    }
}

/* Whoever gives no value where the other one does may have had a reason. */
static void test_values_of_one_side_alone(void **state)
{
    static const struct race_world world = {
        .wall = 0.02, .effect = 1, .noise = 0.01, .asked = 5, .asked_effect = 2};
    struct pfl_race_rules rules = race_rules(60);
    struct race_state s = {.world = &world};
    struct pfl_bout_result result;
    struct pfl_race_block block;
    struct pfl_bout *bout;
    size_t i;

    (void)state;
    rules.metric = "hits";
    rules.unit = "1";
    pfl_random_seed(&s.random, 4);
    assert_int_equal(pfl_judge_bout_new(&rules, &bout, NULL), PFL_OK);
    for (i = 0; i < 30; i++) {
        block = race_block(&s, PFL_RACE_SOLO);
        if (i < 3)
            block.pairs[1].head.value[PFL_RACE_ASKED] = NAN;
        else if (i < 6)
            block.pairs[0].head.value[PFL_RACE_ASKED] = block.pairs[0].base.value[PFL_RACE_ASKED] =
                NAN;
        assert_int_equal(pfl_judge_bout_add(bout, &block, NULL), PFL_OK);
    }
    assert_int_equal(pfl_judge_bout_finish(bout, PFL_BOUT_TIME, "", &arena, &result, NULL), PFL_OK);
    assert_int_equal(result.rows[0].verdict, PFL_VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(result.rows[0].reason, "in 3 pairs only one side gave a value of hits"));
    assert_true(isnan(result.rows[0].ratio_low) && result.p == 1);
    pfl_judge_bout_free(bout);
}

static void test_rules_are_checked(void **state)
{
    struct pfl_race_rules rules = race_rules(1);
    struct pfl_bout *bout = NULL;
    struct pfl_err err = {0};

    (void)state;
    rules.confidence = 1;
    assert_int_equal(pfl_judge_bout_new(&rules, &bout, &err), PFL_EINVAL);
    rules.confidence = 0.99;
    rules.tolerance = -0.1;
    assert_int_equal(pfl_judge_bout_new(&rules, &bout, &err), PFL_EINVAL);
    assert_null(bout);
    pfl_judge_bout_free(NULL);
}

int test_judge_race(void);
int test_judge_race(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_situations, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_same_blocks_give_the_same_words, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_duets_from_now_on, setup, teardown),
        cmocka_unit_test_setup_teardown(test_interrupted_failed_skipped, setup, teardown),
        cmocka_unit_test_setup_teardown(test_values_without_a_ratio, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_pairs_of_a_block_are_one_witness, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_sleep_is_seen_without_duets, setup, teardown),
        cmocka_unit_test_setup_teardown(test_scatter_is_of_the_chosen_mode, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_mode_knows_nothing_of_the_signs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_values_of_one_side_alone, setup, teardown),
        cmocka_unit_test(test_rules_are_checked),
    };

    return cmocka_run_group_tests_name("judge/race", tests, NULL, NULL);
}
