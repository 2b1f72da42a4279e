/* Races with real tiny commands and a judge that wants what it is told: what is launched in which
 * order, what the judge sees, what the runs hold. No time is asserted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../helpers/race.h"

static void solo_blocks_are_mirrored(void **state)
{
    struct race *r = *state;
    const char *log;
    size_t i, k;

    race_set(r, 0, 0, "printf b >>log");
    race_set(r, 1, 0, "printf h >>log");
    r->wanted[0] = 12;
    race_run(r);
    log = race_file(r, "log");
    assert_int_equal(strlen(log), 48);
    assert_int_equal(r->block_count, 12);
    assert_false(r->ended[0]);
    for (i = 0; i < r->block_count; i++) {
        const struct pfl_race_block *block = &r->blocks[i].block;

        assert_int_equal(block->mode, PFL_RACE_SOLO);
        assert_memory_equal(log + 4 * i, block->turned ? "hbbh" : "bhhb", 4);
        assert_true(block->took_ns > 0);
        for (k = 0; k < 2; k++) {
            assert_true(block->pairs[k].base.value[PFL_RACE_TIME] > 0);
            assert_true(block->pairs[k].head.value[PFL_RACE_TIME] > 0);
            assert_true(block->pairs[k].base.value[PFL_RACE_CPU] >= 0);
            assert_true(isnan(block->pairs[k].base.value[PFL_RACE_ASKED]));
            assert_true(block->pairs[k].head.wall_ns > 0);
            assert_int_equal(block->pairs[k].head.gap_ns, 0);
            assert_true(block->pairs[k].base.waits >= 0);
        }
    }
    assert_true(strstr(log, "hbbh") && strstr(log, "bhhb")); /* both turns were drawn */
}

static void runs_hold_every_launch(void **state)
{
    struct race *r = *state;
    const struct pfl_benchmark *bench[2];
    bool seen[12] = {false};
    size_t side, i, k;

    race_run(r);
    for (side = 0; side < 2; side++) {
        bench[side] = race_found(r, side, "a");
        assert_int_equal(bench[side]->status, PFL_STATUS_OK);
        assert_int_equal(bench[side]->launch_count, 6);
        assert_int_equal(bench[side]->warning_count, 0);
        assert_false(bench[side]->partial);
        assert_false(r->runs[side].partial);
        assert_int_equal(r->runs[side].seed, 5);
        assert_true(r->runs[side].started_unix_ns > 0);
        assert_true(r->runs[side].finished_unix_ns > r->runs[side].started_unix_ns);
        assert_string_equal(pfl_pair_find(r->runs[side].environment,
                                          r->runs[side].environment_count, "no such entry"),
                            "");
        for (i = 0; i < 6; i++) {
            const struct pfl_launch *launch = &bench[side]->launches[i];

            assert_int_equal(launch->round, i);
            assert_int_equal(launch->flags, 0);
            assert_true(launch->position < 12 && !seen[launch->position]);
            seen[launch->position] = true;
        }
    }
    for (i = 0; i < 3; i++) /* what the judge saw is what the record says */
        for (k = 0; k < 2; k++) {
            const struct pfl_race_pair *pair = &r->blocks[i].block.pairs[k];
            size_t at = 2 * i + k;

            assert_true(pair->base.value[PFL_RACE_TIME] ==
                        pfl_benchmark_find(bench[0], "time", "")->values[at]);
            assert_true(pair->head.value[PFL_RACE_CPU] ==
                        pfl_benchmark_find(bench[1], "cpu", "")->values[at]);
        }
}

