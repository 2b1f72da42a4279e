/* How bouts end before they want to: failures of one side and of both, what a contender lacks,
 * outputs that differ, time, Ctrl-C. Clocks and judge are injected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"

#include "../../helpers/race.h"

#define SECOND INT64_C(1000000000)

static void assert_ended(const struct race *r, size_t bout, enum pfl_bout_end end,
                         const char *reason)
{
    assert_true(r->ended[bout]);
    assert_int_equal(r->ends[bout], end);
    assert_string_equal(r->reasons[bout], reason);
}

/* ---- failures ---- */

static void one_side_fails(void **state)
{
    struct race *r = *state;

    race_begin_with(r, 3, 2);
    r->contenders[0].label = "main";
    r->contenders[1].label = "HEAD";
    race_set(r, 1, 0, "echo oh >&2; exit 3"); /* HEAD's a */
    race_set(r, 0, 1, "exit 4");              /* main's b: all of b is over */
    race_run(r);
    assert_ended(r, 0, PFL_BOUT_FAILED, "HEAD failed: exit code 3; it said: oh");
    assert_false(r->ended[1]);
    assert_int_equal(r->per_bout[0], 0);
    assert_int_equal(r->per_bout[1], 3);
    assert_ended(r, 2, PFL_BOUT_FAILED, "main failed: exit code 4");
    assert_ended(r, 3, PFL_BOUT_FAILED, "main failed: exit code 4");
    assert_int_equal(race_found(r, 1, "a")->status, PFL_STATUS_FAILED);
    assert_string_equal(race_found(r, 1, "a")->reason, "exit code 3; it said: oh");
    assert_int_equal(race_found(r, 0, "a")->status, PFL_STATUS_OK);
    assert_int_equal(race_found(r, 2, "b")->launch_count, 0);
    assert_string_equal(race_found(r, 2, "b")->reason,
                        "not measured: there was nothing left to measure it against");
    assert_false(r->runs[0].partial);
}

static void both_sides_fail(void **state)
{
    struct race *r = *state;

    race_set(r, 0, 0, "exit 1")->warmup = 1;
    race_set(r, 1, 0, "exit 2")->warmup = 1;
    race_run(r);
    assert_ended(r, 0, PFL_BOUT_FAILED,
                 "both failed; the base: exit code 1; challenger 1: exit code 2");
}

static void both_fail_in_a_duet(void **state)
{
    struct race *r = *state;

    if (!pfl_race_duets_possible())
        skip();
    race_set(r, 0, 0, "exit 1");
    race_set(r, 1, 0, "exit 2");
    r->mode = PFL_RACE_NEXT_DUET;
    race_run(r);
    assert_ended(r, 0, PFL_BOUT_FAILED,
                 "both failed; the base: exit code 1; challenger 1: exit code 2");
    assert_int_equal(race_found(r, 0, "a")->launches[0].flags, PFL_LAUNCH_FAILED | PFL_LAUNCH_DUET);
}

/* Whoever comes second does not get the lock, which it has when it is alone. */
static void failing_beside_the_rival_only(void **state)
{
    struct race *r = *state;
    const char *script = "mkdir lock 2>/dev/null || exit 9; sleep 0.1; rmdir lock";
    size_t i, failed = 0, side;

    if (!pfl_race_duets_possible())
        skip();
    race_set(r, 0, 0, script);
    race_set(r, 1, 0, script);
    r->alternates = r->forgives = true;
    race_run(r);
    assert_false(r->ended[0]);
    assert_int_equal(r->per_bout[0], 3);
    for (i = 0; i < 3; i++)
        assert_int_equal(r->blocks[i].block.mode, PFL_RACE_SOLO);
    assert_non_null(strstr(r->why_no_duets, " failed when both ran at once (exit code 9)"));
    for (side = 0; side < 2; side++) {
        assert_int_equal(race_found(r, side, "a")->status, PFL_STATUS_OK);
        for (i = 0; i < race_found(r, side, "a")->launch_count; i++)
            failed += race_found(r, side, "a")->launches[i].flags ==
                      (PFL_LAUNCH_FAILED | PFL_LAUNCH_DUET);
    }
    assert_int_equal(failed, 1);
    r->forgives = false; /* the judge cannot go on without them any more */
    race_run(r);
    assert_int_equal(r->ends[0], PFL_BOUT_FAILED);
    assert_non_null(strstr(r->reasons[0], " failed: exit code 9"));
}

