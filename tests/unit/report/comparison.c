/* Comparisons on a terminal: whole pictures, every width, hostile names, each outcome, each
 * allocation failing once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

static const struct pfl_report_style wide = {.width = 140, .utf8 = true};
static const struct pfl_report_style narrow = {.width = 60};

static void the_whole_picture_wide(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    fixture_context(&f);
    assert_string_equal(
        render(&f, "terminal", &wide),
        "base  main · 1111111111 · run 00000000000000aa · 2025-11-20 12:03 · on lab-1\n"
        "head  work tree · 5555555555 (dirty) · run 00000000000000bb · 2025-11-21 12:03 · on "
        "lab-1\n"
        "\n"
        "  kernels/parity  failed  parity_error, max 7.00e-8, limit ≤ 5.00e-8\n"
        "      7.00e-8 is beyond the maximum of 5.00e-8\n"
        "      gate at perfledger.yaml:31\n"
        "  gzip -9  regressed  time +52.0 % [+48.0 %, +56.0 %], limit 10 %\n"
        "      52 % slower (99 % interval +48 % to +56 %); the gate allows 10 %\n"
        "      gate at perfledger.yaml:31\n"
        "  sort  missing  time, limit 10 %\n"
        "      in the base, not in the head\n"
        "      gate at perfledger.yaml:31\n"
        "\n"
        "benchmark       metric                 base      head   change  [interval]            "
        "limit  margin  verdict      mde\n"
        "gzip -9         time                 100 ms    152 ms  +52.0 %  [+48.0, +56.0] %       10 "
        "%   -42 %  regressed  3.1 %\n"
        "gzip -9         peak_rss           18.2 MiB  18.3 MiB   +0.5 %  [-3.5, +4.5] %          5 "
        "%   9.5 %  unchanged  3.1 %\n"
        "gzip -9         time, max                 –    152 ms                              ≤ 200 "
        "ms    24 %  ok\n"
        "kernels/parity  parity_error, max         –   7.00e-8                             ≤ "
        "5.00e-8   -40 %  failed\n"
        "sort            time                10.0 ms         –                                  10 "
        "%          missing\n"
        "zstd            time                 200 ms    100 ms  -50.0 %  [-54.0, -46.0] %       10 "
        "%    60 %  improved   3.1 %\n"
        "1 row of metrics that decide nothing is hidden (-v shows it)\n"
        "\n"
        "the environment differs:\n"
        "  compiler: gcc 12 → gcc 13\n"
        "  load: 0.1 → 1.9\n"
        "\n"
        "note: no history: between-session deviations of 5 % (time) are assumed\n"
        "\n"
        "check failed: 1 failed (kernels/parity: parity_error, max 7.00e-8, limit ≤ 5.00e-8), 1 "
        "regressed (gzip -9: time +52.0 % [+48.0 %, +56.0 %],\n"
        "limit 10 %), 1 missing (sort: time, limit 10 %)\n"
        "next: 'perfledger show 00000000' for every number of this run; 'perfledger run' to "
        "measure "
        "again; 'perfledger baseline reset' if this is how\n"
        "it shall be\n");
    fixture_release(&f);
}

static void the_whole_picture_narrow_and_plain(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    assert_string_equal(render(&f, "terminal", &narrow),
                        "base  main | 1111111111 | run 00000000000000aa | 2025-11-20\n"
                        "      12:03 | on lab-1\n"
                        "head  work tree | 5555555555 (dirty) | run 00000000000000bb\n"
                        "      | 2025-11-21 12:03 | on lab-1\n"
                        "\n"
                        "  kernels/parity  failed\n"
                        "      parity_error, max 7.00e-8, limit <= 5.00e-8\n"
                        "      7.00e-8 is beyond the maximum of 5.00e-8\n"
                        "      gate at perfledger.yaml:31\n"
                        "  gzip -9  regressed\n"
                        "      time +52.0 % [+48.0 %, +56.0 %], limit 10 %\n"
                        "      52 % slower (99 % interval +48 % to +56 %); the gate\n"
                        "      allows 10 %\n"
                        "      gate at perfledger.yaml:31\n"
                        "  sort  missing  time, limit 10 %\n"
                        "      in the base, not in the head\n"
                        "      gate at perfledger.yaml:31\n"
                        "\n"
                        "benchmark       metric              change  verdict      mde\n"
                        "gzip -9         time               +52.0 %  regressed  3.1 %\n"
                        "gzip -9         peak_rss            +0.5 %  unchanged  3.1 %\n"
                        "gzip -9         time, max                   ok\n"
                        "kernels/parity  parity_error, max           failed\n"
                        "sort            time                        missing\n"
                        "zstd            time               -50.0 %  improved   3.1 %\n"
                        "1 row of metrics that decide nothing is hidden (-v shows it)\n"
                        "\n"
                        "check failed: 1 failed (kernels/parity: parity_error, max\n"
                        "7.00e-8, limit <= 5.00e-8), 1 regressed (gzip -9: time\n"
                        "+52.0 % [+48.0 %, +56.0 %], limit 10 %), 1 missing (sort:\n"
                        "time, limit 10 %)\n"
                        "next: 'perfledger show 00000000' for every number of this\n"
                        "run; 'perfledger run' to measure again; 'perfledger baseline\n"
                        "reset' if this is how it shall be\n");
    fixture_release(&f);
}

static void no_line_is_wider_than_the_terminal(void **state)
{
    struct pfl_report_style style = {.width = 0};
    struct fixture f;
    const char *text;
    bool trailing;
    int hostile;

    (void)state;
    for (hostile = 0; hostile < 2; hostile++) {
        fixture_init(&f);
        fixture_context(&f);
        f.comparison.machine = (struct pfl_machine_effect){true, 1.1, 1.09, 1.11, "core clock"};
        if (hostile)
            fixture_make_hostile(&f);
        for (style.width = 20; style.width <= 200; style.width += 3) {
            style.utf8 = style.width % 2;
            text = render(&f, "terminal", &style);
            assert_true(widest_line(text, &trailing) <= style.width);
            assert_false(trailing);
            assert_null(strchr(text, '\x1b'));
            assert_true(pfl_text_is_utf8(text, f.out.len));
        }
        fixture_release(&f);
    }
}

static void plain_terminals_get_ascii(void **state)
{
    struct fixture f;
    const char *text;

    (void)state;
    fixture_init(&f);
    fixture_make_hostile(&f);
    for (text = render(&f, "terminal", &narrow); *text; text++)
        assert_true((unsigned char)*text < 0x80 && (*text >= ' ' || *text == '\n'));
    assert_non_null(strstr(f.out.data, "\\u65e5\\u672c"));
    assert_non_null(strstr(f.out.data, "\\x1b[31m"));
    fixture_release(&f);
}

/* Strips what colour adds: what is left must be the colourless text. */
static void strip_codes(char *text)
{
    char *to = text;

    for (; *text; text++) {
        if (*text == '\x1b')
            text += strcspn(text, "m");
        else
            *to++ = *text;
    }
    *to = 0;
}

