/*
 * Periods of a history, in UTC, so that a ledger gives the same record on every machine. Days count
 * from 1970-01-01, a Thursday; the calendar is the Gregorian one, carried on before 1582 and after
 * 9999, as everywhere in computing (the algorithm: H. Hinnant, "chrono-compatible low-level date
 * algorithms": years begin in March, so that the leap day is the last).
 */
#include "model/history.h"

#include <string.h>

static const int64_t day_ns = INT64_C(86400000000000);

static const char *const every_texts[] = {
    [PFL_HISTORY_RUN] = "run",
    [PFL_HISTORY_DAY] = "day",
    [PFL_HISTORY_WEEK] = "week",
    [PFL_HISTORY_MONTH] = "month",
};

const char *pfl_history_every_text(enum pfl_history_every every)
{
    return every_texts[every];
}

bool pfl_history_every_read(const char *text, enum pfl_history_every *every)
{
    int i;

    for (i = PFL_HISTORY_RUN; i <= PFL_HISTORY_MONTH; i++)
        if (strcmp(text, every_texts[i]) == 0) {
            *every = (enum pfl_history_every)i;
            return true;
        }
    return false;
}

const char *pfl_history_epoch_text(enum pfl_history_epoch epoch)
{
    return epoch == PFL_HISTORY_MACHINE      ? "machine"
           : epoch == PFL_HISTORY_DEFINITION ? "definition"
                                             : "name";
}

/* Rounded down, for any sign. */
static int64_t floor_to(int64_t value, int64_t unit)
{
    int64_t over = value % unit;

    return value - over - (over < 0 ? unit : 0);
}

/* The day of the month, from 0. */
static int64_t day_of_month(int64_t day)
{
    const int64_t era_days = 146097; /* of 400 years */
    int64_t shifted = day + 719468;  /* from 0000-03-01 */
    int64_t of_era = shifted - floor_to(shifted, era_days);
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);

    return of_year - (153 * ((5 * of_year + 2) / 153) + 2) / 5;
}

int64_t pfl_history_begin_of(enum pfl_history_every every, int64_t unix_ns)
{
    int64_t day;

    if (every == PFL_HISTORY_RUN || unix_ns < INT64_MIN + 40 * day_ns)
        return unix_ns;
    day = floor_to(unix_ns, day_ns) / day_ns;
    if (every == PFL_HISTORY_WEEK)
        day = floor_to(day + 3, 7) - 3;
    else if (every == PFL_HISTORY_MONTH)
        day -= day_of_month(day);
    return day * day_ns;
}