static void a_failure_later_on(void **state)
{
    struct race *r = *state;

    race_set(r, 1, 0, "echo x >>n; test $(wc -l <n) -lt 4");
    race_run(r);
    assert_int_equal(r->per_bout[0], 1); /* the block in which it failed is not given */
    assert_ended(r, 0, PFL_BOUT_FAILED, "challenger 1 failed: exit code 1");
    assert_int_equal(race_found(r, 1, "a")->launch_count, 4);
}

static void validate_fails(void **state)
{
    struct race *r = *state;

    race_set(r, 0, 0, "exit 0")->validate = "echo wrong >&2; exit 1";
    race_run(r);
    assert_int_equal(r->block_count, 0);
    assert_ended(r, 0, PFL_BOUT_FAILED,
                 "the base failed: validate `echo wrong >&2; exit 1` failed: exit code 1; it said: "
                 "wrong");
    assert_int_equal(race_found(r, 0, "a")->launches[0].flags, PFL_LAUNCH_INVALID);
}

/* The bout had all it wanted; its last launch turns out to be wrong. */
static void validate_fails_at_the_end(void **state)
{
    struct race *r = *state;
    const struct pfl_benchmark *bench;

    race_set(r, 1, 0, "exit 0")->validate = "echo x >>n; test $(wc -l <n) -lt 2";
    race_run(r);
    assert_int_equal(r->per_bout[0], 3);
    assert_int_equal(r->ends[0], PFL_BOUT_FAILED);
    assert_non_null(strstr(r->reasons[0], "challenger 1 failed: validate"));
    bench = race_found(r, 1, "a");
    assert_int_equal(bench->launch_count, 6);
    assert_int_equal(bench->launches[4].flags, 0);
    assert_int_equal(bench->launches[5].flags, PFL_LAUNCH_INVALID);
    assert_true(isfinite(pfl_benchmark_find(bench, "time", "")->values[4]));
    assert_true(isnan(pfl_benchmark_find(bench, "time", "")->values[5]));
}

/* In one folder, what is checked is what this side put there, whoever was launched last. */
static void each_sides_own_result_is_validated(void **state)
{
    struct race *r = *state;

    race_set(r, 0, 0, "echo b >out")->validate = "test $(cat out) = b";
    race_set(r, 1, 0, "echo h >out")->validate = "test $(cat out) = h";
    race_run(r);
    assert_false(r->ended[0]);
    assert_int_equal(race_found(r, 0, "a")->launch_count, 6);
}

static void prepare_and_setup_fail(void **state)
{
    struct race *r = *state;

    race_begin_with(r, 2, 2);
    race_set(r, 1, 0, "printf x >>ran")->prepare = "exit 7";
    race_set(r, 1, 1, "printf x >>ran")->setup = "exit 8";
    race_set(r, 0, 1, "printf x >>ran");
    race_apart(r, 0);
    r->mode = PFL_RACE_NEXT_DUET;
    race_run(r);
    assert_ended(r, 0, PFL_BOUT_FAILED,
                 "challenger 1 failed: prepare `exit 7` failed: exit code 7");
    assert_ended(r, 1, PFL_BOUT_FAILED, "challenger 1 failed: setup `exit 8` failed: exit code 8");
    assert_string_equal(race_file(r, "ran"), "");
}

/* ---- what is not there ---- */

static void a_contender_lacks_its_program(void **state)
{
    static char gone[] = "./build/x", missing[] = "pfl-no-such-program";
    struct race *r = *state;

    race_begin_with(r, 3, 2);
    race_set(r, 0, 0, "printf x >>ran");
    r->contenders[2].label = "HEAD~3";
    r->words[2][0][0] = gone;
    r->words[0][1][0] = missing;
    race_run(r);
    assert_false(r->ended[0]);
    assert_ended(r, 1, PFL_BOUT_SKIPPED, "HEAD~3 lacks it: ./build/x is not there");
    assert_ended(r, 2, PFL_BOUT_SKIPPED,
                 "the base lacks it: there is no program pfl-no-such-program along PATH");
    assert_int_equal(r->per_bout[1], 0);
    assert_int_equal(race_found(r, 2, "a")->status, PFL_STATUS_SKIPPED);
    assert_string_equal(race_found(r, 2, "a")->reason, "./build/x is not there");
    assert_int_equal(strlen(race_file(r, "ran")), 6); /* none of them for HEAD~3 */
}

