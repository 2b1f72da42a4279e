/* Quantities written and read, by tables; number text that reads back exactly, under another locale
 * too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/units.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void quantities_are_written_for_people(void **state)
{
    static const struct {
        double value;
        const char *unit;
        int digits;
        const char *text;
    } cases[] = {
        {0.00143, "s", 3, "1.43 ms"},
        {0.99999, "s", 3, "1.00 s"},
        {0.99996, "s", 3, "1.00 s"},
        {0.9994, "s", 3, "999 ms"},
        {0.9996, "s", 4, "999.6 ms"},
        {9.9996e-4, "s", 3, "1.00 ms"},
        {999.96e-9, "s", 3, "1.00 µs"},
        {0.35e-9, "s", 3, "0.350 ns"},
        {12.34e-9, "s", 3, "12.3 ns"},
        {9.996e-3, "s", 3, "10.0 ms"},
        {99.96e-3, "s", 3, "100 ms"},
        {1, "s", 3, "1.00 s"},
        {119, "s", 3, "119 s"},
        {119.96, "s", 3, "2.00 min"},
        {150, "s", 3, "2.50 min"},
        {7199.9, "s", 3, "2.00 h"},
        {7.3e6, "s", 3, "2028 h"},
        {0, "s", 3, "0 s"},
        {-0.00143, "s", 3, "-1.43 ms"},
        {512, "B", 3, "512 B"},
        {7, "B", 3, "7 B"},
        {1023.7, "B", 3, "1.00 KiB"},
        {1023.9 * 1024, "B", 3, "1.00 MiB"},
        {19084083, "B", 3, "18.2 MiB"},
        {1e16, "B", 3, "9095 TiB"},
        {12.3e6, "1/s", 3, "12.3 M/s"},
        {12.34, "1/s", 3, "12.3 /s"},
        {12.3e6, "cells/s", 3, "12.3 M cells/s"},
        {999.6e3, "cells/s", 3, "1.00 M cells/s"},
        {650.4 * 1048576, "B/s", 3, "650 MiB/s"},
        {512, "B/s", 3, "512 B/s"},
        {1023.7, "B/s", 3, "1.00 KiB/s"},
        {0.5, "B/s", 3, "0.500 B/s"},
        {12, "1", 3, "12"},
        {123, "faults", 3, "123 faults"},
        {1234567, "1", 3, "1.23 M"},
        {0.95, "1", 3, "0.950"},
        {5e-8, "1", 3, "5.00e-8"},
        {5e-12, "1", 3, "5.00e-12"},
        {0.0314, "%", 3, "3.14 %"},
        {NAN, "s", 3, "–"},
        {INFINITY, "B", 3, "∞"},
        {-INFINITY, "1", 3, "-∞"},
        {DBL_MAX, "s", 3, NULL}, /* only: it ends and fits */
        {DBL_MIN, "s", 3, NULL},
    };
    struct pfl_buf buf;
    size_t i;

    (void)state;
    pfl_buf_init(&buf, 2000);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_buf_clear(&buf);
        pfl_units_write(&buf, cases[i].value, cases[i].unit, cases[i].digits);
        assert_int_equal(buf.error, 0);
        if (cases[i].text)
            assert_string_equal(pfl_buf_cstr(&buf), cases[i].text);
    }
    pfl_buf_release(&buf);
}

static void a_scale_can_be_shared(void **state)
{
    struct pfl_units_scale scale = pfl_units_scale_for(0.00162, "s");
    struct pfl_buf buf;

    (void)state;
    pfl_buf_init(&buf, 100);
    pfl_units_write_scaled(&buf, 0.00139, &scale, 3);
    pfl_buf_text(&buf, " … ");
    pfl_units_write_scaled(&buf, 0.0009, &scale, 3);
    pfl_buf_char(&buf, ' ');
    pfl_buf_text(&buf, scale.suffix);
    assert_string_equal(pfl_buf_cstr(&buf), "1.39 … 0.900 ms");
    scale = pfl_units_scale_for(0.99999, "s");
    assert_string_equal(scale.suffix, "s");
    scale = pfl_units_scale_for(NAN, "cells/s");
    assert_string_equal(scale.suffix, "cells/s");
    scale = pfl_units_scale_for(1e6, "éééééééééééééééééééééééééééééééééééééééé");
    assert_true(pfl_text_starts(scale.suffix, "M éé"));
    assert_true(pfl_text_is_utf8(scale.suffix, strlen(scale.suffix)));
    pfl_buf_release(&buf);
}

