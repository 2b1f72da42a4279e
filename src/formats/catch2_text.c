/*
 * What Catch2's console reporter prints of benchmarks:
 *
 *     ------------------------------
 *     Test case                                     indented two more: sections
 *       Section
 *     ------------------------------
 *     file.cpp:12
 *     ..............................
 *
 *     benchmark name            samples       iterations    est run time
 *                               mean          low mean      high mean
 *                               std dev       low std dev   high std dev
 *     ---------------------------------------------------------------
 *     a name                        100           208     7.1968 ms
 *                                344 ns        341 ns        349 ns
 *                                 19 ns         11 ns         29 ns
 *
 * Rows are read from their right end, since names hold anything; a long name goes on in the lines
 * before or behind (both are printed, depending on the version). Without analysis a row is one line
 * that ends with the mean. Each figure has its own unit and about four digits: what is 0 ns was
 * less than the clock could tell.
 */
#include "formats/catch2.h"

#include "formats/fields.h"
#include "formats/line_reader.h"
#include "formats/words.h"

#include <math.h>
#include <string.h>

enum state { OUTSIDE, CASE, HEADER, ROWS, MEAN, DEVIATION };

struct text {
    struct pfl_line_reader lines;
    struct pfl_build build;
    struct pfl_catch2_path path;
    size_t width, last_length; /* of a rule; of the last line between rules */
    enum state state;
    struct pfl_buf name;
    struct pfl_summary summary; /* seconds */
    bool any, means_only;       /* no analysis: rows end with the mean */
};

static bool is_rule(const struct pfl_buf *line, char of)
{
    size_t i;

    for (i = 0; i < line->len && line->data[i] == of; i++)
        ;
    return i == line->len && i >= 20;
}

/* "41.731 us" before *end, which is moved before it. Seconds. */
static bool take_duration(const char *begin, const char **end, double *seconds)
{
    struct pfl_word unit, number;
    const char *stored, *at = *end;
    char name[16];
    double factor;

    if (!pfl_word_last(begin, &at, &unit) || unit.len >= sizeof name ||
        !pfl_word_last(begin, &at, &number) || !pfl_word_number(&number, PFL_WORD_PLAIN, seconds))
        return false;
    memcpy(name, unit.at, unit.len);
    name[unit.len] = 0;
    if (!pfl_build_unit(strcmp(name, "m") == 0 ? "min" : name, &stored, &factor) ||
        strcmp(stored, "s") != 0)
        return false;
    *seconds *= factor;
    *end = at;
    return true;
}

static bool take_count(const char *begin, const char **end, double *count)
{
    const char *at = *end;
    struct pfl_word word;

    if (!pfl_word_last(begin, &at, &word) || strspn(word.at, "0123456789") < word.len ||
        !pfl_word_number(&word, PFL_WORD_PLAIN, count))
        return false;
    *end = at;
    return true;
}

static void add_to_name(struct text *t, const char *begin, const char *end)
{
    struct pfl_word part = pfl_word_trimmed(begin, (size_t)(end - begin));

    if (part.len && t->name.len)
        pfl_buf_char(&t->name, ' ');
    pfl_buf_add(&t->name, part.at, part.len);
    if (t->name.error == PFL_ENOMEM)
        t->build.no_memory = true;
}

static void give(struct text *t)
{
    const char *name = pfl_word_keep(&t->build, pfl_buf_cstr(&t->name), t->name.len);

    pfl_catch2_benchmark(&t->build, &t->path, name);
    pfl_build_result(&t->build, "time", "", "s");
    pfl_build_summary(&t->build, &t->summary);
    t->any = true;
    pfl_buf_clear(&t->name);
    t->state = ROWS;
}

static void left_out(struct text *t, const char *expected)
{
    pfl_build_warn_at(&t->build, t->lines.number, 1, "expected %s: the benchmark is left out",
                      expected);
    pfl_buf_clear(&t->name);
    t->state = ROWS;
}

/* "Benchmark failed (why)" in place of the figures. */
static bool read_failure(struct text *t, const char *begin, const char *end)
{
    const char *at = strstr(begin, "Benchmark failed (");
    const char *close;

    if (!at)
        return false;
    add_to_name(t, begin, at);
    at += 18;
    for (close = end; close > at && *close != ')'; close--)
        ;
    pfl_catch2_benchmark(&t->build, &t->path,
                         pfl_word_keep(&t->build, pfl_buf_cstr(&t->name), t->name.len));
    pfl_build_status(&t->build, PFL_STATUS_FAILED,
                     pfl_word_keep(&t->build, at, (size_t)((close > at ? close : end) - at)));
    pfl_buf_clear(&t->name);
    t->state = ROWS;
    return true;
}

/* "name  samples  iterations  estimate", or a part of a name. */
static void read_row(struct text *t, const char *begin, const char *end)
{
    const char *at = end;
    double third, iterations, samples;

    if (read_failure(t, begin, end))
        return;
    if (!take_duration(begin, &at, &third) || !take_count(begin, &at, &iterations) ||
        !take_count(begin, &at, &samples)) {
        add_to_name(t, begin, end);
        return;
    }
    t->summary = pfl_summary_none();
    t->summary.n = samples >= 1 && samples < 1e9 ? (size_t)samples : 1;
    add_to_name(t, begin, at);
    if (t->means_only) {
        t->summary.mean = third;
        give(t);
    } else {
        t->state = MEAN;
    }
}

