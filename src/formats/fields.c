/*
 * JSON objects by tables: see fields.h. Lenient in what a field holds, strict in what JSON is: a
 * value of the wrong kind costs that value, a broken document costs the file.
 */
#include "formats/fields.h"

#include "base/units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define AT(record, field, type) (*(type *)(void *)((char *)(record) + (field)->offset))

struct pfl_summary pfl_summary_none(void)
{
    return (struct pfl_summary){0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
}

int pfl_fields_leave_out(struct pfl_fields *f, const char *expected, struct pfl_err *err)
{
    pfl_build_warn(f->build, f->json, "expected %s, found %s: left out", expected,
                   pfl_json_token_name(f->json->token));
    return pfl_json_skip(f->json, err);
}

/* How tools write NaN and the infinities where JSON has no word for them: BenchmarkDotNet's are
 * empty. */
static bool is_nan_text(const struct pfl_json_reader *json)
{
    return json->token == PFL_JSON_STRING &&
           (!*json->text || strcasecmp(json->text, "nan") == 0 ||
            strcmp(json->text, "Infinity") == 0 || strcmp(json->text, "-Infinity") == 0);
}

/* Beyond what a double holds. One that is called infinite (inf) is meant to be none. */
static void warn_infinite(struct pfl_fields *f)
{
    if (f->json->token == PFL_JSON_NUMBER && isinf(f->json->number) && !f->json->called)
        pfl_build_warn(f->build, f->json, "more than a number can be: left out");
}

int pfl_fields_number(struct pfl_fields *f, double *value, struct pfl_err *err)
{
    int rc = pfl_json_next(f->json, err);

    if (rc < 0)
        return rc;
    warn_infinite(f);
    if (f->json->token == PFL_JSON_NUMBER)
        *value = f->json->number;
    else if (is_nan_text(f->json))
        *value = NAN;
    else if (f->json->token != PFL_JSON_NULL)
        return pfl_fields_leave_out(f, "a number", err);
    return PFL_OK;
}

const char *pfl_fields_scalar(struct pfl_fields *f)
{
    char number[PFL_UNITS_NUMBER_MAX];

    if (f->json->token == PFL_JSON_STRING)
        return pfl_build_keep(f->build, f->json->text);
    if (f->json->token == PFL_JSON_BOOL)
        return f->json->boolean ? "true" : "false";
    if (f->json->is_integer)
        snprintf(number, sizeof number, "%lld", (long long)f->json->integer);
    else
        pfl_units_number_text(number, f->json->number);
    return pfl_build_keep(f->build, number);
}

int pfl_fields_text(struct pfl_fields *f, const char **text, struct pfl_err *err)
{
    int rc = pfl_json_next(f->json, err);

    if (rc < 0)
        return rc;
    switch (f->json->token) {
    case PFL_JSON_STRING:
    case PFL_JSON_BOOL:
    case PFL_JSON_NUMBER: *text = pfl_fields_scalar(f); return PFL_OK;
    case PFL_JSON_NULL: return PFL_OK;
    default: return pfl_fields_leave_out(f, "a text", err);
    }
}

static int read_bool(struct pfl_fields *f, bool *value, struct pfl_err *err)
{
    int rc = pfl_json_next(f->json, err);

    if (rc < 0)
        return rc;
    if (f->json->token == PFL_JSON_BOOL)
        *value = f->json->boolean;
    else if (f->json->token != PFL_JSON_NULL)
        return pfl_fields_leave_out(f, "true or false", err);
    return PFL_OK;
}

int pfl_fields_numbers(struct pfl_fields *f, struct pfl_build_values *values, struct pfl_err *err)
{
    int rc = pfl_json_next(f->json, err);

    return rc < 0 ? rc : pfl_fields_numbers_at(f, values, err);
}

int pfl_fields_numbers_at(struct pfl_fields *f, struct pfl_build_values *values,
                          struct pfl_err *err)
{
    double value;
    int rc;

