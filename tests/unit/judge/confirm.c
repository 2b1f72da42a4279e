/* What a race of both builds does to the suspects of a check. */
#include "build.h"

#include "judge/confirm.h"
#include "judge/release.h"

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

static struct pfl_row suspect_row(void)
{
    return (struct pfl_row){.benchmark = "parse",
                            .metric = "time",
                            .unit = "s",
                            .variant = "",
                            .ratio = 1.14,
                            .ratio_low = 1.03,
                            .ratio_high = 1.26,
                            .verdict = PFL_VERDICT_REGRESSED,
                            .deciding = true,
                            .gate = PFL_GATE_HARD,
                            .threshold = 0.10,
                            .margin = NAN,
                            .mde = NAN,
                            .reason = "14 % slower"};
}

static struct pfl_row witness_row(double ratio, double low, double high)
{
    struct pfl_row row = suspect_row();

    row.ratio = ratio;
    row.ratio_low = low;
    row.ratio_high = high;
    row.reason = "what the race says";
    return row;
}

static struct pfl_comparison comparison_of(struct pfl_row *rows, size_t n)
{
    return (struct pfl_comparison){.rows = rows,
                                   .row_count = n,
                                   .fail_on = PFL_FAIL_ON_REGRESSED,
                                   .counts = {[PFL_VERDICT_REGRESSED] = n},
                                   .exit_code = PFL_EGATE};
}

static const struct {
    const char *what;
    double ratio, low, high;
    enum pfl_verdict verdict;
    const char *says;
} answers[] = {
    {"as slow as suspected", 1.13, 1.12, 1.14, PFL_VERDICT_REGRESSED, "confirmed by a race"},
    {"slower, within the gate", 1.03, 1.02, 1.04, PFL_VERDICT_UNCHANGED, "but not in a race"},
    {"equal", 1.0005, 0.998, 1.003, PFL_VERDICT_UNCHANGED, "but not in a race"},
    {"faster", 0.9, 0.89, 0.91, PFL_VERDICT_UNCHANGED, "but not in a race"},
    {"around the gate", 1.08, 1.02, 1.14, PFL_VERDICT_REGRESSED, "could not tell"},
    {"no interval", 1.08, NAN, NAN, PFL_VERDICT_REGRESSED, "could not tell"},
};

static void test_answers(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(answers); i++) {
        struct pfl_row suspect = suspect_row();
        struct pfl_row witness = witness_row(answers[i].ratio, answers[i].low, answers[i].high);
        struct pfl_comparison check = comparison_of(&suspect, 1),
                              race = {.rows = &witness, .row_count = 1};
        bool guilty = answers[i].verdict == PFL_VERDICT_REGRESSED;

        assert_int_equal(pfl_judge_confirm(&check, &race, false, &arena, NULL), PFL_OK);
        if (suspect.verdict != answers[i].verdict || !strstr(suspect.reason, answers[i].says))
            fail_msg("%s: %s", answers[i].what, suspect.reason);
        assert_int_equal(check.exit_code, guilty ? PFL_EGATE : PFL_OK);
        assert_int_equal(check.ok, !guilty);
        assert_int_equal(check.counts[PFL_VERDICT_REGRESSED], guilty ? 1 : 0);
        assert_int_equal(check.counts[PFL_VERDICT_UNCHANGED], guilty ? 0 : 1);
    }
}

/* Throughput: less is worse. */
static void test_direction(void **state)
{
    struct pfl_row suspect = suspect_row(), witness = witness_row(0.85, 0.84, 0.86);
    struct pfl_comparison check = comparison_of(&suspect, 1),
                          race = {.rows = &witness, .row_count = 1};

    (void)state;
    suspect.better = witness.better = PFL_BETTER_HIGHER;
    suspect.ratio = 0.8;
    assert_int_equal(pfl_judge_confirm(&check, &race, false, &arena, NULL), PFL_OK);
    assert_int_equal(suspect.verdict, PFL_VERDICT_REGRESSED);
    assert_non_null(strstr(suspect.reason, "confirmed"));
}

/* Where only the suspect's side knows which way is better, that holds; where nobody does, the size
 * of the change counts, whichever way it goes. */
