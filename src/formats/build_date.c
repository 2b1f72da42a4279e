/*
 * Dates as result files write them: ISO 8601 with a T or a blank, with or without a fraction and a
 * zone. Without a zone UTC is taken, for local time would make one file two moments on two
 * machines.
 */
#include "formats/build.h"

#include <stdio.h>
#include <string.h>

/* Days from 1970-01-01 of a date of the proleptic Gregorian calendar (Howard Hinnant's
 * days_from_civil). */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400, of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 1 - 719468;
}

/* NOLINTBEGIN(cert-err34-c): widths bound what sscanf reads, and the ranges are looked at. */

/* "", "Z", "+02:00", "-0700" → seconds east of UTC; false: something else. */
static bool zone_of(const char *text, int64_t *seconds)
{
    int hours = 0, minutes = 0, used = 0;
    char sign;

    while (*text == ' ')
        text++;
    *seconds = 0;
    if (!*text || strcmp(text, "Z") == 0 || strcmp(text, "UTC") == 0)
        return true;
    if (sscanf(text, "%c%2d:%2d%n", &sign, &hours, &minutes, &used) < 3 || text[used]) {
        used = 0;
        if (sscanf(text, "%c%2d%2d%n", &sign, &hours, &minutes, &used) < 3 || text[used])
            return false;
    }
    *seconds = (hours * 60 + minutes) * 60 * (sign == '-' ? -1 : 1);
    return sign == '+' || sign == '-';
}

bool pfl_build_date(const char *text, int64_t *unix_ns)
{
    int year, month, day, hour = 0, minute = 0, second = 0, used = 0;
    int64_t fraction_ns = 0, scale = 100000000, zone, seconds;

    if (!text || sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used) < 3 || month < 1 ||
        month > 12 || day < 1 || day > 31 || year < 1970 || year > 2200)
        return false;
    text += used;
    if (*text == 'T' || *text == ' ') {
        used = 0;
        if (sscanf(text + 1, "%2d:%2d:%2d%n", &hour, &minute, &second, &used) < 3 || hour > 24 ||
            minute > 59 || second > 60 || hour < 0 || minute < 0 || second < 0)
            return false;
        text += 1 + used;
    }
    if (*text == '.' || *text == ',')
        for (text++; *text >= '0' && *text <= '9'; text++, scale /= 10)
            fraction_ns += (*text - '0') * scale;
    if (!zone_of(text, &zone))
        return false;
    seconds = ((days_of(year, month, day) * 24 + hour) * 60 + minute) * 60 + second - zone;
    *unix_ns = seconds * INT64_C(1000000000) + fraction_ns;
    return true;
}

/* NOLINTEND(cert-err34-c) */

bool pfl_build_started(struct pfl_build *b, const char *text)
{
    return pfl_build_date(text, &b->run->started_unix_ns);
}

int64_t pfl_build_seconds(const char *text)
{
    int64_t unix_ns = 0;

    return pfl_build_date(text, &unix_ns) ? unix_ns / INT64_C(1000000000) : 0;
}
