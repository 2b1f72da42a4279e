/*
 * A series' story: segments, the changes inside each, what people have said of them, what is not
 * yet sure.
 *
 * Segments come first: where the machine, the definition or the dependencies are others, or where a
 * review re-bases, the values begin anew, each segment is searched alone, and the border is a
 * change of kind "segment", never an alarm. In a segment the values that are no numbers are left
 * out; places speak of the original values all the same.
 *
 * An acknowledged change is a pin: the search is made on either side of it, so whatever is appended
 * cannot move it. A drift has two pins, and what the search finds between them is part of it. An
 * expected place is only looked up afterwards: a change found there is expected, and when none
 * comes nothing is said.
 *
 * The chance of a false alarm is bounded per segment, for the series as it stands today; a gate
 * that looks after each of many runs looks many times. Values are judged on their logarithms where
 * all are positive (for levels and drift; the search itself sees ranks).
 */
#include "judge/changes.h"

#include "base/alloc.h"
#include "base/vec.h"
#include "judge/changes_find.h"
#include "judge/changes_shape.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

PFL_VEC(changes, struct pfl_change);
PFL_VEC(places, size_t);

/* What reviews say of one value. */
struct mark {
    const struct pfl_review *begins, *pinned, *expected;
    size_t until; /* of a pinned drift; else 0 */
};
PFL_VEC(marks, struct mark);

enum { NEAR = 2 };            /* a place is known to ± this many values */
#define PFL_CHANGES_DOUBT 0.3 /* the coefficient at which limits are highest */

struct pfl_changes_finder {
    struct pfl_changes_scan scan;
    struct changes found;
    struct marks marks;
    struct places index, pins, bounds;
    double *values; /* of the segment at hand, then room: logarithms, scratch, sums */
    size_t capacity;
};

/* One segment under judgement. */
struct stretch {
    struct pfl_changes_finder *finder;
    const struct pfl_changes_params *params;
    struct pfl_series_changes *out;
    double *values, *logs, *scratch; /* n each */
    struct pfl_changes_sums sums;
    const size_t *index; /* place in the series */
    size_t n;
    double wander;
};

struct pfl_changes_finder *pfl_changes_finder_new(void)
{
    return pfl_alloc_zeroed(1, sizeof(struct pfl_changes_finder));
}

void pfl_changes_finder_free(struct pfl_changes_finder *finder)
{
    if (!finder)
        return;
    pfl_changes_scan_release(&finder->scan);
    pfl_vec_release(&finder->found);
    pfl_vec_release(&finder->marks);
    pfl_vec_release(&finder->index);
    pfl_vec_release(&finder->pins);
    pfl_vec_release(&finder->bounds);
    pfl_free(finder->values);
    pfl_free(finder);
}

static int reserve(struct pfl_changes_finder *finder, size_t n, struct pfl_err *err)
{
    enum { ARRAYS = 6 };
    double *grown;

    if (!pfl_vec_reserve(&finder->marks, n + 1) || !pfl_vec_reserve(&finder->index, n + 1))
        return pfl_err_no_memory(err);
    if (n < finder->capacity)
        return PFL_OK;
    grown = pfl_alloc_zeroed(n + 1, ARRAYS * sizeof *grown);
    if (!grown)
        return pfl_err_no_memory(err);
    pfl_free(finder->values);
    finder->values = grown;
    finder->capacity = n + 1;
    return PFL_OK;
}

static void begin_stretch(struct stretch *stretch)
{
    struct pfl_changes_finder *finder = stretch->finder;
    double *room = finder->values;
    size_t one = finder->capacity;

    stretch->values = room;
    stretch->logs = room + one;
    stretch->scratch = room + 2 * one;
    stretch->sums.level = room + 3 * one;
    stretch->sums.moment = room + 4 * one;
    stretch->sums.square = room + 5 * one;
    stretch->index = finder->index.at;
}

/* --- reviews
 * -------------------------------------------------------------------------------------------------------
 */

static void mark_review(struct marks *marks, const struct pfl_series *series,
                        const struct pfl_review *review)
{
    size_t at = pfl_changes_place_of(series, review->at);
    size_t until = *review->until ? pfl_changes_place_of(series, review->until) : 0;

    if (at >= series->n)
        return;
    if (review->action == PFL_REVIEW_REBASE)
        marks->at[at].begins = review;
    else if (review->action == PFL_REVIEW_EXPECT)
        marks->at[at].expected = review;
    else {
        marks->at[at].pinned = review;
        marks->at[at].until = until < series->n && until > at ? until : 0;
    }
}

