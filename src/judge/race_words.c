/* The sentences of a race's judge. Plain ASCII but for names; numbers as elsewhere in the judge,
 * but with two digits for what is smaller than one per cent. */
#include "judge/race_bout.h"

#include "base/units.h"

enum { WORDS_MOST = 1 << 16 };

void pfl_race_words_init(struct pfl_race_words *words, struct pfl_arena *arena, struct pfl_err *err)
{
    pfl_buf_init(&words->buf, WORDS_MOST);
    words->arena = arena;
    words->err = err;
}

const char *pfl_race_words_end(struct pfl_race_words *words)
{
    const char *text = NULL;

    if (pfl_buf_check(&words->buf, words->err, "writing a verdict's reason") == PFL_OK) {
        text = pfl_arena_text_n(words->arena, pfl_buf_cstr(&words->buf), words->buf.len);
        if (!text)
            (void)pfl_err_no_memory(words->err);
    }
    pfl_buf_clear(&words->buf);
    return text;
}

const char *pfl_race_direction(const char *unit, bool up)
{
    if (pfl_units_kind_of(unit) == PFL_UNITS_TIME)
        return up ? "slower" : "faster";
    return up ? "more" : "less";
}

void pfl_race_write_effect(struct pfl_race_words *words, const struct pfl_row *row,
                           double confidence)
{
    struct pfl_buf *buf = &words->buf;

    if (row->ratio == 1)
        pfl_buf_text(buf, "no difference");
    else {
        pfl_judge_write_percent(buf, fabs(row->ratio - 1));
        pfl_buf_format(buf, " %s", pfl_race_direction(row->unit, row->ratio > 1));
    }
    if (isnan(row->ratio_low))
        return;
    if (row->ratio_low == row->ratio_high) {
        pfl_buf_text(buf, " (every pair says the same)");
        return;
    }
    pfl_buf_text(buf, " (");
    pfl_judge_write_percent(buf, confidence);
    pfl_buf_text(buf, " interval ");
    pfl_judge_write_change(buf, row->ratio_low);
    pfl_buf_text(buf, " to ");
    pfl_judge_write_change(buf, row->ratio_high);
    pfl_buf_text(buf, ")");
}

static const char *spoken_metric(const struct pfl_bout *bout)
{
    if (bout->metric == PFL_RACE_ASKED)
        return pfl_race_metric_name(bout, bout->metric);
    return bout->metric == PFL_RACE_CPU ? "CPU time" : "wall-clock time";
}

void pfl_race_write_basis(struct pfl_race_words *words, const struct pfl_bout *bout)
{
    pfl_buf_format(&words->buf, ", %zu pairs in ",
                   pfl_race_pair_count(bout, bout->metric, bout->mode));
    pfl_units_write_duration(&words->buf, (double)bout->took_ns * 1e-9);
    pfl_buf_format(&words->buf, ", %s, measured %s", spoken_metric(bout),
                   bout->mode == PFL_RACE_DUET     ? "side by side on two CPUs"
                   : bout->mode == PFL_RACE_INSIDE ? "batch by batch inside both processes"
                                                   : "one after the other");
}

void pfl_race_write_factor(struct pfl_race_words *words, double factor)
{
    long long tenths = llround(fmin(factor, 1e9) * 10);

    if (factor < 0.95)
        pfl_buf_format(&words->buf, "%.2g", factor);
    else if (tenths >= 1000)
        pfl_buf_format(&words->buf, "%lld", tenths / 10);
    else
        pfl_buf_format(&words->buf, "%lld.%lld", tenths / 10, tenths % 10);
}

void pfl_race_write_advice(struct pfl_race_words *words, size_t pairs, double seconds)
{
    pfl_buf_format(&words->buf, "; about %zu more pairs (--max-time %.0fs) would decide", pairs,
                   ceil(fmin(seconds, 1e9)));
}

const char *pfl_race_brief(const struct pfl_row *row, enum pfl_race_metric metric)
{
    bool time = metric == PFL_RACE_TIME;

    if (isnan(row->ratio_low))
        return "too few pairs to say, and it does not decide";
    if (row->verdict == PFL_VERDICT_UNCHANGED)
        return "the interval lies within the tolerance; it does not decide";
    if (row->verdict != PFL_VERDICT_INCONCLUSIVE)
        return time ? "differs by more than the tolerance, but wall-clock time does not decide here"
                    : "differs by more than the tolerance, but it does not decide";
    return row->ratio_low <= 1 && row->ratio_high >= 1
               ? "no difference seen; it does not decide"
               : "the interval reaches across the tolerance; it does not decide";
}
