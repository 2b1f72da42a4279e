/* Change points: what is found, what is not, what people's decisions do, and that bad input has an
 * outcome. Fixed seeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/changes.h"
#include "judge/changes_find.h"
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 600 };

static struct pfl_random source;
static struct pfl_changes_finder *finder;
static struct pfl_arena arena;
static struct pfl_series series; /* the one that was judged last */

static int setup(void **state)
{
    (void)state;
    pfl_random_seed(&source, 20261121);
    pfl_arena_init(&arena);
    finder = pfl_changes_finder_new();
    return finder ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    pfl_changes_finder_free(finder);
    pfl_arena_release(&arena);
    return 0;
}

static double gaussian(void)
{
    return pfl_stats_normal_quantile(pfl_random_unit(&source) + 0x1p-54);
}

static struct pfl_series_changes judge_reviewed(const double *values, size_t n,
                                                const struct pfl_review *reviews,
                                                size_t review_count)
{
    struct pfl_changes_params params = {
        .series = &series, .reviews = reviews, .review_count = review_count};
    struct pfl_series_changes out;
    const char *const *epochs = series.epochs, *const *revisions = series.revisions;

    series = (struct pfl_series){.benchmark = "b",
                                 .metric = "time",
                                 .variant = "",
                                 .unit = "s",
                                 .machine = "",
                                 .better = PFL_BETTER_LOWER,
                                 .values = values,
                                 .n = n,
                                 .epochs = epochs,
                                 .revisions = revisions};
    assert_int_equal(pfl_judge_changes(finder, &params, &arena, &out, NULL), PFL_OK);
    return out;
}

static struct pfl_series_changes judge(const double *values, size_t n)
{
    series.epochs = series.revisions = NULL;
    return judge_reviewed(values, n, NULL, 0);
}

/* n values of `level`, σ per cent of it */
static void fill(double *values, size_t n, double level, double sigma)
{
    size_t i;

    for (i = 0; i < n; i++)
        values[i] = level * (1 + sigma / 100 * gaussian());
}

static void near(size_t index, size_t wanted)
{
    if (index + 2 < wanted || index > wanted + 2)
        fail_msg("the change is at %zu, wanted %zu", index, wanted);
}

static void a_step_is_found_with_its_size(void **state)
{
    double v[100];
    struct pfl_series_changes out;

    (void)state;
    fill(v, 50, 100, 1);
    fill(v + 50, 50, 105, 1);
    out = judge(v, 100);
    assert_int_equal(out.change_count, 1);
    assert_int_equal(out.outcome, PFL_SERIES_CHANGED);
    near(out.changes[0].index, 50);
    assert_int_equal(out.changes[0].kind, PFL_CHANGE_STEP);
    assert_int_equal(out.changes[0].state, PFL_CHANGE_NEW);
    assert_true(out.changes[0].worse);
    assert_true(out.changes[0].p < 0.001);
    assert_true(out.changes[0].ratio_low < 1.05 && out.changes[0].ratio_high > 1.05);
    assert_true(out.changes[0].ratio_high - out.changes[0].ratio_low < 0.02);
    assert_int_equal(pfl_changes_alarms(&out, true), 1);
}

static void every_step_of_several_is_found(void **state)
{
    static const double levels[] = {100, 104, 101, 110, 100};
    double v[200];
    struct pfl_series_changes out;
    size_t i;

    (void)state;
    for (i = 0; i < 5; i++)
        fill(v + 40 * i, 40, levels[i], 0.8);
    out = judge(v, 200);
    assert_int_equal(out.change_count, 4);
    for (i = 0; i < 4; i++)
        near(out.changes[i].index, 40 * (i + 1));
}

static void a_short_hump_is_seen_in_a_long_series(void **state)
{
    double v[500];
    struct pfl_series_changes out;

    (void)state;
    fill(v, 500, 100, 1);
    fill(v + 240, 30, 104, 1);
    out = judge(v, 500);
    assert_int_equal(out.change_count, 2);
    near(out.changes[0].index, 240);
    near(out.changes[1].index, 270);
}

