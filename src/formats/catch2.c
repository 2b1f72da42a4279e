/*
 * Catch2's benchmarks (v2.9 and later, v3): the XML reporter's file (`-r xml`), or what the console
 * reporter prints. Both hold the mean and the standard deviation of the samples with the bootstrap
 * interval of the mean; samples themselves are in neither.
 *
 * The JSON reporter (`-r json`, v3.5 and later) leaves benchmarks out. It is told all the same, to
 * say so.
 *
 * Benchmark names need only be unique within their section, so the full name is TEST CASE/SECTION/
 * NAME, as Catch2 itself writes paths of sections.
 */
#include "formats/catch2.h"

#include "formats/fields.h"
#include "formats/peek.h"
#include "formats/words.h"
#include "formats/xml.h"

#include <math.h>
#include <string.h>

void pfl_catch2_benchmark(struct pfl_build *b, const struct pfl_catch2_path *path, const char *name)
{
    const char *full = NULL;
    size_t i;

    for (i = 0; i < path->n; i++) {
        full = full ? pfl_arena_format(&b->arena, "%s/%s", full, path->at[i]) : path->at[i];
        if (!full)
            break;
    }
    full = full ? pfl_arena_format(&b->arena, "%s/%s", full, name) : path->n ? NULL : name;
    if (!full)
        b->no_memory = true;
    pfl_build_benchmark(b, full ? full : "");
    if (path->n)
        pfl_build_group(b, path->at[0]);
}

void pfl_catch2_warn(struct pfl_build *b)
{
    pfl_build_warn_at(b, 0, 0,
                      "only means are in the file: intervals are Catch2's own of the means");
}

/* ---- XML ---- */

struct xml {
    struct pfl_xml reader;
    struct pfl_build build;
    struct pfl_catch2_path path;
    bool any; /* a benchmark with values */
    struct pfl_summary summary;
    double level;
    const char *name, *failed;
};

static const char *keep_attribute(struct xml *x, const char *name)
{
    const char *value = pfl_xml_attribute(&x->reader, name);

    return value ? pfl_word_keep(&x->build, value, strlen(value)) : "";
}

/* NaN: it is not there, or no number. */
static double number_of(struct xml *x, const char *name)
{
    const char *text = pfl_xml_attribute(&x->reader, name);
    double value = NAN;
    struct pfl_word word;

    if (!text)
        return NAN;
    word = pfl_word_trimmed(text, strlen(text));
    if (!pfl_word_number(&word, PFL_WORD_PLAIN, &value))
        pfl_build_warn_at(&x->build, x->reader.line, x->reader.column,
                          "expected a number as %s, found `%.80s`: left out", name, text);
    return value;
}

static void begin_benchmark(struct xml *x)
{
    double samples = number_of(x, "samples");

    x->summary = pfl_summary_none();
    x->level = 0;
    x->failed = NULL;
    x->name = keep_attribute(x, "name");
    if (samples >= 1 && samples < 1e9)
        x->summary.n = (size_t)samples;
}

static void end_benchmark(struct xml *x)
{
    pfl_catch2_benchmark(&x->build, &x->path, x->name ? x->name : "");
    x->name = NULL;
    if (x->failed) {
        pfl_build_status(&x->build, PFL_STATUS_FAILED, x->failed);
        return;
    }
    if (isnan(x->summary.mean))
        return;
    x->any = true;
    if (!(x->level > 0)) /* --benchmark-no-analysis */
        x->summary.ci_low = x->summary.ci_high = x->summary.stddev = NAN;
    else if (fabs(x->level - 0.95) > 1e-9)
        pfl_build_warn_at(&x->build, x->reader.line, x->reader.column,
                          "the interval of this mean holds %.4g of 100, not 95", x->level * 100);
    pfl_build_result(&x->build, "time", "", "ns");
    pfl_build_summary(&x->build, &x->summary);
}

/* <Catch2TestRun catch2-version="3.4.0">; v2 names no version. */
static void begin_run(struct xml *x)
{
    const char *version = keep_attribute(x, "catch2-version"), *tool;

    tool = *version ? pfl_arena_format(&x->build.arena, "Catch2 %s", version) : "Catch2";
    x->build.run->tool = tool ? tool : "Catch2";
}

