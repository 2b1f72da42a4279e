/*
 * What Rust's libtest prints of #[bench] functions (and `bencher`, which prints the same):
 *
 *     test tests::x ... bench:  13,967,756.30 ns/iter (+/- 266,769.64) = 123 MB/s
 *
 * The value is the median of its samples, the figure in brackets their whole range (largest minus
 * smallest, the tails drawn in): that is the only spread there is, so the interval is the value ±
 * it, which is far wider than the median's own. `test … FAILED` is a failed benchmark; `ignored`
 * and `ok` are ordinary tests (cargo bench lists all of them as ignored) and left out. Everything
 * else is somebody's output.
 */
#include "formats/fields.h"
#include "formats/line_reader.h"
#include "formats/rows.h"
#include "formats/words.h"

#include <math.h>
#include <string.h>

struct libtest {
    struct pfl_line_reader lines;
    struct pfl_build build;
    bool ranges;
};

/* The last `what` in the text, or NULL. */
static const char *find_last(const char *text, const char *what)
{
    const char *found = NULL, *next;

    for (next = strstr(text, what); next; next = strstr(next + 1, what))
        found = next;
    return found;
}

static int column(const struct libtest *t, const char *at)
{
    return (int)(at - pfl_buf_cstr(&t->lines.line)) + 1;
}

/* "(+/- 1,234.5)"; NaN: there is none. */
static double read_range(const char *at, const char *end)
{
    struct pfl_word word;
    double range = NAN;

    at = strstr(at, "(+/-");
    if (!at || at + 4 >= end)
        return NAN;
    at += 4;
    while (*at == ' ')
        at++;
    word = (struct pfl_word){at, strcspn(at, ") ")};
    return pfl_word_number(&word, PFL_WORD_GROUPED, &range) ? range : (double)NAN;
}

/* "= 123 MB/s" behind the bracket. */
static void give_throughput(struct libtest *t, const char *at, const char *end)
{
    struct pfl_summary summary = pfl_summary_none();
    struct pfl_word word, unit;

    at = strstr(at, ") = ");
    if (!at)
        return;
    at += 4;
    if (!pfl_word_next(&at, end, &word) ||
        !pfl_word_number(&word, PFL_WORD_GROUPED, &summary.median) ||
        !pfl_word_next(&at, end, &unit))
        return;
    pfl_build_result(&t->build, "throughput", "", pfl_word_keep(&t->build, unit.at, unit.len));
    pfl_build_summary(&t->build, &summary);
}

/* Behind "bench:". */
static void read_values(struct libtest *t, struct pfl_word name, const char *at, const char *end)
{
    struct pfl_summary summary = pfl_summary_none();
    struct pfl_word word, unit;
    const char *written, *stored;
    double factor, range;

    if (!pfl_word_next(&at, end, &word) ||
        !pfl_word_number(&word, PFL_WORD_GROUPED, &summary.median) ||
        !pfl_word_next(&at, end, &unit)) {
        pfl_build_warn_at(&t->build, t->lines.number, column(t, word.at),
                          "expected a number and its unit behind `bench:`: the benchmark is left "
                          "out");
        return;
    }
    range = read_range(at, end);
    summary.ci_low = summary.median - range;
    summary.ci_high = summary.median + range;
    if (!isnan(range))
        t->ranges = true;
    written = pfl_word_keep(&t->build, unit.at, unit.len);
    if (!pfl_build_unit(written, &stored, &factor))
        stored = "1";
    pfl_build_benchmark(&t->build, pfl_word_keep(&t->build, name.at, name.len));
    if (strcmp(written, "cycles/iter") == 0) {
        pfl_build_result(&t->build, "cycles", "", "1");
        pfl_build_better(&t->build, PFL_BETTER_LOWER);
    } else {
        pfl_build_result(&t->build, pfl_rows_metric_of(stored, "value"), "", written);
    }
    pfl_build_summary(&t->build, &summary);
    give_throughput(t, at, end);
}

static void read_line(struct libtest *t)
{
    const char *text, *end, *bench;
    struct pfl_word name;

    pfl_line_reader_plain(&t->lines);
    if (!pfl_word_repair(&t->lines.line))
        t->build.no_memory = true;
    text = pfl_buf_cstr(&t->lines.line);
    end = text + t->lines.line.len;
    if (strncmp(text, "test ", 5) != 0)
        return;
    bench = find_last(text + 5, " ... bench: ");
    if (bench) {
        name = pfl_word_trimmed(text + 5, (size_t)(bench - text) - 5);
        read_values(t, name, bench + 11, end);
        return;
    }
    bench = find_last(text + 5, " ... FAILED");
    if (!bench || bench[11])
        return;
    name = pfl_word_trimmed(text + 5, (size_t)(bench - text) - 5);
    pfl_build_benchmark(&t->build, pfl_word_keep(&t->build, name.at, name.len));
    pfl_build_status(&t->build, PFL_STATUS_FAILED, "the benchmark failed");
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    struct libtest t = {.ranges = false};
    int rc;

    pfl_line_reader_init(&t.lines, input);
    pfl_build_init(&t.build, input, sink);
    pfl_build_begin(&t.build);
    t.build.run->tool = "libtest";
    while ((rc = pfl_line_reader_next(&t.lines, err)) > 0)
        read_line(&t);
    if (rc == PFL_OK && t.ranges)
        pfl_build_warn_at(&t.build, 0, 0,
                          "only medians and ranges are in the file: intervals are the medians ± "
                          "the whole range of the samples");
    if (rc == PFL_OK)
        rc = pfl_build_end(&t.build, err);
    pfl_build_release(&t.build);
    pfl_line_reader_release(&t.lines);
    return rc;
}

static int recognise(const struct pfl_format_probe *probe)
{
    const char *at, *end, *stop = probe->bytes + probe->len;
    static const char mark[] = " ... bench: ";

    for (at = probe->bytes; !probe->folder && at < stop; at = end + 1) {
        end = memchr(at, '\n', (size_t)(stop - at));
        if (!end)
            end = stop;
        if (end - at > 20 && memcmp(at, "test ", 5) == 0 &&
            memmem(at, (size_t)(end - at), mark, sizeof mark - 1))
            return 2;
    }
    return 0;
}

const struct pfl_format pfl_format_libtest = {
    .name = "libtest",
    .title = "libtest's text",
    .sought = "line like `test name ... bench: 1,234 ns/iter (+/- 56)`",
    .recognise = recognise,
    .read = read,
};
