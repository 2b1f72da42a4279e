/*
 * The verdict of one comparison, and the sentence that says why.
 *
 *   regressed     the interval excludes "no change" on the bad side and the estimate is at or
 * beyond the tolerance improved      the same on the good side unchanged     the whole interval
 * lies within the tolerance inconclusive  anything else: the data cannot tell
 *
 * The estimate, not the interval's end, is held against the tolerance: a true 10 % under a 10 %
 * gate shall be caught, and the interval's part is to keep noise out. Tolerances are relative to
 * the base in the metric's own direction: 10 % of a throughput is a ratio of 0.9. Comparisons allow
 * for the last digits of a double, or 1.1 s after 1.0 s would not be 10 %.
 *
 * How many more launches would decide: the launch part of SE² shrinks with 1/n, the session part
 * does not. Where the session part alone is too large, no number of launches helps, and the
 * sentence says what would: a race, or a history.
 */
#include "judge/internal.h"

#include "base/units.h"

static const double last_digits = 1e-12;

enum { MOST_LAUNCHES = 10000 }; /* beyond this "more launches" is no advice */

double pfl_judge_badness(const struct pfl_row *row)
{
    if (row->better == PFL_BETTER_NEITHER)
        return fabs(row->ratio - 1);
    return row->better == PFL_BETTER_LOWER ? row->ratio - 1 : 1 - row->ratio;
}

static bool within(const struct pfl_row *row, double tolerance)
{
    return row->ratio_low >= 1 - tolerance - last_digits &&
           row->ratio_high <= 1 + tolerance + last_digits;
}

static enum pfl_verdict decide(const struct pfl_row *row)
{
    double badness = pfl_judge_badness(row), least = row->threshold - last_digits;
    bool excludes = row->ratio_low > 1 || row->ratio_high < 1;

    if (excludes && row->better == PFL_BETTER_NEITHER && badness >= least)
        return row->gate == PFL_GATE_NONE ? PFL_VERDICT_INCONCLUSIVE : PFL_VERDICT_REGRESSED;
    if (excludes && badness >= least && badness > 0)
        return PFL_VERDICT_REGRESSED;
    if (excludes && -badness >= least && badness < 0)
        return PFL_VERDICT_IMPROVED;
    return within(row, row->threshold) ? PFL_VERDICT_UNCHANGED : PFL_VERDICT_INCONCLUSIVE;
}

enum pfl_verdict pfl_judge_decide(const struct pfl_row *row)
{
    return decide(row);
}

/* A time that was taken once may be anything: what is borrowed from the other side or assumed is no
 * interval of its own. A history tells how such values differ; and what hardly varies by nature
 * (instructions, exact counts) is known by one.
 */
static bool too_few(const struct pfl_judge_effect *effect, const struct pfl_judge_session *session)
{
    static const double count_sd = 0.001;

    return effect->scatter_assumed && !session->sessions && session->sd > count_sd;
}

/* The half-width (of the log ratio) at which the row would be decided; 0: none would do. */
static double deciding_half_width(const struct pfl_row *row, double log_ratio)
{
    double badness = fabs(row->ratio - 1), up, down;

    if (badness >= row->threshold - last_digits)
        return fabs(log_ratio);
    up = log1p(row->threshold) - log_ratio;
    down = row->threshold < 1 ? log_ratio - log1p(-row->threshold) : INFINITY;
    return fmax(0, fmin(up, down));
}

static size_t more_launches(const struct pfl_row *row, const struct pfl_judge_effect *effect)
{
    double nb = (double)row->base.launches, nh = (double)row->head.launches, room, need;
    double half = deciding_half_width(row, effect->log_ratio) / effect->quantile;

    room = half * half - effect->session_variance;
    if (!(room > 0))
        return 0;
    need = ceil((effect->base_variance * nb + effect->head_variance * nh) / room - fmin(nb, nh));
    if (!(need > 0) || need > MOST_LAUNCHES)
        return need > MOST_LAUNCHES ? 0 : 1;
    return (size_t)need;
}

static const char *direction_word(const struct pfl_row *row, bool up)
{
    bool time = pfl_units_kind_of(row->unit) == PFL_UNITS_TIME;

    if (time)
        return up ? "slower" : "faster";
    return up ? "more" : "less";
}

static void write_size(struct pfl_buf *words, const struct pfl_row *row)
{
    if (row->ratio == 1) {
        pfl_buf_text(words, "no difference");
        return;
    }
    pfl_judge_write_percent(words, fabs(row->ratio - 1));
    pfl_buf_format(words, " %s", direction_word(row, row->ratio > 1));
}

