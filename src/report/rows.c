/*
 * Rows of a comparison as words, which of them matter, and the sentence at the end.
 *
 * The outcome names its culprits: a reader of a CI log sees the last line first. The rows that
 * count are the deciding and the gated ones, as the judge counted them; the rest is shown but
 * blamed for nothing.
 */
#include "report/internal.h"

#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <string.h>

enum { NAMED_MAX = 3 }; /* culprits named per verdict in the outcome */

const enum pfl_verdict pfl_report_verdict_order[PFL_VERDICT_COUNT] = {
    PFL_VERDICT_FAILED,   PFL_VERDICT_REGRESSED, PFL_VERDICT_MISSING,   PFL_VERDICT_INCONCLUSIVE,
    PFL_VERDICT_IMPROVED, PFL_VERDICT_NEW,       PFL_VERDICT_UNCHANGED, PFL_VERDICT_SKIPPED,
};

/* The judge names its other checks "max", "min", "target", "target max", "relative to NAME", after
 * a result's own variant. */
bool pfl_report_is_limit(const struct pfl_row *row)
{
    static const char *const kinds[] = {"max", "min", "target"};
    const char *variant = row->variant;
    size_t i, tail;

    if (strstr(variant, "relative to "))
        return true;
    for (i = 0; i < PFL_COUNT(kinds); i++) {
        tail = strlen(variant) - strlen(kinds[i]);
        if (pfl_text_ends(variant, kinds[i]) && (tail == 0 || variant[tail - 1] == ' '))
            return true;
    }
    return false;
}

bool pfl_report_counts(const struct pfl_row *row)
{
    return row->deciding || row->gate != PFL_GATE_NONE;
}

bool pfl_report_trouble(const struct pfl_comparison *comparison, const struct pfl_row *row)
{
    if (row->gate == PFL_GATE_REPORT_ONLY || !pfl_report_counts(row))
        return false;
    switch (row->verdict) {
    case PFL_VERDICT_REGRESSED:
    case PFL_VERDICT_FAILED:
    case PFL_VERDICT_MISSING: return true;
    case PFL_VERDICT_INCONCLUSIVE: return comparison->exit_code == PFL_EINCONCLUSIVE;
    default: return false;
    }
}

/* What a machine takes for a failure follows the exit status, so that `compare` and `--fail-on` do
 * not report failures beside status 0. */
bool pfl_report_fails(const struct pfl_comparison *comparison, const struct pfl_row *row)
{
    if (!row->deciding)
        return false;
    if (row->verdict == PFL_VERDICT_INCONCLUSIVE && comparison->exit_code == PFL_EINCONCLUSIVE)
        return true;
    return (pfl_verdict_fail_bit(row->verdict) & comparison->fail_on) != 0;
}

bool pfl_report_is_quiet(const struct pfl_row *row)
{
    if (pfl_report_counts(row))
        return false;
    return row->verdict == PFL_VERDICT_UNCHANGED || row->verdict == PFL_VERDICT_INCONCLUSIVE ||
           row->verdict == PFL_VERDICT_NEW || row->verdict == PFL_VERDICT_SKIPPED;
}

const char *pfl_report_verdict(const struct pfl_row *row)
{
    if (row->verdict == PFL_VERDICT_UNCHANGED && pfl_report_is_limit(row))
        return "ok";
    return pfl_verdict_text(row->verdict);
}

const char *pfl_report_metric(struct pfl_report_words *words, const struct pfl_row *row)
{
    if (!*row->variant)
        return row->metric;
    return pfl_report_format(words, "%s%s%s", row->metric, *row->metric ? ", " : "", row->variant);
}

const char *pfl_report_estimate(struct pfl_report_words *words, const struct pfl_row *row,
                                const struct pfl_estimate *estimate)
{
    if (!estimate->present)
        return "–";
    if (estimate->text)
        return strlen(estimate->text) > 12 ? pfl_report_format(words, "%.11s…", estimate->text)
                                           : estimate->text;
    return pfl_report_value(words, estimate->median, row->unit);
}

/* Is the limit a maximum? The margin tells, whatever kind of check it was: it is positive on the
 * good side. */