static void errors_decide_the_decimals(void **state)
{
    static const struct {
        double value, error;
        const char *unit, *text;
    } cases[] = {
        {0.0014321, 0.0000213, "s", "1.43 ± 0.02 ms"},
        {0.0014321, 0.0000123, "s", "1.432 ± 0.012 ms"},
        {0.0014321, 0.0014, "s", "1.4 ± 1.4 ms"},
        {0.143, 0.021, "s", "143 ± 21 ms"},
        {0.143, 0.0021, "s", "143 ± 2 ms"},
        {0.9999, 0.0004, "s", "999.9 ± 0.4 ms"},
        {0.99996, 0.0004, "s", "1.0000 ± 0.0004 s"},
        {0.0014321, 0, "s", "1.43 ± 0 ms"},
        {0.0014321, NAN, "s", "1.43 ms"},
        {0.0014321, 1e-12, "s", "1.43210 ± 0.00000 ms"},
        {0, 0, "s", "0 ± 0 s"},
        {19084083, 200000, "B", "18.2 ± 0.2 MiB"},
        {3e-9, 0, "1", "3.00e-9 ± 0"},
        {3.14e-9, 2e-11, "1", "3.14e-9 ± 2.0e-11"},
        {NAN, 1, "s", "–"},
    };
    struct pfl_buf buf;
    size_t i;

    (void)state;
    pfl_buf_init(&buf, 100);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_buf_clear(&buf);
        pfl_units_write_plus_minus(&buf, cases[i].value, cases[i].error, cases[i].unit);
        assert_string_equal(pfl_buf_cstr(&buf), cases[i].text);
    }
    pfl_buf_release(&buf);
}

static void changes_and_durations(void **state)
{
    static const struct {
        void (*write)(struct pfl_buf *buf, double value);
        double value;
        const char *text;
    } cases[] = {
        {pfl_units_write_change, 1.034, "+3.4 %"},
        {pfl_units_write_change, 0.5, "-50.0 %"},
        {pfl_units_write_change, 3.2, "3.20×"},
        {pfl_units_write_change, 2, "2.00×"},
        {pfl_units_write_change, 1.9999, "2.00×"},
        {pfl_units_write_change, 1.999, "+99.9 %"},
        {pfl_units_write_change, 1, "0.0 %"},
        {pfl_units_write_change, 0.9999, "0.0 %"},
        {pfl_units_write_change, 1.0001, "0.0 %"},
        {pfl_units_write_change, 123.4, "123×"},
        {pfl_units_write_change, NAN, "–"},
        {pfl_units_write_change, INFINITY, "∞"},
        {pfl_units_write_change, 0, "-100.0 %"},
        {pfl_units_write_duration, 0, "0 ms"},
        {pfl_units_write_duration, 0.85, "850 ms"},
        {pfl_units_write_duration, 0.9999, "1.0 s"},
        {pfl_units_write_duration, 1.44, "1.4 s"},
        {pfl_units_write_duration, 9.97, "10 s"},
        {pfl_units_write_duration, 12.3, "12 s"},
        {pfl_units_write_duration, 59.6, "1 min 00 s"},
        {pfl_units_write_duration, 200, "3 min 20 s"},
        {pfl_units_write_duration, 3599.7, "1 h 00 min"},
        {pfl_units_write_duration, 7500, "2 h 05 min"},
        {pfl_units_write_duration, -3, "0 ms"},
        {pfl_units_write_duration, NAN, "–"},
    };
    struct pfl_buf buf;
    size_t i;

    (void)state;
    pfl_buf_init(&buf, 100);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_buf_clear(&buf);
        cases[i].write(&buf, cases[i].value);
        assert_string_equal(pfl_buf_cstr(&buf), cases[i].text);
    }
    pfl_buf_release(&buf);
}

