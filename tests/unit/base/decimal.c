/* Decimals against strtod, the oracle: random bit patterns, halfway cases, edges of the range, and
 * a hostile locale. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/decimal.h"
#include "base/json.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int test_base_decimal(void);

static uint64_t random_state;

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

static double read_json(const char *text)
{
    struct pfl_json_reader r;
    struct pfl_err err;
    double value;

    pfl_json_reader_init_text(&r, "t", text, strlen(text));
    if (pfl_json_next(&r, &err) != PFL_JSON_NUMBER)
        fail_msg("%s: %s", text, err.message);
    value = r.number;
    pfl_json_reader_release(&r);
    return value;
}

static long asked, answered;

static void check(const char *text)
{
    double want = strtod(text, NULL), got = read_json(text), quick;
    struct pfl_decimal d;

    if (memcmp(&want, &got, sizeof want) != 0)
        fail_msg("%s: read as %.17g (%a), strtod says %.17g (%a)", text, got, got, want, want);
    pfl_decimal_scan(&d, text, text + strlen(text));
    asked++;
    if (pfl_decimal_read(&d, &quick)) {
        answered++;
        if (memcmp(&want, &quick, sizeof want) != 0)
            fail_msg("%s: the fast path says %.17g, strtod %.17g", text, quick, want);
    }
}

static void agrees_on_edges(void **state)
{
    static const char *const texts[] = {"0",
                                        "-0",
                                        "0.0",
                                        "0e5",
                                        "-0.000e-400",
                                        "1",
                                        "-1",
                                        "0.1",
                                        "1e22",
                                        "1e23",
                                        "9007199254740992",
                                        "9007199254740993",
                                        "9007199254740993.0",
                                        "9007199254740994e22",
                                        "9007199254740993e-22",
                                        "1.7976931348623157e308",
                                        "1.7976931348623158e308",
                                        "1.7976931348623159e308",
                                        "179769313486231580793e289",
                                        "1e308",
                                        "1e309",
                                        "-1e309",
                                        "1e400",
                                        "1e-400",
                                        "4.9406564584124654e-324",
                                        "2.4703282292062327e-324",
                                        "2.4703282292062328e-324",
                                        "2.2250738585072014e-308",
                                        "2.2250738585072011e-308",
                                        "2.2250738585072012e-308",
                                        "2.225073858507201e-308",
                                        "1e-307",
                                        "1e-323",
                                        "18446744073709551615",
                                        "18446744073709551616",
                                        "9999999999999999999",
                                        "9999999999999999999e308",
                                        "9223372036854775807",
                                        "-9223372036854775808",
                                        "1234567890123456789012345678901234567890",
                                        "0."
                                        "0000000000000000000000000000000000000000000000000000000000"
                                        "0000000000000000000000000000000001",
                                        "1000000000000000000000000000000000000000000000000000000000"
                                        "00000000000000000000000000000000000",
                                        "0.1000000000000000055511151231257827021181583404541015625",
                                        "0.1000000000000000055511151231257827021181583404541015626",
                                        "9.5e-23",
                                        "8.442911973260991817129021e-309",
                                        "7.2057594037927933e16",
                                        "1e27",
                                        "1e28",
                                        "1e-27",
                                        "1e-28",
                                        "1234567890123456789e-336",
                                        "1234567890123456789e336",
                                        "1e99999999999999999999",
                                        "1e-99999999999999999999",
                                        "0.0000000001e+10",
                                        "123e-2",
                                        "6.02214076e23",
                                        "6.62607015e-34"};
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(texts); i++)
        check(texts[i]);
}

static void agrees_on_random_doubles(void **state)
{
    char text[64];
    int i, digits;

    (void)state;
    random_state = 88172645463325252u;
    asked = answered = 0;
    for (i = 0; i < 100000; i++) {
        double value = double_of(random_next());

        if (!isfinite(value))
            continue;
        digits = 1 + (int)(random_next() % 19);
        snprintf(text, sizeof text, "%.*e", i % 2 ? 16 : digits, value);
        check(text);
        snprintf(text, sizeof text, "%.17g",
                 ldexp((double)(random_next() >> 11), -53 - (int)(random_next() % 40)));
        check(text);
    }
    assert_true(answered > asked - asked / 20); /* the fast path is the usual one */
}

/* Texts at and beside the exact middle between two doubles: what a careless fast path gets wrong.
 * The middle is written in full, and cut to 17 … 19 digits, where the dropped bits lie close to the
 * halfway pattern. */
