/* One series over the revisions of a project: as a table that grows, and as a chart. */
#ifndef PFL_DOCUMENTS_TREND_H
#define PFL_DOCUMENTS_TREND_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "model/run.h"

struct pfl_document_point {
    const struct pfl_revision *revision;
    int64_t started_unix_ns;
    double value, low, high;  /* low, high: NaN where there is no interval */
    const char *epoch, *more; /* "machine changed", "kernel 6.1 → 6.6"; "" mostly. Raw */
    const char *note, *tag;   /* raw, "" */
};

struct pfl_document_trend {
    const char *benchmark, *metric, *variant; /* raw */
    const char *unit;
    enum pfl_better better;
    const char *chart; /* the file's name, beside the page */
    const struct pfl_document_point *points;
    size_t point_count;
};

/* A section. A row never depends on those below it. */
int pfl_document_trend(const struct pfl_document_trend *trend, struct pfl_arena *arena,
                       struct pfl_buf *out, struct pfl_err *err);

/* The same as an SVG file, 800 pixels wide, for light and dark pages. At least one point. */
int pfl_document_chart(const struct pfl_document_trend *trend, struct pfl_arena *arena,
                       struct pfl_buf *out, struct pfl_err *err);

#endif
