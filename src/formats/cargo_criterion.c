/*
 * cargo-criterion's messages (--message-format=json): one JSON object per line.
 *
 * Only "benchmark-complete" says results. Its values are totals of the iterations beside them; unit
 * and work per iteration stand there too. "group-complete" and `change` say nothing new. Lines that
 * begin with no brace are the build's output, caught together with it, and passed over; a line that
 * is damaged costs itself, unless none is whole.
 */
#include "formats/criterion.h"
#include "formats/fields.h"
#include "formats/line_reader.h"

#include <math.h>
#include <string.h>

struct message {
    const char *reason, *id, *unit;
    struct pfl_build_values iters, times;
    struct pfl_criterion_work work;
    struct pfl_criterion_estimates estimates;
    const char *estimate_unit;
};

struct messages {
    struct pfl_line_reader lines;
    struct pfl_build build;
    size_t whole, by_estimates;
};

struct work_entry {
    double amount;
    const char *unit;
};

static int read_work(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_NUMBER("per_iteration", struct work_entry, amount),
        PFL_FIELD_TEXT("unit", struct work_entry, unit),
        {0},
    };
    struct pfl_criterion_work *work = &((struct message *)record)->work;
    struct work_entry entry = {NAN, ""};
    int rc = pfl_fields_read_at(f, fields, &entry, err);

    if (rc < 0)
        return rc;
    if (strcmp(entry.unit, "bytes") == 0)
        work->bytes = entry.amount;
    else if (strcmp(entry.unit, "elements") == 0)
        work->elements = entry.amount;
    else if (strcmp(entry.unit, "bits") == 0)
        work->bits = entry.amount;
    else
        pfl_build_warn(f->build, f->json, "a throughput in \"%s\" is not known: left out",
                       entry.unit);
    return rc;
}

static int read_works(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_each(f, read_work, record, err);
}

struct estimate {
    struct pfl_criterion_estimate numbers;
    const char *unit;
};

static int read_estimate(struct pfl_fields *f, struct message *m, struct pfl_criterion_estimate *e,
                         struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_NUMBER("estimate", struct estimate, numbers.point),
        PFL_FIELD_NUMBER("lower_bound", struct estimate, numbers.low),
        PFL_FIELD_NUMBER("upper_bound", struct estimate, numbers.high),
        PFL_FIELD_TEXT("unit", struct estimate, unit),
        {0},
    };
    struct estimate estimate = {*e, m->estimate_unit};
    int rc = pfl_fields_read(f, fields, &estimate, err);

    *e = estimate.numbers;
    m->estimate_unit = estimate.unit;
    return rc;
}

static int read_typical(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return read_estimate(f, record, &((struct message *)record)->estimates.typical, err);
}

static int read_mean(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return read_estimate(f, record, &((struct message *)record)->estimates.mean, err);
}

static int read_median(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return read_estimate(f, record, &((struct message *)record)->estimates.median, err);
}

static void give(struct messages *all, struct message *m, int column)
{
    struct pfl_build *b = &all->build;
    const char *unit = *m->unit ? m->unit : *m->estimate_unit ? m->estimate_unit : b->input->unit;
    struct pfl_criterion_samples samples = {&m->iters, &m->times, unit, &m->work};
    bool no_samples = m->times.n == 0 || m->times.n != m->iters.n;

    if (!*m->id || !unit) {
        pfl_build_warn_at(b, all->lines.number, column, "a benchmark without %s is left out",
                          *m->id ? "a unit (--unit says one)" : "an id");
        return;
    }
    if (no_samples && m->times.n)
        pfl_build_warn_at(b, all->lines.number, column,
                          "%s has %zu iteration counts and %zu values: its samples are left out",
                          m->id, m->iters.n, m->times.n);
    pfl_build_benchmark(b, m->id);
    if (!no_samples) {
        pfl_criterion_give_samples(b, &samples);
    } else if (pfl_criterion_give_estimates(b, &m->estimates, unit)) {
        all->by_estimates++;
    } else {
        pfl_build_status(b, PFL_STATUS_FAILED, "the file has neither samples nor estimates of it");
    }
}