static void mark_all(struct pfl_changes_finder *finder, const struct pfl_changes_params *params)
{
    size_t i;

    memset(finder->marks.at, 0, (params->series->n + 1) * sizeof *finder->marks.at);
    for (i = 0; i < params->review_count; i++)
        mark_review(&finder->marks, params->series, &params->reviews[i]);
}

/* Is a change at [from, to] one that somebody expected? It may be placed a little early, and show a
 * little late. */
static const struct pfl_review *expected_near(const struct stretch *stretch, size_t from, size_t to)
{
    const struct marks *marks = &stretch->finder->marks;
    size_t i = from > PFL_CHANGES_SIDE ? from - PFL_CHANGES_SIDE : 0;

    for (; i <= to + NEAR && i < stretch->params->series->n; i++)
        if (marks->at[i].expected)
            return marks->at[i].expected;
    return NULL;
}

/* --- changes
 * -------------------------------------------------------------------------------------------------------
 */

static const char *revision_at(const struct pfl_series *series, size_t index)
{
    return series->revisions ? series->revisions[index] : "";
}

static bool is_worse(enum pfl_better better, double before, double after)
{
    if (better == PFL_BETTER_LOWER)
        return after > before;
    return better == PFL_BETTER_HIGHER && after < before;
}

/* A change between two levels given in places of the stretch. */
static struct pfl_change change_of(const struct stretch *stretch, size_t from, size_t at,
                                   size_t end, size_t to)
{
    const struct pfl_series *series = stretch->params->series;
    struct pfl_changes_level before, after;
    struct pfl_change change = {
        .kind = end > at ? PFL_CHANGE_DRIFT : PFL_CHANGE_STEP, .p = NAN, .note = ""};
    double ratio[3];

    /* A level has three values at least: a drift that fills its stretch gives its outermost ones, a
     * step right behind a drift looks back into it. */
    if (at < from + 3 && end > at)
        at = from + 3 < end ? from + 3 : end;
    else if (at < from + 3)
        from = at > 3 ? at - 3 : 0;
    if (to < end)
        to = end;
    if (change.kind == PFL_CHANGE_DRIFT && end + 3 > to)
        end = to > at + 3 ? to - 3 : at;
    before = pfl_changes_level_of(stretch->values + from, at - from, stretch->scratch);
    after = pfl_changes_level_of(stretch->values + end, to - end, stretch->scratch);
    pfl_changes_ratio(&before, &after, stretch->wander, ratio);
    change.before = before.median;
    change.after = after.median;
    change.ratio = ratio[0];
    change.ratio_low = ratio[1];
    change.ratio_high = ratio[2];
    change.worse = is_worse(series->better, change.before, change.after);
    return change;
}

static int add_change(struct stretch *stretch, struct pfl_change *change, size_t at, size_t end,
                      struct pfl_err *err)
{
    const struct mark *mark;
    const struct pfl_review *expected;

    change->index = stretch->index[at];
    change->end = end >= stretch->n ? stretch->params->series->n : stretch->index[end];
    change->revision = revision_at(stretch->params->series, change->index);
    mark = &stretch->finder->marks.at[change->index];
    expected = expected_near(stretch, change->index, change->end);
    if (change->state != PFL_CHANGE_PENDING && mark->pinned) {
        change->state = PFL_CHANGE_ACKNOWLEDGED;
        change->note = mark->pinned->note;
    } else if (expected) {
        change->state = PFL_CHANGE_EXPECTED;
        change->note = expected->note;
    }
    if (!pfl_vec_push(&stretch->finder->found, change))
        return pfl_err_no_memory(err);
    return PFL_OK;
}

/* How many of the places from i on go the same way and may be one drift? Pins end it. */
static size_t same_way(const struct stretch *stretch, const size_t *bounds, size_t i, size_t count)
{
    const struct pfl_changes_place *places = stretch->finder->scan.places;
    const double *level = stretch->sums.level;
    bool up = false, first = true, rises;
    size_t j;

    for (j = i; j < count && !places[j].pinned; j++) {
        rises = (level[bounds[j + 2]] - level[bounds[j + 1]]) /
                    (double)(bounds[j + 2] - bounds[j + 1]) >
                (level[bounds[j + 1]] - level[bounds[j]]) / (double)(bounds[j + 1] - bounds[j]);
        if (!first && rises != up)
            break;
        up = rises;
        first = false;
    }
    return j - i;
}

/* The changes between the bounds, as steps or drifts; found[] gets their at and end. */
struct shape {
    size_t at, end;
    double p;
};
PFL_VEC(shapes, struct shape);

