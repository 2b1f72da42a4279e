/* Which power of n: known answers, and what cannot be told. */
#include "program.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static double one(double n)
{
    (void)n;
    return 1;
}
static double linear(double n)
{
    return n;
}
static double n_log_n(double n)
{
    return n * log2(n);
}
static double square(double n)
{
    return n * n;
}
static double cube(double n)
{
    return n * n * n;
}

static const double sizes[] = {16, 64, 256, 1024, 4096};
enum { SIZES = 5 };

static const struct row {
    const char *model;
    double (*of)(double n);
} rows[] = {{"O(1)", one},           {"O(log n)", log2}, {"O(n)", linear},
            {"O(n log n)", n_log_n}, {"O(n^2)", square}, {"O(n^3)", cube}};

/* Times with an error of up to 3 % either way. */
static void test_finds_each(void **state)
{
    static const double off[] = {1.02, 0.98, 1.03, 0.99, 1.01};
    struct pfl_lib_fit fit;
    double times[SIZES];
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (k = 0; k < SIZES; k++)
            times[k] = 3.2e-9 * rows[i].of(sizes[k]) * off[k];
        pfl_lib_complexity_fit(sizes, times, SIZES, &fit);
        assert_non_null(fit.model);
        assert_string_equal(fit.model, rows[i].model);
        assert_true(fabs(fit.coefficient / 3.2e-9 - 1) < 0.03);
        assert_true(fit.residual > 0 && fit.residual < 0.05);
    }
}

static void test_exact(void **state)
{
    const double n[] = {10, 20, 30}, times[] = {1e-6, 2e-6, 3e-6};
    struct pfl_lib_fit fit;

    (void)state;
    pfl_lib_complexity_fit(n, times, 3, &fit);
    assert_string_equal(fit.model, "O(n)");
    assert_string_equal(fit.term, "n");
    assert_true(fabs(fit.coefficient - 1e-7) < 1e-20);
    assert_true(fit.residual < 1e-12);
}

static void test_refuses(void **state)
{
    const double two[] = {10, 10, 20}, same[] = {8, 8, 8}, three[] = {10, 20, 40},
                 none[] = {0, 20, 40}, times[] = {1, 2, 4}, jagged[] = {1, 9, 1},
                 wrong[] = {1, NAN, 4}, steep[] = {1, 64, 4096};
    struct pfl_lib_fit fit;

    (void)state;
    pfl_lib_complexity_fit(two, times, 3, &fit);
    assert_null(fit.model);
    assert_string_equal(fit.why, "it takes three sizes to tell");
    pfl_lib_complexity_fit(same, times, 3, &fit);
    assert_null(fit.model);
    pfl_lib_complexity_fit(three, times, 0, &fit);
    assert_null(fit.model);
    pfl_lib_complexity_fit(none, times, 3, &fit);
    assert_null(fit.model);
    pfl_lib_complexity_fit(three, wrong, 3, &fit);
    assert_null(fit.model);
    pfl_lib_complexity_fit(three, jagged, 3, &fit);
    assert_null(fit.model);
    assert_string_equal(fit.why, "no model fits");
    assert_true(fit.residual > 0.15);
    assert_non_null(fit.nearest);
    pfl_lib_complexity_fit(three, steep, 3, &fit); /* n^6 */
    assert_null(fit.model);
}

/* The largest size is 30 % off (another clock, another cache): it does not decide alone. */
static void test_every_size_counts(void **state)
{
    struct pfl_lib_fit fit;
    double values[SIZES];
    size_t k;

    (void)state;
    for (k = 0; k < SIZES; k++)
        values[k] = 5 * n_log_n(sizes[k]) * (k + 1 == SIZES ? 1.3 : 1);
    pfl_lib_complexity_fit(sizes, values, SIZES, &fit);
    assert_string_equal(fit.model, "O(n log n)");
    assert_true(fabs(fit.residual - log(1.3) * 0.4) < 1e-9); /* one of five: √(1/5 · 4/5) */
    for (k = 0; k < SIZES; k++)
        values[k] = sizes[k] + 0.03 * square(sizes[k]); /* nearly all of the largest is square */
    pfl_lib_complexity_fit(sizes, values, SIZES, &fit);
    assert_null(fit.model);
}

/* A constant on top is none of the model; noise alone is no constant. */
static void test_constant(void **state)
{
    static const double off[] = {1.01, 0.99, 1.005, 1.01, 0.99};
    struct pfl_lib_fit fit;
    double values[SIZES];
    size_t k;

    (void)state;
    for (k = 0; k < SIZES; k++)
        values[k] = 5 * sizes[k] + 10000;
    pfl_lib_complexity_fit(sizes, values, SIZES, &fit);
    assert_non_null(fit.model);
    assert_string_equal(fit.model, "O(n)");
    assert_true(fabs(fit.coefficient - 5) < 1e-6);
    assert_true(fabs(fit.constant - 10000) < 1e-3);
    pfl_lib_complexity_fit(sizes, values, 4, &fit); /* four sizes cannot tell */
    assert_true(!fit.model || strcmp(fit.model, "O(log n)") != 0);
    for (k = 0; k < SIZES; k++)
        values[k] = (2 * n_log_n(sizes[k]) + 3000) * off[k];
    pfl_lib_complexity_fit(sizes, values, SIZES, &fit);
    assert_non_null(fit.model);
    assert_string_equal(fit.model, "O(n log n)");
    for (k = 0; k < SIZES; k++)
        values[k] = 7 * off[k];
    pfl_lib_complexity_fit(sizes, values, SIZES, &fit);
    assert_string_equal(fit.model, "O(1)");
    assert_true(fit.constant == 0);
}

