/*
 * criterion.rs's terminal output (also cargo-criterion's): for people who kept only that.
 *
 *     parse/utf8              time:   [12.345 µs 12.401 µs 12.470 µs]
 *                             thrpt:  [78.314 MiB/s 78.750 MiB/s 79.107 MiB/s]
 *                             change: [-2.0565% -0.2521% +1.6377%] (p = 0.79 > 0.05)
 *
 * A name of more than 23 bytes has a line of its own in front. The three figures are the interval's
 * lower end, the estimate and the upper end, rounded to five digits; changes (in %) are left out.
 * How many samples there were, "Collecting 100 samples" says, where standard error was caught too.
 * Everything else (the build, tests, outliers) is passed over.
 */
#include "formats/criterion.h"
#include "formats/fields.h"
#include "formats/line_reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNIT_MAX = 32 };

struct triple { /* [low unit estimate unit high unit] */
    double value[3];
    char unit[3][UNIT_MAX];
};

struct output {
    struct pfl_line_reader lines;
    struct pfl_build build;
    struct pfl_buf previous; /* the line before: perhaps a name */
    size_t samples;          /* of the benchmark at hand; 0: not said */
    size_t found;
    bool in_benchmark;
};

/* ---- the figures ---- */

static const char *skip_blanks(const char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    return text;
}

/* "12.345 µs" → what follows; NULL: no number with a unit. */
static const char *read_figure(const char *text, double *value, char unit[UNIT_MAX])
{
    char digits[64];
    size_t len;

    text = skip_blanks(text);
    len = strspn(text, "0123456789.eE+-");
    if (len == 0 || len >= sizeof digits)
        return NULL;
    memcpy(digits, text, len);
    digits[len] = 0;
    if (!pfl_fields_is_number(digits, value))
        return NULL;
    text = skip_blanks(text + len);
    len = strcspn(text, " \t]");
    if (len == 0 || len >= UNIT_MAX)
        return NULL;
    memcpy(unit, text, len);
    unit[len] = 0;
    return text + len;
}

/* The line's "LABEL:   [a u b u c u]": where the label begins; NULL: there is none. Changes are in
 * "%" without a blank, so their figures are none. */
static const char *find_triple(const char *line, const char *label, struct triple *triple)
{
    const char *at = line, *text;
    int i;

    while ((at = strstr(at, label)) != NULL) {
        text = skip_blanks(at + strlen(label));
        if (*text == '[') {
            text++;
            for (i = 0; i < 3 && text; i++)
                text = read_figure(text, &triple->value[i], triple->unit[i]);
            if (text && *skip_blanks(text) == ']' && strcmp(triple->unit[0], "%") != 0)
                return at;
        }
        at++;
    }
    return NULL;
}

/* "Melem/s" → 1e6 and "elem/s"; units of bytes are the builder's business. */
static double elements_factor(const char **unit)
{
    static const char *const suffixes[] = {"elem/s", "b/s"};
    static const char prefixes[] = "KMG";
    const char *prefix;
    double factor = 1e3;
    size_t i;

    for (i = 0; i < PFL_COUNT(suffixes); i++) {
        if (strcmp(*unit, suffixes[i]) == 0)
            factor = 1;
        else if (!**unit || !(prefix = strchr(prefixes, **unit)) ||
                 strcmp(*unit + 1, suffixes[i]) != 0)
            continue;
        else
            for (; prefix > prefixes; prefix--)
                factor *= 1e3;
        *unit = i == 1 ? "bit/s" : suffixes[i];
        return factor;
    }
    return 1;
}

static bool is_stored_as(const char *unit, const char *stored)
{
    const char *is;
    double factor;

    return pfl_build_unit(unit, &is, &factor) && strcmp(is, stored) == 0;
}

/* In the estimate's unit, for the ends may have their own ("999.8 ns 1.0012 µs"). */
static void give_triple(struct output *o, const char *metric, const struct triple *t)
{
    struct pfl_summary summary = pfl_summary_none();
    double *to[3] = {&summary.ci_low, &summary.mean, &summary.ci_high};
    const char *unit[3], *stored;
    double factor[3], by;
    int i;

    for (i = 0; i < 3; i++) {
        unit[i] = t->unit[i];
        factor[i] = elements_factor(&unit[i]);
        if (!pfl_build_unit(unit[i], &stored, &by))
            by = 1;
        *to[i] = t->value[i] * (factor[i] * by);
    }
    pfl_build_unit(unit[1], &stored, &by);
    pfl_build_result(&o->build, metric, "", stored);
    if (strcmp(metric, "time") != 0 && strcmp(metric, "throughput") != 0)
        pfl_build_better(&o->build, PFL_BETTER_LOWER);
    summary.n = o->samples;
    pfl_build_summary(&o->build, &summary);
}

/* ---- lines ---- */

static bool begins(const char *line, const char *with)
{
    return strncmp(line, with, strlen(with)) == 0;
}

/* The number in front of a word: "Collecting 100 samples in estimated …". */
static void note_samples(struct output *o, const char *line)
{
    const char *at = strstr(line, ": Collecting ");
    unsigned long n;

    if (!begins(line, "Benchmarking "))
        return;
    n = at ? strtoul(at + strlen(": Collecting "), NULL, 10) : 0;
    if (at || !strstr(line, ": "))
        o->samples = n < 1000000 ? n : 0;
}