static void the_same_seed_the_same_race(void **state)
{
    struct race *r = *state;
    struct race_block first[RACE_BLOCKS];
    bool same = true;
    size_t i, count, round;

    race_begin_with(r, 3, 2);
    for (i = 0; i < 4; i++)
        r->wanted[i] = 6;
    race_run(r);
    count = r->block_count;
    assert_int_equal(count, 24);
    memcpy(first, r->blocks, sizeof first);
    for (round = 0; round < 6; round++) { /* each bout once in every round */
        unsigned bouts = 0;

        for (i = 0; i < 4; i++)
            bouts |= 1U << first[4 * round + i].bout;
        assert_int_equal(bouts, 15);
    }
    race_run(r);
    for (i = 0; i < count; i++) {
        assert_int_equal(r->blocks[i].bout, first[i].bout);
        assert_int_equal(r->blocks[i].block.turned, first[i].block.turned);
        assert_int_equal(r->blocks[i].block.late, first[i].block.late);
    }
    r->step_ns = 3000000; /* and the clock, which brings readings and warm-ups, has no say in it */
    for (i = 0; i < 6; i++)
        r->items[i % 3][i / 3].how.warmup = 1;
    race_run(r);
    for (i = 0; i < count; i++) {
        assert_int_equal(r->blocks[i].bout, first[i].bout);
        assert_int_equal(r->blocks[i].block.turned, first[i].block.turned);
    }
    r->params.seed = 6;
    race_run(r);
    for (i = 0; i < count; i++)
        same = same && r->blocks[i].bout == first[i].bout &&
               r->blocks[i].block.turned == first[i].block.turned;
    assert_false(same);
}

static void the_base_is_launched_for_each_challenger(void **state)
{
    struct race *r = *state;

    race_begin_with(r, 3, 1);
    race_set(r, 0, 0, "printf b >>log");
    r->wanted[0] = 2;
    r->wanted[1] = 3;
    race_run(r);
    assert_int_equal(strlen(race_file(r, "log")), 10);
    assert_int_equal(race_found(r, 0, "a")->launch_count, 10);
    assert_int_equal(race_found(r, 1, "a")->launch_count, 4);
    assert_int_equal(race_found(r, 2, "a")->launch_count, 6);
}

static void everything_around(void **state)
{
    struct race *r = *state;
    struct pfl_how *how;
    size_t side;

    for (side = 0; side < 2; side++) {
        how = race_set(r, side, 0, side ? "printf m >>head" : "printf m >>base");
        how->warmup = 2;
        how->setup = side ? "printf s >>head" : "printf s >>base";
        how->prepare = side ? "printf p >>head" : "printf p >>base";
        how->conclude = side ? "printf c >>head" : "printf c >>base";
        how->validate = side ? "printf v >>head" : "printf v >>base";
        how->cleanup = side ? "printf u >>head" : "printf u >>base";
    }
    r->wanted[0] = 2;
    race_run(r);
    /* validated after the first recorded launch and after one more than are recorded: both work in
     * one folder */
    assert_string_equal(race_file(r, "base"), "spmcpmcpmvcpmcpmcpmcpmcvu");
    assert_string_equal(race_file(r, "head"), "spmcpmcpmvcpmcpmcpmcpmcvu");
    assert_string_equal(r->phases, "setup a; setup a; warm-up a; warm-up a; warm-up a; warm-up a; "
                                   "solo a; solo a; cleanup a; cleanup a; ");
}

/* Its start-up is in the times of both sides. */
static void no_shell_is_calibrated(void **state)
{
    struct race *r = *state;

    r->items[0][0].how.shell = "sh";
    r->items[1][0].how.shell = "sh";
    race_run(r);
    assert_int_equal(race_found(r, 0, "a")->warning_count, 0);
    assert_null(strstr(r->phases, "calibrating"));
}