static void durations_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t ns; /* -1: refused */
    } cases[] = {
        {"1.5s", 1500000000},
        {"200ms", 200000000},
        {"200μs", 200000},
        {"200µs", 200000},
        {"200us", 200000},
        {"7ns", 7},
        {"2m", 120000000000},
        {"1h", 3600000000000},
        {"3", 3000000000},
        {" 4 s ", 4000000000},
        {".5s", 500000000},
        {"1e-3s", 1000000},
        {"+1s", 1000000000},
        {"0", 0},
        {"2min", 120000000000},
        {"", -1},
        {"s", -1},
        {"1,5s", -1},
        {"1.5 parsec", -1},
        {"-1s", -1},
        {"0x10", -1},
        {"inf", -1},
        {"nan", -1},
        {"1e400", -1},
        {"1e300h", -1},
        {"1s 2", -1},
        {"1..5s", -1},
        {"1S", -1},
        {"400000000h", -1},
        {"1e", -1},
    };
    struct pfl_err err;
    int64_t ns;
    size_t i;
    int rc;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        ns = 4711;
        rc = pfl_units_read_duration(cases[i].text, &ns, &err);
        if (rc != (cases[i].ns < 0 ? PFL_EINVAL : PFL_OK) ||
            ns != (cases[i].ns < 0 ? 4711 : cases[i].ns))
            fail_msg("'%s': %d, %lld", cases[i].text, rc, (long long)ns);
    }
    pfl_units_read_duration("1,5\ns", &ns, &err);
    assert_string_equal(err.message,
                        "'1,5\\ns' is not a duration: write 1.5s, 200ms, 200us, 2m or 1h "
                        "(a bare number is in seconds)");
}

typedef int read_fn(const char *text, double *value, struct pfl_err *err);

static int read_as_seconds(const char *text, double *value, struct pfl_err *err)
{
    return pfl_units_read_value(text, "s", value, err);
}

static int read_as_one(const char *text, double *value, struct pfl_err *err)
{
    return pfl_units_read_value(text, "1", value, err);
}

static int read_as_cells(const char *text, double *value, struct pfl_err *err)
{
    return pfl_units_read_value(text, "cells/s", value, err);
}

static int read_as_byte_rate(const char *text, double *value, struct pfl_err *err)
{
    return pfl_units_read_value(text, "B/s", value, err);
}

static int read_as_rate(const char *text, double *value, struct pfl_err *err)
{
    return pfl_units_read_value(text, "1/s", value, err);
}

static int read_as_bytes(const char *text, double *value, struct pfl_err *err)
{
    return pfl_units_read_value(text, "B", value, err);
}

static int read_as_age(const char *text, double *value, struct pfl_err *err)
{
    int64_t ns;
    int rc = pfl_units_read_age(text, &ns, err);

    if (rc == PFL_OK)
        *value = (double)ns / 1e9;
    return rc;
}

