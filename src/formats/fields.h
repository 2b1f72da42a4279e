/*
 * Reading JSON objects by a table of their fields: what most foreign formats are.
 *
 *     struct stats { double mean; struct pfl_build_values data; };
 *     static const struct pfl_field fields[] = {
 *         PFL_FIELD_NUMBER("mean", struct stats, mean),
 *         PFL_FIELD_NUMBERS("data", struct stats, data),
 *         PFL_FIELD_CALL("extra", read_extra),
 *         {0},
 *     };
 *     rc = pfl_fields_read(&f, fields, &stats, err);   // expects the object to come
 *
 * A field of another type than expected is left out with a warning that says where: other tools'
 * files have oddities, and the rest is worth having. What is no JSON is an error. Keys that are not
 * in the table are passed over. Fields keep what they were initialised with when absent or null.
 */
#ifndef PFL_FORMATS_FIELDS_H
#define PFL_FORMATS_FIELDS_H

#include "formats/build.h"

struct pfl_fields {
    struct pfl_json_reader *json;
    struct pfl_build *build;
    void *context; /* the format's own */
};

enum pfl_field_kind {
    PFL_FIELD_KIND_END,
    PFL_FIELD_KIND_NUMBER,  /* double; a text "NaN", "nan", "" is NaN */
    PFL_FIELD_KIND_TEXT,    /* const char *, in the build's arena; a number or bool as its text */
    PFL_FIELD_KIND_NUMBERS, /* struct pfl_build_values; null and NaN inside are NaN */
    PFL_FIELD_KIND_BOOL,    /* bool */
    PFL_FIELD_KIND_CALL,
    PFL_FIELD_KIND_ANY, /* every key that no line before took: call */
};

/* The key is current (json->text) and its value still to come: reads it, or skips it. */
typedef int pfl_field_fn(struct pfl_fields *f, void *record, struct pfl_err *err);

struct pfl_field {
    const char *key;
    enum pfl_field_kind kind;
    size_t offset;
    pfl_field_fn *call;
};

#define PFL_FIELD_NUMBER(key, type, member)                                                        \
    {                                                                                              \
        key, PFL_FIELD_KIND_NUMBER, offsetof(type, member), NULL                                   \
    }
#define PFL_FIELD_TEXT(key, type, member)                                                          \
    {                                                                                              \
        key, PFL_FIELD_KIND_TEXT, offsetof(type, member), NULL                                     \
    }
#define PFL_FIELD_NUMBERS(key, type, member)                                                       \
    {                                                                                              \
        key, PFL_FIELD_KIND_NUMBERS, offsetof(type, member), NULL                                  \
    }
#define PFL_FIELD_BOOL(key, type, member)                                                          \
    {                                                                                              \
        key, PFL_FIELD_KIND_BOOL, offsetof(type, member), NULL                                     \
    }
#define PFL_FIELD_CALL(key, call)                                                                  \
    {                                                                                              \
        key, PFL_FIELD_KIND_CALL, 0, call                                                          \
    }
#define PFL_FIELD_ANY(call)                                                                        \
    {                                                                                              \
        "", PFL_FIELD_KIND_ANY, 0, call                                                            \
    }

/* The next value must be an object; another one (null, too) is left out, with a warning unless it
 * is null. _at: its first token is current already. */
int pfl_fields_read(struct pfl_fields *f, const struct pfl_field *fields, void *record,
                    struct pfl_err *err);
int pfl_fields_read_at(struct pfl_fields *f, const struct pfl_field *fields, void *record,
                       struct pfl_err *err);

/* The next value is a list: each(f, record, err) with the item's first token current; it reads or
 * skips the item (pfl_json_skip). Anything else is left out likewise. */
int pfl_fields_each(struct pfl_fields *f, pfl_field_fn *each, void *record, struct pfl_err *err);
int pfl_fields_each_at(struct pfl_fields *f, pfl_field_fn *each, void *record,
                       struct pfl_err *err); /* its first token is current */

/* One value by hand; the same rules. The next token is read. Absent values keep *value. */
int pfl_fields_number(struct pfl_fields *f, double *value, struct pfl_err *err);
int pfl_fields_text(struct pfl_fields *f, const char **text, struct pfl_err *err);
int pfl_fields_numbers(struct pfl_fields *f, struct pfl_build_values *values, struct pfl_err *err);
int pfl_fields_numbers_at(struct pfl_fields *f, struct pfl_build_values *values,
                          struct pfl_err *err); /* its first token is current */
/* The current scalar as text. */
const char *pfl_fields_scalar(struct pfl_fields *f);
bool pfl_fields_is_number(const char *text, double *number); /* a whole, finite one */

/* "expected …, found …: left out" at the current value, which is skipped. */
int pfl_fields_leave_out(struct pfl_fields *f, const char *expected, struct pfl_err *err);

/* A JSON file of which the first value has these fields, from the beginning to the end; the build
 * is begun before and ended after. The usual body of a format's read(). */
struct pfl_fields_file {
    const struct pfl_field *fields; /* the document is an object … */
    pfl_field_fn *each;             /* … or a list of these (both: either) */
    void *record;
    void *context;
    const char *tool;     /* run->tool; NULL: finish says */
    bool controls;        /* its writer does not escape them in strings: taken, with a warning */
    pfl_field_fn *finish; /* before the build's end; may be NULL */
};
int pfl_fields_read_file(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                         const struct pfl_fields_file *file, struct pfl_err *err);

/* A summary of nothing: n 0, all NaN. */
struct pfl_summary pfl_summary_none(void);

#endif
