/*
 * Reading a run: the document field by field, as the tables of run_json_shape.c say, in whatever
 * order the keys come. Unknown keys are passed over, a field that is missing is an error at its
 * object's begin. run_json_join.c then puts the rows back below their benchmarks.
 *
 * Everything lives in the caller's arena. Lists grow by doubling there; what they outgrow stays
 * until its end, at most as much again.
 */
#include "formats/run_json.h"
#include "formats/run_json_shape.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* The value of a type at an offset in a struct. */
#define AT(base, offset, type) (*(type *)((char *)(base) + (offset)))

struct source {
    struct pfl_json_reader *r;
    struct pfl_arena *arena;
    struct pfl_err *err;
    size_t next; /* where the next key probably is in its table */
};

/* A list that grows in the arena. */
struct list {
    char *at;
    size_t n, capacity, size;
};

static void *list_add(struct source *s, struct list *list)
{
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 8;
        char *bigger = pfl_arena_grow(s->arena, list->at, list->n, capacity, list->size);

        if (!bigger) {
            pfl_err_no_memory(s->err);
            return NULL;
        }
        list->at = bigger;
        list->capacity = capacity;
    }
    return list->at + list->n++ * list->size;
}

static int read_text(struct source *s, const char **text)
{
    char *copy;

    if (s->r->text_len != strlen(s->r->text))
        return pfl_json_fail(s->r, s->err, "expected a text without the character U+0000");
    copy = pfl_arena_text_n(s->arena, s->r->text, s->r->text_len);
    if (!copy)
        return pfl_err_no_memory(s->err);
    *text = copy;
    return PFL_OK;
}

static int wrong(struct source *s, const char *expected)
{
    return pfl_json_fail(s->r, s->err, "expected %s, found %s", expected,
                         pfl_json_token_name(s->r->token));
}

static int expect_text(struct source *s, const char **text)
{
    int rc = pfl_json_expect(s->r, PFL_JSON_STRING, s->err);

    return rc < 0 ? rc : read_text(s, text);
}

static int read_text_or_null(struct source *s, const struct pfl_shape_field *f, void *base)
{
    int rc = pfl_json_next(s->r, s->err);

    if (rc < 0)
        return rc;
    if (rc == PFL_JSON_STRING)
        return read_text(s, &AT(base, f->offset, const char *));
    if (rc != PFL_JSON_NULL)
        return wrong(s, "a string or null");
    return PFL_OK; /* the default stands */
}

static int check_integer(struct source *s, int64_t low, int64_t high, int64_t *value)
{
    const struct pfl_json_reader *r = s->r;

    if (r->token == PFL_JSON_NUMBER && r->is_integer && r->integer >= low && r->integer <= high) {
        *value = r->integer;
        return PFL_OK;
    }
    if (r->token == PFL_JSON_NUMBER)
        return pfl_json_fail(s->r, s->err,
                             "expected an integer from %" PRId64 " to %" PRId64 ", found %.17g",
                             low, high, r->number);
    return wrong(s, "an integer");
}

static int expect_integer(struct source *s, int64_t low, int64_t high, int64_t *value)
{
    int rc = pfl_json_next(s->r, s->err);

    return rc < 0 ? rc : check_integer(s, low, high, value);
}

static int expect_u64(struct source *s, uint64_t *value)
{
    int64_t small = 0;
    int rc = pfl_json_next(s->r, s->err);
    const char *c;

    if (rc < 0)
        return rc;
    if (rc != PFL_JSON_STRING) {
        rc = check_integer(s, 0, INT64_MAX, &small);
        *value = (uint64_t)small;
        return rc;
    }
    *value = 0;
    for (c = s->r->text; *c >= '0' && *c <= '9' && *value <= (UINT64_MAX - 9) / 10; c++)
        *value = *value * 10 + (uint64_t)(*c - '0');
    if (*c >= '0' && *c <= '9' && *value == UINT64_MAX / 10 &&
        (uint64_t)(*c - '0') <= UINT64_MAX % 10)
        *value = *value * 10 + (uint64_t)(*c++ - '0');
    if (c == s->r->text || c != s->r->text + s->r->text_len)
        return pfl_json_fail(s->r, s->err, "expected an integer from 0 to %" PRIu64, UINT64_MAX);
    return PFL_OK;
}

