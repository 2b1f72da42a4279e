/*
 * --bar 3x --max-cv 10%: is a challenger worth its complexity? Met when every bout's whole interval
 * lies at the bar or beyond it, in the metric's own direction, the launches of both sides vary by
 * no more than allowed, and there are enough of them. Not being able to tell is not met.
 */
#include "judge/race_bout.h"

#include "base/units.h"

struct bar {
    const struct pfl_judge_race_params *params;
    const struct pfl_race *race;
    struct pfl_race_words words;
};

static void write_gain(struct bar *bar, double gain)
{
    pfl_race_write_factor(&bar->words, gain);
    pfl_buf_text(&bar->words.buf, " times");
}

static void write_who(struct bar *bar, const struct pfl_bout_result *bout)
{
    if (bar->race->bout_count > 1)
        pfl_buf_format(&bar->words.buf, "%s of %s: ", bout->benchmark,
                       bar->race->contenders[bout->challenger].label);
}

static bool factor_met(struct bar *bar, const struct pfl_bout_result *bout)
{
    const struct pfl_row *row = &bout->rows[0];
    bool higher = row->better == PFL_BETTER_HIGHER;
    double gain = higher ? row->ratio : 1 / row->ratio;
    double least = higher ? row->ratio_low : 1 / row->ratio_high;
    double most = higher ? row->ratio_high : 1 / row->ratio_low;
    struct pfl_buf *buf = &bar->words.buf;

    write_who(bar, bout);
    if (row->verdict == PFL_VERDICT_FAILED || row->verdict == PFL_VERDICT_SKIPPED || isnan(least)) {
        pfl_buf_text(buf, row->reason);
        return false;
    }
    write_gain(bar, gain);
    pfl_buf_format(buf, " as %s as the base (",
                   higher                                           ? "much"
                   : pfl_units_kind_of(row->unit) == PFL_UNITS_TIME ? "fast"
                                                                    : "little");
    pfl_race_write_factor(&bar->words, least);
    pfl_buf_text(buf, " to ");
    pfl_race_write_factor(&bar->words, most);
    pfl_buf_text(buf, "), ");
    write_gain(bar, bar->params->bar);
    if (least >= bar->params->bar) {
        pfl_buf_text(buf, " was asked for");
        return true;
    }
    pfl_buf_text(buf, most < bar->params->bar ? " was asked for: too little"
                                              : " was asked for: it may be either");
    return false;
}

static bool cv_met(struct bar *bar, const struct pfl_bout_result *bout)
{
    double cv = fmax(bout->cv_base, bout->cv_head), most = bar->params->max_cv;
    struct pfl_buf *buf = &bar->words.buf;

    if (isnan(bout->cv_base) || isnan(bout->cv_head)) {
        pfl_buf_text(buf, "; nothing tells how much the launches vary");
        return false;
    }
    pfl_buf_text(buf, "; the launches vary by ");
    pfl_judge_write_percent(buf, cv);
    pfl_buf_text(buf, ", ");
    pfl_judge_write_percent(buf, most);
    pfl_buf_text(buf, cv <= most ? " is allowed" : " is allowed: too much");
    return cv <= most;
}

static bool launches_met(struct bar *bar, const struct pfl_bout_result *bout)
{
    const struct pfl_row *row = &bout->rows[0];
    size_t fewest =
        row->base.launches < row->head.launches ? row->base.launches : row->head.launches;
    size_t least = bar->params->bar_launches > 0 ? (size_t)bar->params->bar_launches : 0;

    if (fewest >= least)
        return true;
    pfl_buf_format(&bar->words.buf, "; %zu launches, at least %zu are needed", fewest, least);
    return false;
}

static bool bout_met(struct bar *bar, const struct pfl_bout_result *bout)
{
    bool met = true;

    if (!isnan(bar->params->bar))
        met = factor_met(bar, bout);
    if (!isnan(bar->params->max_cv))
        met = cv_met(bar, bout) && met;
    return launches_met(bar, bout) && met;
}

int pfl_race_judge_bar(const struct pfl_judge_race_params *params, struct pfl_arena *arena,
                       struct pfl_race *race, struct pfl_err *err)
{
    struct bar bar = {.params = params, .race = race};
    struct pfl_race_bar made = {params->bar, params->max_cv, params->bar_launches, true, ""};
    size_t i;
    bool asked = !isnan(params->bar) || !isnan(params->max_cv);

    pfl_race_words_init(&bar.words, arena, err);
    made.met = asked && race->bout_count > 0;
    for (i = 0; i < race->bout_count && made.met; i++) {
        pfl_buf_clear(&bar.words.buf); /* the last one met, or the first one not */
        made.met = bout_met(&bar, &race->bouts[i]);
    }
    if (asked)
        made.reason = race->bout_count > 0 ? pfl_race_words_end(&bar.words)
                                           : "nothing was raced, so nothing meets the bar";
    pfl_buf_release(&bar.words.buf);
    if (!made.reason)
        return PFL_ENOMEM;
    race->bar = made;
    return PFL_OK;
}
