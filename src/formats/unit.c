/*
 * Units as benchmark tools write them → what is stored (s, B, 1/s, 1) and the factor.
 *
 * "ns/op", "ms/iter", "s/1" are durations of one operation: what is behind the slash counts one
 * thing and is dropped. "ops/ms" and "MB/s" are rates; what is before the slash stays a unit of its
 * own unless it is bytes or plain operations. Prefixes of bytes are decimal (kB, MB) or binary
 * (KiB, MiB) as written; "KB" is decimal, as in these tools.
 */
#include "formats/build.h"

#include <string.h>

struct unit {
    const char *name;
    const char *stored;
    double factor;
    double per; /* durations: how many are in a second; 1 / 1e-9 is not 1e9 */
};

static const struct unit durations[] = {
    {"ps", "s", 1e-12, 1e12},
    {"ns", "s", 1e-9, 1e9},
    {"nsec", "s", 1e-9, 1e9},
    {"us", "s", 1e-6, 1e6},
    {"µs", "s", 1e-6, 1e6},
    {"μs", "s", 1e-6, 1e6},
    {"usec", "s", 1e-6, 1e6},
    {"ms", "s", 1e-3, 1e3},
    {"msec", "s", 1e-3, 1e3},
    {"s", "s", 1, 1},
    {"sec", "s", 1, 1},
    {"second", "s", 1, 1},
    {"seconds", "s", 1, 1},
    {"min", "s", 60, 1.0 / 60},
    {"h", "s", 3600, 1.0 / 3600},
    {"nanoseconds", "s", 1e-9, 1e9},
    {"microseconds", "s", 1e-6, 1e6},
    {"milliseconds", "s", 1e-3, 1e3},
};

static const struct unit sizes[] = {
    {"B", "B", 1, 0},         {"byte", "B", 1, 0},
    {"bytes", "B", 1, 0},     {"Bytes", "B", 1, 0},
    {"kB", "B", 1e3, 0},      {"KB", "B", 1e3, 0},
    {"MB", "B", 1e6, 0},      {"GB", "B", 1e9, 0},
    {"TB", "B", 1e12, 0},     {"KiB", "B", 1024, 0},
    {"MiB", "B", 1048576, 0}, {"GiB", "B", 1073741824.0, 0},
    {"kiB", "B", 1024, 0},    {"TiB", "B", 1099511627776.0, 0},
};

static const struct unit plain[] = {
    {"1", "1", 1, 0},          {"%", "1", 0.01, 0},
    {"percent", "1", 0.01, 0}, {"percentage", "1", 0.01, 0},
    {"Hz", "1/s", 1, 0},       {"kHz", "1/s", 1e3, 0},
    {"MHz", "1/s", 1e6, 0},    {"GHz", "1/s", 1e9, 0},
};

/* Words for "one operation", before or behind a slash. */
static const char *const operations[] = {"op",    "ops",       "operation", "operations", "iter",
                                         "iters", "iteration", "call",      "1"};

static const struct unit *find(const struct unit *units, size_t n, const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (strlen(units[i].name) == len && strncmp(units[i].name, name, len) == 0)
            return &units[i];
    return NULL;
}

static bool is_operation(const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < PFL_COUNT(operations); i++)
        if (strlen(operations[i]) == len && strncmp(operations[i], name, len) == 0)
            return true;
    return false;
}

static const struct unit *find_any(const char *name, size_t len)
{
    const struct unit *found = find(durations, PFL_COUNT(durations), name, len);

    if (!found)
        found = find(sizes, PFL_COUNT(sizes), name, len);
    return found ? found : find(plain, PFL_COUNT(plain), name, len);
}

/* "X/Y": a rate when Y is a duration, an amount of X per operation when Y is one. */
static bool read_quotient(const char *unit, const char *slash, const char **stored, double *factor)
{
    size_t over = (size_t)(slash - unit), under = strlen(slash + 1);
    const struct unit *top = find_any(unit, over);
    const struct unit *bottom = find(durations, PFL_COUNT(durations), slash + 1, under);

    if (is_operation(slash + 1, under) && top) {
        *stored = top->stored;
        *factor = top->factor;
        return true;
    }
    if (!bottom)
        return false;
    if (top && strcmp(top->stored, "B") == 0)
        *stored = "B/s";
    else if (is_operation(unit, over))
        *stored = "1/s";
    else if (strcmp(bottom->name, "s") == 0)
        *stored = unit;
    else
        return false;
    *factor = (top ? top->factor : 1) * bottom->per;
    return true;
}

bool pfl_build_unit(const char *unit, const char **stored, double *factor)
{
    const char *slash = strchr(unit, '/');
    const struct unit *found = find_any(unit, strlen(unit));

    *factor = 1;
    if (!*unit)
        return false;
    if (found) {
        *stored = found->stored;
        *factor = found->factor;
        return true;
    }
    if (slash && slash > unit && read_quotient(unit, slash, stored, factor))
        return true;
    *stored = unit;
    return true;
}