static int expect_number(struct source *s, double *value)
{
    int rc = pfl_json_next(s->r, s->err);

    if (rc < 0)
        return rc;
    if (rc != PFL_JSON_NUMBER && rc != PFL_JSON_NULL)
        return wrong(s, "a number or null");
    *value = rc == PFL_JSON_NUMBER && isfinite(s->r->number) ? s->r->number : (double)NAN;
    return PFL_OK;
}

/* Nanoseconds that were written as seconds: exact up to 52 days, which no session is long. */
static int expect_seconds(struct source *s, int64_t *ns)
{
    int rc = pfl_json_expect(s->r, PFL_JSON_NUMBER, s->err);

    if (rc < 0)
        return rc;
    if (!(fabs(s->r->number) < 1e9))
        return pfl_json_fail(s->r, s->err, "expected seconds since the run's start, found %.17g",
                             s->r->number);
    *ns = llround(s->r->number * 1e9);
    return PFL_OK;
}

static int expect_time(struct source *s, int64_t *unix_ns)
{
    int rc = pfl_json_expect(s->r, PFL_JSON_STRING, s->err);

    if (rc < 0)
        return rc;
    if (s->r->text_len == strlen(s->r->text) && pfl_shape_time_read(s->r->text, unix_ns))
        return PFL_OK;
    return pfl_json_fail(s->r, s->err, "expected a time such as 2026-01-31T12:00:00.123456789Z");
}

static int expect_schema(struct source *s, int64_t *schema)
{
    int rc = expect_integer(s, 1, INT64_MAX, schema);

    if (rc < 0 || *schema <= PFL_RUN_JSON_SCHEMA)
        return rc;
    return pfl_err_set_at(s->err, PFL_EVERSION, s->r->name, s->r->line, s->r->column,
                          "this run has schema %" PRId64
                          ", this perfledger reads up to %d: a newer perfledger wrote "
                          "it, and can read it",
                          *schema, PFL_RUN_JSON_SCHEMA);
}

static int expect_name(struct source *s, const struct pfl_shape_field *f, void *base)
{
    int rc = pfl_json_expect(s->r, PFL_JSON_STRING, s->err);

    if (rc < 0)
        return rc;
    if (f->kind == PFL_SHAPE_STATUS)
        return pfl_status_read(s->r->text, &AT(base, f->offset, enum pfl_status))
                   ? PFL_OK
                   : pfl_json_fail(s->r, s->err, "expected ok, failed, timed_out or skipped");
    if (f->kind == PFL_SHAPE_BETTER)
        return pfl_metric_better_read(s->r->text, &AT(base, f->offset, enum pfl_better))
                   ? PFL_OK
                   : pfl_json_fail(s->r, s->err, "expected lower, higher or neither");
    return pfl_run_kind_read(s->r->text, &AT(base, f->offset, enum pfl_run_kind))
               ? PFL_OK
               : pfl_json_fail(s->r, s->err, "expected configured, adhoc, race or imported");
}

static int expect_range(struct source *s, double *low, double *high)
{
    int rc = pfl_json_expect(s->r, PFL_JSON_ARRAY, s->err);

    if (rc == PFL_OK)
        rc = expect_number(s, low);
    if (rc == PFL_OK)
        rc = expect_number(s, high);
    return rc < 0 ? rc : pfl_json_expect(s->r, PFL_JSON_ARRAY_END, s->err);
}

