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

#include "formats/peek.h"

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