static void read_three(struct text *t, const char *begin, const char *end)
{
    double values[3];
    const char *at = end;
    int i;

    if (read_failure(t, begin, end))
        return;
    for (i = 2; i >= 0; i--)
        if (!take_duration(begin, &at, &values[i])) {
            left_out(t, t->state == MEAN ? "a mean with its bounds"
                                         : "a standard deviation with its bounds");
            return;
        }
    add_to_name(t, begin, at);
    if (t->state == MEAN) {
        t->summary.mean = values[0];
        t->summary.ci_low = values[1];
        t->summary.ci_high = values[2];
        t->state = DEVIATION;
        return;
    }
    t->summary.stddev = values[0];
    give(t);
}

/* The last part of the path goes on: it was too long for a line. */
static void join_path(struct text *t, const struct pfl_word *word)
{
    const char **last = &t->path.at[t->path.n - 1];
    const char *joined =
        pfl_arena_format(&t->build.arena, "%s %.*s", *last, (int)word->len, word->at);

    if (joined)
        *last = joined;
    else
        t->build.no_memory = true;
}

/* Between two rules: the test case, then its sections, each in a line that is indented by two
 * however deep it is. What is indented more, or would not have fitted behind the line before, goes
 * on with it. */
static void read_path(struct text *t, const char *begin, const char *end)
{
    size_t indent = strspn(begin, " "), first = strcspn(begin + indent, " ");
    struct pfl_word word = pfl_word_trimmed(begin, (size_t)(end - begin));
    const char *part;

    if (word.len == 0)
        return;
    if (t->path.n > 0 && (indent != 2 || (t->path.n > 1 && t->last_length + 1 + first > t->width)))
        join_path(t, &word);
    else {
        part = pfl_word_keep(&t->build, word.at, word.len);
        if (!pfl_vec_push(&t->path, &part))
            t->build.no_memory = true;
    }
    t->last_length = t->lines.line.len;
}

/* "bench.exe is a Catch v2.11.1 host application." */
static void read_version(struct text *t, const char *begin)
{
    const char *at = strstr(begin, " is a Catch"), *from, *tool;

    if (!at)
        return;
    from = strstr(at, " v");
    if (!from)
        return;
    tool = pfl_arena_format(&t->build.arena, "Catch2 %.*s", (int)strcspn(from + 2, " "), from + 2);
    if (tool)
        t->build.run->tool = tool;
}

static bool is_header(const char *begin)
{
    return strncmp(begin, "benchmark name ", 15) == 0 && strstr(begin, " samples ") &&
           strstr(begin, " iterations ");
}

static void read_line(struct text *t)
{
    const char *begin, *end;
    bool rule;

    pfl_line_reader_plain(&t->lines);
    if (!pfl_word_repair(&t->lines.line))
        t->build.no_memory = true;
    begin = pfl_buf_cstr(&t->lines.line);
    end = begin + t->lines.line.len;
    rule = is_rule(&t->lines.line, '-');
    if (is_rule(&t->lines.line, '=') || is_rule(&t->lines.line, '.')) {
        t->state = OUTSIDE;
    } else if (is_header(begin)) {
        t->state = HEADER;
        t->means_only = strstr(begin, " mean") != NULL;
        pfl_buf_clear(&t->name);
    } else if (rule && t->state == HEADER) {
        t->state = ROWS;
    } else if (rule && t->state != CASE) {
        if (t->state == MEAN || t->state == DEVIATION)
            left_out(t, "three lines of figures");
        t->state = CASE;
        t->path.n = 0;
        t->width = t->lines.line.len;
    } else if (rule) {
        t->state = OUTSIDE;
    } else if (t->state == CASE) {
        read_path(t, begin, end);
    } else if (t->state == ROWS && pfl_word_trimmed(begin, t->lines.line.len).len == 0) {
        pfl_buf_clear(&t->name);
    } else if (t->state == ROWS) {
        read_row(t, begin, end);
    } else if (t->state == MEAN || t->state == DEVIATION) {
        read_three(t, begin, end);
    } else if (t->state == OUTSIDE) {
        read_version(t, begin);
    }
}

int pfl_catch2_read_text(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                         struct pfl_err *err)
{
    struct text t = {.state = OUTSIDE};
    int rc;

    pfl_line_reader_init(&t.lines, input);
    pfl_build_init(&t.build, input, sink);
    pfl_buf_init(&t.name, 1 << 20);
    pfl_build_begin(&t.build);
    t.build.run->tool = "Catch2";
    while ((rc = pfl_line_reader_next(&t.lines, err)) > 0)
        read_line(&t);
    if (rc == PFL_OK && (t.state == MEAN || t.state == DEVIATION))
        left_out(&t, "three lines of figures, found the end of the file");
    if (rc == PFL_OK && t.any)
        pfl_catch2_warn(&t.build);
    if (rc == PFL_OK)
        rc = pfl_build_end(&t.build, err);
    pfl_vec_release(&t.path);
    pfl_buf_release(&t.name);
    pfl_build_release(&t.build);
    pfl_line_reader_release(&t.lines);
    return rc;
}