/* One element of an array of scalars; its first token is current. */
static int read_item(struct source *s, enum pfl_shape_kind kind, void *place)
{
    const struct pfl_json_reader *r = s->r;
    int64_t value = 0;
    int rc;

    switch (kind) {
    case PFL_SHAPE_NUMBERS:
        if (r->token != PFL_JSON_NUMBER && r->token != PFL_JSON_NULL)
            return wrong(s, "a number or null");
        *(double *)place =
            r->token == PFL_JSON_NUMBER && isfinite(r->number) ? r->number : (double)NAN;
        return PFL_OK;
    case PFL_SHAPE_U32S:
        rc = check_integer(s, 0, UINT32_MAX, &value);
        *(uint32_t *)place = (uint32_t)value;
        return rc;
    case PFL_SHAPE_I64: return check_integer(s, INT64_MIN, INT64_MAX, place);
    case PFL_SHAPE_INT:
        rc = check_integer(s, INT32_MIN, INT32_MAX, &value);
        *(int32_t *)place = (int32_t)value;
        return rc;
    default: return r->token == PFL_JSON_STRING ? read_text(s, place) : wrong(s, "a string");
    }
}

static int read_items(struct source *s, enum pfl_shape_kind kind, struct list *list)
{
    int rc = pfl_json_expect(s->r, PFL_JSON_ARRAY, s->err);

    while (rc >= 0 && (rc = pfl_json_next_item(s->r, s->err)) > 0) {
        void *place = list_add(s, list);

        rc = place ? read_item(s, kind, place) : PFL_ENOMEM;
    }
    return rc;
}

static int read_pairs(struct source *s, struct list *list)
{
    int rc = pfl_json_expect(s->r, PFL_JSON_OBJECT, s->err);

    while (rc >= 0 && (rc = pfl_json_next_key(s->r, s->err)) > 0) {
        struct pfl_pair *pair = list_add(s, list);

        rc = pair ? read_text(s, &pair->name) : PFL_ENOMEM;
        if (rc == PFL_OK)
            rc = expect_text(s, &pair->value);
    }
    return rc;
}

/* One column of the launch table: the first one makes the rows, the others fill them. */
static int read_column(struct source *s, const struct pfl_shape_field *column, bool first,
                       struct list *rows)
{
    size_t n = 0;
    int rc = pfl_json_expect(s->r, PFL_JSON_ARRAY, s->err);

    while (rc >= 0 && (rc = pfl_json_next_item(s->r, s->err)) > 0) {
        if (first && !list_add(s, rows))
            return PFL_ENOMEM;
        if (n == rows->n)
            return pfl_json_fail(
                s->r, s->err, "expected the end of \"%s\": the columns before it have %zu values",
                column->key, n);
        rc = read_item(s, column->kind, rows->at + n++ * rows->size + column->offset);
    }
    if (rc == 0 && n < rows->n)
        return pfl_json_fail(
            s->r, s->err, "expected %zu values in \"%s\", as in the columns before it, found %zu",
            rows->n, column->key, n);
    return rc;
}

static int lacks(struct source *s, const struct pfl_shape_place *at, const char *what,
                 const char *key)
{
    return pfl_err_set_at(s->err, PFL_EPARSE, s->r->name, at->line, at->column, "%s has no \"%s\"",
                          what, key);
}

/* The index of the current key, or n; a key that comes twice is an error. Files that we wrote have
 * their keys in the table's order, so the one behind the last found is tried first. */
static int find_field(struct source *s, const struct pfl_shape_field *fields, size_t n,
                      unsigned long *seen)
{
    size_t i = s->next < n ? s->next : 0, tried;

    for (tried = 0; tried < n && !pfl_json_key_is(s->r, fields[i].key); tried++)
        i = i + 1 < n ? i + 1 : 0;
    if (tried == n)
        i = n;
    s->next = i + 1;
    if (i < n && *seen >> i & 1)
        return pfl_json_fail(s->r, s->err, "\"%s\" stands here a second time", fields[i].key);
    if (i < n)
        *seen |= 1UL << i;
    return (int)i;
}

