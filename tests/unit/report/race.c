/* A race as text: the sentences, every width, hostile labels, what failed, the JSON's shape, each
 * allocation failing once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "fixture.h"
#include "report/race.h"

struct race_fixture {
    struct fixture f;
    struct pfl_contender contenders[3];
    struct pfl_bout_result bouts[4];
    struct pfl_row rows[6];
    struct pfl_race race;
};

static const struct pfl_report_style wide = {.width = 120, .utf8 = true};
static const struct pfl_report_style verbose = {.width = 120, .utf8 = true, .verbosity = 1};

static struct pfl_row raced(const char *benchmark, double base, double ratio, double half)
{
    struct pfl_row row = row_of(benchmark, "time", "s", base, base * ratio);

    row.ratio = ratio;
    row.ratio_low = ratio - half;
    row.ratio_high = ratio + half;
    row.gate = PFL_GATE_NONE;
    row.threshold = 0;
    row.gate_file = NULL;
    row.gate_line = 0;
    row.verdict = ratio - half > 1   ? PFL_VERDICT_REGRESSED
                  : ratio + half < 1 ? PFL_VERDICT_IMPROVED
                                     : PFL_VERDICT_INCONCLUSIVE;
    return row;
}

static struct pfl_bout_result bout_of(const char *benchmark, size_t challenger, struct pfl_row row)
{
    struct pfl_bout_result bout = {.challenger = challenger,
                                   .benchmark = benchmark,
                                   .end = PFL_BOUT_DECIDED,
                                   .reason = "",
                                   .metric = PFL_RACE_TIME,
                                   .metric_name = "time",
                                   .metric_why = "most of it is spent waiting",
                                   .mode = PFL_RACE_DUET,
                                   .mode_why = "it shows more here",
                                   .pairs = {8, 120},
                                   .row_count = 1,
                                   .p = 0.00012,
                                   .solo_ratio = 1.011,
                                   .solo_low = 0.99,
                                   .solo_high = 1.03,
                                   .cv_base = 0.021,
                                   .cv_head = 0.023,
                                   .seconds = 7.2};

    bout.rows[0] = row;
    return bout;
}

/* `sleep 0.0202` against `sleep 0.02`, and cpu besides. */
static void init(struct race_fixture *r)
{
    struct pfl_race *race = &r->race;

    memset(r, 0, sizeof *r);
    fixture_init(&r->f);
    r->contenders[0] = (struct pfl_contender){"sleep 0.02", &r->f.base, NULL};
    r->contenders[1] = (struct pfl_contender){"sleep 0.0202", &r->f.head, NULL};
    r->contenders[2] = (struct pfl_contender){"sleep 0.01", &r->f.head, NULL};
    r->bouts[0] =
        bout_of("adhoc/sleep 0.0202", 1, raced("adhoc/sleep 0.0202", 0.0207, 1.0098, 0.0025));
    r->rows[0] = r->bouts[0].rows[0];
    r->rows[1] = raced("adhoc/sleep 0.0202", 0.001, 1.002, 0.02);
    r->rows[1].metric = "cpu";
    r->rows[1].deciding = false;
    race->contenders = r->contenders;
    race->contender_count = 2;
    race->bouts = r->bouts;
    race->bout_count = 1;
    race->comparison.rows = r->rows;
    race->comparison.row_count = 2;
    race->comparison.base = &r->f.base;
    race->comparison.head = &r->f.head;
    race->comparison.ok = true;
    race->comparison.counts[PFL_VERDICT_REGRESSED] = 1;
    race->bar.factor = race->bar.max_cv = NAN;
    race->seed = 42;
    race->seconds = 7.4;
    race->recorded = "recorded apart as runs 1, 2";
}

static void release(struct race_fixture *r)
{
    pfl_buf_release(&r->f.out);
    pfl_arena_release(&r->f.arena);
}

