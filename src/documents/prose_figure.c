/*
 * Figures: a number that stands by itself, with a unit behind it: of time, of memory, a percentage
 * or a factor.
 *
 * A bare number is none; "in 2024", "5 launches" and "section 3" claim nothing that a run could
 * support. A unit of one letter must be what people write for it ("3 s", "4 B"), so words are not
 * taken for units: it must end there. "31 times" is a factor when something is compared ("31 times
 * faster"), else a count. Blanks, emphasis and tags between a number and its unit make it no other
 * figure. What is no measurement though it has a unit: whole minutes ("in 30 min"), decades ("the
 * 90s"), and the memory that a machine has ("64 GB RAM").
 */
#include "documents/prose_parts.h"

#include <string.h>

/* How a unit is written, and how it is called here. */
static const struct unit {
    const char *text, *name;
    bool attached; /* only without a blank before it: "2x" */
} units[] = {
    {"nanoseconds", "ns", false},
    {"nanosecond", "ns", false},
    {"ns", "ns", false},
    {"microseconds", "\302\265s", false},
    {"microsecond", "\302\265s", false},
    {"us", "\302\265s", false},
    {"\302\265s", "\302\265s", false},
    {"\316\274s", "\302\265s", false},
    {"&micro;s", "\302\265s", false},
    {"milliseconds", "ms", false},
    {"millisecond", "ms", false},
    {"msec", "ms", false},
    {"ms", "ms", false},
    {"seconds", "s", false},
    {"second", "s", false},
    {"sec", "s", false},
    {"s", "s", false},
    {"minutes", "min", false},
    {"min", "min", false},
    {"KiB", "KiB", false},
    {"MiB", "MiB", false},
    {"GiB", "GiB", false},
    {"TiB", "TiB", false},
    {"kB", "kB", false},
    {"KB", "kB", false},
    {"MB", "MB", false},
    {"GB", "GB", false},
    {"TB", "TB", false},
    {"B", "B", false},
    {"%", "%", false},
    {"percent", "%", false},
    {"per cent", "%", false},
    {"\303\227", "\303\227", false},
    {"&times;", "\303\227", false},
    {"x", "\303\227", true},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool starts(const char *at, const char *end, const char *with)
{
    size_t len = strlen(with);

    return (size_t)(end - at) >= len && memcmp(at, with, len) == 0;
}

/* Behind blanks of any kind; one end of a line is a blank, too. */
static const char *behind_blanks(const char *at, const char *end)
{
    static const char *const blanks[] = {
        " ",      "\t",     "\302\240", "\342\200\257", "\342\200\211", "&nbsp;",
        "&#160;", "&#xa0;", "&thinsp;", "&#8239;",      "&ensp;",       "&emsp;"};
    bool broken = false;
    size_t i = 0;

    while (i < PFL_COUNT(blanks)) {
        if (starts(at, end, blanks[i])) {
            at += strlen(blanks[i]);
            i = 0;
        } else if (!broken && (starts(at, end, "\n") || starts(at, end, "\r\n"))) {
            at += *at == '\r' ? 2 : 1;
            broken = true;
            i = 0;
        } else {
            i++;
        }
    }
    return at;
}

/* Behind the end of an emphasis, tags and an opening one. */
static const char *behind_markup(const char *at, const char *end)
{
    const char *behind;

    while (at < end) {
        if (*at == '*' || *at == '_' || *at == '~')
            at++;
        else if ((behind = pfl_prose_behind_tag(at, end)))
            at = behind;
        else
            break;
    }
    return at;
}

static const struct unit *unit_at(const char *at, const char *end, bool attached)
{
    size_t i, len;

    for (i = 0; i < PFL_COUNT(units); i++) {
        len = strlen(units[i].text);
        if (starts(at, end, units[i].text) && (attached || !units[i].attached) &&
            (at + len == end || !is_word(at[len]) || at[len] == '_' ||
             (unsigned char)at[len - 1] >= 0x80))
            return &units[i];
    }
    return NULL;
}

/* Behind "± 0.3" that follows a number: the unit of both stands there. */
static const char *behind_error(const char *at, const char *end)
{
    static const char sign[] = "\302\261";
    const char *from = behind_blanks(at, end);

    if (!starts(from, end, sign))
        return at;
    from = behind_blanks(from + sizeof sign - 1, end);
    while (from < end && (is_digit(*from) || *from == '.'))
        from++;
    return from;
}

/* "times faster", "times as fast". */
static bool compares(const char *at, const char *end)
{
    static const char *const words[] = {"faster",  "slower", "quicker", "less",   "more",  "fewer",
                                        "smaller", "larger", "bigger",  "better", "worse", "as "};
    size_t i;

    if (!starts(at, end, "times"))
        return false;
    at = behind_blanks(at + 5, end);
    for (i = 0; i < PFL_COUNT(words); i++)
        if (starts(at, end, words[i]))
            return true;
    return false;
}

struct number {
    const char *at, *end; /* its digits */
    bool whole;
};

static bool is_decade(const struct pfl_prose_scan *scan, const struct number *n, const char *unit)
{
    return n->whole && unit == n->end && unit[-1] == '0' && n->at - scan->text >= 4 &&
           (memcmp(n->at - 4, "the ", 4) == 0 || memcmp(n->at - 4, "The ", 4) == 0);
}

/* "64 GB RAM", "64 GB of RAM". */
static bool is_equipment(const struct number *n, const char *behind, const char *end)
{
    static const char *const words[] = {"RAM", "DDR", "of RAM", "of DDR", "disk", "SSD", "swap"};
    const char *at = behind_blanks(behind, end);
    size_t i;

    for (i = 0; n->whole && i < PFL_COUNT(words); i++)
        if (starts(at, end, words[i]))
            return true;
    return false;
}

static bool is_no_measurement(const struct pfl_prose_scan *scan, const struct number *n,
                              const struct unit *unit, const char *at)
{
    if (scan->within && !pfl_prose_is_word(scan, n->at))
        return false;
    if (strcmp(unit->name, "min") == 0)
        return n->whole;
    if (strcmp(unit->name, "s") == 0)
        return is_decade(scan, n, at);
    return strchr(unit->name, 'B') && is_equipment(n, at + strlen(unit->text), scan->end);
}

/* In a column of ratios a number has no unit: people write an × behind it. */
static bool is_ratio(const struct pfl_prose_scan *scan)
{
    return scan->within && scan->table && scan->column < 64 &&
           (scan->ratios >> scan->column & 1) != 0;
}

/* "99 % interval" at the head of a column: how sure its figures are, and none itself. */
static bool says_confidence(const struct pfl_prose_scan *scan, const struct unit *unit)
{
    return scan->header && unit && strcmp(unit->name, "%") == 0 && scan->column < 64 &&
           (scan->ratios >> scan->column & 1) != 0;
}

static bool begins_within_word(const struct pfl_prose_scan *scan, const char *at)
{
    if (at == scan->text)
        return false;
    if (at[-1] == '_') /* emphasis, or a name? */
        return at - 1 > scan->text && is_word(at[-2]);
    return is_word(at[-1]) || at[-1] == '.';
}

int pfl_prose_number(struct pfl_prose_scan *scan, const char **at)
{
    struct number n = {.at = *at, .whole = true};
    const char *unit_begin;
    const struct unit *unit;

    while (*at < scan->line_end &&
           (is_digit(**at) ||
            ((**at == '.' || **at == ',') && *at + 1 < scan->line_end && is_digit((*at)[1])))) {
        n.whole = n.whole && is_digit(**at);
        ++*at;
    }
    n.end = *at;
    unit_begin = behind_markup(n.end, scan->end);
    unit_begin = behind_error(unit_begin, scan->end);
    unit_begin = behind_blanks(behind_markup(unit_begin, scan->end), scan->end);
    unit_begin = behind_markup(unit_begin, scan->end);
    unit = unit_at(unit_begin, scan->end, unit_begin == n.end);
    if (begins_within_word(scan, n.at) || says_confidence(scan, unit) ||
        (unit ? is_no_measurement(scan, &n, unit, unit_begin)
              : !is_ratio(scan) && !compares(unit_begin, scan->end)))
        return PFL_OK;
    return pfl_prose_add(scan, PFL_PROSE_FIGURE, n.at,
                         pfl_arena_format(scan->arena, "%.*s %s", (int)(n.end - n.at), n.at,
                                          unit ? unit->name : "\303\227"));
}
