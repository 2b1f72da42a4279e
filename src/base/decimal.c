/*
 * How digits become the nearest double without strtod's cost.
 *
 * 1. Clinger's fast path (W. D. Clinger, "How to read floating point numbers accurately", PLDI
 * 1990): a mantissa up to 2^53 and a power of ten up to 10^22 are exact doubles, so one
 * multiplication or division rounds correctly.
 * 2. Up to 19 digits the mantissa w < 2^64 is exact in an x87 long double (64-bit mantissa). The
 * power of ten is the product of an exact one (10^0 … 10^27: 5^27 < 2^64) and a correctly rounded
 * one (10^28k). Three roundings follow, each of at most 2^-64 of the value, so the result lies
 * within 3 + epsilon units of its last bit. Narrowing to 53 bits drops 11 bits; it can go wrong
 * only when those bits lie within 4 of the halfway pattern 100 0000 0000, and then (9 in 2048) we
 * do not answer. Subnormal results have more bits to drop: not answered either.
 * 3. Everything else is strtod_l's, in a C locale of our own: setlocale() elsewhere in the process
 * cannot turn the point into a comma.
 *
 * Where long double is something else, or an emulator computes it with fewer bits (valgrind), step
 * 2 is left out.
 */
#include "base/decimal.h"

#include "base/err.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { EXPONENT_MAX = 100000 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *scan_digits(struct pfl_decimal *d, const char *p, const char *end)
{
    for (; p < end && is_digit(*p); p++) {
        if (d->digits < PFL_DECIMAL_DIGITS_MAX)
            d->mantissa = d->mantissa * 10 + (uint64_t)(*p - '0');
        d->digits += d->mantissa != 0;
    }
    return p;
}

static const char *scan_exponent(struct pfl_decimal *d, const char *p, const char *end)
{
    bool negative = p < end && *p == '-';
    const char *first;
    long exponent = 0;

    p += p < end && (*p == '-' || *p == '+');
    for (first = p; p < end && is_digit(*p); p++)
        if (exponent < EXPONENT_MAX)
            exponent = exponent * 10 + (*p - '0');
    d->lacks_digit = p == first;
    d->exponent += negative ? -exponent : exponent;
    return p;
}

const char *pfl_decimal_scan(struct pfl_decimal *d, const char *p, const char *end)
{
    const char *first;

    *d = (struct pfl_decimal){.negative = *p == '-', .whole = true};
    first = p + d->negative;
    p = first < end && *first == '0' ? first + 1 : scan_digits(d, first, end);
    d->lacks_digit = p == first;
    if (p < end && *p == '.' && !d->lacks_digit) {
        d->whole = false;
        first = p + 1;
        p = scan_digits(d, first, end);
        d->exponent = first - p;
        d->lacks_digit = p == first;
    }
    if (p < end && (*p == 'e' || *p == 'E') && !d->lacks_digit) {
        d->whole = false;
        p = scan_exponent(d, p + 1, end);
    }
    return p;
}

#if LDBL_MANT_DIG == 64 && (defined(__x86_64__) || defined(__i386__))
#define HAVE_X87 1
#endif

#if FLT_EVAL_METHOD == 0
static bool read_clinger(uint64_t mantissa, long exponent, double *value)
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

    if (mantissa > UINT64_C(1) << 53 || exponent < -22 || exponent > 22)
        return false;
    *value = exponent < 0 ? (double)mantissa / tens[-exponent] : (double)mantissa * tens[exponent];
    return true;
}
#else /* intermediate results are wider than double: the one operation would round twice */
static bool read_clinger(uint64_t mantissa, long exponent, double *value)
{
    (void)mantissa, (void)exponent, (void)value;
    return false;
}
#endif

#ifdef HAVE_X87
enum { EXACT = 28, STEPS = 13, DROPPED = 11, MARGIN = 4 };

static bool x87_is_whole(void)
{
    static atomic_int known; /* 0: not yet asked, 1: all 64 bits, 2: fewer */
    volatile long double one = 1.0L;

    if (known == 0)
        known = one + LDBL_EPSILON != one && (double)(one + LDBL_EPSILON) == 1.0 ? 1 : 2;
    return known == 1;
}

static bool read_extended(uint64_t mantissa, long exponent, double *value)
{
    static const long double exact[EXACT] = {1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,
                                             1e7L,  1e8L,  1e9L,  1e10L, 1e11L, 1e12L, 1e13L,
                                             1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L, 1e20L,
                                             1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L};
    static const long double rounded[STEPS] = {1e0L,   1e28L,  1e56L,  1e84L,  1e112L,
                                               1e140L, 1e168L, 1e196L, 1e224L, 1e252L,
                                               1e280L, 1e308L, 1e336L};
    long size = exponent < 0 ? -exponent : exponent;
    long double power, result;
    uint64_t bits;
    long dropped;

    if (size >= EXACT * STEPS || !x87_is_whole())
        return false;
    power = exact[size % EXACT] * rounded[size / EXACT];
    result = exponent < 0 ? (long double)mantissa / power : (long double)mantissa * power;
    if (result < (long double)DBL_MIN)
        return false;
    memcpy(&bits, &result, sizeof bits); /* x87 keeps the mantissa in the first eight bytes */
    dropped = (long)(bits & ((1U << DROPPED) - 1)) - (1L << (DROPPED - 1));
    if (dropped >= -MARGIN && dropped <= MARGIN)
        return false;
    *value = (double)result;
    return true;
}
#else
static bool read_extended(uint64_t mantissa, long exponent, double *value)
{
    (void)mantissa, (void)exponent, (void)value;
    return false;
}
#endif

bool pfl_decimal_read(const struct pfl_decimal *decimal, double *value)
{
    double size = 0;

    if (decimal->digits > PFL_DECIMAL_DIGITS_MAX)
        return false;
    if (decimal->mantissa != 0 && !read_clinger(decimal->mantissa, decimal->exponent, &size) &&
        !read_extended(decimal->mantissa, decimal->exponent, &size))
        return false;
    *value = decimal->negative ? -size : size;
    return true;
}

double pfl_decimal_read_text(const char *text)
{
    static _Atomic(locale_t) c_locale; /* made once; two threads that race make the same one */

    if (!c_locale)
        c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c_locale)
        PFL_BUG("the C library has no C locale");
    return strtod_l(text, NULL, c_locale);
}
