/*
 * UTF-8, terminal widths and safe display. Everything that comes from outside (benchmark names, a
 * program's last words, file names) is shown through pfl_text_escape(), because a name may hold
 * escape sequences that would retitle a terminal, or bidirectional overrides that make one name
 * look like another.
 *
 * Widths are a compact table of ranges made by hand from Unicode 15's EastAsianWidth (W and F),
 * emoji presentation and general categories Mn, Me, Cf. It is not exhaustive for historic scripts:
 * a wrong guess costs a crooked column.
 */
#include "base/text.h"

#include <string.h>

size_t pfl_text_decode(const char *text, size_t len, uint32_t *point)
{
    const unsigned char *p = (const unsigned char *)text;
    uint32_t value;
    size_t need, i;

    if (len == 0)
        return 0;
    if (p[0] < 0x80) {
        *point = p[0];
        return 1;
    }
    if (p[0] < 0xC2 || p[0] > 0xF4)
        return 0; /* a continuation byte, an overlong lead, or beyond U+10FFFF */
    need = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    if (len < need)
        return 0;
    value = p[0] & (0x7Fu >> need);
    for (i = 1; i < need; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (p[i] & 0x3Fu);
    }
    if ((need == 3 && value < 0x800) || (need == 4 && value < 0x10000) || value > 0x10FFFF ||
        (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *point = value;
    return need;
}

bool pfl_text_encode(struct pfl_buf *buf, uint32_t point)
{
    char bytes[4];
    size_t len;

    if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        return false;
    if (point < 0x80) {
        bytes[0] = (char)point;
        len = 1;
    } else if (point < 0x800) {
        bytes[0] = (char)(0xC0 | point >> 6);
        len = 2;
    } else if (point < 0x10000) {
        bytes[0] = (char)(0xE0 | point >> 12);
        bytes[1] = (char)(0x80 | (point >> 6 & 0x3F));
        len = 3;
    } else {
        bytes[0] = (char)(0xF0 | point >> 18);
        bytes[1] = (char)(0x80 | (point >> 12 & 0x3F));
        bytes[2] = (char)(0x80 | (point >> 6 & 0x3F));
        len = 4;
    }
    if (len > 1)
        bytes[len - 1] = (char)(0x80 | (point & 0x3F));
    pfl_buf_add(buf, bytes, len);
    return true;
}

bool pfl_text_is_utf8(const char *text, size_t len)
{
    uint32_t point;
    size_t at = 0, step;

    while (at < len) {
        step = pfl_text_decode(text + at, len - at, &point);
        if (step == 0)
            return false;
        at += step;
    }
    return true;
}

struct range {
    uint32_t first, last;
};

/* clang-format off */
static const struct range combining[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2}, {0x05C4, 0x05C5},
    {0x05C7, 0x05C7}, {0x0610, 0x061A}, {0x061C, 0x061C}, {0x064B, 0x065F}, {0x0670, 0x0670}, {0x06D6, 0x06DC},
    {0x06DF, 0x06E4}, {0x06E7, 0x06E8}, {0x06EA, 0x06ED}, {0x0711, 0x0711}, {0x0730, 0x074A}, {0x07A6, 0x07B0},
    {0x07EB, 0x07F3}, {0x0816, 0x0819}, {0x081B, 0x0823}, {0x0825, 0x0827}, {0x0829, 0x082D}, {0x0859, 0x085B},
    {0x08CA, 0x08E1}, {0x08E3, 0x0902}, {0x093A, 0x093A}, {0x093C, 0x093C}, {0x0941, 0x0948}, {0x094D, 0x094D},
    {0x0951, 0x0957}, {0x0962, 0x0963}, {0x0981, 0x0981}, {0x09BC, 0x09BC}, {0x09C1, 0x09C4}, {0x09CD, 0x09CD},
    {0x0A3C, 0x0A3C}, {0x0A41, 0x0A51}, {0x0ABC, 0x0ABC}, {0x0AC1, 0x0AC8}, {0x0ACD, 0x0ACD}, {0x0B3C, 0x0B3C},
    {0x0B41, 0x0B44}, {0x0B4D, 0x0B4D}, {0x0BC0, 0x0BC0}, {0x0BCD, 0x0BCD}, {0x0C46, 0x0C56}, {0x0CBC, 0x0CBC},
    {0x0CCC, 0x0CCD}, {0x0D41, 0x0D44}, {0x0D4D, 0x0D4D}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E},
    {0x0EB1, 0x0EB1}, {0x0EB4, 0x0EBC}, {0x0EC8, 0x0ECD}, {0x0F71, 0x0F7E}, {0x0F80, 0x0F84}, {0x102D, 0x1030},
    {0x1032, 0x1037}, {0x1039, 0x103A}, {0x1160, 0x11FF}, {0x135D, 0x135F}, {0x17B4, 0x17B5}, {0x17B7, 0x17BD},
    {0x17C9, 0x17D3}, {0x180B, 0x180F}, {0x1AB0, 0x1ACE}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F}, {0x202A, 0x202E},
    {0x2060, 0x206F}, {0x20D0, 0x20F0}, {0x302A, 0x302D}, {0x3099, 0x309A}, {0xA66F, 0xA672}, {0xFB1E, 0xFB1E},
    {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0x1D167, 0x1D169}, {0x1F3FB, 0x1F3FF}, {0xE0000, 0xE01EF},
};
static const struct range wide[] = {
    {0x1100, 0x115F}, {0x231A, 0x231B}, {0x2329, 0x232A}, {0x23E9, 0x23EC}, {0x23F0, 0x23F0}, {0x23F3, 0x23F3},
    {0x25FD, 0x25FE}, {0x2614, 0x2615}, {0x2648, 0x2653}, {0x267F, 0x267F}, {0x2693, 0x2693}, {0x26A1, 0x26A1},
    {0x26AA, 0x26AB}, {0x26BD, 0x26BE}, {0x26C4, 0x26C5}, {0x26CE, 0x26CE}, {0x26D4, 0x26D4}, {0x26EA, 0x26EA},
    {0x26F2, 0x26F3}, {0x26F5, 0x26F5}, {0x26FA, 0x26FA}, {0x26FD, 0x26FD}, {0x2705, 0x2705}, {0x270A, 0x270B},
    {0x2728, 0x2728}, {0x274C, 0x274C}, {0x274E, 0x274E}, {0x2753, 0x2755}, {0x2757, 0x2757}, {0x2795, 0x2797},
    {0x27B0, 0x27B0}, {0x27BF, 0x27BF}, {0x2B1B, 0x2B1C}, {0x2B50, 0x2B50}, {0x2B55, 0x2B55}, {0x2E80, 0x303E},
    {0x3041, 0x4DBF}, {0x4E00, 0xA4CF}, {0xA960, 0xA97F}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0xFE10, 0xFE19},
    {0xFE30, 0xFE6F}, {0xFF01, 0xFF60}, {0xFFE0, 0xFFE6}, {0x16FE0, 0x18CFF}, {0x1AFF0, 0x1B2FF}, {0x1F004, 0x1F004},
    {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F200, 0x1F265}, {0x1F300, 0x1F320},
    {0x1F32D, 0x1F335}, {0x1F337, 0x1F37C}, {0x1F37E, 0x1F393}, {0x1F3A0, 0x1F3CA}, {0x1F3CF, 0x1F3D3},
    {0x1F3E0, 0x1F3F0}, {0x1F3F4, 0x1F3F4}, {0x1F3F8, 0x1F43E}, {0x1F440, 0x1F440}, {0x1F442, 0x1F4FC},
    {0x1F4FF, 0x1F53D}, {0x1F54B, 0x1F54E}, {0x1F550, 0x1F567}, {0x1F57A, 0x1F57A}, {0x1F595, 0x1F596},
    {0x1F5A4, 0x1F5A4}, {0x1F5FB, 0x1F64F}, {0x1F680, 0x1F6C5}, {0x1F6CC, 0x1F6CC}, {0x1F6D0, 0x1F6D2},
    {0x1F6D5, 0x1F6D7}, {0x1F6DC, 0x1F6DF}, {0x1F6EB, 0x1F6EC}, {0x1F6F4, 0x1F6FC}, {0x1F7E0, 0x1F7EB},
    {0x1F7F0, 0x1F7F0}, {0x1F90C, 0x1F93A}, {0x1F93C, 0x1F945}, {0x1F947, 0x1F9FF}, {0x1FA70, 0x1FAFF},
    {0x20000, 0x3FFFD},
};
/* clang-format on */

