/*
 * What a format's reader hands over, as text that a table can hold:
 *
 *     run TOOL on HOST (CPU, 8 CPUs) at 1700000000 {python: 3.11}
 *     NAME <suite> {n: 4} failed: why
 *       time s lower 1e-09 2e-09 @0 1          values, and whose launch each is
 *       time s lower ~20 1.5 [1 2] mean 1.6    a summary: n, median, interval, what else there is
 *     3:14 a warning
 *
 * Parts that are empty are left out. A fixture is also told by its content, cut off at every byte,
 * and damaged in every byte: nothing may crash, and what is cut off says where.
 */
#ifndef PFL_TESTS_TAKEN_H
#define PFL_TESTS_TAKEN_H

#include "base/units.h"
#include "formats/format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct taken_bytes {
    const char *at;
    size_t left;
};

static inline long taken_read(void *context, char *bytes, size_t size, struct pfl_err *err)
{
    struct taken_bytes *from = context;
    size_t n = from->left < size ? from->left : size;

    (void)err;
    if (n > 7) /* no reader may rely on what comes at once */
        n = n / 2 + 1;
    memcpy(bytes, from->at, n);
    from->at += n;
    from->left -= n;
    return (long)n;
}

static inline void taken_number(struct pfl_buf *buf, const char *before, double value)
{
    char text[PFL_UNITS_NUMBER_MAX];

    pfl_units_number_text(text, value);
    pfl_buf_format(buf, "%s%s", before, isnan(value) ? "-" : text);
}

static inline void taken_rounded(struct pfl_buf *buf, const char *before, double value)
{
    if (!isnan(value))
        pfl_buf_format(buf, "%s%.5g", before, value);
}

static inline void taken_result(struct pfl_buf *buf, const struct pfl_result *r)
{
    const struct pfl_summary *s = &r->summary;
    size_t i;

    pfl_buf_format(buf, "  %s%s%s %s %s", r->metric, *r->variant ? ":" : "", r->variant, r->unit,
                   pfl_metric_better_text(r->better));
    for (i = 0; i < r->n; i++)
        taken_number(buf, " ", r->values[i]);
    for (i = 0; r->launch_of && i < r->n; i++)
        pfl_buf_format(buf, "%s%u", i ? " " : " @", (unsigned)r->launch_of[i]);
    if (r->summary_only) {
        pfl_buf_format(buf, " ~%zu", s->n);
        taken_rounded(buf, " ", s->median);
        if (!isnan(s->ci_low) || !isnan(s->ci_high))
            pfl_buf_format(buf, " [%.5g %.5g]", s->ci_low, s->ci_high);
        taken_rounded(buf, " mean ", s->mean);
        taken_rounded(buf, " sd ", s->stddev);
        taken_rounded(buf, " min ", s->min);
        taken_rounded(buf, " max ", s->max);
    }
    pfl_buf_char(buf, '\n');
}

static inline void taken_pairs(struct pfl_buf *buf, const struct pfl_pair *pairs, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        pfl_buf_format(buf, "%s%s: %s", i ? ", " : " {", pairs[i].name, pairs[i].value);
    if (n)
        pfl_buf_char(buf, '}');
}

static inline int taken_run(void *context, struct pfl_run *run, struct pfl_arena *arena,
                            struct pfl_err *err)
{
    struct pfl_buf *buf = context;
    size_t i, j;

    (void)arena;
    (void)err;
    pfl_buf_format(buf, "run %s", run->tool);
    if (*run->machine.hostname)
        pfl_buf_format(buf, " on %s", run->machine.hostname);
    if (*run->machine.cpu_model)
        pfl_buf_format(buf, " (%s, %d CPUs)", run->machine.cpu_model, run->machine.cpus);
    if (run->started_unix_ns)
        pfl_buf_format(buf, " at %lld", (long long)(run->started_unix_ns / 1000000000));
    taken_pairs(buf, run->environment, run->environment_count);
    pfl_buf_char(buf, '\n');
    for (i = 0; i < run->benchmark_count; i++) {
        const struct pfl_benchmark *b = &run->benchmarks[i];

        pfl_buf_text(buf, b->name);
        if (*b->suite)
            pfl_buf_format(buf, " <%s>", b->suite);
        taken_pairs(buf, b->params, b->param_count);
        if (b->status != PFL_STATUS_OK)
            pfl_buf_format(buf, " %s: %s", pfl_status_text(b->status), b->reason);
        pfl_buf_char(buf, '\n');
        for (j = 0; j < b->result_count; j++) {
            const struct pfl_result *r = &b->results[j];

            taken_result(buf, r);
            if (!r->launch_of && b->launch_count && !r->summary_only)
                pfl_buf_text(buf, "  (not of the launches)\n");
        }
    }
    return PFL_OK;
}