static void agrees_on_halfway_cases(void **state)
{
    char text[1200];
    int i, digits;

    (void)state;
    random_state = 362436069362436069u;
    for (i = 0; i < 20000; i++) {
        /* m + 1/2 with 53-bit m: 54 bits, exact in long double only; scaled by a power of two */
        uint64_t odd = (random_next() >> 11 | UINT64_C(1) << 52) << 1 | 1;
        int exponent = (int)(random_next() % 120) - 90;

        snprintf(text, sizeof text, "%llu", (unsigned long long)odd);
        check(text);
        check(strcat(text, ".0"));
        text[strlen(text) - 1] = '1'; /* a hair above */
        check(text);
#if LDBL_MANT_DIG >= 64
        for (digits = 17; digits <= 21; digits++) {
            snprintf(text, sizeof text, "%.*Le", digits - 1, ldexpl((long double)odd, exponent));
            check(text);
        }
#endif
    }
#if LDBL_MANT_DIG >= 64
    for (i = 0; i < 500; i++) {
        uint64_t odd = (random_next() >> 11 | UINT64_C(1) << 52) << 1 | 1;

        snprintf(text, sizeof text, "%.800Le",
                 ldexpl((long double)odd, (int)(random_next() % 1800) - 1000));
        check(text);
        /* the exact tie, then a hair above it */
        memmove(strchr(text, 'e') + 1, strchr(text, 'e'), strlen(strchr(text, 'e')) + 1);
        strchr(text, 'e')[0] = '1';
        check(text);
    }
#endif
}

/* Below DBL_MIN more bits are dropped than usual: the middle between two subnormals, to the digits
 * a fast path takes. */
static void agrees_on_subnormal_halfway_cases(void **state)
{
    char text[64];
    int i, digits;

    (void)state;
    random_state = 123456789123456789u;
#if LDBL_MANT_DIG >= 64
    for (i = 0; i < 20000; i++) {
        uint64_t odd = random_next() >> (12 + random_next() % 52) | 1;

        for (digits = 17; digits <= 19; digits++) {
            snprintf(text, sizeof text, "%.*Le", digits - 1, ldexpl((long double)odd, -1075));
            check(text);
        }
    }
#else
    (void)text, (void)i, (void)digits;
    skip();
#endif
}

static void agrees_on_every_power_of_ten(void **state)
{
    static const char *const mantissas[] = {"1", "9007199254740993", "1234567890123456789",
                                            "9999999999999999999", "4503599627370497.5"};
    char text[64];
    int exponent;
    size_t i;

    (void)state;
    for (exponent = -370; exponent <= 345; exponent++)
        for (i = 0; i < PFL_COUNT(mantissas); i++) {
            snprintf(text, sizeof text, "%se%d", mantissas[i], exponent);
            check(text);
        }
}

static void reads_what_the_writer_wrote(void **state)
{
    struct pfl_json_writer w;
    struct pfl_buf buf;
    int i;

    (void)state;
    random_state = 521288629521288629u;
    pfl_buf_init(&buf, 4096);
    for (i = 0; i < 50000; i++) {
        double value = double_of(random_next()), back;

        if (!isfinite(value))
            continue;
        pfl_buf_clear(&buf);
        pfl_json_writer_init(&w, &buf, 0);
        pfl_json_number(&w, value);
        back = read_json(buf.data);
        assert_memory_equal(&back, &value, sizeof value);
        assert_true(buf.len <= 24);
    }
    pfl_buf_release(&buf);
}

static void no_locale_changes_a_number(void **state)
{
    static const char *const commas[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE",
                                         "fr_FR"};
    struct pfl_json_writer w;
    struct pfl_buf buf;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(commas); i++)
        if (setlocale(LC_ALL, commas[i]))
            break;
    if (i == PFL_COUNT(commas)) {
        print_message("# skip: no locale with a decimal comma is installed\n");
        skip();
    }
    assert_true(read_json("1.5") == 1.5);
    assert_true(read_json("2.2250738585072011e-308") == 2.2250738585072011e-308); /* strtod_l's */
    assert_true(read_json("1.50000000000000000000000000") == 1.5);
    pfl_buf_init(&buf, 4096);
    pfl_json_writer_init(&w, &buf, 0);
    pfl_json_number(&w, 1234567.5);
    setlocale(LC_ALL, "C");
    assert_string_equal(pfl_buf_cstr(&buf), "1234567.5");
    pfl_buf_release(&buf);
}

int test_base_decimal(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_on_edges),
        cmocka_unit_test(agrees_on_random_doubles),
        cmocka_unit_test(agrees_on_halfway_cases),
        cmocka_unit_test(agrees_on_subnormal_halfway_cases),
        cmocka_unit_test(agrees_on_every_power_of_ten),
        cmocka_unit_test(reads_what_the_writer_wrote),
        cmocka_unit_test(no_locale_changes_a_number),
    };

    return cmocka_run_group_tests_name("base/decimal", tests, NULL, NULL);
}