static int read_message(struct messages *all, struct pfl_fields *f, struct message *m,
                        struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("reason", struct message, reason),
        PFL_FIELD_TEXT("id", struct message, id),
        PFL_FIELD_TEXT("unit", struct message, unit),
        PFL_FIELD_NUMBERS("iteration_count", struct message, iters),
        PFL_FIELD_NUMBERS("measured_values", struct message, times),
        PFL_FIELD_CALL("throughput", read_works),
        PFL_FIELD_CALL("typical", read_typical),
        PFL_FIELD_CALL("mean", read_mean),
        PFL_FIELD_CALL("median", read_median),
        {0},
    };
    int rc = pfl_fields_read(f, fields, m, err);

    if (rc >= 0)
        rc = pfl_json_expect(f->json, PFL_JSON_END, err);
    if (rc < 0)
        return rc;
    all->whole++;
    if (strcmp(m->reason, "benchmark-complete") == 0)
        give(all, m, 1);
    return PFL_OK;
}

/* The line at hand. A broken one: its error is kept in *first and warned of. */
static int read_line(struct messages *all, struct pfl_err *first)
{
    struct message m = {.reason = "",
                        .id = "",
                        .unit = "",
                        .estimate_unit = "",
                        .work = pfl_criterion_no_work(),
                        .estimates = pfl_criterion_no_estimates()};
    struct pfl_json_reader json;
    struct pfl_fields f = {&json, &all->build, NULL};
    struct pfl_err why;
    int rc;

    pfl_json_reader_init_text(&json, all->build.input->path, all->lines.line.data,
                              all->lines.line.len);
    json.line = all->lines.number;
    rc = read_message(all, &f, &m, &why);
    if (rc < 0 && rc != PFL_ENOMEM) {
        if (first->code == PFL_OK)
            pfl_err_set_at(first, rc, all->build.input->path, why.line, why.column, "%s",
                           why.message);
        pfl_build_warn_at(&all->build, all->lines.number, why.column, "%s: the line is left out",
                          why.message);
        rc = PFL_OK;
    }
    pfl_json_reader_release(&json);
    pfl_vec_release(&m.iters);
    pfl_vec_release(&m.times);
    return rc;
}

static int read_lines(struct messages *all, struct pfl_err *err)
{
    struct pfl_err first;
    int rc;

    pfl_err_clear(&first);
    while ((rc = pfl_line_reader_next(&all->lines, err)) > 0)
        if (all->lines.line.len && all->lines.line.data[0] == '{') {
            rc = read_line(all, &first);
            if (rc < 0)
                return pfl_err_no_memory(err);
        }
    if (rc < 0 || all->whole || first.code == PFL_OK)
        return rc;
    if (err)
        *err = first;
    return first.code;
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    struct messages all = {.whole = 0};
    int rc;

    pfl_line_reader_init(&all.lines, input);
    pfl_build_init(&all.build, input, sink);
    pfl_build_begin(&all.build);
    all.build.run->tool = pfl_build_keep(&all.build, "cargo-criterion");
    rc = read_lines(&all, err);
    if (rc == PFL_OK && all.by_estimates)
        pfl_build_warn(&all.build, NULL,
                       "%zu benchmarks have no samples: criterion's own estimates and intervals "
                       "stand for them",
                       all.by_estimates);
    if (rc == PFL_OK)
        rc = pfl_build_end(&all.build, err);
    pfl_build_release(&all.build);
    pfl_line_reader_release(&all.lines);
    return rc;
}

/* `"reason":"benchmark-complete"` in a line that begins with a brace. */
static int recognise(const struct pfl_format_probe *probe)
{
    static const char *const reasons[] = {"\"reason\":\"benchmark-complete\"",
                                          "\"reason\": \"benchmark-complete\"",
                                          "\"reason\":\"group-complete\""};
    const char *line = probe->bytes, *end = line + (probe->folder ? 0 : probe->len), *next;
    size_t i, len;

    for (; !probe->folder && line < end; line = next) {
        next = memchr(line, '\n', (size_t)(end - line));
        next = next ? next + 1 : end;
        for (i = 0; line[0] == '{' && i < PFL_COUNT(reasons); i++) {
            len = strlen(reasons[i]);
            if ((size_t)(next - line) > len + 1 && memcmp(line + 1, reasons[i], len) == 0)
                return 2;
        }
    }
    return 0;
}

const struct pfl_format pfl_format_cargo_criterion = {
    .name = "cargo-criterion",
    .title = "cargo-criterion JSON lines",
    .sought = "line with \"reason\":\"benchmark-complete\"",
    .recognise = recognise,
    .read = read,
};