static int check_seen(struct source *s, const struct pfl_shape *shape, unsigned long seen,
                      const struct pfl_shape_place *at)
{
    size_t i;

    for (i = 0; i < shape->n; i++)
        if (shape->fields[i].flags & PFL_SHAPE_REQUIRED && !(seen >> i & 1))
            return lacks(s, at, shape->name, shape->fields[i].key);
    return PFL_OK;
}

static int read_launches(struct source *s, struct list *rows)
{
    static const struct pfl_shape shape = {"the launch table", pfl_shape_launch_columns,
                                           PFL_SHAPE_LAUNCH_COLUMNS, sizeof(struct pfl_launch), 0};
    int rc = pfl_json_expect(s->r, PFL_JSON_OBJECT, s->err), i;
    struct pfl_shape_place at = {s->r->line, s->r->column};
    unsigned long seen = 0;

    while (rc >= 0 && (rc = pfl_json_next_key(s->r, s->err)) > 0) {
        bool first = seen == 0;

        i = find_field(s, shape.fields, shape.n, &seen);
        if (i < 0)
            return i;
        rc = i < (int)shape.n ? read_column(s, &shape.fields[i], first, rows)
                              : pfl_json_skip(s->r, s->err);
    }
    return rc < 0 ? rc : check_seen(s, &shape, seen, &at);
}

static int read_object(struct source *s, const struct pfl_shape *shape, void *base);

static int read_list(struct source *s, const struct pfl_shape *shape, struct list *list)
{
    int rc = pfl_json_expect(s->r, PFL_JSON_ARRAY, s->err);

    while (rc >= 0 && (rc = pfl_json_next_item(s->r, s->err)) > 0) {
        void *place;

        if (s->r->token != PFL_JSON_OBJECT)
            return wrong(s, "an object");
        place = list_add(s, list);
        rc = place ? read_object(s, shape, place) : PFL_ENOMEM;
    }
    return rc;
}

static int read_array(struct source *s, const struct pfl_shape_field *f, void *base)
{
    struct list list = {0};
    int rc;

    switch (f->kind) {
    case PFL_SHAPE_NUMBERS: list.size = sizeof(double), rc = read_items(s, f->kind, &list); break;
    case PFL_SHAPE_U32S: list.size = sizeof(uint32_t), rc = read_items(s, f->kind, &list); break;
    case PFL_SHAPE_TEXTS: list.size = sizeof(char *), rc = read_items(s, f->kind, &list); break;
    case PFL_SHAPE_PAIRS: list.size = sizeof(struct pfl_pair), rc = read_pairs(s, &list); break;
    case PFL_SHAPE_LAUNCHES:
        list.size = sizeof(struct pfl_launch), rc = read_launches(s, &list);
        break;
    default: list.size = f->shape->size, rc = read_list(s, f->shape, &list);
    }
    if (rc < 0)
        return rc;
    AT(base, f->offset, void *) = list.at;
    AT(base, f->count, size_t) = list.n;
    return PFL_OK;
}

