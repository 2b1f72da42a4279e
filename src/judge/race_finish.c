/*
 * The last word about one bout: its rows and its verdict.
 *
 * A bout that a look decided keeps that look's anytime-valid interval. One whose time was up gets
 * the final look; where that cannot tell and the looks can, theirs. One that was interrupted has
 * nothing but the looks: whoever stops when he likes what he sees has looked all along, and only
 * they allow for it.
 *
 * Nothing is claimed where the pairs are too few for the error that is allowed, where a value has
 * no ratio, and where a side changed its speed halfway: the middle of two speeds is nobody's.
 */
#include "judge/race_bout.h"

#include "stats/margin.h"

#include <string.h>

static const double power = 0.8;

struct finish {
    struct pfl_bout *bout;
    struct pfl_bout_result *result;
    struct pfl_row *row; /* the deciding one */
    struct pfl_race_found found;
    enum pfl_bout_end end;
    struct pfl_race_words words;
    struct pfl_err *err;
};

/* Values of one side and metric in one mode, in the order of time. */
static size_t side_values(struct pfl_bout *bout, enum pfl_race_metric metric, bool head,
                          enum pfl_race_mode mode)
{
    size_t i, n = 0;
    int k;

    for (i = 0; i < bout->blocks.n; i++)
        for (k = 0; k < 2 && bout->blocks.at[i].mode == mode; k++)
            bout->scratch.at[n++] = pfl_race_side(&bout->blocks.at[i], k, head)->value[metric];
    return n;
}

static int estimate(struct pfl_bout *bout, enum pfl_race_metric metric, bool head,
                    struct pfl_estimate *out, double *cv, struct pfl_err *err)
{
    struct pfl_summary summary;
    size_t n = side_values(bout, metric, head, bout->mode);
    int rc = pfl_stats_summarise(bout->scratch.at, n, &summary, err);

    if (rc < 0)
        return rc;
    out->present = summary.n > 0;
    out->median = summary.median;
    out->ci_low = summary.ci_low;
    out->ci_high = summary.ci_high;
    out->launches = summary.n;
    if (cv)
        *cv = summary.n > 1 && summary.mean > 0 ? summary.stddev / summary.mean : NAN;
    return PFL_OK;
}

static void fill_row(const struct pfl_bout *bout, enum pfl_race_metric metric, struct pfl_row *row)
{
    pfl_judge_row_init(row, bout->rules.benchmark, pfl_race_metric_name(bout, metric));
    row->unit = pfl_race_unit(bout, metric);
    row->better = pfl_race_better(bout, metric);
    row->threshold = bout->rules.tolerance;
}

static void put_found(struct pfl_row *row, const struct pfl_race_found *found, double error)
{
    struct pfl_effect effect = {0, found->se, INFINITY};

    row->ratio = found->ratio;
    row->ratio_low = found->low;
    row->ratio_high = found->high;
    row->margin = row->threshold - pfl_judge_badness(row);
    if (found->se >= 0)
        row->mde = expm1(pfl_stats_detectable(&effect, error, power));
}

static bool excludes_one(const struct pfl_race_found *found)
{
    return found->low > 1 || found->high < 1;
}

static int find(struct finish *f)
{
    struct pfl_bout *bout = f->bout;
    double error = pfl_race_half_error(bout), final_p = 1;
    struct pfl_race_found looks;
    int rc;

    if ((rc = pfl_race_anytime(bout, error, &looks, f->err)) < 0)
        return rc;
    f->found = looks;
    if (!bout->decided) {
        if ((rc = pfl_race_final(bout, bout->metric, bout->mode, error, &f->found, f->err)) < 0)
            return rc;
        if (f->end == PFL_BOUT_TIME)
            final_p = f->found.p;
        if ((f->end != PFL_BOUT_TIME && !isnan(looks.low)) ||
            (excludes_one(&looks) && !excludes_one(&f->found)))
            f->found = looks;
        else if (f->end != PFL_BOUT_TIME)
            f->found.low = f->found.high = f->found.se = NAN;
    }
    f->result->p = fmin(1, 2 * fmin(bout->p, final_p));
    return PFL_OK;
}

/* ---- What is wrong ---- */

