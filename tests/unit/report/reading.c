/* What a reader is told, how often, and what not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runs.h"

static const struct pfl_report_style wide = {.width = 120, .utf8 = true};
static const struct pfl_report_style endless = {.width = 1000, .utf8 = true};
static struct run_fixture r; /* large: not for the stack */

static int start(void **state)
{
    (void)state;
    run_fixture_init(&r);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    fixture_release(&r.f);
    return 0;
}

static void says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in:\n%s", part, text);
}

static void says_not(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("'%s' is in:\n%s", part, text);
}

static size_t times_said(const char *text, const char *part)
{
    size_t n = 0;

    while ((text = strstr(text, part))) {
        text += strlen(part);
        n++;
    }
    return n;
}

static void lopsided_intervals_are_shown_whole(void **state)
{
    static const struct {
        double median, low, high;
        const char *shown;
    } cases[] = {
        {878e-6, 838e-6, 2.1e-3, "878 µs [838 µs … 2.10 ms]"}, /* one side 30 times the other */
        {1e-3, 0.4e-3, 1.6e-3, "1.00 ms [400 µs … 1.60 ms]"},  /* wider than the value */
        {1e-3, 0.9e-3, 1.1e-3, "1.00 ± 0.10 ms"},
        {1e-3, 0.94e-3, 1.11e-3, "1.00 ± 0.09 ms"},
        {1e-3, 0.9995e-3, 1.0095e-3, "1.000 ± 0.005 ms"}, /* lopsided, but by nothing */
        {1e-3, 1e-3, 1e-3, "1.00 ± 0 ms"},
    };
    struct pfl_summary *summary;
    size_t i, bench = add_benchmark(&r, "x", 1e-3);

    (void)state;
    summary = &r.results[bench][0].summary;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        summary->median = cases[i].median;
        summary->ci_low = cases[i].low;
        summary->ci_high = cases[i].high;
        says(render_run(&r, &wide), cases[i].shown);
    }
}

static void quiet_runs_keep_the_numbers(void **state)
{
    static const char *warnings[] = {"the machine was busy before measuring began"};
    struct pfl_report_style quiet = {.width = 120, .utf8 = true, .verbosity = -1};
    const char *text;

    (void)state;
    run_fixture_ordinary(&r);
    r.f.head.warnings = warnings;
    r.f.head.warning_count = 1;
    text = render_run(&r, &quiet);
    says(text, "cpu 1.22 ms (user 1.0, sys 0.21) · peak RSS 18.2 MiB · 12.3 M cells/s");
    says(text, "stages: assemble 800 µs 12.0 MiB");
    says(text, "gzip -9   FAILED");
    says_not(text, "busy");
    says_not(text, "outliers");
    says_not(text, "recorded");
    says(render_run(&r, &wide), "busy");
    says(r.f.out.data, "recorded");
}

static void contention_is_said_once(void **state)
{
    static const char *busy[] = {PFL_WARNING_BUSY " before measuring began (load 2.00 on 2 CPUs)"};
    struct pfl_report_style style = wide;
    struct pfl_oddity others[8];
    size_t i;

    (void)state;
    r.oddity = (struct pfl_oddity){PFL_ODD_CONTENTION, "something else wanted the CPU"};
    for (i = 0; i < 5; i++) {
        snprintf(r.names[i], sizeof r.names[i], "b%zu", i);
        add_benchmark(&r, r.names[i], 0.01);
        r.assessments[i].oddities = i < 4 ? &r.oddity : NULL;
        r.assessments[i].oddity_count = i < 4;
    }
    assert_true(pfl_text_starts(render_run(&r, &style), "! something else wanted the CPU\n\n"));
    assert_int_equal(times_said(r.f.out.data, "something else"), 1);
    assert_int_equal(times_said(r.f.out.data, "10 launches   contended\n"), 4);
    style.verbosity = 1;
    assert_int_equal(times_said(render_run(&r, &style), "something else"), 5);
    style.verbosity = 0;
    for (i = 0; i < 4; i++) {
        others[i] = (struct pfl_oddity){PFL_ODD_CONTENTION, r.names[i]};
        r.assessments[i].oddities = &others[i];
    }
    says(render_run(&r, &style), "! 4 of 5 benchmarks shared their CPU with something else");
    r.f.head.warnings = busy;
    r.f.head.warning_count = 1;
    says_not(render_run(&r, &style), "shared their CPU");
    assert_int_equal(times_said(r.f.out.data, "10 launches   contended\n"), 4);
    for (i = 5; i < 12; i++)
        add_benchmark(&r, "more", 0.01);
    assert_int_equal(times_said(render_run(&r, &style), "  contended\n"), 4); /* the table */
    says_not(r.f.out.data, "b1\n");
}