static void spikes_are_no_change(void **state)
{
    double v[200];
    struct pfl_series_changes out;

    (void)state;
    fill(v, 200, 100, 1);
    v[30] = v[31] = v[120] = 1000;
    v[199] = 500;
    out = judge(v, 200);
    assert_int_equal(out.change_count, 0);
    assert_int_equal(out.spikes, 4);
    assert_int_equal(out.outcome, PFL_SERIES_QUIET);
}

/* 20 × 0.5 %: no single step would alarm anybody. */
static void a_drift_is_one_alarm_against_where_it_began(void **state)
{
    double v[60];
    struct pfl_series_changes out;
    size_t i;

    (void)state;
    for (i = 0; i < 60; i++)
        v[i] = 100 * pow(1.005, fmin(fmax((double)i - 19, 0), 20)) * (1 + 0.005 * gaussian());
    out = judge(v, 60);
    assert_int_equal(out.change_count, 1);
    assert_int_equal(out.changes[0].kind, PFL_CHANGE_DRIFT);
    assert_true(out.changes[0].index >= 15 && out.changes[0].index <= 25);
    assert_true(out.changes[0].end >= 34 && out.changes[0].end <= 45);
    assert_true(fabs(out.changes[0].ratio - pow(1.005, 20)) < 0.01);
    assert_int_equal(pfl_changes_alarms(&out, true), 1);
}

static void a_drift_that_fills_the_series_is_found(void **state)
{
    double v[20];
    struct pfl_series_changes out;
    size_t i;

    (void)state;
    for (i = 0; i < 20; i++)
        v[i] = 100 * pow(1.005, (double)i);
    out = judge(v, 20);
    assert_int_equal(out.change_count, 1);
    assert_int_equal(out.changes[0].kind, PFL_CHANGE_DRIFT);
    assert_true(out.changes[0].end >= 19);
}

/* Few repeats: the figures proper are bench_changes'. 200 series at 0.6 %: more than 6 has a chance
 * of 1 in 5,000. */
static void quiet_series_stay_quiet(void **state)
{
    static const double phis[] = {0, 0.3, 0.6};
    double v[200], x;
    size_t k, i, j, bad;

    (void)state;
    for (k = 0; k < 3; k++) {
        for (bad = 0, i = 0; i < 200; i++) {
            for (x = gaussian(), j = 0; j < 200; j++) {
                v[j] = 100 + x;
                x = phis[k] * x + sqrt(1 - phis[k] * phis[k]) * gaussian();
            }
            bad += judge(v, 200).change_count > 0;
        }
        if (bad > 6)
            fail_msg("AR(%g): %zu of 200 quiet series show a change", phis[k], bad);
    }
}

static void going_to_and_fro_between_two_levels_is_no_change(void **state)
{
    double v[300];
    struct pfl_series_changes out;
    bool high = false;
    size_t i, k, bad = 0, seen = 0;

    (void)state;
    for (k = 0; k < 100; k++) {
        for (i = 0; i < 300; i++) {
            high = pfl_random_unit(&source) < 0.1 ? !high : high;
            v[i] = (high ? 116 : 100) + gaussian();
        }
        out = judge(v, 300);
        bad += out.change_count > 0;
        seen += out.bimodal;
    }
    assert_true(bad <= 4);
    assert_true(seen >= 70);
}

static void the_last_values_are_pending_until_confirmed(void **state)
{
    double v[100];
    struct pfl_series_changes out;

    (void)state;
    fill(v, 60, 100, 1);
    fill(v + 60, 40, 120, 1);
    assert_int_equal(judge(v, 62).change_count, 0);
    out = judge(v, 64);
    assert_int_equal(out.change_count, 1);
    assert_int_equal(out.changes[0].state, PFL_CHANGE_PENDING);
    assert_int_equal(out.changes[0].index, 60);
    assert_int_equal(pfl_changes_alarms(&out, false), 0);
    out = judge(v, 80);
    assert_int_equal(out.change_count, 1);
    assert_int_equal(out.changes[0].state, PFL_CHANGE_NEW);
    near(out.changes[0].index, 60);
}