static void write_dropped(struct finish *f)
{
    size_t dropped = f->bout->dropped;

    if (dropped)
        pfl_buf_format(&f->words.buf,
                       "; %zu pairs were dropped: the machine was suspended or stopped meanwhile",
                       dropped);
}

/* For --max-time, which is the whole race's: each bout gets its part of it. */
static double advised_seconds(const struct pfl_bout *bout, double times)
{
    double own = (double)bout->took_ns * 1e-9;

    if (bout->rules.bouts > 1)
        own = fmax(own, (double)bout->rules.planned_ns * 1e-9) * (double)bout->rules.bouts;
    return 1.1 * own * times;
}

static void write_too_few(struct finish *f)
{
    const struct pfl_bout *bout = f->bout;
    size_t n = pfl_race_logs(bout, bout->metric, bout->mode)->n;
    size_t pairs = pfl_race_pair_count(bout, bout->metric, bout->mode), need;
    double per = n > 0                         ? (double)pairs / (double)n
                 : bout->mode == PFL_RACE_DUET ? 2
                                               : 1; /* pairs of a unit */
    struct pfl_buf *buf = &f->words.buf;

    if (f->end == PFL_BOUT_INTERRUPTED) {
        pfl_buf_text(buf, "cannot tell: interrupted before it was decided");
        return;
    }
    if (n == 0 && bout->blocks.n > 0) {
        pfl_buf_format(buf, "cannot tell: no pair of launches gave a value of %s",
                       f->result->metric_name);
        return;
    }
    need = (size_t)ceil(per * PFL_RACE_FINAL_LEAST);
    if (n >= PFL_RACE_FINAL_LEAST) /* widened for what the pairs of a block have in common */
        need = 2 * pairs;
    pfl_buf_format(buf, "cannot tell: %zu pair%s, and at least %zu are needed", pairs,
                   pairs == 1 ? "" : "s", need);
    f->row->more_launches = need > pairs ? need - pairs : (size_t)ceil(per);
    if (n > 0)
        pfl_race_write_advice(&f->words, f->row->more_launches,
                              advised_seconds(bout, (double)need / (double)pairs));
}

/* No evidence, for nobody. */
static void take_interval_back(struct pfl_row *row)
{
    row->ratio_low = row->ratio_high = row->mde = row->margin = NAN;
}

static void write_lopsided(struct finish *f, const struct pfl_race_units *units)
{
    pfl_buf_format(&f->words.buf, "cannot tell: in %zu pair%s only one side gave a value of %s",
                   units->lopsided, units->lopsided == 1 ? "" : "s", f->result->metric_name);
    take_interval_back(f->row);
    f->row->ratio = NAN;
    f->result->p = 1;
}

static void write_unusable(struct finish *f, const struct pfl_race_units *units)
{
    pfl_buf_format(&f->words.buf,
                   "cannot tell: in %zu pair%s a value is zero, negative or infinite, and has no "
                   "ratio",
                   units->unusable, units->unusable == 1 ? "" : "s");
    take_interval_back(f->row);
    f->row->ratio = NAN;
    f->result->p = 1;
}

static double level_change(struct finish *f, bool head, size_t block)
{
    struct pfl_bout *bout = f->bout;
    size_t n = side_values(bout, bout->metric, head, bout->mode), at = 2 * block;
    double before, after;

    if (at == 0 || at >= n)
        return 1;
    before = pfl_race_median(bout->scratch.at, at);
    after = pfl_race_median(bout->scratch.at + at, n - at);
    return after / before;
}

static void write_split(struct finish *f, const struct pfl_race_split *split)
{
    struct pfl_bout *bout = f->bout;
    bool duet = bout->mode == PFL_RACE_DUET;
    size_t block = duet ? split->at : split->at / 2;
    double base = level_change(f, false, block), head = level_change(f, true, block), factor;
    bool of_head = fabs(log(head)) >= fabs(log(base));

    factor = of_head ? head : base;
    pfl_buf_format(&f->words.buf, "cannot tell: the %s became ", of_head ? "head" : "base");
    pfl_race_write_factor(&f->words, factor >= 1 ? factor : 1 / factor);
    pfl_buf_format(&f->words.buf, " times %s halfway (from pair %zu on): that is not one speed",
                   pfl_race_direction(f->row->unit, factor > 1), (duet ? 2 : 1) * split->at + 1);
    f->row->advice = "look for what changes within the run: a cache, a limit, a clock";
    take_interval_back(f->row);
    f->result->p = 1;
}

