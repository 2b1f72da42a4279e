/*
 * Quantities read from the command line, perfledger.yaml and gates, and numbers as text that reads
 * back exactly.
 *
 * Every reader is the same walk: an optional sign, a decimal number of our own grammar (no
 * hexadecimal, no "inf": a typing slip must not become a limit), then a suffix looked up in a
 * table. The number itself is base/decimal.h's, correctly rounded whatever setlocale() was told.
 */
#include "base/units.h"

#include "base/decimal.h"
#include "base/shortest.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SUFFIX_MAX = 64 };

struct suffix {
    const char *text;
    double factor;
};

#define KIBI 1024.0

static const struct suffix durations[] = {
    {"", 1},  {"ns", 1e-9}, {"us", 1e-6}, {"µs", 1e-6}, {"μs", 1e-6}, {"ms", 1e-3},
    {"s", 1}, {"sec", 1},   {"m", 60},    {"min", 60},  {"h", 3600},  {NULL, 0},
};
static const struct suffix ages[] = {
    {"s", 1},           {"min", 60},          {"h", 3600}, {"d", 86400},
    {"w", 7 * 86400.0}, {"y", 365 * 86400.0}, {NULL, 0},
};
static const struct suffix sizes[] = {
    {"", 1},
    {"B", 1},
    {"k", KIBI},
    {"K", KIBI},
    {"M", KIBI *KIBI},
    {"G", KIBI *KIBI *KIBI},
    {"T", KIBI *KIBI *KIBI *KIBI},
    {"KiB", KIBI},
    {"kiB", KIBI},
    {"MiB", KIBI *KIBI},
    {"GiB", KIBI *KIBI *KIBI},
    {"TiB", KIBI *KIBI *KIBI *KIBI},
    {"kB", 1e3},
    {"KB", 1e3},
    {"MB", 1e6},
    {"GB", 1e9},
    {"TB", 1e12},
    {NULL, 0},
};
static const struct suffix fractions[] = {{"", 1}, {"%", 0.01}, {NULL, 0}};
static const struct suffix factors[] = {{"", 1},  {"x", 1},    {"X", 1},
                                        {"×", 1}, {"%", 0.01}, {NULL, 0}};
static const struct suffix plain[] = {{"", 1}, {NULL, 0}};
static const struct suffix prefixes[] = {{"", 1},    {"k", 1e3},  {"M", 1e6},
                                         {"G", 1e9}, {"T", 1e12}, {NULL, 0}};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static size_t digits_at(const char *text)
{
    return strspn(text, "0123456789");
}

/* The length of a decimal number at text ("12", "1.5", ".5", "3.", "2e-3"), or 0. */
static size_t number_length(const char *text)
{
    size_t whole = digits_at(text), at = whole, part = 0, sign;

    if (text[at] == '.') {
        part = digits_at(text + at + 1);
        at += 1 + part;
    }
    if (whole + part == 0)
        return 0;
    if (text[at] == 'e' || text[at] == 'E') {
        sign = text[at + 1] == '+' || text[at + 1] == '-';
        part = digits_at(text + at + 1 + sign);
        at += part ? 1 + sign + part : 0;
    }
    return at;
}

static int refuse(struct pfl_err *err, const char *text, const char *kind, const char *examples)
{
    struct pfl_buf shown;

    pfl_buf_init(&shown, 4096);
    pfl_text_escape(&shown, text, strlen(text) < 80 ? strlen(text) : 80);
    pfl_err_set(err, PFL_EINVAL, "'%s' is not %s: write %s", pfl_buf_cstr(&shown), kind, examples);
    pfl_buf_release(&shown);
    return PFL_EINVAL;
}

/* [blanks][sign]number[blanks]suffix[blanks]; the suffix without its blanks is copied out. */
static bool read_parts(const char *text, double *number, char suffix[SUFFIX_MAX])
{
    char digits[128];
    size_t len, sign;

    while (is_blank(*text))
        text++;
    sign = *text == '-' || *text == '+';
    len = number_length(text + sign);
    if (len == 0 || sign + len >= sizeof digits)
        return false;
    memcpy(digits, text, sign + len);
    digits[sign + len] = 0;
    *number = pfl_decimal_read_text(digits);
    for (text += sign + len; is_blank(*text);)
        text++;
    for (len = strlen(text); len > 0 && is_blank(text[len - 1]);)
        len--;
    if (len >= SUFFIX_MAX)
        return false;
    memcpy(suffix, text, len);
    suffix[len] = 0;
    return isfinite(*number);
}