static const char *written(struct race_fixture *r, const char *format,
                           const struct pfl_report_style *style)
{
    pfl_buf_clear(&r->f.out);
    assert_int_equal(
        pfl_report_race_find(format)(&r->race, style, &r->f.arena, &r->f.out, &r->f.err), PFL_OK);
    return pfl_buf_cstr(&r->f.out);
}

static void the_whole_picture(void **state)
{
    struct race_fixture r;

    (void)state;
    init(&r);
    assert_string_equal(
        written(&r, "terminal", &wide),
        "base  sleep 0.02\n"
        "head  sleep 0.0202\n"
        "\n"
        "  `sleep 0.0202` is 0.98 % slower than `sleep 0.02` (99 % interval +0.73 % to +1.23 %)\n"
        "    decided  time: most of it is spent waiting\n"
        "    measured 120 pairs at the same moment, 8 pairs one after the other, in 7.2 s; decided "
        "before its time was up\n"
        "\n"
        "metric     base     head   change  99 % interval       verdict       pairs   took\n"
        "time    20.7 ms  20.9 ms  +0.98 %  +0.73 % to +1.23 %  regressed       128  7.2 s\n"
        "cpu     1.00 ms  1.00 ms   +0.2 %  -1.8 % to +2.2 %    inconclusive\n"
        "\n"
        "recorded apart as runs 1, 2\n");
    release(&r);
}

static void with_v_all_is_told(void **state)
{
    struct race_fixture r;
    const char *text;

    (void)state;
    init(&r);
    r.bouts[0].rows[0].reason = "the judge's own sentence";
    text = written(&r, "terminal", &verbose);
    assert_non_null(strstr(text, "why      the judge's own sentence"));
    assert_non_null(strstr(text, "mode     duet: it shows more here"));
    assert_non_null(strstr(text, "alone    +1.1 % (-1.0 % to +3.0 %)"));
    assert_non_null(strstr(text, "p        0.00012"));
    assert_non_null(strstr(text, "spread   2.1 % of the base, 2.3 % of the head (CV)"));
    release(&r);
}

static void headlines(void **state)
{
    static const struct {
        const char *metric;
        double ratio, half;
        const char *line;
    } cases[] = {
        {"time", 1.5, 0.1,
         "`sleep 0.0202` is 50.0 % slower than `sleep 0.02` (99 % interval +40.0 % to +60.0 %)"},
        {"time", 0.95, 0.01,
         "`sleep 0.0202` is 5.0 % faster than `sleep 0.02` (99 % interval -6.0 % to -4.0 %)"},
        {"time", 3.02, 0.1,
         "`sleep 0.0202` takes 3.02 times as long as `sleep 0.02` (99 % interval 2.92× to 3.12×)"},
        {"time", 0.25, 0.01,
         "`sleep 0.0202` is 4.00 times as fast as `sleep 0.02` (99 % interval 3.85× to 4.17×)"},
        {"time", 1.0, 0.01,
         "no difference in time is shown between `sleep 0.0202` and `sleep 0.02`: 0.0 % (99 % "
         "interval -1.0 % to +1.0 %)"},
        {"cpu", 1.1, 0.01, "`sleep 0.0202` uses 10.0 % more CPU time than `sleep 0.02`"},
        {"cpu", 0.9, 0.01, "`sleep 0.0202` uses 10.0 % less CPU time than `sleep 0.02`"},
        {"cpu", 2.5, 0.1, "`sleep 0.0202` uses 2.50 times the CPU time of `sleep 0.02`"},
        {"peak_rss", 0.9, 0.01,
         "peak_rss of `sleep 0.0202` is 10.0 % lower than that of `sleep 0.02`"},
        {"peak_rss", 2.5, 0.1, "peak_rss of `sleep 0.0202` is 2.50 times that of `sleep 0.02`"},
        {"time", NAN, NAN, "`sleep 0.0202` and `sleep 0.02`: inconclusive"},
    };
    const struct pfl_report_style style = {.width = 200, .utf8 = true};
    struct race_fixture r;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        init(&r);
        r.bouts[0].rows[0] = raced("adhoc/sleep 0.0202", 0.02, cases[i].ratio, cases[i].half);
        r.bouts[0].rows[0].metric = cases[i].metric;
        if (!strstr(written(&r, "terminal", &style), cases[i].line))
            fail_msg("case %zu: %s", i, pfl_buf_cstr(&r.f.out));
        release(&r);
    }
}

