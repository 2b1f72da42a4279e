/*
 * Quantities written for people.
 *
 * The scale (ns … h, B … TiB, k … T) is chosen after rounding: 999.96 ms has to become "1.00 s",
 * not "1000 ms", so a value is first rounded to the digits it will be shown with and moves one
 * scale up when that reaches the border. All number text goes through fixed_text(), which puts a
 * `.` where the process's locale has another decimal point: the library must not change the locale
 * of whoever calls it, and reports must not depend on it.
 */
#include "base/units.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct step {
    double factor; /* shown = stored * factor */
    double until;  /* stored values from here on belong to the next step */
    const char *suffix;
};

#define KIBI 1024.0

static const struct step time_steps[] = {
    {1e9, 1e-6, "ns"}, {1e6, 1e-3, "µs"},       {1e3, 1, "ms"},
    {1, 120, "s"},     {1 / 60.0, 7200, "min"}, {1 / 3600.0, INFINITY, "h"},
};
static const struct step byte_steps[] = {
    {1, KIBI, "B"},
    {1 / KIBI, KIBI *KIBI, "KiB"},
    {1 / (KIBI * KIBI), KIBI *KIBI *KIBI, "MiB"},
    {1 / (KIBI * KIBI * KIBI), KIBI *KIBI *KIBI *KIBI, "GiB"},
    {1 / (KIBI * KIBI * KIBI * KIBI), INFINITY, "TiB"},
};
static const struct step count_steps[] = {
    {1, 1e3, ""}, {1e-3, 1e6, "k"}, {1e-6, 1e9, "M"}, {1e-9, 1e12, "G"}, {1e-12, INFINITY, "T"},
};
static const struct step percent_steps[] = {{100, INFINITY, "%"}};

/* Replaces whatever stands between the digits as a decimal point (a locale's may be several bytes)
 * by `.`. */
static size_t fix_point(char *text)
{
    char *from = text + strspn(text, "+-0123456789"), *to = from;

    if (*from == 0 || *from == '.' || *from == 'e')
        return strlen(text);
    *to++ = '.';
    from += strcspn(from, "+-0123456789e");
    memmove(to, from, strlen(from) + 1);
    return strlen(text);
}

static void fixed_text(struct pfl_buf *buf, double shown, int decimals)
{
    char text[400];

    snprintf(text, sizeof text, "%.*f", decimals, shown);
    fix_point(text);
    pfl_buf_text(buf, text);
}

static double round_to(double value, int decimals)
{
    double scale = pow(10, decimals);

    return round(value * scale) / scale;
}

/* Decimals that give `value` that many significant digits, seen after rounding: 9.996 has one
 * decimal of three digits. */
static int decimals_for(double value, int digits)
{
    int decimals, i;

    value = fabs(value);
    if (value == 0)
        return 0;
    for (i = 0, decimals = 0; i < 2; i++) {
        decimals = digits - 1 - (int)floor(log10(value));
        decimals = decimals < 0 ? 0 : decimals > 30 ? 30 : decimals;
        value = round_to(value, decimals);
        if (value == 0)
            break;
    }
    return decimals;
}

enum pfl_units_kind pfl_units_kind_of(const char *unit)
{
    if (strcmp(unit, "s") == 0)
        return PFL_UNITS_TIME;
    if (strcmp(unit, "B") == 0)
        return PFL_UNITS_BYTES;
    if (strcmp(unit, "%") == 0)
        return PFL_UNITS_PERCENT;
    return pfl_text_ends(unit, "/s") ? PFL_UNITS_RATE : PFL_UNITS_COUNT;
}

/* In the steps that sizes have: 650 MiB/s. */
static bool is_byte_rate(const char *unit)
{
    return strcmp(unit, "B/s") == 0;
}

static const struct step *steps_of(const char *unit)
{
    if (is_byte_rate(unit))
        return byte_steps;
    switch (pfl_units_kind_of(unit)) {
    case PFL_UNITS_TIME: return time_steps;
    case PFL_UNITS_BYTES: return byte_steps;
    case PFL_UNITS_PERCENT: return percent_steps;
    default: return count_steps;
    }
}

static const struct step *step_for(double value, const char *unit)
{
    const struct step *step = steps_of(unit);

    value = fabs(value);
    if (value == 0 && pfl_units_kind_of(unit) == PFL_UNITS_TIME)
        return &time_steps[3]; /* "0 s" rather than "0 ns" */
    while (value >= step->until)
        step++;
    return step;
}

/* The same after rounding to `digits`. */
static const struct step *step_rounded(double value, const char *unit, int digits)
{
    const struct step *step = step_for(value, unit);
    double shown = fabs(value) * step->factor;

    if (round_to(shown, decimals_for(shown, digits)) >= step->until * step->factor)
        step++;
    return step;
}

static struct pfl_units_scale scale_of(const struct step *step, const char *unit)
{
    struct pfl_units_scale scale = {.factor = step->factor};
    enum pfl_units_kind kind = pfl_units_kind_of(unit);
    size_t len = sizeof scale.suffix - 1;

    if (kind == PFL_UNITS_RATE && (is_byte_rate(unit) || strcmp(unit, "1/s") == 0))
        snprintf(scale.suffix, sizeof scale.suffix, "%s/s", step->suffix);
    else if (kind == PFL_UNITS_RATE || (kind == PFL_UNITS_COUNT && strcmp(unit, "1") != 0))
        snprintf(scale.suffix, sizeof scale.suffix, "%s%s%s", step->suffix,
                 *step->suffix && *unit ? " " : "", unit);
    else
        snprintf(scale.suffix, sizeof scale.suffix, "%s", step->suffix);
    if (strlen(scale.suffix) == len) /* perhaps cut: not within a character */
        while (len > 0 && !pfl_text_is_utf8(scale.suffix, strlen(scale.suffix)) && len > 60)
            scale.suffix[--len] = 0;
    return scale;
}