static void a_stored_run_says_which_it_is(void **state)
{
    const char *text;

    (void)state;
    add_benchmark(&r, "x", 0.01);
    r.f.head.label = "nightly";
    r.f.head.selection = "x*";
    r.f.head.tier = "deep";
    r.f.head.machine.platform = "Linux-x86_64";
    says_not(render_run(&r, &wide), "run 0000");
    r.report.heading = true;
    assert_true(pfl_text_starts(
        render_run(&r, &wide),
        "run 00000000000000bb · nightly · 2025-11-21 12:03 UTC · configured · tier deep · only x*\n"
        "    5555555555 (dirty) · on lab-1 · Linux-x86_64\n\n"));
    r.report.void_why = "the fan was off";
    text = render_run(&r, &wide);
    assert_true(pfl_text_starts(
        text, "! VOID, this run takes part in no judgement: the fan was off\nrun 0000"));
    r.f.head.revision.commit = "";
    says(render_run(&r, &wide), "\n    no git revision · on lab-1");
}

static void one_command_is_no_ranking(void **state)
{
    struct pfl_row rows[2] = {row_of("a", "time", "s", 1, 1), row_of("b", "time", "s", 1, 2)};
    struct pfl_comparison rank = {.base_label = "a", .rows = rows, .row_count = 2};

    (void)state;
    add_benchmark(&r, "a", 1);
    r.report.rank = &rank;
    says(render_run(&r, &wide), "a ran\n");
    rank.row_count = 1;
    says_not(render_run(&r, &wide), "a ran");
}

static void vague_fits_are_hidden(void **state)
{
    struct pfl_report_style verbose = {.width = 120, .utf8 = true, .verbosity = 1};

    (void)state;
    run_fixture_ordinary(&r);
    r.fit.exponent_low = 0.53;
    r.fit.exponent_high = 1.52;
    says(render_run(&r, &wide), "time grows as size^1.02");
    r.fit.exponent_high = 1.54;
    says_not(render_run(&r, &wide), "pipeline: time");
    says(render_run(&r, &verbose), "pipeline: time over size: 3 sizes do not tell how it grows");
    pfl_buf_clear(&r.f.out);
    assert_int_equal(pfl_report_run_markdown(&r.report, &r.f.arena, &r.f.out, &r.f.err), PFL_OK);
    says_not(r.f.out.data, "pipeline: time");
}

static void undecided_rows_say_what_would_decide(void **state)
{
    struct pfl_report_style style = wide;
    struct fixture *f = &r.f;
    size_t i;

    (void)state;
    for (i = 0; i < 7; i++) {
        f->rows[i] = row_of("abcdefg" + i, "time", "s", 1, 1.05);
        f->rows[i].verdict = PFL_VERDICT_INCONCLUSIVE;
        f->rows[i].reason = "cannot tell";
        f->rows[i].advice = i < 4 ? "it needs a history" : NULL;
        f->rows[i].more_launches = i == 4 ? 12 : i == 5 ? 40 : 0;
    }
    f->rows[6].reason = "the values are few";
    f->comparison.ok = true;
    f->comparison.exit_code = PFL_OK;
    says(render(f, "terminal", &style),
         "\n  4 inconclusive  it needs a history: abcdefg time, bcdefg time, cdefg time, 1 more\n"
         "  2 inconclusive  about 12 to 40 more launches would decide: efg time, fg time\n"
         "  1 inconclusive  the values are few: g time\n\nbenchmark ");
    f->rows[6].deciding = false; /* decides nothing: not worth a line */
    f->rows[6].gate = PFL_GATE_NONE;
    says_not(render(f, "terminal", &style), "the values are few");
    style.verbosity = 1;
    assert_int_equal(times_said(render(f, "terminal", &style), "      cannot tell\n"), 6);
    style.verbosity = -1;
    says_not(render(f, "terminal", &style), "needs a history");
    style.verbosity = 0;
    f->comparison.ok = false; /* --strict: they are the trouble, and not told twice */
    f->comparison.exit_code = PFL_EINCONCLUSIVE;
    says_not(render(f, "terminal", &style), " inconclusive  it needs");
}

static void where_nothing_can_fail_nothing_passes(void **state)
{
    struct fixture *f = &r.f;
    size_t i;

    (void)state;
    for (i = 0; i < f->comparison.row_count; i++)
        f->rows[i].gate = PFL_GATE_NONE;
    f->comparison.fail_on = 0;
    f->comparison.ok = true;
    f->comparison.exit_code = PFL_OK;
    says(render(f, "terminal", &wide), "\ncompared: 1 failed, 1 regressed, 1 missing,");
    says_not(f->out.data, "passed");
    assert_true(pfl_text_starts(render(f, "markdown", &wide),
                                "### perfledger: compared\n\ncompared: 1 failed"));
    f->comparison.fail_on = PFL_FAIL_ON_NEW;
    says(render(f, "terminal", &wide), "comparison passed: ");
    f->comparison.fail_on = 0;
    f->comparison.why_nothing = "the two have no measured benchmark in common";
    says(render(f, "terminal", &wide), "\nnothing to compare: the two have no");
}

