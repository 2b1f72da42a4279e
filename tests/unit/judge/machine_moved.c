/* What a shift of the whole machine explains, and what it must not: how much of it is taken out,
 * which yardstick speaks for which benchmarks, and from what size on. All readings and samples are
 * made up. */
#include "build.h"

static struct pfl_arena arena;
static struct pfl_policy policy;
static struct pfl_gate gate;
static double session = 0.003;

enum { CORE = PFL_YARDSTICK_CORE, STREAM = PFL_YARDSTICK_STREAM, READINGS = 6 };

static int setup(void **state)
{
    (void)state;
    pfl_arena_init(&arena);
    pfl_policy_defaults(&policy);
    policy.session_sd = build_known_session;
    policy.session_context = &session;
    gate = build_gate("*", "*");
    gate.max_regression = 0.05;
    policy.gates = &gate;
    policy.gate_count = 1;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pfl_arena_release(&arena);
    return 0;
}

/* A suite on a machine: what its yardsticks read and what its benchmarks take. */
struct world {
    double slowness[PFL_YARDSTICK_COUNT]; /* 0: as usual; -1: not to be read */
    double ratio, odd_one;                /* of all benchmarks but b4; of b4; 0: as the others */
    double cpu_share;                     /* CPU time over time; 0: not measured */
    size_t benchmarks;
    double scatter; /* of readings; 0: 0.2 % */
};

static void read_yardsticks(struct pfl_run *run, const struct world *world)
{
    double scatter = world->scatter > 0 ? world->scatter : 0.002;
    size_t i, k;

    run->yardsticks = pfl_arena_array(&arena, READINGS, sizeof *run->yardsticks);
    run->yardstick_count = READINGS;
    for (i = 0; i < READINGS; i++) {
        run->yardsticks[i].at_ns = (int64_t)i * 1000000000;
        for (k = 0; k < PFL_YARDSTICK_COUNT; k++) {
            double slowness = world->slowness[k] == 0 ? 1 : world->slowness[k];

            run->yardsticks[i].value[k] =
                slowness < 0 ? (double)NAN
                             : 1e-9 * slowness * (1 + scatter * ((double)(i * 5 % 6) - 2.5) / 2.5);
        }
    }
}

static struct pfl_run *suite(const struct world *world)
{
    struct pfl_run *run = build_run(&arena);
    char name[24];
    size_t k;

    for (k = 0; k < (world->benchmarks ? world->benchmarks : 10); k++) {
        double time = k == 4 && world->odd_one > 0 ? world->odd_one : world->ratio;
        struct pfl_benchmark *bench;

        snprintf(name, sizeof name, "b%zu", k);
        bench = build_benchmark(&arena, run, name);
        build_spread(&arena, bench, "time", time, 0.005);
        if (world->cpu_share > 0)
            build_spread(&arena, bench, "cpu", time * world->cpu_share, 0.005);
    }
    read_yardsticks(run, world);
    build_done(run);
    return run;
}

static void compare(const struct world *base, const struct world *head, struct pfl_comparison *out)
{
    build_compare(&arena, suite(base), suite(head), &policy, true, out);
}

/* The yardstick is 10 % slower, the suite 5 %: nobody has shown the other 5 %, and a program that
 * became 17.6 % slower is beyond a gate of 10 %. */
static void test_only_what_benchmarks_show_is_taken_out(void **state)
{
    static const struct world base = {.ratio = 1, .scatter = 0.0005};
    static const struct {
        const char *what;
        double core, suite, odd_one, taken;
        enum pfl_verdict verdict; /* of b4 */
    } cases[] = {
        {"half of the yardstick's", 1.10, 1.05, 1.176, 1.05, PFL_VERDICT_REGRESSED},
        {"all of it", 1.10, 1.10, 1.176, 1.10, PFL_VERDICT_UNCHANGED},
        {"no more than the yardstick's", 1.10, 1.15, 1.26, 1.10, PFL_VERDICT_REGRESSED},
        {"of a faster machine", 0.90, 0.945, 0.84, 0.945, PFL_VERDICT_IMPROVED},
    };
    struct pfl_comparison out;
    const struct pfl_row *row;
    size_t i;

    (void)state;
    gate.max_regression = 0.10;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct world head = base;

        head.slowness[CORE] = cases[i].core;
        head.ratio = cases[i].suite;
        head.odd_one = cases[i].odd_one;
        compare(&base, &head, &out);
        row = build_row(&out, "b4", "time", "");
        assert_true(out.machine.present);
        if (fabs(row->machine / cases[i].taken - 1) > 0.002)
            fail_msg("%s: %g is taken out", cases[i].what, row->machine);
        if (row->verdict != cases[i].verdict)
            fail_msg("%s: %s", cases[i].what, row->reason);
        assert_true(fabs(out.machine.ratio / cases[i].core - 1) < 0.002); /* as it was read */
    }
}