    if (f->json->token == PFL_JSON_NULL)
        return PFL_OK;
    if (f->json->token != PFL_JSON_ARRAY)
        return pfl_fields_leave_out(f, "a list of numbers", err);
    while ((rc = pfl_json_next_item(f->json, err)) > 0) {
        warn_infinite(f);
        value = f->json->token == PFL_JSON_NUMBER ? f->json->number : (double)NAN;
        if (f->json->token != PFL_JSON_NUMBER && f->json->token != PFL_JSON_NULL &&
            !is_nan_text(f->json)) {
            rc = pfl_fields_leave_out(f, "a number", err);
            if (rc < 0)
                return rc;
        }
        if (!pfl_vec_push(values, &value))
            return pfl_err_no_memory(err);
    }
    return rc;
}

bool pfl_fields_is_number(const char *text, double *number)
{
    return pfl_units_read_number(text, number, NULL) == PFL_OK && isfinite(*number);
}

static int read_field(struct pfl_fields *f, const struct pfl_field *field, void *record,
                      struct pfl_err *err)
{
    switch (field->kind) {
    case PFL_FIELD_KIND_NUMBER: return pfl_fields_number(f, &AT(record, field, double), err);
    case PFL_FIELD_KIND_TEXT: return pfl_fields_text(f, &AT(record, field, const char *), err);
    case PFL_FIELD_KIND_NUMBERS:
        return pfl_fields_numbers(f, &AT(record, field, struct pfl_build_values), err);
    case PFL_FIELD_KIND_BOOL: return read_bool(f, &AT(record, field, bool), err);
    case PFL_FIELD_KIND_CALL:
    case PFL_FIELD_KIND_ANY: return field->call(f, record, err);
    case PFL_FIELD_KIND_END: break;
    }
    return pfl_json_skip(f->json, err);
}

int pfl_fields_read_at(struct pfl_fields *f, const struct pfl_field *fields, void *record,
                       struct pfl_err *err)
{
    const struct pfl_field *field;
    int rc;

    if (f->json->token == PFL_JSON_NULL)
        return PFL_OK;
    if (f->json->token != PFL_JSON_OBJECT)
        return pfl_fields_leave_out(f, "an object", err);
    while ((rc = pfl_json_next_key(f->json, err)) > 0) {
        for (field = fields; field->kind != PFL_FIELD_KIND_END; field++)
            if (field->kind == PFL_FIELD_KIND_ANY || pfl_json_key_is(f->json, field->key))
                break;
        rc = read_field(f, field, record, err);
        if (rc < 0)
            return rc;
    }
    return rc;
}

int pfl_fields_read(struct pfl_fields *f, const struct pfl_field *fields, void *record,
                    struct pfl_err *err)
{
    int rc = pfl_json_next(f->json, err);

    return rc < 0 ? rc : pfl_fields_read_at(f, fields, record, err);
}

int pfl_fields_each(struct pfl_fields *f, pfl_field_fn *each, void *record, struct pfl_err *err)
{
    int rc = pfl_json_next(f->json, err);

    return rc < 0 ? rc : pfl_fields_each_at(f, each, record, err);
}

int pfl_fields_each_at(struct pfl_fields *f, pfl_field_fn *each, void *record, struct pfl_err *err)
{
    int rc;

    if (f->json->token == PFL_JSON_NULL)
        return PFL_OK;
    if (f->json->token != PFL_JSON_ARRAY)
        return pfl_fields_leave_out(f, "a list", err);
    while ((rc = pfl_json_next_item(f->json, err)) > 0) {
        rc = each(f, record, err);
        if (rc < 0)
            return rc;
    }
    return rc;
}

int pfl_fields_read_file(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                         const struct pfl_fields_file *file, struct pfl_err *err)
{
    struct pfl_json_reader json;
    struct pfl_build build;
    struct pfl_fields f = {&json, &build, file->context};
    int rc;

    pfl_build_init(&build, input, sink);
    pfl_build_begin(&build);
    pfl_json_reader_init(&json, input->path, input->read, input->context);
    if (file->controls)
        pfl_json_reader_allow_controls(&json);
    if (file->tool)
        build.run->tool = pfl_build_keep(&build, file->tool);
    rc = pfl_json_next(&json, err);
    if (rc >= 0)
        rc = file->fields && (!file->each || json.token != PFL_JSON_ARRAY)
                 ? pfl_fields_read_at(&f, file->fields, file->record, err)
                 : pfl_fields_each_at(&f, file->each, file->record, err);
    if (rc >= 0)
        rc = pfl_json_expect(&json, PFL_JSON_END, err);
    if (rc >= 0 && json.raw_line)
        pfl_build_warn_at(&build, json.raw_line, json.raw_column,
                          "control characters stand in strings as they are (this is the first): "
                          "they are taken, though the file is no JSON for others");
    if (rc >= 0 && file->finish)
        rc = file->finish(&f, file->record, err);
    if (rc >= 0)
        rc = pfl_build_end(&build, err);
    pfl_json_reader_release(&json);
    pfl_build_release(&build);
    return rc;
}