static int shape_places(struct stretch *stretch, struct shapes *shapes, struct pfl_err *err)
{
    struct pfl_changes_finder *finder = stretch->finder;
    const struct pfl_changes_scan *scan = &finder->scan;
    const size_t *bounds = finder->bounds.at;
    struct pfl_changes_ramp ramp;
    struct shape shape;
    size_t i, j, chain, until;

    for (i = 0; i < scan->place_count; i += chain) {
        chain = 1;
        shape = (struct shape){scan->places[i].at, scan->places[i].at, NAN};
        until = finder->marks.at[stretch->index[shape.at]].until;
        if (scan->places[i].pinned) {
            while (until && i + chain < scan->place_count &&
                   stretch->index[scan->places[i + chain].at] <= until)
                shape.end = scan->places[i + chain++].at;
        } else {
            shape.p = pfl_changes_p(scan->places[i].strength, scan->n, scan->autocorrelation);
            chain = same_way(stretch, bounds, i, scan->place_count);
            if (pfl_changes_is_drift(&stretch->sums, bounds + i, chain, stretch->wander, &ramp) &&
                ramp.from >= (shapes->n ? shapes->at[shapes->n - 1].end : 0)) {
                shape.at = ramp.from > bounds[i] ? ramp.from : bounds[i] + 1;
                shape.end = ramp.to;
                for (j = i + 1; j < i + chain; j++)
                    shape.p = fmin(shape.p, pfl_changes_p(scan->places[j].strength, scan->n,
                                                          scan->autocorrelation));
            } else
                chain = 1;
        }
        if (!pfl_vec_push(shapes, &shape))
            return pfl_err_no_memory(err);
    }
    return PFL_OK;
}

/*
 * A drift makes neighbours alike, which raises the bar for what the search may call a step: so a
 * long drift can hide itself. When nothing was found though the best split alone would have been
 * enough, one ramp is tried, judged by what it leaves. Twice the strength that one quiet series in
 * a thousand reaches is asked for: this is a second look, and not to cost anything.
 */
static int try_ramp(struct stretch *stretch, struct shapes *shapes, struct pfl_err *err)
{
    const struct pfl_changes_scan *scan = &stretch->finder->scan;
    const double chance = 0.001;
    struct pfl_changes_ramp ramp;
    struct shape shape;
    double strength;

    if (scan->place_count || stretch->n < PFL_CHANGES_LEAST ||
        scan->split < pfl_changes_limit(chance, stretch->n, 0))
        return PFL_OK;
    pfl_changes_sums_fill(&stretch->sums, scan->rank, stretch->n, stretch->scratch);
    if (!pfl_changes_ramp_fit(&stretch->sums, 0, stretch->n, &ramp))
        return PFL_OK;
    strength = pfl_changes_ramp_strength(scan->rank, stretch->n, &ramp) / 2;
    if (!(strength > pfl_changes_limit(chance, stretch->n, PFL_CHANGES_DOUBT)))
        return PFL_OK;
    shape = (struct shape){ramp.from ? ramp.from : 1, ramp.to,
                           pfl_changes_p(strength, stretch->n, PFL_CHANGES_DOUBT)};
    return pfl_vec_push(shapes, &shape) ? PFL_OK : pfl_err_no_memory(err);
}

static int add_shapes(struct stretch *stretch, const struct shapes *shapes, struct pfl_err *err)
{
    struct pfl_change change;
    size_t i, from, to;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < shapes->n; i++) {
        from = i ? shapes->at[i - 1].end : 0;
        to = i + 1 < shapes->n ? shapes->at[i + 1].at : stretch->n;
        change = change_of(stretch, from, shapes->at[i].at, shapes->at[i].end, to);
        change.p = shapes->at[i].p;
        rc = add_change(stretch, &change, shapes->at[i].at, shapes->at[i].end, err);
    }
    return rc;
}

/* The last values, when they are off: pending. */
static int add_tail(struct stretch *stretch, size_t from, size_t tail, struct pfl_err *err)
{
    size_t n = stretch->n - from, i;
    struct pfl_change change;
    double arrangements = 1;

    if (tail == 0)
        return PFL_OK;
    change = change_of(stretch, from, stretch->n - tail, stretch->n - tail, stretch->n);
    for (i = 0; i < tail; i++)
        arrangements *= (double)(n - i) / (double)(i + 1);
    change.p = 2 / arrangements;
    change.state = PFL_CHANGE_PENDING;
    return add_change(stretch, &change, stretch->n - tail, stretch->n - tail, err);
}

