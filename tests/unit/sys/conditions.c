/* Conditions from folders that look like a machine; yardsticks under a clock of our own; the
 * spinner's work. No test times anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/scratch.h"
#include "base/alloc.h"
#include "sys/conditions.h"
#include "sys/spinner.h"
#include "sys/yardstick.h"

#include <math.h>

static struct scratch scratch;
static struct pfl_arena arena;
static struct pfl_conditions conditions;
static struct pfl_machine machine;
static struct pfl_err err;

static int make(void **state)
{
    (void)state;
    scratch_make(&scratch);
    pfl_arena_init(&arena);
    memset(&conditions, 0, sizeof conditions);
    memset(&machine, 0, sizeof machine);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    pfl_fault = (struct pfl_fault){0};
    pfl_arena_release(&arena);
    scratch_remove(&scratch);
    return 0;
}

static void probe(void)
{
    assert_int_equal(pfl_conditions_probe(scratch.path, &machine, &arena, &conditions, &err),
                     PFL_OK);
}

static void a_known_machine(void **state)
{
    (void)state;
    scratch_write(&scratch, "proc/loadavg", "0.50 0.40 0.30 1/100 1\n");
    scratch_write(&scratch, "proc/pressure/cpu",
                  "some avg10=12.50 avg60=0.00 avg300=0.00 total=77\n");
    scratch_write(&scratch, "proc/pressure/memory",
                  "some avg10=1.00 avg60=0.00 avg300=0.00 total=0\n");
    scratch_write(&scratch, "proc/pressure/io", "some avg10=2.00 avg60=0.00 avg300=0.00 total=0\n");
    scratch_write(&scratch, "proc/sys/kernel/randomize_va_space", "2\n");
    scratch_write(&scratch, "proc/sys/kernel/perf_event_paranoid", "-1\n");
    scratch_write(&scratch, "sys/kernel/mm/transparent_hugepage/enabled",
                  "always [madvise] never\n");
    scratch_write(&scratch, "sys/devices/system/clocksource/clocksource0/current_clocksource",
                  "tsc\n");
    scratch_write(&scratch, "sys/devices/system/cpu/smt/active", "1\n");
    scratch_write(&scratch, "proc/self/cgroup", "0::/box\n");
    scratch_write(&scratch, "sys/fs/cgroup/box/cpu.max", "150000 100000\n");
    machine.governor = "performance";
    probe();
    assert_true(conditions.load1 == 0.5 && conditions.cpu_pressure == 0.125);
    assert_true(conditions.memory_pressure == 0.01 && conditions.io_pressure == 0.02);
    assert_true(conditions.cpu_quota == 1.5);
    assert_string_equal(conditions.huge_pages, "madvise");
    assert_string_equal(conditions.clocksource, "tsc");
    assert_string_equal(conditions.machine.governor, "performance");
    assert_int_equal(conditions.smt, 1);
    assert_int_equal(conditions.aslr, 2);
    assert_int_equal(conditions.perf_paranoid, -1);
}

static void a_machine_that_says_nothing(void **state)
{
    (void)state;
    probe();
    assert_true(isnan(conditions.load1) && isnan(conditions.cpu_pressure));
    assert_true(conditions.cpu_quota == 0);
    assert_string_equal(conditions.huge_pages, "");
    assert_string_equal(conditions.clocksource, "");
    assert_int_equal(conditions.smt, PFL_UNKNOWN);
    assert_int_equal(conditions.aslr, PFL_UNKNOWN);
    assert_int_equal(conditions.perf_paranoid, PFL_UNKNOWN);
    assert_int_equal(conditions.counters, PFL_UNKNOWN);
    assert_int_equal(conditions.pinning, PFL_UNKNOWN);
    assert_int_equal(conditions.others, PFL_UNKNOWN);
}

static void nonsense_is_unknown(void **state)
{
    (void)state;
    scratch_write(&scratch, "proc/sys/kernel/randomize_va_space", "yes\n");
    scratch_write(&scratch, "proc/sys/kernel/perf_event_paranoid", "-99999999999\n");
    scratch_write(&scratch, "sys/kernel/mm/transparent_hugepage/enabled", "[always madvise\n");
    probe();
    assert_int_equal(conditions.aslr, PFL_UNKNOWN);
    assert_int_equal(conditions.perf_paranoid, PFL_UNKNOWN);
    assert_string_equal(conditions.huge_pages, "");
}

static void threads_per_core_say_smt(void **state)
{
    (void)state;
    machine.cores = 2;
    machine.cpus = 4;
    probe();
    assert_int_equal(conditions.smt, 1);
}

static void ticks(void **state)
{
    static const struct {
        const char *text;
        int64_t wanted, stolen;
    } cases[] = {
        {"cpu  100 20 30 4000 50 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 8\n", 171, 8},
        {"cpu  100 20 30 4000 50 6 7\n", -1, -1},
        {"intr 5\n", -1, -1},
        {"cpu  1 2 x\n", -1, -1},
        {"", -1, -1},
    };
    struct pfl_cpu_ticks seen;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        scratch_write(&scratch, "proc/stat", cases[i].text);
        pfl_conditions_ticks(scratch.path, &seen);
        assert_int_equal(seen.wanted, cases[i].wanted);
        assert_int_equal(seen.stolen, cases[i].stolen);
    }
}

static void the_real_machine_answers(void **state)
{
    struct pfl_timer timers[PFL_TIMER_COUNT];
    size_t i;

    (void)state;
    assert_int_equal(pfl_conditions_probe("", &machine, &arena, &conditions, &err), PFL_OK);
    assert_true(conditions.counters == 0 || conditions.counters == 1);
    pfl_conditions_timers(timers);
    for (i = 0; i < PFL_TIMER_COUNT; i++) {
        assert_true(timers[i].name && *timers[i].name);
        assert_true(timers[i].cost_s > 0);
        assert_true(isnan(timers[i].step_s) || timers[i].step_s > 0);
    }
}

/* A clock that moves by 1 ms at each reading: a batch then takes 1 ms, whatever it does. */
static int64_t ticking(void *context)
{
    return *(int64_t *)context += 1000000;
}

