/*
 * What stands in a cell: quantities with the unit that suits them, and texts that cannot move the
 * cursor. Digits are significant ones, never an exponent where a unit can say it. The scale is
 * chosen for the rounded value, so that 999.96 ns with three digits is 1.00 µs.
 *
 * Names may hold anything a program's author put there: control characters (also the C1 ones, which
 * some terminals obey) and bytes that are no UTF-8 are written as \x1b.
 */
#include "program.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_UNIT_MAX = 20 }; /* bytes */

struct cell_scale {
    double of;
    const char *name, *plain; /* plain: without UTF-8 */
};

static const struct cell_scale cell_times[] = {
    {1, "s", "s"}, {1e-3, "ms", "ms"}, {1e-6, "µs", "us"}, {1e-9, "ns", "ns"}, {0, NULL, NULL}};
static const struct cell_scale cell_bytes[] = {{1099511627776.0, "TiB", "TiB"},
                                               {1073741824.0, "GiB", "GiB"},
                                               {1048576.0, "MiB", "MiB"},
                                               {1024.0, "KiB", "KiB"},
                                               {1, "B", "B"},
                                               {0, NULL, NULL}};
static const struct cell_scale cell_counts[] = {{1e12, "T", "T"}, {1e9, "G", "G"}, {1e6, "M", "M"},
                                                {1e3, "k", "k"},  {1, "", ""},     {0, NULL, NULL}};

bool pfl_lib_cell_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);

        if (value && *value)
            return strstr(value, "UTF-8") || strstr(value, "utf8") || strstr(value, "UTF8") ||
                   strstr(value, "utf-8");
    }
    return false;
}

/* Decimals that leave so many significant digits of the value, once rounded. */
static int cell_decimals(double value, int digits)
{
    int decimals = digits - 1 - (int)floor(log10(value));

    if (decimals < 0)
        return 0;
    if (value * pow(10, decimals) + 0.5 >= pow(10, digits) && decimals > 0)
        decimals--;
    return decimals < 12 ? decimals : 12;
}

static void cell_number(char out[PFL_LIB_CELL_MAX], double value, int digits)
{
    double size = fabs(value);

    if (!(size > 0))
        snprintf(out, PFL_LIB_CELL_MAX, "0");
    else if (size < 1e-4 || size >= 1e15)
        snprintf(out, PFL_LIB_CELL_MAX, "%.*e", digits > 2 ? digits - 2 : 1, value);
    else if (size == floor(size) && size < 1e4)
        snprintf(out, PFL_LIB_CELL_MAX, "%.0f", value);
    else {
        snprintf(out, PFL_LIB_CELL_MAX, "%.3g", value);
        if (size >= 1e3 || strtod(out, NULL) != value) /* 0.5 that is just that has no zeros */
            snprintf(out, PFL_LIB_CELL_MAX, "%.*f", cell_decimals(size, digits), value);
    }
}

static void cell_scaled(char out[PFL_LIB_CELL_MAX], double value, const struct cell_scale *scales,
                        int digits, const char *after)
{
    double rounded = fabs(value) * (1 + 0.5 * pow(10, -digits));
    char number[PFL_LIB_CELL_MAX];
    const char *name;

    while (scales[1].name && rounded < scales->of)
        scales++;
    if (fabs(value) > 0 && scales->of != 1)
        snprintf(number, sizeof number, "%.*f", cell_decimals(fabs(value) / scales->of, digits),
                 value / scales->of);
    else
        cell_number(number, value, digits);
    name = pfl_lib_cell_utf8() ? scales->name : scales->plain;
    snprintf(out, PFL_LIB_CELL_MAX, "%.20s%s%s%.20s", number, *name || *after ? " " : "", name,
             after);
}