/* "No difference is shown" is said where that is so; what could not be told says why. */
static void what_cannot_be_told_says_why(void **state)
{
    static const struct {
        double ratio, half;
        const char *says;
    } cases[] = {
        {1.002, 0.01, "no difference in time is shown"},
        {1.05, 0.03, "`sleep 0.0202` and `sleep 0.02`: cannot tell: why not"},
        {1.05, NAN, "`sleep 0.0202` and `sleep 0.02`: cannot tell: why not"},
    };
    const struct pfl_report_style style = {.width = 200, .utf8 = true};
    struct race_fixture r;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_row *row;

        init(&r);
        row = &r.bouts[0].rows[0];
        *row = raced("adhoc/sleep 0.0202", 0.02, cases[i].ratio, cases[i].half);
        row->verdict = PFL_VERDICT_INCONCLUSIVE;
        row->reason = "cannot tell: why not";
        if (!strstr(written(&r, "terminal", &style), cases[i].says))
            fail_msg("case %zu: %s", i, pfl_buf_cstr(&r.f.out));
        release(&r);
    }
}

static void what_failed_is_named(void **state)
{
    struct race_fixture r;
    const char *text;

    (void)state;
    init(&r);
    r.bouts[0].end = PFL_BOUT_FAILED;
    r.bouts[0].reason = "sleep 0.0202 failed: exit code 3\n> last words";
    r.bouts[0].rows[0].verdict = PFL_VERDICT_FAILED;
    r.race.comparison.row_count = 0;
    text = written(&r, "terminal", &wide);
    assert_non_null(strstr(text, "  `sleep 0.0202` against `sleep 0.02` failed: sleep 0.0202 "
                                 "failed: exit code 3\n          > last words\n"));
    assert_null(strstr(text, "metric"));
    text = written(&r, "markdown", &wide);
    assert_non_null(strstr(text, "failed: exit code 3\n"));
    assert_null(strstr(text, "last words"));
    r.bouts[0].end = PFL_BOUT_SKIPPED;
    r.bouts[0].reason = "HEAD~1 did not build";
    r.contenders[0].run = NULL;
    r.contenders[0].problem = "`make` ended with exit code 2";
    text = written(&r, "terminal", &wide);
    assert_non_null(strstr(text, "was not raced: HEAD~1 did not build"));
    assert_non_null(strstr(text, "! `make` ended with exit code 2"));
    release(&r);
}

static void several_challengers_are_ranked(void **state)
{
    struct race_fixture r;
    const char *text, *first, *second;

    (void)state;
    init(&r);
    r.race.contender_count = 3;
    r.race.bout_count = 2;
    r.bouts[1] = bout_of("adhoc/sleep 0.01", 2, raced("adhoc/sleep 0.01", 0.0207, 0.5, 0.01));
    text = written(&r, "terminal", &wide);
    first = strstr(text, "`sleep 0.01` is 2.00");
    second = strstr(text, "`sleep 0.0202` is 0.98 % slower");
    assert_non_null(first);
    assert_non_null(second);
    assert_true(first < second);
    assert_non_null(strstr(text, "challenger"));
    assert_non_null(strstr(text, "raced: 1 regressed (7.4 s, seed 42)"));
    release(&r);
}