/* Both sides jump together: the ratio holds, and a reader wants to know. */
static int write_common_split(struct finish *f)
{
    struct pfl_bout *bout = f->bout;
    size_t n = side_values(bout, bout->metric, false, bout->mode), i;
    struct pfl_race_split base, head;
    double *room;

    if (n == 0)
        return PFL_OK;
    room = pfl_race_room(bout, 3 * (n > 2 * bout->blocks.n ? n : 2 * bout->blocks.n));
    if (!room)
        return pfl_err_no_memory(f->err);
    n = side_values(bout, bout->metric, false, bout->mode);
    for (i = 0; i < n; i++)
        room[n + i] = log(room[i]);
    base = pfl_race_split_of(room + n, n, room + 2 * n);
    (void)side_values(bout, bout->metric, true, bout->mode);
    for (i = 0; i < n; i++)
        room[n + i] = log(room[i]);
    head = pfl_race_split_of(room + n, n, room + 2 * n);
    if (!base.found || !head.found || (base.factor > 1) != (head.factor > 1))
        return PFL_OK;
    pfl_buf_text(&f->words.buf, "; both became about ");
    pfl_race_write_factor(&f->words, base.factor > 1 ? base.factor : 1 / base.factor);
    pfl_buf_format(&f->words.buf, " times %s halfway, and their ratio held",
                   pfl_race_direction(f->row->unit, base.factor > 1));
    return PFL_OK;
}

/* ---- More time ---- */

static void advise(struct finish *f)
{
    struct pfl_row *row = f->row;
    struct pfl_bout *bout = f->bout;
    double half = (log(row->ratio_high) - log(row->ratio_low)) / 2, wanted, more;
    double badness = fabs(row->ratio - 1), estimate = log(row->ratio);
    size_t pairs = pfl_race_pair_count(bout, bout->metric, bout->mode);

    if (row->threshold > 0 && badness < row->threshold)
        wanted = fmin(log1p(row->threshold) - estimate,
                      row->threshold < 1 ? estimate - log1p(-row->threshold) : INFINITY);
    else
        wanted = fabs(estimate);
    if (!(half > 0) ||
        !(wanted > half / 2)) /* hardly more than a standard error: it may be nothing */
        return;
    more = ceil((double)pairs * (half * half / (wanted * wanted) - 1));
    more = fmax(more, 2);
    row->more_launches = (size_t)more;
    pfl_race_write_advice(&f->words, (size_t)more, advised_seconds(bout, 1 + more / (double)pairs));
}

/* ---- The deciding row ---- */

static void write_verdict(struct finish *f)
{
    struct pfl_row *row = f->row;
    struct pfl_buf *buf = &f->words.buf;
    bool unsure = row->verdict == PFL_VERDICT_INCONCLUSIVE;

    if (unsure && row->threshold == 0 && row->ratio_low <= 1 && row->ratio_high >= 1) {
        pfl_buf_text(buf, "no difference seen; ");
        pfl_judge_write_percent(buf, row->mde);
        pfl_buf_text(buf, " or more would have shown (80 %)");
    } else {
        if (unsure)
            pfl_buf_text(buf, "cannot tell: ");
        pfl_race_write_effect(&f->words, row, f->bout->rules.confidence);
    }
    pfl_race_write_basis(&f->words, f->bout);
    if (row->threshold > 0) {
        pfl_buf_text(buf, "; the tolerance is ");
        pfl_judge_write_percent(buf, row->threshold);
    }
    if (unsure && row->better == PFL_BETTER_NEITHER && excludes_one(&f->found))
        pfl_buf_text(buf, "; nobody says which way is better");
}