/* Half way between two curves neither is the answer, and both are said. */
static void test_between(void **state)
{
    const double near[] = {1000, 1200, 1400, 1600};
    double values[4];
    struct pfl_lib_fit fit;
    size_t k;

    (void)state;
    for (k = 0; k < 4; k++)
        values[k] = near[k] * sqrt(log2(near[k]));
    pfl_lib_complexity_fit(near, values, 4, &fit);
    assert_null(fit.model);
    assert_non_null(fit.why);
    assert_non_null(strstr(fit.why, "it may be O(n"));
    assert_non_null(strstr(fit.why, "O(n log n)"));
}

/* log 1 is 0: the size is left out, or the models with a logarithm. */
static void test_size_one(void **state)
{
    const double n[] = {1, 8, 64, 512}, times[] = {0.3, 24, 384, 4608}, few[] = {1, 10, 100},
                 linear_times[] = {2, 20, 200}, log_times[] = {0.1, 10, 20};
    struct pfl_lib_fit fit;

    (void)state;
    pfl_lib_complexity_fit(n, times, 4, &fit);
    assert_string_equal(fit.model, "O(n log n)");
    assert_true(fabs(fit.coefficient - 1) < 1e-12);
    pfl_lib_complexity_fit(few, linear_times, 3, &fit);
    assert_string_equal(fit.model, "O(n)");
    pfl_lib_complexity_fit(few, log_times, 3, &fit);
    assert_null(fit.model);
}

/* A clock that stepped between the sizes is in the times, not in the cycles. */
static void test_cycles_first(void **state)
{
    static const double clock_ns[] = {0.25, 0.25, 0.25, 0.5, 1.0};
    struct pfl_lib_case at[SIZES];
    struct pfl_lib_cases cases = {at, SIZES};
    struct pfl_lib_report report;
    int with;
    size_t i;

    (void)state;
    memset(at, 0, sizeof at);
    for (with = 1; with >= 0; with--) {
        for (i = 0; i < SIZES; i++) {
            at[i].bench = at[i].name = "sort";
            at[i].complexity_arg = "n";
            at[i].arg_count = 1;
            at[i].args[0].name = "n";
            at[i].args[0].number = sizes[i];
        }
        pfl_lib_report_init(&report, &cases, 1);
        for (i = 0; i < SIZES; i++) {
            const double value = 3 * sizes[i];
            const struct pfl_lib_metric cycles = {.name = "cycles", .value = value, .unit = "1"},
                                        time = {.name = "time",
                                                .value = 1e-9 * value * clock_ns[i],
                                                .unit = "s"};

            pfl_lib_report_metric(&report, i, 0, &time);
            if (with || i > 0) /* one has none: times are fitted */
                pfl_lib_report_metric(&report, i, 0, &cycles);
        }
        pfl_lib_report_finish(&report);
        assert_int_equal(report.fit_count, 1);
        if (with) {
            assert_string_equal(report.fits[0].model, "O(n)");
            assert_true(report.fits[0].residual < 1e-9);
            assert_true(fabs(report.fits[0].cycles - 3) < 1e-9);
            assert_true(fabs(report.fits[0].coefficient - 0.75e-9) < 1e-18);
        } else {
            assert_true(report.fits[0].residual > 0.1);
            assert_true(isnan(report.fits[0].cycles));
        }
        pfl_lib_report_release(&report);
    }
}

/* Groups: by the other arguments; a size that failed is not in it. */
static void test_groups(void **state)
{
    struct pfl_lib_case at[7];
    struct pfl_lib_cases cases = {at, 7};
    struct pfl_lib_report report;
    size_t i;

    (void)state;
    memset(at, 0, sizeof at);
    for (i = 0; i < 7; i++) {
        at[i].bench = at[i].name = "sort";
        at[i].complexity_arg = "n";
        at[i].arg_count = 2;
        at[i].args[0].name = "kind";
        at[i].args[0].text = i < 4 ? "random" : "sorted";
        at[i].args[1].name = "n";
        at[i].args[1].number = (double)(100 << i % 4);
    }
    pfl_lib_report_init(&report, &cases, 1);
    for (i = 0; i < 7; i++) {
        const double n = at[i].args[1].number;
        const struct pfl_lib_metric time = {
            .name = "time", .value = 1e-9 * (i < 4 ? n * n : n), .unit = "s"};

        pfl_lib_report_metric(&report, i, 0, &time);
    }
    pfl_lib_report_status(&report, 6, PFL_LIB_FAILED, "wrong");
    pfl_lib_report_finish(&report);
    assert_int_equal(report.fit_count, 2);
    assert_string_equal(report.fits[0].name, "sort[kind=random]");
    assert_string_equal(report.fits[0].model, "O(n^2)");
    assert_string_equal(report.fits[1].name, "sort[kind=sorted]");
    assert_null(report.fits[1].model);
    assert_string_equal(report.fits[1].why, "too few sizes were measured");
    pfl_lib_report_release(&report);
}

int test_lib_complexity(void);
int test_lib_complexity(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_each), cmocka_unit_test(test_exact),
        cmocka_unit_test(test_refuses),    cmocka_unit_test(test_every_size_counts),
        cmocka_unit_test(test_size_one),   cmocka_unit_test(test_cycles_first),
        cmocka_unit_test(test_constant),   cmocka_unit_test(test_between),
        cmocka_unit_test(test_groups),
    };

    return cmocka_run_group_tests_name("lib/complexity", tests, NULL, NULL);
}