static void numbers_are_read(void **state)
{
    static const struct {
        read_fn *read;
        const char *text;
        double value; /* NaN: refused */
    } cases[] = {
        {read_as_age, "180d", 180 * 86400.0},
        {read_as_age, "26w", 182 * 86400.0},
        {read_as_age, "1.5y", 1.5 * 365 * 86400},
        {read_as_age, "36 h", 36 * 3600.0},
        {read_as_age, "30min", 1800},
        {read_as_age, "0s", 0},
        {read_as_age, "180", NAN}, /* of what? */
        {read_as_age, "6m", NAN},  /* months, or minutes? */
        {read_as_age, "-1d", NAN},
        {read_as_age, "300y", NAN},
        {read_as_age, "1D", NAN},
        {pfl_units_read_bytes, "10MiB", 10485760},
        {pfl_units_read_bytes, "5kB", 5000},
        {pfl_units_read_bytes, "1G", 1073741824},
        {pfl_units_read_bytes, "512", 512},
        {pfl_units_read_bytes, "512 B", 512},
        {pfl_units_read_bytes, "-1", NAN},
        {pfl_units_read_bytes, "1 Mb", NAN},
        {read_as_bytes, "2k", 2048},
        {pfl_units_read_fraction, "10%", 0.1},
        {pfl_units_read_fraction, "10 %", 0.1},
        {pfl_units_read_fraction, "±0.4%", 0.004},
        {pfl_units_read_fraction, "0.1", 0.1},
        {pfl_units_read_fraction, "7%", 0.07},
        {pfl_units_read_fraction, "-5%", -0.05},
        {pfl_units_read_fraction, "10%%", NAN},
        {pfl_units_read_fraction, "ten", NAN},
        {pfl_units_read_number, "3", 3},
        {pfl_units_read_number, "-2.5e-3", -0.0025},
        {pfl_units_read_number, "3x", NAN},
        {pfl_units_read_number, "1e999", NAN},
        {pfl_units_read_factor, "3x", 3},
        {pfl_units_read_factor, "3×", 3},
        {pfl_units_read_factor, "3", 3},
        {pfl_units_read_factor, "300%", 3},
        {pfl_units_read_factor, "0", NAN},
        {pfl_units_read_factor, "-2x", NAN},
        {read_as_seconds, "50ms", 0.05},
        {read_as_seconds, "0.3ns", 0.3e-9},
        {read_as_seconds, "7ns", 7e-9},
        {read_as_seconds, "2", 2},
        {read_as_one, "5e-8", 5e-8},
        {read_as_one, "95%", 0.95},
        {read_as_one, "1.2M", 1.2e6},
        {read_as_one, "5 apples", NAN},
        {read_as_cells, "12.5M cells/s", 12.5e6},
        {read_as_cells, "12.5 M cells/s", 12.5e6},
        {read_as_cells, "12.5e6", 12.5e6},
        {read_as_cells, "3 cells/s", 3},
        {read_as_cells, "3 cells", NAN},
        {read_as_rate, "12M/s", 12e6},
        {read_as_rate, "12 /s", 12},
        {read_as_rate, "12 Q/s", NAN},
        {read_as_byte_rate, "650 MiB/s", 650 * 1048576.0},
        {read_as_byte_rate, "5kB/s", 5000},
        {read_as_byte_rate, "512 B/s", 512},
        {read_as_byte_rate, "12.5M B/s", 12.5e6},
        {read_as_byte_rate, "12.5e6", 12.5e6},
        {read_as_byte_rate, "3 MiB", NAN},
    };
    struct pfl_err err;
    double value;
    size_t i;
    int rc;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        value = -4711;
        rc = cases[i].read(cases[i].text, &value, &err);
        if (isnan(cases[i].value) ? rc != PFL_EINVAL || value != -4711
                                  : rc != PFL_OK || value != cases[i].value)
            fail_msg("'%s': %d, %.17g", cases[i].text, rc, value);
    }
}

static void counts_are_whole_and_in_range(void **state)
{
    static const struct {
        const char *text;
        int64_t lowest, highest, count;
        bool fine;
    } cases[] = {
        {"5", 1, 10, 5, true},
        {" 10 ", 1, 10, 10, true},
        {"+7", 1, 10, 7, true},
        {"-3", -5, 5, -3, true},
        {"9223372036854775807", 0, INT64_MAX, INT64_MAX, true},
        {"-9223372036854775808", INT64_MIN, 0, INT64_MIN, true},
        {"9223372036854775808", 0, INT64_MAX, 0, false},
        {"-9223372036854775809", INT64_MIN, 0, 0, false},
        {"99999999999999999999999", 0, INT64_MAX, 0, false},
        {"11", 1, 10, 0, false},
        {"0", 1, 10, 0, false},
        {"", 0, 10, 0, false},
        {"-", -1, 10, 0, false},
        {"1.5", 0, 10, 0, false},
        {"1e1", 0, 10, 0, false},
        {"5x", 0, 10, 0, false},
    };
    struct pfl_err err;
    int64_t count;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        count = 4711;
        assert_int_equal(
            pfl_units_read_count(cases[i].text, cases[i].lowest, cases[i].highest, &count, &err),
            cases[i].fine ? PFL_OK : PFL_EINVAL);
        assert_true(count == (cases[i].fine ? cases[i].count : 4711));
    }
    pfl_units_read_count("3", 5, INT64_MAX, &count, &err);
    assert_string_equal(err.message, "'3' is not a whole number: write 5 or more");
    pfl_units_read_count("x", 1, 9, &count, &err);
    assert_string_equal(err.message, "'x' is not a whole number: write one from 1 to 9");
}

