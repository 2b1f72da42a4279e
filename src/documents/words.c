/*
 * Figures as one would write them by hand: the interval decides how many digits are worth writing.
 * What is rounded never says more than the number did: an interval that leaves out "no change" does
 * so in print, too, and a bound is rounded away from zero.
 */
#include "documents/words.h"

#include "base/text.h"
#include "base/units.h"
#include "documents/markdown.h"

#include <math.h>
#include <string.h>
#include <time.h>

enum { DECIMALS_LEAST = 2, DECIMALS_MOST = 6 };

void pfl_words_day(struct pfl_buf *buf, int64_t unix_ns)
{
    time_t seconds = (time_t)(unix_ns / 1000000000);
    struct tm tm;
    char text[16];

    if (!gmtime_r(&seconds, &tm) || strftime(text, sizeof text, "%Y-%m-%d", &tm) == 0)
        return;
    pfl_buf_text(buf, text);
}

static const char *name_of(const char *metric, size_t len)
{
    static const struct {
        const char *metric, *name;
    } names[] = {
        {"time", "time"},
        {"cpu", "CPU time"},
        {"user", "user time"},
        {"sys", "system time"},
        {"throughput", "throughput"},
        {"first_call", "first call"},
        {"compile_time", "compile time"},
        {"peak_rss", "peak RSS"},
        {"peak_rss_tree", "peak RSS of all processes"},
        {"instructions", "instructions"},
        {"page_faults", "page faults"},
        {"context_switches", "context switches"},
        {"parity_error", "parity error"},
        {"pass_rate", "pass rate"},
        {"artifact_size", "artefact size"},
        {"artifact_hash", "artefact"},
    };
    size_t i;

    for (i = 0; i < PFL_COUNT(names); i++)
        if (strlen(names[i].metric) == len && strncmp(names[i].metric, metric, len) == 0)
            return names[i].name;
    return NULL;
}

void pfl_words_metric(struct pfl_buf *buf, const char *metric, const char *variant)
{
    const char *stage = strchr(metric, ':');
    const char *name = name_of(metric, stage ? (size_t)(stage - metric) : strlen(metric));

    if (!name) {
        pfl_markdown_code(buf, metric);
    } else {
        pfl_buf_text(buf, name);
        if (stage && stage[1]) {
            pfl_buf_text(buf, ", ");
            pfl_markdown_code(buf, stage + 1);
        }
    }
    if (*variant) {
        pfl_buf_text(buf, ", ");
        pfl_markdown_code(buf, variant);
    }
}

/* Would "± half the width" mislead? It does where one side is much the longer one, and where the
 * interval is wider than the value. */
static bool is_lopsided(double median, double low, double high)
{
    double below = median - low, above = high - median, size = fabs(median);

    if (!(high - low <= size))
        return true;
    return fmax(below, above) > 2 * fmin(below, above) && fmax(below, above) >= size / 20;
}

void pfl_words_value(struct pfl_buf *buf, double median, double low, double high, const char *unit)
{
    if (!isfinite(median)) {
        pfl_buf_text(buf, "–");
    } else if (!isfinite(low) || !isfinite(high) || low == high) {
        pfl_units_write(buf, median, unit, 3);
    } else if (is_lopsided(median, low, high)) {
        pfl_units_write(buf, median, unit, 3);
        pfl_buf_text(buf, " (");
        pfl_units_write(buf, low, unit, 3);
        pfl_buf_text(buf, " … ");
        pfl_units_write(buf, high, unit, 3);
        pfl_buf_char(buf, ')');
    } else {
        pfl_units_write_plus_minus(buf, median, (high - low) / 2, unit);
    }
}

static bool looks_like_one(double ratio, int decimals)
{
    double scale = pow(10, decimals);

    return ratio != 1 && round(ratio * scale) == scale;
}

static int decimals_of(const struct pfl_row *row)
{
    double half = (row->ratio_high - row->ratio_low) / 2;
    double least = half > 0 ? half : row->ratio / 100; /* exact: as many as the figures have */
    int decimals = isfinite(least) && least > 0 ? (int)-floor(log10(least)) : DECIMALS_LEAST;

    if (decimals < (row->ratio < 10 ? DECIMALS_LEAST : 0))
        decimals = row->ratio < 10 ? DECIMALS_LEAST : 0;
    while (decimals < DECIMALS_MOST &&
           (looks_like_one(row->ratio_low, decimals) || looks_like_one(row->ratio_high, decimals)))
        decimals++;
    return decimals < DECIMALS_MOST ? decimals : DECIMALS_MOST;
}