static void colour_changes_nothing_but_colour(void **state)
{
    struct pfl_report_style style = wide;
    struct fixture f;
    char *plain;

    (void)state;
    fixture_init(&f);
    plain = pfl_alloc_text(render(&f, "terminal", &style));
    style.colour = true;
    assert_non_null(strstr(render(&f, "terminal", &style), "\x1b[1;31mregressed\x1b[0m"));
    assert_non_null(strstr(f.out.data, "\x1b[32mimproved\x1b[0m"));
    strip_codes(f.out.data);
    assert_string_equal(f.out.data, plain);
    pfl_free(plain);
    fixture_release(&f);
}

static void verbosity_hides_and_shows(void **state)
{
    struct pfl_report_style style = wide;
    struct fixture f;

    (void)state;
    fixture_init(&f);
    assert_null(strstr(render(&f, "terminal", &style), "page_faults"));
    assert_non_null(
        strstr(f.out.data, "1 row of metrics that decide nothing is hidden (-v shows it)"));
    style.verbosity = 1;
    assert_non_null(strstr(render(&f, "terminal", &style), "page_faults"));
    assert_null(strstr(f.out.data, "hidden"));
    style.verbosity = -1;
    assert_null(strstr(render(&f, "terminal", &style), "[interval]"));
    assert_non_null(strstr(f.out.data, "check failed: 1 failed"));
    f.rows[2].verdict =
        PFL_VERDICT_REGRESSED; /* something did happen: shown, but blamed for nothing */
    style.verbosity = 0;
    assert_non_null(strstr(render(&f, "terminal", &style), "page_faults"));
    assert_null(strstr(f.out.data, "page_faults +"));
    fixture_release(&f);
}