static void setup_may_make_the_program(void **state)
{
    static char made[] = "./made";
    struct race *r = *state;

    r->words[1][0][0] = made;
    race_set(r, 1, 0, "exit 0")->setup = "printf '#!/bin/sh\\n' >made; chmod +x made";
    race_run(r);
    assert_int_equal(r->per_bout[0], 3);
}

static void a_command_must_be_there(void **state)
{
    static char gone[] = "./gone";
    struct race *r = *state;

    r->words[1][0][0] = gone;
    r->contenders[1].must_have = true;
    race_run(r);
    assert_ended(r, 0, PFL_BOUT_FAILED,
                 "challenger 1 failed: ./gone cannot be started: there is no such file");
}

static void plans_and_requirements_skip(void **state)
{
    static const char *needs[] = {"data/in.txt"};
    struct race *r = *state;

    race_begin_with(r, 2, 3);
    r->items[1][0].skip = "it was not there yet";
    r->items[0][1].requires = needs;
    r->items[0][1].require_count = 1;
    race_set(r, 1, 1, "exit 0")->setup = "printf x >>set-up"; /* nobody to race against */
    r->items[0][2].skip = "no such thing";
    r->items[1][2].skip = "no such thing either";
    race_run(r);
    assert_ended(r, 0, PFL_BOUT_SKIPPED, "challenger 1 skips it: it was not there yet");
    assert_ended(r, 1, PFL_BOUT_SKIPPED,
                 "the base skips it: requires data/in.txt, which is not there");
    assert_ended(r, 2, PFL_BOUT_SKIPPED,
                 "the base skips it: no such thing; challenger 1 skips it: no such thing either");
    assert_string_equal(race_file(r, "set-up"), "");
    assert_int_equal(race_found(r, 0, "b")->status, PFL_STATUS_SKIPPED);
}

static void a_program_skips_itself(void **state)
{
    struct race *r = *state;

    race_set(r, 1, 0, "echo '{\"skip\":\"no such device\"}' >&3");
    race_run(r);
    assert_ended(r, 0, PFL_BOUT_SKIPPED, "challenger 1 skips it: no such device");
}

/* ---- outputs ---- */

static int compare(void *context, size_t bout, const char *base_path, const char *head_path,
                   const char **problem, struct pfl_err *err)
{
    struct race *r = context;

    (void)err;
    assert_true(bout < 2);
    assert_string_equal(race_file(r, strrchr(base_path, '/') + 1), "42\n");
    r->outputs_differ = strcmp(race_file(r, strrchr(head_path, '/') + 1), "42\n") != 0;
    if (++r->compared == r->problem_at || r->outputs_differ)
        *problem = "they differ";
    return PFL_OK;
}

static void equal_output(void **state)
{
    struct race *r = *state;

    race_set(r, 0, 0, "echo x >>n; echo 42");
    race_set(r, 1, 0, "echo 42");
    r->params.same_output = compare;
    race_run(r);
    assert_int_equal(r->compared, 2); /* before and after */
    assert_false(r->ended[0]);
    assert_int_equal(strlen(race_file(r, "n")) / 2, 6 + 2);
    assert_int_equal(race_found(r, 0, "a")->launch_count, 6); /* those two are not recorded */
}

/* Before the race the base is launched once for all its challengers. */
static void the_base_shows_its_output_once(void **state)
{
    struct race *r = *state;
    size_t i;

    race_begin_with(r, 3, 1);
    race_set(r, 0, 0, "echo x >>n; echo 42");
    for (i = 1; i < 3; i++)
        race_set(r, i, 0, "echo 42");
    r->wanted[0] = r->wanted[1] = 1;
    r->params.same_output = compare;
    race_run(r);
    assert_int_equal(r->compared, 4);
    assert_int_equal(strlen(race_file(r, "n")) / 2, 1 + 4 + 2);
}

static void output_that_differs(void **state)
{
    struct race *r = *state;

    race_set(r, 0, 0, "echo 42");
    race_set(r, 1, 0, "echo 43");
    r->items[1][0].how.warmup = 1;
    r->params.same_output = compare;
    race_run(r);
    assert_int_equal(r->block_count, 0);
    assert_ended(r, 0, PFL_BOUT_FAILED, "they differ");
    assert_null(strstr(r->phases, "warm-up"));
}

