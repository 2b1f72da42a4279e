/*
 * Two outputs compared. Bytes are streamed, so outputs may be of any size; where they differ the
 * line is known by counting. With a tolerance both are read token by token, for floating-point sums
 * come out in another order and timestamps do not: only what reads as a number may differ, and only
 * by rounding. The difference is relative to the larger of the two, so that the order of the sides
 * does not matter.
 */
#include "flow/race/same_output.h"

#include "base/text.h"
#include "base/units.h"
#include "sys/file.h"

#include <math.h>
#include <string.h>
#include <strings.h>

enum { WINDOW = 64 << 10, BINARY_WITHIN = 8 << 10, TOKEN_MAX = 256, QUOTED_MAX = 48 };

struct side {
    struct pfl_file file;
    unsigned char *window;
    size_t at, len;
    int64_t bytes; /* read so far */
    bool ended;
};

/* The next byte without taking it; -1 at the end. A failed read ends it with *rc set. */
static int peek(struct side *side, int *rc, struct pfl_err *err)
{
    long n;

    if (side->at == side->len && !side->ended && *rc == PFL_OK) {
        n = pfl_file_read_some(&side->file, (char *)side->window, WINDOW, err);
        side->at = 0;
        side->len = n > 0 ? (size_t)n : 0;
        side->ended = n <= 0;
        if (n < 0)
            *rc = (int)n;
    }
    return side->at < side->len ? side->window[side->at] : -1;
}

static void take(struct side *side)
{
    side->at++;
    side->bytes++;
}

static const char *quote(struct pfl_arena *arena, const char *text, size_t len)
{
    size_t most = len < QUOTED_MAX ? len : QUOTED_MAX;
    struct pfl_buf buf;
    const char *quoted;

    if (len == 0)
        return "the end";
    pfl_buf_init(&buf, 1 << 16);
    pfl_buf_char(&buf, '"');
    pfl_text_escape(&buf, text, most);
    pfl_buf_text(&buf, len > most ? "…\"" : "\"");
    quoted = buf.error ? NULL : pfl_arena_text(arena, pfl_buf_cstr(&buf));
    pfl_buf_release(&buf);
    return quoted;
}

/* What stands from here to the end of the line. */
static size_t rest_of_line(struct side *side, char *text, int *rc, struct pfl_err *err)
{
    size_t len = 0;
    int byte;

    while (len < TOKEN_MAX && (byte = peek(side, rc, err)) >= 0) {
        take(side);
        text[len++] = (char)byte;
        if (byte == '\n')
            break;
    }
    return len;
}

static const char *say(struct pfl_arena *arena, int64_t line, const char *base, const char *head)
{
    if (!base || !head)
        return NULL;
    return pfl_arena_format(arena,
                            "the outputs differ in line %lld: %s in the base's, %s in the "
                            "challenger's",
                            (long long)line, base, head);
}

/* The line's beginning is known to be the same; it is quoted too, as far as it was kept. */
struct line {
    char text[TOKEN_MAX];
    size_t len;
    int64_t number;
};

static void note_byte(struct line *line, int byte)
{
    if (byte == '\n') {
        line->number++;
        line->len = 0;
    } else if (line->len < QUOTED_MAX / 2) {
        line->text[line->len++] = (char)byte;
    } else { /* only the end of what is the same matters */
        memmove(line->text, line->text + 1, line->len - 1);
        line->text[line->len - 1] = (char)byte;
    }
}

static int say_bytes(struct side *sides, const struct line *line, struct pfl_arena *arena,
                     const char **problem, struct pfl_err *err)
{
    const char *quoted[2];
    size_t i, len;
    int rc = PFL_OK;

    for (i = 0; i < 2; i++) {
        char text[2 * TOKEN_MAX];
        bool over = peek(&sides[i], &rc, err) < 0;

        memcpy(text, line->text, line->len);
        len = over ? 0 : line->len + rest_of_line(&sides[i], text + line->len, &rc, err);
        quoted[i] = quote(arena, text, len);
    }
    if (rc != PFL_OK)
        return rc;
    *problem = say(arena, line->number, quoted[0], quoted[1]);
    return *problem ? PFL_OK : pfl_err_no_memory(err);
}