static void number_text_is_short_and_exact(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {-0.0, "-0"},
        {0.1, "0.1"},
        {1e-9, "1e-09"},
        {1.0 / 3, "0.3333333333333333"},
        {1, "1"},
        {-17, "-17"},
        {1e15, "1e+15"},
        {1e22, "1e+22"},
        {123456789012345, "123456789012345"},
        {NAN, "NaN"},
        {INFINITY, "Infinity"},
        {-INFINITY, "-Infinity"},
        {5e-324, "5e-324"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {DBL_MIN, "2.2250738585072014e-308"},
        {9007199254740993.0, "9007199254740992"},
        {0.30000000000000004, "0.30000000000000004"},
    };
    char text[PFL_UNITS_NUMBER_MAX];
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        assert_int_equal(pfl_units_number_text(text, cases[i].value), strlen(cases[i].text));
        assert_string_equal(text, cases[i].text);
        if (!isnan(cases[i].value))
            assert_true(strtod(text, NULL) == cases[i].value);
    }
}

static void any_double_reads_back(void **state)
{
    char text[PFL_UNITS_NUMBER_MAX];
    uint64_t bits = 88172645463325252u;
    struct pfl_err err;
    double value, back;
    int i;

    (void)state;
    for (i = 0; i < 20000; i++) {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        assert_true(pfl_units_number_text(text, value) < PFL_UNITS_NUMBER_MAX);
        assert_int_equal(pfl_units_read_number(text, &back, &err), PFL_OK);
        assert_memory_equal(&value, &back, sizeof value);
    }
}

static void no_locale_is_involved(void **state)
{
    static const char *const comma_locales[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8",
                                                "ps_AF.UTF-8"};
    char text[PFL_UNITS_NUMBER_MAX];
    struct pfl_err err;
    struct pfl_buf buf;
    double number;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(comma_locales); i++)
        if (setlocale(LC_NUMERIC, comma_locales[i]))
            break;
    if (i == PFL_COUNT(comma_locales))
        skip(); /* no such locale is installed here */
    pfl_buf_init(&buf, 100);
    pfl_units_write(&buf, 0.00143, "s", 3);
    pfl_units_number_text(text, 0.1);
    pfl_units_read_number("2.5", &number, &err);
    setlocale(LC_NUMERIC, "C");
    assert_string_equal(pfl_buf_cstr(&buf), "1.43 ms");
    assert_string_equal(text, "0.1");
    assert_true(number == 2.5);
    pfl_buf_release(&buf);
}

int test_base_units(void);

int test_base_units(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantities_are_written_for_people),
        cmocka_unit_test(a_scale_can_be_shared),
        cmocka_unit_test(errors_decide_the_decimals),
        cmocka_unit_test(changes_and_durations),
        cmocka_unit_test(durations_are_read),
        cmocka_unit_test(numbers_are_read),
        cmocka_unit_test(counts_are_whole_and_in_range),
        cmocka_unit_test(number_text_is_short_and_exact),
        cmocka_unit_test(any_double_reads_back),
        cmocka_unit_test(no_locale_is_involved),
    };

    return cmocka_run_group_tests_name("base/units", tests, NULL, NULL);
}
