/*
 * Change points for a person: per series a picture of its values with the changes marked under it,
 * then a line per change.
 *
 * A column of the picture is the median of its share of the values, so a spike does not scale
 * everything else away; the scale goes from the least to the largest column. Marks: ^ a change, ~ a
 * drift's length, ? pending, | a new segment, : another name.
 */
#include "report/changes.h"
#include "report/terminal.h"

#include "base/units.h"
#include "stats/stats.h"

#include <math.h>
#include <string.h>

enum { PICTURE_MOST = 72, SHARE_MOST = 4096 };

static const char *const bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

/* The median of the usable values of [from, to), of the first 4,096 of them; NaN for none. */
static double column_median(const struct pfl_series *series, size_t from, size_t to)
{
    double share[SHARE_MOST];
    size_t i, n = 0;

    for (i = from; i < to && n < SHARE_MOST; i++)
        if (isfinite(series->values[i]))
            share[n++] = series->values[i];
    pfl_stats_sort(share, n);
    return pfl_stats_median_sorted(share, n);
}

static void put_picture(struct pfl_terminal *t, const struct pfl_series *series, size_t columns)
{
    const size_t top = PFL_COUNT(bars) - 1;
    double medians[PICTURE_MOST], low = INFINITY, high = -INFINITY, share;
    size_t i;

    for (i = 0; i < columns; i++) {
        medians[i] = column_median(series, i * series->n / columns, (i + 1) * series->n / columns);
        low = fmin(low, medians[i]);
        high = fmax(high, medians[i]);
    }
    for (i = 0; i < columns; i++) {
        share = high > low ? (medians[i] / 2 - low / 2) / (high / 2 - low / 2) : 0;
        pfl_buf_text(&t->words.buf,
                     isnan(medians[i]) ? " " : bars[(size_t)(share * (double)top + 0.5)]);
    }
    pfl_terminal_wrap(t, "    ", PFL_TERMINAL_PLAIN, pfl_report_words_end(&t->words));
}

static char mark_of(const struct pfl_change *change)
{
    if (change->kind == PFL_CHANGE_SEGMENT)
        return '|';
    return change->state == PFL_CHANGE_PENDING ? '?' : '^';
}

/* One line: pieces are not wrapped, so that marks stay under their columns. */
static void put_marks(struct pfl_terminal *t, const struct pfl_series_changes *changes,
                      size_t columns)
{
    char marks[PICTURE_MOST + 1];
    size_t i, at, end, n = changes->series->n;

    memset(marks, ' ', columns);
    for (i = 0; i < changes->series->boundary_count; i++)
        marks[changes->series->boundaries[i].index * columns / n] = ':';
    for (i = 0; i < changes->change_count; i++) {
        at = changes->changes[i].index * columns / n;
        for (end = changes->changes[i].end * columns / n; end > at; end--)
            if (end < columns)
                marks[end] = '~';
        marks[at] = mark_of(&changes->changes[i]);
    }
    for (at = columns; at > 0 && marks[at - 1] == ' '; at--)
        continue;
    marks[at] = 0;
    pfl_terminal_begin(t, 4, 4);
    pfl_terminal_put(t, "", PFL_TERMINAL_WARN, marks);
    pfl_terminal_end(t);
}

static const char *p_of(struct pfl_report_words *words, double p)
{
    if (isnan(p))
        return "";
    return p < 1e-6 ? ", p < 1e-06" : pfl_report_format(words, ", p = %.2g", p);
}

static const char *place_of(struct pfl_report_words *words, const struct pfl_change *change,
                            size_t n)
{
    const char *revision = change->revision && *change->revision
                               ? pfl_report_format(words, " (%.12s)", change->revision)
                               : "";

    if (change->kind != PFL_CHANGE_DRIFT)
        return pfl_report_format(words, "from value %zu%s", change->index, revision);
    if (change->end >= n)
        return pfl_report_format(words, "from value %zu%s on, not over yet", change->index,
                                 revision);
    return pfl_report_format(words, "from value %zu%s to %zu", change->index, revision,
                             change->end);
}

static const char *state_of(struct pfl_report_words *words, const struct pfl_change *change)
{
    const char *note =
        change->note && *change->note ? pfl_report_format(words, ": %s", change->note) : "";

    if (change->kind == PFL_CHANGE_SEGMENT)
        return pfl_report_format(words, "levels before do not compare%s", note);
    if (change->state == PFL_CHANGE_PENDING)
        return "pending: a few more values will tell";
    if (change->weak)
        return "weak: among so many series chance shows such a thing";
    return pfl_report_format(words, "%s%s", pfl_change_state_text(change->state), note);
}

static int colour_of(const struct pfl_change *change)
{
    if (change->state != PFL_CHANGE_NEW || change->weak || change->kind == PFL_CHANGE_SEGMENT)
        return PFL_TERMINAL_DIM;
    return change->worse ? PFL_TERMINAL_BAD : PFL_TERMINAL_WARN;
}

static void put_change(struct pfl_terminal *t, const struct pfl_series *series,
                       const struct pfl_change *change)
{
    struct pfl_report_words *words = &t->words;
    const char *how = "";

    if (!isnan(change->ratio)) {
        how = isnan(change->ratio_low)
                  ? ""
                  : pfl_report_interval(words, change->ratio_low, change->ratio_high);
        how = pfl_report_format(words, ", %s%s%s", pfl_report_change(words, change->ratio),
                                *how ? " " : "", how);
    }
    pfl_terminal_wrap(t, "    ", colour_of(change),
                      pfl_report_format(words, "%s %s: %s → %s%s%s%s; %s",
                                        pfl_change_kind_text(change->kind),
                                        place_of(words, change, series->n),
                                        pfl_report_value(words, change->before, series->unit),
                                        pfl_report_value(words, change->after, series->unit), how,
                                        p_of(words, change->p), change->worse ? ", worse" : "",
                                        state_of(words, change)));
}