/* Single values far from their regime. */
static void count_spikes(struct stretch *stretch, size_t from, size_t to)
{
    const double far = 5;
    double median, mad;
    size_t i;

    if (from >= to)
        return;
    pfl_changes_spread(stretch->logs + from, to - from, stretch->scratch, &median, &mad);
    if (mad > 0)
        for (i = from; i < to; i++)
            stretch->out->spikes += fabs(stretch->logs[i] - median) > far * 1.4826 * mad;
}

/* --- a segment
 * -----------------------------------------------------------------------------------------------------
 */

/* The usable values of [from, to), their logarithms where all are positive. */
static void take_values(struct stretch *stretch, size_t from, size_t to)
{
    const double *values = stretch->params->series->values;
    bool positive = true;
    size_t i;

    stretch->n = 0;
    for (i = from; i < to; i++) {
        if (!isfinite(values[i])) {
            stretch->out->unusable++;
            continue;
        }
        positive = positive && values[i] > 0;
        stretch->finder->index.at[stretch->n] = i;
        stretch->values[stretch->n++] = values[i];
    }
    for (i = 0; i < stretch->n; i++)
        stretch->logs[i] = positive ? log(stretch->values[i]) : stretch->values[i];
}

/* Pins among the values; one at the very begin divides nothing. A pin on an unusable value is the
 * next usable one's. */
static int take_pins(struct stretch *stretch, struct pfl_err *err)
{
    struct pfl_changes_finder *finder = stretch->finder;
    struct places *pins = &finder->pins;
    size_t i, until = 0;

    pins->n = 0;
    for (i = 0; i < stretch->n; i++) {
        const struct mark *mark = &finder->marks.at[stretch->index[i]];

        if (i > 0 && (mark->pinned || stretch->index[i] == until))
            if (!pfl_vec_push(pins, &i))
                return pfl_err_no_memory(err);
        if (mark->until)
            until = mark->until;
    }
    return PFL_OK;
}

static int bounds_of(struct pfl_changes_finder *finder, size_t n, struct pfl_err *err)
{
    struct places *bounds = &finder->bounds;
    size_t i, zero = 0;

    bounds->n = 0;
    if (!pfl_vec_push(bounds, &zero))
        return pfl_err_no_memory(err);
    for (i = 0; i < finder->scan.place_count; i++)
        if (!pfl_vec_push(bounds, &finder->scan.places[i].at))
            return pfl_err_no_memory(err);
    return pfl_vec_push(bounds, &n) ? PFL_OK : pfl_err_no_memory(err);
}

static int judge_stretch(struct stretch *stretch, struct pfl_err *err)
{
    struct pfl_changes_finder *finder = stretch->finder;
    const struct pfl_changes_params *params = stretch->params;
    struct shapes shapes = {0};
    size_t i, from = 0, tail;
    int rc = take_pins(stretch, err);

    if (rc == PFL_OK)
        rc = pfl_changes_find(&finder->scan, stretch->values, stretch->n, finder->pins.at,
                              finder->pins.n, params->alpha > 0 ? params->alpha : PFL_CHANGES_ALPHA,
                              err);
    if (rc == PFL_OK)
        rc = bounds_of(finder, stretch->n, err);
    if (rc != PFL_OK)
        return rc;
    stretch->wander = (1 + finder->scan.autocorrelation) / (1 - finder->scan.autocorrelation);
    if (finder->scan.place_count) {
        pfl_changes_sums_fill(&stretch->sums, stretch->logs, stretch->n, stretch->scratch);
        rc = shape_places(stretch, &shapes, err);
    }
    if (rc == PFL_OK)
        rc = try_ramp(stretch, &shapes, err);
    if (rc == PFL_OK)
        rc = add_shapes(stretch, &shapes, err);
    for (i = 0; rc == PFL_OK && i < shapes.n; i++) {
        count_spikes(stretch, from, shapes.at[i].at);
        from = shapes.at[i].end;
    }
    if (rc == PFL_OK && from < stretch->n) {
        tail = pfl_changes_tail(stretch->logs + from, stretch->n - from, stretch->scratch);
        count_spikes(stretch, from, stretch->n - tail);
        rc = add_tail(stretch, from, tail, err);
    }
    pfl_vec_release(&shapes);
    return rc;
}

/* --- the series
 * ----------------------------------------------------------------------------------------------------
 */

static bool begins_segment(const struct stretch *stretch, size_t i)
{
    const char *const *epochs = stretch->params->series->epochs;

    return stretch->finder->marks.at[i].begins || (epochs && strcmp(epochs[i], epochs[i - 1]) != 0);
}

