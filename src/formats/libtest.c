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
 *
 * With `-Z unstable-options --format json` the same comes as an object per line:
 *
 *     { "type": "bench", "name": "tests::x", "median": 13967756, "deviation": 266769 }
 *
 * in ns, cut off to whole ones by some versions; `deviation` is the range again, and what is called
 * mib_per_second is in MB/s, computed as in the text.
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
    size_t events;        /* JSON lines that were understood */
    struct pfl_err first; /* that was not */
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

/* ---- JSON ---- */

struct event {
    const char *type, *event, *name, *message, *reason;
    double median, deviation, rate;
};

static void give_bench(struct libtest *t, const struct event *e)
{
    struct pfl_summary summary = pfl_summary_none(), rate = pfl_summary_none();

    if (isnan(e->median)) {
        pfl_build_warn_at(&t->build, t->lines.number, 1,
                          "the benchmark %.200s has no median: it is left out", e->name);
        return;
    }
    summary.median = e->median;
    summary.ci_low = e->median - e->deviation;
    summary.ci_high = e->median + e->deviation;
    if (!isnan(e->deviation))
        t->ranges = true;
    pfl_build_benchmark(&t->build, e->name);
    pfl_build_result(&t->build, "time", "", "ns");
    pfl_build_summary(&t->build, &summary);
    if (isnan(e->rate))
        return;
    rate.median = e->rate;
    pfl_build_result(&t->build, "throughput", "", "MB/s");
    pfl_build_summary(&t->build, &rate);
}

static void give_event(struct libtest *t, const struct event *e)
{
    t->events++;
    if (strcmp(e->type, "bench") == 0) {
        give_bench(t, e);
    } else if (strcmp(e->type, "test") == 0 && strcmp(e->event, "failed") == 0) {
        pfl_build_benchmark(&t->build, e->name);
        pfl_build_status(&t->build, PFL_STATUS_FAILED,
                         *e->message  ? e->message
                         : *e->reason ? e->reason
                                      : "the benchmark failed");
    }
}

static int parse_event(struct libtest *t, struct event *e, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("type", struct event, type),
        PFL_FIELD_TEXT("event", struct event, event),
        PFL_FIELD_TEXT("name", struct event, name),
        PFL_FIELD_TEXT("message", struct event, message),
        PFL_FIELD_TEXT("reason", struct event, reason),
        PFL_FIELD_NUMBER("median", struct event, median),
        PFL_FIELD_NUMBER("deviation", struct event, deviation),
        PFL_FIELD_NUMBER("mib_per_second", struct event, rate),
        {0},
    };
    struct pfl_json_reader json;
    struct pfl_fields f = {&json, &t->build, NULL};
    int rc;

    pfl_json_reader_init_text(&json, t->build.input->path, t->lines.line.data, t->lines.line.len);
    json.line = t->lines.number;
    rc = pfl_fields_read(&f, fields, e, err);
    if (rc >= 0)
        rc = pfl_json_expect(&json, PFL_JSON_END, err);
    pfl_json_reader_release(&json);
    return rc;
}

/* A damaged one costs itself, unless none is whole. */
static void read_event(struct libtest *t)
{
    struct event e = {.type = "",
                      .event = "",
                      .name = "",
                      .message = "",
                      .reason = "",
                      .median = NAN,
                      .deviation = NAN,
                      .rate = NAN};
    struct pfl_err why;
    int rc = parse_event(t, &e, &why);

    if (rc >= 0) {
        give_event(t, &e);
        return;
    }
    if (rc == PFL_ENOMEM)
        t->build.no_memory = true;
    if (t->first.code == PFL_OK)
        pfl_err_set_at(&t->first, rc, t->build.input->path, t->lines.number, why.column, "%s",
                       why.message);
    pfl_build_warn_at(&t->build, t->lines.number, why.column, "%s: the line is left out",
                      why.message);
}

/* ---- text ---- */

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
        if (t.lines.line.len && t.lines.line.data[0] == '{')
            read_event(&t);
        else
            read_line(&t);
    if (rc == PFL_OK && t.first.code != PFL_OK && t.events == 0 && t.build.benchmarks.n == 0) {
        rc = t.first.code;
        if (err)
            *err = t.first;
    }
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

static bool holds(const char *at, const char *end, const char *what)
{
    return memmem(at, (size_t)(end - at), what, strlen(what)) != NULL;
}

static bool is_event(const char *at, const char *end)
{
    return *at == '{' &&
           (holds(at, end, "\"type\": \"bench\"") || holds(at, end, "\"type\":\"bench\"")) &&
           holds(at, end, "\"median\"");
}

static int recognise(const struct pfl_format_probe *probe)
{
    const char *at, *end, *stop = probe->bytes + probe->len;

    if (probe->folder)
        return 0;
    for (at = probe->bytes; at < stop; at = end + 1) {
        end = memchr(at, '\n', (size_t)(stop - at));
        if (!end)
            end = stop;
        if (end - at <= 20)
            continue;
        if (is_event(at, end) || (memcmp(at, "test ", 5) == 0 && holds(at, end, " ... bench: ")))
            return 2;
    }
    /* of many tests, and no benchmark so far */
    return pfl_format_has(probe, "type") && pfl_format_has(probe, "event") &&
                   pfl_format_has(probe, "test_count")
               ? 1
               : 0;
}

const struct pfl_format pfl_format_libtest = {
    .name = "libtest",
    .title = "libtest's text or JSON",
    .sought = "line like `test name ... bench: 1,234 ns/iter (+/- 56)`, nor one with \"type\": "
              "\"bench\"",
    .recognise = recognise,
    .read = read,
};
