/* Words and numbers of text lines. Blanks are ASCII's; a number is base/decimal.h's, so that "1,5"
 * is none and the locale does not matter. */
#include "formats/words.h"

#include "base/decimal.h"
#include "base/text.h"

#include <math.h>
#include <string.h>
#include <strings.h>

enum { NUMBER_MAX = 512 };

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool pfl_word_next(const char **at, const char *end, struct pfl_word *word)
{
    while (*at < end && is_blank(**at))
        ++*at;
    word->at = *at;
    while (*at < end && !is_blank(**at))
        ++*at;
    word->len = (size_t)(*at - word->at);
    return word->len > 0;
}

bool pfl_word_last(const char *begin, const char **end, struct pfl_word *word)
{
    const char *behind;

    while (*end > begin && is_blank((*end)[-1]))
        --*end;
    behind = *end;
    while (*end > begin && !is_blank((*end)[-1]))
        --*end;
    word->at = *end;
    word->len = (size_t)(behind - *end);
    return word->len > 0;
}

bool pfl_word_is(const struct pfl_word *word, const char *text)
{
    return strlen(text) == word->len && memcmp(word->at, text, word->len) == 0;
}

struct pfl_word pfl_word_trimmed(const char *text, size_t len)
{
    while (len && is_blank(*text)) {
        text++;
        len--;
    }
    while (len && is_blank(text[len - 1]))
        len--;
    return (struct pfl_word){text, len};
}

static bool is_no_number(const char *text)
{
    static const char *const words[] = {"nan", "inf", "infinity"};
    size_t i;

    text += *text == '-';
    for (i = 0; i < PFL_COUNT(words); i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

static bool is_digit(const struct pfl_word *word, size_t i)
{
    return i < word->len && word->at[i] >= '0' && word->at[i] <= '9';
}

/* A comma between digits with three behind it. */
static bool is_group(const struct pfl_word *word, size_t i)
{
    return word->at[i] == ',' && i > 0 && is_digit(word, i - 1) && is_digit(word, i + 1) &&
           is_digit(word, i + 2) && is_digit(word, i + 3) && !is_digit(word, i + 4);
}

/* As pfl_decimal_scan() takes it: no +, no zeros in front, a digit before the point. */
static size_t normalise(const struct pfl_word *word, enum pfl_word_number kind,
                        char text[NUMBER_MAX])
{
    size_t i = 0, len = 0;

    if (word->len && (word->at[0] == '-' || word->at[0] == '+')) {
        if (word->at[0] == '-')
            text[len++] = '-';
        i = 1;
    }
    while (i < word->len && word->at[i] == '0' && is_digit(word, i + 1))
        i++;
    if (i + 1 < word->len && word->at[i] == '.')
        text[len++] = '0';
    for (; i < word->len; i++)
        if (kind != PFL_WORD_GROUPED || !is_group(word, i))
            text[len++] = word->at[i];
    text[len] = 0;
    return len;
}

bool pfl_word_number(const struct pfl_word *word, enum pfl_word_number kind, double *value)
{
    struct pfl_decimal decimal;
    char text[NUMBER_MAX];
    size_t len;

    if (word->len == 0 || word->len + 2 > sizeof text)
        return false;
    len = normalise(word, kind, text);
    if (is_no_number(text)) {
        *value = NAN;
        return true;
    }
    if (len == 0 || pfl_decimal_scan(&decimal, text, text + len) != text + len ||
        decimal.lacks_digit)
        return false;
    if (!pfl_decimal_read(&decimal, value))
        *value = pfl_decimal_read_text(text);
    if (!isfinite(*value))
        *value = NAN;
    return true;
}

static bool is_sound(const char *text, size_t len)
{
    return pfl_text_is_utf8(text, len) && !memchr(text, 0, len);
}

static void repair(struct pfl_buf *out, const char *text, size_t len)
{
    uint32_t point;
    size_t i, step;

    for (i = 0; i < len; i += step ? step : 1) {
        step = pfl_text_decode(text + i, len - i, &point);
        if (step && point)
            pfl_buf_add(out, text + i, step);
        else
            pfl_buf_text(out, "\xEF\xBF\xBD");
    }
}

const char *pfl_word_keep(struct pfl_build *b, const char *text, size_t len)
{
    struct pfl_buf buf;
    const char *kept;

    if (is_sound(text, len)) {
        kept = pfl_arena_text_n(&b->arena, text, len);
        if (!kept)
            b->no_memory = true;
        return kept ? kept : "";
    }
    pfl_buf_init(&buf, len * 3 + 4);
    repair(&buf, text, len);
    if (buf.error)
        b->no_memory = true;
    kept = pfl_build_keep(b, pfl_buf_cstr(&buf));
    pfl_buf_release(&buf);
    return kept;
}

bool pfl_word_repair(struct pfl_buf *line)
{
    struct pfl_buf whole;
    bool done;

    if (line->len == 0 || is_sound(line->data, line->len))
        return true;
    pfl_buf_init(&whole, line->len * 3 + 4);
    repair(&whole, line->data, line->len);
    pfl_buf_clear(line);
    pfl_buf_add(line, whole.data, whole.len);
    done = !whole.error && !line->error;
    pfl_buf_release(&whole);
    return done;
}