static const char *too_few_reason(struct pfl_judge *judge, const struct pfl_row *row)
{
    bool both = row->base.launches <= 1 && row->head.launches <= 1;

    pfl_buf_text(&judge->words, "cannot tell: ");
    write_size(&judge->words, row);
    pfl_buf_format(&judge->words, "; %s one value, which tells nothing of its scatter",
                   both                     ? "both have"
                   : row->base.launches < 2 ? "the base has"
                                            : "the head has");
    return pfl_judge_words_end(judge);
}

static void write_interval(struct pfl_buf *words, const struct pfl_row *row, double confidence)
{
    if (row->ratio_low == row->ratio_high) {
        pfl_buf_text(words, " (the launches do not vary)");
        return;
    }
    pfl_buf_text(words, " (");
    pfl_judge_write_percent(words, confidence);
    pfl_buf_text(words, " interval ");
    pfl_judge_write_change(words, row->ratio_low);
    pfl_buf_text(words, " to ");
    pfl_judge_write_change(words, row->ratio_high);
    pfl_buf_text(words, ")");
}

void pfl_judge_write_effect(struct pfl_buf *words, const struct pfl_row *row, double confidence)
{
    write_size(words, row);
    if (!isnan(row->ratio_low))
        write_interval(words, row, confidence);
}

static void write_session(struct pfl_buf *words, const struct pfl_judge_session *session)
{
    if (!(session->sd > 0))
        return;
    pfl_buf_text(words, "; sessions differ by ");
    pfl_judge_write_percent(words, session->sd);
    if (session->sessions)
        pfl_buf_format(words, " (from %zu sessions)", session->sessions);
    else
        pfl_buf_text(words, " (assumed: no history)");
}

static void write_clock(struct pfl_buf *words, const struct pfl_judge_clock *clock)
{
    pfl_buf_text(words, "; the core's clock differs by ");
    pfl_judge_write_percent(words, expm1(clock->shift));
    pfl_buf_text(words, " between the two runs, and as measured ");
    switch (clock->measured) {
    case PFL_VERDICT_REGRESSED: pfl_buf_text(words, "the head is worse"); break;
    case PFL_VERDICT_IMPROVED: pfl_buf_text(words, "the head is better"); break;
    case PFL_VERDICT_UNCHANGED: pfl_buf_text(words, "they do not differ"); break;
    default: pfl_buf_text(words, "nothing can be told"); break;
    }
}

static const char *advice_on(struct pfl_judge *judge, const struct pfl_row *row,
                             const struct pfl_judge_session *session)
{
    if (row->better == PFL_BETTER_NEITHER && (row->ratio_low > 1 || row->ratio_high < 1))
        return "nobody says which way is better";
    if (row->more_launches)
        return pfl_judge_format(judge, "about %zu more launches would decide", row->more_launches);
    if (!(session->sd > 0))
        return NULL;
    return session->sessions
               ? "more launches cannot help, sessions differ too much: race both (perfledger race)"
               : "more launches cannot help; a race or a history of 6 sessions would";
}

static const char *written_reason(struct pfl_judge *judge, const struct pfl_row *row,
                                  const struct pfl_judge_effect *effect,
                                  const struct pfl_judge_question *question)
{
    struct pfl_buf *words = &judge->words;
    const char *limit = question->gated ? "the gate allows " : "the tolerance is ";

    if (row->verdict == PFL_VERDICT_INCONCLUSIVE)
        pfl_buf_text(words, "cannot tell: ");
    write_size(words, row);
    write_interval(words, row, judge->tables.confidence);
    pfl_buf_format(words, "; %s", limit);
    pfl_judge_write_percent(words, row->threshold);
    write_session(words, question->session);
    if (question->uncorrected) {
        pfl_buf_text(words, "; the whole machine's ");
        pfl_judge_write_change(words, row->machine);
        pfl_buf_text(words, " is taken out");
    }
    if (row->normalised_by)
        pfl_buf_format(words, "; normalised by the yardstick \"%s\"", row->normalised_by);
    if (question->clock)
        write_clock(words, question->clock);
    if (effect->scatter_assumed)
        pfl_buf_text(words, "; one launch tells nothing of its scatter, which is assumed");
    if (row->advice)
        pfl_buf_format(words, "; %s", row->advice);
    if (question->gated && row->mde > row->threshold && row->verdict != PFL_VERDICT_REGRESSED &&
        row->verdict != PFL_VERDICT_IMPROVED) {
        pfl_buf_text(words, "; the gate is tighter than the ");
        pfl_judge_write_percent(words, row->mde);
        pfl_buf_text(words, " that this data can show");
    }
    return pfl_judge_words_end(judge);
}

static const char *brief_reason(const struct pfl_row *row)
{
    switch (row->verdict) {
    case PFL_VERDICT_UNCHANGED: return "the interval lies within the tolerance";
    case PFL_VERDICT_IMPROVED: return "better by more than the tolerance";
    case PFL_VERDICT_REGRESSED: return "worse by more than the tolerance";
    default: return "the interval reaches across the tolerance: the data cannot tell";
    }
}

