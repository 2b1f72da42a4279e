/*
 * Catch2's XML reporter.
 *
 * A test case is right or wrong as a whole or by sections, and a benchmark of a wrong one has
 * failed, whatever it measured: its reason is the first assertion that failed there. What failed
 * before it came to a benchmark is listed under its own name, so that it does not go unseen. Which
 * failures count Catch2 says at the end of each (OverallResults): some tests may fail.
 */
#include "formats/catch2.h"

#include "formats/fields.h"
#include "formats/words.h"
#include "formats/xml.h"

#include <math.h>
#include <string.h>

struct level {          /* an open test case or section */
    size_t first;       /* of the benchmarks inside it */
    const char *reason; /* the first assertion that failed in it, not in sections of it */
    bool wrong, told;   /* Catch2 counts it as failed; so it does something inside */
};
PFL_VEC(levels, struct level);
PFL_VEC(texts, const char *);

struct xml {
    struct pfl_xml reader;
    struct pfl_build build;
    struct pfl_catch2_path path;
    struct levels levels;          /* one for each part of the path */
    struct texts given;            /* names of the benchmarks so far; NULL: it failed */
    struct pfl_buf said;           /* of the assertion at hand */
    bool in_expression, asserting; /* asserting: it failed */
    bool any;                      /* a benchmark with values */
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

static void note_given(struct xml *x, bool good)
{
    const char *name = good ? pfl_build_name(&x->build) : NULL;

    if (!pfl_vec_push(&x->given, &name))
        x->build.no_memory = true;
}

static void end_benchmark(struct xml *x)
{
    pfl_catch2_benchmark(&x->build, &x->path, x->name ? x->name : "");
    x->name = NULL;
    note_given(x, !x->failed);
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

/* ---- assertions ---- */

static void begin_assertion(struct xml *x)
{
    const char *success = pfl_xml_attribute(&x->reader, "success");
    const char *type = pfl_xml_attribute(&x->reader, "type");

    x->asserting = !success || strcmp(success, "false") == 0;
    pfl_buf_clear(&x->said);
    if (x->asserting && type)
        pfl_buf_text(&x->said, type);
}

static void add_said(struct xml *x, const char *before, const char *behind)
{
    struct pfl_word word =
        pfl_word_trimmed(x->reader.said.len ? x->reader.said.data : "", x->reader.said.len);

    if (!x->asserting || word.len == 0)
        return;
    pfl_buf_text(&x->said, before);
    pfl_buf_add(&x->said, word.at, word.len);
    pfl_buf_text(&x->said, behind);
}

static void end_assertion(struct xml *x)
{
    struct level *level = x->levels.n ? &x->levels.at[x->levels.n - 1] : NULL;

    if (x->asserting && level && !level->reason)
        level->reason = x->said.len ? pfl_word_keep(&x->build, x->said.data, x->said.len)
                                    : "an assertion failed";
    x->asserting = false;
}

static void begin_level(struct xml *x)
{
    const char *part = keep_attribute(x, "name");
    struct level level = {.first = x->given.n};

    if (!pfl_vec_push(&x->path, &part) || !pfl_vec_push(&x->levels, &level))
        x->build.no_memory = true;
}

/* <OverallResult success="false"/> of a test case, <OverallResults failures="1"/> of a section. */
static void take_verdict(struct xml *x)
{
    const char *success = pfl_xml_attribute(&x->reader, "success");
    const char *failures = pfl_xml_attribute(&x->reader, "failures");

    if (x->levels.n == 0)
        return;
    if ((success && strcmp(success, "false") == 0) || (failures && strcmp(failures, "0") != 0))
        x->levels.at[x->levels.n - 1].wrong = true;
}

static void fail_level(struct xml *x, const struct level *level)
{
    const char *reason = level->reason ? level->reason : "its test case failed", *name;
    size_t i;

    for (i = level->first; i < x->given.n; i++) {
        if (x->given.at[i] && pfl_build_again(&x->build, x->given.at[i]))
            pfl_build_status(&x->build, PFL_STATUS_FAILED, reason);
        x->given.at[i] = NULL;
    }
    if (i > level->first)
        return;
    name = x->path.at[--x->path.n];
    pfl_catch2_benchmark(&x->build, &x->path, name);
    pfl_build_group(&x->build, x->path.n ? x->path.at[0] : name);
    pfl_build_status(&x->build, PFL_STATUS_FAILED, reason);
    note_given(x, false);
    x->path.n++;
}

static void end_level(struct xml *x)
{
    struct level level;

    if (x->levels.n == 0 || x->path.n == 0)
        return;
    level = x->levels.at[x->levels.n - 1];
    if (level.wrong && (level.reason || !level.told))
        fail_level(x, &level);
    x->path.n--;
    x->levels.n--;
    if (level.wrong && x->levels.n)
        x->levels.at[x->levels.n - 1].told = true;
}

/* <Catch2TestRun catch2-version="3.4.0">; v2 names no version. */
static void begin_run(struct xml *x)
{
    const char *version = keep_attribute(x, "catch2-version"), *tool;

    tool = *version ? pfl_arena_format(&x->build.arena, "Catch2 %s", version) : "Catch2";
    x->build.run->tool = tool ? tool : "Catch2";
}

static bool is_level(const char *name)
{
    return strcmp(name, "TestCase") == 0 || strcmp(name, "Section") == 0;
}

/* FAIL("…"), and what a test or an expression threw. */
static bool is_remark(const char *name)
{
    return strcmp(name, "Failure") == 0 || strcmp(name, "Exception") == 0 ||
           strcmp(name, "FatalErrorCondition") == 0;
}

static void take_element(struct xml *x)
{
    const char *name = x->reader.name;

    if (strncmp(name, "Catch", 5) == 0)
        begin_run(x);
    else if (is_level(name))
        begin_level(x);
    else if (strcmp(name, "OverallResult") == 0 || strcmp(name, "OverallResults") == 0)
        take_verdict(x);
    else if (strcmp(name, "Expression") == 0) {
        begin_assertion(x);
        x->in_expression = true;
    } else if (is_remark(name) && !x->in_expression)
        begin_assertion(x);
    else if (strcmp(name, "BenchmarkResults") == 0)
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
    else if (is_level(name))
        end_level(x);
    else if (strcmp(name, "Original") == 0)
        add_said(x, "( ", " )");
    else if (strcmp(name, "Expanded") == 0)
        add_said(x, " with ", "");
    else if (is_remark(name)) {
        add_said(x, x->in_expression ? ": " : "", "");
        if (!x->in_expression)
            end_assertion(x);
    } else if (strcmp(name, "Expression") == 0) {
        end_assertion(x);
        x->in_expression = false;
    }
}

int pfl_catch2_read_xml(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                        struct pfl_err *err)
{
    struct xml x = {.any = false};
    int rc;

    pfl_xml_init(&x.reader, input->path, "Catch", input->read, input->context);
    pfl_buf_init(&x.said, (size_t)PFL_XML_SAID_MAX * 4);
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
    if (x.said.error == PFL_ENOMEM && rc == PFL_OK)
        rc = pfl_err_no_memory(err);
    pfl_buf_release(&x.said);
    pfl_vec_release(&x.levels);
    pfl_vec_release(&x.given);
    pfl_vec_release(&x.path);
    pfl_build_release(&x.build);
    pfl_xml_release(&x.reader);
    return rc;
}