static void output_that_changes(void **state)
{
    struct race *r = *state;

    race_set(r, 0, 0, "echo 42");
    race_set(r, 1, 0, "echo 42");
    r->params.same_output = compare;
    r->problem_at = 2;
    race_run(r);
    assert_int_equal(r->per_bout[0], 3);
    assert_ended(r, 0, PFL_BOUT_FAILED, "they differ");
}

static void no_output_to_compare(void **state)
{
    struct race *r = *state;

    race_set(r, 0, 0, "echo 42; exit 5");
    r->params.same_output = compare;
    race_run(r);
    assert_int_equal(r->compared, 0);
    assert_ended(r, 0, PFL_BOUT_FAILED, "the base failed: exit code 5");
}

/* ---- time ---- */

/* With a clock that gains a second at every look, a block takes many seconds whatever the machine
 * does. */
static void a_bouts_time_is_up(void **state)
{
    struct race *r = *state;
    int64_t took_ns = 0;
    size_t i;

    race_begin_with(r, 2, 2);
    r->step_ns = SECOND;
    r->wanted[0] = r->wanted[1] = 100;
    r->items[0][0].how.max_time_ns = 300 * SECOND;
    r->items[0][1].how.warmup = 1;
    r->items[0][1].how.max_time_ns = 1; /* one block all the same: without it nobody knows */
    race_run(r);
    assert_in_range(r->per_bout[0], 2, 50);
    assert_int_equal(r->per_bout[1], 1);
    assert_ended(r, 0, PFL_BOUT_TIME, "");
    assert_ended(r, 1, PFL_BOUT_TIME, "");
    for (i = 0; i < r->block_count; i++)
        took_ns += r->blocks[i].bout == 0 ? r->blocks[i].block.took_ns : 0;
    assert_true(took_ns <= 300 * SECOND);
    assert_true(took_ns + took_ns / (int64_t)r->per_bout[0] > 300 * SECOND); /* no more fitted */
    assert_false(r->runs[0].partial);
    assert_int_equal(race_found(r, 0, "a")->warning_count, 0);
}

static void the_races_time_is_up(void **state)
{
    struct race *r = *state;

    r->step_ns = SECOND;
    r->wanted[0] = 100;
    r->items[0][0].how.max_time_ns = 0;
    r->items[1][0].how.cleanup = "printf U >>log";
    r->params.max_time_ns = 5000 * SECOND;
    r->params.setup_spent_ns = 4600 * SECOND;
    race_run(r);
    assert_in_range(r->per_bout[0], 2, 50);
    assert_ended(r, 0, PFL_BOUT_TIME, "");
    assert_true(r->now_ns < 400 * SECOND + 100 * SECOND);
    assert_string_equal(race_file(r, "log"), "U");
    r->now_ns = 0;
    r->params.setup_spent_ns = 6000 * SECOND; /* building took it all */
    race_run(r);
    assert_int_equal(r->per_bout[0], 0);
    assert_ended(r, 0, PFL_BOUT_TIME, "");
    assert_string_equal(race_found(r, 0, "a")->reason, "not measured: the race's time was up");
}

/* By the warm-up's launches the first block would end too late: it is not begun. */
static void a_block_that_does_not_fit(void **state)
{
    struct race *r = *state;

    r->step_ns = SECOND;
    r->items[0][0].how.warmup = r->items[1][0].how.warmup = 1;
    r->params.max_time_ns = 65 * SECOND;
    race_run(r);
    assert_non_null(strstr(r->phases, "warm-up a; warm-up a; "));
    assert_null(strstr(r->phases, "solo"));
    assert_ended(r, 0, PFL_BOUT_TIME, "");
}

static void a_hanging_launch_is_ended(void **state)
{
    struct race *r = *state;

    r->step_ns = 0;
    race_set(r, 0, 0, "sleep 60");
    race_set(r, 1, 0, "sleep 60");
    r->params.max_time_ns = SECOND / 20;
    race_run(r);
    assert_int_equal(r->per_bout[0], 0);
    assert_ended(r, 0, PFL_BOUT_TIME, "");
    r->mode = PFL_RACE_NEXT_DUET;
    race_run(r);
    assert_ended(r, 0, PFL_BOUT_TIME, "");
    assert_int_equal(race_found(r, 0, "a")->launch_count, 0);
}

