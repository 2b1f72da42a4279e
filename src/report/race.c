/*
 * A race as sentences, and which format is which.
 *
 * The headline says who, how much, in what, and how sure: `B is 0.98 % slower than A (99 % interval
 * +0.70 % to +1.20 %)`. Numbers carry as many decimals as half the interval's width has meaning
 * for, because races see differences that one decimal would hide. From a factor of two on it is
 * spoken of as a factor, for "200 % slower" is misread by half of its readers.
 */
#include "report/race_words.h"

#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DECIMALS_MOST = 4 };

/* Its rows are a comparison's. */
static int write_junit(const struct pfl_race *race, const struct pfl_report_style *style,
                       struct pfl_arena *arena, struct pfl_buf *out, struct pfl_err *err)
{
    return pfl_report_format_find("junit")->comparison(&race->comparison, style, arena, out, err);
}

pfl_report_race_fn *pfl_report_race_find(const char *format)
{
    if (strcmp(format, "terminal") == 0)
        return pfl_report_race_terminal;
    if (strcmp(format, "markdown") == 0)
        return pfl_report_race_markdown;
    if (strcmp(format, "junit") == 0)
        return write_junit;
    return strcmp(format, "json") == 0 ? pfl_report_race_json : NULL;
}

const struct pfl_row *pfl_report_race_row(const struct pfl_bout_result *bout)
{
    return bout->row_count ? &bout->rows[0] : NULL;
}

bool pfl_report_race_is_raced(const struct pfl_bout_result *bout)
{
    return bout->end != PFL_BOUT_FAILED && bout->end != PFL_BOUT_SKIPPED && bout->row_count > 0;
}

const char *pfl_report_race_label(const struct pfl_race *race, size_t contender)
{
    const char *label =
        contender < race->contender_count ? race->contenders[contender].label : NULL;

    return label ? label : "?";
}

/* ---- numbers ---- */

/* Is it told as a factor? Decided by the estimate, so that both ends are told alike. */
static bool is_factor(const struct pfl_row *row)
{
    return row->ratio >= 1.9995 || row->ratio <= 0.50005;
}

/* Two digits of half the interval's width, `least` decimals at least. */
static int decimals_of(double width, int least)
{
    int decimals;

    if (!(width > 0) || !isfinite(width))
        return least;
    decimals = 1 - (int)floor(log10(width / 2));
    return decimals < least ? least : decimals > DECIMALS_MOST ? DECIMALS_MOST : decimals;
}

static void write_number(struct pfl_buf *buf, const struct pfl_row *row, double ratio)
{
    double width = row->ratio_high - row->ratio_low;
    double percent = (ratio - 1) * 100;

    if (is_factor(row)) {
        pfl_units_write_decimals(buf, ratio, decimals_of(width, 2));
        pfl_buf_text(buf, "×");
        return;
    }
    if (percent > 0)
        pfl_buf_char(buf, '+');
    pfl_units_write_decimals(buf, percent, decimals_of(width * 100, 1));
    pfl_buf_text(buf, " %");
}

const char *pfl_report_race_change(struct pfl_report_words *words, const struct pfl_row *row)
{
    if (isnan(row->ratio))
        return "";
    write_number(&words->buf, row, row->ratio);
    return pfl_report_words_end(words);
}

const char *pfl_report_race_interval(struct pfl_report_words *words, const struct pfl_row *row)
{
    if (isnan(row->ratio) || isnan(row->ratio_low) || isnan(row->ratio_high))
        return "";
    write_number(&words->buf, row, row->ratio_low);
    pfl_buf_text(&words->buf, " to ");
    write_number(&words->buf, row, row->ratio_high);
    return pfl_report_words_end(words);
}

/* ---- the headline ---- */

/* "0.98 %": how far from no change. */
static const char *size_of(struct pfl_report_words *words, const struct pfl_row *row)
{
    pfl_units_write_decimals(&words->buf, fabs(row->ratio - 1) * 100,
                             decimals_of((row->ratio_high - row->ratio_low) * 100, 1));
    pfl_buf_text(&words->buf, " %");
    return pfl_report_words_end(words);
}

/* "3.02", "0.0234": a ratio told as a factor. */
static const char *times_of(struct pfl_report_words *words, const struct pfl_row *row)
{
    pfl_units_write_decimals(&words->buf, row->ratio,
                             decimals_of(row->ratio_high - row->ratio_low, 2));
    return pfl_report_words_end(words);
}

/* "4.00 times as fast" turns the ratio about, and its interval with it. */
static struct pfl_row turned(const struct pfl_row *row)
{
    struct pfl_row other = *row;

    other.ratio = 1 / row->ratio;
    other.ratio_low = 1 / row->ratio_high;
    other.ratio_high = 1 / row->ratio_low;
    return other;
}

static bool is_time(const struct pfl_row *row)
{
    return strcmp(row->metric, "time") == 0;
}