/* Two benchmarks, two challengers: rows of the same benchmark are told apart by their variant. */
static void several_benchmarks_are_a_table(void **state)
{
    struct race_fixture r;
    const char *text;
    size_t i;

    (void)state;
    init(&r);
    r.race.contender_count = 3;
    r.race.bout_count = 4;
    for (i = 0; i < 4; i++) {
        r.bouts[i] = bout_of(i < 2 ? "parse[n=10]" : "parse[n=9]", 1 + i % 2,
                             raced(i < 2 ? "parse[n=10]" : "parse[n=9]", 0.02, 1.01, 0.001));
        r.bouts[i].rows[0].variant = r.contenders[1 + i % 2].label;
        r.rows[i] = r.bouts[i].rows[0];
    }
    r.rows[4] = r.rows[1];
    r.rows[4].metric = "peak_rss";
    r.rows[4].deciding = false;
    r.race.comparison.row_count = 5;
    r.bouts[3].end = PFL_BOUT_SKIPPED;
    r.bouts[3].reason = "it is not there";
    text = written(&r, "terminal", &wide);
    assert_non_null(strstr(text, "was not raced: it is not there"));
    assert_true(strstr(text, "parse[n=9]  ") < strstr(text, "parse[n=10]  "));
    assert_non_null(strstr(text, "skipped"));
    assert_null(strstr(text, "time, sleep"));
    assert_non_null(strstr(text, "peak_rss")); /* it moved */
    text = strstr(text, "peak_rss") + 1;
    assert_null(strstr(text, "peak_rss")); /* once: of the one challenger it speaks of */
    release(&r);
}

static void the_bar(void **state)
{
    struct race_fixture r;

    (void)state;
    init(&r);
    r.race.bar.factor = 3;
    r.race.bar.reason = "1.02 times as fast";
    r.race.comparison.ok = false;
    r.race.comparison.exit_code = PFL_EGATE;
    assert_non_null(strstr(written(&r, "terminal", &wide),
                           "the bar is not met: 1.02 times as fast\n"
                           "race failed: 1 regressed"));
    r.race.bar.met = true;
    assert_non_null(strstr(written(&r, "markdown", &wide), "✅ the bar is met"));
    release(&r);
}

/* No line is wider than the terminal, nothing hostile gets through, ASCII stays ASCII. */
static void every_width(void **state)
{
    static const size_t widths[] = {20, 40, 60, 80, 200};
    struct race_fixture r;
    const char *at;
    size_t i, len;

    (void)state;
    for (i = 0; i < PFL_COUNT(widths); i++) {
        struct pfl_report_style style = {.width = widths[i], .verbosity = 1};

        init(&r);
        r.contenders[1].label = HOSTILE;
        for (at = written(&r, "terminal", &style); *at; at += len + (at[len] == '\n')) {
            len = strcspn(at, "\n");
            if (widths[i] >= 60 && len > widths[i])
                fail_msg("width %zu: %.*s", widths[i], (int)len, at);
        }
        for (at = pfl_buf_cstr(&r.f.out); *at; at++)
            assert_true(*at == '\n' || (*at >= ' ' && *at < 0x7f));
        release(&r);
    }
}

static void markdown_is_safe(void **state)
{
    struct race_fixture r;
    const char *text;

    (void)state;
    init(&r);
    r.contenders[1].label = HOSTILE;
    text = written(&r, "markdown", &wide);
    assert_null(strstr(text, "<b>"));
    assert_null(strstr(text, " @all"));
    assert_null(strstr(text, "\x1b"));
    assert_non_null(strstr(text, "### perfledger: raced: 1 regressed (7.4 s, seed 42)"));
    release(&r);
}

static void the_json(void **state)
{
    struct race_fixture r;
    struct pfl_json_reader reader;
    const char *text;
    int rc;

    (void)state;
    init(&r);
    r.race.seed = UINT64_MAX;
    text = written(&r, "json", &wide);
    pfl_json_reader_init_text(&reader, "race", text, strlen(text));
    while ((rc = pfl_json_next(&reader, &r.f.err)) > 0)
        ;
    assert_int_equal(rc, PFL_JSON_END);
    pfl_json_reader_release(&reader);
    assert_non_null(strstr(text, "\"machine_effect\": null"));
    assert_non_null(strstr(text, "\"bar\": null"));
    assert_non_null(strstr(text, "\"seed\": \"18446744073709551615\""));
    assert_non_null(strstr(text, "\"end\": \"decided\""));
    assert_non_null(strstr(text, "\"duet\": 120"));
    assert_non_null(strstr(text, "\"challenger\": \"sleep 0.0202\""));
    release(&r);
}