static void each_outcome_has_its_sentence(void **state)
{
    static const struct {
        int code;
        bool ok, gated;
        const char *why, *sentence;
    } cases[] = {
        {PFL_OK, true, true, NULL, "\ncheck passed: 1 improved, 6 unchanged\n"},
        {PFL_OK, true, false, NULL, "\ncomparison passed: 1 improved, 6 unchanged\n"},
        {PFL_EGATE, false, true, NULL, "\ncheck failed: 1 improved, 6 unchanged\n"},
        {PFL_EINCONCLUSIVE, false, true, NULL,
         "\ncheck undecided: 1 inconclusive (gzip -9: time +52.0 % [+48.0 %, +56.0 %], limit 10 "
         "%)\n"
         "next: about 30 more launches per benchmark would decide what is inconclusive "
         "('perfledger run --rounds N')\n"},
        {PFL_ENOTHING, false, true, "there is no baseline",
         "\nnothing to judge: there is no baseline\n"},
        {PFL_ENOTHING, false, true, NULL, "\nnothing to judge: no benchmark was measured\n"},
    };
    struct fixture f;
    size_t i, j;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        fixture_init(&f);
        memset(f.comparison.counts, 0, sizeof f.comparison.counts);
        f.comparison.counts[PFL_VERDICT_UNCHANGED] = 6;
        f.comparison.counts[PFL_VERDICT_IMPROVED] = 1;
        for (j = 0; j < f.comparison.row_count; j++) {
            f.rows[j].verdict = PFL_VERDICT_UNCHANGED;
            f.rows[j].gate = cases[i].gated ? PFL_GATE_HARD : PFL_GATE_NONE;
        }
        if (cases[i].code == PFL_EINCONCLUSIVE) {
            f.rows[0].verdict = PFL_VERDICT_INCONCLUSIVE;
            f.rows[0].more_launches = 30;
        }
        f.comparison.exit_code = cases[i].code;
        f.comparison.ok = cases[i].ok;
        f.comparison.why_nothing = cases[i].why;
        if (!strstr(render(&f, "terminal", &wide), cases[i].sentence))
            fail_msg("'%s' is not in:\n%s", cases[i].sentence, f.out.data);
        fixture_release(&f);
    }
}

static void report_only_rows_are_never_blamed(void **state)
{
    struct fixture f;
    size_t i;

    (void)state;
    fixture_init(&f);
    for (i = 0; i < f.comparison.row_count; i++)
        f.rows[i].gate = PFL_GATE_REPORT_ONLY;
    f.comparison.ok = true;
    f.comparison.exit_code = PFL_OK;
    assert_non_null(strstr(render(&f, "terminal", &wide), "check passed: 1 failed, 1 regressed"));
    assert_non_null(strstr(f.out.data, "(10 %)"));
    assert_null(strstr(f.out.data, "gate at"));
    fixture_release(&f);
}