static void take_element(struct xml *x)
{
    const char *name = x->reader.name, *part;

    if (strncmp(name, "Catch", 5) == 0)
        begin_run(x);
    else if (strcmp(name, "TestCase") == 0 || strcmp(name, "Section") == 0) {
        part = keep_attribute(x, "name");
        if (!pfl_vec_push(&x->path, &part))
            x->build.no_memory = true;
    } else if (strcmp(name, "BenchmarkResults") == 0)
        begin_benchmark(x);
    else if (!x->name)
        return;
    else if (strcmp(name, "mean") == 0) {
        x->summary.mean = number_of(x, "value");
        x->summary.ci_low = number_of(x, "lowerBound");
        x->summary.ci_high = number_of(x, "upperBound");
        x->level = number_of(x, "ci");
    } else if (strcmp(name, "standardDeviation") == 0)
        x->summary.stddev = number_of(x, "value");
    else if (strcmp(name, "failed") == 0)
        x->failed = keep_attribute(x, "message");
}

static void take_end(struct xml *x)
{
    const char *name = x->reader.name;

    if (strcmp(name, "BenchmarkResults") == 0 && x->name)
        end_benchmark(x);
    else if ((strcmp(name, "TestCase") == 0 || strcmp(name, "Section") == 0) && x->path.n)
        x->path.n--;
}

int pfl_catch2_read_xml(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                        struct pfl_err *err)
{
    struct xml x = {.any = false};
    int rc;

    pfl_xml_init(&x.reader, input->path, "Catch", input->read, input->context);
    pfl_build_init(&x.build, input, sink);
    pfl_build_begin(&x.build);
    while ((rc = pfl_xml_next(&x.reader, err)) == PFL_OK && x.reader.token != PFL_XML_DONE)
        if (x.reader.token == PFL_XML_ELEMENT)
            take_element(&x);
        else
            take_end(&x);
    if (rc == PFL_OK && x.any)
        pfl_catch2_warn(&x.build);
    if (rc == PFL_OK)
        rc = pfl_build_end(&x.build, err);
    pfl_vec_release(&x.path);
    pfl_build_release(&x.build);
    pfl_xml_release(&x.reader);
    return rc;
}

/* ---- which of the two ---- */

static bool contains(const char *bytes, size_t len, const char *what)
{
    return len && memmem(bytes, len, what, strlen(what));
}

static bool is_xml(const char *bytes, size_t len)
{
    return contains(bytes, len, "<Catch");
}

static bool is_text(const char *bytes, size_t len)
{
    const char *at = len ? memmem(bytes, len, "benchmark name ", 15) : NULL;
    const char *end;

    if (!at)
        return false;
    end = memchr(at, '\n', len - (size_t)(at - bytes));
    len = end ? (size_t)(end - at) : len - (size_t)(at - bytes);
    return contains(at, len, " samples ") && contains(at, len, " iterations ");
}

/* In XML the name has no quotes around it. */
static bool is_json(const char *bytes, size_t len)
{
    return contains(bytes, len, "\"catch2-version\"") && !is_xml(bytes, len);
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    struct pfl_peek peek;
    int rc = pfl_peek_open(&peek, input, err);

    if (rc == PFL_OK && is_json(peek.bytes, peek.len))
        rc = pfl_err_set(err, PFL_EINVAL,
                         "%s: Catch2's JSON reporter leaves benchmarks out; write XML instead: `-r "
                         "xml`",
                         input->path);
    else if (rc == PFL_OK)
        rc = is_xml(peek.bytes, peek.len) ? pfl_catch2_read_xml(&peek.input, sink, err)
                                          : pfl_catch2_read_text(&peek.input, sink, err);
    pfl_peek_close(&peek);
    return rc;
}

static int recognise(const struct pfl_format_probe *probe)
{
    if (!probe->folder && pfl_format_has(probe, "metadata.catch2-version"))
        return 2;
    if (probe->folder || probe->path_count)
        return 0;
    if (is_text(probe->bytes, probe->len))
        return 2;
    return contains(probe->bytes, probe->len, "<Catch name=") ||
                   contains(probe->bytes, probe->len, "<Catch2TestRun ")
               ? 2
               : 0;
}

const struct pfl_format pfl_format_catch2 = {
    .name = "catch2",
    .title = "Catch2 XML or text",
    .sought =
        "<BenchmarkResults> in a <Catch2TestRun> or <Catch>, nor a table headed `benchmark name`",
    .recognise = recognise,
    .read = read,
};