static int compare_bytes(struct side *sides, bool binary, struct pfl_arena *arena,
                         const char **problem, struct pfl_err *err)
{
    struct line line = {.number = 1};
    int base, head, rc = PFL_OK;

    for (;;) {
        base = peek(&sides[0], &rc, err);
        head = peek(&sides[1], &rc, err);
        if (rc != PFL_OK || (base < 0 && head < 0))
            return rc;
        if (base != head)
            break;
        note_byte(&line, base);
        take(&sides[0]);
        take(&sides[1]);
    }
    if (!binary)
        return say_bytes(sides, &line, arena, problem, err);
    *problem = pfl_arena_format(arena, "the outputs differ from byte %lld on",
                                (long long)sides[0].bytes + 1);
    return *problem ? PFL_OK : pfl_err_no_memory(err);
}

/* ---- tokens ---- */

struct token {
    char text[TOKEN_MAX + 1]; /* the beginning of a longer one */
    size_t len;               /* all of it */
    uint64_t hash;            /* FNV-1a of all of it: longer ones than text are compared so */
};

static bool is_blank(int byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

/* A word, a line break, or nothing (len 0: the end). */
static int next_token(struct side *side, struct token *token, struct pfl_err *err)
{
    int byte, rc = PFL_OK;

    token->len = 0;
    token->hash = 1469598103934665603u;
    while (is_blank(byte = peek(side, &rc, err)))
        take(side);
    while (byte >= 0) {
        if (token->len < TOKEN_MAX)
            token->text[token->len] = (char)byte;
        token->len++;
        token->hash = (token->hash ^ (uint64_t)byte) * 1099511628211u;
        take(side);
        if (byte == '\n')
            break;
        byte = peek(side, &rc, err);
        if (is_blank(byte) || byte == '\n')
            break;
    }
    token->text[token->len < TOKEN_MAX ? token->len : TOKEN_MAX] = 0;
    return rc;
}

/* Blank lines at the end are nothing: a file that lacks its last line break says the same. */
static int skip_line_breaks(struct side *side, struct token *token, struct pfl_err *err)
{
    int rc = PFL_OK;

    while (rc == PFL_OK && token->len == 1 && token->text[0] == '\n')
        rc = next_token(side, token, err);
    return rc;
}

static bool read_number(const char *text, double *value)
{
    static const struct {
        const char *text;
        double value;
    } special[] = {{"nan", NAN}, {"-nan", NAN}, {"inf", INFINITY}, {"-inf", -INFINITY}};
    size_t i;

    for (i = 0; i < PFL_COUNT(special); i++)
        if (strcasecmp(text, special[i].text) == 0) {
            *value = special[i].value;
            return true;
        }
    return pfl_units_read_number(text, value, NULL) == PFL_OK;
}

/* "1.5,", "x=1.5": a number may have a little punctuation around it, the same on both sides. */
static size_t find_number(const struct token *token, size_t *from, double *value)
{
    const char *text = token->text;
    char number[TOKEN_MAX + 1];
    size_t begin, end = token->len;

    if (token->len > TOKEN_MAX)
        return 0;
    while (end > 0 && strchr(",;:)]}>\"'", text[end - 1]))
        end--;
    begin = end;
    while (begin > 0 && !strchr("=:([{<,;\"'", text[begin - 1]))
        begin--;
    memcpy(number, text + begin, end - begin);
    number[end - begin] = 0;
    if (begin == end || !read_number(number, value))
        return 0;
    *from = begin;
    return end - begin;
}

static bool same_number(double a, double b, double tolerance)
{
    if (isnan(a) || isnan(b))
        return isnan(a) && isnan(b);
    if (isinf(a) || isinf(b))
        return isinf(a) && isinf(b) && (a > 0) == (b > 0);
    return fabs(a - b) <= tolerance * fmax(fabs(a), fabs(b));
}

static bool same_token(const struct token *a, const struct token *b, double tolerance)
{
    size_t a_from, b_from, a_len, b_len;
    double a_value, b_value;

    if (a->len == b->len && a->hash == b->hash &&
        memcmp(a->text, b->text, a->len < TOKEN_MAX ? a->len : TOKEN_MAX) == 0)
        return true;
    a_len = find_number(a, &a_from, &a_value);
    b_len = find_number(b, &b_from, &b_value);
    return a_len && b_len && a_from == b_from && memcmp(a->text, b->text, a_from) == 0 &&
           strcmp(a->text + a_from + a_len, b->text + b_from + b_len) == 0 &&
           same_number(a_value, b_value, tolerance);
}

static int say_tokens(const struct token *base, const struct token *head, int64_t line,
                      struct pfl_arena *arena, const char **problem, struct pfl_err *err)
{
    *problem =
        say(arena, line, quote(arena, base->text, base->len), quote(arena, head->text, head->len));
    return *problem ? PFL_OK : pfl_err_no_memory(err);
}

static int compare_tokens(struct side *sides, double tolerance, struct pfl_arena *arena,
                          const char **problem, struct pfl_err *err)
{
    struct token base, head;
    int64_t line = 1;
    int rc = PFL_OK;

    for (;;) {
        rc = next_token(&sides[0], &base, err);
        if (rc == PFL_OK)
            rc = next_token(&sides[1], &head, err);
        if (rc == PFL_OK && head.len == 0)
            rc = skip_line_breaks(&sides[0], &base, err);
        if (rc == PFL_OK && base.len == 0)
            rc = skip_line_breaks(&sides[1], &head, err);
        if (rc != PFL_OK || (base.len == 0 && head.len == 0))
            return rc;
        if (!same_token(&base, &head, tolerance))
            return say_tokens(&base, &head, line, arena, problem, err);
        line += base.text[0] == '\n';
    }
}

/* ---- both ---- */

static bool is_binary(struct side *side, int *rc, struct pfl_err *err)
{
    size_t n;

    peek(side, rc, err);
    n = side->len < BINARY_WITHIN ? side->len : BINARY_WITHIN;
    return n > 0 && memchr(side->window, 0, n) != NULL;
}

static int compare(struct side *sides, double tolerance, struct pfl_arena *arena,
                   const char **problem, struct pfl_err *err)
{
    int rc = PFL_OK;
    bool base_binary = is_binary(&sides[0], &rc, err), head_binary = is_binary(&sides[1], &rc, err);

    if (rc != PFL_OK)
        return rc;
    if (base_binary || head_binary || !(tolerance > 0))
        return compare_bytes(sides, base_binary || head_binary, arena, problem, err);
    return compare_tokens(sides, tolerance, arena, problem, err);
}

/* " (120 and 118 bytes)" behind a problem. */
static int add_sizes(const char *base_path, const char *head_path, struct pfl_arena *arena,
                     const char **problem, struct pfl_err *err)
{
    int64_t base = 0, head = 0, ignored;
    int rc = pfl_file_stat(base_path, &base, &ignored, err);

    if (rc == PFL_OK)
        rc = pfl_file_stat(head_path, &head, &ignored, err);
    if (rc != PFL_OK || base == head)
        return rc;
    *problem = pfl_arena_format(arena, "%s (%lld and %lld bytes)", *problem, (long long)base,
                                (long long)head);
    return *problem ? PFL_OK : pfl_err_no_memory(err);
}

int pfl_same_output(const char *base_path, const char *head_path, double tolerance,
                    struct pfl_arena *arena, const char **problem, struct pfl_err *err)
{
    struct side sides[2] = {{.window = pfl_arena_alloc(arena, WINDOW)},
                            {.window = pfl_arena_alloc(arena, WINDOW)}};
    const char *found = NULL;
    int rc;

    if (!sides[0].window || !sides[1].window)
        return pfl_err_no_memory(err);
    rc = pfl_file_open(base_path, &sides[0].file, err);
    if (rc != PFL_OK)
        return rc;
    rc = pfl_file_open(head_path, &sides[1].file, err);
    if (rc == PFL_OK) {
        rc = compare(sides, tolerance, arena, &found, err);
        pfl_file_close(&sides[1].file);
    }
    pfl_file_close(&sides[0].file);
    if (rc == PFL_OK && found)
        rc = add_sizes(base_path, head_path, arena, &found, err);
    if (rc == PFL_OK)
        *problem = found;
    return rc;
}