static void live_lines(void **state)
{
    struct pfl_race_standing standing = {.benchmark = "adhoc/sleep 0.0202",
                                         .challenger = "sleep 0.0202",
                                         .phase = "duet",
                                         .ratio = 1.0098,
                                         .low = 1.0073,
                                         .high = 1.0123,
                                         .pairs = 40,
                                         .bouts = 1,
                                         .seconds_left = 22};
    struct pfl_report_style style = {.width = 100, .utf8 = true};
    struct pfl_buf out;

    (void)state;
    pfl_buf_init(&out, 1 << 16);
    pfl_report_race_line(&standing, &style, &out);
    assert_string_equal(pfl_buf_cstr(&out), "sleep 0.0202  duet  40 pairs  +0.98 % (+0.73 % to "
                                            "+1.23 %)  undecided  22 s left");
    style.width = 60;
    pfl_buf_clear(&out);
    pfl_report_race_line(&standing, &style, &out);
    assert_string_equal(pfl_buf_cstr(&out),
                        "duet  +0.98 % (+0.73 % to +1.23 %)  undecided  22 s left");
    standing.bouts = 2;
    style.width = 50;
    pfl_buf_clear(&out);
    pfl_report_race_line(&standing, &style, &out);
    assert_string_equal(pfl_buf_cstr(&out), "1/2 sleep 0.…  duet  +0.98 %  undecided  22 s left");
    standing = (struct pfl_race_standing){.challenger = "HEAD~1",
                                          .phase = "building 1a2b3c4",
                                          .ratio = NAN,
                                          .low = NAN,
                                          .high = NAN,
                                          .seconds_left = NAN};
    pfl_buf_clear(&out);
    pfl_report_race_line(&standing, &style, &out);
    assert_string_equal(pfl_buf_cstr(&out), "HEAD~1  building 1a2b3c4");
    pfl_buf_release(&out);
}

static void each_allocation_fails_once(void **state)
{
    static const char *const formats[] = {"terminal", "markdown", "json"};
    struct race_fixture r;
    size_t i;
    unsigned long n;
    int rc;

    (void)state;
    for (i = 0; i < PFL_COUNT(formats); i++)
        for (n = 1, rc = PFL_ENOMEM; rc != PFL_OK; n++) {
            assert_true(n < 10000);
            init(&r);
            memset(&pfl_fault, 0, sizeof pfl_fault);
            pfl_fault.alloc_at = n;
            rc = pfl_report_race_find(formats[i])(&r.race, &wide, &r.f.arena, &r.f.out, &r.f.err);
            memset(&pfl_fault, 0, sizeof pfl_fault);
            assert_true(rc == PFL_OK || rc == PFL_ENOMEM);
            release(&r);
        }
}

int test_report_race(void);
int test_report_race(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_picture),
        cmocka_unit_test(with_v_all_is_told),
        cmocka_unit_test(headlines),
        cmocka_unit_test(what_cannot_be_told_says_why),
        cmocka_unit_test(what_failed_is_named),
        cmocka_unit_test(several_challengers_are_ranked),
        cmocka_unit_test(several_benchmarks_are_a_table),
        cmocka_unit_test(the_bar),
        cmocka_unit_test(every_width),
        cmocka_unit_test(markdown_is_safe),
        cmocka_unit_test(the_json),
        cmocka_unit_test(live_lines),
        cmocka_unit_test(each_allocation_fails_once),
    };

    return cmocka_run_group_tests_name("report/race", tests, NULL, NULL);
}
