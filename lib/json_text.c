/*
 * Texts and numbers of JSON, for the wire and for --json.
 *
 * Texts come from a user's source, arguments and exceptions: anything may be in them. What is no
 * UTF-8 (overlong forms and surrogates are none: Unicode 15, table 3-7) becomes U+FFFD, one for
 * each bad byte, because a reader that refuses one line would lose a benchmark.
 *
 * Numbers: a decimal of at most 15 digits survives the way through a double, so that %.15g is
 * already the shortest text for every normal number that has such a one; only 16 and 17 digits are
 * left to try. Subnormal numbers have fewer digits, all counts are tried. A locale may print and
 * read a decimal comma (or more bytes): it is put right afterwards.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

enum { QUOTE_CUT = 4000 }; /* perfledger refuses more than 4096 bytes */

static uint64_t quote_bits_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits & ~(UINT64_C(1) << 63);
}

bool pfl_lib_is_nan(double value)
{
    return quote_bits_of(value) > UINT64_C(0x7ff0000000000000);
}

bool pfl_lib_is_finite(double value)
{
    return quote_bits_of(value) < UINT64_C(0x7ff0000000000000);
}

/* Length of the sequence at `at`; 0: it is none. */
static size_t quote_sequence(const unsigned char *at, size_t room)
{
    unsigned char low = 0x80, high = 0xbf;
    size_t len, i;

    if (at[0] < 0x80)
        return 1;
    if (at[0] < 0xc2 || at[0] > 0xf4)
        return 0;
    len = at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    if (at[0] == 0xe0)
        low = 0xa0;
    else if (at[0] == 0xed)
        high = 0x9f;
    else if (at[0] == 0xf0)
        low = 0x90;
    else if (at[0] == 0xf4)
        high = 0x8f;
    if (len > room || at[1] < low || at[1] > high)
        return 0;
    for (i = 2; i < len; i++)
        if (at[i] < 0x80 || at[i] > 0xbf)
            return 0;
    return len;
}

static void quote_escape(FILE *out, unsigned char c)
{
    static const char values[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
    const char *at = memchr(values, c, sizeof values - 1);

    if (at)
        fprintf(out, "\\%c", names[at - values]);
    else
        fprintf(out, "\\u%04x", c);
}

static void quote_text(FILE *out, const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t i, step;

    fputc('"', out);
    for (i = 0; i < len; i += step ? step : 1) {
        step = quote_sequence(at + i, len - i);
        if (step == 0)
            fputs("\\ufffd", out);
        else if (at[i] < 0x20 || at[i] == 0x7f || at[i] == '"' || at[i] == '\\')
            quote_escape(out, at[i]);
        else
            fwrite(at + i, 1, step, out);
    }
    fputc('"', out);
}

void pfl_lib_json_text(FILE *out, const char *text)
{
    quote_text(out, text, strlen(text));
}

void pfl_lib_json_text_cut(FILE *out, const char *text)
{
    size_t len = strlen(text);

    if (len > QUOTE_CUT) {
        len = QUOTE_CUT;
        while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80) /* not in mid-sequence */
            len--;
    }
    quote_text(out, text, len);
}

void pfl_lib_json_number(FILE *out, double value)
{
    const bool subnormal = quote_bits_of(value) < UINT64_C(0x0010000000000000);
    char text[64];
    int digits;
    size_t i;

    if (!pfl_lib_is_finite(value)) {
        fputs("null", out);
        return;
    }
    for (digits = subnormal ? 1 : 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    for (i = 0; text[i]; i++)
        if (strchr("+-0123456789e", text[i])) {
            fputc(text[i], out);
        } else { /* the locale's decimal point */
            fputc('.', out);
            while (text[i + 1] && !strchr("+-0123456789e", text[i + 1]))
                i++;
        }
}
