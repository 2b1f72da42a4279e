/*
 * Fences as CommonMark has them: three or more of one sign behind up to three blanks. Behind a
 * fence of backticks no further backtick stands (that is code within a line), and a closing one has
 * nothing behind it. A line with four blanks before it is no fence, so it hides nothing.
 */
#include "documents/fence.h"

static size_t count_of(const char *line, size_t len, size_t from, char sign)
{
    size_t n = 0;

    while (from + n < len && line[from + n] == sign)
        n++;
    return n;
}

/* Nothing but blanks from here on. */
static bool is_bare(const char *line, size_t len, size_t from)
{
    while (from < len && (line[from] == ' ' || line[from] == '\t' || line[from] == '\r'))
        from++;
    return from == len;
}

bool pfl_fence_line(struct pfl_fence *fence, const char *line, size_t len)
{
    size_t at = count_of(line, len, 0, ' '), n, i;
    char sign = at < len ? line[at] : 0;

    n = at < 4 && (sign == '`' || sign == '~') ? count_of(line, len, at, sign) : 0;
    if (fence->length) {
        if (n >= fence->length && sign == fence->sign && is_bare(line, len, at + n))
            fence->length = 0;
        return true;
    }
    for (i = at + n; sign == '`' && i < len; i++)
        if (line[i] == '`')
            return false;
    fence->length = n < 3 ? 0 : n;
    fence->sign = sign;
    return n >= 3;
}
