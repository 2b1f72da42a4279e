/* Units as tools write them: what is stored and the exact factor; what is not known stays itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/build.h"

int test_formats_unit(void);

static void units_are_known(void **state)
{
    static const struct {
        const char *unit, *stored;
        double factor;
    } cases[] = {
        {"s", "s", 1},
        {"ns", "s", 1e-9},
        {"us", "s", 1e-6},
        {"\xc2\xb5s", "s", 1e-6}, /* micro sign */
        {"\xce\xbcs", "s", 1e-6}, /* Greek mu */
        {"ps", "s", 1e-12},
        {"min", "s", 60},
        {"h", "s", 3600},
        {"seconds", "s", 1},
        {"ns/op", "s", 1e-9},
        {"ns/iter", "s", 1e-9},
        {"ms/call", "s", 1e-3},
        {"B/op", "B", 1},
        {"KiB", "B", 1024},
        {"kB", "B", 1000},
        {"KB", "B", 1000},
        {"GiB", "B", 1073741824.0},
        {"B/s", "B/s", 1},
        {"MB/s", "B/s", 1e6},
        {"MB/sec", "B/s", 1e6},
        {"MiB/ms", "B/s", 1048576e3},
        {"ops/s", "1/s", 1},
        {"ops/sec", "1/s", 1},
        {"op/ms", "1/s", 1e3},
        {"ops/us", "1/s", 1e6},
        {"ops/ns", "1/s", 1e9}, /* not 1 / 1e-9 */
        {"iter/sec", "1/s", 1},
        {"ops/min", "1/s", 1.0 / 60},
        {"1/s", "1/s", 1},
        {"kHz", "1/s", 1e3},
        {"%", "1", 0.01},
        {"percent", "1", 0.01},
        {"1", "1", 1},
        /* nothing is guessed */
        {"m", "m", 1},
        {"req/s", "req/s", 1},
        {"req/ms", "req/ms", 1},
        {"Megabytes", "Megabytes", 1},
        {"points", "points", 1},
        {"allocs/op", "allocs/op", 1},
        {"NS", "NS", 1},
        {"n s", "n s", 1},
        {"/", "/", 1},
        {"/s", "/s", 1},
        {"s/", "s/", 1},
        {"a/b/c", "a/b/c", 1},
        {"\xff", "\xff", 1},
    };
    const char *stored;
    double factor;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        assert_true(pfl_build_unit(cases[i].unit, &stored, &factor));
        if (factor != cases[i].factor)
            print_message("%s\n", cases[i].unit);
        assert_string_equal(stored, cases[i].stored);
        assert_true(factor == cases[i].factor);
    }
    assert_false(pfl_build_unit("", &stored, &factor));
}

int test_formats_unit(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_are_known),
    };

    return cmocka_run_group_tests_name("formats_unit", tests, NULL, NULL);
}
