/* The diagnosis of machines made by hand: quiet ones, noisy ones, wandering ones, and each
 * condition by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/patient.h"
#include "base/alloc.h"
#include "judge/doctor.h"
#include "stats/scatter.h"

static struct patient patient;
static struct pfl_arena arena;
static struct pfl_diagnosis diagnosis;
static struct pfl_err err;

static int make(void **state)
{
    (void)state;
    pfl_arena_init(&arena);
    patient_init(&patient, 0.004, 0.002);
    memset(&diagnosis, 0, sizeof diagnosis);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    pfl_fault = (struct pfl_fault){0};
    pfl_arena_release(&arena);
    return 0;
}

static void diagnose(void)
{
    assert_int_equal(pfl_judge_doctor(&patient.evidence, &arena, &diagnosis, &err), PFL_OK);
}

static const struct pfl_check *check_of(const char *name)
{
    size_t i;

    for (i = 0; i < diagnosis.check_count; i++)
        if (strcmp(diagnosis.checks[i].name, name) == 0)
            return &diagnosis.checks[i];
    fail_msg("there is no check %s", name);
    return NULL;
}

static const struct pfl_gate_cost *gate_of(double tolerance, double command_s, const char *metric)
{
    size_t i;

    for (i = 0; i < PFL_GATE_COST_COUNT; i++)
        if (diagnosis.gates[i].tolerance == tolerance &&
            diagnosis.gates[i].command_s == command_s &&
            strcmp(diagnosis.gates[i].metric, metric) == 0)
            return &diagnosis.gates[i];
    fail_msg("there is no gate of %g at %g s by %s", tolerance, command_s, metric);
    return NULL;
}

static void a_quiet_machine_is_fit(void **state)
{
    size_t i;

    (void)state;
    diagnose();
    assert_true(diagnosis.fit);
    assert_int_equal(diagnosis.verdict, PFL_FITNESS_GOOD);
    assert_int_equal(diagnosis.exit_code, PFL_OK);
    for (i = 0; i < diagnosis.check_count; i++)
        if (diagnosis.checks[i].verdict != PFL_FITNESS_GOOD || *diagnosis.checks[i].advice)
            fail_msg("%s: %s", diagnosis.checks[i].name, diagnosis.checks[i].state);
    assert_true(fabs(diagnosis.floors[PFL_FLOOR_TIME].scatter / (0.004 * sqrt(2)) - 1) < 0.25);
    assert_true(fabs(diagnosis.floors[PFL_FLOOR_CPU].scatter / (0.002 * sqrt(2)) - 1) < 0.25);
    assert_true(diagnosis.floors[PFL_FLOOR_TIME].ratio_low < 1 &&
                diagnosis.floors[PFL_FLOOR_TIME].ratio_high > 1);
    assert_int_equal(diagnosis.floors[PFL_FLOOR_TIME].pairs, PATIENT_LAUNCHES / 2);
}

static void pairs_by_the_formula(void **state)
{
    (void)state;
    /* ((2.576 + 1.645) · 0.035 / ln 1.01)² is 220.4; with t of 76 degrees, (2.642 + 1.665)², 229.5
     */
    assert_true(pfl_judge_pairs_needed(0.035, 0.01) == 230);
    assert_true(pfl_judge_pairs_needed(0.01, 0.10) == PFL_DOCTOR_PAIRS_LEAST);
    assert_true(pfl_judge_pairs_needed(0, 0.01) == PFL_DOCTOR_PAIRS_LEAST);
    assert_true(isnan(pfl_judge_pairs_needed(NAN, 0.01)));
}

/* The promise kept: that many pairs find a true change of the gate's size, and no change is not
 * found, at the rates that were promised. */
static void the_price_is_right(void **state)
{
    static const double scatters[] = {0.02, 0.05};
    double ratios[256], centre, deviation, limit;
    size_t s, i, n, turn, turns = 3000, hits, alarms;
    struct pfl_random random;
    int slower;

    (void)state;
    pfl_random_seed(&random, 3);
    for (s = 0; s < PFL_COUNT(scatters); s++) {
        /* the deviation that the doctor sees on Gaussian pairs is 1.03 of their own */
        n = (size_t)pfl_judge_pairs_needed(scatters[s] * 1.03, 0.03);
        assert_true(n > 8 && n < PFL_COUNT(ratios));
        for (hits = alarms = turn = 0; turn < turns; turn++)
            for (slower = 0; slower < 2; slower++) {
                for (i = 0; i < n; i++)
                    ratios[i] = scatters[s] * patient_gaussian(&random) + slower * log(1.03);
                pfl_stats_sort(ratios, n);
                pfl_stats_trimmed_sorted(ratios, n, &centre, &deviation);
                limit =
                    pfl_stats_t_quantile(0.995, 0.6 * (double)n - 1) * deviation / sqrt((double)n);
                *(slower ? &hits : &alarms) += fabs(centre) > limit;
            }
        assert_true(hits >= turns * 945 / 1000);
        assert_true(alarms <= turns * 2 / 100);
    }
}