/* What is another from there on, in words where they are known. */
static const char *why_at(const struct pfl_series *series, size_t at)
{
    size_t i;

    for (i = 0; i < series->boundary_count; i++)
        if (series->boundaries[i].index == at)
            return series->boundaries[i].why;
    return series->epochs[at];
}

/* The border between the segment before (its level) and the one at hand. */
static int add_border(struct stretch *stretch, const struct pfl_changes_level *before, size_t at,
                      struct pfl_err *err)
{
    const struct pfl_series *series = stretch->params->series;
    const struct pfl_review *review = stretch->finder->marks.at[at].begins;
    struct pfl_changes_level after =
        pfl_changes_level_of(stretch->values, stretch->n, stretch->scratch);
    struct pfl_change change = {.index = at,
                                .end = at,
                                .revision = revision_at(series, at),
                                .before = before->median,
                                .after = after.median,
                                .p = NAN,
                                .kind = PFL_CHANGE_SEGMENT,
                                .state = PFL_CHANGE_EXPECTED};
    double ratio[3];

    pfl_changes_ratio(before, &after, 1, ratio);
    change.ratio = ratio[0];
    change.ratio_low = ratio[1];
    change.ratio_high = ratio[2];
    change.note = review ? review->note : why_at(series, at);
    return pfl_vec_push(&stretch->finder->found, &change) ? PFL_OK : pfl_err_no_memory(err);
}

static void note_stretch(const struct stretch *stretch, bool *long_enough, bool *varies)
{
    const struct pfl_changes_scan *scan = &stretch->finder->scan;
    size_t i;

    for (i = 1; i < stretch->n; i++)
        *varies |= stretch->values[i] != stretch->values[0];
    if (stretch->n < PFL_CHANGES_LEAST)
        return;
    *long_enough = true;
    stretch->out->autocorrelation = scan->autocorrelation;
    stretch->out->bimodal |= scan->bimodal;
}

static enum pfl_series_outcome outcome_of(const struct changes *found, size_t usable,
                                          bool long_enough, bool varies)
{
    size_t i;

    if (usable == 0)
        return PFL_SERIES_EMPTY;
    for (i = 0; i < found->n; i++)
        if (found->at[i].kind != PFL_CHANGE_SEGMENT)
            return PFL_SERIES_CHANGED;
    if (!long_enough)
        return PFL_SERIES_SHORT;
    return varies ? PFL_SERIES_QUIET : PFL_SERIES_CONSTANT;
}

static int judge_all(struct stretch *stretch, struct pfl_err *err)
{
    size_t n = stretch->params->series->n, from, to, usable = 0;
    bool long_enough = false, varies = false;
    struct pfl_changes_level level = {.median = NAN, .log_se = NAN};
    int rc = PFL_OK;

    for (from = 0; rc == PFL_OK && from < n; from = to) {
        for (to = from + 1; to < n && !begins_segment(stretch, to); to++)
            continue;
        take_values(stretch, from, to);
        usable += stretch->n;
        if (from > 0)
            rc = add_border(stretch, &level, from, err);
        if (rc == PFL_OK && stretch->n > 0)
            rc = judge_stretch(stretch, err);
        note_stretch(stretch, &long_enough, &varies);
        if (to < n)
            level = pfl_changes_level_of(stretch->values, stretch->n, stretch->scratch);
    }
    stretch->out->outcome = outcome_of(&stretch->finder->found, usable, long_enough, varies);
    return rc;
}

int pfl_judge_changes(struct pfl_changes_finder *finder, const struct pfl_changes_params *params,
                      struct pfl_arena *arena, struct pfl_series_changes *out, struct pfl_err *err)
{
    struct pfl_series_changes made = {.series = params->series, .autocorrelation = NAN};
    struct stretch stretch = {.finder = finder, .params = params, .out = &made};
    int rc;

    if (params->alpha != 0 && !(params->alpha >= 0.0001 && params->alpha <= 0.5))
        return pfl_err_set(err, PFL_EINVAL,
                           "a false-alarm chance of %g is not within 0.0001 and 0.5",
                           params->alpha);
    rc = reserve(finder, params->series->n, err);
    if (rc != PFL_OK)
        return rc;
    finder->found.n = 0;
    begin_stretch(&stretch);
    mark_all(finder, params);
    rc = judge_all(&stretch, err);
    if (rc == PFL_OK && finder->found.n) {
        made.changes = pfl_arena_array(arena, finder->found.n, sizeof *made.changes);
        if (!made.changes)
            return pfl_err_no_memory(err);
        memcpy(made.changes, finder->found.at, finder->found.n * sizeof *made.changes);
        made.change_count = finder->found.n;
    }
    if (rc == PFL_OK)
        *out = made;
    return rc;
}
