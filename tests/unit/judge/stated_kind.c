/* How wide an interval is stated by what a command does: in the kernel, with much memory. */
#include "build.h"

static double half_width(double sys_share, double resident)
{
    const struct pfl_result *cpu;
    struct pfl_benchmark *bench;
    struct pfl_arena arena;
    struct pfl_run *run;
    double half;

    pfl_arena_init(&arena);
    run = build_run(&arena);
    bench = build_benchmark(&arena, run, "a");
    build_spread(&arena, bench, "cpu", 0.020, 0);
    if (sys_share >= 0)
        build_spread(&arena, bench, "sys", 0.020 * sys_share, 0);
    if (resident >= 0)
        build_spread(&arena, bench, "peak_rss", resident, 0);
    build_done(run);
    cpu = pfl_benchmark_find(bench, "cpu", "");
    half = log(cpu->stated.high / cpu->stated.low) / 2 / (1.959963984540054 * sqrt(2));
    pfl_arena_release(&arena);
    return half;
}

/* The least deviation between sessions that is assumed, without any scatter of its own. */
static void test_kinds(void **state)
{
    static const struct {
        double sys_share, resident, deviation;
    } cases[] = {
        {-1, -1, 0.008},                    /* nothing is known */
        {0, 1e6, 0.008},                    /* computes */
        {0.5, 1e6, 0.02864},                /* √(0.8² + (5.5 · ½)²) % */
        {1, 1e6, 0.05558},                  /* only calls the kernel */
        {2, 1e6, 0.05558},                  /* clocks that disagree: not more than all */
        {0, 16.0 * 1024 * 1024, 0.03105},   /* √(0.8² + 3²) % */
        {0, 16.0 * 1024 * 1024 - 1, 0.008}, /* fits */
        {1, 64e6, 0.06316},                 /* both */
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++)
        if (fabs(half_width(cases[i].sys_share, cases[i].resident) - cases[i].deviation) > 1e-5)
            fail_msg("case %zu: %g, not %g", i, half_width(cases[i].sys_share, cases[i].resident),
                     cases[i].deviation);
}

int test_judge_stated_kind(void);
int test_judge_stated_kind(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kinds)};

    return cmocka_run_group_tests_name("judge stated kind", tests, NULL, NULL);
}