static void the_next_step_is_one_that_works(void **state)
{
    struct fixture *f = &r.f;

    (void)state;
    f->rows[0].benchmark = "x";
    says(render(f, "terminal", &endless), "'perfledger baseline reset'");
    add_benchmark(&r, "x", 0);
    r.benchmarks[0].status = PFL_STATUS_TIMED_OUT;
    says(render(f, "terminal", &endless), "'perfledger run' to measure again");
    says_not(f->out.data, "baseline reset");
    r.benchmarks[0].status = PFL_STATUS_OK;
    r.benchmarks[0].few = true;
    says_not(render(f, "terminal", &endless), "baseline reset");
    r.benchmarks[0].few = false;
    f->head.partial = true;
    says_not(render(f, "terminal", &endless), "baseline reset");
}

static void the_top_of_markdown_is_what_counts(void **state)
{
    struct fixture *f = &r.f;
    const char *text;

    (void)state;
    f->rows[1].verdict = PFL_VERDICT_INCONCLUSIVE;
    f->rows[2].metric = "user";
    f->rows[2].verdict = PFL_VERDICT_REGRESSED;
    text = render(f, "markdown", &wide);
    *strstr(f->out.data, "<details>") = 0;
    says(text, "| gzip -9 | peak\\_rss |");
    says(text, "| inconclusive |");
    says_not(text, "| user |");
}

/* Benchmarks that failed have no metric and no numbers. */
static void failures_alone_leave_no_empty_places(void **state)
{
    struct fixture *f = &r.f;
    struct pfl_row *row = &f->rows[0];

    (void)state;
    *row = row_of("a", "", "", NAN, NAN);
    row->base = row->head = (struct pfl_estimate){0};
    row->ratio = row->ratio_low = row->ratio_high = row->margin = row->mde = row->threshold = NAN;
    row->verdict = PFL_VERDICT_FAILED;
    row->reason = "exit code 3\nit said: nope";
    row->gate_file = NULL;
    f->comparison.row_count = 1;
    says(render(f, "terminal", &wide), "\nbenchmark  verdict\na          failed\n");
    says(render(f, "markdown", &wide),
         "\n| benchmark | verdict |\n| --- | --- |\n| a | **failed** |\n");
    says(render(f, "junit", &wide), "<error type=\"failed\" message=\"exit code 3\">");
    says(render(f, "github", &wide), "title=a failed::exit code 3%0A");
    row->reason = "";
    says(render(f, "junit", &wide), "message=\"failed\"");
    says(render(f, "github", &wide), "title=a failed::failed\n");
}

static void colour_goes_around_phrases(void **state)
{
    struct pfl_report_style style = {.width = 40, .utf8 = true, .colour = true};

    (void)state;
    add_benchmark(&r, "x", 0.01);
    r.report.recorded = "recorded as run 00000000 in some folder that is far away";
    says(render_run(&r, &style), "\x1b[2mrecorded as run 00000000 in some folder\x1b[0m\n"
                                 "\x1b[2mthat is far away\x1b[0m\n");
}

int test_report_reading(void);

int test_report_reading(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lopsided_intervals_are_shown_whole, start, stop),
        cmocka_unit_test_setup_teardown(quiet_runs_keep_the_numbers, start, stop),
        cmocka_unit_test_setup_teardown(contention_is_said_once, start, stop),
        cmocka_unit_test_setup_teardown(a_stored_run_says_which_it_is, start, stop),
        cmocka_unit_test_setup_teardown(one_command_is_no_ranking, start, stop),
        cmocka_unit_test_setup_teardown(vague_fits_are_hidden, start, stop),
        cmocka_unit_test_setup_teardown(undecided_rows_say_what_would_decide, start, stop),
        cmocka_unit_test_setup_teardown(where_nothing_can_fail_nothing_passes, start, stop),
        cmocka_unit_test_setup_teardown(the_next_step_is_one_that_works, start, stop),
        cmocka_unit_test_setup_teardown(the_top_of_markdown_is_what_counts, start, stop),
        cmocka_unit_test_setup_teardown(failures_alone_leave_no_empty_places, start, stop),
        cmocka_unit_test_setup_teardown(colour_goes_around_phrases, start, stop),
    };

    return cmocka_run_group_tests_name("report/reading", tests, NULL, NULL);
}