static const char *differs(struct pfl_report_words *words, const struct pfl_row *row,
                           const char *base, const char *head)
{
    bool up = row->ratio >= 1, cpu = strcmp(row->metric, "cpu") == 0;
    const char *size = size_of(words, row), *times = times_of(words, row);
    struct pfl_row faster = turned(row);

    if (is_factor(row) && is_time(row))
        return up ? pfl_report_format(words, "%s takes %s times as long as %s", head, times, base)
                  : pfl_report_format(words, "%s is %s times as fast as %s", head,
                                      times_of(words, &faster), base);
    if (is_factor(row))
        return cpu ? pfl_report_format(words, "%s uses %s times the CPU time of %s", head, times,
                                       base)
                   : pfl_report_format(words, "%s of %s is %s times that of %s", row->metric, head,
                                       times, base);
    if (is_time(row))
        return pfl_report_format(words, "%s is %s %s than %s", head, size, up ? "slower" : "faster",
                                 base);
    if (cpu)
        return pfl_report_format(words, "%s uses %s %s CPU time than %s", head, size,
                                 up ? "more" : "less", base);
    return pfl_report_format(words, "%s of %s is %s %s than that of %s", row->metric, head, size,
                             up ? "higher" : "lower", base);
}

static const char *what_of(const struct pfl_row *row)
{
    return strcmp(row->metric, "cpu") == 0 ? "CPU time" : row->metric;
}

static const char *row_verdict(struct pfl_report_words *words, const struct pfl_row *row,
                               const char *base, const char *head)
{
    bool faster = is_factor(row) && is_time(row) && row->ratio < 1;
    struct pfl_row other = faster ? turned(row) : *row;
    const char *interval = pfl_report_race_interval(words, &other), *said;

    /* Nothing can be told, or not this: a gap that is shown is not "no difference". */
    if (isnan(row->ratio) || (row->verdict == PFL_VERDICT_INCONCLUSIVE &&
                              !(row->ratio_low <= 1 && row->ratio_high >= 1)))
        return pfl_report_format(words, "%s and %s: %s", head, base,
                                 row->reason && *row->reason ? row->reason
                                                             : pfl_verdict_text(row->verdict));
    switch (row->verdict) {
    case PFL_VERDICT_REGRESSED:
    case PFL_VERDICT_IMPROVED: said = differs(words, row, base, head); break;
    case PFL_VERDICT_UNCHANGED:
        said = pfl_report_format(words, "%s and %s do not differ in %s as far as it matters", head,
                                 base, what_of(row));
        break;
    default:
        said = pfl_report_format(words, "no difference in %s is shown between %s and %s",
                                 what_of(row), head, base);
        break;
    }
    if (row->verdict != PFL_VERDICT_REGRESSED && row->verdict != PFL_VERDICT_IMPROVED)
        said = pfl_report_format(words, "%s: %s", said, pfl_report_race_change(words, row));
    return *interval ? pfl_report_format(words, "%s (99 %% interval %s)", said, interval) : said;
}

const char *pfl_report_race_verdict(struct pfl_report_words *words, const struct pfl_race *race,
                                    const struct pfl_bout_result *bout)
{
    const struct pfl_row *row = pfl_report_race_row(bout);
    const char *head =
        pfl_report_format(words, "`%s`", pfl_report_race_label(race, bout->challenger));
    const char *base = pfl_report_format(words, "`%s`", pfl_report_race_label(race, 0)), *said;

    if (!pfl_report_race_is_raced(bout))
        said = pfl_report_format(words, "%s against %s %s: %s", head, base,
                                 bout->end == PFL_BOUT_FAILED ? "failed" : "was not raced",
                                 bout->reason && *bout->reason ? bout->reason
                                                               : "nothing was measured");
    else
        said = row_verdict(words, row, base, head);
    if (pfl_text_starts(bout->benchmark, "adhoc/")) /* the label says it already */
        return said;
    return pfl_report_format(words, "%s: %s", bout->benchmark, said);
}

/* ---- how it came about ---- */

const char *pfl_report_race_decider(struct pfl_report_words *words,
                                    const struct pfl_bout_result *bout)
{
    if (!bout->metric_name || !*bout->metric_name)
        return "";
    if (!bout->metric_why || !*bout->metric_why)
        return bout->metric_name;
    return pfl_report_format(words, "%s: %s", bout->metric_name, bout->metric_why);
}

static const char *end_of(const struct pfl_bout_result *bout)
{
    switch (bout->end) {
    case PFL_BOUT_DECIDED: return "decided before its time was up";
    case PFL_BOUT_TIME: return "judged when its time was up";
    case PFL_BOUT_INTERRUPTED: return "interrupted";
    case PFL_BOUT_FAILED: return "ended by a failure";
    case PFL_BOUT_SKIPPED: return "not measured";
    }
    return "";
}