static const struct suffix *find_suffix(const struct suffix *table, const char *text)
{
    for (; table->text; table++)
        if (strcmp(table->text, text) == 0)
            return table;
    return NULL;
}

static bool read_with(const char *text, const struct suffix *table, double *value)
{
    char suffix[SUFFIX_MAX];
    const struct suffix *found;
    double number;

    if (!read_parts(text, &number, suffix))
        return false;
    found = find_suffix(table, suffix);
    /* dividing by 1e9 is exact where multiplying by 1e-9 is not: 7 ns stays the double nearest to
     * 7e-9 */
    if (found)
        *value = found->factor < 1 ? number / round(1 / found->factor) : number * found->factor;
    return found && isfinite(*value);
}

static int read_seconds(const char *text, double *seconds, struct pfl_err *err)
{
    double value;

    if (!read_with(text, durations, &value) || value < 0)
        return refuse(err, text, "a duration",
                      "1.5s, 200ms, 200us, 2m or 1h (a bare number is in seconds)");
    *seconds = value;
    return PFL_OK;
}

int pfl_units_read_duration(const char *text, int64_t *ns, struct pfl_err *err)
{
    double seconds;
    int rc = read_seconds(text, &seconds, err);

    if (rc < 0)
        return rc;
    if (seconds > 9e9)
        return refuse(err, text, "a duration of less than 285 years", "something shorter");
    *ns = (int64_t)llround(seconds * 1e9);
    return PFL_OK;
}

int pfl_units_read_age(const char *text, int64_t *ns, struct pfl_err *err)
{
    double seconds;

    if (!read_with(text, ages, &seconds) || seconds < 0)
        return refuse(err, text, "an age", "180d, 26w, 1y, 36h or 30min, with its unit");
    if (seconds > 9e9)
        return refuse(err, text, "an age of less than 285 years", "something younger");
    *ns = (int64_t)llround(seconds * 1e9);
    return PFL_OK;
}

int pfl_units_read_bytes(const char *text, double *bytes, struct pfl_err *err)
{
    double value;

    if (!read_with(text, sizes, &value) || value < 0)
        return refuse(err, text, "a size",
                      "512, 10MiB, 5kB or 1G (1G is 1 GiB, 5kB is 5000 bytes)");
    *bytes = value;
    return PFL_OK;
}

int pfl_units_read_fraction(const char *text, double *fraction, struct pfl_err *err)
{
    const char *at = text;
    double value;

    while (is_blank(*at))
        at++;
    if (pfl_text_starts(at, "±"))
        at += strlen("±");
    if (!read_with(at, fractions, &value))
        return refuse(err, text, "a percentage or fraction", "10% or 0.1");
    *fraction = value;
    return PFL_OK;
}

int pfl_units_read_number(const char *text, double *number, struct pfl_err *err)
{
    double value;

    if (!read_with(text, plain, &value))
        return refuse(err, text, "a number", "for instance 3 or 2.5e-3");
    *number = value;
    return PFL_OK;
}

int pfl_units_read_count(const char *text, int64_t lowest, int64_t highest, int64_t *count,
                         struct pfl_err *err)
{
    char kind[64] = "a whole number", examples[96];
    const char *at = text, *digits;
    int64_t value = 0;
    bool negative, fits = true;

    while (is_blank(*at))
        at++;
    negative = *at == '-';
    if (*at == '-' || *at == '+')
        at++;
    for (digits = at; *at >= '0' && *at <= '9'; at++) {
        if (value < (INT64_MIN + (*at - '0')) / 10)
            fits = false;
        else
            value = value * 10 - (*at - '0'); /* negative: INT64_MIN has no positive twin */
    }
    if (at == digits)
        fits = false;
    while (is_blank(*at))
        at++;
    if (!negative && value == INT64_MIN)
        fits = false;
    else if (!negative)
        value = -value;
    if (*at == 0 && fits && value >= lowest && value <= highest) {
        *count = value;
        return PFL_OK;
    }
    if (highest == INT64_MAX)
        snprintf(examples, sizeof examples, "%lld or more", (long long)lowest);
    else
        snprintf(examples, sizeof examples, "one from %lld to %lld", (long long)lowest,
                 (long long)highest);
    return refuse(err, text, kind, examples);
}

int pfl_units_read_factor(const char *text, double *factor, struct pfl_err *err)
{
    double value;

    if (!read_with(text, factors, &value) || value <= 0)
        return refuse(err, text, "a factor", "3x, 3 or 300%");
    *factor = value;
    return PFL_OK;
}