static void the_asked_metric(void **state)
{
    static const struct {
        const char *base, *metric;
        double expected;
    } cases[] = {
        {"echo '{\"metric\":\"loss\",\"value\":3}' >&3", "loss", 3},
        {"exit 0", "loss", NAN},
        {"exit 0", "peak_rss", INFINITY}, /* any finite value will do */
        {"echo '{\"bench\":\"x\",\"samples_ns\":[1000,5000,2000]}' >&3", "time:none", NAN},
        {"for i in 1 2 9; do echo \"{\\\"bench\\\":\\\"x$i\\\",\\\"metric\\\":\\\"loss\\\","
         "\\\"value\\\":$i}\" >&3; done",
         "loss", 2},
    };
    struct race *r = *state;
    size_t i, k;

    for (i = 0; i < PFL_COUNT(cases); i++) {
        race_set(r, 0, 0, cases[i].base);
        r->params.metric = cases[i].metric;
        race_run(r);
        assert_int_equal(r->block_count, 3);
        for (k = 0; k < 6; k++) {
            double value = r->blocks[k / 2].block.pairs[k % 2].base.value[PFL_RACE_ASKED];

            if (isinf(cases[i].expected))
                assert_true(value > 0 && isfinite(value));
            else if (isnan(cases[i].expected))
                assert_true(isnan(value));
            else
                assert_true(value == cases[i].expected);
        }
    }
}

static void a_gap_is_seen_on_both_sides(void **state)
{
    struct race *r = *state;
    size_t i;

    r->boot_lead_ns = INT64_C(5000000000); /* suspended at every look */
    r->wanted[0] = 1;
    race_run(r);
    for (i = 0; i < 2; i++) {
        assert_true(r->blocks[0].block.pairs[i].base.gap_ns >= INT64_C(5000000000));
        assert_true(r->blocks[0].block.pairs[i].head.gap_ns >= INT64_C(5000000000));
        assert_true(race_found(r, i, "a")->launches[0].flags & PFL_LAUNCH_GAP);
    }
}

/* How often the sides were warmed in this order before a block of the log. (No block begins like a
 * pair of warm-ups and the block after it.) */
static size_t warmed(const struct race *r, const char *log, const char *order)
{
    size_t i, n = 0;

    for (i = 0; i < r->block_count; i++) {
        const char *block = r->blocks[i].block.turned ? "hbbh" : "bhhb";

        if (strncmp(log, block, 4) != 0) {
            n += strncmp(log, order, 2) == 0;
            log += 2;
        }
        assert_int_equal(strncmp(log, block, 4), 0);
        log += 4;
    }
    assert_string_equal(log, "");
    return n;
}

/* A reading leaves the caches cold: short commands are warmed again, if they are warmed at all. Who
 * is last has the warmer caches, so it is neither side always. */
static void warm_after_a_reading(void **state)
{
    struct race *r = *state;
    size_t extra;
    const char *log;

    race_set(r, 0, 0, "printf b >>log")->warmup = 1;
    race_set(r, 1, 0, "printf h >>log")->warmup = 1;
    r->step_ns = 3000000;
    r->wanted[0] = 300;
    race_run(r);
    assert_int_equal(race_found(r, 0, "a")->launch_count, 600);
    log = race_file(r, "log");
    extra = strlen(log) - 1200 - 2;
    assert_in_range(extra, 12, 300);
    assert_memory_equal(log, "bh", 2);
    assert_int_equal(warmed(r, log + 2, "bh") + warmed(r, log + 2, "hb"), extra / 2);
    assert_true(warmed(r, log + 2, "bh") > 0);
    assert_true(warmed(r, log + 2, "hb") > 0);
    r->items[0][0].how.warmup = r->items[1][0].how.warmup = 0;
    unlink(scratch_path(&r->scratch, "log"));
    race_run(r);
    assert_int_equal(strlen(race_file(r, "log")), 1200);
}

/* ---- check-outs ---- */

/* The kernel puts the path that was executed on the new process's stack: it must not depend on
 * where a check-out lies. */
static void a_relative_program_is_executed_as_it_stands(void **state)
{
    static char tool[] = "./tool";
    struct race *r = *state;

    race_set(r, 0, 0, "exit 0")->setup =
        "printf '#!/bin/sh\\necho \"$0\" >>words\\n' >tool; chmod +x tool";
    r->words[0][0][0] = r->words[1][0][0] = tool;
    r->wanted[0] = 1;
    race_run(r);
    assert_string_equal(race_file(r, "words"), "./tool\n./tool\n./tool\n./tool\n");
}