static void yardsticks_count_their_operations(void **state)
{
    static const double operations[PFL_YARDSTICK_COUNT] = {500000, 15000, 131072, 3000, 8};
    int64_t now = 0;
    const struct pfl_clock clock = {ticking, ticking, ticking, &now};
    struct pfl_yardsticks *yardsticks = NULL;
    int i, turn;

    (void)state;
    assert_int_equal(pfl_yardsticks_open(&clock, &yardsticks, &err), PFL_OK);
    for (turn = 0; turn < 6; turn++) /* the stream comes round again after four */
        for (i = 0; i < PFL_YARDSTICK_COUNT; i++)
            assert_true(
                fabs(pfl_yardsticks_run(yardsticks, (enum pfl_yardstick)i) * operations[i] / 1e-3 -
                     1) < 1e-9);
    pfl_fault = (struct pfl_fault){.io_at = 1};
    assert_true(isnan(pfl_yardsticks_run(yardsticks, PFL_YARDSTICK_SPAWN)));
    pfl_yardsticks_close(yardsticks);
    pfl_yardsticks_close(NULL);
}

static void yardsticks_without_memory(void **state)
{
    const struct pfl_clock *clock = pfl_clock_system();
    struct pfl_yardsticks *yardsticks = NULL;
    unsigned long n;

    (void)state;
    for (n = 1; n <= 2; n++) {
        pfl_fault = (struct pfl_fault){.alloc_at = n};
        assert_int_equal(pfl_yardsticks_open(clock, &yardsticks, &err), PFL_ENOMEM);
        assert_null(yardsticks);
    }
}

static bool always(void *context)
{
    (void)context;
    return true;
}

/* A second's work would be too much of a test: it is stopped. */
static void the_spinner_works_and_stops(void **state)
{
    struct pfl_spinner *spinner = NULL;
    struct pfl_spin spin = {0};

    (void)state;
    assert_int_equal(pfl_spinner_open(1000000, &spinner, &err), PFL_OK);
    assert_int_equal(pfl_spinner_run(spinner, NULL, NULL, &spin, &err), PFL_OK);
    assert_true(spin.wall_s > 0 && spin.cpu_s > 0 && spin.took_s >= spin.wall_s);
    pfl_spinner_close(spinner);
    assert_int_equal(pfl_spinner_open(INT64_C(3600000000000), &spinner, &err), PFL_OK);
    assert_int_equal(pfl_spinner_run(spinner, always, NULL, &spin, &err), PFL_EINTERRUPTED);
    pfl_spinner_close(spinner);
    pfl_spinner_close(NULL);
}

static void the_spinner_says_what_failed(void **state)
{
    struct pfl_spinner *spinner = NULL;
    unsigned long n;
    int rc = PFL_OK;

    (void)state;
    for (n = 1; n < 200; n++) {
        pfl_fault = (struct pfl_fault){.alloc_at = n};
        rc = pfl_spinner_open(1000000, &spinner, &err);
        if (rc == PFL_OK)
            break;
        assert_int_equal(rc, PFL_ENOMEM);
        assert_null(spinner);
    }
    assert_int_equal(rc, PFL_OK);
    pfl_spinner_close(spinner);
}

int test_sys_conditions(void);
int test_sys_conditions(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_known_machine, make, drop),
        cmocka_unit_test_setup_teardown(a_machine_that_says_nothing, make, drop),
        cmocka_unit_test_setup_teardown(nonsense_is_unknown, make, drop),
        cmocka_unit_test_setup_teardown(threads_per_core_say_smt, make, drop),
        cmocka_unit_test_setup_teardown(ticks, make, drop),
        cmocka_unit_test_setup_teardown(the_real_machine_answers, make, drop),
        cmocka_unit_test_setup_teardown(yardsticks_count_their_operations, make, drop),
        cmocka_unit_test_setup_teardown(yardsticks_without_memory, make, drop),
        cmocka_unit_test_setup_teardown(the_spinner_works_and_stops, make, drop),
        cmocka_unit_test_setup_teardown(the_spinner_says_what_failed, make, drop),
    };

    return cmocka_run_group_tests_name("sys/conditions", tests, NULL, NULL);
}
