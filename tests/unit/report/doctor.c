/* The diagnosis as text and JSON, of machines made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/patient.h"
#include "base/json.h"
#include "fixture.h"
#include "judge/doctor.h"
#include "report/doctor.h"

static struct patient patient;
static struct pfl_arena arena;
static struct pfl_diagnosis diagnosis;
static struct pfl_buf out;
static struct pfl_err err;

static int make(void **state)
{
    (void)state;
    pfl_arena_init(&arena);
    pfl_buf_init(&out, 1 << 20);
    patient_init(&patient, 0.02, 0.004);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    pfl_fault = (struct pfl_fault){0};
    pfl_buf_release(&out);
    pfl_arena_release(&arena);
    return 0;
}

static const char *report(size_t width, int verbosity, bool utf8)
{
    const struct pfl_report_style style = {.width = width, .utf8 = utf8, .verbosity = verbosity};

    assert_int_equal(pfl_judge_doctor(&patient.evidence, &arena, &diagnosis, &err), PFL_OK);
    pfl_buf_clear(&out);
    assert_int_equal(
        pfl_report_doctor_terminal(&patient.evidence, &diagnosis, &style, &arena, &out, &err),
        PFL_OK);
    return pfl_buf_cstr(&out);
}

static void holds(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no <%s> in:\n%s", part, text);
}

static void make_it_sick(void)
{
    struct pfl_conditions *c = &patient.evidence.conditions;

    c->machine.governor = "powersave";
    c->machine.virtualisation = "kvm";
    c->load1 = 3.5;
    c->others = 1;
    c->counters = 0;
    patient.evidence.stolen = 0.1;
}

static void what_is_wrong_comes_first_and_says_what_to_do(void **state)
{
    const char *text, *poor, *fair, *good;

    (void)state;
    make_it_sick();
    text = report(80, 0, true);
    holds(text, "lab-1 · Intel Xeon · 4 CPUs · virtual (kvm)");
    holds(text, " · id m1\n");
    holds(text, "fit to measure on, with care: a 10 % gate on a 1 s command takes 16 s here");
    holds(text, "  poor  governor: powersave\n");
    holds(text, "→ cpupower frequency-set -g performance");
    holds(text, "stolen time: 10 % of the CPU time wanted");
    poor = strstr(text, "  poor  ");
    fair = strstr(text, "  fair  ");
    good = strstr(text, "  good  ");
    assert_true(poor && fair && good && poor < fair && fair < good);
    assert_null(strstr(fair, "  poor  "));
    assert_null(strstr(text, "clocks"));
}

static void every_width(void **state)
{
    static const size_t widths[] = {40, 60, 80, 100, 200};
    bool trailing;
    size_t i, utf8;
    const char *text;

    (void)state;
    make_it_sick();
    for (i = 0; i < PFL_COUNT(widths); i++)
        for (utf8 = 0; utf8 < 2; utf8++) {
            text = report(widths[i], 1, utf8);
            if (widest_line(text, &trailing) > widths[i])
                fail_msg("wider than %zu:\n%s", widths[i], text);
            assert_false(trailing);
        }
    holds(report(200, 0, true), "by wall clock");
    holds(report(200, 0, true), "99 % interval");
    holds(report(60, 0, true), "20 ms command");
}

static void more_and_less(void **state)
{
    (void)state;
    assert_null(strstr(report(80, -1, true), "\nconditions"));
    holds(report(80, -1, true), "fit to measure on");
    holds(report(80, 1, true), "  good  ASLR: on\n");
    holds(report(80, 1, true), "monotonic  25.0 ns, 30.0 ns");
}

static void an_unfit_machine(void **state)
{
    (void)state;
    patient.evidence.launch_count = 0;
    holds(report(80, 0, true), "not fit to measure on:\n  the trial is too short");
    holds(report(80, 0, true), "not known");
    patient_launches(&patient, 0.02, 3, 3);
    patient.evidence.launch_count = PATIENT_LAUNCHES;
    holds(report(80, 0, true), "not fit to measure on:\n  a 10 % gate on a 1 s command takes");
}

static void names_from_outside_are_escaped(void **state)
{
    const char *text;

    (void)state;
    patient.evidence.conditions.machine.hostname = HOSTILE;
    patient.evidence.conditions.machine.governor = HOSTILE;
    text = report(80, 0, true);
    assert_null(strchr(text, 0x1b));
    holds(text, "\\x1b");
}

static size_t count_in(struct pfl_json_reader *r)
{
    size_t n = 0;

    assert_int_equal(pfl_json_expect(r, PFL_JSON_ARRAY, &err), PFL_OK);
    while (pfl_json_next_item(r, &err) > 0) {
        assert_int_equal(pfl_json_skip(r, &err), PFL_OK);
        n++;
    }
    return n;
}

/* All that a script relies on is there, also when nothing could be measured. */
static void json(void **state)
{
    static const char *const lists[] = {"noise_floor", "gates", "checks", "yardsticks", "clocks"};
    size_t expected[] = {PFL_FLOOR_COUNT, PFL_GATE_COST_COUNT, 0, PFL_YARDSTICK_COUNT, 1};
    struct pfl_json_reader r;
    size_t i, seen, turn;

    (void)state;
    for (turn = 0; turn < 2; turn++) {
        report(80, 0, true);
        expected[2] = diagnosis.check_count;
        pfl_buf_clear(&out);
        assert_int_equal(pfl_report_doctor_json(&patient.evidence, &diagnosis, &out, &err), PFL_OK);
        pfl_json_reader_init_text(&r, "doctor.json", out.data, out.len);
        assert_int_equal(pfl_json_expect(&r, PFL_JSON_OBJECT, &err), PFL_OK);
        seen = 0;
        while (pfl_json_next_key(&r, &err) > 0) {
            for (i = 0; i < PFL_COUNT(lists) && !pfl_json_key_is(&r, lists[i]); i++)
                ;
            if (i < PFL_COUNT(lists)) {
                assert_int_equal(count_in(&r), expected[i]);
                seen++;
            } else if (pfl_json_key_is(&r, "fit")) {
                assert_int_equal(pfl_json_expect(&r, PFL_JSON_BOOL, &err), PFL_OK);
                assert_int_equal(r.boolean, turn == 0);
                seen++;
            } else {
                assert_int_equal(pfl_json_skip(&r, &err), PFL_OK);
            }
        }
        assert_int_equal(seen, PFL_COUNT(lists) + 1);
        pfl_json_reader_release(&r);
        patient.evidence.launch_count = 0;
    }
}