static void longer_commands_gain_where_noise_is_white(void **state)
{
    double here;

    (void)state;
    diagnose();
    /* 400 launches: stretches of 16 are the longest that are believed, and scatter a quarter */
    here = gate_of(0.01, 1, "time")->scatter / gate_of(0.01, 0.02, "time")->scatter;
    assert_true(here > 0.18 && here < 0.35);
    assert_true(gate_of(0.01, 1, "time")->seconds ==
                2 * gate_of(0.01, 1, "time")->pairs * (1 + patient.evidence.overhead_s));
}

static void longer_commands_do_not_gain_on_a_wandering_clock(void **state)
{
    struct pfl_random random;
    double walk = 0;
    size_t i;

    (void)state;
    pfl_random_seed(&random, 9);
    for (i = 0; i < PATIENT_LAUNCHES; i++) {
        walk += 0.002 * patient_gaussian(&random);
        patient.wall[i] = 0.02 * exp(walk);
    }
    diagnose();
    assert_true(gate_of(0.01, 1, "time")->scatter > gate_of(0.01, 0.02, "time")->scatter * 2);
}

/* Pairs that resemble their neighbours promise less than as many independent ones. */
static void neighbours_that_agree_are_worth_less(void **state)
{
    struct pfl_random random;
    double common = 0;
    size_t i;

    (void)state;
    pfl_random_seed(&random, 10);
    for (i = 0; i < PATIENT_LAUNCHES; i++) {
        if (i % 16 == 0)
            common = 0.01 * patient_gaussian(&random);
        /* B is slower by `common` in 8 pairs on end: launches 1 and 2 of each four */
        patient.wall[i] =
            0.02 * exp((i % 4 == 1 || i % 4 == 2 ? common : 0) + 0.001 * patient_gaussian(&random));
    }
    diagnose();
    assert_true(diagnosis.floors[PFL_FLOOR_TIME].scatter > 0.02);
}

static void the_sharper_metric_decides(void **state)
{
    (void)state;
    patient_launches(&patient, 0.02, 0.3, 0.004);
    diagnose();
    assert_true(diagnosis.fit);
    assert_int_equal(diagnosis.floors[PFL_FLOOR_TIME].verdict, PFL_FITNESS_POOR);
    assert_true(gate_of(0.1, 0.02, "cpu")->deciding && !gate_of(0.1, 0.02, "time")->deciding);
    patient_launches(&patient, 0.02, 0.004, 0.3);
    diagnose();
    assert_true(diagnosis.fit && gate_of(0.1, 0.02, "time")->deciding);
}

static void too_noisy_is_unfit(void **state)
{
    (void)state;
    patient_launches(&patient, 0.02, 2, 2);
    diagnose();
    assert_false(diagnosis.fit);
    assert_int_equal(diagnosis.verdict, PFL_FITNESS_POOR);
    assert_int_equal(diagnosis.exit_code, PFL_EGATE);
    assert_non_null(strstr(diagnosis.reason, "more than the minute"));
}

static void a_trial_that_tells_nothing_is_unfit(void **state)
{
    static const struct {
        size_t launches;
        double first;
    } cases[] = {{0, 0.02},
                 {12, 0.02},
                 {PATIENT_LAUNCHES, 0},
                 {PATIENT_LAUNCHES, -1},
                 {PATIENT_LAUNCHES, NAN},
                 {PATIENT_LAUNCHES, INFINITY}};
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        patient.evidence.launch_count = cases[i].launches;
        patient.wall[0] = patient.cpu[0] = cases[i].first;
        diagnose();
        assert_int_equal(diagnosis.exit_code, PFL_EGATE);
        assert_non_null(strstr(diagnosis.reason, "--max-time"));
        assert_int_equal(check_of("noise floor, time")->verdict, PFL_FITNESS_POOR);
    }
}