static void an_acknowledged_change_never_moves(void **state)
{
    static const struct pfl_review known = {
        PFL_REVIEW_ACKNOWLEDGE, "*", "*", "#51", "", "agreed", 1};
    double v[400];
    struct pfl_series_changes out;
    size_t n;

    (void)state;
    fill(v, 50, 100, 1);
    fill(v + 50, 150, 103, 1);
    fill(v + 200, 200, 103.5, 1);
    for (n = 70; n <= 400; n += 30) {
        out = judge_reviewed(v, n, &known, 1);
        assert_true(out.change_count >= 1);
        assert_int_equal(out.changes[0].index, 51);
        assert_int_equal(out.changes[0].state, PFL_CHANGE_ACKNOWLEDGED);
        assert_string_equal(out.changes[0].note, "agreed");
        assert_int_equal(pfl_changes_alarms(&out, false), out.change_count - 1);
    }
}

static void an_expected_change_is_no_alarm_and_a_rebase_forgets(void **state)
{
    static const struct pfl_review expected = {PFL_REVIEW_EXPECT, "*", "*", "#50", "",
                                               "new codec",       1};
    static const struct pfl_review rebased = {PFL_REVIEW_REBASE, "*", "*", "#50", "", "moved", 1};
    double v[100];
    struct pfl_series_changes out;

    (void)state;
    fill(v, 50, 100, 1);
    fill(v + 50, 50, 130, 1);
    out = judge_reviewed(v, 100, &expected, 1);
    assert_int_equal(out.change_count, 1);
    assert_int_equal(out.changes[0].state, PFL_CHANGE_EXPECTED);
    assert_int_equal(pfl_changes_alarms(&out, false), 0);
    out = judge_reviewed(v, 100, &rebased, 1);
    assert_int_equal(out.change_count, 1);
    assert_int_equal(out.changes[0].kind, PFL_CHANGE_SEGMENT);
    assert_int_equal(out.changes[0].index, 50);
    assert_int_equal(pfl_changes_alarms(&out, false), 0);
    assert_int_equal(out.outcome, PFL_SERIES_QUIET);
}

static void an_acknowledged_drift_covers_its_length(void **state)
{
    static const struct pfl_review known = {
        PFL_REVIEW_ACKNOWLEDGE, "*", "*", "#20", "#40", "slowly", 1};
    double v[80];
    struct pfl_series_changes out;
    size_t i;

    (void)state;
    for (i = 0; i < 80; i++)
        v[i] = 100 * pow(1.01, fmin(fmax((double)i - 19, 0), 20)) * (1 + 0.002 * gaussian());
    out = judge_reviewed(v, 80, &known, 1);
    assert_int_equal(out.change_count, 1);
    assert_int_equal(out.changes[0].kind, PFL_CHANGE_DRIFT);
    assert_int_equal(out.changes[0].state, PFL_CHANGE_ACKNOWLEDGED);
    assert_int_equal(out.changes[0].index, 20);
    assert_int_equal(out.changes[0].end, 40);
}

static void another_machine_begins_a_segment(void **state)
{
    const char *epochs[100];
    double v[100];
    struct pfl_series_changes out;
    size_t i;

    (void)state;
    fill(v, 50, 100, 1);
    fill(v + 50, 50, 200, 1);
    for (i = 0; i < 100; i++)
        epochs[i] = i < 50 ? "machine a" : "machine b";
    series.epochs = epochs;
    out = judge_reviewed(v, 100, NULL, 0);
    series.epochs = NULL;
    assert_int_equal(out.change_count, 1);
    assert_int_equal(out.changes[0].kind, PFL_CHANGE_SEGMENT);
    assert_int_equal(out.changes[0].index, 50);
    assert_string_equal(out.changes[0].note, "machine b");
    assert_true(isnan(out.changes[0].p));
    assert_int_equal(pfl_changes_alarms(&out, false), 0);
}