static void many_culprits_are_counted(void **state)
{
    enum { MANY = 60 };
    static struct pfl_row rows[MANY];
    static char long_name[2000];
    struct fixture f;
    size_t i;

    (void)state;
    fixture_init(&f);
    for (i = 0; i < MANY; i++)
        rows[i] = f.rows[0];
    memset(long_name, 'n', sizeof long_name - 1);
    f.comparison.rows = rows;
    f.comparison.row_count = MANY;
    assert_non_null(strstr(render(&f, "terminal", &wide), "… and 40 more, in the table"));
    assert_non_null(strstr(f.out.data, "check failed: 60 regressed (gzip -9: time"));
    assert_non_null(strstr(f.out.data, "; 57 more)"));
    assert_non_null(strstr(render(&f, "markdown", &wide), "… and 10 more rows."));
    assert_null(strstr(f.out.data, "too large"));
    for (i = 0; i < MANY; i++)
        rows[i].benchmark = long_name;
    assert_non_null(strstr(render(&f, "markdown", &wide),
                           "The table of all 60 rows is too large to stand here."));
    assert_non_null(
        strstr(render(&f, "github", &wide), "::error title=perfledger::… and 52 more\n"));
    fixture_release(&f);
}

static void a_missing_base_is_said(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    f.comparison.base = NULL;
    assert_non_null(strstr(render(&f, "terminal", &wide),
                           "base  none: only limits that need no base were checked\n"));
    assert_non_null(strstr(render(&f, "json", &wide), "\"base\": null"));
    assert_non_null(strstr(render(&f, "markdown", &wide), "- base: none"));
    fixture_release(&f);
}

/* Every format with every allocation failing once: it says so, or it had not needed it. */
static void every_allocation_may_fail(void **state)
{
    struct pfl_arena arena;
    struct fixture f;
    struct pfl_buf out;
    unsigned long at;
    size_t i;
    int rc;

    (void)state;
    fixture_init(&f);
    fixture_make_hostile(&f);
    for (i = 0; pfl_report_formats()[i]; i++)
        for (at = 1;; at++) {
            pfl_arena_init(&arena);
            pfl_buf_init(&out, 1 << 20);
            memset(&pfl_fault, 0, sizeof pfl_fault);
            pfl_fault.alloc_at = at;
            rc = pfl_report_formats()[i]->comparison(&f.comparison, &narrow, &arena, &out, &f.err);
            pfl_fault.alloc_at = 0;
            pfl_buf_release(&out);
            pfl_arena_release(&arena);
            if (pfl_fault.alloc_seen < at)
                break;
            assert_int_equal(rc, PFL_ENOMEM);
        }
    assert_int_equal(rc, PFL_OK);
    fixture_release(&f);
}

static void formats_are_found_by_name(void **state)
{
    static const char *const names[] = {"terminal", "markdown", "junit", "github", "json"};
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(names); i++) {
        assert_string_equal(pfl_report_format_find(names[i])->name, names[i]);
        assert_ptr_equal(pfl_report_formats()[i], pfl_report_format_find(names[i]));
    }
    assert_null(pfl_report_formats()[i]);
    assert_null(pfl_report_format_find("xml"));
}

int test_report_comparison(void);

int test_report_comparison(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_picture_wide),
        cmocka_unit_test(the_whole_picture_narrow_and_plain),
        cmocka_unit_test(no_line_is_wider_than_the_terminal),
        cmocka_unit_test(plain_terminals_get_ascii),
        cmocka_unit_test(colour_changes_nothing_but_colour),
        cmocka_unit_test(verbosity_hides_and_shows),
        cmocka_unit_test(each_outcome_has_its_sentence),
        cmocka_unit_test(report_only_rows_are_never_blamed),
        cmocka_unit_test(many_culprits_are_counted),
        cmocka_unit_test(a_missing_base_is_said),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(formats_are_found_by_name),
    };

    return cmocka_run_group_tests_name("report/comparison", tests, NULL, NULL);
}