static void know_by_one(struct pfl_estimate *estimate)
{
    if (estimate->launches == 1 && isnan(estimate->ci_low))
        estimate->ci_low = estimate->ci_high = estimate->median;
}

/* Zero, negative or infinite values have no ratio. Where the metric does not vary between sessions
 * (an error, a count of failures) two intervals apart are a difference all the same; elsewhere
 * nothing is claimed. */
static enum pfl_verdict decide_without_ratio(const struct pfl_row *given, bool steady)
{
    struct pfl_row copy = *given, *row = &copy;
    bool up, down;

    if (steady) { /* exact: one value is as good as many */
        know_by_one(&row->base);
        know_by_one(&row->head);
    }
    up = row->head.ci_low > row->base.ci_high;
    down = row->head.ci_high < row->base.ci_low;
    if (row->base.median == row->head.median && row->base.ci_low == row->base.ci_high &&
        row->head.ci_low == row->head.ci_high)
        return PFL_VERDICT_UNCHANGED;
    if (!steady || (!up && !down))
        return PFL_VERDICT_INCONCLUSIVE;
    if (row->better == PFL_BETTER_NEITHER)
        return row->gate == PFL_GATE_NONE ? PFL_VERDICT_INCONCLUSIVE : PFL_VERDICT_REGRESSED;
    return up == (row->better == PFL_BETTER_LOWER) ? PFL_VERDICT_REGRESSED : PFL_VERDICT_IMPROVED;
}

static const char *reason_without_ratio(const struct pfl_row *row)
{
    switch (row->verdict) {
    case PFL_VERDICT_UNCHANGED: return "both are the same";
    case PFL_VERDICT_IMPROVED: return "better, but not by a ratio: a value is not positive";
    case PFL_VERDICT_REGRESSED: return "worse, but not by a ratio: a value is not positive";
    default: return "cannot tell: a value is not positive, so there is no ratio";
    }
}

void pfl_judge_decide_without_ratio(struct pfl_row *row, bool steady)
{
    row->verdict = decide_without_ratio(row, steady);
    row->reason = reason_without_ratio(row);
}

static void take_ratio(struct pfl_row *row, const struct pfl_judge_effect *effect)
{
    row->ratio = row->head.median / row->base.median;
    row->machine = effect->machine != 0 ? exp(effect->machine) : 1;
    if (effect->machine != 0)
        row->ratio = exp(effect->log_ratio);
    row->ratio_low = effect->se > 0 ? effect->low : row->ratio;
    row->ratio_high = effect->se > 0 ? effect->high : row->ratio;
}

int pfl_judge_verdict(struct pfl_judge *judge, struct pfl_row *row,
                      const struct pfl_judge_effect *effect,
                      const struct pfl_judge_question *question)
{
    enum pfl_verdict uncorrected = PFL_VERDICT_INCONCLUSIVE;

    row->ratio = row->ratio_low = row->ratio_high = NAN;
    row->advice = NULL;
    if (!effect->has_ratio) {
        row->verdict = decide_without_ratio(row, question->session->sd == 0);
        row->reason = reason_without_ratio(row);
        if (row->verdict == PFL_VERDICT_INCONCLUSIVE)
            row->advice = "a value is not positive, so there is no ratio";
        return PFL_OK;
    }
    if (question->uncorrected) {
        take_ratio(row, question->uncorrected);
        uncorrected = decide(row);
    }
    take_ratio(row, effect);
    row->mde = effect->mde;
    row->margin = row->threshold - pfl_judge_badness(row);
    row->verdict = decide(row);
    if (too_few(effect, question->session)) {
        row->verdict = PFL_VERDICT_INCONCLUSIVE;
        row->ratio_low = row->ratio_high = row->mde = NAN;
        row->advice = "one value tells nothing of its scatter: measure several";
        row->reason = too_few_reason(judge, row);
        return row->reason ? PFL_OK : pfl_err_no_memory(judge->err);
    }
    if (question->uncorrected && row->verdict != uncorrected &&
        (row->verdict == PFL_VERDICT_REGRESSED || row->verdict == PFL_VERDICT_IMPROVED)) {
        row->verdict = PFL_VERDICT_INCONCLUSIVE;
        row->advice = "only with the machine's shift taken out: measure both in one run";
    } else if (row->verdict == PFL_VERDICT_INCONCLUSIVE) {
        row->more_launches = more_launches(row, effect);
        row->advice = question->brief ? NULL : advice_on(judge, row, question->session);
    }
    row->reason =
        question->brief ? brief_reason(row) : written_reason(judge, row, effect, question);
    return row->reason ? PFL_OK : pfl_err_no_memory(judge->err);
}