/* A definition that changed says so in words; a name that did parts nothing. */
static void boundaries_are_told(void **state)
{
    static const struct pfl_boundary boundaries[] = {
        {.index = 30, .what = PFL_BOUNDARY_NAME, .why = "was called a", .compares = true},
        {.index = 50, .what = PFL_BOUNDARY_DEFINITION, .why = "numpy 1 → 2"}};
    struct pfl_series told = {.benchmark = "b",
                              .metric = "time",
                              .variant = "",
                              .unit = "s",
                              .machine = "",
                              .better = PFL_BETTER_LOWER,
                              .n = 100,
                              .boundaries = boundaries,
                              .boundary_count = PFL_COUNT(boundaries)};
    struct pfl_changes_params params = {.series = &told};
    struct pfl_series_changes out;
    const char *epochs[100];
    double v[100];
    size_t i;

    (void)state;
    fill(v, 30, 100, 1);
    fill(v + 30, 20, 130, 1);
    fill(v + 50, 50, 300, 1);
    for (i = 0; i < 100; i++)
        epochs[i] = i < 50 ? "1" : "2";
    told.values = v;
    told.epochs = epochs;
    assert_int_equal(pfl_judge_changes(finder, &params, &arena, &out, NULL), PFL_OK);
    assert_int_equal(out.change_count, 2);
    assert_int_equal(out.changes[0].kind, PFL_CHANGE_STEP);
    assert_in_range(out.changes[0].index, 29, 31);
    assert_int_equal(out.changes[1].kind, PFL_CHANGE_SEGMENT);
    assert_int_equal(out.changes[1].index, 50);
    assert_string_equal(out.changes[1].note, "numpy 1 → 2");
    assert_int_equal(pfl_changes_alarms(&out, false), 1);
}

static void places_are_named_by_revision_or_index(void **state)
{
    static const char *const revisions[] = {"aaaaaaa111", "bbbbbbb222", "bbbbbbb222", "v1"};
    struct pfl_series named = {.n = 4, .revisions = revisions};
    static const struct {
        const char *at;
        size_t place;
    } cases[] = {{"bbbbbbb", 1}, {"bbbbbb", 4}, {"v1", 3},  {"v", 4}, {"#2", 2},
                 {"#4", 4},      {"#", 4},      {"#1x", 4}, {"", 4},  {"#99999999999999999999", 4}};
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++)
        if (pfl_changes_place_of(&named, cases[i].at) != cases[i].place)
            fail_msg("%s is at %zu", cases[i].at, pfl_changes_place_of(&named, cases[i].at));
}

static void bad_input_has_an_outcome(void **state)
{
    enum { N = 40 };
    double nan[N], one = 7, constant[N], two[N], zeros[N], negative[N], mixed[N + 2];
    struct pfl_series_changes out;
    size_t i;

    (void)state;
    fill(mixed, 20, 100, 1);
    mixed[20] = NAN;
    mixed[21] = -INFINITY;
    fill(mixed + 22, 20, 130, 1);
    for (i = 0; i < N; i++) {
        nan[i] = i % 2 ? NAN : INFINITY;
        constant[i] = 5;
        two[i] = pfl_random_unit(&source) < 0.5 ? 1 : 2;
        zeros[i] = 0;
        negative[i] = (i < N / 2 ? -100 : -50) + gaussian();
    }
    assert_int_equal(judge(NULL, 0).outcome, PFL_SERIES_EMPTY);
    out = judge(nan, N);
    assert_int_equal(out.outcome, PFL_SERIES_EMPTY);
    assert_int_equal(out.unusable, N);
    assert_int_equal(judge(&one, 1).outcome, PFL_SERIES_SHORT);
    assert_int_equal(judge(constant, 15).outcome, PFL_SERIES_SHORT);
    assert_int_equal(judge(constant, N).outcome, PFL_SERIES_CONSTANT);
    assert_int_equal(judge(zeros, N).outcome, PFL_SERIES_CONSTANT);
    assert_int_equal(judge(two, N).outcome, PFL_SERIES_QUIET);
    out = judge(negative, N);
    assert_int_equal(out.change_count, 1);
    assert_true(isnan(out.changes[0].ratio) && out.changes[0].after > -60);
    out = judge(mixed, N + 2);
    assert_int_equal(out.unusable, 2);
    assert_int_equal(out.change_count, 1);
    assert_int_equal(out.changes[0].index, 22);
}

static void a_constant_that_steps_is_found(void **state)
{
    double v[40];
    size_t i;

    (void)state;
    for (i = 0; i < 40; i++)
        v[i] = i < 20 ? 1000 : 1001;
    assert_int_equal(judge(v, 40).change_count, 1);
    assert_int_equal(judge(v, 40).changes[0].index, 20);
}