static void cell_quantity(char out[PFL_LIB_CELL_MAX], double value, const char *unit, int digits)
{
    size_t len = strlen(unit);

    if (!isfinite(value))
        snprintf(out, PFL_LIB_CELL_MAX, "%s",
                 isinf(value)          ? "inf"
                 : pfl_lib_cell_utf8() ? "–"
                                       : "-");
    else if (strcmp(unit, "s") == 0)
        cell_scaled(out, value, cell_times, digits, "");
    else if (strcmp(unit, "B") == 0)
        cell_scaled(out, value, cell_bytes, digits, "");
    else if (strcmp(unit, "B/s") == 0)
        cell_scaled(out, value, cell_bytes, digits, "/s");
    else if (strcmp(unit, "1/s") == 0)
        cell_scaled(out, value, cell_counts, digits, "/s");
    else if (len > 2 && strcmp(unit + len - 2, "/s") == 0) {
        char after[24];

        snprintf(after, sizeof after, " %.20s", unit);
        cell_scaled(out, value, cell_counts, digits, after);
    } else if (strcmp(unit, "%") == 0)
        pfl_lib_cell_percent(out, value);
    else if (strcmp(unit, "1") == 0 || strcmp(unit, "cycles") == 0 || len == 0) {
        if (fabs(value) >= 1e5)
            cell_scaled(out, value, cell_counts, digits, "");
        else
            cell_number(out, value, digits);
    } else {
        cell_number(out, value, digits);
        snprintf(out + strlen(out), PFL_LIB_CELL_MAX - strlen(out), " %.20s", unit);
    }
}

void pfl_lib_cell_percent(char out[PFL_LIB_CELL_MAX], double share)
{
    double percent = share * 100;

    if (!isfinite(share))
        snprintf(out, PFL_LIB_CELL_MAX, "%s", pfl_lib_cell_utf8() ? "–" : "-");
    else if (fabs(percent) < 0.005)
        snprintf(out, PFL_LIB_CELL_MAX, "%s", percent == 0 ? "0 %" : "0.01 %");
    else
        snprintf(out, PFL_LIB_CELL_MAX, "%.*f %%",
                 fabs(percent) < 0.995  ? 2
                 : fabs(percent) < 9.95 ? 1
                                        : 0,
                 percent);
}

/* Bytes of the UTF-8 sequence at *text that a terminal may see; 0: write it as \x.. */
static size_t cell_harmless(const unsigned char *text)
{
    size_t len = *text < 0x80 ? 1 : *text >= 0xf0 ? 4 : *text >= 0xe0 ? 3 : 2, i;

    if (*text < 0x20 || *text == 0x7f || (*text >= 0x80 && *text < 0xc2) || *text > 0xf4)
        return 0;
    for (i = 1; i < len; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    if ((*text == 0xc2 && text[1] < 0xa0) ||  /* C1 controls */
        (*text == 0xe0 && text[1] < 0xa0) ||  /* longer than need be */
        (*text == 0xed && text[1] >= 0xa0) || /* surrogates */
        (*text == 0xf0 && text[1] < 0x90) || (*text == 0xf4 && text[1] >= 0x90))
        return 0;
    return len;
}

char *pfl_lib_cell_escape(const char *text)
{
    char *out = pfl_lib_alloc(strlen(text) * 4 + 1), *at = out;

    while (*text) {
        size_t len = cell_harmless((const unsigned char *)text);

        if (len == 0) {
            at += snprintf(at, 5, "\\x%02x", (unsigned)(unsigned char)*text++);
            continue;
        }
        memcpy(at, text, len);
        at += len;
        text += len;
    }
    *at = 0;
    return out;
}

size_t pfl_lib_cell_width(const char *text)
{
    size_t width = 0;

    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

size_t pfl_lib_cell_cut(const char *text, size_t width)
{
    size_t at = 0;

    while (text[at]) {
        if (((unsigned char)text[at] & 0xc0) != 0x80 && width-- == 0)
            break;
        at++;
    }
    return at;
}

/* A unit is the program's text: a terminal sees it as it sees names, and whole characters of it. */
void pfl_lib_cell_quantity(char out[PFL_LIB_CELL_MAX], double value, const char *unit, int digits)
{
    char *harmless = pfl_lib_cell_escape(unit);
    size_t width = CELL_UNIT_MAX;

    while (pfl_lib_cell_cut(harmless, width) > CELL_UNIT_MAX)
        width--;
    harmless[pfl_lib_cell_cut(harmless, width)] = 0;
    cell_quantity(out, value, harmless, digits);
    free(harmless);
}
