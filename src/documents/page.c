/*
 * Numbers, dates and names as words of a document.
 *
 * How many digits are shown is decided by the interval: two of its half-width, so that 1.4321 ms
 * with ± 0.0123 is 1.432. Without an interval, or with one of no width, three digits are shown, as
 * everywhere. Days and times are UTC, for a document travels.
 */
#include "documents/page.h"

#include "base/text.h"
#include "base/units.h"
#include "documents/markdown.h"
#include "documents/words.h"

#include <math.h>
#include <string.h>
#include <time.h>

enum { TEXT_MAX = 1 << 26, HASH_SHOWN = 12, DIGITS_MOST = 6 };

void pfl_document_words_init(struct pfl_document_words *words, struct pfl_arena *arena)
{
    words->arena = arena;
    words->failed = false;
    pfl_buf_init(&words->buf, TEXT_MAX);
}

int pfl_document_words_release(struct pfl_document_words *words, struct pfl_err *err)
{
    bool failed = words->failed || words->buf.error;

    pfl_buf_release(&words->buf);
    return failed ? pfl_err_no_memory(err) : PFL_OK;
}

const char *pfl_document_end(struct pfl_document_words *words)
{
    const char *text = NULL;

    if (!words->buf.error)
        text = pfl_arena_text_n(words->arena, pfl_buf_cstr(&words->buf), words->buf.len);
    if (!text)
        words->failed = true;
    pfl_buf_clear(&words->buf);
    return text ? text : "";
}

const char *pfl_document_format(struct pfl_document_words *words, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    pfl_buf_vformat(&words->buf, format, args);
    va_end(args);
    return pfl_document_end(words);
}

const char *pfl_document_text(struct pfl_document_words *words, const char *raw)
{
    pfl_markdown_text(&words->buf, raw);
    return pfl_document_end(words);
}

const char *pfl_document_code(struct pfl_document_words *words, const char *raw)
{
    pfl_markdown_code(&words->buf, raw);
    return pfl_document_end(words);
}

struct pfl_document_value pfl_document_value_of(const struct pfl_result *result)
{
    const struct pfl_summary *s = &result->summary;
    struct pfl_document_value value = {s->median, NAN, NAN, result->unit};

    if (result->stated.known) {
        value.low = result->stated.low;
        value.high = result->stated.high;
    } else if (s->n > 1 || result->summary_only) {
        value.low = s->ci_low;
        value.high = s->ci_high;
    }
    return value;
}

const char *pfl_document_estimate(struct pfl_document_words *words,
                                  const struct pfl_document_value *value)
{
    pfl_words_value(&words->buf, value->value, value->low, value->high, value->unit);
    return pfl_document_end(words);
}

/* Decimals that show two digits of `width`, at most six digits of `size`; both as shown. */
static int decimals_of(double width, double size)
{
    int decimals = 1 - (int)floor(log10(width)), most = DIGITS_MOST - 1;

    if (size > 0)
        most -= (int)floor(log10(size));
    decimals = decimals > most ? most : decimals;
    return decimals < 0 ? 0 : decimals > 9 ? 9 : decimals;
}

/* The scale of a value and the decimals that its interval of that width leaves. false: three digits
 * are the right thing. */
static bool choose(double value, double width, const char *unit, struct pfl_units_scale *scale,
                   int *decimals)
{
    *scale = pfl_units_scale_for(value, unit);
    if (!isfinite(width) || width <= 0 || !isfinite(value) ||
        (scale->factor == 1 && fabs(value) < 1e-3))
        return false;
    *decimals = decimals_of(width * scale->factor, fabs(value) * scale->factor);
    if (scale->factor == 1 && pfl_units_kind_of(unit) == PFL_UNITS_BYTES)
        *decimals = 0;
    return true;
}

static void put_suffix(struct pfl_document_words *words, const struct pfl_units_scale *scale)
{
    if (*scale->suffix)
        pfl_buf_format(&words->buf, " %s", scale->suffix);
}