/* ---- Ctrl-C ---- */

static void control_c_drops_the_block(void **state)
{
    struct race *r = *state;

    race_begin_with(r, 2, 2);
    race_set(r, 0, 0, "exit 0")->cleanup = "printf A >>log";
    race_set(r, 1, 1, "exit 0")->cleanup = "printf B >>log";
    r->wanted[0] = r->wanted[1] = 50;
    r->stop_after_blocks = 3;
    race_run(r);
    assert_int_equal(r->block_count, 3);
    assert_ended(r, 0, PFL_BOUT_INTERRUPTED, "");
    assert_ended(r, 1, PFL_BOUT_INTERRUPTED, "");
    assert_string_equal(race_file(r, "log"), "AB");
    assert_true(r->runs[0].partial && r->runs[1].partial);
    assert_true(race_found(r, 0, "a")->partial);
    assert_true(race_found(r, 0, "a")->launch_count >= 2);
}

/* Wherever it comes: every bout has an end, every cleanup that is due runs, the runs are whole. */
static void control_c_at_any_moment(void **state)
{
    struct race *r = *state;
    size_t i;
    int stop;

    race_begin_with(r, 3, 1);
    race_apart(r, 0);
    race_apart(r, 1);
    for (i = 0; i < 3; i++) {
        race_set(r, i, 0, "exit 0")->warmup = 1;
        r->items[i][0].how.setup = "exit 0";
        r->items[i][0].how.prepare = "exit 0";
    }
    r->items[2][0].how.cleanup = "printf U >>log";
    r->mode = PFL_RACE_NEXT_DUET;
    r->wanted[0] = r->wanted[1] = 1;
    for (stop = 1; stop < 160; stop += 5) {
        r->stop_after = stop;
        race_run(r);
        for (i = 0; i < 2; i++)
            if (r->per_bout[i] < 1)
                assert_ended(r, i, PFL_BOUT_INTERRUPTED, "");
        for (i = 0; i < 3; i++)
            assert_int_equal(r->runs[i].benchmark_count, 1);
    }
    assert_true(strlen(race_file(r, "log")) > 20);
}

static void control_c_twice(void **state)
{
    struct race *r = *state;

    race_set(r, 0, 0, "exit 0")->cleanup = "printf U >>log";
    r->stop_after_blocks = 1;
    r->hurried = true;
    race_run(r);
    assert_string_equal(race_file(r, "log"), "");
    assert_non_null(strstr(race_found(r, 0, "a")->warnings[0], "interrupted twice"));
}

static void the_judges_error_ends_the_race(void **state)
{
    struct race *r = *state;

    race_set(r, 0, 0, "exit 0")->cleanup = "printf U >>log";
    r->add_fails = 1;
    race_forget(r);
    assert_int_equal(pfl_measure_race(&r->params, &r->arena, &r->err), PFL_ENOMEM);
    assert_int_equal(r->runs[0].benchmark_count, 0);
    assert_string_equal(race_file(r, "log"), "U");
}

/* What was measured until then is kept, and the bouts that were open have their reason. */
static void what_breaks_off_is_a_failure_of_what_is_open(void **state)
{
    struct race *r = *state;

    race_begin_with(r, 2, 2);
    race_set(r, 0, 0, "exit 0")->cleanup = "printf U >>log";
    r->wanted[1] = 0;
    r->breaks = 2;
    race_run(r);
    assert_int_equal(r->per_bout[0], 2);
    assert_ended(r, 0, PFL_BOUT_FAILED, "the launcher is gone");
    assert_false(r->ended[1]);
    assert_int_equal(race_found(r, 0, "a")->launch_count, 4);
    assert_int_equal(race_found(r, 1, "a")->status, PFL_STATUS_OK);
    assert_string_equal(race_file(r, "log"), "U");
}

static void the_launcher_dies(void **state)
{
    struct race *r = *state;

    race_set(r, 1, 0, "test -e n && kill -9 $PPID; : >n");
    race_run(r);
    assert_int_equal(r->ends[0], PFL_BOUT_FAILED);
    assert_true(strlen(r->reasons[0]) > 10);
    assert_true(race_found(r, 1, "a")->launch_count >= 1);
}

