/*
 * Numbers in texts, whatever the program's locale: a decimal comma of the user's language is none
 * of the source's, of an option's or of a variable's.
 *
 * strtod() and snprintf() of the C library round correctly, so they do the work, with the thread's
 * locale set to "C" around them. Where there is no memory for that locale, the one in force stays.
 */
#include "internal.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_once_t decimal_once = PTHREAD_ONCE_INIT;
static locale_t decimal_locale;

static void decimal_make(void)
{
    decimal_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static locale_t decimal_enter(void)
{
    pthread_once(&decimal_once, decimal_make);
    return decimal_locale ? uselocale(decimal_locale) : (locale_t)0;
}

static void decimal_leave(locale_t before)
{
    if (before)
        uselocale(before);
}

double pfl_lib_strtod(const char *text, char **end)
{
    locale_t before = decimal_enter();
    double value = strtod(text, end);

    decimal_leave(before);
    return value;
}

double pfl_lib_decimal(const char *text, const char **rest)
{
    const char *at = text + (*text == '-' || *text == '+');
    double value;
    char *end;

    *rest = text;
    if (strspn(at, "0123456789") == 0 && !(at[0] == '.' && strspn(at + 1, "0123456789") > 0))
        return NAN;
    if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X')) {
        *rest = at + 1;
        return 0;
    }
    value = pfl_lib_strtod(text, &end);
    *rest = end;
    return value;
}

void pfl_lib_shortest(char text[PFL_LIB_SHORTEST_MAX], double number)
{
    locale_t before = decimal_enter();
    int digits;

    for (digits = 1; digits <= 17; digits++) {
        snprintf(text, PFL_LIB_SHORTEST_MAX, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    decimal_leave(before);
}
