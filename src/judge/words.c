/* The sentences of the judge: put together in one buffer, kept in the caller's arena. Plain ASCII
 * but for names. */
#include "judge/internal.h"

#include <stdarg.h>

const char *pfl_judge_words_end(struct pfl_judge *judge)
{
    const char *text = NULL;

    if (pfl_buf_check(&judge->words, judge->err, "writing a verdict's reason") == PFL_OK)
        text = pfl_arena_text_n(judge->arena, pfl_buf_cstr(&judge->words), judge->words.len);
    pfl_buf_clear(&judge->words);
    return text;
}

const char *pfl_judge_format(struct pfl_judge *judge, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    pfl_buf_vformat(&judge->words, format, args);
    va_end(args);
    return pfl_judge_words_end(judge);
}

int pfl_judge_note(struct pfl_judge *judge, const char *format, ...)
{
    const char *text;
    va_list args;

    va_start(args, format);
    pfl_buf_vformat(&judge->words, format, args);
    va_end(args);
    text = pfl_judge_words_end(judge);
    if (!text || !pfl_vec_push(&judge->notes, &text))
        return pfl_err_no_memory(judge->err);
    return PFL_OK;
}

/* About three digits, never an exponent: 12.5, 0.031, 1500; whole numbers without decimals, as a
 * limit was written. From integers, so that no locale puts a comma into a sentence. */
static void write_number(struct pfl_buf *buf, double value, bool sign)
{
    static const long long scales[] = {1, 10, 100, 1000};
    double size = fabs(value);
    int decimals = size >= 100 ? 0 : size >= 1 ? 1 : size >= 0.1 ? 2 : 3;
    long long scaled;

    if (!(size < 1e15)) {
        pfl_buf_text(buf, isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
        return;
    }
    if (fabs(size - nearbyint(size)) < 1e-9)
        decimals = 0;
    scaled = llround(size * (double)scales[decimals]);
    if (value < 0 && scaled > 0)
        pfl_buf_char(buf, '-');
    else if (sign)
        pfl_buf_char(buf, '+');
    pfl_buf_format(buf, "%lld", scaled / scales[decimals]);
    if (decimals > 0)
        pfl_buf_format(buf, ".%0*lld", decimals, scaled % scales[decimals]);
}

void pfl_judge_write_percent(struct pfl_buf *buf, double fraction)
{
    write_number(buf, fraction * 100, false);
    pfl_buf_text(buf, " %");
}

void pfl_judge_write_change(struct pfl_buf *buf, double ratio)
{
    if (ratio >= 10) {
        write_number(buf, ratio, false);
        pfl_buf_text(buf, " times");
    } else {
        write_number(buf, (ratio - 1) * 100, true);
        pfl_buf_text(buf, " %");
    }
}