/* A new name; where levels do not compare, a segment has told it. */
static void put_renaming(struct pfl_terminal *t, const struct pfl_series *series,
                         const struct pfl_boundary *boundary)
{
    const char *revision = series->revisions ? series->revisions[boundary->index] : "";

    if (*revision)
        revision = pfl_report_format(&t->words, " (%.12s)", revision);
    pfl_terminal_wrap(t, "    ", PFL_TERMINAL_DIM,
                      pfl_report_format(&t->words, "name from value %zu%s: %s; levels compare",
                                        boundary->index, revision, boundary->why));
}

static const char *outcome_of(struct pfl_report_words *words,
                              const struct pfl_series_changes *changes)
{
    static const char *const texts[] = {
        [PFL_SERIES_QUIET] = "quiet",
        [PFL_SERIES_CHANGED] = "changed",
        [PFL_SERIES_SHORT] = "too short to tell (16 values at least)",
        [PFL_SERIES_CONSTANT] = "constant",
        [PFL_SERIES_EMPTY] = "no usable value",
    };

    pfl_buf_text(&words->buf, texts[changes->outcome]);
    if (changes->autocorrelation >= 0.1)
        pfl_buf_format(&words->buf, ", neighbours alike (%.2f)", changes->autocorrelation);
    if (changes->bimodal)
        pfl_buf_text(&words->buf, ", to and fro between two levels");
    if (changes->spikes)
        pfl_buf_format(&words->buf, ", %zu spike%s", changes->spikes,
                       changes->spikes == 1 ? "" : "s");
    if (changes->unusable)
        pfl_buf_format(&words->buf, ", %zu value%s no number", changes->unusable,
                       changes->unusable == 1 ? " is" : "s are");
    return pfl_report_words_end(words);
}

static void put_series(struct pfl_terminal *t, const struct pfl_series_changes *changes)
{
    const struct pfl_series *series = changes->series;
    size_t columns = t->width > 8 ? t->width - 8 : 1, i;

    pfl_terminal_begin(t, 0, 4);
    pfl_terminal_put(t, "", PFL_TERMINAL_STRONG, series->benchmark);
    pfl_terminal_put(t, " · ", PFL_TERMINAL_PLAIN, series->metric);
    if (*series->variant)
        pfl_terminal_put(t, " · ", PFL_TERMINAL_PLAIN, series->variant);
    if (*series->machine)
        pfl_terminal_put(t, " · ", PFL_TERMINAL_DIM, series->machine);
    pfl_terminal_put(
        t, " · ", PFL_TERMINAL_PLAIN,
        pfl_report_format(&t->words, "%zu value%s", series->n, series->n == 1 ? "" : "s"));
    pfl_terminal_put(t, " · ", PFL_TERMINAL_PLAIN, outcome_of(&t->words, changes));
    pfl_terminal_end(t);
    columns = columns < PICTURE_MOST ? columns : PICTURE_MOST;
    columns = columns < series->n ? columns : series->n;
    if (columns > 1) {
        put_picture(t, series, columns);
        if (changes->change_count || series->boundary_count)
            put_marks(t, changes, columns);
    }
    for (i = 0; i < series->boundary_count; i++)
        if (series->boundaries[i].compares)
            put_renaming(t, series, &series->boundaries[i]);
    for (i = 0; i < changes->change_count; i++)
        put_change(t, series, &changes->changes[i]);
}

static void put_sum(struct pfl_terminal *t, const struct pfl_series_changes *list, size_t n,
                    size_t silent)
{
    size_t counts[4] = {0}, weak = 0, i, j;

    for (i = 0; i < n; i++)
        for (j = 0; j < list[i].change_count; j++)
            if (list[i].changes[j].weak)
                weak++;
            else if (list[i].changes[j].kind != PFL_CHANGE_SEGMENT)
                counts[list[i].changes[j].state]++;
    pfl_buf_format(
        &t->words.buf, "%zu series: %zu new change%s, %zu acknowledged, %zu expected, %zu pending",
        n, counts[PFL_CHANGE_NEW], counts[PFL_CHANGE_NEW] == 1 ? "" : "s",
        counts[PFL_CHANGE_ACKNOWLEDGED], counts[PFL_CHANGE_EXPECTED], counts[PFL_CHANGE_PENDING]);
    if (weak)
        pfl_buf_format(&t->words.buf, ", %zu weak", weak);
    if (silent)
        pfl_buf_format(&t->words.buf, "; %zu without any (--all shows them)", silent);
    pfl_terminal_wrap(t, "", PFL_TERMINAL_PLAIN, pfl_report_words_end(&t->words));
}

int pfl_report_changes_terminal(const struct pfl_series_changes *list, size_t n, bool all,
                                const struct pfl_report_style *style, struct pfl_arena *arena,
                                struct pfl_buf *out, struct pfl_err *err)
{
    struct pfl_terminal t;
    size_t i, silent = 0;

    pfl_terminal_init(&t, style, arena, out);
    for (i = 0; i < n; i++) {
        if (!all && n > 1 && list[i].change_count == 0) {
            silent++;
            continue;
        }
        put_series(&t, &list[i]);
        pfl_terminal_blank(&t);
    }
    put_sum(&t, list, n, silent);
    return pfl_terminal_finish(&t, err, "writing the changes");
}