static int decide_row(struct finish *f)
{
    struct pfl_bout *bout = f->bout;
    const struct pfl_race_units *units = &bout->units[bout->metric][bout->mode];
    struct pfl_race_split split = {false, 0, NAN};
    struct pfl_row *row = f->row;
    double *scratch = pfl_race_room(bout, 4 * bout->blocks.n + 1);

    if (!scratch)
        return pfl_err_no_memory(f->err);
    split = pfl_race_split_of(units->logs.at, units->logs.n, scratch);
    row->verdict = PFL_VERDICT_INCONCLUSIVE;
    if (units->unusable > 0) {
        write_unusable(f, units);
        return PFL_OK;
    }
    if (units->lopsided > 0) {
        write_lopsided(f, units);
        return PFL_OK;
    }
    if (split.found) {
        write_split(f, &split);
        return PFL_OK;
    }
    if (isnan(f->found.low)) {
        write_too_few(f);
        return PFL_OK;
    }
    row->verdict = pfl_judge_decide(row);
    write_verdict(f);
    if (row->verdict == PFL_VERDICT_INCONCLUSIVE && row->better != PFL_BETTER_NEITHER)
        advise(f);
    return write_common_split(f);
}

/* ---- The other rows ---- */

static int other_row(struct finish *f, enum pfl_race_metric metric)
{
    struct pfl_bout *bout = f->bout;
    struct pfl_row *row = &f->result->rows[f->result->row_count];
    const struct pfl_race_units *units = &bout->units[metric][bout->mode];
    double error = 1 - bout->rules.confidence;
    struct pfl_race_found found;
    int rc;

    if (units->logs.n == 0 || units->unusable > 0 || units->lopsided > 0)
        return PFL_OK;
    if ((rc = pfl_race_final(bout, metric, bout->mode, error, &found, f->err)) < 0)
        return rc;
    fill_row(bout, metric, row);
    if (!pfl_race_room(bout, 4 * bout->blocks.n + 1))
        return pfl_err_no_memory(f->err);
    if ((rc = estimate(bout, metric, false, &row->base, NULL, f->err)) < 0 ||
        (rc = estimate(bout, metric, true, &row->head, NULL, f->err)) < 0)
        return rc;
    put_found(row, &found, error);
    row->verdict = isnan(found.low) ? PFL_VERDICT_INCONCLUSIVE : pfl_judge_decide(row);
    row->reason = pfl_race_brief(row, metric);
    if (pfl_race_split_of(units->logs.at, units->logs.n, bout->scratch.at).found) {
        take_interval_back(row);
        row->verdict = PFL_VERDICT_INCONCLUSIVE;
        row->reason = "one side changed its speed halfway, and it does not decide";
    }
    f->result->row_count++;
    return PFL_OK;
}

static void write_contradiction(struct finish *f)
{
    const struct pfl_row *row = f->row, *other;
    size_t i;

    for (i = 1; i < f->result->row_count; i++) {
        other = &f->result->rows[i];
        if (f->bout->metric != PFL_RACE_CPU || strcmp(other->metric, "time") != 0 ||
            !(other->ratio_low > row->ratio_high || other->ratio_high < row->ratio_low) ||
            !(other->ratio_low > 1 || other->ratio_high < 1))
            continue;
        pfl_buf_text(&f->words.buf, "; wall-clock time differs: ");
        pfl_race_write_effect(&f->words, other, f->bout->rules.confidence);
    }
}

static int measured_bout(struct finish *f)
{
    struct pfl_bout *bout = f->bout;
    struct pfl_bout_result *result = f->result;
    struct pfl_race_found solo;
    int rc, metric;

    if ((rc = find(f)) < 0)
        return rc;
    put_found(f->row, &f->found, pfl_race_half_error(bout));
    if ((rc = decide_row(f)) < 0 ||
        (rc = pfl_race_final(bout, bout->metric, PFL_RACE_SOLO, 1 - bout->rules.confidence, &solo,
                             f->err)) < 0)
        return rc;
    result->solo_ratio = solo.ratio;
    result->solo_low = solo.low;
    result->solo_high = solo.high;
    for (metric = 0; metric < PFL_RACE_METRIC_COUNT && rc == PFL_OK; metric++)
        if (metric != (int)bout->metric)
            rc = other_row(f, (enum pfl_race_metric)metric);
    if (rc < 0)
        return rc;
    write_contradiction(f);
    write_dropped(f);
    return PFL_OK;
}