static bool is_maximum(const struct pfl_row *row, double value)
{
    if (isnan(row->margin) || isnan(value))
        return row->better != PFL_BETTER_HIGHER;
    return (value <= row->threshold) == (row->margin >= 0);
}

static void write_limit(struct pfl_buf *buf, const struct pfl_row *row)
{
    bool relative = strstr(row->variant, "relative to ") != NULL;

    if (!pfl_report_is_limit(row)) {
        pfl_report_write_percent(buf, row->threshold);
        return;
    }
    pfl_buf_text(buf, is_maximum(row, relative ? row->ratio : row->head.median) ? "≤ " : "≥ ");
    pfl_units_write(buf, row->threshold, relative ? "1" : row->unit, 3);
    if (relative)
        pfl_buf_text(buf, "×");
}

const char *pfl_report_limit(struct pfl_report_words *words, const struct pfl_row *row)
{
    if (isnan(row->threshold) || row->gate == PFL_GATE_NONE)
        return "";
    write_limit(&words->buf, row);
    return pfl_report_words_end(words);
}

const char *pfl_report_finding(struct pfl_report_words *words, const struct pfl_row *row)
{
    const char *metric = pfl_report_metric(words, row), *limit = pfl_report_limit(words, row);
    const char *interval = pfl_report_interval(words, row->ratio_low, row->ratio_high);
    struct pfl_buf *buf = &words->buf;

    pfl_buf_text(buf, metric);
    if (pfl_report_is_limit(row) && row->head.present && !strstr(row->variant, "relative to ")) {
        pfl_buf_char(buf, ' ');
        pfl_units_write(buf, row->head.median, row->unit, 3);
    } else if (!isnan(row->ratio)) {
        pfl_buf_char(buf, ' ');
        if (pfl_report_is_limit(row)) {
            pfl_units_write(buf, row->ratio, "1", 3);
            pfl_buf_text(buf, "×");
        } else {
            pfl_units_write_change(buf, row->ratio);
            pfl_buf_format(buf, "%s%s", *interval ? " " : "", interval);
        }
    }
    if (*limit)
        pfl_buf_format(buf, "%slimit %s", buf->len ? ", " : "", limit);
    return pfl_report_words_end(words);
}

const char *pfl_report_message(struct pfl_report_words *words, const struct pfl_row *row)
{
    bool numbers = !isnan(row->ratio) || (pfl_report_is_limit(row) && row->head.present);

    if (numbers)
        return pfl_report_finding(words, row);
    if (row->reason && *row->reason)
        return pfl_report_format(words, "%.*s", (int)strcspn(row->reason, "\n"), row->reason);
    return pfl_report_verdict(row);
}

const char *pfl_report_counted(struct pfl_report_words *words,
                               const size_t counts[PFL_VERDICT_COUNT])
{
    struct pfl_buf *buf = &words->buf;
    size_t i;

    for (i = 0; i < PFL_VERDICT_COUNT; i++)
        if (counts[pfl_report_verdict_order[i]])
            pfl_buf_format(buf, "%s%zu %s", buf->len ? ", " : "",
                           counts[pfl_report_verdict_order[i]],
                           pfl_verdict_text(pfl_report_verdict_order[i]));
    if (buf->len == 0)
        pfl_buf_text(buf, "nothing");
    return pfl_report_words_end(words);
}

/* "2 regressed (a: time …; b: time …)" appended to `so_far`; so_far itself when no row has that
 * verdict. */
static const char *blame(struct pfl_report_words *words, const struct pfl_comparison *comparison,
                         enum pfl_verdict verdict, const char *so_far)
{
    const char *findings[NAMED_MAX], *names[NAMED_MAX];
    size_t i, n = 0, named;
    const struct pfl_row *row;
    struct pfl_buf *buf = &words->buf;

    for (i = 0; i < comparison->row_count; i++) {
        row = &comparison->rows[i];
        if (row->verdict != verdict || !pfl_report_trouble(comparison, row))
            continue;
        if (n < NAMED_MAX) {
            names[n] = row->benchmark;
            findings[n] = pfl_report_finding(words, row);
        }
        n++;
    }
    if (n == 0)
        return so_far;
    pfl_buf_format(buf, "%s%s%zu %s (", so_far, *so_far ? ", " : "", n, pfl_verdict_text(verdict));
    named = n < NAMED_MAX ? n : NAMED_MAX;
    for (i = 0; i < named; i++)
        pfl_buf_format(buf, "%s%s%s%s", i ? "; " : "", names[i], *findings[i] ? ": " : "",
                       findings[i]);
    if (n > named)
        pfl_buf_format(buf, "; %zu more", n - named);
    pfl_buf_char(buf, ')');
    return pfl_report_words_end(words);
}