const char *pfl_report_race_measured(struct pfl_report_words *words,
                                     const struct pfl_bout_result *bout)
{
    size_t solo = bout->pairs[PFL_RACE_SOLO], duet = bout->pairs[PFL_RACE_DUET];
    size_t inside = bout->pairs[PFL_RACE_INSIDE];
    struct pfl_buf *buf = &words->buf;

    if (inside)
        pfl_buf_format(buf, "%zu pair%s of processes, batch by batch in turns", inside,
                       inside == 1 ? "" : "s");
    if (duet)
        pfl_buf_format(buf, "%zu pair%s at the same moment", duet, duet == 1 ? "" : "s");
    if (solo || (!duet && !inside))
        pfl_buf_format(buf, "%s%zu pair%s one after the other", duet ? ", " : "", solo,
                       solo == 1 ? "" : "s");
    if (bout->dropped)
        pfl_buf_format(buf, ", %zu dropped because the clock stood still", bout->dropped);
    pfl_buf_text(buf, ", in ");
    pfl_units_write_duration(buf, bout->seconds);
    pfl_buf_format(buf, "; %s", end_of(bout));
    if (bout->same_output_checked)
        pfl_buf_text(buf, "; the outputs are the same");
    return pfl_report_words_end(words);
}

const char *pfl_report_race_bar(struct pfl_report_words *words, const struct pfl_race *race)
{
    const struct pfl_race_bar *bar = &race->bar;
    const char *reason = bar->reason && *bar->reason ? bar->reason : "";

    if (isnan(bar->factor) && isnan(bar->max_cv))
        return NULL;
    return pfl_report_format(words, "the bar is %s%s%s", bar->met ? "met" : "not met",
                             *reason ? ": " : "", reason);
}

const char *pfl_report_race_outcome(struct pfl_report_words *words, const struct pfl_race *race)
{
    const struct pfl_comparison *comparison = &race->comparison;
    const char *counted = pfl_report_counted(words, comparison->counts), *word = "raced";
    struct pfl_buf *buf = &words->buf;

    if (comparison->exit_code == PFL_ENOTHING)
        word = "nothing was raced";
    else if (comparison->exit_code == PFL_EINCONCLUSIVE)
        word = "race undecided";
    else if (comparison->exit_code == PFL_EGATE)
        word = "race failed";
    if (comparison->exit_code == PFL_ENOTHING && comparison->why_nothing)
        counted = comparison->why_nothing;
    pfl_buf_format(buf, "%s: %s (", word, counted);
    pfl_units_write_duration(buf, race->seconds);
    pfl_buf_format(buf, ", seed %llu)", (unsigned long long)race->seed);
    return pfl_report_words_end(words);
}

/* ---- order ---- */

/* Smaller is better, whatever the metric; what has no ratio comes last. */
static double key_of(const struct pfl_bout_result *bout)
{
    const struct pfl_row *row = pfl_report_race_row(bout);

    if (!row || isnan(row->ratio))
        return INFINITY;
    return row->better == PFL_BETTER_HIGHER ? 1 / row->ratio : row->ratio;
}

static int compare_bouts(const void *a, const void *b)
{
    const struct pfl_bout_result *x = *(const struct pfl_bout_result *const *)a;
    const struct pfl_bout_result *y = *(const struct pfl_bout_result *const *)b;
    bool adhoc = pfl_text_starts(x->benchmark, "adhoc/") && pfl_text_starts(y->benchmark, "adhoc/");
    int order = adhoc ? 0 : pfl_text_compare_natural(x->benchmark, y->benchmark);

    if (order)
        return order;
    if (key_of(x) != key_of(y))
        return key_of(x) < key_of(y) ? -1 : 1;
    return x->challenger < y->challenger ? -1 : x->challenger > y->challenger;
}

const struct pfl_bout_result **pfl_report_race_order(const struct pfl_race *race,
                                                     struct pfl_arena *arena)
{
    const struct pfl_bout_result **order = pfl_arena_array(arena, race->bout_count, sizeof *order);
    size_t i;

    if (!order)
        return NULL;
    for (i = 0; i < race->bout_count; i++)
        order[i] = &race->bouts[i];
    qsort(order, race->bout_count, sizeof *order, compare_bouts);
    return order;
}

size_t pfl_report_race_benchmarks(const struct pfl_race *race)
{
    return race->contender_count > 1 ? race->bout_count / (race->contender_count - 1) : 0;
}

/* Where several challengers race under one name, the variant of a row is the challenger's label. */
static bool is_shared(const struct pfl_race *race, const struct pfl_bout_result *bout)
{
    size_t i;

    for (i = 0; i < race->bout_count; i++)
        if (race->bouts[i].challenger != bout->challenger &&
            strcmp(race->bouts[i].benchmark, bout->benchmark) == 0)
            return true;
    return false;
}

bool pfl_report_race_is_of(const struct pfl_race *race, const struct pfl_row *row,
                           const struct pfl_bout_result *bout)
{
    return strcmp(row->benchmark, bout->benchmark) == 0 &&
           (!is_shared(race, bout) ||
            strcmp(row->variant, pfl_report_race_label(race, bout->challenger)) == 0);
}

const char *pfl_report_race_metric(struct pfl_report_words *words, const struct pfl_race *race,
                                   const struct pfl_row *row, const struct pfl_bout_result *bout)
{
    if (strcmp(row->variant, pfl_report_race_label(race, bout->challenger)) == 0)
        return row->metric;
    return pfl_report_metric(words, row);
}