/* Nothing was measured in a bout without pairs, in no mode. */
static const char *write_mode(const struct finish *f)
{
    const struct pfl_bout *bout = f->bout;
    bool noted = bout->mode == PFL_RACE_INSIDE && *bout->inside_note;

    if (bout->blocks.n == 0 && bout->mode == PFL_RACE_INSIDE)
        return pfl_arena_text(f->words.arena, "no pair was measured");
    return pfl_arena_format(f->words.arena, "%s%s%s%s%s", bout->mode_why, noted ? "; " : "",
                            noted ? bout->inside_note : "", *bout->place_note ? "; " : "",
                            bout->place_note);
}

static int prepare(struct finish *f)
{
    struct pfl_bout *bout = f->bout;
    struct pfl_bout_result *result = f->result;
    int rc = PFL_OK, mode;

    if (!pfl_race_units_end(bout))
        return pfl_err_no_memory(f->err);
    if (!bout->chosen && (rc = pfl_race_choose(bout, f->err)) < 0)
        return rc;
    if (!pfl_race_room(bout, 4 * bout->blocks.n + 1))
        return pfl_err_no_memory(f->err);
    result->metric = bout->metric;
    result->metric_name = pfl_race_metric_name(bout, bout->metric);
    result->mode = bout->mode;
    result->metric_why = pfl_arena_text(f->words.arena, bout->metric_why);
    result->mode_why = write_mode(f);
    if (!result->metric_why || !result->mode_why)
        return pfl_err_no_memory(f->err);
    for (mode = 0; mode < PFL_RACE_MODE_COUNT; mode++)
        result->pairs[mode] = pfl_race_pair_count(bout, bout->metric, (enum pfl_race_mode)mode);
    fill_row(bout, bout->metric, f->row);
    f->row->deciding = true;
    if ((rc = estimate(bout, bout->metric, false, &f->row->base, &result->cv_base, f->err)) == 0)
        rc = estimate(bout, bout->metric, true, &f->row->head, &result->cv_head, f->err);
    return rc;
}

static int finish_bout(struct finish *f, const char *reason)
{
    struct pfl_bout_result *result = f->result;
    int rc = prepare(f);

    if (rc < 0)
        return rc;
    if (f->end == PFL_BOUT_FAILED || f->end == PFL_BOUT_SKIPPED) {
        f->row->verdict = f->end == PFL_BOUT_FAILED ? PFL_VERDICT_FAILED : PFL_VERDICT_SKIPPED;
        pfl_buf_text(&f->words.buf, reason && reason[0]         ? reason
                                    : f->end == PFL_BOUT_FAILED ? "it failed"
                                                                : "it was skipped");
    } else if ((rc = measured_bout(f)) < 0) {
        return rc;
    }
    f->row->reason = pfl_race_words_end(&f->words);
    result->reason = "";
    if (f->end == PFL_BOUT_FAILED || f->end == PFL_BOUT_SKIPPED)
        result->reason = f->row->reason;
    return f->row->reason ? PFL_OK : PFL_ENOMEM;
}

int pfl_judge_bout_finish(struct pfl_bout *bout, enum pfl_bout_end end, const char *reason,
                          struct pfl_arena *arena, struct pfl_bout_result *result,
                          struct pfl_err *err)
{
    struct pfl_bout_result made = {.challenger = bout->rules.challenger,
                                   .benchmark = bout->rules.benchmark};
    struct finish f = {.bout = bout, .result = &made, .end = end, .err = err};
    int rc;

    if (bout->decided && end != PFL_BOUT_FAILED && end != PFL_BOUT_SKIPPED)
        f.end = PFL_BOUT_DECIDED;
    else if (end == PFL_BOUT_DECIDED)
        f.end = PFL_BOUT_TIME;
    bout->finished = true;
    made.row_count = 1;
    made.dropped = bout->dropped;
    made.seconds = (double)bout->took_ns * 1e-9;
    made.p = 1;
    made.solo_ratio = made.solo_low = made.solo_high = made.cv_base = made.cv_head = NAN;
    made.end = f.end;
    f.row = &made.rows[0];
    pfl_race_words_init(&f.words, arena, err);
    rc = finish_bout(&f, reason);
    if (rc == PFL_OK)
        *result = made;
    pfl_buf_release(&f.words.buf);
    return rc;
}