/* "Benchmarking NAME: Analyzing", "Benchmarking NAME:" and "Benchmarking NAME": the name, when its
 * own line was lost among standard error's. */
static const char *benchmarking(struct output *o, const char *line)
{
    const char *name, *end, *kept;

    if (!begins(line, "Benchmarking "))
        return NULL;
    name = line + strlen("Benchmarking ");
    end = strstr(name, ": Analyzing");
    if (!end)
        end = name + strlen(name);
    if (end > name && end[-1] == ':')
        end--;
    kept = pfl_arena_text_n(&o->build.arena, name, (size_t)(end - name));
    return kept ? kept : "";
}

static const char *name_of(struct output *o, const char *line, const char *label)
{
    const char *previous = pfl_buf_cstr(&o->previous), *name;
    size_t len = (size_t)(label - line);

    while (len && (line[len - 1] == ' ' || line[len - 1] == '\t'))
        len--;
    if (len) {
        name = pfl_arena_text_n(&o->build.arena, line, len);
        return name ? name : "";
    }
    name = benchmarking(o, previous);
    if (name)
        return name;
    return *previous && *previous != ' ' ? previous : NULL;
}

static void take_time(struct output *o, const char *line, const char *label,
                      const struct triple *triple)
{
    const char *name = name_of(o, line, label);
    char metric[UNIT_MAX];

    o->in_benchmark = name != NULL;
    if (!name) {
        pfl_build_warn_at(&o->build, o->lines.number, (int)(label - line) + 1,
                          "a time without a name in front of it is left out");
        return;
    }
    pfl_build_benchmark(&o->build, name);
    snprintf(metric, sizeof metric, "%s",
             is_stored_as(triple->unit[1], "s") ? "time" : triple->unit[1]);
    give_triple(o, metric, triple);
    o->found++;
}

static void take_line(struct output *o)
{
    const char *line = pfl_buf_cstr(&o->lines.line), *label;
    struct triple triple;

    note_samples(o, line);
    label = find_triple(line, "time:", &triple);
    if (label) {
        take_time(o, line, label, &triple);
    } else if (o->in_benchmark && *line == ' ' && find_triple(line, "thrpt:", &triple)) {
        give_triple(o, "throughput", &triple);
        o->in_benchmark = false;
    } else if (*line != ' ') {
        o->in_benchmark = false;
    }
    pfl_buf_clear(&o->previous);
    pfl_buf_text(&o->previous, o->lines.line.len < 4096 ? line : "");
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    struct output o = {.samples = 0};
    int rc;

    pfl_line_reader_init(&o.lines, input);
    pfl_buf_init(&o.previous, 8192);
    pfl_build_init(&o.build, input, sink);
    pfl_build_begin(&o.build);
    o.build.run->tool = pfl_build_keep(&o.build, "criterion.rs");
    while ((rc = pfl_line_reader_next(&o.lines, err)) > 0) {
        pfl_line_reader_plain(&o.lines);
        take_line(&o);
    }
    if (rc == PFL_OK && o.previous.error)
        rc = pfl_err_no_memory(err);
    if (rc == PFL_OK && o.found)
        pfl_build_warn(
            &o.build, NULL,
            "criterion's text has no samples: its estimates, rounded to five digits, and "
            "their intervals stand; the folder target/criterion has the samples");
    if (rc == PFL_OK)
        rc = pfl_build_end(&o.build, err);
    pfl_build_release(&o.build);
    pfl_buf_release(&o.previous);
    pfl_line_reader_release(&o.lines);
    return rc;
}

/* ---- recognising ---- */

struct probe_bytes {
    const char *at;
    size_t left;
};

static long read_probe(void *context, char *bytes, size_t size, struct pfl_err *err)
{
    struct probe_bytes *probe = context;
    size_t n = probe->left < size ? probe->left : size;

    (void)err;
    memcpy(bytes, probe->at, n);
    probe->at += n;
    probe->left -= n;
    return (long)n;
}

static int recognise(const struct pfl_format_probe *probe)
{
    struct probe_bytes bytes = {probe->bytes, probe->folder ? 0 : probe->len};
    const struct pfl_format_input input = {.read = read_probe, .context = &bytes};
    struct pfl_line_reader lines;
    struct triple triple;
    bool found = false;

    if (probe->folder || probe->path_count > 1) /* JSON, with keys */
        return 0;
    pfl_line_reader_init(&lines, &input);
    while (!found && pfl_line_reader_next(&lines, NULL) > 0) {
        pfl_line_reader_plain(&lines);
        found = find_triple(pfl_buf_cstr(&lines.line), "time:", &triple) != NULL;
    }
    pfl_line_reader_release(&lines);
    return found ? 2 : 0;
}

const struct pfl_format pfl_format_criterion_text = {
    .name = "criterion-text",
    .title = "criterion.rs text",
    .sought = "line with `time:   [low estimate high]`",
    .recognise = recognise,
    .read = read,
};