static void identical_times_are_fine(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < PATIENT_LAUNCHES; i++)
        patient.wall[i] = patient.cpu[i] = 0.02;
    diagnose();
    assert_true(diagnosis.fit && diagnosis.floors[PFL_FLOOR_TIME].scatter == 0);
    assert_true(gate_of(0.01, 0.02, "time")->pairs == PFL_DOCTOR_PAIRS_LEAST);
}

/* The second of each pair is slower whatever it is: order turns about, so the ratio is not moved,
 * but where only B is slower it is, and that is said. */
static void a_bias_is_found(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < PATIENT_LAUNCHES; i++)
        patient.wall[i] *= i % 2 ? 1.02 : 1;
    diagnose();
    assert_true(diagnosis.floors[PFL_FLOOR_TIME].ratio_low < 1 &&
                diagnosis.floors[PFL_FLOOR_TIME].ratio_high > 1);
    for (i = 0; i < PATIENT_LAUNCHES; i++)
        patient.wall[i] =
            0.02 * (i % 4 == 1 || i % 4 == 2 ? 1.02 : 1) * (1 + 1e-4 * (double)(i % 7));
    diagnose();
    assert_true(diagnosis.floors[PFL_FLOOR_TIME].ratio_low > 1.01);
    assert_int_equal(check_of("noise floor, time")->verdict, PFL_FITNESS_POOR);
    assert_string_equal(check_of("noise floor, time")->cost,
                        "identical commands came out different");
}

static void yardsticks_that_drift(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < PATIENT_BATCHES; i++)
        patient.batches[PFL_YARDSTICK_CORE][i] *= 1 + 0.09 * (double)i / PATIENT_BATCHES;
    for (i = 0; i < PATIENT_BATCHES; i++)
        patient.batches[PFL_YARDSTICK_SPAWN][i] = NAN;
    diagnose();
    assert_int_equal(check_of("core clock")->verdict, PFL_FITNESS_POOR);
    assert_true(fabs(diagnosis.yardsticks[PFL_YARDSTICK_CORE].drift - 0.06) < 0.005);
    assert_int_equal(check_of("memory latency")->verdict, PFL_FITNESS_GOOD);
    assert_int_equal(check_of("process start")->verdict, PFL_FITNESS_FAIR);
    assert_string_equal(check_of("process start")->state, "not measured");
    assert_int_equal(diagnosis.verdict, PFL_FITNESS_FAIR); /* a poor condition; the floor is fine */
}

/* Each condition in another state: which check changes, to what. */
static void set(int which)
{
    struct pfl_conditions *c = &patient.evidence.conditions;

    switch (which) {
    case 0: c->load1 = 1.2; break;
    case 1: c->load1 = 2; break;
    case 2: c->load1 = NAN; break;
    case 3: patient.evidence.stalled = 0.05; break;
    case 4: patient.evidence.stalled = 0.1; break;
    case 5: patient.evidence.stalled = NAN, c->cpu_pressure = 0.5; break;
    case 6: c->memory_pressure = 0.2; break;
    case 7: c->io_pressure = 0.1; break;
    case 8: patient.evidence.stolen = 0.01; break;
    case 9: patient.evidence.stolen = 0.2; break;
    case 10: c->others = 2; break;
    case 11: c->others = PFL_UNKNOWN; break;
    case 12: c->cpu_quota = 1.5; break;
    case 13: c->cpu_quota = 8; break;
    case 14: c->machine.governor = "powersave"; break;
    case 15: c->machine.governor = ""; break;
    case 16: c->machine.turbo = "on"; break;
    case 17: c->smt = 1; break;
    case 18: c->machine.cpus = 1; break;
    case 19: c->pinning = 0; break;
    case 20: c->aslr = 0; break;
    case 21: c->huge_pages = "always"; break;
    case 22: patient.timer.cost_s = 1e-6; break;
    case 23: c->counters = 0; break;
    case 24: c->perf_paranoid = 3; break;
    case 25: c->machine.virtualisation = "kvm"; break;
    case 26: c->machine.container = "docker"; break;
    default: fail();
    }
}

