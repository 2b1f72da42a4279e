/* Runs, lists, progress and errors on a terminal: whole pictures and their limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/terminal.h"
#include "runs.h"

static const struct pfl_report_style wide = {.width = 100, .utf8 = true};
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
    memset(&pfl_fault, 0, sizeof pfl_fault);
    fixture_release(&r.f);
    return 0;
}

static void a_few_benchmarks_are_blocks(void **state)
{
    (void)state;
    run_fixture_ordinary(&r);
    assert_string_equal(
        render_run(&r, &wide),
        "  pipeline[size=10]   1.43 ± 0.02 ms   █▆▃▁▃  1.39 … 1.62   10 launches\n"
        "      cpu 1.22 ms (user 1.0, sys 0.21) · peak RSS 18.2 MiB · 12.3 M cells/s\n"
        "      stages: assemble 800 µs 12.0 MiB · solve 500 µs\n"
        "      ! 2 of 10 launches are outliers (up to 2.1×)\n"
        "  sort                12.1 ± 0.2 ms   █▆▃▁▃  11.7 … 13.7   10 launches (few)\n"
        "      cpu 10.3 ms (user 8.5, sys 1.8) · peak RSS 18.2 MiB · artifact_hash e3b0c44298fc…\n"
        "\n"
        "  gzip -9   FAILED\n"
        "      the command ended with exit code 3 in round 2\n"
        "      | gzip: data.bin: No such file\n"
        "      | gzip: giving up\n"
        "  gpu   skipped\n"
        "      no GPU\n"
        "\n"
        "  pipeline: time grows as size^1.02 (1.00 … 1.05) over 3 sizes\n"
        "\n"
        "recorded as run 00000000000000bb in .perfledger/ledger.db\n");
}

static void many_benchmarks_are_a_table(void **state)
{
    (void)state;
    run_fixture_many(&r, 12);
    assert_string_equal(
        render_run(&r, &wide),
        "benchmark                            median  spread     min … max      cpu  peak RSS   n\n"
        "kernels/forward[batch=1]   1.000 ± 0.015 ms  █▆▃▁▃   0.970 … 1.13   850 µs  18.2 MiB  10\n"
        "kernels/forward[batch=2]     2.00 ± 0.03 ms  █▆▃▁▃    1.94 … 2.26  1.70 ms  18.2 MiB  10\n"
        "kernels/forward[batch=3]     3.00 ± 0.04 ms  █▆▃▁▃    2.91 … 3.39  2.55 ms  18.2 MiB  10  "
        "!\n"
        "kernels/forward[batch=4]     4.00 ± 0.06 ms  █▆▃▁▃    3.88 … 4.52  3.40 ms  18.2 MiB  10\n"
        "kernels/forward[batch=5]     5.00 ± 0.07 ms  █▆▃▁▃    4.85 … 5.65  4.25 ms  18.2 MiB  10\n"
        "kernels/forward[batch=6]     6.00 ± 0.09 ms  █▆▃▁▃    5.82 … 6.78  5.10 ms  18.2 MiB  10\n"
        "kernels/forward[batch=7]     7.00 ± 0.10 ms  █▆▃▁▃    6.79 … 7.91  5.95 ms  18.2 MiB  10\n"
        "kernels/forward[batch=8]     8.00 ± 0.12 ms  █▆▃▁▃    7.76 … 9.04  6.80 ms  18.2 MiB  10\n"
        "kernels/forward[batch=9]     9.00 ± 0.13 ms  █▆▃▁▃    8.73 … 10.2  7.65 ms  18.2 MiB  10\n"
        "kernels/forward[batch=10]   10.00 ± 0.15 ms  █▆▃▁▃    9.70 … 11.3  8.50 ms  18.2 MiB  10\n"
        "kernels/forward[batch=11]     11.0 ± 0.2 ms  █▆▃▁▃    10.7 … 12.4  9.35 ms  18.2 MiB  10\n"
        "kernels/forward[batch=12]     12.0 ± 0.2 ms  █▆▃▁▃    11.6 … 13.6  10.2 ms  18.2 MiB  10\n"
        "\n"
        "  kernels/forward[batch=3]\n"
        "      ! 2 of 10 launches are outliers (up to 2.1×)\n"
        "\n"
        "  slowest: kernels/forward[batch=12] 12.0 ms · kernels/forward[batch=11] 11.0 ms\n"
        "      kernels/forward[batch=10] 10.0 ms\n");
}

static void commands_are_ranked(void **state)
{
    struct pfl_row rows[4] = {
        row_of("gzip -3", "time", "s", 1, 1), row_of("gzip -6", "time", "s", 1, 1.32),
        row_of("gzip -1", "time", "s", 1, 1.01), row_of("gzip -2", "time", "s", 1, 0.5)};
    struct pfl_comparison rank = {.base_label = "gzip -3", .rows = rows, .row_count = 4};

    (void)state;
    add_benchmark(&r, "gzip -3", 1);
    r.report.rank = &rank;
    rows[1].ratio_low = 1.29;
    rows[1].ratio_high = 1.35;
    rows[3].ratio_low = 0.49;
    rows[3].ratio_high = 0.51;
    assert_non_null(strstr(render_run(&r, &wide), "  gzip -3 ran\n"
                                                  "    1.32 ± 0.03 times faster than gzip -6\n"
                                                  "    as fast as gzip -1, as far as this shows "
                                                  "(1.01 ± 0.04 times faster)\n"
                                                  "    2.00 ± 0.04 times slower than gzip -2\n"));
}

static void failed_launches_are_told(void **state)
{
    size_t i = add_benchmark(&r, "flaky", 0.01);

    (void)state;
    r.launches[3].flags = PFL_LAUNCH_FAILED;
    r.launches[3].exit_code = 3;
    assert_non_null(
        strstr(render_run(&r, &wide), "      ! 1 of 10 launches failed (exit code 3)\n"));
    r.launches[5].flags = PFL_LAUNCH_TIMED_OUT;
    assert_non_null(
        strstr(render_run(&r, &wide), "2 of 10 launches failed (exit code 3 and others)"));
    r.benchmarks[i].status = PFL_STATUS_TIMED_OUT;
    r.benchmarks[i].reason = "over 2 s";
    assert_non_null(strstr(render_run(&r, &wide), "  flaky   TIMED OUT   2 of 10 launches failed "
                                                  "(exit code 3 and others)\n      over 2 s\n"));
}

static void only_the_last_words_are_quoted(void **state)
{
    struct pfl_buf reason;
    size_t i = add_benchmark(&r, "talker", 0), line;

    (void)state;
    pfl_buf_init(&reason, 10000);
    pfl_buf_text(&reason, "exit code 1");
    for (line = 1; line <= 30; line++)
        pfl_buf_format(&reason, "\nline %zu\n", line);
    r.benchmarks[i].status = PFL_STATUS_FAILED;
    r.benchmarks[i].reason = pfl_buf_cstr(&reason);
    assert_non_null(
        strstr(render_run(&r, &wide), "\n      exit code 1\n      | line 19\n      | line 20\n"));
    assert_non_null(strstr(r.f.out.data, "\n      | line 30\n"));
    pfl_buf_release(&reason);
}

static void oddities_of_many_are_limited(void **state)
{
    struct pfl_report_style style = wide;
    size_t i;

    (void)state;
    run_fixture_many(&r, 30);
    for (i = 0; i < 30; i++) {
        r.assessments[i].oddities = &r.oddity;
        r.assessments[i].oddity_count = 1;
    }
    assert_non_null(
        strstr(render_run(&r, &style), "  20 more with oddities, marked ! (-v tells them)\n"));
    style.verbosity = 1;
    assert_null(strstr(render_run(&r, &style), "more with oddities"));
}

static void empty_and_partial_runs_say_so(void **state)
{
    static const char *warnings[] = {"no git revision: a number without provenance is folklore"};

    (void)state;
    r.f.head.partial = true;
    r.f.head.warnings = warnings;
    r.f.head.warning_count = 1;
    assert_string_equal(render_run(&r, &wide),
                        "! no git revision: a number without provenance is folklore\n\n"
                        "nothing was measured\n\n"
                        "! stopped early: this is what was measured until then\n");
    add_benchmark(&r, "silent", 0);
    assert_non_null(strstr(render_run(&r, &wide), "  silent   no numbers   0 launches\n"));
}

static void pictures_show_the_spread(void **state)
{
    static const struct {
        double values[6];
        size_t n;
        const char *picture;
    } cases[] = {
        {{1, 1, 1, 1, 1, 1}, 6, "▁▁█▁▁"},
        {{1, 1, 1, 1, 1, 9}, 6, "█▁▁▁▃"},
        {{1, 2, 3, 4, 5, NAN}, 6, "█████"},
        {{1, NAN, NAN, NAN, 2, INFINITY}, 6, ""},
        {{1, 2}, 2, ""},
    };
    size_t i, bench = add_benchmark(&r, "x", 0.01);
    struct pfl_result *time = &r.results[bench][0];

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        time->values = (double *)cases[i].values;
        time->n = cases[i].n;
        render_run(&r, &wide);
        assert_true(!*cases[i].picture || strstr(r.f.out.data, cases[i].picture));
        assert_int_equal(strstr(r.f.out.data, "▁") || strstr(r.f.out.data, "█"),
                         *cases[i].picture != 0);
    }
}

static void no_line_is_wider_than_the_terminal(void **state)
{
    struct pfl_report_style style = {.width = 0};
    bool trailing;
    size_t i;

    (void)state;
    run_fixture_ordinary(&r);
    i = add_benchmark(&r, HOSTILE, 0.01);
    add_result(&r, i, HOSTILE, HOSTILE, 3);
    add_text(&r, i, "artifact_hash", HOSTILE);
    r.benchmarks[2].reason = HOSTILE "\n" HOSTILE;
    r.report.recorded = HOSTILE;
    r.oddity.text = HOSTILE;
    for (style.width = 20; style.width <= 200; style.width += 3) {
        style.utf8 = style.width % 2;
        assert_true(widest_line(render_run(&r, &style), &trailing) <= style.width);
        assert_false(trailing);
        assert_null(strchr(r.f.out.data, '\x1b'));
    }
    run_fixture_many(&r, 20);
    for (style.width = 20; style.width <= 200; style.width += 3)
        assert_true(widest_line(render_run(&r, &style), &trailing) <= style.width);
}

static void markdown_of_a_run(void **state)
{
    (void)state;
    run_fixture_ordinary(&r);
    add_benchmark(&r, HOSTILE, 0.01);
    pfl_buf_clear(&r.f.out);
    assert_int_equal(pfl_report_run_markdown(&r.report, &r.f.arena, &r.f.out, &r.f.err), PFL_OK);
    assert_non_null(
        strstr(r.f.out.data,
               "\n| pipeline\\[size=10\\] | 1.43 ± 0.02 ms | 1.39 ms … 1.62 ms | 10 launches | "
               "cpu 1.22 ms (user 1.0, sys 0.21) · peak RSS 18.2 MiB · 12.3 M cells/s |\n"));
    assert_non_null(strstr(
        r.f.out.data, "\n- **failed** gzip -9: the command ended with exit code 3 in round 2\n"));
    assert_non_null(strstr(
        r.f.out.data,
        "\n| ev&#124;il &lt;b&gt;&amp;\"'\\`\\\\n::error::x\\\\x1b\\[31m, &#64;all &#35;1 "));
}

static void every_allocation_may_fail(void **state)
{
    struct pfl_arena arena;
    struct pfl_buf out;
    unsigned long at;
    int rc, many;

    (void)state;
    run_fixture_ordinary(&r);
    for (many = 0; many < 2; many++) {
        for (at = 1;; at++) {
            pfl_arena_init(&arena);
            pfl_buf_init(&out, 1 << 20);
            pfl_fault.alloc_seen = 0;
            pfl_fault.alloc_at = at;
            rc = pfl_report_run_terminal(&r.report, &wide, &arena, &out, &r.f.err);
            if (rc == PFL_OK)
                rc = pfl_report_run_markdown(&r.report, &arena, &out, &r.f.err);
            pfl_fault.alloc_at = 0;
            pfl_buf_release(&out);
            pfl_arena_release(&arena);
            if (pfl_fault.alloc_seen < at)
                break;
            assert_int_equal(rc, PFL_ENOMEM);
        }
        assert_int_equal(rc, PFL_OK);
        run_fixture_many(&r, 10);
    }
}

/* The range beside a normalised median holds it. */
static void extremes_are_of_the_medians_kind(void **state)
{
    struct pfl_result result = {.summary = {.min = 107, .median = 100, .max = 109}};
    double min, max;

    (void)state;
    result.normalised.min = 99;
    result.normalised.max = 101;
    pfl_terminal_extremes(&result, &min, &max);
    assert_true(min == 107 && max == 109);
    result.normalised.inside = true;
    pfl_terminal_extremes(&result, &min, &max);
    assert_true(min == 99 && max == 101);
}

int test_report_run(void);

int test_report_run(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extremes_are_of_the_medians_kind),
        cmocka_unit_test_setup_teardown(a_few_benchmarks_are_blocks, start, stop),
        cmocka_unit_test_setup_teardown(many_benchmarks_are_a_table, start, stop),
        cmocka_unit_test_setup_teardown(commands_are_ranked, start, stop),
        cmocka_unit_test_setup_teardown(failed_launches_are_told, start, stop),
        cmocka_unit_test_setup_teardown(only_the_last_words_are_quoted, start, stop),
        cmocka_unit_test_setup_teardown(oddities_of_many_are_limited, start, stop),
        cmocka_unit_test_setup_teardown(empty_and_partial_runs_say_so, start, stop),
        cmocka_unit_test_setup_teardown(pictures_show_the_spread, start, stop),
        cmocka_unit_test_setup_teardown(no_line_is_wider_than_the_terminal, start, stop),
        cmocka_unit_test_setup_teardown(markdown_of_a_run, start, stop),
        cmocka_unit_test_setup_teardown(every_allocation_may_fail, start, stop),
    };

    return cmocka_run_group_tests_name("report/run", tests, NULL, NULL);
}