/* "12.3 M cells/s", "12M/s", "5e-8", "95%", "300 faults": an optional prefix, then the unit or
 * nothing. */
static int read_counted(const char *text, const char *unit, double *value, struct pfl_err *err)
{
    char suffix[SUFFIX_MAX], examples[128];
    const struct suffix *prefix;
    const char *shown = strcmp(unit, "1") == 0 ? "" : strcmp(unit, "1/s") == 0 ? "/s" : unit;
    size_t len, tail = strlen(shown);
    double number;

    snprintf(examples, sizeof examples, "for instance 5e-8, 300 or 1.2M%s%s",
             *shown == '/' ? "" : " ", shown);
    if (*shown == 0)
        snprintf(examples, sizeof examples, "for instance 5e-8, 300, 1.2M or 95%%");
    if (!read_parts(text, &number, suffix))
        return refuse(err, text, "a number", examples);
    if (*shown == 0 && strcmp(suffix, "%") == 0) {
        *value = number / 100;
        return PFL_OK;
    }
    len = strlen(suffix);
    if (tail && pfl_text_ends(suffix, shown))
        len -= tail;
    while (len > 0 && is_blank(suffix[len - 1]))
        len--;
    suffix[len] = 0;
    prefix = find_suffix(prefixes, suffix);
    if (!prefix)
        return refuse(err, text, "a number", examples);
    *value = number * prefix->factor;
    return PFL_OK;
}

/* "650 MiB/s", "650MB/s": as a size. */
static bool read_byte_rate(const char *text, double *value)
{
    char suffix[SUFFIX_MAX];
    const struct suffix *found;
    double number;
    size_t len;

    if (!read_parts(text, &number, suffix) || !pfl_text_ends(suffix, "B/s"))
        return false;
    len = strlen(suffix) - strlen("/s");
    suffix[len] = 0;
    found = find_suffix(sizes, suffix);
    if (found)
        *value = number * found->factor;
    return found && isfinite(*value);
}

int pfl_units_read_value(const char *text, const char *unit, double *value, struct pfl_err *err)
{
    if (strcmp(unit, "B/s") == 0 && read_byte_rate(text, value))
        return PFL_OK;
    switch (pfl_units_kind_of(unit)) {
    case PFL_UNITS_TIME: return read_seconds(text, value, err);
    case PFL_UNITS_BYTES: return pfl_units_read_bytes(text, value, err);
    case PFL_UNITS_PERCENT: return pfl_units_read_fraction(text, value, err);
    default: return read_counted(text, unit, value, err);
    }
}

static char *put(char *to, const char *from, int n)
{
    memcpy(to, from, (size_t)n);
    return to + n;
}

/* digits × 10^exponent as %.15g writes it, or with as many digits as there are: with an exponent
 * below 10^-4 and from 10^15 up. */
static size_t write_decimal(char *out, uint64_t digits, int exponent)
{
    char text[20], *end = text + sizeof text, *at = end, *to = out;
    int n, point;

    for (; digits; digits /= 10)
        *--at = (char)('0' + digits % 10);
    n = (int)(end - at);
    point = n + exponent; /* so many digits before it */
    if (point < -3 || point > (n > 15 ? n : 15)) {
        *to++ = *at;
        if (n > 1)
            *to++ = '.';
        to = put(to, at + 1, n - 1);
        to += snprintf(to, sizeof "e-308", "e%+03d", point - 1);
        return (size_t)(to - out);
    }
    if (point <= 0) {
        to = put(to, "0.000", 2 - point);
        to = put(to, at, n);
    } else if (n <= point) {
        to = put(to, at, n);
        to = put(to, "00000000000000", point - n);
    } else {
        to = put(to, at, point);
        *to++ = '.';
        to = put(to, at + point, n - point);
    }
    *to = 0;
    return (size_t)(to - out);
}

size_t pfl_units_number_text(char out[PFL_UNITS_NUMBER_MAX], double value)
{
    const char *special = isnan(value)   ? "NaN"
                          : isinf(value) ? "Infinity"
                          : value == 0   ? "0"
                                         : NULL;
    size_t sign = signbit(value) != 0 && !isnan(value);
    uint64_t digits;
    int exponent;

    out[0] = '-';
    if (special)
        return sign + (size_t)snprintf(out + sign, PFL_UNITS_NUMBER_MAX - sign, "%s", special);
    digits = pfl_shortest(fabs(value), &exponent);
    return sign + write_decimal(out + sign, digits, exponent);
}
