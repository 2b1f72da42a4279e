/*
 * How many seconds a budget has: as asked, or as PERFLEDGER_TIME_BUDGET says. The variable is read
 * anew for each budget, because a program may set it; a number in it has a decimal point whatever
 * the locale (decimal.c).
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

enum { BUDGET_DEFAULT_S = 30 };

static bool budget_read(const char *text, double *seconds)
{
    const char *rest;
    double value = pfl_lib_decimal(text + strspn(text, " \t"), &rest);

    rest += strspn(rest, " \t");
    if (pfl_lib_is_nan(value) || !pfl_lib_is_finite(value) || *rest)
        return false;
    *seconds = value;
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