static void test_no_direction(void **state)
{
    static const struct {
        enum pfl_better better;
        double ratio, low, high;
        enum pfl_verdict verdict;
        const char *says;
    } cases[] = {
        {PFL_BETTER_HIGHER, 0.85, 0.84, 0.86, PFL_VERDICT_REGRESSED, "confirmed"},
        {PFL_BETTER_LOWER, 0.85, 0.84, 0.86, PFL_VERDICT_UNCHANGED, "but not in"},
        {PFL_BETTER_NEITHER, 0.85, 0.84, 0.86, PFL_VERDICT_REGRESSED, "confirmed"},
        {PFL_BETTER_NEITHER, 1.2, 1.15, 1.25, PFL_VERDICT_REGRESSED, "confirmed"},
        {PFL_BETTER_NEITHER, 0.98, 0.97, 1.01, PFL_VERDICT_UNCHANGED, "but not in"},
        {PFL_BETTER_NEITHER, 0.95, 0.88, 1.02, PFL_VERDICT_REGRESSED, "could not tell"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_row suspect = suspect_row(),
                       witness = witness_row(cases[i].ratio, cases[i].low, cases[i].high);
        struct pfl_comparison check = comparison_of(&suspect, 1),
                              race = {.rows = &witness, .row_count = 1};

        suspect.better = cases[i].better;
        witness.better = PFL_BETTER_NEITHER;
        assert_int_equal(pfl_judge_confirm(&check, &race, false, &arena, NULL), PFL_OK);
        if (suspect.verdict != cases[i].verdict || !strstr(suspect.reason, cases[i].says))
            fail_msg("%zu: %s", i, suspect.reason);
    }
}

/* Who decided nothing in the race may confirm; who was not raced at all says nothing. */
static void test_weak_witnesses_acquit_nobody(void **state)
{
    struct pfl_row suspect = suspect_row(), witness = witness_row(1.0, 0.99, 1.01);
    struct pfl_comparison check = comparison_of(&suspect, 1),
                          race = {.rows = &witness, .row_count = 1};

    (void)state;
    witness.deciding = false;
    assert_int_equal(pfl_judge_confirm(&check, &race, false, &arena, NULL), PFL_OK);
    assert_int_equal(suspect.verdict, PFL_VERDICT_REGRESSED);
    assert_non_null(strstr(suspect.reason, "could not tell"));
    witness.deciding = true;
    witness.verdict = PFL_VERDICT_FAILED;
    assert_int_equal(pfl_judge_confirm(&check, &race, false, &arena, NULL), PFL_OK);
    assert_int_equal(suspect.verdict, PFL_VERDICT_REGRESSED);
    witness = witness_row(1.2, 1.19, 1.21);
    witness.deciding = false;
    suspect.reason = "";
    assert_int_equal(pfl_judge_confirm(&check, &race, false, &arena, NULL), PFL_OK);
    assert_non_null(strstr(suspect.reason, "confirmed"));
}

static void test_what_could_not_be_raced_says_so(void **state)
{
    struct pfl_row suspect = suspect_row(), witness = witness_row(NAN, NAN, NAN);
    struct pfl_comparison check = comparison_of(&suspect, 1),
                          race = {.rows = &witness, .row_count = 1};

    (void)state;
    witness.verdict = PFL_VERDICT_SKIPPED;
    witness.reason = "the base did not build";
    assert_int_equal(pfl_judge_confirm(&check, &race, false, &arena, NULL), PFL_OK);
    assert_string_equal(suspect.reason, "14 % slower; was not raced: the base did not build");
    assert_int_equal(suspect.verdict, PFL_VERDICT_REGRESSED);
}

/* Another metric's row is no witness, and a failing row that is no suspect stays what it is. */
static void test_others_stay(void **state)
{
    struct pfl_row rows[2] = {suspect_row(), suspect_row()};
    struct pfl_row witness = witness_row(1.0, 0.99, 1.01);
    struct pfl_comparison check = comparison_of(rows, 2), race = {.rows = &witness, .row_count = 1};

    (void)state;
    rows[0].variant = "max";
    rows[1].metric = "peak_rss";
    assert_false(pfl_judge_is_suspect(&rows[0]));
    assert_int_equal(pfl_judge_confirm(&check, &race, false, &arena, NULL), PFL_OK);
    assert_string_equal(rows[0].reason, "14 % slower");
    assert_int_equal(rows[1].verdict, PFL_VERDICT_REGRESSED);
    assert_int_equal(check.exit_code, PFL_EGATE);
}

static void test_strict(void **state)
{
    struct pfl_row rows[2] = {suspect_row(), suspect_row()};
    struct pfl_row witness = witness_row(1.0, 0.99, 1.01);
    struct pfl_comparison check = comparison_of(rows, 2), race = {.rows = &witness, .row_count = 1};

    (void)state;
    rows[1].benchmark = "other";
    rows[1].verdict = PFL_VERDICT_INCONCLUSIVE;
    assert_int_equal(pfl_judge_confirm(&check, &race, true, &arena, NULL), PFL_OK);
    assert_int_equal(rows[0].verdict, PFL_VERDICT_UNCHANGED);
    assert_int_equal(check.exit_code, PFL_EINCONCLUSIVE);
}

/* A release gate's: undecided before, so the race's verdict and numbers are the row's. */
static void doubtful_rows_get_the_races_word(void **state)
{
    static const struct {
        double low, ratio, high;
        enum pfl_verdict verdict;
        int exit_code;
    } cases[] = {
        {1.05, 1.12, 1.20, PFL_VERDICT_REGRESSED, PFL_EGATE},
        {0.97, 1.00, 1.03, PFL_VERDICT_UNCHANGED, PFL_OK},
        {0.90, 1.02, 1.20, PFL_VERDICT_INCONCLUSIVE, PFL_EINCONCLUSIVE},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_row row = suspect_row(),
                       witness = witness_row(cases[i].ratio, cases[i].low, cases[i].high);
        struct pfl_comparison check = comparison_of(&row, 1), race = comparison_of(&witness, 1);
        bool lenient;

        row.verdict = PFL_VERDICT_INCONCLUSIVE;
        row.ratio = 1.01;
        row.ratio_low = 0.85;
        row.ratio_high = 1.20;
        row.base.present = row.head.present = witness.base.present = witness.head.present = true;
        witness.deciding = true;
        assert_false(pfl_judge_is_suspect(&row));
        pfl_judge_doubt(&check);
        assert_true(pfl_judge_is_suspect(&row));
        assert_int_equal(check.undecided, 1);
        assert_int_equal(pfl_judge_confirm(&check, &race, false, &arena, NULL), PFL_OK);
        assert_int_equal(row.verdict, cases[i].verdict);
        assert_true((row.ratio == cases[i].ratio) == (cases[i].exit_code != PFL_EINCONCLUSIVE));
        assert_int_equal(check.note_count, 1);
        lenient = cases[i].exit_code != PFL_EINCONCLUSIVE;
        assert_int_equal(pfl_judge_undecided(&check, "wait", lenient, &arena, NULL), PFL_OK);
        assert_int_equal(check.exit_code, cases[i].exit_code);
        assert_true((check.why_undecided != NULL) == !lenient);
    }
}

/* Wide on the good side alone is no doubt. */
static void doubt_is_about_the_limit(void **state)
{
    struct pfl_row row = suspect_row();
    struct pfl_comparison check = comparison_of(&row, 1);

    (void)state;
    row.verdict = PFL_VERDICT_INCONCLUSIVE;
    row.base.present = row.head.present = true;
    row.ratio_low = 0.5;
    row.ratio_high = 1.09;
    pfl_judge_doubt(&check);
    assert_int_equal(check.undecided, 0);
    row.better = PFL_BETTER_HIGHER;
    pfl_judge_doubt(&check);
    assert_int_equal(check.undecided, 1);
    row.deciding = false;
    pfl_judge_doubt(&check);
    assert_int_equal(check.undecided, 0);
}

int test_judge_confirm(void);
int test_judge_confirm(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_answers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_direction, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_direction, setup, teardown),
        cmocka_unit_test_setup_teardown(test_weak_witnesses_acquit_nobody, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_could_not_be_raced_says_so, setup, teardown),
        cmocka_unit_test_setup_teardown(test_others_stay, setup, teardown),
        cmocka_unit_test_setup_teardown(test_strict, setup, teardown),
        cmocka_unit_test_setup_teardown(doubtful_rows_get_the_races_word, setup, teardown),
        cmocka_unit_test_setup_teardown(doubt_is_about_the_limit, setup, teardown),
    };

    return cmocka_run_group_tests_name("judge confirm", tests, NULL, NULL);
}