static inline int taken_warning(void *context, const struct pfl_format_place *place,
                                const char *what)
{
    if (place->line)
        pfl_buf_format(context, "%d:%d ", place->line, place->column);
    pfl_buf_format(context, "%s\n", what);
    return PFL_OK;
}

/* The reader's answer; an error becomes the last line of `out`. */
static inline int taken_text(const struct pfl_format *format, const char *text, size_t len,
                             const char *unit, struct pfl_buf *out)
{
    struct taken_bytes bytes = {text, len};
    const struct pfl_format_input input = {
        .path = "f", .read = taken_read, .context = &bytes, .unit = unit};
    const struct pfl_format_sink sink = {.run = taken_run, .warn = taken_warning, .context = out};
    struct pfl_err err;
    int rc = format->read(&input, &sink, &err);

    if (rc != PFL_OK)
        pfl_buf_format(out, "%d:%d error: %s\n", err.line, err.column, err.message);
    return rc;
}

static inline const struct pfl_format *taken_format(const char *text, size_t len)
{
    struct pfl_format_probe probe = {.path = "f", .bytes = text, .len = len};
    const struct pfl_format *format;
    struct pfl_arena arena;

    pfl_arena_init(&arena);
    assert_int_equal(pfl_format_probe_json(&probe, &arena, NULL), PFL_OK);
    format = pfl_format_recognise(&probe);
    pfl_arena_release(&arena);
    return format;
}

struct taken_case {
    const char *text, *expected;
    const char *unit; /* --unit */
    bool untold;      /* nothing in it says which format it is */
};

static inline void taken_check(const char *name, const struct taken_case *cases, size_t n)
{
    const struct pfl_format *format = pfl_format_find(name);
    struct pfl_buf out;
    size_t i;

    assert_non_null(format);
    for (i = 0; i < n; i++) {
        if (!cases[i].untold)
            assert_ptr_equal(taken_format(cases[i].text, strlen(cases[i].text)), format);
        pfl_buf_init(&out, 1 << 20);
        taken_text(format, cases[i].text, strlen(cases[i].text), cases[i].unit, &out);
        if (strcmp(pfl_buf_cstr(&out), cases[i].expected) != 0)
            print_message("case %zu of %s\n", i, name);
        assert_string_equal(pfl_buf_cstr(&out), cases[i].expected);
        pfl_buf_release(&out);
    }
}

/* whole: what is cut off is an error (JSON documents), and says where. */
static inline void taken_damage(const char *name, const char *text, bool whole)
{
    static const char with[] = "0\"{[]}:,n-\x01\xff\n";
    const struct pfl_format *format = pfl_format_find(name);
    size_t len = strlen(text), i, k;
    char *copy = malloc(len + 1);
    struct pfl_buf out;
    int rc;

    assert_true(format && copy);
    memcpy(copy, text, len + 1);
    pfl_buf_init(&out, 1 << 20);
    for (i = 0; i < len; i++) {
        pfl_buf_clear(&out);
        rc = taken_text(format, copy, i, NULL, &out);
        if (whole && strspn(text + i, " \n") < len - i) {
            assert_int_equal(rc, PFL_EPARSE);
            assert_non_null(strstr(pfl_buf_cstr(&out), " error: expected "));
        }
        for (k = 0; k + 1 < sizeof with; k++) {
            copy[i] = with[k];
            pfl_buf_clear(&out);
            taken_text(format, copy, len, NULL, &out);
            taken_format(copy, len);
        }
        copy[i] = text[i];
    }
    pfl_buf_release(&out);
    free(copy);
}

/* The shared folder of real files; NULL, and said so: it is not here. */
static inline const char *taken_real(char path[4096], const char *name)
{
    const char *folder = getenv("PERFLEDGER_TEST_DATA");
    FILE *file;

    snprintf(path, 4096, "%s/formats/%s", folder ? folder : PFL_SOURCE_DIR "/../shared/data", name);
    file = fopen(path, "r");
    if (!file) {
        print_message("# skip: no %s (set PERFLEDGER_TEST_DATA)\n", path);
        return NULL;
    }
    fclose(file);
    return path;
}

#endif