void pfl_words_ratio(struct pfl_buf *buf, const struct pfl_row *row)
{
    if (isfinite(row->ratio))
        pfl_units_write_decimals(buf, row->ratio, decimals_of(row));
    else
        pfl_buf_text(buf, "–");
}

void pfl_words_ratio_interval(struct pfl_buf *buf, const struct pfl_row *row)
{
    int decimals;

    if (!isfinite(row->ratio_low) || !isfinite(row->ratio_high)) {
        pfl_buf_text(buf, "–");
        return;
    }
    if (row->ratio_low == row->ratio_high) {
        pfl_buf_text(buf, "exact");
        return;
    }
    decimals = decimals_of(row);
    pfl_units_write_decimals(buf, row->ratio_low, decimals);
    pfl_buf_text(buf, " … ");
    pfl_units_write_decimals(buf, row->ratio_high, decimals);
}

/* Digits behind the point, so that what is left is seen: 99.8 % less, never 100 %. */
static int decimals_of_less(double ratio)
{
    int decimals = ratio > 0 && ratio < 0.01 ? (int)ceil(-log10(ratio)) - 2 : 0;

    return decimals < DECIMALS_MOST ? decimals : DECIMALS_MOST;
}

/* "38 % less", "2.1 times as much" */
static void put_size(struct pfl_buf *buf, double ratio)
{
    if (!isfinite(ratio) || ratio == 1)
        return;
    pfl_buf_text(buf, " (");
    if (ratio >= 2) {
        pfl_units_write_decimals(buf, ratio, ratio < 10 ? 1 : 0);
        pfl_buf_text(buf, " times as much)");
        return;
    }
    pfl_units_write_decimals(buf, fabs(ratio - 1) * 100,
                             fabs(ratio - 1) < 0.0995 ? 1 : decimals_of_less(ratio));
    pfl_buf_format(buf, " %% %s)", ratio < 1 ? "less" : "more");
}

void pfl_words_verdict(struct pfl_buf *buf, const struct pfl_row *row)
{
    switch (row->verdict) {
    case PFL_VERDICT_IMPROVED:
    case PFL_VERDICT_REGRESSED:
        pfl_buf_text(buf, pfl_verdict_text(row->verdict));
        put_size(buf, row->ratio);
        break;
    case PFL_VERDICT_INCONCLUSIVE: pfl_buf_text(buf, "cannot tell"); break;
    default: pfl_buf_text(buf, pfl_verdict_text(row->verdict));
    }
}

void pfl_words_bound(struct pfl_buf *buf, double fraction)
{
    double percent = fraction * 100;
    int decimals = percent < 9.95 ? 1 : 0;
    double scale = decimals ? 10 : 1;

    pfl_units_write_decimals(buf, ceil(percent * scale - 1e-9) / scale, decimals);
    pfl_buf_text(buf, " %");
}

/* "GCC: (Debian 12.2.0-14) 12.2.0", as a program's comment section has it. */
void pfl_words_compiler(struct pfl_buf *buf, const char *raw)
{
    const char *vendor = strstr(raw, ": ("), *close = strrchr(raw, ')');
    bool odd = vendor && close && close > vendor && close[1] == ' ' && close[2] &&
               !strpbrk(raw, ";,") && strchr(raw, ')') == close;

    if (odd)
        pfl_buf_format(buf, "%.*s %s %.*s", (int)(vendor - raw), raw, close + 2,
                       (int)(close - vendor) - 1, vendor + 2);
    else
        pfl_buf_text(buf, raw);
}

const char *pfl_words_machine(const struct pfl_machine *machine)
{
    if (machine->name && *machine->name && strcmp(machine->name, "auto") != 0)
        return machine->name;
    if (machine->hostname && *machine->hostname)
        return machine->hostname;
    return machine->id ? machine->id : "";
}

const char *pfl_words_machine_and_id(const struct pfl_machine *machine, struct pfl_arena *arena)
{
    const char *text = machine->name;

    if (!*text || strcmp(text, "auto") == 0)
        text = pfl_arena_format(arena, "%s, which has no name in perfledger.yaml; its id is %s",
                                machine->hostname, machine->id);
    return text ? text : machine->id;
}