static bool in_ranges(uint32_t point, const struct range *ranges, size_t n)
{
    size_t low = 0, high = n, middle;

    while (low < high) {
        middle = low + (high - low) / 2;
        if (point > ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && point >= ranges[low].first;
}

int pfl_text_point_width(uint32_t point)
{
    if (point < 0x300)
        return point >= 0x20 && (point < 0x7F || point > 0x9F);
    if (in_ranges(point, combining, PFL_COUNT(combining)))
        return 0;
    return in_ranges(point, wide, PFL_COUNT(wide)) ? 2 : 1;
}

/* The next character of a text that may be broken: its bytes and columns. An invalid byte stands
 * for itself. */
static size_t step_of(const char *text, size_t len, size_t *columns)
{
    uint32_t point;
    size_t step = pfl_text_decode(text, len, &point);

    *columns = step ? (size_t)pfl_text_point_width(point) : 1;
    return step ? step : 1;
}

size_t pfl_text_width(const char *text)
{
    size_t len = strlen(text), at = 0, width = 0, columns;

    while (at < len) {
        at += step_of(text + at, len - at, &columns);
        width += columns;
    }
    return width;
}

void pfl_text_fit(struct pfl_buf *buf, const char *text, size_t columns)
{
    size_t len = strlen(text), at = 0, width = 0, step, more;

    if (columns == 0)
        return;
    if (pfl_text_width(text) <= columns) {
        pfl_buf_add(buf, text, len);
        return;
    }
    for (;; at += step, width += more) {
        step = step_of(text + at, len - at, &more);
        if (width + more > columns - 1)
            break;
    }
    pfl_buf_add(buf, text, at);
    pfl_buf_text(buf, "…");
}

void pfl_text_fit_middle(struct pfl_buf *buf, const char *text, size_t columns)
{
    size_t len = strlen(text), width = pfl_text_width(text), at = 0, part;
    size_t tail = columns - columns / 2;

    if (width <= columns || columns < 3) {
        pfl_text_fit(buf, text, columns);
        return;
    }
    pfl_text_fit(buf, text, columns / 2);
    for (; width > tail; width -= part)
        at += step_of(text + at, len - at, &part);
    pfl_buf_add(buf, text + at, len - at);
}

/* Control characters, and the invisible ones that reorder or break what a reader sees. */
static bool is_unsafe(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0x061C || point == 0x200E ||
           point == 0x200F || (point >= 0x2028 && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069) || point == 0xFEFF;
}

static void escape_point(struct pfl_buf *buf, uint32_t point)
{
    switch (point) {
    case '\n': pfl_buf_text(buf, "\\n"); break;
    case '\t': pfl_buf_text(buf, "\\t"); break;
    case '\r': pfl_buf_text(buf, "\\r"); break;
    default: pfl_buf_format(buf, point < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)point); break;
    }
}

void pfl_text_escape(struct pfl_buf *buf, const char *text, size_t len)
{
    size_t at = 0, step;
    uint32_t point;

    for (; at < len; at += step) {
        step = pfl_text_decode(text + at, len - at, &point);
        if (step == 0) {
            step = 1;
            pfl_buf_format(buf, "\\x%02x", (unsigned)(unsigned char)text[at]);
        } else if (is_unsafe(point)) {
            escape_point(buf, point);
        } else {
            pfl_buf_add(buf, text + at, step);
        }
    }
}

static bool needs_escape(const char *text, size_t len)
{
    size_t at = 0, step;
    uint32_t point;

    for (; at < len; at += step) {
        step = pfl_text_decode(text + at, len - at, &point);
        if (step == 0 || is_unsafe(point))
            return true;
    }
    return false;
}

const char *pfl_text_shown(struct pfl_arena *arena, const char *text)
{
    size_t len = strlen(text);
    const char *shown = NULL;
    struct pfl_buf buf;

    if (!needs_escape(text, len))
        return text;
    pfl_buf_init(&buf, len * 6 + 1); /* the longest: U+202E, 3 bytes, becomes 6 */
    pfl_text_escape(&buf, text, len);
    if (!buf.error)
        shown = pfl_arena_text_n(arena, pfl_buf_cstr(&buf), buf.len);
    pfl_buf_release(&buf);
    return shown;
}