static int read_field(struct source *s, const struct pfl_shape_field *f, void *base)
{
    int64_t value = 0;
    int rc;

    switch (f->kind) {
    case PFL_SHAPE_TEXT:
        if (!(f->flags & PFL_SHAPE_EMPTY_NULL))
            return expect_text(s, &AT(base, f->offset, const char *));
        return read_text_or_null(s, f, base);
    case PFL_SHAPE_TEXT_OR_NULL: return read_text_or_null(s, f, base);
    case PFL_SHAPE_BOOL:
        rc = pfl_json_expect(s->r, PFL_JSON_BOOL, s->err);
        AT(base, f->offset, bool) = s->r->boolean;
        return rc;
    case PFL_SHAPE_INT:
        rc = expect_integer(s, INT32_MIN, INT32_MAX, &value);
        AT(base, f->offset, int) = (int)value;
        return rc;
    case PFL_SHAPE_SIZE:
        rc = expect_integer(s, 0, INT64_MAX, &value);
        AT(base, f->offset, size_t) = (size_t)value;
        return rc;
    case PFL_SHAPE_I64:
        return expect_integer(s, INT64_MIN, INT64_MAX, &AT(base, f->offset, int64_t));
    case PFL_SHAPE_SCHEMA: return expect_schema(s, &AT(base, f->offset, int64_t));
    case PFL_SHAPE_U64: return expect_u64(s, &AT(base, f->offset, uint64_t));
    case PFL_SHAPE_TIME: return expect_time(s, &AT(base, f->offset, int64_t));
    case PFL_SHAPE_AMOUNT:
    case PFL_SHAPE_NUMBER: return expect_number(s, &AT(base, f->offset, double));
    case PFL_SHAPE_SECONDS: return expect_seconds(s, &AT(base, f->offset, int64_t));
    case PFL_SHAPE_RANGE:
        return expect_range(s, &AT(base, f->offset, double), &AT(base, f->count, double));
    case PFL_SHAPE_STATUS:
    case PFL_SHAPE_RUN_KIND:
    case PFL_SHAPE_BETTER: return expect_name(s, f, base);
    case PFL_SHAPE_OBJECT:
        rc = pfl_json_expect(s->r, PFL_JSON_OBJECT, s->err);
        return rc < 0 ? rc : read_object(s, f->shape, (char *)base + f->offset);
    default: return read_array(s, f, base);
    }
}

static void set_defaults(const struct pfl_shape *shape, void *base)
{
    const struct pfl_shape_field *f;

    for (f = shape->fields; f < shape->fields + shape->n; f++) {
        if (f->kind == PFL_SHAPE_TEXT)
            AT(base, f->offset, const char *) = "";
        if (f->kind == PFL_SHAPE_NUMBER || f->kind == PFL_SHAPE_RANGE)
            AT(base, f->offset, double) = (double)NAN;
        if (f->kind == PFL_SHAPE_RANGE)
            AT(base, f->count, double) = (double)NAN;
        if (f->kind == PFL_SHAPE_OBJECT)
            set_defaults(f->shape, (char *)base + f->offset);
    }
}

/* The object whose { is current, into zeroed storage. */
static int read_object(struct source *s, const struct pfl_shape *shape, void *base)
{
    struct pfl_shape_place at = {s->r->line, s->r->column};
    unsigned long seen = 0;
    int rc, i;

    set_defaults(shape, base);
    if (shape->place)
        AT(base, shape->place, struct pfl_shape_place) = at;
    while ((rc = pfl_json_next_key(s->r, s->err)) > 0) {
        i = find_field(s, shape->fields, shape->n, &seen);
        if (i < 0)
            return i;
        rc = i < (int)shape->n ? read_field(s, &shape->fields[i], base)
                               : pfl_json_skip(s->r, s->err);
        if (rc < 0)
            return rc;
    }
    return rc < 0 ? rc : check_seen(s, shape, seen, &at);
}

int pfl_run_json_read(struct pfl_json_reader *reader, struct pfl_arena *arena, struct pfl_run *run,
                      struct pfl_err *err)
{
    struct source s = {reader, arena, err, 0};
    struct pfl_run_json_document document;
    int rc = pfl_json_expect(reader, PFL_JSON_OBJECT, err);

    memset(&document, 0, sizeof document);
    if (rc == PFL_OK)
        rc = read_object(&s, &pfl_shape_document, &document);
    if (rc == PFL_OK)
        rc = pfl_json_expect(reader, PFL_JSON_END, err);
    if (rc == PFL_OK)
        rc = pfl_run_json_join(&document, reader->name, arena, err);
    if (rc == PFL_OK)
        *run = document.run;
    return rc;
}