/* A revision is raced in a check-out of its own: a hook's GIT_DIR is not about that. */
static void a_hooks_repository_is_not_the_revisions(void **state)
{
    struct race *r = *state;
    const char *script = "echo ${GIT_DIR-none} ${GIT_PREFIX-none} ${GIT_AUTHOR_NAME-none} >>words";

    race_set(r, 0, 0, script);
    r->items[1][0].how.setup = script;
    r->contenders[1].must_have = true; /* a command is where we are */
    r->wanted[0] = 1;
    setenv("GIT_DIR", "/x", 1);
    setenv("GIT_PREFIX", "y", 1);
    setenv("GIT_AUTHOR_NAME", "z", 1);
    race_run(r);
    unsetenv("GIT_DIR");
    unsetenv("GIT_PREFIX");
    unsetenv("GIT_AUTHOR_NAME");
    assert_string_equal(race_file(r, "words"), "/x y z\nnone none z\nnone none z\n");
}

/* ---- duets ---- */

static void skip_without_two_cpus(void)
{
    if (!pfl_race_duets_possible())
        skip();
}

#define MEET(me, other)                                                                            \
    "echo x >>" me "; until test $(wc -l <" other ") -ge $(wc -l <" me "); do sleep 0.01; done"

static void a_duet_is_two_at_once(void **state)
{
    struct race *r = *state;
    size_t side, i, k;

    skip_without_two_cpus();
    /* Each waits for the other to be there: one after the other would never end. */
    scratch_write(&r->scratch, "base", "");
    scratch_write(&r->scratch, "head", "");
    race_set(r, 0, 0, MEET("base", "head"));
    race_set(r, 1, 0, MEET("head", "base"));
    r->mode = PFL_RACE_NEXT_DUET;
    r->wanted[0] = 2;
    race_run(r);
    assert_int_equal(r->block_count, 2);
    for (side = 0; side < 2; side++) {
        assert_int_equal(race_found(r, side, "a")->launch_count, 4);
        for (i = 0; i < 4; i++)
            assert_int_equal(race_found(r, side, "a")->launches[i].flags, PFL_LAUNCH_DUET);
    }
    for (i = 0; i < 2; i++) {
        assert_int_equal(r->blocks[i].block.mode, PFL_RACE_DUET);
        for (k = 0; k < 2; k++)
            assert_true(r->blocks[i].block.pairs[k].head.value[PFL_RACE_TIME] > 0);
    }
    for (i = 0; i < 8; i++) { /* both of a pair stand next to each other in the order */
        const struct pfl_launch *base = &race_found(r, 0, "a")->launches[i / 2];
        const struct pfl_launch *head = &race_found(r, 1, "a")->launches[i / 2];

        assert_int_equal(base->position / 2, i / 2);
        assert_int_equal(head->position / 2, i / 2);
    }
}

#define SAY_CPU                                                                                    \
    "read -r _ cpu <<END\n$(grep Cpus_allowed_list /proc/self/status)\nEND\n"                      \
    "echo \"{\\\"metric\\\":\\\"cpu_number\\\",\\\"value\\\":$cpu}\" >&3"

static void cpus_and_starts_are_exchanged(void **state)
{
    struct race *r = *state;
    bool turned = false, straight = false, late = false, early = false;
    double first;
    size_t i, k;

    skip_without_two_cpus();
    race_set(r, 0, 0, SAY_CPU);
    race_set(r, 1, 0, SAY_CPU);
    r->params.metric = "cpu_number";
    r->mode = PFL_RACE_NEXT_DUET;
    r->wanted[0] = 10;
    race_run(r);
    assert_int_equal(r->block_count, 10);
    first = r->blocks[0].block.pairs[r->blocks[0].block.turned].base.value[PFL_RACE_ASKED];
    for (i = 0; i < 10; i++) {
        const struct pfl_race_block *block = &r->blocks[i].block;

        for (k = 0; k < 2; k++) {
            double base = block->pairs[k].base.value[PFL_RACE_ASKED];
            double head = block->pairs[k].head.value[PFL_RACE_ASKED];

            assert_true(isfinite(base) && isfinite(head));
            assert_true(base != head);
            assert_true((base == first) == (block->turned == (k == 1)));
        }
        turned = turned || block->turned;
        straight = straight || !block->turned;
        late = late || block->late;
        early = early || !block->late;
    }
    assert_true(turned && straight && late && early);
}

