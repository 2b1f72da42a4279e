/*
 * Decimal text to double, correctly rounded in every locale: what the JSON reader needs of strtod,
 * several times faster. First the text is scanned, then the digits become a number.
 */
#ifndef PFL_BASE_DECIMAL_H
#define PFL_BASE_DECIMAL_H

#include "base/macros.h"

#include <stdbool.h>
#include <stdint.h>

/* ±mantissa × 10^exponent: what a scanner collected from digits, point and exponent. */
struct pfl_decimal {
    uint64_t mantissa; /* the first 19 significant digits (fewer than 2^64) */
    long digits;       /* significant digits met; above 19 the mantissa is not the whole number */
    long exponent;     /* of ten; may be clamped beyond ±100000 */
    bool negative;
    bool whole;       /* neither fraction nor exponent was written */
    bool lacks_digit; /* scanning stopped where a digit must stand */
};

enum { PFL_DECIMAL_DIGITS_MAX = 19 };

/* Scans a number in JSON's grammar that starts at p (p < end): answers where it is over, or where a
 * digit is missing (lacks_digit). When that is `end`, more digits may have followed. */
const char *pfl_decimal_scan(struct pfl_decimal *decimal, const char *p, const char *end);

/* The nearest double (ties to even; ±infinity beyond the range), or false where only
 * pfl_decimal_read_text can tell. */
bool pfl_decimal_read(const struct pfl_decimal *decimal, double *value);

/* The same from the number's own 0-terminated text, by strtod_l in the C locale: always exact. */
double pfl_decimal_read_text(const char *text);

#endif
