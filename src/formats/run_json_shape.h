/*
 * Private to formats/: the shape of the run format, as tables of fields that the writer and the
 * reader both go by. What one writes the other therefore reads; a new field is one line here.
 */
#ifndef PFL_FORMATS_RUN_JSON_SHAPE_H
#define PFL_FORMATS_RUN_JSON_SHAPE_H

#include "base/arena.h"
#include "base/err.h"
#include "model/run.h"

enum { PFL_RUN_JSON_SCHEMA = 1, PFL_SHAPE_TIME_MAX = 96 };

enum pfl_shape_kind {
    PFL_SHAPE_TEXT,         /* const char *, never NULL */
    PFL_SHAPE_TEXT_OR_NULL, /* const char *, NULL is null */
    PFL_SHAPE_BOOL,
    PFL_SHAPE_INT,
    PFL_SHAPE_I64,
    PFL_SHAPE_U64,     /* beyond INT64_MAX as a text of digits */
    PFL_SHAPE_SIZE,    /* size_t */
    PFL_SHAPE_TIME,    /* int64_t ns since the epoch, as ISO 8601 text */
    PFL_SHAPE_AMOUNT,  /* double, 0 when absent */
    PFL_SHAPE_NUMBER,  /* double, NaN is null */
    PFL_SHAPE_SECONDS, /* int64_t ns, as seconds */
    PFL_SHAPE_RANGE,   /* two doubles at offset and count, as [low, high] */
    PFL_SHAPE_NUMBERS, /* double * */
    PFL_SHAPE_U32S,    /* uint32_t * */
    PFL_SHAPE_PAIRS,   /* struct pfl_pair *, as an object of texts */
    PFL_SHAPE_TEXTS,   /* const char ** */
    PFL_SHAPE_STATUS,
    PFL_SHAPE_RUN_KIND,
    PFL_SHAPE_BETTER,
    PFL_SHAPE_LAUNCHES, /* struct pfl_launch *, as an object of columns */
    PFL_SHAPE_SCHEMA,   /* int64_t; above ours: PFL_EVERSION */
    PFL_SHAPE_OBJECT,
    PFL_SHAPE_LIST, /* of objects */
};

enum pfl_shape_flag {
    PFL_SHAPE_REQUIRED = 1,
    PFL_SHAPE_OMIT = 2,       /* not written when empty */
    PFL_SHAPE_EMPTY_NULL = 4, /* an empty text is written as null */
    PFL_SHAPE_DERIVED = 8,    /* follows from the samples: not part of the canonical form */
    PFL_SHAPE_IDENTITY = 16,  /* follows from everything else: not part of it either */
};

struct pfl_shape_field {
    const char *key;
    enum pfl_shape_kind kind;
    unsigned flags;
    size_t offset, count; /* of the value, and of the size_t beside an array (or beside an object
                             that is written only where that is not 0) */
    const struct pfl_shape *shape;
};

struct pfl_shape {
    const char *name; /* "the run": for messages */
    const struct pfl_shape_field *fields;
    size_t n;
    size_t size;  /* of the struct */
    size_t place; /* offset of its struct pfl_shape_place, 0 = none */
};

struct pfl_shape_place {
    int line, column;
};

/* One row of "results": a benchmark's metric, or (metric NULL) a benchmark that has none. */
struct pfl_run_json_entry {
    const char *benchmark;
    struct pfl_pair *params;
    size_t param_count;
    struct pfl_result result;
    size_t launches, launch_of_count;
    double median_low, median_high; /* the median's own interval, where "ci" is another one */
    enum pfl_status status;
    struct pfl_shape_place place;
};

/* One row of "benchmarks". */
struct pfl_run_json_detail {
    struct pfl_benchmark benchmark; /* first: the writer passes plain benchmarks */
    struct pfl_shape_place place;
};

struct pfl_run_json_document {
    int64_t schema;
    struct pfl_run run;
    struct pfl_run_json_entry *entries;
    size_t entry_count;
    struct pfl_run_json_detail *details;
    size_t detail_count;
};

extern const struct pfl_shape pfl_shape_document, pfl_shape_run, pfl_shape_entry,
    pfl_shape_benchmark;

/* Puts the rows of "results" below the run's benchmarks and checks that they fit: document->run is
 * complete then. `file`: for messages. */
int pfl_run_json_join(struct pfl_run_json_document *document, const char *file,
                      struct pfl_arena *arena, struct pfl_err *err);

/* The columns of the launch table; kind is I64, U32S (uint32_t) or INT (int32_t). */
extern const struct pfl_shape_field pfl_shape_launch_columns[];
enum { PFL_SHAPE_LAUNCH_COLUMNS = 7 };

/* "2026-01-31T12:00:00.123456789Z" (the fraction only when with_ns). */
void pfl_shape_time_write(char out[PFL_SHAPE_TIME_MAX], int64_t seconds, int ns, bool with_ns);
/* The same back: Z only, up to nine digits of fraction, a year that int64 nanoseconds can hold. */
bool pfl_shape_time_read(const char *text, int64_t *unix_ns);

#endif
