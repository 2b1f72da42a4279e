/*
 * CSV, the little that a series needs. The first line is a header when its last field is no number
 * and not empty; anywhere else such a field is an error, because a value that is silently left out
 * would shift every place behind it.
 */
#include "formats/series_csv.h"

#include "base/vec.h"
#include "formats/csv_records.h"

#include <string.h>

enum { COLUMNS_MAX = 2 };

PFL_VEC(values, double);
PFL_VEC(revisions, const char *);

struct series {
    struct pfl_csv csv;
    const char *file;
    struct pfl_arena *arena;
    size_t columns; /* of the file; 0: no line was read yet */
    const char *title;
    struct values values;
    struct revisions revisions;
    struct pfl_err *err;
};

/* The text as a stream. */
struct rest {
    const char *text;
    size_t len;
};

static long read_rest(void *context, char *bytes, size_t size, struct pfl_err *err)
{
    struct rest *rest = context;

    (void)err;
    if (size > rest->len)
        size = rest->len;
    memcpy(bytes, rest->text, size);
    rest->text += size;
    rest->len -= size;
    return (long)size;
}

static int add_row(struct series *s)
{
    size_t count = s->csv.count;
    const char *last = s->csv.fields[count - 1], *revision;
    bool first = s->columns == 0;
    double value;

    if (count > COLUMNS_MAX)
        return pfl_err_set_at(s->err, PFL_EPARSE, s->file, s->csv.line, 0,
                              "more than two columns; a series is `value` or `revision,value` "
                              "(numbers have a decimal point, no comma)");
    if (!first && count != s->columns)
        return pfl_err_set_at(s->err, PFL_EPARSE, s->file, s->csv.line, 0,
                              "%zu column%s, the lines before have %zu", count,
                              count == 1 ? "" : "s", s->columns);
    s->columns = count;
    if (!pfl_csv_number(last, &value)) {
        if (!first)
            return pfl_err_set_at(
                s->err, PFL_EPARSE, s->file, s->csv.line, 0,
                "expected a number, found `%.80s`; a missing value is empty or NaN", last);
        s->title = pfl_arena_text(s->arena, last);
        return s->title ? PFL_OK : pfl_err_no_memory(s->err);
    }
    revision = count == 2 ? pfl_arena_text(s->arena, s->csv.fields[0]) : "";
    if (!revision || !pfl_vec_push(&s->values, &value) ||
        (count == 2 && !pfl_vec_push(&s->revisions, &revision)))
        return pfl_err_no_memory(s->err);
    return PFL_OK;
}

static const char *name_of(const char *file, struct pfl_arena *arena)
{
    const char *slash = strrchr(file, '/'), *dot;

    file = slash ? slash + 1 : file;
    dot = strrchr(file, '.');
    if (strcmp(file, "-") == 0)
        return "stdin";
    return pfl_arena_text_n(arena, file, dot && dot > file ? (size_t)(dot - file) : strlen(file));
}

int pfl_series_csv_read(const char *file, const char *text, size_t len, struct pfl_arena *arena,
                        struct pfl_series *series, struct pfl_err *err)
{
    struct rest rest = {text, len};
    struct pfl_format_input input = {.path = file, .read = read_rest, .context = &rest};
    struct series s = {.file = file, .arena = arena, .title = "value", .err = err};
    struct pfl_series read = {
        .variant = "", .unit = "", .machine = "", .better = PFL_BETTER_NEITHER};
    int rc;

    pfl_csv_init(&s.csv, &input);
    while ((rc = pfl_csv_next(&s.csv, err)) > 0)
        if ((rc = add_row(&s)) < 0)
            break;
    if (rc == PFL_OK) {
        read.benchmark = name_of(file, arena);
        read.metric = s.title;
        read.n = s.values.n;
        read.values = pfl_arena_grow(arena, s.values.at, read.n, read.n + 1, sizeof *read.values);
        if (s.revisions.n)
            read.revisions =
                pfl_arena_grow(arena, s.revisions.at, read.n, read.n, sizeof *read.revisions);
        if (!read.benchmark || !read.values || (s.revisions.n && !read.revisions))
            rc = pfl_err_no_memory(err);
    }
    pfl_vec_release(&s.values);
    pfl_vec_release(&s.revisions);
    pfl_csv_release(&s.csv);
    if (rc == PFL_OK)
        *series = read;
    return rc;
}