/* What the two witnesses disagree by makes the row less sure. */
static void test_disagreement_widens_the_interval(void **state)
{
    static const struct world base = {.ratio = 1};
    struct world head = {.slowness = {1.05}, .ratio = 1.05};
    struct pfl_comparison agreed, apart;
    const struct pfl_row *row;
    double half[2], d = log(1.10 / 1.05);

    (void)state;
    compare(&base, &head, &agreed);
    head.slowness[CORE] = 1.10;
    compare(&base, &head, &apart);
    row = build_row(&agreed, "b0", "time", "");
    half[0] = log(row->ratio_high / row->ratio_low) / 2;
    row = build_row(&apart, "b0", "time", "");
    half[1] = log(row->ratio_high / row->ratio_low) / 2;
    assert_true(half[1] > 2.5 * d / sqrt(3));
    assert_true(half[0] < half[1] / 2);
}

/* Memory became 20 % slower, all programs 10 %, the core's clock is what it was. */
static void test_who_speaks_for_whom(void **state)
{
    static const struct {
        const char *what;
        double core, stream, ratio, cpu_share;
        bool present;
        enum pfl_verdict time, cpu; /* of b0 */
    } cases[] = {
        {"bound to an unmoved core", 0, 1.2, 1.1, 0.98, false, PFL_VERDICT_REGRESSED,
         PFL_VERDICT_REGRESSED},
        {"the same, and all agrees", 0, 1.2, 1.2, 0.98, false, PFL_VERDICT_REGRESSED,
         PFL_VERDICT_REGRESSED},
        {"nothing is known of their CPU time", 0, 1.2, 1.2, 0, false, PFL_VERDICT_REGRESSED, 0},
        {"programs that wait", 0, 1.2, 1.2, 0.1, true, PFL_VERDICT_UNCHANGED,
         PFL_VERDICT_REGRESSED},
        {"no core clock, about the same", -1, 1.2, 1.2, 0.98, true, PFL_VERDICT_UNCHANGED,
         PFL_VERDICT_UNCHANGED},
        {"no core clock, half of it", -1, 1.2, 1.1, 0.98, false, PFL_VERDICT_REGRESSED,
         PFL_VERDICT_REGRESSED},
        {"no core clock, programs that wait, half of it", -1, 1.2, 1.12, 0.1, true,
         PFL_VERDICT_INCONCLUSIVE, PFL_VERDICT_REGRESSED},
        {"a faster core", 0.9, 1.2, 1.2, 0.98, false, PFL_VERDICT_REGRESSED, PFL_VERDICT_REGRESSED},
        {"a core that moved much less", 1.04, 1.2, 1.2, 0.98, true, PFL_VERDICT_UNCHANGED,
         PFL_VERDICT_UNCHANGED},
    };
    struct pfl_comparison out;
    const struct pfl_row *time, *cpu;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct world base = {.ratio = 1, .cpu_share = cases[i].cpu_share}, head = base;

        base.slowness[CORE] = cases[i].core < 0 ? -1 : 0;
        head.slowness[CORE] = cases[i].core;
        head.slowness[STREAM] = cases[i].stream;
        head.ratio = cases[i].ratio;
        compare(&base, &head, &out);
        time = build_row(&out, "b0", "time", "");
        cpu = build_row(&out, "b0", "cpu", "");
        if (out.machine.present != cases[i].present || time->verdict != cases[i].time ||
            (cpu && cpu->verdict != cases[i].cpu))
            fail_msg("%s: machine %d; %s; %s", cases[i].what, out.machine.present, time->reason,
                     cpu ? cpu->reason : "");
    }
}

/* From 2 % on, and with fewer than three benchmarks the core clock alone. */
static void test_what_is_claimed_at_all(void **state)
{
    static const struct {
        const char *what;
        size_t yardstick, benchmarks;
        double slowness, cpu_share;
        bool present;
    } cases[] = {
        {"less than 2 %", CORE, 10, 1.018, 0.98, false},
        {"more than 2 %", CORE, 10, 1.022, 0.98, true},
        {"two benchmarks, the core clock", CORE, 2, 1.10, 0.98, true},
        {"two benchmarks that wait, the core clock", CORE, 2, 1.10, 0.1, false},
        {"two benchmarks that wait, another yardstick", STREAM, 2, 1.10, 0.1, false},
        {"three benchmarks that wait, another yardstick", STREAM, 3, 1.10, 0.1, true},
    };
    static const double still[2] = {0, -1};
    struct pfl_comparison out;
    size_t i, k;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++)
        for (k = 0; k < PFL_COUNT(still); k++) { /* the core's clock: as it was, or not known */
            struct world base = {.ratio = 1, .cpu_share = cases[i].cpu_share, .scatter = 0.0001},
                         head;

            base.benchmarks = cases[i].benchmarks;
            base.slowness[CORE] = cases[i].yardstick == CORE ? 0 : still[k];
            head = base;
            head.ratio = head.slowness[cases[i].yardstick] = cases[i].slowness;
            compare(&base, &head, &out);
            if (out.machine.present != cases[i].present)
                fail_msg("%s: machine %d", cases[i].what, out.machine.present);
        }
}

int test_judge_machine_moved(void);
int test_judge_machine_moved(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_only_what_benchmarks_show_is_taken_out),
        TEST(test_disagreement_widens_the_interval),
        TEST(test_who_speaks_for_whom),
        TEST(test_what_is_claimed_at_all),
    };

    return cmocka_run_group_tests_name("judge machine moved", tests, NULL, NULL);
}