static void no_memory(void **state)
{
    const struct pfl_report_style style = {.width = 80, .utf8 = true};
    struct pfl_arena own;
    unsigned long n;
    int rc = PFL_ENOMEM;

    (void)state;
    report(80, 0, true);
    for (n = 1; rc == PFL_ENOMEM && n < 5000; n++) {
        pfl_arena_init(&own);
        pfl_buf_release(&out);
        pfl_buf_init(&out, 1 << 20);
        pfl_fault = (struct pfl_fault){.alloc_at = n};
        rc = pfl_report_doctor_terminal(&patient.evidence, &diagnosis, &style, &own, &out, &err);
        pfl_arena_release(&own);
    }
    assert_int_equal(rc, PFL_OK);
    assert_true(n > 3);
}

int test_report_doctor(void);
int test_report_doctor(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_wrong_comes_first_and_says_what_to_do, make, drop),
        cmocka_unit_test_setup_teardown(every_width, make, drop),
        cmocka_unit_test_setup_teardown(more_and_less, make, drop),
        cmocka_unit_test_setup_teardown(an_unfit_machine, make, drop),
        cmocka_unit_test_setup_teardown(names_from_outside_are_escaped, make, drop),
        cmocka_unit_test_setup_teardown(json, make, drop),
        cmocka_unit_test_setup_teardown(no_memory, make, drop),
    };

    return cmocka_run_group_tests_name("report/doctor", tests, NULL, NULL);
}
