/*
 * Comparing names: globs, slips of the finger, natural order.
 *
 * The glob keeps one place to go back to, that of the last `*`: an earlier star never needs to take
 * more, because whatever it could take the last one can take too. So there is no recursion and no
 * exponential pattern. The distance is Damerau's in its "optimal string alignment" form: insert,
 * delete, replace, swap of neighbours.
 */
#include "base/text.h"

#include <string.h>

enum { DISTANCE_MAX_BYTES = 64 };

static size_t point_bytes(const char *text)
{
    uint32_t point;
    size_t step = pfl_text_decode(text, strlen(text) < 4 ? strlen(text) : 4, &point);

    return step ? step : 1;
}

/* One element of the pattern (not `*`) against the text: bytes of text taken, or 0. *used: bytes of
 * pattern. */
static size_t match_one(const char *pattern, const char *text, size_t *used)
{
    *used = 1;
    if (*text == 0)
        return 0;
    if (*pattern == '?')
        return point_bytes(text);
    if (*pattern == '\\' && pattern[1]) {
        pattern++;
        *used = 2;
    }
    return *pattern == *text;
}

bool pfl_text_glob(const char *pattern, const char *text)
{
    const char *star = NULL, *resume = NULL;
    size_t taken, used;

    for (;;) {
        if (*pattern == '*') {
            star = ++pattern;
            resume = text;
            continue;
        }
        if (*pattern == 0 && *text == 0)
            return true;
        taken = *pattern ? match_one(pattern, text, &used) : 0;
        if (taken) {
            pattern += used;
            text += taken;
        } else if (star && *resume) {
            resume += point_bytes(resume);
            text = resume;
            pattern = star;
        } else {
            return false;
        }
    }
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t pfl_text_distance(const char *a, const char *b, size_t limit)
{
    size_t rows[3][DISTANCE_MAX_BYTES + 1], *before = rows[0], *last = rows[1], *now = rows[2],
                                            *swap;
    size_t a_len = strlen(a), b_len = strlen(b), i, j, best;

    if (a_len > DISTANCE_MAX_BYTES || b_len > DISTANCE_MAX_BYTES)
        return limit + 1;
    for (j = 0; j <= b_len; j++)
        last[j] = j;
    memcpy(before, last, sizeof rows[0]);
    for (i = 1; i <= a_len; i++) {
        now[0] = best = i;
        for (j = 1; j <= b_len; j++) {
            now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
            best = least(best, now[j]);
        }
        if (best > limit)
            return limit + 1;
        swap = before;
        before = last;
        last = now;
        now = swap;
    }
    return least(last[b_len], limit + 1);
}

/*
 * A third of the word may be wrong, but never all of it; the beginning of a longer word counts as
 * one slip.
 */
const char *pfl_text_nearest(const char *word, const char *const *candidates, size_t n)
{
    size_t len = strlen(word), limit = (len + 2) / 3, best = limit + 1, i, distance;
    const char *nearest = NULL;

    for (i = 0; i < n; i++) {
        distance = pfl_text_distance(word, candidates[i], limit);
        if (len >= 3 && distance > 1 && pfl_text_starts(candidates[i], word))
            distance = 1;
        if (distance < best && distance < len) {
            best = distance;
            nearest = candidates[i];
        }
    }
    return nearest;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Two digit runs by value, however long; both pointers end behind their run. */
static int compare_runs(const char **a, const char **b)
{
    const char *x, *y;
    size_t x_len, y_len;

    while (**a == '0')
        ++*a;
    while (**b == '0')
        ++*b;
    for (x = *a; is_digit(**a);)
        ++*a;
    for (y = *b; is_digit(**b);)
        ++*b;
    x_len = (size_t)(*a - x);
    y_len = (size_t)(*b - y);
    if (x_len != y_len)
        return x_len < y_len ? -1 : 1;
    return memcmp(x, y, x_len);
}

int pfl_text_compare_natural(const char *a, const char *b)
{
    const char *whole_a = a, *whole_b = b;
    int order;

    for (; *a && *a == *b; a++, b++) /* names mostly begin alike */
        ;
    for (; a > whole_a && is_digit(a[-1]); a--, b--) /* back to where a run of digits begins */
        ;
    while (*a && *b) {
        if (is_digit(*a) && is_digit(*b)) {
            order = compare_runs(&a, &b);
            if (order)
                return order;
        } else if (*a != *b) {
            break;
        } else {
            a++;
            b++;
        }
    }
    if (*a != *b)
        return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
    return strcmp(whole_a, whole_b); /* only leading zeros differ */
}

bool pfl_text_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool pfl_text_ends(const char *text, const char *suffix)
{
    size_t len = strlen(text), tail = strlen(suffix);

    return len >= tail && memcmp(text + len - tail, suffix, tail) == 0;
}