struct pfl_units_scale pfl_units_scale_for(double value, const char *unit)
{
    return scale_of(isfinite(value) ? step_rounded(value, unit, 3) : step_for(0, unit), unit);
}

/* 3.20e-9: a count or error too small for decimals. */
static void write_tiny(struct pfl_buf *buf, double value, int digits)
{
    char text[64], *exponent;

    snprintf(text, sizeof text, "%.*e", digits - 1, value);
    fix_point(text);
    exponent = strchr(text, 'e');
    if (exponent && exponent[2] == '0')
        memmove(exponent + 2, exponent + 3, strlen(exponent + 3) + 1);
    pfl_buf_text(buf, text);
}

static bool write_special(struct pfl_buf *buf, double value)
{
    if (isnan(value))
        pfl_buf_text(buf, "–");
    else if (isinf(value))
        pfl_buf_text(buf, value < 0 ? "-∞" : "∞");
    return !isfinite(value);
}

void pfl_units_write_scaled(struct pfl_buf *buf, double value, const struct pfl_units_scale *scale,
                            int digits)
{
    double shown = value * scale->factor;

    if (write_special(buf, value))
        return;
    if (scale->factor == 1 && shown == floor(shown) && fabs(shown) < 1e15 &&
        strcmp(scale->suffix, "s") != 0)
        fixed_text(buf, shown, 0);
    else if (scale->factor == 1 && shown != 0 && fabs(shown) < 1e-3)
        write_tiny(buf, shown, digits);
    else
        fixed_text(buf, shown, decimals_for(shown, digits));
}

static void write_suffix(struct pfl_buf *buf, const char *suffix)
{
    if (*suffix == 0)
        return;
    pfl_buf_char(buf, ' ');
    pfl_buf_text(buf, suffix);
}

void pfl_units_write(struct pfl_buf *buf, double value, const char *unit, int digits)
{
    struct pfl_units_scale scale;

    if (write_special(buf, value))
        return;
    scale = scale_of(step_rounded(value, unit, digits), unit);
    pfl_units_write_scaled(buf, value, &scale, digits);
    write_suffix(buf, scale.suffix);
}

/* How many decimals an error leaves meaningful: two digits of it when it begins with 1, else one;
 * the value keeps at most six digits. */
static int decimals_by_error(double value, double error)
{
    int most = decimals_for(value, 6), by_error = decimals_for(error, 1);

    if (error == 0)
        return decimals_for(value, 3);
    if (round_to(error, by_error) * pow(10, by_error) < 1.5 && error < 9.5)
        by_error = decimals_for(error, 2);
    return value != 0 && by_error > most ? most : by_error;
}

void pfl_units_write_plus_minus(struct pfl_buf *buf, double value, double error, const char *unit)
{
    struct pfl_units_scale scale;
    const struct step *step;
    int decimals, i;

    if (!isfinite(value) || !isfinite(error)) {
        pfl_units_write(buf, value, unit, 3);
        return;
    }
    error = fabs(error);
    step = step_for(value != 0 ? value : error, unit);
    for (i = 0, decimals = 0; i < 2; i++) {
        decimals = decimals_by_error(value * step->factor, error * step->factor);
        if (round_to(fabs(value) * step->factor, decimals) < step->until * step->factor)
            break;
        step++;
    }
    scale = scale_of(step, unit);
    if (step->factor == 1 && value != 0 && fabs(value) < 1e-3) { /* 3.00e-9, not nine zeroes */
        write_tiny(buf, value, 3);
        pfl_buf_text(buf, " ± ");
        if (error == 0)
            fixed_text(buf, 0, 0);
        else
            write_tiny(buf, error, 2);
    } else {
        fixed_text(buf, value * step->factor, decimals);
        pfl_buf_text(buf, " ± ");
        fixed_text(buf, error * step->factor, error == 0 ? 0 : decimals);
    }
    write_suffix(buf, scale.suffix);
}

void pfl_units_write_change(struct pfl_buf *buf, double ratio)
{
    double percent = round_to((ratio - 1) * 100, 1);

    if (write_special(buf, ratio))
        return;
    if (ratio >= 1.9995) {
        fixed_text(buf, ratio, decimals_for(ratio, 3));
        pfl_buf_text(buf, "×");
        return;
    }
    if (percent > 0)
        pfl_buf_char(buf, '+');
    fixed_text(buf, percent == 0 ? 0 : percent, 1);
    pfl_buf_text(buf, " %");
}

void pfl_units_write_decimals(struct pfl_buf *buf, double value, int decimals)
{
    double shown = round_to(value, decimals);

    if (!write_special(buf, value))
        fixed_text(buf, shown == 0 ? 0 : shown, decimals);
}

void pfl_units_write_duration(struct pfl_buf *buf, double seconds)
{
    double whole = round(seconds), minutes = round(seconds / 60);

    if (write_special(buf, seconds))
        return;
    if (seconds < 0.9995) {
        pfl_buf_format(buf, "%.0f ms", seconds > 0 ? seconds * 1e3 : 0);
    } else if (seconds < 9.95) {
        fixed_text(buf, seconds, 1);
        pfl_buf_text(buf, " s");
    } else if (whole < 60) {
        pfl_buf_format(buf, "%.0f s", whole);
    } else if (whole < 3600) {
        pfl_buf_format(buf, "%.0f min %02.0f s", floor(whole / 60), fmod(whole, 60));
    } else {
        pfl_buf_format(buf, "%.0f h %02.0f min", floor(minutes / 60), fmod(minutes, 60));
    }
}