static const char *kind_of(const struct pfl_comparison *comparison)
{
    size_t i;

    for (i = 0; i < comparison->row_count; i++)
        if (comparison->rows[i].gate != PFL_GATE_NONE)
            return "check";
    return "comparison";
}

/* Nothing was asked to fail, so nothing has passed either. */
bool pfl_report_is_neutral(const struct pfl_comparison *comparison)
{
    return comparison->ok && comparison->fail_on == 0;
}

const char *pfl_report_outcome(struct pfl_report_words *words,
                               const struct pfl_comparison *comparison)
{
    const char *kind = kind_of(comparison), *why = "";
    size_t i;

    if (comparison->exit_code == PFL_ENOTHING)
        return pfl_report_format(words, "nothing to judge: %s",
                                 comparison->why_nothing ? comparison->why_nothing
                                                         : "no benchmark was measured");
    if (comparison->ok && comparison->fail_on == 0 && comparison->why_nothing)
        return pfl_report_format(words, "nothing to compare: %s", comparison->why_nothing);
    if (pfl_report_is_neutral(comparison))
        return pfl_report_format(words, "compared: %s",
                                 pfl_report_counted(words, comparison->counts));
    if (comparison->ok)
        return pfl_report_format(words, "%s passed: %s", kind,
                                 pfl_report_counted(words, comparison->counts));
    for (i = 0; i < PFL_VERDICT_COUNT; i++)
        why = blame(words, comparison, pfl_report_verdict_order[i], why);
    if (!*why) /* a stricter --fail-on: improved, new */
        why = pfl_report_counted(words, comparison->counts);
    return pfl_report_format(words, "%s %s: %s", kind,
                             comparison->exit_code == PFL_EINCONCLUSIVE ? "undecided" : "failed",
                             why);
}

static size_t launches_wanted(const struct pfl_comparison *comparison)
{
    size_t i, most = 0;

    for (i = 0; i < comparison->row_count; i++)
        if (comparison->rows[i].verdict == PFL_VERDICT_INCONCLUSIVE &&
            pfl_report_counts(&comparison->rows[i]) && comparison->rows[i].more_launches > most)
            most = comparison->rows[i].more_launches;
    return most;
}

/* May the head become the baseline by `reset`? Not with failures, too few launches, or half done;
 * and against a release (its rows say how to find the commit) no baseline is the matter. */
static bool may_be_accepted(const struct pfl_comparison *comparison)
{
    const struct pfl_run *head = comparison->head;
    size_t i;

    for (i = 0; i < comparison->row_count; i++)
        if (comparison->rows[i].bisect)
            return false;
    for (i = 0; i < head->benchmark_count; i++)
        if (head->benchmarks[i].status == PFL_STATUS_FAILED ||
            head->benchmarks[i].status == PFL_STATUS_TIMED_OUT || head->benchmarks[i].few)
            return false;
    return !head->partial;
}

const char *pfl_report_next(struct pfl_report_words *words, const struct pfl_comparison *comparison)
{
    static const char again[] = "; 'perfledger run' to measure again",
                      accept[] = "; 'perfledger baseline reset' if this is how it shall be";
    const char *id = comparison->head && comparison->head->id ? comparison->head->id : "";
    bool check = strcmp(kind_of(comparison), "check") == 0;
    size_t more = launches_wanted(comparison);

    if (comparison->exit_code == PFL_ENOTHING)
        return "";
    if (!comparison->ok && comparison->exit_code != PFL_EINCONCLUSIVE && *id)
        return pfl_report_format(
            words, "next: 'perfledger show %.8s' for every number of this run%s%s", id,
            check ? again : "", check && may_be_accepted(comparison) ? accept : "");
    if (more)
        return pfl_report_format(
            words,
            "next: about %zu more launches per benchmark would decide what is inconclusive "
            "('perfledger run --rounds N')",
            more);
    return "";
}