static void each_condition(void **state)
{
    static const struct {
        const char *check, *said;
        enum pfl_fitness verdict;
    } cases[] = {
        {"load", "1.20 on 4 CPUs", PFL_FITNESS_FAIR},
        {"load", "2.00 on 4 CPUs", PFL_FITNESS_POOR},
        {"load", "not visible", PFL_FITNESS_FAIR},
        {"CPU pressure", "5.0 % of the trial", PFL_FITNESS_FAIR},
        {"CPU pressure", "10 % of the trial", PFL_FITNESS_POOR},
        {"CPU pressure", "50 % of the last 10 s", PFL_FITNESS_POOR},
        {"memory and I/O pressure", "memory 20 %", PFL_FITNESS_POOR},
        {"memory and I/O pressure", "I/O 10 %", PFL_FITNESS_FAIR},
        {"stolen time", "1.0 %", PFL_FITNESS_FAIR},
        {"stolen time", "20 %", PFL_FITNESS_POOR},
        {"other perfledgers", "2 measuring", PFL_FITNESS_POOR},
        {"other perfledgers", "not visible", PFL_FITNESS_FAIR},
        {"CPU quota", "1.5 CPUs", PFL_FITNESS_POOR},
        {"CPU quota", "8 CPUs", PFL_FITNESS_FAIR},
        {"governor", "powersave", PFL_FITNESS_POOR},
        {"governor", "not visible", PFL_FITNESS_FAIR},
        {"turbo", "on", PFL_FITNESS_FAIR},
        {"SMT", "on", PFL_FITNESS_FAIR},
        {"CPUs", "1 usable", PFL_FITNESS_FAIR},
        {"pinning", "refused", PFL_FITNESS_FAIR},
        {"ASLR", "off", PFL_FITNESS_FAIR},
        {"huge pages", "always", PFL_FITNESS_FAIR},
        {"timer", "1.0 µs a reading, from tsc", PFL_FITNESS_POOR},
        {"hardware counters", "none", PFL_FITNESS_FAIR},
        {"perf permission", "= 3", PFL_FITNESS_FAIR},
        {"virtualisation", "kvm", PFL_FITNESS_FAIR},
        {"container", "docker", PFL_FITNESS_GOOD},
    };
    const struct pfl_check *check;
    size_t i, j;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        patient_init(&patient, 0.004, 0.002);
        set((int)i);
        diagnose();
        check = check_of(cases[i].check);
        if (check->verdict != cases[i].verdict || !strstr(check->state, cases[i].said) ||
            !*check->cost)
            fail_msg("case %zu: %s is %s (%s)", i, check->name, check->state,
                     pfl_fitness_text(check->verdict));
        for (j = 0; j < diagnosis.check_count; j++)
            if (&diagnosis.checks[j] != check)
                assert_int_equal(diagnosis.checks[j].verdict, PFL_FITNESS_GOOD);
    }
}

static void no_memory(void **state)
{
    unsigned long n;
    int rc = PFL_ENOMEM;

    (void)state;
    for (n = 1; rc == PFL_ENOMEM && n < 1000; n++) {
        pfl_arena_release(&arena);
        pfl_fault = (struct pfl_fault){.alloc_at = n};
        diagnosis.check_count = 77;
        rc = pfl_judge_doctor(&patient.evidence, &arena, &diagnosis, &err);
        if (rc == PFL_ENOMEM)
            assert_int_equal(diagnosis.check_count, 77);
    }
    assert_int_equal(rc, PFL_OK);
    assert_true(n > 3);
}

int test_judge_doctor(void);
int test_judge_doctor(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_quiet_machine_is_fit, make, drop),
        cmocka_unit_test_setup_teardown(pairs_by_the_formula, make, drop),
        cmocka_unit_test_setup_teardown(the_price_is_right, make, drop),
        cmocka_unit_test_setup_teardown(longer_commands_gain_where_noise_is_white, make, drop),
        cmocka_unit_test_setup_teardown(longer_commands_do_not_gain_on_a_wandering_clock, make,
                                        drop),
        cmocka_unit_test_setup_teardown(neighbours_that_agree_are_worth_less, make, drop),
        cmocka_unit_test_setup_teardown(the_sharper_metric_decides, make, drop),
        cmocka_unit_test_setup_teardown(too_noisy_is_unfit, make, drop),
        cmocka_unit_test_setup_teardown(a_trial_that_tells_nothing_is_unfit, make, drop),
        cmocka_unit_test_setup_teardown(identical_times_are_fine, make, drop),
        cmocka_unit_test_setup_teardown(a_bias_is_found, make, drop),
        cmocka_unit_test_setup_teardown(yardsticks_that_drift, make, drop),
        cmocka_unit_test_setup_teardown(each_condition, make, drop),
        cmocka_unit_test_setup_teardown(no_memory, make, drop),
    };

    return cmocka_run_group_tests_name("judge/doctor", tests, NULL, NULL);
}