static void a_million_values_are_judged(void **state)
{
    enum { N = 1000000 };
    double *v = malloc(N * sizeof *v);
    struct pfl_series_changes out;
    size_t i;

    (void)state;
    assert_non_null(v);
    for (i = 0; i < N; i++)
        v[i] = 100 + pfl_random_unit(&source) + (i < 600000 ? 0 : 0.05);
    out = judge(v, N);
    assert_int_equal(out.change_count, 1);
    assert_true(out.changes[0].index > 598000 && out.changes[0].index < 602000);
    free(v);
}

/* Ranks: a monotone transform, and reversing the direction, change nothing. */
static void the_places_depend_on_the_order_only(void **state)
{
    double v[120], transformed[120], mirrored[120];
    struct pfl_series_changes a, b, c;
    size_t i;

    (void)state;
    fill(v, 70, 10, 2);
    fill(v + 70, 50, 11, 2);
    for (i = 0; i < 120; i++) {
        transformed[i] = exp(v[i]);
        mirrored[i] = 100 - v[i];
    }
    a = judge(v, 120);
    b = judge(transformed, 120);
    c = judge(mirrored, 120);
    assert_int_equal(a.change_count, 1);
    assert_int_equal(a.changes[0].index, b.changes[0].index);
    assert_int_equal(a.changes[0].index, c.changes[0].index);
    assert_true(a.changes[0].p == b.changes[0].p);
    assert_true(a.changes[0].worse && !c.changes[0].worse);
}

static void limits_and_chances_are_inverse(void **state)
{
    static const size_t lengths[] = {16, 20, 37, 50, 120, 500, 3000, 100000};
    static const double chances[] = {0.4, 0.1, 0.05, 0.01, 0.006, 0.001, 0.0001};
    double last, limit;
    size_t i, j;

    (void)state;
    for (i = 0; i < PFL_COUNT(lengths); i++)
        for (last = 0, j = 0; j < PFL_COUNT(chances); j++) {
            limit = pfl_changes_limit(chances[j], lengths[i], 0.2);
            assert_true(limit > last);
            last = limit;
            assert_true(fabs(pfl_changes_p(limit, lengths[i], 0.2) / chances[j] - 1) < 1e-9);
        }
    assert_true(pfl_changes_p(0, 100, 0) == 1);
    assert_true(isinf(pfl_changes_limit(0, 100, 0)));
}

static void a_senseless_chance_is_refused(void **state)
{
    double v[20] = {0};
    struct pfl_series some = {.benchmark = "b", .metric = "m", .values = v, .n = 20};
    struct pfl_changes_params params = {.series = &some, .alpha = 0.9};
    struct pfl_series_changes out;
    struct pfl_err err;

    (void)state;
    assert_int_equal(pfl_judge_changes(finder, &params, &arena, &out, &err), PFL_EINVAL);
    assert_non_null(strstr(err.message, "0.9"));
}

int test_judge_changes(void);
int test_judge_changes(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_is_found_with_its_size),
        cmocka_unit_test(every_step_of_several_is_found),
        cmocka_unit_test(a_short_hump_is_seen_in_a_long_series),
        cmocka_unit_test(spikes_are_no_change),
        cmocka_unit_test(a_drift_is_one_alarm_against_where_it_began),
        cmocka_unit_test(a_drift_that_fills_the_series_is_found),
        cmocka_unit_test(quiet_series_stay_quiet),
        cmocka_unit_test(going_to_and_fro_between_two_levels_is_no_change),
        cmocka_unit_test(the_last_values_are_pending_until_confirmed),
        cmocka_unit_test(an_acknowledged_change_never_moves),
        cmocka_unit_test(an_expected_change_is_no_alarm_and_a_rebase_forgets),
        cmocka_unit_test(an_acknowledged_drift_covers_its_length),
        cmocka_unit_test(another_machine_begins_a_segment),
        cmocka_unit_test(boundaries_are_told),
        cmocka_unit_test(places_are_named_by_revision_or_index),
        cmocka_unit_test(bad_input_has_an_outcome),
        cmocka_unit_test(a_constant_that_steps_is_found),
        cmocka_unit_test(a_million_values_are_judged),
        cmocka_unit_test(the_places_depend_on_the_order_only),
        cmocka_unit_test(limits_and_chances_are_inverse),
        cmocka_unit_test(a_senseless_chance_is_refused),
    };

    return cmocka_run_group_tests_name("judge changes", tests, setup, teardown);
}