const char *pfl_document_number(struct pfl_document_words *words,
                                const struct pfl_document_value *value)
{
    struct pfl_units_scale scale;
    int decimals;

    if (choose(value->value, (value->high - value->low) / 2, value->unit, &scale, &decimals)) {
        pfl_units_write_decimals(&words->buf, value->value * scale.factor, decimals);
        put_suffix(words, &scale);
    } else {
        pfl_units_write(&words->buf, value->value, value->unit, 3);
    }
    return pfl_document_end(words);
}

static const char *between(struct pfl_document_words *words, double of, double low, double high,
                           const char *unit)
{
    struct pfl_units_scale scale;
    int decimals;

    if (isnan(low) || isnan(high))
        return "";
    if (low == high) {
        pfl_units_write(&words->buf, low, unit, 3);
        return pfl_document_end(words);
    }
    if (choose(of, (high - low) / 2, unit, &scale, &decimals)) {
        pfl_units_write_decimals(&words->buf, low * scale.factor, decimals);
        pfl_buf_text(&words->buf, " … ");
        pfl_units_write_decimals(&words->buf, high * scale.factor, decimals);
        put_suffix(words, &scale);
    } else {
        pfl_units_write(&words->buf, low, unit, 3);
        pfl_buf_text(&words->buf, " … ");
        pfl_units_write(&words->buf, high, unit, 3);
    }
    return pfl_document_end(words);
}

const char *pfl_document_interval(struct pfl_document_words *words,
                                  const struct pfl_document_value *value)
{
    return between(words, value->value, value->low, value->high, value->unit);
}

const char *pfl_document_range(struct pfl_document_words *words, double low, double high,
                               const char *unit)
{
    return between(words, high, low, high, unit);
}

const char *pfl_document_percent(struct pfl_document_words *words, double fraction)
{
    if (isnan(fraction))
        return "";
    pfl_units_write(&words->buf, fraction, "%", fabs(fraction) < 0.1 ? 2 : 3);
    return pfl_document_end(words);
}

const char *pfl_document_shown(struct pfl_document_words *words, const struct pfl_result *result)
{
    struct pfl_document_value value = pfl_document_value_of(result);

    if (!result->text)
        return pfl_document_number(words, &value);
    pfl_text_fit(&words->buf, result->text, HASH_SHOWN + 1);
    return pfl_document_code(words, pfl_document_end(words));
}

static const char *time_text(struct pfl_document_words *words, int64_t unix_ns, bool minute)
{
    time_t seconds = (time_t)(unix_ns / 1000000000);
    struct tm tm;
    char text[64];

    if (unix_ns == 0 || !gmtime_r(&seconds, &tm))
        return "unknown";
    strftime(text, sizeof text, minute ? "%Y-%m-%d %H:%M UTC" : "%Y-%m-%d", &tm);
    return pfl_document_format(words, "%s", text);
}

const char *pfl_document_day(struct pfl_document_words *words, int64_t unix_ns)
{
    return time_text(words, unix_ns, false);
}

const char *pfl_document_minute(struct pfl_document_words *words, int64_t unix_ns)
{
    return time_text(words, unix_ns, true);
}

const char *pfl_document_revision(struct pfl_document_words *words,
                                  const struct pfl_revision *revision, bool subject)
{
    const char *text;

    if (!*revision->commit)
        return "no revision";
    text = pfl_document_format(words, "`%.*s`", PFL_WORDS_COMMIT, revision->commit);
    if (revision->dirty)
        text = pfl_document_format(words, "%s with changes that were not committed", text);
    if (*revision->tag)
        text = pfl_document_format(words, "%s (%s)", text, pfl_document_text(words, revision->tag));
    if (subject && *revision->subject)
        text =
            pfl_document_format(words, "%s %s", text, pfl_document_text(words, revision->subject));
    return text;
}

const char *pfl_document_metric(struct pfl_document_words *words, const char *metric,
                                const char *variant)
{
    pfl_words_metric(&words->buf, metric, variant);
    return pfl_document_end(words);
}
