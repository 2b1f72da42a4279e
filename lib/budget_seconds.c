/*
 * How many seconds a budget has: as asked, or as PERFLEDGER_TIME_BUDGET says. The variable is read
 * anew for each budget, because a program may set it; a number in it has a decimal point whatever
 * the locale, which is why strtod() does not read it.
 */
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BUDGET_DEFAULT_S = 30 };

/* Decimal, without the locale: [+-]digits[.digits][e[+-]digits]. */
static bool budget_read(const char *text, double *seconds)
{
    double value = 0, scale = 1;
    const char *at = text + strspn(text, " \t");
    const bool negative = *at == '-';
    int digits = 0;
    long exponent = 0;
    char *end;

    at += *at == '-' || *at == '+';
    for (; *at >= '0' && *at <= '9'; at++, digits++)
        value = value * 10 + (*at - '0');
    if (*at == '.')
        for (at++; *at >= '0' && *at <= '9'; at++, digits++)
            value += (*at - '0') * (scale /= 10);
    if (digits && (*at == 'e' || *at == 'E')) {
        exponent = strtol(at + 1, &end, 10);
        if (end == at + 1)
            return false;
        at = end;
    }
    at += strspn(at, " \t");
    if (!digits || *at || exponent > 300 || exponent < -300)
        return false;
    value *= pow(10, (double)exponent);
    *seconds = negative ? -value : value;
    return true;
}

static double budget_of_environment(void)
{
    static bool told;
    const char *text = getenv("PERFLEDGER_TIME_BUDGET");
    double seconds = BUDGET_DEFAULT_S;

    if (!text || !*text || budget_read(text, &seconds))
        return seconds;
    if (!__atomic_exchange_n(&told, true, __ATOMIC_RELAXED))
        pfl_lib_warn("PERFLEDGER_TIME_BUDGET is \"%.40s\", which is not a number of seconds: %d s "
                     "are taken",
                     text, BUDGET_DEFAULT_S);
    return BUDGET_DEFAULT_S;
}

/* ≤ 0: none. */
double pfl_lib_budget_seconds(double asked)
{
    static bool told;

    if (!pfl_lib_is_nan(asked))
        return asked < 0 ? budget_of_environment() : asked;
    if (!__atomic_exchange_n(&told, true, __ATOMIC_RELAXED))
        pfl_lib_warn("a budget of NaN seconds: %d s are taken", BUDGET_DEFAULT_S);
    return BUDGET_DEFAULT_S;
}
