/*
 * Values as words, the same in every report. Texts are built in one scratch buffer and kept in the
 * report's arena, so that tables can borrow them; running out of memory sticks and is asked for
 * once, at the end.
 */
#include "report/internal.h"

#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <string.h>
#include <time.h>

enum { TEXT_MAX = 1 << 26, COMMIT_SHOWN = 10 };

void pfl_report_words_init(struct pfl_report_words *words, struct pfl_arena *arena)
{
    words->arena = arena;
    words->failed = false;
    pfl_buf_init(&words->buf, TEXT_MAX);
}

int pfl_report_words_release(struct pfl_report_words *words, struct pfl_err *err)
{
    bool failed = words->failed || words->buf.error;

    pfl_buf_release(&words->buf);
    return failed ? pfl_err_no_memory(err) : PFL_OK;
}

const char *pfl_report_words_end(struct pfl_report_words *words)
{
    const char *text = NULL;

    if (!words->buf.error)
        text = pfl_arena_text_n(words->arena, pfl_buf_cstr(&words->buf), words->buf.len);
    if (!text)
        words->failed = true;
    pfl_buf_clear(&words->buf);
    return text ? text : "";
}

const char *pfl_report_format(struct pfl_report_words *words, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    pfl_buf_vformat(&words->buf, format, args);
    va_end(args);
    return pfl_report_words_end(words);
}

const char *pfl_report_value(struct pfl_report_words *words, double value, const char *unit)
{
    pfl_units_write(&words->buf, value, unit, 3);
    return pfl_report_words_end(words);
}

/* Is "± half the width" a lie? It is where one side is much longer than the other, as for times
 * that something else's work has stretched, and where the interval is wider than the value. Sides
 * of less than a twentieth are rounding to a reader, whatever their proportion. */
static bool is_lopsided(double median, double low, double high)
{
    double below = median - low, above = high - median, size = fabs(median);

    if (!(high - low <= size))
        return true;
    return fmax(below, above) > 2 * fmin(below, above) && fmax(below, above) >= size / 20;
}

const char *pfl_report_plus_minus(struct pfl_report_words *words, double median, double low,
                                  double high, const char *unit)
{
    if (isfinite(median) && isfinite(low) && isfinite(high) && is_lopsided(median, low, high)) {
        pfl_units_write(&words->buf, median, unit, 3);
        pfl_buf_text(&words->buf, " [");
        pfl_units_write(&words->buf, low, unit, 3);
        pfl_buf_text(&words->buf, " … ");
        pfl_units_write(&words->buf, high, unit, 3);
        pfl_buf_char(&words->buf, ']');
        return pfl_report_words_end(words);
    }
    pfl_units_write_plus_minus(&words->buf, median, (high - low) / 2, unit);
    return pfl_report_words_end(words);
}

const char *pfl_report_median(struct pfl_report_words *words, const struct pfl_result *result)
{
    const struct pfl_summary *s = &result->summary;
    const struct pfl_stated *stated = &result->stated;

    if (stated->known)
        return pfl_report_plus_minus(words, s->median, stated->low, stated->high, result->unit);
    if (s->n > 1 || result->summary_only)
        return pfl_report_plus_minus(words, s->median, s->ci_low, s->ci_high, result->unit);
    return pfl_report_plus_minus(words, s->median, NAN, NAN, result->unit); /* of one launch */
}

const char *pfl_report_change(struct pfl_report_words *words, double ratio)
{
    pfl_units_write_change(&words->buf, ratio);
    return pfl_report_words_end(words);
}

static void write_interval(struct pfl_buf *buf, double low, double high)
{
    pfl_buf_char(buf, '[');
    pfl_units_write_change(buf, low);
    pfl_buf_text(buf, ", ");
    pfl_units_write_change(buf, high);
    pfl_buf_char(buf, ']');
}

const char *pfl_report_interval(struct pfl_report_words *words, double low, double high)
{
    if (isnan(low) || isnan(high))
        return "";
    write_interval(&words->buf, low, high);
    return pfl_report_words_end(words);
}

/* Whole percentages as they are written in a configuration, others with three digits. */
void pfl_report_write_percent(struct pfl_buf *buf, double fraction)
{
    double percent = fraction * 100, whole = round(percent);

    if (fabs(percent - whole) < 1e-9 && fabs(whole) < 1e9)
        pfl_buf_format(buf, "%.0f %%", whole == 0 ? 0.0 : whole);
    else
        pfl_units_write(buf, fraction, "%", fabs(percent) < 10 ? 2 : 3);
}

const char *pfl_report_percent(struct pfl_report_words *words, double fraction)
{
    if (isnan(fraction))
        return "";
    pfl_report_write_percent(&words->buf, fraction);
    return pfl_report_words_end(words);
}

const char *pfl_report_time(struct pfl_report_words *words, int64_t unix_ns, bool exact)
{
    time_t seconds = (time_t)(unix_ns / 1000000000);
    struct tm tm;
    char text[64];

    if (unix_ns == 0 || !gmtime_r(&seconds, &tm))
        return "";
    strftime(text, sizeof text, exact ? "%Y-%m-%dT%H:%M:%SZ" : "%Y-%m-%d %H:%M", &tm);
    return pfl_report_format(words, "%s", text);
}

const char *pfl_report_commit(struct pfl_report_words *words, const struct pfl_revision *revision)
{
    if (!*revision->commit)
        return "";
    return pfl_report_format(words, "%.*s%s", COMMIT_SHOWN, revision->commit,
                             revision->dirty ? " (dirty)" : "");
}

static void add_part(struct pfl_buf *buf, const char *before, const char *part)
{
    if (!part || !*part)
        return;
    if (buf->len)
        pfl_buf_text(buf, " · ");
    pfl_buf_text(buf, before);
    pfl_buf_text(buf, part);
}

/* Does the label hold "run 1a2b3c4d", so that it needs no id beside it? */
static bool names_run(const char *label, const struct pfl_run *run)
{
    const char *at = label && run->id && strlen(run->id) >= 8 ? strstr(label, "run ") : NULL;

    return at && strncmp(at + strlen("run "), run->id, 8) == 0;
}

const char *pfl_report_side(struct pfl_report_words *words, const struct pfl_run *run,
                            const char *label)
{
    const char *commit, *started;
    struct pfl_buf *buf = &words->buf;

    if (!run)
        return label ? label : "";
    commit = pfl_report_commit(words, &run->revision);
    started = pfl_report_time(words, run->started_unix_ns, false);
    add_part(buf, "", label);
    add_part(buf, "", commit);
    if (!names_run(label, run))
        add_part(buf, "run ", run->id);
    add_part(buf, "", started);
    add_part(buf, "on ",
             run->machine.name && strcmp(run->machine.name, "auto") != 0 ? run->machine.name
                                                                         : run->machine.hostname);
    if (run->partial)
        pfl_buf_text(buf, " · partial");
    return pfl_report_words_end(words);
}