static void a_pinned_benchmark_has_no_duets(void **state)
{
    struct race *r = *state;

    race_set(r, 1, 0, "exit 0")->pin = "0";
    r->mode = PFL_RACE_NEXT_DUET;
    assert_non_null(pfl_race_no_duets(&r->plans[0], &r->plans[1], 0));
    assert_null(pfl_race_no_duets(&r->plans[0], &r->plans[0], 0));
    race_run(r);
    assert_int_equal(r->block_count, 3);
    assert_int_equal(r->blocks[0].block.mode, PFL_RACE_SOLO);
    assert_int_equal(race_found(r, 0, "a")->launches[0].flags, 0);
}

/* Both prepare commands come before both launches, both conclude commands after. */
static void around_a_duet(void **state)
{
    struct race *r = *state;
    size_t side;
    const char *log;

    skip_without_two_cpus();
    race_apart(r, 1);
    for (side = 0; side < 2; side++) {
        struct pfl_how *how = race_set(r, side, 0, side ? "printf m >>../log" : "printf m >>log");

        how->prepare = side ? "printf p >>../log" : "printf p >>log";
        how->conclude = side ? "printf c >>../log" : "printf c >>log";
    }
    r->mode = PFL_RACE_NEXT_DUET;
    r->wanted[0] = 1;
    race_run(r);
    log = race_file(r, "log");
    assert_string_equal(log, "ppmmccppmmcc");
}

/* Each would find what the other one prepared or left. */
static void no_duets_in_one_folder(void **state)
{
    struct race *r = *state;

    assert_null(pfl_race_no_duets(&r->plans[0], &r->plans[1], 0));
    r->items[1][0].how.output = "out";
    assert_non_null(strstr(pfl_race_no_duets(&r->plans[0], &r->plans[1], 0), "an output file"));
    r->items[1][0].how.output = "pipe";
    assert_null(pfl_race_no_duets(&r->plans[0], &r->plans[1], 0));
    r->items[1][0].how.conclude = "exit 0";
    assert_non_null(strstr(pfl_race_no_duets(&r->plans[0], &r->plans[1], 0), "a `conclude`"));
    r->items[0][0].how.prepare = "exit 0";
    assert_non_null(strstr(pfl_race_no_duets(&r->plans[0], &r->plans[1], 0), "a `prepare`"));
    r->mode = PFL_RACE_NEXT_DUET;
    race_run(r);
    assert_int_equal(r->blocks[0].block.mode, PFL_RACE_SOLO);
    race_apart(r, 1);
    assert_null(pfl_race_no_duets(&r->plans[0], &r->plans[1], 0));
}

int test_measure_race(void);
int test_measure_race(void)
{
    const struct CMUnitTest tests[] = {
        RACE_TEST(solo_blocks_are_mirrored),
        RACE_TEST(runs_hold_every_launch),
        RACE_TEST(the_same_seed_the_same_race),
        RACE_TEST(the_base_is_launched_for_each_challenger),
        RACE_TEST(everything_around),
        RACE_TEST(no_shell_is_calibrated),
        RACE_TEST(the_asked_metric),
        RACE_TEST(a_gap_is_seen_on_both_sides),
        RACE_TEST(warm_after_a_reading),
        RACE_TEST(a_relative_program_is_executed_as_it_stands),
        RACE_TEST(a_hooks_repository_is_not_the_revisions),
        RACE_TEST(a_duet_is_two_at_once),
        RACE_TEST(cpus_and_starts_are_exchanged),
        RACE_TEST(a_pinned_benchmark_has_no_duets),
        RACE_TEST(around_a_duet),
        RACE_TEST(no_duets_in_one_folder),
    };

    return cmocka_run_group_tests_name("measure/race", tests, NULL, NULL);
}