static int cannot_compare(void *context, size_t bout, const char *base_path, const char *head_path,
                          const char **problem, struct pfl_err *err)
{
    (void)context;
    (void)base_path;
    (void)head_path;
    (void)problem;
    return bout == 0 ? pfl_err_set(err, PFL_EIO, "reading 'x': input/output error") : PFL_OK;
}

static void output_that_cannot_be_read(void **state)
{
    struct race *r = *state;

    race_begin_with(r, 2, 2);
    r->params.same_output = cannot_compare;
    race_run(r);
    assert_ended(r, 0, PFL_BOUT_FAILED, "reading 'x': input/output error");
    assert_false(r->ended[1]);
    assert_int_equal(r->per_bout[1], 3);
}

/* ---- faults ---- */

static int measure_once(struct race *r, const struct pfl_fault *fault, struct pfl_fault *seen)
{
    struct pfl_arena arena;
    size_t i;
    int rc;

    pfl_arena_init(&arena);
    for (i = 0; i < 2; i++)
        r->runs[i] = (struct pfl_run){.machine.cpus = 1};
    race_forget(r);
    pfl_fault = *fault;
    rc = pfl_measure_race(&r->params, &arena, &r->err);
    *seen = pfl_fault;
    pfl_fault = (struct pfl_fault){0};
    for (i = 0; i < 2; i++)
        assert_int_equal(r->runs[i].benchmark_count, rc == PFL_OK ? 1 : 0);
    pfl_arena_release(&arena);
    return rc;
}

static void everything_may_fail(void **state)
{
    struct race *r = *state;
    const struct pfl_fault none = {.alloc_at = 1000000000, .io_at = 1000000000};
    struct pfl_fault seen, ignored;
    unsigned long n, failed = 0;

    race_apart(r, 1);
    r->items[0][0].how.prepare = "exit 0";
    r->mode = PFL_RACE_NEXT_DUET;
    r->wanted[0] = 1;
    r->params.same_output = NULL;
    assert_int_equal(measure_once(r, &none, &seen), PFL_OK);
    assert_true(seen.alloc_seen > 30 && seen.io_seen > 20);
    for (n = 1; n <= seen.alloc_seen; n++) {
        const struct pfl_fault fault = {.alloc_at = n};
        int rc = measure_once(r, &fault, &ignored);

        assert_true(rc == PFL_OK || rc == PFL_ENOMEM);
        failed += rc != PFL_OK;
    }
    assert_true(failed > seen.alloc_seen / 2);
    for (n = 1; n <= seen.io_seen; n++) {
        const struct pfl_fault fault = {.io_at = n};

        measure_once(r, &fault, &ignored);
    }
}

int test_measure_race_ends(void);
int test_measure_race_ends(void)
{
    const struct CMUnitTest tests[] = {
        RACE_TEST(one_side_fails),
        RACE_TEST(both_sides_fail),
        RACE_TEST(both_fail_in_a_duet),
        RACE_TEST(failing_beside_the_rival_only),
        RACE_TEST(a_failure_later_on),
        RACE_TEST(validate_fails),
        RACE_TEST(validate_fails_at_the_end),
        RACE_TEST(each_sides_own_result_is_validated),
        RACE_TEST(prepare_and_setup_fail),
        RACE_TEST(a_contender_lacks_its_program),
        RACE_TEST(setup_may_make_the_program),
        RACE_TEST(a_command_must_be_there),
        RACE_TEST(plans_and_requirements_skip),
        RACE_TEST(a_program_skips_itself),
        RACE_TEST(equal_output),
        RACE_TEST(the_base_shows_its_output_once),
        RACE_TEST(output_that_differs),
        RACE_TEST(output_that_changes),
        RACE_TEST(no_output_to_compare),
        RACE_TEST(a_bouts_time_is_up),
        RACE_TEST(the_races_time_is_up),
        RACE_TEST(a_block_that_does_not_fit),
        RACE_TEST(a_hanging_launch_is_ended),
        RACE_TEST(control_c_drops_the_block),
        RACE_TEST(control_c_at_any_moment),
        RACE_TEST(control_c_twice),
        RACE_TEST(the_judges_error_ends_the_race),
        RACE_TEST(what_breaks_off_is_a_failure_of_what_is_open),
        RACE_TEST(the_launcher_dies),
        RACE_TEST(output_that_cannot_be_read),
        RACE_TEST(everything_may_fail),
    };

    return cmocka_run_group_tests_name("measure/race_ends", tests, NULL, NULL);
}
