/*
 * The shortest decimals against the slow way, which tries 15, 16 and 17 digits with snprintf until
 * strtod reads the number back. PFL_SHORTEST_NUMBERS says how many random ones of each kind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/shortest.h"
#include "base/units.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int test_base_shortest(void);

static uint64_t random_state = 88172645463325252u;

static uint64_t random_next(void) /* xorshift64 (G. Marsaglia, 2003) */
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static double double_of(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static void slow_text(char out[40], double value)
{
    int digits = fabs(value) < DBL_MIN ? 1 : 15;

    do
        snprintf(out, 40, "%.*g", digits, value);
    while (digits++ < 17 && strtod(out, NULL) != value);
}

static int digits_of(const char *text)
{
    int n = 0;

    for (; *text && *text != 'e'; text++)
        n += *text >= '0' && *text <= '9';
    return n;
}

/* Above a power of two doubles lie twice as far apart as below: a decimal of n digits that is not
 * the nearest of those may read back where the nearest does not, which the slow way cannot find. */
static bool check(double value)
{
    bool narrow = frexp(fabs(value), &(int){0}) == 0.5;
    char fast[PFL_UNITS_NUMBER_MAX], slow[40];
    size_t len;

    if (!isfinite(value))
        return false;
    slow_text(slow, value);
    len = pfl_units_number_text(fast, value);
    if (len != strlen(fast) || strtod(fast, NULL) != value ||
        (narrow ? digits_of(fast) > digits_of(slow) : strcmp(fast, slow) != 0))
        fail_msg("%a: %s, the slow way says %s", value, fast, slow);
    return strcmp(fast, slow) != 0;
}

static int count(void)
{
    const char *text = getenv("PFL_SHORTEST_NUMBERS");

    return text ? atoi(text) : 40000;
}

static void any_bits(void **state)
{
    int i;

    (void)state;
    for (i = 0; i < count(); i++)
        check(double_of(random_next()));
}

static void subnormal_ones(void **state)
{
    int i;

    (void)state;
    for (i = 0; i < count() / 10; i++)
        check(double_of(random_next() >> (12 + random_next() % 52)));
}

/* What is written most: times in ns as seconds, their means, whole numbers, short decimals. */
static void usual_ones(void **state)
{
    int i;

    (void)state;
    for (i = 0; i < count(); i++) {
        uint64_t r = random_next() >> 11;

        check((double)(r >> r % 53) / 1e9);
        check((double)r * 0x1p-53);
        check((double)(r >> r % 53));
        check((double)(int64_t)(r % 100000 - 50000) / pow(10, (double)(r >> 40) / 500));
    }
}

/* From 2^53 up the bounds between doubles are whole numbers themselves, and often end in 0: those
 * of an odd one belong to its neighbours. */
static void bounds(void **state)
{
    int i;

    (void)state;
    check(18014398509482012.0);
    for (i = 0; i < count() / 4; i++)
        check((double)(random_next() >> i % 12));
}

static void powers(void **state)
{
    int e, shorter = 0, i;
    char text[32];
    double value;

    (void)state;
    for (e = -1074; e < 1024; e++) {
        value = ldexp(1, e);
        shorter += check(value);
        check(nextafter(value, 0));
        check(nextafter(value, INFINITY));
    }
    assert_true(shorter > 0 && shorter < 200);
    for (e = -323; e <= 308; e++)
        for (i = 1; i < 10; i++) {
            snprintf(text, sizeof text, "%de%d", i, e);
            value = strtod(text, NULL);
            check(value);
            check(nextafter(value, 0));
            check(nextafter(value, INFINITY));
        }
}

static void parts(void **state)
{
    static const struct {
        double value;
        uint64_t digits;
        int exponent;
    } rows[] = {
        {1, 1, 0},
        {120, 12, 1},
        {0.3, 3, -1},
        {0.1 + 0.2, UINT64_C(30000000000000004), -17},
        {9007199254740993.0, UINT64_C(9007199254740992), 0},
        {DBL_MAX, UINT64_C(17976931348623157), 292},
        {DBL_MIN, UINT64_C(22250738585072014), -324},
        {5e-324, 5, -324},
        {0x1p-44, UINT64_C(5684341886080802),
         -29}, /* the nearest of 16 digits reads back as another */
        {9.5e-44, 95, -45},
        {2e23, 2, 23}, /* halfway between two doubles */
    };
    size_t i;
    int exponent;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(pfl_shortest(rows[i].value, &exponent) == rows[i].digits);
        assert_int_equal(exponent, rows[i].exponent);
    }
}

int test_base_shortest(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts),    cmocka_unit_test(powers),         cmocka_unit_test(bounds),
        cmocka_unit_test(any_bits), cmocka_unit_test(subnormal_ones), cmocka_unit_test(usual_ones),
    };

    return cmocka_run_group_tests_name("base/shortest", tests, NULL, NULL);
}
