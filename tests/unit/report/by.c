/* What a parameter does, as text: the whole picture, every width, hostile names, each allocation
 * failing once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "fixture.h"
#include "report/by.h"

struct by_fixture {
    struct fixture f;
    struct pfl_by_row rows[3];
    struct pfl_pair size;
    struct pfl_by by;
};

static const struct pfl_report_style wide = {.width = 120, .utf8 = true};

static void init(struct by_fixture *b)
{
    size_t i;

    memset(b, 0, sizeof *b);
    fixture_init(&b->f);
    b->size = (struct pfl_pair){"size", "10"};
    for (i = 0; i < 3; i++) {
        b->rows[i].row = row_of("pack[level=1 → 9,size=10]", "time", "s", 0.1, i ? 0.1 : 0.15);
        b->rows[i].row.gate = PFL_GATE_NONE;
        b->rows[i].row.verdict = i ? PFL_VERDICT_INCONCLUSIVE : PFL_VERDICT_REGRESSED;
        b->rows[i].row.reason = i ? "cannot tell: no difference" : "50 % slower";
        b->rows[i].row.variant = "level=9 vs 1";
        b->rows[i].row.deciding = i < 2;
        b->rows[i].subject = "pack[size=10]";
        b->rows[i].value = "9";
        b->rows[i].reference = "1";
        b->rows[i].params = &b->size;
        b->rows[i].param_count = 1;
        b->rows[i].base_benchmark = "pack[level=1,size=10]";
        b->rows[i].head_benchmark = "pack[level=9,size=10]";
        b->rows[i].rounds = 10;
        b->rows[i].combinations = 1;
        b->rows[i].launch_low = b->rows[i].launch_high = NAN;
        b->rows[i].smallest = b->rows[i].largest = NAN;
    }
    b->rows[2].row.metric = "cpu";
    b->f.notes[0] = "left out: pack[level=5,size=10] failed";
    b->by = (struct pfl_by){.run = &b->f.head,
                            .label = "latest",
                            .param = "level",
                            .confidence = 0.99,
                            .rows = b->rows,
                            .row_count = 3,
                            .notes = b->f.notes,
                            .note_count = 1,
                            .ok = true};
    b->by.counts[PFL_VERDICT_REGRESSED] = b->by.counts[PFL_VERDICT_INCONCLUSIVE] = 1;
}

static const char *written(struct by_fixture *b, const char *format,
                           const struct pfl_report_style *style)
{
    pfl_buf_clear(&b->f.out);
    assert_int_equal(pfl_report_by_find(format)(&b->by, style, &b->f.arena, &b->f.out, &b->f.err),
                     PFL_OK);
    return pfl_buf_cstr(&b->f.out);
}

static void the_whole_picture(void **state)
{
    struct by_fixture b;

    (void)state;
    init(&b);
    assert_string_equal(
        written(&b, "terminal", &wide),
        "run  latest · 5555555555 (dirty) · run 00000000000000bb · 2025-11-21 12:03 · on lab-1\n"
        "by   each value of level against the first one, the other parameters being equal; "
        "intervals of 99 %\n"
        "\n"
        "benchmark      metric  values  reference   value   change  [interval]          verdict    "
        "     mde\n"
        "pack[size=10]  time    1 → 9      100 ms  150 ms  +50.0 %  [+46.0 %, +54.0 %]  regressed  "
        "   3.1 %\n"
        "pack[size=10]  time    1 → 9      100 ms  100 ms    0.0 %  [-4.0 %, +4.0 %]    "
        "inconclusive  3.1 %\n"
        "1 row in which nothing happened is hidden (-v shows it)\n"
        "\n"
        "pack[level=1 → 9,size=10] time\n"
        "    cannot tell: no difference\n"
        "\n"
        "note: left out: pack[level=5,size=10] failed\n"
        "\n"
        "compared: 1 regressed, 1 inconclusive\n");
    b.by.group_by = "size";
    b.by.reference = "1";
    b.by.ok = false;
    b.by.exit_code = PFL_EGATE;
    assert_non_null(
        strstr(written(&b, "terminal", &wide), "against 1, for each size: geometric means"));
    assert_non_null(strstr(pfl_buf_cstr(&b.f.out), "failed: 1 regressed"));
    assert_non_null(strstr(written(&b, "markdown", &wide),
                           "| pack\\[size=10\\] | cpu | 1 → 9 | 100 ms | 100 ms | 0.0 % |"));
    assert_null(pfl_report_by_find("junit"));
    fixture_release(&b.f);
}

static void hostile_names_stay_inside(void **state)
{
    static const char *const formats[] = {"terminal", "markdown", "json"};
    struct pfl_report_style style = {.width = 80};
    struct pfl_json_reader reader;
    struct by_fixture b;
    const char *text;
    bool trailing;
    size_t i;
    int rc;

    (void)state;
    init(&b);
    b.by.param = b.by.reference = b.by.group_by = b.by.label = HOSTILE;
    b.rows[1].subject = b.rows[1].value = b.rows[1].reference = HOSTILE;
    b.rows[1].row.benchmark = b.rows[1].row.metric = b.rows[1].row.reason = HOSTILE;
    b.f.notes[0] = b.size.name = b.size.value = HOSTILE;
    for (i = 0; i < PFL_COUNT(formats); i++) {
        text = written(&b, formats[i], &style);
        assert_null(strchr(text, '\x1b'));
        if (i == 0)
            for (style.width = 40; style.width < 160; style.width += 7)
                assert_true(widest_line(written(&b, "terminal", &style), &trailing) <= style.width);
        if (i == 1)
            assert_null(strpbrk(text, "@<"));
    }
    pfl_json_reader_init_text(&reader, "by", pfl_buf_cstr(&b.f.out), b.f.out.len);
    while ((rc = pfl_json_next(&reader, &b.f.err)) > 0)
        ;
    assert_int_equal(rc, PFL_JSON_END);
    pfl_json_reader_release(&reader);
    fixture_release(&b.f);
}

static void without_memory(void **state)
{
    static const char *const formats[] = {"terminal", "markdown", "json"};
    struct by_fixture b;
    unsigned long nth;
    size_t i;
    int rc;

    (void)state;
    init(&b);
    for (i = 0; i < PFL_COUNT(formats); i++) {
        nth = 0;
        do {
            struct pfl_arena scratch;
            struct pfl_buf out;

            pfl_arena_init(&scratch);
            pfl_buf_init(&out, 1 << 20);
            pfl_fault.alloc_seen = 0;
            pfl_fault.alloc_at = ++nth;
            rc = pfl_report_by_find(formats[i])(&b.by, &wide, &scratch, &out, &b.f.err);
            pfl_fault.alloc_at = 0;
            assert_true(rc == PFL_OK || rc == PFL_ENOMEM);
            pfl_buf_release(&out);
            pfl_arena_release(&scratch);
        } while (rc != PFL_OK);
        assert_true(nth > 2);
    }
    fixture_release(&b.f);
}

int test_report_by(void);
int test_report_by(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_picture),
        cmocka_unit_test(hostile_names_stay_inside),
        cmocka_unit_test(without_memory),
    };

    return cmocka_run_group_tests_name("report by", tests, NULL, NULL);
}
